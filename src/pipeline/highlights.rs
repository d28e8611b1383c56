//! What to look at first of a result: transfers, and the events of highest risk, each with its first reason.

use std::cmp::Ordering;

use crate::model::Table;
use crate::model::schema::{ENCOUNTERS, GAPS, LOITERING, RENDEZVOUS, TRANSFER_KINDS, VESSELS};
use crate::model::table::Row;
use crate::model::text::{decimal, grouped, in_words, printable};
use crate::report::{Reasons, party, place, position, span};
use crate::tables::as_written;

/// How many transfers are listed, and how many other events: both fit on one screen.
const LISTED: usize = 6;
/// Least risk of an event that is listed beside the transfers: the second band of the report.
const LISTED_RISK: f64 = 0.25;
/// Letters of a reason; a hit on several lists can be far longer.
const REASON_LETTERS: usize = 110;

/// Headings, each with the lines below it.
pub(super) fn worth_seeing(tables: &[Table]) -> Vec<(String, Vec<String>)> {
    let of = |name: &str| tables.iter().find(|t| t.schema.name == name);
    let vessels = of(VESSELS.name).map(Table::rows).unwrap_or_default();
    let encounters = of(ENCOUNTERS.name).map(Table::rows).unwrap_or_default();
    let is_transfer = |row: &Row| {
        row.text("kind")
            .is_some_and(|kind| TRANSFER_KINDS.contains(&kind))
    };
    let mut sections = Vec::new();

    let mut transfers: Vec<&Row> = encounters.iter().filter(|row| is_transfer(row)).collect();
    transfers.sort_by(|a, b| by_risk(a, b));
    let mut rest: Vec<&Row> = encounters.iter().filter(|row| !is_transfer(row)).collect();
    if !transfers.is_empty() {
        sections.push((
            counted(&transfers, "Transfers, highest risk first"),
            told(&transfers, encounter),
        ));
    } else if !rest.is_empty() {
        rest.sort_by(|a, b| by_length(a, b));
        let heading = counted(&rest, "No transfers. Other encounters, longest first");
        sections.push((heading, told(&rest, encounter)));
    }

    let mut others: Vec<(&str, &Row)> = Vec::new();
    if !transfers.is_empty() {
        others.extend(rest.iter().map(|row| (ENCOUNTERS.name, *row)));
    }
    let more: Vec<_> = [&RENDEZVOUS, &GAPS, &LOITERING]
        .into_iter()
        .filter_map(|schema| Some((schema.name, of(schema.name)?.rows())))
        .collect();
    for (name, rows) in &more {
        others.extend(rows.iter().map(|row| (*name, row)));
    }
    others.retain(|(_, row)| row.number("risk").is_some_and(|risk| risk >= LISTED_RISK));
    others.sort_by(|a, b| by_risk(a.1, b.1));
    if !others.is_empty() {
        let lines = others
            .iter()
            .take(LISTED)
            .flat_map(|(table, row)| lines(row, other(table, row, &vessels)))
            .collect();
        let heading = counted(&others, "Other events, highest risk first");
        sections.push((heading, lines));
    }
    sections
}

/// `WORDS:`, or `WORDS (6 of 33):` where there are more than are listed.
fn counted<T>(rows: &[T], words: &str) -> String {
    if rows.len() > LISTED {
        format!("{words} ({LISTED} of {}):", grouped(rows.len() as u64))
    } else {
        format!("{words}:")
    }
}

fn told(rows: &[&Row], say: impl Fn(&Row) -> String) -> Vec<String> {
    let listed = rows.iter().take(LISTED);
    listed.flat_map(|row| lines(row, say(row))).collect()
}

/// An event's line, and below it what adds most to its risk.
fn lines(row: &Row, words: String) -> Vec<String> {
    let mut lines = vec![format!("  {words}")];
    let reasons = Reasons::of(row.text("reasons").unwrap_or_default());
    if let Some(first) = reasons.risk.first() {
        lines.push(format!("      {}", shortened(&printable(first))));
    }
    lines
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(REASON_LETTERS) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.to_owned(),
    }
}

fn by_risk(a: &Row, b: &Row) -> Ordering {
    let risk = |row: &Row| row.number("risk").unwrap_or(0.0);
    risk(b).total_cmp(&risk(a)).then_with(|| by_length(a, b))
}

fn by_length(a: &Row, b: &Row) -> Ordering {
    let hours = |row: &Row| row.number("duration_h").unwrap_or(0.0);
    hours(b)
        .total_cmp(&hours(a))
        .then_with(|| a.text("event_id").cmp(&b.text("event_id")))
}

/// `NAME + NAME, 2018-06-02 05:33 to 21:10, 15.6 h, 42 km off San Diego, STS transfer, about 600,000 bbl, risk 0.18`
fn encounter(row: &Row) -> String {
    let row = &as_written(row);
    let mut parts = vec![format!("{} + {}", party(row, "_1"), party(row, "_2"))];
    if let Some(start) = row.time("start") {
        parts.push(span(start, row.time("end")));
    }
    if let Some(hours) = row.number("duration_h") {
        parts.push(format!("{} h", decimal(hours, 1)));
    }
    parts.push(where_of(row));
    if let Some(kind) = row.text("kind") {
        parts.push(in_words(kind));
    }
    if let Some(bbl) = row.number("volume_bbl") {
        parts.push(format!("about {} bbl", rounded(bbl)));
    }
    joined(parts, row)
}

