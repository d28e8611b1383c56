//! What is in the inputs, before anything is looked for in them.
//!
//! In: days of accepted rows, and the readers' reports. Out: counts and shares. Rule: a [`Survey`] is
//! made per input and adds up in any order, so the whole is the sum of its parts; intervals between
//! reports are counted inside an input.

use std::collections::BTreeMap;
use std::fmt::Write;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::run::{InputRecord, RowTotals, SpanRecord};
use super::summary::{by_count, counted, minute};
use super::{Day, Progress, ScanRequest, Step, failures_of, on_threads, wiring};
use crate::config::Config;
use crate::error::Error;
use crate::model::text::grouped;
use crate::model::{AisClass, Chunk, StaticRecord};

const HAS_TYPE: u8 = 1;
const HAS_DIMENSIONS: u8 = 2;
const HAS_DRAUGHT: u8 = 4;

/// Counts over position and static reports.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    positions: u64,
    sog: u64,
    cog: u64,
    heading: u64,
    class_a: u64,
    class_b: u64,
    /// What each vessel said of itself.
    statics: FxHashMap<u32, u8>,
    /// Last report of each vessel with positions, milliseconds since the epoch.
    last: FxHashMap<u32, i64>,
    /// Seconds between reports of one vessel, coarser the longer: count.
    intervals: BTreeMap<u32, u64>,
}

/// What the rows are good for. Shares are null where there is nothing to take a share of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quality {
    /// Position reports.
    pub positions: u64,
    /// Vessels: MMSIs with a position or static report.
    pub vessels: u64,
    /// Median of the seconds between two reports of a vessel.
    pub interval_median_s: Option<u32>,
    /// Nine in ten intervals are no longer than this, seconds.
    pub interval_p90_s: Option<u32>,
    /// Share of positions with a speed over ground.
    pub sog_share: Option<f64>,
    /// Share of positions with a course over ground.
    pub cog_share: Option<f64>,
    /// Share of positions with a true heading.
    pub heading_share: Option<f64>,
    /// Share of positions from class A transponders.
    pub class_a_share: Option<f64>,
    /// Share of positions from class B transponders.
    pub class_b_share: Option<f64>,
    /// Share of vessels whose ship type is known.
    pub type_share: Option<f64>,
    /// Share of vessels whose length and beam are known.
    pub dimensions_share: Option<f64>,
    /// Share of vessels whose draught is known.
    pub draught_share: Option<f64>,
}

/// One input, or all of them.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Inspection {
    /// The input as given; `all inputs` for the sum.
    pub input: String,
    /// Rows found, taken and rejected by the readers; the stages of a scan set aside more, such as duplicates.
    pub rows: RowTotals,
    /// From the first to the last accepted row.
    pub span: SpanRecord,
    /// What the rows are good for.
    pub quality: Quality,
    /// The files looked at; empty for the sum.
    pub files: Vec<InputRecord>,
}

/// Every input, and all of them together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct InspectionReport {
    /// Each input in the order given.
    pub inputs: Vec<Inspection>,
    /// The sum.
    pub all: Inspection,
}

/// The grain of intervals: seconds up to an hour, minutes up to a day, then hours.
fn grain(seconds: u32) -> u32 {
    match seconds {
        0..3600 => seconds,
        3600..86_400 => seconds / 60 * 60,
        _ => seconds / 3600 * 3600,
    }
}

fn statics_known(record: &StaticRecord) -> u8 {
    let pair = |a: Option<u16>, b: Option<u16>| a.is_some() && b.is_some();
    let dimensions = pair(record.length_dm, record.beam_dm)
        || (pair(record.to_bow_m, record.to_stern_m)
            && pair(record.to_port_m, record.to_starboard_m));
    let mut known = 0;
    if record.ship_type.is_some() {
        known |= HAS_TYPE;
    }
    if dimensions {
        known |= HAS_DIMENSIONS;
    }
    if record.draught_dm.is_some() {
        known |= HAS_DRAUGHT;
    }
    known
}

