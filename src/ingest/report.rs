//! What became of each input.

use std::path::PathBuf;

use super::error::InputError;
use super::format::nmea;
use super::sink::Tally;
use crate::model::{RejectLedger, RejectReason, Timestamp};

/// One file, or one member of an archive.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct InputReport {
    /// The file.
    pub path: PathBuf,
    /// The member, if the file is an archive.
    pub member: Option<String>,
    /// The format's name; empty if it was not recognised.
    pub format: &'static str,
    /// Size of the file in bytes.
    pub bytes: u64,
    /// SHA-256 of the file, in hexadecimal; empty if it could not be read.
    pub sha256: String,
    /// Rows read: always the accepted and the rejected ones.
    pub rows_read: u64,
    /// Rows accepted.
    pub rows_accepted: u64,
    /// Rows rejected, by reason.
    pub rejects: RejectLedger,
    /// Time of the first accepted row.
    pub first: Option<Timestamp>,
    /// Time of the last accepted row.
    pub last: Option<Timestamp>,
    /// Why it could not be read, or not to its end.
    pub error: Option<InputError>,
    /// What should be known of it though it was read: that none of its rows has a time, and why.
    pub note: Option<&'static str>,
}

/// What to say of an input by its counts.
pub(crate) fn note(format: &str, tally: &Tally) -> Option<&'static str> {
    let no_time = tally.accepted == 0 && tally.rejects.count(RejectReason::BadTime) > 0;
    match format {
        nmea::NAME if no_time => Some(
            "no sentence of this log says when it was received (in a tag block, behind it, before it or in a \
             line before), so none could be used; record the log with times",
        ),
        _ if no_time => Some("no row has a time that could be read; check the form of its times"),
        _ => None,
    }
}

impl InputReport {
    /// The file's path, and its member behind a colon.
    pub fn name(&self) -> String {
        match &self.member {
            Some(member) => format!("{}:{member}", self.path.display()),
            None => self.path.display().to_string(),
        }
    }
}
