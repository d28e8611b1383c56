//! What the sketch says of one silence.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cell::{Cell, SLOT_MS, WINDOW_SLOTS, slot_of, window_of};
use super::sketch::{ShipHash, Sketch};
use super::{Params, Slots};
use crate::geodesy::{Plane, distance_m, n_vector, place_of, velocity_mps};
use crate::model::quantity::{MPS_PER_KNOT, MS_PER_HOUR};
use crate::model::{Fix, GapWitness, LonLat, SlotCount, Timestamp, TrackId, WindowWitness};

/// Below this a ship makes no way that could be followed, knots.
const UNDER_WAY_KN: f64 = 1.0;
/// How far a course is followed, slots: half a day, after which it says nothing.
const AHEAD_SLOTS: i64 = 72;
/// Of a longer silence only so many slots at either end are looked at; in between nobody knows where the ship was.
const END_SLOTS: i64 = 144;
/// Windows before the last fix that tell the usual reception of the place: a day.
const USUAL_WINDOWS: i32 = 4;

/// Windows before, over which a ship that wasn't heard at all counts as silent already: half a day.
const SILENT_WINDOWS: i32 = 2;
/// Slots that it must have been expected in them: three hours.
const SILENT_SLOTS: u32 = 18;

/// Windows before and after that stand in for one in which too few others are about: a day.
const AROUND_WINDOWS: i32 = 4;
/// Share of the way that its speed allows from which on a ship went straight on.
const STRAIGHT: f64 = 0.7;

/// Slots of other ships, by ship and window.
#[derive(Default)]
struct Company(BTreeMap<(ShipHash, i32), (u32, u32)>);

impl Company {
    fn take(&mut self, window: i32, ships: BTreeMap<ShipHash, (u32, u32)>) {
        for (ship, (expected, heard)) in ships {
            let sum = self.0.entry((ship, window)).or_default();
            *sum = (sum.0 + expected, sum.1 + heard);
        }
    }

    fn ships(&self) -> u32 {
        let mut ships: Vec<ShipHash> = self.0.keys().map(|(ship, _)| *ship).collect();
        ships.dedup();
        ships.len() as u32
    }

    fn witness(&self, slots: u32, of_slots: u32) -> WindowWitness {
        let mut out = WindowWitness {
            slots,
            of_slots,
            ..WindowWitness::default()
        };
        for (expected, heard) in self.0.values() {
            out.others.expected += expected;
            out.others.heard += heard;
            out.silent += if *heard == 0 { *expected } else { 0 };
        }
        out.others.ships = self.ships();
        out
    }
}

/// Which ship asks.
struct Asked<'a> {
    but: ShipHash,
    params: &'a Params,
}

/// The first slot of a window.
fn first_of(window: i32) -> i64 {
    i64::from(window) * WINDOW_SLOTS
}

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

/// The place on the great circle at this share of the way.
pub(super) fn along(a: LonLat, b: LonLat, share: f64) -> LonLat {
    let (a, b) = (n_vector(a), n_vector(b));
    let v = [0, 1, 2].map(|i| a[i] + (b[i] - a[i]) * share);
    let length = v.iter().map(|x| x * x).sum::<f64>().sqrt();
    place_of(v.map(|x| x / length))
}

/// Where a ship may have been, slot by slot.
#[derive(Default)]
struct Way(BTreeMap<i32, Vec<(LonLat, u64)>>);

impl Way {
    fn push(&mut self, slot: i64, place: LonLat) {
        let (window, bit) = window_of(slot);
        let parts = self.0.entry(window).or_default();
        match parts.last_mut() {
            Some((last, slots)) if Cell::of(*last) == Cell::of(place) => *slots |= bit,
            _ => parts.push((place, bit)),
        }
    }
}

impl Sketch {
    /// Expected and heard slots, ship by ship, of the others about a place: of its cell, or with those that touch it if it
    /// holds too few. Ships that were silent there already in the hours before `since` are left out: a ship that was
    /// heard until then is no such ship.
    fn about(
        &self,
        (window, slots): (i32, u64),
        place: LonLat,
        since: i64,
        asked: &Asked,
    ) -> BTreeMap<ShipHash, (u32, u32)> {
        let count = |cells: &[Cell]| {
            let mut ships = BTreeMap::new();
            self.tally(cells, (window, slots), asked.but, &mut ships);
            let mut before = BTreeMap::new();
            let (last, bit) = window_of(since);
            self.tally(cells, (last, bit - 1), asked.but, &mut before);
            for earlier in last - SILENT_WINDOWS..last {
                self.tally(cells, (earlier, u64::MAX), asked.but, &mut before);
            }
            ships.retain(|ship, _| {
                before
                    .get(ship)
                    .is_none_or(|(expected, heard)| *expected < SILENT_SLOTS || *heard > 0)
            });
            ships
        };
        let ships = count(&[Cell::of(place)]);
        if ships.len() >= asked.params.min_others as usize {
            return ships;
        }
        count(&Cell::around(place))
    }

    fn tally(
        &self,
        cells: &[Cell],
        (window, slots): (i32, u64),
        but: ShipHash,
        ships: &mut BTreeMap<ShipHash, (u32, u32)>,
    ) {
        for entry in cells.iter().flat_map(|c| self.others(window, *c, but)) {
            let expected = (entry.expected & slots).count_ones();
            if expected > 0 {
                let sum = ships.entry(entry.ship).or_default();
                sum.0 += expected;
                sum.1 += (entry.heard & slots).count_ones();
            }
        }
    }

