//! What a berth holds, and what it doesn't.

use super::parties::{moving, of_size, turning};
use super::*;
use crate::geodesy::Plane;
use crate::model::{EvidenceSample, PairSample, Phase};

const ANCHOR: Option<NavStatus> = Some(NavStatus::AT_ANCHOR);

#[test]
fn a_status_that_stayed_from_the_roads_does_not_unmoor_ships() {
    let kind = |geometry: &Geometry, status: [Option<NavStatus>; 2], shore_km: f64| {
        let parties = status.map(|nav_status| Party {
            nav_status,
            ..tanker(110.0, 12.0, None)
        });
        judged(geometry, parties, shore_km, false).kind
    };
    let moored = Some(NavStatus::MOORED);
    let one = [moored, ANCHOR];
    for shore_km in [-30.0, 0.4] {
        assert_eq!(kind(&still(8), one, shore_km), Kind::Berthed);
        assert_eq!(kind(&still(8), [None, ANCHOR], shore_km), Kind::Berthed);
        assert_eq!(kind(&still(14), [ANCHOR; 2], shore_km), Kind::Berthed);
        // Both say so; at anchor in a stream; not for long enough.
        assert_eq!(kind(&still(8), [ANCHOR; 2], shore_km), Kind::StsTransfer);
        assert_eq!(kind(&turning(8, 8.0), one, shore_km), Kind::StsTransfer);
        assert_eq!(kind(&still(4), one, shore_km), Kind::StsTransfer);
        let strayed = Geometry {
            stray_m: 35.0,
            ..still(8)
        };
        assert_eq!(kind(&strayed, one, shore_km), Kind::StsTransfer);
    }
    // In a calm in the roads.
    assert_eq!(kind(&still(14), one, 4.0), Kind::StsTransfer);
    assert_eq!(kind(&still(30), one, 4.0), Kind::Berthed);
    // Cargo went over.
    let laden = [(ANCHOR, 40), (moored, -35)].map(|(nav_status, dm)| Party {
        nav_status,
        ..tanker(183.0, 32.0, Some(dm))
    });
    let laden = judged(&still(8), laden, 0.4, false);
    assert_eq!(laden.kind, Kind::StsTransfer);
}

#[test]
fn a_tanker_at_the_other_side_of_a_jetty_gives_no_fuel() {
    let judged_at = |[low_m, best_m, high_m]: [f64; 3]| {
        let mut geometry = still(8);
        for m in &mut geometry.moments {
            m.gap = Some(crate::hull::HullGap {
                low_m,
                best_m,
                high_m,
            });
        }
        let parties = [of_size(80, 100.0), of_size(70, 140.0)];
        judged(&geometry, parties, 0.2, false)
    };
    // Known antennas or not: the likeliest gap tells, whatever they leave open.
    for jetty in [
        [10.6, 16.2, 21.3],
        [14.0, 14.0, 14.0],
        [20.6, 20.6, 20.6],
        [2.0, 15.0, 28.0],
        [3.0, 19.0, 35.0],
    ] {
        let apart = judged_at(jetty);
        assert_eq!(apart.kind, Kind::Berthed, "{jetty:?}");
        assert!(apart.words.iter().any(|w| w.contains("jetty")));
    }
    // On fenders; and where the antennas aren't known well enough to say.
    for fenders in [[2.0, 2.0, 2.0], [8.0, 8.0, 8.0], [-5.0, 11.0, 27.0]] {
        let beside = judged_at(fenders);
        assert_eq!(beside.kind, Kind::Bunkering, "{fenders:?}");
    }
}

