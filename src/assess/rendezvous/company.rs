//! Who was seen with whom, and which hours of a wait that explains.

use std::collections::BTreeMap;

use super::party::{Cargo, Side};
use crate::assess::Params;
use crate::model::quantity::MS_PER_DAY;
use crate::model::{Facts, Timestamp};

/// A ship that waited, and was seen with another within this time of that, waited because of that one.
const EXPECTED_MS: i64 = MS_PER_DAY;

type Span = (Timestamp, Timestamp);

/// Who was seen near whom, and when.
pub(super) struct Meetings(BTreeMap<u32, Vec<Seen>>);

struct Seen {
    other: u32,
    span: Span,
    /// Whether the other could have taken or given cargo.
    plausible: bool,
    /// Whether they were together for as long as an encounter must last to be called a transfer.
    long: bool,
}

impl Meetings {
    /// From encounters.
    pub(super) fn new(facts: &Facts, params: &Params) -> Self {
        let mut seen: BTreeMap<u32, Vec<Seen>> = BTreeMap::new();
        for e in facts.encounters.iter().filter(|e| e.is_observed()) {
            let [a, b] = [e.pair.first().mmsi, e.pair.second().mmsi];
            for (mmsi, other) in [(a, b), (b, a)] {
                let side = Side::new(facts, other, e.start, e.start, params);
                seen.entry(mmsi).or_default().push(Seen {
                    other,
                    span: (e.start, e.end),
                    plausible: side.is_some_and(|s| s.cargo == Cargo::Oil),
                    long: e.end.hours_since(e.start) >= params.kind.transfer_min_h,
                });
            }
        }
        Self(seen)
    }

    fn during(&self, mmsi: u32, span: Span) -> impl Iterator<Item = &Seen> {
        self.0
            .get(&mmsi)
            .into_iter()
            .flatten()
            .filter(move |s| s.span.0 <= span.1 && s.span.1 >= span.0)
    }

    /// Whether a ship was with another that explains its draught.
    pub(super) fn explain(&self, mmsi: u32, span: Span) -> bool {
        self.during(mmsi, span).any(|s| s.plausible)
    }

    /// The hours of a wait that company explains: while a ship has it, and within a day of it.
    pub(super) fn company(&self, mmsi: u32, wait: Span) -> Vec<Span> {
        self.during(mmsi, wider(wait))
            .filter(|s| s.plausible && s.long)
            .map(|s| wider(s.span))
            .collect()
    }

    /// Whether a ship had company in a wait, or soon after it.
    pub(super) fn had_company(&self, mmsi: u32, wait: Span) -> bool {
        self.during(mmsi, (wait.0, wider(wait).1))
            .any(|s| s.plausible && s.long)
    }

    /// Whether two were seen together: no dark meeting then.
    pub(super) fn between(&self, [a, b]: [u32; 2], span: Span) -> bool {
        self.during(a, span).any(|s| s.other == b)
    }
}

fn wider(span: Span) -> Span {
    (
        Timestamp(span.0.0 - EXPECTED_MS),
        Timestamp(span.1.0 + EXPECTED_MS),
    )
}

/// What is left of a span without others, in order.
pub(super) fn without(span: Span, mut others: Vec<Span>) -> Vec<Span> {
    others.sort_unstable();
    let mut left = Vec::new();
    let mut from = span.0;
    for (begin, end) in others {
        if begin > from {
            left.push((from, begin.min(span.1)));
        }
        from = from.max(end);
    }
    left.push((from, span.1));
    left.retain(|(from, until)| from < until);
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: i64, until: i64) -> Span {
        (Timestamp(from), Timestamp(until))
    }

    #[test]
    fn what_is_left_of_a_span() {
        let left = |others: &[Span]| without(span(10, 20), others.to_vec());
        assert_eq!(left(&[]), [span(10, 20)]);
        assert_eq!(left(&[span(0, 30)]), []);
        assert_eq!(left(&[span(0, 10), span(20, 25)]), [span(10, 20)]);
        assert_eq!(
            left(&[span(17, 18), span(12, 15), span(13, 14)]),
            [span(10, 12), span(15, 17), span(18, 20)]
        );
        assert_eq!(left(&[span(5, 12), span(25, 30)]), [span(12, 20)]);
    }
}
