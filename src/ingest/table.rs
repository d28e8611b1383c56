//! Parquet and Arrow IPC tables with canonical column names, portion by portion.
//!
//! `mmsi, t, lon, lat` are needed; `t` is a date-time of any unit or whole milliseconds since the
//! epoch. `class` is `A` or `B` (or 0 and 1); lengths are in metres. What is null or a sentinel is no value.

use std::fs::File;

use polars::prelude::{
    ArrowSchema, DataFrame, DataType, IpcReader, ParquetReader, PolarsError, PolarsResult,
    SerReader, Series, TimeUnit,
};

use super::record::with_offsets;
use super::sink::{Reading, RowSink};
use super::value;
use crate::lengths::{check_ipc, check_parquet, guarded};
use crate::model::{AisClass, NavStatus, PositionReport, RejectReason, ShipType, StaticRecord};

/// Rows decoded at once.
const PORTION_ROWS: usize = 500_000;

/// Columns of a table that are read.
const COLUMNS: [&str; 21] = [
    "mmsi",
    "t",
    "lon",
    "lat",
    "sog_kn",
    "cog_deg",
    "heading_deg",
    "nav_status",
    "class",
    "imo",
    "name",
    "callsign",
    "ship_type",
    "length_m",
    "beam_m",
    "to_bow_m",
    "to_stern_m",
    "to_port_m",
    "to_starboard_m",
    "draught_m",
    "destination",
];

/// Columns without which there is nothing to read.
const NEEDED: [&str; 4] = ["mmsi", "t", "lon", "lat"];

/// Why a table can't be read.
pub(crate) enum TableFault {
    /// Columns are missing: which, and what there is.
    Missing(String, String),
    /// It is damaged.
    Damaged(String),
}

impl From<std::io::Error> for TableFault {
    fn from(error: std::io::Error) -> Self {
        Self::Damaged(error.to_string())
    }
}

impl From<PolarsError> for TableFault {
    fn from(error: PolarsError) -> Self {
        Self::Damaged(error.to_string())
    }
}

