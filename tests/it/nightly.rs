//! Nights: a store that grew by the day equals one scan of all files, whatever happened in between.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, SystemTime};

use alongside::model::{Timestamp, schema};
use alongside::pipeline::{AssessRequest, NightReport, NightRequest, Results, assess, nightly};
use alongside::simulate::Params;
use alongside::tables::{Export, OutputDir};
use alongside::{Config, Error, Exit, ScanRequest, Silent, scan};

use super::desk::{Desk, PROGRAM};

fn csv_only() -> Config {
    let mut config = Config::default();
    config.tables.export = vec![Export::Csv];
    config
}

impl Desk {
    fn request(&self) -> NightRequest {
        NightRequest::new(self.store(), self.inbox())
    }

    fn night_of(&self, i: usize) -> NightReport {
        let mut request = self.request();
        request.complete_to = Some(self.end_of(i));
        let report = nightly(&csv_only(), &request, &Silent).unwrap();
        assert_eq!(report.published.conflicts, 0, "night {i}");
        report
    }

    /// The tables of a scan of everything in the inbox.
    fn scanned(&self) -> PathBuf {
        let out = self.path("scan");
        scan(
            &csv_only(),
            &ScanRequest::new(vec![self.inbox()], &out),
            &Silent,
        )
        .unwrap();
        out
    }

    /// The tables of the store, written as a scan writes them.
    fn stored(&self, store: &Path) -> PathBuf {
        let out = self.path("stored");
        let results = Results::open(store).unwrap();
        let mut folder = OutputDir::create(&out).unwrap();
        for schema in schema::ALL {
            let table = results.table(schema).unwrap();
            folder.write_table(&table, &[Export::Csv]).unwrap();
        }
        let run = results.run().unwrap();
        let run = alongside::RunJson {
            files: folder.files().to_vec(),
            ..run
        };
        folder.commit(&run.to_json()).unwrap()
    }

    fn assert_equals_scan(&self, what: &str) {
        let (scanned, stored) = (self.scanned(), self.stored(&self.store()));
        assert_same_tables(&scanned, &stored, what);
    }
}

fn assert_same_tables(one: &Path, other: &Path, what: &str) {
    for schema in schema::ALL {
        let read = |folder: &Path| {
            fs::read_to_string(folder.join(format!("{}.csv", schema.name))).unwrap()
        };
        let (a, b) = (read(one), read(other));
        if a == b {
            continue;
        }
        let (a, b): (Vec<&str>, Vec<&str>) = (a.lines().collect(), b.lines().collect());
        let at = a.iter().zip(&b).position(|(a, b)| a != b);
        let at = at.unwrap_or(a.len().min(b.len()));
        panic!(
            "{what}: {} differs ({} and {} lines) at {at}:\n{:?}\n{:?}",
            schema.name,
            a.len(),
            b.len(),
            a.get(at),
            b.get(at)
        );
    }
}

/// Nights one by one, each held to a scan of the files so far.
fn nights_equal_scans(vessels: usize, days: u32, every: usize) {
    let desk = Desk::new(vessels, days);
    for i in 0..desk.days.len() {
        desk.put_day(i);
        let report = desk.night_of(i);
        assert_eq!(report.exit(), Exit::Done);
        assert_eq!(report.complete_to, Some(desk.end_of(i)));
        if i % every == 0 || i + 1 == desk.days.len() {
            desk.assert_equals_scan(&format!("night {i}"));
        }
    }
    // Judging the store's facts again is judging the scan's.
    let out = desk.path("judged");
    let request = AssessRequest {
        source: desk.store(),
        out: out.clone(),
        config: None,
        export: None,
        registry: None,
        watchlists: Vec::new(),
        zones: Vec::new(),
    };
    assess(&request, &Silent).unwrap();
    assert_same_tables(&desk.path("scan"), &out, "judged again");
}

#[test]
fn nights_equal_one_scan() {
    nights_equal_scans(150, 6, 1);
}

