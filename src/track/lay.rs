//! Where a slow ship stayed.

use serde::{Deserialize, Serialize};

use crate::geodesy::near_distance_m;
use crate::model::{Extent, LonLat};

/// Half the diagonal of a box about a place, metres.
pub(super) fn radius_m(extent: Extent, about: LonLat) -> f64 {
    let [south_west, north_east] = extent.corners(about);
    near_distance_m(south_west, north_east) / 2.0
}

/// Where she stayed, of all places of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Lay {
    pub ms: i64,
    /// About the first place of the stretch.
    pub extent: Extent,
}

impl Lay {
    pub(super) fn at(offset: [i64; 2]) -> Self {
        Self {
            ms: 0,
            extent: Extent::at(offset),
        }
    }

    pub(super) fn moved(self, offset: [i64; 2]) -> Self {
        Self {
            ms: self.ms,
            extent: self.extent.moved(offset),
        }
    }

    /// The longer of two, the earlier of equal ones.
    pub(super) fn or_longer(self, later: Self) -> Self {
        if later.ms > self.ms { later } else { self }
    }
}
