//! The store's own tables, their version, and the way from older ones.

use std::path::Path;

use rusqlite::Connection;

use super::{StoreError, read};
use crate::tables::geopackage;

/// Version of the store's own tables.
pub(super) const VERSION: u32 = 1;
/// Version of the facts in it.
pub(super) const FACTS_VERSION: u16 = 1;

pub(super) const SCHEMA: &str = "schema";
pub(super) const PROGRAM: &str = "program";
pub(super) const CONFIG: &str = "config";
pub(super) const CONFIG_SHA256: &str = "config_sha256";
pub(super) const REFERENCE: &str = "reference";
pub(super) const RUN_JSON: &str = "run_json";
pub(super) const JUDGED_TO: &str = "judged_to";
pub(super) const AIM: &str = "aim";
pub(super) const UNDONE: &str = "undone_to";

const TABLES: &str = "
CREATE TABLE alongside_meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE alongside_runs (
  run INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, program TEXT NOT NULL, note TEXT NOT NULL,
  complete_to TEXT, files INTEGER, rows INTEGER, new INTEGER, changed INTEGER, closed INTEGER, gone INTEGER);
CREATE TABLE alongside_manifest (
  sha256 TEXT PRIMARY KEY NOT NULL, path TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL, modified INTEGER NOT NULL,
  first INTEGER, last INTEGER, run INTEGER NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE alongside_changes (
  run INTEGER NOT NULL, layer TEXT NOT NULL, event_id TEXT NOT NULL, what TEXT NOT NULL);
CREATE INDEX alongside_changes_run ON alongside_changes (run);
CREATE TABLE alongside_states (at INTEGER PRIMARY KEY NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE alongside_facts (at INTEGER PRIMARY KEY NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE alongside_rows (
  layer TEXT NOT NULL, key TEXT NOT NULL, digest BLOB NOT NULL, status INTEGER NOT NULL, risk REAL,
  PRIMARY KEY (layer, key)) WITHOUT ROWID;
";

/// Sets a value of the table of values.
pub(super) fn set(db: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    db.execute(
        "INSERT OR REPLACE INTO alongside_meta (key, value) VALUES (?1, ?2)",
        (key, value),
    )?;
    Ok(())
}

/// Makes a new file a store, and one of an older version one of this version.
pub(super) fn prepare(path: &Path, db: &mut Connection) -> Result<(), StoreError> {
    let fail = |e| StoreError::of(path, e);
    let tables: i64 = db
        .query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))
        .map_err(fail)?;
    if tables == 0 {
        let made = (|| {
            let transaction = db.transaction()?;
            geopackage::lay_out(&transaction)?;
            transaction.execute_batch(TABLES)?;
            set(&transaction, SCHEMA, &VERSION.to_string())?;
            transaction.commit()
        })();
        return made.map_err(fail);
    }
    check(path, db)
}

/// Refuses what is no store, or one that this version can't read.
pub(super) fn check(path: &Path, db: &Connection) -> Result<(), StoreError> {
    let fail = |e| StoreError::of(path, e);
    let is_store: i64 = db
        .query_row(
            "SELECT count(*) FROM sqlite_master WHERE name = 'alongside_meta'",
            [],
            |row| row.get(0),
        )
        .map_err(fail)?;
    if is_store == 0 {
        return Err(StoreError::Foreign {
            path: path.to_owned(),
        });
    }
    let found = read::meta(db, SCHEMA).map_err(fail)?;
    let Some(found) = found.and_then(|v| v.parse::<u32>().ok()) else {
        return Err(StoreError::damaged(path, &"it states no version"));
    };
    // A later version of these tables is reached from an older one here, step by step; there is one so far.
    if found > VERSION {
        return Err(StoreError::Newer {
            path: path.to_owned(),
            found,
            known: VERSION,
        });
    }
    Ok(())
}
