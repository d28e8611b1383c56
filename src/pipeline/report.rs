//! The report of a result: what a page is made of, put together.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::error::Error;
use crate::gazetteer::{Gazetteer, Zones};
use crate::model::{Table, schema};
use crate::report::{self, Content, Zone};
use crate::tables::{Export, Folder, RUN_FILE, TableError, write_whole};

/// The page's name in a folder of results.
pub(super) const REPORT_FILE: &str = "report.html";

/// The zones that a scan judged by. One whose file is gone since is missing on the map only.
fn zones(run: &serde_json::Value) -> Zones {
    let files = run["request"]["zones"].as_array().into_iter().flatten();
    files
        .filter_map(|file| Zones::from_geojson(Path::new(file.as_str()?)).ok())
        .fold(Zones::builtin(), Zones::with)
}

/// The page of these tables.
pub(super) fn page(run: &serde_json::Value, tables: &[Table]) -> String {
    let zones: Vec<Zone> = zones(run)
        .iter()
        .map(|zone| Zone {
            name: zone.name.clone(),
            kind: zone.kind.name(),
            confidence: zone.confidence.name(),
            source: zone.source.clone(),
            rings: zone
                .outline()
                .iter()
                .flat_map(|polygon| std::iter::once(polygon.exterior()).chain(polygon.interiors()))
                .map(|ring| ring.coords().map(|c| [c.x, c.y]).collect())
                .collect(),
        })
        .collect();
    report::html(&Content {
        run,
        tables,
        zones: &zones,
        land: &Gazetteer::land(),
    })
}

/// Writes the report of a result as one HTML file, and gives its path.
///
/// # Errors
/// If the folder holds no result with Parquet tables, or the file can't be written.
pub fn report(source: &Path, out: &Path) -> Result<PathBuf, Error> {
    let folder = Folder::open(source)?;
    let run = serde_json::from_str(&folder.run()?).map_err(|e| TableError::Read {
        path: source.join(RUN_FILE),
        source: std::io::Error::new(ErrorKind::InvalidData, e),
    })?;
    let mut tables = Vec::new();
    for table in [
        &schema::ENCOUNTERS,
        &schema::LOITERING,
        &schema::GAPS,
        &schema::RENDEZVOUS,
        &schema::IDENTITY,
        &schema::PORT_CALLS,
        &schema::VESSELS,
        &schema::EVIDENCE,
    ] {
        let file = format!("{}.{}", table.name, Export::Parquet);
        // Not every version writes every table; encounters there always are.
        if table.name == schema::ENCOUNTERS.name || source.join(file).is_file() {
            tables.push(folder.table(table)?);
        }
    }
    write_whole(out, &page(&run, &tables))?;
    Ok(out.to_owned())
}
