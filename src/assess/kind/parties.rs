//! What ships that lay alongside did there, by who they are.

use super::catch::CARRIER_RATIO;
use super::craft::STORES_RATIO;
use super::{Kind, Mode, Params, Party, Scene};
use crate::assess::geometry::Stretch;
use crate::model::quantity::hours;
use crate::model::{ShipCategory, ShipType};

/// Codes of ships that only say they are of no type that has a code.
const OTHER_TYPES: std::ops::RangeInclusive<u8> = 90..=99;
/// Beyond this distance from shore small craft are fishing vessels rather than harbour craft, kilometres (12 nm).
pub(super) const SEA_KM: f64 = 22.2;
/// From this ratio of lengths on the longer of a bunker tanker and another takes the fuel.
const BUNKERED_RATIO: f64 = 1.3;
/// A smaller change of draught tells nothing, decimetres: crews round to tenths, and trim changes it.
const TOLD_DM: i32 = 2;
/// What it takes where the other ship's draught doesn't say the same, decimetres: no trim, fuel or stores sink a coaster by
/// half a metre, nor does all the fuel that a larger tanker holds (147 exp(0.012 L) t: 0.3 m of an MR, 0.45 m of a VLCC).
const TOLD_ALONE_DM: i32 = 5;
/// A bunker tanker comes and goes; a tanker that is alongside for longer gives or takes a cargo, hours.
const BUNKERING_H: f64 = 24.0;
/// Beam over design draught of tankers (Watson 1998).
const BEAM_PER_DRAUGHT: f64 = 2.7;
/// Share of a tanker's length x beam x draught that she may give on.
const GIVEN_SHARE: f64 = 0.7;

/// What it takes where it must be more than fuel, ballast and trim of a large ship, decimetres.
const MORE_THAN_FUEL_DM: i32 = 10;
/// Codes of tugs, and the local one (57) that units of tug and barge send.
const BARGE_UNIT_TYPES: [u8; 4] = [31, 32, 52, 57];
/// Least length of such a unit, metres: the longest tugs have 90.
const BARGE_UNIT_M: f64 = 100.0;
/// Greatest length of a tanker that bunkers what is no tanker, metres: of oil they have 60 to 130, of gas up to 190.
const FUEL_TANKER_M: f64 = 190.0;

/// What tells a tanker of a bunker tanker's size beside a larger one from a bunker tanker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Coaster {
    /// Her draught: she took cargo, so many decimetres.
    Took(i32),
    /// The larger one's draught: it took more than fuel, so many decimetres.
    Gave(i32),
    /// Where they lay: bunkers are given at anchor or near the coast.
    AtSea,
    /// How long they lay there.
    ForDays,
}

impl Party {
    pub(super) fn category(&self) -> Option<ShipCategory> {
        self.ship_type.map(ShipType::category)
    }

    pub(super) fn is_tanker(&self) -> bool {
        self.category() == Some(ShipCategory::Tanker)
    }

    pub(super) fn is_sizeable(&self, params: &Params) -> bool {
        self.length_m().is_some_and(|m| m >= params.unknown_ship_m)
    }

    /// Whether a ship says nothing of her trade: no type, or "other" (90 to 99). Carriers of cargo, storage ships and barges
    /// send that, and so do launches.
    pub(super) fn is_of_any_trade(&self) -> bool {
        self.ship_type
            .is_none_or(|t| OTHER_TYPES.contains(&t.code()))
    }

    /// Whether a tug is so long that she and her barge are one unit: no tug alone is.
    fn is_barge_unit(&self) -> bool {
        let tug = self
            .ship_type
            .is_some_and(|t| BARGE_UNIT_TYPES.contains(&t.code()));
        tug && self.length_m().is_some_and(|m| m >= BARGE_UNIT_M)
    }

    pub(super) fn length_m(&self) -> Option<f64> {
        self.said.map(|h| h.length_m)
    }
}

