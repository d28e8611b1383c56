//! Places as known at an event: the world's, and berths and anchorages learned from other ships.
//!
//! In: stays and encounters. Out: port, berth, anchorage of a place. Rules: what held a ship still through a tide is
//! a berth, where she swung is an anchorage; it takes several other ships to make it a known one. An event learns
//! from the whole UTC days within its window. At an anchorage ships that were in an encounter meanwhile don't count,
//! so that a lightering area isn't taken for one; a berth needs no such care, since nothing at anchor lies still.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Params, Window, World};
use crate::gazetteer::{Ground, Learned, Lying};
use crate::model::{Encounter, Facts, LonLat, Mark, NavStatus, Row, Stay, Timestamp, UtcDay};

/// A ship whose heading ranged farther was not moored, degrees: in a calm ships at anchor yaw by 10 to 20.
const YAW_DEG: u16 = 20;
/// A ship that says she is moored, and lies still so near to a port's point, is in it, metres: points are given to a minute
/// of arc, 1.9 km, and the coastline leaves out islets and moles.
const POINT_M: f64 = 2000.0;

/// What is known of places.
pub(super) struct Places<'a> {
    pub(super) world: &'a World<'a>,
    learned: Learned,
    params: &'a Params,
}

/// Where a ship called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Port {
    pub name: String,
    pub place: LonLat,
}

/// When each ship was in an encounter.
fn meetings(encounters: &[Encounter]) -> BTreeMap<u32, Vec<(Timestamp, Timestamp)>> {
    let mut all: BTreeMap<u32, Vec<_>> = BTreeMap::new();
    for e in encounters.iter().filter(|e| e.is_observed()) {
        for track in [e.pair.first(), e.pair.second()] {
            all.entry(track.mmsi).or_default().push((e.start, e.end));
        }
    }
    all
}

/// `33.72N 118.17W`.
fn coordinates(place: LonLat) -> String {
    let (lat, lon) = (place.lat(), place.lon());
    format!(
        "{:.2}{} {:.2}{}",
        lat.abs(),
        if lat < 0.0 { 'S' } else { 'N' },
        lon.abs(),
        if lon < 0.0 { 'W' } else { 'E' }
    )
}

impl<'a> Places<'a> {
    pub(super) fn new(facts: &Facts, world: &'a World<'a>, params: &'a Params) -> Self {
        let mut places = Self {
            world,
            learned: Learned::new(params.known_place_ships),
            params,
        };
        let meetings = meetings(&facts.encounters);
        for stay in &facts.stays {
            let Some((mark, ground)) = places.ground(stay) else {
                continue;
            };
            let mmsi = stay.track.mmsi;
            let met = meetings.get(&mmsi).is_some_and(|spans| {
                let during =
                    |span: &(Timestamp, Timestamp)| span.0 <= mark.t && span.1 >= stay.start;
                spans.iter().any(during)
            });
            if ground == Ground::Berth || !met {
                places.learned.add(&Lying {
                    mmsi,
                    t: mark.t,
                    place: mark.place,
                    ground,
                });
            }
        }
        places
    }

    /// At what a ship lay, and since when that is known; `None` where her motion doesn't say.
    pub(super) fn ground(&self, stay: &Stay) -> Option<(Mark, Ground)> {
        if let Some(mark) = stay.still_tide
            && self.is_held(mark)
        {
            return Some((mark, Ground::Berth));
        }
        let at_anchor = |m: &Mark| m.nav_status == Some(NavStatus::AT_ANCHOR);
        let turned = |m: &Mark| m.turned_deg.is_some_and(|deg| deg > YAW_DEG);
        let swung = stay.swung.filter(|m| at_anchor(m) || turned(m));
        // On a short scope a ship at anchor stays in a berth's room; her heading, if it is known, turns there.
        let headed = |m: &Mark| m.turned_deg.is_some() && at_anchor(m);
        let short = stay.still_tide.filter(|m| headed(m) || turned(m));
        // The earlier mark, so that a later one changes nothing.
        let mark = swung.into_iter().chain(short).min_by_key(|m| m.t)?;
        Some((mark, Ground::Anchorage))
    }

    /// Whether a ship that lay still for a tide kept her heading; without one, whether she says that she is moored, or
    /// lay in a port and doesn't say that she was at anchor.
    fn is_held(&self, mark: Mark) -> bool {
        match (mark.turned_deg, mark.nav_status) {
            (Some(deg), _) => f64::from(deg) <= self.params.kind.berth_turn_deg,
            (None, Some(NavStatus::MOORED)) => true,
            (None, Some(NavStatus::AT_ANCHOR)) => false,
            (None, _) => self.port_by_shore(mark.place).is_some(),
        }
    }

    fn knows(&self, ground: Ground, place: LonLat, window: Window, own: &[u32]) -> bool {
        let ships = self.learned.ships(ground, place, days(window), own);
        ships >= self.params.known_place_ships
    }

