//! A result held against what is known to have happened.

use std::path::Path;

use super::Results;
use crate::error::Error;
use crate::evaluate::{
    DarkScore, DarkTables, Evaluation, Finding, Reported, ReportedGap, evaluate, evaluate_gaps,
    evaluate_identity, read_encounters, read_gaps, read_identity, read_rendezvous, read_truth,
};
use crate::model::schema;
use crate::store::is_store;

/// What is measured.
struct Events {
    encounters: Vec<Reported>,
    dark: Option<DarkTables>,
    identity: Option<Vec<Finding>>,
    gaps: Option<Vec<ReportedGap>>,
}

impl Events {
    /// Of a scan's folder, or a table of encounters alone.
    fn read(path: &Path) -> Result<Self, Error> {
        Ok(Self {
            encounters: read_encounters(path)?,
            dark: read_rendezvous(path)?,
            identity: read_identity(path)?,
            gaps: read_gaps(path)?,
        })
    }

    /// Of a store.
    fn stored(path: &Path) -> Result<Self, Error> {
        let results = Results::open(path)?;
        let gaps = results.table(&schema::GAPS)?;
        let candidates = results.table(&schema::RENDEZVOUS)?;
        Ok(Self {
            encounters: Reported::from_table(&results.table(&schema::ENCOUNTERS)?),
            dark: Some(DarkTables::from_tables(&candidates, &gaps)),
            identity: Some(Finding::from_table(&results.table(&schema::IDENTITY)?)),
            gaps: Some(ReportedGap::from_table(&gaps)),
        })
    }
}

/// Measures a scan's folder, a store, or a table of encounters against a file of truth.
///
/// # Errors
/// If either can't be read.
pub fn evaluation(events: &Path, truth: &Path) -> Result<Evaluation, Error> {
    let events = if is_store(events) {
        Events::stored(events)?
    } else {
        Events::read(events)?
    };
    let truths = read_truth(truth)?;
    let mut evaluation = evaluate(&events.encounters, &truths);
    evaluation.dark = events.dark.map(|tables| DarkScore::new(&tables, &truths));
    evaluation.identity = events.identity.map(|f| evaluate_identity(&f, &truths));
    evaluation.gaps = events.gaps.map(|gaps| evaluate_gaps(&gaps, &truths));
    Ok(evaluation)
}
