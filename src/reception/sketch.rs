//! Who was expected and who was heard, by cell and window of six hours.
//!
//! Of the ships of a cell and window the [`KEPT`] with the smallest hashes are kept, each with a bit for every
//! slot that its track spans and one for every slot with a report. That adds up in any order: a ship that is among
//! the smallest in the end was so all along, so its bits are whole. It is a fair sample (a hash knows nothing of
//! reception), and any one ship can be left out exactly.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::cell::{Cell, WINDOW_SLOTS};

/// Ships kept a cell and window: enough for a share to a tenth, and 50,000 ships over 98 days stay below 200 MB.
const KEPT: usize = 16;

/// Slots of one ship in one cell and window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub ship: ShipHash,
    pub expected: u64,
    pub heard: u64,
}

/// A ship's place in the draw: a bijection of its MMSI, so that no two ships share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct ShipHash(u32);

impl ShipHash {
    /// The finaliser of MurmurHash3 (Appleby, public domain).
    pub(super) fn of(mmsi: u32) -> Self {
        let mut h = mmsi ^ (mmsi >> 16);
        h = h.wrapping_mul(0x85EB_CA6B);
        h ^= h >> 13;
        h = h.wrapping_mul(0xC2B2_AE35);
        Self(h ^ (h >> 16))
    }
}

/// The counters.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sketch {
    windows: BTreeMap<i32, Cells>,
}

/// The ships of a window by cell, those with the smallest hashes first. As bytes they stand in the order of cells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
struct Cells(FxHashMap<Cell, Vec<Entry>>);

impl Serialize for Cells {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.0.iter().collect::<BTreeMap<_, _>>().serialize(to)
    }
}

impl Sketch {
    /// Adds slots of a ship; those that are there already stay.
    pub(super) fn add(&mut self, window: i32, cell: Cell, new: Entry) {
        let entries = self
            .windows
            .entry(window)
            .or_default()
            .0
            .entry(cell)
            .or_default();
        match entries.binary_search_by_key(&new.ship, |e| e.ship) {
            Ok(i) => {
                entries[i].expected |= new.expected;
                entries[i].heard |= new.heard;
            }
            Err(KEPT) => {}
            Err(i) => {
                if entries.len() == KEPT {
                    entries.pop();
                }
                entries.insert(i, new);
            }
        }
    }

    /// The ships of these cells in a window, cell by cell, those with the smallest hashes first.
    pub(super) fn entries<'a>(
        &'a self,
        window: i32,
        cells: &'a [Cell],
    ) -> impl Iterator<Item = &'a [Entry]> {
        let known = self.windows.get(&window);
        let of = move |cell| known?.0.get(cell).map(Vec::as_slice);
        cells.iter().filter_map(of)
    }

    /// Whether anybody was heard in a window, anywhere.
    pub(super) fn is_heard(&self, window: i32) -> bool {
        let cells = self.windows.get(&window);
        cells.is_some_and(|cells| cells.0.values().flatten().any(|entry| entry.heard != 0))
    }

    /// How many of the ships that are kept were heard in each slot of a window, anywhere.
    pub(super) fn heard_in(&self, window: i32) -> [u32; WINDOW_SLOTS as usize] {
        let mut ships = [0; WINDOW_SLOTS as usize];
        let cells = self.windows.get(&window);
        for entry in cells
            .into_iter()
            .flat_map(|cells| cells.0.values().flatten())
        {
            let mut heard = entry.heard;
            while heard != 0 {
                ships[heard.trailing_zeros() as usize] += 1;
                heard &= heard - 1;
            }
        }
        ships
    }

    /// Forgets the windows before this one.
    pub(super) fn forget_before(&mut self, window: i32) {
        if self
            .windows
            .first_key_value()
            .is_some_and(|(w, _)| *w < window)
        {
            self.windows = self.windows.split_off(&window);
        }
    }

    /// Entries held.
    pub(super) fn len(&self) -> usize {
        self.windows
            .values()
            .flat_map(|cells| cells.0.values())
            .map(Vec::len)
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::LonLat;

    proptest! {
        /// Whatever the order, what is kept is what a list of everything says of the ships with the smallest hashes.
        #[test]
        fn the_sketch_is_a_list_cut_short(
            rows in prop::collection::vec((0_u32..40, 0_i32..2, 0_u32..36, any::<bool>()), 0..400),
            turn in 0_usize..400,
        ) {
            let cell = Cell::of(LonLat::from_degrees(10.0, 54.0).unwrap());
            let entry = |(mmsi, _, bit, heard): (u32, i32, u32, bool)| Entry {
                ship: ShipHash::of(mmsi),
                expected: 1 << bit,
                heard: u64::from(heard) << bit,
            };
            let mut sketch = Sketch::default();
            rows.iter().for_each(|r| sketch.add(r.1, cell, entry(*r)));
            let mut turned = rows.clone();
            turned.rotate_left(turn.min(rows.len()));
            turned.reverse();
            let mut other = Sketch::default();
            turned.iter().for_each(|r| other.add(r.1, cell, entry(*r)));
            prop_assert_eq!(&sketch, &other);
            let bytes = |s: &Sketch| postcard::to_stdvec(s).unwrap();
            prop_assert_eq!(bytes(&sketch), bytes(&other));
            for window in 0..2 {
                let mut all: BTreeMap<ShipHash, (u64, u64)> = BTreeMap::new();
                for row in rows.iter().filter(|r| r.1 == window) {
                    let e = entry(*row);
                    let sum = all.entry(e.ship).or_default();
                    *sum = (sum.0 | e.expected, sum.1 | e.heard);
                }
                let but = ShipHash::of(7);
                let oracle: Vec<Entry> = all
                    .into_iter()
                    .map(|(ship, (expected, heard))| Entry { ship, expected, heard })
                    .take(KEPT)
                    .filter(|e| e.ship != but)
                    .collect();
                let entries = sketch.entries(window, std::slice::from_ref(&cell)).flatten();
                let found: Vec<Entry> = entries.filter(|e| e.ship != but).copied().collect();
                prop_assert_eq!(found, oracle);
            }
        }
    }

    #[test]
    fn old_windows_go() {
        let cell = Cell::of(LonLat::from_degrees(10.0, 54.0).unwrap());
        let entry = Entry {
            ship: ShipHash::of(1),
            expected: 1,
            heard: 1,
        };
        let mut sketch = Sketch::default();
        (0..5).for_each(|w| sketch.add(w, cell, entry));
        sketch.forget_before(3);
        assert_eq!(sketch.len(), 2);
        assert_eq!(sketch.entries(2, &[cell]).count(), 0);
    }
}
