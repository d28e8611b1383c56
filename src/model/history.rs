//! What a vessel said of itself over time.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};
use std::ops::Range;

use rustc_hash::{FxHashMap, FxHasher};
use serde::{Deserialize, Serialize};

use super::{Extent, Receptions, Seen, StaticRecord, StaticSpan, Timestamp, UtcDay};

/// The static reports of one vessel, as spans by UTC day.
///
/// A sketch that adds up in any order: which record was received when first, when last and how often
/// within a day. What it says of an instant depends on the rows alone, not on how they were cut.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct StaticHistory {
    records: Vec<StaticRecord>,
    spans: Vec<Span>,
    /// Where they stand, once there are many; found again from them, so it is never stored or compared.
    #[serde(skip)]
    index: Option<Box<Index>>,
}

/// Spans from which on they are looked up and no longer looked through. A ship that types nothing wrong never has as many
/// in the time that is looked back, so that an index is a rare ship's.
const MANY: usize = 1024;

/// Messages that outvote a wrong one among them.
const FEW: u32 = 3;

/// Places of records and spans.
#[derive(Clone, Debug, Default)]
struct Index {
    /// Of records, by hash and, among those of one hash, by order.
    records: FxHashMap<(u64, u32), u32>,
    /// Of spans, by day and record.
    spans: FxHashMap<(UtcDay, u32), u32>,
}

impl Index {
    fn of(records: &[StaticRecord], spans: &[Span]) -> Self {
        let mut index = Self::default();
        for i in 0..records.len() {
            if let Err(free) = index.record(records, &records[i]) {
                index.records.insert(free, i as u32);
            }
        }
        for (i, span) in spans.iter().enumerate() {
            index.spans.insert((span.seen.day(), span.record), i as u32);
        }
        index
    }

    /// Where a record stands, or under what a new one is kept.
    fn record(&self, records: &[StaticRecord], record: &StaticRecord) -> Result<u32, (u64, u32)> {
        let mut hasher = FxHasher::default();
        record.hash(&mut hasher);
        let mut key = (hasher.finish(), 0);
        while let Some(i) = self.records.get(&key) {
            if records[*i as usize] == *record {
                return Ok(*i);
            }
            key.1 += 1;
        }
        Err(key)
    }
}

impl PartialEq for StaticHistory {
    fn eq(&self, other: &Self) -> bool {
        self.records == other.records && self.spans == other.spans
    }
}

impl Eq for StaticHistory {}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Span {
    seen: Seen,
    /// Place of the record.
    record: u32,
}

impl StaticHistory {
    /// Takes in a span, merging it with an equal record of the same day.
    pub fn add(&mut self, span: &StaticSpan) {
        self.add_seen(&span.record, span.seen);
    }

    fn add_seen(&mut self, record: &StaticRecord, seen: Seen) {
        let record = self.record_index(record);
        match self.span_index(seen.day(), record) {
            Some(i) => self.spans[i].seen.merge(&seen),
            None => self.push(Span { seen, record }),
        }
    }

    /// Takes in what was received later, or at the same time.
    pub fn merge(&mut self, later: Self) {
        if self.spans.is_empty() {
            *self = later;
            return;
        }
        let last = self.spans.iter().map(|s| s.seen.day()).max();
        for span in later.spans {
            let record = &later.records[span.record as usize];
            if Some(span.seen.day()) > last {
                // No span of the same day is here yet.
                let record = self.record_index(record);
                self.push(Span { record, ..span });
            } else {
                self.add_seen(record, span.seen);
            }
        }
    }

    /// The index, if there are so many spans that one is worth it.
    fn index(&mut self) -> Option<&mut Index> {
        if self.spans.len() < MANY {
            return None;
        }
        let (records, spans) = (&self.records, &self.spans);
        let index = self
            .index
            .get_or_insert_with(|| Box::new(Index::of(records, spans)));
        Some(index)
    }

    fn span_index(&mut self, day: UtcDay, record: u32) -> Option<usize> {
        if let Some(index) = self.index() {
            return index.spans.get(&(day, record)).map(|i| *i as usize);
        }
        let mut spans = self.spans.iter();
        spans.position(|s| s.record == record && s.seen.day() == day)
    }

    /// Takes in a span of a day and a record that have none.
    fn push(&mut self, span: Span) {
        if let Some(index) = &mut self.index {
            let at = self.spans.len() as u32;
            index.spans.insert((span.seen.day(), span.record), at);
        }
        self.spans.push(span);
    }

