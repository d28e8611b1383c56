//! The store of the nights: one GeoPackage that is state, archive and map at once.
//!
//! In: what a night closed, the engine's state after it, and the tables as judged. Out: layers that GIS programs
//! open, and everything that the next night needs. Rules: whatever belongs together is written in one
//! transaction, so the process may be killed at any moment; a final row is never written again, unless older rows came
//! and the nights since were taken in anew; there is no second file to keep in step.
//!
//! Beside the layers: `alongside_meta` (versions, configuration, reference data), `alongside_manifest` (files by
//! content), `alongside_runs`, `alongside_changes` (what each run changed), `alongside_states` (the engine at the
//! start of each of the last days), `alongside_facts` (what was closed, by the day that closed it), `alongside_rows`
//! (a hash of each row).

mod change;
mod error;
mod lock;
mod manifest;
mod order;
mod publish;
mod read;
mod retention;
mod schema;
#[cfg(test)]
mod tests;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension};

pub use change::{Change, Published, What};
pub use error::StoreError;
pub use manifest::{Entry, WAITING};
pub use read::{Changed, Reader, is_store};
pub use retention::drop_past;

use crate::model::{Facts, Row, TableSchema, Timestamp, UtcDay};
use crate::stage;
use crate::tables::geopackage;
use lock::Lock;

/// States that are kept beside the current one: so many days back a late file can be taken in.
pub const CHECKPOINT_DAYS: usize = 7;

/// How long a transaction waits for a program that reads the file; tests have less.
const PATIENCE: Duration = Duration::from_secs(if cfg!(test) { 1 } else { 60 });

/// Pages held while writing, as SQLite counts them: negative, KiB. Its default of 2 MB goes to the disk again and again.
const CACHE_KIB: i64 = -262_144;

/// zstd's level for states and facts: they are written every night.
const LEVEL: i32 = 1;

/// By what a store is bound: another configuration or other reference data would give other rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Version of the program.
    pub program: String,
    /// Configuration as JSON.
    pub config: String,
    /// Hash of the configuration.
    pub config_sha256: String,
    /// Reference data: name and hash, as JSON.
    pub reference: String,
}

/// How far a store is: what a plan rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The last run.
    pub run: Option<i64>,
    /// The instant of the current state.
    pub at: Option<Timestamp>,
}

fn standing(db: &Connection) -> rusqlite::Result<Standing> {
    db.query_row(
        "SELECT (SELECT max(run) FROM alongside_runs), (SELECT max(at) FROM alongside_states)",
        [],
        |row| {
            Ok(Standing {
                run: row.get(0)?,
                at: row.get::<_, Option<i64>>(1)?.map(Timestamp),
            })
        },
    )
}

/// A store that this process alone writes.
pub struct Store {
    path: PathBuf,
    db: Connection,
    _lock: Lock,
}

/// One transaction on a store. Dropped before [`Self::commit`], it leaves nothing behind.
pub struct Night<'s> {
    path: &'s Path,
    db: rusqlite::Transaction<'s>,
}

impl Store {
    /// Opens a store for writing, or makes a new one.
    ///
    /// # Errors
    /// If another run holds it, it can't be written, is none, is damaged or of a newer version.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let fail = |e| StoreError::of(path, e);
        // What isn't for this program is left without a lock file beside it.
        schema::look(path)?;
        let lock = Lock::take(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE;
        let mut db = geopackage::connect(path, flags).map_err(fail)?;
        db.busy_timeout(PATIENCE).map_err(fail)?;
        // A power cut loses nothing that was committed either.
        db.pragma_update(None, "synchronous", "FULL")
            .map_err(fail)?;
        db.pragma_update(None, "cache_size", CACHE_KIB)
            .map_err(fail)?;
        // A row with triggers is journalled by itself: in a file, that takes longer than all the rest.
        db.pragma_update(None, "temp_store", "MEMORY")
            .map_err(fail)?;
        // Damage in the structure of a page shows when the page is read, not later.
        db.pragma_update(None, "cell_size_check", "ON")
            .map_err(fail)?;
        schema::prepare(path, &mut db)?;
        Ok(Self {
            path: path.to_owned(),
            db,
            _lock: lock,
        })
    }

