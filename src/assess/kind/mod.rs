//! What an encounter was: its kind, how sure that is, and the facts that say so.
//!
//! Rule: hulls first. Ships that exchange cargo lie side by side, fender to fender; where they lie and how fast
//! they go is no criterion. What lies side by side is then told apart by what holds it: a berth holds still,
//! a raft swings or travels as one; and by who it is: tugs, pilots and dredgers work alongside too.

mod params;
#[cfg(test)]
mod tests;

use super::geometry::{Geometry, Moment, Stretch};
use crate::hull::Hull;
use crate::model::quantity::hours;
use crate::model::statistics::median;
use crate::model::{Encounter, NavStatus, ShipCategory, ShipType, Timestamp};
pub use params::Params;

/// How far off the middle of the beam an unknown antenna may well be, as a share of the beam.
const UNKNOWN_ACROSS: f64 = 0.2;
/// Fewer moments alongside than this must be a quarter of all.
const LEAST_MOMENTS: usize = 3;
/// A ship at anchor strays no farther than this, metres.
const ANCHORED_M: f64 = 1000.0;
/// Through this time the tide turns, and every ship at anchor with it, hours.
const TIDE_H: f64 = 6.0;
/// Beyond this distance from shore small craft are fishing vessels rather than harbour craft, kilometres (12 nm).
const SEA_KM: f64 = 22.2;
/// Headings of ships that lie alongside, bow to bow or bow to stern, differ by no more, degrees.
const PARALLEL_DEG: f64 = 5.0;
/// Antennas of ships alongside are no farther apart, metres: two thirds of the longest ship, for the bridge of a
/// passenger ship is forward and that of a tanker aft. Ships at their own anchors need more room.
const TIED_M: f64 = 240.0;
/// Antennas of ships tied together keep their distance within this, metres: two positions of 10 m each.
const SAME_DISTANCE_M: f64 = 15.0;
/// Below this ratio of lengths the longer of a fishing vessel and a ship of unknown type may be her carrier.
const CARRIER_RATIO: f64 = 0.7;
/// Below this ratio of length to beam a ship of unknown type is no tanker, and a small one a supply ship or tug: supply ships
/// are 3.8 to 4.8 times as long as broad (UT 755: 72 by 16 m; PX 121: 83 by 18), coastal tankers 5.3 to 7, large ones 5.5
/// (333 by 60 m) to 6.
const BEAMY: f64 = 5.0;
/// Greatest length of such a ship, metres.
const SUPPLY_M: f64 = 100.0;
/// Slow within the contact radius for so long, two ships came for each other, hours: one that passes at half a knot is out of
/// it within the hour.
const MEETING_H: f64 = 1.0;
/// Below this ratio of lengths a freighter beside a tanker brings stores and takes no cargo.
const STORES_RATIO: f64 = 0.4;

/// The kind of an encounter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    StsTransfer,
    Bunkering,
    FishingTransshipment,
    Service,
    Dredging,
    AnchoredNeighbours,
    Berthed,
    Convoy,
    Other,
}

impl Kind {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::StsTransfer => "sts_transfer",
            Self::Bunkering => "bunkering",
            Self::FishingTransshipment => "fishing_transshipment",
            Self::Service => "service",
            Self::Dredging => "dredging",
            Self::AnchoredNeighbours => "anchored_neighbours",
            Self::Berthed => "berthed",
            Self::Convoy => "convoy",
            Self::Other => "other",
        }
    }

    /// Whether cargo or fuel is thought to have moved between the hulls.
    pub(super) fn is_transfer(self) -> bool {
        matches!(
            self,
            Self::StsTransfer | Self::Bunkering | Self::FishingTransshipment
        )
    }
}

/// How the pair moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    UnderWay,
    Adrift,
    Anchored,
}

impl Mode {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::UnderWay => "under_way",
            Self::Adrift => "adrift",
            Self::Anchored => "anchored",
        }
    }
}

/// One ship of an encounter, as far as its kind asks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Party {
    pub ship_type: Option<ShipType>,
    /// The hull by which distances are measured; `None` if unknown or contradicted.
    pub hull: Option<Hull>,
    /// The hull as sent: off by tens of metres it still tells a coaster from a large tanker.
    pub said: Option<Hull>,
    pub nav_status: Option<NavStatus>,
}

