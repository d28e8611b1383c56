//! Tables as Parquet, for programs.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use polars::prelude::*;

use super::geometry::{has_place, may_be_line, shape};
use super::{TableError, cell};
use crate::model::table::Row;
use crate::model::{self, ColumnType, Table, TableSchema, Value};

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

/// Name of the column with the geometry.
const GEOMETRY: &str = "geometry";

/// The places of rows in well-known binary.
fn geometries(rows: &[Row]) -> Series {
    let shapes = rows.iter().map(|row| shape(row).map(|shape| shape.wkb()));
    BinaryChunked::from_iter_options(PlSmallStr::from_static(GEOMETRY), shapes).into_series()
}

/// What GeoParquet 1.1 wants to know of the column. Without `crs` it is OGC:CRS84: WGS 84, longitude first.
fn geo_metadata(schema: &TableSchema) -> KeyValueMetadata {
    let types: &[&str] = if may_be_line(schema) {
        &["Point", "MultiLineString"]
    } else {
        &["Point"]
    };
    let geo = serde_json::json!({
        "version": "1.1.0",
        "primary_column": GEOMETRY,
        "columns": { GEOMETRY: { "encoding": "WKB", "geometry_types": types } },
    });
    KeyValueMetadata::from_static(vec![("geo".to_owned(), geo.to_string())])
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
    let place = has_place(table.schema);
    let mut schema = Schema::from_iter(
        columns
            .iter()
            .map(|c| Field::new(PlSmallStr::from_static(c.name), data_type(c.kind))),
    );
    if place {
        schema.insert(PlSmallStr::from_static(GEOMETRY), DataType::Binary);
    }
    let mut file = BufWriter::new(File::create(path).map_err(fail_io)?);
    let mut writer = ParquetWriter::new(&mut file)
        .with_compression(ParquetCompression::Zstd(None))
        .with_statistics(StatisticsOptions::full())
        // On the caller's thread: polars would start a thread per processor, whatever --threads says.
        .set_parallel(false)
        .with_key_value_metadata(place.then(|| geo_metadata(table.schema)))
        .batched(&schema)
        .map_err(fail)?;
    for rows in table.batches(ROW_GROUP_ROWS) {
        let mut columns: Vec<Column> = columns
            .iter()
            .enumerate()
            .map(|(place, column)| series(column, place, &rows).into())
            .collect();
        if place {
            columns.push(geometries(&rows).into());
        }
        let frame = DataFrame::new(rows.len(), columns).map_err(fail)?;
        writer.write_batch(&frame).map_err(fail)?;
    }
    writer.finish().map_err(fail)?;
    drop(writer);
    file.flush().map_err(fail_io)
}
