//! What is known of a ship as of an event.

use super::Window;
use crate::hull::Hull;
use crate::model::{
    Facts, Imo, LonLat, Mmsi, Row, ShipCategory, ShipType, StaticHistory, StaticRecord, Timestamp,
    Value,
};
use crate::registry::flag;

/// A ship, as seen from an event.
#[derive(Clone, Copy)]
pub(super) struct Ship<'a> {
    mmsi: u32,
    history: Option<&'a StaticHistory>,
}

impl<'a> Ship<'a> {
    pub(super) fn new(facts: &'a Facts, mmsi: u32) -> Self {
        Self {
            mmsi,
            history: facts.histories.get(&mmsi),
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

    /// Name as last sent by the end of the window.
    pub(super) fn name(self, window: Window) -> Option<&'a str> {
        self.history?
            .as_of(window.from, window.until, |r| r.name.as_deref())
    }

    /// IMO number with a valid check digit.
    pub(super) fn imo(self, window: Window) -> Option<u32> {
        self.history?.as_of(window.from, window.until, |r| {
            r.imo.and_then(Imo::new).map(Imo::number)
        })
    }

    /// Ship type.
    pub(super) fn ship_type(self, window: Window) -> Option<ShipType> {
        self.history?.as_of(window.from, window.until, |r| {
            r.ship_type.and_then(ShipType::new)
        })
    }

    /// The hull, as last described.
    pub(super) fn hull(self, window: Window) -> Option<Hull> {
        let tanker = self.ship_type(window).map(ShipType::category) == Some(ShipCategory::Tanker);
        let described = |r: &StaticRecord| Hull::from_record(r, tanker).map(|_| dimensions(r));
        let dimensions = self.history?.as_of(window.from, window.until, described)?;
        Hull::from_record(&dimensions, tanker)
    }

    /// Flag by the MMSI.
    pub(super) fn flag(self) -> Option<&'static str> {
        Mmsi::new(self.mmsi).and_then(flag).map(|f| f.alpha2)
    }

    /// Draught last received by `t`, decimetres.
    pub(super) fn draught_dm(self, from: Timestamp, t: Timestamp) -> Option<u16> {
        self.history?.as_of(from, t, |r| r.draught_dm)
    }

    /// Greatest draught received in the window, metres.
    pub(super) fn greatest_draught_m(self, window: Window) -> Option<f64> {
        let heard = self
            .history?
            .receptions(window.from, window.until, |r| r.draught_dm);
        let greatest = heard.into_iter().map(|(.., dm)| dm).max()?;
        Some(f64::from(greatest) / 10.0)
    }

    /// Draught that a contact left, decimetres: the first one received after its end, up to `until`, that differs
    /// from the one before its start; the same one if only that was received.
    ///
    /// Crews change the draught up to hours before or after the ships part, and again when the cargo moves on, so
    /// neither the last value inside the contact nor the last one of the next days will do.
    pub(super) fn draught_after_dm(
        self,
        from: Timestamp,
        start: Timestamp,
        end: Timestamp,
        until: Timestamp,
    ) -> Option<u16> {
        let before = self.draught_dm(from, start);
        let history = self.history?;
        let after = |accept: &dyn Fn(u16) -> bool| {
            history.first_after(end, until, |r| r.draught_dm.filter(|dm| accept(*dm)))
        };
        after(&|dm| Some(dm) != before)
            .or_else(|| after(&|_| true))
            .map(|(_, dm)| dm)
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
