//! The table of dark rendezvous: who can have met whom unseen.
//!
//! In: facts, and what is known of the ships. Out: a row per candidate. Rule: a ship that waited was met where it was
//! when, in hours that no company explains and for half of which she was heard herself: else there are two silences. A
//! row needs both of its events (the gap, and the slow run or other gap) to be over; it fires at the later of both
//! ends, `settle_d` later it is final. It is weighed against those candidates of the same partner whose silence was
//! over by then; a gap that closes later makes a row of its own and leaves the older ones as they are.

mod company;
mod party;
mod rank;
mod wait;
mod weigh;

use std::collections::BTreeMap;

pub(super) use company::Meetings;
use party::{Cargo, Silent, silents};
use rank::{Candidate, Standing, ranked};
use wait::{Waiting, waitings};
use weigh::{Evidence, alone, in_gap, two_gaps};

use super::across::Across;
use super::otherwise::Otherwise;
use super::particulars::set_place;
use super::period::{LEAST_SETTLE_D, Scope};
use super::spans::{Span, without};
use super::{Params, Volume, World, volume_between};
use crate::model::quantity::MS_PER_HOUR;
use crate::model::{EventId, Facts, LonLat, Row, Status, Table, Timestamp, TrackId, schema};
use crate::rendezvous::{Meeting, Prisms, Silence, Way};

/// Two silences are held against each other from this length on, hours: what Global Fishing Watch takes for a
/// disabled transponder (Welch et al. 2022). Shorter ones are everywhere, and any two of them overlap somewhere.
const BOTH_DARK_H: i64 = 12;

/// How likely each gap is meant, by its id; gaps that aren't in it are not known.
pub(super) type Intentional = BTreeMap<EventId, f64>;

/// One row per candidate, by window and id.
pub(super) fn table(
    facts: &Facts,
    scope: &Scope,
    world: &World,
    params: &Params,
    across: &Across,
    intentional: &Intentional,
    otherwise: &Otherwise,
) -> Table {
    let silents = silents(facts, world, params, across, intentional, otherwise);
    let silences: Vec<Silence> = silents.iter().map(|s| s.silence).collect();
    let prisms = Prisms::new(&silences, params.rendezvous.transfer_min_ms());
    let sheet = Sheet {
        facts,
        world,
        params,
        meetings: &across.meetings,
        otherwise,
        silents,
        prisms,
    };
    let mut rows = Vec::new();
    for waiting in waitings(facts, world, params, across) {
        sheet.loiterer(&waiting, &mut rows);
    }
    for partner in 0..sheet.silents.len() {
        sheet.other_gaps(partner, &mut rows);
    }
    rows.retain(|row| scope.makes(Some(row.end)));
    rows.sort_by_key(|row| (row.window.0, row.id));
    Table::new(
        &schema::RENDEZVOUS,
        rows.iter().map(|row| sheet.row(row)).collect(),
    )
}

struct Sheet<'a> {
    facts: &'a Facts,
    world: &'a World<'a>,
    params: &'a Params,
    meetings: &'a Meetings,
    otherwise: &'a Otherwise<'a>,
    silents: Vec<Silent<'a>>,
    prisms: Prisms,
}

/// A row that will be written.
struct Entry {
    id: EventId,
    kind: &'static str,
    dark: Option<usize>,
    partner: (u32, EventId),
    closed: bool,
    end: Timestamp,
    window: Span,
    place: LonLat,
    standing: Standing,
    evidence: Evidence,
}

/// The name of a row: by its kind, both tracks in their order, and the later beginning of both events. Both go on after
/// that instant, and a track has one silence and one slow run at a time; but a ship may have both at once, so the
/// kind says which of them is meant.
fn id(kind: &str, dark: Option<&Silent>, partner: TrackId, start: Timestamp) -> EventId {
    let table = format!("rendezvous {kind}");
    match dark {
        Some(dark) => EventId::new(
            &table,
            &[dark.gap.track, partner],
            start.max(dark.gap.start.t),
        ),
        None => EventId::new(&table, &[partner], start),
    }
}

/// Whether a silence is long enough to be held against another.
fn is_long(silent: &Silent) -> bool {
    silent.side.cargo == Cargo::Oil && silent.length_ms() >= BOTH_DARK_H * MS_PER_HOUR
}

