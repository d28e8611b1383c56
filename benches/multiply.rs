//! Multiplies real MarineCadastre rows to a file of any size, for measuring.
//!
//! ```text
//! cargo run --release --example multiply -- INPUT.csv[.gz] OUTPUT.csv ROWS [DAYS]
//! ```
//!
//! Every source day becomes a fleet of its own: each copy has other MMSIs (the flag's digits stay) and IMO numbers, another
//! longitude and a few seconds' shift, so that tracks, intervals, density and static data stay real while
//! nothing repeats. All copies fall on `DAYS` days (1 if not given) that follow one another; rows are in time
//! order within each day.

#![allow(
    clippy::print_stderr,
    reason = "a program of its own that says what it wrote"
)]

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::process::ExitCode;

use alongside::model::Timestamp;
use alongside::model::quantity::MS_PER_DAY;
use flate2::read::MultiGzDecoder;

/// The day on which the copies begin: 2024-01-01.
const FIRST_DAY: i64 = 19_723;
/// Between copies, eastwards: a coast that looks west is copied onto land, so that a marina doesn't come to lie
/// at sea, where craft of unknown type are followed.
const LON_STEP_DEG: f64 = 0.3;
const NUMBER_STEP: u64 = 104_729;

struct Source {
    /// Day, milliseconds of the day, MMSI, latitude, longitude, the rest of the row before and after the IMO number.
    rows: Vec<(i64, i64, u64, String, f64, [String; 3])>,
}

/// The place of the IMO number in the rest of a row.
const IMO: usize = 4;

/// The IMO number of a ship's copy: another hull, whose check digit is as right or wrong as that of the original.
fn imo_of(field: &str, fleet: u64) -> String {
    let digits = field.strip_prefix("IMO").unwrap_or(field);
    let number: Option<u64> = digits.parse().ok();
    let Some(number) = number.filter(|n| (1_000_000..10_000_000).contains(n)) else {
        return field.to_owned();
    };
    let check = |six: u64| {
        let digit = |place: u32| six / 10_u64.pow(place) % 10 * (u64::from(place) + 2);
        (0..6).map(digit).sum::<u64>() % 10
    };
    let (six, last) = (number / 10, number % 10);
    let other = 100_000 + (six - 100_000 + fleet * NUMBER_STEP) % 900_000;
    let last = (check(other) + 10 + last - check(six)) % 10;
    format!("IMO{other}{last}")
}

fn read(path: &str) -> Result<Source, Box<dyn std::error::Error>> {
    let mut bytes = Vec::new();
    File::open(path)?.read_to_end(&mut bytes)?;
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut plain = Vec::new();
        MultiGzDecoder::new(&bytes[..]).read_to_end(&mut plain)?;
        bytes = plain;
    }
    let mut reader = csv::Reader::from_reader(&bytes[..]);
    let header = reader.headers()?.clone();
    let column = |name: &str| {
        header.iter().position(|c| c == name).ok_or_else(|| {
            format!("{path} has no column {name}; give a MarineCadastre file of 2018 to 2024")
        })
    };
    let [mmsi, time, lat, lon] = [
        column("MMSI")?,
        column("BaseDateTime")?,
        column("LAT")?,
        column("LON")?,
    ];
    let rest: Vec<usize> = [
        "SOG",
        "COG",
        "Heading",
        "VesselName",
        "IMO",
        "CallSign",
        "VesselType",
        "Status",
        "Length",
        "Width",
        "Draft",
        "Cargo",
        "TransceiverClass",
    ]
    .iter()
    .map(|name| column(name))
    .collect::<Result<_, _>>()?;
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record?;
        let (Some(t), Ok(mmsi), Ok(lon)) = (
            Timestamp::parse(&record[time]),
            record[mmsi].parse(),
            record[lon].parse(),
        ) else {
            continue;
        };
        let fields: Vec<String> = rest.iter().map(|i| quoted(&record[*i])).collect();
        rows.push((
            i64::from(t.day().0),
            t.0.rem_euclid(MS_PER_DAY),
            mmsi,
            record[lat].to_owned(),
            lon,
            [
                fields[..IMO].join(","),
                fields[IMO].clone(),
                fields[IMO + 1..].join(","),
            ],
        ));
    }
    Ok(Source { rows })
}

fn quoted(field: &str) -> String {
    if field.contains([',', '"']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

fn run() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [input, output, wanted, days @ ..] = &args[..] else {
        return Err("usage: multiply INPUT.csv[.gz] OUTPUT.csv ROWS [DAYS]".into());
    };
    let wanted: usize = wanted.parse()?;
    let days: usize = days.first().map_or(Ok(1), |d| d.parse())?;
    let source = read(input)?;
    let per_day = wanted / days;
    let first_day = source.rows.iter().map(|row| row.0).min().unwrap_or(0);
    let last_day = source.rows.iter().map(|row| row.0).max().unwrap_or(0);
    let source_days = (last_day - first_day).unsigned_abs() + 1;
    let mut out = BufWriter::with_capacity(1 << 20, File::create(output)?);
    writeln!(
        out,
        "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass"
    )?;
    let mut written = 0;
    for day in 0..days {
        let mut order: Vec<(i64, usize, usize)> = Vec::with_capacity(per_day);
        for copy in 0.. {
            let left = per_day - order.len();
            if left == 0 {
                break;
            }
            let shift_ms = (copy as i64 * 13_000).rem_euclid(600_000);
            order.extend(
                source
                    .rows
                    .iter()
                    .enumerate()
                    .take(left)
                    .map(|(i, row)| ((row.1 + shift_ms).rem_euclid(MS_PER_DAY), copy, i)),
            );
        }
        order.sort_unstable();
        for (ms, copy, i) in order {
            let (source_day, _, mmsi, lat, lon, [before, imo, after]) = &source.rows[i];
            let fleet = copy as u64 * source_days + (source_day - first_day).unsigned_abs();
            let (mid, number) = (mmsi / 1_000_000, mmsi % 1_000_000);
            let number = (number + fleet * NUMBER_STEP) % 1_000_000;
            let lon = (lon + fleet as f64 * LON_STEP_DEG + 180.0).rem_euclid(360.0) - 180.0;
            let t = Timestamp((FIRST_DAY + day as i64) * MS_PER_DAY + ms).to_string();
            writeln!(
                out,
                "{},{},{lat},{lon:.5},{before},{},{after}",
                mid * 1_000_000 + number,
                &t[..19],
                imo_of(imo, fleet)
            )?;
            written += 1;
        }
    }
    out.flush()?;
    eprintln!("{written} rows on {days} days in {output}");
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("multiply: {e}");
            ExitCode::FAILURE
        }
    }
}
