//! A quick answer to "is this offshore?": cells that lie wholly on one side of the limit.
//!
//! Cells of a tenth of a degree that no coast comes near are wholly offshore or wholly land. Only in the
//! others does the distance matter; each has 8 x 8 small cells that are settled by one exact distance when
//! they are first asked for, and only small cells that the limit runs through ask the coast every time.
//! What is remembered is a function of the coast alone, so answers don't depend on the order of questions.

use std::sync::atomic::{AtomicU64, Ordering};

use super::coast::Coast;
use crate::geodesy::EARTH_RADIUS_M;
use crate::model::LonLat;

/// Cell size in 1e-7 degrees, and the grid.
const CELL_E7: i64 = 1_000_000;
const COLUMNS: usize = 3600;
const ROWS: usize = 1800;
/// Small cells per side of a cell, and their size.
const SMALL: i64 = 8;
const SMALL_E7: i64 = CELL_E7 / SMALL;
/// Added to distances where a cell is declared free of the coast, metres: arcs bulge out of the box of
/// their ends by less than this.
const GUARD_M: f64 = 1000.0;

/// What is known of a cell or a small cell; two bits. A small cell of which nothing is known is 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Side {
    Offshore = 1,
    Inshore = 2,
    Mixed = 3,
}

impl Side {
    fn of_bits(bits: u64) -> Option<Self> {
        [
            None,
            Some(Self::Offshore),
            Some(Self::Inshore),
            Some(Self::Mixed),
        ][bits as usize & 3]
    }
}

/// The cells of the world for one limit.
pub(super) struct Raster {
    limit_m: f64,
    /// 32 cells a word, two bits each.
    cells: Vec<u64>,
    /// Mixed cells before each word.
    mixed_before: Vec<u32>,
    /// The small cells of each mixed cell.
    small: Vec<[AtomicU64; 2]>,
}

impl Raster {
    /// The raster of places farther than `limit_m` metres from the coast and not on land.
    pub fn new(coast: &Coast, limit_m: f64) -> Self {
        debug_assert!(
            limit_m > 2.0 * GUARD_M,
            "small cells on land count as inshore"
        );
        let mut near = vec![false; COLUMNS * ROWS];
        for (a, b) in coast.arcs() {
            paint(&mut near, [a.lon, a.lat], [b.lon, b.lat], limit_m + GUARD_M);
        }
        let middle = |column: i64| column * CELL_E7 + CELL_E7 / 2 - 180 * 10_000_000;
        let crossings: Vec<Vec<f64>> = (0..COLUMNS as i64)
            .map(|column| coast.crossings(middle(column) as i32))
            .collect();
        let mut cells = vec![0u64; (COLUMNS * ROWS).div_ceil(32)];
        // From north to south, each column with the coasts that its meridian has passed.
        let mut passed = vec![0; COLUMNS];
        for row in (0..ROWS).rev() {
            let lat = (row as f64 + 0.5) / 10.0 - 90.0;
            for column in 0..COLUMNS {
                let passed = &mut passed[column];
                while crossings[column].get(*passed).is_some_and(|c| *c > lat) {
                    *passed += 1;
                }
                let cell = row * COLUMNS + column;
                let side = match (near[cell], *passed % 2) {
                    (true, _) => Side::Mixed,
                    (false, 0) => Side::Offshore,
                    (false, _) => Side::Inshore,
                };
                cells[cell / 32] |= (side as u64) << (cell % 32 * 2);
            }
        }
        let mut mixed = 0;
        let mixed_before = cells
            .iter()
            .map(|word| {
                let before = mixed;
                mixed += mixed_bits(*word).count_ones();
                before
            })
            .collect();
        let small = (0..mixed).map(|_| Default::default()).collect();
        Self {
            limit_m,
            cells,
            mixed_before,
            small,
        }
    }