#[test]
#[ignore = "thirty days take minutes"]
fn thirty_nights_equal_one_scan() {
    nights_equal_scans(400, 30, 1);
}

/// A sparse archive of many months before the desk's own: its days, each `every` days after the other.
fn spread(desk: &Desk, every: i64) -> Vec<(String, Timestamp)> {
    let (first, day_ms) = (Params::default().start, 86_400_000);
    let n = desk.days.len() as i64;
    let day = |(i, path): (i64, &PathBuf)| {
        let was = Timestamp(first.0 + i * day_ms);
        let is = Timestamp(first.0 - (n - i) * every * day_ms);
        let text = fs::read_to_string(path).unwrap();
        let text = text.replace(&was.to_string()[..10], &is.to_string()[..10]);
        (text, Timestamp(is.0 + day_ms))
    };
    (0..).zip(&desk.days).map(day).collect()
}

/// Months of few days: events become final, ships come back after long silence, late files lead back, and after every
/// night the store is one scan of all files; what was final isn't judged again.
fn a_long_history_equals_scans(vessels: usize, days: u32, every: i64) {
    let desk = Desk::new(vessels, days);
    let history = spread(&desk, every);
    let mut judged: Vec<u64> = Vec::new();
    for (i, (text, end)) in history.iter().enumerate() {
        let late = i % 4 == 3;
        let lines: Vec<&str> = text.lines().collect();
        let (early, rest) = lines.split_at(if late { lines.len() / 2 } else { lines.len() });
        desk.put(&format!("{i:03}.csv"), early.join("\n").as_bytes());
        let mut request = desk.request();
        request.complete_to = Some(*end);
        let night = || {
            let report = nightly(&csv_only(), &request, &Silent).unwrap();
            assert_eq!(report.published.conflicts, 0, "day {i}");
            report
        };
        let mut report = night();
        if late {
            let rest = [&lines[..1], rest].concat();
            desk.put(&format!("{i:03}-late.csv"), rest.join("\n").as_bytes());
            report = night();
            assert!(report.rewound_to.is_some(), "day {i}");
        }
        judged.push(report.published.judged["encounters"]);
        desk.assert_equals_scan(&format!("day {i}"));
    }
    let rows = report_rows(&desk);
    let most = judged.iter().copied().max().unwrap();
    assert!(rows > 20, "{rows} encounters are too few to tell");
    assert!(
        2 * most < rows,
        "{most} encounters of {rows} were judged at once: {judged:?}"
    );
}

/// Encounters that the store holds.
fn report_rows(desk: &Desk) -> u64 {
    let results = Results::open(&desk.store()).unwrap();
    results.table(&schema::ENCOUNTERS).unwrap().len() as u64
}

#[test]
fn a_long_history_equals_one_scan_and_is_not_judged_again() {
    a_long_history_equals_scans(100, 12, 17);
}

#[test]
#[ignore = "two years take minutes"]
fn two_years_equal_one_scan() {
    a_long_history_equals_scans(200, 40, 19);
}

/// Rewinds into the midst of days that were taken in at once: what was final before them stays, the rest is judged.
#[test]
fn a_store_judges_what_was_undone() {
    let desk = Desk::new(100, 16);
    for i in 0..15 {
        desk.put_day(i);
        if i == 2 || i == 14 {
            desk.night_of(i);
        }
    }
    let [east, west] = halves(&desk.days[13]);
    // A corrected file takes half of the ships of two days ago away, the next one gives them back.
    desk.put(desk.day_name(13), east.as_bytes());
    assert!(desk.night_of(14).rewound_to.is_some());
    desk.assert_equals_scan("half of a day");
    desk.put("west.csv", west.as_bytes());
    desk.put_day(15);
    assert!(desk.night_of(15).rewound_to.is_some());
    desk.assert_equals_scan("the other half");
}

