//! Formats of text, and how one is recognised.
//!
//! In: blocks of whole lines. Out: rows into a [`RowSink`]. Rule: a format is chosen by its content
//! or the names in its header, columns are found by name, and a line that can't be read is counted and left out.
//!
//! A new format is a [`TextReader`] and a line in [`recognise`]. Column formats share the line loop
//! of [`csv::CsvReader`]; a format of sentences implements [`TextReader`] itself and may ask for
//! context: whole lines from before the block, to pick up a time stamp or the first half of a message.

pub(crate) mod codes;
pub(crate) mod columns;
pub(crate) mod csv;
pub(crate) mod dma;
pub(crate) mod mapped;
pub(crate) mod marine_cadastre;
pub(crate) mod nmea;
pub(crate) mod sbarc;

use std::sync::Arc;

use super::error::InputError;
use super::mapping::{ColumnRef, Mapping};
use super::names;
use super::options::Format;
use super::sink::RowSink;
use super::zone::Zone;
use columns::Header;
use csv::CsvReader;

/// Names of the text formats known, for messages.
pub(crate) const KNOWN: &str = "MarineCadastre CSV (MMSI, BaseDateTime, LAT, LON, ...), \
    Danish Maritime Authority CSV (# Timestamp, Type of mobile, MMSI, Latitude, Longitude, ...), \
    NMEA 0183 logs (!AIVDM,...)";

/// Whole lines of a text.
pub(crate) struct Lines<'b> {
    /// Context and block.
    pub bytes: &'b [u8],
    /// Where the block begins; what is before it belongs to earlier blocks.
    pub start: usize,
    /// Number of the block's first line, from 1.
    pub first_line: u64,
    /// Line feed, or carriage return in old files.
    pub terminator: u8,
    /// Whether the text ends with the block.
    pub is_last: bool,
}

impl<'b> Lines<'b> {
    /// The lines of the block with their numbers, without what ends them.
    pub(crate) fn own(&self) -> impl Iterator<Item = (&'b [u8], u64)> + use<'b> {
        let (mut rest, mut number) = (&self.bytes[self.start..], self.first_line);
        let terminator = self.terminator;
        std::iter::from_fn(move || {
            if rest.is_empty() {
                return None;
            }
            let end = memchr::memchr(terminator, rest).unwrap_or(rest.len());
            let line = &rest[..end];
            rest = &rest[(end + 1).min(rest.len())..];
            number += 1;
            Some((line.strip_suffix(b"\r").unwrap_or(line), number - 1))
        })
    }
}

/// Reads the blocks of one text input; shared by threads, so it holds nothing that changes.
pub(crate) trait TextReader: Send + Sync {
    /// The format's name in reports.
    fn format(&self) -> &'static str;

    /// Equal for readers whose raw static fields mean the same.
    fn layout(&self) -> u64;

    /// How many bytes of the lines before a block are wanted with it.
    fn context_bytes(&self) -> usize {
        0
    }

