//! Values that took the place of others.
//!
//! In: what ships claimed, by days. Out: changes. Rule: a change lies between two spells, each of one value alone and
//! longer than a slip. Whether the first value comes back later, for as long, doesn't matter: that is another change. What
//! alternates is no change. Of a value that was sent on one day before, in and after the time of another, days can't
//! tell whether the two alternated then: it speaks neither for a change nor against one.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Case;
use super::claims::{Claim, SLIP_MS, sustained};
use crate::model::Timestamp;

/// A value that another took the place of.
pub(super) struct Change<V> {
    /// The last claim of the old value before.
    pub old: Claim<V>,
    /// The first claim of the new one.
    pub new: Claim<V>,
    /// Reports of the old value in its spell.
    pub old_count: u32,
    /// Reports of the new value in its spell.
    pub new_count: u32,
    /// Whether the new value was sent before the old one, too.
    pub again: bool,
    /// When the old value took its place again, for more than a slip.
    pub back: Option<Timestamp>,
}

/// Where the claims of one value stand, with the latest end of each claim and those before it.
#[derive(Default)]
struct Places(Vec<(usize, Timestamp)>);

impl Places {
    fn push(&mut self, at: usize, last: Timestamp) {
        let latest = self.0.last().map_or(last, |(_, before)| last.max(*before));
        self.0.push((at, latest));
    }

    fn within(&self, places: &Range<usize>) -> &[(usize, Timestamp)] {
        let from = self.0.partition_point(|(at, _)| *at < places.start);
        let until = self.0.partition_point(|(at, _)| *at < places.end);
        &self.0[from..until.max(from)]
    }
}

/// The claims of a field that may be part of a change.
struct Timeline<'a, 'c, V> {
    case: &'a Case<'c>,
    claims: Vec<&'a Claim<V>>,
    by_value: BTreeMap<&'a V, Places>,
}

/// All changes of a value, by time. What `differ` doesn't tell apart is one value.
pub(super) fn changes<V: Ord + Clone>(
    case: &Case,
    claims: &[Claim<V>],
    differ: impl Fn(&V, &V) -> bool,
) -> Vec<Change<V>> {
    let mut by_value: BTreeMap<&V, Vec<&Claim<V>>> = BTreeMap::new();
    for claim in claims {
        by_value.entry(&claim.value).or_default().push(claim);
    }
    // Whoever says something else every time says nothing for long.
    by_value.retain(|_, own| sustained(own.iter().copied(), case.rules()).is_some());
    if by_value.len() < 2 {
        return Vec::new();
    }
    let mut claims: Vec<&Claim<V>> = by_value.into_values().flatten().collect();
    claims.sort();
    let mut by_value: BTreeMap<&V, Places> = BTreeMap::new();
    for (at, claim) in claims.iter().enumerate() {
        let own = by_value.entry(&claim.value).or_default();
        own.push(at, claim.last);
    }
    let line = Timeline {
        case,
        claims,
        by_value,
    };
    (1..line.claims.len())
        .filter_map(|at| line.change(at, &differ))
        .collect()
}

