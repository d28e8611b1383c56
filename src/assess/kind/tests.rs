//! Ships tied together, told without headings; who they are, told by sizes that don't fit.

use super::*;
use crate::model::{LonLat, PairKey, Timestamp, TrackId};

fn encounter() -> Encounter {
    let track = |mmsi| TrackId {
        mmsi,
        start: Timestamp(0),
    };
    let pair = PairKey::new(track(1), track(2)).unwrap();
    let observed_ms = 6 * 3_600_000;
    Encounter {
        observed_ms,
        samples: 12,
        sharp_samples: 12,
        ..Encounter::bare(pair, Timestamp(0), Timestamp(observed_ms))
    }
}

/// Moments without headings, half an hour apart, at these distances and directions.
fn geometry(places: &[(f64, f64)]) -> Geometry {
    let moment = |(i, (m, deg)): (usize, &(f64, f64))| {
        let (sin, cos) = deg.to_radians().sin_cos();
        Moment {
            t: Timestamp(i as i64 * 1_800_000),
            separation_m: *m,
            offset_m: [m * sin, m * cos],
            gap: None,
            in_frame_m: None,
            heading_deg: None,
        }
    };
    Geometry {
        moments: places.iter().enumerate().map(moment).collect(),
        sharp: true,
        middle: LonLat::default(),
        heading_difference_deg: None,
        sog_kn: Some(0.3),
        stray_m: 100.0,
        moved_m: 200.0,
        crab_deg: None,
        larger: 0,
    }
}

fn party(code: u8, hull: Option<Hull>, said: Option<Hull>) -> Party {
    Party {
        ship_type: ShipType::new(code),
        hull,
        said,
        nav_status: None,
    }
}

fn kind(places: &[(f64, f64)], parties: [Party; 2]) -> Kind {
    let (encounter, geometry) = (encounter(), geometry(places));
    let scene = Scene {
        encounter: &encounter,
        geometry: &geometry,
        parties,
        shore_km: 9.0,
    };
    let params = Params::default();
    judge(&scene, &scene.lay(&params), &params).kind
}

const ROUND: [(f64, f64); 5] = [
    (150.0, 10.0),
    (145.0, 30.0),
    (155.0, 50.0),
    (150.0, 70.0),
    (148.0, 90.0),
];

#[test]
fn an_antenna_that_goes_round_another_at_one_distance_is_tied_to_it() {
    let tankers = || [party(80, None, None), party(82, None, None)];
    assert_eq!(kind(&ROUND, tankers()), Kind::StsTransfer);
    // Neighbours keep the direction, or lose the distance; farther off they have room to swing.
    let still = ROUND.map(|(m, deg)| (m, deg / 10.0));
    let loose: Vec<_> = (ROUND.iter().enumerate())
        .map(|(i, (m, deg))| (m + 30.0 * i as f64, *deg))
        .collect();
    let far = ROUND.map(|(m, deg)| (m + 150.0, deg));
    for apart in [&still[..], &loose, &far] {
        assert_eq!(kind(apart, tankers()), Kind::AnchoredNeighbours);
    }
}

#[test]
fn sizes_that_do_not_fit_still_tell_a_coaster_from_a_large_tanker() {
    let (small, large) = (Hull::new(80.0, 14.0, true), Hull::new(330.0, 60.0, true));
    let distrusted = [party(80, None, small), party(82, None, large)];
    assert_eq!(kind(&ROUND, distrusted), Kind::Bunkering);
    let cruise = [party(80, None, None), party(60, None, None)];
    assert_eq!(kind(&ROUND, cruise), Kind::Bunkering);
}

#[test]
fn two_ships_that_never_say_what_they_are_may_be_tankers_if_none_is_broader() {
    let side_by_side = [(40.0, 90.0); 5];
    let ship = |length_m: f64, beam_m: f64| {
        let said = Hull::new(length_m, beam_m, false);
        Party {
            ship_type: None,
            hull: said,
            said,
            nav_status: None,
        }
    };
    let tankers = [ship(180.0, 30.0), ship(110.0, 18.0)];
    assert_eq!(kind(&side_by_side, tankers), Kind::StsTransfer);
    let dredger_and_barge = [ship(120.0, 20.0), ship(117.0, 25.0)];
    assert_eq!(kind(&side_by_side, dredger_and_barge), Kind::Other);
}
