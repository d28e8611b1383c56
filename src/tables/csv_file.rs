//! Tables as CSV, for people and spreadsheets.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;

use super::{TableError, cell};
use crate::model::text::guarded;
use crate::model::{Column, ColumnType, Table, Value};

/// Appends a cell as it is written; nothing if it is null.
fn push_cell(text: &mut String, value: &Value, column: &Column) {
    debug_assert!(
        cell::fits(value, column.kind),
        "column {} takes no {value:?}",
        column.name
    );
    // A string takes everything: nothing can fail.
    let _ = match (column.kind, value) {
        (ColumnType::Text, Value::Text(words)) => text.write_str(&guarded(words)),
        (ColumnType::Int, Value::Int(v)) => write!(text, "{v}"),
        (ColumnType::Bool, Value::Bool(v)) => text.write_str(if *v { "true" } else { "false" }),
        (ColumnType::Time, Value::Time(t)) => write!(text, "{t}"),
        (ColumnType::Decimal(n), v) => match cell::decimal(v, n) {
            Some(v) => push_fixed(text, v, n),
            None => Ok(()),
        },
        _ => Ok(()),
    };
}

/// A rounded number with so many decimals, as `{:.n}` writes it, by whole numbers where they hold it.
fn push_fixed(text: &mut String, value: f64, decimals: u8) -> std::fmt::Result {
    let scale = 10f64.powi(i32::from(decimals));
    let scaled = (value * scale).round();
    if scaled.abs() >= 9.0e15 {
        return write!(text, "{value:.*}", usize::from(decimals));
    }
    let (sign, digits) = (if scaled < 0.0 { "-" } else { "" }, scaled.abs() as u64);
    let (whole, part) = (digits / scale as u64, digits % scale as u64);
    match decimals {
        0 => write!(text, "{sign}{whole}"),
        n => write!(text, "{sign}{whole}.{part:0width$}", width = usize::from(n)),
    }
}

/// Rows that one thread writes at a time.
const CHUNK_ROWS: usize = 8_192;

/// The lines of these rows.
fn lines(table: &Table, rows: Range<usize>) -> csv::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut text = String::new();
    for row in table.range(rows).iter() {
        for (value, column) in row.cells().iter().zip(table.schema.columns) {
            text.clear();
            push_cell(&mut text, value, column);
            writer.write_field(&text)?;
        }
        writer.write_record(None::<&[u8]>)?;
    }
    writer.into_inner().map_err(|e| e.into_error().into())
}

pub(super) fn write(path: &Path, table: &Table) -> Result<(), TableError> {
    let fail = |source| TableError::Write {
        path: path.to_owned(),
        source,
    };
    let mut file = File::create(path).map_err(fail)?;
    let names: Vec<&str> = table.schema.columns.iter().map(|c| c.name).collect();
    file.write_all(names.join(",").as_bytes()).map_err(fail)?;
    file.write_all(b"\n").map_err(fail)?;
    let begins: Vec<usize> = (0..table.len()).step_by(CHUNK_ROWS).collect();
    // As many chunks at a time as there are threads: the table isn't held as text.
    for begins in begins.chunks(rayon::current_num_threads()) {
        let chunks = begins.par_iter().map(|begin| {
            let end = table.len().min(begin + CHUNK_ROWS);
            lines(table, *begin..end).map_err(|e| fail(e.into()))
        });
        for lines in chunks.collect::<Result<Vec<_>, _>>()? {
            file.write_all(&lines).map_err(fail)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whole_numbers_write_what_the_formatter_writes(v in -1.0e9..1.0e9_f64, n in 0_u8..7) {
            let v = cell::rounded(v, n).unwrap();
            let mut text = String::new();
            push_fixed(&mut text, v, n).unwrap();
            prop_assert_eq!(text, format!("{v:.*}", usize::from(n)));
        }
    }
}
