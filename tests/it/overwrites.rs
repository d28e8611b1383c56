//! No option puts a result over what is read, or over part of another result.

use std::fs;
use std::path::Path;

use super::cli::{Dir, two_tankers};
use super::desk::{PROGRAM, age};

/// A desk with a day of rows, a list, a configuration and published counts.
fn dir() -> Dir {
    let dir = Dir::new();
    dir.write("day.csv", two_tankers());
    fs::create_dir(dir.path().join("in")).unwrap();
    dir.write("in/day.csv", two_tankers());
    dir.write(
        "my.toml",
        "[tables]\nexport = [\"parquet\", \"csv\", \"html\"]\n",
    );
    dir.write("fleet.csv", "imo,dwt\n9583720,319000\n");
    dir.write(
        "pub.csv",
        "start,end,calls,volume_bbl\n2020-01-01,2020-01-31,4,1000\n",
    );
    dir
}

/// Every file below a folder with its bytes.
fn everything(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(everything(&path));
        } else {
            all.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    all.sort();
    all
}

/// It ends with code 2, names all of these, and nothing has changed.
fn refused(dir: &Dir, args: &[&str], words: &[&str]) {
    let before = everything(dir.path());
    let (out, err) = dir.expect(2, args);
    assert_eq!(out, "", "{args:?}");
    for word in words {
        assert!(err.contains(word), "{args:?}: {word} is not in {err}");
    }
    // Refused at once: nothing was read.
    assert!(!err.contains("read:"), "{args:?}: {err}");
    assert!(
        everything(dir.path()) == before,
        "{args:?} changed something"
    );
}

#[test]
fn rejected_rows_take_the_place_of_nothing_that_is_read() {
    let dir = dir();
    let scan = |more: &[&str], words: &[&str]| {
        let mut args = vec!["scan"];
        args.extend(more);
        args.extend(["-o", "out"]);
        refused(&dir, &args, words);
    };
    let input = &["--rejects", "INPUT", "day.csv"];
    scan(&["day.csv", "--rejects", "day.csv"], input);
    scan(&["day.csv", "--rejects", "in/../day.csv"], input);
    scan(&["in", "--rejects", "in/day.csv"], &["'in'", "in/day.csv"]);
    scan(&["in/*.csv", "--rejects", "in/day.csv"], &["in/*.csv"]);
    let config = ["day.csv", "--config", "my.toml", "--rejects", "my.toml"];
    scan(&config, &["my.toml", "--config"]);
    let fleet = [
        "day.csv",
        "--registry",
        "fleet.csv",
        "--rejects",
        "fleet.csv",
    ];
    scan(&fleet, &["fleet.csv", "--registry"]);
    // Where the result will be, or was.
    scan(&["day.csv", "--rejects", "out"], &["replaced as a whole"]);
    scan(
        &["day.csv", "--rejects", "out/bad.csv"],
        &["out/bad.csv", "--out"],
    );
    scan(&["day.csv", "--rejects", "in"], &["is a folder"]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(dir.path().join("day.csv"), dir.path().join("link")).unwrap();
        scan(&["day.csv", "--rejects", "link"], input);
        let made = std::process::Command::new("mkfifo")
            .arg(dir.path().join("pipe"))
            .status();
        if made.is_ok_and(|status| status.success()) {
            let args = ["scan", "day.csv", "--rejects", "pipe", "-o", "out"];
            let (_, err) = dir.expect(2, &args);
            assert!(err.contains("no ordinary file"), "{err}");
        }
    }
}

#[test]
fn a_result_is_not_replaced_while_part_of_it_is_read() {
    let dir = dir();
    dir.expect(0, &["scan", "day.csv", "-o", "out"]);
    for args in [
        &["scan", "out", "-o", "out"][..],
        &["scan", "day.csv", "out/evidence.csv", "-o", "out"],
        &[
            "scan",
            "day.csv",
            "-o",
            "out",
            "--registry",
            "out/vessels.csv",
        ],
        &[
            "assess",
            "out",
            "-o",
            "out",
            "--watchlist",
            "out/vessels.csv",
        ],
    ] {
        refused(&dir, args, &["--out", "is replaced as a whole"]);
    }
    // Judged again in its place: that is what it is for.
    dir.expect(0, &["assess", "out", "-o", "out"]);
    // And an earlier file of rejected rows is replaced.
    let args = ["scan", "day.csv", "-o", "out", "--rejects", "bad.csv"];
    for _ in 0..2 {
        dir.expect(0, &args);
        let bad = fs::read_to_string(dir.path().join("bad.csv")).unwrap();
        assert!(bad.contains("day.csv,722,bad_time"), "{bad}");
    }
}

