//! What the commands that read a result say of it.

use std::path::{Path, PathBuf};

use alongside::model::schema::{ENCOUNTERS, GAPS, LOITERING};
use alongside::pipeline::{accounts, dossier, explain};
use alongside::tables::Folder;
use alongside::volumes::{CAP_BBL, Key};
use alongside::{Config, ScanRequest, Silent, scan};
use tempfile::TempDir;

fn scanned(dir: &TempDir) -> PathBuf {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/us_coast_2020-06-30.csv.gz");
    let out = dir.path().join("out");
    scan(
        &Config::default(),
        &ScanRequest::new(vec![sample], &out),
        &Silent,
    )
    .unwrap();
    out
}

#[test]
fn every_event_can_be_explained_by_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let out = scanned(&dir);
    for schema in [&ENCOUNTERS, &LOITERING, &GAPS] {
        let table = Folder::open(&out).unwrap().table(schema).unwrap();
        for row in table.rows().iter().take(3) {
            let id = row.text("event_id").unwrap();
            let explained = explain(&out, id).unwrap();
            assert!(explained.text.contains(id), "{}", explained.text);
            assert!(explained.text.contains(" UTC"), "{}", explained.text);
            assert_eq!(explained.json["event"]["event_id"], id);
            assert_eq!(explained.json["table"], schema.name);
        }
    }
    let table = Folder::open(&out).unwrap().table(&ENCOUNTERS).unwrap();
    let row = &table.rows()[0];
    let explained = explain(&out, row.text("event_id").unwrap()).unwrap();
    for suffix in ["1", "2"] {
        let mmsi = row.whole(&format!("mmsi_{suffix}")).unwrap();
        assert!(
            explained.text.contains(&format!("MMSI {mmsi:09}")),
            "{}",
            explained.text
        );
        if let Some(name) = row.text(&format!("name_{suffix}")) {
            assert!(explained.text.contains(name), "{}", explained.text);
        }
    }
    assert!(
        explained
            .text
            .contains("instants at which both were measured")
    );
    // The sample has positions only: no hulls, so the antennas' distance at each instant.
    let mut instants = 0;
    for line in explained.text.lines().filter(|l| l.contains("ship 1:")) {
        let (_, metres) = line.split_once("  antennas ").unwrap();
        let (metres, _) = metres.split_once(" m").unwrap();
        assert!(metres.trim().parse::<f64>().is_ok(), "{line}");
        instants += 1;
    }
    assert!(instants > 0, "{}", explained.text);
    assert!(!explained.json["evidence"].as_array().unwrap().is_empty());
}

#[test]
fn a_share_is_told_alike_in_every_line() {
    let dir = tempfile::tempdir().unwrap();
    let out = scanned(&dir);
    let table = Folder::open(&out).unwrap().table(&GAPS).unwrap();
    let rows = table.rows();
    let judged = |row: &&alongside::model::Row| row.number("reception").is_some();
    let mut seen = 0;
    for row in rows.iter().filter(judged) {
        let told = explain(&out, row.text("event_id").unwrap()).unwrap().text;
        let shares: Vec<&str> = told
            .match_indices("were heard in ")
            .filter_map(|(at, words)| told[at + words.len()..].split(" %").next())
            .collect();
        assert!(shares.len() >= 2, "{told}");
        assert!(shares.windows(2).all(|two| two[0] == two[1]), "{told}");
        seen += 1;
    }
    assert!(seen > 0);
}

#[test]
fn a_name_may_be_cut_short_while_it_is_clear() {
    let dir = tempfile::tempdir().unwrap();
    let out = scanned(&dir);
    let table = Folder::open(&out).unwrap().table(&ENCOUNTERS).unwrap();
    let id = table.rows()[0].text("event_id").unwrap().to_owned();
    assert_eq!(
        explain(&out, &id[..12]).unwrap().text,
        explain(&out, &id).unwrap().text
    );
    let refusal = |name: &str| explain(&out, name).unwrap_err().to_string();
    assert!(refusal("zzzzzzzz").contains("no event 'zzzzzzzz'"));
    assert!(refusal(&id[..2]).contains("too short"));
}

#[test]
fn a_dossier_holds_each_event_of_the_ship_once() {
    let dir = tempfile::tempdir().unwrap();
    let out = scanned(&dir);
    let folder = Folder::open(&out).unwrap();
    let mmsi = folder.table(&ENCOUNTERS).unwrap().rows()[0]
        .whole("mmsi_1")
        .unwrap();
    let found = dossier(&out, u32::try_from(mmsi).unwrap()).unwrap();
    assert_eq!(found.identities.len(), 1);
    let parties = |column: &str, table: &alongside::model::Table| {
        table
            .rows()
            .iter()
            .filter(|row| row.whole(column) == Some(mmsi))
            .count()
    };
    let encounters = folder.table(&ENCOUNTERS).unwrap();
    let expected = parties("mmsi_1", &encounters) + parties("mmsi_2", &encounters);
    let found_encounters = found
        .events
        .iter()
        .filter(|e| e.table == "encounters")
        .count();
    assert_eq!(found_encounters, expected);
    let runs = parties("mmsi", &folder.table(&LOITERING).unwrap());
    assert_eq!(
        found
            .events
            .iter()
            .filter(|e| e.table == "loitering")
            .count(),
        runs
    );
    assert!(found.events.is_sorted_by_key(|e| e.start));
    assert!(found.to_text().contains(&format!("MMSI {mmsi:09}")));
    assert!(
        dossier(&out, 1)
            .unwrap_err()
            .to_string()
            .contains("holds nothing of a ship")
    );
}

#[test]
fn volumes_of_a_scan_count_its_transfers() {
    let dir = tempfile::tempdir().unwrap();
    let out = scanned(&dir);
    let table = Folder::open(&out).unwrap().table(&ENCOUNTERS).unwrap();
    let transfers = table
        .rows()
        .iter()
        .filter(|row| {
            let kind = row.text("kind").unwrap_or_default();
            ["sts_transfer", "bunkering", "fishing_transshipment"].contains(&kind)
        })
        .count();
    let accounts = accounts(&out, &[Key::Month], CAP_BBL).unwrap();
    let gross: f64 = accounts
        .lines
        .iter()
        .filter(|line| line.flow == "transfers_gross")
        .map(|line| line.count)
        .sum();
    assert_eq!(gross, transfers as f64);
}
