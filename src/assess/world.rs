//! Where an event lies.

use std::path::PathBuf;

use crate::gazetteer::{Gazetteer, SeaBand, Zones, ZonesError};
use crate::model::quantity::{MS_PER_DAY, hours};
use crate::model::{LonLat, Row, Timestamp};
use crate::registry::{Registry, Watchlists};

/// A ship within this distance of a port's point is in it, kilometres; the index gives one point a port.
pub(super) const IN_PORT_KM: f64 = 5.0;

/// What is known of places and ships.
pub struct World<'a> {
    /// Coast and ports.
    pub gazetteer: &'a Gazetteer,
    /// Transfer and lightering zones.
    pub zones: Zones,
    /// The user's register of ships.
    pub registry: Registry,
    /// Lists of ships.
    pub watchlists: Watchlists,
}

impl World<'static> {
    /// What is built in.
    pub fn builtin() -> Self {
        Self {
            gazetteer: Gazetteer::builtin(),
            zones: Zones::builtin(),
            registry: Registry::default(),
            watchlists: Watchlists::builtin(),
        }
    }

    /// What is built in, with the zones of these GeoJSON files.
    ///
    /// # Errors
    /// If a file can't be read or has a feature that can't be used.
    pub fn with_zones(files: &[PathBuf]) -> Result<Self, ZonesError> {
        files.iter().try_fold(Self::builtin(), |world, file| {
            Ok(Self {
                zones: world.zones.with(Zones::from_geojson(file)?),
                ..world
            })
        })
    }
}

impl World<'_> {
    /// Distance to the shore, kilometres; negative on land.
    pub(super) fn shore_km(&self, place: LonLat) -> f64 {
        self.gazetteer.shore_distance_m(place) / 1000.0
    }

    /// Distance to the nearest port, kilometres.
    pub(super) fn port_km(&self, place: LonLat) -> Option<f64> {
        self.gazetteer.nearest_port(place).map(|(_, m)| m / 1000.0)
    }

    /// Writes the columns of places that the table has.
    pub(super) fn describe(&self, row: &mut Row, place: LonLat, t: Timestamp) {
        let shore_km = self.shore_km(place);
        let port = self.gazetteer.nearest_port(place);
        let port_km = port.map(|(_, m)| m / 1000.0);
        row.set_if("distance_to_shore_km", shore_km)
            .set_if("sea_band", SeaBand::at_distance_m(shore_km * 1000.0).name())
            .set_if("nearest_port", port.map(|(p, _)| p.name))
            .set_if("distance_to_port_km", port_km)
            .set_if("zone", self.zones.at(place, t).map(|z| z.name.as_str()))
            .set_if("local_night", is_night(place, t));
    }
}

/// Whether it is 20 to 04 h by the mean local sun.
fn is_night(place: LonLat, t: Timestamp) -> bool {
    let utc_h = hours(t.0.rem_euclid(MS_PER_DAY));
    let local_h = (utc_h + place.lon() / 15.0).rem_euclid(24.0);
    !(4.0..20.0).contains(&local_h)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn night_follows_the_sun() {
        let at = |lon: f64| LonLat::from_degrees(lon, 30.0).unwrap();
        let t = Timestamp::parse("2020-01-12T15:10").unwrap();
        assert!(is_night(at(124.0), t), "23:26 in the East China Sea");
        assert!(!is_night(at(-118.0), t));
        assert!(!is_night(at(0.0), t));
    }
}
