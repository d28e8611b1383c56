//! Dimensions tested against each other: two hulls can't lie inside one another.
//!
//! In: an encounter and what both ships say of their size. Out: the dimensions to judge by. Rule: where the hulls
//! overlap for hours, deeper than the errors of two positions, one of the ships is wrong about herself. Then the
//! antennas' places are taken for unknown, and if the hulls overlap wherever the antennas stand, the dimensions too.
//! The overlap stays in the table as evidence of the error.

use super::geometry::{Geometry, Stretch};
use crate::hull::{Hull, HullGap};
use crate::model::Encounter;

/// Overlap beyond the error of a median of six moments, metres: two positions of 10 m each and two headings of 2 degrees
/// over 100 m make 15 m at a moment, 6 m in the median; two and a half of these.
const ERROR_M: f64 = 15.0;
/// Independent moments that it takes: an hour of them.
const LEAST_MOMENTS: usize = 6;

/// Both ships' dimensions, as far as they don't contradict each other.
pub(super) struct Trusted {
    pub hulls: [Option<Hull>; 2],
    pub geometry: Geometry,
    /// The gap by the dimensions as sent, if they contradict each other.
    pub overlap: Option<HullGap>,
}

impl Trusted {
    pub(super) fn new(e: &Encounter, sent: [Option<Hull>; 2]) -> Self {
        let geometry = Geometry::new(e, sent);
        let Some(overlap) = overlap(&geometry) else {
            return Self {
                hulls: sent,
                geometry,
                overlap: None,
            };
        };
        let moved = sent.map(|hull| {
            hull.map(|h| Hull {
                antenna_m: None,
                ..h
            })
        });
        let candidate = Geometry::new(e, moved);
        let (hulls, geometry) = if self::overlap(&candidate).is_none() {
            (moved, candidate)
        } else {
            // Which ship is the larger still shows, and whose frame is used.
            let larger = candidate.larger;
            let unknown = Geometry {
                larger,
                ..Geometry::new(e, [None; 2])
            };
            ([None; 2], unknown)
        };
        Self {
            hulls,
            geometry,
            overlap: Some(overlap),
        }
    }

    /// What contradicts itself, in words.
    pub(super) fn words(&self) -> Option<String> {
        self.overlap.map(|gap| {
            let doubted = if self.hulls[0].is_some() {
                "antennas are not where they are said to be"
            } else {
                "dimensions are wrong and not used"
            };
            format!(
                "by what the ships say of their size the hulls overlap by {:.0} m: {doubted}",
                -gap.best_m
            )
        })
    }
}

/// The gap of hulls that overlap whatever isn't known of them.
fn overlap(g: &Geometry) -> Option<HullGap> {
    let headed = g.moments.iter().filter(|m| m.heading_deg.is_some());
    if !g.sharp || headed.count() < LEAST_MOMENTS {
        return None;
    }
    Stretch(&g.moments)
        .gap_as_headed()
        .filter(|gap| gap.high_m < -ERROR_M)
}
