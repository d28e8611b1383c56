use proptest::prelude::*;

use super::*;
use crate::geodesy::{Plane, distance_m, middle};
use crate::model::{LonLat, Timestamp, Waypoint};

const HOUR: i64 = 3_600_000;

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::from_degrees_wrapped(lon, lat)
}

fn silence(from: LonLat, to: LonLat, start_h: f64, hours: f64, speed_kn: f64) -> Silence {
    let start = Timestamp((start_h * HOUR as f64) as i64);
    Silence {
        start,
        from,
        end: Timestamp(start.0 + (hours * HOUR as f64) as i64),
        to,
        speed_kn,
    }
}

fn hours(window: (Timestamp, Timestamp)) -> f64 {
    window.1.hours_since(window.0)
}

#[test]
fn a_ship_may_stay_what_is_left_after_both_ways() {
    let (a, b) = (at(0.0, 0.0), at(2.0, 0.0));
    let prism = Prism::new(&silence(a, b, 0.0, 20.0, 12.0));
    // A degree is 60.04 nm on the sphere of the mean radius: five hours each way.
    let (arrival, departure) = prism.stay(at(1.0, 0.0)).unwrap();
    assert!((arrival.hours_since(Timestamp(0)) - 5.003).abs() < 0.01);
    assert!((departure.hours_since(Timestamp(0)) - 14.997).abs() < 0.01);
    assert_eq!(prism.stay(at(1.0, 2.1)), None, "too far off");
    assert_eq!(prism.stay(a).unwrap().0, Timestamp(0));
}

#[test]
fn a_silence_shorter_than_its_own_way_reaches_nothing() {
    let far = silence(at(0.0, 0.0), at(10.0, 0.0), 0.0, 8.0, 16.0);
    assert_eq!(Prism::new(&far).stay(at(5.0, 0.0)), None);
    assert!(
        Prisms::new(&[far], 0)
            .along(&Way::at_rest(
                at(5.0, 0.0),
                Timestamp(0),
                Timestamp(8 * HOUR)
            ))
            .is_empty()
    );
}

#[test]
fn two_that_are_never_apart_have_the_whole_time() {
    let here = at(179.99, 10.0);
    let still = silence(here, here, 3.0, 9.0, 14.0);
    let p = Prism::new(&still);
    let (place, window) = meet(&p, &p, 3 * HOUR).unwrap();
    assert!((hours(window) - 9.0).abs() < 0.01, "{window:?}");
    assert!(distance_m(place, here) < 300.0);
    // Of no length at all.
    let none = Prism::new(&silence(here, here, 3.0, 0.0, 14.0));
    assert_eq!(meet(&none, &none, 1), None);
    assert!(none.stay(here).is_some());
}

#[test]
fn across_the_antimeridian_and_over_the_pole() {
    let cases = [
        (at(179.5, 0.0), at(-179.5, 0.0)),
        (at(10.0, 89.5), at(-170.0, 89.5)),
        (at(-30.0, -89.8), at(120.0, -89.4)),
    ];
    for (one, other) in cases {
        let silences = [
            silence(one, one, 0.0, 24.0, 14.0),
            silence(other, other, 0.0, 24.0, 14.0),
        ];
        let half_way = middle(one, other);
        let prisms = Prisms::new(&silences, 3 * HOUR);
        assert_eq!(
            prisms
                .along(&Way::at_rest(half_way, Timestamp(0), Timestamp(24 * HOUR)))
                .len(),
            2
        );
        let met = prisms.with(0, |_| true);
        let way_h = distance_m(one, other) / 2.0 / 1852.0 / 14.0;
        assert!(
            (hours(met[0].window) - (24.0 - 2.0 * way_h)).abs() < 0.01,
            "{met:?}"
        );
    }
}

/// Hours and places as waypoints.
fn waypoints(points: &[(f64, LonLat)]) -> Vec<Waypoint> {
    let point = |(h, place): &(f64, LonLat)| Waypoint {
        t: Timestamp((h * HOUR as f64) as i64),
        place: *place,
    };
    points.iter().map(point).collect()
}

#[test]
fn a_way_has_a_place_at_every_instant() {
    let points = [(0.0, at(179.0, 0.0)), (10.0, at(-179.0, 0.0))];
    let way = Way::new(&waypoints(&[points[0], points[1], (10.0, at(0.0, 0.0))]));
    let place = |h: f64| way.at(Timestamp((h * HOUR as f64) as i64)).unwrap();
    assert!(distance_m(place(5.0), at(180.0, 0.0)) < 10.0);
    assert!(distance_m(place(2.5), at(179.5, 0.0)) < 10.0);
    assert_eq!((place(-1.0), place(11.0)), (points[0].1, points[1].1));
    let part = way.between(Timestamp(5 * HOUR), Timestamp(20 * HOUR));
    assert_eq!(part.at(Timestamp(0)), Some(place(5.0)));
    assert_eq!(part.at(Timestamp(12 * HOUR)), Some(place(10.0)));
    assert_eq!(
        way.between(Timestamp(11 * HOUR), Timestamp(12 * HOUR)),
        Way::default()
    );
    assert_eq!(Way::default().at(Timestamp(0)), None);
}