#[test]
fn tankers_that_come_at_once_and_part_soon_lie_in_a_lock() {
    let minutes = |m: i64| Timestamp(m * 60_000);
    // Met 40 minutes after the data begin, with these speeds of both shortly before.
    let judged_going = |kn: [u16; 2], lain_min: i64, shore_km: f64, sog_kn: f64| {
        let sample = |minute: i64| EvidenceSample {
            phase: Phase::Approach,
            sample: PairSample {
                t: minutes(minute),
                place: [LonLat::default(); 2],
                sog_ckn: kn.map(|kn| Some(100 * kn)),
                cog_cdeg: [None; 2],
                heading_cdeg: [Some(0); 2],
                nav_status: [None; 2],
                class: [None; 2],
                sigma_dm: 100,
                nearest_s: 10,
                held: true,
                sides: [true; 2],
                separation_dm: 15_000,
            },
        };
        let [start, end] = [minutes(40), minutes(40 + lain_min)];
        let encounter = Encounter {
            evidence: [12, 20, 30].map(sample).to_vec(),
            start_not_before: Some(minutes(38)),
            end_not_after: Some(minutes(43 + lain_min)),
            closed: true,
            ..Encounter::bare(encounter().pair, start, end)
        };
        let mut geometry = Geometry {
            stray_m: 90.0 + 1500.0 * sog_kn,
            moved_m: 90.0 + 1500.0 * sog_kn,
            sog_kn: Some(sog_kn),
            ..still(1)
        };
        for (i, m) in geometry.moments.iter_mut().enumerate() {
            m.t = minutes(40 + i as i64 * lain_min / 2);
        }
        let parties = [of_size(80, 90.0), of_size(80, 130.0)];
        judged_as(&encounter, &geometry, parties, (shore_km, false))
    };
    let judged_of = |kn, lain_min, shore_km| judged_going(kn, lain_min, shore_km, 0.0);
    let lock = judged_of([6, 7], 50, -20.0);
    assert_eq!(lock.kind, Kind::Other);
    assert!(lock.words.iter().any(|w| w.contains("lock")));
    for bunkering in [
        judged_of([6, 0], 50, -20.0),
        judged_of([6, 7], 150, -20.0),
        judged_of([6, 7], 50, 9.0),
        // A boat alongside a barge that goes on.
        judged_going([6, 7], 50, -20.0, 5.0),
    ] {
        assert_eq!(bunkering.kind, Kind::Bunkering);
    }
}

#[test]
fn no_bunkering_at_a_berth_outlasts_pumps() {
    let kind = |hours: f64, taker_m: f64| {
        let parties = [of_size(80, 60.0), of_size(70, taker_m)];
        judged_as(&lasting(hours), &still(8), parties, (0.2, false)).kind
    };
    assert_eq!(kind(4.0, 110.0), Kind::Bunkering);
    assert_eq!(kind(9.0, 300.0), Kind::Bunkering);
    for (hours, taker_m) in [(8.0, 110.0), (12.0, 300.0)] {
        assert_eq!(kind(hours, taker_m), Kind::Berthed, "{hours} {taker_m}");
    }
}

#[test]
fn barges_that_go_side_by_side_for_hours_are_coupled() {
    let inland =
        |hours: usize, parties: [Party; 2]| judged(&moving(hours, 4.1), parties, -80.0, false);
    let barges = [of_size(80, 60.0), of_size(80, 110.0)];
    let coupled = inland(6, barges);
    assert_eq!(coupled.kind, Kind::Convoy);
    assert!(coupled.words.iter().any(|w| w.contains("coupled barges")));
    assert_eq!(
        inland(6, [of_size(80, 108.0), of_size(80, 110.0)]).kind,
        Kind::Convoy
    );
    assert_eq!(
        inland(6, [of_size(52, 30.0), of_size(80, 110.0)]).kind,
        Kind::Service
    );
    // A boat that fuels one which goes on; and cargo, by the draughts.
    assert_eq!(inland(1, barges).kind, Kind::Bunkering);
    let laden = [tanker(108.0, 12.0, Some(9)), tanker(110.0, 12.0, Some(-8))];
    assert_eq!(inland(6, laden).kind, Kind::StsTransfer);
    // Sea-going tankers go on for hours while they transfer, in a bay as well.
    let at_sea = [tanker(183.0, 32.0, None), tanker(250.0, 44.0, None)];
    assert_eq!(inland(6, at_sea).kind, Kind::StsTransfer);
    assert_eq!(
        judged(&moving(6, 4.1), at_sea, 30.0, false).kind,
        Kind::StsTransfer
    );
}

/// A tanker of 100 m beside a freighter of 140 m at a berth for four hours, her middle so far ahead and to starboard of the other's.
fn at_berth(middle_m: Option<[f64; 2]>, [low_m, best_m, high_m]: [f64; 3]) -> Judgement {
    let mut geometry = still(4);
    for m in &mut geometry.moments {
        m.middle_m = middle_m;
        m.in_frame_m = middle_m.map(|[ahead, starboard]| [ahead + 13.0, starboard]);
        m.heading_deg = m.heading_deg.filter(|_| middle_m.is_some());
        m.gap = Some(crate::hull::HullGap {
            low_m,
            best_m,
            high_m,
        });
    }
    let ship = |code, length_m, beam_m| {
        let hull = Hull::new(length_m, beam_m, Bridge::Anywhere);
        party(code, hull, hull)
    };
    let parties = [ship(70, 140.0, 22.0), ship(80, 100.0, 16.0)];
    judged_as(&lasting(4.0), &geometry, parties, (0.2, false))
}

#[test]
fn a_tanker_at_the_next_berth_of_a_quay_gives_no_fuel() {
    let next = at_berth(Some([138.0, -3.0]), [-7.0, 18.0, 130.0]);
    assert_eq!(next.kind, Kind::Berthed);
    assert!(next.words.iter().any(|w| w.contains("one quay")));
    let beside = at_berth(Some([-20.0, 21.0]), [-7.0, 2.0, 11.0]);
    assert_eq!(beside.kind, Kind::Bunkering);
    assert!(beside.confidence > 0.8);
}

