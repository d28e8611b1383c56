//! A GeoPackage (OGC 12-128r18, version 1.3): an SQLite file that GIS programs open as map layers.
//!
//! One layer per table with a place, one plain table for the others; a spatial index per layer, kept by the
//! triggers of the standard; a style per layer that QGIS loads by itself.

mod layer;
mod styles;

use std::path::{Path, PathBuf};

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest, Sha256};

pub use layer::Bounds;

use super::TableError;
use crate::model::{Row, Table, TableSchema};

/// `GPKG` in ASCII.
const APPLICATION_ID: u32 = 0x4750_4b47;
/// Version 1.3.0.
const USER_VERSION: u32 = 10_300;
/// Number of WGS 84 in the register of EPSG.
const WGS84: i32 = 4326;

/// The tables that every GeoPackage has (annexes C and F of the standard), and QGIS's table of styles.
const CORE: &str = "
CREATE TABLE gpkg_spatial_ref_sys (
  srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined cartesian SRS', -1, 'NONE', -1, 'undefined', 'undefined cartesian coordinate reference system'),
  ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', 'undefined geographic coordinate reference system'),
  ('WGS 84 geodetic', 4326, 'EPSG', 4326, 'GEOGCS[\"WGS 84\",DATUM[\"WGS_1984\",SPHEROID[\"WGS 84\",6378137,298.257223563,AUTHORITY[\"EPSG\",\"7030\"]],AUTHORITY[\"EPSG\",\"6326\"]],PRIMEM[\"Greenwich\",0,AUTHORITY[\"EPSG\",\"8901\"]],UNIT[\"degree\",0.0174532925199433,AUTHORITY[\"EPSG\",\"9122\"]],AUTHORITY[\"EPSG\",\"4326\"]]',
   'longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid');
CREATE TABLE gpkg_contents (
  table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT '1970-01-01T00:00:00.000Z', min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
  z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
  CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT, f_table_schema TEXT, f_table_name TEXT,
  f_geometry_column TEXT, styleName TEXT, styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT, ui TEXT, update_time DATETIME DEFAULT '1970-01-01T00:00:00.000Z');
INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('layer_styles', 'attributes', 'layer_styles');
";

/// Opens an SQLite file with the functions that the triggers of layers call.
///
/// # Errors
/// If it can't be opened.
pub fn connect(path: &Path, flags: OpenFlags) -> rusqlite::Result<Connection> {
    // A connection is never used by two threads at once: it needs no lock of its own.
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    layer::register_functions(
        &connection,
        FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_UTF8,
    )?;
    Ok(connection)
}

/// Makes a new, empty file a GeoPackage without layers.
///
/// # Errors
/// If it can't be written.
pub fn lay_out(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch(&format!(
        "PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {USER_VERSION}; {CORE}"
    ))
}

/// Makes the layer of a schema unless it is there, and adds the columns that it lacks: versions may add some.
///
/// # Errors
/// If it can't be written.
pub fn ensure_layer(db: &Connection, schema: &TableSchema) -> rusqlite::Result<()> {
    layer::ensure(db, schema)
}

/// Adds rows to a layer.
///
/// # Errors
/// If they can't be written.
pub fn insert_rows(db: &Connection, schema: &TableSchema, rows: &[Row]) -> rusqlite::Result<()> {
    layer::add_rows(db, schema, rows)
}

/// States the extent of a layer anew.
///
/// # Errors
/// If it can't be written.
pub fn refresh_extent(db: &Connection, schema: &TableSchema) -> rusqlite::Result<()> {
    layer::extent(db, schema)
}

/// To be asked whether rows that go bear the extent of their layer. In: the column that names them.
///
/// # Errors
/// If the layer can't be read.
pub fn bounds<'d>(
    db: &'d Connection,
    schema: &TableSchema,
    key: &str,
) -> rusqlite::Result<Bounds<'d>> {
    Bounds::new(db, schema, key)
}

/// States that the extent of a layer holds these rows too.
///
/// # Errors
/// If it can't be written.
pub fn widen_extent(db: &Connection, schema: &TableSchema, rows: &[Row]) -> rusqlite::Result<()> {
    layer::widen_extent(db, schema, rows)
}

/// The rows of a layer, which the SQL calls `t`, in the order of these further clauses.
///
/// # Errors
/// If they can't be read.
pub fn read_rows(
    db: &Connection,
    schema: &'static TableSchema,
    order: &str,
) -> rusqlite::Result<Vec<Row>> {
    layer::read(db, schema, order)
}

/// Hash of rows as they are stored: equal rows, equal bytes.
pub fn digest(schema: &TableSchema, rows: &[Row]) -> [u8; 16] {
    let mut hash = Sha256::new();
    for row in rows {
        layer::digest(&mut hash, row, schema);
    }
    let mut short = [0; 16];
    short.copy_from_slice(&hash.finalize()[..16]);
    short
}

/// An open GeoPackage.
pub struct GeoPackage {
    path: PathBuf,
    connection: Connection,
}

impl GeoPackage {
    /// Makes a new file without layers.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn create(path: &Path) -> Result<Self, TableError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let this = Self::connect(path, flags)?;
        this.batch("BEGIN;")?;
        lay_out(&this.connection).map_err(|e| this.fail(e))?;
        this.batch("COMMIT;")?;
        Ok(this)
    }

    fn connect(path: &Path, flags: OpenFlags) -> Result<Self, TableError> {
        let connection = connect(path, flags).map_err(|source| TableError::Database {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self {
            path: path.to_owned(),
            connection,
        })
    }

    fn fail(&self, source: rusqlite::Error) -> TableError {
        TableError::Database {
            path: self.path.clone(),
            source,
        }
    }

    fn batch(&self, sql: &str) -> Result<(), TableError> {
        self.connection.execute_batch(sql).map_err(|e| self.fail(e))
    }

    /// Adds a table with its rows, as a layer if rows have a place.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn add(&mut self, table: &Table) -> Result<(), TableError> {
        let added = (|| {
            let transaction = self.connection.transaction()?;
            layer::create(&transaction, table.schema)?;
            layer::insert(&transaction, table)?;
            layer::index(&transaction, table.schema)?;
            transaction.commit()
        })();
        added.map_err(|e| self.fail(e))
    }

    /// Ends the work on the file.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn close(self) -> Result<(), TableError> {
        let Self { path, connection } = self;
        connection
            .close()
            .map_err(|(_, source)| TableError::Database { path, source })
    }
}

/// Writes these tables into a new file.
pub(super) fn write(path: &Path, tables: &[&Table]) -> Result<(), TableError> {
    let mut file = GeoPackage::create(path)?;
    // The file is made under a temporary name: what a crash leaves of it is never looked at.
    file.batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")?;
    for table in tables {
        file.add(table)?;
    }
    file.close()
}
