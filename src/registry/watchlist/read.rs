//! A list from a file, in whichever of the forms its content shows.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Entry, open_sanctions, plain, sdn};
use crate::model::text;
use crate::registry::lines::{fields, numbered};

/// Lines among which the first row of an SDN list is looked for.
const SDN_LINES: usize = 20;
/// How a plain list may name itself, before its header.
const LABEL: &str = "# list:";

/// A row that couldn't be used, or not in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// A list of ships.
#[derive(Clone, Debug)]
pub struct Watchlist {
    /// The file.
    pub file: PathBuf,
    /// SHA-256 of the file in hexadecimal.
    pub sha256: String,
    /// The form in which it was read: plain, ofac_sdn or opensanctions.
    pub format: &'static str,
    /// The ships.
    pub entries: Vec<Entry>,
    /// Rows that couldn't be used, or not in full.
    pub bad_rows: Vec<BadRow>,
}

/// A file that is no list.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WatchlistError {
    /// The file can't be read.
    #[error("watchlist {} can't be read: {source}", file.display())]
    Read {
        /// Which file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The content has no known form.
    #[error(
        "watchlist {} has no known form; give a CSV with a header that has imo, or name and mmsi, \
         OFAC's sdn.csv, or the maritime CSV of OpenSanctions",
        file.display()
    )]
    Form {
        /// Which file.
        file: PathBuf,
    },
}

/// `59 ships (1 of them without an IMO number or MMSI to match), 2 rows not used in full`.
impl fmt::Display for Watchlist {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ships", self.entries.len())?;
        let mute = self.entries.iter().filter(|e| !e.can_match()).count();
        if mute > 0 {
            write!(
                f,
                " ({mute} of them without an IMO number, or an MMSI, to match)"
            )?;
        }
        if !self.bad_rows.is_empty() {
            write!(f, ", {} bad rows", self.bad_rows.len())?;
        }
        Ok(())
    }
}

enum Form {
    Plain {
        columns: plain::Columns,
        delimiter: u8,
        label: String,
    },
    Sdn,
    OpenSanctions(open_sanctions::Columns),
}

impl Watchlist {
    /// Reads a file.
    ///
    /// # Errors
    /// If it can't be read, or has no known form. A row that can't be used is no error: see [`Self::bad_rows`].
    pub fn read(file: &Path) -> Result<Self, WatchlistError> {
        let content = fs::read(file).map_err(|source| WatchlistError::Read {
            file: file.to_owned(),
            source,
        })?;
        Self::parse(file, &content)
    }

    /// Reads the content of a file; `file` is what errors call it.
    ///
    /// # Errors
    /// If it has no known form.
    pub fn parse(file: impl Into<PathBuf>, content: &[u8]) -> Result<Self, WatchlistError> {
        let file = file.into();
        let text = String::from_utf8_lossy(content);
        let text = text.trim_start_matches('\u{feff}');
        let lines = numbered(text);
        let Some((form, begin)) = recognise(&lines, &file) else {
            return Err(WatchlistError::Form { file });
        };
        let mut list = Self {
            sha256: text::hex(&Sha256::digest(content)),
            format: form.name(),
            entries: Vec::new(),
            bad_rows: Vec::new(),
            file,
        };
        for (line, row) in &lines[begin..] {
            list.take(&form, *line, row);
        }
        Ok(list)
    }

    fn take(&mut self, form: &Form, line: usize, row: &str) {
        let mut bad = |reason| self.bad_rows.push(BadRow { line, reason });
        let read = fields(row, form.delimiter()).and_then(|fields| form.entry(&fields));
        match read {
            Ok(Some((entry, wrong))) => {
                wrong.into_iter().for_each(&mut bad);
                let nameless = entry.name.is_empty() && entry.imo.is_none();
                if nameless {
                    bad("no ship: neither a name nor an IMO number".to_owned());
                } else {
                    self.entries.push(entry);
                }
            }
            Ok(None) => {}
            Err(reason) => bad(reason),
        }
    }
}

impl Form {
    fn name(&self) -> &'static str {
        match self {
            Self::Plain { .. } => "plain",
            Self::Sdn => "ofac_sdn",
            Self::OpenSanctions(_) => "opensanctions",
        }
    }

    fn delimiter(&self) -> u8 {
        match self {
            Self::Plain { delimiter, .. } => *delimiter,
            _ => b',',
        }
    }

    fn entry(&self, fields: &[String]) -> Result<Option<(Entry, Vec<String>)>, String> {
        match self {
            Self::Plain { columns, label, .. } => Ok(Some(columns.entry(fields, label))),
            Self::Sdn => sdn::entry(fields),
            Self::OpenSanctions(columns) => Ok(columns.entry(fields)),
        }
    }
}

/// The form, and the place of the first row among the lines.
fn recognise(lines: &[(usize, &str)], file: &Path) -> Option<(Form, usize)> {
    let comments = lines.iter().take_while(|(_, l)| l.starts_with('#')).count();
    let header = lines.get(comments)?.1;
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|d| (header.bytes().filter(|b| b == d).count(), *d == b','))?;
    let titles: Vec<String> = fields(header, delimiter).unwrap_or_default();
    if let Some(columns) = open_sanctions::Columns::of(&titles) {
        return Some((Form::OpenSanctions(columns), comments + 1));
    }
    if let Some(columns) = plain::Columns::of(&titles) {
        let label = lines[..comments]
            .iter()
            .find_map(|(_, line)| line.strip_prefix(LABEL))
            .map_or_else(|| stem(file), |label| label.trim().to_owned());
        let form = Form::Plain {
            columns,
            delimiter,
            label,
        };
        return Some((form, comments + 1));
    }
    let is_sdn = |(_, line): &(usize, &str)| fields(line, b',').is_ok_and(|f| sdn::is_row(&f));
    let first = lines.iter().take(SDN_LINES).position(is_sdn)?;
    // A spreadsheet may have put a header before it; rows that are broken are told of.
    let begin = if first == 1 { 1 } else { 0 };
    Some((Form::Sdn, begin))
}

fn stem(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or(file.as_os_str());
    stem.to_string_lossy().into_owned()
}
