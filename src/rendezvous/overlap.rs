//! Where two silent ships can have been together longest.
//!
//! At a place the common window runs from the later arrival to the earlier departure. Its length is the least of four
//! sums (departure of either less arrival of either), each of which falls with the distances to two ends. A
//! great-circle distance is convex within a quarter of the Earth's girth, so the places with a common window of at
//! least some length are a convex figure, bounded by great circles where these touch it; on a gnomonic map great
//! circles are straight. The ellipsoid method (Shor 1977; Nemirovski and Yudin 1976) halves such a figure until
//! nothing longer can be left.

use super::prism::Prism;
use crate::geodesy::{EARTH_RADIUS_M, arc_m, cross, dot, place_of, unit};
use crate::model::{LonLat, Timestamp};

/// The longest window is found to this many seconds.
const GRAIN_S: f64 = 20.0;
/// Halvings after which any figure is smaller than the grain: each takes 0.77 of the area.
const MOST_STEPS: usize = 120;
/// A gnomonic map shows less than half the globe; beyond this angle from its middle it isn't used, radians.
const WIDEST: f64 = 1.2;

/// A place on the map with the window there.
struct Point {
    n: [f64; 3],
    /// Seconds; negative where the ships miss each other.
    window_s: f64,
    /// Its slope on the map, seconds per unit.
    slope: [f64; 2],
}

/// A gnomonic map.
struct Map {
    middle: [f64; 3],
    axes: [[f64; 3]; 2],
}

/// The unit vector at `at` along the great circle to `to`; zero at `to` itself.
fn toward(at: [f64; 3], to: [f64; 3]) -> [f64; 3] {
    let along = dot(at, to);
    unit(std::array::from_fn(|i| to[i] - along * at[i])).unwrap_or_default()
}

impl Map {
    fn at(middle: [f64; 3]) -> Self {
        // The axis of the globe that is farthest from the middle.
        let axis = if middle[2].abs() < 0.7 {
            [0.0, 0.0, 1.0]
        } else {
            [1.0, 0.0, 0.0]
        };
        let east = unit(cross(axis, middle)).unwrap_or_default();
        Self {
            middle,
            axes: [east, cross(middle, east)],
        }
    }

    fn point(&self, [x, y]: [f64; 2], a: &Prism, b: &Prism) -> Point {
        let v: [f64; 3] =
            std::array::from_fn(|i| self.middle[i] + x * self.axes[0][i] + y * self.axes[1][i]);
        let length = dot(v, v).sqrt();
        let n = v.map(|c| c / length);
        let (arrival, first) = later(a, b, n);
        let (departure, last) = earlier(a, b, n);
        let rise: [f64; 3] = {
            let (to_first, to_last) = (toward(n, first.from), toward(n, last.to));
            std::array::from_fn(|i| {
                (to_first[i] / first.speed_mps + to_last[i] / last.speed_mps) * EARTH_RADIUS_M
            })
        };
        Point {
            n,
            window_s: departure - arrival,
            slope: self.axes.map(|axis| dot(rise, axis) / length),
        }
    }
}

/// Seconds after the first silence's start.
fn seconds(t: Timestamp, a: &Prism) -> f64 {
    t.seconds_since(a.start)
}

/// The later arrival at a place, and whose.
fn later<'p>(a: &'p Prism, b: &'p Prism, n: [f64; 3]) -> (f64, &'p Prism) {
    let of = |p: &'p Prism| (seconds(p.start, a) + arc_m(p.from, n) / p.speed_mps, p);
    let (one, other) = (of(a), of(b));
    if one.0 >= other.0 { one } else { other }
}

/// The earlier departure from a place, and whose.
fn earlier<'p>(a: &'p Prism, b: &'p Prism, n: [f64; 3]) -> (f64, &'p Prism) {
    let of = |p: &'p Prism| (seconds(p.end, a) - arc_m(p.to, n) / p.speed_mps, p);
    let (one, other) = (of(a), of(b));
    if one.0 <= other.0 { one } else { other }
}

/// No common window can be longer than this, seconds: whoever arrives later, and whoever leaves earlier, somebody must
/// get from an end of one silence to one of the other, at best at the speed of the faster.
pub(super) fn bound_s(a: &Prism, b: &Prism) -> f64 {
    let mut least = f64::INFINITY;
    for arriving in [a, b] {
        for leaving in [a, b] {
            let fastest = arriving.speed_mps.max(leaving.speed_mps);
            let time_s = leaving.end.seconds_since(arriving.start);
            least = least.min(time_s - arc_m(arriving.from, leaving.to) / fastest);
        }
    }
    least
}

/// The place at which two silent ships can have been together longest, and from when to when; `None` if nowhere for
/// `least_ms`. The window is the longest there is, less 20 s at most; of silences of weeks, whose prisms span
/// more than a third of the globe, the longest within 7,600 km of the middle of the shorter one's.
pub fn meet(a: &Prism, b: &Prism, least_ms: i64) -> Option<(LonLat, (Timestamp, Timestamp))> {
    let least_s = least_ms as f64 / 1000.0;
    if bound_s(a, b) < least_s {
        return None;
    }
    let (one, other) = (a.cap(least_ms)?, b.cap(least_ms)?);
    let (middle, radius_m) = if one.1 <= other.1 { one } else { other };
    let map = Map::at(middle);
    let radius = (radius_m / EARTH_RADIUS_M + 1e-9).min(WIDEST).tan();
    let mut best: Option<Point> = None;
    let mut centre = [0.0; 2];
    // The ellipse is all x with (x - centre)' shape^-1 (x - centre) <= 1: xx, xy, yy.
    let mut shape = [radius * radius, 0.0, radius * radius];
    for _ in 0..MOST_STEPS {
        let point = map.point(centre, a, b);
        let [gx, gy] = point.slope;
        let push = [shape[0] * gx + shape[1] * gy, shape[1] * gx + shape[2] * gy];
        // How much the window can still grow within the ellipse.
        let room_s = (gx * push[0] + gy * push[1]).max(0.0).sqrt();
        // Away from its middle the map's scale differs: twice the room is safe.
        let hopeless = point.window_s + 2.0 * room_s < least_s;
        let longer = best.as_ref().is_none_or(|b| point.window_s > b.window_s);
        if longer {
            best = Some(point);
        }
        if hopeless || room_s < GRAIN_S {
            break;
        }
        let push = push.map(|p| p / room_s);
        centre = [centre[0] + push[0] / 3.0, centre[1] + push[1] / 3.0];
        shape = [
            4.0 / 3.0 * (shape[0] - 2.0 / 3.0 * push[0] * push[0]),
            4.0 / 3.0 * (shape[1] - 2.0 / 3.0 * push[0] * push[1]),
            4.0 / 3.0 * (shape[2] - 2.0 / 3.0 * push[1] * push[1]),
        ];
    }
    let place = place_of(best?.n);
    let window = common(a.stay(place)?, b.stay(place)?);
    (window.1.0 - window.0.0 >= least_ms).then_some((place, window))
}

/// What lies inside both windows; it may end before it begins.
pub(super) fn common(
    a: (Timestamp, Timestamp),
    b: (Timestamp, Timestamp),
) -> (Timestamp, Timestamp) {
    (a.0.max(b.0), a.1.min(b.1))
}
