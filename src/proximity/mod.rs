//! BY SLOT: which tracks are near each other, measured at raw fixes.
//!
//! In: [`TrackBatch`]es of clean fixes. Out: for each pair that is near, or was within `watch_h`, up to
//! four samples a slot. Rule: the slot grid (`slot_s`, anchored to the epoch) only *finds* pairs, by a
//! grid of cubes over n-vectors; what is reported is *measured* at the times of real fixes, where only one of
//! the two ships has to be placed by interpolation. A pair is followed from its first near slot until it
//! is seen more than `apart_m` apart or hasn't been near for `watch_h`. Slow ships offshore that were heard at
//! different hours are looked for `quiet_h` later ([`company`]).

mod buffer;
mod company;
mod interest;
mod locate;
mod measure;
mod search;
mod walk;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::geodesy::n_vector;
use crate::model::param::within;
use crate::model::{
    Encounter, PairBatch, PairKey, PairSlot, ParamError, StaticSpan, Timestamp, TrackBatch, TrackId,
};
use crate::stage::{Pieces, Stage, StateError, Waters, decode, encode_in_pieces, encoded_bytes};
use buffer::TrackBuffer;
use company::{Company, Sea};
pub use interest::{Exclusion, ExclusionCounts};
use interest::{Interest, Known, Profile};
use locate::Along;
pub use search::{BruteForce, GridSearch, PairSearch, SlotPoint};
use walk::{Watch, walk};

/// Slots that are worked on together; bounds the memory of a step over a long stretch.
const SLOTS_AT_ONCE: i64 = 24;
/// Tracks that are placed in these slots by one task.
const TRACKS_AT_ONCE: usize = 512;
/// Beyond this a place is too vague to look for neighbours farther out, metres.
const MAX_REACH_M: f64 = 600.0;

/// Parameters of the slot stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Params {
    /// Length of a slot, seconds.
    pub slot_s: i64,
    /// Longest time between two fixes across which a ship is placed, seconds.
    pub max_interpolation_s: i64,
    /// Longest time from a lone fix for which a ship is placed by dead reckoning, seconds.
    pub reckoning_s: i64,
    /// Distance between antennas within which a pair is near, metres.
    pub contact_radius_m: f64,
    /// Distance beyond which a pair is apart, metres.
    pub apart_m: f64,
    /// How long a pair is followed after it was last near, hours.
    pub watch_h: f64,
    /// Samples a pair and slot.
    pub samples_per_slot: usize,
    /// Slots before the first near one that are measured as the approach.
    pub approach_slots: i64,
    /// Longest silence of a slow ship offshore across which another may have kept company with it, hours; 0: none.
    pub quiet_h: f64,
    /// Greatest mean speed of such a ship, knots.
    pub quiet_speed_kn: f64,
    /// Pairs of all ships, whether or not a transfer between them makes sense.
    pub all_pairs: bool,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            slot_s: 600,
            max_interpolation_s: 3600,
            reckoning_s: 600,
            contact_radius_m: 500.0,
            apart_m: 1000.0,
            watch_h: 48.0,
            samples_per_slot: 4,
            approach_slots: 6,
            quiet_h: 12.0,
            quiet_speed_kn: 3.0,
            all_pairs: false,
        }
    }
}

impl Params {
    /// Holds every value to its range.
    ///
    /// # Errors
    /// On the first value out of range.
    pub fn validate(&self) -> Result<(), ParamError> {
        within("slot_s", self.slot_s, 60..=3600)?;
        if 86_400 % self.slot_s != 0 {
            let reason = "must divide a day of 86400 s";
            return Err(ParamError::new("slot_s", self.slot_s, reason));
        }
        within("max_interpolation_s", self.max_interpolation_s, 60..=21_600)?;
        within("reckoning_s", self.reckoning_s, 0..=3600)?;
        within("contact_radius_m", self.contact_radius_m, 10.0..=5000.0)?;
        within("apart_m", self.apart_m, self.contact_radius_m..=50_000.0)?;
        within("watch_h", self.watch_h, 1.0..=240.0)?;
        within("samples_per_slot", self.samples_per_slot, 1..=60)?;
        within("approach_slots", self.approach_slots, 0..=144)?;
        within("quiet_h", self.quiet_h, 0.0..=12.0)?;
        within("quiet_speed_kn", self.quiet_speed_kn, 0.1..=6.0)
    }

