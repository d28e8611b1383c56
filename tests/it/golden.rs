//! The sample's tables, byte for byte. `UPDATE_GOLDEN=1 cargo test --test it golden` rewrites them.
//!
//! A change here is a change of what users get: say so under **Detection** in the changelog.

use std::fs;
use std::path::Path;

use alongside::{Config, ScanRequest, Silent, scan};

#[test]
fn an_hour_of_new_york_harbour() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let golden = root.join("tests/golden/ny_harbor");
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let sample = root.join("data/ny_harbor_2020-06-30T00.csv.gz");
    let report = scan(
        &Config::default(),
        &ScanRequest::new(vec![sample], &out),
        &Silent,
    )
    .unwrap();
    let mut compared = 0;
    for table in &report.tables {
        let name = format!("{}.csv", table.schema.name);
        let found = fs::read_to_string(out.join(&name)).unwrap();
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::create_dir_all(&golden).unwrap();
            fs::write(golden.join(&name), &found).unwrap();
        }
        let expected = fs::read_to_string(golden.join(&name)).unwrap_or_default();
        if let Some((i, (found, expected))) = found
            .lines()
            .zip(expected.lines())
            .enumerate()
            .find(|(_, (found, expected))| found != expected)
        {
            panic!(
                "{name}, line {}:\n  found    {found}\n  expected {expected}",
                i + 1
            );
        }
        assert_eq!(found.lines().count(), expected.lines().count(), "{name}");
        compared += found.lines().count();
    }
    assert!(compared > 300, "the sample has hundreds of rows");
}
