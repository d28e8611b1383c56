//! BY VESSEL: from reports of one MMSI to clean tracks, slow runs and gaps.
//!
//! In: [`Chunk`]s of accepted rows. Out: fixes by track, closed gaps, closed slow runs, counts.
//! Rule: reports are read in time order, ties by content. A report that no track of the vessel can reach
//! waits as a candidate; three that reach one another within `track_confirm_s` are a track of their own
//! (two ships under one MMSI), fewer are outliers. Every decision looks at earlier reports of the same
//! vessel only, or at time limits that [`Chunk::complete_to`] has passed, so cuts don't matter.

mod interrupted;
mod lay;
mod leg;
mod pace;
mod passage;
mod presence;
mod reach;
mod rivals;
mod slow;
mod stay;
mod stretch;
mod vessel;

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::model::param::within;
use crate::model::presence::Rivalry;
use crate::model::report::SHARDS;
use crate::model::{
    Chunk, Gap, ParamError, PositionReport, RejectLedger, SlowRun, Stay, Timestamp, TrackBatch,
    VesselSummary,
};
use crate::stage::{Pieces, Stage, StateError, decode, encode_in_pieces, encoded_bytes};
pub use presence::PresenceStage;
use vessel::VesselState;

/// Parameters of the vessel stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Params {
    /// Greatest speed that a ship can have made between two fixes, knots.
    pub max_speed_kn: f64,
    /// Distance that two fixes of one place may lie apart by noise and rounding, metres.
    pub position_noise_m: f64,
    /// Time within which three fixes must agree to be a track beside a live one, seconds.
    pub track_confirm_s: i64,
    /// Time by which a rebroadcast position may be stale, seconds.
    pub stale_s: i64,
    /// Speed below which a ship is slow, knots.
    pub loiter_speed_kn: f64,
    /// Speed below which a ship may count as adrift, knots.
    pub adrift_speed_kn: f64,
    /// Angle between course and heading beyond which a ship is adrift, degrees.
    pub drift_angle_deg: f64,
    /// Least duration of a slow run, hours.
    pub loiter_min_h: f64,
    /// Longest move between two slow runs that are joined, hours.
    pub loiter_join_h: f64,
    /// Greatest distance between two slow runs that are joined, kilometres.
    pub loiter_join_km: f64,
    /// Longest silence inside a slow run, hours.
    pub loiter_silence_h: f64,
    /// Least duration of a stay at one place that may be a call at a port, hours.
    pub stay_min_h: f64,
    /// Silence beyond which there is an AIS gap, hours.
    pub gap_min_h: f64,
    /// Silence beyond which there is one where others are heard well, hours.
    pub gap_short_h: f64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            max_speed_kn: 60.0,
            position_noise_m: 100.0,
            track_confirm_s: 3600,
            stale_s: 120,
            loiter_speed_kn: 2.0,
            adrift_speed_kn: 5.0,
            drift_angle_deg: 30.0,
            loiter_min_h: 2.0,
            loiter_join_h: 3.0,
            loiter_join_km: 30.0,
            loiter_silence_h: 24.0,
            stay_min_h: 1.0,
            gap_min_h: 6.0,
            gap_short_h: 3.0,
        }
    }
}

impl Params {
    /// Holds every value to its range.
    ///
    /// # Errors
    /// On the first value out of range.
    pub fn validate(&self) -> Result<(), ParamError> {
        within("max_speed_kn", self.max_speed_kn, 1.0..=200.0)?;
        within("position_noise_m", self.position_noise_m, 0.0..=10_000.0)?;
        within("track_confirm_s", self.track_confirm_s, 60..=86_400)?;
        within("stale_s", self.stale_s, 0..=3600)?;
        within("loiter_speed_kn", self.loiter_speed_kn, 0.1..=10.0)?;
        within("adrift_speed_kn", self.adrift_speed_kn, 0.1..=20.0)?;
        within("drift_angle_deg", self.drift_angle_deg, 1.0..=180.0)?;
        within("loiter_min_h", self.loiter_min_h, 0.1..=72.0)?;
        within("loiter_join_h", self.loiter_join_h, 0.0..=72.0)?;
        within("loiter_join_km", self.loiter_join_km, 0.0..=500.0)?;
        within("loiter_silence_h", self.loiter_silence_h, 0.0..=240.0)?;
        within("stay_min_h", self.stay_min_h, 0.1..=6.0)?;
        within("gap_min_h", self.gap_min_h, 0.5..=240.0)?;
        within("gap_short_h", self.gap_short_h, 0.5..=240.0)
    }

    /// The shortest silence that is kept, hours.
    pub fn silence_h(&self) -> f64 {
        self.gap_short_h.min(self.gap_min_h)
    }
}

