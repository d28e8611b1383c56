//! Circles and lines without noise.
//!
//! Fixes at least a minute apart are tried in blocks; blocks in a row on the same form are a run. A ship's position
//! is good to some 10 m and no helmsman holds a course to 2 m, so three blocks without noise are no ship's way.

use serde::{Deserialize, Serialize};

use super::fit::{Fitted, circle, line};
use crate::geodesy::{angle_between_deg, decimetres, near_distance_m};
use crate::model::presence::{Form, FormRun};
use crate::model::{Fix, LonLat, Timestamp, TrackId};

/// Fixes of a block; the last one is the first of the next.
const BLOCK: usize = 16;
/// Least time between two fixes of a block: with less, the rounding of positions hides a curve.
const SPACING_MS: i64 = 60_000;
/// Silence that ends a block and a run: what lay in it isn't known.
const SILENCE_MS: i64 = 30 * 60_000;
/// Root mean square distance from the form up to which there is no noise, metres: positions rounded to five
/// decimals of a degree are off by 0.5 m; of real ones (ITU-R M.1371-5) half are off by some metres.
const NOISE_FREE_M: f64 = 2.0;
/// Least radius of a circle, metres: ships at anchor and on a turret swing on arcs of up to some 300 m.
const MIN_RADIUS_M: f64 = 500.0;
/// Greatest radius, metres: beyond it a block can't be told from a line.
const MAX_RADIUS_M: f64 = 50_000.0;
/// Least angle that a block must sweep for its centre to be determined, degrees.
const MIN_SWEPT_DEG: f64 = 5.0;
/// Difference of centres and radii of two blocks of one circle, as a share of the radius: the ellipsoid
/// makes 0.3 % of a radius, which the fit of a short arc enlarges.
const SAME_CIRCLE: f64 = 0.05;
/// Angle that a run must sweep to be a circle, degrees.
const FULL_TURN_DEG: f64 = 300.0;
/// Spread of the speed on a line, knots: the grain of AIS.
pub(super) const LINE_SOG_KN: f64 = 0.11;
/// Spread of the course on a line, degrees: the grain of AIS.
pub(super) const LINE_COG_DEG: f64 = 0.11;
/// Least speed on a line, knots.
pub(super) const LINE_MIN_KN: f64 = 3.0;
/// Blocks that a run needs: three quarters of an hour at least.
const MIN_BLOCKS: u32 = 3;

/// The block and the run of a track, under way.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct State {
    block: Vec<Fix>,
    run: Option<Run>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Run {
    form: Form,
    start: Timestamp,
    end: Timestamp,
    blocks: u32,
    /// One block off the form is a wrong row in it; two are the end.
    missed: bool,
    place: LonLat,
    radius_m: f64,
    course_deg: f64,
    noise_dm: u32,
    swept_deg: f64,
    path_dm: u64,
}

impl State {
    pub(super) fn new(fix: &Fix) -> Self {
        Self {
            block: vec![*fix],
            run: None,
        }
    }

    /// Takes in the next fix; returns it if it completes a block or is the first after silence: such fixes lie a quarter of an
    /// hour apart at least, and of a ship heard seldom they are all.
    pub(super) fn take(
        &mut self,
        track: TrackId,
        fix: &Fix,
        out: &mut Vec<FormRun>,
    ) -> Option<Fix> {
        let silent_ms = self.block.last().map_or(0, |last| fix.t.0 - last.t.0);
        if silent_ms < SPACING_MS {
            return None;
        }
        if silent_ms > SILENCE_MS {
            self.finish(track, true, out);
            self.block.clear();
            self.block.push(*fix);
            return Some(*fix);
        }
        self.block.push(*fix);
        if self.block.len() < BLOCK {
            return None;
        }
        self.judge(track, out);
        self.block.clear();
        self.block.push(*fix);
        Some(*fix)
    }

    fn judge(&mut self, track: TrackId, out: &mut Vec<FormRun>) {
        let fitted = fitted(&self.block);
        let (start, end) = (self.block[0].t, self.block[BLOCK - 1].t);
        match (&mut self.run, fitted) {
            (Some(run), Some(block)) if run.continues(&block) => {
                run.end = end;
                run.blocks += 1;
                run.missed = false;
                run.noise_dm = run.noise_dm.max(block.noise_dm());
                run.swept_deg += block.swept_deg;
                run.path_dm += path_dm(&self.block);
            }
            (Some(run), None) if !run.missed => run.missed = true,
            (_, fitted) => {
                self.finish(track, true, out);
                self.run = fitted.map(|block| Run {
                    form: block.form,
                    start,
                    end,
                    blocks: 1,
                    missed: false,
                    place: block.place,
                    radius_m: block.radius_m,
                    course_deg: block.course_deg,
                    noise_dm: block.noise_dm(),
                    swept_deg: block.swept_deg,
                    path_dm: path_dm(&self.block),
                });
            }
        }
    }

