//! Names, flags and dimensions that changed for good.

use std::collections::BTreeSet;
use std::ops::Range;

use rayon::prelude::*;

use super::claims::{Claim, claimants, claims, sustained, valid_imo};
use super::{Case, Finding, Kind};
use crate::model::{Mmsi, ShipCategory, ShipType, StaticRecord, Timestamp};
use crate::registry::flag;

/// Shortest name that can be told from a slip, characters.
const NAME_MIN: usize = 3;
/// Least hull whose dimensions are looked at, decimetres: those of smaller craft are typed carelessly.
const LENGTH_MIN_DM: u16 = 500;

/// A value that another took the place of.
struct Change<V> {
    old: Claim<V>,
    new: Claim<V>,
    old_count: u32,
    new_count: u32,
}

/// All changes of names, flags and dimensions but those that a handover explains.
pub(super) fn find(case: &Case, handovers: &[Finding]) -> Vec<Finding> {
    let of_ship = |mmsi: u32| {
        let mut found = Vec::new();
        let names = claims(case.facts, mmsi, |r| r.name.as_deref().and_then(plain_name));
        for change in changes(case, &names, |a, b| are_two_names(a, b)) {
            found.push(renamed(&change));
        }
        let sizes = claims(case.facts, mmsi, size_dm);
        let limit = case.rules().size_change;
        for change in changes(case, &sizes, |a, b| are_two_sizes(*a, *b, limit)) {
            if !is_towing(case, mmsi, change.new.first) {
                found.push(resized(&change));
            }
        }
        found
    };
    let ships: Vec<u32> = case.facts.histories.keys().copied().collect();
    let found = ships.into_par_iter().flat_map_iter(of_ship);
    let mut found: Vec<Finding> = found.collect();
    let known: BTreeSet<[Option<u32>; 2]> =
        handovers.iter().map(|h| [Some(h.mmsi), h.other]).collect();
    let is_new = |mmsi: u32, other: u32| !known.contains(&[Some(mmsi), Some(other)]);
    for (imo, mmsis) in claimants(case.facts) {
        let mut flags: Vec<Claim<&str>> = Vec::new();
        for mmsi in mmsis {
            let Some(state) = Mmsi::new(mmsi).and_then(flag) else {
                continue;
            };
            let own = claims(case.facts, mmsi, valid_imo).into_iter();
            flags.extend(own.filter(|c| c.value == imo).map(|c| Claim {
                first: c.first,
                last: c.last,
                count: c.count,
                value: state.country,
                mmsi,
            }));
        }
        flags.sort();
        for change in changes(case, &flags, |a, b| a != b) {
            if is_new(change.old.mmsi, change.new.mmsi) {
                found.push(reflagged(&change, imo));
            }
        }
    }
    found
}

/// The changes of a value: each new value that wasn't received in the time before, where the one before isn't received
/// again in the time after, and both are more than a slip.
fn changes<V: Ord + Clone>(
    case: &Case,
    claims: &[Claim<V>],
    differ: impl Fn(&V, &V) -> bool,
) -> Vec<Change<V>> {
    let distinct: BTreeSet<&V> = claims.iter().map(|c| &c.value).collect();
    if distinct.len() < 2 {
        return Vec::new();
    }
    let mut found = Vec::new();
    for new in claims {
        let Range {
            start: from,
            end: until,
        } = case.around(new.first);
        let before: Vec<&Claim<V>> = claims
            .iter()
            .filter(|c| c.first < new.first && c.first >= from)
            .collect();
        if before.iter().any(|c| !differ(&c.value, &new.value)) {
            continue;
        }
        let Some(old) = before.iter().max_by_key(|c| (c.last, *c)) else {
            continue;
        };
        let is_old = |c: &&Claim<V>| !differ(&c.value, &old.value);
        let returns = claims.iter().filter(is_old);
        if returns
            .into_iter()
            .any(|c| c.last >= new.first && c.first < until)
        {
            continue;
        }
        let after = claims.iter().filter(|c| {
            c.first >= new.first && c.first.day().end() <= until && !differ(&c.value, &new.value)
        });
        let earlier = before.iter().copied().filter(is_old);
        let (Some(old_count), Some(new_count)) = (
            sustained(earlier, case.rules()),
            sustained(after, case.rules()),
        ) else {
            continue;
        };
        found.push(Change {
            old: (*old).clone(),
            new: new.clone(),
            old_count,
            new_count,
        });
    }
    found
}

