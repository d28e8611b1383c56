//! Reading a store: for the next night, and for the commands that only read.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use super::{StoreError, What, optional, order, retention, schema};
use crate::model::{Facts, Table, TableSchema, Timestamp};
use crate::stage;
use crate::store::Binding;
use crate::tables::geopackage;

/// How every SQLite file begins.
const MAGIC: &[u8] = b"SQLite format 3\0";

fn head<const N: usize>(path: &Path) -> Option<[u8; N]> {
    let mut head = [0; N];
    let is_read = path.is_file() && File::open(path).ok()?.read_exact(&mut head).is_ok();
    is_read.then_some(head)
}

/// Whether this file may be a store, by its first bytes.
pub fn is_store(path: &Path) -> bool {
    head::<16>(path).is_some_and(|head| head == MAGIC)
}

/// Whether a program left this SQLite file with a write-ahead log: bytes 18 and 19 say how it is to be written and read.
fn has_log(path: &Path) -> bool {
    head::<20>(path).is_some_and(|head| head[18..] == [2, 2])
}

pub(super) fn meta(db: &Connection, key: &str) -> rusqlite::Result<Option<String>> {
    optional(db.query_row(
        "SELECT value FROM alongside_meta WHERE key = ?1",
        [key],
        |row| row.get(0),
    ))
}

pub(super) fn binding(db: &Connection) -> rusqlite::Result<Option<Binding>> {
    let parts = [
        schema::PROGRAM,
        schema::CONFIG,
        schema::CONFIG_SHA256,
        schema::REFERENCE,
    ];
    let mut values = Vec::new();
    for key in parts {
        values.extend(meta(db, key)?);
    }
    Ok(<[String; 4]>::try_from(values)
        .ok()
        .map(|[program, config, config_sha256, reference]| Binding {
            program,
            config,
            config_sha256,
            reference,
        }))
}

fn unpacked(path: &Path, bytes: &[u8]) -> Result<Vec<u8>, StoreError> {
    zstd::decode_all(bytes).map_err(|e| StoreError::damaged(path, &e))
}

/// A blob of one of the tables of them, by its instant.
pub(super) fn blob(
    db: &Connection,
    path: &Path,
    table: &str,
    at: i64,
) -> Result<Vec<u8>, StoreError> {
    let bytes: Vec<u8> = db
        .query_row(
            &format!("SELECT bytes FROM {table} WHERE at = ?1"),
            [at],
            |row| row.get(0),
        )
        .map_err(|e| StoreError::of(path, e))?;
    unpacked(path, &bytes)
}

pub(super) fn state(db: &Connection, path: &Path, at: Timestamp) -> Result<Vec<u8>, StoreError> {
    blob(db, path, "alongside_states", at.0)
}

/// The part of the facts that was closed by a day's end.
pub(super) fn part(db: &Connection, path: &Path, at: i64) -> Result<Facts, StoreError> {
    let bytes = blob(db, path, "alongside_facts", at)?;
    stage::decode("facts", schema::FACTS_VERSION, &bytes).map_err(|e| StoreError::damaged(path, &e))
}

/// The instants of which a table has a blob, in order.
pub(super) fn instants(db: &Connection, path: &Path, table: &str) -> Result<Vec<i64>, StoreError> {
    let read = || {
        let mut statement = db.prepare(&format!("SELECT at FROM {table} ORDER BY at"))?;
        let instants = statement.query_map([], |row| row.get(0))?;
        instants.collect::<rusqlite::Result<Vec<i64>>>()
    };
    read().map_err(|e| StoreError::of(path, e))
}

/// What was closed after an instant, part by part in order of time.
pub(super) fn facts(
    db: &Connection,
    path: &Path,
    after: Timestamp,
) -> Result<Vec<Facts>, StoreError> {
    let ends = instants(db, path, "alongside_facts")?.into_iter();
    ends.filter(|at| *at > after.0)
        .map(|at| part(db, path, at))
        .collect()
}

