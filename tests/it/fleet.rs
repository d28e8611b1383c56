//! Small random traffic that is hard to get right: meetings, silence, noise, shared MMSIs, edges of time and map.

use std::sync::Arc;

use alongside::assess;
use alongside::geodesy::Plane;
use alongside::model::{AisClass, LonLat, StaticRecord};
use alongside::pipeline::EngineParams;
use alongside::proximity::GridSearch;
use alongside::stage::Waters;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};

use crate::traffic::{DAY_0, Dice, Position, Rig, Statics, Traffic};

const MINUTE_MS: i64 = 60_000;
const KN: f64 = 1852.0 / 3600.0;
const CIRCLE_M: f64 = 280.0;

/// `cases` of a property, the same ones on each run; `PROPTEST_CASES` asks for more.
pub fn cases(cases: u32) -> Config {
    let asked = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|n| n.parse().ok());
    Config {
        cases: asked.unwrap_or(cases),
        rng_seed: RngSeed::Fixed(asked.map_or(20_180_602, u64::from)),
        failure_persistence: None,
        max_shrink_iters: 400,
        ..Config::default()
    }
}

/// Ships that move together, by and large.
#[derive(Clone, Debug)]
pub struct Group {
    lon: f64,
    lat: f64,
    /// Minutes, knots, course.
    legs: Vec<(u32, f64, f64)>,
    members: Vec<Member>,
}

/// A ship of a group.
#[derive(Clone, Debug)]
pub struct Member {
    ship: u32,
    begin_min: u32,
    length_min: u32,
    interval_s: u32,
    /// Whether reports come at whole intervals of the clock: on the edges of slots, hours and days.
    on_the_clock: bool,
    /// Where it lies from the group's guide: minute, bearing, metres; it moves from one to the next.
    places: Vec<(u32, f64, f64)>,
    /// From a minute on it circles at three knots: near, but with no rest against the others.
    circles_from: Option<u32>,
    /// A row from elsewhere, so many minutes before the first: metres.
    prelude: Option<(u32, f64)>,
    /// From a minute on for some minutes it reports from elsewhere: metres.
    jump: Option<(u32, u32, f64)>,
    /// Minute and minutes of silence.
    silences: Vec<(u32, u32)>,
    /// Minute and which of its records.
    statics: Vec<(u32, u8)>,
    kind: u8,
    class_b: bool,
    nav_status: Option<u8>,
    heading_off_deg: Option<f64>,
    /// Share of rows that are spoilt in some way.
    faults: f64,
    seed: u64,
}

/// Which parameters the engine gets.
#[derive(Clone, Copy, Debug)]
pub enum Limits {
    /// Those of the documentation.
    Default,
    /// So short that three days cross each of them many times.
    Tight,
    /// In another order than usual: what is mostly the longer of two is the shorter.
    Odd,
}

/// Traffic and everything that may not matter.
#[derive(Clone, Debug)]
pub struct Case {
    pub groups: Vec<Group>,
    /// Cuts in milliseconds after [`DAY_0`].
    pub cuts: Vec<i64>,
    pub shuffle: u64,
    pub limits: Limits,
    pub all_pairs: bool,
    pub end_min: u32,
}

fn place_of_group() -> impl Strategy<Value = (f64, f64)> {
    prop_oneof![
        Just((180.0, 12.0)),
        Just((-179.99, -33.0)),
        (-179.0..179.0, -60.0..75.0),
        Just((4.0, 89.7)),
    ]
}

fn member() -> impl Strategy<Value = Member> {
    let time = (
        prop_oneof![2 => Just(0_u32), 1 => 0_u32..2880],
        prop_oneof![1 => 30_u32..600, 3 => 600_u32..2600],
        prop_oneof![
            Just(60_u32),
            Just(600),
            Just(180),
            90_u32..600,
            90_u32..1500
        ],
        any::<bool>(),
    );
    let where_ = prop::collection::vec(
        (
            30_u32..900,
            0.0..360.0,
            prop_oneof![3 => 30.0..90.0, 2 => 30.0..700.0, 1 => 900.0..1200.0, 2 => 3000.0..20_000.0],
        ),
        1..8,
    );
    let silences = prop::collection::vec(
        (
            0_u32..2880,
            prop_oneof![2_u32..60, 60_u32..400, 400_u32..1500],
        ),
        0..4,
    );
    let statics = prop::collection::vec((0_u32..4000, 0_u8..4), 0..8);
    let what = (
        0_u8..7,
        prop::bool::weighted(0.2),
        prop::option::of(0_u8..8),
        prop::option::of(-90.0..90.0),
    );
    let elsewhere = || prop_oneof![4000.0..20_000.0, 20_000.0..900_000.0];
    let detours = (
        prop::option::weighted(0.15, (1_u32..120, elsewhere())),
        prop::option::weighted(0.15, (0_u32..2000, 1_u32..90, elsewhere())),
        prop::option::weighted(0.15, 60_u32..900),
    );
    let noise = (
        prop_oneof![3 => Just(0.0), 1 => 0.0..0.15],
        any::<u64>(),
        prop_oneof![12 => 0_u32..7, 1 => Just(7)],
    );
    (time, where_, silences, statics, what, noise, detours).prop_map(
        |(time, places, silences, statics, what, noise, detours)| Member {
            ship: noise.2,
            begin_min: time.0,
            length_min: time.1,
            interval_s: time.2,
            on_the_clock: time.3,
            places,
            prelude: detours.0,
            jump: detours.1,
            circles_from: detours.2,
            silences,
            statics,
            kind: what.0,
            class_b: what.1,
            nav_status: what.2,
            heading_off_deg: what.3,
            faults: noise.0,
            seed: noise.1,
        },
    )
}

