//! Look-alikes on a course: tows, pilots, convoys, crossing, overtaking.

use std::rc::Rc;

use super::motion::{Leg, Motion, Path, Wander, away};
use super::scene::{HOUR, Scene};
use super::ship::{Build, Yard};
use crate::model::TruthKind;
use crate::model::quantity::MPS_PER_KNOT;

/// Traffic within this distance is noted as passing, metres.
const PASSING_M: f64 = 2000.0;

/// A ship that goes straight through the scene's middle (or beside it) at a time.
fn through(
    scene: &mut Scene,
    at: [f64; 2],
    heading: f64,
    speed_kn: f64,
    when: f64,
    reach_m: f64,
) -> Rc<Path> {
    let time = reach_m / (speed_kn * MPS_PER_KNOT);
    let keys = vec![
        (when - time, away(at, heading + 180.0, reach_m)),
        (when + time, away(at, heading, reach_m)),
    ];
    let motion = scene.passage(keys);
    Rc::new(Path {
        from: when - time,
        legs: vec![Leg {
            until: when + time,
            motion,
            status: 0,
        }],
    })
}

fn one_leg(from: f64, until: f64, motion: Motion, status: u8) -> Rc<Path> {
    Rc::new(Path {
        from,
        legs: vec![Leg {
            until,
            motion,
            status,
        }],
    })
}

/// A tug with a barge astern on 50 to 400 m of line, or alongside.
pub(super) fn tow(scene: &mut Scene, yard: &mut Yard) {
    let (tug, barge) = (yard.build(Build::Tug), yard.build(Build::Barge));
    let speed = scene.dice.between(4.0, 8.0);
    let length = scene.dice.between(5.0, 20.0) * HOUR;
    let from = scene.begin(length);
    let until = from + length;
    let heading = scene.dice.between(0.0, 360.0);
    let start = away(
        [0.0; 2],
        heading + 180.0,
        speed * MPS_PER_KNOT * length / 2.0,
    );
    let course = scene.winding((from, until), start, heading, speed, (2.0 * HOUR, 25.0));
    let host = one_leg(from, until, course, *scene.dice.pick(&[0, 11, 12, 3]));
    let motion = if scene.dice.chance(0.65) {
        let line = scene.dice.log_between(50.0, 400.0);
        let apart = line + (tug.hull.length_m + barge.hull.length_m) / 2.0;
        Motion::Trailing {
            host: Rc::clone(&host),
            lag_s: apart / (speed * MPS_PER_KNOT),
            side: Wander::new(&mut scene.dice, 6.0, 400.0),
        }
    } else {
        let across = (tug.hull.beam_m + barge.hull.beam_m) / 2.0 + scene.dice.between(0.5, 1.0);
        let side = scene.dice.sign();
        let along = scene.dice.between(-10.0, 25.0);
        scene.beside(
            &host,
            vec![(from, along, side * across), (until, along, side * across)],
            false,
        )
    };
    // The barge's own first minutes lie before the tug's.
    let begin = from + 600.0;
    let path = one_leg(begin, until, motion, 0);
    let tug = scene.add(tug, host);
    let barge = scene.add(barge, path);
    scene.pair(TruthKind::Tow, tug, barge, (begin, until), "under_way");
}

