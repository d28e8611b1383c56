//! Where a ship was at an instant, and how sure that is.

use super::Params;
use crate::geodesy::{Plane, hermite, velocity_mps};
use crate::model::quantity::MPS_PER_KNOT;
use crate::model::{Fix, LonLat, Timestamp};

/// Noise of a position, metres, one sigma (ITU-R M.1371: the accuracy flag parts at 10 m).
const FIX_SIGMA_M: f64 = 10.0;
/// The same of a long-range report (type 27): four fifths of the area of a cell of a tenth of a minute, 185 m on a side, lie
/// within this of its middle.
const COARSE_SIGMA_M: f64 = 95.0;
/// The same of places rounded to thousandths and to hundredths of a degree: cells of 111 m and of 1.1 km.
const ROUNDED_SIGMA_M: [f64; 2] = [57.0, 570.0];
/// Growth of the error between two fixes with the change of velocity: on held-out fixes of real ships
/// `hypot(10, 0.25 dv s (g - s) / g)` covers 80 % at one sigma and 93 % at two.
const INTERPOLATION_GROWTH: f64 = 0.25;
/// Change of velocity assumed at an end where speed or course is unknown, metres per second.
const UNKNOWN_CHANGE_MPS: f64 = 1.0;
/// Growth of the error beyond a lone fix with course and speed, metres per second (about a knot).
const RECKONING_GROWTH_MPS: f64 = 0.5;
/// The same without course and speed.
const HOLDING_GROWTH_MPS: f64 = 2.5;
/// Below this speed a ship without a course counts as lying still, knots.
const STILL_KN: f64 = 0.5;

/// Fixes this close in time are joined by a straight line in the search.
const ROUGH_MS: i64 = 120_000;
/// Metres in 1e-7 degree along a meridian.
const M_PER_E7: f64 = 0.011_132;
/// Longitudes this near each other don't lie on two sides of the antimeridian.
const ROUGH_E7: i64 = 1_000_000;
/// Closer to a pole straight lines in degrees mean nothing.
const POLAR_E7: i32 = 850_000_000;

/// A ship at an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Located {
    pub place: LonLat,
    pub sigma_m: f64,
    /// The nearest fix in time.
    pub nearest: Fix,
    pub nearest_s: f64,
    /// Whether the ship was heard before the instant, and whether after it, near enough in time to place her.
    pub sides: [bool; 2],
    /// Whether fixes on both sides of the instant, or one at it, hold the place.
    pub held: bool,
}

/// How much less is known of a place than of that of a usual fix, metres.
pub(super) fn roughness_m(fix: &Fix) -> f64 {
    if fix.is_coarse() { COARSE_SIGMA_M } else { 0.0 }
}

/// How much less is known of where two ships are to each other if their archive rounded these places, metres. One ship may well lie
/// at a round place; two do by chance once in ten thousand times, if four decimals are kept.
pub(super) fn rounding_m(fixes: [&Fix; 2]) -> f64 {
    let are_rounded_to = |step_e7: i32| {
        fixes
            .iter()
            .all(|fix| fix.place.lat_e7() % step_e7 == 0 && fix.place.lon_e7() % step_e7 == 0)
    };
    if !are_rounded_to(10_000) {
        return 0.0;
    }
    let of_each = ROUNDED_SIGMA_M[usize::from(are_rounded_to(100_000))];
    of_each.hypot(of_each)
}

fn noise_m(fix: &Fix) -> f64 {
    // Nearly every fix is a usual one, and this is asked for every ship in every slot.
    if fix.is_coarse() {
        FIX_SIGMA_M.hypot(COARSE_SIGMA_M)
    } else {
        FIX_SIGMA_M
    }
}

fn velocity(fix: &Fix) -> Option<[f64; 2]> {
    match (fix.sog_kn(), fix.cog_deg()) {
        (Some(sog), Some(cog)) => Some(velocity_mps(sog, cog)),
        (Some(sog), None) if sog < STILL_KN => Some([0.0; 2]),
        _ => None,
    }
}

