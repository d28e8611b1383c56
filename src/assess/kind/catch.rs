//! Fishing vessels and the carriers that take their catch.

use super::parties::SEA_KM;
use super::{Kind, Mode, Params, Party, Scene};
use crate::assess::geometry::Stretch;
use crate::model::quantity::hours;
use crate::model::{NavStatus, ShipCategory};

/// Slow within the contact radius for so long, two ships came for each other, hours: one that passes at half a knot is out of
/// it within the hour.
const MEETING_H: f64 = 1.0;
/// Below this ratio of lengths the longer of a fishing vessel and a ship of unknown type may be her carrier.
pub(super) const CARRIER_RATIO: f64 = 0.7;
/// Greatest length of a carrier of catch, metres: reefers have 70 to 180. Longer ones beside boats are bulk carriers and
/// container ships at anchor.
const CARRIER_M: f64 = 180.0;
/// Least length of a fishing vessel over that of her carrier: longliners of 24 m lie at reefers of 140.
const FISHER_RATIO: f64 = 0.15;
/// Farther off shore no launch, crew or supply boat comes to a freighter, and none of them anchors, kilometres.
const BOATS_KM: f64 = 100.0;
/// Least length of a fishing vessel that has a catch for a carrier, metres; and greatest of one that doesn't say that she is one.
const FISHER_M: f64 = 15.0;
const UNKNOWN_FISHER_M: f64 = 90.0;

impl Scene<'_> {
    fn is_beyond_boats(&self) -> bool {
        self.shore_km > BOATS_KM
    }

    /// Whether the lengths of a carrier and of a fishing vessel, as far as they are known, are those of a transshipment.
    fn is_size_of_catch(&self, carrier: &Party, fisher: &Party) -> bool {
        let [carrier_m, fisher_m] = [carrier, fisher].map(Party::length_m);
        let ratio = if self.is_beyond_boats() {
            0.0
        } else {
            FISHER_RATIO
        };
        let least_m = FISHER_M.max(ratio * carrier_m.unwrap_or(0.0));
        carrier_m.is_none_or(|m| m <= CARRIER_M) && fisher_m.is_none_or(|m| m >= least_m)
    }

    /// What a fishing vessel did beside a freighter, or far out beside a ship of unknown type: which of those two
    /// carries is told by their lengths. Far out and not at anchor no boat comes to a freighter, and her length may be
    /// wrong.
    pub(super) fn kind_beside_fisher(&self) -> Kind {
        let [a, b] = &self.parties;
        let freighter = |p: &Party| p.category() == Some(ShipCategory::Cargo);
        let a_carries = freighter(a) || (!freighter(b) && a.length_m() > b.length_m());
        let (carrier, fisher) = if a_carries { (a, b) } else { (b, a) };
        let far = self.is_beyond_boats();
        let small = !far && fisher.length_m().is_some_and(|m| m < FISHER_M);
        let at_sea = self.shore_km > SEA_KM
            && freighter(carrier)
            && (far || !self.says(NavStatus::AT_ANCHOR));
        if self.is_size_of_catch(carrier, fisher) || (at_sea && !small) {
            Kind::FishingTransshipment
        } else if small || self.size_ratio() < FISHER_RATIO {
            Kind::Service
        } else {
            Kind::Other
        }
    }

    /// Whether a ship of this length and unknown type beside a freighter that is longer is a fishing vessel that gives her catch: far
    /// out, and not at an anchor, where crew and supply boats come. A passenger ship takes none.
    pub(super) fn is_fisher_beside(&self, cargo: &Party, unknown: &Party, params: &Params) -> bool {
        let fisher = unknown.length_m().is_some_and(|m| m < UNKNOWN_FISHER_M);
        let longer = (cargo.length_m()).is_none_or(|m| unknown.length_m() < Some(m));
        let carries = cargo.category() == Some(ShipCategory::Cargo) && longer;
        fisher
            && carries
            && self.shore_km > SEA_KM
            && (self.is_beyond_boats() || !self.is_at_anchor(params))
            && self.is_size_of_catch(cargo, unknown)
    }

    /// Whether a pair that stayed in place did so at an anchor: by a status, or for so long that it would have drifted out of
    /// its place.
    fn is_at_anchor(&self, params: &Params) -> bool {
        let long = Stretch(&self.geometry.moments).hours() >= params.transfer_min_h;
        self.mode(params) == Mode::Anchored && (long || self.says(NavStatus::AT_ANCHOR))
    }

    /// Whether a fishing vessel and a carrier were seen on the high seas coming together or parting, with silence enough for a
    /// transfer after or before it. Slow within 500 m of each other for two hours is how Global Fishing Watch tells
    /// encounters of the two; here the two hours may be unheard.
    pub(super) fn is_meeting_at_sea(&self, params: &Params) -> bool {
        let e = self.encounter;
        let slow = self.geometry.sog_kn.is_none_or(|kn| kn < params.convoy_kn);
        slow && self.shore_km > SEA_KM
            && hours(e.observed_ms) >= MEETING_H
            && (self.is_long_unheard(params) || self.is_last_seen_coming(params))
            && self.kind_alongside(params) == Kind::FishingTransshipment
    }

    /// Whether two seen apart before or after were unheard in between for the time of a transfer. What was heard in longer contacts tells
    /// how the two lay.
    pub(super) fn is_long_unheard(&self, params: &Params) -> bool {
        let silent_h = self.unheard_h().into_iter().fold(0.0, f64::max);
        silent_h
            >= params
                .transfer_min_h
                .max(2.0 * hours(self.encounter.observed_ms))
    }

    /// Whether nobody heard the two part, and they were heard together for no longer than coming alongside takes: who is heard for longer
    /// lay apart, and only waited.
    fn is_last_seen_coming(&self, params: &Params) -> bool {
        let e = self.encounter;
        e.end_not_after.is_none() && hours(e.observed_ms) <= MEETING_H + params.transfer_min_h
    }
}
