//! Nothing but the rows matters: not their order, not blocks, memory or files; and no bytes panic.

use proptest::prelude::*;

use super::{Folder, Rows, limits, options, read_all};
use crate::ingest::archive::read_within;
use crate::ingest::params::Limits;
use crate::ingest::{Archive, Options};
use crate::model::report::SHARDS;
use crate::model::{PositionReport, Timestamp};

const HEADERS: [&str; 2] = [
    "MMSI,BaseDateTime,LAT,LON,SOG,COG,VesselName,Draft",
    "# Timestamp,MMSI,Latitude,Longitude,SOG,COG,Name,Draught,Type of mobile",
];

/// A row in the form of either header.
fn row(form: usize, v: (u32, u32, i32, u16, u8)) -> String {
    let (vessel, minute, e5, sog, name) = v;
    let mmsi = 311_000_000 + vessel;
    let (day, hour, minute) = (1 + minute / 1440 % 28, minute / 60 % 24, minute % 60);
    let place = f64::from(e5) / 1e5;
    let names = ["", "HYDRA", "POLARIS \"X\"", "Unknown"];
    let name = names[usize::from(name) % names.len()];
    let draught = f64::from(name.len() as u32) / 10.0;
    let sog = f64::from(sog) / 10.0;
    if form == 0 {
        format!(
            "{mmsi},2018-06-{day:02}T{hour:02}:{minute:02}:00,{place},{place},{sog},-61.8,{name},{draught}"
        )
    } else {
        format!(
            "{day:02}/06/2018 {hour:02}:{minute:02}:00,{mmsi},{place},{place},{sog},1,{name},{draught},Class A"
        )
    }
}

fn text(form: usize, rows: &[String]) -> String {
    let mut text = HEADERS[form].to_owned() + "\n";
    for row in rows {
        text.push_str(row);
        text.push('\n');
    }
    text
}

fn values() -> impl Strategy<Value = Vec<(u32, u32, i32, u16, u8)>> {
    proptest::collection::vec(
        (
            0..5u32,
            0..10_000u32,
            -9_100_000..9_100_000i32,
            0..1100u16,
            any::<u8>(),
        ),
        1..300,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn order_blocks_files_and_memory_change_nothing(
        values in values(),
        form in 0..2usize,
        seed in any::<u64>(),
        block_bytes in 1..3000usize,
        memory_bytes in prop_oneof![Just(0usize), 0..20_000usize, Just(100_000_000)],
        split in 0.0..1.0f64,
    ) {
        let rows: Vec<String> = values.into_iter().map(|v| row(form, v)).collect();
        let folder = Folder::new();
        let whole = folder.file("whole.csv", text(form, &rows));
        let (expected, one) = read_all(&[whole], &limits()).unwrap();
        let mut shuffled = rows.clone();
        let mut state = seed | 1;
        for i in (1..shuffled.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            shuffled.swap(i, (state >> 33) as usize % (i + 1));
        }
        let (a, b) = shuffled.split_at((split * rows.len() as f64) as usize);
        let a = folder.file("a.csv", text(form, a));
        let b = folder.file("b.csv", text(form, b));
        let small = Limits { block_bytes, memory_bytes, ..limits() };
        let (got, many) = read_all(&[b, a], &small).unwrap();
        prop_assert_eq!(&expected, &got);
        prop_assert_eq!(one.rejects(), many.rejects());
        if memory_bytes == 0 && !got.is_empty() {
            prop_assert!(many.spilled_bytes() > 0);
        }
    }

    #[test]
    fn no_bytes_panic(
        head in prop_oneof![
            Just(Vec::new()),
            Just(HEADERS[0].as_bytes().to_vec()),
            Just(HEADERS[1].as_bytes().to_vec()),
            Just(vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]),
            Just(vec![0x28, 0xB5, 0x2F, 0xFD]),
            Just(b"PK\x03\x04".to_vec()),
            Just(b"ARROW1\0\0".to_vec()),
            Just(b"PAR1".to_vec()),
        ],
        lines in proptest::collection::vec(
            prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..80),
                "[0-9,.:\"TZ /-]{0,60}".prop_map(String::into_bytes),
                Just(row(0, (1, 2, 3, 4, 1)).into_bytes()),
            ],
            0..30,
        ),
        block_bytes in 1..200usize,
    ) {
        let mut bytes = head;
        for line in &lines {
            bytes.push(b'\n');
            bytes.extend_from_slice(line);
        }
        let folder = Folder::new();
        let path = folder.file("a", &bytes);
        let small = Limits { block_bytes, max_line_bytes: 60, ..limits() };
        let mut archive = read_within(&[path], &small, &options(), &()).unwrap();
        let rows = Rows::of(&mut archive);
        let report = &archive.inputs()[0];
        prop_assert_eq!(report.rows_read, report.rows_accepted + report.rejects.total());
        prop_assert!(rows.positions.len() as u64 <= report.rows_accepted);
    }
}

