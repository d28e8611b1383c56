//! Deadweight and hydrostatics of a tanker from her size.
//!
//! The displacement is sea water times a block: the oil tankers of NILIM technical note 309 fill 0.824 of length between
//! perpendiculars x beam x draught (standard deviation 0.038), and the deadweight is the share of it that isn't steel.

use super::Band;

/// Sea water, tonnes in a cubic metre.
const SEA_WATER: f64 = 1.025;
/// Block coefficient of oil tankers on length between perpendiculars (NILIM technical note 309).
const BLOCK: f64 = 0.824;
/// Block coefficient of liquefied gas carriers (same source: LPG 0.737, LNG 0.716), and their deadweight's share of the
/// displacement (cetos project).
const GAS: (f64, f64) = (0.737, 0.62);
/// Length overall over length between perpendiculars of tankers; 1.03 to 1.042 in published particulars.
const LOA_PER_LPP: f64 = 1.03;
/// The root of length between perpendiculars x beam over the design draught: mean of nine published tankers (Watson 1998, and the
/// two of `tests/it/volumes.rs` that are sent by AIS) and of the MR below, which have 6.1 to 6.9.
const SIDE_PER_DRAUGHT: f64 = 6.4;
/// A draught with a beam over it in this range may be the design draught. Shallower than a third of the beam no published
/// sea-going tanker is: a ship only seen so was not seen laden.
const PLAUSIBLE: std::ops::RangeInclusive<f64> = 2.2..=3.0;
/// Nor is it one with more than this of that root over it: a hull that is narrow for her length, as the locks of Panama made
/// many, was seen at part of her cargo. Aframaxes at their scantling draught come up to 7.0.
const LARGEST_SIDE_PER_DRAUGHT: f64 = 7.1;
/// Down to this ratio a ship may have been built for shallow water.
const SHALLOW: f64 = 3.5;
/// Error of the deadweight (nine of ten): the spread of block coefficients with that of the steel's share; the
/// formula is within 4.2 % of seven published tankers.
const ERROR: f64 = 0.085;
/// The same where the design draught is a guess by length and beam, which adds a spread of 4 % (one standard deviation).
const ERROR_BY_SIDE: f64 = 0.11;
/// Share of the deadweight taken by bunkers, water and stores.
const STORES: f64 = 0.05;

/// Share of the displacement (tonnes) that is deadweight, fitted to published tankers of 3,700 to 347,000 t.
fn deadweight_share(displacement_t: f64) -> f64 {
    match displacement_t {
        d if d < 8e3 => 0.775,
        d if d < 80e3 => 0.82,
        d if d < 160e3 => 0.85,
        _ => 0.87,
    }
}

/// The design draught, metres, and whether it was seen: the greatest that the ship ever sent, if her length between
/// perpendiculars and beam allow it; else what tankers of this size have.
fn design_draught(lpp_m: f64, beam_m: f64, greatest_m: Option<f64>) -> (f64, bool) {
    let side_m = (lpp_m * beam_m).sqrt();
    let may_be =
        |t: &f64| PLAUSIBLE.contains(&(beam_m / t)) && side_m / t <= LARGEST_SIDE_PER_DRAUGHT;
    match greatest_m.filter(|t| *t > 0.0).filter(may_be) {
        Some(t) => (t, true),
        None => (side_m / SIDE_PER_DRAUGHT, false),
    }
}

/// A tanker's hull: what it weighs and what it carries at any draught. Metres and tonnes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HullForm {
    /// Length between perpendiculars.
    pub lpp_m: f64,
    /// Beam.
    pub beam_m: f64,
    /// Draught when fully laden.
    pub design_draught_m: f64,
    /// Deadweight.
    pub deadweight: Band,
    /// Displacement when fully laden.
    displacement_t: f64,
}

