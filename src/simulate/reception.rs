//! When a ship is heard: how often, and in which hours not at all.
//!
//! Fitted to real files, not to the rates that ships send at. A ship's reception goes by the hour through
//! five states, by the number of its reports that were heard in that hour; the chances of going from one
//! state to another were counted, and so was how reports are spread inside an hour. Sources:
//!
//! - [`OFFSHORE`], [`COAST_MOVING`], [`COAST_SLOW`], [`CLASS_B_SLOW`]: the logs of the Santa Barbara AIS
//!   station network, 1 to 4 June 2018 (665 ships, 540,000 positions off southern California; offshore is
//!   more than 50 km from the coast: 5,196 ship hours of 228 ships, S1-like lightering among them).
//! - [`HARBOUR_SLOW`], [`HARBOUR_MOVING`]: MarineCadastre, New York harbour, 30 June 2020, 00 to 01 h
//!   (251 ships, 7,574 intervals).
//! - [`DENSE_SLOW`], [`DENSE_MOVING`], [`DENSE_B`]: Danish Maritime Authority, 26 April 2026, the first 97 s
//!   (1,113 ships, 8,968 intervals; above the 0.90 share not measured, the log is too short).
//! - Duplicates: 3.5 % of the Santa Barbara rows follow the row before within 2 s; 44 % of the rows of the
//!   Danish Maritime Authority of 26 April 2026 (first 97 s) say the same as one at most 2 s before.
//! - Ships within 30 km of each other offshore: their hourly log counts correlate at 0.46 (1,426 pairs).

use super::dice::{Dice, normal_share};
use super::places::Coverage;

/// Chances of the next hour's state, by this hour's.
type Transitions = [[f64; 5]; 5];

/// Reports heard in an hour, by state: none, 1-5, 6-20, 21-60, more.
pub(super) const STATES: [(f64, f64); 5] = [
    (0.0, 0.0),
    (1.0, 5.0),
    (6.0, 20.0),
    (21.0, 60.0),
    (61.0, 220.0),
];

/// Class A more than 50 km from the coast. Half of all hours are silent.
pub(super) const OFFSHORE: Transitions = [
    [0.832, 0.086, 0.052, 0.022, 0.008],
    [0.464, 0.215, 0.167, 0.125, 0.029],
    [0.195, 0.226, 0.270, 0.231, 0.078],
    [0.101, 0.106, 0.213, 0.354, 0.226],
    [0.028, 0.017, 0.075, 0.205, 0.675],
];
/// Class A near the coast at 3 kn and more.
pub(super) const COAST_MOVING: Transitions = [
    [0.916, 0.031, 0.017, 0.023, 0.013],
    [0.462, 0.193, 0.188, 0.117, 0.040],
    [0.265, 0.163, 0.147, 0.261, 0.164],
    [0.112, 0.073, 0.158, 0.409, 0.248],
    [0.042, 0.017, 0.038, 0.116, 0.787],
];
/// Class A near the coast below 3 kn.
pub(super) const COAST_SLOW: Transitions = [
    [0.836, 0.140, 0.018, 0.005, 0.001],
    [0.273, 0.537, 0.171, 0.016, 0.003],
    [0.072, 0.281, 0.564, 0.075, 0.008],
    [0.056, 0.067, 0.185, 0.533, 0.159],
    [0.005, 0.002, 0.021, 0.099, 0.873],
];
/// Class B near the coast below 3 kn; above it the counts (659 ship hours) are too few for a table of their own.
pub(super) const CLASS_B_SLOW: Transitions = [
    [0.730, 0.256, 0.014, 0.000, 0.000],
    [0.117, 0.652, 0.231, 0.000, 0.000],
    [0.010, 0.367, 0.614, 0.009, 0.000],
    [0.000, 0.056, 0.611, 0.333, 0.000],
    [0.000, 0.000, 0.500, 0.500, 0.000],
];

