//! Evidence for the slider: thinned to a budget, packed in blocks that the page takes out one at a time.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::json;

use super::page::packed;
use super::payload::scaled;
use crate::model::table::Row;
use crate::model::{Table, Value};

/// Samples in a page, over all events and both ships: about 10 bytes each, so that a page of 10,000 events
/// stays below 30 MB.
const BUDGET: usize = 1_500_000;
/// Samples of a ship and event are never thinned below this.
const LEAST: usize = 48;
/// Rows taken from the table at once.
const BATCH: usize = 16_384;
/// Samples of a block: small enough to unpack between two frames of the screen.
const BLOCK: usize = 20_000;

/// The evidence of all events that are shown.
#[derive(Default)]
pub(super) struct Packed {
    /// Packed blocks.
    pub blocks: Vec<String>,
    /// The block of each event, counted from 1; null if it has no evidence.
    pub block_of: Vec<Option<usize>>,
    /// Rows of these events in the table.
    pub rows: usize,
    /// Rows of these events in the page.
    pub kept: usize,
}

/// One ship's samples of one event.
struct Series {
    id: String,
    mmsi: i64,
    rows: Vec<Row>,
}

/// Packs the evidence of the events in `places`, which gives the place of each among those shown.
pub(super) fn pack(table: &Table, places: &BTreeMap<String, usize>) -> Packed {
    let most = (BUDGET / (2 * places.len()).max(1)).max(LEAST);
    let mut packed = Packed {
        block_of: vec![None; places.len()],
        ..Packed::default()
    };
    let mut block = Block::default();
    let mut series: Option<Series> = None;
    for batch in table.batches(BATCH) {
        for row in batch.into_owned() {
            let (Value::Text(id), Value::Int(mmsi)) = (row.get("event_id"), row.get("mmsi")) else {
                continue;
            };
            if let Some(s) = series.as_mut().filter(|s| s.id == *id && s.mmsi == *mmsi) {
                s.rows.push(row);
                continue;
            }
            // Both ships of an event stand in one block.
            let same_event = series.as_ref().is_some_and(|s| s.id == *id);
            if let Some(done) = series.take() {
                block.add(&done, most, places, &mut packed);
            }
            if !same_event && block.samples >= BLOCK {
                block.flush(&mut packed);
            }
            series = Some(Series {
                id: id.clone(),
                mmsi: *mmsi,
                rows: vec![row],
            });
        }
    }
    if let Some(done) = series {
        block.add(&done, most, places, &mut packed);
    }
    block.flush(&mut packed);
    packed
}

/// A block under construction: a list of series.
#[derive(Default)]
struct Block {
    json: String,
    samples: usize,
}

impl Block {
    fn add(
        &mut self,
        series: &Series,
        most: usize,
        places: &BTreeMap<String, usize>,
        packed: &mut Packed,
    ) {
        let Some(place) = places.get(&series.id) else {
            return;
        };
        packed.block_of[*place] = Some(packed.blocks.len() + 1);
        let rows = thinned(&series.rows, most);
        packed.rows += series.rows.len();
        packed.kept += rows.len();
        self.samples += rows.len();
        self.json.push(if self.json.is_empty() { '[' } else { ',' });
        let _ = write!(
            self.json,
            "{{\"id\":{},\"mmsi\":{}",
            json!(series.id),
            series.mmsi
        );
        let seconds = |row: &Row| match row.get("t") {
            Value::Time(t) => Some(t.0.div_euclid(1000)),
            _ => None,
        };
        self.column("t", rows.iter().map(|row| seconds(row)));
        for (name, scale) in [
            ("lon", 6),
            ("lat", 6),
            ("sog_kn", 1),
            ("heading_deg", 0),
            ("hull_gap_m", 0),
            ("sigma_m", 0),
        ] {
            let units = |row: &&Row| match row.get(name) {
                Value::Decimal(v) => scaled(*v, scale),
                _ => None,
            };
            self.column(name, rows.iter().map(units));
        }
        let phase = |row: &&Row| match row.get("phase") {
            Value::Text(phase) => match phase.as_str() {
                "approach" => Some(0),
                "contact" => Some(1),
                _ => Some(2),
            },
            _ => None,
        };
        self.column("phase", rows.iter().map(phase));
        self.json.push('}');
    }

    /// Each value as the difference to the one before that was known.
    fn column(&mut self, name: &str, values: impl Iterator<Item = Option<i64>>) {
        let _ = write!(self.json, ",\"{name}\":[");
        let mut last = 0;
        for (i, value) in values.enumerate() {
            if i > 0 {
                self.json.push(',');
            }
            match value {
                Some(v) => {
                    let _ = write!(self.json, "{}", v - last);
                    last = v;
                }
                None => self.json.push_str("null"),
            }
        }
        self.json.push(']');
    }

    fn flush(&mut self, into: &mut Packed) {
        if !self.json.is_empty() {
            self.json.push(']');
            into.blocks.push(packed(&self.json));
        }
        *self = Self::default();
    }
}

/// At most `most` rows, evenly spaced; the first and the last stay.
pub(super) fn thinned(rows: &[Row], most: usize) -> Vec<&Row> {
    if rows.len() <= most {
        return rows.iter().collect();
    }
    (0..most)
        .map(|i| &rows[i * (rows.len() - 1) / (most - 1)])
        .collect()
}
