//! A hull: its size, where its antenna stands, what it can carry, and how far it is from another hull.

use super::dice::Dice;
use super::motion::{Pose, offset};

/// Sea water, t/m3.
const SEA_WATER: f64 = 1.025;
/// Length overall over length between perpendiculars of a tanker (1.03 to 1.04 in published particulars).
const LOA_PER_LPP: f64 = 1.03;
/// Block coefficient of oil tankers on Lpp (NILIM technical note 309: 0.824, standard deviation 0.038).
const BLOCK: f64 = 0.824;

/// A hull. Lengths in whole metres, as AIS has them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hull {
    pub length_m: f64,
    pub beam_m: f64,
    /// Antenna to bow.
    pub to_bow_m: f64,
    /// Antenna to port side.
    pub to_port_m: f64,
    /// Design draught.
    pub draught_m: f64,
}

impl Hull {
    /// A hull whose antenna stands this share of its length before the stern, near the middle line.
    pub(super) fn new(
        dice: &mut Dice,
        length_m: f64,
        beam_m: f64,
        draught_m: f64,
        aft: (f64, f64),
    ) -> Self {
        let (length_m, beam_m) = (length_m.round(), beam_m.round().max(2.0));
        let to_stern = (length_m * dice.between(aft.0, aft.1)).round();
        let to_port = (beam_m * dice.between(0.3, 0.7))
            .round()
            .clamp(1.0, beam_m - 1.0);
        Self {
            length_m,
            beam_m,
            to_bow_m: length_m - to_stern,
            to_port_m: to_port,
            draught_m: (draught_m * 10.0).round() / 10.0,
        }
    }

    /// Where the antenna is when the hull's middle is at a pose.
    pub(super) fn antenna(&self, pose: Pose) -> [f64; 2] {
        offset(
            pose,
            self.length_m / 2.0 - self.to_bow_m,
            self.to_port_m - self.beam_m / 2.0,
        )
    }

    fn corners(&self, pose: Pose) -> [[f64; 2]; 4] {
        let (l, b) = (self.length_m / 2.0, self.beam_m / 2.0);
        [(l, b), (l, -b), (-l, -b), (-l, b)].map(|(x, y)| offset(pose, x, y))
    }

    /// Deadweight as planned with: displacement at the design draught by the block coefficient, times the share that isn't
    /// lightship (0.775 below 8,000 t displacement, 0.82 below 80,000, 0.85 below 160,000, 0.87 above; fitted
    /// to seven published tankers within 4.2 %).
    pub(super) fn deadweight_t(&self) -> f64 {
        let displacement =
            SEA_WATER * BLOCK * self.length_m / LOA_PER_LPP * self.beam_m * self.draught_m;
        let share = match displacement {
            d if d < 8e3 => 0.775,
            d if d < 80e3 => 0.82,
            d if d < 160e3 => 0.85,
            _ => 0.87,
        };
        displacement * share
    }
}

fn project(points: &[[f64; 2]; 4], axis: [f64; 2]) -> (f64, f64) {
    points
        .iter()
        .map(|p| p[0] * axis[0] + p[1] * axis[1])
        .fold((f64::MAX, f64::MIN), |(lo, hi), v| (lo.min(v), hi.max(v)))
}

fn point_to_edge(p: [f64; 2], a: [f64; 2], b: [f64; 2]) -> f64 {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let u = (((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    (p[0] - a[0] - u * dx).hypot(p[1] - a[1] - u * dy)
}

/// Distance between two rectangles in metres; where they overlap, minus the depth of the overlap.
pub(super) fn hull_gap_m(a: &Hull, at_a: Pose, b: &Hull, at_b: Pose) -> f64 {
    let (p, q) = (a.corners(at_a), b.corners(at_b));
    let axes = [at_a.heading_deg, at_b.heading_deg]
        .into_iter()
        .flat_map(|h| [super::motion::unit(h), super::motion::unit(h + 90.0)]);
    let apart = axes
        .map(|axis| {
            let ((a0, a1), (b0, b1)) = (project(&p, axis), project(&q, axis));
            (b0 - a1).max(a0 - b1)
        })
        .fold(f64::MIN, f64::max);
    if apart <= 0.0 {
        return apart;
    }
    let mut least = f64::MAX;
    for (from, to) in [(&p, &q), (&q, &p)] {
        for corner in from {
            for i in 0..4 {
                least = least.min(point_to_edge(*corner, to[i], to[(i + 1) % 4]));
            }
        }
    }
    least
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hull(length_m: f64, beam_m: f64) -> Hull {
        Hull {
            length_m,
            beam_m,
            to_bow_m: length_m / 2.0,
            to_port_m: beam_m / 2.0,
            draught_m: 10.0,
        }
    }

    fn at(e: f64, n: f64, heading_deg: f64) -> Pose {
        Pose {
            at: [e, n],
            heading_deg,
        }
    }

    #[test]
    fn gaps_of_rectangles() {
        let (a, b) = (hull(200.0, 30.0), hull(100.0, 20.0));
        let gap = |pose| hull_gap_m(&a, at(0.0, 0.0, 0.0), &b, pose);
        assert!((gap(at(28.0, 0.0, 0.0)) - 3.0).abs() < 1e-9, "side by side");
        assert!((gap(at(0.0, 170.0, 0.0)) - 20.0).abs() < 1e-9, "in line");
        assert!((gap(at(20.0, 0.0, 180.0)) + 5.0).abs() < 1e-9, "overlap");
        assert!(
            (gap(at(28.0, 154.0, 0.0)) - 5.0).abs() < 1e-9,
            "corners: 3 by 4"
        );
    }

    #[test]
    fn the_antenna_follows_the_offsets() {
        let hull = Hull {
            to_bow_m: 170.0,
            to_port_m: 10.0,
            ..hull(200.0, 30.0)
        };
        let [e, n] = hull.antenna(at(0.0, 0.0, 90.0));
        assert!((e + 70.0).abs() < 1e-9 && (n - 5.0).abs() < 1e-9, "{e} {n}");
    }
}
