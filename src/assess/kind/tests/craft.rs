//! Boats and supply craft beside larger ships.

use super::parties::{moving, of_size, turning};
use super::*;

/// These moments with the hulls side by side.
pub(super) fn beside(mut geometry: Geometry, parties: &[Party; 2]) -> Geometry {
    let beams = parties.iter().filter_map(|p| p.hull.map(|h| h.beam_m));
    let starboard_m = 3.0 + beams.sum::<f64>() / 2.0;
    for m in &mut geometry.moments {
        m.in_frame_m = Some([0.0, starboard_m]);
        m.separation_m = starboard_m;
    }
    geometry
}

/// What two ships that lay side by side at anchor for three hours did.
pub(super) fn at_anchor(parties: [Party; 2], shore_km: f64) -> Judgement {
    let geometry = beside(turning(3, 30.0), &parties);
    judged(&geometry, parties, shore_km, false)
}

#[test]
fn a_boat_that_comes_to_a_tanker_takes_no_fuel_from_her() {
    let kind = |boat: Party, tanker_m: f64| at_anchor([boat, of_size(80, tanker_m)], 4.0).kind;
    for (code, length_m, tanker_m) in [
        (60, 18.0, 183.0),
        (60, 35.0, 110.0),
        (69, 28.0, 144.0),
        (60, 55.0, 183.0),
        (30, 15.0, 110.0),
        (30, 15.0, 183.0),
        (30, 30.0, 183.0),
    ] {
        let boat = kind(of_size(code, length_m), tanker_m);
        assert_eq!(boat, Kind::Service, "{code} {length_m} {tanker_m}");
    }
    let untold = Party {
        is_class_b: true,
        ..party(60, None, None)
    };
    assert_eq!(kind(untold, 183.0), Kind::Service);
    let launch_and_unsized = [of_size(60, 18.0), party(80, None, None)];
    assert_eq!(at_anchor(launch_and_unsized, 4.0).kind, Kind::Service);
    // Small tankers fuel small ships, those of fishing fleets vessels of 20 m and more, and far out smaller ones too.
    for (code, length_m, tanker_m) in [
        (60, 28.0, 45.0),
        (60, 95.0, 128.0),
        (30, 25.0, 60.0),
        (30, 25.0, 110.0),
        (30, 60.0, 183.0),
    ] {
        let ship = kind(of_size(code, length_m), tanker_m);
        assert_eq!(ship, Kind::Bunkering, "{code} {length_m} {tanker_m}");
    }
    let adrift = |tanker_m: f64| {
        let parties = [of_size(30, 20.0), of_size(80, tanker_m)];
        judged(&beside(moving(3, 0.6), &parties), parties, 300.0, false).kind
    };
    assert_eq!(adrift(110.0), Kind::Bunkering);
    assert_eq!(adrift(183.0), Kind::Service);
}

fn broad(code: u8, length_m: f64, beam_m: f64) -> Party {
    let said = Hull::new(length_m, beam_m, Bridge::Anywhere);
    party(code, said, said)
}

#[test]
fn supply_ships_bring_stores_under_any_type() {
    let kind = |craft: Party, tanker_m: f64| at_anchor([craft, of_size(80, tanker_m)], 90.0).kind;
    let psv = broad(70, 85.0, 19.0);
    let fast = |code| broad(code, 53.0, 9.0);
    for (craft, tanker_m) in [
        (psv, 183.0),
        (psv, 333.0),
        (fast(90), 183.0),
        (fast(99), 333.0),
        (broad(90, 65.0, 12.0), 250.0),
    ] {
        assert_eq!(kind(craft, tanker_m), Kind::Service, "{craft:?} {tanker_m}");
    }
    // Coasters and barges are slender, or longer; and draughts outdo a build.
    let sank = |craft: Party, sank_dm: i32| Party {
        sank_dm: Some(sank_dm),
        ..craft
    };
    for (craft, tanker_m) in [
        (broad(70, 95.0, 15.0), 200.0),
        (broad(70, 120.0, 25.0), 200.0),
        (broad(99, 95.0, 15.0), 200.0),
        (broad(99, 120.0, 20.0), 333.0),
        (sank(fast(90), 9), 183.0),
    ] {
        assert_eq!(kind(craft, tanker_m), Kind::StsTransfer, "{craft:?}");
    }
    let laden = [sank(psv, 15), sank(of_size(80, 200.0), -4)];
    assert_eq!(at_anchor(laden, 90.0).kind, Kind::StsTransfer);
    // A bunker tanker fuels her near the coast.
    let fuelled = [psv, of_size(80, 60.0)];
    assert_eq!(at_anchor(fuelled, 9.0).kind, Kind::Bunkering);
}

#[test]
fn a_crew_boat_beside_a_work_ship_takes_no_catch() {
    let crew_boat = Party {
        ship_type: None,
        ..broad(70, 26.0, 8.0)
    };
    let parties = [broad(70, 88.0, 20.0), crew_boat];
    assert_eq!(at_anchor(parties, 60.0).kind, Kind::Service);
}

#[test]
fn who_says_neither_type_nor_size_is_hardly_known_to_take_cargo() {
    let beside = |sank_dm: Option<i32>, said: Option<Hull>| {
        let unknown = Party {
            ship_type: None,
            sank_dm,
            ..party(80, said, said)
        };
        at_anchor([unknown, of_size(80, 250.0)], 9.0)
    };
    let mute = beside(None, None);
    assert_eq!(mute.kind, Kind::StsTransfer);
    assert!(mute.confidence <= 0.5);
    assert!(mute.words.iter().any(|w| w.contains("neither type")));
    let known = [
        beside(Some(40), None),
        beside(None, of_size(80, 180.0).said),
    ];
    for told in known {
        assert_eq!(told.kind, Kind::StsTransfer);
        assert!(told.confidence > 0.5);
    }
}

#[test]
fn one_that_says_nothing_and_is_gone_within_minutes_is_a_boat() {
    let kind = |hours: f64, moments: usize, deepest_m: Option<f64>| {
        let e = Encounter {
            start_not_before: None,
            end_not_after: None,
            ..lasting(hours)
        };
        let silent = Party {
            deepest_m,
            ..party(0, None, None)
        };
        let hull = Hull::new(245.0, 42.0, Bridge::Aft);
        let geometry = geometry(&vec![(47.0, 90.0); moments]);
        judged_as(&e, &geometry, [party(80, hull, hull), silent], (1.6, false))
    };
    let boat = kind(0.2, 1, None);
    assert_eq!(boat.kind, Kind::Other);
    assert!(boat.words.iter().any(|w| w.contains("as boats are")));
    assert_eq!(kind(3.0, 7, None).kind, Kind::StsTransfer);
    // No boat draws so much.
    assert_eq!(kind(0.2, 1, Some(13.0)).kind, Kind::StsTransfer);
}