#[test]
fn the_same_night_twice_changes_nothing() {
    let desk = Desk::new(60, 2);
    desk.put_day(0);
    desk.put_day(1);
    let first = desk.night_of(1);
    assert!(first.run.is_some() && !first.published.changes.is_empty());
    let before = fs::read(desk.store()).unwrap();
    assert_eq!(desk.night_of(1).run, None);
    // Another name, another time: the same file.
    let file = desk.inbox().join(desk.day_name(1));
    fs::rename(&file, desk.inbox().join("other.csv")).unwrap();
    assert_eq!(desk.night_of(1).run, None);
    desk.put("copy.csv", &fs::read(&desk.days[0]).unwrap());
    assert_eq!(desk.night_of(1).run, None);
    fs::remove_file(desk.inbox().join("copy.csv")).unwrap();
    fs::rename(desk.inbox().join("other.csv"), &file).unwrap();
    desk.assert_equals_scan("after renaming");
    assert!(fs::read(desk.store()).unwrap().len() == before.len());
}

/// A day is sealed by a file of the next one; until then its file waits, and what is read twice counts once.
#[test]
fn the_next_day_seals_a_day() {
    let desk = Desk::new(60, 3);
    let night = || nightly(&csv_only(), &desk.request(), &Silent).unwrap();
    desk.put_day(0);
    let report = night();
    assert_eq!((report.run, report.waiting.len()), (None, 1));
    assert_eq!(report.complete_to, None);
    // A few rows of the next day seal nothing.
    let text = fs::read_to_string(&desk.days[1]).unwrap();
    let few: Vec<&str> = text.lines().take(3).collect();
    let early = desk.put("early.csv", few.join("\n").as_bytes());
    assert_eq!(night().complete_to, None);
    fs::remove_file(early).unwrap();
    desk.put_day(1);
    assert_eq!(night().complete_to, Some(desk.end_of(0)));
    desk.put_day(2);
    assert_eq!(night().complete_to, Some(desk.end_of(1)));
    desk.night_of(2);
    desk.assert_equals_scan("at the end");
}

/// The rows of a day as two regional receivers have them.
fn halves(day: &Path) -> [String; 2] {
    let text = fs::read_to_string(day).unwrap();
    let mut lines = text.lines();
    let header = lines.next().unwrap();
    let mut parts = [format!("{header}\n"), format!("{header}\n")];
    for line in lines {
        let mmsi: u64 = line.split(',').next().unwrap().parse().unwrap();
        let part = &mut parts[(mmsi % 2) as usize];
        part.push_str(line);
        part.push('\n');
    }
    parts
}

#[test]
fn a_second_regional_file_a_night_late_is_taken_in() {
    late_halves_equal_scans(150, 4);
}

#[test]
#[ignore = "thirty days take minutes"]
fn thirty_nights_of_late_regional_files_equal_one_scan() {
    late_halves_equal_scans(150, 30);
}

/// Of each day one file comes the night after, the other one night later.
fn late_halves_equal_scans(vessels: usize, days: u32) {
    let desk = Desk::new(vessels, days);
    for i in 0..desk.days.len() {
        let [east, west] = halves(&desk.days[i]);
        desk.put(&format!("east-{i}.csv"), east.as_bytes());
        desk.put(&format!("west-later-{i}.csv.hidden"), west.as_bytes());
        if i > 0 {
            let from = desk
                .inbox()
                .join(format!("west-later-{}.csv.hidden", i - 1));
            fs::rename(from, desk.inbox().join(format!("west-{}.csv", i - 1))).unwrap();
        }
        let report = desk.night_of(i);
        assert_eq!(report.rewound_to.is_some(), i > 0);
        desk.assert_equals_scan(&format!("night {i}"));
    }
}

#[test]
fn a_corrected_file_takes_the_place_of_the_old_one() {
    let desk = Desk::new(60, 3);
    let [east, _] = halves(&desk.days[0]);
    desk.put(desk.day_name(0), east.as_bytes());
    desk.night_of(0);
    desk.put_day(1);
    desk.night_of(1);
    desk.put_day(0);
    let report = desk.night_of(1);
    assert!(report.rewound_to.is_some());
    desk.assert_equals_scan("corrected");
}

