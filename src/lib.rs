//! Finds ship-to-ship transfers, loitering and AIS gaps in historical AIS data, and explains each.
#![warn(missing_docs)]

pub mod assess;
pub mod encounter;
pub mod evaluate;
pub mod gazetteer;
pub mod geodesy;
pub mod model;
pub mod pipeline;
pub mod proximity;
pub mod registry;
pub mod simulate;
pub mod stage;
pub mod track;
