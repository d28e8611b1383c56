//! Berths and anchorages learned from where ships lay.
//!
//! In: ships that lay at a berth or swung at anchor, each at an instant. Out: whether many different ships lay about
//! a place within some days. Rule: per cell and UTC day the smallest hashes of their MMSIs are kept, which is exact
//! as long as few are asked for, bounded however many there are, and adds up in any order. A ship never counts for
//! her own events.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::geodesy::{EARTH_RADIUS_M, Plane};
use crate::model::{LonLat, Timestamp, UtcDay};

/// What a ship lay at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ground {
    /// A quay, a jetty, buoys: it holds a ship still.
    Berth,
    /// Roads, where ships swing.
    Anchorage,
}

impl Ground {
    /// Size of a cell, 1e-7 degrees of latitude: a berth is as long as a ship (330 m), ships at anchor lie up to a
    /// mile apart, and an anchorage is a few miles across (2.2 km, and as much on either side).
    fn cell_e7(self) -> i64 {
        match self {
            Self::Berth => 30_000,
            Self::Anchorage => 200_000,
        }
    }
}

/// A ship that lay somewhere.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lying {
    /// Who.
    pub mmsi: u32,
    /// When that was known.
    pub t: Timestamp,
    /// Where.
    pub place: LonLat,
    /// At what.
    pub ground: Ground,
}

/// A cell about as wide as high, by row and column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Cell {
    ground: Ground,
    row: i32,
    column: i32,
}

impl Cell {
    fn of(ground: Ground, place: LonLat) -> Self {
        let size = ground.cell_e7();
        let row = (i64::from(place.lat_e7()) + 900_000_000) / size;
        let middle_deg = (row * size + size / 2) as f64 / 1e7 - 90.0;
        let around = 3_600_000_000 / size;
        let columns = ((around as f64 * middle_deg.to_radians().cos()) as i64).max(1);
        let column = (i64::from(place.lon_e7()) + 1_800_000_000) * columns / 3_600_000_000;
        Self {
            ground,
            row: row as i32,
            column: column as i32,
        }
    }

    /// The cells at a place and around it.
    fn about(ground: Ground, place: LonLat) -> BTreeSet<Self> {
        let size_m = (ground.cell_e7() as f64 / 1e7).to_radians() * EARTH_RADIUS_M;
        let plane = Plane::at(place);
        let steps = [-size_m, 0.0, size_m];
        let around = steps.into_iter().flat_map(|e| steps.map(|n| [e, n]));
        around
            .map(|step| Self::of(ground, plane.to_place(step)))
            .collect()
    }
}

/// A one-to-one mix of the bits (murmur3's finaliser), so that the smallest are a fair sample.
fn hash(mmsi: u32) -> u32 {
    let mut h = mmsi;
    h ^= h >> 16;
    h = h.wrapping_mul(0x85eb_ca6b);
    h ^= h >> 13;
    h = h.wrapping_mul(0xc2b2_ae35);
    h ^ (h >> 16)
}

/// Where ships lay, day by day.
#[derive(Clone, Debug, PartialEq)]
pub struct Learned {
    /// Hashes kept per cell and day.
    keep: usize,
    cells: BTreeMap<Cell, BTreeMap<UtcDay, BTreeSet<u32>>>,
}

impl Learned {
    /// A sketch that tells whether up to `ships` different ones lay somewhere, besides two that are left out.
    pub fn new(ships: usize) -> Self {
        Self {
            keep: ships + 2,
            cells: BTreeMap::new(),
        }
    }

    /// Takes in a ship.
    pub fn add(&mut self, lying: &Lying) {
        let cell = Cell::of(lying.ground, lying.place);
        let days = self.cells.entry(cell).or_default();
        add_smallest(
            days.entry(lying.t.day()).or_default(),
            hash(lying.mmsi),
            self.keep,
        );
    }

