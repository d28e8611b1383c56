//! Two ships at the same third one.
//!
//! Daughters on both sides of a mother lie a ship's beam apart and keep their place as well as she does: with
//! dimensions unknown they look like a pair. They are none, if each is alongside the third meanwhile and nearer to her.
//! Of two that were never heard together, meanwhile is whatever silence leaves open.

use std::collections::BTreeMap;

use super::geometry::Near;
use super::kind::Kind;
use super::occasion::Reading;
use crate::model::quantity::MS_PER_HOUR;
use crate::model::{Encounter, Timestamp};

/// Silence hides no more than this of a contact before it was first seen and after it was last seen, milliseconds.
const HIDDEN_MS: i64 = 24 * MS_PER_HOUR;

/// What of a judged encounter tells raft mates, and what volumes are made of.
pub(super) struct Judged<'a> {
    pub encounter: &'a Encounter,
    pub kind: Kind,
    pub antenna_distance_m: Option<f64>,
    /// When the hulls lay near each other, if that was less than half of the contact.
    pub near: Option<Near>,
    /// What the draughts of either ship say of it.
    pub readings: [Reading; 2],
    /// What was over by then is known for good once this encounter is final.
    pub known: Timestamp,
}

impl Judged<'_> {
    /// The parties, smaller MMSI first.
    pub(super) fn ships(&self) -> [u32; 2] {
        let pair = self.encounter.pair;
        [pair.first().mmsi, pair.second().mmsi]
    }

    fn other(&self, ship: u32) -> u32 {
        let [a, b] = self.ships();
        if a == ship { b } else { a }
    }

    /// Whether this lasted into the time of these mates, as far as they can know.
    fn meets(&self, mates: &Self) -> bool {
        let (own, theirs) = (self.encounter, mates.encounter);
        let (from, until) = if theirs.is_observed() {
            (own.start, own.end)
        } else {
            let from = Timestamp(own.start.0 - HIDDEN_MS);
            let until = Timestamp(own.end.0 + HIDDEN_MS);
            (
                own.start_not_before.map_or(from, |t| t.max(from)),
                own.end_not_after.map_or(until, |t| t.min(until)),
            )
        };
        own.end <= mates.known && from < theirs.end && theirs.start < until
    }
}

/// For each encounter, the ship at which its two ships lie side by side; `None` for most.
pub(super) fn mothers(judged: &[Judged]) -> Vec<Option<u32>> {
    let mut transfers: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (i, j) in judged
        .iter()
        .enumerate()
        .filter(|(_, j)| j.kind.is_transfer())
    {
        for ship in j.ships() {
            transfers.entry(ship).or_default().push(i);
        }
    }
    judged
        .iter()
        .enumerate()
        .map(|(i, mates)| {
            let distance_m = mates
                .antenna_distance_m
                .filter(|_| mates.kind.is_transfer())?;
            let [a, b] = mates.ships();
            let nearer = |ship: u32| {
                transfers[&ship]
                    .iter()
                    .filter(|k| **k != i)
                    .map(|k| &judged[*k])
                    .filter(|j| j.meets(mates))
                    .filter(|j| j.antenna_distance_m.is_some_and(|m| m < distance_m))
                    .map(move |j| j.other(ship))
            };
            nearer(a).find(|mother| nearer(b).any(|other| other == *mother))
        })
        .collect()
}
