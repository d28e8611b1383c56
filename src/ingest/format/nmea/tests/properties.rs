//! What holds for all logs: decoding undoes encoding, blocks and order of rows change nothing, no bytes panic.

use proptest::prelude::*;

use super::encode::Bits;
use super::{MOORED, PART_A, VOYAGE};
use crate::ingest::params::Limits;
use crate::ingest::tests::{Folder, limits, read_all, read_text};
use crate::ingest::value::is_nothing;
use crate::model::{LonLat, NavStatus};

#[derive(Clone, Debug)]
struct Fix {
    kind: u8,
    mmsi: u32,
    status: u8,
    sog: u16,
    lon: i32,
    lat: i32,
    cog: u16,
    heading: u16,
}

fn fix() -> impl Strategy<Value = Fix> {
    (
        (
            prop_oneof![Just(1u8), Just(2), Just(3), Just(18), Just(19), Just(27)],
            201_000_000..776_000_000u32,
        ),
        (
            0..16u8,
            0..1024u16,
            -107_999_999..108_000_000i32,
            -53_999_999..54_000_000i32,
        ),
        (0..4096u16, 0..512u16),
    )
        .prop_map(
            |((kind, mmsi), (status, sog, lon, lat), (cog, heading))| Fix {
                kind,
                mmsi,
                status,
                sog,
                lon,
                lat,
                cog,
                heading,
            },
        )
}

