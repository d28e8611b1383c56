//! Files that are gone before all their rows were taken in, and such as are read every night: what is lost is told, and
//! comes back with its file.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::desk::{Desk, assert_refused, run, said, text};

/// A night with this exit code, with or without the word that so many days are whole; its report and what it said.
fn told(desk: &Desk, to: Option<usize>, code: i32) -> (Value, String) {
    let mut words = desk.words(&desk.store(), to.unwrap_or(0));
    if to.is_none() {
        words.truncate(5);
    }
    words.push("--json".to_owned());
    let output = run(&words);
    let words = said(&output);
    assert_eq!(output.status.code(), Some(code), "night {to:?}: {words}");
    (serde_json::from_slice(&output.stdout).unwrap(), words)
}

fn rows(desk: &Desk, i: usize) -> String {
    let text = fs::read_to_string(&desk.days[i]).unwrap();
    text.split_once('\n').unwrap().1.to_owned()
}

fn header(desk: &Desk) -> String {
    let text = fs::read_to_string(&desk.days[0]).unwrap();
    text.lines().next().unwrap().to_owned() + "\n"
}

fn assert_missed(report: &Value, words: &str, path: &Path) {
    let missing = report["missing"].as_array().unwrap();
    assert_eq!(missing.len(), 1, "{report}");
    assert_eq!(missing[0], text(path), "{report}");
    assert!(words.contains("put it back"), "{words}");
}

#[test]
fn a_file_that_is_away_for_a_night_is_taken_in_when_it_is_back() {
    let garbage = "<html><body>503 Service Unavailable</body></html>\n";
    for is_overwritten in [false, true] {
        let desk = Desk::new(60, 4);
        desk.put_day(0);
        let path = desk.put_day(1);
        let (report, _) = told(&desk, None, 0);
        assert_eq!(report["complete_to"], desk.end_of(0).to_string());
        assert_eq!(report["waiting"][0], text(&path));
        let aside = desk.path("aside");
        fs::rename(&path, &aside).unwrap();
        if is_overwritten {
            desk.put(desk.day_name(1), garbage.as_bytes());
        }
        desk.put_day(2);
        let (report, words) = told(&desk, None, 3);
        assert_missed(&report, &words, &path);
        assert_eq!(report["complete_to"], desk.end_of(1).to_string());
        if !is_overwritten {
            // It says so once, and waits for nothing.
            let (report, _) = told(&desk, None, 0);
            assert!(report["run"].is_null(), "{report}");
        }
        fs::rename(&aside, &path).unwrap();
        let (report, words) = told(&desk, None, 0);
        assert_eq!(report["rewound_to"], desk.end_of(0).to_string(), "{words}");
        desk.put_day(3);
        desk.good_night(3);
        desk.assert_as_if_nothing_had_happened(3);
    }
}

/// A file holds the first rows of the next day, too, and is away, or another one, on the night that takes that day in.
#[test]
fn rows_past_midnight_come_back_with_their_file() {
    for is_corrected in [false, true] {
        let desk = Desk::new(60, 3);
        let (today, next) = (rows(&desk, 0), rows(&desk, 1));
        let at = next.match_indices('\n').nth(199).unwrap().0 + 1;
        let (past, rest) = next.split_at(at);
        let (path, header) = (desk.inbox().join("first.csv"), header(&desk));
        desk.put("first.csv", format!("{header}{today}{past}").as_bytes());
        desk.good_night(0);
        fs::rename(&path, desk.path("aside")).unwrap();
        desk.put("second.csv", format!("{header}{rest}").as_bytes());
        let (report, words) = told(&desk, Some(1), 3);
        assert_missed(&report, &words, &path);
        // The day that it had whole is held, the other one is taken in anew.
        fs::rename(desk.path("aside"), &path).unwrap();
        let mut back_to = desk.end_of(0).to_string();
        if is_corrected {
            let some: Vec<&str> = today.lines().skip(50).collect();
            let text = format!("{header}{}\n{past}", some.join("\n"));
            desk.put("first.csv", text.as_bytes());
            back_to = "beginning".to_owned();
        }
        let (report, words) = told(&desk, Some(1), 0);
        assert_eq!(report["rewound_to"], back_to, "{report} {words}");
        let (report, _) = told(&desk, Some(1), 0);
        assert!(report["run"].is_null(), "{report}");
        // What is known of it is whole again: it can be gone back to before it.
        let some: Vec<&str> = today.lines().take(200).collect();
        let late = format!("{header}{}\n", some.join("\n"));
        desk.put("late.csv", late.as_bytes());
        let (report, _) = told(&desk, Some(1), 0);
        assert_eq!(report["rewound_to"], "beginning");
        desk.put_day(2);
        desk.good_night(2);
        desk.assert_as_if_nothing_had_happened(2);
    }
}

