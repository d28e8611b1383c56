//! Identities that are not what they say, each beside the ordinary thing that looks like it.

mod changes;
mod handovers;
mod leaps;

use std::collections::BTreeMap;
use std::sync::Arc;

use alongside::assess;
use alongside::gazetteer::Gazetteer;
use alongside::geodesy::Plane;
use alongside::model::{AisClass, LonLat, Row, StaticRecord, Value};
use alongside::pipeline::EngineParams;
use alongside::proximity::GridSearch;
use alongside::simulate::{self, Format, Sort};
use alongside::{Config, ScanRequest, Silent, evaluate, scan};

use crate::traffic::{DAY_0, DAY_MS, Dice, Position, Rig, Statics, Traffic, difference};

const HOUR_MS: i64 = 3_600_000;
const KN: f64 = 1852.0 / 3600.0;
/// Well out in the Atlantic.
const OPEN: (f64, f64) = (-30.0, 45.0);
const IMO: u32 = 9_417_115;

/// A stretch of fixes, two minutes apart.
struct Stretch {
    mmsi: u32,
    from_h: f64,
    to_h: f64,
    every_s: f64,
    noise_m: f64,
    sog_kn: f64,
    cog_deg: f64,
}

impl Stretch {
    fn new(mmsi: u32, from_h: f64, to_h: f64) -> Self {
        Self {
            mmsi,
            from_h,
            to_h,
            every_s: 120.0,
            noise_m: 10.0,
            sog_kn: 10.0,
            cog_deg: 90.0,
        }
    }

    /// Fixes at the places that `at` gives in metres from `origin`, by hours.
    fn place(&self, traffic: &mut Traffic, origin: (f64, f64), at: impl Fn(f64) -> [f64; 2]) {
        let plane = Plane::at(LonLat::from_degrees_wrapped(origin.0, origin.1));
        let mut dice = Dice(u64::from(self.mmsi) + self.from_h.to_bits());
        let mut t = (self.from_h * HOUR_MS as f64) as i64;
        while (t as f64) < self.to_h * HOUR_MS as f64 {
            let [e, n] = at(t as f64 / HOUR_MS as f64);
            let mut off = || dice.between(-self.noise_m, self.noise_m + 1e-9);
            let place = plane.to_place([e + off(), n + off()]);
            traffic.positions.push(Position {
                mmsi: self.mmsi,
                t: DAY_0 + t,
                place,
                sog_kn: Some(self.sog_kn as f32),
                cog_deg: Some(self.cog_deg as f32),
                heading_deg: None,
                nav_status: Some(0),
                class: Some(AisClass::A),
            });
            t += (self.every_s * 1000.0) as i64;
        }
    }

    /// Fixes along its speed and course.
    fn sail(&self, traffic: &mut Traffic, origin: (f64, f64)) {
        let (sin, cos) = self.cog_deg.to_radians().sin_cos();
        let v = self.sog_kn * KN * 3600.0;
        self.place(traffic, origin, |h| [v * h * sin, v * h * cos]);
    }
}

fn tanker() -> StaticRecord {
    StaticRecord {
        ship_type: Some(80),
        length_dm: Some(2440),
        beam_dm: Some(420),
        ..StaticRecord::default()
    }
}

fn named(name: &str) -> StaticRecord {
    StaticRecord {
        name: Some(name.into()),
        ..tanker()
    }
}

fn numbered(imo: u32) -> StaticRecord {
    StaticRecord {
        imo: Some(imo),
        ..tanker()
    }
}

/// A record every six minutes.
fn say(traffic: &mut Traffic, mmsi: u32, from_h: f64, to_h: f64, record: &StaticRecord) {
    let mut h = from_h;
    while h < to_h {
        traffic.statics.push(Statics {
            mmsi,
            t: DAY_0 + (h * HOUR_MS as f64) as i64,
            record: record.clone(),
        });
        h += 0.1;
    }
}

fn sea(days: i64) -> Traffic {
    Traffic {
        complete_to: DAY_0 + days * DAY_MS,
        ..Traffic::default()
    }
}

fn rig() -> Rig {
    Rig {
        params: EngineParams::default(),
        assess: assess::Params::default(),
        waters: Arc::new(Gazetteer::builtin()),
        search: Arc::new(GridSearch),
    }
}

