//! The tables of one ship a row: loitering, vessels.

use super::particulars::{Ship, metres, set_place};
use super::{Params, World};
use crate::model::quantity::METRES_PER_NAUTICAL_MILE;
use crate::model::{Facts, NavStatus, Row, SlowRun, Table, schema};

/// One row per slow run, by start and ship.
pub(super) fn loitering(facts: &Facts, world: &World, params: &Params) -> Table {
    let mut runs: Vec<&SlowRun> = facts.slow_runs.iter().collect();
    runs.sort_by_key(|r| (r.start, r.track));
    let rows = runs
        .into_iter()
        .map(|run| {
            let mut row = Row::new(&schema::LOITERING);
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
                .set("state", state(run));
            set_place(&mut row, run.place);
            world.describe(&mut row, run.place, run.start);
            row
        })
        .collect();
    Table::new(&schema::LOITERING, rows)
}

/// What most fixes say: a status, or a drift angle. Null where neither does.
fn state(run: &SlowRun) -> Option<&'static str> {
    let of = |status: NavStatus| run.nav_status[usize::from(status.code())];
    let adrift = run
        .crabbing_fixes
        .max(of(NavStatus::NOT_UNDER_COMMAND) + of(NavStatus::RESTRICTED));
    let counted = [
        (adrift, "adrift"),
        (of(NavStatus::AT_ANCHOR), "anchored"),
        (of(NavStatus::MOORED), "moored"),
    ];
    counted
        .into_iter()
        .filter(|(n, _)| 2 * n > run.fixes)
        .max_by_key(|(n, _)| *n)
        .map(|(_, name)| name)
}

/// One row per MMSI.
pub(super) fn vessels(facts: &Facts, params: &Params) -> Table {
    let rows = facts
        .vessels
        .iter()
        .map(|v| {
            let mut row = Row::new(&schema::VESSELS);
            let ship = Ship::new(facts, v.mmsi);
            let window = params.window(v.last, v.last);
            let last = |f: fn(&crate::model::StaticRecord) -> Option<u16>| {
                ship.history()?.as_of(window.from, window.until, f)
            };
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
                    ship.history().and_then(|h| {
                        h.as_of(window.from, window.until, |r| r.callsign.as_deref())
                    }),
                )
                .set("flag", ship.flag())
                .set("ship_type", ship.ship_type(window).map(|t| t.code()))
                .set("ais_class", v.class.map(|c| c.letter()))
                .set("length_m", metres(last(|r| r.length_dm)))
                .set("beam_m", metres(last(|r| r.beam_dm)))
                .set("draught_min_m", metres(draughts.iter().min().copied()))
                .set("draught_max_m", metres(draughts.iter().max().copied()))
                .set("tracks", v.tracks)
                .set("first_seen", v.first)
                .set("last_seen", v.last)
                .set("rows", v.rows as i64)
                .set("outliers", v.outliers as i64);
            row
        })
        .collect();
    Table::new(&schema::VESSELS, rows)
}
