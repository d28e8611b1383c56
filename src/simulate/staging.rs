//! Files that appear together or not at all.
//!
//! Rule: all are written into a hidden folder in the folder that they are for, and put in their places once they are whole. If
//! that fails before, what was there stays, and a folder that was made for them goes.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// The hidden folder, removed with what is in it when dropped.
pub(super) struct Staging {
    hidden: TempDir,
    /// Declared after `hidden`, so dropped after it: a folder can only go when it is empty.
    _made: MadeFolder,
}

/// The folder that was made for the files, removed again (if empty) when dropped.
struct MadeFolder(Option<PathBuf>);

impl Drop for MadeFolder {
    fn drop(&mut self) {
        if let Some(folder) = &self.0 {
            // One that holds something now is no longer ours.
            let _ = fs::remove_dir(folder);
        }
    }
}

impl Staging {
    /// Makes the folder `out` if it isn't there, and the hidden one in it.
    pub(super) fn create(out: &Path) -> io::Result<Self> {
        let is_new = !out.exists();
        fs::create_dir_all(out)?;
        let made = MadeFolder(is_new.then(|| out.to_owned()));
        Ok(Self {
            hidden: tempfile::Builder::new()
                .prefix(".simulate-")
                .tempdir_in(out)?,
            _made: made,
        })
    }

    /// Where to write the file of this name.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.hidden.path().join(name)
    }

    /// Puts a file that was written into its place, which is in `out`.
    pub(super) fn place(&self, path: &Path) -> io::Result<()> {
        let name = path.file_name().unwrap_or_default();
        fs::rename(self.hidden.path().join(name), path)
    }
}
