//! Look-alikes at work: dredging, supply, sport fishing, gear, pair trawling.

use std::rc::Rc;

use super::motion::{Leg, Motion, Path, Wander, away};
use super::scene::{HOUR, Scene};
use super::ship::{Build, Yard};
use super::transfers::{Berth, alongside};
use crate::model::TruthKind;

/// A dredger that works a short line; two barges come alongside in turn, for 2 to 4 hours each.
pub(super) fn dredging(scene: &mut Scene, yard: &mut Yard) {
    let dredger = yard.build(Build::Dredger);
    let hull = dredger.hull;
    let motion = scene.hovering([0.0; 2], 60.0, 5.0 * HOUR);
    let stay = (-HOUR, scene.span + HOUR);
    let status = *scene.dice.pick(&[3, 3, 0]);
    let host = Rc::new(Path {
        from: stay.0,
        legs: vec![Leg {
            until: stay.1,
            motion,
            status,
        }],
    });
    let dredger = scene.add(dredger, Rc::clone(&host));
    let first = scene.begin(20.0 * HOUR);
    for i in 0..2 {
        let barge = yard.build(Build::Barge);
        let length = scene.dice.between(2.0, 4.0) * HOUR;
        let from = first + f64::from(i) * 10.0 * HOUR;
        let berth = Berth {
            side: 1.0,
            along_m: scene.dice.between(-10.0, 10.0),
            fender_m: scene.dice.between(0.8, 1.5),
            opposite: false,
        };
        let span = (from, from + length);
        let (begin, leg) = alongside(scene, (&host, &hull), &barge.hull, berth, span);
        let way = Rc::new(scene.visit(begin, vec![leg], 7.0, 14_000.0));
        let barge = scene.add(barge, way);
        scene.pair(TruthKind::Dredging, dredger, barge, span, "under_way");
    }
}

/// A supply boat at three ships at anchor or on station, 0.7 to 4 hours each, alongside or a little off.
pub(super) fn service(scene: &mut Scene, yard: &mut Yard) {
    let boat = yard.build(Build::Supply);
    let row = scene.dice.between(0.0, 360.0);
    let every = (scene.span / 3.4).min(16.0 * HOUR);
    let mut legs: Vec<Leg> = Vec::new();
    let mut begin = 0.0;
    let mut visits = Vec::new();
    for i in 0..3 {
        let build =
            *scene
                .dice
                .pick(&[Build::Bulker, Build::Aframax, Build::Container, Build::Vlcc]);
        let ship = yard.build(build);
        let anchor = away([0.0; 2], row, 1200.0 * f64::from(i));
        let motion = scene.anchored(anchor, &ship.hull);
        let host = Rc::new(Path {
            from: -HOUR,
            legs: vec![Leg {
                until: scene.span + HOUR,
                motion,
                status: 1,
            }],
        });
        let length = (scene.dice.between(0.7, 4.0) * HOUR).min(0.35 * every);
        let from = 3.0 * HOUR + f64::from(i) * every;
        let off = if scene.dice.chance(0.5) {
            1.5
        } else {
            scene.dice.between(15.0, 60.0)
        };
        let berth = Berth {
            side: scene.dice.sign(),
            along_m: scene.dice.between(-0.3, 0.2) * ship.hull.length_m,
            fender_m: off,
            opposite: false,
        };
        let span = (from, from + length);
        let (t0, leg) = alongside(scene, (&host, &ship.hull), &boat.hull, berth, span);
        if let Some(before) = legs.last() {
            let (t, at) = (before.until, before.motion.pose(before.until).at);
            let to = leg.motion.pose(t0).at;
            let aside = away(at, row + 90.0, 4000.0);
            let motion = scene.passage(vec![(t, at), ((t + t0) / 2.0, aside), (t0, to)]);
            legs.push(Leg {
                until: t0,
                motion,
                status: 0,
            });
        } else {
            begin = t0;
        }
        legs.push(leg);
        visits.push((scene.add(ship, host), span));
    }
    let way = Rc::new(scene.visit(begin, legs, 11.0, 25_000.0));
    let boat = scene.add(boat, way);
    for (ship, span) in visits {
        scene.pair(TruthKind::Service, ship, boat, span, "anchored");
    }
}

