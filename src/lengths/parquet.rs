//! Lengths of a Parquet file: of its footer, of the pages of the columns that are read, and within pages.

use std::fs::File;
use std::io::{self, Cursor};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use polars::prelude::ArrowDataType;
use polars_parquet::parquet::encoding::Encoding;
use polars_parquet::parquet::metadata::{ColumnChunkMetadata, FileMetadata};
use polars_parquet::parquet::page::split_buffer;
use polars_parquet::parquet::read::{BasicDecompressor, PageReader, read_metadata};
use polars_parquet::parquet::schema::types::PhysicalType;
use polars_parquet::read::infer_schema;

use super::flat::Flat;
use super::thrift::{Reader, Record};
use super::{MAX_DEPTH, footer, impossible, most_unpacked, read_at};

/// What a file ends with, behind the length of its footer.
const MAGIC: &[u8] = b"PAR1";
/// Longest block of differences, in values; encoders write 128 or 256.
const MAX_BLOCK: u64 = 65_536;
/// Kinds of pages.
const DATA: i64 = 0;
const DICTIONARY: i64 = 2;
const DATA_V2: i64 = 3;

/// What a file may still take.
struct Budget {
    /// Bytes of the file: chunks that share theirs would be read again and again.
    packed: u64,
    /// Bytes of pages, unpacked.
    pages: u64,
    /// Bytes of values, decoded.
    values: u64,
}

fn spend(left: &mut u64, n: u64) -> io::Result<()> {
    *left = left.checked_sub(n).ok_or_else(impossible)?;
    Ok(())
}

/// Holds all lengths that reading these columns believes against the size of a file.
///
/// # Errors
/// If it can't be read, a length can't be true, or a column holds anything but plain numbers and texts.
pub(crate) fn check(file: &File, is_read: impl Fn(&str) -> bool) -> io::Result<()> {
    let mut file = file.try_clone()?;
    let size = file.metadata()?.len();
    check_footer(&mut file, size)?;
    let metadata = read_metadata(&mut file).map_err(io::Error::other)?;
    check_arrow_schema(&metadata)?;
    let schema = infer_schema(&metadata).map_err(io::Error::other)?;
    let nested = schema
        .iter_values()
        .find(|f| is_read(&f.name) && !is_plain(&f.dtype));
    if let Some(field) = nested {
        return Err(not_plain(&field.name));
    }
    let most = most_unpacked(size);
    let mut budget = Budget {
        packed: size,
        pages: most,
        values: most,
    };
    for group in &metadata.row_groups {
        for chunk in group.parquet_columns() {
            let path = &chunk.descriptor().path_in_schema;
            if path.first().is_some_and(|name| is_read(name)) {
                let rows = group.num_rows() as u64;
                check_chunk(&mut file, chunk, rows, &mut budget)?;
            }
        }
    }
    Ok(())
}

/// Whether a column holds numbers or texts, as they are or as a dictionary: that only says how they are kept in memory.
fn is_plain(kind: &ArrowDataType) -> bool {
    match kind {
        ArrowDataType::Dictionary(_, values, _) => !values.is_nested(),
        kind => !kind.is_nested(),
    }
}

fn not_plain(column: &str) -> io::Error {
    io::Error::new(
        io::ErrorKind::Unsupported,
        format!("column '{column}' holds no plain numbers or texts"),
    )
}

fn check_footer(file: &mut File, size: u64) -> io::Result<()> {
    let footer = footer(file, size, MAGIC)?;
    let mut children = Vec::new();
    let mut count = |record, field, n| match (record, field) {
        (Record::SchemaElement, 0) => children.push(0),
        (Record::SchemaElement, 5) => *children.last_mut().expect("an element has begun") = n,
        _ => {}
    };
    let read = Reader::new(&footer).record(Record::File, &mut count);
    let is_sound = read.is_some() && is_shallow(&children);
    is_sound.then_some(()).ok_or_else(impossible)
}

/// Whether elements with so many children each, which come behind them, are within each other a few times at most.
fn is_shallow(children: &[i64]) -> bool {
    let mut open = Vec::new();
    children.iter().all(|n| {
        while open.pop_if(|left| *left <= 0).is_some() {}
        if let Some(left) = open.last_mut() {
            *left -= 1;
        }
        open.push(*n);
        open.len() <= MAX_DEPTH
    })
}

