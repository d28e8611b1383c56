//! Slow runs as they are at sea: what a ferry, a gust, a silence and a berth make of them.

use std::f64::consts::PI;

use alongside::geodesy::{Plane, distance_m};
use alongside::model::{AisClass, LonLat, Row, SlowRun, Value};

use crate::traffic::{DAY_0, DAY_MS, Position, Rig, Traffic};

const MINUTE_MS: i64 = 60_000;
const KN: f64 = 1852.0 / 3600.0;

/// A report: metres east and north, knots, course, heading, status.
type Report = ([f64; 2], Option<f64>, f64, Option<f64>, u8);

fn sea() -> LonLat {
    LonLat::from_degrees(-30.0, 40.0).unwrap()
}

/// What a ship reports minute by minute; in between, and where there is nothing, she is silent.
fn traffic(every_min: usize, minutes: i64, report: impl Fn(i64) -> Option<Report>) -> Traffic {
    let plane = Plane::at(sea());
    let mut traffic = Traffic {
        complete_to: DAY_0 + 6 * DAY_MS,
        ..Traffic::default()
    };
    for minute in (0..minutes).step_by(every_min) {
        if let Some((at, kn, course, heading, status)) = report(minute) {
            traffic.positions.push(Position {
                mmsi: 235_000_001,
                t: DAY_0 + minute * MINUTE_MS,
                place: plane.to_place(at),
                sog_kn: kn.map(|kn| kn as f32),
                cog_deg: Some(course as f32),
                heading_deg: heading.map(|deg| deg as f32),
                nav_status: Some(status),
                class: Some(AisClass::A),
            });
        }
    }
    traffic
}

/// The slow runs, which are the same however the rows are cut.
fn runs(traffic: &Traffic) -> Vec<SlowRun> {
    let whole = Rig::new().run(traffic.days()).facts().slow_runs;
    let cuts: Vec<i64> = (1..60).map(|i| DAY_0 + i * 97 * MINUTE_MS + 17).collect();
    let (cut, _) = Rig::new().run_stored(traffic.chunks(&cuts, 3), "loitering");
    assert_eq!(cut.facts().slow_runs, whole);
    whole
}

/// From which to which minute each run goes.
fn spans(traffic: &Traffic) -> Vec<(i64, i64)> {
    let minute = |ms: i64| (ms - DAY_0) / MINUTE_MS;
    (runs(traffic).iter())
        .map(|run| (minute(run.start.0), minute(run.end.0)))
        .collect()
}

fn state(traffic: &Traffic) -> Vec<String> {
    let tables = Rig::new().tables(&Rig::new().run(traffic.days()));
    let loitering = tables.iter().find(|t| t.schema.name == "loitering");
    let name = |row: &Row| match row.get("state") {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    };
    loitering.unwrap().rows().iter().map(name).collect()
}

/// Between two piers 3 km apart: 8 minutes at each, 8 minutes at 12 knots from one to the other.
fn ferry(minute: i64) -> Report {
    let way_m = 12.0 * KN * 60.0;
    let phase = minute.rem_euclid(32) as f64;
    let (east, kn) = match phase {
        p if p < 8.0 => (0.0, 0.1),
        p if p < 16.0 => ((p - 8.0) * way_m, 12.0),
        p if p < 24.0 => (8.0 * way_m, 0.1),
        p => ((32.0 - p) * way_m, 12.0),
    };
    ([east, 0.0], Some(kn), 90.0, Some(90.0), 0)
}

