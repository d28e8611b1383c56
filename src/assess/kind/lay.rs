//! How the hulls of an encounter lay: side by side, in line or apart, tied to each other or not.

#[cfg(test)]
mod tests;
mod tied;
mod together;

use super::{Mode, Params, Scene};
use crate::assess::geometry::{HOUR_OF_MOMENTS, Moment, Stretch};
use crate::hull::Hull;
use crate::model::quantity::hours;
use crate::model::{ShipCategory, Timestamp};

/// How far off the middle of the beam an unknown antenna may well be, as a share of the beam.
pub(super) const UNKNOWN_ACROSS: f64 = 0.2;
/// How much nearer than side by side, as far as the antennas' places tell, ships that lie so may seem to each other's middle
/// lines, metres: the error of a position.
const ASTERN_M: f64 = 10.0;
/// Usual distance of a place from the middle one of them, as of two positions of 10 m each, metres.
const SCATTER_M: f64 = 17.0;
/// Fewer moments alongside than this must be a quarter of all.
const LEAST_MOMENTS: usize = 3;
/// Hulls whose places spread by more than so many times what ties allow are tied to nothing.
const LOOSE: f64 = 2.5;
/// Share of the moments alongside, of an hour of them at least, from which on a place that varies by more is an error of time: reports
/// a minute late put a ship that goes or swings ahead or astern of where she is by the way of that minute, but no two loose hulls stay
/// fender to fender.
const LATE_SHARE: f64 = 0.9;
/// Antennas nearer to each other than the larger ship's side is to her own are both aboard her: share of the moments.
const ABOARD_SHARE: f64 = 0.9;

/// Hulls that lie on fenders are parallel; two gyros off by so much make no more of it, degrees. Who lies across another touches her with one
/// corner, as in a collision.
const ASKEW_DEG: f64 = 30.0;

/// How the hulls lay.
pub(in crate::assess) struct Lay {
    pub alongside: bool,
    /// Both positions are of one hull.
    pub one_hull: bool,
    /// Independent moments in which they may have lain alongside.
    pub(super) moments: usize,
    /// Those moments; all if they lay apart.
    lain: Vec<Moment>,
    /// The partner kept its place in the ship's frame while the two travelled or turned.
    pub(super) rigid: bool,
    /// It did not.
    pub(super) loose: bool,
    /// It seems not to have done so, but the hulls lay side by side nearly all the while.
    pub(super) late: bool,
    /// Nothing but the distance that the two kept while they drifted tells that they lay alongside.
    pub(super) by_distance: bool,
    /// They seem to lie apart, but nobody knows how one of them heads, and another way the hulls may touch.
    pub(super) may_be_tied: bool,
    /// Moments in which she lay ahead or astern, tied by a hawser; none if they weren't tied so.
    pub(super) in_line: usize,
    /// Moments in which she kept her place there for hours, whether tied or only moored so.
    pub(super) astern: usize,
}

/// In which moments the hulls may have lain alongside.
struct Flags {
    /// By how near they were.
    beside: Vec<bool>,
    /// By that, or by the place that a partner kept.
    lain: Vec<bool>,
    /// Nothing but the distance that the two kept tells it of some.
    by_distance: bool,
}

impl Lay {
    /// The moments alongside; all if they lay apart.
    pub(in crate::assess) fn stretch(&self) -> Stretch<'_> {
        Stretch(&self.lain)
    }
}

