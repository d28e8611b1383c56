//! Two ships that may have exchanged cargo, and what they say of it together.
//!
//! In: both as carriers, and the changes of draught that were typed about then. Out: the estimate. Rule: a change is this
//! transfer's unless it contradicts what is surer: a bunker tanker gives, cargo goes from one ship to the other, and nobody
//! gives what she can't have had aboard.

use super::change::Change;
use super::density::combine;
use super::scenario::{self, Together};
use super::share::{Part, Step, Typed};
use super::{Carrier, Estimate, Params, barrels};
use crate::registry::{Band, Product, tank_bbl};

/// Two ships that may have exchanged cargo.
pub(super) struct Deal {
    pub carriers: [Carrier; 2],
    /// Changes that were typed about then.
    typed: [Option<Change>; 2],
    /// Those of them that are this transfer's.
    pub changes: [Option<Change>; 2],
    /// Why others aren't.
    doubt: Option<&'static str>,
    /// What each ship can have had aboard at most by her draught before, tonnes.
    aboard_t: [Option<f64>; 2],
    /// Votes of each hull, scaled to its share in the change.
    pub votes: [Vec<f64>; 2],
    /// What the change of a ship was shared with, in words.
    pub notes: [String; 2],
    /// This meeting's part, if all was typed after several meetings of the same two.
    pub part: Option<Part>,
    /// What of it is left so that all shares of a change make no more than the change.
    pub scale: f64,
    bunkering: bool,
    together: Together,
}

impl Deal {
    /// Of ships with these changes and draughts before, decimetres.
    pub(super) fn new(
        carriers: [Carrier; 2],
        typed: [Option<Change>; 2],
        before_dm: [Option<u16>; 2],
        together: Together,
        bunkering: bool,
    ) -> Self {
        let aboard_t = [0, 1].map(|i| carriers[i].aboard_t(before_dm[i]?));
        let mut deal = Self {
            carriers,
            typed,
            changes: typed,
            doubt: None,
            aboard_t,
            votes: [Vec::new(), Vec::new()],
            notes: [String::new(), String::new()],
            part: None,
            scale: 1.0,
            bunkering,
            together,
        };
        if let Some([giver, taker]) = deal.sold_fuel() {
            let gave = deal.changes[giver].filter(|c| !c.took());
            let took = deal.changes[taker].filter(Change::took);
            if [deal.changes[giver], deal.changes[taker]] != [gave, took] {
                deal.doubt =
                    Some("a draught that says the bunker tanker took is not this transfer's");
            }
            (deal.changes[giver], deal.changes[taker]) = (gave, took);
        }
        if let [Some(a), Some(b)] = deal.changes
            && a.took() == b.took()
        {
            deal.changes = [None, None];
            deal.doubt = Some(if a.took() {
                "both ships sank: neither draught is this transfer's"
            } else {
                "both ships rose: neither draught is this transfer's"
            });
        }
        deal
    }

    /// The two ships, and when each first sent the draught that this transfer left.
    pub(super) fn typed_at(&self) -> Typed {
        let mmsi = [0, 1].map(|i| self.carriers[i].mmsi);
        (mmsi, self.changes.map(|c| c.map(|c| c.at)))
    }

    /// How long they were seen together, hours.
    pub(super) fn seen_h(&self) -> f64 {
        self.together.seen_h
    }

    /// A ship's change, as this transfer sees it.
    pub(super) fn step(&self, ship: usize, params: &Params) -> Option<Step> {
        let change = self.changes[ship]?;
        let other = 1 - ship;
        let moved = combine(&[self.weigh(other, params)], f64::INFINITY);
        // Who takes bunkers takes them by her need, not her size.
        let size = self.carriers[other].deadweight();
        let size = size.filter(|_| !self.takes_fuel(other));
        Some(Step {
            mmsi: self.carriers[ship].mmsi,
            at: change.at,
            partner: self.carriers[other].mmsi,
            partner_at: self.changes[other].map(|c| c.at),
            partner_moved_t: moved.map(|band| band.best),
            partner_size_t: size.map(|dwt| dwt.best),
        })
    }

