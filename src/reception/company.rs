//! Slots of the others about a place, added up by ship.

use super::sketch::{Entry, ShipHash};
use crate::model::{BLOCK_SLOTS, BLOCKS, SlotCount, WindowWitness};

/// Expected and heard slots of a ship in a window, as its bits.
#[derive(Clone, Copy)]
pub(super) struct Count {
    pub ship: ShipHash,
    pub expected: u64,
    pub heard: u64,
}

impl Count {
    /// What a ship's entry says of these slots; `None` if it wasn't expected in any.
    pub fn of(entry: &Entry, slots: u64) -> Option<Self> {
        let expected = entry.expected & slots;
        (expected != 0).then_some(Self {
            ship: entry.ship,
            expected,
            heard: entry.heard & slots,
        })
    }

    /// Adds its slots to a sum.
    pub fn add_to(&self, sum: &mut SlotCount) {
        sum.expected += self.expected.count_ones();
        sum.heard += self.heard.count_ones();
        sum.covered += covered(self.expected, self.heard);
    }

    fn add(&mut self, other: &Self) {
        self.expected |= other.expected;
        self.heard |= other.heard;
    }
}

/// The slots of one block of a window.
pub(super) fn block(index: usize) -> u64 {
    ((1 << BLOCK_SLOTS) - 1) << (index as u32 * BLOCK_SLOTS)
}

/// Of these slots in which a ship was expected, those in blocks in which it was heard.
pub(super) fn covered(expected: u64, heard: u64) -> u32 {
    let is_heard = |slots: &u64| heard & slots != 0;
    let blocks = (0..BLOCKS).map(block).filter(is_heard);
    blocks.map(|slots| (expected & slots).count_ones()).sum()
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

    /// Takes in another company.
    pub fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    pub fn ships(&mut self) -> u32 {
        self.by_ship(|_| true)
    }

    /// Those of which something was heard.
    pub fn heard(&mut self) -> u32 {
        self.by_ship(|one| one.iter().any(|(_, c)| c.heard != 0))
    }

    fn by_ship(&mut self, counts: impl Fn(&[(i32, Count)]) -> bool) -> u32 {
        self.sort();
        let ships = self.0.chunk_by(|a, b| a.1.ship == b.1.ship);
        ships.filter(|one| counts(one)).count() as u32
    }

    /// What they say of these slots of a window, the same ones of each of them if `of_slots` are as many.
    pub fn witness(&mut self, slots: u64, of_slots: u32) -> WindowWitness {
        let mut out = WindowWitness {
            slots: slots.count_ones(),
            of_slots,
            ..WindowWitness::default()
        };
        out.others.ships = self.ships();
        for one in self.0.chunk_by(|a, b| (a.0, a.1.ship) == (b.0, b.1.ship)) {
            let mut ship = one[0].1;
            one[1..].iter().for_each(|(_, c)| ship.add(c));
            ship.add_to(&mut out.others);
            if ship.heard == 0 {
                out.silent += ship.expected.count_ones();
            }
            for (index, of_block) in out.blocks.iter_mut().enumerate() {
                let expected = ship.expected & block(index);
                of_block.expected += expected.count_ones();
                of_block.covered += covered(expected, ship.heard);
            }
        }
        for (index, of_block) in out.blocks.iter_mut().enumerate() {
            of_block.slots = (slots & block(index)).count_ones();
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
