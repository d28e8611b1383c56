//! Places on the WGS 84 ellipsoid, as AIS gives them.

use serde::{Deserialize, Serialize};

/// Once around, 1e-7 degrees.
pub const TURN_E7: i64 = 3_600_000_000;

/// A place in units of 1e-7 degree (about a centimetre), so that equality is exact.
///
/// Invariants: longitude in [-180, 180), latitude in [-90, 90].
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default,
)]
pub struct LonLat {
    lon_e7: i32,
    lat_e7: i32,
}

impl LonLat {
    /// The place at these degrees; `None` outside [-180, 180] x [-90, 90] (180 becomes -180).
    pub fn from_degrees(lon: f64, lat: f64) -> Option<Self> {
        if !(-180.0..=180.0).contains(&lon) || !(-90.0..=90.0).contains(&lat) {
            return None;
        }
        let lon_e7 = (lon * 1e7).round() as i64;
        let lon_e7 = if lon_e7 == 1_800_000_000 {
            -1_800_000_000
        } else {
            lon_e7
        };
        Some(Self {
            lon_e7: lon_e7 as i32,
            lat_e7: (lat * 1e7).round() as i32,
        })
    }

    /// The place at degrees that arithmetic produced: longitude is wrapped, latitude clamped.
    pub fn from_degrees_wrapped(lon: f64, lat: f64) -> Self {
        let lon = (lon + 180.0).rem_euclid(360.0) - 180.0;
        Self::from_degrees(lon.clamp(-180.0, 180.0), lat.clamp(-90.0, 90.0)).unwrap_or_default()
    }

    /// The place with these packed coordinates (see [`Self::lon_e7`]), unchecked.
    pub fn from_e7(lon_e7: i32, lat_e7: i32) -> Self {
        Self { lon_e7, lat_e7 }
    }

    /// How far another place lies east and north, 1e-7 degrees; the shorter way around.
    pub fn offset_e7(self, to: Self) -> [i64; 2] {
        let lon = i64::from(to.lon_e7) - i64::from(self.lon_e7);
        let lon = (lon + TURN_E7 / 2).rem_euclid(TURN_E7) - TURN_E7 / 2;
        [lon, i64::from(to.lat_e7) - i64::from(self.lat_e7)]
    }

    /// The place that lies so far east and north, 1e-7 degrees.
    #[must_use]
    pub fn moved_e7(self, [lon, lat]: [i64; 2]) -> Self {
        Self::from_degrees_wrapped(self.lon() + lon as f64 / 1e7, self.lat() + lat as f64 / 1e7)
    }

    /// Longitude in 1e-7 degrees.
    pub fn lon_e7(self) -> i32 {
        self.lon_e7
    }

    /// Latitude in 1e-7 degrees.
    pub fn lat_e7(self) -> i32 {
        self.lat_e7
    }

    /// Longitude in degrees.
    pub fn lon(self) -> f64 {
        f64::from(self.lon_e7) / 1e7
    }

    /// Latitude in degrees.
    pub fn lat(self) -> f64 {
        f64::from(self.lat_e7) / 1e7
    }
}
