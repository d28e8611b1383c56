//! One layer: its table, its rows, its spatial index.

use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::{ToSqlOutput, Value as Sql, ValueRef};
use rusqlite::{Connection, Statement, ToSql, params_from_iter};
use sha2::{Digest, Sha256};

use super::super::cell as cells;
use super::super::geometry::{has_place, may_be_line, shape};
use super::{WGS84, styles};
use crate::model::{ColumnType, Row, Table, TableSchema, Timestamp, Value};

/// Rows that are made at once.
const BATCH_ROWS: usize = 8_192;

/// Name of the column with the geometry.
const GEOMETRY: &str = "geom";

fn sql_type(kind: ColumnType) -> &'static str {
    match kind {
        ColumnType::Text => "TEXT",
        ColumnType::Int => "INTEGER",
        ColumnType::Decimal(_) => "DOUBLE",
        ColumnType::Bool => "BOOLEAN",
        ColumnType::Time => "DATETIME",
    }
}

/// A cell as SQLite stores it.
struct Stored<'a>(&'a Value, ColumnType);

impl ToSql for Stored<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match (self.1, self.0) {
            (ColumnType::Decimal(n), v) => {
                cells::decimal(v, n).map_or(ToSqlOutput::Owned(Sql::Null), ToSqlOutput::from)
            }
            (_, Value::Text(text)) => ToSqlOutput::from(text.as_str()),
            (_, Value::Int(v)) => ToSqlOutput::from(*v),
            (_, Value::Bool(v)) => ToSqlOutput::from(*v),
            (_, Value::Time(t)) => ToSqlOutput::from(t.to_string()),
            _ => ToSqlOutput::Owned(Sql::Null),
        })
    }
}

/// A geometry as the standard stores it: a head with the envelope, then well-known binary.
pub(super) fn blob(row: &Row) -> Option<Vec<u8>> {
    let shape = shape(row)?;
    // Little endian, with an envelope of four numbers.
    const FLAGS: u8 = 0b0000_0011;
    let mut out = vec![b'G', b'P', 0, FLAGS];
    out.extend(WGS84.to_le_bytes());
    for v in shape.envelope() {
        out.extend(v.to_le_bytes());
    }
    out.extend(shape.wkb());
    Some(out)
}

/// The envelope in the head of a geometry: least and greatest x, least and greatest y.
fn envelope(blob: &[u8]) -> Option<[f64; 4]> {
    let head = blob.get(8..40)?;
    let mut box_ = [0.0; 4];
    for (v, bytes) in box_.iter_mut().zip(head.chunks_exact(8)) {
        *v = f64::from_le_bytes(bytes.try_into().ok()?);
    }
    Some(box_)
}

/// The functions that the triggers of the standard call (annex F.3).
pub(super) fn register_functions(
    connection: &Connection,
    flags: FunctionFlags,
) -> rusqlite::Result<()> {
    for (i, name) in ["ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"]
        .into_iter()
        .enumerate()
    {
        connection.create_scalar_function(name, 1, flags, move |context| {
            let blob = context.get_raw(0).as_blob_or_null()?;
            Ok(blob.and_then(envelope).map(|box_| box_[i]))
        })?;
    }
    connection.create_scalar_function("ST_IsEmpty", 1, flags, |context| {
        let blob = context.get_raw(0).as_blob_or_null()?;
        Ok(blob.map(|blob| envelope(blob).is_none()))
    })
}

/// Makes the table of a schema and enters it as a layer, or as a plain table without a place.
pub(super) fn create(db: &Connection, schema: &TableSchema) -> rusqlite::Result<()> {
    let name = schema.name;
    let mut columns = vec!["fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL".to_owned()];
    if has_place(schema) {
        let kind = if may_be_line(schema) {
            "GEOMETRY"
        } else {
            "POINT"
        };
        columns.push(format!("{GEOMETRY} {kind}"));
    }
    for column in schema.columns {
        columns.push(format!("\"{}\" {}", column.name, sql_type(column.kind)));
    }
    db.execute_batch(&format!(
        "CREATE TABLE \"{name}\" ({});",
        columns.join(", ")
    ))?;
    let key = if schema.index("event_id").is_some() {
        "event_id"
    } else {
        "mmsi"
    };
    db.execute_batch(&format!(
        "CREATE INDEX \"{name}_{key}\" ON \"{name}\" ({key});"
    ))?;
    let (data_type, srs) = if has_place(schema) {
        ("features", Some(WGS84))
    } else {
        ("attributes", None)
    };
    db.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?1, ?2, ?1, ?3, ?4)",
        (name, data_type, schema.doc, srs),
    )?;
    if has_place(schema) {
        let kind = if may_be_line(schema) {
            "GEOMETRY"
        } else {
            "POINT"
        };
        db.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?1, ?2, ?3, ?4, 0, 0)",
            (name, GEOMETRY, kind, WGS84),
        )?;
        if let Some(qml) = styles::qml(schema) {
            db.execute(
                "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, useAsDefault, description) \
                 VALUES ('', '', ?1, ?2, ?1, ?3, 1, ?4)",
                (name, GEOMETRY, qml, schema.doc),
            )?;
        }
    }
    Ok(())
}

