//! Dark rendezvous through the engine: a meeting that nobody heard, and the law across silences of weeks.

use std::collections::BTreeSet;
use std::sync::Arc;

use alongside::geodesy::{Plane, distance_m};
use alongside::model::{Chunk, LonLat, Row, StaticRecord, Timestamp, Value};
use alongside::rendezvous::Way;
use alongside::stage::Waters;
use proptest::prelude::*;

use crate::fleet::cases;
use crate::traffic::{DAY_0, Position, Rig, Statics, Traffic, difference, render};

const HOUR_MS: i64 = 3_600_000;
const STEP_MS: i64 = HOUR_MS / 2;
const KN: f64 = 1852.0 / 3600.0;

/// A tanker's life: hours, knots and course of each leg; hours of silence; hours at which a draught is sent first.
#[derive(Clone, Debug)]
struct Tanker {
    mmsi: u32,
    begin: [f64; 2],
    legs: Vec<(i64, f64, f64)>,
    silences: Vec<(i64, i64)>,
    draughts_dm: Vec<(i64, u16)>,
}

impl Tanker {
    fn place(&self, t: i64) -> ([f64; 2], f64, f64) {
        let (mut at, mut rest_h) = (self.begin, t as f64 / HOUR_MS as f64);
        let mut pace = (0.0, 0.0);
        for (hours, kn, course) in &self.legs {
            let h = rest_h.clamp(0.0, *hours as f64);
            let way_m = kn * KN * 3600.0 * h;
            let (sin, cos) = course.to_radians().sin_cos();
            at = [at[0] + way_m * sin, at[1] + way_m * cos];
            if rest_h >= 0.0 {
                pace = (*kn, *course);
            }
            rest_h -= *hours as f64;
        }
        (at, pace.0, pace.1)
    }

    fn is_heard(&self, t: i64) -> bool {
        let inside = |(from, until): &(i64, i64)| t > from * HOUR_MS && t < until * HOUR_MS;
        !self.silences.iter().any(inside)
    }
}

/// What is heard of tankers near a place for some days.
fn traffic(tankers: &[Tanker], middle: LonLat, days: i64) -> Traffic {
    let plane = Plane::at(middle);
    let mut traffic = Traffic {
        complete_to: DAY_0 + days * 24 * HOUR_MS,
        ..Traffic::default()
    };
    for (i, tanker) in tankers.iter().enumerate() {
        // Not all at the same instants.
        let first = i as i64 * 61_000;
        for t in (first..days * 24 * HOUR_MS).step_by(STEP_MS as usize) {
            if !tanker.is_heard(t) {
                continue;
            }
            let (at, kn, course) = tanker.place(t);
            traffic.positions.push(Position {
                mmsi: tanker.mmsi,
                t: DAY_0 + t,
                place: plane.to_place(at),
                sog_kn: Some(kn as f32),
                cog_deg: Some(course as f32),
                heading_deg: Some(course as f32),
                nav_status: Some(0),
                class: None,
            });
            let draught = tanker
                .draughts_dm
                .iter()
                .rev()
                .find(|(h, _)| h * HOUR_MS <= t);
            traffic.statics.push(Statics {
                mmsi: tanker.mmsi,
                t: DAY_0 + t,
                record: StaticRecord {
                    ship_type: Some(80),
                    length_dm: Some(2500),
                    draught_dm: draught.map(|(_, dm)| *dm),
                    ..StaticRecord::default()
                },
            });
        }
    }
    traffic
}

/// The middle of the South Pacific, on the antimeridian.
fn sea() -> LonLat {
    LonLat::from_degrees_wrapped(179.99, -40.0)
}

/// One that waits from hour 30 to 62, and one that is silent from hour 36 to `heard_again`: it comes from 30 nm off.
fn meeting(heard_again: i64) -> Vec<Tanker> {
    vec![
        Tanker {
            mmsi: 235_000_001,
            begin: [-30.0 * 12.0 * 1852.0, 0.0],
            legs: vec![(30, 12.0, 90.0), (32, 0.6, 45.0), (900, 12.0, 270.0)],
            silences: vec![],
            draughts_dm: vec![(0, 210), (60, 160)],
        },
        Tanker {
            mmsi: 538_000_002,
            begin: [30.0 * 1852.0, -36.0 * 8.0 * 1852.0],
            legs: vec![(36, 8.0, 0.0), (900, 0.0, 0.0)],
            silences: vec![(36, heard_again)],
            draughts_dm: vec![(0, 80), (heard_again, 130)],
        },
    ]
}

