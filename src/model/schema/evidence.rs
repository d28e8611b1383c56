use super::super::table::{ColumnType, TableSchema};
use super::column;

/// Samples of both ships of an encounter, thinned to at most 512 a ship.
pub static EVIDENCE: TableSchema = TableSchema {
    name: "evidence",
    doc: "Samples of both ships of an encounter, thinned to at most 512 a ship.",
    columns: &[
        column("event_id", ColumnType::Text, "The encounter."),
        column("mmsi", ColumnType::Int, "The ship."),
        column("t", ColumnType::Time, "When."),
        column(
            "lon",
            ColumnType::Decimal(6),
            "Longitude of the antenna, degrees.",
        ),
        column(
            "lat",
            ColumnType::Decimal(6),
            "Latitude of the antenna, degrees.",
        ),
        column(
            "sog_kn",
            ColumnType::Decimal(2),
            "Speed over ground, knots.",
        ),
        column(
            "heading_deg",
            ColumnType::Decimal(1),
            "True heading, degrees.",
        ),
        column(
            "hull_gap_m",
            ColumnType::Decimal(1),
            "Distance between the hulls at this instant, metres.",
        ),
        column(
            "sigma_m",
            ColumnType::Decimal(1),
            "One standard deviation of the antennas' distance, metres.",
        ),
        column("phase", ColumnType::Text, "approach, contact or departure."),
    ],
};
