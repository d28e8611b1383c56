use super::deal::Basis;
use super::*;
use crate::assess::Params as AssessParams;
use crate::model::{Seen, StaticRecord, StaticSpan};
use crate::registry::{HullForm, Registry, tank_bbl};
use proptest::prelude::*;

const DAY: i64 = 86_400_000;
const HOUR: i64 = 3_600_000;

/// A ship with draughts in decimetres, each received at one hour; without a size where that is 0.
#[derive(Clone)]
struct Said {
    length_m: u16,
    beam_m: u16,
    ship_type: u8,
    draughts: Vec<(i64, u16)>,
}

fn facts(ships: &[Said]) -> Facts {
    let mut facts = Facts::default();
    for (i, ship) in ships.iter().enumerate() {
        let mmsi = 200_000_001 + i as u32;
        let known = |m: u16| Some(10 * m).filter(|dm| *dm > 0);
        for (hour, dm) in &ship.draughts {
            let at = Timestamp(hour * HOUR);
            facts.histories.entry(mmsi).or_default().add(&StaticSpan {
                mmsi,
                record: StaticRecord {
                    ship_type: Some(ship.ship_type),
                    length_dm: known(ship.length_m),
                    beam_dm: known(ship.beam_m),
                    draught_dm: Some(*dm),
                    ..StaticRecord::default()
                },
                seen: Seen::once(at, None),
            });
        }
    }
    facts
}

/// From the second day to noon of the third.
fn meeting(ships: &[Said], world: &World) -> Option<Estimate> {
    let span = (Timestamp(2 * DAY), Timestamp(3 * DAY + DAY / 2));
    between(
        &facts(ships),
        world,
        &AssessParams::default(),
        [200_000_001, 200_000_002],
        span,
    )
}

fn tanker(length_m: u16, beam_m: u16, before_dm: u16, after_dm: u16) -> Said {
    Said {
        length_m,
        beam_m,
        ship_type: 80,
        draughts: vec![(24, before_dm), (96, after_dm)],
    }
}

#[test]
fn two_draughts_agree_on_amount_and_direction() {
    // A VLCC lighters to a suezmax; draughts of 2 June 2018 off California.
    let e = meeting(
        &[tanker(333, 60, 185, 149), tanker(276, 48, 97, 134)],
        &World::builtin(),
    )
    .unwrap();
    assert_eq!(e.method, "draught_both");
    assert_eq!(e.direction, Some([0, 1]));
    assert_eq!(e.product, Product::Crude);
    // What the VLCC weighed less at least, and with as much ballast as over a full swing.
    assert!((64e3..90e3).contains(&e.tonnes.best), "{e:?}");
    assert!(e.tonnes.high / e.tonnes.low < 2.0, "{e:?}");
    assert!(
        e.working.contains("200000001 rose from 18.5 to 14.9 m"),
        "{}",
        e.working
    );
    assert!(
        e.working.contains("doesn't tell oil from gas"),
        "{}",
        e.working
    );
}

#[test]
fn a_draught_that_stayed_says_nothing() {
    let world = World::builtin();
    let one = meeting(
        &[tanker(333, 60, 185, 149), tanker(276, 48, 97, 97)],
        &world,
    )
    .unwrap();
    assert_eq!((one.method, one.direction), ("draught_one", Some([0, 1])));
    let none = meeting(
        &[tanker(333, 60, 185, 185), tanker(276, 48, 97, 97)],
        &world,
    )
    .unwrap();
    assert_eq!((none.method, none.direction), ("capacity", None));
    assert_eq!(none.barrels.low, 0.0);
    let both = meeting(
        &[tanker(333, 60, 149, 185), tanker(276, 48, 97, 134)],
        &world,
    )
    .unwrap();
    assert_eq!((both.method, both.direction), ("capacity", None));
    assert!(both.working.contains("both ships sank"), "{}", both.working);
    assert_eq!(meeting(&[], &world), None, "nothing is known");
}