    /// Begins a transaction.
    ///
    /// # Errors
    /// If it can't begin.
    pub fn begin(&mut self) -> Result<Night<'_>, StoreError> {
        let path = &self.path;
        let db = self
            .db
            .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
            .map_err(|e| StoreError::of(path, e))?;
        Ok(Night { path, db })
    }

    /// Begins a transaction on what was planned on. The lock sees to it; where it doesn't hold (a second name that is no
    /// link to follow, a disk of another computer) rows would be taken in twice.
    ///
    /// # Errors
    /// If it can't begin, or another run was at work since.
    pub fn begin_at(&mut self, planned_on: Standing) -> Result<Night<'_>, StoreError> {
        let path = self.path.clone();
        let night = self.begin()?;
        if standing(&night.db).map_err(|e| night.fail(e))? != planned_on {
            return Err(StoreError::Overtaken { path });
        }
        Ok(night)
    }

    /// How far it is.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn standing(&self) -> Result<Standing, StoreError> {
        standing(&self.db).map_err(|e| self.fail(e))
    }

    /// Ends the write-ahead log in which another program may have left the file: who only reads couldn't without writing
    /// beside it. Where that program still holds it, the next night does.
    ///
    /// # Errors
    /// If it can't be read or written.
    pub fn end_log(&self) -> Result<(), StoreError> {
        let mode = |sql: &str| self.db.query_row(sql, [], |row| row.get::<_, String>(0));
        let end = || {
            if mode("PRAGMA journal_mode")? != "wal" {
                return Ok(());
            }
            self.db.busy_timeout(Duration::ZERO)?;
            let ended = mode("PRAGMA journal_mode = DELETE");
            self.db.busy_timeout(PATIENCE)?;
            match ended {
                Err(e) if e.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => Ok(()),
                Err(e) => Err(e),
                Ok(_) => Ok(()),
            }
        };
        end().map_err(|e| self.fail(e))
    }

    fn fail(&self, e: rusqlite::Error) -> StoreError {
        StoreError::of(&self.path, e)
    }

    /// What the store is bound to; `None` if it is new.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn binding(&self) -> Result<Option<Binding>, StoreError> {
        read::binding(&self.db).map_err(|e| self.fail(e))
    }

    /// Every row before this instant is taken in; `None` if none ever was.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn complete_to(&self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.states()?.last().copied().filter(|t| *t > NOTHING))
    }

    /// For which instant the tables were judged, and whether they must be judged anew because nights were undone.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn judged(&self) -> Result<(Option<Timestamp>, bool), StoreError> {
        let read = || {
            let at = read::meta(&self.db, schema::JUDGED_TO)?;
            let undone = read::meta(&self.db, schema::UNDONE)?.is_some();
            Ok((at.as_deref().and_then(Timestamp::parse), undone))
        };
        read().map_err(|e| self.fail(e))
    }

    /// To which instant a run meant to come that has not ended.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn aim(&self) -> Result<Option<Timestamp>, StoreError> {
        let aim = read::meta(&self.db, schema::AIM).map_err(|e| self.fail(e))?;
        Ok(aim.as_deref().and_then(Timestamp::parse))
    }

    /// The instants of which there is a state, in order; the last is the current one. The first may be [`NOTHING`].
    ///
    /// # Errors
    /// If it can't be read.
    pub fn states(&self) -> Result<Vec<Timestamp>, StoreError> {
        let read = || {
            let mut statement = self
                .db
                .prepare("SELECT at FROM alongside_states ORDER BY at")?;
            let times = statement.query_map([], |row| row.get(0).map(Timestamp))?;
            times.collect::<rusqlite::Result<Vec<_>>>()
        };
        read().map_err(|e| self.fail(e))
    }

    /// The engine's state at this instant.
    ///
    /// # Errors
    /// If there is none, or it can't be read.
    pub fn state(&self, at: Timestamp) -> Result<Vec<u8>, StoreError> {
        read::state(&self.db, &self.path, at)
    }

    /// The files that were taken in, in order of their paths.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn manifest(&self) -> Result<Vec<Entry>, StoreError> {
        manifest::all(&self.db).map_err(|e| self.fail(e))
    }

    /// Those of them that wait: they are known, and no run has taken them in yet.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn waiting(&self) -> Result<Vec<Entry>, StoreError> {
        manifest::waiting(&self.db).map_err(|e| self.fail(e))
    }
}

