//! The table of evidence: both ships of an encounter through time.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::Params;
use super::encounters::said;
use super::geometry::Headings;
use crate::hull::Hull;
use crate::model::table::MakeRows;
use crate::model::{Encounter, EvidenceSample, Facts, Phase, Row, Table, schema};

fn phase_name(phase: Phase) -> &'static str {
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
    samples: Vec<EvidenceSample>,
    /// The hulls' gap in each sample, metres: of both ships' rows, which are made anew for every format.
    gaps_m: Vec<Option<f64>>,
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
            rows.push(row(e, within / n, within % n));
            at += 1;
        }
        rows
    }
}

/// The hulls of both ships by which the encounter's row tells their gap.
fn hulls(e: &Encounter, facts: &Facts, params: &Params) -> [Option<Hull>; 2] {
    // Of ships that were never heard together there is nothing to measure.
    if !e.is_observed() {
        return [None; 2];
    }
    said(facts, e, params.window_in_period(e.start, e.end))
}

/// One row per ship and sample, by encounter, ship, time; of encounters whose ships these facts tell of.
pub(super) fn table(
    encounters: impl ParallelIterator<Item = Encounter>,
    facts: &Facts,
    params: &Params,
) -> Table {
    let mut begins = vec![0];
    let made = encounters.map(|e| {
        let hulls = hulls(&e, facts, params);
        let headings = Headings::of(&e, hulls);
        let gap_m = |s: &EvidenceSample| headings.likely_gap_m(&s.sample, hulls);
        OfEncounter {
            id: e.id().to_string(),
            mmsi: e.pair.tracks().map(|track| track.mmsi),
            gaps_m: e.evidence.iter().map(gap_m).collect(),
            samples: e.evidence,
        }
    });
    let encounters: Vec<OfEncounter> = made.collect();
    for e in &encounters {
        begins.push(begins[begins.len() - 1] + 2 * e.samples.len());
    }
    let evidence = Evidence { encounters, begins };
    Table::made(&schema::EVIDENCE, Arc::new(evidence))
}

fn row(e: &OfEncounter, party: usize, at: usize) -> Row {
    let EvidenceSample { sample, phase } = &e.samples[at];
    // In the order of the columns: there are too many rows to look each column up by its name.
    Row::of(
        &schema::EVIDENCE,
        vec![
            e.id.as_str().into(),
            e.mmsi[party].into(),
            sample.t.into(),
            sample.place[party].lon().into(),
            sample.place[party].lat().into(),
            sample.sog_kn(party).into(),
            sample.heading_deg(party).into(),
            e.gaps_m[at].into(),
            sample.sigma_m().into(),
            phase_name(*phase).into(),
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{PairKey, Seen, StaticRecord, StaticSpan, Timestamp, TrackId};

    /// A tanker with an IMO number isn't 15 m long: what the row refuses, the samples don't tell either.
    #[test]
    fn samples_are_measured_with_the_sizes_that_the_row_believes() {
        let track = |mmsi| TrackId {
            mmsi,
            start: Timestamp(0),
        };
        let pair = PairKey::new(track(311_000_001), track(538_000_002)).unwrap();
        let [start, end] = [0, 6 * 3_600_000].map(Timestamp);
        let mut facts = Facts {
            encounters: vec![Encounter::bare(pair, start, end)],
            ..Facts::default()
        };
        for (mmsi, length_dm, beam_dm) in [(311_000_001, 150, 30), (538_000_002, 2280, 322)] {
            let record = StaticRecord {
                ship_type: Some(80),
                imo: Some(9_275_658),
                length_dm: Some(length_dm),
                beam_dm: Some(beam_dm),
                ..StaticRecord::default()
            };
            facts.histories.entry(mmsi).or_default().add(&StaticSpan {
                mmsi,
                record,
                seen: Seen::once(start, None),
            });
        }
        let known = hulls(&facts.encounters[0], &facts, &Params::default());
        let known = known.map(|hull| hull.is_some());
        assert_eq!(known, [false, true]);
    }
}
