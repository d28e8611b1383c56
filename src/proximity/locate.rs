//! Where a ship was at an instant, and how sure that is.

use super::Params;
use crate::geodesy::{Plane, hermite, velocity_mps};
use crate::model::{Fix, LonLat, Timestamp};

/// Noise of a position, metres, one sigma (ITU-R M.1371: the accuracy flag parts at 10 m).
const FIX_SIGMA_M: f64 = 10.0;
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

/// A ship at an instant.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Located {
    pub place: LonLat,
    pub sigma_m: f64,
    /// The nearest fix in time.
    pub nearest: Fix,
    pub nearest_s: f64,
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
pub(super) fn bracket_s(fixes: &[Fix], t: Timestamp, params: &Params) -> Option<f64> {
    let (before, after) = sides(fixes, t);
    if before.is_some_and(|f| f.t == t) {
        return Some(0.0);
    }
    if let (Some(a), Some(b)) = (before, after) {
        let gap_s = b.t.seconds_since(a.t);
        if gap_s <= params.max_interpolation_s as f64 {
            return Some(gap_s);
        }
    }
    let nearest_s = [before, after]
        .into_iter()
        .flatten()
        .map(|f| f.t.seconds_since(t).abs())
        .fold(f64::INFINITY, f64::min);
    (nearest_s <= params.reckoning_s as f64)
        .then_some(params.max_interpolation_s as f64 + nearest_s)
}

/// Places a ship at `t`: between two fixes by a cubic Hermite curve that keeps the speeds and courses at
/// both ends (straight where they are unknown), beside a lone fix by dead reckoning.
pub(super) fn locate(fixes: &[Fix], t: Timestamp, params: &Params) -> Option<Located> {
    let (before, after) = sides(fixes, t);
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
            sigma_m: FIX_SIGMA_M.hypot(growth * s.abs()),
            nearest: *nearest,
            nearest_s: s.abs(),
        }
    })
}

fn at_fix(fix: &Fix) -> Located {
    Located {
        place: fix.place,
        sigma_m: FIX_SIGMA_M,
        nearest: *fix,
        nearest_s: 0.0,
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
    let (nearest, nearest_s) = if s <= g - s { (a, s) } else { (b, g - s) };
    Located {
        place: plane.to_place(offset),
        sigma_m: FIX_SIGMA_M.hypot(INTERPOLATION_GROWTH * change_mps * s * (g - s) / g),
        nearest: *nearest,
        nearest_s,
    }
}
