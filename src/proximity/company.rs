//! Ships that kept company but were heard at different hours.
//!
//! In: the whereabouts of all tracks, one a slot. Out: [`Encounter`]s without a contact. Rule: offshore, a ship that is
//! silent for up to `quiet_h` and goes no faster than `quiet_speed_kn` from where she was last heard to where she is
//! heard again, is placed on the straight way between. A ship that is heard meanwhile within the contact radius of
//! that place, and again half an hour and more later, may have been with her. It is no evidence of how they lay: real
//! drifters are off by 0.2 km at the median and 1 to 3 km at the 0.9 quantile. Near the coast it is none at all, for
//! whole harbours lie at their berths and are heard in turn.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};

use super::Params;
use super::buffer::{TrackBuffer, Whereabouts};
use super::interest::{Interest, Profile, interest_offshore};
use super::search::{PairSearch, SlotPoint};
use super::walk::remembered_apart;
use crate::geodesy::{Plane, decimetres, middle, n_vector, near_distance_m};
use crate::model::quantity::{MPS_PER_KNOT, MS_PER_HOUR};
use crate::model::thinned::Thinned;
use crate::model::{
    Encounter, EvidenceSample, LonLat, PairKey, PairSample, Phase, Timestamp, TrackId,
};
use crate::stage::Waters;

/// Growth of the error with the time to the nearer fix, metres per second: what real drifters showed across 2 to 12 h.
const QUIET_GROWTH_MPS: f64 = 0.1;
/// From the first time near to the last, milliseconds: a ship that passes is out of the radius by then.
const LEAST_MS: i64 = MS_PER_HOUR / 2;
/// Seen apart before and after, a pair must have had this long, milliseconds.
const LEAST_POSSIBLE_MS: i64 = 2 * MS_PER_HOUR;
/// Samples that are kept of a pair.
const MOST_SAMPLES: usize = 32;

/// All pairs that may be keeping company, and the first slot that wasn't looked at.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Company {
    next_slot: Option<i64>,
    pairs: BTreeMap<PairKey, Pair>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Pair {
    apart_before: Option<Timestamp>,
    first: PairSample,
    last: PairSample,
    count: u32,
    /// As dense over all of the time: how they lay is judged by all of it.
    samples: Thinned<PairSample>,
}

/// A silence between two whereabouts of a slow ship.
#[derive(Clone, Copy)]
struct Quiet {
    track: TrackId,
    from: Whereabouts,
    to: Whereabouts,
    is_party: bool,
}

/// Where a ship was heard in a slot.
#[derive(Clone, Copy)]
struct Heard {
    track: TrackId,
    at: Whereabouts,
}

/// What the search reads.
pub(super) struct Sea<'a> {
    pub tracks: &'a BTreeMap<TrackId, TrackBuffer>,
    pub profiles: &'a BTreeMap<u32, Profile>,
    pub waters: &'a dyn Waters,
    pub search: &'a dyn PairSearch,
    pub params: &'a Params,
}

impl Quiet {
    fn place(&self, t: Timestamp) -> LonLat {
        let plane = Plane::at(self.from.place());
        let end = plane.to_m(self.to.place());
        let share = t.seconds_since(self.from.t()) / self.to.t().seconds_since(self.from.t());
        plane.to_place(end.map(|v| v * share))
    }

    fn sample(&self, heard: &Heard) -> Option<PairSample> {
        let t = heard.at.t();
        if t <= self.from.t() || t >= self.to.t() {
            return None;
        }
        let nearest_s = t
            .seconds_since(self.from.t())
            .min(self.to.t().seconds_since(t));
        let (here, there) = (heard.at.place(), self.place(t));
        let place = if heard.track < self.track {
            [here, there]
        } else {
            [there, here]
        };
        Some(PairSample {
            t,
            place,
            sog_ckn: [None; 2],
            cog_cdeg: [None; 2],
            heading_cdeg: [None; 2],
            nav_status: [None; 2],
            class: [None; 2],
            sigma_dm: decimetres(QUIET_GROWTH_MPS * nearest_s).min(u32::from(u16::MAX)) as u16,
            nearest_s: nearest_s.min(f64::from(u16::MAX)) as u16,
            held: true,
            sides: [true; 2],
            separation_dm: decimetres(near_distance_m(here, there)),
        })
    }
}

