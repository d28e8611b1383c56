use super::super::table::{ColumnType, TableSchema};
use super::column;

/// One row per stay in a port or at a berth learned from the data.
pub static PORT_CALLS: TableSchema = TableSchema {
    name: "port_calls",
    doc: "One row per stay in a port or at a berth learned from the data.",
    columns: &[
        column("event_id", ColumnType::Text, "Name of the event."),
        column("status", ColumnType::Text, "open, settling or final."),
        column("mmsi", ColumnType::Int, "The ship."),
        column(
            "port",
            ColumnType::Text,
            "Name of the port, or the place of the berth.",
        ),
        column("start", ColumnType::Time, "First slow fix there."),
        column("end", ColumnType::Time, "Last slow fix there."),
        column("duration_h", ColumnType::Decimal(3), "Hours between them."),
        column("lat", ColumnType::Decimal(6), "Latitude, degrees."),
        column("lon", ColumnType::Decimal(6), "Longitude, degrees."),
        column(
            "draught_in_m",
            ColumnType::Decimal(1),
            "Draught last received before the call, or first in its first hour, metres.",
        ),
        column(
            "draught_out_m",
            ColumnType::Decimal(1),
            "Draught that it left: the new one that stands 6 hours after it, else the first new one later, before the next berth; else the same again, metres.",
        ),
    ],
};
