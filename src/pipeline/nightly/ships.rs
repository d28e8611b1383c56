//! Ships whose rows may differ though they were not heard lately.

use std::collections::BTreeMap;

use crate::model::{Row, Timestamp, VesselSummary};

/// The ships of the store against those of the engine.
#[derive(Debug, Default)]
pub(super) struct Ships {
    /// Those whose counts differ, and when they were last heard.
    pub of_change: BTreeMap<u32, Timestamp>,
    /// Those that are only in the store.
    pub lost: Vec<u32>,
}

impl Ships {
    /// In: rows of the store; the counts of the engine, by MMSI.
    pub(super) fn compare(rows: &[Row], ships: &[VesselSummary]) -> Self {
        let mut of_change: BTreeMap<u32, Timestamp> =
            ships.iter().map(|ship| (ship.mmsi, ship.last)).collect();
        let mut lost = Vec::new();
        for row in rows {
            let Some(mmsi) = row.mmsi("mmsi") else {
                continue;
            };
            match ships.binary_search_by_key(&mmsi, |ship| ship.mmsi) {
                Ok(i) if is_same(row, &ships[i]) => {
                    of_change.remove(&mmsi);
                }
                Ok(_) => {}
                Err(_) => lost.push(mmsi),
            }
        }
        Self { of_change, lost }
    }
}

fn is_same(row: &Row, ship: &VesselSummary) -> bool {
    let whole = |column: &str| row.whole(column).map(i64::unsigned_abs);
    row.time("first_seen") == Some(ship.first)
        && row.time("last_seen") == Some(ship.last)
        && whole("tracks") == Some(u64::from(ship.tracks))
        && whole("rows") == Some(ship.rows)
        && whole("outliers") == Some(ship.outliers)
        && row.text("ais_class").map(str::to_owned) == ship.class.map(|c| c.letter().to_string())
}
