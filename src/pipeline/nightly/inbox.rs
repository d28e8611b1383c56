//! What is in the folder: new files, known ones, such that are still being written.
//!
//! Rules: a file is known by its content, wherever it lies; content that is anywhere in the folder was moved and not
//! replaced. So the content of all files is known before any of them is said to take the place of another. A file is hashed
//! once, and only if one of its size is known, or is there too.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use sha2::{Digest, Sha256};

use super::replaced::is_correction;
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
    /// Hash of its content, if it was asked for.
    pub sha256: Option<String>,
    /// What was known under its path, and is nowhere in the folder.
    pub supersedes: Option<Entry>,
}

/// Other content that is known too, in the place of what was known there and is nowhere in the folder: a copy, or moved
/// there as a correction. Where files are turned, the last one goes for another day's, and is no more than gone.
#[derive(Clone, Debug)]
pub(super) struct Displaced {
    pub old: Entry,
    /// What has the place now: under its path if it was moved there, under its own if it is a copy.
    pub by: Entry,
}

impl Displaced {
    /// Whether the other content was moved here, and is in no other place.
    pub(super) fn is_move(&self) -> bool {
        self.by.path == self.old.path
    }
}

/// What is in the folder.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    pub new: Vec<NewFile>,
    /// Known content under another name, or with another time.
    pub moved: Vec<Entry>,
    /// Known content that took the place of other content; such moves aren't in `moved`.
    pub displaced: Vec<Displaced>,
    pub being_written: Vec<String>,
    pub failed: Vec<InputRecord>,
}

/// A file whose content isn't known by its path, size and time.
struct Candidate {
    path: PathBuf,
    name: String,
    bytes: u64,
    modified: i64,
    sha256: Option<String>,
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

/// The folder on its way to be sorted.
struct Look<'m> {
    manifest: &'m [Entry],
    clock: Timestamp,
    inbox: Inbox,
    candidates: Vec<Candidate>,
    /// Files that were just written to.
    fresh: Vec<Candidate>,
    /// Paths that were looked at.
    seen: BTreeSet<String>,
    /// Known content that is in its place, or was found in another.
    placed: BTreeSet<String>,
    /// Names under which there is known content that wasn't known there, with its entry.
    taken: Vec<(String, Entry)>,
}

impl Inbox {
    /// Looks through the folder; these files are known to change just now.
    pub(super) fn look(
        folder: &Path,
        manifest: &[Entry],
        clock: Timestamp,
        changing: &BTreeSet<PathBuf>,
    ) -> Result<Self, Error> {
        let folder = open(folder)?;
        let mut look = Look {
            manifest,
            clock,
            inbox: Self::default(),
            candidates: Vec::new(),
            fresh: Vec::new(),
            seen: BTreeSet::new(),
            placed: BTreeSet::new(),
            taken: Vec::new(),
        };
        let by_path: BTreeMap<&str, &Entry> =
            manifest.iter().map(|e| (e.path.as_str(), e)).collect();
        let empty = |path: &Path| path == folder;
        for found in find(std::slice::from_ref(&folder)).found {
            match found {
                Ok(path) => look.sort_in(path, &by_path, changing),
                // A folder without files is no fault: nothing has come yet.
                Err((path, InputError::NothingFound { .. })) if empty(&path) => {}
                Err((path, error)) => look.fail(path.display().to_string(), &error),
            }
        }
        look.hash();
        look.place_known();
        look.place_new(&by_path);
        look.displace(&by_path);
        Ok(look.inbox)
    }
}

/// The folder by its full name.
///
/// # Errors
/// If it can't be opened.
pub(super) fn open(folder: &Path) -> Result<PathBuf, Error> {
    folder.canonicalize().map_err(|e| Error::Request {
        flag: "--inbox",
        reason: format!("can't open the folder {} ({e})", folder.display()),
    })
}

