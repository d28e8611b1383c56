//! Each stage beside its slow twin or a bare read: `cargo bench`.
//!
//! Every bench prints once what it found, since a time without a result says nothing.

#![allow(
    clippy::print_stderr,
    reason = "a program of its own that says what it found"
)]

use std::path::PathBuf;
use std::sync::Arc;

use alongside::encounter::{self, EncounterStage};
use alongside::geodesy::{Plane, n_vector};
use alongside::ingest::{self, Options};
use alongside::model::{Chunk, LonLat, PairBatch, Timestamp};
use alongside::pipeline::{Engine, EngineParams};
use alongside::proximity::{self, BruteForce, GridSearch, PairSearch, ProximityStage, SlotPoint};
use alongside::stage::{Stage, Uncharted};
use alongside::track::{self, TrackStage};
use divan::Bencher;

fn main() {
    divan::main();
}

fn sample() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/us_coast_2020-06-30.csv.gz")
}

fn day() -> Chunk {
    let options = Options::at(Timestamp::MAX);
    let mut archive = ingest::read(&[sample()], &ingest::Params::default(), &options, &())
        .expect("the sample is part of the repository");
    let day = archive.days()[0];
    archive.take(day).expect("the day is in memory")
}

/// Ships of a slot: their number, and the width of the square that holds them.
#[derive(Clone, Copy, Debug)]
enum Scene {
    /// 5,000 ships over 4,000 km.
    Ocean,
    /// 2,000 over 60 km.
    Strait,
    /// 300 craft over 600 m.
    Marina,
    /// 200 tankers over 12 km.
    Anchorage,
}

const SCENES: [Scene; 4] = [Scene::Ocean, Scene::Strait, Scene::Marina, Scene::Anchorage];

impl Scene {
    fn ships(self) -> Vec<SlotPoint> {
        match self {
            Self::Ocean => ships(5000, 4.0e6),
            Self::Strait => ships(2000, 6.0e4),
            Self::Marina => ships(300, 600.0),
            Self::Anchorage => ships(200, 1.2e4),
        }
    }
}

fn ships(n: u32, width_m: f64) -> Vec<SlotPoint> {
    let plane = Plane::at(LonLat::from_degrees(103.9, 1.2).expect("a place"));
    // A linear congruence (Knuth, TAOCP 2, 3.3.4): the same places every time.
    let mut state = 42_u64;
    let mut along = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5) * width_m
    };
    (0..n)
        .map(|i| {
            let place = plane.to_place([along(), along()]);
            SlotPoint {
                n: n_vector(place),
                reach_m: 20.0,
                interested: i % 3 == 0,
            }
        })
        .collect()
}

fn search(bencher: Bencher, scene: Scene, with: &dyn PairSearch) {
    let points = scene.ships();
    eprintln!(
        "{scene:?}: {} pairs of {} ships",
        with.pairs(&points, 500.0).len(),
        points.len()
    );
    bencher.bench_local(|| with.pairs(&points, 500.0));
}

#[divan::bench(args = SCENES)]
fn slot_grid(bencher: Bencher, scene: Scene) {
    search(bencher, scene, &GridSearch);
}

#[divan::bench(args = SCENES)]
fn slot_brute_force(bencher: Bencher, scene: Scene) {
    search(bencher, scene, &BruteForce);
}

/// Ever more ships in one anchorage of 12 km.
#[divan::bench(args = [50, 200, 800, 3200])]
fn slot_grid_anchorage(bencher: Bencher, n: u32) {
    let points = ships(n, 1.2e4);
    eprintln!(
        "{n} ships: {} pairs",
        GridSearch.pairs(&points, 500.0).len()
    );
    bencher.bench_local(|| GridSearch.pairs(&points, 500.0));
}

#[divan::bench(sample_count = 10)]
fn parse(bencher: Bencher) {
    let chunk = day();
    let rows: usize = chunk.positions.iter().map(Vec::len).sum();
    eprintln!("parse: {rows} rows");
    bencher.bench_local(day);
}

/// What parsing is held against: the bytes alone.
#[divan::bench(sample_count = 10)]
fn parse_bare_read(bencher: Bencher) {
    let read = || {
        let bytes = std::fs::read(sample()).expect("the sample is there");
        let mut text = Vec::new();
        std::io::Read::read_to_end(
            &mut flate2::read::MultiGzDecoder::new(&bytes[..]),
            &mut text,
        )
        .expect("the sample is whole");
        memchr::memchr_iter(b'\n', &text).count()
    };
    eprintln!("parse_bare_read: {} lines", read());
    bencher.bench_local(read);
}

