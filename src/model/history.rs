//! What a vessel said of itself over time.

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::quantity::MS_PER_DAY;
use super::{StaticRecord, StaticSpan, Timestamp, UtcDay};

/// The static reports of one vessel, as spans by UTC day.
///
/// A sketch that adds up in any order: which record was received when first, when last and how often
/// within a day. What it says of an instant depends on the rows alone, not on how they were cut.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaticHistory {
    records: Vec<StaticRecord>,
    spans: Vec<Span>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Span {
    day: UtcDay,
    first_ms: u32,
    last_ms: u32,
    count: u32,
    record: u32,
}

impl Span {
    fn first(&self) -> Timestamp {
        Timestamp(self.day.start().0 + i64::from(self.first_ms))
    }

    fn last(&self) -> Timestamp {
        Timestamp(self.day.start().0 + i64::from(self.last_ms))
    }
}

impl StaticHistory {
    /// Takes in a span, merging it with an equal record of the same day.
    pub fn add(&mut self, span: &StaticSpan) {
        let day = span.first.day();
        let within = |t: Timestamp| (t.0 - day.start().0).clamp(0, MS_PER_DAY - 1) as u32;
        let (first_ms, last_ms) = (within(span.first), within(span.last));
        let record = self.record_index(&span.record);
        let same = self
            .spans
            .iter_mut()
            .find(|s| s.day == day && s.record == record);
        match same {
            Some(s) => {
                s.first_ms = s.first_ms.min(first_ms);
                s.last_ms = s.last_ms.max(last_ms);
                s.count += span.count;
            }
            None => self.spans.push(Span {
                day,
                first_ms,
                last_ms,
                count: span.count,
                record,
            }),
        }
    }

    /// Takes in what was received later, or at the same time.
    pub fn merge(&mut self, later: Self) {
        if self.spans.is_empty() {
            *self = later;
            return;
        }
        let last = self.spans.iter().map(|s| s.day).max();
        for span in later.spans {
            let record = &later.records[span.record as usize];
            if Some(span.day) > last {
                // No span of the same day is here yet.
                let record = self.record_index(record);
                self.spans.push(Span { record, ..span });
            } else {
                self.add(&StaticSpan {
                    mmsi: 0,
                    record: record.clone(),
                    first: span.first(),
                    last: span.last(),
                    count: span.count,
                });
            }
        }
    }

    fn record_index(&mut self, record: &StaticRecord) -> u32 {
        let found = self.records.iter().position(|r| r == record);
        found.unwrap_or_else(|| {
            self.records.push(record.clone());
            self.records.len() - 1
        }) as u32
    }

    /// Forgets days before `day`, and the records that only they used.
    pub fn forget_before(&mut self, day: UtcDay) {
        if self.spans.iter().all(|s| s.day >= day) {
            return;
        }
        self.spans.retain(|s| s.day >= day);
        let old = std::mem::take(&mut self.records);
        for i in 0..self.spans.len() {
            let record = &old[self.spans[i].record as usize];
            self.spans[i].record = self.record_index(record);
        }
    }

    /// What was received on these days.
    #[must_use]
    pub fn within(&self, days: &Range<UtcDay>) -> Self {
        let mut part = Self::default();
        for span in self.spans.iter().filter(|s| days.contains(&s.day)) {
            let record = part.record_index(&self.records[span.record as usize]);
            part.spans.push(Span { record, ..*span });
        }
        part
    }

    /// The days on which anything was received.
    pub fn days(&self) -> impl Iterator<Item = UtcDay> {
        self.spans.iter().map(|s| s.day)
    }

    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The value of a field as known at `t`: of the records that carry it, received between `from` and `t` inclusive, the one
    /// that was received last (see [`last_received`]).
    pub fn as_of<'a, T: Ord>(
        &'a self,
        from: Timestamp,
        t: Timestamp,
        field: impl Fn(&'a StaticRecord) -> Option<T>,
    ) -> Option<T> {
        let spans = self.spans.iter().filter(|s| s.first() >= from);
        last_received(
            spans.filter_map(|s| {
                let value = field(&self.records[s.record as usize])?;
                Some((s.first(), s.last(), value))
            }),
            t,
        )
    }

    /// Every value of a field that was ever received, once each.
    pub fn values<'a, T: Ord>(
        &'a self,
        field: impl Fn(&'a StaticRecord) -> Option<T>,
    ) -> BTreeSet<T> {
        self.records.iter().filter_map(field).collect()
    }

    /// When each value of a field was received, from `from` to `until`: `(first, last, count, value)` a day, by time.
    pub fn receptions<'a, T: Ord + 'a>(
        &'a self,
        from: Timestamp,
        until: Timestamp,
        field: impl Fn(&'a StaticRecord) -> Option<T>,
    ) -> Vec<(Timestamp, Timestamp, u32, T)> {
        let mut all: Vec<_> = self
            .spans
            .iter()
            .filter(|s| s.last() >= from && s.first() <= until)
            .filter_map(|s| {
                let value = field(&self.records[s.record as usize])?;
                Some((s.first(), s.last(), s.count, value))
            })
            .collect();
        all.sort();
        all
    }

    /// The spans in a fixed order, with their records; two histories of the same rows give the same.
    pub fn canonical(&self) -> Vec<(Timestamp, Timestamp, u32, &StaticRecord)> {
        self.receptions(Timestamp::MIN, Timestamp::MAX, Some)
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
            first: Timestamp::parse(first).unwrap(),
            last: Timestamp::parse(last).unwrap(),
            count: 1,
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
