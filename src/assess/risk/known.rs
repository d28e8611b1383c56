//! What else is known of a ship: its other rows, findable by MMSI.
//!
//! Rule: an event may know what was over by its own end, for such a row is settled no later than the event itself;
//! so a row's risk doesn't change once it is final. A finding about an identity counts
//! once its evidence sufficed.

use std::collections::{BTreeMap, BTreeSet};

use super::cells::place;
use crate::model::quantity::MS_PER_DAY;
use crate::model::{Facts, LonLat, Row, Table, Timestamp};

/// An event's time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub start: Timestamp,
    pub end: Timestamp,
}

impl Span {
    /// The span of a row; an event that lasts ends where the data does.
    pub fn of(row: &Row, start: &str, end: &str, data_end: Timestamp) -> Option<Self> {
        let start = row.time(start)?;
        Some(Self {
            start,
            end: row.time(end).unwrap_or(data_end).max(start),
        })
    }

    /// From `days` before the start to the end.
    fn since(self, days: i64) -> Self {
        Self {
            start: Timestamp(self.start.0 - days * MS_PER_DAY),
            ..self
        }
    }

    fn holds(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    pub fn meets(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// Silence of a ship.
#[derive(Clone, Debug)]
pub(super) struct Silence {
    id: String,
    pub span: Span,
    pub lasts: bool,
    pub hours: f64,
    pub shore_km: Option<f64>,
    pub distance_km: Option<f64>,
    pub speed_kn: Option<f64>,
    pub reception: Option<f64>,
    pub explanation: Option<String>,
    pub intentional: Option<f64>,
    pub start_place: Option<LonLat>,
    pub end_place: Option<LonLat>,
}

impl Silence {
    pub fn of(row: &Row, data_end: Timestamp) -> Option<Self> {
        Some(Self {
            id: row.text("event_id").unwrap_or_default().to_owned(),
            span: Span::of(row, "start", "end", data_end)?,
            lasts: row.time("end").is_none(),
            hours: row.number("duration_h")?,
            shore_km: row.number("distance_to_shore_km"),
            distance_km: row.number("distance_km"),
            speed_kn: row.number("implied_speed_kn"),
            reception: row.number("reception"),
            explanation: row.text("explanation").map(str::to_owned),
            intentional: row.number("intentional"),
            start_place: place(row, "start_lat", "start_lon"),
            end_place: place(row, "end_lat", "end_lon"),
        })
    }
}

/// An encounter of a ship.
#[derive(Clone, Debug)]
pub(super) struct Meeting {
    pub id: String,
    pub span: Span,
    pub is_transfer: bool,
    pub cluster: Option<String>,
}

/// A finding about a ship's identity.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub id: String,
    pub start: Timestamp,
    pub end: Timestamp,
    /// When the evidence sufficed.
    pub known: Timestamp,
    pub kind: String,
}

/// Rows of all tables by MMSI, each list in the order of its table.
#[derive(Default)]
pub(super) struct Known {
    silences: BTreeMap<u32, Vec<Silence>>,
    meetings: BTreeMap<u32, Vec<Meeting>>,
    findings: BTreeMap<u32, Vec<Finding>>,
    data_end: Timestamp,
}

impl Known {
    /// The rows of these tables, which were made of these facts.
    pub fn new(tables: &[Table], facts: &Facts) -> Self {
        let mut known = Self {
            data_end: facts.data_end(),
            ..Self::default()
        };
        let unseen = facts.encounters.iter().filter(|e| !e.is_observed());
        let unseen: BTreeSet<String> = unseen.map(|e| e.id().to_string()).collect();
        for table in tables {
            match table.schema.name {
                "gaps" => table.rows().iter().for_each(|row| known.add_gap(row)),
                "encounters" => table
                    .rows()
                    .iter()
                    .for_each(|row| known.add_encounter(row, &unseen)),
                "identity" => table.rows().iter().for_each(|row| known.add_finding(row)),
                _ => {}
            }
        }
        known
    }

    fn add_gap(&mut self, row: &Row) {
        if let (Some(ship), Some(silence)) = (row.mmsi("mmsi"), Silence::of(row, self.data_end)) {
            self.silences.entry(ship).or_default().push(silence);
        }
    }

    fn add_encounter(&mut self, row: &Row, unseen: &BTreeSet<String>) {
        let (Some(id), Some(span)) = (
            row.text("event_id"),
            Span::of(row, "start", "end", self.data_end),
        ) else {
            return;
        };
        // Ships that were never heard together are no transfer for the risk of another. The hours observed don't tell: where
        // archives keep a report an hour, contacts are single moments.
        let was_seen = !unseen.contains(id);
        let meeting = Meeting {
            id: id.to_owned(),
            span,
            is_transfer: was_seen && row.text("kind") == Some("sts_transfer"),
            cluster: row.text("cluster_id").map(str::to_owned),
        };
        for ship in ["mmsi_1", "mmsi_2"].into_iter().filter_map(|c| row.mmsi(c)) {
            self.meetings.entry(ship).or_default().push(meeting.clone());
        }
    }

    fn add_finding(&mut self, row: &Row) {
        let (Some(id), Some(start), Some(end)) =
            (row.text("event_id"), row.time("start"), row.time("end"))
        else {
            return;
        };
        let finding = Finding {
            id: id.to_owned(),
            start,
            end,
            // A day later no track can still add to what is over.
            known: row.time("known").unwrap_or(Timestamp(end.0 + MS_PER_DAY)),
            kind: row.text("kind").unwrap_or("anomaly").to_owned(),
        };
        for ship in ["mmsi", "other_mmsi"]
            .into_iter()
            .filter_map(|c| row.mmsi(c))
        {
            self.findings.entry(ship).or_default().push(finding.clone());
        }
    }

    pub fn data_end(&self) -> Timestamp {
        self.data_end
    }

    /// The silence of the ship with this name.
    pub fn silence(&self, ship: u32, id: &str) -> Option<&Silence> {
        let mut of_ship = self.silences.get(&ship).into_iter().flatten();
        of_ship.find(|s| s.id == id)
    }

    /// Silences of the ship that were over by the end of the event and ended at most `days` before its start.
    pub fn silences(&self, ship: u32, event: Span, days: i64) -> impl Iterator<Item = &Silence> {
        let since = event.since(days);
        let of_ship = self.silences.get(&ship).into_iter().flatten();
        of_ship.filter(move |s| !s.lasts && s.span.end >= since.start && s.span.end <= event.end)
    }

    /// Transfers of the ship that were over by the end of the event and began at most `days` before its start.
    pub fn transfers(&self, ship: u32, event: Span, days: i64) -> impl Iterator<Item = &Meeting> {
        let since = event.since(days);
        let of_ship = self.meetings.get(&ship).into_iter().flatten();
        of_ship.filter(move |m| m.is_transfer && since.holds(m.span))
    }

    /// Whether anyone was seen beside the ship during the event.
    pub fn has_company(&self, ship: u32, event: Span) -> bool {
        let mut of_ship = self.meetings.get(&ship).into_iter().flatten();
        of_ship.any(|m| m.span.meets(event))
    }

    /// Findings about the ship that were known by the end of the event, and lasted to at most `days` before its start.
    pub fn findings(&self, ship: u32, event: Span, days: i64) -> impl Iterator<Item = &Finding> {
        let since = event.since(days);
        let of_ship = self.findings.get(&ship).into_iter().flatten();
        of_ship
            .filter(move |f| f.start <= event.end && f.known <= event.end && f.end >= since.start)
    }
}
