//! A change of draught that several transfers left on one ship.
//!
//! In: transfers with the changes typed after them. Out: each one's share. Rule: the shares in a change make the change, and
//! no more. Where two ships met several times and typed nothing in between, the meetings are parts of one transfer.

use std::collections::{BTreeMap, BTreeSet};

use super::super::raft::Judged;
use super::about;
use crate::model::Timestamp;
use crate::registry::Band;

/// Error of a share, as standard deviation of its logarithm: that of shares by the daughters' sizes (docs/volume.md).
const SHARE_ERROR: f64 = 0.43;
/// However short two were seen together, they pumped for this long, hours.
const LEAST_H: f64 = 0.5;

/// One meeting of several of two ships, after which alone they typed what all of them made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Part {
    /// Which of the transfers is the first of them.
    pub first: usize,
    /// This one's share of the time alongside, 0 to 1.
    pub share: f64,
    /// Of how many.
    pub of: usize,
}

impl Part {
    /// What of all of it is this meeting's; more of it may be, up to the whole.
    pub(super) fn of(&self, whole: Band) -> Band {
        let best = self.share * whole.best;
        if best <= 0.0 {
            return whole;
        }
        about(whole, best, SHARE_ERROR, whole.high)
    }

    /// The same in words.
    pub(super) fn words(&self) -> String {
        format!(
            "typed after {} meetings of the two: {:.0} % of it in this one",
            self.of,
            100.0 * self.share
        )
    }
}

/// Two ships, and when each first sent a new draught.
pub(super) type Typed = ([u32; 2], [Option<Timestamp>; 2]);

/// The parts of transfers, given as what was typed after each and its time alongside, hours; `None` for what is no part.
pub(super) fn parts(transfers: &[(Typed, f64)]) -> Vec<Option<Part>> {
    let mut groups: BTreeMap<Typed, Vec<usize>> = BTreeMap::new();
    for (i, (typed, _)) in transfers.iter().enumerate() {
        if typed.1 != [None, None] {
            groups.entry(*typed).or_default().push(i);
        }
    }
    let of = |(i, (typed, _)): (usize, &(Typed, f64))| {
        let group = groups.get(typed).filter(|group| group.len() > 1)?;
        let weight = |i: usize| transfers[i].1.max(LEAST_H);
        let sum: f64 = group.iter().map(|i| weight(*i)).sum();
        Some(Part {
            first: group[0],
            share: weight(i) / sum,
            of: group.len(),
        })
    };
    transfers.iter().enumerate().map(of).collect()
}

/// A ship's change, as one transfer sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub mmsi: u32,
    /// When the new draught was first received: with the ship, the name of the change.
    pub at: Timestamp,
    pub partner: u32,
    /// The same of the partner's change.
    pub partner_at: Option<Timestamp>,
    /// Cargo behind the partner's change, tonnes.
    pub partner_moved_t: Option<f64>,
    /// Deadweight of the partner, tonnes.
    pub partner_size_t: Option<f64>,
}

/// A transfer's share in a change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Share {
    /// 0 to 1.
    pub share: f64,
    /// Among how many transfers.
    pub of: usize,
    /// Whether the partners' own changes tell it, not just their sizes.
    pub by_change: bool,
}

/// The share of each transfer in the changes of its two ships; `None` where it has them alone.
///
/// By what the partners' own draughts say, if all of them changed and each for one transfer; else by their sizes;
/// equally where one is unknown.
pub(super) fn shares(steps: &[[Option<Step>; 2]]) -> Vec<[Option<Share>; 2]> {
    let mut groups: BTreeMap<(u32, Timestamp), Vec<Step>> = BTreeMap::new();
    for step in steps.iter().flatten().flatten() {
        groups.entry((step.mmsi, step.at)).or_default().push(*step);
    }
    let alone = |s: &Step| {
        s.partner_at
            .and_then(|at| groups.get(&(s.partner, at)))
            .is_some_and(|group| group.len() == 1)
    };
    let share = |step: &Step| {
        let group = &groups[&(step.mmsi, step.at)];
        if group.len() == 1 {
            return None;
        }
        let by_change = group
            .iter()
            .all(|s| s.partner_moved_t.is_some() && alone(s));
        let by_size = group.iter().all(|s| s.partner_size_t.is_some());
        let weight = |s: &Step| match (s.partner_moved_t, s.partner_size_t) {
            (Some(moved_t), _) if by_change => moved_t,
            (_, Some(size_t)) if by_size => size_t,
            _ => 1.0,
        };
        let sum: f64 = group.iter().map(weight).sum();
        Some(Share {
            share: weight(step) / sum,
            of: group.len(),
            by_change,
        })
    };
    steps
        .iter()
        .map(|pair| pair.map(|step| step.as_ref().and_then(share)))
        .collect()
}

