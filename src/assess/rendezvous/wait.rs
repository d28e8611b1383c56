//! Ships that waited: slow runs off shore and out of port, and where each ship was when.

use super::party::{Cargo, Draught, Side, way_h};
use crate::assess::across::Across;
use crate::assess::spans::{Span, length_ms, without};
use crate::assess::world::IN_PORT_KM;
use crate::assess::{Params, World};
use crate::gazetteer::ZoneKind;
use crate::model::{Facts, Gap, LonLat, NavStatus, SlowRun, Timestamp};
use crate::rendezvous::{Params as RendezvousParams, Way};

/// A carrier of catch waits on the high seas, not in a roadstead: 20 nautical miles off, where Global Fishing Watch
/// begins to count loitering; kilometres.
pub(super) const HIGH_SEAS_KM: f64 = 37.04;

/// How far off a place lies.
#[derive(Clone, Copy, Debug)]
struct Off {
    shore_km: f64,
    port_km: f64,
    /// Whether it is in a zone made or known for transfers of oil.
    in_zone: bool,
}

impl Off {
    fn new(world: &World, place: LonLat, (from, until): Span) -> Self {
        let for_oil = [ZoneKind::Lightering, ZoneKind::Transfer];
        let zones = world.zones.during(place, from, until);
        Self {
            shore_km: world.shore_km(place),
            port_km: world.port_km(place).unwrap_or(f64::INFINITY),
            in_zone: zones.iter().any(|zone| for_oil.contains(&zone.kind)),
        }
    }

    /// Whether a ship waits there for another, and not for a berth.
    fn is_open_sea(self, cargo: Cargo, p: &RendezvousParams) -> bool {
        let least_km = match cargo {
            Cargo::Carrier => HIGH_SEAS_KM.max(p.offshore_km),
            // Off Kalamata or Fujairah they wait in sight of the shore.
            Cargo::Oil if self.in_zone => 0.0,
            _ => p.offshore_km,
        };
        self.shore_km >= least_km && self.port_km > IN_PORT_KM
    }
}

/// Of a wait with nobody to be seen she must be heard for so much herself: else there are two silences.
const HEARD_SHARE: f64 = 0.5;

/// A ship that hardly moved for some hours.
pub(super) struct Waiting<'a> {
    pub run: &'a SlowRun,
    pub way: Way,
    side: Side,
    /// In the middle of the run.
    off: Off,
    /// Her own silences.
    unheard: Vec<Span>,
}

/// A ship that waited at a place for some time.
pub(super) struct Wait {
    pub side: Side,
    pub place: LonLat,
    pub span: (Timestamp, Timestamp),
    pub shore_km: f64,
}

impl Waiting<'_> {
    /// What it could hand over or take.
    pub(super) fn cargo(&self) -> Cargo {
        self.side.cargo
    }

    pub(super) fn span(&self) -> (Timestamp, Timestamp) {
        (self.run.start, self.run.end)
    }

    /// Whether she was heard for a fair share of a part of her wait.
    pub(super) fn is_heard(&self, span: Span) -> bool {
        let heard_ms = length_ms(&without(span, self.unheard.clone()));
        heard_ms as f64 >= HEARD_SHARE * (span.1.0 - span.0.0) as f64
    }

    /// Where it was half way through.
    pub(super) fn middle(&self) -> LonLat {
        middle(&self.way, self.run)
    }

    /// The same at a place of its way, for a part of its time; `None` where nobody waits for others.
    pub(super) fn at(
        &self,
        place: LonLat,
        span: (Timestamp, Timestamp),
        world: &World,
        params: &Params,
    ) -> Option<Wait> {
        let p = &params.rendezvous;
        let off = if self.way.is_at_rest() {
            self.off
        } else {
            Off::new(world, place, span)
        };
        let port_h = way_h(off.port_km, p.tanker_kn);
        off.is_open_sea(self.side.cargo, p).then(|| Wait {
            side: Side {
                draught: self.side.draught.map(|d| Draught { port_h, ..d }),
                ..self.side
            },
            place,
            span,
            shore_km: off.shore_km,
        })
    }
}

fn way(run: &SlowRun) -> Way {
    if run.way.is_empty() {
        Way::at_rest(run.place, run.start, run.end)
    } else {
        Way::new(&run.way)
    }
}

fn middle(way: &Way, run: &SlowRun) -> LonLat {
    let t = Timestamp(run.start.0 + (run.end.0 - run.start.0) / 2);
    way.at(t).unwrap_or(run.place)
}

/// The silences of a ship that overlap a slow run; one that isn't over goes on.
fn unheard(facts: &Facts, run: &SlowRun) -> Vec<Span> {
    Gap::of_track(&facts.gaps, run.track)
        .map(Gap::span)
        .filter(|(from, until)| *from < run.end && *until > run.start)
        .collect()
}

/// Slow runs of ships that can have waited for another, off shore and out of port.
pub(super) fn waitings<'a>(
    facts: &'a Facts,
    world: &World,
    params: &Params,
    across: &Across,
) -> Vec<Waiting<'a>> {
    let p = &params.rendezvous;
    facts
        .slow_runs
        .iter()
        // Who steams in between had nobody alongside for long.
        .filter(|run| !run.interrupted)
        .filter(|run| run.end.0 - run.start.0 >= p.transfer_min_ms())
        .filter(|run| 2 * run.nav_status_ms.of(NavStatus::MOORED) <= run.slow_ms)
        .filter_map(|run| {
            let side = Side::new(facts, run.track.mmsi, run.start, run.end, params)?;
            // A fishing vessel is slow because it fishes.
            if side.cargo == Cargo::Catch {
                return None;
            }
            let way = way(run);
            let off = Off::new(world, middle(&way, run), (run.start, run.end));
            // What drifts is asked at each place.
            if way.is_at_rest() && !off.is_open_sea(side.cargo, p) {
                return None;
            }
            let side = side.with_draught(
                facts,
                (run.start, run.end),
                way_h(off.port_km, p.tanker_kn),
                (across, false),
                params,
            );
            Some(Waiting {
                run,
                way,
                side,
                off,
                unheard: unheard(facts, run),
            })
        })
        .collect()
}