fn rows(traffic: &Traffic) -> Vec<Row> {
    let rig = rig();
    let engine = rig.run(traffic.days());
    let tables = rig.tables(&engine);
    let table = tables.iter().find(|t| t.schema.name == "identity");
    table.expect("a table of identities").rows().into_owned()
}

fn word<'a>(row: &'a Row, column: &str) -> &'a str {
    match row.get(column) {
        Value::Text(text) => text,
        other => panic!("{column} is {other:?}"),
    }
}

/// The kinds that were found, with their number.
fn kinds(traffic: &Traffic) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for row in rows(traffic) {
        assert!(!word(&row, "detail").is_empty());
        *counts.entry(word(&row, "kind").to_owned()).or_default() += 1;
    }
    counts
}

fn expect(traffic: &Traffic, wanted: &[&str]) {
    let wanted: BTreeMap<String, usize> = wanted.iter().map(|k| ((*k).to_owned(), 1)).collect();
    assert_eq!(kinds(traffic), wanted);
}

/// Two ships 60 km apart under one MMSI.
fn shared() -> Traffic {
    let mut traffic = sea(2);
    Stretch::new(311_000_001, 1.0, 20.0).sail(&mut traffic, OPEN);
    Stretch::new(311_000_001, 2.01, 22.0).place(&mut traffic, OPEN, |_| [0.0, 60_000.0]);
    traffic
}

#[test]
fn one_mmsi_on_two_ships() {
    expect(&shared(), &["shared_mmsi"]);
}

#[test]
fn a_ship_with_wrong_times_is_one_ship() {
    let mut traffic = sea(2);
    let ship = Stretch::new(311_000_001, 1.0, 20.0);
    ship.sail(&mut traffic, OPEN);
    // Another station repeats it an hour late, and some rows are 90 s old.
    let late: Vec<Position> = traffic
        .positions
        .iter()
        .map(|p| Position {
            t: p.t + HOUR_MS + 61_000,
            ..*p
        })
        .collect();
    let stale: Vec<Position> = traffic
        .positions
        .iter()
        .step_by(7)
        .map(|p| Position {
            t: p.t + 90_500,
            ..*p
        })
        .collect();
    traffic.positions.extend(late);
    traffic.positions.extend(stale);
    expect(&traffic, &[]);
}

/// A track that is 400 km away from 10 to 13 h.
fn leap() -> Traffic {
    let mut traffic = sea(2);
    Stretch::new(311_000_002, 1.0, 10.0).sail(&mut traffic, OPEN);
    Stretch::new(311_000_002, 10.0, 13.0).place(&mut traffic, OPEN, |_| [0.0, 400_000.0]);
    Stretch::new(311_000_002, 13.0, 20.0).sail(&mut traffic, OPEN);
    traffic
}

#[test]
fn a_leap_and_back() {
    expect(&leap(), &["jump"]);
}

#[test]
fn bit_errors_are_no_leap() {
    let mut traffic = sea(2);
    Stretch::new(311_000_002, 1.0, 20.0).sail(&mut traffic, OPEN);
    for row in traffic.positions.iter_mut().step_by(50) {
        row.place = LonLat::from_degrees_wrapped(row.place.lon() + 5.0, row.place.lat());
    }
    expect(&traffic, &[]);
}

fn handover(after: &StaticRecord) -> Traffic {
    let mut traffic = sea(2);
    Stretch::new(311_000_003, 1.0, 20.0).sail(&mut traffic, OPEN);
    Stretch::new(636_000_003, 20.3, 40.0).sail(&mut traffic, OPEN);
    say(&mut traffic, 311_000_003, 1.0, 20.0, &named("OLD PEARL"));
    say(&mut traffic, 636_000_003, 20.3, 40.0, after);
    traffic
}

#[test]
fn one_hull_goes_on_under_another_mmsi() {
    expect(&handover(&named("NEW DAWN")), &["handover"]);
}

#[test]
fn one_ship_leaves_and_another_comes() {
    let other_hull = StaticRecord {
        length_dm: Some(1830),
        beam_dm: Some(322),
        ..named("NEW DAWN")
    };
    expect(&handover(&other_hull), &[]);
    // A sister that turns up elsewhere, and one while the first goes on.
    let mut traffic = handover(&named("SISTER"));
    traffic.positions.iter_mut().for_each(|p| {
        if p.mmsi == 636_000_003 {
            p.place = LonLat::from_degrees_wrapped(p.place.lon() + 1.0, p.place.lat());
        }
    });
    expect(&traffic, &[]);
    let mut traffic = handover(&named("SISTER"));
    Stretch::new(311_000_003, 20.0, 40.0).sail(&mut traffic, OPEN);
    expect(&traffic, &[]);
}

