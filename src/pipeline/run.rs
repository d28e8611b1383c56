//! `run.json`: what was read, with what parameters, and how the run went.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::asked::RequestRecord;
use super::{ScanRequest, Step, now};
use crate::config::Config;
use crate::model::{RejectLedger, RejectReason, Table};

/// The content of `run.json`.
///
/// Everything but [`Self::run`] is a function of the inputs and the request. Members are written in the
/// order in which they stand here, maps in the order of their keys.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunJson {
    /// Always `alongside`: by this a folder is known as a result.
    pub program: String,
    /// Version of the program.
    pub version: String,
    /// What was asked for.
    pub request: RequestRecord,
    /// Every file that was looked at.
    pub inputs: Vec<InputRecord>,
    /// Rows of all inputs.
    pub rows: RowTotals,
    /// From the first to the last accepted row.
    pub span: SpanRecord,
    /// Every parameter.
    pub config: serde_json::Value,
    /// SHA-256 of the parameters.
    pub config_sha256: String,
    /// Ships left out of the search for pairs, by reason, counted once a slot.
    pub excluded: BTreeMap<String, u64>,
    /// Accepted positions by cell of one degree, named by its south-west corner: `34,-120`.
    #[serde(default)]
    pub coverage: BTreeMap<String, u64>,
    /// Reference data that was used.
    pub reference: Vec<ReferenceRecord>,
    /// Rows per table.
    pub tables: BTreeMap<String, u64>,
    /// The files beside `run.json`.
    pub files: Vec<String>,
    /// What varies from run to run.
    pub run: Vitals,
}

/// A file, or a member of an archive, that was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InputRecord {
    /// The file.
    pub path: String,
    /// The member, if the file is an archive.
    pub member: Option<String>,
    /// The form in which it was read.
    pub format: Option<String>,
    /// Size on disk.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: Option<String>,
    /// Rows found.
    pub rows_read: u64,
    /// Rows taken.
    pub rows_accepted: u64,
    /// Rows not taken, by reason.
    pub rejects: BTreeMap<String, u64>,
    /// Time of the first row taken.
    pub first: Option<String>,
    /// Time of the last row taken.
    pub last: Option<String>,
    /// Why it could not be read, or not to its end.
    pub error: Option<String>,
    /// What should be known of it though it was read: columns that look like those that are read, but aren't.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// An input that could not be read, or not to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure<'a> {
    /// The input.
    pub input: &'a InputRecord,
    /// Why.
    pub reason: &'a str,
}

/// The reason, after the input's name unless the reason names it already.
impl fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.reason.contains(&self.input.path) {
            f.write_str(self.reason)
        } else {
            write!(f, "{}: {}", self.input.name(), self.reason)
        }
    }
}

impl InputRecord {
    /// The file, with its member if it is an archive.
    pub fn name(&self) -> String {
        match &self.member {
            Some(member) => format!("{} ({member})", self.path),
            None => self.path.clone(),
        }
    }

    /// What went wrong, if anything.
    pub fn failure(&self) -> Option<Failure<'_>> {
        self.error.as_deref().map(|reason| Failure {
            input: self,
            reason,
        })
    }

    /// Whether it failed, and not one row of it could be used.
    pub fn is_useless(&self) -> bool {
        self.error.is_some() && self.rows_accepted == 0
    }

    /// Whether it could not be read at all.
    pub fn is_lost(&self) -> bool {
        self.error.is_some() && self.rows_read == 0
    }
}

/// Rows of all inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowTotals {
    /// Rows found.
    pub read: u64,
    /// Rows taken by the readers.
    pub accepted: u64,
    /// Rows not used, by reason: those that the readers reject, and those that are set aside later.
    pub rejects: BTreeMap<String, u64>,
    /// Accepted rows that the stages set aside, by reason; they are in [`Self::rejects`] too. None before the
    /// stages have run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_aside: Option<BTreeMap<String, u64>>,
    /// Accepted rows less those that were set aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<u64>,
}

/// From the first to the last accepted row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpanRecord {
    /// First row.
    pub first: Option<String>,
    /// Last row.
    pub last: Option<String>,
}

impl SpanRecord {
    /// The span of all inputs.
    pub(super) fn of(inputs: &[InputRecord]) -> Self {
        // ISO 8601 in UTC with a fixed width sorts as text.
        Self {
            first: inputs.iter().filter_map(|i| i.first.clone()).min(),
            last: inputs.iter().filter_map(|i| i.last.clone()).max(),
        }
    }
}

/// Reference data that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceRecord {
    /// Name, or the file.
    pub name: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// What it holds, and how much of it couldn't be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What varies from run to run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Vitals {
    /// When the run began, by the computer's clock.
    pub started: String,
    /// How long it took, up to the writing of this file.
    pub elapsed_s: f64,
    /// The parts of it, in order.
    pub stages: Vec<StageTime>,
    /// Greatest memory of the process; null where the system doesn't tell.
    pub peak_memory_bytes: Option<u64>,
    /// Greatest state carried from one day to the next.
    pub peak_state_bytes: u64,
    /// Threads.
    pub threads: usize,
}

/// How long a part of a run took.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StageTime {
    /// Which.
    pub name: String,
    /// Seconds.
    pub seconds: f64,
}