    /// The known anchorage at a place.
    pub(super) fn anchorage(&self, place: LonLat, window: Window, own: &[u32]) -> Option<String> {
        self.knows(Ground::Anchorage, place, window, own)
            .then(|| format!("anchorage at {}", coordinates(place)))
    }

    /// Whether other ships lay at a berth there.
    pub(super) fn is_known_berth(&self, place: LonLat, window: Window, own: &[u32]) -> bool {
        self.knows(Ground::Berth, place, window, own)
    }

    /// Whether a place lies in a port: at a known berth, or near a port's point and the shore.
    fn in_port(&self, place: LonLat, window: Window, own: &[u32]) -> bool {
        self.port_by_shore(place).is_some() || self.is_known_berth(place, window, own)
    }

    fn port_nearby(&self, place: LonLat) -> Option<&'static str> {
        let (port, m) = self.world.gazetteer.nearest_port(place)?;
        (m <= self.params.port_km * 1000.0).then_some(port.name)
    }

    pub(super) fn port_by_shore(&self, place: LonLat) -> Option<&'static str> {
        self.port_nearby(place)
            .filter(|_| self.world.shore_km(place) <= self.params.kind.berth_shore_km)
    }

    /// The port at whose point a ship lay that says she was moored, however far off the shore of the maps is.
    fn port_by_point(&self, mark: Mark) -> Option<&'static str> {
        let (port, m) = self.world.gazetteer.nearest_port(mark.place)?;
        (mark.nav_status == Some(NavStatus::MOORED) && m <= POINT_M).then_some(port.name)
    }

    /// The port in which a ship stayed, as known in a window. She must have lain still; at anchor off a port she is
    /// not in it.
    pub(super) fn port(&self, stay: &Stay, window: Window) -> Option<Port> {
        let mark = stay.still_tide.or(stay.still)?;
        let held = stay.still_tide.is_some_and(|m| self.is_held(m));
        let at_anchor = mark.nav_status == Some(NavStatus::AT_ANCHOR)
            || mark.turned_deg.is_some_and(|deg| deg > YAW_DEG)
            || self
                .ground(stay)
                .is_some_and(|(_, g)| g == Ground::Anchorage);
        if at_anchor && !held {
            return None;
        }
        let place = mark.place;
        let by_point = || self.port_by_point(mark);
        let name = match self.port_by_shore(place).or_else(by_point) {
            Some(name) => name.to_owned(),
            None if self.is_known_berth(place, window, &[stay.track.mmsi]) => self
                .port_nearby(place)
                .map_or_else(|| format!("berth at {}", coordinates(place)), str::to_owned),
            None => return None,
        };
        Some(Port { name, place })
    }

    /// Writes the columns of places that the table has.
    pub(super) fn describe(
        &self,
        row: &mut Row,
        place: LonLat,
        t: Timestamp,
        window: Window,
        own: &[u32],
    ) {
        self.world.describe(row, place, t);
        // Roads reach to a mile or two from the quays: who lies at those isn't at anchor.
        let in_port = self.in_port(place, window, own);
        let anchorage = self.anchorage(place, window, own).filter(|_| !in_port);
        row.set_if("in_port", in_port)
            .set_if("anchorage", anchorage);
    }
}

/// The whole UTC days of a window of which everything is known at its end.
fn days(window: Window) -> Range<UtcDay> {
    let first = UtcDay(window.from.day().0 + 1);
    first..window.closed().day()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::TrackId;

    #[test]
    fn a_moored_ship_at_a_ports_point_is_in_it_whatever_the_map_of_the_coast_says() {
        let (facts, world, params) = (Facts::default(), World::builtin(), Params::default());
        let places = Places::new(&facts, &world, &params);
        let lies = |lon: f64, lat: f64, nav_status: u8| {
            let mark = Mark {
                t: Timestamp(3_600_000),
                place: LonLat::from_degrees(lon, lat).unwrap(),
                turned_deg: Some(0),
                nav_status: NavStatus::new(nav_status),
            };
            let stay = Stay {
                track: TrackId {
                    mmsi: 1,
                    start: Timestamp(0),
                },
                start: Timestamp(0),
                end: mark.t,
                closed: true,
                drifted: false,
                still: Some(mark),
                still_tide: None,
                swung: None,
            };
            let port = places.port(&stay, params.window(stay.start, stay.end));
            port.map(|port| port.name)
        };
        // Canaport's point is 2.7 km off the built-in coast, and Aasiaat's 3.1.
        assert_eq!(
            lies(-65.9833, 45.2, 5).as_deref(),
            Some("Canaport (St. John)")
        );
        assert_eq!(lies(-52.8667, 68.71, 5).as_deref(), Some("Aasiaat"));
        assert_eq!(
            lies(-65.9833, 45.2, 0),
            None,
            "who doesn't say so may be waiting"
        );
        assert_eq!(lies(-65.9833, 45.2, 1), None, "at anchor");
        assert_eq!(lies(-65.9833, 45.17, 5), None, "two miles off");
    }
}