fn one_ship(days: i64, said: &[(f64, f64, StaticRecord)]) -> Traffic {
    let mut traffic = sea(days);
    Stretch::new(311_000_004, 1.0, 24.0 * days as f64 - 1.0).sail(&mut traffic, OPEN);
    for (from_h, to_h, record) in said {
        say(&mut traffic, 311_000_004, *from_h, *to_h, record);
    }
    traffic
}

#[test]
fn an_imo_number_with_a_wrong_check_digit() {
    expect(
        &one_ship(1, &[(1.0, 8.0, numbered(9_417_116))]),
        &["imo_check_digit"],
    );
}

#[test]
fn what_is_no_imo_number_is_no_wrong_one() {
    // Right; an inland vessel's number; an MMSI; received for half an hour.
    for (imo, hours) in [
        (IMO, 8.0),
        (2_331_234 * 10, 8.0),
        (311_000_004, 8.0),
        (9_417_116, 1.5),
    ] {
        expect(&one_ship(1, &[(1.0, hours, numbered(imo))]), &[]);
    }
    // The same number that lost its zero, on the Rhine.
    let mut traffic = sea(1);
    Stretch::new(211_000_004, 1.0, 20.0).place(&mut traffic, (7.6, 50.35), |_| [0.0; 2]);
    say(&mut traffic, 211_000_004, 1.0, 20.0, &numbered(4_807_110));
    expect(&traffic, &[]);
}

fn imo_twice(apart_m: f64) -> Traffic {
    let mut traffic = sea(2);
    for (mmsi, north_m) in [(311_000_005, 0.0), (636_000_005, apart_m)] {
        Stretch::new(mmsi, 1.0, 20.0).place(&mut traffic, OPEN, |h| [9000.0 * h, north_m]);
        say(&mut traffic, mmsi, 1.0, 20.0, &numbered(IMO));
    }
    traffic
}

#[test]
fn one_imo_number_on_two_hulls() {
    expect(&imo_twice(30_000.0), &["imo_on_two_hulls"]);
}

#[test]
fn two_transponders_of_one_hull_are_one_hull() {
    expect(&imo_twice(30.0), &[]);
}

fn unallocated(mmsi: u32, hours: f64) -> Traffic {
    let mut traffic = sea(1);
    Stretch::new(mmsi, 1.0, 1.0 + hours).sail(&mut traffic, OPEN);
    traffic
}

#[test]
fn country_digits_of_no_country() {
    expect(&unallocated(446_000_001, 10.0), &["unallocated_mid"]);
}

#[test]
fn beacons_gear_and_slips_have_no_country() {
    for (mmsi, hours) in [
        (941_200_001, 10.0),
        (982_190_001, 10.0),
        (311_000_001, 10.0),
        (446_000_001, 0.5),
    ] {
        expect(&unallocated(mmsi, hours), &[]);
    }
}

#[test]
fn a_changed_name() {
    let said = [
        (1.0, 20.0, named("OLD PEARL")),
        (25.0, 45.0, named("NEW DAWN")),
    ];
    expect(&one_ship(2, &said), &["changed_name"]);
}

#[test]
fn spellings_parts_and_slips_are_the_same_name() {
    for other in [
        "OLD PEARLS",
        "MT OLD PEARL",
        "OLD PEA",
        "OLD.PEARL",
        "NOT NAMED",
    ] {
        let said = [(1.0, 20.0, named("OLD PEARL")), (25.0, 45.0, named(other))];
        expect(&one_ship(2, &said), &[]);
    }
    // Two that alternate, and one that was received for half an hour.
    let said = [
        (1.0, 20.0, named("OLD PEARL")),
        (25.0, 45.0, named("NEW DAWN")),
        (46.0, 47.0, named("OLD PEARL")),
    ];
    expect(&one_ship(2, &said), &[]);
    let said = [
        (1.0, 20.0, named("OLD PEARL")),
        (25.0, 25.5, named("NEW DAWN")),
    ];
    expect(&one_ship(2, &said), &[]);
}