/// The fixes on both sides of `t`: the last at or before it, the first after it.
fn sides(fixes: &[Fix], t: Timestamp) -> (Option<&Fix>, Option<&Fix>) {
    let after = fixes.partition_point(|f| f.t <= t);
    (after.checked_sub(1).map(|i| &fixes[i]), fixes.get(after))
}

/// How well `t` is held by fixes: seconds between the two around it, zero at a fix; beyond
/// `max_interpolation_s` by the nearest fix within `reckoning_s`; `None` where the ship can't be placed.
/// And on which sides of `t` it was heard so.
pub(super) fn bracket_s(fixes: &[Fix], t: Timestamp, params: &Params) -> Option<(f64, [bool; 2])> {
    let (before, after) = sides(fixes, t);
    if before.is_some_and(|f| f.t == t) {
        return Some((0.0, [true; 2]));
    }
    if let (Some(a), Some(b)) = (before, after) {
        let gap_s = b.t.seconds_since(a.t);
        if gap_s <= params.max_interpolation_s as f64 {
            return Some((gap_s, [true; 2]));
        }
    }
    let nearest_s = [before, after]
        .into_iter()
        .flatten()
        .map(|f| f.t.seconds_since(t).abs())
        .fold(f64::INFINITY, f64::min);
    (nearest_s <= params.reckoning_s as f64).then(|| {
        let bracket_s = params.max_interpolation_s as f64 + nearest_s;
        (bracket_s, sides_within(before, after, t, params))
    })
}

/// Whether a ship is reckoned on from a fix before `t`, and back from one after it.
fn sides_within(
    before: Option<&Fix>,
    after: Option<&Fix>,
    t: Timestamp,
    params: &Params,
) -> [bool; 2] {
    [before, after]
        .map(|fix| fix.is_some_and(|fix| (fix.t.0 - t.0).abs() <= params.reckoning_s * 1000))
}

/// Places a ship at `t`: between two fixes by a cubic Hermite curve that keeps the speeds and courses at
/// both ends (straight where they are unknown), beside a lone fix by dead reckoning.
pub(super) fn locate(fixes: &[Fix], t: Timestamp, params: &Params) -> Option<Located> {
    let (before, after) = sides(fixes, t);
    locate_between(before, after, t, params)
}

fn locate_between(
    before: Option<&Fix>,
    after: Option<&Fix>,
    t: Timestamp,
    params: &Params,
) -> Option<Located> {
    if let (Some(a), Some(b)) = (before, after) {
        if a.t == t {
            return Some(at_fix(a));
        }
        if b.t.seconds_since(a.t) <= params.max_interpolation_s as f64 {
            return Some(between(a, b, t));
        }
    }
    let nearest = match (before, after) {
        (Some(a), Some(b)) if t.0 - a.t.0 <= b.t.0 - t.0 => a,
        (Some(_) | None, Some(b)) => b,
        (Some(a), None) => a,
        (None, None) => return None,
    };
    let s = t.seconds_since(nearest.t);
    if s == 0.0 {
        return Some(at_fix(nearest));
    }
    (s.abs() <= params.reckoning_s as f64).then(|| {
        let (place, growth) = match velocity(nearest) {
            Some(v) => (
                Plane::at(nearest.place).to_place([v[0] * s, v[1] * s]),
                RECKONING_GROWTH_MPS,
            ),
            None => (nearest.place, HOLDING_GROWTH_MPS),
        };
        Located {
            place,
            sigma_m: noise_m(nearest).hypot(growth * s.abs()),
            nearest: *nearest,
            nearest_s: s.abs(),
            sides: sides_within(before, after, t, params),
            held: false,
        }
    })
}

/// A track that is placed at ever later instants.
pub(super) struct Along<'a> {
    fixes: &'a [Fix],
    /// How many fixes lie at or before the last instant.
    passed: usize,
}

impl<'a> Along<'a> {
    /// From the first instant on.
    pub(super) fn new(fixes: &'a [Fix], t: Timestamp) -> Self {
        let passed = fixes.partition_point(|f| f.t <= t);
        Self { fixes, passed }
    }

