//! Which way two ships head: as sent, else by the course, else by each other.
//!
//! Ships tied to each other lie parallel, bow to bow or bow to stern. So a heading that isn't sent is the other ship's or its
//! reverse, and which of the two is asked once for the whole encounter: hulls don't turn round while they are tied. Where the
//! two sent their headings together, those tell; else parallel is believed, unless only the reverse lets hulls touch that kept
//! their place by each other while they travelled or turned. What nothing tells stays open, and bounds hold both.

use super::stretch::{arc_deg, spread_m};
use super::{HOUR_OF_MOMENTS, contact, evenly, independent, offset_m};
use crate::geodesy::{angle_between_deg, distance_m};
use crate::hull::{Hull, HullGap, Posed, gap, in_frame_m, likely_gap_m};
use crate::model::statistics::{median, quantile};
use crate::model::{Encounter, PairSample};

/// Course stands in for a missing heading above this speed, knots; below it ships drift, beam on to their course. From it on what
/// keeps its distance may be in tow.
pub(in crate::assess) const COURSE_TELLS_KN: f64 = 3.0;
/// Samples and moments from which a usual value is told.
const LEAST: usize = 3;
/// Moments at which the two ways to lie are tried.
const TRIED: usize = 48;
/// Headings that differ by no more, or by no less than the half turn less this, are those of parallel ships, degrees.
const PARALLEL_DEG: f64 = 30.0;
/// Hulls that touch seem no farther apart in the middle of the moments, nor deeper in each other, metres: fenders of 5 m, two
/// positions of 10 m each and headings.
pub(super) const TOUCH_M: f64 = 25.0;
/// Antennas of ships alongside are no farther apart, metres: two thirds of the longest ship, for the bridge of a passenger ship
/// is forward and that of a tanker aft. Ships at their own anchors, or in line by a hawser, need more room.
pub(in crate::assess) const ALONGSIDE_M: f64 = 240.0;
/// Spread of a place within which a partner keeps it, metres (real transfers: 14 to 41).
const KEPT_M: f64 = 60.0;
/// Way and turn from which keeping a place beside another ship says something, metres and degrees: at berths everything
/// keeps its place.
const WAY_M: f64 = 1000.0;
const TURN_DEG: f64 = 20.0;

/// A heading that doesn't change by a degree for so long, hours, in as many samples as make an hour of moments, while its ship goes
/// farther than any mooring lets her, metres, and the other's heading turns, is none: at sea every ship yaws by a degree or two.
const STUCK_H: f64 = 1.0;
const FREE_M: f64 = 300.0;

/// Which way the ships of an encounter head.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::assess) struct Headings {
    /// Whose heading is stuck, and with that none.
    pub stuck: [bool; 2],
    /// Which of the two is larger.
    larger: usize,
    /// Who sends no heading heads the other way than her partner.
    turned: bool,
    /// Whether nothing sent tells that, so that the reverse may be true as well.
    open: bool,
}

impl Headings {
    /// Of an encounter of these hulls.
    pub(in crate::assess) fn of(e: &Encounter, hulls: [Option<Hull>; 2]) -> Self {
        let contact = contact(e);
        let mut headings = Self {
            stuck: stuck(&contact),
            larger: larger(hulls),
            ..Self::default()
        };
        let both = contact.iter().filter_map(|s| {
            let [a, b] = [0, 1].map(|party| headings.sent_deg(s, party));
            Some(angle_between_deg(a?, b?))
        });
        let both: Vec<f64> = both.collect();
        if both.len() >= LEAST {
            let usual = median(both).unwrap_or(0.0);
            headings.turned = usual >= 180.0 - PARALLEL_DEG;
            return headings;
        }
        (headings.turned, headings.open) = headings.by_contact(&contact, hulls);
        headings
    }

    /// Whether who sends no heading heads the other way, and whether the reverse of that may be true as well.
    fn by_contact(self, contact: &[&PairSample], hulls: [Option<Hull>; 2]) -> (bool, bool) {
        let guessed: Vec<&PairSample> = independent(contact)
            .into_iter()
            .filter(|s| self.is_guessed(s))
            .collect();
        let tried: Vec<&PairSample> = evenly(&guessed, TRIED).copied().collect();
        let usual_m = |turned: bool| {
            let headings = Self { turned, ..self };
            median(
                tried
                    .iter()
                    .filter_map(|s| headings.likely_gap_m(s, hulls))
                    .collect(),
            )
        };
        let touches = |turned: bool| usual_m(turned).is_some_and(|m| m.abs() <= TOUCH_M);
        if tried.len() < LEAST {
            return (false, true);
        }
        if touches(false) {
            return (false, false);
        }
        let apart_m = median(tried.iter().map(|s| s.separation_m()).collect());
        let within_reach = apart_m.is_some_and(|m| m <= ALONGSIDE_M);
        (within_reach && touches(true) && self.is_kept(&tried), true)
    }

