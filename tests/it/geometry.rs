//! Hulls of all sizes side by side, and what only looks like it, with the noise of real positions.
//!
//! The pairs are those of the classes that meet: lateral distances of 16 to 58 m, antennas 19 to 221 m apart. Two
//! ships that lie fender to fender for hours offshore are a transfer whatever their sizes and headings; what keeps
//! its distance, or comes alongside for other reasons, is none.

use std::f64::consts::TAU;

use alongside::geodesy::Plane;
use alongside::model::{AisClass, LonLat, Mmsi, PositionReport, Row, StaticRecord, Value};

mod tied;

use crate::traffic::{DAY_0, Dice, Position, Rig, Statics, Traffic};

const KN: f64 = 1852.0 / 3600.0;
const HOUR_S: f64 = 3600.0;
/// Error of a position in each direction, metres.
const NOISE_M: f64 = 10.0;

#[derive(Clone, Copy)]
struct Build {
    length_m: f64,
    beam_m: f64,
}

const fn build(length_m: f64, beam_m: f64) -> Build {
    Build { length_m, beam_m }
}

const SMALL: Build = build(80.0, 13.0);
const COASTAL: Build = build(105.0, 16.0);
const MR: Build = build(183.0, 32.0);
const AFRAMAX: Build = build(244.0, 44.0);
const SUEZMAX: Build = build(274.0, 48.0);
const VLCC: Build = build(333.0, 60.0);

/// Pairs, with the gap that their fenders keep, metres.
const PAIRS: [(&str, Build, Build, f64); 6] = [
    ("80 m and 105 m coastal", SMALL, COASTAL, 1.5),
    ("coastal and MR", COASTAL, MR, 1.5),
    ("MR and aframax", MR, AFRAMAX, 2.5),
    ("MR and suezmax", MR, SUEZMAX, 3.0),
    ("suezmax and VLCC", SUEZMAX, VLCC, 4.5),
    ("aframax and VLCC", AFRAMAX, VLCC, 4.5),
];

/// Middle of the hull, metres east and north of the scene's place, and heading, degrees.
type Pose = ([f64; 2], f64);

struct Ship<'a> {
    mmsi: u32,
    ship_type: u8,
    build: Build,
    /// Antenna offsets are sent; otherwise only length and beam.
    offsets: bool,
    /// The antenna is said to stand so much nearer to the port side than it does, metres.
    wrong_m: f64,
    status: u8,
    /// Error of a position in each direction, metres.
    noise_m: f64,
    /// From when to when, hours.
    heard: (f64, f64),
    interval_s: f64,
    pose: &'a dyn Fn(f64) -> Pose,
}

fn away(from: [f64; 2], bearing_deg: f64, metres: f64) -> [f64; 2] {
    let (sin, cos) = bearing_deg.to_radians().sin_cos();
    [from[0] + metres * sin, from[1] + metres * cos]
}

impl Ship<'_> {
    fn to_stern_m(&self) -> f64 {
        (self.build.length_m * 0.16).round()
    }

    fn antenna(&self, s: f64) -> [f64; 2] {
        let (middle, heading) = (self.pose)(s);
        away(
            middle,
            heading,
            self.to_stern_m() - self.build.length_m / 2.0,
        )
    }

    fn report(&self, traffic: &mut Traffic, dice: &mut Dice) {
        let plane = Plane::at(LonLat::from_degrees(-124.5, 30.5).unwrap());
        let m = |m: f64| Some(m as u16);
        let record = if self.offsets {
            StaticRecord {
                to_bow_m: m(self.build.length_m - self.to_stern_m()),
                to_stern_m: m(self.to_stern_m()),
                to_port_m: m((self.build.beam_m / 2.0).floor() - self.wrong_m),
                to_starboard_m: m((self.build.beam_m / 2.0).ceil() + self.wrong_m),
                ..StaticRecord::default()
            }
        } else {
            StaticRecord::default()
        };
        traffic.statics.push(Statics {
            mmsi: self.mmsi,
            t: DAY_0,
            record: StaticRecord {
                ship_type: Some(self.ship_type),
                length_dm: m(self.build.length_m * 10.0),
                beam_dm: m(self.build.beam_m * 10.0),
                ..record
            },
        });
        let mut s = self.heard.0 * HOUR_S + dice.between(0.0, self.interval_s);
        while s < self.heard.1 * HOUR_S {
            let at = self.antenna(s);
            let before = self.antenna(s - 10.0);
            let v = [(at[0] - before[0]) / 10.0, (at[1] - before[1]) / 10.0];
            let noise = [0, 1].map(|_| self.noise_m * normal(dice));
            traffic.positions.push(Position {
                mmsi: self.mmsi,
                t: DAY_0 + (s * 1000.0) as i64,
                place: plane.to_place([at[0] + noise[0], at[1] + noise[1]]),
                sog_kn: Some(((v[0].hypot(v[1]) / KN * 10.0).round() / 10.0) as f32),
                cog_deg: Some(v[0].atan2(v[1]).to_degrees().rem_euclid(359.9) as f32),
                heading_deg: Some((self.pose)(s).1.rem_euclid(360.0).floor() as f32),
                nav_status: Some(self.status),
                class: Some(AisClass::A),
            });
            s += self.interval_s * dice.between(0.9, 1.1);
        }
    }
}