/// The schema that Arrow's writers add.
fn check_arrow_schema(metadata: &FileMetadata) -> io::Result<()> {
    let values = metadata.key_value_metadata().iter().flatten();
    for value in values
        .filter(|kv| kv.key == "ARROW:schema")
        .filter_map(|kv| kv.value.as_ref())
    {
        // What isn't in base 64 is no schema, and the decoder says so.
        let Ok(bytes) = STANDARD.decode(value) else {
            continue;
        };
        let is_shallow = Flat::message(&bytes, 0).is_some_and(|(flat, _, at)| flat.is_shallow(at));
        if !is_shallow {
            return Err(impossible());
        }
    }
    Ok(())
}

fn check_chunk(
    file: &mut File,
    chunk: &ColumnChunkMetadata,
    rows: u64,
    budget: &mut Budget,
) -> io::Result<()> {
    let column = chunk.descriptor();
    let kind = &column.descriptor;
    let width = width(kind.primitive_type.physical_type);
    let is_plain = column.path_in_schema.len() == 1 && kind.max_rep_level == 0;
    let Some(width) = width.filter(|_| is_plain && kind.max_def_level <= 1) else {
        return Err(not_plain(&column.path_in_schema[0]));
    };
    if u64::try_from(chunk.num_values()) != Ok(rows) {
        return Err(impossible());
    }
    spend(&mut budget.values, rows.saturating_mul(width))?;
    // The sum of both was found to be a number when the footer was decoded.
    let range = chunk.byte_range();
    let packed = range.end - range.start;
    spend(&mut budget.packed, packed)?;
    let bytes = read_at(file, range.start, packed)?;
    if bytes.len() as u64 != packed {
        return Err(impossible());
    }
    if check_pages(&bytes, rows, budget)? {
        check_differences(chunk, bytes, budget)?;
    }
    Ok(())
}

/// Bytes of a value, decoded; `None` of those whose length is in the schema.
fn width(kind: PhysicalType) -> Option<u64> {
    Some(match kind {
        PhysicalType::Boolean => 1,
        PhysicalType::Int32 | PhysicalType::Float => 4,
        PhysicalType::Int64 | PhysicalType::Double => 8,
        // An instant of old; place and beginning of a text.
        PhysicalType::Int96 | PhysicalType::ByteArray => 16,
        PhysicalType::FixedLenByteArray(_) => return None,
    })
}

/// What a page says of itself.
#[derive(Default)]
struct Page {
    kind: i64,
    unpacked: i64,
    packed: i64,
    values: i64,
    encoding: i64,
}

/// Holds the pages of a column to its rows; whether any holds differences.
fn check_pages(bytes: &[u8], rows: u64, budget: &mut Budget) -> io::Result<bool> {
    let mut rest = bytes;
    let mut seen = 0;
    let mut has_differences = false;
    let mut is_first = true;
    // Decoders look at the first page even if there are no rows: it may be a dictionary.
    while seen < rows || (is_first && !rest.is_empty()) {
        let (page, behind) = header(rest).ok_or_else(impossible)?;
        let number = |n: i64| u32::try_from(n).map_err(|_| impossible());
        let (packed, unpacked) = (number(page.packed)?, number(page.unpacked)?);
        let values = u64::from(number(page.values)?);
        spend(&mut budget.pages, u64::from(unpacked))?;
        match page.kind {
            DICTIONARY if is_first && values <= u64::from(unpacked) => {}
            DATA | DATA_V2 => {
                seen += values;
                has_differences |= is_differences(page.encoding);
            }
            _ => return Err(impossible()),
        }
        rest = behind.get(packed as usize..).ok_or_else(impossible)?;
        is_first = false;
    }
    (seen == rows)
        .then_some(has_differences)
        .ok_or_else(impossible)
}

/// Reads a page's header; and what is behind it.
fn header(bytes: &[u8]) -> Option<(Page, &[u8])> {
    let mut page = Page::default();
    // Values and encoding by kind: a header may hold those of others too.
    let mut each = [(0, 0); 4];
    let mut reader = Reader::new(bytes);
    reader.record(Record::PageHeader, &mut |record, field, n| {
        use Record::{DataPage, DataPageV2, DictionaryPage, PageHeader};
        match (record, field) {
            (PageHeader, 1) => page.kind = n,
            (PageHeader, 2) => page.unpacked = n,
            (PageHeader, 3) => page.packed = n,
            (DataPage, 1) => each[DATA as usize].0 = n,
            (DataPage, 2) => each[DATA as usize].1 = n,
            (DictionaryPage, 1) => each[DICTIONARY as usize].0 = n,
            (DataPageV2, 1) => each[DATA_V2 as usize].0 = n,
            (DataPageV2, 4) => each[DATA_V2 as usize].1 = n,
            _ => {}
        }
    })?;
    (page.values, page.encoding) = *each.get(usize::try_from(page.kind).ok()?)?;
    Some((page, reader.rest()))
}

