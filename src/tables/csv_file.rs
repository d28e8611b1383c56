//! Tables as CSV, for people and spreadsheets.

use std::borrow::Cow;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::{TableError, cell};
use crate::model::text::guarded;
use crate::model::{Column, ColumnType, Table, Value};

fn field<'a>(value: &'a Value, column: &Column) -> Cow<'a, str> {
    debug_assert!(
        cell::fits(value, column.kind),
        "column {} takes no {value:?}",
        column.name
    );
    match (column.kind, value) {
        (ColumnType::Text, Value::Text(text)) => guarded(text),
        (ColumnType::Int, Value::Int(v)) => Cow::Owned(v.to_string()),
        (ColumnType::Bool, Value::Bool(v)) => Cow::Borrowed(if *v { "true" } else { "false" }),
        (ColumnType::Time, Value::Time(t)) => Cow::Owned(t.to_string()),
        (ColumnType::Decimal(n), v) => {
            cell::decimal(v, n).map_or(Cow::Borrowed(""), |v| Cow::Owned(fixed(v, n)))
        }
        _ => Cow::Borrowed(""),
    }
}

/// A rounded number with so many decimals, as `{:.n}` writes it, by whole numbers where they hold it.
fn fixed(value: f64, decimals: u8) -> String {
    let scale = 10f64.powi(i32::from(decimals));
    let scaled = (value * scale).round();
    if scaled.abs() >= 9.0e15 {
        return format!("{value:.*}", usize::from(decimals));
    }
    let (sign, digits) = (if scaled < 0.0 { "-" } else { "" }, scaled.abs() as u64);
    let (whole, part) = (digits / scale as u64, digits % scale as u64);
    match decimals {
        0 => format!("{sign}{whole}"),
        n => format!("{sign}{whole}.{part:0width$}", width = usize::from(n)),
    }
}

/// Rows that are written between two asks for more.
const BATCH_ROWS: usize = 65_536;

pub(super) fn write(path: &Path, table: &Table) -> Result<(), TableError> {
    let fail = |source| TableError::Write {
        path: path.to_owned(),
        source,
    };
    let file = std::fs::File::create(path).map_err(fail)?;
    let mut writer = csv::Writer::from_writer(BufWriter::new(file));
    let columns = table.schema.columns;
    let fail_csv = |e: csv::Error| fail(e.into());
    writer
        .write_record(columns.iter().map(|c| c.name))
        .map_err(fail_csv)?;
    for rows in table.batches(BATCH_ROWS) {
        for row in rows.iter() {
            for (value, column) in row.cells().iter().zip(columns) {
                writer
                    .write_field(field(value, column).as_bytes())
                    .map_err(fail_csv)?;
            }
            writer.write_record(None::<&[u8]>).map_err(fail_csv)?;
        }
    }
    let mut inner = writer.into_inner().map_err(|e| fail(e.into_error()))?;
    inner.flush().map_err(fail)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whole_numbers_write_what_the_formatter_writes(v in -1.0e9..1.0e9_f64, n in 0_u8..7) {
            let v = cell::rounded(v, n).unwrap();
            prop_assert_eq!(fixed(v, n), format!("{v:.*}", usize::from(n)));
        }
    }
}