/// What the draughts of both ships say of each of these meetings.
fn readings(ships: &[Said], meetings: &[([u32; 2], [i64; 2])]) -> Vec<[Reading; 2]> {
    let (facts, params) = (facts(ships), AssessParams::default());
    let contact = |hours: [i64; 2]| {
        let [start, end] = hours.map(|h| Timestamp(h * HOUR));
        let window = params.window(start, end);
        (window, params.contact(window, (start, end)))
    };
    let of = |(pair, hours): &([u32; 2], [i64; 2])| {
        let (window, own) = contact(*hours);
        pair.map(|n| {
            let hers = meetings.iter().filter(|m| m.0.contains(&n));
            let all: Vec<_> = hers.map(|m| contact(m.1).1).collect();
            let which = all.iter().position(|c| *c == own).unwrap();
            let draughts = Ship::new(&facts, 200_000_000 + n).draughts(window);
            draughts.read(&all, which)
        })
    };
    meetings.iter().map(of).collect()
}

/// Deals of these ships, by their numbers, from one hour to another; meetings of one ship by their ends.
fn deals(ships: &[Said], meetings: &[([u32; 2], [i64; 2])], bunkering: bool) -> Vec<Deal> {
    let (facts, world, params) = (facts(ships), World::builtin(), AssessParams::default());
    let of = |((pair, hours), readings): (&([u32; 2], [i64; 2]), [Reading; 2])| {
        let [start, end] = hours.map(|h| Timestamp(h * HOUR));
        let window = params.window(start, end);
        let together = Together {
            seen_h: end.hours_since(start),
            longest_h: None,
        };
        let sides = readings.map(|reading| Side {
            reading,
            resumed: false,
        });
        let pair = pair.map(|n| 200_000_000 + n);
        let ships = pair.map(|mmsi| Ship::new(&facts, mmsi));
        deal(&world, ships, window, sides, together, bunkering)
    };
    let all = meetings.iter().zip(readings(ships, meetings));
    let mut deals: Vec<Deal> = all.map(of).collect();
    share_votes(&mut deals, &[], &params.volume);
    deals
}

/// What these meetings moved, in their order.
fn estimates(ships: &[Said], meetings: &[([u32; 2], [i64; 2])], bunkering: bool) -> Vec<Estimate> {
    let deals = deals(ships, meetings, bunkering);
    let params = Params::default();
    deals.iter().map(|d| d.estimate(&params).unwrap()).collect()
}

#[test]
fn a_draught_typed_after_two_transfers_is_fresh_for_neither() {
    let ships = [
        tanker(333, 60, 205, 149),
        tanker(250, 44, 80, 80),
        tanker(250, 44, 80, 80),
    ];
    let shared = estimates(&ships, &[([1, 2], [48, 84]), ([1, 3], [48, 84])], false);
    let whole = meeting(
        &[ships[0].clone(), tanker(333, 60, 80, 80)],
        &World::builtin(),
    )
    .unwrap();
    assert_eq!(whole.method, "draught_one");
    for e in shared {
        assert_eq!((e.method, e.direction), ("draught_shared", Some([0, 1])));
        assert!(
            (e.tonnes.best / whole.tonnes.best - 0.5).abs() < 0.1,
            "{e:?}"
        );
        assert!(e.tonnes.high / e.tonnes.low > whole.tonnes.high / whole.tonnes.low);
    }
}

/// One transfer, and the same cut by a pause.
#[test]
fn meetings_of_two_ships_make_what_they_made_uncut() {
    let mother = tanker(244, 42, 145, 90);
    for mother in [mother, tanker(244, 42, 145, 145)] {
        let ships = [mother, tanker(183, 32, 70, 118)];
        let uncut = &estimates(&ships, &[([1, 2], [48, 84])], false)[0];
        let cut = estimates(&ships, &[([1, 2], [48, 60]), ([1, 2], [61, 84])], false);
        let sum = |of: &dyn Fn(&Estimate) -> f64| cut.iter().map(of).sum::<f64>();
        assert!((sum(&|e| e.tonnes.best) / uncut.tonnes.best - 1.0).abs() < 1e-9);
        assert!((sum(&|e| e.barrels.best) / uncut.barrels.best - 1.0).abs() < 1e-9);
        assert!((cut[0].tonnes.best / uncut.tonnes.best - 12.0 / 35.0).abs() < 1e-9);
        for e in &cut {
            assert_eq!((e.method, e.direction), ("draught_shared", Some([0, 1])));
            assert!(
                e.tonnes.high <= uncut.tonnes.high && e.tonnes.low < e.tonnes.best,
                "{e:?}"
            );
            assert!(
                e.working.contains("typed after 2 meetings"),
                "{}",
                e.working
            );
        }
    }
}

