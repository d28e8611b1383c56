//! BY PAIR: from samples of two ships to encounters.
//!
//! In: [`PairBatch`]es. Out: closed encounters with their evidence. Rule: a *contact* lasts while samples are
//! near and the ships hardly move relative to each other; contacts of a pair are one *encounter* for up to
//! `rejoin_h`, through silence of one or both ships, as long as nothing shows the two more than `apart_m`
//! apart and, across silence, the pair can have drifted from one contact to the next together. Silence
//! inside a transfer belongs to the transfer; it is reported as not observed. Pairs that the slot stage found keeping
//! company at different hours are passed on as they are. Whether the ships are at rest
//! is judged slot by slot, so a slot in which they come or go fast is no contact: bounds have its grain. An encounter begins
//! once both ships had been heard, and ends while both still were: places that are reckoned beyond that only find it.

mod open;

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::model::param::within;
use crate::model::quantity::MS_PER_HOUR;
use crate::model::{Encounter, PairBatch, PairKey, PairSlot, ParamError, Timestamp};
use crate::stage::{Pieces, Stage, StateError, decode, encode_in_pieces, encoded_bytes};
use open::Followed;

/// Parameters of the pair stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Params {
    /// Distance between antennas within which a sample is near, metres; that of the slot stage.
    #[serde(skip)]
    pub contact_radius_m: f64,
    /// Distance beyond which a pair is apart, metres; that of the slot stage.
    #[serde(skip)]
    pub apart_m: f64,
    /// Length of a slot, seconds; that of the slot stage.
    #[serde(skip)]
    pub slot_s: i64,
    /// How long a pair is followed after it was last near, hours; that of the slot stage.
    #[serde(skip)]
    pub watch_h: f64,
    /// Greatest relative speed of ships in contact, knots.
    pub relative_speed_kn: f64,
    /// Slots without a sample that a contact outlasts.
    pub run_gap_slots: i64,
    /// Longest time between two contacts of one encounter, hours.
    pub rejoin_h: f64,
    /// Greatest mean speed of a pair across silence, knots.
    pub rejoin_max_speed_kn: f64,
    /// Time in contact that makes an encounter, hours.
    pub min_observed_h: f64,
    /// Time between two moments in contact that will do where the ships were then unheard, hours.
    pub glimpse_h: f64,
    /// Least possible duration of an encounter of which no more than that was seen, hours.
    pub glimpse_possible_h: f64,
    /// Samples of an encounter that are kept as evidence.
    pub evidence_samples: usize,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            contact_radius_m: 500.0,
            apart_m: 1000.0,
            slot_s: 600,
            watch_h: 48.0,
            relative_speed_kn: 1.0,
            run_gap_slots: 3,
            rejoin_h: 24.0,
            rejoin_max_speed_kn: 6.0,
            min_observed_h: 0.5,
            glimpse_h: 0.15,
            glimpse_possible_h: 2.0,
            evidence_samples: 512,
        }
    }
}

impl Params {
    /// Holds every value to its range; a pair must be followed for `watch_h`, long enough to be joined again.
    ///
    /// # Errors
    /// On the first value out of range.
    pub fn validate(&self, watch_h: f64) -> Result<(), ParamError> {
        within("relative_speed_kn", self.relative_speed_kn, 0.1..=10.0)?;
        within("run_gap_slots", self.run_gap_slots, 0..=144)?;
        within("rejoin_h", self.rejoin_h, 0.0..=watch_h.min(168.0))?;
        within("rejoin_max_speed_kn", self.rejoin_max_speed_kn, 0.1..=30.0)?;
        within("min_observed_h", self.min_observed_h, 0.0..=72.0)?;
        within("glimpse_h", self.glimpse_h, 0.0..=72.0)?;
        within("glimpse_possible_h", self.glimpse_possible_h, 0.0..=72.0)?;
        within("evidence_samples", self.evidence_samples, 16..=4096)
    }

