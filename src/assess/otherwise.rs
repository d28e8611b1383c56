//! A hull that one track loses may be heard all the same: on another track of her MMSI, or under another MMSI with her
//! IMO number. Such hours are no silence of hers.
//!
//! In: a gap, the days on which tracks were heard, what ships said. Out: when the hull was heard, and where first. Rule: another
//! track of the MMSI counts unless two hulls share the number, for then the silence of either is real; another MMSI counts
//! if it sent the same valid IMO number and the hull can have been wherever it was heard.

use std::collections::{BTreeMap, BTreeSet};

use super::identity::{self, Shared, boxes_apart_m, is_in_reach, overlap, valid_imo};
use super::spans::{Span, length_ms, without};
use super::{Params, Window, World};
use crate::geodesy::near_distance_m;
use crate::model::presence::TrackDay;
use crate::model::quantity::MS_PER_HOUR;
use crate::model::text::decimal;
use crate::model::{Facts, Fix, Gap, LonLat, Timestamp, TrackId};

/// An IMO number that more MMSIs send than this is no hull's: some fleets type one for all.
const HULL_MMSIS: usize = 8;

/// Who was heard when, to be asked of each gap.
pub(super) struct Otherwise<'a> {
    facts: &'a Facts,
    params: &'a Params,
    shared: BTreeMap<u32, Vec<Shared>>,
    /// MMSIs that ever sent a valid IMO number which others sent too, with these.
    namesakes: BTreeMap<u32, BTreeSet<u32>>,
}

/// An MMSI under which the hull of a gap was heard in it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hearing {
    mmsi: u32,
    first: (Timestamp, LonLat),
    spans: Vec<Span>,
    heard_ms: i64,
}

/// All of a gap.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Hearings {
    /// Under the MMSI of the gap, and under others.
    own: Option<Hearing>,
    others: Vec<Hearing>,
    /// Whether another hull was heard under the MMSI.
    pub by_another_hull: bool,
}

impl Hearings {
    /// Whether the hull was heard at all.
    pub(super) fn any(&self) -> bool {
        self.own.is_some() || !self.others.is_empty()
    }

    /// Whether it was heard under the MMSI of the gap.
    pub(super) fn under_own_mmsi(&self) -> bool {
        self.own.is_some()
    }

    fn all(&self) -> impl Iterator<Item = &Hearing> {
        self.own.iter().chain(&self.others)
    }

    /// When it was heard.
    pub(super) fn spans(&self) -> Vec<Span> {
        self.all().flat_map(|h| h.spans.iter().copied()).collect()
    }

    /// Whether it was heard for most of a silence.
    pub(super) fn hold(&self, silence: Span) -> bool {
        let unheard = without(silence, self.spans());
        self.any() && 2 * length_ms(&unheard) <= length_ms(&[silence])
    }

    /// When and where another track of the MMSI was heard first.
    pub(super) fn next(&self) -> Option<(Timestamp, LonLat)> {
        self.own.as_ref().map(|h| h.first)
    }

    /// The facts, one for each MMSI.
    pub(super) fn words(&self, gap: &Gap) -> impl Iterator<Item = String> {
        self.all().map(|h| {
            let how = if h.mmsi == gap.track.mmsi {
                "on another track of this MMSI".to_owned()
            } else {
                format!("as {:09}, which sent the same IMO number,", h.mmsi)
            };
            format!(
                "heard {how} for {} h, {} km off after {} h",
                decimal(h.heard_ms as f64 / MS_PER_HOUR as f64, 1),
                decimal(near_distance_m(gap.start.place, h.first.1) / 1000.0, 1),
                decimal(h.first.0.hours_since(gap.start.t), 1),
            )
        })
    }
}

impl<'a> Otherwise<'a> {
    pub(super) fn new(facts: &'a Facts, world: &World, params: &'a Params) -> Self {
        let mut namesakes: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        let claimed = identity::claimants(facts);
        for mmsis in claimed.values().filter(|m| m.len() <= HULL_MMSIS) {
            for mmsi in mmsis {
                let others = mmsis.iter().filter(|other| *other != mmsi);
                namesakes.entry(*mmsi).or_default().extend(others);
            }
        }
        Self {
            facts,
            params,
            shared: identity::shared(facts, world, params),
            namesakes,
        }
    }

    /// Whether two MMSIs sent the same valid IMO number about some time: one hull, as far as they say.
    pub(super) fn is_one_hull(&self, [a, b]: [u32; 2], (start, end): Span) -> bool {
        let known = (self.namesakes.get(&a)).is_some_and(|others| others.contains(&b));
        known && self.have_one_imo([a, b], self.params.window(start, end))
    }

