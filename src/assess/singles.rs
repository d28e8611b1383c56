//! The tables of one ship a row: loitering, vessels.

use super::particulars::{Ship, metres, set_place};
use super::period::Scope;
use super::places::Places;
use super::state::{State, is_in_port};
use super::volume::Carrier;
use super::{Params, World, lists};
use crate::model::quantity::METRES_PER_NAUTICAL_MILE;
use crate::model::{Facts, Mmsi, Row, ShipCategory, ShipType, SlowRun, Table, schema};

/// One row per slow run of a ship, by start and ship: what beacons and boats do is no loitering.
pub(super) fn loitering(facts: &Facts, scope: &Scope, places: &Places, params: &Params) -> Table {
    let runs = facts.slow_runs.iter();
    let is_ship =
        |run: &&SlowRun| Mmsi::new(run.track.mmsi).is_some_and(|mmsi| !mmsi.kind().is_no_ship());
    let mut runs: Vec<&SlowRun> = runs
        .filter(is_ship)
        .filter(|run| scope.makes(Some(run.end)))
        .filter(|run| !run.interrupted || is_waiting(run, facts, places, params))
        .collect();
    runs.sort_by_key(|r| (r.start, r.track));
    let rows = runs
        .into_iter()
        .map(|run| {
            let mut row = Row::new(&schema::LOITERING);
            let window = params.window(run.start, run.end);
            let duration_h = run.end.hours_since(run.start);
            let path_nm = run.path_dm as f64 / 10.0 / METRES_PER_NAUTICAL_MILE;
            row.set("event_id", run.id().to_string())
                .set(
                    "status",
                    params.status(run.closed, run.end, facts.complete_to).name(),
                )
                .set("mmsi", run.track.mmsi)
                .set("track", run.track.to_string())
                .set("start", run.start)
                .set("end", run.end)
                .set("duration_h", duration_h)
                .set(
                    "mean_speed_kn",
                    (duration_h > 0.0).then(|| path_nm / duration_h),
                )
                .set("drift_km", f64::from(run.drift_dm) / 10_000.0)
                .set("radius_m", f64::from(run.radius_dm) / 10.0)
                .set(
                    "state",
                    State::of(run, facts, places, window).map(State::name),
                );
            set_place(&mut row, run.place);
            let held = is_in_port(run, facts, places, window);
            places.describe(
                &mut row,
                (run.place, held),
                run.start,
                window,
                &[run.track.mmsi],
            );
            row
        })
        .collect();
    Table::new(&schema::LOITERING, rows)
}

/// Whether an interrupted drift is a wait: of a ship that says she carries cargo, adrift by all that tells. Those that tow, fish
/// or carry pilots go to and fro at their trade, and large trawlers without a type aren't rare.
fn is_waiting(run: &SlowRun, facts: &Facts, places: &Places, params: &Params) -> bool {
    let window = params.window(run.start, run.end);
    let category = Ship::of_track(facts, run.track)
        .ship_type(window)
        .map(ShipType::category);
    matches!(category, Some(ShipCategory::Tanker | ShipCategory::Cargo))
        && State::of(run, facts, places, window) == Some(State::Adrift)
}

/// One row per MMSI.
pub(super) fn vessels(facts: &Facts, scope: &Scope, world: &World, params: &Params) -> Table {
    let rows = facts
        .vessels
        .iter()
        .filter(|v| scope.describes(v))
        .map(|v| {
            let mut row = Row::new(&schema::VESSELS);
            let ship = Ship::new(facts, v.mmsi);
            let window = params.window(v.last, v.last);
            let carrier = Carrier::new(ship, window, &world.registry);
            let last =
                |f: fn(&crate::model::StaticRecord) -> Option<u16>| window.told(ship.history()?, f);
            let draughts = ship.history().map(|h| {
                h.receptions(window.from, window.until, |r| r.draught_dm)
                    .into_iter()
                    .map(|(_, _, _, dm)| dm)
                    .collect::<Vec<_>>()
            });
            let draughts = draughts.unwrap_or_default();
            row.set("mmsi", v.mmsi)
                .set("name", ship.name(window))
                .set("imo", ship.imo(window))
                .set(
                    "callsign",
                    ship.history()
                        .and_then(|h| window.told(h, |r| r.callsign.as_deref())),
                )
                .set("flag", ship.flag())
                .set("ship_type", ship.ship_type(window).map(|t| t.code()))
                .set("ais_class", v.class.map(|c| c.letter()))
                .set("length_m", metres(last(|r| r.length_dm)))
                .set("beam_m", metres(last(|r| r.beam_dm)))
                .set("draught_min_m", metres(draughts.iter().min().copied()))
                .set("draught_max_m", metres(draughts.iter().max().copied()))
                .set("class", carrier.class())
                .set("dwt_t", carrier.stated_dwt_t())
                .set("tracks", v.tracks)
                .set("first_seen", v.first)
                .set("last_seen", v.last)
                .set("rows", v.rows as i64)
                .set("outliers", v.outliers as i64)
                .set("watchlist", lists::words(world, ship, window));
            row
        })
        .collect();
    Table::new(&schema::VESSELS, rows)
}
