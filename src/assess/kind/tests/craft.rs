//! Boats and supply craft beside larger ships.

use super::parties::{moving, of_size, turning};
use super::*;

/// These moments with the hulls side by side.
fn beside(mut geometry: Geometry, parties: &[Party; 2]) -> Geometry {
    let beams = parties.iter().filter_map(|p| p.hull.map(|h| h.beam_m));
    let starboard_m = 3.0 + beams.sum::<f64>() / 2.0;
    for m in &mut geometry.moments {
        m.in_frame_m = Some([0.0, starboard_m]);
        m.separation_m = starboard_m;
    }
    geometry
}

/// What two ships that lay side by side at anchor for three hours did.
fn at_anchor(parties: [Party; 2], shore_km: f64) -> Judgement {
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