    /// [`locate`] for the search, at an instant not before the last one: between two fixes close in time a straight line
    /// will do, given a sigma that covers the curve.
    pub(super) fn locate(&mut self, t: Timestamp, params: &Params) -> Option<Located> {
        while self.fixes.get(self.passed).is_some_and(|f| f.t <= t) {
            self.passed += 1;
        }
        let before = self.passed.checked_sub(1).map(|i| &self.fixes[i]);
        let after = self.fixes.get(self.passed);
        let straight = before.zip(after).and_then(|(a, b)| straight(a, b, t));
        straight.or_else(|| locate_between(before, after, t, params))
    }
}

/// A ship on the straight line between two fixes, if they are close in time and the line means something.
fn straight(a: &Fix, b: &Fix, t: Timestamp) -> Option<Located> {
    let (g, s) = (b.t.0 - a.t.0, t.0 - a.t.0);
    let [lon, lat] = [
        i64::from(b.place.lon_e7()) - i64::from(a.place.lon_e7()),
        i64::from(b.place.lat_e7()) - i64::from(a.place.lat_e7()),
    ];
    if g > ROUGH_MS || lon.abs() >= ROUGH_E7 || a.place.lat_e7().abs() >= POLAR_E7 {
        return None;
    }
    let on = |from: i32, way: i64| (i64::from(from) + way * s / g) as i32;
    Some(Located {
        place: LonLat::from_e7(on(a.place.lon_e7(), lon), on(a.place.lat_e7(), lat)),
        sigma_m: noise_m(a).max(noise_m(b))
            + rough_growth_m(a, b, ((lon * lon + lat * lat) as f64).sqrt()),
        nearest: if s <= g - s { *a } else { *b },
        nearest_s: s.min(g - s) as f64 / 1000.0,
        sides: [true; 2],
        held: true,
    })
}

/// At least what [`between`] adds to sigma anywhere between two fixes `way_e7` apart; twice that holds the curve too.
fn rough_growth_m(a: &Fix, b: &Fix, way_e7: f64) -> f64 {
    let g = b.t.seconds_since(a.t);
    let speed = |fix: &Fix| {
        fix.sog_kn()
            .map_or(UNKNOWN_CHANGE_MPS, |kn| kn * MPS_PER_KNOT)
    };
    let most_mps = speed(a) + speed(b) + 2.0 * way_e7 * M_PER_E7 / g;
    INTERPOLATION_GROWTH * most_mps * g / 4.0
}

fn at_fix(fix: &Fix) -> Located {
    Located {
        place: fix.place,
        sigma_m: noise_m(fix),
        nearest: *fix,
        nearest_s: 0.0,
        sides: [true; 2],
        held: true,
    }
}

fn between(a: &Fix, b: &Fix, t: Timestamp) -> Located {
    let (g, s) = (b.t.seconds_since(a.t), t.seconds_since(a.t));
    let plane = Plane::at(a.place);
    let end = plane.to_m(b.place);
    let mean = [end[0] / g, end[1] / g];
    let ends = [velocity(a), velocity(b)];
    let change_mps: f64 = ends
        .iter()
        .map(|v| {
            v.map_or(UNKNOWN_CHANGE_MPS, |v| {
                (v[0] - mean[0]).hypot(v[1] - mean[1])
            })
        })
        .sum();
    let offset = match ends {
        [Some(v0), Some(v1)] => hermite([0.0; 2], v0, end, v1, g, s),
        _ => [mean[0] * s, mean[1] * s],
    };
    let noise_m = noise_m(a) + (noise_m(b) - noise_m(a)) * s / g;
    let (nearest, nearest_s) = if s <= g - s { (a, s) } else { (b, g - s) };
    Located {
        place: plane.to_place(offset),
        sigma_m: noise_m.hypot(INTERPOLATION_GROWTH * change_mps * s * (g - s) / g),
        nearest: *nearest,
        nearest_s,
        sides: [true; 2],
        held: true,
    }
}
