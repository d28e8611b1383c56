//! When a contact begins and ends, and how fast the two were to each other.

use alongside::geodesy::Plane;
use alongside::model::{AisClass, Encounter, LonLat, Phase, StaticRecord};

use crate::traffic::{DAY_0, DAY_MS, Position, Rig, Statics, Traffic};

const MINUTE_MS: i64 = 60_000;
const KN: f64 = 1852.0 / 3600.0;

/// A tanker that drifts at three knots and is heard every minute for ten hours, and another so far north of her at the minutes at which
/// that one is heard.
fn drift(north_m: impl Fn(i64) -> Option<f64>) -> Encounter {
    let plane = Plane::at(LonLat::from_degrees(-30.0, 40.0).unwrap());
    let mut traffic = Traffic {
        complete_to: DAY_0 + 6 * DAY_MS,
        ..Traffic::default()
    };
    traffic.statics.push(Statics {
        mmsi: 235_000_001,
        t: DAY_0,
        record: StaticRecord {
            ship_type: Some(80),
            ..StaticRecord::default()
        },
    });
    for minute in 0..600 {
        let others = north_m(minute).map(|m| (235_000_002, m));
        for (mmsi, north_m) in std::iter::once((235_000_001, 0.0)).chain(others) {
            traffic.positions.push(Position {
                mmsi,
                t: DAY_0 + minute * MINUTE_MS,
                place: plane.to_place([3.0 * KN * 60.0 * minute as f64, north_m]),
                sog_kn: Some(3.0),
                cog_deg: Some(90.0),
                heading_deg: None,
                nav_status: Some(0),
                class: Some(AisClass::A),
            });
        }
    }
    let whole = Rig::new().run(traffic.days()).facts().encounters;
    let cuts: Vec<i64> = (1..40).map(|i| DAY_0 + i * 17 * MINUTE_MS + 13).collect();
    let (cut, _) = Rig::new().run_stored(traffic.chunks(&cuts, 3), "encounters");
    assert_eq!(cut.facts().encounters, whole);
    assert_eq!(whole.len(), 1, "{whole:?}");
    whole.into_iter().next().unwrap()
}

/// Minutes of start and end.
fn span(e: &Encounter) -> (i64, i64) {
    let minute = |ms: i64| (ms - DAY_0) / MINUTE_MS;
    (minute(e.start.0), minute(e.end.0))
}

#[test]
fn a_contact_begins_once_both_were_heard_and_ends_while_both_still_are() {
    let heard = |from: i64, to: i64| drift(|m| (from..=to).contains(&m).then_some(60.0));
    // For five minutes: a place reckoned ten minutes back and on finds the pair, but nobody heard that.
    for (from, to) in [(124, 129), (61, 240), (0, 599)] {
        let e = heard(from, to);
        assert_eq!(span(&e), (from, to));
        assert_eq!(e.observed_ms, (to - from) * MINUTE_MS);
        for s in &e.evidence {
            let is_within = (e.start..=e.end).contains(&s.sample.t);
            assert_eq!(s.phase == Phase::Contact, is_within, "{:?}", s.sample.t);
        }
    }
    // Silence inside: she is heard until 100 and from 300 on.
    let e = drift(|m| (!(101..300).contains(&m)).then_some(60.0));
    assert_eq!(span(&e), (0, 599));
    assert_eq!(e.observed_ms, (100 + 299) * MINUTE_MS);
    assert!(e.silence);
}

#[test]
fn the_relative_speed_is_what_it_was_and_not_the_least_it_can_have_been() {
    // A cable to and fro, at so many knots.
    for kn in [0.06, 0.5] {
        let way_m = 600.0 * kn * KN;
        let e = drift(|m| {
            let phase = m.rem_euclid(20) as f64 / 10.0;
            Some(60.0 + way_m * phase.min(2.0 - phase))
        });
        let ckn = e.relative_speed_ckn.unwrap();
        let expected = (100.0 * kn) as i64;
        assert!(
            (i64::from(ckn) - expected).abs() <= 1,
            "{ckn} of {expected}"
        );
    }
}
