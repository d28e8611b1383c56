//! The front door: all inputs read, and their days to be taken.

use std::path::PathBuf;

use super::error::IngestError;
use super::options::{Observer, Options};
use super::params::{Limits, Params};
use super::rejects::OrderedRejects;
use super::report::InputReport;
use super::run::{Outcome, run};
use super::store::{DayParts, Store};
use crate::model::{Chunk, RejectLedger, UtcDay};

/// Accepted rows of all inputs, by UTC day.
pub struct Archive {
    store: Store,
    inputs: Vec<InputReport>,
    results: Vec<PathBuf>,
    rejects: Option<OrderedRejects>,
}

/// Reads all inputs: files, folders (with the folders in them) and patterns (`data/*.csv`).
///
/// An input that can't be read is named in [`Archive::inputs`], the others are read all the same.
///
/// # Example
/// ```no_run
/// use alongside::ingest::{Options, Params, read};
/// use alongside::model::Timestamp;
///
/// let options = Options::at(Timestamp::parse("2026-11-24").unwrap());
/// let mut archive = read(&["data/2024".into()], &Params::default(), &options, &())?;
/// for input in archive.inputs() {
///     println!("{}: {} rows, {} rejected", input.name(), input.rows_read, input.rejects.total());
/// }
/// for day in archive.days() {
///     let chunk = archive.take(day)?;
///     println!("{day}: {} positions", chunk.positions.iter().map(Vec::len).sum::<usize>());
/// }
/// # Ok::<(), alongside::ingest::IngestError>(())
/// ```
///
/// # Errors
/// If there is no input, a parameter is out of range, or temporary files or the file of rejected rows
/// can't be written.
pub fn read(
    inputs: &[PathBuf],
    params: &Params,
    options: &Options,
    observer: &dyn Observer,
) -> Result<Archive, IngestError> {
    read_within(inputs, &params.limits()?, options, observer)
}

/// [`read`] with limits to the byte.
pub(crate) fn read_within(
    inputs: &[PathBuf],
    limits: &Limits,
    options: &Options,
    observer: &dyn Observer,
) -> Result<Archive, IngestError> {
    let Outcome {
        store,
        inputs,
        results,
        rejects,
    } = run(inputs, limits, options, observer)?;
    Ok(Archive {
        store,
        inputs,
        results,
        rejects,
    })
}

impl Archive {
    /// An archive of no inputs: every day of it is empty.
    ///
    /// # Errors
    /// If a parameter is out of range.
    pub fn empty(params: &Params) -> Result<Self, IngestError> {
        Ok(Self {
            store: Store::new(&params.limits()?),
            inputs: Vec::new(),
            results: Vec::new(),
            rejects: None,
        })
    }

    /// Days that hold rows and weren't taken yet, in order.
    pub fn days(&self) -> Vec<UtcDay> {
        self.store.days()
    }

    /// Number of positions of a day that weren't taken yet.
    pub fn rows_of(&self, day: UtcDay) -> usize {
        self.store.rows_of(day)
    }

    /// Takes a day's rows out, which frees their memory or their temporary files. A day without rows
    /// gives an empty chunk, so that every day of a stretch can be asked for.
    ///
    /// # Errors
    /// If temporary files can't be read back.
    pub fn take(&mut self, day: UtcDay) -> Result<Chunk, IngestError> {
        let mut parts = self.store.take(day)?;
        let mut whole = parts.next().unwrap_or_default();
        for part in parts {
            for (shard, rows) in whole.positions.iter_mut().zip(part.positions) {
                shard.extend(rows);
            }
            whole.complete_to = part.complete_to;
        }
        Ok(whole)
    }

    /// The same in parts, each of which frees its memory when it is taken.
    ///
    /// # Errors
    /// If temporary files can't be read back.
    pub fn take_parts(&mut self, day: UtcDay) -> Result<DayParts, IngestError> {
        self.store.take(day)
    }

    /// What became of each input, in order of their paths; inputs that weren't found come last.
    pub fn inputs(&self) -> &[InputReport] {
        &self.inputs
    }

    /// Folders among the inputs that were left out because they hold a result of this program.
    pub fn results(&self) -> &[PathBuf] {
        &self.results
    }

    /// Lets the file of rejected rows appear, if [`Options::keep_rejects`] names one; a second time does nothing. It is for the
    /// caller to say, who may have a result of his own that should stand first.
    ///
    /// # Errors
    /// If it can't be put there.
    pub fn publish_rejects(&mut self) -> Result<(), IngestError> {
        self.rejects.take().map_or(Ok(()), OrderedRejects::publish)
    }

    /// Rejected rows of all inputs, by reason.
    pub fn rejects(&self) -> RejectLedger {
        let mut all = RejectLedger::default();
        for input in &self.inputs {
            all.merge(&input.rejects);
        }
        all
    }

    /// Bytes of rows in memory, about.
    pub fn memory_bytes(&self) -> usize {
        self.store.bytes()
    }

    /// Bytes of rows that went to temporary files while reading.
    pub fn spilled_bytes(&self) -> u64 {
        self.store.spilled_bytes()
    }
}