fn rendezvous(rig: &Rig, chunks: Vec<Chunk>) -> Vec<Row> {
    let tables = rig.tables(&rig.run(chunks));
    let table = tables
        .iter()
        .find(|t| t.schema.name == "rendezvous")
        .unwrap();
    table.rows().into_owned()
}

fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    match row.get(column) {
        Value::Text(text) => text,
        _ => "",
    }
}

#[test]
fn a_tanker_that_waits_beside_a_silence() {
    let rows = rendezvous(&Rig::new(), traffic(&meeting(60), sea(), 12).days());
    assert_eq!(rows.len(), 1, "{rows:?}");
    let row = &rows[0];
    assert_eq!(text(row, "kind"), "loiterer_in_gap");
    assert_eq!(row.get("mmsi_dark"), &Value::Int(538_000_002));
    assert_eq!(row.get("mmsi_partner"), &Value::Int(235_000_001));
    assert_eq!(
        (row.get("rank"), row.get("alternatives")),
        (&Value::Int(1), &Value::Int(0))
    );
    assert_eq!(text(row, "status"), "final");
    let reasons = text(row, "reasons");
    assert!(
        reasons.contains("draught of 538000002 8.0 to 13.0 m"),
        "{reasons}"
    );
    assert!(reasons.contains("one rose as the other sank"), "{reasons}");
    let (Value::Time(from), Value::Time(until)) = (row.get("window_start"), row.get("window_end"))
    else {
        panic!("{row:?}");
    };
    // Heard last at hour 36, some 25 nm off: an hour and a half at 16 kn.
    let hours = |t: &alongside::model::Timestamp| (t.0 - DAY_0) as f64 / HOUR_MS as f64;
    assert!(
        (36.5..38.5).contains(&hours(from)) && (57.5..59.5).contains(&hours(until)),
        "{from} {until}"
    );
}

#[test]
fn no_row_where_the_partner_was_seen_or_the_way_is_too_far() {
    let mut heard = meeting(60);
    heard[1].silences.clear();
    assert!(
        rendezvous(&Rig::new(), traffic(&heard, sea(), 12).days())
            .iter()
            .all(|r| r.get("mmsi_dark") == &Value::Null)
    );
    let mut far = meeting(60);
    far[1].begin[0] += 400.0 * 1852.0;
    assert!(
        rendezvous(&Rig::new(), traffic(&far, sea(), 12).days())
            .iter()
            .all(|r| r.get("mmsi_dark") == &Value::Null)
    );
}

#[test]
fn no_hull_meets_herself() {
    let met = |imos: [u32; 2]| {
        let mut traffic = traffic(&meeting(60), sea(), 12);
        for (mmsi, imo) in [235_000_001, 538_000_002].into_iter().zip(imos) {
            let own = traffic.statics.iter_mut().filter(|s| s.mmsi == mmsi);
            own.for_each(|s| s.record.imo = Some(imo));
        }
        let rows = rendezvous(&Rig::new(), traffic.days());
        rows.iter().any(|r| r.get("mmsi_dark") != &Value::Null)
    };
    assert!(met([9_275_658, 9_596_997]));
    assert!(!met([9_275_658; 2]));
    // A number that no ship can have is no hull's.
    assert!(met([9_275_659; 2]));
}

