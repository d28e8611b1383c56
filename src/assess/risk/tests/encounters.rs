//! Encounters: what raises their risk, and what lowers it.

use super::*;

#[test]
fn an_ordinary_transfer_near_shore_has_no_risk() {
    let mut board = Board::new();
    board.transfer(|_| ());
    assert_eq!(board.judged("encounters"), (0.0, String::new()));
}

#[test]
fn each_flag_of_a_transfer_is_told_and_raises_the_risk() {
    raises(
        "transfer 100 km off shore",
        |w| &mut w.transfer_at_sea,
        |b| {
            b.transfer(|row| {
                row.set("distance_to_shore_km", 100.0);
            });
        },
    );
    raises(
        "prohibited in Claypile",
        |w| &mut w.prohibited_area,
        |b| {
            b.transfer(|row| {
                row.set("lat", 28.1).set("lon", -94.3);
            });
        },
    );
    raises(
        "begun at night",
        |w| &mut w.night,
        |b| {
            b.transfer(|row| {
                row.set("local_night", true);
            });
        },
    );
    raises(
        "bound for orders",
        |w| &mut w.for_orders,
        |b| {
            b.transfer(|row| {
                row.set("destination_2", "Gibraltar f Orders");
            });
        },
    );
    raises(
        "neither ship's draught changes by 0.5 m or 5 %",
        |w| &mut w.same_draught,
        |b| {
            b.transfer(|row| {
                for n in [1, 2] {
                    row.set(&format!("draught_before_{n}_m"), 10.0)
                        .set(&format!("draught_after_{n}_m"), 10.2);
                }
            });
        },
    );
    raises(
        "another transfer of one of the ships",
        |w| &mut w.repeated_transfer,
        |b| {
            b.transfer(|_| ());
            b.transfer(|row| {
                row.set("event_id", "00000000000000ab")
                    .set("mmsi_1", 1_i64)
                    .set("start", at("2018-06-01"))
                    .set("end", at("2018-06-02"));
            });
        },
    );
    raises(
        "a tanker beside a ship that is none",
        |w| &mut w.odd_partner,
        |b| {
            b.says(SHIPS[1], "2018-06-02", |r| r.ship_type = Some(70));
        },
    );
    raises(
        "a tanker beside a ship that is none",
        |w| &mut w.odd_partner,
        |b| {
            b.says(SHIPS[1], "2018-06-02", |r| r.ship_type = Some(52));
        },
    );
    raises(
        "ships of 330 and 100 m",
        |w| &mut w.odd_partner,
        |b| {
            b.says(SHIPS[0], "2018-06-02", |r| r.length_dm = Some(3300));
            b.says(SHIPS[1], "2018-06-02", |r| r.length_dm = Some(1000));
        },
    );
}

/// Where archives keep a report an hour, contacts are single moments: no hours were observed, but the ships were seen.
#[test]
fn transfers_heard_in_single_moments_repeat_and_those_never_heard_do_not() {
    let judged = |contacts| {
        let track = |mmsi| TrackId {
            mmsi,
            start: at("2018-05-20"),
        };
        let pair = PairKey::new(track(SHIPS[0]), track(235_000_001)).unwrap();
        let other = Encounter {
            contacts,
            ..Encounter::bare(pair, at("2018-06-01"), at("2018-06-02"))
        };
        let mut board = Board::new();
        board.transfer(|_| ());
        board.transfer(|row| {
            row.set("event_id", other.id().to_string())
                .set("mmsi_1", other.pair.first().mmsi)
                .set("mmsi_2", other.pair.second().mmsi)
                .set("start", other.start)
                .set("end", other.end)
                .set("observed_h", 0.0);
        });
        board.facts.encounters.push(other);
        board.judged("encounters")
    };
    let (seen, reasons) = judged(12);
    assert!(seen > 0.0, "{reasons}");
    assert!(reasons.contains("another transfer of one of the ships"));
    assert_eq!(judged(0), (0.0, String::new()));
}

