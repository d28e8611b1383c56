//! What can go wrong with a run, and the exit code that says so.

use crate::config::ConfigError;
use crate::evaluate::EvaluateError;
use crate::gazetteer::{AreaError, ZonesError};
use crate::ingest::IngestError;
use crate::registry::{RegistryError, WatchlistError};
use crate::simulate::SimulateError;
use crate::stage::StateError;
use crate::store::StoreError;
use crate::tables::TableError;
use crate::volumes::VolumesError;

/// A run that failed: nothing was changed, unless only printing failed ([`Error::Output`]). The error of each layer passes
/// through unchanged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The configuration can't be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Reading as a whole failed.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The area can't be used.
    #[error(transparent)]
    Area(#[from] AreaError),
    /// The register of ships can't be used.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// A list of ships can't be used.
    #[error(transparent)]
    Watchlist(#[from] WatchlistError),
    /// A file of zones can't be used.
    #[error(transparent)]
    Zones(#[from] ZonesError),
    /// Results can't be written or opened.
    #[error(transparent)]
    Tables(#[from] TableError),
    /// Labelled traffic can't be written.
    #[error(transparent)]
    Simulate(#[from] SimulateError),
    /// Encounters or truth can't be read.
    #[error(transparent)]
    Evaluate(#[from] EvaluateError),
    /// Published counts can't be read, or a chart can't be drawn.
    #[error(transparent)]
    Volumes(#[from] VolumesError),
    /// The state of a stage can't be written or read.
    #[error(transparent)]
    State(#[from] StateError),
    /// The store of the nights can't be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A result can't be printed.
    #[error("can't print the result ({source}){advice}")]
    Output {
        /// What the system said.
        source: std::io::Error,
        /// What is done all the same, and how to see it.
        advice: String,
    },
    /// A request that makes no sense.
    #[error("{flag}: {reason}")]
    Request {
        /// The flag or field.
        flag: &'static str,
        /// What is wrong, and what would be right.
        reason: String,
    },
    /// Not one row could be read, or be used.
    #[error(
        "nothing could be read that can be used, so nothing was written:{}",
        listed(failures)
    )]
    NothingRead {
        /// Each input with its reason.
        failures: Vec<String>,
    },
    /// Threads can't be started.
    #[error("can't start {threads} threads ({source}); give a smaller --threads")]
    Threads {
        /// How many were asked for.
        threads: usize,
        /// What the system said.
        source: rayon::ThreadPoolBuildError,
    },
}

fn listed(failures: &[String]) -> String {
    failures
        .iter()
        .map(|words| format!("\n  {words}"))
        .collect()
}

/// How a run ended, as the process's exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done; every input was read.
    Done,
    /// Failed; nothing was changed.
    Failed,
    /// Wrong usage or configuration; nothing was done.
    Usage,
    /// Done, but some inputs could not be read; each was named.
    Partly,
    /// Done, and there are new events at or above the risk that the caller wants to hear of.
    Alert,
}

impl Exit {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::Usage => 2,
            Self::Partly => 3,
            Self::Alert => 10,
        }
    }
}

impl Error {
    /// How a run with this error ends.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Config(_)
            | Self::Request { .. }
            | Self::Area(_)
            | Self::Registry(_)
            | Self::Watchlist(_)
            | Self::Zones(_) => Exit::Usage,
            Self::Simulate(
                SimulateError::Parameter(_)
                | SimulateError::Foreign { .. }
                | SimulateError::Result { .. }
                | SimulateError::Earlier { .. },
            ) => Exit::Usage,
            Self::Ingest(IngestError::NoInputs | IngestError::Param { .. }) => Exit::Usage,
            Self::Store(StoreError::Foreign { .. }) => Exit::Usage,
            Self::Tables(
                TableError::Foreign { .. }
                | TableError::NotAFolder { .. }
                | TableError::Here { .. },
            ) => Exit::Usage,
            Self::Ingest(_)
            | Self::Simulate(_)
            | Self::Evaluate(_)
            | Self::Tables(_)
            | Self::State(_)
            | Self::Store(_)
            | Self::Volumes(_)
            | Self::Output { .. }
            | Self::NothingRead { .. }
            | Self::Threads { .. } => Exit::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_as_documented() {
        let codes = [
            Exit::Done,
            Exit::Failed,
            Exit::Usage,
            Exit::Partly,
            Exit::Alert,
        ]
        .map(Exit::code);
        assert_eq!(codes, [0, 1, 2, 3, 10]);
        let foreign = Error::from(TableError::Foreign {
            path: "out".into(),
            found: "thesis.txt".to_owned(),
        });
        assert_eq!(foreign.exit(), Exit::Usage);
        let nothing = Error::NothingRead {
            failures: vec!["a.csv: not found".to_owned()],
        };
        assert_eq!(nothing.exit(), Exit::Failed);
        assert!(nothing.to_string().ends_with("\n  a.csv: not found"));
    }
}
