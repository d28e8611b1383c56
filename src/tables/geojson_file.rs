//! Events as GeoJSON (RFC 7946), for maps in a browser.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::{Map, Value as Json, json};

use super::{TableError, geometry};
use crate::model::Table;

/// Rows that are made at once.
const BATCH_ROWS: usize = 8_192;

/// Writes every event as one feature: its name as `id`, its columns and the name of its table as properties.
pub(super) fn write(path: &Path, tables: &[&Table]) -> Result<(), TableError> {
    let fail = |source| TableError::Write {
        path: path.to_owned(),
        source,
    };
    let mut file = BufWriter::new(File::create(path).map_err(fail)?);
    let mut before = "{\"type\":\"FeatureCollection\",\"name\":\"events\",\"features\":[\n";
    for table in tables {
        for rows in table.batches(BATCH_ROWS) {
            for row in rows.iter() {
                let mut properties = Map::new();
                properties.insert("table".to_owned(), Json::from(table.schema.name));
                for (column, value) in table.schema.columns.iter().zip(row.cells()) {
                    properties.insert(column.name.to_owned(), geometry::json(value, column.kind));
                }
                let mut feature = json!({
                    "type": "Feature",
                    "geometry": geometry::shape(row).map_or(Json::Null, |shape| shape.geojson()),
                    "properties": properties,
                });
                // A map that takes in a file again knows the event by it.
                if let Some(id) = row.text("event_id") {
                    feature["id"] = Json::from(id);
                }
                write!(file, "{before}{feature}").map_err(fail)?;
                before = ",\n";
            }
        }
    }
    // Without any event the head is still to be written.
    if before.starts_with('{') {
        file.write_all(before.as_bytes()).map_err(fail)?;
    }
    file.write_all(b"\n]}\n").map_err(fail)?;
    file.flush().map_err(fail)
}
