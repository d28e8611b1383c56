//! How much cargo moved between two hulls, which way, and of what.
//!
//! In: transfers, the ships' static histories, a register. Out: low, best and high volume, giver and taker, product,
//! method, and the working in words. Rule: a draught that its crew changed says how much, to within ballast, which nobody
//! reports: every plausible practice of ballasting is a vote, and two hulls narrow each other. A draught that stayed says
//! nothing. Without one the range is from nothing to what the smaller hull holds.

mod carrier;
mod chain;
mod deal;
mod density;
mod params;
mod scenario;
mod share;
mod words;

use std::collections::BTreeMap;

pub(super) use carrier::Carrier;
use chain::{Link, chains};
use deal::Deal;
pub use params::Params;
use rayon::prelude::*;
use scenario::Together;
use share::{Step, Untyped, parts, shares};

use super::kind::Kind;
use super::occasion::Reading;
use super::particulars::Ship;
use super::raft::Judged;
use super::{Window, World};
use crate::model::quantity::{MS_PER_HOUR, hours};
use crate::model::{Facts, Row, Timestamp};
use crate::registry::{Band, Product};

/// Standard deviations from the middle to the end of a band.
const BAND_SIGMA: f64 = 1.645;
/// Share of a daughter in her mother's change, where only the sizes of the daughters tell it: these factors of it.
const SHARE_DOUBT: [f64; 5] = [0.4, 0.7, 1.0, 1.3, 1.6];

/// How much moved.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Tonnes.
    pub tonnes: Band,
    /// Barrels; wider than the tonnes by the doubt about the product.
    pub barrels: Band,
    /// Product assumed.
    pub product: Product,
    /// `draught_both`, `draught_one`, `draught_shared` or `capacity`.
    pub method: &'static str,
    /// Giver and taker, as places in the pair.
    pub direction: Option<[usize; 2]>,
    /// The working in words.
    pub working: String,
}

/// Tonnes as barrels, with the doubt about the product in the band.
fn barrels(tonnes: Band, product: Product, doubt: f64, limit_bbl: f64) -> Band {
    let best = (tonnes.best * product.bbl_per_t()).min(limit_bbl);
    about(tonnes, best, doubt, limit_bbl)
}

/// Another best value with the ends of a band about it, farther off by a doubt, as standard deviation of the logarithm; at
/// most this limit.
fn about(band: Band, best: f64, doubt: f64, limit: f64) -> Band {
    let widen = |end: f64| {
        let log = (end / band.best).ln().abs();
        log.hypot(BAND_SIGMA * doubt).exp()
    };
    Band {
        low: if band.low > 0.0 {
            best / widen(band.low)
        } else {
            0.0
        },
        best,
        high: (best * widen(band.high)).min(limit),
    }
}

/// The volume that two ships may have exchanged in a meeting of which only the time is known, such as a rendezvous with a
/// silent ship: from `start` to `end` at the longest.
pub fn between(
    facts: &Facts,
    world: &World,
    params: &super::Params,
    ships: [u32; 2],
    (start, end): (Timestamp, Timestamp),
) -> Option<Estimate> {
    let window = params.window(start, end);
    let contact = params.contact(window, (start, end));
    let longest_h = end.hours_since(start);
    let together = Together {
        seen_h: longest_h,
        longest_h: Some(longest_h),
    };
    let ships = ships.map(|mmsi| Ship::new(facts, mmsi));
    let sides = ships.map(|ship| Side {
        reading: ship.draughts(window).around(&contact),
        resumed: false,
    });
    let deal = deal(world, ships, window, sides, together, false);
    let mut deals = [deal];
    share_votes(&mut deals, &[], &params.volume);
    deals[0].estimate(&params.volume)
}

/// A contact as one of its ships sees it.
#[derive(Clone, Copy)]
struct Side {
    reading: Reading,
    /// Whether she ended another one so shortly before its end that she may not have typed yet what that left.
    resumed: bool,
}

/// What may have gone over in a contact of two ships.
fn deal(
    world: &World,
    ships: [Ship; 2],
    window: Window,
    sides: [Side; 2],
    together: Together,
    bunkering: bool,
) -> Deal {
    let typed = sides.map(|side| side.reading.change);
    let before_dm = sides.map(|side| side.reading.before_dm);
    let resumed = sides.map(|side| side.resumed);
    let carriers = ships.map(|ship| Carrier::new(ship, window, &world.registry));
    Deal::new(carriers, typed, before_dm, resumed, together, bunkering)
}