#[divan::bench(sample_count = 10)]
fn by_vessel(bencher: Bencher) {
    let chunk = day();
    let mut stage = TrackStage::new(track::Params::default());
    let out = stage.step(chunk.clone());
    let fixes: usize = out.batch.tracks.iter().map(|t| t.fixes.len()).sum();
    eprintln!(
        "by_vessel: {fixes} fixes, {} outliers and repeats",
        out.rejects.total()
    );
    bencher
        .with_inputs(|| (TrackStage::new(track::Params::default()), chunk.clone()))
        .bench_local_values(|(mut stage, chunk)| stage.step(chunk));
}

fn engine(search: Arc<dyn PairSearch + Send>) -> Engine {
    let mut params = EngineParams::default();
    params.proximity.all_pairs = true;
    Engine::with_search(params, Arc::new(Uncharted), search)
}

fn all_stages(bencher: Bencher, name: &str, search: Arc<dyn PairSearch + Send>) {
    let chunk = day();
    let mut once = engine(search.clone());
    once.step(chunk.clone());
    eprintln!(
        "{name}: {} encounters of all pairs",
        once.into_facts().encounters.len()
    );
    bencher
        .with_inputs(|| (engine(search.clone()), chunk.clone()))
        .bench_local_values(|(mut engine, chunk)| {
            engine.step(chunk);
            engine.into_facts()
        });
}

#[divan::bench(sample_count = 5)]
fn all_stages_grid(bencher: Bencher) {
    all_stages(bencher, "all_stages_grid", Arc::new(GridSearch));
}

#[divan::bench(sample_count = 5)]
fn all_stages_brute_force(bencher: Bencher) {
    all_stages(bencher, "all_stages_brute_force", Arc::new(BruteForce));
}

/// Measured slots of all pairs of the day.
fn pairs() -> PairBatch {
    let params = proximity::Params {
        all_pairs: true,
        ..proximity::Params::default()
    };
    let out = TrackStage::new(track::Params::default()).step(day());
    ProximityStage::new(params, Arc::new(Uncharted)).finish(Some(out.batch))
}

#[divan::bench(sample_count = 10)]
fn by_pair(bencher: Bencher) {
    let batch = pairs();
    let stage = || EncounterStage::new(encounter::Params::default());
    let samples: usize = batch.slots.iter().map(|s| s.samples.len()).sum();
    eprintln!(
        "by_pair: {} encounters from {samples} samples in {} slots of pairs",
        stage().finish(Some(batch.clone())).len(),
        batch.slots.len()
    );
    bencher
        .with_inputs(|| (stage(), batch.clone()))
        .bench_local_values(|(stage, batch)| stage.finish(Some(batch)));
}

/// What judging pairs is held against: every sample looked at once.
#[divan::bench(sample_count = 10)]
fn by_pair_bare_read(bencher: Bencher) {
    let batch = pairs();
    let near = || {
        let samples = batch.slots.iter().flat_map(|s| &s.samples);
        samples.filter(|s| s.separation_m() <= 500.0).count()
    };
    eprintln!("by_pair_bare_read: {} near samples", near());
    bencher.bench_local(near);
}

/// The day as so many nights, each of which begins from the bytes that the last one left, as a nightly run does. One
/// night is the batch that the others are held against: they must find the same.
#[divan::bench(args = [1, 4, 24], sample_count = 5)]
fn nights(bencher: Bencher, n: u32) {
    let run = |chunk: Chunk| {
        let mut engine = engine(Arc::new(GridSearch));
        let mut bytes = engine.suspend().expect("it can be encoded");
        for night in chunk.split(86_400_000 / n) {
            engine.resume(&bytes).expect("its own bytes");
            engine.step(night);
            bytes = engine.suspend().expect("it can be encoded");
        }
        (engine.into_facts().encounters.len(), bytes.len())
    };
    let chunk = day();
    let (found, bytes) = run(chunk.clone());
    eprintln!("nights: {n} find {found} encounters of all pairs, the last leaves {bytes} bytes");
    bencher
        .with_inputs(|| chunk.clone())
        .bench_local_values(run);
}
