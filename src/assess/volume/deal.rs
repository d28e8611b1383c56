//! Two ships that may have exchanged cargo, and what they say of it together.
//!
//! In: both as carriers, and the changes of draught that were typed about then. Out: direction and estimate. Rule: a change is
//! this transfer's unless it contradicts what is surer: a bunker tanker gives, cargo goes from one ship to the other, nobody
//! gives what she can't have had aboard, and nothing moves faster than pumps do.

use super::super::occasion::Change;
use super::density::combine;
use super::scenario::{self, Together};
use super::share::{Part, Step, Typed};
use super::{Carrier, Estimate, Params, barrels};
use crate::registry::{Band, Product, tank_bbl};

/// Of two changes that contradict each other one counts for nothing if it weighs less than this share of the other: fuel,
/// stores, ballast and trim explain it.
const SLIGHT: f64 = 0.15;
/// What both ships' draughts must change by, the opposite way, to give the direction where neither does alone, decimetres.
const BOTH_DM: u16 = 2;
/// Where at least this share of the votes for the only change lies above what the transfer can have moved, the change may be of
/// several: then what the smaller hull holds is what is known, down to the least.
const BEYOND: f64 = 0.3;

/// What a direction rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Basis {
    /// Both draughts changed, the opposite way.
    Both,
    /// The draught of one ship.
    One(usize),
    /// Only the giver is a tanker, and fuel was sold.
    Types,
    /// The giver has the size of a bunker tanker.
    Size,
}

/// The smallest tankers that give or take a cargo, tonnes of it: coastal ones of some 60 m.
const LEAST_CARGO_T: f64 = 1000.0;

/// Two ships that may have exchanged cargo.
pub(super) struct Deal {
    pub carriers: [Carrier; 2],
    /// Changes that were typed about then.
    typed: [Option<Change>; 2],
    /// Those of them that are this transfer's.
    pub changes: [Option<Change>; 2],
    /// Why others aren't.
    pub doubt: Option<&'static str>,
    /// Draughts before, decimetres.
    before_dm: [Option<u16>; 2],
    /// What each ship can have had aboard at most by her draught before, tonnes.
    pub aboard_t: [Option<f64>; 2],
    /// Votes of each hull, scaled to its share in the change.
    pub votes: [Vec<f64>; 2],
    /// What the change of a ship was shared with, in words.
    pub notes: [String; 2],
    /// This meeting's part, if all was typed after several meetings of the same two.
    pub part: Option<Part>,
    /// What of it is left so that all shares of a change make no more than the change.
    pub scale: f64,
    bunkering: bool,
    pub together: Together,
}

impl Deal {
    /// Of ships with these changes and draughts before, decimetres; `resumed` tells of which ships those may be out of date.
    pub(super) fn new(
        carriers: [Carrier; 2],
        typed: [Option<Change>; 2],
        before_dm: [Option<u16>; 2],
        resumed: [bool; 2],
        together: Together,
        bunkering: bool,
    ) -> Self {
        let aboard_t = [0, 1].map(|i| {
            let before_dm = before_dm[i].filter(|_| !resumed[i])?;
            carriers[i].aboard_t(before_dm)
        });
        let mut deal = Self {
            carriers,
            typed,
            changes: typed,
            doubt: None,
            before_dm,
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
            let contrary = |i: usize, own: Option<Change>| {
                own.is_none() && deal.changes[i].is_some_and(|c| c.is_weighable())
            };
            if contrary(giver, gave) || contrary(taker, took) {
                deal.doubt =
                    Some("a draught that says the bunker tanker took is not this transfer's");
            }
            (deal.changes[giver], deal.changes[taker]) = (gave, took);
        }
        deal.take_out_contrary();
        deal
    }

