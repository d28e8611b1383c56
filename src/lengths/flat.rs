//! FlatBuffers, as far as lengths and schemas of Arrow files go.

use super::MAX_DEPTH;

/// A FlatBuffer: every look into it may lead astray, and is `None` then.
#[derive(Clone, Copy)]
pub(super) struct Flat<'b>(pub(super) &'b [u8]);

impl<'b> Flat<'b> {
    pub(super) fn bytes<const N: usize>(self, at: usize) -> Option<[u8; N]> {
        self.0.get(at..at.checked_add(N)?)?.try_into().ok()
    }

    pub(super) fn offset(self, at: usize) -> Option<usize> {
        Some(u32::from_le_bytes(self.bytes(at)?) as usize)
    }

    pub(super) fn number(self, at: usize) -> Option<i64> {
        Some(i64::from_le_bytes(self.bytes(at)?))
    }

    /// Where an offset at a place leads.
    pub(super) fn follow(self, at: usize) -> Option<usize> {
        at.checked_add(self.offset(at)?)
    }

    /// Where a field of a table lies; `None` if the table lacks it.
    pub(super) fn field(self, table: usize, field: usize) -> Option<usize> {
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
    pub(super) fn list(self, table: usize, field: usize, entry_bytes: usize) -> Option<Vec<usize>> {
        let Some(at) = self.field(table, field) else {
            return Some(Vec::new());
        };
        let list = self.follow(at)?;
        let (count, begin) = (self.offset(list)?, list + 4);
        let end = begin.checked_add(count.checked_mul(entry_bytes)?)?;
        (end <= self.0.len()).then(|| (begin..end).step_by(entry_bytes).collect())
    }

    /// The FlatBuffer of a message, of what kind it is, and where its header lies. `before` is how many bytes come before it
    /// where the mark is missing that the length comes behind.
    pub(super) fn message(head: &'b [u8], before: usize) -> Option<(Self, u8, usize)> {
        let skipped = if head.starts_with(&[0xff; 4]) {
            8
        } else {
            before
        };
        let flat = Self(head.get(skipped..)?);
        let message = flat.follow(0)?;
        let kind = flat.bytes::<1>(flat.field(message, 1)?)?[0];
        Some((flat, kind, flat.follow(flat.field(message, 2)?)?))
    }

    /// Whether the fields of a schema are within each other a few times at most, and no more of them than the buffer has bytes
    /// (offsets may lead to one field from many).
    pub(super) fn is_shallow(self, schema: usize) -> bool {
        let mut left = self.0.len();
        self.is_shallow_list(schema, 1, MAX_DEPTH, &mut left)
            .unwrap_or(false)
    }

    fn is_shallow_list(
        self,
        table: usize,
        field: usize,
        depth: usize,
        left: &mut usize,
    ) -> Option<bool> {
        for at in self.list(table, field, 4)? {
            *left = left.checked_sub(1)?;
            // The children of a field are its sixth entry.
            if depth == 0 || !self.is_shallow_list(self.follow(at)?, 5, depth - 1, left)? {
                return Some(false);
            }
        }
        Some(true)
    }
}
