//! What ended long ago goes when that is asked for; what stays, and what is judged later, is as if nothing had gone.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::types::Value;

use super::desk::{Desk, Layer, assert_refused, assert_sound, layers, run, said, text};

/// Rules that look back on a few days only: 1 + 1 + 1, and 7 that a store can go back.
const RULES: &str = "\
[assess]
lookback_d = 1
settle_d = 1
[rendezvous]
max_dark_d = 1
";

const LEAST_D: &str = "10";

struct Kept {
    desk: Desk,
    rules: PathBuf,
    store: PathBuf,
}

impl Kept {
    fn new(days: u32) -> Self {
        let desk = Desk::new(60, days);
        let rules = desk.path("rules.toml");
        fs::write(&rules, RULES).unwrap();
        let store = desk.store();
        Self { desk, rules, store }
    }

    /// A night on a store; returns its report.
    fn night(&self, store: &Path, to: usize, more: &[&str]) -> serde_json::Value {
        let mut words = self.desk.words(store, to);
        words.extend(["--config", text(&self.rules), "--json"].map(str::to_owned));
        words.extend(more.iter().map(|w| (*w).to_owned()));
        let output = run(&words);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert!(!said(&output).contains("report this"), "{}", said(&output));
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

fn kept_from(store: &Path) -> Option<String> {
    let db = Connection::open(store).unwrap();
    db.query_row(
        "SELECT value FROM alongside_meta WHERE key = 'kept_from'",
        [],
        |row| row.get(0),
    )
    .ok()
}

/// Names of the events of a store that are past: what must be gone, said by other words than the program's.
fn past(store: &Path, before: &str) -> Vec<String> {
    let db = Connection::open(store).unwrap();
    let mut names = Vec::new();
    for table in ["encounters", "loitering", "gaps", "identity", "port_calls"] {
        let mut statement = db
            .prepare(&format!("SELECT event_id, status, \"end\" FROM {table}"))
            .unwrap();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let (id, status): (String, String) = (row.get(0).unwrap(), row.get(1).unwrap());
            let end: Option<String> = row.get(2).unwrap();
            if status == "final" && end.is_some_and(|end| end.as_str() < before) {
                names.push(id);
            }
        }
    }
    names
}

/// The layers without the rows that name one of these events first; a rendezvous may go with them.
fn without(layers: Vec<Layer>, gone: &[String]) -> Vec<Layer> {
    let is_gone = |row: &Vec<Value>| {
        let texts = row.iter().filter_map(|v| match v {
            Value::Text(text) => Some(text),
            _ => None,
        });
        texts.take(1).any(|id| gone.contains(id))
    };
    let layers = layers.into_iter().filter(|(name, _)| name != "rendezvous");
    layers
        .map(|(name, mut rows)| {
            rows.retain(|row| !is_gone(row));
            (name, rows)
        })
        .collect()
}

fn assert_same(one: Vec<Layer>, other: Vec<Layer>) {
    assert_eq!(one.len(), other.len());
    for ((name, a), (_, b)) in one.into_iter().zip(other) {
        assert_eq!(a.len(), b.len(), "rows of {name}");
        let differs = a.iter().zip(&b).find(|(a, b)| a != b);
        assert!(differs.is_none(), "{name}: {differs:?}");
    }
}

#[test]
fn what_stays_and_what_comes_is_as_if_nothing_had_gone() {
    let kept = Kept::new(14);
    let whole = kept.desk.path("whole.gpkg");
    for i in 0..12 {
        kept.desk.put_day(i);
    }
    let retention = ["--retention", LEAST_D];
    kept.night(&whole, 11, &[]);
    kept.night(&kept.store, 11, &[]);
    let before = fs::metadata(&kept.store).unwrap().len();
    let report = kept.night(&kept.store, 11, &retention);
    let from = kept_from(&kept.store).unwrap();
    assert_eq!(from, kept.desk.end_of(1).to_string());
    let gone = past(&whole, &from);
    assert!(gone.len() >= 5, "only {} events to remove", gone.len());
    assert!(report["removed"].as_u64().unwrap() >= gone.len() as u64);
    assert!(past(&kept.store, &from).is_empty());
    assert_same(
        without(layers(&kept.store), &[]),
        without(layers(&whole), &gone),
    );
    assert!(fs::metadata(&kept.store).unwrap().len() < before);
    assert_sound(&kept.store);

    // Nights to come, a file that came late, and the same night again.
    kept.desk.put_day(12);
    let late = fs::read_to_string(&kept.desk.days[10]).unwrap();
    let (head, _) = late.split_at(late.match_indices('\n').nth(400).unwrap().0 + 1);
    kept.desk.put("late.csv", head.as_bytes());
    kept.night(&whole, 12, &[]);
    kept.night(&kept.store, 12, &retention);
    kept.desk.put_day(13);
    kept.night(&whole, 13, &[]);
    let report = kept.night(&kept.store, 13, &retention);
    let from = kept_from(&kept.store).unwrap();
    let gone = past(&whole, &from);
    assert_same(
        without(layers(&kept.store), &[]),
        without(layers(&whole), &gone),
    );
    let again = kept.night(&kept.store, 13, &retention);
    assert!(again["run"].is_null() && again["removed"] == 0, "{again}");
    assert!(report["run"].as_i64().unwrap() > 0);

    // Judged again it is the same, and the removed don't come back.
    let judged = kept.desk.path("judged");
    let words = [
        "assess",
        text(&kept.store),
        "-o",
        text(&judged),
        "--export",
        "gpkg",
    ];
    let output = run(&words.map(str::to_owned));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let file = judged.join("events.gpkg");
    assert_same(
        without(layers(&file), &[]),
        without(layers(&kept.store), &[]),
    );
    let page = kept.desk.path("page.html");
    let words = ["report", text(&kept.store), "-o", text(&page)];
    let output = run(&words.map(str::to_owned));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));

    // Taken in anew from the files, everything is there again.
    kept.night(&kept.store, 13, &["--rebuild-from", "2025-06-02"]);
    assert_eq!(kept_from(&kept.store), None);
    assert_same(layers(&kept.store), layers(&whole));
}

