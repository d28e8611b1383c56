//! Two rectangles that keep their sizes and turns: how far apart they are from wherever the one is seen from the other.
//!
//! Two rectangles that don't meet are nearest at a corner of one of them, so eight distances of a corner from a
//! rectangle tell. Whether they meet, and how deep, is told by their four axes (separating axis theorem: Gottschalk,
//! Lin and Manocha 1996).

use super::Hull;

type Vector = [f64; 2];

fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

/// One of the two: the sides' directions (ahead and to starboard, each east and north), and what is known along them.
#[derive(Clone, Copy, Debug)]
struct Side {
    hull: Hull,
    axes: [Vector; 2],
    half_m: Vector,
    /// Half of both rectangles' spans along each axis.
    reach_m: Vector,
    /// The other's corners about her centre, along the axes.
    corners_m: [Vector; 4],
}

impl Side {
    fn new(hull: &Hull, heading_deg: f64) -> Self {
        let (sin, cos) = heading_deg.to_radians().sin_cos();
        Self {
            hull: *hull,
            axes: [[sin, cos], [cos, -sin]],
            half_m: [hull.length_m / 2.0, hull.beam_m / 2.0],
            reach_m: [0.0; 2],
            corners_m: [[0.0; 2]; 4],
        }
    }

    fn look_at(&mut self, other: &Self) {
        // The other's half length and half beam along these axes.
        let [ahead, aside] = [0, 1].map(|i| {
            let half = other.axes[i].map(|v| v * other.half_m[i]);
            self.axes.map(|axis| dot(half, axis))
        });
        self.corners_m = [[1.0, 1.0], [1.0, -1.0], [-1.0, -1.0], [-1.0, 1.0]]
            .map(|[a, b]| [0, 1].map(|i| a * ahead[i] + b * aside[i]));
        self.reach_m = [0, 1].map(|i| self.half_m[i] + ahead[i].abs() + aside[i].abs());
    }

    /// Centre from an antenna at these offsets, east and north.
    fn centre_m(&self, antenna_m: Vector) -> Vector {
        let [ahead, starboard] = self.hull.centre_from_m(antenna_m);
        [0, 1].map(|i| ahead * self.axes[0][i] + starboard * self.axes[1][i])
    }

    /// Along which axis the rectangles are farthest apart, negative where they overlap; and the square of the least
    /// distance of the other's corners.
    fn measure(&self, to_other_m: Vector) -> (f64, f64) {
        let way = self.axes.map(|axis| dot(to_other_m, axis));
        let apart = (way[0].abs() - self.reach_m[0]).max(way[1].abs() - self.reach_m[1]);
        let beyond = |corner: Vector, i: usize| {
            let beyond = (way[i] + corner[i]).abs() - self.half_m[i];
            beyond.max(0.0)
        };
        let squares = (self.corners_m).map(|c| beyond(c, 0).powi(2) + beyond(c, 1).powi(2));
        (apart, squares.into_iter().fold(f64::INFINITY, f64::min))
    }
}

/// Two hulls with their headings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Facing([Side; 2]);

impl Facing {
    pub(super) fn new(first: &Hull, first_deg: f64, second: &Hull, second_deg: f64) -> Self {
        let (mut a, mut b) = (Side::new(first, first_deg), Side::new(second, second_deg));
        a.look_at(&b);
        b.look_at(&a);
        Self([a, b])
    }

    /// The gap in metres with antennas at these offsets, `separation_m` (east, north) apart; where the hulls overlap, minus the
    /// shortest way along a side that parts them.
    pub(super) fn gap_m(&self, separation_m: Vector, first: Vector, second: Vector) -> f64 {
        let [a, b] = &self.0;
        let (from, to) = (a.centre_m(first), b.centre_m(second));
        let way = [0, 1].map(|i| separation_m[i] + to[i] - from[i]);
        let (apart_a, square_a) = a.measure(way);
        let (apart_b, square_b) = b.measure(way.map(|v| -v));
        let apart = apart_a.max(apart_b);
        if apart > 0.0 {
            square_a.min(square_b).sqrt()
        } else {
            apart
        }
    }
}

#[cfg(test)]
mod tests {
    use geo::{Coord, Distance, Euclidean, Intersects, LineString, Polygon};
    use proptest::prelude::*;

    use super::*;
    use crate::hull::Bridge;

    fn outline(hull: &Hull, antenna: Vector, heading_deg: f64, [stern, port]: Vector) -> Polygon {
        let (sin, cos) = heading_deg.to_radians().sin_cos();
        let corner = |ahead: f64, starboard: f64| Coord {
            x: antenna[0] + ahead * sin + starboard * cos,
            y: antenna[1] + ahead * cos - starboard * sin,
        };
        let (bow, right) = (hull.length_m - stern, hull.beam_m - port);
        let corners = vec![
            corner(bow, -port),
            corner(bow, right),
            corner(-stern, right),
            corner(-stern, -port),
        ];
        Polygon::new(LineString::from(corners), Vec::new())
    }

    proptest! {
        /// Against the polygons of `geo`: the same distance, and an overlap just where it finds one, which ends when the
        /// one ship is moved by its depth in some direction, and in none by less.
        #[test]
        fn gaps_are_the_distances_of_polygons(
            sizes in prop::array::uniform2((20.0..400.0_f64, 2.0..10.0_f64)),
            headings in prop::array::uniform2(prop_oneof![
                0.0..360.0_f64,
                (0_u16..8).prop_map(|eighth| f64::from(eighth) * 45.0),
            ]),
            shares in prop::array::uniform2((0.0..1.0_f64, 0.0..1.0_f64)),
            separation in prop::array::uniform2(-500.0..500.0_f64),
        ) {
            let hulls = sizes.map(|(length, slenderness)| {
                Hull::new(length, (length / slenderness).clamp(1.5, 70.0), Bridge::Anywhere)
            });
            let [Some(a), Some(b)] = hulls else { return Ok(()) };
            let offset = |hull: &Hull, (along, across): (f64, f64)| [along * hull.length_m, across * hull.beam_m];
            let (first, second) = (offset(&a, shares[0]), offset(&b, shares[1]));
            let gap = Facing::new(&a, headings[0], &b, headings[1]).gap_m(separation, first, second);
            let p = outline(&a, [0.0; 2], headings[0], first);
            let at = |turn_deg: f64, way: f64| {
                let (sin, cos) = turn_deg.to_radians().sin_cos();
                outline(&b, [separation[0] + way * sin, separation[1] + way * cos], headings[1], second)
            };
            let q = at(0.0, 0.0);
            if gap > 1e-9 {
                prop_assert!(!p.intersects(&q));
                prop_assert!((gap - Euclidean.distance(&p, &q)).abs() < 1e-6);
            } else if gap < -1e-9 {
                prop_assert!(p.intersects(&q));
                let sides = headings.iter().flat_map(|h| [0.0, 90.0, 180.0, 270.0].map(|turn| h + turn));
                prop_assert!(sides.into_iter().any(|turn| !p.intersects(&at(turn, 1e-6 - gap))));
                prop_assert!((0..36).all(|turn| p.intersects(&at(f64::from(turn) * 10.0, (-gap - 1e-6).max(0.0)))));
            }
        }
    }
}
