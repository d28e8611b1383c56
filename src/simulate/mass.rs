//! What a hull weighs at a draught: lightship, stores, cargo and ballast.
//!
//! No two ships are alike: fullness, steel, stores, ballast practice and trim are each ship's own, and the law by which
//! displacement grows with draught is another than a detector would take, so that estimates aren't measured against
//! their own formulas.

use super::dice::Dice;
use super::hull::Hull;

/// Sea water, t/m3.
const SEA_WATER: f64 = 1.025;

/// A ship's weights, tonnes, and what her crew does with ballast.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mass {
    tanker: bool,
    length_m: f64,
    design_m: f64,
    displacement_t: f64,
    /// Lightship and stores.
    empty_t: f64,
    /// Displacement grows as draught to this power: waterplane over block coefficient (Normand).
    power: f64,
    /// Ballast when there is no cargo.
    ballast_t: f64,
    /// 0: ballast only as needed to keep the ballast draught; 1: it shrinks evenly as cargo grows.
    practice: f64,
    /// Share of the trim by the stern that is allowed in ballast.
    trim: f64,
    /// Share of what she can carry that a taker has aboard before.
    aboard: f64,
}

impl Mass {
    pub(super) fn new(dice: &mut Dice, hull: &Hull, tanker: bool) -> Self {
        let lpp_m = hull.length_m / dice.between(1.02, 1.045);
        // Oil tankers: 0.824 with a standard deviation of 0.038 (NILIM technical note 309); bulkers are as full,
        // container ships and liners fine.
        let block = if tanker {
            (0.824 + 0.03 * dice.normal()).clamp(0.75, 0.89)
        } else {
            dice.between(0.62, 0.84)
        };
        let waterplane = block + dice.between(0.05, 0.10);
        let displacement_t = SEA_WATER * block * lpp_m * hull.beam_m * hull.draught_m;
        // Published tankers: 0.12 to 0.18, a coaster 0.22.
        let steel = 0.13 + 0.09 * (8e3 / displacement_t.max(8e3)).cbrt();
        let lightship_t = displacement_t * steel * dice.between(0.92, 1.08);
        let stores_t = (displacement_t - lightship_t) * dice.between(0.02, 0.05);
        let mut mass = Self {
            tanker,
            length_m: lpp_m,
            design_m: hull.draught_m,
            displacement_t,
            empty_t: lightship_t + stores_t,
            power: waterplane / block,
            ballast_t: 0.0,
            // Ballast is pumped while cargo is, so mostly in step with it; givers in a hurry take less.
            practice: dice.between(0.4, 1.0),
            trim: dice.unit(),
            aboard: if dice.chance(0.7) {
                0.0
            } else {
                dice.between(0.0, 0.3)
            },
        };
        let ballast_m = mass.ballast_m() * dice.between(1.0, 1.15);
        mass.ballast_t = (mass.displacement_at(ballast_m) - mass.empty_t).max(0.0);
        mass
    }

    /// Least draught amidships in ballast (MARPOL annex I, regulation 18), metres; small ships: about half the design draught.
    fn ballast_m(&self) -> f64 {
        (2.0 + 0.02 * self.length_m).min(0.52 * self.design_m)
    }

    fn displacement_at(&self, draught_m: f64) -> f64 {
        self.displacement_t * (draught_m / self.design_m).powf(self.power)
    }

    /// What she can carry, tonnes.
    pub(super) fn capacity_t(&self) -> f64 {
        self.displacement_t - self.empty_t
    }

    /// Cargo of a taker before, tonnes, if she is to take this much.
    pub(super) fn aboard_t(&self, takes_t: f64) -> f64 {
        if self.tanker {
            (self.aboard * self.capacity_t()).min(self.capacity_t() - takes_t)
        } else {
            // A freighter has cargo of her own; what she takes are bunkers or fish.
            (0.5 + self.aboard) * self.capacity_t()
        }
        .max(0.0)
    }

    /// The greatest draught with this cargo, metres: amidships, and half the trim more.
    pub(super) fn draught_m(&self, cargo_t: f64) -> f64 {
        let capacity_t = self.capacity_t();
        let ballast_t = if self.tanker {
            let needed = (self.ballast_t - cargo_t).max(0.0);
            let even = self.ballast_t * (1.0 - cargo_t / capacity_t).max(0.0);
            (1.0 - self.practice) * needed + self.practice * even
        } else {
            0.0
        };
        let displacement_t = self.empty_t + cargo_t + ballast_t;
        let amidships =
            self.design_m * (displacement_t / self.displacement_t).powf(1.0 / self.power);
        let light = (self.design_m - amidships) / (self.design_m - self.ballast_m());
        let trim_m = 0.015 * self.length_m * self.trim * light.clamp(0.0, 1.0);
        amidships + if self.tanker { trim_m / 2.0 } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::super::dice::Purpose;
    use super::*;

    #[test]
    fn draughts_of_an_mr() {
        for i in 0..200 {
            let mut dice = Dice::new(1, Purpose::Mass, i);
            let hull = Hull {
                length_m: 183.0,
                beam_m: 32.0,
                to_bow_m: 150.0,
                to_port_m: 16.0,
                draught_m: 12.2,
            };
            let mr = Mass::new(&mut dice, &hull, true);
            let full = mr.capacity_t();
            assert!((40e3..56e3).contains(&full), "{full}");
            assert!((mr.draught_m(full) - 12.2).abs() < 0.01);
            assert!(
                (5.5..8.4).contains(&mr.draught_m(0.0)),
                "{}",
                mr.draught_m(0.0)
            );
            for j in 0..100 {
                let t = |share: f64| mr.draught_m(share / 100.0 * full);
                let j = f64::from(j);
                assert!(t(j + 1.0) > t(j) - 0.03, "never lighter with more cargo");
            }
        }
    }
}
