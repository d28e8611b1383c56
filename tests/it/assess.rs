//! Judging again: the same facts and the same rules give the scan's tables to the byte, other rules other ones.

use std::fs;
use std::path::{Path, PathBuf};

use alongside::model::schema::{ENCOUNTERS, GAPS};
use alongside::pipeline::{AssessRequest, assess};
use alongside::tables::{FACTS_FILE, Folder};
use alongside::{Config, RunJson, ScanRequest, Silent, scan};
use tempfile::TempDir;

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
    let mut config = Config::default();
    config.track.max_speed_kn = 50.0;
    let out = dir.path().join("again");
    let refusal = assess(&again(&source, &out, Some(config)), &Silent).unwrap_err();
    assert!(refusal.to_string().contains("section [track]"), "{refusal}");
    assert!(!out.exists());
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
