//! Fishing vessels and the carriers that take their catch.

use super::craft::{at_anchor, beside};
use super::parties::{moving, of_size};
use super::*;

/// What two ships that drifted side by side off shore did.
fn adrift(parties: [Party; 2]) -> Kind {
    judged(&beside(moving(5, 0.6), &parties), parties, 60.0, false).kind
}

fn untyped(length_m: f64) -> Party {
    Party {
        ship_type: None,
        ..of_size(70, length_m)
    }
}

#[test]
fn a_carrier_of_catch_is_no_bulk_carrier_and_her_fishers_are_no_boats() {
    for (fisher_m, carrier_m) in [(25.0, 120.0), (45.0, 140.0), (60.0, 170.0), (104.0, 95.0)] {
        let typed = [of_size(30, fisher_m), of_size(70, carrier_m)];
        assert_eq!(adrift(typed), Kind::FishingTransshipment, "{fisher_m}");
        assert_eq!(at_anchor(typed, 2.0).kind, Kind::FishingTransshipment);
    }
    for fisher_m in [25.0, 45.0, 62.0] {
        let of_reefer = [untyped(fisher_m), of_size(70, 110.0)];
        assert_eq!(adrift(of_reefer), Kind::FishingTransshipment, "{fisher_m}");
        let to_unknown = [of_size(30, fisher_m), untyped(120.0)];
        assert_eq!(adrift(to_unknown), Kind::FishingTransshipment, "{fisher_m}");
    }
    for (fisher_m, ship_m) in [(14.0, 60.0), (20.0, 140.0), (14.0, 229.0), (25.0, 300.0)] {
        let boat = [of_size(30, fisher_m), of_size(70, ship_m)];
        assert_eq!(at_anchor(boat, 11.0).kind, Kind::Service, "{fisher_m}");
        let work_ship = [of_size(30, fisher_m), untyped(ship_m)];
        assert_eq!(adrift(work_ship), Kind::Service, "{fisher_m}");
    }
    let trawler_and_bulker = [of_size(30, 60.0), of_size(70, 229.0)];
    assert_eq!(at_anchor(trawler_and_bulker, 11.0).kind, Kind::Other);
    // Far out and adrift her length may be wrong; but not at an anchor, nor of what is no freighter.
    assert_eq!(adrift(trawler_and_bulker), Kind::FishingTransshipment);
    let anchored = trawler_and_bulker.map(|p| Party {
        nav_status: Some(NavStatus::AT_ANCHOR),
        ..p
    });
    assert_eq!(at_anchor(anchored, 40.0).kind, Kind::Other);
    assert_eq!(adrift([of_size(30, 60.0), untyped(229.0)]), Kind::Other);
}

#[test]
fn an_unknown_boat_beside_a_freighter_at_anchor_far_out_fishes_nothing() {
    for (boat_m, ship_m) in [(24.0, 110.0), (33.0, 300.0), (45.0, 180.0)] {
        let parties = [untyped(boat_m), of_size(70, ship_m)];
        assert_eq!(at_anchor(parties, 40.0).kind, Kind::Other, "{boat_m}");
    }
    assert_eq!(adrift([untyped(33.0), of_size(70, 300.0)]), Kind::Other);
    // Hundreds of kilometres out no launch comes to her, and nothing anchors.
    let longliner = [untyped(26.0), of_size(70, 145.0)];
    assert_eq!(at_anchor(longliner, 250.0).kind, Kind::FishingTransshipment);
    let bulk_carrier = [untyped(33.0), of_size(70, 300.0)];
    assert_eq!(at_anchor(bulk_carrier, 250.0).kind, Kind::Other);
    // A fishing vessel that says what she is gives her catch there, whatever lengths and status are typed.
    let typed = [of_size(30, 12.0), of_size(70, 199.0)].map(|p| Party {
        nav_status: Some(NavStatus::AT_ANCHOR),
        ..p
    });
    assert_eq!(at_anchor(typed, 250.0).kind, Kind::FishingTransshipment);
    assert_eq!(at_anchor(typed, 40.0).kind, Kind::Service);
}

#[test]
fn a_passenger_craft_and_what_is_shorter_carry_no_catch() {
    for (carrier, ship_m) in [(of_size(60, 26.0), 85.0), (of_size(70, 60.0), 75.0)] {
        let parties = [carrier, untyped(ship_m)];
        assert_ne!(adrift(parties), Kind::FishingTransshipment, "{ship_m}");
    }
}

#[test]
fn a_fishing_vessel_takes_fuel_by_a_hose_astern_too() {
    let astern = |ahead_m: f64, gap_m: f64, moved_m: f64, tanker_m: f64| {
        let mut geometry = moving(4, 0.6);
        geometry.moved_m = moved_m;
        for m in &mut geometry.moments {
            m.in_frame_m = Some([ahead_m, 2.0]);
            m.separation_m = ahead_m.abs();
            m.gap = m.gap.map(|_| crate::hull::HullGap {
                low_m: gap_m - 12.0,
                best_m: gap_m,
                high_m: gap_m + 12.0,
            });
        }
        let parties = [of_size(80, tanker_m), of_size(30, 45.0)];
        judged(&geometry, parties, 200.0, false)
    };
    let fuelled = astern(-125.0, 60.0, 9000.0, 100.0);
    assert_eq!(fuelled.kind, Kind::Bunkering);
    assert!(fuelled.confidence <= 0.5);
    assert!(fuelled.words.iter().any(|w| w.contains("in line")));
    // Farther off, in place, or beside a tanker that serves no fishing vessels.
    for apart in [
        astern(-325.0, 260.0, 9000.0, 100.0),
        astern(-125.0, 60.0, 200.0, 100.0),
        astern(-185.0, 60.0, 9000.0, 250.0),
    ] {
        assert_eq!(apart.kind, Kind::Other);
    }
}

#[test]
fn who_waits_by_a_carrier_for_days_gave_no_catch_though_nobody_saw_her_come() {
    // Adrift 400 m apart; heard together for so long, and seen apart so long before it, if at all.
    let judged_after = |observed_h: f64, silent_h: Option<f64>| {
        let end = Timestamp((observed_h * 3.6e6) as i64);
        let before = |h: f64| Timestamp(-(h * 3.6e6) as i64);
        let encounter = Encounter {
            observed_ms: end.0,
            start_not_before: silent_h.map(before),
            ..Encounter::bare(encounter().pair, Timestamp(0), end)
        };
        let mut geometry = moving(5, 0.6);
        for m in &mut geometry.moments {
            m.separation_m = 400.0;
            m.in_frame_m = Some([0.0, 400.0]);
            m.gap = m.gap.map(|_| crate::hull::HullGap {
                low_m: 370.0,
                best_m: 370.0,
                high_m: 370.0,
            });
        }
        let parties = [of_size(30, 50.0), of_size(70, 135.0)];
        judged_as(&encounter, &geometry, parties, (300.0, false))
    };
    let says = |j: &Judgement, words: &str| j.words.iter().any(|w| w.contains(words));
    let silent = judged_after(1.2, Some(4.0));
    assert_eq!(silent.kind, Kind::FishingTransshipment);
    assert!(says(&silent, "silence is long enough"));
    for silent_h in [None, Some(4.0)] {
        assert_eq!(judged_after(44.0, silent_h).kind, Kind::Other);
    }
    // Heard to come, and not again.
    let coming = judged_after(1.2, None);
    assert_eq!(coming.kind, Kind::FishingTransshipment);
    assert!(!says(&coming, "silence") && says(&coming, "nobody heard them part"));
}
