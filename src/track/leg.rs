//! How a ship went from one fix to the next.

use super::Params;
use super::pace::Pace;
use super::stay::SWING_M;
use crate::geodesy::{decimetres, near_distance_m};
use crate::model::Fix;
use crate::model::quantity::MPS_PER_KNOT;

/// Wind and current change through a silence: a ship may drift so many times as fast as at its ends.
const FRESHENS: f64 = 2.0;

/// How she went from one fix to the next.
pub(super) struct Leg {
    pub ms: i64,
    /// What she made beyond the way of a slow ship; less than none if she was slower.
    pub excess_dm: i64,
    /// Whether she was faster than a ship adrift.
    pub under_way: bool,
}

impl Leg {
    pub(super) fn new(from: &Fix, to: &Fix, pace: Pace, params: &Params) -> Self {
        let ms = to.t.0 - from.t.0;
        let made_m = near_distance_m(from.place, to.place);
        let by_speed_m = |kn: f64| kn * MPS_PER_KNOT * ms as f64 / 1000.0;
        // Within the noise of positions the speeds that she says tell more; beyond it a wrong speed doesn't.
        let said_m = faster_kn(from, to).map_or(f64::INFINITY, by_speed_m);
        let way_m = if made_m <= params.position_noise_m {
            made_m.min(said_m)
        } else {
            made_m
        };
        let under_way = way_m >= by_speed_m(params.adrift_speed_kn);
        // What is adrift makes no way of its own.
        let own_m = if pace == Pace::Adrift && !under_way {
            0.0
        } else {
            way_m
        };
        let slow_dm = i64::from(decimetres(by_speed_m(params.loiter_speed_kn)));
        Self {
            ms,
            excess_dm: i64::from(decimetres(own_m)) - slow_dm,
            under_way,
        }
    }
}

/// The greater of the speeds that a ship says at two fixes, knots.
fn faster_kn(a: &Fix, b: &Fix) -> Option<f64> {
    let said = [a.sog_kn(), b.sog_kn()].into_iter().flatten();
    said.reduce(f64::max)
}

/// Whether a slow ship can have been slow throughout a silence: she was no faster at its ends, and they explain where she is.
/// What lay at rest at both is found in the circle of its anchor. Where she doesn't say her speeds, her speed before tells.
pub(super) fn is_slow_across(before_kn: f64, from: &Fix, to: &Fix, params: &Params) -> bool {
    let s = to.t.seconds_since(from.t);
    let by_speed_m = |kn: f64| kn * MPS_PER_KNOT * s;
    let made_m = near_distance_m(from.place, to.place);
    let ends_kn = faster_kn(from, to).unwrap_or(before_kn);
    ends_kn < params.adrift_speed_kn
        && made_m < by_speed_m(params.loiter_speed_kn)
        && made_m <= 2.0 * SWING_M + by_speed_m(FRESHENS * ends_kn)
}
