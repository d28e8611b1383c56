//! What vessels say of themselves, gathered while rows are read.
//!
//! Most formats repeat it on every row, so the raw bytes are compared with the last ones of the same
//! vessel and day, and parsed only when they differ. A cache belongs to one thread and is emptied
//! into the days now and then; spans of equal `(mmsi, day, record)` add up there in any order.

use rustc_hash::FxHashMap;

use crate::model::quantity::MS_PER_DAY;
use crate::model::{Extent, LonLat, Receptions, Seen, StaticRecord, StaticSpan, Timestamp, UtcDay};

/// Entries after which a cache should be emptied: some 25 MB. A file by time that has more vessels than this makes every
/// row a new entry, so it is more than any coast has in a day.
const FULL: usize = 65_536;

/// The same for the raw bytes, should fields be absurdly long.
const FULL_RAW: usize = 8_000_000;

/// How many different records of one vessel are looked through before a new entry is made.
const MAX_CHAIN: usize = 8;

const NONE: u32 = u32::MAX;

/// Raw bytes that lie in the entry itself: more than the static fields of a usual row of MarineCadastre.
const INLINE: usize = 63;

/// What is touched for every row, in a pair of lines of the processor's cache; whose and what it is lies elsewhere.
#[repr(align(128))]
struct Entry {
    heard: Receptions,
    area: Area,
    /// First and last reception, milliseconds of the day.
    first_ms: u32,
    last_ms: u32,
    /// An older entry of the same vessel and day.
    next: u32,
    raw_len: u32,
    says_nothing: bool,
    /// The raw bytes, or the place of longer ones in [`StaticCache::long`], little-endian.
    raw: [u8; INLINE],
}

/// The box of the positions of an entry's rows, 1e-7 degrees: least longitude and latitude, greatest ones; the least above the
/// greatest if there are none.
#[derive(Clone, Copy)]
struct Area([i32; 4]);

impl Area {
    const NONE: Self = Self([i32::MAX, i32::MAX, i32::MIN, i32::MIN]);

    fn see(&mut self, place: LonLat) {
        let [west, south, east, north] = self.0;
        let (lon, lat) = (place.lon_e7(), place.lat_e7());
        self.0 = [west.min(lon), south.min(lat), east.max(lon), north.max(lat)];
    }

    fn extent(self) -> Option<Extent> {
        let [west, south, east, north] = self.0.map(i64::from);
        (west <= east).then(|| Extent::at([west, south]).with(Extent::at([east, north])))
    }
}

/// Whose row it is, when it was received, and the position that it has.
pub(crate) type Heard = (u32, Timestamp, Option<LonLat>);

