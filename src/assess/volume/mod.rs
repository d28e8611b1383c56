//! How much cargo moved between two hulls, which way, and of what.
//!
//! In: transfers, the ships' static histories, a register. Out: low, best and high volume, giver and taker, product,
//! method, and the working in words. Rule: a draught that its crew changed says how much, to within ballast, which nobody
//! reports: every plausible practice of ballasting is a vote, and two hulls narrow each other. A draught that stayed says
//! nothing. Without one the range is from nothing to what the smaller hull holds.

mod by_length;
mod carrier;
mod chain;
mod change;
mod density;
mod params;
mod scenario;
mod share;

pub use params::Params;

pub(super) use carrier::Carrier;
use chain::{Link, chains};
use change::{Change, Contact};
use density::combine;
use scenario::Together;
use share::{Step, shares};

use super::kind::Kind;
use super::particulars::Ship;
use super::raft::Judged;
use super::{Window, World};
use crate::model::quantity::{MS_PER_HOUR, hours};
use crate::model::{Facts, Row, Timestamp};
use crate::registry::{Band, Product, tank_bbl};

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

/// Two ships that may have exchanged cargo.
struct Deal {
    carriers: [Carrier; 2],
    changes: [Option<Change>; 2],
    /// Votes of each hull, scaled to its share in the change.
    votes: [Vec<f64>; 2],
    /// What the change of a ship was shared with, in words.
    notes: [String; 2],
    bunkering: bool,
    together: Together,
}

impl Deal {
    /// Whether a ship takes fuel for herself: she is no tanker, or the larger one beside a bunker tanker.
    fn takes_fuel(&self, ship: usize) -> bool {
        let larger = || self.carriers[ship].is_larger_than(&self.carriers[1 - ship]);
        let [own, other] = [ship, 1 - ship].map(|i| self.consistent()[i]);
        let takes = own.is_none_or(|c| c.took()) && other.is_none_or(|c| !c.took());
        let as_bunkers = || own.is_none_or(|c| self.carriers[ship].may_be_fuel(c.light_heavy_m()));
        self.bunkering && takes && (self.carriers[ship].is_other() || (larger() && as_bunkers()))
    }

    fn product(&self, params: &Params) -> Product {
        if self.takes_fuel(0) || self.takes_fuel(1) {
            return Product::FuelOil;
        }
        let sizes = self.carriers.iter().filter_map(Carrier::size);
        let smaller = sizes.map(|d| d.best).reduce(f64::min);
        match smaller {
            Some(dwt_t) if dwt_t >= params.crude_from_dwt_t => Product::Crude,
            _ => Product::Gasoil,
        }
    }

    /// What a ship's change of draught weighs, all votes; none if she has no change.
    fn weigh(&self, ship: usize, params: &Params) -> Vec<f64> {
        self.changes[ship]
            .filter(Change::is_weighable)
            .map(|c| self.carriers[ship].votes(c.light_heavy_m(), !self.takes_fuel(ship), params))
            .unwrap_or_default()
    }

    /// The change of each ship, unless both rose or both sank: then neither is this transfer's.
    fn consistent(&self) -> [Option<Change>; 2] {
        match self.changes {
            [Some(a), Some(b)] if a.took() == b.took() => [None, None],
            changes => changes,
        }
    }

    fn direction(&self, changes: [Option<Change>; 2]) -> Option<[usize; 2]> {
        let by_draught = [0, 1].into_iter().find_map(|i| {
            let change = changes[i]?;
            Some(if change.took() {
                [1 - i, i]
            } else {
                [i, 1 - i]
            })
        });
        // A bunker tanker gives; of two tankers the smaller one is it.
        by_draught.or_else(|| {
            let [a, b] = &self.carriers;
            let giver = match (a.is_other(), b.is_other()) {
                _ if !self.bunkering => return None,
                (true, false) => 1,
                (false, true) => 0,
                _ => usize::from(a.deadweight()?.best > b.deadweight()?.best),
            };
            Some([giver, 1 - giver])
        })
    }

