//! Findings about identities against what is known.
//!
//! In: rows of the table `identity`, and truths. Out: recall by kind of truth, precision by kind of finding. Rule: a
//! finding belongs to a truth about one of its MMSIs that it overlaps or comes within an hour of. It finds the
//! truth if it is of the kind that the truth is called; it is right if it belongs to any truth about identities.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

use serde::Serialize;

use super::EvaluateError;
use super::read_table::{Columns, find, read};
use super::read_truth::{Line, MMSI, TIME, mmsi};
use super::share::Share;
use crate::model::{Row, Table, Timestamp, Truth, TruthClass, TruthKind};

/// How far from a truth its finding may lie, milliseconds.
const SLACK_MS: i64 = 3_600_000;

/// What is used of a finding.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// What was found.
    pub kind: String,
    /// The parties.
    pub mmsi: [Option<u32>; 2],
    /// First report that shows it.
    pub start: Timestamp,
    /// Last report that shows it.
    pub end: Timestamp,
}

/// How often a kind of truth was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// The kind of truth.
    pub kind: String,
    /// Found under its own name.
    pub recall: Share,
}

/// How often a kind of finding was right.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Right {
    /// The kind of finding.
    pub kind: String,
    /// Those that belong to a truth.
    pub precision: Share,
}

/// All figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct IdentityScore {
    /// By kind of truth; those without rows are left out.
    pub truths: Vec<Found>,
    /// All truths.
    pub all_truths: Share,
    /// By kind of finding.
    pub findings: Vec<Right>,
    /// All findings.
    pub all_findings: Share,
}

/// The finding that a kind of truth should make.
fn name_of(kind: TruthKind) -> Option<&'static str> {
    match kind {
        TruthKind::IdentityHandover => Some("handover"),
        TruthKind::IdentityShared => Some("shared_mmsi"),
        TruthKind::IdentityCircle => Some("circle"),
        _ => None,
    }
}

fn belongs(finding: &Finding, truth: &Truth) -> bool {
    let parties = [Some(truth.mmsi_1), truth.mmsi_2];
    let is_party = finding
        .mmsi
        .iter()
        .flatten()
        .any(|m| parties.contains(&Some(*m)));
    is_party
        && finding.start.0 <= truth.end.0 + SLACK_MS
        && finding.end.0 >= truth.start.0 - SLACK_MS
}

/// Compares findings with the truths about identities among these.
pub fn evaluate_identity(findings: &[Finding], truths: &[Truth]) -> IdentityScore {
    let truths: Vec<&Truth> = truths
        .iter()
        .filter(|t| t.kind.class() == TruthClass::Identity)
        .collect();
    let mut found: BTreeMap<TruthKind, [usize; 2]> = BTreeMap::new();
    for truth in &truths {
        let is_found = findings
            .iter()
            .any(|f| name_of(truth.kind) == Some(f.kind.as_str()) && belongs(f, truth));
        let counts = found.entry(truth.kind).or_default();
        counts[0] += usize::from(is_found);
        counts[1] += 1;
    }
    let mut right: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for finding in findings {
        let is_right = truths.iter().any(|t| belongs(finding, t));
        let counts = right.entry(&finding.kind).or_default();
        counts[0] += usize::from(is_right);
        counts[1] += 1;
    }
    let sum = |counts: &mut dyn Iterator<Item = &[usize; 2]>| {
        let [n, of] = counts.fold([0, 0], |sum, c| [sum[0] + c[0], sum[1] + c[1]]);
        Share::new(n, of)
    };
    IdentityScore {
        all_truths: sum(&mut found.values()),
        all_findings: sum(&mut right.values()),
        truths: found
            .into_iter()
            .map(|(kind, [n, of])| Found {
                kind: kind.name().to_owned(),
                recall: Share::new(n, of),
            })
            .collect(),
        findings: right
            .into_iter()
            .map(|(kind, [n, of])| Right {
                kind: kind.to_owned(),
                precision: Share::new(n, of),
            })
            .collect(),
    }
}

impl IdentityScore {
    /// The lines as `(what, kind, share)`, sums last.
    fn lines(&self) -> Vec<(&'static str, &str, Share)> {
        let truths = self
            .truths
            .iter()
            .map(|t| ("recall", t.kind.as_str(), t.recall));
        let findings = self
            .findings
            .iter()
            .map(|f| ("precision", f.kind.as_str(), f.precision));
        truths
            .chain([("recall", "all", self.all_truths)])
            .chain(findings)
            .chain([("precision", "all", self.all_findings)])
            .collect()
    }