/// Two tankers silent at one place from hour 100 to 130, of which `mmsi` is heard 300 nm off from one hour to another.
fn both_dark(mmsi: u32, (from_h, until_h): (i64, i64)) -> Vec<[f64; 2]> {
    let dark = [
        unheard(235_000_001, [0.0, 0.0], 100, 130),
        unheard(538_000_002, [1.0, 0.0], 100, 130),
    ];
    let mut both = traffic(&dark, sea(), 14);
    let elsewhere = Tanker {
        mmsi,
        begin: [300.0 * 1852.0, 0.0],
        legs: vec![(900, 0.0, 0.0)],
        silences: vec![(-1, from_h), (until_h, 900)],
        draughts_dm: vec![],
    };
    // Five times an hour: a ship that is jammed is heard as well as before.
    let away = traffic(&[elsewhere], sea(), 14).positions;
    for minutes in [3, 9, 15, 21, 27] {
        both.positions.extend(away.iter().map(|p| Position {
            t: p.t + minutes * 60_000,
            ..*p
        }));
    }
    let rows = rendezvous(&Rig::new(), both.days());
    rows.iter()
        .filter(|row| text(row, "kind") == "two_gaps")
        .map(|row| {
            ["window_start", "window_end"].map(|column| match row.get(column) {
                Value::Time(t) => (t.0 - DAY_0) as f64 / HOUR_MS as f64,
                other => panic!("{column} is {other:?}"),
            })
        })
        .collect()
}

#[test]
fn who_is_heard_elsewhere_meets_nobody_in_silence() {
    let alone = both_dark(636_000_009, (100, 130));
    assert_eq!(alone.len(), 1, "{alone:?}");
    assert!(alone[0][1] - alone[0][0] > 25.0, "{alone:?}");
    // Jammed all the time.
    assert_eq!(both_dark(235_000_001, (100, 130)), [[0.0; 2]; 0]);
    assert_eq!(both_dark(538_000_002, (100, 130)), [[0.0; 2]; 0]);
    // For some hours: what is left of the others is enough.
    let partly = both_dark(538_000_002, (100, 112));
    assert_eq!(partly.len(), 1, "{partly:?}");
    assert!(partly[0][0] > 111.0 && partly[0][1] > 126.0, "{partly:?}");
    // Two ships of one number: the one that was heard is not the one that was silent.
    assert_eq!(both_dark(538_000_002, (0, 300)).len(), 1);
}

/// Comes from the north to drift 60 m off the one that waits, from hour 30 to 62 as well.
fn beside() -> Tanker {
    Tanker {
        mmsi: 538_000_002,
        begin: [60.0, 30.0 * 12.0 * 1852.0],
        legs: vec![(30, 12.0, 180.0), (32, 0.6, 45.0), (900, 12.0, 90.0)],
        silences: vec![],
        draughts_dm: vec![(0, 80), (61, 130)],
    }
}

/// All of the sea is off shore.
struct Offshore;

impl Waters for Offshore {
    fn offshore(&self, _: LonLat) -> Option<bool> {
        Some(true)
    }
}

/// Kinds of the rows of a table, off shore.
fn kinds(traffic: &Traffic, table: &str) -> Vec<String> {
    let rig = Rig {
        waters: Arc::new(Offshore),
        ..Rig::new()
    };
    let tables = rig.tables(&rig.run(traffic.days()));
    let table = tables.iter().find(|t| t.schema.name == table).unwrap();
    let rows = table.rows();
    rows.iter().map(|r| text(r, "kind").to_owned()).collect()
}

#[test]
fn nobody_waits_alone_beside_a_ship_with_which_it_was_never_heard_together() {
    // Each is heard for an hour in four, never in the other's.
    let mut tankers = vec![meeting(60)[0].clone(), beside()];
    tankers[0].silences = (30..62).step_by(4).map(|h| (h, h + 3)).collect();
    tankers[1].silences = (32..62).step_by(4).map(|h| (h, h + 3)).collect();
    let both = traffic(&tankers, sea(), 12);
    assert_eq!(kinds(&both, "encounters"), ["sts_transfer"]);
    assert!(!kinds(&both, "rendezvous").contains(&"loiterer_alone".to_owned()));
    // Heard within a minute of each other just once, 400 m apart, they lay not alongside.
    tankers[1].silences[3] = (44, 46);
    assert_eq!(
        kinds(&traffic(&tankers, sea(), 12), "encounters"),
        ["sts_transfer"]
    );
    tankers[1].begin[0] = 400.0;
    assert_eq!(
        kinds(&traffic(&tankers, sea(), 12), "encounters"),
        ["other"]
    );
    // By itself it does.
    let alone = traffic(&tankers[..1], sea(), 12);
    assert_eq!(kinds(&alone, "rendezvous"), ["loiterer_alone"]);
}

