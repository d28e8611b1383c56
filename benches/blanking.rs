//! Switch-offs made in real traffic: how well they are told from the silences that the traffic has by itself.
//!
//! ```text
//! cargo run --release --example blanking -- FILE [SEED] [OUT]
//! ```
//!
//! FILE is in the Danish form (gzipped or not). The draw, by a generator with that seed: for each ship of class A a
//! length of 6 to 48 h (uniform in the logarithm); of its reports at which it is 5 km and more from the shore and from
//! which on, with an hour on either side, it was *well heard* for that length (a report in at least 80 % of the
//! ten-minute slots), one is picked; with a chance of one half the rows of that stretch are taken out. The rest is
//! scanned, and `intentional` (0 where null) of the gaps that hold a blank is ranked against that of all gaps that the
//! same file has by itself.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of its own that prints figures"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use alongside::evaluate::{Auc, ReportedGap};
use alongside::gazetteer::Gazetteer;
use alongside::model::LonLat;
use alongside::{Config, ScanRequest, Silent, scan};

const SLOT_S: i64 = 600;
const HOUR_S: i64 = 3600;
const OFF_SHORE_M: f64 = 5000.0;

/// A generator of chance: splitmix64 (Steele, Lea and Flood, OOPSLA 2014).
struct Dice(u64);

