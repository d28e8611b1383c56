//! What a caller asks for: format, clock, selection, and to be told of progress.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::model::{LonLat, Timestamp};

/// The form in which inputs are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Format {
    /// By content and header, input by input.
    #[default]
    Auto,
    /// CSV of the US MarineCadastre archive, 2015 to now.
    MarineCadastre,
    /// CSV of the Danish Maritime Authority.
    Dma,
    /// NMEA 0183 logs with AIS sentences.
    Nmea,
    /// Decoded text of the SBARC receivers.
    Sbarc,
    /// Any CSV, by the mapping of the parameters.
    Mapped,
    /// Apache Parquet with canonical column names.
    Parquet,
    /// Arrow IPC file (Feather 2) with canonical column names.
    Ipc,
}

impl Format {
    /// All formats, in the order of a help text.
    pub const ALL: [Self; 8] = [
        Self::Auto,
        Self::MarineCadastre,
        Self::Dma,
        Self::Nmea,
        Self::Sbarc,
        Self::Mapped,
        Self::Parquet,
        Self::Ipc,
    ];

    /// The name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::MarineCadastre => "marine_cadastre",
            Self::Dma => "dma",
            Self::Nmea => "nmea",
            Self::Sbarc => "sbarc",
            Self::Mapped => "mapped",
            Self::Parquet => "parquet",
            Self::Ipc => "ipc",
        }
    }
}

/// Rows that are of interest; the caller has widened it by its margins.
#[derive(Default)]
pub struct Selection {
    /// First instant taken.
    pub from: Option<Timestamp>,
    /// First instant not taken any more.
    pub to: Option<Timestamp>,
    /// Whether a place is taken; rows without a place are.
    pub area: Option<Box<dyn Fn(LonLat) -> bool + Send + Sync>>,
}

impl Selection {
    /// Whether a row of this time and place is taken.
    pub fn takes(&self, t: Timestamp, place: Option<LonLat>) -> bool {
        self.from.is_none_or(|from| t >= from)
            && self.to.is_none_or(|to| t < to)
            && match (&self.area, place) {
                (Some(area), Some(place)) => area(place),
                _ => true,
            }
    }
}

impl fmt::Debug for Selection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Selection")
            .field("from", &self.from)
            .field("to", &self.to)
            .field("area", &self.area.is_some())
            .finish()
    }
}

/// How the inputs of a run are read.
#[derive(Debug)]
pub struct Options {
    /// The form; normally [`Format::Auto`].
    pub format: Format,
    /// What counts as now: rows more than a day later are rejected as `future`. An argument, so that
    /// a run can be repeated.
    pub clock: Timestamp,
    /// Rows of interest; `None` takes all.
    pub selection: Option<Selection>,
    /// Where to write the rejected rows as CSV (`file,line,reason,text`), in order of file and line
    /// (parts of an NMEA message that lacks others stand where that was found); rows outside the selection
    /// are only counted. It appears with [`super::Archive::publish_rejects`], in place of a file that is there.
    pub keep_rejects: Option<PathBuf>,
}

impl Options {
    /// Everything, by content, as of `clock`.
    pub fn at(clock: Timestamp) -> Self {
        Self {
            format: Format::Auto,
            clock,
            selection: None,
            keep_rejects: None,
        }
    }
}

/// Is told how reading goes on, from several threads.
pub trait Observer: Sync {
    /// `n` more bytes of the files were read.
    fn bytes(&self, n: u64) {
        let _ = n;
    }
    /// `n` more rows were read.
    fn rows(&self, n: u64) {
        let _ = n;
    }
    /// An input was opened.
    fn input(&self, name: &str) {
        let _ = name;
    }
}

/// Tells nobody.
impl Observer for () {}
