//! Slow runs: a ship that hardly moved, or drifted.

use serde::{Deserialize, Serialize};

use super::Params;
use crate::geodesy::{angle_between_deg, decimetres, is_within, near_distance_m};
use crate::model::quantity::{MPS_PER_KNOT, MS_PER_HOUR};
use crate::model::{Fix, LonLat, NavStatus, SlowRun, Timestamp, TrackId, Waypoint};

/// Fixes that are not slow end a stretch only after this long: a gust, a swing, one wrong speed.
const BLIP_MS: i64 = 30 * 60_000;
/// Silence longer than this is judged by the way made across it, not by the speeds at its ends.
const SILENCE_MS: i64 = MS_PER_HOUR;
/// The way has a corner where a ship leaves the circle of this radius around the one before, metres: a ship at anchor
/// never does (a circle of 660 m, and the place of the antenna).
const CORNER_M: f64 = 3000.0;
/// Corners lie this far apart at least: positions that leap make no more of them than a day has half hours.
const CORNER_MS: i64 = 30 * 60_000;
/// A course means something above this speed, knots.
const COURSE_VALID_KN: f64 = 0.5;

/// The slow run of a track, under way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct SlowState {
    last: Option<Fix>,
    /// Long enough already; waits for what may be joined to it.
    run: Option<Stretch>,
    /// Slow until now, perhaps not long enough yet.
    stretch: Option<Stretch>,
}

/// Consecutive slow fixes; sums and extremes only, so that two can be added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Stretch {
    first: Fix,
    last: Fix,
    fixes: u32,
    slow_fixes: u32,
    adrift_fixes: u32,
    crabbing_fixes: u32,
    path_dm: u64,
    /// Extremes relative to the first place, 1e-7 degrees: west, south, east, north.
    bounds_e7: [i64; 4],
    nav_status: [u32; 16],
    /// Corners of the way after the first fix.
    way: Vec<Waypoint>,
}

/// How fast a ship goes at a fix.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Pace {
    Fast,
    Slow,
    Adrift,
}

fn is_crabbing(fix: &Fix, params: &Params) -> bool {
    let making_way = fix.sog_kn().is_some_and(|kn| kn >= COURSE_VALID_KN);
    match (fix.cog_deg(), fix.heading_deg()) {
        (Some(cog), Some(heading)) => {
            making_way && angle_between_deg(cog, heading) > params.drift_angle_deg
        }
        _ => false,
    }
}

fn pace(before: Option<&Fix>, fix: &Fix, params: &Params) -> Pace {
    let speed_kn = fix.sog_kn().or_else(|| {
        let before = before?;
        let s = fix.t.seconds_since(before.t);
        (s > 0.0).then(|| near_distance_m(before.place, fix.place) / s / MPS_PER_KNOT)
    });
    let not_under_command = matches!(
        fix.nav_status(),
        Some(NavStatus::NOT_UNDER_COMMAND | NavStatus::RESTRICTED)
    );
    match speed_kn {
        Some(kn) if kn < params.loiter_speed_kn => Pace::Slow,
        Some(kn)
            if kn < params.adrift_speed_kn && (not_under_command || is_crabbing(fix, params)) =>
        {
            Pace::Adrift
        }
        _ => Pace::Fast,
    }
}

/// How far one place lies east and north of another, 1e-7 degrees.
pub(super) fn offset_e7(from: LonLat, to: LonLat) -> [i64; 2] {
    const TURN: i64 = 3_600_000_000;
    let lon = i64::from(to.lon_e7()) - i64::from(from.lon_e7());
    let lon = if lon < -TURN / 2 {
        lon + TURN
    } else if lon >= TURN / 2 {
        lon - TURN
    } else {
        lon
    };
    [lon, i64::from(to.lat_e7()) - i64::from(from.lat_e7())]
}

/// Makes a box (west, south, east, north) hold an offset too.
pub(super) fn widen(bounds: &mut [i64; 4], [lon, lat]: [i64; 2]) {
    bounds[0] = bounds[0].min(lon);
    bounds[1] = bounds[1].min(lat);
    bounds[2] = bounds[2].max(lon);
    bounds[3] = bounds[3].max(lat);
}

