//! How large the parties are, as far as they say, and what their draughts tell where they don't.

use super::{Kind, Params, Party, Scene};
use crate::assess::by_draught;
use crate::model::ShipCategory;

impl Party {
    /// The length that she says, metres.
    pub(super) fn length_m(&self) -> Option<f64> {
        self.said.map(|h| h.length_m)
    }

    /// The greatest length that she may have, by her draught if she says none, metres.
    pub(super) fn longest_m(&self) -> Option<f64> {
        let by_draught = || self.deepest_m.map(by_draught::longest_m);
        self.length_m().or_else(by_draught)
    }

    /// The least.
    pub(super) fn shortest_m(&self) -> Option<f64> {
        let by_draught = || self.deepest_m.map(by_draught::shortest_m);
        self.length_m().or_else(by_draught)
    }
}

impl Scene<'_> {
    /// Whether one doesn't say how large she is, and no draughts show cargo: she may be a bunker tanker or a boat as well as a carrier,
    /// unless she is too deep for one. Of what fuels a freighter nothing else is likely.
    pub(super) fn is_with_unsized(&self, kind: Kind, params: &Params) -> bool {
        let may_be_small = |p: &Party| {
            let shortest_m = p.shortest_m().unwrap_or(0.0);
            p.said.is_none() && shortest_m <= params.bunker_tanker_m
        };
        let either = match kind {
            Kind::StsTransfer => true,
            Kind::Bunkering => self.parties.iter().all(Party::is_tanker),
            _ => false,
        };
        either && !self.has_taken_cargo() && self.parties.iter().any(may_be_small)
    }

    /// The mother of a transfer: the larger ship by what both say. Where one says nothing, she that is surely longer by the other's draught,
    /// she that takes a bunker tanker's fuel, or no fishing vessel beside one; `None` if nothing tells.
    pub(in crate::assess) fn mother(&self, kind: Kind, params: &Params) -> Option<usize> {
        let [a, b] = &self.parties;
        if let (Some(a), Some(b)) = (a.said, b.said) {
            let area_m2 = [a, b].map(|h| h.area_m2());
            return Some(usize::from(area_m2[1] > area_m2[0]));
        }
        let is_mother = |i: usize| {
            let [own, other] = [&self.parties[i], &self.parties[1 - i]];
            let fishes = |p: &Party| p.category() == Some(ShipCategory::Fishing);
            let lengths = own.shortest_m().zip(other.longest_m());
            lengths.is_some_and(|(own_m, other_m)| own_m > other_m)
                || (kind == Kind::Bunkering && self.is_bunkering_pair(1 - i, params))
                || (fishes(other) && !fishes(own))
        };
        match [is_mother(0), is_mother(1)] {
            [true, false] => Some(0),
            [false, true] => Some(1),
            _ => None,
        }
    }
}
