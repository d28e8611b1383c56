//! SETTLE: from facts and knowledge to rows that are read by people.
//!
//! In: [`Facts`]. Out: the event tables. Rule: an assessment reads facts and what was received from
//! `lookback_d` before an event's start to `settle_d` after its end, and nothing else, so it is the same
//! whether made that night or over the whole archive. A row is *open* until no later report can belong to
//! it, *settling* until `settle_d` after its end, then *final*.

mod cluster;
mod encounters;
mod evidence;
mod gap;
mod gaps;
mod geometry;
mod kind;
mod particulars;
mod raft;
mod singles;
mod world;

pub use gap::Params as GapParams;
pub use kind::Params as KindParams;
use serde::{Deserialize, Serialize};
pub use world::World;

use crate::model::param::within;
use crate::model::quantity::MS_PER_DAY;
use crate::model::{Facts, ParamError, Status, Table, Timestamp};
use crate::reception;

/// Parameters of the assessment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Params {
    /// How far before an event knowledge of its parties is used, days.
    pub lookback_d: i64,
    /// How long after an event knowledge of its parties is used, days.
    pub settle_d: i64,
    /// How long after a contact a draught counts as the one it left, hours.
    pub draught_after_h: i64,
    /// Thresholds of kinds; a section of its own in the configuration.
    #[serde(skip)]
    pub kind: kind::Params,
    /// Judgement of gaps; a section of its own.
    #[serde(skip)]
    pub gap: gap::Params,
    /// What is known of reception; a section of its own.
    #[serde(skip)]
    pub reception: reception::Params,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            lookback_d: 90,
            settle_d: 7,
            draught_after_h: 48,
            kind: kind::Params::default(),
            gap: gap::Params::default(),
            reception: reception::Params::default(),
        }
    }
}

/// The window of knowledge of one event.
#[derive(Clone, Copy, Debug)]
struct Window {
    from: Timestamp,
    until: Timestamp,
}

impl Params {
    /// Holds every value to its range.
    ///
    /// # Errors
    /// On the first value out of range.
    pub fn validate(&self) -> Result<(), ParamError> {
        within("lookback_d", self.lookback_d, 1..=3650)?;
        within("settle_d", self.settle_d, 0..=90)?;
        within("draught_after_h", self.draught_after_h, 1..=720)
    }

    fn window(&self, start: Timestamp, end: Timestamp) -> Window {
        Window {
            from: Timestamp(start.0 - self.lookback_d * MS_PER_DAY),
            until: Timestamp(end.0 + self.settle_d * MS_PER_DAY),
        }
    }

    fn status(&self, closed: bool, end: Timestamp, complete_to: Timestamp) -> Status {
        if !closed {
            Status::Open
        } else if end.0 + self.settle_d * MS_PER_DAY <= complete_to.0 {
            Status::Final
        } else {
            Status::Settling
        }
    }
}

/// The event tables of these facts: encounters, loitering, gaps, vessels, evidence.
pub fn assess(facts: Facts, world: &World, params: &Params) -> Vec<Table> {
    vec![
        encounters::table(&facts, world, params),
        singles::loitering(&facts, world, params),
        gaps::table(&facts, world, params),
        singles::vessels(&facts, params),
        evidence::table(facts, params),
    ]
}