/// Whether a ship has left a corner of her way.
fn has_left(corner: &Waypoint, fix: &Fix) -> bool {
    fix.t.0 - corner.t.0 >= CORNER_MS && !is_within(corner.place, fix.place, CORNER_M)
}

fn way_dm(a: &Fix, b: &Fix) -> u64 {
    u64::from(decimetres(near_distance_m(a.place, b.place)))
}

impl Stretch {
    fn new(fix: &Fix, pace: Pace, params: &Params) -> Self {
        let mut new = Self {
            first: *fix,
            last: *fix,
            fixes: 0,
            slow_fixes: 0,
            adrift_fixes: 0,
            crabbing_fixes: 0,
            path_dm: 0,
            bounds_e7: [0; 4],
            nav_status: [0; 16],
            way: Vec::new(),
        };
        new.push(fix, pace, params);
        new
    }

    fn push(&mut self, fix: &Fix, pace: Pace, params: &Params) {
        self.fixes += 1;
        self.slow_fixes += u32::from(pace == Pace::Slow);
        self.adrift_fixes += u32::from(pace == Pace::Adrift);
        self.crabbing_fixes += u32::from(is_crabbing(fix, params));
        self.path_dm += way_dm(&self.last, fix);
        widen(&mut self.bounds_e7, offset_e7(self.first.place, fix.place));
        self.nav_status[fix.nav_status().map_or(15, |s| usize::from(s.code()))] += 1;
        self.turn(fix);
        self.last = *fix;
    }

    /// Adds the corner that a new fix makes: the last place near the one before, or where she is after silence.
    fn turn(&mut self, fix: &Fix) {
        let corner = self.way.last().copied();
        let corner = corner.unwrap_or_else(|| self.first.waypoint());
        if !has_left(&corner, fix) {
            return;
        }
        let last = self.last.waypoint();
        let lay = last.t.0 - corner.t.0 >= CORNER_MS;
        if lay {
            self.way.push(last);
        }
        if !lay || has_left(&last, fix) {
            self.way.push(fix.waypoint());
        }
    }

    /// Adds the last fix to the way, unless it is its last corner.
    fn end_way(way: &mut Vec<Waypoint>, first: &Fix, last: &Fix) {
        let from = way.last().map_or(first.t, |corner| corner.t);
        if last.t > from {
            way.push(last.waypoint());
        }
    }

    fn join(&mut self, next: &Self) {
        let [lon, lat] = offset_e7(self.first.place, next.first.place);
        let b = next.bounds_e7;
        widen(&mut self.bounds_e7, [lon + b[0], lat + b[1]]);
        widen(&mut self.bounds_e7, [lon + b[2], lat + b[3]]);
        self.path_dm += way_dm(&self.last, &next.first) + next.path_dm;
        Self::end_way(&mut self.way, &self.first, &self.last);
        self.way.push(next.first.waypoint());
        self.way.extend(&next.way);
        self.fixes += next.fixes;
        self.slow_fixes += next.slow_fixes;
        self.adrift_fixes += next.adrift_fixes;
        self.crabbing_fixes += next.crabbing_fixes;
        for (sum, n) in self.nav_status.iter_mut().zip(next.nav_status) {
            *sum += n;
        }
        self.last = next.last;
    }

    fn hours(&self) -> f64 {
        self.last.t.hours_since(self.first.t)
    }

    fn to_run(&self, track: TrackId, closed: bool) -> SlowRun {
        let [west, south, east, north] = self.bounds_e7;
        let corner = |lon: i64, lat: i64| {
            let origin = self.first.place;
            LonLat::from_degrees_wrapped(
                origin.lon() + lon as f64 / 1e7,
                origin.lat() + lat as f64 / 1e7,
            )
        };
        let radius_m = near_distance_m(corner(west, south), corner(east, north)) / 2.0;
        let mut way = Vec::new();
        if radius_m > CORNER_M {
            way.push(self.first.waypoint());
            way.extend(&self.way);
            Self::end_way(&mut way, &self.first, &self.last);
        }
        SlowRun {
            track,
            start: self.first.t,
            end: self.last.t,
            closed,
            fixes: self.fixes,
            place: corner((west + east) / 2, (south + north) / 2),
            radius_dm: decimetres(radius_m),
            path_dm: self.path_dm,
            drift_dm: decimetres(near_distance_m(self.first.place, self.last.place)),
            slow_fixes: self.slow_fixes,
            adrift_fixes: self.adrift_fixes,
            crabbing_fixes: self.crabbing_fixes,
            nav_status: self.nav_status,
            way,
        }
    }
}