    /// Reads a block: each row is accepted or rejected, exactly once.
    fn read(&self, lines: &Lines<'_>, sink: &mut RowSink<'_>);
}

/// A reader, and where the rows begin behind the header.
pub(crate) struct Recognised {
    pub reader: Box<dyn TextReader>,
    /// Bytes of the header, with blank lines before it.
    pub header_bytes: usize,
    /// Lines of the same.
    pub header_lines: u64,
    /// What should be known of how it is read.
    pub note: Option<String>,
}

/// What the caller says of texts that don't say enough themselves.
#[derive(Clone, Debug)]
pub(crate) struct Hints {
    /// The zone of local times in NMEA logs.
    pub nmea_zone: Zone,
    /// How a CSV is read that no built-in format recognises, or that has all its columns.
    pub mapping: Option<Arc<Mapping>>,
}

/// The reader for a text that begins with `head`.
pub(crate) fn recognise(
    name: &str,
    head: &[u8],
    terminator: u8,
    asked: Format,
    hints: &Hints,
) -> Result<Recognised, InputError> {
    match asked {
        Format::MarineCadastre => marine_cadastre(name, &Header::read(head, terminator)),
        Format::Dma => dma(name, &Header::read(head, terminator)),
        Format::Nmea => Ok(nmea(head, terminator, hints)),
        Format::Sbarc => sbarc(name),
        Format::Mapped => match &hints.mapping {
            Some(mapping) => mapped(name, head, terminator, mapping),
            None => Err(InputError::UnknownForm {
                name: name.to_owned(),
                reason: "the format mapped was asked for, but the configuration has no section \
                         [ingest.mapping]; add one"
                    .to_owned(),
            }),
        },
        Format::Auto => automatic(name, head, terminator, hints),
        Format::Parquet | Format::Ipc => Err(InputError::UnknownForm {
            name: name.to_owned(),
            reason: "it is text, but a table format was asked for; leave the format out".to_owned(),
        }),
    }
}

fn automatic(
    name: &str,
    head: &[u8],
    terminator: u8,
    hints: &Hints,
) -> Result<Recognised, InputError> {
    if nmea::is_likely(head, terminator) {
        return Ok(nmea(head, terminator, hints));
    }
    if sbarc::is_likely(head, terminator) {
        return sbarc(name);
    }
    let header = Header::read(head, terminator);
    let built_in = if dma::Dma::is_likely(&header) {
        Some(dma(name, &header))
    } else {
        marine_cadastre(name, &header).ok().map(Ok)
    };
    if let Some(built_in) = built_in {
        let Some(mapping) = &hints.mapping else {
            return built_in;
        };
        return match mapped_as_named(name, head, terminator, mapping, &header) {
            Ok(mapped) => Ok(mapped),
            Err(reason) => built_in.map(|it| it.instead_of_mapping(&reason)),
        };
    }
    let first = head.trim_ascii_start().first();
    if matches!(first, Some(b'{' | b'[')) {
        return Err(InputError::UnknownForm {
            name: name.to_owned(),
            reason: "it seems to be JSON; turn it into CSV or Parquet".to_owned(),
        });
    }
    if header.column(&[names::EVENT]).is_present() {
        return Err(InputError::UnknownForm {
            name: name.to_owned(),
            reason: names::EVENT_REASON.to_owned(),
        });
    }
    match &hints.mapping {
        Some(mapping) => mapped(name, head, terminator, mapping),
        None => Err(InputError::UnknownHeader {
            name: name.to_owned(),
            columns: header.shown(),
            known: KNOWN,
        }),
    }
}

fn marine_cadastre(name: &str, header: &Header) -> Result<Recognised, InputError> {
    let format = marine_cadastre::MarineCadastre::from_header(header)
        .map_err(|missing| header.lacks(name, marine_cadastre::NAME, missing))?;
    Ok(Recognised::new(CsvReader::new(format, header), header))
}

fn dma(name: &str, header: &Header) -> Result<Recognised, InputError> {
    let format =
        dma::Dma::from_header(header).map_err(|missing| header.lacks(name, dma::NAME, missing))?;
    Ok(Recognised::new(CsvReader::new(format, header), header))
}

fn nmea(head: &[u8], terminator: u8, hints: &Hints) -> Recognised {
    let (header_bytes, header_lines) = nmea::header(head, terminator);
    Recognised {
        reader: Box::new(nmea::NmeaReader::new(hints.nmea_zone)),
        header_bytes,
        header_lines,
        note: None,
    }
}

fn sbarc(name: &str) -> Result<Recognised, InputError> {
    Ok(Recognised {
        reader: Box::new(sbarc::SbarcReader::new(name)?),
        header_bytes: 0,
        header_lines: 0,
        note: None,
    })
}

fn mapped(
    name: &str,
    head: &[u8],
    terminator: u8,
    mapping: &Mapping,
) -> Result<Recognised, InputError> {
    let (reader, header_bytes, header_lines) =
        mapped::MappedReader::new(mapping, name, head, terminator)?;
    Ok(Recognised {
        reader: Box::new(reader),
        header_bytes,
        header_lines,
        note: None,
    })
}

/// The reader by a mapping of which the header has every column, or why it isn't the mapping of this text.
fn mapped_as_named(
    name: &str,
    head: &[u8],
    terminator: u8,
    mapping: &Mapping,
    header: &Header,
) -> Result<Recognised, String> {
    if !mapping.goes_by_names() {
        return Err("which names no column".to_owned());
    }
    let beyond = mapping
        .columns()
        .into_iter()
        .find_map(|(_, column)| match column {
            ColumnRef::Number(n) if usize::from(*n) > header.width() => Some(n),
            _ => None,
        });
    if let Some(number) = beyond {
        return Err(format!("whose column {number} it lacks"));
    }
    mapped(name, head, terminator, mapping).map_err(|error| match error {
        InputError::UnmappedColumns { missing, .. } => format!("whose {missing} it lacks"),
        other => format!("which does not fit ({other})"),
    })
}

impl Recognised {
    /// Says that the mapping of the configuration isn't used for it.
    fn instead_of_mapping(mut self, reason: &str) -> Self {
        self.note = Some(format!(
            "it is read as {} and not by the section [ingest.mapping], {reason}; --format mapped asks for the mapping",
            self.reader.format()
        ));
        self
    }

    fn new(reader: impl TextReader + 'static, header: &Header) -> Self {
        Self {
            reader: Box::new(reader),
            header_bytes: header.bytes,
            header_lines: header.lines,
            note: None,
        }
    }
}
