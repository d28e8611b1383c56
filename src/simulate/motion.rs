//! How hulls move: positions of a hull's middle on a scene's plane, as functions of time.
//!
//! Time is in seconds since the start of the data, places in metres east and north, directions in degrees
//! from north. Every motion is a closed function of time, so two ships that share one can't drift apart by
//! rounding, and any instant can be asked for.

use std::f64::consts::TAU;
use std::rc::Rc;

use super::dice::Dice;

/// Where a hull's middle is, and where its bow points.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pose {
    pub at: [f64; 2],
    pub heading_deg: f64,
}

/// East and north of a direction.
pub(super) fn unit(deg: f64) -> [f64; 2] {
    let (sin, cos) = deg.to_radians().sin_cos();
    [sin, cos]
}

/// The place `along` metres ahead and `across` metres to starboard.
pub(super) fn offset(from: Pose, along: f64, across: f64) -> [f64; 2] {
    let [e, n] = unit(from.heading_deg);
    [
        from.at[0] + along * e + across * n,
        from.at[1] + along * n - across * e,
    ]
}

/// The place at a distance in a direction.
pub(super) fn away(from: [f64; 2], deg: f64, distance_m: f64) -> [f64; 2] {
    let [e, n] = unit(deg);
    [from[0] + distance_m * e, from[1] + distance_m * n]
}

/// Direction of a vector.
pub(super) fn direction_deg([e, n]: [f64; 2]) -> f64 {
    e.atan2(n).to_degrees().rem_euclid(360.0)
}

/// A smooth random function of time: a sum of sines.
#[derive(Clone, Debug, Default)]
pub(super) struct Wander(Vec<[f64; 3]>);

impl Wander {
    /// Three sines of periods about `period_s`, of this root mean square in all.
    pub(super) fn new(dice: &mut Dice, rms: f64, period_s: f64) -> Self {
        let amplitude = rms * (2.0f64 / 3.0).sqrt();
        let term = |dice: &mut Dice| {
            [
                amplitude,
                period_s * dice.between(0.6, 1.7),
                dice.between(0.0, TAU),
            ]
        };
        Self((0..3).map(|_| term(dice)).collect())
    }

    pub(super) fn at(&self, t: f64) -> f64 {
        self.0
            .iter()
            .map(|[a, p, f]| a * (TAU * t / p + f).sin())
            .sum()
    }
}

/// Where the wind (or tide) comes from; shared by all ships of a scene.
#[derive(Clone, Debug)]
pub(super) struct Wind {
    pub from_deg: f64,
    pub shift: Wander,
}

impl Wind {
    pub(super) fn at(&self, t: f64) -> f64 {
        self.from_deg + self.shift.at(t)
    }
}

/// A way of moving.
#[derive(Clone, Debug)]
pub(super) enum Motion {
    /// Straight legs between places at times; corners are rounded over twice `turn_s`.
    Course {
        keys: Vec<(f64, [f64; 2])>,
        turn_s: f64,
        yaw: Wander,
    },
    /// About an anchor, bow to the wind, yawing.
    Anchored {
        anchor: [f64; 2],
        radius_m: f64,
        wind: Rc<Wind>,
        yaw: Wander,
    },
    /// Carried by wind and current from a pose; with no velocity: working on one spot.
    Drift {
        from: (f64, Pose),
        velocity_mps: [f64; 2],
        wander: [Wander; 2],
        yaw: Wander,
    },
    /// In the frame of another ship: (time, metres ahead, metres to starboard), eased in between.
    Beside {
        host: Rc<Path>,
        keys: Vec<(f64, f64, f64)>,
        opposite: bool,
        wobble: [Wander; 3],
    },
    /// On another ship's path, later.
    Trailing {
        host: Rc<Path>,
        lag_s: f64,
        side: Wander,
    },
    /// On a circle that no ship sails.
    Circle {
        centre: [f64; 2],
        radius_m: f64,
        period_s: f64,
    },
}

fn on_keys(keys: &[(f64, [f64; 2])], t: f64) -> [f64; 2] {
    let next = keys.partition_point(|k| k.0 <= t);
    let (Some(b), Some(a)) = (
        keys.get(next),
        next.checked_sub(1).and_then(|i| keys.get(i)),
    ) else {
        return keys[next.min(keys.len() - 1)].1;
    };
    let u = (t - a.0) / (b.0 - a.0);
    [
        a.1[0] + u * (b.1[0] - a.1[0]),
        a.1[1] + u * (b.1[1] - a.1[1]),
    ]
}

fn course(keys: &[(f64, [f64; 2])], turn_s: f64, yaw: &Wander, t: f64) -> Pose {
    const STEPS: i32 = 3;
    let (first, last) = (keys[0].0, keys[keys.len() - 1].0);
    let smooth = |t: f64| {
        let w = turn_s.min(t - first).min(last - t).max(0.0);
        let mut sum = [0.0; 2];
        for i in -STEPS..=STEPS {
            let p = on_keys(keys, t + w * f64::from(i) / f64::from(STEPS));
            sum = [sum[0] + p[0], sum[1] + p[1]];
        }
        sum.map(|v| v / f64::from(2 * STEPS + 1))
    };
    let t = t.clamp(first, last);
    let (a, b) = (smooth((t - 20.0).max(first)), smooth((t + 20.0).min(last)));
    Pose {
        at: smooth(t),
        heading_deg: direction_deg([b[0] - a[0], b[1] - a[1]]) + yaw.at(t),
    }
}

