//! Whether anybody is heard anywhere: a feed that is down silences all ships at once.
//!
//! Rule: hours in which nobody is heard anywhere are a hole in the data if a whole UTC day is among them, if more ships than
//! the fewest that tell were heard until then, or if some were all the day before. Else there may be nobody: a list of two
//! ships is mute while both are.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::cell::{WINDOW_SLOTS, window_of};
use super::hole::{MUTE_SLOTS, Runs, TOGETHER_SHIPS};
use super::sketch::Sketch;

/// Slots before, in one of which enough ships must have been heard: an hour.
const BEFORE_SLOTS: i64 = 6;
/// Slots in a day.
const DAY_SLOTS: i64 = 144;
/// Windows before the one of a silence that must be known: those that a day reaches into.
pub(super) const BEFORE_WINDOWS: i32 = 5;

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

    /// The slots of a run in which nobody was heard anywhere and the feed was down. What stands before the run must be
    /// known for [`BEFORE_WINDOWS`].
    pub fn down_in(&self, run: &RangeInclusive<i64>, ships: u32) -> Runs {
        let mut mute = Runs::default();
        let is_mute = |slot: &i64| self.heard(*slot) == 0;
        run.clone().filter(is_mute).for_each(|slot| mute.push(slot));
        let is_down = |run: &RangeInclusive<i64>| {
            holds_day(run) || self.was_busy(*run.start(), ships) || self.was_alive(*run.start())
        };
        mute.into_iter().filter(is_down).collect()
    }

    /// Whether more than so many ships were heard at once in the hour before a slot.
    fn was_busy(&self, slot: i64, ships: u32) -> bool {
        (slot - BEFORE_SLOTS..slot).any(|s| self.heard(s) > ships)
    }

    /// Whether for a day before a slot some ships at once were heard every other hour: hours without any are no lull then.
    fn was_alive(&self, slot: i64) -> bool {
        let mut quiet = 0;
        (slot - DAY_SLOTS..slot).all(|s| {
            quiet = if self.heard(s) > TOGETHER_SHIPS as u32 {
                0
            } else {
                quiet + 1
            };
            quiet < MUTE_SLOTS
        })
    }
}

/// Whether a run of slots holds a whole UTC day: files are of days, and one is missing.
fn holds_day(run: &RangeInclusive<i64>) -> bool {
    let days = |slot: i64| slot.div_euclid(DAY_SLOTS);
    days(*run.start() - 1) + 1 < days(*run.end() + 1)
}
