//! The table of encounters.

use std::collections::BTreeSet;

use super::cluster::clusters;
use super::company;
use super::geometry::{Geometry, Stretch};
use super::kind::{Judgement, Kind, Party, Scene, judge};
use super::occasion::Reading;
use super::particulars::{Ship, metres, set_place};
use super::period::Scope;
use super::places::Places;
use super::port_calls::Calls;
use super::raft::{Judged, mothers};
use super::series::{Series, Sources};
use super::trust::Trusted;
use super::volume::{self, Carrier};
use super::{Params, Window, lists};
use crate::hull::Hull;
use crate::model::quantity::{MS_PER_HOUR, hours};
use crate::model::{
    AisClass, Encounter, EventId, Facts, Row, ShipCategory, Table, Timestamp, TrackId, UtcDay,
    Value, schema,
};

/// An encounter that begins this close to the data's start, with nothing seen before, may be older, milliseconds.
const CENSORED_MS: i64 = 24 * MS_PER_HOUR;

/// Dimensions that contradict each other take this from the confidence.
const DISTRUST: f64 = 0.1;

/// No tanker of 100 GT, from which on ships have IMO numbers, is shorter, metres.
const LAUNCH_M: f64 = 20.0;

/// What rows are made from.
struct Judge<'a> {
    sources: Sources<'a>,
    places: &'a Places<'a>,
    /// On which any ship was heard.
    days: BTreeSet<UtcDay>,
}

/// One row per encounter that is judged; of those that only others refer to, who, when and what.
pub(super) fn table(
    facts: &Facts,
    scope: &Scope,
    places: &Places,
    calls: &Calls,
    params: &Params,
) -> Table {
    let judge = Judge {
        sources: Sources {
            facts,
            calls,
            params,
        },
        places,
        days: facts.presence.days.iter().map(|d| d.day).collect(),
    };
    let clusters = clusters(&facts.encounters);
    let encounters: Vec<(&Encounter, Option<EventId>)> = facts
        .encounters
        .iter()
        .zip(clusters)
        .filter(|(encounter, _)| scope.judges(Some(encounter.end)))
        .collect();
    let row = |i: usize, readings| {
        let (e, cluster) = encounters[i];
        judge.row(e, cluster, scope.makes(Some(e.end)), readings)
    };
    let (mut rows, mut judged): (Vec<Row>, Vec<Judged>) =
        (0..encounters.len()).map(|i| row(i, None)).unzip();
    let series = Series::new(&judged, &mothers(&judged));
    let kind = |e: &Encounter, window: Window| judge.kind(e, window);
    let anew: Vec<(usize, [Reading; 2])> = (0..judged.len())
        .filter_map(|i| Some((i, series.readings(i, &judge.sources, &kind)?)))
        .collect();
    for (i, readings) in anew {
        (rows[i], judged[i]) = row(i, Some(readings));
    }
    let mothers = mothers(&judged);
    for ((row, judged), mother) in rows.iter_mut().zip(&mut judged).zip(mothers) {
        if let Some(mother) = mother {
            judged.kind = Kind::Other;
            row.set("kind", Kind::Other.name())
                .set("role_1", Value::Null)
                .set("role_2", Value::Null)
                .set(
                    "reasons",
                    format!("both lie alongside {mother:09}, each nearer to it than to the other"),
                );
        }
    }
    volume::fill(&mut rows, &judged, facts, places.world, params);
    Table::new(&schema::ENCOUNTERS, rows)
}

/// How far the positions of both ships leapt to where they met, kilometres, the shorter leap: each track began within a day before
/// the meeting, while its number was heard where no ship can have come from. Of one ship alone it may be a second hull under the number.
fn leapt_km(facts: &Facts, e: &Encounter, least_km: f64) -> Option<f64> {
    let leap_km = |track: TrackId| {
        let rivalries = facts.presence.rivalries.iter();
        rivalries
            .filter(|r| r.other == track && r.first.t <= e.end)
            .map(|r| f64::from(r.least_dm) / 10_000.0)
            .find(|km| *km >= least_km)
    };
    let tracks = e.pair.tracks();
    if tracks
        .iter()
        .any(|track| e.start.hours_since(track.start) > 24.0)
    {
        return None;
    }
    Some(leap_km(tracks[0])?.min(leap_km(tracks[1])?))
}

