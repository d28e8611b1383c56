//! Reads tables of encounters.

use std::path::Path;

use super::EvaluateError;
use super::read_table::{Columns, find, read};
use super::read_truth::{Line, MMSI, NUMBER, TIME, mmsi, number};
use crate::model::{Row, Table, Timestamp};

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

const COLUMNS: Columns = Columns {
    needed: &["mmsi_1", "mmsi_2", "start", "end"],
    others: &[
        "event_id",
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

impl Reported {
    /// The rows of a table of encounters in memory; rows without parties or times are left out.
    pub fn from_table(table: &Table) -> Vec<Self> {
        table.rows().iter().filter_map(Self::from_row).collect()
    }

    fn from_row(row: &Row) -> Option<Self> {
        let text_of = |name| row.text(name).map(str::to_owned);
        Some(Self {
            id: text_of("event_id").unwrap_or_default(),
            mmsi: ordered(row.mmsi("mmsi_1")?, row.mmsi("mmsi_2")?),
            start: row.time("start")?,
            end: row.time("end")?,
            kind: text_of("kind"),
            volume_bbl: row.number("volume_bbl"),
            volume_range_bbl: both(row.number("volume_low_bbl"), row.number("volume_high_bbl")),
            volume_t: row.number("volume_t"),
            volume_method: text_of("volume_method"),
            direction: both(row.mmsi("from_mmsi"), row.mmsi("to_mmsi")),
        })
    }
}

fn both<T>(a: Option<T>, b: Option<T>) -> Option<[T; 2]> {
    Some([a?, b?])
}

fn ordered(a: u32, b: u32) -> [u32; 2] {
    [a.min(b), a.max(b)]
}

/// Reads `encounters.parquet` or `encounters.csv` of a scan's folder, or a file of either form.
///
/// # Errors
/// If there is no such file, it can't be read, a needed column is missing, or a cell can't be understood.
pub fn read_encounters(path: &Path) -> Result<Vec<Reported>, EvaluateError> {
    let Some(file) = find(path, "encounters") else {
        return Err(EvaluateError::NoTable {
            path: path.to_owned(),
        });
    };
    read(&file, &COLUMNS, reported)
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
