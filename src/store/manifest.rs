//! The files that were taken in, known by their content.

use std::collections::HashSet;

use rusqlite::Connection;

use super::optional;
use crate::model::Timestamp;

/// A file that was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// SHA-256 of its content, in hexadecimal.
    pub sha256: String,
    /// Where it was.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// When it was last written, milliseconds since the epoch: only to spare reading it again.
    pub modified: i64,
    /// Time of its first row that was taken in.
    pub first: Option<Timestamp>,
    /// Time of its last accepted row.
    pub last: Option<Timestamp>,
    /// What became of its rows, as JSON.
    pub record: String,
}

/// What stands before the hash of content of which rows were given up, so that it is new when it comes again.
const PART: &str = "part:";

impl Entry {
    /// The same content in another place.
    pub fn at(&self, path: &str, modified: i64) -> Self {
        Self {
            path: path.to_owned(),
            modified,
            ..self.clone()
        }
    }

    /// The same where another file has its path: its rows are in the store, and its content is nowhere.
    pub fn overwritten(&self) -> Self {
        let path = overwritten(&self.path, &self.sha256);
        self.at(&path, self.modified)
    }

    /// What was taken in of it when its rows from this instant on never were, or are given up; `None` if that is nothing.
    pub fn cut(&self, end: Timestamp) -> Option<Self> {
        let (first, last) = (self.first?, self.last?);
        if first >= end {
            return None;
        }
        let mut part = self.clone();
        if last >= end {
            part.last = Some(Timestamp(end.0 - 1));
            if !part.is_part() {
                part.sha256.insert_str(0, PART);
            }
        }
        Some(part)
    }

    /// The same where another file has its path.
    pub fn until(&self, end: Timestamp) -> Option<Self> {
        self.cut(end).map(|part| part.overwritten())
    }

    /// Whether it is what remained of some content.
    pub fn is_part(&self) -> bool {
        self.sha256.starts_with(PART)
    }

    /// Whether it was at this path before another file was.
    pub fn was_at(&self, path: &str) -> bool {
        let rest = self.path.strip_prefix(path);
        rest.is_some_and(|rest| rest.starts_with(OVERWRITTEN))
    }

    /// Whether it is what remained of this content.
    pub fn is_part_of(&self, sha256: &str) -> bool {
        self.sha256.strip_prefix(PART) == Some(sha256)
    }
}

/// What follows the path in the name of content whose place was taken.
const OVERWRITTEN: &str = " (overwritten, sha256 ";

/// The name of content whose place was taken.
fn overwritten(path: &str, sha256: &str) -> String {
    format!("{path}{OVERWRITTEN}{})", short_hash(sha256))
}

/// The beginning of a hash, enough to tell contents apart.
fn short_hash(sha256: &str) -> &str {
    let hash = sha256.strip_prefix(PART).unwrap_or(sha256);
    hash.get(..12).unwrap_or(hash)
}

pub(super) fn all(db: &Connection) -> rusqlite::Result<Vec<Entry>> {
    let mut statement = db.prepare(
        "SELECT sha256, path, bytes, modified, first, last, record FROM alongside_manifest ORDER BY path",
    )?;
    let entries = statement.query_map([], |row| {
        Ok(Entry {
            sha256: row.get(0)?,
            path: row.get(1)?,
            bytes: row.get::<_, i64>(2)?.unsigned_abs(),
            modified: row.get(3)?,
            first: row.get::<_, Option<i64>>(4)?.map(Timestamp),
            last: row.get::<_, Option<i64>>(5)?.map(Timestamp),
            record: row.get(6)?,
        })
    })?;
    entries.collect()
}

/// Gives a path free for other content: what was taken in under it stays known.
fn free(db: &Connection, entry: &Entry) -> rusqlite::Result<()> {
    let other: Option<String> = optional(db.query_row(
        "SELECT sha256 FROM alongside_manifest WHERE path = ?1 AND sha256 != ?2",
        (&entry.path, &entry.sha256),
        |row| row.get(0),
    ))?;
    if let Some(other) = other {
        db.execute(
            "UPDATE alongside_manifest SET path = ?2 WHERE sha256 = ?1",
            (&other, overwritten(&entry.path, &other)),
        )?;
    }
    Ok(())
}

/// The number of no run: files that wait are known before one takes them in.
pub const WAITING: i64 = 0;

/// The files that no run has taken in yet.
pub(super) fn waiting(db: &Connection) -> rusqlite::Result<Vec<Entry>> {
    let mut statement = db.prepare("SELECT sha256 FROM alongside_manifest WHERE run = ?1")?;
    let hashes = statement.query_map([WAITING], |row| row.get(0))?;
    let hashes: HashSet<String> = hashes.collect::<rusqlite::Result<_>>()?;
    let mut entries = all(db)?;
    entries.retain(|e| hashes.contains(&e.sha256));
    Ok(entries)
}

/// Those that waited are this run's too.
pub(super) fn enter(db: &Connection, run: i64, entries: &[Entry]) -> rusqlite::Result<()> {
    db.execute(
        "UPDATE alongside_manifest SET run = ?1 WHERE run = ?2",
        [run, WAITING],
    )?;
    let mut statement = db.prepare(
        "INSERT OR REPLACE INTO alongside_manifest (sha256, path, bytes, modified, first, last, run, record)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for e in entries {
        free(db, e)?;
        db.execute(
            "DELETE FROM alongside_manifest WHERE sha256 = ?1 || ?2",
            (PART, &e.sha256),
        )?;
        statement.execute((
            &e.sha256,
            &e.path,
            e.bytes as i64,
            e.modified,
            e.first.map(|t| t.0),
            e.last.map(|t| t.0),
            run,
            &e.record,
        ))?;
    }
    Ok(())
}

/// Files may have changed names with each other, so no order of them would do without freeing places.
pub(super) fn moved(db: &Connection, entries: &[Entry]) -> rusqlite::Result<()> {
    for entry in entries {
        free(db, entry)?;
        db.execute(
            "UPDATE alongside_manifest SET path = ?2, modified = ?3 WHERE sha256 = ?1",
            (&entry.sha256, &entry.path, entry.modified),
        )?;
    }
    Ok(())
}

pub(super) fn replaced(
    db: &Connection,
    old: &Entry,
    remains: Option<&Entry>,
) -> rusqlite::Result<()> {
    match remains {
        Some(part) => db.execute(
            "UPDATE OR REPLACE alongside_manifest SET sha256 = ?2, path = ?3, last = ?4 WHERE sha256 = ?1",
            (
                &old.sha256,
                &part.sha256,
                &part.path,
                part.last.map(|t| t.0),
            ),
        )?,
        None => db.execute(
            "DELETE FROM alongside_manifest WHERE sha256 = ?1",
            [&old.sha256],
        )?,
    };
    Ok(())
}
