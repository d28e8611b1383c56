//! Lists of ships through a whole scan.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use alongside::model::{Table, Value};
use alongside::pipeline::Step;
use alongside::{Config, Error, Exit, Progress, ScanReport, ScanRequest, scan};

/// Keeps what the user is told.
#[derive(Default)]
struct Told(Mutex<Vec<String>>);

impl Progress for Told {
    fn begin(&self, _: Step, _: Option<u64>) {}
    fn advance(&self, _: u64, _: u64) {}
    fn end(&self) {}
    fn warn(&self, message: &str) {
        self.0.lock().unwrap().push(message.to_owned());
    }
}

fn harbour(lists: Vec<PathBuf>, out: PathBuf, told: &Told) -> Result<ScanReport, Error> {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/ny_harbor_2020-06-30T00.csv.gz");
    let mut request = ScanRequest::new(vec![sample], out);
    request.watchlists = lists;
    scan(&Config::default(), &request, told)
}

fn cells(tables: &[Table], table: &str, columns: &[&str]) -> Vec<String> {
    let table = tables.iter().find(|t| t.schema.name == table).unwrap();
    let rows = table.rows();
    let mut found = Vec::new();
    for row in rows.iter() {
        for column in columns {
            if let Value::Text(text) = row.get(column) {
                found.push(text.clone());
            }
        }
    }
    found
}

#[test]
fn a_listed_ship_is_named_in_encounters_and_vessels() {
    let dir = tempfile::tempdir().unwrap();
    let mine = dir.path().join("mine.csv");
    // The second row is a ship of the sample under another's MMSI, the third has a wrong check digit.
    fs::write(
        &mine,
        "IMO;Name;MMSI\n9351062;SOMETHING ELSE;\n;DENALI;367109000\n9351063;X;\n",
    )
    .unwrap();
    let told = Told::default();
    let report = harbour(vec![mine.clone()], dir.path().join("out"), &told).unwrap();
    let hit = "mine: SOMETHING ELSE IMO 9351062";
    assert_eq!(cells(&report.tables, "vessels", &["watchlist"]), [hit]);
    let met = cells(
        &report.tables,
        "encounters",
        &["watchlist_1", "watchlist_2"],
    );
    assert!(met.len() > 1 && met.iter().all(|words| words == hit));
    let told = told.0.into_inner().unwrap();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("mine.csv, line 4: \"9351063\" is no IMO number"));
    let records = &report.run.reference;
    let of = |name: &str| records.iter().find(|r| r.name.ends_with(name)).unwrap();
    assert!(
        of("un1718_vessels.csv")
            .note
            .as_deref()
            .unwrap()
            .starts_with("59 ships")
    );
    let record = of("mine.csv");
    assert!(record.note.as_deref().unwrap().ends_with("1 bad rows"));
    assert_eq!(record.sha256.len(), 64);
    assert_eq!(report.run.request.watchlists, [mine.display().to_string()]);
}

#[test]
fn a_list_that_cant_be_used_stops_before_anything_is_read() {
    let dir = tempfile::tempdir().unwrap();
    let none = dir.path().join("none.csv");
    let shopping = dir.path().join("shopping.csv");
    fs::write(&shopping, "item,price\nbread,3\n").unwrap();
    for list in [none, shopping] {
        let out = dir.path().join("out");
        let refused = harbour(vec![list], out.clone(), &Told::default()).unwrap_err();
        assert_eq!(refused.exit(), Exit::Usage, "{refused}");
        assert!(!out.exists());
    }
}
