//! How likely reception alone makes a silence.
//!
//! Per window of six hours: the share of the others' expected slots that belong to ships of which nothing was heard
//! all through the silence's part of it, with half a ship added on either side, so that few others never prove much; or, where
//! that is more, the chance to be missed in each of its blocks of two hours, by the share of others that were heard in the
//! block at all and by how much worse than others the ship itself was heard before. Slots without a report tell how seldom
//! archives keep one, and where more are kept of ships that are heard well, how poorly these are heard. Windows of one ship hang together, so that all but the most telling count half. Two ways are tried, the
//! great circle between the two ends and each end's own course; the more innocent one holds, but for a course that led where too
//! few are, of a ship that was found again where she was lost. Windows in which too few others are about tell nothing. While a
//! silence lasts, others count in the slots since the last fix alone.

use super::Params;
use crate::model::{BLOCK_SLOTS, GapWitness, SlotCount, WindowWitness};

/// Hours in a slot.
pub(super) const SLOT_H: f64 = 1.0 / 6.0;
/// Hours in a block.
const BLOCK_H: f64 = BLOCK_SLOTS as f64 * SLOT_H;
/// How much of its logarithm each window but the most telling one adds, and each block of a window but one. Off southern California 0.83 of
/// silent ship hours are followed by another, of all hours one half is silent: six hours on, half of that memory is left, and
/// sooner no less.
const FURTHER: f64 = 0.5;

/// Slots that tell how many reports are kept: half a day.
const KEPT_SLOTS: u32 = 72;
/// Who has a report in so large a share of the slots is in an archive that keeps them of all: the rest wasn't received.
const KEPT_OF_ALL: f64 = 0.5;
/// The least chance to be missed in two hours by a ship and others that always were heard.
const MISSED_LEAST: f64 = 1e-6;
/// From this chance on a way explains a silence: as likely as not.
const LIKELY: f64 = 0.5;

/// Where a silence ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Nowhere yet.
    Open,
    /// About where it began, or no farther off than a ship drifts.
    Here,
    Elsewhere,
}

/// What a witness comes to.
pub(super) struct Chance {
    /// Of the silence on the great circle between its ends.
    pub staying: Option<f64>,
    /// Of a silence that lasts, in its first days where the ship was lost or on its course: not of one that led to where too
    /// few are, or ashore.
    pub lasting: Option<f64>,
    /// On the courses at its ends, as far as anybody is heard there.
    pub leaving: Option<f64>,
    /// Whether too few others are about on the last course, from the last fix on or in most of the time: nobody knows how ships
    /// are heard where it led.
    pub into_unknown: bool,
    /// Whether she was found again where she was lost among enough others, though her last course led where too few are.
    returned: bool,
    /// The same of a ship that was under way at both ends, and can have been there and come back on her first course.
    voyaged: bool,
    /// Others, in those slots that they tell.
    pub others: SlotCount,
    /// How much of the silence others tell.
    told: Told,
    /// Share of blocks in which she would have been heard: the others' on the way where it is less, as much less as she was heard
    /// before.
    pub heard: f64,
    /// Hours until too few others are about on the last course.
    pub exit_h: Option<f64>,
    /// Hours before she was heard again in which her first course came from there, if she can have been there.
    pub entry_h: Option<f64>,
    /// Whether nobody is heard there.
    pub is_edge: bool,
}

