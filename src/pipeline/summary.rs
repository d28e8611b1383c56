//! The closing words of a scan, for people.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::ScanReport;
use crate::evaluate::TRANSFER_KINDS;
use crate::model::schema::{ENCOUNTERS, GAPS};
use crate::model::table::Row;
use crate::model::{Table, Value};

/// How many encounters are listed.
const LISTED: usize = 10;

/// What a scan found, in a screenful: events per table, the longest encounters, rejected rows by
/// reason, inputs that could not be read, and where the tables are.
pub fn summary(report: &ScanReport) -> String {
    let mut text = String::new();
    let run = &report.run;
    let mut line = |words: String| {
        let _ = writeln!(text, "{words}");
    };
    let span = match (&run.span.first, &run.span.last) {
        (Some(first), Some(last)) => format!(", {} to {}", minute(first), minute(last)),
        _ => String::new(),
    };
    line(format!(
        "Read {} rows from {}{span}",
        grouped(run.rows.read),
        counted(run.inputs.len() as u64, "file", "files"),
    ));
    let rejected: u64 = run.rows.rejects.values().sum();
    if rejected > 0 {
        line(format!(
            "Not used: {} ({})",
            grouped(rejected),
            by_count(&run.rows.rejects)
        ));
    }
    line(String::new());
    for table in &report.tables {
        let kinds = kinds(table);
        let kinds = if kinds.is_empty() {
            String::new()
        } else {
            format!("  ({})", by_count(&kinds))
        };
        line(format!(
            "{:>12}  {}{kinds}",
            grouped(table.len() as u64),
            table.schema.name
        ));
    }
    if let Some(encounters) = report
        .tables
        .iter()
        .find(|t| t.schema.name == ENCOUNTERS.name && !t.is_empty())
    {
        line(String::new());
        line(if encounters.len() > LISTED {
            format!("The {LISTED} longest encounters, transfers first:")
        } else {
            "Encounters, transfers first, then by length:".to_owned()
        });
        for row in longest(&encounters.rows()) {
            line(format!("  {}", encounter(row)));
        }
    }
    if let Some(gaps) = report.tables.iter().find(|t| t.schema.name == GAPS.name) {
        let rows = gaps.rows();
        let unexplained = unexplained(&rows);
        if !unexplained.is_empty() {
            line(String::new());
            line("Gaps that nothing explains, the least likely by reception first:".to_owned());
        }
        for row in unexplained {
            line(format!("  {}", gap(row)));
        }
    }
    let failures: Vec<_> = run.failures().collect();
    if !failures.is_empty() {
        line(String::new());
        line(format!(
            "{} could not be read, or not to the end:",
            counted(failures.len() as u64, "input", "inputs")
        ));
        for failure in failures {
            line(format!("  {failure}"));
        }
    }
    let mut notes = run
        .inputs
        .iter()
        .filter_map(|input| Some((input.name(), input.note.as_deref()?)))
        .peekable();
    if notes.peek().is_some() {
        line(String::new());
        line("Read without a result:".to_owned());
        for (name, note) in notes {
            line(format!("  {name}: {note}"));
        }
    }
    line(String::new());
    line(format!("Output: {}", report.out.display()));
    text
}

/// What a reader wants to see first: transfers, then the rest, each by length.
fn longest(encounters: &[Row]) -> Vec<&Row> {
    let mut rows: Vec<&Row> = encounters.iter().collect();
    let is_transfer =
        |row: &Row| text_of(row, "kind").is_some_and(|kind| TRANSFER_KINDS.contains(&kind));
    let hours = |row: &Row| number(row, "duration_h").unwrap_or(0.0);
    rows.sort_by(|a, b| {
        is_transfer(b)
            .cmp(&is_transfer(a))
            .then_with(|| hours(b).total_cmp(&hours(a)))
            .then_with(|| text_of(a, "event_id").cmp(&text_of(b, "event_id")))
    });
    rows.truncate(LISTED);
    rows
}

