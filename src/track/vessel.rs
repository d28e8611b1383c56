//! One MMSI: which report belongs to which track.

use serde::{Deserialize, Serialize};

use super::reach::{is_spike, is_stale, reachable, surprise_m};
use super::rivals::Rivals;
use super::slow::{SlowState, silence_limit_ms};
use super::stay::StayState;
use super::{Output, Params};
use crate::model::event::GapEnd;
use crate::model::{
    AisClass, Fix, Gap, PositionReport, RejectReason, Timestamp, TrackFixes, TrackId, VesselSummary,
};

/// Fixes that a candidate needs to be a track.
const CONFIRMING_FIXES: usize = 3;
/// Candidates kept at once; a vessel with more is noise, and the oldest gives way.
const MAX_CANDIDATES: usize = 8;
/// A ship is heard within this time, if only by a satellite.
const EVER_HEARD_H: f64 = 24.0;
/// The same report from another station comes within this time.
const REPEAT_MS: i64 = 2000;

/// State of one MMSI.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct VesselState {
    tracks: Vec<Track>,
    /// Tracks that are over and said all that they had to say, and when the first of them began.
    past: u32,
    first: Option<Timestamp>,
    candidates: Vec<Vec<Fix>>,
    rows: u64,
    outliers: u64,
    class: Option<AisClass>,
    rivals: Rivals,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Track {
    id: TrackId,
    fixes: u32,
    /// The last fix that was handed on.
    handed_on: Option<Fix>,
    /// The last fix; not handed on while the next may still show it to be a spike.
    tail: Fix,
    tail_is_out: bool,
    slow: SlowState,
    stay: StayState,
}

/// New fixes of each track of one vessel, until they are handed on together.
#[derive(Default)]
struct Fresh(Vec<TrackFixes>);

impl Fresh {
    fn push(&mut self, track: TrackId, fix: Fix, capacity: usize) {
        match self.0.iter_mut().find(|t| t.track == track) {
            Some(t) => t.fixes.push(fix),
            None => {
                let mut fixes = Vec::with_capacity(capacity);
                fixes.push(fix);
                self.0.push(TrackFixes { track, fixes });
            }
        }
    }
}

impl Track {
    fn new(mmsi: u32, first: Fix) -> Self {
        Self {
            id: TrackId {
                mmsi,
                start: first.t,
            },
            fixes: 1,
            handed_on: None,
            tail: first,
            tail_is_out: false,
            slow: SlowState::default(),
            stay: StayState::default(),
        }
    }

    /// Whether enough fixes agree for the track to be more than a chance.
    fn established(&self) -> bool {
        self.fixes as usize >= CONFIRMING_FIXES
    }

    /// Whether a track is over by `now` because its number was heard elsewhere since and it has been silent for longer than it
    /// was ever heard: a few false fixes, or a false place that lasted for hours, are no ship that might return.
    fn is_over(&self, now: Timestamp, all: &[Track]) -> bool {
        let silence_h = now.hours_since(self.tail.t);
        silence_h > EVER_HEARD_H
            && silence_h > self.tail.t.hours_since(self.id.start)
            && (all.iter()).any(|other| other.established() && other.tail.t > self.tail.t)
    }

    fn release_tail(&mut self, params: &Params, fresh: &mut Fresh, cap: usize, out: &mut Output) {
        if self.tail_is_out {
            return;
        }
        let tail = self.tail;
        if let Some(last) = self.handed_on
            && tail.t.hours_since(last.t) > params.silence_h()
        {
            out.gaps.push(Gap {
                track: self.id,
                start: gap_end(&last),
                end: Some(gap_end(&tail)),
                class: last.class(),
                short: tail.t.hours_since(last.t) <= params.gap_min_h,
                closed: true,
            });
        }
        let pace = self.slow.take(self.id, &tail, params, &mut out.slow_runs);
        self.stay.take(self.id, &tail, pace, params, &mut out.stays);
        if self.stay.is_still() {
            self.slow.lie_still(self.id, &mut out.slow_runs);
        }
        fresh.push(self.id, tail, cap);
        self.handed_on = Some(tail);
        self.tail_is_out = true;
    }

