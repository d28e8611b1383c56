//! What others promise in their own tests, held against this engine.
//!
//! The cases are facts from the test suites of Global Fishing Watch's pipelines (encounters, gaps, loitering,
//! segments, validity of fields), from running its encounters on made-up tracks, and from Skylight's page on
//! withdrawn events: fixes, settings and the answer expected there, typed anew. Each ends in one of three ways.
//! It *agrees*: the same answer. It *differs*: ours is another on purpose, written out with the reason, and a
//! difference that vanishes is a failure. Or it has *no counterpart*: it tests an inner working that this engine
//! doesn't have, and its nearest property is held instead.
//!
//! `cargo test --test it foreign -- --nocapture` prints the outcome of every case.

mod edges;
mod encounters;
mod gaps;
mod loitering;
mod segments;
mod validity;

use std::collections::BTreeSet;

use alongside::model::{Facts, LonLat, Row, Timestamp, Value};
use alongside::pipeline::{Engine, EngineParams};

use crate::traffic::{Position, Rig, Traffic};

/// How a case came out.
#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    Agrees,
    Differs,
    NoCounterpart,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Agrees => "agrees",
            Self::Differs => "differs",
            Self::NoCounterpart => "no counterpart",
        }
    }
}

/// The cases of one suite of a peer.
struct Suite {
    peer: &'static str,
    lines: Vec<(Outcome, String)>,
    seen: BTreeSet<&'static str>,
    faults: Vec<String>,
}

impl Suite {
    fn new(peer: &'static str) -> Self {
        Self {
            peer,
            lines: Vec::new(),
            seen: BTreeSet::new(),
            faults: Vec::new(),
        }
    }

    fn note(&mut self, outcome: Outcome, case: &'static str, words: String) {
        // `GA-9 lone fix` is a part of `GA-9`.
        self.seen.extend(case.split(' ').next());
        self.lines.push((
            outcome,
            format!("{case:<26} {:<14} {words}", outcome.name()),
        ));
    }

    /// The peer's answer is ours.
    fn agrees(&mut self, case: &'static str, peer: &str, ours: &str) {
        if peer != ours {
            self.faults
                .push(format!("{case}: the peer says {peer}, we say {ours}"));
        }
        self.note(Outcome::Agrees, case, peer.to_owned());
    }

    /// Our answer is `expected` on purpose, and not the peer's.
    fn differs(&mut self, case: &'static str, peer: &str, expected: &str, ours: &str, why: &str) {
        if ours == peer {
            self.faults
                .push(format!("{case}: a difference has vanished: {ours}"));
        } else if ours != expected {
            self.faults
                .push(format!("{case}: we say {ours}, not {expected}"));
        }
        let words = format!("peer: {peer}; here: {expected}; {why}");
        self.note(Outcome::Differs, case, words);
    }

    /// The case tests what doesn't exist here; the nearest property of ours is `expected`.
    fn no_counterpart(&mut self, case: &'static str, what: &str, expected: &str, ours: &str) {
        if ours != expected {
            self.faults
                .push(format!("{case}: we say {ours}, not {expected}"));
        }
        let words = format!("{what}; here: {expected}");
        self.note(Outcome::NoCounterpart, case, words);
    }

    /// Prints the outcomes; fails on any fault and on any of these cases that didn't run.
    // The table is what a reader comes for, and only `--nocapture` shows it.
    #[allow(clippy::print_stdout)]
    fn close(self, cases: &[&str]) {
        let count = |outcome| self.lines.iter().filter(|(o, _)| *o == outcome).count();
        println!(
            "{}: {} agree, {} differ, {} have no counterpart",
            self.peer,
            count(Outcome::Agrees),
            count(Outcome::Differs),
            count(Outcome::NoCounterpart)
        );
        self.lines.iter().for_each(|(_, line)| println!("  {line}"));
        assert!(!cases.is_empty(), "a suite without cases shows nothing");
        let missing: Vec<_> = cases.iter().filter(|c| !self.seen.contains(*c)).collect();
        assert!(missing.is_empty(), "these cases didn't run: {missing:?}");
        assert!(self.faults.is_empty(), "\n{}", self.faults.join("\n"));
    }
}