impl Chance {
    /// Of a silence that is open, nobody knows a way back.
    pub(super) fn of(witness: &GapWitness, end: End, min_others: u32, params: &Params) -> Self {
        let open = end == End::Open;
        let known = |w: &&WindowWitness| w.others.ships >= min_others && w.slots > 0;
        let kept = kept_share(witness);
        let own = own_share(witness, min_others, kept);
        let of = |windows: &[WindowWitness]| {
            let logs: Vec<f64> = windows
                .iter()
                .filter(known)
                .map(|w| window(w, own, kept, params).ln())
                .collect();
            let most = logs.iter().copied().fold(0.0, f64::min);
            let sum: f64 = logs.iter().sum();
            (!logs.is_empty()).then(|| (most + FURTHER * (sum - most)).exp())
        };
        let way = if open || !witness.straight.is_empty() {
            &witness.straight
        } else {
            witness.ahead.as_deref().unwrap_or_default()
        };
        let others = if open {
            since(&witness.straight, min_others)
        } else {
            total(way.iter().filter(known))
        };
        let leaving = witness
            .ahead
            .as_ref()
            .map(|windows| of(windows).unwrap_or(1.0));
        let ahead = witness.ahead.as_deref().unwrap_or_default();
        let shares = [others, total(ahead.iter().filter(known))].map(SlotCount::covered_share);
        let exit_slot = witness.exit_slot.filter(|slot| *slot > 0);
        let returned = end == End::Here && exit_slot.is_some() && !witness.exit_is_edge;
        let slots = witness.straight.iter().map(|w| w.slots).sum();
        let voyaged = (exit_slot.zip(witness.entry_slot))
            .is_some_and(|(out, back)| returned && out + back <= slots);
        Self {
            staying: if open { None } else { of(&witness.straight) },
            lasting: (open && others.expected > 0)
                .then(|| of(&witness.straight))
                .flatten()
                .filter(|_| witness.exit_slot.is_none() && witness.landfall.is_none()),
            leaving,
            into_unknown: witness.exit_slot == Some(0)
                || witness.on_waterway
                || !Told::of(ahead, known).is_most(),
            returned: returned && !voyaged,
            voyaged,
            others,
            told: Told::of(way, known),
            heard: own * shares.into_iter().flatten().fold(1.0, f64::min),
            exit_h: exit_slot
                .filter(|_| !witness.on_waterway)
                .map(|s| f64::from(s) * SLOT_H),
            entry_h: (witness.entry_slot)
                .filter(|_| voyaged && !witness.on_waterway)
                .map(|s| f64::from(s) * SLOT_H),
            is_edge: witness.exit_is_edge && exit_slot.is_some(),
        }
    }

    /// Whether others tell at least half of the silence.
    pub(super) fn is_told(&self) -> bool {
        self.told.is_most()
    }

    /// Hours of the silence that others tell.
    pub(super) fn told_h(&self) -> f64 {
        f64::from(self.told.slots) * SLOT_H
    }

    /// Whether reception makes the silence as likely as not.
    pub(super) fn is_likely(natural: f64) -> bool {
        natural >= LIKELY
    }

    /// Whether sailing out of what anybody is heard in explains the silence, and staying doesn't.
    pub(super) fn left(&self) -> bool {
        let stayed = self.staying.is_some_and(|p| p >= LIKELY);
        self.is_edge && !self.into_unknown && !stayed && self.leaving.is_some_and(|p| p >= LIKELY)
    }

    /// The least and the most that it can be; `None` where nothing is known. The more innocent of the two ways holds, but
    /// of a course that led where nobody knows how ships are heard, nobody knows that it is one; nor that a ship went there and
    /// came back that is found where she was lost. Of one that was under way at both ends, and had the time, nobody knows that
    /// she didn't.
    pub(super) fn natural(&self) -> Option<(f64, f64)> {
        let staying = self.staying?;
        if self.returned {
            return Some((staying, staying));
        }
        let most = staying.max(self.leaving.unwrap_or(0.0));
        let is_open = self.into_unknown || self.voyaged;
        Some((if is_open { staying } else { most }, most))
    }
}

/// Slots of some windows that others tell, and all of them.
struct Told {
    slots: u32,
    of: u32,
}

impl Told {
    fn of(windows: &[WindowWitness], tells: impl Fn(&&WindowWitness) -> bool) -> Self {
        Self {
            slots: windows.iter().filter(tells).map(|w| w.slots).sum(),
            of: windows.iter().map(|w| w.slots).sum(),
        }
    }

    /// Whether that is half of them at least.
    fn is_most(&self) -> bool {
        2 * self.slots >= self.of
    }
}

