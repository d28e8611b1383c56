//! True transfers of oil between tankers: at anchor, adrift, under way; rafts of three.

use std::rc::Rc;

use super::Params;
use super::cargo::{OIL, Plan, at_most_t, draughts, plan_oil};
use super::hull::Hull;
use super::motion::{Leg, Path, Pose, away};
use super::scene::{Cargo, HOUR, Scene};
use super::ship::{Build, Ship, Yard};
use crate::model::TruthKind;

/// How the mother lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Anchored,
    Adrift,
    UnderWay,
}

impl Mode {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Anchored => "anchored",
            Self::Adrift => "adrift",
            Self::UnderWay => "under_way",
        }
    }
}

/// How a daughter lies at her mother.
#[derive(Clone, Copy)]
pub(super) struct Berth {
    /// 1: at the mother's starboard side; -1: at port.
    pub side: f64,
    /// Middle of the daughter ahead of the mother's, metres.
    pub along_m: f64,
    pub fender_m: f64,
    pub opposite: bool,
}

impl Berth {
    pub(super) fn new(scene: &mut Scene, mother: &Hull, spread: f64, opposite: f64) -> Self {
        let dice = &mut scene.dice;
        Self {
            // The manoeuvring ship prefers her port side to the other's starboard side.
            side: if dice.chance(0.85) { 1.0 } else { -1.0 },
            along_m: dice.between(-spread, 0.6 * spread) * mother.length_m,
            fender_m: dice.between(1.5, 4.5),
            opposite: dice.chance(opposite),
        }
    }
}

/// The leg of a daughter: comes up from the quarter, lies alongside from `from` to `to`, goes off ahead.
pub(super) fn alongside(
    scene: &mut Scene,
    host: (&Rc<Path>, &Hull),
    hull: &Hull,
    berth: Berth,
    (from, to): (f64, f64),
) -> (f64, Leg) {
    let across = berth.side * (0.5 * (host.1.beam_m + hull.beam_m) + berth.fender_m);
    let far = berth.side * (500.0 + host.1.beam_m);
    let approach = scene.dice.between(1.0, 2.0) * HOUR;
    let begin = from - approach;
    let until = to + 0.6 * HOUR;
    let keys = vec![
        (begin, -1600.0, far),
        // Abeam first, then in, so that the hulls never touch on the way.
        (
            from - 0.35 * approach,
            berth.along_m - 30.0,
            across + 80.0 * berth.side,
        ),
        (from, berth.along_m, across),
        (to, berth.along_m, across),
        (
            to + 0.2 * HOUR,
            berth.along_m + 30.0,
            across + 80.0 * berth.side,
        ),
        (until, 1500.0, far),
    ];
    let motion = scene.beside(host.0, keys, berth.opposite);
    let status = *scene.dice.pick(&[0, 0, 3, 1]);
    (
        begin,
        Leg {
            until,
            motion,
            status,
        },
    )
}

/// The mother's legs from `from` to `to`.
pub(super) fn mother(
    scene: &mut Scene,
    hull: &Hull,
    mode: Mode,
    (from, to): (f64, f64),
) -> Vec<Leg> {
    let at = scene.somewhere(300.0);
    match mode {
        Mode::Anchored => {
            let motion = scene.anchored(at, hull);
            let status = if scene.dice.chance(0.85) { 1 } else { 0 };
            vec![Leg {
                until: to,
                motion,
                status,
            }]
        }
        Mode::Adrift => {
            let heading_deg = scene.wind.at(from) + 80.0;
            let motion = scene.adrift(from, Pose { at, heading_deg });
            let status = *scene.dice.pick(&[0, 0, 2, 3]);
            vec![Leg {
                until: to,
                motion,
                status,
            }]
        }
        Mode::UnderWay => under_way(scene, at, (from, to)),
    }
}

