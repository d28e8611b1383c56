//! What ships alongside did there, by who they are, where they lay and for how long; and what a berth is.

use super::*;

/// The same moments under way or adrift.
pub(super) fn moving(hours: usize, sog_kn: f64) -> Geometry {
    Geometry {
        sog_kn: Some(sog_kn),
        stray_m: 5000.0,
        moved_m: 9000.0,
        ..still(hours)
    }
}

/// The same moments while the larger ship's heading goes evenly through an arc.
pub(super) fn turning(hours: usize, arc_deg: f64) -> Geometry {
    let mut turning = still(hours);
    let last = (turning.moments.len() - 1) as f64;
    for (i, m) in turning.moments.iter_mut().enumerate() {
        m.heading_deg = Some(arc_deg * i as f64 / last);
    }
    turning
}

#[test]
fn a_raft_close_to_the_shore_turns_and_a_berth_does_not() {
    let parties = || [tanker(183.0, 32.0, None), tanker(250.0, 44.0, None)];
    let lie = |geometry: Geometry, stray_m: f64| {
        let geometry = Geometry {
            stray_m,
            ..geometry
        };
        judged(&geometry, parties(), 0.6, false).kind
    };
    assert_eq!(lie(still(8), 50.0), Kind::Berthed);
    assert_eq!(lie(turning(8, 4.0), 50.0), Kind::Berthed);
    assert_eq!(lie(turning(8, 30.0), 50.0), Kind::StsTransfer);
    assert_eq!(lie(still(8), 90.0), Kind::StsTransfer);
}

#[test]
fn what_never_moves_for_half_a_day_lies_at_a_jetty_or_a_platform() {
    let lie = |geometry: &Geometry, status: Option<NavStatus>, shore_km: f64| {
        let parties = [183.0, 250.0].map(|length_m| Party {
            nav_status: status,
            ..tanker(length_m, 32.0, None)
        });
        judged(geometry, parties, shore_km, false).kind
    };
    let moored = Some(NavStatus::MOORED);
    assert_eq!(lie(&still(14), moored, 40.0), Kind::Berthed);
    assert_eq!(lie(&still(14), None, 40.0), Kind::StsTransfer);
    assert_eq!(lie(&still(10), moored, 40.0), Kind::StsTransfer);
    assert_eq!(lie(&turning(14, 5.0), moored, 40.0), Kind::StsTransfer);
    let mut unheaded = still(14);
    for m in &mut unheaded.moments {
        m.heading_deg = None;
    }
    assert_eq!(lie(&unheaded, None, 4.0), Kind::Berthed);
    let strayed = Geometry {
        stray_m: 45.0,
        ..unheaded
    };
    assert_eq!(lie(&strayed, None, 4.0), Kind::StsTransfer);
}

#[test]
fn a_coaster_beside_a_tanker_at_sea_or_for_days_moves_cargo() {
    let beside = |geometry: &Geometry, shore_km: f64| {
        let parties = [tanker(102.0, 16.0, None), tanker(146.0, 22.0, None)];
        judged(geometry, parties, shore_km, false)
    };
    for told in [
        beside(&moving(6, 5.0), 244.0),
        beside(&moving(6, 5.0), 9.0),
        beside(&moving(6, 0.6), 268.0),
        beside(&turning(26, 60.0), 9.0),
    ] {
        assert_eq!(told.kind, Kind::StsTransfer);
        assert!(told.confidence <= 0.8);
        let says = |w: &String| w.contains("bunker tanker's size, but");
        assert!(told.words.iter().any(says), "{:?}", told.words);
    }
    for untold in [
        beside(&moving(6, 0.6), 9.0),
        beside(&turning(20, 60.0), 9.0),
        beside(&turning(8, 60.0), 60.0),
    ] {
        assert_eq!(untold.kind, Kind::Bunkering);
    }
}

#[test]
fn a_tanker_that_sinks_by_more_than_fuel_took_a_coasters_cargo() {
    let beside = |large: Party, coaster: Option<i32>| {
        judged(
            &turning(8, 60.0),
            [tanker(105.0, 17.0, coaster), large],
            60.0,
            false,
        )
    };
    let mr = |sank_dm| tanker(183.0, 32.0, Some(sank_dm));
    let told = beside(mr(12), None);
    assert_eq!(told.kind, Kind::StsTransfer);
    assert!(told.confidence <= 0.8);
    assert!(told.words.iter().any(|w| w.contains("1.2 m deeper")));
    assert_eq!(beside(mr(7), Some(-30)).kind, Kind::StsTransfer);
    // Fuel and trim, a cargo from elsewhere, more than the coaster holds.
    assert_eq!(beside(mr(6), None).kind, Kind::Bunkering);
    assert_eq!(beside(mr(12), Some(9)).kind, Kind::Bunkering);
    let vlcc = tanker(333.0, 60.0, Some(14));
    assert_eq!(beside(vlcc, None).kind, Kind::Bunkering);
}

