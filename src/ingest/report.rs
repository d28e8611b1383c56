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
    /// What should be known of it though it was read: columns that look like those that are read, but aren't.
    pub note: Option<String>,
}

/// Why rows of an input that was read to its end are of no use, if none of them is.
///
/// Rows of other stations, messages that say nothing of ships and what lies outside the selection were understood: they are
/// left out as they should be.
pub(crate) fn nothing_usable(name: &str, format: &str, tally: &Tally) -> Option<InputError> {
    use RejectReason::{
        BadChecksum, BadMmsi, BadPosition, BadTime, Future, Malformed, NoPosition, NotAVessel,
        OtherMessage, OutsideSelection, TooOld,
    };
    let rejects = &tally.rejects;
    let understood = rejects.count(NotAVessel) + rejects.count(OtherMessage);
    if tally.accepted > 0 || rejects.count(OutsideSelection) > 0 || tally.rows == understood {
        return None;
    }
    let most = rejects.iter().max_by_key(|(_, n)| *n);
    let advice = match most.map(|(reason, _)| reason) {
        _ if format == nmea::NAME && rejects.count(BadTime) > 0 => {
            "no sentence of this log says when it was received (in a tag block, behind it, before it or in a line \
             before); record the log with times"
        }
        Some(BadTime) => "check the form of its times",
        Some(TooOld | Future) => "check the unit of its times and this computer's clock",
        Some(BadMmsi) => "check that the column of MMSIs holds them",
        Some(BadPosition | NoPosition) => {
            "check that its longitudes and latitudes are degrees, and not exchanged"
        }
        Some(Malformed | BadChecksum) => "check that it is whole and of this form, or name another",
        _ => "check what it holds",
    };
    let counts: Vec<String> = rejects
        .iter()
        .map(|(reason, n)| format!("{reason} {n}"))
        .collect();
    Some(InputError::NothingUsable {
        name: name.to_owned(),
        rows: tally.rows,
        rejects: counts.join(", "),
        advice,
    })
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
