//! Judging again what a scan found: with other lists, thresholds or weights, without the rows.

use std::path::{Path, PathBuf};

use super::asked::Inherited;
use super::results::recorded;
use super::run::Stopwatch;
use super::wiring::Judge;
use super::{Progress, Results, ScanReport, Step, guard_new_folder};
use crate::config::Config;
use crate::error::Error;
use crate::tables::{Export, OutputDir};

/// What to judge again, and where to put the result.
#[derive(Clone, Debug)]
pub struct AssessRequest {
    /// A scan's folder.
    pub source: PathBuf,
    /// The folder for the result; may be the same.
    pub out: PathBuf,
    /// Configuration whose sections of judgement count; `None` keeps the scan's.
    pub config: Option<Config>,
    /// Formats of the tables; `None` keeps the scan's.
    pub export: Option<Vec<Export>>,
    /// A register of ships; `None` reads that of the scan again.
    pub registry: Option<PathBuf>,
    /// Lists of ships; none reads those of the scan again.
    pub watchlists: Vec<PathBuf>,
    /// Files of zones; none reads those of the scan again.
    pub zones: Vec<PathBuf>,
}

/// Judges the facts of an earlier scan again, and writes every table anew.
///
/// Detection is as the scan left it: what acted on rows can't be changed here, but for how they were read, which says nothing
/// any more. With the same configuration and lists the tables are the scan's, to the byte.
///
/// # Errors
/// If the source holds no facts of this version, a key was changed that needs the rows, or the result can't be written.
pub fn assess(request: &AssessRequest, progress: &dyn Progress) -> Result<ScanReport, Error> {
    let mut watch = Stopwatch::start();
    guard_new_folder("--out", &request.out)?;
    OutputDir::rehearse(&request.out)?;
    let results = Results::open(&request.source)?;
    let mut run = results.run()?;
    let config = merged(&run.config, request, &request.source)?;
    let (registry, lists, zones) = (
        request.registry.as_deref(),
        &request.watchlists[..],
        &request.zones[..],
    );
    let inherited = run.request.inherited(registry, lists, zones);
    inherited.iter().try_for_each(Inherited::find)?;
    let mut asked = run.request.clone();
    asked.judge_by(registry, lists, zones);
    let mut scan = run.request.scan(request.out.clone())?;
    if request.registry.is_some() {
        scan.registry.clone_from(&request.registry);
    }
    if !request.watchlists.is_empty() {
        scan.watchlists.clone_from(&request.watchlists);
    }
    if !request.zones.is_empty() {
        scan.zones.clone_from(&request.zones);
    }
    scan.knowledge().guard_folder("--out", &request.out)?;
    let judge = Judge::new(&config, &scan, progress)?;
    let reference = judge.reference();
    for file in &inherited {
        if let Some(words) = file.changed(&run.reference, &reference) {
            progress.warn(&words);
        }
    }
    progress.begin(Step::Read, None);
    let facts = results.facts()?;
    progress.end();
    watch.lap(Step::Read);

    let mut folder = OutputDir::create(&request.out)?;
    folder.write_facts(&facts)?;
    progress.begin(Step::Assess, None);
    let mut tables = judge.tables(facts);
    results.drop_past(&mut tables)?;
    progress.end();
    watch.lap(Step::Assess);
    let peak_state_bytes = run.run.peak_state_bytes;
    run.judged_again(&config, asked, reference, &tables);
    super::write(&mut folder, &tables, &run, &config, progress)?;
    watch.lap(Step::Write);
    run.files = folder.files().to_vec();
    run.run = watch.vitals(peak_state_bytes);
    let out = folder.commit(&run.to_json())?;
    Ok(ScanReport { run, tables, out })
}

/// The scan's configuration with the request's sections of judgement.
fn merged(
    recorded_config: &serde_json::Value,
    request: &AssessRequest,
    source: &Path,
) -> Result<Config, Error> {
    let scan = recorded(recorded_config, source)?;
    let mut config = match &request.config {
        Some(config) => config.judging(&scan).map_err(|section| Error::Request {
            flag: "--config",
            reason: format!(
                "section [{section}] differs from that of the scan, and acts on rows that are no longer here; scan again"
            ),
        })?,
        None => scan,
    };
    if let Some(export) = &request.export {
        config.tables.export.clone_from(export);
    }
    config.validate()?;
    Ok(config)
}
