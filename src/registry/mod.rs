//! Vessel particulars: what an identity, a size or a register says of a ship.
//!
//! In: an MMSI, dimensions, a user's register, lists. Out: the flag state ([`flag`]), the tanker class by deadweight,
//! deadweight and hydrostatics by size ([`HullForm`]), what the tanks hold, barrels in a tonne, the lists that name a ship.
//! Rule: no network, no learning from data, the same answer always; an identity is a claim of the sender, nothing here is
//! proof; each estimate comes with its error, and length alone gives none.

mod capacity;
mod class;
pub mod flag;
mod hull_form;
mod lines;
mod list;
mod product;
pub mod watchlist;

pub use capacity::{cargo_capacity, fuel_tanks, tank_bbl};
pub use class::TankerClass;
pub use flag::{Flag, flag, flag_of_mid};
pub use hull_form::HullForm;
pub use list::{BadRow, Registered, Registry, RegistryError};
pub use product::{BBL_PER_M3, Product};
pub use watchlist::{Watchlist, WatchlistError, Watchlists};

/// A quantity with the interval that holds it in nine of ten cases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Least.
    pub low: f64,
    /// Best estimate.
    pub best: f64,
    /// Greatest.
    pub high: f64,
}

impl Band {
    /// A value that is known.
    pub fn exact(value: f64) -> Self {
        Self {
            low: value,
            best: value,
            high: value,
        }
    }

    /// All three times the same.
    pub fn times(self, factor: f64) -> Self {
        Self {
            low: self.low * factor,
            best: self.best * factor,
            high: self.high * factor,
        }
    }
}
