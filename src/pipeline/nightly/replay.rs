//! From where to take in anew: which state, and which files.

use super::inbox::is_there;
use super::replaced::Span;
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

/// The latest state from which everything in these spans of time can be taken in anew that can be at all; `None` if
/// nothing can that isn't after the last state anyway. In: the states in order, the current one last; known files, of
/// those that are replaced what stays.
pub(super) fn before(states: &[Timestamp], manifest: &[Entry], spans: &[Span]) -> Option<Start> {
    let (current, earlier) = states.split_last()?;
    // The later the state, the fewer files it takes: where one has them, all after it do.
    let reach = earlier
        .iter()
        .find(|at| files_from(manifest, **at).iter().all(is_there))?;
    let within = spans.iter().filter(|(_, last)| last >= reach);
    let first = within.map(|(first, _)| *first.max(reach)).min()?;
    let at = *earlier.iter().rfind(|at| **at <= first)?;
    (first < *current).then(|| Start {
        at,
        files: files_from(manifest, at),
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
    // Later states need fewer files; the last one is where the store stands.
    let earlier = states.split_last().map_or(&[][..], |(_, earlier)| earlier);
    let is_whole = |at: &&Timestamp| files_from(manifest, **at).iter().all(is_there);
    let later = || earlier.iter().find(is_whole).copied();
    let gone: Vec<&Entry> = files.iter().filter(|e| !is_there(e)).collect();
    if !gone.is_empty() {
        refuse_without(gone.into_iter(), later())?;
    }
    Ok(Start { at, files })
}

/// Refuses to rebuild without these files; they aren't needed to rebuild from `later` on.
///
/// # Errors
/// If there are any.
pub(super) fn refuse_without<'e>(
    gone: impl Iterator<Item = &'e Entry>,
    later: Option<Timestamp>,
) -> Result<(), Error> {
    let gone: Vec<&str> = gone.map(|e| e.path.as_str()).collect();
    if gone.is_empty() {
        return Ok(());
    }
    let (files, them) = match gone.len() {
        1 => (
            "1 file with rows since then is gone or changed".to_owned(),
            "it",
        ),
        n => (
            format!("{n} files with rows since then are gone or changed"),
            "them",
        ),
    };
    let without = match later {
        Some(at) => format!(
            "give --rebuild-from {}, which does without {them}",
            at.day()
        ),
        None => format!("make a new store without {them}"),
    };
    Err(Error::Request {
        flag: "--rebuild-from",
        reason: format!(
            "{files}, the store was left as it is: {}; put {them} back into the folder, with the same content under any name, \
             or {without}",
            gone.join(", ")
        ),
    })
}
