//! Plain rows, cut into chunks, driven through the engine, rendered as text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;
use std::sync::LazyLock;

use alongside::assess;
use alongside::model::report::{SHARDS, shard_of};
use alongside::model::{
    AisClass, Chunk, Extent, LonLat, Mmsi, NavStatus, PositionReport, Seen, StaticRecord,
    StaticSpan, Table, Timestamp,
};
use alongside::pipeline::{Engine, EngineParams};
use alongside::proximity::{GridSearch, PairSearch};
use alongside::stage::{Uncharted, Waters};

/// Midnight of 2 June 2018, where all made-up traffic begins.
pub const DAY_0: i64 = 17_684 * DAY_MS;
/// Milliseconds in a day.
pub const DAY_MS: i64 = 86_400_000;

/// A position report as a plain row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    pub mmsi: u32,
    pub t: i64,
    pub place: LonLat,
    pub sog_kn: Option<f32>,
    pub cog_deg: Option<f32>,
    pub heading_deg: Option<f32>,
    pub nav_status: Option<u8>,
    pub class: Option<AisClass>,
}

/// A static report as a plain row.
#[derive(Clone, Debug, PartialEq)]
pub struct Statics {
    pub mmsi: u32,
    pub t: i64,
    pub record: StaticRecord,
}

/// All rows of a run, in any order, and the time up to which they are complete.
#[derive(Clone, Debug, Default)]
pub struct Traffic {
    pub positions: Vec<Position>,
    pub statics: Vec<Statics>,
    pub complete_to: i64,
}

impl Traffic {
    /// The rows in chunks that end at `cuts` and at `complete_to`; cuts may repeat (an empty chunk) and stand in
    /// any order. Inside a chunk the rows come in an order drawn from `shuffle`.
    pub fn chunks(&self, cuts: &[i64], shuffle: u64) -> Vec<Chunk> {
        let mut ends: Vec<i64> = cuts.iter().map(|c| (*c).min(self.complete_to)).collect();
        ends.push(self.complete_to);
        ends.sort_unstable();
        let mut from = i64::MIN;
        let mut chunks = Vec::new();
        for to in ends {
            let within = |t: i64| from <= t && t < to;
            let mut positions: Vec<_> = self
                .positions
                .iter()
                .filter(|p| within(p.t))
                .copied()
                .collect();
            let mut statics: Vec<_> = self
                .statics
                .iter()
                .filter(|s| within(s.t))
                .cloned()
                .collect();
            let mut dice = Dice(shuffle);
            dice.shuffle(&mut positions);
            dice.shuffle(&mut statics);
            chunks.push(chunk(&positions, &statics, to));
            from = to;
        }
        chunks
    }

    /// The rows in one chunk per UTC day.
    pub fn days(&self) -> Vec<Chunk> {
        let first = self.positions.iter().map(|p| p.t).min().unwrap_or(DAY_0);
        let mut day = first.div_euclid(DAY_MS) + 1;
        let mut cuts = Vec::new();
        while day * DAY_MS < self.complete_to {
            cuts.push(day * DAY_MS);
            day += 1;
        }
        self.chunks(&cuts, 0)
    }

    /// The same traffic with every position changed.
    pub fn map(&self, change: impl Fn(Position) -> Position) -> Self {
        Self {
            positions: self.positions.iter().map(|p| change(*p)).collect(),
            ..self.clone()
        }
    }

    /// The same traffic, later by `ms`.
    pub fn later(&self, ms: i64) -> Self {
        let mut moved = self.map(|p| Position { t: p.t + ms, ..p });
        moved.statics.iter_mut().for_each(|s| s.t += ms);
        moved.complete_to += ms;
        moved
    }
}

fn chunk(positions: &[Position], statics: &[Statics], complete_to: i64) -> Chunk {
    // As an ingester would: an origin before the first row, here the start of its day.
    let first = positions.iter().map(|p| p.t).min().unwrap_or(complete_to);
    let origin = Timestamp(first.div_euclid(DAY_MS) * DAY_MS);
    let mut shards = vec![Vec::new(); SHARDS];
    for p in positions {
        let mmsi = Mmsi::new(p.mmsi).expect("made-up MMSIs are valid");
        let ms = u32::try_from(p.t - origin.0).expect("a chunk spans less than 49 days");
        let report = PositionReport::new(mmsi, ms, p.place)
            .with_sog_kn(p.sog_kn)
            .with_cog_deg(p.cog_deg)
            .with_heading_deg(p.heading_deg)
            .with_nav_status(p.nav_status.and_then(NavStatus::new))
            .with_class(p.class);
        shards[shard_of(p.mmsi)].push(report);
    }
    // One span per vessel, day and record, as sealed days bring them.
    let mut spans: BTreeMap<(u32, i64, StaticRecord), StaticSpan> = BTreeMap::new();
    for s in statics {
        // A row of a table has both.
        let same_row = |p: &&Position| (p.mmsi, p.t) == (s.mmsi, s.t);
        let areas = positions.iter().filter(same_row);
        let areas = areas.map(|p| Extent::of(p.place));
        let span = StaticSpan {
            mmsi: s.mmsi,
            record: s.record.clone(),
            seen: Seen {
                area: areas.reduce(Extent::with),
                ..Seen::once(Timestamp(s.t), None)
            },
        };
        spans
            .entry((s.mmsi, s.t.div_euclid(DAY_MS), s.record.clone()))
            .and_modify(|known| known.seen.merge(&span.seen))
            .or_insert(span);
    }
    let mut spans: Vec<StaticSpan> = spans.into_values().collect();
    // Spans stand in any order: here the reverse of the sorted one.
    spans.reverse();
    Chunk {
        origin,
        positions: shards,
        statics: spans,
        complete_to: Timestamp(complete_to),
    }
}

