//! The table of encounters.

use super::cluster::clusters;
use super::particulars::{Ship, metres, set_place};
use super::statistics::median;
use super::{Params, Window};
use crate::geodesy::{Plane, angle_between_deg};
use crate::model::quantity::{MS_PER_HOUR, hours};
use crate::model::{
    Encounter, EventId, Facts, LonLat, PairSample, Phase, Row, Table, Timestamp, schema,
};

/// An encounter that begins this close to the data's start, with nothing seen before, may be older, milliseconds.
const CENSORED_MS: i64 = 24 * MS_PER_HOUR;
/// Sigma and time to the nearest fix of samples that measure geometry, metres and seconds.
const SHARP: (f64, u16) = (50.0, 120);
/// Course stands in for a missing heading above this speed, knots.
const COURSE_VALID_KN: f64 = 1.0;

/// One row per encounter.
pub(super) fn table(facts: &Facts, params: &Params) -> Table {
    let clusters = clusters(&facts.encounters);
    let rows = facts
        .encounters
        .iter()
        .zip(clusters)
        .map(|(encounter, cluster)| row(encounter, cluster, facts, params))
        .collect();
    Table {
        schema: &schema::ENCOUNTERS,
        rows,
    }
}

fn in_contact(e: &Encounter) -> impl Iterator<Item = &PairSample> {
    e.evidence
        .iter()
        .filter(|s| s.phase == Phase::Contact)
        .map(|s| &s.sample)
}

/// Samples that measure geometry; all of them where none is sharp.
fn sharp(e: &Encounter) -> Vec<&PairSample> {
    let sharp: Vec<_> = in_contact(e)
        .filter(|s| s.sigma_m() <= SHARP.0 && s.nearest_s <= SHARP.1)
        .collect();
    if sharp.is_empty() {
        in_contact(e).collect()
    } else {
        sharp
    }
}

fn middle(s: &PairSample) -> LonLat {
    let plane = Plane::at(s.place[0]);
    let [e, n] = plane.to_m(s.place[1]);
    plane.to_place([e / 2.0, n / 2.0])
}

/// Heading of a party, or its course where it makes way.
fn direction_deg(s: &PairSample, party: usize) -> Option<f64> {
    s.heading_deg(party).or_else(|| {
        s.cog_deg(party)
            .filter(|_| s.sog_kn(party).is_some_and(|kn| kn > COURSE_VALID_KN))
    })
}

fn row(e: &Encounter, cluster: Option<EventId>, facts: &Facts, params: &Params) -> Row {
    let mut row = Row::new(&schema::ENCOUNTERS);
    let tracks = [e.pair.first(), e.pair.second()];
    let span = facts.span.unwrap_or((e.start, e.end));
    let start_censored = e.start_not_before.is_none() && e.start.0 - span.0.0 <= CENSORED_MS;
    let end_censored = e.end_not_after.is_none() && !e.closed;
    row.set("event_id", e.id().to_string())
        .set(
            "status",
            params.status(e.closed, e.end, facts.complete_to).name(),
        )
        .set("mmsi_1", tracks[0].mmsi)
        .set("mmsi_2", tracks[1].mmsi)
        .set("track_1", tracks[0].to_string())
        .set("track_2", tracks[1].to_string())
        .set("start", e.start)
        .set("end", e.end)
        .set("start_not_before", e.start_not_before)
        .set("end_not_after", e.end_not_after)
        .set("start_censored", start_censored)
        .set("end_censored", end_censored)
        .set("duration_h", e.end.hours_since(e.start))
        .set("observed_h", hours(e.observed_ms))
        .set("through_gap", e.contacts > 1)
        .set("cluster_id", cluster.map(|id| id.to_string()))
        .set(
            "relative_speed_kn",
            e.relative_speed_ckn.map(|v| f64::from(v) / 100.0),
        );
    geometry(&mut row, e);
    let window = params.window(e.start, e.end);
    for (party, track) in tracks.iter().enumerate() {
        let ship = Ship::new(facts, track.mmsi);
        describe(&mut row, party + 1, ship, e, window, params);
        row.set(
            &format!("ais_class_{}", party + 1),
            e.class[party].map(|c| c.letter()),
        )
        .set(
            &format!("nav_status_{}", party + 1),
            e.nav_status[party].map(|s| s.code()),
        );
    }
    row
}

fn geometry(row: &mut Row, e: &Encounter) {
    let contact: Vec<_> = in_contact(e).collect();
    if let Some(s) = contact.get(contact.len() / 2) {
        set_place(row, middle(s));
    }
    let sharp = sharp(e);
    let each = |f: &dyn Fn(&PairSample) -> Option<f64>| -> Vec<f64> {
        sharp.iter().filter_map(|s| f(s)).collect()
    };
    row.set(
        "antenna_distance_m",
        median(each(&|s| Some(s.separation_m()))),
    )
    .set(
        "heading_difference_deg",
        median(each(&|s| {
            Some(angle_between_deg(
                direction_deg(s, 0)?,
                direction_deg(s, 1)?,
            ))
        })),
    );
    let speeds = contact
        .iter()
        .flat_map(|s| [s.sog_kn(0), s.sog_kn(1)])
        .flatten()
        .collect();
    row.set("sog_kn", median(speeds));
}

fn describe(
    row: &mut Row,
    number: usize,
    ship: Ship,
    e: &Encounter,
    window: Window,
    params: &Params,
) {
    let mut set = |name: &str, value: crate::model::Value| {
        row.set(&name.replace('#', &number.to_string()), value);
    };
    let after = Timestamp(e.end.0 + params.draught_after_h * MS_PER_HOUR).min(window.until);
    set("name_#", ship.name(window).into());
    set("imo_#", ship.imo(window).into());
    set("flag_#", ship.flag().into());
    set(
        "ship_type_#",
        ship.ship_type(window).map(|t| t.code()).into(),
    );
    set("destination_#", ship.destination(window.from, e.end).into());
    set(
        "draught_before_#_m",
        metres(ship.draught_dm(window.from, e.start)),
    );
    set(
        "draught_after_#_m",
        metres(ship.draught_after_dm(window.from, e.start, e.end, after)),
    );
}