impl Party {
    fn category(&self) -> Option<ShipCategory> {
        self.ship_type.map(ShipType::category)
    }

    fn is_sizeable(&self, params: &Params) -> bool {
        self.length_m().is_some_and(|m| m >= params.unknown_ship_m)
    }

    /// Whether a ship is broader than any tanker.
    fn is_beamy(&self) -> bool {
        self.said.is_some_and(|h| h.length_m < BEAMY * h.beam_m)
    }

    /// Whether a ship that never said what it is has the build of a supply ship.
    fn is_beamy_craft(&self) -> bool {
        let small = self.length_m().is_some_and(|m| m <= SUPPLY_M);
        self.ship_type.is_none() && small && self.is_beamy()
    }

    fn length_m(&self) -> Option<f64> {
        self.said.map(|h| h.length_m)
    }
}

/// What is judged.
pub(super) struct Scene<'a> {
    pub encounter: &'a Encounter,
    pub geometry: &'a Geometry,
    pub parties: [Party; 2],
    /// Distance to shore, kilometres; negative on land.
    pub shore_km: f64,
}

/// The judgement.
#[derive(Clone, Debug)]
pub(super) struct Judgement {
    pub kind: Kind,
    pub confidence: f64,
    pub mode: Mode,
    /// The facts behind it, in words.
    pub words: Vec<String>,
}

/// How the hulls lay.
pub(super) struct Lay<'a> {
    pub alongside: bool,
    /// Independent moments in which they may have lain alongside.
    moments: usize,
    /// The stretch from the first such moment to the last; all moments if there is none.
    pub stretch: Stretch<'a>,
    /// The partner kept its place in the ship's frame while the two travelled or turned.
    rigid: bool,
    /// It did not.
    loose: bool,
}

