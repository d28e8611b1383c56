//! One number on two hulls at the same time.

use std::collections::BTreeMap;

use super::claims::{Claim, claimants, claims, sustained, valid_imo};
use super::heard::{boxes_apart_m, overlap};
use super::{Case, Finding, Kind, episodes, known_by};
use crate::model::presence::{Rivalry, TrackDay};
use crate::model::quantity::MS_PER_HOUR;
use crate::model::{Mmsi, StationKind, Timestamp, TrackId};

/// Least time over which two hulls must be seen at once.
const AT_ONCE_MS: i64 = MS_PER_HOUR / 2;

/// Two tracks of one MMSI on a day of turns that show something.
struct Piece<'a> {
    rivalry: &'a Rivalry,
    /// Whether every turn is a leap, from one place where the track stayed to another.
    leaps: bool,
}

/// One MMSI on two tracks that take turns; with few turns, one that leaps: away, or away and back.
pub(super) fn shared_mmsi(case: &Case) -> Vec<Finding> {
    let mut by_mmsi: BTreeMap<u32, Vec<Piece>> = BTreeMap::new();
    for rivalry in &case.facts.presence.rivalries {
        let mmsi = rivalry.one.mmsi;
        let is_ship = Mmsi::new(mmsi)
            .is_some_and(|m| matches!(m.kind(), StationKind::Ship | StationKind::Other));
        if !is_ship {
            continue;
        }
        let leaps = leaps(case, rivalry);
        if leaps || is_two_hulls(case, rivalry) {
            let pieces = by_mmsi.entry(mmsi).or_default();
            pieces.push(Piece { rivalry, leaps });
        }
    }
    let mut found = Vec::new();
    for (mmsi, mut pieces) in by_mmsi {
        pieces.sort_by_key(|p| (p.rivalry.first.t, p.rivalry.one, p.rivalry.other));
        let span = |p: &Piece| (p.rivalry.first.t, p.rivalry.last.t);
        for run in episodes(pieces, case.settle_ms(), span) {
            let rivalries: Vec<&Rivalry> = run.iter().map(|p| p.rivalry).collect();
            let is_leap = run.iter().filter(|p| p.leaps);
            let leaps: Vec<&Rivalry> = is_leap.map(|p| p.rivalry).collect();
            found.extend(shared(case, mmsi, &rivalries).or_else(|| jump(case, mmsi, &leaps)));
        }
    }
    found
}

fn km(dm: u32) -> f64 {
    f64::from(dm) / 10_000.0
}

/// Whether the two tracks of that day can't be one ship whose times are wrong: they are apart, and either keep to
/// different waters or are farther apart than a clock two hours wrong puts a ship of 14 kn.
fn is_two_hulls(case: &Case, rivalry: &Rivalry) -> bool {
    let rules = case.rules();
    let apart_m = rules.shared_apart_km * 1000.0;
    if km(rivalry.least_dm) < rules.shared_apart_km {
        return false;
    }
    let day = rivalry.last.t.day();
    let of = |track| {
        let mut days = case.heard.on(rivalry.one.mmsi, day);
        days.find(|d| d.track == track)
    };
    let (Some(one), Some(other)) = (of(rivalry.one), of(rivalry.other)) else {
        return false;
    };
    let is_seen = |d: &TrackDay| d.fixes >= rules.min_fixes;
    let far = km(rivalry.greatest_dm) >= rules.far_apart_km;
    is_seen(one) && is_seen(other) && (far || boxes_apart_m(one, other) >= apart_m)
}

/// Whether every turn of that day is a leap: far, and from one place where the track was seen for long enough to another,
/// on whatever days next to the turn.
fn leaps(case: &Case, rivalry: &Rivalry) -> bool {
    let rules = case.rules();
    let is_seen = |track| stay(case, track, rivalry).0 >= rules.min_fixes;
    km(rivalry.least_dm) >= rules.far_apart_km && is_seen(rivalry.one) && is_seen(rivalry.other)
}

/// The fixes of a track from the day before its turns to the day after, and for how long it was heard then, milliseconds.
fn stay(case: &Case, track: TrackId, rivalry: &Rivalry) -> (u32, i64) {
    let days = rivalry.first.t.day().0 - 1..=rivalry.last.t.day().0 + 1;
    let own = case.heard.days(track.mmsi).iter();
    let (mut fixes, mut first, mut last) = (0, Timestamp::MAX, Timestamp::MIN);
    for day in own.filter(|d| d.track == track && days.contains(&d.day.0)) {
        fixes += day.fixes;
        first = first.min(day.first.t);
        last = last.max(day.last.t);
    }
    (fixes, (last.0 - first.0).max(0))
}

fn turns_of(run: &[&Rivalry]) -> u32 {
    run.iter().map(|r| r.turns).sum()
}

/// The first fix and the last of a run of turns.
fn span_of(run: &[&Rivalry]) -> Option<(Timestamp, Timestamp)> {
    let first = run.first()?.first.t;
    Some((first, run.iter().map(|r| r.last.t).max()?))
}

