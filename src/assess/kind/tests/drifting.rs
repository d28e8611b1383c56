//! Ships that drift, of which neither says how she heads.

use super::*;

/// Moments without headings at these distances, in a pair of tankers of 183 and 120 m that went so far.
fn drifting(distances_m: [f64; 5], moved_m: f64, sog_kn: f64) -> Judgement {
    drifting_with(distances_m, moved_m, sog_kn, 0)
}

/// The same where the courses of some moments stand in for headings.
fn drifting_with(distances_m: [f64; 5], moved_m: f64, sog_kn: f64, courses: usize) -> Judgement {
    let places = distances_m.map(|m| [(m, 60.0), (m + 3.0, 62.0)]).concat();
    let mut geometry = geometry(&places);
    geometry.moved_m = moved_m;
    geometry.sog_kn = Some(sog_kn);
    for m in &mut geometry.moments {
        m.gap = Some(crate::hull::HullGap {
            low_m: m.separation_m - 230.0,
            best_m: m.separation_m - 25.0,
            high_m: m.separation_m,
        });
    }
    for m in geometry.moments.iter_mut().take(courses) {
        m.heading_deg = Some(50.0);
        geometry.heading_difference_deg = Some(1.0);
    }
    let parties = [tanker(183.0, 32.0, None), tanker(120.0, 19.0, None)];
    judged(&geometry, parties, 60.0, false)
}

#[test]
fn ships_that_drift_as_one_are_tied_though_nobody_knows_how_they_head() {
    let says = |j: &Judgement, words: &str| j.words.iter().any(|w| w.contains(words));
    let kept = [108.0, 104.0, 112.0, 106.0, 110.0];
    for sog_kn in [0.4, 2.2] {
        let tied = drifting(kept, 9000.0, sog_kn);
        assert!(
            tied.kind.is_transfer() && tied.confidence <= 0.8,
            "{tied:?}"
        );
        assert!(says(&tied, "kept their distance"));
    }
    assert!(drifting_with(kept, 9000.0, 0.4, 2).kind.is_transfer());
    // In place they may lie to their own anchors: nobody knows, and nobody is sure.
    let anchored = drifting(kept, 60.0, 0.0);
    assert_eq!(anchored.kind, Kind::AnchoredNeighbours);
    assert!(anchored.confidence <= 0.5 && says(&anchored, "may have touched"));
    // Faster ones sail in company, or one tows the other; and by themselves two drift apart.
    let company = drifting(kept, 30_000.0, 4.0);
    assert_eq!(company.kind, Kind::Convoy);
    let apart = drifting([60.0, 120.0, 190.0, 260.0, 340.0], 9000.0, 0.4);
    assert!(!apart.kind.is_transfer() && !says(&apart, "may have touched"));
    let far = drifting(kept.map(|m| m + 120.0), 9000.0, 0.4);
    assert!(!far.kind.is_transfer());
}

#[test]
fn a_fishing_vessel_lies_at_any_hold_of_her_carrier() {
    // Her bridge is forward, the carrier's aft, and she lies off the bow: antennas 92 m apart through a drift of five hours.
    let kept = |m: f64| {
        let places: Vec<(f64, f64)> = (0..10).map(|i| (m + f64::from(i % 4), 60.0)).collect();
        let mut geometry = geometry(&places);
        (geometry.moved_m, geometry.sog_kn) = (9000.0, Some(0.6));
        let ship = |code, length_m, beam_m, antenna_m| {
            let hull = Hull::new(length_m, beam_m, Bridge::Anywhere).map(|h| Hull {
                antenna_m: Some(antenna_m),
                ..h
            });
            party(code, hull, hull)
        };
        let parties = [
            ship(70, 135.0, 20.0, [15.0, 10.0]),
            ship(30, 52.0, 10.0, [44.0, 5.0]),
        ];
        judged(&geometry, parties, 230.0, false).kind
    };
    assert_eq!(kept(90.0), Kind::FishingTransshipment);
    assert_ne!(kept(160.0), Kind::FishingTransshipment);
}
