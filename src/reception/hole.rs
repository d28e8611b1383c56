//! Holes in the data: hours in which nobody is heard where ships are heard all along, since a file is missing or a
//! feed was down.
//!
//! While a hole is shorter than the longest bracket the others tell: they are expected through it, and silent. In a longer
//! one nobody is expected, so it looks like empty sea.

use super::cell::{Cell, WINDOW_SLOTS, first_of, window_of};
use super::sketch::{ShipHash, Sketch};
use crate::model::LonLat;

/// Windows before the last fix that tell whether ships are heard there: a day. Those after the silence may not be settled
/// when it is judged.
const BEFORE_WINDOWS: i32 = 4;
/// Share of those windows in which others must have been heard for their absence to be a hole.
const ALIVE: f64 = 0.75;

/// Fewer windows of data before it don't tell.
const MIN_KNOWN: usize = 3;

/// The windows of a silence in which the data has a hole.
#[derive(Clone, Debug, Default)]
pub(super) struct Holes(Vec<i32>);

impl Holes {
    /// Those of a silence from one slot to another, by the others about both of its ends.
    pub fn of(
        sketch: &Sketch,
        but: ShipHash,
        ends: [LonLat; 2],
        (first, last): (i64, i64),
    ) -> Self {
        let about = ends.map(Cell::around).concat();
        let heard_about = |window: i32| {
            let mut entries = sketch.entries(window, &about).flatten();
            entries.any(|entry| entry.heard != 0 && entry.ship != but)
        };
        let (from, to) = (window_of(first).0, window_of(last).0);
        let before = from - BEFORE_WINDOWS..=from;
        let known: Vec<i32> = before.filter(|w| sketch.is_heard(*w)).collect();
        let alive = known.iter().filter(|w| heard_about(**w)).count();
        let usually_heard = known.len() >= MIN_KNOWN && alive as f64 >= ALIVE * known.len() as f64;
        let is_hole = |w: &i32| !sketch.is_heard(*w) || (usually_heard && !heard_about(*w));
        Self((from..=to).filter(is_hole).collect())
    }

    pub fn hold(&self, window: i32) -> bool {
        self.0.binary_search(&window).is_ok()
    }

    /// Slots of the silence in them.
    pub fn slots(&self, (first, last): (i64, i64)) -> u32 {
        let slots = |window: &i32| {
            let begin = first_of(*window);
            (last.min(begin + WINDOW_SLOTS - 1) - first.max(begin) + 1).max(0)
        };
        self.0.iter().map(slots).sum::<i64>() as u32
    }
}
