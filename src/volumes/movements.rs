//! What counts as a movement of cargo.

use std::collections::{BTreeMap, BTreeSet};

use super::net;
use crate::model::draught::change_dm;
use crate::model::schema::TRANSFER_KINDS;
use crate::model::{Row, Table, Timestamp};

/// The account that a movement belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flow {
    /// Calls of tankers at ports, but for those that loaded.
    PortCalls,
    /// Calls of tankers that left deeper than they came: they delivered nothing.
    PortLoadings,
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
            Self::PortLoadings => "port_loadings",
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
    /// Lists that name a party, each once, in order of their names.
    pub watchlists: Vec<String>,
    /// What moved, as assumed: a product, or `bunkers`; `None` of published numbers.
    pub product: Option<String>,
    /// What the ship can carry, barrels, where the volume is only a share of that.
    pub capacity_bbl: Option<f64>,
    /// Share of the capacity that a published volume rests on, as stated; empty if not stated.
    pub basis: Option<String>,
}

/// Transfers of this kind move no petroleum.
const FISH: &str = "fishing_transshipment";
/// Transfers of this kind move fuel for the taker's own use, which is no delivery.
const BUNKERING: &str = "bunkering";

/// The movements in a scan's tables: port calls of tankers, and encounters that are called a transfer, but for fish.
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
                .is_some_and(|kind| TRANSFER_KINDS.contains(&kind) && kind != FISH)
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
    Some(Movement {
        span: Span::At(row.time("end")?),
        flow: Flow::TransfersGross,
        count: 1.0,
        dwt_t: dwt(party),
        bbl: volume(row),
        class: owned(row, &format!("class_{party}")),
        zone: owned(row, "zone"),
        flag: owned(row, &format!("flag_{party}")),
        watchlists: lists([row.text("watchlist_1"), row.text("watchlist_2")]),
        product: if row.text("kind") == Some(BUNKERING) {
            Some("bunkers".to_owned())
        } else {
            owned(row, "product")
        },
        capacity_bbl: None,
        basis: None,
    })
}

/// The lists that name a ship in these cells: `UN 1718 (2020-06-04): CHON MA SAN IMO 8660313, ...; other: ...`.
fn lists(cells: [Option<&str>; 2]) -> Vec<String> {
    let hits = cells
        .into_iter()
        .flatten()
        .flat_map(|cell| cell.split("; "));
    let names = hits.filter_map(|hit| Some(hit.split_once(':')?.0.trim().to_owned()));
    let names: BTreeSet<String> = names.collect();
    names.into_iter().collect()
}

/// Shares of what a ship can carry that a call may have moved, where nothing else is known: the scenarios of the UN
/// Panel on resolution 1718 in 2020 (a third, a half, 90 %).
const LADEN: [f64; 3] = [1.0 / 3.0, 1.0 / 2.0, 0.9];
/// Cargo in the deadweight of a full ship; the rest is fuel, water and stores.
const CARGO_SHARE: f64 = 0.95;
/// Barrels in a tonne of gasoil (BP Statistical Review, conversion factors of 2021).
const BBL_PER_T: f64 = 7.46;
/// Cargo behind the weight that a change of draught shows: as much if no ballast was moved, 1.4 times as much over a full
/// swing from laden to ballast.
const BALLAST: [f64; 3] = [1.0, 1.2, 1.4];
/// Each draught is set by hand to a decimetre; two of them are off by less than this, metres.
const DRAUGHT_ERROR_M: f64 = 0.1;
/// Length overall over length between perpendiculars of tankers (1.03 to 1.042 in published particulars).
const LOA_PER_LPP: f64 = 1.03;
/// Waterplane of a tanker as a share of length between perpendiculars times beam: 0.92 laden (0.55 + 0.45 of a block
/// coefficient of 0.824), and a little less in ballast.
const WATERPLANE: f64 = 0.90;
/// Sea water, tonnes in a cubic metre.
const SEA_WATER: f64 = 1.025;

/// What a call may have moved, by the ship's size alone.
fn scenarios(capacity_bbl: f64) -> [f64; 3] {
    LADEN.map(|share| share * capacity_bbl)
}

/// By how much the ship lay deeper after the call, metres, if that is more than a slip.
fn sank_m(row: &Row) -> Option<f64> {
    let dm = change_dm(
        row.decimetres("draught_in_m")?,
        row.decimetres("draught_out_m")?,
    );
    (dm != 0).then_some(f64::from(dm) / 10.0)
}

/// What a change of draught weighs as cargo of this ship, barrels; at most what she can carry, if that is known.
fn by_draught(ship: &Row, change_m: f64, capacity_bbl: Option<f64>) -> Option<[f64; 3]> {
    let area = ship.number("length_m")? / LOA_PER_LPP * ship.number("beam_m")? * WATERPLANE;
    let off = [-DRAUGHT_ERROR_M, 0.0, DRAUGHT_ERROR_M];
    let most = capacity_bbl.unwrap_or(f64::INFINITY);
    let bbl = |i: usize| BALLAST[i] * SEA_WATER * area * (change_m + off[i]) * BBL_PER_T;
    Some([0, 1, 2].map(|i| bbl(i).min(most)))
}

/// A call of a tanker; others carry no petroleum. Draughts that changed say how much, and which way; else nothing does.
fn port_call(row: &Row, vessels: &BTreeMap<i64, Row>) -> Option<Movement> {
    let ship = vessels.get(&row.whole("mmsi")?)?;
    let is_tanker = ship
        .whole("ship_type")
        .is_some_and(|code| (80..=89).contains(&code));
    if !is_tanker && ship.text("class").is_none() {
        return None;
    }
    let capacity_bbl = (ship.number("dwt_t")).map(|dwt_t| CARGO_SHARE * dwt_t * BBL_PER_T);
    let sank_m = sank_m(row);
    let weighed = sank_m.and_then(|m| by_draught(ship, m.abs(), capacity_bbl));
    Some(Movement {
        span: Span::At(row.time("end").or_else(|| row.time("start"))?),
        flow: match sank_m {
            Some(0.0..) => Flow::PortLoadings,
            _ => Flow::PortCalls,
        },
        count: 1.0,
        dwt_t: ship.number("dwt_t"),
        bbl: weighed.or(capacity_bbl.map(scenarios)),
        class: owned(ship, "class"),
        zone: owned(row, "port"),
        flag: owned(ship, "flag"),
        watchlists: lists([ship.text("watchlist"), None]),
        product: Some("gasoil".to_owned()),
        capacity_bbl: capacity_bbl.filter(|_| weighed.is_none()),
        basis: None,
    })
}
