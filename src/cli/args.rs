//! The command line as the user writes it.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{Parser, Subcommand};
use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::StrDeserializer;

use crate::config::Config;
use crate::error::Error;
use crate::ingest::Format;
use crate::model::{BoundingBox, Timestamp};
use crate::pipeline::{AssessRequest, MOST_THREADS, NightRequest, Reads, ScanRequest};
use crate::simulate;
use crate::tables::Export;
use crate::volumes::{self, Key};

const EXAMPLES: &str = "\
Examples:
  alongside scan data/2020-06-*.csv.gz -o out
  alongside scan june.zip -o out --bbox 22.5,36.2,23.1,36.8 --from 2020-06-01 --to 2020-07-01
  alongside inspect data/2020-06-01.csv.gz
  alongside config > my.toml

Exit codes:
  0   done, every input was read
  1   failed, nothing was changed; or done, but the result could not be printed (it says so)
  2   wrong usage or configuration, nothing was done
  3   done, but some inputs could not be read or used (each is named)
  10  nightly --alert-risk: done, and there are new events of that risk";

const SCAN_EXAMPLES: &str = "\
Examples:
  alongside scan data/2020-06-*.csv.gz -o out
  alongside scan day1.csv day2.csv.zst -o out --config my.toml --rejects rejected.csv
  alongside scan june.zip -o out --bbox 22.5,36.2,23.1,36.8 --from 2020-06-01 --to 2020-07-01
  alongside scan june.zip -o out --json | jq .tables";

const REPORT_EXAMPLES: &str = "\
Examples:
  alongside report out -o june.html

The page is one file, opened from disk by any current browser. It loads nothing and sends nothing.";

const SIMULATE_EXAMPLES: &str = "\
Examples:
  alongside simulate -o sim --vessels 1000 --days 3 --seed 7
  alongside scan sim/AIS*.csv -o out
  alongside evaluate out sim/truth.csv";

const ASSESS_EXAMPLES: &str = "\
Examples:
  alongside assess out -o judged --config my.toml
  alongside assess out -o judged --watchlist sdn.csv --registry ships.csv
  alongside assess out -o out";

const NIGHTLY_EXAMPLES: &str = "\
Examples:
  alongside nightly --store sts.gpkg --inbox incoming --complete-to $(date -u +%F)
  alongside nightly --store sts.gpkg --inbox incoming --alert-risk 0.7 || mail -s alert me@example.org
  alongside nightly --store sts.gpkg --since 41
  alongside explain sts.gpkg 3f0c82d1a9b4e657

The same command may run twice, and may be killed at any moment: the next run goes on. docs/nightly.md
has a line for cron and a timer for systemd.";

const EXPLAIN_EXAMPLES: &str = "\
Examples:
  alongside explain out 3f0c82d1a9b4e657
  alongside vessel out 9417115
  alongside vessel out 311000013 --json";

const VOLUMES_EXAMPLES: &str = "\
Examples:
  alongside volumes out
  alongside volumes out --by month,class --csv volumes.csv
  alongside volumes data/dprk_deliveries.csv --by year --cap-bbl 500000 --chart cap.svg";

/// Finds ship-to-ship transfers, loitering and AIS gaps in historical AIS data, and explains each.
#[derive(Debug, Parser)]
#[command(name = "alongside", version, max_term_width = 100, after_help = EXAMPLES)]
pub(super) struct Args {
    #[command(subcommand)]
    pub command: Command,
    #[command(flatten)]
    pub output: Output,
}

