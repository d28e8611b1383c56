//! Where an event lies.

use crate::gazetteer::{Gazetteer, SeaBand, Zones};
use crate::model::{LonLat, Row, Timestamp};

/// A ship within this distance of a port's point is in it, kilometres; the index gives one point a port.
const IN_PORT_KM: f64 = 5.0;

/// What is known of places.
pub struct World<'a> {
    /// Coast and ports.
    pub gazetteer: &'a Gazetteer,
    /// Transfer and lightering zones.
    pub zones: Zones,
}

impl World<'static> {
    /// What is built in.
    pub fn builtin() -> Self {
        Self {
            gazetteer: Gazetteer::builtin(),
            zones: Zones::builtin(),
        }
    }
}

impl World<'_> {
    /// Distance to the shore, kilometres; negative on land.
    pub(super) fn shore_km(&self, place: LonLat) -> f64 {
        self.gazetteer.shore_distance_m(place) / 1000.0
    }

    /// The port in which the place lies.
    pub(super) fn port_of(&self, place: LonLat) -> Option<&str> {
        let (port, m) = self.gazetteer.nearest_port(place)?;
        (m / 1000.0 <= IN_PORT_KM).then_some(port.name)
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
            .set_if("in_port", port_km.map(|km| km <= IN_PORT_KM))
            .set_if("zone", self.zones.at(place, t).map(|z| z.name.as_str()))
            .set_if("local_night", is_night(place, t));
    }
}

/// Whether it is 20 to 04 h by the mean local sun.
fn is_night(place: LonLat, t: Timestamp) -> bool {
    let utc_h = t.0.rem_euclid(86_400_000) as f64 / 3_600_000.0;
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
