//! What a vessel says of itself: static reports, and when a day heard them.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Extent, LonLat, Receptions, Timestamp, UtcDay};

/// What a vessel said of itself, all at once. Lengths in decimetres, so that equality is exact.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct StaticRecord {
    /// IMO number as sent, check digit not tested; 0 is `None`.
    pub imo: Option<u32>,
    /// Ship name, trimmed, without `@`.
    pub name: Option<String>,
    /// Radio call sign.
    pub callsign: Option<String>,
    /// AIS ship type, 1 to 99.
    pub ship_type: Option<u8>,
    /// Overall length, decimetres.
    pub length_dm: Option<u16>,
    /// Beam, decimetres.
    pub beam_dm: Option<u16>,
    /// Antenna to bow (A), metres.
    pub to_bow_m: Option<u16>,
    /// Antenna to stern (B), metres.
    pub to_stern_m: Option<u16>,
    /// Antenna to port side (C), metres.
    pub to_port_m: Option<u16>,
    /// Antenna to starboard side (D), metres.
    pub to_starboard_m: Option<u16>,
    /// Maximum present static draught, decimetres.
    pub draught_dm: Option<u16>,
    /// Destination as typed by the crew.
    pub destination: Option<String>,
}

impl StaticRecord {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// When within one UTC day something was received, how often, and where its sender was. Two of a day add up in any order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Seen {
    /// First reception that day.
    pub first: Timestamp,
    /// Last reception that day.
    pub last: Timestamp,
    /// How often it was received; never, where a register says it and not the ship.
    pub heard: Receptions,
    /// The box, about the place at 0 degrees both ways, that holds the positions with which it came; `None` if it came with none.
    pub area: Option<Extent>,
}

impl Seen {
    /// Once, with a position or without.
    pub fn once(t: Timestamp, place: Option<LonLat>) -> Self {
        Self {
            first: t,
            last: t,
            heard: Receptions::at(t),
            area: place.map(Extent::of),
        }
    }

    /// As often as a ship says it from one instant to another of the same day, without a position.
    pub fn between(first: Timestamp, last: Timestamp) -> Self {
        Self {
            first,
            last,
            heard: Receptions::between(first, last),
            area: None,
        }
    }

    /// The day.
    pub fn day(&self) -> UtcDay {
        self.first.day()
    }

    /// Takes in what was received of the same on the same day.
    pub fn merge(&mut self, other: &Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.heard.merge(other.heard);
        self.area = Extent::joint(self.area, other.area);
    }
}

/// One static record of one vessel within one UTC day.
///
/// Spans of equal `(mmsi, day, record)` add up in any order, so what is known of a vessel doesn't depend on how its rows
/// were cut or ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StaticSpan {
    /// The vessel.
    pub mmsi: u32,
    /// What it said.
    pub record: StaticRecord,
    /// When, how often and where.
    pub seen: Seen,
}

impl PartialOrd for StaticSpan {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// By vessel and first reception.
impl Ord for StaticSpan {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.mmsi, self.seen.first, &self.record, &self.seen).cmp(&(
            other.mmsi,
            other.seen.first,
            &other.record,
            &other.seen,
        ))
    }
}
