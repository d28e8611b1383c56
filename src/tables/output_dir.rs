//! A folder of results that appears whole or not at all.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::TableError;

/// The file by which a folder of results is known; it also lists the others.
pub const RUN_FILE: &str = "run.json";

/// The page's name in a folder of results. It may be made anew, or later than the rest, so that the list of files doesn't
/// always hold it.
pub const REPORT_FILE: &str = "report.html";

/// What desktops put into folders by themselves; nothing is lost with it.
const DESKTOP_FILES: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// Writes a file whole or not at all: under a temporary name beside its place, then renamed.
///
/// # Errors
/// If it can't be written there.
pub fn write_whole(path: &Path, text: &str) -> Result<(), TableError> {
    let fail = |source| TableError::Write {
        path: path.to_owned(),
        source,
    };
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    // As any new file: a temporary one would be the user's alone, and this is to be handed on.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder).map_err(fail)?;
    file.write_all(text.as_bytes()).map_err(fail)?;
    file.persist(path).map_err(|e| fail(e.error))?;
    Ok(())
}

/// A folder of results under construction.
///
/// Everything is written into a hidden folder beside the target, which [`Self::commit`] renames into
/// place. Dropped before that (an error, a panic), it leaves nothing behind, and what was at the target
/// stays. What a run left there that was killed is removed by the next one for the same target: a run at work holds a
/// lock on its hidden folder, which the system frees with the process. A result that is already there is renamed away,
/// and removed once the new one is in place.
#[derive(Debug)]
pub struct OutputDir {
    target: PathBuf,
    staging: TempDir,
    /// Held until the end; `None` where folders can't be locked.
    _lock: Option<File>,
    files: Vec<String>,
    /// Declared after `staging`, so dropped after it: parents can only go when they are empty.
    parents: MadeParents,
}

/// Parent folders made for the target, removed again (if empty) unless the target is put into them.
#[derive(Debug)]
struct MadeParents(Vec<PathBuf>);

impl Drop for MadeParents {
    fn drop(&mut self) {
        for path in self.0.iter().rev() {
            if fs::remove_dir(path).is_err() {
                break;
            }
        }
    }
}

impl OutputDir {
    /// Refuses a target that must not be replaced, before any work is done for it.
    ///
    /// # Errors
    /// If the target is a file, or a folder that holds anything but a result of this program.
    pub fn check(target: &Path) -> Result<(), TableError> {
        let fail = |source| TableError::Write {
            path: target.to_owned(),
            source,
        };
        let entries = match fs::read_dir(target) {
            Ok(entries) => entries,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
            Err(_) if target.is_file() => {
                return Err(TableError::NotAFolder {
                    path: target.to_owned(),
                });
            }
            Err(e) => return Err(fail(e)),
        };
        let mut names: Vec<OsString> = Vec::new();
        for entry in entries {
            names.push(entry.map_err(fail)?.file_name());
        }
        names.sort();
        let ours = recorded_files(target);
        let foreign = names.iter().find(|name| {
            let name = name.to_string_lossy();
            let is_ours = |files: &Vec<String>| {
                name == RUN_FILE || name == REPORT_FILE || files.iter().any(|f| *f == name)
            };
            !DESKTOP_FILES.contains(&&*name) && !ours.as_ref().is_some_and(is_ours)
        });
        if let Some(found) = foreign {
            return Err(TableError::Foreign {
                path: target.to_owned(),
                found: found.to_string_lossy().into_owned(),
            });
        }
        if is_about_us(target) {
            return Err(TableError::Here {
                path: target.to_owned(),
            });
        }
        if is_mount_point(target) {
            return Err(TableError::Place {
                path: target.to_owned(),
                source: ErrorKind::ResourceBusy.into(),
            });
        }
        Ok(())
    }