#[test]
fn shares_make_no_more_than_the_change() {
    // Two mothers and two daughters, each alongside each, and all typed in the end.
    let ships = [
        tanker(333, 60, 205, 189),
        tanker(333, 60, 205, 189),
        tanker(250, 44, 80, 140),
        tanker(250, 44, 80, 140),
    ];
    let meetings = [[1, 3], [1, 4], [2, 3], [2, 4]].map(|pair| (pair, [48, 84]));
    let (deals, params) = (deals(&ships, &meetings, false), Params::default());
    let made = estimates(&ships, &meetings, false);
    for (deal, e) in deals.iter().zip(&made) {
        assert_eq!(e.method, "draught_shared");
        for ship in [0, 1] {
            let same = |d: &&(&Deal, &Estimate)| {
                d.0.carriers
                    .iter()
                    .any(|c| c.mmsi == deal.carriers[ship].mmsi)
            };
            let pairs: Vec<_> = deals.iter().zip(&made).collect();
            let sum: f64 = pairs.iter().filter(same).map(|d| d.1.tonnes.best).sum();
            let whole = deal.weighs_t(ship, &params).unwrap();
            assert!(sum <= whole * (1.0 + 1e-9), "{sum} of {whole}");
        }
    }
}

#[test]
fn who_sells_fuel_gave_whatever_the_draughts_say() {
    let bulker = Said {
        ship_type: 70,
        ..tanker(225, 32, 120, 120)
    };
    let sold = |after_dm| {
        let ships = [bulker.clone(), tanker(80, 15, 34, after_dm)];
        estimates(&ships, &[([1, 2], [48, 53])], true).remove(0)
    };
    let loaded = sold(49);
    assert_eq!(
        (loaded.method, loaded.direction),
        ("capacity", Some([1, 0]))
    );
    assert_eq!(loaded.product, Product::FuelOil);
    assert!(
        loaded.working.contains("is not this transfer's"),
        "{}",
        loaded.working
    );
    let gave = sold(29);
    assert_eq!((gave.method, gave.direction), ("draught_one", Some([1, 0])));
}

#[test]
fn nobody_gives_more_than_she_had_aboard() {
    let took = |before_dm, bunkering| {
        let ships = [
            tanker(183, 32, 110, 124),
            tanker(110, 18, before_dm, before_dm),
        ];
        estimates(&ships, &[([1, 2], [48, 57])], bunkering).remove(0)
    };
    // Empty she weighs some 2,300 t, and at 3.8 m displaces 6,000: the other took it elsewhere.
    let light = took(38, false);
    assert_eq!((light.method, light.direction), ("capacity", None));
    assert!(
        light.working.contains("took it elsewhere"),
        "{}",
        light.working
    );
    let laden = took(67, false);
    assert_eq!(
        (laden.method, laden.direction),
        ("draught_one", Some([1, 0]))
    );
    // As light she may have come for a cargo as well as with fuel.
    let open = took(38, true);
    assert_eq!(open.direction, None);
    assert!(open.tonnes.high > 8e3, "{open:?}");
    let bulker = Said {
        ship_type: 70,
        ..tanker(333, 60, 120, 120)
    };
    let ships = [bulker, tanker(110, 18, 38, 38)];
    let sold = &estimates(&ships, &[([1, 2], [48, 57])], true)[0];
    assert!((4e3..5e3).contains(&sold.tonnes.high), "{sold:?}");
}

#[test]
fn who_lies_deeper_after_it_gave_nothing() {
    let beside = |after_dm| {
        let ships = [tanker(183, 32, 70, 120), tanker(105, 17, 54, after_dm)];
        estimates(&ships, &[([1, 2], [48, 59])], true).remove(0)
    };
    let sank = beside(62);
    assert_eq!((sank.method, sank.direction), ("capacity", None));
    assert_eq!(sank.product, Product::Gasoil, "a cargo of her own");
    // A tenth more is noise: by their sizes she is a bunker tanker.
    assert_eq!(beside(55).direction, Some([1, 0]));
}

