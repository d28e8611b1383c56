use super::super::table::{ColumnType, TableSchema};
use super::column;

/// One row per AIS gap: silence of a track.
pub static GAPS: TableSchema = TableSchema {
    name: "gaps",
    doc: "One row per AIS gap: silence of a track.",
    columns: &[
        column("event_id", ColumnType::Text, "Name of the event."),
        column("status", ColumnType::Text, "open, settling or final."),
        column("mmsi", ColumnType::Int, "The ship."),
        column("track", ColumnType::Text, "Its track."),
        column("start", ColumnType::Time, "Last fix before the silence."),
        column(
            "end",
            ColumnType::Time,
            "First fix after it; null while it lasts.",
        ),
        column(
            "duration_h",
            ColumnType::Decimal(3),
            "Hours of silence; to the end of the data while it lasts.",
        ),
        column(
            "start_lat",
            ColumnType::Decimal(6),
            "Latitude of the last fix, degrees.",
        ),
        column(
            "start_lon",
            ColumnType::Decimal(6),
            "Longitude of the last fix, degrees.",
        ),
        column(
            "end_lat",
            ColumnType::Decimal(6),
            "Latitude of the first fix after, degrees.",
        ),
        column(
            "end_lon",
            ColumnType::Decimal(6),
            "Longitude of the first fix after, degrees.",
        ),
        column(
            "distance_km",
            ColumnType::Decimal(1),
            "Great circle between the two, kilometres; of a silence that lasts, to where another track of its MMSI was heard next, if that is `identity.shared_apart_km` or more.",
        ),
        column(
            "implied_speed_kn",
            ColumnType::Decimal(2),
            "That distance over the time between, knots.",
        ),
        column(
            "reception",
            ColumnType::Decimal(3),
            "Share of the ten-minute slots of other ships in which they were heard, where and while this one was silent, without a ship that alone went silent with it; null with fewer than 5 of them in most of that time, and of a silence of more than 90 days.",
        ),
        column(
            "explanation",
            ColumnType::Text,
            "heard_otherwise (on another track of its MMSI, or as an MMSI of the same IMO number: most of the time, or at all since it fell silent), left_area (its course led over the sea to where nobody is heard), end_of_data, port (or at one spot by the shore, or steered for one out of hearing and came back from there), poor_reception (heard too seldom to be missed, or mostly a hole in the data), class_b, alongside or unexplained (nothing of these; how surely it was meant says intentional); null where too few others are about to tell.",
        ),
        column(
            "intentional",
            ColumnType::Decimal(3),
            "How likely the transponder was switched off, 0 to 1; null where that isn't judged (heard_otherwise, left_area, end_of_data, port, alongside, a hole in the data) or can't be (too few others).",
        ),
        column(
            "distance_to_shore_km",
            ColumnType::Decimal(1),
            "Distance from the last fix to the nearest shore, kilometres.",
        ),
        column(
            "risk",
            ColumnType::Decimal(3),
            "Priority for review, 0 to 1; not a probability of guilt.",
        ),
        column(
            "reasons",
            ColumnType::Text,
            "The facts behind the explanation; after a bar those behind the risk, with what each adds, largest first.",
        ),
    ],
};
