//! The order of rows in a table, from the rows themselves: that of a scan.

use crate::model::{TableSchema, schema};

/// The clauses that put the rows of a layer (`t`) in their order.
pub(super) fn clauses(layer: &TableSchema) -> String {
    // Samples come by encounter, as they were written.
    let (join, of, columns) = if layer.name == schema::EVIDENCE.name {
        let join = "JOIN encounters e ON e.event_id = t.event_id ";
        (join, "e", schema::order(&schema::ENCOUNTERS))
    } else {
        ("", "t", schema::order(layer))
    };
    let columns: String = columns.iter().map(|c| format!("{of}.\"{c}\", ")).collect();
    format!("{join}ORDER BY {columns}t.fid")
}
