//! The recent fixes of a track.

use serde::{Deserialize, Serialize};

use super::Params;
use crate::model::{Fix, LonLat, Timestamp};

/// How far back a track's whereabouts are remembered, one fix a slot, seconds.
pub(super) const HISTORY_S: i64 = 24 * 3600;

/// Recent fixes whole, and older ones thinned to the first of each slot.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct TrackBuffer {
    fixes: Vec<Fix>,
    history: Vec<Whereabouts>,
}

/// A remembered fix, in 12 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Whereabouts {
    t_s: u32,
    lon_e7: i32,
    lat_e7: i32,
}

impl Whereabouts {
    fn new(fix: &Fix) -> Self {
        Self {
            t_s: fix.t.0.div_euclid(1000).clamp(0, i64::from(u32::MAX)) as u32,
            lon_e7: fix.place.lon_e7(),
            lat_e7: fix.place.lat_e7(),
        }
    }

    /// When, to the second.
    pub(super) fn t(&self) -> Timestamp {
        Timestamp(i64::from(self.t_s) * 1000)
    }

    /// Where.
    pub(super) fn place(&self) -> LonLat {
        LonLat::from_e7(self.lon_e7, self.lat_e7)
    }
}

impl TrackBuffer {
    /// Adds later fixes.
    pub(super) fn append(&mut self, new: Vec<Fix>, params: &Params) {
        let end_of = |h: &Whereabouts| params.slot_start(params.slot_of(h.t()) + 1);
        let mut slot_end = self.history.last().map(end_of);
        for fix in &new {
            if slot_end.is_none_or(|end| fix.t >= end) {
                let here = Whereabouts::new(fix);
                slot_end = Some(end_of(&here));
                self.history.push(here);
            }
        }
        if self.fixes.is_empty() {
            self.fixes = new;
        } else {
            self.fixes.extend(new);
        }
    }

    /// The fixes that are kept whole, by time.
    pub(super) fn fixes(&self) -> &[Fix] {
        &self.fixes
    }

    /// The fixes with `from <= t < to`.
    pub(super) fn between(&self, from: Timestamp, to: Timestamp) -> &[Fix] {
        let begin = self.fixes.partition_point(|f| f.t < from);
        let end = self.fixes.partition_point(|f| f.t < to);
        &self.fixes[begin..end]
    }

    /// Whether any fix lies in `from..to`.
    pub(super) fn has_fix_between(&self, from: Timestamp, to: Timestamp) -> bool {
        let begin = self.fixes.partition_point(|f| f.t < from);
        self.fixes.get(begin).is_some_and(|f| f.t < to)
    }

    /// Remembered fixes with `from <= t < to`, by time.
    pub(super) fn history(&self, from: Timestamp, to: Timestamp) -> &[Whereabouts] {
        let begin = self.history.partition_point(|h| h.t() < from);
        let end = self.history.partition_point(|h| h.t() < to);
        &self.history[begin..end]
    }

    /// Drops whole fixes before `keep_from` and remembered ones before `remember_from`.
    pub(super) fn forget(&mut self, keep_from: Timestamp, remember_from: Timestamp) {
        let old = self.fixes.partition_point(|f| f.t < keep_from);
        if old > 0 {
            // A new vector, so that a day's capacity isn't held through the night.
            self.fixes = self.fixes[old..].to_vec();
        }
        let old = self.history.partition_point(|h| h.t() < remember_from);
        self.history.drain(..old);
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.fixes.is_empty() && self.history.is_empty()
    }
}
