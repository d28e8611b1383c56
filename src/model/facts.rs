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

impl Facts {
    /// These facts with what was closed, and taken out of the engine, before.
    pub fn with_earlier(mut self, earlier: impl IntoIterator<Item = Self>) -> Self {
        let mut histories: BTreeMap<u32, StaticHistory> = BTreeMap::new();
        for part in earlier {
            self.encounters.extend(part.encounters);
            self.slow_runs.extend(part.slow_runs);
            self.stays.extend(part.stays);
            self.gaps.extend(part.gaps);
            self.presence.extend(part.presence);
            join(&mut histories, part.histories);
        }
        join(&mut histories, self.histories);
        self.histories = histories;
        self.sort();
        self
    }

    /// Puts every list in its order.
    pub fn sort(&mut self) {
        self.encounters.sort_by_key(|e| (e.start, e.pair));
        self.slow_runs.sort_by_key(|r| (r.track, r.start));
        self.stays.sort_by_key(|s| (s.track, s.start));
        self.gaps.sort_by_key(|g| (g.track, g.start.t));
        self.presence.sort();
    }
}

fn join(all: &mut BTreeMap<u32, StaticHistory>, later: BTreeMap<u32, StaticHistory>) {
    for (mmsi, history) in later {
        all.entry(mmsi).or_default().merge(history);
    }
}
