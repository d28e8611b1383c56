//! What counts as a movement of cargo.

use std::collections::BTreeMap;

use super::net;
use crate::model::schema::TRANSFER_KINDS;
use crate::model::{Row, Table, Timestamp};

/// The account that a movement belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flow {
    /// Calls of tankers at ports.
    PortCalls,
    /// Transfers, each counted.
    TransfersGross,
    /// Transfers, each barrel counted once: where it stayed, as far as is known.
    TransfersNet,
}

impl Flow {
    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::PortCalls => "port_calls",
            Self::TransfersGross => "transfers_gross",
            Self::TransfersNet => "transfers_net",
        }
    }
}

/// When a movement happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Span {
    /// It counts at this instant, the event's end.
    At(Timestamp),
    /// A published period: spread evenly from the first instant to the second.
    Over(Timestamp, Timestamp),
}

/// Cargo that moved, or a published number of such movements.
#[derive(Clone, Debug, PartialEq)]
pub struct Movement {
    /// When.
    pub span: Span,
    /// In which account.
    pub flow: Flow,
    /// How many: 1, a published number, or the share of a transfer that stayed with its receiver.
    pub count: f64,
    /// Deadweight of the ship, tonnes; the mean of a published number.
    pub dwt_t: Option<f64>,
    /// Low, best and high, barrels.
    pub bbl: Option<[f64; 3]>,
    /// Tanker class.
    pub class: Option<String>,
    /// Zone or port.
    pub zone: Option<String>,
    /// Flag, ISO 3166 alpha-2.
    pub flag: Option<String>,
    /// Lists that name a party.
    pub watchlist: Option<String>,
    /// Share of the capacity that a published volume rests on, as stated; empty if not stated.
    pub basis: Option<String>,
}

/// The movements in a scan's tables: port calls of tankers, and encounters that are called a transfer.
///
/// Tables: `encounters`, `port_calls`, `vessels`, in any order; others are passed over. An encounter without a
/// volume counts, without adding to it.
pub fn movements_of(tables: &[Table]) -> Vec<Movement> {
    let of = |name: &str| tables.iter().find(|t| t.schema.name == name);
    let mut vessels: BTreeMap<i64, Row> = BTreeMap::new();
    for row in of("vessels").iter().flat_map(|t| t.rows().into_owned()) {
        if let Some(mmsi) = row.whole("mmsi") {
            vessels.insert(mmsi, row);
        }
    }
    let calls = of("port_calls")
        .map(|t| t.rows().into_owned())
        .unwrap_or_default();
    let calls = calls.iter().filter_map(|row| port_call(row, &vessels));
    let rows = of("encounters")
        .map(|t| t.rows().into_owned())
        .unwrap_or_default();
    let transfers: Vec<&Row> = rows
        .iter()
        .filter(|row| {
            row.text("kind")
                .is_some_and(|kind| TRANSFER_KINDS.contains(&kind))
        })
        .collect();
    let volumes: Vec<Option<[f64; 3]>> = transfers.iter().map(|row| volume(row)).collect();
    let left = net::left(&transfers, &volumes);
    let transfers = transfers.into_iter().zip(left).filter_map(|(row, left)| {
        let gross = transfer(row)?;
        let stayed = left.share > 0.0 || left.bbl.is_some_and(|bbl| bbl[2] > 0.0);
        let net = stayed.then(|| Movement {
            flow: Flow::TransfersNet,
            count: left.share,
            bbl: left.bbl,
            ..gross.clone()
        });
        Some([Some(gross), net].into_iter().flatten())
    });
    calls.chain(transfers.flatten()).collect()
}

fn volume(row: &Row) -> Option<[f64; 3]> {
    let best = row.number("volume_bbl")?;
    Some([
        row.number("volume_low_bbl").unwrap_or(best),
        best,
        row.number("volume_high_bbl").unwrap_or(best),
    ])
}

fn owned(row: &Row, column: &str) -> Option<String> {
    row.text(column).map(str::to_owned)
}

fn transfer(row: &Row) -> Option<Movement> {
    let dwt = |party: usize| row.number(&format!("dwt_{party}_t"));
    let party = if row.whole("to_mmsi").is_some() {
        if row.whole("to_mmsi") == row.whole("mmsi_1") {
            1
        } else {
            2
        }
    } else {
        // The smaller hull bounds what can have moved.
        match (dwt(1), dwt(2)) {
            (Some(a), Some(b)) if b < a => 2,
            (None, Some(_)) => 2,
            _ => 1,
        }
    };
    let lists: Vec<&str> = [row.text("watchlist_1"), row.text("watchlist_2")]
        .into_iter()
        .flatten()
        .collect();
    Some(Movement {
        span: Span::At(row.time("end")?),
        flow: Flow::TransfersGross,
        count: 1.0,
        dwt_t: dwt(party),
        bbl: volume(row),
        class: owned(row, &format!("class_{party}")),
        zone: owned(row, "zone"),
        flag: owned(row, &format!("flag_{party}")),
        watchlist: (!lists.is_empty()).then(|| lists.join("; ")),
        basis: None,
    })
}

/// Shares of what a ship can carry that a call may have moved, where nothing else is known: the scenarios of the UN
/// Panel on resolution 1718 in 2020 (a third, a half, 90 %).
const LADEN: [f64; 3] = [1.0 / 3.0, 1.0 / 2.0, 0.9];
/// Cargo in the deadweight of a full ship; the rest is fuel, water and stores.
const CARGO_SHARE: f64 = 0.95;
/// Barrels in a tonne of gasoil (BP Statistical Review, conversion factors of 2021).
const BBL_PER_T: f64 = 7.46;

/// What a call may have moved, by the ship's size alone.
fn scenarios(dwt_t: f64) -> [f64; 3] {
    LADEN.map(|share| share * CARGO_SHARE * dwt_t * BBL_PER_T)
}

/// A call of a tanker; others carry no petroleum.
fn port_call(row: &Row, vessels: &BTreeMap<i64, Row>) -> Option<Movement> {
    let ship = vessels.get(&row.whole("mmsi")?)?;
    let is_tanker = ship
        .whole("ship_type")
        .is_some_and(|code| (80..=89).contains(&code));
    if !is_tanker && ship.text("class").is_none() {
        return None;
    }
    Some(Movement {
        span: Span::At(row.time("end").or_else(|| row.time("start"))?),
        flow: Flow::PortCalls,
        count: 1.0,
        dwt_t: ship.number("dwt_t"),
        bbl: ship.number("dwt_t").map(scenarios),
        class: owned(ship, "class"),
        zone: owned(row, "port"),
        flag: owned(ship, "flag"),
        watchlist: owned(ship, "watchlist"),
        basis: None,
    })
}
