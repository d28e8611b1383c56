//! Judging again: the same facts and the same rules give the scan's tables to the byte, other rules other ones.

use std::fs;
use std::path::{Path, PathBuf};

use alongside::model::schema::{ENCOUNTERS, GAPS};
use alongside::pipeline::{AssessRequest, assess};
use alongside::tables::{FACTS_FILE, Folder};
use alongside::{Config, RunJson, ScanRequest, Silent, scan};
use tempfile::TempDir;

use super::cli::two_tankers;
use super::desk::PROGRAM;

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/us_coast_2020-06-30.csv.gz")
}

fn scanned(dir: &TempDir, change: impl Fn(&mut ScanRequest)) -> PathBuf {
    let out = dir.path().join("scan");
    let mut request = ScanRequest::new(vec![sample()], &out);
    change(&mut request);
    scan(&Config::default(), &request, &Silent).unwrap();
    out
}

fn again(source: &Path, out: &Path, config: Option<Config>) -> AssessRequest {
    AssessRequest {
        source: source.to_owned(),
        out: out.to_owned(),
        config,
        export: None,
        registry: None,
        watchlists: Vec::new(),
        zones: Vec::new(),
    }
}

/// What a run was, without what varies from run to run.
fn run_of(folder: &Path) -> RunJson {
    let text = Folder::open(folder).unwrap().run().unwrap();
    let run: RunJson = serde_json::from_str(&text).unwrap();
    RunJson {
        run: Default::default(),
        ..run
    }
}

#[test]
fn the_same_rules_give_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    for selected in [false, true] {
        let source = scanned(&dir, |request| {
            if selected {
                request.bbox = Some("-123,37,-117,39".parse().unwrap());
            }
        });
        let out = dir.path().join("again");
        assess(&again(&source, &out, None), &Silent).unwrap();
        let run = run_of(&source);
        assert_eq!(run_of(&out), run);
        assert!(run.files.len() > 8, "{:?}", run.files);
        for name in &run.files {
            let same = fs::read(source.join(name)).unwrap() == fs::read(out.join(name)).unwrap();
            assert!(same, "{name} differs, selected: {selected}");
        }
    }
}

#[test]
fn a_result_can_be_judged_in_its_place() {
    let dir = tempfile::tempdir().unwrap();
    let source = scanned(&dir, |_| ());
    let before = fs::read(source.join("encounters.csv")).unwrap();
    assess(&again(&source, &source, None), &Silent).unwrap();
    assert_eq!(fs::read(source.join("encounters.csv")).unwrap(), before);
}

