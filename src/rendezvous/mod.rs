//! Where silent ships can have met: space-time prisms of gaps.
//!
//! In: silences with both ends (the last place before, the first after) and a speed that the ship can make;
//! the ways of others that waited. Out: for a wait, or for a silence, every silence whose ship can have been there long
//! enough, with the window of time and the place. Rule: a ship is at a place from `start + d0 / v` to
//! `end - d1 / v` at most, by great circles (the prism of time geography: Hägerstrand 1970, Miller 1991); two
//! meet where the window that lies inside both is longest, and one that was seen is met where it was when. An R*-tree
//! over place and time finds who is worth the arithmetic; it works on n-vectors, so it knows no antimeridian and no
//! poles.

mod overlap;
mod prism;
mod search;
mod way;

use serde::{Deserialize, Serialize};

pub use overlap::meet;
pub use prism::{Prism, Silence};
pub use search::{Meeting, Prisms};
pub use way::Way;

use crate::model::ParamError;
use crate::model::param::within;
use crate::model::quantity::{MS_PER_DAY, MS_PER_HOUR};

/// Parameters of dark rendezvous.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Params {
    /// Longest silence that is looked into, days.
    pub max_dark_d: i64,
    /// Least time that a transfer takes, hours.
    pub transfer_min_h: f64,
    /// Speed that a silent tanker can make, knots.
    pub tanker_kn: f64,
    /// Speed that a silent fishing vessel can make, knots.
    pub fishing_kn: f64,
    /// Least distance to the shore of a meeting, kilometres.
    pub offshore_km: f64,
    /// Most candidates of one slow run or gap that are reported.
    pub candidates: usize,
    /// Least confidence of a candidate that is reported.
    pub min_confidence: f64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            max_dark_d: 60,
            transfer_min_h: 3.0,
            tanker_kn: 16.0,
            fishing_kn: 12.0,
            offshore_km: 10.0,
            candidates: 10,
            min_confidence: 0.3,
        }
    }
}

impl Params {
    /// Holds every value to its range; of silences of more than `longest_d` nobody says what others told meanwhile.
    ///
    /// # Errors
    /// On the first value out of range.
    pub fn validate(&self, longest_d: i64) -> Result<(), ParamError> {
        within("max_dark_d", self.max_dark_d, 1..=longest_d)?;
        within("transfer_min_h", self.transfer_min_h, 0.5..=72.0)?;
        within("tanker_kn", self.tanker_kn, 1.0..=40.0)?;
        within("fishing_kn", self.fishing_kn, 1.0..=40.0)?;
        within("offshore_km", self.offshore_km, 0.0..=400.0)?;
        within("candidates", self.candidates, 1..=1000)?;
        within("min_confidence", self.min_confidence, 0.0..=1.0)
    }

    /// Longest silence, milliseconds.
    pub fn max_dark_ms(&self) -> i64 {
        self.max_dark_d * MS_PER_DAY
    }

    /// Least time of a transfer, milliseconds.
    pub fn transfer_min_ms(&self) -> i64 {
        (self.transfer_min_h * MS_PER_HOUR as f64) as i64
    }
}

#[cfg(test)]
mod tests;
