//! Ships that don't say how large they are.

use super::craft::at_anchor;
use super::parties::{of_size, turning};
use super::*;

/// Of no size, and never deeper than this.
fn unsized_one(code: u8, deepest_m: Option<f64>) -> Party {
    Party {
        deepest_m,
        ..party(code, None, None)
    }
}

#[test]
fn a_tanker_of_small_draught_and_no_size_fuels_a_large_one() {
    let beside = |deepest_m: Option<f64>, other_m: f64| {
        at_anchor([unsized_one(80, deepest_m), of_size(80, other_m)], 5.0)
    };
    let fuelled = beside(Some(4.6), 180.0);
    assert_eq!(fuelled.kind, Kind::Bunkering);
    assert!(fuelled.confidence <= 0.5);
    assert!(fuelled.words.iter().any(|w| w.contains("how large she is")));
    for untold in [
        beside(None, 180.0),
        beside(Some(9.0), 180.0),
        beside(Some(4.6), 110.0),
    ] {
        assert_eq!(untold.kind, Kind::StsTransfer);
        assert!(untold.confidence <= 0.5, "{}", untold.confidence);
    }
    let deep = beside(Some(12.5), 180.0);
    assert_eq!(deep.kind, Kind::StsTransfer);
    assert!(deep.confidence > 0.5);
    // A draught of hers that shows cargo outdoes it.
    let laden = Party {
        sank_dm: Some(25),
        ..unsized_one(80, Some(6.5))
    };
    let laden = at_anchor([laden, of_size(80, 180.0)], 5.0);
    assert_eq!(laden.kind, Kind::StsTransfer);
    assert!(laden.confidence > 0.5);
}

#[test]
fn stores_come_in_freighters_of_small_draught() {
    let kind = |boat: Party, tanker: Party| at_anchor([boat, tanker], 5.0);
    let boat = kind(unsized_one(70, Some(2.5)), of_size(80, 250.0));
    assert_eq!(boat.kind, Kind::Service);
    let untold = kind(unsized_one(70, None), of_size(80, 250.0));
    assert_eq!(untold.kind, Kind::StsTransfer);
    assert!(untold.confidence <= 0.5);
    // A supply ship beside a storage ship of no size is none that she fuels.
    let said = Hull::new(86.0, 18.0, Bridge::Anywhere);
    let psv = party(70, said, said);
    for deepest_m in [None, Some(11.6)] {
        let storage = unsized_one(80, deepest_m);
        assert_eq!(kind(psv, storage).kind, Kind::Service);
    }
    assert_eq!(kind(psv, unsized_one(80, Some(4.0))).kind, Kind::Bunkering);
}

#[test]
fn a_tanker_of_a_bunker_tankers_size_needs_no_two_hours() {
    let short = |parties: [Party; 2]| {
        let geometry = super::craft::beside(turning(1, 60.0), &parties);
        judged_as(&lasting(1.2), &geometry, parties, (4.0, false)).kind
    };
    let bulker = of_size(70, 206.0);
    for parties in [
        [unsized_one(80, Some(3.9)), bulker],
        [of_size(80, 80.0), unsized_one(70, None)],
        [of_size(80, 80.0), unsized_one(70, Some(11.0))],
    ] {
        assert_eq!(short(parties), Kind::Bunkering);
    }
    assert_eq!(short([unsized_one(80, None), bulker]), Kind::Other);
}

#[test]
fn the_mother_is_the_larger_ship_or_nobody() {
    let mother = |parties: [Party; 2], kind: Kind| {
        let (encounter, geometry) = (encounter(), turning(3, 30.0));
        let scene = Scene {
            encounter: &encounter,
            geometry: &geometry,
            parties,
            shore_km: 5.0,
            known_berth: false,
            leapt_km: None,
        };
        scene.mother(kind, &Params::default())
    };
    let sts = Kind::StsTransfer;
    assert_eq!(
        mother([of_size(80, 180.0), of_size(80, 250.0)], sts),
        Some(1)
    );
    assert_eq!(
        mother([unsized_one(80, Some(4.6)), of_size(80, 180.0)], sts),
        Some(1)
    );
    assert_eq!(
        mother([of_size(80, 90.0), unsized_one(80, Some(12.0))], sts),
        Some(1)
    );
    for deepest_m in [None, Some(9.0)] {
        assert_eq!(
            mother([of_size(80, 180.0), unsized_one(80, deepest_m)], sts),
            None
        );
    }
    let fuelled = [of_size(80, 80.0), unsized_one(70, None)];
    assert_eq!(mother(fuelled, Kind::Bunkering), Some(1));
    let catch = [unsized_one(30, None), of_size(70, 110.0)];
    assert_eq!(mother(catch, Kind::FishingTransshipment), Some(1));
}