impl Scene<'_> {
    /// Whether both positions are of one hull: a second number of the same ship, or a boat that she carries. Beside her an
    /// antenna is farther off than her own is from her side, wherever that stands.
    fn is_one_hull(&self) -> bool {
        let g = self.geometry;
        let Some(hull) = self.parties[g.larger].said else {
            return false;
        };
        let to_side_m = (0.5 - UNKNOWN_ACROSS) * hull.beam_m;
        let to_side_m = hull.antenna_m.map_or(to_side_m, |[_, port]| {
            to_side_m.min(port).min(hull.beam_m - port)
        });
        let aboard = g
            .moments
            .iter()
            .filter(|m| m.separation_m < to_side_m)
            .count();
        g.sharp
            && g.moments.len() >= HOUR_OF_MOMENTS
            && aboard as f64 >= ABOARD_SHARE * g.moments.len() as f64
    }

    /// Whether the hulls may lie side by side at this moment.
    pub(in crate::assess) fn alongside_at(&self, m: &Moment, params: &Params) -> bool {
        self.alongside_within(m, params.alongside_gap_m, params)
    }

    /// The same with the gap up to which ships lie alongside, metres.
    fn alongside_within(&self, m: &Moment, gap_m: f64, params: &Params) -> bool {
        let [Some(a), Some(b)] = self.parties.map(|p| p.hull) else {
            return m.separation_m <= params.alongside_unknown_m || self.is_off_her_side(m, params);
        };
        if m.askew_deg.is_some_and(|deg| deg > ASKEW_DEG) {
            return false;
        }
        let halves = (a.beam_m + b.beam_m) / 2.0;
        if m.heading_deg.is_none() {
            // Side by side and midships to midships, give or take a fifth of the smaller ship: antennas near the stern
            // are then a third of the difference in length apart. Passenger ships have theirs forward, fishing vessels and
            // who knows what else anywhere: beside those it is what offsets allow.
            let slack = a.length_m.min(b.length_m) / 5.0;
            let unknown = self.parties.iter().any(|p| p.ship_type.is_none());
            let along = if a.bridge != b.bridge || self.has(ShipCategory::Fishing) || unknown {
                let [[a0, a1], [b0, b1]] = [a, b].map(|h| h.antenna_ahead_m());
                (a1 - b0).abs().max((b1 - a0).abs())
            } else {
                (a.length_m - b.length_m).abs() / 3.0
            } + slack;
            return m.separation_m <= along.hypot(halves + params.alongside_gap_m);
        }
        let near = (m.gap).is_some_and(|g| g.low_m <= gap_m && g.high_m >= -gap_m);
        // Side by side, not in line: abeam by half of both beams, give or take unknown antennas and a fender.
        let abeam = m.in_frame_m.is_none_or(|[_, starboard]| {
            let slack_m = gap_m + self.aside_doubt_m();
            (-slack_m..=slack_m).contains(&(starboard.abs() - halves))
        });
        near && abeam
    }

    /// Whether a partner of unknown size lies off the side of the larger ship, by whose length alone antennas can be far apart.
    fn is_off_her_side(&self, m: &Moment, params: &Params) -> bool {
        let larger = self.parties[self.geometry.larger].hull;
        let Some((hull, [ahead, starboard])) = larger.zip(m.in_frame_m) else {
            return false;
        };
        let [least, most] = hull.antenna_ahead_m();
        let half = hull.length_m / 2.0;
        let beside = ahead + most >= -half && ahead + least <= half;
        beside && starboard.abs() <= params.alongside_unknown_m
    }

    /// How far off the ships' middle lines their antennas may well be, both together, metres; 0 of unknown hulls.
    fn aside_doubt_m(&self) -> f64 {
        let doubt_m = |h: Hull| match h.antenna_m {
            Some([_, port]) => (port - h.beam_m / 2.0).abs(),
            None => UNKNOWN_ACROSS * h.beam_m,
        };
        self.hulls().map(doubt_m).sum()
    }

    /// Whether a partner so far to starboard of the larger ship, or by this error farther, lies beside her, not ahead or astern.
    fn is_abeam(&self, starboard_m: f64, error_m: f64) -> bool {
        let beams_m: f64 = self.hulls().map(|h| h.beam_m).sum();
        starboard_m.abs() >= beams_m / 2.0 - self.aside_doubt_m() - error_m
    }

    /// By how much more than good ones the positions of hulls that usually touch scatter, metres. No ship at an anchor of her own
    /// has her usual place alongside; so what one that has it strays from it is error.
    fn noise_m(&self, params: &Params) -> f64 {
        let all = Stretch(&self.geometry.moments);
        let touch = (all.gap()).is_some_and(|g| g.best_m.abs() <= params.alongside_gap_m);
        // What varies by more than ties allow is no place.
        let stray_m = (all.usual_stray_m()).filter(|m| touch && *m <= params.rigid_m);
        stray_m.map_or(0.0, |m| (m - SCATTER_M).max(0.0))
    }

    /// Whether hulls that may touch in most moments of a stretch do so where the antennas most likely stand, by the usual gap
    /// and the usual place: what one moment leaves open, many tell. Where most have no heading, the distance said all there
    /// is to say; but one or two moments must be likely by it too.
    fn is_likely(&self, stretch: Stretch, noise_m: f64, params: &Params) -> bool {
        let headed: Vec<Moment> = stretch
            .0
            .iter()
            .copied()
            .filter(|m| m.heading_deg.is_some())
            .collect();
        let usual = if 2 * headed.len() >= stretch.0.len() {
            Stretch(&headed)
        } else if stretch.0.len() < LEAST_MOMENTS {
            stretch
        } else {
            return true;
        };
        let near = (usual.gap()).is_none_or(|g| g.best_m <= 2.0 * params.alongside_gap_m);
        near && (usual.usual_place_m())
            .is_none_or(|[_, starboard]| self.is_abeam(starboard, ASTERN_M + noise_m))
    }

    /// In which moments the hulls may have lain alongside.
    fn flags(&self, noise_m: f64, params: &Params) -> Flags {
        let g = self.geometry;
        let gap_m = params.alongside_gap_m + noise_m;
        // Who is tied to the other may be a little out of her place and still beside her.
        let tied = self.tied(params);
        let in_place = |i: usize| tied.as_ref().is_some_and(|tied| tied.in_place[i]);
        let beside: Vec<bool> = (g.moments.iter())
            .map(|m| self.alongside_within(m, gap_m, params))
            .collect();
        let lain = (beside.iter().enumerate()).map(|(i, beside)| *beside || in_place(i));
        Flags {
            lain: lain.collect(),
            beside,
            by_distance: tied.is_some_and(|tied| tied.by_distance),
        }
    }

    /// How the hulls lay, from the first moment in which they may have lain alongside to the last: mooring and
    /// unmooring belong to the contact, but not to this.
    pub(in crate::assess) fn lay(&self, params: &Params) -> Lay {
        let g = self.geometry;
        let noise_m = self.noise_m(params);
        let Flags {
            beside,
            lain: flags,
            by_distance,
        } = self.flags(noise_m, params);
        let moments = flags.iter().filter(|f| **f).count();
        let first = flags.iter().position(|f| *f).unwrap_or(0);
        let last = flags
            .iter()
            .rposition(|f| *f)
            .map_or(flags.len(), |i| i + 1);
        let stretch = Stretch(&g.moments[first..last]);
        let lain = (g.moments.iter().zip(&flags)).filter(|(_, lain)| **lain);
        let lain: Vec<Moment> = lain.map(|(m, _)| *m).collect();
        // Who casts off for a while and comes back was tied before and after, if for long enough. Where hulls aren't known, only
        // how she kept her place all the while tells whether she was.
        let known = self.parties.iter().all(|p| p.hull.is_some());
        let long = Stretch(&lain).hours() >= params.transfer_min_h;
        let held = if known && long {
            Stretch(&lain)
        } else {
            stretch
        };
        let moved = g.moved_m >= params.travelled_m || held.turned_deg() >= params.turned_deg;
        let spread = held.rigidity_m().filter(|_| moved);
        let rigid = spread.is_some_and(|m| m <= params.rigid_m);
        // Ships that swing about their own anchors keep their place on the map, not in each other's frame.
        let own_anchors = match (spread, held.map_spread_m()) {
            (Some(frame), Some(map)) => frame > params.rigid_m && map < frame / 2.0,
            _ => false,
        };
        let strays = spread.is_some_and(|m| m > LOOSE * params.rigid_m);
        let touch = (held.gap()).is_some_and(|g| g.best_m.abs() <= params.alongside_gap_m);
        let mostly = moments as f64 >= LATE_SHARE * flags.len() as f64;
        let adrift = self.mode(params) != Mode::Anchored;
        let late =
            strays && touch && mostly && moments >= HOUR_OF_MOMENTS && (adrift || !own_anchors);
        let loose = (strays || own_anchors) && !late;
        let share = moments as f64 / stretch.0.len().max(1) as f64;
        // Whether how near they were says by itself what the distance that they kept says.
        let beside = beside.iter().filter(|beside| **beside).count();
        let near_enough = beside as f64 >= params.alongside_share * stretch.0.len() as f64;
        // One or two moments must be many of all.
        let thin = || {
            // Coming alongside takes an hour or two; who lies apart for longer does so at her own anchor.
            let brief = hours(self.encounter.observed_ms) < params.transfer_min_h;
            let leads = brief && self.may_go_unheard(first == 0, last == flags.len(), params);
            moments > 0 && (4 * moments >= flags.len() || leads)
        };
        let one_hull = self.is_one_hull();
        let alongside = !one_hull
            && share >= params.alongside_share
            && (moments >= LEAST_MOMENTS || thin())
            && self.is_likely(stretch, noise_m, params)
            && !loose;
        let apart = !alongside && !one_hull;
        let line = apart.then(|| self.line(params)).flatten();
        Lay {
            one_hull,
            alongside,
            in_line: (line.as_ref()).map_or(0, |line| self.tied_in_line(line, params)),
            astern: (line.as_ref()).map_or(0, |line| self.kept_in_line(line, params)),
            moments,
            // Of ships that didn't lie alongside the few moments in which they may have tell least.
            lain: if alongside { lain } else { g.moments.clone() },
            rigid,
            loose,
            late: alongside && late,
            by_distance: alongside && !near_enough && by_distance,
            may_be_tied: apart && !loose && self.may_be_tied(params),
        }
    }

    /// Whether silence that is long enough for a transfer precedes or follows what was seen, where that begins or ends
    /// alongside, or nobody knows what did: then the rest of it was the way there or back.
    fn may_go_unheard(&self, begins: bool, ends: bool, params: &Params) -> bool {
        let e = self.encounter;
        let is_long = |h: f64| h >= params.transfer_min_h;
        let [before_h, after_h] = self.unheard_h();
        (begins && (e.start_not_before.is_none() || is_long(before_h)))
            || (ends && (e.end_not_after.is_none() || is_long(after_h)))
    }

    /// Hours of silence between the two seen apart and seen together, before and after; 0 where they weren't seen apart: where the data or
    /// reception begin or end with the two together nobody knows what was, and that is no silence.
    pub(super) fn unheard_h(&self) -> [f64; 2] {
        let e = self.encounter;
        let hours = |from: Option<Timestamp>, to: Option<Timestamp>| {
            (from.zip(to)).map_or(0.0, |(from, to)| to.hours_since(from))
        };
        [
            hours(e.start_not_before, Some(e.start)),
            hours(Some(e.end), e.end_not_after),
        ]
    }
}