impl Sheet<'_> {
    /// The candidates of a slow run: of each silence where and when the two can have been together longest in hours
    /// that `explained` doesn't hold.
    fn beside(&self, waiting: &Waiting, explained: Vec<Span>) -> Vec<Candidate> {
        let mmsi = waiting.run.track.mmsi;
        let wanted = waiting.cargo().counterpart();
        let mut best: BTreeMap<usize, Candidate> = BTreeMap::new();
        for span in without(waiting.span(), explained) {
            for m in self.prisms.along(&waiting.way.between(span.0, span.1)) {
                let silent = &self.silents[m.silence];
                let side = &silent.side;
                if side.cargo != wanted || self.cannot_have_met_unseen([side.mmsi, mmsi], m.window)
                {
                    continue;
                }
                let Some(m) = self.unheard(m, &[silent], Some(&waiting.way)) else {
                    continue;
                };
                if !waiting.is_heard(m.window) {
                    continue;
                }
                let Some(wait) = waiting.at(m.place, span, self.world, self.params) else {
                    continue;
                };
                let length = |(from, until): Span| until.0 - from.0;
                if best
                    .get(&m.silence)
                    .is_none_or(|b| length(b.window) < length(m.window))
                {
                    let candidate = Candidate {
                        silent: m.silence,
                        window: m.window,
                        place: m.place,
                        evidence: in_gap(silent, &wait, &m, self.params),
                    };
                    best.insert(m.silence, candidate);
                }
            }
        }
        best.into_values().collect()
    }

    /// A slow run: silent ships that can have been there, or nobody.
    fn loiterer(&self, waiting: &Waiting, rows: &mut Vec<Entry>) {
        let run = waiting.run;
        let company = self.meetings.company(run.track.mmsi, waiting.span());
        let had_company = (self.meetings).may_have_had_company(run.track.mmsi, waiting.span());
        let candidates = self.beside(waiting, company);
        let mut explained = false;
        for (candidate, standing) in self.ranked(candidates, run.end) {
            let dark = &self.silents[candidate.silent];
            let evidence = candidate.evidence.among(standing.alternatives);
            if evidence.confidence < self.params.rendezvous.min_confidence {
                continue;
            }
            explained |= dark.silence.end <= run.end;
            rows.push(Entry {
                id: id("loiterer_in_gap", Some(dark), run.track, run.start),
                kind: "loiterer_in_gap",
                dark: Some(candidate.silent),
                partner: (run.track.mmsi, run.id()),
                closed: run.closed && dark.gap.closed,
                end: run.end.max(dark.silence.end),
                window: candidate.window,
                place: candidate.place,
                standing,
                evidence,
            });
        }
        if explained || had_company || !waiting.is_heard(waiting.span()) {
            return;
        }
        let place = waiting.middle();
        let wait = waiting.at(place, waiting.span(), self.world, self.params);
        let Some(evidence) = wait.and_then(|wait| alone(run, &wait, self.world)) else {
            return;
        };
        if evidence.confidence >= self.params.rendezvous.min_confidence {
            rows.push(Entry {
                id: id("loiterer_alone", None, run.track, run.start),
                kind: "loiterer_alone",
                dark: None,
                partner: (run.track.mmsi, run.id()),
                closed: run.closed,
                end: run.end,
                window: waiting.span(),
                place,
                standing: Standing {
                    rank: 1,
                    alternatives: 0,
                },
                evidence,
            });
        }
    }

    /// A gap: the ships that fell silent too and were heard again later.
    fn other_gaps(&self, partner: usize, rows: &mut Vec<Entry>) {
        let other = &self.silents[partner];
        if !is_long(other) {
            return;
        }
        let found = self.prisms.with(partner, |i| {
            is_long(&self.silents[i]) && self.silents[i].side.mmsi != other.side.mmsi
        });
        let candidates = found
            .into_iter()
            .filter(|m| {
                let pair = [self.silents[m.silence].side.mmsi, other.side.mmsi];
                !self.cannot_have_met_unseen(pair, m.window)
            })
            .filter_map(|m| self.unheard(m, &[&self.silents[m.silence], other], None))
            .map(|m| Candidate {
                silent: m.silence,
                window: m.window,
                place: m.place,
                evidence: two_gaps(&self.silents[m.silence], other, &m, self.params),
            })
            .collect();
        for (candidate, standing) in self.ranked(candidates, other.silence.end) {
            let dark = &self.silents[candidate.silent];
            let order = |s: &Silent| (s.silence.end, s.gap.track, s.silence.start);
            let evidence = candidate.evidence.among(standing.alternatives);
            if order(dark) <= order(other)
                || evidence.confidence < self.params.rendezvous.min_confidence
                || self.world.shore_km(candidate.place) < self.params.rendezvous.offshore_km
            {
                continue;
            }
            rows.push(Entry {
                id: id("two_gaps", Some(dark), other.gap.track, other.silence.start),
                kind: "two_gaps",
                dark: Some(candidate.silent),
                partner: (other.side.mmsi, other.gap.id()),
                closed: dark.gap.closed && other.gap.closed,
                end: dark.silence.end,
                window: candidate.window,
                place: candidate.place,
                standing,
                evidence,
            });
        }
    }

    /// Whether two MMSIs are one hull, or ships that were seen together.
    fn cannot_have_met_unseen(&self, pair: [u32; 2], window: Span) -> bool {
        pair[0] == pair[1]
            || self.meetings.between(pair, window)
            || self.otherwise.is_one_hull(pair, window)
    }

    /// The longest part of a meeting in which those that met were heard nowhere: on the way of the one that was seen, or
    /// at one place. `None` where that is too short for a transfer.
    fn unheard(&self, m: Meeting, silents: &[&Silent], way: Option<&Way>) -> Option<Meeting> {
        let heard: Vec<Span> = silents.iter().flat_map(|s| s.heard.clone()).collect();
        if heard.is_empty() {
            return Some(m);
        }
        let length = |(from, until): &Span| until.0 - from.0;
        let window = without(m.window, heard).into_iter().max_by_key(length)?;
        if length(&window) < self.params.rendezvous.transfer_min_ms() {
            return None;
        }
        let Some(way) = way else {
            return Some(Meeting { window, ..m });
        };
        let middle = Timestamp(window.0.0 + length(&window) / 2);
        Some(Meeting {
            place: way.at(middle)?,
            ends: [way.at(window.0)?, way.at(window.1)?],
            window,
            ..m
        })
    }

    fn ranked(&self, candidates: Vec<Candidate>, end: Timestamp) -> Vec<(Candidate, Standing)> {
        let most = self.params.rendezvous.candidates;
        ranked(candidates, end, &self.silents, most)
    }

    fn row(&self, entry: &Entry) -> Row {
        let mut row = Row::new(&schema::RENDEZVOUS);
        let dark = entry.dark.map(|i| &self.silents[i]);
        let hours = entry.window.1.hours_since(entry.window.0);
        row.set("event_id", entry.id.to_string())
            .set("status", self.status(entry).name())
            .set("kind", entry.kind)
            .set("mmsi_dark", dark.map(|d| d.side.mmsi))
            .set("gap_id", dark.map(|d| d.gap.id().to_string()))
            .set("mmsi_partner", entry.partner.0)
            .set("partner_event_id", entry.partner.1.to_string())
            .set("window_start", entry.window.0)
            .set("window_end", entry.window.1)
            .set(
                "slack_h",
                dark.map(|_| hours - self.params.rendezvous.transfer_min_h),
            )
            .set("alternatives", entry.standing.alternatives as i64)
            .set("rank", entry.standing.rank as i64)
            .set("confidence", entry.evidence.confidence)
            .set("reasons", entry.evidence.words());
        set_place(&mut row, entry.place);
        if let Some(volume) = dark.and_then(|dark| self.volume(dark, entry.partner.0)) {
            volume.write(&mut row);
        }
        row
    }

    /// What two tankers can have exchanged while one was silent.
    fn volume(&self, dark: &Silent, partner: u32) -> Option<Volume> {
        let silence = (dark.gap.start.t, dark.gap.end?.t);
        let ships = [dark.side.mmsi, partner];
        (dark.side.cargo == Cargo::Oil)
            .then(|| volume_between(self.facts, self.world, self.params, ships, silence))
            .flatten()
    }

    /// A row settles until the facts around its end are closed, at least.
    fn status(&self, entry: &Entry) -> Status {
        let (closed, end, complete_to) = (entry.closed, entry.end, self.facts.complete_to);
        (self.params).status_at_least(LEAST_SETTLE_D, closed, end, complete_to)
    }
}