/// What to print.
#[derive(Debug, clap::Args)]
pub(super) struct Output {
    /// Plain log lines instead of a progress bar, one for every day of data.
    #[arg(
        short,
        long,
        global = true,
        conflicts_with = "quiet",
        display_order = 100
    )]
    pub verbose: bool,
    /// No progress and no summary: errors only.
    #[arg(short, long, global = true, display_order = 101)]
    pub quiet: bool,
    /// Print the result as JSON instead of words.
    #[arg(long, global = true, display_order = 102)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Find encounters, loitering and gaps, and write them as tables.
    #[command(after_help = SCAN_EXAMPLES)]
    Scan(ScanArgs),
    /// Take what is new in a folder into a store: only new days are read, nothing is lost or doubled.
    #[command(after_help = NIGHTLY_EXAMPLES)]
    Nightly(NightlyArgs),
    /// Say what is in the inputs: format, rows, span, vessels, intervals, quality.
    Inspect(InspectArgs),
    /// Write a result as one page to read and hand on: map, events, evidence, data quality.
    #[command(after_help = REPORT_EXAMPLES)]
    Report(ReportArgs),
    /// Write labelled traffic with true transfers and look-alikes, and the truth about it.
    #[command(after_help = SIMULATE_EXAMPLES)]
    Simulate(SimulateArgs),
    /// Compare a scan's encounters with the truth: recall, precision, timing, confusion of kinds.
    #[command(after_help = SIMULATE_EXAMPLES)]
    Evaluate(EvaluateArgs),
    /// Judge a scan's events again, with other lists, thresholds or weights, without reading AIS again.
    #[command(after_help = ASSESS_EXAMPLES)]
    Assess(AssessArgs),
    /// Explain one event: who, when, where, how close, why, how much, and what it rests on.
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Explain(ExplainArgs),
    /// Show everything that a result knows of one ship.
    #[command(after_help = EXPLAIN_EXAMPLES)]
    Vessel(VesselArgs),
    /// Add up port calls and transfers: number, mean size and barrels, against a cap.
    #[command(after_help = VOLUMES_EXAMPLES)]
    Volumes(VolumesArgs),
    /// Print the default configuration, each key explained.
    Config,
}

