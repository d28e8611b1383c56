//! The table of evidence: both ships of an encounter through time.

use super::Params;
use super::geometry::likely_gap_of_m;
use super::particulars::Ship;
use crate::model::{EvidenceSample, Facts, Phase, Row, Table, schema};

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Approach => "approach",
        Phase::Contact => "contact",
        Phase::Departure => "departure",
    }
}

/// One row per ship and sample; by encounter, ship, time.
pub(super) fn table(facts: &Facts, params: &Params) -> Table {
    let mut rows = Vec::new();
    for e in &facts.encounters {
        let id = e.id().to_string();
        let window = params.window(e.start, e.end);
        let hulls = [e.pair.first(), e.pair.second()]
            .map(|track| Ship::new(facts, track.mmsi).hull(window));
        let gaps: Vec<Option<f64>> = e
            .evidence
            .iter()
            .map(|s| likely_gap_of_m(&s.sample, hulls))
            .collect();
        for (party, track) in [e.pair.first(), e.pair.second()].iter().enumerate() {
            for (s, gap_m) in e.evidence.iter().zip(&gaps) {
                rows.push(row(&id, track.mmsi, party, s, *gap_m));
            }
        }
    }
    Table {
        schema: &schema::EVIDENCE,
        rows,
    }
}

fn row(id: &str, mmsi: u32, party: usize, s: &EvidenceSample, gap_m: Option<f64>) -> Row {
    let mut row = Row::new(&schema::EVIDENCE);
    let sample = &s.sample;
    row.set("event_id", id)
        .set("mmsi", mmsi)
        .set("t", sample.t)
        .set("lon", sample.place[party].lon())
        .set("lat", sample.place[party].lat())
        .set("sog_kn", sample.sog_kn(party))
        .set("heading_deg", sample.heading_deg(party))
        .set("hull_gap_m", gap_m)
        .set("sigma_m", sample.sigma_m())
        .set("phase", phase(s.phase));
    row
}