#[test]
fn rows_too_late_are_counted_and_named() {
    let desk = Desk::new(60, 3);
    let [east, west] = halves(&desk.days[0]);
    let file = desk.put("east.csv", east.as_bytes());
    desk.night_of(0);
    desk.put_day(1);
    desk.night_of(1);
    let stored = desk.stored(&desk.store());
    let kept = desk.path("kept");
    fs::rename(stored, &kept).unwrap();
    // What the store would have to read again is gone.
    fs::remove_file(&file).unwrap();
    desk.put("west.csv", west.as_bytes());
    desk.put_day(2);
    let report = desk.night_of(2);
    assert_eq!(report.exit(), Exit::Partly);
    assert_eq!(report.late.len(), 1);
    assert!(report.late[0].path.ends_with("west.csv"));
    let rows = west.lines().count() as u64 - 1;
    assert!(report.late[0].rows > rows / 2 && report.late[0].rows <= rows);
    // It says so once.
    assert_eq!(desk.night_of(2).exit(), Exit::Done);
}

#[test]
fn everything_since_a_day_can_be_rebuilt() {
    let desk = Desk::new(60, 3);
    for i in 0..3 {
        desk.put_day(i);
    }
    desk.night_of(2);
    let mut request = desk.request();
    request.rebuild_from = Some(desk.end_of(0));
    let report = nightly(&csv_only(), &request, &Silent).unwrap();
    assert_eq!(report.rewound_to, Some(desk.end_of(0)));
    assert!(report.published.changes.is_empty());
    desk.assert_equals_scan("rebuilt");

    // Another configuration is refused, unless all is taken in anew.
    let mut config = csv_only();
    config.assess.settle_d = 1;
    let refused = nightly(&config, &desk.request(), &Silent).unwrap_err();
    assert!(refused.to_string().contains("assess"), "{refused}");
    let refused = nightly(&config, &request, &Silent).unwrap_err();
    assert!(refused.to_string().contains("2025-06-02"), "{refused}");
    request.rebuild_from = Some(Params::default().start);
    nightly(&config, &request, &Silent).unwrap();
    let out = desk.path("scan");
    let all = ScanRequest::new(vec![desk.inbox()], &out);
    scan(&config, &all, &Silent).unwrap();
    assert_same_tables(&out, &desk.stored(&desk.store()), "other configuration");
}

#[test]
fn faults_are_named_and_the_store_stays() {
    let desk = Desk::new(60, 2);
    desk.put_day(0);
    desk.put("torn.csv.gz", b"\x1f\x8b\x08\x00broken");
    let report = desk.night_of(0);
    assert_eq!(report.exit(), Exit::Partly);
    assert!(report.failed[0].path.ends_with("torn.csv.gz"));
    let before = fs::read(desk.store()).unwrap();

    // Still being written.
    let growing = desk.put_day(1);
    let file = File::options().write(true).open(&growing).unwrap();
    file.set_modified(SystemTime::now()).unwrap();
    let report = nightly(&csv_only(), &desk.request(), &Silent).unwrap();
    assert_eq!(report.being_written.len(), 1);
    assert_eq!(report.run, None);
    let many = NightReport {
        being_written: (1..=365).map(|day| format!("day{day}.csv")).collect(),
        ..NightReport::default()
    };
    assert_eq!(
        many.warnings(),
        [
            "day1.csv, day2.csv, day3.csv and 362 more are still being written; the next run will take them"
        ]
    );

    // A wrong clock.
    let mut request = desk.request();
    request.clock = Params::default().start;
    request.clock.0 -= 30 * 86_400_000;
    let refused = nightly(&csv_only(), &request, &Silent).unwrap_err();
    assert!(refused.to_string().contains("clock"), "{refused}");
    let mut request = desk.request();
    request.complete_to = Timestamp::parse("2999-01-01");
    let refused = nightly(&csv_only(), &request, &Silent).unwrap_err();
    assert!(refused.to_string().contains("--complete-to"), "{refused}");
    assert!(fs::read(desk.store()).unwrap() == before);

    // A damaged store.
    let damaged = desk.path("damaged.gpkg");
    let mut bytes = before.clone();
    let n = bytes.len();
    bytes[4096..n.min(200_000)].fill(0xa5);
    fs::write(&damaged, &bytes).unwrap();
    let mut request = desk.request();
    request.store = damaged.clone();
    let refused = nightly(&csv_only(), &request, &Silent).unwrap_err();
    assert!(matches!(refused, Error::Store(_)), "{refused}");
    assert!(refused.to_string().contains("damaged.gpkg"), "{refused}");
    assert!(fs::read(&damaged).unwrap() == bytes);
}

