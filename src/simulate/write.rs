//! Files: one a day in the form of a public archive, and the truth.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use super::nmea::Nmea;
use super::observe::Row;
use super::ship::Ship;
use super::{Format, SimulateError};
use crate::model::{AisClass, Timestamp, Truth, UtcDay};

const MARINE_CADASTRE: &str = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass";
const DANISH: &str = "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,Ship type,Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type,A,B,C,D";

/// Name of the file of the truth.
pub(super) const TRUTH_FILE: &str = "truth.csv";

/// Name of a day's file, as the archives name theirs.
pub(super) fn file_name(format: Format, day: UtcDay) -> String {
    match format {
        Format::MarineCadastre => format!("AIS_{}.csv", day.to_string().replace('-', "_")),
        Format::Danish => format!("aisdk-{day}.csv"),
        Format::Nmea => format!("aivdm-{day}.nmea"),
    }
}

/// A day's file under construction.
pub(super) struct DayFile {
    out: BufWriter<File>,
    format: Format,
    nmea: Nmea,
}

impl DayFile {
    pub(super) fn create(path: &Path, format: Format) -> io::Result<Self> {
        let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
        let header = match format {
            Format::MarineCadastre => Some(MARINE_CADASTRE),
            Format::Danish => Some(DANISH),
            Format::Nmea => None,
        };
        if let Some(header) = header {
            writeln!(out, "{header}")?;
        }
        Ok(Self {
            out,
            format,
            nmea: Nmea::default(),
        })
    }

    pub(super) fn row(&mut self, row: &Row, ship: &Ship, since_start_s: f64) -> io::Result<()> {
        match self.format {
            Format::MarineCadastre => marine_cadastre(&mut self.out, row, ship, since_start_s),
            Format::Danish => danish(&mut self.out, row, ship, since_start_s),
            Format::Nmea => self.nmea.row(&mut self.out, row, ship, since_start_s),
        }
    }

    pub(super) fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Draught as sent at a time.
pub(super) fn draught(ship: &Ship, t: f64) -> Option<f64> {
    let known = ship.draughts.iter().rev().find(|d| d.0 <= t);
    known.map(|d| d.1).filter(|_| ship.class == AisClass::A)
}

fn speed(row: &Row) -> f64 {
    row.sog_kn.min(102.2)
}

/// Course in tenths below 360.
fn course(row: &Row) -> f64 {
    (row.cog_deg * 10.0).round().rem_euclid(3600.0) / 10.0
}

fn heading(row: &Row) -> Option<u32> {
    row.heading_deg.map(|h| h.round().rem_euclid(360.0) as u32)
}

/// `2018-06-02T05:33:10`.
fn iso_seconds(ms: i64) -> String {
    Timestamp(ms.div_euclid(1000) * 1000).to_string()[..19].to_owned()
}

fn marine_cadastre(out: &mut impl Write, row: &Row, ship: &Ship, t: f64) -> io::Result<()> {
    write!(
        out,
        "{},{},{:.5},{:.5},{:.1},{:.1},{:.1},",
        ship.mmsi,
        iso_seconds(row.ms),
        row.lat,
        row.lon,
        speed(row),
        course(row),
        heading(row).map_or(511.0, f64::from),
    )?;
    let (status, class) = match ship.class {
        AisClass::A => (row.status.to_string(), "A"),
        AisClass::B => (String::new(), "B"),
    };
    if !row.known {
        return writeln!(out, ",,,,{status},,,,,{class}");
    }
    let number = |v: f64| {
        if v > 0.0 {
            format!("{v:.0}")
        } else {
            String::new()
        }
    };
    let code = ship.said_type.map_or(String::new(), |v| v.to_string());
    writeln!(
        out,
        "{},{},{},{code},{status},{},{},{},{code},{class}",
        ship.name,
        ship.imo.map_or(String::new(), |imo| format!("IMO{imo}")),
        ship.callsign,
        number(ship.said.a + ship.said.b),
        number(ship.said.c + ship.said.d),
        draught(ship, t).map_or(String::new(), |d| format!("{d:.1}")),
    )
}

fn danish_status(status: u8) -> &'static str {
    match status {
        0 => "Under way using engine",
        1 => "At anchor",
        2 => "Not under command",
        3 => "Restricted maneuverability",
        5 => "Moored",
        7 => "Engaged in fishing",
        8 => "Under way sailing",
        11 => "Power-driven vessel towing astern",
        12 => "Power-driven vessel pushing ahead or towing alongside",
        _ => "Unknown value",
    }
}

fn danish_type(code: Option<u8>) -> (&'static str, &'static str) {
    let Some(code) = code else {
        return ("Undefined", "");
    };
    let group = match code {
        30 => "Fishing",
        31 => "Towing",
        32 => "Towing long/wide",
        33 => "Dredging",
        36 => "Sailing",
        37 => "Pleasure",
        50 => "Pilot",
        52 => "Tug",
        57 => "Spare 2",
        60..=69 => "Passenger",
        70..=79 => "Cargo",
        80..=89 => "Tanker",
        _ => "Other",
    };
    let cargo = match code % 10 {
        1 => "Category X",
        2 => "Category Y",
        3 => "Category Z",
        4 => "Category OS",
        9 => "No additional information",
        _ => "",
    };
    (group, if code >= 60 { cargo } else { "" })
}

