//! Whether the lengths that an Arrow IPC file states can be true.
//!
//! The decoder reserves what a length asks for before it reads; a damaged one asks for petabytes, which ends the process.
//! So the lengths are read first (the file's FlatBuffers, as the Arrow columnar format 1.5 lays them out) and held against
//! the size of the file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use super::source::most_unpacked;

/// What a file ends with, behind the length of its footer.
const MAGIC: &[u8] = b"ARROW1";
/// Bytes of an entry of the footer's lists of batches.
const BLOCK_BYTES: usize = 24;
/// Bytes of an entry of a batch's lists of columns and of buffers.
const PAIR_BYTES: usize = 16;
/// Kind of a message that holds a dictionary, beside that of rows.
const DICTIONARY: u8 = 2;
const ROWS: u8 = 3;

/// A FlatBuffer: every look into it may lead astray, and is `None` then.
#[derive(Clone, Copy)]
struct Flat<'b>(&'b [u8]);

impl<'b> Flat<'b> {
    fn bytes<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..at.checked_add(N)?)?.try_into().ok()
    }

    fn offset(self, at: usize) -> Option<usize> {
        Some(u32::from_le_bytes(self.bytes(at)?) as usize)
    }

    fn number(self, at: usize) -> Option<i64> {
        Some(i64::from_le_bytes(self.bytes(at)?))
    }

    /// Where an offset at a place leads.
    fn follow(self, at: usize) -> Option<usize> {
        at.checked_add(self.offset(at)?)
    }

    /// Where a field of a table lies; `None` if the table lacks it.
    fn field(self, table: usize, field: usize) -> Option<usize> {
        let back = i32::from_le_bytes(self.bytes(table)?);
        let index = usize::try_from(table as i64 - i64::from(back)).ok()?;
        let end = usize::from(u16::from_le_bytes(self.bytes(index)?));
        let slot = 4 + 2 * field;
        if slot + 2 > end {
            return None;
        }
        let within = u16::from_le_bytes(self.bytes(index.checked_add(slot)?)?);
        (within != 0).then(|| table + usize::from(within))
    }

    /// The entries of a list of a table; none if the table lacks it.
    fn list(self, table: usize, field: usize, entry_bytes: usize) -> Option<Vec<usize>> {
        let Some(at) = self.field(table, field) else {
            return Some(Vec::new());
        };
        let list = self.follow(at)?;
        let (count, begin) = (self.offset(list)?, list + 4);
        let end = begin.checked_add(count.checked_mul(entry_bytes)?)?;
        (end <= self.0.len()).then(|| (begin..end).step_by(entry_bytes).collect())
    }
}

/// Reads so many bytes from a place; nothing is reserved beyond what the file has.
fn read_at(file: &mut File, at: u64, n: u64) -> io::Result<Vec<u8>> {
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::new();
    file.take(n).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether all lengths of a file are possible.
///
/// # Errors
/// If it can't be read.
pub(super) fn are_possible(file: &File) -> io::Result<bool> {
    let mut file = file.try_clone()?;
    let size = file.metadata()?.len();
    let tail_bytes = 4 + MAGIC.len() as u64;
    let tail = read_at(&mut file, size.saturating_sub(tail_bytes), tail_bytes)?;
    let Some(footer_bytes) = Flat(&tail).offset(0).filter(|_| tail.ends_with(MAGIC)) else {
        return Ok(false);
    };
    let begin = size.checked_sub(tail_bytes + footer_bytes as u64);
    let Some(begin) = begin else {
        return Ok(false);
    };
    let footer = read_at(&mut file, begin, footer_bytes as u64)?;
    let Some(blocks) = blocks(Flat(&footer)) else {
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
        // Files of old versions lack the mark before the length.
        let skipped = if head.starts_with(&[0xff; 4]) { 8 } else { 4 };
        let flat = Flat(head.get(skipped..)?);
        let message = flat.follow(0)?;
        let kind = flat.bytes::<1>(flat.field(message, 1)?)?[0];
        let header = flat.follow(flat.field(message, 2)?)?;
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
