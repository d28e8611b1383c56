//! Places as known at an event: the world's, and berths and anchorages learned from other ships.
//!
//! In: stays and encounters. Out: port, berth, anchorage of a place. Rules: what held a ship still through a tide is a
//! berth, where she swung is an anchorage; it takes several other ships to make it a known one. An event learns from
//! the whole UTC days within its window. A ship that is held near a port's point is in that port, whatever the
//! coastline says, which lacks moles and small islands; the shore is asked where nothing shows that she is held. At an
//! anchorage ships that were in an encounter meanwhile don't count, so that a lightering area isn't taken for one; a
//! berth needs no such care, since nothing at anchor lies still.

use std::collections::BTreeMap;
use std::ops::Range;

use super::{Params, Window, World};
use crate::gazetteer::{Ground, Learned, Lying};
use crate::model::{Encounter, Facts, LonLat, Mark, NavStatus, Row, Stay, Timestamp, UtcDay};

/// A ship whose heading ranged farther was not moored, degrees: in a calm ships at anchor yaw by 10 to 20.
const YAW_DEG: u16 = 20;
/// No quay or jetty is farther off the shore, kilometres: the longest pier, at Progreso, has six and a half.
const QUAY_KM: f64 = 10.0;

/// What is known of places.
pub(super) struct Places<'a> {
    pub(super) world: &'a World<'a>,
    learned: Learned,
    meetings: BTreeMap<u32, Vec<Met>>,
    params: &'a Params,
}

/// Where a ship called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Port {
    pub name: String,
    pub place: LonLat,
}

/// When a ship was in an encounter, and whether the other said that it was moored.
struct Met {
    start: Timestamp,
    end: Timestamp,
    moored: bool,
}

/// The encounters of each ship.
fn meetings(encounters: &[Encounter]) -> BTreeMap<u32, Vec<Met>> {
    let mut all: BTreeMap<u32, Vec<Met>> = BTreeMap::new();
    for e in encounters.iter().filter(|e| e.is_observed()) {
        for (track, other) in [(e.pair.first(), 1), (e.pair.second(), 0)] {
            all.entry(track.mmsi).or_default().push(Met {
                start: e.start,
                end: e.end,
                moored: e.nav_status[other] == Some(NavStatus::MOORED),
            });
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
            meetings: meetings(&facts.encounters),
            params,
        };
        for stay in &facts.stays {
            let Some((mark, ground)) = places.ground(stay) else {
                continue;
            };
            if ground == Ground::Berth || places.met(stay, mark.t).next().is_none() {
                places.learned.add(&Lying {
                    mmsi: stay.track.mmsi,
                    t: mark.t,
                    place: mark.place,
                    ground,
                });
            }
        }
        places
    }

    /// The encounters of a ship in a stay, up to an instant.
    fn met(&self, stay: &Stay, until: Timestamp) -> impl Iterator<Item = &Met> {
        let start = stay.start;
        let of_ship = self.meetings.get(&stay.track.mmsi).into_iter().flatten();
        of_ship.filter(move |met| met.start <= until && met.end >= start)
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
            // Heard seldom, a ship at anchor shows too few headings to be seen swinging.
            (Some(_), Some(NavStatus::AT_ANCHOR)) if self.world.shore_km(mark.place) > QUAY_KM => {
                false
            }
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

    /// The port at whose berth a ship lay, where the coastline shows none: held by her heading, and neither she nor a ship beside
    /// her lay at anchor by her word; in a steady wind a pair at anchor keeps its heading too. One without a heading says that
    /// she was moored, and was alone: alongside another at anchor she says so as well.
    fn port_of_held(&self, stay: &Stay) -> Option<&'static str> {
        let mark = stay.still_tide.filter(|m| self.is_held(*m))?;
        let held = match mark.turned_deg {
            Some(_) => {
                mark.nav_status != Some(NavStatus::AT_ANCHOR)
                    && self.met(stay, mark.t).all(|met| met.moored)
            }
            None => self.met(stay, mark.t).next().is_none(),
        };
        self.port_nearby(mark.place).filter(|_| held)
    }

    fn port_nearby(&self, place: LonLat) -> Option<&'static str> {
        let (port, m) = self.world.gazetteer.nearest_port(place)?;
        (m <= self.params.port_km * 1000.0).then_some(port.name)
    }

    pub(super) fn port_by_shore(&self, place: LonLat) -> Option<&'static str> {
        self.port_nearby(place)
            .filter(|_| self.world.shore_km(place) <= self.params.kind.berth_shore_km)
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
        let near = self
            .port_by_shore(place)
            .or_else(|| self.port_of_held(stay));
        let name = match near {
            Some(name) => name.to_owned(),
            None if self.is_known_berth(place, window, &[stay.track.mmsi]) => self
                .port_nearby(place)
                .map_or_else(|| format!("berth at {}", coordinates(place)), str::to_owned),
            None => return None,
        };
        Some(Port { name, place })
    }

    /// Writes the columns of places that the table has, of a place and whether a ship lay there in a port.
    pub(super) fn describe(
        &self,
        row: &mut Row,
        (place, lay_in_port): (LonLat, bool),
        t: Timestamp,
        window: Window,
        own: &[u32],
    ) {
        self.world.describe(row, place, t);
        // Anchorages reach close to the quays; a ship in port is not also at anchor.
        let in_port = lay_in_port || self.in_port(place, window, own);
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
