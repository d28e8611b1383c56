//! Ships tied together, told without headings; who they are, told by sizes that don't fit.

mod berth;
mod catch;
mod craft;
mod drifting;
mod parties;
mod silent;
mod sizes;

use super::*;
use crate::assess::geometry::{Headings, Moment};
use crate::hull::Bridge;
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
            gap_if_turned: None,
            in_frame_m: None,
            middle_m: None,
            heading_deg: None,
            askew_deg: None,
        }
    };
    Geometry {
        moments: places.iter().enumerate().map(moment).collect(),
        sharp: true,
        middle: LonLat::default(),
        heading_difference_deg: None,
        sog_kn: Some(0.3),
        each_kn: [Some(0.3); 2],
        stray_m: 100.0,
        moved_m: 200.0,
        crab_deg: None,
        larger: 0,
        headings: Headings::default(),
        near: None,
    }
}

fn party(code: u8, hull: Option<Hull>, said: Option<Hull>) -> Party {
    Party {
        ship_type: ShipType::new(code),
        hull,
        said,
        deepest_m: None,
        nav_status: None,
        is_class_b: false,
        sank_dm: None,
    }
}

fn kind(places: &[(f64, f64)], parties: [Party; 2]) -> Kind {
    judged(&geometry(places), parties, 9.0, false).kind
}

fn judged(geometry: &Geometry, parties: [Party; 2], shore_km: f64, known_berth: bool) -> Judgement {
    judged_as(&encounter(), geometry, parties, (shore_km, known_berth))
}

fn judged_as(
    encounter: &Encounter,
    geometry: &Geometry,
    parties: [Party; 2],
    (shore_km, known_berth): (f64, bool),
) -> Judgement {
    let scene = Scene {
        encounter,
        geometry,
        parties,
        shore_km,
        known_berth,
        leapt_km: None,
    };
    let params = Params::default();
    judge(&scene, &scene.lay(&params), &params)
}

/// An encounter of so many hours, and seen apart right before and after it.
fn lasting(hours: f64) -> Encounter {
    let end = Timestamp((hours * 3.6e6) as i64);
    Encounter {
        observed_ms: end.0,
        start_not_before: Some(Timestamp(-300_000)),
        end_not_after: Some(Timestamp(end.0 + 300_000)),
        closed: true,
        ..Encounter::bare(encounter().pair, Timestamp(0), end)
    }
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
    // Antennas of hulls side by side are no farther apart than these are long.
    let of = |lengths_m: [f64; 2]| lengths_m.map(|m| tanker(m, m / 6.0, None));
    assert_eq!(kind(&ROUND, of([180.0, 250.0])), Kind::StsTransfer);
    assert_eq!(kind(&ROUND, of([99.0, 81.0])), Kind::AnchoredNeighbours);
}

#[test]
fn sizes_that_do_not_fit_still_tell_a_coaster_from_a_large_tanker() {
    let (small, large) = (
        Hull::new(80.0, 14.0, Bridge::Aft),
        Hull::new(330.0, 60.0, Bridge::Aft),
    );
    let distrusted = [party(80, None, small), party(82, None, large)];
    assert_eq!(kind(&ROUND, distrusted), Kind::Bunkering);
    let cruise = [party(80, None, None), party(60, None, None)];
    assert_eq!(kind(&ROUND, cruise), Kind::Bunkering);
}

#[test]
fn two_ships_that_never_say_what_they_are_may_be_tankers_if_none_is_broader() {
    let side_by_side = [(40.0, 90.0); 5];
    let ship = |length_m: f64, beam_m: f64| {
        let said = Hull::new(length_m, beam_m, Bridge::Anywhere);
        Party {
            ship_type: None,
            hull: said,
            said,
            deepest_m: None,
            nav_status: None,
            is_class_b: false,
            sank_dm: None,
        }
    };
    let tankers = [ship(180.0, 30.0), ship(110.0, 18.0)];
    assert_eq!(kind(&side_by_side, tankers), Kind::StsTransfer);
    let dredger_and_barge = [ship(120.0, 20.0), ship(117.0, 25.0)];
    assert_eq!(kind(&side_by_side, dredger_and_barge), Kind::Other);
}

fn tanker(length_m: f64, beam_m: f64, sank_dm: Option<i32>) -> Party {
    let hull = Hull::new(length_m, beam_m, Bridge::Aft);
    Party {
        sank_dm,
        ..party(80, hull, hull)
    }
}

