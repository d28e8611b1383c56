//! Cells of about 28 km on a side, and windows of six hours.
//!
//! A quarter of a degree of latitude is a good half of the range of VHF over the sea (40 to 60 km from a coast
//! station), so the edge of a station's range shows; and it is what a ship makes in an hour or two, so a cell with
//! any traffic has ships in six hours. Columns get wider in degrees with latitude, so that cells are alike in area.

use std::sync::LazyLock;

use crate::model::{LonLat, Timestamp};

/// Height of a cell, degrees.
pub(super) const CELL_DEG: f64 = 0.25;
/// Rows of cells from pole to pole.
const ROWS: i32 = 720;
/// Length of a slot, milliseconds.
pub const SLOT_MS: i64 = 600_000;
/// Slots in a window.
pub const WINDOW_SLOTS: i64 = 36;

/// A place's cell.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub(super) struct Cell(u32);

static COLUMNS: LazyLock<Vec<i32>> = LazyLock::new(|| {
    let of = |row| {
        let middle = (f64::from(row) + 0.5) * CELL_DEG - 90.0;
        ((360.0 / CELL_DEG * middle.to_radians().cos()).round() as i32).max(1)
    };
    (0..ROWS).map(of).collect()
});

/// Columns of a row of cells.
fn columns(row: i32) -> i32 {
    COLUMNS[row as usize]
}

impl Cell {
    pub(super) fn of(place: LonLat) -> Self {
        let row = (((place.lat() + 90.0) / CELL_DEG) as i32).clamp(0, ROWS - 1);
        Self::in_row(row, place.lon())
    }

    fn in_row(row: i32, lon: f64) -> Self {
        let n = columns(row);
        let column = (((lon + 180.0) / 360.0 * f64::from(n)) as i32).rem_euclid(n);
        Self((row * 2048 + column) as u32)
    }

    /// The cell and those that touch it, each once, in order.
    pub(super) fn around(place: LonLat) -> Vec<Self> {
        let row = (((place.lat() + 90.0) / CELL_DEG) as i32).clamp(0, ROWS - 1);
        let mut cells = Vec::with_capacity(9);
        for r in (row - 1).max(0)..=(row + 1).min(ROWS - 1) {
            let width = 360.0 / f64::from(columns(r));
            for step in [-1.0, 0.0, 1.0] {
                let lon = (place.lon() + step * width + 180.0).rem_euclid(360.0) - 180.0;
                cells.push(Self::in_row(r, lon));
            }
        }
        cells.sort_unstable();
        cells.dedup();
        cells
    }
}

/// The slot that holds an instant; slots count from the epoch.
pub(super) fn slot_of(t: Timestamp) -> i64 {
    t.0.div_euclid(SLOT_MS)
}

/// The window that holds a slot, and the slot's bit in it.
pub(super) fn window_of(slot: i64) -> (i32, u64) {
    let window = slot.div_euclid(WINDOW_SLOTS);
    (window as i32, 1 << slot.rem_euclid(WINDOW_SLOTS))
}

/// The first slot of a window.
pub(super) fn first_of(window: i32) -> i64 {
    i64::from(window) * WINDOW_SLOTS
}

/// The slots of a window from one to another, both included, as its bits.
pub(super) fn slots_between(window: i32, from: i64, to: i64) -> u64 {
    let begin = first_of(window);
    let (a, b) = ((from - begin).max(0), (to - begin + 1).min(WINDOW_SLOTS));
    if a < b { (1 << b) - (1 << a) } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_tile_the_globe_and_know_their_neighbours() {
        let at = |lon, lat| LonLat::from_degrees(lon, lat).unwrap();
        assert_eq!(Cell::of(at(10.01, 54.01)), Cell::of(at(10.02, 54.02)));
        assert_ne!(Cell::of(at(10.01, 54.01)), Cell::of(at(10.01, 54.30)));
        // Over the antimeridian and at a pole.
        assert!(Cell::around(at(179.99, 1.0)).contains(&Cell::of(at(-179.99, 1.0))));
        assert!(Cell::around(at(0.0, 89.99)).len() >= 2);
        assert_eq!(Cell::around(at(10.0, 54.0)).len(), 9);
        assert_eq!(window_of(36), (1, 1));
        assert_eq!(window_of(-1), (-1, 1 << 35));
    }
}
