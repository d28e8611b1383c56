use super::super::table::{ColumnType, TableSchema};
use super::column;

/// One row per candidate for a meeting of which at least one party was silent.
pub static RENDEZVOUS: TableSchema = TableSchema {
    name: "rendezvous",
    doc: "One row per candidate for a meeting of which at least one party was silent.",
    columns: &[
        column("event_id", ColumnType::Text, "Name of the event."),
        column("status", ColumnType::Text, "open, settling or final."),
        column(
            "kind",
            ColumnType::Text,
            "loiterer_in_gap, two_gaps or loiterer_alone.",
        ),
        column(
            "mmsi_dark",
            ColumnType::Int,
            "The silent ship; null where nothing explains the slow run.",
        ),
        column("gap_id", ColumnType::Text, "Its gap in `gaps`."),
        column(
            "mmsi_partner",
            ColumnType::Int,
            "The ship that waited, or the other silent ship.",
        ),
        column(
            "partner_event_id",
            ColumnType::Text,
            "Its slow run in `loitering`, or its gap in `gaps`.",
        ),
        column(
            "window_start",
            ColumnType::Time,
            "Earliest instant at which both can have been there.",
        ),
        column("window_end", ColumnType::Time, "Latest such instant."),
        column("lat", ColumnType::Decimal(6), "Latitude, degrees."),
        column("lon", ColumnType::Decimal(6), "Longitude, degrees."),
        column(
            "slack_h",
            ColumnType::Decimal(2),
            "Hours of the window beyond what a transfer takes.",
        ),
        column(
            "alternatives",
            ColumnType::Int,
            "Other silences whose ships could have been there in its stead (half of the shorter window is shared), of those that were over when these events were.",
        ),
        column(
            "rank",
            ColumnType::Int,
            "Place among these and itself, 1 first.",
        ),
        column(
            "volume_low_bbl",
            ColumnType::Decimal(0),
            "Least plausible volume, barrels.",
        ),
        column(
            "volume_bbl",
            ColumnType::Decimal(0),
            "Best estimate, barrels.",
        ),
        column(
            "volume_high_bbl",
            ColumnType::Decimal(0),
            "Greatest plausible volume, barrels.",
        ),
        column("volume_t", ColumnType::Decimal(0), "Best estimate, tonnes."),
        column("product", ColumnType::Text, "Product assumed."),
        column(
            "volume_method",
            ColumnType::Text,
            "How the volume was estimated.",
        ),
        column(
            "confidence",
            ColumnType::Decimal(3),
            "Confidence that the two met, or that the one met somebody (loiterer_alone), 0 to 1.",
        ),
        column(
            "risk",
            ColumnType::Decimal(3),
            "Priority for review, 0 to 1; not a probability of guilt.",
        ),
        column(
            "reasons",
            ColumnType::Text,
            "The facts behind the confidence, with what each adds; after a bar those behind the risk, likewise, largest first.",
        ),
    ],
};