impl Sea<'_> {
    /// What a ship may be in a pair here; `None` if it is left out.
    fn is_party(&self, track: TrackId, t: Timestamp) -> Option<bool> {
        if self.params.all_pairs {
            return Some(true);
        }
        match interest_offshore(track.mmsi, self.profiles.get(&track.mmsi), t) {
            Interest::Party => Some(true),
            Interest::Excluded(_) => None,
            _ => Some(false),
        }
    }

    /// The silences of slow ships offshore that reach into these slots, by slot.
    fn quiet(&self, slots: &RangeInclusive<i64>) -> BTreeMap<i64, Vec<Quiet>> {
        let params = self.params;
        let (start, end) = (
            params.slot_start(*slots.start()),
            params.slot_start(*slots.end() + 1),
        );
        let far = params.quiet_s();
        let of_track = |(track, buffer): (&TrackId, &TrackBuffer)| {
            let mut found = Vec::new();
            let history = buffer.history(start.plus_s(-far), end.plus_s(far));
            let first = history.partition_point(|h| h.t() <= start);
            let reaching = history[first.saturating_sub(1)..].windows(2);
            for w in reaching.take_while(|w| w[0].t() < end) {
                let (a, b) = (w[0], w[1]);
                let s = b.t().seconds_since(a.t());
                if s <= params.max_interpolation_s as f64 || s > far as f64 {
                    continue;
                }
                let kn = near_distance_m(a.place(), b.place()) / s / MPS_PER_KNOT;
                let is_offshore = |w: Whereabouts| self.waters.offshore(w.place()) == Some(true);
                if kn > params.quiet_speed_kn || !is_offshore(a) || !is_offshore(b) {
                    continue;
                }
                let Some(is_party) = self.is_party(*track, b.t()) else {
                    continue;
                };
                let first = params.slot_of(a.t()).max(*slots.start());
                let last = params.slot_of(b.t()).min(*slots.end());
                let quiet = Quiet {
                    track: *track,
                    from: a,
                    to: b,
                    is_party,
                };
                found.extend((first..=last).map(|slot| (slot, quiet)));
            }
            found
        };
        by_slot(self.tracks.par_iter().map(of_track).collect())
    }

    /// Who was heard in the slots in which somebody was quiet, about where that may have been, by slot.
    fn heard(&self, quiet: &BTreeMap<i64, Vec<Quiet>>) -> BTreeMap<i64, Vec<Heard>> {
        let (Some((first, _)), Some((last, _))) = (quiet.first_key_value(), quiet.last_key_value())
        else {
            return BTreeMap::new();
        };
        let (from, to) = (
            self.params.slot_start(*first),
            self.params.slot_start(*last + 1),
        );
        let about: Vec<Option<About>> = (*first..=*last)
            .into_par_iter()
            .map(|slot| {
                let quiet = quiet.get(&slot)?;
                let middle = self.middle(slot);
                let places = quiet.iter().map(|q| q.place(middle));
                Some(About::new(
                    places,
                    self.params.contact_radius_m + self.quiet_reach_m(),
                ))
            })
            .collect();
        let of_track = |(track, buffer): (&TrackId, &TrackBuffer)| {
            let mut found = Vec::new();
            for at in buffer.history(from, to) {
                let slot = self.params.slot_of(at.t());
                let about = about[(slot - first) as usize].as_ref();
                if about.is_some_and(|about| about.holds(at.place())) {
                    let heard = Heard {
                        track: *track,
                        at: *at,
                    };
                    found.push((slot, heard));
                }
            }
            found
        };
        by_slot(self.tracks.par_iter().map(of_track).collect())
    }

    /// The way that a quiet ship makes in half a slot, metres.
    fn quiet_reach_m(&self) -> f64 {
        self.params.quiet_speed_kn * MPS_PER_KNOT * self.params.slot_s as f64 / 2.0
    }

    fn middle(&self, slot: i64) -> Timestamp {
        Timestamp(self.params.slot_start(slot).0 + self.params.slot_s * 500)
    }

    /// The pairs of a slot of which one was heard near where the other is placed.
    fn near(&self, slot: i64, quiet: &[Quiet], heard: &[Heard]) -> Vec<(PairKey, PairSample)> {
        let params = self.params;
        let (middle, reach_m) = (self.middle(slot), self.quiet_reach_m());
        let point = |place: LonLat, interested: bool| SlotPoint {
            n: n_vector(place),
            reach_m: if interested { reach_m } else { 0.0 },
            interested,
        };
        let points: Vec<SlotPoint> = (quiet.iter().map(|q| point(q.place(middle), true)))
            .chain(heard.iter().map(|h| point(h.at.place(), false)))
            .collect();
        let pairs = self.search.pairs(&points, params.contact_radius_m);
        let found = pairs.into_iter().filter_map(|(i, j)| {
            let (q, h) = (&quiet[i], heard.get(j.checked_sub(quiet.len())?)?);
            let sample = q.sample(h)?;
            let near = sample.separation_m() <= params.contact_radius_m;
            if !near || q.track.mmsi == h.track.mmsi {
                return None;
            }
            let is_party = self.is_party(h.track, h.at.t())?;
            let pair = PairKey::new(q.track, h.track)?;
            (is_party || q.is_party).then_some((pair, sample))
        });
        let mut found: Vec<_> = found.collect();
        found.sort_by_key(|(pair, s)| (*pair, s.t));
        found
    }

    /// The last time in `from..to` at which the two were seen apart.
    fn apart(&self, pair: PairKey, from: Timestamp, to: Timestamp) -> Option<Timestamp> {
        let (a, b) = (
            self.tracks.get(&pair.first())?,
            self.tracks.get(&pair.second())?,
        );
        remembered_apart([a, b], from, to, self.params)
    }
}

