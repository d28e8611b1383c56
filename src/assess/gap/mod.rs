//! Why a ship was silent: limits of the data, a port, a ship alongside, poor reception, or nothing known; or that it wasn't.
//!
//! In: a gap, what others tell of it ([`GapWitness`]), and where its hull was heard all the same ([`Hearings`]). Out:
//! `reception`, `explanation`, `intentional`, `reasons`. Rule: a hull that was heard on another track or under another
//! MMSI, for most of that time or since the silence began, wasn't silent. Not judged: a silence cut by the data's limits;
//! one that lasts, unless its first days tell; one in port, at one spot by the shore, or in which she steered for a port
//! out of hearing and came back from there; one beside a ship that was heard
//! (hulls shadow one antenna, not both at once); one that is mostly a hole in the data. For all others: how likely is it
//! by reception alone ([`chance`])? By Bayes' rule, with the share of silences that are switch-offs
//! (`switch_off_share`), that becomes `intentional`. Unknown reception leaves it unknown.

mod chance;
mod words;

use serde::{Deserialize, Serialize};

use super::otherwise::Hearings;
use super::places::Places;
use crate::geodesy::distance_m;
use crate::model::param::within;
use crate::model::quantity::{METRES_PER_NAUTICAL_MILE, MPS_PER_KNOT};
use crate::model::{
    AisClass, Encounter, Facts, Gap, GapWitness, ParamError, SlotCount, Timestamp, TrackId,
};
use chance::{Chance, End, SLOT_H};
use words::{NOT_AGAIN, by_reception};

/// A ship slower than this in a port is at a berth or in its roads, knots.
const IN_PORT_KN: f64 = 2.0;
/// A ship that is heard again within this distance of the port of its last fix stayed about it, kilometres.
const ABOUT_PORT_KM: f64 = 10.0;
/// Within this distance, metres, a ship lies where it lay: noise of a position, not the swing at an anchor.
const ONE_SPOT_M: f64 = 50.0;
/// A ship that is heard again within this distance, metres, of where she was lost is asked about among the same others:
/// the side of a cell of them.
const HERE_M: f64 = 27_800.0;
/// And so is one that drifted when she was lost, and is found no farther off than ships drift, knots.
const DRIFT_KN: f64 = 2.0;
/// Time off her course that makes a call at a port, hours: pilot, tugs and lines take one each way.
const CALL_H: f64 = 2.0;
/// A berth lies this close to the coastline, kilometres, where no port is known.
const BY_SHORE_KM: f64 = 1.0;
/// Class B is carried by choice and goes off with the boat's batteries: no more than even.
const CLASS_B_MOST: f64 = 0.5;

/// Hours that others must tell, or half of a silence, for it to be called unexplained though it may well be chance: a silence by
/// themselves.
const TELLING_H: f64 = 3.0;

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
    HeardOtherwise,
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
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::HeardOtherwise => "heard_otherwise",
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
    /// Where its hull was heard in it.
    pub heard: &'a Hearings,
    /// Encounters of the ship.
    pub encounters: &'a [&'a Encounter],
    /// Gaps of all ships, by track and start.
    pub gaps: &'a [Gap],
    pub duration_h: f64,
    /// A silence that lasts so long is judged by its first days.
    pub lasting_h: f64,
    /// Fewer others than this tell nothing.
    pub min_others: u32,
    /// An encounter holds a gap if it was seen this close to both its ends, milliseconds: as long as a ship is placed
    /// between two fixes.
    pub placed_ms: i64,
}

/// What others tell of a gap.
pub(super) fn witness_of<'a>(facts: &'a Facts, gap: &Gap) -> Option<&'a GapWitness> {
    let key = (gap.track, gap.start.t);
    let found = facts
        .witnesses
        .binary_search_by_key(&key, |w| (w.track, w.start));
    found.ok().map(|i| &facts.witnesses[i])
}

/// Hundredths of a knot as knots.
fn ckn_as_kn(ckn: u16) -> f64 {
    f64::from(ckn) / 100.0
}

/// Whether a ship may have lain at a berth.
fn is_slow(sog_ckn: Option<u16>) -> bool {
    sog_ckn.is_none_or(|v| ckn_as_kn(v) < IN_PORT_KN)
}

/// Hours of a silence in which the data has a hole.
fn hole_h(witness: Option<&GapWitness>) -> f64 {
    witness.map_or(0.0, |w| f64::from(w.hole_slots) * SLOT_H)
}

/// Whether most of a silence of so many hours is a hole in the data.
pub(super) fn is_hole(witness: Option<&GapWitness>, duration_h: f64) -> bool {
    hole_h(witness) > 0.5 * duration_h
}