    fn estimate(&self, params: &Params) -> Option<Estimate> {
        let product = self.product(params);
        let changes = self.consistent();
        let direction = self.direction(changes);
        let takes_bunkers = |i: usize| self.takes_fuel(i) && self.carriers[i].is_other();
        let held = [0, 1].map(|i| self.carriers[i].capacity(product, takes_bunkers(i)));
        // Lengths alone bound what another hull tells, and tell nothing themselves.
        let tells = |i: usize| self.carriers[i].deadweight().is_some() || takes_bunkers(i);
        if ![0, 1].into_iter().any(|i| held[i].is_some() && tells(i)) {
            return None;
        }
        let smaller = [0, 1]
            .into_iter()
            .filter(|i| held[*i].is_some())
            .min_by(|a, b| {
                let best = |i: &usize| held[*i].map_or(f64::INFINITY, |c| c.best);
                best(a).total_cmp(&best(b))
            })?;
        let limit_t = held
            .iter()
            .flatten()
            .map(|c| c.high)
            .fold(f64::INFINITY, f64::min);
        // The smaller hull may be the less well known one, whose range then reaches beyond the other's.
        let capacity = Band {
            high: limit_t,
            ..held[smaller]?
        };
        let limit_bbl = [0, 1]
            .into_iter()
            .filter_map(|i| {
                let tanks = self.carriers[i].size().map(|d| tank_bbl(d.high));
                let fuel = held[i].map(|c| c.high * product.bbl_per_t());
                if takes_bunkers(i) { fuel } else { tanks }
            })
            .fold(f64::INFINITY, f64::min);
        // A change that weighs more than the other ship can hold is not of this transfer alone.
        let more = |i: usize| {
            let least = combine(std::slice::from_ref(&self.votes[i]), f64::INFINITY);
            least
                .zip(held[1 - i])
                .is_some_and(|(own, other)| own.low > other.high)
        };
        let telling: Vec<usize> = [0, 1]
            .into_iter()
            .filter(|i| changes[*i].is_some() && !self.votes[*i].is_empty() && !more(*i))
            .collect();
        let votes: Vec<Vec<f64>> = telling.iter().map(|i| self.votes[*i].clone()).collect();
        let smaller_dwt_t = self.carriers[smaller].size().map_or(0.0, |d| d.best);
        let by_draught = combine(&votes, limit_t);
        let method = match (&telling[..], by_draught) {
            (_, None) => "capacity",
            // The one draught was typed after other transfers of the ship too: it isn't fresh for this one alone.
            ([i], _) if !self.notes[*i].is_empty() => "draught_shared",
            ([_], _) => "draught_one",
            _ => "draught_both",
        };
        let tonnes = by_draught.unwrap_or_else(|| {
            scenario::capacity(capacity, product, smaller_dwt_t, self.together, params)
        });
        let mut estimate = Estimate {
            tonnes,
            barrels: barrels(tonnes, product, product.doubt(smaller_dwt_t), limit_bbl),
            product,
            method,
            direction,
            working: String::new(),
        };
        estimate.working = self.words(&estimate, changes, smaller, capacity);
        Some(estimate)
    }

    fn words(
        &self,
        e: &Estimate,
        changes: [Option<Change>; 2],
        smaller: usize,
        capacity: Band,
    ) -> String {
        let mut words = Vec::new();
        for i in [0, 1] {
            let ship = &self.carriers[i];
            let (Some(change), Some(form)) = (changes[i], ship.form) else {
                continue;
            };
            let (light, heavy) = change.light_heavy_m();
            let Some(own) = combine(std::slice::from_ref(&self.votes[i]), f64::INFINITY) else {
                continue;
            };
            words.push(format!(
                "{:09} {} {:.1} to {:.1} m at {:.0} t/cm = {:.0} t, with ballast {:.0} to {:.0} t{}",
                ship.mmsi,
                if change.took() { "sank from" } else { "rose from" },
                f64::from(change.before_dm) / 10.0,
                f64::from(change.after_dm) / 10.0,
                form.tonnes_per_cm((light + heavy) / 2.0),
                form.weight_between_t(light, heavy),
                own.low,
                own.high,
                self.notes[i],
            ));
        }
        if let [Some(a), Some(b)] = self.changes
            && changes == [None, None]
        {
            let way = if a.took() && b.took() { "sank" } else { "rose" };
            words.push(format!(
                "both ships {way}: neither draught is this transfer's"
            ));
        }
        let of_smaller = format!(
            "{:09} holds {:.0} t ({:.0} to {:.0}){}",
            self.carriers[smaller].mmsi,
            capacity.best,
            capacity.low,
            capacity.high,
            if self.carriers[smaller].deadweight().is_some() {
                ""
            } else {
                ", by her length alone"
            }
        );
        words.push(of_smaller);
        if e.method == "capacity" {
            let longest = self
                .together
                .longest_h
                .map_or("not known".to_owned(), |h| format!("{h:.1} h"));
            words.push(format!(
                "no draught to weigh by; alongside {:.1} h as seen, longest {longest}",
                self.together.seen_h
            ));
        }
        words.push(format!(
            "{:.0} t ({:.0} to {:.0}), taken for {} at {:.2} bbl/t = {:.0} bbl ({:.0} to {:.0})",
            e.tonnes.best,
            e.tonnes.low,
            e.tonnes.high,
            e.product.name(),
            e.product.bbl_per_t(),
            e.barrels.best,
            e.barrels.low,
            e.barrels.high
        ));
        if self.carriers.iter().any(Carrier::may_be_gas) {
            words.push("the AIS type doesn't tell oil from gas".to_owned());
        }
        words.join("; ")
    }
}

