//! Accepted rows by UTC day, in memory up to a budget and in temporary files beyond.
//!
//! Positions lie as they came, one vector per block, day, part of the day and shard: nothing is moved until its part
//! is taken. When the budget is passed, the largest days are written out until half of it is free, so
//! that a month in one unsorted file takes no more memory than a day.

use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::fs::{File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use tempfile::TempDir;

use super::error::IngestError;
use super::params::Limits;
use super::sink::{BINS, DealtDay};
use crate::model::report::{PART_MS, SHARDS};
use crate::model::{Chunk, PositionReport, Seen, StaticRecord, StaticSpan, Timestamp, UtcDay};

/// What a static span takes beside its text: the entry, its share of free slots, small allocations.
const SPAN_BYTES: usize = size_of::<(u32, StaticRecord)>() + size_of::<Seen>() + 64;

/// What a vector takes beside its rows.
const SEGMENT_BYTES: usize = size_of::<Vec<PositionReport>>() + 16;

/// The static spans of a day.
type Spans = FxHashMap<(u32, StaticRecord), Seen>;

#[derive(Default)]
struct DayBucket {
    /// By bin, by block.
    bins: Vec<Vec<Vec<PositionReport>>>,
    statics: Spans,
    bytes: usize,
    spilled: Option<Spilled>,
}

/// What of a day is in temporary files.
#[derive(Default)]
struct Spilled {
    /// Bin, place in the file, rows.
    runs: Vec<(usize, u64, usize)>,
    positions_end: u64,
    /// Place in the file, bytes.
    statics: Vec<(u64, usize)>,
    statics_end: u64,
}

/// All accepted rows that weren't taken yet.
pub(crate) struct Store {
    days: BTreeMap<UtcDay, DayBucket>,
    bytes: usize,
    budget: usize,
    folder: Option<TempDir>,
    parent: PathBuf,
    spilled_bytes: u64,
}

/// The rows of a day in parts of [`PART_MS`], up to the last one that holds any. The static spans are in the first:
/// what is known as of an instant depends on the first reception that a span states, not on the part in which it comes.
pub struct DayParts {
    day: UtcDay,
    /// The bins of the parts that weren't taken yet.
    bins: std::vec::IntoIter<Vec<Vec<PositionReport>>>,
    statics: Vec<StaticSpan>,
    /// How many were taken.
    taken: i64,
}

impl Iterator for DayParts {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        let positions: Vec<_> = self.bins.by_ref().take(SHARDS).map(joined).collect();
        if positions.is_empty() {
            return None;
        }
        self.taken += 1;
        let (start, end) = (self.day.start(), self.day.end());
        Some(Chunk {
            origin: start,
            positions,
            statics: std::mem::take(&mut self.statics),
            complete_to: if self.bins.len() == 0 {
                end
            } else {
                Timestamp(start.0 + self.taken * i64::from(PART_MS))
            },
        })
    }
}

/// The rows of all blocks; each is freed as soon as it is copied.
fn joined(mut blocks: Vec<Vec<PositionReport>>) -> Vec<PositionReport> {
    if blocks.len() < 2 {
        return blocks.pop().unwrap_or_default();
    }
    let mut all = Vec::with_capacity(blocks.iter().map(Vec::len).sum());
    for block in blocks {
        all.extend_from_slice(&block);
    }
    all
}