#[test]
fn other_windows_of_knowledge_change_the_judgement_and_not_the_facts() {
    let dir = tempfile::tempdir().unwrap();
    let source = scanned(&dir, |_| ());
    let mut config = Config::default();
    config.assess.settle_d = 0;
    let out = dir.path().join("again");
    assess(&again(&source, &out, Some(config)), &Silent).unwrap();
    let status = |folder: &Path, schema| {
        let table = Folder::open(folder).unwrap().table(schema).unwrap();
        let rows = table.rows().into_owned();
        rows.iter()
            .map(|row| row.text("status").unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    for schema in [&ENCOUNTERS, &GAPS] {
        let (before, after) = (status(&source, schema), status(&out, schema));
        assert_eq!(before.len(), after.len());
    }
    assert!(run_of(&out).config_sha256 != run_of(&source).config_sha256);
    let facts = |folder: &Path| fs::read(folder.join(FACTS_FILE)).unwrap();
    assert!(facts(&source) == facts(&out));
}

#[test]
fn keys_that_need_the_rows_are_refused_by_section() {
    let dir = tempfile::tempdir().unwrap();
    let source = scanned(&dir, |_| ());
    type Change = (&'static str, fn(&mut Config));
    let changes: [Change; 4] = [
        ("track", |c| c.track.max_speed_kn = 50.0),
        ("proximity", |c| c.proximity.contact_radius_m = 400.0),
        ("encounter", |c| c.encounter.rejoin_h = 12.0),
        ("reception", |c| c.reception.min_others = 3),
    ];
    let out = dir.path().join("again");
    for (section, change) in changes {
        let mut config = Config::default();
        change(&mut config);
        let refusal = assess(&again(&source, &out, Some(config)), &Silent).unwrap_err();
        let words = format!("section [{section}]");
        assert!(refusal.to_string().contains(&words), "{refusal}");
        assert!(!out.exists());
    }
}

/// What others tell of silences is a fact: a configuration that leaves the section out keeps it as it was asked.
#[test]
fn sections_that_shaped_the_facts_stay_the_scans() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = Config::default();
    config.reception.min_others = 3;
    let source = dir.path().join("scan");
    let request = ScanRequest::new(vec![sample()], &source);
    scan(&config, &request, &Silent).unwrap();
    let out = dir.path().join("again");
    assess(&again(&source, &out, Some(Config::default())), &Silent).unwrap();
    assert_eq!(run_of(&out).config_sha256, run_of(&source).config_sha256);
    for table in ["gaps.csv", "encounters.csv"] {
        let read = |folder: &Path| fs::read(folder.join(table)).unwrap();
        assert!(read(&source) == read(&out), "{table}");
    }
}

/// The program in a folder: its code, what it wrote and what it said.
fn program(folder: &Path, args: &[&str]) -> (Option<i32>, String) {
    let output = std::process::Command::new(PROGRAM)
        .args(args)
        .current_dir(folder)
        .output()
        .unwrap();
    (
        output.status.code(),
        String::from_utf8(output.stderr).unwrap(),
    )
}

#[test]
fn the_files_of_the_scan_are_found_from_anywhere() {
    let dir = tempfile::tempdir().unwrap();
    let (desk, other) = (dir.path().join("desk"), dir.path().join("other"));
    fs::create_dir_all(&desk).unwrap();
    fs::create_dir_all(&other).unwrap();
    fs::write(desk.join("day.csv"), two_tankers()).unwrap();
    fs::write(desk.join("mine.csv"), "mmsi,name\n538000001,ALPHA\n").unwrap();
    fs::write(desk.join("fleet.csv"), "mmsi,dwt\n538000001,319000\n").unwrap();
    fs::write(desk.join("zones.json"), r#"{"type":"FeatureCollection","features":[{"type":"Feature",
        "properties":{"name":"MY ROADS"},"geometry":{"type":"Polygon","coordinates":[[[-88.1,28.4],[-87.9,28.4],[-88,28.6],[-88.1,28.4]]]}}]}"#).unwrap();
    let scan = [
        "scan",
        "day.csv",
        "-o",
        "out",
        "--watchlist",
        "mine.csv",
        "--registry",
        "fleet.csv",
        "--zones",
        "zones.json",
    ];
    assert_eq!(program(&desk, &scan).0, Some(0));
    let tables = |folder: &Path| {
        ["vessels.csv", "encounters.csv"].map(|name| fs::read_to_string(folder.join(name)).unwrap())
    };
    let before = tables(&desk.join("out"));
    assert!(
        before[0].contains("mine: ALPHA") && before[0].contains(",319000,"),
        "{}",
        before[0]
    );
    assert!(before[1].contains("MY ROADS"), "{}", before[1]);

    // Judged, and judged again, from another folder that has a list of the same name; the page has the zones too.
    fs::write(other.join("mine.csv"), "mmsi,name\n538000002,BETA\n").unwrap();
    for (source, out) in [("../desk/out", "once"), ("once", "twice")] {
        let (code, words) = program(&other, &["assess", source, "-o", out]);
        assert_eq!(code, Some(0), "{words}");
        assert!(!words.contains("changed"), "{words}");
        assert_eq!(tables(&other.join(out))[1], before[1]);
    }
    let run = run_of(&other.join("twice"));
    assert_eq!(run.request.watchlists, ["mine.csv"]);
    let here = fs::canonicalize(&desk).unwrap();
    assert_eq!(run.request.folder, Some(here.display().to_string()));
    // Paths stand as they were given.
    let told = run_of(&desk.join("out")).request;
    assert_eq!(
        (told.registry.as_deref(), told.zones),
        (Some("fleet.csv"), vec!["zones.json".to_owned()])
    );

    // Another list stays found too.
    let (code, _) = program(
        &other,
        &["assess", "once", "-o", "beta", "--watchlist", "mine.csv"],
    );
    assert_eq!(code, Some(0));
    let (code, words) = program(&desk, &["assess", "../other/beta", "-o", "beta"]);
    assert_eq!(code, Some(0), "{words}");
    let listed = |folder: &Path| {
        let vessels = fs::read_to_string(folder.join("vessels.csv")).unwrap();
        let line = vessels.lines().find(|l| l.contains("mine: "));
        line.map(|l| l.contains("538000002"))
    };
    assert_eq!(listed(&desk.join("beta")), Some(true));

    // What it holds now counts, and that it isn't what it was is said; what is gone is named with its option.
    fs::write(desk.join("mine.csv"), "mmsi,name\n538000002,BETA\n").unwrap();
    let (code, words) = program(&other, &["assess", "../desk/out", "-o", "changed"]);
    assert_eq!(code, Some(0));
    assert!(
        words.contains("mine.csv has changed") && words.contains("--watchlist"),
        "{words}"
    );
    fs::remove_file(desk.join("mine.csv")).unwrap();
    let (code, words) = program(&other, &["assess", "../desk/out", "-o", "gone"]);
    assert_eq!(code, Some(2), "{words}");
    assert!(
        words.contains("--watchlist: ") && words.contains("mine.csv', which is not there"),
        "{words}"
    );
    assert!(!other.join("gone").exists());
}

#[test]
fn damaged_and_foreign_facts_are_named() {
    let dir = tempfile::tempdir().unwrap();
    let source = scanned(&dir, |_| ());
    let out = dir.path().join("again");
    let file = source.join(FACTS_FILE);
    let whole = fs::read(&file).unwrap();
    let mut other = whole.clone();
    other[16] ^= 1;
    for bytes in [&whole[..whole.len() / 2], &whole[..4], &other] {
        fs::write(&file, bytes).unwrap();
        let refusal = assess(&again(&source, &out, None), &Silent).unwrap_err();
        assert!(refusal.to_string().contains(FACTS_FILE), "{refusal}");
        assert!(refusal.to_string().contains("scan again"), "{refusal}");
        assert!(!out.exists());
    }
}
