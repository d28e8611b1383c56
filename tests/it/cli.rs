//! The built program: what it prints, and the code with which it ends.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A folder of its own, and the program run inside it.
struct Dir(TempDir);

impl Dir {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_alongside"))
            .args(args)
            .current_dir(self.path())
            .output()
            .unwrap()
    }

    /// Runs and expects this exit code; gives standard output and standard error.
    fn expect(&self, code: i32, args: &[&str]) -> (String, String) {
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
    refused(&["scan", "a.csv", "-o", "out", "--threads", "0"], "threads");
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
    for flag in ["--watchlist", "--registry", "--zones"] {
        refused(&["scan", "a.csv", "-o", "out", flag, "x"], flag);
    }
    refused(&["scan", "a.csv", "-o", "out", "--export", "gpkg"], "gpkg");
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
