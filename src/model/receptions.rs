//! How often something was received on a day, told so that no copy of it counts.

use serde::{Deserialize, Serialize};

use super::Timestamp;
use super::quantity::MS_PER_DAY;

/// How often a transponder of class A or B sends what it says of itself, milliseconds: every six minutes (ITU-R M.1371-5,
/// annex 1, 4.2.1).
const SENT_EVERY_MS: i64 = 6 * 60_000;

/// In which of the 240 spans of six minutes of a UTC day something was received.
///
/// A ship sends its static data once in each, so that their number is that of her messages, however often a table repeats
/// one on its rows, how many stations heard it, and in how many files it stands. Two add up in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Receptions([u64; 4]);

impl Receptions {
    /// One, at an instant.
    pub fn at(t: Timestamp) -> Self {
        let mut one = Self::default();
        one.see(t);
        one
    }

    /// One in every span from an instant to another of the same day.
    pub fn between(first: Timestamp, last: Timestamp) -> Self {
        let mut all = Self::at(last);
        let mut t = first;
        while t < last {
            all.see(t);
            t.0 += SENT_EVERY_MS;
        }
        all
    }

    /// Takes in one at an instant.
    pub fn see(&mut self, t: Timestamp) {
        let span = (t.0.rem_euclid(MS_PER_DAY) / SENT_EVERY_MS) as usize;
        self.0[span / 64] |= 1 << (span % 64);
    }

    /// Takes in others of the same day.
    pub fn merge(&mut self, other: Self) {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own |= other;
        }
    }

    /// How many of the spans that begin up to so many milliseconds after midnight.
    pub fn count_by(self, ms: i64) -> u32 {
        let spans = ms.div_euclid(SENT_EVERY_MS) + 1;
        let of_word = |(i, word): (usize, u64)| {
            let bits = (spans - 64 * i as i64).clamp(0, 64) as u32;
            let mask = 1_u64.checked_shl(bits).unwrap_or(0).wrapping_sub(1);
            (word & mask).count_ones()
        };
        self.0.into_iter().enumerate().map(of_word).sum()
    }

    /// How many spans.
    pub fn count(self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn copies_and_order_do_not_count(
            mut times in prop::collection::vec(0..MS_PER_DAY, 1..40),
            cut in 0..40usize,
        ) {
            let of = |times: &[i64]| {
                let mut all = Receptions::default();
                times.iter().for_each(|t| all.see(Timestamp(*t)));
                all
            };
            let all = of(&times);
            let spans: BTreeSet<i64> = times.iter().map(|t| t / SENT_EVERY_MS).collect();
            prop_assert_eq!(all.count() as usize, spans.len());
            let (head, tail) = times.split_at(cut.min(times.len()));
            let (mut one, other) = (of(head), of(tail));
            one.merge(other);
            one.merge(other);
            prop_assert_eq!(one, all);
            times.reverse();
            prop_assert_eq!(of(&times), all);
            let (first, last) = (times.iter().min().unwrap(), times.iter().max().unwrap());
            let between = Receptions::between(Timestamp(*first), Timestamp(*last)).count();
            prop_assert_eq!(i64::from(between), last / SENT_EVERY_MS - first / SENT_EVERY_MS + 1);
            let by = times[0];
            let spans = spans.iter().filter(|span| **span * SENT_EVERY_MS <= by);
            prop_assert_eq!(all.count_by(by) as usize, spans.count());
            prop_assert_eq!(all.count_by(2 * MS_PER_DAY), all.count());
            prop_assert_eq!(all.count_by(-1), 0);
        }
    }
}