#[test]
fn a_coaster_that_takes_a_tankers_cargo_does_not_bunker_her() {
    let beside = |coaster: Option<i32>, large: Option<i32>| {
        let parties = [tanker(105.0, 17.0, coaster), tanker(183.0, 32.0, large)];
        judged(&still(4), parties, 60.0, false)
    };
    assert_eq!(beside(Some(28), Some(-11)).kind, Kind::StsTransfer);
    let bunkering = beside(Some(-8), Some(2));
    assert_eq!(bunkering.kind, Kind::Bunkering);
    // Without a change it isn't told, and less sure.
    for untold in [beside(None, None), beside(Some(0), Some(0))] {
        assert_eq!(untold.kind, Kind::Bunkering);
        assert!(untold.confidence < bunkering.confidence);
    }
}

#[test]
fn the_coasters_own_draught_is_enough_to_say_that_she_took_cargo() {
    let beside = |coaster: Option<i32>, large: Option<i32>| {
        let parties = [tanker(105.0, 17.0, coaster), tanker(183.0, 32.0, large)];
        judged(&still(4), parties, 60.0, false)
    };
    let by_both = beside(Some(28), Some(-11));
    for told in [beside(Some(28), None), beside(Some(28), Some(0))] {
        assert_eq!(told.kind, Kind::StsTransfer);
        assert!(told.confidence < by_both.confidence);
        let says = |w: &String| w.contains("2.8 m deeper") && w.contains("only her draught");
        assert!(told.words.iter().any(says), "{:?}", told.words);
    }
    assert!(!by_both.words.iter().any(|w| w.contains("only her draught")));
    // Two that both sank loaded elsewhere; what trim makes, or the larger one's fuel, is no cargo.
    for other in [
        beside(Some(28), Some(20)),
        beside(Some(3), None),
        beside(Some(-6), None),
        beside(None, Some(6)),
    ] {
        assert_eq!(other.kind, Kind::Bunkering);
    }
}

#[test]
fn a_coaster_that_gives_more_than_fuel_tanks_hold_gives_cargo() {
    let beside = |coaster: Option<i32>, large: Option<i32>, large_m: f64| {
        let parties = [
            tanker(127.0, 16.6, coaster),
            tanker(large_m, large_m / 5.8, large),
        ];
        judged(&still(8), parties, 60.0, false)
    };
    // Some 3,000 t, and 1,450 or 2,400 t in the tanks of these.
    for large_m in [190.0, 233.0] {
        let told = beside(Some(-16), Some(0), large_m);
        assert_eq!(told.kind, Kind::StsTransfer, "{large_m}");
        assert!(told.confidence <= 0.8);
        let says = |w: &String| w.contains("1.6 m less deep") && w.contains("tanks for fuel");
        assert!(told.words.iter().any(says), "{:?}", told.words);
    }
    // A VLCC's hold 8,000 t; half a metre is no more than an MR takes; and two that both rose gave elsewhere.
    for fuel in [
        beside(Some(-16), Some(0), 333.0),
        beside(Some(-5), None, 190.0),
        beside(Some(-16), Some(-16), 190.0),
    ] {
        assert_eq!(fuel.kind, Kind::Bunkering);
    }
}

#[test]
fn a_small_craft_of_unknown_type_takes_no_cargo_off_shore_either() {
    let craft = |length_m: f64, code: u8, sank_dm: Option<i32>| {
        let said = Hull::new(length_m, length_m / 5.5, Bridge::Anywhere);
        Party {
            sank_dm,
            ..party(code, said, said)
        }
    };
    let beside = |craft: Party, large: Option<i32>| {
        let parties = [craft, tanker(250.0, 44.0, large)];
        judged(&still(4), parties, 96.0, false)
    };
    for length_m in [16.0, 28.0, 45.0] {
        let launch = beside(craft(length_m, 0, Some(0)), Some(0));
        assert_eq!(launch.kind, Kind::Other, "{length_m} m");
        assert!(launch.words.iter().any(|w| w.contains("unspecified type")));
    }
    assert_eq!(beside(craft(60.0, 0, None), None).kind, Kind::StsTransfer);
    let laden = [(Some(12), None), (Some(4), Some(-2))];
    for (small, large) in laden {
        let kind = beside(craft(45.0, 0, small), large).kind;
        assert_eq!(kind, Kind::StsTransfer, "{small:?} {large:?}");
    }
    // Who says that she is a tanker is one, however small.
    assert_eq!(beside(craft(45.0, 80, None), None).kind, Kind::Bunkering);
}

