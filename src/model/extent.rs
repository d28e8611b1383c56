//! A box about a place.

use serde::{Deserialize, Serialize};

use super::LonLat;

/// How far a box reaches from a place, 1e-7 degrees: west, south, east, north.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Extent([i64; 4]);

impl Extent {
    /// The box that holds nothing but an offset (see [`LonLat::offset_e7`]).
    pub fn at([lon, lat]: [i64; 2]) -> Self {
        Self([lon, lat, lon, lat])
    }

    /// The box, about the place at 0 degrees both ways, that holds nothing but a place.
    pub fn of(place: LonLat) -> Self {
        Self::at([place.lon_e7(), place.lat_e7()].map(i64::from))
    }

    /// The smallest box that holds two.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        let ([a, b, c, d], [west, south, east, north]) = (self.0, other.0);
        Self([a.min(west), b.min(south), c.max(east), d.max(north)])
    }

    /// The smallest box that holds those of two that are known.
    pub fn joint(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        match (one, other) {
            (Some(one), Some(other)) => Some(one.with(other)),
            (one, other) => one.or(other),
        }
    }

    /// The same box seen from another place, from which this one's lies at an offset.
    #[must_use]
    pub fn moved(self, [lon, lat]: [i64; 2]) -> Self {
        let [west, south, east, north] = self.0;
        Self([lon + west, lat + south, lon + east, lat + north])
    }

    /// Whether two boxes about the same place have a place in common.
    pub fn touches(self, other: Self) -> bool {
        let ([a, b, c, d], [west, south, east, north]) = (self.0, other.0);
        a <= east && west <= c && b <= north && south <= d
    }

    /// Its middle, about a place.
    pub fn middle(self, about: LonLat) -> LonLat {
        let [west, south, east, north] = self.0;
        about.moved_e7([(west + east) / 2, (south + north) / 2])
    }

    /// Its corners in the south-west and in the north-east, about a place.
    pub fn corners(self, about: LonLat) -> [LonLat; 2] {
        let [west, south, east, north] = self.0;
        [[west, south], [east, north]].map(|corner| about.moved_e7(corner))
    }

    /// West, south, east, north, 1e-7 degrees.
    pub fn bounds_e7(self) -> [i64; 4] {
        self.0
    }
}