    fn slot_start(&self, slot: i64) -> Timestamp {
        Timestamp(slot * self.slot_s * 1000)
    }

    fn slot_of(&self, t: Timestamp) -> i64 {
        t.0.div_euclid(self.slot_s * 1000)
    }

    fn quiet_s(&self) -> i64 {
        (self.quiet_h * 3600.0) as i64
    }

    /// The first slot into which a silence can reach that isn't known to be over or too long before `slot`.
    fn first_quiet_slot(&self, slot: i64) -> i64 {
        slot - (self.quiet_s() as u64).div_ceil(self.slot_s as u64) as i64 - 1
    }

    /// The farthest in time that a fix can place a ship, seconds.
    fn reach_s(&self) -> i64 {
        self.max_interpolation_s.max(self.reckoning_s)
    }

    /// By when after its last sample a pair is given up, hours beyond the time for which fixes are held back: a slot is measured when
    /// it is over and no later fix reaches back into it; company is looked for once no silence reaches into it. An encounter ends
    /// before its last sample by no more than a place is reckoned on.
    pub fn closing_h(&self) -> f64 {
        let slot_h = self.slot_s as f64 / 3600.0;
        let company_h = 2.0 * self.quiet_h + 3.0 * slot_h;
        let reach_s = self.reach_s() + self.reckoning_s;
        self.watch_h.max(company_h) + slot_h + reach_s as f64 / 3600.0
    }

    /// The first slot that doesn't end, with the time that a later fix reaches back, by `complete_to`.
    fn first_open_slot(&self, complete_to: Timestamp) -> i64 {
        self.slot_of(complete_to.plus_s(-self.reach_s()))
    }
}

/// The slot stage.
#[derive(Clone)]
pub struct ProximityStage {
    params: Params,
    waters: Arc<dyn Waters + Send>,
    search: Arc<dyn PairSearch + Send>,
    state: State,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct State {
    /// Fixes are complete to here.
    complete_to: Timestamp,
    /// The first slot that wasn't measured yet; none before the first fix.
    next_slot: Option<i64>,
    tracks: BTreeMap<TrackId, TrackBuffer>,
    profiles: BTreeMap<u32, Profile>,
    watched: BTreeMap<PairKey, Watch>,
    company: Company,
    exclusions: ExclusionCounts,
}

/// A track that may be placed in a slot of the stretch that is being worked on.
struct Active<'a> {
    track: TrackId,
    buffer: &'a TrackBuffer,
    profile: Option<&'a Profile>,
}

impl ProximityStage {
    /// A stage that has seen nothing, with the grid.
    pub fn new(params: Params, waters: Arc<dyn Waters + Send>) -> Self {
        Self::with_search(params, waters, Arc::new(GridSearch))
    }

    /// The same with another way to find near pairs.
    pub fn with_search(
        params: Params,
        waters: Arc<dyn Waters + Send>,
        search: Arc<dyn PairSearch + Send>,
    ) -> Self {
        Self {
            params,
            waters,
            search,
            state: State {
                complete_to: Timestamp::MIN,
                next_slot: None,
                tracks: BTreeMap::new(),
                profiles: BTreeMap::new(),
                watched: BTreeMap::new(),
                company: Company::default(),
                exclusions: ExclusionCounts::default(),
            },
        }
    }

    /// Ships left out of the search for pairs, counted a slot each.
    pub fn exclusions(&self) -> &ExclusionCounts {
        &self.state.exclusions
    }

    fn take_in(&mut self, batch: TrackBatch) {
        let mut spans: Vec<&StaticSpan> = batch.statics.iter().collect();
        spans.sort_unstable_by_key(|span| span.mmsi);
        for of_one in spans.chunk_by(|a, b| a.mmsi == b.mmsi) {
            let profile = self.state.profiles.entry(of_one[0].mmsi).or_default();
            profile.add(of_one.iter().copied());
        }
        for new in batch.tracks {
            // Slots that were measured end before every new fix, so an earlier first slot is a new one.
            if let Some(first) = new.fixes.first() {
                let slot = self.params.slot_of(first.t);
                let next = self.state.next_slot.get_or_insert(slot);
                *next = slot.min(*next);
            }
            let buffer = self.state.tracks.entry(new.track).or_default();
            buffer.append(new.fixes, &self.params);
        }
        self.state.complete_to = batch.complete_to;
    }