/// The words of a tanker that waits alone at a place for 32 hours, at anchor by her status, and draws 5 m less afterwards
/// if she does.
fn alone_at_anchor(middle: LonLat, changes: bool) -> Option<String> {
    let mut tanker = meeting(60)[0].clone();
    if !changes {
        tanker.draughts_dm = vec![(0, 210)];
    }
    let anchored = traffic(&[tanker], middle, 12).map(|p| Position {
        nav_status: Some(1),
        ..p
    });
    let mut rig = Rig {
        waters: Arc::new(Offshore),
        ..Rig::new()
    };
    rig.assess.rendezvous.min_confidence = 0.0;
    let rows = rendezvous(&rig, anchored.days());
    let row = rows.iter().find(|r| text(r, "kind") == "loiterer_alone")?;
    Some(text(row, "reasons").to_owned())
}

#[test]
fn at_anchor_a_wait_is_usual_and_a_change_of_draught_is_not() {
    assert_eq!(alone_at_anchor(sea(), false), None);
    let words = alone_at_anchor(sea(), true).unwrap();
    assert!(
        words.contains("draught 21.0 to 16.0 m across its wait")
            && words.contains("no silence over by then explains it"),
        "{words}"
    );
    // In a lightering zone, and where lightering is prohibited.
    let at = |lon, lat| alone_at_anchor(LonLat::from_degrees(lon, lat).unwrap(), true).unwrap();
    let words = at(-90.0, 27.0);
    assert!(words.contains("where tankers wait"), "{words}");
    let words = at(-92.5, 28.0);
    assert!(!words.contains("where tankers wait"), "{words}");
}

#[test]
fn where_tankers_are_known_to_transfer_they_wait_in_sight_of_the_shore() {
    // Lies still for twelve days, six to eight kilometres off the land; another is silent near by for a day of them.
    let waits = Tanker {
        begin: [0.0, 0.0],
        legs: vec![],
        ..drifter(0.0)
    };
    let dark = unheard(538_000_002, [0.0, -3.0], 60, 84);
    let rows = |lon, lat| {
        let middle = LonLat::from_degrees(lon, lat).unwrap();
        let traffic = traffic(&[waits.clone(), dark.clone()], middle, 12);
        let rows = rendezvous(&Rig::new(), traffic.days());
        let kinds = rows.iter().map(|row| text(row, "kind").to_owned());
        kinds.collect::<Vec<_>>()
    };
    // The Messinian Gulf off Kalamata, and the south of Crete.
    assert_eq!(rows(22.1, 36.82), ["loiterer_in_gap"]);
    assert_eq!(rows(25.0, 34.87), Vec::<String>::new());
}

#[test]
fn a_partner_that_is_first_heard_alongside_is_company() {
    let mut tankers = vec![meeting(60)[0].clone(), beside()];
    tankers[1].silences = vec![(-1, 40)];
    let mut both = traffic(&tankers, sea(), 12);
    // What she is she says minutes after her first position.
    let told = DAY_0 + 40 * HOUR_MS;
    both.statics
        .retain(|s| s.mmsi != tankers[1].mmsi || s.t > told);
    assert_eq!(kinds(&both, "encounters"), ["sts_transfer"]);
    assert_eq!(kinds(&both, "rendezvous"), [""; 0]);
}

/// Drifts east at so many knots from hour 30 to 230, from the middle of the waters.
fn drifter(kn: f64) -> Tanker {
    Tanker {
        mmsi: 235_000_001,
        begin: [-30.0 * 12.0 * 1852.0, 0.0],
        legs: vec![(30, 12.0, 90.0), (200, kn, 90.0), (900, 12.0, 270.0)],
        silences: vec![],
        draughts_dm: vec![],
    }
}

/// Comes from the south so that it is unheard at a place from one hour to another, and leaves for the south.
fn unheard(mmsi: u32, place_nm: [f64; 2], from_h: i64, until_h: i64) -> Tanker {
    let [east, north] = place_nm.map(|nm| nm * 1852.0);
    Tanker {
        mmsi,
        begin: [east, north - from_h as f64 * 2.0 * 1852.0],
        legs: vec![
            (from_h, 2.0, 0.0),
            (until_h - from_h, 0.0, 0.0),
            (900, 12.0, 180.0),
        ],
        silences: vec![(from_h, until_h)],
        draughts_dm: vec![],
    }
}

