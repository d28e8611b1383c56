//! Near pairs among the ships of a slot.

use rstar::RTree;
use rstar::primitives::GeomWithData;

use crate::geodesy::{EARTH_RADIUS_M, chord_of_arc};

/// A ship in a slot.
#[derive(Clone, Copy, Debug)]
pub struct SlotPoint {
    /// Unit vector to its place.
    pub n: [f64; 3],
    /// How far off it may be, metres.
    pub reach_m: f64,
    /// Whether it makes a pair worth following.
    pub interested: bool,
}

/// A way to find the near pairs of a slot.
pub trait PairSearch: Sync {
    /// All pairs `(i, j)`, `i < j`, of which at least one is interested and whose great-circle distance is at
    /// most `radius_m` plus both reaches; sorted.
    fn pairs(&self, points: &[SlotPoint], radius_m: f64) -> Vec<(usize, usize)>;
}

fn chord_sq(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    (a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2)
}

/// Great-circle distance in decimetres: the grain in which near is decided, whatever found the pair.
fn arc_dm(chord_sq: f64) -> i64 {
    let arc_m = 2.0 * (chord_sq.sqrt() / 2.0).min(1.0).asin() * EARTH_RADIUS_M;
    (arc_m * 10.0).round() as i64
}

fn limit_dm(a: &SlotPoint, b: &SlotPoint, radius_m: f64) -> i64 {
    ((radius_m + a.reach_m + b.reach_m) * 10.0).round() as i64
}

/// An R*-tree over unit vectors. The chord grows with the arc, so it knows no antimeridian and no poles.
pub struct RTreeSearch;

impl PairSearch for RTreeSearch {
    fn pairs(&self, points: &[SlotPoint], radius_m: f64) -> Vec<(usize, usize)> {
        let widest_m = points.iter().map(|p| p.reach_m).fold(0.0, f64::max);
        let tree = RTree::bulk_load(
            points
                .iter()
                .enumerate()
                .map(|(i, p)| GeomWithData::new(p.n, i))
                .collect(),
        );
        let mut pairs = Vec::new();
        for (i, p) in points.iter().enumerate().filter(|(_, p)| p.interested) {
            // A metre more, so that rounding can't lose a pair at the limit.
            let radius_chord = chord_of_arc(radius_m + p.reach_m + widest_m + 1.0);
            for found in tree.locate_within_distance(p.n, radius_chord * radius_chord) {
                let (j, q) = (found.data, &points[found.data]);
                // The pair of two interested ships is found from both sides.
                if i == j || (q.interested && j < i) {
                    continue;
                }
                if arc_dm(chord_sq(&p.n, &q.n)) <= limit_dm(p, q, radius_m) {
                    pairs.push((i.min(j), i.max(j)));
                }
            }
        }
        pairs.sort_unstable();
        pairs
    }
}

/// Every pair, tried: the oracle of the index.
pub struct BruteForce;

impl PairSearch for BruteForce {
    fn pairs(&self, points: &[SlotPoint], radius_m: f64) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        for (i, p) in points.iter().enumerate() {
            for (j, q) in points.iter().enumerate().skip(i + 1) {
                if (p.interested || q.interested)
                    && arc_dm(chord_sq(&p.n, &q.n)) <= limit_dm(p, q, radius_m)
                {
                    pairs.push((i, j));
                }
            }
        }
        pairs
    }
}