fn group() -> impl Strategy<Value = Group> {
    let leg = (
        20_u32..1500,
        prop_oneof![Just(0.0), 0.0..1.5, 2.0..5.0, 5.0..14.0],
        0.0..360.0,
    );
    (
        place_of_group(),
        prop::collection::vec(leg, 1..5),
        prop::collection::vec(member(), 1..6),
    )
        .prop_map(|((lon, lat), legs, members)| Group {
            lon,
            lat,
            legs,
            members,
        })
}

/// Any case.
pub fn case() -> impl Strategy<Value = Case> {
    let minute = 0_i64..5000;
    let cut = prop_oneof![
        // Anywhere, on the minute, on the slot, just after.
        (0_i64..300_000_000),
        minute.clone().prop_map(|m| m * MINUTE_MS),
        minute.clone().prop_map(|m| m / 10 * 10 * MINUTE_MS),
        minute.prop_map(|m| m / 10 * 10 * MINUTE_MS + 1),
    ];
    (
        prop::collection::vec(group(), 1..4),
        prop::collection::vec(cut, 0..12),
        any::<u64>(),
        prop_oneof![
            Just(Limits::Default),
            Just(Limits::Tight),
            Just(Limits::Odd)
        ],
        any::<bool>(),
        2880_u32..5760,
    )
        .prop_map(|(groups, cuts, shuffle, limits, all_pairs, end_min)| Case {
            groups,
            cuts,
            shuffle,
            limits,
            all_pairs,
            end_min,
        })
}

impl Group {
    /// The guide's way since the start, metres east and north.
    fn guide_m(&self, min: f64) -> [f64; 2] {
        let mut left = min;
        let mut at = [0.0, 0.0];
        for (minutes, kn, course) in &self.legs {
            let t = left.clamp(0.0, f64::from(*minutes));
            let way = t * 60.0 * kn * KN;
            at[0] += way * course.to_radians().sin();
            at[1] += way * course.to_radians().cos();
            left -= t;
        }
        at
    }

    fn place(&self, member: &Member, min: f64) -> LonLat {
        let origin = LonLat::from_degrees_wrapped(self.lon, self.lat);
        let [e, n] = self.guide_m(min);
        let [de, dn] = member.offset_m(min - f64::from(member.begin_min));
        let away = member
            .jump
            .filter(|(begin, n, _)| (f64::from(*begin)..f64::from(begin + n)).contains(&min));
        let away = away.map_or(0.0, |(_, _, m)| m);
        Plane::at(origin).to_place([e + de + away, n + dn])
    }
}

impl Member {
    fn offset_m(&self, min: f64) -> [f64; 2] {
        let point = |(_, bearing, m): (u32, f64, f64)| {
            let (sin, cos) = bearing.to_radians().sin_cos();
            [m * sin, m * cos]
        };
        if self
            .circles_from
            .is_some_and(|begin| min >= f64::from(begin))
        {
            let (sin, cos) = (min * 60.0 * 3.0 * KN / CIRCLE_M).sin_cos();
            return [CIRCLE_M * sin, CIRCLE_M * cos];
        }
        let mut begin = 0.0;
        for pair in self.places.windows(2) {
            // It stays for the given time, then moves for half an hour.
            let stay = f64::from(pair[0].0);
            if min < begin + stay {
                return point(pair[0]);
            }
            begin += stay;
            if min < begin + 30.0 {
                let (a, b, u) = (point(pair[0]), point(pair[1]), (min - begin) / 30.0);
                return [a[0] + (b[0] - a[0]) * u, a[1] + (b[1] - a[1]) * u];
            }
            begin += 30.0;
        }
        point(*self.places.last().expect("a member has places"))
    }

