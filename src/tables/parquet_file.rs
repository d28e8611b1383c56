//! Tables as Parquet, for programs.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use polars::prelude::*;

use super::{TableError, cell};
use crate::model::table::Row;
use crate::model::{self, ColumnType, Table, Value};

/// Rows per row group: cut by count alone, so that equal rows give equal bytes.
const ROW_GROUP_ROWS: usize = 131_072;

pub(super) fn time_type() -> DataType {
    DataType::Datetime(TimeUnit::Milliseconds, Some(TimeZone::UTC))
}

fn data_type(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Text => DataType::String,
        ColumnType::Int => DataType::Int64,
        ColumnType::Decimal(_) => DataType::Float64,
        ColumnType::Bool => DataType::Boolean,
        ColumnType::Time => time_type(),
    }
}

fn series(column: &model::Column, place: usize, rows: &[Row]) -> Series {
    let name = PlSmallStr::from_static(column.name);
    let cells = rows.iter().map(|row| {
        let value = &row.cells()[place];
        debug_assert!(
            cell::fits(value, column.kind),
            "column {} takes no {value:?}",
            column.name
        );
        value
    });
    match column.kind {
        ColumnType::Text => StringChunked::from_iter_options(
            name,
            cells.map(|v| match v {
                Value::Text(text) => Some(text.as_str()),
                _ => None,
            }),
        )
        .into_series(),
        ColumnType::Int => Int64Chunked::from_iter_options(
            name,
            cells.map(|v| match v {
                Value::Int(v) => Some(*v),
                _ => None,
            }),
        )
        .into_series(),
        ColumnType::Decimal(n) => {
            Float64Chunked::from_iter_options(name, cells.map(|v| cell::decimal(v, n)))
                .into_series()
        }
        ColumnType::Bool => BooleanChunked::from_iter_options(
            name,
            cells.map(|v| match v {
                Value::Bool(v) => Some(*v),
                _ => None,
            }),
        )
        .into_series(),
        ColumnType::Time => Int64Chunked::from_iter_options(
            name,
            cells.map(|v| match v {
                Value::Time(t) => Some(t.0),
                _ => None,
            }),
        )
        .into_datetime(TimeUnit::Milliseconds, Some(TimeZone::UTC))
        .into_series(),
    }
}

pub(super) fn write(path: &Path, table: &Table) -> Result<(), TableError> {
    let fail = |source| TableError::Encode {
        path: path.to_owned(),
        source,
    };
    let fail_io = |source| TableError::Write {
        path: path.to_owned(),
        source,
    };
    let columns = table.schema.columns;
    let schema = Schema::from_iter(
        columns
            .iter()
            .map(|c| Field::new(PlSmallStr::from_static(c.name), data_type(c.kind))),
    );
    let mut file = BufWriter::new(File::create(path).map_err(fail_io)?);
    let mut writer = ParquetWriter::new(&mut file)
        .with_compression(ParquetCompression::Zstd(None))
        .with_statistics(StatisticsOptions::full())
        // On the caller's thread: polars would start a thread per processor, whatever --threads says.
        .set_parallel(false)
        .batched(&schema)
        .map_err(fail)?;
    for rows in table.batches(ROW_GROUP_ROWS) {
        let columns = columns
            .iter()
            .enumerate()
            .map(|(place, column)| series(column, place, &rows).into())
            .collect();
        let frame = DataFrame::new(rows.len(), columns).map_err(fail)?;
        writer.write_batch(&frame).map_err(fail)?;
    }
    writer.finish().map_err(fail)?;
    drop(writer);
    file.flush().map_err(fail_io)
}