/// Adds the rows of a table.
pub(super) fn insert(db: &Connection, table: &Table) -> rusqlite::Result<()> {
    for rows in table.batches(BATCH_ROWS) {
        insert_rows(db, table.schema, &rows, false)?;
    }
    Ok(())
}

/// Adds rows to a layer that has its spatial index.
///
/// The triggers of the standard are for other programs: they ask for each place in four calls, and each row is a
/// statement with a journal of its own. Here the place is known, so the index is filled beside the rows.
pub(super) fn add_rows(
    db: &Connection,
    schema: &TableSchema,
    rows: &[Row],
) -> rusqlite::Result<()> {
    let triggers = DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER;
    let were_on = db.db_config(triggers)?;
    db.set_db_config(triggers, false)?;
    let added = insert_rows(db, schema, rows, has_place(schema));
    db.set_db_config(triggers, were_on)?;
    added
}

fn insert_rows(
    db: &Connection,
    schema: &TableSchema,
    rows: &[Row],
    indexed: bool,
) -> rusqlite::Result<()> {
    let place = has_place(schema);
    let mut names: Vec<String> = schema
        .columns
        .iter()
        .map(|c| format!("\"{}\"", c.name))
        .collect();
    if place {
        names.push(GEOMETRY.to_owned());
    }
    let marks = vec!["?"; names.len()].join(", ");
    let mut statement = db.prepare(&format!(
        "INSERT INTO \"{}\" ({}) VALUES ({marks})",
        schema.name,
        names.join(", ")
    ))?;
    let entry = format!(
        "INSERT INTO \"{}\" VALUES (?1, ?2, ?3, ?4, ?5)",
        index_of(schema)
    );
    let mut entry = indexed.then(|| db.prepare(&entry)).transpose()?;
    for row in rows {
        let blob = if place { blob(row) } else { None };
        let cells: Vec<Stored> = row
            .cells()
            .iter()
            .zip(schema.columns)
            .map(|(value, column)| Stored(value, column.kind))
            .collect();
        let mut values: Vec<&dyn ToSql> = cells.iter().map(|cell| cell as &dyn ToSql).collect();
        if place {
            values.push(&blob);
        }
        let fid = statement.insert(params_from_iter(values))?;
        if let (Some(entry), Some([west, east, south, north])) =
            (&mut entry, blob.as_deref().and_then(envelope))
        {
            entry.execute((fid, west, east, south, north))?;
        }
    }
    Ok(())
}

/// Name of a layer's spatial index.
fn index_of(schema: &TableSchema) -> String {
    format!("rtree_{}_{GEOMETRY}", schema.name)
}

