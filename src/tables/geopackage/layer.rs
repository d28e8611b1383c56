//! One layer: its table, its rows, its spatial index.

use rusqlite::functions::FunctionFlags;
use rusqlite::types::{ToSqlOutput, Value as Sql};
use rusqlite::{Connection, ToSql, Transaction, params_from_iter};

use super::super::cell;
use super::super::geometry::{has_place, may_be_line, shape};
use super::{WGS84, styles};
use crate::model::{ColumnType, Row, Table, TableSchema, Value};

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
                cell::decimal(v, n).map_or(ToSqlOutput::Owned(Sql::Null), ToSqlOutput::from)
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
            let blob: Option<Vec<u8>> = context.get(0)?;
            Ok(blob.as_deref().and_then(envelope).map(|box_| box_[i]))
        })?;
    }
    connection.create_scalar_function("ST_IsEmpty", 1, flags, |context| {
        let blob: Option<Vec<u8>> = context.get(0)?;
        Ok(blob.map(|blob| envelope(&blob).is_none()))
    })
}

/// Makes the table of a schema and enters it as a layer, or as a plain table without a place.
pub(super) fn create(db: &Transaction, schema: &TableSchema) -> rusqlite::Result<()> {
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
    if schema.index("event_id").is_some() {
        db.execute_batch(&format!(
            "CREATE INDEX \"{name}_event_id\" ON \"{name}\" (event_id);"
        ))?;
    }
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

/// Adds rows.
pub(super) fn insert(db: &Transaction, table: &Table) -> rusqlite::Result<()> {
    let schema = table.schema;
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
    for rows in table.batches(BATCH_ROWS) {
        for row in rows.iter() {
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
            statement.execute(params_from_iter(values))?;
        }
    }
    Ok(())
}

/// Makes the spatial index of a layer, its triggers, and its extent.
pub(super) fn index(db: &Transaction, schema: &TableSchema) -> rusqlite::Result<()> {
    if !has_place(schema) {
        return Ok(());
    }
    let (t, c) = (schema.name, GEOMETRY);
    let r = format!("rtree_{t}_{c}");
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
    db.execute(
        &format!(
            "UPDATE gpkg_contents SET (min_x, min_y, max_x, max_y) =
               (SELECT min(ST_MinX({c})), min(ST_MinY({c})), max(ST_MaxX({c})), max(ST_MaxY({c})) FROM \"{t}\") WHERE table_name = ?1"
        ),
        [t],
    )?;
    Ok(())
}
