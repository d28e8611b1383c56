//! Encounters of ships that were never heard together.
//!
//! In: facts. Out: those of them that say something new, and their judgement. Rule: silence hid how the two lay, so the
//! kind stays open but where nothing else is left: of two ships that would exchange cargo or fuel if they lay alongside,
//! those that drifted the same way for hours, or lay nearer than two anchors allow. Its confidence is that of a
//! transfer of which no moment was seen. A pair that was heard together about then has a better row already.

use std::collections::BTreeMap;

use super::Params;
use super::kind::{Judgement, Kind, Mode, Params as KindParams, Scene};
use crate::model::quantity::{MS_PER_HOUR, hours};
use crate::model::statistics::median;
use crate::model::{Encounter, EvidenceSample, Facts, Timestamp};

/// Confidence of a kind that stays open.
const OPEN: f64 = 0.2;
/// Confidence of a transfer: what is left without a moment alongside.
const UNSEEN: f64 = 0.3;
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

/// The transfer that the company of two ships was, if nothing else explains it.
///
/// Two that drift by themselves go at speeds of their own: at 0.3 kn of difference they are out of the contact radius
/// within two hours. Two at their own anchors stay apart by more than hulls and fenders, or they foul each other.
fn transfer(scene: &Scene, params: &KindParams) -> Option<(Kind, &'static str)> {
    let kind = scene.kind_alongside(params);
    let e = scene.encounter;
    if !kind.is_transfer() || e.end.hours_since(e.start) < params.transfer_min_h {
        return None;
    }
    if scene.mode(params) != Mode::Anchored {
        return Some((
            kind,
            "they went the same way for longer than ships apart do",
        ));
    }
    let moments = &scene.geometry.moments;
    let near = moments.iter().filter(|m| scene.alongside_at(m, params));
    let share = near.count() as f64 / moments.len().max(1) as f64;
    let words = "they lay nearer to each other than two anchors allow";
    (share >= params.alongside_share).then_some((kind, words))
}

/// The judgement of an encounter that wasn't observed.
pub(super) fn judge(scene: &Scene, params: &KindParams) -> Judgement {
    let e = scene.encounter;
    let each = |f: &dyn Fn(&EvidenceSample) -> f64| {
        let values: Vec<f64> = e.evidence.iter().map(f).collect();
        median(values).unwrap_or(0.0)
    };
    let seen = format!(
        "never heard together: {} times in {:.1} h one was heard about {:.0} m from where the other drifted or lay in her \
         silence, about {:.1} h from her nearest report; how they lay isn't known",
        e.samples,
        hours(e.end.0 - e.start.0),
        each(&|s| s.sample.separation_m()),
        each(&|s| f64::from(s.sample.nearest_s)) / 3600.0,
    );
    let transfer = transfer(scene, params);
    let mut words = vec![seen];
    words.extend(transfer.map(|(_, why)| why.to_owned()));
    words.push(scene.shore_words());
    Judgement {
        kind: transfer.map_or(Kind::Other, |(kind, _)| kind),
        confidence: if transfer.is_some() { UNSEEN } else { OPEN },
        mode: scene.mode(params),
        words,
    }
}
