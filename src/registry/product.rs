//! What moves, and how many barrels are in a tonne of it.

/// Barrels in a cubic metre.
pub const BBL_PER_M3: f64 = 6.2898;

/// Deadweight of the largest product tankers (LR2), tonnes: above, hulls carry crude.
const LARGEST_LR2_T: f64 = 120e3;

/// A petroleum product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Product {
    /// Crude oil.
    Crude,
    /// Gasoil and diesel.
    Gasoil,
    /// Residual fuel oil.
    FuelOil,
}

impl Product {
    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Crude => "crude",
            Self::Gasoil => "gasoil",
            Self::FuelOil => "fuel_oil",
        }
    }

    /// Barrels in a tonne (BP Statistical Review 2021, approximate conversion factors).
    ///
    /// United Nations Statistics has 7.32 for crude, 7.23 for gasoil and 6.62 for residual fuel oil.
    pub fn bbl_per_t(self) -> f64 {
        match self {
            Self::Crude => 7.33,
            Self::Gasoil => 7.46,
            Self::FuelOil => 6.35,
        }
    }

    /// Density, tonnes in a cubic metre.
    pub fn t_per_m3(self) -> f64 {
        BBL_PER_M3 / self.bbl_per_t()
    }

    /// Standard deviation of the factor as a share of it, the product itself being a guess by the deadweight of the smaller
    /// hull.
    ///
    /// Crudes: 7.13 (Alaska North Slope) to 7.62 (United Nations resolution 2397); but hulls of an aframax's size are
    /// LR2 product tankers too, which carry gasoil (7.46) to gasoline (8.35). What isn't crude may be anything from
    /// fuel oil (6.35) to gasoline around gasoil. Bunkers: 6.35 to 6.91 for fuel oils, 7.46 for gasoil.
    pub fn doubt(self, dwt_t: f64) -> f64 {
        match self {
            Self::Crude if dwt_t < LARGEST_LR2_T => 0.06,
            Self::Crude => 0.02,
            Self::Gasoil => 0.08,
            Self::FuelOil => 0.05,
        }
    }
}