/// `NAME, AIS gap, 2018-06-02 06:03 to 21:33, 42 km off San Diego, risk 0.41`
fn other(table: &str, row: &Row, vessels: &[Row]) -> String {
    if table == ENCOUNTERS.name {
        return encounter(row);
    }
    let row = &as_written(row);
    let name = |column: &str| {
        let mmsi = row.whole(column)?;
        let known = vessels.iter().find(|v| v.whole("mmsi") == Some(mmsi));
        Some(known.map_or_else(|| format!("{mmsi:09}"), |v| party(v, "")))
    };
    let columns: &[&str] = if table == RENDEZVOUS.name {
        &["mmsi_dark", "mmsi_partner"]
    } else {
        &["mmsi"]
    };
    let ships: Vec<String> = columns.iter().filter_map(|column| name(column)).collect();
    let what = match table {
        "gaps" => "AIS gap",
        "loitering" => "loitering",
        _ => "possible dark rendezvous",
    };
    let mut parts = vec![ships.join(" + "), what.to_owned()];
    if let Some(start) = row.time("start").or_else(|| row.time("window_start")) {
        let end = row.time("end").or_else(|| row.time("window_end"));
        parts.push(span(start, end));
    }
    parts.push(where_of(row));
    joined(parts, row)
}

fn joined(mut parts: Vec<String>, row: &Row) -> String {
    if let Some(risk) = row.number("risk") {
        parts.push(format!("risk {}", decimal(risk, 2)));
    }
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

fn where_of(row: &Row) -> String {
    let words = place(row);
    let at = |lat, lon| Some(position(row.number(lat)?, row.number(lon)?));
    if words.is_empty() {
        at("lat", "lon")
            .or_else(|| at("start_lat", "start_lon"))
            .unwrap_or_default()
    } else {
        words
    }
}

/// A volume to two figures: no estimate knows more.
fn rounded(bbl: f64) -> String {
    let unit = 10f64.powf((bbl.max(1.0).log10().floor() - 1.0).max(0.0));
    grouped(((bbl / unit).round() * unit) as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transfer(id: &str, risk: f64) -> Row {
        let mut row = Row::new(&ENCOUNTERS);
        row.set("event_id", id)
            .set("kind", "sts_transfer")
            .set("mmsi_1", 311_000_013_i64)
            .set("mmsi_2", 311_000_112_i64)
            .set("name_1", "BIG\u{1b}[31m")
            .set("volume_bbl", 600_260.0)
            .set("risk", risk)
            .set(
                "reasons",
                "hulls 13 m apart | risk: +0.15 at sea; +0.03 at night",
            );
        row
    }

    #[test]
    fn transfers_come_by_risk_with_volume_and_first_reason() {
        let tables = [Table::new(
            &ENCOUNTERS,
            vec![transfer("a", 0.08), transfer("b", 0.18)],
        )];
        let sections = worth_seeing(&tables);
        assert_eq!(sections.len(), 1);
        let (heading, lines) = &sections[0];
        assert_eq!(heading, "Transfers, highest risk first:");
        assert!(
            lines[0].ends_with("STS transfer, about 600,000 bbl, risk 0.18"),
            "{lines:?}"
        );
        assert!(!lines[0].contains('\u{1b}'));
        assert_eq!(lines[1], "      +0.15 at sea");
        assert!(lines[2].ends_with("risk 0.08"));
    }

    #[test]
    fn other_events_are_listed_from_a_quarter_of_risk() {
        let gap = |id: &str, risk: f64| {
            let mut row = Row::new(&GAPS);
            row.set("event_id", id)
                .set("mmsi", 311_000_013_i64)
                .set("risk", risk);
            row
        };
        let mut ship = Row::new(&VESSELS);
        ship.set("mmsi", 311_000_013_i64).set("name", "HYDRA");
        let tables = [
            Table::new(&GAPS, vec![gap("a", 0.2), gap("b", 0.4)]),
            Table::new(&VESSELS, vec![ship]),
        ];
        let sections = worth_seeing(&tables);
        assert_eq!(sections.len(), 1);
        assert_eq!(sections[0].1, ["  HYDRA, AIS gap, risk 0.40"]);
        assert!(worth_seeing(&[]).is_empty());
    }

    #[test]
    fn a_risk_of_nothing_has_no_sign() {
        for nothing in [-0.0, -0.001] {
            let tables = [Table::new(&ENCOUNTERS, vec![transfer("a", nothing)])];
            let lines = &worth_seeing(&tables)[0].1;
            assert!(lines[0].ends_with("risk 0.00"), "{lines:?}");
        }
    }

    #[test]
    fn volumes_are_told_to_two_figures() {
        assert_eq!(rounded(600_260.0), "600,000");
        assert_eq!(rounded(9_630.0), "9,600");
        assert_eq!(rounded(7.0), "7");
        assert_eq!(rounded(0.0), "0");
    }
}