impl HullForm {
    /// By length overall, beam, and the greatest draught ever sent.
    ///
    /// AIS types 80 to 89 don't tell oil from gas, so `may_be_gas` lets the lower bound be a gas carrier's.
    pub fn from_ais(
        length_m: f64,
        beam_m: f64,
        greatest_draught_m: Option<f64>,
        may_be_gas: bool,
    ) -> Self {
        let lpp_m = length_m / LOA_PER_LPP;
        let (draught_m, seen) = design_draught(lpp_m, beam_m, greatest_draught_m);
        let mut form = Self::new(lpp_m, beam_m, draught_m);
        let best = form.deadweight.best;
        if !seen {
            form.deadweight = spread(best, ERROR_BY_SIDE);
            // Laden at a draught that few tankers have? Then that is all that she carries.
            let shallow = greatest_draught_m.filter(|t| beam_m / t <= SHALLOW && *t < draught_m);
            if let Some(t) = shallow {
                let less = Self::new(lpp_m, beam_m, t).deadweight.low;
                form.deadweight.low = form.deadweight.low.min(less);
            }
        }
        if may_be_gas {
            let gas = form.block_t(GAS.0) * GAS.1 * (1.0 - ERROR);
            form.deadweight.low = form.deadweight.low.min(gas);
        }
        form
    }

    /// By length between perpendiculars, beam and design draught.
    pub fn new(lpp_m: f64, beam_m: f64, design_draught_m: f64) -> Self {
        let mut form = Self {
            lpp_m,
            beam_m,
            design_draught_m,
            deadweight: Band::exact(0.0),
            displacement_t: 0.0,
        };
        form.displacement_t = form.block_t(BLOCK);
        form.deadweight = spread(
            form.displacement_t * deadweight_share(form.displacement_t),
            ERROR,
        );
        form
    }

    /// The same hull with a deadweight that is known.
    pub fn with_deadweight(self, dwt_t: f64) -> Self {
        let share = self.deadweight.best / self.displacement_t;
        Self {
            deadweight: Band::exact(dwt_t),
            displacement_t: dwt_t / share,
            ..self
        }
    }

    /// The same hull with a deadweight within these limits; `None` if no deadweight that her size allows is.
    pub fn within(self, limits: Band) -> Option<Self> {
        let own = self.deadweight;
        if own.high < limits.low || own.low > limits.high {
            return None;
        }
        let best = own.best.clamp(limits.low, limits.high);
        let deadweight = Band {
            low: own.low.clamp(limits.low, best),
            best,
            high: own.high.clamp(best, limits.high),
        };
        Some(Self {
            deadweight,
            ..self.with_deadweight(best)
        })
    }

    fn block_t(&self, block: f64) -> f64 {
        SEA_WATER * block * self.lpp_m * self.beam_m * self.design_draught_m
    }

    /// Weight that changes the draught from `a` to `b` metres, tonnes: the mean of two published waterplanes, Kristensen's
    /// (0.55 + 0.45 Cb at any draught) and the one that follows from Riddlesworth's block coefficient at a lower draught,
    /// 1 - (1 - Cb)(Td / T)^(1/3). Against the stability booklet of an MR tanker it is -2 to +4 % off.
    pub fn weight_between_t(&self, a: f64, b: f64) -> f64 {
        let td = self.design_draught_m;
        let area = self.lpp_m * self.beam_m;
        let kristensen = (0.55 + 0.45 * BLOCK) * (b - a);
        let root = |t: f64| t.max(0.0).powf(2.0 / 3.0);
        let riddlesworth = (b - a) - (1.0 - BLOCK) * td.cbrt() * (root(b) - root(a));
        SEA_WATER * area * (kristensen + riddlesworth) / 2.0
    }

    /// Weight that changes the draught by a centimetre at this draught, tonnes.
    pub fn tonnes_per_cm(&self, draught_m: f64) -> f64 {
        self.weight_between_t(draught_m - 0.005, draught_m + 0.005)
    }

    /// Cargo and ballast aboard at this draught, tonnes: the displacement less steel, bunkers, water and stores.
    pub fn load_t(&self, draught_m: f64) -> f64 {
        self.largest_load_t() - self.weight_between_t(draught_m, self.design_draught_m)
    }

    /// The same when fully laden.
    pub fn largest_load_t(&self) -> f64 {
        (1.0 - STORES) * self.deadweight.best
    }

