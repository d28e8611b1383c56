use super::super::table::{ColumnType, TableSchema};
use super::column;

/// One row per MMSI.
pub static VESSELS: TableSchema = TableSchema {
    name: "vessels",
    doc: "One row per MMSI.",
    columns: &[
        column("mmsi", ColumnType::Int, "The MMSI."),
        column(
            "name",
            ColumnType::Text,
            "Name, as sent most often on the last days.",
        ),
        column(
            "imo",
            ColumnType::Int,
            "IMO number that a ship can have, as sent most often on the last days: with a valid check digit, and not 1234567.",
        ),
        column("callsign", ColumnType::Text, "Call sign, likewise."),
        column(
            "flag",
            ColumnType::Text,
            "Flag state by the MMSI, ISO 3166 alpha-2.",
        ),
        column("ship_type", ColumnType::Int, "AIS ship type, likewise."),
        column("ais_class", ColumnType::Text, "Transponder class, A or B."),
        column(
            "length_m",
            ColumnType::Decimal(1),
            "Overall length, likewise, metres.",
        ),
        column("beam_m", ColumnType::Decimal(1), "Beam, likewise, metres."),
        column(
            "draught_min_m",
            ColumnType::Decimal(1),
            "Least draught sent, metres.",
        ),
        column(
            "draught_max_m",
            ColumnType::Decimal(1),
            "Greatest draught sent, metres.",
        ),
        column("class", ColumnType::Text, "Tanker class."),
        column("dwt_t", ColumnType::Decimal(0), "Deadweight, tonnes."),
        column(
            "tracks",
            ColumnType::Int,
            "Number of tracks under this MMSI.",
        ),
        column("first_seen", ColumnType::Time, "First fix."),
        column("last_seen", ColumnType::Time, "Last fix."),
        column("rows", ColumnType::Int, "Position reports used."),
        column(
            "outliers",
            ColumnType::Int,
            "Position reports that no track could reach.",
        ),
        column(
            "watchlist",
            ColumnType::Text,
            "Lists that name the ship, each with the listed name and what matched; null if none does.",
        ),
    ],
};
