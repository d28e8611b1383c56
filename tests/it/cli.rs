//! The built program: what it prints, and the code with which it ends.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder of its own, and the program run inside it.
pub(super) struct Dir(TempDir);

impl Dir {
    pub(super) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path().join(name), text).unwrap();
    }

    pub(super) fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_alongside"))
            .args(args)
            .current_dir(self.path())
            .output()
            .unwrap()
    }

    /// Runs with these bytes on a pipe as standard input.
    pub(super) fn run_fed(&self, args: &[&str], bytes: &[u8]) -> Output {
        let mut program = Command::new(env!("CARGO_BIN_EXE_alongside"))
            .args(args)
            .current_dir(self.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut pipe = program.stdin.take().unwrap();
        // Written in small portions, as pipes have them; one that stops reading is told by its exit code.
        let _ = bytes.chunks(1000).try_for_each(|part| pipe.write_all(part));
        drop(pipe);
        program.wait_with_output().unwrap()
    }

    /// Runs and expects this exit code; gives standard output and standard error.
    pub(super) fn expect(&self, code: i32, args: &[&str]) -> (String, String) {
        let output = self.run(args);
        let out = String::from_utf8(output.stdout).unwrap();
        let err = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            output.status.code(),
            Some(code),
            "alongside {args:?}\n{out}\n{err}"
        );
        (out, err)
    }
}

#[test]
fn help_and_version_are_no_errors() {
    let dir = Dir::new();
    for args in [&["--help"][..], &["help", "scan"], &["scan", "--help"]] {
        let (out, err) = dir.expect(0, args);
        assert!(out.contains("Examples:\n  alongside scan"), "{out}");
        assert_eq!(err, "");
    }
    let (out, _) = dir.expect(0, &["--version"]);
    assert_eq!(out, format!("alongside {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn the_printed_configuration_is_accepted_back() {
    let dir = Dir::new();
    let (config, err) = dir.expect(0, &["config"]);
    assert_eq!(config, alongside::config::DEFAULT_TOML);
    assert_eq!(err, "");
    dir.write("mine.toml", &config);
    // It is accepted: what fails then is the input.
    let args = ["scan", "no.csv", "-o", "out", "--config", "mine.toml"];
    let (_, err) = dir.expect(1, &args);
    assert!(err.contains("no.csv"), "{err}");

    let (json, _) = dir.expect(0, &["config", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        json,
        serde_json::to_value(alongside::Config::default()).unwrap()
    );
}

#[test]
fn an_unknown_key_ends_with_2_and_is_named() {
    let dir = Dir::new();
    dir.write("mine.toml", "[tables]\nexports = [\"csv\"]\n");
    dir.write("in.csv", "");
    let args = ["scan", "in.csv", "-o", "out", "--config", "mine.toml"];
    let (out, err) = dir.expect(2, &args);
    assert_eq!(out, "");
    assert!(
        err.starts_with("error: mine.toml:2: unknown field 'exports', expected 'export'"),
        "{err}"
    );
    assert!(!dir.path().join("out").exists());

    let args = ["scan", "in.csv", "-o", "out", "--config", "none.toml"];
    let (_, err) = dir.expect(2, &args);
    assert!(err.contains("none.toml"), "{err}");
}

#[test]
fn a_missing_input_ends_with_1_and_is_named() {
    let dir = Dir::new();
    for args in [
        &["scan", "no.csv", "-o", "out"][..],
        &["scan", "no.csv", "-o", "out", "--json"],
        &["inspect", "no.csv"],
    ] {
        let (out, err) = dir.expect(1, args);
        assert_eq!(out, "");
        assert!(err.contains("no.csv"), "{err}");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    }
}

#[test]
fn wrong_usage_ends_with_2_and_is_named() {
    let dir = Dir::new();
    let refused = |args: &[&str], word: &str| {
        let (out, err) = dir.expect(2, args);
        assert_eq!(out, "");
        assert!(err.contains(word), "{err}");
    };
    refused(&[], "Usage");
    refused(&["scan"], "<INPUT>");
    refused(&["scan", "a.csv"], "--out");
    refused(
        &["scan", "a.csv", "-o", "out", "--bbox", "1,2,3"],
        "not four",
    );
    refused(&["scan", "a.csv", "-o", "out", "--from", "1 June"], "UTC");
    refused(
        &["scan", "a.csv", "-o", "out", "--export", "xlsx"],
        "parquet",
    );
    for threads in ["0", "1025", "100000"] {
        let args = ["scan", "a.csv", "-o", "out", "--threads", threads];
        refused(&args, "give a number from 1 to 1024");
        let args = [
            "nightly",
            "--store",
            "s",
            "--inbox",
            ".",
            "--threads",
            threads,
        ];
        refused(&args, "give a number from 1 to 1024");
    }
    refused(&["volumes", "a.csv", "--by", "month,month"], "given twice");
    refused(&["vessel", "out", "IMO"], "such as");
    refused(
        &["scan", "a.csv", "-o", "out", "--format", "xlsx"],
        "marine_cadastre",
    );
    refused(
        &["scan", "a.csv", "-o", "out", "-q", "-v"],
        "cannot be used",
    );
    refused(
        &[
            "scan",
            "a.csv",
            "-o",
            "out",
            "--from",
            "2020-07-01",
            "--to",
            "2020-06-01",
        ],
        "--to",
    );
    // What is not there yet is refused, not ignored.
    refused(&["scan", "a.csv", "-o", "out", "--export", "shp"], "shp");
    dir.write(
        "mine.json",
        r#"{"type": "FeatureCollection", "features": [{"type": "Feature",
        "properties": {"name": "Mine", "kind": "moor"}, "geometry": null}]}"#,
    );
    for word in ["mine.json", "feature 1 ('Mine')", "geometry"] {
        refused(
            &["scan", "a.csv", "-o", "out", "--zones", "mine.json"],
            word,
        );
    }
    refused(
        &["scan", "a.csv", "-o", "out", "--zones", "none.json"],
        "none.json",
    );
}

