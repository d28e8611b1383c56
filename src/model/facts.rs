//! Everything that the stages found, ready to be judged.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    Encounter, Gap, GapWitness, Presence, SlowRun, StaticHistory, Stay, Timestamp, VesselSummary,
};

/// The facts of a run. Events are in a fixed order; open ones are as they stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Facts {
    /// Encounters, by start and pair.
    pub encounters: Vec<Encounter>,
    /// Slow runs, by track and start.
    pub slow_runs: Vec<SlowRun>,
    /// Stays at one place, by track and start.
    pub stays: Vec<Stay>,
    /// Gaps, by track and start.
    pub gaps: Vec<Gap>,
    /// Where tracks were, and what is odd about their ways.
    pub presence: Presence,
    /// What other ships tell of each, by track and start.
    pub witnesses: Vec<GapWitness>,
    /// Counts per MMSI, by MMSI.
    pub vessels: Vec<VesselSummary>,
    /// What each vessel said of itself.
    pub histories: BTreeMap<u32, StaticHistory>,
    /// First and last report; `None` without any.
    pub span: Option<(Timestamp, Timestamp)>,
    /// Every row before this instant has been seen.
    pub complete_to: Timestamp,
}
