//! Slow runs: a ship that hardly moved, or drifted.
//!
//! Rule: a stretch of slow fixes outlasts gusts, swings and wrong speeds, but no passage. What she makes beyond the way of a
//! slow ship is a debt that slow hours pay back; a debt of `SAILED_M` shows that she sailed, and the stretch ends where the debt
//! began. So the mean speed over a stretch is a slow ship's, wherever it is taken. A silence belongs to it if the speeds at
//! both of its ends explain the way made across it.

use serde::{Deserialize, Serialize};

use super::Params;
use super::interrupted::Drifts;
use super::leg::{Leg, is_slow_across};
use super::pace::{Pace, is_carried, pace, speed_kn};
use super::passage::Passage;
use super::stretch::Stretch;
use crate::geodesy::{decimetres, near_distance_m};
use crate::model::quantity::MS_PER_HOUR;
use crate::model::{Fix, SlowRun, Timestamp, TrackId};

/// Fixes that are not slow end a stretch only after this long: a gust, a swing, one wrong speed.
pub(super) const BLIP_MS: i64 = 30 * 60_000;
/// Silence longer than this is judged by the way made across it, not by the speeds at its ends.
const SILENCE_MS: i64 = MS_PER_HOUR;
/// A ship that makes so much more way than a slow one has sailed, metres: half an hour at some five knots, more than two
/// wrong positions of an anchored ship.
const SAILED_M: f64 = 3000.0;
/// What berths lies still through its first tide by this time after it came, milliseconds.
const BERTHED_MS: i64 = 12 * MS_PER_HOUR;

