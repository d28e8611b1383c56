//! Where the readers and the stages are put together.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::select::Wanted;
use super::{
    Detector, Engine, EngineParams, InputRecord, Progress, ReferenceRecord, ScanRequest, Source,
    Step,
};
use crate::assess::{self, World, assess};
use crate::config::Config;
use crate::error::Error;
use crate::gazetteer::Gazetteer;
use crate::ingest::{self, Archive, InputReport, Observer};
use crate::model::{Chunk, RejectLedger, Table, UtcDay};

/// Passes the readers' progress on.
struct Reading<'a>(&'a dyn Progress);

impl Observer for Reading<'_> {
    fn bytes(&self, n: u64) {
        self.0.advance(n, 0);
    }

    fn rows(&self, n: u64) {
        self.0.advance(0, n);
    }
}

/// The days of an archive, in order.
struct Days {
    archive: Archive,
    days: std::vec::IntoIter<UtcDay>,
}

impl Source for Days {
    fn days(&self) -> u64 {
        self.days.len() as u64
    }

    fn next_day(&mut self) -> Option<Result<Chunk, Error>> {
        let day = self.days.next()?;
        Some(self.archive.take(day).map_err(Error::from))
    }

    fn inputs(&self) -> Vec<InputRecord> {
        self.archive.inputs().iter().map(record).collect()
    }
}

fn record(report: &InputReport) -> InputRecord {
    let text = |s: &str| (!s.is_empty()).then(|| s.to_owned());
    InputRecord {
        path: report.path.display().to_string(),
        member: report.member.clone(),
        format: text(report.format),
        bytes: report.bytes,
        sha256: text(&report.sha256),
        rows_read: report.rows_read,
        rows_accepted: report.rows_accepted,
        rejects: super::run::counts(&report.rejects),
        first: report.first.map(|t| t.to_string()),
        last: report.last.map(|t| t.to_string()),
        error: report.error.as_ref().map(ToString::to_string),
        note: report.note.map(str::to_owned),
    }
}

/// Reads every input.
pub(super) fn open(
    config: &Config,
    request: &ScanRequest,
    progress: &dyn Progress,
) -> Result<Box<dyn Source>, Error> {
    let options = ingest::Options {
        format: request.format,
        clock: request.clock,
        selection: Wanted::new(request)?.rows(),
        keep_rejects: request.rejects.clone(),
    };
    progress.begin(Step::Read, size(request));
    let archive = ingest::read(
        &request.inputs,
        &config.ingest,
        &options,
        &Reading(progress),
    );
    progress.end();
    let archive = archive?;
    let days = archive.days().into_iter();
    Ok(Box::new(Days { archive, days }))
}

/// Bytes of the inputs that are plain files; `None` if some are folders or patterns.
fn size(request: &ScanRequest) -> Option<u64> {
    let of = |path: &PathBuf| {
        let meta = std::fs::metadata(path).ok()?;
        meta.is_file().then_some(meta.len())
    };
    request.inputs.iter().map(of).sum()
}

/// The engine, and what is asked of its events.
struct EngineDetector {
    engine: Engine,
    assess: assess::Params,
    wanted: Wanted,
}

impl Detector for EngineDetector {
    fn step(&mut self, day: Chunk) -> Result<(), Error> {
        self.engine.step(day);
        Ok(())
    }

    fn state_bytes(&self) -> Result<u64, Error> {
        Ok(self.engine.state_bytes()?)
    }

    fn rejects(&self) -> RejectLedger {
        self.engine.rejects().clone()
    }

    fn excluded(&self) -> BTreeMap<String, u64> {
        let counts = self.engine.exclusions();
        [
            ("yacht", counts.yacht),
            ("small_class_b", counts.small_class_b),
            ("not_a_ship", counts.not_a_ship),
            ("unknown_inshore", counts.unknown_inshore),
        ]
        .map(|(why, n)| (why.to_owned(), n))
        .into()
    }

    fn reference(&self) -> Vec<ReferenceRecord> {
        Gazetteer::files()
            .into_iter()
            .map(|(name, content)| ReferenceRecord {
                name: name.to_owned(),
                sha256: Sha256::digest(content)
                    .iter()
                    .map(|byte| format!("{byte:02x}"))
                    .collect(),
            })
            .collect()
    }

    fn assess(self: Box<Self>) -> Result<Vec<Table>, Error> {
        let mut tables = assess(self.engine.into_facts(), &World::builtin(), &self.assess);
        self.wanted.choose(&mut tables);
        Ok(tables)
    }
}

/// All stages, fresh.
pub(super) fn detector(config: &Config, request: &ScanRequest) -> Result<Box<dyn Detector>, Error> {
    let params = EngineParams {
        track: config.track.clone(),
        proximity: config.proximity.clone(),
        encounter: config.encounter.clone(),
        reception: config.reception.clone(),
    };
    Ok(Box::new(EngineDetector {
        engine: Engine::new(params, Arc::new(Gazetteer::builtin())),
        assess: assess::Params {
            kind: config.kind.clone(),
            gap: config.gap.clone(),
            reception: config.reception.clone(),
            ..config.assess.clone()
        },
        wanted: Wanted::new(request)?,
    }))
}
