//! The work of a night, step by step.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::thread;

use super::inbox::{Inbox, NewFile, is_there};
use super::judge::Found;
use super::replay::{self, Start};
use super::retention;
use super::{Late, NightReport, NightRequest};
use crate::config::Config;
use crate::error::Error;
use crate::ingest::{self, Archive, InputReport, Selection};
use crate::model::quantity::MS_PER_DAY;
use crate::model::{Timestamp, UtcDay};
use crate::pipeline::run::Stopwatch;
use crate::pipeline::wiring::{self, Judge, Reading};
use crate::pipeline::{InputRecord, Progress, Step, now};
use crate::store::{Binding, Entry, NOTHING, Night, Sealed, Store, day_from};

/// A day has begun when it holds this part of the rows of the fullest day: a few rows with a wrong time seal nothing.
const BEGUN_SHARE: usize = 100;

/// The clock may be behind the store by as much, milliseconds: rows of tomorrow are accepted too.
const CLOCK_SLACK_MS: i64 = 2 * MS_PER_DAY;

pub(super) fn run(
    config: &Config,
    request: &NightRequest,
    progress: &dyn Progress,
) -> Result<NightReport, Error> {
    let judge = Judge::new(config, &request.scan(), progress)?;
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
    if let Some(days) = request.retention_d {
        worker.report.removed = retention::apply(config, &mut store, days, worker.report.run)?;
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

/// What is to be taken in.
struct Plan {
    archive: Archive,
    /// The state to take up, [`NOTHING`] for none.
    from: Timestamp,
    /// Whether later states are given up for it.
    rewinds: bool,
    /// Everything before will have been taken in.
    to: Timestamp,
    /// Files to enter.
    entries: Vec<Entry>,
    binding: Binding,
    /// Whether the store is bound to it already.
    is_bound: bool,
}

impl Worker<'_> {
    fn run(&mut self, store: &mut Store) -> Result<(), Error> {
        self.report = NightReport::default();
        let binding = self.binding();
        let bound = store.binding()?;
        let same = bound.as_ref().is_some_and(|b| Self::is_same(b, &binding));
        let rebuild = self.request.rebuild_from.filter(|_| bound.is_some());
        if bound.is_some() && !same && rebuild.is_none() {
            return Err(self.refusal());
        }
        let at = store.complete_to()?;
        self.report.complete_to = at;
        self.check_clock(at)?;

        let manifest = store.manifest()?;
        let (folder, clock) = (&self.request.inbox, self.request.clock);
        let inbox = Inbox::look(folder, &manifest, clock, &self.changing)?;
        self.report.being_written = inbox.being_written;
        self.report.failed = inbox.failed;
        if !inbox.moved.is_empty() {
            let night = store.begin()?;
            for entry in &inbox.moved {
                night.moved(entry)?;
            }
            night.commit()?;
        }
        let manifest: Vec<Entry> = store
            .manifest()?
            .into_iter()
            .filter(|e| {
                let replaced = inbox.new.iter().filter_map(|n| n.supersedes.as_ref());
                !replaced.into_iter().any(|old| old.sha256 == e.sha256)
            })
            .collect();

        let start = match rebuild {
            Some(from) => {
                let states = if same { store.states()? } else { Vec::new() };
                let start = replay::rebuild(&states, &manifest, from)?;
                self.check_rebuild(same, from, &manifest)?;
                start
            }
            None => self.pending(at, &manifest),
        };
        if rebuild.is_none() && inbox.new.is_empty() && !self.advances(at) {
            return self.judge_if_behind(store);
        }
        let plan = self.plan(store, binding, same, at, manifest, &inbox.new, start)?;
        // Rows may have come between the last that was parsed and the last that was hashed.
        let changed = inbox.new.into_iter().filter(|file| !file.is_unchanged());
        let changed: Vec<PathBuf> = changed.map(|file| file.path).collect();
        if !changed.is_empty() {
            self.changing.extend(changed);
            return self.run(store);
        }
        match plan {
            Some(plan) => self.take_in(store, plan),
            None => self.judge_if_behind(store),
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

    /// Another version of the program may go on, as long as it can read the state.
    fn is_same(a: &Binding, b: &Binding) -> bool {
        a.config_sha256 == b.config_sha256 && a.reference == b.reference
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
    fn check_rebuild(&self, same: bool, from: Timestamp, manifest: &[Entry]) -> Result<(), Error> {
        let first = manifest.iter().filter_map(|e| e.first).min();
        match first {
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
    fn promised(&self) -> Option<Timestamp> {
        let promised = self.request.complete_to.map(|t| t.day().start());
        promised.max(self.aim)
    }

    /// Whether the caller's promise goes beyond what is taken in, with something to begin from.
    fn advances(&self, at: Option<Timestamp>) -> bool {
        at.is_some_and(|at| self.promised().is_some_and(|to| to > at))
    }

    /// Going on where the last night ended, with files whose last days were not sealed then.
    fn pending(&mut self, at: Option<Timestamp>, manifest: &[Entry]) -> Start {
        let at = at.unwrap_or(NOTHING);
        let open = |e: &&Entry| e.last.is_some_and(|t| t >= at);
        let (there, gone): (Vec<&Entry>, Vec<&Entry>) =
            manifest.iter().filter(open).partition(|e| is_there(e));
        self.report.missing = gone.iter().map(|e| e.path.clone()).collect();
        Start {
            at,
            files: there.into_iter().cloned().collect(),
        }
    }

    fn read(&self, files: &[PathBuf], until: Option<Timestamp>) -> Result<Archive, Error> {
        let options = ingest::Options {
            format: self.request.format,
            clock: self.request.clock,
            selection: until.map(|to| Selection {
                from: None,
                to: Some(to),
                area: None,
            }),
            keep_rejects: None,
        };
        let size = files.iter().map(|f| Some(std::fs::metadata(f).ok()?.len()));
        self.progress.begin(Step::Read, size.sum());
        let archive = ingest::read(
            files,
            &self.config.ingest,
            &options,
            &Reading(self.progress),
        );
        self.progress.end();
        Ok(archive?)
    }

    /// What to take in; `None` if no day can be sealed.
    #[allow(clippy::too_many_arguments)]
    fn plan(
        &mut self,
        store: &Store,
        binding: Binding,
        is_bound: bool,
        at: Option<Timestamp>,
        manifest: Vec<Entry>,
        new: &[NewFile],
        mut start: Start,
    ) -> Result<Option<Plan>, Error> {
        let current = at.unwrap_or(NOTHING);
        let mut archive = self.read_from(&start, new)?;
        let mut entries = self.entries(&archive, new);
        let replaced = new.iter().filter_map(|n| n.supersedes.as_ref()?.first);
        let first = entries.iter().filter_map(|e| e.first).chain(replaced).min();
        let mut rewinds = self.request.rebuild_from.is_some() && at.is_some();
        if let Some(first) = first.filter(|first| !rewinds && *first < current) {
            let mut states = store.states()?;
            states.pop();
            if let Some(earlier) = replay::before(&states, &manifest, first) {
                start = earlier;
                rewinds = true;
                drop(archive);
                archive = self.read_from(&start, new)?;
                entries = self.entries(&archive, new);
            }
        }
        self.count_late(&entries, start.at)?;
        let from = start.at;
        self.watch.lap(Step::Read);

        let days: Vec<UtcDay> = archive.days();
        let days: Vec<UtcDay> = days.into_iter().filter(|d| d.start() >= from).collect();
        let rows = |d: &UtcDay| archive.rows_of(*d);
        let fullest = days.iter().map(rows).max().unwrap_or(0);
        let begun = days.iter().rev().find(|d| rows(d) * BEGUN_SHARE >= fullest);
        let sealed_by_files = begun.map_or(NOTHING, |day| day.start());
        let to = sealed_by_files
            .max(self.promised().unwrap_or(NOTHING))
            .max(current);
        let has_rows = days.iter().any(|day| day.start() < to);
        let anything = rewinds || (to > current && (has_rows || at.is_some()));
        if !anything {
            self.report.waiting = entries
                .iter()
                .filter(|e| e.last.is_some())
                .map(|e| e.path.clone())
                .collect();
            return Ok(None);
        }
        self.report.waiting = entries
            .iter()
            .filter(|e| e.last.is_some_and(|t| t >= to))
            .map(|e| e.path.clone())
            .collect();
        self.report.rewound_to = rewinds.then_some(from);
        Ok(Some(Plan {
            archive,
            from,
            rewinds,
            to,
            entries,
            binding,
            is_bound,
        }))
    }

    fn read_from(&self, start: &Start, new: &[NewFile]) -> Result<Archive, Error> {
        let known = start.files.iter().map(|e| PathBuf::from(&e.path));
        let files: Vec<PathBuf> = known.chain(new.iter().map(|n| n.path.clone())).collect();
        // Nothing to read, but a promise to keep.
        if files.is_empty() {
            return Ok(Archive::empty(&self.config.ingest)?);
        }
        self.read(&files, None)
    }

    /// The new files as they are entered; those of which nothing could be read are not, and named.
    fn entries(&mut self, archive: &Archive, new: &[NewFile]) -> Vec<Entry> {
        let mut by_path: BTreeMap<&Path, Vec<&InputReport>> = BTreeMap::new();
        for report in archive.inputs() {
            by_path.entry(&report.path).or_default().push(report);
        }
        let known: Vec<String> = new.iter().map(|n| n.path.display().to_string()).collect();
        self.report.failed.retain(|f| !known.contains(&f.path));
        self.report.taken.clear();
        let mut entries = Vec::new();
        for file in new {
            let Some(reports) = by_path.get(file.path.as_path()) else {
                continue;
            };
            let records: Vec<InputRecord> = reports.iter().map(|r| wiring::record(r)).collect();
            let faulty = records.iter().filter(|r| r.error.is_some());
            self.report.failed.extend(faulty.cloned());
            if records.iter().all(InputRecord::is_lost) {
                continue;
            }
            entries.push(Entry {
                sha256: reports[0].sha256.clone(),
                path: file.path.display().to_string(),
                bytes: reports[0].bytes,
                modified: file.modified,
                first: reports.iter().filter_map(|r| r.first).min(),
                last: reports.iter().filter_map(|r| r.last).max(),
                record: serde_json::to_string(&records).expect("names, numbers and words only"),
            });
            self.report.taken.extend(records);
        }
        entries
    }

    /// Counts the rows of new files before the state that is taken up.
    fn count_late(&mut self, entries: &[Entry], from: Timestamp) -> Result<(), Error> {
        let late = entries.iter().filter(|e| e.first.is_some_and(|t| t < from));
        for entry in late {
            let files = [PathBuf::from(&entry.path)];
            let earlier = self.read(&files, Some(from))?;
            self.report.late.push(Late {
                path: entry.path.clone(),
                rows: earlier.inputs().iter().map(|i| i.rows_accepted).sum(),
                before: from,
            });
        }
        Ok(())
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
        let count = days.len();
        for (i, day) in days.into_iter().enumerate() {
            let rows = plan.archive.rows_of(day) as u64;
            engine.step_parts(plan.archive.take_parts(day)?);
            let night = store.begin()?;
            let run = match run {
                Some(run) => run,
                None => *run.insert(self.begin_run(&night, &plan, &nothing)?),
            };
            let closed = engine.release();
            let (bytes, state) = (Sealed::bytes_of(&closed)?, engine.suspend()?);
            let pack = || Sealed::new(&self.request.store, &bytes, &state);
            self.progress.advance(1, rows);
            if i + 1 == count {
                self.progress.end();
                self.watch.lap(Step::Detect);
                let found = Found {
                    run,
                    engine: std::mem::replace(&mut engine, wiring::engine(self.config)),
                    closed: Some(closed),
                    state_bytes: state.len() as u64,
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
        night.enter(run, &plan.entries)?;
        night.aim(plan.to)?;
        Ok(run)
    }
}