/// What was found track by track, by slot.
fn by_slot<T>(found: Vec<Vec<(i64, T)>>) -> BTreeMap<i64, Vec<T>> {
    let mut slots: BTreeMap<i64, Vec<T>> = BTreeMap::new();
    for (slot, one) in found.into_iter().flatten() {
        slots.entry(slot).or_default().push(one);
    }
    slots
}

/// The surroundings of some places, in cells: coarsely, so that a ship far from all of them is asked no further.
struct About {
    height_e7: i64,
    cells: FxHashSet<(i64, i64)>,
}

impl About {
    /// Cells are so many times as wide in degrees as they are high: that is far enough up to 80.4 degrees.
    const WIDTH: i64 = 6;
    /// Nearer the poles, and about the antimeridian, every place counts as near.
    const MOST_LAT_E7: u32 = 800_000_000;
    const MOST_LON_E7: u32 = 1_790_000_000;

    /// All that lies within so many metres of one of the places, and some more.
    fn new(places: impl Iterator<Item = LonLat>, reach_m: f64) -> Self {
        // A metre for rounding; 1e-7 degree of latitude is 0.01112 m.
        let height_e7 = ((reach_m + 1.0) / 0.0111).ceil() as i64;
        let mut about = Self {
            height_e7,
            cells: FxHashSet::default(),
        };
        for (row, column) in places.map(|place| about.cell(place)).collect::<Vec<_>>() {
            let rows = (row - 1)..=(row + 1);
            let around = rows.flat_map(|r| ((column - 1)..=(column + 1)).map(move |c| (r, c)));
            about.cells.extend(around);
        }
        about
    }

    fn cell(&self, place: LonLat) -> (i64, i64) {
        let (lon, lat) = (i64::from(place.lon_e7()), i64::from(place.lat_e7()));
        let width_e7 = Self::WIDTH * self.height_e7;
        (lat.div_euclid(self.height_e7), lon.div_euclid(width_e7))
    }

    fn holds(&self, place: LonLat) -> bool {
        place.lat_e7().unsigned_abs() >= Self::MOST_LAT_E7
            || place.lon_e7().unsigned_abs() >= Self::MOST_LON_E7
            || self.cells.contains(&self.cell(place))
    }
}

impl Company {
    /// Looks at the slots before `end`, every silence of which is over or too long; returns what is over.
    pub(super) fn advance(&mut self, begin: i64, end: i64, sea: &Sea) -> Vec<Encounter> {
        // Until a slot is over a new ship may begin before the first one.
        let begin = self.next_slot.map_or(begin, |slot| slot.min(begin));
        self.next_slot = Some(begin);
        let mut closed = Vec::new();
        if sea.params.quiet_h == 0.0 || begin >= end {
            return closed;
        }
        self.next_slot = Some(end);
        let quiet = sea.quiet(&(begin..=end - 1));
        let heard = sea.heard(&quiet);
        let near: BTreeMap<i64, Vec<(PairKey, PairSample)>> = heard
            .par_iter()
            .map(|(slot, heard)| (*slot, sea.near(*slot, &quiet[slot], heard)))
            .collect();
        let mut slots: BTreeSet<i64> = near
            .iter()
            .filter_map(|(slot, found)| (!found.is_empty()).then_some(*slot))
            .collect();
        let mut slot = begin;
        while slot < end {
            if self.pairs.is_empty() {
                // Nothing to follow until two are near.
                let Some(next) = slots.pop_first() else { break };
                slot = slot.max(next);
            }
            let found = near.get(&slot).map_or(&[][..], Vec::as_slice);
            self.follow(slot, found, sea, &mut closed);
            slot += 1;
            slots = slots.split_off(&slot);
        }
        closed
    }

