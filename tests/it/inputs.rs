//! What is taken for rows of AIS, and what isn't: said by the program itself.

use std::fs::{self, File};
use std::io::Write;

use polars::prelude::*;
use serde_json::Value as Json;

use super::cli::{Dir, two_tankers};

const HEADER: &str = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName\n";
const ROW: &str = "311000013,2018-06-02T05:00:00,33.7,-118.2,4.9,90.0,91,HYDRA\n";

fn inspected(dir: &Dir, code: i32, input: &str) -> Json {
    let (json, _) = dir.expect(code, &["inspect", input, "--json", "-q"]);
    serde_json::from_str(&json).unwrap()
}

#[test]
fn a_result_among_the_inputs_is_left_out_and_named_once() {
    let dir = Dir::new();
    fs::create_dir(dir.path().join("data")).unwrap();
    dir.write("data/day.csv", two_tankers());
    let args = [
        "scan",
        "data",
        "-o",
        "data/out",
        "--export",
        "parquet,csv,html",
    ];
    let (first, err) = dir.expect(0, &args);
    assert!(first.contains("Read 721 rows from 1 file"), "{first}");
    assert!(!err.contains("warning"), "{err}");
    // Now there is a result of it inside, and evidence has all the columns that rows need.
    let (again, err) = dir.expect(0, &args);
    assert_eq!(again, first);
    assert_eq!(
        err.matches("data/out is a result of alongside").count(),
        1,
        "{err}"
    );
    let (_, err) = dir.expect(0, &["inspect", "data/*"]);
    assert_eq!(
        err.matches("data/out is a result of alongside").count(),
        1,
        "{err}"
    );

    let (_, err) = dir.expect(1, &["scan", "data/out", "-o", "out"]);
    assert!(err.contains("'data/out' is a result of alongside"), "{err}");
    for table in ["evidence.parquet", "evidence.csv", "encounters.csv"] {
        let (_, err) = dir.expect(1, &["inspect", &format!("data/out/{table}")]);
        assert!(err.contains(table) && err.contains("event_id"), "{err}");
    }
    // Files that a pattern leads to are left out too, so that the same command may run twice.
    let (first, _) = dir.expect(0, &["scan", "data/day.csv", "-o", "data/out"]);
    let (again, err) = dir.expect(0, &["scan", "data/**/*.csv", "-o", "data/out"]);
    assert_eq!(again, first);
    assert_eq!(
        err.matches("data/out is a result of alongside").count(),
        1,
        "{err}"
    );
    // A folder with another program's run.json is a folder like any other.
    dir.write("data/run.json", "{\"program\": \"other\"}");
    dir.expect(0, &["inspect", "data"]);
}

#[test]
fn a_file_of_which_no_row_can_be_used_is_named_and_the_code_is_3() {
    let dir = Dir::new();
    dir.write("day.csv", two_tankers());
    let no_time = ROW.replace("2018-06-02T05:00:00", "2 June 2018");
    dir.write("times.csv", format!("{HEADER}{no_time}{no_time}"));
    dir.write("short.csv", format!("{HEADER}1,2\n3\n"));
    for (file, words) in [
        (
            "times.csv",
            "none of its 2 rows can be used (bad_time 2), such as line 2: 311000013,2 June 2018,33.7,-118.2,4.9,90.0,91,HYDRA; \
             check the form of its times; a mapping can name it (time_format in the section [ingest.mapping])",
        ),
        (
            "short.csv",
            "none of its 2 rows can be used (malformed 2), such as line 2: 1,2; ",
        ),
    ] {
        let args = ["scan", "day.csv", file, "-o", "out", "-q"];
        let (out, err) = dir.expect(3, &args);
        assert_eq!(out, "");
        assert!(err.contains(file) && err.contains(words), "{err}");
        let run = fs::read_to_string(dir.path().join("out/run.json")).unwrap();
        assert!(run.contains(words), "{run}");
        let json = inspected(&dir, 3, file);
        let error = json["inputs"][0]["files"][0]["error"].as_str().unwrap();
        assert!(error.contains(words), "{error}");
    }
    // What was understood and isn't wanted is no fault; nor is a header alone.
    dir.write(
        "base.csv",
        format!("{HEADER}{}", ROW.replace("311000013", "002320001")),
    );
    dir.write("header.csv", HEADER);
    dir.write("fine.csv", format!("{HEADER}{ROW}"));
    for file in ["base.csv", "header.csv"] {
        dir.expect(0, &["scan", file, "-o", "out", "-q"]);
    }
    let elsewhere = ["scan", "fine.csv", "-o", "out", "-q", "--bbox", "1,1,2,2"];
    dir.expect(0, &elsewhere);
}