/// What the vessel stage says.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// For the slot stage.
    pub batch: TrackBatch,
    /// Gaps that closed; from [`Stage::finish`] also open ones.
    pub gaps: Vec<Gap>,
    /// Slow runs that closed; from [`Stage::finish`] also open ones.
    pub slow_runs: Vec<SlowRun>,
    /// Tracks of one MMSI that took turns, by day.
    pub rivalries: Vec<Rivalry>,
    /// Stays that closed; from [`Stage::finish`] also open ones.
    pub stays: Vec<Stay>,
    /// Reports that were not used.
    pub rejects: RejectLedger,
}

impl Output {
    /// Adds what was said of other vessels, or later.
    fn absorb(&mut self, other: Self) {
        self.batch.tracks.extend(other.batch.tracks);
        self.gaps.extend(other.gaps);
        self.slow_runs.extend(other.slow_runs);
        self.rivalries.extend(other.rivalries);
        self.stays.extend(other.stays);
        self.rejects.merge(&other.rejects);
    }
}

/// The vessel stage.
#[derive(Clone, Debug)]
pub struct TrackStage {
    params: Params,
    state: State,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct State {
    complete_to: Timestamp,
    span: Option<(Timestamp, Timestamp)>,
    shards: Vec<BTreeMap<u32, VesselState>>,
}

impl TrackStage {
    /// A stage that has seen nothing.
    pub fn new(params: Params) -> Self {
        Self {
            params,
            state: State {
                complete_to: Timestamp::MIN,
                span: None,
                shards: vec![BTreeMap::new(); SHARDS],
            },
        }
    }

    /// The first and the last report seen.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        self.state.span
    }

    /// What was counted of each MMSI, by MMSI.
    pub fn vessels(&self) -> Vec<VesselSummary> {
        let mut all: Vec<_> = self
            .state
            .shards
            .iter()
            .flatten()
            .filter_map(|(mmsi, vessel)| vessel.summary(*mmsi))
            .collect();
        all.sort_by_key(|v| v.mmsi);
        all
    }

    /// How many fixes wait beside tracks for company; [`Self::vessels`] counts them as outliers.
    pub fn waiting(&self) -> u64 {
        let vessels = self.state.shards.iter().flat_map(BTreeMap::values);
        vessels.map(|vessel| vessel.waiting() as u64).sum()
    }
}

/// What all shards of vessels said, in one order.
fn merge(shards: Vec<Output>) -> Output {
    let mut out = Output::default();
    shards.into_iter().for_each(|shard| out.absorb(shard));
    out.batch.tracks.sort_by_key(|t| t.track);
    out.gaps.sort_by_key(|g| (g.track, g.start.t));
    out.slow_runs.sort_by_key(|r| (r.track, r.start));
    out.stays.sort_by_key(|s| (s.track, s.start));
    out
}

/// The rows by MMSI, time and content. They come mostly by time, so each vessel's mostly stand in order once they stand
/// together.
fn sorted(rows: Vec<PositionReport>) -> Vec<PositionReport> {
    let Some(first) = rows.first().copied() else {
        return rows;
    };
    let mut counts: Vec<(u32, usize)> = Vec::new();
    let mut vessels: FxHashMap<u32, usize> = FxHashMap::default();
    let of_row: Vec<usize> = (rows.iter())
        .map(|row| {
            let vessel = *vessels.entry(row.mmsi()).or_insert_with(|| {
                counts.push((row.mmsi(), 0));
                counts.len() - 1
            });
            counts[vessel].1 += 1;
            vessel
        })
        .collect();
    let mut order: Vec<usize> = (0..counts.len()).collect();
    order.sort_unstable_by_key(|vessel| counts[*vessel].0);
    let mut next = vec![0; counts.len()];
    let mut begin = 0;
    for vessel in order {
        next[vessel] = begin;
        begin += counts[vessel].1;
    }
    let mut sorted = vec![first; rows.len()];
    for (row, vessel) in rows.iter().zip(of_row) {
        sorted[next[vessel]] = *row;
        next[vessel] += 1;
    }
    for reports in sorted.chunk_by_mut(|a, b| a.mmsi() == b.mmsi()) {
        if !reports.is_sorted() {
            reports.sort_unstable();
        }
    }
    sorted
}

impl Stage for TrackStage {
    type Input = Chunk;
    type Output = Output;

