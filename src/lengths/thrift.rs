//! What Parquet files say of themselves, in Thrift's compact protocol.
//!
//! The decoders take a field for what the format says it is and not for what the file says, and a list for as long as it
//! claims. So a record is walked here by both: where they differ, or where the fields aren't in order (the last of two
//! equal ones would count), there is no saying what a decoder would read.

/// Entries of a list: columns, groups of rows. Decoders reserve some hundred bytes for each before they read one.
const MAX_ENTRIES: u64 = 100_000;
/// Unknown records within each other.
const MAX_DEPTH: usize = 16;

/// A record of the Parquet format (2.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// The footer.
    File,
    SchemaElement,
    LogicalType,
    Decimal,
    TimeOrTimestamp,
    Integer,
    RowGroup,
    ColumnChunk,
    ColumnMetadata,
    Statistics,
    KeyValue,
    SortingColumn,
    PageHeader,
    DataPage,
    DataPageV2,
    DictionaryPage,
    /// One of several records that hold nothing.
    Choice,
    Nothing,
}

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bool,
    Byte,
    Number,
    Bytes,
    Record(Record),
    Numbers,
    Texts,
    Records(Record),
}

impl Record {
    /// What the format says that a field holds; `None` for fields that decoders pass over.
    fn kind(self, field: i16) -> Option<Kind> {
        use Kind::{Bool, Byte, Bytes, Number, Numbers, Records, Texts};
        Some(match (self, field) {
            (Self::File, 1 | 3) => Number,
            (Self::File, 2) => Records(Self::SchemaElement),
            (Self::File, 4) => Records(Self::RowGroup),
            (Self::File, 5) => Records(Self::KeyValue),
            (Self::File, 6) => Bytes,
            (Self::File, 7) => Records(Self::Choice),
            (Self::SchemaElement, 1..=3 | 5..=9) => Number,
            (Self::SchemaElement, 4) => Bytes,
            (Self::SchemaElement, 10) => Kind::Record(Self::LogicalType),
            (Self::LogicalType, 5) => Kind::Record(Self::Decimal),
            (Self::LogicalType, 7 | 8) => Kind::Record(Self::TimeOrTimestamp),
            (Self::LogicalType, 10) => Kind::Record(Self::Integer),
            (Self::LogicalType, 1..=15) => Kind::Record(Self::Nothing),
            (Self::Decimal, 1 | 2) => Number,
            (Self::TimeOrTimestamp, 1) => Bool,
            (Self::TimeOrTimestamp, 2) => Kind::Record(Self::Choice),
            (Self::Integer, 1) => Byte,
            (Self::Integer, 2) => Bool,
            (Self::RowGroup, 1) => Records(Self::ColumnChunk),
            (Self::RowGroup, 4) => Records(Self::SortingColumn),
            (Self::RowGroup, 2..=7) => Number,
            (Self::ColumnChunk, 1) => Bytes,
            (Self::ColumnChunk, 3) => Kind::Record(Self::ColumnMetadata),
            (Self::ColumnChunk, 2..=7) => Number,
            (Self::ColumnMetadata, 2) => Numbers,
            (Self::ColumnMetadata, 3) => Texts,
            (Self::ColumnMetadata, 12) => Kind::Record(Self::Statistics),
            (Self::ColumnMetadata, 1..=7 | 9..=11 | 14 | 15) => Number,
            (Self::Statistics, 3 | 4) => Number,
            (Self::Statistics, 1..=6) => Bytes,
            (Self::Statistics, 7 | 8) => Bool,
            (Self::KeyValue, 1 | 2) => Bytes,
            (Self::SortingColumn, 1) => Number,
            (Self::SortingColumn, 2 | 3) => Bool,
            (Self::PageHeader, 1..=4) => Number,
            (Self::PageHeader, 5) => Kind::Record(Self::DataPage),
            (Self::PageHeader, 6) => Kind::Record(Self::Nothing),
            (Self::PageHeader, 7) => Kind::Record(Self::DictionaryPage),
            (Self::PageHeader, 8) => Kind::Record(Self::DataPageV2),
            (Self::DataPage, 5) | (Self::DataPageV2, 8) => Kind::Record(Self::Statistics),
            (Self::DataPage, 1..=4) | (Self::DataPageV2, 1..=6) => Number,
            (Self::DictionaryPage, 1 | 2) => Number,
            (Self::DataPageV2, 7) | (Self::DictionaryPage, 3) => Bool,
            (Self::Choice, 1..=3) => Kind::Record(Self::Nothing),
            _ => return None,
        })
    }
}

