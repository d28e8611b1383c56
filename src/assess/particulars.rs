//! What is known of a ship as of an event: what she said most often about it.

use std::ops::RangeInclusive;

use super::Window;
use super::draughts::Draughts;
use super::identity::valid_imo;
use crate::hull::{Bridge, Hull};
use crate::model::{
    Facts, LonLat, Mmsi, Row, ShipCategory, ShipType, StaticHistory, StaticRecord, Timestamp,
    TrackId, Value,
};
use crate::registry::flag;

/// Length over beam of ships: 4.9 to 7.2 in published particulars of tankers of all sizes.
pub(super) const SLENDERNESS: RangeInclusive<f64> = 4.3..=8.2;
/// A draught of more than this share of the beam is no ship's: either is wrong. None of 119 tankers, freighters and passenger
/// ships heard in Danish waters on 26 April 2026 sent one, but 17 of 36 fishing vessels did, up to 0.7 of it.
const DEEPEST: f64 = 1.0 / 1.9;
/// No hull floats so light that she draws less than this share of her length: of tankers without cargo, ballast and stores one of
/// 171 m (9,070 of 57,646 t) draws some 2 m and one of 301 m (29,287 of 244,147 t) 2.7 m, of empty barges one of 76 m half a metre.
const SHALLOWEST: f64 = 0.005;
/// Of craft that aren't built to carry (tugs, trawlers, yachts): least length over beam, greatest share of draught.
const CRAFT: (f64, f64) = (2.0, 1.0);

/// A ship, as seen from an event.
#[derive(Clone, Copy)]
pub(super) struct Ship<'a> {
    mmsi: u32,
    history: Option<&'a StaticHistory>,
}

impl<'a> Ship<'a> {
    /// All that was said under a number.
    pub(super) fn new(facts: &'a Facts, mmsi: u32) -> Self {
        Self {
            mmsi,
            history: facts.histories.get(&mmsi),
        }
    }

    /// What was said by the hull of a track, where its number was another's too.
    pub(super) fn of_track(facts: &'a Facts, track: TrackId) -> Self {
        let of_number = Self::new(facts, track.mmsi);
        Self {
            history: facts.of_tracks.get(&track).or(of_number.history),
            ..of_number
        }
    }

    /// The MMSI.
    pub(super) fn mmsi(self) -> u32 {
        self.mmsi
    }