/// After Box and Muller (1958).
fn normal(dice: &mut Dice) -> f64 {
    (-2.0 * dice.between(1e-9, 1.0).ln()).sqrt() * (TAU * dice.share()).cos()
}

/// Encounters of these ships.
fn encounters(ships: &[Ship], seed: u64) -> Vec<Row> {
    encounters_as_heard(ships, seed, |report| report)
}

/// The same of reports that came another way.
fn encounters_as_heard(
    ships: &[Ship],
    seed: u64,
    heard: impl Fn(PositionReport) -> PositionReport,
) -> Vec<Row> {
    let mut traffic = Traffic {
        complete_to: DAY_0 + 20 * 3_600_000,
        ..Traffic::default()
    };
    let mut dice = Dice(seed);
    for ship in ships {
        ship.report(&mut traffic, &mut dice);
    }
    let rig = Rig::new();
    let mut days = traffic.days();
    for report in days.iter_mut().flat_map(|d| &mut d.positions).flatten() {
        *report = heard(*report);
    }
    let tables = rig.tables(&rig.run(days));
    let encounters = tables.iter().find(|t| t.schema.name == "encounters");
    encounters.unwrap().rows().into_owned()
}

fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    match row.get(column) {
        Value::Text(text) => text,
        other => panic!("{column} is {other:?}"),
    }
}

/// Kinds of the encounters of these ships.
fn kinds(ships: &[Ship], seed: u64) -> Vec<String> {
    let rows = encounters(ships, seed);
    rows.iter().map(|r| text(r, "kind").to_owned()).collect()
}

/// Adrift at half a knot, beam on, slowly turning.
fn drifting(s: f64) -> Pose {
    let heading = 40.0 + 25.0 * (TAU * s / (5.0 * HOUR_S)).sin();
    (away([0.0; 2], 130.0, s * 0.6 * KN), heading)
}

/// Beside a ship: abeam by so much from `from` to `to` hours, and 12 km away three hours before and after.
fn beside(
    host: &dyn Fn(f64) -> Pose,
    s: f64,
    abeam_m: f64,
    ahead_m: f64,
    (from, to): (f64, f64),
) -> [f64; 2] {
    let (middle, heading) = host(s);
    let h = s / HOUR_S;
    let off_h = (from - h).max(h - to).clamp(0.0, 3.0);
    let at = away(middle, heading, ahead_m);
    away(at, heading + 90.0, abeam_m + 4000.0 * off_h)
}

fn transfer(
    a: Build,
    b: Build,
    gap_m: f64,
    opposite: bool,
    offsets: bool,
    seed: u64,
) -> Vec<String> {
    let abeam_m = (a.beam_m + b.beam_m) / 2.0 + gap_m;
    let ahead_m = Dice(seed).between(-0.1, 0.1) * a.length_m;
    let daughter = |s: f64| {
        let turned = if opposite { 180.0 } else { 0.0 };
        (
            beside(&drifting, s, abeam_m, ahead_m, (4.0, 12.0)),
            drifting(s).1 + turned,
        )
    };
    let ship = |mmsi, build, pose| Ship {
        mmsi,
        ship_type: 80,
        build,
        offsets,
        wrong_m: 0.0,
        status: 0,
        noise_m: NOISE_M,
        heard: (0.0, 18.0),
        interval_s: 180.0,
        pose,
    };
    kinds(
        &[
            ship(311_000_001, b, &drifting),
            ship(229_000_002, a, &daughter),
        ],
        seed,
    )
}

