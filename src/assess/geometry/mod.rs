//! How two ships lay to each other, from the evidence of an encounter.

mod headings;
mod near;
mod stretch;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::geodesy::{Plane, angle_between_deg, distance_m, middle};
use crate::hull::{Hull, HullGap, in_frame_m};
use crate::model::quantity::MPS_PER_KNOT;
use crate::model::statistics::{median, quantile};
use crate::model::{Encounter, LonLat, PairSample, Phase, Timestamp};
pub(super) use headings::{ALONGSIDE_M, COURSE_TELLS_KN, Headings};
pub(super) use near::Near;
use near::near_part;
pub(super) use stretch::Stretch;

/// Samples this far apart in time are independent: the error of a position is correlated over minutes.
const MOMENT_MS: i64 = 10 * 60_000;
/// Time between two places from which a speed is told, milliseconds, least and most: over three minutes ten metres of noise are a
/// tenth of a knot.
const WAY_MS: (i64, i64) = (180_000, 1_800_000);
/// Greatest sigma of samples that measure a distance between hulls, metres. Where too few do, all of them must.
pub(super) const SHARP_M: f64 = 50.0;
/// Greatest time from these to the nearest fix, seconds: the modelled sigma misses wander inside long brackets.
const SHARP_S: u16 = 120;
/// Independent moments of an hour.
pub(super) const HOUR_OF_MOMENTS: usize = 6;
/// Moments at which all positions of unknown antennas are tried.
const BOUNDED_MOMENTS: usize = 24;
/// Of these, those that show the rest of a contact of which the hulls lay near each other for less than half.
const REST_MOMENTS: usize = 6;

/// What the evidence says of one independent moment in contact.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moment {
    pub t: Timestamp,
    pub separation_m: f64,
    /// East and north from the first ship to the second.
    pub offset_m: [f64; 2],
    /// The gap of the hulls; `None` without both ships' dimensions.
    pub gap: Option<HullGap>,
    /// The same with the heading of one turned round, where that isn't known and may be so.
    pub gap_if_turned: Option<HullGap>,
    /// The partner in the larger ship's frame: ahead and to starboard; `None` without her heading, or where the places are
    /// too rough to say.
    pub in_frame_m: Option<[f64; 2]>,
    /// The middle of the partner's hull in the frame of the middle of the larger ship's, with the antennas where they most likely stand:
    /// ahead and to starboard; `None` without both hulls as well.
    pub middle_m: Option<[f64; 2]>,
    /// Direction of the larger ship's bow, or of the other's.
    pub heading_deg: Option<f64>,
    /// Angle between the two hulls, 0 to 90 degrees: 0 bow to bow as bow to stern; `None` unless both sent a heading.
    pub askew_deg: Option<f64>,
}

/// The geometry of an encounter.
#[derive(Clone, Debug)]
pub(super) struct Geometry {
    /// Independent moments in contact, by time.
    pub moments: Vec<Moment>,
    /// Whether the moments are sharp enough to measure distances between hulls.
    pub sharp: bool,
    /// Place of the middle sample.
    pub middle: LonLat,
    pub heading_difference_deg: Option<f64>,
    pub sog_kn: Option<f64>,
    /// The median speed that each sent, knots.
    pub each_kn: [Option<f64>; 2],
    /// The distance from the middle one of the larger ship's places that eight tenths of them don't exceed, metres.
    pub stray_m: f64,
    /// The distance from the first place of the larger ship that nine tenths of her places don't exceed, metres.
    pub moved_m: f64,
    /// Median angle between course and heading of the larger ship while she makes way.
    pub crab_deg: Option<f64>,
    /// Which of the two is larger.
    pub larger: usize,
    /// Which way they head.
    pub headings: Headings,
    /// When the hulls lay near each other, if that was less than half of the contact.
    pub near: Option<Near>,
}

/// The samples in contact.
fn contact(e: &Encounter) -> Vec<&PairSample> {
    let contact = e.evidence.iter().filter(|s| s.phase == Phase::Contact);
    contact.map(|s| &s.sample).collect()
}

fn offset_m(s: &PairSample) -> [f64; 2] {
    Plane::at(s.place[0]).to_m(s.place[1])
}

