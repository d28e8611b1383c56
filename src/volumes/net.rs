//! What of each transfer stayed with its receiver.
//!
//! A cargo may pass through several hulls, in parts and to several receivers. Each transfer is a lot that its receiver holds;
//! what she gives on within a chain is taken out of her lots, the latest first, and never more than they hold. What is left
//! at the end is counted where it lies, so that every barrel counts once, at the last ship that is known to have taken it.

use std::collections::BTreeMap;

use crate::model::quantity::MS_PER_DAY;
use crate::model::{Row, Timestamp};

/// How long before she gives on a cargo a ship may have taken other parts of it than the one that the chain names, days: as
/// long as a chain waits by default.
const TOGETHER_D: i64 = 30;

/// What stayed of a transfer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Left {
    /// As a share of the transfer by the best estimate: 1 if nothing moved on.
    pub share: f64,
    /// Low, best and high, barrels: the least and the greatest that is left in any of the three scenarios.
    pub bbl: Option<[f64; 3]>,
}

/// A transfer as a lot of its receiver's.
struct Lot<'a> {
    place: usize,
    start: Timestamp,
    end: Timestamp,
    chain: Option<&'a str>,
    id: Option<&'a str>,
    from: Option<i64>,
    /// What is left in each scenario.
    left: Option<[f64; 3]>,
    /// Whether anything of it moved on.
    moved_on: bool,
}

/// What stayed of each transfer, in their order. `volumes` are theirs, barrels.
pub(super) fn left(transfers: &[&Row], volumes: &[Option<[f64; 3]>]) -> Vec<Left> {
    let mut kept: Vec<Left> = volumes
        .iter()
        .map(|bbl| Left {
            share: 1.0,
            bbl: *bbl,
        })
        .collect();
    let mut lots: Vec<Lot> = transfers
        .iter()
        .zip(volumes)
        .enumerate()
        .filter_map(|(place, (row, bbl))| {
            let end = row.time("end")?;
            Some(Lot {
                place,
                start: row.time("start").unwrap_or(end),
                end,
                chain: row.text("chain_id"),
                id: row.text("event_id"),
                from: row.whole("from_mmsi"),
                left: *bbl,
                moved_on: false,
            })
        })
        .collect();
    // Each gives after what she gives was taken; names make the order the rows' own.
    lots.sort_by(|a, b| (a.start, a.end, a.id).cmp(&(b.start, b.end, b.id)));
    let mut held_by: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for i in 0..lots.len() {
        if let Some(from) = lots[i].from {
            let given = volumes[lots[i].place];
            let held = held_by.get(&from).map(Vec::as_slice).unwrap_or_default();
            give(&mut lots, i, held, given);
        }
        if let Some(to) = transfers[lots[i].place].whole("to_mmsi") {
            held_by.entry(to).or_default().push(i);
        }
    }
    for lot in &lots {
        if lot.moved_on {
            kept[lot.place] = what_is_left(lot.left, volumes[lot.place]);
        }
    }
    kept
}

/// Takes what transfer `i` gave on out of its giver's lots.
fn give(lots: &mut [Lot], i: usize, held: &[usize], given: Option<[f64; 3]>) {
    let (start, end, chain) = (lots[i].start, lots[i].end, lots[i].chain);
    let same_chain = |lot: &Lot| chain.is_some() && lot.chain == chain;
    // All that she holds by now began earlier. What she had taken before this ended she may have given on in it, for a ship
    // between two others gives as she takes.
    let before = |lot: &Lot| lot.end <= end;
    // A giving that continues no taking is a cargo of its own.
    if !held
        .iter()
        .any(|h| before(&lots[*h]) && same_chain(&lots[*h]))
    {
        return;
    }
    let recent = |lot: &Lot| start.0 - lot.end.0 <= TOGETHER_D * MS_PER_DAY;
    let mut held: Vec<usize> = held
        .iter()
        .copied()
        .filter(|h| before(&lots[*h]) && (same_chain(&lots[*h]) || recent(&lots[*h])))
        .collect();
    held.sort_by(|a, b| (lots[*b].end, lots[*b].id).cmp(&(lots[*a].end, lots[*a].id)));
    let mut wanted = given.unwrap_or_default();
    for lot in held {
        let lot = &mut lots[lot];
        let is_named = same_chain(lot);
        match &mut lot.left {
            Some(left) => {
                for (left, wanted) in left.iter_mut().zip(&mut wanted) {
                    let taken = left.min(*wanted);
                    *left -= taken;
                    *wanted -= taken;
                }
                lot.moved_on = true;
            }
            // Nobody knows how much it was: if the chain names it, it moved on.
            None if is_named => lot.moved_on = true,
            None => {}
        }
    }
}

/// Where more was given on in one scenario than in another, the least and the greatest rest aren't those of low and high.
fn what_is_left(left: Option<[f64; 3]>, volume: Option<[f64; 3]>) -> Left {
    let share = left.zip(volume).map_or(0.0, |(left, volume)| {
        if volume[1] > 0.0 {
            left[1] / volume[1]
        } else {
            0.0
        }
    });
    let bbl = left.map(|left| {
        [
            left.into_iter().fold(f64::INFINITY, f64::min),
            left[1],
            left.into_iter().fold(0.0, f64::max),
        ]
    });
    Left { share, bbl }
}