/// Reads records; every step is `None` where the bytes end or can't be meant.
pub(super) struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    pub(super) fn new(bytes: &'b [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What hasn't been read.
    pub(super) fn rest(&self) -> &'b [u8] {
        self.rest
    }

    pub(super) fn take(&mut self, n: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(n)?;
        self.rest = rest;
        Some(taken)
    }

    fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|b| b[0])
    }

    /// A number of up to nine groups of seven bits, lowest first.
    pub(super) fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..63).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        // The tenth group is the last bit; encoders write it for negative numbers only.
        match self.byte()? {
            1 => Some(value | 1 << 63),
            _ => None,
        }
    }

    pub(super) fn signed(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    fn bytes(&mut self) -> Option<&'b [u8]> {
        let n = usize::try_from(self.varint()?).ok()?;
        self.take(n)
    }

    /// Kind and number of the entries of a list.
    fn list(&mut self) -> Option<(u8, u64)> {
        let head = self.byte()?;
        let n = match head >> 4 {
            15 => self.varint()?,
            n => u64::from(n),
        };
        (n <= MAX_ENTRIES).then_some((head & 0x0f, n))
    }

    /// Reads a record; `seen` is told its beginning, as field 0, and every number of a known field.
    pub(super) fn record(
        &mut self,
        record: Record,
        seen: &mut dyn FnMut(Record, i16, i64),
    ) -> Option<()> {
        let mut last = 0;
        seen(record, 0, 0);
        while let Some((field, code)) = self.field(last)? {
            last = field;
            match (record.kind(field), code) {
                (None, _) => self.skip(code, MAX_DEPTH)?,
                (Some(Kind::Bool), BOOL_TRUE | BOOL_FALSE) => {}
                (Some(Kind::Byte), BYTE) => drop(self.byte()?),
                (Some(Kind::Number), SHORT | INT | LONG) => seen(record, field, self.signed()?),
                (Some(Kind::Bytes), BYTES) => drop(self.bytes()?),
                (Some(Kind::Record(inner)), RECORD) => self.record(inner, seen)?,
                (Some(Kind::Numbers), LIST) => {
                    let (_, n) = self
                        .list()
                        .filter(|l| matches!(l, (SHORT..=LONG, _) | (_, 0)))?;
                    (0..n).try_for_each(|_| self.varint().map(drop))?;
                }
                (Some(Kind::Texts), LIST) => {
                    let (_, n) = self.list().filter(|l| matches!(l, (BYTES, _) | (_, 0)))?;
                    (0..n).try_for_each(|_| self.bytes().map(drop))?;
                }
                (Some(Kind::Records(inner)), LIST) => {
                    let (_, n) = self.list().filter(|l| matches!(l, (RECORD, _) | (_, 0)))?;
                    (0..n).try_for_each(|_| self.record(inner, seen))?;
                }
                _ => return None,
            }
        }
        Some(())
    }

    /// Number and kind of the next field; none at the end of the record.
    fn field(&mut self, last: i16) -> Option<Option<(i16, u8)>> {
        let head = self.byte()?;
        if head & 0x0f == 0 {
            return Some(None);
        }
        let field = match head >> 4 {
            0 => i16::try_from(self.signed()?).ok()?,
            step => last.checked_add(i16::from(step))?,
        };
        (field > last).then_some(Some((field, head & 0x0f)))
    }

    fn skip(&mut self, code: u8, depth: usize) -> Option<()> {
        let depth = depth.checked_sub(1)?;
        match code {
            BOOL_TRUE | BOOL_FALSE => Some(()),
            BYTE => self.byte().map(drop),
            SHORT | INT | LONG => self.varint().map(drop),
            DOUBLE => self.take(8).map(drop),
            BYTES => self.bytes().map(drop),
            LIST => {
                let (code, n) = self.list()?;
                // Decoders differ in whether an entry that is true or false has a byte.
                let may_skip = n == 0 || !matches!(code, BOOL_TRUE | BOOL_FALSE);
                may_skip.then_some(())?;
                (0..n).try_for_each(|_| self.skip(code, depth))
            }
            RECORD => {
                let mut last = 0;
                while let Some((field, code)) = self.field(last)? {
                    last = field;
                    self.skip(code, depth)?;
                }
                Some(())
            }
            _ => None,
        }
    }
}

const BOOL_TRUE: u8 = 1;
const BOOL_FALSE: u8 = 2;
const BYTE: u8 = 3;
const SHORT: u8 = 4;
const INT: u8 = 5;
const LONG: u8 = 6;
const DOUBLE: u8 = 7;
const BYTES: u8 = 8;
const LIST: u8 = 9;
const RECORD: u8 = 12;
