//! From what was asked for to a list of files: folders, patterns, each file once, in a fixed order.

use std::collections::BTreeSet;
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

/// A file to read, or why there is none.
pub(crate) type Found = Result<PathBuf, (PathBuf, InputError)>;

/// All files, sorted by path, each once even if it is reached by several ways; then what led nowhere.
pub(crate) fn find(inputs: &[PathBuf]) -> Vec<Found> {
    let mut files = BTreeSet::new();
    let mut faults = Vec::new();
    for input in inputs {
        let before = faults.len();
        match std::fs::metadata(input) {
            Ok(meta) if meta.is_dir() => {
                let mut inside = Vec::new();
                walk(input, &mut inside, &mut BTreeSet::new(), &mut faults);
                if inside.is_empty() && faults.len() == before {
                    faults.push(nothing(input));
                }
                files.extend(inside);
            }
            Ok(_) => {
                files.insert(input.clone());
            }
            Err(error) => match pattern(input) {
                Some(pattern) => expand(input, &pattern, &mut files, &mut faults),
                None => faults.push(unreadable(input, &error)),
            },
        }
    }
    let mut seen = BTreeSet::new();
    let mut found: Vec<Found> = files
        .into_iter()
        .filter(|f| seen.insert(f.canonicalize().unwrap_or_else(|_| f.clone())))
        .map(Ok)
        .collect();
    found.extend(faults.into_iter().map(Err));
    found
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

fn expand(input: &Path, pattern: &str, files: &mut BTreeSet<PathBuf>, faults: &mut Vec<Fault>) {
    let options = glob::MatchOptions {
        require_literal_leading_dot: true,
        ..glob::MatchOptions::new()
    };
    let paths = match glob::glob_with(pattern, options) {
        Ok(paths) => paths,
        Err(error) => return faults.push(unreadable(input, &error)),
    };
    let mut any = false;
    for path in paths {
        match path {
            Ok(path) if path.is_dir() => {
                let mut inside = Vec::new();
                walk(&path, &mut inside, &mut BTreeSet::new(), faults);
                any |= !inside.is_empty();
                files.extend(inside);
            }
            Ok(path) => {
                any = true;
                files.insert(path);
            }
            Err(error) => {
                any = true;
                faults.push(unreadable(error.path(), error.error()));
            }
        }
    }
    if !any {
        faults.push(nothing(input));
    }
}

/// Files with a known ending in a folder and the folders in it. Links are followed, each folder once.
fn walk(
    folder: &Path,
    files: &mut Vec<PathBuf>,
    seen: &mut BTreeSet<PathBuf>,
    faults: &mut Vec<Fault>,
) {
    if !seen.insert(folder.canonicalize().unwrap_or_else(|_| folder.to_owned())) {
        return;
    }
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return faults.push(unreadable(folder, &error)),
    };
    for entry in entries {
        let path = match entry {
            Ok(entry) => entry.path(),
            Err(error) => {
                faults.push(unreadable(folder, &error));
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
            walk(&path, files, seen, faults);
        } else if is_known(&path) {
            files.push(path);
        }
    }
}

fn is_known(path: &Path) -> bool {
    path.extension()
        .and_then(|e| e.to_str())
        .is_some_and(|e| ENDINGS.iter().any(|known| e.eq_ignore_ascii_case(known)))
}