impl Scene<'_> {
    fn has(&self, category: ShipCategory) -> bool {
        self.parties.iter().any(|p| p.category() == Some(category))
    }

    /// Whether the hulls may lie side by side at this moment.
    pub(super) fn alongside_at(&self, m: &Moment, params: &Params) -> bool {
        let [Some(a), Some(b)] = self.parties.map(|p| p.hull) else {
            return m.separation_m <= params.alongside_unknown_m;
        };
        let halves = (a.beam_m + b.beam_m) / 2.0;
        if m.heading_deg.is_none() {
            // Side by side and midships to midships, give or take a fifth of the smaller ship: antennas near the stern
            // are then a third of the difference in length apart. Passenger ships have theirs forward, fishing vessels and
            // who knows what else anywhere: beside those it is what offsets allow.
            let slack = a.length_m.min(b.length_m) / 5.0;
            let unknown = self.parties.iter().any(|p| p.ship_type.is_none());
            let along = if a.tanker != b.tanker || self.has(ShipCategory::Fishing) || unknown {
                let [[a0, a1], [b0, b1]] = [a, b].map(|h| h.antenna_ahead_m());
                (a1 - b0).abs().max((b1 - a0).abs())
            } else {
                (a.length_m - b.length_m).abs() / 3.0
            } + slack;
            return m.separation_m <= along.hypot(halves + params.alongside_gap_m);
        }
        let near = m.gap.is_some_and(|g| {
            g.low_m <= params.alongside_gap_m && g.high_m >= -params.alongside_gap_m
        });
        // Side by side, not in line: abeam by half of both beams, give or take unknown antennas and a fender.
        let abeam = m.in_frame_m.is_none_or(|[_, starboard]| {
            let doubt = [a, b]
                .iter()
                .map(|h| match h.antenna_m {
                    Some([_, port]) => (port - h.beam_m / 2.0).abs(),
                    None => UNKNOWN_ACROSS * h.beam_m,
                })
                .sum::<f64>();
            let aside = starboard.abs() - halves;
            (-params.alongside_gap_m - doubt..=params.alongside_gap_m + doubt).contains(&aside)
        });
        near && abeam
    }

    /// The moments in which a partner kept its place beside the larger ship while she turned or travelled, where
    /// dimensions don't say what the place should be. A ship at her own anchor keeps her place on the map instead; a
    /// convoy is faster.
    fn tied(&self, params: &Params) -> Option<Vec<bool>> {
        let g = self.geometry;
        if g.sog_kn.is_some_and(|kn| kn >= params.convoy_kn) {
            return None;
        }
        let Some(difference_deg) = g.heading_difference_deg else {
            return self.swung_as_one(params);
        };
        let unknown = self.parties.iter().any(|p| p.hull.is_none());
        let parallel = difference_deg <= PARALLEL_DEG || difference_deg >= 180.0 - PARALLEL_DEG;
        if !unknown || !parallel {
            return None;
        }
        let along = |i: usize| {
            let places = g.moments.iter().filter_map(|m| m.in_frame_m);
            median(places.map(|p| p[i]).collect())
        };
        let usual = [along(0)?, along(1)?];
        let in_place = |m: &Moment| {
            m.in_frame_m.is_some_and(|[x, y]| {
                (x - usual[0]).hypot(y - usual[1]) <= params.rigid_m / 2.0
                    && m.separation_m <= TIED_M
            })
        };
        let flags: Vec<bool> = g.moments.iter().map(in_place).collect();
        let kept: Vec<Moment> = g.moments.iter().copied().filter(in_place).collect();
        let kept = Stretch(&kept);
        let (frame, map) = (kept.rigidity_m()?, kept.map_spread_m()?);
        let moved = g.moved_m >= params.travelled_m || kept.turned_deg() >= params.turned_deg;
        (moved && map >= 2.0 * frame).then_some(flags)
    }

    /// The same where headings are missing, whatever the dimensions say: one antenna goes round the other and keeps its
    /// distance, as only points of one body do. Ships at their own anchors keep the direction too, or lose the distance.
    fn swung_as_one(&self, params: &Params) -> Option<Vec<bool>> {
        let g = self.geometry;
        let usual = median(g.moments.iter().map(|m| m.separation_m).collect())?;
        let in_place = |m: &Moment| {
            (m.separation_m - usual).abs() <= SAME_DISTANCE_M && m.separation_m <= TIED_M
        };
        let alongside = |m: &Moment| in_place(m) || self.alongside_at(m, params);
        let kept: Vec<Moment> = g.moments.iter().copied().filter(in_place).collect();
        let kept = Stretch(&kept);
        let loose = (kept.rigidity_m()).is_some_and(|m| m > params.rigid_m);
        let swept_m = kept.map_spread_m()?;
        // Neighbours that yaw change the direction by some tens of degrees.
        let went_round = kept.bearing_arc_deg() >= 2.0 * params.turned_deg;
        (went_round && !loose && swept_m >= 2.0 * SAME_DISTANCE_M)
            .then(|| g.moments.iter().map(alongside).collect())
    }

    /// How the hulls lay, from the first moment in which they may have lain alongside to the last: mooring and
    /// unmooring belong to the contact, but not to this.
    pub(super) fn lay(&self, params: &Params) -> Lay<'_> {
        let g = self.geometry;
        let near: Vec<bool> = g
            .moments
            .iter()
            .map(|m| self.alongside_at(m, params))
            .collect();
        let flags = self.tied(params).unwrap_or(near);
        let moments = flags.iter().filter(|f| **f).count();
        let first = flags.iter().position(|f| *f).unwrap_or(0);
        let last = flags
            .iter()
            .rposition(|f| *f)
            .map_or(flags.len(), |i| i + 1);
        let stretch = Stretch(&g.moments[first..last]);
        let moved = g.moved_m >= params.travelled_m || stretch.turned_deg() >= params.turned_deg;
        let spread = stretch.rigidity_m().filter(|_| moved);
        let rigid = spread.is_some_and(|m| m <= params.rigid_m);
        // Ships that swing about their own anchors keep their place on the map, not in each other's frame.
        let own_anchors = match (spread, stretch.map_spread_m()) {
            (Some(frame), Some(map)) => frame > params.rigid_m && map < frame / 2.0,
            _ => false,
        };
        let loose = spread.is_some_and(|m| m > 2.5 * params.rigid_m) || own_anchors;
        let share = moments as f64 / stretch.0.len().max(1) as f64;
        // On one or two moments the hulls must most likely touch fenders, not just possibly.
        let thin = || {
            let likely = stretch
                .gap()
                .is_none_or(|g| g.best_m <= 2.0 * params.alongside_gap_m);
            // Coming alongside takes an hour or two; who lies apart for longer does so at her own anchor.
            let brief = hours(self.encounter.observed_ms) < params.transfer_min_h;
            let leads = brief && self.goes_unheard(first == 0, last == flags.len(), params);
            moments > 0 && (4 * moments >= flags.len() || leads) && likely
        };
        Lay {
            alongside: share >= params.alongside_share
                && (moments >= LEAST_MOMENTS || thin())
                && !loose,
            moments,
            stretch,
            rigid,
            loose,
        }
    }

    /// Whether silence that is long enough for a transfer precedes or follows what was seen, where that begins or ends
    /// alongside: then the rest of it was the way there or back.
    fn goes_unheard(&self, begins: bool, ends: bool, params: &Params) -> bool {
        let e = self.encounter;
        let long = |from: Timestamp, to: Timestamp| to.hours_since(from) >= params.transfer_min_h;
        (begins && e.start_not_before.is_none_or(|t| long(t, e.start)))
            || (ends && e.end_not_after.is_none_or(|t| long(e.end, t)))
    }

    /// Whether a fishing vessel and a carrier were seen on the high seas coming together or parting, with silence enough for a
    /// transfer after or before it. Slow within 500 m of each other for two hours is how Global Fishing Watch tells
    /// encounters of the two; here the two hours may be unheard.
    fn is_meeting_at_sea(&self, params: &Params) -> bool {
        let e = self.encounter;
        let slow = self.geometry.sog_kn.is_none_or(|kn| kn < params.convoy_kn);
        slow && self.shore_km > SEA_KM
            && hours(e.observed_ms) >= MEETING_H
            && self.goes_unheard(true, true, params)
            && self.kind_alongside(params) == Kind::FishingTransshipment
    }

    /// Whether both ships hold still as only a berth holds a ship: in place, and in heading through a turn of the tide.
    fn is_berthed(&self, params: &Params) -> bool {
        let g = self.geometry;
        let all = Stretch(&g.moments);
        let status = |wanted| self.parties.iter().any(|p| p.nav_status == Some(wanted));
        let still = g.sog_kn.is_none_or(|kn| kn < 0.5);
        if !still || status(NavStatus::AT_ANCHOR) {
            return false;
        }
        if self.shore_km <= params.berth_shore_km {
            return g.stray_m <= 2.0 * params.berth_move_m;
        }
        let fixed = g.stray_m <= params.berth_move_m && all.turned_deg() <= params.berth_turn_deg;
        let headed = g.moments.iter().filter(|m| m.heading_deg.is_some()).count();
        let through_tide = all.hours() >= TIDE_H && 2 * headed >= g.moments.len();
        fixed
            && (through_tide || (status(NavStatus::MOORED) && all.hours() >= params.transfer_min_h))
    }

    pub(super) fn mode(&self, params: &Params) -> Mode {
        let g = self.geometry;
        let kn = g.sog_kn.unwrap_or(0.0);
        let anchored = self
            .parties
            .iter()
            .any(|p| p.nav_status == Some(NavStatus::AT_ANCHOR));
        if kn < params.under_way_kn && (anchored || g.moved_m < ANCHORED_M) {
            return Mode::Anchored;
        }
        let not_under_command =
            self.parties[g.larger].nav_status == Some(NavStatus::NOT_UNDER_COMMAND);
        if kn < params.under_way_kn || not_under_command || g.crab_deg.is_some_and(|d| d > 30.0) {
            Mode::Adrift
        } else {
            Mode::UnderWay
        }
    }

    pub(super) fn shore_words(&self) -> String {
        if self.shore_km < 0.0 {
            "on land or in a harbour".to_owned()
        } else {
            format!("{:.1} km off shore", self.shore_km)
        }
    }

    /// The longest that the two can have been together, hours; `None` without bounds.
    fn possible_h(&self) -> Option<f64> {
        let e = self.encounter;
        Some(hours(e.end_not_after?.0 - e.start_not_before?.0))
    }

    /// Whether the first is a bunker tanker beside the second.
    fn is_bunkering(&self, tanker: &Party, other: &Party, params: &Params) -> bool {
        // No passenger ship takes anything else from a tanker.
        let passenger = other.category() == Some(ShipCategory::Passenger);
        match (tanker.length_m(), other.length_m()) {
            (Some(t), Some(o)) => t <= params.bunker_tanker_m && o >= 1.3 * t,
            (Some(t), None) => t <= params.bunker_tanker_m && passenger,
            (None, _) => tanker.category() == Some(ShipCategory::Tanker) && passenger,
        }
    }

    pub(super) fn kind_alongside(&self, params: &Params) -> Kind {
        let [a, b] = &self.parties;
        if self.has(ShipCategory::Dredger) {
            return Kind::Dredging;
        }
        if self.has(ShipCategory::Tug)
            || self.has(ShipCategory::Service)
            || self.has(ShipCategory::HighSpeed)
            || self.has(ShipCategory::Yacht)
        {
            return Kind::Service;
        }
        let bunkering =
            self.is_bunkering_pair(a, b, params) || self.is_bunkering_pair(b, a, params);
        if self.is_berthed(params) {
            // A bunker tanker comes and goes; what lies there for days is moored there.
            let passing = self.encounter.end.hours_since(self.encounter.start) <= 24.0;
            return if bunkering && passing {
                Kind::Bunkering
            } else {
                Kind::Berthed
            };
        }
        if self
            .possible_h()
            .is_some_and(|h| h < params.transfer_min_h && !bunkering)
        {
            return Kind::Other;
        }
        if bunkering {
            return Kind::Bunkering;
        }
        match (a.category(), b.category()) {
            (Some(ShipCategory::Fishing), Some(ShipCategory::Cargo))
            | (Some(ShipCategory::Cargo), Some(ShipCategory::Fishing)) => {
                Kind::FishingTransshipment
            }
            (Some(ShipCategory::Fishing), Some(ShipCategory::Tanker))
            | (Some(ShipCategory::Tanker), Some(ShipCategory::Fishing)) => Kind::Bunkering,
            // Beside a fishing vessel at sea, a ship several times her size takes her catch.
            (Some(ShipCategory::Fishing), None) | (None, Some(ShipCategory::Fishing))
                if self.shore_km > SEA_KM && self.size_ratio() < CARRIER_RATIO =>
            {
                Kind::FishingTransshipment
            }
            (Some(ShipCategory::Fishing), _) | (_, Some(ShipCategory::Fishing)) => Kind::Other,
            (Some(ShipCategory::Tanker), other) | (other, Some(ShipCategory::Tanker)) => {
                match other {
                    None if self.is_beside_supply_craft() => Kind::Service,
                    Some(ShipCategory::Passenger | ShipCategory::Other) => Kind::Other,
                    // A small freighter beside a large tanker brings stores.
                    Some(ShipCategory::Cargo) if self.size_ratio() < STORES_RATIO => Kind::Service,
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

    /// A freighter and a ship that never said what it is: a bunker tanker by its size, at anchor; a fishing vessel by
    /// its size, at sea.
    fn kind_beside_cargo(&self, cargo: &Party, unknown: &Party, params: &Params) -> Kind {
        if self.is_beside_supply_craft() {
            return Kind::Service;
        }
        let Some(length_m) = unknown.length_m() else {
            return Kind::Other;
        };
        if length_m >= params.unknown_ship_m && self.is_bunkering(unknown, cargo, params) {
            Kind::Bunkering
        } else if (15.0..90.0).contains(&length_m) && self.shore_km > SEA_KM {
            Kind::FishingTransshipment
        } else {
            Kind::Other
        }
    }

    /// Whether one is, near the coast, a small broad ship of unknown type beside one several times her size. Far out
    /// fishing vessels are as broad.
    fn is_beside_supply_craft(&self) -> bool {
        self.shore_km <= SEA_KM
            && self.size_ratio() < CARRIER_RATIO
            && self.parties.iter().any(Party::is_beamy_craft)
    }

    /// Length of the shorter ship over that of the longer; 1 if one is unknown.
    fn size_ratio(&self) -> f64 {
        match self.parties.map(|p| p.length_m()) {
            [Some(a), Some(b)] => a.min(b) / a.max(b),
            _ => 1.0,
        }
    }

    fn is_bunkering_pair(&self, tanker: &Party, other: &Party, params: &Params) -> bool {
        tanker.category() == Some(ShipCategory::Tanker)
            && other.category() != Some(ShipCategory::Fishing)
            && self.is_bunkering(tanker, other, params)
    }

    fn kind_apart(&self, params: &Params) -> Kind {
        let g = self.geometry;
        let kn = g.sog_kn.unwrap_or(0.0);
        if self.has(ShipCategory::Dredger) {
            return Kind::Dredging;
        }
        if self.has(ShipCategory::Tug) || self.has(ShipCategory::Service) {
            return Kind::Service;
        }
        if kn >= params.convoy_kn {
            return Kind::Convoy;
        }
        if self.is_berthed(params) {
            return Kind::Berthed;
        }
        let at_anchor =
            !self.has(ShipCategory::Fishing) && g.moved_m < ANCHORED_M && kn < params.under_way_kn;
        if at_anchor {
            Kind::AnchoredNeighbours
        } else {
            Kind::Other
        }
    }
}

/// Judges an encounter.
pub(super) fn judge(scene: &Scene, lay: &Lay, params: &Params) -> Judgement {
    let mut words = words(scene, lay);
    let kind = if lay.alongside {
        scene.kind_alongside(params)
    } else if scene.is_meeting_at_sea(params) {
        words.push(
            "they met slowly on the high seas, and silence is long enough for a transfer"
                .to_owned(),
        );
        Kind::FishingTransshipment
    } else {
        scene.kind_apart(params)
    };
    Judgement {
        kind,
        confidence: confidence(scene, lay, kind, params),
        mode: scene.mode(params),
        words,
    }
}

/// How sure the kind is: what speaks for it, added up and held below what few moments allow.
fn confidence(scene: &Scene, lay: &Lay, kind: Kind, params: &Params) -> f64 {
    let g = scene.geometry;
    let unknown_types = scene
        .parties
        .iter()
        .filter(|p| p.ship_type.is_none())
        .count() as f64;
    let unknown_hulls = scene.parties.iter().filter(|p| p.hull.is_none()).count() as f64;
    let counted = if lay.alongside || kind.is_transfer() {
        lay.moments
    } else {
        g.moments.len()
    };
    let mut c = 0.35 + 0.1 * counted.min(4) as f64;
    if lay.alongside {
        let tight = lay
            .stretch
            .gap()
            .is_some_and(|gap| (-25.0..=params.alongside_gap_m).contains(&gap.best_m));
        c += if tight { 0.1 } else { 0.0 };
        c += if lay.rigid { 0.1 } else { 0.0 };
    } else {
        let clear = lay
            .stretch
            .gap()
            .is_some_and(|gap| gap.low_m > 2.0 * params.alongside_gap_m);
        c += if clear || lay.loose { 0.2 } else { 0.0 };
    }
    c += if g.sharp { 0.05 } else { -0.1 };
    c -= 0.1 * unknown_types + 0.1 * unknown_hulls;
    let most = match counted {
        0 => 0.3,
        1 => 0.5,
        2 => 0.65,
        _ => 0.95,
    };
    let most = if kind == Kind::Other { 0.6 } else { most };
    c.clamp(0.1, most)
}

fn words(scene: &Scene, lay: &Lay) -> Vec<String> {
    let g = scene.geometry;
    let mut words = Vec::new();
    match lay.stretch.gap() {
        Some(gap) => words.push(format!(
            "hulls {:.0} m apart ({:.0} to {:.0}) in {} of {} moments alongside",
            gap.best_m,
            gap.low_m,
            gap.high_m,
            lay.moments,
            g.moments.len()
        )),
        None => words.push(format!(
            "antennas {:.0} m apart in {} moments, dimensions unknown",
            lay.stretch.antenna_distance_m().unwrap_or(0.0),
            g.moments.len()
        )),
    }
    if let Some(rigidity_m) = lay.stretch.rigidity_m() {
        words.push(format!(
            "the partner kept its place within {rigidity_m:.0} m while the larger ship turned {:.0} degrees and moved {:.1} km",
            lay.stretch.turned_deg(),
            g.moved_m / 1000.0
        ));
    }
    if let Some(degrees) = g.heading_difference_deg {
        words.push(format!("headings {degrees:.0} degrees apart"));
    }
    words.push(scene.shore_words());
    words
}
