//! Zones of one's own, ports called at, and anchorages and berths learned from other ships, through whole runs.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;

use alongside::assess;
use alongside::model::{AisClass, LonLat, Row, Table, Value};
use alongside::{Config, ScanRequest, Silent, scan};

use crate::traffic::{DAY_0, DAY_MS, Dice, Position, Rig, Traffic, render};

/// Rows of MarineCadastre form.
#[derive(Default)]
struct Log(String);

/// A ship at rest: minutes from the start of 2018-06-01, place, heading, status.
struct Rest {
    mmsi: u32,
    minutes: std::ops::Range<i64>,
    lat: f64,
    lon: f64,
    /// How far from her anchor she swings through the tide, degrees of latitude; 0 for a berth.
    scope_deg: f64,
    draught_m: &'static str,
}

impl Log {
    fn new() -> Self {
        Self("MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n".into())
    }

    fn row(
        &mut self,
        mmsi: u32,
        minute: i64,
        (lat, lon): (f64, f64),
        sog: f64,
        (heading, status): (f64, u8),
        draught_m: &str,
    ) {
        let (day, h, m) = (1 + minute / 1440, minute / 60 % 24, minute % 60);
        writeln!(
            self.0,
            "{mmsi},2018-06-{day:02}T{h:02}:{m:02}:00,{lat:.5},{lon:.5},{sog:.1},{heading:.1},{heading:.1},SHIP,,,80,{status},180,30,{draught_m},80,A"
        )
        .unwrap();
    }

    fn rest(&mut self, rest: &Rest) {
        for minute in rest.minutes.clone().step_by(5) {
            let swings = rest.scope_deg > 0.0;
            let turned = if swings {
                180.0 * (minute as f64 / 360.0).sin()
            } else {
                0.0
            };
            let heading = (200.0 + turned).rem_euclid(360.0);
            let (sin, cos) = heading.to_radians().sin_cos();
            let out = rest.scope_deg;
            let place = (rest.lat - out * cos, rest.lon - out * sin);
            let status = if swings { 1 } else { 5 };
            self.row(
                rest.mmsi,
                minute,
                place,
                0.1,
                (heading, status),
                rest.draught_m,
            );
        }
    }

    fn scan(&self, zones: Option<&str>) -> Result<Vec<Table>, String> {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("a.csv");
        fs::write(&input, &self.0).unwrap();
        let mut request = ScanRequest::new(vec![input], dir.path().join("out"));
        if let Some(zones) = zones {
            let file = dir.path().join("mine.json");
            fs::write(&file, zones).unwrap();
            request.zones = vec![file];
        }
        let report = scan(&Config::default(), &request, &Silent).map_err(|e| e.to_string())?;
        if zones.is_some() {
            let of_file = |r: &&alongside::pipeline::ReferenceRecord| r.name.ends_with("mine.json");
            assert_eq!(report.run.reference.iter().filter(of_file).count(), 1);
        }
        Ok(report.tables)
    }
}

fn rows(tables: &[Table], name: &str) -> Vec<Row> {
    let table = tables.iter().find(|t| t.schema.name == name).unwrap();
    table.rows().into_owned()
}

fn text(row: &Row, column: &str) -> String {
    match row.get(column) {
        Value::Text(text) => text.clone(),
        Value::Null => String::new(),
        other => format!("{other:?}"),
    }
}

/// Ships at anchor off Long Beach, three kilometres and more from the shore.
fn anchored(ships: u32, scope_deg: f64) -> Log {
    let mut log = Log::new();
    for i in 0..ships {
        log.rest(&Rest {
            mmsi: 311_000_001 + i,
            minutes: 0..1400,
            lat: 33.67 + 0.006 * f64::from(i / 3),
            lon: -118.13 + 0.007 * f64::from(i % 3),
            scope_deg,
            draught_m: "10.0",
        });
    }
    // Days later, so that the first day is known.
    log.row(338_000_009, 5 * 1440, (33.5, -118.5), 10.0, (90.0, 0), "");
    log
}

#[test]
fn an_anchorage_is_learned_from_other_ships() {
    // On a long scope and on one so short that they stay within the room of a berth.
    for scope_deg in [0.003, 0.0004] {
        let seen = |ships: u32| -> Vec<(String, String)> {
            let log = anchored(ships, scope_deg);
            let rows = rows(&log.scan(None).unwrap(), "loitering");
            rows.iter()
                .map(|r| (text(r, "anchorage"), text(r, "state")))
                .collect()
        };
        let few = seen(5);
        assert_eq!(few.len(), 5);
        assert!(
            few.iter().all(|(a, s)| a.is_empty() && s == "anchored"),
            "a ship alone counts four others: {few:?}"
        );
        let many = seen(6);
        assert!(
            many.iter().all(|(a, _)| a.starts_with("anchorage at 33.6")),
            "{many:?}"
        );
    }
}

