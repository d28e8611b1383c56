//! The case of an encounter.

use super::Scene;
use super::cells::{is_true, place};
use super::known::Span;
use super::party::Party;
use super::score::{Case, Excuse, Flag};
use crate::assess::draughts::change_dm;
use crate::gazetteer::ZoneKind;
use crate::model::text::in_words;
use crate::model::{Row, ShipCategory};

/// Below this ratio of lengths a partner is of another size.
const ODD_RATIO: f64 = 0.45;
/// A ship of this length or more carries cargoes that no coaster takes on by itself, metres.
const LARGE_M: f64 = 240.0;

pub(super) fn case(scene: &Scene, row: &Row) -> Option<Case> {
    let weights = &scene.params.risk;
    let span = Span::of(row, "start", "end", scene.known.data_end())?;
    let ships = [row.mmsi("mmsi_1")?, row.mmsi("mmsi_2")?];
    let parties = [0, 1].map(|i| {
        let track = row.text(["track_1", "track_2"][i]);
        scene.party(ships[i], span).of_track(track)
    });
    let within = Span {
        start: row.time("start_not_before").unwrap_or(span.start),
        end: row.time("end_not_after").unwrap_or(span.end),
    };
    let mut flags: Vec<Flag> = parties.iter().flat_map(|p| p.flags(Some(within))).collect();
    let at = place(row, "lat", "lon");
    let mut excuses = scene.place_excuses(row, at, span);
    if row.text("kind") == Some("sts_transfer") {
        flags.extend(at_sea(scene, row, span));
        flags.extend(repeated(scene, row, ships, span));
        flags.extend(odd_partner(scene, parties));
        flags.extend(same_draught(scene, row));
        let orders = [1, 2].map(|n| for_orders(scene, row, n, parties[n - 1]));
        flags.extend(orders.into_iter().flatten());
        if is_true(row, "local_night") {
            flags.push(Flag::new(weights.night, 1.0, "begun at night"));
        }
    } else if is_perhaps_cargo(row, parties) {
        // A coaster that takes a larger tanker's cargo looks like the bunker tanker that fuels her.
        flags.extend(at_sea(scene, row, span));
    } else {
        let kind = in_words(row.text("kind").unwrap_or("not judged"));
        let words = format!("the encounter is no transfer of cargo ({kind})");
        excuses.push(Excuse::new(weights.no_transfer, 1.0, words));
    }
    Some(Case { flags, excuses })
}

/// Whether a tanker lay beside a larger one and no draughts say which way the oil went.
fn is_perhaps_cargo(row: &Row, parties: [Party; 2]) -> bool {
    let are_tankers = parties.map(Party::category) == [Some(ShipCategory::Tanker); 2];
    let changes = [1, 2].map(|n| change_dm(row, n).unwrap_or(0));
    let told = changes[0] * changes[1] < 0;
    row.text("kind") == Some("bunkering") && are_tankers && !told
}

/// Far from shore and outside lightering zones; or where the law forbids it.
fn at_sea(scene: &Scene, row: &Row, span: Span) -> Vec<Flag> {
    let weights = &scene.params.risk;
    let zones = scene.zones(place(row, "lat", "lon"), span);
    let mut flags = Vec::new();
    if let Some(zone) = zones.prohibited {
        let words = format!("transfers are prohibited in {}", zone.name);
        flags.push(Flag::new(weights.prohibited_area, 1.0, words));
    }
    let far = row
        .number("distance_to_shore_km")
        .filter(|km| *km >= weights.offshore_km);
    if let (Some(km), None) = (far, zones.lawful()) {
        let words = match zones.zone.map(|zone| (zone.kind, &zone.name)) {
            _ if zones.prohibited.is_some() => {
                format!("transfer {km:.0} km off shore, in a prohibited zone")
            }
            Some((ZoneKind::Transfer, name)) => {
                format!("transfer {km:.0} km off shore in {name}, a zone reported for transfers")
            }
            _ => format!("transfer {km:.0} km off shore, outside known lightering zones"),
        };
        flags.push(Flag::new(weights.transfer_at_sea, 1.0, words));
    }
    flags
}

/// Further transfers of either ship; the other daughters of a raft are one transfer with this.
fn repeated(scene: &Scene, row: &Row, ships: [u32; 2], span: Span) -> Option<Flag> {
    let weights = &scene.params.risk;
    let (id, cluster) = (row.text("event_id")?, row.text("cluster_id"));
    let count = |ship: u32| {
        (scene.known.transfers(ship, span, weights.repeated_d))
            .filter(|m| m.id != id && (cluster.is_none() || m.cluster.as_deref() != cluster))
            .count()
    };
    let n = ships.map(count).into_iter().max().unwrap_or(0);
    let days = weights.repeated_d;
    let words = match n {
        0 => return None,
        1 => format!("another transfer of one of the ships in {days} days"),
        _ => format!("{n} other transfers of one of the ships in {days} days"),
    };
    // Three and more legs of one cargo are the pattern of the advisory of April 2025.
    Some(Flag::new(
        weights.repeated_transfer,
        n.min(2) as f64 / 2.0,
        words,
    ))
}

fn odd_partner(scene: &Scene, parties: [Party; 2]) -> Option<Flag> {
    let weight = scene.params.risk.odd_partner;
    let categories = parties.map(Party::category);
    let tanker = categories.contains(&Some(ShipCategory::Tanker));
    let other = categories
        .iter()
        .flatten()
        .any(|c| *c != ShipCategory::Tanker);
    if tanker && other {
        return Some(Flag::new(
            weight,
            1.0,
            "a tanker beside a ship that is none by its type",
        ));
    }
    if let [Some(a), Some(b)] = parties.map(Party::length_m)
        && a.max(b) >= LARGE_M
        && a.min(b) / a.max(b) < ODD_RATIO
    {
        let words = format!("ships of {:.0} and {:.0} m", a.max(b), a.min(b));
        return Some(Flag::new(weight, 1.0, words));
    }
    let unknown = categories.iter().filter(|c| c.is_none()).count();
    let words = match unknown {
        0 => return None,
        1 => "one ship never says what it is",
        _ => "neither ship ever says what it is",
    };
    Some(Flag::new(weight, unknown as f64 / 4.0, words))
}

/// Draughts that are sent again after the transfer, as they were before it.
fn same_draught(scene: &Scene, row: &Row) -> Option<Flag> {
    let said = [1, 2].into_iter().filter_map(|n| change_dm(row, n));
    let said: Vec<i32> = said.collect();
    let unchanged = !said.is_empty() && said.iter().all(|dm| *dm == 0);
    let words = match said.len() {
        2 => "neither ship's draught changes by 0.5 m or 5 %",
        _ => "the draught of the one ship that sends it doesn't change by 0.5 m or 5 %",
    };
    unchanged.then(|| {
        Flag::new(
            scene.params.risk.same_draught,
            said.len() as f64 / 2.0,
            words,
        )
    })
}

fn for_orders(scene: &Scene, row: &Row, n: usize, party: Party) -> Option<Flag> {
    let said = row.text(&format!("destination_{n}"))?.to_uppercase();
    let words = || format!("{} is bound for orders", party.called());
    // A word of its own: NORDERNEY is a harbour.
    let mut words_said = said.split(|c: char| !c.is_alphanumeric());
    let is_order = |word: &str| matches!(word, "ORDER" | "ORDERS" | "FORORDER" | "FORORDERS");
    words_said
        .any(is_order)
        .then(|| Flag::new(scene.params.risk.for_orders, 1.0, words()))
}
