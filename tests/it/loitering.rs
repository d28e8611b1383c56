//! Interrupted drifts: against a slow twin of the rule, however the rows are cut, and as rows of the table.

use alongside::geodesy::{Plane, angle_between_deg, distance_m, near_distance_m};
use alongside::model::{AisClass, Fix, LonLat, SlowRun, StaticRecord, TrackFixes};
use alongside::stage::Stage;
use alongside::track::{Params, TrackStage};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use crate::fleet::cases;
use crate::traffic::{DAY_0, DAY_MS, Dice, Position, Rig, Statics, Traffic};

const SHIP: u32 = 538_004_030;
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const KNOT_MPS: f64 = 1852.0 / 3600.0;

/// A part of a way: minutes, speed, course, angle between course and heading; unheard or not.
#[derive(Clone, Copy, Debug)]
struct Leg {
    minutes: i64,
    kn: f64,
    cog_deg: f64,
    angle_deg: f64,
    heard: bool,
}

const fn leg(minutes: i64, kn: f64, cog_deg: f64, angle_deg: f64) -> Leg {
    Leg {
        minutes,
        kn,
        cog_deg,
        angle_deg,
        heard: true,
    }
}

fn sea() -> LonLat {
    LonLat::from_degrees_wrapped(179.99, -40.0)
}

/// The ship on her way, heard every so many seconds.
fn sail(legs: &[Leg], step_s: i64) -> Vec<Position> {
    let plane = Plane::at(sea());
    let (mut t, mut xy) = (DAY_0, [0.0, 0.0]);
    let angle = |deg: f64| Some((deg.round().rem_euclid(360.0)) as f32);
    let mut fixes = Vec::new();
    for leg in legs {
        let end = t + leg.minutes * MINUTE_MS;
        let v = leg.kn * KNOT_MPS;
        while t < end {
            if leg.heard {
                fixes.push(Position {
                    mmsi: SHIP,
                    t,
                    place: plane.to_place(xy),
                    sog_kn: Some(leg.kn as f32),
                    cog_deg: angle(leg.cog_deg),
                    heading_deg: angle(leg.cog_deg + leg.angle_deg),
                    nav_status: Some(0),
                    class: Some(AisClass::A),
                });
            }
            let m = v * step_s as f64;
            let (sin, cos) = leg.cog_deg.to_radians().sin_cos();
            xy = [xy[0] + m * sin, xy[1] + m * cos];
            t += step_s * 1000;
        }
    }
    fixes
}

/// A ship that drifts, steams back most of the time, and now and then lies, leaves or is unheard.
fn made_up(seed: u64) -> Vec<Position> {
    let mut dice = Dice(seed);
    let step_s = [120, 300, 600, 1500][dice.below(4)];
    let eager = dice.happens(0.5);
    let mut legs = Vec::new();
    let mut minutes = 0;
    let set_deg = dice.between(0.0, 360.0);
    while minutes < 60 * 60 {
        let along = dice.between(-40.0, 40.0);
        let back = if dice.happens(0.8) { 180.0 } else { 0.0 };
        let new = match dice.below(20) {
            0..=8 => {
                // Else slow runs are all around.
                let kn = dice.between(if eager { 1.8 } else { 0.4 }, 3.6);
                let angle = [10.0, 24.0, 28.0, 40.0, 100.0][dice.below(5)];
                leg(10 + dice.below(90) as i64, kn, set_deg + along, angle)
            }
            9..=15 => {
                let (kn, minutes) = (dice.between(3.0, 8.0), 10 + dice.below(35) as i64);
                leg(minutes, kn, set_deg + back + along, dice.between(-8.0, 8.0))
            }
            16 => leg(dice.below(160) as i64, dice.between(0.0, 0.4), 0.0, 60.0),
            17 => leg(
                if eager { 20 } else { 130 },
                dice.between(0.5, 1.8),
                set_deg,
                70.0,
            ),
            18 => leg(
                60 + dice.below(150) as i64,
                12.0,
                set_deg + along * 4.0,
                1.0,
            ),
            _ => Leg {
                heard: false,
                ..leg([40, 90, 200, 1700][dice.below(4)], 1.5, set_deg, 0.0)
            },
        };
        minutes += new.minutes;
        legs.push(new);
    }
    sail(&legs, step_s)
}

fn traffic(positions: Vec<Position>) -> Traffic {
    let last = positions.iter().map(|p| p.t).max().unwrap_or(DAY_0);
    Traffic {
        positions,
        statics: Vec::new(),
        complete_to: (last.div_euclid(DAY_MS) + 3) * DAY_MS,
    }
}