/// Whether a sample measures a distance between hulls.
pub(super) fn is_sharp(s: &PairSample) -> bool {
    s.sigma_m() <= SHARP_M && s.nearest_s <= SHARP_S
}

/// Median speed of both ships. Where none is sent, of the ways between their places; `None` where these don't tell either.
fn speed_kn(contact: &[&PairSample]) -> Option<f64> {
    let sent = contact.iter().flat_map(|s| [s.sog_kn(0), s.sog_kn(1)]);
    median(sent.flatten().collect()).or_else(|| {
        let mut ways = Vec::new();
        let mut from = *contact.first()?;
        for s in contact {
            let ms = s.t.0 - from.t.0;
            if ms < WAY_MS.0 {
                continue;
            }
            if ms <= WAY_MS.1 {
                ways.extend([0, 1].map(|party| {
                    let way_m = distance_m(from.place[party], s.place[party]);
                    way_m / s.t.seconds_since(from.t) / MPS_PER_KNOT
                }));
            }
            from = s;
        }
        median(ways)
    })
}

/// Of each stretch of [`MOMENT_MS`] the best sample.
fn independent<'a>(samples: &[&'a PairSample]) -> Vec<&'a PairSample> {
    let mut picked: Vec<&PairSample> = Vec::new();
    let mut stretch_start = Timestamp::MIN;
    for s in samples {
        match picked.last_mut() {
            Some(last) if s.t.0 - stretch_start.0 < MOMENT_MS => {
                if s.sigma_dm < last.sigma_dm {
                    *last = s;
                }
            }
            _ => {
                picked.push(s);
                stretch_start = s.t;
            }
        }
    }
    picked
}

/// So many of these, evenly; all if there are no more.
fn evenly<'a, 'b>(
    picked: &'b [&'a PairSample],
    most: usize,
) -> impl Iterator<Item = &'b &'a PairSample> {
    picked.iter().step_by(picked.len().div_ceil(most).max(1))
}

impl Geometry {
    /// Measures an encounter, given both ships' hulls.
    pub(super) fn new(e: &Encounter, hulls: [Option<Hull>; 2]) -> Self {
        let contact = contact(e);
        let headings = Headings::of(e, hulls);
        let sharp: Vec<&PairSample> = contact.iter().copied().filter(|s| is_sharp(s)).collect();
        let every = independent(&contact);
        let picked = independent(&sharp);
        // A few sharp ones don't outweigh many that are nearly as good.
        let mut are_sharp = !picked.is_empty()
            && (picked.len() >= HOUR_OF_MOMENTS || 4 * picked.len() >= every.len());
        let (used, picked) = if are_sharp {
            (&sharp, picked)
        } else {
            (&contact, every)
        };
        let larger = headings::larger(hulls);
        let part_of = |picked: &[&PairSample]| {
            (picked.len() > BOUNDED_MOMENTS)
                .then(|| near_part(picked, hulls, headings))
                .flatten()
        };
        let near_of = |picked: &[&PairSample], part: &Range<usize>| Near::of(e, picked, part);
        let by_picked =
            part_of(&picked).map(|part| (near_of(&picked, &part), picked.clone(), part));
        // Of ships that report every six to ten minutes few samples are as near to fixes of both in a visit of hours. Who lies still
        // between two fixes is measured well however far they are in time, as the modelled error tells.
        let by_all = || {
            let good: Vec<&PairSample> = (contact.iter().copied())
                .filter(|s| s.sigma_m() <= SHARP_M)
                .collect();
            let good = independent(&good);
            let part = part_of(&good)?;
            let near = near_of(&good, &part);
            let [from, to] = near.seen;
            let before = picked.iter().copied().filter(|s| s.t < from);
            let after = picked.iter().copied().filter(|s| s.t > to);
            let start = before.clone().count();
            let all: Vec<&PairSample> = (before.chain(good[part.clone()].iter().copied()))
                .chain(after)
                .collect();
            Some((near, all, start..start + part.len()))
        };
        let (near, picked, part) = match by_picked {
            Some((near, picked, part)) => (Some(near), picked, Some(part)),
            None => match by_all() {
                Some((near, all, part)) => {
                    are_sharp = false;
                    (Some(near), all, Some(part))
                }
                None => (None, picked, None),
            },
        };
        let chosen: Vec<&PairSample> = match &part {
            None => evenly(&picked, BOUNDED_MOMENTS).copied().collect(),
            Some(part) => {
                let rest = [&picked[..part.start], &picked[part.end..]].concat();
                let rest = evenly(&rest, REST_MOMENTS).copied();
                let part = evenly(&picked[part.clone()], BOUNDED_MOMENTS - REST_MOMENTS).copied();
                let mut all: Vec<&PairSample> = rest.chain(part).collect();
                all.sort_by_key(|s| s.t);
                all
            }
        };
        let moments = (chosen.iter().map(|s| moment(s, hulls, headings, larger))).collect();
        let each = |f: &dyn Fn(&PairSample) -> Option<f64>| -> Vec<f64> {
            used.iter().filter_map(|s| f(s)).collect()
        };
        let first = contact
            .first()
            .map_or_else(LonLat::default, |s| s.place[larger]);
        let from = |place: LonLat| move |s: &&PairSample| distance_m(place, s.place[larger]);
        let halfway = contact
            .get(contact.len() / 2)
            .map_or(first, |s| s.place[larger]);
        Self {
            sharp: are_sharp,
            middle: contact
                .get(contact.len() / 2)
                .map_or(first, |s| middle(s.place[0], s.place[1])),
            heading_difference_deg: median(each(&|s| {
                Some(angle_between_deg(
                    headings.own_deg(s, 0)?,
                    headings.own_deg(s, 1)?,
                ))
            })),
            sog_kn: speed_kn(&contact),
            each_kn: [0, 1].map(|i| median(contact.iter().filter_map(|s| s.sog_kn(i)).collect())),
            stray_m: quantile(contact.iter().map(from(halfway)).collect(), 0.8).unwrap_or(0.0),
            moved_m: quantile(contact.iter().map(from(first)).collect(), 0.9).unwrap_or(0.0),
            crab_deg: median(each(&|s| {
                let kn = s.sog_kn(larger)?;
                (kn > 0.5).then_some(())?;
                Some(angle_between_deg(
                    s.cog_deg(larger)?,
                    s.heading_deg(larger)?,
                ))
            })),
            larger,
            headings,
            near,
            moments,
        }
    }
}