#[test]
fn a_file_that_waits_is_missed_when_it_is_overwritten() {
    let desk = Desk::new(60, 4);
    let path = desk.inbox().join("latest.csv");
    for i in 0..3 {
        desk.put("latest.csv", &fs::read(&desk.days[i]).unwrap());
        let (report, words) = told(&desk, None, if i > 0 { 3 } else { 0 });
        assert!(report["run"].is_null(), "{report}");
        assert_eq!(report["waiting"], serde_json::json!([text(&path)]));
        if i > 0 {
            assert_missed(&report, &words, &path);
        }
    }
    // Under names of their own they are all there.
    desk.put_day(0);
    desk.put_day(1);
    fs::rename(&path, desk.inbox().join("2.csv")).unwrap();
    let (report, _) = told(&desk, None, 0);
    assert_eq!(report["complete_to"], desk.end_of(1).to_string());
    assert_eq!(report["taken"].as_array().unwrap().len(), 3, "{report}");
    desk.put_day(3);
    desk.good_night(3);
    desk.assert_as_if_nothing_had_happened(3);
}

#[test]
fn a_file_that_waits_is_missed_when_it_is_moved_away() {
    let desk = Desk::new(60, 5);
    desk.put_day(0);
    desk.put_day(1);
    desk.good_night(1);
    let path: PathBuf = desk.put_day(2);
    let (report, _) = told(&desk, None, 0);
    assert_eq!(report["waiting"], serde_json::json!([text(&path)]));
    fs::rename(&path, desk.path("aside")).unwrap();
    desk.put_day(3);
    let (report, words) = told(&desk, None, 3);
    assert_eq!(report["complete_to"], desk.end_of(2).to_string());
    assert_missed(&report, &words, &path);
    desk.put_day(4);
    let (report, _) = told(&desk, Some(4), 0);
    assert_eq!(report["complete_to"], desk.end_of(4).to_string());
    fs::rename(desk.path("aside"), &path).unwrap();
    let (report, words) = told(&desk, Some(4), 0);
    assert_eq!(report["rewound_to"], desk.end_of(1).to_string(), "{words}");
    desk.assert_as_if_nothing_had_happened(4);
}

