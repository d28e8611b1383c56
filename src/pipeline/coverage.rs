//! Where anything was heard: accepted positions by cell of one degree, and whether ships can have been there.

use std::collections::BTreeMap;

use crate::model::{Chunk, LonLat};
use crate::stage::Waters;

const COLUMNS: usize = 360;
const ROWS: usize = 180;

/// Share of the positions that must lie inland for them to be doubted, and of those the share that must not if longitude and
/// latitude are exchanged: the second is that of rows of ships, of which a few are always wrong.
const EXCHANGED: (f64, f64) = (0.5, 0.9);

/// Positions of one cell.
#[derive(Clone, Copy, Default)]
struct Cell {
    count: u64,
    /// One of them, that of the greatest [`lot`].
    lot: u64,
    sample: LonLat,
}

/// Counts of positions by cell; in any order they add up to the same.
pub(super) struct Coverage(Vec<Cell>);

/// A number by which one position of a cell is chosen, whatever their order.
fn lot(place: LonLat) -> u64 {
    let bits = u64::from(place.lon_e7() as u32) << 32 | u64::from(place.lat_e7() as u32);
    // The multiplier of Fibonacci hashing, 2^64 over the golden ratio.
    (bits ^ bits >> 29).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

impl Coverage {
    pub(super) fn new() -> Self {
        Self(vec![Cell::default(); COLUMNS * ROWS])
    }

    /// Counts the positions of a chunk; returns how many there are.
    pub(super) fn add(&mut self, chunk: &Chunk) -> u64 {
        const DEGREE_E7: u32 = 10_000_000;
        let degrees = |e7: i32, from: u32| {
            let e7 = i64::from(e7) + i64::from(from * DEGREE_E7);
            (e7 as u32 / DEGREE_E7) as usize
        };
        let mut n = 0;
        for report in chunk.positions.iter().flatten() {
            let place = report.place();
            let column = degrees(place.lon_e7(), 180);
            // The North Pole lies in the last row.
            let row = degrees(place.lat_e7(), 90).min(ROWS - 1);
            let cell = &mut self.0[row * COLUMNS + column % COLUMNS];
            let lot = lot(place);
            if lot >= cell.lot {
                (cell.lot, cell.sample) = (lot, place);
            }
            cell.count += 1;
            n += 1;
        }
        n
    }

    /// The cells that aren't empty, each by its south-west corner: `34,-120`.
    pub(super) fn cells(&self) -> BTreeMap<String, u64> {
        let corner = |i: usize| {
            let (lat, lon) = ((i / COLUMNS) as i64 - 90, (i % COLUMNS) as i64 - 180);
            format!("{lat},{lon}")
        };
        let counts = self.0.iter().map(|cell| cell.count).enumerate();
        let heard = counts.filter(|(_, n)| *n > 0);
        heard.map(|(i, n)| (corner(i), n)).collect()
    }

    /// Whether longitude and latitude seem to be exchanged: most positions lie deep inside land, away from the rivers and lakes of
    /// ships, and would not if the two were exchanged. One position of each cell stands for all of it.
    pub(super) fn seems_exchanged(&self, waters: &dyn Waters) -> bool {
        let (mut all, mut inland, mut explained) = (0, 0, 0);
        for cell in self.0.iter().filter(|cell| cell.count > 0) {
            all += cell.count;
            if !waters.inland(cell.sample) {
                continue;
            }
            inland += cell.count;
            let exchanged = LonLat::from_degrees(cell.sample.lat(), cell.sample.lon());
            if exchanged.is_some_and(|place| !waters.inland(place)) {
                explained += cell.count;
            }
        }
        let share = |part: u64, whole: u64| part as f64 / whole.max(1) as f64;
        share(inland, all) >= EXCHANGED.0 && share(explained, inland) >= EXCHANGED.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{LonLat, Mmsi, PositionReport};

    #[test]
    fn every_position_is_counted_in_the_cell_that_holds_it() {
        let at = |lon, lat| {
            let place = LonLat::from_degrees(lon, lat).unwrap();
            PositionReport::new(Mmsi::new(1).unwrap(), 0, place)
        };
        let chunk = Chunk {
            positions: vec![vec![
                at(-119.5, 34.2),
                at(-119.1, 34.9),
                at(180.0, 90.0),
                at(179.9, -90.0),
                at(-0.1, 0.0),
            ]],
            ..Chunk::default()
        };
        let mut coverage = Coverage::new();
        coverage.add(&chunk);
        let expected = [("-90,179", 1), ("0,-1", 1), ("34,-120", 2), ("89,-180", 1)];
        assert_eq!(
            coverage.cells(),
            expected.map(|(cell, n)| (cell.to_owned(), n)).into()
        );
    }
}