#[test]
fn a_call_is_a_stay_at_a_berth_and_not_at_anchor_off_the_port() {
    let mut log = Log::new();
    let rest = |minutes, lat, lon, scope_deg, draught_m| Rest {
        mmsi: 311_000_001,
        minutes,
        lat,
        lon,
        scope_deg,
        draught_m,
    };
    // Off the port at anchor, two berths in it with an hour's shift between, and away with less draught.
    log.rest(&rest(0..800, 33.69, -118.13, 0.003, "12.0"));
    for step in 0..12 {
        let (lat, lon) = (
            33.69 + 0.005 * f64::from(step),
            -118.13 - 0.006 * f64::from(step),
        );
        log.row(
            311_000_001,
            810 + i64::from(step) * 5,
            (lat, lon),
            6.0,
            (310.0, 0),
            "12.0",
        );
    }
    log.rest(&rest(870..1400, 33.7462, -118.2020, 0.0, "12.0"));
    log.row(
        311_000_001,
        1420,
        (33.7400, -118.2100),
        4.0,
        (230.0, 0),
        "12.0",
    );
    log.rest(&rest(1450..1600, 33.7490, -118.2080, 0.0, "12.0"));
    for step in 0..30 {
        log.row(
            311_000_001,
            1610 + i64::from(step) * 5,
            (33.70 - 0.01 * f64::from(step), -118.20),
            10.0,
            (180.0, 0),
            "8.0",
        );
    }
    let tables = log.scan(None).unwrap();
    let calls = rows(&tables, "port_calls");
    assert_eq!(calls.len(), 1, "{calls:?}");
    let call = &calls[0];
    assert_eq!(text(call, "port"), "Long Beach");
    assert_eq!(*call.get("draught_in_m"), Value::Decimal(12.0));
    assert_eq!(*call.get("draught_out_m"), Value::Decimal(8.0));
    match call.get("duration_h") {
        Value::Decimal(h) => assert!((11.5..13.0).contains(h), "{h}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn zones_of_ones_own_count() {
    let mine = r#"{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": "My roads"},
        "geometry": {"type": "Polygon", "coordinates": [[[-118.3, 33.6], [-118.0, 33.6], [-118.0, 33.8], [-118.3, 33.6]]]}}]}"#;
    let log = anchored(1, 0.003);
    let zone = |zones| text(&rows(&log.scan(zones).unwrap(), "loitering")[0], "zone");
    assert_eq!(zone(Some(mine)), "My roads");
    assert_ne!(zone(None), "My roads");
    let error = log
        .scan(Some(&mine.replace("Polygon", "Point")))
        .unwrap_err();
    assert!(
        error.contains("mine.json") && error.contains("feature 1 ('My roads')"),
        "{error}"
    );
}

/// Twelve days of tankers that come to anchor or to a quay off Long Beach for half a day to a day and a half, and go.
fn busy_port(seed: u64) -> Traffic {
    let mut dice = Dice(seed);
    let mut traffic = Traffic {
        complete_to: DAY_0 + 12 * DAY_MS,
        ..Traffic::default()
    };
    for ship in 0..24_u32 {
        let quay = dice.happens(0.5);
        let (lat, lon) = if quay {
            (33.7462 + dice.between(0.0, 0.002), -118.2020)
        } else {
            (
                33.67 + dice.between(0.0, 0.02),
                -118.13 + dice.between(0.0, 0.02),
            )
        };
        let begin = dice.between(0.0, 260.0);
        let hours = dice.between(12.0, 36.0);
        let mut h = begin - 1.0;
        while h < begin + hours + 1.0 && h < 285.0 {
            let off = (begin - h).max(h - begin - hours).max(0.0);
            let turn = if quay { 0.0 } else { 150.0 * (h / 4.0).sin() };
            let heading = (100.0 + turn).rem_euclid(360.0);
            let swing = if quay { 0.0 } else { 0.003 };
            let (sin, cos) = heading.to_radians().sin_cos();
            let noise = [0, 1].map(|_| dice.between(-1e-4, 1e-4));
            traffic.positions.push(Position {
                mmsi: 311_000_001 + ship,
                t: DAY_0 + (h.max(0.0) * 3.6e6) as i64,
                place: LonLat::from_degrees_wrapped(
                    lon - swing * sin + noise[0],
                    lat - swing * cos - off * 0.15 + noise[1],
                ),
                sog_kn: Some(if off > 0.0 { 9.0 } else { 0.1 }),
                cog_deg: Some(180.0),
                heading_deg: Some(heading.min(359.0) as f32),
                nav_status: Some(if off > 0.0 { 0 } else { 1 + 4 * u8::from(quay) }),
                class: Some(AisClass::A),
            });
            h += dice.between(0.05, 0.2);
        }
    }
    traffic
}