/// The partner's middle as seen from the larger ship's, given the partner's antenna as seen from hers.
fn middle_m(
    place_m: [f64; 2],
    s: &PairSample,
    hulls: [Option<Hull>; 2],
    headings: Headings,
    larger: usize,
) -> Option<[f64; 2]> {
    let [own, other] = [larger, 1 - larger];
    let turn_deg = headings.deg(s, own)? - headings.deg(s, other)?;
    let from_own_m = hulls[own]?.middle_from_antenna_m();
    // A way of the partner's frame, seen in the larger ship's.
    let from_other_m = in_frame_m(
        {
            let [ahead_m, starboard_m] = hulls[other]?.middle_from_antenna_m();
            [starboard_m, ahead_m]
        },
        turn_deg,
    );
    Some([0, 1].map(|i| place_m[i] + from_other_m[i] - from_own_m[i]))
}

fn moment(s: &PairSample, hulls: [Option<Hull>; 2], headings: Headings, larger: usize) -> Moment {
    let offset_m = offset_m(s);
    let heading_deg = headings.deg(s, larger);
    let to_partner = if larger == 0 {
        offset_m
    } else {
        offset_m.map(|v| -v)
    };
    // What is too rough to measure by still says how far apart the hulls can have been.
    let rough_m = if s.sigma_m() <= SHARP_M {
        0.0
    } else {
        s.sigma_m()
    };
    let in_frame_of_larger_m = heading_deg
        .filter(|_| rough_m == 0.0)
        .map(|h| in_frame_m(to_partner, h));
    let rough = |g: HullGap| HullGap {
        low_m: g.low_m - rough_m,
        high_m: g.high_m + rough_m,
        ..g
    };
    Moment {
        t: s.t,
        separation_m: s.separation_m(),
        offset_m,
        gap: headings.gap(s, hulls).map(rough),
        gap_if_turned: headings.gap_if_turned(s, hulls).map(rough),
        in_frame_m: in_frame_of_larger_m,
        middle_m: in_frame_of_larger_m
            .and_then(|place_m| middle_m(place_m, s, hulls, headings, larger)),
        heading_deg,
        askew_deg: headings.askew_deg(s),
    }
}