    /// Measures the slots before `end`.
    fn advance(&mut self, end: i64) -> PairBatch {
        let mut slots = Vec::new();
        let mut company = Vec::new();
        if let Some(begin) = self.state.next_slot {
            // Beyond the reach of the last fix there is no ship.
            let stop = end.min(self.last_slot().map_or(begin, |slot| slot + 1));
            let mut first = begin;
            while first < stop {
                let last = stop.min(first + SLOTS_AT_ONCE) - 1;
                slots.extend(self.measure(first, last));
                first = last + 1;
            }
            let next = begin.max(end);
            self.state.next_slot = Some(next);
            company = self.keep_company(begin, self.params.first_quiet_slot(next));
            self.forget(next);
        }
        slots.sort_unstable_by_key(|s: &PairSlot| (s.pair, s.slot));
        PairBatch {
            slots,
            company,
            complete_to: self.watermark(),
        }
    }

    /// Looks for company in the slots before `end`.
    fn keep_company(&mut self, begin: i64, end: i64) -> Vec<Encounter> {
        let state = &mut self.state;
        let sea = Sea {
            tracks: &state.tracks,
            profiles: &state.profiles,
            waters: self.waters.as_ref(),
            search: self.search.as_ref(),
            params: &self.params,
        };
        state.company.advance(begin, end, &sea)
    }

    /// Measures slots `first..=last`.
    fn measure(&mut self, first: i64, last: i64) -> Vec<PairSlot> {
        let (params, state) = (&self.params, &mut self.state);
        let (waters, search) = (self.waters.as_ref(), self.search.as_ref());
        let reach_s = params.reach_s();
        let from = params.slot_start(first).plus_s(-reach_s);
        let to = params.slot_start(last + 1).plus_s(reach_s);
        let active: Vec<Active> = state
            .tracks
            .iter()
            .filter(|(_, buffer)| buffer.has_fix_between(from, to))
            .map(|(track, buffer)| Active {
                track: *track,
                buffer,
                profile: state.profiles.get(&track.mmsi),
            })
            .collect();
        let placed: Vec<(Vec<Placed>, ExclusionCounts)> = active
            .par_chunks(TRACKS_AT_ONCE)
            .map(|active| place(first..=last, active, params, waters))
            .collect();
        let by_slot = |i| placed.iter().map(move |(slots, _)| &slots[i]);
        let found: Vec<Vec<PairKey>> = (0..(last + 1 - first) as usize)
            .into_par_iter()
            .map(|i| near_pairs(by_slot(i), params, search))
            .collect();
        for (_, exclusions) in &placed {
            state.exclusions.merge(exclusions);
        }
        let mut pairs: BTreeMap<PairKey, Vec<i64>> = BTreeMap::new();
        for (slot, near) in (first..).zip(found) {
            for pair in near {
                pairs.entry(pair).or_default().push(slot);
            }
        }
        let watched = std::mem::take(&mut state.watched);
        for pair in watched.keys() {
            pairs.entry(*pair).or_default();
        }
        let tracks = &state.tracks;
        let walked: Vec<(PairKey, Vec<PairSlot>, Option<Watch>)> = pairs
            .into_par_iter()
            .map(|(pair, near)| {
                let before = watched.get(&pair).copied();
                let (slots, watch) = walk(pair, tracks, before, &near, first..=last, params);
                (pair, slots, watch)
            })
            .collect();
        let mut slots = Vec::new();
        for (pair, of_pair, watch) in walked {
            slots.extend(of_pair);
            if let Some(watch) = watch {
                state.watched.insert(pair, watch);
            }
        }
        slots
    }

    /// The last slot in which a ship can be placed.
    fn last_slot(&self) -> Option<i64> {
        let last = self.state.tracks.values().filter_map(|b| b.fixes().last());
        let last = last.map(|f| f.t).max()?;
        Some(self.params.slot_of(last.plus_s(self.params.reckoning_s)))
    }

    /// Drops what no slot from `next` on can need.
    fn forget(&mut self, next: i64) {
        let params = &self.params;
        let keep_from = params
            .slot_start(next - params.approach_slots)
            .plus_s(-params.reach_s());
        let quiet_from = params.slot_start(params.first_quiet_slot(next));
        let remember_from = (params.slot_start(next).plus_s(-buffer::HISTORY_S))
            .min(quiet_from.plus_s(-params.quiet_s()));
        let tracks = &mut self.state.tracks;
        (tracks.par_iter_mut()).for_each(|(_, buffer)| buffer.forget(keep_from, remember_from));
        tracks.retain(|_, buffer| !buffer.is_empty());
        self.state
            .watched
            .retain(|_, watch| watch.holds(next, params));
        // Company is looked for later, and asks what was known then.
        let day = quiet_from.day();
        for profile in self.state.profiles.values_mut() {
            profile.settle(day);
        }
    }
}