#[test]
fn less_than_the_rules_look_back_on_is_refused() {
    let desk = Desk::new(30, 1);
    desk.put_day(0);
    desk.good_night(0);
    let before = fs::read(desk.store()).unwrap();
    let mut words = desk.words(&desk.store(), 0);
    words.extend(["--retention", "163"].map(str::to_owned));
    assert_refused(
        &run(&words),
        2,
        &["--retention", "163 days", "at least 164"],
    );
    assert!(fs::read(desk.store()).unwrap() == before);
    *words.last_mut().unwrap() = "164".to_owned();
    assert_eq!(run(&words).status.code(), Some(0));
}

#[test]
fn a_removal_that_fails_takes_no_report_away() {
    let kept = Kept::new(13);
    for i in 0..12 {
        kept.desk.put_day(i);
    }
    kept.night(&kept.store, 11, &[]);
    let db = Connection::open(&kept.store).unwrap();
    db.execute_batch(
        "CREATE TRIGGER kept BEFORE DELETE ON alongside_changes BEGIN SELECT RAISE(ABORT, 'not today'); END",
    )
    .unwrap();
    kept.desk.put_day(12);
    let mut words = kept.desk.words(&kept.store, 12);
    let more = ["--config", text(&kept.rules), "--retention", LEAST_D];
    words.extend(more.map(str::to_owned));
    words.extend(["--alert-risk", "0"].map(str::to_owned));
    assert_refused(&run(&words), 10, &["--retention", "not today"]);
    // The alerts came, and don't come again; what failed is told again.
    let output = run(&words);
    assert_refused(&output, 3, &["--retention", "not today"]);
    assert!(output.stdout.is_empty());
    db.execute_batch("DROP TRIGGER kept").unwrap();
    drop(db);
    assert_eq!(run(&words).status.code(), Some(0));
    assert!(past(&kept.store, &kept_from(&kept.store).unwrap()).is_empty());
}