/// Shares at which the interval tables are given.
const SHARES: [f64; 8] = [0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99];
/// Intervals inside an hour of 6 to 60 reports, in units of that hour's mean: bursts.
const BURSTY: [f64; 8] = [0.05, 0.08, 0.15, 0.35, 0.75, 1.60, 2.55, 6.60];
/// The same above 60 reports.
const DENSE: [f64; 8] = [0.15, 0.22, 0.37, 0.67, 1.19, 1.96, 2.62, 4.84];
/// Intervals in a harbour below 3 kn, seconds.
const HARBOUR_SLOW: [f64; 8] = [62.0, 69.0, 70.0, 95.0, 180.0, 182.0, 184.0, 360.0];
/// Intervals in a harbour at 3 kn and more, seconds.
const HARBOUR_MOVING: [f64; 8] = [61.0, 62.0, 63.0, 69.0, 75.0, 91.0, 112.0, 209.0];

/// Intervals of the Danish network, not thinned, class A below 3 kn, seconds.
const DENSE_SLOW: [f64; 8] = [6.0, 8.0, 9.0, 10.0, 11.0, 13.0, 20.0, 60.0];
/// The same at 3 kn and more.
const DENSE_MOVING: [f64; 8] = [2.0, 3.0, 6.0, 9.0, 10.0, 11.0, 20.0, 60.0];
/// Class B there.
const DENSE_B: [f64; 8] = [3.0, 4.0, 10.0, 23.5, 44.5, 60.0, 120.0, 180.0];

/// Correlation of the reception of ships in one place.
const SHARED: f64 = 0.46;
/// Speed that parts the tables, knots.
pub(super) const SLOW_KN: f64 = 3.0;
/// Seconds in an hour.
const HOUR_S: f64 = 3600.0;

fn quantile(table: &[f64; 8], u: f64) -> f64 {
    let next = SHARES.partition_point(|s| *s <= u);
    match next {
        0 => table[0] * (0.5 + 0.5 * u / SHARES[0]),
        8 => table[7] * (1.0 + (u - SHARES[7]) / (1.0 - SHARES[7])),
        i => {
            let w = (u - SHARES[i - 1]) / (SHARES[i] - SHARES[i - 1]);
            table[i - 1] + w * (table[i] - table[i - 1])
        }
    }
}

/// What all ships of a scene share: one normal number an hour.
pub(super) struct Propagation(Vec<f64>);

impl Propagation {
    pub(super) fn new(dice: &mut Dice, hours: usize) -> Self {
        Self((0..=hours).map(|_| dice.normal()).collect())
    }

    fn at(&self, hour: usize) -> f64 {
        self.0.get(hour).copied().unwrap_or(0.0)
    }
}

/// The reception of one ship.
pub(super) struct Reception {
    coverage: Coverage,
    class_b: bool,
    /// Whether every report is kept that was heard, or one a minute or so.
    dense: bool,
    hour: Option<i64>,
    state: usize,
    mean_s: f64,
}

impl Reception {
    /// The reception of a ship in data thinned to one report in `thin_s` seconds (0: not thinned).
    pub(super) fn new(coverage: Coverage, class_b: bool, thin_s: f64, dice: &mut Dice) -> Self {
        Self {
            coverage,
            class_b,
            dense: thin_s < 30.0,
            hour: None,
            // Ships come into the data because they are heard.
            state: 2 + dice.below(3),
            mean_s: 60.0,
        }
    }

