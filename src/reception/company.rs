//! Slots of the others about a place, added up by ship.

use super::sketch::{Entry, ShipHash};
use crate::model::WindowWitness;

/// Expected and heard slots of a ship.
#[derive(Clone, Copy)]
pub(super) struct Count {
    pub ship: ShipHash,
    pub expected: u32,
    pub heard: u32,
}

impl Count {
    /// What a ship's entry says of these slots; `None` if it wasn't expected in any.
    pub fn of(entry: &Entry, slots: u64) -> Option<Self> {
        let expected = (entry.expected & slots).count_ones();
        (expected > 0).then(|| Self {
            ship: entry.ship,
            expected,
            heard: (entry.heard & slots).count_ones(),
        })
    }

    fn add(&mut self, other: &Self) {
        self.expected += other.expected;
        self.heard += other.heard;
    }
}

/// One count a ship, in order.
pub(super) fn add_up(counts: &mut Vec<Count>) {
    counts.sort_unstable_by_key(|c| c.ship);
    counts.dedup_by(|next, one| {
        let same = next.ship == one.ship;
        if same {
            one.add(next);
        }
        same
    });
}

/// Slots of other ships, by ship and window.
#[derive(Default)]
pub(super) struct Company(Vec<(i32, Count)>);

impl Company {
    pub fn take(&mut self, window: i32, ships: &[Count]) {
        self.0.extend(ships.iter().map(|s| (window, *s)));
    }

    pub fn ships(&mut self) -> u32 {
        self.by_ship(|_| true)
    }

    /// Those of which something was heard.
    pub fn heard(&mut self) -> u32 {
        self.by_ship(|one| one.iter().any(|(_, c)| c.heard > 0))
    }

    fn by_ship(&mut self, counts: impl Fn(&[(i32, Count)]) -> bool) -> u32 {
        self.sort();
        let ships = self.0.chunk_by(|a, b| a.1.ship == b.1.ship);
        ships.filter(|one| counts(one)).count() as u32
    }

    pub fn witness(&mut self, slots: u32, of_slots: u32) -> WindowWitness {
        let mut out = WindowWitness {
            slots,
            of_slots,
            ..WindowWitness::default()
        };
        out.others.ships = self.ships();
        for one in self.0.chunk_by(|a, b| (a.0, a.1.ship) == (b.0, b.1.ship)) {
            let sum = |of: fn(&Count) -> u32| one.iter().map(|(_, c)| of(c)).sum::<u32>();
            let (expected, heard) = (sum(|c| c.expected), sum(|c| c.heard));
            out.others.expected += expected;
            out.others.heard += heard;
            out.silent += if heard == 0 { expected } else { 0 };
        }
        out
    }

    fn sort(&mut self) {
        let key = |(window, c): &(i32, Count)| (c.ship, *window);
        if !self.0.is_sorted_by_key(key) {
            self.0.sort_unstable_by_key(key);
        }
    }
}
