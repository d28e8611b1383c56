//! Geometry of encounters made for it.

use super::*;
use crate::hull::Bridge;
use crate::model::{EvidenceSample, PairKey, TrackId};

/// An encounter of these samples in contact: minute, metres east and seconds to the nearest fix.
fn encounter(samples: impl Iterator<Item = (i64, f64, u16)>) -> Encounter {
    let track = |mmsi| TrackId {
        mmsi,
        start: Timestamp(0),
    };
    let place = LonLat::from_degrees(-92.6, 28.4).unwrap();
    let sample = |(minute, east_m, nearest_s)| EvidenceSample {
        sample: PairSample {
            t: Timestamp(minute * 60_000),
            place: [place, Plane::at(place).to_place([east_m, 0.0])],
            sog_ckn: [Some(20); 2],
            cog_cdeg: [None; 2],
            heading_cdeg: [Some(0); 2],
            nav_status: [None; 2],
            class: [None; 2],
            sigma_dm: 120,
            nearest_s,
            held: true,
            sides: [true; 2],
            separation_dm: (10.0 * east_m) as u32,
        },
        phase: Phase::Contact,
    };
    let pair = PairKey::new(track(1), track(2)).unwrap();
    let mut e = Encounter::bare(pair, Timestamp(0), Timestamp(12 * 3_600_000));
    e.evidence = samples.map(sample).collect();
    e
}

#[test]
fn one_sharp_sample_does_not_outweigh_many() {
    // Heard five minutes apart through twelve hours alongside, and once at one time, when they had parted.
    let heard = |sharp: i64| {
        let together = (0..72).map(|i| (10 * i, 34.0, 290));
        let parted = (0..sharp).map(|i| (720 + 10 * i, 460.0, 5));
        let e = encounter(together.chain(parted));
        let hull = Hull::new(182.0, 32.0, Bridge::Aft);
        let g = Geometry::new(&e, [hull; 2]);
        (g.sharp, Stretch(&g.moments).antenna_distance_m().unwrap())
    };
    let (sharp, apart_m) = heard(1);
    assert!(!sharp && (apart_m - 34.0).abs() < 1.0, "{apart_m}");
    // An hour of them does.
    let (sharp, apart_m) = heard(6);
    assert!(sharp && (apart_m - 460.0).abs() < 1.0, "{apart_m}");
}

#[test]
fn ships_that_wait_for_days_are_judged_by_the_hours_alongside() {
    // Two days within reach of each other at anchors of their own, and alongside for three hours of them.
    let alongside = 200..218;
    let east_m = |i: i64| if alongside.contains(&i) { 34.0 } else { 390.0 };
    let e = encounter((0..288).map(|i| (10 * i, east_m(i), 5)));
    let hull = Hull::new(182.0, 32.0, Bridge::Aft);
    let g = Geometry::new(&e, [hull; 2]);
    let minute = |m: i64| Timestamp(m * 60_000);
    let near = g.near.unwrap();
    assert_eq!(near.seen, [minute(2000), minute(2170)]);
    assert_eq!(near.apart, [minute(1990), minute(2180)]);
    let lain = g.moments.iter().filter(|m| m.separation_m < 100.0).count();
    assert!((12..=18).contains(&lain), "{lain}");
    assert!((g.moments.len() - lain) >= 4, "{}", g.moments.len());
    assert!(g.moments.is_sorted_by_key(|m| m.t));
    // Less than an hour is a passage, and most of the time is all of it.
    for hours_alongside in [0..5, 20..280] {
        let east_m = |i: i64| {
            if hours_alongside.contains(&i) {
                34.0
            } else {
                390.0
            }
        };
        let e = encounter((0..288).map(|i| (10 * i, east_m(i), 5)));
        assert_eq!(Geometry::new(&e, [hull; 2]).near, None);
    }
}

