//! Tables into layers: what is new or different is written, what is final stays.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::mpsc;
use std::thread;

use rusqlite::{Connection, Statement, ToSql};

use super::change::{self, Change, Known, Published, What};
use super::{NOTHING, Night, StoreError, instant, optional, read, schema};
use crate::model::{Row, Status, Table, TableSchema, Timestamp};
use crate::tables::{as_written, geopackage};

/// Rows that are made at once.
const BATCH_ROWS: usize = 8_192;

/// Under which name it is kept up to when the tables stood before a run.
fn settled_before(run: i64) -> String {
    format!("settled_{run}")
}

/// Under which name the number of a layer's rows is kept.
pub(super) fn count_of(layer: &str) -> String {
    format!("rows_{layer}")
}

fn status_of(row: &Row) -> Option<Status> {
    let text = row.text("status")?;
    Status::ALL.into_iter().find(|s| s.name() == text)
}

/// Numbers of statuses in the table of rows; 0 for rows that have none.
fn number(status: Option<Status>) -> i64 {
    status.map_or(0, |status| status as i64 + 1)
}

fn status_from(number: i64) -> Option<Status> {
    Status::ALL
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
    /// Brings the layer of evidence to what this table says, before the others are known: it goes with its encounters, of which the
    /// layers tell which may still change.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn publish_evidence(&self, evidence: &Table) -> Result<Published, StoreError> {
        let mut published = Published::default();
        let settled = self.settled_to()?;
        let mut publish = || {
            let encounters = self.renewed("encounters", settled)?;
            self.publish_table(evidence, encounters, &mut published)
        };
        publish().map_err(|e| self.fail(e))?;
        Ok(published)
    }

    /// Brings the layers to what these tables say, but for those that were before, and logs what that changed. Rows that were final
    /// by `settled` stay; so do ships, but for those that are `lost`.
    ///
    /// # Errors
    /// If they can't be written.
    pub fn publish(
        &self,
        run: i64,
        tables: &[Table],
        before: Published,
        lost: &[u32],
        complete_to: Timestamp,
    ) -> Result<Published, StoreError> {
        let mut published = before;
        let settled = self.settled_to()?;
        // Evidence goes with its encounter.
        let encounters = self
            .renewed("encounters", settled)
            .map_err(|e| self.fail(e))?;
        for table in tables {
            if published.judged.contains_key(table.schema.name) {
                continue;
            }
            let mut publish = || {
                let renewed = match table.schema.name {
                    "vessels" => lost.iter().map(u32::to_string).collect(),
                    "encounters" | "evidence" => encounters.clone(),
                    layer => self.renewed(layer, settled)?,
                };
                self.publish_table(table, renewed, &mut published)
            };
            publish().map_err(|e| self.fail(e))?;
        }
        let finish = || {
            let settled = settled.map_or(String::new(), |t| t.to_string());
            schema::set(&self.db, &settled_before(run), &settled)?;
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

    /// To which instant nights were undone since the tables were judged; `None` if none was.
    fn undone(&self) -> rusqlite::Result<Option<Timestamp>> {
        let undone = read::meta(&self.db, schema::UNDONE)?;
        Ok(undone.as_deref().map(instant))
    }

    /// The runs whose tables were judged by what came after an instant.
    fn runs_after(&self, t: Timestamp) -> rusqlite::Result<Vec<i64>> {
        let mut statement = self
            .db
            .prepare("SELECT run FROM alongside_runs WHERE complete_to > ?1")?;
        let runs = statement.query_map([t.to_string()], |row| row.get(0))?;
        runs.collect()
    }

    /// Up to when what the tables hold still stands; `None` if all must be judged. Where runs were undone, that is what
    /// stood before the first of them.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn settled_to(&self) -> Result<Option<Timestamp>, StoreError> {
        let read = || {
            let kept = |key: &str| -> rusqlite::Result<Option<Timestamp>> {
                let text = read::meta(&self.db, key)?;
                Ok(text.as_deref().and_then(Timestamp::parse))
            };
            let mut settled = kept(schema::JUDGED_TO)?;
            if let Some(undone) = self.undone()? {
                settled = settled.min(Some(undone).filter(|t| *t > NOTHING));
                for run in self.runs_after(undone)? {
                    settled = settled.min(kept(&settled_before(run))?);
                }
            }
            Ok(settled)
        };
        read().map_err(|e| self.fail(e))
    }

    /// Names of rows that may come out otherwise: those that aren't final, or were made so by what was undone.
    fn renewed(
        &self,
        layer: &str,
        settled: Option<Timestamp>,
    ) -> rusqlite::Result<HashSet<String>> {
        let names = |sql: &str, params: &[&dyn rusqlite::ToSql]| {
            let mut statement = self.db.prepare(sql)?;
            let names = statement.query_map(params, |row| row.get(0))?;
            names.collect::<rusqlite::Result<HashSet<String>>>()
        };
        if settled.is_none() {
            return names("SELECT key FROM alongside_rows WHERE layer = ?1", &[&layer]);
        }
        let mut all = names(
            "SELECT key FROM alongside_rows WHERE layer = ?1 AND status IN (1, 2)",
            &[&layer],
        )?;
        if let Some(undone) = self.undone()? {
            let changed = "SELECT event_id FROM alongside_changes WHERE layer = ?1 AND run = ?2";
            for run in self.runs_after(undone)? {
                all.extend(names(changed, &[&layer, &run])?);
            }
        }
        Ok(all)
    }

    fn publish_table(
        &self,
        table: &Table,
        renewed: HashSet<String>,
        published: &mut Published,
    ) -> rusqlite::Result<()> {
        let schema = table.schema;
        geopackage::ensure_layer(&self.db, schema)?;
        let mut work = Work {
            night: self,
            schema,
            column: key_column(schema),
            renewed,
            rows: rows_of(&self.db, schema)?,
            judged: 0,
            written: Vec::new(),
            find: self.db.prepare(
                "SELECT digest, status, risk FROM alongside_rows WHERE layer = ?1 AND key = ?2",
            )?,
            enter: self.db.prepare(
                "INSERT OR REPLACE INTO alongside_rows (layer, key, digest, status, risk) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?,
            delete: self.db.prepare(&format!(
                "DELETE FROM \"{}\" WHERE \"{}\" = ?1",
                schema.name,
                key_column(schema)
            ))?,
            bounds: geopackage::bounds(&self.db, schema, key_column(schema))?,
            extent_shrinks: false,
            published,
        };
        // SQLite writes on one core; the next rows are made on another.
        thread::scope(|threads| {
            let (give, made) = mpsc::sync_channel(1);
            threads.spawn(move || {
                let mut batches = table.batches(BATCH_ROWS).map(Cow::into_owned);
                // Nobody takes them any more once writing has failed.
                batches.all(|rows: Vec<Row>| give.send(rows).is_ok())
            });
            work.take_all(made.into_iter().flatten())
        })?;
        work.finish()
    }
}

/// A risk as this layer holds it.
fn written_risk(schema: &'static TableSchema, risk: f64) -> Option<f64> {
    let mut row = Row::new(schema);
    row.set_if("risk", risk);
    as_written(&row).number("risk")
}

/// How many rows a layer holds.
fn rows_of(db: &Connection, schema: &TableSchema) -> rusqlite::Result<i64> {
    let kept = read::meta(db, &count_of(schema.name))?;
    match kept.and_then(|n| n.parse().ok()) {
        Some(n) => Ok(n),
        None => db.query_row(
            &format!("SELECT count(*) FROM \"{}\"", schema.name),
            [],
            |row| row.get(0),
        ),
    }
}

/// A table on its way into its layer.
struct Work<'w, 'n> {
    night: &'w Night<'n>,
    schema: &'static TableSchema,
    column: &'static str,
    /// Rows that are no more unless they come.
    renewed: HashSet<String>,
    rows: i64,
    judged: u64,
    written: Vec<Row>,
    find: Statement<'w>,
    enter: Statement<'w>,
    delete: Statement<'w>,
    bounds: geopackage::Bounds<'w>,
    /// Whether rows went that bore the extent of the layer.
    extent_shrinks: bool,
    published: &'w mut Published,
}

impl Work<'_, '_> {
    fn find(&mut self, key: &str) -> rusqlite::Result<Option<Known>> {
        let found = self.find.query_row((self.schema.name, key), |row| {
            Ok(Known {
                digest: row.get(0)?,
                status: status_from(row.get(1)?),
                // Stores of before hold it as it was computed.
                risk: row
                    .get::<_, Option<f64>>(2)?
                    .and_then(|risk| written_risk(self.schema, risk)),
            })
        });
        optional(found)
    }

    /// Takes rows in the order of the table, in which those of an event stand together.
    fn take_all(&mut self, rows: impl Iterator<Item = Row>) -> rusqlite::Result<()> {
        let mut group: Vec<Row> = Vec::new();
        let mut key = String::new();
        for row in rows {
            let next = key_of(&row, self.column);
            if next != key && !group.is_empty() {
                self.take(std::mem::take(&mut key), std::mem::take(&mut group))?;
            }
            key = next;
            group.push(row);
        }
        if group.is_empty() {
            return Ok(());
        }
        self.take(key, group)
    }

    fn take(&mut self, key: String, rows: Vec<Row>) -> rusqlite::Result<()> {
        self.judged += 1;
        let digest = geopackage::digest(self.schema, &rows);
        let status = status_of(&rows[0]);
        let known = self.find(&key)?;
        let is_renewed = self.renewed.remove(&key);
        if known.as_ref().is_some_and(|k| k.digest == digest) {
            return Ok(());
        }
        let is_final = |k: &Known| k.status == Some(Status::Final);
        if known.as_ref().is_some_and(is_final) && !is_renewed {
            self.published.conflicts += 1;
            return Ok(());
        }
        let head = as_written(&rows[0]);
        let risk = head.number("risk");
        if known.is_some() {
            self.delete(&key)?;
        }
        self.enter
            .execute((self.schema.name, &key, &digest[..], number(status), risk))?;
        if let Some(status) = status {
            let what = match &known {
                None => Some(What::New),
                Some(before) => {
                    change::of(before, (status, risk), || self.is_as_before(&rows, before))
                }
            };
            self.published.changes.extend(what.map(|what| Change {
                layer: self.schema.name,
                event_id: key,
                what,
                row: Some(head),
                risk_before: known.and_then(|k| k.risk),
            }));
        }
        self.written.extend(rows);
        if self.written.len() >= BATCH_ROWS {
            self.write()?;
        }
        Ok(())
    }

    /// Whether rows are those that were known, but for their status.
    fn is_as_before(&self, rows: &[Row], before: &Known) -> bool {
        let mut rows = rows.to_vec();
        for row in &mut rows {
            row.set_if("status", before.status.map(Status::name));
        }
        geopackage::digest(self.schema, &rows) == before.digest
    }

    fn delete(&mut self, key: &str) -> rusqlite::Result<()> {
        let mmsi: i64 = key.parse().unwrap_or_default();
        let key: &dyn ToSql = match self.column {
            "mmsi" => &mmsi,
            _ => &key,
        };
        if !self.extent_shrinks {
            self.extent_shrinks = self.bounds.are_borne_by(key)?;
        }
        let gone = self.delete.execute([key])?;
        self.rows -= gone as i64;
        Ok(())
    }

    fn write(&mut self) -> rusqlite::Result<()> {
        let rows = std::mem::take(&mut self.written);
        self.rows += rows.len() as i64;
        geopackage::insert_rows(&self.night.db, self.schema, &rows)?;
        geopackage::widen_extent(&self.night.db, self.schema, &rows)
    }

    /// Writes the rest, and takes out what is no more.
    fn finish(mut self) -> rusqlite::Result<()> {
        self.write()?;
        let mut lost: Vec<String> = self.renewed.drain().collect();
        lost.sort();
        for key in lost {
            let Some(known) = self.find(&key)? else {
                continue;
            };
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
        if self.extent_shrinks {
            geopackage::refresh_extent(&self.night.db, self.schema)?;
        }
        let name = self.schema.name.to_owned();
        schema::set(&self.night.db, &count_of(&name), &self.rows.to_string())?;
        self.published.judged.insert(name.clone(), self.judged);
        self.published.rows.insert(name, self.rows.unsigned_abs());
        Ok(())
    }
}
