//! Consecutive fixes of one track, as sums and extremes.
//!
//! How long she was slow, how and where, the slow fixes say; the way that she made and the box that holds it, all fixes do.

use serde::{Deserialize, Serialize};

use super::Params;
use super::lay::{Lay, radius_m};
use super::pace::{Pace, is_crabbing};
use super::passage::Passage;
use super::stay::SWING_M;
use crate::geodesy::{decimetres, is_within, near_distance_m};
use crate::model::quantity::MPS_PER_KNOT;
use crate::model::{ByStatus, Extent, Fix, SlowRun, TrackId, Waypoint};

/// The way has a corner where a ship leaves the circle of this radius around the one before, metres: a ship at anchor
/// never does (a circle of 660 m, and the place of the antenna).
const CORNER_M: f64 = 3000.0;
/// Corners lie this far apart at least: positions that leap make no more of them than a day has half hours.
const CORNER_MS: i64 = 30 * 60_000;

/// Consecutive slow fixes; sums and extremes only, so that two can be added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Stretch {
    pub first: Fix,
    pub last: Fix,
    fixes: u32,
    slow_fixes: u32,
    adrift_fixes: u32,
    /// Time in which she was not under way, milliseconds; each leg's counts for the fix at its end.
    pub slow_ms: i64,
    crabbing_ms: i64,
    nav_status_ms: ByStatus<i64>,
    /// Whether she lay still through a tide.
    pub lay_still: bool,
    /// Way of the ship up to the first and up to the last fix, decimetres.
    way_dm: [u64; 2],
    /// The box that holds it, and the one that holds what lies between its fixes too, about the first place.
    extent: Extent,
    whole: Extent,
    /// Where she was since the run before.
    since_run: Option<Passage>,
    /// Where she stayed longest, and where she stays.
    longest: Lay,
    lay: Lay,
    /// Corners of the way after the first fix.
    way: Vec<Waypoint>,
}

/// Whether a ship has left a corner of her way.
fn has_left(corner: &Waypoint, fix: &Fix) -> bool {
    fix.t.0 - corner.t.0 >= CORNER_MS && !is_within(corner.place, fix.place, CORNER_M)
}

impl Stretch {
    pub(super) fn new(fix: &Fix, pace: Pace, params: &Params) -> Self {
        let mut new = Self {
            first: *fix,
            last: *fix,
            fixes: 0,
            slow_fixes: 0,
            adrift_fixes: 0,
            slow_ms: 0,
            crabbing_ms: 0,
            nav_status_ms: ByStatus::default(),
            lay_still: false,
            way_dm: [0; 2],
            extent: Extent::default(),
            whole: Extent::default(),
            since_run: None,
            longest: Lay::at([0; 2]),
            lay: Lay::at([0; 2]),
            way: Vec::new(),
        };
        new.push(fix, pace, 0, params);
        new
    }

    /// Takes in a fix before which she was slow for so long.
    pub(super) fn push(&mut self, fix: &Fix, pace: Pace, slow_ms: i64, params: &Params) {
        self.fixes += 1;
        self.slow_fixes += u32::from(pace == Pace::Slow);
        self.adrift_fixes += u32::from(pace == Pace::Adrift);
        self.slow_ms += slow_ms;
        if is_crabbing(fix, params) {
            self.crabbing_ms += slow_ms;
        }
        self.nav_status_ms.add(fix.nav_status(), slow_ms);
        let offset = self.first.place.offset_e7(fix.place);
        self.extent = self.extent.with(Extent::at(offset));
        self.whole = self.whole.with(self.extent);
        self.lie(offset, slow_ms);
        self.turn(fix);
        self.last = *fix;
    }

    /// She comes to its first fix from the run before, by so much way in all, decimetres.
    pub(super) fn comes(&mut self, since_run: Option<Passage>, way_dm: u64) {
        self.since_run = since_run;
        self.way_dm = [way_dm; 2];
    }

    /// She was elsewhere before the fix that is taken in next.
    pub(super) fn pass(&mut self, passage: Option<Passage>) {
        if let Some(passage) = passage {
            self.whole = (self.whole).with(passage.extent_about(self.first.place));
        }
    }

    /// Her way up to the last fix taken in, decimetres.
    pub(super) fn goes_to(&mut self, way_dm: u64) {
        self.way_dm[1] = way_dm;
    }

    fn path_dm(&self) -> u64 {
        self.way_dm[1] - self.way_dm[0]
    }

    /// Adds time at a place to where she stays, or ends that if the circle of an anchor doesn't hold both.
    fn lie(&mut self, offset: [i64; 2], slow_ms: i64) {
        let mut lay = self.lay;
        lay.extent = lay.extent.with(Extent::at(offset));
        // A box that doesn't grow is one that was small enough.
        if lay.extent == self.lay.extent || radius_m(lay.extent, self.first.place) <= SWING_M {
            lay.ms += slow_ms;
            self.lay = lay;
        } else {
            self.longest = self.longest.or_longer(self.lay);
            self.lay = Lay::at(offset);
        }
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

    pub(super) fn join(&mut self, next: &Self) {
        let offset = self.first.place.offset_e7(next.first.place);
        self.pass(next.since_run);
        self.extent = self.extent.with(next.extent.moved(offset));
        self.whole = self.whole.with(next.whole.moved(offset));
        let before = self.longest.or_longer(self.lay);
        self.longest = before.or_longer(next.longest.moved(offset));
        self.lay = next.lay.moved(offset);
        self.goes_to(next.way_dm[1]);
        Self::end_way(&mut self.way, &self.first, &self.last);
        self.way.push(next.first.waypoint());
        self.way.extend(&next.way);
        self.fixes += next.fixes;
        self.slow_fixes += next.slow_fixes;
        self.adrift_fixes += next.adrift_fixes;
        self.slow_ms += next.slow_ms;
        self.crabbing_ms += next.crabbing_ms;
        self.nav_status_ms.merge(&next.nav_status_ms);
        self.lay_still |= next.lay_still;
        self.last = next.last;
    }

    pub(super) fn hours(&self) -> f64 {
        self.last.t.hours_since(self.first.t)
    }

    /// Mean speed along the way, knots; none of a single fix.
    pub(super) fn mean_kn(&self) -> f64 {
        let s = self.last.t.seconds_since(self.first.t);
        let path_m = self.path_dm() as f64 / 10.0;
        if s > 0.0 {
            path_m / s / MPS_PER_KNOT
        } else {
            0.0
        }
    }

    /// Whether a later stretch is one slow run with this one: the move between them is shorter than both, and neither
    /// lay still through a tide, at a berth as a rule: that is a stay of its own.
    pub(super) fn goes_on(&self, next: &Self) -> bool {
        let move_ms = next.first.t.0 - self.last.t.0;
        move_ms <= self.slow_ms.min(next.slow_ms) && !self.lay_still && !next.lay_still
    }

    pub(super) fn to_run(&self, track: TrackId, closed: bool) -> SlowRun {
        let [lain_m, radius_m] =
            [self.extent, self.whole].map(|extent| radius_m(extent, self.first.place));
        let longest = self.longest.or_longer(self.lay);
        let mut way = Vec::new();
        if lain_m > CORNER_M {
            way.push(self.first.waypoint());
            way.extend(&self.way);
            Self::end_way(&mut way, &self.first, &self.last);
        }
        SlowRun {
            track,
            start: self.first.t,
            end: self.last.t,
            closed,
            interrupted: false,
            fixes: self.fixes,
            place: longest.extent.middle(self.first.place),
            radius_dm: decimetres(radius_m),
            path_dm: self.path_dm(),
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
