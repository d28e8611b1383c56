use super::super::table::{ColumnType, TableSchema};
use super::column;

/// One row per finding that an identity is not what it says.
pub static IDENTITY: TableSchema = TableSchema {
    name: "identity",
    doc: "One row per finding that an identity is not what it says.",
    columns: &[
        column("event_id", ColumnType::Text, "Name of the event."),
        column("status", ColumnType::Text, "open, settling or final."),
        column(
            "kind",
            ColumnType::Text,
            "What was found: `shared_mmsi` and `jump` (one MMSI at two places in turns; a track that leaps, away or away and back), \
             `handover` (one hull goes on under another MMSI, for good or for a time), `imo_on_two_hulls` (at once, or one after the \
             other where the second is too far on or of another size), `imo_check_digit`, `unallocated_mid`, `changed_name`, \
             `changed_imo`, `changed_dimensions` (under one MMSI), `changed_flag` (an IMO number under an MMSI of another flag), \
             `circle`, `line` and `on_land` (ways that no ship goes). A change for a time is a change and a change back; one there and \
             back within a UTC day can't be told from two that alternate, and is none.",
        ),
        column("mmsi", ColumnType::Int, "The ship."),
        column(
            "other_mmsi",
            ColumnType::Int,
            "The other MMSI, if two are concerned.",
        ),
        column(
            "imo",
            ColumnType::Int,
            "The IMO number concerned; the new one where it changed.",
        ),
        column("start", ColumnType::Time, "First report that shows it."),
        column("end", ColumnType::Time, "Last report that shows it."),
        column(
            "known",
            ColumnType::Time,
            "When the evidence sufficed; null where that is not before the end.",
        ),
        column(
            "lat",
            ColumnType::Decimal(6),
            "Latitude, degrees. Of what a ship says of itself: of the fix nearest to `end` in time, among the first and the last ones of UTC days.",
        ),
        column("lon", ColumnType::Decimal(6), "Longitude, degrees."),
        column("detail", ColumnType::Text, "The evidence in words."),
        column(
            "risk",
            ColumnType::Decimal(3),
            "Priority for review, 0 to 1; not a probability of guilt.",
        ),
    ],
};