    /// [`Self::check`], and whether a folder can be made there: better known before a long run than after.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn rehearse(target: &Path) -> Result<(), TableError> {
        Self::create(target).map(drop)
    }

    /// Begins a folder that will stand at `target`.
    ///
    /// # Errors
    /// If the target must not be replaced (see [`Self::check`]) or nothing can be written beside it.
    pub fn create(target: &Path) -> Result<Self, TableError> {
        Self::check(target)?;
        // A link to a folder stays a link: what it points to is replaced.
        let target = fs::canonicalize(target)
            .or_else(|_| std::path::absolute(target))
            .map_err(|source| TableError::Place {
                path: target.to_owned(),
                source,
            })?;
        let (Some(parent), Some(name)) = (target.parent(), target.file_name()) else {
            return Err(TableError::Foreign {
                path: target,
                found: "the whole file system".to_owned(),
            });
        };
        let parents = make_parents(parent)?;
        let mut prefix = OsString::from(".");
        prefix.push(name);
        prefix.push(".part-");
        remove_stale(parent, &prefix);
        let (staging, lock) = stage(parent, &prefix).map_err(|source| TableError::Write {
            path: target.clone(),
            source,
        })?;
        Ok(Self {
            target,
            staging,
            _lock: lock,
            files: Vec::new(),
            parents,
        })
    }

    /// Where the files stand until they are committed.
    pub fn path(&self) -> &Path {
        self.staging.path()
    }

    /// The files so far, in the order in which they were added.
    pub fn files(&self) -> &[String] {
        &self.files
    }

    /// Takes note of a file and says where to write it.
    pub fn add_file(&mut self, name: String) -> PathBuf {
        let path = self.staging.path().join(&name);
        self.files.push(name);
        path
    }

    /// Writes a file of text.
    ///
    /// # Errors
    /// If it can't be written.
    pub fn write_text(&mut self, name: &str, text: &str) -> Result<(), TableError> {
        let path = self.add_file(name.to_owned());
        fs::write(&path, text).map_err(|source| TableError::Write { path, source })
    }

    /// Writes `run.json` (whose member `files` must list [`Self::files`]) and puts the folder in place.
    ///
    /// # Errors
    /// If it can't be put there; what was there before then is still there.
    pub fn commit(mut self, run: &str) -> Result<PathBuf, TableError> {
        let files = std::mem::take(&mut self.files);
        self.write_text(RUN_FILE, run)?;
        debug_assert_eq!(
            recorded_files(self.path()),
            Some(files),
            "run.json lists every file"
        );
        // Once more: a long run lies between the first check and this moment.
        Self::check(&self.target)?;
        let place = |source| TableError::Place {
            path: self.target.clone(),
            source,
        };
        let old = if self.target.exists() {
            let aside = aside(&self.target);
            fs::rename(&self.target, &aside).map_err(place)?;
            Some(aside)
        } else {
            None
        };
        if let Err(e) = fs::rename(self.staging.path(), &self.target) {
            if let Some(old) = &old {
                // If even this fails the old result is still whole, under its name aside.
                let _ = fs::rename(old, &self.target);
            }
            return Err(place(e));
        }
        self.staging.disable_cleanup(true);
        self.parents.0.clear();
        if let Some(old) = old {
            // The new result stands; a rest of the old one is no failure of this run.
            let _ = fs::remove_dir_all(old);
        }
        Ok(self.target.clone())
    }
}

/// Whether this process stands in the folder, or below it: whoever started it would be left in one that is gone.
fn is_about_us(folder: &Path) -> bool {
    let here = std::env::current_dir().and_then(fs::canonicalize);
    here.is_ok_and(|here| fs::canonicalize(folder).is_ok_and(|folder| here.starts_with(folder)))
}

/// Whether another file system hangs here (as a volume in a container does), so that the folder can't be
/// renamed. Linux tells; elsewhere it shows at the end.
pub(super) fn is_mount_point(folder: &Path) -> bool {
    let (Ok(mounts), Ok(folder)) = (
        fs::read_to_string("/proc/self/mountinfo"),
        fs::canonicalize(folder),
    ) else {
        return false;
    };
    // The fifth field is the place, with blanks and the like as \040.
    let escaped = folder
        .to_string_lossy()
        .replace('\\', "\\134")
        .replace(' ', "\\040")
        .replace('\t', "\\011")
        .replace('\n', "\\012");
    mounts
        .lines()
        .any(|line| line.split(' ').nth(4) == Some(escaped.as_str()))
}