/// Tonnes as barrels, with the doubt about the product in the band.
fn barrels(tonnes: Band, product: Product, doubt: f64, limit_bbl: f64) -> Band {
    let factor = product.bbl_per_t();
    let best = (tonnes.best * factor).min(limit_bbl);
    let widen = |end: f64| {
        let log = (end / tonnes.best).ln().abs();
        log.hypot(BAND_SIGMA * doubt).exp()
    };
    Band {
        low: if tonnes.low > 0.0 {
            best / widen(tonnes.low)
        } else {
            0.0
        },
        best,
        high: (best * widen(tonnes.high)).min(limit_bbl),
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
    let contact = contact(params, window, start, end, false);
    let longest_h = end.hours_since(start);
    let together = Together {
        seen_h: longest_h,
        longest_h: Some(longest_h),
    };
    let mut deal = deal(facts, world, ships, window, [contact; 2], together, false);
    deal.votes = [0, 1].map(|i| deal.weigh(i, &params.volume));
    deal.estimate(&params.volume)
}

fn contact(
    params: &super::Params,
    window: Window,
    start: Timestamp,
    end: Timestamp,
    overlapped: bool,
) -> Contact {
    let until = Timestamp(end.0 + params.draught_after_h * MS_PER_HOUR).min(window.until);
    Contact {
        start,
        end,
        until,
        early_h: params.volume.draught_early_h,
        overlapped,
    }
}

fn deal(
    facts: &Facts,
    world: &World,
    ships: [u32; 2],
    window: Window,
    contacts: [Contact; 2],
    together: Together,
    bunkering: bool,
) -> Deal {
    let ships = ships.map(|mmsi| Ship::new(facts, mmsi));
    let change = |i: usize| Change::of(&ships[i].draughts(window), &contacts[i]);
    Deal {
        carriers: ships.map(|ship| Carrier::new(ship, window, &world.registry)),
        changes: [change(0), change(1)],
        votes: [Vec::new(), Vec::new()],
        notes: [String::new(), String::new()],
        bunkering,
        together,
    }
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
    let overlapped = share::overlapped(&transfers);
    let mut deals: Vec<Deal> = transfers
        .iter()
        .zip(&overlapped)
        .map(|((_, j), overlapped)| {
            let e = j.encounter;
            let window = params.window(e.start, e.end);
            let contacts = overlapped.map(|o| contact(params, window, e.start, e.end, o));
            let longest = e.end_not_after.zip(e.start_not_before);
            let together = Together {
                seen_h: e.end.hours_since(e.start),
                longest_h: longest.map(|(until, from)| hours(until.0 - from.0)),
            };
            let bunkering = j.kind == Kind::Bunkering;
            deal(
                facts,
                world,
                j.ships(),
                window,
                contacts,
                together,
                bunkering,
            )
        })
        .collect();
    share_votes(&mut deals, &params.volume);
    let estimates: Vec<Option<Estimate>> =
        deals.iter().map(|d| d.estimate(&params.volume)).collect();
    let links: Vec<(usize, Link)> = transfers
        .iter()
        .zip(&estimates)
        .filter_map(|((row, j), estimate)| {
            let [from, to] = estimate.as_ref()?.direction?.map(|i| j.ships()[i]);
            let e = j.encounter;
            let link = Link {
                id: e.id(),
                start: e.start,
                end: e.end,
                from,
                to,
            };
            Some((*row, link))
        })
        .collect();
    for ((row, j), estimate) in transfers.iter().zip(&estimates) {
        if let Some(estimate) = estimate {
            estimate.write(&mut rows[*row]);
            if let Some([from, to]) = estimate.direction {
                let ships = j.ships();
                rows[*row]
                    .set("from_mmsi", ships[from])
                    .set("to_mmsi", ships[to]);
            }
        }
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

/// Lets every hull vote; a change that several transfers left on one ship is shared among them.
fn share_votes(deals: &mut [Deal], params: &Params) {
    // Who takes bunkers takes them by her need, not her size.
    let size = |d: &Deal, i: usize| {
        let dwt = d.carriers[i].deadweight().filter(|_| !d.takes_fuel(i));
        dwt.map(|d| d.best)
    };
    let steps: Vec<[Option<Step>; 2]> = deals
        .iter()
        .map(|d| {
            [0, 1].map(|i| {
                let change = d.changes[i]?;
                let other = &d.carriers[1 - i];
                let own = combine(&[d.weigh(1 - i, params)], f64::INFINITY);
                Some(Step {
                    mmsi: d.carriers[i].mmsi,
                    at: change.at,
                    partner: other.mmsi,
                    partner_at: d.changes[1 - i].map(|c| c.at),
                    partner_moved_t: own.map(|band| band.best),
                    partner_size_t: size(d, 1 - i),
                })
            })
        })
        .collect();
    for (deal, shares) in deals.iter_mut().zip(shares(&steps)) {
        for (i, share) in shares.into_iter().enumerate() {
            let votes = deal.weigh(i, params);
            deal.votes[i] = match share {
                None => votes,
                Some(s) => {
                    deal.notes[i] = format!(
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
    }
}

#[cfg(test)]
mod tests;
