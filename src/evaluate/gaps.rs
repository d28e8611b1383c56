//! Gaps against known switch-offs.
//!
//! In: rows of the gaps table, and truth. Out: how well `intentional` ranks switch-offs above all other gaps. Rule: a
//! gap belongs to the truth of its MMSI with which it shares most time; a row without `intentional` counts as 0,
//! and so does a switch-off that has no row.

use std::path::Path;

use serde::Serialize;

use super::EvaluateError;
use super::auc::Auc;
use super::read_table::{Columns, find, read};
use super::read_truth::{Line, MMSI, TIME, mmsi, number};
use crate::model::{Row, Table, Timestamp, Truth, TruthClass, TruthKind};

/// What is used of a gap.
#[derive(Clone, Debug, PartialEq)]
pub struct ReportedGap {
    /// The ship.
    pub mmsi: u32,
    /// Last fix before the silence.
    pub start: Timestamp,
    /// First fix after it; `None` while it lasts.
    pub end: Option<Timestamp>,
    /// What explains it.
    pub explanation: Option<String>,
    /// How likely it is a switch-off.
    pub intentional: Option<f64>,
}

const COLUMNS: Columns = Columns {
    needed: &["mmsi", "start", "end"],
    others: &["explanation", "intentional"],
};

impl ReportedGap {
    /// The rows of a table of gaps in memory.
    pub fn from_table(table: &Table) -> Vec<Self> {
        table.rows().iter().filter_map(Self::from_row).collect()
    }

    fn from_row(row: &Row) -> Option<Self> {
        Some(Self {
            mmsi: row.mmsi("mmsi")?,
            start: row.time("start")?,
            end: row.time("end"),
            explanation: row.text("explanation").map(str::to_owned),
            intentional: row.number("intentional"),
        })
    }

    /// Time shared with a truth of the same ship, milliseconds.
    fn shared_ms(&self, truth: &Truth) -> Option<i64> {
        let end = self.end.unwrap_or(Timestamp::MAX);
        let shared = end.min(truth.end).0 - self.start.max(truth.start).0;
        (truth.mmsi_1 == self.mmsi && shared > 0).then_some(shared)
    }
}

/// Reads `gaps.parquet` or `gaps.csv` of a scan's folder; `None` if there is none.
///
/// # Errors
/// If it can't be read, a needed column is missing, or a cell can't be understood.
pub fn read_gaps(folder: &Path) -> Result<Option<Vec<ReportedGap>>, EvaluateError> {
    if !folder.is_dir() {
        return Ok(None);
    }
    let file = find(folder, "gaps");
    file.map(|file| read(&file, &COLUMNS, reported)).transpose()
}

fn reported(line: &Line) -> Result<ReportedGap, EvaluateError> {
    Ok(ReportedGap {
        mmsi: line.needed("mmsi", MMSI, mmsi)?,
        start: line.needed("start", TIME, Timestamp::parse)?,
        end: line.parsed("end", TIME, Timestamp::parse)?,
        explanation: line.text("explanation").map(str::to_owned),
        intentional: line.parsed("intentional", "a number", number)?,
    })
}

/// How well gaps were judged.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GapScore {
    /// True switch-offs.
    pub switch_offs: usize,
    /// Those of them that have a row.
    pub found: usize,
    /// Rows that belong to a true loss of reception.
    pub losses: usize,
    /// Rows that belong to no truth.
    pub natural: usize,
    /// Switch-offs above losses and rows of no truth.
    pub auc: Auc,
    /// Switch-offs above losses alone.
    pub auc_losses: Auc,
    /// Rows by explanation: its name, those of switch-offs, all others.
    pub explanations: Vec<(String, usize, usize)>,
}

