//! Thresholds of findings about identities.

use serde::{Deserialize, Serialize};

use crate::model::ParamError;
use crate::model::param::within;

/// When an identity counts as false.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Params {
    /// Static reports of a value that make it more than a slip, within one day.
    pub min_messages: u32,
    /// Fixes that a track needs on the days that show something.
    pub min_fixes: u32,
    /// Turns of two tracks under one MMSI that make them two ships.
    pub shared_turns: u32,
    /// Distance below which two tracks of one MMSI may be one ship with wrong times, kilometres.
    pub shared_apart_km: f64,
    /// Distance that even two tracks over the same waters reach only as two ships, and least distance of a leap, kilometres.
    pub far_apart_km: f64,
    /// Longest pause between two MMSIs of one hull with one IMO number or call sign, hours.
    pub handover_max_h: f64,
    /// Longest pause where only the hull's dimensions and way agree, hours.
    pub handover_blind_h: f64,
    /// Time for which the new MMSI must be unheard before and the old one after, hours.
    pub handover_silence_h: f64,
    /// Change of length or beam that is no correction, share.
    pub size_change: f64,
    /// Distance to the nearest port up to which a place on land is a place in port, kilometres.
    pub port_clear_km: f64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            min_messages: 10,
            min_fixes: 10,
            shared_turns: 6,
            shared_apart_km: 5.0,
            far_apart_km: 50.0,
            handover_max_h: 24.0,
            handover_blind_h: 1.0,
            handover_silence_h: 2.0,
            size_change: 0.15,
            port_clear_km: 50.0,
        }
    }
}

impl Params {
    /// Holds every value to its range.
    ///
    /// # Errors
    /// On the first value out of range.
    pub fn validate(&self) -> Result<(), ParamError> {
        within("min_messages", self.min_messages, 2..=1000)?;
        within("min_fixes", self.min_fixes, 3..=1000)?;
        within("shared_turns", self.shared_turns, 3..=1000)?;
        within("shared_apart_km", self.shared_apart_km, 1.0..=500.0)?;
        within("far_apart_km", self.far_apart_km, 1.0..=5000.0)?;
        within("handover_max_h", self.handover_max_h, 0.1..=168.0)?;
        within("handover_blind_h", self.handover_blind_h, 0.1..=24.0)?;
        within("handover_silence_h", self.handover_silence_h, 0.5..=168.0)?;
        within("size_change", self.size_change, 0.01..=1.0)?;
        within("port_clear_km", self.port_clear_km, 0.0..=500.0)
    }
}