/// An empty result is no result: what was there before is better.
#[test]
fn where_no_row_of_any_input_can_be_used_an_earlier_result_stays() {
    let dir = Dir::new();
    dir.write("day.csv", two_tankers());
    let no_time = ROW.replace("2018-06-02T05:00:00", "2 June 2018");
    dir.write("times.csv", format!("{HEADER}{no_time}"));
    dir.write("short.csv", format!("{HEADER}1,2\n3\n"));
    dir.expect(0, &["scan", "day.csv", "-o", "out", "-q"]);
    let kept = || {
        let files = ["run.json", "encounters.csv", "vessels.csv"];
        files.map(|name| fs::read(dir.path().join("out").join(name)).unwrap())
    };
    let before = kept();
    let args = [
        "scan",
        "times.csv",
        "short.csv",
        "-o",
        "out",
        "--rejects",
        "no.csv",
    ];
    let (out, err) = dir.expect(1, &args);
    assert_eq!(out, "");
    assert!(err.contains("nothing was written"), "{err}");
    assert!(
        err.contains("'times.csv': not its only row can be used"),
        "{err}"
    );
    assert!(err.contains("'short.csv': none of its 2 rows"), "{err}");
    assert!(kept() == before);
    assert!(!dir.path().join("no.csv").exists());
}

/// Nothing is wrong with a row whose two degrees are exchanged; all of them together are ships on land.
#[test]
fn exchanged_degrees_are_told_where_ships_would_be_inland() {
    let dir = Dir::new();
    // South of Malta, and in Sudan.
    let at_sea = two_tankers()
        .replace(",28.5,-88.0,", ",35.6,14.6,")
        .replace(",28.5,-87.9995,", ",35.6,14.6005,");
    let exchanged = at_sea.replacen("LAT,LON", "LON,LAT", 1);
    dir.write("sea.csv", &at_sea);
    dir.write("land.csv", exchanged);
    let words = "would not if longitude and latitude were exchanged";
    let (_, err) = dir.expect(0, &["scan", "sea.csv", "-o", "out"]);
    assert!(!err.contains(words), "{err}");
    let (_, err) = dir.expect(0, &["scan", "land.csv", "-o", "out"]);
    assert!(err.contains(words), "{err}");
    // A few among many are single rows.
    let few: Vec<&str> = at_sea.lines().take(100).collect();
    let few = few
        .join("\n")
        .replacen("LAT,LON", "LON,LAT", 1)
        .replace("53800000", "63800000");
    dir.write("few.csv", few);
    let (_, err) = dir.expect(0, &["scan", "sea.csv", "few.csv", "-o", "out"]);
    assert!(!err.contains(words), "{err}");
}