/// The kind of a tanker of 228 m and a ship of this length and type that lay side by side far out, by both changes of draught.
fn beside_tanker(code: u8, [length_m, beam_m]: [f64; 2], sank_dm: [Option<i32>; 2]) -> Judgement {
    let said = Hull::new(length_m, beam_m, Bridge::Anywhere);
    let odd = Party {
        sank_dm: sank_dm[0],
        ..party(code, said, said)
    };
    let parties = [odd, tanker(228.0, 32.0, sank_dm[1])];
    judged(&still(4), parties, 96.0, false)
}

#[test]
fn draughts_that_show_cargo_outdo_a_type_that_carries_none() {
    let carrier = [120.0, 20.0];
    for code in [31, 40, 52, 55, 70, 90, 99] {
        for sank_dm in [[Some(22), Some(-6)], [Some(-22), Some(6)]] {
            let told = beside_tanker(code, carrier, sank_dm);
            assert_eq!(told.kind, Kind::StsTransfer, "{code} {sank_dm:?}");
            assert!(told.confidence <= 0.8 || code == 70, "{code}");
        }
    }
    let says = |j: &Judgement, words: &str| j.words.iter().any(|w| w.contains(words));
    let told = beside_tanker(52, carrier, [Some(22), Some(-6)]);
    assert!(says(
        &told,
        "2.2 m deeper after it and the tanker 0.6 m less deep"
    ));
    // A freighter too small for more than stores, unless she sank by more than those weigh.
    let coaster = [80.0, 14.0];
    let laden = beside_tanker(70, coaster, [Some(20), Some(-3)]);
    assert_eq!(laden.kind, Kind::StsTransfer);
    assert!(laden.confidence <= 0.8);
    let stores = beside_tanker(70, coaster, [Some(-2), Some(2)]);
    assert_eq!(stores.kind, Kind::Service);
}

#[test]
fn tugs_supply_ships_and_passenger_ships_beside_a_tanker_stay_what_they_are() {
    let nothing = [
        None,
        Some([Some(0); 2]),
        Some([Some(22), Some(20)]),
        Some([Some(22), None]),
    ];
    for sank_dm in nothing.map(Option::unwrap_or_default) {
        for code in [31, 40, 52, 55] {
            let judged = beside_tanker(code, [95.0, 18.0], sank_dm);
            assert_eq!(judged.kind, Kind::Service, "{code} {sank_dm:?}");
        }
    }
    // Fuel and trim.
    let kind = |code, size, sank_dm| beside_tanker(code, size, sank_dm).kind;
    let fuel = [Some(4), Some(-6)];
    assert_eq!(kind(52, [70.0, 17.0], fuel), Kind::Service);
    assert_eq!(kind(90, [70.0, 17.0], fuel), Kind::Service, "a supply ship");
    assert_eq!(kind(60, [200.0, 30.0], [Some(3), Some(-9)]), Kind::Other);
    assert_eq!(kind(30, [85.0, 15.0], [Some(6), Some(-9)]), Kind::Bunkering);
    assert_eq!(kind(33, [120.0, 20.0], [Some(9), Some(-9)]), Kind::Dredging);
    // A boat takes no cargo, whatever it types.
    assert_eq!(kind(52, [30.0, 8.0], [Some(22), Some(-6)]), Kind::Service);
}

#[test]
fn a_type_that_may_be_anything_is_judged_as_an_unknown_one() {
    for sank_dm in [[None; 2], [Some(0); 2], [Some(12), None]] {
        let judged = |code| beside_tanker(code, [150.0, 24.0], sank_dm);
        assert_eq!(judged(99).kind, Kind::StsTransfer);
        assert_eq!(judged(99).confidence, judged(0).confidence);
        assert_eq!(judged(57).kind, Kind::Other);
    }
    assert_eq!(beside_tanker(99, [40.0, 8.0], [None; 2]).kind, Kind::Other);
    // One with the build of a supply ship is one, though nobody knows how large the tanker is.
    let said = Hull::new(58.0, 14.0, Bridge::Anywhere);
    let beside_unknown = [party(90, said, said), party(80, None, None)];
    assert_eq!(
        judged(&still(4), beside_unknown, 96.0, false).kind,
        Kind::Service
    );
    // A bunker tanker fuels such a ship, unless by both draughts she took her cargo.
    let storage = |sank_dm: [Option<i32>; 2]| {
        let said = Hull::new(330.0, 60.0, Bridge::Anywhere);
        let storage = Party {
            sank_dm: sank_dm[1],
            ..party(99, said, said)
        };
        judged(
            &still(4),
            [tanker(110.0, 18.0, sank_dm[0]), storage],
            96.0,
            false,
        )
        .kind
    };
    assert_eq!(storage([Some(-8), Some(2)]), Kind::Bunkering);
    assert_eq!(storage([None; 2]), Kind::Bunkering);
    assert_eq!(storage([Some(35), Some(-2)]), Kind::StsTransfer);
}