#[test]
fn the_commands_that_read_results_read_a_store() {
    let desk = Desk::new(150, 2);
    desk.put_day(0);
    desk.put_day(1);
    desk.night_of(1);
    let scanned = desk.scanned();
    let table = Results::open(&desk.store())
        .unwrap()
        .table(&schema::ENCOUNTERS)
        .unwrap();
    let rows = table.rows();
    let row = &rows[0];
    let id = row.text("event_id").unwrap();
    let explained = alongside::pipeline::explain(&desk.store(), id).unwrap();
    assert!(explained.text.contains("encounter") || !explained.text.is_empty());
    let mmsi = row.whole("mmsi_1").unwrap() as u32;
    let dossier = alongside::pipeline::dossier(&desk.store(), mmsi).unwrap();
    assert!(!dossier.is_empty());
    alongside::pipeline::accounts(&desk.store(), &[], 1e6).unwrap();
    drop(scanned);
}

#[test]
fn alerts_are_lines_of_json_and_exit_code_10() {
    let desk = Desk::new(150, 2);
    desk.put_day(0);
    desk.put_day(1);
    let mut request = desk.request();
    request.complete_to = Some(desk.end_of(1));
    request.alert_risk = Some(0.0);
    let report = nightly(&csv_only(), &request, &Silent).unwrap();
    assert_eq!(report.exit(), Exit::Alert);
    let lines = report.alert_lines();
    assert!(lines.lines().count() > 0);
    for line in lines.lines() {
        let json: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(json["event"]["risk"].as_f64().unwrap() >= 0.0);
    }
    let changes = alongside::pipeline::changes_since(&desk.store(), 0).unwrap();
    assert_eq!(changes.len(), report.published.changes.len());
    let none = alongside::pipeline::changes_since(&desk.store(), report.run.unwrap()).unwrap();
    assert!(none.is_empty());
    let again = nightly(&csv_only(), &request, &Silent).unwrap();
    assert_eq!(again.exit(), Exit::Done);
    // A number that no run had yet is a slip, not a quiet night.
    let refused = |error: Error| {
        assert_eq!(error.exit(), Exit::Usage);
        let words = error.to_string();
        assert!(
            words.contains("no run 99 yet, the last one is 1"),
            "{words}"
        );
    };
    refused(alongside::pipeline::changes_since(&desk.store(), 99).unwrap_err());
    refused(alongside::pipeline::alerts_since(&desk.store(), 99, 0.5).unwrap_err());
}