#[test]
fn a_ship_that_drifts_is_met_where_it_is_then() {
    // 3 degrees in 100 h: 1.8 kn.
    let way = Way::new(&waypoints(&[
        (0.0, at(0.0, 0.0)),
        (30.0, at(0.9, 0.0)),
        (100.0, at(3.0, 0.0)),
    ]));
    let along = |silence: Silence| Prisms::new(&[silence], 3 * HOUR).along(&way);
    let beside = silence(at(2.7, 0.1), at(3.0, 0.1), 90.0, 10.0, 16.0);
    let found = along(beside);
    // 6 nm there and on: 23 minutes each.
    assert!((hours(found[0].window) - 9.25).abs() < 0.05, "{found:?}");
    assert!(
        distance_m(found[0].place, at(2.85, 0.0)) < 500.0,
        "{found:?}"
    );
    // Then it was long gone from there.
    assert_eq!(
        along(silence(at(1.5, 0.0), at(1.5, 0.0), 90.0, 12.0, 16.0)),
        []
    );
    // The window goes round the corner.
    let found = along(silence(at(0.9, 0.0), at(0.9, 0.0), 20.0, 20.0, 16.0));
    let corner = way.at(Timestamp(30 * HOUR)).unwrap();
    assert!(distance_m(found[0].place, corner) < 10.0, "{found:?}");
    assert!(hours(found[0].window) > 16.0, "{found:?}");
}

#[test]
fn nobody_is_met_while_a_ship_shifts_its_place() {
    // Two days at anchor, three hours at 10 kn, two days at anchor.
    let way = Way::new(&waypoints(&[
        (0.0, at(0.0, 0.0)),
        (48.0, at(0.0, 0.0)),
        (51.0, at(0.5, 0.0)),
        (99.0, at(0.5, 0.0)),
    ]));
    let along = |from, start_h, length_h| {
        let silent = silence(from, from, start_h, length_h, 16.0);
        Prisms::new(&[silent], 3 * HOUR).along(&way)
    };
    let all = along(at(0.0, 0.0), 0.0, 110.0);
    assert_eq!((all[0].place, hours(all[0].window)), (at(0.0, 0.0), 48.0));
    let second = along(at(0.5, 0.0), 40.0, 70.0);
    assert_eq!(
        (second[0].place, hours(second[0].window)),
        (at(0.5, 0.0), 48.0)
    );
    assert_eq!(
        along(at(0.25, 0.0), 46.0, 7.0),
        [],
        "under two hours at either place"
    );
    // Half way between there is nobody.
    assert_eq!(along(at(0.25, 0.0), 10.0, 3.5), []);
}

/// The longest common window over a grid of places, milliseconds.
fn grid(a: &Prism, b: &Prism, middle: LonLat, half_m: f64, steps: i32) -> i64 {
    let plane = Plane::at(middle);
    let mut best = i64::MIN;
    for x in -steps..=steps {
        for y in -steps..=steps {
            let scale = half_m / f64::from(steps);
            let place = plane.to_place([f64::from(x) * scale, f64::from(y) * scale]);
            if let (Some(p), Some(q)) = (a.stay(place), b.stay(place)) {
                best = best.max(p.1.min(q.1).0 - p.0.max(q.0).0);
            }
        }
    }
    best
}

fn place() -> impl Strategy<Value = LonLat> {
    // About a few waters that are hard: the antimeridian, a pole, the open sea.
    let about = prop_oneof![
        Just((179.9, 5.0)),
        Just((40.0, 89.0)),
        Just((-60.0, -45.0)),
        Just((12.0, 57.0))
    ];
    (about, -250_000.0..250_000.0, -250_000.0..250_000.0)
        .prop_map(|((lon, lat), e, n)| Plane::at(at(lon, lat)).to_place([e, n]))
}

