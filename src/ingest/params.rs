//! What of reading can be set.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::IngestError;
use crate::model::ParamError;
use crate::model::param::within;

/// How much memory reading may take, and in what portions it reads. No key changes a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
}

impl Default for Params {
    fn default() -> Self {
        Self {
            memory_mb: 320,
            block_mb: 4,
            max_line_mb: 16,
            temporary_dir: None,
        }
    }
}

/// [`Params`] in bytes, checked.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    pub memory_bytes: usize,
    pub block_bytes: usize,
    pub max_line_bytes: usize,
    pub temporary_dir: Option<PathBuf>,
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
        within("max_line_mb", self.max_line_mb, 1..=1000)
    }

    pub(crate) fn limits(&self) -> Result<Limits, IngestError> {
        self.validate()?;
        let bytes = |mb: u32| mb as usize * MEGABYTE;
        Ok(Limits {
            memory_bytes: bytes(self.memory_mb),
            block_bytes: bytes(self.block_mb),
            max_line_bytes: bytes(self.max_line_mb),
            temporary_dir: self.temporary_dir.clone(),
        })
    }
}

#[cfg(test)]
mod tests;
