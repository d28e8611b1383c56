//! The value that both formats write for a cell.

use crate::model::{ColumnType, Row, Value, text};

/// A number rounded to so many decimals; what isn't finite is no value, and there is no negative zero.
pub(super) fn rounded(value: f64, decimals: u8) -> Option<f64> {
    if !value.is_finite() {
        return None;
    }
    let result = text::rounded(value, i32::from(decimals));
    Some(if result == 0.0 { 0.0 } else { result })
}

/// The number of a decimal cell, as written.
pub(super) fn decimal(value: &Value, decimals: u8) -> Option<f64> {
    match value {
        Value::Decimal(v) => rounded(*v, decimals),
        Value::Int(v) => rounded(*v as f64, decimals),
        _ => None,
    }
}

/// The cell as it reads after a round trip: rounded, and null where it doesn't fit its column.
pub(super) fn canonical(value: &Value, kind: ColumnType) -> Value {
    match (kind, value) {
        (ColumnType::Decimal(n), v) => decimal(v, n).map_or(Value::Null, Value::Decimal),
        (kind, v) if fits(v, kind) => v.clone(),
        _ => Value::Null,
    }
}

/// A row as every table writes it, with the decimals of its columns.
pub fn as_written(row: &Row) -> Row {
    let cells = row.cells().iter().zip(row.schema().columns);
    let cells = cells.map(|(value, column)| canonical(value, column.kind));
    Row::of(row.schema(), cells.collect())
}

/// Whether a cell's value is of its column's type, or null.
pub(super) fn fits(value: &Value, kind: ColumnType) -> bool {
    matches!(
        (value, kind),
        (Value::Null, _)
            | (Value::Text(_), ColumnType::Text)
            | (Value::Int(_), ColumnType::Int)
            | (Value::Decimal(_) | Value::Int(_), ColumnType::Decimal(_))
            | (Value::Bool(_), ColumnType::Bool)
            | (Value::Time(_), ColumnType::Time)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_to_the_columns_decimals() {
        assert_eq!(rounded(1.25, 1), Some(1.3));
        assert_eq!(rounded(-0.04, 1).map(f64::to_bits), Some(0f64.to_bits()));
        assert_eq!(rounded(36.123_456_78, 6), Some(36.123_457));
        assert_eq!(rounded(f64::NAN, 1), None);
        assert_eq!(rounded(f64::INFINITY, 1), None);
        assert_eq!(rounded(f64::MAX, 6), Some(f64::MAX));
    }
}