impl Survey {
    /// Takes in the next rows.
    pub fn add(&mut self, day: Chunk) {
        for mut shard in day.positions {
            shard.sort_unstable();
            for report in &shard {
                self.positions += 1;
                self.sog += u64::from(report.sog_kn().is_some());
                self.cog += u64::from(report.cog_deg().is_some());
                self.heading += u64::from(report.heading_deg().is_some());
                match report.class() {
                    Some(AisClass::A) => self.class_a += 1,
                    Some(AisClass::B) => self.class_b += 1,
                    None => {}
                }
                let t = day.origin.0 + i64::from(report.ms());
                if let Some(before) = self.last.insert(report.mmsi(), t) {
                    let seconds = u32::try_from((t - before) / 1000).unwrap_or(u32::MAX);
                    // Two reports at one instant are two receptions, not an interval.
                    if t > before {
                        *self.intervals.entry(grain(seconds)).or_default() += 1;
                    }
                }
            }
        }
        for span in &day.statics {
            *self.statics.entry(span.mmsi).or_default() |= statics_known(&span.record);
        }
    }

    /// Takes in the survey of another input.
    // Maxima, unions and sums: the order of the maps doesn't matter.
    #[allow(clippy::iter_over_hash_type)]
    pub fn merge(&mut self, other: &Self) {
        self.positions += other.positions;
        self.sog += other.sog;
        self.cog += other.cog;
        self.heading += other.heading;
        self.class_a += other.class_a;
        self.class_b += other.class_b;
        for (mmsi, known) in &other.statics {
            *self.statics.entry(*mmsi).or_default() |= known;
        }
        for (mmsi, t) in &other.last {
            let last = self.last.entry(*mmsi).or_insert(*t);
            *last = (*last).max(*t);
        }
        for (seconds, n) in &other.intervals {
            *self.intervals.entry(*seconds).or_default() += n;
        }
    }

    /// The interval that this share of all intervals doesn't exceed.
    fn interval(&self, share: f64) -> Option<u32> {
        let total: u64 = self.intervals.values().sum();
        let wanted = (total as f64 * share).ceil().max(1.0) as u64;
        let mut seen = 0;
        self.intervals
            .iter()
            .find(|(_, n)| {
                seen += **n;
                seen >= wanted
            })
            .map(|(seconds, _)| *seconds)
    }

    /// The counts as shares.
    pub fn quality(&self) -> Quality {
        let share = |n: u64, of: u64| {
            (of > 0).then(|| (n as f64 / of as f64 * 10_000.0).round() / 10_000.0)
        };
        let silent = self
            .statics
            .keys()
            .filter(|mmsi| !self.last.contains_key(mmsi))
            .count();
        let vessels = (self.last.len() + silent) as u64;
        let known = |bit: u8| {
            let n = self.statics.values().filter(|k| **k & bit != 0).count();
            share(n as u64, vessels)
        };
        Quality {
            positions: self.positions,
            vessels,
            interval_median_s: self.interval(0.5),
            interval_p90_s: self.interval(0.9),
            sog_share: share(self.sog, self.positions),
            cog_share: share(self.cog, self.positions),
            heading_share: share(self.heading, self.positions),
            class_a_share: share(self.class_a, self.positions),
            class_b_share: share(self.class_b, self.positions),
            type_share: known(HAS_TYPE),
            dimensions_share: known(HAS_DIMENSIONS),
            draught_share: known(HAS_DRAUGHT),
        }
    }
}

/// Surveys the days of one input.
///
/// # Errors
/// The first that the days hold.
pub fn survey(days: &mut dyn Iterator<Item = Result<Day, Error>>) -> Result<Survey, Error> {
    let mut survey = Survey::default();
    for day in days {
        day?.for_each(|part| survey.add(part));
    }
    Ok(survey)
}

impl Inspection {
    fn new(input: String, files: Vec<InputRecord>, survey: &Survey) -> Self {
        Self {
            input,
            rows: RowTotals::of(&files),
            span: SpanRecord::of(&files),
            quality: survey.quality(),
            files,
        }
    }
}

impl InspectionReport {
    /// Puts the surveys of all inputs together.
    pub fn new(inputs: Vec<(String, Vec<InputRecord>, Survey)>) -> Self {
        let mut whole = Survey::default();
        let mut files = Vec::new();
        let inputs: Vec<Inspection> = inputs
            .into_iter()
            .map(|(input, records, survey)| {
                whole.merge(&survey);
                files.extend(records.iter().cloned());
                Inspection::new(input, records, &survey)
            })
            .collect();
        let all = Inspection {
            files: Vec::new(),
            ..Inspection::new("all inputs".to_owned(), files, &whole)
        };
        Self { inputs, all }
    }

