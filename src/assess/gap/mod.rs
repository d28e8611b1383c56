//! Why a ship was silent: limits of the data, a port, a ship alongside, poor reception, or nothing known.
//!
//! In: a gap and what others tell of it ([`GapWitness`]). Out: `reception`, `explanation`, `intentional`, `reasons`.
//! Rule: a silence that the data's own limits cut, one in port and one alongside another ship isn't judged. Of any
//! other it is asked how likely reception alone makes it ([`chance`]); by Bayes' rule, with the share of silences that
//! are switch-offs (`switch_off_share`), that becomes `intentional`. Unknown reception leaves it unknown.

mod chance;

use serde::{Deserialize, Serialize};

use super::places::Places;
use crate::geodesy::distance_m;
use crate::model::param::within;
use crate::model::quantity::MS_PER_HOUR;
use crate::model::{AisClass, Encounter, Facts, Gap, GapWitness, ParamError, SlotCount};
use chance::Chance;

/// A ship slower than this in a port is at a berth or in its roads, knots.
const IN_PORT_KN: f64 = 2.0;
/// A ship that is heard again within this distance of the port of its last fix stayed about it, kilometres.
const ABOUT_PORT_KM: f64 = 10.0;
/// An encounter holds a gap if it was seen this close to both its ends, milliseconds: as long as a ship is placed
/// between two fixes.
const ALONGSIDE_MS: i64 = MS_PER_HOUR;
/// Usual share heard, and share heard in the silence, between which a station failed.
const OUTAGE: (f64, f64) = (0.7, 0.1);
/// Class B is carried by choice and goes off with the boat's batteries: no more than even.
const CLASS_B_MOST: f64 = 0.5;

/// Parameters of the judgement of gaps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Params {
    /// Share of switch-offs among silences of which nothing else is known.
    pub switch_off_share: f64,
    /// Hours over which a ship's reception hangs together.
    pub correlation_h: f64,
    /// Share of slots heard of others from which on short gaps are reported.
    pub high_reception: f64,
    /// From this on a silence counts as unexplained.
    pub unexplained: f64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            switch_off_share: 0.05,
            correlation_h: 2.0,
            high_reception: 0.8,
            unexplained: 0.5,
        }
    }
}

impl Params {
    /// Holds every value to its range.
    ///
    /// # Errors
    /// On the first value out of range.
    pub fn validate(&self) -> Result<(), ParamError> {
        within("switch_off_share", self.switch_off_share, 0.0001..=0.9999)?;
        within("correlation_h", self.correlation_h, 0.1..=24.0)?;
        within("high_reception", self.high_reception, 0.0..=1.0)?;
        within("unexplained", self.unexplained, 0.0..=1.0)
    }
}

/// What explains a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Explanation {
    LeftArea,
    EndOfData,
    Port,
    PoorReception,
    ClassB,
    Alongside,
    Unexplained,
}

impl Explanation {
    /// The name in tables.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::LeftArea => "left_area",
            Self::EndOfData => "end_of_data",
            Self::Port => "port",
            Self::PoorReception => "poor_reception",
            Self::ClassB => "class_b",
            Self::Alongside => "alongside",
            Self::Unexplained => "unexplained",
        }
    }
}

/// A judged gap.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Judgement {
    /// Share of others' slots heard, where the ship may have been.
    pub reception: Option<f64>,
    /// `None` where too little is known.
    pub explanation: Option<Explanation>,
    pub intentional: Option<f64>,
    pub words: Vec<String>,
}

/// All that a gap is judged by.
pub(super) struct Case<'a> {
    pub gap: &'a Gap,
    pub witness: Option<&'a GapWitness>,
    /// Encounters of the ship.
    pub encounters: &'a [&'a Encounter],
    pub duration_h: f64,
    /// Fewer others than this tell nothing.
    pub min_others: u32,
}

/// What others tell of a gap.
pub(super) fn witness_of<'a>(facts: &'a Facts, gap: &Gap) -> Option<&'a GapWitness> {
    let key = (gap.track, gap.start.t);
    let found = facts
        .witnesses
        .binary_search_by_key(&key, |w| (w.track, w.start));
    found.ok().map(|i| &facts.witnesses[i])
}

