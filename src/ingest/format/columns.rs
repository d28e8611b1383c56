//! A header line, and columns found in it by name.

use crate::ingest::error::InputError;
use crate::ingest::names;

/// Fields of a line that can be told apart; a line with more is malformed.
pub(crate) const MAX_FIELDS: usize = 256;

/// Where a column stands; of a column that isn't there every field is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Column(u16);

impl Column {
    /// A column that isn't there.
    pub(crate) const ABSENT: Self = Self(u16::MAX);

    /// Its place from 0, far beyond every line if absent.
    pub(crate) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Whether it is there.
    pub(crate) fn is_present(self) -> bool {
        self != Self::ABSENT
    }
}

/// The first line of a text that isn't blank.
pub(crate) struct Header {
    /// Names as they stand.
    names: Vec<String>,
    /// Names in lower case, letters and digits only.
    plain: Vec<String>,
    /// What separates fields.
    pub delimiter: u8,
    /// Bytes up to the end of the line, blank lines before it included.
    pub bytes: usize,
    /// Lines of the same.
    pub lines: u64,
}

impl Header {
    /// Reads the header at the beginning of a text.
    pub(crate) fn read(head: &[u8], terminator: u8) -> Self {
        let mut at = if head.starts_with(b"\xEF\xBB\xBF") {
            3
        } else {
            0
        };
        let mut lines = 0;
        let mut line: &[u8] = b"";
        while at < head.len() && line.is_empty() {
            let end = memchr::memchr(terminator, &head[at..]).map_or(head.len(), |n| at + n);
            line = head[at..end].trim_ascii();
            at = (end + 1).min(head.len());
            lines += 1;
        }
        let delimiter = [b',', b';', b'\t']
            .into_iter()
            .max_by_key(|d| (line.iter().filter(|b| *b == d).count(), *d == b','))
            .unwrap_or(b',');
        let names: Vec<String> = line
            .split(|b| *b == delimiter)
            .map(|n| {
                String::from_utf8_lossy(n)
                    .trim()
                    .trim_matches('"')
                    .to_owned()
            })
            .collect();
        let plain = names.iter().map(|name| names::plain(name)).collect();
        Self {
            names,
            plain,
            delimiter,
            bytes: at,
            lines,
        }
    }

    /// How many fields a line must have.
    pub(crate) fn width(&self) -> usize {
        self.names.len()
    }

    /// The first column with one of these names (lower case, letters and digits only).
    pub(crate) fn column(&self, names: &[&str]) -> Column {
        names
            .iter()
            .find_map(|name| self.plain.iter().position(|p| p == name))
            .filter(|i| *i < MAX_FIELDS)
            .map_or(Column::ABSENT, |i| Column(i as u16))
    }

    /// The same, or the name that is missing.
    pub(crate) fn needed(&self, names: &[&'static str]) -> Result<Column, &'static str> {
        let column = self.column(names);
        if column.is_present() {
            Ok(column)
        } else {
            Err(names.first().copied().unwrap_or_default())
        }
    }

    /// The name of the first column as it stands.
    pub(crate) fn first_name(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    /// The names, shortened for a message.
    pub(crate) fn shown(&self) -> String {
        let mut shown: String = self
            .names
            .join(", ")
            .chars()
            .filter(|c| !c.is_control())
            .collect();
        if shown.chars().count() > 160 {
            shown = shown.chars().take(160).collect();
            shown.push_str("...");
        }
        if shown.is_empty() {
            "nothing".to_owned()
        } else {
            shown
        }
    }

    /// The error that a column is missing.
    pub(crate) fn lacks(&self, name: &str, format: &'static str, missing: &str) -> InputError {
        InputError::MissingColumns {
            name: name.to_owned(),
            format,
            missing: missing.to_owned(),
            columns: self.shown(),
        }
    }
}