/// Lies 80 m off the drifter for some hours.
fn visitor(kn: f64, from_h: i64, hours: i64) -> Tanker {
    let east_nm = kn * (from_h - 30) as f64;
    Tanker {
        mmsi: 311_000_009,
        begin: [east_nm * 1852.0, 80.0 + from_h as f64 * 12.0 * 1852.0],
        legs: vec![(from_h, 12.0, 180.0), (hours, kn, 90.0), (900, 12.0, 0.0)],
        silences: vec![],
        draughts_dm: vec![],
    }
}

/// Rows of a wait, with the hours of their windows.
fn waits(tankers: &[Tanker]) -> Vec<(Value, [f64; 2], LonLat)> {
    let rows = rendezvous(&Rig::new(), traffic(tankers, sea(), 14).days());
    let float = |row: &Row, column: &str| match row.get(column) {
        Value::Decimal(x) => *x,
        other => panic!("{column} is {other:?}"),
    };
    rows.iter()
        .filter(|row| text(row, "kind") == "loiterer_in_gap")
        .filter(|row| row.get("mmsi_partner") == &Value::Int(235_000_001))
        .map(|row| {
            let window = ["window_start", "window_end"].map(|column| match row.get(column) {
                Value::Time(t) => (t.0 - DAY_0) as f64 / HOUR_MS as f64,
                other => panic!("{column} is {other:?}"),
            });
            let place = LonLat::from_degrees_wrapped(float(row, "lon"), float(row, "lat"));
            (row.get("mmsi_dark").clone(), window, place)
        })
        .collect()
}

#[test]
fn company_explains_its_own_part_of_a_wait() {
    let kn = 0.3;
    let dark = unheard(538_000_002, [kn * 132.0, -8.0], 150, 174);
    let with = |visitor: Tanker| waits(&[drifter(kn), dark.clone(), visitor]);
    // Eight hours of company five days before.
    let found = with(visitor(kn, 40, 8));
    assert_eq!(found.len(), 1, "{found:?}");
    let (mmsi, [from, until], _) = &found[0];
    assert_eq!(mmsi, &Value::Int(538_000_002));
    assert!(
        (150.0..151.5).contains(from) && (172.5..174.0).contains(until),
        "{found:?}"
    );
    // Eight hours soon after: it waited for those.
    assert_eq!(with(visitor(kn, 176, 8)), []);
    // In an hour no cargo moves.
    let found = with(visitor(kn, 176, 1));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].1[1] - found[0].1[0] > 21.0, "{found:?}");
}

#[test]
fn ships_that_came_one_after_the_other_are_no_alternatives() {
    let kn = 0.3;
    let dark = |mmsi: u32, from_h: i64| {
        unheard(mmsi, [kn * (from_h - 18) as f64, -8.0], from_h, from_h + 24)
    };
    let first = dark(538_000_002, 60);
    let second = dark(538_000_003, 110);
    let (third, rival) = (dark(538_000_004, 160), dark(538_000_005, 163));
    let tankers = [drifter(kn), first, second, third, rival];
    let rows = rendezvous(&Rig::new(), traffic(&tankers, sea(), 14).days());
    let met: Vec<[i64; 3]> = rows
        .iter()
        .filter(|row| text(row, "kind") == "loiterer_in_gap")
        .map(|row| {
            ["mmsi_dark", "alternatives", "rank"].map(|column| match row.get(column) {
                Value::Int(n) => *n,
                other => panic!("{column} is {other:?}"),
            })
        })
        .collect();
    assert_eq!(met.len(), 4, "{met:?}");
    assert!(
        met.contains(&[538_000_002, 0, 1]) && met.contains(&[538_000_003, 0, 1]),
        "{met:?}"
    );
    let rivals: Vec<i64> = met[2..]
        .iter()
        .map(|[_, alternatives, _]| *alternatives)
        .collect();
    assert_eq!(rivals, [1, 1], "{met:?}");
}

