//! Slow runs: a ship that hardly moved, or drifted.
//!
//! Rule: a stretch of slow fixes outlasts gusts, swings and wrong speeds, but no passage. What she makes beyond the way of a
//! slow ship is a debt that slow hours pay back; a debt of `SAILED_M` shows that she sailed, and the stretch ends where the debt
//! began. So the mean speed over a stretch is a slow ship's, wherever it is taken. A silence belongs to it if the speeds at
//! both of its ends explain the way made across it.

use serde::{Deserialize, Serialize};

use super::Params;
use super::lay::Lay;
use super::leg::{Leg, is_slow_across};
use super::stay::SWING_M;
use crate::geodesy::{angle_between_deg, decimetres, is_within, near_distance_m};
use crate::model::quantity::{MPS_PER_KNOT, MS_PER_HOUR};
use crate::model::{Fix, LonLat, NavStatus, SlowRun, Timestamp, TrackId, Waypoint};

/// Fixes that are not slow end a stretch only after this long: a gust, a swing, one wrong speed.
const BLIP_MS: i64 = 30 * 60_000;
/// Silence longer than this is judged by the way made across it, not by the speeds at its ends.
const SILENCE_MS: i64 = MS_PER_HOUR;
/// A ship that makes so much more way than a slow one has sailed, metres: half an hour at some five knots, more than two
/// wrong positions of an anchored ship.
const SAILED_M: f64 = 3000.0;
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
    /// Way beyond that of a slow ship that the stretch hasn't paid back, decimetres.
    debt_dm: u64,
    /// The stretch as it was before that debt.
    paid: Option<Stretch>,
    /// Time under way since the last slow fix, milliseconds.
    under_way_ms: i64,
}

