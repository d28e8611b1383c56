use super::*;

fn binding() -> Binding {
    Binding {
        program: "1".to_owned(),
        config: "{}".to_owned(),
        config_sha256: "c".to_owned(),
        reference: "[]".to_owned(),
    }
}

fn sealed(state: &[u8]) -> Sealed {
    let closed = Sealed::bytes_of(&Facts::default()).unwrap();
    Sealed::new(Path::new("s.gpkg"), &closed, &[state.to_vec()]).unwrap()
}

#[test]
fn what_isnt_committed_leaves_no_trace() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.gpkg");
    let mut store = Store::open(&path).unwrap();
    let night = store.begin().unwrap();
    night.bind(&binding(), b"nothing").unwrap();
    night.seal(Timestamp(86_400_000), &sealed(b"one")).unwrap();
    drop(night);
    assert_eq!(store.binding().unwrap(), None);
    assert_eq!(store.states().unwrap(), []);
    let night = store.begin().unwrap();
    night.bind(&binding(), b"nothing").unwrap();
    night.commit().unwrap();
    assert_eq!(store.binding().unwrap(), Some(binding()));
    assert_eq!(store.complete_to().unwrap(), None);
    assert_eq!(store.state(NOTHING).unwrap(), b"nothing");
}

#[test]
fn the_last_days_can_be_gone_back_to() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.gpkg");
    let mut store = Store::open(&path).unwrap();
    let night = store.begin().unwrap();
    night.bind(&binding(), b"nothing").unwrap();
    for day in 1..=10 {
        let state = [day as u8];
        night.seal(UtcDay(day).start(), &sealed(&state)).unwrap();
    }
    night.commit().unwrap();
    let days: Vec<i32> = store.states().unwrap().iter().map(|t| t.day().0).collect();
    assert_eq!(days, (3..=10).collect::<Vec<_>>());
    let night = store.begin().unwrap();
    assert_eq!(night.facts(NOTHING).unwrap().len(), 10);
    night.rewind(UtcDay(5).start()).unwrap();
    night.commit().unwrap();
    assert_eq!(store.complete_to().unwrap(), Some(UtcDay(5).start()));
    assert_eq!(store.begin().unwrap().facts(NOTHING).unwrap().len(), 5);
    assert!(store.judged().unwrap().1);
}

#[test]
fn one_writer_at_a_time_and_the_other_learns_who() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.gpkg");
    let first = Store::open(&path).unwrap();
    let refusal = Store::open(&path).err().unwrap().to_string();
    let process = format!("process {} on ", std::process::id());
    assert!(refusal.contains(&process), "{refusal}");
    drop(first);
    Store::open(&path).unwrap();
}

#[test]
fn what_is_no_store_is_refused_and_left_alone() {
    let dir = tempfile::tempdir().unwrap();
    let text = dir.path().join("thesis.txt");
    std::fs::write(&text, "dear reader, this is a text that is long enough").unwrap();
    assert!(matches!(
        Store::open(&text),
        Err(StoreError::Foreign { .. })
    ));
    let other = dir.path().join("other.db");
    let db = Connection::open(&other).unwrap();
    db.execute_batch("CREATE TABLE mine (a)").unwrap();
    let before = std::fs::read(&other).unwrap();
    assert!(matches!(
        Store::open(&other),
        Err(StoreError::Foreign { .. })
    ));
    assert!(std::fs::read(&other).unwrap() == before);
    let newer = dir.path().join("newer.gpkg");
    drop(Store::open(&newer).unwrap());
    let db = Connection::open(&newer).unwrap();
    db.execute_batch("UPDATE alongside_meta SET value = '99'")
        .unwrap();
    assert!(matches!(
        Store::open(&newer),
        Err(StoreError::Newer { found: 99, .. })
    ));
}

