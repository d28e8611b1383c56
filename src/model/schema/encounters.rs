use super::super::table::{ColumnType, TableSchema};
use super::column;

/// One row per encounter: two ships close to each other for some time.
pub static ENCOUNTERS: TableSchema = TableSchema {
    name: "encounters",
    doc: "One row per encounter: two ships close to each other for some time.",
    columns: &[
        column(
            "event_id",
            ColumnType::Text,
            "Name of the event; stays the same when it closes or is judged again.",
        ),
        column("status", ColumnType::Text, "open, settling or final."),
        column(
            "kind",
            ColumnType::Text,
            "What the encounter most likely is; null where not judged.",
        ),
        column(
            "kind_confidence",
            ColumnType::Decimal(2),
            "Confidence in `kind`, 0 to 1.",
        ),
        column("mode", ColumnType::Text, "under_way, adrift or anchored."),
        column("mmsi_1", ColumnType::Int, "The smaller MMSI."),
        column("mmsi_2", ColumnType::Int, "The larger MMSI."),
        column(
            "track_1",
            ColumnType::Text,
            "Track of the first ship: MMSI and first fix.",
        ),
        column("track_2", ColumnType::Text, "Track of the second ship."),
        column("start", ColumnType::Time, "First observed contact."),
        column("end", ColumnType::Time, "Last observed contact."),
        column(
            "start_not_before",
            ColumnType::Time,
            "Last time before `start` at which the two were seen apart; null if never.",
        ),
        column(
            "end_not_after",
            ColumnType::Time,
            "First time after `end` at which the two were seen apart; null if never.",
        ),
        column(
            "start_censored",
            ColumnType::Bool,
            "The contact may have begun before the data, or before a day without any.",
        ),
        column(
            "end_censored",
            ColumnType::Bool,
            "The contact may go on after the data, or after a day without any.",
        ),
        column(
            "duration_h",
            ColumnType::Decimal(3),
            "From `start` to `end`, hours.",
        ),
        column(
            "observed_h",
            ColumnType::Decimal(3),
            "Hours of it in which both ships were heard close by; 0 if that was in single moments only, as where archives keep a report an hour, or never.",
        ),
        column(
            "through_gap",
            ColumnType::Bool,
            "Silence of one or both ships lies inside.",
        ),
        column(
            "lat",
            ColumnType::Decimal(6),
            "Latitude of the middle sample, degrees.",
        ),
        column(
            "lon",
            ColumnType::Decimal(6),
            "Longitude of the middle sample, degrees.",
        ),
        column(
            "hull_gap_m",
            ColumnType::Decimal(1),
            "Median distance between the hulls while they lay alongside, of the whole contact if they didn't, metres; negative where they overlap.",
        ),
        column(
            "hull_gap_low_m",
            ColumnType::Decimal(1),
            "Least hull gap that the dimensions, headings that aren't known, and places too rough to measure by, allow, metres.",
        ),
        column(
            "hull_gap_high_m",
            ColumnType::Decimal(1),
            "Greatest hull gap that the dimensions, headings that aren't known, and places too rough to measure by, allow, metres.",
        ),
        column(
            "antenna_distance_m",
            ColumnType::Decimal(1),
            "Median distance between the antennas in the same moments, metres.",
        ),
        column(
            "rigidity_m",
            ColumnType::Decimal(1),
            "Spread (p90 - p10) of the partner's place in the larger ship's frame in the same moments, metres; null below three independent ones.",
        ),
        column(
            "sog_kn",
            ColumnType::Decimal(2),
            "Median speed over ground of the pair, knots; told from their positions where none is sent.",
        ),
        column(
            "relative_speed_kn",
            ColumnType::Decimal(2),
            "Median speed of one ship relative to the other, knots.",
        ),
        column(
            "heading_difference_deg",
            ColumnType::Decimal(1),
            "Median difference of the headings, 0 to 180 degrees.",
        ),
        column(
            "cluster_id",
            ColumnType::Text,
            "Shared by encounters of three and more ships that hang together.",
        ),
        column(
            "chain_id",
            ColumnType::Text,
            "The first transfer of the chain through which the cargo came: this transfer itself, if none before is known.",
        ),
        column(
            "distance_to_shore_km",
            ColumnType::Decimal(1),
            "Distance to the nearest shore, kilometres.",
        ),
        column(
            "sea_band",
            ColumnType::Text,
            "0-12, 12-24, 24-200 or 200+ nautical miles from shore.",
        ),
        column(
            "nearest_port",
            ColumnType::Text,
            "Name of the nearest port.",
        ),
        column(
            "distance_to_port_km",
            ColumnType::Decimal(1),
            "Distance to it, kilometres.",
        ),
        column(
            "zone",
            ColumnType::Text,
            "Named transfer or lightering zone that holds the place.",
        ),
        column(
            "anchorage",
            ColumnType::Text,
            "Anchorage in which several other ships lay, learned from the data.",
        ),
        column(
            "local_night",
            ColumnType::Bool,
            "The start lies between 20 and 04 h local solar time.",
        ),
        column(
            "name_1",
            ColumnType::Text,
            "Name as sent most often about the encounter (first ship).",
        ),
        column(
            "name_2",
            ColumnType::Text,
            "Name as sent most often about the encounter (second ship).",
        ),
        column(
            "imo_1",
            ColumnType::Int,
            "IMO number that a ship can have: with a valid check digit, and not 1234567 (first ship).",
        ),
        column(
            "imo_2",
            ColumnType::Int,
            "IMO number that a ship can have: with a valid check digit, and not 1234567 (second ship).",
        ),
        column(
            "flag_1",
            ColumnType::Text,
            "Flag state by the MMSI, ISO 3166 alpha-2 (first ship).",
        ),
        column(
            "flag_2",
            ColumnType::Text,
            "Flag state by the MMSI, ISO 3166 alpha-2 (second ship).",
        ),
        column(
            "ship_type_1",
            ColumnType::Int,
            "AIS ship type, 10 to 99 (first ship).",
        ),
        column(
            "ship_type_2",
            ColumnType::Int,
            "AIS ship type, 10 to 99 (second ship).",
        ),
        column("class_1", ColumnType::Text, "Tanker class (first ship)."),
        column("class_2", ColumnType::Text, "Tanker class (second ship)."),
        column(
            "dwt_1_t",
            ColumnType::Decimal(0),
            "Deadweight, tonnes (first ship).",
        ),
        column(
            "dwt_2_t",
            ColumnType::Decimal(0),
            "Deadweight, tonnes (second ship).",
        ),
        column(
            "role_1",
            ColumnType::Text,
            "mother or daughter (first ship); null where nothing tells which ship is larger.",
        ),
        column(
            "role_2",
            ColumnType::Text,
            "mother or daughter (second ship); null where nothing tells which ship is larger.",
        ),
        column(
            "ais_class_1",
            ColumnType::Text,
            "Transponder class, A or B (first ship).",
        ),
        column(
            "ais_class_2",
            ColumnType::Text,
            "Transponder class, A or B (second ship).",
        ),
        column(
            "nav_status_1",
            ColumnType::Int,
            "Most frequent navigational status in contact (first ship).",
        ),
        column(
            "nav_status_2",
            ColumnType::Int,
            "Most frequent navigational status in contact (second ship).",
        ),
        column(
            "destination_1",
            ColumnType::Text,
            "Destination as last sent before the end (first ship).",
        ),
        column(
            "destination_2",
            ColumnType::Text,
            "Destination as last sent before the end (second ship).",
        ),
        column(
            "draught_before_1_m",
            ColumnType::Decimal(1),
            "Draught last received before the contact, or first in it if no cargo can have gone over yet, metres (first ship).",
        ),
        column(
            "draught_before_2_m",
            ColumnType::Decimal(1),
            "Draught last received before the contact, or first in it if no cargo can have gone over yet, metres (second ship).",
        ),
        column(
            "draught_after_1_m",
            ColumnType::Decimal(1),
            "Draught that it left: the new one that stands 6 hours after it, else the first new one later, before the ship's next berth or transfer; else the same again, metres (first ship).",
        ),
        column(
            "draught_after_2_m",
            ColumnType::Decimal(1),
            "Draught that it left: the new one that stands 6 hours after it, else the first new one later, before the ship's next berth or transfer; else the same again, metres (second ship).",
        ),
        column(
            "last_port_1",
            ColumnType::Text,
            "Port called at before (first ship).",
        ),
        column(
            "last_port_2",
            ColumnType::Text,
            "Port called at before (second ship).",
        ),
        column(
            "next_port_1",
            ColumnType::Text,
            "Port called at after (first ship).",
        ),
        column(
            "next_port_2",
            ColumnType::Text,
            "Port called at after (second ship).",
        ),
        column(
            "watchlist_1",
            ColumnType::Text,
            "Lists that name the ship, each with the listed name and what matched; null if none does (first ship).",
        ),
        column(
            "watchlist_2",
            ColumnType::Text,
            "Lists that name the ship, each with the listed name and what matched; null if none does (second ship).",
        ),
        column("from_mmsi", ColumnType::Int, "The ship that gave cargo."),
        column("to_mmsi", ColumnType::Int, "The ship that took cargo."),
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
            "How the volume was estimated: draught_both, draught_one (of the two ships a changed draught was received), draught_shared (typed after several transfers only) or capacity.",
        ),
        column(
            "volume_working",
            ColumnType::Text,
            "The calculation in words.",
        ),
        column(
            "confidence",
            ColumnType::Decimal(3),
            "Confidence that cargo moved between these hulls, 0 to 1.",
        ),
        column(
            "risk",
            ColumnType::Decimal(3),
            "Priority for review, 0 to 1; not a probability of guilt.",
        ),
        column(
            "reasons",
            ColumnType::Text,
            "The facts behind the kind; after a bar those behind the risk, with what each adds, largest first.",
        ),
    ],
};