    /// Whether the partner kept her place by the larger ship while the two travelled or turned.
    fn is_kept(self, tried: &[&PairSample]) -> bool {
        let headed = tried
            .iter()
            .filter_map(|s| Some((*s, self.deg(s, self.larger)?)));
        let (places, turns): (Vec<[f64; 2]>, Vec<f64>) = headed
            .map(|(s, deg)| (in_frame_m(offset_m(s), deg), deg))
            .unzip();
        let first = tried.first().map(|s| s.place[self.larger]);
        let ways = tried
            .iter()
            .filter_map(|s| Some(distance_m(first?, s.place[self.larger])));
        let moved = quantile(ways.collect(), 0.9).is_some_and(|m| m >= WAY_M);
        let kept = spread_m(&places).is_some_and(|m| m <= KEPT_M);
        kept && (moved || arc_deg(turns) >= TURN_DEG)
    }

    /// Heading as sent, if it is one.
    fn sent_deg(self, s: &PairSample, party: usize) -> Option<f64> {
        s.heading_deg(party).filter(|_| !self.stuck[party])
    }

    /// Angle between the two hulls by the headings that both sent, 0 to 90 degrees.
    pub(super) fn askew_deg(self, s: &PairSample) -> Option<f64> {
        let [a, b] = [0, 1].map(|party| self.sent_deg(s, party));
        let apart_deg = angle_between_deg(a?, b?);
        Some(apart_deg.min(180.0 - apart_deg))
    }

    /// Heading of a party by herself: as sent, or her course where she makes way.
    pub(super) fn own_deg(self, s: &PairSample, party: usize) -> Option<f64> {
        self.sent_deg(s, party).or_else(|| {
            s.cog_deg(party)
                .filter(|_| s.sog_kn(party).is_some_and(|kn| kn > COURSE_TELLS_KN))
        })
    }

    /// The one whose heading isn't sent; of two the smaller ship.
    fn unsent(self, s: &PairSample) -> Option<usize> {
        [1 - self.larger, self.larger]
            .into_iter()
            .find(|party| self.sent_deg(s, *party).is_none())
    }

    /// Whether one heads as the other does, or as her course says, who may go astern beside another.
    fn is_guessed(self, s: &PairSample) -> bool {
        self.unsent(s).is_some() && (0..2).any(|party| self.own_deg(s, party).is_some())
    }

    /// Which way a party heads; `None` where neither tells.
    pub(super) fn deg(self, s: &PairSample, party: usize) -> Option<f64> {
        let deg = self
            .own_deg(s, party)
            .or_else(|| self.own_deg(s, 1 - party))?;
        let turned = self.turned && self.unsent(s) == Some(party);
        Some(if turned { (deg + 180.0) % 360.0 } else { deg })
    }

    /// Both ships with hull and heading; `None` without both ships' dimensions.
    fn posed(self, s: &PairSample, hulls: [Option<Hull>; 2]) -> Option<[Posed; 2]> {
        let posed = |party: usize| {
            Some(Posed {
                hull: hulls[party]?,
                heading_deg: self.deg(s, party),
            })
        };
        Some([posed(0)?, posed(1)?])
    }

    /// The hulls' gap in one sample with the antennas where they most likely are, metres.
    pub(in crate::assess) fn likely_gap_m(
        self,
        s: &PairSample,
        hulls: [Option<Hull>; 2],
    ) -> Option<f64> {
        (self.posed(s, hulls)).map(|[a, b]| likely_gap_m(a, b, offset_m(s)))
    }

    /// The hulls' gap in one sample, with its bounds.
    pub(super) fn gap(self, s: &PairSample, hulls: [Option<Hull>; 2]) -> Option<HullGap> {
        self.posed(s, hulls).map(|[a, b]| gap(a, b, offset_m(s)))
    }

    /// The same the other way round, where that may be true as well.
    pub(super) fn gap_if_turned(self, s: &PairSample, hulls: [Option<Hull>; 2]) -> Option<HullGap> {
        let reverse = Self {
            turned: !self.turned,
            ..self
        };
        (self.open && self.is_guessed(s))
            .then(|| reverse.gap(s, hulls))
            .flatten()
    }
}

/// Whose heading is stuck.
fn stuck(contact: &[&PairSample]) -> [bool; 2] {
    let sent = |party: usize| contact.iter().filter_map(move |s| s.heading_deg(party));
    let turns = |party: usize| arc_deg(sent(party).collect()) >= TURN_DEG;
    [0, 1].map(|party| {
        let headed: Vec<&&PairSample> = (contact.iter())
            .filter(|s| s.heading_deg(party).is_some())
            .collect();
        let (Some(first), Some(last)) = (headed.first(), headed.last()) else {
            return false;
        };
        let constant = sent(party).all(|deg| Some(deg) == first.heading_deg(party));
        let long = headed.len() >= HOUR_OF_MOMENTS && last.t.hours_since(first.t) >= STUCK_H;
        if !constant || !long {
            return false;
        }
        let ways = headed
            .iter()
            .map(|s| distance_m(first.place[party], s.place[party]));
        let free = quantile(ways.collect(), 0.9).is_some_and(|m| m >= FREE_M);
        free && turns(1 - party)
    })
}

/// The larger of two ships, as far as it is known.
pub(super) fn larger(hulls: [Option<Hull>; 2]) -> usize {
    let [a, b] = hulls.map(|h| h.map_or(0.0, |h| h.area_m2()));
    usize::from(b > a)
}