#[test]
fn noise_gives_no_direction_and_contradicts_none() {
    let world = World::builtin();
    let of = |vlcc: [u16; 2], aframax: [u16; 2]| {
        let ships = [
            tanker(333, 60, vlcc[0], vlcc[1]),
            tanker(250, 44, aframax[0], aframax[1]),
        ];
        meeting(&ships, &world).unwrap()
    };
    let silent = of([210, 210], [80, 145]);
    assert_eq!(
        (silent.method, silent.direction),
        ("draught_one", Some([0, 1]))
    );
    for noise in [211, 212, 209] {
        let e = of([210, noise], [80, 145]);
        assert_eq!((e.method, e.direction), ("draught_one", Some([0, 1])));
        assert!((e.tonnes.best / silent.tonnes.best - 1.0).abs() < 0.01);
    }
    // Fuel and stores for a VLCC, a cargo for the other.
    let stores = of([210, 214], [80, 145]);
    assert_eq!(stores.direction, Some([0, 1]));
    assert!(stores.working.contains("the other sank too"), "{stores:?}");
    assert!((stores.tonnes.best / silent.tonnes.best - 1.0).abs() < 0.01);
    for (vlcc, aframax) in [
        ([210, 210], [80, 79]),
        ([210, 211], [80, 80]),
        ([210, 211], [80, 79]),
        ([210, 212], [80, 82]),
    ] {
        let e = of(vlcc, aframax);
        assert_eq!((e.method, e.direction), ("capacity", None), "{e:?}");
        assert!(e.tonnes.high > 100e3, "{e:?}");
    }
    // Two tenths each, the opposite way, aren't chance; but they don't say how much.
    let told = of([210, 208], [80, 82]);
    assert_eq!((told.method, told.direction), ("capacity", Some([0, 1])));
    assert!(told.working.contains("by both draughts"), "{told:?}");
}

/// An MR tanker and a smaller tanker beside her that may be a bunker tanker, with a draught before and one after it.
fn beside_mr(size: (u16, u16), [before_dm, after_dm]: [u16; 2]) -> Estimate {
    let ships = [
        tanker(183, 32, 120, 120),
        tanker(size.0, size.1, before_dm, after_dm),
    ];
    estimates(&ships, &[([1, 2], [48, 60])], true).remove(0)
}

#[test]
fn who_may_have_come_empty_sold_no_fuel_for_certain() {
    // In ballast, and laden.
    let empty = beside_mr((105, 16), [30, 30]);
    assert_eq!(
        (empty.direction, empty.product),
        (None, Product::Gasoil),
        "{empty:?}"
    );
    let laden = beside_mr((120, 20), [70, 70]);
    assert_eq!(laden.direction, Some([1, 0]));
    assert!(laden.working.contains("bunker tanker's size"), "{laden:?}");
}

#[test]
fn fuel_goes_into_fuel_tanks() {
    let laden = beside_mr((120, 20), [70, 70]);
    assert_eq!(laden.product, Product::FuelOil);
    let fuel = crate::registry::fuel_tanks(183.0);
    assert!(laden.tonnes.best <= fuel.best, "{laden:?}");
    let gave = beside_mr((120, 20), [70, 67]);
    assert_eq!(
        (gave.product, gave.direction, gave.method),
        (Product::FuelOil, Some([1, 0]), "draught_one")
    );
    assert!(gave.tonnes.high <= fuel.high, "{gave:?}");
    // More than an MR's fuel tanks hold: a cargo.
    let cargo = beside_mr((120, 20), [70, 55]);
    assert_eq!(
        (cargo.product, cargo.direction, cargo.method),
        (Product::Gasoil, Some([1, 0]), "draught_one")
    );
    assert!(cargo.tonnes.best > fuel.high, "{cargo:?}");
}

#[test]
fn pumps_bound_what_draughts_say() {
    let ships = [tanker(333, 60, 210, 150), tanker(250, 44, 80, 155)];
    let of = |hours: i64| {
        let span = (Timestamp(2 * DAY), Timestamp(2 * DAY + hours * HOUR));
        let params = AssessParams::default();
        let ships_mmsi = [200_000_001, 200_000_002];
        between(&facts(&ships), &World::builtin(), &params, ships_mmsi, span).unwrap()
    };
    let short = of(2);
    assert_eq!((short.method, short.direction), ("capacity", Some([0, 1])));
    let density = short.product.t_per_m3();
    assert!(short.tonnes.high <= 20_000.0 * density + 1.0, "{short:?}");
    assert!(short.working.contains("more than this transfer alone"));
    let long = of(30);
    assert_eq!(long.method, "draught_both");
    assert!(long.tonnes.low > 80e3, "{long:?}");
}