/// A pilot boat at five ships, one after the other, 5 to 20 minutes each at 6 to 10 kn.
pub(super) fn pilots(scene: &mut Scene, yard: &mut Yard) {
    const SHIPS: usize = 5;
    let boat = yard.build(Build::PilotBoat);
    let every = (scene.span - 4.0 * HOUR) / SHIPS as f64;
    let mut visits = Vec::new();
    let mut legs: Vec<Leg> = Vec::new();
    let mut begin = 0.0;
    for i in 0..SHIPS {
        let build = *scene
            .dice
            .pick(&[Build::Mr, Build::Bulker, Build::Container, Build::Aframax]);
        let ship = yard.build(build);
        let speed = scene.dice.between(6.0, 10.0);
        let when = 2.0 * HOUR + (i as f64 + scene.dice.between(0.2, 0.8)) * every;
        let heading = scene.place.seaward_deg + 180.0 + scene.dice.between(-20.0, 20.0);
        let host = through(scene, [0.0; 2], heading, speed, when, 22_000.0);
        let length = scene.dice.between(5.0, 20.0) * 60.0;
        let across = (ship.hull.beam_m + boat.hull.beam_m) / 2.0 + 0.5;
        let along = scene.dice.between(-0.1, 0.1) * ship.hull.length_m;
        let keys = vec![
            (when - 720.0, 900.0, -1200.0),
            (when - 120.0, along - 20.0, -across - 40.0),
            (when, along, -across),
            (when + length, along, -across),
            (when + length + 120.0, along, -across - 60.0),
            (when + length + 600.0, -800.0, -1200.0),
        ];
        let motion = scene.beside(&host, keys, false);
        let leg = Leg {
            until: when + length + 600.0,
            motion,
            status: 0,
        };
        let from = when - 720.0;
        if let Some(before) = legs.last() {
            let (t, at) = (before.until, before.motion.pose(before.until).at);
            let to = leg.motion.pose(from).at;
            let motion = scene.passage(station(t, at, from, to));
            legs.push(Leg {
                until: from,
                motion,
                status: 0,
            });
        } else {
            begin = from;
        }
        legs.push(leg);
        visits.push((scene.add(ship, host), (when, when + length)));
    }
    let path = Rc::new(Path { from: begin, legs });
    let boat = scene.add(boat, path);
    for (ship, span) in visits {
        scene.pair(TruthKind::Pilot, ship, boat, span, "under_way");
    }
}

/// From one place to another through a station 3 km off, at 15 kn, waiting there in between.
fn station(t: f64, at: [f64; 2], until: f64, to: [f64; 2]) -> Vec<(f64, [f64; 2])> {
    const WAIT: [f64; 2] = [3000.0, 3000.0];
    let speed = 15.0 * MPS_PER_KNOT;
    let way = |a: [f64; 2], b: [f64; 2]| (a[0] - b[0]).hypot(a[1] - b[1]) / speed;
    let (there, back) = (t + way(at, WAIT), until - way(WAIT, to));
    let mut keys = vec![(t, at)];
    if there < back {
        // Wandering a little: a boat never lies quite still.
        keys.push((there, WAIT));
        keys.push((back, [WAIT[0] + 150.0, WAIT[1] - 100.0]));
    }
    keys.push((until, to));
    keys
}

/// Four ships on one track, 500 to 1,500 m apart.
pub(super) fn convoy(scene: &mut Scene, yard: &mut Yard) {
    let builds = [
        Build::Bulker,
        Build::Mr,
        Build::Container,
        Build::Coaster,
        Build::Handy,
    ];
    let speed = scene.dice.between(6.0, 12.0);
    let length = scene.dice.between(6.0, 14.0) * HOUR;
    let from = scene.begin(length);
    let until = from + length;
    let heading = scene.dice.between(0.0, 360.0);
    let start = away(
        [0.0; 2],
        heading + 180.0,
        speed * MPS_PER_KNOT * length / 2.0,
    );
    let course = scene.winding((from, until), start, heading, speed, (1.5 * HOUR, 20.0));
    let lead = one_leg(from, until, course, 0);
    let mut lag = 0.0;
    let mut before: Option<usize> = None;
    for i in 0..4 {
        let build = *scene.dice.pick(&builds);
        let ship = yard.build(build);
        let path = if i == 0 {
            Rc::clone(&lead)
        } else {
            lag += scene.dice.between(500.0, 1500.0) / (speed * MPS_PER_KNOT);
            let side = Wander::new(&mut scene.dice, 20.0, 1200.0);
            let motion = Motion::Trailing {
                host: Rc::clone(&lead),
                lag_s: lag,
                side,
            };
            one_leg(from + lag, until, motion, 0)
        };
        let ship = scene.add(ship, path);
        if let Some(before) = before {
            scene.pair(
                TruthKind::Convoy,
                before,
                ship,
                (from + lag, until),
                "under_way",
            );
        }
        before = Some(ship);
    }
}

