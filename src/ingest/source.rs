//! The bytes of a file: hashed and counted as they are read, decompressed by what they are.

use std::fs::File;
use std::io::{self, BufReader, IsTerminal, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;

use super::options::Observer;
use super::sniff::{Form, form};
use crate::lengths::{MAX_RATIO, most_unpacked};
use crate::model::text;

/// Bytes looked at to tell a form and a header.
pub(crate) const HEAD_BYTES: usize = 64 * 1024;

/// Portions in which a file is read: what was just read is hashed while it is in the processor's cache.
const PORTION: usize = 256 * 1024;

/// Layers of compression that are taken off (a `.csv.gz` in a `.gz` is a slip that happens).
const MAX_LAYERS: usize = 3;

struct Progress {
    hasher: Sha256,
    bytes: u64,
    /// Whether the end was seen: another program may begin to write to a pipe that has ended.
    has_ended: bool,
}

/// A file that hashes and counts itself; clones share the place in the file and the counts.
pub(crate) struct HashedFile<'o> {
    file: File,
    progress: Arc<Mutex<Progress>>,
    observer: &'o dyn Observer,
}

impl<'o> HashedFile<'o> {
    /// Opens a file, or a pipe by its name.
    pub(crate) fn open(path: &Path, observer: &'o dyn Observer) -> io::Result<Self> {
        let progress = Progress {
            hasher: Sha256::new(),
            bytes: 0,
            has_ended: false,
        };
        let file = File::open(path)?;
        if file.is_terminal() {
            return Err(io::Error::other("it is a terminal and no file or pipe"));
        }
        Ok(Self {
            file,
            progress: Arc::new(Mutex::new(progress)),
            observer,
        })
    }

    /// Whether it can be opened again and read from any place, as a pipe can't.
    pub(crate) fn is_plain(&self) -> bool {
        self.file.metadata().is_ok_and(|meta| meta.is_file())
    }

    /// The same file, at the same place.
    pub(crate) fn share(&self) -> io::Result<Self> {
        Ok(Self {
            file: self.file.try_clone()?,
            progress: Arc::clone(&self.progress),
            observer: self.observer,
        })
    }

    /// Reads what is left; returns how many bytes the file has and their SHA-256.
    pub(crate) fn finish(mut self) -> io::Result<(u64, String)> {
        let mut rest = vec![0; PORTION];
        while self.read(&mut rest)? > 0 {}
        let progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        let digest = progress.hasher.clone().finalize();
        Ok((progress.bytes, text::hex(&digest)))
    }
}

impl Read for HashedFile<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let portion = buf.len().min(PORTION);
        let mut progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
        if progress.has_ended {
            return Ok(0);
        }
        let n = self.file.read(&mut buf[..portion])?;
        progress.has_ended = n == 0 && portion > 0;
        progress.hasher.update(&buf[..n]);
        progress.bytes += n as u64;
        self.observer.bytes(n as u64);
        Ok(n)
    }
}

/// Why a copy could not be made.
pub(crate) enum CopyFault {
    Read(io::Error),
    Write(io::Error),
}

/// A copy of a stream in a temporary file of this folder: for what is read here and there, or whose length must be known.
pub(crate) fn copy_of(
    head: &[u8],
    rest: &mut impl Read,
    folder: &Path,
) -> Result<NamedTempFile, CopyFault> {
    let mut copy = NamedTempFile::new_in(folder).map_err(CopyFault::Write)?;
    copy.write_all(head).map_err(CopyFault::Write)?;
    let mut portion = vec![0; PORTION];
    loop {
        match rest.read(&mut portion) {
            Ok(0) => return Ok(copy),
            Ok(n) => copy.write_all(&portion[..n]).map_err(CopyFault::Write)?,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(CopyFault::Read(e)),
        }
    }
}

/// A stream that ends with an error where it has become too long for what it was unpacked from.
pub(crate) struct Bounded<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Bounded<R> {
    /// For what is unpacked from so many bytes.
    pub(crate) fn new(inner: R, packed_bytes: u64) -> Self {
        let left = most_unpacked(packed_bytes);
        Self { inner, left }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.left = self.left.checked_sub(n as u64).ok_or_else(|| {
            io::Error::other(format!(
                "unpacked it is more than {MAX_RATIO} times as long, which no AIS data is"
            ))
        })?;
        Ok(n)
    }
}

/// A text or something that isn't, behind its compression.
pub(crate) struct Opened<'r> {
    /// What it is.
    pub form: Form,
    /// Its first bytes; they are not in `rest`.
    pub head: Vec<u8>,
    /// What follows.
    pub rest: Box<dyn Read + 'r>,
    /// What the decoder said, if it failed in the head already.
    pub error: Option<io::Error>,
}

/// Looks at the first bytes and takes compression off; `packed_bytes` is how long it is in its file.
pub(crate) fn open<'r>(
    mut reader: Box<dyn Read + 'r>,
    packed_bytes: u64,
) -> io::Result<Opened<'r>> {
    for layer in 0..=MAX_LAYERS {
        let (head, error) = read_head(&mut reader);
        let form = form(&head);
        if !matches!(form, Form::Gzip | Form::Zstd) || layer == MAX_LAYERS {
            return Ok(Opened {
                form,
                head,
                rest: reader,
                error,
            });
        }
        let whole = io::Cursor::new(head).chain(reader);
        reader = if form == Form::Gzip {
            let buffered = BufReader::with_capacity(PORTION, whole);
            let unpacked = flate2::bufread::MultiGzDecoder::new(buffered);
            Box::new(Bounded::new(unpacked, packed_bytes))
        } else {
            let unpacked = zstd::stream::read::Decoder::new(whole)?;
            Box::new(Bounded::new(unpacked, packed_bytes))
        };
    }
    Err(io::Error::other("compressed too many times"))
}

/// Reads until the head is full, the stream ends or fails.
fn read_head(reader: &mut dyn Read) -> (Vec<u8>, Option<io::Error>) {
    let mut head = vec![0; HEAD_BYTES];
    let mut n = 0;
    let mut failed = None;
    while n < head.len() {
        match reader.read(&mut head[n..]) {
            Ok(0) => break,
            Ok(more) => n += more,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => {
                failed = Some(e);
                break;
            }
        }
    }
    head.truncate(n);
    (head, failed)
}