/// Whether a tanker can't be as small as she says: no longer than a launch, but with an IMO number or too deep for it.
fn is_refuted(hull: &Hull, ship: Ship, window: Window) -> bool {
    let category = || ship.ship_type(window).map(|t| t.category());
    hull.length_m < LAUNCH_M
        && category() == Some(ShipCategory::Tanker)
        && (ship.imo(window).is_some() || ship.draughts(window).doubt_size())
}

/// The hulls as the ships sent them, but for tankers of a launch's size that are none.
pub(super) fn said(facts: &Facts, e: &Encounter, window: Window) -> [Option<Hull>; 2] {
    e.pair.tracks().map(|track| {
        let ship = Ship::of_track(facts, track);
        ship.hull(window).filter(|h| !is_refuted(h, ship, window))
    })
}

impl Judge<'_> {
    /// What the draughts of both ships say of an encounter by itself, as known in a window.
    fn readings(&self, e: &Encounter, window: Window) -> [Reading; 2] {
        e.pair.tracks().map(|track| {
            let draughts = Ship::of_track(self.sources.facts, track).draughts(window);
            draughts.around(&self.sources.occasion(e, track.mmsi, window))
        })
    }

    /// An encounter as it is judged in a window.
    fn scene<'t>(
        &self,
        e: &'t Encounter,
        trusted: &'t Trusted,
        said: [Option<Hull>; 2],
        readings: [Reading; 2],
        window: Window,
    ) -> Scene<'t> {
        let (facts, params) = (self.sources.facts, self.sources.params);
        let tracks = e.pair.tracks();
        let own = tracks.map(|track| track.mmsi);
        let parties = [0, 1].map(|i| Party {
            ship_type: Ship::of_track(facts, tracks[i]).ship_type(window),
            hull: trusted.hulls[i],
            said: said[i],
            deepest_m: Ship::of_track(facts, tracks[i])
                .draughts(window)
                .greatest_m(),
            nav_status: e.nav_status[i],
            is_class_b: e.class[i] == Some(AisClass::B),
            sank_dm: readings[i].sank_dm(),
        });
        let g = &trusted.geometry;
        let shore_km = self.places.world.shore_km(g.middle);
        Scene {
            encounter: e,
            geometry: g,
            parties,
            shore_km,
            known_berth: shore_km > params.kind.berth_shore_km
                && self.places.is_known_berth(g.middle, window, &own),
            leapt_km: leapt_km(facts, e, params.identity.far_apart_km),
        }
    }

    /// Whether an encounter may have begun before the data, or before a day without any, and whether it may go on after.
    fn censored(&self, e: &Encounter) -> [bool; 2] {
        let facts = self.sources.facts;
        let begins = facts.span.map_or(e.start, |span| span.0);
        let is_hole = |day: UtcDay| {
            !self.days.contains(&day) && (begins.day()..facts.complete_to.day()).contains(&day)
        };
        let [start, end] = [e.start, e.end].map(Timestamp::day);
        let starts = e.start.0 - begins.0 <= CENSORED_MS || is_hole(UtcDay(start.0 - 1));
        let ends = !e.closed || is_hole(UtcDay(end.0 + 1));
        [
            e.start_not_before.is_none() && starts,
            e.end_not_after.is_none() && ends,
        ]
    }

    /// The kind of an encounter that was observed, by itself and as known in a window.
    fn kind(&self, e: &Encounter, window: Window) -> Kind {
        let said = said(self.sources.facts, e, window);
        let trusted = Trusted::new(e, said);
        let readings = self.readings(e, window);
        let scene = self.scene(e, &trusted, said, readings, window);
        let params = &self.sources.params.kind;
        judge(&scene, &scene.lay(params), params).kind
    }

    /// The row of an encounter, with what draughts say of it if other transfers tell that.
    fn row<'e>(
        &self,
        e: &'e Encounter,
        cluster: Option<EventId>,
        is_made: bool,
        readings: Option<[Reading; 2]>,
    ) -> (Row, Judged<'e>) {
        let Sources {
            facts,
            calls,
            params,
        } = self.sources;
        let places = self.places;
        let mut row = Row::new(&schema::ENCOUNTERS);
        let tracks = e.pair.tracks();
        let [start_censored, end_censored] = self.censored(e);
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
            .set("through_gap", e.silence)
            .set("cluster_id", cluster.map(|id| id.to_string()))
            .set(
                "relative_speed_kn",
                e.relative_speed_ckn.map(|v| f64::from(v) / 100.0),
            );
        let window = params.window(e.start, e.end);
        let ships = tracks.map(|track| Ship::of_track(facts, track));
        let said = said(facts, e, window);
        let trusted = Trusted::new(e, said);
        let readings = readings.unwrap_or_else(|| self.readings(e, window));
        let g = &trusted.geometry;
        let own = tracks.map(|track| track.mmsi);
        let scene = self.scene(e, &trusted, said, readings, window);
        let lay = scene.lay(&params.kind);
        set_place(&mut row, g.middle);
        let mut judged = if e.is_observed() {
            geometry(&mut row, g, lay.stretch());
            judge(&scene, &lay, &params.kind)
        } else {
            company::judge(&scene, &params.kind)
        };
        distrust(&mut row, &mut judged, &trusted, lay.stretch());
        let mother = scene.mother(judged.kind, &params.kind);
        judgement(&mut row, &judged, mother);
        let judged = Judged {
            encounter: e,
            kind: judged.kind,
            antenna_distance_m: lay.stretch().antenna_distance_m(),
            near: g.near.filter(|_| lay.alongside),
            readings,
            known: window.closed(),
        };
        if !is_made {
            return (row, judged);
        }
        places.describe(&mut row, (g.middle, false), e.start, window, &own);
        for (party, ship) in ships.into_iter().enumerate() {
            describe(&mut row, party + 1, ship, e, window, readings[party]);
            let carrier = Carrier::new(ship, window, &places.world.registry);
            row.set(&format!("class_{}", party + 1), carrier.class())
                .set(&format!("dwt_{}_t", party + 1), carrier.stated_dwt_t());
            row.set(
                &format!("watchlist_{}", party + 1),
                lists::words(places.world, ship, window),
            )
            .set(
                &format!("ais_class_{}", party + 1),
                e.class[party].map(|c| c.letter()),
            )
            .set(
                &format!("nav_status_{}", party + 1),
                e.nav_status[party].map(|s| s.code()),
            )
            .set(
                &format!("last_port_{}", party + 1),
                calls.last(own[party], e.start, window),
            )
            .set(
                &format!("next_port_{}", party + 1),
                calls.next(own[party], e.end, window),
            );
        }
        (row, judged)
    }
}