    fn transitions(&self, slow: bool) -> &'static Transitions {
        match (self.coverage, self.class_b, slow) {
            (Coverage::Offshore, ..) => &OFFSHORE,
            (_, true, true) => &CLASS_B_SLOW,
            (_, _, true) => &COAST_SLOW,
            (_, _, false) => &COAST_MOVING,
        }
    }

    /// The time of the next report heard after `t`, seconds; it may lie in a silent hour's successor, in
    /// which case it is only the time to ask again, and `false` says so.
    pub(super) fn next(
        &mut self,
        t: f64,
        slow: bool,
        shared: &Propagation,
        dice: &mut Dice,
    ) -> (f64, bool) {
        if self.coverage == Coverage::Harbour {
            let table = match (self.dense, self.class_b, slow) {
                (true, false, true) => &DENSE_SLOW,
                (true, false, false) => &DENSE_MOVING,
                (true, true, _) => &DENSE_B,
                (false, _, true) => &HARBOUR_SLOW,
                (false, _, false) => &HARBOUR_MOVING,
            };
            return (t + quantile(table, dice.unit()), true);
        }
        let hour = (t / HOUR_S).floor() as i64;
        if self.hour != Some(hour) {
            self.enter(hour, slow, shared, dice);
        }
        let end = (hour + 1) as f64 * HOUR_S;
        if self.state == 0 {
            return (end, false);
        }
        let step = match self.state {
            // A handful an hour come at any time.
            1 => -self.mean_s * (1.0 - dice.unit()).ln(),
            4 => self.mean_s * quantile(&DENSE, dice.unit()),
            _ => self.mean_s * quantile(&BURSTY, dice.unit()),
        };
        let next = t + step.max(1.0);
        if next < end {
            (next, true)
        } else {
            (end, false)
        }
    }

    fn enter(&mut self, hour: i64, slow: bool, shared: &Propagation, dice: &mut Dice) {
        let common = shared.at(hour.max(0) as usize);
        let z = SHARED.sqrt() * common + (1.0 - SHARED).sqrt() * dice.normal();
        let u = normal_share(z);
        let chances = &self.transitions(slow)[self.state];
        let mut sum = 0.0;
        self.state = chances
            .iter()
            .position(|p| {
                sum += p;
                u < sum
            })
            .unwrap_or(4);
        let (low, high) = STATES[self.state];
        if high > 0.0 {
            self.mean_s = HOUR_S / dice.log_between(low, high);
        }
        self.hour = Some(hour);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulate::dice::Purpose;

    /// Share of the hours of many ships with no report, and reports per ship hour.
    fn run(coverage: Coverage, slow: bool) -> (f64, f64) {
        let mut dice = Dice::new(1, Purpose::Reception, 0);
        let (mut silent, mut heard, mut hours) = (0, 0, 0);
        for _ in 0..100 {
            let shared = Propagation::new(&mut dice, 96);
            let mut reception = Reception::new(coverage, false, 60.0, &mut dice);
            let mut counts = [0u32; 96];
            let mut t = 0.0;
            while t < 96.0 * HOUR_S {
                let (next, is_heard) = reception.next(t, slow, &shared, &mut dice);
                t = next;
                if is_heard && t < 96.0 * HOUR_S {
                    counts[(t / HOUR_S) as usize] += 1;
                }
            }
            silent += counts.iter().filter(|c| **c == 0).count();
            heard += counts.iter().sum::<u32>();
            hours += counts.len();
        }
        (
            silent as f64 / hours as f64,
            f64::from(heard) / hours as f64,
        )
    }

    #[test]
    fn offshore_half_of_the_hours_are_silent() {
        let (silent, heard) = run(Coverage::Offshore, true);
        assert!((0.40..0.60).contains(&silent), "{silent}");
        assert!((12.0..32.0).contains(&heard), "real: 21.8; {heard}");
    }

    #[test]
    fn a_harbour_hears_nearly_everything() {
        let (silent, heard) = run(Coverage::Harbour, true);
        assert!(silent < 0.001, "{silent}");
        assert!((25.0..36.0).contains(&heard), "{heard}");
    }

    #[test]
    fn chances_add_up() {
        for table in [OFFSHORE, COAST_MOVING, COAST_SLOW, CLASS_B_SLOW] {
            for row in table {
                assert!((row.iter().sum::<f64>() - 1.0).abs() < 1e-9, "{row:?}");
            }
        }
    }
}
