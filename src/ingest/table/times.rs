//! Times of a table: date-times, numbers since the epoch, or text.

use polars::prelude::{DataType, PolarsResult, Series, TimeUnit};

use crate::ingest::sink::RowSink;
use crate::ingest::value::{DateOrder, instant_ms};

/// Units of numbers since the epoch, with milliseconds first: what the manual asks for stands where nothing tells.
const UNITS: [Unit; 4] = [
    Unit::Milliseconds,
    Unit::Seconds,
    Unit::Microseconds,
    Unit::Nanoseconds,
];

/// The unit of numbers since the epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

impl Unit {
    fn whole_ms(self, n: i64) -> i64 {
        match self {
            Self::Seconds => n.saturating_mul(1000),
            Self::Milliseconds => n,
            Self::Microseconds => n.div_euclid(1000),
            Self::Nanoseconds => n.div_euclid(1_000_000),
        }
    }

    fn decimal_ms(self, v: f64) -> Option<i64> {
        let ms = match self {
            Self::Seconds => v * 1e3,
            Self::Milliseconds => v,
            Self::Microseconds => v / 1e3,
            Self::Nanoseconds => v / 1e6,
        };
        (ms.abs() < 9e17).then_some(ms.round() as i64)
    }
}

/// How many values of a column would be possible times, by unit. The years of AIS in one unit are none in another, so the
/// column itself says its unit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Votes([u64; UNITS.len()]);

impl Votes {
    /// Counts the values of a part of the column.
    pub(super) fn count(&mut self, times: &Series, sink: &RowSink<'_>) -> PolarsResult<()> {
        for (votes, unit) in self.0.iter_mut().zip(UNITS) {
            let instants = numbers(times, unit)?;
            let possible = instants.into_iter().filter(|ms| sink.time(*ms).is_ok());
            *votes += possible.count() as u64;
        }
        Ok(())
    }

    /// The unit in which most are possible.
    pub(super) fn unit(self) -> Unit {
        let most = self.0.iter().max().copied().unwrap_or(0);
        let votes = self.0.iter().position(|n| *n == most);
        UNITS[votes.unwrap_or(0)]
    }
}

/// Whether a column holds numbers, so that their unit must be found first.
pub(super) fn is_number(kind: &DataType) -> bool {
    kind.is_primitive_numeric()
}

/// The instants of a column, milliseconds since the epoch; `None` where there is none.
pub(super) fn instants(
    times: &Series,
    unit: Unit,
    order: DateOrder,
) -> PolarsResult<Vec<Option<i64>>> {
    match times.dtype() {
        DataType::Datetime(_, zone) => {
            let to = DataType::Datetime(TimeUnit::Milliseconds, zone.clone());
            let ms = times.cast(&to)?.cast(&DataType::Int64)?;
            Ok(ms.i64()?.iter().collect())
        }
        DataType::String => {
            let texts = times.str()?.iter();
            Ok(texts
                .map(|text| text.and_then(|text| instant_ms(text.as_bytes(), order)))
                .collect())
        }
        kind if is_number(kind) => numbers(times, unit),
        // A day without an hour, or no time at all.
        _ => Ok(vec![None; times.len()]),
    }
}

fn numbers(times: &Series, unit: Unit) -> PolarsResult<Vec<Option<i64>>> {
    if times.dtype().is_float() {
        let values = times.cast(&DataType::Float64)?;
        let values = values.f64()?.iter();
        return Ok(values
            .map(|v| v.filter(|v| v.is_finite()).and_then(|v| unit.decimal_ms(v)))
            .collect());
    }
    let values = times.cast(&DataType::Int64)?;
    let values = values.i64()?.iter();
    Ok(values.map(|v| v.map(|n| unit.whole_ms(n))).collect())
}
