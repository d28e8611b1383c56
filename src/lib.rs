//! Finds ship-to-ship transfers, loitering and AIS gaps in historical AIS data, and explains each.
#![warn(missing_docs)]

pub mod assess;
pub mod encounter;
pub mod gazetteer;
pub mod geodesy;
pub mod ingest;
pub mod model;
pub mod pipeline;
pub mod proximity;
pub mod registry;
pub mod stage;
pub mod track;
