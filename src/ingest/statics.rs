//! What vessels say of themselves, gathered while rows are read.
//!
//! Most formats repeat it on every row, so the raw bytes are compared with the last ones of the same
//! vessel and day, and parsed only when they differ. A cache belongs to one thread and is emptied
//! into the days now and then; spans of equal `(mmsi, day, record)` add up there in any order.

use rustc_hash::FxHashMap;

use crate::model::{StaticRecord, StaticSpan, Timestamp, UtcDay};

/// Entries after which a cache should be emptied: about 5 MB, more vessels than a busy national day has.
const FULL: usize = 20_000;

/// The same for the raw bytes, should fields be absurdly long.
const FULL_RAW: usize = 8_000_000;

/// How many different records of one vessel are looked through before a new entry is made.
const MAX_CHAIN: usize = 8;

const NONE: u32 = u32::MAX;

struct Entry {
    mmsi: u32,
    day: UtcDay,
    /// An older entry of the same vessel.
    next: u32,
    raw_start: u32,
    raw_end: u32,
    first: i64,
    last: i64,
    count: u32,
    record: StaticRecord,
    says_nothing: bool,
}

/// Static records seen by one thread.
#[derive(Default)]
pub(crate) struct StaticCache {
    /// Latest entry of a vessel.
    heads: FxHashMap<u32, u32>,
    entries: Vec<Entry>,
    raw: Vec<u8>,
    layout: u64,
}

impl StaticCache {
    /// Before rows of a reader whose columns stand in another order: equal bytes would mean something else.
    /// Returns whether the cache must be emptied first.
    pub(crate) fn is_foreign(&self, layout: u64) -> bool {
        self.layout != layout && !self.entries.is_empty()
    }

    /// Sets whose columns the raw bytes are.
    pub(crate) fn set_layout(&mut self, layout: u64) {
        self.layout = layout;
    }

    /// Whether it should be emptied.
    pub(crate) fn is_full(&self) -> bool {
        self.entries.len() >= FULL || self.raw.len() >= FULL_RAW
    }

    /// Counts a row's static fields, given as raw runs of bytes; `parse` is called if they are new.
    /// Returns whether they say anything.
    pub(crate) fn count<'r>(
        &mut self,
        mmsi: u32,
        t: Timestamp,
        raw: impl Iterator<Item = &'r [u8]> + Clone,
        parse: impl FnOnce() -> StaticRecord,
    ) -> bool {
        let day = t.day();
        let head = self.heads.get(&mmsi).copied().unwrap_or(NONE);
        let mut at = head;
        for _ in 0..MAX_CHAIN {
            if at == NONE {
                break;
            }
            let entry = &mut self.entries[at as usize];
            let known = &self.raw[entry.raw_start as usize..entry.raw_end as usize];
            if entry.day == day && is_joined(known, raw.clone()) {
                entry.first = entry.first.min(t.0);
                entry.last = entry.last.max(t.0);
                entry.count += 1;
                return !entry.says_nothing;
            }
            at = entry.next;
        }
        let raw_start = self.raw.len() as u32;
        for run in raw {
            self.raw.extend_from_slice(run);
            self.raw.push(b'\n');
        }
        self.push(mmsi, t, head, raw_start, parse())
    }

    /// Counts a record that was parsed already.
    pub(crate) fn add(&mut self, mmsi: u32, t: Timestamp, record: StaticRecord) {
        let head = self.heads.get(&mmsi).copied().unwrap_or(NONE);
        let mut at = head;
        for _ in 0..MAX_CHAIN {
            if at == NONE {
                break;
            }
            let entry = &mut self.entries[at as usize];
            if entry.day == t.day() && entry.record == record {
                entry.first = entry.first.min(t.0);
                entry.last = entry.last.max(t.0);
                entry.count += 1;
                return;
            }
            at = entry.next;
        }
        let raw_start = self.raw.len() as u32;
        self.push(mmsi, t, head, raw_start, record);
    }

    fn push(
        &mut self,
        mmsi: u32,
        t: Timestamp,
        head: u32,
        raw_start: u32,
        record: StaticRecord,
    ) -> bool {
        let says_nothing = record.is_empty();
        self.heads.insert(mmsi, self.entries.len() as u32);
        self.entries.push(Entry {
            mmsi,
            day: t.day(),
            next: head,
            raw_start,
            raw_end: self.raw.len() as u32,
            first: t.0,
            last: t.0,
            count: 1,
            record,
            says_nothing,
        });
        !says_nothing
    }

    /// Empties the cache: all spans that say something.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = (UtcDay, StaticSpan)> + '_ {
        self.heads.clear();
        self.raw.clear();
        self.entries.drain(..).filter(|e| !e.says_nothing).map(|e| {
            let span = StaticSpan {
                mmsi: e.mmsi,
                record: e.record,
                first: Timestamp(e.first),
                last: Timestamp(e.last),
                count: e.count,
            };
            (e.day, span)
        })
    }
}

/// Whether `joined` is these runs with a line feed after each (no run holds one).
fn is_joined<'r>(mut joined: &[u8], runs: impl Iterator<Item = &'r [u8]>) -> bool {
    for run in runs {
        match joined.get(..run.len()) {
            Some(part) if part == run && joined.get(run.len()) == Some(&b'\n') => {
                joined = &joined[run.len() + 1..];
            }
            _ => return false,
        }
    }
    joined.is_empty()
}