    fn step(&mut self, mut chunk: Chunk) -> Output {
        let params = &self.params;
        let (origin, complete_to) = (chunk.origin, chunk.complete_to);
        chunk.positions.resize(SHARDS, Vec::new());
        let times = chunk.positions.iter().flatten().map(PositionReport::ms);
        let span = times.fold(None, |span: Option<(u32, u32)>, ms| {
            let (first, last) = span.unwrap_or((ms, ms));
            Some((first.min(ms), last.max(ms)))
        });
        if let Some((first, last)) = span {
            let at = |ms: u32| Timestamp(origin.0 + i64::from(ms));
            let (begin, end) = self.state.span.unwrap_or((at(first), at(last)));
            self.state.span = Some((begin.min(at(first)), end.max(at(last))));
        }
        let shards: Vec<Output> = chunk
            .positions
            .into_par_iter()
            .zip(self.state.shards.par_iter_mut())
            .map(|(rows, vessels)| {
                let mut out = Output::default();
                for reports in sorted(rows).chunk_by(|a, b| a.mmsi() == b.mmsi()) {
                    vessels
                        .entry(reports[0].mmsi())
                        .or_default()
                        .take(reports, origin, params, &mut out);
                }
                for vessel in vessels.values_mut() {
                    vessel.expire(complete_to, params, &mut out);
                }
                out
            })
            .collect();
        self.state.complete_to = complete_to;
        let mut out = merge(shards);
        out.batch.statics = chunk.statics;
        out.batch.statics.sort();
        out.batch.complete_to = self.watermark();
        out
    }

    fn watermark(&self) -> Timestamp {
        self.state.complete_to.plus_s(-self.params.track_confirm_s)
    }

    fn suspend_in_pieces(&self) -> Result<Pieces, StateError> {
        encode_in_pieces("track", 6, &self.state)
    }

    fn state_bytes(&self) -> Result<u64, StateError> {
        encoded_bytes("track", 6, &self.state)
    }

    fn resume(&mut self, state: &[u8]) -> Result<(), StateError> {
        self.state = decode("track", 6, state)?;
        Ok(())
    }

    fn finish(mut self, rest: Option<Chunk>) -> Output {
        let before = rest.map(|chunk| self.step(chunk)).unwrap_or_default();
        let params = &self.params;
        let data_end = self.state.span.map_or(Timestamp::MIN, |(_, last)| last);
        let shards = self
            .state
            .shards
            .par_iter_mut()
            .map(|vessels| {
                let mut out = Output::default();
                for vessel in vessels.values_mut() {
                    vessel.finish(data_end, params, &mut out);
                }
                out
            })
            .collect();
        let mut last = merge(shards);
        last.gaps.iter_mut().for_each(|gap| gap.closed = false);
        last.slow_runs.iter_mut().for_each(|run| run.closed = false);
        last.stays.iter_mut().for_each(|stay| stay.closed = false);
        let mut out = before;
        out.absorb(last);
        out.batch.complete_to = Timestamp::MAX;
        out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::report::shard_of;
    use crate::model::{LonLat, Mmsi, UtcDay};

    /// A ship heard every hour, and three false fixes a day, far off and elsewhere every day.
    #[test]
    fn false_tracks_that_are_over_are_counted_and_not_kept() {
        let ship = Mmsi::new(311_000_001).expect("a ship's MMSI");
        let mut stage = TrackStage::new(Params::default());
        let mut bytes = Vec::new();
        for day in 0..40 {
            let at = |minute: u32, lon: f64| {
                let place = LonLat::from_degrees(lon, 45.0).expect("on the globe");
                PositionReport::new(ship, minute * 60_000, place)
            };
            let true_ones = (0..24).map(|hour| at(60 * hour, -30.0));
            // More than a day after the last ones, or they would go on with those.
            let minute = 305 + 25 * day as u32;
            let false_ones = (0..3).map(|i| at(minute + 10 * i, f64::from(day)));
            let mut positions = vec![Vec::new(); SHARDS];
            positions[shard_of(ship.number())] = true_ones.chain(false_ones).collect();
            stage.step(Chunk {
                origin: UtcDay(day).start(),
                positions,
                statics: Vec::new(),
                complete_to: UtcDay(day).end(),
            });
            bytes.push(stage.state_bytes().expect("a state can be written"));
        }
        let all = stage.vessels();
        assert_eq!((all[0].tracks, all[0].rows), (41, 40 * 27));
        assert_eq!(all[0].first, UtcDay(0).start());
        // Numbers grow by a byte or two.
        assert!(
            bytes[39] <= bytes[9] + 32,
            "{} after {}",
            bytes[39],
            bytes[9]
        );
    }

    proptest! {
        #[test]
        fn rows_are_sorted_vessel_by_vessel(
            rows in prop::collection::vec((1_u32..6, 0_u32..50, 0_i32..3), 0..200),
        ) {
            let row = |(mmsi, ms, lon)| {
                let ship = Mmsi::new(mmsi).expect("a number of an MMSI");
                PositionReport::new(ship, ms, LonLat::from_e7(lon, 0))
            };
            let rows: Vec<PositionReport> = rows.into_iter().map(row).collect();
            let mut expected = rows.clone();
            expected.sort_unstable();
            prop_assert_eq!(sorted(rows), expected);
        }
    }
}
