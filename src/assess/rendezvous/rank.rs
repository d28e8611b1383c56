//! The place of a candidate among the others of the same event.

use super::party::Silent;
use super::weigh::Evidence;
use crate::model::{LonLat, Timestamp};

/// A candidate before it is ranked.
pub(super) struct Candidate {
    pub silent: usize,
    pub window: (Timestamp, Timestamp),
    pub place: LonLat,
    pub evidence: Evidence,
}

/// Its place among the others.
pub(super) struct Standing {
    pub rank: usize,
    pub alternatives: usize,
}

/// The best candidates of a partner's event that ended at `end`, each with its standing among those whose silence was
/// over no later than its own and the event; at most so many.
pub(super) fn ranked(
    mut candidates: Vec<Candidate>,
    end: Timestamp,
    silents: &[Silent],
    most: usize,
) -> Vec<(Candidate, Standing)> {
    let closed = |c: &Candidate| silents[c.silent].silence.end.max(end);
    candidates.sort_by(|a, b| {
        let ids = || {
            let of = |c: &Candidate| {
                let gap = silents[c.silent].gap;
                (gap.track, gap.start.t)
            };
            of(a).cmp(&of(b))
        };
        b.evidence
            .confidence
            .total_cmp(&a.evidence.confidence)
            .then_with(ids)
    });
    let ends: Vec<Timestamp> = candidates.iter().map(closed).collect();
    let mut by_end = ends.clone();
    by_end.sort_unstable();
    let standing = |i: usize, end: &Timestamp| {
        let better = ends[..i].iter().filter(|e| *e <= end).take(most).count();
        (better < most).then(|| Standing {
            rank: better + 1,
            alternatives: by_end.partition_point(|e| e <= end) - 1,
        })
    };
    let standings: Vec<Option<Standing>> = ends
        .iter()
        .enumerate()
        .map(|(i, end)| standing(i, end))
        .collect();
    candidates
        .into_iter()
        .zip(standings)
        .filter_map(|(candidate, standing)| Some((candidate, standing?)))
        .collect()
}
