//! Encounters of ships that were never heard together.
//!
//! In: facts. Out: those of them that say something new, and their judgement. Rule: silence hid whether the two met,
//! so the kind stays open and its confidence low, whoever they are; a pair that was heard together about then has a
//! better row already.

use std::collections::BTreeMap;

use super::Params;
use super::kind::{Judgement, Kind, Params as KindParams, Scene};
use crate::model::quantity::{MS_PER_HOUR, hours};
use crate::model::statistics::median;
use crate::model::{Encounter, EvidenceSample, Facts, Timestamp};

/// Confidence of the kind.
const CONFIDENCE: f64 = 0.2;
/// Heard together this long before or after, a pair has a row already, milliseconds.
const NEAR_MS: i64 = 24 * MS_PER_HOUR;

/// Leaves out the encounters that another of the same two ships, heard together, covers.
pub(super) fn without_repeats(mut facts: Facts, params: &Params) -> Facts {
    let ships = |e: &Encounter| [e.pair.first().mmsi, e.pair.second().mmsi];
    let mut observed: BTreeMap<[u32; 2], Vec<(Timestamp, Timestamp)>> = BTreeMap::new();
    for e in facts.encounters.iter().filter(|e| e.is_observed()) {
        let spans = observed.entry(ships(e)).or_default();
        spans.push((e.start, e.end));
    }
    let is_covered = |e: &Encounter| {
        let known = params.window(e.start, e.end).closed();
        let latest = known.min(Timestamp(e.end.0 + NEAR_MS));
        let mut spans = observed.get(&ships(e)).into_iter().flatten();
        spans.any(|(start, end)| *start <= latest && e.start.0 <= end.0 + NEAR_MS)
    };
    let is_new = |e: &Encounter| e.is_observed() || !is_covered(e);
    facts.encounters.retain(is_new);
    facts
}

/// The judgement of an encounter that wasn't observed.
pub(super) fn judge(scene: &Scene, params: &KindParams) -> Judgement {
    let e = scene.encounter;
    let each = |f: &dyn Fn(&EvidenceSample) -> f64| {
        let values: Vec<f64> = e.evidence.iter().map(f).collect();
        median(values).unwrap_or(0.0)
    };
    let words = format!(
        "never heard together: {} times in {:.1} h one was heard about {:.0} m from where the other drifted or lay in her \
         silence, about {:.1} h from her nearest report; how they lay isn't known",
        e.samples,
        hours(e.end.0 - e.start.0),
        each(&|s| s.sample.separation_m()),
        each(&|s| f64::from(s.sample.nearest_s)) / 3600.0,
    );
    Judgement {
        kind: Kind::Other,
        confidence: CONFIDENCE,
        mode: scene.mode(params),
        words: vec![words, scene.shore_words()],
    }
}