    /// Whether `fix` shows the tail to be a spike. A tail that was handed on is beyond doubt.
    fn tail_is_spike(&self, fix: &Fix, params: &Params) -> bool {
        !self.tail_is_out
            && fix.t.0 - self.tail.t.0 <= params.track_confirm_s * 1000
            && self
                .handed_on
                .is_some_and(|before| is_spike(&before, &self.tail, fix, params))
    }
}

fn gap_end(fix: &Fix) -> GapEnd {
    GapEnd {
        t: fix.t,
        place: fix.place,
        sog_ckn: fix.sog_ckn(),
    }
}

impl VesselState {
    /// Takes in reports of this vessel, sorted.
    pub(super) fn take(
        &mut self,
        reports: &[PositionReport],
        origin: Timestamp,
        params: &Params,
        out: &mut Output,
    ) {
        let mmsi = reports[0].mmsi();
        let mut fresh = Fresh::default();
        let mut before = None;
        for report in reports {
            // The same row once more, as where a file is given twice: of an outlier there is one as of any other.
            if before.replace(report) == Some(report) {
                out.rejects.add(RejectReason::Duplicate, 1);
                continue;
            }
            let fix = Fix::from_report(report, origin);
            match self.place(mmsi, fix, params, &mut fresh, reports.len(), out) {
                Some(reason) => {
                    if reason == RejectReason::Outlier {
                        self.outliers += 1;
                    }
                    out.rejects.add(reason, 1);
                }
                None => {
                    self.rows += 1;
                    self.class = fix.class().or(self.class);
                }
            }
        }
        out.batch.tracks.extend(fresh.0);
    }

    /// Finds the track of a fix; returns why it has none. A fix that waits as a candidate has none yet and is
    /// counted as used; it is taken back when it expires.
    fn place(
        &mut self,
        mmsi: u32,
        fix: Fix,
        params: &Params,
        fresh: &mut Fresh,
        cap: usize,
        out: &mut Output,
    ) -> Option<RejectReason> {
        if self.tracks.is_empty() {
            self.tracks.push(Track::new(mmsi, fix));
            return None;
        }
        if self.repeats(&fix, params) {
            return Some(RejectReason::Duplicate);
        }
        if let Some(i) = self.best_track(&fix, params) {
            let track = &mut self.tracks[i];
            if track.tail_is_spike(&fix, params) {
                self.drop_as_outliers(1, out);
            } else {
                track.release_tail(params, fresh, cap, out);
                track.fixes = track.fixes.saturating_add(1);
            }
            let track = &mut self.tracks[i];
            track.tail = fix;
            track.tail_is_out = false;
            if track.established() {
                self.rivals
                    .heard(track.id, &fix, params, &mut out.rivalries);
            }
            return None;
        }
        if self
            .tracks
            .iter()
            .any(|t| t.established() && is_stale(&t.tail, &fix, params))
        {
            return Some(RejectReason::Outlier);
        }
        self.wait(mmsi, fix, params, fresh, cap, out);
        None
    }

    /// Whether the report was heard before: the same a moment later, or the same instant and place.
    fn repeats(&self, fix: &Fix, params: &Params) -> bool {
        let again = |last: &Fix| {
            let ms = fix.t.0 - last.t.0;
            (ms <= REPEAT_MS && last.same_report(fix)) || (ms == 0 && reachable(last, fix, params))
        };
        self.tracks.iter().any(|t| again(&t.tail))
            || self.candidates.iter().any(|c| c.last().is_some_and(again))
    }

