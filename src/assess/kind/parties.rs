//! What ships that lay alongside did there, by who they are.

use super::berth::AtBerth;
use super::bunkers::{BUNKERED_RATIO, FUEL_TANKER_M};
use super::catch::CARRIER_RATIO;
use super::craft::STORES_RATIO;
use super::{Kind, Mode, Params, Party, Scene};
use crate::assess::geometry::Stretch;
use crate::model::{ShipCategory, ShipType};

/// Codes of ships that only say they are of no type that has a code.
const OTHER_TYPES: std::ops::RangeInclusive<u8> = 90..=99;
/// Beyond this distance from shore small craft are fishing vessels rather than harbour craft, kilometres (12 nm).
pub(super) const SEA_KM: f64 = 22.2;
/// A smaller change of draught tells nothing, decimetres: crews round to tenths, and trim changes it.
pub(super) const TOLD_DM: i32 = 2;
/// What it takes where the other ship's draught doesn't say the same, decimetres: no trim, fuel or stores sink a coaster by
/// half a metre, nor does all the fuel that a larger tanker holds (147 exp(0.012 L) t: 0.3 m of an MR, 0.45 m of a VLCC).
pub(super) const TOLD_ALONE_DM: i32 = 5;
/// Longest ships of inland waters, metres: those of the Rhine have 135, of Russian rivers 141.
const INLAND_M: f64 = 145.0;
/// What it takes where it must be more than fuel, ballast and trim of a large ship, decimetres.
pub(super) const MORE_THAN_FUEL_DM: i32 = 10;
/// Codes of tugs, and the local one (57) that units of tug and barge send.
const BARGE_UNIT_TYPES: [u8; 4] = [31, 32, 52, 57];
/// Least length of such a unit, metres: the longest tugs have 90.
const BARGE_UNIT_M: f64 = 100.0;

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
}

impl Scene<'_> {
    /// Whether the longest that the two can have been together is long enough for a transfer; it is without bounds.
    pub(super) fn may_last(&self, params: &Params) -> bool {
        let e = self.encounter;
        let bounds = e.start_not_before.zip(e.end_not_after);
        bounds.is_none_or(|(from, to)| to.hours_since(from) >= params.transfer_min_h)
    }

    /// The same of the time for which they can have lain side by side.
    fn may_lie_long(&self, params: &Params) -> bool {
        (self.together(params).longest_h()).is_none_or(|h| h >= params.transfer_min_h)
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
    pub(super) fn is_cargo_by_draughts(&self) -> bool {
        let more = |p: &Party| p.sank_dm.is_some_and(|dm| dm.abs() >= MORE_THAN_FUEL_DM);
        self.cargo_went_to().is_some() && self.parties.iter().any(more)
    }

    /// Whether this ship took cargo from the other, by either way to tell it.
    pub(super) fn took_cargo(&self, i: usize) -> bool {
        self.cargo_went_to() == Some(i) || self.took_by_own_draught(i)
    }

    /// Whether either took cargo from the other.
    pub(super) fn has_taken_cargo(&self) -> bool {
        self.took_cargo(0) || self.took_cargo(1)
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

    /// Whether the ships lay where bunkers are given: at anchor, or near the coast.
    pub(super) fn is_near(&self, params: &Params) -> bool {
        self.shore_km <= SEA_KM || self.mode(params) == Mode::Anchored
    }

    /// Whether the pair is faster than ships that lie alongside, which come together preferably below 5 kn (ICS, OCIMF, SIGTTO, CDI:
    /// Ship to Ship Transfer Guide, chapter 6).
    pub(super) fn is_too_fast(&self, params: &Params) -> bool {
        (self.geometry.sog_kn).is_some_and(|kn| kn >= params.too_fast_kn)
    }

    /// Whether two no longer than ships of inland waters go side by side on one for longer than a boat fuels a barge that goes on:
    /// coupled barges, or a pushed one that transmits as well. Draughts that show cargo say otherwise.
    pub(super) fn is_coupled(&self, params: &Params) -> bool {
        let g = self.geometry;
        let under_way = g.sog_kn.is_some_and(|kn| kn >= params.convoy_kn);
        let short = |p: &Party| p.length_m().is_none_or(|m| m <= INLAND_M);
        let inland = self.shore_km <= params.berth_shore_km && self.parties.iter().all(short);
        let long = Stretch(&g.moments).hours() > params.transfer_min_h;
        under_way && inland && long && !self.has_taken_cargo()
    }

    /// What two did of whom it was seen that they lay alongside.
    pub(super) fn kind_seen_alongside(&self, params: &Params) -> Kind {
        let kind = self.kind_alongside(params);
        // Fuel is given in less, but not in a lock.
        let cargo = kind.is_transfer() && kind != Kind::Bunkering;
        if (cargo && !self.may_lie_long(params)) || (kind.is_transfer() && self.is_lockage(params))
        {
            return if self.is_berthed(true, params) {
                Kind::Berthed
            } else {
                Kind::Other
            };
        }
        kind
    }

    /// What they did if they lay alongside.
    pub(in crate::assess) fn kind_alongside(&self, params: &Params) -> Kind {
        let [a, b] = &self.parties;
        if self.has(ShipCategory::Dredger) {
            return Kind::Dredging;
        }
        let giver = (0..2).find(|i| self.is_bunkering_pair(*i, params));
        let bunkering = giver.is_some();
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
            let passing = giver.is_some_and(|i| self.may_bunker_at_berth(i));
            let beside =
                passing && matches!(self.at_berth(params), AtBerth::Beside | AtBerth::Untold);
            return if beside {
                Kind::Bunkering
            } else {
                Kind::Berthed
            };
        }
        if self.is_coupled(params) {
            return Kind::Convoy;
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
                    _ if self.is_with_small_craft(params) || self.is_brief_call(params) => {
                        Kind::Other
                    }
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

    /// Whether one says no type and has the size of a bunker tanker beside the tanker that she is with where bunkers are given, and no
    /// draughts show cargo: she may give fuel as well as take a cargo.
    pub(super) fn is_perhaps_bunkering(&self, params: &Params) -> bool {
        let gives = |i: usize| {
            let [own, tanker] = [&self.parties[i], &self.parties[1 - i]];
            let lengths = own.length_m().zip(tanker.length_m());
            let small = lengths.is_some_and(|(own_m, tanker_m)| {
                own_m <= params.bunker_tanker_m && tanker_m >= BUNKERED_RATIO * own_m
            });
            own.ship_type.is_none() && tanker.is_tanker() && small
        };
        self.is_near(params) && !self.has_taken_cargo() && (gives(0) || gives(1))
    }

    /// Whether ships at a berth may have moved cargo over the outer one's side: who lies beside her over fenders changed her draught by
    /// more than fuel, stores and trim do. She may have loaded or discharged elsewhere in port as well.
    pub(super) fn outer_draught_dm(&self, params: &Params) -> Option<i32> {
        let tankers = self.parties.iter().all(Party::is_tanker);
        let changes = self.parties.iter().filter_map(|p| p.sank_dm);
        let most = changes.max_by_key(|dm| dm.abs())?;
        let beside = || self.at_berth(params) == AtBerth::Beside;
        (tankers && most.abs() >= TOLD_ALONE_DM && beside()).then_some(most)
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
}
