//! Where each track was, day by day; forms that no ship sails; stretches deep inside land.
//!
//! In: the fixes that the vessel stage hands on. Out: [`Presence`]. Rule: each track is read on its own, fix
//! by fix; what is kept of it are integers of one day and the last block of fixes a minute apart.

mod fit;
mod forms;
mod inland;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::presence::{Presence, TrackDay};
use crate::model::quantity::MS_PER_DAY;
use crate::model::{Extent, Fix, Timestamp, TrackBatch, TrackId};
use crate::stage::{Pieces, StateError, Waters, decode, encode_in_pieces, encoded_bytes};

/// A track that is silent for longer has nothing under way.
const SILENCE_MS: i64 = MS_PER_DAY;

/// The state of all tracks that were heard lately.
#[derive(Clone)]
pub struct PresenceStage {
    waters: Arc<dyn Waters + Send>,
    tracks: BTreeMap<TrackId, TrackState>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct TrackState {
    day: TrackDay,
    forms: forms::State,
    inland: inland::State,
}

impl PresenceStage {
    /// A stage that has seen nothing.
    pub fn new(waters: Arc<dyn Waters + Send>) -> Self {
        Self {
            waters,
            tracks: BTreeMap::new(),
        }
    }

    /// Takes in the next fixes and returns what became final by them.
    pub fn step(&mut self, batch: &TrackBatch) -> Presence {
        let mut out = self.take_all(batch);
        out.complete_to = batch.complete_to;
        let silent_since = Timestamp(batch.complete_to.0 - SILENCE_MS);
        self.tracks.retain(|track, state| {
            if state.day.last.t >= silent_since {
                return true;
            }
            state.finish(*track, true, &mut out);
            false
        });
        out
    }

    fn take_all(&mut self, batch: &TrackBatch) -> Presence {
        let mut out = Presence::default();
        for new in &batch.tracks {
            let Some(first) = new.fixes.first() else {
                continue;
            };
            let (state, rest) = match self.tracks.entry(new.track) {
                Entry::Occupied(known) => (known.into_mut(), &new.fixes[..]),
                Entry::Vacant(free) => {
                    let state = TrackState::new(new.track, first);
                    (free.insert(state), &new.fixes[1..])
                }
            };
            for fix in rest {
                state.take(new.track, fix, &*self.waters, &mut out);
            }
        }
        out
    }

    /// What is under way, as it stands after `rest`. Made from a copy.
    pub fn finish(mut self, rest: &TrackBatch) -> Presence {
        let mut out = self.take_all(rest);
        for (track, state) in &mut self.tracks {
            state.finish(*track, false, &mut out);
        }
        out
    }

    /// The whole state as bytes.
    ///
    /// # Errors
    /// If it can't be encoded.
    pub fn suspend_in_pieces(&self) -> Result<Pieces, StateError> {
        encode_in_pieces("presence", 1, &self.tracks)
    }

    /// How many bytes [`Self::suspend_in_pieces`] makes, without making them.
    ///
    /// # Errors
    /// If the state can't be written as bytes.
    pub fn state_bytes(&self) -> Result<u64, StateError> {
        encoded_bytes("presence", 1, &self.tracks)
    }

    /// Takes the state back from [`Self::suspend_in_pieces`].
    ///
    /// # Errors
    /// If the bytes are of another version or damaged.
    pub fn resume(&mut self, state: &[u8]) -> Result<(), StateError> {
        self.tracks = decode("presence", 1, state)?;
        Ok(())
    }
}

fn one_fix(track: TrackId, fix: &Fix) -> TrackDay {
    TrackDay {
        track,
        day: fix.t.day(),
        first: *fix,
        last: *fix,
        fixes: 1,
        extent: Extent::default(),
    }
}

impl TrackState {
    fn new(track: TrackId, fix: &Fix) -> Self {
        Self {
            day: one_fix(track, fix),
            forms: forms::State::new(fix),
            inland: inland::State::default(),
        }
    }

    fn take(
        &mut self,
        track: TrackId,
        fix: &Fix,
        waters: &(dyn Waters + Send),
        out: &mut Presence,
    ) {
        if fix.t.0 - self.day.last.t.0 > SILENCE_MS {
            self.finish(track, true, out);
            *self = Self::new(track, fix);
            return;
        }
        if self.day.day == fix.t.day() {
            let day = &mut self.day;
            day.last = *fix;
            day.fixes += 1;
            let offset = day.first.place.offset_e7(fix.place);
            day.extent = day.extent.with(Extent::at(offset));
        } else {
            let new = one_fix(track, fix);
            out.days.push(std::mem::replace(&mut self.day, new));
        }
        if let Some(fix) = self.forms.take(track, fix, &mut out.forms) {
            let is_inland = waters.inland(fix.place);
            self.inland.take(track, &fix, is_inland, &mut out.inland);
        }
    }

    fn finish(&mut self, track: TrackId, closed: bool, out: &mut Presence) {
        out.days.push(self.day.clone());
        self.forms.finish(track, closed, &mut out.forms);
        self.inland.finish(track, closed, &mut out.inland);
    }
}