/// `NAME + NAME, 2018-06-02 05:33 to 21:10, 15.6 h, 12 m apart, 36.4321 N 22.9876 E, ...`
fn encounter(row: &Row) -> String {
    let party = |name: &str, mmsi: &str| {
        text_of(row, name)
            .filter(|n| !n.is_empty())
            .map(printable)
            .or_else(|| whole(row, mmsi).map(|n| format!("{n:09}")))
            .unwrap_or_else(|| "?".to_owned())
    };
    let mut parts = vec![format!(
        "{} + {}",
        party("name_1", "mmsi_1"),
        party("name_2", "mmsi_2")
    )];
    if let (Value::Time(start), Value::Time(end)) = (row.get("start"), row.get("end")) {
        let (start, end) = (minute(&start.to_string()), minute(&end.to_string()));
        let end = match end.split_once(' ') {
            Some((day, hour)) if start.starts_with(day) => hour.to_owned(),
            _ => end,
        };
        parts.push(format!("{start} to {end}"));
    }
    if let Some(hours) = number(row, "duration_h") {
        parts.push(format!("{hours:.1} h"));
    }
    if let Some(gap) = number(row, "hull_gap_m") {
        parts.push(format!("hulls {gap:.0} m apart"));
    } else if let Some(distance) = number(row, "antenna_distance_m") {
        parts.push(format!("antennas {distance:.0} m apart"));
    }
    if let (Some(lat), Some(lon)) = (number(row, "lat"), number(row, "lon")) {
        parts.push(position(lat, lon));
    }
    if let Some(zone) = text_of(row, "zone") {
        parts.push(printable(zone));
    } else if let (Some(port), Some(km)) = (
        text_of(row, "nearest_port"),
        number(row, "distance_to_port_km"),
    ) {
        parts.push(format!("{km:.0} km from {}", printable(port)));
    }
    if let Some(kind) = text_of(row, "kind") {
        parts.push(kind.to_owned());
    }
    parts.join(", ")
}

/// The unexplained gaps that are least likely by reception.
fn unexplained(gaps: &[Row]) -> Vec<&Row> {
    let is_open = |row: &&Row| text_of(row, "explanation") == Some("unexplained");
    let mut rows: Vec<&Row> = gaps.iter().filter(is_open).collect();
    let score = |row: &Row| number(row, "intentional").unwrap_or(0.0);
    rows.sort_by(|a, b| {
        score(b)
            .total_cmp(&score(a))
            .then_with(|| text_of(a, "event_id").cmp(&text_of(b, "event_id")))
    });
    rows.truncate(LISTED);
    rows
}

/// `311000112, 2018-06-02 06:03, 33.0842 N 117.9312 W, 0.97: silent 15.5 h where ...`
fn gap(row: &Row) -> String {
    let mut parts = vec![whole(row, "mmsi").map_or("?".to_owned(), |n| format!("{n:09}"))];
    if let Value::Time(start) = row.get("start") {
        parts.push(minute(&start.to_string()));
    }
    if let (Some(lat), Some(lon)) = (number(row, "start_lat"), number(row, "start_lon")) {
        parts.push(position(lat, lon));
    }
    let score = number(row, "intentional").map_or(String::new(), |v| format!("{v:.2}: "));
    let reasons = text_of(row, "reasons").unwrap_or_default();
    parts.push(format!("{score}{}", printable(reasons)));
    parts.join(", ")
}

/// `36.4321 N 22.9876 E`.
fn position(lat: f64, lon: f64) -> String {
    let side = |v: f64, plus, minus| if v < 0.0 { minus } else { plus };
    format!(
        "{:.4} {} {:.4} {}",
        lat.abs(),
        side(lat, 'N', 'S'),
        lon.abs(),
        side(lon, 'E', 'W')
    )
}

fn text_of<'a>(row: &'a Row, column: &str) -> Option<&'a str> {
    match row.get(column) {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

fn number(row: &Row, column: &str) -> Option<f64> {
    match row.get(column) {
        Value::Decimal(v) => Some(*v),
        Value::Int(v) => Some(*v as f64),
        _ => None,
    }
}

fn whole(row: &Row, column: &str) -> Option<i64> {
    match row.get(column) {
        Value::Int(v) => Some(*v),
        _ => None,
    }
}

/// Names come from strangers: none of their control characters, nor what turns the direction of
/// writing, reaches a terminal.
fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .collect()
}

/// Rows by their `kind` or `explanation`, where the table has one that is judged.
fn kinds(table: &Table) -> BTreeMap<String, u64> {
    let mut kinds = BTreeMap::new();
    for row in table.rows().iter() {
        if let Some(kind) = text_of(row, "kind").or_else(|| text_of(row, "explanation")) {
            *kinds.entry(kind.to_owned()).or_default() += 1;
        }
    }
    kinds
}

/// `reason 12, other 3`: greatest first.
pub(super) fn by_count(counts: &BTreeMap<String, u64>) -> String {
    let mut pairs: Vec<(&String, &u64)> = counts.iter().collect();
    pairs.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    let words: Vec<String> = pairs
        .into_iter()
        .map(|(name, n)| format!("{name} {}", grouped(*n)))
        .collect();
    words.join(", ")
}

/// `2018-06-02 05:33` of an ISO 8601 instant.
pub(super) fn minute(instant: &str) -> String {
    instant.get(..16).unwrap_or(instant).replace('T', " ")
}

pub(super) fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n), if n == 1 { one } else { many })
}

/// `1,234,567`.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