/// The tables of version 1, as they were.
const VERSION_1: &str = "
CREATE TABLE alongside_meta (key TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE alongside_runs (
  run INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, program TEXT NOT NULL, note TEXT NOT NULL,
  complete_to TEXT, files INTEGER, rows INTEGER, new INTEGER, changed INTEGER, closed INTEGER, gone INTEGER);
CREATE TABLE alongside_manifest (
  sha256 TEXT PRIMARY KEY NOT NULL, path TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL, modified INTEGER NOT NULL,
  first INTEGER, last INTEGER, run INTEGER NOT NULL, record TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE alongside_changes (
  run INTEGER NOT NULL, layer TEXT NOT NULL, event_id TEXT NOT NULL, what TEXT NOT NULL);
CREATE INDEX alongside_changes_run ON alongside_changes (run);
CREATE TABLE alongside_states (at INTEGER PRIMARY KEY NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE alongside_facts (at INTEGER PRIMARY KEY NOT NULL, bytes BLOB NOT NULL);
CREATE TABLE alongside_rows (
  layer TEXT NOT NULL, key TEXT NOT NULL, digest BLOB NOT NULL, status INTEGER NOT NULL, risk REAL,
  PRIMARY KEY (layer, key)) WITHOUT ROWID;
INSERT INTO alongside_meta VALUES
  ('schema', '1'), ('program', '1'), ('config', '{}'), ('config_sha256', 'c'), ('reference', '[]');
INSERT INTO alongside_runs VALUES (7, '2026-01-01', '1', '', NULL, 1, 2, 3, 4, 5, 6);
";

const DAY: Timestamp = Timestamp(86_400_000);

/// A store of version 1 with a state and a day's facts, as zstd packs them by itself.
fn version_1(path: &Path, state: &[u8]) {
    let db = Connection::open(path).unwrap();
    geopackage::lay_out(&db).unwrap();
    db.execute_batch(VERSION_1).unwrap();
    let facts = stage::encode("facts", super::schema::FACTS_VERSION, &Facts::default()).unwrap();
    for (table, bytes) in [
        ("alongside_states", state.to_vec()),
        (
            "alongside_facts",
            zstd::encode_all(facts.as_slice(), 1).unwrap(),
        ),
    ] {
        db.execute(
            &format!("INSERT INTO {table} VALUES (?1, ?2)"),
            (DAY.0, bytes),
        )
        .unwrap();
    }
}

fn has_checksum(path: &Path, table: &str) -> bool {
    let db = Connection::open(path).unwrap();
    let bytes: Vec<u8> = db
        .query_row(&format!("SELECT bytes FROM {table}"), [], |row| row.get(0))
        .unwrap();
    // RFC 8878, 3.1.1.1.1: bit 2 of the byte after the magic number.
    bytes[4] & 4 != 0
}

#[test]
fn a_store_of_version_1_becomes_one_of_this_version() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("old.gpkg");
    version_1(&path, &zstd::encode_all(&b"state"[..], 1).unwrap());
    // What only reads leaves it as it is.
    let before = std::fs::read(&path).unwrap();
    let (facts, state) = Reader::open(&path).unwrap().facts().unwrap();
    assert_eq!((facts.len(), state.as_slice()), (1, &b"state"[..]));
    assert!(std::fs::read(&path).unwrap() == before);
    assert!(!has_checksum(&path, "alongside_states"));

    let mut store = Store::open(&path).unwrap();
    assert_eq!(store.binding().unwrap(), Some(binding()));
    assert_eq!(store.state(DAY).unwrap(), b"state");
    let night = store.begin().unwrap();
    assert_eq!(night.facts(NOTHING).unwrap(), [Facts::default()]);
    assert_eq!(night.log_run("2026-01-02", "").unwrap(), 8);
    night.commit().unwrap();
    drop(store);
    assert!(has_checksum(&path, "alongside_states"));
    assert!(has_checksum(&path, "alongside_facts"));
    let db = Connection::open(&path).unwrap();
    let removed: Vec<i64> = db
        .prepare("SELECT removed FROM alongside_runs")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    assert_eq!(removed, [0, 0]);
    assert_eq!(
        read::meta(&db, schema::SCHEMA).unwrap(),
        Some("2".to_owned())
    );
    // It gives pages back like any other, once it has been written anew.
    let store = Store::open(&path).unwrap();
    store.give_back().unwrap();
    store.give_back().unwrap();
    let way: i64 = store
        .db
        .query_row("PRAGMA auto_vacuum", [], |row| row.get(0))
        .unwrap();
    assert_eq!(way, 2);
}

#[test]
fn a_migration_that_fails_leaves_the_old_store() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("old.gpkg");
    version_1(&path, b"no zstd at all");
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(
        Store::open(&path),
        Err(StoreError::Damaged { .. })
    ));
    assert!(std::fs::read(&path).unwrap() == before);
}