/// What wasn't asked for is counted apart from what was rejected, and isn't listed with it.
#[test]
fn rows_outside_what_was_asked_for_are_no_rejected_rows() {
    let dir = Dir::new();
    dir.write("day.csv", two_tankers());
    let args = [
        "scan",
        "day.csv",
        "-o",
        "out",
        "--bbox",
        "1,1,2,2",
        "--rejects",
        "rejected.csv",
    ];
    let (out, _) = dir.expect(0, &args);
    assert!(
        out.contains("Outside the area or time asked for: 720\n"),
        "{out}"
    );
    assert!(
        out.contains("Rejected by the readers: 1 (bad_time 1); accepted: 0"),
        "{out}"
    );
    let listed = fs::read_to_string(dir.path().join("rejected.csv")).unwrap();
    assert_eq!(listed.lines().count(), 2, "{listed}");
    let run = fs::read_to_string(dir.path().join("out/run.json")).unwrap();
    let run: Json = serde_json::from_str(&run).unwrap();
    assert_eq!(run["rows"]["rejects"]["outside_selection"], 720);
}

/// A pipe gives its bytes once, from the first on.
#[cfg(unix)]
#[test]
fn what_comes_through_a_pipe_is_read_as_its_file() {
    let dir = Dir::new();
    let sim = [
        "simulate",
        "-o",
        "sim",
        "--vessels",
        "30",
        "--days",
        "1",
        "--seed",
        "5",
        "-q",
    ];
    dir.expect(0, &sim);
    dir.expect(
        0,
        &[&sim[..2], &["nmea"], &sim[3..], &["--format", "nmea"]].concat(),
    );
    let day = |folder: &str| {
        let files = fs::read_dir(dir.path().join(folder)).unwrap();
        let paths = files.map(|entry| entry.unwrap().path());
        let name = |p: &std::path::PathBuf| p.file_name().unwrap().to_str().unwrap().to_owned();
        let path = paths
            .into_iter()
            .find(|p| name(p).starts_with(['A', 'a']))
            .unwrap();
        fs::read(path).unwrap()
    };
    let (text, log) = (day("sim"), day("nmea"));
    dir.write("day.csv", &text);
    dir.write("day.nmea", &log);
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(&text).unwrap();
    dir.write("day.csv.gz", gz.finish().unwrap());
    let mut zip = ::zip::ZipWriter::new(File::create(dir.path().join("day.zip")).unwrap());
    zip.start_file("day.csv", ::zip::write::SimpleFileOptions::default())
        .unwrap();
    zip.write_all(&text).unwrap();
    zip.finish().unwrap();
    for file in ["day.csv", "day.nmea", "day.csv.gz", "day.zip"] {
        let bytes = fs::read(dir.path().join(file)).unwrap();
        assert!(bytes.len() > 20_000, "{file}");
        dir.expect(0, &["scan", file, "-o", "plain", "-q"]);
        for input in ["-", "/dev/stdin"] {
            let args = ["scan", input, "-o", "piped", "-q"];
            let output = dir.run_fed(&args, &bytes);
            let err = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{file} {input}: {err}");
            let run = |folder: &str| {
                let run = fs::read_to_string(dir.path().join(folder).join("run.json")).unwrap();
                let run: Json = serde_json::from_str(&run).unwrap();
                let input = &run["inputs"][0];
                [
                    "format",
                    "bytes",
                    "sha256",
                    "rows_read",
                    "rows_accepted",
                    "rejects",
                ]
                .map(|key| input[key].clone())
            };
            assert_eq!(run("piped"), run("plain"), "{file} {input}");
            for table in ["vessels.csv", "loitering.csv"] {
                let read = |folder: &str| fs::read(dir.path().join(folder).join(table)).unwrap();
                assert!(read("piped") == read("plain"), "{file} {input} {table}");
            }
        }
    }
}

