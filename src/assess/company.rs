//! Encounters of ships that were never heard together for long enough to be a contact.
//!
//! In: facts. Out: those of them that say something new, and their judgement. Rule: silence hid how the two lay, so the
//! kind stays open but where nothing else is left: of two ships that would exchange cargo or fuel if they lay
//! alongside, those that drifted the same way for hours, or lay nearer than two anchors allow, and were never seen
//! apart meanwhile. Its confidence is that of a transfer of which no moment was seen. A pair that was heard together
//! about then has a better row already.

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
///
/// Only one that was over by the window of what it covers, and closed by its end: one that goes on may turn out to be no
/// encounter, or reach back to what was final by then.
pub(super) fn without_repeats(mut facts: Facts, params: &Params) -> Facts {
    let ships = |e: &Encounter| [e.pair.first().mmsi, e.pair.second().mmsi];
    let mut observed: BTreeMap<[u32; 2], Vec<(Timestamp, Timestamp)>> = BTreeMap::new();
    for e in facts.encounters.iter().filter(|e| e.is_observed()) {
        let spans = observed.entry(ships(e)).or_default();
        spans.push((e.start, e.end));
    }
    let is_covered = |e: &Encounter| {
        let known = params.window(e.start, e.end).closed();
        let near = Timestamp(e.start.0 - NEAR_MS)..=Timestamp(e.end.0 + NEAR_MS);
        let mut spans = observed.get(&ships(e)).into_iter().flatten();
        spans.any(|(start, end)| start <= near.end() && near.start() <= end && *end <= known)
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
    // The few moments in which both were heard at one time tell more than hours in which one of them was.
    let moments = &scene.geometry.moments;
    let mut told = (moments.iter().filter(|m| m.in_frame_m.is_some())).peekable();
    if told.peek().is_some() && !told.any(|m| scene.alongside_at(m, params)) {
        return None;
    }
    if scene.mode(params) != Mode::Anchored {
        return Some((
            kind,
            "they went the same way for longer than ships apart do",
        ));
    }
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
        "hardly or never heard together: {} times in {:.1} h one was heard about {:.0} m from where the other drifted or lay in her \
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{PairKey, TrackId};

    /// Of these hours, and heard together or not.
    fn encounter(hours: std::ops::Range<i64>, is_observed: bool) -> Encounter {
        let track = |mmsi, start| TrackId {
            mmsi,
            start: Timestamp(start),
        };
        // Ships, not tracks, are what repeats.
        let tracks = [track(311_000_001, hours.start), track(538_000_002, 0)];
        let pair = PairKey::new(tracks[0], tracks[1]).expect("two ships");
        let [start, end] = [hours.start, hours.end].map(|h| Timestamp(h * MS_PER_HOUR));
        Encounter {
            observed_ms: MS_PER_HOUR,
            contacts: u32::from(is_observed),
            silence: !is_observed,
            samples: 3,
            ..Encounter::bare(pair, start, end)
        }
    }

    /// Whether the encounter of the hours 100 to 110, never heard together, stays beside one of these hours that was.
    fn stays(hours: std::ops::Range<i64>) -> bool {
        let facts = Facts {
            encounters: vec![encounter(100..110, false), encounter(hours, true)],
            ..Facts::default()
        };
        let left = without_repeats(facts, &Params::default()).encounters;
        left.iter().any(|e| !e.is_observed())
    }

    #[test]
    fn what_was_heard_together_about_then_says_it_better() {
        assert!(!stays(102..108));
        assert!(!stays(60..76));
        assert!(!stays(134..140));
        assert!(stays(60..75));
        assert!(stays(135..140));
    }

    /// Both begin at the first of them: the row of what was not heard together may be final while the other goes on.
    #[test]
    fn two_that_begin_at_once_have_names_of_their_own() {
        let [heard, not_heard] = [true, false].map(|heard| encounter(100..110, heard));
        let at_once = Encounter {
            pair: heard.pair,
            ..not_heard
        };
        assert_eq!((heard.pair, heard.start), (at_once.pair, at_once.start));
        assert_ne!(heard.id(), at_once.id());
    }

    /// A final row is never taken back: not by a meeting that nobody could call over when the row became final.
    #[test]
    fn what_still_goes_on_when_the_row_is_final_leaves_it() {
        // Seven days less two, in which whatever ended is closed.
        let known = 110 + 5 * 24;
        assert!(!stays(120..known));
        assert!(stays(120..known + 1));
    }
}
