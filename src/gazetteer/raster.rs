//! Quick answers to "is this offshore?" and "is this deep inside land?": cells that lie wholly on one side of a limit.
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

/// What is known of all places of a cell or a small cell; two bits. A small cell of which nothing is known is 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Answer {
    Yes = 1,
    No = 2,
    Mixed = 3,
}

impl Answer {
    fn of_bits(bits: u64) -> Option<Self> {
        [None, Some(Self::Yes), Some(Self::No), Some(Self::Mixed)][bits as usize & 3]
    }

    /// Whether a distance that was measured at the middle of a small cell, and can't change by more than `reach_m` on the
    /// way to its corners, is more than a limit.
    fn beyond(distance_m: f64, limit_m: f64, reach_m: f64) -> Self {
        if distance_m > limit_m + reach_m {
            Self::Yes
        } else if distance_m < limit_m - reach_m {
            Self::No
        } else {
            Self::Mixed
        }
    }
}

/// What small cells answer.
#[derive(Clone, Copy)]
enum Question {
    Offshore,
    Inland,
}

/// The answers of the 64 small cells of a mixed cell, two bits each; those to both questions lie side by side.
#[derive(Default)]
struct Answers([[AtomicU64; 2]; 2]);

impl Answers {
    /// The answer of a small cell, worked out by its middle if it wasn't asked before.
    fn of(
        &self,
        question: Question,
        small: &SmallCell,
        work_out: impl FnOnce(LonLat, f64) -> Answer,
    ) -> Answer {
        let state = &self.0[question as usize][small.index / 32];
        let shift = small.index % 32 * 2;
        let known = Answer::of_bits(state.load(Ordering::Relaxed) >> shift);
        known.unwrap_or_else(|| {
            let answer = work_out(small.middle, small.reach_m());
            state.fetch_or((answer as u64) << shift, Ordering::Relaxed);
            answer
        })
    }
}

/// A small cell of a mixed cell.
struct SmallCell {
    /// Which of the mixed cells.
    mixed: usize,
    /// Which of its small cells.
    index: usize,
    middle: LonLat,
}

impl SmallCell {
    /// From the middle to the farthest corner at most, with a metre for rounding.
    fn reach_m(&self) -> f64 {
        let half_rad = ((SMALL_E7 / 2) as f64 / 1e7).to_radians();
        half_rad * EARTH_RADIUS_M * 2f64.sqrt() + 1.0
    }
}

/// The cells of the world.
pub(super) struct Raster {
    offshore_m: f64,
    inland_m: f64,
    /// Whether they are offshore: 32 cells a word, two bits each. What isn't, and isn't mixed, is land.
    cells: Vec<u64>,
    /// Mixed cells before each word.
    mixed_before: Vec<u32>,
    /// The small cells of each mixed cell.
    small: Vec<Answers>,
}

impl Raster {
    /// The raster of places at sea farther than `offshore_m` metres from the coast, and of those on land farther than
    /// `inland_m` from it.
    pub fn new(coast: &Coast, offshore_m: f64, inland_m: f64) -> Self {
        debug_assert!(
            offshore_m.min(inland_m) > 2.0 * GUARD_M,
            "small cells whose middle is on the other side are farther from the limit than from the coast"
        );
        let mut near = vec![false; COLUMNS * ROWS];
        for (a, b) in coast.arcs() {
            paint(
                &mut near,
                [a.lon, a.lat],
                [b.lon, b.lat],
                offshore_m + GUARD_M,
            );
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
                    (true, _) => Answer::Mixed,
                    (false, 0) => Answer::Yes,
                    (false, _) => Answer::No,
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
        Self {
            offshore_m,
            inland_m,
            cells,
            mixed_before,
            small: (0..mixed).map(|_| Answers::default()).collect(),
        }
    }

    /// Whether the place is at sea and farther from the coast than the limit.
    pub fn offshore(&self, coast: &Coast, place: LonLat) -> bool {
        match self.cell(place) {
            Ok(is_offshore) => is_offshore,
            Err(small) => self.offshore_by(&small, coast, place),
        }
    }

    fn offshore_by(&self, small: &SmallCell, coast: &Coast, place: LonLat) -> bool {
        let work_out = |middle, reach_m| {
            if coast.on_land(middle) {
                return Answer::No;
            }
            Answer::beyond(coast.distance_m(middle), self.offshore_m, reach_m)
        };
        match self.small[small.mixed].of(Question::Offshore, small, work_out) {
            Answer::Yes => true,
            Answer::No => false,
            Answer::Mixed => !coast.within(place, self.offshore_m) && !coast.on_land(place),
        }
    }

    /// Whether the place is on land and farther from the coast than the limit.
    pub fn inland(&self, coast: &Coast, place: LonLat) -> bool {
        let is_deep = || !coast.within(place, self.inland_m) && coast.on_land(place);
        let small = match self.cell(place) {
            // Land isn't kept apart by its depth: few ships are there.
            Ok(is_offshore) => return !is_offshore && is_deep(),
            Err(small) => small,
        };
        if self.offshore_by(&small, coast, place) {
            return false;
        }
        let work_out = |middle, reach_m| {
            if !coast.on_land(middle) {
                return Answer::No;
            }
            Answer::beyond(coast.distance_m(middle), self.inland_m, reach_m)
        };
        match self.small[small.mixed].of(Question::Inland, &small, work_out) {
            Answer::Yes => true,
            Answer::No => false,
            Answer::Mixed => is_deep(),
        }
    }

    /// Whether the whole cell of a place is offshore, or all of it land; its small cell if neither.
    fn cell(&self, place: LonLat) -> Result<bool, SmallCell> {
        let x = i64::from(place.lon_e7()) + 180 * 10_000_000;
        let y = i64::from(place.lat_e7()) + 90 * 10_000_000;
        let column = (x / CELL_E7) as usize % COLUMNS;
        let row = ((y / CELL_E7) as usize).min(ROWS - 1);
        let cell = row * COLUMNS + column;
        let word = self.cells[cell / 32];
        match Answer::of_bits(word >> (cell % 32 * 2)) {
            Some(Answer::Yes) => return Ok(true),
            Some(Answer::No) => return Ok(false),
            _ => {}
        }
        let earlier = mixed_bits(word) & ((1 << (cell % 32 * 2)) - 1);
        let mixed = self.mixed_before[cell / 32] + earlier.count_ones();
        let small_x = (x - column as i64 * CELL_E7) / SMALL_E7 % SMALL;
        let small_y = ((y - row as i64 * CELL_E7) / SMALL_E7).min(SMALL - 1);
        let half = SMALL_E7 / 2;
        let west_e7 = column as i64 * CELL_E7 + small_x * SMALL_E7 - 180 * 10_000_000;
        let south_e7 = row as i64 * CELL_E7 + small_y * SMALL_E7 - 90 * 10_000_000;
        Err(SmallCell {
            mixed: mixed as usize,
            index: (small_y * SMALL + small_x) as usize,
            middle: LonLat::from_e7((west_e7 + half) as i32, (south_e7 + half) as i32),
        })
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