/// When two straight courses are within [`PASSING_M`].
fn passing(a: &Path, b: &Path, around: f64) -> Option<(f64, f64)> {
    let near = |t: f64| {
        let (p, q) = (a.pose(t).at, b.pose(t).at);
        (p[0] - q[0]).hypot(p[1] - q[1]) <= PASSING_M
    };
    let (first, last) = (a.from.max(b.from), a.until().min(b.until()));
    let times = (0..)
        .map(|i| around - 2.0 * HOUR + f64::from(i) * 15.0)
        .take_while(|t| *t <= around + 2.0 * HOUR)
        .filter(|t| *t >= first && *t <= last && near(*t));
    let (mut span, mut any) = ((0.0, 0.0), false);
    for t in times {
        span = if any { (span.0, t) } else { (t, t) };
        any = true;
    }
    any.then_some(span)
}

/// Four ships on a lane, each crossed by another at some hundred metres.
pub(super) fn crossing(scene: &mut Scene, yard: &mut Yard) {
    let lane = scene.dice.between(0.0, 360.0);
    let crossed = [Build::Mr, Build::Bulker, Build::Aframax, Build::Handy];
    let crosser = [Build::Ferry, Build::Suezmax, Build::Ferry, Build::Suezmax];
    for (i, (a, b)) in (0..).zip(crossed.into_iter().zip(crosser)) {
        let when = (0.12 + 0.22 * f64::from(i)) * scene.span;
        let at = away([0.0; 2], lane + 90.0, 9000.0 * f64::from(i));
        let (a, b) = (yard.build(a), yard.build(b));
        let (speed_a, speed_b) = (
            scene.dice.between(9.0, 14.0),
            scene.dice.between(11.0, 18.0),
        );
        let first = through(scene, at, lane, speed_a, when, 60_000.0);
        let miss = scene.dice.between(350.0, 1000.0);
        let heading = lane + scene.dice.sign() * scene.dice.between(60.0, 120.0);
        let second = through(
            scene,
            away(at, heading + 90.0, miss),
            heading,
            speed_b,
            when,
            60_000.0,
        );
        let span = passing(&first, &second, when);
        let (a, b) = (scene.add(a, first), scene.add(b, second));
        if let Some(span) = span {
            scene.pair(TruthKind::Crossing, a, b, span, "under_way");
        }
    }
}

/// One fast ship overtakes four slow ones, 200 to 900 m off.
pub(super) fn overtaking(scene: &mut Scene, yard: &mut Yard) {
    let lane = scene.dice.between(0.0, 360.0);
    let middle = scene.dice.between(0.3, 0.7) * scene.span;
    let fast = yard.build(Build::Container);
    let speed = scene.dice.between(15.0, 20.0);
    let path = through(scene, [0.0; 2], lane, speed, middle, 90_000.0);
    let fast_path = Rc::clone(&path);
    let fast = scene.add(fast, path);
    for i in 0..4 {
        let build = *scene
            .dice
            .pick(&[Build::Mr, Build::Bulker, Build::Aframax, Build::Coaster]);
        let ship = yard.build(build);
        let speed = scene.dice.between(8.0, 12.0);
        // Where the fast ship will be then, and aside.
        let when = middle + (f64::from(i) - 1.5) * 1.6 * HOUR;
        let aside = scene.dice.sign() * scene.dice.between(200.0, 900.0);
        let at = away(fast_path.pose(when).at, lane + 90.0, aside);
        let path = through(scene, at, lane, speed, when, 70_000.0);
        let span = passing(&fast_path, &path, when);
        let ship = scene.add(ship, path);
        if let Some(span) = span {
            scene.pair(TruthKind::Overtaking, fast, ship, span, "under_way");
        }
    }
}
