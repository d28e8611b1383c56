//! Everything that a result knows of one ship.

use std::fmt::Write;

use super::explain::as_json;
use super::words::{minute, party, place, ship, span, whole};
use crate::model::schema::VESSELS;
use crate::model::text::{decimal, grouped, in_words, printable};
use crate::model::{Row, Table, Timestamp};

/// One ship: who it says it is, and what it did, in time order.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// Its rows of the vessels table: one per MMSI.
    pub identities: Vec<Row>,
    /// Its events: when, which table, the event's name, and in words.
    pub events: Vec<DossierEvent>,
}

/// One event of a ship.
#[derive(Clone, Debug, PartialEq)]
pub struct DossierEvent {
    /// Its beginning.
    pub start: Timestamp,
    /// Which table it is in.
    pub table: &'static str,
    /// Its name.
    pub event_id: String,
    /// What it was.
    pub words: String,
    /// Priority for review, where it was judged.
    pub risk: Option<f64>,
}

/// Collects what the tables hold of a ship, by its IMO number (seven digits that pass the check) or its MMSI.
///
/// A ship that used several MMSIs under one IMO number is shown with all of them. Empty if nothing is known.
pub fn dossier(number: u32, tables: &[Table]) -> Dossier {
    let vessels = tables.iter().filter(|t| t.schema.name == "vessels");
    let identities: Vec<Row> = vessels
        .flat_map(|t| t.rows().into_owned())
        .filter(|row| [row.whole("imo"), row.whole("mmsi")].contains(&Some(i64::from(number))))
        .collect();
    let mut mmsis: Vec<i64> = identities
        .iter()
        .filter_map(|row| row.whole("mmsi"))
        .collect();
    mmsis.push(i64::from(number));
    let mut events = Vec::new();
    for table in tables
        .iter()
        .filter(|t| t.schema.index("event_id").is_some())
    {
        for row in table.rows().iter() {
            events.extend(event(row, table.schema.name, &mmsis));
        }
    }
    events.sort_by(|a, b| (a.start, &a.event_id).cmp(&(b.start, &b.event_id)));
    Dossier { identities, events }
}

const PARTIES: [&str; 6] = [
    "mmsi",
    "mmsi_1",
    "mmsi_2",
    "mmsi_dark",
    "mmsi_partner",
    "other_mmsi",
];

fn event(row: &Row, table: &'static str, mmsis: &[i64]) -> Option<DossierEvent> {
    let takes_part = PARTIES
        .iter()
        .filter_map(|column| row.whole(column))
        .any(|mmsi| mmsis.contains(&mmsi));
    if !takes_part || table == "evidence" || table == "vessels" {
        return None;
    }
    let start = row.time("start").or_else(|| row.time("window_start"))?;
    Some(DossierEvent {
        start,
        table,
        event_id: row.text("event_id")?.to_owned(),
        words: words(row, table, mmsis),
        risk: row.number("risk"),
    })
}

fn words(row: &Row, table: &str, mmsis: &[i64]) -> String {
    let mut parts = Vec::new();
    match table {
        "encounters" => {
            let other = if row.whole("mmsi_1").is_some_and(|m| mmsis.contains(&m)) {
                "_2"
            } else {
                "_1"
            };
            let kind = in_words(row.text("kind").unwrap_or("encounter"));
            parts.push(format!("{kind} with {}", party(row, other)));
            if let Some(bbl) = row.number("volume_bbl") {
                let given = row.whole("from_mmsi").map(|m| mmsis.contains(&m));
                let way = match given {
                    Some(true) => " given",
                    Some(false) => " taken",
                    None => "",
                };
                parts.push(format!("{} bbl{way}", whole(bbl)));
            }
        }
        "gaps" => {
            let why = row
                .text("explanation")
                .map(|w| format!(", {}", in_words(w)));
            parts.push(format!("silent{}", why.unwrap_or_default()));
        }
        "loitering" => parts.push(row.text("state").unwrap_or("slow").to_owned()),
        "port_calls" => parts.push(format!(
            "in port: {}",
            row.text("port").map(printable).unwrap_or_default()
        )),
        "rendezvous" => {
            let number = |column: &str| row.whole(column).filter(|m| !mmsis.contains(m));
            let other = number("mmsi_dark").or_else(|| number("mmsi_partner"));
            parts.push(match other {
                Some(other) => format!("may have met {other:09} while one was silent"),
                None => "waited, and nobody was heard".to_owned(),
            });
        }
        _ => {
            let kind = in_words(row.text("kind").unwrap_or("finding"));
            let detail = row.text("detail").map(|d| format!(": {}", printable(d)));
            parts.push(format!("{kind}{}", detail.unwrap_or_default()));
        }
    }
    if let Some(hours) = row.number("duration_h") {
        parts.push(format!("{} h", decimal(hours, 1)));
    }
    let place = place(row);
    if !place.is_empty() {
        parts.push(place);
    }
    parts.join(", ")
}

impl Dossier {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.identities.is_empty() && self.events.is_empty()
    }

    /// As JSON: the rows of its identities, and its events.
    pub fn to_json(&self) -> serde_json::Value {
        let identities: Vec<_> = self
            .identities
            .iter()
            .map(|row| as_json(row, &VESSELS))
            .collect();
        let events: Vec<_> = self
            .events
            .iter()
            .map(|event| {
                serde_json::json!({
                    "start": event.start.to_string(),
                    "table": event.table,
                    "event_id": event.event_id,
                    "words": event.words,
                    "risk": event.risk,
                })
            })
            .collect();
        serde_json::json!({ "identities": identities, "events": events })
    }

    /// As text for the terminal.
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        // Writing to a String can't fail.
        let _ = self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        for row in &self.identities {
            writeln!(out, "{}", ship(row, ""))?;
            let mut facts = Vec::new();
            if let (Some(length), Some(beam)) = (row.number("length_m"), row.number("beam_m")) {
                facts.push(format!("{} x {} m", decimal(length, 0), decimal(beam, 0)));
            }
            if let (Some(least), Some(most)) =
                (row.number("draught_min_m"), row.number("draught_max_m"))
            {
                facts.push(format!(
                    "draught {} to {} m",
                    decimal(least, 1),
                    decimal(most, 1)
                ));
            }
            if let Some(callsign) = row.text("callsign") {
                facts.push(format!("call sign {}", printable(callsign)));
            }
            if let Some(class) = row.text("ais_class") {
                facts.push(format!("AIS class {class}"));
            }
            if let (Some(first), Some(last)) = (row.time("first_seen"), row.time("last_seen")) {
                facts.push(format!("heard {}", span(first, Some(last))));
            }
            if let Some(rows) = row.whole("rows") {
                facts.push(format!("{} reports", grouped(rows.unsigned_abs())));
            }
            if let Some(tracks) = row.whole("tracks").filter(|n| *n > 1) {
                facts.push(format!("{tracks} tracks"));
            }
            writeln!(out, "  {}", facts.join(", "))?;
            if let Some(lists) = row.text("watchlist") {
                writeln!(out, "  on list: {}", printable(lists))?;
            }
        }
        if !self.events.is_empty() {
            writeln!(out)?;
        }
        for event in &self.events {
            let risk = event
                .risk
                .map_or_else(|| "    ".to_owned(), |risk| decimal(risk, 2));
            writeln!(
                out,
                "{}  {risk}  {:<10}  {}  [{}]",
                minute(event.start),
                event.table,
                event.words,
                event.event_id
            )?;
        }
        Ok(())
    }
}