    fn follow(
        &mut self,
        slot: i64,
        near: &[(PairKey, PairSample)],
        sea: &Sea,
        closed: &mut Vec<Encounter>,
    ) {
        let params = sea.params;
        let (start, end) = (params.slot_start(slot), params.slot_start(slot + 1));
        for (pair, sample) in near {
            match self.pairs.get_mut(pair) {
                Some(open) => open.push(sample),
                None => {
                    let from = start.plus_s(-params.quiet_s());
                    let apart_before = sea.apart(*pair, from, start);
                    self.pairs.insert(*pair, Pair::new(apart_before, sample));
                }
            }
        }
        self.pairs.retain(|pair, open| {
            let apart = sea
                .apart(*pair, start.plus_s(-params.slot_s), end)
                .filter(|t| *t > open.last.t);
            let is_over =
                apart.is_some() || end.seconds_since(open.last.t) > params.quiet_s() as f64;
            if is_over {
                closed.extend(open.encounter(*pair, apart, true));
            }
            !is_over
        });
    }

    /// What is still open.
    pub(super) fn open(&self) -> impl Iterator<Item = Encounter> {
        (self.pairs.iter()).filter_map(|(pair, open)| open.encounter(*pair, None, false))
    }
}

impl Pair {
    fn new(apart_before: Option<Timestamp>, first: &PairSample) -> Self {
        let mut samples = Thinned::new(MOST_SAMPLES);
        samples.push(*first);
        Self {
            apart_before,
            first: *first,
            last: *first,
            count: 1,
            samples,
        }
    }

    fn push(&mut self, sample: &PairSample) {
        self.last = *sample;
        self.count += 1;
        self.samples.push(*sample);
    }

