//! How two ships lay to each other, from the evidence of an encounter.

mod headings;
mod near;
mod stretch;

use crate::geodesy::{Plane, angle_between_deg, distance_m, middle};
use crate::hull::{Hull, HullGap, in_frame_m};
use crate::model::quantity::MPS_PER_KNOT;
use crate::model::statistics::{median, quantile};
use crate::model::{Encounter, LonLat, PairSample, Phase, Timestamp};
pub(super) use headings::Headings;
pub(super) use near::Near;
use near::near_part;
pub(super) use stretch::Stretch;

/// Samples this far apart in time are independent: the error of a position is correlated over minutes.
const MOMENT_MS: i64 = 10 * 60_000;
/// Time between two places from which a speed is told, milliseconds, least and most: over three minutes ten metres of noise are a
/// tenth of a knot.
const WAY_MS: (i64, i64) = (180_000, 1_800_000);
/// Greatest sigma and time to the nearest fix of samples that measure geometry, metres and seconds: the modelled sigma misses
/// wander inside long brackets. Where too few do, all of them must.
const SHARP: (f64, u16) = (50.0, 120);
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
    /// Direction of the larger ship's bow, or of the other's.
    pub heading_deg: Option<f64>,
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

fn is_sharp(s: &PairSample) -> bool {
    s.sigma_m() <= SHARP.0 && s.nearest_s <= SHARP.1
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
        let are_sharp = !picked.is_empty()
            && (picked.len() >= HOUR_OF_MOMENTS || 4 * picked.len() >= every.len());
        let (used, picked) = if are_sharp {
            (&sharp, picked)
        } else {
            (&contact, every)
        };
        let larger = headings::larger(hulls);
        let part = (picked.len() > BOUNDED_MOMENTS)
            .then(|| near_part(&picked, hulls, headings))
            .flatten();
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
        let near = part.map(|part| Near::of(e, &picked, &part));
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

fn moment(s: &PairSample, hulls: [Option<Hull>; 2], headings: Headings, larger: usize) -> Moment {
    let offset_m = offset_m(s);
    let heading_deg = headings.deg(s, larger);
    let to_partner = if larger == 0 {
        offset_m
    } else {
        offset_m.map(|v| -v)
    };
    // What is too rough to measure by still says how far apart the hulls can have been.
    let rough_m = if s.sigma_m() <= SHARP.0 {
        0.0
    } else {
        s.sigma_m()
    };
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
        in_frame_m: heading_deg
            .filter(|_| rough_m == 0.0)
            .map(|h| in_frame_m(to_partner, h)),
        heading_deg,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hull::Bridge;
    use crate::model::{EvidenceSample, PairKey, TrackId};

    /// An encounter of these samples in contact: minute, metres east and seconds to the nearest fix.
    fn encounter(samples: impl Iterator<Item = (i64, f64, u16)>) -> Encounter {
        let track = |mmsi| TrackId {
            mmsi,
            start: Timestamp(0),
        };
        let place = LonLat::from_degrees(-92.6, 28.4).unwrap();
        let sample = |(minute, east_m, nearest_s)| EvidenceSample {
            sample: PairSample {
                t: Timestamp(minute * 60_000),
                place: [place, Plane::at(place).to_place([east_m, 0.0])],
                sog_ckn: [Some(20); 2],
                cog_cdeg: [None; 2],
                heading_cdeg: [Some(0); 2],
                nav_status: [None; 2],
                class: [None; 2],
                sigma_dm: 120,
                nearest_s,
                held: true,
                separation_dm: (10.0 * east_m) as u32,
            },
            phase: Phase::Contact,
        };
        let pair = PairKey::new(track(1), track(2)).unwrap();
        let mut e = Encounter::bare(pair, Timestamp(0), Timestamp(12 * 3_600_000));
        e.evidence = samples.map(sample).collect();
        e
    }

    #[test]
    fn one_sharp_sample_does_not_outweigh_many() {
        // Heard five minutes apart through twelve hours alongside, and once at one time, when they had parted.
        let heard = |sharp: i64| {
            let together = (0..72).map(|i| (10 * i, 34.0, 290));
            let parted = (0..sharp).map(|i| (720 + 10 * i, 460.0, 5));
            let e = encounter(together.chain(parted));
            let hull = Hull::new(182.0, 32.0, Bridge::Aft);
            let g = Geometry::new(&e, [hull; 2]);
            (g.sharp, Stretch(&g.moments).antenna_distance_m().unwrap())
        };
        let (sharp, apart_m) = heard(1);
        assert!(!sharp && (apart_m - 34.0).abs() < 1.0, "{apart_m}");
        // An hour of them does.
        let (sharp, apart_m) = heard(6);
        assert!(sharp && (apart_m - 460.0).abs() < 1.0, "{apart_m}");
    }

    #[test]
    fn ships_that_wait_for_days_are_judged_by_the_hours_alongside() {
        // Two days within reach of each other at anchors of their own, and alongside for three hours of them.
        let alongside = 200..218;
        let east_m = |i: i64| if alongside.contains(&i) { 34.0 } else { 390.0 };
        let e = encounter((0..288).map(|i| (10 * i, east_m(i), 5)));
        let hull = Hull::new(182.0, 32.0, Bridge::Aft);
        let g = Geometry::new(&e, [hull; 2]);
        let minute = |m: i64| Timestamp(m * 60_000);
        let near = g.near.unwrap();
        assert_eq!(near.seen, [minute(2000), minute(2170)]);
        assert_eq!(near.apart, [minute(1990), minute(2180)]);
        let lain = g.moments.iter().filter(|m| m.separation_m < 100.0).count();
        assert!((12..=18).contains(&lain), "{lain}");
        assert!((g.moments.len() - lain) >= 4, "{}", g.moments.len());
        assert!(g.moments.is_sorted_by_key(|m| m.t));
        // Less than an hour is a passage, and most of the time is all of it.
        for hours_alongside in [0..5, 20..280] {
            let east_m = |i: i64| {
                if hours_alongside.contains(&i) {
                    34.0
                } else {
                    390.0
                }
            };
            let e = encounter((0..288).map(|i| (10 * i, east_m(i), 5)));
            assert_eq!(Geometry::new(&e, [hull; 2]).near, None);
        }
    }

    /// How tankers of 180 and 120 m lay for four hours of which those send a heading that are said here: side by side bow to stern,
    /// at the larger one's bow, or farther abeam and ahead by so much; the pair goes so far in all.
    fn without_one_heading(
        farther_m: [f64; 2],
        way_m: f64,
        sent: [bool; 2],
    ) -> (Geometry, HullGap) {
        let place = LonLat::from_degrees(-92.6, 28.4).unwrap();
        let hulls = [(180.0, 30.0), (120.0, 20.0)].map(|(length_m, beam_m)| {
            let hull = Hull::new(length_m, beam_m, Bridge::Aft)?;
            Some(Hull {
                antenna_m: Some([length_m / 6.0, beam_m / 2.0]),
                ..hull
            })
        });
        let mut e = encounter((0..24).map(|i| (10 * i, 0.0, 5)));
        for (i, s) in e.evidence.iter_mut().enumerate() {
            let north_m = way_m * i as f64 / 23.0;
            let at = Plane::at(place).to_place([0.0, north_m]);
            // Heading north and south, 100 m from midships to midships, from there 60 and 40 m to the antennas.
            let offset_m = [28.0 + farther_m[0], 200.0 + farther_m[1]];
            s.sample.place = [at, Plane::at(at).to_place(offset_m)];
            s.sample.separation_dm = (10.0 * offset_m[0].hypot(offset_m[1])) as u32;
            s.sample.heading_cdeg = [sent[0].then_some(0), sent[1].then_some(18_000)];
        }
        let g = Geometry::new(&e, hulls);
        let gap = Stretch(&g.moments).gap().unwrap();
        (g, gap)
    }

    #[test]
    fn a_heading_that_never_changes_while_the_ship_goes_and_the_other_turns_is_none() {
        let hull = Hull::new(182.0, 32.0, Bridge::Aft);
        let place = LonLat::from_degrees(-92.6, 28.4).unwrap();
        // Four hours side by side, in which the pair turns and goes so far; the first ship's heading as sent.
        let lain = |turned_deg: f64, way_m: f64, sent_deg: &dyn Fn(f64) -> f64| {
            let mut e = encounter((0..24).map(|i| (10 * i, 34.0, 5)));
            for (i, s) in e.evidence.iter_mut().enumerate() {
                let share = i as f64 / 23.0;
                let deg = 40.0 + turned_deg * share;
                let (sin, cos) = deg.to_radians().sin_cos();
                let at = Plane::at(place).to_place([way_m * share, 0.0]);
                let beside = Plane::at(at).to_place([34.0 * cos, -34.0 * sin]);
                s.sample.place = [at, beside];
                let sent = [sent_deg(deg), deg];
                s.sample.heading_cdeg = sent.map(|deg| Some((100.0 * deg.round()) as u16));
            }
            let g = Geometry::new(&e, [hull; 2]);
            (g.headings.stuck, Stretch(&g.moments).gap().unwrap().best_m)
        };
        let (stuck, gap_m) = lain(70.0, 2500.0, &|_| 123.0);
        assert_eq!(stuck, [true, false]);
        assert!((gap_m - 2.0).abs() < 1.0, "{gap_m}");
        // Gyros that work; a quay, beside which another turns at her anchor; and both on a river's straight.
        assert_eq!(lain(70.0, 2500.0, &|deg| deg).0, [false; 2]);
        assert_eq!(lain(70.0, 20.0, &|_| 123.0).0, [false; 2]);
        assert_eq!(lain(4.0, 2500.0, &|_| 40.0).0, [false; 2]);
    }

    #[test]
    fn bow_to_stern_is_tried_where_a_heading_is_missing() {
        for sent in [[false, true], [true, false]] {
            let (g, gap) = without_one_heading([0.0; 2], 4000.0, sent);
            assert!((gap.best_m - 3.0).abs() < 1.0, "{gap:?}");
            // Bow to bow there would be more between them: that isn't excluded.
            assert!(gap.low_m < 4.0 && gap.high_m > 10.0, "{gap:?}");
            assert!(g.moments.iter().all(|m| m.gap.unwrap().high_m < 4.0));
            // Farther off than hulls that touch nothing tells which way she heads.
            let (g, gap) = without_one_heading([40.0, 0.0], 4000.0, sent);
            assert!(gap.low_m > 40.0 && gap.best_m == gap.high_m, "{gap:?}");
            assert!(g.moments.iter().all(|m| m.gap_if_turned.is_some()));
            // Nor where they lie in line, one behind the other.
            let (g, _) = without_one_heading([-28.0, 60.0], 4000.0, sent);
            assert!(g.moments.iter().all(|m| m.gap.unwrap().best_m > 80.0));
            // At a berth everything keeps its place.
            let (g, _) = without_one_heading([0.0; 2], 5.0, sent);
            assert!(g.moments.iter().all(|m| m.gap.unwrap().best_m > 10.0));
        }
        // Two that say how they head leave nothing open.
        let (g, gap) = without_one_heading([0.0; 2], 4000.0, [true; 2]);
        assert!(g.moments.iter().all(|m| m.gap_if_turned.is_none()));
        assert!(gap.low_m == gap.high_m && (gap.best_m - 3.0).abs() < 1.0);
    }
}
