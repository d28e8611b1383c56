//! Tables as plain columns: what the detector hands to writers, and gets back from readers.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::Timestamp;

/// Rows that are made at once when a table is gone through.
const BATCH_ROWS: usize = 65_536;

/// The type of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// UTF-8 text.
    Text,
    /// Whole number.
    Int,
    /// Decimal number with this many places in CSV; stored in Parquet rounded to the same places.
    Decimal(u8),
    /// true or false.
    Bool,
    /// Instant, UTC, milliseconds.
    Time,
}

/// One column: name, type, and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name, with its unit.
    pub name: &'static str,
    /// Type.
    pub kind: ColumnType,
    /// Meaning, unit, and what null says.
    pub doc: &'static str,
}

/// A table's name and columns.
#[derive(Debug)]
pub struct TableSchema {
    /// Name, also of its files: `encounters`.
    pub name: &'static str,
    /// What a row is.
    pub doc: &'static str,
    /// Columns in order.
    pub columns: &'static [Column],
}

impl TableSchema {
    /// Place of the column with this name.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }
}

/// A cell. Null is "not known".
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    /// Not known.
    #[default]
    Null,
    /// Text.
    Text(String),
    /// Whole number.
    Int(i64),
    /// Decimal number.
    Decimal(f64),
    /// true or false.
    Bool(bool),
    /// Instant.
    Time(Timestamp),
}

macro_rules! value_from {
    ($($from:ty => $make:expr),* $(,)?) => {$(
        impl From<$from> for Value {
            fn from(v: $from) -> Self {
                let make: fn($from) -> Value = $make;
                make(v)
            }
        }
    )*};
}

value_from! {
    &str => |v| Value::Text(v.to_owned()),
    String => Value::Text,
    i64 => Value::Int,
    u32 => |v| Value::Int(i64::from(v)),
    u8 => |v| Value::Int(i64::from(v)),
    // The sum of nothing is a negative zero, which would be printed; adding zero takes its sign.
    f64 => |v| Value::Decimal(v + 0.0),
    f32 => |v| Value::Decimal(f64::from(v) + 0.0),
    bool => Value::Bool,
    Timestamp => Value::Time,
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(v: Option<T>) -> Self {
        v.map_or(Value::Null, Into::into)
    }
}

/// A row under construction: every column starts as null.
#[derive(Clone, Debug)]
pub struct Row {
    schema: &'static TableSchema,
    cells: Vec<Value>,
}

impl Row {
    /// A row of nulls.
    pub fn new(schema: &'static TableSchema) -> Self {
        Self {
            schema,
            cells: vec![Value::Null; schema.columns.len()],
        }
    }

    /// A row of these cells, in the order of the columns.
    ///
    /// # Panics
    /// If there are not as many as columns: a fault of the program, not of the data.
    pub fn of(schema: &'static TableSchema, cells: Vec<Value>) -> Self {
        assert_eq!(
            cells.len(),
            schema.columns.len(),
            "cells of {}",
            schema.name
        );
        Self { schema, cells }
    }

    /// The table that it belongs to.
    pub fn schema(&self) -> &'static TableSchema {
        self.schema
    }

    /// Sets a column.
    ///
    /// # Panics
    /// If the schema has no column of this name: a fault of the program, not of the data.
    pub fn set(&mut self, name: &str, value: impl Into<Value>) -> &mut Self {
        let i = self
            .schema
            .index(name)
            .unwrap_or_else(|| panic!("table {} has no column {name}", self.schema.name));
        self.cells[i] = value.into();
        self
    }

    /// Sets a column if the schema has it.
    pub fn set_if(&mut self, name: &str, value: impl Into<Value>) -> &mut Self {
        if let Some(i) = self.schema.index(name) {
            self.cells[i] = value.into();
        }
        self
    }

    /// Reads a column; null if there is none of this name.
    pub fn get(&self, name: &str) -> &Value {
        self.schema
            .index(name)
            .map_or(&Value::Null, |i| &self.cells[i])
    }

    /// Text of a column; `None` if it is null or holds something else.
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.get(name) {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Number of a column, whole or decimal.
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name) {
            Value::Decimal(v) => Some(*v),
            Value::Int(v) => Some(*v as f64),
            _ => None,
        }
    }

    /// Length of a column in metres, as whole decimetres.
    pub fn decimetres(&self, name: &str) -> Option<u16> {
        self.number(name).map(|m| (m * 10.0).round() as u16)
    }

    /// Whole number of a column.
    pub fn whole(&self, name: &str) -> Option<i64> {
        match self.get(name) {
            Value::Int(v) => Some(*v),
            _ => None,
        }
    }

    /// MMSI of a column.
    pub fn mmsi(&self, name: &str) -> Option<u32> {
        self.whole(name).and_then(|v| u32::try_from(v).ok())
    }

    /// Instant of a column.
    pub fn time(&self, name: &str) -> Option<Timestamp> {
        match self.get(name) {
            Value::Time(t) => Some(*t),
            _ => None,
        }
    }

    /// The cells in the schema's order.
    pub fn cells(&self) -> &[Value] {
        &self.cells
    }
}

