//! Dark rendezvous: was the right pair among the first candidates?
//!
//! In: the tables `rendezvous` and `gaps` of a scan, and truth. Rule: the candidates of one partner event stand in the
//! order of their confidence, as a reader would sort them. A true one counts if its partner's silence
//! was closed in the data (a gap that holds it); the rest can't be found and are counted apart.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::EvaluateError;
use super::read_table::{Columns, find, read};
use super::read_truth::{Line, MMSI, TIME, mmsi, number};
use super::share::Share;
use crate::model::{Row, Table, Timestamp, Truth, TruthClass, TruthKind};

/// How many candidates a reader looks at.
const FIRST: usize = 3;

/// What is used of a candidate.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The silent ship; `None` where nothing explains a wait.
    pub dark: Option<u32>,
    /// The other ship.
    pub partner: u32,
    /// The other ship's event, whose candidates stand in one order.
    pub partner_event: String,
    /// When both can have been there.
    pub window: (Timestamp, Timestamp),
    /// Confidence that they met.
    pub confidence: f64,
}

/// A silence that was closed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClosedGap {
    /// Whose.
    pub mmsi: u32,
    /// From when to when.
    pub span: (Timestamp, Timestamp),
}

/// What is read of a scan's folder for it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DarkTables {
    /// Rows of `rendezvous`.
    pub candidates: Vec<Candidate>,
    /// Closed rows of `gaps`.
    pub gaps: Vec<ClosedGap>,
}

impl DarkTables {
    /// The rows of tables in memory; those without ship or times are left out.
    pub fn from_tables(candidates: &Table, gaps: &Table) -> Self {
        let candidate = |row: &Row| {
            Some(Candidate {
                dark: row.mmsi("mmsi_dark"),
                partner: row.mmsi("mmsi_partner")?,
                partner_event: row.text("partner_event_id").unwrap_or_default().to_owned(),
                window: (row.time("window_start")?, row.time("window_end")?),
                confidence: row.number("confidence")?,
            })
        };
        let gap = |row: &Row| {
            Some(ClosedGap {
                mmsi: row.mmsi("mmsi")?,
                span: (row.time("start")?, row.time("end")?),
            })
        };
        Self {
            candidates: candidates.rows().iter().filter_map(candidate).collect(),
            gaps: gaps.rows().iter().filter_map(gap).collect(),
        }
    }
}

/// Figures of dark rendezvous.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DarkScore {
    /// Rows of truth.
    pub rows: usize,
    /// Those whose silence isn't closed in the data, or is no gap: they can't be found.
    pub not_closed: usize,
    /// Of the rest, the right pair is the first candidate of either ship's event.
    pub first: Share,
    /// Of the rest, the right pair is among the first three.
    pub among_first: Share,
    /// Of the first candidates of all partner events, those that did meet.
    pub precision: Share,
    /// The same of those with a confidence of a half and more.
    pub precision_confident: Share,
    /// Candidates in all.
    pub candidates: usize,
    /// Waits that nothing explains.
    pub alone: usize,
}

/// Reads `rendezvous` and `gaps` of a scan's folder; `None` where the first isn't there.
///
/// # Errors
/// If a file can't be read, a needed column is missing, or a cell can't be understood.
pub fn read_rendezvous(folder: &Path) -> Result<Option<DarkTables>, EvaluateError> {
    const CANDIDATES: Columns = Columns {
        needed: &["mmsi_partner", "window_start", "window_end", "confidence"],
        others: &["mmsi_dark", "partner_event_id"],
    };
    const GAPS: Columns = Columns {
        needed: &["mmsi", "start", "end"],
        others: &[],
    };
    let Some(file) = find(folder, "rendezvous").filter(|_| folder.is_dir()) else {
        return Ok(None);
    };
    let candidates = read(&file, &CANDIDATES, |line| {
        Ok(Candidate {
            dark: line.parsed("mmsi_dark", MMSI, mmsi)?,
            partner: line.needed("mmsi_partner", MMSI, mmsi)?,
            partner_event: line.text("partner_event_id").unwrap_or_default().to_owned(),
            window: (
                line.needed("window_start", TIME, Timestamp::parse)?,
                line.needed("window_end", TIME, Timestamp::parse)?,
            ),
            confidence: line.needed("confidence", "a number", number)?,
        })
    })?;
    let gap = |line: &Line| {
        let mmsi = line.needed("mmsi", MMSI, mmsi)?;
        let start = line.needed("start", TIME, Timestamp::parse)?;
        let end = line.parsed("end", TIME, Timestamp::parse)?;
        Ok(end.map(|end| ClosedGap {
            mmsi,
            span: (start, end),
        }))
    };
    let gaps = find(folder, "gaps")
        .map(|file| read(&file, &GAPS, gap))
        .transpose()?;
    Ok(Some(DarkTables {
        candidates,
        gaps: gaps.unwrap_or_default().into_iter().flatten().collect(),
    }))
}