#[test]
fn a_visit_of_hours_is_found_where_reports_are_ten_minutes_apart() {
    // A day within reach of each other; fixes of the two are seldom as near in time as a sharp sample asks.
    let alongside = 80..98;
    let east_m = |i: i64| if alongside.contains(&i) { 34.0 } else { 390.0 };
    let nearest_s = |i: i64| if i % 5 == 0 { 60 } else { 280 };
    let e = encounter((0..156).map(|i| (10 * i, east_m(i), nearest_s(i))));
    let hull = Hull::new(182.0, 32.0, Bridge::Aft);
    let g = Geometry::new(&e, [hull; 2]);
    let minute = |m: i64| Timestamp(m * 60_000);
    assert_eq!(g.near.unwrap().seen, [minute(800), minute(970)]);
    let lain = g.moments.iter().filter(|m| m.separation_m < 100.0).count();
    assert!((12..=18).contains(&lain), "{lain}");
    assert!(g.moments.is_sorted_by_key(|m| m.t));
}

#[test]
fn without_headings_ships_are_near_as_far_apart_as_their_antennas_let_them() {
    let alongside = 80..98;
    let east_m = |i: i64| if alongside.contains(&i) { 110.0 } else { 480.0 };
    let mut e = encounter((0..156).map(|i| (10 * i, east_m(i), 5)));
    for s in &mut e.evidence {
        s.sample.heading_cdeg = [None; 2];
    }
    let hulls = [(333.0, 60.0), (85.0, 15.0)];
    let hulls = hulls.map(|(length_m, beam_m)| Hull::new(length_m, beam_m, Bridge::Aft));
    let g = Geometry::new(&e, hulls);
    assert_eq!(g.near.unwrap().seen[0], Timestamp(800 * 60_000));
}

#[test]
fn the_middle_of_a_hull_is_seen_from_the_middle_of_the_other() {
    // Bow to stern: each antenna 50 m from its own stern, and so 80 m apart along the ships where middles are abreast.
    let hull = Hull::new(180.0, 30.0, Bridge::Aft).map(|h| Hull {
        antenna_m: Some([50.0, 10.0]),
        ..h
    });
    let mut e = encounter((0..12).map(|i| (10 * i, 0.0, 5)));
    for s in &mut e.evidence {
        let at = s.sample.place[0];
        s.sample.place[1] = Plane::at(at).to_place([43.0, 80.0]);
        s.sample.heading_cdeg = [Some(0), Some(18_000)];
    }
    let g = Geometry::new(&e, [hull; 2]);
    let [ahead, starboard] = Stretch(&g.moments).usual_middle_m().unwrap();
    assert!(
        ahead.abs() < 0.5 && (starboard - 33.0).abs() < 0.5,
        "{ahead} {starboard}"
    );
    assert!(g.moments.iter().all(|m| m.askew_deg == Some(0.0)));
}

/// How tankers of 180 and 120 m lay for four hours of which those send a heading that are said here: side by side bow to stern,
/// at the larger one's bow, or farther abeam and ahead by so much; the pair goes so far in all.
fn without_one_heading(farther_m: [f64; 2], way_m: f64, sent: [bool; 2]) -> (Geometry, HullGap) {
    let place = LonLat::from_degrees(-92.6, 28.4).unwrap();
    let hulls = [(180.0, 30.0), (120.0, 20.0)].map(|(length_m, beam_m)| {
        let hull = Hull::new(length_m, beam_m, Bridge::Aft)?;
        Some(Hull {
            antenna_m: Some([length_m / 6.0, beam_m / 2.0]),
            ..hull
        })
    });
    let mut e = encounter((0..24).map(|i| (10 * i, 0.0, 5)));
    for (i, s) in e.evidence.iter_mut().enumerate() {
        let north_m = way_m * i as f64 / 23.0;
        let at = Plane::at(place).to_place([0.0, north_m]);
        // Heading north and south, 100 m from midships to midships, from there 60 and 40 m to the antennas.
        let offset_m = [28.0 + farther_m[0], 200.0 + farther_m[1]];
        s.sample.place = [at, Plane::at(at).to_place(offset_m)];
        s.sample.separation_dm = (10.0 * offset_m[0].hypot(offset_m[1])) as u32;
        s.sample.heading_cdeg = [sent[0].then_some(0), sent[1].then_some(18_000)];
    }
    let g = Geometry::new(&e, hulls);
    let gap = Stretch(&g.moments).gap().unwrap();
    (g, gap)
}