impl Scene<'_> {
    /// Whether the longest that the two can have been together is long enough for a transfer; it is without bounds.
    fn may_last(&self, params: &Params) -> bool {
        let e = self.encounter;
        let bounds = e.start_not_before.zip(e.end_not_after);
        bounds.is_none_or(|(from, to)| hours(to.0 - from.0) >= params.transfer_min_h)
    }

    /// The ship that took cargo from the other, by the draughts of both: one sank, the other rose.
    pub(super) fn cargo_went_to(&self) -> Option<usize> {
        let [a, b] = self.parties.map(|p| p.sank_dm);
        match (a?, b?) {
            (a, b) if a >= TOLD_DM && b <= -TOLD_DM => Some(0),
            (a, b) if b >= TOLD_DM && a <= -TOLD_DM => Some(1),
            _ => None,
        }
    }

    /// Whether this ship took cargo from the other by her own draught alone: she sank by more than anything else does it,
    /// and the other's draught stayed or isn't known. Crews often don't type the new one, so that one says nothing.
    pub(super) fn took_by_own_draught(&self, i: usize) -> bool {
        let [own, other] = [i, 1 - i].map(|i| self.parties[i].sank_dm);
        own.is_some_and(|dm| dm >= TOLD_ALONE_DM) && other.is_none_or(|dm| dm.abs() < TOLD_DM)
    }

    /// Whether both draughts say that cargo went over, one of them more than fuel does.
    fn is_cargo_by_draughts(&self) -> bool {
        let more = |p: &Party| p.sank_dm.is_some_and(|dm| dm.abs() >= MORE_THAN_FUEL_DM);
        self.cargo_went_to().is_some() && self.parties.iter().any(more)
    }

    /// Whether this ship took cargo from the other, by either way to tell it.
    fn took_cargo(&self, i: usize) -> bool {
        self.cargo_went_to() == Some(i) || self.took_by_own_draught(i)
    }

    /// The ship that by her type carries no oil, and by the draughts of both took a tanker's cargo or gave her some: crews send
    /// wrong types, and hulls of other trades are used. Tugs, supply ships and small freighters lie beside tankers every day;
    /// for them it takes more than fuel, stores and trim do. What a passenger or a fishing vessel takes is fuel. Beside a tug of a
    /// tank barge's size the tanker's draught alone is enough: the two are one unit, and tugs seldom send a draught.
    pub(super) fn odd_carrier(&self, params: &Params) -> Option<usize> {
        use ShipCategory as Of;
        let both = self.cargo_went_to().is_some();
        let changed = |i: usize, dm: i32| self.parties[i].sank_dm.is_some_and(|d| d.abs() >= dm);
        (0..2).find(|&i| {
            let [own, other] = [&self.parties[i], &self.parties[1 - i]];
            let minor = self.size_ratio() < STORES_RATIO || own.is_beamy_craft();
            let unsaid = own.sank_dm.is_none_or(|dm| dm.abs() < TOLD_DM);
            let told = match own.category() {
                _ if !both => own.is_barge_unit() && unsaid && changed(1 - i, MORE_THAN_FUEL_DM),
                Some(Of::Tug | Of::Service | Of::HighSpeed) => {
                    changed(i, TOLD_ALONE_DM) && changed(1 - i, TOLD_ALONE_DM)
                }
                Some(Of::Other) => !minor || changed(i, TOLD_ALONE_DM),
                Some(Of::Cargo) => minor && changed(i, TOLD_ALONE_DM),
                _ => false,
            };
            told && self.may_last(params) && other.is_tanker() && own.is_sizeable(params)
        })
    }

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
        let at_sea = match self.mode(params) {
            Mode::UnderWay => true,
            Mode::Adrift => self.shore_km > SEA_KM,
            Mode::Anchored => false,
        };
        if at_sea {
            return Some(Coaster::AtSea);
        }
        let heard_h = Stretch(&self.geometry.moments).hours();
        (self.near_h(heard_h) > BUNKERING_H).then_some(Coaster::ForDays)
    }

    /// How long the hulls were near each other, hours: so long if that was most of the contact.
    fn near_h(&self, most_h: f64) -> f64 {
        self.geometry.near.map_or(most_h, |near| near.seen_h())
    }

    /// Whether the larger ship sank by more than fuel does it, and by no more than this one can have given her.
    fn gave_more_than_fuel(&self, giver: usize) -> bool {
        let [own, other] = [&self.parties[giver], &self.parties[1 - giver]];
        let (Some(from), Some(to), Some(dm)) = (own.said, other.said, other.sank_dm) else {
            return false;
        };
        let taken_m3 = to.length_m * to.beam_m * f64::from(dm) / 10.0;
        let held_m3 = from.length_m * from.beam_m * from.beam_m / BEAM_PER_DRAUGHT;
        let least_dm = match own.sank_dm {
            Some(own) if own <= -TOLD_DM => TOLD_ALONE_DM,
            Some(own) if own >= TOLD_DM => return false,
            _ => MORE_THAN_FUEL_DM,
        };
        dm >= least_dm && taken_m3 <= GIVEN_SHARE * held_m3
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
        let long = self.may_last(params);
        match (tanker.length_m(), other.length_m()) {
            (Some(t), _) if passenger => t <= FUEL_TANKER_M,
            (Some(t), Some(o)) if t <= params.bunker_tanker_m => {
                o >= BUNKERED_RATIO * t || (freighter && o >= STORES_RATIO * t)
            }
            (Some(t), Some(o)) => freighter && t <= FUEL_TANKER_M && o >= BUNKERED_RATIO * t,
            (Some(t), None) => freighter && long && t <= params.bunker_tanker_m,
            (None, _) => passenger || (freighter && long),
        }
    }

    /// Whether the ships lay where bunkers are given: at anchor, or near the coast.
    pub(super) fn is_near(&self, params: &Params) -> bool {
        self.shore_km <= SEA_KM || self.mode(params) == Mode::Anchored
    }

    /// Whether the pair is faster than ships that lie alongside, which come together preferably below 5 kn (ICS, OCIMF, SIGTTO, CDI:
    /// Ship to Ship Transfer Guide, chapter 6).
    pub(super) fn is_too_fast(&self, params: &Params) -> bool {
        (self.geometry.sog_kn).is_some_and(|kn| kn >= params.too_fast_kn)
    }

    pub(in crate::assess) fn kind_alongside(&self, params: &Params) -> Kind {
        let [a, b] = &self.parties;
        if self.has(ShipCategory::Dredger) {
            return Kind::Dredging;
        }
        let bunkering = (0..2).any(|i| self.is_bunkering_pair(i, params));
        let at_sea = !self.is_too_fast(params) && !self.is_berthed(true, params);
        if at_sea && !bunkering && self.odd_carrier(params).is_some() {
            return Kind::StsTransfer;
        }
        if self.has(ShipCategory::Tug)
            || self.has(ShipCategory::Service)
            || self.has(ShipCategory::HighSpeed)
            || self.has(ShipCategory::Yacht)
        {
            return Kind::Service;
        }
        if self.is_too_fast(params) {
            return Kind::Other;
        }
        if self.is_berthed(true, params) {
            // What lies there for days is moored there.
            let contact_h = self.encounter.end.hours_since(self.encounter.start);
            let passing = self.near_h(contact_h) <= BUNKERING_H;
            let apart = self.is_jetty_between(params) || self.is_lockage(params);
            return if bunkering && passing && !apart {
                Kind::Bunkering
            } else {
                Kind::Berthed
            };
        }
        if self.is_lockage(params) {
            return Kind::Other;
        }
        if !bunkering && self.is_visited_by_boat(params) {
            return Kind::Service;
        }
        if !bunkering && !self.may_last(params) {
            return Kind::Other;
        }
        if bunkering {
            return Kind::Bunkering;
        }
        match (a.category(), b.category()) {
            (Some(ShipCategory::Fishing), Some(ShipCategory::Cargo))
            | (Some(ShipCategory::Cargo), Some(ShipCategory::Fishing)) => self.kind_beside_fisher(),
            // A large tanker has no fuel to sell to one, unless draughts say so.
            (Some(ShipCategory::Fishing), Some(ShipCategory::Tanker))
            | (Some(ShipCategory::Tanker), Some(ShipCategory::Fishing)) => {
                let large = |p: &Party| p.length_m().is_some_and(|m| m > FUEL_TANKER_M);
                if self.parties.iter().any(large) && self.cargo_went_to().is_none() {
                    Kind::Other
                } else {
                    Kind::Bunkering
                }
            }
            // Beside a fishing vessel at sea, a ship several times her size takes her catch.
            (Some(ShipCategory::Fishing), None) | (None, Some(ShipCategory::Fishing))
                if self.shore_km > SEA_KM && self.size_ratio() < CARRIER_RATIO =>
            {
                self.kind_beside_fisher()
            }
            (Some(ShipCategory::Fishing), _) | (_, Some(ShipCategory::Fishing)) => Kind::Other,
            (Some(ShipCategory::Tanker), other) | (other, Some(ShipCategory::Tanker)) => {
                match other {
                    _ if self.is_beside_supply_craft() => Kind::Service,
                    _ if self.is_with_small_craft(params) => Kind::Other,
                    _ if self.is_beside_stores() => Kind::Service,
                    Some(ShipCategory::Other) if self.is_of_any_cargo(params) => Kind::StsTransfer,
                    Some(ShipCategory::Passenger | ShipCategory::Other) => Kind::Other,
                    _ => Kind::StsTransfer,
                }
            }
            // Two ships that never said what they are: only their size can make them cargo ships, and near the coast only
            // their build tankers: dredgers and barges are as large, and broader. Far out fishing vessels are too.
            (None, None) if self.shore_km <= SEA_KM && self.parties.iter().any(Party::is_beamy) => {
                Kind::Other
            }
            (None, None) if a.is_sizeable(params) && b.is_sizeable(params) => Kind::StsTransfer,
            (Some(ShipCategory::Cargo | ShipCategory::Passenger), None) => {
                self.kind_beside_cargo(a, b, params)
            }
            (None, Some(ShipCategory::Cargo | ShipCategory::Passenger)) => {
                self.kind_beside_cargo(b, a, params)
            }
            _ => Kind::Other,
        }
    }

    /// A freighter and a ship that never said what it is: a bunker tanker by its size, at anchor or near the coast; a fishing
    /// vessel by its size, at sea.
    fn kind_beside_cargo(&self, cargo: &Party, unknown: &Party, params: &Params) -> Kind {
        if self.is_beside_supply_craft() {
            return Kind::Service;
        }
        let Some(length_m) = unknown.length_m() else {
            return Kind::Other;
        };
        let bunkers = (params.unknown_ship_m..=params.bunker_tanker_m).contains(&length_m)
            && cargo
                .length_m()
                .is_some_and(|m| m >= BUNKERED_RATIO * length_m);
        if bunkers && self.is_near(params) {
            Kind::Bunkering
        } else if self.is_fisher_beside(cargo, unknown, params) {
            Kind::FishingTransshipment
        } else {
            Kind::Other
        }
    }

    /// Whether a ship that says she is of another trade than all that have a code, by her size may carry a tanker's cargo.
    fn is_of_any_cargo(&self, params: &Params) -> bool {
        let carries = |p: &Party| p.ship_type.is_some() && p.is_of_any_trade();
        (self.parties.iter()).any(|p| carries(p) && p.is_sizeable(params))
    }

    /// Whether ships tied in line did more than moor there: a tanker's draught says that she took cargo. Storage ships call
    /// themselves tankers, something else or nothing.
    pub(super) fn is_tandem_offtake(&self, params: &Params) -> bool {
        let stores = |p: &Party| {
            let category = p.category();
            p.is_sizeable(params) && (category.is_none() || category == Some(ShipCategory::Other))
        };
        let took = |i: usize| {
            let [own, other] = [&self.parties[i], &self.parties[1 - i]];
            own.is_tanker() && (other.is_tanker() || stores(other)) && self.took_cargo(i)
        };
        self.may_last(params) && (took(0) || took(1))
    }

    /// Length of the shorter ship over that of the longer; 1 if one is unknown.
    pub(super) fn size_ratio(&self) -> f64 {
        match self.parties.map(|p| p.length_m()) {
            [Some(a), Some(b)] => a.min(b) / a.max(b),
            _ => 1.0,
        }
    }

    /// Whether this one is a bunker tanker beside the other: one that took a tanker's cargo, or by both draughts that of a
    /// storage ship or of one that doesn't say what she carries, is none.
    fn is_bunkering_pair(&self, i: usize, params: &Params) -> bool {
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
