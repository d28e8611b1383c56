//! Reads truth files.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use super::EvaluateError;
use crate::model::{LonLat, Mmsi, Timestamp, Truth, TruthKind};

/// Cells of one line, by column name.
pub(super) struct Line<'a> {
    pub path: &'a Path,
    pub header: &'a csv::StringRecord,
    pub record: &'a csv::StringRecord,
    pub line: u64,
}

impl Line<'_> {
    /// The cell's text; `None` where it is empty or the column isn't there.
    pub(super) fn text(&self, column: &str) -> Option<&str> {
        let i = self.header.iter().position(|h| h.trim() == column)?;
        self.record.get(i).map(str::trim).filter(|s| !s.is_empty())
    }

    pub(super) fn wrong(&self, column: &'static str, value: &str, wanted: &str) -> EvaluateError {
        EvaluateError::Cell {
            path: self.path.to_owned(),
            line: self.line,
            column,
            value: value.to_owned(),
            wanted: wanted.to_owned(),
        }
    }

    /// The cell by a parser.
    pub(super) fn parsed<T>(
        &self,
        column: &'static str,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, EvaluateError> {
        self.text(column)
            .map(|text| parse(text).ok_or_else(|| self.wrong(column, text, wanted)))
            .transpose()
    }

    /// The cell by a parser; it must not be empty.
    pub(super) fn needed<T>(
        &self,
        column: &'static str,
        wanted: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Result<T, EvaluateError> {
        self.parsed(column, wanted, parse)?
            .ok_or_else(|| self.wrong(column, "", wanted))
    }
}

/// Wanted, for an MMSI.
pub(super) const MMSI: &str = "an MMSI (1 to 9 digits)";
/// Wanted, for an instant.
pub(super) const TIME: &str = "a time (2018-06-02T05:33:10Z, or without seconds, or a date)";
pub(super) const NUMBER: &str = "a number";

/// An MMSI.
pub(super) fn mmsi(text: &str) -> Option<u32> {
    text.parse().ok().and_then(Mmsi::new).map(Mmsi::number)
}

/// A finite number.
pub(super) fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|v: &f64| v.is_finite())
}

/// Whether the file is one of SQLite, as a GeoPackage is.
fn is_database(path: &Path) -> bool {
    let mut head = [0; 15];
    let read = std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && head == *b"SQLite format 3"
}

/// An instant at which something ends: of a date alone the end of the day.
fn end_of(text: &str) -> Option<Timestamp> {
    let instant = Timestamp::parse(text)?;
    Some(if text.contains(':') {
        instant
    } else {
        instant.day().end()
    })
}

/// Opens a CSV file with a header that has these columns.
pub(super) fn open(
    path: &Path,
    columns: &[&'static str],
) -> Result<(csv::Reader<std::fs::File>, csv::StringRecord), EvaluateError> {
    let unreadable = |reason: String| EvaluateError::Unreadable {
        path: path.to_owned(),
        reason,
    };
    let fail = |e: csv::Error| unreadable(e.to_string());
    if is_database(path) {
        let reason =
            "is a database and no CSV; of a result give its folder, or the store of the nights";
        return Err(unreadable(reason.to_owned()));
    }
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_path(path)
        .map_err(fail)?;
    let header = reader.headers().map_err(fail)?.clone();
    for column in columns {
        if !header.iter().any(|h| h.trim() == *column) {
            return Err(EvaluateError::NoColumn {
                path: path.to_owned(),
                column,
                found: header.iter().collect::<Vec<_>>().join(", "),
            });
        }
    }
    Ok((reader, header))
}

/// Reads a truth file. Needed columns: `kind`, `mmsi_1`, `mmsi_2`, `start`, `end`; the rest of
/// [`Truth::COLUMNS`] may be missing, others are passed over.
///
/// # Errors
/// If the file can't be read, a needed column is missing, a cell can't be understood or can't be true, or two rows have the
/// same name.
pub fn read_truth(path: &Path) -> Result<Vec<Truth>, EvaluateError> {
    let (mut reader, header) = open(path, &["kind", "mmsi_1", "mmsi_2", "start", "end"])?;
    let mut rows = Vec::new();
    let mut named: BTreeMap<String, u64> = BTreeMap::new();
    let mut record = csv::StringRecord::new();
    loop {
        let more = reader
            .read_record(&mut record)
            .map_err(|e| EvaluateError::Unreadable {
                path: path.to_owned(),
                reason: e.to_string(),
            })?;
        if !more {
            return Ok(rows);
        }
        let line = Line {
            path,
            header: &header,
            record: &record,
            line: record.position().map_or(0, csv::Position::line),
        };
        let row = truth(&line, rows.len())?;
        if line.text("truth_id").is_some()
            && let Some(before) = named.insert(row.id.clone(), line.line)
        {
            let wanted = format!("a name of its own: line {before} has it too");
            return Err(line.wrong("truth_id", &row.id, &wanted));
        }
        rows.push(row);
    }
}

fn truth(line: &Line, before: usize) -> Result<Truth, EvaluateError> {
    let kinds: Vec<_> = TruthKind::ALL.iter().map(|k| k.name()).collect();
    let wanted = format!("one of {}", kinds.join(", "));
    let number_of = |column| line.parsed(column, NUMBER, number);
    let within = |column, wanted, limit: f64| {
        line.parsed(column, wanted, |text| {
            number(text).filter(|v| v.abs() <= limit)
        })
    };
    let lat = within("lat", "a latitude from -90 to 90", 90.0)?;
    let lon = within("lon", "a longitude from -180 to 180", 180.0)?;
    let amount = |column| {
        line.parsed(column, "a number from 0 on", |text| {
            number(text).filter(|v| *v >= 0.0)
        })
    };
    let start = line.needed("start", TIME, Timestamp::parse)?;
    let until = format!("{TIME} that isn't before the start");
    // A date alone is its whole day, and so later than any instant in it.
    let end = line.needed("end", &until, |text| {
        let is_day = !text.contains(':');
        end_of(text).filter(|end| *end > start || (*end == start && !is_day))
    })?;
    let mmsi_1 = line.needed("mmsi_1", MMSI, mmsi)?;
    let other = format!("{MMSI} other than that of mmsi_1");
    let mmsi_2 = line.parsed("mmsi_2", &other, |text| {
        mmsi(text).filter(|mmsi| *mmsi != mmsi_1)
    })?;
    let both_heard_start = line.parsed("both_heard_start", TIME, Timestamp::parse)?;
    let both_heard_end = line.parsed("both_heard_end", TIME, end_of)?;
    let count = |column| line.parsed(column, "a count", |text| text.parse().ok());
    let own = |column| line.text(column).map(str::to_owned);
    Ok(Truth {
        id: own("truth_id").unwrap_or_else(|| format!("row {}", before + 1)),
        kind: line.needed("kind", &wanted, TruthKind::parse)?,
        mmsi_1,
        mmsi_2,
        start,
        end,
        place: lat
            .zip(lon)
            .and_then(|(lat, lon)| LonLat::from_degrees(lon, lat)),
        mode: own("mode"),
        hull_gap_m: number_of("hull_gap_m")?,
        volume_t: amount("volume_t")?,
        volume_bbl: amount("volume_bbl")?,
        product: own("product"),
        from_mmsi: line.parsed("from_mmsi", MMSI, mmsi)?,
        to_mmsi: line.parsed("to_mmsi", MMSI, mmsi)?,
        heard: [count("heard_1")?, count("heard_2")?],
        both_heard: both_heard_start.zip(both_heard_end),
        together_h: amount("together_h")?,
        notes: own("notes").unwrap_or_default(),
    })
}
