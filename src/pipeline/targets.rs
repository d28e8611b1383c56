//! Files that are written, held against those that are read: no option may put a result over its own input.
//!
//! In: what a command reads, and where it is to write. Out: nothing, or a refusal that names both. Rule: it is asked before
//! any work is done, and paths are compared as the file system sees them, through links and `..`.

use std::fs;
use std::io::Read;
use std::path::{Component, Path, PathBuf};

use super::ScanRequest;
use crate::error::Error;
use crate::ingest::find;
use crate::tables::{REPORT_FILE, RUN_FILE, recorded_files};

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

/// What a file that is written holds. Of the files that are there it replaces only its like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A page.
    Page,
    /// A table as CSV.
    Table,
    /// A picture.
    Chart,
}

/// By what a table that this program wrote is known, whatever its name: parts of first lines.
const OUR_HEADERS: [&str; 3] = [
    "file,line,reason",
    "section,kind,figure,value",
    "account,count,with_volume",
];

/// As much of a file as tells what it is.
const HEAD_BYTES: usize = 8192;

impl Kind {
    fn words(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Page => ("page", &["html", "htm"]),
            Self::Table => ("table in CSV", &["csv"]),
            Self::Chart => ("picture in SVG", &["svg"]),
        }
    }

    /// Refuses to replace anything but a file of this kind, by its name and content, and to put one into a result, which no
    /// scan would replace then. The page of a result may be made anew.
    ///
    /// # Errors
    /// [`Error::Request`] with what is in the way.
    pub fn guard_place(self, flag: &'static str, target: &Path) -> Result<(), Error> {
        self.guard_like(flag, target)?;
        let place = resolved(target);
        match result_about(&place) {
            Some(result) if self != Self::Page || place != result.join(REPORT_FILE) => {
                refuse_inside(flag, target, &result)
            }
            _ => Ok(()),
        }
    }

    fn guard_like(self, flag: &'static str, target: &Path) -> Result<(), Error> {
        let (name, endings) = self.words();
        let ending = target.extension().and_then(|e| e.to_str());
        let is_named = ending.is_some_and(|e| endings.iter().any(|p| e.eq_ignore_ascii_case(p)));
        if fs::symlink_metadata(target).is_err() {
            // A picture goes to programs that believe its name.
            return match ending {
                Some(ending) if self == Self::Chart && !is_named => Err(Error::Request {
                    flag,
                    reason: format!(
                        "'{}' ends in .{ending}, but a {name} is written; name a file that ends in .{}",
                        target.display(),
                        endings[0]
                    ),
                }),
                _ => Ok(()),
            };
        }
        let refuse = |why: String| {
            Err(Error::Request {
                flag,
                reason: format!("'{}' is there and no {name}, for {why}", target.display()),
            })
        };
        let head = head_of(target);
        let is_ours = || {
            let line = head.split(|b| *b == b'\n').next().unwrap_or_default();
            let line = String::from_utf8_lossy(line);
            self == Self::Table && OUR_HEADERS.iter().any(|header| line.contains(header))
        };
        if !is_named && !is_ours() {
            return refuse(format!(
                "its name doesn't end in .{}; name a file that does, or a new one",
                endings[0]
            ));
        }
        if !is_text(&head) {
            return refuse("it holds no text; name another file".to_owned());
        }
        Ok(())
    }
}

/// The beginning of a file; nothing of what can't be read, or is no file.
fn head_of(path: &Path) -> Vec<u8> {
    let mut head = Vec::new();
    if path.is_file()
        && let Ok(file) = fs::File::open(path)
    {
        // What can't be read can't be told from nothing; writing will say why.
        let _ = file.take(HEAD_BYTES as u64).read_to_end(&mut head);
    }
    head
}

/// Whether this may be the beginning of a text: no file of a database, of columns, or of an archive.
fn is_text(head: &[u8]) -> bool {
    const OTHERS: [&[u8]; 4] = [b"SQLite format 3", b"PAR1", b"ARROW1", b"PK\x03\x04"];
    let is_other = OTHERS.iter().any(|magic| head.starts_with(magic));
    // The last letter may be cut.
    let is_utf8 = std::str::from_utf8(head).map_or_else(
        |e| e.error_len().is_none() && head.len() == HEAD_BYTES,
        |_| true,
    );
    !is_other && is_utf8 && !head.contains(&0)
}

/// The result that would get a new entry by something at this place: the nearest folder above it that is there, if it
/// is one.
fn result_about(place: &Path) -> Option<PathBuf> {
    let folder = place.ancestors().skip(1).find(|folder| folder.is_dir())?;
    recorded_files(folder).map(|_| folder.to_owned())
}

fn refuse_inside(flag: &'static str, target: &Path, result: &Path) -> Result<(), Error> {
    Err(Error::Request {
        flag,
        reason: format!(
            "'{}' lies in the result '{}', which no run would replace then; name a place beside it",
            target.display(),
            result.display()
        ),
    })
}

/// Refuses a new folder in a result, which no scan would replace then.
///
/// # Errors
/// [`Error::Request`] with both names.
pub fn guard_new_folder(flag: &'static str, folder: &Path) -> Result<(), Error> {
    if folder.exists() {
        return Ok(());
    }
    match result_about(&resolved(folder)) {
        Some(result) => refuse_inside(flag, folder, &result),
        None => Ok(()),
    }
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
        guard_new_folder("--out", &self.out)?;
        if let Some(rejects) = &self.rejects {
            outside("--rejects", rejects, &self.out)?;
            reads.guard_file("--rejects", rejects)?;
            Kind::Table.guard_place("--rejects", rejects)?;
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