#[test]
fn a_change_that_strains_the_other_hull_is_known_by_what_she_holds() {
    // The VLCC gave 96,000 to 142,000 t, and the other holds 115,000.
    let ships = [tanker(333, 60, 210, 160), tanker(250, 44, 150, 150)];
    let e = meeting(&ships, &World::builtin()).unwrap();
    assert_eq!((e.method, e.direction), ("draught_one", Some([0, 1])));
    assert!(
        (55e3..80e3).contains(&e.tonnes.low),
        "the least that she holds: {e:?}"
    );
    assert!(e.working.contains("may well be more than"), "{}", e.working);
    // A fishing vessel's own tanks: neither draught can be fuel alone.
    let trawler = Said {
        ship_type: 30,
        ..tanker(80, 14, 30, 50)
    };
    let ships = [trawler, tanker(110, 18, 60, 46)];
    let e = &estimates(&ships, &[([1, 2], [48, 61])], true)[0];
    assert_eq!((e.method, e.direction), ("capacity", Some([1, 0])));
    assert_eq!(e.tonnes.low, 0.0);
}

#[test]
fn no_cargo_is_heavier_in_words_than_the_hull_allows() {
    let ships = [tanker(333, 60, 210, 120), tanker(340, 62, 100, 100)];
    let e = meeting(&ships, &World::builtin()).unwrap();
    let held = HullForm::from_ais(333.0, 60.0, Some(21.0), true);
    let after = e.working.split_once("with ballast ").unwrap().1;
    let most = after.split([' ', ',']).nth(2).unwrap();
    let most_t: f64 = most.parse().unwrap();
    assert!(most_t <= 0.95 * held.deadweight.high + 1.0, "{}", e.working);
}

#[test]
fn hulls_that_contradict_each_other_have_no_middle() {
    let ships = [tanker(333, 60, 210, 202), tanker(250, 44, 80, 145)];
    let e = meeting(&ships, &World::builtin()).unwrap();
    assert_eq!((e.method, e.direction), ("draught_both", Some([0, 1])));
    assert!(e.working.contains("the two don't agree"), "{}", e.working);
    let says = |vlcc: u16, aframax: u16| {
        let ships = [tanker(333, 60, 210, vlcc), tanker(250, 44, 80, aframax)];
        meeting(&ships, &World::builtin()).unwrap().tonnes
    };
    let each = [says(202, 80), says(210, 145)];
    let near = |b: &Band| (e.tonnes.best / b.best - 1.0).abs() < 0.05;
    assert!(each.iter().any(near), "{e:?} {each:?}");
}

#[test]
fn a_direction_needs_no_dimensions() {
    let ships = [tanker(0, 0, 210, 175), tanker(0, 0, 80, 145)];
    let deal = &deals(&ships, &[([1, 2], [48, 84])], false)[0];
    assert_eq!(deal.estimate(&Params::default()), None);
    assert_eq!(deal.direction().unwrap().0, [0, 1]);
    let words = deal.direction_words().unwrap();
    assert_eq!(words, "200000001 gave to 200000002, by both draughts");
}

#[test]
fn what_was_moved_before_and_not_typed_is_taken_off() {
    // A laden aframax gives to three MR tankers and types after the last; the first two typed what they took.
    let ships = [
        tanker(250, 44, 149, 149),
        Said {
            draughts: vec![(24, 70), (62, 120)],
            ..tanker(183, 32, 0, 0)
        },
        Said {
            draughts: vec![(24, 70), (86, 120)],
            ..tanker(183, 32, 0, 0)
        },
        tanker(183, 32, 70, 70),
    ];
    let mut ships = ships;
    ships[0].draughts = vec![(24, 149), (190, 65)];
    let meetings = [([1, 2], [40, 60]), ([1, 3], [64, 84]), ([1, 4], [160, 182])];
    let alone = estimates(&ships, &meetings, false);
    let params = Params::default();
    let mut deals = deals(&ships, &meetings, false);
    let untyped: Vec<Untyped> = (0..3)
        .map(|transfer| Untyped {
            transfer,
            before: match transfer {
                2 => [vec![(0, 0), (1, 0)], Vec::new()],
                _ => [Vec::new(), Vec::new()],
            },
        })
        .collect();
    for deal in &mut deals {
        deal.notes = [String::new(), String::new()];
    }
    share_votes(&mut deals, &untyped, &params);
    let last = deals[2].estimate(&params).unwrap();
    assert_eq!(last.method, "draught_shared");
    let before_t = alone[0].tonnes.best + alone[1].tonnes.best;
    let whole_t = deals[2].weighs_t(0, &params).unwrap();
    let sum = (before_t + last.tonnes.best) / whole_t;
    assert!((sum - 1.0).abs() < 0.05, "{sum} {last:?}");
    assert!(last.working.contains("didn't type"), "{}", last.working);
}

