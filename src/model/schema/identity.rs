use super::super::table::{ColumnType, TableSchema};
use super::column;

/// One row per finding that an identity is not what it says.
pub static IDENTITY: TableSchema = TableSchema {
    name: "identity",
    doc: "One row per finding that an identity is not what it says.",
    columns: &[
        column("event_id", ColumnType::Text, "Name of the event."),
        column("status", ColumnType::Text, "open, settling or final."),
        column("kind", ColumnType::Text, "What was found."),
        column("mmsi", ColumnType::Int, "The ship."),
        column(
            "other_mmsi",
            ColumnType::Int,
            "The other MMSI, if two are concerned.",
        ),
        column("imo", ColumnType::Int, "The IMO number concerned."),
        column("start", ColumnType::Time, "First report that shows it."),
        column("end", ColumnType::Time, "Last report that shows it."),
        column(
            "known",
            ColumnType::Time,
            "When the evidence sufficed; null where that is not before the end.",
        ),
        column("lat", ColumnType::Decimal(6), "Latitude, degrees."),
        column("lon", ColumnType::Decimal(6), "Longitude, degrees."),
        column("detail", ColumnType::Text, "The evidence in words."),
        column(
            "risk",
            ColumnType::Decimal(3),
            "Priority for review, 0 to 1; not a probability of guilt.",
        ),
    ],
};