impl Dice {
    fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// One report: seconds, degrees.
struct Report {
    t: i64,
    lon: f64,
    lat: f64,
}

/// `01/06/2018 00:00:00` as seconds since the epoch.
fn seconds(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(' ')?;
    let mut parts = date.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let t = alongside::model::Timestamp::parse(&format!("{year}-{month}-{day}T{time}"))?;
    Some(t.0.div_euclid(1000))
}

fn text_of(path: &Path) -> Result<String, Box<dyn Error>> {
    let mut bytes = fs::read(path)?;
    if path.extension().is_some_and(|e| e == "gz") {
        let mut text = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut text)?;
        bytes = text;
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

struct Columns {
    t: usize,
    mobile: usize,
    mmsi: usize,
    lat: usize,
    lon: usize,
}

impl Columns {
    fn of(header: &str) -> Result<Self, Box<dyn Error>> {
        let names: Vec<&str> = header.split(',').collect();
        let place = |name: &str| {
            let found = names
                .iter()
                .position(|n| n.trim_start_matches(['#', ' ']) == name);
            found.ok_or(format!("no column {name}"))
        };
        Ok(Self {
            t: place("Timestamp")?,
            mobile: place("Type of mobile")?,
            mmsi: place("MMSI")?,
            lat: place("Latitude")?,
            lon: place("Longitude")?,
        })
    }

    fn report(&self, line: &str) -> Option<(u32, bool, Report)> {
        let cells: Vec<&str> = line.split(',').collect();
        let report = Report {
            t: seconds(cells.get(self.t)?)?,
            lon: cells.get(self.lon)?.parse().ok()?,
            lat: cells.get(self.lat)?.parse().ok()?,
        };
        let is_a = *cells.get(self.mobile)? == "Class A";
        Some((cells.get(self.mmsi)?.parse().ok()?, is_a, report))
    }
}

/// The blanks: ship, first and last second.
fn draw(ships: &BTreeMap<u32, Vec<Report>>, dice: &mut Dice) -> (usize, BTreeMap<u32, (i64, i64)>) {
    let sea = Gazetteer::builtin();
    let mut blanks = BTreeMap::new();
    let mut well_heard = 0;
    for (mmsi, reports) in ships {
        let (Some(first), Some(last)) = (reports.first(), reports.last()) else {
            continue;
        };
        let heard: BTreeSet<i64> = reports.iter().map(|r| r.t.div_euclid(SLOT_S)).collect();
        let length = (HOUR_S as f64 * 6.0 * 8.0_f64.powf(dice.unit())) as i64;
        let is_heard = |t: i64| {
            let slots = (t - HOUR_S).div_euclid(SLOT_S)..(t + length + HOUR_S).div_euclid(SLOT_S);
            let of = (slots.end - slots.start) as f64;
            heard.range(slots).count() as f64 >= 0.8 * of
        };
        let fits: Vec<&Report> = reports
            .iter()
            .filter(|r| r.t >= first.t + HOUR_S && r.t + length <= last.t - HOUR_S && is_heard(r.t))
            .filter(|r| {
                LonLat::from_degrees(r.lon, r.lat)
                    .is_some_and(|p| sea.shore_distance_m(p) >= OFF_SHORE_M)
            })
            .collect();
        well_heard += usize::from(!fits.is_empty());
        let pick = (dice.unit() * fits.len() as f64) as usize;
        if let Some(begin) = fits.get(pick).filter(|_| dice.unit() < 0.5) {
            blanks.insert(*mmsi, (begin.t + 1, begin.t + length));
        }
    }
    (well_heard, blanks)
}

fn gaps(file: PathBuf, out: &Path) -> Result<Vec<ReportedGap>, Box<dyn Error>> {
    let report = scan(
        &Config::default(),
        &ScanRequest::new(vec![file], out),
        &Silent,
    )?;
    let table = report.tables.iter().find(|t| t.schema.name == "gaps");
    Ok(table.map(ReportedGap::from_table).unwrap_or_default())
}

fn run() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let file = args.first().ok_or("name a file in the Danish form")?;
    let seed = args.get(1).map_or(Ok(1), |s| s.parse())?;
    let dir = tempfile::tempdir()?;
    let out = args
        .get(2)
        .map_or_else(|| dir.path().join("out"), PathBuf::from);
    let text = text_of(Path::new(file))?;
    let mut lines = text.lines();
    let header = lines.next().ok_or("the file is empty")?;
    let columns = Columns::of(header)?;
    let mut ships: BTreeMap<u32, Vec<Report>> = BTreeMap::new();
    for (mmsi, is_a, report) in text.lines().skip(1).filter_map(|l| columns.report(l)) {
        if is_a {
            ships.entry(mmsi).or_default().push(report);
        }
    }
    ships.values_mut().for_each(|r| r.sort_by_key(|r| r.t));
    let (well_heard, blanks) = draw(&ships, &mut Dice(seed));
    let blanked = dir.path().join("blanked.csv");
    let mut file = std::io::BufWriter::new(fs::File::create(&blanked)?);
    writeln!(file, "{header}")?;
    for line in lines {
        let is_blank = columns.report(line).is_some_and(|(mmsi, _, r)| {
            blanks
                .get(&mmsi)
                .is_some_and(|(from, to)| (*from..=*to).contains(&r.t))
        });
        if !is_blank {
            writeln!(file, "{line}")?;
        }
    }
    file.flush()?;
    drop(file);
    let mut scores = Vec::new();
    let mut natural = Vec::new();
    let mut explained: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut found = BTreeSet::new();
    for gap in gaps(blanked, &out)? {
        let end_s = gap.end.map_or(i64::MAX, |e| e.0 / 1000);
        let holds = blanks
            .get(&gap.mmsi)
            .is_some_and(|(from, to)| gap.start.0 / 1000 <= *from && end_s >= *to);
        let name = gap
            .explanation
            .clone()
            .unwrap_or_else(|| "(unknown)".to_owned());
        let counts = explained.entry(name).or_default();
        let score = gap.intentional.unwrap_or(0.0);
        if holds {
            counts.0 += 1;
            scores.push(score);
            found.insert(gap.mmsi);
        } else {
            counts.1 += 1;
            natural.push(score);
        }
    }
    let lost = blanks.keys().filter(|m| !found.contains(m)).count();
    scores.extend(std::iter::repeat_n(0.0, lost));
    println!(
        "seed {seed}: {well_heard} ships well heard, {} blanked, {lost} of them without a row",
        blanks.len()
    );
    println!(
        "natural gaps {}, AUC {}",
        natural.len(),
        Auc::of(&scores, &natural)
    );
    println!("| explanation | blanked | natural |\n|---|---|---|");
    for (name, (a, b)) in explained {
        println!("| {name} | {a} | {b} |");
    }
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("blanking: {e}");
            ExitCode::FAILURE
        }
    }
}
