//! Where a silent ship may have been: the ends of its silence, the line between them, and places slot by slot.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::cell::{Cell, SLOT_MS, slots_between, window_of};
use crate::geodesy::{Plane, distance_m, n_vector, near_distance_m, place_of, velocity_mps};
use crate::model::quantity::MPS_PER_KNOT;
use crate::model::{Fix, LonLat, Timestamp};

/// Below this a ship makes no way that could be followed, knots.
const UNDER_WAY_KN: f64 = 1.0;
/// No ship drifts faster in wind and current, knots.
const DRIFT_KN: f64 = 2.0;
/// Within this distance a ship that makes no way lies where she lay: she swings about one anchor, metres.
const SWING_M: f64 = 1852.0;
/// Of a longer silence only so many slots at either end are looked at; in between nobody knows where the ship was.
const END_SLOTS: i64 = 144;
/// Share of the way that its speed allows from which on a ship went straight on.
const STRAIGHT: f64 = 0.7;
/// Between two fixes this far apart a course and a speed are told that weren't sent, milliseconds: over three minutes ten
/// metres of noise are a tenth of a knot, over more than an hour a ship has often turned.
const BASELINE_MS: RangeInclusive<i64> = 180_000..=3_600_000;

/// One end of a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct End {
    pub t: Timestamp,
    pub place: LonLat,
    /// Speed, hundredths of a knot, and course, hundredths of a degree, of a ship that makes way.
    pub way: Option<(u16, u16)>,
}

/// The last fixes of the two slots before, from which a way is told that isn't sent; the later one first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Trail([Option<(Timestamp, LonLat)>; 2]);

impl Trail {
    /// Takes the last fix of a slot that is over.
    pub fn pass(&mut self, end: &End) {
        self.0 = [Some((end.t, end.place)), self.0[0]];
    }

    /// Speed and course made good up to a fix, in the units of [`End::way`].
    fn way_to(&self, fix: &Fix) -> Option<(u16, u16)> {
        let fits = |(t, _): &&(Timestamp, LonLat)| BASELINE_MS.contains(&(fix.t.0 - t.0));
        let (t, from) = self.0.iter().flatten().find(fits)?;
        let sog_kn = near_distance_m(*from, fix.place) / fix.t.seconds_since(*t) / MPS_PER_KNOT;
        let [e, n] = Plane::at(*from).to_m(fix.place);
        let cog_deg = e.atan2(n).to_degrees().rem_euclid(360.0);
        Some(((sog_kn * 100.0).round() as u16, (cog_deg * 100.0) as u16))
    }
}

impl End {
    /// The end at a fix. What it doesn't say of its speed and course is told from the way there.
    pub fn new(fix: &Fix, trail: &Trail) -> Self {
        let way = match (fix.sog_ckn(), fix.cog_cdeg()) {
            (Some(sog), Some(cog)) => Some((sog, cog)),
            (sog, cog) => trail
                .way_to(fix)
                .filter(|made| f64::from(made.0) / 100.0 >= UNDER_WAY_KN)
                .map(|made| (sog.unwrap_or(made.0), cog.unwrap_or(made.1))),
        };
        Self {
            t: fix.t,
            place: fix.place,
            way: way.filter(|(sog, _)| f64::from(*sog) / 100.0 >= UNDER_WAY_KN),
        }
    }

    /// Whether she makes more way than a ship adrift.
    pub fn is_under_way(&self) -> bool {
        let drift_ckn = DRIFT_KN * 100.0;
        self.way.is_some_and(|(sog, _)| f64::from(sog) > drift_ckn)
    }

    /// Where the ship was so many seconds later (earlier if negative) had it kept its course and speed.
    pub fn ahead(&self, seconds: f64) -> Option<LonLat> {
        let (sog, cog) = self.way?;
        let [e, n] = velocity_mps(f64::from(sog) / 100.0, f64::from(cog) / 100.0);
        Some(Plane::at(self.place).to_place([e * seconds, n * seconds]))
    }
}