/// What is final one night stays, though ships that come later teach more of the places.
#[test]
fn what_is_learned_later_changes_no_final_row() {
    let assess = assess::Params {
        lookback_d: 4,
        settle_d: 4,
        known_place_ships: 2,
        ..Default::default()
    };
    let rig = Rig {
        assess,
        ..Rig::new()
    };
    for seed in 1..=3 {
        let mut engine = rig.engine();
        let mut finals: BTreeSet<String> = BTreeSet::new();
        for day in busy_port(seed).days() {
            engine.step(day);
            let report = render(&rig.tables(&engine));
            let lines: BTreeSet<String> = report
                .lines()
                .filter(|l| l.contains(" status=Text(\"final\")"))
                .map(str::to_owned)
                .collect();
            let lost = finals.difference(&lines).next();
            assert!(lost.is_none(), "not final: {}", lost.unwrap());
            finals = lines;
        }
        for learned in ["anchorage=", "port_calls", "state=Text(\"moored\")"] {
            let any = finals.iter().any(|l| l.contains(learned));
            assert!(any, "seed {seed}: no {learned}");
        }
    }
}

/// Tankers at a berth of Jurong Island, which the coastline lacks: 3 km off shore by it, within 2 km of a port's point.
/// The calls and slow runs of one with this heading by minute and status, and of others beside her with theirs.
fn at_jurong(heading: impl Fn(i64) -> f64, status: u8, others: &[u8]) -> (Vec<Row>, Vec<Row>) {
    let mut log = Log::new();
    for (ship, status) in (0_u32..).zip(std::iter::once(&status).chain(others)) {
        let lat = 1.2703 + 0.0006 * f64::from(ship);
        for minute in (0..1200).step_by(5) {
            let place = (lat, 103.7386);
            log.row(
                311_000_001 + ship,
                minute,
                place,
                0.0,
                (heading(minute), *status),
                "10.0",
            );
        }
    }
    log.row(338_000_009, 9 * 1440, (0.0, 90.0), 10.0, (90.0, 0), "");
    let tables = log.scan(None).unwrap();
    (rows(&tables, "port_calls"), rows(&tables, "loitering"))
}

#[test]
fn a_ship_held_near_a_ports_point_is_in_that_port_whatever_the_coastline_says() {
    // Turned off the berth in the first hour.
    let held = |minute: i64| if minute < 40 { 120.0 } else { 36.0 };
    let (calls, loitering) = at_jurong(held, 5, &[]);
    assert_eq!(calls.len(), 1);
    assert!(matches!(loitering[0].get("distance_to_shore_km"), Value::Decimal(km) if *km > 1.5));
    assert_eq!(loitering[0].get("in_port"), &Value::Bool(true));
    // Without a heading her status says it, of a ship alone.
    let unknown = |_: i64| 511.0;
    assert_eq!(at_jurong(unknown, 5, &[]).0.len(), 1);
    assert_eq!(at_jurong(unknown, 0, &[]).0.len(), 0);
    // Two that lie alongside each other at anchor may both say that they are moored.
    assert_eq!(at_jurong(unknown, 5, &[5]).0.len(), 0);
    let swings = |minute: i64| 36.0 + 15.0 * (minute as f64 / 90.0).sin();
    let (calls, loitering) = at_jurong(swings, 5, &[]);
    assert_eq!(calls.len(), 0);
    assert_eq!(loitering[0].get("in_port"), &Value::Bool(false));
    // At anchor by her own word.
    assert_eq!(at_jurong(held, 1, &[]).0.len(), 0);
    // Beside a ship at anchor in a steady wind; and at the next berth.
    assert_eq!(at_jurong(held, 5, &[1]).0.len(), 0);
    assert_eq!(at_jurong(held, 5, &[5]).0.len(), 2);
}

/// Every minute while she berths and says that she is under way, then at most every third, as ships do that say they are moored.
#[test]
fn a_call_depends_neither_on_how_often_a_ship_reports_nor_on_one_wrong_heading() {
    let calls = |every: i64, wrong: &[i64]| {
        let mut log = Log::new();
        for minute in 0..1200 {
            let moored = minute >= 120;
            let every = if moored { every.max(3) } else { every };
            if minute % every != 0 {
                continue;
            }
            let heading = match minute {
                m if wrong.contains(&m) => 217.0,
                0..40 => 120.0,
                _ => 36.0,
            };
            let status = if moored { 5 } else { 0 };
            let place = (1.2703, 103.7386);
            log.row(311_000_001, minute, place, 0.0, (heading, status), "10.0");
        }
        log.row(338_000_009, 9 * 1440, (0.0, 90.0), 10.0, (90.0, 0), "");
        rows(&log.scan(None).unwrap(), "port_calls").len()
    };
    for every in [1, 3] {
        assert_eq!(calls(every, &[]), 1, "every {every} minutes");
        assert_eq!(calls(every, &[300]), 1, "every {every} minutes");
        assert_eq!(calls(every, &[240, 270, 300]), 0, "every {every} minutes");
    }
}