/// Encodings that tell values by differences, in the format's numbers; those of lengths take memory for what they add up to.
fn is_differences(encoding: i64) -> bool {
    matches!(encoding, 5..=7)
}

/// Unpacks the pages with differences, and holds them to what the page holds.
fn check_differences(
    chunk: &ColumnChunkMetadata,
    bytes: Vec<u8>,
    budget: &mut Budget,
) -> io::Result<()> {
    let reader = PageReader::new(Cursor::new(bytes.into()), chunk, Vec::new(), usize::MAX);
    let mut pages = BasicDecompressor::new(reader, Vec::new());
    pages.read_dict_page().map_err(io::Error::other)?;
    while let Some(page) = pages.next() {
        let page = page.and_then(|page| page.decompress(&mut pages));
        let page = page.map_err(io::Error::other)?;
        let values = split_buffer(&page).map_err(io::Error::other)?.values;
        let most = page.num_values() as u64;
        let reader = &mut Reader::new(values);
        let unpacked = match page.encoding() {
            Encoding::DeltaBinaryPacked => Blocks::read(reader, most).map(|_| 0),
            Encoding::DeltaLengthByteArray => texts(reader, most),
            Encoding::DeltaByteArray => shortened_texts(reader, most),
            _ => Some(0),
        };
        spend(&mut budget.values, unpacked.ok_or_else(impossible)?)?;
        pages.reuse_page_buffer(page);
    }
    Ok(())
}

/// The head of numbers told by differences.
struct Blocks {
    /// Values of a block.
    block: u64,
    /// Parts of a block, each with a width of its own.
    parts: u64,
    values: u64,
    first: i64,
}

impl Blocks {
    /// Reads the head, if it claims no more than so many values.
    fn read(reader: &mut Reader, most: u64) -> Option<Self> {
        let head = Self {
            block: reader.varint()?,
            parts: reader.varint()?,
            values: reader.varint()?,
            first: reader.signed()?,
        };
        let parts = 1..=head.block.min(MAX_BLOCK);
        let is_possible = head.block <= MAX_BLOCK && parts.contains(&head.parts);
        (is_possible && head.values <= most).then_some(head)
    }
}

/// Lengths told by differences.
fn lengths(reader: &mut Reader, most: u64) -> Option<Vec<u64>> {
    let head = Blocks::read(reader, most)?;
    let mut last = head.first;
    let mut lengths = Vec::new();
    if head.values > 0 {
        lengths.push(u64::try_from(last).ok()?);
    }
    let part = (head.block / head.parts) as usize;
    while (lengths.len() as u64) < head.values {
        let least = reader.signed()?;
        for width in reader.take(head.parts as usize)? {
            let left = head.values as usize - lengths.len();
            if left == 0 {
                // Parts behind the last value have a width, and nothing else.
                break;
            }
            let packed = reader.take((usize::from(*width) * part).div_ceil(8))?;
            for i in 0..left.min(part) {
                let difference = bits(packed, i, *width)?;
                last = last.wrapping_add(least).wrapping_add(difference as i64);
                lengths.push(u64::try_from(last).ok()?);
            }
        }
    }
    Some(lengths)
}

/// The number at a place among numbers of so many bits, lowest first.
fn bits(packed: &[u8], at: usize, width: u8) -> Option<u64> {
    let width = usize::from(width);
    let (begin, end) = (at * width, (at + 1) * width);
    let bytes = packed
        .get(begin / 8..end.div_ceil(8))
        .filter(|_| width <= 64)?;
    let all = bytes
        .iter()
        .rev()
        .fold(0_u128, |all, b| all << 8 | u128::from(*b));
    Some((all >> (begin % 8) & ((1 << width) - 1)) as u64)
}

/// The bytes of texts whose lengths come first.
fn texts(reader: &mut Reader, most: u64) -> Option<u64> {
    let all = sum(&lengths(reader, most)?)?;
    (all <= reader.rest().len() as u64).then_some(all)
}

/// The bytes of texts that share their beginning with the one before: how much of it comes first, then the lengths of the rest.
fn shortened_texts(reader: &mut Reader, most: u64) -> Option<u64> {
    let shared = sum(&lengths(reader, most)?)?;
    shared.checked_add(texts(reader, most)?)
}

fn sum(lengths: &[u64]) -> Option<u64> {
    lengths.iter().try_fold(0_u64, |all, n| all.checked_add(*n))
}
