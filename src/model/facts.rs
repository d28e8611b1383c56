//! Everything that the stages found, ready to be judged.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{
    Encounter, Gap, GapWitness, Presence, SlowRun, StaticHistory, Stay, Timestamp, TrackId,
    VesselSummary,
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
    /// The same of tracks that shared their number with another hull, as far as the two can be told apart. Found by the
    /// assessment, never stored.
    #[serde(skip)]
    pub of_tracks: BTreeMap<TrackId, StaticHistory>,
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
            self.witnesses.extend(part.witnesses);
            join(&mut histories, part.histories);
        }
        join(&mut histories, self.histories);
        self.histories = histories;
        self.sort();
        self
    }

    /// Puts every list in its order.
    pub fn sort(&mut self) {
        self.encounters.sort_by_key(Encounter::order);
        self.slow_runs.sort_by_key(|r| (r.track, r.start));
        self.stays.sort_by_key(|s| (s.track, s.start));
        self.gaps.sort_by_key(|g| (g.track, g.start.t));
        self.presence.sort();
        self.witnesses.sort_by_key(|w| (w.track, w.start));
    }

    /// The last report; what lasts ends with it.
    pub fn data_end(&self) -> Timestamp {
        self.span.map_or(self.complete_to, |(_, last)| last)
    }

    /// Whether [`Self::within`] would leave nothing out.
    pub fn lie_within(&self, time: &Range<Timestamp>) -> bool {
        let span = self.span.unwrap_or((time.start, time.start));
        span.0 >= time.start && span.1 < time.end && self.complete_to <= time.end
    }

    /// The facts of some time: events that end in it or later and begin before it ends, and what was heard on its days.
    /// Of encounters that ended before `sampled` only who and when is kept.
    #[must_use]
    pub fn within(&self, time: &Range<Timestamp>, sampled: Timestamp) -> Self {
        let days = time.start.day()..time.end.day();
        let holds = |start: Timestamp, end: Timestamp| touches(time, start, end);
        let thin = |e: &Encounter| Encounter {
            evidence: if e.end < sampled {
                Vec::new()
            } else {
                e.evidence.clone()
            },
            ..*e
        };
        let encounters = self.encounters.iter().filter(|e| holds(e.start, e.end));
        let gaps = self.gaps.iter().filter(|g| {
            let end = g.end.map_or(Timestamp::MAX, |end| end.t);
            holds(g.start.t, end)
        });
        let gaps: Vec<Gap> = gaps.cloned().collect();
        let histories = self.histories.iter().filter_map(|(mmsi, history)| {
            let history = history.within(&days);
            (!history.is_empty()).then_some((*mmsi, history))
        });
        Self {
            encounters: encounters.map(thin).collect(),
            slow_runs: kept(&self.slow_runs, |r| holds(r.start, r.end)),
            stays: kept(&self.stays, |s| holds(s.start, s.end)),
            presence: self.presence.within(time),
            witnesses: kept(&self.witnesses, |w| {
                let key = (w.track, w.start);
                gaps.binary_search_by_key(&key, |g| (g.track, g.start.t))
                    .is_ok()
            }),
            gaps,
            vessels: self.vessels.clone(),
            histories: histories.collect(),
            of_tracks: (self.of_tracks.iter())
                .map(|(track, history)| (*track, history.within(&days)))
                .collect(),
            span: self.span,
            complete_to: self.complete_to,
        }
    }
}

/// Whether something ended in this time or later, and began before it ended.
pub(super) fn touches(time: &Range<Timestamp>, start: Timestamp, end: Timestamp) -> bool {
    end >= time.start && start < time.end
}

/// Those facts of which `keep` says yes.
pub(super) fn kept<T: Clone>(all: &[T], keep: impl Fn(&T) -> bool) -> Vec<T> {
    all.iter().filter(|fact| keep(fact)).cloned().collect()
}

fn join(all: &mut BTreeMap<u32, StaticHistory>, later: BTreeMap<u32, StaticHistory>) {
    for (mmsi, history) in later {
        all.entry(mmsi).or_default().merge(history);
    }
}
