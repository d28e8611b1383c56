//! What a berth holds.

use super::lay::UNKNOWN_ACROSS;
use super::{Params, Party, Scene};
use crate::assess::geometry::Stretch;
use crate::geodesy::distance_m;
use crate::model::statistics::median;
use crate::model::{NavStatus, PairSample};
use crate::registry::fuel_tanks;

/// Through this time the tide turns, and every ship at anchor with it, hours.
const TIDE_H: f64 = 6.0;
/// Jetties reach no farther from a shore than this, kilometres: the longest, at Progreso, is 6.5 km long, and those of oil
/// harbours 1 to 5.
const JETTY_KM: f64 = 6.5;
/// A raft at anchor without tide or wind lies as still for hours, but not for a day, hours.
const STILL_DAY_H: f64 = 24.0;
/// Nor for this long in place within [`FAST_M`], hours: at a berth lie ships that never move by more than their positions' noise.
const FAST_H: f64 = 12.0;
/// See [`FAST_H`], metres; and degrees of heading.
const FAST_M: f64 = 20.0;
const FAST_DEG: f64 = 3.0;
/// Usual gap of ships that lie on fenders, metres, with what positions add: 0.2 m on the average of bunkerings at
/// quays, give or take 4.1, where antennas are known. Jetties between two ships are 8 m wide and more.
const FENDERS_M: f64 = 10.0;
/// A boat at another's side lies along her by this part of the shorter length at least: her hose reaches from her middle to a manifold.
const OVERLAP: f64 = 0.25;
/// Longest bunkering at a berth, hours, of ships of any size; before and after the pumping, for hoses, soundings and papers; and what
/// small bunker tankers pump at least, tonnes an hour.
const BERTH_BUNKERING_H: f64 = 10.0;
const HOSES_H: f64 = 2.0;
const FUELLED_T_PER_H: f64 = 150.0;
/// Longest time in a lock, hours: of those of the Kiel Canal and the Scheldt half an hour to one. No fuel is given within it and the
/// time before, for mooring, hoses, soundings and papers come on top of the pumping.
const LOCKAGE_H: f64 = 1.5;
/// Ships in a lock stray no farther than it is long, metres (those of Kiel and Terneuzen have 310 and 427), and lie still there, knots.
const LOCK_M: f64 = 300.0;
const LOCK_KN: f64 = 0.5;
/// Both ships of a lockage came within so long before they met, hours, and were under way at this speed, knots.
const COMING_H: f64 = 0.5;
const COMING_KN: f64 = 3.0;

/// How two lay at a berth that may have lain side by side there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum AtBerth {
    /// Side by side, over fenders.
    Beside,
    /// One ahead of the other at the same quay.
    InLine,
    /// Side by side, with more than fenders between.
    AcrossJetty,
    /// Headings or sizes that would tell aren't known.
    Untold,
}

