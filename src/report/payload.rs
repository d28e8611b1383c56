//! The data of a page as JSON: columns of whole numbers and texts, which compress well.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::json;

use super::evidence::Packed;
use super::page::packed;
use super::{Content, Zone};
use crate::model::schema::VESSELS;
use crate::model::table::Row;
use crate::model::{ColumnType, Table, TableSchema, Value};

/// Parts of `run.json` that a page shows: nothing that varies from run to run.
const RUN_PARTS: [&str; 11] = [
    "program",
    "version",
    "request",
    "inputs",
    "rows",
    "span",
    "config",
    "config_sha256",
    "excluded",
    "coverage",
    "reference",
];

/// The rows of an event table that go into the page, in the table's order.
pub(super) struct Chosen<'a> {
    schema: &'static TableSchema,
    rows: Cow<'a, [Row]>,
    kept: Vec<usize>,
}

impl<'a> Chosen<'a> {
    /// The `limit` rows of highest priority: by risk, confidence, length; ties by id.
    pub(super) fn of(table: &'a Table, limit: usize) -> Self {
        let rows = table.rows();
        let mut kept: Vec<usize> = (0..rows.len()).collect();
        if kept.len() > limit {
            let rank = |i: usize| {
                ["risk", "confidence", "kind_confidence", "duration_h"]
                    .map(|name| rows[i].number(name).unwrap_or(-1.0))
            };
            kept.sort_by(|a, b| {
                let order = rank(*b)
                    .iter()
                    .zip(&rank(*a))
                    .map(|(b, a)| b.total_cmp(a))
                    .find(|order| order.is_ne());
                order.unwrap_or_else(|| id(&rows[*a]).cmp(id(&rows[*b])))
            });
            kept.truncate(limit);
            kept.sort_unstable();
        }
        Self {
            schema: table.schema,
            rows,
            kept,
        }
    }

    fn iter(&self) -> impl Iterator<Item = &Row> {
        self.kept.iter().map(|i| &self.rows[*i])
    }
}

fn id(row: &Row) -> &str {
    row.text("event_id").unwrap_or_default()
}

/// The events of a table by id, each with its place among those that are shown.
pub(super) fn ids(events: &[Chosen], table: &str) -> BTreeMap<String, usize> {
    let of_table = events.iter().filter(|c| c.schema.name == table);
    of_table
        .flat_map(|c| c.iter().map(|row| id(row).to_owned()))
        .enumerate()
        .map(|(i, id)| (id, i))
        .collect()
}

/// Every place of every event that is shown: longitude, latitude.
pub(super) fn places(events: &[Chosen]) -> Vec<[f64; 2]> {
    let mut places = Vec::new();
    for chosen in events {
        for row in chosen.iter() {
            for [lon, lat] in [
                ["lon", "lat"],
                ["start_lon", "start_lat"],
                ["end_lon", "end_lat"],
            ] {
                if let (Some(lon), Some(lat)) = (row.number(lon), row.number(lat)) {
                    places.push([lon, lat]);
                }
            }
        }
    }
    places
}

/// Everything that the page opens with, packed.
pub(super) fn core(
    content: &Content,
    events: &[Chosen],
    evidence: &Packed,
    land: &[Vec<i64>],
) -> String {
    let mut run: BTreeMap<&str, serde_json::Value> = RUN_PARTS
        .iter()
        .filter_map(|name| Some((*name, content.run.get(name)?.clone())))
        .collect();
    // What counted as now is another instant in every run, and the page is handed on: whose computer
    // it was made on is nobody's business.
    if let Some(serde_json::Value::Object(request)) = run.get_mut("request") {
        request.remove("clock");
        request.remove("folder");
    }
    let mut out = format!("{{\"run\":{},\"tables\":{{", json!(run));
    for chosen in events {
        let rows: Vec<&Row> = chosen.iter().collect();
        write_table(&mut out, chosen.schema, &rows, chosen.rows.len());
        out.push(',');
    }
    if let Some(vessels) = content.table(VESSELS.name) {
        let named = mentioned(events);
        let rows = vessels.rows();
        let kept: Vec<&Row> = rows
            .iter()
            .filter(|row| matches!(row.get("mmsi"), Value::Int(mmsi) if named.contains(mmsi)))
            .collect();
        write_table(&mut out, vessels.schema, &kept, rows.len());
        out.push(',');
    }
    close(&mut out);
    let zones: Vec<serde_json::Value> = content.zones.iter().map(zone).collect();
    let _ = write!(
        out,
        "}},\"zones\":{},\"land\":{},\"evidence\":{}}}",
        json!(zones),
        json!(land),
        json!({
            "block": evidence.block_of,
            "rows": evidence.rows,
            "kept": evidence.kept,
        }),
    );
    packed(&out)
}