#[test]
fn a_foreign_folder_is_refused_before_anything_is_read() {
    let dir = Dir::new();
    fs::create_dir(dir.path().join("home")).unwrap();
    dir.write("home/thesis.txt", "dear");
    let (_, err) = dir.expect(2, &["scan", "no.csv", "-o", "home"]);
    assert!(err.contains("home") && err.contains("thesis.txt"), "{err}");
    assert_eq!(
        fs::read_to_string(dir.path().join("home/thesis.txt")).unwrap(),
        "dear"
    );
}

#[test]
fn west_of_greenwich_is_no_flag() {
    let dir = Dir::new();
    let args = ["scan", "no.csv", "-o", "out", "--bbox", "-74.1,40,-73.5,41"];
    let (_, err) = dir.expect(1, &args);
    assert!(err.contains("no.csv"), "{err}");
}

/// Two tankers side by side for six hours, one report each every minute, as MarineCadastre publishes them.
pub(super) fn two_tankers() -> String {
    let mut text = String::from(
        "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n",
    );
    for minute in 0..360 {
        for (mmsi, lon, name) in [
            (538_000_001, -88.0, "ALPHA"),
            (538_000_002, -87.9995, "=BETA"),
        ] {
            text.push_str(&format!(
                "{mmsi},2020-06-30T{:02}:{:02}:00,28.5,{lon},0.1,90.0,90,{name},,,80,1,250,44,12.5,80,A\n",
                minute / 60,
                minute % 60,
            ));
        }
    }
    text.push_str("538000001,yesterday,28.5,-88.0,0.1,90.0,90,ALPHA,,,80,1,250,44,12.5,80,A\n");
    text
}

#[test]
fn one_row_is_one_row() {
    let dir = Dir::new();
    let text: Vec<String> = two_tankers().lines().take(2).map(str::to_owned).collect();
    dir.write("day.csv", text.join("\n"));
    let (out, _) = dir.expect(0, &["scan", "day.csv", "-o", "out"]);
    assert!(out.starts_with("Read 1 row from 1 file"), "{out}");
}

/// Positions that wait for company until the end find none: they are outliers, wherever they are counted.
#[test]
fn the_counts_of_a_run_are_those_of_its_vessels() {
    let dir = Dir::new();
    let far = "538000002,2020-06-30T05:58:30,-10.5,20.0,0.1,90.0,90,BETA,,,80,1,250,44,12.5,80,A\n";
    dir.write("day.csv", two_tankers() + far);
    let (out, _) = dir.expect(0, &["scan", "day.csv", "-o", "out"]);
    let words = "Set aside of the accepted: 1 (outlier 1); used: 720";
    assert!(out.contains(words), "{out}");
    let vessels = fs::read_to_string(dir.path().join("out/vessels.csv")).unwrap();
    let mut lines = vessels
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>());
    let names = lines.next().unwrap();
    let sum = |lines: &[Vec<&str>], name: &str| -> u64 {
        let i = names.iter().position(|n| *n == name).unwrap();
        lines
            .iter()
            .map(|cells| cells[i].parse::<u64>().unwrap())
            .sum()
    };
    let lines: Vec<Vec<&str>> = lines.collect();
    assert_eq!((sum(&lines, "rows"), sum(&lines, "outliers")), (720, 1));
    let run = fs::read_to_string(dir.path().join("out/run.json")).unwrap();
    let run: serde_json::Value = serde_json::from_str(&run).unwrap();
    assert_eq!(run["rows"]["used"], 720);
    assert_eq!(run["rows"]["set_aside"]["outlier"], 1);
}