/// Makes the spatial index of a layer, its triggers, and its extent.
pub(super) fn index(db: &Connection, schema: &TableSchema) -> rusqlite::Result<()> {
    if !has_place(schema) {
        return Ok(());
    }
    let (t, c) = (schema.name, GEOMETRY);
    let r = index_of(schema);
    let entry = |row: &str| {
        format!(
            "{row}.fid, ST_MinX({row}.{c}), ST_MaxX({row}.{c}), ST_MinY({row}.{c}), ST_MaxY({row}.{c})"
        )
    };
    let has = |row: &str| format!("({row}.{c} NOTNULL AND NOT ST_IsEmpty({row}.{c}))");
    let hasnt = |row: &str| format!("({row}.{c} ISNULL OR ST_IsEmpty({row}.{c}))");
    db.execute_batch(&format!(
        "CREATE VIRTUAL TABLE \"{r}\" USING rtree(id, minx, maxx, miny, maxy);
         INSERT INTO \"{r}\" SELECT {all} FROM \"{t}\" WHERE {c} NOTNULL;
         CREATE TRIGGER \"{r}_insert\" AFTER INSERT ON \"{t}\" WHEN {has_new}
           BEGIN INSERT OR REPLACE INTO \"{r}\" VALUES ({new}); END;
         CREATE TRIGGER \"{r}_update6\" AFTER UPDATE OF {c} ON \"{t}\" WHEN OLD.fid = NEW.fid AND {has_new} AND {has_old}
           BEGIN UPDATE \"{r}\" SET minx = ST_MinX(NEW.{c}), maxx = ST_MaxX(NEW.{c}), miny = ST_MinY(NEW.{c}), maxy = ST_MaxY(NEW.{c}) WHERE id = NEW.fid; END;
         CREATE TRIGGER \"{r}_update7\" AFTER UPDATE OF {c} ON \"{t}\" WHEN OLD.fid = NEW.fid AND {has_new} AND {hasnt_old}
           BEGIN INSERT INTO \"{r}\" VALUES ({new}); END;
         CREATE TRIGGER \"{r}_update2\" AFTER UPDATE OF {c} ON \"{t}\" WHEN OLD.fid = NEW.fid AND {hasnt_new}
           BEGIN DELETE FROM \"{r}\" WHERE id = OLD.fid; END;
         CREATE TRIGGER \"{r}_update5\" AFTER UPDATE ON \"{t}\" WHEN OLD.fid != NEW.fid AND {has_new}
           BEGIN DELETE FROM \"{r}\" WHERE id = OLD.fid; INSERT OR REPLACE INTO \"{r}\" VALUES ({new}); END;
         CREATE TRIGGER \"{r}_update4\" AFTER UPDATE ON \"{t}\" WHEN OLD.fid != NEW.fid AND {hasnt_new}
           BEGIN DELETE FROM \"{r}\" WHERE id IN (OLD.fid, NEW.fid); END;
         CREATE TRIGGER \"{r}_delete\" AFTER DELETE ON \"{t}\" WHEN old.{c} NOT NULL
           BEGIN DELETE FROM \"{r}\" WHERE id = OLD.fid; END;",
        all = entry(&format!("\"{t}\"")),
        new = entry("NEW"),
        has_new = has("NEW"),
        has_old = has("OLD"),
        hasnt_new = hasnt("NEW"),
        hasnt_old = hasnt("OLD"),
    ))?;
    db.execute(
        "INSERT INTO gpkg_extensions VALUES (?1, ?2, 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')",
        (t, c),
    )?;
    extent(db, schema)
}

/// States the extent of a layer, as far as its index tells it.
pub(super) fn extent(db: &Connection, schema: &TableSchema) -> rusqlite::Result<()> {
    if !has_place(schema) {
        return Ok(());
    }
    let (t, c) = (schema.name, GEOMETRY);
    db.execute(
        &format!(
            "UPDATE gpkg_contents SET (min_x, min_y, max_x, max_y) =
               (SELECT min(ST_MinX({c})), min(ST_MinY({c})), max(ST_MaxX({c})), max(ST_MaxY({c})) FROM \"{t}\") WHERE table_name = ?1"
        ),
        [t],
    )?;
    Ok(())
}

/// The extent of a layer as it is stated, or of what this clause chooses: west, south, east, north.
fn stated(row: &rusqlite::Row) -> rusqlite::Result<Option<[f64; 4]>> {
    let mut box_ = [0.0; 4];
    for (i, v) in box_.iter_mut().enumerate() {
        match row.get(i)? {
            Some(bound) => *v = bound,
            None => return Ok(None),
        }
    }
    Ok(Some(box_))
}

/// A question whether rows that go bear the extent of their layer: only then it must be stated anew, which reads the whole
/// layer.
pub struct Bounds<'d> {
    extent: Option<[f64; 4]>,
    of_rows: Option<Statement<'d>>,
}

impl<'d> Bounds<'d> {
    /// In: the column that names the rows that go.
    pub(super) fn new(
        db: &'d Connection,
        schema: &TableSchema,
        key: &str,
    ) -> rusqlite::Result<Self> {
        if !has_place(schema) {
            return Ok(Self {
                extent: None,
                of_rows: None,
            });
        }
        let (t, c) = (schema.name, GEOMETRY);
        Ok(Self {
            extent: db.query_row(
                "SELECT min_x, min_y, max_x, max_y FROM gpkg_contents WHERE table_name = ?1",
                [t],
                stated,
            )?,
            of_rows: Some(db.prepare(&format!(
                "SELECT min(ST_MinX({c})), min(ST_MinY({c})), max(ST_MaxX({c})), max(ST_MaxY({c}))
                 FROM \"{t}\" WHERE \"{key}\" = ?1"
            ))?),
        })
    }

    /// Whether one of these rows lies at the edge. Once one does, it needn't be asked again.
    ///
    /// # Errors
    /// If they can't be read.
    pub fn are_borne_by(&mut self, key: &dyn ToSql) -> rusqlite::Result<bool> {
        let (Some(extent), Some(of_rows)) = (self.extent, &mut self.of_rows) else {
            return Ok(false);
        };
        let rows = of_rows.query_row([key], stated)?;
        Ok(rows.is_some_and(|rows| {
            rows[0] <= extent[0]
                || rows[1] <= extent[1]
                || rows[2] >= extent[2]
                || rows[3] >= extent[3]
        }))
    }
}

