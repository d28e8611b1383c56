//! Identities that are not what they say.
//!
//! In: where tracks were, and what ships said of themselves. Out: the table `identity`. Rule: no finding rests on
//! a single message. What lasts (a wrong number, a shared one) is an episode: evidence less than `settle_d`
//! apart belongs to one, and it is over when that time has passed. What happens once (a change, a handover) is
//! judged by what was received from `lookback_d` before to `settle_d` after.

mod change;
mod claims;
mod handover;
mod heard;
mod numbers;
mod params;
mod spells;
mod stretches;
mod two_hulls;
mod ways;

pub(super) use claims::{Claim, claimants, claims_in, sustained, valid_imo};
pub(super) use handover::is_in_reach;
pub(super) use heard::{boxes_apart_m, overlap};
pub use params::Params;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use heard::Heard;
use rayon::prelude::*;

use super::particulars::set_place;
use super::period::Scope;
use super::{Params as AssessParams, World};
use crate::model::quantity::MS_PER_DAY;
use crate::model::{
    EventId, Facts, LonLat, Presence, Row, Status, Table, Timestamp, TrackId, UtcDay, schema,
};

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    SharedMmsi,
    Handover,
    ImoCheckDigit,
    ImoOnTwoHulls,
    UnallocatedMid,
    ChangedName,
    ChangedImo,
    ChangedFlag,
    ChangedDimensions,
    Circle,
    Line,
    Jump,
    OnLand,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::SharedMmsi => "shared_mmsi",
            Self::Handover => "handover",
            Self::ImoCheckDigit => "imo_check_digit",
            Self::ImoOnTwoHulls => "imo_on_two_hulls",
            Self::UnallocatedMid => "unallocated_mid",
            Self::ChangedName => "changed_name",
            Self::ChangedImo => "changed_imo",
            Self::ChangedFlag => "changed_flag",
            Self::ChangedDimensions => "changed_dimensions",
            Self::Circle => "circle",
            Self::Line => "line",
            Self::Jump => "jump",
            Self::OnLand => "on_land",
        }
    }
}

/// A row before it is written.
#[derive(Clone, Debug)]
struct Finding {
    kind: Kind,
    mmsi: u32,
    other: Option<u32>,
    imo: Option<u32>,
    start: Timestamp,
    end: Timestamp,
    place: Option<LonLat>,
    detail: String,
    /// When the evidence sufficed; `None` where that is not before the end.
    known: Option<Timestamp>,
    /// Whether no later row can belong to it; `None` of an episode, which its age closes.
    closed: Option<bool>,
}

/// What the rules read.
struct Case<'a> {
    facts: &'a Facts,
    world: &'a World<'a>,
    params: &'a AssessParams,
    heard: Heard<'a>,
}

impl Case<'_> {
    fn settle_ms(&self) -> i64 {
        self.params.settle_d * MS_PER_DAY
    }

    /// The time by which something at `t` is judged. What is received at its end or later must not change a row: it is
    /// final when all before has come.
    fn around(&self, t: Timestamp) -> Range<Timestamp> {
        let from = t.0 - self.params.lookback_d * MS_PER_DAY;
        Timestamp(from)..Timestamp(t.0 + self.settle_ms())
    }

    fn rules(&self) -> &Params {
        &self.params.identity
    }

    /// Every fix and static report before this instant is known.
    fn complete_to(&self) -> Timestamp {
        self.facts.presence.complete_to
    }

    fn status(&self, finding: &Finding) -> Status {
        let is_over = finding.end.0 + self.settle_ms() <= self.complete_to().0;
        let closed = finding.closed.unwrap_or(is_over);
        self.params.status(closed, finding.end, self.complete_to())
    }
}

/// One row per finding, by start, kind and ship.
pub(super) fn table(facts: &Facts, scope: &Scope, world: &World, params: &AssessParams) -> Table {
    let case = Case {
        facts,
        world,
        params,
        heard: Heard::new(&facts.presence),
    };
    let handovers = handover::find(&case);
    let rules: [fn(&Case) -> Vec<Finding>; 6] = [
        two_hulls::shared_mmsi,
        two_hulls::imo_on_two_hulls,
        numbers::imo_check_digit,
        numbers::unallocated_mid,
        ways::forms,
        ways::on_land,
    ];
    let (mut findings, others) = rayon::join(
        || change::find(&case, &handovers),
        || -> Vec<Finding> { rules.par_iter().flat_map_iter(|find| find(&case)).collect() },
    );
    findings.extend(handovers);
    findings.extend(others);
    findings.retain(|f| scope.judges(Some(f.end)));
    findings.sort_by_key(|f| (f.start, f.kind.name(), f.mmsi, f.other, f.imo, f.end));
    let rows = findings.par_iter().map(|f| row(&case, f)).collect();
    Table::new(&schema::IDENTITY, rows)
}

