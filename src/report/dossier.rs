//! Everything that a result knows of one ship.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::explain::as_json;
use super::spell::{SENT, Spell, replaced};
use super::words::{minute, party, place, ship, span, whole};
use crate::model::schema::VESSELS;
use crate::model::text::{decimal, grouped, in_words, printable};
use crate::model::{Row, Table, Timestamp};

/// One ship: who it says it is, and what it did, in time order.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// Its rows of the vessels table: one per MMSI.
    pub identities: Vec<Row>,
    /// Names and IMO numbers that it changed, one after the other.
    pub spells: Vec<Spell>,
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
/// A ship that used several MMSIs under one IMO number is shown with all of them, also one that sent it for a time, as
/// far as the tables tell: vessels bear the last number alone, encounters and findings those of their time. Empty if
/// nothing is known.
pub fn dossier(number: u32, tables: &[Table]) -> Dossier {
    let rows = |name: &str| {
        let table = tables.iter().filter(move |t| t.schema.name == name);
        table
            .flat_map(|t| t.rows().into_owned())
            .collect::<Vec<_>>()
    };
    let number = i64::from(number);
    let mut mmsis: BTreeSet<i64> = BTreeSet::from([number]);
    let vessels = rows("vessels");
    let last = vessels.iter().filter(|r| r.whole("imo") == Some(number));
    mmsis.extend(last.filter_map(|row| row.whole("mmsi")));
    for row in rows("encounters") {
        let then = PAIR
            .iter()
            .filter(|(imo, _)| row.whole(imo) == Some(number));
        mmsis.extend(then.filter_map(|(_, mmsi)| row.whole(mmsi)));
    }
    let found = rows("identity");
    let about = found.iter().filter(|row| {
        let told = SENT.iter().flat_map(|of| replaced(row, of));
        row.whole("imo") == Some(number) || told.flatten().any(|v| v == number.to_string())
    });
    mmsis.extend(
        about
            .flat_map(|row| ["mmsi", "other_mmsi"].map(|c| row.whole(c)))
            .flatten(),
    );
    let is_one = |row: &Row| row.whole("mmsi").is_some_and(|mmsi| mmsis.contains(&mmsi));
    let identities: Vec<Row> = vessels.into_iter().filter(is_one).collect();
    let mut spells: Vec<Spell> = Vec::new();
    for row in &identities {
        for sent in &SENT {
            spells.extend(Spell::of(row, &found, sent));
        }
    }
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
    Dossier {
        identities,
        spells,
        events,
    }
}

/// The IMO number and the MMSI of the parties of an encounter.
const PAIR: [(&str, &str); 2] = [("imo_1", "mmsi_1"), ("imo_2", "mmsi_2")];

const PARTIES: [&str; 6] = [
    "mmsi",
    "mmsi_1",
    "mmsi_2",
    "mmsi_dark",
    "mmsi_partner",
    "other_mmsi",
];

fn event(row: &Row, table: &'static str, mmsis: &BTreeSet<i64>) -> Option<DossierEvent> {
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

fn words(row: &Row, table: &str, mmsis: &BTreeSet<i64>) -> String {
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

    /// As JSON: the rows of its identities, what it sent for a time, and its events.
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
        let spells: Vec<_> = self
            .spells
            .iter()
            .map(|spell| {
                serde_json::json!({
                    "mmsi": spell.mmsi,
                    "words": spell.words,
                    "from": spell.from.map(|t| t.to_string()),
                    "until": spell.until.map(|t| t.to_string()),
                })
            })
            .collect();
        serde_json::json!({ "identities": identities, "spells": spells, "events": events })
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
            let own = |spell: &&Spell| row.whole("mmsi") == Some(spell.mmsi);
            for spell in self.spells.iter().filter(own) {
                writeln!(out, "  {}: {}", printable(&spell.words), spell.when())?;
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
