//! The run over all inputs: files are read and cut by one thread (a few, if there are many cores),
//! blocks are parsed by as many as the thread pool has.
//!
//! Plain threads and channels, not tasks of the pool: they can't wait for each other in a pool of one thread.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::blocks::Block;
use super::error::{IngestError, InputError};
use super::format::{Lines, TextReader};
use super::inputs::{Findings, Found, find};
use super::open::{FileOutcome, read_file};
use super::options::{Observer, Options};
use super::params::Limits;
use super::rejects::{OrderedRejects, RejectLog};
use super::report::{InputReport, large_losses, nothing_usable};
use super::sink::{Rejected, RowSink, Rules, Tally};
use super::store::Store;
use crate::model::Timestamp;
use crate::model::quantity::MS_PER_DAY;

/// An input that is being read: a file, or a member of an archive.
pub(crate) struct Live {
    /// Ordinal of the file, and of the member in it.
    pub file: usize,
    pub member: usize,
    /// Its name in messages.
    pub name: String,
    pub tally: Mutex<Tally>,
}

/// A block to parse.
struct Job {
    live: Arc<Live>,
    reader: Arc<dyn TextReader>,
    terminator: u8,
    block: Block,
}

/// What the threads of a run share.
pub(crate) struct Shared<'o> {
    pub rules: Rules<'o>,
    pub limits: &'o Limits,
    pub options: &'o Options,
    pub observer: &'o dyn Observer,
    store: Mutex<Store>,
    log: Option<Mutex<RejectLog>>,
    stopped: AtomicBool,
    fault: Mutex<Option<IngestError>>,
}

/// A lock whose holder panicked is taken all the same: the panic reaches the caller by itself.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared<'_> {
    /// Whether the run has failed and no more should be read.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    /// Ends the run with this error, unless another came before.
    pub(crate) fn fail(&self, error: IngestError) {
        self.stopped.store(true, Ordering::Relaxed);
        lock(&self.fault).get_or_insert(error);
    }

    fn keep<T>(&self, result: Result<T, IngestError>) {
        if let Err(error) = result {
            self.fail(error);
        }
    }

    /// Takes from a sink what a block left in it.
    pub(crate) fn deliver(&self, sink: &mut RowSink<'_>, live: &Live, ordinal: u32) {
        let dealt = sink.deal();
        self.keep(lock(&self.store).add_positions(dealt));
        if sink.statics.is_full() {
            self.deliver_statics(sink);
        }
        let tally = std::mem::take(&mut sink.tally);
        self.observer.rows(tally.rows);
        lock(&live.tally).merge(&tally);
        let rejected = std::mem::take(&mut sink.rejected);
        self.log(live, ordinal, &rejected);
    }

    /// Takes the static spans from a sink.
    pub(crate) fn deliver_statics(&self, sink: &mut RowSink<'_>) {
        self.keep(lock(&self.store).add_statics(sink.statics.drain()));
    }

    /// Writes rejected rows down, if that is wanted.
    pub(crate) fn log(&self, live: &Live, ordinal: u32, rejected: &[Rejected]) {
        if let Some(log) = &self.log {
            let place = (live.file, live.member, ordinal);
            self.keep(lock(log).add(place, &live.name, rejected));
        }
    }
}

/// The reading thread's side of the queues.
#[derive(Clone)]
pub(crate) struct Queue<'q> {
    jobs: Sender<Job>,
    buffers: &'q Mutex<Receiver<Vec<u8>>>,
}

impl Queue<'_> {
    /// An empty buffer, once there is one; none if the parsers are gone.
    pub(crate) fn buffer(&self) -> Option<Vec<u8>> {
        lock(self.buffers).recv().ok()
    }

    /// Sends a block to be parsed.
    pub(crate) fn send(
        &self,
        live: &Arc<Live>,
        reader: &Arc<dyn TextReader>,
        terminator: u8,
        block: Block,
    ) {
        // Nobody takes it if all parsers have panicked, which the scope then reports.
        let _ = self.jobs.send(Job {
            live: Arc::clone(live),
            reader: Arc::clone(reader),
            terminator,
            block,
        });
    }
}

/// What reading came to.
pub(crate) struct Outcome {
    pub store: Store,
    pub inputs: Vec<InputReport>,
    /// Folders of results that were left out.
    pub results: Vec<PathBuf>,
    /// Rejected rows, if they were to be kept.
    pub rejects: Option<OrderedRejects>,
}

