//! The table of gaps.

use std::collections::BTreeMap;

use super::Params;
use super::gap::{Case, witness_of};
use super::otherwise::Otherwise;
use super::period::Scope;
use super::places::Places;
use super::rendezvous::Intentional;
use crate::geodesy::distance_m;
use crate::model::quantity::{METRES_PER_NAUTICAL_MILE, hours};
use crate::model::{Encounter, Facts, Gap, Row, Table, Timestamp, schema};

/// One row per gap, by start and ship; short ones only where others are heard well and nothing explains them. And
/// how likely each is meant, where that is known.
pub(super) fn table(
    facts: &Facts,
    scope: &Scope,
    places: &Places,
    params: &Params,
    otherwise: &Otherwise,
) -> (Table, Intentional) {
    let judged = facts
        .gaps
        .iter()
        .filter(|g| scope.judges(g.end.map(|end| end.t)));
    let mut gaps: Vec<&Gap> = judged.collect();
    gaps.sort_by_key(|g| (g.start.t, g.track));
    let mut of_ship: BTreeMap<u32, Vec<&Encounter>> = BTreeMap::new();
    for encounter in facts.encounters.iter().filter(|e| e.is_observed()) {
        for track in encounter.pair.tracks() {
            of_ship.entry(track.mmsi).or_default().push(encounter);
        }
    }
    let mut intentional = Intentional::new();
    let rows = gaps
        .into_iter()
        .filter_map(|gap| {
            let encounters = of_ship.get(&gap.track.mmsi);
            let row = row(
                gap,
                encounters.map_or(&[], Vec::as_slice),
                facts,
                places,
                params,
                otherwise,
            )?;
            if let Some(score) = row.number("intentional") {
                intentional.insert(gap.id(), score);
            }
            Some(row)
        })
        .collect();
    (Table::new(&schema::GAPS, rows), intentional)
}

fn row(
    gap: &Gap,
    encounters: &[&Encounter],
    facts: &Facts,
    places: &Places,
    params: &Params,
    otherwise: &Otherwise,
) -> Option<Row> {
    let data_end = facts.data_end();
    let end = gap.end.map(|e| e.t);
    let duration_h = end.unwrap_or(data_end).hours_since(gap.start.t);
    let heard = otherwise.of(gap);
    let case = Case {
        gap,
        witness: witness_of(facts, gap),
        heard: &heard,
        encounters,
        gaps: &facts.gaps,
        duration_h,
        lasting_h: hours(params.reception.lasting_ms()),
        min_others: params.reception.min_others,
        placed_ms: params.placed_s * 1000,
    };
    let judged = case.judge(places, &params.gap);
    let is_heard_well = judged
        .reception
        .is_some_and(|r| r >= params.gap.high_reception);
    let is_telling = judged
        .intentional
        .is_some_and(|i| i >= params.gap.unexplained);
    if gap.short && !(is_heard_well && is_telling) {
        return None;
    }
    // What others said meanwhile can come in later than the ship itself.
    let settle_ms = params.settle_d * crate::model::quantity::MS_PER_DAY;
    let known_at =
        |t: Timestamp| Timestamp(t.0 + (params.reception.settle_ms() - settle_ms).max(0));
    let closed_at = end.map_or(Timestamp::MAX, known_at);
    let mut row = Row::new(&schema::GAPS);
    row.set("event_id", gap.id().to_string())
        .set(
            "status",
            params
                .status(gap.closed, closed_at, facts.complete_to)
                .name(),
        )
        .set("mmsi", gap.track.mmsi)
        .set("track", gap.track.to_string())
        .set("start", gap.start.t)
        .set("end", end)
        .set("duration_h", duration_h)
        .set("start_lat", gap.start.place.lat())
        .set("start_lon", gap.start.place.lon())
        .set("reception", judged.reception)
        .set("explanation", judged.explanation.map(|e| e.name()))
        .set("intentional", judged.intentional)
        .set("reasons", judged.words.join("; "));
    places
        .world
        .describe(&mut row, gap.start.place, gap.start.t);
    if let Some(end) = gap.end {
        row.set("end_lat", end.place.lat())
            .set("end_lon", end.place.lon());
    }
    // Where the number is heard next while this track isn't: as far off as two ships are, or one with a false position.
    let next = gap.end.map(|end| (end.t, end.place)).or_else(|| {
        let far_m = params.identity.shared_apart_km * 1000.0;
        (heard.next()).filter(|(_, place)| distance_m(gap.start.place, *place) >= far_m)
    });
    if let Some((t, place)) = next {
        let way_m = distance_m(gap.start.place, place);
        row.set("distance_km", way_m / 1000.0).set(
            "implied_speed_kn",
            way_m / METRES_PER_NAUTICAL_MILE / t.hours_since(gap.start.t),
        );
    }
    Some(row)
}
