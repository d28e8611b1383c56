//! The results as GIS programs open them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use alongside::model::schema;
use alongside::tables::{Export, Folder};
use alongside::{Config, ScanRequest, Silent, scan};
use rusqlite::Connection;
use tempfile::TempDir;

fn scanned(dir: &TempDir, name: &str) -> PathBuf {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/us_coast_2020-06-30.csv.gz");
    let out = dir.path().join(name);
    let mut config = Config::default();
    config.tables.export = Export::ALL.to_vec();
    scan(&config, &ScanRequest::new(vec![sample], &out), &Silent).unwrap();
    out
}

#[test]
fn a_geopackage_holds_every_row_where_it_lies() {
    let dir = tempfile::tempdir().unwrap();
    let out = scanned(&dir, "out");
    let folder = Folder::open(&out).unwrap();
    let db = Connection::open(out.join("events.gpkg")).unwrap();
    let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    for schema in schema::ALL {
        let table = folder.table(schema).unwrap();
        let name = schema.name;
        assert_eq!(
            count(&format!("SELECT count(*) FROM {name}")),
            table.len() as i64,
            "{name}"
        );
        if schema.index("lon").is_none() {
            continue;
        }
        // The index finds what the columns say, to the rounding of its single precision.
        let placed = format!("SELECT count(*) FROM {name} WHERE lon NOT NULL");
        let found = format!(
            "SELECT count(*) FROM {name} t JOIN rtree_{name}_geom r ON r.id = t.fid \
             WHERE t.lon BETWEEN r.minx AND r.maxx AND t.lat BETWEEN r.miny AND r.maxy"
        );
        assert_eq!(count(&placed), count(&found), "{name}");
        // A day of this coast needn't have a false identity or a dark rendezvous.
        let is_certain = ["encounters", "loitering", "evidence"].contains(&name);
        assert!(count(&placed) > 0 || !is_certain, "{name}");
    }
    assert_eq!(count("PRAGMA application_id"), 0x4750_4b47);
    assert_eq!(
        count("SELECT count(*) FROM layer_styles WHERE f_table_name = 'encounters'"),
        1
    );
}

#[test]
fn geojson_holds_every_event() {
    let dir = tempfile::tempdir().unwrap();
    let out = scanned(&dir, "out");
    let folder = Folder::open(&out).unwrap();
    let text = fs::read_to_string(out.join("events.geojson")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let features = json["features"].as_array().unwrap();
    let events = schema::ALL
        .into_iter()
        .filter(|s| s.index("event_id").is_some() && s.index("status").is_some());
    let rows: usize = events.map(|s| folder.table(s).unwrap().len()).sum();
    assert_eq!(features.len(), rows);
    let encounters = folder.table(&schema::ENCOUNTERS).unwrap();
    let first = &encounters.rows()[0];
    assert_eq!(
        features[0]["properties"]["event_id"],
        first.text("event_id").unwrap()
    );
    for feature in features {
        assert_eq!(feature["id"], feature["properties"]["event_id"]);
    }
    assert_eq!(
        features[0]["geometry"]["coordinates"][0],
        first.number("lon").unwrap()
    );
}

#[test]
fn equal_rows_give_equal_maps() {
    let dir = tempfile::tempdir().unwrap();
    let (one, two) = (scanned(&dir, "one"), scanned(&dir, "two"));
    for name in ["events.gpkg", "events.geojson"] {
        assert!(
            fs::read(one.join(name)).unwrap() == fs::read(two.join(name)).unwrap(),
            "{name}"
        );
    }
}

#[test]
fn gdal_reads_every_layer_without_a_warning() {
    let dir = tempfile::tempdir().unwrap();
    let out = scanned(&dir, "out");
    for name in ["events.gpkg", "events.geojson"] {
        let Ok(output) = Command::new("ogrinfo")
            .args(["-so", "-al"])
            .arg(out.join(name))
            .output()
        else {
            println!("skipped: no ogrinfo (Debian: gdal-bin)");
            return;
        };
        assert!(output.status.success());
        assert_eq!(String::from_utf8_lossy(&output.stderr), "", "{name}");
    }
}
