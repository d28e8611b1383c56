//! Look-alikes that lie still: anchored neighbours, berths, rafted river ships.

use std::rc::Rc;

use super::motion::{Leg, Pose, away, offset};
use super::scene::{HOUR, Scene};
use super::ship::{Build, Yard};
use crate::model::TruthKind;

/// Ships that count as neighbours at anchor lie this close, metres between anchors.
const NEIGHBOURS_M: f64 = 800.0;

/// When a ship comes and goes, mostly longer than the data.
fn stay(scene: &mut Scene) -> (f64, f64) {
    let span = scene.span;
    let dice = &mut scene.dice;
    (
        dice.between(-0.6, 0.35) * span,
        dice.between(0.65, 1.4) * span,
    )
}

/// Five ships in an anchorage, in two rows, 150 to 800 m apart, as close as their sizes allow.
pub(super) fn anchored(scene: &mut Scene, yard: &mut Yard) {
    let builds: &[Build] = match scene.dice.below(3) {
        0 => &[Build::CoastalTanker, Build::Coaster],
        1 => &[
            Build::Mr,
            Build::Handy,
            Build::Coaster,
            Build::CoastalTanker,
        ],
        _ => &[Build::Aframax, Build::Bulker, Build::Suezmax, Build::Vlcc],
    };
    let ships: Vec<_> = (0..5)
        .map(|_| {
            let build = *scene.dice.pick(builds);
            yard.build(build)
        })
        .collect();
    let longest = ships.iter().map(|s| s.hull.length_m).fold(0.0, f64::max);
    // Room to swing: sterns may not meet when two ships yaw apart.
    let spacing = (1.35 * longest + 45.0).max(150.0) * scene.dice.between(1.0, 1.4);
    let row = scene.dice.between(0.0, 360.0);
    let places = [(0.0, 0.0), (1.0, 0.0), (2.0, 0.0), (0.5, 0.9), (1.5, 0.9)];
    let mut lying = Vec::new();
    for (ship, (x, y)) in ships.into_iter().zip(places) {
        let anchor = away(away([0.0; 2], row, x * spacing), row + 90.0, y * spacing);
        let motion = scene.anchored(anchor, &ship.hull);
        let stay = stay(scene);
        let status = if scene.dice.chance(0.9) { 1 } else { 0 };
        let leg = Leg {
            until: stay.1,
            motion,
            status,
        };
        let way = Rc::new(scene.visit(stay.0, vec![leg], 11.0, 25_000.0));
        lying.push((scene.add(ship, way), anchor, stay));
    }
    for (i, a) in lying.iter().enumerate() {
        for b in &lying[i + 1..] {
            let apart = (a.1[0] - b.1[0]).hypot(a.1[1] - b.1[1]);
            let both = (a.2.0.max(b.2.0), a.2.1.min(b.2.1));
            if apart <= NEIGHBOURS_M {
                scene.pair(TruthKind::AnchoredNeighbours, a.0, b.0, both, "anchored");
            }
        }
    }
}

/// A quay: two ships in line, one across a finger pier, two tugs double-banked at the end.
pub(super) fn berthed(scene: &mut Scene, yard: &mut Yard) {
    let kinds = [
        Build::Mr,
        Build::Handy,
        Build::Bulker,
        Build::Coaster,
        Build::CoastalTanker,
    ];
    let big = *scene.dice.pick(&kinds);
    let ships =
        [big, *scene.dice.pick(&kinds), big, Build::Tug, Build::Tug].map(|build| yard.build(build));
    let quay = scene.dice.between(0.0, 360.0);
    let turned = |scene: &mut Scene| if scene.dice.chance(0.4) { 180.0 } else { 0.0 };
    let first = Pose {
        at: [0.0; 2],
        heading_deg: quay,
    };
    let ahead = |i: usize, gap: f64| (ships[0].hull.length_m + ships[i].hull.length_m) / 2.0 + gap;
    let beside =
        |a: usize, b: usize, gap: f64| (ships[a].hull.beam_m + ships[b].hull.beam_m) / 2.0 + gap;
    let in_line = ahead(1, scene.dice.between(15.0, 30.0));
    let pier = beside(0, 2, scene.dice.between(12.0, 35.0));
    let tugs = -ahead(3, scene.dice.between(20.0, 40.0));
    let banked = beside(3, 4, scene.dice.between(0.5, 1.5));
    let places = [
        first.at,
        offset(first, in_line, 0.0),
        offset(first, 0.0, pier),
        offset(first, tugs, 0.0),
        offset(first, tugs, banked),
    ];
    let mut lying = Vec::new();
    for (ship, at) in ships.into_iter().zip(places) {
        let heading = quay + turned(scene);
        let stay = stay(scene);
        let leg = Leg {
            until: stay.1,
            motion: Scene::moored(at, heading),
            status: if scene.dice.chance(0.8) { 5 } else { 0 },
        };
        let way = Rc::new(scene.visit(stay.0, vec![leg], 8.0, 12_000.0));
        lying.push((scene.add(ship, way), stay));
    }
    for (i, a) in lying.iter().enumerate() {
        for b in &lying[i + 1..] {
            let both = (a.1.0.max(b.1.0), a.1.1.min(b.1.1));
            scene.pair(TruthKind::Berthed, a.0, b.0, both, "moored");
        }
    }
}

/// Three river cruisers side by side for the night or the day.
pub(super) fn river(scene: &mut Scene, yard: &mut Yard) {
    let quay = scene.place.seaward_deg;
    let length = scene.dice.between(7.0, 14.0) * HOUR;
    let from = scene.begin(length);
    let (mut across, mut before) = (0.0, 0.0);
    let mut lying = Vec::new();
    for i in 0..3 {
        let ship = yard.build(Build::RiverCruiser);
        if i > 0 {
            across += (before + ship.hull.beam_m) / 2.0 + scene.dice.between(0.4, 1.0);
        }
        before = ship.hull.beam_m;
        let stay = (
            from + scene.dice.between(-1.0, 1.0) * HOUR,
            from + length + scene.dice.between(-1.0, 1.0) * HOUR,
        );
        let at = offset(
            Pose {
                at: [0.0; 2],
                heading_deg: quay,
            },
            scene.dice.between(-8.0, 8.0),
            across,
        );
        let leg = Leg {
            until: stay.1,
            motion: Scene::moored(at, quay),
            status: 5,
        };
        let way = Rc::new(scene.visit(stay.0, vec![leg], 7.0, 8000.0));
        lying.push((scene.add(ship, way), stay));
    }
    for (a, b) in [(0, 1), (1, 2), (0, 2)] {
        let (a, b) = (lying[a], lying[b]);
        let both = (a.1.0.max(b.1.0), a.1.1.min(b.1.1));
        scene.pair(TruthKind::RiverRafting, a.0, b.0, both, "moored");
    }
}
