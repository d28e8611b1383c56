//! What is old goes, what it taught stays.
//!
//! Rules: only rows of final events that ended before the given instant go, with their evidence and their lines in the
//! log of changes. Facts stay but for the samples of such encounters, by far the longest of them, because an event that
//! is judged later may look back to any of them: a ship that was silent for a year left an open gap. The manifest stays
//! too, so that no file is taken in twice.

use std::collections::{BTreeMap, HashSet};

use rusqlite::Connection;

use super::publish::count_of;
use super::{Night, Store, StoreError, packed, read, schema};
use crate::model::schema as model;
use crate::model::{Encounter, Row, Status, Table, TableSchema, Timestamp, TrackId};
use crate::stage;
use crate::tables::geopackage;

/// How an SQLite file gives pages back: only when it is told to.
const INCREMENTAL: i64 = 2;

/// Tables whose rows end by themselves. A rendezvous stands on rows of others, and goes with them.
const OWN_END: [&TableSchema; 5] = [
    &model::ENCOUNTERS,
    &model::LOITERING,
    &model::GAPS,
    &model::IDENTITY,
    &model::PORT_CALLS,
];

/// Where rows begin, and whose they are.
const STARTS: [(&str, &str, &[&str]); 6] = [
    ("encounters", "start", &["mmsi_1", "mmsi_2"]),
    ("loitering", "start", &["mmsi"]),
    ("gaps", "start", &["mmsi"]),
    ("identity", "start", &["mmsi", "other_mmsi"]),
    ("port_calls", "start", &["mmsi"]),
    ("rendezvous", "window_start", &["mmsi_dark", "mmsi_partner"]),
];

/// Drops the rows of events that a store no longer holds: final, and ended before this instant.
pub fn drop_past(tables: &mut [Table], kept_from: Timestamp) {
    let is_final = |row: &Row| row.text("status") == Some(Status::Final.name());
    let ended = |row: &Row, column: &str| row.time(column).is_some_and(|end| end < kept_from);
    let (mut kept, mut gone): (HashSet<String>, HashSet<String>) = Default::default();
    for table in tables.iter_mut() {
        if OWN_END.iter().any(|own| own.name == table.schema.name) {
            let past = |row: &Row| is_final(row) && ended(row, "end");
            for row in table.rows().iter() {
                let of = if past(row) { &mut gone } else { &mut kept };
                of.extend(row.text("event_id").map(str::to_owned));
            }
            table.retain(|row| !past(row));
        }
    }
    let stands = |row: &Row| {
        let parties = ["gap_id", "partner_event_id"].map(|column| row.text(column));
        parties.into_iter().flatten().any(|id| kept.contains(id))
    };
    let is_of = |row: &Row| row.text("event_id").is_some_and(|id| gone.contains(id));
    for table in tables.iter_mut() {
        if table.schema.name == model::RENDEZVOUS.name {
            table.retain(|row| !(is_final(row) && ended(row, "window_end")) || stands(row));
        } else if table.schema.name == model::EVIDENCE.name {
            table.retain(|row| !is_of(row));
        }
    }
}

/// The SQL by which rows are chosen that are past.
fn past(table: &TableSchema) -> String {
    let chosen = format!(
        "SELECT event_id FROM \"{}\" AS t WHERE status = ?1",
        table.name
    );
    if table.name == model::RENDEZVOUS.name {
        format!(
            "{chosen} AND window_end < ?2
             AND NOT EXISTS (SELECT 1 FROM gaps WHERE event_id IN (t.gap_id, t.partner_event_id))
             AND NOT EXISTS (SELECT 1 FROM loitering WHERE event_id = t.partner_event_id)"
        )
    } else {
        format!("{chosen} AND \"end\" < ?2")
    }
}

pub(super) fn kept_from(db: &Connection) -> rusqlite::Result<Option<Timestamp>> {
    let text = read::meta(db, schema::KEPT_FROM)?;
    Ok(text.as_deref().and_then(Timestamp::parse))
}