/// A free name beside the target for the result that is replaced.
fn aside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default();
    (0u32..)
        .map(|n| {
            let mut hidden = OsString::from(".");
            hidden.push(name);
            hidden.push(format!(".old-{}-{n}", std::process::id()));
            target.with_file_name(hidden)
        })
        .find(|path| !path.exists())
        .unwrap_or_else(|| target.with_extension("old"))
}

/// How many characters stand behind the prefix of a hidden folder.
const RANDOM_CHARS: usize = 6;

/// How often a hidden folder is made that another run takes for stale before it is locked.
const ATTEMPTS: usize = 8;

/// Makes a hidden folder, and locks it as that of a run at work.
fn stage(parent: &Path, prefix: &OsStr) -> std::io::Result<(TempDir, Option<File>)> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(prefix).rand_bytes(RANDOM_CHARS);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As `mkdir` does: what the umask leaves. The default of temporary folders is private.
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    for _ in 0..ATTEMPTS {
        let staging = builder.tempdir_in(parent)?;
        match locked(staging.path()) {
            Locked::Ours(lock) if staging.path().exists() => return Ok((staging, Some(lock))),
            Locked::Unknown if staging.path().exists() => return Ok((staging, None)),
            // Another run was quicker; it removes the folder.
            _ => {}
        }
    }
    Err(ErrorKind::ResourceBusy.into())
}

enum Locked {
    Ours(File),
    Others,
    /// Folders can't be locked here.
    Unknown,
}

fn locked(folder: &Path) -> Locked {
    let Ok(file) = File::open(folder) else {
        return Locked::Unknown;
    };
    match file.try_lock() {
        Ok(()) => Locked::Ours(file),
        Err(fs::TryLockError::WouldBlock) => Locked::Others,
        Err(fs::TryLockError::Error(_)) => Locked::Unknown,
    }
}

/// Removes hidden folders of runs that were killed. What can't be removed stays, and is in nobody's way.
fn remove_stale(parent: &Path, prefix: &OsStr) {
    let Ok(entries) = fs::read_dir(parent) else {
        return;
    };
    let is_staging = |name: &OsStr| {
        let random = name
            .as_encoded_bytes()
            .strip_prefix(prefix.as_encoded_bytes());
        random.is_some_and(|r| r.len() == RANDOM_CHARS && r.iter().all(u8::is_ascii_alphanumeric))
    };
    for entry in entries.flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_folder
            && is_staging(&entry.file_name())
            && let Locked::Ours(_lock) = locked(&entry.path())
        {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn make_parents(parent: &Path) -> Result<MadeParents, TableError> {
    let missing: Vec<&Path> = parent.ancestors().take_while(|p| !p.exists()).collect();
    let mut made = MadeParents(Vec::new());
    for path in missing.into_iter().rev() {
        match fs::create_dir(path) {
            Ok(()) => made.0.push(path.to_owned()),
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
            Err(source) => {
                return Err(TableError::Write {
                    path: path.to_owned(),
                    source,
                });
            }
        }
    }
    Ok(made)
}

/// The files that a result says are its own; `None` if the folder holds no result of this program.
pub(crate) fn recorded_files(folder: &Path) -> Option<Vec<String>> {
    let text = fs::read_to_string(folder.join(RUN_FILE)).ok()?;
    let run: serde_json::Value = serde_json::from_str(&text).ok()?;
    if run.get("program")?.as_str()? != "alongside" {
        return None;
    }
    run.get("files")?
        .as_array()?
        .iter()
        .map(|name| name.as_str().map(str::to_owned))
        .collect()
}