#[test]
fn every_pair_of_sizes_side_by_side_is_a_transfer() {
    let mut missed = Vec::new();
    for (name, a, b, gap_m) in PAIRS {
        for opposite in [false, true] {
            for offsets in [true, false] {
                for seed in 1..=5 {
                    let kinds = transfer(a, b, gap_m, opposite, offsets, seed);
                    if kinds != ["sts_transfer"] && kinds != ["bunkering"] {
                        missed.push(format!(
                            "{name}, opposite {opposite}, offsets {offsets}, seed {seed}: {kinds:?}"
                        ));
                    }
                }
            }
        }
    }
    assert!(missed.is_empty(), "\n{}", missed.join("\n"));
}

fn is_transfer(kind: &str) -> bool {
    matches!(kind, "sts_transfer" | "bunkering" | "fishing_transshipment")
}

/// Plays a scene of look-alikes with several seeds; an encounter must be seen if `seen`, and none be a transfer.
fn no_transfer(name: &str, seen: bool, ships: &dyn Fn(u64) -> Vec<String>) {
    for seed in 1..=5 {
        let kinds = ships(seed);
        assert!(
            !kinds.iter().any(|k| is_transfer(k)),
            "{name}, seed {seed}: {kinds:?}"
        );
        assert!(
            !seen || !kinds.is_empty(),
            "{name}, seed {seed}: nothing seen"
        );
    }
}

fn tanker(mmsi: u32, build: Build, pose: &dyn Fn(f64) -> Pose) -> Ship<'_> {
    Ship {
        mmsi,
        ship_type: 80,
        build,
        offsets: true,
        wrong_m: 0.0,
        status: 0,
        noise_m: NOISE_M,
        heard: (0.0, 18.0),
        interval_s: 180.0,
        pose,
    }
}

#[test]
fn ships_anchored_150_m_apart_are_neighbours() {
    // They swing together through the tide, each about its own anchor and yawing by itself.
    let swing = |anchor: [f64; 2], phase: f64| {
        move |s: f64| {
            let tide = 120.0 * (TAU * s / (12.4 * HOUR_S)).sin();
            let heading = 200.0 + tide + 6.0 * (TAU * (s / 900.0 + phase)).sin();
            (away(anchor, heading + 180.0, 150.0), heading)
        }
    };
    for offsets in [true, false] {
        no_transfer("anchored", true, &|seed| {
            let (a, b) = (swing([0.0; 2], 0.1), swing([150.0, 0.0], 0.6));
            let mut ships = [
                tanker(311_000_001, SMALL, &a),
                tanker(229_000_002, COASTAL, &b),
            ];
            for ship in &mut ships {
                ship.status = 1;
                ship.offsets = offsets;
            }
            kinds(&ships, seed)
        });
    }
}

#[test]
fn tow_convoy_and_pilot_are_no_transfers() {
    let course = |ahead_m: f64, abeam_m: f64, kn: f64| {
        move |s: f64| {
            (
                away(away([0.0; 2], 45.0, s * kn * KN + ahead_m), 135.0, abeam_m),
                45.0,
            )
        }
    };
    no_transfer("tow", true, &|seed| {
        let (tug, tow) = (course(0.0, 0.0, 5.0), course(-200.0, 0.0, 5.0));
        let mut ships = [
            tanker(311_000_001, build(32.0, 10.0), &tug),
            tanker(229_000_002, COASTAL, &tow),
        ];
        ships[0].ship_type = 31;
        kinds(&ships, seed)
    });
    no_transfer("convoy", true, &|seed| {
        let (first, second) = (course(0.0, 0.0, 11.0), course(-480.0, 0.0, 11.0));
        kinds(
            &[
                tanker(311_000_001, MR, &first),
                tanker(229_000_002, AFRAMAX, &second),
            ],
            seed,
        )
    });
    no_transfer("pilot", false, &|seed| {
        let ship = course(0.0, 0.0, 8.0);
        let boat = |s: f64| (beside(&ship, s, 20.0, 0.0, (6.0, 6.25)), 45.0);
        let mut ships = [
            tanker(311_000_001, AFRAMAX, &ship),
            tanker(229_000_002, build(16.0, 5.0), &boat),
        ];
        ships[1].ship_type = 50;
        ships[1].interval_s = 30.0;
        kinds(&ships, seed)
    });
}

#[test]
fn a_speed_that_nobody_sends_is_told_from_positions() {
    for (kn, kind, mode) in [
        (11.0, "convoy", "under_way"),
        (0.0, "anchored_neighbours", "anchored"),
    ] {
        let course =
            |ahead_m: f64| move |s: f64| (away([0.0; 2], 45.0, s * kn * KN + ahead_m), 45.0);
        let (first, second) = (course(0.0), course(-480.0));
        let ships = [
            tanker(311_000_001, MR, &first),
            tanker(229_000_002, AFRAMAX, &second),
        ];
        let rows = encounters_as_heard(&ships, 1, |report| report.with_sog_kn(None));
        assert_eq!(rows.len(), 1);
        assert_eq!(
            (text(&rows[0], "kind"), text(&rows[0], "mode")),
            (kind, mode)
        );
    }
}

