//! Drives the stages from files to tables.
//!
//! In: a [`Config`] and a [`ScanRequest`]. Out: a folder of tables with `run.json`, and the same as a
//! [`ScanReport`]. Rules: inputs that can't be read are named and the others go on; the folder appears
//! whole or not at all; progress goes to a callback, nothing is printed; what varies from run to run
//! (times, memory, threads) stands in `run.json` alone.

mod asked;
mod assess;
mod coverage;
mod engine;
mod evaluation;
mod highlights;
mod inspect;
mod knowledge;
mod nightly;
mod progress;
mod report;
mod results;
mod run;
mod select;
mod summary;
mod targets;
#[cfg(test)]
mod tests;
mod wiring;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::config::Config;
use crate::error::{Error, Exit};
use crate::gazetteer::Gazetteer;
use crate::ingest::Format;
use crate::model::{BoundingBox, Chunk, RejectLedger, Table, Timestamp};
use crate::tables::{Export, OutputDir, REPORT_FILE};

pub use asked::RequestRecord;
pub use assess::{AssessRequest, assess};
pub use engine::{Engine, EngineParams};
pub use evaluation::evaluation;
pub use inspect::{
    Inspection, InspectionReport, Quality, Survey, inspect, inspection_text, survey,
};
pub use nightly::{
    Late, NightReport, NightRequest, Replaced, alerts_since, changes_since, nightly,
};
pub use progress::{Progress, Silent, Step};
pub use report::report;
pub use results::{Explained, Results, accounts, dossier, explain};
pub use run::{
    Failure, InputRecord, ReferenceRecord, RowTotals, RunJson, SpanRecord, StageTime, Vitals,
};
pub use summary::summary;
pub use targets::{Kind, Reads, guard_distinct, guard_new_folder};

use coverage::Coverage;
use run::Stopwatch;

/// What to scan, and where to put the result.
#[derive(Clone, Debug)]
pub struct ScanRequest {
    /// Files, folders and patterns.
    pub inputs: Vec<PathBuf>,
    /// The folder for the result.
    pub out: PathBuf,
    /// The form of the inputs.
    pub format: Format,
    /// Events from this instant on.
    pub from: Option<Timestamp>,
    /// Events before this instant.
    pub to: Option<Timestamp>,
    /// Events inside this box.
    pub bbox: Option<BoundingBox>,
    /// Events inside the polygons of this GeoJSON file.
    pub area: Option<PathBuf>,
    /// A register of ships: CSV with class and deadweight by IMO number or MMSI.
    pub registry: Option<PathBuf>,
    /// Lists of ships, beside the one that is built in.
    pub watchlists: Vec<PathBuf>,
    /// GeoJSON files of zones besides those that are built in.
    pub zones: Vec<PathBuf>,
    /// Where to write rejected rows with file and line.
    pub rejects: Option<PathBuf>,
    /// Number of threads; `None` takes one for every processor, of many more than there are processors not all are started.
    pub threads: Option<NonZeroUsize>,
    /// What counts as now: rows of later than the next day are rejected as `future`.
    pub clock: Timestamp,
}

impl ScanRequest {
    /// Everything in these inputs, as of now.
    pub fn new(inputs: Vec<PathBuf>, out: impl Into<PathBuf>) -> Self {
        Self {
            inputs,
            out: out.into(),
            format: Format::Auto,
            from: None,
            to: None,
            bbox: None,
            area: None,
            registry: None,
            watchlists: Vec::new(),
            zones: Vec::new(),
            rejects: None,
            threads: None,
            clock: now(),
        }
    }