#[test]
fn gdal_reads_every_layer_of_a_store_without_a_warning() {
    let desk = Desk::new(60, 2);
    desk.put_day(0);
    desk.night_of(0);
    desk.put_day(1);
    desk.night_of(1);
    let ogrinfo = Command::new("ogrinfo")
        .args(["-so", "-al"])
        .arg(desk.store())
        .output();
    let Ok(output) = ogrinfo else {
        println!("skipped: no ogrinfo (Debian: gdal-bin)");
        return;
    };
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let text = String::from_utf8_lossy(&output.stdout);
    let results = Results::open(&desk.store()).unwrap();
    for schema in schema::ALL {
        let rows = results.table(schema).unwrap().len();
        let layer = text.split(&format!("Layer name: {}\n", schema.name)).nth(1);
        let layer = layer.unwrap_or_else(|| panic!("no layer {}", schema.name));
        assert!(
            layer.contains(&format!("Feature Count: {rows}\n")),
            "{}",
            schema.name
        );
    }
}

fn program(desk: &Desk, to: usize) -> Child {
    Command::new(PROGRAM)
        .args(desk.words(&desk.store(), to))
        .arg("-q")
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

#[test]
fn of_two_runs_at_once_one_works_and_the_other_names_it() {
    let desk = Desk::new(150, 3);
    for i in 0..3 {
        desk.put_day(i);
    }
    let first = program(&desk, 2);
    let lock = desk.path("sts.gpkg.lock");
    while fs::read_to_string(&lock).unwrap_or_default().is_empty() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let holder = first.id();
    // Held still meanwhile, or on a busy machine it may be done before the other begins.
    let signal = |name: &str| {
        let sent = Command::new("kill")
            .args([name, &holder.to_string()])
            .status();
        assert!(sent.unwrap().success(), "{name}");
    };
    signal("-STOP");
    let second = program(&desk, 2).wait_with_output().unwrap();
    signal("-CONT");
    let words = String::from_utf8_lossy(&second.stderr).into_owned();
    let first = first.wait_with_output().unwrap();
    assert_eq!(first.status.code(), Some(0));
    assert_eq!(second.status.code(), Some(1), "{words}");
    assert!(words.contains(&format!("process {holder} on ")), "{words}");
    // Another configuration than the tests' own, which is part of what a store is bound to.
    let out = desk.path("scan");
    let all = ScanRequest::new(vec![desk.inbox()], &out);
    let mut config = Config::default();
    config.tables.export = vec![Export::Csv];
    scan(&config, &all, &Silent).unwrap();
    assert_same_tables(&out, &desk.stored(&desk.store()), "two at once");
}

/// Kills runs at moments spread over their whole length, and lets the last one end.
fn killed_nights_equal_whole_ones(vessels: usize, days: u32, kills: u32) {
    let desk = Desk::new(vessels, days);
    let per_night = kills.div_ceil(days);
    let mut done = 0;
    // How long an undisturbed night takes, to spread the kills over it.
    let mut length = Duration::from_millis(300);
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    for i in 0..desk.days.len() {
        desk.put_day(i);
        if i == 2 {
            // A late file beside: kills fall into a replay too.
            let [east, _] = halves(&desk.days[1]);
            desk.put("late.csv", east.as_bytes());
        }
        for _ in 0..per_night {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let mut run = program(&desk, i);
            std::thread::sleep(length.mul_f64((state % 1000) as f64 / 1000.0));
            if run.try_wait().unwrap().is_none() {
                done += 1;
            }
            run.kill().unwrap();
            run.wait().unwrap();
        }
        let begun = std::time::Instant::now();
        let run = program(&desk, i).wait_with_output().unwrap();
        let words = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!(run.status.code(), Some(0), "{words}");
        if i == 0 {
            length = begun.elapsed().max(length);
        }
    }
    assert!(done * 3 >= kills, "only {done} of {kills} kills hit a run");
    desk.assert_equals_scan("after kills");
    let db = rusqlite::Connection::open(desk.store()).unwrap();
    let sound: String = db
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
}

#[test]
fn kills_lose_nothing_and_double_nothing() {
    killed_nights_equal_whole_ones(60, 4, 12);
}

#[test]
#[ignore = "two hundred kills take minutes"]
fn two_hundred_kills_lose_nothing_and_double_nothing() {
    killed_nights_equal_whole_ones(200, 10, 200);
}