#[test]
fn what_an_aframax_carries_is_less_sure_than_a_vlcc() {
    let doubt = |ships: [Said; 2]| {
        let e = meeting(&ships, &World::builtin()).unwrap();
        assert_eq!(e.product, Product::Crude);
        e.barrels.high / e.barrels.low / (e.tonnes.high / e.tonnes.low)
    };
    // A hundred thousand tonnes may be an LR2's gasoline.
    let aframaxes = [tanker(245, 42, 140, 110), tanker(245, 42, 75, 75)];
    let vlccs = [tanker(333, 60, 205, 170), tanker(333, 60, 95, 95)];
    assert!(doubt(aframaxes) > 1.02 && doubt(vlccs) < 1.01);
}

#[test]
fn never_more_than_the_better_known_hull_holds() {
    // The shorter ship's design draught is guessed by her size, so that her range is the wider one.
    let ships = [tanker(271, 48, 54, 164), tanker(258, 47, 53, 125)];
    let held = HullForm::from_ais(271.0, 48.0, Some(16.4), true);
    let e = meeting(&ships, &World::builtin()).unwrap();
    assert_eq!(e.method, "capacity", "both sank");
    assert!(e.tonnes.high <= 0.95 * held.deadweight.high + 1e-6, "{e:?}");
}

#[test]
fn the_register_comes_first() {
    let mut world = World::builtin();
    let list = b"mmsi,dwt\n200000002,20000\n";
    world.registry = Registry::parse(list, std::path::Path::new("list.csv")).unwrap();
    let e = meeting(
        &[tanker(333, 60, 185, 149), tanker(276, 48, 97, 97)],
        &world,
    )
    .unwrap();
    assert!(e.tonnes.high <= 19_000.0, "{e:?}");
    assert_eq!(e.product, Product::Gasoil);
}

/// The same ship, which also sent a draught once and then again the one before it.
fn with_slip(ship: &Said, hour: i64, dm: u16) -> Said {
    let mut ship = ship.clone();
    let standing = ship.draughts.iter().rfind(|(from, _)| *from < hour);
    let back = (hour + 1, standing.unwrap().1);
    ship.draughts.extend([(hour, dm), back]);
    ship.draughts.sort_unstable();
    ship
}

#[test]
fn one_mistyped_draught_changes_nothing() {
    let world = World::builtin();
    let known_by = |ships: &[Said; 2]| {
        let e = meeting(ships, &world).unwrap();
        (e.method, e.direction, e.tonnes, e.barrels)
    };
    let large = tanker(333, 60, 185, 149);
    for ships in [
        [large.clone(), tanker(276, 48, 97, 134)],
        [large.clone(), tanker(110, 18, 45, 45)],
        [tanker(110, 18, 45, 68), large.clone()],
    ] {
        let right = known_by(&ships);
        // Before, during and after the meeting; 25.5 m, more than half the beam, and a draught she may have.
        for hour in [30, 60, 85, 110] {
            for (ship, slips) in [(0, [255, 200]), (1, [255, 160])] {
                for dm in slips {
                    let mut wrong = ships.clone();
                    wrong[ship] = with_slip(&wrong[ship], hour, dm);
                    assert_eq!(known_by(&wrong), right, "ship {ship}, hour {hour}, {dm} dm");
                }
            }
        }
    }
}

