//! How a stretch of moments spread.

use super::headings::TOUCH_M;
use super::{HOUR_OF_MOMENTS, Moment};
use crate::hull::HullGap;
use crate::model::quantity::MS_PER_HOUR;
use crate::model::statistics::{median, quantile};

/// Least number of moments from which a spread is taken.
const LEAST_MOMENTS: usize = 3;

/// A stretch of moments.
#[derive(Clone, Copy, Debug)]
pub(in crate::assess) struct Stretch<'a>(pub &'a [Moment]);

impl Stretch<'_> {
    /// Median gap of the hulls, with the medians of its bounds: those of both ways to lie, where nothing tells which way one
    /// heads and no hull would lie within the other.
    pub(in crate::assess) fn gap(self) -> Option<HullGap> {
        let as_headed = self.gap_as_headed()?;
        let turned = self.gap_of(|m| m.gap_if_turned.or(m.gap))?;
        if turned.high_m < -TOUCH_M {
            return Some(as_headed);
        }
        Some(HullGap {
            low_m: as_headed.low_m.min(turned.low_m),
            high_m: as_headed.high_m.max(turned.high_m),
            ..as_headed
        })
    }

    /// The same of the likelier way to lie alone.
    pub(in crate::assess) fn gap_as_headed(self) -> Option<HullGap> {
        self.gap_of(|m| m.gap)
    }

    fn gap_of(self, gap: impl Fn(&Moment) -> Option<HullGap>) -> Option<HullGap> {
        let of =
            |f: fn(HullGap) -> f64| median(self.0.iter().filter_map(|m| gap(m).map(f)).collect());
        Some(HullGap {
            low_m: of(|g| g.low_m)?,
            best_m: of(|g| g.best_m)?,
            high_m: of(|g| g.high_m)?,
        })
    }

    /// Median distance of the antennas, metres.
    pub(in crate::assess) fn antenna_distance_m(self) -> Option<f64> {
        median(self.0.iter().map(|m| m.separation_m).collect())
    }

    /// Range that holds the middle eight tenths of the distances of the antennas, metres.
    pub(in crate::assess) fn distance_range_m(self) -> Option<f64> {
        middle_range(self.0.iter().map(|m| m.separation_m).collect())
    }

    /// Spread of the partner's place in the larger ship's frame, metres.
    pub(in crate::assess) fn rigidity_m(self) -> Option<f64> {
        spread_m(
            &self
                .0
                .iter()
                .filter_map(|m| m.in_frame_m)
                .collect::<Vec<_>>(),
        )
    }

    /// The partner's usual place in the larger ship's frame, metres: the medians of what is ahead and to starboard.
    pub(in crate::assess) fn usual_place_m(self) -> Option<[f64; 2]> {
        let along = |i: usize| {
            let places = self.0.iter().filter_map(|m| m.in_frame_m);
            median(places.map(|p| p[i]).collect())
        };
        Some([along(0)?, along(1)?])
    }

    /// The same of the middle of her hull, seen from the middle of the larger ship's.
    pub(in crate::assess) fn usual_middle_m(self) -> Option<[f64; 2]> {
        let along = |i: usize| {
            let middles = self.0.iter().filter_map(|m| m.middle_m);
            median(middles.map(|p| p[i]).collect())
        };
        Some([along(0)?, along(1)?])
    }

    /// How far from her usual place the partner usually is, metres; `None` below as many moments as make an hour.
    pub(in crate::assess) fn usual_stray_m(self) -> Option<f64> {
        let [x, y] = self.usual_place_m()?;
        let places = self.0.iter().filter_map(|m| m.in_frame_m);
        let strays: Vec<f64> = places.map(|p| (p[0] - x).hypot(p[1] - y)).collect();
        if strays.len() < HOUR_OF_MOMENTS {
            return None;
        }
        median(strays)
    }

    /// Spread of the second ship's place about the first on the map, metres.
    pub(in crate::assess) fn map_spread_m(self) -> Option<f64> {
        spread_m(&self.0.iter().map(|m| m.offset_m).collect::<Vec<_>>())
    }

    /// How far the larger ship's heading ranged, degrees.
    pub(in crate::assess) fn turned_deg(self) -> f64 {
        arc_deg(self.0.iter().filter_map(|m| m.heading_deg).collect())
    }

    /// How far the direction from the first ship to the second ranged, degrees.
    pub(in crate::assess) fn bearing_arc_deg(self) -> f64 {
        let bearing = |m: &Moment| m.offset_m[0].atan2(m.offset_m[1]).to_degrees();
        arc_deg(self.0.iter().map(bearing).collect())
    }

    /// Hours between the first and the last moment.
    pub(in crate::assess) fn hours(self) -> f64 {
        match (self.0.first(), self.0.last()) {
            (Some(a), Some(b)) => (b.t.0 - a.t.0) as f64 / MS_PER_HOUR as f64,
            _ => 0.0,
        }
    }
}