fn geometry(row: &mut Row, g: &Geometry, stretch: Stretch) {
    let gap = stretch.gap();
    row.set("hull_gap_m", gap.map(|g| g.best_m))
        .set("hull_gap_low_m", gap.map(|g| g.low_m))
        .set("hull_gap_high_m", gap.map(|g| g.high_m))
        .set("antenna_distance_m", stretch.antenna_distance_m())
        .set("rigidity_m", stretch.rigidity_m())
        .set("heading_difference_deg", g.heading_difference_deg)
        .set("sog_kn", g.sog_kn);
}

/// Where dimensions contradict each other, keeps the overlap as evidence, widens the interval to all that the antennas
/// allow, and is less sure.
fn distrust(row: &mut Row, judged: &mut Judgement, trusted: &Trusted, stretch: Stretch) {
    let (Some(overlap), Some(words)) = (trusted.overlap, trusted.words()) else {
        return;
    };
    row.set("hull_gap_m", overlap.best_m)
        .set("hull_gap_low_m", overlap.low_m)
        .set("hull_gap_high_m", stretch.antenna_distance_m());
    judged.confidence = (judged.confidence - DISTRUST).max(0.1);
    judged.words.push(words);
}

fn judgement(row: &mut Row, judged: &Judgement, mother: Option<usize>) {
    row.set("kind", judged.kind.name())
        .set("kind_confidence", judged.confidence)
        .set("mode", judged.mode.name())
        .set("reasons", judged.words.join("; "));
    if let Some(mother) = mother.filter(|_| judged.kind.is_transfer()) {
        row.set(&format!("role_{}", mother + 1), "mother")
            .set(&format!("role_{}", 2 - mother), "daughter");
    }
}

fn describe(
    row: &mut Row,
    number: usize,
    ship: Ship,
    e: &Encounter,
    window: Window,
    reading: Reading,
) {
    let mut set = |name: &str, value: Value| {
        row.set(&name.replace('#', &number.to_string()), value);
    };
    set("name_#", ship.name(window).into());
    set("imo_#", ship.imo(window).into());
    set("flag_#", ship.flag().into());
    set(
        "ship_type_#",
        ship.ship_type(window).map(|t| t.code()).into(),
    );
    set("destination_#", ship.destination(window.from, e.end).into());
    set("draught_before_#_m", metres(reading.before_dm));
    set("draught_after_#_m", metres(reading.after_dm));
}