fn danish(out: &mut impl Write, row: &Row, ship: &Ship, t: f64) -> io::Result<()> {
    let iso = iso_seconds(row.ms);
    let (class, status) = match ship.class {
        AisClass::A => ("Class A", danish_status(row.status)),
        AisClass::B => ("Class B", "Unknown value"),
    };
    write!(
        out,
        "{}/{}/{} {},{class},{},{:.6},{:.6},{status},,{:.1},{:.1},{},",
        &iso[8..10],
        &iso[5..7],
        &iso[..4],
        &iso[11..],
        ship.mmsi,
        row.lat,
        row.lon,
        speed(row),
        course(row),
        heading(row).map_or(String::new(), |h| h.to_string()),
    )?;
    if !row.known {
        return writeln!(
            out,
            "Unknown,Unknown,,Undefined,,,,Undefined,,Unknown,,AIS,,,,"
        );
    }
    let (group, cargo) = danish_type(ship.said_type);
    let number = |v: f64| {
        if v > 0.0 {
            format!("{v:.0}")
        } else {
            String::new()
        }
    };
    let s = &ship.said;
    writeln!(
        out,
        "{},{},{},{group},{cargo},{},{},GPS,{},{},,AIS,{},{},{},{}",
        ship.imo.map_or("Unknown".to_owned(), |imo| imo.to_string()),
        ship.callsign,
        ship.name,
        number(s.c + s.d),
        number(s.a + s.b),
        draught(ship, t).map_or(String::new(), |d| format!("{d:.1}")),
        ship.destination,
        number(s.a),
        number(s.b),
        number(s.c),
        number(s.d),
    )
}

/// Whether a file has a name that a day of any form may have.
fn is_day(name: &str) -> bool {
    let forms = [("AIS_", ".csv"), ("aisdk-", ".csv"), ("aivdm-", ".nmea")];
    forms.iter().any(|(before, behind)| {
        let day = name
            .strip_prefix(before)
            .and_then(|rest| rest.strip_suffix(behind));
        day.is_some_and(|day| Timestamp::parse(&day.replace('_', "-")).is_some() && day.len() == 10)
    })
}

/// What stands in the way of a simulation: a result; a file in the place of one of these days, or of the truth, that wasn't
/// simulated; a day of an earlier simulation that this one doesn't write, and that its truth wouldn't tell of. A folder
/// is known as simulated by its truth.
pub(super) fn obstacle(
    out: &Path,
    format: Format,
    days: impl Iterator<Item = UtcDay>,
) -> io::Result<Option<SimulateError>> {
    let result = out.join("run.json");
    if result.exists() {
        return Ok(Some(SimulateError::Result { path: result }));
    }
    let truth = out.join(TRUTH_FILE);
    let header = std::fs::read_to_string(&truth).unwrap_or_default();
    let names: Vec<String> = days.map(|day| file_name(format, day)).collect();
    if header.lines().next() != Some(&Truth::COLUMNS.join(",")) {
        let places = names.iter().map(|name| out.join(name));
        let found = places.chain([truth]).find(|path| path.exists());
        return Ok(found.map(|path| SimulateError::Foreign { path }));
    }
    let mut others = Vec::new();
    for entry in std::fs::read_dir(out)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if is_day(&name) && !names.contains(&name) {
            others.push(name);
        }
    }
    others.sort();
    Ok(others.first().map(|name| SimulateError::Earlier {
        path: out.join(name),
        more: others.len() - 1,
    }))
}

/// Writes a truth file.
pub(super) fn truth(path: &Path, rows: &[Truth]) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "{}", Truth::COLUMNS.join(","))?;
    fn cell<T: ToString>(value: Option<T>) -> String {
        value.map_or(String::new(), |v| v.to_string())
    }
    for row in rows {
        let fixed = |v: Option<f64>, places: usize| v.map(|v| format!("{v:.places$}"));
        let cells = [
            row.id.clone(),
            row.kind.name().to_owned(),
            row.mmsi_1.to_string(),
            cell(row.mmsi_2),
            row.start.to_string(),
            row.end.to_string(),
            cell(fixed(row.place.map(|p| p.lat()), 5)),
            cell(fixed(row.place.map(|p| p.lon()), 5)),
            cell(row.mode.as_deref()),
            cell(fixed(row.hull_gap_m, 1)),
            cell(fixed(row.volume_t, 0)),
            cell(fixed(row.volume_bbl, 0)),
            cell(row.product.as_deref()),
            cell(row.from_mmsi),
            cell(row.to_mmsi),
            cell(row.heard[0]),
            cell(row.heard[1]),
            cell(row.both_heard.map(|s| s.0)),
            cell(row.both_heard.map(|s| s.1)),
            cell(fixed(row.together_h, 2)),
            row.notes.replace([',', '\n', '"'], ";"),
        ];
        writeln!(out, "{}", cells.join(","))?;
    }
    out.flush()
}
