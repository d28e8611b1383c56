//! Where the readers and the stages are put together.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::knowledge;
use super::select::Wanted;
use super::{
    Day, Detector, Engine, EngineParams, InputRecord, Progress, ReferenceRecord, ScanRequest,
    Source, Step,
};
use crate::assess::{self, Done, World, assess_beside, assess_since};
use crate::config::Config;
use crate::error::Error;
use crate::gazetteer::Gazetteer;
use crate::ingest::{self, Archive, InputReport, Observer};
use crate::model::{Chunk, Facts, RejectLedger, Table, UtcDay};
use crate::tables::OutputDir;

/// Passes the readers' progress on.
pub(super) struct Reading<'a>(pub(super) &'a dyn Progress);

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

    fn next_day(&mut self) -> Option<Result<Day, Error>> {
        let parts = self.archive.take_parts(self.days.next()?);
        Some(
            parts
                .map(|parts| Box::new(parts) as Day)
                .map_err(Error::from),
        )
    }

    fn inputs(&self) -> Vec<InputRecord> {
        self.archive.inputs().iter().map(record).collect()
    }

    fn finish(&mut self) -> Result<(), Error> {
        Ok(self.archive.publish_rejects()?)
    }
}

pub(super) fn record(report: &InputReport) -> InputRecord {
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
        note: report.note.clone(),
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
        selection: Wanted::new(request)?.rows(config.encounter.rejoin_h),
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
    for folder in archive.results() {
        progress.warn(&format!(
            "{} is a result of alongside and no AIS data; it is left out",
            folder.display()
        ));
    }
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

/// The engine, and who judges what it finds.
struct EngineDetector {
    engine: Engine,
    judge: Judge,
}

/// The assessment with all that it knows, and what is asked of the events.
pub(super) struct Judge {
    params: assess::Params,
    world: World<'static>,
    /// The user's own files, with their hashes.
    files: Vec<ReferenceRecord>,
    wanted: Wanted,
}

impl Judge {
    /// Reads what the request names.
    ///
    /// # Errors
    /// If it can't be read.
    pub(super) fn new(
        config: &Config,
        request: &ScanRequest,
        progress: &dyn Progress,
    ) -> Result<Self, Error> {
        let (world, files) = knowledge::read(request, progress)?;
        let mut reception = config.reception.clone();
        reception.follow(config.track.silence_h(), config.track.track_confirm_s);
        Ok(Self {
            params: assess::Params {
                kind: config.kind.clone(),
                gap: config.gap.clone(),
                reception,
                identity: config.identity.clone(),
                rendezvous: config.rendezvous.clone(),
                volume: config.volume.clone(),
                risk: config.risk.clone(),
                closing_h: closing_h(config),
                placed_s: config.proximity.max_interpolation_s,
                ..config.assess.clone()
            },
            world,
            files,
            wanted: Wanted::new(request)?,
        })
    }

    /// Reference data that is used: what is built in, and the user's own files.
    pub(super) fn reference(&self) -> Vec<ReferenceRecord> {
        self.files.clone()
    }

    /// How it judges.
    pub(super) fn params(&self) -> &assess::Params {
        &self.params
    }

    /// Every table of these facts, with the events that were asked for.
    pub(super) fn tables(&self, facts: Facts) -> Vec<Table> {
        self.tables_since(facts, &Done::nothing())
    }

    /// The same without what was final before.
    pub(super) fn tables_since(&self, facts: Facts, done: &Done) -> Vec<Table> {
        let mut tables = assess_since(facts, &self.world, &self.params, done);
        self.wanted.choose(&mut tables);
        tables
    }

    /// The same; the evidence of all events is given away on this thread while they are judged on others.
    pub(super) fn tables_beside<R>(
        &self,
        facts: Facts,
        done: &Done,
        take: impl FnOnce(&Table) -> R,
    ) -> (Vec<Table>, R) {
        let (mut tables, taken) = assess_beside(facts, &self.world, &self.params, done, take);
        self.wanted.choose(&mut tables);
        (tables, taken)
    }
}

/// By when after its end the stages have closed an event, hours: tracks hold fixes back until they are confirmed, slots wait for fixes
/// that reach into them, pairs and slow runs for what may continue them.
pub(super) fn closing_h(config: &Config) -> f64 {
    let confirmed_h = config.track.track_confirm_s as f64 / 3600.0;
    let contacts_h = config.proximity.closing_h();
    confirmed_h + contacts_h.max(config.track.loiter_silence_h)
}

impl Detector for EngineDetector {
    fn step(&mut self, day: &mut (dyn Iterator<Item = Chunk> + Send)) -> Result<(), Error> {
        self.engine.step_parts(day);
        Ok(())
    }

    fn state_bytes(&self) -> Result<u64, Error> {
        Ok(self.engine.state_bytes()?)
    }

    fn rejects(&self) -> RejectLedger {
        self.engine.rejects()
    }

    fn excluded(&self) -> BTreeMap<String, u64> {
        excluded(&self.engine)
    }

    fn reference(&self) -> Vec<ReferenceRecord> {
        self.judge.reference()
    }

    fn assess(self: Box<Self>, folder: &mut OutputDir) -> Result<Vec<Table>, Error> {
        let facts = self.engine.into_facts();
        folder.write_facts(&facts)?;
        Ok(self.judge.tables(facts))
    }
}

/// Ships left out of the search for pairs, by reason, counted once a slot.
pub(super) fn excluded(engine: &Engine) -> BTreeMap<String, u64> {
    let counts = engine.exclusions();
    [
        ("yacht", counts.yacht),
        ("small_class_b", counts.small_class_b),
        ("not_a_ship", counts.not_a_ship),
        ("unknown_inshore", counts.unknown_inshore),
    ]
    .map(|(why, n)| (why.to_owned(), n))
    .into()
}

/// All stages, fresh.
pub(super) fn engine(config: &Config) -> Engine {
    let params = EngineParams {
        track: config.track.clone(),
        proximity: config.proximity.clone(),
        encounter: config.encounter.clone(),
        reception: config.reception.clone(),
    };
    Engine::new(params, Arc::new(Gazetteer::builtin()))
}

/// All stages, fresh, with who judges what they find.
pub(super) fn detector(config: &Config, judge: Judge) -> Box<dyn Detector> {
    Box::new(EngineDetector {
        engine: engine(config),
        judge,
    })
}