    fn count(&self, at: (i32, u64), place: LonLat, since: i64, asked: &Asked, sum: &mut SlotCount) {
        let ships = self.about(at, place, since, asked);
        for (expected, heard) in ships.values() {
            sum.expected += expected;
            sum.heard += heard;
        }
        sum.ships = sum.ships.max(ships.len() as u32);
    }

    fn windows(&self, way: &Way, since: i64, asked: &Asked) -> Vec<WindowWitness> {
        let last = way.0.last_key_value().map_or(0, |(w, _)| *w);
        let window = |(window, parts): (&i32, &Vec<(LonLat, u64)>)| {
            let slots = parts.iter().map(|(_, slots)| slots.count_ones()).sum();
            let mut company = Company::default();
            for (place, slots) in parts {
                company.take(*window, self.about((*window, *slots), *place, since, asked));
            }
            if company.ships() >= asked.params.min_others {
                return company.witness(slots, slots);
            }
            let mut around = Company::default();
            for (place, _) in parts {
                for w in window - AROUND_WINDOWS..=last.min(window + AROUND_WINDOWS) {
                    around.take(w, self.about((w, u64::MAX), *place, since, asked));
                }
            }
            if around.ships() >= asked.params.min_others {
                around.witness(slots, WINDOW_SLOTS as u32)
            } else {
                company.witness(slots, slots)
            }
        };
        way.0.iter().map(window).collect()
    }

    /// Follows the course of one end as long as others are about; where they end, the slot and how few they are.
    fn follow(
        &self,
        end: &End,
        slots: impl Iterator<Item = i64>,
        since: i64,
        asked: &Asked,
        way: &mut Way,
    ) -> Option<(i64, u32)> {
        let mut here = None;
        for slot in slots {
            let place = end.ahead(seconds_to(slot, end.t))?;
            let key = (window_of(slot).0, Cell::of(place));
            let ships = match here {
                Some((same, ships)) if same == key => ships,
                _ => self.ships_about(key.0, place, since, asked),
            };
            here = Some((key, ships));
            if ships < asked.params.min_others {
                return Some((slot, ships));
            }
            way.push(slot, place);
        }
        None
    }

    /// Others about a place in a window; where they are too few, in those before too.
    fn ships_about(&self, window: i32, place: LonLat, since: i64, asked: &Asked) -> u32 {
        let mut company = Company::default();
        for earlier in 0..=AROUND_WINDOWS {
            let w = window - earlier;
            company.take(w, self.about((w, u64::MAX), place, since, asked));
            if company.ships() >= asked.params.min_others {
                break;
            }
        }
        company.ships()
    }

    /// Everything that others tell of a silence, in windows from `oldest` on.
    pub(super) fn witness(
        &self,
        silence: &Silence,
        until: Timestamp,
        params: &Params,
    ) -> GapWitness {
        let asked = &Asked {
            but: ShipHash::of(silence.track.mmsi),
            params,
        };
        let (start, end) = (&silence.start, silence.end.as_ref());
        let first = slot_of(start.t) + 1;
        let last = slot_of(end.map_or(until, |e| e.t)) - 1;
        let mut out = GapWitness {
            track: silence.track,
            start: start.t,
            ..GapWitness::default()
        };
        if let Some(end) = end {
            out.straight = self.windows(&straight(start, end, first, last), first, asked);
        }
        if start.way.is_some() && !end.is_some_and(|e| keeps_way(start, e)) {
            let mut way = Way::default();
            let exit = self.follow(
                start,
                first..=last.min(first + AHEAD_SLOTS - 1),
                first,
                asked,
                &mut way,
            );
            out.exit_slot = exit.map(|(slot, _)| (slot - first) as u32);
            out.exit_is_edge = exit.is_some_and(|(_, ships)| ships == 0);
            if let Some(end) = end {
                let back = (last - AHEAD_SLOTS + 1).max(first + AHEAD_SLOTS);
                self.follow(end, (back..=last).rev(), first, asked, &mut way);
            }
            out.ahead = Some(self.windows(&way, first, asked));
        }
        for own in &silence.own {
            out.own.expected += own.expected.count_ones();
            out.own.heard += own.heard.count_ones();
            self.count(
                (own.window, own.expected),
                own.place,
                first_of(own.window),
                asked,
                &mut out.before,
            );
        }
        out.own.ships = 1;
        let here = window_of(slot_of(start.t)).0;
        for window in here - USUAL_WINDOWS..here {
            self.count(
                (window, u64::MAX),
                start.place,
                first_of(window),
                asked,
                &mut out.usual,
            );
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
    let is_short = last - first < 2 * END_SLOTS;
    let slots =
        (first..=last).filter(|s| is_short || s - first < END_SLOTS || last - s < END_SLOTS);
    for slot in slots {
        way.push(
            slot,
            along(start.place, end.place, seconds_to(slot, start.t) / span_s),
        );
    }
    way
}

/// Hours as milliseconds.
pub(super) fn ms(hours: f64) -> i64 {
    (hours * MS_PER_HOUR as f64) as i64
}
