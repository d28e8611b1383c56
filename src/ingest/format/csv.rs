//! The line loop of column formats: lines, fields, counts.
//!
//! Lines are read one by one, and a line feed always ends a row: no AIS dump has line feeds inside
//! quotes, and a stray quote (a call sign `5" GUN`) must not swallow the rows that follow. A field is
//! quoted only if a quote opens it and another closes it before a delimiter; else quotes are text.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::columns::{Column, Header, MAX_FIELDS};
use super::{Lines, TextReader};
use crate::ingest::sink::RowSink;
use crate::model::RejectReason;

/// What a column format does with a row.
pub(crate) trait CsvFormat: Send + Sync {
    /// Its name in reports.
    const NAME: &'static str;

    /// Columns whose place decides what raw static fields mean.
    fn static_columns(&self) -> &[Column];

    /// Reads a row into the sink, or says why not.
    fn row(&self, row: &Record<'_>, sink: &mut RowSink<'_>) -> Result<(), RejectReason>;
}

/// The fields of a line. A field that the line doesn't have is empty.
pub(crate) struct Record<'l> {
    bytes: &'l [u8],
    /// Where each field ends; the next begins one byte further.
    ends: &'l [u32],
}

impl<'l> Record<'l> {
    /// The field of a column.
    #[inline]
    pub(crate) fn get(&self, column: Column) -> &'l [u8] {
        let i = column.index();
        match self.ends.get(i) {
            Some(end) => &self.bytes[self.start(i)..*end as usize],
            None => b"",
        }
    }

    /// The fields from one column to another, with what separates them.
    #[inline]
    pub(crate) fn run(&self, from: Column, to: Column) -> &'l [u8] {
        match self.ends.get(to.index()) {
            Some(end) => &self.bytes[self.start(from.index())..*end as usize],
            None => b"",
        }
    }

    #[inline]
    fn start(&self, i: usize) -> usize {
        if i == 0 {
            0
        } else {
            self.ends[i - 1] as usize + 1
        }
    }
}

/// Columns that stand next to each other, as first and last: static fields are compared run by run.
pub(crate) fn runs(columns: &[Column]) -> Vec<(Column, Column)> {
    let mut present: Vec<Column> = columns.iter().copied().filter(|c| c.is_present()).collect();
    present.sort_by_key(|c| c.index());
    present.dedup();
    let mut runs: Vec<(Column, Column)> = Vec::new();
    for column in present {
        match runs.last_mut() {
            Some((_, last)) if last.index() + 1 == column.index() => *last = column,
            _ => runs.push((column, column)),
        }
    }
    runs
}

/// Reads the lines of a column format.
pub(crate) struct CsvReader<F> {
    format: F,
    width: usize,
    delimiter: u8,
    layout: u64,
}

impl<F: CsvFormat> CsvReader<F> {
    /// The reader for a text with this header.
    pub(crate) fn new(format: F, header: &Header) -> Self {
        let mut hasher = FxHasher::default();
        F::NAME.hash(&mut hasher);
        format.static_columns().hash(&mut hasher);
        Self {
            width: header.width(),
            delimiter: header.delimiter,
            layout: hasher.finish() | 1,
            format,
        }
    }

    fn line(
        &self,
        line: &[u8],
        fields: &mut Fields,
        sink: &mut RowSink<'_>,
    ) -> Result<(), RejectReason> {
        let quotes = fields.split(line, self.delimiter);
        let fits = |n: usize| n == self.width && n <= MAX_FIELDS;
        if quotes && fields.unquote(line, self.delimiter) && fits(fields.n) {
            let record = Record {
                bytes: &fields.unquoted,
                ends: &fields.ends[..fields.n],
            };
            return self.format.row(&record, sink);
        }
        if quotes {
            fields.split(line, self.delimiter);
        }
        if !fits(fields.n) {
            sink.tally.too_wide += u64::from(fields.n > self.width);
            return Err(RejectReason::Malformed);
        }
        let record = Record {
            bytes: line,
            ends: &fields.ends[..fields.n],
        };
        self.format.row(&record, sink)
    }
}