/// The tracks of these rows, and their slow runs.
fn tracked(traffic: &Traffic) -> (Vec<TrackFixes>, Vec<SlowRun>) {
    let mut stage = TrackStage::new(Params::default());
    let mut tracks: Vec<TrackFixes> = Vec::new();
    let mut runs = Vec::new();
    for chunk in traffic.chunks(&[], 1) {
        let out = stage.step(chunk);
        for new in out.batch.tracks {
            match tracks.iter_mut().find(|t| t.track == new.track) {
                Some(known) => known.fixes.extend(new.fixes),
                None => tracks.push(new),
            }
        }
        runs.extend(out.slow_runs);
    }
    let out = stage.finish(None);
    assert!(out.batch.tracks.iter().all(|t| t.fixes.is_empty()));
    runs.extend(out.slow_runs);
    runs.sort_by_key(|r| (r.track, r.start));
    (tracks, runs)
}

/// The rules as they are worded, over all fixes of a track, nothing remembered from one to the next.
struct Twin<'a> {
    fixes: &'a [Fix],
    p: Params,
}

impl Twin<'_> {
    fn ms(&self, from: usize, to: usize) -> i64 {
        self.fixes[to].t.0 - self.fixes[from].t.0
    }

    fn kn(&self, i: usize) -> f64 {
        self.fixes[i].sog_kn().expect("all say it")
    }

    fn angle_deg(&self, i: usize) -> f64 {
        let (cog, heading) = (self.fixes[i].cog_deg(), self.fixes[i].heading_deg());
        angle_between_deg(cog.unwrap(), heading.unwrap())
    }

    fn is_slow(&self, i: usize) -> bool {
        let crabs = self.angle_deg(i) > self.p.drift_angle_deg;
        self.kn(i) < self.p.loiter_speed_kn || self.kn(i) < self.p.adrift_speed_kn && crabs
    }

    fn is_carried(&self, i: usize) -> bool {
        let sideways = self.kn(i) * self.angle_deg(i).min(90.0).to_radians().sin();
        let swept = self.kn(i) < self.p.adrift_speed_kn && sideways >= 1.0;
        self.kn(i) >= 0.5 && (self.is_slow(i) || swept)
    }

    fn hours(&self, from: usize, to: usize) -> f64 {
        self.ms(from, to) as f64 / HOUR_MS as f64
    }

    fn apart_m(&self, i: usize, j: usize) -> f64 {
        near_distance_m(self.fixes[i].place, self.fixes[j].place)
    }

    fn is_cut(&self, i: usize) -> bool {
        i > 0 && self.hours(i - 1, i) > self.p.loiter_silence_h
    }

    /// Whether a run or stretch that ends with one fix and one that begins with another are joined.
    fn joins(&self, end: usize, start: usize) -> bool {
        self.hours(end, start) <= self.p.loiter_join_h
            && self.apart_m(end, start) <= self.p.loiter_join_km * 1000.0
    }

    /// All stays of a ship that goes nowhere: first and last fix at which she was carried, last fix within.
    fn drifts(&self) -> Vec<(usize, usize, usize)> {
        let reach_m = 4.0 * 1852.0;
        let mut all = Vec::new();
        let mut i = 0;
        while i < self.fixes.len() {
            if !self.is_carried(i) {
                i += 1;
                continue;
            }
            let stays = |k: &usize| {
                let carried_ms: i64 = (i + 1..=*k)
                    .filter(|j| self.is_carried(*j) && self.is_carried(*j - 1))
                    .map(|j| self.ms(j - 1, j))
                    .filter(|ms| *ms <= 30 * MINUTE_MS)
                    .sum();
                let gone_ms = self.ms(i, *k) - carried_ms;
                gone_ms <= carried_ms.max(HOUR_MS)
                    && distance_m(self.fixes[i].place, self.fixes[*k].place) <= reach_m
                    && !self.is_cut(*k)
            };
            let until = (i + 1..self.fixes.len()).take_while(stays).last();
            let until = until.unwrap_or(i);
            let last = (i..=until).rev().find(|j| self.is_carried(*j));
            let last = last.expect("the first at least");
            if self.hours(i, last) >= self.p.loiter_min_h {
                all.push((i, last, until));
            }
            i = until + 1;
        }
        all
    }

    /// Those that meet none of these slow runs.
    fn interrupted(&self, runs: &[&SlowRun]) -> Vec<(usize, usize)> {
        let at = |t| self.fixes.iter().position(|fix| fix.t == t).unwrap();
        let runs: Vec<_> = runs
            .iter()
            .map(|run| (at(run.start), at(run.end)))
            .collect();
        let is_free = |(first, last, until): &(usize, usize, usize)| {
            !runs.iter().any(|(start, end)| {
                if end < first {
                    self.joins(*end, *first)
                } else {
                    start <= until || self.joins(*last, *start)
                }
            })
        };
        let free = self.drifts().into_iter().filter(is_free);
        free.map(|(first, last, _)| (first, last)).collect()
    }
}