fn finding<V>(kind: Kind, change: &Change<V>, imo: Option<u32>, detail: String) -> Finding {
    let (old, new) = (&change.old, &change.new);
    Finding {
        kind,
        mmsi: old.mmsi,
        other: (new.mmsi != old.mmsi).then_some(new.mmsi),
        imo,
        start: old.last,
        end: new.first,
        place: None,
        detail,
        known: None,
        closed: Some(true),
    }
}

fn counts<V>(change: &Change<V>) -> String {
    format!(
        "{} reports before, {} after",
        change.old_count, change.new_count
    )
}

fn renamed(change: &Change<String>) -> Finding {
    let words = format!(
        "name changed from {} to {} ({})",
        change.old.value,
        change.new.value,
        counts(change)
    );
    finding(Kind::ChangedName, change, None, words)
}

fn resized(change: &Change<[u16; 2]>) -> Finding {
    let size = |[length, beam]: [u16; 2]| {
        format!(
            "{:.0} x {:.0} m",
            f64::from(length) / 10.0,
            f64::from(beam) / 10.0
        )
    };
    let words = format!(
        "dimensions changed from {} to {} ({})",
        size(change.old.value),
        size(change.new.value),
        counts(change)
    );
    finding(Kind::ChangedDimensions, change, None, words)
}

fn reflagged(change: &Change<&str>, imo: u32) -> Finding {
    let words = format!(
        "IMO {imo} went from {:09} ({}) to {:09} ({}) ({})",
        change.old.mmsi,
        change.old.value,
        change.new.mmsi,
        change.new.value,
        counts(change)
    );
    finding(Kind::ChangedFlag, change, Some(imo), words)
}

/// What stands for no name.
const NAMELESS: [&str; 9] = [
    "NOT NAMED",
    "UNNAMED",
    "NO NAME",
    "NONAME",
    "NONE",
    "UNKNOWN",
    "NOT AVAILABLE",
    "TEST",
    "VESSEL",
];

/// A name without what crews vary: case, blanks, signs.
fn plain_name(name: &str) -> Option<String> {
    let mut words = String::new();
    for c in name.to_uppercase().chars() {
        if c.is_alphanumeric() {
            words.push(c);
        } else if !words.ends_with(' ') {
            words.push(' ');
        }
    }
    let words = words.trim();
    (words.chars().count() >= NAME_MIN && !NAMELESS.contains(&words)).then(|| words.to_owned())
}

/// Whether two names are more than spellings, abbreviations or parts of one another.
fn are_two_names(a: &str, b: &str) -> bool {
    let tight = |s: &str| s.chars().filter(|c| *c != ' ').collect::<Vec<char>>();
    let (a, b) = (tight(a), tight(b));
    let (short, long) = if a.len() <= b.len() {
        (&a, &b)
    } else {
        (&b, &a)
    };
    let is_part = long.windows(short.len()).any(|w| w == short.as_slice());
    !is_part && edits(&a, &b) > 2.max(long.len() / 3)
}

/// Letters to put in, take out or change (Levenshtein, Soviet Physics Doklady 10, 1966).
fn edits(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let new = (corner + usize::from(x != y))
                .min(row[j] + 1)
                .min(row[j + 1] + 1);
            corner = std::mem::replace(&mut row[j + 1], new);
        }
    }
    row[b.len()]
}

/// Length and beam, decimetres.
fn size_dm(r: &StaticRecord) -> Option<[u16; 2]> {
    let sum = |a: Option<u16>, b: Option<u16>| a?.checked_add(b?)?.checked_mul(10);
    let length = sum(r.to_bow_m, r.to_stern_m).or(r.length_dm)?;
    let beam = sum(r.to_port_m, r.to_starboard_m).or(r.beam_dm)?;
    (length >= LENGTH_MIN_DM && beam > 0).then_some([length, beam])
}

fn are_two_sizes(a: [u16; 2], b: [u16; 2], limit: f64) -> bool {
    let change = |a: u16, b: u16| f64::from(a.abs_diff(b)) / f64::from(a.max(b));
    change(a[0], b[0]) > limit || change(a[1], b[1]) > limit
}

/// Tugs and pushers send the size of what they tow: whether she called herself one in the time around `t`.
fn is_towing(case: &Case, mmsi: u32, t: Timestamp) -> bool {
    let around = case.around(t);
    claims(case.facts, mmsi, |r| r.ship_type.and_then(ShipType::new))
        .iter()
        .filter(|c| around.contains(&c.first))
        .any(|c| c.value.category() == ShipCategory::Tug)
}