impl SlowState {
    /// Takes in the next fix of the track; says how fast it goes there.
    pub(super) fn take(
        &mut self,
        track: TrackId,
        fix: &Fix,
        params: &Params,
        out: &mut Vec<SlowRun>,
    ) -> Pace {
        if let Some(last) = self.last {
            let silent_ms = fix.t.0 - last.t.0;
            if silent_ms > silence_limit_ms(params) {
                self.close(track, out, params);
            } else if silent_ms > SILENCE_MS {
                let s = silent_ms as f64 / 1000.0;
                let kn = near_distance_m(last.place, fix.place) / s / MPS_PER_KNOT;
                if kn >= params.loiter_speed_kn {
                    self.end_stretch(params);
                }
            }
        }
        let pace = pace(self.last.as_ref(), fix, params);
        self.last = Some(*fix);
        if pace == Pace::Fast {
            if self
                .stretch
                .as_ref()
                .is_some_and(|s| fix.t.0 - s.last.t.0 > BLIP_MS)
            {
                self.end_stretch(params);
            }
        } else {
            match &mut self.stretch {
                Some(stretch) => stretch.push(fix, pace, params),
                None => self.stretch = Some(Stretch::new(fix, pace, params)),
            }
        }
        let too_far = |run: &Stretch| match &self.stretch {
            Some(s) => {
                s.first.t.0 - run.last.t.0 > join_limit_ms(params)
                    || near_distance_m(run.last.place, s.first.place)
                        > params.loiter_join_km * 1000.0
            }
            None => fix.t.0 - run.last.t.0 > join_limit_ms(params),
        };
        if self.run.as_ref().is_some_and(too_far) {
            self.emit_run(track, out, true);
        }
        pace
    }

    /// The stretch is over: it is long enough to be a run or to be joined to one, or it is forgotten.
    fn end_stretch(&mut self, params: &Params) {
        let Some(stretch) = self.stretch.take() else {
            return;
        };
        if stretch.hours() < params.loiter_min_h {
            return;
        }
        match &mut self.run {
            Some(run) => run.join(&stretch),
            None => self.run = Some(stretch),
        }
    }

    fn emit_run(&mut self, track: TrackId, out: &mut Vec<SlowRun>, closed: bool) {
        if let Some(run) = self.run.take() {
            out.push(run.to_run(track, closed));
        }
    }

    fn close(&mut self, track: TrackId, out: &mut Vec<SlowRun>, params: &Params) {
        self.end_stretch(params);
        self.emit_run(track, out, true);
    }

    /// Closes what silence up to `complete_to` ends.
    pub(super) fn expire(
        &mut self,
        track: TrackId,
        complete_to: Timestamp,
        params: &Params,
        out: &mut Vec<SlowRun>,
    ) {
        let Some(last) = self.last else { return };
        // The track's next fix comes after `complete_to`, or waits at its tail to be confirmed.
        let next_is_after = complete_to.plus_s(-params.track_confirm_s);
        if next_is_after.0 - last.t.0 > silence_limit_ms(params) {
            self.close(track, out, params);
        }
    }

    /// Says what is left as still open.
    pub(super) fn finish(&mut self, track: TrackId, params: &Params, out: &mut Vec<SlowRun>) {
        self.end_stretch(params);
        self.emit_run(track, out, false);
    }
}

pub(super) fn silence_limit_ms(params: &Params) -> i64 {
    (params.loiter_silence_h * MS_PER_HOUR as f64) as i64
}

fn join_limit_ms(params: &Params) -> i64 {
    (params.loiter_join_h * MS_PER_HOUR as f64) as i64
}