    fn mmsi(&self) -> u32 {
        // The last is fishing gear, which no pair may hold.
        [
            211_000_001,
            229_000_002,
            311_000_003,
            477_000_004,
            538_000_005,
            636_000_006,
            710_000_007,
            941_000_008,
        ][self.ship as usize]
    }

    fn record(&self, variant: u8) -> StaticRecord {
        let ship_type = [
            Some(80),
            Some(30),
            Some(37),
            Some(70),
            None,
            Some(89),
            Some(52),
        ][usize::from(self.kind)];
        match variant {
            0 => StaticRecord {
                name: Some(format!("SHIP {}", self.ship)),
                ship_type,
                length_dm: Some(1830),
                draught_dm: Some(60),
                ..StaticRecord::default()
            },
            1 => StaticRecord {
                draught_dm: Some(112),
                destination: Some("FOR ORDERS".into()),
                ..StaticRecord::default()
            },
            2 => StaticRecord {
                ship_type: Some(36),
                length_dm: Some(150),
                ..StaticRecord::default()
            },
            _ => StaticRecord {
                imo: Some(9_074_729),
                ship_type: Some(81),
                draught_dm: Some(95),
                ..StaticRecord::default()
            },
        }
    }

    fn is_silent(&self, min: f64) -> bool {
        self.silences
            .iter()
            .any(|(begin, n)| (f64::from(*begin)..f64::from(begin + n)).contains(&min))
    }

    fn rows(&self, group: &Group, out: &mut Traffic) {
        let mut dice = Dice(self.seed);
        let step_ms = i64::from(self.interval_s) * 1000;
        let begin = i64::from(self.begin_min) * MINUTE_MS;
        let end = begin + i64::from(self.length_min) * MINUTE_MS;
        let mut t = if self.on_the_clock {
            begin.div_euclid(step_ms) * step_ms
        } else {
            begin + dice.below(step_ms as usize) as i64
        };
        if let Some((min_before, m)) = self.prelude {
            let row = self.row(group, t as f64 / MINUTE_MS as f64, t);
            out.positions.push(Position {
                t: row.t - i64::from(min_before) * MINUTE_MS,
                place: Plane::at(row.place).to_place([m, 0.0]),
                ..row
            });
        }
        while t < end {
            let min = t as f64 / MINUTE_MS as f64;
            if !self.is_silent(min) {
                let row = self.row(group, min, t);
                self.spoil(group, row, &mut dice, &mut out.positions);
            }
            let jitter = if self.on_the_clock {
                0
            } else {
                dice.below(20_000) as i64
            };
            t += step_ms + jitter;
        }
        for (min, variant) in &self.statics {
            out.statics.push(Statics {
                mmsi: self.mmsi(),
                t: DAY_0 + i64::from(*min) * MINUTE_MS,
                record: self.record(*variant),
            });
        }
    }

    fn row(&self, group: &Group, min: f64, t: i64) -> Position {
        let place = group.place(self, min);
        let [e, n] = Plane::at(place).to_m(group.place(self, min + 0.25));
        let sog = e.hypot(n) / 15.0 / KN;
        let cog = e.atan2(n).to_degrees().rem_euclid(360.0).min(359.9);
        Position {
            mmsi: self.mmsi(),
            t: DAY_0 + t,
            place,
            sog_kn: Some(((sog * 10.0).round() / 10.0) as f32),
            cog_deg: (sog > 0.1).then_some(((cog * 10.0).round() / 10.0) as f32),
            heading_deg: self
                .heading_off_deg
                .map(|off| (cog + off).rem_euclid(360.0).floor() as f32),
            nav_status: self.nav_status.filter(|_| !self.class_b),
            class: Some(if self.class_b {
                AisClass::B
            } else {
                AisClass::A
            }),
        }
    }

    /// Adds the row, or what a bad station makes of it.
    fn spoil(&self, group: &Group, row: Position, dice: &mut Dice, out: &mut Vec<Position>) {
        if !dice.happens(self.faults) {
            out.push(row);
            return;
        }
        let moved = |m: f64, dice: &mut Dice| {
            let bearing = dice.between(0.0, std::f64::consts::TAU);
            Plane::at(row.place).to_place([m * bearing.sin(), m * bearing.cos()])
        };
        match dice.below(8) {
            // Heard twice; a moment later; at the same time elsewhere.
            0 => out.extend([row, row]),
            1 => out.extend([
                row,
                Position {
                    t: row.t + 1000,
                    ..row
                },
            ]),
            2 => {
                let place = moved(dice.between(10.0, 3000.0), dice);
                out.extend([row, Position { place, ..row }]);
            }
            // A spike, far or just out of reach.
            3 => out.push(Position {
                place: moved(dice.between(20_000.0, 900_000.0), dice),
                ..row
            }),
            4 => out.push(Position {
                place: moved(dice.between(500.0, 9000.0), dice),
                ..row
            }),
            // An old place under a new time.
            5 => {
                let ago = dice.between(0.5, 3.0);
                let place = group.place(self, (row.t - DAY_0) as f64 / MINUTE_MS as f64 - ago);
                out.push(Position { place, ..row });
            }
            // No speed, no course.
            6 => out.push(Position {
                sog_kn: None,
                cog_deg: None,
                ..row
            }),
            // Not heard.
            _ => {}
        }
    }
}