fn meets(a: (Timestamp, Timestamp), b: (Timestamp, Timestamp)) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

/// Whether a candidate is the pair of this truth, at its time.
fn is(candidate: &Candidate, truth: &Truth) -> bool {
    let Some((dark, other)) = candidate.dark.zip(truth.mmsi_2) else {
        return false;
    };
    let partner = candidate.partner;
    let same = [(dark, partner), (partner, dark)].contains(&(truth.mmsi_1, other));
    same && meets(candidate.window, (truth.start, truth.end))
}

impl DarkScore {
    /// Measures candidates against truth.
    pub fn new(tables: &DarkTables, truths: &[Truth]) -> Self {
        let mut by_event: BTreeMap<&str, Vec<&Candidate>> = BTreeMap::new();
        for c in tables.candidates.iter().filter(|c| c.dark.is_some()) {
            by_event.entry(&c.partner_event).or_default().push(c);
        }
        for list in by_event.values_mut() {
            list.sort_by(|a, b| {
                b.confidence
                    .total_cmp(&a.confidence)
                    .then(a.dark.cmp(&b.dark))
            });
        }
        let dark: Vec<&Truth> = truths
            .iter()
            .filter(|t| t.kind == TruthKind::DarkRendezvous)
            .collect();
        let is_closed = |t: &&&Truth| {
            tables.gaps.iter().any(|g| {
                let party = g.mmsi == t.mmsi_1 || Some(g.mmsi) == t.mmsi_2;
                party && g.span.0 <= t.start && g.span.1 >= t.end
            })
        };
        let closed: Vec<&Truth> = dark.iter().filter(is_closed).copied().collect();
        let within = |n: usize| {
            let found = |t: &&&Truth| {
                by_event
                    .values()
                    .any(|list| list.iter().take(n).any(|c| is(c, t)))
            };
            Share::new(closed.iter().filter(found).count(), closed.len())
        };
        let meetings: Vec<&Truth> = truths
            .iter()
            .filter(|t| {
                matches!(
                    t.kind.class(),
                    TruthClass::Transfer | TruthClass::DarkRendezvous
                )
            })
            .collect();
        let precision = |least: f64| {
            let firsts: Vec<&Candidate> = by_event
                .values()
                .filter_map(|list| list.first().copied())
                .filter(|c| c.confidence >= least)
                .collect();
            let right = |c: &&&Candidate| meetings.iter().any(|t| is(c, t));
            Share::new(firsts.iter().filter(right).count(), firsts.len())
        };
        Self {
            rows: dark.len(),
            not_closed: dark.len() - closed.len(),
            first: within(1),
            among_first: within(FIRST),
            precision: precision(0.0),
            precision_confident: precision(0.5),
            candidates: tables.candidates.len(),
            alone: tables
                .candidates
                .iter()
                .filter(|c| c.dark.is_none())
                .count(),
        }
    }

    /// Names and values, as in CSV.
    fn figures(&self) -> Vec<(&'static str, String)> {
        let share = |s: &Share| s.value.map_or(String::new(), |v| format!("{v:.4}"));
        vec![
            ("rows", self.rows.to_string()),
            ("not_closed", self.not_closed.to_string()),
            ("first", share(&self.first)),
            ("among_first", share(&self.among_first)),
            ("precision", share(&self.precision)),
            ("precision_confident", share(&self.precision_confident)),
            ("candidates", self.candidates.to_string()),
            ("alone", self.alone.to_string()),
        ]
    }

    /// Lines of [`Evaluation::to_csv`].
    pub(super) fn csv(&self) -> String {
        let line =
            |(figure, value): (&str, String)| format!("dark,dark_rendezvous,{figure},{value}\n");
        self.figures().into_iter().map(line).collect()
    }
}

/// For the terminal.
impl std::fmt::Display for DarkScore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "dark rendezvous: {} true, {} of them with a silence that isn't closed in the data",
            self.rows, self.not_closed
        )?;
        writeln!(
            f,
            "  right pair first: {} = {} of {}; among the first {FIRST}: {} = {} of {}",
            self.first,
            self.first.count,
            self.first.of,
            self.among_first,
            self.among_first.count,
            self.among_first.of
        )?;
        writeln!(
            f,
            "  precision of first candidates: {} = {} of {}; from confidence 0.5 on: {} = {} of {}",
            self.precision,
            self.precision.count,
            self.precision.of,
            self.precision_confident,
            self.precision_confident.count,
            self.precision_confident.of
        )?;
        writeln!(
            f,
            "  candidates: {}, waits that nothing explains: {}",
            self.candidates - self.alone,
            self.alone
        )
    }
}