#[test]
fn a_barge_alongside_for_less_than_an_hour_transfers_no_cargo() {
    for seed in 1..=5 {
        let barge = |s: f64| (beside(&drifting, s, 23.5, 0.0, (6.0, 6.8)), drifting(s).1);
        let mut ships = [
            tanker(311_000_001, MR, &drifting),
            tanker(229_000_002, SMALL, &barge),
        ];
        ships.iter_mut().for_each(|ship| ship.interval_s = 60.0);
        let kinds = kinds(&ships, seed);
        assert!(
            !kinds.is_empty() && kinds.iter().all(|k| k != "sts_transfer"),
            "seed {seed}: {kinds:?}"
        );
    }
}

#[test]
fn ships_whose_positions_leap_to_one_place_do_not_meet_there() {
    let abeam_m = (MR.beam_m + AFRAMAX.beam_m) / 2.0 + 3.0;
    let daughter = |s: f64| {
        let (middle, heading) = drifting(s);
        (away(middle, heading + 90.0, abeam_m), heading)
    };
    for jammed in [true, false] {
        // From 5 to 11 h they seem to be together, 300 and 420 km from where both are before and after.
        let thrown = |home: [f64; 2], pose: Pose, s: f64| {
            let there = !jammed || (5.0..11.0).contains(&(s / HOUR_S));
            if there { pose } else { (home, 20.0) }
        };
        let one = |s: f64| thrown([300_000.0, 0.0], drifting(s), s);
        let other = |s: f64| thrown([0.0, 420_000.0], daughter(s), s);
        let mut ships = [
            tanker(311_000_001, AFRAMAX, &one),
            tanker(229_000_002, MR, &other),
        ];
        for ship in &mut ships {
            ship.heard = if jammed { (0.0, 18.0) } else { (5.0, 11.0) };
        }
        let rows = encounters(&ships, 1);
        assert_eq!(rows.len(), 1);
        let kind = if jammed { "other" } else { "sts_transfer" };
        assert_eq!(text(&rows[0], "kind"), kind);
        let reasons = text(&rows[0], "reasons");
        assert_eq!(reasons.contains("leapt there"), jammed, "{reasons}");
    }
}

#[test]
fn no_cargo_moves_at_nine_knots() {
    let abeam_m = (MR.beam_m + AFRAMAX.beam_m) / 2.0 + 3.0;
    for (kn, kind) in [(5.0, "sts_transfer"), (9.0, "other")] {
        let mother = |s: f64| (away([0.0; 2], 130.0, s * kn * KN), 130.0);
        let daughter = |s: f64| {
            let at = beside(&mother, s, abeam_m, 10.0, (4.0, 12.0));
            (at, 130.0)
        };
        let ships = [
            tanker(311_000_001, AFRAMAX, &mother),
            tanker(229_000_002, MR, &daughter),
        ];
        assert_eq!(kinds(&ships, 1), [kind], "{kn} kn");
    }
}

#[test]
fn one_mmsi_on_two_ships_is_no_transfer() {
    no_transfer("shared", false, &|seed| {
        let one = |_: f64| ([0.0, 0.0], 200.0);
        let other = |_: f64| ([20.0, 3000.0], 210.0);
        let third = |_: f64| ([30.0, 2500.0], 205.0);
        let ships = [
            tanker(311_000_001, MR, &one),
            tanker(311_000_001, MR, &other),
            tanker(229_000_002, AFRAMAX, &third),
        ];
        kinds(&ships, seed)
    });
}

#[test]
fn hulls_that_overlap_for_hours_are_not_believed() {
    let abeam_m = (AFRAMAX.beam_m + VLCC.beam_m) / 2.0 + 4.5;
    let daughter = |s: f64| {
        let at = beside(&drifting, s, abeam_m, 10.0, (4.0, 12.0));
        (at, drifting(s).1)
    };
    for (wrong_m, words) in [(0.0, false), (18.0, true)] {
        let mut ships = [
            tanker(311_000_001, VLCC, &drifting),
            tanker(229_000_002, AFRAMAX, &daughter),
        ];
        // Of the mother more hull to starboard than there is, of the daughter more to port.
        ships[0].wrong_m = wrong_m;
        ships[1].wrong_m = -wrong_m;
        let rows = encounters(&ships, 1);
        assert_eq!(rows.len(), 1);
        assert_eq!(text(&rows[0], "kind"), "sts_transfer");
        let reasons = text(&rows[0], "reasons");
        assert_eq!(reasons.contains("overlap"), words, "{reasons}");
        let gap_m = match rows[0].get("hull_gap_m") {
            Value::Decimal(m) => *m,
            other => panic!("{other:?}"),
        };
        assert_eq!(gap_m < -20.0, words, "{gap_m}");
    }
}