impl Look<'_> {
    fn fail(&mut self, path: String, reason: &dyn std::fmt::Display) {
        self.inbox.failed.push(InputRecord {
            path,
            error: Some(reason.to_string()),
            ..InputRecord::default()
        });
    }

    fn sort_in(
        &mut self,
        path: PathBuf,
        by_path: &BTreeMap<&str, &Entry>,
        changing: &BTreeSet<PathBuf>,
    ) {
        let name = path.display().to_string();
        self.seen.insert(name.clone());
        let (bytes, modified) = match stamp(&path) {
            Ok(stamp) => stamp,
            Err(e) => return self.fail(name, &e),
        };
        let known = by_path.get(name.as_str());
        let is_same = |e: &&&Entry| e.bytes == bytes && e.modified == modified && !e.is_part();
        if let Some(e) = known.filter(is_same) {
            self.placed.insert(e.sha256.clone());
            return;
        }
        let is_fresh =
            changing.contains(&path) || (0..STILL_MS).contains(&(self.clock.0 - modified));
        let candidate = Candidate {
            path,
            name,
            bytes,
            modified,
            sha256: None,
        };
        if is_fresh {
            self.inbox.being_written.push(candidate.name.clone());
            self.fresh.push(candidate);
        } else {
            self.candidates.push(candidate);
        }
    }

    /// Hashes what may have known content, or that of another new file: only files of one size can have one content.
    fn hash(&mut self) {
        let mut sizes: BTreeMap<u64, usize> = BTreeMap::new();
        for bytes in self.manifest.iter().map(|e| e.bytes) {
            *sizes.entry(bytes).or_default() += 1;
        }
        for candidate in &self.candidates {
            *sizes.entry(candidate.bytes).or_default() += 1;
        }
        for mut candidate in std::mem::take(&mut self.candidates) {
            if sizes[&candidate.bytes] > 1 {
                match sha256(&candidate.path) {
                    Ok(hash) => candidate.sha256 = Some(hash),
                    Err(e) => {
                        self.fail(candidate.name, &e);
                        continue;
                    }
                }
            }
            self.candidates.push(candidate);
        }
    }

    /// Finds the places of known content. The same content in two places is one file, wherever it was first.
    fn place_known(&mut self) {
        let known: BTreeMap<&str, &Entry> = self
            .manifest
            .iter()
            .map(|e| (e.sha256.as_str(), e))
            .collect();
        let mut found: BTreeMap<&str, Vec<Candidate>> = BTreeMap::new();
        let mut unknown = Vec::new();
        for candidate in std::mem::take(&mut self.candidates) {
            let hash = candidate.sha256.as_deref().unwrap_or_default();
            match known.get(hash) {
                Some(e) => found.entry(&e.sha256).or_default().push(candidate),
                None => unknown.push(candidate),
            }
        }
        self.candidates = unknown;
        for (hash, places) in found {
            let entry = known[hash];
            let taken = places
                .iter()
                .map(|place| (place.name.clone(), entry.clone()));
            self.taken.extend(taken);
            let lies_elsewhere = || !self.seen.contains(&entry.path) && is_there(entry);
            if self.placed.contains(hash) || lies_elsewhere() {
                continue;
            }
            let own = places.iter().find(|place| place.name == entry.path);
            if let Some(place) = own.or(places.first()) {
                self.inbox.moved.push(entry.at(&place.name, place.modified));
                self.placed.insert(hash.to_owned());
            }
        }
    }

    /// What is left is new, each content once.
    fn place_new(&mut self, by_path: &BTreeMap<&str, &Entry>) {
        let mut contents: BTreeSet<String> = BTreeSet::new();
        for candidate in std::mem::take(&mut self.candidates) {
            if let Some(hash) = &candidate.sha256
                && !contents.insert(hash.clone())
            {
                continue;
            }
            let before = by_path.get(candidate.name.as_str()).copied();
            let is_back =
                |e: &&Entry| (candidate.sha256.as_ref()).is_some_and(|hash| e.is_part_of(hash));
            let supersedes = before
                .filter(|e| !is_back(e) && !self.placed.contains(&e.sha256) && !self.is_copied(e))
                .cloned();
            self.inbox.new.push(NewFile {
                path: candidate.path,
                bytes: candidate.bytes,
                modified: candidate.modified,
                sha256: candidate.sha256,
                supersedes,
            });
        }
    }

    /// Finds what other known content took the place of.
    fn displace(&mut self, by_path: &BTreeMap<&str, &Entry>) {
        for (name, by) in std::mem::take(&mut self.taken) {
            let Some(old) = by_path.get(name.as_str()).copied() else {
                continue;
            };
            if self.placed.contains(&old.sha256) || self.is_copied(old) {
                continue;
            }
            let moved = &mut self.inbox.moved;
            let by = match moved.iter().position(|entry| entry.path == name) {
                Some(_) if !is_correction(old, &by) => continue,
                Some(i) => moved.remove(i),
                None => by,
            };
            let old = old.clone();
            self.inbox.displaced.push(Displaced { old, by });
        }
    }

    /// Whether this content was just copied to another name, which is noted.
    fn is_copied(&mut self, entry: &Entry) -> bool {
        let is_copy = |file: &&Candidate| {
            file.bytes == entry.bytes && sha256(&file.path).is_ok_and(|hash| hash == entry.sha256)
        };
        let copy = self.fresh.iter().find(is_copy);
        if let Some(copy) = copy {
            self.inbox.moved.push(entry.at(&copy.name, copy.modified));
            self.inbox.being_written.retain(|name| *name != copy.name);
            self.placed.insert(entry.sha256.clone());
        }
        copy.is_some()
    }
}

impl NewFile {
    /// Whether it is still what it was when it was looked at.
    pub(super) fn is_unchanged(&self) -> bool {
        stamp(&self.path).is_ok_and(|stamp| stamp == (self.bytes, self.modified))
    }
}

/// Whether the content of a known file is still in its place, and can be read there. What is known in part only is new when
/// it is back.
pub(super) fn is_there(entry: &Entry) -> bool {
    let path = Path::new(&entry.path);
    match stamp(path) {
        Ok((bytes, modified)) if bytes == entry.bytes && !entry.is_part() => {
            let is_same = || modified == entry.modified && File::open(path).is_ok();
            is_same() || sha256(path).is_ok_and(|hash| hash == entry.sha256)
        }
        _ => false,
    }
}
