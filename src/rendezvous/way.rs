//! The way of a ship that was seen, and who can have been beside it.
//!
//! Between two waypoints a ship goes straight and at one speed. The times at which a silent ship that is faster can have
//! been beside it are one span on each leg: ever more places can be reached as time goes by, ever fewer can be left.

use super::overlap::common;
use super::prism::Prism;
use crate::geodesy::{arc_m, n_vector, place_of, unit};
use crate::model::quantity::MPS_PER_KNOT;
use crate::model::{LonLat, Timestamp, Waypoint};

/// On a faster leg a ship shifts its place, and nobody lies alongside: transfers under way are made at 1 to 5 kn, and
/// what lies between waypoints half an hour apart may be out by some kilometres.
pub(super) const ALONGSIDE_KN: f64 = 7.0;

/// Where a ship was from its first waypoint to its last; empty, or in the order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Way(Vec<Waypoint>);

impl Way {
    /// The way along these points; what isn't later than the point before is left out.
    pub fn new(points: &[Waypoint]) -> Self {
        let mut way: Vec<Waypoint> = Vec::with_capacity(points.len());
        for point in points {
            if way.last().is_none_or(|last| last.t < point.t) {
                way.push(*point);
            }
        }
        Self(way)
    }

    /// A ship that stays at a place.
    pub fn at_rest(place: LonLat, from: Timestamp, until: Timestamp) -> Self {
        Self::new(&[Waypoint { t: from, place }, Waypoint { t: until, place }])
    }

    /// Whether the ship is at one place all the time.
    pub fn is_at_rest(&self) -> bool {
        self.0.windows(2).all(|leg| leg[0].place == leg[1].place)
    }

    /// Where the ship is at an instant; before its first waypoint and after its last it is there. `None` of an empty way.
    pub fn at(&self, t: Timestamp) -> Option<LonLat> {
        let next = self.0.partition_point(|point| point.t < t);
        match (self.0.get(next.wrapping_sub(1)), self.0.get(next)) {
            (Some(from), Some(to)) => Some(Leg::new(from, to).place_at(t)),
            (one, other) => one.or(other).map(|point| point.place),
        }
    }

    /// The part of the way between two instants.
    #[must_use]
    pub fn between(&self, from: Timestamp, until: Timestamp) -> Self {
        let (Some(first), Some(last)) = (self.0.first(), self.0.last()) else {
            return Self::default();
        };
        let (from, until) = common((first.t, last.t), (from, until));
        if from > until {
            return Self::default();
        }
        let end = |t| self.at(t).map(|place| Waypoint { t, place });
        let inside = self.0.iter().filter(|p| from < p.t && p.t < until);
        let points: Vec<Waypoint> = (end(from).into_iter())
            .chain(inside.copied())
            .chain(end(until))
            .collect();
        Self::new(&points)
    }

    pub(super) fn legs(&self) -> Vec<Leg> {
        self.0
            .windows(2)
            .map(|ends| Leg::new(&ends[0], &ends[1]))
            .collect()
    }
}

/// A part of a way without a corner.
#[derive(Clone, Copy, Debug)]
pub(super) struct Leg {
    ends: [Waypoint; 2],
    n: [[f64; 3]; 2],
}

impl Leg {
    fn new(from: &Waypoint, to: &Waypoint) -> Self {
        Self {
            ends: [*from, *to],
            n: [n_vector(from.place), n_vector(to.place)],
        }
    }

    pub(super) fn span(&self) -> (Timestamp, Timestamp) {
        (self.ends[0].t, self.ends[1].t)
    }

    fn is_at_rest(&self) -> bool {
        self.ends[0].place == self.ends[1].place
    }

    /// The middle of the leg as a unit vector, and how far its ends are from there, metres.
    pub(super) fn cap(&self) -> ([f64; 3], f64) {
        let [from, to] = self.n;
        let middle = unit(std::array::from_fn(|i| from[i] + to[i])).unwrap_or(from);
        (middle, arc_m(from, middle).max(arc_m(middle, to)))
    }

    fn speed_mps(&self) -> f64 {
        let seconds = self.ends[1].t.seconds_since(self.ends[0].t);
        arc_m(self.n[0], self.n[1]) / seconds
    }

    /// Whether the ship shifts its place, or goes faster than a silent one could follow.
    pub(super) fn is_shift(&self, prism: &Prism) -> bool {
        !self.is_at_rest() && self.speed_mps() >= prism.speed_mps.min(ALONGSIDE_KN * MPS_PER_KNOT)
    }

    fn vector_at(&self, t: Timestamp) -> [f64; 3] {
        let (from, until) = self.span();
        if t <= from || self.is_at_rest() {
            return self.n[0];
        }
        if t >= until {
            return self.n[1];
        }
        let part = t.seconds_since(from) / until.seconds_since(from);
        let [a, b] = self.n;
        unit(std::array::from_fn(|i| a[i] + part * (b[i] - a[i]))).unwrap_or(a)
    }

    fn place_at(&self, t: Timestamp) -> LonLat {
        let [from, to] = self.ends;
        if t <= from.t || self.is_at_rest() {
            from.place
        } else if t >= to.t {
            to.place
        } else {
            place_of(self.vector_at(t))
        }
    }

    /// From when to when at most a silent ship can have been beside the one on this leg.
    fn beside(&self, prism: &Prism) -> Option<(Timestamp, Timestamp)> {
        let span = self.span();
        let (from, until) = if self.is_at_rest() {
            common(prism.stay_at(self.n[0])?, span)
        } else {
            let too_early = |t| prism.arrival_at(self.vector_at(t)) > t;
            let in_time = |t| prism.departure_at(self.vector_at(t)) >= t;
            let from = first_not(span, too_early);
            (from, Timestamp(first_not(span, in_time).0 - 1))
        };
        (from <= until).then_some((from, until))
    }
}

/// The first instant of a span at which what held before doesn't hold any more; the one after the span if it always does.
fn first_not(span: (Timestamp, Timestamp), holds: impl Fn(Timestamp) -> bool) -> Timestamp {
    let (mut low, mut high) = (span.0.0, span.1.0 + 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(Timestamp(middle)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Timestamp(low)
}

/// The longest time for which a silent ship can have been beside the one on these legs; the first of equal ones.
pub(super) fn longest(prism: &Prism, legs: &[Leg]) -> Option<(Timestamp, Timestamp)> {
    let first = legs.partition_point(|leg| leg.span().1 < prism.start);
    let length = |w: &(Timestamp, Timestamp)| w.1.0 - w.0.0;
    let mut best: Option<(Timestamp, Timestamp)> = None;
    let mut open: Option<(Timestamp, Timestamp)> = None;
    for leg in legs[first..]
        .iter()
        .take_while(|leg| leg.span().0 <= prism.end)
    {
        let here = (!leg.is_shift(prism)).then(|| leg.beside(prism)).flatten();
        let corner = leg.span().0;
        open = here.map(|(from, until)| match open {
            Some((begin, end)) if end == corner && from == corner => (begin, until),
            _ => (from, until),
        });
        if let Some(window) = open
            && best.is_none_or(|b| length(&window) > length(&b))
        {
            best = Some(window);
        }
    }
    best
}
