//! Movements added up.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Flow, Key, Movement, Span};
use crate::model::{Timestamp, text};

/// One line: the movements of one account in one group.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Account {
    /// The group: a value per key, `-` where it isn't known.
    pub group: Vec<String>,
    /// The account.
    pub flow: &'static str,
    /// Number of movements; of a transfer of which a part moved on, the share that stayed.
    pub count: f64,
    /// Those of them that have a volume.
    pub with_volume: f64,
    /// Mean deadweight of those whose deadweight is known, tonnes.
    pub mean_dwt_t: Option<f64>,
    /// Sum in each scenario (low, best, high), barrels.
    pub bbl: [f64; 3],
    /// Sum since the beginning of the calendar year, this group included, barrels; only where the groups are periods.
    pub running_bbl: Option<[f64; 3]>,
}

impl Account {
    /// Mean volume of a movement that has one, barrels, by the best estimate.
    pub fn mean_bbl(&self) -> Option<f64> {
        (self.with_volume > 0.0).then(|| self.bbl[1] / self.with_volume)
    }
}

/// When an account passed the cap in a calendar year.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Crossing {
    /// The account.
    pub flow: &'static str,
    /// The calendar year.
    pub year: String,
    /// low, best or high.
    pub scenario: &'static str,
    /// Total of the year, barrels.
    pub total_bbl: f64,
    /// The day (UTC) on which the running total passed the cap; none if it didn't.
    pub passed: Option<String>,
}

/// Everything added up.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Accounts {
    /// Names of the keys.
    pub by: Vec<&'static str>,
    /// The cap, barrels in a calendar year.
    pub cap_bbl: f64,
    /// One line per group and account.
    pub lines: Vec<Account>,
    /// When the cap was passed, by account, year and scenario.
    pub crossings: Vec<Crossing>,
    /// What to mind when reading the figures.
    pub caveats: Vec<String>,
}

/// A movement's share in one day or instant.
struct Part<'a> {
    at: Timestamp,
    share: f64,
    movement: &'a Movement,
}

/// `2018-03-07` of an instant.
fn date(t: Timestamp) -> String {
    t.to_string().chars().take(10).collect()
}

fn year(t: Timestamp) -> String {
    t.to_string().chars().take(4).collect()
}

fn month(t: Timestamp) -> String {
    t.to_string().chars().take(7).collect()
}

/// The parts of a movement: one, or one a day of its period.
fn parts(movement: &Movement) -> Vec<Part<'_>> {
    match movement.span {
        Span::At(at) => vec![Part {
            at,
            share: 1.0,
            movement,
        }],
        Span::Over(start, end) => {
            let whole = (end.0 - start.0).max(1) as f64;
            let mut parts = Vec::new();
            let mut from = start;
            while from < end {
                let to = from.day().end().min(end);
                parts.push(Part {
                    at: from,
                    share: (to.0 - from.0) as f64 / whole,
                    movement,
                });
                from = to;
            }
            parts
        }
    }
}

/// The groups of a part: one, or one for each list that names a party.
fn groups(part: &Part, by: &[Key]) -> Vec<Vec<String>> {
    let m = part.movement;
    let text = |value: Option<&String>| value.map_or("-", String::as_str).to_owned();
    let group = |list: Option<&String>| -> Vec<String> {
        by.iter()
            .map(|key| match key {
                Key::Year => year(part.at),
                Key::Month => month(part.at),
                Key::Class => text(m.class.as_ref()),
                Key::Zone => text(m.zone.as_ref()),
                Key::Flag => text(m.flag.as_ref()),
                Key::Watchlist => text(list),
            })
            .collect()
    };
    if by.contains(&Key::Watchlist) && !m.watchlists.is_empty() {
        m.watchlists.iter().map(|list| group(Some(list))).collect()
    } else {
        vec![group(None)]
    }
}

#[derive(Default)]
struct Sum {
    count: f64,
    with_volume: f64,
    with_dwt: f64,
    dwt_t: f64,
    bbl: [f64; 3],
}

