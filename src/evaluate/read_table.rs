//! Reads tables of events, Parquet or CSV, line by line.

use std::path::{Path, PathBuf};

use polars::prelude::{AnyValue, Column, ParquetReader, PolarsError, SerReader};

use super::EvaluateError;
use super::read_truth::{Line, open};
use crate::lengths::{check_parquet, guarded};
use crate::model::Timestamp;

/// The columns that are read.
pub(super) struct Columns {
    /// Without which nothing goes.
    pub needed: &'static [&'static str],
    /// May be missing.
    pub others: &'static [&'static str],
}

/// The file of a table: in a scan's folder the one of this name, else the file itself.
pub(super) fn find(path: &Path, table: &str) -> Option<PathBuf> {
    if !path.is_dir() {
        return Some(path.to_owned());
    }
    let names = ["parquet", "csv"].map(|form| path.join(format!("{table}.{form}")));
    names.into_iter().find(|file| file.is_file())
}

/// Reads every row of a file.
pub(super) fn read<T>(
    file: &Path,
    columns: &Columns,
    row: impl Fn(&Line) -> Result<T, EvaluateError>,
) -> Result<Vec<T>, EvaluateError> {
    if file.extension().is_some_and(|e| e == "parquet") {
        parquet(file, columns, row)
    } else {
        comma_separated(file, columns, row)
    }
}

fn comma_separated<T>(
    path: &Path,
    columns: &Columns,
    row: impl Fn(&Line) -> Result<T, EvaluateError>,
) -> Result<Vec<T>, EvaluateError> {
    let (mut reader, header) = open(path, columns.needed)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| unreadable(path, &e))?;
        rows.push(row(&Line {
            path,
            header: &header,
            record: &record,
            line: record.position().map_or(0, csv::Position::line),
        })?);
    }
    Ok(rows)
}

fn unreadable(path: &Path, reason: &impl ToString) -> EvaluateError {
    EvaluateError::Unreadable {
        path: path.to_owned(),
        reason: reason.to_string(),
    }
}

/// A cell of a frame as text, as it would stand in CSV; times in milliseconds become ISO 8601.
fn cell(column: &Column, i: usize) -> Option<String> {
    use polars::prelude::TimeUnit::{Microseconds, Milliseconds, Nanoseconds};
    let instant = |v: i64, unit| {
        let ms = match unit {
            Nanoseconds => v.div_euclid(1_000_000),
            Microseconds => v.div_euclid(1000),
            Milliseconds => v,
        };
        Timestamp(ms).to_string()
    };
    match column.get(i).ok()? {
        AnyValue::Null => None,
        AnyValue::String(s) => Some(s.to_owned()),
        AnyValue::StringOwned(s) => Some(s.to_string()),
        AnyValue::Datetime(v, unit, _) => Some(instant(v, unit)),
        AnyValue::DatetimeOwned(v, unit, _) => Some(instant(v, unit)),
        other => Some(other.to_string()),
    }
}

fn parquet<T>(
    path: &Path,
    columns: &Columns,
    row: impl Fn(&Line) -> Result<T, EvaluateError>,
) -> Result<Vec<T>, EvaluateError> {
    let file = std::fs::File::open(path).map_err(|e| unreadable(path, &e))?;
    let names: Vec<&str> = columns
        .needed
        .iter()
        .chain(columns.others)
        .copied()
        .collect();
    let read = || {
        check_parquet(&file, |name| names.contains(&name))?;
        let there = ParquetReader::new(file.try_clone()?).schema()?;
        let there: Vec<String> = there.iter_names().map(|name| name.to_string()).collect();
        let is_read = |name: &&String| names.contains(&name.as_str());
        let frame = ParquetReader::new(file)
            .with_columns(Some(there.iter().filter(is_read).cloned().collect()))
            .finish()?;
        Ok((frame, there))
    };
    let (frame, there) = guarded(read).map_err(|e: PolarsError| unreadable(path, &e))?;
    let column = |name: &str| frame.column(name).ok();
    if let Some(missing) = columns.needed.iter().find(|name| column(name).is_none()) {
        return Err(EvaluateError::NoColumn {
            path: path.to_owned(),
            column: missing,
            found: there.join(", "),
        });
    }
    let cells: Vec<Option<&Column>> = names.iter().map(|name| column(name)).collect();
    let header = csv::StringRecord::from(names);
    (0..frame.height())
        .map(|i| {
            let record: csv::StringRecord = cells
                .iter()
                .map(|c| c.and_then(|c| cell(c, i)).unwrap_or_default())
                .collect();
            row(&Line {
                path,
                header: &header,
                record: &record,
                line: i as u64 + 1,
            })
        })
        .collect()
}
