//! The stages in a row: one engine for a batch over an archive, a night, and any cut in between.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::encounter::{self, EncounterStage};
use crate::model::report::PART_MS;
use crate::model::{
    Chunk, Encounter, Facts, Gap, Presence, RejectLedger, RejectReason, SlowRun, StaticHistory,
    StaticSpan, Stay, Timestamp, TrackBatch, VesselSummary,
};
use crate::proximity::{self, ExclusionCounts, GridSearch, PairSearch, ProximityStage};
use crate::reception::{self, Reception};
use crate::stage::{
    Pieces, Stage, StateError, Waters, decode, encode_in_pieces, encoded_bytes, joined, parted,
};
use crate::track::{self, PresenceStage, TrackStage};

/// Parameters of all stages.
#[derive(Clone, Debug, Default)]
pub struct EngineParams {
    /// BY VESSEL.
    pub track: track::Params,
    /// BY SLOT.
    pub proximity: proximity::Params,
    /// BY PAIR.
    pub encounter: encounter::Params,
    /// Who is heard where.
    pub reception: reception::Params,
}

/// Version of the engine's state, and of what it found in it.
const VERSION: u16 = 9;

/// All stages, what they found so far, and what is known of the vessels.
#[derive(Clone)]
pub struct Engine {
    track: TrackStage,
    presence: PresenceStage,
    proximity: ProximityStage,
    encounter: EncounterStage,
    reception: reception::Params,
    waters: Arc<dyn Waters + Send>,
    found: Found,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Found {
    complete_to: Timestamp,
    encounters: Vec<Encounter>,
    slow_runs: Vec<SlowRun>,
    stays: Vec<Stay>,
    gaps: Vec<Gap>,
    presence: Presence,
    reception: Reception,
    histories: BTreeMap<u32, StaticHistory>,
    rejects: RejectLedger,
}

impl Found {
    fn take(&mut self, out: track::Output) -> TrackBatch {
        self.slow_runs.extend(out.slow_runs);
        self.stays.extend(out.stays);
        self.gaps.extend(out.gaps);
        self.presence.rivalries.extend(out.rivalries);
        self.rejects.merge(&out.rejects);
        self.learn(&out.batch.statics);
        out.batch
    }

    fn learn(&mut self, statics: &[StaticSpan]) {
        for span in statics {
            self.histories.entry(span.mmsi).or_default().add(span);
        }
    }
}

impl Engine {
    /// An engine that has seen nothing.
    pub fn new(params: EngineParams, waters: Arc<dyn Waters + Send>) -> Self {
        Self::with_search(params, waters, Arc::new(GridSearch))
    }

    /// The same with another way to find near pairs.
    pub fn with_search(
        mut params: EngineParams,
        waters: Arc<dyn Waters + Send>,
        search: Arc<dyn PairSearch + Send>,
    ) -> Self {
        let slots = &params.proximity;
        params.encounter.follow(
            slots.contact_radius_m,
            slots.apart_m,
            slots.slot_s,
            slots.watch_h,
        );
        params
            .reception
            .follow(params.track.silence_h(), params.track.track_confirm_s);
        Self {
            reception: params.reception,
            track: TrackStage::new(params.track),
            presence: PresenceStage::new(waters.clone()),
            proximity: ProximityStage::with_search(params.proximity, waters.clone(), search),
            encounter: EncounterStage::new(params.encounter),
            waters,
            found: Found::default(),
        }
    }

    /// Takes in the next chunk, in parts: the law makes that the same, and only a part's pairs are held at once.
    pub fn step(&mut self, chunk: Chunk) {
        self.step_parts(chunk.split(PART_MS).into_iter());
    }

    /// Takes in the next parts. While what is left of one is worked on, the vessels of the next are.
    pub fn step_parts(&mut self, mut parts: impl Iterator<Item = Chunk> + Send) {
        let Self {
            track,
            presence,
            proximity,
            encounter,
            reception,
            waters,
            found,
        } = self;
        let mut cleaned: Option<TrackBatch> = None;
        loop {
            let (next, ()) = rayon::join(
                || {
                    let part = parts.next()?;
                    Some((part.complete_to, track.step(part)))
                },
                || {
                    let Some(batch) = cleaned.take() else { return };
                    let (heard, complete_to) = (&mut found.reception, found.complete_to);
                    let (present, ()) = rayon::join(
                        || presence.step(&batch),
                        || heard.step(&batch, complete_to, waters.as_ref(), reception),
                    );
                    found.presence.extend(present);
                    let pairs = proximity.step(batch);
                    found.encounters.extend(encounter.step(pairs));
                },
            );
            let Some((complete_to, out)) = next else {
                break;
            };
            found.complete_to = complete_to;
            cleaned = Some(found.take(out));
        }
    }