    fn record_index(&mut self, record: &StaticRecord) -> u32 {
        self.index();
        let next = self.records.len();
        let found = match &mut self.index {
            Some(index) => match index.record(&self.records, record) {
                Ok(i) => Some(i as usize),
                Err(free) => {
                    index.records.insert(free, next as u32);
                    None
                }
            },
            None => self.records.iter().position(|r| r == record),
        };
        found.unwrap_or_else(|| {
            self.records.push(record.clone());
            next
        }) as u32
    }

    /// Forgets days before `day`, and the records that only they used.
    pub fn forget_before(&mut self, day: UtcDay) {
        if self.spans.iter().all(|s| s.seen.day() >= day) {
            return;
        }
        self.spans.retain(|s| s.seen.day() >= day);
        let old = std::mem::take(&mut self.records);
        self.index = None;
        let mut places = Places::of(&old);
        for span in &mut self.spans {
            span.record = places.place(span.record, &mut self.records);
        }
    }

    /// What was received on these days.
    #[must_use]
    pub fn within(&self, days: &Range<UtcDay>) -> Self {
        self.kept(|day, _| days.contains(&day))
    }

    /// What `keep` says yes to, by day and by the box that holds the positions with which it came, if it came with any.
    #[must_use]
    pub fn kept(&self, keep: impl Fn(UtcDay, Option<Extent>) -> bool) -> Self {
        let mut part = Self::default();
        let mut places = Places::of(&self.records);
        for span in (self.spans.iter()).filter(|s| keep(s.seen.day(), s.seen.area)) {
            let record = places.place(span.record, &mut part.records);
            part.spans.push(Span { record, ..*span });
        }
        part
    }

    /// The days on which anything was received.
    pub fn days(&self) -> impl Iterator<Item = UtcDay> {
        self.spans.iter().map(|s| s.seen.day())
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The value of a field as known at `t`: of the records that carry it, received between `from` and `t` inclusive, the one
    /// that was received last (see [`last_received`]). What a register says stands where the ship sent none.
    pub fn as_of<'a, T: Ord>(
        &'a self,
        from: Timestamp,
        t: Timestamp,
        field: impl Fn(&'a StaticRecord) -> Option<T>,
    ) -> Option<T> {
        let last = |is_sent: bool| {
            let spans = self.spans.iter().filter(|s| s.seen.first >= from);
            last_received(
                spans
                    .filter(|s| (s.seen.heard.count() > 0) == is_sent)
                    .filter_map(|s| {
                        let value = field(&self.records[s.record as usize])?;
                        Some((s.seen.first, s.seen.last, value))
                    }),
                t,
            )
        };
        last(true).or_else(|| last(false))
    }

    /// The value of a field about an event, of what was received between `from` and `until`: the one that was received most
    /// often on the event's days. Where it was received less than [`FEW`] times on those, the days nearest to them count too. A
    /// single message of another ship, or a slip, is outvoted, whenever it comes, and so is what a register says; of equals the last
    /// received stands.
    pub fn about<'a, T: Ord>(
        &'a self,
        event: [Timestamp; 2],
        [from, until]: [Timestamp; 2],
        field: impl Fn(&'a StaticRecord) -> Option<T>,
    ) -> Option<T> {
        let [start, end] = event.map(|t| t.day().0);
        let mut known: Vec<(i32, &Seen, T)> = (self.spans.iter())
            .filter(|s| s.seen.first >= from && s.seen.first <= until)
            .filter_map(|s| {
                let day = s.seen.day().0;
                let days_off = (start - day).max(day - end).max(0);
                Some((days_off, &s.seen, field(&self.records[s.record as usize])?))
            })
            .collect();
        known.sort_unstable_by_key(|(days_off, ..)| *days_off);
        let mut votes: BTreeMap<T, (u32, Timestamp, Timestamp)> = BTreeMap::new();
        let (mut all, mut reached) = (0, 0);
        for (days_off, seen, value) in known {
            if days_off > reached && all >= FEW {
                break;
            }
            reached = days_off;
            let own = seen.heard.count_by(until.0 - seen.day().start().0);
            all += own;
            let none = (0, Timestamp::MIN, Timestamp::MIN);
            let vote = votes.entry(value).or_insert(none);
            let last = (vote.1, vote.2).max((seen.last.min(until), seen.first));
            *vote = (vote.0 + own, last.0, last.1);
        }
        let most = votes
            .into_iter()
            .max_by(|(a, x), (b, y)| (x, a).cmp(&(y, b)));
        most.map(|(value, _)| value)
    }

    /// Every value of a field that was ever received, once each.
    pub fn values<'a, T: Ord>(
        &'a self,
        field: impl Fn(&'a StaticRecord) -> Option<T>,
    ) -> BTreeSet<T> {
        self.records.iter().filter_map(field).collect()
    }

    /// When each value of a field was received, from `from` to `until`, and how often: `(first, last, heard, value)` a day, by
    /// time.
    pub fn receptions<'a, T: Ord + 'a>(
        &'a self,
        from: Timestamp,
        until: Timestamp,
        field: impl Fn(&'a StaticRecord) -> Option<T>,
    ) -> Vec<(Timestamp, Timestamp, Receptions, T)> {
        let mut all: Vec<_> = self
            .spans
            .iter()
            .filter(|s| s.seen.last >= from && s.seen.first <= until)
            .filter_map(|s| {
                let value = field(&self.records[s.record as usize])?;
                Some((s.seen.first, s.seen.last, s.seen.heard, value))
            })
            .collect();
        all.sort();
        all
    }

    /// The spans in a fixed order, with their records; two histories of the same rows give the same.
    pub fn canonical(&self) -> Vec<(Timestamp, Timestamp, Receptions, &StaticRecord)> {
        self.receptions(Timestamp::MIN, Timestamp::MAX, Some)
    }
}

/// Moves records to another list, each once, in the order in which they are asked for.
struct Places<'r> {
    from: &'r [StaticRecord],
    to: Vec<Option<u32>>,
}

impl<'r> Places<'r> {
    fn of(from: &'r [StaticRecord]) -> Self {
        let to = vec![None; from.len()];
        Self { from, to }
    }