/// Consecutive slow fixes; sums and extremes only, so that two can be added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Stretch {
    first: Fix,
    last: Fix,
    fixes: u32,
    slow_fixes: u32,
    adrift_fixes: u32,
    /// Time in which she was not under way, milliseconds; each leg's counts for the fix at its end.
    slow_ms: i64,
    crabbing_ms: i64,
    nav_status_ms: [i64; 16],
    /// Whether she lay still through a tide.
    lay_still: bool,
    path_dm: u64,
    /// Extremes relative to the first place, 1e-7 degrees: west, south, east, north.
    bounds_e7: [i64; 4],
    /// Where she stayed longest, and where she stays.
    longest: Lay,
    lay: Lay,
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
            slow_ms: 0,
            crabbing_ms: 0,
            nav_status_ms: [0; 16],
            lay_still: false,
            path_dm: 0,
            bounds_e7: [0; 4],
            longest: Lay::at([0; 2]),
            lay: Lay::at([0; 2]),
            way: Vec::new(),
        };
        new.push(fix, pace, 0, params);
        new
    }

    /// Takes in a fix before which she was slow for so long.
    fn push(&mut self, fix: &Fix, pace: Pace, slow_ms: i64, params: &Params) {
        self.fixes += 1;
        self.slow_fixes += u32::from(pace == Pace::Slow);
        self.adrift_fixes += u32::from(pace == Pace::Adrift);
        self.slow_ms += slow_ms;
        if is_crabbing(fix, params) {
            self.crabbing_ms += slow_ms;
        }
        self.nav_status_ms[fix.nav_status().map_or(15, |s| usize::from(s.code()))] += slow_ms;
        self.path_dm += way_dm(&self.last, fix);
        let offset = offset_e7(self.first.place, fix.place);
        widen(&mut self.bounds_e7, offset);
        self.lie(offset, slow_ms);
        self.turn(fix);
        self.last = *fix;
    }

    /// Adds time at a place to where she stays, or ends that if the circle of an anchor doesn't hold both.
    fn lie(&mut self, offset: [i64; 2], slow_ms: i64) {
        let mut lay = self.lay.clone();
        widen(&mut lay.bounds_e7, offset);
        if self.radius_m(lay.bounds_e7) <= SWING_M {
            lay.ms += slow_ms;
            self.lay = lay;
        } else {
            self.longest = self.longest.or_longer(&self.lay);
            self.lay = Lay::at(offset);
        }
    }

    /// A place by its offset from the first.
    fn corner(&self, lon: i64, lat: i64) -> LonLat {
        let origin = self.first.place;
        LonLat::from_degrees_wrapped(
            origin.lon() + lon as f64 / 1e7,
            origin.lat() + lat as f64 / 1e7,
        )
    }

    /// Half the diagonal of a box.
    fn radius_m(&self, [west, south, east, north]: [i64; 4]) -> f64 {
        near_distance_m(self.corner(west, south), self.corner(east, north)) / 2.0
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
        let before = self.longest.or_longer(&self.lay);
        self.longest = before.or_longer(&next.longest.moved([lon, lat]));
        self.lay = next.lay.moved([lon, lat]);
        self.path_dm += way_dm(&self.last, &next.first) + next.path_dm;
        Self::end_way(&mut self.way, &self.first, &self.last);
        self.way.push(next.first.waypoint());
        self.way.extend(&next.way);
        self.fixes += next.fixes;
        self.slow_fixes += next.slow_fixes;
        self.adrift_fixes += next.adrift_fixes;
        self.slow_ms += next.slow_ms;
        self.crabbing_ms += next.crabbing_ms;
        for (sum, ms) in self.nav_status_ms.iter_mut().zip(next.nav_status_ms) {
            *sum += ms;
        }
        self.lay_still |= next.lay_still;
        self.last = next.last;
    }

    /// Mean speed along the way, knots; none of a single fix.
    fn mean_kn(&self) -> f64 {
        let s = self.last.t.seconds_since(self.first.t);
        let path_m = self.path_dm as f64 / 10.0;
        if s > 0.0 {
            path_m / s / MPS_PER_KNOT
        } else {
            0.0
        }
    }

    /// Whether a later stretch is one slow run with this one: the move between them is shorter than both, and neither
    /// lay still through a tide, at a berth as a rule: that is a stay of its own.
    fn goes_on(&self, next: &Self) -> bool {
        let move_ms = next.first.t.0 - self.last.t.0;
        move_ms <= self.slow_ms.min(next.slow_ms) && !self.lay_still && !next.lay_still
    }

    fn to_run(&self, track: TrackId, closed: bool) -> SlowRun {
        let radius_m = self.radius_m(self.bounds_e7);
        let [west, south, east, north] = self.longest.or_longer(&self.lay).bounds_e7;
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
            place: self.corner((west + east) / 2, (south + north) / 2),
            radius_dm: decimetres(radius_m),
            path_dm: self.path_dm,
            drift_dm: decimetres(near_distance_m(self.first.place, self.last.place)),
            slow_fixes: self.slow_fixes,
            adrift_fixes: self.adrift_fixes,
            slow_ms: self.slow_ms,
            crabbing_ms: self.crabbing_ms,
            nav_status_ms: self.nav_status_ms,
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
        let pace = pace(self.last.as_ref(), fix, params);
        if let Some(last) = self.last {
            let silent_ms = fix.t.0 - last.t.0;
            if silent_ms > silence_limit_ms(params) {
                self.close(track, out, params);
            } else if silent_ms > SILENCE_MS
                && (self.stretch.as_ref())
                    .is_some_and(|stretch| !is_slow_across(stretch.mean_kn(), &last, fix, params))
            {
                self.end_stretch(track, out, params);
            } else {
                self.go(&Leg::new(&last, fix, pace, params), track, out, params);
            }
        }
        self.last = Some(*fix);
        if pace == Pace::Fast {
            if self
                .stretch
                .as_ref()
                .is_some_and(|s| fix.t.0 - s.last.t.0 > BLIP_MS)
            {
                self.end_stretch(track, out, params);
            }
        } else {
            match &mut self.stretch {
                Some(stretch) => {
                    let since_ms = fix.t.0 - stretch.last.t.0;
                    stretch.push(fix, pace, since_ms - self.under_way_ms, params);
                }
                None => self.stretch = Some(Stretch::new(fix, pace, params)),
            }
            self.under_way_ms = 0;
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

    /// Takes in a leg: ends the stretch where she sailed.
    fn go(&mut self, leg: &Leg, track: TrackId, out: &mut Vec<SlowRun>, params: &Params) {
        let Some(stretch) = &self.stretch else {
            return;
        };
        if leg.under_way {
            self.under_way_ms += leg.ms;
        }
        let debt_dm = self.debt_dm.saturating_add_signed(leg.excess_dm);
        if self.debt_dm == 0 && debt_dm > 0 {
            self.paid = Some(stretch.clone());
        }
        self.debt_dm = debt_dm;
        if debt_dm == 0 {
            self.paid = None;
        } else if debt_dm > u64::from(decimetres(SAILED_M)) {
            self.stretch = self.paid.take();
            self.end_stretch(track, out, params);
        }
    }

    /// She lies still through a tide.
    pub(super) fn lie_still(&mut self) {
        if let Some(stretch) = &mut self.stretch {
            stretch.lay_still = true;
        }
    }

    /// The stretch is over: it is long enough to be a run or to be joined to one, or it is forgotten.
    fn end_stretch(&mut self, track: TrackId, out: &mut Vec<SlowRun>, params: &Params) {
        self.debt_dm = 0;
        self.paid = None;
        self.under_way_ms = 0;
        let Some(stretch) = self.stretch.take() else {
            return;
        };
        if (stretch.slow_ms as f64) < params.loiter_min_h * MS_PER_HOUR as f64 {
            return;
        }
        match &mut self.run {
            Some(run) if run.goes_on(&stretch) => run.join(&stretch),
            _ => {
                self.emit_run(track, out, true);
                self.run = Some(stretch);
            }
        }
    }

    fn emit_run(&mut self, track: TrackId, out: &mut Vec<SlowRun>, closed: bool) {
        if let Some(run) = self.run.take() {
            out.push(run.to_run(track, closed));
        }
    }

    fn close(&mut self, track: TrackId, out: &mut Vec<SlowRun>, params: &Params) {
        self.end_stretch(track, out, params);
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
        self.end_stretch(track, out, params);
        self.emit_run(track, out, false);
    }
}

pub(super) fn silence_limit_ms(params: &Params) -> i64 {
    (params.loiter_silence_h * MS_PER_HOUR as f64) as i64
}

fn join_limit_ms(params: &Params) -> i64 {
    (params.loiter_join_h * MS_PER_HOUR as f64) as i64
}
