use super::super::table::{ColumnType, TableSchema};
use super::column;

/// One row per slow run: a ship that hardly moved, or drifted; of tankers and cargo ships also a drift with moves in between.
pub static LOITERING: TableSchema = TableSchema {
    name: "loitering",
    doc: "One row per slow run: a ship that hardly moved, or drifted; of tankers and cargo ships also a drift with moves in between.",
    columns: &[
        column("event_id", ColumnType::Text, "Name of the event."),
        column("status", ColumnType::Text, "open, settling or final."),
        column("mmsi", ColumnType::Int, "The ship."),
        column("track", ColumnType::Text, "Its track."),
        column("start", ColumnType::Time, "First slow fix."),
        column("end", ColumnType::Time, "Last slow fix."),
        column("duration_h", ColumnType::Decimal(3), "Hours between them."),
        column(
            "lat",
            ColumnType::Decimal(6),
            "Latitude of where she stayed longest, degrees.",
        ),
        column(
            "lon",
            ColumnType::Decimal(6),
            "Longitude of where she stayed longest, degrees.",
        ),
        column(
            "mean_speed_kn",
            ColumnType::Decimal(2),
            "Way along all fixes, those of moves in between too, over the duration, knots.",
        ),
        column(
            "drift_km",
            ColumnType::Decimal(2),
            "From the first to the last fix, kilometres.",
        ),
        column(
            "radius_m",
            ColumnType::Decimal(0),
            "Half the diagonal of the box that holds all of these fixes, metres.",
        ),
        column("state", ColumnType::Text, "anchored, moored or adrift."),
        column(
            "in_port",
            ColumnType::Bool,
            "In a port: near its point and the shore, held at a berth near its point, or at a berth learned from the data.",
        ),
        column(
            "distance_to_shore_km",
            ColumnType::Decimal(1),
            "Distance to the nearest shore, kilometres.",
        ),
        column(
            "distance_to_port_km",
            ColumnType::Decimal(1),
            "Distance to the nearest port, kilometres.",
        ),
        column("zone", ColumnType::Text, "Named zone that holds the place."),
        column(
            "anchorage",
            ColumnType::Text,
            "Anchorage in which several other ships lay, learned from the data.",
        ),
        column(
            "risk",
            ColumnType::Decimal(3),
            "Priority for review, 0 to 1; not a probability of guilt.",
        ),
        column(
            "reasons",
            ColumnType::Text,
            "The facts behind the risk, with what each adds, largest first.",
        ),
    ],
};
