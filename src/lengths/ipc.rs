//! Lengths of an Arrow IPC file: its FlatBuffers, as the Arrow columnar format 1.5 lays them out.

use std::fs::File;
use std::io;

use super::flat::Flat;
use super::{footer, impossible, most_unpacked, read_at};

/// What a file ends with, behind the length of its footer.
const MAGIC: &[u8] = b"ARROW1";
/// Bytes of an entry of the footer's lists of batches.
const BLOCK_BYTES: usize = 24;
/// Bytes of an entry of a batch's lists of columns and of buffers.
const PAIR_BYTES: usize = 16;
/// Kind of a message that holds a dictionary, beside that of rows.
const DICTIONARY: u8 = 2;
const ROWS: u8 = 3;

/// Holds all lengths of a file against its size.
///
/// # Errors
/// If it can't be read, or a length can't be true.
pub(crate) fn check(file: &File) -> io::Result<()> {
    are_possible(file)?.then_some(()).ok_or_else(impossible)
}

fn are_possible(file: &File) -> io::Result<bool> {
    let mut file = file.try_clone()?;
    let size = file.metadata()?.len();
    let footer = footer(&mut file, size, MAGIC)?;
    let footer = Flat(&footer);
    let schema = footer.follow(0).and_then(|root| footer.field(root, 1));
    let schema = schema.and_then(|at| footer.follow(at));
    if !schema.is_some_and(|schema| footer.is_shallow(schema)) {
        return Ok(false);
    }
    let Some(blocks) = blocks(footer) else {
        return Ok(false);
    };
    for block in blocks {
        if !is_possible(&mut file, block, size)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Place and bytes of the head of every batch, of dictionaries and of rows.
fn blocks(footer: Flat) -> Option<Vec<(u64, u64)>> {
    let root = footer.follow(0)?;
    let mut all = Vec::new();
    for field in [2, 3] {
        for at in footer.list(root, field, BLOCK_BYTES)? {
            let head = footer.offset(at + 8)? as u64;
            all.push((u64::try_from(footer.number(at)?).ok()?, head));
        }
    }
    Some(all)
}

fn is_possible(file: &mut File, (at, head_bytes): (u64, u64), size: u64) -> io::Result<bool> {
    let Some(body) = at.checked_add(head_bytes).filter(|body| *body <= size) else {
        return Ok(false);
    };
    let head = read_at(file, at, head_bytes)?;
    let Some(batch) = Batch::new(&head) else {
        return Ok(false);
    };
    let most = most_unpacked(size);
    let rows_fit = |rows: &i64| u64::try_from(*rows).is_ok_and(|rows| rows <= most);
    if !batch.rows.iter().all(rows_fit) {
        return Ok(false);
    }
    for (offset, length) in batch.buffers {
        let (Ok(offset), Ok(length)) = (u64::try_from(offset), u64::try_from(length)) else {
            return Ok(false);
        };
        let end = offset.checked_add(length).and_then(|n| n.checked_add(body));
        if end.is_none_or(|end| end > size) {
            return Ok(false);
        }
        if batch.is_packed && length >= 8 {
            // Its length unpacked comes first; -1 says that it isn't packed.
            let words = read_at(file, body + offset, 8)?;
            let unpacked = Flat(&words).number(0).unwrap_or(-2);
            if unpacked < -1 || unpacked.max(0).unsigned_abs() > most_unpacked(length) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// What a batch says of its columns.
struct Batch {
    rows: Vec<i64>,
    /// Place in the body, and bytes.
    buffers: Vec<(i64, i64)>,
    is_packed: bool,
}

impl Batch {
    fn new(head: &[u8]) -> Option<Self> {
        // Files of old versions have the length alone.
        let (flat, kind, header) = Flat::message(head, 4)?;
        let table = match kind {
            ROWS => header,
            DICTIONARY => flat.follow(flat.field(header, 1)?)?,
            _ => return None,
        };
        let mut rows = vec![flat.field(table, 0).map_or(Some(0), |at| flat.number(at))?];
        for at in flat.list(table, 1, PAIR_BYTES)? {
            rows.push(flat.number(at)?);
        }
        let mut buffers = Vec::new();
        for at in flat.list(table, 2, PAIR_BYTES)? {
            buffers.push((flat.number(at)?, flat.number(at + 8)?));
        }
        let is_packed = flat.field(table, 3).is_some();
        Some(Self {
            rows,
            buffers,
            is_packed,
        })
    }
}
