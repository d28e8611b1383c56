//! Both ships of a pair at the times of real fixes.

use super::Params;
use super::buffer::TrackBuffer;
use super::locate::{Located, bracket_s, locate, roughness_m, rounding_m};
use crate::geodesy::{decimetres, near_distance_m};
use crate::model::{Fix, PairSample, Timestamp};

/// A moment that could be measured: a fix of one ship, and how well the other is held there.
struct Moment<'a> {
    bracket_s: f64,
    sides: [bool; 2],
    fix: &'a Fix,
    party: usize,
}

/// Samples of a pair with `from <= t < to`, by time: at most `samples_per_slot`, the first, the last, the same of those at
/// which both ships were heard, and those at the fixes of either ship at which the other is held best.
pub(super) fn measure(
    parties: [&TrackBuffer; 2],
    from: Timestamp,
    to: Timestamp,
    params: &Params,
) -> Vec<PairSample> {
    let mut moments: Vec<Moment> = Vec::new();
    for (party, buffer) in parties.iter().enumerate() {
        let other = parties[1 - party].fixes();
        for fix in buffer.between(from, to) {
            // At equal times one moment is enough.
            let is_repeat = party == 1 && moments.iter().any(|m| m.fix.t == fix.t);
            if is_repeat {
                continue;
            }
            if let Some((bracket_s, sides)) = bracket_s(other, fix.t, params) {
                moments.push(Moment {
                    bracket_s,
                    sides,
                    fix,
                    party,
                });
            }
        }
    }
    moments.sort_by(|a, b| a.fix.t.cmp(&b.fix.t).then(a.party.cmp(&b.party)));
    if moments.len() > params.samples_per_slot {
        // The first and the last say when a contact begins and ends, whatever else was heard in between: of those by which both ships
        // had been heard, and at which both still were, and of all.
        let heard = [
            moments.iter().find(|m| m.sides[0]),
            moments.iter().rfind(|m| m.sides[1]),
        ]
        .map(|m| m.map(|m| m.fix.t));
        let (first, last) = (moments[0].fix.t, moments[moments.len() - 1].fix.t);
        let rank = |m: &Moment| match m.fix.t {
            t if heard.contains(&Some(t)) => 0,
            t if t == first || t == last => 1,
            _ => 2,
        };
        moments.sort_by(|a, b| {
            rank(a)
                .cmp(&rank(b))
                .then(a.bracket_s.total_cmp(&b.bracket_s))
        });
        moments.truncate(params.samples_per_slot);
        moments.sort_by_key(|m| m.fix.t);
    }
    moments
        .into_iter()
        .filter_map(|m| {
            let other = locate(parties[1 - m.party].fixes(), m.fix.t, params)?;
            Some(sample(m.fix, &other, m.party))
        })
        .collect()
}

fn sample(fix: &Fix, other: &Located, party: usize) -> PairSample {
    let seen = [fix, &other.nearest];
    let by_party = |i: usize| seen[if i == party { 0 } else { 1 }];
    let place = if party == 0 {
        [fix.place, other.place]
    } else {
        [other.place, fix.place]
    };
    let each = [by_party(0), by_party(1)];
    let rough_m = roughness_m(fix).hypot(rounding_m(seen));
    let sigma_m = other.sigma_m.hypot(rough_m);
    PairSample {
        t: fix.t,
        place,
        sog_ckn: each.map(Fix::sog_ckn),
        cog_cdeg: each.map(Fix::cog_cdeg),
        heading_cdeg: each.map(Fix::heading_cdeg),
        nav_status: each.map(Fix::nav_status),
        class: each.map(Fix::class),
        sigma_dm: decimetres(sigma_m).min(u32::from(u16::MAX)) as u16,
        nearest_s: other.nearest_s.round() as u16,
        held: other.held,
        sides: other.sides,
        separation_dm: decimetres(near_distance_m(place[0], place[1])),
    }
}