#[test]
fn a_ferry_to_and_fro_is_not_slow() {
    for every_min in [1, 2, 4] {
        assert_eq!(spans(&traffic(every_min, 1440, |m| Some(ferry(m)))), []);
        // Nor where she doesn't say her speed.
        let silent_log = |m| {
            let (at, _, course, heading, status) = ferry(m);
            Some((at, None, course, heading, status))
        };
        assert_eq!(spans(&traffic(every_min, 1440, silent_log)), []);
        // What she lies before and after it is a stay each, without the trips.
        let day = |m: i64| match m {
            0..480 => Some(ferry(0)),
            480..960 => Some(ferry(m)),
            _ => Some(ferry(0)),
        };
        let spans = spans(&traffic(every_min, 1440, day));
        assert_eq!(spans.len(), 2, "{spans:?}");
        assert!((476..=488).contains(&spans[0].1), "{spans:?}");
        assert!((950..=968).contains(&spans[1].0), "{spans:?}");
    }
}

#[test]
fn gusts_swings_and_wrong_speeds_end_no_stay_at_anchor() {
    let swinging = |m: i64| {
        let turn = PI * (m as f64 / 360.0).sin();
        let kn = match m % 60 {
            // She sheers about, and once in a while a speed is wrong.
            0..10 => 2.6,
            30 => 14.0,
            _ => 0.3,
        };
        let (sin, cos) = turn.sin_cos();
        let heading = turn.to_degrees().rem_euclid(360.0);
        Some((
            [300.0 * sin, 300.0 * cos],
            Some(kn),
            heading,
            Some(heading),
            1,
        ))
    };
    assert_eq!(spans(&traffic(3, 1440, swinging)), [(12, 1437)]);
}

/// Drifting east at so many knots.
fn adrift(kn: f64, minute: i64, angle_deg: f64) -> Report {
    let east = kn * KN * 60.0 * minute as f64;
    let heading = (90.0 + angle_deg).rem_euclid(360.0);
    ([east, 0.0], Some(kn), 90.0, Some(heading), 0)
}

#[test]
fn a_drift_whose_angle_wanders_is_one() {
    // By turns well beyond and just below the angle of a drift, at more than two knots.
    let wanders = |m: i64| {
        let angle = if m / 20 % 3 == 2 { 25.0 } else { 40.0 };
        Some(adrift(3.2, m, angle))
    };
    let drift = traffic(2, 1200, wanders);
    assert_eq!(spans(&drift), [(0, 1178)]);
    assert_eq!(state(&drift), ["adrift"]);
    // With the course ahead she makes way.
    assert_eq!(spans(&traffic(2, 1200, |m| Some(adrift(3.2, m, 5.0)))), []);
}

#[test]
fn a_silence_belongs_to_a_wait_if_the_speeds_at_its_ends_explain_the_way() {
    // Half an hour heard, silence, half an hour heard.
    let wait = |silent_min: i64, kn: f64, east_m: f64| {
        let report = |m: i64| {
            let heard = |m: i64, from_m: f64| {
                let (at, kn, course, heading, status) = adrift(kn, m, 60.0);
                ([at[0] + from_m, 0.0], kn, course, heading, status)
            };
            match m - 30 - silent_min {
                _ if m <= 30 => Some(heard(m, 0.0)),
                m if m < 0 => None,
                m => Some(heard(m, east_m)),
            }
        };
        spans(&traffic(5, 60 + silent_min, report)).len()
    };
    // At rest before and after: in the circle of her anchor, or 28 km off, to which she sailed at less than a knot.
    assert_eq!(wait(1160, 0.0, 900.0), 1);
    assert_eq!(wait(1160, 0.0, 28_000.0), 0);
    // Adrift at 1.2 knots, and 27 km off after 8.7 hours: 1.7 knots in a fresher wind.
    assert_eq!(wait(520, 1.2, 27_000.0), 1);
    assert_eq!(wait(520, 0.2, 27_000.0), 0);
}

#[test]
fn after_a_silence_the_later_status_holds() {
    // Under way for 20 minutes, unheard for four hours, at anchor for 20: short of a tide, so that motion says nothing.
    let report = |status: [u8; 2]| {
        traffic(2, 280, move |m| {
            let status = if m <= 20 { status[0] } else { status[1] };
            let heard = m <= 20 || m >= 260;
            heard.then_some(([0.0, 0.0], Some(0.1), 0.0, None, status))
        })
    };
    assert_eq!(state(&report([0, 1])), ["anchored"]);
    assert_eq!(state(&report([1, 0])), [""]);
}