/// Reads all inputs.
pub(crate) fn run(
    inputs: &[PathBuf],
    limits: &Limits,
    options: &Options,
    observer: &dyn Observer,
) -> Result<Outcome, IngestError> {
    if inputs.is_empty() {
        return Err(IngestError::NoInputs);
    }
    let Findings { found, results } = find(inputs);
    let log = match &options.keep_rejects {
        Some(path) => Some(Mutex::new(RejectLog::create(path)?)),
        None => None,
    };
    let shared = Shared {
        rules: Rules {
            latest_ms: options.clock.0.saturating_add(MS_PER_DAY),
            selection: options.selection.as_ref(),
            keep_rejects: log.is_some(),
        },
        limits,
        options,
        observer,
        store: Mutex::new(Store::new(limits)),
        log,
        stopped: AtomicBool::new(false),
        fault: Mutex::new(None),
    };
    let outcomes = read_all(&found, &shared);
    if let Some(error) = lock(&shared.fault).take() {
        return Err(error);
    }
    let store = shared
        .store
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner);
    let rejects = match shared.log {
        Some(log) => {
            let log = log.into_inner().unwrap_or_else(PoisonError::into_inner);
            Some(log.finish()?)
        }
        None => None,
    };
    let mut reports = Vec::new();
    for (found, outcome) in found.into_iter().zip(outcomes) {
        match found {
            Ok(path) => reports.extend(outcome.into_iter().flat_map(|o| reports_of(&path, o))),
            Err((path, error)) => reports.push(unread(&path, error)),
        }
    }
    Ok(Outcome {
        store,
        inputs: reports,
        results,
        rejects,
    })
}

fn read_all(found: &[Found], shared: &Shared<'_>) -> Vec<Option<FileOutcome>> {
    let parsers = rayon::current_num_threads().max(1);
    let readers = (parsers / 4).clamp(1, 4).min(found.len().max(1));
    // The buffers are all that bounds the queue, so that sending never waits.
    let (job_sender, jobs) = channel::<Job>();
    let (buffer_sender, buffers) = channel::<Vec<u8>>();
    for _ in 0..parsers + 2 * readers {
        let _ = buffer_sender.send(Vec::new());
    }
    let (jobs, buffers) = (Mutex::new(jobs), Mutex::new(buffers));
    let outcomes: Vec<Mutex<Option<FileOutcome>>> =
        found.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..parsers {
            let buffer_sender = buffer_sender.clone();
            scope.spawn(|| parse(&jobs, buffer_sender, shared));
        }
        for _ in 0..readers {
            let queue = Queue {
                jobs: job_sender.clone(),
                buffers: &buffers,
            };
            let (next, outcomes) = (&next, &outcomes);
            scope.spawn(move || {
                loop {
                    let i = next.fetch_add(1, Ordering::Relaxed);
                    let Some(file) = found.get(i) else { break };
                    if let Ok(path) = file
                        && !shared.is_stopped()
                    {
                        let outcome = read_file(i, path, &queue, shared);
                        *lock(&outcomes[i]) = Some(outcome);
                    }
                }
            });
        }
        // The queues close when the last reader is done.
        drop(job_sender);
        drop(buffer_sender);
    });
    outcomes
        .into_iter()
        .map(|o| o.into_inner().unwrap_or_else(PoisonError::into_inner))
        .collect()
}

fn parse(jobs: &Mutex<Receiver<Job>>, buffers: Sender<Vec<u8>>, shared: &Shared<'_>) {
    let mut sink = RowSink::new(&shared.rules);
    loop {
        // The lock is released as soon as a job is there.
        let job = lock(jobs).recv();
        let Ok(job) = job else { break };
        if !shared.is_stopped() {
            let layout = job.reader.layout();
            if sink.statics.is_foreign(layout) {
                shared.deliver_statics(&mut sink);
            }
            sink.statics.set_layout(layout);
            let lines = Lines {
                bytes: &job.block.data[..job.block.end],
                start: job.block.start,
                first_line: job.block.first_line,
                terminator: job.terminator,
                is_last: job.block.is_last,
            };
            job.reader.read(&lines, &mut sink);
            shared.deliver(&mut sink, &job.live, job.block.ordinal);
        }
        let _ = buffers.send(job.block.data);
    }
    shared.deliver_statics(&mut sink);
}

fn reports_of(path: &Path, outcome: FileOutcome) -> Vec<InputReport> {
    let FileOutcome {
        bytes,
        sha256,
        members,
    } = outcome;
    members
        .into_iter()
        .map(|member| {
            let mut tally = std::mem::take(&mut *lock(&member.live.tally));
            let error = match member.error {
                Some(InputError::Damaged { name, reason, .. }) => Some(InputError::Damaged {
                    name,
                    reason,
                    rows: tally.accepted,
                }),
                None => nothing_usable(&member.live.name, member.format, &tally),
                other => other,
            };
            let days = tally.days();
            let losses = large_losses(member.format, &tally);
            let notes: Vec<String> = [member.note, losses].into_iter().flatten().collect();
            InputReport {
                path: path.to_owned(),
                member: member.member,
                format: member.format,
                bytes,
                sha256: sha256.clone(),
                note: (!notes.is_empty()).then(|| notes.join("; ")),
                rows_read: tally.rows,
                rows_accepted: tally.accepted,
                rejects: tally.rejects,
                first: tally.first.map(Timestamp),
                last: tally.last.map(Timestamp),
                days,
                error,
            }
        })
        .collect()
}

fn unread(path: &Path, error: InputError) -> InputReport {
    InputReport {
        path: path.to_owned(),
        member: None,
        format: "",
        bytes: 0,
        sha256: String::new(),
        rows_read: 0,
        rows_accepted: 0,
        rejects: Default::default(),
        first: None,
        last: None,
        days: Default::default(),
        error: Some(error),
        note: None,
    }
}
