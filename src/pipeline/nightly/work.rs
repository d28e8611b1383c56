//! The work of a night, step by step.

use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::thread;

use super::bound::is_same;
use super::inbox::{self, Inbox, is_there};
use super::judge::Found;
use super::plan::{Books, Plan, Planned};
use super::replay::{self, Start};
use super::retention;
use super::{NightReport, NightRequest};
use crate::config::Config;
use crate::error::Error;
use crate::model::quantity::MS_PER_DAY;
use crate::model::{Timestamp, UtcDay};
use crate::pipeline::run::Stopwatch;
use crate::pipeline::wiring::{self, Judge};
use crate::pipeline::{Progress, Step, now};
use crate::store::{Binding, Entry, NOTHING, Night, Sealed, Standing, Store, WAITING, day_from};

/// The clock may be behind the store by as much, milliseconds: rows of tomorrow are accepted too.
const CLOCK_SLACK_MS: i64 = 2 * MS_PER_DAY;

pub(super) fn run(
    config: &Config,
    request: &NightRequest,
    progress: &dyn Progress,
) -> Result<NightReport, Error> {
    let judge = Judge::new(config, &request.scan(), progress)?;
    // What is refused leaves nothing behind: no store is made for a folder that isn't there.
    inbox::open(&request.inbox)?;
    let mut store = Store::open(&request.store)?;
    let mut worker = Worker {
        config,
        request,
        progress,
        judge,
        watch: Stopwatch::start(),
        report: NightReport::default(),
        aim: store.aim()?,
        changing: BTreeSet::new(),
    };
    worker.run(&mut store)?;
    // What was taken in and judged stands by now, and its alerts come once: nothing after it takes the report away.
    if let Some(days) = request.retention_d {
        match retention::apply(config, &mut store, days, worker.report.run) {
            Ok(removed) => worker.report.removed = removed,
            Err(e) => worker.report.after.push(format!("--retention: {e}")),
        }
    }
    if let Err(e) = store.end_log() {
        worker.report.after.push(e.to_string());
    }
    for words in worker.report.warnings() {
        progress.warn(&words);
    }
    Ok(worker.report)
}

pub(super) struct Worker<'w> {
    pub(super) config: &'w Config,
    pub(super) request: &'w NightRequest,
    pub(super) progress: &'w dyn Progress,
    pub(super) judge: Judge,
    pub(super) watch: Stopwatch,
    pub(super) report: NightReport,
    /// To which instant an earlier run meant to come that was broken off.
    aim: Option<Timestamp>,
    /// Files that changed while they were read.
    changing: BTreeSet<PathBuf>,
}

