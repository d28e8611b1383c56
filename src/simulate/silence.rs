//! Silence and false identities: switch-offs, reception losses, dark partners, handovers, shared MMSIs,
//! circles.

use std::rc::Rc;

use super::Params;
use super::motion::{Leg, Motion, Path, away};
use super::scene::{HOUR, Scene};
use super::ship::{Build, Yard};
use super::transfers::{Mode, tanker_pair};
use crate::model::TruthKind;
use crate::model::quantity::MPS_PER_KNOT;

/// Metres from its middle within which a ship goes to and fro: inside the range of one station.
const ROAM_M: f64 = 20_000.0;
/// Shortest way between two turns, metres.
const LEG_M: f64 = 6000.0;

/// A ship to and fro about the scene for the whole of the data.
fn roaming(scene: &mut Scene, speed_kn: f64) -> Rc<Path> {
    let (mut t, mut at) = (-HOUR, scene.somewhere(ROAM_M));
    let mut keys = vec![(t, at)];
    while t < scene.span + HOUR {
        let to = scene.somewhere(ROAM_M);
        let way_m = (to[0] - at[0]).hypot(to[1] - at[1]);
        if way_m >= LEG_M {
            t += way_m / (speed_kn * MPS_PER_KNOT);
            at = to;
            keys.push((t, at));
        }
    }
    let motion = scene.passage(keys);
    Rc::new(Path {
        from: -HOUR,
        legs: vec![Leg {
            until: scene.span + HOUR,
            motion,
            status: 0,
        }],
    })
}

/// A ship at work under a station, of no part in any event.
pub(super) fn bystander(scene: &mut Scene, yard: &mut Yard) {
    let build = *scene
        .dice
        .pick(&[Build::Mr, Build::Bulker, Build::Coaster, Build::Fishing]);
    let ship = yard.build(build);
    let speed = scene.dice.between(3.0, 10.0);
    let path = roaming(scene, speed);
    scene.add(ship, path);
}

/// A stretch in the inner part of the data.
fn stretch(scene: &mut Scene, low_h: f64, high_h: f64) -> (f64, f64) {
    let longest = 0.5 * scene.span;
    let length = (scene.dice.between(low_h, high_h) * HOUR).min(longest);
    let from = scene.begin(length);
    (from, from + length)
}

/// A tanker that switches off for 8 to 30 hours where everything else is heard.
pub(super) fn switched_off(scene: &mut Scene, yard: &mut Yard) {
    let build = *scene
        .dice
        .pick(&[Build::Mr, Build::Aframax, Build::Vlcc, Build::Fishing]);
    let ship = yard.build(build);
    let speed = scene.dice.between(3.0, 10.0);
    let path = roaming(scene, speed);
    let ship = scene.add(ship, path);
    let span = stretch(scene, 8.0, 30.0);
    scene.silence(ship, span.0, span.1);
    scene.note(TruthKind::GapIntentional, (ship, None), span, "under_way");
}

/// Nine ships under one station that are all lost at the same time: it is down.
pub(super) fn station_down(scene: &mut Scene, yard: &mut Yard) {
    let span = stretch(scene, 7.0, 20.0);
    for _ in 0..9 {
        let build = *scene
            .dice
            .pick(&[Build::Mr, Build::Bulker, Build::Coaster, Build::Fishing]);
        let ship = yard.build(build);
        let speed = scene.dice.between(3.0, 10.0);
        let path = roaming(scene, speed);
        let ship = scene.add(ship, path);
        scene.silence(ship, span.0, span.1);
        scene.note(TruthKind::GapReception, (ship, None), span, "under_way");
    }
}

/// A transfer whose smaller ship is switched off from before the approach until after the departure.
pub(super) fn dark(scene: &mut Scene, yard: &mut Yard, params: &Params) {
    let (big, small) = (yard.build(Build::Suezmax), yard.build(Build::Aframax));
    let heard = Params {
        partner_unheard: 0.0,
        ..params.clone()
    };
    let mode = *scene.dice.pick(&[Mode::Adrift, Mode::Anchored]);
    let (_, daughter, manoeuvre) = tanker_pair(scene, big, small, mode, &heard);
    let from = manoeuvre.0 - scene.dice.between(0.5, 2.0) * HOUR;
    let until = manoeuvre.1 + scene.dice.between(0.5, 1.8) * HOUR;
    scene.silence(daughter, from, until);
    if let Some(event) = scene.events.last_mut() {
        event.kind = TruthKind::DarkRendezvous;
        event.notes = "partner switched off".to_owned();
    }
    scene.note(
        TruthKind::GapIntentional,
        (daughter, None),
        (from, until),
        mode.name(),
    );
}

/// One hull that goes on under another MMSI and name.
pub(super) fn handover(scene: &mut Scene, yard: &mut Yard) {
    let mut before = yard.build(Build::Aframax);
    let mut after = yard.build(Build::Aframax);
    (after.hull, after.said) = (before.hull, before.said);
    if scene.dice.chance(0.5) {
        after.imo = before.imo;
    }
    let speed = scene.dice.between(2.0, 11.0);
    let path = roaming(scene, speed);
    let when = scene.begin(6.0 * HOUR) + 3.0 * HOUR;
    let pause = scene.dice.between(60.0, 1800.0);
    before.silences.push(super::ship::Silence {
        from: when,
        until: f64::MAX,
    });
    after.silences.push(super::ship::Silence {
        from: f64::MIN,
        until: when + pause,
    });
    let (a, b) = (scene.add(before, Rc::clone(&path)), scene.add(after, path));
    let span = (when, when + pause);
    scene.note(TruthKind::IdentityHandover, (a, Some(b)), span, "under_way");
}

/// Two hulls 60 km apart that send the same MMSI.
pub(super) fn shared(scene: &mut Scene, yard: &mut Yard) {
    let build = *scene
        .dice
        .pick(&[Build::Mr, Build::Fishing, Build::Coaster]);
    let (one, mut other) = (yard.build(build), yard.build(build));
    other.mmsi = one.mmsi;
    let speed = scene.dice.between(3.0, 9.0);
    let path = roaming(scene, speed);
    let a = scene.add(one, path);
    let middle = away([0.0; 2], scene.place.seaward_deg, 60_000.0);
    let motion = scene.hovering(middle, 4000.0, 3.0 * HOUR);
    let path = Rc::new(Path {
        from: -HOUR,
        legs: vec![Leg {
            until: scene.span + HOUR,
            motion,
            status: 0,
        }],
    });
    scene.add(other, path);
    let span = (0.0, scene.span);
    scene.note(TruthKind::IdentityShared, (a, None), span, "under_way");
}

/// A tanker that sends a perfect circle for half a day, then is somewhere else.
pub(super) fn circle(scene: &mut Scene, yard: &mut Yard) {
    let mut ship = yard.build(Build::Suezmax);
    ship.invented = true;
    let span = stretch(scene, 8.0, 20.0);
    let radius_m = scene.dice.between(2000.0, 6000.0);
    let motion = Motion::Circle {
        centre: [0.0; 2],
        radius_m,
        period_s: std::f64::consts::TAU * radius_m / 4.5,
    };
    let path = Rc::new(Path {
        from: span.0,
        legs: vec![Leg {
            until: span.1,
            motion,
            status: 0,
        }],
    });
    let ship = scene.add(ship, path);
    scene.note(TruthKind::IdentityCircle, (ship, None), span, "under_way");
}