/// 3 to 5 kn into the wind with slow turns; half of them stop and drift after a while, as real ones do.
fn under_way(scene: &mut Scene, at: [f64; 2], (from, to): (f64, f64)) -> Vec<Leg> {
    let heading = scene.wind.at(from);
    let speed = scene.dice.between(3.0, 5.0);
    let start = away(at, heading + 180.0, 15_000.0);
    let course = scene.winding((from, to), start, heading, speed, (4.0 * HOUR, 35.0));
    let status = *scene.dice.pick(&[0, 0, 3]);
    if scene.dice.chance(0.5) {
        return vec![Leg {
            until: to,
            motion: course,
            status,
        }];
    }
    let stop = from + scene.dice.between(0.4, 0.8) * (to - from);
    let pose = course.pose(stop);
    let drift = scene.adrift(stop, pose);
    vec![
        Leg {
            until: stop,
            motion: course,
            status,
        },
        Leg {
            until: to,
            motion: drift,
            status,
        },
    ]
}

/// Notes a transfer, sets draughts, and lets the partner fall silent where the dice say so.
pub(super) fn conclude(
    scene: &mut Scene,
    kind: TruthKind,
    (mother, daughter): (usize, usize),
    span: (f64, f64),
    mode: Mode,
    plan: &Plan,
    params: &Params,
) {
    let (from, to) = if plan.from_daughter {
        (daughter, mother)
    } else {
        (mother, daughter)
    };
    let volume_t = plan.volume_t.min(at_most_t(scene, from, to)).floor();
    let cargo = Cargo {
        product: plan.product,
        volume_t,
        volume_bbl: plan
            .volume_bbl
            .map(|b| (b * volume_t / plan.volume_t).round()),
        from,
        to,
    };
    draughts(scene, &cargo, span.1, params);
    let mut notes = String::new();
    if scene.dice.chance(params.partner_unheard) {
        let from = span.0 + scene.dice.between(0.0, 1.0) * HOUR;
        let longest = 0.9 * (span.1 - from);
        let length = scene.dice.between(0.3, 1.0) * longest.min(15.5 * HOUR);
        scene.silence(daughter, from, from + length);
        notes = format!("partner unheard for {:.1} h alongside", length / HOUR);
    }
    if let Some(event) = scene.note(kind, (mother, Some(daughter)), span, mode.name()) {
        event.cargo = Some(cargo);
        event.notes = notes;
    }
}

/// Sizes of mother and daughter.
const PAIRS: [(Build, Build); 8] = [
    (Build::Mr, Build::CoastalTanker),
    (Build::Handy, Build::CoastalTanker),
    (Build::Aframax, Build::Mr),
    (Build::Suezmax, Build::Mr),
    (Build::Vlcc, Build::Suezmax),
    (Build::Vlcc, Build::Aframax),
    (Build::Suezmax, Build::Aframax),
    (Build::Panamax, Build::Panamax),
];

/// What a transfer takes beside pumping, hours: mooring 1 to 3, hoses 1 to 2, unmooring 1; the
/// approach isn't part of the time alongside).
fn overhead_s(scene: &mut Scene) -> f64 {
    scene.dice.between(1.5, 4.0) * HOUR
}

/// One tanker gives to another.
pub(super) fn tankers(scene: &mut Scene, yard: &mut Yard, mode: Mode, params: &Params) {
    let (big, small) = *scene.dice.pick(&PAIRS);
    let (big, small) = (yard.build(big), yard.build(small));
    let (mother, ..) = tanker_pair(scene, big, small, mode, params);
    if mode == Mode::Anchored && scene.dice.chance(0.5) {
        neighbour(scene, yard, mother);
    }
}

/// A third ship at her own anchor near the mother, 450 to 1,200 m off.
fn neighbour(scene: &mut Scene, yard: &mut Yard, mother: usize) {
    let ship = yard.build(Build::Handy);
    let apart = scene.dice.between(450.0, 1200.0) + scene.ships[mother].hull.length_m / 2.0;
    let bearing = scene.dice.between(0.0, 360.0);
    let motion = scene.anchored(away([0.0; 2], bearing, apart), &ship.hull);
    let path = Rc::new(Path {
        from: -HOUR,
        legs: vec![Leg {
            until: scene.span + HOUR,
            motion,
            status: 1,
        }],
    });
    let ship = scene.add(ship, path);
    if apart <= 800.0 {
        let span = scene.ships[mother].path.at_anchor();
        scene.pair(
            TruthKind::AnchoredNeighbours,
            mother,
            ship,
            span,
            "anchored",
        );
    }
}

