//! Circles and lines through a block of fixes.

use super::forms::{LINE_COG_DEG, LINE_MIN_KN, LINE_SOG_KN};
use crate::geodesy::{Plane, angle_between_deg, decimetres};
use crate::model::presence::Form;
use crate::model::quantity::MPS_PER_KNOT;
use crate::model::{Fix, LonLat};

/// A form that a block of fixes lies on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fitted {
    pub form: Form,
    /// Centre, or first place.
    pub place: LonLat,
    /// Of a circle.
    pub radius_m: f64,
    /// Root mean square distance of the fixes from the form.
    pub noise_m: f64,
    /// About the centre.
    pub swept_deg: f64,
    /// Of a line.
    pub course_deg: f64,
}

/// The least squares circle through the fixes (Kasa, IEEE Trans. Instrum. Meas. 25, 1976), if they determine one and
/// its radius and noise in metres are `wanted`.
pub(super) fn circle(fixes: &[Fix], wanted: impl Fn(f64, f64) -> bool) -> Option<Fitted> {
    let plane = Plane::at(fixes[0].place);
    let points: Vec<[f64; 2]> = fixes.iter().map(|f| plane.to_m(f.place)).collect();
    let n = points.len() as f64;
    let mean = |value: &dyn Fn([f64; 2]) -> f64| points.iter().map(|p| value(*p)).sum::<f64>() / n;
    let middle = [mean(&|p| p[0]), mean(&|p| p[1])];
    let about = |p: [f64; 2]| [p[0] - middle[0], p[1] - middle[1]];
    let moment = |value: &dyn Fn(f64, f64) -> f64| mean(&|p| value(about(p)[0], about(p)[1]));
    let (uu, vv, uv) = (
        moment(&|u, _| u * u),
        moment(&|_, v| v * v),
        moment(&|u, v| u * v),
    );
    let (uz, vz) = (
        moment(&|u, v| u * (u * u + v * v)) / 2.0,
        moment(&|u, v| v * (u * u + v * v)) / 2.0,
    );
    let det = uu * vv - uv * uv;
    if det <= f64::EPSILON * uu * vv {
        return None;
    }
    let centre = [(uz * vv - vz * uv) / det, (vz * uu - uz * uv) / det];
    let radius_m = (centre[0].powi(2) + centre[1].powi(2) + uu + vv).sqrt();
    let spoke = |p: [f64; 2]| {
        let [u, v] = about(p);
        [u - centre[0], v - centre[1]]
    };
    let off = |p: [f64; 2]| {
        let [e, n] = spoke(p);
        (e.hypot(n) - radius_m).powi(2)
    };
    let noise_m = mean(&off).sqrt();
    if !wanted(radius_m, noise_m) {
        return None;
    }
    let bearing = |p: &[f64; 2]| {
        let [e, n] = spoke(*p);
        e.atan2(n).to_degrees()
    };
    let bearings: Vec<f64> = points.iter().map(bearing).collect();
    let turn = |w: &[f64]| (w[1] - w[0] + 180.0).rem_euclid(360.0) - 180.0;
    Some(Fitted {
        form: Form::Circle,
        place: plane.to_place([centre[0] + middle[0], centre[1] + middle[1]]),
        radius_m,
        noise_m,
        swept_deg: bearings.windows(2).map(turn).sum(),
        course_deg: 0.0,
    })
}

/// The line from the first to the last fix, if speed and course are the same in all and agree with the way.
pub(super) fn line(fixes: &[Fix]) -> Option<Fitted> {
    let (first, last) = (fixes.first()?, fixes.last()?);
    let (sog_kn, course_deg) = (first.sog_kn()?, first.cog_deg()?);
    let steady = fixes.iter().all(|f| {
        f.sog_kn()
            .is_some_and(|kn| (kn - sog_kn).abs() <= LINE_SOG_KN && kn >= LINE_MIN_KN)
            && f.cog_deg()
                .is_some_and(|deg| angle_between_deg(deg, course_deg) <= LINE_COG_DEG)
    });
    if !steady {
        return None;
    }
    let plane = Plane::at(first.place);
    let [e, n] = plane.to_m(last.place);
    let way_m = e.hypot(n);
    let stated_m = sog_kn * MPS_PER_KNOT * last.t.seconds_since(first.t);
    // Half a tenth of a knot of rounding at 3 kn.
    if (way_m - stated_m).abs() > 0.03 * stated_m {
        return None;
    }
    let off = |f: &Fix| {
        let [x, y] = plane.to_m(f.place);
        ((x * n - y * e) / way_m).powi(2)
    };
    let noise_m = (fixes.iter().map(off).sum::<f64>() / fixes.len() as f64).sqrt();
    Some(Fitted {
        form: Form::Line,
        place: first.place,
        radius_m: 0.0,
        noise_m,
        swept_deg: 0.0,
        course_deg,
    })
}

impl Fitted {
    /// The noise in the grain in which it is kept.
    pub(super) fn noise_dm(&self) -> u32 {
        decimetres(self.noise_m)
    }
}
