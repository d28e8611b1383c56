//! The order of rows in a table, from the rows themselves: that of a scan.

use crate::model::TableSchema;

/// The clauses that put the rows of a layer (`t`) in their order.
pub(super) fn clauses(schema: &TableSchema) -> &'static str {
    match schema.name {
        "encounters" => "ORDER BY t.start, t.track_1, t.track_2",
        "loitering" | "gaps" => "ORDER BY t.start, t.track",
        "rendezvous" => "ORDER BY t.window_start, t.event_id",
        "identity" => "ORDER BY t.start, t.kind, t.mmsi, t.other_mmsi, t.imo, t.\"end\"",
        "port_calls" => "ORDER BY t.start, t.mmsi, t.fid",
        "vessels" => "ORDER BY t.mmsi",
        "evidence" => {
            "JOIN encounters e ON e.event_id = t.event_id ORDER BY e.start, e.track_1, e.track_2, t.fid"
        }
        _ => "ORDER BY t.fid",
    }
}
