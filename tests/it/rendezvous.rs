//! Dark rendezvous through the engine: a meeting that nobody heard, and the law across silences of weeks.

use std::collections::BTreeSet;
use std::sync::Arc;

use alongside::assess;
use alongside::geodesy::Plane;
use alongside::model::{Chunk, LonLat, Row, StaticRecord, Value};
use alongside::pipeline::EngineParams;
use alongside::proximity::GridSearch;
use alongside::stage::Uncharted;
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

fn rig() -> Rig {
    Rig {
        params: EngineParams::default(),
        assess: assess::Params::default(),
        waters: Arc::new(Uncharted),
        search: Arc::new(GridSearch),
    }
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
    let rows = rendezvous(&rig(), traffic(&meeting(60), sea(), 12).days());
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
        rendezvous(&rig(), traffic(&heard, sea(), 12).days())
            .iter()
            .all(|r| r.get("mmsi_dark") == &Value::Null)
    );
    let mut far = meeting(60);
    far[1].begin[0] += 400.0 * 1852.0;
    assert!(
        rendezvous(&rig(), traffic(&far, sea(), 12).days())
            .iter()
            .all(|r| r.get("mmsi_dark") == &Value::Null)
    );
}

#[test]
fn two_silences_and_a_wait_of_the_same_ships_have_names_of_their_own() {
    // One waits from hour 30 to 72 and is silent in the middle of that; the other lies there, silent till later.
    let tankers = [
        Tanker {
            mmsi: 235_000_001,
            begin: [-30.0 * 12.0 * 1852.0, 0.0],
            legs: vec![(30, 12.0, 90.0), (42, 0.5, 0.0), (900, 12.0, 270.0)],
            silences: vec![(40, 60)],
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
    let mut rig = rig();
    rig.assess.rendezvous.min_confidence = 0.0;
    let rows = rendezvous(&rig, traffic(&tankers, sea(), 12).days());
    let of_both = |kind: &str| {
        rows.iter().any(|row| {
            text(row, "kind") == kind
                && row.get("mmsi_dark") == &Value::Int(538_000_002)
                && row.get("mmsi_partner") == &Value::Int(235_000_001)
        })
    };
    assert!(
        of_both("loiterer_in_gap") && of_both("two_gaps"),
        "{rows:?}"
    );
    assert_eq!(names(&rows).len(), rows.len(), "{rows:?}");
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
    let (rig, traffic) = (rig(), traffic(&tankers, sea(), 36));
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
    let mut rig = rig();
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
        let mut engine = rig.engine();
        let mut finals: BTreeSet<String> = BTreeSet::new();
        for chunk in traffic.chunks(&cuts, 2) {
            engine.step(chunk);
            let bytes = engine.suspend().unwrap();
            engine = rig.engine();
            engine.resume(&bytes).unwrap();
            let text = render(&rig.tables(&engine));
            let rows: BTreeSet<String> = text
                .lines()
                .filter(|l| l.starts_with("rendezvous ") && l.contains("Text(\"final\")"))
                .map(str::to_owned)
                .collect();
            let lost = finals.difference(&rows).next();
            prop_assert!(lost.is_none(), "not final: {}", lost.unwrap());
            finals = rows;
        }
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
        for row in rendezvous(&eager(1), traffic(&tankers, sea(), 20).days()) {
            rows += 1;
            kinds.insert(text(&row, "kind").to_owned());
        }
    }
    assert!(rows > 30, "{rows}");
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    assert_eq!(kinds, ["loiterer_alone", "loiterer_in_gap", "two_gaps"]);
}
