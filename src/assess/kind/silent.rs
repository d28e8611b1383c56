//! Silence through a visit: one was heard as she came to the other's side and as she left it, but not while she lay there.

use super::{Kind, Params, Scene};
use crate::assess::geometry::SHARP_M;
use crate::geodesy::distance_m;
use crate::model::quantity::hours;
use crate::model::{NavStatus, PairSample};

/// The way to another's side, and from it, takes no longer than this, hours: half of it to moor or cast off.
const WAY_H: f64 = 2.0;
/// Of this the part next to the silence, hours.
const MOORING_H: f64 = 0.5;
/// Who comes and leaves is seen at least so far off, antenna from antenna, metres: no ship swings so far from a place at another's
/// side.
const OFF_M: f64 = 500.0;
/// What lies at a berth doesn't drift so far in a silence, metres, wherever within a harbour basin she was last heard.
const BASIN_M: f64 = 300.0;

/// A visit of which only the coming and the leaving were heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SilentVisit {
    /// Hours of silence in it.
    silent_h: f64,
    /// How near the hulls, or the antennas of unknown ones, were seen before the silence and after it, metres.
    near_m: [f64; 2],
    /// How far the larger ship went in it, metres.
    drift_m: f64,
}

impl SilentVisit {
    /// How sure a transfer is of which no moment alongside was heard: more so of two that drifted as one.
    pub(super) fn confidence(&self, params: &Params) -> f64 {
        if self.drift_m >= params.travelled_m {
            0.5
        } else {
            0.4
        }
    }

    pub(super) fn words(&self) -> String {
        let [before, after] = self.near_m;
        format!(
            "one was heard coming to the other's side, to {before:.0} m, and leaving it, from {after:.0} m, but not for {:.1} h between, in \
             which the larger ship moved {:.1} km: nobody comes so near for an anchor of her own, so she lay alongside meanwhile",
            self.silent_h,
            self.drift_m / 1000.0
        )
    }
}

impl Scene<'_> {
    /// The transfer that a visit was, if it is one of two that exchange cargo or fuel where they lie alongside.
    pub(super) fn silent_transfer(&self, params: &Params) -> Option<(Kind, SilentVisit)> {
        let kind = self.kind_alongside(params);
        let visit = kind.is_transfer().then(|| self.silent_visit(params))?;
        Some((kind, visit?))
    }

    /// The visit of one that came from afar to the other's side, was unheard for as long as a transfer takes, and left from there.
    /// The few moments of coming and leaving lie apart by nature, so they tell nothing of the time between. At a berth others
    /// come and leave as near: there the two must have drifted.
    fn silent_visit(&self, params: &Params) -> Option<SilentVisit> {
        let e = self.encounter;
        let heard: Vec<&PairSample> = e.evidence.iter().map(|s| &s.sample).collect();
        let in_contact = |s: &PairSample| (e.start..=e.end).contains(&s.t);
        let pauses =
            (heard.windows(2).enumerate()).filter(|(_, w)| w.iter().all(|s| in_contact(s)));
        let (at, pause) = pauses.max_by_key(|(_, w)| w[1].t.0 - w[0].t.0)?;
        let [last, first] = [pause[0], pause[1]];
        let silent_h = first.t.hours_since(last.t);
        // What was heard in longer contacts tells how the two lay.
        if !e.silence || silent_h < params.transfer_min_h.max(2.0 * hours(e.observed_ms)) {
            return None;
        }
        let (before, after) = heard.split_at(at + 1);
        let within =
            |s: &PairSample, h: f64| last.t.hours_since(s.t) <= h && s.t.hours_since(first.t) <= h;
        let far = |side: &[&PairSample]| {
            let mut near_in_time = side.iter().filter(|s| within(s, WAY_H));
            near_in_time.any(|s| s.separation_m() >= OFF_M)
        };
        let hulls = self.parties.map(|p| p.hull);
        let headings = self.geometry.headings;
        let nearest_m = |side: &[&PairSample]| {
            let sharp = side
                .iter()
                .filter(|s| within(s, MOORING_H) && s.sigma_m() <= SHARP_M);
            let apart_m =
                |s: &&PairSample| (headings.likely_gap_m(s, hulls)).unwrap_or(s.separation_m());
            sharp.map(apart_m).min_by(f64::total_cmp)
        };
        let near_m = [nearest_m(before)?, nearest_m(after)?];
        let beside_m = match hulls {
            [Some(_), Some(_)] => 2.0 * params.alongside_gap_m,
            _ => params.alongside_unknown_m,
        };
        let larger = self.geometry.larger;
        let drift_m = distance_m(last.place[larger], first.place[larger]);
        let may_be_berthed = self.shore_km <= params.berth_shore_km
            || self.known_berth
            || self.says(NavStatus::MOORED);
        let came = far(before) && far(after) && near_m.iter().all(|m| *m <= beside_m);
        (came && (!may_be_berthed || drift_m > BASIN_M)).then_some(SilentVisit {
            silent_h,
            near_m,
            drift_m,
        })
    }
}