/// Files that events are judged by beside the rows.
#[derive(Debug, clap::Args)]
pub(super) struct Knowledge {
    /// Named zones of your own besides those that are built in: GeoJSON polygons with a `name`. May be given several
    /// times; `assess` reads those of the scan again without it.
    #[arg(long, value_name = "FILE")]
    pub zones: Vec<PathBuf>,
    /// List of ships to look for, beside that of the United Nations: a CSV with imo, mmsi and name, OFAC's
    /// sdn.csv, or the maritime CSV of OpenSanctions. May be given several times; `assess` reads those of the scan
    /// again without it.
    #[arg(long, value_name = "FILE")]
    pub watchlist: Vec<PathBuf>,
    /// Register of ships with class and deadweight, by IMO number or MMSI, as CSV; docs/registry.md explains its columns.
    /// `assess` reads that of the scan again without it.
    #[arg(long, value_name = "FILE")]
    pub registry: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ReportArgs {
    /// A scan's folder, or the store of the nights.
    pub source: PathBuf,
    /// The file to write; a page (.html) that is there is replaced, anything else is not.
    #[arg(short, long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Debug, clap::Args)]
pub(super) struct AssessArgs {
    /// A scan's folder, or a store.
    pub source: PathBuf,
    /// Folder for the result: a new one, an empty one, or an earlier result, which is replaced.
    #[arg(short, long, value_name = "DIR")]
    pub out: PathBuf,
    /// Configuration file; its sections that act on rows must be those of the scan.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Formats of the result, with commas between them: parquet, csv, gpkg, geojson, html.
    #[arg(long, value_name = "FORMATS", value_delimiter = ',')]
    pub export: Option<Vec<Export>>,
    #[command(flatten)]
    pub knowledge: Knowledge,
}

impl AssessArgs {
    pub(super) fn request(&self) -> Result<AssessRequest, Error> {
        Ok(AssessRequest {
            source: self.source.clone(),
            out: self.out.clone(),
            config: self.config.as_deref().map(Config::read).transpose()?,
            export: self.export.clone(),
            registry: self.knowledge.registry.clone(),
            watchlists: self.knowledge.watchlist.clone(),
            zones: self.knowledge.zones.clone(),
        })
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct NightlyArgs {
    /// The store, a GeoPackage; made if it isn't there.
    #[arg(long, value_name = "FILE.gpkg")]
    pub store: PathBuf,
    /// The folder into which files are put, with the folders in it.
    #[arg(long, value_name = "DIR", required_unless_present = "since")]
    pub inbox: Option<PathBuf>,
    /// Configuration file; must stay the same as long as the store lives.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Form of the files, as in scan.
    #[arg(long, value_name = "FORMAT", value_parser = form, default_value = "auto", hide_default_value = true)]
    pub format: Format,
    /// Nothing earlier than this UTC day will come: seals the days before it. Without it a day is sealed by a file of
    /// the next one.
    #[arg(long, value_name = "DAY", value_parser = instant)]
    pub complete_to: Option<Timestamp>,
    /// Forget everything since this day, and take it in anew; all files since must be in their places.
    #[arg(long, value_name = "DAY", value_parser = instant)]
    pub rebuild_from: Option<Timestamp>,
    /// Print new events of at least this risk (0 to 1), a line of JSON each, and end with exit code 10.
    #[arg(long, value_name = "RISK", value_parser = share)]
    pub alert_risk: Option<f64>,
    /// Remove final events that ended more than so many days ago, with their evidence.
    #[arg(long, value_name = "DAYS")]
    pub retention: Option<u32>,
    /// Only print what the runs after this one changed (0: all), and do nothing else; with --alert-risk the events of
    /// at least that risk among it.
    #[arg(long, value_name = "RUN", conflicts_with_all = ["inbox", "rebuild_from", "complete_to", "retention"])]
    pub since: Option<i64>,
    #[command(flatten)]
    pub knowledge: Knowledge,
    /// Number of threads, 1 to 1024; without it one per processor.
    #[arg(long, value_name = "N", value_parser = threads)]
    pub threads: Option<NonZeroUsize>,
}

fn threads(text: &str) -> Result<NonZeroUsize, String> {
    match text.parse::<NonZeroUsize>() {
        Ok(n) if n.get() <= MOST_THREADS => Ok(n),
        _ => Err(format!("give a number from 1 to {MOST_THREADS}")),
    }
}

fn share(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(v) if (0.0..=1.0).contains(&v) => Ok(v),
        _ => Err("give a number from 0 to 1".to_owned()),
    }
}

impl NightlyArgs {
    pub(super) fn config(&self) -> Result<Config, Error> {
        Ok(match &self.config {
            Some(path) => Config::read(path)?,
            None => Config::default(),
        })
    }

    pub(super) fn request(&self) -> NightRequest {
        let inbox = self.inbox.clone().unwrap_or_default();
        NightRequest {
            format: self.format,
            registry: self.knowledge.registry.clone(),
            watchlists: self.knowledge.watchlist.clone(),
            zones: self.knowledge.zones.clone(),
            threads: self.threads,
            complete_to: self.complete_to,
            rebuild_from: self.rebuild_from,
            alert_risk: self.alert_risk,
            retention_d: self.retention,
            ..NightRequest::new(&self.store, inbox)
        }
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct ExplainArgs {
    /// A scan's folder, or a store.
    pub source: PathBuf,
    /// Name of the event, from the column event_id; its beginning will do if no other begins so.
    pub event_id: String,
}

#[derive(Debug, clap::Args)]
pub(super) struct VesselArgs {
    /// A scan's folder, or a store.
    pub source: PathBuf,
    /// IMO number or MMSI of the ship.
    #[arg(value_name = "IMO|MMSI", value_parser = ship)]
    pub number: u32,
}

/// The number of a ship, with or without a word before it: `IMO9417115`, `9417115`.
fn ship(text: &str) -> Result<u32, String> {
    let digits = ["IMO", "MMSI"].iter().find_map(|word| {
        let (before, rest) = text.split_at_checked(word.len())?;
        before
            .eq_ignore_ascii_case(word)
            .then(|| rest.trim_start_matches([' ', ':']))
    });
    let number = digits.unwrap_or(text);
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    number
        .parse()
        .ok()
        .filter(|_| is_number)
        .ok_or_else(|| "give an IMO number or an MMSI, such as 9417115 or 311000013".to_owned())
}

#[derive(Debug, clap::Args)]
pub(super) struct VolumesArgs {
    /// A scan's folder, a store, or published counts as CSV (start, end, calls, volume_bbl; docs/volumes.md).
    pub source: PathBuf,
    /// What to group by, with commas between: year, month, class, zone, flag, watchlist.
    #[arg(
        long,
        value_name = "KEYS",
        value_delimiter = ',',
        default_value = "month"
    )]
    pub by: Vec<Key>,
    /// Barrels that may move in a calendar year.
    #[arg(long, value_name = "BBL", default_value_t = volumes::CAP_BBL, value_parser = barrels)]
    pub cap_bbl: f64,
    /// Write the lines as CSV to this file too.
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Draw number, mean size and running total by month into this SVG file.
    #[arg(long, value_name = "FILE")]
    pub chart: Option<PathBuf>,
}

fn barrels(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(v) if v.is_finite() && v > 0.0 => Ok(v),
        _ => Err("give a number of barrels above 0".to_owned()),
    }
}

#[derive(Debug, clap::Args)]
pub(super) struct SimulateArgs {
    /// Folder for a file a day and truth.csv; made if it isn't there. One with days of another simulation is refused.
    #[arg(short, long, value_name = "DIR")]
    pub out: PathBuf,
    /// Number of vessels.
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub vessels: usize,
    /// Number of days.
    #[arg(long, value_name = "D", default_value_t = 3)]
    pub days: u32,
    /// Seed: the same seed gives the same files.
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Form of the files: marine_cadastre, danish or nmea.
    #[arg(long, value_name = "FORMAT", default_value = "marine_cadastre", value_parser = simulated)]
    pub format: simulate::Format,
}

#[derive(Debug, clap::Args)]
pub(super) struct EvaluateArgs {
    /// A scan's folder, a store, or a table of encounters (CSV or Parquet).
    pub events: PathBuf,
    /// Truth as CSV; docs/truth.md explains its columns.
    pub truth: PathBuf,
    /// Write the figures as CSV to this file too.
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
}

fn simulated(text: &str) -> Result<simulate::Format, String> {
    match text {
        "marine_cadastre" => Ok(simulate::Format::MarineCadastre),
        "danish" => Ok(simulate::Format::Danish),
        "nmea" => Ok(simulate::Format::Nmea),
        _ => Err("give marine_cadastre, danish or nmea".to_owned()),
    }
}

/// How inputs are read.
#[derive(Debug, clap::Args)]
pub(super) struct Reading {
    /// Files, folders or patterns with AIS data; - is standard input.
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Configuration file; `alongside config` prints every key.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Form of the inputs: marine_cadastre, dma, nmea, sbarc, mapped, parquet, ipc; without it they are
    /// recognised by content and header.
    #[arg(long, value_name = "FORMAT", value_parser = form, default_value = "auto", hide_default_value = true)]
    pub format: Format,
    /// Number of threads, 1 to 1024; without it one per processor.
    #[arg(long, value_name = "N", value_parser = threads)]
    pub threads: Option<NonZeroUsize>,
}

#[derive(Debug, clap::Args)]
pub(super) struct ScanArgs {
    #[command(flatten)]
    pub reading: Reading,
    /// Folder for the result: a new one, an empty one, or an earlier result, which is replaced.
    #[arg(short, long, value_name = "DIR")]
    pub out: PathBuf,
    /// Only events from this time on (UTC: 2020-06-01 or 2020-06-01T12:00:00).
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub from: Option<Timestamp>,
    /// Only events before this time (UTC).
    #[arg(long, value_name = "TIME", value_parser = instant)]
    pub to: Option<Timestamp>,
    /// Only events inside this box, in degrees; west may exceed east across the antimeridian.
    #[arg(long, value_name = "W,S,E,N", allow_hyphen_values = true)]
    pub bbox: Option<BoundingBox>,
    /// Only events inside the polygons of this GeoJSON file; docs/inputs.md says how wide ones and those across the
    /// antimeridian are written.
    #[arg(long, value_name = "FILE", conflicts_with = "bbox")]
    pub area: Option<PathBuf>,
    #[command(flatten)]
    pub knowledge: Knowledge,
    /// Formats of the result, with commas between them: parquet, csv, gpkg, geojson, html.
    #[arg(long, value_name = "FORMATS", value_delimiter = ',')]
    pub export: Option<Vec<Export>>,
    /// Follow every pair of vessels, not only those of which one may carry cargo; needs more memory.
    #[arg(long)]
    pub all_pairs: bool,
    /// Write every row that the readers reject, with its file and line, to this CSV file (not what lies outside the
    /// area or time asked for), which appears when the result
    /// stands. Accepted rows that are set aside later (duplicates, outliers) are counted in run.json, not listed.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,
}

#[derive(Debug, clap::Args)]
pub(super) struct InspectArgs {
    #[command(flatten)]
    pub reading: Reading,
}

fn instant(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text)
        .ok_or_else(|| "no time; give 2020-06-01 or 2020-06-01T12:00:00 (UTC)".to_owned())
}

/// A format by the name that it also has in `run.json`.
fn form(text: &str) -> Result<Format, String> {
    let name: StrDeserializer<'_, serde::de::value::Error> = text.into_deserializer();
    Format::deserialize(name).map_err(|e| e.to_string())
}

impl Reading {
    fn config(&self) -> Result<Config, Error> {
        Ok(match &self.config {
            Some(path) => Config::read(path)?,
            None => Config::default(),
        })
    }

