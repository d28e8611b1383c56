//! What the assessment knows beside the facts: what is built in, and the files that a user brings.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{Progress, ReferenceRecord, ScanRequest};
use crate::assess::World;
use crate::error::Error;
use crate::gazetteer::{Gazetteer, ZonesError};
use crate::model::text;
use crate::registry::{Registry, RegistryError, TankerClass, Watchlist, Watchlists};

/// Bad rows of a file that are told of one by one; the rest are counted.
const TOLD_ROWS: usize = 10;

/// Reads the files that the request names, and says what of them is no use.
///
/// # Errors
/// If a file can't be read at all.
pub(super) fn read(
    request: &ScanRequest,
    progress: &dyn Progress,
) -> Result<(World<'static>, Vec<ReferenceRecord>), Error> {
    let mut world = World::with_zones(&request.zones)?;
    let built_in = Gazetteer::files().into_iter().chain([TankerClass::file()]);
    let mut files: Vec<ReferenceRecord> = built_in
        .map(|(name, content)| record(name, content))
        .collect();
    if let Some(path) = &request.registry {
        let (registry, file) = register(path, progress)?;
        world.registry = registry;
        files.push(file);
    }
    for path in &request.zones {
        let content = std::fs::read(path).map_err(|source| ZonesError::Read {
            file: path.clone(),
            source,
        })?;
        files.push(record(&path.display().to_string(), &content));
    }
    world.watchlists = watchlists(&request.watchlists, progress)?;
    files.extend(world.watchlists.lists().iter().map(|list| ReferenceRecord {
        name: list.file.display().to_string(),
        sha256: list.sha256.clone(),
        note: Some(list.to_string()),
    }));
    Ok((world, files))
}

fn record(name: &str, content: &[u8]) -> ReferenceRecord {
    ReferenceRecord {
        name: name.to_owned(),
        sha256: text::hex(&Sha256::digest(content)),
        note: None,
    }
}

/// Tells of the first bad rows of a file, and how many there are.
fn tell<'a>(
    path: &Path,
    bad: impl ExactSizeIterator<Item = (usize, &'a str)>,
    progress: &dyn Progress,
) {
    let (path, n) = (path.display(), bad.len());
    for (line, reason) in bad.take(TOLD_ROWS) {
        progress.warn(&format!(
            "{path}, line {line}: {reason}; the row is passed over"
        ));
    }
    if n > TOLD_ROWS {
        progress.warn(&format!("{path}: {n} rows in all are passed over"));
    }
}

fn register(path: &Path, progress: &dyn Progress) -> Result<(Registry, ReferenceRecord), Error> {
    let unreadable = |e: std::io::Error| RegistryError::Read {
        path: path.to_owned(),
        reason: e.to_string(),
    };
    let content = std::fs::read(path).map_err(unreadable)?;
    let registry = Registry::parse(&content, path)?;
    let bad = registry.bad_rows().iter();
    tell(
        path,
        bad.map(|row| (row.line, row.reason.as_str())),
        progress,
    );
    Ok((registry, record(&path.display().to_string(), &content)))
}

/// The list that is built in, and those that are asked for.
fn watchlists(paths: &[PathBuf], progress: &dyn Progress) -> Result<Watchlists, Error> {
    let mut lists = Vec::new();
    for path in paths {
        let list = Watchlist::read(path)?;
        let bad = list.bad_rows.iter();
        tell(
            path,
            bad.map(|row| (row.line, row.reason.as_str())),
            progress,
        );
        lists.push(list);
    }
    Ok(Watchlists::with(lists))
}
