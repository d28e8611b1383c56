//! Parameters of volumes.

use serde::{Deserialize, Serialize};

use crate::model::ParamError;
use crate::model::param::within;

/// How volumes are estimated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Params {
    /// How long before the end of a contact a changed draught counts as the one that it left, hours.
    pub draught_early_h: i64,
    /// Standard deviation of a draught as typed, metres.
    pub draught_error_m: f64,
    /// Standard deviation of the weight behind a change of draught, as a share.
    pub hydrostatics_error: f64,
    /// Share of the smaller hull's capacity that is the best estimate without draughts.
    pub fill_share: f64,
    /// Deadweight of the smaller hull from which the cargo is taken for crude, tonnes.
    pub crude_from_dwt_t: f64,
    /// Hoses and unmooring: time alongside without pumping, hours.
    pub overhead_h: f64,
    /// Longest time after a transfer in which its taker's giving continues the chain, days.
    pub chain_d: i64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            draught_early_h: 3,
            draught_error_m: 0.05,
            hydrostatics_error: 0.04,
            fill_share: 0.6,
            crude_from_dwt_t: 80_000.0,
            overhead_h: 2.0,
            chain_d: 30,
        }
    }
}

impl Params {
    /// Holds every value to its range.
    ///
    /// # Errors
    /// On the first value out of range.
    pub fn validate(&self) -> Result<(), ParamError> {
        within("draught_early_h", self.draught_early_h, 0..=72)?;
        within("draught_error_m", self.draught_error_m, 0.01..=2.0)?;
        within("hydrostatics_error", self.hydrostatics_error, 0.001..=0.5)?;
        within("fill_share", self.fill_share, 0.01..=1.0)?;
        within("crude_from_dwt_t", self.crude_from_dwt_t, 0.0..=1e6)?;
        within("overhead_h", self.overhead_h, 0.0..=24.0)?;
        within("chain_d", self.chain_d, 0..=90)
    }
}
