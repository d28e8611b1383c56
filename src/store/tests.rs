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
    Sealed::new(Path::new("s.gpkg"), &closed, state).unwrap()
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
