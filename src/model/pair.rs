//! Measurements of two ships, as the slot stage hands them on.

use serde::{Deserialize, Serialize};

use super::{AisClass, Encounter, LonLat, NavStatus, PairKey, Timestamp};

/// Both ships of a pair at one instant. Index 0 is the ship of the smaller MMSI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PairSample {
    /// When; the time of a real fix of one of the two.
    pub t: Timestamp,
    /// Where the antennas are.
    pub place: [LonLat; 2],
    /// Speeds over ground, hundredths of a knot.
    pub sog_ckn: [Option<u16>; 2],
    /// Courses over ground, hundredths of a degree.
    pub cog_cdeg: [Option<u16>; 2],
    /// True headings, hundredths of a degree.
    pub heading_cdeg: [Option<u16>; 2],
    /// Navigational status.
    pub nav_status: [Option<NavStatus>; 2],
    /// Transponder class.
    pub class: [Option<AisClass>; 2],
    /// One standard deviation of the place of the ship that had no fix at `t`, decimetres.
    pub sigma_dm: u16,
    /// Seconds from `t` to that ship's nearest fix.
    pub nearest_s: u16,
    /// Whether that ship was heard both before and after `t`, within the longest bracket; else its place is reckoned
    /// from one side.
    pub held: bool,
    /// Whether that ship was heard before `t`, and whether after it, near enough in time to place her there.
    pub sides: [bool; 2],
    /// Distance between the antennas, decimetres.
    pub separation_dm: u32,
}

impl PairSample {
    /// Distance between the antennas, metres.
    pub fn separation_m(&self) -> f64 {
        f64::from(self.separation_dm) / 10.0
    }

    /// Standard deviation of that distance, metres.
    pub fn sigma_m(&self) -> f64 {
        f64::from(self.sigma_dm) / 10.0
    }

    /// Whether the two are more than `limit_m` apart, beyond two sigmas of doubt.
    pub fn is_beyond(&self, limit_m: f64) -> bool {
        self.separation_m() - 2.0 * self.sigma_m() > limit_m
    }

    /// Speed over ground of a party, knots.
    pub fn sog_kn(&self, party: usize) -> Option<f64> {
        self.sog_ckn[party].map(|v| f64::from(v) / 100.0)
    }

    /// Course over ground of a party, degrees.
    pub fn cog_deg(&self, party: usize) -> Option<f64> {
        self.cog_cdeg[party].map(|v| f64::from(v) / 100.0)
    }

    /// True heading of a party, degrees.
    pub fn heading_deg(&self, party: usize) -> Option<f64> {
        self.heading_cdeg[party].map(|v| f64::from(v) / 100.0)
    }
}

/// What went before the first slot in which a pair was close.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// Samples of the slots before, by time.
    pub approach: Vec<PairSample>,
    /// The last time before at which the two were seen apart.
    pub apart_before: Option<Timestamp>,
}

/// One pair in one slot: measured because the two are close, or were a while ago.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairSlot {
    /// Who.
    pub pair: PairKey,
    /// Number of the slot on the grid that is anchored to the epoch.
    pub slot: i64,
    /// Set in the slot in which the pair begins to be followed.
    pub opening: Option<Opening>,
    /// Samples by time; never empty.
    pub samples: Vec<PairSample>,
}

/// What the slot stage hands to the pair stage.
#[derive(Clone, Debug, Default)]
pub struct PairBatch {
    /// By pair, then slot.
    pub slots: Vec<PairSlot>,
    /// Pairs that kept company though they were heard at different hours.
    pub company: Vec<Encounter>,
    /// Every slot that ends by this instant has been measured.
    pub complete_to: Timestamp,
}
