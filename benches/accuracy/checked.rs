//! What becomes of the events of real days that were checked by hand.

use std::error::Error;
use std::path::{Path, PathBuf};

use alongside::Config;
use alongside::model::{Row, Table, Value};

use super::tables;

fn of(tables: &[Table], name: &str) -> Vec<Row> {
    let table = tables.iter().find(|t| t.schema.name == name);
    table.map_or_else(Vec::new, |t| t.rows().into_owned())
}

fn text(row: &Row, column: &str) -> String {
    match row.get(column) {
        Value::Text(text) => text.clone(),
        Value::Time(t) => t.to_string()[5..16].replace('T', " "),
        Value::Decimal(v) => format!("{v:.2}"),
        Value::Int(v) => v.to_string(),
        _ => "-".to_owned(),
    }
}

/// Where the rows of a checked event are, and the configuration that reads them.
fn source(dataset: &str) -> (Vec<&'static str>, String) {
    let (files, config) = match dataset {
        "sbarc" => (vec!["derived/sbarc_as_noaa.csv.gz"], String::new()),
        "dma_nmea/538004030_drift_1.ais" => (vec!["dma_nmea/538004030_drift_1.ais"], String::new()),
        "mwhale" => (vec!["mwhale"], mapping("mwhale")),
        "caribewave" => (
            vec!["caribewave/ais_vernon_20160401.log"],
            "[ingest]\nnmea_zone = \"Europe/Paris\"\n".to_owned(),
        ),
        _ => (Vec::new(), String::new()),
    };
    (files, config)
}

/// A ready mapping of `docs/mappings.md`.
fn mapping(name: &str) -> String {
    let page = include_str!("../../docs/mappings.md");
    let section = page
        .split(&format!("(`{name}`)"))
        .nth(1)
        .unwrap_or_default();
    let block = section.split("```toml").nth(1).unwrap_or_default();
    block.split("```").next().unwrap_or_default().to_owned()
}

pub fn checked_events(root: &Path) -> Result<(), Box<dyn Error>> {
    let list = root.join("reference/dev_events.csv");
    if !list.exists() {
        println!(
            "\n(no checked events beside the project: {} isn't there)",
            list.display()
        );
        return Ok(());
    }
    println!("\n| event | expected | found |\n|---|---|---|");
    let mut scanned: Vec<(String, Vec<Table>)> = Vec::new();
    let mut reader = csv::Reader::from_path(&list)?;
    let header = reader.headers()?.clone();
    let column = |name: &str| {
        header
            .iter()
            .position(|c| c == name)
            .ok_or(format!("no column {name}"))
    };
    let (id, dataset, kind, label) = (
        column("id")?,
        column("dataset")?,
        column("kind")?,
        column("label")?,
    );
    let (mmsi1, mmsi2) = (column("mmsi1")?, column("mmsi2")?);
    for record in reader.records() {
        let record = record?;
        let name = &record[dataset];
        if !scanned.iter().any(|(n, _)| n == name) {
            let (files, config) = source(name);
            let config = Config::parse(&config, Path::new(name))?;
            let files: Vec<PathBuf> = match name {
                "tracktable/US_coastal_2020_06_30.traj" => {
                    vec!["data/us_coast_2020-06-30.csv.gz".into()]
                }
                _ => files
                    .into_iter()
                    .map(|f| root.join("data").join(f))
                    .collect(),
            };
            let found = if files.is_empty() {
                Vec::new()
            } else {
                tables(&config, files)?
            };
            scanned.push((name.to_owned(), found));
        }
        let tables = &scanned
            .iter()
            .find(|(n, _)| n == name)
            .expect("just put in")
            .1;
        let found = if tables.is_empty() {
            "not scanned: nothing says how".to_owned()
        } else if record[mmsi2].is_empty() || is_of_one_ship(&record[kind]) {
            // Of a transfer seen from one side the second ship is the one that waited.
            let ship = if record[kind].ends_with("one_sided") {
                &record[mmsi2]
            } else {
                &record[mmsi1]
            };
            outcome(
                &of(tables, "loitering"),
                &[("mmsi", ship)],
                &["start", "end", "duration_h", "state"],
            )
        } else {
            let mut pair = [&record[mmsi1], &record[mmsi2]];
            pair.sort_by_key(|m| m.parse::<u32>().unwrap_or(0));
            outcome(
                &of(tables, "encounters"),
                &[("mmsi_1", pair[0]), ("mmsi_2", pair[1])],
                &[
                    "kind",
                    "kind_confidence",
                    "start",
                    "end",
                    "duration_h",
                    "antenna_distance_m",
                ],
            )
        };
        println!(
            "| {} | {}, {} | {found} |",
            &record[id], &record[kind], &record[label]
        );
    }
    Ok(())
}

fn is_of_one_ship(kind: &str) -> bool {
    kind.starts_with("loiter") || kind.ends_with("one_sided")
}

fn outcome(rows: &[Row], key: &[(&str, &str)], columns: &[&str]) -> String {
    let found: Vec<String> = rows
        .iter()
        .filter(|row| {
            key.iter()
                .all(|(column, value)| text(row, column) == *value)
        })
        .map(|row| {
            columns
                .iter()
                .map(|c| text(row, c))
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    if found.is_empty() {
        "no row".to_owned()
    } else {
        found.join("; ")
    }
}
