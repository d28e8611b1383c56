//! Opening a result again.

use std::fs::File;
use std::path::{Path, PathBuf};

use polars::prelude::*;

use super::{FACTS_FILE, RUN_FILE, TableError, facts_file, parquet_file};
use crate::lengths::{check_parquet, guarded};
use crate::model::table::Row;
use crate::model::{self, ColumnType, Facts, Table, TableSchema, Timestamp, Value};

/// A folder that a scan wrote.
#[derive(Clone, Debug)]
pub struct Folder {
    path: PathBuf,
}

impl Folder {
    /// Opens a folder.
    ///
    /// # Errors
    /// If it holds no result.
    pub fn open(path: &Path) -> Result<Self, TableError> {
        if path.join(RUN_FILE).is_file() {
            Ok(Self {
                path: path.to_owned(),
            })
        } else {
            Err(TableError::NoResult {
                path: path.to_owned(),
            })
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The text of `run.json`.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn run(&self) -> Result<String, TableError> {
        let path = self.path.join(RUN_FILE);
        std::fs::read_to_string(&path).map_err(|source| TableError::Read { path, source })
    }

    /// Reads the facts that the scan kept.
    ///
    /// # Errors
    /// If the file is missing, damaged, or of another version.
    pub fn facts(&self) -> Result<Facts, TableError> {
        facts_file::read(&self.path.join(FACTS_FILE))
    }

    /// Reads a table from its Parquet file.
    ///
    /// # Errors
    /// If the file is missing, damaged, or has a column of another type.
    pub fn table(&self, schema: &'static TableSchema) -> Result<Table, TableError> {
        read_parquet(&self.path.join(format!("{}.parquet", schema.name)), schema)
    }
}

/// Reads a Parquet file as a table of this schema. Columns that the file lacks are null, columns that
/// the schema lacks are left out: versions may add columns.
///
/// # Errors
/// If the file is missing, damaged, or has a column of another type.
pub fn read_parquet(path: &Path, schema: &'static TableSchema) -> Result<Table, TableError> {
    let file = File::open(path).map_err(|source| TableError::Read {
        path: path.to_owned(),
        source,
    })?;
    let read = || {
        check_parquet(&file, |_| true)?;
        ParquetReader::new(file).set_rechunk(true).finish()
    };
    let frame = guarded(read).map_err(|source| TableError::Decode {
        path: path.to_owned(),
        source,
    })?;
    let mut rows = vec![Row::new(schema); frame.height()];
    for column in schema.columns {
        let Ok(found) = frame.column(column.name) else {
            continue;
        };
        let values = values(found.as_materialized_series(), column).ok_or_else(|| {
            TableError::ColumnType {
                path: path.to_owned(),
                column: column.name,
                found: found.dtype().to_string(),
                expected: expected(column.kind),
            }
        })?;
        for (row, value) in rows.iter_mut().zip(values) {
            row.set(column.name, value);
        }
    }
    Ok(Table::new(schema, rows))
}

fn expected(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text => "text",
        ColumnType::Int => "a 64-bit whole number",
        ColumnType::Decimal(_) => "a 64-bit decimal number",
        ColumnType::Bool => "true or false",
        ColumnType::Time => "a UTC time in milliseconds",
    }
}

/// The cells of a column; `None` if it has another type.
fn values(series: &Series, column: &model::Column) -> Option<Vec<Value>> {
    Some(match column.kind {
        ColumnType::Text => series.str().ok()?.iter().map(Value::from).collect(),
        ColumnType::Int => series.i64().ok()?.iter().map(Value::from).collect(),
        ColumnType::Decimal(_) => series.f64().ok()?.iter().map(Value::from).collect(),
        ColumnType::Bool => series.bool().ok()?.iter().map(Value::from).collect(),
        ColumnType::Time => {
            if *series.dtype() != parquet_file::time_type() {
                return None;
            }
            let times = series.datetime().ok()?;
            times
                .physical()
                .iter()
                .map(|ms| Value::from(ms.map(Timestamp)))
                .collect()
        }
    })
}