/// Moments side by side in which neither ship moves or turns, one per half hour.
fn still(hours: usize) -> Geometry {
    let mut still = geometry(&vec![(33.0, 90.0); 2 * hours + 1]);
    for m in &mut still.moments {
        m.heading_deg = Some(0.0);
        m.in_frame_m = Some([0.0, 33.0]);
        m.middle_m = Some([0.0, 33.0]);
        m.gap = Some(crate::hull::HullGap {
            low_m: 1.0,
            best_m: 3.0,
            high_m: 5.0,
        });
    }
    Geometry {
        heading_difference_deg: Some(0.0),
        sog_kn: Some(0.0),
        stray_m: 10.0,
        moved_m: 15.0,
        ..still
    }
}

#[test]
fn a_raft_in_a_calm_is_not_berthed() {
    let lie = |hours: usize, shore_km: f64, known_berth: bool, sank: [Option<i32>; 2]| {
        let parties = sank.map(|dm| tanker(183.0, 32.0, dm));
        judged(&still(hours), parties, shore_km, known_berth).kind
    };
    let silent = [None; 2];
    assert_eq!(lie(8, 3.0, false, silent), Kind::Berthed, "at a jetty");
    assert_eq!(lie(8, 12.0, false, silent), Kind::StsTransfer);
    assert_eq!(
        lie(8, 12.0, true, silent),
        Kind::Berthed,
        "others berth there"
    );
    assert_eq!(lie(30, 12.0, false, silent), Kind::Berthed, "for a day");
    let cargo = [Some(40), Some(-35)];
    assert_eq!(
        lie(8, 3.0, false, cargo),
        Kind::StsTransfer,
        "cargo went over"
    );
    assert_eq!(lie(8, 0.5, false, cargo), Kind::Berthed, "at two quays");
}

#[test]
fn two_positions_of_one_hull_are_no_pair() {
    let beside = |m: f64| {
        let parties = [tanker(228.0, 32.0, None), party(80, None, None)];
        judged(&geometry(&[(m, 90.0); 8]), parties, 60.0, false)
    };
    let aboard = beside(5.0);
    assert_eq!(aboard.kind, Kind::Other);
    assert!(aboard.words.iter().any(|w| w.contains("one hull")));
    assert_eq!(beside(22.0).kind, Kind::StsTransfer);
}

/// Half-hourly moments in which the larger ship's heading goes evenly through an arc, and the partner's place is that in
/// the larger one's frame (ahead, to starboard) and another on the map (east, north) together, metres.
fn swinging(arc_deg: f64, in_frame_m: [f64; 2], on_map_m: [f64; 2]) -> Geometry {
    let mut swinging = geometry(&[(0.0, 0.0); 40]);
    for (i, m) in swinging.moments.iter_mut().enumerate() {
        let heading_deg = 40.0 + arc_deg * i as f64 / 39.0;
        let (sin, cos) = heading_deg.to_radians().sin_cos();
        // She sheers to and fro.
        let [ahead, starboard] = [in_frame_m[0], in_frame_m[1] + 25.0 * (i as f64 * 1.3).sin()];
        let [east, north] = [
            on_map_m[0] + ahead * sin + starboard * cos,
            on_map_m[1] + ahead * cos - starboard * sin,
        ];
        m.heading_deg = Some(heading_deg);
        m.offset_m = [east, north];
        m.separation_m = east.hypot(north);
        m.in_frame_m = Some([east * sin + north * cos, east * cos - north * sin]);
        m.gap = Some(crate::hull::HullGap {
            low_m: 60.0,
            best_m: 90.0,
            high_m: 120.0,
        });
    }
    Geometry {
        heading_difference_deg: Some(8.0),
        ..swinging
    }
}

