//! The facts of a run, from which its events can be judged again without the rows.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::Path;

use super::TableError;
use crate::model::Facts;

/// The file beside the tables.
pub const FACTS_FILE: &str = "facts.bin";

/// What the file begins with: its form is that of the program's version, no other version reads it.
const HEADER: &str = concat!("alongside facts ", env!("CARGO_PKG_VERSION"), "\n");

/// zstd's fastest level: facts are written at every scan and read seldom.
const LEVEL: i32 = 1;

/// Writes facts: a line of text with the version, then postcard in zstd.
///
/// # Errors
/// If the file can't be written.
pub fn write(path: &Path, facts: &Facts) -> Result<(), TableError> {
    let fail = |source| TableError::Write {
        path: path.to_owned(),
        source,
    };
    let mut file = File::create(path).map_err(fail)?;
    file.write_all(HEADER.as_bytes()).map_err(fail)?;
    let mut packed = zstd::Encoder::new(file, LEVEL).map_err(fail)?;
    packed.include_checksum(true).map_err(fail)?;
    let buffered = BufWriter::new(packed);
    let buffered = postcard::to_io(facts, buffered).map_err(|e| fail(std::io::Error::other(e)))?;
    let packed = buffered.into_inner().map_err(|e| fail(e.into_error()))?;
    packed.finish().map_err(fail)?;
    Ok(())
}

/// Reads facts back.
///
/// # Errors
/// If the file is missing, damaged, or of another version.
pub fn read(path: &Path) -> Result<Facts, TableError> {
    let fail = |source| TableError::Read {
        path: path.to_owned(),
        source,
    };
    let damaged = |reason: String| TableError::Facts {
        path: path.to_owned(),
        reason,
    };
    let mut file = File::open(path).map_err(fail)?;
    let mut header = vec![0; HEADER.len()];
    if file.read_exact(&mut header).is_err() || header != HEADER.as_bytes() {
        return Err(damaged("it was written by another version".to_owned()));
    }
    let mut bytes = Vec::new();
    zstd::Decoder::new(file)
        .and_then(|mut packed| packed.read_to_end(&mut bytes))
        .map_err(|e| damaged(e.to_string()))?;
    postcard::from_bytes(&bytes).map_err(|e| damaged(e.to_string()))
}