impl<F: CsvFormat> TextReader for CsvReader<F> {
    fn format(&self) -> &'static str {
        F::NAME
    }

    fn layout(&self) -> u64 {
        self.layout
    }

    fn read(&self, lines: &Lines<'_>, sink: &mut RowSink<'_>) {
        let mut fields = Fields::new();
        let mut rest = &lines.bytes[lines.start..];
        let mut number = lines.first_line;
        while !rest.is_empty() {
            let (line, after) = match memchr::memchr(lines.terminator, rest) {
                Some(end) => (&rest[..end], &rest[end + 1..]),
                None => (rest, &rest[rest.len()..]),
            };
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.is_empty()
                && let Err(reason) = self.line(line, &mut fields, sink)
                && !line.trim_ascii().is_empty()
            {
                sink.reject(number, reason, line);
            }
            rest = after;
            number += 1;
        }
    }
}

/// Buffers for the fields of a line.
struct Fields {
    ends: [u32; MAX_FIELDS],
    n: usize,
    /// The fields of a line with quotes, without them, a line feed after each.
    unquoted: Vec<u8>,
}

impl Fields {
    fn new() -> Self {
        Self {
            ends: [0; MAX_FIELDS],
            n: 0,
            unquoted: Vec::new(),
        }
    }

    /// Notes the end of a field. A line with more than fits is refused by its number of fields, so
    /// that it doesn't matter what is overwritten.
    #[inline]
    fn push(&mut self, end: usize) {
        self.ends[self.n % MAX_FIELDS] = end as u32;
        self.n += 1;
    }

    /// Finds the delimiters, eight bytes at a time; returns whether there is a quote.
    fn split(&mut self, line: &[u8], delimiter: u8) -> bool {
        const LOW: u64 = 0x0101_0101_0101_0101;
        const LOW_7: u64 = 0x7F7F_7F7F_7F7F_7F7F;
        let delimiters = LOW * u64::from(delimiter);
        let quotes = LOW * u64::from(b'"');
        self.n = 0;
        let mut quote = 0;
        let (words, tail) = line.as_chunks::<8>();
        for (i, word) in words.iter().enumerate() {
            let word = u64::from_le_bytes(*word);
            let x = word ^ quotes;
            quote |= x.wrapping_sub(LOW) & !x & !LOW_7;
            let x = word ^ delimiters;
            // The high bit of each byte that equals the delimiter, and of no other.
            let mut hits = !(((x & LOW_7) + LOW_7) | x | LOW_7);
            while hits != 0 {
                self.push(i * 8 + hits.trailing_zeros() as usize / 8);
                hits &= hits - 1;
            }
        }
        let base = words.len() * 8;
        let mut quoted = quote != 0;
        for (i, byte) in tail.iter().enumerate() {
            quoted |= *byte == b'"';
            if *byte == delimiter {
                self.push(base + i);
            }
        }
        self.push(line.len());
        quoted
    }

    /// Splits a line with quotes; returns whether every opening quote was closed at the end of a field.
    fn unquote(&mut self, line: &[u8], delimiter: u8) -> bool {
        self.n = 0;
        self.unquoted.clear();
        let mut at = 0;
        loop {
            if line.get(at) == Some(&b'"') {
                at += 1;
                loop {
                    let Some(next) = memchr::memchr(b'"', &line[at..]) else {
                        return false;
                    };
                    self.unquoted.extend_from_slice(&line[at..at + next]);
                    at += next + 1;
                    if line.get(at) != Some(&b'"') {
                        break;
                    }
                    self.unquoted.push(b'"');
                    at += 1;
                }
                if line.get(at).is_some_and(|b| *b != delimiter) {
                    return false;
                }
            } else {
                let end = memchr::memchr(delimiter, &line[at..]).map_or(line.len(), |n| at + n);
                self.unquoted.extend_from_slice(&line[at..end]);
                at = end;
            }
            self.push(self.unquoted.len());
            self.unquoted.push(b'\n');
            if at >= line.len() {
                return true;
            }
            at += 1;
        }
    }
}