impl Sum {
    fn add(&mut self, part: &Part) {
        let m = part.movement;
        let n = m.count * part.share;
        self.count += n;
        if let Some(dwt_t) = m.dwt_t {
            self.with_dwt += n;
            self.dwt_t += n * dwt_t;
        }
        if let Some(bbl) = m.bbl {
            self.with_volume += n;
            for (sum, v) in self.bbl.iter_mut().zip(bbl) {
                *sum += v * part.share;
            }
        }
    }
}

/// Adds movements up by these keys, against a cap in a calendar year.
pub fn accounts(movements: &[Movement], by: &[Key], cap_bbl: f64) -> Accounts {
    let mut all: Vec<Part> = movements.iter().flat_map(parts).collect();
    // In time order, and among equal times by all that is added up, so that sums don't depend on the order of rows.
    all.sort_by(|a, b| {
        let summed = |p: &Part| {
            let m = p.movement;
            let [low, best, high] = m.bbl.unwrap_or_default();
            [
                best,
                low,
                high,
                m.dwt_t.unwrap_or_default(),
                p.share,
                m.count,
            ]
        };
        let (of_a, of_b) = (summed(a), summed(b));
        let by_sums = || (of_a.iter().zip(&of_b)).map(|(a, b)| a.total_cmp(b));
        (a.at, a.movement.flow)
            .cmp(&(b.at, b.movement.flow))
            .then_with(|| by_sums().find(|o| o.is_ne()).unwrap_or(Ordering::Equal))
    });
    let mut sums: BTreeMap<(Vec<String>, Flow), Sum> = BTreeMap::new();
    for part in &all {
        for group in groups(part, by) {
            sums.entry((group, part.movement.flow))
                .or_default()
                .add(part);
        }
    }
    let periods = matches!(by, [Key::Year | Key::Month]);
    let mut running: BTreeMap<(String, Flow), [f64; 3]> = BTreeMap::new();
    let lines = sums
        .into_iter()
        .map(|((group, flow), sum)| {
            let running_bbl = periods.then(|| {
                let year = group[0].chars().take(4).collect();
                let total = running.entry((year, flow)).or_default();
                for (total, v) in total.iter_mut().zip(sum.bbl) {
                    *total += v;
                }
                *total
            });
            Account {
                group,
                flow: flow.name(),
                count: sum.count,
                with_volume: sum.with_volume,
                mean_dwt_t: (sum.with_dwt > 0.0).then(|| sum.dwt_t / sum.with_dwt),
                bbl: sum.bbl,
                running_bbl,
            }
        })
        .collect();
    Accounts {
        by: by.iter().map(|key| key.name()).collect(),
        cap_bbl,
        lines,
        crossings: crossings(&all, cap_bbl),
        caveats: caveats(movements, by),
    }
}

/// A scenario's total, and when it passed the cap.
type Running = (f64, Option<Timestamp>);

fn crossings(parts: &[Part], cap_bbl: f64) -> Vec<Crossing> {
    let mut totals: BTreeMap<(Flow, String), [Running; 3]> = BTreeMap::new();
    // What was loaded was delivered elsewhere.
    let delivered = |part: &&Part| part.movement.flow != Flow::PortLoadings;
    for part in parts.iter().filter(delivered) {
        let Some(bbl) = part.movement.bbl else {
            continue;
        };
        let year = totals
            .entry((part.movement.flow, year(part.at)))
            .or_default();
        for ((total, passed), v) in year.iter_mut().zip(bbl) {
            *total += v * part.share;
            if *total > cap_bbl {
                passed.get_or_insert(part.at);
            }
        }
    }
    let mut crossings = Vec::new();
    for ((flow, year), scenarios) in totals {
        for (scenario, (total_bbl, passed)) in super::SCENARIOS.into_iter().zip(scenarios) {
            crossings.push(Crossing {
                flow: flow.name(),
                year: year.clone(),
                scenario,
                total_bbl,
                passed: passed.map(date),
            });
        }
    }
    crossings
}