#[test]
fn a_tanker_that_drifts_is_met_where_it_is_then() {
    let kn = 1.8;
    // Where it is at hours 180 and 130, half way through.
    let there = unheard(538_000_002, [kn * 153.0, -8.0], 180, 192);
    let half_way = unheard(538_000_003, [kn * 100.0, -1.0], 180, 192);
    let found = waits(&[drifter(kn), there, half_way]);
    let [(mmsi, [from, until], place)] = &found[..] else {
        panic!("{found:?}");
    };
    assert_eq!(mmsi, &Value::Int(538_000_002));
    assert!(
        (180.0..182.0).contains(from) && (190.0..192.0).contains(until),
        "{found:?}"
    );
    let hour = (from + until) / 2.0;
    let truth = Plane::at(sea()).to_place([kn * (hour - 30.0) * 1852.0, 0.0]);
    assert!(distance_m(*place, truth) < 3000.0, "{place:?} {truth:?}");
}

#[test]
fn beacons_and_boats_of_ships_do_not_loiter() {
    let loitering = |mmsi| {
        let adrift = Tanker {
            mmsi,
            ..drifter(1.8)
        };
        kinds(&traffic(&[adrift], sea(), 4), "loitering").len()
    };
    assert_eq!(
        [235_000_001, 970_191_000, 982_191_000].map(loitering),
        [1, 0, 0]
    );
}

/// The way that the facts hold of a drift, however the rows are cut.
#[test]
fn the_way_of_a_drift_is_known_to_three_kilometres() {
    let rig = Rig::new();
    let traffic = traffic(&[drifter(1.8)], sea(), 14);
    let whole = rig.run(traffic.days()).facts().slow_runs;
    let cuts: Vec<i64> = (1..14 * 8).map(|i| DAY_0 + i * 3 * HOUR_MS + 17).collect();
    assert_eq!(rig.run(traffic.chunks(&cuts, 2)).facts().slow_runs, whole);
    let run = whole
        .iter()
        .max_by_key(|run| run.end.0 - run.start.0)
        .unwrap();
    assert_eq!(
        (run.way[0].t, run.way.last().unwrap().t),
        (run.start, run.end)
    );
    assert!((60..=400).contains(&run.way.len()), "{}", run.way.len());
    let way = Way::new(&run.way);
    let plane = Plane::at(sea());
    for t in (run.start.0..run.end.0).step_by(STEP_MS as usize) {
        let truth = plane.to_place(drifter(1.8).place(t - DAY_0).0);
        let off_m = distance_m(way.at(Timestamp(t)).unwrap(), truth);
        assert!(off_m < 3000.0, "{off_m}");
    }
    // At anchor the place says it all.
    let still = unheard(538_000_002, [0.0; 2], 0, 0);
    let still = Tanker {
        legs: vec![(900, 0.0, 0.0)],
        ..still
    };
    let runs = rig
        .run(self::traffic(&[still], sea(), 3).days())
        .facts()
        .slow_runs;
    assert!(!runs.is_empty() && runs.iter().all(|run| run.way.is_empty()));
}

#[test]
fn two_silences_and_a_wait_of_the_same_ships_have_names_of_their_own() {
    // One waits from hour 30 to 72 and is silent in the middle of that; the other lies there, silent till later.
    let mut rig = Rig::new();
    rig.assess.rendezvous.min_confidence = 0.0;
    let rows = rendezvous(&rig, both_silent((44, 58)).days());
    assert_eq!(kinds_of_both(&rows), ["loiterer_in_gap", "two_gaps"]);
    assert_eq!(names(&rows).len(), rows.len(), "{rows:?}");
}

/// One waits from hour 30 to 72 and is silent for a part of that; the other lies there, silent from hour 45 to 75.
fn both_silent(silence: (i64, i64)) -> Traffic {
    let tankers = [
        Tanker {
            mmsi: 235_000_001,
            begin: [-30.0 * 12.0 * 1852.0, 0.0],
            legs: vec![(30, 12.0, 90.0), (42, 0.5, 0.0), (900, 12.0, 270.0)],
            silences: vec![silence],
            draughts_dm: vec![],
        },
        Tanker {
            mmsi: 538_000_002,
            begin: [8.0 * 1852.0, 0.0],
            legs: vec![(900, 0.0, 0.0)],
            silences: vec![(45, 75)],
            draughts_dm: vec![],
        },
    ];
    traffic(&tankers, sea(), 12)
}

