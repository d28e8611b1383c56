//! The closing words of a scan, for people.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::ScanReport;
use crate::evaluate::TRANSFER_KINDS;
use crate::model::Table;
use crate::model::schema::ENCOUNTERS;
use crate::model::table::Row;

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

/// `NAME + NAME, 2018-06-02 05:33 to 21:10, 15.6 h, 12 m apart, 36.4321 N 22.9876 E, ...`
fn encounter(row: &Row) -> String {
    let party = |name: &str, mmsi: &str| {
        row.text(name)
            .filter(|n| !n.is_empty())
            .map(printable)
            .or_else(|| row.whole(mmsi).map(|n| format!("{n:09}")))
            .unwrap_or_else(|| "?".to_owned())
    };
    let mut parts = vec![format!(
        "{} + {}",
        party("name_1", "mmsi_1"),
        party("name_2", "mmsi_2")
    )];
    if let (Some(start), Some(end)) = (row.time("start"), row.time("end")) {
        let (start, end) = (minute(&start.to_string()), minute(&end.to_string()));
        let end = match end.split_once(' ') {
            Some((day, hour)) if start.starts_with(day) => hour.to_owned(),
            _ => end,
        };
        parts.push(format!("{start} to {end}"));
    }
    if let Some(hours) = row.number("duration_h") {
        parts.push(format!("{hours:.1} h"));
    }
    if let Some(gap) = row.number("hull_gap_m") {
        parts.push(format!("hulls {gap:.0} m apart"));
    } else if let Some(distance) = row.number("antenna_distance_m") {
        parts.push(format!("antennas {distance:.0} m apart"));
    }
    if let (Some(lat), Some(lon)) = (row.number("lat"), row.number("lon")) {
        let side = |v: f64, plus, minus| if v < 0.0 { minus } else { plus };
        parts.push(format!(
            "{:.4} {} {:.4} {}",
            lat.abs(),
            side(lat, 'N', 'S'),
            lon.abs(),
            side(lon, 'E', 'W')
        ));
    }
    if let Some(zone) = row.text("zone") {
        parts.push(printable(zone));
    } else if let (Some(port), Some(km)) =
        (row.text("nearest_port"), row.number("distance_to_port_km"))
    {
        parts.push(format!("{km:.0} km from {}", printable(port)));
    }
    if let Some(kind) = row.text("kind") {
        parts.push(kind.to_owned());
    }
    parts.join(", ")
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

/// Rows by their `kind`, where the table has one that is judged.
fn kinds(table: &Table) -> BTreeMap<String, u64> {
    let mut kinds = BTreeMap::new();
    for row in table.rows().iter() {
        if let Some(kind) = row.text("kind") {
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