pub(super) fn of_size(code: u8, length_m: f64) -> Party {
    let said = Hull::new(length_m, length_m / 6.5, Bridge::Anywhere);
    party(code, said, said)
}

#[test]
fn a_dry_ship_takes_fuel_from_a_tanker() {
    let kind = |geometry: &Geometry, tanker: Party, other: Party, shore_km: f64| {
        judged(geometry, [tanker, other], shore_km, false).kind
    };
    let unsized_one = |code| party(code, None, None);
    let swing = turning(8, 60.0);
    for (tanker, other) in [
        (of_size(80, 110.0), of_size(70, 139.0)),
        (of_size(80, 90.0), unsized_one(70)),
        (unsized_one(80), of_size(70, 200.0)),
        (unsized_one(80), unsized_one(71)),
        (of_size(80, 146.0), of_size(71, 366.0)),
        (of_size(80, 183.0), of_size(60, 230.0)),
        (of_size(80, 128.0), of_size(60, 95.0)),
    ] {
        assert_eq!(kind(&swing, tanker, other, 9.0), Kind::Bunkering);
    }
    // Under way far out nobody sells fuel; nor does a crude carrier, and a small freighter brings stores.
    let far = moving(8, 4.0);
    let coaster = (of_size(80, 110.0), of_size(70, 139.0));
    assert_eq!(kind(&far, coaster.0, coaster.1, 140.0), Kind::StsTransfer);
    let crude = of_size(80, 250.0);
    assert_eq!(kind(&swing, crude, of_size(60, 230.0), 9.0), Kind::Other);
    assert_eq!(kind(&swing, crude, of_size(70, 80.0), 9.0), Kind::Service);
    assert_eq!(kind(&swing, crude, of_size(30, 60.0), 96.0), Kind::Other);
    // By the draughts the freighter is a tanker.
    let sank = |p: Party, sank_dm: i32| Party {
        sank_dm: Some(sank_dm),
        ..p
    };
    let [giver, taker] = [sank(of_size(80, 183.0), -40), sank(of_size(70, 250.0), 22)];
    assert_eq!(kind(&swing, giver, taker, 9.0), Kind::StsTransfer);
}

#[test]
fn a_freighter_and_an_unknown_ship_far_out_are_fished_for_and_not_fuelled() {
    let kind = |geometry: &Geometry, shore_km: f64| {
        let unknown = Party {
            ship_type: None,
            ..of_size(70, 70.0)
        };
        judged(geometry, [of_size(70, 140.0), unknown], shore_km, false).kind
    };
    assert_eq!(kind(&turning(8, 60.0), 9.0), Kind::Bunkering);
    assert_eq!(kind(&moving(8, 0.6), 140.0), Kind::FishingTransshipment);
}

#[test]
fn a_supply_ship_without_a_type_is_one_beside_a_tanker_anywhere() {
    let said = Hull::new(78.0, 19.0, Bridge::Anywhere);
    let craft = Party {
        ship_type: None,
        ..party(90, said, said)
    };
    let beside = |other: Party| judged(&turning(8, 60.0), [craft, other], 120.0, false).kind;
    assert_eq!(beside(of_size(80, 320.0)), Kind::Service);
    assert_eq!(beside(of_size(70, 150.0)), Kind::Bunkering);
}

#[test]
fn a_tug_as_long_as_a_barge_carries_cargo_if_the_tanker_says_so() {
    let beside = |code: u8, length_m: f64, tanker_sank_dm: Option<i32>| {
        let tug = of_size(code, length_m);
        let parties = [tug, tanker(336.0, 60.0, tanker_sank_dm)];
        judged(&turning(8, 60.0), parties, 120.0, false)
    };
    for code in [31, 32, 52, 57] {
        let told = beside(code, 205.0, Some(-60));
        assert_eq!(told.kind, Kind::StsTransfer, "{code}");
        assert!(told.confidence <= 0.8);
        assert!(told.words.iter().any(|w| w.contains("tank barge")));
        for dm in [None, Some(0), Some(-6)] {
            assert_ne!(beside(code, 205.0, dm).kind, Kind::StsTransfer);
        }
    }
    assert_eq!(beside(31, 40.0, Some(-60)).kind, Kind::Service);
}

