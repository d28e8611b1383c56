//! Who can have taken part: ships and their draughts, and those that were silent.

use super::Intentional;
use super::company::SAYS_WITHIN_MS;
use crate::assess::across::Across;
use crate::assess::gap::{is_hole, witness_of};
use crate::assess::otherwise::Otherwise;
use crate::assess::particulars::Ship;
use crate::assess::spans::Span;
use crate::assess::world::IN_PORT_KM;
use crate::assess::{Params, Window, World};
use crate::geodesy::distance_m;
use crate::model::quantity::{METRES_PER_NAUTICAL_MILE, MS_PER_DAY, MS_PER_HOUR};
use crate::model::{Facts, Gap, ShipCategory, Timestamp};
use crate::rendezvous::Silence;

/// Ships of unknown type count from this length on, decimetres: the smallest coastal tankers.
const UNKNOWN_DM: u16 = 500;

/// What a ship could hand over or take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cargo {
    /// A tanker, or a ship of unknown type large enough for one.
    Oil,
    /// A fishing vessel.
    Catch,
    /// A cargo ship: refrigerated carriers report as such.
    Carrier,
}

impl Cargo {
    /// Whom a ship that waits for it waits for.
    pub(super) fn counterpart(self) -> Self {
        match self {
            Self::Oil => Self::Oil,
            Self::Catch => Self::Carrier,
            Self::Carrier => Self::Catch,
        }
    }
}

/// A ship in an event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side {
    pub mmsi: u32,
    pub cargo: Cargo,
    /// Whether it says what it is.
    pub named: bool,
    pub length_m: Option<f64>,
    /// A draught that changed and that nothing seen explains.
    pub draught: Option<Draught>,
}

impl Side {
    /// What was known of a ship by the end of an event.
    pub(super) fn new(
        facts: &Facts,
        mmsi: u32,
        start: Timestamp,
        end: Timestamp,
        p: &Params,
    ) -> Option<Self> {
        let ship = Ship::new(facts, mmsi);
        let window = Window {
            event: [start, end],
            from: Timestamp(start.0 - p.lookback_d * MS_PER_DAY),
            until: end,
            closed: end,
        };
        let category = ship.ship_type(window).map(|t| t.category());
        let length_dm = (ship.history()).and_then(|h| window.told(h, |r| r.length_dm));
        let cargo = match category {
            Some(ShipCategory::Tanker) => Cargo::Oil,
            Some(ShipCategory::Fishing) => Cargo::Catch,
            Some(ShipCategory::Cargo) => Cargo::Carrier,
            None if length_dm.is_some_and(|dm| dm >= UNKNOWN_DM) => Cargo::Oil,
            _ => return None,
        };
        Some(Self {
            mmsi,
            cargo,
            named: category.is_some(),
            length_m: length_dm.map(|dm| f64::from(dm) / 10.0),
            draught: None,
        })
    }

    /// The same with its draught across an event, a `silence` of its own or a wait.
    pub(super) fn with_draught(
        self,
        facts: &Facts,
        span: (Timestamp, Timestamp),
        port_h: f64,
        (across, silence): (&Across, bool),
        p: &Params,
    ) -> Self {
        Self {
            draught: self.draught_across(facts, span, port_h, (across, silence), p),
            ..self
        }
    }

    /// What it sent before an event and within `draught_after_h` after it, where that differs.
    fn draught_across(
        &self,
        facts: &Facts,
        (start, end): (Timestamp, Timestamp),
        port_h: f64,
        (across, silence): (&Across, bool),
        p: &Params,
    ) -> Option<Draught> {
        let after_ms = (p.settle_d * MS_PER_DAY).min(p.draught_after_h * MS_PER_HOUR);
        let until = Timestamp(end.0 + after_ms);
        let window = p.window(start, end);
        let draughts = Ship::new(facts, self.mmsi).draughts(window);
        let changed = across.changed(self.mmsi, (start, end), until, silence, &draughts, window);
        changed.map(|(before_dm, after_dm)| Draught {
            before_dm,
            after_dm,
            port_h,
        })
    }
}

/// A draught across an event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draught {
    pub before_dm: u16,
    pub after_dm: u16,
    /// Hours of way to the nearest port at least: there draughts change every day.
    pub port_h: f64,
}

/// Hours that a way takes, by its length.
pub(super) fn way_h(km: f64, speed_kn: f64) -> f64 {
    km * 1000.0 / METRES_PER_NAUTICAL_MILE / speed_kn
}

/// A ship that fell silent and was heard again.
pub(super) struct Silent<'a> {
    pub gap: &'a Gap,
    pub silence: Silence,
    pub side: Side,
    /// When its hull was heard all the same.
    pub heard: Vec<Span>,
    pub intentional: Option<f64>,
    /// Whether it was hardly moving at both ends.
    pub was_slow: bool,
}

impl Silent<'_> {
    pub(super) fn length_ms(&self) -> i64 {
        self.silence.end.0 - self.silence.start.0
    }
}

/// Silences in which a transfer can have taken place, by track and start.
pub(super) fn silents<'a>(
    facts: &'a Facts,
    world: &World,
    params: &Params,
    across: &Across,
    intentional: &Intentional,
    otherwise: &Otherwise,
) -> Vec<Silent<'a>> {
    /// Half a knot more than a ship makes that drifts or waits, in hundredths.
    const SLOW_CKN: u16 = 250;
    let p = &params.rendezvous;
    let lengths = p.transfer_min_ms()..=p.max_dark_ms();
    facts
        .gaps
        .iter()
        .filter(|gap| !gap.short)
        .filter_map(|gap| {
            let end = gap.end?;
            let length_ms = end.t.0 - gap.start.t.0;
            let length_h = length_ms as f64 / MS_PER_HOUR as f64;
            if !lengths.contains(&length_ms) || is_hole(witness_of(facts, gap), length_h) {
                return None;
            }
            let known = Timestamp(end.t.0 + SAYS_WITHIN_MS);
            let side = Side::new(facts, gap.track.mmsi, gap.start.t, known, params)?;
            let speed_kn = match side.cargo {
                Cargo::Oil => p.tanker_kn,
                Cargo::Catch => p.fishing_kn,
                // Carriers are looked for where they wait.
                Cargo::Carrier => return None,
            };
            let slow = |ckn: Option<u16>| ckn.is_some_and(|ckn| ckn < SLOW_CKN);
            let was_slow = slow(gap.start.sog_ckn) && slow(end.sog_ckn);
            // Out of hearing at a berth or in a roadstead, and heard again there.
            let in_port = |place| world.port_km(place).is_some_and(|km| km <= IN_PORT_KM);
            let stayed = distance_m(gap.start.place, end.place) < 2.0 * IN_PORT_KM * 1000.0;
            if stayed && in_port(gap.start.place) && in_port(end.place) {
                return None;
            }
            let port_h = |place| {
                let km = world.port_km(place).unwrap_or(f64::INFINITY);
                way_h(km, speed_kn)
            };
            let side = side.with_draught(
                facts,
                (gap.start.t, end.t),
                port_h(gap.start.place).min(port_h(end.place)),
                (across, true),
                params,
            );
            Some(Silent {
                gap,
                silence: Silence {
                    start: gap.start.t,
                    from: gap.start.place,
                    end: end.t,
                    to: end.place,
                    speed_kn,
                },
                side,
                heard: otherwise.of(gap).spans(),
                intentional: intentional.get(&gap.id()).copied(),
                was_slow,
            })
        })
        .collect()
}