/// An MMSI on two hulls at once.
pub(super) struct Shared {
    /// Last seen.
    pub end: Timestamp,
    /// When the evidence sufficed.
    pub known: Timestamp,
}

/// The MMSIs that two hulls share, as the table says.
pub(super) fn shared(
    facts: &Facts,
    world: &World,
    params: &AssessParams,
) -> BTreeMap<u32, Vec<Shared>> {
    let rivalries = facts.presence.rivalries.iter();
    let rivals: BTreeSet<u32> = rivalries.map(|r| r.one.mmsi).collect();
    let days = facts.presence.days.iter();
    let days = days.filter(|d| rivals.contains(&d.track.mmsi));
    let presence = Presence {
        days: days.cloned().collect(),
        ..Presence::default()
    };
    let case = Case {
        facts,
        world,
        params,
        heard: Heard::new(&presence),
    };
    let mut by_mmsi: BTreeMap<u32, Vec<Shared>> = BTreeMap::new();
    for finding in two_hulls::shared_mmsi(&case) {
        if let (Kind::SharedMmsi, Some(known)) = (finding.kind, finding.known) {
            let end = finding.end;
            by_mmsi
                .entry(finding.mmsi)
                .or_default()
                .push(Shared { end, known });
        }
    }
    by_mmsi
}

fn row(case: &Case, finding: &Finding) -> Row {
    let party = |mmsi| TrackId {
        mmsi,
        start: Timestamp(0),
    };
    let parties: Vec<TrackId> = [Some(finding.mmsi), finding.other, finding.imo]
        .into_iter()
        .flatten()
        .map(party)
        .collect();
    let name = format!("identity/{}", finding.kind.name());
    let mut row = Row::new(&schema::IDENTITY);
    row.set(
        "event_id",
        EventId::new(&name, &parties, finding.start).to_string(),
    )
    .set("status", case.status(finding).name())
    .set("kind", finding.kind.name())
    .set("mmsi", finding.mmsi)
    .set("other_mmsi", finding.other)
    .set("imo", finding.imo)
    .set("start", finding.start)
    .set("end", finding.end)
    .set("known", finding.known)
    .set("detail", finding.detail.as_str());
    let place = finding.place.or_else(|| {
        let around = case.around(finding.end);
        case.heard.place_by(finding.mmsi, finding.end, &around)
    });
    if let Some(place) = place {
        set_place(&mut row, place);
    }
    row
}

/// The end of the first UTC day by which the evidence suffices. More of it must never take that back.
fn known_by<T>(
    run: &[T],
    last: impl Fn(&T) -> Timestamp,
    suffices: impl Fn(&[&T]) -> bool,
) -> Option<Timestamp> {
    let days: BTreeSet<UtcDay> = run.iter().map(|piece| last(piece).day()).collect();
    let by = |day: UtcDay| {
        let pieces: Vec<&T> = run
            .iter()
            .filter(|piece| last(piece).day() <= day)
            .collect();
        suffices(&pieces)
    };
    days.into_iter().find(|day| by(*day)).map(UtcDay::end)
}

/// Joins pieces of evidence that lie less than `gap_ms` apart. In: pieces by start. Out: runs of pieces.
fn episodes<T>(
    pieces: Vec<T>,
    gap_ms: i64,
    span: impl Fn(&T) -> (Timestamp, Timestamp),
) -> Vec<Vec<T>> {
    let mut runs: Vec<Vec<T>> = Vec::new();
    let mut end = Timestamp::MIN;
    for piece in pieces {
        let (first, last) = span(&piece);
        match runs.last_mut() {
            Some(run) if first.0 - end.0 < gap_ms => run.push(piece),
            _ => runs.push(vec![piece]),
        }
        end = end.max(last);
    }
    runs
}
