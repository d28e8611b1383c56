//! Tables as plain columns: what the detector hands to writers, and gets back from readers.

use super::Timestamp;

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
    f64 => Value::Decimal,
    f32 => |v| Value::Decimal(f64::from(v)),
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

    /// The cells in the schema's order.
    pub fn cells(&self) -> &[Value] {
        &self.cells
    }
}

/// Rows of one schema, in the order in which they are written.
#[derive(Clone, Debug)]
pub struct Table {
    /// Name and columns.
    pub schema: &'static TableSchema,
    /// Rows.
    pub rows: Vec<Row>,
}
