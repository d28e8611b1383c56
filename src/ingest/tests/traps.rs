//! Rows as they really come: broken, quoted, endless, in the wrong century.

use std::path::PathBuf;

use super::{CLOCK, Folder, limits, read_all, read_text};
use crate::ingest::archive::read_within;
use crate::ingest::{InputError, Options, Selection};
use crate::model::{RejectReason, Timestamp};

const HEADER: &str = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName";

fn good(second: u32) -> String {
    format!("311000013,2018-06-02T05:33:{second:02},33.03,-117.82,4.9,10.0,11.0,HYDRA VOYAGER\n")
}

/// Reads the lines between two good ones; both must be there at the end.
fn between(lines: impl AsRef<[u8]>) -> (u64, Vec<(RejectReason, u64)>) {
    let mut text = format!("{HEADER}\n{}", good(1)).into_bytes();
    text.extend_from_slice(lines.as_ref());
    text.extend_from_slice(good(59).as_bytes());
    let (rows, report) = read_text(text);
    let times: Vec<String> = (0..rows.positions.len()).map(|i| rows.time(i)).collect();
    for good in ["2018-06-02T05:33:01.000Z", "2018-06-02T05:33:59.000Z"] {
        assert!(times.iter().any(|t| t == good), "{times:?}");
    }
    (report.rows_accepted - 2, report.rejects.iter().collect())
}

#[test]
fn every_reason() {
    use RejectReason::*;
    let cases = [
        ("0,2018-06-02T05:33:10,33,-117,,,,\n", BadMmsi),
        ("x,2018-06-02T05:33:10,33,-117,,,,\n", BadMmsi),
        ("1234567890,2018-06-02T05:33:10,33,-117,,,,\n", BadMmsi),
        ("311000013,2018-13-02T05:33:10,33,-117,,,,\n", BadTime),
        ("311000013,2018-02-29T05:33:10,33,-117,,,,\n", BadTime),
        ("311000013,2018-06-02T05:33:60,33,-117,,,,\n", BadTime),
        ("311000013,,33,-117,,,,\n", BadTime),
        ("311000013,1970-01-01T00:00:00,33,-117,,,,\n", TooOld),
        ("311000013,2099-01-01T00:00:00,33,-117,,,,\n", Future),
        (
            "311000013,2018-06-02T05:33:10,0.0,0.00000,,,,\n",
            BadPosition,
        ),
        ("311000013,2018-06-02T05:33:10,97.5,-117,,,,\n", BadPosition),
        ("311000013,2018-06-02T05:33:10,33,220,,,,\n", BadPosition),
        ("311000013,2018-06-02T05:33:10,,,,,,\n", NoPosition),
        (
            "311000013,2018-06-02T05:33:10,91.0,0.0,,,,@@ \n",
            NoPosition,
        ),
        ("311000013,2018-06-02T05:33:10,33,181,,,,\n", NoPosition),
        ("311000013,2018-06-02T05:33:10,33,abc,,,,\n", Malformed),
        ("311000013,2018-06-02T05:33:10,33,,,,,\n", Malformed),
        ("311000013,2018-06-02T05:33:10,33,-117,,,\n", Malformed),
        ("311000013,2018-06-02T05:33:10,33,-117,,,,,\n", Malformed),
        ("311000013\n", Malformed),
        ("993672001,2018-06-02T05:33:10,33,-117,,,,\n", NotAVessel),
        ("111219501,2018-06-02T05:33:10,33,-117,,,,\n", NotAVessel),
        ("2579999,2018-06-02T05:33:10,33,-117,,,,\n", NotAVessel),
    ];
    for (line, reason) in cases {
        assert_eq!(between(line), (0, vec![(reason, 1)]), "{line}");
    }
}

#[test]
fn what_is_no_fault() {
    let cases = [
        "7,2018-06-02 05:33:10.250 UTC,33,-117,,,,\n",
        "311000013,2018-06-02T05:33:10Z,90,180,,,,\n",
        "941203549,2018-06-02T05:33:10+00:00,33,-117,,,,NET BUOY\n",
        "311000013,2018-06-02T05:33:10,91,0,,,,NAME WITHOUT PLACE\n",
        "311000013,2018-06-02T05:33:10,33,-117,nan,x,-,\n",
        "311000013,2018-06-02 5:33:10,33,-117,,,,\n",
        "311000013,2018-6-2 5:33,33,-117,,,,\n",
        "311000013,2018-06-02T05:33:10,0,-117,,,,\n",
        "311000013,2018-06-02T05:33:10,1e-05,-117,,,,\r\n",
        "\"311000013\",\"2018-06-02T05:33:10\",\"33\",\"-117\",\"\",\"\",\"\",\"A, \"\"B\"\"\"\n",
    ];
    for line in cases {
        assert_eq!(between(line), (1, vec![]), "{line}");
    }
    assert_eq!(between("\n\r\n   \n"), (0, vec![]));
}

