//! Accounts for people (a table) and for spreadsheets (CSV).

use std::fmt::Write;

use super::{Account, Accounts, SCENARIOS};
use crate::model::text;

/// A number from 0 as a whole one with groups of digits.
pub(super) fn grouped(v: f64) -> String {
    text::grouped(v.max(0.0).round() as u64)
}

/// A count: whole, or with a decimal where parts of movements were added up.
fn counted(v: f64) -> String {
    let tenths = (v.max(0.0) * 10.0).round() as u64;
    match tenths % 10 {
        0 => text::grouped(tenths / 10),
        tenth => format!("{}.{tenth}", text::grouped(tenths / 10)),
    }
}

fn optional(v: Option<f64>) -> String {
    v.map_or_else(|| "-".to_owned(), grouped)
}

/// A cell of text for CSV: quoted where needed, and never a formula; `-` alone says that nothing is known.
fn quoted(text: &str) -> String {
    if text == "-" {
        return String::new();
    }
    let text = text::guarded(text);
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.into_owned()
    }
}

impl Accounts {
    /// A table for the terminal.
    pub fn to_table(&self) -> String {
        let mut out = String::new();
        // Writing to a String can't fail.
        let _ = self.write_table(&mut out);
        out
    }

    fn write_table(&self, out: &mut String) -> std::fmt::Result {
        let label = |line: &Account| line.group.join(" | ");
        let width = self
            .lines
            .iter()
            .map(|line| label(line).chars().count())
            .chain([self.by.join(" | ").chars().count()])
            .max()
            .unwrap_or(0);
        let running = self.lines.iter().any(|line| line.running_bbl.is_some());
        write!(
            out,
            "{:<width$}  {:<15} {:>7} {:>11} {:>11}  {:>12} {:>12} {:>12}",
            self.by.join(" | "),
            "account",
            "count",
            "mean dwt t",
            "mean bbl",
            "low bbl",
            "best bbl",
            "high bbl"
        )?;
        if running {
            write!(out, "  {:>13}", "year to date")?;
        }
        writeln!(out)?;
        for line in &self.lines {
            write!(
                out,
                "{:<width$}  {:<15} {:>7} {:>11} {:>11}  {:>12} {:>12} {:>12}",
                label(line),
                line.flow,
                counted(line.count),
                optional(line.mean_dwt_t),
                optional(line.mean_bbl()),
                grouped(line.bbl[0]),
                grouped(line.bbl[1]),
                grouped(line.bbl[2])
            )?;
            if let Some(running) = line.running_bbl {
                write!(out, "  {:>13}", grouped(running[1]))?;
            }
            writeln!(out)?;
        }
        if self.lines.is_empty() {
            writeln!(
                out,
                "nothing moved: no port call of a tanker and no transfer"
            )?;
        }
        writeln!(
            out,
            "\ncap: {} bbl in a calendar year",
            grouped(self.cap_bbl)
        )?;
        for crossing in &self.crossings {
            let passed = match &crossing.passed {
                Some(day) => format!("passed on {day}"),
                None => "not passed".to_owned(),
            };
            writeln!(
                out,
                "  {} {:<15} {:<4}  {:>12} bbl  {passed}",
                crossing.year,
                crossing.flow,
                crossing.scenario,
                grouped(crossing.total_bbl)
            )?;
        }
        for caveat in &self.caveats {
            writeln!(out, "\nMind: {caveat}")?;
        }
        Ok(())
    }

    /// The lines as CSV with a header.
    pub fn to_csv(&self) -> String {
        let mut out = self.by.join(",");
        out.push_str(",account,count,with_volume,mean_dwt_t,mean_bbl");
        for prefix in ["volume", "running"] {
            for scenario in SCENARIOS {
                let _ = write!(out, ",{prefix}_{scenario}_bbl");
            }
        }
        out.push('\n');
        // Halves go up, as in the table.
        let whole = |v: f64| format!("{:.0}", v.max(0.0).round());
        let plain = |v: Option<f64>| v.map_or_else(String::new, whole);
        for line in &self.lines {
            let group: Vec<String> = line.group.iter().map(|g| quoted(g)).collect();
            let _ = write!(
                out,
                "{},{},{:.2},{:.2},{},{}",
                group.join(","),
                line.flow,
                line.count,
                line.with_volume,
                plain(line.mean_dwt_t),
                plain(line.mean_bbl())
            );
            for v in line.bbl {
                let _ = write!(out, ",{}", whole(v));
            }
            for i in 0..SCENARIOS.len() {
                let _ = write!(out, ",{}", plain(line.running_bbl.map(|r| r[i])));
            }
            out.push('\n');
        }
        out
    }
}
