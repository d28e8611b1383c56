//! From where to take in anew: which state, and which files.

use super::inbox::is_there;
use crate::error::Error;
use crate::model::Timestamp;
use crate::store::{Entry, NOTHING};

/// A place to begin.
#[derive(Debug)]
pub(super) struct Start {
    /// The state to take up.
    pub at: Timestamp,
    /// Known files with rows after it.
    pub files: Vec<Entry>,
}

fn files_from(manifest: &[Entry], at: Timestamp) -> Vec<Entry> {
    let later = manifest.iter().filter(|e| e.last.is_some_and(|t| t >= at));
    later.cloned().collect()
}

/// The latest state from which everything since `first` can be taken in anew, or else the earliest from which anything
/// can; `None` if every state lacks files. In: the states in order without the current one; known files without those
/// that are replaced.
pub(super) fn before(states: &[Timestamp], manifest: &[Entry], first: Timestamp) -> Option<Start> {
    let best = states.iter().rposition(|at| *at <= first).unwrap_or(0);
    states[best..].iter().find_map(|at| {
        let files = files_from(manifest, *at);
        files
            .iter()
            .all(is_there)
            .then_some(Start { at: *at, files })
    })
}

/// Where to begin to rebuild everything since `from`.
///
/// # Errors
/// If files are gone.
pub(super) fn rebuild(
    states: &[Timestamp],
    manifest: &[Entry],
    from: Timestamp,
) -> Result<Start, Error> {
    let at = states.iter().rev().find(|at| **at <= from);
    let at = at.copied().unwrap_or(NOTHING);
    let files = files_from(manifest, at);
    let gone: Vec<&str> = files
        .iter()
        .filter(|e| !is_there(e))
        .map(|e| e.path.as_str())
        .collect();
    if gone.is_empty() {
        return Ok(Start { at, files });
    }
    Err(Error::Request {
        flag: "--rebuild-from",
        reason: format!(
            "{} files with rows since then are gone or changed, the store was left as it is: {}",
            gone.len(),
            gone.join(", ")
        ),
    })
}