impl Worker<'_> {
    fn run(&mut self, store: &mut Store) -> Result<(), Error> {
        self.report = NightReport::default();
        let standing = store.standing()?;
        let binding = self.binding();
        let bound = store.binding()?;
        let same = bound.as_ref().is_some_and(|b| is_same(b, &binding));
        let rebuild = self.request.rebuild_from.filter(|_| bound.is_some());
        if bound.is_some() && !same && rebuild.is_none() {
            return Err(self.refusal());
        }
        let at = store.complete_to()?;
        self.report.complete_to = at;
        self.check_clock(at)?;

        let mut manifest = store.manifest()?;
        let (folder, clock) = (&self.request.inbox, self.request.clock);
        let mut inbox = Inbox::look(folder, &manifest, clock, &self.changing)?;
        self.report.being_written = std::mem::take(&mut inbox.being_written);
        self.report.failed = std::mem::take(&mut inbox.failed);
        if !inbox.moved.is_empty() {
            let night = store.begin_at(standing)?;
            night.moved(&inbox.moved)?;
            night.commit()?;
            manifest = store.manifest()?;
        }
        let oldest = manifest.iter().filter_map(|e| e.first).min();
        // What another file is in the place of is judged when that is read; what is back needs no memory of its part.
        let is_known = |e: &Entry| {
            !inbox.new.iter().any(|new| {
                let old = new.supersedes.as_ref();
                old.is_some_and(|old| old.sha256 == e.sha256)
                    || new.sha256.as_ref().is_some_and(|hash| e.is_part_of(hash))
            })
        };
        manifest.retain(is_known);
        for displaced in &inbox.displaced {
            manifest.retain(|e| e.sha256 != displaced.old.sha256);
            // The store learns of the move together with what becomes of the old rows.
            let by = &displaced.by;
            let moved = manifest.iter_mut().find(|e| e.sha256 == by.sha256);
            moved.into_iter().for_each(|e| e.clone_from(by));
        }

        let start = match rebuild {
            Some(from) => {
                let states = if same { store.states()? } else { Vec::new() };
                let start = replay::rebuild(&states, &manifest, from)?;
                self.check_rebuild(same, from, oldest)?;
                start
            }
            None => self.pending(at, &manifest),
        };
        let is_as_it_was = inbox.new.is_empty() && inbox.displaced.is_empty();
        let has_some = at.is_some() || !start.files.is_empty();
        if rebuild.is_none() && is_as_it_was && !(has_some && self.advances(at)) {
            return self.judge_if_behind(store);
        }
        let bound = (binding, same);
        let plan = self.plan(store, standing, bound, manifest, &inbox, start)?;
        // Rows may have come between the last that was parsed and the last that was hashed.
        let changed = inbox.new.into_iter().filter(|file| !file.is_unchanged());
        let changed: Vec<PathBuf> = changed.map(|file| file.path).collect();
        if !changed.is_empty() {
            self.changing.extend(changed);
            return self.run(store);
        }
        match plan {
            Planned::Seal(plan) => self.take_in(store, *plan),
            Planned::Wait(books) => {
                if !books.is_empty() {
                    let night = store.begin_at(standing)?;
                    Self::keep(&night, WAITING, &books)?;
                    night.commit()?;
                }
                self.judge_if_behind(store)
            }
        }
    }

    fn binding(&self) -> Binding {
        let reference: Vec<(String, String)> = self
            .judge
            .reference()
            .into_iter()
            .map(|r| (r.name, r.sha256))
            .collect();
        let json = |e: serde_json::Result<String>| e.expect("names, numbers and words only");
        Binding {
            program: env!("CARGO_PKG_VERSION").to_owned(),
            config: json(serde_json::to_string(self.config)),
            config_sha256: self.config.sha256(),
            reference: json(serde_json::to_string(&reference)),
        }
    }

    fn refusal(&self) -> Error {
        Error::Request {
            flag: "--store",
            reason: format!(
                "{} was made with another configuration or other lists, zones or reference data; its final rows would \
                 not fit. Use the same ones, judge it apart (`alongside assess {} -o DIR`), or take everything in anew \
                 (--rebuild-from the first day)",
                self.request.store.display(),
                self.request.store.display()
            ),
        }
    }

    fn check_clock(&self, at: Option<Timestamp>) -> Result<(), Error> {
        let clock = self.request.clock;
        if let Some(at) = at.filter(|at| at.0 > clock.0 + CLOCK_SLACK_MS) {
            return Err(Error::Request {
                flag: "--store",
                reason: format!(
                    "it is complete to {at}, but this computer's clock says {clock}; set the clock"
                ),
            });
        }
        match self.request.complete_to {
            Some(to) if to.0 > clock.0 + MS_PER_DAY => Err(Error::Request {
                flag: "--complete-to",
                reason: format!("{to} lies in the future, it is {clock}"),
            }),
            _ => Ok(()),
        }
    }

    /// With another configuration all must be taken in anew, not a part.
    fn check_rebuild(
        &self,
        same: bool,
        from: Timestamp,
        oldest: Option<Timestamp>,
    ) -> Result<(), Error> {
        match oldest {
            Some(first) if !same && from > first => Err(Error::Request {
                flag: "--rebuild-from",
                reason: format!(
                    "with another configuration or other reference data everything must be taken in anew; give {}",
                    first.day()
                ),
            }),
            _ => Ok(()),
        }
    }

    /// The caller's promise, cut down to a day, or that of a run that was broken off.
    pub(super) fn promised(&self) -> Option<Timestamp> {
        let promised = self.request.complete_to.map(|t| t.day().start());
        promised.max(self.aim)
    }

    /// Whether the caller's promise goes beyond what is taken in.
    fn advances(&self, at: Option<Timestamp>) -> bool {
        self.promised()
            .is_some_and(|to| at.is_none_or(|at| to > at))
    }

    /// Going on where the last night ended, with files whose last days were not sealed then.
    fn pending(&mut self, at: Option<Timestamp>, manifest: &[Entry]) -> Start {
        let at = at.unwrap_or(NOTHING);
        let open = |e: &&Entry| e.last.is_some_and(|t| t >= at);
        let (there, gone): (Vec<&Entry>, Vec<&Entry>) =
            manifest.iter().filter(open).partition(|e| is_there(e));
        self.report.missing = gone.iter().map(|e| e.path.clone()).collect();
        self.report.waiting = there.iter().map(|e| e.path.clone()).collect();
        Start {
            at,
            files: there.into_iter().cloned().collect(),
        }
    }

    fn take_in(&mut self, store: &mut Store, mut plan: Plan) -> Result<(), Error> {
        let mut engine = wiring::engine(self.config);
        let nothing = engine.suspend()?;
        if plan.from > NOTHING {
            engine.resume(&store.state(plan.from)?)?;
        }
        let within = |d: &UtcDay| d.start() >= plan.from && d.start() < plan.to;
        let mut days: Vec<UtcDay> = plan.archive.days().into_iter().filter(within).collect();
        // The last day is taken in even if it is empty: by then all before it is complete.
        let last = UtcDay(day_from(plan.to).0 - 1);
        if days.last() != Some(&last) {
            days.push(last);
        }
        self.progress.begin(Step::Detect, Some(days.len() as u64));
        let mut run = None;
        let mut standing = plan.standing;
        let count = days.len();
        for (i, day) in days.into_iter().enumerate() {
            let rows = plan.archive.rows_of(day) as u64;
            engine.step_parts(plan.archive.take_parts(day)?);
            let night = store.begin_at(standing)?;
            let run = match run {
                Some(run) => run,
                None => *run.insert(self.begin_run(&night, &plan, &nothing)?),
            };
            let closed = engine.release();
            let (bytes, state) =
                rayon::join(|| Sealed::bytes_of(&closed), || engine.suspend_in_pieces());
            let (bytes, state) = (bytes?, state?);
            let pack = || Sealed::new(&self.request.store, &bytes, &state);
            self.progress.advance(1, rows);
            if i + 1 == count {
                self.progress.end();
                self.watch.lap(Step::Detect);
                let found = Found {
                    run,
                    engine: std::mem::replace(&mut engine, wiring::engine(self.config)),
                    closed: Some(closed),
                    state_bytes: state.iter().map(|piece| piece.len() as u64).sum(),
                    complete_to: day.end(),
                };
                let judged = self.judge(&night, found)?;
                // SQLite writes on one core: the state is packed on another.
                let (published, sealed) = thread::scope(|threads| {
                    let packing = threads.spawn(pack);
                    let published = self.publish(&night, judged);
                    let sealed = packing.join();
                    (published, sealed.unwrap_or_else(|e| resume_unwind(e)))
                });
                published?;
                night.seal(day.end(), &sealed?)?;
            } else {
                night.seal(day.end(), &pack()?)?;
            }
            night.commit()?;
            standing = Standing {
                run: Some(run),
                at: Some(day.end()),
            };
            self.report.complete_to = Some(day.end());
        }
        self.report.run = run;
        Ok(())
    }

    fn begin_run(&self, night: &Night, plan: &Plan, nothing: &[u8]) -> Result<i64, Error> {
        let note = match plan.rewinds {
            true if plan.from == NOTHING => "rebuilt from the beginning".to_owned(),
            true => format!("rewound to {}", plan.from),
            false => String::new(),
        };
        let run = night.log_run(&now().to_string(), &note)?;
        if plan.rewinds {
            night.rewind(plan.from)?;
        }
        if !plan.is_bound || (plan.rewinds && plan.from == NOTHING) {
            night.bind(&plan.binding, nothing)?;
        }
        Self::keep(night, run, &plan.books)?;
        night.aim(plan.to)?;
        Ok(run)
    }

    fn keep(night: &Night, run: i64, books: &Books) -> Result<(), Error> {
        night.moved(&books.moved)?;
        for (old, remains) in &books.remains {
            night.replaced(old, remains.as_ref())?;
        }
        Ok(night.enter(run, &books.entries)?)
    }
}