#[test]
fn a_pattern_that_matches_nothing_and_a_column_that_is_missing_are_named() {
    let dir = Dir::new();
    let (_, err) = dir.expect(1, &["scan", "june/*.csv", "-o", "out"]);
    assert!(err.contains("'june/*.csv' matches no file"), "{err}");
    fs::create_dir(dir.path().join("empty")).unwrap();
    let (_, err) = dir.expect(1, &["scan", "emp*", "-o", "out"]);
    assert!(
        err.contains("'emp*' holds no file of a known kind"),
        "{err}"
    );
    dir.write(
        "own.csv",
        "Ship,When,Lon,Lat\n311000013,2018-06-02T05:00:00,-118.2,33.7\n",
    );
    dir.write(
        "own.toml",
        "[ingest.mapping]\nmmsi = 'Ship'\ntime = 'When'\nlon = 'Long'\nlat = 'Lat'\n",
    );
    let (_, err) = dir.expect(1, &["scan", "own.csv", "-o", "out", "--config", "own.toml"]);
    let words = "lacks Long (ingest.mapping.lon) (found: Ship, When, Lon, Lat); correct the section [ingest.mapping] in the \
                 file of --config";
    assert!(err.contains(words), "{err}");
}

/// What is lost row by row may be the form of a column.
#[test]
fn a_large_share_of_rows_lost_for_one_reason_is_told() {
    let dir = Dir::new();
    let rows = |n: usize, row: &str| row.repeat(n);
    let good = rows(60, ROW);
    let semicolons = |text: &str| text.replace(',', ";");
    let cases = [
        (
            "times.csv",
            format!(
                "{HEADER}{good}{}",
                rows(40, &ROW.replace("2018-06-02T05", "2 June 2018 5"))
            ),
            "40 of its 100 rows, 40 %, are left out as bad_time (such as line 62: 311000013,2 June 2018",
            "check the form of its times",
        ),
        (
            "east.csv",
            format!(
                "{HEADER}{good}{}",
                rows(40, &ROW.replace("-118.2", "241.8"))
            ),
            "left out as bad_position (such as line 62: 311000013",
            "set lon_range = \"0..360\" in a mapping",
        ),
        (
            "wide.csv",
            format!("{HEADER}{good}{}", rows(40, &ROW.replace("4.9", "4,9"))),
            "left out as malformed",
            "they have more fields than the header, as where numbers have decimal commas",
        ),
        (
            "commas.csv",
            format!(
                "{}{}{}",
                semicolons(HEADER),
                semicolons(&good),
                rows(40, &semicolons(ROW).replace("33.7;-118.2", "33,7;-118,2"))
            ),
            "left out as malformed",
            "its numbers have decimal commas; write points",
        ),
    ];
    for (file, text, what, advice) in cases {
        dir.write(file, text);
        let (out, err) = dir.expect(0, &["scan", file, "-o", "out"]);
        for said in [&out, &err] {
            assert!(said.contains(file) && said.contains(what), "{said}");
            assert!(said.contains(advice), "{said}");
        }
        let json = inspected(&dir, 0, file);
        let note = json["inputs"][0]["files"][0]["note"].as_str().unwrap();
        assert!(note.contains(what), "{note}");
    }
    // A handful, or a small share, is a matter of single rows.
    let bad = ROW.replace("05:00:00", "x");
    for (good, lost) in [(30, 19), (250, 25)] {
        dir.write(
            "few.csv",
            format!("{HEADER}{}{}", rows(good, ROW), rows(lost, &bad)),
        );
        let (_, err) = dir.expect(0, &["scan", "few.csv", "-o", "out"]);
        assert!(!err.contains("left out as"), "{err}");
    }
}

#[test]
fn a_time_of_a_log_that_is_not_understood_is_quoted() {
    let dir = Dir::new();
    let sentence = "!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C";
    let unread = format!("02/06/2018 00:00:07 {sentence}\n");
    dir.write("a.log", unread.repeat(30));
    let (out, err) = dir.expect(3, &["inspect", "a.log"]);
    let err = out + &err;
    let words = "beside line 1 stands '02/06/2018 00:00:07', which is no time in a known form";
    assert!(
        err.contains("no sentence of this log says when") && err.contains(words),
        "{err}"
    );
    let timed = format!("2018-06-02T00:00:07Z STN1 {sentence}\n");
    dir.write(
        "b.log",
        format!("{}{}", timed.repeat(30), unread.repeat(30)),
    );
    let (_, err) = dir.expect(0, &["scan", "b.log", "-o", "out"]);
    assert!(
        err.contains("30 of its 60 rows, 50 %, are left out as bad_time"),
        "{err}"
    );
    assert!(
        err.contains("beside line 31 stands '02/06/2018 00:00:07'"),
        "{err}"
    );
}

