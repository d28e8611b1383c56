//! Who bunkers whom, and who only has the size of a bunker tanker.

use super::craft::STORES_RATIO;
use super::parties::{MORE_THAN_FUEL_DM, SEA_KM, TOLD_ALONE_DM, TOLD_DM};
use super::{Lay, Mode, Params, Party, Scene};
use crate::assess::by_length::BEAM_PER_DRAUGHT;
use crate::assess::geometry::Stretch;
use crate::model::ShipCategory;
use crate::registry::fuel_tanks;

/// From this ratio of lengths on the longer of a bunker tanker and another takes the fuel.
pub(super) const BUNKERED_RATIO: f64 = 1.3;
/// A bunker tanker comes and goes; a tanker that is alongside for longer gives or takes a cargo, hours.
const BUNKERING_H: f64 = 24.0;
/// Share of a tanker's length x beam x draught that she may give on.
const GIVEN_SHARE: f64 = 0.7;
/// What lifts a light tanker, tonnes to a cubic metre of length x beam x change of draught: sea water, and a waterplane of 0.88.
const LIFTED_T_PER_M3: f64 = 0.9;
/// Greatest length of a tanker that bunkers what is no tanker, metres: of oil they have 60 to 130, of gas up to 190.
pub(super) const FUEL_TANKER_M: f64 = 190.0;

/// What tells a tanker of a bunker tanker's size beside a larger one from a bunker tanker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Coaster {
    /// Her draught: she took cargo, so many decimetres.
    Took(i32),
    /// The larger one's draught: it took more than fuel, so many decimetres.
    Gave(i32),
    /// Her draught: she gave more than the larger one's fuel tanks hold, so many decimetres.
    GaveAway(i32),
    /// Where they lay: bunkers are given at anchor or near the coast.
    AtSea,
    /// How long they lay there.
    ForDays,
}