    /// Giver and taker of fuel where only one of both is a tanker: the other has none to give.
    fn sold_fuel(&self) -> Option<[usize; 2]> {
        let [a, b] = &self.carriers;
        match (a.is_other(), b.is_other()) {
            _ if !self.bunkering => None,
            (true, false) => Some([1, 0]),
            (false, true) => Some([0, 1]),
            _ => None,
        }
    }

    /// Whether a draught typed about then shows a ship deeper, by more than its noise.
    fn is_deeper(&self, ship: usize) -> bool {
        self.typed[ship].is_some_and(|c| c.took() && c.is_weighable())
    }

    /// Whether a ship takes fuel for herself: she is no tanker, or the larger one beside a bunker tanker.
    pub(super) fn takes_fuel(&self, ship: usize) -> bool {
        let larger = || {
            let other = 1 - ship;
            self.carriers[ship].is_larger_than(&self.carriers[other]) && !self.is_deeper(other)
        };
        let [own, other] = [ship, 1 - ship].map(|i| self.changes[i]);
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
    pub(super) fn weigh(&self, ship: usize, params: &Params) -> Vec<f64> {
        self.changes[ship]
            .filter(Change::is_weighable)
            .map(|c| self.carriers[ship].votes(c.light_heavy_m(), !self.takes_fuel(ship), params))
            .unwrap_or_default()
    }

    /// What a change weighs by itself and within her own hull, best estimate, tonnes.
    pub(super) fn weighs_t(&self, ship: usize, params: &Params) -> Option<f64> {
        let own = self.carriers[ship].capacity(self.product(params), self.takes_bunkers(ship));
        let limit_t = own.map_or(f64::INFINITY, |c| c.high);
        combine(&[self.weigh(ship, params)], limit_t).map(|band| band.best)
    }

    /// Whether a change weighs more for certain than what the other ship can have had to do with.
    fn exceeds(&self, ship: usize, limit_t: Option<f64>) -> bool {
        combine(std::slice::from_ref(&self.votes[ship]), f64::INFINITY)
            .zip(limit_t)
            .is_some_and(|(own, limit_t)| own.low > limit_t)
    }

    /// Takes out what a ship took more than the other can have had aboard: then she took it elsewhere.
    pub(super) fn leave_to_others(&mut self, params: &Params) {
        let product = self.product(params);
        for taker in [0, 1] {
            let giver = 1 - taker;
            let held = self.carriers[giver]
                .capacity(product, false)
                .map(|c| c.high);
            let had_t = [held, self.aboard_t[giver]]
                .into_iter()
                .flatten()
                .reduce(f64::min);
            if self.changes[taker].is_some_and(|c| c.took()) && self.exceeds(taker, had_t) {
                self.changes[taker] = None;
                self.doubt = Some(
                    "one ship took more than the other can have had aboard: she took it elsewhere",
                );
            }
        }
    }

    fn direction(&self) -> Option<[usize; 2]> {
        let by_draught = [0, 1].into_iter().find_map(|i| {
            let change = self.changes[i]?;
            Some(if change.took() {
                [1 - i, i]
            } else {
                [i, 1 - i]
            })
        });
        // A bunker tanker gives; of two tankers the smaller one is it, unless she lies deeper after it.
        by_draught.or_else(|| self.sold_fuel()).or_else(|| {
            let [a, b] = &self.carriers;
            let giver = usize::from(a.deadweight()?.best > b.deadweight()?.best);
            (self.bunkering && !self.is_deeper(giver)).then_some([giver, 1 - giver])
        })
    }

    /// Whether a ship only takes fuel, and can hold no cargo of this kind.
    fn takes_bunkers(&self, ship: usize) -> bool {
        self.takes_fuel(ship) && self.carriers[ship].is_other()
    }

    /// Changes that say how much: not those that weigh more than the other ship can hold, which are not of this transfer alone.
    fn telling(&self, held: [Option<Band>; 2]) -> Vec<usize> {
        let tells = |i: &usize| self.changes[*i].is_some() && !self.votes[*i].is_empty();
        let more = |i: &usize| self.exceeds(*i, held[1 - i].map(|c| c.high));
        [0, 1]
            .into_iter()
            .filter(|i| tells(i) && !more(i))
            .collect()
    }

    pub(super) fn estimate(&self, params: &Params) -> Option<Estimate> {
        let product = self.product(params);
        let direction = self.direction();
        let held = [0, 1].map(|i| self.carriers[i].capacity(product, self.takes_bunkers(i)));
        // Lengths alone bound what another hull tells, and tell nothing themselves.
        let tells = |i: usize| self.carriers[i].deadweight().is_some() || self.takes_bunkers(i);
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
        let hulls_t = (held.iter().flatten()).fold(f64::INFINITY, |least, c| least.min(c.high));
        let aboard_t = direction.and_then(|[giver, _]| self.aboard_t[giver]);
        let aboard_t = aboard_t.unwrap_or(f64::INFINITY);
        // By the sizes of two tankers alone the other may have given as well, and the range holds both.
        let is_told = self.changes != [None, None] || self.sold_fuel().is_some();
        let limit_t = hulls_t.min(if is_told { aboard_t } else { f64::INFINITY });
        // The smaller hull may be the less well known one, whose range then reaches beyond the other's.
        let holds = Band {
            high: hulls_t,
            ..held[smaller]?
        };
        let capacity = Band {
            best: holds.best.min(limit_t).min(aboard_t),
            high: limit_t,
            ..holds
        };
        let limit_bbl = [0, 1]
            .into_iter()
            .filter_map(|i| {
                let tanks = self.carriers[i].size().map(|d| tank_bbl(d.high));
                let fuel = held[i].map(|c| c.high * product.bbl_per_t());
                if self.takes_bunkers(i) { fuel } else { tanks }
            })
            .fold(f64::INFINITY, f64::min);
        let telling = self.telling(held);
        let votes: Vec<Vec<f64>> = telling.iter().map(|i| self.votes[*i].clone()).collect();
        let smaller_dwt_t = self.carriers[smaller].size().map_or(0.0, |d| d.best);
        let by_draught = combine(&votes, limit_t);
        let method = match (&telling[..], by_draught) {
            (_, None) => "capacity",
            // What was typed after other transfers too isn't fresh for this one alone.
            (all, _) if !self.is_fresh(all) => "draught_shared",
            ([_], _) => "draught_one",
            _ => "draught_both",
        };
        let whole = by_draught.unwrap_or_else(|| {
            scenario::capacity(capacity, product, smaller_dwt_t, self.together, params)
        });
        let tonnes = self.part.map_or(whole, |part| part.of(whole));
        let tonnes = tonnes.times(self.scale);
        let mut estimate = Estimate {
            tonnes,
            barrels: barrels(tonnes, product, product.doubt(smaller_dwt_t), limit_bbl),
            product,
            method,
            direction,
            working: String::new(),
        };
        estimate.working = self.words(&estimate, smaller, holds);
        Some(estimate)
    }

    /// Whether one of these changes is of this transfer alone.
    fn is_fresh(&self, changes: &[usize]) -> bool {
        self.part.is_none() && changes.iter().any(|i| self.notes[*i].is_empty())
    }

    fn words(&self, e: &Estimate, smaller: usize, capacity: Band) -> String {
        let mut words = Vec::new();
        for i in [0, 1] {
            let ship = &self.carriers[i];
            let (Some(change), Some(form)) = (self.changes[i], ship.form) else {
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
        words.extend(self.part.map(|part| part.words()));
        words.extend(self.doubt.map(str::to_owned));
        let of_smaller = format!(
            "{:09} holds {:.0} t ({:.0} to {:.0}){}",
            self.carriers[smaller].mmsi,
            capacity.best,
            capacity.low,
            capacity.high,
            self.carriers[smaller].size_words()
        );
        words.push(of_smaller);
        if let Some([giver, _]) = e.direction
            && let Some(aboard_t) = self.aboard_t[giver].filter(|t| *t < capacity.high)
        {
            words.push(format!(
                "{:09} had at most {aboard_t:.0} t aboard by her draught before",
                self.carriers[giver].mmsi
            ));
        }
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