    /// Whether the place is at sea and farther from the coast than the limit.
    pub fn offshore(&self, coast: &Coast, place: LonLat) -> bool {
        let x = i64::from(place.lon_e7()) + 180 * 10_000_000;
        let y = i64::from(place.lat_e7()) + 90 * 10_000_000;
        let column = (x / CELL_E7) as usize % COLUMNS;
        let row = ((y / CELL_E7) as usize).min(ROWS - 1);
        let cell = row * COLUMNS + column;
        let word = self.cells[cell / 32];
        match Side::of_bits(word >> (cell % 32 * 2)) {
            Some(Side::Offshore) => return true,
            Some(Side::Inshore) => return false,
            _ => {}
        }
        let earlier = mixed_bits(word) & ((1 << (cell % 32 * 2)) - 1);
        let mixed = self.mixed_before[cell / 32] + earlier.count_ones();
        let small_x = (x - column as i64 * CELL_E7) / SMALL_E7 % SMALL;
        let small_y = ((y - row as i64 * CELL_E7) / SMALL_E7).min(SMALL - 1);
        let index = (small_y * SMALL + small_x) as usize;
        let (state, shift) = (&self.small[mixed as usize][index / 32], index % 32 * 2);
        let known = Side::of_bits(state.load(Ordering::Relaxed) >> shift);
        let side = known.unwrap_or_else(|| {
            let side = self.side_of_small(
                coast,
                column as i64 * CELL_E7 + small_x * SMALL_E7 - 180 * 10_000_000,
                row as i64 * CELL_E7 + small_y * SMALL_E7 - 90 * 10_000_000,
            );
            state.fetch_or((side as u64) << shift, Ordering::Relaxed);
            side
        });
        match side {
            Side::Offshore => true,
            Side::Inshore => false,
            Side::Mixed => !coast.within(place, self.limit_m) && !coast.on_land(place),
        }
    }

    /// Which side a small cell lies on, by its south-western corner.
    fn side_of_small(&self, coast: &Coast, west_e7: i64, south_e7: i64) -> Side {
        let half = SMALL_E7 / 2;
        let centre = LonLat::from_e7((west_e7 + half) as i32, (south_e7 + half) as i32);
        // From the centre to the farthest corner at most, with a metre for rounding. The signed distance
        // to the coast can't change by more than that on the way.
        let half_rad = (half as f64 / 1e7).to_radians();
        let reach_m = half_rad * EARTH_RADIUS_M * 2f64.sqrt() + 1.0;
        if coast.on_land(centre) {
            return Side::Inshore; // the limit is farther out than any corner is away
        }
        let distance = coast.distance_m(centre);
        if distance > self.limit_m + reach_m {
            Side::Offshore
        } else if distance < self.limit_m - reach_m {
            Side::Inshore
        } else {
            Side::Mixed
        }
    }
}

/// The low bit of each mixed cell of a word.
fn mixed_bits(word: u64) -> u64 {
    word & (word >> 1) & 0x5555_5555_5555_5555
}

/// Marks the cells that come within `reach_m` of an arc (and some more).
fn paint(near: &mut [bool], [lon_a, lat_a]: [f64; 2], [lon_b, lat_b]: [f64; 2], reach_m: f64) {
    let reach = (reach_m / EARTH_RADIUS_M).to_degrees();
    let (south, north) = (lat_a.min(lat_b) - reach, lat_a.max(lat_b) + reach);
    let mut step = lon_b - lon_a;
    if step.abs() > 180.0 {
        step -= 360.0 * step.signum();
    }
    let west = if step < 0.0 { lon_a + step } else { lon_a };
    // The farthest longitude within reach of a point: asin(sin reach / cos latitude); all of them if the
    // pole is within reach.
    let ratio =
        reach.to_radians().sin() / north.abs().max(south.abs()).min(90.0).to_radians().cos();
    let wide = if ratio < 1.0 {
        ratio.asin().to_degrees()
    } else {
        180.0
    };
    let cell = |degrees: f64| (degrees * 10.0).floor() as i64;
    let (from, to) = (
        cell(west - wide + 180.0),
        cell(west + step.abs() + wide + 180.0),
    );
    let to = to.min(from + COLUMNS as i64 - 1);
    let last = ROWS as i64 - 1;
    for row in cell(south + 90.0).clamp(0, last)..=cell(north + 90.0).clamp(0, last) {
        for column in from..=to {
            near[row as usize * COLUMNS + column.rem_euclid(COLUMNS as i64) as usize] = true;
        }
    }
}
