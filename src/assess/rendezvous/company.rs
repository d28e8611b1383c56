//! Who was seen with whom, and which hours of a wait that explains.
//!
//! Ships that were never heard together were seen by nobody: such an encounter rules out no dark meeting, explains no draught and
//! leaves the hours of a wait open. But its row says with whom a ship may have been, so no other row says that there was
//! nobody.

use std::collections::BTreeMap;

use super::party::{Cargo, Side};
use crate::assess::Params;
use crate::assess::spans::Span;
use crate::model::quantity::MS_PER_DAY;
use crate::model::{Facts, Timestamp};

/// A ship that waited, and was seen with another within this time of that, waited because of that one.
const EXPECTED_MS: i64 = MS_PER_DAY;
/// What a ship is counts as known if she says it within this time of her first report in an encounter or after a silence: one
/// that comes out of silence, or was never heard before, can't say it earlier; and a satellite hears it once in hours.
pub(super) const SAYS_WITHIN_MS: i64 = MS_PER_DAY;

/// Who was near whom, and when.
pub(in crate::assess) struct Meetings {
    seen: BTreeMap<u32, Vec<Near>>,
    /// With ships that were never heard together with this one.
    placed: BTreeMap<u32, Vec<Near>>,
}

struct Near {
    other: u32,
    span: Span,
    /// Whether the other could have taken or given cargo.
    plausible: bool,
    /// Whether they were together for as long as an encounter must last to be called a transfer.
    long: bool,
}

impl Meetings {
    /// From encounters.
    pub(in crate::assess) fn new(facts: &Facts, params: &Params) -> Self {
        let mut seen: BTreeMap<u32, Vec<Near>> = BTreeMap::new();
        let mut placed: BTreeMap<u32, Vec<Near>> = BTreeMap::new();
        for e in &facts.encounters {
            let [a, b] = [e.pair.first().mmsi, e.pair.second().mmsi];
            for (mmsi, other) in [(a, b), (b, a)] {
                let known = Timestamp(e.start.0 + SAYS_WITHIN_MS);
                let side = Side::new(facts, other, e.start, known, params);
                let meetings = if e.is_observed() {
                    &mut seen
                } else {
                    &mut placed
                };
                meetings.entry(mmsi).or_default().push(Near {
                    other,
                    span: (e.start, e.end),
                    plausible: side.is_some_and(|s| s.cargo == Cargo::Oil),
                    long: e.end.hours_since(e.start) >= params.kind.transfer_min_h,
                });
            }
        }
        Self { seen, placed }
    }

    fn during(&self, mmsi: u32, span: Span) -> impl Iterator<Item = &Near> {
        during(&self.seen, mmsi, span)
    }

    /// Whether a ship was with another that explains its draught.
    pub(in crate::assess) fn explain(&self, mmsi: u32, span: Span) -> bool {
        self.during(mmsi, span).any(|m| m.plausible)
    }

    /// The hours of a wait that company explains: while a ship has it, and within a day of it.
    pub(super) fn company(&self, mmsi: u32, wait: Span) -> Vec<Span> {
        self.during(mmsi, wider(wait))
            .filter(|m| m.plausible && m.long)
            .map(|m| wider(m.span))
            .collect()
    }

    /// Whether a ship had company in a wait, or soon after it; or may have had it in silence. Of that only what was over by
    /// the end of the wait counts: that a later one is covered by another may come out when the wait is final.
    pub(super) fn may_have_had_company(&self, mmsi: u32, wait: Span) -> bool {
        let seen = self.during(mmsi, (wait.0, wider(wait).1));
        let placed = during(&self.placed, mmsi, wait).filter(|m| m.span.1 <= wait.1);
        seen.chain(placed).any(|m| m.plausible && m.long)
    }

    /// Whether two were seen together: no dark meeting then.
    pub(super) fn between(&self, [a, b]: [u32; 2], span: Span) -> bool {
        self.during(a, span).any(|m| m.other == b)
    }
}

fn during(
    meetings: &BTreeMap<u32, Vec<Near>>,
    mmsi: u32,
    span: Span,
) -> impl Iterator<Item = &Near> {
    let of_ship = meetings.get(&mmsi).into_iter().flatten();
    of_ship.filter(move |m| m.span.0 <= span.1 && m.span.1 >= span.0)
}

fn wider(span: Span) -> Span {
    (
        Timestamp(span.0.0 - EXPECTED_MS),
        Timestamp(span.1.0 + EXPECTED_MS),
    )
}
