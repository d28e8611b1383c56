//! Tables as Parquet, for programs.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use polars::io::parquet::write::BatchedWriter;
use polars::prelude::*;
use rayon::prelude::*;

use super::geometry::{has_place, may_be_line, shape};
use super::{TableError, cell};
use crate::model::table::Row;
use crate::model::{self, ColumnType, TableSchema, Value};

/// Rows per row group: cut by count alone, so that equal rows give equal bytes.
pub(super) const ROW_GROUP_ROWS: usize = 131_072;

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

/// A table that is being written.
pub(super) struct ParquetFile {
    path: PathBuf,
    schema: &'static TableSchema,
    writer: BatchedWriter<BufWriter<File>>,
}

impl ParquetFile {
    /// A file without rows.
    pub(super) fn create(path: PathBuf, of: &'static TableSchema) -> Result<Self, TableError> {
        let place = has_place(of);
        let mut schema = Schema::from_iter(
            of.columns
                .iter()
                .map(|c| Field::new(PlSmallStr::from_static(c.name), data_type(c.kind))),
        );
        if place {
            schema.insert(PlSmallStr::from_static(GEOMETRY), DataType::Binary);
        }
        let file = File::create(&path).map_err(|source| TableError::Write {
            path: path.clone(),
            source,
        })?;
        let writer = ParquetWriter::new(BufWriter::new(file))
            .with_compression(ParquetCompression::Zstd(None))
            .with_statistics(StatisticsOptions::full())
            // On the caller's thread: polars would start a thread per processor, whatever --threads says.
            .set_parallel(false)
            .with_key_value_metadata(place.then(|| geo_metadata(of)))
            .batched(&schema)
            .map_err(|source| TableError::Encode {
                path: path.clone(),
                source,
            })?;
        Ok(Self {
            path,
            schema: of,
            writer,
        })
    }

    fn fail(&self, source: PolarsError) -> TableError {
        TableError::Encode {
            path: self.path.clone(),
            source,
        }
    }

    /// Writes the next rows as a group: [`ROW_GROUP_ROWS`] of them, but for the last ones.
    pub(super) fn write(&mut self, rows: &[Row]) -> Result<(), TableError> {
        let columns = self.schema.columns.par_iter().enumerate();
        let mut columns: Vec<Column> = columns
            .map(|(place, column)| series(column, place, rows).into())
            .collect();
        if has_place(self.schema) {
            columns.push(geometries(rows).into());
        }
        DataFrame::new(rows.len(), columns)
            .and_then(|frame| self.writer.write_batch(&frame))
            .map_err(|source| self.fail(source))
    }

    /// Ends the file.
    pub(super) fn finish(self) -> Result<(), TableError> {
        let ended = self.writer.finish();
        ended.map(|_| ()).map_err(|source| self.fail(source))
    }
}
