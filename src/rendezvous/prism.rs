//! The prism of one silence.

use crate::geodesy::{EARTH_RADIUS_M, arc_m, n_vector, unit};
use crate::model::quantity::MPS_PER_KNOT;
use crate::model::{LonLat, Timestamp};

/// Milliseconds in a second.
const MS: f64 = 1000.0;

/// A ship unheard from one place and instant to another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Silence {
    /// Last heard.
    pub start: Timestamp,
    /// Where.
    pub from: LonLat,
    /// Heard again.
    pub end: Timestamp,
    /// Where.
    pub to: LonLat,
    /// Greatest speed that is believed, knots.
    pub speed_kn: f64,
}

/// Where a silent ship can have been, and when.
#[derive(Clone, Copy, Debug)]
pub struct Prism {
    pub(super) start: Timestamp,
    pub(super) end: Timestamp,
    pub(super) from: [f64; 3],
    pub(super) to: [f64; 3],
    pub(super) speed_mps: f64,
}

impl Prism {
    /// The prism of a silence.
    pub fn new(silence: &Silence) -> Self {
        Self {
            start: silence.start,
            end: silence.end,
            from: n_vector(silence.from),
            to: n_vector(silence.to),
            speed_mps: silence.speed_kn * MPS_PER_KNOT,
        }
    }

    fn way_ms(&self, from: [f64; 3], to: [f64; 3]) -> i64 {
        (arc_m(from, to) / self.speed_mps * MS).ceil() as i64
    }

    /// From when to when the ship can have been at a place; `None` if it can't have got there and on.
    pub fn stay(&self, place: LonLat) -> Option<(Timestamp, Timestamp)> {
        self.stay_at(n_vector(place))
    }

    pub(super) fn stay_at(&self, at: [f64; 3]) -> Option<(Timestamp, Timestamp)> {
        let (arrival, departure) = (self.arrival_at(at), self.departure_at(at));
        (arrival <= departure).then_some((arrival, departure))
    }

    /// The earliest instant at which the ship can be at a place, wherever it must be later.
    pub(super) fn arrival_at(&self, at: [f64; 3]) -> Timestamp {
        Timestamp(self.start.0 + self.way_ms(self.from, at))
    }

    /// The latest instant at which the ship can be at a place, wherever it was before.
    pub(super) fn departure_at(&self, at: [f64; 3]) -> Timestamp {
        Timestamp(self.end.0 - self.way_ms(at, self.to))
    }

    /// The cap that holds every place at which the ship can have stayed for `least_ms`: its middle as a unit vector and
    /// its radius, metres. `None` if there is no such place.
    ///
    /// The sum of both legs is at most what the ship can make in the rest of the time, so the places lie in an
    /// ellipse about its two ends, and that in a circle of half its length about its middle.
    pub(super) fn cap(&self, least_ms: i64) -> Option<([f64; 3], f64)> {
        let spare_ms = self.end.0 - self.start.0 - least_ms;
        let length_m = spare_ms as f64 / MS * self.speed_mps;
        if spare_ms < 0 || arc_m(self.from, self.to) > length_m {
            return None;
        }
        // Opposite ends of the Earth have no middle; every place is as good.
        let middle = unit(std::array::from_fn(|i| self.from[i] + self.to[i])).unwrap_or(self.from);
        let half_m = length_m / 2.0;
        // Beyond a quarter of the Earth's girth the ellipse is no longer inside the circle.
        const QUARTER_M: f64 = EARTH_RADIUS_M * std::f64::consts::FRAC_PI_2;
        Some((
            middle,
            if half_m < QUARTER_M {
                half_m
            } else {
                2.0 * QUARTER_M
            },
        ))
    }
}
