//! Arguments in, messages and an exit code out; no logic.
//!
//! Results go to standard output, everything else to standard error. This is the only module that prints.
// The lints keep printing out of every other module.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod args;
mod progress;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use crate::config::{self, Config};
use crate::error::{Error, Exit};
use crate::model::text::printable;
use crate::pipeline::{self, InspectionReport, Kind, Reads, ScanReport};
use crate::store::Changed;
use crate::{simulate, tables, volumes};

use args::{
    Args, AssessArgs, Command, EvaluateArgs, ExplainArgs, InspectArgs, NightlyArgs, Output,
    ReportArgs, ScanArgs, SimulateArgs, VesselArgs, VolumesArgs,
};

/// The command line as clap knows it, for its reference page.
pub fn command() -> clap::Command {
    Args::command()
}

/// Runs the command line of this process.
pub fn run() -> ExitCode {
    let exit = match Args::try_parse() {
        Ok(args) => dispatch(&args),
        Err(refusal) => {
            // Help and version come this way too; a closed pipe is no news.
            let printed = refusal.print();
            match printed {
                _ if refusal.use_stderr() => Exit::Usage,
                Err(e) if e.kind() != ErrorKind::BrokenPipe => Exit::Failed,
                _ => Exit::Done,
            }
        }
    };
    ExitCode::from(exit.code())
}

fn dispatch(args: &Args) -> Exit {
    let result = match &args.command {
        Command::Scan(scan) => run_scan(scan, &args.output),
        Command::Nightly(nightly) => run_nightly(nightly, &args.output),
        Command::Inspect(inspect) => run_inspect(inspect, &args.output),
        Command::Report(report) => run_report(report, &args.output),
        Command::Simulate(simulate) => run_simulate(simulate, &args.output),
        Command::Evaluate(evaluate) => run_evaluate(evaluate, &args.output),
        Command::Assess(assess) => run_assess(assess, &args.output),
        Command::Explain(explain) => run_explain(explain, &args.output),
        Command::Vessel(vessel) => run_vessel(vessel, &args.output),
        Command::Volumes(volumes) => run_volumes(volumes, &args.output),
        Command::Config => show_config(&args.output),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {}", lines(&error.to_string()));
        error.exit()
    })
}

fn run_scan(args: &ScanArgs, output: &Output) -> Result<Exit, Error> {
    let config = args.config()?;
    args.guard_config()?;
    let progress = progress::reporter(output);
    let report = pipeline::scan(&config, &args.request(), progress.as_ref())?;
    drop(progress);
    show_report(&report, output)?;
    Ok(report.exit())
}

fn run_assess(args: &AssessArgs, output: &Output) -> Result<Exit, Error> {
    let request = args.request()?;
    Reads::default()
        .with("--config", &args.config)
        .guard_folder("--out", &args.out)?;
    let progress = progress::reporter(output);
    let report = pipeline::assess(&request, progress.as_ref())?;
    drop(progress);
    show_report(&report, output)?;
    Ok(Exit::Done)
}

fn run_nightly(args: &NightlyArgs, output: &Output) -> Result<Exit, Error> {
    if let Some(run) = args.since {
        return show_changes(args, run, output);
    }
    let config = args.config()?;
    let progress = progress::reporter(output);
    let report = pipeline::nightly(&config, &args.request(), progress.as_ref())?;
    drop(progress);
    let shown = if output.json {
        print_json(&report.to_json())
    } else if args.alert_risk.is_some() {
        print(&report.alert_lines())
    } else if output.quiet {
        Ok(())
    } else {
        print(&report.to_text())
    };
    // The store won't tell it by itself again.
    shown.map_err(|e| match (e, report.run) {
        (Error::Output { source, .. }, Some(run)) => Error::Output {
            source,
            advice: format!(
                "; the night is done, and `alongside nightly --store {} --since {}` prints what it changed \
                 (with --alert-risk its events of that risk)",
                args.store.display(),
                run - 1
            ),
        },
        (e, _) => e,
    })?;
    Ok(report.exit())
}

/// Prints what the runs after this one changed, or of that the events of a risk.
fn show_changes(args: &NightlyArgs, run: i64, output: &Output) -> Result<Exit, Error> {
    if let Some(least) = args.alert_risk {
        let alerts = pipeline::alerts_since(&args.store, run, least)?;
        if output.json {
            print_json(&alerts)?;
        } else {
            print(&alerts.iter().map(|a| format!("{a}\n")).collect::<String>())?;
        }
        return Ok(match alerts.is_empty() {
            true => Exit::Done,
            false => Exit::Alert,
        });
    }
    let changes = pipeline::changes_since(&args.store, run)?;
    if output.json {
        print_json(&changes)?;
    } else {
        let line = |c: &Changed| format!("{}\t{}\t{}\t{}\n", c.run, c.what, c.layer, c.event_id);
        print(&changes.iter().map(line).collect::<String>())?;
    }
    Ok(Exit::Done)
}

fn show_report(report: &ScanReport, output: &Output) -> Result<(), Error> {
    let shown = if output.json {
        print(&report.run.to_json())
    } else if output.quiet {
        Ok(())
    } else {
        print(&pipeline::summary(report))
    };
    shown.map_err(|e| match e {
        Error::Output { source, .. } => Error::Output {
            source,
            advice: format!(
                "; the result stands in {}, and its run.json is what --json prints",
                report.out.display()
            ),
        },
        e => e,
    })
}

