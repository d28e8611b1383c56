//! Whether anybody is heard anywhere: a feed that is down silences all ships at once.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::cell::{WINDOW_SLOTS, window_of};
use super::hole::Runs;
use super::sketch::Sketch;

/// Slots before, in one of which enough ships must have been heard: an hour.
const BEFORE_SLOTS: i64 = 6;

/// How many ships are heard in each slot of some windows, of those that the sketch keeps.
#[derive(Debug, Default)]
pub(super) struct Feed(BTreeMap<i32, [u32; WINDOW_SLOTS as usize]>);

impl Feed {
    pub fn of(sketch: &Sketch, windows: RangeInclusive<i32>) -> Self {
        Self(windows.map(|w| (w, sketch.heard_in(w))).collect())
    }

    fn heard(&self, slot: i64) -> u32 {
        let (window, bit) = window_of(slot);
        let slots = self.0.get(&window);
        slots.map_or(0, |slots| slots[bit.trailing_zeros() as usize])
    }

    /// The slots of a run in which nobody was heard anywhere, though until then more than so many ships were. Windows before
    /// the one in which the run's own silence begins needn't be known but for the last.
    pub fn down_in(&self, run: &RangeInclusive<i64>, ships: u32) -> Runs {
        let mut down = Runs::default();
        let mut is_down = false;
        for slot in run.clone() {
            if self.heard(slot) > 0 {
                is_down = false;
                continue;
            }
            is_down = is_down || (slot - BEFORE_SLOTS..slot).any(|s| self.heard(s) > ships);
            if is_down {
                down.push(slot);
            }
        }
        down
    }
}
