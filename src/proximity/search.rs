//! Near pairs among the ships of a slot.

use rustc_hash::FxHashMap;

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

fn is_near(p: &SlotPoint, q: &SlotPoint, radius_m: f64) -> bool {
    let (chord_sq, limit_dm) = (chord_sq(&p.n, &q.n), limit_dm(p, q, radius_m));
    // The arc is no shorter than the chord; half a decimetre is rounding's.
    let limit = (limit_dm as f64 + 1.0) / (10.0 * EARTH_RADIUS_M);
    chord_sq <= limit * limit && arc_dm(chord_sq) <= limit_dm
}

/// A grid in space, of cubes so large that a near pair lies in one or in two that touch. It knows no antimeridian and
/// no poles; of its cubes only those that hold a ship are kept.
pub struct GridSearch;

/// The cube that holds a unit vector.
#[derive(Clone, Copy)]
struct Cube([i64; 3]);

impl Cube {
    fn of(n: &[f64; 3], per_radius: f64) -> Self {
        Self(n.map(|c| ((c + 1.0) * per_radius) as i64))
    }

    /// A number for the cube. Small cubes may share one with others, millions of cubes away.
    fn key(self) -> u64 {
        (self.0.iter()).fold(0, |key, c| key << 21 | (c & 0x1F_FFFF) as u64)
    }

    /// This cube and all that touch it.
    fn around(self) -> impl Iterator<Item = Self> {
        (0..27).map(move |i| {
            let [x, y, z] = self.0;
            Self([x + i / 9 - 1, y + i / 3 % 3 - 1, z + i % 3 - 1])
        })
    }
}

impl PairSearch for GridSearch {
    fn pairs(&self, points: &[SlotPoint], radius_m: f64) -> Vec<(usize, usize)> {
        let widest_m = points.iter().map(|p| p.reach_m).fold(0.0, f64::max);
        // A metre more, so that rounding can't lose a pair at the limit.
        let per_radius = 1.0 / chord_of_arc(radius_m + 2.0 * widest_m + 1.0);
        let cubes: Vec<Cube> = (points.iter().map(|p| Cube::of(&p.n, per_radius))).collect();
        // Of each cube the last ship, of each ship the one before it in its cube.
        let mut last: FxHashMap<u64, usize> = FxHashMap::default();
        let before: Vec<Option<usize>> = (cubes.iter().enumerate())
            .map(|(i, cube)| last.insert(cube.key(), i))
            .collect();
        let mut pairs = Vec::new();
        for (i, p) in points.iter().enumerate().filter(|(_, p)| p.interested) {
            for cube in cubes[i].around() {
                let mut next = last.get(&cube.key()).copied();
                while let Some(j) = next {
                    next = before[j];
                    let q = &points[j];
                    // The pair of two interested ships is found from both sides.
                    if i != j && !(q.interested && j < i) && is_near(p, q, radius_m) {
                        pairs.push((i.min(j), i.max(j)));
                    }
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
