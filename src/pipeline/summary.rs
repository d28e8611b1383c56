//! The closing words of a scan, for people.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::ScanReport;
use super::highlights::worth_seeing;
use crate::model::Table;
use crate::model::schema::VESSELS;
use crate::model::text::grouped;

/// A vessel's positions that are out of reach of its track are worth a word from so many on, and so large a share of all.
const TORN: (i64, f64) = (20, 0.2);

/// What a scan found, in a screenful: events per table, what to look at first and why, rejected rows by
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
        "Read {} from {}{span}",
        counted(run.rows.read, "row", "rows"),
        counted(run.inputs.len() as u64, "file", "files"),
    ));
    let sum = |counts: &BTreeMap<String, u64>| counts.values().sum::<u64>();
    if run.rows.outside() > 0 {
        line(format!(
            "Outside the area or time asked for: {}",
            grouped(run.rows.outside())
        ));
    }
    let rejected = run.rows.rejected();
    if sum(&rejected) > 0 {
        line(format!(
            "Rejected by the readers: {} ({}); accepted: {}",
            grouped(sum(&rejected)),
            by_count(&rejected),
            grouped(run.rows.accepted)
        ));
    }
    if let (Some(aside), Some(used)) = (&run.rows.set_aside, run.rows.used)
        && sum(aside) > 0
    {
        line(format!(
            "Set aside of the accepted: {} ({}); used: {}",
            grouped(sum(aside)),
            by_count(aside),
            grouped(used)
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
    for (heading, lines) in worth_seeing(&report.tables) {
        line(String::new());
        line(heading);
        lines.into_iter().for_each(&mut line);
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
    let notes = run
        .inputs
        .iter()
        .filter_map(|input| Some(format!("{}: {}", input.name(), input.note.as_deref()?)));
    let mut notes = notes.chain(torn(&report.tables)).peekable();
    if notes.peek().is_some() {
        line(String::new());
        line("Mind:".to_owned());
        for note in notes {
            line(format!("  {note}"));
        }
    }
    line(String::new());
    line(format!("Output: {}", report.out.display()));
    text
}

/// What to know of vessels of which many positions are out of reach of their tracks: a second ship under the number, or a place
/// made up, reported too seldom to be confirmed.
fn torn(tables: &[Table]) -> Option<String> {
    let vessels = tables.iter().find(|t| t.schema.name == VESSELS.name)?;
    let rows = vessels.rows();
    let counts = rows.iter().filter_map(|row| {
        let outliers = row.whole("outliers")?;
        let all = outliers + row.whole("rows")?;
        let many = outliers >= TORN.0 && outliers as f64 >= TORN.1 * all as f64;
        let mmsi = row.mmsi("mmsi")?;
        many.then_some((outliers, all, mmsi))
    });
    let (outliers, all, mmsi) = counts.clone().max()?;
    Some(format!(
        "{} with a fifth and more of the positions out of reach of the track (column outliers in vessels), first of all {mmsi:09} with \
         {} of {}: perhaps two ships under one number, or false positions, that report too seldom to be told apart; \
         a greater track.track_confirm_s in the configuration may",
        counted(counts.count() as u64, "vessel", "vessels"),
        grouped(outliers as u64),
        grouped(all as u64),
    ))
}

/// Rows by their `kind` or `explanation`, where the table has one that is judged.
fn kinds(table: &Table) -> BTreeMap<String, u64> {
    let mut kinds = BTreeMap::new();
    let has = |column| table.schema.index(column).is_some();
    if !has("kind") && !has("explanation") {
        return kinds;
    }
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