/// Makes the rows of a table when they are asked for: for tables too long to be held.
pub trait MakeRows: Send + Sync {
    /// Number of rows.
    fn count(&self) -> usize;

    /// The rows of this range; the same every time.
    fn make(&self, range: Range<usize>) -> Vec<Row>;
}

#[derive(Clone)]
enum Rows {
    Held(Vec<Row>),
    Made(Arc<dyn MakeRows>),
}

/// Rows of one schema, in the order in which they are written: held, or made on demand.
#[derive(Clone)]
pub struct Table {
    /// Name and columns.
    pub schema: &'static TableSchema,
    rows: Rows,
}

impl Table {
    /// A table of these rows.
    pub fn new(schema: &'static TableSchema, rows: Vec<Row>) -> Self {
        Self {
            schema,
            rows: Rows::Held(rows),
        }
    }

    /// A table whose rows are made when they are asked for.
    pub fn made(schema: &'static TableSchema, maker: Arc<dyn MakeRows>) -> Self {
        Self {
            schema,
            rows: Rows::Made(maker),
        }
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match &self.rows {
            Rows::Held(rows) => rows.len(),
            Rows::Made(maker) => maker.count(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The rows in order, `size` at a time.
    pub fn batches(&self, size: usize) -> impl Iterator<Item = Cow<'_, [Row]>> {
        let n = self.len();
        let begins = (0..n).step_by(size.max(1));
        begins.map(move |begin| self.range(begin..n.min(begin + size.max(1))))
    }

    /// The rows of a range within [`Self::len`].
    pub fn range(&self, range: Range<usize>) -> Cow<'_, [Row]> {
        match &self.rows {
            Rows::Held(rows) => Cow::Borrowed(&rows[range]),
            Rows::Made(maker) => Cow::Owned(maker.make(range)),
        }
    }

    /// All rows at once.
    pub fn rows(&self) -> Cow<'_, [Row]> {
        match &self.rows {
            Rows::Held(rows) => Cow::Borrowed(rows),
            Rows::Made(maker) => Cow::Owned(maker.make(0..maker.count())),
        }
    }

    /// All rows, given away.
    pub fn into_rows(self) -> Vec<Row> {
        match self.rows {
            Rows::Held(rows) => rows,
            Rows::Made(maker) => maker.make(0..maker.count()),
        }
    }

    /// The rows, to be changed in place; they are held from then on.
    pub fn rows_mut(&mut self) -> &mut [Row] {
        if matches!(self.rows, Rows::Made(_)) {
            self.rows = Rows::Held(self.rows().into_owned());
        }
        match &mut self.rows {
            Rows::Held(rows) => rows,
            Rows::Made(_) => &mut [],
        }
    }

    /// Keeps the rows that `keep` says. Rows that are made are gone through once, and still made when they are asked for.
    pub fn retain(&mut self, keep: impl Fn(&Row) -> bool) {
        let maker = match &mut self.rows {
            Rows::Held(rows) => return rows.retain(keep),
            Rows::Made(maker) => Arc::clone(maker),
        };
        let mut chosen = Chosen {
            maker,
            runs: Vec::new(),
            count: 0,
        };
        let mut at = 0;
        for rows in self.batches(BATCH_ROWS) {
            for row in rows.iter() {
                if keep(row) {
                    chosen.add(at);
                }
                at += 1;
            }
        }
        self.rows = Rows::Made(Arc::new(chosen));
    }
}

/// Some of the rows that another makes.
struct Chosen {
    maker: Arc<dyn MakeRows>,
    /// Runs of chosen rows as the other counts them, each with the number of chosen rows before it.
    runs: Vec<(usize, Range<usize>)>,
    count: usize,
}

impl Chosen {
    fn add(&mut self, at: usize) {
        match self.runs.last_mut() {
            Some((_, run)) if run.end == at => run.end += 1,
            _ => self.runs.push((self.count, at..at + 1)),
        }
        self.count += 1;
    }
}

impl MakeRows for Chosen {
    fn count(&self) -> usize {
        self.count
    }

    fn make(&self, range: Range<usize>) -> Vec<Row> {
        let first = self
            .runs
            .partition_point(|(n, run)| n + run.len() <= range.start);
        let mut rows = Vec::with_capacity(range.len());
        for (before, run) in &self.runs[first..] {
            if *before >= range.end {
                break;
            }
            let begin = run.start + range.start.saturating_sub(*before);
            let end = run.end.min(run.start + range.end - before);
            rows.extend(self.maker.make(begin..end));
        }
        rows
    }
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} rows)", self.schema.name, self.len())
    }
}
