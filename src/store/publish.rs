//! Tables into layers: what is new or different is written, what is final stays.

use std::collections::{HashMap, HashSet};

use rusqlite::Statement;

use super::{Night, StoreError, schema};
use crate::model::{Row, Status, Table, TableSchema, Timestamp};
use crate::tables::geopackage;

/// Rows that are made at once.
const BATCH_ROWS: usize = 8_192;

/// What happened to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It wasn't there before.
    New,
    /// Its judgement, or its facts while open, are others.
    Changed,
    /// It is over.
    Closed,
    /// It is no more: older rows came that tell another story, or an open finding came to nothing.
    Gone,
}

impl What {
    /// The name in the log of changes.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Closed => "closed",
            Self::Gone => "gone",
        }
    }
}

/// A change of an event.
#[derive(Clone, Debug)]
pub struct Change {
    /// The table.
    pub layer: &'static str,
    /// The event.
    pub event_id: String,
    /// What happened.
    pub what: What,
    /// The row as it is now; `None` if it is gone.
    pub row: Option<Row>,
    /// The risk that it had before.
    pub risk_before: Option<f64>,
}

/// What a publication changed.
#[derive(Clone, Debug, Default)]
pub struct Published {
    /// Changes of events, table by table.
    pub changes: Vec<Change>,
    /// Final rows that would have come out otherwise, and were left as they are: a fault of a rule.
    pub conflicts: u64,
}

/// What is known of a row, or of all rows of an event.
struct Known {
    digest: [u8; 16],
    status: Option<Status>,
    risk: Option<f64>,
}

fn status_of(row: &Row) -> Option<Status> {
    let text = row.text("status")?;
    [Status::Open, Status::Settling, Status::Final]
        .into_iter()
        .find(|s| s.name() == text)
}

/// Numbers of statuses in the table of rows; 0 for rows that have none.
fn number(status: Option<Status>) -> i64 {
    match status {
        None => 0,
        Some(Status::Open) => 1,
        Some(Status::Settling) => 2,
        Some(Status::Final) => 3,
    }
}

fn status_from(number: i64) -> Option<Status> {
    [Status::Open, Status::Settling, Status::Final]
        .into_iter()
        .find(|s| self::number(Some(*s)) == number)
}

/// The column that names a row, or the rows of an event.
fn key_column(schema: &TableSchema) -> &'static str {
    if schema.index("event_id").is_some() {
        "event_id"
    } else {
        "mmsi"
    }
}

fn key_of(row: &Row, column: &str) -> String {
    match row.text(column) {
        Some(text) => text.to_owned(),
        None => row.whole(column).unwrap_or_default().to_string(),
    }
}

impl Night<'_> {
    /// Brings the layers to what these tables say, and logs what that changed.
    ///
    /// # Errors
    /// If they can't be written.
    pub fn publish(
        &self,
        run: i64,
        tables: &[Table],
        complete_to: Timestamp,
    ) -> Result<Published, StoreError> {
        let mut published = Published::default();
        let undone = super::read::meta(&self.db, schema::UNDONE).map_err(|e| self.fail(e))?;
        for table in tables {
            self.publish_table(table, undone.is_some(), &mut published)
                .map_err(|e| self.fail(e))?;
        }
        let finish = || {
            let mut line = self.db.prepare(
                "INSERT INTO alongside_changes (run, layer, event_id, what) VALUES (?1, ?2, ?3, ?4)",
            )?;
            for c in &published.changes {
                line.execute((run, c.layer, &c.event_id, c.what.name()))?;
            }
            self.db.execute(
                "DELETE FROM alongside_meta WHERE key IN (?1, ?2)",
                [schema::UNDONE, schema::AIM],
            )?;
            schema::set(&self.db, schema::JUDGED_TO, &complete_to.to_string())
        };
        finish().map_err(|e| self.fail(e))?;
        Ok(published)
    }

    /// Ends the line of a run in the log, and keeps the record of how the tables came about.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn close_run(
        &self,
        run: i64,
        complete_to: Timestamp,
        counts: [u64; 2],
        published: &Published,
        run_json: &str,
    ) -> Result<(), StoreError> {
        let of = |what| published.changes.iter().filter(|c| c.what == what).count() as i64;
        self.execute(
            "UPDATE alongside_runs SET complete_to = ?2, files = ?3, rows = ?4, new = ?5, changed = ?6, closed = ?7, gone = ?8
             WHERE run = ?1",
            (
                run,
                complete_to.to_string(),
                counts[0] as i64,
                counts[1] as i64,
                of(What::New),
                of(What::Changed),
                of(What::Closed),
                of(What::Gone),
            ),
        )?;
        schema::set(&self.db, schema::RUN_JSON, run_json).map_err(|e| self.fail(e))
    }

    fn known(&self, layer: &str) -> rusqlite::Result<HashMap<String, Known>> {
        let mut statement = self
            .db
            .prepare("SELECT key, digest, status, risk FROM alongside_rows WHERE layer = ?1")?;
        let rows = statement.query_map([layer], |row| {
            let known = Known {
                digest: row.get(1)?,
                status: status_from(row.get(2)?),
                risk: row.get(3)?,
            };
            Ok((row.get(0)?, known))
        })?;
        rows.collect()
    }

    fn publish_table(
        &self,
        table: &Table,
        undone: bool,
        published: &mut Published,
    ) -> rusqlite::Result<()> {
        let schema = table.schema;
        geopackage::ensure_layer(&self.db, schema)?;
        let mut work = Work {
            night: self,
            schema,
            undone,
            column: key_column(schema),
            known: self.known(schema.name)?,
            seen: HashSet::new(),
            written: Vec::new(),
            enter: self.db.prepare(
                "INSERT OR REPLACE INTO alongside_rows (layer, key, digest, status, risk) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?,
            delete: self.db.prepare(&format!(
                "DELETE FROM \"{}\" WHERE \"{}\" = ?1",
                schema.name,
                key_column(schema)
            ))?,
            published,
        };
        let mut group: Vec<Row> = Vec::new();
        let mut key = String::new();
        for rows in table.batches(BATCH_ROWS) {
            for row in rows.iter() {
                let next = key_of(row, work.column);
                if next != key && !group.is_empty() {
                    work.take(std::mem::take(&mut key), std::mem::take(&mut group))?;
                }
                key = next;
                group.push(row.clone());
            }
        }
        if !group.is_empty() {
            work.take(key, group)?;
        }
        work.finish()
    }
}

