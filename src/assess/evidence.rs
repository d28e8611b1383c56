//! The table of evidence: both ships of an encounter through time.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::Params;
use super::geometry::likely_gap_of_m;
use super::particulars::Ship;
use super::period::Scope;
use crate::hull::Hull;
use crate::model::table::MakeRows;
use crate::model::{EventId, EvidenceSample, Facts, Phase, Row, Table, schema};

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Approach => "approach",
        Phase::Contact => "contact",
        Phase::Departure => "departure",
    }
}

/// The evidence of all encounters, made into rows when they are written: it is by far the longest table.
struct Evidence {
    encounters: Vec<OfEncounter>,
    /// Number of rows before each encounter, and in all.
    begins: Vec<usize>,
}

struct OfEncounter {
    id: String,
    mmsi: [u32; 2],
    hulls: [Option<Hull>; 2],
    samples: Vec<EvidenceSample>,
}

impl MakeRows for Evidence {
    fn count(&self) -> usize {
        *self.begins.last().unwrap_or(&0)
    }

    fn make(&self, range: Range<usize>) -> Vec<Row> {
        let mut rows = Vec::with_capacity(range.len());
        let mut at = range.start;
        let mut i = self
            .begins
            .partition_point(|begin| *begin <= at)
            .saturating_sub(1);
        while at < range.end {
            let e = &self.encounters[i];
            let within = at - self.begins[i];
            let n = e.samples.len();
            if within >= 2 * n {
                i += 1;
                continue;
            }
            let (party, sample) = (within / n, &e.samples[within % n]);
            rows.push(row(e, party, sample));
            at += 1;
        }
        rows
    }
}

/// What is known of both ships' hulls, by encounter.
pub(super) type Hulls = BTreeMap<EventId, [Option<Hull>; 2]>;

/// The hulls of the encounters that become rows.
pub(super) fn hulls(facts: &Facts, scope: &Scope, params: &Params) -> Hulls {
    let made = facts.encounters.iter().filter(|e| scope.makes(Some(e.end)));
    made.map(|e| {
        // Of ships that were never heard together there is nothing to measure.
        if !e.is_observed() {
            return (e.id(), [None; 2]);
        }
        let window = params.window(e.start, e.end);
        let tracks = [e.pair.first(), e.pair.second()];
        let hulls = tracks.map(|track| Ship::new(facts, track.mmsi).hull(window));
        (e.id(), hulls)
    })
    .collect()
}

/// One row per ship and sample; by encounter, ship, time.
pub(super) fn table(facts: Facts, hulls: &Hulls) -> Table {
    let mut begins = vec![0];
    let encounters = facts
        .encounters
        .into_iter()
        .filter_map(|e| Some((e.id(), hulls.get(&e.id())?, e)))
        .map(|(id, hulls, e)| {
            let before = begins[begins.len() - 1];
            begins.push(before + 2 * e.evidence.len());
            OfEncounter {
                id: id.to_string(),
                mmsi: [e.pair.first().mmsi, e.pair.second().mmsi],
                hulls: *hulls,
                samples: e.evidence,
            }
        })
        .collect();
    let evidence = Evidence { encounters, begins };
    Table::made(&schema::EVIDENCE, Arc::new(evidence))
}

fn row(e: &OfEncounter, party: usize, s: &EvidenceSample) -> Row {
    let mut row = Row::new(&schema::EVIDENCE);
    let sample = &s.sample;
    row.set("event_id", e.id.as_str())
        .set("mmsi", e.mmsi[party])
        .set("t", sample.t)
        .set("lon", sample.place[party].lon())
        .set("lat", sample.place[party].lat())
        .set("sog_kn", sample.sog_kn(party))
        .set("heading_deg", sample.heading_deg(party))
        .set("hull_gap_m", likely_gap_of_m(sample, e.hulls))
        .set("sigma_m", sample.sigma_m())
        .set("phase", phase(s.phase));
    row
}
