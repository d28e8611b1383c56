//! The table of evidence: both ships of an encounter through time.

use crate::model::{EvidenceSample, Facts, Phase, Row, Table, schema};

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Approach => "approach",
        Phase::Contact => "contact",
        Phase::Departure => "departure",
    }
}

/// One row per ship and sample; by encounter, ship, time.
pub(super) fn table(facts: &Facts) -> Table {
    let mut rows = Vec::new();
    for e in &facts.encounters {
        let id = e.id().to_string();
        for (party, track) in [e.pair.first(), e.pair.second()].iter().enumerate() {
            for s in &e.evidence {
                rows.push(row(&id, track.mmsi, party, s));
            }
        }
    }
    Table {
        schema: &schema::EVIDENCE,
        rows,
    }
}

fn row(id: &str, mmsi: u32, party: usize, s: &EvidenceSample) -> Row {
    let mut row = Row::new(&schema::EVIDENCE);
    let sample = &s.sample;
    row.set("event_id", id)
        .set("mmsi", mmsi)
        .set("t", sample.t)
        .set("lon", sample.place[party].lon())
        .set("lat", sample.place[party].lat())
        .set("sog_kn", sample.sog_kn(party))
        .set("heading_deg", sample.heading_deg(party))
        .set("sigma_m", sample.sigma_m())
        .set("phase", phase(s.phase));
    row
}
