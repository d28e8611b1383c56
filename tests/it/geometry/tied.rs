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
    for (kn, kind) in [(6.5, "convoy"), (0.0, "anchored_neighbours")] {
        for (cargo, tanker) in [(MR, MR), (AFRAMAX, AFRAMAX), (SUEZMAX, MR)] {
            for gap_m in [60.0, 90.0, 130.0] {
                for seed in 1..=3 {
                    let kinds = follower_of(cargo, tanker, gap_m, kn, seed);
                    assert_eq!(kinds, [kind], "{kn} kn, {gap_m} m, seed {seed}");
                }
            }
        }
    }
}