/// In a folder they are passed over by their endings.
#[test]
fn a_read_me_in_an_archive_is_passed_over() {
    let dir = Dir::new();
    let pack = |members: &[(&str, String)]| {
        let mut zip = ::zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in members {
            zip.start_file(*name, ::zip::write::SimpleFileOptions::default())
                .unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap().into_inner()
    };
    let day = format!("{HEADER}{ROW}");
    let readme = ("README.md", "# What this is\n".to_owned());
    dir.write(
        "day.zip",
        pack(&[
            ("day.csv", day.clone()),
            readme.clone(),
            ("LICENSE", String::new()),
        ]),
    );
    let json = inspected(&dir, 0, "day.zip");
    assert_eq!(
        json["inputs"][0]["files"].as_array().unwrap().len(),
        1,
        "{json}"
    );
    // Data under another ending are read, and what is looked for in folders is named if it is none.
    dir.write(
        "odd.zip",
        pack(&[
            ("day.dat", day.clone()),
            ("notes.txt", "nothing\n".to_owned()),
        ]),
    );
    let json = inspected(&dir, 3, "odd.zip");
    assert_eq!(json["inputs"][0]["rows"]["accepted"], 1, "{json}");
    // An archive of nothing else says so.
    dir.write("none.zip", pack(&[readme]));
    let (_, err) = dir.expect(1, &["inspect", "none.zip"]);
    assert!(err.contains("README.md"), "{err}");
}

/// The same rows give the same tables, however often they are read.
#[test]
fn a_file_given_twice_changes_nothing() {
    let dir = Dir::new();
    let day = two_tankers();
    let leaps: String = day
        .lines()
        .skip(1)
        .step_by(40)
        .enumerate()
        .map(|(i, line)| {
            let mut fields: Vec<String> = line.split(',').map(str::to_owned).collect();
            fields[2] = format!("{}", i * 17 % 60);
            fields[1] = fields[1].replacen(":0", ":1", 1);
            fields.join(",") + "\n"
        })
        .collect();
    let day = format!("{day}{leaps}");
    dir.write("day.csv", &day);
    dir.write("copy.csv", &day);
    let tables = |inputs: &[&str]| {
        let args = [&["scan", "-o", "out", "--export", "csv", "-q"], inputs].concat();
        dir.expect(0, &args);
        let read = |name: &str| fs::read_to_string(dir.path().join("out").join(name)).unwrap();
        ["vessels.csv", "encounters.csv", "loitering.csv", "gaps.csv"].map(read)
    };
    let once = tables(&["day.csv"]);
    let mut vessels = once[0].lines();
    let column = vessels
        .next()
        .unwrap()
        .split(',')
        .position(|c| c == "outliers")
        .unwrap();
    let outliers = vessels.map(|row| row.split(',').nth(column).unwrap().parse::<u32>().unwrap());
    assert!(outliers.sum::<u32>() > 5, "{}", once[0]);
    assert_eq!(tables(&["day.csv", "copy.csv"]), once);
}

#[test]
fn what_came_before_the_damage_is_told_as_it_is() {
    let dir = Dir::new();
    let rows: String = (0..20_000u32)
        .map(|i| {
            let noise = i.wrapping_mul(2_654_435_761) % 100_000;
            let time = format!("05:{:02}:{:02}", i / 60 % 60, i % 60);
            ROW.replace("05:00:00", &time)
                .replace("33.7", &format!("33.{noise:05}"))
        })
        .collect();
    let whole = zstd::encode_all(format!("{HEADER}{rows}").as_bytes(), 1).unwrap();
    dir.write("half.csv.zst", &whole[..whole.len() / 2]);
    let json = inspected(&dir, 3, "half.csv.zst");
    let file = &json["inputs"][0]["files"][0];
    let used = file["rows_accepted"].as_u64().unwrap();
    assert!(used > 1000);
    let words = format!("the {used} rows before that are used");
    assert!(file["error"].as_str().unwrap().contains(&words), "{file}");

    let small = zstd::encode_all(format!("{HEADER}{ROW}").as_bytes(), 1).unwrap();
    dir.write("small.csv.zst", &small[..small.len() - 9]);
    let (_, err) = dir.expect(1, &["inspect", "small.csv.zst"]);
    assert!(err.contains("no row before that could be used"), "{err}");

    // Rows that were read and rejected aren't used.
    let bad = zstd::encode_all(
        format!("{HEADER}{}", rows.replace("2018-", "soon-")).as_bytes(),
        1,
    )
    .unwrap();
    dir.write("bad.csv.zst", &bad[..bad.len() / 2]);
    let json = inspected(&dir, 3, "bad.csv.zst");
    let error = json["inputs"][0]["files"][0]["error"].as_str().unwrap();
    assert!(
        error.contains("no row before that could be used"),
        "{error}"
    );
}

/// A tar archive of one file, as tar itself writes it; of old without its mark.
fn tar(content: &[u8], mark: bool) -> Vec<u8> {
    let mut header = [0u8; 512];
    header[..7].copy_from_slice(b"day.csv");
    header[100..108].copy_from_slice(b"0000644\0");
    header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
    header[136..148].copy_from_slice(b"14000000000\0");
    header[148..156].copy_from_slice(b"        ");
    header[156] = b'0';
    if mark {
        header[257..265].copy_from_slice(b"ustar\x0000");
    }
    let sum: u32 = header.iter().map(|b| u32::from(*b)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut whole = header.to_vec();
    whole.extend(content);
    whole.resize(whole.len().next_multiple_of(512) + 1024, 0);
    whole
}

#[test]
fn tar_archives_are_told_and_must_be_unpacked() {
    let dir = Dir::new();
    let content = two_tankers();
    for mark in [true, false] {
        let plain = tar(content.as_bytes(), mark);
        let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gz.write_all(&plain).unwrap();
        dir.write("day.tar", &plain);
        dir.write("day.tar.gz", gz.finish().unwrap());
        for name in ["day.tar", "day.tar.gz"] {
            let (_, err) = dir.expect(1, &["inspect", name]);
            assert!(
                err.contains(name) && err.contains("tar archive; unpack it first"),
                "{err}"
            );
        }
    }
}

#[test]
fn inspect_says_that_a_scan_may_use_fewer_rows() {
    let dir = Dir::new();
    dir.write("twice.csv", format!("{HEADER}{ROW}{ROW}"));
    let (out, _) = dir.expect(0, &["inspect", "twice.csv"]);
    assert!(out.contains("2 read, 2 accepted"), "{out}");
    assert!(
        out.contains("a scan may use fewer: it also sets aside reports sent twice"),
        "{out}"
    );
    let (out, _) = dir.expect(0, &["scan", "twice.csv", "-o", "out"]);
    assert!(out.contains("duplicate 1"), "{out}");
}

/// The same two rows under many names and types.
fn table(name: &str, columns: Vec<Column>, dir: &Dir) {
    let mut frame = DataFrame::new_infer_height(columns).unwrap();
    let file = File::create(dir.path().join(name)).unwrap();
    if name.ends_with(".parquet") {
        ParquetWriter::new(file).finish(&mut frame).unwrap();
    } else {
        IpcWriter::new(file).finish(&mut frame).unwrap();
    }
}

const T: i64 = 1_527_917_590; // 2018-06-02T05:33:10Z

#[test]
fn tables_are_read_under_the_names_of_the_archives_and_with_any_times() {
    let dir = Dir::new();
    let numbers = |unit: i64| Column::new("t".into(), [T * unit, (T + 60) * unit]);
    let text = |name: &str, t: [&str; 2]| Column::new(name.into(), t);
    let iso = ["2018-06-02T05:33:10", "2018-06-02 05:34:10Z"];
    let times = [
        ("s", numbers(1)),
        ("ms", numbers(1000)),
        ("us", numbers(1_000_000)),
        ("ns", numbers(1_000_000_000)),
        (
            "float",
            Column::new("epoch".into(), [T as f64, T as f64 + 60.0]).with_name("time".into()),
        ),
        ("iso", text("timestamp", iso)),
        ("marine", text("BaseDateTime", iso)),
        ("marine_2025", text("base_date_time", iso)),
        (
            "danish",
            text(
                "# Timestamp",
                ["02/06/2018 05:33:10", "02/06/2018 05:34:10"],
            ),
        ),
        (
            "instants",
            numbers(1000)
                .cast(&DataType::Datetime(TimeUnit::Milliseconds, None))
                .unwrap(),
        ),
    ];
    for (name, time) in times {
        for ending in ["parquet", "arrow"] {
            let columns = vec![
                Column::new("MMSI".into(), [311_000_013i64, 311_000_013]),
                time.clone(),
                Column::new("Latitude".into(), [33.0, 33.001]),
                Column::new("LONGITUDE".into(), [-118.0, -118.0]),
                Column::new("SOG".into(), [4.9, 5.0]),
                Column::new("COG".into(), [90.0, 91.0]),
                Column::new("Heading".into(), [91.0, 91.0]),
                Column::new("VesselName".into(), ["HYDRA", "HYDRA"]),
                Column::new("Length".into(), [300, 300]),
                Column::new("Width".into(), [50, 50]),
                Column::new("Draft".into(), [18.5, 18.5]),
            ];
            let file = format!("{name}.{ending}");
            table(&file, columns, &dir);
            let json = inspected(&dir, 0, &file);
            let it = &json["inputs"][0];
            assert_eq!(it["rows"]["accepted"], 2, "{file}: {it}");
            assert_eq!(it["span"]["first"], "2018-06-02T05:33:10.000Z", "{file}");
            assert_eq!(it["span"]["last"], "2018-06-02T05:34:10.000Z", "{file}");
            for share in [
                "sog_share",
                "cog_share",
                "heading_share",
                "dimensions_share",
                "draught_share",
            ] {
                assert_eq!(it["quality"][share], 1.0, "{file}: {share}");
            }
            assert!(it["files"][0].get("note").is_none(), "{file}");
        }
    }
}

#[test]
fn words_of_the_archives_and_dictionaries_are_understood_in_tables() {
    let dir = Dir::new();
    let n = 3;
    let dictionary = DataType::from_categories(Categories::global());
    let words =
        |name: &str, words: [&str; 3]| Column::new(name.into(), words).cast(&dictionary).unwrap();
    for ending in ["parquet", "arrow"] {
        let columns = vec![
            words("mmsi", ["311000013", "311000112", "2190047"]),
            words("timestamp", ["2018-06-02T05:33:10"; 3]),
            Column::new("lat".into(), vec![33.0; n]),
            Column::new("lon".into(), vec![-118.0; n]),
            words("Type of mobile", ["Class A", "Class B", "Base Station"]),
            words(
                "Navigational status",
                ["At anchor", "Moored", "Unknown value"],
            ),
            words("Ship type", ["Tanker", "Cargo", "Undefined"]),
            words("Name", ["HYDRA", "POLARIS", ""]),
            words("IMO", ["IMO9583720", "9583721", "Unknown"]),
        ];
        let file = format!("words.{ending}");
        table(&file, columns, &dir);
        let json = inspected(&dir, 0, &file);
        let it = &json["inputs"][0];
        assert_eq!(it["rows"]["accepted"], 2, "{file}: {it}");
        assert_eq!(it["rows"]["rejects"]["not_a_vessel"], 1, "{file}: {it}");
        assert_eq!(it["quality"]["class_a_share"], 0.5, "{file}");
        assert_eq!(it["quality"]["class_b_share"], 0.5, "{file}");
        assert_eq!(it["quality"]["type_share"], 1.0, "{file}");
        dir.expect(0, &["scan", &file, "-o", "out", "-q"]);
        let vessels = fs::read_to_string(dir.path().join("out/vessels.csv")).unwrap();
        for word in ["HYDRA", "POLARIS", "9583720"] {
            assert!(vessels.contains(word), "{file}: {vessels}");
        }
    }
}

#[test]
fn columns_that_only_look_like_ours_are_named_and_not_read() {
    let dir = Dir::new();
    let columns = vec![
        Column::new("mmsi".into(), [311_000_013]),
        Column::new("t".into(), [T]),
        Column::new("lat".into(), [33.0]),
        Column::new("lon".into(), [-118.0]),
        Column::new("speed".into(), [49]),
        Column::new("courseOverGround".into(), [90]),
        Column::new("heading".into(), [90]),
        Column::new("heading_source".into(), [1]),
        Column::new("colour".into(), [1]),
    ];
    table("a.parquet", columns, &dir);
    let (out, err) = dir.expect(0, &["scan", "a.parquet", "-o", "out"]);
    for said in [&out, &err] {
        assert!(
            said.contains("'speed' (for sog_kn), 'courseOverGround' (for cog_deg)"),
            "{said}"
        );
        assert!(
            !said.contains("heading_source") && !said.contains("colour"),
            "{said}"
        );
    }
    let (out, _) = dir.expect(0, &["inspect", "a.parquet"]);
    assert!(out.contains("'speed' (for sog_kn)"), "{out}");
    assert!(
        out.contains("speed 0.0 %, course 0.0 %, heading 100.0 %"),
        "{out}"
    );

    // Without a needed column the message says where the names are.
    table(
        "b.parquet",
        vec![
            Column::new("mmsi".into(), [1]),
            Column::new("when".into(), [T]),
        ],
        &dir,
    );
    let (_, err) = dir.expect(1, &["inspect", "b.parquet"]);
    assert!(
        err.contains("lacks t, lon, lat (found: mmsi, when)"),
        "{err}"
    );
    assert!(err.contains("docs/inputs.md"), "{err}");
}

#[test]
fn a_table_that_is_whole_but_cannot_be_read_is_not_called_damaged() {
    let dir = Dir::new();
    let columns = vec![
        Column::new("mmsi".into(), [311_000_013]),
        Column::new("t".into(), [T]),
        Column::new("lat".into(), [Series::new("".into(), [33.0])]),
        Column::new("lon".into(), [-118.0]),
    ];
    table("lists.parquet", columns, &dir);
    let (_, err) = dir.expect(1, &["inspect", "lists.parquet"]);
    assert!(
        err.contains("column 'lat' holds no plain numbers or texts"),
        "{err}"
    );
    assert!(!err.contains("damaged"), "{err}");
}

/// The unit is that of the column, not of a row: one odd value doesn't change the others, and isn't bent to fit.
#[test]
fn the_unit_of_times_is_that_of_most() {
    let dir = Dir::new();
    let columns = vec![
        Column::new("mmsi".into(), [311_000_013, 311_000_013, 311_000_013]),
        Column::new("t".into(), [T * 1000, T, T + 60]),
        Column::new("lat".into(), [33.0; 3]),
        Column::new("lon".into(), [-118.0; 3]),
    ];
    table("a.parquet", columns, &dir);
    let json = inspected(&dir, 0, "a.parquet");
    let rows = &json["inputs"][0]["rows"];
    assert_eq!(rows["accepted"], 2, "{rows}");
    assert_eq!(rows["rejects"]["future"], 1, "{rows}");
}
