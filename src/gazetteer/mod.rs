//! Where a place is: its distance from the shore, its band of the sea, the nearest port, named
//! zones, berths and anchorages learned from where ships lay.
//!
//! In: places. Out: metres, names, zones. Rule: land is that of Natural Earth 1:10m, embedded; distances
//! are great-circle distances on the sphere of [`crate::geodesy`], exact for that coastline, which itself
//! is generalised by about a kilometre and leaves out the smallest islands. Antimeridian and poles are
//! places like any other.

mod area;
mod coast;
mod inland;
mod learned;
mod outline;
mod ports;
mod raster;
mod zones;

use std::sync::OnceLock;

use crate::model::LonLat;
use crate::model::quantity::METRES_PER_NAUTICAL_MILE;
use crate::stage::Waters;

use coast::Coast;
use raster::Raster;

pub use area::{Area, AreaError};
pub use learned::{Ground, Learned, Lying};
pub use ports::Port;
pub use zones::{Confidence, Zone, ZoneKind, Zones, ZonesError};

/// Beyond this distance from the coast, in metres, a place counts as offshore: the coastline is off by
/// about a kilometre in places (generalisation of Natural Earth 1:10m, and 0.2 km of its grid), and berths,
/// moles and inner roads reach a few kilometres out.
pub const OFFSHORE_M: f64 = 5000.0;

/// A place farther than this from the coast, in metres, is deep inside land: beyond what a wrong coastline, a harbour
/// basin or a river mouth explains.
pub const INLAND_M: f64 = 10_000.0;

/// Bands of the sea by the limits of the law of the sea (UNCLOS articles 3, 33, 57).
///
/// Measured from the shore, not from the baselines of states (which may run far out), so a band says how
/// far out a place is, not whose waters it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SeaBand {
    /// Up to 12 nautical miles from shore (the breadth of the territorial sea), and on land.
    To12,
    /// 12 to 24 nautical miles (contiguous zone).
    To24,
    /// 24 to 200 nautical miles (exclusive economic zone).
    To200,
    /// Beyond 200 nautical miles.
    Beyond200,
}

impl SeaBand {
    /// The band at a signed distance from the shore in metres ([`Gazetteer::shore_distance_m`]).
    pub fn at_distance_m(distance_m: f64) -> Self {
        let miles = distance_m / METRES_PER_NAUTICAL_MILE;
        match miles {
            m if m < 12.0 => Self::To12,
            m if m < 24.0 => Self::To24,
            m if m < 200.0 => Self::To200,
            _ => Self::Beyond200,
        }
    }

    /// The name in tables: nautical miles from shore.
    pub fn name(self) -> &'static str {
        match self {
            Self::To12 => "0-12",
            Self::To24 => "12-24",
            Self::To200 => "24-200",
            Self::Beyond200 => "200+",
        }
    }
}

/// What is known of places, built in: the coastline of the world and its ports.
pub struct Gazetteer {
    coast: Coast,
    raster: Raster,
    ports: ports::Ports,
}

impl Gazetteer {
    /// The gazetteer, made from the embedded data at the first call.
    pub fn builtin() -> &'static Self {
        static BUILTIN: OnceLock<Gazetteer> = OnceLock::new();
        BUILTIN.get_or_init(|| {
            let coast = Coast::builtin();
            Self {
                raster: Raster::new(&coast, OFFSHORE_M, INLAND_M),
                coast,
                ports: ports::Ports::builtin(),
            }
        })
    }

    /// The embedded data: name and content of each file.
    pub fn files() -> [(&'static str, &'static [u8]); 3] {
        [
            ("land.bin", coast::LAND),
            ("ports.csv", ports::PORTS.as_bytes()),
            ("sts_zones.geojson", zones::ZONES.as_bytes()),
        ]
    }

    /// Land as rings of longitude and latitude in degrees, for drawing. Longitudes run on across the
    /// antimeridian, where some polygons are cut.
    pub fn land() -> Vec<Vec<[f64; 2]>> {
        coast::land()
    }

    /// Great-circle distance to the nearest coastline in metres; negative on land.
    pub fn shore_distance_m(&self, place: LonLat) -> f64 {
        let distance = self.coast.distance_m(place);
        if self.coast.on_land(place) {
            -distance
        } else {
            distance
        }
    }

    /// Whether the place is on land. Lakes and rivers are land here, so a ship on one is too; the Caspian
    /// Sea is sea.
    pub fn on_land(&self, place: LonLat) -> bool {
        self.coast.on_land(place)
    }

    /// Whether the place is at sea, more than [`OFFSHORE_M`] from the coast. Fast: a look into a raster
    /// nearly everywhere.
    pub fn offshore(&self, place: LonLat) -> bool {
        self.raster.offshore(&self.coast, place)
    }

    /// The nearest port, and the great-circle distance to it in metres. The place of a port is that of the
    /// World Port Index, to a minute of arc (up to about 1.5 km off).
    pub fn nearest_port(&self, place: LonLat) -> Option<(&Port, f64)> {
        self.ports.nearest(place)
    }
}

impl Waters for Gazetteer {
    fn offshore(&self, place: LonLat) -> Option<bool> {
        Some(self.offshore(place))
    }

    fn inland(&self, place: LonLat) -> bool {
        self.raster.inland(&self.coast, place) && !inland::has_ships(place)
    }

    fn on_land(&self, place: LonLat) -> bool {
        !self.offshore(place) && self.coast.on_land(place)
    }
}

#[cfg(test)]
mod tests;