    /// The track that the fix continues. Of several that can reach it: established before new, then the one it
    /// surprises least, then the one with more fixes.
    fn best_track(&self, fix: &Fix, params: &Params) -> Option<usize> {
        let fits = |t: &Track| reachable(&t.tail, fix, params) || t.tail_is_spike(fix, params);
        if let [only] = self.tracks.as_slice() {
            return fits(only).then_some(0);
        }
        (0..self.tracks.len())
            .filter(|i| fits(&self.tracks[*i]))
            .filter(|i| !self.tracks[*i].is_over(fix.t, &self.tracks))
            .min_by(|a, b| {
                let (a, b) = (&self.tracks[*a], &self.tracks[*b]);
                let off_m = |t: &Track| surprise_m(&t.tail, fix);
                (b.established().cmp(&a.established()))
                    .then_with(|| off_m(a).total_cmp(&off_m(b)))
                    .then(b.fixes.cmp(&a.fixes))
                    .then(a.id.cmp(&b.id))
            })
    }

    /// Lets a fix wait beside the tracks; with enough company it starts one.
    fn wait(
        &mut self,
        mmsi: u32,
        fix: Fix,
        params: &Params,
        fresh: &mut Fresh,
        cap: usize,
        out: &mut Output,
    ) {
        // Beside a track of hardly any fixes a candidate may be the ship itself, heard seldom: it waits on.
        if self.tracks.iter().any(Track::established) {
            self.expire_candidates(fix.t, params, out);
        }
        let company = self
            .candidates
            .iter()
            .position(|c| c.iter().all(|other| reachable(other, &fix, params)));
        let Some(i) = company else {
            if self.candidates.len() == MAX_CANDIDATES {
                let oldest = self.candidates.remove(0);
                self.drop_as_outliers(oldest.len(), out);
            }
            self.candidates.push(vec![fix]);
            return;
        };
        self.candidates[i].push(fix);
        if self.candidates[i].len() < CONFIRMING_FIXES {
            return;
        }
        // What is older than the confirmation time can't be handed on any more: the slots have passed it. And a
        // track is named by its first fix, so it can't begin in the instant in which another of this MMSI did.
        let fixes = self.candidates.remove(i);
        let oldest = fix.t.plus_s(-params.track_confirm_s);
        let is_taken = |t| self.tracks.iter().any(|track| track.id.start == t);
        let begin = fixes
            .iter()
            .position(|f| f.t >= oldest && !is_taken(f.t))
            .unwrap_or(fixes.len());
        self.drop_as_outliers(begin, out);
        let Some((first, rest)) = fixes[begin..].split_first() else {
            return;
        };
        let mut track = Track::new(mmsi, *first);
        for fix in rest {
            track.release_tail(params, fresh, cap, out);
            track.tail = *fix;
            track.tail_is_out = false;
        }
        track.fixes = CONFIRMING_FIXES as u32;
        // The first row of a ship may be wrong too: a lone fix beside the new track is one, while it isn't handed on.
        let before = self.tracks.len();
        self.tracks.retain(|t| t.fixes > 1 || t.tail.t < oldest);
        self.drop_as_outliers(before - self.tracks.len(), out);
        // It is the last of the three that comes now; the first may lie before what was counted already.
        self.rivals
            .heard(track.id, &track.tail, params, &mut out.rivalries);
        self.tracks.push(track);
    }

    fn drop_as_outliers(&mut self, n: usize, out: &mut Output) {
        self.rows -= n as u64;
        self.outliers += n as u64;
        out.rejects.add(RejectReason::Outlier, n as u64);
    }

    fn expire_candidates(&mut self, now: Timestamp, params: &Params, out: &mut Output) {
        let oldest = now.plus_s(-params.track_confirm_s);
        let mut dropped = 0;
        for candidate in &mut self.candidates {
            let before = candidate.len();
            candidate.retain(|f| f.t >= oldest);
            dropped += before - candidate.len();
        }
        self.candidates.retain(|c| !c.is_empty());
        self.drop_as_outliers(dropped, out);
    }