fn eased(keys: &[(f64, f64, f64)], t: f64) -> [f64; 2] {
    let next = keys.partition_point(|k| k.0 <= t);
    let (Some(b), Some(a)) = (
        keys.get(next),
        next.checked_sub(1).and_then(|i| keys.get(i)),
    ) else {
        let k = keys[next.min(keys.len() - 1)];
        return [k.1, k.2];
    };
    let u = (t - a.0) / (b.0 - a.0);
    let u = u * u * (3.0 - 2.0 * u);
    [a.1 + u * (b.1 - a.1), a.2 + u * (b.2 - a.2)]
}

impl Motion {
    /// The pose at a time.
    pub(super) fn pose(&self, t: f64) -> Pose {
        match self {
            Self::Course { keys, turn_s, yaw } => course(keys, *turn_s, yaw, t),
            Self::Anchored {
                anchor,
                radius_m,
                wind,
                yaw,
            } => {
                let heading_deg = wind.at(t) + yaw.at(t);
                Pose {
                    at: away(*anchor, heading_deg + 180.0, *radius_m),
                    heading_deg,
                }
            }
            Self::Drift {
                from: (t0, pose),
                velocity_mps,
                wander,
                yaw,
            } => {
                let shift =
                    |i: usize| velocity_mps[i] * (t - t0) + wander[i].at(t) - wander[i].at(*t0);
                Pose {
                    at: [pose.at[0] + shift(0), pose.at[1] + shift(1)],
                    heading_deg: pose.heading_deg + yaw.at(t) - yaw.at(*t0),
                }
            }
            Self::Beside {
                host,
                keys,
                opposite,
                wobble,
            } => {
                let host = host.pose(t);
                let [along, across] = eased(keys, t);
                let at = offset(host, along + wobble[0].at(t), across + wobble[1].at(t));
                let turn = if *opposite { 180.0 } else { 0.0 };
                Pose {
                    at,
                    heading_deg: host.heading_deg + turn + wobble[2].at(t),
                }
            }
            Self::Trailing { host, lag_s, side } => {
                let pose = host.pose(t - lag_s);
                Pose {
                    at: offset(pose, 0.0, side.at(t)),
                    ..pose
                }
            }
            Self::Circle {
                centre,
                radius_m,
                period_s,
            } => {
                let bearing = 360.0 * t / period_s;
                Pose {
                    at: away(*centre, bearing, *radius_m),
                    heading_deg: bearing + 90.0,
                }
            }
        }
    }
}

/// How long a ship takes to turn between a course and another leg, seconds.
const TURN_S: f64 = 600.0;

/// A motion that lasts until some time, under a navigational status.
#[derive(Clone, Debug)]
pub(super) struct Leg {
    pub until: f64,
    pub motion: Motion,
    pub status: u8,
}

/// A ship's whole way: legs in order.
#[derive(Clone, Debug)]
pub(super) struct Path {
    pub from: f64,
    pub legs: Vec<Leg>,
}

impl Path {
    pub(super) fn until(&self) -> f64 {
        self.legs.last().map_or(self.from, |l| l.until)
    }

    fn index(&self, t: f64) -> usize {
        let i = self.legs.partition_point(|l| l.until <= t);
        i.min(self.legs.len() - 1)
    }

    /// From when to when the ship is at her (first) anchor; nothing if she has none.
    pub(super) fn at_anchor(&self) -> (f64, f64) {
        let mut from = self.from;
        for leg in &self.legs {
            if matches!(leg.motion, Motion::Anchored { .. }) {
                return (from, leg.until);
            }
            from = leg.until;
        }
        (from, from)
    }

    pub(super) fn pose(&self, t: f64) -> Pose {
        let i = self.index(t);
        let pose = self.legs[i].motion.pose(t);
        if !matches!(self.legs[i].motion, Motion::Course { .. }) {
            return pose;
        }
        // A ship on a course turns to how she will lie, and from how she lay; the others can't choose.
        let mut heading_deg = pose.heading_deg;
        let mut turn = |joint: f64, other: Option<&Leg>| {
            let share = 1.0 - (t - joint).abs() / TURN_S;
            if let Some(other) = other.filter(|_| share > 0.0) {
                let to = other.motion.pose(joint).heading_deg;
                let by = (to - heading_deg + 180.0).rem_euclid(360.0) - 180.0;
                heading_deg += by * share * share * (3.0 - 2.0 * share);
            }
        };
        let before = i.checked_sub(1).map(|b| &self.legs[b]);
        // From another course: that one has turned already.
        if let Some(before) = before.filter(|b| !matches!(b.motion, Motion::Course { .. })) {
            turn(before.until, Some(before));
        }
        turn(self.legs[i].until, self.legs.get(i + 1));
        Pose {
            heading_deg,
            ..pose
        }
    }

    pub(super) fn status(&self, t: f64) -> u8 {
        self.legs[self.index(t)].status
    }
}