impl Rows {
    fn is_empty(&self) -> bool {
        self.positions.is_empty() && self.statics.is_empty()
    }
}

#[test]
fn a_month_in_one_shuffled_file_stays_within_memory() {
    let rows: Vec<String> = (0..60_000u32)
        .map(|i| {
            let mixed = i.wrapping_mul(2_654_435_761);
            row(
                0,
                (
                    mixed % 97,
                    mixed % 40_320,
                    (mixed % 8_000_000) as i32 + 1,
                    5,
                    1,
                ),
            )
        })
        .collect();
    let folder = Folder::new();
    let path = folder.file("month.csv", text(0, &rows));
    let (expected, archive) = read_all(std::slice::from_ref(&path), &limits()).unwrap();
    assert_eq!(archive.spilled_bytes(), 0);
    let temporary = folder.path().join("temporary");
    std::fs::create_dir(&temporary).unwrap();
    let small = Limits {
        block_bytes: 100_000,
        memory_bytes: 300_000,
        temporary_dir: Some(temporary.clone()),
        ..limits()
    };
    for limits in [limits(), small.clone()] {
        let read = || read_within(std::slice::from_ref(&path), &limits, &options(), &()).unwrap();
        assert_parts_are_days(read(), read());
    }
    let mut archive = read_within(&[path], &small, &options(), &()).unwrap();
    assert_eq!(archive.days().len(), 28);
    assert!(archive.memory_bytes() <= 300_000);
    assert!(archive.spilled_bytes() > 1_000_000);
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 1);
    assert_eq!(Rows::of(&mut archive), expected);
    drop(archive);
    assert_eq!(std::fs::read_dir(&temporary).unwrap().count(), 0);
}

/// The parts of each day follow one another, hold no row of another's time, and together are the day.
fn assert_parts_are_days(mut parts: Archive, mut days: Archive) {
    for day in days.days() {
        let (whole, mut shards, mut from) = (
            days.take(day).unwrap(),
            vec![Vec::new(); SHARDS],
            day.start(),
        );
        let mut statics = Vec::new();
        for part in parts.take_parts(day).unwrap() {
            assert_eq!(part.origin, day.start());
            for (shard, rows) in shards.iter_mut().zip(part.positions) {
                let t = |p: &PositionReport| Timestamp(part.origin.0 + i64::from(p.ms()));
                assert!(rows.iter().all(|p| from <= t(p) && t(p) < part.complete_to));
                shard.extend(rows);
            }
            statics.extend(part.statics);
            from = part.complete_to;
        }
        assert_eq!(from, day.end());
        let sorted = |mut rows: Vec<PositionReport>| {
            rows.sort_unstable();
            rows
        };
        let [one, other] =
            [shards, whole.positions].map(|s| s.into_iter().map(sorted).collect::<Vec<_>>());
        assert_eq!(one, other);
        assert_eq!(statics.len(), whole.statics.len());
    }
    assert!(parts.days().is_empty());
}

/// The number of threads decides how many files are read at once; one must be enough.
#[test]
fn threads_change_nothing() {
    let folder = Folder::new();
    for file in 0..9 {
        let rows: Vec<String> = (0..500u32)
            .map(|i| {
                row(
                    file % 2,
                    (i % 50, i * 7, 1 + (i % 100) as i32 * 1000, 5, i as u8),
                )
            })
            .collect();
        folder.file(&format!("{file}.csv"), text(file % 2, &rows) + "broken\n");
    }
    let read = |threads: usize| {
        let rejects = folder.path().join("rejects.out");
        let options = Options {
            keep_rejects: Some(rejects.clone()),
            ..options()
        };
        let small = Limits {
            block_bytes: 2000,
            memory_bytes: 50_000,
            ..limits()
        };
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let inputs = [folder.path().to_owned()];
        let mut archive = pool
            .install(|| read_within(&inputs, &small, &options, &()))
            .unwrap();
        archive.publish_rejects().unwrap();
        let reports: Vec<_> = archive
            .inputs()
            .iter()
            .map(|i| {
                (
                    i.name(),
                    i.rows_accepted,
                    i.rejects.clone(),
                    i.first,
                    i.last,
                    i.sha256.clone(),
                )
            })
            .collect();
        (
            Rows::of(&mut archive),
            reports,
            std::fs::read_to_string(rejects).unwrap(),
        )
    };
    let one = read(1);
    assert_eq!(one.1.len(), 9);
    assert_eq!(one.2.lines().count(), 10);
    for threads in [2, 5, 16] {
        assert!(read(threads) == one, "{threads} threads");
    }
}
