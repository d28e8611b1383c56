//! Reads tables of encounters.

use std::path::Path;

use polars::prelude::{AnyValue, Column, DataFrame, ParquetReader, SerReader};

use super::EvaluateError;
use super::read_truth::{Line, MMSI, NUMBER, TIME, mmsi, number, open};
use crate::model::{Row, Timestamp, Value};

/// What is used of an encounter.
#[derive(Clone, Debug, PartialEq)]
pub struct Reported {
    /// Name of the event.
    pub id: String,
    /// The parties, smaller first.
    pub mmsi: [u32; 2],
    /// First contact.
    pub start: Timestamp,
    /// Last contact.
    pub end: Timestamp,
    /// What the detector calls it; `None` where it doesn't judge.
    pub kind: Option<String>,
    /// Volume moved, barrels.
    pub volume_bbl: Option<f64>,
    /// Least and greatest plausible volume, barrels.
    pub volume_range_bbl: Option<[f64; 2]>,
    /// Volume moved, tonnes.
    pub volume_t: Option<f64>,
    /// How the volume was estimated.
    pub volume_method: Option<String>,
    /// Giver and taker.
    pub direction: Option<[u32; 2]>,
}

impl Reported {
    /// The rows of a table of encounters in memory; rows without parties or times are left out.
    pub fn from_table(table: &crate::model::Table) -> Vec<Self> {
        table.rows().iter().filter_map(Self::from_row).collect()
    }

    fn from_row(row: &Row) -> Option<Self> {
        let party = |name| match row.get(name) {
            Value::Int(v) => u32::try_from(*v).ok(),
            _ => None,
        };
        let time = |name| match row.get(name) {
            Value::Time(t) => Some(*t),
            _ => None,
        };
        let text = |name| match row.get(name) {
            Value::Text(s) => Some(s.clone()),
            _ => None,
        };
        let decimal = |name| match row.get(name) {
            Value::Decimal(v) => Some(*v),
            Value::Int(v) => Some(*v as f64),
            _ => None,
        };
        Some(Self {
            id: text("event_id").unwrap_or_default(),
            mmsi: ordered(party("mmsi_1")?, party("mmsi_2")?),
            start: time("start")?,
            end: time("end")?,
            kind: text("kind"),
            volume_bbl: decimal("volume_bbl"),
            volume_range_bbl: both(decimal("volume_low_bbl"), decimal("volume_high_bbl")),
            volume_t: decimal("volume_t"),
            volume_method: text("volume_method"),
            direction: both(party("from_mmsi"), party("to_mmsi")),
        })
    }
}

fn both<T>(a: Option<T>, b: Option<T>) -> Option<[T; 2]> {
    Some([a?, b?])
}

fn ordered(a: u32, b: u32) -> [u32; 2] {
    [a.min(b), a.max(b)]
}

/// A table of a scan, and what is used of it.
pub(super) struct Table {
    pub name: &'static str,
    pub needed: &'static [&'static str],
    pub columns: &'static [&'static str],
}

const ENCOUNTERS: Table = Table {
    name: "encounters",
    needed: &["mmsi_1", "mmsi_2", "start", "end"],
    columns: &[
        "event_id",
        "mmsi_1",
        "mmsi_2",
        "start",
        "end",
        "kind",
        "volume_low_bbl",
        "volume_bbl",
        "volume_high_bbl",
        "volume_t",
        "volume_method",
        "from_mmsi",
        "to_mmsi",
    ],
};

/// Reads `encounters.parquet` or `encounters.csv` of a scan's folder, or a file of either form.
///
/// # Errors
/// If there is no such file, it can't be read, a needed column is missing, or a cell can't be understood.
pub fn read_encounters(path: &Path) -> Result<Vec<Reported>, EvaluateError> {
    if path.is_dir() {
        return lines_of(path, &ENCOUNTERS, reported)?.ok_or_else(|| EvaluateError::NoTable {
            path: path.to_owned(),
        });
    }
    lines(path, &ENCOUNTERS, reported)
}