/// Static records seen by one thread.
#[derive(Default)]
pub(crate) struct StaticCache {
    /// Latest entry of a vessel and day.
    heads: FxHashMap<(u32, UtcDay), u32>,
    entries: Vec<Entry>,
    /// Whose, of which day and what, one for each entry.
    records: Vec<(u32, UtcDay, StaticRecord)>,
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
        heard: Heard,
        raw: impl Iterator<Item = &'r [u8]> + Clone,
        parse: impl FnOnce() -> StaticRecord,
    ) -> bool {
        self.take(heard, true, raw, parse)
    }

    /// The same of what a row says of a ship that she didn't send: known at that time, but received never, so that whatever she
    /// sends outvotes it.
    pub(crate) fn note<'r>(
        &mut self,
        known: Heard,
        raw: impl Iterator<Item = &'r [u8]> + Clone,
        parse: impl FnOnce() -> StaticRecord,
    ) -> bool {
        self.take(known, false, raw, parse)
    }

    fn take<'r>(
        &mut self,
        heard: Heard,
        is_sent: bool,
        raw: impl Iterator<Item = &'r [u8]> + Clone,
        parse: impl FnOnce() -> StaticRecord,
    ) -> bool {
        let (mmsi, t, place) = heard;
        let head = self.heads.get(&(mmsi, t.day())).copied().unwrap_or(NONE);
        let is_same = |_: usize, entry: &Entry| is_joined(entry.raw(&self.long), raw.clone());
        if let Some(i) = find(&self.entries, head, is_same) {
            let entry = &mut self.entries[i];
            entry.see(t, place, is_sent);
            return !entry.says_nothing;
        }
        let begin = self.long.len();
        for run in raw {
            self.long.extend_from_slice(run);
            self.long.push(b'\n');
        }
        self.push(heard, is_sent, head, begin, parse())
    }

    /// Counts a record that was parsed already, and comes with no position.
    pub(crate) fn add(&mut self, mmsi: u32, t: Timestamp, record: StaticRecord) {
        let head = self.heads.get(&(mmsi, t.day())).copied().unwrap_or(NONE);
        let is_same = |i: usize, _: &Entry| self.records[i].2 == record;
        match find(&self.entries, head, is_same) {
            Some(i) => self.entries[i].see(t, None, true),
            None => {
                self.push((mmsi, t, None), true, head, self.long.len(), record);
            }
        }
    }

    /// Makes an entry; its raw bytes lie in `long` from `begin` on.
    fn push(
        &mut self,
        (mmsi, t, place): Heard,
        is_sent: bool,
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
        let mut entry = Entry {
            heard: Receptions::default(),
            area: Area::NONE,
            first_ms: u32::MAX,
            last_ms: 0,
            next: head,
            raw_len: raw_len as u32,
            says_nothing,
            raw,
        };
        entry.see(t, place, is_sent);
        self.entries.push(entry);
        self.records.push((mmsi, t.day(), record));
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
            .map(|(entry, (mmsi, day, record))| {
                let seen = entry.seen(day);
                (day, StaticSpan { mmsi, record, seen })
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

    fn see(&mut self, t: Timestamp, place: Option<LonLat>, is_sent: bool) {
        let ms = t.0.rem_euclid(MS_PER_DAY) as u32;
        self.first_ms = self.first_ms.min(ms);
        self.last_ms = self.last_ms.max(ms);
        if is_sent {
            self.heard.see(t);
        }
        if let Some(place) = place {
            self.area.see(place);
        }
    }

    fn seen(&self, day: UtcDay) -> Seen {
        let at = |ms: u32| Timestamp(day.start().0 + i64::from(ms));
        Seen {
            first: at(self.first_ms),
            last: at(self.last_ms),
            heard: self.heard,
            area: self.area.extent(),
        }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    /// By day and type.
    type Found = BTreeMap<(UtcDay, u8), Seen>;

    fn join(found: &mut Found, key: (UtcDay, u8), new: Seen) {
        found
            .entry(key)
            .and_modify(|known| known.merge(&new))
            .or_insert(new);
    }

    proptest! {
        /// Of one ship, whose records are long or short and who alternates between more than are looked through.
        #[test]
        fn a_cache_counts_what_a_list_of_rows_counts(
            rows in prop::collection::vec(
                (0..3i64 * 86_400_000, 1..12u8, prop::option::of((-1800..1800i32, -900..900i32))),
                1..80,
            ),
            emptied in 1..40usize,
        ) {
            let (mut cache, mut found) = (StaticCache::default(), Found::new());
            let mut expected = Found::new();
            let drain = |cache: &mut StaticCache, found: &mut Found| {
                for (day, s) in cache.drain() {
                    let ship_type = s.record.ship_type.expect("each row says one");
                    join(found, (day, ship_type), s.seen);
                }
            };
            for (i, (ms, ship_type, place)) in rows.iter().enumerate() {
                let t = Timestamp(*ms);
                let place = place.map(|(lon, lat)| {
                    LonLat::from_degrees(f64::from(lon) / 10.0, f64::from(lat) / 10.0).expect("on Earth")
                });
                let raw = vec![*ship_type; 20 * usize::from(*ship_type)];
                let record = || StaticRecord {
                    ship_type: Some(*ship_type),
                    ..StaticRecord::default()
                };
                prop_assert!(cache.count((1, t, place), std::iter::once(&raw[..]), record));
                join(&mut expected, (t.day(), *ship_type), Seen::once(t, place));
                if i % emptied == 0 {
                    drain(&mut cache, &mut found);
                }
            }
            drain(&mut cache, &mut found);
            prop_assert_eq!(found, expected);
        }
    }
}
