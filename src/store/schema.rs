//! The store's own tables, their version, and the way from older ones.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::{StoreError, packed, read};
use crate::tables::geopackage;

/// A step from one version of the store's own tables to the next.
type Step = fn(&Path, &Connection) -> Result<(), StoreError>;

/// The steps in order: the first leads from version 1 to 2.
const STEPS: [Step; 1] = [checksums_and_retention];

/// Version of the store's own tables.
pub(super) const VERSION: u32 = 1 + STEPS.len() as u32;
/// Version of the facts in it.
pub(super) const FACTS_VERSION: u16 = 8;

pub(super) const SCHEMA: &str = "schema";
pub(super) const PROGRAM: &str = "program";
pub(super) const CONFIG: &str = "config";
pub(super) const CONFIG_SHA256: &str = "config_sha256";
pub(super) const REFERENCE: &str = "reference";
pub(super) const RUN_JSON: &str = "run_json";
pub(super) const JUDGED_TO: &str = "judged_to";
pub(super) const AIM: &str = "aim";
pub(super) const UNDONE: &str = "undone_to";
pub(super) const KEPT_FROM: &str = "kept_from";

const TABLES: &str = "
CREATE TABLE alongside_meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE alongside_runs (
  run INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, program TEXT NOT NULL, note TEXT NOT NULL,
  complete_to TEXT, files INTEGER, rows INTEGER, new INTEGER, changed INTEGER, closed INTEGER, gone INTEGER,
  removed INTEGER NOT NULL DEFAULT 0);
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

/// Rows that are not final yet are few and asked for every night.
const UNSETTLED: &str =
    "CREATE INDEX alongside_rows_unsettled ON alongside_rows (layer, key) WHERE status IN (1, 2)";

/// Sets a value of the table of values.
pub(super) fn set(db: &Connection, key: &str, value: &str) -> rusqlite::Result<()> {
    db.execute(
        "INSERT OR REPLACE INTO alongside_meta (key, value) VALUES (?1, ?2)",
        (key, value),
    )?;
    Ok(())
}

/// Refuses what is there and is no store, or not one for this program. Whatever else is the matter shows when it is opened.
pub(super) fn look(path: &Path) -> Result<(), StoreError> {
    let Ok(meta) = std::fs::metadata(path) else {
        return Ok(());
    };
    if meta.is_dir() {
        return Err(StoreError::ReadOnly {
            path: path.to_owned(),
            reason: "it is a folder".to_owned(),
        });
    }
    // An empty file is what a run leaves that was killed before its first transaction.
    if meta.len() == 0 || std::fs::File::open(path).is_err() {
        return Ok(());
    }
    if !read::is_store(path) {
        return Err(StoreError::Foreign {
            path: path.to_owned(),
        });
    }
    let checked = geopackage::connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE)
        .and_then(|db| {
            // Who is at work on it is for the lock to tell.
            db.busy_timeout(Duration::ZERO)?;
            Ok((is_empty(&db)?, db))
        })
        .map_err(|e| StoreError::of(path, e))
        .and_then(|(is_empty, db)| match is_empty {
            true => Ok(VERSION),
            false => check(path, &db),
        });
    match checked {
        Err(e @ (StoreError::Foreign { .. } | StoreError::Newer { .. })) => Err(e),
        _ => Ok(()),
    }
}

fn is_empty(db: &Connection) -> rusqlite::Result<bool> {
    db.query_row("SELECT count(*) = 0 FROM sqlite_master", [], |row| {
        row.get(0)
    })
}

/// Makes a new file a store, and one of an older version one of this version.
pub(super) fn prepare(path: &Path, db: &mut Connection) -> Result<(), StoreError> {
    let fail = |e| StoreError::of(path, e);
    if is_empty(db).map_err(fail)? {
        let made = (|| {
            // What is removed one day can be given back to the disk; it must be said before there is anything.
            db.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
            let transaction = db.transaction()?;
            geopackage::lay_out(&transaction)?;
            transaction.execute_batch(TABLES)?;
            transaction.execute_batch(UNSETTLED)?;
            set(&transaction, SCHEMA, &VERSION.to_string())?;
            transaction.commit()
        })();
        return made.map_err(fail);
    }
    let found = check(path, db)?;
    // Damage that a night doesn't come across would be carried on, and copied over the last good copy.
    let sound: String = db
        .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))
        .map_err(fail)?;
    if sound != "ok" {
        // The first line only says which database.
        let what = sound.lines().last().unwrap_or_default();
        return Err(StoreError::damaged(path, &what));
    }
    if found < VERSION {
        let transaction = db.transaction().map_err(fail)?;
        for step in &STEPS[found as usize - 1..] {
            step(path, &transaction)?;
        }
        set(&transaction, SCHEMA, &VERSION.to_string()).map_err(fail)?;
        transaction.commit().map_err(fail)?;
    }
    Ok(())
}

/// Version 2: states and facts carry a checksum, a run says how many events it removed, and rows that aren't final are
/// found by an index.
fn checksums_and_retention(path: &Path, db: &Connection) -> Result<(), StoreError> {
    let fail = |e| StoreError::of(path, e);
    for table in ["alongside_states", "alongside_facts"] {
        for at in read::instants(db, path, table)? {
            let bytes = read::blob(db, path, table, at)?;
            db.execute(
                &format!("UPDATE {table} SET bytes = ?2 WHERE at = ?1"),
                (at, packed(path, &[bytes])?),
            )
            .map_err(fail)?;
        }
    }
    db.execute_batch("ALTER TABLE alongside_runs ADD COLUMN removed INTEGER NOT NULL DEFAULT 0")
        .map_err(fail)?;
    db.execute_batch(UNSETTLED).map_err(fail)
}

/// The version of a store; refuses what is no store, or one that this program doesn't know.
pub(super) fn check(path: &Path, db: &Connection) -> Result<u32, StoreError> {
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
    match found.and_then(|v| v.parse::<u32>().ok()) {
        None | Some(0) => Err(StoreError::damaged(path, &"it states no version")),
        Some(found) if found > VERSION => Err(StoreError::Newer {
            path: path.to_owned(),
            found,
            known: VERSION,
        }),
        Some(found) => Ok(found),
    }
}
