//! What other ships tell of a ship's silence: facts for the assessment of gaps.

use serde::{Deserialize, Serialize};

use super::{LonLat, Timestamp, TrackId};

/// Slots in a block of two hours. Archives keep a report an hour of a ship, or what a satellite hears when it passes: whether a
/// ship is heard in a block tells how well ships are heard, whether in a slot how seldom reports are kept.
pub const BLOCK_SLOTS: u32 = 12;
/// Blocks in a window of six hours.
pub const BLOCKS: usize = 3;

/// Ten-minute slots of ships that must have been within reach, and those of them with a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotCount {
    /// Slots that a ship's track spans.
    pub expected: u32,
    /// Those with a report.
    pub heard: u32,
    /// Those in blocks in which the ship has a report, in whichever of its slots that are counted.
    pub covered: u32,
    /// Ships, as far as they are counted.
    pub ships: u32,
}

impl SlotCount {
    /// Share heard; `None` of nothing.
    pub fn share(self) -> Option<f64> {
        self.of(self.heard)
    }

    /// Share of blocks in which ships were heard at all; `None` of nothing.
    pub fn covered_share(self) -> Option<f64> {
        self.of(self.covered)
    }

    fn of(self, part: u32) -> Option<f64> {
        (self.expected > 0).then(|| f64::from(part) / f64::from(self.expected))
    }
}

/// One block of a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockWitness {
    /// Slots of the silence in this block.
    pub slots: u32,
    /// Slots of the others that are looked at.
    pub expected: u32,
    /// Those of others of which anything was heard in the block.
    pub covered: u32,
}

/// What others did in those slots of one window of six hours in which the ship was silent, where it may have been.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct WindowWitness {
    /// Slots of the silence in this window.
    pub slots: u32,
    /// Slots of each other that are looked at: the same ones, or all 36 of the windows of a day around where too few others
    /// were about at the time.
    pub of_slots: u32,
    /// Others, in those slots.
    pub others: SlotCount,
    /// Expected slots of those others of which nothing was heard in them.
    pub silent: u32,
    /// The same, block by block.
    pub blocks: [BlockWitness; BLOCKS],
}

/// What is known of the reception around one gap, the ship itself left out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapWitness {
    /// Whose gap.
    pub track: TrackId,
    /// Its last fix before the silence.
    pub start: Timestamp,
    /// Along the great circle from the last to the first fix. While the gap is open, ahead on the course, or for two days at the
    /// place of a ship that made no way, in the slots since the last fix alone, with no others in the place of those that are
    /// missing.
    pub straight: Vec<WindowWitness>,
    /// Ahead of the last fix by its course and speed, and back from the first fix by its own, each until nobody else
    /// is expected; `None` for a ship that made no way.
    pub ahead: Option<Vec<WindowWitness>>,
    /// Slots after the last fix from which on, on that course, too few others are expected to tell.
    pub exit_slot: Option<u32>,
    /// Whether at that place nobody is, though enough others were heard at the last place before: the edge of what the
    /// data covers.
    pub exit_is_edge: bool,
    /// Where that course meets land: slots after the last fix, and the last place at sea. From then on `ahead` is there.
    /// Of a silence that is over also beyond the exit.
    pub landfall: Option<(u32, LonLat)>,
    /// Slots before the first fix up to which, on its course traced back, too few others are expected; `None` unless the
    /// ship was under way at both ends, faster than one adrift, and that course comes from the side to which the last one led.
    pub entry_slot: Option<u32>,
    /// Where that course, traced back, meets land: slots before the first fix, and the place at sea.
    pub departure: Option<(u32, LonLat)>,
    /// Whether either course lies on a waterway inland, which nobody can follow: it ends there as where too few are.
    pub on_waterway: bool,
    /// Slots of the silence in which the data has a hole: nobody was heard about either end, though ships are heard there
    /// all along, or nobody anywhere.
    pub hole_slots: u32,
    /// The ship's own slots in the two days before.
    pub own: SlotCount,
    /// Others in those slots, where the ship was.
    pub before: SlotCount,
    /// Others about the last fix in the day before it.
    pub usual: SlotCount,
}