    /// Says what is under way, if it is long enough.
    pub(super) fn finish(&mut self, track: TrackId, closed: bool, out: &mut Vec<FormRun>) {
        out.extend(
            self.run
                .take()
                .filter(Run::counts)
                .map(|run| run.to_fact(track, closed)),
        );
    }
}

/// The way along a block, from fix to fix.
fn path_dm(block: &[Fix]) -> u64 {
    let leg_dm = |w: &[Fix]| u64::from(decimetres(near_distance_m(w[0].place, w[1].place)));
    block.windows(2).map(leg_dm).sum()
}

/// The form of a block that has no noise.
fn fitted(block: &[Fix]) -> Option<Fitted> {
    let line = line(block).filter(|l| l.noise_m <= NOISE_FREE_M);
    line.or_else(|| {
        if is_spot(block) {
            return None;
        }
        let is_circle = |radius_m: f64, noise_m: f64| {
            noise_m <= NOISE_FREE_M && (MIN_RADIUS_M..=MAX_RADIUS_M).contains(&radius_m)
        };
        circle(block, is_circle).filter(|c| c.swept_deg.abs() >= MIN_SWEPT_DEG)
    })
}

/// Whether all fixes lie so near the first that they can't be an arc that counts. Of an arc without noise none lies
/// nearer the centre than the least radius less 8 m (four times the root mean square, of sixteen fixes); from there
/// what is within 40 m of the first fix is seen within 4.7 degrees.
fn is_spot(block: &[Fix]) -> bool {
    /// 28 m along a meridian, and no less along a parallel.
    const NEAR_E7: u64 = 2_500;
    let first = block[0].place;
    let is_near = |e7: i64| e7.unsigned_abs() <= NEAR_E7;
    block
        .iter()
        .all(|f| first.offset_e7(f.place).into_iter().all(is_near))
}

impl Run {
    fn continues(&self, block: &Fitted) -> bool {
        if self.form != block.form {
            return false;
        }
        match self.form {
            Form::Line => angle_between_deg(self.course_deg, block.course_deg) <= LINE_COG_DEG,
            Form::Circle => {
                let slack_m = SAME_CIRCLE * self.radius_m;
                (self.radius_m - block.radius_m).abs() <= slack_m
                    && near_distance_m(self.place, block.place) <= slack_m
                    && self.swept_deg.signum() == block.swept_deg.signum()
            }
        }
    }

    fn counts(&self) -> bool {
        self.blocks >= MIN_BLOCKS
            && (self.form == Form::Line || self.swept_deg.abs() >= FULL_TURN_DEG)
    }

    fn to_fact(&self, track: TrackId, closed: bool) -> FormRun {
        FormRun {
            track,
            form: self.form,
            start: self.start,
            end: self.end,
            closed,
            fixes: self.blocks * (BLOCK as u32 - 1) + 1,
            place: self.place,
            radius_dm: decimetres(self.radius_m),
            noise_dm: self.noise_dm,
            swept_deg: self.swept_deg.round() as i32,
            path_dm: self.path_dm,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::geodesy::Plane;
    use crate::model::{Mmsi, PositionReport};

    proptest! {
        /// A block that is left out for its size is none that would have counted.
        #[test]
        fn a_spot_is_no_arc_that_counts(
            (radius_m, swept_deg) in (1.0..2_000.0_f64, -40.0..40.0_f64),
            noise_m in prop::collection::vec(-1.0..1.0_f64, 2 * BLOCK),
            most_m in 0.0..6.0_f64,
            (lon, lat) in (-180.0..180.0, -89.0..89.0),
        ) {
            let ship = Mmsi::new(311_000_001).expect("a ship's MMSI");
            let plane = Plane::at(LonLat::from_degrees_wrapped(lon, lat));
            let fix = |i: usize| {
                let angle = (swept_deg * i as f64 / (BLOCK - 1) as f64).to_radians();
                let (e, n) = (radius_m * (1.0 - angle.cos()), radius_m * angle.sin());
                let [off_e, off_n] = [2 * i, 2 * i + 1].map(|k| most_m * noise_m[k]);
                let place = plane.to_place([e + off_e, n + off_n]);
                let report = PositionReport::new(ship, i as u32 * 60_000, place);
                Fix::from_report(&report, Timestamp(0))
            };
            let block: Vec<Fix> = (0..BLOCK).map(fix).collect();
            let any = circle(&block, |_, _| true);
            let counts = any.is_some_and(|c| {
                c.noise_m <= NOISE_FREE_M
                    && (MIN_RADIUS_M..=MAX_RADIUS_M).contains(&c.radius_m)
                    && c.swept_deg.abs() >= MIN_SWEPT_DEG
            });
            prop_assert!(!(counts && is_spot(&block)));
            prop_assert_eq!(fitted(&block).is_some(), counts);
        }
    }
}
