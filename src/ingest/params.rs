//! What of reading can be set.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::IngestError;
use super::format::Hints;
use super::mapping::Mapping;
use super::zone::Zone;
use crate::model::ParamError;
use crate::model::param::within;

/// How much memory reading may take, in what portions it reads (which changes no result), and what inputs
/// don't say of themselves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Accepted rows held in memory before the largest days go to temporary files, in megabytes (10^6 bytes).
    /// Default 320: one day of all US waters (about 10 million rows of 24 bytes) and its static data.
    pub memory_mb: u32,
    /// Size of the blocks that a text file is cut into, in megabytes. Default 4: large enough to make the cut
    /// free, small enough that the blocks in flight (threads + 2) stay below a tenth of the memory.
    pub block_mb: u32,
    /// Longest line that is read, in megabytes; a longer one is rejected unread. Default 16.
    /// No AIS row is longer than a few hundred bytes: this bounds memory when a file is no text.
    pub max_line_mb: u32,
    /// Folder for temporary files; default none: the system's. They are removed when the archive is dropped.
    pub temporary_dir: Option<PathBuf>,
    /// Zone of dates and times before the sentences of an NMEA log, if they don't say theirs: `UTC`, an offset
    /// (`+02:00`) or a name (`Europe/Paris`). Default UTC.
    pub nmea_zone: String,
    /// How a CSV is read that no built-in format recognises; default none: it is refused.
    pub mapping: Option<Mapping>,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            memory_mb: 320,
            block_mb: 4,
            max_line_mb: 16,
            temporary_dir: None,
            nmea_zone: "UTC".to_owned(),
            mapping: None,
        }
    }
}

/// [`Params`] checked, sizes in bytes.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub memory_bytes: usize,
    pub block_bytes: usize,
    pub max_line_bytes: usize,
    pub temporary_dir: Option<PathBuf>,
    pub hints: Hints,
}

impl Limits {
    /// The folder for temporary files.
    pub(crate) fn temporary_folder(&self) -> PathBuf {
        let set = self.temporary_dir.clone();
        set.unwrap_or_else(std::env::temp_dir)
    }
}

const MEGABYTE: usize = 1_000_000;

impl Params {
    /// Holds every value to its range.
    ///
    /// # Errors
    /// On the first value out of range.
    pub fn validate(&self) -> Result<(), ParamError> {
        within("memory_mb", self.memory_mb, 1..=1_000_000)?;
        within("block_mb", self.block_mb, 1..=1000)?;
        within("max_line_mb", self.max_line_mb, 1..=1000)?;
        self.zone()?;
        self.mapping.as_ref().map_or(Ok(()), Mapping::validate)
    }

    fn zone(&self) -> Result<Zone, ParamError> {
        Zone::parse(&self.nmea_zone)
            .ok_or_else(|| ParamError::new("nmea_zone", &self.nmea_zone, Zone::FORMS))
    }

    pub(crate) fn limits(&self) -> Result<Limits, IngestError> {
        self.validate()?;
        let bytes = |mb: u32| mb as usize * MEGABYTE;
        Ok(Limits {
            memory_bytes: bytes(self.memory_mb),
            block_bytes: bytes(self.block_mb),
            max_line_bytes: bytes(self.max_line_mb),
            temporary_dir: self.temporary_dir.clone(),
            hints: Hints {
                nmea_zone: self.zone()?,
                mapping: self.mapping.clone().map(Arc::new),
            },
        })
    }
}

#[cfg(test)]
mod tests;