#[test]
fn a_scan_finds_two_tankers_side_by_side() {
    let dir = Dir::new();
    dir.write("day.csv", two_tankers());
    let (out, err) = dir.expect(0, &["scan", "day.csv", "-o", "out"]);
    assert!(out.contains("Read 721 rows from 1 file"), "{out}");
    assert!(out.contains("bad_time 1"), "{out}");
    assert!(out.contains("           1  encounters"), "{out}");
    assert!(
        out.contains("ALPHA + =BETA, 2020-06-30 00:00 to 05:5"),
        "{out}"
    );
    assert!(
        err.contains("read: ") && err.contains("detect: 1 of 1 days"),
        "{err}"
    );

    let csv = fs::read_to_string(dir.path().join("out/encounters.csv")).unwrap();
    assert!(csv.contains(",538000001,538000002,"), "{csv}");
    assert!(csv.contains(",'=BETA,"), "{csv}");
    let before = fs::read(dir.path().join("out/encounters.parquet")).unwrap();

    // Again, with other threads, quietly and as JSON: the same tables.
    let args = [
        "scan",
        "day.csv",
        "-o",
        "out",
        "--threads",
        "1",
        "-q",
        "--json",
    ];
    let (json, err) = dir.expect(0, &args);
    assert_eq!(err, "");
    let run: alongside::RunJson = serde_json::from_str(&json).unwrap();
    assert_eq!(run.tables["encounters"], 1);
    assert_eq!(run.rows.rejects["bad_time"], 1);
    assert_eq!(run.run.threads, 1);
    let written = fs::read_to_string(dir.path().join("out/run.json")).unwrap();
    assert_eq!(written, json);
    let after = fs::read(dir.path().join("out/encounters.parquet")).unwrap();
    assert_eq!(after, before);
}

/// Two ships 600 nautical miles apart send the same number, by turns, so many minutes apart.
#[test]
fn a_number_whose_ships_report_too_seldom_to_be_told_apart_is_named() {
    let scanned = |step_min: i64| {
        let mut day = two_tankers().lines().next().unwrap().to_owned() + "\n";
        for minute in (0..3 * 1440).step_by(step_min as usize) {
            let (d, h, m) = (minute / 1440, minute / 60 % 24, minute % 60);
            for (offset, lat) in [(0, 28.5), (1, 38.5)] {
                let t = format!("2020-06-{:02}T{h:02}:{m:02}:{:02}", 27 + d, 30 * offset);
                day +=
                    &format!("538000001,{t},{lat},-60.0,0.1,90.0,90,A,,,80,1,250,44,12.5,80,A\n");
            }
        }
        let dir = Dir::new();
        dir.write("day.csv", day);
        dir.expect(0, &["scan", "day.csv", "-o", "out"]).0
    };
    let out = scanned(60);
    let words = "1 vessel with a fifth and more of the positions out of reach of the track (column outliers in vessels), first of all \
                 538000001 with";
    assert!(out.contains("Mind:") && out.contains(words), "{out}");
    assert!(out.contains("track.track_confirm_s"), "{out}");
    // From minute to minute they are told apart.
    let out = scanned(10);
    assert!(
        out.contains("identity  (shared_mmsi 1)") && !out.contains("Mind:"),
        "{out}"
    );
}

#[test]
fn of_very_many_threads_only_the_useful_are_started() {
    let dir = Dir::new();
    dir.write("day.csv", two_tankers());
    let args = [
        "scan",
        "day.csv",
        "-o",
        "out",
        "--threads",
        "1024",
        "-q",
        "--json",
    ];
    let (json, _) = dir.expect(0, &args);
    let run: alongside::RunJson = serde_json::from_str(&json).unwrap();
    let processors = std::thread::available_parallelism().unwrap().get();
    assert!(
        run.run.threads <= (4 * processors).max(16),
        "{}",
        run.run.threads
    );
}