/// The instant of the state that has seen nothing.
pub const NOTHING: Timestamp = Timestamp(i64::MIN);

/// What a stretch of time closed, and the state after it, as they are kept.
pub struct Sealed {
    facts: Vec<u8>,
    state: Vec<u8>,
}

impl Sealed {
    /// Packs them for the store of this name.
    ///
    /// # Errors
    /// If they can't be packed.
    pub fn new(path: &Path, closed: &[Vec<u8>], state: &[Vec<u8>]) -> Result<Self, StoreError> {
        Ok(Self {
            facts: packed(path, closed)?,
            state: packed(path, state)?,
        })
    }

    /// What was closed, as bytes to be packed.
    ///
    /// # Errors
    /// If it can't be written as bytes.
    pub fn bytes_of(closed: &Facts) -> Result<stage::Pieces, stage::StateError> {
        stage::encode_in_pieces("facts", schema::FACTS_VERSION, closed)
    }
}

/// Pieces that follow one another, compressed, with a checksum: SQLite has none, and a flipped bit would be judged by.
fn packed(path: &Path, pieces: &[impl AsRef<[u8]>]) -> Result<Vec<u8>, StoreError> {
    let pack = || {
        let mut packed = zstd::Encoder::new(Vec::new(), LEVEL)?;
        packed.include_checksum(true)?;
        for piece in pieces {
            packed.write_all(piece.as_ref())?;
        }
        packed.finish()
    };
    pack().map_err(|e: std::io::Error| StoreError::damaged(path, &e))
}

