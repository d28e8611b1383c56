//! The output tables: every column with its type and meaning (`docs/outputs.md` is made from this).

mod encounters;
mod evidence;
mod gaps;
mod identity;
mod loitering;
mod port_calls;
mod rendezvous;
mod vessels;

pub use encounters::ENCOUNTERS;
pub use evidence::EVIDENCE;
pub use gaps::GAPS;
pub use identity::IDENTITY;
pub use loitering::LOITERING;
pub use port_calls::PORT_CALLS;
pub use rendezvous::RENDEZVOUS;
pub use vessels::VESSELS;

use super::table::{Column, ColumnType, TableSchema};

/// Kinds of encounters that say that something moved between two hulls.
pub const TRANSFER_KINDS: [&str; 3] = ["sts_transfer", "bunkering", "fishing_transshipment"];

/// The columns by which the rows of a table are ordered; none of evidence, which follows the encounters.
pub fn order(table: &TableSchema) -> &'static [&'static str] {
    match table.name {
        "encounters" => &["start", "track_1", "track_2"],
        "loitering" | "gaps" => &["start", "track"],
        "rendezvous" => &["window_start", "event_id"],
        "identity" => &["start", "kind", "mmsi", "other_mmsi", "imo", "end"],
        "port_calls" => &["start", "mmsi"],
        "vessels" => &["mmsi"],
        _ => &[],
    }
}

const fn column(name: &'static str, kind: ColumnType, doc: &'static str) -> Column {
    Column { name, kind, doc }
}

/// All tables that a scan writes.
pub static ALL: [&TableSchema; 8] = [
    &ENCOUNTERS,
    &LOITERING,
    &GAPS,
    &RENDEZVOUS,
    &IDENTITY,
    &PORT_CALLS,
    &VESSELS,
    &EVIDENCE,
];