#[test]
fn a_draught_that_no_hull_has_is_none_even_if_it_stays() {
    let ships = [tanker(333, 60, 185, 149), tanker(110, 18, 45, 255)];
    let e = meeting(&ships, &World::builtin()).unwrap();
    assert_eq!((e.method, e.direction), ("capacity", Some([0, 1])));
    let held = HullForm::from_ais(110.0, 18.0, None, true).deadweight.high;
    assert!(e.tonnes.high <= 0.95 * held, "{e:?}");
    // The length alone bounds it too.
    let ships = [tanker(333, 60, 185, 149), tanker(110, 0, 45, 140)];
    assert_eq!(
        meeting(&ships, &World::builtin()).unwrap().method,
        "capacity"
    );
}

#[test]
fn a_ship_always_deeper_than_her_hull_allows_is_another_than_she_says() {
    let deep = Said {
        draughts: vec![(20, 122), (30, 122), (96, 140)],
        ..tanker(110, 18, 0, 0)
    };
    let e = meeting(&[tanker(333, 60, 185, 149), deep], &World::builtin()).unwrap();
    assert_eq!((e.method, e.direction), ("draught_one", Some([0, 1])));
    assert!((64e3..90e3).contains(&e.tonnes.best), "{e:?}");
    let by_draught = "by her greatest draught alone";
    assert!(e.working.contains(by_draught), "{}", e.working);
}

#[test]
fn a_receiver_known_by_her_length_alone_takes_no_more_than_that_allows() {
    let e = meeting(
        &[tanker(333, 60, 185, 149), tanker(110, 0, 45, 45)],
        &World::builtin(),
    )
    .unwrap();
    assert_eq!((e.method, e.direction), ("capacity", Some([0, 1])));
    assert_eq!(e.product, Product::Gasoil);
    // Broad and deep for her length she would carry 15,000 t, as ships usually are 9,000.
    assert!((12e3..20e3).contains(&e.tonnes.high), "{e:?}");
    assert!((3e3..8e3).contains(&e.tonnes.best), "{e:?}");
    assert!(e.working.contains("by her length alone"), "{}", e.working);
    let lengths = [tanker(333, 0, 185, 149), tanker(110, 0, 45, 45)];
    assert_eq!(meeting(&lengths, &World::builtin()), None);
}

#[test]
fn who_takes_fuel_is_not_known_of_a_ship_without_size_and_draught() {
    let fuel = |other: Said| {
        let ships = [tanker(183, 32, 90, 90), other];
        let deal = &deals(&ships, &[([1, 2], [48, 84])], true)[0];
        [deal.takes_fuel(0), deal.takes_fuel(1)]
    };
    assert_eq!(fuel(tanker(90, 15, 50, 50)), [true, false]);
    assert_eq!(fuel(tanker(90, 0, 40, 40)), [true, false], "by lengths");
    assert_eq!(fuel(tanker(180, 0, 40, 40)), [false, false], "as long");
    assert_eq!(fuel(tanker(0, 0, 40, 40)), [true, false], "by draughts");
    assert_eq!(fuel(tanker(0, 0, 120, 120)), [false, false]);
    assert_eq!(fuel(tanker(0, 0, 0, 0)), [false, false]);
}

#[test]
fn a_hull_known_by_her_draught_alone_holds_no_more_than_that_allows() {
    let mr = tanker(183, 32, 90, 90);
    let of = |unsized_one: Said| meeting(&[mr.clone(), unsized_one], &World::builtin()).unwrap();
    let river = of(tanker(0, 0, 42, 26));
    assert_eq!((river.method, river.direction), ("capacity", Some([1, 0])));
    assert_eq!(river.product, Product::Gasoil);
    // As large as one for rivers and sea that has it laden.
    assert!((5e3..8e3).contains(&river.tonnes.high), "{river:?}");
    assert!((600.0..3e3).contains(&river.tonnes.best), "{river:?}");
    assert!(river.working.contains("by her greatest draught alone"));
    // Light she may be as large as the other, but isn't likely to be.
    let light = of(tanker(0, 0, 75, 75));
    assert!(light.tonnes.high > 35e3, "{light:?}");
    assert!((4e3..12e3).contains(&light.tonnes.best), "{light:?}");
    // Who says neither may be of any size.
    let mute = of(tanker(0, 0, 0, 0));
    assert_eq!(mute.tonnes.low, 0.0);
    assert!(mute.tonnes.high > 35e3, "{mute:?}");
    assert!((1e3..8e3).contains(&mute.tonnes.best), "{mute:?}");
    assert!(mute.working.contains("how large 200000002 is isn't known"));
    // Draughts of two such alone tell nothing.
    let both = [tanker(0, 0, 42, 26), tanker(0, 0, 90, 100)];
    assert_eq!(meeting(&both, &World::builtin()), None);
}