/// The report as an archive of three decimals keeps it.
fn rounded(report: PositionReport) -> PositionReport {
    let place = report.place();
    let on_grid = |deg: f64| (deg * 1000.0).round() / 1000.0;
    let place = LonLat::from_degrees(on_grid(place.lon()), on_grid(place.lat())).unwrap();
    let mmsi = Mmsi::new(report.mmsi()).unwrap();
    PositionReport::new(mmsi, report.ms(), place)
        .with_sog_kn(report.sog_kn())
        .with_cog_deg(report.cog_deg())
        .with_heading_deg(report.heading_deg())
        .with_nav_status(report.nav_status())
}

#[test]
fn positions_of_three_decimals_are_judged_as_roughly_as_they_are() {
    let told = |gap_m: f64, seed: u64| {
        let abeam_m = (MR.beam_m + AFRAMAX.beam_m) / 2.0 + gap_m;
        let daughter = |s: f64| {
            let place = beside(&drifting, s, abeam_m, 0.0, (4.0, 12.0));
            (place, drifting(s).1)
        };
        let ships = [
            tanker(311_000_001, AFRAMAX, &drifting),
            tanker(229_000_002, MR, &daughter),
        ];
        let rows = encounters_as_heard(&ships, seed, rounded);
        rows.iter().any(|row| is_transfer(text(row, "kind")))
    };
    assert!((1..=10).filter(|seed| told(4.0, *seed)).count() >= 9);
    assert!((1..=10).filter(|seed| told(300.0, *seed)).count() == 0);
}

/// The report as of long range: its place on a grid of a tenth of a minute.
fn of_long_range(report: PositionReport) -> PositionReport {
    let on_grid = |deg: f64| (deg * 600.0).round() / 600.0;
    let place = report.place();
    let place = LonLat::from_degrees(on_grid(place.lon()), on_grid(place.lat())).unwrap();
    let mmsi = Mmsi::new(report.mmsi()).unwrap();
    PositionReport::new(mmsi, report.ms(), place)
        .with_sog_kn(report.sog_kn().map(f32::round))
        .with_cog_deg(report.cog_deg().map(f32::floor))
        .long_range()
}

#[test]
fn a_ship_heard_from_afar_is_beside_another_by_no_more_than_its_reports_tell() {
    const GAP_M: f64 = 4.0;
    let abeam_m = (MR.beam_m + AFRAMAX.beam_m) / 2.0 + GAP_M;
    let daughter = |s: f64| {
        let place = beside(&drifting, s, abeam_m, 0.0, (4.0, 12.0));
        (place, drifting(s).1)
    };
    for seed in 1..=5 {
        let ships = [
            tanker(311_000_001, AFRAMAX, &drifting),
            tanker(229_000_002, MR, &daughter),
        ];
        let afar = |report: PositionReport| match report.mmsi() {
            229_000_002 => of_long_range(report),
            _ => report,
        };
        let rows = encounters_as_heard(&ships, seed, afar);
        let [row] = rows.as_slice() else {
            panic!("seed {seed}: {} rows", rows.len());
        };
        let gap = ["hull_gap_low_m", "hull_gap_high_m"].map(|c| row.number(c).unwrap());
        assert!(gap[0] <= GAP_M && GAP_M <= gap[1], "seed {seed}: {gap:?}");
        assert!(gap[1] - gap[0] >= 2.0 * 90.0, "seed {seed}: {gap:?}");
        assert_eq!(*row.get("rigidity_m"), Value::Null, "seed {seed}");
        // Every other report from afar: enough is left to tell.
        let mixed = |report: PositionReport| match report.ms() / 180_000 % 2 {
            0 => report,
            _ => afar(report),
        };
        let rows = encounters_as_heard(&ships, seed, mixed);
        let [row] = rows.as_slice() else {
            panic!("seed {seed}: {} rows", rows.len());
        };
        assert!(
            is_transfer(text(row, "kind")),
            "seed {seed}: {}",
            text(row, "kind")
        );
    }
}