/// A transfer, and for each of its ships the transfers (and which ship of theirs she is) that went before, and of which she
/// typed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Untyped {
    pub transfer: usize,
    pub before: [Vec<(usize, usize)>; 2],
}

/// The same of all transfers, by their ends: those that began when the draught before stood already, and left none of their own.
pub(super) fn untyped(transfers: &[(usize, &Judged)]) -> Vec<Untyped> {
    let mut of_ship: BTreeMap<u32, Vec<(usize, usize)>> = BTreeMap::new();
    for (n, (_, j)) in transfers.iter().enumerate() {
        for (ship, mmsi) in j.ships().into_iter().enumerate() {
            of_ship.entry(mmsi).or_default().push((n, ship));
        }
    }
    let judged = |n: usize| transfers[n].1;
    let before = |own: &Judged, ship: usize| {
        let Some(since) = own.readings[ship].change.and(own.readings[ship].since) else {
            return Vec::new();
        };
        let mut before = of_ship[&own.ships()[ship]].clone();
        before.retain(|(m, hers)| {
            let (earlier, reading) = (judged(*m).encounter, judged(*m).readings[*hers]);
            let over = earlier.end <= own.encounter.start;
            over && earlier.start >= since && reading.change.is_none()
        });
        before
    };
    let mut all: Vec<Untyped> = (0..transfers.len())
        .map(|n| Untyped {
            transfer: n,
            before: [0, 1].map(|ship| before(judged(n), ship)),
        })
        .collect();
    all.sort_by_key(|u| {
        let e = judged(u.transfer).encounter;
        (e.end, e.start, e.pair)
    });
    all
}

/// For each transfer and ship: whether the ship ended another transfer while this one went on, or so many milliseconds before.
pub(super) fn ended_another(transfers: &[(usize, &Judged)], before_ms: i64) -> Vec<[bool; 2]> {
    let mut ends: BTreeMap<u32, BTreeSet<Timestamp>> = BTreeMap::new();
    for (_, j) in transfers {
        for ship in j.ships() {
            ends.entry(ship).or_default().insert(j.encounter.end);
        }
    }
    let inside = |ship: u32, from: Timestamp, until: Timestamp| {
        ends[&ship].range(from..until).next().is_some()
    };
    transfers
        .iter()
        .map(|(_, j)| {
            let e = j.encounter;
            let from = Timestamp(e.start.0 - before_ms);
            j.ships().map(|ship| inside(ship, from, e.end))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(mmsi: u32, at: i64, partner: u32, moved: Option<f64>) -> Option<Step> {
        Some(Step {
            mmsi,
            at: Timestamp(at),
            partner,
            partner_at: moved.map(|_| Timestamp(7)),
            partner_moved_t: moved,
            partner_size_t: Some(f64::from(partner) * 1000.0),
        })
    }

    #[test]
    fn meetings_after_which_alone_something_was_typed_are_parts() {
        let typed = |pair, a, b| (pair, [a, b].map(|t: Option<i64>| t.map(Timestamp)));
        let transfers = [
            (typed([1, 2], Some(5), Some(7)), 10.0),
            (typed([1, 2], Some(5), Some(7)), 30.0),
            (typed([1, 3], Some(5), Some(7)), 10.0),
            (typed([1, 2], Some(5), None), 10.0),
            (typed([2, 3], None, None), 10.0),
            (typed([2, 3], None, None), 10.0),
        ];
        let part = |share| {
            Some(Part {
                first: 0,
                share,
                of: 2,
            })
        };
        let expected = [part(0.25), part(0.75), None, None, None, None];
        assert_eq!(parts(&transfers), expected);
    }

    #[test]
    fn a_mothers_change_is_shared_among_her_daughters() {
        let daughter = |mmsi| step(mmsi, 7, 1, Some(100.0));
        let steps = [
            [step(1, 5, 10, Some(30e3)), daughter(10)],
            [step(1, 5, 20, Some(90e3)), daughter(20)],
            [step(1, 9, 30, None), None],
        ];
        let shares = shares(&steps);
        let of = |share, by_change| {
            Some(Share {
                share,
                of: 2,
                by_change,
            })
        };
        assert_eq!(shares[0], [of(0.25, true), None]);
        assert_eq!(shares[1], [of(0.75, true), None]);
        assert_eq!(shares[2], [None, None]);
    }

    #[test]
    fn by_size_where_a_daughter_is_silent() {
        let steps = [
            [step(1, 5, 10, Some(30e3)), step(10, 7, 1, None)],
            [step(1, 5, 30, None), None],
        ];
        let shares = shares(&steps);
        assert_eq!(shares[0][0].unwrap().share, 0.25);
        assert!(!shares[0][0].unwrap().by_change);
        let sum: f64 = shares.iter().flatten().flatten().map(|s| s.share).sum();
        assert!((sum - 1.0).abs() < 1e-12);
    }
}
