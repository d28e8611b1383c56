//! One file: what it is, which members it has, and its blocks into the queue.
//!
//! Rule: a file is opened once and read from its beginning to its end, so that a pipe gives what a file gives. What is read
//! here and there (archives, tables) or whose length must be known (compressed text) is copied first if it comes from a pipe.

use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::blocks::{Block, BlockTaker, Cutter};
use super::error::{IngestError, InputError};
use super::format::{Recognised, TextReader, recognise};
use super::inputs;
use super::names;
use super::options::Format;
use super::run::{Live, Queue, Shared, lock};
use super::sink::{Rejected, RowSink, Tally};
use super::sniff::{self, Form};
use super::source::{Bounded, CopyFault, HashedFile, Opened, copy_of, open};
use super::table::{TableFault, read_ipc, read_parquet};
use crate::model::{RejectReason, text};

/// What became of a file.
pub(crate) struct FileOutcome {
    pub bytes: u64,
    pub sha256: String,
    pub members: Vec<MemberOutcome>,
}

/// What became of a member, or of the only content of a file.
pub(crate) struct MemberOutcome {
    pub member: Option<String>,
    pub format: &'static str,
    pub live: Arc<Live>,
    pub error: Option<InputError>,
    /// What should be known of it all the same.
    pub note: Option<String>,
}

impl MemberOutcome {
    /// Whether it was told to be something else than AIS data, and no row of it was read.
    fn is_other_than_data(&self) -> bool {
        matches!(
            self.error,
            Some(
                InputError::UnknownForm { .. }
                    | InputError::UnknownHeader { .. }
                    | InputError::MissingColumns { .. }
                    | InputError::UnmappedColumns { .. }
                    | InputError::Empty { .. }
            )
        )
    }
}

/// Reads a file. Its blocks may still be in the queue afterwards.
pub(crate) fn read_file(
    ordinal: usize,
    path: &Path,
    queue: &Queue<'_>,
    shared: &Shared<'_>,
) -> FileOutcome {
    let name = path.display().to_string();
    shared.observer.input(&name);
    let unreadable = |error: &dyn std::fmt::Display| FileOutcome {
        bytes: 0,
        sha256: String::new(),
        members: vec![MemberOutcome {
            member: None,
            format: "",
            live: live(ordinal, 0, &name),
            error: Some(InputError::Unreadable {
                path: path.to_owned(),
                reason: error.to_string(),
            }),
            note: None,
        }],
    };
    let opened = HashedFile::open(path, shared.observer).and_then(|whole| {
        let mut file = whole.share()?;
        let head = first_bytes(&mut file)?;
        Ok((head, file, whole))
    });
    let (head, mut file, whole) = match opened {
        Ok(opened) => opened,
        Err(error) => return unreadable(&error),
    };
    let form = sniff::form(&head);
    let is_read_in_order = matches!(form, Form::Text | Form::Empty | Form::Other(_));
    // Elsewhere than on Linux a file that is standard input has one place for all who open it by that name.
    let is_free = cfg!(target_os = "linux") || !path.starts_with("/dev");
    let copy = if is_read_in_order || (whole.is_plain() && is_free) {
        None
    } else {
        let folder = shared.limits.temporary_folder();
        match copy_of(&head, &mut file, &folder) {
            Ok(copy) => Some(copy),
            Err(CopyFault::Read(error)) => return unreadable(&error),
            Err(CopyFault::Write(source)) => {
                let path = folder;
                shared.fail(IngestError::Temporary { path, source });
                return unreadable(&"it could not be copied");
            }
        }
    };
    let job = FileJob {
        ordinal,
        path: copy.as_ref().map_or(path, |copy| copy.path()),
        name: &name,
        queue,
        shared,
    };
    // Archives and tables are read here and there, so that they are hashed on their own, beside.
    let (members, hashed) = match form {
        Form::Zip | Form::Parquet | Form::Ipc => std::thread::scope(|scope| {
            let hashing = scope.spawn(|| whole.finish());
            let members = if form == Form::Zip {
                job.read_zip()
            } else {
                vec![job.read_table(form)]
            };
            let hashed = hashing
                .join()
                .unwrap_or_else(|_| Err(io::Error::other("hashing failed")));
            (members, hashed)
        }),
        _ => {
            let reader: Box<dyn Read> = match copy.as_ref().map(|copy| File::open(copy.path())) {
                Some(Ok(copy)) => Box::new(copy),
                Some(Err(error)) => return unreadable(&error),
                None => Box::new(Cursor::new(head).chain(file)),
            };
            let live = live(ordinal, 0, &name);
            let member = job.read_stream(live, None, reader, bytes_of(job.path));
            (vec![member], whole.finish())
        }
    };
    let (bytes, sha256) = hashed.unwrap_or_default();
    FileOutcome {
        bytes,
        sha256,
        members,
    }
}

/// As many bytes as tell the form; a pipe gives them bit by bit.
fn first_bytes(file: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    file.take(4096).read_to_end(&mut head)?;
    Ok(head)
}

