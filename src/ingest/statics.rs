//! What vessels say of themselves, gathered while rows are read.
//!
//! Most formats repeat it on every row, so the raw bytes are compared with the last ones of the same
//! vessel and day, and parsed only when they differ. A cache belongs to one thread and is emptied
//! into the days now and then; spans of equal `(mmsi, day, record)` add up there in any order.

use rustc_hash::FxHashMap;

use crate::model::{StaticRecord, StaticSpan, Timestamp, UtcDay};

/// Entries after which a cache should be emptied: some 20 MB. A file by time that has more vessels than this makes every
/// row a new entry, so it is more than any coast has in a day.
const FULL: usize = 65_536;

/// The same for the raw bytes, should fields be absurdly long.
const FULL_RAW: usize = 8_000_000;

/// How many different records of one vessel are looked through before a new entry is made.
const MAX_CHAIN: usize = 8;

const NONE: u32 = u32::MAX;

/// Raw bytes that lie in the entry itself: more than all static fields of a usual row.
const INLINE: usize = 96;

/// What is touched for every row, in two neighbouring lines of the processor's cache; the record itself lies elsewhere.
#[repr(align(64))]
struct Entry {
    first: i64,
    last: i64,
    count: u32,
    /// An older entry of the same vessel and day.
    next: u32,
    raw_len: u32,
    says_nothing: bool,
    /// The raw bytes, or the place of longer ones in [`StaticCache::long`], little-endian.
    raw: [u8; INLINE],
}

/// Static records seen by one thread.
#[derive(Default)]
pub(crate) struct StaticCache {
    /// Latest entry of a vessel and day.
    heads: FxHashMap<(u32, UtcDay), u32>,
    entries: Vec<Entry>,
    /// Whose and what, one for each entry.
    records: Vec<(u32, StaticRecord)>,
    /// Raw bytes that are too long to lie in their entry.
    long: Vec<u8>,
    layout: u64,
}

impl StaticCache {
    /// Whether the cache must be emptied before rows of a reader whose columns stand in another
    /// order: equal bytes would mean something else.
    pub(crate) fn is_foreign(&self, layout: u64) -> bool {
        self.layout != layout && !self.entries.is_empty()
    }

    /// Sets whose columns the raw bytes are.
    pub(crate) fn set_layout(&mut self, layout: u64) {
        self.layout = layout;
    }

    /// Whether it should be emptied.
    pub(crate) fn is_full(&self) -> bool {
        self.entries.len() >= FULL || self.long.len() >= FULL_RAW
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
        let head = self.heads.get(&(mmsi, t.day())).copied().unwrap_or(NONE);
        let is_same = |_: usize, entry: &Entry| is_joined(entry.raw(&self.long), raw.clone());
        if let Some(i) = find(&self.entries, head, is_same) {
            let entry = &mut self.entries[i];
            entry.see(t);
            return !entry.says_nothing;
        }
        let begin = self.long.len();
        for run in raw {
            self.long.extend_from_slice(run);
            self.long.push(b'\n');
        }
        self.push(mmsi, t, head, begin, parse())
    }

    /// Counts a record that was parsed already.
    pub(crate) fn add(&mut self, mmsi: u32, t: Timestamp, record: StaticRecord) {
        let head = self.heads.get(&(mmsi, t.day())).copied().unwrap_or(NONE);
        let is_same = |i: usize, _: &Entry| self.records[i].1 == record;
        match find(&self.entries, head, is_same) {
            Some(i) => self.entries[i].see(t),
            None => {
                self.push(mmsi, t, head, self.long.len(), record);
            }
        }
    }

    /// Makes an entry; its raw bytes lie in `long` from `begin` on.
    fn push(
        &mut self,
        mmsi: u32,
        t: Timestamp,
        head: u32,
        begin: usize,
        record: StaticRecord,
    ) -> bool {
        let says_nothing = record.is_empty();
        let raw_len = self.long.len() - begin;
        let mut raw = [0; INLINE];
        if raw_len <= INLINE {
            raw[..raw_len].copy_from_slice(&self.long[begin..]);
            self.long.truncate(begin);
        } else {
            raw[..8].copy_from_slice(&(begin as u64).to_le_bytes());
        }
        self.heads
            .insert((mmsi, t.day()), self.entries.len() as u32);
        self.entries.push(Entry {
            first: t.0,
            last: t.0,
            count: 1,
            next: head,
            raw_len: raw_len as u32,
            says_nothing,
            raw,
        });
        self.records.push((mmsi, record));
        !says_nothing
    }

    /// Empties the cache: all spans that say something.
    pub(crate) fn drain(&mut self) -> impl Iterator<Item = (UtcDay, StaticSpan)> + '_ {
        self.heads.clear();
        self.long.clear();
        let records = self.records.drain(..);
        self.entries
            .drain(..)
            .zip(records)
            .filter(|(entry, _)| !entry.says_nothing)
            .map(|(entry, (mmsi, record))| {
                let span = StaticSpan {
                    mmsi,
                    record,
                    first: Timestamp(entry.first),
                    last: Timestamp(entry.last),
                    count: entry.count,
                };
                (span.first.day(), span)
            })
    }
}

impl Entry {
    fn raw<'a>(&'a self, long: &'a [u8]) -> &'a [u8] {
        let len = self.raw_len as usize;
        if len <= INLINE {
            return &self.raw[..len];
        }
        let [a, b, c, d, e, f, g, h, ..] = self.raw;
        let begin = u64::from_le_bytes([a, b, c, d, e, f, g, h]) as usize;
        &long[begin..begin + len]
    }

    fn see(&mut self, t: Timestamp) {
        self.first = self.first.min(t.0);
        self.last = self.last.max(t.0);
        self.count += 1;
    }
}

/// The first entry of a chain that is the same, of the latest few.
fn find(entries: &[Entry], head: u32, is_same: impl Fn(usize, &Entry) -> bool) -> Option<usize> {
    let mut at = head;
    for _ in 0..MAX_CHAIN {
        let i = at as usize;
        let entry = entries.get(i)?;
        if is_same(i, entry) {
            return Some(i);
        }
        at = entry.next;
    }
    None
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
