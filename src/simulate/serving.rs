//! True transfers in which one ship serves or is served by several in turn: bunkers, catch.

use std::rc::Rc;

use super::Params;
use super::cargo::{OIL, Plan, plan_oil};
use super::motion::{Leg, Motion, away};
use super::scene::{HOUR, Scene};
use super::ship::{Build, Yard};
use super::transfers::{Berth, Mode, alongside, conclude, mother};
use crate::model::TruthKind;

/// A bunker tanker serves two ships at anchor, one after the other; neighbours may lie near.
pub(super) fn bunkering(scene: &mut Scene, yard: &mut Yard, params: &Params) {
    let mut bunker = yard.build(Build::CoastalTanker);
    if scene.dice.chance(params.class_b_bunkers) {
        bunker.class = crate::model::AisClass::B;
        bunker.imo = None;
    }
    let builds = [
        Build::Bulker,
        Build::Container,
        Build::Aframax,
        Build::Passenger,
        Build::Vlcc,
    ];
    let lengths = [0, 1].map(|_| scene.dice.between(2.0, 8.0) * HOUR);
    let pause = scene.dice.between(4.0, 6.0) * HOUR;
    let first = scene.begin(lengths[0] + pause + lengths[1]);
    let second = first + lengths[0] + pause;
    let spans = [(first, first + lengths[0]), (second, second + lengths[1])];
    let row = scene.dice.between(0.0, 360.0);
    let spacing = scene.dice.between(450.0, 1400.0);
    let mut hosts = Vec::new();
    let mut legs: Vec<Leg> = Vec::new();
    let mut begin = 0.0;
    let mut plans = Vec::new();
    for (i, span) in spans.into_iter().enumerate() {
        let build = *scene.dice.pick(&builds);
        let ship = yard.build(build);
        let length_m = ship.hull.length_m;
        let motion = scene.anchored(away([0.0; 2], row, spacing * i as f64), &ship.hull);
        let stay = (
            first - scene.dice.between(4.0, 15.0) * HOUR,
            spans[1].1 + scene.dice.between(2.0, 10.0) * HOUR,
        );
        let at_anchor = vec![Leg {
            until: stay.1,
            motion,
            status: 1,
        }];
        let host = Rc::new(scene.visit(stay.0, at_anchor, 13.0, 30_000.0));
        let berth = Berth {
            fender_m: scene.dice.between(1.0, 3.0),
            ..Berth::new(scene, &ship.hull, 0.2, 0.05)
        };
        let (from, leg) = alongside(scene, (&host, &ship.hull), &bunker.hull, berth, span);
        if let Some(before) = legs.last() {
            let t = before.until;
            let (a, b) = (before.motion.pose(t).at, leg.motion.pose(from).at);
            // Round the other ship, not through her.
            let aside = away(a, row + 90.0, 2500.0);
            let motion = scene.passage(vec![(t, a), ((t + from) / 2.0, aside), (from, b)]);
            legs.push(Leg {
                until: from,
                motion,
                status: 0,
            });
        } else {
            begin = from;
        }
        legs.push(leg);
        let longest = span.1 - span.0 - HOUR;
        let plan = plan_oil(scene, &bunker.hull, OIL[2], longest);
        // Half of what she has for each, and no more than the taker's fuel tanks hold, which grow with the ship.
        let tanks_t = 2.2e-4 * length_m.powi(3);
        let volume_t = plan
            .volume_t
            .min(0.45 * bunker.mass.capacity_t())
            .min(tanks_t)
            .round();
        plans.push(Plan {
            from_daughter: true,
            volume_bbl: plan
                .volume_bbl
                .map(|b| (b * volume_t / plan.volume_t).round()),
            volume_t,
            ..plan
        });
        hosts.push((scene.add(ship, host), stay));
    }
    let way = Rc::new(scene.visit(begin, legs, 10.0, 15_000.0));
    let bunker = scene.add(bunker, way);
    for (i, span) in spans.into_iter().enumerate() {
        conclude(
            scene,
            TruthKind::Bunkering,
            (hosts[i].0, bunker),
            span,
            Mode::Anchored,
            &plans[i],
            params,
        );
    }
    if spacing <= 800.0 {
        let both = (
            hosts[0].1.0.max(hosts[1].1.0),
            hosts[0].1.1.min(hosts[1].1.1),
        );
        scene.pair(
            TruthKind::AnchoredNeighbours,
            hosts[0].0,
            hosts[1].0,
            both,
            "anchored",
        );
    }
}

/// A carrier takes the catch of two fishing vessels, one after the other.
pub(super) fn catch(scene: &mut Scene, yard: &mut Yard, params: &Params) {
    let mode = *scene
        .dice
        .pick(&[Mode::Adrift, Mode::Adrift, Mode::Anchored]);
    let reefer = yard.build(Build::Reefer);
    let lengths = [0, 1].map(|_| scene.dice.between(3.0, 10.0) * HOUR);
    let pause = scene.dice.between(3.0, 6.0) * HOUR;
    let first = scene.begin(lengths[0] + pause + lengths[1]);
    let second = first + lengths[0] + pause;
    let spans = [(first, first + lengths[0]), (second, second + lengths[1])];
    let stay = (first - 4.0 * HOUR, spans[1].1 + 4.0 * HOUR);
    let legs = mother(scene, &reefer.hull, mode, stay);
    let host = Rc::new(scene.visit(stay.0, legs, 14.0, 40_000.0));
    let hull = reefer.hull;
    let reefer = scene.add(reefer, Rc::clone(&host));
    for span in spans {
        let ship = yard.build(Build::Fishing);
        let berth = Berth::new(scene, &hull, 0.12, 0.05);
        let (begin, leg) = alongside(scene, (&host, &hull), &ship.hull, berth, span);
        let before = fishing(scene, &leg, begin);
        let way = Rc::new(scene.visit(before.0, vec![before.1, leg], 9.0, 20_000.0));
        let volume_t = (scene.dice.between(0.2, 0.7) * 0.4 * ship.hull.deadweight_t()).round();
        let ship = scene.add(ship, way);
        let plan = Plan {
            product: "fish",
            volume_t,
            volume_bbl: None,
            pump_s: span.1 - span.0,
            from_daughter: true,
        };
        conclude(
            scene,
            TruthKind::FishingTransshipment,
            (reefer, ship),
            span,
            mode,
            &plan,
            params,
        );
    }
}

/// Fishing at 3 kn before the transfer, ending where its manoeuvre begins.
fn fishing(scene: &mut Scene, next: &Leg, begin: f64) -> (f64, Leg) {
    let from = begin - scene.dice.between(3.0, 8.0) * HOUR;
    let to = next.motion.pose(begin).at;
    let bearing = scene.dice.between(0.0, 360.0);
    let middle = away(to, bearing, 6000.0);
    let start = away(middle, bearing + 100.0, 7000.0);
    let motion: Motion = scene.passage(vec![
        (from, start),
        ((from + begin) / 2.0, middle),
        (begin, to),
    ]);
    (
        from,
        Leg {
            until: begin,
            motion,
            status: 7,
        },
    )
}
