//! Alerts come once, so they must arrive: whatever prints, prints or says that it couldn't.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use alongside::model::schema;
use alongside::pipeline::Results;

use super::desk::{Desk, PROGRAM, assert_refused, run, said, text};

/// Runs the program with its results going to a disk that is full.
fn run_full(words: &[String]) -> Output {
    Command::new("sh")
        .args(["-c", "exec \"$0\" \"$@\" > /dev/full", PROGRAM])
        .args(words)
        .output()
        .unwrap()
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

/// The words of a night that tells of every event.
fn telling(desk: &Desk, store: &Path, to: usize) -> Vec<String> {
    let mut all = desk.words(store, to);
    all.extend(words(&["--alert-risk", "0"]));
    all
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect()
}

fn names(alerts: &[Value]) -> BTreeSet<String> {
    let name = |a: &Value| format!("{} {}", a["table"], a["event"]["event_id"]);
    alerts.iter().map(name).collect()
}

#[test]
#[cfg(target_os = "linux")]
fn what_cannot_be_printed_is_no_success() {
    let desk = Desk::new(60, 2);
    desk.put_day(0);
    desk.put_day(1);
    let store = desk.store();
    let output = run_full(&telling(&desk, &store, 1));
    assert_refused(
        &output,
        1,
        &["can't print the result", "the night is done", "--since 0"],
    );
    // So of a scan: its result stands, and that is said.
    let out = desk.path("scan");
    let mut scan = words(&["scan", text(&desk.days[0]), "-o", text(&out), "--json"]);
    assert_refused(
        &run_full(&scan),
        1,
        &["can't print the result", "the result stands in", "run.json"],
    );
    scan.pop();
    assert_refused(&run_full(&scan), 1, &["the result stands in"]);
    assert!(out.join("run.json").is_file());
    // The night is done; its alerts are had again, as they would have come.
    let again = words(&[
        "nightly",
        "--store",
        text(&store),
        "--since",
        "0",
        "--alert-risk",
        "0",
    ]);
    let output = run(&again);
    assert_eq!(output.status.code(), Some(10), "{}", said(&output));
    let undisturbed = run(&telling(&desk, &desk.path("other.gpkg"), 1));
    assert_eq!(undisturbed.status.code(), Some(10));
    assert!(!lines(&output).is_empty());
    assert_eq!(names(&lines(&output)), names(&lines(&undisturbed)));

    for other in [
        &["config"][..],
        &["config", "--json"],
        &["--help"],
        &["nightly", "--store", text(&store), "--since", "0"],
        &["volumes", text(&store)],
        &["inspect", text(&desk.inbox())],
    ] {
        let output = run_full(&words(other));
        assert_eq!(
            output.status.code(),
            Some(1),
            "{other:?}: {}",
            said(&output)
        );
    }
}

#[test]
fn json_is_one_value_and_holds_the_alerts() {
    let desk = Desk::new(60, 2);
    desk.put_day(0);
    desk.put_day(1);
    let store = desk.store();
    let mut night = telling(&desk, &store, 1);
    night.push("--json".to_owned());
    let output = run(&night);
    assert_eq!(output.status.code(), Some(10));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let alerts = report["alerts"].as_array().unwrap();
    assert!(!alerts.is_empty());
    let again: Value = serde_json::from_slice(&run(&night).stdout).unwrap();
    assert_eq!(again["alerts"], serde_json::json!([]));

    let since = ["nightly", "--store", text(&store), "--since", "0", "--json"];
    let output = run(&words(&since));
    let changes: Value = serde_json::from_slice(&output.stdout).unwrap();
    let changes = changes.as_array().unwrap();
    assert!(changes.len() >= alerts.len());
    assert!(changes.iter().all(|c| c["run"] == 1 && c["what"] == "new"));
    let since = [&since[..], &["--alert-risk", "0"]].concat();
    let output = run(&words(&since));
    assert_eq!(output.status.code(), Some(10));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(names(told.as_array().unwrap()), names(alerts));
}

/// A threshold that is read off a table finds the event it was read from.
#[test]
fn alerts_have_the_numbers_of_the_tables() {
    let desk = Desk::new(150, 2);
    desk.put_day(0);
    desk.put_day(1);
    let store = desk.store();
    let alerts = lines(&run(&telling(&desk, &store, 1)));
    let results = Results::open(&store).unwrap();
    let mut risks: Vec<f64> = Vec::new();
    for table in schema::ALL
        .into_iter()
        .filter(|s| s.index("risk").is_some())
    {
        for row in results.table(table).unwrap().rows().iter() {
            let id = row.text("event_id").unwrap();
            let alert = alerts
                .iter()
                .find(|a| a["table"] == table.name && a["event"]["event_id"] == id)
                .unwrap_or_else(|| panic!("no alert of {id}"));
            for column in table.columns {
                if let Some(number) = alert["event"][column.name].as_f64() {
                    assert_eq!(
                        Some(number),
                        row.number(column.name),
                        "{id} {}",
                        column.name
                    );
                }
            }
            risks.extend(row.number("risk"));
        }
    }
    assert!(risks.len() > 10);
    for least in risks.iter().take(20) {
        let since = ["--alert-risk", &least.to_string()].map(str::to_owned);
        let again = words(&["nightly", "--store", text(&desk.store()), "--since", "0"]);
        let found = lines(&run(&[again, since.into()].concat())).len();
        assert_eq!(found, risks.iter().filter(|risk| *risk >= least).count());
    }
    let least = risks.iter().copied().fold(0.0, f64::max).to_string();
    let mut night = desk.words(&desk.path("least.gpkg"), 1);
    night.extend(words(&["--alert-risk", &least]));
    assert_eq!(run(&night).status.code(), Some(10), "{least}");
}