#[test]
fn a_class_b_craft_that_says_nothing_is_no_tanker() {
    let beside = |is_class_b: bool| {
        let craft = Party {
            ship_type: None,
            is_class_b,
            ..party(80, None, None)
        };
        let parties = [craft, tanker(333.0, 60.0, None)];
        judged(&turning(8, 60.0), parties, 60.0, false).kind
    };
    assert_eq!(beside(true), Kind::Other);
    assert_eq!(beside(false), Kind::StsTransfer);
}

#[test]
fn a_ship_without_a_type_may_fuel_a_tanker_as_well_as_load_from_her() {
    let beside = |length_m: f64, shore_km: f64, sank_dm: Option<i32>| {
        let unknown = Party {
            ship_type: None,
            sank_dm,
            ..of_size(80, length_m)
        };
        let parties = [unknown, tanker(183.0, 32.0, sank_dm.map(|dm| -dm))];
        judged(&turning(6, 60.0), parties, shore_km, false)
    };
    let either = beside(85.0, 9.0, None);
    assert_eq!(either.kind, Kind::StsTransfer);
    assert!(either.confidence <= 0.5);
    assert!(either.words.iter().any(|w| w.contains("given fuel")));
    // Too long for that, or told by the draughts.
    for sure in [beside(150.0, 9.0, None), beside(85.0, 9.0, Some(15))] {
        assert_eq!(sure.kind, Kind::StsTransfer);
        assert!(sure.confidence > 0.5);
    }
}

#[test]
fn waiting_for_days_near_a_tanker_is_no_transfer_of_days() {
    // Thirty hours within reach of each other, alongside for three of them.
    let mut geometry = turning(30, 60.0);
    for (i, m) in geometry.moments.iter_mut().enumerate() {
        if !(20..26).contains(&i) {
            m.separation_m = 380.0;
            m.in_frame_m = Some([0.0, 380.0]);
            m.gap = m.gap.map(|_| crate::hull::HullGap {
                low_m: 350.0,
                best_m: 350.0,
                high_m: 350.0,
            });
        }
    }
    let parties = [tanker(85.0, 15.0, None), tanker(225.0, 32.0, None)];
    let judged = judged(&geometry, parties, 9.0, false);
    assert_eq!(judged.kind, Kind::Bunkering);
}

#[test]
fn tankers_seen_apart_an_hour_before_and_after_moved_no_cargo() {
    let beside = |lain: std::ops::Range<usize>| {
        let mut geometry = turning(8, 60.0);
        for (i, m) in geometry.moments.iter_mut().enumerate() {
            m.t = Timestamp(i as i64 * 900_000);
            if !lain.contains(&i) {
                m.separation_m = 300.0;
                m.in_frame_m = Some([0.0, 300.0]);
                m.gap = m.gap.map(|_| crate::hull::HullGap {
                    low_m: 260.0,
                    best_m: 260.0,
                    high_m: 260.0,
                });
            }
        }
        let parties = [tanker(183.0, 32.0, None), tanker(250.0, 44.0, None)];
        judged(&geometry, parties, 9.0, false).kind
    };
    // Moments are a quarter of an hour apart.
    assert_eq!(beside(6..10), Kind::Other);
    assert_eq!(beside(6..13), Kind::StsTransfer);
    // Nobody saw them come, or part.
    assert_eq!(beside(0..5), Kind::StsTransfer);
}

#[test]
fn hulls_across_each_other_lie_on_no_fenders() {
    let beside = |askew_deg: f64| {
        let mut geometry = turning(8, 60.0);
        for m in &mut geometry.moments {
            m.askew_deg = Some(askew_deg);
        }
        let parties = [tanker(183.0, 32.0, None), tanker(177.0, 31.0, None)];
        judged(&geometry, parties, 9.0, false).kind
    };
    for parallel in [0.0, 8.0, 20.0] {
        assert_eq!(beside(parallel), Kind::StsTransfer);
    }
    for across in [57.0, 81.0] {
        assert_eq!(beside(across), Kind::AnchoredNeighbours);
    }
}
