//! Files that are written, held against those that are read: no option may put a result over its own input.
//!
//! In: what a command reads, and where it is to write. Out: nothing, or a refusal that names both. Rule: it is asked before
//! any work is done, and paths are compared as the file system sees them, through links and `..`.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::ScanRequest;
use crate::error::Error;
use crate::ingest::find;
use crate::tables::{RUN_FILE, recorded_files};

/// What a command reads: files, folders, patterns, stores and results, each by the argument that named it.
#[derive(Clone, Debug, Default)]
pub struct Reads(Vec<(&'static str, PathBuf)>);

impl Reads {
    /// These too.
    #[must_use]
    pub fn with<'p>(
        mut self,
        argument: &'static str,
        paths: impl IntoIterator<Item = &'p PathBuf>,
    ) -> Self {
        let named = paths.into_iter().map(|path| (argument, path.clone()));
        self.0.extend(named);
        self
    }

    /// Refuses a file to write that is a folder or a device, or is read: named itself, found in a folder that is
    /// named, or part of a result that is.
    ///
    /// # Errors
    /// [`Error::Request`] with both names.
    pub fn guard_file(&self, flag: &'static str, target: &Path) -> Result<(), Error> {
        let refuse = |reason: String| Err(Error::Request { flag, reason });
        let shown = target.display();
        match fs::metadata(target) {
            Ok(meta) if meta.is_dir() => {
                return refuse(format!("'{shown}' is a folder; give the name of a file"));
            }
            Ok(meta) if !meta.is_file() => {
                return refuse(format!(
                    "'{shown}' is no ordinary file, and would be replaced by one; give the name of a file"
                ));
            }
            Ok(_) => {}
            // What isn't there can't be read.
            Err(_) => return Ok(()),
        }
        let place = resolved(target);
        for (argument, path) in &self.0 {
            if files_of(path).iter().any(|file| resolved(file) == place) {
                let of = if path.is_dir() { "in " } else { "" };
                return refuse(format!(
                    "'{shown}' is read ({of}{argument} '{}') and would be replaced; name another file",
                    path.display()
                ));
            }
        }
        Ok(())
    }

    /// Refuses a folder to write that holds something that is read: it is replaced as a whole.
    ///
    /// # Errors
    /// [`Error::Request`] with both names.
    pub fn guard_folder(&self, flag: &'static str, folder: &Path) -> Result<(), Error> {
        let place = resolved(folder);
        for (argument, path) in &self.0 {
            // Of a folder that is read, results in it are left out: only the folder itself counts.
            let files = if path.is_dir() {
                vec![path.clone()]
            } else {
                files_of(path)
            };
            if let Some(file) = files.iter().find(|file| resolved(file).starts_with(&place)) {
                return Err(Error::Request {
                    flag,
                    reason: format!(
                        "'{}' is replaced as a whole, but '{}' is read ({argument}); name another folder",
                        folder.display(),
                        file.display()
                    ),
                });
            }
        }
        Ok(())
    }
}

/// Refuses a file in a folder that is replaced as a whole.
pub(super) fn outside(flag: &'static str, target: &Path, folder: &Path) -> Result<(), Error> {
    if resolved(target).starts_with(resolved(folder)) {
        return Err(Error::Request {
            flag,
            reason: format!(
                "'{}' lies in '{}', which is replaced as a whole (--out); name a file beside it",
                target.display(),
                folder.display()
            ),
        });
    }
    Ok(())
}

/// Refuses a page in the place of anything but a page.
pub(super) fn page(flag: &'static str, target: &Path) -> Result<(), Error> {
    let ending = target.extension().and_then(|e| e.to_str());
    let is_page = ending.is_some_and(|e| ["html", "htm"].iter().any(|p| e.eq_ignore_ascii_case(p)));
    if !is_page && fs::symlink_metadata(target).is_ok() {
        return Err(Error::Request {
            flag,
            reason: format!(
                "'{}' is there and no page, for its name doesn't end in .html; name a file that does, or a new one",
                target.display()
            ),
        });
    }
    Ok(())
}

/// Refuses two results in one place.
///
/// # Errors
/// [`Error::Request`] with both names.
pub fn guard_distinct(
    (flag, one): (&'static str, &Path),
    (other_flag, other): (&'static str, &Path),
) -> Result<(), Error> {
    if resolved(one) == resolved(other) {
        return Err(Error::Request {
            flag,
            reason: format!(
                "'{}' is the file of {other_flag} too; name another",
                one.display()
            ),
        });
    }
    Ok(())
}

impl ScanRequest {
    /// Everything that the request reads.
    fn reads(&self) -> Reads {
        self.knowledge().with("INPUT", &self.inputs)
    }

    /// What it reads beside the rows.
    pub(super) fn knowledge(&self) -> Reads {
        Reads::default()
            .with("--area", &self.area)
            .with("--registry", &self.registry)
            .with("--watchlist", &self.watchlists)
            .with("--zones", &self.zones)
    }

    /// Refuses a request whose results would take the place of what it reads, or of each other.
    pub(super) fn guard(&self) -> Result<(), Error> {
        let reads = self.reads();
        reads.guard_folder("--out", &self.out)?;
        if let Some(rejects) = &self.rejects {
            outside("--rejects", rejects, &self.out)?;
            reads.guard_file("--rejects", rejects)?;
        }
        Ok(())
    }
}

/// The files that are read where this path is named.
fn files_of(path: &Path) -> Vec<PathBuf> {
    if path.is_dir()
        && let Some(files) = recorded_files(path)
    {
        let own = files.iter().map(|name| path.join(name));
        return own.chain([path.join(RUN_FILE)]).collect();
    }
    if path.is_file() {
        return vec![path.to_owned()];
    }
    find(&[path.to_owned()])
        .found
        .into_iter()
        .filter_map(Result::ok)
        .collect()
}

/// The path as the file system sees it. Of what isn't there yet, the folders that are there count.
fn resolved(path: &Path) -> PathBuf {
    if let Ok(there) = fs::canonicalize(path) {
        return there;
    }
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut at = PathBuf::new();
    for part in path.components() {
        if part == Component::ParentDir {
            at.pop();
        } else {
            at.push(part);
            at = fs::canonicalize(&at).unwrap_or(at);
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_compared_as_the_file_system_sees_them() {
        let dir = tempfile::tempdir().unwrap();
        let base = fs::canonicalize(dir.path()).unwrap();
        fs::create_dir(base.join("in")).unwrap();
        fs::write(base.join("in/a.csv"), "x").unwrap();
        for (path, expected) in [
            ("in/a.csv", "in/a.csv"),
            ("in/../in/a.csv", "in/a.csv"),
            ("new/../in/a.csv", "in/a.csv"),
            ("new/b.csv", "new/b.csv"),
            ("new/deep/../b.csv", "new/b.csv"),
            ("new/deep/../../in/b.csv", "in/b.csv"),
        ] {
            assert_eq!(resolved(&base.join(path)), base.join(expected), "{path}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(base.join("in"), base.join("link")).unwrap();
            assert_eq!(resolved(&base.join("link/a.csv")), base.join("in/a.csv"));
            assert_eq!(resolved(&base.join("link/b.csv")), base.join("in/b.csv"));
        }
    }
}
