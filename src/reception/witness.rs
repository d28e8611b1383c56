//! What the sketch says of one silence.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cell::{Cell, SLOT_MS, WINDOW_SLOTS, first_of, slot_of, window_of};
use super::company::Company;
use super::others::Others;
use super::sketch::{ShipHash, Sketch};
use super::{Params, Slots};
use crate::geodesy::{Plane, distance_m, n_vector, place_of, velocity_mps};
use crate::model::quantity::{MPS_PER_KNOT, MS_PER_HOUR};
use crate::model::{Fix, GapWitness, LonLat, Timestamp, TrackId, WindowWitness};

/// Below this a ship makes no way that could be followed, knots.
const UNDER_WAY_KN: f64 = 1.0;
/// How far a course is followed, slots: half a day, after which it says nothing.
const AHEAD_SLOTS: i64 = 72;
/// Of a longer silence only so many slots at either end are looked at; in between nobody knows where the ship was.
const END_SLOTS: i64 = 144;
/// Windows before the last fix that tell the usual reception of the place: a day.
const USUAL_WINDOWS: i32 = 4;
/// Windows before and after that stand in for one in which too few others are about: a day.
const AROUND_WINDOWS: i32 = 4;
/// Share of the way that its speed allows from which on a ship went straight on.
const STRAIGHT: f64 = 0.7;

/// One end of a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct End {
    pub t: Timestamp,
    pub place: LonLat,
    /// Speed, hundredths of a knot, and course, hundredths of a degree, of a ship that makes way.
    way: Option<(u16, u16)>,
}

impl End {
    pub(super) fn new(fix: &Fix) -> Self {
        let way = fix.sog_ckn().zip(fix.cog_cdeg());
        Self {
            t: fix.t,
            place: fix.place,
            way: way.filter(|(sog, _)| f64::from(*sog) / 100.0 >= UNDER_WAY_KN),
        }
    }

    /// Where the ship was so many seconds later (earlier if negative) had it kept its course and speed.
    fn ahead(&self, seconds: f64) -> Option<LonLat> {
        let (sog, cog) = self.way?;
        let [e, n] = velocity_mps(f64::from(sog) / 100.0, f64::from(cog) / 100.0);
        Some(Plane::at(self.place).to_place([e * seconds, n * seconds]))
    }
}

/// A silence that waits for what others said meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Silence {
    pub track: TrackId,
    pub start: End,
    pub end: Option<End>,
    /// The ship's own slots before.
    pub own: Vec<Slots>,
}

/// Seconds from an instant to the middle of a slot.
fn seconds_to(slot: i64, t: Timestamp) -> f64 {
    (slot * SLOT_MS + SLOT_MS / 2 - t.0) as f64 / 1000.0
}

/// The way along the great circle from a place to another.
pub(super) struct Line {
    from: LonLat,
    /// The chord between them on the unit sphere, its start and its way; `None` within a cell, where any place will do.
    chord: Option<([f64; 3], [f64; 3])>,
}

impl Line {
    pub(super) fn between(a: LonLat, b: LonLat) -> Self {
        let chord = || {
            let (a, b) = (n_vector(a), n_vector(b));
            (a, [0, 1, 2].map(|i| b[i] - a[i]))
        };
        Self {
            from: a,
            chord: (Cell::of(a) != Cell::of(b)).then(chord),
        }
    }

    /// The place at this share of the way.
    pub(super) fn at(&self, share: f64) -> LonLat {
        match &self.chord {
            Some((a, way)) => place_of([0, 1, 2].map(|i| a[i] + way[i] * share)),
            None => self.from,
        }
    }
}

/// A place in a cell, and the slots there.
type Part = (LonLat, Cell, u64);

/// Where a ship may have been, slot by slot: by window, places in cells of their own with the slots there.
#[derive(Default)]
struct Way(BTreeMap<i32, Vec<Part>>);

impl Way {
    fn push(&mut self, slot: i64, place: LonLat) {
        let (window, bit) = window_of(slot);
        let cell = Cell::of(place);
        let parts = self.0.entry(window).or_default();
        match parts.last_mut() {
            Some((_, last, slots)) if *last == cell => *slots |= bit,
            _ => parts.push((place, cell, bit)),
        }
    }
}

/// What the others did on this way, window by window; where too few were about, those of a day around stand in.
fn windows(way: &Way, others: &mut Others) -> Vec<WindowWitness> {
    let last = way.0.last_key_value().map_or(0, |(w, _)| *w);
    let window = |(window, parts): (&i32, &Vec<Part>)| {
        let (mut company, slots) = company(*window, parts, others);
        if company.ships() >= others.min_others {
            return company.witness(slots, slots);
        }
        let mut around = Company::default();
        for (place, _, _) in parts {
            for w in window - AROUND_WINDOWS..=last.min(window + AROUND_WINDOWS) {
                around.take(w, &others.about((w, u64::MAX), *place));
            }
        }
        if around.ships() >= others.min_others {
            around.witness(slots, WINDOW_SLOTS as u32)
        } else {
            company.witness(slots, slots)
        }
    };
    way.0.iter().map(window).collect()
}

/// The same of the slots of the way alone: nothing that was heard at another time stands in.
fn windows_alone(way: &Way, others: &mut Others) -> Vec<WindowWitness> {
    let window = |(window, parts): (&i32, &Vec<Part>)| {
        let (mut company, slots) = company(*window, parts, others);
        company.witness(slots, slots)
    };
    way.0.iter().map(window).collect()
}