    /// Whether every file could be read to its end.
    pub fn is_complete(&self) -> bool {
        self.inputs
            .iter()
            .flat_map(|input| &input.files)
            .all(|file| file.error.is_none())
    }
}

/// Reads every input by itself and says what is in it.
///
/// # Errors
/// If nothing at all can be read.
pub fn inspect(
    config: &Config,
    request: &ScanRequest,
    progress: &dyn Progress,
) -> Result<InspectionReport, Error> {
    config.validate()?;
    request.validate()?;
    on_threads(request.threads, || {
        let mut inputs = Vec::new();
        for path in &request.inputs {
            let mut one = request.clone();
            one.inputs = vec![path.clone()];
            let mut source = wiring::open(config, &one, progress)?;
            progress.begin(Step::Detect, Some(source.days()));
            let survey = survey(&mut std::iter::from_fn(|| {
                let day = source.next_day()?;
                progress.advance(1, 0);
                Some(day)
            }))?;
            progress.end();
            inputs.push((path.display().to_string(), source.inputs(), survey));
        }
        let records = || inputs.iter().flat_map(|(_, records, _)| records);
        if records().all(InputRecord::is_lost) {
            return Err(Error::NothingRead {
                failures: failures_of(records()),
            });
        }
        Ok(InspectionReport::new(inputs))
    })
}

fn percent(share: Option<f64>) -> String {
    share.map_or_else(|| "-".to_owned(), |s| format!("{:.1} %", s * 100.0))
}

fn seconds(interval: Option<u32>) -> String {
    interval.map_or_else(|| "-".to_owned(), |s| format!("{s} s"))
}

/// The report in words and numbers.
pub fn inspection_text(report: &InspectionReport) -> String {
    let mut text = String::new();
    for input in &report.inputs {
        describe(&mut text, input);
    }
    if report.inputs.len() > 1 {
        describe(&mut text, &report.all);
    }
    text
}

fn describe(text: &mut String, it: &Inspection) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(&it.input);
    if it.files.len() > 1 {
        let _ = write!(text, " ({} files)", it.files.len());
    }
    text.push('\n');
    let mut line = |label: &str, value: String| {
        let _ = writeln!(text, "  {label:<12} {value}");
    };
    let q = &it.quality;
    let mut formats: Vec<&str> = it
        .files
        .iter()
        .filter_map(|f| f.format.as_deref())
        .collect();
    formats.sort_unstable();
    formats.dedup();
    if !formats.is_empty() {
        line("format", formats.join(", "));
    }
    line(
        "rows",
        format!(
            "{} read, {} accepted",
            grouped(it.rows.read),
            grouped(it.rows.accepted)
        ),
    );
    if it.rows.accepted > 0 {
        let fewer = "a scan may use fewer: it also sets aside reports sent twice and fixes that no ship can reach";
        line("", fewer.to_owned());
    }
    if !it.rows.rejects.is_empty() {
        line("rejected", by_count(&it.rows.rejects));
    }
    if let (Some(first), Some(last)) = (&it.span.first, &it.span.last) {
        line("span", format!("{} to {}", minute(first), minute(last)));
    }
    line(
        "vessels",
        format!(
            "{} with {}",
            grouped(q.vessels),
            counted(q.positions, "position", "positions")
        ),
    );
    line(
        "interval",
        format!(
            "median {}, p90 {}",
            seconds(q.interval_median_s),
            seconds(q.interval_p90_s)
        ),
    );
    line(
        "positions",
        format!(
            "with speed {}, course {}, heading {}; class A {}, B {}",
            percent(q.sog_share),
            percent(q.cog_share),
            percent(q.heading_share),
            percent(q.class_a_share),
            percent(q.class_b_share)
        ),
    );
    line(
        "statics",
        format!(
            "vessels with type {}, dimensions {}, draught {}",
            percent(q.type_share),
            percent(q.dimensions_share),
            percent(q.draught_share)
        ),
    );
    for failure in it.files.iter().filter_map(InputRecord::failure) {
        line("error", failure.to_string());
    }
    for note in it.files.iter().filter_map(|file| file.note.as_deref()) {
        line("note", note.to_owned());
    }
}
