//! A scene: a few ships at one place, and what is true of them.

use std::rc::Rc;

use super::dice::Dice;
use super::hull::Hull;
use super::motion::{Leg, Motion, Path, Pose, Wander, Wind, away};
use super::places::Place;
use super::ship::{Ship, Silence};
use crate::model::TruthKind;
use crate::model::quantity::MPS_PER_KNOT;

/// Seconds in an hour.
pub(super) const HOUR: f64 = 3600.0;

/// Cargo that moved in an event.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cargo {
    pub product: &'static str,
    pub volume_t: f64,
    /// Barrels; not for cargo that isn't measured in them.
    pub volume_bbl: Option<f64>,
    /// Places of the ships in the scene.
    pub from: usize,
    pub to: usize,
}

/// Something true.
#[derive(Clone, Debug)]
pub(super) struct Event {
    pub kind: TruthKind,
    pub ships: (usize, Option<usize>),
    pub from: f64,
    pub to: f64,
    pub mode: &'static str,
    pub cargo: Option<Cargo>,
    pub notes: String,
}

/// A scene under construction.
pub(super) struct Scene {
    pub place: Place,
    pub ships: Vec<Ship>,
    pub events: Vec<Event>,
    pub wind: Rc<Wind>,
    pub dice: Dice,
    /// Length of the data, seconds.
    pub span: f64,
}

impl Scene {
    pub(super) fn new(place: Place, mut dice: Dice, span: f64) -> Self {
        // Wind shifts by tens of degrees in hours, the tide turns ships in six.
        let rms = if dice.chance(0.4) { 45.0 } else { 15.0 };
        let wind = Rc::new(Wind {
            from_deg: dice.between(0.0, 360.0),
            shift: Wander::new(&mut dice, rms, 12.4 * HOUR),
        });
        Self {
            place,
            ships: Vec::new(),
            events: Vec::new(),
            wind,
            dice,
            span,
        }
    }

    /// Adds a ship on its way; its number in the scene.
    pub(super) fn add(&mut self, mut ship: Ship, path: Rc<Path>) -> usize {
        ship.path = path;
        self.ships.push(ship);
        self.ships.len() - 1
    }

    /// Notes an event; one that lies outside the data isn't noted.
    pub(super) fn note(
        &mut self,
        kind: TruthKind,
        ships: (usize, Option<usize>),
        (from, to): (f64, f64),
        mode: &'static str,
    ) -> Option<&mut Event> {
        let (from, to) = (from.max(0.0), to.min(self.span));
        if to <= from {
            return None;
        }
        self.events.push(Event {
            kind,
            ships,
            from,
            to,
            mode,
            cargo: None,
            notes: String::new(),
        });
        self.events.last_mut()
    }

    /// Notes an event of two ships.
    pub(super) fn pair(
        &mut self,
        kind: TruthKind,
        a: usize,
        b: usize,
        span: (f64, f64),
        mode: &'static str,
    ) {
        self.note(kind, (a, Some(b)), span, mode);
    }

    /// When something of this length begins, so that it lies inside the data.
    pub(super) fn begin(&mut self, length: f64) -> f64 {
        let margin = (3.0 * HOUR).min(0.1 * self.span);
        let latest = (self.span - length - margin).max(margin + 60.0);
        self.dice.between(margin, latest)
    }

    /// A place in the scene, up to `radius_m` from its middle.
    pub(super) fn somewhere(&mut self, radius_m: f64) -> [f64; 2] {
        let r = radius_m * self.dice.unit().sqrt();
        let bearing = self.dice.between(0.0, 360.0);
        away([0.0; 2], bearing, r)
    }

    /// At anchor, swinging with the scene's wind and yawing on its own.
    pub(super) fn anchored(&mut self, anchor: [f64; 2], hull: &Hull) -> Motion {
        let chain = self.dice.between(60.0, 220.0) * (hull.length_m / 250.0).clamp(0.3, 1.2);
        let (rms, period) = (
            self.dice.between(2.0, 7.0),
            self.dice.between(600.0, 1500.0),
        );
        Motion::Anchored {
            anchor,
            radius_m: chain + hull.length_m / 2.0,
            wind: Rc::clone(&self.wind),
            yaw: Wander::new(&mut self.dice, rms, period),
        }
    }

    /// Fast to a quay or to the bottom.
    pub(super) fn moored(at: [f64; 2], heading_deg: f64) -> Motion {
        Motion::Drift {
            from: (0.0, Pose { at, heading_deg }),
            velocity_mps: [0.0; 2],
            wander: [Wander::default(), Wander::default()],
            yaw: Wander::default(),
        }
    }

    /// Carried by wind and current, beam on more or less, from a pose.
    pub(super) fn adrift(&mut self, t: f64, pose: Pose) -> Motion {
        let speed = self.dice.between(0.3, 2.4) * MPS_PER_KNOT;
        let to = pose.heading_deg + self.dice.sign() * self.dice.between(50.0, 110.0);
        let v = away([0.0; 2], to, speed);
        let wander = |dice: &mut Dice| Wander::new(dice, 250.0, 5.0 * HOUR);
        Motion::Drift {
            from: (t, pose),
            velocity_mps: v,
            wander: [wander(&mut self.dice), wander(&mut self.dice)],
            yaw: Wander::new(&mut self.dice, 12.0, 4.0 * HOUR),
        }
    }

