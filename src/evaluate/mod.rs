//! How well a detector did: its encounters against what is known to have happened.
//!
//! In: rows of the encounters table (from a run, or from `encounters.parquet` or `encounters.csv`), and a
//! truth file ([`crate::model::Truth`]). Out: recall, precision, timing and volume error by kind.
//! Rule: an encounter belongs to the truth of the same two MMSIs, in any order, with which it shares most
//! time; it must share some. Nothing about places, so a detector can't win by being vague.

mod auc;
mod gaps;
mod identity;
mod matching;
mod read_encounters;
mod read_table;
mod read_truth;
mod rendezvous;
mod score;
mod share;
mod show;
mod volume;

use std::path::PathBuf;

pub use auc::Auc;
pub use gaps::{GapScore, ReportedGap, evaluate_gaps, read_gaps};
pub use identity::{Finding, Found, IdentityScore, Right, evaluate_identity, read_identity};
pub use read_encounters::{Reported, read_encounters};
pub use read_truth::read_truth;
pub use rendezvous::{Candidate, ClosedGap, DarkScore, DarkTables, read_rendezvous};
pub use score::{
    Called, Confusion, Evaluation, KindScore, LookAlikeScore, Other, Timing, VolumeError, evaluate,
};
pub use share::Share;

pub use crate::model::schema::TRANSFER_KINDS;
pub use volume::VolumeScore;

/// Why an evaluation failed. Lines count from 1, the header is line 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EvaluateError {
    /// A file can't be opened or read.
    #[error("{path}: {reason}")]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A folder holds no table of encounters.
    #[error("{path}: neither encounters.parquet nor encounters.csv in it; is it a scan's folder?")]
    NoTable {
        /// Which.
        path: PathBuf,
    },
    /// A needed column is missing.
    #[error("{path}: no column '{column}'; it has {found}")]
    NoColumn {
        /// Which file.
        path: PathBuf,
        /// Which column.
        column: &'static str,
        /// The columns that there are.
        found: String,
    },
    /// A cell can't be understood.
    #[error("{path}, line {line}, column '{column}': '{value}' is not {wanted}")]
    Cell {
        /// Which file.
        path: PathBuf,
        /// Which line.
        line: u64,
        /// Which column.
        column: &'static str,
        /// What stands there.
        value: String,
        /// What should stand there.
        wanted: String,
    },
}

#[cfg(test)]
mod tests;
