//! From what was asked for to a list of files: folders, patterns, each file once, in a fixed order; `-` is standard input.
//!
//! A folder that holds a result of this program is no input: its tables have columns as rows have them.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::error::InputError;

/// Endings that are looked for in folders; a file that is named is read whatever its ending.
const ENDINGS: [&str; 14] = [
    "csv", "txt", "gz", "zst", "zip", "parquet", "arrow", "ipc", "feather", "log", "nmea", "nm4",
    "ais", "traj",
];

/// The same, for messages.
const KNOWN: &str =
    ".csv, .txt, .gz, .zst, .zip, .parquet, .arrow, .ipc, .feather, .log, .nmea, .nm4, .ais, .traj";

/// Bytes at the beginning of `run.json` that say whose it is.
const RESULT_HEAD_BYTES: u64 = 256;

/// A file to read, or why there is none.
pub(crate) type Found = Result<PathBuf, (PathBuf, InputError)>;

/// What the inputs lead to.
pub(crate) struct Findings {
    /// All files, sorted by path, each once even if it is reached by several ways; then what led nowhere.
    pub found: Vec<Found>,
    /// Folders that were left out because they hold a result of this program, each once.
    pub results: Vec<PathBuf>,
}

/// Under what path standard input is opened, where the system has one for it.
const STANDARD_INPUT: Option<&str> = if cfg!(unix) { Some("/dev/stdin") } else { None };

/// Looks for files.
pub(crate) fn find(inputs: &[PathBuf]) -> Findings {
    let mut search = Search::default();
    for input in inputs {
        if input == Path::new("-") {
            match STANDARD_INPUT {
                Some(path) => drop(search.files.insert(path.into())),
                None => search.faults.push(unreadable(
                    input,
                    &"this system has no path for standard input, give a file",
                )),
            }
            continue;
        }
        let before = search.faults.len();
        match std::fs::metadata(input) {
            Ok(meta) if meta.is_dir() && is_result(input) => {
                let path = input.clone();
                let fault = InputError::Result { path: path.clone() };
                search.faults.push((path, fault));
            }
            Ok(meta) if meta.is_dir() => {
                if !search.folder(input) && search.faults.len() == before {
                    search.faults.push(nothing(input));
                }
            }
            Ok(_) => {
                search.files.insert(input.clone());
            }
            Err(error) => match pattern(input) {
                Some(pattern) => search.expand(input, &pattern),
                None => search.faults.push(unreadable(input, &error)),
            },
        }
    }
    let once = |paths: BTreeSet<PathBuf>| {
        let mut seen = BTreeSet::new();
        let mut paths: Vec<PathBuf> = paths.into_iter().collect();
        paths.retain(|p| seen.insert(p.canonicalize().unwrap_or_else(|_| p.clone())));
        paths
    };
    let mut found: Vec<Found> = once(search.files).into_iter().map(Ok).collect();
    found.extend(search.faults.into_iter().map(Err));
    Findings {
        found,
        results: once(search.results),
    }
}

/// What was found so far.
#[derive(Default)]
struct Search {
    files: BTreeSet<PathBuf>,
    results: BTreeSet<PathBuf>,
    /// Folders that patterns led into and that are none.
    folders: BTreeSet<PathBuf>,
    faults: Vec<Fault>,
}

type Fault = (PathBuf, InputError);

fn unreadable(path: &Path, error: &dyn std::fmt::Display) -> Fault {
    let fault = InputError::Unreadable {
        path: path.to_owned(),
        reason: error.to_string(),
    };
    (path.to_owned(), fault)
}

fn nothing(path: &Path) -> Fault {
    let fault = InputError::NothingFound {
        path: path.to_owned(),
        known: KNOWN,
    };
    (path.to_owned(), fault)
}

fn pattern(input: &Path) -> Option<String> {
    let text = input.to_str()?;
    text.contains(['*', '?', '[']).then(|| text.to_owned())
}

impl Search {
    fn expand(&mut self, input: &Path, pattern: &str) {
        let options = glob::MatchOptions {
            require_literal_leading_dot: true,
            ..glob::MatchOptions::new()
        };
        let paths = match glob::glob_with(pattern, options) {
            Ok(paths) => paths,
            Err(error) => return self.faults.push(unreadable(input, &error)),
        };
        let (mut any, mut any_folder) = (false, false);
        for path in paths {
            match path {
                Ok(path) if path.is_dir() => {
                    any_folder = true;
                    any |= self.folder(&path);
                }
                Ok(path) if self.is_in_result(&path) => {}
                Ok(path) => {
                    any = true;
                    self.files.insert(path);
                }
                Err(error) => {
                    any = true;
                    self.faults.push(unreadable(error.path(), error.error()));
                }
            }
        }
        if !any && any_folder {
            self.faults.push(nothing(input));
        } else if !any {
            let path = input.to_owned();
            let fault = InputError::NoMatch { path: path.clone() };
            self.faults.push((path, fault));
        }
    }

    /// Whether a file that a pattern led to is part of a result, which is left out then as in a folder.
    fn is_in_result(&mut self, file: &Path) -> bool {
        let folder = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        if self.results.contains(folder) {
            return true;
        }
        if self.folders.contains(folder) {
            return false;
        }
        let is_result = is_result(folder);
        let known = if is_result {
            &mut self.results
        } else {
            &mut self.folders
        };
        known.insert(folder.to_owned());
        is_result
    }

    /// Takes what is in a folder, and whether that is anything.
    fn folder(&mut self, folder: &Path) -> bool {
        let mut inside = Vec::new();
        self.walk(folder, &mut inside, &mut BTreeSet::new());
        let any = !inside.is_empty();
        self.files.extend(inside);
        any
    }

    /// Files with a known ending in a folder and the folders in it. Links are followed, each folder once.
    fn walk(&mut self, folder: &Path, files: &mut Vec<PathBuf>, seen: &mut BTreeSet<PathBuf>) {
        if !seen.insert(folder.canonicalize().unwrap_or_else(|_| folder.to_owned())) {
            return;
        }
        if is_result(folder) {
            self.results.insert(folder.to_owned());
            return;
        }
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => return self.faults.push(unreadable(folder, &error)),
        };
        for entry in entries {
            let path = match entry {
                Ok(entry) => entry.path(),
                Err(error) => {
                    self.faults.push(unreadable(folder, &error));
                    continue;
                }
            };
            let hidden = path
                .file_name()
                .is_some_and(|n| n.as_encoded_bytes().starts_with(b"."));
            if hidden {
                continue;
            }
            if path.is_dir() {
                self.walk(&path, files, seen);
            } else if is_known(&path) {
                files.push(path);
            }
        }
    }
}

/// Whether a folder holds a result of this program: `run.json` says so in its first member.
fn is_result(folder: &Path) -> bool {
    let mut head = Vec::new();
    let read = File::open(folder.join("run.json"))
        .and_then(|file| file.take(RESULT_HEAD_BYTES).read_to_end(&mut head));
    head.retain(|b| !b.is_ascii_whitespace());
    read.is_ok() && head.starts_with(b"{\"program\":\"alongside\"")
}

/// Whether a file has an ending that is looked for in folders.
pub(crate) fn is_known(path: &Path) -> bool {
    path.extension()
        .and_then(|e| e.to_str())
        .is_some_and(|e| ENDINGS.iter().any(|known| e.eq_ignore_ascii_case(known)))
}