    /// Working on one spot: within `radius_m` or so, turning about.
    pub(super) fn hovering(&mut self, at: [f64; 2], radius_m: f64, period_s: f64) -> Motion {
        let heading_deg = self.wind.at(0.0);
        let dice = &mut self.dice;
        Motion::Drift {
            from: (0.0, Pose { at, heading_deg }),
            velocity_mps: [0.0; 2],
            wander: [
                Wander::new(dice, radius_m / 2.0, period_s),
                Wander::new(dice, radius_m / 2.0, period_s),
            ],
            yaw: Wander::new(dice, 40.0, period_s),
        }
    }

    /// A straight or winding course from a place: legs of `leg_s` with turns of up to `turn_deg`.
    pub(super) fn winding(
        &mut self,
        (from, to): (f64, f64),
        at: [f64; 2],
        heading_deg: f64,
        speed_kn: f64,
        (leg_s, turn_deg): (f64, f64),
    ) -> Motion {
        let speed = speed_kn * MPS_PER_KNOT;
        let (mut t, mut place, mut heading) = (from, at, heading_deg);
        let mut keys = vec![(t, place)];
        while t < to {
            let step = leg_s * self.dice.between(0.7, 1.3);
            t += step;
            place = away(place, heading, speed * step);
            keys.push((t, place));
            heading += self.dice.between(-turn_deg, turn_deg);
        }
        Motion::Course {
            keys,
            turn_s: 300.0,
            yaw: Wander::new(&mut self.dice, 1.2, 900.0),
        }
    }

    /// A whole way: arrives from seaward, goes through `legs`, leaves for seaward. Ends that lie outside the
    /// data are left off.
    pub(super) fn visit(
        &mut self,
        from: f64,
        legs: Vec<Leg>,
        cruise_kn: f64,
        reach_m: f64,
    ) -> Path {
        let mut path = Path { from, legs };
        let until = path.until();
        if from > 0.0 {
            let to = path.pose(from).at;
            let (start, motion) = self.arrival(to, from, cruise_kn, reach_m);
            path.from = start;
            path.legs.insert(
                0,
                Leg {
                    until: from,
                    motion,
                    status: 0,
                },
            );
        }
        if until < self.span {
            let at = path.pose(until - 1e-3).at;
            let (end, motion) = self.departure(at, until, cruise_kn, reach_m);
            path.legs.push(Leg {
                until: end,
                motion,
                status: 0,
            });
        }
        path
    }

    fn seaward(&mut self) -> f64 {
        self.place.seaward_deg
            + self
                .dice
                .between(-self.place.spread_deg, self.place.spread_deg)
    }

    fn arrival(&mut self, to: [f64; 2], t: f64, cruise_kn: f64, reach_m: f64) -> (f64, Motion) {
        let bearing = self.seaward();
        let mut keys = vec![(t, to)];
        let (mut at, mut when) = (0.0, t);
        // Slowing down: the last 400 m at 2 kn, up to 2.5 km at 5 kn, then at cruising speed.
        for (distance, kn) in [
            (400.0, 2.0),
            (2500.0, 5.0f64.min(cruise_kn)),
            (reach_m, cruise_kn),
        ] {
            when -= (distance - at) / (kn * MPS_PER_KNOT);
            at = distance;
            keys.push((when, away(to, bearing, distance)));
        }
        keys.reverse();
        (when, self.passage(keys))
    }

    fn departure(&mut self, from: [f64; 2], t: f64, cruise_kn: f64, reach_m: f64) -> (f64, Motion) {
        let bearing = self.seaward();
        let mut keys = vec![(t, from)];
        let (mut at, mut when) = (0.0, t);
        for (distance, kn) in [
            (300.0, 2.0),
            (2000.0, 6.0f64.min(cruise_kn)),
            (reach_m, cruise_kn),
        ] {
            when += (distance - at) / (kn * MPS_PER_KNOT);
            at = distance;
            keys.push((when, away(from, bearing, distance)));
        }
        (when, self.passage(keys))
    }

    /// Along these keys.
    pub(super) fn passage(&mut self, keys: Vec<(f64, [f64; 2])>) -> Motion {
        Motion::Course {
            keys,
            turn_s: 60.0,
            yaw: Wander::new(&mut self.dice, 1.0, 300.0),
        }
    }

    /// In another ship's frame, with the small motions of two hulls on fenders.
    pub(super) fn beside(
        &mut self,
        host: &Rc<Path>,
        keys: Vec<(f64, f64, f64)>,
        opposite: bool,
    ) -> Motion {
        let dice = &mut self.dice;
        Motion::Beside {
            host: Rc::clone(host),
            keys,
            opposite,
            wobble: [
                Wander::new(dice, 0.8, 200.0),
                Wander::new(dice, 0.15, 90.0),
                Wander::new(dice, 0.15, 150.0),
            ],
        }
    }

    /// A stretch without reports.
    pub(super) fn silence(&mut self, ship: usize, from: f64, until: f64) {
        self.ships[ship].silences.push(Silence { from, until });
    }
}