#[test]
fn a_berth_between_two_roads_is_a_stay_of_its_own() {
    // Ten hours at anchor, an hour's way of 12 km, twelve hours at a berth, back to the roads.
    let report = |m: i64| {
        let at_anchor = |m: i64| {
            let turn = PI * (m as f64 / 180.0).sin();
            let (sin, cos) = turn.sin_cos();
            let heading = turn.to_degrees().rem_euclid(360.0);
            (
                [300.0 * sin, 300.0 * cos],
                Some(0.3),
                heading,
                Some(heading),
                1,
            )
        };
        let way = |m: i64| ([0.0, 200.0 * m as f64], Some(6.5), 0.0, Some(0.0), 0);
        Some(match m {
            0..600 => at_anchor(m),
            600..660 => way(m - 600),
            660..1380 => ([0.0, 12_000.0], Some(0.0), 0.0, Some(10.0), 5),
            1380..1440 => way(1440 - m),
            _ => at_anchor(m),
        })
    };
    let traffic = traffic(3, 2040, report);
    let spans = spans(&traffic);
    assert_eq!(spans.len(), 3, "{spans:?}");
    assert!((657..=666).contains(&spans[1].0) && (1374..=1383).contains(&spans[1].1));
    assert_eq!(state(&traffic), ["anchored", "moored", "anchored"]);
}

/// A wide run is placed where she was, not in the middle of its box.
#[test]
fn a_run_lies_where_she_stayed_longest() {
    // Three hours of drift, two hours at six knots in a bow, five hours at rest.
    let report = |m: i64| {
        let kn = |at, kn| Some((at, Some(kn), 0.0, None, 0));
        match m {
            0..180 => kn([0.0, 20.0 * m as f64], 0.7),
            180..300 => {
                let turn = PI * (m - 180) as f64 / 120.0;
                kn(
                    [7_000.0 * (1.0 - turn.cos()), 3_600.0 + 7_000.0 * turn.sin()],
                    6.0,
                )
            }
            300..600 => kn([14_000.0, 3_600.0], 0.1),
            _ => kn([14_000.0 + 300.0 * (m - 600) as f64, 3_600.0], 9.7),
        }
    };
    let runs = runs(&traffic(3, 700, report));
    assert_eq!(runs.len(), 1);
    let rest = Plane::at(sea()).to_place([14_000.0, 3_600.0]);
    assert!(distance_m(runs[0].place, rest) < 1_000.0);
}

/// Way and box hold what she did in between, though the run is made of slow fixes.
#[test]
fn a_trip_inside_a_run_is_part_of_its_way_and_box() {
    // Five hours at rest, ten kilometres off and back within an hour, five hours at rest; and twice off for a few minutes.
    let report = |m: i64| {
        let east_m = match m {
            300..330 => 333.0 * (m - 300) as f64,
            330..360 => 333.0 * (360 - m) as f64,
            100..105 | 500..505 => 120.0 * (m % 100) as f64,
            _ => 0.0,
        };
        let kn = if east_m > 0.0 { 8.0 } else { 0.1 };
        Some(([east_m, 0.0], Some(kn), 90.0, None, 0))
    };
    let runs = runs(&traffic(1, 660, report));
    assert_eq!(runs.len(), 1);
    let (path_m, radius_m) = (runs[0].path_dm / 10, runs[0].radius_dm / 10);
    assert!((21_500..22_000).contains(&path_m), "{path_m} m");
    assert!((4_980..5_010).contains(&radius_m), "{radius_m} m");
    assert!(distance_m(runs[0].place, sea()) < 100.0);
}
