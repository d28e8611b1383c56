//! Parquet and Arrow IPC tables, portion by portion.
//!
//! Columns are found by name, canonical or of the archives that are known (`names`); MMSI, time, longitude and latitude are
//! needed. A time is a date-time of any unit, a number since the epoch whose unit the column itself tells, or text with the
//! year first. What is null or a sentinel is no value.

mod cells;
mod columns;
mod times;

use std::fs::File;
use std::io::ErrorKind;

use polars::prelude::{DataFrame, IpcReader, ParquetReader, PolarsError, SerReader};

use super::names;
use super::sink::RowSink;
use crate::lengths::{check_ipc, check_parquet, guarded};
use cells::{Habits, Part, column};
use columns::{Columns, may_be_read};
use times::{Votes, is_number};

/// Rows decoded at once.
const PORTION_ROWS: usize = 500_000;

/// Why a table can't be read.
pub(crate) enum TableFault {
    /// Columns are missing: which, and what there is.
    Missing(String, String),
    /// It holds events, not rows of AIS.
    Events,
    /// It is whole, but holds what can't be read.
    Unsupported(String),
    /// It is damaged.
    Damaged(String),
}

/// What the decoder says of an Arrow file with a dictionary some of whose rows are null, as pandas writes it: it looks
/// at the keys of null rows too.
const NULL_KEYS: &str = "The dictionary key must fit";

impl From<std::io::Error> for TableFault {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            ErrorKind::Unsupported => Self::Unsupported(format!("{error}; save it with such")),
            _ => Self::Damaged(error.to_string()),
        }
    }
}

impl From<PolarsError> for TableFault {
    fn from(error: PolarsError) -> Self {
        let words = error.to_string();
        if words.contains(NULL_KEYS) {
            let reason = "a dictionary of it has nulls, which can't be read in this form; save it as Parquet";
            return Self::Unsupported(reason.to_owned());
        }
        Self::Damaged(words)
    }
}

/// What should be known of a table that was read.
type Note = Option<String>;

/// Reads a Parquet file; `after` is called after each portion.
pub(crate) fn read_parquet(
    file: &File,
    sink: &mut RowSink<'_>,
    after: &mut dyn FnMut(&mut RowSink<'_>) -> bool,
) -> Result<Note, TableFault> {
    guarded(|| {
        let open = || Ok::<_, TableFault>(ParquetReader::new(file.try_clone()?));
        check_parquet(file, may_be_read)?;
        let mut first = open()?;
        let columns = Columns::of(&*first.schema()?)?;
        let groups = &first.get_metadata()?.row_groups;
        let rows: usize = groups.iter().map(|group| group.num_rows()).sum();
        // Whatever the groups are: reading takes each portion from the file's beginning, and thousands of small groups are
        // no thousands of portions.
        let portion = |at: usize, wanted: Vec<String>| -> Result<DataFrame, TableFault> {
            Ok(open()?
                .with_slice(Some((at, PORTION_ROWS.min(rows - at))))
                .with_columns(Some(wanted))
                .finish()?)
        };
        let mut votes = Votes::default();
        for at in (0..rows).step_by(PORTION_ROWS) {
            let time = columns.name(&names::TIME).map(str::to_owned);
            let frame = portion(at, time.into_iter().collect())?;
            if !vote(&frame, &columns, sink, &mut votes)? {
                break;
            }
        }
        let habits = Habits::of(&columns, votes.unit());
        for at in (0..rows).step_by(PORTION_ROWS) {
            let frame = portion(at, columns.wanted())?;
            Part::new(&frame, &columns, habits)?.deliver(at as u64, sink);
            if !after(sink) {
                break;
            }
        }
        Ok(columns.note())
    })
}

/// Reads an Arrow IPC file; `after` is called after each portion.
///
/// The wanted columns of the whole file are decoded at once: the reader can't skip record batches.
pub(crate) fn read_ipc(
    file: &File,
    sink: &mut RowSink<'_>,
    after: &mut dyn FnMut(&mut RowSink<'_>) -> bool,
) -> Result<Note, TableFault> {
    guarded(|| {
        check_ipc(file)?;
        let columns = Columns::of(&*IpcReader::new(file.try_clone()?).schema()?)?;
        let frame = IpcReader::new(file.try_clone()?)
            .with_columns(Some(columns.wanted()))
            .finish()?;
        let mut votes = Votes::default();
        vote(&frame, &columns, sink, &mut votes)?;
        let habits = Habits::of(&columns, votes.unit());
        let mut at = 0;
        while at < frame.height() {
            let portion = frame.slice(at as i64, PORTION_ROWS);
            Part::new(&portion, &columns, habits)?.deliver(at as u64, sink);
            if !after(sink) {
                break;
            }
            at += PORTION_ROWS;
        }
        Ok(columns.note())
    })
}

/// Lets the times of a part vote on their unit; whether they have one to be found.
fn vote(
    frame: &DataFrame,
    columns: &Columns,
    sink: &RowSink<'_>,
    votes: &mut Votes,
) -> Result<bool, TableFault> {
    match column(frame, columns, &names::TIME)? {
        Some(times) if is_number(times.dtype()) => {
            votes.count(&times, sink)?;
            Ok(true)
        }
        _ => Ok(false),
    }
}