    /// A table for the terminal.
    pub fn to_table(&self) -> String {
        let mut out = format!(
            "\n{:<12} {:<22} {:>5} {:>5}  {}\n",
            "identities", "kind", "right", "of", "share"
        );
        for (what, kind, share) in self.lines() {
            // Writing to a String can't fail.
            let _ = writeln!(
                out,
                "{what:<12} {kind:<22} {:>5} {:>5}  {share}",
                share.count, share.of
            );
        }
        out
    }

    /// One line per figure, in the form of [`super::Evaluation::to_csv`].
    pub fn to_csv(&self) -> String {
        let mut out = String::new();
        let text = |v: Option<f64>| v.map_or(String::new(), |v| format!("{v:.4}"));
        for (what, kind, share) in self.lines() {
            for (figure, value) in [
                ("right".to_owned(), share.count.to_string()),
                ("of".to_owned(), share.of.to_string()),
                (what.to_owned(), text(share.value)),
                (format!("{what}_low"), text(share.low)),
                (format!("{what}_high"), text(share.high)),
            ] {
                let _ = writeln!(out, "identity_{what},{kind},{figure},{value}");
            }
        }
        out
    }
}

const COLUMNS: Columns = Columns {
    needed: &["kind", "mmsi", "other_mmsi", "start", "end"],
    others: &[],
};

impl Finding {
    /// The rows of a table in memory; rows without kind or times are left out.
    pub fn from_table(table: &Table) -> Vec<Self> {
        table.rows().iter().filter_map(Self::from_row).collect()
    }

    fn from_row(row: &Row) -> Option<Self> {
        Some(Self {
            kind: row.text("kind")?.to_owned(),
            mmsi: [row.mmsi("mmsi"), row.mmsi("other_mmsi")],
            start: row.time("start")?,
            end: row.time("end")?,
        })
    }

    fn from_line(line: &Line) -> Result<Self, EvaluateError> {
        Ok(Self {
            kind: line.needed("kind", "a kind", |text| Some(text.to_owned()))?,
            mmsi: [
                Some(line.needed("mmsi", MMSI, mmsi)?),
                line.parsed("other_mmsi", MMSI, mmsi)?,
            ],
            start: line.needed("start", TIME, Timestamp::parse)?,
            end: line.needed("end", TIME, Timestamp::parse)?,
        })
    }
}

/// Reads `identity.parquet` or `identity.csv` of a scan's folder; `None` if it has neither, or this is no folder.
///
/// # Errors
/// If it can't be read, a needed column is missing, or a cell can't be understood.
pub fn read_identity(folder: &Path) -> Result<Option<Vec<Finding>>, EvaluateError> {
    if !folder.is_dir() {
        return Ok(None);
    }
    let file = find(folder, "identity");
    file.map(|file| read(&file, &COLUMNS, Finding::from_line))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn truth(kind: TruthKind, mmsi_1: u32, mmsi_2: Option<u32>, hours: [i64; 2]) -> Truth {
        let at = |h: i64| Timestamp(h * 3_600_000);
        Truth {
            id: String::new(),
            kind,
            mmsi_1,
            mmsi_2,
            start: at(hours[0]),
            end: at(hours[1]),
            place: None,
            mode: None,
            hull_gap_m: None,
            volume_t: None,
            volume_bbl: None,
            product: None,
            from_mmsi: None,
            to_mmsi: None,
            heard: [None; 2],
            both_heard: None,
            together_h: None,
            notes: String::new(),
        }
    }

    fn finding(kind: &str, mmsi: u32, hours: [i64; 2]) -> Finding {
        Finding {
            kind: kind.to_owned(),
            mmsi: [Some(mmsi), None],
            start: Timestamp(hours[0] * 3_600_000),
            end: Timestamp(hours[1] * 3_600_000),
        }
    }

    #[test]
    fn findings_need_the_party_the_time_and_for_recall_the_kind() {
        let truths = [
            truth(TruthKind::IdentityHandover, 1, Some(2), [10, 11]),
            truth(TruthKind::IdentityShared, 3, None, [0, 72]),
            truth(TruthKind::IdentityCircle, 4, None, [5, 15]),
            truth(TruthKind::StsTransfer, 5, Some(6), [5, 15]),
        ];
        let findings = [
            finding("handover", 2, [10, 11]),
            finding("jump", 3, [4, 5]),
            finding("circle", 4, [20, 21]),
            finding("circle", 5, [6, 9]),
        ];
        let score = evaluate_identity(&findings, &truths);
        assert_eq!(score.all_truths, Share::new(1, 3));
        assert_eq!(score.all_findings, Share::new(2, 4));
        let csv = score.to_csv();
        assert!(
            csv.contains("identity_recall,identity_handover,right,1\n"),
            "{csv}"
        );
        assert!(csv.contains("identity_precision,circle,of,2\n"), "{csv}");
        assert!(score.to_table().contains("shared"));
    }
}