fn kinds_of_both(rows: &[Row]) -> Vec<&str> {
    let of_both = |row: &&Row| {
        row.get("mmsi_dark") == &Value::Int(538_000_002)
            && row.get("mmsi_partner") == &Value::Int(235_000_001)
    };
    let mut kinds: Vec<&str> = (rows.iter().filter(of_both))
        .map(|row| text(row, "kind"))
        .collect();
    kinds.sort_unstable();
    kinds
}

/// Who isn't heard herself doesn't wait with nobody to be seen: those are two silences, told once.
#[test]
fn a_wait_that_was_hardly_heard_is_no_wait_alone() {
    let mut rig = Rig::new();
    rig.assess.rendezvous.min_confidence = 0.0;
    let rows = rendezvous(&rig, both_silent((46, 69)).days());
    assert_eq!(kinds_of_both(&rows), ["two_gaps"]);
    let alone = rows.iter().any(|row| {
        text(row, "kind") == "loiterer_alone" && row.get("mmsi_partner") == &Value::Int(235_000_001)
    });
    assert!(!alone, "{rows:?}");
}

/// The words of a row claim no more of its parties than is known, and a ship that says after her silence that she fishes is no
/// tanker.
#[test]
fn two_silences_name_their_parties_by_what_is_known() {
    let words = |types: [Option<u8>; 2]| -> Vec<String> {
        let mut traffic = both_silent((46, 69));
        for s in &mut traffic.statics {
            s.record.ship_type = types[usize::from(s.mmsi == 538_000_002)];
        }
        // Said after the silence only.
        let from = DAY_0 + 75 * HOUR_MS;
        (traffic.statics).retain(|s| s.record.ship_type != Some(30) || s.t >= from);
        let mut rig = Rig::new();
        rig.assess.rendezvous.min_confidence = 0.0;
        let rows = rendezvous(&rig, traffic.days());
        let rows = rows.iter().filter(|row| text(row, "kind") == "two_gaps");
        rows.map(|row| text(row, "reasons").to_owned()).collect()
    };
    for (types, said) in [
        ([Some(80), Some(80)], "two tankers were silent at once"),
        (
            [None, Some(80)],
            "a tanker and a ship of unknown type were silent at once",
        ),
        (
            [None, None],
            "two ships of unknown type were silent at once",
        ),
    ] {
        let words = words(types);
        assert_eq!(words.len(), 1, "{types:?}: {words:?}");
        assert!(words[0].contains(said), "{types:?}: {words:?}");
    }
    assert!(words([Some(80), Some(30)]).is_empty());
}

fn names(rows: &[Row]) -> BTreeSet<&str> {
    rows.iter().map(|row| text(row, "event_id")).collect()
}

#[test]
fn a_gap_that_closes_weeks_later_adds_a_row_and_leaves_the_old_ones() {
    let mut tankers = meeting(60);
    let mut late = meeting(26 * 24)[1].clone();
    late.mmsi = 477_000_003;
    late.begin[0] += 5.0 * 1852.0;
    tankers.push(late);
    let (rig, traffic) = (Rig::new(), traffic(&tankers, sea(), 36));
    let all = traffic.days();
    let mut finals: BTreeSet<String> = BTreeSet::new();
    let mut engine = rig.engine();
    let mut counts = Vec::new();
    for chunk in all.clone() {
        engine.step(chunk);
        let bytes = engine.suspend().unwrap();
        engine = rig.engine();
        engine.resume(&bytes).unwrap();
        let text = render(&rig.tables(&engine));
        let rows: BTreeSet<String> = text
            .lines()
            .filter(|l| l.starts_with("rendezvous ") && l.contains("Text(\"final\")"))
            .filter(|l| l.contains("loiterer_in_gap"))
            .map(str::to_owned)
            .collect();
        assert!(finals.is_subset(&rows), "{finals:?}\n{rows:?}");
        counts.push(rows.len());
        finals = rows;
    }
    // The first two fires a week after the wait, the third ship's a week after it was heard again.
    assert_eq!(
        (counts[8], counts[12], counts[30], counts[35]),
        (0, 1, 1, 2),
        "{counts:?}"
    );
    let rows = rendezvous(&rig, traffic.chunks(&[], 3));
    let known: Vec<_> = rows
        .iter()
        .filter(|r| text(r, "kind") == "loiterer_in_gap")
        .map(|r| (r.get("mmsi_dark").clone(), r.get("alternatives").clone()))
        .collect();
    assert!(
        known.contains(&(Value::Int(538_000_002), Value::Int(0))),
        "{known:?}"
    );
    assert!(
        known.contains(&(Value::Int(477_000_003), Value::Int(1))),
        "{known:?}"
    );
}

