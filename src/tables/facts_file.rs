//! The facts of a run, from which its events can be judged again without the rows.

use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;

use rayon::prelude::*;

use super::TableError;
use crate::model::{Encounter, Facts};

/// The file beside the tables.
pub const FACTS_FILE: &str = "facts.bin";

/// What the file begins with: its form is that of the program's version, no other version reads it.
const HEADER: &str = concat!("alongside facts ", env!("CARGO_PKG_VERSION"), "\n");

/// zstd's fastest level: facts are written at every scan and read seldom.
const LEVEL: i32 = 1;

/// Encounters of one piece.
const PIECE: usize = 256;

/// Makes a piece of the facts: what is pushed, in a frame of its own.
fn packed(push: impl Fn(Vec<u8>) -> postcard::Result<Vec<u8>> + Sync) -> std::io::Result<Vec<u8>> {
    let bytes = push(Vec::new()).map_err(std::io::Error::other)?;
    let mut packed = zstd::Encoder::new(Vec::new(), LEVEL)?;
    packed.include_checksum(true)?;
    packed.write_all(&bytes)?;
    packed.finish()
}

/// Writes facts: a line of text with the version, then postcard in zstd.
///
/// Postcard writes a structure as its fields one after the other, a list as its length and its members, and zstd reads frames
/// one after the other as one: so pieces are packed side by side. They are cut by count alone, so that equal facts give equal bytes.
///
/// # Errors
/// If the file can't be written.
pub fn write(path: &Path, facts: &Facts) -> Result<(), TableError> {
    let Facts {
        encounters,
        slow_runs,
        stays,
        gaps,
        presence,
        witnesses,
        vessels,
        histories,
        of_tracks: _,
        span,
        complete_to,
    } = facts;
    let of_encounters = |encounters: &[Encounter]| {
        packed(|bytes| {
            (encounters.iter()).try_fold(bytes, |bytes, e| postcard::to_extend(e, bytes))
        })
    };
    let write = || -> std::io::Result<()> {
        let mut file = File::create(path)?;
        file.write_all(HEADER.as_bytes())?;
        file.write_all(&packed(|bytes| {
            postcard::to_extend(&encounters.len(), bytes)
        })?)?;
        for wave in encounters.chunks(PIECE * rayon::current_num_threads()) {
            let pieces = wave.par_chunks(PIECE).map(of_encounters);
            for piece in pieces.collect::<Vec<_>>() {
                file.write_all(&piece?)?;
            }
        }
        let events = || packed(|bytes| postcard::to_extend(&(slow_runs, stays, gaps), bytes));
        let heard = || packed(|bytes| postcard::to_extend(&(presence, witnesses), bytes));
        let known = (vessels, histories, span, complete_to);
        let known = || packed(|bytes| postcard::to_extend(&known, bytes));
        let (events, (heard, known)) = rayon::join(events, || rayon::join(heard, known));
        for piece in [events, heard, known] {
            file.write_all(&piece?)?;
        }
        Ok(())
    };
    write().map_err(|source| TableError::Write {
        path: path.to_owned(),
        source,
    })
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
