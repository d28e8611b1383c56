use std::fs::File;
use std::io::Write;

use polars::prelude::{DataFrame, ParquetReader, SerReader};

use super::{check_parquet, guarded};

const SEEDS: [(&str, &[u8]); 3] = [
    (
        "differences_v1",
        include_bytes!("../../benches/fuzz/seeds/differences_v1.parquet"),
    ),
    (
        "differences_v2",
        include_bytes!("../../benches/fuzz/seeds/differences_v2.parquet"),
    ),
    (
        "dictionaries",
        include_bytes!("../../benches/fuzz/seeds/dictionaries.parquet"),
    ),
];

fn file(bytes: &[u8]) -> File {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file
}

fn read(bytes: &[u8]) -> std::io::Result<DataFrame> {
    guarded(|| {
        let file = file(bytes);
        check_parquet(&file, |_| true)?;
        ParquetReader::new(file)
            .finish()
            .map_err(std::io::Error::other)
    })
}

fn refused(bytes: &[u8]) -> bool {
    guarded(|| check_parquet(&file(bytes), |_| true)).is_err()
}

#[test]
fn what_others_write_is_let_through() {
    for (name, bytes) in SEEDS {
        let frame = read(bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!((frame.height(), frame.width()), (40, 9), "{name}");
        let texts = |column: &str| -> Vec<String> {
            let column = frame.column(column).unwrap().str().unwrap();
            column.iter().map(|t| t.unwrap_or("-").to_owned()).collect()
        };
        assert_eq!(texts("name")[6..9], ["SHIP 0", "-", "SHIP 2"], "{name}");
        assert_eq!(texts("callsign")[39], "V7ID0", "{name}");
        let times = frame.column("t").unwrap().datetime().unwrap().physical();
        assert_eq!(
            times.get(39),
            Some(1_528_000_000_000 + 39 * 60_000),
            "{name}"
        );
    }
}

/// What is let through is read without an end of the process, whichever byte is another.
#[test]
fn no_byte_makes_the_decoder_take_all_memory() {
    std::panic::set_hook(Box::new(|_| {}));
    for (name, whole) in SEEDS {
        let mut stopped = 0;
        for at in 4..whole.len() - 8 {
            for byte in [0xff, 0x80, whole[at] ^ 1, whole[at] ^ 0x40] {
                let mut bytes = whole.to_vec();
                bytes[at] = byte;
                stopped += u32::from(read(&bytes).is_err());
            }
        }
        assert!(stopped > 1000, "{name}: only {stopped} were refused");
    }
    let _ = std::panic::take_hook();
}

/// A number in the compact protocol.
fn varint(mut n: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while n >= 0x80 {
        bytes.push(n as u8 | 0x80);
        n >>= 7;
    }
    bytes.push(n as u8);
    bytes
}

/// The same file with another piece in the place of the only one that begins with `old` after `from`.
fn replaced(whole: &[u8], from: usize, old: &[u8], new: &[u8]) -> Vec<u8> {
    let found = whole[from..].windows(old.len()).position(|w| w == old);
    let at = from + found.expect("the piece is in the file");
    let mut bytes = whole.to_vec();
    // What is longer pushes the rest away from its places, which is refused as well; so it takes the place of what follows.
    bytes[at..at + new.len()].copy_from_slice(new);
    bytes
}

#[test]
fn a_page_of_billions_of_values_is_refused() {
    // The first page is that of the column mmsi, 40 values: field 5 (a record), field 1 (a number), 40 by twos.
    let whole = SEEDS[0].1;
    let page = [0x2c, 0x15, 80];
    for n in [0, 41, 39, 1 << 30, 1 << 62] {
        let claim = [&[0x2c, 0x15][..], &varint(2 * n)].concat();
        let bytes = replaced(whole, 4, &page, &claim);
        assert!(refused(&bytes), "{n} values");
    }
    assert!(!refused(whole));
}

#[test]
fn lengths_within_a_page_are_held_to_the_page() {
    let whole = SEEDS[0].1;
    // Blocks of 128 differences in 4 parts tell 40 lengths, the first of them 5 ("V7ID0"): those of the call signs.
    let head = [0x80, 0x01, 0x04, 40, 10];
    assert!(!refused(&replaced(whole, 4, &head, &head)));
    for claim in [
        // More values than the page has.
        [0x80, 0x01, 0x04, 41, 10],
        // A length below zero.
        [0x80, 0x01, 0x04, 40, 9],
        // Texts longer than the page.
        [0x80, 0x01, 0x04, 40, 0x7e],
        // No parts.
        [0x80, 0x01, 0x00, 40, 10],
    ] {
        assert!(refused(&replaced(whole, 4, &head, &claim)), "{claim:?}");
    }
}

#[test]
fn a_footer_of_billions_of_entries_is_refused() {
    // The footer begins with the version, 2 by twos, and the list of ten elements of the schema.
    let whole = SEEDS[2].1;
    let list = [0x15, 0x04, 0x19, 0xac];
    for n in [100_001_u64, 1 << 31] {
        let claim = [&[0x15, 0x04, 0x19, 0xfc][..], &varint(n)].concat();
        assert!(refused(&replaced(whole, 4, &list, &claim)), "{n} entries");
    }
}

/// Decoders go down into a schema by recursion, also into columns that aren't read.
#[test]
fn a_schema_deeper_than_any_is_refused() {
    let nested = include_bytes!("../../benches/fuzz/seeds/nested.parquet");
    let deep = include_bytes!("../../benches/fuzz/seeds/deep.parquet");
    let without = |bytes: &[u8]| guarded(|| check_parquet(&file(bytes), |name| name != "more"));
    assert!(without(nested).is_ok());
    assert!(without(deep).is_err());
    // A column of records isn't read at any depth.
    assert!(refused(nested));
}
