//! What can go wrong with a store. In every case it is as it was before the transaction.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

/// A store that can't be used, or not now.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another run is at work on it.
    #[error("{} is in use by another run ({holder}); wait until it has ended", path.display())]
    Locked {
        /// The store.
        path: PathBuf,
        /// Process, host and since when.
        holder: String,
    },
    /// Another run changed it after this one had looked at it.
    #[error("{} was changed by another run meanwhile, this one took nothing in; run again", path.display())]
    Overtaken {
        /// The store.
        path: PathBuf,
    },
    /// Another program keeps the file from being written.
    #[error(
        "{} can't be written, another program holds it open in a long read; close it there and run again",
        path.display()
    )]
    Busy {
        /// The store.
        path: PathBuf,
    },
    /// No room.
    #[error("no space left for {}; free some and run again, the store is as it was before", path.display())]
    Full {
        /// The store.
        path: PathBuf,
    },
    /// The file or its folder can't be written.
    #[error("{} can't be opened for writing ({reason}); check that file and folder may be written", path.display())]
    ReadOnly {
        /// The store.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// The file can't be opened, and nothing was to be written.
    #[error("{} can't be opened for reading ({reason}); check that it is there and may be read", path.display())]
    Unreadable {
        /// The store.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// Another program left the file with a write-ahead log, for which a reader writes beside it.
    #[error(
        "{} can't be read without writing beside it: another program left it with a write-ahead log; the next night ends \
         that, or read it once where its folder may be written",
        path.display()
    )]
    Log {
        /// The store.
        path: PathBuf,
    },
    /// The file's content is damaged.
    #[error(
        "{} is damaged ({reason}); put a copy in its place, or make a new store from the files of the inbox",
        path.display()
    )]
    Damaged {
        /// The store.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// A database of something else.
    #[error("{} is no store of alongside; give the file that `alongside nightly` made, or a new name", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Made by a version that this one doesn't know.
    #[error(
        "{} has form {found}, this program knows forms up to {known}; use the newer program",
        path.display()
    )]
    Newer {
        /// The store.
        path: PathBuf,
        /// Its form.
        found: u32,
        /// The newest known one.
        known: u32,
    },
    /// The disk failed, or a limit on the size of files was met.
    #[error(
        "{} can't be read or written ({reason}); look after the disk, its free space and quotas, and run again, the store is as it was before",
        path.display()
    )]
    Disk {
        /// The store.
        path: PathBuf,
        /// What SQLite said.
        reason: String,
    },
    /// Something else.
    #[error("can't use {} ({source}); run again, the store is as it was before", path.display())]
    Database {
        /// The store.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// The error that SQLite's stands for.
    pub(super) fn of(path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        let reason = source.to_string();
        match source.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            Some(ErrorCode::DiskFull) => Self::Full { path },
            Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::ReadOnly { path, reason }
            }
            Some(ErrorCode::SystemIoFailure) => Self::Disk { path, reason },
            Some(ErrorCode::DatabaseCorrupt) => Self::Damaged { path, reason },
            Some(ErrorCode::NotADatabase) => Self::Foreign { path },
            _ => Self::Database { path, source },
        }
    }

    pub(super) fn damaged(path: &Path, reason: &dyn Display) -> Self {
        Self::Damaged {
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }
}