/// R, pandas and databases write words into cells that hold nothing.
#[test]
fn words_for_nothing_are_empty_cells() {
    for word in [
        "NA", "\\N", "NULL", "None", "NaN", "nan", "n/a", "#N/A", "<NA>",
    ] {
        let blank = format!("311000013,2018-06-02T05:33:10,{word},{word},{word},{word},{word}");
        let named = format!("{blank},HYDRA VOYAGER\n");
        assert_eq!(between(&named), (1, vec![]), "{word}");
        let quoted = named.replace(word, &format!("\"{word}\""));
        assert_eq!(between(&quoted), (1, vec![]), "{word}");
        let nameless = format!("{blank},{word}\n");
        let nothing = (0, vec![(RejectReason::NoPosition, 1)]);
        assert_eq!(between(&nameless), nothing, "{word}");
        // One of the two alone is no position.
        let half = "311000013,2018-06-02T05:33:10,33,NA,,,,HYDRA VOYAGER\n".replace("NA", word);
        let broken = (0, vec![(RejectReason::Malformed, 1)]);
        assert_eq!(between(&half), broken, "{word}");
        let (rows, _) = read_text(format!(
            "{HEADER}\n311000013,2018-06-02T05:33:10,33,-117,{word},{word},{word},{word}\n"
        ));
        assert_eq!((rows.positions.len(), rows.statics.len()), (1, 0), "{word}");
    }
}

#[test]
fn quotes_swallow_nothing() {
    let cases = [
        "311000013,2018-06-02T05:33:10,33,-117,,,,5\" GUN\n",
        "311000013,2018-06-02T05:33:10,33,-117,,,,\"OPEN\n",
        "311000013,2018-06-02T05:33:10,33,-117,,,,\"A\"B\n",
        "311000013,2018-06-02T05:33:10,33,-117,\",,,\n",
    ];
    for line in cases {
        assert_eq!(between(line), (1, vec![]), "{line}");
    }
    let (rows, _) = read_text(format!(
        "{HEADER}\n311000013,2018-06-02T05:33:10,33,-117,,,,\"SEA, \"\"X\"\"\"\n311000014,2018-06-02T05:33:10,33,-117,,,,5\" GUN\n"
    ));
    assert_eq!(rows.statics[0].record.name.as_deref(), Some("SEA, \"X\""));
    assert_eq!(rows.statics[1].record.name.as_deref(), Some("5\" GUN"));
}

#[test]
fn bytes_that_are_no_text() {
    let mut line = b"311000013,2018-06-02T05:33:10,33,-117,,,,B\xC5\xC6R\0\x07 \n".to_vec();
    assert_eq!(between(&line), (1, vec![]));
    line[3] = 0;
    assert_eq!(between(&line), (0, vec![(RejectReason::BadMmsi, 1)]));
    let (rows, _) = read_text(
        [
            HEADER.as_bytes(),
            b"\n311000013,2018-06-02T05:33:10,33,-117,,,,B\xC5\xC6R\0 \n",
        ]
        .concat(),
    );
    assert_eq!(
        rows.statics[0].record.name.as_deref(),
        Some("B\u{FFFD}\u{FFFD}R")
    );
}

#[test]
fn endless_lines() {
    let long = "x".repeat(1_000_000);
    let cases = [
        format!("{long}\n"),
        format!("{}\n", ",".repeat(1_000_000)),
        format!("\"{long}\n"),
    ];
    for line in cases {
        assert_eq!(between(&line), (0, vec![(RejectReason::Malformed, 1)]));
    }
    let row = format!("311000013,2018-06-02T05:33:10,33,-117,,,,{long}\n");
    assert_eq!(between(row), (1, vec![]));
    // Longer than is read at all.
    let folder = Folder::new();
    let path = folder.file("a.csv", format!("{HEADER}\n{}{long}\n{}", good(1), good(2)));
    let small = crate::ingest::params::Limits {
        block_bytes: 1000,
        max_line_bytes: 5000,
        ..limits()
    };
    let (rows, archive) = read_all(&[path], &small).unwrap();
    assert_eq!(rows.positions.len(), 2);
    assert_eq!(
        archive.inputs()[0].rejects.count(RejectReason::Malformed),
        1
    );
}

#[test]
fn ends_and_marks() {
    for text in [
        format!("\u{FEFF}{HEADER}\n{}{}", good(1), good(2)),
        format!("\n\n{HEADER}\n{}{}", good(1), good(2).trim_end()),
        format!("{HEADER}\n{}{}", good(1), good(2)).replace('\n', "\r\n"),
        format!("{HEADER}\n{}{}", good(1), good(2)).replace('\n', "\r"),
        format!("{HEADER}\n{}{}", good(1), good(2)).replace(',', ";"),
        format!("{HEADER}\n{}{}", good(1), good(2)).replace(',', "\t"),
    ] {
        let (rows, report) = read_text(&text);
        assert_eq!((rows.positions.len(), report.rows_read), (2, 2), "{text:?}");
        assert_eq!((rows.statics.len(), report.rows_accepted), (1, 2));
    }
    let (rows, report) = read_text(format!("{HEADER}\n"));
    assert_eq!((rows.positions.len(), report.error), (0, None));
}