impl Store {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            days: BTreeMap::new(),
            bytes: 0,
            budget: limits.memory_bytes,
            folder: None,
            parent: limits.temporary_folder(),
            spilled_bytes: 0,
        }
    }

    /// Takes in the positions of a block.
    pub(crate) fn add_positions(&mut self, dealt: Vec<DealtDay>) -> Result<(), IngestError> {
        for (day, bins) in dealt {
            let bucket = self.days.entry(day).or_default();
            bucket.bins.resize_with(BINS, Vec::new);
            for (bin, rows) in bins {
                let bytes = rows.len() * PositionReport::BYTES + SEGMENT_BYTES;
                bucket.bytes += bytes;
                self.bytes += bytes;
                bucket.bins[bin].push(rows);
            }
        }
        self.keep_budget()
    }

    /// Takes in static spans.
    pub(crate) fn add_statics(
        &mut self,
        spans: impl Iterator<Item = (UtcDay, StaticSpan)>,
    ) -> Result<(), IngestError> {
        for (day, span) in spans {
            let bucket = self.days.entry(day).or_default();
            let bytes = merge(&mut bucket.statics, span);
            bucket.bytes += bytes;
            self.bytes += bytes;
        }
        self.keep_budget()
    }

    /// Days that hold rows.
    pub(crate) fn days(&self) -> Vec<UtcDay> {
        self.days.keys().copied().collect()
    }

    /// Number of positions of a day.
    pub(crate) fn rows_of(&self, day: UtcDay) -> usize {
        self.days.get(&day).map_or(0, |bucket| {
            let held = bucket.bins.iter().flatten().map(Vec::len);
            let spilled = bucket.spilled.iter().flat_map(|s| &s.runs);
            held.sum::<usize>() + spilled.map(|(_, _, rows)| rows).sum::<usize>()
        })
    }

    /// Bytes in memory.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Bytes written to temporary files so far.
    pub(crate) fn spilled_bytes(&self) -> u64 {
        self.spilled_bytes
    }

    /// The rows of a day part by part, which are no longer here then; one empty part if there are none.
    pub(crate) fn take(&mut self, day: UtcDay) -> Result<DayParts, IngestError> {
        let mut bucket = self.days.remove(&day).unwrap_or_default();
        self.bytes -= bucket.bytes;
        self.make_room()?;
        bucket.bins.resize_with(BINS, Vec::new);
        if let Some(spilled) = bucket.spilled {
            self.unspill(day, &spilled, &mut bucket.bins, &mut bucket.statics)?;
        }
        let last = bucket.bins.iter().rposition(|bin| !bin.is_empty());
        bucket
            .bins
            .truncate((last.unwrap_or(0) / SHARDS + 1) * SHARDS);
        Ok(DayParts {
            day,
            bins: bucket.bins.into_iter(),
            statics: spans(bucket.statics).collect(),
            taken: 0,
        })
    }

    /// Where not all days fit into the budget, all wait on disk while one is worked on: work takes memory too.
    fn make_room(&mut self) -> Result<(), IngestError> {
        if self.spilled_bytes > 0 {
            let held = self.days.iter().filter(|(_, b)| b.bytes > 0);
            for day in held.map(|(day, _)| *day).collect::<Vec<_>>() {
                self.spill(day)?;
            }
        }
        Ok(())
    }

    fn keep_budget(&mut self) -> Result<(), IngestError> {
        if self.bytes <= self.budget {
            return Ok(());
        }
        let mut by_size: Vec<(usize, UtcDay)> =
            self.days.iter().map(|(day, b)| (b.bytes, *day)).collect();
        by_size.sort_unstable_by(|a, b| b.cmp(a));
        for (_, day) in by_size {
            if self.bytes <= self.budget / 2 {
                break;
            }
            self.spill(day)?;
        }
        Ok(())
    }

    fn fault(&self, source: io::Error) -> IngestError {
        IngestError::Temporary {
            path: self.parent.clone(),
            source,
        }
    }

    fn folder(&mut self) -> Result<PathBuf, IngestError> {
        if self.folder.is_none() {
            let made = tempfile::Builder::new()
                .prefix("alongside-")
                .tempdir_in(&self.parent);
            self.folder = Some(made.map_err(|e| self.fault(e))?);
        }
        Ok(self
            .folder
            .as_ref()
            .map_or_else(|| self.parent.clone(), |f| f.path().to_owned()))
    }

    fn spill(&mut self, day: UtcDay) -> Result<(), IngestError> {
        let folder = self.folder()?;
        let Some(bucket) = self.days.get_mut(&day) else {
            return Ok(());
        };
        let spilled = bucket.spilled.get_or_insert_default();
        let before = spilled.positions_end + spilled.statics_end;
        let written = write_positions(&folder, day, &mut bucket.bins, spilled)
            .and_then(|()| write_statics(&folder, day, &mut bucket.statics, spilled));
        let after = spilled.positions_end + spilled.statics_end;
        self.bytes -= std::mem::take(&mut bucket.bytes);
        self.spilled_bytes += after - before;
        written.map_err(|e| self.fault(e))
    }

    fn unspill(
        &self,
        day: UtcDay,
        spilled: &Spilled,
        bins: &mut [Vec<Vec<PositionReport>>],
        statics: &mut Spans,
    ) -> Result<(), IngestError> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let path = positions_path(folder.path(), day);
        read_positions(&path, spilled, bins).map_err(|e| self.fault(e))?;
        let path = statics_path(folder.path(), day);
        for spans in read_statics(&path, spilled).map_err(|e| self.fault(e))? {
            let spans: Vec<StaticSpan> =
                postcard::from_bytes(&spans).map_err(|e| IngestError::Spill {
                    day: day.to_string(),
                    reason: e.to_string(),
                })?;
            for span in spans {
                merge(statics, span);
            }
        }
        for path in [positions_path(folder.path(), day), path] {
            // The folder goes with the store anyway; this only frees the disk earlier.
            let _ = std::fs::remove_file(path);
        }
        Ok(())
    }
}

