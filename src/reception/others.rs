//! Who else is about a place, for one ship that asks.

use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::cell::{Cell, first_of, slots_between, window_of};
use super::company::{Count, add_up};
use super::sketch::{Entry, ShipHash, Sketch};
use crate::model::{LonLat, SlotCount};

/// Windows before, over which a ship that wasn't heard at all counts as silent already: half a day.
const SILENT_WINDOWS: i32 = 2;
/// Slots that it must have been expected in them: three hours.
const SILENT_SLOTS: u32 = 18;
/// Slots about both ends of a silence in which another ship may fall silent, or be heard again, together with the one that
/// asks: an hour.
const TOGETHER_SLOTS: i64 = 6;
/// Of a longer silence only so many slots tell whether another ship was silent with it: a day.
const COMPANION_SLOTS: i64 = 144;

/// Ships, in order, by the cells that were asked about.
type ByCells = FxHashMap<Vec<Cell>, Rc<[ShipHash]>>;

/// Who was silent already before a slot, by cells: silences of one neighbourhood ask for the same.
pub(super) struct KnownSilent<'a> {
    pub sketch: &'a Sketch,
    /// By the slot.
    known: RefCell<FxHashMap<i64, ByCells>>,
}

impl<'a> KnownSilent<'a> {
    pub fn new(sketch: &'a Sketch) -> Self {
        Self {
            sketch,
            known: RefCell::default(),
        }
    }

    /// The ships that were expected in these cells in the hours before, and not heard there; in order.
    fn before(&self, since: i64, cells: &[Cell]) -> Rc<[ShipHash]> {
        let mut known = self.known.borrow_mut();
        let of_slot = known.entry(since).or_default();
        if let Some(silent) = of_slot.get(cells) {
            return silent.clone();
        }
        let from = first_of(window_of(since).0 - SILENT_WINDOWS);
        let found: Rc<[ShipHash]> =
            silent(self.sketch, cells, from, since - 1, SILENT_SLOTS, |_| true).into();
        of_slot.insert(cells.to_vec(), found.clone());
        found
    }
}

/// The others in the sketch, but for those that were silent already in the hours before a slot: a ship that was heard
/// until then is no such ship.
#[derive(Clone, Copy)]
pub(super) struct Others<'a> {
    known: &'a KnownSilent<'a>,
    but: [Option<ShipHash>; 2],
    pub min_others: u32,
    since: i64,
    /// The last slot that is asked about: whether ships were expected in later ones isn't settled yet.
    until: i64,
}

impl<'a> Others<'a> {
    /// Those without this ship; where fewer than `min_others` are about in a cell, its neighbours are asked too.
    pub fn of(
        known: &'a KnownSilent<'a>,
        but: ShipHash,
        min_others: u32,
        (since, until): (i64, i64),
    ) -> Self {
        Self {
            known,
            but: [Some(but), None],
            min_others,
            since,
            until,
        }
    }

    /// The same others, as they were about before another slot.
    pub fn since(self, since: i64) -> Self {
        Self { since, ..self }
    }

    /// Leaves out a ship that fell silent about this place with the one that asks and was silent as long, if it is the only
    /// one: two ships that go dark for each other are no witnesses to each other. Where reception fails, more fall silent.
    pub fn without_companion(mut self, place: LonLat, last: i64) -> Self {
        self.but[1] = self.companion(&Cell::around(place), last);
        self
    }

    /// That ship, of a silence that begins at `since`.
    fn companion(&self, cells: &[Cell], last: i64) -> Option<ShipHash> {
        let first = self.since;
        let (from, to) = (first + TOGETHER_SLOTS, last - TOGETHER_SLOTS);
        let to = to.min(from + COMPANION_SLOTS);
        let least = ((to - from) / 2 + 1).max(1) as u32;
        match *self.fell_silent(cells, first - TOGETHER_SLOTS, from..=to, least) {
            [one] => Some(one),
            _ => None,
        }
    }

    /// How many other ships were heard in these cells in the hour before a run of slots, and in none of it though they were there
    /// for another hour.
    pub fn fell_silent_in(&self, cells: &[Cell], run: &RangeInclusive<i64>) -> usize {
        let since = run.start() - TOGETHER_SLOTS;
        // The one that went with her counts too where others did.
        let all = Self {
            but: [self.but[0], None],
            ..*self
        };
        let silent = all.fell_silent(cells, since, run.clone(), TOGETHER_SLOTS as u32);
        silent.len()
    }

