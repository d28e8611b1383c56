//! Which encounter belongs to which truth.

use std::collections::BTreeMap;

use super::Reported;
use crate::model::Truth;

/// What belongs together.
pub(super) struct Matches {
    /// For each truth its encounters, by start.
    pub of_truth: Vec<Vec<usize>>,
    /// For each encounter its truth.
    pub of_reported: Vec<Option<usize>>,
}

/// Shared time of an encounter and a truth, milliseconds; `None` if they share none. One that begins as the other ends
/// shares none; an instant that lies in the other shares itself.
pub(super) fn shared_ms(reported: &Reported, truth: &Truth) -> Option<i64> {
    let shared = reported.end.min(truth.end).0 - reported.start.max(truth.start).0;
    let is_instant = reported.start == reported.end || truth.start == truth.end;
    (shared > 0 || (shared == 0 && is_instant)).then_some(shared)
}

/// Gives every encounter to the truth of the same parties with which it shares most time; of equals, the first.
pub(super) fn matches(reported: &[Reported], truths: &[Truth]) -> Matches {
    let mut by_pair: BTreeMap<[u32; 2], Vec<usize>> = BTreeMap::new();
    for (i, truth) in truths.iter().enumerate() {
        if let Some(other) = truth.mmsi_2 {
            let pair = [truth.mmsi_1.min(other), truth.mmsi_1.max(other)];
            by_pair.entry(pair).or_default().push(i);
        }
    }
    let best = |r: &Reported| {
        let candidates = by_pair.get(&r.mmsi)?;
        candidates
            .iter()
            .filter_map(|t| Some((shared_ms(r, &truths[*t])?, std::cmp::Reverse(*t))))
            .max()
            .map(|(_, t)| t.0)
    };
    let of_reported: Vec<Option<usize>> = reported.iter().map(best).collect();
    let mut of_truth = vec![Vec::new(); truths.len()];
    for (r, t) in of_reported.iter().enumerate() {
        if let Some(t) = t {
            of_truth[*t].push(r);
        }
    }
    for list in &mut of_truth {
        list.sort_by_key(|r: &usize| (reported[*r].start, *r));
    }
    Matches {
        of_truth,
        of_reported,
    }
}
