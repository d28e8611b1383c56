//! One run at a time. The system holds the lock and frees it when the process ends, however it ends.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use super::StoreError;
use crate::model::Timestamp;

/// A lock on a store, held until dropped.
///
/// It lies on a file beside the store, or beside what a link leads to, because SQLite uses locks on the store itself.
/// What stands in that file is only for the eyes of those who find it locked.
pub(super) struct Lock {
    _file: File,
}

/// As many links in a row as systems follow.
const MOST_LINKS: usize = 40;

/// Where a store lies, by whatever name it is called: links are followed, also to what isn't there yet.
fn place_of(store: &Path) -> PathBuf {
    let mut path = store.to_owned();
    for _ in 0..MOST_LINKS {
        if let Ok(place) = path.canonicalize() {
            return place;
        }
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        match (std::fs::read_link(&path), path.file_name()) {
            (Ok(target), _) => path = folder.join(target),
            (Err(_), Some(name)) => {
                return folder
                    .canonicalize()
                    .map_or(path.clone(), |folder| folder.join(name));
            }
            (Err(_), None) => break,
        }
    }
    store.to_owned()
}

fn beside(store: &Path) -> PathBuf {
    let mut name = place_of(store).into_os_string();
    name.push(".lock");
    name.into()
}

/// The name of this computer, as far as the system tells it.
fn host() -> String {
    let name = std::fs::read_to_string("/proc/sys/kernel/hostname")
        .ok()
        .or_else(|| std::env::var("COMPUTERNAME").ok());
    name.map_or("an unknown host".to_owned(), |n| n.trim().to_owned())
}

fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    Timestamp(since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX)))
}

impl Lock {
    /// Takes the lock, or says who holds it.
    pub(super) fn take(store: &Path) -> Result<Self, StoreError> {
        let path = beside(store);
        let fail = |e: std::io::Error| StoreError::ReadOnly {
            path: store.to_owned(),
            reason: format!("{}: {e}", path.display()),
        };
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(fail)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut holder = String::new();
                // A holder that hasn't said its name yet is one all the same.
                let _ = file.read_to_string(&mut holder);
                let holder = match holder.trim() {
                    "" => "one that has just begun",
                    words => words,
                };
                return Err(StoreError::Locked {
                    path: store.to_owned(),
                    holder: holder.to_owned(),
                });
            }
            Err(TryLockError::Error(e)) => return Err(fail(e)),
        }
        let words = format!(
            "process {} on {} since {}\n",
            std::process::id(),
            host(),
            now()
        );
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(words.as_bytes()))
            .map_err(fail)?;
        Ok(Self { _file: file })
    }
}
