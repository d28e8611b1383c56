//! Tables as CSV, for people and spreadsheets.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;

use rayon::prelude::*;

use super::{TableError, cell};
use crate::model::text::guarded;
use crate::model::{Column, ColumnType, Row, TableSchema, Value};

/// Appends a cell as it is written; nothing if it is null.
fn push_cell(text: &mut Vec<u8>, value: &Value, column: &Column) {
    debug_assert!(
        cell::fits(value, column.kind),
        "column {} takes no {value:?}",
        column.name
    );
    // Memory takes everything: nothing can fail.
    let _ = match (column.kind, value) {
        (ColumnType::Text, Value::Text(words)) => text.write_all(guarded(words).as_bytes()),
        (ColumnType::Int, Value::Int(v)) => write!(text, "{v}"),
        (ColumnType::Bool, Value::Bool(v)) => write!(text, "{v}"),
        (ColumnType::Time, Value::Time(t)) => write!(text, "{t}"),
        (ColumnType::Decimal(n), v) => match cell::decimal(v, n) {
            Some(v) => push_fixed(text, v, n),
            None => Ok(()),
        },
        _ => Ok(()),
    };
}

/// A rounded number with so many decimals, as `{:.n}` writes it, by whole numbers where they hold it: digit by digit, for tables
/// hold millions of them.
fn push_fixed(text: &mut Vec<u8>, value: f64, decimals: u8) -> std::io::Result<()> {
    let scaled = (value * 10f64.powi(i32::from(decimals))).abs();
    if scaled >= 1.0e15 || decimals > 15 {
        return write!(text, "{value:.*}", usize::from(decimals));
    }
    // The product is as near a whole number as the value is to its decimals.
    let mut left = (scaled + 0.5) as u64;
    if value < 0.0 && left > 0 {
        text.push(b'-');
    }
    let mut digits = [b'0'; 18];
    let mut at = digits.len();
    let point = at - usize::from(decimals);
    while left > 0 || at >= point {
        if at == point && decimals > 0 {
            at -= 1;
            digits[at] = b'.';
        }
        at -= 1;
        digits[at] = b'0' + (left % 10) as u8;
        left /= 10;
    }
    text.write_all(&digits[at..])
}

/// Rows that one thread writes at a time.
const CHUNK_ROWS: usize = 8_192;

/// The lines of these rows.
fn lines(rows: &[Row]) -> csv::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let (mut line, mut text) = (csv::ByteRecord::new(), Vec::new());
    for row in rows {
        for (value, column) in row.cells().iter().zip(row.schema().columns) {
            text.clear();
            push_cell(&mut text, value, column);
            line.push_field(&text);
        }
        // Whole records are written several times as fast as fields.
        writer.write_byte_record(&line)?;
        line.clear();
    }
    writer.into_inner().map_err(|e| e.into_error().into())
}

/// A table that is being written.
pub(super) struct CsvFile {
    path: PathBuf,
    file: File,
}

impl CsvFile {
    /// A file that holds the names of the columns.
    pub(super) fn create(path: PathBuf, schema: &TableSchema) -> Result<Self, TableError> {
        let fail = |source| TableError::Write {
            path: path.clone(),
            source,
        };
        let mut file = File::create(&path).map_err(fail)?;
        let names: Vec<&str> = schema.columns.iter().map(|c| c.name).collect();
        writeln!(file, "{}", names.join(",")).map_err(fail)?;
        Ok(Self { path, file })
    }

    /// Writes the next rows.
    pub(super) fn write(&mut self, rows: &[Row]) -> Result<(), TableError> {
        let fail = |source| TableError::Write {
            path: self.path.clone(),
            source,
        };
        let chunks: csv::Result<Vec<Vec<u8>>> = rows.par_chunks(CHUNK_ROWS).map(lines).collect();
        for lines in chunks.map_err(|e| fail(e.into()))? {
            self.file.write_all(&lines).map_err(fail)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whole_numbers_write_what_the_formatter_writes(v in -1.0e9..1.0e9_f64, n in 0_u8..7) {
            let v = cell::rounded(v, n).unwrap();
            let mut text = Vec::new();
            push_fixed(&mut text, v, n).unwrap();
            prop_assert_eq!(String::from_utf8(text).unwrap(), format!("{v:.*}", usize::from(n)));
        }
    }
}
