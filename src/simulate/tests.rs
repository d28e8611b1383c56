use std::collections::BTreeMap;
use std::fs;
use std::rc::Rc;

use super::hull::{Hull, hull_gap_m};
use super::motion::{Leg, Motion, Path, Pose, Wander};
use super::scene::Event;
use super::world::World;
use super::*;
use crate::model::TruthClass;

fn small(seed: u64) -> Params {
    Params {
        vessels: 250,
        days: 2,
        seed,
        ..Params::default()
    }
}

fn bytes(params: &Params, format: Format) -> (Summary, Vec<Vec<u8>>) {
    let dir = tempfile::tempdir().unwrap();
    let summary = simulate(params, dir.path(), format).unwrap();
    let files = summary.files.iter().chain([&summary.truth]);
    let files = files.map(|f| fs::read(f).unwrap()).collect();
    (summary, files)
}

#[test]
fn a_seed_names_its_files_to_the_byte() {
    let params = Params {
        vessels: 60,
        days: 2,
        ..small(5)
    };
    for format in [Format::MarineCadastre, Format::Danish, Format::Nmea] {
        let (_, first) = bytes(&params, format);
        assert_eq!(first.len(), 3);
        assert!(first == bytes(&params, format).1);
        let other = Params {
            seed: 6,
            ..params.clone()
        };
        let other = bytes(&other, format).1;
        assert!(first.iter().zip(&other).all(|(a, b)| a != b));
    }
}

#[test]
fn rows_are_in_order_and_inside_their_day() {
    let (summary, files) = bytes(&small(3), Format::MarineCadastre);
    let mut rows = 0;
    for (file, path) in files.iter().zip(&summary.files) {
        let day = path.file_stem().unwrap().to_str().unwrap();
        let day = day.trim_start_matches("AIS_").replace('_', "-");
        let mut before = String::new();
        for record in csv::Reader::from_reader(file.as_slice()).records() {
            let record = record.unwrap();
            assert_eq!(record.len(), 17);
            assert!(record[1].starts_with(&day), "{} in {day}", &record[1]);
            assert!(before.as_str() <= &record[1]);
            before = record[1].to_owned();
            rows += 1;
        }
    }
    assert_eq!(rows, summary.rows);
    assert!(rows > 20_000, "{rows}");
}

#[test]
fn danish_files_carry_offsets_that_add_up() {
    let (_, files) = bytes(&small(3), Format::Danish);
    let mut with_offsets = 0;
    for record in csv::Reader::from_reader(files[0].as_slice()).records() {
        let record = record.unwrap();
        assert_eq!(record.len(), 26);
        let number = |i: usize| record[i].parse::<f64>().ok();
        if let (Some(a), Some(b), Some(c), Some(d)) =
            (number(22), number(23), number(24), number(25))
        {
            with_offsets += 1;
            assert_eq!(number(16), Some(a + b));
            assert_eq!(number(15), Some(c + d));
        }
    }
    assert!(with_offsets > 1000, "{with_offsets}");
}

/// Hull gaps of an event at twenty instants inside it, away from its ends.
fn gaps(world: &World, scene: usize, event: &Event) -> Vec<f64> {
    let ships = &world.scenes[scene].ships;
    let (a, Some(b)) = event.ships else {
        return Vec::new();
    };
    let (a, b) = (&ships[a], &ships[b]);
    let (from, to) = (
        event.from.max(a.path.from).max(b.path.from),
        event.to.min(a.path.until()).min(b.path.until()),
    );
    (1..20)
        .map(|i| from + (to - from) * f64::from(i) / 20.0)
        .map(|t| hull_gap_m(&a.hull, a.path.pose(t), &b.hull, b.path.pose(t)))
        .collect()
}

/// Least and greatest gap by kind.
fn extremes(params: &Params) -> BTreeMap<TruthKind, (f64, f64)> {
    let world = World::new(params);
    let mut extremes = BTreeMap::new();
    for (s, scene) in world.scenes.iter().enumerate() {
        for event in &scene.events {
            for gap in gaps(&world, s, event) {
                let (low, high) = extremes.entry(event.kind).or_insert((gap, gap));
                *low = gap.min(*low);
                *high = gap.max(*high);
            }
        }
    }
    extremes
}