    /// Where both ships rose or both sank, neither draught is this transfer's; but one that hardly changed says nothing against
    /// the other.
    fn take_out_contrary(&mut self) {
        let [Some(a), Some(b)] = self.changes else {
            return;
        };
        if a.took() != b.took() {
            return;
        }
        let changes = [a, b];
        let weight_t = [0, 1].map(|i| self.carriers[i].moved_t(&changes[i]));
        let is_slight = |i: usize| {
            let lighter = weight_t[i].zip(weight_t[1 - i]);
            !changes[i].is_weighable() || lighter.is_some_and(|(own, other)| own < SLIGHT * other)
        };
        match [0, 1].map(is_slight) {
            [true, false] => self.changes[0] = None,
            [false, true] => self.changes[1] = None,
            all => {
                self.changes = [None, None];
                if all == [true, true] {
                    return;
                }
            }
        }
        let is_one = self.changes != [None, None];
        let contrary = changes.iter().all(Change::is_weighable);
        self.doubt = match (is_one, a.took()) {
            _ if !contrary => self.doubt,
            (false, true) => Some("both ships sank: neither draught is this transfer's"),
            (false, false) => Some("both ships rose: neither draught is this transfer's"),
            (true, true) => Some("the other sank too, by what fuel, stores or ballast weigh"),
            (true, false) => Some("the other rose too, by what fuel, stores or ballast weigh"),
        };
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

    /// A ship's change, if it is more than noise.
    fn told(&self, ship: usize) -> Option<Change> {
        self.changes[ship].filter(Change::is_weighable)
    }

    /// Whether a ship takes fuel for herself: she is no tanker, or the larger one beside a bunker tanker.
    pub(super) fn takes_fuel(&self, ship: usize) -> bool {
        let other = 1 - ship;
        let receiver = &self.carriers[ship];
        let larger = || receiver.is_larger_than(&self.carriers[other]) && !self.is_deeper(other);
        let [own, given] = [self.told(ship), self.told(other)];
        let takes = own.is_none_or(|c| c.took()) && given.is_none_or(|c| !c.took());
        let by_size = || {
            let own_t = own.and_then(|c| receiver.moved_t(&c));
            let given_t = given.and_then(|c| self.carriers[other].moved_t(&c));
            let fits = |t: f64| receiver.fuel().is_none_or(|fuel| t <= fuel.high);
            let sells = given.is_some() || self.may_sell(other);
            larger() && sells && own_t.into_iter().chain(given_t).all(fits)
        };
        self.bunkering && takes && (receiver.is_other() || by_size())
    }

    /// Whether the smaller of two tankers, whose draught doesn't tell, may have come with fuel to sell: not if she may as well
    /// have come empty.
    fn may_sell(&self, giver: usize) -> bool {
        let before = self.before_dm[giver].zip(self.carriers[giver].form);
        before.is_none_or(|(dm, form)| f64::from(dm) / 10.0 > form.ballast_draught_m(1.0))
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

    /// Whether a change may well weigh more than that. A share in one is less sure than the votes for it, and is only held to
    /// the limit.
    fn strains(&self, ship: usize, limit_t: f64) -> bool {
        let votes = &self.votes[ship];
        let above = votes.iter().filter(|t| **t > limit_t).count() as f64;
        self.notes[ship].is_empty() && above >= BEYOND * votes.len() as f64
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

    /// Giver and taker, and what says so.
    pub(super) fn direction(&self) -> Option<([usize; 2], Basis)> {
        self.by_draught()
            .or_else(|| Some((self.sold_fuel()?, Basis::Types)))
            .or_else(|| {
                // A bunker tanker gives; of two tankers the smaller one is it.
                let taker = (0..2).find(|i| self.takes_fuel(*i))?;
                Some(([1 - taker, taker], Basis::Size))
            })
    }

    /// The same by draughts.
    fn by_draught(&self) -> Option<([usize; 2], Basis)> {
        let way = |i: usize, c: Change| if c.took() { [1 - i, i] } else { [i, 1 - i] };
        let told = (0..2).find_map(|i| Some((i, self.told(i)?)));
        let (i, change) = match (told, self.changes) {
            (Some(told), _) => told,
            // One tenth and one the other way may be noise twice over; more than that isn't.
            (None, [Some(a), Some(b)]) if a.size_dm().min(b.size_dm()) >= BOTH_DM => (0, a),
            _ => return None,
        };
        let basis = match self.changes[1 - i] {
            Some(_) => Basis::Both,
            None => Basis::One(i),
        };
        Some((way(i, change), basis))
    }

    /// Whether a ship only takes fuel, and can hold no cargo of this kind.
    fn takes_bunkers(&self, ship: usize) -> bool {
        self.takes_fuel(ship) && self.carriers[ship].is_other()
    }

    /// What pumps can have moved in the longest time together, tonnes; a part of several meetings isn't bounded by its own.
    fn pumped_t(&self, product: Product) -> Option<f64> {
        let longest_h = self.together.longest_h.filter(|_| self.part.is_none())?;
        Some(scenario::most_pumped_t(longest_h, product))
    }

    /// Changes that say how much: not those that weigh more than either ship can hold or pumps can move, which are not of
    /// this transfer alone.
    fn telling(&self, held: [Option<Band>; 2], pumped_t: f64) -> Vec<usize> {
        let limit_t = held
            .iter()
            .flatten()
            .fold(pumped_t, |least, c| least.min(c.high));
        let tells = |i: &usize| self.changes[*i].is_some() && !self.votes[*i].is_empty();
        [0, 1]
            .into_iter()
            .filter(|i| tells(i) && !self.exceeds(*i, Some(limit_t)))
            .collect()
    }

    pub(super) fn estimate(&self, params: &Params) -> Option<Estimate> {
        let product = self.product(params);
        let direction = self.direction().map(|(way, _)| way);
        let held = [0, 1].map(|i| self.carriers[i].capacity(product, self.takes_bunkers(i)));
        // Lengths and draughts alone bound what another hull tells, and tell nothing themselves.
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
        let is_told = self.by_draught().is_some() || self.sold_fuel().is_some();
        let pumped_t = self.pumped_t(product).unwrap_or(f64::INFINITY);
        let limit_t = hulls_t.min(if is_told { aboard_t } else { f64::INFINITY });
        // A tanker that takes fuel takes no more than her own tanks for it hold; but she may have given cargo, if only sizes
        // tell it.
        let taker = (0..2).find(|i| self.takes_fuel(*i));
        let fuel = taker.and_then(|i| self.carriers[i].fuel());
        let fuel_t = fuel.map_or(f64::INFINITY, |fuel| fuel.best);
        let limit_t = match fuel {
            Some(fuel) if is_told => limit_t.min(fuel.high),
            _ => limit_t,
        };
        // The smaller hull may be the less well known one, whose range then reaches beyond the other's.
        let holds = Band {
            high: hulls_t,
            ..held[smaller]?
        };
        // Of whom nothing is known may be of any size up to that of the other, each as likely in its logarithm.
        let usual_t = match self.unsized_ship(held) {
            Some(_) => (holds.best * LEAST_CARGO_T.min(holds.best)).sqrt(),
            None => holds.best,
        };
        let capacity = Band {
            best: usual_t.min(limit_t).min(aboard_t).min(fuel_t),
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
        let telling = self.telling(held, pumped_t);
        let votes: Vec<Vec<f64>> = telling.iter().map(|i| self.votes[*i].clone()).collect();
        let smaller_dwt_t = self.carriers[smaller].size().map_or(0.0, |d| d.best);
        let limit_t = limit_t.min(pumped_t);
        let strained = match telling[..] {
            [only] => Some(only).filter(|i| self.strains(*i, limit_t)),
            _ => None,
        };
        let by_draught = together(&votes, limit_t).map(|band| Band {
            low: if strained.is_some() {
                band.low.min(holds.low)
            } else {
                band.low
            },
            ..band
        });
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
        estimate.working = self.words(&estimate, smaller, holds, held, (&telling, strained));
        Some(estimate)
    }

    /// The ship of which nothing tells what she can hold, given what each can; who takes fuel is asked for no hold.
    pub(super) fn unsized_ship(&self, held: [Option<Band>; 2]) -> Option<usize> {
        (0..2).find(|i| held[*i].is_none() && !self.takes_fuel(*i))
    }

    /// Whether one of these changes is of this transfer alone.
    fn is_fresh(&self, changes: &[usize]) -> bool {
        self.part.is_none() && changes.iter().any(|i| self.notes[*i].is_empty())
    }
}

/// What the votes of hulls say together. Where two contradict each other there is no middle: the best is what the nearer one
/// says.
fn together(votes: &[Vec<f64>], limit_t: f64) -> Option<Band> {
    let band = combine(votes, limit_t)?;
    let nearer = contrary(votes, limit_t).map(|each| {
        let off = |b: &Band| (b.best / band.best).ln().abs();
        let [a, b] = each;
        if off(&a) <= off(&b) { a.best } else { b.best }
    });
    Some(Band {
        best: nearer.unwrap_or(band.best).clamp(band.low, band.high),
        ..band
    })
}

/// What two hulls say each, if they contradict each other.
pub(super) fn contrary(votes: &[Vec<f64>], limit_t: f64) -> Option<[Band; 2]> {
    let [a, b] = votes else {
        return None;
    };
    let of = |votes: &Vec<f64>| combine(std::slice::from_ref(votes), limit_t);
    let (a, b) = (of(a)?, of(b)?);
    (a.high < b.low || b.high < a.low).then_some([a, b])
}
