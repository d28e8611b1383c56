//! For how long two lay side by side, and for how long they may have done so.

use crate::assess::geometry::{ALONGSIDE_M, Moment, is_sharp};
use crate::assess::kind::{Params, Scene};
use crate::model::{PairSample, Timestamp};

/// When two lay side by side.
#[derive(Clone, Copy, Debug)]
pub(in crate::assess::kind) struct Together {
    /// The first and the last moment alongside; of the contact if there were none.
    pub seen: [Timestamp; 2],
    /// The last moment before in which they were seen apart, and the first one after.
    pub apart: [Option<Timestamp>; 2],
}

impl Together {
    /// Hours from the first to the last moment alongside.
    pub(in crate::assess::kind) fn seen_h(&self) -> f64 {
        self.seen[1].hours_since(self.seen[0])
    }

    /// Hours for which they may have lain so at the longest; `None` unless they were seen apart before and after.
    pub(in crate::assess::kind) fn longest_h(&self) -> Option<f64> {
        let [from, to] = self.apart;
        Some(to?.hours_since(from?))
    }
}

impl Scene<'_> {
    /// When the two lay side by side. Ships wait for a lock, a berth or their turn within reach of each other, and that is contact, too.
    pub(in crate::assess::kind) fn together(&self, params: &Params) -> Together {
        let (e, g) = (self.encounter, self.geometry);
        let lain = self.flags(self.noise_m(params), params).lain;
        let ends = [lain.iter().position(|f| *f), lain.iter().rposition(|f| *f)];
        let contact = Together {
            seen: [e.start, e.end],
            apart: [e.start_not_before, e.end_not_after],
        };
        let [Some(first), Some(last)] = ends else {
            return contact;
        };
        let is_apart = |m: &&Moment| g.sharp && self.is_apart_at(m, params);
        let before = g.moments[..first].iter().rev().find(is_apart);
        let after = g.moments[last + 1..].iter().find(is_apart);
        let seen = [first, last].map(|i| g.moments[i].t);
        // Of a contact of days few moments are measured, but when the hulls came near each other and parted is known.
        let part = g
            .near
            .filter(|n| n.seen[0] <= seen[0] && seen[1] <= n.seen[1]);
        let came = part.map(|n| n.apart[0]).filter(|t| *t > e.start);
        let left = part.map(|n| n.apart[1]).filter(|t| *t < e.end);
        // Beyond contact, too, long before they are far enough off to have parted for good.
        let apart = || {
            let sharp = e.evidence.iter().map(|s| &s.sample).filter(|s| is_sharp(s));
            sharp.filter(|s| self.is_apart_in(s, params)).map(|s| s.t)
        };
        let seen_before = apart().rfind(|t| *t < seen[0]);
        let seen_after = apart().find(|t| *t > seen[1]);
        let latest = [e.start_not_before, before.map(|m| m.t), came, seen_before];
        let earliest = [e.end_not_after, after.map(|m| m.t), left, seen_after];
        Together {
            seen,
            apart: [
                latest.into_iter().flatten().max(),
                earliest.into_iter().flatten().min(),
            ],
        }
    }

    /// The same in one sample.
    fn is_apart_in(&self, s: &PairSample, params: &Params) -> bool {
        let hulls = self.parties.map(|p| p.hull);
        match self.geometry.headings.likely_gap_m(s, hulls) {
            Some(gap_m) => gap_m > ALONGSIDE_M,
            None => s.separation_m() > 2.0 * params.alongside_unknown_m,
        }
    }

    /// Whether the hulls were plainly apart at a moment in which they didn't lie alongside, by more than antennas and errors make.
    fn is_apart_at(&self, m: &Moment, params: &Params) -> bool {
        let is_wide = |gap_m: f64| gap_m > 2.0 * params.alongside_gap_m;
        match m.gap {
            Some(gap) => {
                is_wide(gap.best_m) && (m.gap_if_turned).is_none_or(|turned| is_wide(turned.best_m))
            }
            None => m.separation_m > 2.0 * params.alongside_unknown_m,
        }
    }
}