fn encode(fix: &Fix, name: &str) -> Bits {
    let Fix {
        kind,
        mmsi,
        status,
        sog,
        lon,
        lat,
        cog,
        heading,
    } = fix.clone();
    let head = Bits::default()
        .number(kind.into(), 6)
        .number(0, 2)
        .number(mmsi.into(), 30);
    if kind == 27 {
        return head
            .number(0, 2)
            .number(status.into(), 4)
            .number((lon / 1000).into(), 18)
            .number((lat / 1000).into(), 17)
            .number((sog & 63).into(), 6)
            .number((cog & 511).into(), 9)
            .number(0, 2);
    }
    let head = if kind < 4 {
        head.number(status.into(), 4).number(-128, 8)
    } else {
        head.number(0, 8)
    };
    let fix = head
        .number(sog.into(), 10)
        .number(1, 1)
        .number(lon.into(), 28)
        .number(lat.into(), 27)
        .number(cog.into(), 12)
        .number(heading.into(), 9)
        .number(60, 6);
    match kind {
        19 => fix
            .number(0, 4)
            .text(name, 20)
            .number(80, 8)
            .number(12, 9)
            .number(34, 9)
            .number(5, 6)
            .number(6, 6)
            .number(0, 11),
        18 => fix.number(0, 29),
        _ => fix.number(0, 25),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn decoding_undoes_encoding(fix in fix(), name in "[A-Z0-9 .-]{1,20}", chars in 10..60usize) {
        let sentences = encode(&fix, &name).sentences(3, chars);
        let text: String = sentences.iter().map(|s| format!("\\c:1500000000*00\\{s}\n")).collect();
        let (rows, report) = read_text(&text);
        prop_assert_eq!(report.rows_read, 1);
        if (fix.lon, fix.lat) == (0, 0) || (fix.kind == 27 && fix.lon / 1000 == 0 && fix.lat / 1000 == 0) {
            return Ok(());
        }
        prop_assert_eq!(rows.positions.len(), 1, "{}", text);
        let p = rows.positions[0].1;
        prop_assert_eq!(p.mmsi(), fix.mmsi);
        let (lon, lat, sog, cog, heading) = if fix.kind == 27 {
            let knots = f32::from(fix.sog & 63);
            let degrees = f32::from(fix.cog & 511);
            (fix.lon / 1000 * 1000, fix.lat / 1000 * 1000, Some(knots).filter(|k| *k < 63.0), degrees, 511)
        } else {
            let knots = f32::from(fix.sog) / 10.0;
            (fix.lon, fix.lat, Some(knots).filter(|k| *k < 102.0), f32::from(fix.cog) / 10.0, fix.heading)
        };
        let place = LonLat::from_degrees(f64::from(lon) / 600_000.0, f64::from(lat) / 600_000.0).unwrap();
        prop_assert!((p.place().lon_e7() - place.lon_e7()).abs() <= 1);
        prop_assert!((p.place().lat_e7() - place.lat_e7()).abs() <= 1);
        let near = |a: Option<f32>, b: Option<f32>| match (a, b) {
            (Some(a), Some(b)) => (a - b).abs() < 0.011,
            (a, b) => a == b,
        };
        prop_assert!(near(p.sog_kn(), sog));
        prop_assert!(near(p.cog_deg(), Some(cog).filter(|c| *c < 360.0)));
        prop_assert!(near(p.heading_deg(), Some(f32::from(heading)).filter(|h| *h < 360.0)));
        if fix.kind < 4 {
            prop_assert_eq!(p.nav_status(), NavStatus::new(fix.status));
        }
        if fix.kind == 19 {
            let record = &rows.statics[0].record;
            let name = name.trim();
            prop_assert_eq!(record.name.as_deref(), Some(name).filter(|n| !is_nothing(n.as_bytes())));
            prop_assert_eq!((record.to_bow_m, record.to_starboard_m), (Some(12), Some(6)));
        }
    }

    #[test]
    fn blocks_change_nothing(
        lines in proptest::collection::vec(line(), 0..120),
        block_bytes in 1..3000usize,
    ) {
        let text = lines.join("\n");
        let folder = Folder::new();
        let path = folder.file("a.log", text);
        let (expected, one) = read_all(std::slice::from_ref(&path), &limits()).unwrap();
        let small = Limits { block_bytes, ..limits() };
        let (got, many) = read_all(&[path], &small).unwrap();
        prop_assert_eq!(&expected, &got);
        prop_assert_eq!(one.rejects(), many.rejects());
    }

    #[test]
    fn messages_in_any_order(fixes in proptest::collection::vec(fix(), 1..40), seed in any::<u64>()) {
        let mut messages: Vec<String> = fixes
            .iter()
            .enumerate()
            .map(|(i, fix)| {
                let sentences = encode(fix, "NAME").sentences(1, 60);
                sentences.iter().map(|s| format!("\\c:{}*00\\{s}\n", 1_500_000_000 + i)).collect()
            })
            .collect();
        let (expected, _) = read_text(messages.concat());
        let mut state = seed | 1;
        for i in (1..messages.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            messages.swap(i, (state >> 33) as usize % (i + 1));
        }
        let (got, _) = read_text(messages.concat());
        prop_assert_eq!(expected, got);
    }

    #[test]
    fn no_bytes_panic(
        lines in proptest::collection::vec(
            prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..80),
                "[!$\\\\]AIVDM,[0-9],[0-9],[0-9]?,[AB]?,[0-W`-w]{0,80},[0-6]\\*[0-9A-F]{2}".prop_map(String::into_bytes),
                line().prop_map(String::into_bytes),
            ],
            0..40,
        ),
        block_bytes in 1..300usize,
    ) {
        let mut text = MOORED.as_bytes().to_vec();
        for line in &lines {
            text.push(b'\n');
            text.extend_from_slice(line);
        }
        let folder = Folder::new();
        let path = folder.file("a.log", &text);
        let (_, archive) = read_all(&[path], &Limits { block_bytes, ..limits() }).unwrap();
        let report = &archive.inputs()[0];
        prop_assert_eq!(report.format, "nmea");
    }

    #[test]
    fn any_payload_is_read_or_refused(kind in 0..64u8, rest in proptest::collection::vec(any::<bool>(), 0..600)) {
        let bits = rest.iter().fold(Bits::default().number(kind.into(), 6), |b, bit| b.number((*bit).into(), 1));
        let text: String = bits
            .sentences(1, 60)
            .iter()
            .map(|s| format!("\\c:1500000000*00\\{s}\n"))
            .collect();
        let (_, report) = read_text(text);
        prop_assert_eq!(report.rows_read, 1);
    }
}

/// Lines that have to do with each other: parts in any order, times, long lines.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(MOORED.to_owned()),
        Just(PART_A.to_owned()),
        (0..4usize, 0..3u8, 0..4usize).prop_map(|(part, sequence, station)| {
            let fixture = [VOYAGE[0], VOYAGE[1], VOYAGE[0], VOYAGE[1]][part];
            let sentence = super::sealed(&fixture.replace(",3,B", &format!(",{sequence},B")));
            let station = ["", "", "\\s:one*00\\", "\\s:two*00\\"][station];
            format!("{station}{sentence}")
        }),
        (0..50u32).prop_map(|s| format!("$PGHP,1,2014,9,28,16,0,{s},684,219,21,992190921,1,14*22")),
        (0..50u32).prop_map(|s| format!("\\c:{}*00\\{MOORED}", 1_500_000_000 + s)),
        (0..1300usize).prop_map(|n| format!("# {}", "x".repeat(n))),
        "[a-z!,*]{0,20}",
    ]
}
