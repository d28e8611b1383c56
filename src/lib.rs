//! Finds ship-to-ship transfers, loitering and AIS gaps in historical AIS data, and explains each.
#![warn(missing_docs)]

pub mod geodesy;
pub mod model;
pub mod stage;
pub mod tables;
