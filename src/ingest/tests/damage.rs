//! Wrapped, damaged and foreign files.

use std::io::Write;

use super::{Folder, Rows, limits, read_all};
use crate::ingest::{Archive, InputError};

fn text(rows: u32) -> String {
    let mut text = String::from("MMSI,BaseDateTime,LAT,LON,SOG,VesselName\n");
    for i in 0..rows {
        let (h, m, s) = (i / 3600 % 24, i / 60 % 60, i % 60);
        // Digits that don't repeat, so that compressed files are large enough to be cut.
        let noise = i.wrapping_mul(2_654_435_761) % 100_000;
        text.push_str(&format!(
            "311000013,2018-06-02T{h:02}:{m:02}:{s:02},33.{noise:05},-117.{:05},4.9,HYDRA\n",
            99_999 - noise
        ));
    }
    text
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in members {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn read(name: &str, content: &[u8]) -> (Rows, Archive) {
    let folder = Folder::new();
    let path = folder.file(name, content);
    read_all(&[path], &limits()).unwrap()
}

#[test]
fn wrappings_are_told_by_content() {
    let plain = text(500);
    let halves = plain.split_at(plain.len() / 2);
    let two_members = [gzip(halves.0.as_bytes()), gzip(halves.1.as_bytes())].concat();
    let zstd = zstd::encode_all(plain.as_bytes(), 1).unwrap();
    let expected = read("a.csv", plain.as_bytes()).0;
    for content in [
        gzip(plain.as_bytes()),
        two_members,
        gzip(&gzip(plain.as_bytes())),
        zstd.clone(),
        [
            zstd::encode_all(halves.0.as_bytes(), 1).unwrap(),
            zstd::encode_all(halves.1.as_bytes(), 1).unwrap(),
        ]
        .concat(),
        zip_of(&[("a.csv", plain.as_bytes())]),
        zip_of(&[
            ("x/", b""),
            ("__MACOSX/a", b"x"),
            ("x/.DS_Store", b"x"),
            ("a.csv.zst", &zstd),
        ]),
    ] {
        let (rows, archive) = read("wrong.name", &content);
        assert_eq!(archive.inputs().len(), 1);
        let report = &archive.inputs()[0];
        assert_eq!(report.error, None);
        assert_eq!(report.bytes, content.len() as u64);
        assert_eq!(rows, expected);
    }
}

#[test]
fn every_member_of_an_archive_is_read() {
    let plain = text(10);
    let content = zip_of(&[
        ("a.csv", plain.as_bytes()),
        ("b/readme.txt", b"Contents of this archive"),
        ("b/c.csv", plain.as_bytes()),
    ]);
    let (rows, archive) = read("a.zip", &content);
    assert_eq!(rows.positions.len(), 20);
    let members: Vec<_> = archive
        .inputs()
        .iter()
        .map(|i| i.member.clone().unwrap())
        .collect();
    assert_eq!(members, ["a.csv", "b/readme.txt", "b/c.csv"]);
    assert!(archive.inputs()[2].name().ends_with("a.zip:b/c.csv"));
    assert!(matches!(
        archive.inputs()[1].error,
        Some(InputError::UnknownHeader { .. })
    ));
}

#[test]
fn rows_before_the_damage_are_kept() {
    let plain = text(20_000);
    let zip = zip_of(&[("a.csv", plain.as_bytes())]);
    let mut bad_sum = zip.clone();
    let middle = bad_sum.len() / 2;
    bad_sum[middle] ^= 0x55;
    let gz = gzip(plain.as_bytes());
    let zst = zstd::encode_all(plain.as_bytes(), 1).unwrap();
    for content in [
        &gz[..gz.len() / 2],
        &gz[..gz.len() - 4],
        &zst[..zst.len() / 2],
        &bad_sum,
    ] {
        let (rows, archive) = read("a", content);
        let report = &archive.inputs()[0];
        let Some(InputError::Damaged { rows: n, .. }) = &report.error else {
            panic!("{:?}", report.error);
        };
        assert_eq!(*n, report.rows_accepted);
        assert!(report.rows_accepted > 5_000, "{}", report.rows_accepted);
        // Where bytes were changed and not cut off, rows can be garbled; none is made of a cut line.
        if content != bad_sum {
            assert_eq!(report.rejects.total(), 0);
        }
        assert_eq!(rows.positions.len() as u64, report.rows_accepted);
        assert_eq!(report.sha256.len(), 64);
    }
    // Without its directory a zip archive can't be read at all.
    let (rows, archive) = read("a.zip", &zip[..zip.len() / 2]);
    assert!(rows.positions.is_empty());
    assert!(matches!(
        archive.inputs()[0].error,
        Some(InputError::Damaged { .. })
    ));
    // So short that nothing comes out.
    let (_, archive) = read("a.gz", &gz[..12]);
    let error = archive.inputs()[0].error.as_ref();
    assert!(
        matches!(error, Some(InputError::Damaged { .. })),
        "{error:?}"
    );
}

#[test]
fn what_is_no_ais_data_is_named_with_a_reason() {
    let cases: [(&[u8], &str); 8] = [
        (b"", "is empty"),
        (&gzip(b""), "is empty"),
        (&zip_of(&[]), "is empty"),
        (b"a,b,c\n1,2,3\n", "found: a, b, c"),
        (b"\xFF\xFEM\0M\0S\0I\0", "UTF-16"),
        (b"SQLite format 3\0", "GeoPackage"),
        (&[0; 100], "no text"),
        (&gzip(b"PAR1xxxxPAR1"), "unpack it"),
    ];
    for (content, part) in cases {
        let (rows, archive) = read("a.csv", content);
        assert!(rows.positions.is_empty());
        let message = archive.inputs()[0].error.as_ref().unwrap().to_string();
        assert!(message.contains(part), "{message}");
        assert!(message.contains("a.csv"), "{message}");
    }
}

#[test]
fn the_hash_is_that_of_the_file() {
    let (_, archive) = read("a.csv", text(3).as_bytes());
    use sha2::Digest;
    let digest = sha2::Sha256::digest(text(3));
    let hex: String = digest.iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(archive.inputs()[0].sha256, hex);
}

/// A length that asks for petabytes must be refused before anyone reserves them, which would end the process.
#[test]
fn lengths_of_arrow_files_that_cannot_be_true_are_refused() {
    use polars::prelude::*;
    let n = 40_i64;
    let mut frame = df!(
        "mmsi" => (0..n).map(|i| 311_000_013 + i % 3).collect::<Vec<i64>>(),
        "t" => (0..n).map(|i| 1_528_000_000_000 + i * 60_000).collect::<Vec<i64>>(),
        "lon" => vec![-117.0; n as usize],
        "lat" => vec![33.0; n as usize],
        "name" => vec!["HYDRA"; n as usize],
    )
    .unwrap();
    let folder = Folder::new();
    for compression in [None, Some(IpcCompression::ZSTD(Default::default()))] {
        let mut whole = Vec::new();
        IpcWriter::new(&mut whole)
            .with_compression(compression)
            .finish(&mut frame)
            .unwrap();
        let path = folder.file("a.arrow", &whole);
        let (_, archive) = read_all(&[path], &limits()).unwrap();
        assert_eq!(archive.inputs()[0].rows_accepted, n as u64);
        assert_eq!(archive.inputs()[0].error, None);
        let mut refused = 0;
        for at in (8..whole.len() - 8).step_by(8) {
            for length in [i64::MAX, 1 << 54, -1] {
                let mut bytes = whole.clone();
                bytes[at..at + 8].copy_from_slice(&length.to_le_bytes());
                let path = folder.file("a.arrow", &bytes);
                let (_, archive) = read_all(&[path], &limits()).unwrap();
                refused += u32::from(archive.inputs()[0].error.is_some());
            }
        }
        assert!(refused > 100, "only {refused} of them were refused");
    }
}