impl Night<'_> {
    fn fail(&self, e: rusqlite::Error) -> StoreError {
        StoreError::of(self.path, e)
    }

    fn execute(&self, sql: &str, params: impl rusqlite::Params) -> Result<usize, StoreError> {
        self.db.execute(sql, params).map_err(|e| self.fail(e))
    }

    /// Binds the store, and gives it the state that has seen nothing.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn bind(&self, binding: &Binding, nothing: &[u8]) -> Result<(), StoreError> {
        let pairs = [
            (schema::PROGRAM, &binding.program),
            (schema::CONFIG, &binding.config),
            (schema::CONFIG_SHA256, &binding.config_sha256),
            (schema::REFERENCE, &binding.reference),
        ];
        for (key, value) in pairs {
            schema::set(&self.db, key, value).map_err(|e| self.fail(e))?;
        }
        self.put_state(NOTHING, nothing)
    }

    /// Notes to which instant this run means to come, so that the next one goes on if it is killed.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn aim(&self, to: Timestamp) -> Result<(), StoreError> {
        schema::set(&self.db, schema::AIM, &to.to_string()).map_err(|e| self.fail(e))
    }

    /// Opens a line in the log of runs and returns its number.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn log_run(&self, started: &str, note: &str) -> Result<i64, StoreError> {
        self.execute(
            "INSERT INTO alongside_runs (started, program, note) VALUES (?1, ?2, ?3)",
            (started, env!("CARGO_PKG_VERSION"), note),
        )?;
        Ok(self.db.last_insert_rowid())
    }

    /// Enters files, on behalf of a run or as [`WAITING`] for one. What had their paths before stays known, under a name that
    /// no file has.
    ///
    /// # Errors
    /// If they can't be written.
    pub fn enter(&self, run: i64, entries: &[Entry]) -> Result<(), StoreError> {
        manifest::enter(&self.db, run, entries).map_err(|e| self.fail(e))
    }

    /// Goes back to the state at this instant: what came later is forgotten, and will be judged anew. To
    /// [`NOTHING`] it needs [`Self::bind`] beside.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn rewind(&self, at: Timestamp) -> Result<(), StoreError> {
        self.execute("DELETE FROM alongside_states WHERE at > ?1", [at.0])?;
        self.execute("DELETE FROM alongside_facts WHERE at > ?1", [at.0])?;
        let mut back_to = at;
        if self.kept_from()?.is_some_and(|kept| at < kept) {
            // What was removed since comes back with the rest.
            self.execute(
                "DELETE FROM alongside_meta WHERE key = ?1",
                [schema::KEPT_FROM],
            )?;
            back_to = NOTHING;
        }
        // Of two rewinds without a judgement in between the earlier one counts.
        let undone = read::meta(&self.db, schema::UNDONE).map_err(|e| self.fail(e))?;
        let at = undone.map_or(back_to, |text| instant(&text).min(back_to));
        schema::set(&self.db, schema::UNDONE, &at.0.to_string()).map_err(|e| self.fail(e))
    }

    /// Takes in a stretch of time up to its end: what was closed in it, and the state after it.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn seal(&self, end: Timestamp, sealed: &Sealed) -> Result<(), StoreError> {
        self.execute(
            "INSERT OR REPLACE INTO alongside_facts (at, bytes) VALUES (?1, ?2)",
            (end.0, &sealed.facts),
        )?;
        self.put_packed(end, &sealed.state)?;
        // The state that has seen nothing goes with the rest: it leads nowhere once a day is out of reach.
        self.execute(
            "DELETE FROM alongside_states WHERE at NOT IN (SELECT at FROM alongside_states ORDER BY at DESC LIMIT ?1)",
            [CHECKPOINT_DAYS as i64 + 1],
        )?;
        Ok(())
    }

    fn put_state(&self, at: Timestamp, state: &[u8]) -> Result<(), StoreError> {
        self.put_packed(at, &packed(self.path, &[state])?)
    }

    fn put_packed(&self, at: Timestamp, state: &[u8]) -> Result<(), StoreError> {
        self.execute(
            "INSERT OR REPLACE INTO alongside_states (at, bytes) VALUES (?1, ?2)",
            (at.0, state),
        )?;
        Ok(())
    }

    /// What was closed after an instant, part by part in order of time, as this transaction sees it.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn facts(&self, after: Timestamp) -> Result<Vec<Facts>, StoreError> {
        read::facts(&self.db, self.path, after)
    }

    /// The rows of a layer as they stand; none if it isn't there yet.
    ///
    /// # Errors
    /// If they can't be read.
    pub fn rows(&self, schema: &'static TableSchema) -> Result<Vec<Row>, StoreError> {
        geopackage::read_rows(&self.db, schema, "").map_err(|e| self.fail(e))
    }

    /// Notes where files are now that were known under other names or times.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn moved(&self, entries: &[Entry]) -> Result<(), StoreError> {
        manifest::moved(&self.db, entries).map_err(|e| self.fail(e))
    }

    /// Notes what remains of a file in whose place another one is; `None` if all its rows are given up.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn replaced(&self, old: &Entry, remains: Option<&Entry>) -> Result<(), StoreError> {
        manifest::replaced(&self.db, old, remains).map_err(|e| self.fail(e))
    }

    /// Every file of the manifest, as this transaction sees it.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn manifest(&self) -> Result<Vec<Entry>, StoreError> {
        manifest::all(&self.db).map_err(|e| self.fail(e))
    }

    /// Makes it so.
    ///
    /// # Errors
    /// If it can't be written; then nothing was changed.
    pub fn commit(self) -> Result<(), StoreError> {
        let path = self.path;
        self.db.commit().map_err(|e| StoreError::of(path, e))
    }
}

/// The day that begins at or after an instant.
pub fn day_from(at: Timestamp) -> UtcDay {
    let day = at.day();
    if day.start() == at {
        day
    } else {
        UtcDay(day.0 + 1)
    }
}

/// An instant from its milliseconds; what can't be read goes back to the beginning.
fn instant(text: &str) -> Timestamp {
    text.parse().map_or(NOTHING, Timestamp)
}

fn optional<T>(result: rusqlite::Result<T>) -> rusqlite::Result<Option<T>> {
    result.optional()
}
