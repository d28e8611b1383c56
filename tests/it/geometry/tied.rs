//! Ships that are tied to each other, against ships that follow each other or lie near.

use super::*;

/// In line behind a cargo ship, hulls so far apart, at so many knots.
fn follower_of(cargo: Build, tanker_of: Build, gap_m: f64, kn: f64, seed: u64) -> Vec<String> {
    let ahead_m = (cargo.length_m + tanker_of.length_m) / 2.0 + gap_m;
    // Against a steady stream, at anchor, both swing by a few degrees.
    let heading = |s: f64| 20.0 + 4.0 * (TAU * s / (3.0 * HOUR_S)).sin();
    let follower = |s: f64| (away([0.0; 2], 20.0, s * kn * KN), heading(s));
    let leader = |s: f64| (away(follower(s).0, 20.0, ahead_m), heading(s));
    let mut ships = [
        tanker(311_000_001, cargo, &leader),
        tanker(229_000_002, tanker_of, &follower),
    ];
    ships[0].ship_type = 70;
    for ship in &mut ships {
        ship.offsets = false;
        ship.heard = (0.0, 8.0);
    }
    kinds(&ships, seed)
}

#[test]
fn a_ship_in_line_is_not_alongside_wherever_her_antenna_may_be() {
    // At anchor nothing tells a hawser from two anchors.
    for (kn, told) in [
        (6.5, ["convoy"; 2]),
        (0.0, ["anchored_neighbours", "other"]),
    ] {
        for (cargo, tanker) in [(MR, MR), (AFRAMAX, AFRAMAX), (SUEZMAX, MR)] {
            for gap_m in [60.0, 90.0, 130.0] {
                for seed in 1..=3 {
                    let kinds = follower_of(cargo, tanker, gap_m, kn, seed);
                    let [kind] = kinds.as_slice() else {
                        panic!("{kn} kn, {gap_m} m, seed {seed}: {kinds:?}");
                    };
                    assert!(
                        told.contains(&kind.as_str()),
                        "{kn} kn, {gap_m} m, seed {seed}: {kind}"
                    );
                }
            }
        }
    }
}

/// Two ships with positions that scatter, one usually so far from the other's side.
fn scattered(noise_m: f64, gap_m: f64, offsets: bool, seed: u64) -> Vec<String> {
    let abeam_m = (MR.beam_m + AFRAMAX.beam_m) / 2.0 + gap_m;
    let daughter = |s: f64| {
        let at = beside(&drifting, s, abeam_m, 10.0, (4.0, 14.0));
        (at, drifting(s).1)
    };
    let mut ships = [
        tanker(311_000_001, AFRAMAX, &drifting),
        tanker(229_000_002, MR, &daughter),
    ];
    for ship in &mut ships {
        ship.noise_m = noise_m;
        ship.offsets = offsets;
    }
    kinds(&ships, seed)
}

#[test]
fn offsets_that_are_known_do_not_make_rough_positions_worse() {
    for offsets in [true, false] {
        for noise_m in [20.0, 25.0, 30.0] {
            let told = |seed: &u64| scattered(noise_m, 3.0, offsets, *seed) == ["sts_transfer"];
            let told = (1..=20).filter(told).count();
            assert!(told >= 16, "{noise_m} m, {offsets}: {told} of 20");
        }
    }
}

#[test]
fn rough_positions_bring_no_ship_alongside() {
    for offsets in [true, false] {
        for (noise_m, gap_m) in [(10.0, 80.0), (20.0, 100.0), (30.0, 120.0)] {
            for seed in 1..=5 {
                let kinds = scattered(noise_m, gap_m, offsets, seed);
                assert!(
                    !kinds.iter().any(|k| is_transfer(k)),
                    "{noise_m} m, {gap_m} m apart: {kinds:?}"
                );
            }
        }
    }
}

#[test]
fn who_casts_off_and_comes_back_was_alongside() {
    for (off_h, off_m) in [(2.0, 600.0), (3.0, 300.0), (2.5, 400.0)] {
        let daughter = |s: f64| {
            // Six hours alongside, off at some hundred metres, and six hours more.
            let h = s / HOUR_S - 4.0;
            let away_h = (h - 6.0).min(6.0 + off_h - h).max(0.0);
            let off_m = off_m * (away_h / 0.3).min(1.0);
            let abeam_m = (MR.beam_m + AFRAMAX.beam_m) / 2.0 + 3.0 + off_m;
            let at = beside(&drifting, s, abeam_m, 10.0, (4.0, 16.0 + off_h));
            (at, drifting(s).1)
        };
        for offsets in [true, false] {
            let mut ships = [
                tanker(311_000_001, AFRAMAX, &drifting),
                tanker(229_000_002, MR, &daughter),
            ];
            for ship in &mut ships {
                ship.offsets = offsets;
                ship.heard = (0.0, 20.0);
            }
            let rows = encounters(&ships, 1);
            for row in &rows {
                let told = (text(row, "kind"), row.number("rigidity_m").unwrap());
                assert!(told.0 == "sts_transfer" && told.1 <= 60.0, "{told:?}");
            }
            assert!(!rows.is_empty());
        }
    }
}

#[test]
fn ships_that_waited_within_reach_of_each_other_are_judged_by_the_hours_alongside() {
    // At anchors of their own 350 m apart for most of twenty hours, and alongside for two of them.
    let swung = |s: f64| 40.0 + 60.0 * (TAU * s / (12.4 * HOUR_S)).sin();
    let at_anchor = |anchor: [f64; 2], s: f64| (away(anchor, swung(s) + 180.0, 120.0), swung(s));
    let mother = |s: f64| at_anchor([0.0; 2], s);
    let abeam_m = (MR.beam_m + AFRAMAX.beam_m) / 2.0 + 3.0;
    for (from_h, to_h, is_transfer_then) in [(12.0, 14.5, true), (30.0, 30.0, false)] {
        let daughter = |s: f64| {
            let own = at_anchor([350.0, 0.0], s);
            let (middle, heading) = mother(s);
            let beside = away(away(middle, heading, 10.0), heading + 90.0, abeam_m);
            let h = s / HOUR_S;
            let off = ((from_h - h).max(h - to_h) / 0.5).clamp(0.0, 1.0);
            let place = [0, 1].map(|i| beside[i] + off * (own.0[i] - beside[i]));
            (place, heading)
        };
        for offsets in [true, false] {
            for seed in 1..=3 {
                let mut ships = [
                    tanker(311_000_001, AFRAMAX, &mother),
                    tanker(229_000_002, MR, &daughter),
                ];
                for ship in &mut ships {
                    ship.offsets = offsets;
                    ship.status = 1;
                    ship.heard = (0.0, 20.0);
                }
                let kinds = kinds(&ships, seed);
                let told = kinds.iter().any(|k| is_transfer(k));
                assert_eq!(told, is_transfer_then, "{offsets}, {seed}: {kinds:?}");
            }
        }
    }
}