#[test]
fn selection() {
    let folder = Folder::new();
    let path = folder.file(
        "a.csv",
        format!(
            "{HEADER}\n{}{}{}{}",
            good(1),
            good(10),
            good(30),
            "311000013,2018-06-02T05:33:11,35,-117,,,,\n"
        ),
    );
    let options = Options {
        selection: Some(Selection {
            from: Timestamp::parse("2018-06-02T05:33:10"),
            to: Timestamp::parse("2018-06-02T05:33:30"),
            area: Some(Box::new(|p| p.lat() < 34.0)),
        }),
        ..super::options()
    };
    let archive = read_within(&[path], &limits(), &options, &()).unwrap();
    let report = &archive.inputs()[0];
    assert_eq!(report.rows_accepted, 1);
    assert_eq!(report.rejects.count(RejectReason::OutsideSelection), 3);
    assert_eq!(report.first, Timestamp::parse("2018-06-02T05:33:10"));
}

#[test]
fn the_clock_is_an_argument() {
    let clock = Timestamp::parse(CLOCK).unwrap();
    let row = |t: Timestamp| {
        let t = t.to_string();
        format!("{HEADER}\n311000013,{t},33.03,-117.82,,,,\n")
    };
    let (_, report) = read_text(row(clock.plus_s(86_400)));
    assert_eq!(report.rows_accepted, 1);
    let (_, report) = read_text(row(clock.plus_s(86_401)));
    assert_eq!(report.rejects.count(RejectReason::Future), 1);
}

#[test]
fn rejects_are_written_with_their_lines() {
    let folder = Folder::new();
    let mut text = String::from("\n");
    text.push_str(HEADER);
    text.push('\n');
    let mut expected = vec!["file,line,reason,text".to_owned()];
    let path = folder.path().join("a.csv");
    let name = path.display().to_string();
    for line in 3..600 {
        match line % 7 {
            0 => {
                text.push_str("=cmd|calc\n");
                expected.push(format!("{name},{line},malformed,'=cmd|calc"));
            }
            3 => text.push('\n'),
            5 => {
                let long = "y".repeat(300);
                text.push_str(&format!("0,{long}\n"));
                expected.push(format!("{name},{line},malformed,\"0,{}\"", &long[..198]));
            }
            _ => text.push_str(&good(line % 60)),
        }
    }
    let path = folder.file("a.csv", text);
    for block_bytes in [1, 17, 100, 1000, 4_000_000] {
        let rejects = folder.path().join("rejects.csv");
        std::fs::write(&rejects, "old").unwrap();
        let options = Options {
            keep_rejects: Some(rejects.clone()),
            ..super::options()
        };
        let small = crate::ingest::params::Limits {
            block_bytes,
            ..limits()
        };
        let mut archive = read_within(std::slice::from_ref(&path), &small, &options, &()).unwrap();
        // Not before it is asked for.
        assert_eq!(std::fs::read_to_string(&rejects).unwrap(), "old");
        archive.publish_rejects().unwrap();
        archive.publish_rejects().unwrap();
        let written = std::fs::read_to_string(&rejects).unwrap();
        let lines: Vec<&str> = written.lines().collect();
        assert_eq!(lines, expected, "{block_bytes}");
    }
    // Nothing else is left behind.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn inputs_are_found_once_and_in_order() {
    let folder = Folder::new();
    let text = |s| format!("{HEADER}\n{}", good(s));
    folder.file("b/2.csv", text(2));
    folder.file("b/c/3.TXT", text(3));
    folder.file("b/readme.md", "# nothing");
    folder.file("b/.hidden.csv", "x");
    let one = folder.file("1.dat", text(1));
    let pattern = folder.path().join("b/*.csv");
    let inputs = [
        folder.path().join("b"),
        pattern,
        one.clone(),
        one,
        folder.path().join("missing.csv"),
        folder.path().join("*.none"),
    ];
    let (rows, archive) = read_all(&inputs, &limits()).unwrap();
    assert_eq!(rows.positions.len(), 3);
    let names: Vec<PathBuf> = archive.inputs().iter().map(|i| i.path.clone()).collect();
    let expected = ["1.dat", "b/2.csv", "b/c/3.TXT", "missing.csv", "*.none"];
    assert_eq!(names, expected.map(|n| folder.path().join(n)));
    let errors: Vec<_> = archive.inputs().iter().map(|i| i.error.clone()).collect();
    assert_eq!(errors[..3], [None, None, None]);
    assert!(matches!(errors[3], Some(InputError::Unreadable { .. })));
    assert!(matches!(errors[4], Some(InputError::NoMatch { .. })));
    assert!(read_all(&[], &limits()).is_err());
}