pub(super) fn counts(ledger: &RejectLedger) -> BTreeMap<String, u64> {
    ledger
        .iter()
        .map(|(reason, n)| (reason.name().to_owned(), n))
        .collect()
}

fn add_counts(into: &mut BTreeMap<String, u64>, from: &BTreeMap<String, u64>) {
    for (reason, n) in from {
        *into.entry(reason.clone()).or_default() += n;
    }
}

impl RowTotals {
    /// The rows of all inputs.
    pub(super) fn of(inputs: &[InputRecord]) -> Self {
        let mut totals = Self::default();
        for input in inputs {
            totals.read += input.rows_read;
            totals.accepted += input.rows_accepted;
            add_counts(&mut totals.rejects, &input.rejects);
        }
        totals
    }

    /// Takes note of what the stages set aside.
    fn set_aside(&mut self, by_reason: BTreeMap<String, u64>) {
        add_counts(&mut self.rejects, &by_reason);
        let rows: u64 = by_reason.values().sum();
        self.used = Some(self.accepted.saturating_sub(rows));
        self.set_aside = Some(by_reason);
    }

    /// Rows that the readers rejected, by reason: with the accepted ones and [`Self::outside`] they are all that were read.
    pub fn rejected(&self) -> BTreeMap<String, u64> {
        let mut rejected = self.rejects.clone();
        for (reason, n) in self.set_aside.iter().flatten() {
            if let Some(all) = rejected.get_mut(reason) {
                *all = all.saturating_sub(*n);
            }
        }
        rejected.retain(|reason, n| *n > 0 && reason != RejectReason::OutsideSelection.name());
        rejected
    }

    /// Rows outside the area or time that was asked for: left out as they should be, and listed nowhere.
    pub fn outside(&self) -> u64 {
        let outside = RejectReason::OutsideSelection.name();
        self.rejects.get(outside).copied().unwrap_or(0)
    }
}

fn as_json(config: &Config) -> serde_json::Value {
    serde_json::to_value(config)
        .expect("a configuration holds numbers, words, lists and tables only")
}

fn lengths(tables: &[Table]) -> BTreeMap<String, u64> {
    tables
        .iter()
        .map(|t| (t.schema.name.to_owned(), t.len() as u64))
        .collect()
}

impl RunJson {
    /// Takes note that the same facts were judged again; files and what varies are known only at the end.
    pub(super) fn judged_again(
        &mut self,
        config: &Config,
        request: RequestRecord,
        reference: Vec<ReferenceRecord>,
        tables: &[Table],
    ) {
        self.request = request;
        self.config = as_json(config);
        self.config_sha256 = config.sha256();
        self.reference = reference;
        self.tables = lengths(tables);
        self.files.clear();
        self.run = Vitals::default();
    }

    /// All but coverage, files and what varies, which are known only at the end.
    pub(super) fn new(
        config: &Config,
        request: &ScanRequest,
        inputs: Vec<InputRecord>,
        set_aside: &RejectLedger,
        excluded: BTreeMap<String, u64>,
        reference: Vec<ReferenceRecord>,
        tables: &[Table],
    ) -> Self {
        let mut rows = RowTotals::of(&inputs);
        rows.set_aside(counts(set_aside));
        Self {
            program: "alongside".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            request: RequestRecord::of(request),
            span: SpanRecord::of(&inputs),
            inputs,
            rows,
            config: as_json(config),
            config_sha256: config.sha256(),
            excluded,
            coverage: BTreeMap::new(),
            reference,
            tables: lengths(tables),
            files: Vec::new(),
            run: Vitals::default(),
        }
    }

    /// Inputs that could not be read, or not to their end.
    pub fn failures(&self) -> impl Iterator<Item = Failure<'_>> {
        self.inputs.iter().filter_map(InputRecord::failure)
    }

    /// As a value of JSON.
    pub(super) fn to_value(&self) -> serde_json::Value {
        serde_json::to_value(self).expect("a run holds numbers, words, lists and maps only")
    }

    /// As text, indented.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self)
            .expect("a run holds numbers, words, lists and maps only");
        text.push('\n');
        text
    }
}

/// Times the parts of a run.
pub(super) struct Stopwatch {
    started: String,
    start: Instant,
    last: Instant,
    stages: Vec<StageTime>,
}

fn milliseconds(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

impl Stopwatch {
    pub(super) fn start() -> Self {
        let start = Instant::now();
        Self {
            started: now().to_string(),
            start,
            last: start,
            stages: Vec::new(),
        }
    }

    /// Ends a part.
    pub(super) fn lap(&mut self, step: Step) {
        let now = Instant::now();
        self.stages.push(StageTime {
            name: step.name().to_owned(),
            seconds: milliseconds((now - self.last).as_secs_f64()),
        });
        self.last = now;
    }

    pub(super) fn vitals(self, peak_state_bytes: u64) -> Vitals {
        Vitals {
            started: self.started,
            elapsed_s: milliseconds(self.start.elapsed().as_secs_f64()),
            stages: self.stages,
            peak_memory_bytes: peak_memory_bytes(),
            peak_state_bytes,
            threads: rayon::current_num_threads(),
        }
    }
}

/// Greatest resident memory of this process so far (Linux: `VmHWM`).
fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}