    fn have_one_imo(&self, mmsis: [u32; 2], window: Window) -> bool {
        let [one, other] = mmsis.map(|mmsi| -> BTreeSet<u32> {
            let history = self.facts.histories.get(&mmsi);
            let received = history.map(|h| h.receptions(window.from, window.until, valid_imo));
            received.into_iter().flatten().map(|r| r.3).collect()
        });
        !one.is_disjoint(&other)
    }

    /// When the hull of a gap was heard in it; up to the end of the data while it lasts.
    pub(super) fn of(&self, gap: &Gap) -> Hearings {
        let mmsi = gap.track.mmsi;
        let end = gap.end.map_or(self.facts.data_end(), |end| end.t);
        let silence = (gap.start.t, end);
        let window = self.params.window(silence.0, silence.1);
        let own = self.hearing(mmsi, gap, silence, |_| true);
        let is_shared = own.is_some() && self.is_shared(mmsi, window);
        let namesakes = self.namesakes.get(&mmsi).into_iter().flatten();
        let others = namesakes
            .filter(|other| self.have_one_imo([mmsi, **other], window))
            .filter_map(|other| {
                self.hearing(*other, gap, silence, |days| self.is_same_hull(gap, days))
            });
        Hearings {
            others: others.collect(),
            own: own.filter(|_| !is_shared),
            by_another_hull: is_shared,
        }
    }

    fn is_shared(&self, mmsi: u32, window: Window) -> bool {
        let mut findings = self.shared.get(&mmsi).into_iter().flatten();
        findings.any(|f| f.known <= window.until && f.end >= window.from)
    }

    /// The days of an MMSI, by track.
    fn days(&self, mmsi: u32) -> &'a [TrackDay] {
        let days = &self.facts.presence.days;
        let from = days.partition_point(|d| d.track.mmsi < mmsi);
        &days[from..days.partition_point(|d| d.track.mmsi <= mmsi)]
    }

    /// The other tracks of an MMSI in a silence, those of which `fits` says yes.
    fn hearing(
        &self,
        mmsi: u32,
        gap: &Gap,
        silence: Span,
        fits: impl Fn(&[&TrackDay]) -> bool,
    ) -> Option<Hearing> {
        let touches =
            |d: &&TrackDay| d.track != gap.track && d.first.t < silence.1 && d.last.t > silence.0;
        let days: Vec<&TrackDay> = self.days(mmsi).iter().filter(touches).collect();
        let (mut first, mut spans) = (None, Vec::new());
        for days in days.chunk_by(|a, b| a.track == b.track) {
            let fixes = days.iter().flat_map(|d| [&d.first, &d.last]);
            let mut within = fixes.filter(|fix| fix.t > silence.0 && fix.t < silence.1);
            let Some(known) = within.next().map(|fix| (fix.t, fix.place)) else {
                continue;
            };
            let count: u32 = days.iter().map(|d| d.fixes).sum();
            if count < self.params.identity.min_fixes || !fits(days) {
                continue;
            }
            first = Some(first.map_or(known, |f: (Timestamp, LonLat)| f.min(known)));
            let (from, until) = (days[0].first.t, days[days.len() - 1].last.t);
            let heard = (from.max(silence.0), until.min(silence.1));
            spans.extend(without(heard, self.silences(days[0].track)));
        }
        let unheard_ms = length_ms(&without(silence, spans.clone()));
        Some(Hearing {
            mmsi,
            first: first?,
            spans,
            heard_ms: length_ms(&[silence]) - unheard_ms,
        })
    }

    /// Whether the hull of a gap can have been wherever another MMSI was heard in it, and nothing shows the two apart at once.
    fn is_same_hull(&self, gap: &Gap, days: &[&TrackDay]) -> bool {
        let end = gap.end.map_or(Timestamp::MAX, |end| end.t);
        let within = |fix: &&Fix| fix.t > gap.start.t && fix.t < end;
        let fixes = days.iter().flat_map(|d| [&d.first, &d.last]);
        let apart_m = self.params.identity.shared_apart_km * 1000.0;
        let own = self.days(gap.track.mmsi).iter();
        let mut own = own.filter(|d| d.track == gap.track);
        fixes.filter(within).all(|fix| is_within_reach(gap, fix))
            && own.all(|a| {
                let mut at_once = days.iter().filter(|b| overlap(a, b).is_some());
                at_once.all(|b| boxes_apart_m(a, b) < apart_m)
            })
    }

    /// The gaps of a track.
    fn silences(&self, track: TrackId) -> Vec<Span> {
        Gap::of_track(&self.facts.gaps, track)
            .map(Gap::span)
            .collect()
    }
}

/// Whether the hull of a gap can have come from where it was lost, and got to where it was found.
fn is_within_reach(gap: &Gap, fix: &Fix) -> bool {
    let heard = fix.waypoint();
    is_in_reach(gap.start.waypoint(), heard)
        && (gap.end).is_none_or(|end| is_in_reach(heard, end.waypoint()))
}