/// Adds a span to a day's; returns the bytes that it takes more.
fn merge(statics: &mut Spans, span: StaticSpan) -> usize {
    match statics.entry((span.mmsi, span.record)) {
        Entry::Occupied(held) => {
            held.into_mut().merge(&span.seen);
            0
        }
        Entry::Vacant(free) => {
            let record = &free.key().1;
            let text: usize = [&record.name, &record.callsign, &record.destination]
                .into_iter()
                .flatten()
                .map(|t| t.len() + 16)
                .sum();
            free.insert(span.seen);
            SPAN_BYTES + text
        }
    }
}

fn spans(statics: Spans) -> impl Iterator<Item = StaticSpan> {
    statics
        .into_iter()
        .map(|((mmsi, record), seen)| StaticSpan { mmsi, record, seen })
}

fn positions_path(folder: &Path, day: UtcDay) -> PathBuf {
    folder.join(format!("{day}.positions"))
}

fn statics_path(folder: &Path, day: UtcDay) -> PathBuf {
    folder.join(format!("{day}.statics"))
}

fn append(path: &Path) -> io::Result<BufWriter<File>> {
    let file = OpenOptions::new().create(true).append(true).open(path)?;
    Ok(BufWriter::with_capacity(1 << 20, file))
}

fn write_positions(
    folder: &Path,
    day: UtcDay,
    bins: &mut [Vec<Vec<PositionReport>>],
    spilled: &mut Spilled,
) -> io::Result<()> {
    let mut file = append(&positions_path(folder, day))?;
    for (bin, segments) in bins.iter_mut().enumerate() {
        let mut rows = 0;
        for segment in std::mem::take(segments) {
            for row in &segment {
                file.write_all(&row.to_bytes())?;
            }
            rows += segment.len();
        }
        if rows > 0 {
            spilled.runs.push((bin, spilled.positions_end, rows));
            spilled.positions_end += (rows * PositionReport::BYTES) as u64;
        }
    }
    file.flush()
}

fn write_statics(
    folder: &Path,
    day: UtcDay,
    statics: &mut Spans,
    spilled: &mut Spilled,
) -> io::Result<()> {
    if statics.is_empty() {
        return Ok(());
    }
    let spans: Vec<StaticSpan> = spans(std::mem::take(statics)).collect();
    let bytes = postcard::to_stdvec(&spans).map_err(io::Error::other)?;
    let mut file = append(&statics_path(folder, day))?;
    file.write_all(&bytes)?;
    spilled.statics.push((spilled.statics_end, bytes.len()));
    spilled.statics_end += bytes.len() as u64;
    file.flush()
}

fn read_positions(
    path: &Path,
    spilled: &Spilled,
    bins: &mut [Vec<Vec<PositionReport>>],
) -> io::Result<()> {
    if spilled.runs.is_empty() {
        return Ok(());
    }
    let mut file = BufReader::with_capacity(1 << 20, File::open(path)?);
    // In the order of the file: all of it is wanted.
    for (bin, at, rows) in &spilled.runs {
        if file.stream_position()? != *at {
            file.seek(SeekFrom::Start(*at))?;
        }
        let mut bytes = [0; PositionReport::BYTES];
        let mut all = Vec::with_capacity(*rows);
        for _ in 0..*rows {
            file.read_exact(&mut bytes)?;
            all.push(PositionReport::from_bytes(&bytes));
        }
        bins[*bin].push(all);
    }
    Ok(())
}

fn read_statics(path: &Path, spilled: &Spilled) -> io::Result<Vec<Vec<u8>>> {
    if spilled.statics.is_empty() {
        return Ok(Vec::new());
    }
    let mut file = File::open(path)?;
    let mut all = Vec::with_capacity(spilled.statics.len());
    for (at, len) in &spilled.statics {
        file.seek(SeekFrom::Start(*at))?;
        let mut bytes = vec![0; *len];
        file.read_exact(&mut bytes)?;
        all.push(bytes);
    }
    Ok(all)
}
