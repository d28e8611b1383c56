//! What is in the folder: new files, known ones, such that are still being written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::ingest::{InputError, find};
use crate::model::{Timestamp, text};
use crate::pipeline::InputRecord;
use crate::store::Entry;

/// A file that was written to within this time may still grow, milliseconds. A download that pauses for longer
/// is taken as it is; when it has grown, it is a new file in the place of the old one.
const STILL_MS: i64 = 60_000;

/// A file that isn't in the manifest.
#[derive(Clone, Debug)]
pub(super) struct NewFile {
    pub path: PathBuf,
    pub bytes: u64,
    pub modified: i64,
    /// What was known under its path.
    pub supersedes: Option<Entry>,
}

/// What is in the folder.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    pub new: Vec<NewFile>,
    /// Known content under another name, or with another time.
    pub moved: Vec<Entry>,
    pub being_written: Vec<String>,
    pub failed: Vec<InputRecord>,
}

/// Size, and when a file was last written.
pub(super) fn stamp(path: &Path) -> io::Result<(u64, i64)> {
    let meta = std::fs::metadata(path)?;
    let since = meta.modified()?.duration_since(UNIX_EPOCH);
    let modified = since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX));
    Ok((meta.len(), modified))
}

/// Hash of a file's content.
pub(super) fn sha256(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            n => hash.update(&buffer[..n]),
        }
    }
    Ok(text::hex(&hash.finalize()))
}

impl Inbox {
    /// Looks through the folder; these files are known to change just now.
    pub(super) fn look(
        folder: &Path,
        manifest: &[Entry],
        clock: Timestamp,
        changing: &BTreeSet<PathBuf>,
    ) -> Result<Self, Error> {
        let folder = folder.canonicalize().map_err(|e| Error::Request {
            flag: "--inbox",
            reason: format!("can't open the folder {} ({e})", folder.display()),
        })?;
        let mut inbox = Self::default();
        let by_path: BTreeMap<&str, &Entry> =
            manifest.iter().map(|e| (e.path.as_str(), e)).collect();
        // New files by size: only files of one size can have one content.
        let mut sizes: BTreeMap<u64, Vec<PathBuf>> = BTreeMap::new();
        let empty = |path: &Path| path == folder;
        for found in find(std::slice::from_ref(&folder)).found {
            match found {
                Ok(path) if changing.contains(&path) => {
                    inbox.being_written.push(path.display().to_string());
                }
                Ok(path) => {
                    let name = path.display().to_string();
                    let looked = inbox.sort_in(&path, manifest, &by_path, &mut sizes, clock);
                    if let Err(e) = looked {
                        inbox.failed.push(failure(name, &e));
                    }
                }
                // A folder without files is no fault: nothing has come yet.
                Err((path, InputError::NothingFound { .. })) if empty(&path) => {}
                Err((path, error)) => {
                    inbox
                        .failed
                        .push(failure(path.display().to_string(), &error));
                }
            }
        }
        Ok(inbox)
    }

    fn sort_in(
        &mut self,
        path: &Path,
        manifest: &[Entry],
        by_path: &BTreeMap<&str, &Entry>,
        sizes: &mut BTreeMap<u64, Vec<PathBuf>>,
        clock: Timestamp,
    ) -> io::Result<()> {
        let (bytes, modified) = stamp(path)?;
        let name = path.display().to_string();
        let before = by_path.get(name.as_str()).copied();
        if before.is_some_and(|e| e.bytes == bytes && e.modified == modified) {
            return Ok(());
        }
        if (0..STILL_MS).contains(&(clock.0 - modified)) {
            self.being_written.push(name);
            return Ok(());
        }
        let twins = sizes.entry(bytes).or_default();
        if !twins.is_empty() || manifest.iter().any(|e| e.bytes == bytes) {
            let content = sha256(path)?;
            if let Some(known) = manifest.iter().find(|e| e.sha256 == content) {
                // The same content in two places is one file, wherever it was first.
                if known.path == name || !Path::new(&known.path).exists() {
                    self.moved.push(Entry {
                        path: name,
                        modified,
                        ..known.clone()
                    });
                }
                return Ok(());
            }
            for twin in twins.iter() {
                if sha256(twin)? == content {
                    return Ok(());
                }
            }
        }
        twins.push(path.to_owned());
        self.new.push(NewFile {
            path: path.to_owned(),
            bytes,
            modified,
            supersedes: before.cloned(),
        });
        Ok(())
    }
}

fn failure(path: String, reason: &dyn std::fmt::Display) -> InputRecord {
    InputRecord {
        path,
        error: Some(reason.to_string()),
        ..InputRecord::default()
    }
}

impl NewFile {
    /// Whether it is still what it was when it was looked at.
    pub(super) fn is_unchanged(&self) -> bool {
        stamp(&self.path).is_ok_and(|stamp| stamp == (self.bytes, self.modified))
    }
}

/// Whether the content of a known file is still in its place.
pub(super) fn is_there(entry: &Entry) -> bool {
    let path = Path::new(&entry.path);
    match stamp(path) {
        Ok((bytes, modified)) if bytes == entry.bytes => {
            modified == entry.modified || sha256(path).is_ok_and(|hash| hash == entry.sha256)
        }
        _ => false,
    }
}
