//! The files that were taken in, known by their content.

use rusqlite::Connection;

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
    /// Time of its first accepted row.
    pub first: Option<Timestamp>,
    /// Time of its last accepted row.
    pub last: Option<Timestamp>,
    /// What became of its rows, as JSON.
    pub record: String,
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

pub(super) fn enter(db: &Connection, run: i64, entries: &[Entry]) -> rusqlite::Result<()> {
    // Paths and contents are both unique: what had this path or this content before gives way.
    let mut statement = db.prepare(
        "INSERT OR REPLACE INTO alongside_manifest (sha256, path, bytes, modified, first, last, run, record)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for e in entries {
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

pub(super) fn moved(db: &Connection, entry: &Entry) -> rusqlite::Result<()> {
    db.execute(
        "UPDATE OR REPLACE alongside_manifest SET path = ?2, modified = ?3 WHERE sha256 = ?1",
        (&entry.sha256, &entry.path, entry.modified),
    )?;
    Ok(())
}
