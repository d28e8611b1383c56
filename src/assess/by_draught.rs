//! How large a ship is that says nothing of it but a draught.
//!
//! In: the greatest draught that she ever sent, metres. Out: the lengths and the deadweights that go with it. Rule: she was laden at it,
//! or, if she was only seen light, in ballast; a ship built for rivers is the longest and broadest for a draught at which she is laden.

use super::by_length;
use crate::registry::{Band, HullForm};

/// Greatest beam over draught, and length over beam, of ships built for shallow water: tankers for rivers and sea have 139 by 16.6 m
/// at 4.2 m.
const SHALLOW: [f64; 2] = [4.0, 8.0];
/// Draught in ballast, as AIS has it, of tankers: so much, and so much more for each metre of length. Amidships 2.0 + 0.02 L at
/// least (MARPOL annex I, regulation 18), 6 % more for weather, and 0.003 L by the trim.
const BALLAST: [f64; 2] = [2.12, 0.0235];
/// The same of those too small for that rule, as a share of the laden draught: 0.59 amidships, and the trim.
const SMALL_BALLAST: f64 = 0.64;

/// The length of a tanker that has this draught when laden, metres: least, usual.
fn laden_m(draught_m: f64) -> [f64; 2] {
    use by_length::{BEAM_PER_DRAUGHT as B, SLENDERNESS as L};
    [L[2] * B[2] * draught_m, L[1] * B[1] * draught_m]
}

/// The least length of a ship that has this draught, metres.
pub(super) fn shortest_m(draught_m: f64) -> f64 {
    laden_m(draught_m)[0]
}

/// The greatest length of a sea-going tanker who was never seen deeper than this, metres: a longer one lies deeper in ballast.
pub(super) fn longest_m(draught_m: f64) -> f64 {
    let in_ballast_m = (draught_m - BALLAST[0]) / BALLAST[1];
    in_ballast_m.max(laden_m(draught_m / SMALL_BALLAST)[1])
}

/// The deadweight of a tanker who was never seen deeper than this, tonnes: usually she was laden then.
pub(super) fn deadweight(draught_m: f64) -> Band {
    let usual = by_length::deadweight(laden_m(draught_m)[1], None);
    let beam_m = SHALLOW[0] * draught_m;
    let of_rivers = HullForm::new(SHALLOW[1] * beam_m, beam_m, draught_m);
    let light = by_length::deadweight(longest_m(draught_m), None);
    Band {
        low: by_length::deadweight(shortest_m(draught_m), None).low,
        best: usual.best,
        high: of_rivers.deadweight.high.max(light.best),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Length, beam, laden draught and draught in ballast, metres, and deadweight, tonnes: a bunker tanker, a tanker for rivers and sea,
    /// an MR, an aframax and a VLCC.
    const SHIPS: [[f64; 5]; 5] = [
        [85.0, 14.0, 5.3, 3.9, 3_700.0],
        [139.0, 16.6, 4.2, 3.0, 6_600.0],
        [183.0, 32.2, 12.2, 6.9, 48_000.0],
        [244.0, 42.0, 14.9, 8.3, 107_000.0],
        [333.0, 60.0, 20.8, 10.2, 302_000.0],
    ];

    #[test]
    fn ships_lie_within_what_their_draught_allows() {
        for [length_m, _, laden_m, ballast_m, dwt_t] in SHIPS {
            let laden = deadweight(laden_m);
            assert!(laden.low <= dwt_t && dwt_t <= laden.high, "{laden:?}");
            assert!(shortest_m(laden_m) <= length_m);
            // Light as she was seen, a sea-going one may be as large as she is.
            if length_m / laden_m < 30.0 {
                assert!(longest_m(ballast_m) >= 0.9 * length_m, "{length_m}");
                assert!(deadweight(ballast_m).high >= 0.7 * dwt_t, "{length_m}");
            }
        }
    }

    #[test]
    fn a_bunker_tanker_is_no_large_one() {
        assert!(longest_m(4.6) < 130.0 && longest_m(9.0) > 250.0);
        assert!(deadweight(4.6).high < 12e3 && deadweight(4.6).best < 4e3);
        assert!(shortest_m(12.0) > 130.0);
    }
}
