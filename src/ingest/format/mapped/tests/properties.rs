//! What holds for all bytes and all rows.

use proptest::prelude::*;

use super::{OWN, limits_of, of_page, read};
use crate::ingest::archive::read_within;
use crate::ingest::params::Limits;
use crate::ingest::tests::{Folder, Rows, options, read_all};
use crate::ingest::{Format, Options};

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_bytes_panic(
        which in 0..5usize,
        lines in proptest::collection::vec(
            prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..80),
                "[0-9,;.:\" \tTZ-]{0,60}".prop_map(String::into_bytes),
            ],
            0..30,
        ),
        block_bytes in 1..200usize,
    ) {
        let name = ["vortexa", "tracktable", "noaa_gdb_blanks", "m3_bare", "singapore_tankers"][which];
        let limits = Limits { block_bytes, ..limits_of(&of_page(name)) };
        let folder = Folder::new();
        let mut text = b"timestamp,mmsi,lat,lon\n".to_vec();
        text.extend_from_slice(&lines.join(&b'\n'));
        let path = folder.file("a.csv", &text);
        let asked = Options { format: Format::Mapped, ..options() };
        let mut archive = read_within(&[path], &limits, &asked, &()).unwrap();
        let rows = Rows::of(&mut archive);
        let report = &archive.inputs()[0];
        prop_assert_eq!(report.rows_read, report.rows_accepted + report.rejects.total());
        prop_assert!(rows.positions.len() as u64 <= report.rows_accepted);
    }

    #[test]
    fn blocks_and_order_change_nothing(
        values in proptest::collection::vec((0..5u32, 0..10_000i64, -1800..1800i32, -900..900i32, 0..4usize), 1..100),
        block_bytes in 1..2000usize,
        seed in any::<u64>(),
    ) {
        let mapping = format!("{OWN}time_format = 'epoch_s'\nname = 'name'\n");
        let mut rows: Vec<String> = values
            .iter()
            .map(|(id, t, x, y, name)| {
                let name = ["", "A", "\"B, C\"", "5\" GUN"][*name];
                format!("{},{},{}.5,{}.25,{name}\n", 311_000_000 + id, 1_527_900_000 + t, x / 10, y / 10)
            })
            .collect();
        let header = "id,t,x,y,name\n".to_owned();
        let (expected, _) = read(&mapping, header.clone() + &rows.concat());
        let mut state = seed | 1;
        for i in (1..rows.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            rows.swap(i, (state >> 33) as usize % (i + 1));
        }
        let folder = Folder::new();
        let path = folder.file("a.csv", header + &rows.concat());
        let small = Limits { block_bytes, ..limits_of(&mapping) };
        let (got, _) = read_all(&[path], &small).unwrap();
        prop_assert_eq!(expected, got);
    }
}