#[test]
fn where_nothing_tells_how_ships_at_a_berth_lie_fuel_is_hardly_known_to_be_given() {
    let untold = at_berth(None, [-90.0, 14.0, 33.0]);
    assert_eq!(untold.kind, Kind::Bunkering);
    assert!(untold.confidence <= 0.5);
    assert!(untold.words.iter().any(|w| w.contains("neighbours")));
}

/// Two that wait for two hours 180 m apart half a kilometre off, lie side by side at one place for 40 minutes, and go on.
fn through_a_lock(parties: [Party; 2], left: bool) -> Judgement {
    let minutes = |m: i64| Timestamp(m * 60_000);
    let at = |north_m: f64| Plane::at(LonLat::default()).to_place([0.0, north_m]);
    let place = |minute: i64| match minute {
        ..130 => -500.0,
        130..=170 => 0.0,
        _ if left => 900.0,
        _ => 0.0,
    };
    let inside = |minute: i64| (130..=170).contains(&minute);
    // One goes on before the other, out of contact but not as far as one that parted for good.
    let ahead_m = |minute: i64| if left && minute > 170 { 700.0 } else { 0.0 };
    let evidence: Vec<EvidenceSample> = (0..=19)
        .map(|i| EvidenceSample {
            phase: Phase::Contact,
            sample: PairSample {
                t: minutes(10 * i),
                place: [at(place(10 * i)), at(place(10 * i) + ahead_m(10 * i))],
                sog_ckn: [Some(10); 2],
                cog_cdeg: [None; 2],
                heading_cdeg: [Some(0); 2],
                nav_status: [None; 2],
                class: [None; 2],
                sigma_dm: 100,
                nearest_s: 10,
                held: true,
                sides: [true; 2],
                separation_dm: (10.0 * ahead_m(10 * i)).max(330.0) as u32,
            },
        })
        .collect();
    let encounter = Encounter {
        observed_ms: 190 * 60_000,
        evidence,
        start_not_before: Some(minutes(-10)),
        end_not_after: left.then_some(minutes(400)),
        closed: true,
        ..Encounter::bare(encounter().pair, minutes(0), minutes(190))
    };
    let mut geometry = Geometry {
        stray_m: 480.0,
        moved_m: 900.0,
        ..still(9)
    };
    geometry.moments.truncate(20);
    let first = geometry.moments[0];
    geometry.moments = (0..=19)
        .map(|i| {
            let apart = Moment {
                t: minutes(10 * i),
                separation_m: 180.0,
                in_frame_m: Some([180.0, 0.0]),
                middle_m: Some([180.0, 0.0]),
                gap: first.gap.map(|_| crate::hull::HullGap {
                    low_m: 60.0,
                    best_m: 70.0,
                    high_m: 80.0,
                }),
                ..first
            };
            let lain = inside(10 * i) || (!left && i > 17);
            if lain {
                Moment {
                    t: apart.t,
                    ..first
                }
            } else {
                apart
            }
        })
        .collect();
    judged_as(&encounter, &geometry, parties, (-20.0, false))
}

#[test]
fn a_wait_off_a_lock_makes_no_transfer_of_a_passage() {
    for codes in [[80, 80], [80, 70]] {
        let parties = codes.map(|code| of_size(code, 110.0));
        let passed = through_a_lock(parties, true);
        assert_eq!(passed.kind, Kind::Other, "{codes:?}");
    }
    let barge_and_freighter = [of_size(80, 80.0), of_size(70, 110.0)];
    let passed = through_a_lock(barge_and_freighter, true);
    assert_eq!(passed.kind, Kind::Other);
    assert!(passed.words.iter().any(|w| w.contains("lock")));
    // Nobody saw them part.
    let stayed = through_a_lock(barge_and_freighter, false);
    assert_eq!(stayed.kind, Kind::Bunkering);
}

#[test]
fn a_draught_that_changed_at_a_berth_makes_it_less_sure_that_nothing_went_over() {
    let beside = |sank_dm: Option<i32>| {
        let parties = [tanker(183.0, 32.0, None), tanker(98.0, 16.0, sank_dm)];
        judged_as(&lasting(14.0), &still(14), parties, (0.2, false))
    };
    let told = beside(Some(25));
    assert_eq!(told.kind, Kind::Berthed);
    assert!(told.confidence <= 0.5);
    assert!(told.words.iter().any(|w| w.contains("2.5 m deeper")));
    for untold in [beside(None), beside(Some(2))] {
        assert_eq!(untold.kind, Kind::Berthed);
        assert!(untold.confidence > 0.8);
    }
}
