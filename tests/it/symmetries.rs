//! What may not matter: names of ships, the meridian, the hemisphere, the clock, rows that say nothing new.

use std::sync::Arc;

use alongside::model::{Encounter, Facts, LonLat};
use alongside::stage::Waters;
use proptest::prelude::*;

use crate::fleet::{Case, case, cases};
use crate::traffic::{DAY_MS, Position, Rig, Traffic, difference};

/// An encounter, whatever its ships are called. Distances have the grain of a place (a centimetre) and of a sample
/// (a decimetre); everything else is exact.
#[derive(Clone, Debug)]
struct Seen {
    key: (i64, [u32; 2], i64),
    exact: String,
    travelled_dm: u64,
    separations_dm: Vec<u32>,
}

fn seen(e: &Encounter, relabel: impl Fn(u32) -> u32, shift_ms: i64) -> Seen {
    let tracks = e.pair.tracks();
    let labels = tracks.map(|t| relabel(t.mmsi));
    let mut sides = [0, 1];
    sides.sort_by_key(|i| labels[*i]);
    let t = |t: alongside::model::Timestamp| t.0 - shift_ms;
    Seen {
        key: (
            t(e.start),
            sides.map(|i| labels[i]),
            t(tracks[sides[0]].start),
        ),
        exact: format!(
            "{:?} end {} not before {:?} not after {:?} closed {} observed {} contacts {} samples {} \
             status {:?} class {:?} evidence {:?}",
            sides.map(|i| (labels[i], t(tracks[i].start))),
            t(e.end),
            e.start_not_before.map(t),
            e.end_not_after.map(t),
            e.closed,
            e.observed_ms,
            e.contacts,
            e.samples,
            sides.map(|i| e.nav_status[i]),
            sides.map(|i| e.class[i]),
            e.evidence
                .iter()
                .map(|s| (t(s.sample.t), s.phase))
                .collect::<Vec<_>>(),
        ),
        travelled_dm: e.travelled_dm,
        separations_dm: e.evidence.iter().map(|s| s.sample.separation_dm).collect(),
    }
}

/// Encounters, gaps and slow runs, with the names undone by `relabel` and the clock by `shift_ms`.
fn events(facts: &Facts, relabel: &dyn Fn(u32) -> u32, shift_ms: i64) -> (Vec<Seen>, String) {
    let mut encounters: Vec<Seen> = facts
        .encounters
        .iter()
        .map(|e| seen(e, relabel, shift_ms))
        .collect();
    encounters.sort_by_key(|s| s.key);
    let mut singles: Vec<String> = facts
        .gaps
        .iter()
        .map(|g| {
            let end = g.end.map(|e| e.t.0 - shift_ms);
            let start = g.start.t.0 - shift_ms;
            format!(
                "gap {} {start} {end:?} {}\n",
                relabel(g.track.mmsi),
                g.closed
            )
        })
        .chain(facts.slow_runs.iter().map(|r| {
            format!(
                "slow {} {} {} {} {} {} {} {} {:?}\n",
                relabel(r.track.mmsi),
                r.start.0 - shift_ms,
                r.end.0 - shift_ms,
                r.closed,
                r.fixes,
                r.slow_fixes,
                r.adrift_fixes,
                r.crabbing_ms,
                r.nav_status_ms
            )
        }))
        .collect();
    singles.sort();
    (encounters, singles.concat())
}

type Events = (Vec<Seen>, String);

fn same(left: &Events, right: &Events) -> Result<(), TestCaseError> {
    prop_assert!(left.1 == right.1, "{}", difference(&left.1, &right.1));
    let text = |events: &Events| {
        events
            .0
            .iter()
            .map(|s| s.exact.clone() + "\n")
            .collect::<String>()
    };
    let (a, b) = (text(left), text(right));
    prop_assert!(a == b, "{}", difference(&a, &b));
    for (a, b) in left.0.iter().zip(&right.0) {
        let way = a.travelled_dm.abs_diff(b.travelled_dm);
        // A decimetre for each step from slot to slot.
        prop_assert!(
            way <= 2 + u64::from(a.separations_dm.len() as u32),
            "{a:?} {b:?}"
        );
        for (a, b) in a.separations_dm.iter().zip(&b.separations_dm) {
            prop_assert!(a.abs_diff(*b) <= 1, "{a} {b}");
        }
    }
    Ok(())
}

fn run(rig: &Rig, traffic: &Traffic) -> Facts {
    rig.run(traffic.days()).facts()
}

/// A case in which no decision hangs on the last bit: no rows at one time under one MMSI, whose order is by content.
fn plain(case: &Case) -> Traffic {
    let mut traffic = case.traffic();
    traffic.positions.sort_by_key(|p| (p.mmsi, p.t));
    traffic.positions.dedup_by_key(|p| (p.mmsi, p.t));
    traffic
}

/// Waters that are the same everywhere.
struct Sea;

