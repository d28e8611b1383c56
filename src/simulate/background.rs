//! Traffic without a label: lanes, ferries, single ships at anchor or berth, yachts.

use std::rc::Rc;

use super::motion::{Leg, Motion, Path, Wander, away};
use super::scene::{HOUR, Scene};
use super::ship::{Build, Yard};
use crate::model::quantity::MPS_PER_KNOT;

/// One ship, of no part in any event.
pub(super) fn single(scene: &mut Scene, yard: &mut Yard) {
    let which = scene.dice.below(10);
    match which {
        0..=4 => transit(scene, yard),
        5 | 6 => at_anchor(scene, yard),
        7 => ferry(scene, yard),
        _ => yacht(scene, yard),
    }
}

/// Way of a ship in transit through open waters and to or from roads, metres: more would take it onto land.
const OPEN_WAY_M: f64 = 250_000.0;
const ROADS_WAY_M: f64 = 80_000.0;

fn transit(scene: &mut Scene, yard: &mut Yard) {
    let builds = [
        Build::Bulker,
        Build::Container,
        Build::Mr,
        Build::Vlcc,
        Build::Coaster,
        Build::Aframax,
    ];
    let build = *scene.dice.pick(&builds);
    let ship = yard.build(build);
    let speed = scene.dice.between(9.0, 17.0);
    // In roads it comes from the sea or goes there; in open waters it passes by.
    let (seaward, spread) = (scene.place.seaward_deg, scene.place.spread_deg);
    let is_open = spread >= 180.0;
    let longest_m = if is_open { OPEN_WAY_M } else { ROADS_WAY_M };
    let length = (scene.dice.between(8.0, 30.0) * HOUR).min(longest_m / (speed * MPS_PER_KNOT));
    let way_m = speed * MPS_PER_KNOT * length;
    let from = scene.dice.between(-0.6 * length, scene.span - 4.0 * HOUR);
    let seaward = seaward + scene.dice.between(-spread, spread);
    let (heading, before) = if is_open {
        (seaward, 0.5)
    } else if scene.dice.chance(0.5) {
        (seaward, 0.0)
    } else {
        (seaward + 180.0, 1.0)
    };
    let middle = scene.somewhere(if is_open { 20_000.0 } else { 2000.0 });
    let start = away(middle, heading + 180.0, before * way_m);
    let motion = scene.winding(
        (from, from + length),
        start,
        heading,
        speed,
        (3.0 * HOUR, 12.0),
    );
    let path = Rc::new(Path {
        from,
        legs: vec![Leg {
            until: from + length,
            motion,
            status: 0,
        }],
    });
    scene.add(ship, path);
}

fn at_anchor(scene: &mut Scene, yard: &mut Yard) {
    let build = *scene
        .dice
        .pick(&[Build::Bulker, Build::Mr, Build::Aframax, Build::Coaster]);
    let ship = yard.build(build);
    let at = scene.somewhere(700.0);
    let motion = scene.anchored(at, &ship.hull);
    let from = scene.dice.between(-0.5, 0.4) * scene.span;
    let until = from + scene.dice.between(0.3, 1.0) * scene.span;
    let leg = Leg {
        until,
        motion,
        status: 1,
    };
    let path = Rc::new(scene.visit(from, vec![leg], 12.0, 30_000.0));
    scene.add(ship, path);
}

/// To and fro over 12 km, 25 minutes at either end.
fn ferry(scene: &mut Scene, yard: &mut Yard) {
    let ship = yard.build(Build::Ferry);
    let speed = scene.dice.between(11.0, 17.0) * MPS_PER_KNOT;
    let bearing = scene.dice.between(0.0, 360.0);
    let far = away([0.0; 2], bearing, 12_000.0);
    // Out on one side of the lane, back on the other, so that the bow swings round at either end.
    let corners = [[0.0; 2], far].map(|end| [end, away(end, bearing + 90.0, 160.0)]);
    let (mut t, mut i) = (0.0, 0);
    let mut keys = Vec::new();
    while t < scene.span {
        let [out, back] = corners[i % 2];
        let (arrives, leaves) = if i % 2 == 0 { (back, out) } else { (out, back) };
        keys.push((t, arrives));
        t += 25.0 * 60.0;
        keys.push((t, leaves));
        t += 12_000.0 / speed;
        i += 1;
    }
    let motion = Motion::Course {
        keys,
        turn_s: 240.0,
        yaw: Wander::new(&mut scene.dice, 1.0, 300.0),
    };
    let path = Rc::new(Path {
        from: 0.0,
        legs: vec![Leg {
            until: scene.span,
            motion,
            status: 0,
        }],
    });
    scene.add(ship, path);
}

fn yacht(scene: &mut Scene, yard: &mut Yard) {
    let ship = yard.build(Build::Yacht);
    let length = scene.dice.between(3.0, 9.0) * HOUR;
    let from = scene.begin(length);
    let at = scene.somewhere(6000.0);
    let heading = scene.dice.between(0.0, 360.0);
    let speed = scene.dice.between(3.0, 7.0);
    let motion = scene.winding(
        (from, from + length),
        at,
        heading,
        speed,
        (0.6 * HOUR, 90.0),
    );
    let path = Rc::new(Path {
        from,
        legs: vec![Leg {
            until: from + length,
            motion,
            status: 8,
        }],
    });
    scene.add(ship, path);
}
