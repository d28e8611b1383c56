//! What a night is to take in: the new files are read, and it is seen from where on and up to when.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Late;
use super::inbox::{Inbox, NewFile, is_there};
use super::replaced::{Replacement, Span};
use super::replay::{self, Start};
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
    /// Files to enter.
    pub entries: Vec<Entry>,
    /// Files in whose place they are, or other known ones.
    pub replaced: Vec<Replacement>,
    /// Known files that were moved to the place of others.
    pub moved: Vec<Entry>,
    pub binding: Binding,
    /// Whether the store is bound to it already.
    pub is_bound: bool,
}

/// A new file as it was read.
struct Taken {
    entry: Entry,
    /// Its rows by day.
    days: BTreeMap<UtcDay, u64>,
}

impl Taken {
    fn spans(&self) -> impl Iterator<Item = Span> {
        let last = |day: &UtcDay| Timestamp(day.end().0 - 1);
        self.days.keys().map(move |day| (day.start(), last(day)))
    }

    /// Whether it has the rows of a known file, by all that is known of those.
    fn has_rows_of(&self, known: &Entry) -> bool {
        if known.last != self.entry.last || known.first < self.entry.first {
            return false;
        }
        let records: Vec<InputRecord> = serde_json::from_str(&known.record).unwrap_or_default();
        let rows: u64 = records.iter().map(|r| r.rows_accepted).sum();
        rows > 0 && rows == self.days.values().sum::<u64>()
    }

    fn span_since(&self, start: Timestamp) -> Option<Span> {
        let day = self.days.keys().find(|day| day.start() >= start)?;
        let (first, last) = self.entry.first.zip(self.entry.last)?;
        Some((first.max(day.start()), last))
    }

    /// Rows of days that can't be taken in any more, with the first of these days, but for those of days that an older
    /// file of its name had whole.
    fn late(&self, start: Timestamp, replaced: &[Replacement]) -> Option<(u64, UtcDay)> {
        let path = &self.entry.path;
        // What was taken in under another name isn't late.
        if replaced
            .iter()
            .any(|r| r.is_repacked && self.has_rows_of(&r.old))
        {
            return None;
        }
        let mut late = self.days.iter().filter(|(day, _)| {
            let is_had = |r: &Replacement| r.has_day(path, day.start());
            day.start() < start && !replaced.iter().any(is_had)
        });
        let (day, rows) = late.next()?;
        Some((rows + late.map(|(_, rows)| rows).sum::<u64>(), *day))
    }

    /// As it is entered: a row with a wrong time that nobody takes in says nothing of where the file begins.
    fn entry_since(mut self, start: Timestamp) -> Entry {
        if let Some((first, _)) = self.span_since(start) {
            self.entry.first = Some(first);
        }
        self.entry
    }
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

    /// What to take in; `None` if no day can be sealed. In: what the store is bound to, and whether it is already; the
    /// known files without those in whose place others are; where to begin if no earlier rows came.
    pub(super) fn plan(
        &mut self,
        store: &Store,
        standing: Standing,
        (binding, is_bound): (Binding, bool),
        known: Vec<Entry>,
        inbox: &Inbox,
        mut start: Start,
    ) -> Result<Option<Plan>, Error> {
        let new = inbox.new.as_slice();
        let at = store.complete_to()?;
        let current = at.unwrap_or(NOTHING);
        let rebuilds = self.request.rebuild_from.is_some() && at.is_some();
        let mut archive = self.read_from(&start, new)?;
        let mut taken = self.taken(&archive, new);
        let states = store.states()?;
        let oldest = match rebuilds {
            true => start.at,
            false => states.first().copied().unwrap_or(NOTHING),
        };
        let mut replaced = replacements(inbox, &taken, oldest);
        let is_repacked = |e: &Entry| taken.iter().any(|t| t.has_rows_of(e)) && !is_there(e);
        let (repacked, mut known): (Vec<Entry>, Vec<Entry>) =
            known.into_iter().partition(is_repacked);
        self.report
            .missing
            .retain(|path| !repacked.iter().any(|e| e.path == *path));
        replaced.extend(repacked.into_iter().map(Replacement::repacked));
        let kept: Vec<Entry> = replaced.iter().filter_map(Replacement::kept).collect();
        let is_open = |e: &&Entry| e.last.is_some_and(|t| t >= start.at);
        let mut rewinds = rebuilds;
        if rebuilds {
            replay::refuse_without(kept.iter().filter(is_open), None)?;
        } else {
            let missing = kept.iter().filter(is_open).map(|e| e.path.clone());
            self.report.missing.extend(missing);
            let given_up = replaced.iter().filter_map(Replacement::given_up);
            let of_new = taken.iter().flat_map(Taken::spans);
            let spans: Vec<Span> = of_new.chain(given_up).collect();
            known.extend(kept);
            if let Some(earlier) = replay::before(&states, &known, &spans) {
                start = earlier;
                rewinds = true;
                drop(archive);
                archive = self.read_from(&start, new)?;
                taken = self.taken(&archive, new);
            }
        }
        let from = start.at;
        for file in &taken {
            if let Some((rows, first)) = file.late(from, &replaced) {
                let back_to = states.iter().rfind(|at| **at <= first.start());
                self.report.late.push(Late {
                    path: file.entry.path.clone(),
                    rows,
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
        let waits = |t: &&Taken| t.entry.last.is_some_and(|last| !anything || last >= to);
        let waiting = taken.iter().filter(waits);
        self.report.waiting = waiting.map(|t| t.entry.path.clone()).collect();
        let told = replaced
            .iter()
            .filter(|r| !r.is_repacked && (anything || r.is_without_rows()));
        self.report.replaced = told.map(|r| r.report(from)).collect();
        if !anything {
            return Ok(None);
        }
        self.report.rewound_to = rewinds.then_some(from);
        Ok(Some(Plan {
            archive,
            standing,
            from,
            rewinds,
            to,
            entries: taken.into_iter().map(|t| t.entry_since(from)).collect(),
            replaced,
            moved: (inbox.displaced.iter())
                .filter(|displaced| displaced.is_move())
                .map(|displaced| displaced.by.clone())
                .collect(),
            binding,
            is_bound,
        }))
    }

    /// The new files as they were read; those of which nothing could be read are left out, and named.
    fn taken(&mut self, archive: &Archive, new: &[NewFile]) -> Vec<Taken> {
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
            let entry = Entry {
                sha256: reports[0].sha256.clone(),
                path: file.path.display().to_string(),
                bytes: reports[0].bytes,
                modified: file.modified,
                first: reports.iter().filter_map(|r| r.first).min(),
                last: reports.iter().filter_map(|r| r.last).max(),
                record: serde_json::to_string(&records).expect("names, numbers and words only"),
            };
            let mut days: BTreeMap<UtcDay, u64> = BTreeMap::new();
            for (day, rows) in reports.iter().flat_map(|r| &r.days) {
                *days.entry(*day).or_default() += rows;
            }
            taken.push(Taken { entry, days });
            self.report.taken.extend(records);
        }
        taken
    }
}