fn span(run: &SlowRun) -> (i64, i64, u32) {
    (run.start.0, run.end.0, run.fixes)
}

proptest! {
    #![proptest_config(cases(192))]

    #[test]
    fn interrupted_drifts_are_those_of_the_slow_twin(seed in any::<u64>()) {
        let (tracks, runs) = tracked(&traffic(made_up(seed)));
        for TrackFixes { track, fixes } in &tracks {
            let twin = Twin { fixes, p: Params::default() };
            let own = runs.iter().filter(|r| r.track == *track);
            let (drifts, slow): (Vec<&SlowRun>, Vec<_>) = own.partition(|r| r.interrupted);
            let carried = |(a, b): (usize, usize)| {
                let fixes_in = (a..=b).filter(|i| twin.is_carried(*i)).count();
                (fixes[a].t.0, fixes[b].t.0, fixes_in as u32)
            };
            let found: Vec<_> = drifts.into_iter().map(span).collect();
            let wanted: Vec<_> = twin.interrupted(&slow).into_iter().map(carried).collect();
            prop_assert_eq!(found, wanted);
        }
    }

    #[test]
    fn cuts_and_storage_do_not_matter(seed in any::<u64>()) {
        let traffic = traffic(made_up(seed));
        let (_, whole) = tracked(&traffic);
        let mut dice = Dice(seed);
        let span = traffic.complete_to - DAY_0;
        let cuts: Vec<i64> = (0..40).map(|_| DAY_0 + dice.below(span as usize) as i64).collect();
        let mut stage = TrackStage::new(Params::default());
        let mut runs = Vec::new();
        for chunk in traffic.chunks(&cuts, seed) {
            runs.extend(stage.step(chunk).slow_runs);
            let bytes = stage.suspend().unwrap();
            stage = TrackStage::new(Params::default());
            stage.resume(&bytes).unwrap();
        }
        runs.extend(stage.finish(None).slow_runs);
        runs.sort_by_key(|r| (r.track, r.start));
        prop_assert_eq!(runs, whole);
    }
}

/// Both sides of the rule come up often.
#[test]
fn the_cases_are_worth_their_name() {
    let mut runner = TestRunner::new(Config {
        rng_seed: RngSeed::Fixed(1),
        ..Config::default()
    });
    let (mut found, mut met, mut slow) = (0, 0, 0);
    for _ in 0..200 {
        let seed = any::<u64>().new_tree(&mut runner).unwrap().current();
        let (tracks, runs) = tracked(&traffic(made_up(seed)));
        found += runs.iter().filter(|r| r.interrupted).count();
        slow += runs.iter().filter(|r| !r.interrupted).count();
        for track in &tracks {
            let twin = Twin {
                fixes: &track.fixes,
                p: Params::default(),
            };
            let own = |r: &&SlowRun| r.track == track.track && !r.interrupted;
            let slow: Vec<&SlowRun> = runs.iter().filter(own).collect();
            met += twin.drifts().len() - twin.interrupted(&slow).len();
        }
    }
    assert!(
        found >= 60 && met >= 60 && slow >= 60,
        "{found} {met} {slow}"
    );
}

/// Drifts two knots and a half with wind and sea a little abaft the beam, steams back at six; no part lasts two hours.
const WAITING: [Leg; 5] = [
    leg(60, 2.6, 140.0, 27.0),
    leg(25, 6.2, 320.0, 2.0),
    leg(65, 2.6, 140.0, 27.0),
    leg(30, 6.0, 320.0, 2.0),
    leg(60, 2.6, 140.0, 27.0),
];

/// `start`, `end` and `state` of the rows of a ship of this type and length.
fn rows(legs: &[Leg], ship_type: Option<u8>) -> Vec<(i64, i64, String)> {
    rows_of(traffic(sail(legs, 60)), ship_type)
}

fn rows_of(mut traffic: Traffic, ship_type: Option<u8>) -> Vec<(i64, i64, String)> {
    traffic.statics.push(Statics {
        mmsi: SHIP,
        t: DAY_0,
        record: StaticRecord {
            ship_type,
            length_dm: Some(2740),
            beam_dm: Some(480),
            ..StaticRecord::default()
        },
    });
    let rig = Rig::new();
    let tables = rig.tables(&rig.run(traffic.days()));
    let table = tables.iter().find(|t| t.schema.name == "loitering");
    let rows = table.unwrap().rows();
    let minutes = |r: &alongside::model::Row, column| {
        let ms = r.time(column).unwrap().0 - DAY_0;
        ms / MINUTE_MS
    };
    let row = |r: &alongside::model::Row| {
        let state = r.text("state").unwrap_or_default().to_owned();
        (minutes(r, "start"), minutes(r, "end"), state)
    };
    rows.iter().map(row).collect()
}

