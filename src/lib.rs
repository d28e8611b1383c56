//! Finds ship-to-ship transfers, loitering and AIS gaps in historical AIS data, and explains each.
//!
//! The command line does no more than this:
//!
//! ```no_run
//! use alongside::{Config, ScanRequest, Silent, scan};
//!
//! let request = ScanRequest::new(vec!["data/june.csv.gz".into()], "out");
//! let report = scan(&Config::default(), &request, &Silent)?;
//! for table in &report.tables {
//!     println!("{}: {} rows", table.schema.name, table.len());
//! }
//! # Ok::<(), alongside::Error>(())
//! ```
//!
//! The stages are public too, each in a module that begins with what comes in, what goes out and the
//! rule that it keeps. Modules import downwards only; a test holds them to it.

pub mod assess;
pub mod cli;
pub mod config;
pub mod encounter;
pub mod error;
pub mod evaluate;
pub mod gazetteer;
pub mod geodesy;
pub mod hull;
pub mod ingest;
mod lengths;
pub mod model;
pub mod pipeline;
pub mod proximity;
pub mod reception;
pub mod registry;
pub mod rendezvous;
pub mod report;
pub mod simulate;
pub mod stage;
pub mod store;
pub mod tables;
pub mod track;
pub mod volumes;

pub use config::Config;
pub use error::{Error, Exit};
pub use pipeline::{Progress, RunJson, ScanReport, ScanRequest, Silent, inspect, scan, summary};