fn tanker(mmsi: u32) -> impl Strategy<Value = Tanker> {
    let leg = (
        2_i64..60,
        prop_oneof![2 => 0.0..1.5, 1 => 2.0..14.0],
        0.0..360.0,
    );
    let begin = (-60_000.0..60_000.0, -60_000.0..60_000.0);
    let silence = (0_i64..400, prop_oneof![3 => 7_i64..50, 1 => 100_i64..380]);
    let draught = (0_i64..450, prop_oneof![Just(80_u16), Just(150), Just(220)]);
    (
        begin,
        prop::collection::vec(leg, 3..14),
        prop::collection::vec(silence, 0..5),
        prop::collection::vec(draught, 0..5),
    )
        .prop_map(move |((east, north), legs, silences, mut draughts_dm)| {
            draughts_dm.sort_unstable();
            Tanker {
                mmsi,
                begin: [east, north],
                legs,
                silences: silences
                    .into_iter()
                    .map(|(from, h)| (from, from + h))
                    .collect(),
                draughts_dm,
            }
        })
}

fn tankers() -> impl Strategy<Value = Vec<Tanker>> {
    (2_usize..7).prop_flat_map(|n| {
        (0..n)
            .map(|i| tanker(235_000_001 + i as u32))
            .collect::<Vec<_>>()
    })
}

/// Parameters at which much happens in three weeks.
fn eager(settle_d: i64) -> Rig {
    let mut rig = Rig::new();
    rig.assess.settle_d = settle_d;
    rig.assess.rendezvous.min_confidence = 0.0;
    rig.assess.rendezvous.candidates = 2;
    rig
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn cuts_inside_gaps_do_not_matter_and_final_rows_stay(
        tankers in tankers(),
        cuts in prop::collection::vec(0_i64..20 * 24 * 60, 1..8),
        settle_d in prop_oneof![Just(0_i64), Just(1), Just(4)],
    ) {
        let (rig, traffic) = (eager(settle_d), traffic(&tankers, sea(), 20));
        let cuts: Vec<i64> = cuts.into_iter().map(|min| DAY_0 + min * 60_000).collect();
        let whole = rig.report(&rig.run(traffic.chunks(&[], 1)));
        let (engine, _) = rig.run_stored(traffic.chunks(&cuts, 2), "rendezvous");
        let tables = rig.tables(&engine);
        let rows = tables.iter().find(|t| t.schema.name == "rendezvous").unwrap().rows();
        prop_assert_eq!(names(&rows).len(), rows.len());
        let cut = rig.report(&engine);
        prop_assert!(cut == whole, "{}", difference(&whole, &cut));
    }
}

/// The property above says little unless there are rows.
#[test]
fn the_cases_have_rows_of_each_kind() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::{Config, RngSeed, TestRunner};
    let mut runner = TestRunner::new(Config {
        rng_seed: RngSeed::Fixed(7),
        ..Config::default()
    });
    let mut kinds: BTreeSet<String> = BTreeSet::new();
    let mut rows = 0;
    for _ in 0..12 {
        let tankers = tankers().new_tree(&mut runner).unwrap().current();
        let found = rendezvous(&eager(1), traffic(&tankers, sea(), 20).days());
        assert_eq!(names(&found).len(), found.len(), "{found:?}");
        for row in found {
            rows += 1;
            kinds.insert(text(&row, "kind").to_owned());
        }
    }
    assert!(rows > 30, "{rows}");
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    assert_eq!(kinds, ["loiterer_alone", "loiterer_in_gap", "two_gaps"]);
}