proptest! {
    #[test]
    fn ordered_and_within_the_smaller_hull(
        // Broader than 70 m no tanker is, and such dimensions count as wrong.
        size in prop::array::uniform2(60u16..350),
        slender in prop::array::uniform2(5.0..7.0f64),
        before in prop::array::uniform2(0.3..0.95f64),
        after in prop::array::uniform2(0.3..0.95f64),
        types in prop::array::uniform2(prop::sample::select(vec![80u8, 89, 70, 0])),
    ) {
        let ship = |i: usize| {
            let beam_m = (f64::from(size[i]) / slender[i]).round() as u16;
            let dm = |share: f64| (share * f64::from(beam_m) / 2.7 * 10.0) as u16;
            Said { ship_type: types[i], ..tanker(size[i], beam_m, dm(before[i]), dm(after[i])) }
        };
        let ships = [ship(0), ship(1)];
        let held = ships.iter().map(|s| {
            let deepest = s.draughts.iter().map(|d| f64::from(d.1) / 10.0).fold(0.0, f64::max);
            let form = HullForm::from_ais(f64::from(s.length_m), f64::from(s.beam_m), Some(deepest), true);
            form.deadweight.high
        }).fold(f64::INFINITY, f64::min);
        let e = meeting(&ships, &World::builtin()).unwrap();
        for band in [e.tonnes, e.barrels] {
            prop_assert!(0.0 <= band.low && band.low <= band.best && band.best <= band.high, "{:?}", e);
        }
        prop_assert!(e.tonnes.high <= 0.95 * held + 1e-6);
        prop_assert!(e.barrels.high <= tank_bbl(held) + 1e-6);
        if let Some([from, to]) = e.direction {
            prop_assert!(from != to);
            if e.method != "capacity" {
                let rose = |i: usize| ships[i].draughts[1].1 < ships[i].draughts[0].1;
                let sank = |i: usize| ships[i].draughts[1].1 > ships[i].draughts[0].1;
                prop_assert!(rose(from) || sank(to));
            }
        }
    }

    /// Columns, kind and volume read the same draughts.
    #[test]
    fn the_direction_is_that_of_the_columns(
        typed in prop::collection::vec((0usize..3, 30i64..150, 0.4..1.0f64), 0..9),
        ends in prop::array::uniform2((50i64..70, 72i64..110)),
    ) {
        let sizes = [(333, 60), (250, 44), (183, 32)];
        let mut ships = sizes.map(|(length_m, beam_m)| {
            let dm = (f64::from(beam_m) / 2.7 * 7.0) as u16;
            Said { draughts: vec![(24, dm)], ..tanker(length_m, beam_m, 0, 0) }
        });
        for (ship, hour, share) in typed {
            let dm = (share * f64::from(ships[ship].beam_m) / 2.7 * 10.0) as u16;
            ships[ship].draughts.push((hour, dm));
        }
        let [a, b] = ends.map(|(start, end)| [start, end]);
        let mut meetings = [([1, 2], a), ([1, 3], b)];
        meetings.sort_by_key(|m| (m.1[1], m.1[0]));
        let read = readings(&ships, &meetings);
        for (deal, reading) in deals(&ships, &meetings, false).iter().zip(read) {
            let Some(([from, to], basis)) = deal.direction() else { continue };
            let sank = |i: usize| reading[i].sank_dm();
            let gave = sank(from).is_some_and(|dm| dm <= -2);
            let took = sank(to).is_some_and(|dm| dm >= 2);
            match basis {
                Basis::Both => prop_assert!(gave || took, "{:?}", reading),
                Basis::One(i) => prop_assert!(if i == from { gave } else { took }, "{:?}", reading),
                _ => prop_assert!(false, "no bunkers here"),
            }
            // Against it speaks only what weighs next to nothing beside it.
            let slight = [from, to].map(|i| deal.changes[i].is_none());
            prop_assert!(sank(from).is_none_or(|dm| dm < 3) || slight[0], "{:?}", reading);
            prop_assert!(sank(to).is_none_or(|dm| dm > -3) || slight[1], "{:?}", reading);
        }
    }
}