impl Night<'_> {
    /// Final events that ended before this instant are no longer kept; `None` if all are.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn kept_from(&self) -> Result<Option<Timestamp>, StoreError> {
        kept_from(&self.db).map_err(|e| self.fail(e))
    }

    /// Removes final events that ended before this instant, on behalf of a run; returns how many. They don't come back
    /// when the facts are judged again (see [`drop_past`]). `reach_ms` is how far an event's judgement looks back.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn forget(
        &self,
        before: Timestamp,
        reach_ms: i64,
        run: Option<i64>,
    ) -> Result<u64, StoreError> {
        let mut removed = 0;
        // None is there before the first night, all are after it.
        if self.has_layers()? {
            for table in OWN_END.into_iter().chain([&model::RENDEZVOUS]) {
                removed += self.forget_of(table, before)?;
            }
        }
        if removed > 0 {
            self.forget_samples(before, reach_ms)?;
            self.execute(
                "UPDATE alongside_runs SET removed = ?2 WHERE run = ?1",
                (run, removed as i64),
            )?;
        }
        if self.kept_from()?.is_none_or(|kept| kept < before) {
            schema::set(&self.db, schema::KEPT_FROM, &before.to_string())
                .map_err(|e| self.fail(e))?;
        }
        Ok(removed)
    }

    fn has_layers(&self) -> Result<bool, StoreError> {
        let found = self.db.query_row(
            "SELECT count(*) FROM gpkg_contents WHERE table_name = ?1",
            [model::ENCOUNTERS.name],
            |row| row.get::<_, i64>(0),
        );
        Ok(found.map_err(|e| self.fail(e))? > 0)
    }

    fn forget_of(&self, table: &'static TableSchema, before: Timestamp) -> Result<u64, StoreError> {
        let work = || {
            self.db.execute_batch(
                "CREATE TEMP TABLE IF NOT EXISTS past (event_id TEXT PRIMARY KEY) WITHOUT ROWID; DELETE FROM past;",
            )?;
            // Times are text of one form, whose order is that of time.
            let removed = self.db.execute(
                &format!("INSERT INTO past {}", past(table)),
                (Status::Final.name(), before.to_string()),
            )?;
            if removed == 0 {
                return Ok(0);
            }
            let with_evidence = table.name == model::ENCOUNTERS.name;
            for layer in [table]
                .into_iter()
                .chain(with_evidence.then_some(&model::EVIDENCE))
            {
                self.db.execute(
                    &format!(
                        "DELETE FROM \"{}\" WHERE event_id IN (SELECT event_id FROM past)",
                        layer.name
                    ),
                    [],
                )?;
                self.db.execute(
                    "DELETE FROM alongside_rows WHERE layer = ?1 AND key IN (SELECT event_id FROM past)",
                    [layer.name],
                )?;
                // Counted anew when it is needed.
                self.db.execute(
                    "DELETE FROM alongside_meta WHERE key = ?1",
                    [count_of(layer.name)],
                )?;
                geopackage::refresh_extent(&self.db, layer)?;
            }
            self.db.execute(
                "DELETE FROM alongside_changes WHERE layer = ?1 AND event_id IN (SELECT event_id FROM past)",
                [table.name],
            )?;
            Ok(removed as u64)
        };
        work().map_err(|e| self.fail(e))
    }

    /// Takes the samples out of encounters whose rows are gone and to which no row that stays looks back: by ship, those
    /// that ended longer before its first row than any rule reaches.
    fn forget_samples(&self, before: Timestamp, reach_ms: i64) -> Result<(), StoreError> {
        let first = self.first_rows().map_err(|e| self.fail(e))?;
        let is_past = |e: &Encounter| {
            let out_of_reach = |track: TrackId| {
                let first = first.get(&track.mmsi);
                first.is_none_or(|start| e.end.0 < start.0 - reach_ms)
            };
            e.closed
                && e.end < before
                && out_of_reach(e.pair.first())
                && out_of_reach(e.pair.second())
        };
        for at in read::instants(&self.db, self.path, "alongside_facts")? {
            let mut facts = read::part(&self.db, self.path, at)?;
            let mut changed = false;
            for e in facts.encounters.iter_mut().filter(|e| is_past(e)) {
                changed |= !e.evidence.is_empty();
                e.evidence = Vec::new();
            }
            if !changed {
                continue;
            }
            let bytes = stage::encode("facts", schema::FACTS_VERSION, &facts)
                .map_err(|e| StoreError::damaged(self.path, &e))?;
            self.execute(
                "UPDATE alongside_facts SET bytes = ?2 WHERE at = ?1",
                (at, packed(self.path, &[bytes])?),
            )?;
        }
        Ok(())
    }

    /// When the first row of each ship begins.
    fn first_rows(&self) -> rusqlite::Result<BTreeMap<u32, Timestamp>> {
        let mut first: BTreeMap<u32, Timestamp> = BTreeMap::new();
        for (table, start, ships) in STARTS {
            for ship in ships {
                let mut statement = self.db.prepare(&format!(
                    "SELECT {ship}, min({start}) FROM {table} WHERE {ship} IS NOT NULL GROUP BY {ship}"
                ))?;
                let mut rows = statement.query([])?;
                while let Some(row) = rows.next()? {
                    let (mmsi, text): (u32, String) = (row.get(0)?, row.get(1)?);
                    let t = Timestamp::parse(&text).unwrap_or(Timestamp::MIN);
                    let known = first.entry(mmsi).or_insert(t);
                    *known = t.min(*known);
                }
            }
        }
        Ok(first)
    }
}

impl Store {
    /// Gives pages that are no longer used back to the disk. A store that was made by an older version is written anew
    /// for it once, which needs as much room again.
    ///
    /// # Errors
    /// If it can't be written; the store is whole then, and as large as before.
    pub fn give_back(&self) -> Result<(), StoreError> {
        let work = || {
            let way: i64 = self
                .db
                .query_row("PRAGMA auto_vacuum", [], |row| row.get(0))?;
            if way == INCREMENTAL {
                // It works page by page, a row each.
                let mut statement = self.db.prepare("PRAGMA incremental_vacuum")?;
                let mut rows = statement.query([])?;
                while rows.next()?.is_some() {}
                return Ok(());
            }
            self.db.pragma_update(None, "auto_vacuum", INCREMENTAL)?;
            self.db.execute_batch("VACUUM")
        };
        work().map_err(|e| self.fail(e))
    }
}