/// How the rows are run.
#[derive(Clone)]
pub struct Rig {
    pub params: EngineParams,
    pub assess: assess::Params,
    pub waters: Arc<dyn Waters + Send>,
    pub search: Arc<dyn PairSearch + Send>,
}

impl Rig {
    /// With every parameter at its default, in waters of which nothing is known.
    pub fn new() -> Self {
        Self {
            params: EngineParams::default(),
            assess: assess::Params::default(),
            waters: Arc::new(Uncharted),
            search: Arc::new(GridSearch),
        }
    }

    /// An engine that has seen nothing.
    pub fn engine(&self) -> Engine {
        Engine::with_search(
            self.params.clone(),
            self.waters.clone(),
            self.search.clone(),
        )
    }

    /// The engine after these chunks.
    pub fn run(&self, chunks: Vec<Chunk>) -> Engine {
        let mut engine = self.engine();
        chunks.into_iter().for_each(|chunk| engine.step(chunk));
        engine
    }

    /// The engine after these chunks, put away as bytes and taken up again after each, and the final rows of a table.
    ///
    /// # Panics
    /// If a row that was final is lost.
    pub fn run_stored(&self, chunks: Vec<Chunk>, table: &str) -> (Engine, BTreeSet<String>) {
        let mut engine = self.engine();
        let mut finals: BTreeSet<String> = BTreeSet::new();
        let table = format!("{table} ");
        let is_final = |l: &&str| l.starts_with(&table) && l.contains("Text(\"final\")");
        for chunk in chunks {
            engine.step(chunk);
            let bytes = engine.suspend().unwrap();
            engine = self.engine();
            engine.resume(&bytes).unwrap();
            let text = render(&self.tables(&engine));
            let rows: BTreeSet<String> = text.lines().filter(is_final).map(str::to_owned).collect();
            let lost = finals.difference(&rows).next();
            assert!(lost.is_none(), "not final: {}", lost.unwrap());
            finals = rows;
        }
        (engine, finals)
    }

    /// The tables as they stand.
    pub fn tables(&self, engine: &Engine) -> Vec<Table> {
        static WORLD: LazyLock<assess::World> = LazyLock::new(assess::World::builtin);
        assess::assess(engine.facts(), &WORLD, &self.assess)
    }

    /// Everything that a run reports, as text.
    pub fn report(&self, engine: &Engine) -> String {
        let mut text = render(&self.tables(engine));
        for (reason, n) in engine.rejects().iter() {
            writeln!(text, "rejected {} {n}", reason.name()).unwrap();
        }
        writeln!(text, "{:?}", engine.exclusions()).unwrap();
        text
    }
}

/// Tables as text, one cell after the other, floats to the last bit.
pub fn render(tables: &[Table]) -> String {
    let mut text = String::new();
    for table in tables {
        for row in table.rows().iter() {
            write!(text, "{}", table.schema.name).unwrap();
            for (column, cell) in table.schema.columns.iter().zip(row.cells()) {
                if *cell != alongside::model::Value::Null {
                    write!(text, " {}={cell:?}", column.name).unwrap();
                }
            }
            text.push('\n');
        }
    }
    text
}

/// Lines in which two texts differ, few enough to read.
pub fn difference(left: &str, right: &str) -> String {
    let only = |a: &str, b: &str, mark: char| {
        let known: std::collections::BTreeSet<&str> = b.lines().collect();
        a.lines()
            .filter(|line| !known.contains(line))
            .take(6)
            .map(|line| format!("{mark} {}\n", &line[..line.len().min(900)]))
            .collect::<String>()
    };
    only(left, right, '-') + &only(right, left, '+')
}

/// Numbers that look random and are the same for the same seed (SplitMix64, Steele et al., OOPSLA 2014).
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in `[0, 1)`.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in `[low, high)`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.share()
    }

    /// Whether something of this probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// Below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i + 1));
        }
    }
}