/// Reads a Parquet file; `after` is called after each portion.
pub(crate) fn read_parquet(
    file: &File,
    sink: &mut RowSink<'_>,
    after: &mut dyn FnMut(&mut RowSink<'_>) -> bool,
) -> Result<(), TableFault> {
    guarded(|| {
        let open = || Ok::<_, TableFault>(ParquetReader::new(file.try_clone()?));
        check_parquet(file, |name| COLUMNS.contains(&name))?;
        let mut first = open()?;
        let columns = wanted(&*first.schema()?)?;
        let groups = &first.get_metadata()?.row_groups;
        let rows: usize = groups.iter().map(|group| group.num_rows()).sum();
        // Whatever the groups are: reading takes each portion from the file's beginning, and thousands of small groups are
        // no thousands of portions.
        for at in (0..rows).step_by(PORTION_ROWS) {
            let frame = open()?
                .with_slice(Some((at, PORTION_ROWS.min(rows - at))))
                .with_columns(Some(columns.clone()))
                .finish()?;
            rows_of(&frame, at as u64, sink)?;
            if !after(sink) {
                return Ok(());
            }
        }
        Ok(())
    })
}

/// Reads an Arrow IPC file; `after` is called after each portion.
///
/// The wanted columns of the whole file are decoded at once: the reader can't skip record batches.
pub(crate) fn read_ipc(
    file: &File,
    sink: &mut RowSink<'_>,
    after: &mut dyn FnMut(&mut RowSink<'_>) -> bool,
) -> Result<(), TableFault> {
    guarded(|| {
        check_ipc(file)?;
        let columns = wanted(&*IpcReader::new(file.try_clone()?).schema()?)?;
        let frame = IpcReader::new(file.try_clone()?)
            .with_columns(Some(columns))
            .finish()?;
        let mut at = 0;
        while at < frame.height() {
            let portion = frame.slice(at as i64, PORTION_ROWS);
            rows_of(&portion, at as u64, sink)?;
            if !after(sink) {
                return Ok(());
            }
            at += PORTION_ROWS;
        }
        Ok(())
    })
}

fn wanted(schema: &ArrowSchema) -> Result<Vec<String>, TableFault> {
    let names: Vec<&str> = schema.iter_names().map(|n| n.as_str()).collect();
    let missing: Vec<&str> = NEEDED.into_iter().filter(|n| !names.contains(n)).collect();
    if missing.is_empty() {
        Ok(COLUMNS
            .iter()
            .filter(|c| names.contains(c))
            .map(|c| (*c).to_owned())
            .collect())
    } else {
        Err(TableFault::Missing(missing.join(", "), names.join(", ")))
    }
}

/// A column as one type; absent columns are all null.
struct Typed {
    ints: [Option<Series>; 10],
    floats: [Option<Series>; 8],
    texts: [Option<Series>; 4],
}

const INTS: [&str; 10] = [
    "mmsi",
    "t",
    "nav_status",
    "imo",
    "ship_type",
    "to_bow_m",
    "to_stern_m",
    "to_port_m",
    "to_starboard_m",
    "class",
];
const FLOATS: [&str; 8] = [
    "lon",
    "lat",
    "sog_kn",
    "cog_deg",
    "heading_deg",
    "length_m",
    "beam_m",
    "draught_m",
];
const TEXTS: [&str; 4] = ["name", "callsign", "destination", "class"];

impl Typed {
    fn new(frame: &DataFrame) -> PolarsResult<Self> {
        let series = |name: &str, to: &DataType| -> PolarsResult<Option<Series>> {
            let Ok(column) = frame.column(name) else {
                return Ok(None);
            };
            let series = column.as_materialized_series().rechunk();
            let series = match series.dtype() {
                DataType::Datetime(_, zone) => {
                    series.cast(&DataType::Datetime(TimeUnit::Milliseconds, zone.clone()))?
                }
                _ => series,
            };
            // What doesn't fit becomes null: a text in a column of numbers is no value.
            Ok(Some(series.cast(to).unwrap_or_else(|_| {
                Series::full_null(name.into(), series.len(), to)
            })))
        };
        let mut typed = Self {
            ints: Default::default(),
            floats: Default::default(),
            texts: Default::default(),
        };
        for (slot, name) in typed.ints.iter_mut().zip(INTS) {
            *slot = series(name, &DataType::Int64)?;
        }
        for (slot, name) in typed.floats.iter_mut().zip(FLOATS) {
            *slot = series(name, &DataType::Float64)?;
        }
        for (slot, name) in typed.texts.iter_mut().zip(TEXTS) {
            *slot = series(name, &DataType::String)?;
        }
        Ok(typed)
    }
}

/// Hands the rows of a frame to the sink; `before` rows of the file came earlier.
fn rows_of(frame: &DataFrame, before: u64, sink: &mut RowSink<'_>) -> Result<(), TableFault> {
    let typed = Typed::new(frame)?;
    let mut ints = [None; 10];
    for (slot, series) in ints.iter_mut().zip(&typed.ints) {
        *slot = series.as_ref().map(Series::i64).transpose()?;
    }
    let mut floats = [None; 8];
    for (slot, series) in floats.iter_mut().zip(&typed.floats) {
        *slot = series.as_ref().map(Series::f64).transpose()?;
    }
    let mut texts = [None; 4];
    for (slot, series) in texts.iter_mut().zip(&typed.texts) {
        *slot = series.as_ref().map(Series::str).transpose()?;
    }
    for i in 0..frame.height() {
        let int = |k: usize| ints[k].and_then(|c| c.get(i));
        let float = |k: usize| floats[k].and_then(|c| c.get(i)).filter(|v| v.is_finite());
        let text = |k: usize| texts[k].and_then(|c| c.get(i));
        if let Err(reason) = row(int, float, text, sink) {
            let show = |v: Option<String>| v.unwrap_or_default();
            let shown = format!(
                "{},{},{},{}",
                show(int(0).map(|v| v.to_string())),
                show(int(1).map(|v| v.to_string())),
                show(float(0).map(|v| v.to_string())),
                show(float(1).map(|v| v.to_string())),
            );
            sink.reject(before + i as u64 + 1, reason, shown.as_bytes());
        }
    }
    Ok(())
}

/// Rounded as it is kept, so that 359.999 degrees are 360, which is no course.
fn hundredths(value: f64) -> f32 {
    ((value * 100.0).round() / 100.0) as f32
}

fn row<'t>(
    int: impl Fn(usize) -> Option<i64>,
    float: impl Fn(usize) -> Option<f64>,
    text: impl Fn(usize) -> Option<&'t str>,
    sink: &mut RowSink<'_>,
) -> Result<(), RejectReason> {
    let mmsi = sink.vessel(int(0).and_then(|n| u32::try_from(n).ok()))?;
    let t = sink.time(int(1))?;
    let reading = match (float(0), float(1)) {
        (Some(lon), Some(lat)) if lon.abs() < 1e4 && lat.abs() < 1e4 => {
            Reading::from_e7((lon * 1e7).round() as i64, (lat * 1e7).round() as i64)
        }
        (None, None) => Reading::Missing,
        _ => Reading::Impossible,
    };
    let place = sink.place(t, reading)?;
    let words = |k: usize| text(k).and_then(|s| value::text(s.as_bytes()));
    let decimetres = |k: usize| {
        float(k)
            .map(|m| (m * 10.0).round())
            .filter(|dm| (1.0..=f64::from(u16::MAX)).contains(dm))
            .map(|dm| dm as u16)
    };
    let metres = |k: usize| int(k).and_then(|m| u16::try_from(m).ok());
    let record = StaticRecord {
        imo: int(3)
            .and_then(|n| u32::try_from(n).ok())
            .filter(|n| *n > 0),
        name: words(0),
        callsign: words(1),
        ship_type: int(4)
            .and_then(|n| u8::try_from(n).ok())
            .and_then(ShipType::new)
            .map(ShipType::code),
        length_dm: decimetres(5),
        beam_dm: decimetres(6),
        draught_dm: decimetres(7),
        destination: words(2),
        ..StaticRecord::default()
    };
    let record = with_offsets(record, [5, 6, 7, 8].map(metres));
    if place.is_none() && record.is_empty() {
        return Err(RejectReason::NoPosition);
    }
    if let Some(place) = place {
        let class = match (text(3).map(str::trim), int(9)) {
            (Some("A" | "a"), _) | (_, Some(0)) => Some(AisClass::A),
            (Some("B" | "b"), _) | (_, Some(1)) => Some(AisClass::B),
            _ => None,
        };
        let status = int(2)
            .and_then(|n| u8::try_from(n).ok())
            .and_then(NavStatus::new);
        let report = PositionReport::new(mmsi, 0, place)
            .with_sog_kn(float(2).map(hundredths))
            .with_cog_deg(float(3).map(hundredths))
            .with_heading_deg(float(4).map(hundredths))
            .with_nav_status(status)
            .with_class(class);
        sink.position(t, report);
    }
    if !record.is_empty() {
        sink.statics.add(mmsi.number(), t, record);
    }
    sink.accept(t);
    Ok(())
}