    /// How many different ships lay in the cells at and around a place within these days, without (at most two) own
    /// ones; exact up to the number that the sketch was made for.
    pub fn ships(&self, ground: Ground, place: LonLat, days: Range<UtcDay>, own: &[u32]) -> usize {
        if days.start >= days.end {
            return 0;
        }
        let mut ships: BTreeSet<u32> = Cell::about(ground, place)
            .into_iter()
            .filter_map(|cell| self.cells.get(&cell))
            .flat_map(|of_cell| of_cell.range(days.clone()))
            .flat_map(|(_, hashes)| hashes)
            .copied()
            .collect();
        for mmsi in own {
            ships.remove(&hash(*mmsi));
        }
        ships.len()
    }
}

fn add_smallest(kept: &mut BTreeSet<u32>, hash: u32, keep: usize) {
    kept.insert(hash);
    if kept.len() > keep {
        kept.pop_last();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const DAY_MS: i64 = 86_400_000;

    fn lying(mmsi: u32, day: i64, lon: f64, lat: f64) -> Lying {
        Lying {
            mmsi,
            t: Timestamp(day * DAY_MS + 5),
            place: LonLat::from_degrees_wrapped(lon, lat),
            ground: Ground::Anchorage,
        }
    }

    fn day(n: i64) -> UtcDay {
        Timestamp(n * DAY_MS).day()
    }

    #[test]
    fn neighbours_count_across_the_antimeridian_and_own_ships_do_not() {
        let mut learned = Learned::new(5);
        for mmsi in 1..=4 {
            learned.add(&lying(mmsi, 3, 179.999, 10.0));
        }
        learned.add(&lying(5, 4, -179.999, 10.0));
        learned.add(&lying(6, 9, -179.999, 10.0));
        let place = LonLat::from_degrees_wrapped(180.0, 10.002);
        let ships = |from, to, own: &[u32]| {
            learned.ships(Ground::Anchorage, place, day(from)..day(to), own)
        };
        assert_eq!(ships(0, 20, &[]), 6);
        assert_eq!(ships(0, 9, &[]), 5);
        assert_eq!(ships(0, 9, &[1, 99]), 4);
        assert_eq!(ships(9, 3, &[]), 0);
        assert_eq!(learned.ships(Ground::Berth, place, day(0)..day(20), &[]), 0);
        let away = LonLat::from_degrees_wrapped(180.0, 10.1);
        assert_eq!(
            learned.ships(Ground::Anchorage, away, day(0)..day(20), &[]),
            0
        );
    }

    proptest! {
        /// Any order, and twice: the same sketch; and against sets of all ships in those cells.
        #[test]
        fn order_and_repetition_do_not_matter(
            ships in prop::collection::vec((1_u32..40, 0_i64..6, 0_u8..4, 0_u8..4), 0..120),
            cut in 0_usize..120, least in 1_usize..8, own in prop::collection::vec(1_u32..40, 0..3),
        ) {
            let all: Vec<Lying> = ships
                .iter()
                .map(|(mmsi, day, x, y)| lying(*mmsi, *day, 4.0 + f64::from(*x) * 0.007, 60.0 + f64::from(*y) * 0.006))
                .collect();
            let sketch = |part: &[Lying]| {
                let mut learned = Learned::new(least);
                part.iter().for_each(|l| learned.add(l));
                learned
            };
            let whole = sketch(&all);
            let (a, b) = all.split_at(cut.min(all.len()));
            prop_assert_eq!(&sketch(&[b, a, a].concat()), &whole);
            let place = LonLat::from_degrees_wrapped(4.01, 60.01);
            let about = Cell::about(Ground::Anchorage, place);
            let exact: BTreeSet<u32> = all
                .iter()
                .filter(|l| about.contains(&Cell::of(l.ground, l.place)) && l.t.day() < day(4))
                .map(|l| l.mmsi)
                .filter(|mmsi| !own.contains(mmsi))
                .collect();
            let found = whole.ships(Ground::Anchorage, place, day(0)..day(4), &own);
            prop_assert!(found <= exact.len());
            prop_assert!(found >= exact.len().min(least), "{} of {}", found, exact.len());
        }
    }
}
