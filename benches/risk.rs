//! What each weight of the risk does: facts planted into simulated transfers, one weight off at a time.
//!
//! ```text
//! cargo run --release --example risk -- [SEED]...
//! ```
//!
//! Of the transfers that a scan of simulated traffic calls (seeds 301 to 303 if none is given), every second one is
//! left as it is, and each of the others is given one fact of the red flags. Printed is the area under the
//! ROC curve: how often a transfer with a fact has a higher risk than one without (ties count half). It measures whether a
//! fact moves an event up among lawful ones, not how often such facts mean a wrong: nobody has labels for that.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program of its own that prints figures"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use alongside::assess::{self, RiskParams, World, assess};
use alongside::gazetteer::Gazetteer;
use alongside::ingest::{self, Options};
use alongside::model::{
    Encounter, Facts, LonLat, PairKey, Row, Seen, StaticHistory, StaticRecord, StaticSpan, Table,
    Timestamp, TrackId, Value,
};
use alongside::pipeline::{Engine, EngineParams};
use alongside::simulate::{self, simulate};
use alongside::{Config, ScanRequest};

const HOUR: i64 = 3_600_000;

/// A fact that is planted, and the weight that should tell it.
struct Plant {
    name: &'static str,
    weight: fn(&mut RiskParams) -> &mut f64,
    plant: fn(&mut Facts, &Encounter),
}

/// A list's IMO number, which no ship of the simulator has.
const LISTED: u32 = 8_660_313;

const PLANTS: [Plant; 8] = [
    Plant {
        name: "listed",
        weight: |w| &mut w.listed,
        plant: |facts, e| rewrite(facts, first(e), |r| r.imo = Some(LISTED)),
    },
    Plant {
        name: "dark_gap",
        weight: |w| &mut w.dark_gap,
        plant: |facts, e| silence(facts, e, 30, 24.0),
    },
    Plant {
        name: "draught_in_gap",
        weight: |w| &mut w.draught_in_gap,
        plant: |facts, e| {
            silence(facts, e, 8, 24.0);
            let after = Timestamp(e.start.0 - 20 * HOUR);
            deeper(facts, first(e), after);
        },
    },
    Plant {
        name: "changed_identity",
        weight: |w| &mut w.changed_identity,
        plant: |facts, e| {
            let before = Timestamp(e.start.0 - 20 * 24 * HOUR);
            says(facts, first(e), before, |r| {
                r.name = Some("QZXW".to_owned())
            });
        },
    },
    Plant {
        name: "no_imo",
        weight: |w| &mut w.no_imo,
        plant: |facts, e| {
            rewrite(facts, first(e), |r| {
                r.imo = None;
                r.destination = Some("SEA".to_owned());
            })
        },
    },
    Plant {
        name: "odd_partner",
        weight: |w| &mut w.odd_partner,
        plant: |facts, e| {
            rewrite(facts, first(e), |r| r.ship_type = Some(80));
            rewrite(facts, e.pair.second().mmsi, |r| r.ship_type = Some(70));
        },
    },
    Plant {
        name: "repeated_transfer",
        weight: |w| &mut w.repeated_transfer,
        plant: |facts, e| (1..=2).for_each(|n| again(facts, e, n)),
    },
    Plant {
        name: "for_orders",
        weight: |w| &mut w.for_orders,
        plant: |facts, e| {
            rewrite(facts, first(e), |r| {
                r.destination = Some("FOR ORDERS".to_owned())
            })
        },
    },
];

fn first(e: &Encounter) -> u32 {
    e.pair.first().mmsi
}

/// Changes every record that a ship sent.
fn rewrite(facts: &mut Facts, mmsi: u32, change: fn(&mut StaticRecord)) {
    let old = facts.histories.remove(&mmsi).unwrap_or_default();
    let mut new = StaticHistory::default();
    for (first, last, heard, record) in old.canonical() {
        let mut record = record.clone();
        change(&mut record);
        let seen = Seen {
            first,
            last,
            heard,
            area: None,
        };
        new.add(&StaticSpan { mmsi, record, seen });
    }
    facts.histories.insert(mmsi, new);
}

