//! Reading end to end: real rows, every trap, and that nothing but the rows matters.

mod damage;
mod data;
mod formats;
mod invariance;
mod oracle;
mod traps;

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::archive::read_within;
use super::params::Limits;
use super::{Archive, IngestError, InputReport, Options, Params};
use crate::model::{PositionReport, StaticSpan, Timestamp, UtcDay};

/// A clock after all test data.
pub(super) const CLOCK: &str = "2026-11-01";

pub(super) fn options() -> Options {
    Options::at(Timestamp::parse(CLOCK).unwrap())
}

pub(super) fn limits() -> Limits {
    Params::default().limits().unwrap()
}

/// A folder with files in it.
pub(super) struct Folder(TempDir);

impl Folder {
    pub(super) fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(super) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path
    }
}

/// All rows of an archive: with absolute times, sorted.
#[derive(Debug, PartialEq)]
pub(super) struct Rows {
    pub(super) positions: Vec<(UtcDay, PositionReport)>,
    pub(super) statics: Vec<StaticSpan>,
}

impl Rows {
    pub(super) fn of(archive: &mut Archive) -> Self {
        let mut rows = Self {
            positions: Vec::new(),
            statics: Vec::new(),
        };
        for day in archive.days() {
            let chunk = archive.take(day).unwrap();
            assert_eq!(chunk.origin, day.start());
            assert_eq!(chunk.complete_to, day.end());
            assert_eq!(chunk.positions.len(), crate::model::report::SHARDS);
            for (shard, positions) in chunk.positions.into_iter().enumerate() {
                for p in positions {
                    assert_eq!(crate::model::report::shard_of(p.mmsi()), shard);
                    rows.positions.push((day, p));
                }
            }
            for span in chunk.statics {
                assert_eq!((span.seen.day(), span.seen.last.day()), (day, day));
                rows.statics.push(span);
            }
        }
        assert!(archive.days().is_empty());
        assert_eq!(archive.memory_bytes(), 0);
        rows.positions.sort_unstable();
        rows.statics.sort_unstable();
        rows
    }

    pub(super) fn time(&self, i: usize) -> String {
        let (day, position) = self.positions[i];
        Timestamp(day.start().0 + i64::from(position.ms())).to_string()
    }
}

/// Reads inputs whole.
pub(super) fn read_all(
    inputs: &[PathBuf],
    limits: &Limits,
) -> Result<(Rows, Archive), IngestError> {
    let mut archive = read_within(inputs, limits, &options(), &())?;
    let rows = Rows::of(&mut archive);
    for input in archive.inputs() {
        assert_eq!(input.rows_read, input.rows_accepted + input.rejects.total());
    }
    Ok((rows, archive))
}

/// Reads one text whole.
pub(super) fn read_text(text: impl AsRef<[u8]>) -> (Rows, InputReport) {
    let folder = Folder::new();
    let path = folder.file("input.csv", text);
    let (rows, archive) = read_all(&[path], &limits()).unwrap();
    assert_eq!(archive.inputs().len(), 1);
    let report = archive.inputs()[0].clone();
    (rows, report)
}
