//! What an encounter was: its kind, how sure that is, and the facts that say so.
//!
//! Rule: hulls first. Ships that exchange cargo lie side by side, fender to fender; where they lie and how fast
//! they go is no criterion. What lies side by side is then told apart by what holds it: a berth holds still,
//! a raft swings or travels as one; and by who it is: tugs, pilots and dredgers work alongside too.

mod berth;
mod bunkers;
mod catch;
mod craft;
mod lay;
mod params;
mod parties;
mod silent;
mod sizes;
#[cfg(test)]
mod tests;
mod words;

use super::geometry::Geometry;
use crate::hull::Hull;
use crate::model::{Encounter, NavStatus, ShipCategory, ShipType};
pub(super) use lay::Lay;
pub use params::Params;
use words::{line_words, words};

/// A ship at anchor strays no farther than this, metres.
const ANCHORED_M: f64 = 1000.0;
/// Chain that the largest ships lie to, metres: with the stream they swing about its end by it and their length.
const CHAIN_M: f64 = 350.0;
/// A ship that says she is at anchor strays no farther than so many times that: she came there, or her anchor dragged.
const DRAGGED: f64 = 3.0;
/// Greatest confidence in bunkering of two tankers whose draughts don't say which way the oil went.
const PERHAPS_CARGO: f64 = 0.8;
/// Greatest confidence in a transfer that one thing alone tells from something else: a draught, the place or the time, of a
/// coaster that would else be a bunker tanker; the taker's draught, of a ship that lay astern; both draughts, of a ship whose
/// type says that she carries none.
const TOLD_BY_ONE: f64 = 0.8;
/// Greatest confidence that ships lay apart of which nobody knows whether they did.
const PERHAPS_TIED: f64 = 0.5;
/// Greatest confidence of ships that lay alongside though the partner seems not to have kept her place, as by late reports: as of two
/// moments.
const LATE: f64 = 0.65;
/// Greatest confidence in a transfer with a ship that doesn't say how large she is, in fuel given by a hose astern, and where two readings
/// are as likely: as of one moment alongside.
const WITH_UNKNOWN: f64 = 0.5;

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
    /// The greatest draught that she sent, metres.
    pub deepest_m: Option<f64>,
    pub nav_status: Option<NavStatus>,
    /// Whether she carries a class B transponder.
    pub is_class_b: bool,
    /// By how much she lay deeper after it than before, decimetres; `None` unless both draughts were received.
    pub sank_dm: Option<i32>,
}

/// What is judged.
pub(super) struct Scene<'a> {
    pub encounter: &'a Encounter,
    pub geometry: &'a Geometry,
    pub parties: [Party; 2],
    /// Distance to shore, kilometres; negative on land.
    pub shore_km: f64,
    /// Whether other ships were seen to lie at a berth there.
    pub known_berth: bool,
    /// How far the positions of both leapt to this place as no ship can, kilometres, the shorter leap; `None` unless both did.
    pub leapt_km: Option<f64>,
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