/// Six small boats on one spot for some hours, each about its own place.
pub(super) fn sport_fishing(scene: &mut Scene, yard: &mut Yard) {
    let length = scene.dice.between(2.0, 5.0) * HOUR;
    let from = scene.begin(length);
    let mut boats = Vec::new();
    for _ in 0..6 {
        let boat = yard.build(Build::SportBoat);
        let at = scene.somewhere(300.0);
        let motion = scene.hovering(at, 60.0, 0.7 * HOUR);
        let stay = (
            from + scene.dice.between(0.0, 1.0) * HOUR,
            from + length + scene.dice.between(-1.0, 0.5) * HOUR,
        );
        let leg = Leg {
            until: stay.1,
            motion,
            status: 7,
        };
        let way = Rc::new(scene.visit(stay.0, vec![leg], 14.0, 12_000.0));
        boats.push((scene.add(boat, way), stay));
    }
    for (i, a) in boats.iter().enumerate() {
        for b in &boats[i + 1..] {
            let both = (a.1.0.max(b.1.0), a.1.1.min(b.1.1));
            scene.pair(TruthKind::SportFishing, a.0, b.0, both, "adrift");
        }
    }
}

/// A fishing boat beside four radio buoys of its gear, all in one current.
pub(super) fn gear(scene: &mut Scene, yard: &mut Yard) {
    let length = scene.dice.between(3.0, 7.0) * HOUR;
    let from = scene.begin(length);
    let boat = yard.build(Build::Fishing);
    let pose = super::motion::Pose {
        at: scene.somewhere(200.0),
        heading_deg: scene.wind.at(from),
    };
    let drift = scene.adrift(from, pose);
    let gear = Rc::new(Path {
        from,
        legs: vec![Leg {
            until: from + length,
            motion: drift,
            status: 7,
        }],
    });
    // The boat tends the string: slowly to and fro along it.
    let keys = (0..8)
        .map(|i| {
            let along = if i % 2 == 0 { -150.0 } else { 250.0 };
            (from + length * f64::from(i) / 7.0, along, 15.0)
        })
        .collect();
    let motion = scene.beside(&gear, keys, false);
    let leg = Leg {
        until: from + length,
        motion,
        status: 7,
    };
    let way = Rc::new(scene.visit(from, vec![leg], 9.0, 25_000.0));
    let boat = scene.add(boat, way);
    for i in 0..4 {
        let buoy = yard.build(Build::Buoy);
        let along = -200.0 + 110.0 * f64::from(i);
        let keys = vec![(from, along, 0.0), (from + length, along + 20.0, 6.0)];
        let motion = scene.beside(&gear, keys, false);
        let path = Rc::new(Path {
            from,
            legs: vec![Leg {
                until: from + length,
                motion,
                status: 0,
            }],
        });
        let buoy = scene.add(buoy, path);
        let span = (from, from + length);
        scene.pair(TruthKind::FishingGear, boat, buoy, span, "adrift");
    }
}

/// Two fishing vessels at 2.8 to 3.6 kn, 120 to 400 m abeam of each other, for hours.
pub(super) fn pair_trawling(scene: &mut Scene, yard: &mut Yard) {
    let (a, b) = (yard.build(Build::Fishing), yard.build(Build::Fishing));
    let length = scene.dice.between(3.0, 8.0) * HOUR;
    let from = scene.begin(length);
    let until = from + length;
    let speed = scene.dice.between(2.8, 3.6);
    let heading = scene.dice.between(0.0, 360.0);
    let at = scene.somewhere(3000.0);
    let course = scene.winding((from, until), at, heading, speed, (HOUR, 30.0));
    let leg = Leg {
        until,
        motion: course,
        status: 7,
    };
    let host = Rc::new(scene.visit(from, vec![leg], 9.0, 20_000.0));
    let apart = scene.dice.between(120.0, 400.0);
    let side = scene.dice.sign();
    let motion = Motion::Beside {
        host: Rc::clone(&host),
        keys: vec![(from, -20.0, side * apart), (until, 20.0, side * apart)],
        opposite: false,
        wobble: [
            Wander::new(&mut scene.dice, 15.0, 500.0),
            Wander::new(&mut scene.dice, 20.0, 700.0),
            Wander::new(&mut scene.dice, 3.0, 300.0),
        ],
    };
    let leg = Leg {
        until,
        motion,
        status: 7,
    };
    let way = Rc::new(scene.visit(from, vec![leg], 9.0, 20_000.0));
    let (a, b) = (scene.add(a, host), scene.add(b, way));
    scene.pair(TruthKind::PairTrawling, a, b, (from, until), "under_way");
}
