//! How hulls lay, from moments made for it.

use super::*;
use crate::assess::geometry::{Geometry, Headings};
use crate::assess::kind::Party;
use crate::hull::{Bridge, HullGap, Posed, gap};
use crate::model::statistics::median;
use crate::model::{Encounter, LonLat, PairKey, ShipType, TrackId};

/// A moment: the larger ship's heading, the other's, and the other's antenna ahead and to starboard of the larger's.
type Pose = (f64, f64, [f64; 2]);

/// How two tankers lay by moments half an hour apart, the first of them the larger, that moved by so much.
fn lay(hulls: [Option<Hull>; 2], poses: &[Pose], moved_m: f64) -> bool {
    let moments = poses.iter().enumerate().map(|(i, pose)| {
        let (heading_deg, other_deg, [ahead, starboard]) = *pose;
        let (sin, cos) = heading_deg.to_radians().sin_cos();
        let offset_m = [ahead * sin + starboard * cos, ahead * cos - starboard * sin];
        let posed = |hull, heading_deg| Posed {
            hull,
            heading_deg: Some(heading_deg),
        };
        let hull_gap = || -> Option<HullGap> {
            let (a, b) = (posed(hulls[0]?, heading_deg), posed(hulls[1]?, other_deg));
            Some(gap(a, b, offset_m))
        };
        Moment {
            t: Timestamp(i as i64 * 1_800_000),
            separation_m: ahead.hypot(starboard),
            offset_m,
            gap: hull_gap(),
            gap_if_turned: None,
            in_frame_m: Some([ahead, starboard]),
            middle_m: None,
            heading_deg: Some(heading_deg),
            askew_deg: None,
        }
    });
    let differences = poses.iter().map(|(a, b, _)| {
        let d = (a - b).rem_euclid(360.0);
        d.min(360.0 - d)
    });
    let geometry = Geometry {
        moments: moments.collect(),
        sharp: true,
        middle: LonLat::default(),
        heading_difference_deg: median(differences.collect()),
        sog_kn: Some(0.3),
        each_kn: [Some(0.3); 2],
        stray_m: moved_m,
        moved_m,
        crab_deg: None,
        larger: 0,
        headings: Headings::default(),
        near: None,
    };
    let track = |mmsi| TrackId {
        mmsi,
        start: Timestamp(0),
    };
    let pair = PairKey::new(track(1), track(2)).unwrap();
    let end = Timestamp((poses.len() as i64 - 1) * 1_800_000);
    let encounter = Encounter {
        observed_ms: end.0,
        ..Encounter::bare(pair, Timestamp(0), end)
    };
    let scene = Scene {
        encounter: &encounter,
        geometry: &geometry,
        parties: hulls.map(|hull| Party {
            ship_type: ShipType::new(80),
            hull,
            said: hull,
            deepest_m: None,
            nav_status: None,
            is_class_b: false,
            sank_dm: None,
        }),
        shore_km: 60.0,
        known_berth: false,
        leapt_km: None,
    };
    let lay = scene.lay(&Params::default());
    lay.alongside
}

const MR: (f64, f64) = (183.0, 32.0);

fn hull((length_m, beam_m): (f64, f64)) -> Option<Hull> {
    Hull::new(length_m, beam_m, Bridge::Aft)
}

/// Errors of a place, metres, that repeat after eleven moments and are 0 in the mean.
fn error_m(i: usize, most_m: f64) -> f64 {
    most_m * ((i * 7 % 11) as f64 - 5.0) / 5.0
}

#[test]
fn being_tied_takes_nothing_from_being_near() {
    // Adrift and turning, one of unknown size: some positions are more than 30 m off her place, but never far.
    let poses: Vec<Pose> = (0..22)
        .map(|i| {
            let heading_deg = 40.0 + 3.0 * i as f64;
            let place = [48.0 + error_m(i, 45.0), 38.0 + error_m(i + 4, 30.0)];
            (heading_deg, heading_deg + 2.0, place)
        })
        .collect();
    assert!(lay([None, hull(MR)], &poses, 9000.0));
}

#[test]
fn ships_that_head_opposite_ways_in_place_are_tied() {
    // At anchor in a steady stream, antennas 116 m apart, one of unknown size.
    let lain = |turned_deg: f64, stray_m: f64, yaw_deg: f64| {
        let poses: Vec<Pose> = (0..13)
            .map(|i| {
                let heading_deg = 75.0 + error_m(i, yaw_deg);
                let place = [110.0 + error_m(i, stray_m), 36.0 + error_m(i + 4, stray_m)];
                (heading_deg, heading_deg + turned_deg, place)
            })
            .collect();
        lay([None, hull(MR)], &poses, 60.0)
    };
    assert!(lain(178.5, 10.0, 6.0));
    // Two that head the same way may lie to their own anchors, as two that stray; at a jetty ships lie either way, but still.
    assert!(!lain(1.5, 10.0, 6.0));
    assert!(!lain(178.5, 70.0, 6.0));
    assert!(!lain(178.5, 10.0, 1.0));
    assert!(!lain(160.0, 10.0, 6.0));
}

#[test]
fn a_ship_of_unknown_size_lies_beside_a_known_hull_or_astern_of_it() {
    // Off the bow of a bulker of 300 m with her bridge aft, antennas 117 m apart; or on a line astern of her.
    let bulker = Hull::new(300.0, 50.0, Bridge::Anywhere);
    let poses = |ahead_m: f64, starboard_m: f64| -> Vec<Pose> {
        let place = |i| [ahead_m + error_m(i, 8.0), starboard_m + error_m(i + 4, 8.0)];
        (0..13).map(|i| (75.0, 75.0, place(i))).collect()
    };
    assert!(lay([bulker, None], &poses(110.0, 38.0), 60.0));
    assert!(!lay([bulker, None], &poses(-60.0, 2.0), 60.0));
    // A neighbour at anchor has 120 m between the hulls, one ahead is clear of her bow.
    assert!(!lay([bulker, None], &poses(110.0, 160.0), 60.0));
    assert!(!lay([bulker, None], &poses(400.0, 38.0), 60.0));
}

#[test]
fn late_reports_move_a_ship_along_her_way_and_not_away_from_the_others_side() {
    // The pair turns while it drifts, and the partner's place is out by the way of a minute or two, ahead or astern.
    let lain = |along_m: f64, aside_m: f64, moved_m: f64| {
        let poses: Vec<Pose> = (0..16)
            .map(|i| {
                let heading_deg = 40.0 + 5.0 * i as f64;
                let place = [error_m(i, along_m), 36.0 + error_m(i + 4, aside_m)];
                (heading_deg, heading_deg, place)
            })
            .collect();
        lay([hull(MR); 2], &poses, moved_m)
    };
    assert!(lain(110.0, 8.0, 9000.0));
    // One that is often well off her side is loose.
    assert!(!lain(110.0, 70.0, 9000.0));
}
