//! Hours in which nobody is heard about a silent ship, and holes in the data: those of them in which others were there.
//!
//! That nobody is heard for two hours says nothing of reception where nobody is. It is a hole in the data (a file that is
//! missing, a feed or a station that was down) if several ships that were heard until then fell silent together and
//! stayed about, or if nobody is heard anywhere any more ([`super::feed`]). Ships are expected no longer than the longest bracket: a longer
//! hole looks like empty sea, and is one where ships were heard all along.

use std::ops::RangeInclusive;

use super::cell::{Cell, SLOT_MS, WINDOW_SLOTS, first_of, slots_between, window_of};
use super::feed::Feed;
use super::others::Others;
use super::way::Way;

/// In a run of so many slots nobody was heard for two hours at least: archives keep a report an hour of a ship, and satellites pass
/// as seldom.
pub(super) const MUTE_SLOTS: i64 = 13;
/// So many others that fall silent together are no appointment of two ships.
pub(super) const TOGETHER_SHIPS: usize = 2;
/// Windows before a hole that tell whether ships are heard there: a day. Those after the silence may not be settled
/// when it is judged.
const BEFORE_WINDOWS: i32 = 4;
/// Share of those windows in which others must have been heard for their absence to be a hole.
const ALIVE: f64 = 0.75;
/// Fewer windows of data before it don't tell.
const MIN_KNOWN: usize = 3;

/// Runs of slots, in order.
#[derive(Clone, Debug, Default)]
pub(super) struct Runs(Vec<RangeInclusive<i64>>);

impl Runs {
    /// The hours along a way in which none of the others is heard about it.
    pub fn mute(way: &Way, others: &Others) -> Self {
        let mut runs = Self::default();
        for (window, parts) in &way.0 {
            let (mut slots, mut heard) = (0, 0);
            for (place, _, of_part) in parts {
                slots |= of_part;
                heard |= of_part & others.heard(*window, &Cell::around(*place));
            }
            let mute = |slot: &i64| (slots & !heard) & window_of(*slot).1 != 0;
            let begin = first_of(*window);
            (begin..begin + WINDOW_SLOTS)
                .filter(mute)
                .for_each(|slot| runs.push(slot));
        }
        runs.0.retain(|run| slots_of(run) >= MUTE_SLOTS);
        runs
    }

    /// Those slots of these mute hours of a way in which the data has a hole. The feed tells nothing of a silence that lasts.
    pub fn holes(&self, way: &Way, others: &Others, feed: Option<&Feed>, bracket_ms: i64) -> Self {
        let mut holes = Vec::new();
        for run in &self.0 {
            let cells = cells(way, run);
            let is_hole = others.fell_silent_in(&cells, run) >= TOGETHER_SHIPS
                || (slots_of(run) * SLOT_MS >= bracket_ms && usually_heard(&cells, run, others));
            if is_hole {
                holes.push(run.clone());
            } else if let Some(feed) = feed {
                let down = feed.down_in(run, others.min_others);
                holes.extend(down.into_iter().filter(|r| slots_of(r) >= MUTE_SLOTS));
            }
        }
        Self(holes)
    }

    /// Their slots in a window.
    pub fn in_window(&self, window: i32) -> u64 {
        let begin = first_of(window);
        let end = begin + WINDOW_SLOTS;
        let after = self.0.partition_point(|run| *run.end() < begin);
        let of_window = self.0[after..].iter().take_while(|run| *run.start() < end);
        of_window.fold(0, |slots, run| {
            slots | slots_between(window, *run.start(), *run.end())
        })
    }

    pub fn iter(&self) -> std::slice::Iter<'_, RangeInclusive<i64>> {
        self.0.iter()
    }

    /// Adds a later slot.
    pub fn push(&mut self, slot: i64) {
        match self.0.last_mut() {
            Some(run) if *run.end() + 1 == slot => *run = *run.start()..=slot,
            _ => self.0.push(slot..=slot),
        }
    }
}

impl FromIterator<RangeInclusive<i64>> for Runs {
    fn from_iter<T: IntoIterator<Item = RangeInclusive<i64>>>(runs: T) -> Self {
        Self(runs.into_iter().collect())
    }
}

impl IntoIterator for Runs {
    type Item = RangeInclusive<i64>;
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

pub(super) fn slots_of(run: &RangeInclusive<i64>) -> i64 {
    run.end() - run.start() + 1
}

/// The cells about a way in a run of slots; in order.
fn cells(way: &Way, run: &RangeInclusive<i64>) -> Vec<Cell> {
    let windows = window_of(*run.start()).0..=window_of(*run.end()).0;
    let mut cells: Vec<Cell> = (way.0.range(windows))
        .flat_map(|(_, parts)| parts)
        .flat_map(|(place, _, _)| Cell::around(*place))
        .collect();
    cells.sort_unstable();
    cells.dedup();
    cells
}

/// Whether others were heard in these cells nearly all of the day before a run, as far as anybody was heard anywhere.
fn usually_heard(cells: &[Cell], run: &RangeInclusive<i64>, others: &Others) -> bool {
    let from = window_of(*run.start()).0;
    let before = from - BEFORE_WINDOWS..=from;
    let known: Vec<i32> = before.filter(|w| others.sketch().is_heard(*w)).collect();
    let alive = known.iter().filter(|w| others.heard(**w, cells) != 0);
    known.len() >= MIN_KNOWN && alive.count() as f64 >= ALIVE * known.len() as f64
}
