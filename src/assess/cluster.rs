//! Encounters of three and more ships that hang together.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Encounter, EventId};

/// Sets of encounters, joined as they are added.
struct Forest {
    parent: Vec<usize>,
    ships: Vec<BTreeSet<u32>>,
}

impl Forest {
    fn root(&mut self, mut i: usize) -> usize {
        while self.parent[i] != i {
            self.parent[i] = self.parent[self.parent[i]];
            i = self.parent[i];
        }
        i
    }

    /// Joins two sets; the earlier encounter stays the root.
    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            let (low, high) = (a.min(b), a.max(b));
            let moved = std::mem::take(&mut self.ships[high]);
            self.ships[low].extend(moved);
            self.parent[high] = low;
        }
    }
}

/// The cluster of each encounter: two that were observed hang together if they share a ship and overlap in time. Named by its
/// earliest encounter; `None` for fewer than three ships.
///
/// An encounter sees only those that began before it ended, so its cluster is known once it is over and isn't
/// changed by what begins later.
pub(super) fn clusters(encounters: &[Encounter]) -> Vec<Option<EventId>> {
    let n = encounters.len();
    let mut by_end: Vec<usize> = (0..n).collect();
    by_end.sort_by_key(|i| (encounters[*i].end, *i));
    let mut forest = Forest {
        parent: (0..n).collect(),
        ships: encounters
            .iter()
            .map(|e| BTreeSet::from([e.pair.first().mmsi, e.pair.second().mmsi]))
            .collect(),
    };
    let mut of_ship: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    let mut clusters = vec![None; n];
    let mut added = 0;
    for i in by_end {
        while added < n && encounters[added].start <= encounters[i].end {
            let new = &encounters[added];
            let parties = [new.pair.first().mmsi, new.pair.second().mmsi];
            for mmsi in parties.into_iter().filter(|_| new.is_observed()) {
                let others = of_ship.entry(mmsi).or_default();
                // What ended before this one began can't overlap anything that is still to come.
                others.retain(|j| encounters[*j].end >= new.start);
                for j in others.iter() {
                    forest.join(*j, added);
                }
                others.push(added);
            }
            added += 1;
        }
        let root = forest.root(i);
        if forest.ships[root].len() >= 3 {
            clusters[i] = Some(encounters[root].id());
        }
    }
    clusters
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{PairKey, Timestamp, TrackId};

    fn encounter(a: u32, b: u32, start: i64, end: i64) -> Encounter {
        let track = |mmsi| TrackId {
            mmsi,
            start: Timestamp(0),
        };
        let pair = PairKey::new(track(a), track(b)).unwrap();
        Encounter::bare(pair, Timestamp(start), Timestamp(end))
    }

    #[test]
    fn a_raft_is_one_cluster_and_a_pair_is_none() {
        let raft = [
            encounter(1, 2, 0, 100),
            encounter(1, 3, 50, 150),
            encounter(7, 8, 60, 90),
            encounter(1, 4, 151, 200),
        ];
        let id = Some(raft[0].id());
        assert_eq!(clusters(&raft), [id, id, None, None]);
    }

    #[test]
    fn what_begins_later_changes_nothing() {
        let all = [
            encounter(1, 2, 0, 100),
            encounter(3, 4, 10, 300),
            encounter(2, 5, 90, 400),
            encounter(4, 5, 200, 400),
        ];
        let early = clusters(&all[..3]);
        assert_eq!(clusters(&all)[0], early[0]);
        assert_eq!(clusters(&all)[0], Some(all[0].id()));
    }
}
