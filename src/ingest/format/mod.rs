//! Formats of text, and how one is recognised.
//!
//! In: blocks of whole lines. Out: rows into a [`RowSink`]. Rule: a format is chosen by the names in its
//! header, columns are found by name, and a line that can't be read is counted and left out.
//!
//! A new format is a [`TextReader`] and a line in [`recognise`]. Column formats share the line loop
//! of [`csv::CsvReader`]; a format of sentences implements [`TextReader`] itself and may ask for
//! context: whole lines from before the block, to pick up a time stamp or the first half of a message.

pub(crate) mod codes;
pub(crate) mod columns;
pub(crate) mod csv;
pub(crate) mod dma;
pub(crate) mod marine_cadastre;

use super::error::InputError;
use super::options::Format;
use super::sink::RowSink;
use columns::Header;
use csv::CsvReader;

/// Names of the text formats known, for messages.
pub(crate) const KNOWN: &str = "MarineCadastre CSV (MMSI, BaseDateTime, LAT, LON, ...), \
    Danish Maritime Authority CSV (# Timestamp, Type of mobile, MMSI, Latitude, Longitude, ...)";

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
}

/// The reader for a text that begins with `head`.
pub(crate) fn recognise(
    name: &str,
    head: &[u8],
    terminator: u8,
    asked: Format,
) -> Result<Recognised, InputError> {
    let header = Header::read(head, terminator);
    let reader: Box<dyn TextReader> = match asked {
        Format::MarineCadastre => Box::new(
            marine_cadastre::MarineCadastre::from_header(&header)
                .map(|f| CsvReader::new(f, &header))
                .map_err(|missing| header.lacks(name, marine_cadastre::NAME, missing))?,
        ),
        Format::Dma => Box::new(
            dma::Dma::from_header(&header)
                .map(|f| CsvReader::new(f, &header))
                .map_err(|missing| header.lacks(name, dma::NAME, missing))?,
        ),
        Format::Auto => {
            if dma::Dma::is_likely(&header) {
                Box::new(
                    dma::Dma::from_header(&header)
                        .map(|f| CsvReader::new(f, &header))
                        .map_err(|missing| header.lacks(name, dma::NAME, missing))?,
                )
            } else if let Ok(format) = marine_cadastre::MarineCadastre::from_header(&header) {
                Box::new(CsvReader::new(format, &header))
            } else {
                return Err(InputError::UnknownHeader {
                    name: name.to_owned(),
                    columns: header.shown(),
                    known: KNOWN,
                });
            }
        }
        Format::Parquet | Format::Ipc => {
            return Err(InputError::UnknownForm {
                name: name.to_owned(),
                reason: "it is text, but a table format was asked for; leave the format out"
                    .to_owned(),
            });
        }
    };
    Ok(Recognised {
        reader,
        header_bytes: header.bytes,
        header_lines: header.lines,
    })
}
