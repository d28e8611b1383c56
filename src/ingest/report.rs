//! What became of each input.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::error::InputError;
use super::format::{mapped, nmea};
use super::sink::{SHOWN, Tally};
use crate::model::{RejectLedger, RejectReason, Timestamp, UtcDay, text};

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
    /// Rows accepted, by UTC day.
    pub days: BTreeMap<UtcDay, u64>,
    /// Why it could not be read, or not to its end.
    pub error: Option<InputError>,
    /// What should be known of it though it was read: a large share of its rows that was left out for one reason, columns that
    /// look like those that are read but aren't, a mapping that isn't its own.
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
            let unread = unread_time(tally).map(|time| format!("; {time}"));
            format!(
                "no sentence of this log says when it was received (in a tag block, behind it, before it or in a line \
                 before){}; record the log with times",
                unread.unwrap_or_default()
            )
        }
        Some(reason @ (BadTime | BadPosition | Malformed)) => advice(reason, format, tally),
        Some(TooOld | Future) => "check the unit of its times and this computer's clock".to_owned(),
        Some(BadMmsi) => "check that the column of MMSIs holds them".to_owned(),
        Some(NoPosition) => DEGREES.to_owned(),
        Some(BadChecksum) => WHOLE.to_owned(),
        _ => "check what it holds".to_owned(),
    };
    let counts: Vec<String> = rejects
        .iter()
        .map(|(reason, n)| format!("{reason} {n}"))
        .collect();
    let sample = most.and_then(|(reason, _)| sample(reason, format, tally));
    Some(InputError::NothingUsable {
        name: name.to_owned(),
        rows: tally.rows,
        rejects: counts.join(", "),
        sample: sample.map_or(String::new(), |it| format!(", such as {it}")),
        advice,
    })
}

const DEGREES: &str = "check that its longitudes and latitudes are degrees, and not exchanged";

const WHOLE: &str = "check that it is whole and of this form, or name another";

/// Whether a format has rows and columns, and no lines of text.
fn is_table(format: &str) -> bool {
    ["parquet", "ipc"].contains(&format)
}

/// What may be the matter with rows rejected for a reason, and what to do.
fn advice(reason: RejectReason, format: &str, tally: &Tally) -> String {
    let most_are = |n: u64| n * 2 >= tally.rejects.count(reason);
    let words = match reason {
        RejectReason::BadTime => match unread_time(tally) {
            Some(time) if format == nmea::NAME => {
                return format!("{time}; record the log with times");
            }
            _ if format == nmea::NAME => {
                "no time stands with them or before; record the log with times"
            }
            _ if is_table(format) => "check the form of its times",
            _ if format == mapped::NAME => {
                "check the form of its times (time_format in the section [ingest.mapping])"
            }
            _ => {
                "check the form of its times; a mapping can name it (time_format in the section [ingest.mapping])"
            }
        },
        RejectReason::BadPosition if most_are(tally.beyond_east) && is_table(format) => {
            "its longitudes lie beyond 180 degrees; if they count from 0 to 360, subtract 360 from those"
        }
        RejectReason::BadPosition if most_are(tally.beyond_east) => {
            "its longitudes lie beyond 180 degrees; if they count from 0 to 360, set lon_range = \"0..360\" \
             in a mapping ([ingest.mapping])"
        }
        RejectReason::BadPosition => DEGREES,
        _ if most_are(tally.too_wide) => {
            "they have more fields than the header, as where numbers have decimal commas or texts with commas stand \
             without quotes"
        }
        _ if tally
            .sample(reason)
            .is_some_and(|(_, text)| has_decimal_comma(text)) =>
        {
            "its numbers have decimal commas; write points"
        }
        _ => WHOLE,
    };
    words.to_owned()
}

/// What stands beside the first sentence of a log that has no time, and couldn't be read as one.
fn unread_time(tally: &Tally) -> Option<String> {
    let (line, text) = tally.sample(RejectReason::BadTime)?;
    let around = nmea::times::around(text)?;
    Some(format!(
        "beside line {line} stands '{}', which is no time in a known form",
        text::printable(&around)
    ))
}

/// Whether a field between semicolons or tabs is a number with a decimal comma.
fn has_decimal_comma(row: &[u8]) -> bool {
    let mut fields = row.split(|b| *b == b';' || *b == b'\t');
    row.iter().any(|b| *b == b';' || *b == b'\t')
        && fields.any(|field| {
            let field = field.trim_ascii();
            let field = field.strip_prefix(b"-").unwrap_or(field);
            let mut parts = field.split(|b| *b == b',');
            let digits = |part: Option<&[u8]>| {
                part.is_some_and(|p| !p.is_empty() && p.iter().all(u8::is_ascii_digit))
            };
            digits(parts.next()) && digits(parts.next()) && parts.next().is_none()
        })
}

/// Rows that may be lost to one reason without a word.
const A_HANDFUL: u64 = 20;

/// One of so many rows that are lost for one reason is no matter of single rows.
const LARGE_SHARE: u64 = 10;

/// Characters of a row that are shown.
const SHOWN_CHARS: usize = 100;

/// The first row that was rejected for a reason, in words.
fn sample(reason: RejectReason, format: &str, tally: &Tally) -> Option<String> {
    let (line, text) = tally.sample(reason)?;
    let text = text::printable(&String::from_utf8_lossy(text));
    let shown: String = text.chars().take(SHOWN_CHARS).collect();
    let rest = if shown.len() < text.len() { "..." } else { "" };
    let line_or_row = if is_table(format) { "row" } else { "line" };
    Some(format!("{line_or_row} {line}: {shown}{rest}"))
}

/// What is said of an input that lost a large share of its rows for one reason, though the others are used: it may be
/// the form of a column and no fault of rows.
pub(crate) fn large_losses(format: &str, tally: &Tally) -> Option<String> {
    let losses: Vec<String> = SHOWN
        .into_iter()
        .filter_map(|reason| {
            let lost = tally.rejects.count(reason);
            if lost < A_HANDFUL || lost * LARGE_SHARE < tally.rows || tally.accepted == 0 {
                return None;
            }
            let sample = sample(reason, format, tally).map(|it| format!(" (such as {it})"));
            Some(format!(
                "{lost} of its {} rows, {:.0} %, are left out as {reason}{}; {}",
                tally.rows,
                100.0 * lost as f64 / tally.rows as f64,
                sample.unwrap_or_default(),
                advice(reason, format, tally)
            ))
        })
        .collect();
    (!losses.is_empty()).then(|| losses.join("; "))
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
