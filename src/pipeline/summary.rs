//! The closing words of a scan, for people.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::ScanReport;
use crate::evaluate::TRANSFER_KINDS;
use crate::model::Table;
use crate::model::schema::{ENCOUNTERS, GAPS};
use crate::model::table::Row;
use crate::model::text::{grouped, printable};
use crate::report::{party, place, position, span};

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
    let is_transfer = |row: &Row| {
        row.text("kind")
            .is_some_and(|kind| TRANSFER_KINDS.contains(&kind))
    };
    let hours = |row: &Row| row.number("duration_h").unwrap_or(0.0);
    rows.sort_by(|a, b| {
        is_transfer(b)
            .cmp(&is_transfer(a))
            .then_with(|| hours(b).total_cmp(&hours(a)))
            .then_with(|| a.text("event_id").cmp(&b.text("event_id")))
    });
    rows.truncate(LISTED);
    rows
}

/// `NAME + NAME, 2018-06-02 05:33 to 21:10, 15.6 h, hulls 12 m apart, 42 km off San Diego, sts_transfer`
fn encounter(row: &Row) -> String {
    let mut parts = vec![format!("{} + {}", party(row, "_1"), party(row, "_2"))];
    if let Some(start) = row.time("start") {
        parts.push(span(start, row.time("end")));
    }
    if let Some(hours) = row.number("duration_h") {
        parts.push(format!("{hours:.1} h"));
    }
    if let Some(gap) = row.number("hull_gap_m") {
        parts.push(format!("hulls {gap:.0} m apart"));
    } else if let Some(distance) = row.number("antenna_distance_m") {
        parts.push(format!("antennas {distance:.0} m apart"));
    }
    let place = place(row);
    if !place.is_empty() {
        parts.push(place);
    } else if let (Some(lat), Some(lon)) = (row.number("lat"), row.number("lon")) {
        parts.push(position(lat, lon));
    }
    if let Some(kind) = row.text("kind") {
        parts.push(kind.to_owned());
    }
    parts.join(", ")
}

/// The unexplained gaps that are least likely by reception.
fn unexplained(gaps: &[Row]) -> Vec<&Row> {
    let is_open = |row: &&Row| row.text("explanation") == Some("unexplained");
    let mut rows: Vec<&Row> = gaps.iter().filter(is_open).collect();
    let score = |row: &Row| row.number("intentional").unwrap_or(0.0);
    rows.sort_by(|a, b| {
        score(b)
            .total_cmp(&score(a))
            .then_with(|| a.text("event_id").cmp(&b.text("event_id")))
    });
    rows.truncate(LISTED);
    rows
}

/// `311000112, 2018-06-02 06:03 to 21:33, 15.5 h, 42 km off San Diego, 0.97: silent 15.5 h where ...`
fn gap(row: &Row) -> String {
    let mut parts = vec![party(row, "")];
    if let Some(start) = row.time("start") {
        parts.push(span(start, row.time("end")));
    }
    if let (Some(lat), Some(lon)) = (row.number("start_lat"), row.number("start_lon")) {
        parts.push(position(lat, lon));
    }
    let score = row
        .number("intentional")
        .map_or(String::new(), |v| format!("{v:.2}: "));
    let reasons = row.text("reasons").unwrap_or_default();
    parts.push(format!("{score}{}", printable(reasons)));
    parts.join(", ")
}

/// Rows by their `kind` or `explanation`, where the table has one that is judged.
fn kinds(table: &Table) -> BTreeMap<String, u64> {
    let mut kinds = BTreeMap::new();
    for row in table.rows().iter() {
        if let Some(kind) = row.text("kind").or_else(|| row.text("explanation")) {
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