    fn request(&self, out: PathBuf) -> ScanRequest {
        let mut request = ScanRequest::new(self.inputs.clone(), out);
        request.format = self.format;
        request.threads = self.threads;
        request
    }
}

impl ScanArgs {
    /// Refuses to write over the configuration: the request itself doesn't know where that was read.
    pub(super) fn guard_config(&self) -> Result<(), Error> {
        let reads = Reads::default().with("--config", &self.reading.config);
        reads.guard_folder("--out", &self.out)?;
        let rejects = self.rejects.as_deref();
        rejects.map_or(Ok(()), |rejects| reads.guard_file("--rejects", rejects))
    }

    /// The defaults, then the file, then the flags.
    pub(super) fn config(&self) -> Result<Config, Error> {
        let mut config = self.reading.config()?;
        config.proximity.all_pairs |= self.all_pairs;
        if let Some(export) = &self.export {
            config.tables.export.clone_from(export);
        }
        Ok(config)
    }

    pub(super) fn request(&self) -> ScanRequest {
        let mut request = self.reading.request(self.out.clone());
        request.from = self.from;
        request.to = self.to;
        request.bbox = self.bbox;
        request.area.clone_from(&self.area);
        request.registry.clone_from(&self.knowledge.registry);
        request.watchlists.clone_from(&self.knowledge.watchlist);
        request.zones.clone_from(&self.knowledge.zones);
        request.rejects.clone_from(&self.rejects);
        request
    }
}

impl InspectArgs {
    pub(super) fn config(&self) -> Result<Config, Error> {
        self.reading.config()
    }

    pub(super) fn request(&self) -> ScanRequest {
        self.reading.request(PathBuf::new())
    }
}