#[test]
fn tables_charts_and_pages_take_the_place_of_nothing_that_is_read() {
    let dir = dir();
    dir.expect(0, &["scan", "day.csv", "-o", "out"]);
    dir.write(
        "truth.csv",
        alongside::model::Truth::COLUMNS.join(",") + "\n",
    );
    for (args, word) in [
        (&["volumes", "pub.csv", "--csv", "pub.csv"][..], "pub.csv"),
        (&["volumes", "pub.csv", "--chart", "pub.csv"], "--chart"),
        (
            &["volumes", "pub.csv", "--chart", "v.png"],
            "ends in .png, but a picture in SVG",
        ),
        (
            &["volumes", "pub.csv", "--csv", "a", "--chart", "./a"],
            "--csv",
        ),
        (&["volumes", "out", "--csv", "out/encounters.csv"], "SOURCE"),
        (&["volumes", "out", "--csv", "out/run.json"], "SOURCE"),
        (&["volumes", "out", "--csv", "out"], "is a folder"),
        (
            &["evaluate", "out", "truth.csv", "--csv", "truth.csv"],
            "TRUTH",
        ),
        (
            &[
                "evaluate",
                "out",
                "truth.csv",
                "--csv",
                "out/encounters.parquet",
            ],
            "EVENTS",
        ),
        (&["report", "out", "-o", "out/encounters.csv"], ".html"),
        (&["report", "out", "-o", "out/run.json"], ".html"),
        (&["report", "out", "-o", "day.csv"], ".html"),
        (&["report", "out", "-o", "in"], "in"),
    ] {
        refused(&dir, args, &[word]);
    }
    // What is free, and what was a page, is written.
    for _ in 0..2 {
        let args = ["volumes", "pub.csv", "--csv", "v.csv", "--chart", "v.svg"];
        dir.expect(0, &args);
        dir.expect(0, &["volumes", "out", "--csv", "out.csv"]);
    }
    for page in ["june.html", "june.html", "out/report.html", "plain"] {
        dir.expect(0, &["report", "out", "-o", page]);
    }
    refused(&dir, &["report", "out", "-o", "plain"], &["plain", ".html"]);
}

#[test]
fn of_what_is_there_only_the_like_is_replaced() {
    let dir = dir();
    dir.expect(0, &["scan", "day.csv", "-o", "out"]);
    // Parquet and SQLite under names that lead astray, a picture, notes.
    fs::copy(
        dir.path().join("out/vessels.parquet"),
        dir.path().join("ships.csv"),
    )
    .unwrap();
    dir.write("store.csv", b"SQLite format 3\0 and so on");
    dir.write("zip.svg", b"PK\x03\x04 and so on");
    dir.write("page.html", b"\x1f\x8b\x08\0 and so on");
    dir.write("notes.md", "my own, and dear to me\n");
    dir.write(
        "truth.csv",
        alongside::model::Truth::COLUMNS.join(",") + "\n",
    );
    for file in ["ships.csv", "store.csv"] {
        let words = &[file, "no text"];
        refused(&dir, &["volumes", "pub.csv", "--csv", file], words);
        refused(
            &dir,
            &["scan", "day.csv", "-o", "new", "--rejects", file],
            words,
        );
        refused(
            &dir,
            &["evaluate", "out", "truth.csv", "--csv", file],
            words,
        );
    }
    refused(
        &dir,
        &["volumes", "pub.csv", "--chart", "zip.svg"],
        &["zip.svg", "no text"],
    );
    refused(
        &dir,
        &["report", "out", "-o", "page.html"],
        &["page.html", "no text"],
    );
    refused(
        &dir,
        &["volumes", "pub.csv", "--csv", "notes.md"],
        &["notes.md", ".csv"],
    );
    refused(
        &dir,
        &["volumes", "pub.csv", "--chart", "truth.csv"],
        &["truth.csv", ".svg"],
    );
    // What a run wrote is replaced by the next one, whatever its name.
    for _ in 0..2 {
        dir.expect(0, &["scan", "day.csv", "-o", "new", "--rejects", "bad.log"]);
        dir.expect(0, &["volumes", "pub.csv", "--csv", "sums"]);
        dir.expect(0, &["evaluate", "out", "truth.csv", "--csv", "figures"]);
    }
}