    /// Everything found until now; what is under way stands in it as open. The engine goes on unchanged.
    pub fn facts(&self) -> Facts {
        self.clone().into_facts()
    }

    /// Everything found, at the end.
    pub fn into_facts(self) -> Facts {
        let Self {
            track,
            presence,
            proximity,
            encounter,
            reception,
            waters,
            mut found,
        } = self;
        let vessels = track.vessels();
        let span = track.span();
        let complete_to = track.watermark();
        let batch = found.take(track.finish(None));
        found.presence.extend(presence.finish(&batch));
        found.presence.complete_to = complete_to;
        let waters = waters.as_ref();
        found
            .reception
            .step(&batch, found.complete_to, waters, &reception);
        let data_end = span.map_or(Timestamp::MIN, |(_, last)| last);
        let (heard, mut encounters) = (found.reception, found.encounters);
        let (last, witnesses) = rayon::join(
            || encounter.finish(Some(proximity.finish(Some(batch)))),
            || heard.finish(data_end, waters, &reception),
        );
        encounters.extend(last);
        let mut facts = Facts {
            encounters,
            slow_runs: found.slow_runs,
            stays: found.stays,
            gaps: found.gaps,
            presence: found.presence,
            witnesses,
            vessels,
            histories: found.histories,
            of_tracks: BTreeMap::new(),
            span,
            complete_to: found.complete_to,
        };
        facts.sort();
        facts
    }

    /// Takes out what is closed and what was learned: it never changes, so it needn't be carried on.
    /// [`Facts::with_earlier`] puts it back for judging.
    pub fn release(&mut self) -> Facts {
        Facts {
            encounters: std::mem::take(&mut self.found.encounters),
            slow_runs: std::mem::take(&mut self.found.slow_runs),
            stays: std::mem::take(&mut self.found.stays),
            gaps: std::mem::take(&mut self.found.gaps),
            presence: std::mem::take(&mut self.found.presence),
            histories: std::mem::take(&mut self.found.histories),
            witnesses: self.found.reception.release(),
            ..Facts::default()
        }
    }

    /// What was counted of each MMSI, by MMSI.
    pub fn vessels(&self) -> Vec<VesselSummary> {
        self.track.vessels()
    }

    /// Rows that the stages didn't use, in all that has been stepped, as [`Self::vessels`] counts them: fixes that still
    /// wait for company have none.
    pub fn rejects(&self) -> RejectLedger {
        let mut rejects = self.found.rejects.clone();
        rejects.add(RejectReason::Outlier, self.track.waiting());
        rejects
    }

    /// Ships left out of the search for pairs.
    pub fn exclusions(&self) -> &ExclusionCounts {
        self.proximity.exclusions()
    }

    /// Bytes of what is carried on: the stages' state and what is known of the vessels, without closed events.
    ///
    /// # Errors
    /// If it can't be encoded.
    pub fn state_bytes(&self) -> Result<u64, StateError> {
        let known = || encoded_bytes("knowledge", 1, &self.found.histories);
        let ((track, presence), (proximity, encounter)) = rayon::join(
            || (self.track.state_bytes(), self.presence.state_bytes()),
            || (self.proximity.state_bytes(), self.encounter.state_bytes()),
        );
        let stages = track? + presence? + proximity? + encounter?;
        Ok(known()? + stages + self.found.reception.state_bytes())
    }

    /// The whole state as bytes.
    ///
    /// # Errors
    /// If it can't be encoded.
    pub fn suspend(&self) -> Result<Vec<u8>, StateError> {
        Ok(self.suspend_in_pieces()?.concat())
    }

    /// The same in pieces.
    ///
    /// # Errors
    /// If it can't be encoded.
    pub fn suspend_in_pieces(&self) -> Result<Pieces, StateError> {
        let ((track, found), (presence, (proximity, encounter))) = rayon::join(
            || {
                rayon::join(
                    || self.track.suspend_in_pieces(),
                    || encode_in_pieces("found", VERSION, &self.found),
                )
            },
            || {
                let pairs = || {
                    rayon::join(
                        || self.proximity.suspend_in_pieces(),
                        || self.encounter.suspend_in_pieces(),
                    )
                };
                rayon::join(|| self.presence.suspend_in_pieces(), pairs)
            },
        );
        let states = [track?, presence?, proximity?, encounter?, found?];
        joined("engine", VERSION, states)
    }

    /// Takes the state back from [`Engine::suspend`].
    ///
    /// # Errors
    /// If the bytes are of another version or damaged.
    pub fn resume(&mut self, bytes: &[u8]) -> Result<(), StateError> {
        let [track, presence, proximity, encounter, found] = parted("engine", VERSION, bytes)?;
        self.track.resume(track)?;
        self.presence.resume(presence)?;
        self.proximity.resume(proximity)?;
        self.encounter.resume(encounter)?;
        self.found = decode("found", VERSION, found)?;
        Ok(())
    }
}
