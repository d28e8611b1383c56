//! Feeds everything that reads files with damaged ones, for as long as it is told to.
//!
//! ```text
//! cargo run --release --example fuzz -- TARGET|all [--seconds 60] [--seed 1] [--keep FOLDER]
//! cargo run --release --example fuzz -- TARGET --input FILE
//! ```
//!
//! Seeds are real rows and small worlds of the simulator, damaged as `mutate` says; the same seed gives the same
//! inputs. A finding is a panic, an input that takes more than [`SLOW`], or one that takes more than [`MUCH_KIB`] of
//! memory. It is kept in the folder, and its end code is 1. What ends the process at once (an abort, no memory left)
//! leaves its input there as `current`.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program of its own that says what it found"
)]

mod mutate;
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use mutate::{Dice, damaged};
use targets::Target;

/// No damaged file of a few kilobytes may take longer.
const SLOW: Duration = Duration::from_secs(5);
/// Nor more memory beyond what the process had before, KiB.
const MUCH_KIB: u64 = 1_000_000;
/// Findings after which a target has said enough.
const ENOUGH: usize = 5;

struct Args {
    target: String,
    seconds: u64,
    seed: u64,
    keep: PathBuf,
    input: Option<PathBuf>,
}

fn args() -> Option<Args> {
    let mut words = std::env::args().skip(1);
    let mut args = Args {
        target: words.next()?,
        seconds: 60,
        seed: 1,
        keep: std::env::temp_dir().join("alongside-fuzz"),
        input: None,
    };
    while let Some(flag) = words.next() {
        let value = words.next()?;
        match flag.as_str() {
            "--seconds" => args.seconds = value.parse().ok()?,
            "--seed" => args.seed = value.parse().ok()?,
            "--keep" => args.keep = value.into(),
            "--input" => args.input = Some(value.into()),
            _ => return None,
        }
    }
    Some(args)
}

fn main() -> ExitCode {
    let all = targets::all();
    let names: Vec<&str> = all.iter().map(|t| t.name).collect();
    let chosen = args().map(|args| {
        let wanted = |t: &&Target| args.target == "all" || args.target == t.name;
        (all.iter().filter(wanted).collect::<Vec<_>>(), args)
    });
    let Some((chosen, args)) = chosen.filter(|(chosen, _)| !chosen.is_empty()) else {
        println!("usage: fuzz TARGET|all [--seconds N] [--seed N] [--keep FOLDER] [--input FILE]");
        println!("targets: {}", names.join(", "));
        return ExitCode::from(2);
    };
    std::fs::create_dir_all(&args.keep).unwrap();
    // Readers start a thread a core; one is enough for files of a few kilobytes.
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .unwrap();
    let found: usize = pool.install(|| match &args.input {
        Some(input) => {
            chosen.iter().for_each(|t| (t.run)(input));
            0
        }
        None => chosen.iter().map(|t| fuzz(t, &args)).sum(),
    });
    ExitCode::from(u8::from(found > 0))
}

/// Runs a target; returns the number of findings.
fn fuzz(target: &Target, args: &Args) -> usize {
    let seeds = (target.seeds)();
    let mut dice = Dice::new(args.seed);
    let current = args.keep.join(format!("{}.current", target.name));
    std::panic::set_hook(Box::new(|_| {}));
    let begun = Instant::now();
    let (mut runs, mut findings) = (0_u64, 0);
    while begun.elapsed() < Duration::from_secs(args.seconds) && findings < ENOUGH {
        let seed = dice.pick(&seeds).clone();
        let bytes = (target.wrap)(damaged(&seed, &seeds, &mut dice));
        std::fs::write(&current, &bytes).unwrap();
        let fault = trouble(target, &current);
        runs += 1;
        if let Some(what) = fault {
            findings += 1;
            let kept = args
                .keep
                .join(format!("{}-{}-{runs}", target.name, args.seed));
            std::fs::write(&kept, &bytes).unwrap();
            println!("{}: {what}: {}", target.name, kept.display());
        }
    }
    let _ = std::panic::take_hook();
    let _ = std::fs::remove_file(&current);
    println!(
        "{}: {runs} inputs in {:.0} s from seed {}, {findings} findings",
        target.name,
        begun.elapsed().as_secs_f64(),
        args.seed
    );
    findings
}

fn trouble(target: &Target, input: &Path) -> Option<String> {
    reset_peak();
    let before = peak_kib();
    let begun = Instant::now();
    let result = catch_unwind(AssertUnwindSafe(|| (target.run)(input)));
    if let Err(panic) = result {
        let words = panic.downcast_ref::<String>().cloned();
        let words = words.or_else(|| panic.downcast_ref::<&str>().map(|s| (*s).to_owned()));
        return Some(format!("panic ({})", words.unwrap_or_default()));
    }
    if begun.elapsed() > SLOW {
        return Some(format!("slow ({:.1} s)", begun.elapsed().as_secs_f64()));
    }
    let took = peak_kib().saturating_sub(before);
    (took > MUCH_KIB).then(|| format!("memory ({took} KiB)"))
}

/// Linux counts the peak anew from here; elsewhere memory isn't watched.
fn reset_peak() {
    let _ = std::fs::write("/proc/self/clear_refs", "5");
}

fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    let number = line.and_then(|l| l.split_whitespace().next()?.parse().ok());
    number.unwrap_or_default()
}
