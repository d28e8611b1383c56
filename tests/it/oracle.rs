//! Each shortcut against its slow twin.

use std::collections::BTreeMap;
use std::sync::Arc;

use alongside::geodesy::{EARTH_RADIUS_M, Plane, distance_m, n_vector, near_distance_m};
use alongside::model::{LonLat, Timestamp};
use alongside::proximity::{BruteForce, GridSearch, PairSearch, SlotPoint};
use proptest::prelude::*;

use crate::fleet::{case, cases};
use crate::traffic::{Traffic, difference};

/// Centres at which flat maps fail, and anywhere.
fn centre() -> impl Strategy<Value = LonLat> {
    let degrees = prop_oneof![
        Just((0.0, 90.0)),
        Just((0.0, -90.0)),
        Just((180.0, 0.0)),
        Just((-180.0, 71.3)),
        Just((179.999, -45.0)),
        Just((77.0, 89.99)),
        Just((0.0, 79.999)),
        (-180.0..180.0, -90.0..90.0),
    ];
    degrees.prop_map(|(lon, lat)| LonLat::from_degrees_wrapped(lon, lat))
}

/// A crowd about a centre; some stand on the same spot.
fn crowd() -> impl Strategy<Value = Vec<SlotPoint>> {
    let reach = prop_oneof![Just(0.0), Just(20.0), Just(600.0), 0.0..600.0];
    let point = (
        0.0..360.0,
        prop_oneof![Just(0.0), Just(500.0), 0.0..900.0, 0.0..40_000.0],
        reach,
        any::<bool>(),
    );
    (centre(), prop::collection::vec(point, 0..60)).prop_map(|(centre, points)| {
        let plane = Plane::at(centre);
        points
            .into_iter()
            .map(|(bearing, m, reach_m, interested): (f64, f64, f64, bool)| {
                let (sin, cos) = bearing.to_radians().sin_cos();
                SlotPoint {
                    n: n_vector(plane.to_place([m * sin, m * cos])),
                    reach_m,
                    interested,
                }
            })
            .collect()
    })
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn the_grid_finds_what_trying_all_pairs_finds(
        points in crowd(),
        radius_m in prop_oneof![Just(0.0), Just(500.0), Just(2000.0), 0.0..60_000.0],
    ) {
        prop_assert_eq!(GridSearch.pairs(&points, radius_m), BruteForce.pairs(&points, radius_m));
    }

    /// By the haversine formula, which shares nothing with the chord.
    #[test]
    fn trying_all_pairs_finds_what_the_haversine_says(points in crowd(), radius_m in 0.0..3000.0) {
        let degrees = |p: &SlotPoint| {
            let [x, y, z] = p.n;
            (y.atan2(x), z.clamp(-1.0, 1.0).asin())
        };
        let found = BruteForce.pairs(&points, radius_m);
        for (i, p) in points.iter().enumerate() {
            for (j, q) in points.iter().enumerate().skip(i + 1) {
                let ((lon_p, lat_p), (lon_q, lat_q)) = (degrees(p), degrees(q));
                let h = ((lat_p - lat_q) / 2.0).sin().powi(2)
                    + lat_p.cos() * lat_q.cos() * ((lon_p - lon_q) / 2.0).sin().powi(2);
                let slack_m = radius_m + p.reach_m + q.reach_m - 2.0 * h.sqrt().asin() * EARTH_RADIUS_M;
                let expected = slack_m >= 0.0 && (p.interested || q.interested);
                // Within a decimetre of the limit the grain decides; the arc sine near a pole is good to a metre.
                let grain_m = if lat_p.abs() > 1.57 { 1.0 } else { 0.2 };
                prop_assert!(slack_m.abs() < grain_m || found.contains(&(i, j)) == expected, "{i} {j} {slack_m}");
            }
        }
    }

    #[test]
    fn near_distance_is_the_distance(centre in centre(), bearing in 0.0..360.0_f64, m in 0.0..60_000.0) {
        let (sin, cos) = bearing.to_radians().sin_cos();
        let there = Plane::at(centre).to_place([m * sin, m * cos]);
        let exact = distance_m(centre, there);
        for near in [near_distance_m(centre, there), near_distance_m(there, centre)] {
            prop_assert!((near - exact).abs() <= 1e-5 * exact + 0.001, "{near} {exact}");
        }
    }
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn the_engine_says_the_same_with_either_search(case in case()) {
        let (traffic, rig) = (case.traffic(), case.rig());
        let mut slow = rig.clone();
        slow.search = Arc::new(BruteForce);
        let (left, right) = (rig.report(&rig.run(traffic.days())), slow.report(&slow.run(traffic.days())));
        prop_assert!(left == right, "{}", difference(&left, &right));
    }

    #[test]
    fn an_encounter_keeps_its_own_order(case in case()) {
        let facts = case.rig().run(case.traffic().days()).facts();
        for e in &facts.encounters {
            prop_assert!(e.start <= e.end && e.observed_ms <= e.end.0 - e.start.0);
            prop_assert!(e.start_not_before.is_none_or(|t| t < e.start));
            prop_assert!(e.end_not_after.is_none_or(|t| t > e.end));
            prop_assert!(e.evidence.is_sorted_by_key(|s| s.sample.t));
            prop_assert!(e.evidence.is_sorted_by_key(|s| s.phase));
        }
    }

    /// A slow look at the rows themselves, at the times at which both ships have one.
    #[test]
    fn ships_that_lie_still_side_by_side_are_an_encounter(case in case()) {
        let case = case.in_step();
        let (traffic, rig) = (case.traffic(), case.rig());
        let engine = rig.run(traffic.days());
        let facts = engine.facts();
        // The slot in which the ships come or go isn't steady, and not part of the contact.
        let slot_ms = rig.params.proximity.slot_s * 1000;
        // One hull an MMSI, and every row of it good.
        let plain: Vec<u32> = facts
            .vessels
            .iter()
            .filter(|v| v.tracks == 1 && v.outliers == 0 && v.mmsi < 800_000_000)
            .map(|v| v.mmsi)
            .collect();
        for (i, a) in plain.iter().enumerate() {
            for b in &plain[i + 1..] {
                for (from, to) in side_by_side(&traffic, *a, *b) {
                    let held = facts.encounters.iter().any(|e| {
                        (e.pair.first().mmsi, e.pair.second().mmsi) == (*a, *b)
                            && e.start.0 <= from + slot_ms
                            && to <= e.end.0 + slot_ms
                    });
                    prop_assert!(held, "{a} {b} {} to {}", Timestamp(from), Timestamp(to));
                }
            }
        }
    }
}

