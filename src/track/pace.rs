//! How fast a ship goes, and whether she is carried.

use super::Params;
use crate::geodesy::{angle_between_deg, near_distance_m};
use crate::model::quantity::MPS_PER_KNOT;
use crate::model::{Fix, NavStatus};

/// A course means something above this speed, knots.
const COURSE_VALID_KN: f64 = 0.5;

/// How fast a ship goes at a fix.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Pace {
    Fast,
    Slow,
    Adrift,
}

pub(super) fn is_crabbing(fix: &Fix, params: &Params) -> bool {
    let making_way = fix.sog_kn().is_some_and(|kn| kn >= COURSE_VALID_KN);
    match (fix.cog_deg(), fix.heading_deg()) {
        (Some(cog), Some(heading)) => {
            making_way && angle_between_deg(cog, heading) > params.drift_angle_deg
        }
        _ => false,
    }
}

/// Speed as stated, else as made since the fix before, knots; `None` where neither is known.
pub(super) fn speed_kn(before: Option<&Fix>, fix: &Fix) -> Option<f64> {
    fix.sog_kn().or_else(|| {
        let before = before?;
        let s = fix.t.seconds_since(before.t);
        (s > 0.0).then(|| near_distance_m(before.place, fix.place) / s / MPS_PER_KNOT)
    })
}

/// The pace at this speed, knots.
pub(super) fn pace(fix: &Fix, speed_kn: Option<f64>, params: &Params) -> Pace {
    let not_under_command = || {
        matches!(
            fix.nav_status(),
            Some(NavStatus::NOT_UNDER_COMMAND | NavStatus::RESTRICTED)
        )
    };
    match speed_kn {
        Some(kn) if kn < params.loiter_speed_kn => Pace::Slow,
        Some(kn)
            if kn < params.adrift_speed_kn && (not_under_command() || is_crabbing(fix, params)) =>
        {
            Pace::Adrift
        }
        _ => Pace::Fast,
    }
}

/// Whether wind and current carry a ship at a fix: she moves, and is slow or adrift, or below the speed of a ship adrift goes
/// sideways as fast as one at the edge of both rules (`loiter_speed_kn` at `drift_angle_deg`: a knot). What lies still is
/// held by ground or quay as likely as not.
pub(super) fn is_carried(fix: &Fix, speed_kn: Option<f64>, pace: Pace, params: &Params) -> bool {
    let Some(kn) = speed_kn.filter(|kn| *kn >= COURSE_VALID_KN) else {
        return false;
    };
    if pace != Pace::Fast {
        return true;
    }
    if kn >= params.adrift_speed_kn {
        return false;
    }
    let sideways = |deg: f64| deg.min(90.0).to_radians().sin();
    match (fix.cog_deg(), fix.heading_deg()) {
        (Some(cog), Some(heading)) => {
            let least_kn = params.loiter_speed_kn * sideways(params.drift_angle_deg);
            kn * sideways(angle_between_deg(cog, heading)) >= least_kn
        }
        _ => false,
    }
}