#[test]
#[should_panic(expected = "a difference has vanished")]
fn a_difference_that_vanishes_is_a_failure() {
    let mut suite = Suite::new("nobody");
    suite.differs("XX-1", "one", "two", "one", "for the sake of it");
    suite.close(&["XX-1"]);
}

#[test]
#[should_panic(expected = "these cases didn't run")]
fn a_suite_that_runs_nothing_is_a_failure() {
    Suite::new("nobody").close(&["XX-1"]);
}

#[test]
#[should_panic(expected = "the peer says one, we say two")]
fn an_answer_that_is_not_the_peers_is_no_agreement() {
    let mut suite = Suite::new("nobody");
    suite.agrees("XX-1", "one", "two");
    suite.close(&["XX-1"]);
}

/// Milliseconds in an hour.
const HOUR_MS: i64 = 3_600_000;
/// A receiver's own ship, heard at the end of a stretch: it shows that somebody was still listening.
const WITNESS: u32 = 99;

/// The instant of `2011-01-01 15:40`.
fn at(text: &str) -> i64 {
    let t = Timestamp::parse(text);
    t.unwrap_or_else(|| panic!("{text} is no time")).0
}

/// The MMSI of the peers' vessel number `n`.
fn mmsi(n: u32) -> u32 {
    311_000_000 + n
}

/// A fix of vessel `n` that says where it is and no more.
fn fix(n: u32, t: i64, lat: f64, lon: f64) -> Position {
    Position {
        mmsi: mmsi(n),
        t,
        place: LonLat::from_degrees(lon, lat).expect("a place on the globe"),
        sog_kn: None,
        cog_deg: None,
        heading_deg: None,
        nav_status: None,
        class: None,
    }
}

/// Runs fixes, one chunk per instant: cuts don't matter, and a chunk spans less than the 49 days that a report's
/// clock holds.
fn run(params: &EngineParams, fixes: &[Position]) -> Engine {
    rig(params).run(chunks(fixes))
}

fn chunks(fixes: &[Position]) -> Vec<alongside::model::Chunk> {
    let cuts: BTreeSet<i64> = fixes.iter().map(|f| f.t + 1).collect();
    let traffic = Traffic {
        positions: fixes.to_vec(),
        complete_to: cuts.last().copied().unwrap_or_default(),
        ..Traffic::default()
    };
    traffic.chunks(&cuts.into_iter().collect::<Vec<_>>(), 1)
}

fn rig(params: &EngineParams) -> Rig {
    Rig {
        params: params.clone(),
        ..Rig::new()
    }
}

fn facts(params: &EngineParams, fixes: &[Position]) -> Facts {
    run(params, fixes).facts()
}

/// Rows of a table.
fn rows(params: &EngineParams, fixes: &[Position], table: &str) -> Vec<Row> {
    let tables = rig(params).tables(&run(params, fixes));
    let found = tables.iter().find(|t| t.schema.name == table);
    found.expect("a table of this name").rows().into_owned()
}

fn decimal(row: &Row, column: &str) -> Option<f64> {
    match row.get(column) {
        Value::Decimal(v) => Some(*v),
        _ => None,
    }
}

/// `12-31 20:00`, with seconds where there are any.
fn clock(t: Timestamp) -> String {
    let text = t.to_string()[5..19].replace('T', " ");
    text.strip_suffix(":00").unwrap_or(&text).to_owned()
}

/// `16:10`.
fn hour(t: Timestamp) -> String {
    t.to_string()[11..16].to_owned()
}

/// Parts with a comma between, or `none`.
fn list(parts: Vec<String>) -> String {
    if parts.is_empty() {
        "none".to_owned()
    } else {
        parts.join(", ")
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    assert!(n > 0, "no median of nothing");
    (values[(n - 1) / 2] + values[n / 2]) / 2.0
}