#[test]
fn rows_add_up() {
    let dir = Dir::new();
    let day = two_tankers();
    let rows: Vec<&str> = day.lines().skip(1).collect();
    // Ten rows once more.
    dir.write("day.csv", day.clone() + &rows[..10].join("\n") + "\n");
    let args = ["scan", "day.csv", "-o", "out", "--rejects", "bad.csv"];
    let (out, _) = dir.expect(0, &args);
    for words in [
        "Read 731 rows from 1 file",
        "Rejected by the readers: 1 (bad_time 1); accepted: 730",
        "Set aside of the accepted: 10 (duplicate 10); used: 720",
    ] {
        assert!(out.contains(words), "{words}\nin\n{out}");
    }
    let text = fs::read_to_string(dir.path().join("out/run.json")).unwrap();
    let run: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        run["rows"],
        serde_json::json!({
            "read": 731, "accepted": 730, "rejects": { "bad_time": 1, "duplicate": 10 },
            "set_aside": { "duplicate": 10 }, "used": 720,
        })
    );
    // The file holds what the readers reject.
    let bad = fs::read_to_string(dir.path().join("bad.csv")).unwrap();
    assert_eq!(bad.lines().count(), 2, "{bad}");
}

#[test]
fn a_ship_is_named_by_her_number_with_or_without_a_word_before_it() {
    let dir = Dir::new();
    dir.write("day.csv", two_tankers());
    dir.expect(0, &["scan", "day.csv", "-o", "out", "-q"]);
    let (plain, _) = dir.expect(0, &["vessel", "out", "538000001"]);
    for name in ["MMSI538000001", "mmsi 538000001"] {
        assert_eq!(dir.expect(0, &["vessel", "out", name]).0, plain);
    }
    let (_, err) = dir.expect(2, &["vessel", "out", "IMO9000041"]);
    assert!(err.contains("number 9000041"), "{err}");
}

#[test]
fn sums_are_rounded_in_one_way() {
    let dir = Dir::new();
    dir.write(
        "pub.csv",
        "start,end,calls,volume_bbl\n2020-01-01,2020-01-02,2,5\n",
    );
    let args = ["volumes", "pub.csv", "--by", "year", "--csv", "sums.csv"];
    let (table, _) = dir.expect(0, &args);
    let line = table.lines().nth(1).unwrap();
    let mean = line.split_whitespace().nth(4);
    assert_eq!(mean, Some("3"), "{table}");
    let csv = fs::read_to_string(dir.path().join("sums.csv")).unwrap();
    assert!(csv.contains("2020,port_calls,2.00,2.00,,3,5,5,5,"), "{csv}");
}