/// Measures gaps against truth.
pub fn evaluate_gaps(gaps: &[ReportedGap], truths: &[Truth]) -> GapScore {
    let truths: Vec<&Truth> = truths
        .iter()
        .filter(|t| t.kind.class() == TruthClass::Gap)
        .collect();
    let score = |g: &ReportedGap| g.intentional.unwrap_or(0.0);
    let mut best = vec![None; truths.len()];
    let (mut losses, mut natural) = (Vec::new(), Vec::new());
    let mut explanations: std::collections::BTreeMap<String, (usize, usize)> =
        std::collections::BTreeMap::new();
    for gap in gaps {
        let shares = truths
            .iter()
            .enumerate()
            .filter_map(|(i, t)| Some((gap.shared_ms(t)?, std::cmp::Reverse(i))));
        let of = shares.max().map(|(_, i)| i.0);
        let name = gap
            .explanation
            .clone()
            .unwrap_or_else(|| "(unknown)".to_owned());
        let counts = explanations.entry(name).or_default();
        match of.filter(|i| truths[*i].kind == TruthKind::GapIntentional) {
            Some(i) => {
                counts.0 += 1;
                best[i] = best[i].max(Some(Score(score(gap))));
            }
            None => {
                counts.1 += 1;
                if of.is_some() {
                    &mut losses
                } else {
                    &mut natural
                }
                .push(score(gap));
            }
        }
    }
    let off = |(_, t): &(usize, &&Truth)| t.kind == TruthKind::GapIntentional;
    let offs: Vec<Option<Score>> = truths
        .iter()
        .enumerate()
        .filter(off)
        .map(|(i, _)| best[i])
        .collect();
    let scores: Vec<f64> = offs.iter().map(|s| s.map_or(0.0, |s| s.0)).collect();
    let others: Vec<f64> = losses.iter().chain(&natural).copied().collect();
    GapScore {
        switch_offs: offs.len(),
        found: offs.iter().flatten().count(),
        losses: losses.len(),
        natural: natural.len(),
        auc: Auc::of(&scores, &others),
        auc_losses: Auc::of(&scores, &losses),
        explanations: explanations
            .into_iter()
            .map(|(name, (a, b))| (name, a, b))
            .collect(),
    }
}

/// A number that can be compared.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Score(f64);

impl Eq for Score {}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl GapScore {
    /// Lines for the terminal.
    pub(super) fn write_table(&self, out: &mut impl std::fmt::Write) -> std::fmt::Result {
        writeln!(
            out,
            "\ngaps: {} of {} switch-offs have a row; {} rows of reception losses, {} of no truth",
            self.found, self.switch_offs, self.losses, self.natural
        )?;
        writeln!(
            out,
            "AUC of intentional: {} against all other gaps, {} against reception losses",
            self.auc, self.auc_losses
        )?;
        writeln!(
            out,
            "{:<16} {:>11} {:>7}",
            "explanation", "switch-offs", "others"
        )?;
        for (name, offs, others) in &self.explanations {
            writeln!(out, "{name:<16} {offs:>11} {others:>7}")?;
        }
        Ok(())
    }

    /// `(kind, figure, value)` of the CSV's section `gaps`.
    pub(super) fn figures(&self) -> Vec<(String, &'static str, String)> {
        let number = |v: Option<f64>| v.map_or(String::new(), |v| format!("{v:.4}"));
        let mut lines = vec![
            (String::new(), "switch_offs", self.switch_offs.to_string()),
            (String::new(), "found", self.found.to_string()),
            (String::new(), "losses", self.losses.to_string()),
            (String::new(), "natural", self.natural.to_string()),
        ];
        for (against, auc) in [("all", &self.auc), ("losses", &self.auc_losses)] {
            lines.push((against.to_owned(), "auc", number(auc.value)));
            lines.push((against.to_owned(), "auc_low", number(auc.low)));
            lines.push((against.to_owned(), "auc_high", number(auc.high)));
        }
        for (name, offs, others) in &self.explanations {
            lines.push((name.clone(), "switch_offs", offs.to_string()));
            lines.push((name.clone(), "others", others.to_string()));
        }
        lines
    }
}
