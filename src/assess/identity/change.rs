//! Names, IMO numbers, flags and dimensions that changed, for good or for a time.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::claims::{Claim, claimants, claims, valid_imo};
use super::handover::{Said, is_in_reach, other_size};
use super::spells::{Change, changes};
use super::{Case, Finding, Kind};
use crate::geodesy::near_distance_m;
use crate::model::{Fix, Mmsi, ShipCategory, ShipType, StaticRecord, Timestamp};
use crate::registry::flag;

/// Shortest name that can be told from a slip, characters.
const NAME_MIN: usize = 3;
/// Least hull whose dimensions are looked at, decimetres: those of smaller craft are typed carelessly.
const LENGTH_MIN_DM: u16 = 500;

/// All changes of names, IMO numbers, flags and dimensions but those that a handover explains.
pub(super) fn find(case: &Case, handovers: &[Finding]) -> Vec<Finding> {
    let of_ship = |mmsi: u32| {
        let mut found = Vec::new();
        let names = claims(case.facts, mmsi, |r| r.name.as_deref().and_then(plain_name));
        for change in changes(case, &names, |a, b| are_two_names(a, b)) {
            found.push(renamed(&change));
        }
        let imos = claims(case.facts, mmsi, valid_imo);
        for change in changes(case, &imos, |a, b| a != b) {
            found.push(renumbered(&change));
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
                found.push(reflagged(case, &change, imo));
            }
        }
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
        "{} spans of six minutes before, {} after",
        change.old_count, change.new_count
    )
}

/// `name changed from A to B (9 spans of six minutes before, 12 after), and back 30.0 h later`.
fn told<V>(what: &str, change: &Change<V>, value: impl Fn(&V) -> String) -> String {
    let again = if change.again { " back" } else { "" };
    let back = change.back.map(|back| {
        let hours = back.hours_since(change.new.first);
        format!(", and back {hours:.1} h later")
    });
    format!(
        "{what} changed{again} from {} to {} ({}){}",
        value(&change.old.value),
        value(&change.new.value),
        counts(change),
        back.unwrap_or_default()
    )
}

fn renamed(change: &Change<String>) -> Finding {
    let words = told("name", change, String::clone);
    finding(Kind::ChangedName, change, None, words)
}

fn renumbered(change: &Change<u32>) -> Finding {
    let words = told("IMO number", change, u32::to_string);
    let imo = change.new.value;
    finding(Kind::ChangedImo, change, Some(imo), words)
}

fn resized(change: &Change<[u16; 2]>) -> Finding {
    let size = |[length, beam]: &[u16; 2]| {
        format!(
            "{:.0} x {:.0} m",
            f64::from(*length) / 10.0,
            f64::from(*beam) / 10.0
        )
    };
    let words = told("dimensions", change, size);
    finding(Kind::ChangedDimensions, change, None, words)
}

/// A number that goes to another flag with its hull, or to another hull: one farther on than a hull can be by then, or of
/// other dimensions.
fn reflagged(case: &Case, change: &Change<&str>, imo: u32) -> Finding {
    let (old, new) = (&change.old, &change.new);
    let window = case.params.window(old.last, new.first);
    let hulls = [old.mmsi, new.mmsi].map(|mmsi| Said::new(case, mmsi, window.from, window.until));
    let mut against = Vec::new();
    if let Some((a, b)) =
        way(case, change).filter(|(a, b)| !is_in_reach(a.waypoint(), b.waypoint()))
    {
        let km = near_distance_m(a.place, b.place) / 1000.0;
        let hours = b.t.hours_since(a.t);
        against.push(format!("{km:.0} km on in {hours:.1} h"));
    }
    if let ([Some([a, b, ..]), Some([c, d, ..])], true) = (
        [hulls[0].size, hulls[1].size],
        other_size(case, &hulls[0], &hulls[1]),
    ) {
        let [a, b, c, d] = [a, b, c, d].map(|dm| f64::from(dm) / 10.0);
        against.push(format!("{a:.0} x {b:.0} m and {c:.0} x {d:.0} m"));
    }
    let parties = format!(
        "{:09} ({}) to {:09} ({}) ({})",
        old.mmsi,
        old.value,
        new.mmsi,
        new.value,
        counts(change)
    );
    if against.is_empty() {
        let words = format!("IMO {imo} went from {parties}");
        return finding(Kind::ChangedFlag, change, Some(imo), words);
    }
    let words = format!(
        "IMO {imo} went from {parties}, no one hull: {}",
        against.join(", ")
    );
    finding(Kind::ImoOnTwoHulls, change, Some(imo), words)
}

/// Where the old MMSI was last heard by the change, and the new one first after that.
fn way(case: &Case, change: &Change<&str>) -> Option<(Fix, Fix)> {
    let time = case.around(change.new.first);
    let fixes = |mmsi: u32| {
        let days = case.heard.days(mmsi).iter();
        let days = days.filter(|d| time.contains(&d.first.t));
        days.flat_map(|d| [d.first, d.last])
    };
    let old = fixes(change.old.mmsi)
        .filter(|fix| fix.t <= change.new.first)
        .max_by_key(|fix| fix.t)?;
    let new = fixes(change.new.mmsi)
        .filter(|fix| fix.t > old.t)
        .min_by_key(|fix| fix.t)?;
    Some((old, new))
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
