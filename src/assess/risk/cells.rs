//! Cells of finished rows by name; `None` where the column is null or the table has none of that name.

use crate::model::{LonLat, Row, Timestamp, Value};

pub(super) fn text<'r>(row: &'r Row, column: &str) -> Option<&'r str> {
    match row.get(column) {
        Value::Text(text) => Some(text),
        _ => None,
    }
}

pub(super) fn number(row: &Row, column: &str) -> Option<f64> {
    match row.get(column) {
        Value::Decimal(v) => Some(*v),
        Value::Int(v) => Some(*v as f64),
        _ => None,
    }
}

pub(super) fn mmsi(row: &Row, column: &str) -> Option<u32> {
    match row.get(column) {
        Value::Int(v) => u32::try_from(*v).ok(),
        _ => None,
    }
}

pub(super) fn is_true(row: &Row, column: &str) -> bool {
    *row.get(column) == Value::Bool(true)
}

pub(super) fn time(row: &Row, column: &str) -> Option<Timestamp> {
    match row.get(column) {
        Value::Time(t) => Some(*t),
        _ => None,
    }
}

pub(super) fn place(row: &Row, lat: &str, lon: &str) -> Option<LonLat> {
    LonLat::from_degrees(number(row, lon)?, number(row, lat)?)
}