/// The same with given ships; their numbers in the scene and when the daughter's manoeuvre begins and ends.
pub(super) fn tanker_pair(
    scene: &mut Scene,
    big: Ship,
    small: Ship,
    mode: Mode,
    params: &Params,
) -> (usize, usize, (f64, f64)) {
    let overhead = overhead_s(scene);
    let longest = (0.55 * scene.span - overhead).clamp(HOUR, 34.0 * HOUR);
    // Crude goes in large ships, products in all but the largest.
    let oils = match small.hull.deadweight_t() {
        t if t < 60e3 => &OIL[2..],
        t if t > 120e3 => &OIL[..2],
        _ => &OIL[..],
    };
    let product = *scene.dice.pick(oils);
    let mut plan = plan_oil(scene, &small.hull, product, longest);
    let length = plan.pump_s + overhead;
    let from = scene.begin(length);
    let span = (from, from + length);
    let stay = (
        from - scene.dice.between(2.5, 10.0) * HOUR,
        span.1 + scene.dice.between(1.0, 8.0) * HOUR,
    );
    let legs = mother(scene, &big.hull, mode, stay);
    let host = Rc::new(scene.visit(stay.0, legs, 12.0, 40_000.0));
    let mut berth = Berth::new(scene, &big.hull, 0.04, 0.05);
    // Nobody sails stern first for hours.
    berth.opposite &= mode != Mode::UnderWay;
    let (begin, leg) = alongside(scene, (&host, &big.hull), &small.hull, berth, span);
    let manoeuvre = (begin, leg.until);
    let way = Rc::new(scene.visit(begin, vec![leg], 12.5, 40_000.0));
    let mother = scene.add(big, host);
    let daughter = scene.add(small, way);
    plan.from_daughter = scene.dice.chance(0.3);
    conclude(
        scene,
        TruthKind::StsTransfer,
        (mother, daughter),
        span,
        mode,
        &plan,
        params,
    );
    (mother, daughter, manoeuvre)
}

/// Two daughters at the two sides of one mother, the second comes while the first is there.
pub(super) fn raft(scene: &mut Scene, yard: &mut Yard, params: &Params) {
    let mode = *scene.dice.pick(&[Mode::Anchored, Mode::Adrift]);
    let big = yard.build(Build::Vlcc);
    let small = [yard.build(Build::Aframax), yard.build(Build::Mr)];
    let longest = (0.3 * scene.span).min(16.0 * HOUR);
    let plans = [0, 1].map(|i| {
        let product = OIL[0];
        plan_oil(scene, &small[i].hull, product, longest)
    });
    let lengths = [0, 1].map(|i: usize| plans[i].pump_s + overhead_s(scene));
    let first = scene.begin(lengths[0] + lengths[1]);
    let second = first + scene.dice.between(0.3, 0.7) * lengths[0];
    let spans = [(first, first + lengths[0]), (second, second + lengths[1])];
    let stay = (first - 5.0 * HOUR, spans[1].1.max(spans[0].1) + 4.0 * HOUR);
    let legs = mother(scene, &big.hull, mode, stay);
    let host = Rc::new(scene.visit(stay.0, legs, 12.0, 40_000.0));
    let hull = big.hull;
    let mother = scene.add(big, Rc::clone(&host));
    let mut daughters = Vec::new();
    for (i, ship) in small.into_iter().enumerate() {
        let berth = Berth {
            side: if i == 0 { 1.0 } else { -1.0 },
            opposite: false,
            ..Berth::new(scene, &hull, 0.04, 0.0)
        };
        let (begin, leg) = alongside(scene, (&host, &hull), &ship.hull, berth, spans[i]);
        let way = Rc::new(scene.visit(begin, vec![leg], 12.0, 40_000.0));
        let daughter = scene.add(ship, way);
        daughters.push(daughter);
        conclude(
            scene,
            TruthKind::StsTransfer,
            (mother, daughter),
            spans[i],
            mode,
            &plans[i],
            params,
        );
        if let Some(event) = scene.events.last_mut() {
            event.notes = format!("raft of three {}", event.notes)
                .trim_end()
                .to_owned();
        }
    }
    let both = (spans[1].0, spans[0].1.min(spans[1].1));
    scene.pair(
        TruthKind::RaftMates,
        daughters[0],
        daughters[1],
        both,
        mode.name(),
    );
}