fn caveats(movements: &[Movement], by: &[Key]) -> Vec<String> {
    let mut caveats = Vec::new();
    let bases: BTreeSet<&str> = movements
        .iter()
        .filter_map(|m| m.basis.as_deref())
        .collect();
    if bases.len() > 1 {
        let named: Vec<&str> = bases
            .iter()
            .map(|b| if b.is_empty() { "not stated" } else { *b })
            .collect();
        caveats.push(format!(
            "The published volumes rest on different laden fractions ({}): compare counts and mean sizes, not volumes.",
            named.join(", ")
        ));
    }
    if movements.iter().any(|m| matches!(m.span, Span::Over(..))) {
        caveats.push(
            "Published periods are spread evenly over their days, so the day on which the cap is passed is an estimate."
                .to_owned(),
        );
    }
    caveats.extend(by_capacity(movements));
    caveats.extend(product_mix(movements));
    if by.contains(&Key::Watchlist) && movements.iter().any(|m| m.watchlists.len() > 1) {
        caveats.push(
            "What several lists name stands in the line of each, so the lines of lists don't add up."
                .to_owned(),
        );
    }
    let without: f64 = movements
        .iter()
        .filter(|m| m.bbl.is_none() && m.flow != Flow::TransfersNet)
        .map(|m| m.count)
        .sum();
    if without > 0.0 {
        caveats.push(format!(
            "Without a volume: {without:.0} (no dimensions, no change of draught, or no petroleum); they count, and add nothing to the totals."
        ));
    }
    caveats
}

/// Other fractions of what ships can carry that reports count calls at, beside the three of the lines.
const OTHER_LADEN: [f64; 2] = [0.6, 1.0];

/// How calls of which no draught tells anything were counted, and what they were at the other fractions.
fn by_capacity(movements: &[Movement]) -> Option<String> {
    let mut years: BTreeMap<String, (f64, f64)> = BTreeMap::new();
    for m in movements {
        if let (Some(bbl), Span::At(at)) = (m.capacity_bbl, m.span) {
            let (count, total) = years.entry(year(at)).or_default();
            *count += m.count;
            *total += bbl;
        }
    }
    let of_year = |(year, (count, bbl)): (&String, &(f64, f64))| {
        let [sixty, full] = OTHER_LADEN.map(|share| text::grouped((share * bbl).round() as u64));
        format!("{year}: {count:.0} calls, {sixty} bbl at 60 %, {full} bbl if full")
    };
    let years: Vec<String> = years.iter().map(of_year).collect();
    (!years.is_empty()).then(|| {
        format!(
            "Port calls without a change of draught count at a third, a half and 90 % of what the ship can carry, as gasoil; whether she loaded, discharged or only waited isn't known. By year: {}.",
            years.join("; ")
        )
    })
}

/// What stands against the cap, by product.
fn product_mix(movements: &[Movement]) -> Option<String> {
    let mut products: BTreeMap<(Flow, &str), f64> = BTreeMap::new();
    for m in movements {
        let counts = matches!(m.flow, Flow::PortCalls | Flow::TransfersGross);
        if let (Some(product), Some([_, best, _]), true) = (&m.product, m.bbl, counts) {
            *products.entry((m.flow, product)).or_default() += best;
        }
    }
    let mix: Vec<String> = products
        .iter()
        .map(|((flow, product), bbl)| {
            let bbl = text::grouped(bbl.round() as u64);
            format!("{} {product} {bbl} bbl", flow.name())
        })
        .collect();
    (!mix.is_empty()).then(|| {
        format!(
            "The totals beside the cap add up all products, ports and flags, products being assumed by the size of ships ({}). Resolution 2397 caps refined products that go to North Korea: neither crude nor a ship's own bunkers.",
            mix.join(", ")
        )
    })
}
