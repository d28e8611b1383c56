//! Boats and supply craft beside larger ships.

use super::catch::CARRIER_RATIO;
use super::parties::SEA_KM;
use super::{Params, Party, Scene};
use crate::model::ShipCategory;

/// Below this ratio of length to beam a ship of unknown type is no tanker, and a small one a supply ship or tug: supply ships
/// are 3.8 to 4.8 times as long as broad (UT 755: 72 by 16 m; PX 121: 83 by 18), coastal tankers 5.3 to 7, large ones 5.5
/// (333 by 60 m) to 6.
const BEAMY: f64 = 5.0;
/// Greatest length of such a ship, metres.
const SUPPLY_M: f64 = 100.0;
/// Least length of one that calls herself a freighter, metres: carriers of fish from small boats are as broad.
const SUPPLY_FREIGHTER_M: f64 = 50.0;
/// Below this ratio of lengths a freighter beside a tanker brings stores and takes no cargo, and a passenger ship brings or
/// fetches people and takes no fuel: tankers of 30 to 60 m fuel ferries and launches, of 100 to 180 m cruise ships.
pub(super) const STORES_RATIO: f64 = 0.4;
/// Below this ratio of lengths a fishing vessel near the coast or at anchor is a boat that comes to a tanker: tankers
/// that sell fuel to fishing fleets have 60 to 130 m, and their customers 20 to 100.
const BOAT_RATIO: f64 = 0.2;

impl Party {
    /// Whether a ship is broader than any tanker.
    pub(super) fn is_beamy(&self) -> bool {
        self.said.is_some_and(|h| h.length_m < BEAMY * h.beam_m)
    }

    /// Whether a ship has the build of a supply ship, and a type that they send: other, freighter or none.
    pub(super) fn is_beamy_craft(&self) -> bool {
        let freighter = self.category() == Some(ShipCategory::Cargo);
        let least_m = if freighter { SUPPLY_FREIGHTER_M } else { 0.0 };
        let small = self
            .length_m()
            .is_some_and(|m| (least_m..=SUPPLY_M).contains(&m));
        (freighter || self.is_of_any_trade()) && small && self.is_beamy()
    }

    /// Whether a ship is too small, as far as she says, to be more than a boat. Ships of 300 GT and more must carry class A
    /// (SOLAS V/19).
    pub(super) fn is_boat(&self, params: &Params) -> bool {
        (self.length_m()).map_or(self.is_class_b, |m| m < params.unknown_ship_m)
    }
}

impl Scene<'_> {
    /// Whether this one beside the other is no more than a launch that brings or fetches people; where one length isn't known,
    /// what is a boat by herself is.
    pub(super) fn is_launch(&self, i: usize, params: &Params) -> bool {
        let [own, other] = [&self.parties[i], &self.parties[1 - i]];
        match (own.length_m(), other.length_m()) {
            (Some(own), Some(other)) => own < STORES_RATIO * other,
            _ => own.is_boat(params),
        }
    }

    /// Whether a boat comes to a tanker: a launch of a passenger ship's type, or a fishing vessel that takes no fuel
    /// from her. Far out small ones do, from tankers of the size that serves them; and draughts outdo sizes.
    pub(super) fn is_visited_by_boat(&self, params: &Params) -> bool {
        (0..2).any(|i| {
            let [own, tanker] = [&self.parties[i], &self.parties[1 - i]];
            let serves = tanker
                .length_m()
                .is_some_and(|m| m <= params.bunker_tanker_m);
            let boat = match own.category() {
                Some(ShipCategory::Passenger) => self.is_launch(i, params),
                Some(ShipCategory::Fishing) if own.length_m() < tanker.length_m() => {
                    self.size_ratio() < BOAT_RATIO && (self.is_near(params) || !serves)
                }
                _ => false,
            };
            boat && tanker.is_tanker() && self.cargo_went_to().is_none()
        })
    }

    /// Whether one says neither type nor size, and no draughts show cargo: a boat may be that as well as a tanker. In
    /// an hour of New York harbour 33 of 295 ships with class A said neither.
    pub(super) fn is_with_unknown(&self) -> bool {
        let silent = |i: usize| {
            let party = &self.parties[i];
            let says = party.ship_type.is_some() || party.said.is_some();
            !says && !self.took_by_own_draught(i)
        };
        self.cargo_went_to().is_none() && (silent(0) || silent(1))
    }

    /// Whether one of whom nothing says that she is more than a boat was beside the other for less time than a transfer takes, where
    /// boats are: at anchor, or near the coast. Pilots, agents and crews come and go within minutes, many of them with class A.
    pub(super) fn is_brief_call(&self, params: &Params) -> bool {
        let e = self.encounter;
        let brief = e.end.hours_since(e.start) < params.transfer_min_h;
        let is_ship = |p: &Party| {
            p.ship_type.is_some() || p.shortest_m().is_some_and(|m| m >= params.unknown_ship_m)
        };
        brief && self.is_with_unknown() && !self.parties.iter().all(is_ship) && self.is_near(params)
    }

    /// Whether a small freighter lies beside a large tanker, or a ship of another trade that is no longer than supply
    /// ships, of whom the fast ones are slender: she brings stores.
    pub(super) fn is_beside_stores(&self) -> bool {
        let brings = |i: usize| {
            let [own, other] = [&self.parties[i], &self.parties[1 - i]];
            let lengths = own.longest_m().zip(other.shortest_m());
            let minor = lengths.is_some_and(|(own_m, other_m)| own_m < STORES_RATIO * other_m);
            minor
                && match own.category() {
                    Some(ShipCategory::Cargo) => own.said.is_some() || !self.took_cargo(i),
                    Some(_) => {
                        let small = own.length_m().is_some_and(|m| m <= SUPPLY_M);
                        own.is_of_any_trade() && small && !self.took_by_own_draught(i)
                    }
                    None => false,
                }
        };
        brings(0) || brings(1)
    }

    /// Whether one has the build of a supply ship, which no tanker has. Of those that send no
    /// type only beside a ship several times her size, and far out, where fishing vessels are as broad, only beside a tanker, who
    /// takes no catch.
    pub(super) fn is_beside_supply_craft(&self) -> bool {
        let unknown = self.size_ratio() < CARRIER_RATIO
            && (self.shore_km <= SEA_KM || self.has(ShipCategory::Tanker));
        let craft = |p: &Party| p.is_beamy_craft() && (p.ship_type.is_some() || unknown);
        self.parties.iter().any(craft)
    }

    /// Whether the ship that doesn't say what she carries, beside one that does, is too small to be a tanker: launches,
    /// crew boats and supply boats lie alongside tankers at anchor for hours, wherever they ride. Cargo by the draughts
    /// tells otherwise.
    pub(super) fn is_with_small_craft(&self, params: &Params) -> bool {
        let small = |i: usize| {
            let party = &self.parties[i];
            party.is_of_any_trade() && party.is_boat(params) && !self.took_by_own_draught(i)
        };
        self.cargo_went_to().is_none() && (small(0) || small(1))
    }
}
