//! The transfers of each ship, one after the other, and what her draughts say of each.
//!
//! In: judged encounters. Out: the draughts of those whose ships were in other transfers about then. Rule: of what was over
//! before, the judgement stands; of what came later counts what could be known of it when this one's row becomes final.

use std::collections::BTreeMap;

use super::Params;
use super::Window;
use super::kind::Kind;
use super::occasion::{Occasion, Reading};
use super::particulars::Ship;
use super::port_calls::Calls;
use super::raft::Judged;
use crate::model::quantity::MS_PER_HOUR;
use crate::model::{Encounter, Facts, TrackId};

/// Judged encounters by ship.
pub(super) struct Series<'a> {
    judged: &'a [Judged<'a>],
    /// Which of them are transfers, as known of each at its own time.
    is_transfer: Vec<bool>,
    /// Those that may be transfers, as known at any time.
    of_ship: BTreeMap<u32, Vec<usize>>,
}

/// What readings are made from.
pub(super) struct Sources<'a> {
    pub facts: &'a Facts,
    pub calls: &'a Calls<'a>,
    pub params: &'a Params,
}

impl Sources<'_> {
    /// An encounter as an event of one of its ships, as known in a window.
    pub(super) fn occasion(&self, e: &Encounter, mmsi: u32, window: Window) -> Occasion {
        let contact = self.params.contact(window, (e.start, e.end));
        self.calls.aside(contact, mmsi, window)
    }
}

impl<'a> Series<'a> {
    /// Of these encounters, of which some are of two ships at the same third one (`mates`).
    pub(super) fn new(judged: &'a [Judged<'a>], mates: &[Option<u32>]) -> Self {
        let mut of_ship: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
        let is_own = |(_, (j, mate)): &(usize, (&Judged, &Option<u32>))| {
            mate.is_none() && j.encounter.is_observed()
        };
        for (i, (j, _)) in judged.iter().zip(mates).enumerate().filter(is_own) {
            for mmsi in j.ships() {
                of_ship.entry(mmsi).or_default().push(i);
            }
        }
        let order = |i: &usize| {
            let e = judged[*i].encounter;
            (e.end, e.start, e.pair)
        };
        for all in of_ship.values_mut() {
            all.sort_by_key(order);
        }
        let is_transfer = judged
            .iter()
            .zip(mates)
            .map(|(j, mate)| mate.is_none() && j.kind.is_transfer())
            .collect();
        Self {
            judged,
            is_transfer,
            of_ship,
        }
    }

    /// What the draughts of both ships say of a transfer, if other transfers of theirs change it. `kind` judges an encounter
    /// as known in a window.
    pub(super) fn readings(
        &self,
        i: usize,
        sources: &Sources,
        kind: &dyn Fn(&Encounter, Window) -> Kind,
    ) -> Option<[Reading; 2]> {
        let own = &self.judged[i];
        if !self.is_transfer[i] || !own.encounter.is_observed() {
            return None;
        }
        let pair = own.encounter.pair;
        let tracks = pair.tracks();
        let readings = [0, 1].map(|ship| {
            self.reading(i, tracks[ship], sources, kind)
                .unwrap_or(own.readings[ship])
        });
        (readings != own.readings).then_some(readings)
    }

    fn reading(
        &self,
        i: usize,
        track: TrackId,
        sources: &Sources,
        kind: &dyn Fn(&Encounter, Window) -> Kind,
    ) -> Option<Reading> {
        let params = sources.params;
        let mmsi = track.mmsi;
        let e = self.judged[i].encounter;
        let window = params.window(e.start, e.end);
        let reach_ms = params.draught_after_h * MS_PER_HOUR;
        let near = |j: &Encounter| {
            j.end.0 > e.start.0 - reach_ms
                && j.start.0 < e.end.0 + reach_ms
                && j.end <= window.closed()
        };
        let of_ship = self.of_ship.get(&mmsi)?;
        let at = of_ship.iter().position(|k| *k == i)?;
        let (before, after) = of_ship.split_at(at);
        let encounter = |k: &usize| self.judged[*k].encounter;
        let earlier = before
            .iter()
            .filter(|k| self.is_transfer[**k])
            .map(encounter)
            .filter(|j| near(j));
        let later = after[1..].iter().map(encounter).filter(|j| near(j));
        let events = |all: &[&Encounter]| -> Vec<Occasion> {
            let occasions = all.iter().map(|j| sources.occasion(j, mmsi, window));
            occasions.collect()
        };
        let earlier: Vec<&Encounter> = earlier.collect();
        let mut later: Vec<&Encounter> = later.collect();
        if earlier.is_empty() && later.is_empty() {
            return None;
        }
        let draughts = Ship::of_track(sources.facts, track).draughts(window);
        let read = |later: &[&Encounter]| {
            let all = [&earlier[..], &[e], later].concat();
            draughts.read(&events(&all), earlier.len())
        };
        let alone = read(&[]);
        // In port a ship has many neighbours, and mostly none of them matters.
        if later.is_empty() || draughts.is_constant_after(e.start) {
            return Some(alone);
        }
        later.retain(|j| kind(j, window).is_transfer());
        Some(read(&later))
    }
}
