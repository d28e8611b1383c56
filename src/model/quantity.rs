//! Unit factors, each in one place.

/// Metres in an international nautical mile (BIPM, SI brochure, 9th ed., table 8).
pub const METRES_PER_NAUTICAL_MILE: f64 = 1852.0;
/// Metres per second in a knot.
pub const MPS_PER_KNOT: f64 = METRES_PER_NAUTICAL_MILE / 3600.0;
/// Milliseconds in an hour.
pub const MS_PER_HOUR: i64 = 3_600_000;
/// Milliseconds in a day.
pub const MS_PER_DAY: i64 = 24 * MS_PER_HOUR;

/// Hours between two instants in milliseconds.
pub fn hours(ms: i64) -> f64 {
    ms as f64 / MS_PER_HOUR as f64
}
