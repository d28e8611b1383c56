//! The cases of slow runs, gaps, inferred meetings and findings about identities.

use super::Scene;
use super::cells::place;
use super::known::{Silence, Span};
use super::party::weight_of;
use super::score::{Case, Flag};
use crate::model::text::in_words;
use crate::model::{Row, ShipCategory, Timestamp};

/// Adrift off shore for hours with nobody beside.
pub(super) fn loitering(scene: &Scene, row: &Row) -> Option<Case> {
    let weights = &scene.params.risk;
    let span = Span::of(row, "start", "end", scene.known.data_end())?;
    let ship = row.mmsi("mmsi")?;
    let party = scene.party(ship, span);
    let mut flags = party.flags(Some(span));
    let hours = row.number("duration_h")?;
    let far = row
        .number("distance_to_shore_km")
        .filter(|km| *km >= weights.offshore_km);
    let held = matches!(row.text("state"), Some("anchored" | "moored"));
    let carries = matches!(
        party.category(),
        None | Some(ShipCategory::Tanker | ShipCategory::Cargo)
    );
    if let Some(km) = far
        && hours >= weights.loitering_h
        && !held
        && carries
        && !scene.known.has_company(ship, span)
    {
        let words = format!("slow for {hours:.0} h {km:.0} km off shore, no partner seen");
        // Half for a ship that never says it carries cargo.
        let degree = if party.category().is_some() { 1.0 } else { 0.5 };
        flags.push(Flag::new(weights.lone_loitering, degree, words));
    }
    let excuses = scene.place_excuses(row, place(row, "lat", "lon"), span);
    Some(Case { flags, excuses })
}

/// What explains a silence takes its own flags away, and nothing from those of the ship.
pub(super) fn gap(scene: &Scene, row: &Row) -> Option<Case> {
    let silence = Silence::of(row, scene.known.data_end())?;
    let party = scene.party(row.mmsi("mmsi")?, silence.span);
    let mut flags = party.flags(None);
    flags.extend(party.silence(&silence, Timestamp::MAX));
    let start = silence.span.start;
    let began = Span { start, end: start };
    let excuses = scene.place_excuses(row, place(row, "start_lat", "start_lon"), began);
    Some(Case { flags, excuses })
}

/// As strong as the inference, divided among all that explain it as well; and what the more telling of its silences
/// says by itself.
pub(super) fn rendezvous(scene: &Scene, row: &Row) -> Option<Case> {
    let weights = &scene.params.risk;
    let span = Span::of(row, "window_start", "window_end", scene.known.data_end())?;
    let ships = ["mmsi_dark", "mmsi_partner"].map(|column| row.mmsi(column));
    let mut flags: Vec<Flag> = ships
        .into_iter()
        .flatten()
        .flat_map(|ship| scene.party(ship, span).flags(None))
        .collect();
    flags.extend(telling_silence(scene, row, ships));
    let others = row.number("alternatives").unwrap_or(0.0).max(0.0);
    let degree = row.number("confidence").unwrap_or(0.5) / (1.0 + others);
    let words = match (row.text("kind"), ships) {
        (Some("loiterer_alone"), _) | (_, [None, _]) => {
            "a slow run that nothing over by its end explains".to_owned()
        }
        _ => {
            let fit = match others as u64 {
                0 => "no other silence fits".to_owned(),
                1 => "1 other silence fits as well".to_owned(),
                n => format!("{n} other silences fit as well"),
            };
            format!("both can have been there unheard; {fit}")
        }
    };
    flags.push(Flag::new(weights.dark_rendezvous, degree, words));
    let excuses = scene.place_excuses(row, place(row, "lat", "lon"), span);
    Some(Case { flags, excuses })
}

/// The flags of the more telling one of a meeting's silences. Not of both: which two of many silent ships met is what nobody
/// knows, so a row of two isn't twice as grave as one of them.
fn telling_silence(scene: &Scene, row: &Row, ships: [Option<u32>; 2]) -> Vec<Flag> {
    let gaps = ["gap_id", "partner_event_id"].map(|column| row.text(column));
    let silences = ships.into_iter().zip(gaps).filter_map(|(ship, gap)| {
        let (ship, gap) = ship.zip(gap)?;
        let silence = scene.known.silence(ship, gap)?;
        let party = scene.party(ship, silence.span);
        Some(party.silence(silence, Timestamp::MAX))
    });
    let left = |flags: &[Flag]| flags.iter().map(|f| 1.0 - f.share).product::<f64>();
    let most = silences.min_by(|a, b| left(a).total_cmp(&left(b)));
    most.unwrap_or_default()
}

/// The finding itself, and what lists say of the ships.
pub(super) fn identity(scene: &Scene, row: &Row) -> Option<Case> {
    let weights = &scene.params.risk;
    let span = Span::of(row, "start", "end", scene.known.data_end())?;
    let ships = ["mmsi", "other_mmsi"].map(|column| row.mmsi(column));
    let mut flags: Vec<Flag> = ships
        .into_iter()
        .flatten()
        .flat_map(|ship| scene.party(ship, span).listed())
        .collect();
    let kind = row.text("kind").unwrap_or("anomaly");
    let words = in_words(kind);
    flags.push(Flag::new(weight_of(kind, weights), 1.0, words));
    Some(Case {
        flags,
        excuses: Vec::new(),
    })
}