    fn encounter(
        &self,
        pair: PairKey,
        apart_after: Option<Timestamp>,
        closed: bool,
    ) -> Option<Encounter> {
        let (start, end) = (self.first.t, self.last.t);
        let is_short = (self.apart_before.zip(apart_after))
            .is_some_and(|(before, after)| after.0 - before.0 < LEAST_POSSIBLE_MS);
        if end.0 - start.0 < LEAST_MS || is_short {
            return None;
        }
        let centre = |s: &PairSample| middle(s.place[0], s.place[1]);
        let way_m = near_distance_m(centre(&self.first), centre(&self.last));
        Some(Encounter {
            pair,
            start,
            end,
            start_not_before: self.apart_before,
            end_not_after: apart_after,
            closed,
            observed_ms: 0,
            contacts: 0,
            silence: true,
            samples: self.count,
            travelled_dm: u64::from(decimetres(way_m)),
            relative_speed_ckn: None,
            nav_status: [None; 2],
            class: [None; 2],
            evidence: (self.samples.items().iter())
                .map(|s| EvidenceSample {
                    phase: Phase::Contact,
                    sample: *s,
                })
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::search::GridSearch;
    use super::*;
    use crate::model::{Fix, Mmsi, PositionReport};
    use crate::stage::Uncharted;

    struct Open(bool);

    impl Waters for Open {
        fn offshore(&self, _: LonLat) -> Option<bool> {
            Some(self.0)
        }
    }

    /// A track heard at these minutes, drifting north at `kn` from `lat`.
    fn track(mmsi: u32, minutes: &[u32], lat: f64, kn: f64) -> (TrackId, TrackBuffer) {
        let ship = Mmsi::new(mmsi).expect("a ship's MMSI");
        let fix = |min: &u32| {
            let lat = lat + kn * f64::from(*min) / 60.0 / 60.0;
            let place = LonLat::from_degrees(0.0, lat).expect("on the globe");
            Fix::from_report(
                &PositionReport::new(ship, min * 60_000, place),
                Timestamp(0),
            )
        };
        let mut buffer = TrackBuffer::default();
        buffer.append(minutes.iter().map(fix).collect(), &Params::default());
        let start = Timestamp(i64::from(minutes[0]) * 60_000);
        (TrackId { mmsi, start }, buffer)
    }

    fn found(ships: [(TrackId, TrackBuffer); 2], waters: &dyn Waters) -> Vec<Encounter> {
        let params = Params::default();
        let sea = Sea {
            tracks: &ships.into_iter().collect(),
            profiles: &BTreeMap::new(),
            waters,
            search: &GridSearch,
            params: &params,
        };
        let mut company = Company::default();
        let mut all = company.advance(0, 600, &sea);
        all.extend(company.open());
        all
    }

    const ONE: [u32; 4] = [5, 65, 425, 485];
    const OTHER: [u32; 3] = [185, 245, 305];

    proptest::proptest! {
        #[test]
        fn whatever_is_within_reach_of_a_place_is_about_it(
            (lon, lat) in (-180.0..180.0, -90.0..90.0),
            reach_m in 10.0..11_000.0,
            (share, bearing_deg) in (0.0..1.0, 0.0_f64..360.0),
        ) {
            let place = LonLat::from_degrees_wrapped(lon, lat);
            let (sin, cos) = bearing_deg.to_radians().sin_cos();
            let there = Plane::at(place).to_place([sin, cos].map(|c| c * share * reach_m));
            let about = About::new([place].into_iter(), reach_m);
            proptest::prop_assert!(about.holds(there), "{:?} {:?}", place, there);
        }
    }

    #[test]
    fn ships_heard_at_different_hours_on_one_drift_kept_company() {
        let ships = || {
            [
                track(311_000_001, &ONE, 0.0, 1.0),
                track(538_000_002, &OTHER, 0.001, 1.0),
            ]
        };
        let all = found(ships(), &Open(true));
        assert_eq!(all.len(), 1);
        let e = &all[0];
        assert!(e.closed && !e.is_observed());
        assert_eq!((e.start.0, e.end.0), (185 * 60_000, 305 * 60_000));
        assert_eq!((e.samples, e.observed_ms), (3, 0));
        assert!(e.evidence.iter().all(|s| s.sample.separation_m() < 130.0));
        // At their berths ships are heard in turn too, and where the coast is nobody may know.
        assert!(found(ships(), &Open(false)).is_empty());
        assert!(found(ships(), &Uncharted).is_empty());
    }

    #[test]
    fn the_samples_of_a_long_company_are_of_all_of_it() {
        // One is heard every three hours, the other every ten minutes, for four days.
        let one: Vec<u32> = (0..33).map(|i| 5 + 180 * i).collect();
        let other: Vec<u32> = (0..576).map(|i| 5 + 10 * i).collect();
        let ships = [
            track(311_000_001, &one, 0.0, 0.1),
            track(538_000_002, &other, 0.001, 0.1),
        ];
        let all = found(ships, &Open(true));
        assert_eq!(all.len(), 1);
        let e = &all[0];
        assert!(e.samples > 500 && e.evidence.len() <= MOST_SAMPLES);
        let ms = e.end.0 - e.start.0;
        let before = |quarters: i64| {
            let until = e.start.0 + ms * quarters / 4;
            e.evidence.iter().filter(|s| s.sample.t.0 < until).count()
        };
        for quarters in 1..=3 {
            let share = before(quarters) as f64 / e.evidence.len() as f64;
            let even = quarters as f64 / 4.0;
            assert!((share - even).abs() < 0.1, "{share} before {quarters}/4");
        }
    }

    #[test]
    fn whoever_passes_or_lies_apart_kept_none() {
        let one = || track(311_000_001, &ONE, 0.0, 1.0);
        // Ten knots through the place of the silent ship, and a mile beside her.
        let passing = track(538_000_002, &[235, 245, 255], -0.61, 10.0);
        let aside = track(538_000_003, &OTHER, 0.017, 1.0);
        assert!(found([one(), passing], &Open(true)).is_empty());
        assert!(found([one(), aside], &Open(true)).is_empty());
    }

    #[test]
    fn fast_ships_and_long_silences_place_nobody() {
        let other = || track(538_000_002, &OTHER, 0.0, 4.0);
        assert!(found([track(311_000_001, &ONE, 0.0, 4.0), other()], &Open(true)).is_empty());
        let long = track(311_000_001, &[5, 65, 65 + 730], 0.0, 1.0);
        let other = track(538_000_002, &OTHER, 0.0, 1.0);
        assert!(found([long, other], &Open(true)).is_empty());
    }
}