/// The rows of a table of a scan's folder, Parquet before CSV; `None` where it isn't there.
pub(super) fn lines_of<T>(
    folder: &Path,
    table: &Table,
    make: impl Fn(&Line) -> Result<T, EvaluateError>,
) -> Result<Option<Vec<T>>, EvaluateError> {
    let files = ["parquet", "csv"].map(|form| folder.join(format!("{}.{form}", table.name)));
    let found = files.iter().find(|file| file.is_file());
    found.map(|file| lines(file, table, make)).transpose()
}

fn lines<T>(
    path: &Path,
    table: &Table,
    make: impl Fn(&Line) -> Result<T, EvaluateError>,
) -> Result<Vec<T>, EvaluateError> {
    if path.extension().is_some_and(|e| e == "parquet") {
        return parquet(path, table, make);
    }
    let (mut reader, header) = open(path, table.needed)?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| unreadable(path, &e))?;
        let line = Line {
            path,
            header: &header,
            record: &record,
            line: record.position().map_or(0, csv::Position::line),
        };
        rows.push(make(&line)?);
    }
    Ok(rows)
}

fn reported(line: &Line) -> Result<Reported, EvaluateError> {
    Ok(Reported {
        id: line.text("event_id").unwrap_or_default().to_owned(),
        mmsi: ordered(
            line.needed("mmsi_1", MMSI, mmsi)?,
            line.needed("mmsi_2", MMSI, mmsi)?,
        ),
        start: line.needed("start", TIME, Timestamp::parse)?,
        end: line.needed("end", TIME, Timestamp::parse)?,
        kind: line.text("kind").map(str::to_owned),
        volume_bbl: line.parsed("volume_bbl", NUMBER, number)?,
        volume_range_bbl: both(
            line.parsed("volume_low_bbl", NUMBER, number)?,
            line.parsed("volume_high_bbl", NUMBER, number)?,
        ),
        volume_t: line.parsed("volume_t", NUMBER, number)?,
        volume_method: line.text("volume_method").map(str::to_owned),
        direction: both(
            line.parsed("from_mmsi", MMSI, mmsi)?,
            line.parsed("to_mmsi", MMSI, mmsi)?,
        ),
    })
}

pub(super) fn unreadable(path: &Path, reason: &impl ToString) -> EvaluateError {
    EvaluateError::Unreadable {
        path: path.to_owned(),
        reason: reason.to_string(),
    }
}

/// A cell of a frame as text, as it would stand in CSV; times in milliseconds become ISO 8601.
pub(super) fn cell(column: &Column, i: usize) -> Option<String> {
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
    table: &Table,
    make: impl Fn(&Line) -> Result<T, EvaluateError>,
) -> Result<Vec<T>, EvaluateError> {
    let file = std::fs::File::open(path).map_err(|e| unreadable(path, &e))?;
    let frame: DataFrame = ParquetReader::new(file)
        .finish()
        .map_err(|e| unreadable(path, &e))?;
    let column = |name: &str| frame.column(name).ok();
    for name in table.needed {
        if column(name).is_none() {
            let found: Vec<_> = frame.columns().iter().map(|c| c.name().as_str()).collect();
            return Err(EvaluateError::NoColumn {
                path: path.to_owned(),
                column: name,
                found: found.join(", "),
            });
        }
    }
    let header = csv::StringRecord::from(table.columns.to_vec());
    let columns: Vec<_> = table.columns.iter().map(|name| column(name)).collect();
    (0..frame.height())
        .map(|i| {
            let record: csv::StringRecord = columns
                .iter()
                .map(|c| c.and_then(|c| cell(c, i)).unwrap_or_default())
                .collect();
            make(&Line {
                path,
                header: &header,
                record: &record,
                line: i as u64 + 1,
            })
        })
        .collect()
}