/// Ends not too far apart to be reached.
fn some_silence() -> impl Strategy<Value = Silence> {
    let way = (-150_000.0..150_000.0, -150_000.0..150_000.0);
    let way = prop_oneof![3 => way, 1 => Just((0.0, 0.0))];
    (place(), way, 0.0..60.0, 0.0..50.0, 8.0..18.0).prop_map(
        |(from, (e, n), start_h, length_h, speed_kn)| {
            silence(
                from,
                Plane::at(from).to_place([e, n]),
                start_h,
                length_h,
                speed_kn,
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn the_longest_window_is_that_of_a_dense_grid(
        one in some_silence(), e in -200_000.0..200_000.0, n in -200_000.0..200_000.0,
        start_h in 0.0..30.0, length_h in 3.0..60.0, speed_kn in 8.0..18.0,
    ) {
        let from = Plane::at(one.from).to_place([e, n]);
        let other = silence(from, from, start_h, length_h, speed_kn);
        let (a, b) = (Prism::new(&one), Prism::new(&other));
        let least = HOUR;
        let half_m = 2.0 * length_h.min(50.0) * 1852.0 * 18.0 / 2.0;
        let by_grid = grid(&a, &b, one.from, half_m.min(900_000.0), 60);
        match meet(&a, &b, least) {
            Some((_, window)) => {
                let found = window.1.0 - window.0.0;
                prop_assert!(found + 30_000 >= by_grid, "{found} {by_grid}");
                prop_assert!(found as f64 / 1000.0 <= overlap::bound_s(&a, &b) + 1.0);
            }
            None => prop_assert!(by_grid < least + 30_000, "missed {by_grid}"),
        }
    }

    #[test]
    fn the_tree_finds_what_trying_all_finds(
        silences in prop::collection::vec(some_silence(), 0..25),
        here in place(), from_h in 0.0..60.0, length_h in 0.0..60.0,
    ) {
        let least = 3 * HOUR;
        let prisms = Prisms::new(&silences, least);
        let plain: Vec<Prism> = silences.iter().map(Prism::new).collect();
        let from = Timestamp((from_h * HOUR as f64) as i64);
        let until = Timestamp(from.0 + (length_h * HOUR as f64) as i64);
        let stays: Vec<usize> = (0..silences.len())
            .filter(|i| {
                plain[*i].stay(here).is_some_and(|(a, d)| d.min(until).0 - a.max(from).0 >= least)
            })
            .collect();
        let found: Vec<usize> = prisms.along(&Way::at_rest(here, from, until)).iter().map(|m| m.silence).collect();
        prop_assert_eq!(found, stays);
        for i in 0..silences.len() {
            let all: Vec<usize> = (0..silences.len())
                .filter(|j| *j != i && meet(&plain[i.min(*j)], &plain[i.max(*j)], least).is_some())
                .collect();
            let found: Vec<usize> = prisms.with(i, |_| true).iter().map(|m| m.silence).collect();
            prop_assert_eq!(found, all);
        }
    }

    #[test]
    fn windows_along_a_way_are_those_of_a_dense_clock(
        silences in prop::collection::vec(some_silence(), 1..12),
        here in place(), corners in prop::collection::vec((0.6..15.0, 0.0..4.0, 0.0..6.3), 1..8),
    ) {
        let (mut t_h, mut at_m) = (0.0, [0.0; 2]);
        let mut points = vec![(t_h, here)];
        for (length_h, kn, course) in corners {
            let way_m = kn * 1852.0 * length_h;
            at_m = [at_m[0] + way_m * f64::sin(course), at_m[1] + way_m * f64::cos(course)];
            t_h += length_h;
            points.push((t_h, Plane::at(here).to_place(at_m)));
        }
        let way = Way::new(&waypoints(&points));
        let least = 3 * HOUR;
        let found = Prisms::new(&silences, least).along(&way);
        const TICK: i64 = HOUR / 12;
        for (i, silence) in silences.iter().enumerate() {
            let prism = Prism::new(silence);
            let (mut ticks, mut longest) = (0, 0);
            for t in (0..=(t_h * HOUR as f64) as i64).step_by(TICK as usize).map(Timestamp) {
                let there = prism.stay(way.at(t).unwrap()).is_some_and(|(a, d)| a <= t && t <= d);
                ticks = if there { ticks + 1 } else { 0 };
                longest = longest.max(ticks);
            }
            let met = found.iter().find(|m| m.silence == i).map(|m| m.window.1.0 - m.window.0.0);
            // With a place at which it could lie as long.
            let (at_least, at_most) = ((longest - 1) * TICK, (longest + 1) * TICK);
            match met {
                Some(ms) => prop_assert!((at_least..=at_most).contains(&ms), "{ms} {longest}"),
                None => prop_assert!(at_least < least || prism.cap(least).is_none(), "{longest}"),
            }
        }
    }

    #[test]
    fn a_faster_ship_can_stay_longer(
        one in some_silence(), other in some_silence(), here in place(), more_kn in 0.0..6.0,
    ) {
        let faster = Silence { speed_kn: one.speed_kn + more_kn, ..one };
        let stay = |s: &Silence| Prism::new(s).stay(here).map_or(-1.0, hours);
        prop_assert!(stay(&faster) >= stay(&one));
        let together = |s: &Silence| {
            meet(&Prism::new(s), &Prism::new(&other), HOUR).map_or(0.0, |(_, w)| hours(w))
        };
        prop_assert!(together(&faster) >= together(&one) - 0.01);
    }
}