impl Scene<'_> {
    /// What one thing alone tells of a tanker of a bunker tanker's size beside a larger one that does not bunker her.
    pub(super) fn coaster(&self, params: &Params) -> Option<Coaster> {
        let coaster = (0..2).find(|i| self.is_size_of_bunkering(*i, params))?;
        self.why_no_bunkers(coaster, params)
            .filter(|_| self.cargo_went_to().is_none())
    }

    /// Why a tanker of a bunker tanker's size does more than bunker the larger tanker beside her.
    fn why_no_bunkers(&self, coaster: usize, params: &Params) -> Option<Coaster> {
        if self.took_cargo(coaster) {
            return Some(Coaster::Took(self.parties[coaster].sank_dm?));
        }
        if self.gave_more_than_fuel(coaster) {
            return Some(Coaster::Gave(self.parties[1 - coaster].sank_dm?));
        }
        if self.gave_more_than_tanks_hold(coaster) {
            return Some(Coaster::GaveAway(self.parties[coaster].sank_dm?));
        }
        let at_sea = match self.mode(params) {
            // On rivers and in harbours boats fuel barges that go on.
            Mode::UnderWay => self.shore_km > params.berth_shore_km,
            Mode::Adrift => self.shore_km > SEA_KM,
            Mode::Anchored => false,
        };
        if at_sea {
            return Some(Coaster::AtSea);
        }
        (self.near_h(self.together(params).seen_h()) > BUNKERING_H).then_some(Coaster::ForDays)
    }

    /// How long the hulls were near each other, hours: so long if that was most of the contact.
    pub(super) fn near_h(&self, most_h: f64) -> f64 {
        self.geometry.near.map_or(most_h, |near| near.seen_h())
    }

    /// Whether the larger ship sank by more than fuel does it, and by no more than this one can have given her.
    fn gave_more_than_fuel(&self, giver: usize) -> bool {
        let [own, other] = [&self.parties[giver], &self.parties[1 - giver]];
        let (Some(from), Some(to), Some(dm)) = (own.said, other.said, other.sank_dm) else {
            return false;
        };
        let taken_m3 = to.length_m * to.beam_m * f64::from(dm) / 10.0;
        let held_m3 = from.length_m * from.beam_m * from.beam_m / BEAM_PER_DRAUGHT[1];
        let least_dm = match own.sank_dm {
            Some(own) if own <= -TOLD_DM => TOLD_ALONE_DM,
            Some(own) if own >= TOLD_DM => return false,
            _ => MORE_THAN_FUEL_DM,
        };
        dm >= least_dm && taken_m3 <= GIVEN_SHARE * held_m3
    }

    /// Whether this one rose by more than the other's tanks for fuel hold, while that one didn't rise as well.
    fn gave_more_than_tanks_hold(&self, giver: usize) -> bool {
        let [own, other] = [&self.parties[giver], &self.parties[1 - giver]];
        let (Some(from), Some(to_m), Some(dm)) = (own.said, other.length_m(), own.sank_dm) else {
            return false;
        };
        let rose_too = other.sank_dm.is_some_and(|dm| dm <= -TOLD_DM);
        let given_t = LIFTED_T_PER_M3 * from.length_m * from.beam_m * f64::from(dm.abs()) / 10.0;
        dm <= -TOLD_ALONE_DM && !rose_too && given_t > fuel_tanks(to_m).best
    }

    /// Whether this one is a bunker tanker by her size beside the other.
    fn is_bunker_tanker(&self, i: usize, params: &Params) -> bool {
        let [tanker, other] = [&self.parties[i], &self.parties[1 - i]];
        // What a passenger ship or a freighter takes from a tanker is fuel, wherever that is sold; but not what a launch does.
        let passenger = other.category() == Some(ShipCategory::Passenger);
        if passenger && self.is_launch(1 - i, params) {
            return false;
        }
        let freighter = other.category() == Some(ShipCategory::Cargo) && self.is_near(params);
        match (tanker.length_m(), other.length_m()) {
            (Some(t), _) if passenger => t <= FUEL_TANKER_M,
            (Some(t), Some(o)) if t <= params.bunker_tanker_m => {
                o >= BUNKERED_RATIO * t || (freighter && o >= STORES_RATIO * t)
            }
            (Some(t), Some(o)) => freighter && t <= FUEL_TANKER_M && o >= BUNKERED_RATIO * t,
            (Some(t), None) => {
                let larger = || other.shortest_m().is_some_and(|o| o >= BUNKERED_RATIO * t);
                t <= params.bunker_tanker_m && (freighter || larger())
            }
            // Where she doesn't say her size her draught may tell; else a supply ship brings her stores.
            (None, _) => match tanker.longest_m().filter(|t| *t <= params.bunker_tanker_m) {
                Some(t) => {
                    let larger = || other.shortest_m().is_some_and(|o| o >= BUNKERED_RATIO * t);
                    passenger || freighter || larger()
                }
                None => {
                    passenger || (freighter && self.may_last(params) && !other.is_beamy_craft())
                }
            },
        }
    }

    /// Whether a fishing vessel kept her place astern of a tanker that serves such, while the two went on or swung: fuel is given at sea
    /// by a hose astern as well as alongside.
    pub(super) fn is_fuelled_astern(&self, lay: &Lay, params: &Params) -> bool {
        let g = self.geometry;
        let moved = g.moved_m >= params.travelled_m
            || Stretch(&g.moments).turned_deg() >= 2.0 * params.turned_deg;
        let serves =
            |p: &Party| p.is_tanker() && p.longest_m().is_some_and(|m| m <= params.bunker_tanker_m);
        lay.astern > 0
            && moved
            && self.has(ShipCategory::Fishing)
            && self.parties.iter().any(serves)
            && !self.is_too_fast(params)
    }

    /// Whether this one is a bunker tanker beside the other: one that took a tanker's cargo, or by both draughts that of a
    /// storage ship or of one that doesn't say what she carries, is none.
    pub(super) fn is_bunkering_pair(&self, i: usize, params: &Params) -> bool {
        let [tanker, other] = [&self.parties[i], &self.parties[1 - i]];
        tanker.is_tanker()
            && other.category() != Some(ShipCategory::Fishing)
            && self.is_bunker_tanker(i, params)
            && !(other.is_tanker() && self.why_no_bunkers(i, params).is_some())
            && !(other.category() == Some(ShipCategory::Cargo) && self.is_cargo_by_draughts())
            && !(other.is_of_any_trade() && self.cargo_went_to() == Some(i))
    }

    /// Whether both are tankers, and this one has the size of a bunker tanker beside the other.
    fn is_size_of_bunkering(&self, i: usize, params: &Params) -> bool {
        let [own, other] = [&self.parties[i], &self.parties[1 - i]];
        own.is_tanker() && other.is_tanker() && self.is_bunker_tanker(i, params)
    }

    /// Whether what is called bunkering may as well be cargo that a coaster takes: both are tankers, and no draughts say
    /// which way it went.
    pub(super) fn is_perhaps_cargo(&self) -> bool {
        self.parties.iter().all(Party::is_tanker) && self.cargo_went_to().is_none()
    }
}