impl Waters for Sea {
    fn offshore(&self, _: LonLat) -> Option<bool> {
        Some(true)
    }
}

fn at_sea(case: &Case) -> Rig {
    let mut rig = case.rig();
    rig.waters = Arc::new(Sea);
    rig
}

/// Another number, so that the order of ships turns round; fishing gear stays what it is.
fn renamed(mmsi: u32) -> u32 {
    if mmsi < 800_000_000 {
        976_000_000 - mmsi
    } else {
        mmsi
    }
}

proptest! {
    #![proptest_config(cases(48))]

    #[test]
    fn names_of_ships(case in case()) {
        let (traffic, rig) = (plain(&case), case.rig());
        let mut turned = traffic.map(|p| Position { mmsi: renamed(p.mmsi), ..p });
        for s in &mut turned.statics {
            s.mmsi = renamed(s.mmsi);
        }
        let left = events(&run(&rig, &traffic), &|m| m, 0);
        let right = events(&run(&rig, &turned), &renamed, 0);
        same(&left, &right)?;
    }

    #[test]
    fn the_meridian(case in case(), turn_e7 in -1_800_000_000_i64..1_800_000_000) {
        let mut case = case;
        case.all_pairs = true;
        let (traffic, rig) = (plain(&case), at_sea(&case));
        let turned = traffic.map(|p| {
            let lon = i64::from(p.place.lon_e7()) + turn_e7 + 1_800_000_000;
            let lon_e7 = (lon.rem_euclid(3_600_000_000) - 1_800_000_000) as i32;
            Position { place: LonLat::from_e7(lon_e7, p.place.lat_e7()), ..p }
        });
        same(&events(&run(&rig, &traffic), &|m| m, 0), &events(&run(&rig, &turned), &|m| m, 0))?;
    }

    #[test]
    fn the_hemisphere(case in case()) {
        let mut case = case;
        case.all_pairs = true;
        let (traffic, rig) = (plain(&case), at_sea(&case));
        // North becomes south; in hundredths of a degree, as courses are kept.
        let mirror = |deg: f32| {
            let centi = (f64::from(deg) * 100.0).round() as i64;
            ((18_000 - centi).rem_euclid(36_000) as f64 / 100.0) as f32
        };
        let turned = traffic.map(|p| Position {
            place: LonLat::from_e7(p.place.lon_e7(), -p.place.lat_e7()),
            cog_deg: p.cog_deg.map(mirror),
            heading_deg: p.heading_deg.map(mirror),
            ..p
        });
        same(&events(&run(&rig, &traffic), &|m| m, 0), &events(&run(&rig, &turned), &|m| m, 0))?;
    }

    /// Seventeen days are whole slots, whichever limits a case has.
    #[test]
    fn the_day(case in case(), days in -50_i64..50) {
        let (traffic, rig) = (plain(&case), case.rig());
        let ms = 17 * days * DAY_MS;
        let turned = traffic.later(ms);
        same(&events(&run(&rig, &traffic), &|m| m, 0), &events(&run(&rig, &turned), &|m| m, ms))?;
    }

    /// Static reports are summed up by UTC day, so only traffic without them may be moved by a slot.
    #[test]
    fn the_slot(case in case(), slots in -500_i64..500) {
        let rig = case.rig();
        let mut traffic = plain(&case);
        traffic.statics.clear();
        let ms = slots * rig.params.proximity.slot_s * 1000;
        let turned = traffic.later(ms);
        same(&events(&run(&rig, &traffic), &|m| m, 0), &events(&run(&rig, &turned), &|m| m, ms))?;
    }

    #[test]
    fn rows_heard_twice(case in case()) {
        let (traffic, rig) = (case.traffic(), case.rig());
        let mut twice = traffic.clone();
        twice.positions.extend(traffic.positions.clone());
        same(&events(&run(&rig, &traffic), &|m| m, 0), &events(&run(&rig, &twice), &|m| m, 0))?;
    }
}

proptest! {
    #![proptest_config(cases(400))]

    /// Where nothing changes, more rows can't make a contact shorter.
    #[test]
    fn a_row_inside_a_contact(case in case(), at in 0.01..0.99_f64, ship in 0_usize..2) {
        let case = case.two_steady_ships();
        let (traffic, rig) = (case.traffic(), case.rig());
        for e in run(&rig, &traffic).encounters.iter().filter(|e| e.contacts == 1) {
            let t = e.start.0 + ((e.end.0 - e.start.0) as f64 * at) as i64;
            let mut more = traffic.clone();
            more.positions.push(case.row_at(ship, t));
            // A row before a ship's first one renames its track: compare times only, there is one pair.
            let held = run(&rig, &more)
                .encounters
                .iter()
                .any(|m| m.start <= e.start && m.end >= e.end);
            prop_assert!(held, "{} to {} with a row at {t}", e.start, e.end);
        }
    }
}
