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

impl Candidate {
    /// Whether either meeting leaves no room for the other: who waits for days, or stores oil, is met by one ship after another.
    fn rivals(&self, other: &Self) -> bool {
        let length = |(from, until): (Timestamp, Timestamp)| until.0 - from.0;
        let (a, b) = (self.window, other.window);
        let shared = (a.0.max(b.0), a.1.min(b.1));
        2 * length(shared) >= length(a).min(length(b))
    }
}

/// The best candidates of a partner's event that ended at `end`, each with its standing among those that could have been there in
/// its stead and whose silence was over no later than its own and the event; at most so many of them.
pub(super) fn ranked(
    mut candidates: Vec<Candidate>,
    end: Timestamp,
    silents: &[Silent],
    most: usize,
) -> Vec<(Candidate, Standing)> {
    let closed = |c: &Candidate| silents[c.silent].silence.end.max(end);
    let name = |c: &Candidate| {
        let gap = silents[c.silent].gap;
        (gap.track, gap.start.t)
    };
    candidates.sort_by(|a, b| {
        (b.evidence.sum().total_cmp(&a.evidence.sum())).then_with(|| name(a).cmp(&name(b)))
    });
    let standing = |i: usize| {
        let own = &candidates[i];
        let rivals = |of: &[Candidate]| {
            let rivals = of.iter().filter(|c| closed(c) <= closed(own));
            rivals.filter(|c| c.rivals(own)).count()
        };
        let better = rivals(&candidates[..i]);
        (better < most).then(|| Standing {
            rank: better + 1,
            alternatives: better + rivals(&candidates[i + 1..]),
        })
    };
    let standings: Vec<Option<Standing>> = (0..candidates.len()).map(standing).collect();
    candidates
        .into_iter()
        .zip(standings)
        .filter_map(|(candidate, standing)| Some((candidate, standing?)))
        .collect()
}
