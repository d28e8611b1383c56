//! Where anything was heard: accepted positions by cell of one degree.

use std::collections::BTreeMap;

use crate::model::Chunk;

const COLUMNS: usize = 360;
const ROWS: usize = 180;

/// Counts of positions by cell; in any order they add up to the same.
pub(super) struct Coverage(Vec<u64>);

impl Coverage {
    pub(super) fn new() -> Self {
        Self(vec![0; COLUMNS * ROWS])
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
            self.0[row * COLUMNS + column % COLUMNS] += 1;
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
        let counts = self.0.iter().enumerate().filter(|(_, n)| **n > 0);
        counts.map(|(i, n)| (corner(i), *n)).collect()
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
