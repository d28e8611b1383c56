//! Counts as reports publish them: so many calls and so many barrels in a period.

use std::path::Path;

use super::{Flow, Movement, Span, VolumesError};
use crate::model::Timestamp;

/// Reads published counts from a CSV with a header.
///
/// Columns: `start` and `end` (UTC; the end is not included), `calls`, `volume_bbl`; and, if known,
/// `volume_low_bbl`, `volume_high_bbl`, `mean_dwt_t`, `laden_fraction` (the share of the ships' capacity that the
/// volume rests on, as stated), `port`, `class`, `flag`. Others are passed over. A period's calls and barrels are
/// spread evenly over it.
///
/// # Errors
/// If the file can't be read, lacks a column, or a cell is no time or number.
pub fn read_published(path: &Path) -> Result<Vec<Movement>, VolumesError> {
    let unreadable = |e: csv::Error| VolumesError::Unreadable {
        path: path.to_owned(),
        reason: e.to_string(),
    };
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(path)
        .map_err(unreadable)?;
    let header = reader.headers().map_err(unreadable)?.clone();
    let mut movements = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(0, csv::Position::line);
        movements.push(
            Cells {
                path,
                header: &header,
                record: &record,
                line,
            }
            .movement()?,
        );
    }
    Ok(movements)
}

struct Cells<'a> {
    path: &'a Path,
    header: &'a csv::StringRecord,
    record: &'a csv::StringRecord,
    line: u64,
}

impl Cells<'_> {
    fn movement(&self) -> Result<Movement, VolumesError> {
        let (start, end) = (self.instant("start")?, self.instant("end")?);
        if end <= start {
            return Err(self.wrong("end", "a time after the start"));
        }
        let best = self.needed("volume_bbl")?;
        let low = self.number("volume_low_bbl")?.unwrap_or(best);
        let high = self.number("volume_high_bbl")?.unwrap_or(best);
        Ok(Movement {
            span: Span::Over(start, end),
            flow: Flow::PortCalls,
            count: self.needed("calls")?,
            dwt_t: self.number("mean_dwt_t")?,
            bbl: Some([low.min(best), best, high.max(best)]),
            class: self.text("class"),
            zone: self.text("port"),
            flag: self.text("flag"),
            watchlists: Vec::new(),
            product: None,
            capacity_bbl: None,
            basis: Some(self.text("laden_fraction").unwrap_or_default()),
        })
    }

    fn cell(&self, column: &str) -> Option<&str> {
        let i = self
            .header
            .iter()
            .position(|name| name.eq_ignore_ascii_case(column))?;
        self.record.get(i)
    }

    fn text(&self, column: &str) -> Option<String> {
        self.cell(column)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    }

    fn wrong(&self, column: &'static str, wanted: &'static str) -> VolumesError {
        match self.cell(column) {
            Some(value) => VolumesError::Cell {
                path: self.path.to_owned(),
                line: self.line,
                column,
                value: value.to_owned(),
                wanted,
            },
            None => VolumesError::NoColumn {
                path: self.path.to_owned(),
                column,
            },
        }
    }

    fn instant(&self, column: &'static str) -> Result<Timestamp, VolumesError> {
        self.cell(column)
            .and_then(Timestamp::parse)
            .ok_or_else(|| self.wrong(column, "a time such as 2018-01-01"))
    }

    fn number(&self, column: &'static str) -> Result<Option<f64>, VolumesError> {
        let Some(text) = self.text(column) else {
            return Ok(None);
        };
        match text.parse::<f64>() {
            Ok(v) if v.is_finite() && v >= 0.0 => Ok(Some(v)),
            _ => Err(self.wrong(column, "a number from 0")),
        }
    }

    fn needed(&self, column: &'static str) -> Result<f64, VolumesError> {
        self.number(column)?
            .ok_or_else(|| self.wrong(column, "a number from 0"))
    }
}