/// The state of a ship of this type that says this of herself.
fn state(way: Leg, nav_status: u8, ship_type: u8) -> String {
    let said = sail(&[way], 60).into_iter().map(|p| Position {
        nav_status: Some(nav_status),
        ..p
    });
    let rows = rows_of(traffic(said.collect()), Some(ship_type));
    assert_eq!(rows.len(), 1);
    rows[0].2.clone()
}

#[test]
fn a_tanker_that_drifts_and_steams_back_waits_adrift() {
    let whole = vec![(0, 239, "adrift".to_owned())];
    assert_eq!(rows(&WAITING, Some(80)), whole);
    assert_eq!(rows(&WAITING, Some(70)), whole);
}

#[test]
fn who_says_she_is_at_anchor_far_from_any_quay_is_not_moored() {
    // As still as at a berth through two tides, in open water.
    let still = leg(26 * 60, 0.0, 0.0, 40.0);
    assert_eq!(state(still, 1, 80), "anchored");
    assert_eq!(state(still, 5, 80), "moored");
}

#[test]
fn whose_work_restricts_her_is_not_adrift_by_that() {
    // On one spot for four hours, or slowly along a line on her course.
    for kn in [0.05, 1.5] {
        let works = leg(240, kn, 90.0, 2.0);
        assert_eq!(state(works, 3, 80), "adrift");
        assert_eq!(state(works, 3, 33), "");
        assert_eq!(state(works, 2, 33), "adrift");
    }
}

#[test]
fn who_fishes_tows_or_carries_pilots_goes_to_and_fro_at_her_trade() {
    for other in [30, 31, 33, 36, 50, 52, 60, 90] {
        assert_eq!(rows(&WAITING, Some(other)), [], "{other}");
    }
    // Large trawlers that don't say what they are.
    assert_eq!(rows(&WAITING, None), []);
}

#[test]
fn only_what_is_carried_for_half_the_time_waits() {
    let with = |steams: i64| {
        let drift = |cog_deg| leg(60, 2.6, cog_deg, 27.0);
        // Out and back.
        let round = [50.0, 230.0].map(|cog_deg| leg(steams / 2, 5.5, cog_deg, 2.0));
        let legs = [
            &[drift(140.0)][..],
            &round,
            &[drift(320.0)],
            &round,
            &[drift(140.0)],
        ];
        rows(&legs.concat(), Some(80))
    };
    assert_eq!(with(50).len(), 1);
    assert_eq!(with(76), []);
    // A shuttle under way at five knots, and one that lies an hour at each end.
    let shuttle: Vec<Leg> = (0..12)
        .map(|i| leg(30, 5.5, f64::from(i % 2) * 180.0, 1.0))
        .collect();
    assert_eq!(rows(&shuttle, Some(80)), []);
    let lies: Vec<Leg> = (0..12)
        .flat_map(|i| {
            let out = leg(35, 5.0, f64::from(i % 2) * 180.0, 1.0);
            [leg(70, 0.1, 0.0, 90.0), out]
        })
        .collect();
    assert_eq!(rows(&lies, Some(80)), []);
}

#[test]
fn what_leaves_four_miles_goes_somewhere() {
    let mut legs = WAITING;
    legs[1].cog_deg = 140.0;
    legs[3].cog_deg = 140.0;
    assert_eq!(rows(&legs, Some(80)), []);
}

#[test]
fn a_slow_run_that_a_drift_meets_is_what_it_was() {
    let drift = leg(130, 1.2, 100.0, 80.0);
    let gone = leg(240, 12.0, 90.0, 0.0);
    let alone = |legs: &[Leg]| rows(legs, Some(80));
    let of = |start, end| vec![(start, end, "adrift".to_owned())];
    // Right after, and long after.
    let before = [vec![drift], WAITING.to_vec()].concat();
    assert_eq!(alone(&before), of(0, 129));
    let behind = [WAITING.to_vec(), vec![leg(60, 4.0, 320.0, 2.0), drift]].concat();
    assert_eq!(alone(&behind), of(300, 429));
    let far = [WAITING.to_vec(), vec![gone, drift]].concat();
    assert_eq!(alone(&far), [of(0, 239), of(480, 609)].concat());
}