    /// Refuses a request that makes no sense.
    ///
    /// # Errors
    /// If there is no input, or the time asked for is empty.
    pub fn validate(&self) -> Result<(), Error> {
        if self.inputs.is_empty() {
            return Err(Error::Request {
                flag: "INPUT",
                reason: "no input given; name at least one file, folder or pattern".to_owned(),
            });
        }
        if let (Some(from), Some(to)) = (self.from, self.to)
            && from >= to
        {
            return Err(Error::Request {
                flag: "--to",
                reason: format!("{to} is not after --from {from}; the end itself is not included"),
            });
        }
        Ok(())
    }
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    Timestamp(since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
}

/// What a scan found and how it went.
#[derive(Clone, Debug)]
pub struct ScanReport {
    /// What `run.json` holds.
    pub run: RunJson,
    /// The tables as written.
    pub tables: Vec<Table>,
    /// The folder in which they stand.
    pub out: PathBuf,
}

impl ScanReport {
    /// How the process should end.
    pub fn exit(&self) -> Exit {
        if self.run.failures().next().is_some() {
            Exit::Partly
        } else {
            Exit::Done
        }
    }
}

/// A sealed UTC day in parts, in order.
pub type Day = Box<dyn Iterator<Item = Chunk> + Send>;

/// Where the rows of a run come from: sealed UTC days in order.
pub trait Source {
    /// How many days will come.
    fn days(&self) -> u64;

    /// The next day; `None` after the last.
    fn next_day(&mut self) -> Option<Result<Day, Error>>;

    /// Every file that was looked at, also those that could not be read.
    fn inputs(&self) -> Vec<InputRecord>;