fn run_inspect(args: &InspectArgs, output: &Output) -> Result<Exit, Error> {
    let config = args.config()?;
    let progress = progress::reporter(output);
    let report: InspectionReport = pipeline::inspect(&config, &args.request(), progress.as_ref())?;
    drop(progress);
    if output.json {
        print_json(&report)?;
    } else {
        print(&pipeline::inspection_text(&report))?;
    }
    Ok(if report.is_complete() {
        Exit::Done
    } else {
        Exit::Partly
    })
}

fn run_report(args: &ReportArgs, output: &Output) -> Result<Exit, Error> {
    let page = pipeline::report(&args.source, &args.out)?;
    if output.json {
        print_json(&serde_json::json!({ "page": page }))?;
    } else if !output.quiet {
        print(&format!("{}\n", page.display()))?;
    }
    Ok(Exit::Done)
}

fn run_simulate(args: &SimulateArgs, output: &Output) -> Result<Exit, Error> {
    let params = simulate::Params {
        vessels: args.vessels,
        days: args.days,
        seed: args.seed,
        ..simulate::Params::default()
    };
    pipeline::guard_new_folder("--out", &args.out)?;
    let summary = simulate::simulate(&params, &args.out, args.format)?;
    if output.json {
        print_json(&summary)?;
    } else if !output.quiet {
        print(&format!(
            "{} vessels, {} rows, {} files and {}\n",
            summary.vessels,
            summary.rows,
            summary.files.len(),
            summary.truth.display()
        ))?;
    }
    Ok(Exit::Done)
}

fn run_evaluate(args: &EvaluateArgs, output: &Output) -> Result<Exit, Error> {
    if let Some(path) = &args.csv {
        Reads::default()
            .with("EVENTS", [&args.events])
            .with("TRUTH", [&args.truth])
            .guard_file("--csv", path)?;
        Kind::Table.guard_place("--csv", path)?;
    }
    let evaluation = pipeline::evaluation(&args.events, &args.truth)?;
    if let Some(path) = &args.csv {
        tables::write_whole(path, &evaluation.to_csv())?;
    }
    if output.json {
        print_json(&evaluation)?;
    } else {
        print(&evaluation.to_table())?;
    }
    Ok(Exit::Done)
}

fn run_explain(args: &ExplainArgs, output: &Output) -> Result<Exit, Error> {
    let explained = pipeline::explain(&args.source, &args.event_id)?;
    if output.json {
        print_json(&explained.json)?;
    } else {
        print(&explained.text)?;
    }
    Ok(Exit::Done)
}

fn run_vessel(args: &VesselArgs, output: &Output) -> Result<Exit, Error> {
    let dossier = pipeline::dossier(&args.source, args.number)?;
    if output.json {
        print_json(&dossier.to_json())?;
    } else {
        print(&dossier.to_text())?;
    }
    Ok(Exit::Done)
}

fn run_volumes(args: &VolumesArgs, output: &Output) -> Result<Exit, Error> {
    let reads = Reads::default().with("SOURCE", [&args.source]);
    for (flag, path, kind) in [
        ("--csv", &args.csv, Kind::Table),
        ("--chart", &args.chart, Kind::Chart),
    ] {
        if let Some(path) = path {
            reads.guard_file(flag, path)?;
            kind.guard_place(flag, path)?;
        }
    }
    if let (Some(csv), Some(chart)) = (&args.csv, &args.chart) {
        pipeline::guard_distinct(("--chart", chart), ("--csv", csv))?;
    }
    let accounts = pipeline::accounts(&args.source, &args.by, args.cap_bbl)?;
    if let Some(path) = &args.csv {
        tables::write_whole(path, &accounts.to_csv())?;
    }
    if let Some(path) = &args.chart {
        let monthly = pipeline::accounts(&args.source, &[volumes::Key::Month], args.cap_bbl)?;
        tables::write_whole(path, &monthly.to_svg()?)?;
    }
    if output.json {
        print_json(&accounts)?;
    } else if !output.quiet {
        print(&accounts.to_table())?;
    }
    Ok(Exit::Done)
}

fn show_config(output: &Output) -> Result<Exit, Error> {
    if output.json {
        print_json(&Config::default())?;
    } else {
        print(config::DEFAULT_TOML)?;
    }
    Ok(Exit::Done)
}

/// A message whose file names and cells can't give orders to the terminal.
fn lines(message: &str) -> String {
    let lines: Vec<String> = message.split('\n').map(printable).collect();
    lines.join("\n")
}

fn print_json(value: &impl serde::Serialize) -> Result<(), Error> {
    let text = serde_json::to_string_pretty(value).expect("reports hold names and numbers only");
    print(&format!("{text}\n"))
}

/// Prints a result. A reader that has seen enough (`| head`) is no failure; a full disk is.
fn print(text: &str) -> Result<(), Error> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(source) if source.kind() != ErrorKind::BrokenPipe => Err(Error::Output {
            source,
            advice: String::new(),
        }),
        _ => Ok(()),
    }
}
