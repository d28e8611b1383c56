//! Cells of finished rows that mean more than one value; `None` where a column is null or the table has none of that name.

use crate::model::{LonLat, Row, Value};

pub(super) fn is_true(row: &Row, column: &str) -> bool {
    *row.get(column) == Value::Bool(true)
}

pub(super) fn place(row: &Row, lat: &str, lon: &str) -> Option<LonLat> {
    LonLat::from_degrees(row.number(lon)?, row.number(lat)?)
}
