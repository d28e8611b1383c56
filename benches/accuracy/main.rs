//! The accuracy of detection, in one command.
//!
//! ```text
//! cargo run --release --example accuracy [-- SEED... | rules]
//! ```
//!
//! Simulates 1,000 vessels over 3 days for each seed (201 to 205 if none is given: seeds that no rule was tuned on),
//! scans and evaluates, and prints the figures of each and of all together, as the tables of `docs/accuracy.md`. Where
//! the checked events of real days lie beside the project (`../shared/reference/dev_events.csv` with
//! `../shared/data`), it prints what becomes of each. Without seeds it then turns off each rule by itself, on the
//! seeds that rules are tuned on; with `rules` it does that alone.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of its own that prints figures"
)]

mod ablation;
mod checked;
mod show;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alongside::evaluate::{Evaluation, Reported, evaluate, read_truth};
use alongside::model::{Table, Timestamp, Truth};
use alongside::simulate::{self, simulate};
use alongside::{Config, ScanRequest, Silent, scan};

/// Seeds that are reported.
const REPORTING: [u64; 5] = [201, 202, 203, 204, 205];
/// Seeds that rules are tuned on.
const TUNING: [u64; 3] = [101, 102, 103];
/// Seeds of one run lie this far apart in time when they are measured together, milliseconds (a thousand days).
const APART_MS: i64 = 1000 * 86_400_000;

fn tables(config: &Config, inputs: Vec<PathBuf>) -> Result<Vec<Table>, Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    let request = ScanRequest::new(inputs, dir.path().join("out"));
    Ok(scan(config, &request, &Silent)?.tables)
}

fn encounters(config: &Config, inputs: Vec<PathBuf>) -> Result<Vec<Reported>, Box<dyn Error>> {
    let tables = tables(config, inputs)?;
    let encounters = tables.iter().find(|t| t.schema.name == "encounters");
    Ok(encounters.map(Reported::from_table).unwrap_or_default())
}

/// Simulated traffic of a seed; its files live as long as it does.
struct Traffic {
    _dir: tempfile::TempDir,
    files: Vec<PathBuf>,
    truths: Vec<Truth>,
}

impl Traffic {
    fn of(seed: u64) -> Result<Self, Box<dyn Error>> {
        let dir = tempfile::tempdir()?;
        let params = simulate::Params {
            seed,
            ..simulate::Params::default()
        };
        let summary = simulate(&params, dir.path(), simulate::Format::MarineCadastre)?;
        Ok(Self {
            _dir: dir,
            truths: read_truth(&summary.truth)?,
            files: summary.files,
        })
    }
}

/// Several seeds measured as one.
#[derive(Default)]
struct Pool {
    seeds: i64,
    reported: Vec<Reported>,
    truths: Vec<Truth>,
}

impl Pool {
    /// Adds a seed; its days are moved, since seeds share MMSIs and dates.
    fn add(&mut self, mut reported: Vec<Reported>, truths: &[Truth]) {
        let later = |t: &mut Timestamp| t.0 += self.seeds * APART_MS;
        for r in &mut reported {
            later(&mut r.start);
            later(&mut r.end);
        }
        let mut truths = truths.to_vec();
        for t in &mut truths {
            later(&mut t.start);
            later(&mut t.end);
            if let Some((from, to)) = &mut t.both_heard {
                later(from);
                later(to);
            }
        }
        self.reported.extend(reported);
        self.truths.extend(truths);
        self.seeds += 1;
    }

    fn evaluate(&self) -> Evaluation {
        evaluate(&self.reported, &self.truths)
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments == ["rules"] {
        return ablation::run(&TUNING);
    }
    let seeds: Vec<u64> = arguments
        .iter()
        .map(|s| s.parse())
        .collect::<Result<_, _>>()?;
    let everything = seeds.is_empty();
    let seeds = if everything {
        REPORTING.to_vec()
    } else {
        seeds
    };
    let mut pool = Pool::default();
    println!("{}", show::SEEDS_HEAD);
    for seed in seeds {
        let traffic = Traffic::of(seed)?;
        let reported = encounters(&Config::default(), traffic.files)?;
        let evaluation = evaluate(&reported, &traffic.truths);
        println!("{}", show::seed(&seed.to_string(), &evaluation));
        pool.add(reported, &traffic.truths);
    }
    let all = pool.evaluate();
    println!("{}", show::seed("all", &all));
    println!(
        "\n{}\n{}\n{}",
        show::kinds(&all),
        show::look_alikes(&all),
        show::confusion(&all)
    );
    checked::checked_events(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"))?;
    if everything {
        ablation::run(&TUNING)?;
    }
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("accuracy: {e}");
            ExitCode::FAILURE
        }
    }
}
