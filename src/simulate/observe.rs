//! From ships to rows: what reaches the data of a ship, with all its faults.

use std::collections::BTreeSet;

use super::Params;
use super::dice::{Dice, Purpose};
use super::motion::direction_deg;
use super::places::{Coverage, Place};
use super::reception::{Propagation, Reception, SLOW_KN};
use super::ship::Ship;
use crate::model::AisClass;
use crate::model::quantity::MPS_PER_KNOT;

/// A row before it is written. Positions in degrees.
#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    pub ms: i64,
    pub scene: u32,
    pub ship: u32,
    pub lon: f64,
    pub lat: f64,
    pub sog_kn: f64,
    pub cog_deg: f64,
    pub heading_deg: Option<f64>,
    pub status: u8,
    /// Whether the ship's static data have been received by now.
    pub known: bool,
}

/// Fixes of a ship inside an event.
#[derive(Clone, Debug)]
pub(super) struct Tally {
    pub event: usize,
    pub from: f64,
    pub to: f64,
    pub count: u32,
    pub first: f64,
    pub last: f64,
    /// Slots of [`SLOT_S`] in which there was one.
    pub slots: BTreeSet<u32>,
}

/// Slots in which ships are counted as heard, seconds.
pub(super) const SLOT_S: f64 = 600.0;

/// Standard deviation of the noise of the velocity over ground, m/s a direction.
const VELOCITY_NOISE_MPS: f64 = 0.06;
/// Over how long the velocity is measured to either side, seconds.
const VELOCITY_BASE_S: f64 = 4.0;
/// Static data are sent every 6 minutes (ITU-R M.1371).
const STATIC_EVERY_S: f64 = 360.0;
/// Units of a position in AIS: 1/10,000 minute.
const UNITS_PER_DEGREE: f64 = 600_000.0;
/// Stale times lag by this much in real files, seconds.
const STALE_S: (f64, f64) = (60.0, 110.0);
/// From the scene's middle on, the plane's north and true north are told apart, metres.
const CONVERGENCE_FROM_M: f64 = 3000.0;

/// The rows of one ship, in time order.
pub(super) struct Observer {
    scene: u32,
    ship: u32,
    dice: Dice,
    reception: Reception,
    next: Option<(f64, bool)>,
    until: f64,
    kept: f64,
    noise: [f64; 2],
    noise_at: f64,
    sigma_m: f64,
    compass_error: f64,
    static_from: f64,
    late: Vec<Row>,
    pub tallies: Vec<Tally>,
}

impl Observer {
    pub(super) fn new(
        params: &Params,
        index: u64,
        (scene, number): (u32, u32),
        ship: &Ship,
        coverage: Coverage,
    ) -> Self {
        let mut dice = Dice::new(params.seed, Purpose::Reception, index);
        let reception = Reception::new(
            coverage,
            ship.class == AisClass::B,
            params.thin_s,
            &mut dice,
        );
        let from = ship.path.from.max(0.0) + dice.between(0.0, 60.0);
        // Per direction; the parameter is the radius.
        let sigma_m = params.gnss_sigma_m / std::f64::consts::SQRT_2 * dice.between(0.5, 1.5);
        Self {
            scene,
            ship: number,
            reception,
            next: Some((from, true)),
            until: ship.path.until(),
            kept: f64::MIN,
            noise: [sigma_m * dice.normal(), sigma_m * dice.normal()],
            noise_at: from,
            sigma_m: if ship.invented { 0.0 } else { sigma_m },
            compass_error: 1.0 * dice.normal(),
            static_from: from + dice.between(0.0, STATIC_EVERY_S),
            late: Vec::new(),
            tallies: Vec::new(),
            dice,
        }
    }

    /// Appends all rows whose time lies before `end_s`.
    pub(super) fn rows_until(
        &mut self,
        end_s: f64,
        ship: &Ship,
        place: &Place,
        shared: &Propagation,
        params: &Params,
        out: &mut Vec<Row>,
    ) {
        let end_ms = params.start.0 + (end_s * 1000.0) as i64;
        let mut late = std::mem::take(&mut self.late);
        while let Some((t, heard)) = self.next.filter(|n| n.0 < end_s) {
            if t >= self.until {
                self.next = None;
                break;
            }
            let silent = ship.silences.iter().any(|s| t >= s.from && t < s.until);
            if heard && !silent && t - self.kept >= params.thin_s {
                self.kept = t;
                self.report(t, ship, place, params, &mut late);
            }
            let slow = self.speed_kn(t, ship) < SLOW_KN;
            self.next = Some(self.reception.next(t, slow, shared, &mut self.dice));
        }
        for row in late {
            if row.ms < end_ms {
                out.push(row);
            } else {
                self.late.push(row);
            }
        }
    }