/// Stretches of an hour and more in which rows of both ships stand at equal times, at most ten minutes apart,
/// within 400 m, with hardly any change of the vector between them.
fn side_by_side(traffic: &Traffic, a: u32, b: u32) -> Vec<(i64, i64)> {
    let rows = |mmsi: u32| -> BTreeMap<i64, LonLat> {
        let of_ship = traffic.positions.iter().filter(|p| p.mmsi == mmsi);
        of_ship.map(|p| (p.t, p.place)).collect()
    };
    let others = rows(b);
    let mut found = Vec::new();
    let mut run: Option<(i64, i64, [f64; 2])> = None;
    for (t, place) in rows(a) {
        let Some(other) = others.get(&t) else {
            continue;
        };
        let vector = Plane::at(place).to_m(*other);
        let near = vector[0].hypot(vector[1]) <= 400.0;
        run = match run {
            Some((from, last, v))
                if near
                    && t - last <= 600_000
                    && (v[0] - vector[0]).hypot(v[1] - vector[1]) < 5.0 =>
            {
                Some((from, t, vector))
            }
            _ => {
                found.extend(run.map(|(from, last, _)| (from, last)));
                near.then_some((t, t, vector))
            }
        };
    }
    found.extend(run.map(|(from, last, _)| (from, last)));
    found.retain(|(from, to)| to - from >= 3_600_000);
    found
}
