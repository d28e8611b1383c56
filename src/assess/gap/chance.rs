//! How likely reception alone makes a silence.
//!
//! Per window of six hours: the share of the others' expected slots that belong to ships of which nothing was heard
//! all through the silence's part of it, with half a ship added on either side, so that few others never prove much. A
//! ship that is heard worse than others is held to its own rate. Windows of one ship hang together, so that all but
//! the most telling count half. Two ways are tried, the great circle between the two ends and each end's own
//! course; the more innocent one holds.

use super::Params;
use crate::model::{GapWitness, SlotCount, WindowWitness};

/// Hours in a slot.
const SLOT_H: f64 = 1.0 / 6.0;
/// How much of its logarithm each window but the most telling one adds. Off southern California 0.83 of silent ship
/// hours are followed by another, of all hours one half is silent: six hours on, half of that memory is left.
const FURTHER: f64 = 0.5;

/// From this chance on a way explains a silence: as likely as not.
const LIKELY: f64 = 0.5;

/// What a witness comes to.
pub(super) struct Chance {
    /// Of the silence on the great circle between its ends.
    pub staying: Option<f64>,
    /// On the courses at its ends, as far as anybody is heard there.
    pub leaving: Option<f64>,
    /// Others, in all slots.
    pub others: SlotCount,
    /// Hours until too few others are about on the last course.
    pub exit_h: Option<f64>,
    /// Whether nobody is heard there.
    pub is_edge: bool,
}

impl Chance {
    pub(super) fn of(witness: &GapWitness, min_others: u32, params: &Params) -> Self {
        let known = |w: &&WindowWitness| w.others.ships >= min_others && w.slots > 0;
        let own = own_share(witness, min_others);
        let of = |windows: &[WindowWitness]| {
            let logs: Vec<f64> = windows
                .iter()
                .filter(known)
                .map(|w| window(w, own, params).ln())
                .collect();
            let most = logs.iter().copied().fold(0.0, f64::min);
            let sum: f64 = logs.iter().sum();
            (!logs.is_empty()).then(|| (most + FURTHER * (sum - most)).exp())
        };
        let mut others = SlotCount::default();
        let path = if witness.straight.is_empty() {
            witness.ahead.as_deref().unwrap_or_default()
        } else {
            &witness.straight
        };
        for w in path.iter().filter(known) {
            others.expected += w.others.expected;
            others.heard += w.others.heard;
            others.ships = others.ships.max(w.others.ships);
        }
        let leaving = witness
            .ahead
            .as_ref()
            .map(|windows| of(windows).unwrap_or(1.0));
        Self {
            staying: of(&witness.straight),
            leaving,
            others,
            exit_h: witness.exit_slot.map(|s| f64::from(s) * SLOT_H),
            is_edge: witness.exit_is_edge,
        }
    }

    /// Whether sailing out of what anybody is heard in explains the silence, and staying doesn't.
    pub(super) fn left(&self) -> bool {
        let stayed = self.staying.is_some_and(|p| p >= LIKELY);
        self.is_edge && !stayed && self.leaving.is_some_and(|p| p >= LIKELY)
    }

    /// The more innocent of the two ways; `None` where nothing is known.
    pub(super) fn natural(&self) -> Option<f64> {
        let staying = self.staying?;
        Some(staying.max(self.leaving.unwrap_or(0.0)))
    }
}

/// The share of its slots in which the ship is heard where others are: its own rate before, over theirs.
fn own_share(witness: &GapWitness, min_others: u32) -> f64 {
    let own = (f64::from(witness.own.heard) + 0.5) / (f64::from(witness.own.expected) + 1.0);
    let others = Some(witness.before).filter(|b| b.ships >= min_others);
    let others = others.and_then(SlotCount::share).filter(|s| *s > 0.0);
    others.map_or(own, |others| (own / others).min(1.0))
}

/// The chance of silence through one window. However long each was about, a ship counts for one at most.
fn window(w: &WindowWitness, own: f64, params: &Params) -> f64 {
    let of_slots = f64::from(w.of_slots);
    let spans = f64::from(w.others.expected) / of_slots;
    let ships = spans.min(f64::from(w.others.ships));
    let silent = f64::from(w.silent) / of_slots * ships / spans;
    let share = f64::from(w.slots) / of_slots;
    let others = ((silent + 0.5) / (ships + 1.0)).powf(share);
    let heard = own * w.others.share().unwrap_or(0.0);
    let draws = f64::from(w.slots) * SLOT_H / params.correlation_h;
    others.max((1.0 - heard).max(0.0).powf(draws))
}