    /// Does what time alone decides, once every report before `complete_to` is in.
    pub(super) fn expire(&mut self, complete_to: Timestamp, params: &Params, out: &mut Output) {
        self.rivals.expire(complete_to, &mut out.rivalries);
        let mut fresh = Fresh::default();
        for track in &mut self.tracks {
            if complete_to.0 - track.tail.t.0 > params.track_confirm_s * 1000 {
                track.release_tail(params, &mut fresh, 1, out);
            }
            track
                .slow
                .expire(track.id, complete_to, params, &mut out.slow_runs);
            track
                .stay
                .expire(track.id, complete_to, params, &mut out.stays);
        }
        out.batch.tracks.extend(fresh.0);
        self.forget_past(complete_to, params);
    }

    /// Drops tracks that are over and whose slow runs and stays silence has closed: however many false ones a number gathers, those
    /// that it still may continue are few.
    fn forget_past(&mut self, complete_to: Timestamp, params: &Params) {
        if self.tracks.len() < 2 {
            return;
        }
        let established = self.tracks.iter().filter(|t| t.established());
        // Over by the last fix, not by now: what is asked at the end of the data is asked as of that.
        let Some(now) = established.map(|t| t.tail.t).max() else {
            return;
        };
        let silent_since = complete_to.plus_s(-params.track_confirm_s).0 - silence_limit_ms(params);
        let is_past = |t: &Track| t.tail.t.0 < silent_since && t.is_over(now, &self.tracks);
        let past: Vec<Timestamp> = (self.tracks.iter().filter(|t| is_past(t)))
            .map(|t| t.id.start)
            .collect();
        if past.is_empty() {
            return;
        }
        self.past += past.len() as u32;
        self.first = past.iter().copied().chain(self.first).min();
        // A track is named by its start: there is one of each.
        self.tracks.retain(|t| !past.contains(&t.id.start));
    }

    /// Says everything that is left, as if no report came any more; candidates never became tracks.
    pub(super) fn finish(&mut self, data_end: Timestamp, params: &Params, out: &mut Output) {
        self.rivals.expire(Timestamp::MAX, &mut out.rivalries);
        let mut fresh = Fresh::default();
        let is_over: Vec<bool> = (self.tracks.iter())
            .map(|track| track.is_over(data_end, &self.tracks))
            .collect();
        for (track, is_over) in self.tracks.iter_mut().zip(is_over) {
            track.release_tail(params, &mut fresh, 1, out);
            track.slow.finish(track.id, params, &mut out.slow_runs);
            track.stay.finish(track.id, params, &mut out.stays);
            let silence_h = data_end.hours_since(track.tail.t);
            if track.established() && !is_over && silence_h > params.gap_min_h {
                out.gaps.push(Gap {
                    track: track.id,
                    start: gap_end(&track.tail),
                    end: None,
                    class: track.tail.class(),
                    short: false,
                    closed: false,
                });
            }
        }
        let waiting = self.waiting();
        self.candidates.clear();
        self.drop_as_outliers(waiting, out);
        out.batch.tracks.extend(fresh.0);
    }

    /// How many fixes wait beside the tracks: outliers, if nothing more comes.
    pub(super) fn waiting(&self) -> usize {
        self.candidates.iter().map(Vec::len).sum()
    }

    /// What was counted; `None` before the first fix.
    pub(super) fn summary(&self, mmsi: u32) -> Option<VesselSummary> {
        let waiting = self.waiting();
        Some(VesselSummary {
            mmsi,
            tracks: self.past + self.tracks.len() as u32,
            first: (self.tracks.iter().map(|t| t.id.start))
                .chain(self.first)
                .min()?,
            last: self.tracks.iter().map(|t| t.tail.t).max()?,
            rows: self.rows - waiting as u64,
            outliers: self.outliers + waiting as u64,
            class: self.class,
        })
    }
}