/// What waits is taken in when the caller says that it is whole, though nothing new came, and counts for that run.
#[test]
fn a_promise_takes_in_what_waits() {
    let desk = Desk::new(60, 1);
    desk.put_day(0);
    let (report, _) = told(&desk, None, 0);
    assert!(report["run"].is_null(), "{report}");
    let (report, _) = told(&desk, Some(0), 0);
    assert_eq!(report["complete_to"], desk.end_of(0).to_string());
    assert_eq!(report["taken"].as_array().unwrap().len(), 1, "{report}");
    let db = rusqlite::Connection::open(desk.store()).unwrap();
    let counted: (i64, i64) = db
        .query_row("SELECT files, rows FROM alongside_runs", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(counted.0, 1);
    assert_eq!(report["taken"][0]["rows_accepted"], counted.1);
    desk.assert_as_if_nothing_had_happened(0);
}

/// One file that grows by a day every night, for longer than a store can go back.
#[test]
fn rows_of_a_log_that_grows_are_not_late() {
    let desk = Desk::new(40, 13);
    let mut log = header(&desk);
    for i in 0..12 {
        log += &rows(&desk, i);
        desk.put("log.csv", log.as_bytes());
        let (report, words) = told(&desk, Some(i), 0);
        assert_eq!(report["late"], serde_json::json!([]), "night {i}: {words}");
    }
    desk.assert_as_if_nothing_had_happened(11);
    // Another row of a day out of reach is late.
    let first = rows(&desk, 0);
    let one = first.lines().next().unwrap();
    desk.put(
        "log.csv",
        format!("{log}{}{one}\n", rows(&desk, 12)).as_bytes(),
    );
    let (report, words) = told(&desk, Some(12), 3);
    assert_eq!(report["late"][0]["rows"], first.lines().count() + 1);
    assert!(words.contains("came too late"), "{words}");
}

/// How inputs are read and what a scan writes changes no row of a store.
#[test]
fn keys_that_change_no_result_bind_no_store() {
    let desk = Desk::new(30, 2);
    desk.put_day(0);
    desk.good_night(0);
    let night = |toml: &str| {
        let config = desk.path("my.toml");
        fs::write(&config, toml).unwrap();
        let mut words = desk.words(&desk.store(), 1);
        words.extend(["--config".to_owned(), text(&config).to_owned()]);
        run(&words)
    };
    desk.put_day(1);
    let other = night("[assess]\nsettle_d = 3\n");
    assert_refused(&other, 2, &["another configuration", "--rebuild-from"]);
    let same = night("[ingest]\nmemory_mb = 100\n[tables]\nexport = [\"csv\"]\n");
    assert_eq!(same.status.code(), Some(0), "{}", said(&same));
    desk.assert_as_if_nothing_had_happened(1);
}

/// A file of a later day is put into the folder by mistake, and taken out again.
#[test]
fn what_was_put_in_by_mistake_is_in_the_way_only_once_it_is_taken_in() {
    let desk = Desk::new(60, 5);
    let wrong = desk.inbox().join("wrong.csv");
    let put_wrong = || desk.put("wrong.csv", &fs::read(&desk.days[4]).unwrap());
    for i in 0..3 {
        desk.put_day(i);
    }
    desk.good_night(1);
    put_wrong();
    let (report, _) = told(&desk, None, 0);
    assert_eq!(report["complete_to"], desk.end_of(3).to_string());
    fs::remove_file(&wrong).unwrap();
    desk.put_day(3);
    let (report, words) = told(&desk, None, 3);
    assert_missed(&report, &words, &wrong);
    assert_eq!(report["rewound_to"], desk.end_of(2).to_string(), "{words}");
    desk.assert_as_if_nothing_had_happened(3);

    // Once its own day is sealed, what it says stays, and the way back is told.
    put_wrong();
    desk.good_night(4);
    fs::remove_file(&wrong).unwrap();
    let late = format!(
        "{}{}\n",
        header(&desk),
        rows(&desk, 3).lines().next().unwrap()
    );
    desk.put("late.csv", late.as_bytes());
    let (_, words) = told(&desk, Some(4), 3);
    let day = desk.end_of(2).to_string()[..10].to_owned();
    let way =
        format!("put it back into the folder (under any name), and --rebuild-from {day} takes");
    assert!(words.contains(&way), "{words}");
    assert!(words.contains("only left out by a new store"), "{words}");
    let mut rebuild = desk.words(&desk.store(), 4);
    rebuild.extend(["--rebuild-from".to_owned(), day]);
    let parts = ["wrong.csv", "make a new store without it"];
    assert_refused(&run(&rebuild), 2, &parts);
    put_wrong();
    let output = run(&rebuild);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    desk.assert_as_if_nothing_had_happened(4);
}