/// Has the ship send its last record with a change, for an hour.
fn says(facts: &mut Facts, mmsi: u32, t: Timestamp, change: impl Fn(&mut StaticRecord)) {
    let history = facts.histories.entry(mmsi).or_default();
    let last = history
        .canonical()
        .last()
        .map(|(.., record)| (*record).clone());
    let mut record = last.unwrap_or_default();
    change(&mut record);
    history.add(&StaticSpan {
        mmsi,
        record,
        seen: Seen::between(t, Timestamp(t.0 + HOUR)),
    });
}

/// A draught of 3 m more from an instant on, another before it.
fn deeper(facts: &mut Facts, mmsi: u32, t: Timestamp) {
    says(facts, mmsi, Timestamp(t.0 - 60 * HOUR), |r| {
        r.draught_dm = Some(90)
    });
    says(facts, mmsi, t, |r| r.draught_dm = Some(120));
}

/// Silence of the first ship, far out in the Pacific, that ended hours before the transfer.
fn silence(facts: &mut Facts, e: &Encounter, hours: i64, before_h: f64) {
    let Some(mut gap) = facts.gaps.iter().find(|g| g.end.is_some()).cloned() else {
        return;
    };
    let end = e.start.0 - (before_h * HOUR as f64) as i64;
    gap.track = e.pair.first();
    let place = LonLat::from_degrees_wrapped(-135.0, 35.0);
    (gap.start.t, gap.start.place) = (Timestamp(end - hours * HOUR), place);
    if let Some(last) = &mut gap.end {
        (last.t, last.place) = (Timestamp(end), place);
    }
    gap.closed = true;
    facts.gaps.push(gap);
}

/// The same transfer of the first ship again, days before, with a partner of the same make.
fn again(facts: &mut Facts, e: &Encounter, n: u32) {
    let shift = i64::from(n) * 3 * 24 * HOUR;
    let partner = TrackId {
        mmsi: 700_000_000 + n,
        start: Timestamp(e.start.0 - shift - HOUR),
    };
    let mut twin = e.clone();
    let Some(pair) = PairKey::new(e.pair.first(), partner) else {
        return;
    };
    twin.pair = pair;
    twin.start = Timestamp(e.start.0 - shift);
    twin.end = Timestamp(e.end.0 - shift);
    twin.start_not_before = None;
    twin.end_not_after = None;
    for sample in &mut twin.evidence {
        sample.sample.t = Timestamp(sample.sample.t.0 - shift);
    }
    let like = facts.histories.get(&e.pair.second().mmsi).cloned();
    let mut history = StaticHistory::default();
    for (.., record) in like.unwrap_or_default().canonical() {
        history.add(&StaticSpan {
            mmsi: partner.mmsi,
            record: record.clone(),
            seen: Seen::between(twin.start, twin.end),
        });
    }
    facts.histories.insert(partner.mmsi, history);
    facts.encounters.push(twin);
}

/// What a scan finds in a seed's traffic.
fn facts(seed: u64) -> Result<Facts, Box<dyn Error>> {
    let dir = tempfile::tempdir()?;
    let params = simulate::Params {
        seed,
        ..simulate::Params::default()
    };
    let files = simulate(&params, dir.path(), simulate::Format::MarineCadastre)?.files;
    let config = Config::default();
    let clock = ScanRequest::new(Vec::new(), "").clock;
    let mut archive = ingest::read(&files, &config.ingest, &Options::at(clock), &())?;
    let params = EngineParams {
        track: config.track,
        proximity: config.proximity,
        encounter: config.encounter,
        ..EngineParams::default()
    };
    let mut engine = Engine::new(params, Arc::new(Gazetteer::builtin()));
    for day in archive.days() {
        engine.step(archive.take(day)?);
    }
    Ok(engine.into_facts())
}

fn transfers(tables: &[Table]) -> Vec<Row> {
    let is_transfer = |row: &&Row| *row.get("kind") == Value::Text("sts_transfer".to_owned());
    let encounters = tables.iter().find(|t| t.schema.name == "encounters");
    encounters.map_or_else(Vec::new, |t| {
        t.rows().iter().filter(is_transfer).cloned().collect()
    })
}

