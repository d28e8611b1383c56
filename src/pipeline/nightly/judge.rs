//! A night's end: what the tables don't hold as final is judged, and the tables are brought to it.
//!
//! In: the engine after the last day, and what that day closed. Rule: events that were final when the tables were last
//! judged stay as they are, and only the facts that the others rest on are read; a ship's row is made again if it was heard
//! lately, or its counts aren't those of its row.

use std::collections::BTreeMap;

use super::ships::Ships;
use super::work::Worker;
use crate::assess::Done;
use crate::error::Error;
use crate::model::{Facts, RejectLedger, Table, Timestamp, schema};
use crate::pipeline::run::Stopwatch;
use crate::pipeline::{Engine, InputRecord, RunJson, Step, now, wiring};
use crate::store::{Night, Published, Store, drop_past};

/// What the stages found, up to the end of the last day.
pub(super) struct Found {
    pub run: i64,
    pub engine: Engine,
    /// What the last day closed, if the store doesn't hold it yet.
    pub closed: Option<Facts>,
    pub state_bytes: u64,
    pub complete_to: Timestamp,
}

/// What was judged, and the record of it.
pub(super) struct Judged {
    run: i64,
    set_aside: RejectLedger,
    excluded: BTreeMap<String, u64>,
    tables: Vec<Table>,
    /// What was brought to the tables already.
    published: Published,
    /// Ships that are no more: the rows that named them were taken back.
    lost: Vec<u32>,
    state_bytes: u64,
    complete_to: Timestamp,
}

impl Worker<'_> {
    /// Judges what the tables don't hold as final, by the facts that this needs. SQLite writes on one core: evidence, which is most
    /// of what it writes, is brought to its table meanwhile, unless some of it belongs to events that the store no longer holds.
    pub(super) fn judge(&self, night: &Night, found: Found) -> Result<Judged, Error> {
        self.progress.begin(Step::Assess, None);
        let params = self.judge.params();
        let before = night
            .settled_to()?
            .map_or(Timestamp::MIN, |t| params.final_before(t));
        let changed = Ships::compare(&night.rows(&schema::VESSELS)?, &found.engine.vessels());
        let oldest = changed.of_change.values().copied().min();
        let from = oldest.map_or(before, |last| last.min(before));
        let mut parts = night.facts(params.facts_from(from))?;
        parts.extend(found.closed);
        let done = Done {
            before,
            ships: changed.of_change.into_keys().collect(),
        };
        let judged = Judged {
            run: found.run,
            set_aside: found.engine.rejects(),
            excluded: wiring::excluded(&found.engine),
            lost: changed.lost,
            state_bytes: found.state_bytes,
            complete_to: found.complete_to,
            tables: Vec::new(),
            published: Published::default(),
        };
        let kept_from = night.kept_from()?;
        let facts = found.engine.into_facts().with_earlier(parts);
        let (tables, published) = match kept_from {
            Some(kept_from) => {
                let mut tables = self.judge.tables_since(facts, &done);
                drop_past(&mut tables, kept_from);
                (tables, Published::default())
            }
            None => {
                let publish = |evidence: &Table| night.publish_evidence(evidence);
                let (tables, published) = self.judge.tables_beside(facts, &done, publish);
                (tables, published?)
            }
        };
        self.progress.end();
        Ok(Judged {
            tables,
            published,
            ..judged
        })
    }

    /// Brings the tables to what was judged.
    pub(super) fn publish(&mut self, night: &Night, judged: Judged) -> Result<(), Error> {
        self.watch.lap(Step::Assess);
        self.progress.begin(Step::Write, None);
        let (run, complete_to) = (judged.run, judged.complete_to);
        let (tables, before) = (&judged.tables, judged.published);
        let published = night.publish(run, tables, before, &judged.lost, complete_to)?;
        let mut inputs: Vec<InputRecord> = Vec::new();
        for entry in night.manifest()? {
            let records: Vec<InputRecord> = serde_json::from_str(&entry.record).unwrap_or_default();
            inputs.extend(records);
        }
        let files = self.report.taken.len() as u64;
        let rows = self.report.taken.iter().map(|f| f.rows_accepted).sum();
        let watch = std::mem::replace(&mut self.watch, Stopwatch::start());
        let mut json = RunJson::new(
            self.config,
            &self.request.scan(),
            inputs,
            &judged.set_aside,
            judged.excluded,
            self.judge.reference(),
            &judged.tables,
        );
        json.tables.clone_from(&published.rows);
        json.run = watch.vitals(judged.state_bytes);
        night.close_run(run, complete_to, [files, rows], &published, &json.to_json())?;
        self.progress.end();
        self.report.note(published, self.request.alert_risk);
        Ok(())
    }

    /// A run that was killed between two days left the tables behind the state.
    pub(super) fn judge_if_behind(&mut self, store: &mut Store) -> Result<(), Error> {
        let standing = store.standing()?;
        let Some(at) = store.complete_to()? else {
            return Ok(());
        };
        if store.judged()? == (Some(at), false) {
            return Ok(());
        }
        let state = store.state(at)?;
        let mut engine = wiring::engine(self.config);
        engine.resume(&state)?;
        let night = store.begin_at(standing)?;
        let run = night.log_run(&now().to_string(), "tables brought up to date")?;
        let found = Found {
            run,
            engine,
            closed: None,
            state_bytes: state.len() as u64,
            complete_to: at,
        };
        let judged = self.judge(&night, found)?;
        self.publish(&night, judged)?;
        night.commit()?;
        self.report.run = Some(run);
        Ok(())
    }
}
