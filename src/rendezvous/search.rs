//! Which silences can have to do with a way, or with each other: an R*-tree over place and time.

use std::collections::BTreeSet;

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};

use super::overlap::meet;
use super::prism::{Prism, Silence};
use super::way::{ALONGSIDE_KN, Way, longest};
use crate::geodesy::EARTH_RADIUS_M;
use crate::model::quantity::MPS_PER_KNOT;
use crate::model::{LonLat, Timestamp};

/// Time is laid beside the unit vectors at this speed, so that a day weighs as much as a day's way, Earth radii
/// per millisecond.
const PER_MS: f64 = 14.0 * MPS_PER_KNOT / EARTH_RADIUS_M / 1000.0;
/// Boxes are this much larger than they need be, so that rounding loses nothing; 6 m.
const ROOM: f64 = 1e-6;

type Box4 = AABB<[f64; 4]>;

/// A silence whose ship can have been there long enough.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Meeting {
    /// Its place among the silences.
    pub silence: usize,
    /// Where, in the middle of the window.
    pub place: LonLat,
    /// Where at its beginning and at its end.
    pub ends: [LonLat; 2],
    /// From when to when at most.
    pub window: (Timestamp, Timestamp),
}

/// Silences, found by place and time.
pub struct Prisms {
    prisms: Vec<Prism>,
    least_ms: i64,
    tree: RTree<GeomWithData<Rectangle<[f64; 4]>, usize>>,
}

/// The box around a cap and a span of time.
fn around(middle: [f64; 3], radius_m: f64, span: (Timestamp, Timestamp)) -> Box4 {
    use std::f64::consts::PI;
    let radius = radius_m / EARTH_RADIUS_M;
    let (mut low, mut high) = ([0.0; 4], [0.0; 4]);
    for i in 0..3 {
        // The coordinate is the cosine of the angle to its axis.
        let angle = middle[i].clamp(-1.0, 1.0).acos();
        low[i] = (angle + radius).min(PI).cos() - ROOM;
        high[i] = (angle - radius).max(0.0).cos() + ROOM;
    }
    low[3] = span.0.0 as f64 * PER_MS - ROOM;
    high[3] = span.1.0 as f64 * PER_MS + ROOM;
    AABB::from_corners(low, high)
}

impl Prisms {
    /// Silences of ships that may have met somebody for `least_ms`.
    pub fn new(silences: &[Silence], least_ms: i64) -> Self {
        let prisms: Vec<Prism> = silences.iter().map(Prism::new).collect();
        let boxes = prisms
            .iter()
            .enumerate()
            .filter_map(|(i, p)| {
                let (middle, radius_m) = p.cap(least_ms)?;
                let bounds = around(middle, radius_m, (p.start, p.end));
                Some(GeomWithData::new(Rectangle::from_aabb(bounds), i))
            })
            .collect();
        Self {
            prisms,
            least_ms,
            tree: RTree::bulk_load(boxes),
        }
    }

    /// Every silence whose ship can have been beside another on its way long enough, the longest time for each; in order.
    pub fn along(&self, way: &Way) -> Vec<Meeting> {
        let legs = way.legs();
        // While it goes along with the other, a ship gets farther than if it stayed where they met.
        let along_m = self.least_ms as f64 / 1000.0 * ALONGSIDE_KN * MPS_PER_KNOT / 2.0;
        let near: BTreeSet<usize> = legs
            .iter()
            .flat_map(|leg| {
                let (middle, half_m) = leg.cap();
                let room_m = if half_m > 0.0 { along_m } else { 0.0 };
                let bounds = around(middle, half_m + room_m, leg.span());
                self.tree.locate_in_envelope_intersecting(bounds)
            })
            .map(|hit| hit.data)
            .collect();
        near.into_iter()
            .filter_map(|silence| {
                let window = longest(&self.prisms[silence], &legs)?;
                let length_ms = window.1.0 - window.0.0;
                if length_ms < self.least_ms {
                    return None;
                }
                Some(Meeting {
                    silence,
                    place: way.at(Timestamp(window.0.0 + length_ms / 2))?,
                    ends: [way.at(window.0)?, way.at(window.1)?],
                    window,
                })
            })
            .collect()
    }

    /// Every other silence of which `wanted` says yes and whose ship can have met that of this one long enough; in
    /// order.
    pub fn with(&self, silence: usize, wanted: impl Fn(usize) -> bool) -> Vec<Meeting> {
        let prism = &self.prisms[silence];
        let Some((middle, radius_m)) = prism.cap(self.least_ms) else {
            return Vec::new();
        };
        let bounds = around(middle, radius_m, (prism.start, prism.end));
        let mut found: Vec<Meeting> = self
            .tree
            .locate_in_envelope_intersecting(bounds)
            .filter(|hit| hit.data != silence && wanted(hit.data))
            .filter_map(|hit| {
                // In a fixed order, so that both find the same place.
                let (a, b) = (silence.min(hit.data), silence.max(hit.data));
                let (place, window) = meet(&self.prisms[a], &self.prisms[b], self.least_ms)?;
                Some(Meeting {
                    silence: hit.data,
                    place,
                    ends: [place; 2],
                    window,
                })
            })
            .collect();
        found.sort_unstable_by_key(|m| m.silence);
        found
    }
}
