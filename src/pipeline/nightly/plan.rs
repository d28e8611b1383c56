//! What a night is to take in: the new files are read, and it is seen from where on and up to when.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Late;
use super::inbox::{Inbox, NewFile, is_there};
use super::replaced::{Replacement, Span};
use super::replay::{self, Start};
use super::taken::Taken;
use super::work::Worker;
use crate::error::Error;
use crate::ingest::{self, Archive, InputReport};
use crate::model::{Timestamp, UtcDay};
use crate::pipeline::wiring::{self, Reading};
use crate::pipeline::{InputRecord, Step};
use crate::store::{Binding, Entry, NOTHING, Standing, Store};

/// A day has begun when it holds this part of the rows of the fullest day: a few rows with a wrong time seal nothing.
const BEGUN_SHARE: usize = 100;

/// What is to be taken in.
pub(super) struct Plan {
    pub archive: Archive,
    /// The state of the store on which it rests.
    pub standing: Standing,
    /// The state to take up, [`NOTHING`] for none.
    pub from: Timestamp,
    /// Whether later states are given up for it.
    pub rewinds: bool,
    /// Everything before will have been taken in.
    pub to: Timestamp,
    pub books: Books,
    pub binding: Binding,
    /// Whether the store is bound to it already.
    pub is_bound: bool,
}

/// What changes in the list of known files.
#[derive(Default)]
pub(super) struct Books {
    /// Known files that were moved to the place of others.
    pub moved: Vec<Entry>,
    /// Files in whose place others are, or that are gone before all of them was taken in, with what remains of each.
    pub remains: Vec<(Entry, Option<Entry>)>,
    /// Files to enter.
    pub entries: Vec<Entry>,
}

impl Books {
    pub(super) fn is_empty(&self) -> bool {
        self.moved.is_empty() && self.remains.is_empty() && self.entries.is_empty()
    }
}

/// What comes of the new files.
pub(super) enum Planned {
    /// Days can be sealed.
    Seal(Box<Plan>),
    /// None can: what waits is remembered, so that it can't be gone without a word.
    Wait(Books),
}

/// Files in whose place others are, with what becomes of their rows.
fn replacements(inbox: &Inbox, taken: &[Taken], oldest: Timestamp) -> Vec<Replacement> {
    let is_repacked = |old: &Entry| {
        let is_packed = |t: &Taken| t.entry.path != old.path && t.has_rows_of(old);
        taken.iter().any(is_packed)
    };
    let of = |file: &NewFile| {
        let old = file.supersedes.clone()?;
        if is_repacked(&old) {
            return Some(Replacement::repacked(old));
        }
        let by = taken.iter().find(|t| t.entry.path == old.path);
        Some(Replacement::new(old, by.map(|t| t.span_since(oldest))))
    };
    let by_known = inbox.displaced.iter().map(|displaced| {
        let old = displaced.old.clone();
        match is_repacked(&old) {
            true => Replacement::repacked(old),
            false => Replacement::by_known(old, &displaced.by),
        }
    });
    let by_new = inbox.new.iter().filter_map(of);
    by_new.chain(by_known).collect()
}

/// Known files with rows after this instant that aren't in their places.
fn gone_since(known: &[Entry], at: Timestamp) -> Vec<String> {
    let later = known.iter().filter(|e| e.last.is_some_and(|t| t >= at));
    let gone = later.filter(|e| !is_there(e));
    gone.map(|e| e.path.clone()).collect()
}

