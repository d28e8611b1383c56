//! What speaks for a candidate, and how much.
//!
//! Weights are choices of this program, made on simulated traffic; they order candidates and are no probabilities.

use super::party::{Cargo, Draught, Side, Silent};
use super::wait::{HIGH_SEAS_KM, Wait};
use crate::assess::{Params, World};
use crate::gazetteer::ZoneKind;
use crate::geodesy::distance_m;
use crate::model::quantity::METRES_PER_NAUTICAL_MILE;
use crate::model::{LonLat, NavStatus, SlowRun, Timestamp};
use crate::rendezvous::Meeting;

/// What a silence that chance doesn't explain adds at most: it makes a meeting likelier, and says little of with whom.
const INTENTIONAL: f64 = 0.1;

/// Way to and from the place at which nearness counts for a third, hours.
const NEAR_H: f64 = 4.0;
/// Slack from which more says no more, hours.
const AMPLE_H: f64 = 12.0;
/// A ship seen still at both ends of its silence, this far from the place, more likely stayed there; nautical miles.
const ELSEWHERE_NM: f64 = 10.0;
/// A hull shorter than this share of the other is a tender's or a bunker boat's.
const SMALL_SHARE: f64 = 0.3;
/// From so far off a port's business explains no draught, hours of way.
const FAR_FROM_PORT_H: f64 = 6.0;
/// A tanker that waits alone is remarkable from this time on, hours (Global Fishing Watch, Starboard: 4).
const ALONE_H: f64 = 4.0;

impl Draught {
    /// How much it says, 0 to 1.
    fn weight(&self) -> f64 {
        (self.port_h / FAR_FROM_PORT_H).min(1.0)
    }
}

/// Facts with what each adds to the confidence.
pub(super) struct Evidence {
    pub confidence: f64,
    most: f64,
    reasons: Vec<(f64, String)>,
}

impl Evidence {
    fn new(base: f64, most: f64, what: &str) -> Self {
        let mut evidence = Self {
            confidence: 0.0,
            most,
            reasons: Vec::new(),
        };
        evidence.add(base, what.to_owned());
        evidence
    }

    fn add(&mut self, weight: f64, words: String) {
        self.reasons.push((weight, words));
        self.confidence = self.sum().clamp(0.0, self.most);
    }

    /// What all facts add up to, more than may be said of it perhaps: of candidates that are told with equal confidence the one
    /// for which more speaks comes first.
    pub(super) fn sum(&self) -> f64 {
        self.reasons.iter().map(|(weight, _)| weight).sum()
    }

    /// The same where so many others could have been there.
    pub(super) fn among(mut self, alternatives: usize) -> Self {
        if alternatives > 0 {
            let ships = if alternatives == 1 { "ship" } else { "ships" };
            self.add(
                -0.04 * (1.0 + alternatives as f64).ln(),
                format!("{alternatives} other silent {ships} could have been there"),
            );
        }
        self
    }

    /// The facts, what weighs most first.
    pub(super) fn words(&self) -> String {
        let mut reasons: Vec<&(f64, String)> = self.reasons.iter().collect();
        reasons.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()).then_with(|| a.1.cmp(&b.1)));
        let sum = self.sum();
        let words = reasons
            .into_iter()
            .map(|(weight, words)| format!("{words} ({weight:+.2})"));
        let held = (sum > self.most).then(|| format!("all together {:.2} at most", self.most));
        words.chain(held).collect::<Vec<_>>().join("; ")
    }

    fn draughts(&mut self, sides: [(&Side, &str); 2]) {
        let changes = sides.map(|(side, _)| {
            side.draught
                .map(|d| i32::from(d.after_dm) - i32::from(d.before_dm))
        });
        for (side, across) in sides {
            if let Some(draught) = side.draught {
                self.draught(
                    0.2,
                    draught,
                    &format!("draught of {:09}", side.mmsi),
                    across,
                );
            }
        }
        if let ([Some(one), Some(other)], [Some(a), Some(b)]) =
            (changes, sides.map(|s| s.0.draught))
        {
            if one * other < 0 {
                let weight = 0.1 * a.weight().min(b.weight());
                self.add(weight, "one rose as the other sank".to_owned());
            } else {
                self.add(-0.3, "both draughts changed the same way".to_owned());
            }
        }
    }

    fn draught(&mut self, weight: f64, d: Draught, whose: &str, across: &str) {
        let metres = |dm: u16| f64::from(dm) / 10.0;
        self.add(
            weight * d.weight(),
            format!(
                "{whose} {:.1} to {:.1} m {across}, {:.1} h from a port",
                metres(d.before_dm),
                metres(d.after_dm),
                d.port_h
            ),
        );
    }

    fn hulls(&mut self, one: &Side, other: &Side) {
        if one.cargo == Cargo::Oil && !(one.named && other.named) {
            self.add(-0.05, "a ship of unknown type".to_owned());
        }
        if let (Some(a), Some(b)) = (one.length_m, other.length_m)
            && a.min(b) < SMALL_SHARE * a.max(b)
        {
            self.add(-0.1, format!("hulls of {a:.0} and {b:.0} m"));
        }
    }

    fn silence(&mut self, silent: &Silent, [first, last]: [LonLat; 2]) {
        // Poor reception makes a silence no less likely beside another ship than alone: it says nothing, not no.
        if let Some(p) = silent.intentional {
            self.add(
                INTENTIONAL * p,
                format!("silence of {:09} intentional {p:.2}", silent.side.mmsi),
            );
        }
        let nearest_m =
            distance_m(silent.silence.from, first).min(distance_m(silent.silence.to, last));
        let apart_m = distance_m(silent.silence.from, silent.silence.to);
        let elsewhere_m = ELSEWHERE_NM * METRES_PER_NAUTICAL_MILE;
        if silent.was_slow && nearest_m > elsewhere_m && apart_m < nearest_m {
            self.add(
                -0.15,
                format!(
                    "{:09} lay still before and after, {:.0} nm off",
                    silent.side.mmsi,
                    nearest_m / METRES_PER_NAUTICAL_MILE
                ),
            );
        }
    }

    fn slack(&mut self, slack_h: f64) {
        self.add(
            0.1 * (slack_h / AMPLE_H).clamp(0.0, 1.0),
            format!("{slack_h:.1} h to spare beyond a transfer"),
        );
    }

    fn near(&mut self, way_h: f64, words: &str) {
        self.add(
            0.2 * (-way_h / NEAR_H).exp(),
            format!("{way_h:.1} h {words}"),
        );
    }

    fn fit(&mut self, m: &Meeting, spans: [(Timestamp, Timestamp); 2], words: &str) {
        let [one, other] = spans;
        let either = one.1.max(other.1).0 - one.0.min(other.0).0;
        let share = (m.window.1.0 - m.window.0.0) as f64 / either.max(1) as f64;
        self.add(
            0.35 * share,
            format!(
                "both can have been there for {:.0} % {words}",
                100.0 * share
            ),
        );
    }
}

