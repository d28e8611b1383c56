//! Drives the stages from files to tables.
mod engine;
pub use engine::{Engine, EngineParams};
