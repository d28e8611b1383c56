//! Labelled traffic: what happened is known, and what reaches the files is as poor as real data.
//!
//! In: a seed and [`Params`]. Out: one file a UTC day in the form of MarineCadastre, of the Danish
//! Maritime Authority, or of NMEA 0183, and `truth.csv` ([`crate::model::Truth`]). Rule: ships move as true hulls, known at
//! any instant; a position is that of the antenna, with correlated noise; the truth knows the hulls. How
//! often ships are heard is fitted to real files (`reception`). The same parameters give the same
//! bytes: all chance comes from seeded ChaCha8 streams, nothing from the clock or the order of a hash map.
//! (Sines and logarithms are the platform's; their last bit may differ between platforms, a thousandth of
//! the last digit written.)
//!
//! Shares: [`Params::scenes`] says how many scenes of each sort there are per 1,000 vessels.

mod background;
mod cargo;
mod dice;
mod hull;
mod mass;
mod motion;
mod neighbours;
mod nmea;
mod observe;
mod places;
mod reception;
mod scene;
mod serving;
mod ship;
mod silence;
mod sorts;
mod staging;
mod traffic;
mod transfers;
mod work;
mod world;
mod write;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::model::param::within;
use crate::model::{ParamError, Timestamp, TruthKind, UtcDay};

pub use sorts::Sort;

/// Parameters of a simulation. Defaults follow real data where a source is named.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Params {
    /// About how many vessels (scenes are whole, the rest is background).
    pub vessels: usize,
    /// How many UTC days.
    pub days: u32,
    /// The seed: the same one gives the same files.
    pub seed: u64,
    /// Start of the data; cut down to its UTC day.
    pub start: Timestamp,
    /// Reports of a ship are thinned to one in this many seconds (MarineCadastre: 60). 0 keeps all.
    pub thin_s: f64,
    /// Standard deviation of a position's error, metres (radius).
    pub gnss_sigma_m: f64,
    /// Correlation time of that error, seconds. Stopped ships of the Santa Barbara logs: 0.42 at 64 s, 0.26 at 128 s.
    pub gnss_correlation_s: f64,
    /// Share of ships that send no heading (511). In the Santa Barbara logs 0.40 of all, boats included.
    pub heading_missing: f64,
    /// Share of ships whose dimensions are wrong or missing.
    pub size_wrong: f64,
    /// Share of ships without a ship type.
    pub type_missing: f64,
    /// Share of a transfer's parties whose draught is changed late or never.
    pub draught_stale: f64,
    /// Share of transfers in which the daughter is unheard for hours while alongside.
    pub partner_unheard: f64,
    /// Share of ships of which a fifth of the rows have a time 60 to 110 s too late.
    pub clock_wrong: f64,
    /// Share of rows that come twice, 0.1 to 2 s apart. Santa Barbara logs: 0.035.
    pub duplicates: f64,
    /// Share of rows with a flipped bit in a coordinate.
    pub bit_errors: f64,
    /// Share of fishing vessels with class B.
    pub class_b_boats: f64,
    /// Share of bunker tankers with class B.
    pub class_b_bunkers: f64,
    /// Scenes of each sort per 1,000 vessels; sorts left out get none.
    pub scenes: BTreeMap<Sort, f64>,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            vessels: 1000,
            days: 3,
            seed: 1,
            // 2 June 2025, 00:00 UTC.
            start: Timestamp(1_748_822_400_000),
            thin_s: 60.0,
            gnss_sigma_m: 10.0,
            gnss_correlation_s: 150.0,
            heading_missing: 0.30,
            size_wrong: 0.15,
            type_missing: 0.10,
            draught_stale: 0.50,
            partner_unheard: 0.30,
            clock_wrong: 0.01,
            duplicates: 0.035,
            bit_errors: 2e-4,
            class_b_boats: 0.25,
            class_b_bunkers: 0.10,
            scenes: Sort::ALL.iter().map(|s| (*s, s.per_thousand())).collect(),
        }
    }
}

/// The form of the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// MarineCadastre, 2018 to 2024.
    MarineCadastre,
    /// Danish Maritime Authority.
    Danish,
    /// NMEA 0183 AIVDM sentences with a tag block, messages 1, 5, 18 and 24.
    Nmea,
}

