//! A text cut into blocks of whole lines.

use std::io::{self, Read};

/// Whole lines of a text, perhaps with some from before as context.
#[derive(Default)]
pub(crate) struct Block {
    /// Context, lines, and room that isn't used.
    pub data: Vec<u8>,
    /// Where the lines begin.
    pub start: usize,
    /// Where they end.
    pub end: usize,
    /// Number of the first line, from 1.
    pub first_line: u64,
    /// Ordinal of the block in its text.
    pub ordinal: u32,
    /// Whether no block follows.
    pub is_last: bool,
}

/// How a text is cut.
pub(crate) struct Cutter {
    /// Size of a block; it grows if a line is longer.
    pub block_bytes: usize,
    /// Longest line that is read.
    pub max_line_bytes: usize,
    /// Lines of context before each block, in bytes.
    pub context_bytes: usize,
    /// What ends a line.
    pub terminator: u8,
}

/// Takes the blocks.
pub(crate) trait BlockTaker {
    /// A buffer to fill; `None` to stop.
    fn buffer(&mut self) -> Option<Vec<u8>>;
    /// A block.
    fn take(&mut self, block: Block);
    /// A line that is too long was left out.
    fn too_long(&mut self, line: u64);
}

impl Cutter {
    /// Cuts all of a text whose next line is `first_line`. On an error the whole lines before it have
    /// been taken, and what had come of the line it broke off in is left out.
    pub(crate) fn cut(
        &self,
        reader: &mut dyn Read,
        mut first_line: u64,
        taker: &mut dyn BlockTaker,
    ) -> io::Result<()> {
        let mut context = Vec::new();
        let mut carry: Vec<u8> = Vec::new();
        let mut ordinal = 0;
        let mut skipping = false;
        loop {
            let Some(mut data) = taker.buffer() else {
                return Ok(());
            };
            let start = context.len();
            let mut filled = start + carry.len();
            let mut target = start + self.block_bytes.max(carry.len() + self.block_bytes / 2);
            if data.len() > 2 * target {
                // It once held a very long line: give that memory back.
                data = Vec::new();
            }
            grow(&mut data, target);
            data[..start].copy_from_slice(&context);
            data[start..filled].copy_from_slice(&carry);
            carry.clear();
            let (mut ended, mut failed) = (false, None);
            let end = loop {
                while filled < target && !ended && failed.is_none() {
                    match reader.read(&mut data[filled..target]) {
                        Ok(0) => ended = true,
                        Ok(n) => filled += n,
                        Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                        Err(e) => failed = Some(e),
                    }
                }
                if skipping {
                    match memchr::memchr(self.terminator, &data[start..filled]) {
                        Some(n) => {
                            data.copy_within(start + n + 1..filled, start);
                            filled -= n + 1;
                            first_line += 1;
                            skipping = false;
                        }
                        None => filled = start,
                    }
                    if !ended && failed.is_none() {
                        continue;
                    }
                }
                if let Some(n) = memchr::memrchr(self.terminator, &data[start..filled]) {
                    break start + n + 1;
                }
                if failed.is_some() {
                    break start;
                }
                if ended {
                    break filled;
                }
                if filled - start >= self.max_line_bytes {
                    taker.too_long(first_line);
                    skipping = true;
                    filled = start;
                } else {
                    target = start + (filled - start) * 2;
                    grow(&mut data, target);
                }
            };
            carry.extend_from_slice(&data[end..filled]);
            let lines = memchr::memchr_iter(self.terminator, &data[start..end]).count() as u64;
            self.keep_context(&data[..end], &mut context);
            if ended && !carry.is_empty() {
                // The last line has no terminator: it makes a block of its own on the next turn.
                ended = false;
            }
            let finished = ended || failed.is_some();
            taker.take(Block {
                data,
                start,
                end,
                first_line,
                ordinal,
                is_last: finished,
            });
            ordinal += 1;
            first_line += lines;
            match failed {
                Some(error) => return Err(error),
                None if finished => return Ok(()),
                None => {}
            }
        }
    }

    fn keep_context(&self, lines: &[u8], context: &mut Vec<u8>) {
        context.clear();
        if self.context_bytes == 0 {
            return;
        }
        let tail = &lines[lines.len().saturating_sub(self.context_bytes)..];
        let whole = if tail.len() == lines.len() {
            0
        } else {
            memchr::memchr(self.terminator, tail).map_or(tail.len(), |n| n + 1)
        };
        context.extend_from_slice(&tail[whole..]);
    }
}

fn grow(data: &mut Vec<u8>, len: usize) {
    if data.len() < len {
        data.resize(len, 0);
    }
}

#[cfg(test)]
mod tests;
