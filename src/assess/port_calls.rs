//! Calls at ports: stays in port, with the draught on arrival and on departure.
//!
//! In: stays. Out: the table of port calls; the ports before and after an encounter, and which draughts are those of the
//! calls. Rule: a stay is in port if the
//! ship lay still there, near a port's point and the shore or at a berth known from other ships; stays of one ship in
//! one port with only a short shift in between are one call.

use std::collections::BTreeMap;

use super::occasion::Occasion;
use super::particulars::{Ship, metres, set_place};
use super::period::Scope;
use super::places::{Places, Port};
use super::{Params, Window};
use crate::gazetteer::Ground;
use crate::model::quantity::MS_PER_HOUR;
use crate::model::{Facts, NavStatus, Row, Stay, Table, Timestamp, TrackId, schema};

/// The stays of each ship, by time.
pub(super) struct Calls<'a> {
    places: &'a Places<'a>,
    stays: BTreeMap<u32, Vec<&'a Stay>>,
    shift_ms: i64,
}

/// Stays in one port.
struct Call<'a> {
    stays: Vec<&'a Stay>,
    port: Port,
}

impl Call<'_> {
    fn track(&self) -> TrackId {
        self.stays[0].track
    }

    fn start(&self) -> Timestamp {
        self.stays[0].start
    }

    fn end(&self) -> Timestamp {
        self.stays[self.stays.len() - 1].end
    }
}

impl<'a> Calls<'a> {
    pub(super) fn new(facts: &'a Facts, places: &'a Places<'a>, params: &Params) -> Self {
        let mut stays: BTreeMap<u32, Vec<&Stay>> = BTreeMap::new();
        for stay in &facts.stays {
            stays.entry(stay.track.mmsi).or_default().push(stay);
        }
        for of_ship in stays.values_mut() {
            of_ship.sort_by_key(|s| (s.start, s.track));
        }
        Self {
            places,
            stays,
            shift_ms: (params.port_shift_h * MS_PER_HOUR as f64) as i64,
        }
    }

    fn of_ship(&self, mmsi: u32) -> &[&'a Stay] {
        self.stays.get(&mmsi).map_or(&[], Vec::as_slice)
    }

    /// The port that a ship left last before an instant.
    pub(super) fn last(&self, mmsi: u32, before: Timestamp, window: Window) -> Option<String> {
        let of_ship = self.of_ship(mmsi);
        of_ship[..of_ship.partition_point(|s| s.start < before)]
            .iter()
            .rev()
            .filter(|s| s.end < before && s.end >= window.from)
            .find_map(|s| self.places.port(s, window))
            .map(|port| port.name)
    }

    /// The port to which a ship went next after an instant, as far as that is known in the window.
    pub(super) fn next(&self, mmsi: u32, after: Timestamp, window: Window) -> Option<String> {
        let of_ship = self.of_ship(mmsi);
        let known_to = window.closed();
        of_ship[of_ship.partition_point(|s| s.start <= after)..]
            .iter()
            .take_while(|s| s.start < known_to)
            .find_map(|s| self.places.port(&s.as_of(known_to), window))
            .map(|port| port.name)
    }

    /// An event of a ship without the draughts that are those of calls, as far as they are known in the window: of the one in
    /// which it began, up to her departure, and of the one after it, from her arrival on.
    pub(super) fn aside(&self, event: Occasion, mmsi: u32, window: Window) -> Occasion {
        let known_to = window.closed();
        let of_ship = self.of_ship(mmsi);
        let later = of_ship.partition_point(|s| s.start < event.end);
        // She lay still there for some time before: a ship that comes alongside one at a berth lies still with it.
        let lay = |s: &&&Stay| s.end > event.start && s.still.is_some_and(|m| m.t <= event.start);
        let left = of_ship[..later]
            .iter()
            .filter(lay)
            .find(|s| self.places.port(&s.as_of(known_to), window).is_some())
            .map(|s| s.end.min(known_to));
        let next = of_ship[later..]
            .iter()
            .take_while(|s| s.start < known_to && s.start <= event.until)
            .find(|s| self.is_berthed(&s.as_of(known_to), window))
            .map(|s| s.start);
        event.between(left, next)
    }

    /// Whether a ship lay in a port or, wherever it was, moored through a tide.
    fn is_berthed(&self, stay: &Stay, window: Window) -> bool {
        let moored = || {
            let ground = self.places.ground(stay);
            ground.is_some_and(|(mark, ground)| {
                ground == Ground::Berth && mark.nav_status != Some(NavStatus::AT_ANCHOR)
            })
        };
        self.places.port(stay, window).is_some() || moored()
    }

    /// The calls of one ship.
    fn calls(&self, of_ship: &[&'a Stay], params: &Params) -> Vec<Call<'a>> {
        let mut calls: Vec<Call> = Vec::new();
        for stay in of_ship {
            let Some(port) = self.places.port(stay, params.window(stay.start, stay.end)) else {
                continue;
            };
            match calls.last_mut() {
                Some(call)
                    if call.track() == stay.track
                        && call.port.name == port.name
                        && stay.start.0 - call.end().0 <= self.shift_ms =>
                {
                    call.stays.push(stay);
                }
                _ => calls.push(Call {
                    stays: vec![stay],
                    port,
                }),
            }
        }
        calls
    }

    /// One row per call, by start and ship.
    pub(super) fn table(&self, facts: &Facts, scope: &Scope, params: &Params) -> Table {
        let mut calls: Vec<Call> = self
            .stays
            .values()
            .filter(|of_ship| of_ship.iter().any(|stay| scope.makes(Some(stay.end))))
            .flat_map(|of_ship| self.calls(of_ship, params))
            .filter(|call| scope.makes(Some(call.end())))
            .collect();
        calls.sort_by_key(|c| (c.start(), c.track()));
        let rows = calls
            .iter()
            .map(|call| self.row(call, facts, params))
            .collect();
        Table::new(&schema::PORT_CALLS, rows)
    }

    fn row(&self, call: &Call, facts: &Facts, params: &Params) -> Row {
        let (start, end) = (call.start(), call.end());
        let last = call.stays[call.stays.len() - 1];
        let joined_by = end.0 + self.shift_ms + params.closing_ms();
        let closed = last.closed && joined_by <= facts.complete_to.0;
        let window = params.window(start, end);
        let mmsi = call.track().mmsi;
        let draughts = Ship::of_track(facts, call.track()).draughts(window);
        let event = Occasion::new((start, end), params.volume.draught_early_h, window.until);
        let reading = draughts.around(&self.aside(event, mmsi, window));
        let mut row = Row::new(&schema::PORT_CALLS);
        row.set("event_id", call.stays[0].call_id().to_string())
            .set(
                "status",
                params.status(closed, end, facts.complete_to).name(),
            )
            .set("mmsi", mmsi)
            .set("port", call.port.name.as_str())
            .set("start", start)
            .set("end", end)
            .set("duration_h", end.hours_since(start))
            .set("draught_in_m", metres(reading.before_dm))
            .set("draught_out_m", metres(reading.after_dm));
        set_place(&mut row, call.port.place);
        row
    }
}