/// Writes the volumes of all transfers of petroleum into their rows. Ships that were never heard together have none, nor a
/// share in anyone's change of draught: that they met is a guess already.
pub(super) fn fill(
    rows: &mut [Row],
    judged: &[Judged],
    facts: &Facts,
    world: &World,
    params: &super::Params,
) {
    let transfers: Vec<(usize, &Judged)> = judged
        .iter()
        .enumerate()
        .filter(|(_, j)| j.encounter.is_observed())
        .filter(|(_, j)| matches!(j.kind, Kind::StsTransfer | Kind::Bunkering))
        .collect();
    let resumed = share::ended_another(&transfers, params.draught_after_h * MS_PER_HOUR);
    let mut deals: Vec<Deal> = transfers
        .iter()
        .enumerate()
        .map(|(n, (_, j))| {
            let e = j.encounter;
            let window = params.window(e.start, e.end);
            let sides = [0, 1].map(|i| Side {
                reading: j.readings[i],
                resumed: resumed[n][i],
            });
            let longest = e.end_not_after.zip(e.start_not_before);
            let together = match j.near {
                None => Together {
                    seen_h: e.end.hours_since(e.start),
                    longest_h: longest.map(|(until, from)| hours(until.0 - from.0)),
                },
                Some(near) => Together {
                    seen_h: near.seen_h(),
                    longest_h: Some(near.longest_h()),
                },
            };
            let bunkering = j.kind == Kind::Bunkering;
            let ships = e.pair.tracks().map(|t| Ship::of_track(facts, t));
            deal(world, ships, window, sides, together, bunkering)
        })
        .collect();
    share_votes(&mut deals, &share::untyped(&transfers), &params.volume);
    let estimates: Vec<Option<Estimate>> = deals
        .par_iter()
        .map(|d| d.estimate(&params.volume))
        .collect();
    let mut links: Vec<(usize, Link)> = Vec::new();
    for (((row, j), deal), estimate) in transfers.iter().zip(&deals).zip(&estimates) {
        // Which way cargo went may be told where nothing says how much.
        match estimate {
            Some(estimate) => estimate.write(&mut rows[*row]),
            None => {
                if let Some(words) = deal.direction_words() {
                    let words = format!(
                        "{words}; neither ship's dimensions are known, so the amount isn't"
                    );
                    rows[*row].set_if("volume_working", words);
                }
            }
        }
        let Some((way, _)) = deal.direction() else {
            continue;
        };
        let [from, to] = way.map(|i| j.ships()[i]);
        rows[*row].set("from_mmsi", from).set("to_mmsi", to);
        let e = j.encounter;
        let link = Link {
            id: e.id(),
            start: e.start,
            end: e.end,
            from,
            to,
        };
        links.push((*row, link));
    }
    let ids = chains(&links.iter().map(|(_, l)| *l).collect::<Vec<_>>(), params);
    for ((row, _), id) in links.iter().zip(ids) {
        rows[*row].set("chain_id", id.to_string());
    }
}

impl Estimate {
    /// Writes the columns that encounters and rendezvous share.
    pub fn write(&self, row: &mut Row) {
        row.set("volume_low_bbl", self.barrels.low)
            .set("volume_bbl", self.barrels.best)
            .set("volume_high_bbl", self.barrels.high)
            .set("volume_t", self.tonnes.best)
            .set("product", self.product.name())
            .set("volume_method", self.method)
            .set_if("volume_working", self.working.as_str());
    }
}

