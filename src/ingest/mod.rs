//! Files of AIS data into accepted rows by UTC day.
//!
//! In: files, folders and patterns; plain, gzip, Zstandard, in zip archives; CSV of several archives or by a mapping,
//! NMEA 0183 logs, Parquet, Arrow. Out: an [`Archive`] of days, each a [`Chunk`](crate::model::Chunk) in event time,
//! and a report per input. Rule: a row is accepted or rejected exactly once, with a reason; a bad row never stops a
//! file and a bad file never stops a run; what comes out doesn't depend on the order of the inputs, of their rows, on
//! threads, blocks or memory.
//!
//! How: `inputs` finds files, `sniff` and `source` tell and take off their wrapping, `blocks` cuts texts at line ends,
//! `format` has the readers of texts and `table` those of tables, `names` what their columns are called, `sink` the
//! rules that hold for every row, `store` the days, `run` the threads.

mod archive;
mod blocks;
mod error;
mod format;
mod inputs;
mod mapping;
mod names;
mod open;
mod options;
mod params;
mod record;
mod rejects;
mod report;
mod run;
mod sink;
mod sniff;
mod source;
mod statics;
mod store;
mod table;
mod value;
mod zone;

#[cfg(test)]
mod tests;

pub use archive::{Archive, read};
pub use error::{IngestError, InputError};
pub(crate) use inputs::find;
pub use mapping::{ColumnRef, ColumnRefs, Mapping, NumberRef, Repeat, Scaled, SpeedUnit};
pub use options::{Format, Observer, Options, Selection};
pub use params::Params;
pub use report::InputReport;
pub use store::DayParts;
