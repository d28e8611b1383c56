//! Which fix can follow which.

use super::Params;
use crate::geodesy::{Plane, is_within, near_distance_m, velocity_mps};
use crate::model::Fix;
use crate::model::quantity::MPS_PER_KNOT;

/// Seconds over which a ship is assumed to keep course and speed when its next place is foretold.
const RECKONING_S: f64 = 600.0;

fn apart_s(a: &Fix, b: &Fix) -> f64 {
    b.t.seconds_since(a.t).abs()
}

/// Whether one hull can have been at both fixes.
pub(super) fn reachable(a: &Fix, b: &Fix, params: &Params) -> bool {
    let limit = params.position_noise_m + params.max_speed_kn * MPS_PER_KNOT * apart_s(a, b);
    is_within(a.place, b.place, limit)
}

/// Whether the way between two fixes, after what noise explains, needs a speed beyond a limit, knots.
fn is_faster(a: &Fix, b: &Fix, limit_kn: f64, params: &Params) -> bool {
    let s = apart_s(a, b).max(0.001);
    !is_within(
        a.place,
        b.place,
        params.position_noise_m + limit_kn * MPS_PER_KNOT * s,
    )
}

/// Whether `middle` is a spike: both of its legs far faster than any of the three ships' own speeds, while
/// the outer two agree. Real bit errors hide just above the greatest speed, so that limit alone misses them.
pub(super) fn is_spike(before: &Fix, middle: &Fix, after: &Fix, params: &Params) -> bool {
    let fastest = [before, middle, after]
        .iter()
        .filter_map(|f| f.sog_kn())
        .fold(None, |max: Option<f64>, v| {
            Some(max.map_or(v, |m| m.max(v)))
        });
    let limit = fastest.map_or(params.max_speed_kn, |kn| {
        (2.0 * kn + 5.0).min(params.max_speed_kn)
    });
    is_faster(before, middle, limit, params)
        && is_faster(middle, after, limit, params)
        && !is_faster(before, after, limit, params)
}

/// How far `next` lies from where the ship of `last` would have been, metres.
pub(super) fn surprise_m(last: &Fix, next: &Fix) -> f64 {
    let (Some(sog), Some(cog)) = (last.sog_kn(), last.cog_deg()) else {
        return near_distance_m(last.place, next.place);
    };
    if sog == 0.0 {
        return near_distance_m(last.place, next.place);
    }
    let v = velocity_mps(sog, cog);
    let s = apart_s(last, next).min(RECKONING_S);
    let foretold = Plane::at(last.place).to_place([v[0] * s, v[1] * s]);
    near_distance_m(foretold, next.place)
}

/// Whether `fix` is most likely a stale rebroadcast of the track that ends in `last`: out of reach, but where
/// that ship was within `stale_s`.
pub(super) fn is_stale(last: &Fix, fix: &Fix, params: &Params) -> bool {
    let stale_s = params.stale_s as f64;
    apart_s(last, fix) <= stale_s
        && is_within(
            last.place,
            fix.place,
            params.position_noise_m + params.max_speed_kn * MPS_PER_KNOT * stale_s,
        )
}