/// Zones as GeoJSON: name and kind, validity, and half the width in degrees of a square about where the transfers lie.
fn zones(zones: &[(&str, &str, &str, f64)]) -> Option<String> {
    let features = zones.iter().map(|(name, kind, valid, half)| {
        let [w, e, s, n] = [-94.0 - half, -94.0 + half, 27.0 - half, 27.0 + half];
        format!(
            r#"{{"type":"Feature","properties":{{"name":"{name}","kind":"{kind}"{valid}}},"geometry":{{"type":"Polygon",
            "coordinates":[[[{w},{s}],[{e},{s}],[{e},{n}],[{w},{n}],[{w},{s}]]]}}}}"#
        )
    });
    let features = features.collect::<Vec<_>>().join(",");
    Some(format!(
        r#"{{"type":"FeatureCollection","features":[{features}]}}"#
    ))
}

#[test]
fn a_prohibited_zone_of_the_users_counts_whatever_else_holds_the_place() {
    let judged = |own: &[(&str, &str, &str, f64)]| {
        let mut board = Board::new();
        board.zones = zones(own);
        board.transfer(|row| {
            // In the Southtex lightering zone.
            row.set("lat", 27.0)
                .set("lon", -94.0)
                .set("distance_to_shore_km", 200.0);
        });
        board.judged("encounters")
    };
    let both = 1.0 - 0.7 * 0.85;
    let (lawful, _) = judged(&[]);
    assert_eq!(lawful, 0.0);
    let (closed, reasons) = judged(&[("NOTAM", "prohibited", "", 3.0)]);
    assert!((closed - both).abs() < 1e-12, "{closed}: {reasons}");
    assert!(reasons.contains("prohibited in NOTAM"), "{reasons}");
    // Beneath a smaller zone of the user's own.
    let nested = [("A", "lightering", "", 0.2), ("B", "prohibited", "", 0.5)];
    let (nested, reasons) = judged(&nested);
    assert!((nested - both).abs() < 1e-12, "{nested}: {reasons}");
    assert!(
        reasons.contains("200 km off shore, in a prohibited zone"),
        "{reasons}"
    );
    // It begins or ends while the ships lie there; before and after it says nothing.
    let from = |t: &str| {
        judged(&[(
            "NOTAM",
            "prohibited",
            &format!(r#","valid_from":"{t}""#),
            3.0,
        )])
        .0
    };
    let until =
        |t: &str| judged(&[("NOTAM", "prohibited", &format!(r#","valid_to":"{t}""#), 3.0)]).0;
    assert!((from("2018-06-10T12:00") - both).abs() < 1e-12);
    assert!((until("2018-06-10T12:00") - both).abs() < 1e-12);
    assert_eq!([from("2018-06-11"), until("2018-06-10T06:00")], [lawful; 2]);
    // A wide zone of the user's comes before the one built in, for good or ill.
    let (transfer, reasons) = judged(&[("Gulf", "transfer", "", 5.0)]);
    assert!((transfer - 0.15).abs() < 1e-12);
    assert!(reasons.contains("in Gulf, a zone reported for transfers"));
}

#[test]
fn orders_are_a_word_of_the_destination() {
    let judged = |destination: &str| {
        let mut board = Board::new();
        board.transfer(|row| {
            row.set("destination_1", destination);
        });
        board.judged("encounters").0
    };
    for orders in ["FOR ORDERS", "Gibraltar f.order", "=>ORDERS", "FORORDERS"] {
        assert!(judged(orders) > 0.0, "{orders}");
    }
    for place in ["NORDERNEY", "NORDERNEY ROADS", "BORDER ISLAND"] {
        assert_eq!(judged(place), 0.0, "{place}");
    }
}

#[test]
fn a_length_that_the_draughts_refute_makes_no_odd_partner() {
    let small = |draught_dm: u16| {
        let mut board = Board::new();
        board.says(SHIPS[0], "2018-06-02", |r| r.length_dm = Some(2740));
        // More often than the ten metres that the board's ships all send.
        for day in ["2018-06-02", "2018-06-03"] {
            board.says(SHIPS[1], day, |r| {
                r.length_dm = Some(440);
                r.beam_dm = Some(80);
                r.draught_dm = Some(draught_dm);
            });
        }
        board.transfer(|_| ());
        board.judged("encounters").1
    };
    let odd = "ships of 274 and 44 m";
    // A coaster of 44 by 8 m draws 3 m; 12.4 m is a large tanker's draught.
    assert!(small(30).contains(odd), "{}", small(30));
    assert!(!small(124).contains(odd), "{}", small(124));
}

#[test]
fn bunkering_of_tankers_at_sea_may_be_cargo_unless_their_draughts_tell() {
    let at_sea = |after: [f64; 2]| {
        move |board: &mut Board| {
            board.transfer(|row| {
                row.set("kind", "bunkering")
                    .set("distance_to_shore_km", 100.0);
                for (n, after_m) in [1, 2].into_iter().zip(after) {
                    row.set(&format!("draught_before_{n}_m"), 8.0)
                        .set(&format!("draught_after_{n}_m"), after_m);
                }
            });
        }
    };
    raises(
        "transfer 100 km off shore",
        |w| &mut w.transfer_at_sea,
        at_sea([8.0, 8.0]),
    );
    let mut told = Board::new();
    at_sea([6.5, 9.0])(&mut told);
    assert_eq!(told.judged("encounters").0, 0.0);
    let mut freighter = Board::new();
    freighter.says(SHIPS[1], "2018-06-02", |r| r.ship_type = Some(70));
    at_sea([8.0, 8.0])(&mut freighter);
    assert_eq!(freighter.judged("encounters").0, 0.0);
}

#[test]
fn a_row_knows_nothing_that_came_after_it() {
    let mut board = Board::new();
    board.transfer(|_| ());
    let before = board.judged("encounters");
    board.transfer(|row| {
        row.set("event_id", "00000000000000ab")
            .set("start", at("2018-06-11"))
            .set("end", at("2018-06-12"));
    });
    board.gap(|row| {
        row.set("start", at("2018-06-11"))
            .set("end", at("2018-06-12"))
            .set("intentional", 1.0);
    });
    for day in ["2018-06-18", "2018-06-25"] {
        board.says(SHIPS[0], day, |r| {
            (r.name, r.imo) = (Some("SHUN FA".to_owned()), Some(8_660_313));
        });
    }
    assert_eq!(board.judged("encounters"), before);
}

#[test]
fn lawful_reasons_lower_it() {
    let flagged = |change: fn(&mut Row)| {
        let mut board = Board::new();
        board.gap(|row| {
            row.set("intentional", 1.0);
        });
        board.transfer(change);
        board.judged("encounters")
    };
    let (before, _) = flagged(|_| ());
    assert!((before - 0.3).abs() < 1e-12);
    type Change = fn(&mut Row);
    let excuses: [(Change, &str); 4] = [
        (
            |row| {
                row.set("lat", 27.0).set("lon", -94.5);
            },
            "-0.15 inside Southtex lightering zone",
        ),
        (
            |row| {
                row.set("lat", 25.25).set("lon", 56.55);
            },
            "-0.09 inside Off Fujairah",
        ),
        (
            |row| {
                row.set("distance_to_port_km", 2.0)
                    .set("nearest_port", "Avalon");
            },
            "-0.12 2.0 km from Avalon",
        ),
        (
            |row| {
                row.set("kind", "berthed");
            },
            "-0.18 the encounter is no transfer of cargo (berthed)",
        ),
    ];
    for (change, words) in excuses {
        let (after, reasons) = flagged(change);
        assert!(after < before, "{words}: {after}");
        assert!(reasons.contains(words), "{reasons}");
    }
}