/// States that the extent of a layer holds these rows too.
pub(super) fn widen_extent(
    db: &Connection,
    schema: &TableSchema,
    rows: &[Row],
) -> rusqlite::Result<()> {
    let shapes = rows.iter().filter_map(shape).map(|shape| shape.envelope());
    let wider = |[w, e, s, n]: [f64; 4], [w2, e2, s2, n2]: [f64; 4]| {
        [w.min(w2), e.max(e2), s.min(s2), n.max(n2)]
    };
    let Some([west, east, south, north]) = shapes.reduce(wider) else {
        return Ok(());
    };
    db.execute(
        "UPDATE gpkg_contents SET min_x = min(coalesce(min_x, ?2), ?2), max_x = max(coalesce(max_x, ?3), ?3),
           min_y = min(coalesce(min_y, ?4), ?4), max_y = max(coalesce(max_y, ?5), ?5) WHERE table_name = ?1",
        (schema.name, west, east, south, north),
    )?;
    Ok(())
}

/// The names of a table's columns; none if there is no such table.
pub(super) fn columns(db: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = db.prepare("SELECT name FROM pragma_table_info(?1)")?;
    let names = statement.query_map([table], |row| row.get(0))?;
    names.collect()
}

/// Makes a layer unless it is there, and adds the columns that it lacks: versions may add some.
pub(super) fn ensure(db: &Connection, schema: &TableSchema) -> rusqlite::Result<()> {
    let there = columns(db, schema.name)?;
    if there.is_empty() {
        create(db, schema)?;
        return index(db, schema);
    }
    for column in schema.columns {
        if !there.iter().any(|name| name == column.name) {
            db.execute_batch(&format!(
                "ALTER TABLE \"{}\" ADD COLUMN \"{}\" {};",
                schema.name,
                column.name,
                sql_type(column.kind)
            ))?;
        }
    }
    Ok(())
}

/// The rows of a layer in this order (what follows `FROM` and the layer's name, `t`); columns that it lacks are null.
pub(super) fn read(
    db: &Connection,
    schema: &'static TableSchema,
    order: &str,
) -> rusqlite::Result<Vec<Row>> {
    let there = columns(db, schema.name)?;
    let known: Vec<_> = schema
        .columns
        .iter()
        .filter(|c| there.iter().any(|name| name == c.name))
        .collect();
    if known.is_empty() {
        return Ok(Vec::new());
    }
    let names: Vec<String> = known.iter().map(|c| format!("t.\"{}\"", c.name)).collect();
    let mut statement = db.prepare(&format!(
        "SELECT {} FROM \"{}\" t {order}",
        names.join(", "),
        schema.name
    ))?;
    let rows = statement.query_map([], |found| {
        let mut row = Row::new(schema);
        for (i, column) in known.iter().enumerate() {
            row.set(column.name, cell(found.get_ref(i)?, column.kind));
        }
        Ok(row)
    })?;
    rows.collect()
}

/// A cell as it was before it was stored; null if it is of another type.
fn cell(stored: ValueRef, kind: ColumnType) -> Value {
    match (kind, stored) {
        (ColumnType::Text, ValueRef::Text(text)) => {
            Value::Text(String::from_utf8_lossy(text).into_owned())
        }
        (ColumnType::Time, ValueRef::Text(text)) => std::str::from_utf8(text)
            .ok()
            .and_then(Timestamp::parse)
            .into(),
        (ColumnType::Int, ValueRef::Integer(v)) => Value::Int(v),
        (ColumnType::Bool, ValueRef::Integer(v)) => Value::Bool(v != 0),
        (ColumnType::Decimal(_), ValueRef::Real(v)) => Value::Decimal(v),
        (ColumnType::Decimal(_), ValueRef::Integer(v)) => Value::Decimal(v as f64),
        _ => Value::Null,
    }
}

/// What tells whether two rows would be stored the same.
pub(super) fn digest(hash: &mut Sha256, row: &Row, schema: &TableSchema) {
    for (value, column) in row.cells().iter().zip(schema.columns) {
        match (column.kind, value) {
            (ColumnType::Decimal(n), v) => match cells::decimal(v, n) {
                Some(v) => {
                    hash.update([1]);
                    hash.update(v.to_bits().to_le_bytes());
                }
                None => hash.update([0]),
            },
            (_, Value::Text(text)) => {
                hash.update([2]);
                hash.update((text.len() as u64).to_le_bytes());
                hash.update(text.as_bytes());
            }
            (_, Value::Int(v)) => {
                hash.update([3]);
                hash.update(v.to_le_bytes());
            }
            (_, Value::Bool(v)) => hash.update([4, u8::from(*v)]),
            (_, Value::Time(t)) => {
                hash.update([5]);
                hash.update(t.0.to_le_bytes());
            }
            _ => hash.update([0]),
        }
    }
}
