//! The cost of looking for dark rendezvous against the number of events: `cargo run --release --example rendezvous`.
//!
//! Every vessel is a tanker, which is more than any sea holds; a year has a gap every four days and a slow run every
//! eight, in twenty waters of 600 km.

#![allow(
    clippy::print_stdout,
    reason = "a program of its own that says what it found"
)]

use std::time::Instant;

use alongside::geodesy::Plane;
use alongside::model::{LonLat, Timestamp};
use alongside::rendezvous::{Prisms, Silence, Way};

const HOUR_MS: f64 = 3_600_000.0;
const DAY_H: f64 = 24.0;
const WIDTH_M: f64 = 600_000.0;

/// Numbers that look random and are the same each time (Knuth, TAOCP 2, 3.3.4).
struct Dice(u64);

impl Dice {
    fn between(&mut self, low: f64, high: f64) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        low + (high - low) * (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn place(&mut self, water: usize) -> LonLat {
        let middle = LonLat::from_degrees_wrapped(18.0 * water as f64, 5.0 * (water % 9) as f64);
        let half = WIDTH_M / 2.0;
        Plane::at(middle).to_place([self.between(-half, half), self.between(-half, half)])
    }
}

fn instant(hours: f64) -> Timestamp {
    Timestamp((hours * HOUR_MS) as i64)
}

struct Year {
    silences: Vec<Silence>,
    waits: Vec<(LonLat, Timestamp, Timestamp)>,
}

fn year(vessels: usize, days: f64) -> Year {
    let mut dice = Dice(42);
    let (mut silences, mut waits) = (Vec::new(), Vec::new());
    for vessel in 0..vessels {
        let water = vessel % 20;
        for _ in 0..(days / 4.0) as usize {
            // Most are hours long, one in twenty is days long.
            let longest_h = if dice.between(0.0, 1.0) < 0.95 {
                48.0
            } else {
                20.0 * DAY_H
            };
            let length_h = (6.0_f64.ln() + dice.between(0.0, 1.0) * (longest_h / 6.0).ln()).exp();
            let start_h = dice.between(0.0, days * DAY_H);
            let from = dice.place(water);
            // On at half its speed at most.
            let way_m = dice.between(0.0, 0.5) * length_h * 16.0 * 1852.0;
            let bearing = dice.between(0.0, std::f64::consts::TAU);
            let to = Plane::at(from).to_place([way_m * bearing.sin(), way_m * bearing.cos()]);
            silences.push(Silence {
                start: instant(start_h),
                from,
                end: instant(start_h + length_h),
                to,
                speed_kn: 16.0,
            });
        }
        for _ in 0..(days / 8.0) as usize {
            let start_h = dice.between(0.0, days * DAY_H);
            let length_h = dice.between(4.0, 40.0);
            waits.push((
                dice.place(water),
                instant(start_h),
                instant(start_h + length_h),
            ));
        }
    }
    Year { silences, waits }
}

fn main() {
    let least_ms = 3 * 3_600_000;
    let long = |s: &Silence| s.end.hours_since(s.start) >= 12.0;
    println!("vessels  days  gaps  runs  index s  runs s  in gaps  gaps s  two gaps");
    for (vessels, days) in [
        (100, 365.0),
        (300, 365.0),
        (1000, 30.0),
        (1000, 120.0),
        (1000, 365.0),
    ] {
        let Year { silences, waits } = year(vessels, days);
        let begin = Instant::now();
        let prisms = Prisms::new(&silences, least_ms);
        let index_s = begin.elapsed().as_secs_f64();
        let begin = Instant::now();
        let in_gaps: usize = waits
            .iter()
            .map(|(place, from, until)| prisms.along(&Way::at_rest(*place, *from, *until)).len())
            .sum();
        let runs_s = begin.elapsed().as_secs_f64();
        let begin = Instant::now();
        let two: usize = (0..silences.len())
            .filter(|i| long(&silences[*i]))
            .map(|i| prisms.with(i, |j| long(&silences[j])).len())
            .sum();
        let gaps_s = begin.elapsed().as_secs_f64();
        println!(
            "{vessels:7} {days:5.0} {:7} {:6} {index_s:7.2} {runs_s:7.2} {in_gaps:8} {gaps_s:7.1} {:9}",
            silences.len(),
            waits.len(),
            two / 2
        );
    }
}
