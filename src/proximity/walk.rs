//! A pair through the slots: begins near, is followed, ends apart or out of sight.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::Params;
use super::buffer::{HISTORY_S, TrackBuffer};
use super::measure::measure;
use crate::geodesy::near_distance_m;
use crate::model::{Opening, PairKey, PairSlot, Timestamp, TrackId};

/// Remembered fixes of two ships this close in time are compared, seconds.
const COMPARABLE_S: i64 = 600;
/// Way that ships can have made between two such fixes, metres per second (twenty knots together).
const COMPARABLE_MPS: f64 = 10.0;

/// A pair that is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Watch {
    last_near: i64,
}

impl Watch {
    /// Whether the pair is still followed in `slot`.
    pub(super) fn holds(self, slot: i64, params: &Params) -> bool {
        ((slot - self.last_near) * params.slot_s) as f64 <= params.watch_h * 3600.0
    }
}

/// Walks a pair through `slots`, of which those in `near` were found near; returns its measured slots and
/// whether it is followed on.
pub(super) fn walk(
    pair: PairKey,
    tracks: &BTreeMap<TrackId, TrackBuffer>,
    mut watch: Option<Watch>,
    near: &[i64],
    slots: RangeInclusive<i64>,
    params: &Params,
) -> (Vec<PairSlot>, Option<Watch>) {
    let (Some(a), Some(b)) = (tracks.get(&pair.first()), tracks.get(&pair.second())) else {
        return (Vec::new(), watch);
    };
    let parties = [a, b];
    let mut measured = Vec::new();
    let mut near = near.iter().copied().peekable();
    let mut slot = *slots.start();
    while slot <= *slots.end() {
        watch = watch.filter(|w| w.holds(slot, params));
        if watch.is_none() {
            // Nothing to do until the pair is found near.
            let Some(next) = near.peek() else { break };
            slot = slot.max(*next);
        }
        while near.next_if(|n| *n <= slot).is_some() {}
        let (from, to) = (params.slot_start(slot), params.slot_start(slot + 1));
        let samples = measure(parties, from, to, params);
        let seen_near = samples
            .iter()
            .rposition(|s| s.separation_m() <= params.contact_radius_m);
        let seen_apart = samples.iter().rposition(|s| s.is_beyond(params.apart_m));
        let is_near = seen_near.is_some();
        let opening = (watch.is_none() && is_near).then(|| opening(parties, slot, params));
        if is_near {
            watch = Some(Watch { last_near: slot });
        }
        if watch.is_some() && !samples.is_empty() {
            measured.push(PairSlot {
                pair,
                slot,
                opening,
                samples,
            });
        }
        if seen_apart > seen_near {
            watch = None;
        }
        slot += 1;
    }
    (measured, watch)
}

fn opening(parties: [&TrackBuffer; 2], slot: i64, params: &Params) -> Opening {
    let mut approach = Vec::new();
    for before in (1..=params.approach_slots).rev() {
        let (from, to) = (
            params.slot_start(slot - before),
            params.slot_start(slot - before + 1),
        );
        approach.extend(measure(parties, from, to, params));
    }
    let measured = approach
        .iter()
        .filter(|s| s.is_beyond(params.apart_m))
        .map(|s| s.t)
        .max();
    let start = params.slot_start(slot);
    Opening {
        apart_before: measured
            .or_else(|| remembered_apart(parties, start.plus_s(-HISTORY_S), start, params)),
        approach,
    }
}

/// The last time in `from..to` at which remembered fixes show the two apart.
pub(super) fn remembered_apart(
    [a, b]: [&TrackBuffer; 2],
    from: Timestamp,
    to: Timestamp,
    params: &Params,
) -> Option<Timestamp> {
    // Each fix is held against the other's on both sides of it, so both ships must have their turn.
    last_apart(a, b, from, to, params).max(last_apart(b, a, from, to, params))
}

fn last_apart(
    one: &TrackBuffer,
    other: &TrackBuffer,
    from: Timestamp,
    to: Timestamp,
    params: &Params,
) -> Option<Timestamp> {
    let others = other.history(from, to);
    one.history(from, to).iter().rev().find_map(|one| {
        let i = others.partition_point(|h| h.t() <= one.t());
        let sides = [i.checked_sub(1), Some(i)];
        sides
            .into_iter()
            .flatten()
            .filter_map(|i| others.get(i))
            .filter(|other| {
                let ms = (one.t().0 - other.t().0).abs();
                let slack_m = COMPARABLE_MPS * ms as f64 / 1000.0;
                ms <= COMPARABLE_S * 1000
                    && near_distance_m(one.place(), other.place()) - slack_m > params.apart_m
            })
            .map(|other| one.t().max(other.t()))
            .max()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Fix, LonLat, Mmsi, PositionReport};

    fn track(params: &Params, at: &[(u32, f64)]) -> TrackBuffer {
        let mmsi = Mmsi::new(311_000_001).expect("a ship's MMSI");
        let fix = |&(s, lat): &(u32, f64)| {
            let place = LonLat::from_degrees(0.0, lat).expect("on the globe");
            Fix::from_report(&PositionReport::new(mmsi, s * 1000, place), Timestamp(0))
        };
        let mut track = TrackBuffer::default();
        track.append(at.iter().map(fix).collect(), params);
        track
    }

    #[test]
    fn the_last_time_apart_is_the_same_from_both_ships() {
        let params = Params::default();
        let a = track(&params, &[(36_030, 0.0)]);
        let b = track(&params, &[(36_060, 1.0), (36_600, 1.0)]);
        let t = Timestamp(37_200_000);
        let expected = Some(Timestamp(36_600_000));
        let from = Timestamp(0);
        assert_eq!(remembered_apart([&a, &b], from, t, &params), expected);
        assert_eq!(remembered_apart([&b, &a], from, t, &params), expected);
    }
}