fn id(row: &Row) -> String {
    match row.get("event_id") {
        Value::Text(id) => id.clone(),
        _ => String::new(),
    }
}

/// Risks of transfers, by the fact that was planted into each; `None` for those left alone.
type Risks = BTreeMap<Option<usize>, Vec<f64>>;

/// The risks of a seed's transfers under these weights.
fn risks(planted: &Facts, which: &BTreeMap<String, Option<usize>>, weights: &RiskParams) -> Risks {
    let params = assess::Params {
        risk: weights.clone(),
        ..assess::Params::default()
    };
    let tables = assess(planted.clone(), &World::builtin(), &params);
    let mut risks = Risks::new();
    for row in transfers(&tables) {
        if let (Some(plant), Value::Decimal(risk)) = (which.get(&id(&row)), row.get("risk")) {
            risks.entry(*plant).or_default().push(*risk);
        }
    }
    risks
}

/// How often one of the first is above one of the second.
fn auc(with: &[f64], without: &[f64]) -> f64 {
    let wins: f64 = with
        .iter()
        .flat_map(|a| without.iter().map(move |b| (a, b)))
        .map(|(a, b)| match a.total_cmp(b) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        })
        .sum();
    wins / (with.len() * without.len()).max(1) as f64
}

fn run() -> Result<(), Box<dyn Error>> {
    let seeds: Vec<u64> = std::env::args()
        .skip(1)
        .map(|s| s.parse())
        .collect::<Result<_, _>>()?;
    let seeds = if seeds.is_empty() {
        vec![301, 302, 303]
    } else {
        seeds
    };
    let mut boards = Vec::new();
    for seed in seeds {
        let mut facts = facts(seed)?;
        let tables = assess(facts.clone(), &World::builtin(), &assess::Params::default());
        let found: Vec<String> = transfers(&tables).iter().map(id).collect();
        let mut which = BTreeMap::new();
        for (n, id) in found.into_iter().enumerate() {
            let plant = (n % 2 == 1).then_some(n / 2 % PLANTS.len());
            let event = facts.encounters.iter().find(|e| e.id().to_string() == id);
            if let (Some(plant), Some(event)) = (plant, event.cloned()) {
                (PLANTS[plant].plant)(&mut facts, &event);
            }
            which.insert(id, plant);
        }
        boards.push((facts, which));
    }
    let all = |weights: &RiskParams| {
        let mut sum = Risks::new();
        for (facts, which) in &boards {
            for (plant, mut more) in risks(facts, which, weights) {
                sum.entry(plant).or_default().append(&mut more);
            }
        }
        sum
    };
    let figures = |weights: &RiskParams| -> (f64, Vec<f64>) {
        let risks = all(weights);
        let alone = risks.get(&None).cloned().unwrap_or_default();
        let of = |i: usize| risks.get(&Some(i)).cloned().unwrap_or_default();
        let every: Vec<f64> = (0..PLANTS.len()).flat_map(of).collect();
        let each = (0..PLANTS.len()).map(|i| auc(&of(i), &alone)).collect();
        (auc(&every, &alone), each)
    };
    let weights = RiskParams::default();
    let counts = all(&weights);
    let n = |plant: Option<usize>| counts.get(&plant).map_or(0, Vec::len);
    let (overall, each) = figures(&weights);
    println!(
        "{} transfers left alone; all planted facts together: {overall:.3}\n",
        n(None)
    );
    println!(
        "| weight off | transfers with its fact | its AUC | with the weight off | all facts, with it off |"
    );
    println!("|---|---|---|---|---|");
    for (i, plant) in PLANTS.iter().enumerate() {
        let mut off = weights.clone();
        *(plant.weight)(&mut off) = 0.0;
        let (all_off, each_off) = figures(&off);
        let (name, count) = (plant.name, n(Some(i)));
        println!(
            "| `{name}` | {count} | {:.3} | {:.3} | {all_off:.3} |",
            each[i], each_off[i]
        );
    }
    Ok(())
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            eprintln!("risk: {e}");
            ExitCode::FAILURE
        }
    }
}
