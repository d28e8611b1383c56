//! A new file as it was read, held against what is known.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::replaced::{Replacement, Span};
use crate::ingest::InputReport;
use crate::model::{Timestamp, UtcDay};
use crate::pipeline::{InputRecord, wiring};
use crate::store::Entry;

/// A new file as it was read.
pub(super) struct Taken {
    pub entry: Entry,
    /// Its rows by day.
    days: BTreeMap<UtcDay, u64>,
    /// What was taken in of the same content before a part of it was given up, or was gone.
    part: Option<Entry>,
}

/// What a known file's record tells beside what a scan's does: how many rows it has of each day.
#[derive(Deserialize)]
struct Days {
    #[serde(default)]
    days: BTreeMap<i32, u64>,
}

/// How many rows a known file has of a day; `None` if that wasn't recorded.
fn rows_of(known: &Entry, day: UtcDay) -> Option<u64> {
    let records: Vec<Days> = serde_json::from_str(&known.record).unwrap_or_default();
    let is_recorded = records.iter().any(|r| !r.days.is_empty());
    let rows = records.iter().filter_map(|r| r.days.get(&day.0));
    is_recorded.then(|| rows.sum())
}

/// As it stands in the manifest.
fn record(reports: &[&InputReport]) -> String {
    let record = |report: &&InputReport| {
        let mut record = serde_json::to_value(wiring::record(report))?;
        let days: BTreeMap<i32, u64> = report.days.iter().map(|(day, n)| (day.0, *n)).collect();
        record["days"] = serde_json::to_value(days)?;
        Ok(record)
    };
    let records: serde_json::Result<Vec<serde_json::Value>> = reports.iter().map(record).collect();
    let text = records.and_then(|records| serde_json::to_string(&records));
    text.expect("names, numbers and words only")
}

impl Taken {
    /// In: where it lies, when it was last written, and the reports of it or its members; what is known.
    pub(super) fn new(
        (path, modified): (String, i64),
        reports: &[&InputReport],
        manifest: &[Entry],
    ) -> Self {
        let sha256 = reports[0].sha256.clone();
        let mut days: BTreeMap<UtcDay, u64> = BTreeMap::new();
        for (day, rows) in reports.iter().flat_map(|r| &r.days) {
            *days.entry(*day).or_default() += rows;
        }
        Self {
            part: manifest.iter().find(|e| e.is_part_of(&sha256)).cloned(),
            entry: Entry {
                sha256,
                path,
                bytes: reports[0].bytes,
                modified,
                first: reports.iter().filter_map(|r| r.first).min(),
                last: reports.iter().filter_map(|r| r.last).max(),
                record: record(reports),
            },
            days,
        }
    }

    /// Days of which the store doesn't hold its rows yet.
    pub(super) fn spans(&self) -> impl Iterator<Item = Span> {
        let last = |day: &UtcDay| Timestamp(day.end().0 - 1);
        let new = self.days.keys().filter(|day| !self.is_part(**day));
        new.map(move |day| (day.start(), last(day)))
    }

    /// Whether the part of it that was taken in has its rows of this day.
    fn is_part(&self, day: UtcDay) -> bool {
        let last = self.part.as_ref().and_then(|part| part.last);
        last.is_some_and(|last| day.start() <= last)
    }

    /// Whether it has the rows of a known file, by all that is known of those.
    pub(super) fn has_rows_of(&self, known: &Entry) -> bool {
        if known.last != self.entry.last || known.first < self.entry.first {
            return false;
        }
        let records: Vec<InputRecord> = serde_json::from_str(&known.record).unwrap_or_default();
        let rows: u64 = records.iter().map(|r| r.rows_accepted).sum();
        rows > 0 && rows == self.days.values().sum::<u64>()
    }

    pub(super) fn span_since(&self, start: Timestamp) -> Option<Span> {
        let day = self.days.keys().find(|day| day.start() >= start)?;
        let (first, last) = self.entry.first.zip(self.entry.last)?;
        Some((first.max(day.start()), last))
    }

    /// Whether rows of it lie after this instant.
    pub(super) fn is_after(&self, at: Timestamp) -> bool {
        self.entry.last.is_some_and(|last| last >= at)
    }

    /// Whether an earlier file of its name had this day whole, with as many rows: then they were taken in from there, as
    /// those of a log that grows.
    fn was_had(&self, day: UtcDay, manifest: &[Entry]) -> bool {
        manifest.iter().any(|e| {
            let (Some(first), Some(last)) = (e.first, e.last) else {
                return false;
            };
            let begins = first <= day.start()
                || (first.day() == day && self.entry.first.is_some_and(|own| own >= first));
            let is_whole = begins && last.0 >= day.end().0 - 1;
            let rows = self.days.get(&day).copied();
            let has_all = || rows_of(e, day).is_none_or(|known| Some(known) == rows);
            e.was_at(&self.entry.path) && is_whole && has_all()
        })
    }

    /// Rows of days that can't be taken in any more, but for those of days that are had already: from the part of it that
    /// stayed, from an older file of its name, or under another name.
    pub(super) fn late(
        &self,
        start: Timestamp,
        replaced: &[Replacement],
        manifest: &[Entry],
    ) -> Option<(u64, UtcDay)> {
        let path = &self.entry.path;
        if replaced
            .iter()
            .any(|r| r.is_repacked && self.has_rows_of(&r.old))
        {
            return None;
        }
        let mut late = self.days.iter().filter(|(day, _)| {
            let is_had = |r: &Replacement| r.has_day(path, day.start());
            day.start() < start
                && !self.is_part(**day)
                && !replaced.iter().any(is_had)
                && !self.was_had(**day, manifest)
        });
        let (day, rows) = late.next()?;
        Some((rows + late.map(|(_, rows)| rows).sum::<u64>(), *day))
    }

    /// As it is entered: a row with a wrong time that nobody takes in says nothing of where the file begins. What was taken
    /// in of it before does, from a part of it or in another packing.
    pub(super) fn entry_since(mut self, start: Timestamp, replaced: &[Replacement]) -> Entry {
        let of_repacked = replaced
            .iter()
            .filter(|r| r.is_repacked && self.has_rows_of(&r.old))
            .map(|r| &r.old);
        let had = of_repacked.chain(&self.part).filter_map(|e| e.first).min();
        if let Some((first, _)) = self.span_since(start) {
            self.entry.first = Some(had.map_or(first, |had| had.min(first)));
        }
        self.entry
    }
}