/// A line of the log of changes.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Changed {
    /// The run.
    pub run: i64,
    /// The table.
    pub layer: String,
    /// The event.
    pub event_id: String,
    /// `new`, `changed`, `closed`, `reopened` or `gone`.
    pub what: String,
}

/// A store that is only read.
#[derive(Debug)]
pub struct Reader {
    path: PathBuf,
    db: Connection,
}

impl Reader {
    /// Opens a store. A run may be at work on it meanwhile: what is read is what it last committed.
    ///
    /// # Errors
    /// If it is no store, damaged, or of a newer version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        Self::open_file(path).map_err(|e| match e {
            StoreError::ReadOnly { path, .. } if has_log(&path) => StoreError::Log { path },
            StoreError::ReadOnly { path, reason } => StoreError::Unreadable { path, reason },
            e => e,
        })
    }

    fn open_file(path: &Path) -> Result<Self, StoreError> {
        let fail = |e| StoreError::of(path, e);
        let db = geopackage::connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(fail)?;
        db.busy_timeout(super::PATIENCE).map_err(fail)?;
        schema::check(path, &db)?;
        // One picture for all that is read.
        db.execute_batch("BEGIN").map_err(fail)?;
        Ok(Self {
            path: path.to_owned(),
            db,
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn fail(&self, e: rusqlite::Error) -> StoreError {
        StoreError::of(&self.path, e)
    }

    /// A table, in the order of a scan's.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn table(&self, schema: &'static TableSchema) -> Result<Table, StoreError> {
        let rows = geopackage::read_rows(&self.db, schema, &order::clauses(schema));
        Ok(Table::new(schema, rows.map_err(|e| self.fail(e))?))
    }

    /// The text of `run.json` as a scan of all files would have it; `None` before the first night.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn run(&self) -> Result<Option<String>, StoreError> {
        meta(&self.db, schema::RUN_JSON).map_err(|e| self.fail(e))
    }

    /// The facts that were closed, and the engine's current state, which holds the others.
    ///
    /// # Errors
    /// If they can't be read.
    pub fn facts(&self) -> Result<(Vec<Facts>, Vec<u8>), StoreError> {
        let at: Option<i64> = self
            .db
            .query_row("SELECT max(at) FROM alongside_states", [], |row| row.get(0))
            .map_err(|e| self.fail(e))?;
        let at = at.ok_or_else(|| StoreError::damaged(&self.path, &"it holds no state"))?;
        let state = state(&self.db, &self.path, Timestamp(at))?;
        Ok((facts(&self.db, &self.path, super::NOTHING)?, state))
    }

    /// Final events that ended before this instant are no longer kept; `None` if all are.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn kept_from(&self) -> Result<Option<Timestamp>, StoreError> {
        retention::kept_from(&self.db).map_err(|e| self.fail(e))
    }

    /// Number of the last run; `None` before the first.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn last_run(&self) -> Result<Option<i64>, StoreError> {
        let last = "SELECT max(run) FROM alongside_runs";
        let read = self.db.query_row(last, [], |row| row.get(0));
        read.map_err(|e| self.fail(e))
    }

    /// What runs after this one changed, in order. That what was said of an event stands is in the log, and no news.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn changes_since(&self, run: i64) -> Result<Vec<Changed>, StoreError> {
        let read = || {
            let mut statement = self.db.prepare(
                "SELECT run, layer, event_id, what FROM alongside_changes WHERE run > ?1 AND what != ?2 ORDER BY run, rowid",
            )?;
            let lines = statement.query_map((run, What::Final.name()), |row| {
                Ok(Changed {
                    run: row.get(0)?,
                    layer: row.get(1)?,
                    event_id: row.get(2)?,
                    what: row.get(3)?,
                })
            })?;
            lines.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e| self.fail(e))
    }
}