/// Others in these windows.
fn total<'a>(windows: impl Iterator<Item = &'a WindowWitness>) -> SlotCount {
    windows.fold(SlotCount::default(), |sum, w| SlotCount {
        expected: sum.expected + w.others.expected,
        heard: sum.heard + w.others.heard,
        covered: sum.covered + w.others.covered,
        ships: sum.ships.max(w.others.ships),
    })
}

/// Others since the last fix; nobody where for half of that time too few were within reach at once. Ships that fall silent
/// for good are within reach of nothing, so after a station's last day a few slots with many ships must not stand for
/// the hours without any.
fn since(windows: &[WindowWitness], min_others: u32) -> SlotCount {
    let enough = |w: &&WindowWitness| {
        w.others.ships >= min_others && w.others.expected >= min_others * w.slots
    };
    let told = Told::of(windows, enough);
    if told.slots > 0 && told.is_most() {
        total(windows.iter().filter(enough))
    } else {
        SlotCount::default()
    }
}

/// The share of slots with a report in the blocks in which ships are heard at all, where it is largest of the silent ship, of the
/// others where it was, about its last fix, and where it may have been: how many reports archives keep there of ships that are heard
/// well. One in six slots where it is a report an hour; all where one has a report in most of them.
fn kept_share(witness: &GapWitness) -> f64 {
    let ahead = witness.ahead.as_deref().unwrap_or_default();
    let ways = [witness.straight.as_slice(), ahead].map(|windows| total(windows.iter()));
    let counts = [witness.own, witness.before, witness.usual];
    let told = counts.into_iter().chain(ways);
    let told = told.filter(|count| count.covered >= KEPT_SLOTS);
    let kept = told.filter_map(kept).fold(0.0, f64::max);
    if kept >= KEPT_OF_ALL { 1.0 } else { kept }
}

/// The share of slots with a report in the blocks in which these ships are heard.
fn kept(count: SlotCount) -> Option<f64> {
    (count.covered > 0).then(|| f64::from(count.heard) / f64::from(count.covered))
}

/// The share of what archives keep in which the ship is heard where others are: its own rate before, over theirs.
fn own_share(witness: &GapWitness, min_others: u32, kept: f64) -> f64 {
    let own = (f64::from(witness.own.heard) + 0.5) / (f64::from(witness.own.expected) + 1.0);
    let others = Some(witness.before).filter(|b| b.ships >= min_others);
    let others = others.and_then(SlotCount::share);
    let usual = others.filter(|s| *s > 0.0).unwrap_or(kept);
    if usual > 0.0 {
        (own / usual).min(1.0)
    } else {
        own
    }
}

/// The chance of silence through one window. However long each was about, a ship counts for one at most.
fn window(w: &WindowWitness, own: f64, kept_share: f64, params: &Params) -> f64 {
    let of_slots = f64::from(w.of_slots);
    let spans = f64::from(w.others.expected) / of_slots;
    let ships = spans.min(f64::from(w.others.ships));
    let silent = f64::from(w.silent) / of_slots * ships / spans;
    let share = f64::from(w.slots) / of_slots;
    let others = ((silent + 0.5) / (ships + 1.0)).powf(share);
    let usual = w.others.covered_share().unwrap_or(0.0);
    // Where fewer reports come than are kept of ships that are heard well, even ships that are heard are often missed.
    let kept = kept(w.others).map_or(1.0, |kept| (kept / kept_share).min(1.0));
    let missed = w.blocks.iter().map(|block| {
        let known = f64::from(block.covered) / f64::from(block.expected);
        let heard = own * kept * if block.expected > 0 { known } else { usual };
        let draws = f64::from(block.slots) * SLOT_H / params.correlation_h.max(BLOCK_H);
        draws * (1.0 - heard).max(MISSED_LEAST).ln()
    });
    let blocks = (f64::from(w.slots) / f64::from(BLOCK_SLOTS)).max(1.0);
    let counted = (1.0 + FURTHER * (blocks - 1.0)) / blocks;
    others.max((counted * missed.sum::<f64>()).exp())
}