/// The others in those slots of a window in which a way lies in it, and how many slots these are.
fn company(window: i32, parts: &[Part], others: &mut Others) -> (Company, u32) {
    let mut company = Company::default();
    for (place, _, slots) in parts {
        company.take(window, &others.about((window, *slots), *place));
    }
    let slots = parts.iter().map(|(_, _, slots)| slots.count_ones()).sum();
    (company, slots)
}

/// Follows the course of one end as long as others are about; where they end, the slot, and whether that is an edge:
/// nobody is expected there, and enough were heard at the last place before. Where too few are about from the first
/// slot on, nothing shows that the place would be heard if they were.
fn follow(
    end: &End,
    slots: impl Iterator<Item = i64>,
    others: &mut Others,
    way: &mut Way,
) -> Option<(i64, bool)> {
    let few = others.min_others;
    let mut here = None;
    let mut before = None;
    for slot in slots {
        let place = end.ahead(seconds_to(slot, end.t))?;
        let key = (window_of(slot).0, Cell::of(place));
        let ships = match here {
            Some((same, ships)) if same == key => ships,
            _ => search(key.0, place, others, Company::ships),
        };
        here = Some((key, ships));
        if ships < few {
            let mut heard = |(window, place)| search(window, place, others, Company::heard) >= few;
            return Some((slot, ships == 0 && before.is_some_and(&mut heard)));
        }
        before = Some((key.0, place));
        way.push(slot, place);
    }
    None
}

/// Others about a place in a window, by this count of them; where they are too few, in those before too.
fn search(window: i32, place: LonLat, others: &mut Others, count: fn(&mut Company) -> u32) -> u32 {
    let mut company = Company::default();
    for earlier in 0..=AROUND_WINDOWS {
        let w = window - earlier;
        company.take(w, &others.about((w, u64::MAX), place));
        if count(&mut company) >= others.min_others {
            break;
        }
    }
    count(&mut company)
}

impl Sketch {
    /// Everything that others tell of a silence; an open one lasts until this instant.
    pub(super) fn witness(
        &self,
        silence: &Silence,
        until: Timestamp,
        params: &Params,
    ) -> GapWitness {
        let (start, end) = (&silence.start, silence.end.as_ref());
        let first = slot_of(start.t) + 1;
        let last = slot_of(end.map_or(until, |e| e.t)) - 1;
        let ship = ShipHash::of(silence.track.mmsi);
        let others = Others::of(self, ship, params.min_others, first);
        let others = &mut others.without_companion(start.place, last);
        let mut out = GapWitness {
            track: silence.track,
            start: start.t,
            ..GapWitness::default()
        };
        if let Some(end) = end {
            out.straight = windows(&straight(start, end, first, last), others);
        }
        if start.way.is_some() && !end.is_some_and(|e| keeps_way(start, e)) {
            let mut way = Way::default();
            let ahead = first..=last.min(first + AHEAD_SLOTS - 1);
            let exit = follow(start, ahead, others, &mut way);
            out.exit_slot = exit.map(|(slot, _)| (slot - first) as u32);
            out.exit_is_edge = exit.is_some_and(|(_, is_edge)| is_edge);
            if let Some(end) = end {
                let back = (last - AHEAD_SLOTS + 1).max(first + AHEAD_SLOTS);
                follow(end, (back..=last).rev(), others, &mut way);
            } else {
                out.straight = windows_alone(&way, others);
            }
            out.ahead = Some(windows(&way, others));
        }
        for own in &silence.own {
            out.own.expected += own.expected.count_ones();
            out.own.heard += own.heard.count_ones();
            let at = (own.window, own.expected);
            let mut others = others.since(first_of(own.window));
            others.add_to(&mut out.before, at, own.place);
        }
        out.own.ships = 1;
        let here = window_of(slot_of(start.t)).0;
        for window in here - USUAL_WINDOWS..here {
            let mut others = others.since(first_of(window));
            others.add_to(&mut out.usual, (window, u64::MAX), start.place);
        }
        out
    }
}

/// Whether the ship came about as far as its speed takes it: it went straight on, and nowhere else.
fn keeps_way(start: &End, end: &End) -> bool {
    let fastest_ckn = [start, end]
        .iter()
        .filter_map(|e| e.way)
        .map(|(sog, _)| sog)
        .max();
    let reach_m =
        f64::from(fastest_ckn.unwrap_or(0)) / 100.0 * MPS_PER_KNOT * end.t.seconds_since(start.t);
    reach_m > 0.0 && distance_m(start.place, end.place) >= STRAIGHT * reach_m
}

fn straight(start: &End, end: &End, first: i64, last: i64) -> Way {
    let mut way = Way::default();
    let span_s = end.t.seconds_since(start.t).max(1.0);
    let line = Line::between(start.place, end.place);
    let is_short = last - first < 2 * END_SLOTS;
    let slots =
        (first..=last).filter(|s| is_short || s - first < END_SLOTS || last - s < END_SLOTS);
    for slot in slots {
        way.push(slot, line.at(seconds_to(slot, start.t) / span_s));
    }
    way
}

/// Hours as milliseconds.
pub(super) fn ms(hours: f64) -> i64 {
    (hours * MS_PER_HOUR as f64) as i64
}