    fn hours_ms(h: f64) -> i64 {
        (h * MS_PER_HOUR as f64) as i64
    }

    /// Takes over what the slot stage decides.
    pub fn follow(&mut self, contact_radius_m: f64, apart_m: f64, slot_s: i64, watch_h: f64) {
        self.contact_radius_m = contact_radius_m;
        self.apart_m = apart_m;
        self.slot_s = slot_s;
        self.watch_h = watch_h;
    }

    fn slot_start(&self, slot: i64) -> Timestamp {
        Timestamp(slot * self.slot_s * 1000)
    }

    /// Longest time without a sample inside a contact, milliseconds.
    fn hole_ms(&self) -> i64 {
        (self.run_gap_slots + 1) * self.slot_s * 1000
    }
}

/// The pair stage.
#[derive(Clone, Debug)]
pub struct EncounterStage {
    params: Params,
    state: State,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct State {
    complete_to: Timestamp,
    pairs: BTreeMap<PairKey, Followed>,
}

impl EncounterStage {
    /// A stage that has seen nothing.
    pub fn new(params: Params) -> Self {
        Self {
            params,
            state: State {
                complete_to: Timestamp::MIN,
                pairs: BTreeMap::new(),
            },
        }
    }

    /// Takes in measured slots; returns the encounters that they close.
    fn take_in(&mut self, slots: &[PairSlot]) -> Vec<Encounter> {
        let params = &self.params;
        let work: Vec<(PairKey, Followed, &[PairSlot])> = slots
            .chunk_by(|a, b| a.pair == b.pair)
            .map(|slots| {
                let pair = slots[0].pair;
                (
                    pair,
                    self.state.pairs.remove(&pair).unwrap_or_default(),
                    slots,
                )
            })
            .collect();
        let done: Vec<(PairKey, Followed, Vec<Encounter>)> = work
            .into_par_iter()
            .map(|(pair, mut followed, slots)| {
                let mut closed = Vec::new();
                for slot in slots {
                    followed.take(slot, params, &mut closed);
                }
                (pair, followed, closed)
            })
            .collect();
        let mut out = Vec::new();
        for (pair, followed, closed) in done {
            out.extend(closed);
            self.state.pairs.insert(pair, followed);
        }
        out
    }
}

fn sorted(mut encounters: Vec<Encounter>) -> Vec<Encounter> {
    encounters.sort_by_key(Encounter::order);
    encounters
}

impl Stage for EncounterStage {
    type Input = PairBatch;
    type Output = Vec<Encounter>;

    fn step(&mut self, batch: PairBatch) -> Vec<Encounter> {
        let mut out = self.take_in(&batch.slots);
        out.extend(batch.company);
        let params = &self.params;
        self.state.complete_to = batch.complete_to;
        self.state.pairs.retain(|pair, followed| {
            followed.close_if_over(*pair, batch.complete_to, params, &mut out);
            followed.is_needed(batch.complete_to, params)
        });
        sorted(out)
    }

    fn watermark(&self) -> Timestamp {
        self.state.complete_to
    }

    fn suspend_in_pieces(&self) -> Result<Pieces, StateError> {
        encode_in_pieces("encounter", 3, &self.state)
    }

    fn state_bytes(&self) -> Result<u64, StateError> {
        encoded_bytes("encounter", 3, &self.state)
    }

    fn resume(&mut self, state: &[u8]) -> Result<(), StateError> {
        self.state = decode("encounter", 3, state)?;
        Ok(())
    }

    fn finish(mut self, rest: Option<PairBatch>) -> Vec<Encounter> {
        let rest = rest.unwrap_or_default();
        let mut out = self.take_in(&rest.slots);
        out.extend(rest.company);
        for encounter in &mut out {
            encounter.closed = false;
        }
        let pairs = self.state.pairs.iter();
        out.extend(pairs.filter_map(|(pair, followed)| followed.as_open(*pair, &self.params)));
        sorted(out)
    }
}