/// Seconds from an instant to the middle of a slot.
pub(super) fn seconds_to(slot: i64, t: Timestamp) -> f64 {
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
pub(super) type Part = (LonLat, Cell, u64);

/// Where a ship may have been, slot by slot: by window, places in cells of their own with the slots there.
#[derive(Default)]
pub(super) struct Way(pub BTreeMap<i32, Vec<Part>>);

impl Way {
    /// Takes the later slots of another way, from this one on.
    pub fn join_from(&mut self, other: &Self, from: i64) {
        for (window, parts) in &other.0 {
            let later = slots_between(*window, from, i64::MAX - 1);
            let cut = parts
                .iter()
                .map(|(place, cell, of)| (*place, *cell, of & later));
            let cut: Vec<Part> = cut.filter(|(_, _, slots)| *slots != 0).collect();
            if !cut.is_empty() {
                self.0.entry(*window).or_default().extend(cut);
            }
        }
    }

    pub fn push(&mut self, slot: i64, place: LonLat) {
        let (window, bit) = window_of(slot);
        let cell = Cell::of(place);
        let parts = self.0.entry(window).or_default();
        match parts.last_mut() {
            Some((_, last, slots)) if *last == cell => *slots |= bit,
            _ => parts.push((place, cell, bit)),
        }
    }
}

/// At a place all along.
pub(super) fn stay(place: LonLat, slots: RangeInclusive<i64>) -> Way {
    let mut way = Way::default();
    slots.for_each(|slot| way.push(slot, place));
    way
}

/// Both ends all along: where a ship was in the midst of a long silence nobody knows.
pub(super) fn both_ends(ends: [LonLat; 2], first: i64, last: i64) -> Way {
    let windows = window_of(first).0..=window_of(last).0;
    let of_window = |window: i32| {
        let slots = slots_between(window, first, last);
        let parts = ends.map(|place| (place, Cell::of(place), slots));
        (window, parts.to_vec())
    };
    Way(windows.map(of_window).collect())
}

/// Whether a silence is so long that of its midst nothing is known.
pub(super) fn is_long(first: i64, last: i64) -> bool {
    last - first >= 2 * END_SLOTS
}

/// Whether the ship came about as far as its speed takes it: it went straight on, and nowhere else.
pub(super) fn keeps_way(start: &End, end: &End) -> bool {
    let fastest_ckn = [start, end]
        .iter()
        .filter_map(|e| e.way)
        .map(|(sog, _)| sog)
        .max();
    let reach_m =
        f64::from(fastest_ckn.unwrap_or(0)) / 100.0 * MPS_PER_KNOT * end.t.seconds_since(start.t);
    reach_m > 0.0 && distance_m(start.place, end.place) >= STRAIGHT * reach_m
}

/// Whether the course of the first fix comes from the side to which that of the last one led: who sails somewhere and back comes
/// back from there.
pub(super) fn comes_back(start: &End, end: &End) -> bool {
    let course = |end: &End| end.way.map(|(_, cog_cdeg)| i32::from(cog_cdeg));
    course(start).zip(course(end)).is_some_and(|(out, back)| {
        let turned = (out - back).rem_euclid(36_000);
        (9_000..=27_000).contains(&turned)
    })
}

/// Whether the ship lies where she lay.
pub(super) fn lies_still(start: &End, end: &End) -> bool {
    start.way.is_none() && end.way.is_none() && distance_m(start.place, end.place) <= SWING_M
}

/// The way straight from one end to the other.
pub(super) fn straight(start: &End, end: &End, first: i64, last: i64) -> Way {
    let mut way = Way::default();
    let span_s = end.t.seconds_since(start.t).max(1.0);
    let line = Line::between(start.place, end.place);
    let is_long = is_long(first, last);
    let slots =
        (first..=last).filter(|s| !is_long || s - first < END_SLOTS || last - s < END_SLOTS);
    for slot in slots {
        way.push(slot, line.at(seconds_to(slot, start.t) / span_s));
    }
    way
}
