//! What others tell of a silence, in words.

use super::chance::{Chance, SLOT_H};
use super::{Case, hole_h};
use crate::model::text::percent;
use crate::model::{GapWitness, SlotCount};

/// Usual share of blocks heard, and that in the silence, between which a station failed.
const OUTAGE: (f64, f64) = (0.7, 0.1);
/// Said of a silence that lasts.
pub(super) const NOT_AGAIN: &str = "not heard again before the data ends";

/// What is said of the chance that reception alone makes a silence.
pub(super) fn by_reception(natural: f64) -> String {
    format!(
        "reception alone makes such a silence with a chance of {}",
        percent(natural)
    )
}

/// `17 % of their slots and 98 % of two-hour spans`: in how many slots ships were heard, and in how many spans at all where these
/// are more.
fn often(count: SlotCount, of_slots: &str) -> Option<String> {
    let [slots, spans] = [count.share()?, count.covered_share()?].map(percent);
    Some(if slots == spans {
        format!("{slots}{of_slots}")
    } else {
        format!("{slots}{of_slots} and {spans} of two-hour spans")
    })
}

impl Case<'_> {
    /// Says it.
    pub(super) fn describe(&self, chance: Option<&Chance>, words: &mut Vec<String>) {
        let Some(c) = chance else { return };
        if let Some(heard) = often(c.others, " of their slots") {
            let (hours, ships) = (self.duration_h, c.others.ships);
            words.push(if self.gap.end.is_some() && !c.is_told() {
                format!(
                    "silent {hours:.1} h; in {:.1} h of it {ships} other ships were heard in {heard}, of the rest too few tell",
                    c.told_h()
                )
            } else if self.gap.end.is_some() {
                format!(
                    "silent {hours:.1} h where {ships} other ships were heard in {heard}"
                )
            } else {
                format!(
                    "silent {hours:.1} h; on its course {ships} other ships were heard in {heard} since"
                )
            });
        }
        let witness = self.witness;
        if let Some(own) = witness.and_then(|w| often(w.own, " of its slots")) {
            let mut text = format!("itself heard in {own} in the two days before");
            if let Some(others) = witness.and_then(|w| often(self.enough(w.before)?, "")) {
                text.push_str(&format!(", others there in {others}"));
            }
            words.push(text);
        }
        if let Some(h) = c.exit_h {
            let edge = if c.is_edge {
                "nobody is heard"
            } else {
                "few are heard"
            };
            words.push(format!("its course led where {edge} after {h:.1} h"));
        }
        if let Some(h) = c.entry_h {
            words.push(format!(
                "its course when it was heard again came from where few are, {h:.1} h before"
            ));
        }
        if witness.is_some_and(|w| w.on_waterway) {
            words.push("on a waterway inland, where no course tells the way".to_owned());
        }
        // What lies beyond says nothing of reception.
        let landfall = |w: &GapWitness| {
            let (slots, _) = w.landfall?;
            w.exit_slot
                .is_none_or(|exit| slots <= exit)
                .then_some(slots)
        };
        if let Some(slots) = witness.and_then(landfall) {
            words.push(format!(
                "its course led ashore after {:.1} h",
                f64::from(slots) * SLOT_H
            ));
        }
        let hours = hole_h(witness);
        if hours > 0.0 {
            words.push(format!(
                "nobody was heard about it in {hours:.1} h of it: the data has a hole"
            ));
        }
        let usual = witness.and_then(|w| self.enough(w.usual)?.covered_share());
        if usual.is_some_and(|u| u >= OUTAGE.0)
            && c.others.covered_share().is_some_and(|now| now <= OUTAGE.1)
        {
            words.push("others there fell silent with it: a station failed".to_owned());
        }
    }
}