fn zone(zone: &Zone) -> serde_json::Value {
    let units = |degrees: f64| (degrees * 1e4).round() as i64;
    let rings: Vec<Vec<i64>> = zone
        .rings
        .iter()
        .map(|ring| ring.iter().flat_map(|p| p.map(units)).collect())
        .collect();
    json!({
        "name": zone.name, "kind": zone.kind, "confidence": zone.confidence,
        "source": zone.source, "rings": rings,
    })
}

/// Every MMSI in a column that names a ship.
fn mentioned(events: &[Chosen]) -> BTreeSet<i64> {
    let mut named = BTreeSet::new();
    for chosen in events {
        let columns = chosen.schema.columns.iter().map(|c| c.name);
        for name in columns.filter(|name| name.contains("mmsi")) {
            named.extend(chosen.iter().filter_map(|row| match row.get(name) {
                Value::Int(mmsi) => Some(*mmsi),
                _ => None,
            }));
        }
    }
    named
}

/// `"name":{"rows":...,"total":...,"columns":{...}}`; a column without any value is left out.
fn write_table(out: &mut String, schema: &TableSchema, rows: &[&Row], total: usize) {
    let _ = write!(
        out,
        "{}:{{\"rows\":{},\"total\":{total},\"columns\":{{",
        json!(schema.name),
        rows.len()
    );
    for column in schema.columns {
        let is_empty = rows.iter().all(|row| *row.get(column.name) == Value::Null);
        if is_empty {
            continue;
        }
        let (kind, scale) = match column.kind {
            ColumnType::Text => ("text", 0),
            ColumnType::Int => ("int", 0),
            ColumnType::Decimal(decimals) => ("decimal", decimals),
            ColumnType::Bool => ("bool", 0),
            ColumnType::Time => ("time", 0),
        };
        let _ = write!(
            out,
            "{}:{{\"kind\":\"{kind}\",\"scale\":{scale},\"doc\":{},\"values\":[",
            json!(column.name),
            json!(column.doc)
        );
        for row in rows {
            write_cell(out, row.get(column.name), scale);
            out.push(',');
        }
        close(out);
        out.push_str("]},");
    }
    close(out);
    out.push_str("}}");
}

/// Takes back the comma behind the last of a list.
fn close(out: &mut String) {
    if out.ends_with(',') {
        out.pop();
    }
}

/// A number is written in units of its column's last decimal, as it stands in the files.
fn write_cell(out: &mut String, value: &Value, scale: u8) {
    let _ = match value {
        Value::Null => out.write_str("null"),
        Value::Text(text) => write!(out, "{}", json!(text)),
        Value::Int(v) if scale == 0 => write!(out, "{v}"),
        Value::Int(v) => write_scaled(out, *v as f64, scale),
        Value::Decimal(v) => write_scaled(out, *v, scale),
        Value::Bool(v) => write!(out, "{v}"),
        Value::Time(t) => write!(out, "{}", t.0),
    };
}

fn write_scaled(out: &mut String, value: f64, scale: u8) -> std::fmt::Result {
    match scaled(value, scale) {
        Some(units) => write!(out, "{units}"),
        None => out.write_str("null"),
    }
}

/// A number in units of so many decimals; `None` if it isn't finite.
pub(super) fn scaled(value: f64, scale: u8) -> Option<i64> {
    value
        .is_finite()
        .then(|| (value * 10f64.powi(i32::from(scale))).round() as i64)
}