impl Case<'_> {
    /// Judges the gap.
    pub(super) fn judge(&self, places: &Places, params: &Params) -> Judgement {
        let open = self.gap.end.is_none();
        let share = params.switch_off_share;
        let meant = |natural: f64| share / (share + (1.0 - share) * natural);
        let by_chance = |natural: f64| meant(natural) < params.unexplained;
        let chance = (self.witness).map(|w| Chance::of(w, self.end(), self.min_others, params));
        let mut out = Judgement {
            reception: (chance.as_ref())
                .filter(|c| open || c.is_told())
                .and_then(|c| c.others.share()),
            ..Judgement::default()
        };
        self.describe(chance.as_ref(), &mut out.words);
        let left = chance.as_ref().is_some_and(Chance::left);
        out.words.extend(self.heard.words(self.gap));
        let silence = self.gap.end.map(|end| (self.gap.start.t, end.t));
        if silence.map_or(self.heard.any(), |silence| self.heard.hold(silence)) {
            out.explanation = Some(Explanation::HeardOtherwise);
            if open && !self.heard.under_own_mmsi() {
                out.words.push(format!("its own MMSI {NOT_AGAIN}"));
            }
            return out;
        }
        if open {
            let lasting = chance.as_ref().and_then(|c| self.lasting(c, places));
            let lasting = lasting.filter(|natural| !by_chance(*natural));
            out.intentional = lasting.map(meant);
            out.explanation = Some(if lasting.is_some() {
                Explanation::Unexplained
            } else if left {
                Explanation::LeftArea
            } else {
                Explanation::EndOfData
            });
            out.words.extend(lasting.map(by_reception));
            out.words.push(if self.heard.by_another_hull {
                format!("{NOT_AGAIN}, but another ship of its MMSI was")
            } else {
                NOT_AGAIN.to_owned()
            });
            return out;
        }
        if let Some(other) = self.partner() {
            out.explanation = Some(Explanation::Alongside);
            out.words.push(format!(
                "near {other:09}, heard for most of that time, when it fell silent and when it was heard again"
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
        if let Some(words) = self.call(places) {
            out.explanation = Some(Explanation::Port);
            out.words.push(words);
            return out;
        }
        if self.lay_still(places) {
            out.explanation = Some(Explanation::Port);
            out.words.push(
                "lay at one spot by the shore when it fell silent and when it was heard again"
                    .to_owned(),
            );
            return out;
        }
        let natural = chance.as_ref().and_then(Chance::natural);
        let is_meant = natural.is_some_and(|(_, most)| !by_chance(most));
        // Unless what others tell of the rest of it says enough.
        if is_hole(self.witness, self.duration_h) && !is_meant {
            out.explanation = Some(Explanation::PoorReception);
            // Others that were silent with her say so themselves.
            let told = natural.filter(|_| chance.as_ref().is_some_and(Chance::is_told));
            out.intentional = told.map(|(_, most)| meant(most));
            out.words.extend(told.map(|(_, most)| by_reception(most)));
            return out;
        }
        if left {
            out.explanation = Some(Explanation::LeftArea);
            return out;
        }
        let too_few = "too few other ships about to tell";
        let Some((least, most)) = natural else {
            out.words.push(too_few.to_owned());
            return out;
        };
        let natural = match (by_chance(least), by_chance(most)) {
            (true, _) => least,
            (false, false) => most,
            (false, true) => {
                out.words
                    .push("its course led where too few other ships are about to tell".to_owned());
                return out;
            }
        };
        // Where she would have been heard reception explains nothing, nor do few others prove anything, or many for a short time.
        let high = params.high_reception;
        let tells = |c: &Chance| {
            let long = c.is_told() || c.told_h() >= TELLING_H;
            c.heard < high || (long && !Chance::is_likely(natural))
        };
        let told = chance.filter(|c| is_meant || tells(c));
        let Some(told) = told else {
            out.words.push(too_few.to_owned());
            return out;
        };
        let intentional = meant(natural);
        let is_b = self.gap.class == Some(AisClass::B);
        out.intentional = Some(if is_b {
            intentional.min(CLASS_B_MOST)
        } else {
            intentional
        });
        out.explanation = Some(if !is_meant && told.heard < high {
            Explanation::PoorReception
        } else if is_b {
            Explanation::ClassB
        } else {
            Explanation::Unexplained
        });
        out.words.push(by_reception(natural));
        if is_b {
            out.words
                .push("class B, which may be switched off at will".to_owned());
        }
        out
    }

    /// The chance of a silence that lasts for long: of a ship of class A that was lost at sea, on no way out of what is heard.
    fn lasting(&self, chance: &Chance, places: &Places) -> Option<f64> {
        let place = self.gap.start.place;
        let tells = self.duration_h >= self.lasting_h
            && self.gap.class != Some(AisClass::B)
            && !(self.heard.any() || self.heard.by_another_hull)
            && places.world.shore_km(place) > BY_SHORE_KM
            && (places.world.port_km(place)).is_none_or(|km| km > ABOUT_PORT_KM);
        chance.lasting.filter(|_| tells)
    }

    /// Where the silence ends.
    fn end(&self) -> End {
        match self.gap.end {
            None => End::Open,
            Some(end) => {
                let start = &self.gap.start;
                let drifted_m = if start.sog_ckn.is_some_and(|v| ckn_as_kn(v) <= DRIFT_KN) {
                    DRIFT_KN * MPS_PER_KNOT * end.t.seconds_since(start.t)
                } else {
                    0.0
                };
                let is_near = distance_m(start.place, end.place) <= drifted_m.max(HERE_M);
                if is_near { End::Here } else { End::Elsewhere }
            }
        }
    }

    fn enough(&self, count: SlotCount) -> Option<SlotCount> {
        (count.ships >= self.min_others).then_some(count)
    }

    /// The ship beside which this one was at both ends of the gap, and which was heard for most of it.
    fn partner(&self) -> Option<u32> {
        let (gap, end) = (self.gap, self.gap.end?);
        let holds = |e: &&&Encounter| {
            e.start.0 <= gap.start.t.0 + self.placed_ms && e.end.0 >= end.t.0 - self.placed_ms
        };
        let others = self.encounters.iter().filter(holds).filter_map(|e| {
            let pair = e.pair.tracks();
            pair.into_iter().find(|t| t.mmsi != gap.track.mmsi)
        });
        let mut heard = others.filter(|t| 2 * self.silent_ms(*t, end.t) <= end.t.0 - gap.start.t.0);
        heard.next().map(|track| track.mmsi)
    }

    /// How long of this gap, which ended then, a track had gaps of its own, milliseconds.
    fn silent_ms(&self, track: TrackId, end: Timestamp) -> i64 {
        let own = Gap::of_track(self.gaps, track);
        own.map(|g| {
            let until = g.end.map_or(end, |e| e.t.min(end));
            (until.0 - g.start.t.max(self.gap.start.t).0).max(0)
        })
        .sum()
    }

    /// Whether the ship fell silent at a berth of its own and was heard again at the same: laid up, its power off.
    fn lay_still(&self, places: &Places) -> bool {
        let start = &self.gap.start;
        self.gap.end.is_some_and(|end| {
            [start.sog_ckn, end.sog_ckn].into_iter().all(is_slow)
                && distance_m(start.place, end.place) <= ONE_SPOT_M
                && places.world.shore_km(start.place) <= BY_SHORE_KM
        })
    }

    /// The port in which the ship fell silent and in which it was heard again, lying there at one of these times.
    fn port(&self, places: &Places) -> Option<&'static str> {
        let (start, end) = (&self.gap.start, self.gap.end?);
        let about = distance_m(start.place, end.place) <= 1000.0 * ABOUT_PORT_KM;
        let berthed = || is_slow(end.sog_ckn) && places.port_by_shore(end.place).is_some();
        (about && (is_slow(start.sog_ckn) || berthed()))
            .then(|| places.port_by_shore(start.place))
            .flatten()
    }

    /// The words on a call at a port out of hearing: her last course led ashore by it, there was time to lie there, and she
    /// was heard again coming from there, about where she was lost, or at a berth of it.
    fn call(&self, places: &Places) -> Option<String> {
        let (start, end) = (&self.gap.start, self.gap.end?);
        let witness = self.witness?;
        let (slots, ashore) = witness.landfall?;
        let (port, from_port_m) = places.world.gazetteer.nearest_port(ashore)?;
        if from_port_m > 1000.0 * ABOUT_PORT_KM {
            return None;
        }
        let is_of_port = |place| distance_m(place, port.place) <= 1000.0 * ABOUT_PORT_KM;
        let way_m = distance_m(start.place, port.place) + distance_m(port.place, end.place);
        let fastest_ckn = start.sog_ckn.max(end.sog_ckn)?;
        let way_h = way_m / METRES_PER_NAUTICAL_MILE / ckn_as_kn(fastest_ckn).max(DRIFT_KN);
        let came_out = witness
            .departure
            .is_some_and(|(_, place)| is_of_port(place))
            && self.end() == End::Here;
        let lies_there = || {
            is_slow(end.sog_ckn)
                && is_of_port(end.place)
                && places.port_by_shore(end.place).is_some()
        };
        (way_h + CALL_H <= self.duration_h && (came_out || lies_there())).then(|| {
            format!(
                "steered for port ({}), {:.1} h off, and was heard again {}",
                port.name,
                f64::from(slots) * SLOT_H,
                if came_out {
                    "coming from there"
                } else {
                    "there"
                }
            )
        })
    }
}

#[cfg(test)]
mod tests;
