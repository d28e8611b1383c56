//! The words of the field as types: quantities, identities, reports, events, tables.
//!
//! In: nothing. Out: the records that every stage exchanges. Rule: a value of a type here is valid;
//! "not available" is `None` (or the packed null of [`PositionReport`]), never 0, 511, 102.3 or 181.

pub mod bbox;
pub mod draught;
pub mod event;
pub mod extent;
pub mod facts;
pub mod history;
pub mod identity;
pub mod pair;
pub mod param;
pub mod place;
pub mod presence;
pub mod quantity;
pub mod receptions;
pub mod reject;
pub mod report;
pub mod schema;
pub mod ship;
pub mod statics;
pub mod statistics;
pub mod stay;
pub mod table;
pub mod text;
pub(crate) mod thinned;
pub mod time;
pub mod track;
pub mod truth;
pub mod witness;

pub use bbox::BoundingBox;
pub use event::{
    Encounter, EventId, EvidenceSample, Gap, PairKey, Phase, SlowRun, Status, TrackId, Waypoint,
};
pub use extent::Extent;
pub use facts::Facts;
pub use history::StaticHistory;
pub use identity::{Imo, Mmsi, StationKind};
pub use pair::{Opening, PairBatch, PairSample, PairSlot};
pub use param::ParamError;
pub use place::LonLat;
pub use presence::Presence;
pub use receptions::Receptions;
pub use reject::{RejectLedger, RejectReason};
pub use report::{AisClass, Chunk, PositionReport};
pub use ship::{ByStatus, NavStatus, ShipCategory, ShipType};
pub use statics::{Seen, StaticRecord, StaticSpan};
pub use stay::{Mark, Stay};
pub use table::{Column, ColumnType, Row, Table, TableSchema, Value};
pub use time::{Timestamp, UtcDay};
pub use track::{Fix, TrackBatch, TrackFixes, VesselSummary};
pub use truth::{Truth, TruthClass, TruthKind};
pub use witness::{BLOCK_SLOTS, BLOCKS, BlockWitness, GapWitness, SlotCount, WindowWitness};