    fn place(&mut self, record: u32, list: &mut Vec<StaticRecord>) -> u32 {
        *self.to[record as usize].get_or_insert_with(|| {
            list.push(self.from[record as usize].clone());
            list.len() as u32 - 1
        })
    }
}

/// Of values received in spans of a day, `(first, last, value)`, the one that was still received last by `t`; of several that
/// went on until then, the newest. So a slip that was put right doesn't stand until midnight, though a span holds all
/// receptions of a day.
pub fn last_received<T: Ord>(
    spans: impl Iterator<Item = (Timestamp, Timestamp, T)>,
    t: Timestamp,
) -> Option<T> {
    spans
        .filter(|(first, ..)| *first <= t)
        .map(|(first, last, value)| (last.min(t), first, value))
        .max()
        .map(|(.., value)| value)
}

/// Of such spans the first value that was received after `t` and up to `until`, and when.
pub fn first_received<T: Ord>(
    spans: impl Iterator<Item = (Timestamp, Timestamp, T)>,
    t: Timestamp,
    until: Timestamp,
) -> Option<(Timestamp, T)> {
    spans
        .filter(|(first, last, _)| *last > t && *first <= until)
        .map(|(first, _, value)| (first.max(t), value))
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(first: &str, last: &str, draught_dm: Option<u16>, name: Option<&str>) -> StaticSpan {
        StaticSpan {
            mmsi: 1,
            record: StaticRecord {
                draught_dm,
                name: name.map(str::to_owned),
                ..StaticRecord::default()
            },
            seen: Seen::between(
                Timestamp::parse(first).unwrap(),
                Timestamp::parse(last).unwrap(),
            ),
        }
    }

    #[test]
    fn order_of_arrival_does_not_matter() {
        let spans = [
            span("2018-06-02T05:00", "2018-06-02T23:00", Some(185), None),
            span(
                "2018-06-03T00:10",
                "2018-06-03T00:49",
                Some(185),
                Some("HYDRA VOYAGER"),
            ),
            span("2018-06-03T00:50", "2018-06-03T09:00", Some(149), None),
            span("2018-06-02T04:00", "2018-06-02T06:00", Some(185), None),
        ];
        let mut a = StaticHistory::default();
        spans.iter().for_each(|s| a.add(s));
        let mut b = StaticHistory::default();
        spans.iter().rev().for_each(|s| b.add(s));
        assert_eq!(a.canonical(), b.canonical());
        let draught = |r: &StaticRecord| r.draught_dm;
        let at = |t| a.as_of(Timestamp::MIN, Timestamp::parse(t).unwrap(), draught);
        assert_eq!(at("2018-06-02T03:59"), None);
        assert_eq!(at("2018-06-03T00:30"), Some(185));
        assert_eq!(at("2018-06-03T00:50"), Some(149));
        let after = Timestamp::parse("2018-06-03T01:31").unwrap();
        let receptions = a.receptions(Timestamp::MIN, Timestamp::MAX, draught);
        let spans = receptions
            .into_iter()
            .map(|(first, last, _, dm)| (first, last, dm));
        assert_eq!(
            first_received(spans, after, Timestamp::MAX).map(|x| x.1),
            Some(149)
        );
        a.forget_before(Timestamp::parse("2018-06-03").unwrap().day());
        assert_eq!(a.canonical().len(), 2);
    }

    /// Of the many records of a ship that never says the same twice, and of those of some days.
    #[test]
    fn what_is_looked_up_is_what_would_be_looked_through() {
        let days = ["2018-06-02", "2018-06-03", "2018-06-04"];
        let spans: Vec<StaticSpan> = (0..6 * MANY)
            .map(|i| {
                // Every record comes twice a day and on several days.
                let record = i % (2 * MANY) / 2 * 2 + usize::from(i % 7 == 0);
                let day = days[i / (2 * MANY)];
                let time = format!("{day}T{:02}:{:02}:{:02}", i % 24, i % 60, i % 59);
                span(&time, &time, Some(1), Some(&format!("SHIP {record}")))
            })
            .collect();
        let mut history = StaticHistory::default();
        spans.iter().for_each(|s| history.add(s));
        let mut plain: Vec<StaticRecord> = Vec::new();
        let mut counts: std::collections::BTreeMap<(UtcDay, usize), Receptions> =
            Default::default();
        for s in &spans {
            let at = plain.iter().position(|r| *r == s.record);
            let at = at.unwrap_or_else(|| {
                plain.push(s.record.clone());
                plain.len() - 1
            });
            counts
                .entry((s.seen.day(), at))
                .or_default()
                .merge(s.seen.heard);
        }
        assert_eq!(history.records, plain);
        assert_eq!(history.spans.len(), counts.len());
        for s in &history.spans {
            assert_eq!(s.seen.heard, counts[&(s.seen.day(), s.record as usize)]);
        }
        // However it is cut, kept in between, or forgotten.
        let mut pieces = StaticHistory::default();
        for piece in spans.chunks(700) {
            let mut later = StaticHistory::default();
            piece.iter().for_each(|s| later.add(s));
            pieces.merge(later);
            pieces.index = None;
        }
        assert_eq!(pieces.canonical(), history.canonical());
        let from = Timestamp::parse(days[1]).unwrap().day();
        let until = Timestamp::parse("2018-06-05").unwrap().day();
        let part = history.within(&(from..until));
        history.forget_before(from);
        assert_eq!(part, history);
        history.add(&spans[0]);
        let again = history.canonical().len();
        history.add(&spans[0]);
        assert_eq!(history.canonical().len(), again);
        assert_eq!(again, part.canonical().len() + 1);
    }

    #[test]
    fn a_slip_that_was_put_right_does_not_stand_until_midnight() {
        let mut history = StaticHistory::default();
        let name = Some("HARMONY STAR");
        for s in [
            span("2018-06-02T00:10", "2018-06-02T23:50", Some(90), name),
            span(
                "2018-06-02T05:02",
                "2018-06-02T05:19",
                Some(110),
                Some("XQZ JJ 7"),
            ),
        ] {
            history.add(&s);
        }
        let as_of = |t: &str| {
            let t = Timestamp::parse(t).unwrap();
            let name = history.as_of(Timestamp::MIN, t, |r| r.name.as_deref());
            (history.as_of(Timestamp::MIN, t, |r| r.draught_dm), name)
        };
        assert_eq!(as_of("2018-06-02T05:01"), (Some(90), name));
        assert_eq!(
            as_of("2018-06-02T05:10"),
            (Some(110), Some("XQZ JJ 7")),
            "while it is sent"
        );
        assert_eq!(as_of("2018-06-02T12:00"), (Some(90), name));
        assert_eq!(as_of("2018-06-05"), (Some(90), name));
    }
}