#[test]
fn hulls_keep_their_distances() {
    let mut found = BTreeMap::new();
    for seed in 11..14 {
        for (kind, (low, high)) in extremes(&Params {
            vessels: 400,
            ..small(seed)
        }) {
            let all: &mut (f64, f64) = found.entry(kind).or_insert((low, high));
            *all = (all.0.min(low), all.1.max(high));
        }
    }
    let expected: &[(TruthKind, f64, f64)] = &[
        (TruthKind::StsTransfer, 0.0, 8.0),
        (TruthKind::DarkRendezvous, 0.0, 8.0),
        (TruthKind::Bunkering, 0.0, 8.0),
        (TruthKind::FishingTransshipment, 0.0, 8.0),
        (TruthKind::RaftMates, 55.0, 80.0),
        (TruthKind::AnchoredNeighbours, 20.0, 1300.0),
        (TruthKind::Berthed, 0.2, 900.0),
        (TruthKind::RiverRafting, 0.2, 15.0),
        (TruthKind::Tow, 0.0, 520.0),
        (TruthKind::Pilot, 0.0, 6.0),
        (TruthKind::Convoy, 60.0, 1600.0),
        (TruthKind::Crossing, 10.0, 2500.0),
        (TruthKind::Overtaking, 80.0, 2500.0),
        (TruthKind::Dredging, 0.0, 8.0),
        (TruthKind::Service, 0.0, 65.0),
        (TruthKind::PairTrawling, 50.0, 500.0),
    ];
    let mut wrong = Vec::new();
    for (kind, low, high) in expected {
        let (least, most) = found[kind];
        if least < *low || most > *high {
            wrong.push(format!("{}: {least:.1} to {most:.1}", kind.name()));
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn a_thousand_vessels_have_two_dozen_of_each_kind() {
    let world = World::new(&Params::default());
    let ships: usize = world.scenes.iter().map(|s| s.ships.len()).sum();
    assert!((1000..1010).contains(&ships), "{ships}");
    let mut counts: BTreeMap<TruthKind, usize> = BTreeMap::new();
    for event in world.scenes.iter().flat_map(|s| &s.events) {
        *counts.entry(event.kind).or_default() += 1;
    }
    for kind in TruthKind::ALL {
        let least = match kind.class() {
            TruthClass::Transfer => 30,
            TruthClass::LookAlike if *kind == TruthKind::RaftMates => 5,
            TruthClass::LookAlike | TruthClass::Gap => 24,
            TruthClass::DarkRendezvous => 12,
            TruthClass::Identity => 8,
        };
        let n = counts.get(kind).copied().unwrap_or(0);
        assert!(n >= least, "{}: {n}", kind.name());
    }
}

#[test]
fn numbers_are_given_once() {
    let world = World::new(&Params::default());
    let mut mmsis = BTreeMap::new();
    for ship in world.scenes.iter().flat_map(|s| &s.ships) {
        *mmsis.entry(ship.mmsi).or_insert(0) += 1;
        if let Some(imo) = ship.imo {
            assert!(crate::model::Imo::new(imo).is_some(), "{imo}");
        }
    }
    let twice = mmsis.values().filter(|n| **n > 1).count();
    assert_eq!(twice, 8, "only the two hulls under one MMSI");
}

#[test]
fn draughts_move_with_the_cargo() {
    let world = World::new(&Params {
        draught_stale: 0.0,
        ..small(2)
    });
    let mut seen = 0;
    for scene in &world.scenes {
        for event in scene
            .events
            .iter()
            .filter(|e| e.kind == TruthKind::StsTransfer)
        {
            let Some(cargo) = event.cargo else { continue };
            for (ship, sign) in [(cargo.from, -1.0), (cargo.to, 1.0)] {
                let ship = &scene.ships[ship];
                if ship.draughts.len() != 2 {
                    continue;
                }
                let change = sign * (ship.draughts[1].1 - ship.draughts[0].1);
                assert!(change >= -0.01, "{change}");
                assert!(ship.draughts[1].1 <= ship.hull.draught_m + 0.11);
                assert!(cargo.volume_t <= ship.mass.capacity_t());
                seen += 1;
            }
        }
    }
    assert!(seen > 10, "{seen}");
}

/// Antenna distances of pairs alongside, same and opposite heading, as worked out for typical tankers with
/// antennas aft: lengths, beams and antennas before the stern of both, fender, lateral distance, results.
#[test]
fn antennas_of_typical_pairs() {
    let ship = |length_m: f64, beam_m: f64, aft: f64| Hull {
        length_m,
        beam_m,
        to_bow_m: length_m - aft,
        to_port_m: beam_m / 2.0,
        draught_m: 10.0,
    };
    let coastal = ship(80.0, 13.0, 12.5);
    let larger_coastal = ship(105.0, 16.0, 15.0);
    let mr = ship(180.0, 32.2, 26.5);
    let aframax = ship(250.0, 44.0, 40.5);
    let suezmax = ship(274.0, 48.0, 42.0);
    let vlcc = ship(333.0, 60.0, 48.0);
    let cases = [
        (coastal, larger_coastal, 1.5, 16.0, 19.0, 67.0),
        (coastal, mr, 1.5, 24.0, 43.0, 95.0),
        (mr, aframax, 2.0, 40.0, 45.0, 153.0),
        (mr, suezmax, 3.0, 43.0, 54.0, 164.0),
        (suezmax, vlcc, 4.0, 58.0, 63.0, 221.0),
        (aframax, vlcc, 4.0, 56.0, 65.0, 210.0),
    ];
    for (a, b, fender, lateral, same, opposite) in cases {
        let host = Rc::new(Path {
            from: 0.0,
            legs: vec![Leg {
                until: 1.0,
                motion: scene::Scene::moored([100.0, -50.0], 33.0),
                status: 1,
            }],
        });
        let across = 0.5 * (a.beam_m + b.beam_m) + fender;
        assert!((across - lateral).abs() < 1.0, "{across} for {lateral}");
        for (turned, expected) in [(false, same), (true, opposite)] {
            let beside = Motion::Beside {
                host: Rc::clone(&host),
                keys: vec![(0.0, 0.0, across)],
                opposite: turned,
                wobble: [Wander::default(), Wander::default(), Wander::default()],
            };
            let (of_host, of_guest): (Pose, Pose) = (host.pose(0.5), beside.pose(0.5));
            let gap = hull_gap_m(&b, of_host, &a, of_guest);
            assert!((gap - fender).abs() < 1e-6, "{gap}");
            let (p, q) = (b.antenna(of_host), a.antenna(of_guest));
            let distance = (p[0] - q[0]).hypot(p[1] - q[1]);
            assert!(
                (distance - expected).abs() < 2.0,
                "{distance} for {expected}"
            );
        }
    }
}

#[test]
fn small_worlds_hold_together() {
    for (vessels, days) in [(0, 1), (1, 1), (30, 1), (120, 1)] {
        let params = Params {
            vessels,
            days,
            ..small(9)
        };
        let mut world = World::new(&params);
        let rows = world.rows_until(86_400.0, &params);
        assert!(rows.iter().all(|r| r.lon.is_finite() && r.lat.is_finite()));
        assert!(rows.iter().all(|r| r.sog_kn < 45.0), "no leaps");
        assert_eq!(rows.is_empty(), vessels == 0);
    }
}

#[test]
fn wrong_parameters_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let wrong = Params {
        duplicates: 1.5,
        ..small(1)
    };
    let error = simulate(&wrong, dir.path(), Format::MarineCadastre).unwrap_err();
    assert_eq!(error.to_string(), "duplicates = 1.5: must be from 0 to 1");
}

#[test]
fn ships_do_not_leap_between_legs() {
    for seed in 40..43 {
        let world = World::new(&Params {
            vessels: 500,
            ..small(seed)
        });
        for scene in &world.scenes {
            for ship in &scene.ships {
                let legs = &ship.path.legs;
                for leg in legs.iter().take(legs.len().saturating_sub(1)) {
                    let at = |t: f64| ship.hull.antenna(ship.path.pose(t));
                    let (a, b) = (at(leg.until - 2.0), at(leg.until + 2.0));
                    let leap = (a[0] - b[0]).hypot(a[1] - b[1]);
                    assert!(leap < 45.0, "{leap:.0} m in 4 s: {}", ship.name);
                }
            }
        }
    }
}
