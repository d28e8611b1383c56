//! What holds a partner: whether she keeps her place by the other ship, and not on the map.

use super::{LOOSE, UNKNOWN_ACROSS};
use crate::assess::geometry::{ALONGSIDE_M, COURSE_TELLS_KN, HOUR_OF_MOMENTS, Moment, Stretch};
use crate::assess::kind::{Mode, Params, Scene};
use crate::model::statistics::median;

/// Headings of ships that lie alongside, bow to bow or bow to stern, differ by no more, degrees.
const PARALLEL_DEG: f64 = 5.0;
/// Antennas of ships tied together keep their distance within this, metres: two positions of 10 m each.
const SAME_DISTANCE_M: f64 = 15.0;
/// Eight tenths of the distances of a pair that may be tied are within this, metres.
const KEPT_DISTANCE_M: f64 = 40.0;
/// Hawsers by which a tanker lies astern of a storage ship that weathervanes are no longer, metres: 60 to 150 in tandem offtakes.
const HAWSER_M: f64 = 150.0;
/// Ships that head opposite ways in place for so long are tied to each other, hours.
const OPPOSED_H: f64 = 1.0;

/// What tells that a partner is tied to the larger ship.
pub(super) struct Tied {
    /// In which moments she was in her place.
    pub in_place: Vec<bool>,
    /// Whether nothing but her distance tells it, while the two drifted.
    pub by_distance: bool,
}

/// A partner ahead or astern of the larger ship.
pub(super) struct Line {
    /// The moments in which she lay there.
    kept: Vec<Moment>,
    /// Her usual distance from the other's middle line, metres.
    aside_m: f64,
    /// Spread of her place in the other's frame, metres.
    frame_m: f64,
    /// The same on the map.
    map_m: f64,
}