    fn velocity(&self, t: f64, ship: &Ship) -> [f64; 2] {
        let (a, b) = (
            (t - VELOCITY_BASE_S).max(ship.path.from),
            (t + VELOCITY_BASE_S).min(self.until - 1e-3),
        );
        let (p, q) = (
            ship.hull.antenna(ship.path.pose(a)),
            ship.hull.antenna(ship.path.pose(b)),
        );
        [(q[0] - p[0]) / (b - a), (q[1] - p[1]) / (b - a)]
    }

    fn speed_kn(&self, t: f64, ship: &Ship) -> f64 {
        let [e, n] = self.velocity(t, ship);
        e.hypot(n) / MPS_PER_KNOT
    }

    fn report(&mut self, t: f64, ship: &Ship, place: &Place, params: &Params, out: &mut Vec<Row>) {
        for tally in &mut self.tallies {
            if t >= tally.from && t <= tally.to {
                if tally.count == 0 {
                    tally.first = t;
                }
                tally.last = t;
                tally.count += 1;
                tally.slots.insert((t / SLOT_S) as u32);
            }
        }
        let dice = &mut self.dice;
        let keep = (-(t - self.noise_at) / params.gnss_correlation_s).exp();
        for noise in &mut self.noise {
            *noise = *noise * keep + self.sigma_m * (1.0 - keep * keep).sqrt() * dice.normal();
        }
        self.noise_at = t;
        let pose = ship.path.pose(t);
        let antenna = ship.hull.antenna(pose);
        let noise = if ship.invented { [0.0; 2] } else { self.noise };
        let at = [antenna[0] + noise[0], antenna[1] + noise[1]];
        let shake = [0, 1].map(|_| VELOCITY_NOISE_MPS * self.dice.normal());
        let v = self.velocity(t, ship);
        let v = [v[0] + shake[0], v[1] + shake[1]];
        let turn = north_deg(place, at);
        let there = place.plane.to_place(at);
        let dice = &mut self.dice;
        let heading = pose.heading_deg + turn + self.compass_error + 0.3 * dice.normal();
        let mut row = Row {
            ms: params.start.0 + (t * 1000.0) as i64,
            scene: self.scene,
            ship: self.ship,
            lon: there.lon(),
            lat: there.lat(),
            sog_kn: v[0].hypot(v[1]) / MPS_PER_KNOT,
            cog_deg: (direction_deg(v) + turn).rem_euclid(360.0),
            heading_deg: ship.has_heading.then(|| heading.rem_euclid(360.0)),
            status: ship.path.status(t),
            known: t >= self.static_from,
        };
        if dice.chance(ship.stale_clock) {
            row.ms += (dice.between(STALE_S.0, STALE_S.1) * 1000.0) as i64;
        }
        if dice.chance(params.duplicates) {
            let mut twice = row;
            twice.ms += (dice.log_between(0.1, 2.0) * 1000.0) as i64;
            out.push(twice);
        }
        if dice.chance(params.bit_errors) {
            let bit = 6 + dice.below(19) as u32;
            let flip = |deg: f64| {
                f64::from((deg * UNITS_PER_DEGREE) as i32 ^ (1 << bit)) / UNITS_PER_DEGREE
            };
            if dice.chance(0.5) {
                row.lon = flip(row.lon);
            } else {
                row.lat = flip(row.lat);
            }
        }
        out.push(row);
    }
}

/// Direction of the plane's north at a place, from true north.
fn north_deg(place: &Place, at: [f64; 2]) -> f64 {
    if at[0].abs() < CONVERGENCE_FROM_M {
        return 0.0;
    }
    let here = crate::geodesy::Plane::at(place.plane.to_place(at));
    let ahead = here.to_m(place.plane.to_place([at[0], at[1] + 1000.0]));
    let deg = direction_deg(ahead);
    if deg > 180.0 { deg - 360.0 } else { deg }
}
