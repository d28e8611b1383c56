//! Risk: what to review first, and why. Not a probability of guilt.
//!
//! In: finished rows of all tables, what ships said of themselves, lists. Out: the columns `risk` and `reasons`. Rule: flags
//! are facts, each with a documented weight; lawful reasons lower the number; a flag that can't be worked out, because a
//! table or column is empty, says nothing. A row reads what was over by its own end, within the window of the
//! assessment.

mod cells;
mod encounter;
mod known;
mod params;
mod party;
mod score;
mod silence;
mod single;
#[cfg(test)]
mod tests;

use std::iter;

pub use params::Params;
use rayon::prelude::*;

use super::World;
use super::across::Across;
use super::period::Scope;
use super::world::IN_PORT_KM;
use crate::gazetteer::{Zone, ZoneKind};
use crate::model::{Facts, LonLat, Row, Table};
use cells::is_true;
use known::{Known, Span};
use party::Party;
use score::{Case, Excuse};

/// Begins the reasons of the risk: a cell that began with a sign would be a formula to a spreadsheet.
const HEAD: &str = "risk";

/// All that a row may be judged by.
struct Scene<'a> {
    facts: &'a Facts,
    world: &'a World<'a>,
    params: &'a super::Params,
    known: &'a Known,
    across: &'a Across<'a>,
}

/// What the zones say of a place during an event.
#[derive(Clone, Copy, Default)]
struct Zoned<'a> {
    /// The zone that counts when it begins.
    zone: Option<&'a Zone>,
    /// The first that prohibits transfers there before it ends, if any does: however large it is, and whatever else holds the
    /// place.
    prohibited: Option<&'a Zone>,
}

impl<'a> Zoned<'a> {
    /// The zone that makes waiting and transfers there ordinary.
    fn lawful(self) -> Option<&'a Zone> {
        let lawful = |zone: &&Zone| matches!(zone.kind, ZoneKind::Lightering | ZoneKind::Anchorage);
        self.zone
            .filter(lawful)
            .filter(|_| self.prohibited.is_none())
    }
}

/// Fills the columns `risk` and `reasons` of the tables that have them, in the rows that are asked for.
pub(super) fn fill(
    tables: &mut [Table],
    scope: &Scope,
    facts: &Facts,
    world: &World,
    params: &super::Params,
    across: &Across,
) {
    let known = Known::new(tables, facts);
    let scene = Scene {
        facts,
        world,
        params,
        known: &known,
        across,
    };
    for table in tables {
        let judge: fn(&Scene, &Row) -> Option<Case> = match table.schema.name {
            "encounters" => encounter::case,
            "loitering" => single::loitering,
            "gaps" => single::gap,
            "rendezvous" => single::rendezvous,
            "identity" => single::identity,
            _ => continue,
        };
        let rows = table.rows_mut().par_iter_mut();
        rows.filter(|row| scope.keeps(row)).for_each(|row| {
            if let Some(case) = judge(&scene, row) {
                write(row, &case);
            }
        });
    }
}

/// What stands in `reasons` already comes first, then the risk's own after a bar.
fn write(row: &mut Row, case: &Case) {
    row.set("risk", case.risk());
    let Some(reasons) = case.reasons() else {
        return;
    };
    let reasons = match row.text("reasons") {
        Some(before) => format!("{before} | {HEAD}: {reasons}"),
        None => format!("{HEAD}: {reasons}"),
    };
    row.set_if("reasons", reasons);
}

impl Scene<'_> {
    fn party(&self, mmsi: u32, span: Span) -> Party<'_> {
        Party::new(self, mmsi, span)
    }

    fn zones(&self, place: Option<LonLat>, span: Span) -> Zoned<'_> {
        let Some(place) = place else {
            return Zoned::default();
        };
        let zones = &self.world.zones;
        Zoned {
            zone: zones.at(place, span.start),
            prohibited: (zones.during(place, span.start, span.end).into_iter())
                .find(|zone| zone.kind == ZoneKind::Prohibited),
        }
    }

    /// What the place excuses.
    fn place_excuses(&self, row: &Row, place: Option<LonLat>, span: Span) -> Vec<Excuse> {
        let weights = &self.params.risk;
        let zone = self.zones(place, span).lawful().map(|zone| {
            let weight = match zone.kind {
                ZoneKind::Lightering => weights.lightering_zone,
                _ => weights.anchorage,
            };
            Excuse::new(weight, 1.0, format!("inside {}", zone.name))
        });
        let port_km = row
            .number("distance_to_port_km")
            .filter(|km| *km <= IN_PORT_KM);
        let words = match port_km {
            Some(km) => {
                let name = row.text("nearest_port").unwrap_or("a port");
                Some(format!("{km:.1} km from {name}"))
            }
            None => is_true(row, "in_port").then(|| "in port".to_owned()),
        };
        let port = words.map(|words| Excuse::new(weights.in_port, 1.0, words));
        iter::empty().chain(zone).chain(port).collect()
    }
}