impl Scene<'_> {
    /// The moments in which a partner kept its place beside the larger ship while she turned or travelled, where
    /// dimensions don't say what the place should be. A ship at her own anchor keeps her place on the map instead; a
    /// convoy is faster.
    pub(super) fn tied(&self, params: &Params) -> Option<Tied> {
        let g = self.geometry;
        let slower_than = |limit_kn: f64| g.sog_kn.is_none_or(|kn| kn < limit_kn);
        let tied = |in_place: Vec<bool>, by_distance: bool| Tied {
            in_place,
            by_distance,
        };
        // A few courses don't tell how ships head that mostly drift.
        let headed = g.moments.iter().filter(|m| m.heading_deg.is_some()).count();
        let drifts = 2 * headed < g.moments.len() && slower_than(COURSE_TELLS_KN);
        let drifted = || drifts.then(|| self.drifted_as_one(params)).flatten();
        let Some(difference_deg) = g.heading_difference_deg else {
            let swung = (self.swung_as_one(params)).filter(|_| slower_than(params.convoy_kn));
            return (swung.map(|flags| tied(flags, false)))
                .or_else(|| drifted().map(|flags| tied(flags, true)));
        };
        if let Some(flags) = drifted() {
            return Some(tied(flags, true));
        }
        if !slower_than(params.convoy_kn) {
            return None;
        }
        let unknown = self.parties.iter().any(|p| p.hull.is_none());
        let opposite = difference_deg >= 180.0 - PARALLEL_DEG;
        let parallel = difference_deg <= PARALLEL_DEG || opposite;
        if !unknown || !parallel {
            return None;
        }
        let usual = Stretch(&g.moments).usual_place_m()?;
        let in_place = |m: &Moment| {
            m.in_frame_m.is_some_and(|[x, y]| {
                (x - usual[0]).hypot(y - usual[1]) <= params.rigid_m / 2.0
                    && m.separation_m <= ALONGSIDE_M
            })
        };
        let flags: Vec<bool> = g.moments.iter().map(in_place).collect();
        let kept: Vec<Moment> = g.moments.iter().copied().filter(in_place).collect();
        let kept = Stretch(&kept);
        let (frame, map) = (kept.rigidity_m()?, kept.map_spread_m()?);
        let moved = g.moved_m >= params.travelled_m || kept.turned_deg() >= params.turned_deg;
        // Two at anchors of their own head to the same stream and wind, so none of them the other way for long. At the two sides
        // of a jetty they do, but there they don't yaw.
        let opposed = opposite
            && kept.turned_deg() > params.berth_turn_deg
            && kept.hours() >= OPPOSED_H
            && frame <= params.rigid_m;
        (opposed || (moved && map >= 2.0 * frame)).then(|| tied(flags, false))
    }

    /// The same where headings are missing, whatever the dimensions say: one antenna goes round the other and keeps its
    /// distance, as only points of one body do. Ships at their own anchors keep the direction too, or lose the distance.
    fn swung_as_one(&self, params: &Params) -> Option<Vec<bool>> {
        let g = self.geometry;
        let usual = median(g.moments.iter().map(|m| m.separation_m).collect())?;
        let adrift = self.mode(params) != Mode::Anchored;
        let reach_m = self.reach_m(adrift, params).unwrap_or(ALONGSIDE_M);
        let in_place = |m: &Moment| {
            (m.separation_m - usual).abs() <= SAME_DISTANCE_M && m.separation_m <= reach_m
        };
        let kept: Vec<Moment> = g.moments.iter().copied().filter(in_place).collect();
        let kept = Stretch(&kept);
        let loose = (kept.rigidity_m()).is_some_and(|m| m > params.rigid_m);
        let swept_m = kept.map_spread_m()?;
        // Neighbours that yaw change the direction by some tens of degrees.
        let went_round = kept.bearing_arc_deg() >= 2.0 * params.turned_deg;
        (went_round && !loose && swept_m >= 2.0 * SAME_DISTANCE_M)
            .then(|| g.moments.iter().map(in_place).collect())
    }

    /// How far apart the antennas of these hulls can be where they lie side by side either way, metres: midships beside midships give or take a
    /// fifth of the smaller ship, or with her anywhere along the other's side, as a fishing vessel at the hold that takes her catch;
    /// `None` without both hulls.
    fn reach_m(&self, anywhere: bool, params: &Params) -> Option<f64> {
        let [Some(a), Some(b)] = self.parties.map(|p| p.hull) else {
            return None;
        };
        let [[a0, a1], [b0, b1]] = [a, b].map(|h| h.antenna_ahead_m());
        let along_m = (a0 + b0).abs().max((a1 + b1).abs());
        let along_m = along_m.max((a1 - b0).abs()).max((b1 - a0).abs());
        let fifth_m = a.length_m.min(b.length_m) / 5.0;
        let along_side_m = (a.length_m - b.length_m).abs() / 2.0;
        let along_m = along_m + fifth_m.max(if anywhere { along_side_m } else { 0.0 });
        let aside_m = (a.beam_m + b.beam_m) / 2.0 + params.alongside_gap_m;
        Some(along_m.hypot(aside_m).min(ALONGSIDE_M))
    }

    /// The same of ships of which neither says how she heads, bow to stern or not: they drifted for the time of a transfer farther than
    /// anchors let them and kept their distance. By themselves two that drift are hundreds of metres nearer or farther by then.
    fn drifted_as_one(&self, params: &Params) -> Option<Vec<bool>> {
        let reach_m = self.reach_m(true, params)?;
        let g = self.geometry;
        let usual_m = median(g.moments.iter().map(|m| m.separation_m).collect())?;
        let in_place = |m: &Moment| {
            m.heading_deg.is_none()
                && (m.separation_m - usual_m).abs() <= SAME_DISTANCE_M
                && m.separation_m <= reach_m
        };
        let kept: Vec<Moment> = g.moments.iter().copied().filter(in_place).collect();
        let long = kept.len() >= HOUR_OF_MOMENTS && Stretch(&kept).hours() >= params.transfer_min_h;
        let drifted = g.moved_m >= params.travelled_m && self.mode(params) != Mode::Anchored;
        (long && drifted).then(|| g.moments.iter().map(in_place).collect())
    }

    /// Whether ships that seem to lie apart may be tied all the same: nobody knows how one of them heads, some way to head lets the
    /// hulls touch, and they kept the distance of ships alongside.
    pub(super) fn may_be_tied(&self, params: &Params) -> bool {
        let g = self.geometry;
        let all = Stretch(&g.moments);
        let is_open = |m: &&Moment| m.heading_deg.is_none() || m.gap_if_turned.is_some();
        let open = 2 * g.moments.iter().filter(is_open).count() >= g.moments.len();
        let reach_m = params.alongside_gap_m;
        let touch = (all.gap()).is_some_and(|g| g.low_m <= reach_m && g.high_m >= -reach_m);
        let near = all.antenna_distance_m().is_some_and(|m| m <= ALONGSIDE_M);
        open && touch && near && all.distance_range_m().is_some_and(|m| m <= KEPT_DISTANCE_M)
    }

    /// The moments in which the partner lay ahead or astern of the larger ship by no more than a hawser, if she kept that
    /// place while the other swung about her mooring. At an anchor of her own she would keep her place on the map, and for
    /// a place astern whatever the wind the anchors would have to lie at one spot.
    pub(super) fn tied_in_line(&self, line: &Line, params: &Params) -> usize {
        let beam_m = self.parties[self.geometry.larger].hull.map(|h| h.beam_m);
        let kept = Stretch(&line.kept);
        // Who yaws by some tens of degrees is at anchor, and the other as well.
        let swung = kept.turned_deg() >= 2.0 * params.turned_deg;
        let behind = beam_m.is_some_and(|m| line.aside_m <= (0.5 - UNKNOWN_ACROSS) * m);
        let tied = line.frame_m <= LOOSE * params.rigid_m && line.map_m >= 2.0 * line.frame_m;
        if swung && behind && tied {
            line.kept.len()
        } else {
            0
        }
    }

    /// The moments in which the partner lay so, if she kept her place there through the time of a transfer, whether they swung or not:
    /// a storage ship moored at both ends doesn't swing, nor does one that weathervanes in a steady wind.
    pub(super) fn kept_in_line(&self, line: &Line, params: &Params) -> usize {
        let kept = Stretch(&line.kept);
        let beams_m: f64 = self.hulls().map(|h| h.beam_m).sum();
        let near = kept.gap().is_some_and(|g| g.best_m <= HAWSER_M);
        let holds = line.frame_m <= params.rigid_m && kept.hours() >= params.transfer_min_h;
        if near && holds && line.aside_m <= beams_m / 2.0 {
            line.kept.len()
        } else {
            0
        }
    }

    /// How a partner lay ahead or astern of the larger ship within a hawser's length; `None` if she mostly didn't.
    pub(super) fn line(&self, params: &Params) -> Option<Line> {
        let g = self.geometry;
        let in_line = |m: &Moment| {
            // Where an antenna stands isn't known to a third of a length; but no hull lies within another.
            let hawser =
                (m.gap).is_some_and(|g| g.low_m <= HAWSER_M && g.high_m >= -params.alongside_gap_m);
            let astern = (m.in_frame_m)
                .is_some_and(|[ahead, starboard]| 2.0 * starboard.abs() <= ahead.abs());
            hawser && astern
        };
        let kept: Vec<Moment> = g.moments.iter().copied().filter(in_line).collect();
        let share = kept.len() as f64 / g.moments.len().max(1) as f64;
        if !g.sharp || kept.len() < HOUR_OF_MOMENTS || share < params.alongside_share {
            return None;
        }
        let aside_m = median(kept.iter().filter_map(|m| Some(m.in_frame_m?[1])).collect())?;
        Some(Line {
            aside_m: aside_m.abs(),
            frame_m: Stretch(&kept).rigidity_m()?,
            map_m: Stretch(&kept).map_spread_m()?,
            kept,
        })
    }
}
