//! Interrupted drifts: a ship that drifts, steams back and drifts again, so that no slow run is long enough.
//!
//! Rule: the stay point of Li et al. (2008, "Mining user similarity based on location history") whose anchor is a fix
//! at which she is carried. For `loiter_min_h` she keeps within the way that `loiter_speed_kn` makes in that time (4
//! nautical miles of the first place), and from then on at any moment she has been carried for half of the time at
//! least. So what goes to and fro under way, what lies at a quay or an anchor, and what goes past is none; nor is what
//! is seldom heard, since she may have steamed meanwhile. A slow run is never changed: a drift that meets one, or could
//! be joined to one, is forgotten.

use serde::{Deserialize, Serialize};

use super::Params;
use super::pace::Pace;
use super::passage::Passage;
use super::slow::{BLIP_MS, join_limit_ms};
use super::stretch::Stretch;
use crate::geodesy::{is_within, near_distance_m};
use crate::model::quantity::{MPS_PER_KNOT, MS_PER_HOUR};
use crate::model::{Fix, SlowRun, Timestamp, TrackId, Waypoint};

/// The interrupted drifts of a track. Nearly all tracks have none, so each takes its room when it comes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Drifts {
    open: Option<Box<Drift>>,
    /// Long enough, and over; wait for a slow run that they may meet.
    over: Vec<Drift>,
    /// Where the last slow run ended.
    after: Option<Waypoint>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Drift {
    /// The fixes at which she was carried.
    carried: Stretch,
    carried_ms: i64,
    /// The last fix within the circle, and whether she was carried there.
    until: Timestamp,
    is_carried: bool,
    /// Where she was since she was carried.
    between: Option<Passage>,
    /// Whether it meets a slow run: it is followed to its end all the same, and then forgotten.
    met: bool,
}

/// Whether a slow run and a drift, one after the other, are what two slow runs that are joined would be.
fn joinable(end: &Waypoint, start: &Waypoint, params: &Params) -> bool {
    start.t.0 - end.t.0 <= join_limit_ms(params)
        && near_distance_m(end.place, start.place) <= params.loiter_join_km * 1000.0
}

/// How far from her first place a ship that goes nowhere strays, metres.
fn reach_m(params: &Params) -> f64 {
    params.loiter_speed_kn * MPS_PER_KNOT * min_ms(params) as f64 / 1000.0
}

fn min_ms(params: &Params) -> i64 {
    (params.loiter_min_h * MS_PER_HOUR as f64) as i64
}

impl Drift {
    fn new(fix: &Fix, pace: Pace, way_dm: u64, met: bool, params: &Params) -> Self {
        let mut carried = Stretch::new(fix, pace, params);
        carried.comes(None, way_dm);
        Self {
            carried,
            carried_ms: 0,
            until: fix.t,
            is_carried: true,
            between: None,
            met,
        }
    }

    /// Takes in the next fix of the track; `false` if the drift was over before.
    fn take(
        &mut self,
        (fix, pace, is_carried): (&Fix, Pace, bool),
        way_dm: u64,
        params: &Params,
    ) -> bool {
        let step_ms = fix.t.0 - self.until.0;
        let slow_ms = if is_carried && self.is_carried && step_ms <= BLIP_MS {
            step_ms
        } else {
            0
        };
        let carried_ms = self.carried_ms + slow_ms;
        let gone_ms = fix.t.0 - self.carried.first.t.0 - carried_ms;
        if gone_ms > carried_ms.max(min_ms(params) / 2)
            || !is_within(self.carried.first.place, fix.place, reach_m(params))
        {
            return false;
        }
        self.carried_ms = carried_ms;
        self.until = fix.t;
        self.is_carried = is_carried;
        if self.met {
            return true;
        }
        if is_carried {
            self.carried.pass(self.between.take());
            self.carried.push(fix, pace, slow_ms, params);
            self.carried.goes_to(way_dm);
        } else {
            Passage::pass(&mut self.between, fix.place);
        }
        true
    }

    fn is_long(&self, params: &Params) -> bool {
        self.carried.hours() >= params.loiter_min_h
    }

    /// Whether a slow run from one fix to another overlaps it or could be joined to it.
    fn meets(&self, start: &Fix, end: &Fix, params: &Params) -> bool {
        let (first, last) = (&self.carried.first, &self.carried.last);
        if end.t < first.t {
            joinable(&end.waypoint(), &first.waypoint(), params)
        } else {
            start.t <= self.until || joinable(&last.waypoint(), &start.waypoint(), params)
        }
    }

    fn to_run(&self, track: TrackId, closed: bool) -> SlowRun {
        SlowRun {
            interrupted: true,
            ..self.carried.to_run(track, closed)
        }
    }
}

impl Drifts {
    /// Takes in the next fix of the track, its pace, and whether she was carried there, and her way up to there, decimetres.
    pub(super) fn take(
        &mut self,
        (fix, pace, is_carried): (&Fix, Pace, bool),
        way_dm: u64,
        params: &Params,
    ) {
        // Above the speed of a ship adrift she goes sideways without being slow.
        let pace = if pace == Pace::Fast {
            Pace::Adrift
        } else {
            pace
        };
        if let Some(drift) = &mut self.open
            && !drift.take((fix, pace, is_carried), way_dm, params)
        {
            self.end(params);
        }
        if is_carried && self.open.is_none() {
            let after = self.after.as_ref();
            let met = after.is_some_and(|end| joinable(end, &fix.waypoint(), params));
            self.open = Some(Box::new(Drift::new(fix, pace, way_dm, met, params)));
        }
    }

    /// The open drift is over: it waits for what it may meet, or is forgotten.
    fn end(&mut self, params: &Params) {
        if let Some(drift) = self.open.take()
            && !drift.met
            && drift.is_long(params)
        {
            self.over.push(*drift);
        }
    }

    /// There is a slow run, perhaps not over yet.
    pub(super) fn meet(&mut self, start: &Fix, end: &Fix, params: &Params) {
        if let Some(drift) = &mut self.open
            && !drift.met
        {
            drift.met = drift.meets(start, end, params);
        }
        self.over.retain(|drift| !drift.meets(start, end, params));
    }

    /// A slow run is over.
    pub(super) fn begin_after(&mut self, end: &Fix) {
        self.after = Some(end.waypoint());
    }

    /// Says what can meet no slow run any more: neither what began before now, nor a later one.
    pub(super) fn release(
        &mut self,
        track: TrackId,
        now: Timestamp,
        stretch: Option<&Stretch>,
        params: &Params,
        out: &mut Vec<SlowRun>,
    ) {
        self.over.retain(|drift| {
            let may_meet = now.0 - drift.carried.last.t.0 <= join_limit_ms(params)
                || stretch.is_some_and(|s| drift.meets(&s.first, &s.last, params));
            if !may_meet {
                out.push(drift.to_run(track, true));
            }
            may_meet
        });
    }

    /// Says everything: nothing that comes can be joined to it.
    pub(super) fn close(
        &mut self,
        track: TrackId,
        closed: bool,
        params: &Params,
        out: &mut Vec<SlowRun>,
    ) {
        self.end(params);
        out.extend(self.over.drain(..).map(|drift| drift.to_run(track, closed)));
        self.after = None;
    }
}