/// 0 if the system doesn't say: then only what any file may unpack to is read.
fn bytes_of(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |meta| meta.len())
}

fn live(file: usize, member: usize, name: &str) -> Arc<Live> {
    Arc::new(Live {
        file,
        member,
        name: name.to_owned(),
        tally: Mutex::new(Tally::default()),
    })
}

struct FileJob<'j> {
    ordinal: usize,
    /// Where its bytes are: in the file, or in a copy of what came through a pipe.
    path: &'j Path,
    name: &'j str,
    queue: &'j Queue<'j>,
    shared: &'j Shared<'j>,
}

impl FileJob<'_> {
    fn damaged(&self, name: &str, reason: &dyn std::fmt::Display) -> InputError {
        // The rows are counted when the last block is parsed.
        InputError::Damaged {
            name: name.to_owned(),
            reason: reason.to_string(),
            rows: 0,
        }
    }

    fn read_zip(&self) -> Vec<MemberOutcome> {
        let whole = |error| {
            vec![MemberOutcome {
                member: None,
                format: "",
                live: live(self.ordinal, 0, self.name),
                error: Some(error),
                note: None,
            }]
        };
        let opened = File::open(self.path)
            .map_err(|e| e.to_string())
            .and_then(|f| zip::ZipArchive::new(io::BufReader::new(f)).map_err(|e| e.to_string()));
        let mut archive = match opened {
            Ok(archive) => archive,
            Err(reason) => return whole(self.damaged(self.name, &reason)),
        };
        // Members that share their bytes unpack to any length, each of them innocent.
        let all = (0..archive.len()).fold(0_u64, |all, i| {
            let packed = archive.by_index_raw(i).map_or(0, |m| m.compressed_size());
            all.saturating_add(packed)
        });
        if all > bytes_of(self.path) {
            return whole(self.damaged(self.name, &"its members overlap"));
        }
        let (mut members, mut passed_over) = (Vec::new(), Vec::new());
        for i in 0..archive.len() {
            if self.shared.is_stopped() {
                break;
            }
            let named = archive.name_for_index(i).and_then(Result::ok);
            let member = named.map_or_else(|| format!("member {}", i + 1), |n| n.into_owned());
            // Folders, and what the Finder leaves behind.
            let base = member.rsplit('/').next().unwrap_or_default();
            if base.is_empty() || base.starts_with('.') || member.starts_with("__MACOSX/") {
                continue;
            }
            let base = base.to_owned();
            // A name is only ever shown; a terminal takes control characters for orders.
            let member = text::printable(&member);
            let name = format!("{}:{member}", self.name);
            let live = live(self.ordinal, members.len(), &name);
            let outcome = match archive.by_index(i) {
                Ok(content) => {
                    let packed = content.compressed_size();
                    let content = Bounded::new(content, packed);
                    self.read_stream(live, Some(member), Box::new(content), packed)
                }
                Err(error) => MemberOutcome {
                    member: Some(member),
                    format: "",
                    live,
                    error: Some(self.damaged(&name, &error)),
                    note: None,
                },
            };
            // A read-me among the data, which in a folder is passed over by its ending.
            if outcome.is_other_than_data() && !inputs::is_known(Path::new(&base)) {
                passed_over.push(outcome);
            } else {
                members.push(outcome);
            }
        }
        if members.is_empty() {
            members = passed_over;
        }
        if members.is_empty() {
            return whole(InputError::Empty {
                name: self.name.to_owned(),
            });
        }
        members
    }

    fn read_table(&self, form: Form) -> MemberOutcome {
        let live = live(self.ordinal, 0, self.name);
        let (format, asked) = match form {
            Form::Parquet => ("parquet", Format::Parquet),
            _ => ("ipc", Format::Ipc),
        };
        let outcome = |error, note| MemberOutcome {
            member: None,
            format,
            live: Arc::clone(&live),
            error,
            note,
        };
        if ![Format::Auto, asked].contains(&self.shared.options.format) {
            let error = InputError::UnknownForm {
                name: self.name.to_owned(),
                reason: format!(
                    "it is a table ({format}), but another format was asked for; leave the format out"
                ),
            };
            return outcome(Some(error), None);
        }
        let file = match File::open(self.path) {
            Ok(file) => file,
            Err(error) => return outcome(Some(self.damaged(self.name, &error)), None),
        };
        let mut sink = RowSink::new(&self.shared.rules);
        let mut portion = 0;
        let mut after = |sink: &mut RowSink<'_>| {
            self.shared.deliver(sink, &live, portion);
            portion += 1;
            !self.shared.is_stopped()
        };
        let read = match form {
            Form::Parquet => read_parquet(&file, &mut sink, &mut after),
            _ => read_ipc(&file, &mut sink, &mut after),
        };
        self.shared.deliver(&mut sink, &live, portion);
        self.shared.deliver_statics(&mut sink);
        let name = self.name.to_owned();
        match read {
            Ok(note) => outcome(None, note),
            Err(TableFault::Missing(missing, columns)) => {
                let error = InputError::UnnamedColumns {
                    name,
                    missing,
                    columns,
                };
                outcome(Some(error), None)
            }
            Err(TableFault::Events) => {
                let reason = names::EVENT_REASON.to_owned();
                outcome(Some(InputError::UnknownForm { name, reason }), None)
            }
            Err(TableFault::Unsupported(reason)) => {
                outcome(Some(InputError::UnknownForm { name, reason }), None)
            }
            Err(TableFault::Damaged(reason)) => outcome(Some(self.damaged(&name, &reason)), None),
        }
    }

    fn read_stream<'r>(
        &self,
        live: Arc<Live>,
        member: Option<String>,
        reader: Box<dyn Read + 'r>,
        packed_bytes: u64,
    ) -> MemberOutcome {
        let (format, error, note) = match self.read_text(&live, reader, packed_bytes) {
            Ok(read) => {
                let fault = read.fault.map(|e| self.damaged(&live.name, &e));
                (read.format, fault, read.note)
            }
            Err(error) => ("", Some(error), None),
        };
        MemberOutcome {
            member,
            format,
            live,
            error,
            note,
        }
    }

    fn read_text<'r>(
        &self,
        live: &Arc<Live>,
        reader: Box<dyn Read + 'r>,
        packed_bytes: u64,
    ) -> Result<ReadText, InputError> {
        let name = live.name.clone();
        let Opened {
            form,
            head,
            rest,
            error,
        } = open(reader, packed_bytes).map_err(|e| self.damaged(&name, &e))?;
        let reason = match form {
            Form::Text => None,
            Form::Empty => {
                return Err(match error {
                    Some(error) => self.damaged(&name, &error),
                    None => InputError::Empty { name },
                });
            }
            Form::Other(reason) => Some(reason),
            Form::Parquet | Form::Ipc => {
                Some("it is a table inside an archive or a compressed file; unpack it")
            }
            Form::Zip => Some("it is a zip inside an archive or a compressed file; unpack it"),
            Form::Gzip | Form::Zstd => Some("it is compressed too many times; unpack it"),
        };
        if let Some(reason) = reason {
            return Err(InputError::UnknownForm {
                name,
                reason: reason.to_owned(),
            });
        }
        let terminator = if !head.contains(&b'\n') && head.contains(&b'\r') {
            b'\r'
        } else {
            b'\n'
        };
        let recognised = recognise(
            &name,
            &head,
            terminator,
            self.shared.options.format,
            &self.shared.limits.hints,
        );
        let Recognised {
            reader,
            header_bytes,
            header_lines,
            note,
        } = match (recognised, &error) {
            (Ok(recognised), _) => recognised,
            // Cut off within the header: not its names are at fault.
            (Err(_), Some(error)) => return Err(self.damaged(&name, error)),
            (Err(unknown), None) => return Err(unknown),
        };
        let reader: Arc<dyn TextReader> = Arc::from(reader);
        let cutter = Cutter {
            block_bytes: self.shared.limits.block_bytes,
            max_line_bytes: self.shared.limits.max_line_bytes,
            context_bytes: reader.context_bytes(),
            terminator,
        };
        let mut taker = Taker {
            queue: self.queue,
            shared: self.shared,
            live,
            reader: &reader,
            terminator,
            long_lines: 0,
        };
        let failing = Failing(error);
        let mut text = head[header_bytes..].chain(failing).chain(rest);
        let fault = cutter.cut(&mut text, header_lines + 1, &mut taker).err();
        Ok(ReadText {
            format: reader.format(),
            fault,
            note,
        })
    }
}

