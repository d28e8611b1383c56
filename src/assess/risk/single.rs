//! The cases of slow runs, gaps, inferred meetings and findings about identities.

use super::Scene;
use super::cells::place;
use super::known::{Silence, Span};
use super::party::weight_of;
use super::score::{Case, Excuse, Flag};
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
    let excuses = scene.place_excuses(row, place(row, "lat", "lon"), span.start);
    Some(Case { flags, excuses })
}

pub(super) fn gap(scene: &Scene, row: &Row) -> Option<Case> {
    let weights = &scene.params.risk;
    let silence = Silence::of(row, scene.known.data_end())?;
    let party = scene.party(row.mmsi("mmsi")?, silence.span);
    let mut flags = party.flags(None);
    flags.extend(party.silence(&silence, Timestamp::MAX));
    let mut excuses = scene.place_excuses(
        row,
        place(row, "start_lat", "start_lon"),
        silence.span.start,
    );
    // What explains a silence doesn't explain a speed.
    if let Some(why) = silence
        .explanation
        .as_deref()
        .filter(|why| *why != "unexplained" && party.odd_speed(&silence).is_none())
    {
        let words = format!("explained: {}", in_words(why));
        excuses.push(Excuse::new(weights.explained, 1.0, words));
    }
    // `intentional` has the reception in it already.
    if let (Some(heard), None) = (silence.reception, silence.intentional) {
        let words = format!("only {:.0} % of others are heard there", 100.0 * heard);
        let degree = (1.0 - 2.0 * heard).clamp(0.0, 1.0);
        excuses.push(Excuse::new(weights.poor_reception, degree, words));
    }
    Some(Case { flags, excuses })
}

/// As strong as the inference, divided among all that explain it as well.
pub(super) fn rendezvous(scene: &Scene, row: &Row) -> Option<Case> {
    let weights = &scene.params.risk;
    let span = Span::of(row, "window_start", "window_end", scene.known.data_end())?;
    let ships = ["mmsi_dark", "mmsi_partner"].map(|column| row.mmsi(column));
    let mut flags: Vec<Flag> = ships
        .into_iter()
        .flatten()
        .flat_map(|ship| scene.party(ship, span).flags(None))
        .collect();
    let others = row.number("alternatives").unwrap_or(0.0).max(0.0);
    let degree = row.number("confidence").unwrap_or(0.5) / (1.0 + others);
    let words = match (row.text("kind"), ships) {
        (Some("loiterer_alone"), _) | (_, [None, _]) => {
            "a slow run that nothing explains".to_owned()
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
    let excuses = scene.place_excuses(row, place(row, "lat", "lon"), span.start);
    Some(Case { flags, excuses })
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