/// A table on its way into its layer.
struct Work<'w, 'n> {
    night: &'w Night<'n>,
    schema: &'static TableSchema,
    undone: bool,
    column: &'static str,
    known: HashMap<String, Known>,
    seen: HashSet<String>,
    written: Vec<Row>,
    enter: Statement<'w>,
    delete: Statement<'w>,
    published: &'w mut Published,
}

impl Work<'_, '_> {
    fn take(&mut self, key: String, rows: Vec<Row>) -> rusqlite::Result<()> {
        let digest = geopackage::digest(self.schema, &rows);
        let status = status_of(&rows[0]);
        let known = self.known.get(&key);
        if known.is_some_and(|k| k.digest == digest) {
            self.seen.insert(key);
            return Ok(());
        }
        if known.is_some_and(|k| k.status == Some(Status::Final)) && !self.undone {
            self.published.conflicts += 1;
            self.seen.insert(key);
            return Ok(());
        }
        let risk = rows[0].number("risk");
        let before = known.map(|k| (k.status, k.risk));
        if before.is_some() {
            self.delete(&key)?;
        }
        self.enter
            .execute((self.schema.name, &key, &digest[..], number(status), risk))?;
        let what = match (before, status) {
            (None, _) => Some(What::New),
            (Some((Some(Status::Open), _)), Some(Status::Settling | Status::Final)) => {
                Some(What::Closed)
            }
            // An open event changes every night, if only its duration: that is no news.
            (Some(_), Some(Status::Open)) => None,
            (Some(_), _) => Some(What::Changed),
        };
        if let (Some(what), Some(_)) = (what, status) {
            self.published.changes.push(Change {
                layer: self.schema.name,
                event_id: key.clone(),
                what,
                row: Some(rows[0].clone()),
                risk_before: before.and_then(|(_, risk)| risk),
            });
        }
        self.written.extend(rows);
        self.seen.insert(key);
        if self.written.len() >= BATCH_ROWS {
            self.write()?;
        }
        Ok(())
    }

    fn delete(&mut self, key: &str) -> rusqlite::Result<()> {
        if self.column == "mmsi" {
            let mmsi: i64 = key.parse().unwrap_or_default();
            self.delete.execute([mmsi])?;
        } else {
            self.delete.execute([key])?;
        }
        Ok(())
    }

    fn write(&mut self) -> rusqlite::Result<()> {
        let rows = std::mem::take(&mut self.written);
        geopackage::insert_rows(&self.night.db, self.schema, &rows)
    }

    /// Writes the rest, and takes out what is no more.
    fn finish(mut self) -> rusqlite::Result<()> {
        self.write()?;
        let mut lost: Vec<(String, Known)> = std::mem::take(&mut self.known)
            .into_iter()
            .filter(|(key, _)| !self.seen.contains(key))
            .collect();
        lost.sort_by(|a, b| a.0.cmp(&b.0));
        for (key, known) in lost {
            if known.status == Some(Status::Final) && !self.undone {
                self.published.conflicts += 1;
                continue;
            }
            self.delete(&key)?;
            self.night.db.execute(
                "DELETE FROM alongside_rows WHERE layer = ?1 AND key = ?2",
                (self.schema.name, &key),
            )?;
            if known.status.is_some() {
                self.published.changes.push(Change {
                    layer: self.schema.name,
                    event_id: key,
                    what: What::Gone,
                    row: None,
                    risk_before: known.risk,
                });
            }
        }
        geopackage::refresh_extent(&self.night.db, self.schema)
    }
}