/// Turns so many that both tracks must go on all the time.
fn shared(case: &Case, mmsi: u32, run: &[&Rivalry]) -> Option<Finding> {
    let rules = case.rules();
    let (start, end) = span_of(run)?;
    let suffice =
        |turns: u32, end: Timestamp| turns >= rules.shared_turns && end.0 - start.0 >= AT_ONCE_MS;
    let turns = turns_of(run);
    if !suffice(turns, end) {
        return None;
    }
    let least = run.iter().map(|r| km(r.least_dm)).fold(f64::MAX, f64::min);
    let greatest = run.iter().map(|r| km(r.greatest_dm)).fold(0.0, f64::max);
    let known = known_by(
        run,
        |r| r.last.t,
        |pieces| {
            let turns = pieces.iter().map(|r| r.turns).sum();
            suffice(
                turns,
                pieces.iter().map(|r| r.last.t).max().unwrap_or(start),
            )
        },
    );
    Some(Finding {
        kind: Kind::SharedMmsi,
        mmsi,
        other: None,
        imo: None,
        start,
        end,
        place: Some(run[0].last.place),
        detail: format!(
            "positions took turns {turns} times between places {least:.0} to {greatest:.0} km apart that no ship can reach in time"
        ),
        known,
        closed: None,
    })
}

/// One leap or more.
fn jump(case: &Case, mmsi: u32, run: &[&Rivalry]) -> Option<Finding> {
    let (start, end) = span_of(run)?;
    let turns = turns_of(run);
    let first = run[0];
    let stayed_ms = if turns > 1 {
        end.0 - start.0
    } else {
        let of = |track| stay(case, track, first).1;
        of(first.one).min(of(first.other))
    };
    if stayed_ms < AT_ONCE_MS {
        return None;
    }
    let greatest = run.iter().map(|r| km(r.greatest_dm)).fold(0.0, f64::max);
    let way = match turns {
        // The younger track begins where the leap ends, unless it ends on the older one.
        1 if first.other.start > first.first.t => "away, a leap that no ship can make,".to_owned(),
        1 => "back, a leap that no ship can make,".to_owned(),
        _ => format!("away and back, {turns} leaps that no ship can make,"),
    };
    Some(Finding {
        kind: Kind::Jump,
        mmsi,
        other: None,
        imo: None,
        start,
        end,
        place: Some(first.last.place),
        detail: format!("the track leapt {greatest:.0} km {way} and stayed at either place"),
        known: None,
        closed: None,
    })
}

/// A day on which two MMSIs with one IMO number were at two places.
struct Apart {
    from: Timestamp,
    to: Timestamp,
    km: f64,
    claims: [Claim<u32>; 2],
}

/// A claimant is held against so many that sent the number before it: a number that a hundred send makes no
/// thousands of rows, and who came first stays first.
const FIRST_CLAIMANTS: usize = 2;

/// One IMO number under two MMSIs that were at two places at once.
pub(super) fn imo_on_two_hulls(case: &Case) -> Vec<Finding> {
    let mut found = Vec::new();
    for (imo, mmsis) in claimants(case.facts) {
        let mut claimed: Vec<Vec<Claim<u32>>> = mmsis
            .iter()
            .map(|mmsi| {
                let mut all = claims(case.facts, *mmsi, valid_imo);
                all.retain(|c| c.value == imo);
                all
            })
            .collect();
        claimed.sort_by_key(|all| all.first().map(|claim| (claim.first, claim.mmsi)));
        for (i, other) in claimed.iter().enumerate() {
            for one in claimed[..i].iter().take(FIRST_CLAIMANTS) {
                let by_mmsi = |all: &[Claim<u32>]| all.first().map(|claim| claim.mmsi);
                let pieces = if by_mmsi(one) < by_mmsi(other) {
                    apart(case, one, other)
                } else {
                    apart(case, other, one)
                };
                for run in episodes(pieces, case.settle_ms(), |p| (p.from, p.to)) {
                    found.extend(two_places(case, imo, &run));
                }
            }
        }
    }
    found
}

/// The days on which both sent the number and were apart.
fn apart(case: &Case, one: &[Claim<u32>], other: &[Claim<u32>]) -> Vec<Apart> {
    let apart_m = case.rules().shared_apart_km * 1000.0;
    let mut pieces = Vec::new();
    for a in one {
        for b in other.iter().filter(|b| b.first.day() == a.first.day()) {
            let day = a.first.day();
            for p in case.heard.on(a.mmsi, day) {
                for q in case.heard.on(b.mmsi, day) {
                    let Some((from, to)) = overlap(p, q) else {
                        continue;
                    };
                    let m = boxes_apart_m(p, q);
                    let is_seen = p.fixes.min(q.fixes) >= case.rules().min_fixes;
                    if is_seen && to.0 - from.0 >= AT_ONCE_MS && m >= apart_m {
                        pieces.push(Apart {
                            from,
                            to,
                            km: m / 1000.0,
                            claims: [a.clone(), b.clone()],
                        });
                    }
                }
            }
        }
    }
    pieces.sort_by(|a, b| (a.from, a.to, &a.claims).cmp(&(b.from, b.to, &b.claims)));
    pieces
}

fn two_places(case: &Case, imo: u32, run: &[Apart]) -> Option<Finding> {
    let mut counts = [0; 2];
    for (i, count) in counts.iter_mut().enumerate() {
        let mut own: Vec<&Claim<u32>> = run.iter().map(|p| &p.claims[i]).collect();
        own.sort();
        own.dedup();
        *count = sustained(own, case.rules())?;
    }
    let km = run.iter().map(|p| p.km).fold(0.0, f64::max);
    let [mmsi, other] = [run[0].claims[0].mmsi, run[0].claims[1].mmsi];
    Some(Finding {
        kind: Kind::ImoOnTwoHulls,
        mmsi,
        other: Some(other),
        imo: Some(imo),
        start: run[0].from,
        end: run.iter().map(|p| p.to).max()?,
        place: None,
        detail: format!(
            "both sent IMO {imo} ({} and {} reports) while {km:.0} km or more apart",
            counts[0], counts[1]
        ),
        known: None,
        closed: None,
    })
}