/// Hours from where a ship was last heard to where a meeting began, and on from its end to where it was heard again.
fn way_h(silent: &Silent, [first, last]: [LonLat; 2]) -> f64 {
    let s = &silent.silence;
    let way_m = distance_m(s.from, first) + distance_m(last, s.to);
    way_m / METRES_PER_NAUTICAL_MILE / s.speed_kn
}

fn span(silent: &Silent) -> (Timestamp, Timestamp) {
    (silent.silence.start, silent.silence.end)
}

/// A ship waited while another was silent.
pub(super) fn in_gap(silent: &Silent, wait: &Wait, m: &Meeting, params: &Params) -> Evidence {
    let mut e = Evidence::new(
        0.1,
        0.95,
        &format!(
            "{:09} waited {:.0} km off shore with nobody to be seen",
            wait.side.mmsi, wait.shore_km
        ),
    );
    let window_h = m.window.1.hours_since(m.window.0);
    e.slack(window_h - params.rendezvous.transfer_min_h);
    e.near(
        way_h(silent, m.ends),
        "of way there and on within the silence",
    );
    e.fit(m, [span(silent), wait.span], "of the wait and the silence");
    e.draughts([
        (&silent.side, "across its silence"),
        (&wait.side, "across its wait"),
    ]);
    e.hulls(&silent.side, &wait.side);
    e.silence(silent, m.ends);
    e
}

/// Two ships were silent at once.
pub(super) fn two_gaps(silent: &Silent, other: &Silent, m: &Meeting, params: &Params) -> Evidence {
    let parties = match [silent, other].map(|s| s.side.named) {
        [true, true] => "two tankers were silent at once",
        [false, false] => "two ships of unknown type were silent at once",
        _ => "a tanker and a ship of unknown type were silent at once",
    };
    let mut e = Evidence::new(0.0, 0.7, parties);
    let window_h = m.window.1.hours_since(m.window.0);
    e.slack(window_h - params.rendezvous.transfer_min_h);
    let way_h = way_h(silent, m.ends).max(way_h(other, m.ends));
    e.near(
        way_h,
        "of way there and on within the longer of both silences",
    );
    e.fit(m, [span(silent), span(other)], "of both silences");
    e.draughts([
        (&silent.side, "across its silence"),
        (&other.side, "across its silence"),
    ]);
    e.hulls(&silent.side, &other.side);
    e.silence(silent, m.ends);
    e.silence(other, m.ends);
    e
}

/// A tanker waited on the high seas, and nothing explains it; `None` where that is no wonder: at anchor ships wait every day,
/// but for no change of draught.
pub(super) fn alone(run: &SlowRun, wait: &Wait, world: &World) -> Option<Evidence> {
    let length_h = run.end.hours_since(run.start);
    let anchored_ms = run.nav_status_ms.of(NavStatus::AT_ANCHOR);
    let usual = wait.side.cargo != Cargo::Oil
        || !wait.side.named
        || wait.shore_km < HIGH_SEAS_KM
        || length_h < ALONE_H
        || (2 * anchored_ms > run.slow_ms && wait.side.draught.is_none());
    if usual {
        return None;
    }
    let mut e = Evidence::new(
        0.15,
        0.6,
        &format!(
            "waited {length_h:.0} h, {:.0} km off shore, with nobody to be seen, and no silence over by then explains it",
            wait.shore_km
        ),
    );
    if let Some(draught) = wait.side.draught {
        e.draught(0.3, draught, "draught", "across its wait");
    }
    if let Some(zone) = world.zones.at(wait.place, run.start)
        && matches!(zone.kind, ZoneKind::Lightering | ZoneKind::Anchorage)
    {
        e.add(-0.05, format!("in {}, where tankers wait", zone.name));
    }
    Some(e)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_not_be_said_still_tells_who_comes_first() {
        let of = |more: f64| {
            let mut evidence = Evidence::new(0.5, 0.7, "both can have been there");
            evidence.add(more, "draught".to_owned());
            evidence
        };
        let (weaker, stronger) = (of(0.4), of(0.48));
        assert_eq!(weaker.confidence, stronger.confidence);
        assert!(weaker.sum() < stronger.sum());
    }
}
