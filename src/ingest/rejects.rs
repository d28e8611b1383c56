//! Rejected rows, one by one, as CSV.
//!
//! Threads hand them over block by block in any order. They go to a temporary file as they come, and
//! are put in order of file and line when all is read. The file appears when the caller says so: not before its own
//! result stands, so that a run that fails leaves nothing new and what was there.

use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use super::error::IngestError;
use super::sink::Rejected;

/// Place of a block among all: file, member, block.
pub(crate) type Place = (usize, usize, u32);

/// Collects rejected rows for a file.
pub(crate) struct RejectLog {
    path: PathBuf,
    folder: PathBuf,
    unordered: BufWriter<NamedTempFile>,
    end: u64,
    /// Where each block's rows lie, and how long they are.
    parts: Vec<(Place, u64, usize)>,
}

impl RejectLog {
    /// A log for this file; nothing is there until [`OrderedRejects::publish`].
    pub(crate) fn create(path: &Path) -> Result<Self, IngestError> {
        let folder = match path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let temporary = NamedTempFile::new_in(&folder).map_err(|e| fault(path, e))?;
        Ok(Self {
            path: path.to_owned(),
            folder,
            unordered: BufWriter::new(temporary),
            end: 0,
            parts: Vec::new(),
        })
    }

    /// Adds the rejected rows of a block.
    pub(crate) fn add(
        &mut self,
        place: Place,
        file: &str,
        rejected: &[Rejected],
    ) -> Result<(), IngestError> {
        if rejected.is_empty() {
            return Ok(());
        }
        let file = harmless(file);
        let mut rows = csv::Writer::from_writer(Vec::new());
        let written = rejected.iter().try_for_each(|row| {
            let text = harmless(&String::from_utf8_lossy(&row.text));
            let line = row.line.to_string();
            rows.write_record([&file, line.as_str(), row.reason.name(), &text])
        });
        let bytes = written
            .map_err(io::Error::other)
            .and_then(|()| rows.into_inner().map_err(io::Error::other))
            .and_then(|bytes| self.unordered.write_all(&bytes).map(|()| bytes))
            .map_err(|e| fault(&self.path, e))?;
        self.parts.push((place, self.end, bytes.len()));
        self.end += bytes.len() as u64;
        Ok(())
    }

    /// Puts the rows in order.
    pub(crate) fn finish(self) -> Result<OrderedRejects, IngestError> {
        let path = self.path.clone();
        let file = self.order().map_err(|e| fault(&path, e))?;
        Ok(OrderedRejects { path, file })
    }

    fn order(mut self) -> io::Result<NamedTempFile> {
        self.unordered.flush()?;
        let mut source = self.unordered.into_inner().map_err(|e| e.into_error())?;
        let mut target = BufWriter::new(new_file_in(&self.folder)?);
        target.write_all(b"file,line,reason,text\n")?;
        self.parts.sort_unstable();
        let source = source.as_file_mut();
        for (_, at, len) in &self.parts {
            source.seek(SeekFrom::Start(*at))?;
            io::copy(&mut source.take(*len as u64), &mut target)?;
        }
        target.flush()?;
        let target = target.into_inner().map_err(|e| e.into_error())?;
        target.as_file().sync_all()?;
        Ok(target)
    }
}

/// All rejected rows in order, under a temporary name beside their place; dropped, they are gone.
pub(crate) struct OrderedRejects {
    path: PathBuf,
    file: NamedTempFile,
}

impl OrderedRejects {
    /// Lets the file appear, in place of one that was there.
    pub(crate) fn publish(self) -> Result<(), IngestError> {
        let kept = self.file.persist(&self.path);
        kept.map(drop).map_err(|e| fault(&self.path, e.error))
    }
}

/// A file as any new one: a temporary one would be the user's alone, and this is to be handed on.
fn new_file_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

fn fault(path: &Path, source: io::Error) -> IngestError {
    IngestError::Rejects {
        path: path.to_owned(),
        source,
    }
}

/// Text that a spreadsheet takes for text: no control characters, and no beginning of a formula.
fn harmless(text: &str) -> String {
    let clean = text.replace(char::is_control, " ");
    if clean.trim_start().starts_with(['=', '+', '-', '@']) {
        format!("'{clean}")
    } else {
        clean
    }
}
