//! Who else is about a place, for one ship that asks.

use rustc_hash::FxHashMap;

use super::cell::{Cell, window_of};
use super::company::{Count, add_up};
use super::sketch::{ShipHash, Sketch};
use crate::model::{LonLat, SlotCount};

/// Windows before, over which a ship that wasn't heard at all counts as silent already: half a day.
const SILENT_WINDOWS: i32 = 2;
/// Slots that it must have been expected in them: three hours.
const SILENT_SLOTS: u32 = 18;

/// The others in the sketch, but for those that were silent already in the hours before a slot: a ship that was heard
/// until then is no such ship.
pub(super) struct Others<'a> {
    sketch: &'a Sketch,
    but: ShipHash,
    pub min_others: u32,
    since: i64,
    /// Who was silent already, by the cells that were asked about: they are the same in every window.
    silent: FxHashMap<Vec<Cell>, Vec<ShipHash>>,
}

impl<'a> Others<'a> {
    /// Those without this ship; where fewer than `min_others` are about in a cell, its neighbours are asked too.
    pub fn of(sketch: &'a Sketch, but: ShipHash, min_others: u32, since: i64) -> Self {
        Self {
            sketch,
            but,
            min_others,
            since,
            silent: FxHashMap::default(),
        }
    }

    /// The same others, as they were about before another slot.
    pub fn since(&self, since: i64) -> Self {
        Self::of(self.sketch, self.but, self.min_others, since)
    }

    /// Expected and heard slots of the ships about a place in a window: of its cell, or with those that touch it, cell by
    /// cell, if it holds too few.
    pub fn about(&mut self, at: (i32, u64), place: LonLat) -> Vec<Count> {
        let ships = self.counted(&[Cell::of(place)], at);
        if ships.len() >= self.min_others as usize {
            return ships;
        }
        self.counted(&Cell::around(place), at)
    }

    /// Adds those about a place to a sum.
    pub fn add_to(&mut self, sum: &mut SlotCount, at: (i32, u64), place: LonLat) {
        let mut ships = self.about(at, place);
        add_up(&mut ships);
        for ship in &ships {
            sum.expected += ship.expected;
            sum.heard += ship.heard;
        }
        sum.ships = sum.ships.max(ships.len() as u32);
    }

    fn counted(&mut self, cells: &[Cell], (window, slots): (i32, u64)) -> Vec<Count> {
        let mut ships: Vec<Count> = Vec::new();
        for entries in self.sketch.entries(window, cells) {
            let others = entries.iter().filter(|entry| entry.ship != self.but);
            ships.extend(others.filter_map(|entry| Count::of(entry, slots)));
        }
        if !ships.is_empty() {
            let silent = self.silent_before(cells);
            if !silent.is_empty() {
                ships.retain(|c| silent.binary_search(&c.ship).is_err());
            }
        }
        ships
    }

    fn silent_before(&mut self, cells: &[Cell]) -> &[ShipHash] {
        if !self.silent.contains_key(cells) {
            let silent = silent_before(self.sketch, cells, self.since);
            self.silent.insert(cells.to_vec(), silent);
        }
        &self.silent[cells]
    }
}

/// The ships that were expected in these cells in the hours before, and not heard there; in order.
fn silent_before(sketch: &Sketch, cells: &[Cell], since: i64) -> Vec<ShipHash> {
    let (last, bit) = window_of(since);
    let entries = || {
        (last - SILENT_WINDOWS..=last).flat_map(move |window| {
            let slots = if window == last { bit - 1 } else { u64::MAX };
            let entries = sketch.entries(window, cells).flatten();
            entries.map(move |entry| (entry, slots))
        })
    };
    // Most ships are heard in whatever cell they pass: few are left to be looked at twice.
    let unheard = entries().filter(|(entry, slots)| entry.heard & slots == 0);
    let mut silent: Vec<Count> = unheard
        .filter_map(|(e, slots)| Count::of(e, slots))
        .collect();
    add_up(&mut silent);
    silent.retain(|c| c.expected >= SILENT_SLOTS);
    let mut silent: Vec<ShipHash> = silent.iter().map(|c| c.ship).collect();
    if !silent.is_empty() {
        let heard = entries().filter(|(entry, slots)| entry.heard & slots != 0);
        let heard: Vec<ShipHash> = heard.map(|(entry, _)| entry.ship).collect();
        silent.retain(|ship| !heard.contains(ship));
    }
    silent
}