#[test]
fn a_tanker_that_lies_astern_whichever_way_the_other_swings_is_tied_to_her() {
    let judged = |geometry: &Geometry, sank_dm: Option<i32>| {
        let parties = [tanker(300.0, 55.0, Some(0)), tanker(270.0, 46.0, sank_dm)];
        judged(geometry, parties, 90.0, false)
    };
    let astern = swinging(110.0, [-370.0, 0.0], [0.0, 0.0]);
    let says = |j: &Judgement| j.words.iter().any(|w| w.contains("tied in line"));
    let moored = judged(&astern, None);
    assert_eq!(moored.kind, Kind::Other);
    assert!(says(&moored), "{:?}", moored.words);
    let offtake = judged(&astern, Some(70));
    assert_eq!(offtake.kind, Kind::StsTransfer);
    assert!(says(&offtake) && (0.5..=0.8).contains(&offtake.confidence));
    // A storage ship that is moored at both ends, or a steady wind.
    let steady = swinging(25.0, [-370.0, 0.0], [0.0, 0.0]);
    let waits = judged(&steady, None);
    assert_eq!(waits.kind, Kind::Other);
    let offtake = judged(&steady, Some(70));
    assert_eq!(offtake.kind, Kind::StsTransfer);
    assert!((0.5..=0.8).contains(&offtake.confidence));
    let says = |j: &Judgement| j.words.iter().any(|w| w.contains("in line"));
    assert!(says(&waits) && says(&offtake));
    // At anchors of their own: farther off than a hawser is long, or the farther off the more the wind turns.
    let mut far = steady;
    for m in &mut far.moments {
        m.gap = m.gap.map(|g| crate::hull::HullGap {
            best_m: g.best_m + 130.0,
            high_m: g.high_m + 130.0,
            ..g
        });
    }
    for apart in [
        swinging(110.0, [0.0, 0.0], [-280.0, -240.0]),
        far,
        swinging(110.0, [-200.0, 0.0], [-150.0, -130.0]),
    ] {
        let neighbours = judged(&apart, Some(70));
        assert_eq!(neighbours.kind, Kind::AnchoredNeighbours);
        assert!(!says(&neighbours));
    }
}

#[test]
fn a_ship_of_366_m_swings_wide_and_a_status_holds_nobody_for_miles() {
    let mode = |length_m: f64, moved_m: f64, nav_status: Option<NavStatus>| {
        let hull = Hull::new(length_m, length_m / 7.0, Bridge::Anywhere);
        let parties = [0, 1].map(|_| Party {
            nav_status,
            ..party(70, hull, hull)
        });
        let geometry = Geometry {
            moved_m,
            ..geometry(&ROUND)
        };
        judged(&geometry, parties, 30.0, false).mode
    };
    assert_eq!(mode(366.0, 1350.0, None), Mode::Anchored);
    assert_eq!(mode(150.0, 1350.0, None), Mode::Adrift);
    // She came there, or her anchor dragged; but for 28 km it held nothing.
    let said = Some(NavStatus::AT_ANCHOR);
    assert_eq!(mode(150.0, 2500.0, said), Mode::Anchored);
    assert_eq!(mode(150.0, 28_000.0, said), Mode::Adrift);
}

#[test]
fn a_boat_under_way_past_one_that_lies_there_is_no_neighbour_at_anchor() {
    let past = |each_kn: [f64; 2]| {
        let geometry = Geometry {
            sog_kn: Some(0.0),
            each_kn: each_kn.map(Some),
            stray_m: 500.0,
            moved_m: 700.0,
            ..geometry(&[(430.0, 20.0); 6])
        };
        let hull = Hull::new(180.0, 32.0, Bridge::Anywhere);
        let parties = [party(52, None, None), party(80, hull, hull)].map(|p| Party {
            ship_type: None,
            ..p
        });
        judged(&geometry, parties, 3.0, false).kind
    };
    assert_eq!(past([0.1, 0.0]), Kind::AnchoredNeighbours);
    assert_eq!(past([3.4, 0.0]), Kind::Other);
    assert_eq!(past([0.0, 3.4]), Kind::Other);
}

#[test]
fn one_moment_under_way_is_no_convoy() {
    let abreast = |moments: usize| {
        let geometry = Geometry {
            sog_kn: Some(6.0),
            moved_m: 5000.0,
            ..geometry(&vec![(300.0, 20.0); moments])
        };
        let parties = [60, 30].map(|code| party(code, None, None));
        judged(&geometry, parties, 30.0, false).kind
    };
    assert_eq!(abreast(1), Kind::Other);
    assert_eq!(abreast(2), Kind::Convoy);
}