#[test]
fn nothing_is_put_into_a_result_but_its_page() {
    let dir = dir();
    dir.expect(0, &["scan", "day.csv", "-o", "out", "--export", "parquet"]);
    dir.write(
        "truth.csv",
        alongside::model::Truth::COLUMNS.join(",") + "\n",
    );
    for args in [
        &["volumes", "pub.csv", "--csv", "out/sums.csv"][..],
        &["volumes", "pub.csv", "--csv", "out/report.html"],
        &["volumes", "pub.csv", "--chart", "out/sums.svg"],
        &["evaluate", "out", "truth.csv", "--csv", "out/figures.csv"],
        &["report", "out", "-o", "out/june.html"],
        &["scan", "day.csv", "-o", "new", "--rejects", "out/bad.csv"],
        &["scan", "day.csv", "-o", "out/again"],
        &["assess", "out", "-o", "out/again"],
        &["simulate", "-o", "out/sim"],
    ] {
        refused(&dir, args, &["lies in the result", "beside it"]);
    }
    // A page that the result itself didn't have belongs to it, and goes with it.
    dir.expect(0, &["report", "out", "-o", "out/report.html"]);
    dir.expect(0, &["scan", "day.csv", "-o", "out", "--export", "parquet"]);
    assert!(!dir.path().join("out/report.html").exists());
}

/// Whoever stands in the folder would be left in one that is gone.
#[test]
fn the_folder_in_which_the_program_is_started_is_not_replaced() {
    let dir = dir();
    dir.expect(0, &["scan", "day.csv", "-o", "out"]);
    let before = everything(dir.path());
    for out in [".", "../out"] {
        let output = std::process::Command::new(PROGRAM)
            .args(["scan", "../day.csv", "-o", out])
            .current_dir(dir.path().join("out"))
            .output()
            .unwrap();
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{words}");
        assert!(words.contains("in which you are"), "{words}");
    }
    assert!(everything(dir.path()) == before);
}

#[test]
fn simulated_days_take_the_place_of_simulated_days_only() {
    let dir = Dir::new();
    let args = [
        "simulate",
        "-o",
        "sim",
        "--vessels",
        "3",
        "--days",
        "1",
        "-q",
    ];
    dir.expect(0, &args);
    dir.expect(0, &args);
    // Another simulation leaves no days behind of which its truth says nothing.
    let mut danish = args.to_vec();
    danish.extend(["--format", "danish"]);
    refused(&dir, &danish, &["AIS_2025_06_02.csv", "truth.csv"]);
    dir.write("sim/aisdk-2025-06-02.csv", "");
    dir.write("sim/aisdk-2025-06-03.csv", "");
    dir.write("sim/aisdk-notes.csv", "not a day");
    refused(&dir, &args, &["aisdk-2025-06-02.csv", "and 1 more"]);
    fs::remove_file(dir.path().join("sim/aisdk-2025-06-02.csv")).unwrap();
    fs::remove_file(dir.path().join("sim/aisdk-2025-06-03.csv")).unwrap();
    dir.expect(0, &args);
    // Real days have the same names.
    fs::remove_file(dir.path().join("sim/truth.csv")).unwrap();
    refused(&dir, &args, &["AIS_", "truth.csv"]);
    dir.write("sim/truth.csv", "my own\n");
    refused(&dir, &args, &["truth.csv"]);
    // Nor does a result become a mixture.
    dir.write("day.csv", two_tankers());
    dir.expect(0, &["scan", "day.csv", "-o", "out"]);
    refused(&dir, &["simulate", "-o", "out"], &["run.json", "result"]);
}

/// A limit on the length of files lets the rows be read, and their rejects be written, but not the result.
#[cfg(unix)]
#[test]
fn a_run_that_fails_leaves_the_rejected_rows_of_the_last_one() {
    let dir = dir();
    dir.write("bad.csv", "of the last run\n");
    age(&dir.path().join("bad.csv"));
    let before = everything(dir.path());
    let limited = "ulimit -f 64; trap '' XFSZ; exec \"$0\" \"$@\"";
    let output = std::process::Command::new("sh")
        .args(["-c", limited, PROGRAM])
        .args(["scan", "day.csv", "-o", "out", "--rejects", "bad.csv"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    let words = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{words}");
    assert!(everything(dir.path()) == before, "{words}");
}