/// The slow run of a track, under way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct SlowState {
    last: Option<Fix>,
    /// Long enough already; waits for what may be joined to it.
    run: Option<Box<Stretch>>,
    /// Slow until now, perhaps not long enough yet.
    stretch: Option<Box<Stretch>>,
    /// Way beyond that of a slow ship that the stretch hasn't paid back, decimetres.
    debt_dm: u64,
    /// The stretch as it was before that debt.
    paid: Option<Box<Stretch>>,
    /// Time under way since the last slow fix, milliseconds.
    under_way_ms: i64,
    /// Where she was after the last fix of the stretch, of what it was before the debt, and of the run.
    since_slow: Option<Passage>,
    since_paid: Option<Passage>,
    since_run: Option<Passage>,
    /// Way along all fixes, decimetres.
    way_dm: u64,
    /// What is no slow run.
    drifts: Drifts,
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
        let speed_kn = speed_kn(self.last.as_ref(), fix);
        let pace = pace(fix, speed_kn, params);
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
                self.go((&last, fix, pace), track, out, params);
            }
        }
        if let Some(last) = self.last {
            self.way_dm += u64::from(decimetres(near_distance_m(last.place, fix.place)));
        }
        self.last = Some(*fix);
        let at = |since: &mut Option<Passage>| Passage::pass(since, fix.place);
        if self.run.is_some() {
            at(&mut self.since_run);
        }
        if self.paid.is_some() {
            at(&mut self.since_paid);
        }
        if pace == Pace::Fast {
            if self.stretch.is_some() {
                at(&mut self.since_slow);
            }
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
                    stretch.pass(self.since_slow.take());
                    stretch.push(fix, pace, since_ms - self.under_way_ms, params);
                    stretch.goes_to(self.way_dm);
                }
                None => {
                    let mut stretch = Stretch::new(fix, pace, params);
                    stretch.comes(self.since_run, self.way_dm);
                    self.stretch = Some(Box::new(stretch));
                }
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
        if (self.run.as_deref()).is_some_and(|run| run.lay_still || too_far(run)) {
            self.emit_run(track, out, true);
        }
        // While there is a debt, only what was before it is sure to stay.
        let sure = self.paid.as_deref().or(self.stretch.as_deref());
        if let Some(stretch) = sure.filter(|s| is_long(s, params)) {
            self.drifts.meet(&stretch.first, &stretch.last, params);
        }
        let is_carried = is_carried(fix, speed_kn, pace, params);
        (self.drifts).take((fix, pace, is_carried), self.way_dm, params);
        self.drifts
            .release(track, fix.t, self.stretch.as_deref(), params, out);
        pace
    }

    /// Takes in a leg, and her pace at its end: ends the stretch where she sailed.
    fn go(
        &mut self,
        (from, to, pace): (&Fix, &Fix, Pace),
        track: TrackId,
        out: &mut Vec<SlowRun>,
        params: &Params,
    ) {
        let Some(stretch) = &self.stretch else {
            return;
        };
        let leg = Leg::new(from, to, pace, params);
        if leg.under_way {
            self.under_way_ms += leg.ms;
        }
        let debt_dm = self.debt_dm.saturating_add_signed(leg.excess_dm);
        if self.debt_dm == 0 && debt_dm > 0 {
            self.paid = Some(stretch.clone());
            self.since_paid = self.since_slow;
        }
        self.debt_dm = debt_dm;
        if debt_dm == 0 {
            self.paid = None;
            self.since_paid = None;
        } else if debt_dm > u64::from(decimetres(SAILED_M)) {
            self.stretch = self.paid.take();
            self.since_slow = self.since_paid.take();
            self.end_stretch(track, out, params);
        }
    }

    /// She has lain still through a tide. Soon after she came that is a berth: the run before it is closed, and the stay
    /// is joined to nothing. Later the run before may already be settled, so nothing is done.
    pub(super) fn lie_still(&mut self, track: TrackId, out: &mut Vec<SlowRun>) {
        let soon = |s: &Stretch| !s.lay_still && s.last.t.0 - s.first.t.0 <= BERTHED_MS;
        if let Some(stretch) = self.stretch.as_deref_mut().filter(|s| soon(s)) {
            stretch.lay_still = true;
            self.emit_run(track, out, true);
        }
    }

    /// The stretch is over: it is long enough to be a run or to be joined to one, or it is forgotten.
    fn end_stretch(&mut self, track: TrackId, out: &mut Vec<SlowRun>, params: &Params) {
        self.debt_dm = 0;
        self.paid = None;
        self.since_paid = None;
        self.under_way_ms = 0;
        let since = self.since_slow.take();
        let Some(stretch) = self.stretch.take() else {
            return;
        };
        if !is_long(&stretch, params) {
            return;
        }
        self.drifts.meet(&stretch.first, &stretch.last, params);
        self.drifts.begin_after(&stretch.last);
        match &mut self.run {
            Some(run) if run.goes_on(&stretch) => run.join(&stretch),
            _ => {
                self.emit_run(track, out, true);
                self.run = Some(stretch);
            }
        }
        self.since_run = since;
    }

    fn emit_run(&mut self, track: TrackId, out: &mut Vec<SlowRun>, closed: bool) {
        self.since_run = None;
        if let Some(run) = self.run.take() {
            out.push(run.to_run(track, closed));
        }
    }

    fn close(&mut self, track: TrackId, out: &mut Vec<SlowRun>, params: &Params) {
        self.end_stretch(track, out, params);
        self.emit_run(track, out, true);
        self.drifts.close(track, true, params, out);
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
        self.drifts.close(track, false, params, out);
    }
}

/// Whether a stretch is a slow run by itself.
fn is_long(stretch: &Stretch, params: &Params) -> bool {
    stretch.slow_ms as f64 >= params.loiter_min_h * MS_PER_HOUR as f64
}

pub(super) fn silence_limit_ms(params: &Params) -> i64 {
    (params.loiter_silence_h * MS_PER_HOUR as f64) as i64
}

pub(super) fn join_limit_ms(params: &Params) -> i64 {
    (params.loiter_join_h * MS_PER_HOUR as f64) as i64
}
