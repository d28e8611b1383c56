//! Thresholds of the judgement of kinds.

use serde::{Deserialize, Serialize};

use crate::model::ParamError;
use crate::model::param::within;

/// Thresholds of the judgement of kinds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Params {
    /// Gap of hulls up to which ships lie alongside, metres.
    pub alongside_gap_m: f64,
    /// Antenna distance up to which ships of unknown dimensions may lie alongside, metres.
    pub alongside_unknown_m: f64,
    /// Share of the moments that must be alongside.
    pub alongside_share: f64,
    /// Spread of the partner's place in the ship's frame up to which two hulls are tied together, metres.
    pub rigid_m: f64,
    /// Way that a pair must have made, or lie at anchor, for its rigidity to say something, metres.
    pub travelled_m: f64,
    /// The same for a turn, degrees.
    pub turned_deg: f64,
    /// Least possible duration of a transfer, hours.
    pub transfer_min_h: f64,
    /// Greatest movement of a ship at a berth, metres.
    pub berth_move_m: f64,
    /// Greatest turn of a ship at a berth, degrees.
    pub berth_turn_deg: f64,
    /// Distance to shore within which ships that hold still lie at a berth, kilometres.
    pub berth_shore_km: f64,
    /// Greatest length of a bunker tanker, metres.
    pub bunker_tanker_m: f64,
    /// Least length of a ship of unknown type that may carry cargo to transfer, metres.
    pub unknown_ship_m: f64,
    /// Speed from which a pair is under way, knots.
    pub under_way_kn: f64,
    /// Speed from which ships that are not alongside sail in company, knots.
    pub convoy_kn: f64,
    /// Speed from which no ships lie alongside to transfer cargo, knots.
    pub too_fast_kn: f64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            alongside_gap_m: 25.0,
            alongside_unknown_m: 100.0,
            alongside_share: 0.6,
            rigid_m: 60.0,
            travelled_m: 1000.0,
            turned_deg: 20.0,
            transfer_min_h: 2.0,
            berth_move_m: 60.0,
            berth_turn_deg: 6.0,
            berth_shore_km: 1.5,
            bunker_tanker_m: 130.0,
            unknown_ship_m: 50.0,
            under_way_kn: 1.0,
            convoy_kn: 2.0,
            too_fast_kn: 8.0,
        }
    }
}

impl Params {
    /// Holds every value to its range.
    ///
    /// # Errors
    /// On the first value out of range.
    pub fn validate(&self) -> Result<(), ParamError> {
        within("alongside_gap_m", self.alongside_gap_m, 1.0..=200.0)?;
        within("alongside_unknown_m", self.alongside_unknown_m, 1.0..=500.0)?;
        within("alongside_share", self.alongside_share, 0.1..=1.0)?;
        within("rigid_m", self.rigid_m, 1.0..=500.0)?;
        within("travelled_m", self.travelled_m, 0.0..=100_000.0)?;
        within("turned_deg", self.turned_deg, 0.0..=360.0)?;
        within("transfer_min_h", self.transfer_min_h, 0.0..=72.0)?;
        within("berth_move_m", self.berth_move_m, 0.0..=1000.0)?;
        within("berth_turn_deg", self.berth_turn_deg, 0.0..=180.0)?;
        within("berth_shore_km", self.berth_shore_km, 0.0..=50.0)?;
        within("bunker_tanker_m", self.bunker_tanker_m, 10.0..=400.0)?;
        within("unknown_ship_m", self.unknown_ship_m, 0.0..=400.0)?;
        within("under_way_kn", self.under_way_kn, 0.1..=10.0)?;
        within("convoy_kn", self.convoy_kn, 0.1..=30.0)?;
        within("too_fast_kn", self.too_fast_kn, 1.0..=60.0)
    }
}