/// What became of a text whose form was recognised.
struct ReadText {
    format: &'static str,
    /// What broke it off, if anything did.
    fault: Option<io::Error>,
    note: Option<String>,
}

/// Fails where the head failed, so that what came before is read all the same.
struct Failing(Option<io::Error>);

impl Read for Failing {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

struct Taker<'t> {
    queue: &'t Queue<'t>,
    shared: &'t Shared<'t>,
    live: &'t Arc<Live>,
    reader: &'t Arc<dyn TextReader>,
    terminator: u8,
    long_lines: u32,
}

impl BlockTaker for Taker<'_> {
    fn buffer(&mut self) -> Option<Vec<u8>> {
        if self.shared.is_stopped() {
            return None;
        }
        self.queue.buffer()
    }

    fn take(&mut self, block: Block) {
        self.queue
            .send(self.live, self.reader, self.terminator, block);
    }

    fn too_long(&mut self, line: u64) {
        let reason = RejectReason::Malformed;
        let text = b"(line too long to be read)".to_vec();
        lock(&self.live.tally).reject(line, reason, &text);
        let rejected = Rejected { line, reason, text };
        // Behind all blocks: their ordinals count up from zero.
        let ordinal = u32::MAX / 2 + self.long_lines;
        self.long_lines += 1;
        self.shared.log(self.live, ordinal, &[rejected]);
    }
}