fn reflagged(new_mmsi: u32) -> Traffic {
    let mut traffic = sea(4);
    Stretch::new(311_000_006, 1.0, 20.0).sail(&mut traffic, OPEN);
    Stretch::new(new_mmsi, 60.0, 80.0).sail(&mut traffic, OPEN);
    say(&mut traffic, 311_000_006, 1.0, 20.0, &numbered(IMO));
    say(&mut traffic, new_mmsi, 60.0, 80.0, &numbered(IMO));
    traffic
}

#[test]
fn a_changed_flag() {
    expect(&reflagged(613_000_006), &["changed_flag"]);
}

#[test]
fn another_mmsi_of_the_same_flag_is_no_other_flag() {
    expect(&reflagged(311_000_777), &[]);
}

fn resized(ship_type: u8) -> Traffic {
    let of = |length_dm| StaticRecord {
        ship_type: Some(ship_type),
        length_dm: Some(length_dm),
        ..tanker()
    };
    one_ship(2, &[(1.0, 20.0, of(2440)), (25.0, 45.0, of(1830))])
}

#[test]
fn changed_dimensions() {
    expect(&resized(80), &["changed_dimensions"]);
}

#[test]
fn a_tow_is_as_long_as_what_it_tows() {
    expect(&resized(31), &[]);
}

/// What a ship says long after the change was final doesn't undo it.
#[test]
fn who_tows_later_did_not_tow_then() {
    let of = |ship_type, length_dm| StaticRecord {
        ship_type: Some(ship_type),
        length_dm: Some(length_dm),
        ..tanker()
    };
    let changed = [(1.0, 20.0, of(80, 2440)), (25.0, 45.0, of(80, 1830))];
    let later = |h: f64| [&changed[..], &[(h, h + 5.0, of(31, 1830))]].concat();
    expect(&one_ship(12, &changed), &["changed_dimensions"]);
    // Seven days after the change.
    expect(&one_ship(12, &later(192.0)), &[]);
    expect(&one_ship(12, &later(194.0)), &["changed_dimensions"]);
}

/// Nor does where she is heard then tell where she was.
#[test]
fn a_place_is_one_of_about_then() {
    for (heard_h, is_placed) in [(190.0, true), (194.0, false)] {
        let mut traffic = sea(12);
        say(&mut traffic, 311_000_006, 1.0, 20.0, &named("OLD PEARL"));
        say(&mut traffic, 311_000_006, 25.0, 45.0, &named("NEW DAWN"));
        Stretch::new(311_000_006, heard_h, heard_h + 20.0).sail(&mut traffic, OPEN);
        let found = rows(&traffic);
        assert_eq!(found.len(), 1);
        assert_eq!(
            *found[0].get("lat") != Value::Null,
            is_placed,
            "{heard_h} h"
        );
    }
}

fn circle(noise_m: f64, radius_m: f64) -> Traffic {
    let mut traffic = sea(1);
    let ship = Stretch {
        noise_m,
        ..Stretch::new(311_000_007, 1.0, 15.0)
    };
    ship.place(&mut traffic, OPEN, |h| {
        let (sin, cos) = (h * std::f64::consts::TAU / 1.3).sin_cos();
        [radius_m * sin, radius_m * cos]
    });
    traffic
}

#[test]
fn a_circle_without_noise() {
    expect(&circle(0.0, 3000.0), &["circle"]);
}

#[test]
fn a_ship_that_circles_or_swings_is_real() {
    expect(&circle(10.0, 3000.0), &[]);
    expect(&circle(0.0, 250.0), &[]);
}

fn line(noise_m: f64) -> Traffic {
    let mut traffic = sea(1);
    let ship = Stretch {
        noise_m,
        ..Stretch::new(311_000_008, 1.0, 6.0)
    };
    ship.sail(&mut traffic, OPEN);
    traffic
}

#[test]
fn a_line_without_noise() {
    expect(&line(0.0), &["line"]);
}

#[test]
fn a_steady_course_is_real() {
    expect(&line(8.0), &[]);
}

fn still(place: (f64, f64)) -> Traffic {
    still_every(120.0, place)
}

fn still_every(every_s: f64, place: (f64, f64)) -> Traffic {
    let mut traffic = sea(1);
    let ship = Stretch {
        sog_kn: 0.1,
        every_s,
        ..Stretch::new(311_000_009, 1.0, 15.0)
    };
    ship.place(&mut traffic, place, |_| [0.0; 2]);
    say(&mut traffic, 311_000_009, 1.0, 15.0, &numbered(IMO));
    traffic
}

