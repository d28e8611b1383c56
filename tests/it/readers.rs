//! Inputs of several forms, end to end: the same traffic gives the same picture.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

fn run(dir: &Path, args: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_alongside"))
        .args(args)
        .current_dir(dir)
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "alongside {args:?}\n{words}");
    output
}

fn inspect(dir: &Path, args: &[&str]) -> Value {
    let mut all = vec!["inspect", "--json"];
    all.extend_from_slice(args);
    let json: Value = serde_json::from_slice(&run(dir, &all).stdout).unwrap();
    json["inputs"][0].clone()
}

#[test]
fn simulated_traffic_is_the_same_in_every_form() {
    let dir = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    for (form, name) in [
        ("marine_cadastre", "marine_cadastre"),
        ("danish", "dma"),
        ("nmea", "nmea"),
    ] {
        let args = "-q --vessels 40 --days 1 --seed 11".split(' ');
        let mut all = vec!["simulate", "-o", form, "--format", form];
        all.extend(args);
        run(dir.path(), &all);
        let day = std::fs::read_dir(dir.path().join(form))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.file_name().is_some_and(|n| n != "truth.csv"))
            .unwrap();
        let input = inspect(dir.path(), &[day.to_str().unwrap()]);
        assert_eq!(input["files"][0]["format"], name);
        assert_eq!(input["files"][0]["rejects"], serde_json::json!({}));
        seen.push((form, input["quality"].clone()));
    }
    for (form, quality) in &seen[1..] {
        for key in [
            "positions",
            "vessels",
            "heading_share",
            "class_a_share",
            "type_share",
            "dimensions_share",
            "draught_share",
        ] {
            assert_eq!(quality[key], seen[0].1[key], "{form}: {key}");
        }
    }
}

#[test]
fn a_log_without_times_is_named_with_what_it_lacks() {
    let dir = tempfile::tempdir().unwrap();
    let log = "!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C\n";
    std::fs::write(dir.path().join("a.log"), log).unwrap();
    for args in [&["inspect", "a.log"][..], &["scan", "a.log", "-o", "out"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_alongside"))
            .args(args)
            .current_dir(dir.path())
            .output()
            .unwrap();
        // A scan that read nothing of use leaves no result.
        let code = if args[0] == "scan" { 1 } else { 3 };
        assert_eq!(output.status.code(), Some(code));
        let mut words = String::from_utf8(output.stdout).unwrap();
        words.push_str(&String::from_utf8(output.stderr).unwrap());
        assert!(
            words.contains(
                "'a.log': not its only row can be used (bad_time 1), such as line 1: !AIVDM"
            ),
            "{words}"
        );
        assert!(
            words.contains("no sentence of this log says when"),
            "{words}"
        );
    }
}

#[test]
fn a_foreign_csv_is_read_by_the_mapping_of_the_configuration() {
    let dir = tempfile::tempdir().unwrap();
    let mapping = "[ingest.mapping]\nmmsi = 'ship'\ntime = 'when'\nlon = 'x'\nlat = 'y'\n";
    std::fs::write(dir.path().join("my.toml"), mapping).unwrap();
    let rows = "ship,when,x,y\n311000013,2018-06-02T05:33:10,-117.82,33.03\n";
    std::fs::write(dir.path().join("a.csv"), rows).unwrap();
    for more in [&[][..], &["--format", "mapped"]] {
        let mut args = vec!["a.csv", "--config", "my.toml"];
        args.extend_from_slice(more);
        let input = inspect(dir.path(), &args);
        assert_eq!(input["files"][0]["format"], "mapped");
        assert_eq!(input["quality"]["positions"], 1);
    }
}