    /// Is told that the result stands: what was only kept in case lets its file appear now.
    ///
    /// # Errors
    /// If it can't; the result stands all the same.
    fn finish(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

/// All stages together, as the driver sees them.
pub trait Detector {
    /// Takes in the next day, part by part.
    ///
    /// # Errors
    /// If a stage fails.
    fn step(&mut self, day: &mut (dyn Iterator<Item = Chunk> + Send)) -> Result<(), Error>;

    /// Bytes of state carried into the next day.
    ///
    /// # Errors
    /// If the state can't be written as bytes.
    fn state_bytes(&self) -> Result<u64, Error>;

    /// Rows that the stages set aside (outliers, duplicates).
    fn rejects(&self) -> RejectLedger {
        RejectLedger::default()
    }

    /// Ships left out of the search for pairs, by reason, counted once a slot.
    fn excluded(&self) -> BTreeMap<String, u64> {
        BTreeMap::new()
    }

    /// Reference data that was used.
    fn reference(&self) -> Vec<ReferenceRecord> {
        Vec::new()
    }

    /// Keeps the facts in the folder, judges them and gives out every table.
    ///
    /// # Errors
    /// If the facts can't be written.
    fn assess(self: Box<Self>, folder: &mut OutputDir) -> Result<Vec<Table>, Error>;
}

/// Reads the inputs, finds and judges events, and writes the result.
///
/// # Errors
/// If the request or configuration makes no sense, nothing can be read, or the result can't be written.
/// Nothing has been changed then. An input that can't be read while others can is no error: see
/// [`ScanReport::exit`].
pub fn scan(
    config: &Config,
    request: &ScanRequest,
    progress: &dyn Progress,
) -> Result<ScanReport, Error> {
    config.validate()?;
    request.validate()?;
    request.guard()?;
    OutputDir::rehearse(&request.out)?;
    on_threads(request.threads, || {
        let mut watch = Stopwatch::start();
        // First what may be refused at once: lists, zones, areas.
        let judge = wiring::Judge::new(config, request, progress)?;
        let mut source = wiring::open(config, request, progress)?;
        watch.lap(Step::Read);
        let detector = wiring::detector(config, judge);
        drive(config, request, source.as_mut(), detector, watch, progress)
    })
}

/// Most threads that may be asked for.
pub const MOST_THREADS: usize = 1024;

/// Threads that are started at most: for each processor so many, beyond which they only wait for each other.
fn useful_threads() -> usize {
    std::thread::available_parallelism()
        .map_or(1, NonZeroUsize::get)
        .saturating_mul(4)
        .max(16)
}

/// Runs a job on its own threads, if a number of them is asked for.
fn on_threads<T: Send>(
    threads: Option<NonZeroUsize>,
    job: impl FnOnce() -> Result<T, Error> + Send,
) -> Result<T, Error> {
    let Some(threads) = threads else {
        return job();
    };
    let threads = threads.get().min(useful_threads());
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|source| Error::Threads { threads, source })?
        .install(job)
}

/// Every failure in words.
fn failures_of<'a>(inputs: impl IntoIterator<Item = &'a InputRecord>) -> Vec<String> {
    let failures = inputs.into_iter().filter_map(InputRecord::failure);
    failures.map(|failure| failure.to_string()).collect()
}

/// What is said where longitudes and latitudes may be exchanged.
const EXCHANGED: &str = "most positions lie more than 10 km inside land, and would not if longitude and latitude were exchanged; check \
     which columns of the inputs they are read from";

/// Steps a detector through a source and writes what it found.
fn drive(
    config: &Config,
    request: &ScanRequest,
    source: &mut dyn Source,
    mut detector: Box<dyn Detector + '_>,
    mut watch: Stopwatch,
    progress: &dyn Progress,
) -> Result<ScanReport, Error> {
    let inputs = source.inputs();
    if !inputs.is_empty() && inputs.iter().all(InputRecord::is_useless) {
        return Err(Error::NothingRead {
            failures: failures_of(&inputs),
        });
    }
    for failure in inputs.iter().filter_map(InputRecord::failure) {
        progress.warn(&failure.to_string());
    }
    for input in &inputs {
        if let Some(note) = &input.note {
            progress.warn(&format!("{}: {note}", input.name()));
        }
    }

    progress.begin(Step::Detect, Some(source.days()));
    let mut peak_state = 0;
    let mut coverage = Coverage::new();
    while let Some(day) = source.next_day() {
        let mut rows = 0;
        let mut counted = day?.inspect(|part| rows += coverage.add(part));
        detector.step(&mut counted)?;
        peak_state = peak_state.max(detector.state_bytes()?);
        progress.advance(1, rows);
    }
    progress.end();
    if coverage.seems_exchanged(Gazetteer::builtin()) {
        progress.warn(EXCHANGED);
    }
    watch.lap(Step::Detect);

    progress.begin(Step::Assess, None);
    let set_aside = detector.rejects();
    let excluded = detector.excluded();
    let reference = detector.reference();
    let mut folder = OutputDir::create(&request.out)?;
    let tables = detector.assess(&mut folder)?;
    progress.end();
    watch.lap(Step::Assess);

    let mut run = RunJson::new(
        config, request, inputs, &set_aside, excluded, reference, &tables,
    );
    run.coverage = coverage.cells();
    write(&mut folder, &tables, &run, config, progress)?;
    watch.lap(Step::Write);
    run.files = folder.files().to_vec();
    run.run = watch.vitals(peak_state);
    let out = folder.commit(&run.to_json())?;
    source.finish()?;
    Ok(ScanReport { run, tables, out })
}

/// Writes the result in every format that is asked for; `run` as far as it is known before.
fn write(
    folder: &mut OutputDir,
    tables: &[Table],
    run: &RunJson,
    config: &Config,
    progress: &dyn Progress,
) -> Result<(), Error> {
    let formats = &config.tables.export;
    progress.begin(Step::Write, Some(tables.len() as u64));
    let page = || {
        let wanted = formats.contains(&Export::Html);
        wanted.then(|| report::page(&run.to_value(), tables))
    };
    let files = || -> Result<(), Error> {
        for table in tables {
            folder.write_table(table, formats)?;
            progress.advance(1, table.len() as u64);
        }
        folder.write_maps(tables, formats)?;
        Ok(())
    };
    let (written, page) = rayon::join(files, page);
    written?;
    if let Some(page) = page {
        folder.write_text(REPORT_FILE, &page)?;
    }
    progress.end();
    Ok(())
}