#[test]
fn a_heading_that_never_changes_while_the_ship_goes_and_the_other_turns_is_none() {
    let hull = Hull::new(182.0, 32.0, Bridge::Aft);
    let place = LonLat::from_degrees(-92.6, 28.4).unwrap();
    // Four hours side by side, in which the pair turns and goes so far; the first ship's heading as sent.
    let lain = |turned_deg: f64, way_m: f64, sent_deg: &dyn Fn(f64) -> f64| {
        let mut e = encounter((0..24).map(|i| (10 * i, 34.0, 5)));
        for (i, s) in e.evidence.iter_mut().enumerate() {
            let share = i as f64 / 23.0;
            let deg = 40.0 + turned_deg * share;
            let (sin, cos) = deg.to_radians().sin_cos();
            let at = Plane::at(place).to_place([way_m * share, 0.0]);
            let beside = Plane::at(at).to_place([34.0 * cos, -34.0 * sin]);
            s.sample.place = [at, beside];
            let sent = [sent_deg(deg), deg];
            s.sample.heading_cdeg = sent.map(|deg| Some((100.0 * deg.round()) as u16));
        }
        let g = Geometry::new(&e, [hull; 2]);
        (g.headings.stuck, Stretch(&g.moments).gap().unwrap().best_m)
    };
    let (stuck, gap_m) = lain(70.0, 2500.0, &|_| 123.0);
    assert_eq!(stuck, [true, false]);
    assert!((gap_m - 2.0).abs() < 1.0, "{gap_m}");
    // Gyros that work; a quay, beside which another turns at her anchor; and both on a river's straight.
    assert_eq!(lain(70.0, 2500.0, &|deg| deg).0, [false; 2]);
    assert_eq!(lain(70.0, 20.0, &|_| 123.0).0, [false; 2]);
    assert_eq!(lain(4.0, 2500.0, &|_| 40.0).0, [false; 2]);
}

#[test]
fn bow_to_stern_is_tried_where_a_heading_is_missing() {
    for sent in [[false, true], [true, false]] {
        let (g, gap) = without_one_heading([0.0; 2], 4000.0, sent);
        assert!((gap.best_m - 3.0).abs() < 1.0, "{gap:?}");
        // Bow to bow there would be more between them: that isn't excluded.
        assert!(gap.low_m < 4.0 && gap.high_m > 10.0, "{gap:?}");
        assert!(g.moments.iter().all(|m| m.gap.unwrap().high_m < 4.0));
        // Farther off than hulls that touch nothing tells which way she heads.
        let (g, gap) = without_one_heading([40.0, 0.0], 4000.0, sent);
        assert!(gap.low_m > 40.0 && gap.best_m == gap.high_m, "{gap:?}");
        assert!(g.moments.iter().all(|m| m.gap_if_turned.is_some()));
        // Nor where they lie in line, one behind the other.
        let (g, _) = without_one_heading([-28.0, 60.0], 4000.0, sent);
        assert!(g.moments.iter().all(|m| m.gap.unwrap().best_m > 80.0));
        // At a berth everything keeps its place.
        let (g, _) = without_one_heading([0.0; 2], 5.0, sent);
        assert!(g.moments.iter().all(|m| m.gap.unwrap().best_m > 10.0));
    }
    // Two that say how they head leave nothing open.
    let (g, gap) = without_one_heading([0.0; 2], 4000.0, [true; 2]);
    assert!(g.moments.iter().all(|m| m.gap_if_turned.is_none()));
    assert!(gap.low_m == gap.high_m && (gap.best_m - 3.0).abs() < 1.0);
}