/// Range that holds the middle eight tenths.
pub(super) fn middle_range(values: Vec<f64>) -> Option<f64> {
    Some(quantile(values.clone(), 0.9)? - quantile(values, 0.1)?)
}

/// Range that holds the middle eight tenths of both coordinates, the wider of the two.
pub(super) fn spread_m(places: &[[f64; 2]]) -> Option<f64> {
    if places.len() < LEAST_MOMENTS {
        return None;
    }
    let range = |i: usize| middle_range(places.iter().map(|p| p[i]).collect());
    Some(range(0)?.max(range(1)?))
}

/// The least arc that holds nine tenths of the directions, degrees.
pub(super) fn arc_deg(mut directions: Vec<f64>) -> f64 {
    for degrees in &mut directions {
        *degrees = degrees.rem_euclid(360.0);
    }
    directions.sort_by(f64::total_cmp);
    let n = directions.len();
    let keep = (n * 9).div_ceil(10);
    if keep < 2 {
        return 0.0;
    }
    // Past the last one they begin again, a turn farther on: of equal ones too, which whole degrees often are.
    let unrolled = |i: usize| directions[i % n] + if i < n { 0.0 } else { 360.0 };
    (0..n)
        .map(|i| unrolled(i + keep - 1) - directions[i])
        .fold(360.0, f64::min)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn arcs_hold_nine_tenths() {
        assert_eq!(arc_deg(vec![350.0, 10.0]), 20.0);
        let mut all = vec![5.0; 18];
        all.extend([355.0, 200.0]);
        assert!(arc_deg(all) <= 10.0);
        assert_eq!(arc_deg(vec![]), 0.0);
    }

    #[test]
    fn headings_in_whole_degrees_repeat_and_still_range() {
        let two_tides = [[90.0; 10], [270.0; 10]].concat();
        assert_eq!(arc_deg(two_tides), 180.0);
        let swung = [
            100.0, 100.0, 100.0, 130.0, 150.0, 170.0, 190.0, 210.0, 230.0,
        ];
        assert_eq!(arc_deg(swung.into()), 130.0);
        assert_eq!(arc_deg(vec![45.0; 7]), 0.0);
    }

    /// The shortest of all arcs from one direction clockwise to another that hold nine tenths of them, by counting.
    fn shortest_by_counting(directions: &[i32]) -> i32 {
        let clockwise = |from: i32, to: i32| (to - from).rem_euclid(360);
        let mut shortest = 360;
        for from in directions {
            for to in directions {
                let arc = clockwise(*from, *to);
                let held = directions.iter().filter(|d| clockwise(*from, **d) <= arc);
                if 10 * held.count() >= 9 * directions.len() {
                    shortest = shortest.min(arc);
                }
            }
        }
        shortest
    }

    proptest! {
        #[test]
        fn no_shorter_arc_holds_nine_tenths(
            // Few different ones, as of a ship at anchor, or any.
            directions in prop_oneof![
                prop::collection::vec(0..360, 2..40),
                prop::collection::vec((0..6).prop_map(|i| 63 * i - 150), 2..40),
            ],
        ) {
            let arc = arc_deg(directions.iter().copied().map(f64::from).collect());
            prop_assert_eq!(arc, f64::from(shortest_by_counting(&directions)));
        }
    }

    #[test]
    fn spreads_need_three_moments() {
        assert_eq!(spread_m(&[[0.0, 0.0], [9.0, 0.0]]), None);
        let spread = spread_m(&[[0.0, 0.0], [10.0, 1.0], [20.0, 2.0]]).unwrap();
        assert!((spread - 16.0).abs() < 1e-9);
    }
}