/// Lets every hull vote; a change that several transfers left on one ship is shared among them. Of it is taken off first what
/// earlier ones moved that she typed nothing of (`untyped`, by the transfers' ends).
fn share_votes(deals: &mut [Deal], untyped: &[Untyped], params: &Params) {
    let typed: Vec<_> = deals.iter().map(|d| (d.typed_at(), d.seen_h())).collect();
    let parts = parts(&typed);
    for (deal, part) in deals.iter_mut().zip(&parts) {
        deal.part = *part;
    }
    // Meetings of two ships that are parts of one transfer have one share together.
    let first = |i: usize| parts[i].map_or(i, |part| part.first);
    let steps: Vec<[Option<Step>; 2]> = (0..deals.len())
        .map(|i| {
            let deal = &deals[i];
            [0, 1].map(|ship| deal.step(ship, params).filter(|_| first(i) == i))
        })
        .collect();
    let shares = shares(&steps);
    let in_order: Vec<usize> = match untyped {
        [] => (0..deals.len()).collect(),
        all => all.iter().map(|u| u.transfer).collect(),
    };
    for (n, i) in in_order.into_iter().enumerate() {
        for (ship, share) in shares[first(i)].into_iter().enumerate() {
            let mut votes = deals[i].weigh(ship, params);
            if let Some(before) = untyped.get(n).map(|u| &u.before[ship])
                && !votes.is_empty()
                && let Some((left, note)) = less_untyped(deals, (i, ship), before, &votes, params)
            {
                votes = left;
                deals[i].notes[ship] = note;
            }
            let deal = &mut deals[i];
            deal.votes[ship] = match share {
                None => votes,
                Some(s) => {
                    deal.notes[ship] += &format!(
                        ", {:.0} % of it this transfer's share of {}",
                        100.0 * s.share,
                        s.of
                    );
                    let doubt: &[f64] = if s.by_change { &[1.0] } else { &SHARE_DOUBT };
                    let scaled = doubt
                        .iter()
                        .flat_map(|d| votes.iter().map(move |v| v * (s.share * d).min(1.0)));
                    scaled.collect()
                }
            };
        }
        deals[i].leave_to_others(params);
    }
    keep_within_changes(deals, params);
}

/// What of the votes for a ship's change is left when what she moved before without typing it is taken off, and the same in
/// words: as much as the others' draughts say, and of the rest a share by their sizes.
fn less_untyped(
    deals: &[Deal],
    (i, ship): (usize, usize),
    before: &[(usize, usize)],
    votes: &[f64],
    params: &Params,
) -> Option<(Vec<f64>, String)> {
    let took = deals[i].changes[ship]?.took();
    let size = |deal: &Deal, other: usize| deal.carriers[other].deadweight().map(|d| d.best);
    let (mut moved_t, mut others_t, mut count) = (0.0, 0.0, 0);
    for (earlier, hers) in before {
        let deal = &deals[*earlier];
        let estimate = deal.estimate(params);
        let told = estimate.as_ref().filter(|e| e.method != "capacity");
        match told.and_then(|e| Some((e.tonnes.best, e.direction?))) {
            Some((t, [_, taker])) => moved_t += if (taker == *hers) == took { t } else { -t },
            // Fuel that she took or gave hardly counts.
            None if estimate.is_some_and(|e| e.product == Product::FuelOil) => continue,
            None => others_t += size(deal, 1 - hers)?,
        }
        count += 1;
    }
    if count == 0 {
        return None;
    }
    let own_t = size(&deals[i], 1 - ship)?;
    let share = own_t / (own_t + others_t);
    let doubt: &[f64] = if others_t > 0.0 { &SHARE_DOUBT } else { &[1.0] };
    let left = votes.iter().flat_map(|v| {
        let rest = (v - moved_t).max(0.0);
        doubt.iter().map(move |d| rest * (share * d).min(1.0))
    });
    let mut note = format!(", with what {count} before it moved and she didn't type");
    if moved_t != 0.0 {
        note += &format!(" ({moved_t:.0} t by the others' draughts)");
    }
    if others_t > 0.0 {
        note += &format!(
            ", {:.0} % of the rest this transfer's by size",
            100.0 * share
        );
    }
    Some((left.collect(), note))
}

/// Holds what transfers make of their shares in one change to what the change weighs. Where a draught of the other ship is one
/// transfer's alone, it says more than a share, and stands.
fn keep_within_changes(deals: &mut [Deal], params: &Params) {
    let mut groups: BTreeMap<(u32, Timestamp), Vec<(usize, usize)>> = BTreeMap::new();
    for (i, deal) in deals.iter().enumerate() {
        for ship in [0, 1] {
            if let (Some(change), false) = (deal.changes[ship], deal.notes[ship].is_empty()) {
                let name = (deal.carriers[ship].mmsi, change.at);
                groups.entry(name).or_default().push((i, ship));
            }
        }
    }
    let shared: Vec<Option<f64>> = deals
        .iter()
        .map(|d| {
            let e = d.estimate(params)?;
            (e.method == "draught_shared").then_some(e.tonnes.best)
        })
        .collect();
    for group in groups.into_values() {
        let made: Option<f64> = group.iter().map(|(i, _)| shared[*i]).sum();
        let whole = group
            .first()
            .and_then(|(i, ship)| deals[*i].weighs_t(*ship, params));
        if let Some((made, whole)) = made.zip(whole) {
            for (i, _) in group {
                deals[i].scale = deals[i].scale.min(whole / made);
            }
        }
    }
}

#[cfg(test)]
mod tests;
