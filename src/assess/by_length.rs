//! What a ship carries of whom only the length is known.

use crate::registry::{Band, HullForm};

/// Length overall over length between perpendiculars.
const LOA_PER_LPP: f64 = 1.03;
/// Length overall over beam of tankers in published particulars: most, mean, least.
pub(super) const SLENDERNESS: [f64; 3] = [7.2, 6.0, 4.9];
/// Beam over design draught of the same (Watson 1998): most, mean, least.
pub(super) const BEAM_PER_DRAUGHT: [f64; 3] = [2.96, 2.70, 2.44];

/// The deadweight of a tanker of this length, tonnes, from the finest to the fullest that is built. A beam that doesn't go
/// with the length shows that one of both is wrong: then the larger ship that either makes bounds it.
pub(super) fn deadweight(length_m: f64, beam_m: Option<f64>) -> Band {
    let by_beam_m = beam_m.map_or(length_m, |beam_m| beam_m * SLENDERNESS[1]);
    let of = |length_m: f64, i: usize| {
        let beam_m = length_m / SLENDERNESS[i];
        let form = HullForm::new(length_m / LOA_PER_LPP, beam_m, beam_m / BEAM_PER_DRAUGHT[i]);
        form.deadweight.best
    };
    Band {
        low: of(length_m.min(by_beam_m), 0),
        best: of(length_m, 1),
        high: of(length_m.max(by_beam_m), 2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Length overall, metres, and deadweight, tonnes: Prestige and Exxon Valdez (reports of their casualties), and
    /// by length between perpendiculars Australia Sky, Columbia, Olympic Serenity and Achilles (Watson 1998).
    #[test]
    fn published_ships_lie_within() {
        for (length_m, dwt_t) in [
            (243.0, 81_589.0),
            (300.8, 214_861.0),
            (1.03 * 171.0, 33_239.0),
            (1.03 * 313.0, 258_076.0),
            (1.03 * 222.12, 96_733.0),
            (1.03 * 215.02, 63_800.0),
        ] {
            let band = deadweight(length_m, None);
            assert!(
                band.low <= dwt_t && dwt_t <= band.high,
                "{length_m} m: {band:?}"
            );
        }
    }

    #[test]
    fn a_wrong_beam_only_widens() {
        let (alone, short) = (deadweight(100.0, None), deadweight(100.0, Some(50.0)));
        assert_eq!((alone.low, alone.best), (short.low, short.best));
        assert!(short.high > alone.high);
        let narrow = deadweight(300.0, Some(10.0));
        assert!(narrow.low < deadweight(300.0, None).low);
    }
}