impl Case {
    /// Its rows.
    pub fn traffic(&self) -> Traffic {
        let mut traffic = Traffic {
            complete_to: DAY_0 + i64::from(self.end_min) * MINUTE_MS,
            ..Traffic::default()
        };
        for group in &self.groups {
            for member in &group.members {
                member.rows(group, &mut traffic);
            }
        }
        let end = traffic.complete_to;
        traffic.positions.retain(|p| p.t < end);
        traffic.statics.retain(|s| s.t < end);
        traffic
    }

    /// Two ships of it that keep their course, speed and place beside each other, and whose rows are all good.
    pub fn two_steady_ships(mut self) -> Self {
        self.groups.truncate(1);
        self.groups[0].legs.truncate(1);
        self.groups[0].legs[0].0 = u32::MAX;
        let members = &mut self.groups[0].members;
        let again = members[0].clone();
        members.push(again);
        members.truncate(2);
        for (member, ship) in members.iter_mut().zip([0, 1]) {
            member.ship = ship;
            member.faults = 0.0;
            member.places.truncate(1);
            // Clear of the radius, at which a knot rounded to a tenth decides.
            member.places[0].2 = member.places[0].2.min(200.0);
            member.circles_from = None;
            member.prelude = None;
            member.jump = None;
            member.silences.clear();
        }
        self.all_pairs = true;
        self
    }

    /// The same with good rows only, of all ships at the same times.
    pub fn in_step(mut self) -> Self {
        for member in self.groups.iter_mut().flat_map(|g| &mut g.members) {
            member.on_the_clock = true;
            member.interval_s = 300;
            member.faults = 0.0;
            member.prelude = None;
            member.jump = None;
        }
        self.all_pairs = true;
        self
    }

    /// The row that ship `i` of the first group would have sent at `t`.
    pub fn row_at(&self, i: usize, t: i64) -> Position {
        let group = &self.groups[0];
        let t = t - DAY_0;
        group.members[i].row(group, t as f64 / MINUTE_MS as f64, t)
    }

    /// Its cuts as instants.
    pub fn cuts(&self) -> Vec<i64> {
        self.cuts.iter().map(|c| DAY_0 + c).collect()
    }

    /// Its engine.
    pub fn rig(&self) -> Rig {
        let mut rig = Rig {
            params: EngineParams::default(),
            assess: assess::Params::default(),
            waters: Arc::new(Checkered),
            search: Arc::new(GridSearch),
        };
        rig.params.proximity.all_pairs = self.all_pairs;
        let Rig { params, assess, .. } = &mut rig;
        let (track, proximity, encounter) = (
            &mut params.track,
            &mut params.proximity,
            &mut params.encounter,
        );
        match self.limits {
            Limits::Default => {}
            Limits::Tight => {
                track.track_confirm_s = 1200;
                track.gap_min_h = 0.75;
                track.loiter_min_h = 0.5;
                track.loiter_join_h = 1.0;
                track.loiter_silence_h = 3.0;
                proximity.slot_s = 300;
                proximity.max_interpolation_s = 1800;
                proximity.watch_h = 2.0;
                encounter.rejoin_h = 1.5;
                encounter.evidence_samples = 24;
                assess.settle_d = 1;
                assess.lookback_d = 1;
            }
            Limits::Odd => {
                track.track_confirm_s = 9000;
                track.loiter_min_h = 1.0;
                track.loiter_join_h = 4.0;
                track.loiter_silence_h = 0.5;
                proximity.slot_s = 1700;
                proximity.max_interpolation_s = 900;
                proximity.reckoning_s = 4000;
                proximity.approach_slots = 2;
                proximity.samples_per_slot = 2;
                proximity.contact_radius_m = 800.0;
                proximity.apart_m = 850.0;
                proximity.watch_h = 1.0;
                encounter.rejoin_h = 6.0;
                encounter.run_gap_slots = 0;
                encounter.relative_speed_kn = 2.5;
                encounter.evidence_samples = 9;
            }
        }
        rig
    }
}

/// Waters that are offshore in every other tenth of a degree, and unknown south of the equator.
pub struct Checkered;

impl Waters for Checkered {
    fn offshore(&self, place: LonLat) -> Option<bool> {
        (place.lat() > 0.0).then(|| (place.lon() * 10.0).floor() as i64 % 2 == 0)
    }
}