impl<V: Ord + Clone> Timeline<'_, '_, V> {
    /// The change that a claim begins, judged by what was received in the time about it.
    fn change(&self, at: usize, differ: impl Fn(&V, &V) -> bool) -> Option<Change<V>> {
        let new = self.claims[at];
        let Range { start, end } = self.case.around(new.first);
        let from = self.claims.partition_point(|c| c.first < start);
        let until = self.claims.partition_point(|c| c.first < end);
        let time = from..until;
        let before = (from..at)
            .rev()
            .find(|i| self.claims[*i].value == new.value || self.is_lasting(*i, &time))?;
        let old = self.claims[before];
        if old.value == new.value || !differ(&old.value, &new.value) {
            return None;
        }
        let sent_before = self.last_before(&new.value, from..at);
        let is_cut = self.last_before(&old.value, from..at) < new.first;
        if !is_cut || self.alternate(&old.value, &new.value, &time) {
            return None;
        }
        let spell = (from..=before).rev();
        let mut earlier = self.spell(spell, &time, |v| !differ(v, &old.value));
        earlier.retain(|i| self.claims[*i].first > sent_before);
        let old_count = self.sustained(&earlier)?;
        let later = self.spell(at..until, &time, |v| !differ(v, &new.value));
        let next = later.last().map_or(until, |i| i + 1);
        let next = (next..until).find(|i| self.is_lasting(*i, &time));
        let stop = next.map_or(end, |i| self.claims[i].first);
        let alone: Vec<usize> = later
            .into_iter()
            .filter(|i| self.claims[*i].last < stop && self.is_whole(*i, end))
            .collect();
        let new_count = self.sustained(&alone)?;
        let same = self.by_value[&old.value].within(&(at..until)).first();
        let like = next.filter(|i| !differ(&self.claims[*i].value, &old.value));
        let back = same.map(|(i, _)| *i).into_iter().chain(like).min();
        if let Some(back) = back {
            let is_cut = self.last_before(&new.value, from..back) < self.claims[back].first;
            let mut again = self.spell(back..until, &time, |v| !differ(v, &old.value));
            again.retain(|i| self.is_whole(*i, end));
            if !is_cut || self.sustained(&again).is_none() {
                return None;
            }
        }
        let ends = earlier.iter().map(|i| self.claims[*i]);
        Some(Change {
            old: ends.max_by_key(|c| (c.last, *c))?.clone(),
            new: new.clone(),
            old_count,
            new_count,
            again: !self.by_value[&new.value].within(&(from..at)).is_empty(),
            back: back.map(|i| self.claims[i].first),
        })
    }

    /// The claims from a place on until another value that is more than a slip.
    fn spell(
        &self,
        places: impl Iterator<Item = usize>,
        time: &Range<usize>,
        is_same: impl Fn(&V) -> bool,
    ) -> Vec<usize> {
        let mut same: Option<&V> = None;
        let mut spell = Vec::new();
        for i in places {
            let value = &self.claims[i].value;
            if same == Some(value) || is_same(value) {
                same = Some(value);
                spell.push(i);
            } else if self.is_lasting(i, time) {
                break;
            }
        }
        spell
    }

    /// Whether its day is over by then.
    fn is_whole(&self, at: usize, end: Timestamp) -> bool {
        self.claims[at].first.day().end() <= end
    }

    fn sustained(&self, places: &[usize]) -> Option<u32> {
        sustained(places.iter().map(|i| self.claims[*i]), self.case.rules())
    }

    /// Whether the value of a claim was more than a slip in that time.
    fn is_lasting(&self, at: usize, time: &Range<usize>) -> bool {
        let own = self.by_value[&self.claims[at].value].within(time);
        let min = self.case.rules().min_messages as usize;
        let span = |a: usize, b: usize| self.claims[b].last.0 - self.claims[a].first.0;
        // Most are told by their number.
        let is_long = |a: &(usize, _), b: &(usize, _)| span(a.0, b.0) >= SLIP_MS;
        if own.len() >= min && is_long(&own[0], &own[own.len() - 1]) {
            return true;
        }
        let places: Vec<usize> = own.iter().map(|(i, _)| *i).collect();
        self.sustained(&places).is_some()
    }

    /// When a value was last sent by the claims of these places.
    fn last_before(&self, value: &V, places: Range<usize>) -> Timestamp {
        let own = self.by_value[value].within(&places);
        own.last().map_or(Timestamp::MIN, |(_, latest)| *latest)
    }

    /// Whether two values were sent in turns for certain.
    fn alternate(&self, a: &V, b: &V, time: &Range<usize>) -> bool {
        let [a, b] = [a, b].map(|value| self.by_value[value].within(time));
        a.iter().any(|(i, _)| {
            let one = self.claims[*i];
            let upto = b.partition_point(|(j, _)| self.claims[*j].first <= one.last);
            let from = b.partition_point(|(_, latest)| *latest < one.first);
            b[from.min(upto)..upto].iter().any(|(j, _)| {
                let other = self.claims[*j];
                let meet = one.first <= other.last && other.first <= one.last;
                meet && !is_nested(one, other) && !is_nested(other, one)
            })
        })
    }
}

/// Whether one was sent before and after the other, for long enough to have been sent alone then.
fn is_nested<V>(outer: &Claim<V>, inner: &Claim<V>) -> bool {
    inner.first.0 - outer.first.0 >= SLIP_MS && outer.last.0 - inner.last.0 >= SLIP_MS
}
