use super::*;
use crate::assess::Params as AssessParams;
use crate::model::{StaticRecord, StaticSpan};
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
                first: at,
                last: at,
                count: 1,
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

/// Deals of these ships, by their numbers, from one hour to another.
fn deals(ships: &[Said], meetings: &[([u32; 2], [i64; 2])], bunkering: bool) -> Vec<Deal> {
    let (facts, world, params) = (facts(ships), World::builtin(), AssessParams::default());
    let of = |(pair, hours): &([u32; 2], [i64; 2])| {
        let [start, end] = hours.map(|h| Timestamp(h * HOUR));
        let window = params.window(start, end);
        let side = Side::alone(params.contact(window, (start, end)));
        let together = Together {
            seen_h: end.hours_since(start),
            longest_h: None,
        };
        let pair = pair.map(|n| 200_000_000 + n);
        deal(&facts, &world, pair, window, [side; 2], together, bunkering)
    };
    let mut deals: Vec<Deal> = meetings.iter().map(of).collect();
    share_votes(&mut deals, &params.volume);
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
    // By her size she may be a bunker tanker, of what she has; but the other may have given to her.
    let fuel = took(38, true);
    assert_eq!(fuel.direction, Some([1, 0]));
    assert!((2e3..3e3).contains(&fuel.tonnes.best), "{fuel:?}");
    assert!(fuel.tonnes.high > 8e3, "{fuel:?}");
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
        let ships = [tanker(183, 32, 70, 120), tanker(105, 17, 42, after_dm)];
        estimates(&ships, &[([1, 2], [48, 59])], true).remove(0)
    };
    let sank = beside(64);
    assert_eq!((sank.method, sank.direction), ("capacity", None));
    assert_eq!(sank.product, Product::Gasoil, "a cargo of her own");
    // A tenth more is noise: by their sizes she is a bunker tanker.
    assert_eq!(beside(43).direction, Some([1, 0]));
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
    // The shorter ship's design draught is guessed by her beam, so that her range is the wider one.
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
    assert!(!e.working.contains("200000002 holds"), "{}", e.working);
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
fn who_takes_fuel_is_not_known_of_a_ship_without_a_size() {
    let fuel = |other: Said| {
        let ships = [tanker(183, 32, 90, 90), other];
        let deal = &deals(&ships, &[([1, 2], [48, 84])], true)[0];
        [deal.takes_fuel(0), deal.takes_fuel(1)]
    };
    assert_eq!(fuel(tanker(90, 15, 40, 40)), [true, false]);
    assert_eq!(fuel(tanker(90, 0, 40, 40)), [true, false], "by lengths");
    assert_eq!(fuel(tanker(180, 0, 40, 40)), [false, false], "as long");
    assert_eq!(fuel(tanker(0, 0, 40, 40)), [false, false]);
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
}