impl Scene<'_> {
    fn has(&self, category: ShipCategory) -> bool {
        self.parties.iter().any(|p| p.category() == Some(category))
    }

    /// Whether one of the two says that this is her status.
    fn says(&self, status: NavStatus) -> bool {
        self.parties.iter().any(|p| p.nav_status == Some(status))
    }

    /// The hulls that are known.
    fn hulls(&self) -> impl Iterator<Item = Hull> {
        self.parties.iter().filter_map(|p| p.hull)
    }

    pub(super) fn mode(&self, params: &Params) -> Mode {
        let g = self.geometry;
        let kn = g.sog_kn.unwrap_or(0.0);
        let anchored = self.says(NavStatus::AT_ANCHOR);
        let longest_m = self.hulls().map(|h| h.length_m).fold(0.0, f64::max);
        let swing_m = ANCHORED_M.max(2.0 * (CHAIN_M + longest_m));
        // A status is typed by hand; it says more than how far a ship strayed, but not that one at anchor sails for miles.
        let reach_m = if anchored { DRAGGED * swing_m } else { swing_m };
        if kn < params.under_way_kn && g.moved_m < reach_m {
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

    fn kind_apart(&self, lay: &Lay, params: &Params) -> Kind {
        let g = self.geometry;
        let kn = g.sog_kn.unwrap_or(0.0);
        if self.has(ShipCategory::Dredger) {
            return Kind::Dredging;
        }
        if self.has(ShipCategory::Tug) || self.has(ShipCategory::Service) {
            return Kind::Service;
        }
        if self.is_fuelled_astern(lay, params) {
            return Kind::Bunkering;
        }
        if kn >= params.convoy_kn {
            // Ships that pass are near for a moment too.
            return if g.moments.len() > 1 {
                Kind::Convoy
            } else {
                Kind::Other
            };
        }
        if self.is_berthed(false, params) {
            return Kind::Berthed;
        }
        // A boat that goes about past one that lies there has cast no anchor, whichever of the two is asked how far she strayed.
        let goes = |kn: &Option<f64>| kn.is_some_and(|kn| kn >= params.under_way_kn);
        let at_anchor = !self.has(ShipCategory::Fishing)
            && g.moved_m < ANCHORED_M
            && kn < params.under_way_kn
            && !g.each_kn.iter().any(goes);
        // No two anchors of their own hold ships bow to stern within a hawser for hours.
        match (at_anchor, lay.in_line > 0 || lay.astern > 0) {
            (true, true) if self.is_tandem_offtake(params) => Kind::StsTransfer,
            (true, false) => Kind::AnchoredNeighbours,
            _ => Kind::Other,
        }
    }
}

/// Judges an encounter.
pub(super) fn judge(scene: &Scene, lay: &Lay, params: &Params) -> Judgement {
    let mut words = words(scene, lay);
    let mut confidence = None;
    let kind = if lay.one_hull {
        words.push(
            "both positions lie within one hull: one ship under two numbers, or a boat aboard"
                .to_owned(),
        );
        Kind::Other
    } else if let Some(km) = scene.leapt_km {
        words.push(format!(
            "the positions of both leapt there from at least {km:.0} km away, as no ship can: false ones, as by jamming"
        ));
        Kind::Other
    } else if lay.alongside {
        let kind = scene.kind_seen_alongside(params);
        words.extend(scene.party_words(kind, params));
        kind
    } else if let Some((kind, visit)) = scene.silent_transfer(params) {
        words.push(visit.words());
        words.extend(scene.party_words(kind, params));
        confidence = Some(visit.confidence(params));
        kind
    } else if scene.is_meeting_at_sea(params) {
        let told = if scene.is_long_unheard(params) {
            "silence is long enough for a transfer"
        } else {
            "nobody heard them part"
        };
        words.push(format!("they met slowly on the high seas, and {told}"));
        Kind::FishingTransshipment
    } else {
        let kind = scene.kind_apart(lay, params);
        let in_line = kind == Kind::Other || kind.is_transfer();
        words.extend(line_words(lay).filter(|_| in_line));
        kind
    };
    Judgement {
        kind,
        confidence: confidence.unwrap_or_else(|| self::confidence(scene, lay, kind, params)),
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
        .filter(|p| p.ship_type.is_none() || (p.is_of_any_trade() && kind == Kind::StsTransfer))
        .count() as f64;
    let unknown_hulls = scene.parties.iter().filter(|p| p.hull.is_none()).count() as f64;
    let line = lay.in_line.max(lay.astern);
    let in_line = line > 0 && kind.is_transfer();
    let counted = if in_line {
        line
    } else if lay.alongside || kind.is_transfer() {
        lay.moments
    } else {
        g.moments.len()
    };
    let mut c = 0.35 + 0.1 * counted.min(4) as f64;
    if lay.alongside {
        let tight = lay
            .stretch()
            .gap()
            .is_some_and(|gap| (-25.0..=params.alongside_gap_m).contains(&gap.best_m));
        c += if tight { 0.1 } else { 0.0 };
        c += if lay.rigid { 0.1 } else { 0.0 };
    } else if !in_line {
        let clear = lay
            .stretch()
            .gap()
            .is_some_and(|gap| gap.low_m > 2.0 * params.alongside_gap_m);
        c += if clear || lay.loose { 0.2 } else { 0.0 };
    }
    c += if g.sharp { 0.05 } else { -0.1 };
    c -= 0.1 * unknown_types + 0.1 * unknown_hulls;
    let most: f64 = match counted {
        0 => 0.3,
        1 => 0.5,
        2 => 0.65,
        _ => 0.95,
    };
    let most = match kind {
        Kind::AnchoredNeighbours | Kind::Convoy | Kind::Other if lay.may_be_tied => {
            most.min(PERHAPS_TIED)
        }
        Kind::Other => most.min(0.6),
        Kind::Bunkering if in_line => most.min(WITH_UNKNOWN),
        _ if scene.is_with_unsized(kind, params) => most.min(WITH_UNKNOWN),
        Kind::StsTransfer if scene.is_perhaps_bunkering(params) => most.min(WITH_UNKNOWN),
        Kind::Bunkering if scene.is_untold_at_berth(params) => most.min(WITH_UNKNOWN),
        Kind::Berthed if lay.alongside && scene.outer_draught_dm(params).is_some() => {
            most.min(WITH_UNKNOWN)
        }
        Kind::Bunkering if scene.is_perhaps_cargo() => most.min(PERHAPS_CARGO),
        Kind::StsTransfer
            if in_line
                || scene.coaster(params).is_some()
                || scene.odd_carrier(params).is_some() =>
        {
            most.min(TOLD_BY_ONE)
        }
        _ if lay.by_distance => most.min(TOLD_BY_ONE),
        _ => most,
    };
    let most = if lay.late { most.min(LATE) } else { most };
    c.clamp(0.1, most)
}
