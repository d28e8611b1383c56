//! What a ship can hold.

use super::{BBL_PER_M3, Band};

/// Cargo in tonnes of deadweight; the rest is bunkers, water and stores. Prestige 0.944, Braer 0.947.
const WEIGHT_SHARE: f64 = 0.95;
/// Share to which a tank is filled (common loading limit).
const FILL: f64 = 0.98;
/// Cubic metres of cargo tank for each tonne of deadweight. Seven published tankers (Watson 1998) have 1.07 to 1.26,
/// Exxon Valdez 1.095; the cargo with which Sea Empress' tanks were full agrees with 1.10.
const TANK_M3_PER_T: f64 = 1.10;

/// The cargo of this density (tonnes in a cubic metre) that a tanker of this deadweight (tonnes) can carry, tonnes: what
/// her marks allow, or for a light product what her tanks hold, whichever is less.
pub fn cargo_capacity(dwt: Band, t_per_m3: f64) -> Band {
    dwt.times(WEIGHT_SHARE.min(FILL * TANK_M3_PER_T * t_per_m3))
}

/// What the tanks of a tanker of this deadweight (tonnes) hold, barrels.
pub fn tank_bbl(dwt_t: f64) -> f64 {
    FILL * TANK_M3_PER_T * BBL_PER_M3 * dwt_t
}

/// The fuel that a ship of this length (metres) can bunker, tonnes. Best: the bunkers that the IWRAP risk engine of
/// the Danish Maritime Authority gives a ship of that length, 147.03 exp(0.012 L). Ships differ widely; double and
/// half of it bound it.
pub fn fuel_tanks(length_m: f64) -> Band {
    let best = 147.03 * (0.012 * length_m).exp();
    Band {
        low: best / 2.0,
        best,
        high: best * 2.0,
    }
}
