//! The report of a result: what a page is made of, put together.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Kind, Reads, RequestRecord, Results};
use crate::error::Error;
use crate::gazetteer::{Gazetteer, Zones};
use crate::model::{Table, schema};
use crate::report::{self, Content, Zone};
use crate::tables::write_whole;

/// The zones that a scan judged by. One whose file is gone since is missing on the map only.
fn zones(run: &serde_json::Value) -> Zones {
    let asked = RequestRecord::deserialize(&run["request"]);
    let files = asked.map(|asked| asked.zones()).unwrap_or_default();
    files
        .iter()
        .filter_map(|file| Zones::from_geojson(file).ok())
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

/// Writes the report of a result, a folder or a store, as one HTML file, and gives its path.
///
/// # Errors
/// If something that is no page is in its place, there is no result with Parquet tables, or the file can't be written.
pub fn report(source: &Path, out: &Path) -> Result<PathBuf, Error> {
    Kind::Page.guard_place("--out", out)?;
    // The page of the result itself may be made anew: it isn't read.
    let store = source.is_file().then(|| source.to_owned());
    Reads::default()
        .with("SOURCE", &store)
        .guard_file("--out", out)?;
    let results = Results::open(source)?;
    let run = results.run()?;
    let tables: Result<Vec<Table>, Error> = schema::ALL
        .into_iter()
        .filter(|schema| run.tables.contains_key(schema.name))
        .map(|schema| results.table(schema))
        .collect();
    write_whole(out, &page(&run.to_value(), &tables?))?;
    Ok(out.to_owned())
}