impl Worker<'_> {
    fn read(&self, files: &[PathBuf]) -> Result<Archive, Error> {
        let options = ingest::Options {
            format: self.request.format,
            clock: self.request.clock,
            selection: None,
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

    fn read_from(&self, start: &Start, new: &[NewFile]) -> Result<Archive, Error> {
        let known = start.files.iter().map(|e| PathBuf::from(&e.path));
        let files: Vec<PathBuf> = known.chain(new.iter().map(|n| n.path.clone())).collect();
        // Nothing to read, but a promise to keep.
        if files.is_empty() {
            return Ok(Archive::empty(&self.config.ingest)?);
        }
        self.read(&files)
    }

    /// What to take in, if a day can be sealed. In: what the store is bound to, and whether it is already; the
    /// known files without those in whose place others are; where to begin if no earlier rows came.
    pub(super) fn plan(
        &mut self,
        store: &Store,
        standing: Standing,
        (binding, is_bound): (Binding, bool),
        known: Vec<Entry>,
        inbox: &Inbox,
        mut start: Start,
    ) -> Result<Planned, Error> {
        let new = inbox.new.as_slice();
        let at = store.complete_to()?;
        let current = at.unwrap_or(NOTHING);
        let rebuilds = self.request.rebuild_from.is_some() && at.is_some();
        let manifest = store.manifest()?;
        let mut archive = self.read_from(&start, new)?;
        let mut taken = self.taken(&archive, new, &manifest);
        let states = store.states()?;
        let oldest = match rebuilds {
            true => start.at,
            false => states.first().copied().unwrap_or(NOTHING),
        };
        let mut replaced = replacements(inbox, &taken, oldest);
        let is_repacked = |e: &Entry| taken.iter().any(|t| t.has_rows_of(e)) && !is_there(e);
        let (repacked, mut known): (Vec<Entry>, Vec<Entry>) =
            known.into_iter().partition(is_repacked);
        replaced.extend(repacked.into_iter().map(Replacement::repacked));
        // What is gone before it was taken in takes no part in what the store holds, and is new when it is back.
        let stand = start.at;
        let gone = |e: &&Entry| e.last.is_some_and(|t| t >= stand) && !is_there(e);
        let cut: Vec<Entry> = known.iter().filter(gone).cloned().collect();
        let lost = replaced.iter().filter(|r| r.is_lost_from(stand));
        let lost: Vec<&Entry> = lost.map(|r| &r.old).chain(&cut).collect();
        let mut rewinds = rebuilds;
        if rebuilds {
            replay::refuse_without(lost.into_iter(), None)?;
        } else {
            self.report.missing = lost.iter().map(|e| e.path.clone()).collect();
            known.retain(|e| !cut.contains(e));
            known.extend(cut.iter().filter_map(|e| e.cut(stand)));
            let kept = replaced.iter().filter_map(Replacement::kept);
            known.extend(kept.filter_map(|e| e.cut(stand)));
            let given_up = replaced.iter().filter_map(Replacement::given_up);
            let of_new = taken.iter().flat_map(Taken::spans);
            let spans: Vec<Span> = of_new.chain(given_up).collect();
            if let Some(earlier) = replay::before(&states, &known, &spans) {
                start = earlier;
                rewinds = true;
                drop(archive);
                archive = self.read_from(&start, new)?;
                taken = self.taken(&archive, new, &manifest);
            }
        }
        let from = start.at;
        for file in &taken {
            if let Some((rows, first)) = file.late(from, &replaced, &manifest) {
                let back_to = states.iter().rfind(|at| **at <= first.start());
                self.report.late.push(Late {
                    path: file.entry.path.clone(),
                    rows,
                    from: first.start(),
                    before: from,
                    missing: gone_since(&known, back_to.copied().unwrap_or(NOTHING)),
                });
            }
        }
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
        let is_open = |e: &&Entry| e.last.is_some_and(|last| !anything || last >= to);
        let waiting = start.files.iter().filter(is_open);
        let waiting = waiting.chain(taken.iter().map(|t| &t.entry).filter(is_open));
        self.report.waiting = waiting.map(|e| e.path.clone()).collect();
        if !anything {
            return Ok(Planned::Wait(self.wait(stand, taken, &replaced, cut)));
        }
        let told = replaced.iter().filter(|r| !r.is_repacked);
        self.report.replaced = told.filter_map(|r| r.report(from)).collect();
        self.report.rewound_to = rewinds.then_some(from);
        let waited = store.waiting()?.into_iter();
        let waited = waited
            .filter(|e| start.files.contains(e))
            .flat_map(|e| serde_json::from_str::<Vec<InputRecord>>(&e.record).unwrap_or_default());
        self.report.taken.extend(waited);
        let remains = replaced.iter().map(|r| (r.old.clone(), r.remains(from)));
        let cut = cut.into_iter().map(|e| (e.cut(from), e));
        let books = Books {
            moved: (inbox.displaced.iter())
                .filter(|displaced| displaced.is_move())
                .map(|displaced| displaced.by.clone())
                .collect(),
            remains: remains.chain(cut.map(|(rest, e)| (e, rest))).collect(),
            entries: (taken.into_iter().map(|t| t.entry_since(from, &replaced))).collect(),
        };
        Ok(Planned::Seal(Box::new(Plan {
            archive,
            standing,
            from,
            rewinds,
            to,
            books,
            binding,
            is_bound,
        })))
    }

    /// What is remembered where no day can be sealed: the files that wait, and what they stand for. In: up to when everything
    /// is taken in, the new files, and those that are gone before they were.
    fn wait(
        &mut self,
        stand: Timestamp,
        taken: Vec<Taken>,
        replaced: &[Replacement],
        cut: Vec<Entry>,
    ) -> Books {
        let waiting: Vec<Taken> = taken.into_iter().filter(|t| t.is_after(stand)).collect();
        let is_waiting = |r: &Replacement| waiting.iter().any(|t| t.entry.path == r.old.path);
        let had = |r: &Replacement| r.old.first.is_some_and(|first| first < stand);
        let told = replaced
            .iter()
            .filter(|r| !r.is_repacked && (r.is_without_rows() || (had(r) && is_waiting(r))));
        self.report.replaced = told.filter_map(|r| r.report(stand)).collect();
        let has_changed = |r: &&Replacement| match r.is_repacked {
            true => waiting.iter().any(|t| t.has_rows_of(&r.old)),
            false => r.old.last.is_some_and(|last| last >= stand),
        };
        let replaced_now = replaced.iter().filter(has_changed);
        let remains = replaced_now.map(|r| (r.old.clone(), r.remains(stand)));
        let cut = cut.into_iter().map(|e| (e.cut(stand), e));
        Books {
            moved: Vec::new(),
            remains: remains.chain(cut.map(|(rest, e)| (e, rest))).collect(),
            entries: (waiting.into_iter().map(|t| t.entry_since(stand, replaced))).collect(),
        }
    }

    /// The new files as they were read; those of which nothing could be read are left out, and named.
    fn taken(&mut self, archive: &Archive, new: &[NewFile], manifest: &[Entry]) -> Vec<Taken> {
        let mut by_path: BTreeMap<&Path, Vec<&InputReport>> = BTreeMap::new();
        for report in archive.inputs() {
            by_path.entry(&report.path).or_default().push(report);
        }
        let known: Vec<String> = new.iter().map(|n| n.path.display().to_string()).collect();
        self.report.failed.retain(|f| !known.contains(&f.path));
        self.report.taken.clear();
        let mut taken = Vec::new();
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
            let place = (file.path.display().to_string(), file.modified);
            taken.push(Taken::new(place, reports, manifest));
            self.report.taken.extend(records);
        }
        taken
    }
}