#[test]
fn a_ship_in_a_desert() {
    expect(&still((134.0, -24.0)), &["on_land"]);
    // As by a satellite.
    expect(&still_every(2400.0, (134.0, -24.0)), &["on_land"]);
}

#[test]
fn ships_on_rivers_lakes_and_at_inland_ports_are_where_they_say() {
    for (place, name) in [
        ((-87.5, 48.0), "Lake Superior"),
        ((1.489, 49.094), "the Seine"),
        ((-60.0, -3.1), "Manaus"),
        ((44.5, 48.7), "the Volga"),
        ((32.5, 31.2), "the Suez Canal"),
    ] {
        let found = kinds(&still(place));
        assert!(found.is_empty(), "{name}: {found:?}");
    }
}

/// Findings in simulated traffic, and how they compare with its truth.
fn simulated(change: impl Fn(&mut simulate::Params)) -> evaluate::IdentityScore {
    let dir = tempfile::tempdir().unwrap();
    let mut params = simulate::Params {
        vessels: 400,
        days: 2,
        seed: 7,
        ..simulate::Params::default()
    };
    change(&mut params);
    let made = simulate::simulate(&params, dir.path(), Format::MarineCadastre).unwrap();
    let request = ScanRequest::new(made.files, dir.path().join("out"));
    let tables = scan(&Config::default(), &request, &Silent).unwrap().tables;
    let table = tables.iter().find(|t| t.schema.name == "identity").unwrap();
    let truths = evaluate::read_truth(&made.truth).unwrap();
    let found = evaluate::read_identity(&dir.path().join("out")).unwrap();
    let found = found.expect("the table is written");
    assert_eq!(found, evaluate::Finding::from_table(table));
    evaluate::evaluate_identity(&found, &truths)
}

#[test]
fn simulated_identities_are_found_and_clean_traffic_has_none() {
    let score = simulated(|_| ());
    assert!(score.all_truths.of >= 8, "{score:?}");
    assert!(score.all_truths.value >= Some(0.95), "{score:?}");
    assert!(score.all_findings.value >= Some(0.95), "{score:?}");
    let clean = simulated(|params| {
        for sort in [Sort::Handover, Sort::Shared, Sort::Circle] {
            params.scenes.remove(&sort);
        }
    });
    assert_eq!(clean.all_findings.of, 0, "{clean:?}");
}

/// Everything at once, each under its own MMSIs and far from the rest.
fn everything() -> Traffic {
    let scenes = [
        shared(),
        leap(),
        handover(&named("NEW DAWN")),
        one_ship(
            2,
            &[
                (1.0, 20.0, named("OLD PEARL")),
                (25.0, 45.0, named("NEW DAWN")),
            ],
        ),
        imo_twice(30_000.0),
        unallocated(446_000_001, 10.0),
        circle(0.0, 3000.0),
        line(0.0),
        still((134.0, -24.0)),
        changes::for_a_time(311_000_020),
        handovers::for_a_time([311_000_030, 613_000_030], 10.0, 34.0, Some(9_275_658)),
        leaps::leaping(311_000_040, 4, &[1.0, 23.9], 60.0),
    ];
    let mut all = sea(12);
    for (i, scene) in scenes.into_iter().enumerate() {
        let moved = scene.map(|p| Position {
            place: LonLat::from_degrees_wrapped(p.place.lon(), p.place.lat() + i as f64 * 0.01),
            ..p
        });
        all.positions.extend(moved.positions);
        all.statics.extend(moved.statics);
    }
    all
}

#[test]
fn cuts_and_storage_do_not_matter_and_final_rows_stay() {
    let (traffic, rig) = (everything(), rig());
    let days = rig.report(&rig.run(traffic.days()));
    assert!(days.matches("\nidentity ").count() >= 8, "{days}");
    let cuts: Vec<i64> = (0..60)
        .map(|i| DAY_0 + i * 5 * HOUR_MS + i * 777_777)
        .collect();
    let (engine, finals) = rig.run_stored(traffic.chunks(&cuts, 5), "identity");
    assert!(finals.len() >= 8, "{finals:?}");
    let cut = rig.report(&engine);
    assert!(cut == days, "{}", difference(&days, &cut));
}