    /// Those that were heard from a slot on until a run begins, expected in so many slots of it at least, and heard in none.
    fn fell_silent(
        &self,
        cells: &[Cell],
        since: i64,
        run: RangeInclusive<i64>,
        least: u32,
    ) -> Vec<ShipHash> {
        let sketch = self.known.sketch;
        let (from, to) = run.into_inner();
        let mut heard: Vec<ShipHash> = between(sketch, cells, since, from - 1)
            .filter(|(entry, slots)| entry.heard & slots != 0)
            .map(|(entry, _)| entry.ship)
            .filter(|ship| !self.but.contains(&Some(*ship)))
            .collect();
        if heard.is_empty() {
            return heard;
        }
        heard.sort_unstable();
        let asked = |ship| heard.binary_search(&ship).is_ok();
        silent(sketch, cells, from, to, least, asked)
    }

    pub fn sketch(&self) -> &'a Sketch {
        self.known.sketch
    }

    /// The slots of a window in which any of them is heard in these cells.
    pub fn heard(&self, window: i32, cells: &[Cell]) -> u64 {
        let entries = self.known.sketch.entries(window, cells).flatten();
        entries
            .filter(|entry| !self.but.contains(&Some(entry.ship)))
            .fold(0, |heard, entry| heard | entry.heard)
    }

    /// Expected and heard slots of the ships about a place in a window: of its cell, or with those that touch it, cell by
    /// cell, if it holds too few.
    pub fn about(&self, at: (i32, u64), place: LonLat) -> Vec<Count> {
        let ships = self.counted(&[Cell::of(place)], at);
        if ships.len() >= self.min_others as usize {
            return ships;
        }
        self.counted(&Cell::around(place), at)
    }

    /// Adds those about a place to a sum.
    pub fn add_to(&self, sum: &mut SlotCount, at: (i32, u64), place: LonLat) {
        let mut ships = self.about(at, place);
        add_up(&mut ships);
        ships.iter().for_each(|ship| ship.add_to(sum));
        sum.ships = sum.ships.max(ships.len() as u32);
    }

    fn counted(&self, cells: &[Cell], (window, slots): (i32, u64)) -> Vec<Count> {
        let mut ships: Vec<Count> = Vec::new();
        let slots = slots & slots_between(window, first_of(window), self.until);
        for entries in self.known.sketch.entries(window, cells) {
            let others = entries
                .iter()
                .filter(|entry| !self.but.contains(&Some(entry.ship)));
            ships.extend(others.filter_map(|entry| Count::of(entry, slots)));
        }
        if !ships.is_empty() {
            let silent = self.known.before(self.since, cells);
            if !silent.is_empty() {
                ships.retain(|c| silent.binary_search(&c.ship).is_err());
            }
        }
        ships
    }
}

/// The entries of these cells by window, from a slot to another, both included, each with those slots.
fn between<'s>(
    sketch: &'s Sketch,
    cells: &'s [Cell],
    from: i64,
    to: i64,
) -> impl Iterator<Item = (&'s Entry, u64)> {
    (window_of(from).0..=window_of(to).0).flat_map(move |window| {
        let slots = slots_between(window, from, to);
        let entries = sketch.entries(window, cells).flatten();
        entries.map(move |entry| (entry, slots))
    })
}

/// Of the ships that are asked about those that were expected in these cells in so many slots at least from one to another, and heard
/// in none; in order.
fn silent(
    sketch: &Sketch,
    cells: &[Cell],
    from: i64,
    to: i64,
    least: u32,
    asked: impl Fn(ShipHash) -> bool,
) -> Vec<ShipHash> {
    let is_heard = |(entry, slots): &(&Entry, u64)| entry.heard & slots != 0;
    // Most ships are heard in whatever cell they pass: few are left to be looked at twice.
    let mut silent: Vec<(ShipHash, u32)> = between(sketch, cells, from, to)
        .filter(|one| !is_heard(one))
        .map(|(entry, slots)| (entry.ship, (entry.expected & slots).count_ones()))
        .filter(|(ship, expected)| *expected > 0 && asked(*ship))
        .collect();
    silent.sort_unstable_by_key(|(ship, _)| *ship);
    silent.dedup_by(|next, one| {
        let same = next.0 == one.0;
        one.1 += if same { next.1 } else { 0 };
        same
    });
    silent.retain(|(_, expected)| *expected >= least);
    if !silent.is_empty() {
        for (entry, _) in between(sketch, cells, from, to).filter(is_heard) {
            if let Ok(i) = silent.binary_search_by_key(&entry.ship, |(ship, _)| *ship) {
                silent.remove(i);
            }
        }
    }
    silent.into_iter().map(|(ship, _)| ship).collect()
}