#[test]
fn a_reader_that_stays_is_named_and_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("s.gpkg");
    let mut store = Store::open(&path).unwrap();
    let reader = Reader::open(&path).unwrap();
    assert_eq!(reader.run().unwrap(), None);
    let night = store.begin().unwrap();
    night.bind(&binding(), b"nothing").unwrap();
    let refusal = night.commit().unwrap_err();
    assert!(matches!(refusal, StoreError::Busy { .. }));
    assert!(
        refusal
            .to_string()
            .contains("another program holds it open")
    );
    assert_eq!(store.binding().unwrap(), None);
    drop(reader);
    let night = store.begin().unwrap();
    night.bind(&binding(), b"nothing").unwrap();
    night.commit().unwrap();
    assert_eq!(store.binding().unwrap(), Some(binding()));
}

/// Where a lock doesn't hold, as on a second name that is no link, rows aren't taken in twice.
#[test]
fn a_run_that_was_overtaken_takes_nothing_in() {
    let dir = tempfile::tempdir().unwrap();
    let (path, other) = (dir.path().join("s.gpkg"), dir.path().join("t.gpkg"));
    let mut store = Store::open(&path).unwrap();
    std::fs::hard_link(&path, &other).unwrap();
    let planned_on = store.standing().unwrap();
    let mut overtaker = Store::open(&other).unwrap();
    let night = overtaker.begin().unwrap();
    night.log_run("2026-01-01", "").unwrap();
    night.commit().unwrap();
    drop(overtaker);
    let refusal = store.begin_at(planned_on).err().unwrap();
    assert!(matches!(refusal, StoreError::Overtaken { .. }));
    assert!(refusal.to_string().contains("run again"), "{refusal}");
    let planned_on = store.standing().unwrap();
    store.begin_at(planned_on).unwrap();
}

fn entry(sha256: &str, path: &str) -> Entry {
    Entry {
        sha256: sha256.to_owned(),
        path: path.to_owned(),
        bytes: 1,
        modified: 0,
        first: Some(Timestamp(10)),
        last: Some(Timestamp(20)),
        record: "[]".to_owned(),
    }
}

#[test]
fn files_that_change_places_stay_known() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = Store::open(&dir.path().join("s.gpkg")).unwrap();
    let night = store.begin().unwrap();
    let (a, b, c) = (
        entry("aa", "a.csv"),
        entry("bb", "b.csv"),
        entry("cc", "a.csv"),
    );
    night.enter(1, &[a.clone(), b.clone()]).unwrap();
    night.moved(&[a.at("b.csv", 1), b.at("a.csv", 1)]).unwrap();
    let known: Vec<(String, String)> = night
        .manifest()
        .unwrap()
        .into_iter()
        .map(|e| (e.path, e.sha256))
        .collect();
    let pair = |path: &str, hash: &str| (path.to_owned(), hash.to_owned());
    assert_eq!(known, [pair("a.csv", "bb"), pair("b.csv", "aa")]);

    // Of one that is replaced a part stays, until its content is back.
    let old = b.at("a.csv", 1);
    let part = old.until(Timestamp(15)).unwrap();
    assert_eq!(part.last, Some(Timestamp(14)));
    assert!(part.is_part_of("bb") && !part.is_part_of("aa"));
    assert_eq!(old.until(Timestamp(10)), None);
    night.replaced(&old, Some(&part)).unwrap();
    night.enter(2, std::slice::from_ref(&c)).unwrap();
    let manifest = night.manifest().unwrap();
    assert_eq!(manifest.len(), 3);
    assert!(manifest.contains(&c) && manifest.contains(&part));
    night.enter(3, &[b.at("back.csv", 2)]).unwrap();
    let manifest = night.manifest().unwrap();
    assert_eq!(manifest.len(), 3);
    assert!(manifest.iter().any(|e| e.sha256 == "bb"));
}
