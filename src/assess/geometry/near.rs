//! The part of a long contact in which the hulls lay near each other.

use std::ops::Range;

use super::stretch::middle_range;
use super::{HOUR_OF_MOMENTS, Headings};
use crate::hull::Hull;
use crate::model::statistics::median;
use crate::model::{Encounter, PairSample, Timestamp};

/// Hulls that touch may seem so far apart at a moment, with the antennas where they most likely are, metres: fenders of 5 m and
/// the errors of two positions and of their antennas' places.
const NEAR_M: f64 = 50.0;
/// Of that what isn't due to antennas, metres.
const FENDERS_M: f64 = 25.0;
/// The same of the antennas where a hull isn't known, metres.
const NEAR_UNKNOWN_M: f64 = 100.0;
/// Who came alongside had lain farther off before or after by so many times as much: as far as no ship swings at her anchor.
const CAME_FROM: f64 = 2.0;
/// Eight tenths of the distances between the antennas of ships that lie alongside are within this, metres: two positions of 10 m
/// each. Who drifts past comes nearer and goes.
const STEADY_M: f64 = 40.0;

/// How far apart the antennas of two hulls side by side may be whose headings nobody knows, metres: those of ships alike are as far from
/// the stern, so midships beside midships a third of the difference in length, give or take a fifth of the shorter.
fn unheaded_m(hulls: [Option<Hull>; 2]) -> Option<f64> {
    let [Some(a), Some(b)] = hulls else {
        return None;
    };
    let along_m = (a.length_m - b.length_m).abs() / 3.0 + a.length_m.min(b.length_m) / 5.0;
    Some(along_m.hypot((a.beam_m + b.beam_m) / 2.0 + FENDERS_M))
}

/// The part of a contact in which the hulls lay near each other: ships wait at anchor for hours or days within reach of
/// each other, and come alongside for some of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::assess) struct Near {
    /// The first and the last moment.
    pub seen: [Timestamp; 2],
    /// The last moment apart before, and the first one after; those of the contact where there was none.
    pub apart: [Timestamp; 2],
}

impl Near {
    /// This part of the moments of an encounter.
    pub(super) fn of(e: &Encounter, picked: &[&PairSample], part: &Range<usize>) -> Self {
        let before = part.start.checked_sub(1).map(|i| picked[i].t);
        let after = picked.get(part.end).map(|s| s.t);
        Self {
            seen: [picked[part.start].t, picked[part.end - 1].t],
            apart: [before.unwrap_or(e.start), after.unwrap_or(e.end)],
        }
    }

    /// Hours for which they were seen near each other.
    pub(in crate::assess) fn seen_h(&self) -> f64 {
        self.seen[1].hours_since(self.seen[0])
    }

    /// Hours for which they may have been near each other at the longest.
    pub(in crate::assess) fn longest_h(&self) -> f64 {
        self.apart[1].hours_since(self.apart[0])
    }
}

/// The moments in which the hulls lay near each other, if those were an hour at least and less than half: where moments
/// near most outnumber moments apart. Who came alongside had lain well apart, and stays; who only swings to and fro at
/// an anchor, or drifts past, is nearer and farther by turns.
pub(super) fn near_part(
    picked: &[&PairSample],
    hulls: [Option<Hull>; 2],
    headings: Headings,
) -> Option<Range<usize>> {
    let near_m = match hulls {
        [Some(_), Some(_)] => NEAR_M,
        _ => NEAR_UNKNOWN_M,
    };
    let apart_m = |s: &&PairSample| (headings.likely_gap_m(s, hulls)).unwrap_or(s.separation_m());
    let beside_m = unheaded_m(hulls);
    let is_near = |s: &&PairSample, apart_m: f64| {
        apart_m <= near_m
            || (headings.deg(s, 0).is_none() && beside_m.is_some_and(|m| s.separation_m() <= m))
    };
    let is_near: Vec<bool> = (picked.iter()).map(|s| is_near(s, apart_m(s))).collect();
    let apart_m: Vec<f64> = picked.iter().map(apart_m).collect();
    let (mut best, mut best_sum) = (0..0, 0);
    let (mut first, mut sum) = (0, 0);
    for (i, near) in is_near.into_iter().enumerate() {
        if sum <= 0 {
            (first, sum) = (i, 0);
        }
        sum += if near { 1 } else { -1 };
        if sum > best_sum {
            (best, best_sum) = (first..i + 1, sum);
        }
    }
    let rest = [&apart_m[..best.start], &apart_m[best.end..]].concat();
    let is_part = best.len() >= HOUR_OF_MOMENTS && best.len() < rest.len();
    let came = median(apart_m[best.clone()].to_vec())? + CAME_FROM * near_m < median(rest)?;
    let lain = picked[best.clone()].iter().map(|s| s.separation_m());
    let stayed = middle_range(lain.collect())? <= STEADY_M;
    (is_part && came && stayed).then_some(best)
}
