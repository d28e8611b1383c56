//! Instants and UTC days.

use std::fmt;

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};

use super::quantity::MS_PER_DAY;

/// An instant: milliseconds since the Unix epoch, UTC.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Earlier than every instant that a reader accepts.
    pub const MIN: Self = Self(i64::MIN / 4);
    /// Later than every instant that a reader accepts; "nothing more will come".
    pub const MAX: Self = Self(i64::MAX / 4);

    /// This instant moved by `s` seconds.
    pub fn plus_s(self, s: i64) -> Self {
        Self(self.0 + s * 1000)
    }

    /// Seconds from `earlier` to this instant.
    pub fn seconds_since(self, earlier: Self) -> f64 {
        (self.0 - earlier.0) as f64 / 1000.0
    }

    /// Hours from `earlier` to this instant.
    pub fn hours_since(self, earlier: Self) -> f64 {
        super::quantity::hours(self.0 - earlier.0)
    }

    /// The UTC day that holds this instant.
    pub fn day(self) -> UtcDay {
        UtcDay(self.0.div_euclid(MS_PER_DAY) as i32)
    }

    /// Reads `2018-06-01`, `2018-06-01T05:30`, `2018-06-01T05:30:00[.fff][Z]` (a blank may stand for the `T`).
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().trim_end_matches('Z').replace(' ', "T");
        if let Ok(day) = NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
            return Some(Self(day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis()));
        }
        ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
            .iter()
            .find_map(|f| NaiveDateTime::parse_from_str(&text, f).ok())
            .map(|t| Self(t.and_utc().timestamp_millis()))
    }
}

/// ISO 8601, UTC, milliseconds: `2018-06-02T05:33:10.000Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(date) = self.day().date() else {
            return write!(f, "{} ms", self.0);
        };
        let ms = self.0.rem_euclid(MS_PER_DAY);
        let (s, ms) = (ms / 1000, ms % 1000);
        let (h, m, s) = (s / 3600, s / 60 % 60, s % 60);
        let year = date.year();
        if !(0..=9999).contains(&year) {
            return write!(f, "{date}T{h:02}:{m:02}:{s:02}.{ms:03}Z");
        }
        // Tables hold hundreds of thousands of instants: digit by digit is several times as fast.
        let mut text = *b"0000-00-00T00:00:00.000Z";
        let parts = [
            (4, i64::from(year)),
            (7, i64::from(date.month())),
            (10, i64::from(date.day())),
            (13, h),
            (16, m),
            (19, s),
            (23, ms),
        ];
        for (end, mut value) in parts {
            let mut at = end;
            while value > 0 {
                at -= 1;
                text[at] = b'0' + (value % 10) as u8;
                value /= 10;
            }
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

/// A UTC day: days since the Unix epoch.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
pub struct UtcDay(pub i32);

impl UtcDay {
    /// The first instant of the day.
    pub fn start(self) -> Timestamp {
        Timestamp(i64::from(self.0) * MS_PER_DAY)
    }

    /// The first instant after the day.
    pub fn end(self) -> Timestamp {
        Timestamp((i64::from(self.0) + 1) * MS_PER_DAY)
    }
}

impl UtcDay {
    fn date(self) -> Option<NaiveDate> {
        NaiveDate::from_epoch_days(self.0)
    }
}

impl fmt::Display for UtcDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.date() {
            Some(date) => write!(f, "{date}"),
            None => write!(f, "day {}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_print_and_parse() {
        let t = Timestamp::parse("2018-06-02 05:33:10").unwrap();
        assert_eq!(t.to_string(), "2018-06-02T05:33:10.000Z");
        assert_eq!(Timestamp::parse("2018-06-02T05:33:10.000Z"), Some(t));
        assert_eq!(t.day().to_string(), "2018-06-02");
        assert_eq!(Timestamp::parse("2018-06-02"), Some(t.day().start()));
        assert_eq!(Timestamp::parse("02/06/2018"), None);
        assert_eq!(Timestamp(-1).day(), UtcDay(-1));
    }
}