impl Scene<'_> {
    /// Whether both ships hold still as only a berth holds a ship: in place, and in heading through a turn of the tide.
    /// Away from the shore a raft in a calm does so too for a while, and cargo that went from one to the other tells it.
    pub(super) fn is_berthed(&self, alongside: bool, params: &Params) -> bool {
        let g = self.geometry;
        let all = Stretch(&g.moments);
        let still = g.sog_kn.is_none_or(|kn| kn < 0.5);
        if !still || (self.says(NavStatus::AT_ANCHOR) && !self.is_fast_all_the_same(params)) {
            return false;
        }
        let is_headed = self.is_headed();
        if self.shore_km <= params.berth_shore_km {
            // Rafts at anchor lie close to the shore too, under any status, but they stray and turn. What lies apart is no raft.
            let turned = is_headed && all.turned_deg() > 2.0 * params.berth_turn_deg;
            return if alongside {
                g.stray_m <= params.berth_move_m && !turned
            } else {
                g.stray_m <= 2.0 * params.berth_move_m
            };
        }
        let fixed = g.stray_m <= params.berth_move_m && all.turned_deg() <= params.berth_turn_deg;
        let at_jetty = self.shore_km <= JETTY_KM || self.known_berth;
        let is_fast = g.stray_m <= FAST_M && all.hours() >= FAST_H;
        let moored = self
            .parties
            .iter()
            .all(|p| p.nav_status == Some(NavStatus::MOORED));
        let held = if at_jetty {
            (is_headed && all.hours() >= TIDE_H)
                || (self.says(NavStatus::MOORED) && all.hours() >= params.transfer_min_h)
                || is_fast
        } else {
            let is_fast = is_fast && moored && all.turned_deg() <= FAST_DEG;
            is_headed && (all.hours() >= STILL_DAY_H || is_fast)
        };
        fixed && held && self.cargo_went_to().is_none()
    }

    /// Whether most moments have a heading.
    fn is_headed(&self) -> bool {
        let moments = &self.geometry.moments;
        let headed = moments.iter().filter(|m| m.heading_deg.is_some()).count();
        2 * headed >= moments.len()
    }

    /// Whether ships of whom one says that she is at anchor lie as only moorings hold a ship: the status is typed by
    /// hand, and often stays from the last roads. At anchor headings go through some ten degrees within a tide, also in
    /// a river, and at a pier through none; two crews that both say so are seldom both wrong. Off the shore a calm may
    /// last, but not for a day.
    fn is_fast_all_the_same(&self, params: &Params) -> bool {
        let g = self.geometry;
        let all = Stretch(&g.moments);
        let says = |status| move |p: &Party| p.nav_status == Some(status);
        let both = self.parties.iter().all(says(NavStatus::AT_ANCHOR));
        let berths = self.shore_km <= params.berth_shore_km || self.known_berth;
        let least_h = match (berths, self.is_headed()) {
            (true, true) if !both => TIDE_H,
            (true, _) => FAST_H,
            (false, true) => STILL_DAY_H,
            (false, false) => return false,
        };
        let fast = g.stray_m <= FAST_M && all.turned_deg() <= FAST_DEG;
        fast && all.hours() >= least_h && self.cargo_went_to().is_none()
    }

    /// How hulls lay that were beside each other at a berth. Neighbours there are many times as common as boats with fuel, so the likeliest
    /// place of the antennas must say that one lay at the other's side: that none of the places in which they may stand rules it out
    /// isn't enough.
    pub(super) fn at_berth(&self, params: &Params) -> AtBerth {
        let moments = self.geometry.moments.iter().copied();
        let beside: Vec<_> = moments.filter(|m| self.alongside_at(m, params)).collect();
        let placed: Vec<_> = (beside.iter().copied())
            .filter(|m| m.middle_m.is_some())
            .collect();
        let [Some(a), Some(b)] = self.parties.map(|p| p.hull) else {
            return AtBerth::Untold;
        };
        let usual = Stretch(&placed);
        let (Some([ahead_m, starboard_m]), Some(gap)) = (usual.usual_middle_m(), usual.gap())
        else {
            return AtBerth::Untold;
        };
        if 2 * placed.len() < beside.len() {
            return AtBerth::Untold;
        }
        let aside_m = [a, b].map(|h| match h.antenna_m {
            Some(_) => 0.0,
            None => UNKNOWN_ACROSS * h.beam_m,
        });
        // At one quay middle lines are half the difference of the beams apart, side by side half the sum and a fender: half way between
        // is the side of the broader ship. Where the narrower one is less than what antennas leave open, who lies beside the other is told
        // by her place along her as well.
        let [narrow_m, broad_m] = [a.beam_m.min(b.beam_m), a.beam_m.max(b.beam_m)];
        let across_tells = narrow_m / 2.0 >= aside_m[0].hypot(aside_m[1]);
        let shorter_m = a.length_m.min(b.length_m);
        let overlap_m = (a.length_m + b.length_m) / 2.0 - ahead_m.abs();
        let in_line = if across_tells {
            starboard_m.abs() < broad_m / 2.0
        } else {
            starboard_m.abs() < (narrow_m + broad_m) / 2.0 && overlap_m < OVERLAP * shorter_m
        };
        if in_line {
            return AtBerth::InLine;
        }
        // Of two ways to head the nearer.
        let turned_m = median(
            (placed.iter().filter_map(|m| m.gap_if_turned))
                .map(|g| g.best_m)
                .collect(),
        );
        let best_m = turned_m.map_or(gap.best_m, |m| m.min(gap.best_m));
        if best_m > FENDERS_M.hypot(aside_m[0]).hypot(aside_m[1]) {
            AtBerth::AcrossJetty
        } else {
            AtBerth::Beside
        }
    }

    /// Whether nothing tells whether two at a berth lay side by side.
    pub(super) fn is_untold_at_berth(&self, params: &Params) -> bool {
        self.is_berthed(true, params) && self.at_berth(params) == AtBerth::Untold
    }

    /// Whether fuel can have been given through all of an encounter at a berth: that lasts as long as a boat's pumps need to fill the
    /// taker's tanks, and what lies there for longer is moored there.
    pub(super) fn may_bunker_at_berth(&self, giver: usize) -> bool {
        let taker_m = self.parties[1 - giver].length_m();
        let pumped_h = taker_m.map_or(f64::INFINITY, |m| fuel_tanks(m).best / FUELLED_T_PER_H);
        let longest_h = (HOSES_H + pumped_h).min(BERTH_BUNKERING_H);
        self.near_h(self.encounter.end.hours_since(self.encounter.start)) <= longest_h
    }

    /// Whether both came to a place by the shore within half an hour, and one was gone an hour and a half later, as from a lock. Of
    /// two that bunker one was there before; and those that go on while they do so are in no lock. A wait off the lock, within reach of
    /// each other or not, is no part of it, and what lies at dolphins there comes in from as far away as a lock is long.
    pub(super) fn is_lockage(&self, params: &Params) -> bool {
        if self.shore_km > params.berth_shore_km {
            return false;
        }
        let together = self.together(params);
        if (together.longest_h()).is_none_or(|h| h > LOCKAGE_H) {
            return false;
        }
        let [from, to] = together.seen;
        let heard = || self.encounter.evidence.iter().map(|s| &s.sample);
        let inside: Vec<_> = heard().filter(|s| (from..=to).contains(&s.t)).collect();
        let sent = inside.iter().flat_map(|s| [s.sog_kn(0), s.sog_kn(1)]);
        let kn = median(sent.flatten().collect()).or(self.geometry.sog_kn);
        let in_lock = |party: usize| {
            let place = inside.get(inside.len() / 2).map(|s| s.place[party]);
            let stays =
                |s: &&PairSample| place.is_none_or(|at| distance_m(at, s.place[party]) <= LOCK_M);
            let came = |s: &PairSample| {
                s.t < from
                    && from.hours_since(s.t) <= COMING_H
                    && (s.sog_kn(party).is_some_and(|kn| kn >= COMING_KN)
                        || place.is_some_and(|at| distance_m(at, s.place[party]) > LOCK_M))
            };
            inside.iter().all(stays) && heard().any(came)
        };
        kn.is_none_or(|kn| kn < LOCK_KN) && in_lock(0) && in_lock(1)
    }
}