    /// Draught in ballast, metres, as AIS has it, which is the greatest: amidships 2.0 + 0.02 L at least, and with the
    /// trim by the stern of up to 0.015 L that is allowed then, half of that more aft (MARPOL annex I, regulation 18).
    /// `heavy` goes from that least draught on even keel (0) to the full trim with 15 % more for weather (1). Ships too small
    /// for the rule have 0.55 to 0.65 of their design draught amidships.
    pub fn ballast_draught_m(&self, heavy: f64) -> f64 {
        let rule_m = (2.0 + 0.02 * self.lpp_m) * (1.0 + 0.15 * heavy);
        let amidships_m = rule_m.min((0.55 + 0.1 * heavy) * self.design_draught_m);
        (amidships_m + 0.0075 * self.lpp_m * heavy).min(0.8 * self.design_draught_m)
    }
}

fn spread(best: f64, error: f64) -> Band {
    Band {
        low: best * (1.0 - error),
        best,
        high: best * (1.0 + error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Hydrostatics of an MR tanker (length between perpendiculars 171.2 m, beam 32.2 m, 12.2 m; stability booklet).
    #[test]
    fn an_mr_booklet() {
        let mr = HullForm::new(171.2, 32.2, 12.2);
        for (a, b, true_t) in [
            (12.0, 12.2, 1_039.0),
            (11.2, 12.2, 5_176.0),
            (9.2, 12.2, 15_416.0),
            (7.2, 12.2, 25_340.0),
            (5.42, 12.2, 33_932.0),
            (8.0, 9.0, 4_990.0),
        ] {
            let error = mr.weight_between_t(a, b) / true_t - 1.0;
            assert!((-0.025..0.03).contains(&error), "{a} to {b} m: {error:+.3}");
        }
        for (draught_m, tpc) in [(5.0, 47.2), (8.0, 49.4), (12.0, 51.8)] {
            let error = mr.tonnes_per_cm(draught_m) / tpc - 1.0;
            assert!(error.abs() < 0.06, "{draught_m} m: {error:+.3}");
        }
    }

    #[test]
    fn the_design_draught_is_seen_or_guessed() {
        assert_eq!(design_draught(171.2, 32.2, Some(12.2)), (12.2, true));
        let (by_size, seen) = design_draught(320.0, 60.0, None);
        assert!(!seen && (by_size - 21.65).abs() < 0.01);
        for unfit in [0.0, 9.5, 18.5, 28.0] {
            let guessed = design_draught(320.0, 60.0, Some(unfit));
            assert_eq!(guessed, (by_size, false), "{unfit}");
        }
    }

    /// 228 x 32.2 m: laden at 12.6 to 14.5 m. At 10.8 m she has room for a fifth more, and is no MR for having been seen so.
    #[test]
    fn a_panamax_with_part_of_her_cargo_is_one() {
        for seen_m in [None, Some(8.0), Some(10.8), Some(13.2)] {
            let dwt_t = HullForm::from_ais(228.0, 32.2, seen_m, false)
                .deadweight
                .best;
            assert!((63e3..67e3).contains(&dwt_t), "{seen_m:?}: {dwt_t}");
        }
    }

    #[test]
    fn gas_and_shallow_hulls_widen_the_band() {
        let oil = HullForm::from_ais(228.0, 32.2, Some(12.0), false);
        let any = HullForm::from_ais(228.0, 32.2, Some(12.0), true);
        assert_eq!(oil.deadweight.best, any.deadweight.best);
        assert!(any.deadweight.low < 0.75 * oil.deadweight.low);
        let seen_light = HullForm::from_ais(228.0, 32.2, Some(9.5), false);
        assert!(seen_light.deadweight.low < 0.85 * seen_light.deadweight.best);
    }

    proptest! {
        #[test]
        fn load_grows_with_draught(l in 60.0..400.0f64, slender in 5.0..7.5f64, share in 0.2..1.0f64, more in 0.001..0.3f64) {
            let hull = HullForm::from_ais(l, l / slender, None, true);
            let t = share * hull.design_draught_m;
            prop_assert!(hull.load_t(t + more) > hull.load_t(t));
            prop_assert!(hull.load_t(hull.design_draught_m) <= hull.deadweight.best);
            let d = hull.deadweight;
            prop_assert!(0.0 < d.low && d.low <= d.best && d.best <= d.high);
            prop_assert!(hull.ballast_draught_m(0.0) <= hull.ballast_draught_m(1.0));
        }
    }
}
