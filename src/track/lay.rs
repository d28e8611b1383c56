//! Where a slow ship stayed.

use serde::{Deserialize, Serialize};

/// Where she stayed, of all places of a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Lay {
    pub ms: i64,
    /// Extremes relative to the first place of the stretch, 1e-7 degrees: west, south, east, north.
    pub bounds_e7: [i64; 4],
}

impl Lay {
    pub(super) fn at([lon, lat]: [i64; 2]) -> Self {
        Self {
            ms: 0,
            bounds_e7: [lon, lat, lon, lat],
        }
    }

    pub(super) fn moved(self, [lon, lat]: [i64; 2]) -> Self {
        let b = self.bounds_e7;
        Self {
            ms: self.ms,
            bounds_e7: [lon + b[0], lat + b[1], lon + b[2], lat + b[3]],
        }
    }

    /// The longer of two, the earlier of equal ones.
    pub(super) fn or_longer(self, later: Self) -> Self {
        if later.ms > self.ms { later } else { self }
    }
}
