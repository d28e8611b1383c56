//! Whether the lengths that a file states can be true.
//!
//! In: an open Parquet or Arrow IPC file. Out: nothing, or why it can't be decoded. Rule: the decoders reserve what a
//! length asks for before they read, and a false one asks for petabytes, which ends the process; so every length that a decoder
//! would believe is held against the size of the file first.

mod flat;
mod ipc;
mod parquet;
#[cfg(test)]
mod tests;
mod thrift;

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};

use flat::Flat;
pub(crate) use ipc::check as check_ipc;
pub(crate) use parquet::check as check_parquet;

/// Times that a file may be longer when it is unpacked. Rows that hardly differ come to some 200; what goes beyond a
/// thousand is a bomb (deflate ends at 1,032, Zstandard doesn't).
pub(crate) const MAX_RATIO: u64 = 1_000;

/// So much may be unpacked from any file: a header and a few thousand equal rows.
const FREE_BYTES: u64 = 64 << 20;

/// Groups within groups of columns; tables have one or two, and decoders go down by recursion.
const MAX_DEPTH: usize = 16;

/// How long may be what is unpacked from so many bytes.
pub(crate) fn most_unpacked(packed_bytes: u64) -> u64 {
    packed_bytes.saturating_mul(MAX_RATIO).max(FREE_BYTES)
}

/// Reads so many bytes from a place; nothing is reserved beyond what the file has.
fn read_at(file: &mut File, at: u64, n: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    file.take(n).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The footer of a file that ends with the footer's length and a mark.
///
/// # Errors
/// If it can't be read, or isn't there.
fn footer(file: &mut File, size: u64, mark: &[u8]) -> io::Result<Vec<u8>> {
    let tail_bytes = 4 + mark.len() as u64;
    let tail = read_at(file, size.saturating_sub(tail_bytes), tail_bytes)?;
    let footer_bytes = Flat(&tail).offset(0).filter(|_| tail.ends_with(mark));
    let footer_bytes = footer_bytes.ok_or_else(impossible)? as u64;
    let begin = size.checked_sub(tail_bytes + footer_bytes);
    read_at(file, begin.ok_or_else(impossible)?, footer_bytes)
}

/// Decodes, where decoders panic on some damaged files: a file must not end the run.
pub(crate) fn guarded<T, E: From<io::Error>>(
    decode: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(decode))
        .unwrap_or_else(|_| Err(io::Error::other("its inner structure makes no sense").into()))
}

/// A length that can't be true.
fn impossible() -> io::Error {
    io::Error::other("its lengths make no sense")
}