    /// The history, if the ship ever said anything.
    pub(super) fn history(self) -> Option<&'a StaticHistory> {
        self.history
    }

    /// Name.
    pub(super) fn name(self, window: Window) -> Option<&'a str> {
        window.told(self.history?, |r| r.name.as_deref())
    }

    /// IMO number that a ship can have.
    pub(super) fn imo(self, window: Window) -> Option<u32> {
        window.told(self.history?, valid_imo)
    }

    /// Ship type.
    pub(super) fn ship_type(self, window: Window) -> Option<ShipType> {
        window.told(self.history?, |r| r.ship_type.and_then(ShipType::new))
    }

    /// The hull, as described: her size, and the place of her antenna from those records of that size that tell it.
    pub(super) fn hull(self, window: Window) -> Option<Hull> {
        let bridge = Bridge::of(self.ship_type(window).map(ShipType::category));
        let history = self.history?;
        let hull = |r: &StaticRecord| Hull::from_record(r, bridge);
        let size_m = |h: Hull| [h.length_m, h.beam_m].map(|m| m.round() as u32);
        let antenna_m = |h: Hull| h.antenna_m.map(|from| from.map(|m| m as u32));
        let size = window.told(history, |r| hull(r).map(size_m))?;
        let sized = |r: &StaticRecord| hull(r).filter(|h| size_m(*h) == size);
        let antenna = window.told(history, |r| sized(r).and_then(antenna_m));
        let described = |r: &StaticRecord| {
            let own = sized(r)?;
            (antenna_m(own) == antenna).then(|| dimensions(r))
        };
        Hull::from_record(&window.told(history, described)?, bridge)
    }

    /// Flag by the MMSI.
    pub(super) fn flag(self) -> Option<&'static str> {
        Mmsi::new(self.mmsi).and_then(flag).map(|f| f.alpha2)
    }

    /// Length overall, metres: of the hull, or as described where the beam isn't known.
    pub(super) fn length_m(self, window: Window) -> Option<f64> {
        self.length_by_m(self.hull(window), window)
    }

    /// The same where the hull was asked for.
    fn length_by_m(self, hull: Option<Hull>, window: Window) -> Option<f64> {
        // Beams of ordinary ships, so that only the length decides whether a ship can have it.
        let ship = |length_m: f64| Hull::new(length_m, length_m / 7.0, Bridge::Anywhere);
        let described = |r: &StaticRecord| {
            let by_offsets = r.to_bow_m.zip(r.to_stern_m);
            let by_offsets = by_offsets.map(|(a, b)| 10 * (u32::from(a) + u32::from(b)));
            let lengths = [by_offsets, r.length_dm.map(u32::from)];
            let plausible = |dm: &u32| ship(f64::from(*dm) / 10.0).is_some();
            lengths.into_iter().flatten().find(plausible)
        };
        hull.map(|h| h.length_m).or_else(|| {
            let dm = window.told(self.history?, described)?;
            Some(f64::from(dm) / 10.0)
        })
    }

    /// The draughts that the ship can have by her size, metres; no bounds if that isn't known.
    fn possible_draughts_m(self, window: Window) -> RangeInclusive<f64> {
        use ShipCategory::{Cargo, Passenger, Tanker};
        let category = self.ship_type(window).map(ShipType::category);
        let (least_slenderness, share) = match category {
            None | Some(Tanker | Cargo | Passenger) => (SLENDERNESS.start(), DEEPEST),
            Some(_) => (&CRAFT.0, CRAFT.1),
        };
        // A beam that is too narrow for the length says nothing: one of both is wrong.
        let of_hull = |h: Hull| h.beam_m.max(h.length_m / SLENDERNESS.end());
        let hull = self.hull(window);
        let length_m = self.length_by_m(hull, window);
        let beam_m = hull
            .map(of_hull)
            .or(length_m.map(|m| m / least_slenderness));
        let deepest_m = beam_m.map_or(f64::INFINITY, |beam_m| share * beam_m);
        length_m.map_or(0.0, |m| SHALLOWEST * m)..=deepest_m
    }

    /// The draughts that the ship sent and can have had.
    pub(super) fn draughts(self, window: Window) -> Draughts {
        let of = |history| {
            let possible_m = self.possible_draughts_m(window);
            Draughts::new(history, window, self.imo(window), possible_m)
        };
        self.history.map(of).unwrap_or_default()
    }

    /// Destination last received by `t`.
    pub(super) fn destination(self, from: Timestamp, t: Timestamp) -> Option<&'a str> {
        self.history?.as_of(from, t, |r| r.destination.as_deref())
    }
}

/// The dimensions of a record alone.
fn dimensions(r: &StaticRecord) -> StaticRecord {
    StaticRecord {
        length_dm: r.length_dm,
        beam_dm: r.beam_dm,
        to_bow_m: r.to_bow_m,
        to_stern_m: r.to_stern_m,
        to_port_m: r.to_port_m,
        to_starboard_m: r.to_starboard_m,
        ..StaticRecord::default()
    }
}

/// Decimetres as metres.
pub(super) fn metres(dm: Option<u16>) -> Value {
    dm.map(|dm| f64::from(dm) / 10.0).into()
}

/// Writes a place into the columns `lat` and `lon`.
pub(super) fn set_place(row: &mut Row, place: LonLat) {
    row.set("lat", place.lat()).set("lon", place.lon());
}