/// A store is measured as the folder of the same rows is.
#[test]
fn a_store_is_held_against_the_truth_like_a_folder() {
    let dir = Dir::new();
    fs::create_dir(dir.path().join("in")).unwrap();
    dir.write("in/day.csv", two_tankers());
    super::desk::age(&dir.path().join("in/day.csv"));
    dir.write(
        "truth.csv",
        "kind,mmsi_1,mmsi_2,start,end\nsts_transfer,538000001,538000002,2020-06-30,2020-06-30\n",
    );
    dir.expect(0, &["scan", "in", "-o", "out"]);
    let night = [
        "nightly",
        "--store",
        "s.gpkg",
        "--inbox",
        "in",
        "--complete-to",
        "2020-07-01",
    ];
    dir.expect(0, &night);
    let (of_folder, _) = dir.expect(0, &["evaluate", "out", "truth.csv"]);
    let (of_store, _) = dir.expect(0, &["evaluate", "s.gpkg", "truth.csv"]);
    assert_eq!(of_store, of_folder);
    let (json, _) = dir.expect(0, &["evaluate", "s.gpkg", "truth.csv", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    // The day that ends the truth is a whole one.
    assert_eq!(json["transfers"][0]["recall"]["count"], 1, "{json}");
    let (_, err) = dir.expect(1, &["evaluate", "out", "s.gpkg"]);
    assert!(err.contains("s.gpkg: is a database and no CSV"), "{err}");
}

#[test]
fn events_are_selected_by_place_and_time() {
    let dir = Dir::new();
    dir.write("day.csv", two_tankers());
    let encounters = |flags: &[&str]| {
        let mut args = vec!["scan", "day.csv", "-o", "out", "-q", "--json"];
        args.extend(flags);
        let (json, _) = dir.expect(0, &args);
        let run: alongside::RunJson = serde_json::from_str(&json).unwrap();
        run.tables["encounters"]
    };
    assert_eq!(encounters(&["--bbox", "-88.1,28,-87.9,29"]), 1);
    // The rows are within the margin, the event isn't in the box.
    assert_eq!(encounters(&["--bbox", "-87.9,28,-87.8,29"]), 0);
    assert_eq!(encounters(&["--from", "2020-06-30T03:00"]), 1);
    assert_eq!(encounters(&["--from", "2020-06-30T06:00"]), 0);
    assert_eq!(encounters(&["--to", "2020-06-30"]), 0);
    dir.write(
        "area.geojson",
        r#"{"type":"Polygon","coordinates":[[[-89,28],[-87,28],[-88,30],[-89,28]]]}"#,
    );
    assert_eq!(encounters(&["--area", "area.geojson"]), 1);
    // All the Earth, and a ring that may be half of it or the other half.
    let square = |west: i32, east: i32| {
        format!(
            r#"{{"type":"Polygon","coordinates":[[[{west},-90],[{east},-90],[{east},90],[{west},90],[{west},-90]]]}}"#
        )
    };
    dir.write("area.geojson", square(-180, 180));
    assert_eq!(encounters(&["--area", "area.geojson"]), 1);
    dir.write("area.geojson", square(-100, 100));
    let args = ["scan", "day.csv", "-o", "out", "--area", "area.geojson"];
    let (_, err) = dir.expect(2, &args);
    assert!(err.contains("spans 200 degrees"), "{err}");
    dir.write("area.geojson", r#"{"type":"Point","coordinates":[0,0]}"#);
    let args = ["scan", "day.csv", "-o", "out", "--area", "area.geojson"];
    let (_, err) = dir.expect(2, &args);
    assert!(
        err.contains("area.geojson") && err.contains("Point"),
        "{err}"
    );
}

#[test]
fn an_input_that_cannot_be_read_is_named_and_the_others_are_read() {
    let dir = Dir::new();
    dir.write("day.csv", two_tankers());
    dir.write("notes.txt", "dear diary\n");
    let args = [
        "scan",
        "day.csv",
        "no.csv",
        "notes.txt",
        "-o",
        "out",
        "--rejects",
        "rejected.csv",
    ];
    let (out, err) = dir.expect(3, &args);
    for name in ["no.csv", "notes.txt"] {
        assert!(out.contains(name), "{out}");
        assert!(err.contains("warning: ") && err.contains(name), "{err}");
    }
    assert!(out.contains("2 inputs could not be read"), "{out}");
    let rejected = fs::read_to_string(dir.path().join("rejected.csv")).unwrap();
    assert!(rejected.contains("day.csv,722,bad_time"), "{rejected}");
}

#[test]
fn inspect_says_what_is_in_a_file() {
    let dir = Dir::new();
    dir.write("day.csv", two_tankers());
    let (out, _) = dir.expect(0, &["inspect", "day.csv"]);
    for words in [
        "721 read, 720 accepted",
        "bad_time 1",
        "2020-06-30 00:00 to 2020-06-30 05:59",
        "2 with 720 positions",
        "median 60 s, p90 60 s",
        "class A 100.0 %",
        "type 100.0 %, dimensions 100.0 %, draught 100.0 %",
    ] {
        assert!(out.contains(words), "{words}\nin\n{out}");
    }
    let (json, _) = dir.expect(3, &["inspect", "day.csv", "no.csv", "--json", "-q"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["all"]["quality"]["vessels"], 2);
    assert_eq!(json["inputs"][1]["files"][0]["path"], "no.csv");
}

#[test]
fn a_register_gives_class_and_deadweight_and_its_bad_rows_are_named() {
    let dir = Dir::new();
    dir.write(
        "ais.csv",
        "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n\
         311000013,2020-06-01T00:00:00,33.0,-118.0,1.0,10,10,HYDRA,IMO9583720,,80,0,333,60,18.5,,A\n",
    );
    dir.write(
        "fleet.csv",
        "imo,dwt\n9583720,319000\n9583721,1000\n9524475,heavy\n",
    );
    let args = ["scan", "ais.csv", "-o", "out", "--registry", "fleet.csv"];
    let (_, err) = dir.expect(0, &args);
    assert!(
        err.contains("fleet.csv, line 3: '9583721' is not an IMO number"),
        "{err}"
    );
    assert!(err.contains("line 4: 'heavy' is not a deadweight"), "{err}");
    let vessels = fs::read_to_string(dir.path().join("out/vessels.csv")).unwrap();
    assert!(vessels.contains(",vlcc,319000,"), "{vessels}");
    let run = fs::read_to_string(dir.path().join("out/run.json")).unwrap();
    assert!(run.contains("\"name\": \"fleet.csv\""), "{run}");

    dir.write("foreign.csv", "imo,tonnage\n9583720,319000\n");
    let args = ["scan", "ais.csv", "-o", "out2", "--registry", "foreign.csv"];
    let (_, err) = dir.expect(2, &args);
    assert!(
        err.contains("'tonnage'") && err.contains("imo, mmsi, name, class, dwt, built, flag"),
        "{err}"
    );
    assert!(!dir.path().join("out2").exists());
}