impl Case<'_> {
    /// Judges the gap.
    pub(super) fn judge(&self, places: &Places, params: &Params) -> Judgement {
        let chance = self.witness.map(|w| Chance::of(w, self.min_others, params));
        let mut out = Judgement {
            reception: chance.as_ref().and_then(|c| c.others.share()),
            ..Judgement::default()
        };
        self.describe(chance.as_ref(), &mut out.words);
        let left = chance.as_ref().is_some_and(Chance::left);
        if self.gap.end.is_none() {
            out.explanation = Some(if left {
                Explanation::LeftArea
            } else {
                Explanation::EndOfData
            });
            out.words
                .push("not heard again before the data ends".to_owned());
            return out;
        }
        if let Some(other) = self.partner() {
            out.explanation = Some(Explanation::Alongside);
            out.words.push(format!(
                "near {other:09} when it fell silent and when it was heard again"
            ));
            return out;
        }
        if let Some(port) = self.port(places) {
            out.explanation = Some(Explanation::Port);
            out.words.push(format!(
                "fell silent in port ({port}) and was heard again there"
            ));
            return out;
        }
        let natural = chance.as_ref().and_then(Chance::natural);
        if left {
            out.explanation = Some(Explanation::LeftArea);
            return out;
        }
        let Some(natural) = natural else {
            out.words
                .push("too few other ships about to tell".to_owned());
            return out;
        };
        let share = params.switch_off_share;
        let intentional = share / (share + (1.0 - share) * natural);
        let is_b = self.gap.class == Some(AisClass::B);
        out.intentional = Some(if is_b {
            intentional.min(CLASS_B_MOST)
        } else {
            intentional
        });
        out.explanation = Some(if intentional < params.unexplained {
            Explanation::PoorReception
        } else if is_b {
            Explanation::ClassB
        } else {
            Explanation::Unexplained
        });
        out.words.push(format!(
            "reception alone makes such a silence with a chance of {}",
            percent(natural)
        ));
        if is_b {
            out.words
                .push("class B, which may be switched off at will".to_owned());
        }
        out
    }

    fn describe(&self, chance: Option<&Chance>, words: &mut Vec<String>) {
        let Some(c) = chance else { return };
        if let Some(share) = c.others.share() {
            words.push(format!(
                "silent {:.1} h where {} other ships were heard in {} of their slots",
                self.duration_h,
                c.others.ships,
                percent(share)
            ));
        }
        let witness = self.witness;
        if let Some(own) = witness.and_then(|w| w.own.share()) {
            let mut text = format!(
                "itself heard in {} of its slots in the two days before",
                percent(own)
            );
            if let Some(others) = witness.and_then(|w| self.enough(w.before)?.share()) {
                text.push_str(&format!(", others there in {}", percent(others)));
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
        let usual = witness.and_then(|w| self.enough(w.usual)?.share());
        if usual.is_some_and(|u| u >= OUTAGE.0)
            && c.others.share().is_some_and(|now| now <= OUTAGE.1)
        {
            words.push("others there fell silent with it: a station failed".to_owned());
        }
    }

    fn enough(&self, count: SlotCount) -> Option<SlotCount> {
        (count.ships >= self.min_others).then_some(count)
    }

    /// The ship beside which this one was at both ends of the gap.
    fn partner(&self) -> Option<u32> {
        let (gap, end) = (self.gap, self.gap.end?);
        let holds = |e: &&&Encounter| {
            e.start.0 <= gap.start.t.0 + ALONGSIDE_MS && e.end.0 >= end.t.0 - ALONGSIDE_MS
        };
        let found = self.encounters.iter().find(holds)?;
        let pair = [found.pair.first().mmsi, found.pair.second().mmsi];
        pair.into_iter().find(|mmsi| *mmsi != gap.track.mmsi)
    }

    /// The port in which the ship fell silent and in which it was heard again.
    fn port(&self, places: &Places) -> Option<&'static str> {
        let end = self.gap.end?;
        let slow = self
            .gap
            .start
            .sog_ckn
            .is_none_or(|v| f64::from(v) / 100.0 < IN_PORT_KN);
        let about = distance_m(self.gap.start.place, end.place) <= 1000.0 * ABOUT_PORT_KM;
        (slow && about)
            .then(|| places.port_by_shore(self.gap.start.place))
            .flatten()
    }
}

/// `96 %`, `0.3 %`, `0.004 %`.
fn percent(share: f64) -> String {
    let p = 100.0 * share;
    match p {
        p if p >= 9.95 => format!("{p:.0} %"),
        p if p >= 0.095 => format!("{p:.1} %"),
        _ => format!("{p:.3} %"),
    }
}