/// What was written.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// The days' files, in order.
    pub files: Vec<PathBuf>,
    /// The truth file.
    pub truth: PathBuf,
    /// Number of vessels that have a row or could have had one.
    pub vessels: usize,
    /// Number of rows in all files.
    pub rows: u64,
    /// Rows of truth by kind.
    pub truths: BTreeMap<&'static str, usize>,
    /// Pairs of truth both of whose ships were heard in it, by kind.
    pub heard: BTreeMap<&'static str, usize>,
}

/// Why a simulation failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SimulateError {
    /// A file or folder can't be written.
    #[error("{path} can't be written ({source}); nothing was changed")]
    Write {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file is in the way that wasn't simulated: archives name theirs in the same way.
    #[error(
        "{path} is there, and no truth.csv beside it says that it was simulated; choose another folder"
    )]
    Foreign {
        /// Which.
        path: PathBuf,
    },
    /// The folder is a result.
    #[error("{path} is there: the folder holds a result; choose another folder")]
    Result {
        /// The file by which it is known.
        path: PathBuf,
    },
    /// Files of an earlier simulation would stay, of which the new truth says nothing.
    #[error(
        "{path}{} of an earlier simulation would stay beside this one, and truth.csv wouldn't tell of what is in it; \
         remove the earlier files, or choose another folder",
        and_more(*more)
    )]
    Earlier {
        /// The first of them.
        path: PathBuf,
        /// How many more there are.
        more: usize,
    },
    /// A parameter is out of range.
    #[error(transparent)]
    Parameter(#[from] ParamError),
}

fn and_more(more: usize) -> String {
    match more {
        0 => String::new(),
        n => format!(" and {n} more"),
    }
}

impl Params {
    /// Holds every parameter to its range.
    ///
    /// # Errors
    /// On the first parameter out of range.
    pub fn validate(&self) -> Result<(), ParamError> {
        within("days", self.days, 1..=366)?;
        // Beyond it the numbers of IMO numbers run out.
        within("vessels", self.vessels, 0..=100_000)?;
        within("thin_s", self.thin_s, 0.0..=3600.0)?;
        within("gnss_sigma_m", self.gnss_sigma_m, 0.0..=1000.0)?;
        within("gnss_correlation_s", self.gnss_correlation_s, 1.0..=1e6)?;
        let shares = [
            ("heading_missing", self.heading_missing),
            ("size_wrong", self.size_wrong),
            ("type_missing", self.type_missing),
            ("draught_stale", self.draught_stale),
            ("partner_unheard", self.partner_unheard),
            ("clock_wrong", self.clock_wrong),
            ("duplicates", self.duplicates),
            ("bit_errors", self.bit_errors),
            ("class_b_boats", self.class_b_boats),
            ("class_b_bunkers", self.class_b_bunkers),
        ];
        for (key, share) in shares {
            within(key, share, 0.0..=1.0)?;
        }
        for number in self.scenes.values() {
            within("scenes", *number, 0.0..=1000.0)?;
        }
        Ok(())
    }
}

/// Writes labelled traffic into the folder `out`, which is made if it isn't there. Its files appear together when all are
/// whole.
///
/// # Errors
/// If a parameter is out of range, a file can't be written or would take the place of one that wasn't simulated, or the
/// folder holds a result, or days of an earlier simulation that this one doesn't write.
pub fn simulate(params: &Params, out: &Path, format: Format) -> Result<Summary, SimulateError> {
    params.validate()?;
    let first = params.start.day().0;
    let days = (0..params.days).map(|d| UtcDay(first + d as i32));
    let obstacle = write::obstacle(out, format, days).map_err(|source| SimulateError::Write {
        path: out.to_owned(),
        source,
    })?;
    if let Some(obstacle) = obstacle {
        return Err(obstacle);
    }
    let params = Params {
        start: params.start.day().start(),
        ..params.clone()
    };
    let mut world = world::World::new(&params);
    world.write(&params, out, format)
}

fn count(map: &mut BTreeMap<&'static str, usize>, kind: TruthKind) {
    *map.entry(kind.name()).or_default() += 1;
}

#[cfg(test)]
mod tests;