/// Ships in a slot.
#[derive(Default)]
struct Placed {
    tracks: Vec<TrackId>,
    points: Vec<SlotPoint>,
}

/// Where these tracks are in each of the slots, and how many were left out. Track by track, for their fixes lie together.
fn place(
    slots: RangeInclusive<i64>,
    active: &[Active],
    params: &Params,
    waters: &dyn Waters,
) -> (Vec<Placed>, ExclusionCounts) {
    let mut exclusions = ExclusionCounts::default();
    let mut placed: Vec<Placed> = slots.clone().map(|_| Placed::default()).collect();
    let middle = |slot| Timestamp(params.slot_start(slot).0 + params.slot_s * 500);
    let end = |slot| params.slot_start(slot + 1);
    for a in active {
        let mut along = Along::new(a.buffer.fixes(), middle(*slots.start()));
        let as_of = |t| Known::new(a.track.mmsi, a.profile, t);
        let mut known = as_of(end(*slots.start()));
        let is_steady =
            (a.profile).is_none_or(|p| p.is_steady(end(*slots.start()), end(*slots.end())));
        for (slot, placed) in slots.clone().zip(&mut placed) {
            let Some(at) = along.locate(middle(slot), params) else {
                continue;
            };
            if !is_steady {
                known = as_of(end(slot));
            }
            let interested = if params.all_pairs {
                true
            } else {
                match known.interest(&at, waters) {
                    Interest::Party => true,
                    Interest::Bystander => false,
                    Interest::UnknownInshore => {
                        exclusions.unknown_inshore += 1;
                        false
                    }
                    Interest::Excluded(why) => {
                        exclusions.add(why);
                        continue;
                    }
                }
            };
            placed.tracks.push(a.track);
            placed.points.push(SlotPoint {
                n: n_vector(at.place),
                reach_m: (2.0 * at.sigma_m).min(MAX_REACH_M),
                interested,
            });
        }
    }
    (placed, exclusions)
}

/// The near pairs of one slot.
fn near_pairs<'a>(
    placed: impl Iterator<Item = &'a Placed> + Clone,
    params: &Params,
    search: &dyn PairSearch,
) -> Vec<PairKey> {
    let points: Vec<SlotPoint> = placed.clone().flat_map(|p| &p.points).copied().collect();
    let tracks: Vec<TrackId> = placed.flat_map(|p| &p.tracks).copied().collect();
    let pairs = search.pairs(&points, params.contact_radius_m);
    let key = |(i, j): (usize, usize)| PairKey::new(tracks[i], tracks[j]);
    pairs.into_iter().filter_map(key).collect()
}

impl Stage for ProximityStage {
    type Input = TrackBatch;
    type Output = PairBatch;

    fn step(&mut self, batch: TrackBatch) -> PairBatch {
        self.take_in(batch);
        self.advance(self.params.first_open_slot(self.state.complete_to))
    }

    fn watermark(&self) -> Timestamp {
        let slot = self.params.first_open_slot(self.state.complete_to);
        self.params.slot_start(slot)
    }

    fn suspend_in_pieces(&self) -> Result<Pieces, StateError> {
        encode_in_pieces("proximity", 3, &self.state)
    }

    fn state_bytes(&self) -> Result<u64, StateError> {
        encoded_bytes("proximity", 3, &self.state)
    }

    fn resume(&mut self, state: &[u8]) -> Result<(), StateError> {
        self.state = decode("proximity", 3, state)?;
        Ok(())
    }

    fn finish(mut self, rest: Option<TrackBatch>) -> PairBatch {
        if let Some(batch) = rest {
            self.take_in(batch);
        }
        let end = self.last_slot().map_or(i64::MIN, |slot| slot + 1);
        let mut batch = self.advance(end);
        if let Some(begin) = self.state.next_slot {
            batch.company.extend(self.keep_company(begin, end));
            batch.company.extend(self.state.company.open());
        }
        batch.complete_to = Timestamp::MAX;
        batch
    }
}
