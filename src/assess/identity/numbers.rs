//! Numbers that no authority gave out.

use std::collections::BTreeMap;

use super::claims::{Claim, claims, sustained};
use super::{Case, Finding, Kind, episodes, known_by};
use crate::model::presence::TrackDay;
use crate::model::quantity::MS_PER_HOUR;
use crate::model::{AisClass, Imo, Mmsi, StaticRecord, StationKind, Timestamp};
use crate::registry::{flag, flag_of_mid};

/// Hulls of this length or more have no business under a number of no form, decimetres.
const SHIP_LENGTH_DM: u16 = 500;

/// A number of seven digits whose check digit doesn't hold. Others are no IMO numbers at all: an MMSI, the eight digits
/// of an inland vessel (ENI), a national number, typed into the wrong field.
fn false_imo(record: &StaticRecord, mmsi: u32) -> Option<u32> {
    let sent = record.imo.filter(|n| (1_000_000..=9_999_999).contains(n))?;
    let state = Mmsi::new(mmsi).and_then(flag).map_or("", |f| f.alpha2);
    let is_national = match state {
        // Official numbers of the United States run to seven digits, the first of them 1.
        "US" => sent < 2_000_000,
        state => INLAND_STATES.contains(&state) && sent < ENI_BEYOND,
    };
    (Imo::new(sent).is_none() && !is_national).then_some(sent)
}

/// States that give out European vessel identification numbers (ENI) to their inland vessels: those of the Rhine and Danube
/// commissions and of the European Union (CESNI, ES-TRIN annex 2). MMSIs of sea-going ships have the same digits.
const INLAND_STATES: [&str; 20] = [
    "AT", "BE", "BG", "CH", "CZ", "DE", "FR", "GB", "HR", "HU", "LT", "LU", "MD", "NL", "PL", "RO",
    "RS", "SK", "UA", "IT",
];
/// ENIs whose leading zero was lost lie below: of the three-digit codes of authorities that begin with 0, those from
/// 080 on are not given out (CESNI, ES-TRIN annex 2).
const ENI_BEYOND: u32 = 8_000_000;

/// An IMO number with a bad check digit, sent again and again.
pub(super) fn imo_check_digit(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for mmsi in case.facts.histories.keys() {
        let mut by_value: BTreeMap<u32, Vec<Claim<u32>>> = BTreeMap::new();
        for claim in claims(case.facts, *mmsi, |r| false_imo(r, *mmsi)) {
            by_value.entry(claim.value).or_default().push(claim);
        }
        for (imo, all) in by_value {
            for run in episodes(all, case.settle_ms(), |c| (c.first, c.last)) {
                let Some(count) = sustained(&run, case.rules()) else {
                    continue;
                };
                found.push(Finding {
                    kind: Kind::ImoCheckDigit,
                    mmsi: *mmsi,
                    other: None,
                    imo: Some(imo),
                    start: run[0].first,
                    end: last_of(run.iter().map(|c| c.last)),
                    place: None,
                    detail: format!(
                        "sent IMO {imo}, whose check digit is wrong, in {count} spans of six minutes"
                    ),
                    known: known_by(
                        &run,
                        |c| c.last,
                        |claims| sustained(claims.iter().copied(), case.rules()).is_some(),
                    ),
                    closed: None,
                });
            }
        }
    }
    found
}

fn last_of(times: impl Iterator<Item = Timestamp>) -> Timestamp {
    times.max().unwrap_or(Timestamp::MIN)
}

/// A ship's MMSI whose country digits are allocated to nobody.
pub(super) fn unallocated_mid(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for (mmsi, days) in case.heard.all() {
        let Some(mid) = unallocated(case, mmsi) else {
            continue;
        };
        for run in episodes(days.to_vec(), case.settle_ms(), |d| (d.first.t, d.last.t)) {
            let fixes: u32 = run.iter().map(|d| d.fixes).sum();
            let (start, end) = (run[0].first.t, last_of(run.iter().map(|d| d.last.t)));
            let is_class_a = |d: &&TrackDay| d.last.class() == Some(AisClass::A);
            if fixes < 3 * case.rules().min_fixes
                || end.0 - start.0 < MS_PER_HOUR
                || !run.iter().any(is_class_a)
            {
                continue;
            }
            found.push(Finding {
                kind: Kind::UnallocatedMid,
                mmsi,
                other: None,
                imo: None,
                start,
                end,
                place: None,
                detail: format!(
                    "{fixes} positions under an MMSI whose first digits {mid} are allocated to no country"
                ),
                known: known_by(&run, |d| d.last.t, |days| {
                    let fixes: u32 = days.iter().map(|d| d.fixes).sum();
                    let end = last_of(days.iter().map(|d| d.last.t));
                    fixes >= 3 * case.rules().min_fixes
                        && end.0 - start.0 >= MS_PER_HOUR
                        && days.iter().any(|d| is_class_a(d))
                }),
                closed: None,
            });
        }
    }
    found
}

/// The leading digits of an MMSI that has the form of a ship's, or is used by a large hull, if nobody has them.
fn unallocated(case: &Case, mmsi: u32) -> Option<u32> {
    let mid = mmsi / 1_000_000;
    let is_free = u16::try_from(mid).ok().and_then(flag_of_mid).is_none();
    let is_ship = match Mmsi::new(mmsi)?.kind() {
        StationKind::Ship => true,
        StationKind::Other if mid > 0 => claims(case.facts, mmsi, |r| r.length_dm)
            .iter()
            .any(|c| c.value >= SHIP_LENGTH_DM),
        _ => false,
    };
    (is_free && is_ship).then_some(mid)
}
