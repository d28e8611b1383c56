//! Gaps.

use super::*;

#[test]
fn a_gap_is_judged_by_itself() {
    let judged = |change: fn(&mut Row)| {
        let mut board = Board::new();
        board.gap(change);
        board.judged("gaps")
    };
    let (purpose, reasons) = judged(|row| {
        row.set("intentional", 0.9);
    });
    assert!((purpose - 0.27).abs() < 1e-12);
    assert!(reasons.starts_with("risk: +0.27 SHIP 235849000 unheard for 30 h"));
    let (unknown, _) = judged(|_| ());
    assert!(
        (unknown - 0.15).abs() < 1e-12,
        "half, where reception isn't known"
    );
    let (poor, reasons) = judged(|row| {
        row.set("reception", 0.2);
    });
    assert!(poor < unknown && reasons.contains("only 20 % of others are heard"));
    let (explained, _) = judged(|row| {
        row.set("explanation", "poor_reception")
            .set("intentional", 0.9);
    });
    assert_eq!(explained, 0.0);
    let (near, _) = judged(|row| {
        row.set("distance_to_shore_km", 10.0);
    });
    assert_eq!(near, 0.0);
}

#[test]
fn no_explanation_of_a_silence_explains_a_speed() {
    let board = |ship_type: u8, explanation: &str, kn: f64| {
        let mut board = Board::new();
        board.facts.histories.clear();
        board.says(SHIPS[0], "2018-06-01", |r| {
            (r.imo, r.ship_type) = (Some(9_275_658), Some(ship_type));
        });
        board.gap(|row| {
            row.set("explanation", explanation)
                .set("implied_speed_kn", kn);
        });
        board
    };
    let judged = |ship_type, explanation, kn| board(ship_type, explanation, kn).judged("gaps");
    for explanation in ["poor_reception", "left_area", "class_b"] {
        let (risk, reasons) = judged(80, explanation, 28.8);
        assert!((risk - 0.15).abs() < 1e-12, "{explanation}: {risk}");
        assert!(reasons.contains("need have made 29 kn"), "{reasons}");
        assert_eq!(judged(80, explanation, 19.0).0, 0.0);
    }
    // Container ships and liners are faster, and some craft as fast as they like.
    for (ship_type, fastest_kn) in [(80, 20.0), (70, 25.0), (60, 30.0)] {
        assert_eq!(judged(ship_type, "poor_reception", fastest_kn - 0.1).0, 0.0);
        assert!(judged(ship_type, "poor_reception", fastest_kn + 0.1).0 > 0.1);
    }
    assert_eq!(judged(40, "poor_reception", 45.0).0, 0.0);
    // Two ships of one number were where each was heard: nobody sailed from one place to the other.
    let mut shared = board(80, "poor_reception", 28.8);
    shared.shares_number(SHIPS[0], "2018-06-02");
    let (_, reasons) = shared.judged("gaps");
    assert!(!reasons.contains("need have made"), "{reasons}");
    raises(
        "need have made 31 kn",
        |w| &mut w.odd_gap_end,
        |b| {
            b.gap(|row| {
                row.set("explanation", "left_area")
                    .set("implied_speed_kn", 31.0);
            });
        },
    );
}

#[test]
fn where_reception_is_not_known_a_speed_counts_all_the_same() {
    let mut board = Board::new();
    board.gap(|row| {
        row.set("explanation", Value::Null)
            .set("distance_to_shore_km", 10.0)
            .set("implied_speed_kn", 31.0);
    });
    let (risk, reasons) = board.judged("gaps");
    assert!((risk - 0.15).abs() < 1e-12, "{reasons}");
}

#[test]
fn what_explains_a_silence_takes_nothing_from_what_the_ship_is() {
    for (explanation, reception) in [("end_of_data", 0.9), ("poor_reception", 0.0)] {
        let mut board = Board::new();
        board.facts.histories.clear();
        board.says(SHIPS[0], "2018-06-01", |_| ());
        board.gap(|row| {
            row.set("explanation", explanation)
                .set("reception", reception);
        });
        let (risk, reasons) = board.judged("gaps");
        assert!((risk - 0.15).abs() < 1e-12, "{explanation}: {reasons}");
    }
}

/// The risk of a silence of the first ship in which its draught changed.
fn draught_in_gap(change: impl Fn(&mut Row)) -> (f64, String) {
    let mut board = Board::new();
    board.says(SHIPS[0], "2018-06-06T08:00", |r| {
        (r.draught_dm, r.imo) = (Some(130), Some(9_275_658));
    });
    board.gap(|row| {
        row.set("distance_to_shore_km", 20.0);
        change(row);
    });
    board.judged("gaps")
}

#[test]
fn poor_reception_explains_no_draught() {
    for explanation in ["poor_reception", "left_area", "class_b", "unexplained"] {
        let (risk, reasons) = draught_in_gap(|row| {
            row.set("explanation", explanation);
        });
        assert!((risk - 0.25).abs() < 1e-12, "{explanation}: {reasons}");
        assert!(
            reasons.contains("changed draught from 10.0 to 13.0 m in 30 h"),
            "{reasons}"
        );
    }
    let (risk, reasons) = draught_in_gap(|row| {
        row.set("explanation", Value::Null);
    });
    assert!((risk - 0.25).abs() < 1e-12, "{reasons}");
    // Where she lay, and with whom, is known.
    for explanation in ["port", "alongside"] {
        let (risk, reasons) = draught_in_gap(|row| {
            row.set("explanation", explanation);
        });
        assert_eq!(risk, 0.0, "{explanation}: {reasons}");
    }
}

#[test]
fn draughts_of_two_ships_of_one_number_say_nothing() {
    let mut board = Board::new();
    board.says(SHIPS[0], "2018-06-06T08:00", |r| {
        (r.draught_dm, r.imo) = (Some(130), Some(9_275_658));
    });
    board.gap(|_| ());
    board.shares_number(SHIPS[0], "2018-06-02");
    let (_, reasons) = board.judged("gaps");
    assert!(reasons.contains("shared MMSI"), "{reasons}");
    assert!(!reasons.contains("changed draught"), "{reasons}");
}

#[test]
fn a_draught_that_can_have_changed_in_port_says_little() {
    let off_los_angeles = |row: &mut Row| {
        for (lat, lon) in [("start_lat", "start_lon"), ("end_lat", "end_lon")] {
            row.set(lat, 33.0).set(lon, -119.0);
        }
    };
    let (risk, reasons) = draught_in_gap(off_los_angeles);
    assert!((risk - 0.05).abs() < 1e-12, "{reasons}");
    assert!(reasons.contains("long enough for a port"), "{reasons}");
    // An hour and a half each way leave three hours there.
    let (risk, reasons) = draught_in_gap(|row| {
        off_los_angeles(row);
        row.set("start", at("2018-06-06T00:00"))
            .set("duration_h", 6.0);
    });
    assert!((risk - 0.25).abs() < 1e-12, "{reasons}");
    // Nor had she time for anything who made 860 km in 30 hours.
    let (risk, reasons) = draught_in_gap(|row| {
        row.set("distance_km", 860.0);
    });
    assert!((risk - 0.05).abs() < 1e-12, "{reasons}");
    assert!(reasons.contains("on passage"), "{reasons}");
}

#[test]
fn a_silence_on_passage_leaves_no_time_for_a_meeting() {
    let judged = |km: f64, sog_ckn: Option<u16>| {
        let mut board = Board::new();
        if let Some(sog_ckn) = sog_ckn {
            board.days_at(sog_ckn);
        }
        board.gap(|row| {
            row.set("intentional", 0.9).set("distance_km", km);
        });
        board.judged("gaps").0
    };
    // 30 hours at 16 knots are 889 km; three hours less are 800.
    assert_eq!(judged(810.0, None), 0.0);
    assert!(judged(790.0, None) > 0.25);
    // She makes 12 knots, or 18.
    assert_eq!(judged(610.0, Some(1200)), 0.0);
    assert!(judged(590.0, Some(1200)) > 0.25);
    assert!(judged(890.0, Some(1800)) > 0.25);
    // How fast ships go that wait says nothing.
    assert!(judged(790.0, Some(300)) > 0.25);
}

#[test]
fn a_draught_that_changes_while_the_ship_is_heard_otherwise_counts_half() {
    let mut board = Board::new();
    board.says(SHIPS[0], "2018-06-06T08:00", |r| {
        (r.draught_dm, r.imo) = (Some(130), Some(9_275_658));
    });
    board.gap(|row| {
        row.set("explanation", "heard_otherwise");
    });
    let (risk, reasons) = board.judged("gaps");
    assert!((risk - 0.125).abs() < 1e-12, "{reasons}");
    assert!(!reasons.contains("unheard"), "{reasons}");
}

/// The first ship says this draught for an hour from then on.
fn draught(board: &mut Board, when: &str, dm: u16) {
    board.says(SHIPS[0], when, |r| {
        (r.draught_dm, r.imo) = (Some(dm), Some(9_275_658));
    });
}

/// A tanker is beside the first ship.
fn meets(board: &mut Board, from: &str, to: &str) {
    let track = |mmsi| TrackId {
        mmsi,
        start: at("2018-06-01"),
    };
    let pair = PairKey::new(track(SHIPS[0]), track(SHIPS[1])).unwrap();
    board
        .facts
        .encounters
        .push(Encounter::bare(pair, at(from), at(to)));
}

#[test]
fn what_the_ship_did_next_is_not_charged_to_her_silence() {
    let judged = |change: fn(&mut Board)| {
        let mut board = Board::new();
        board.gap(|row| {
            row.set("distance_to_shore_km", 20.0);
        });
        change(&mut board);
        board.judged("gaps").0
    };
    assert!(judged(|b| draught(b, "2018-06-07T10:00", 130)) > 0.2);
    // A transfer comes before the new draught is sent, or lies between the silence and the last one before.
    let met = |b: &mut Board| {
        draught(b, "2018-06-07T10:00", 130);
        meets(b, "2018-06-06T20:00", "2018-06-07T05:00");
    };
    assert_eq!(judged(met), 0.0);
    let met = |b: &mut Board| {
        draught(b, "2018-06-06T10:00", 130);
        meets(b, "2018-06-03T20:00", "2018-06-04T05:00");
    };
    assert_eq!(judged(met), 0.0);
    // Another silence: which of both changed it nobody knows, and it counts once.
    let silent = |b: &mut Board| {
        draught(b, "2018-06-07T10:00", 130);
        b.falls_silent("2018-06-06T20:00", "2018-06-07T09:00");
    };
    assert_eq!(judged(silent), 0.0);
}

#[test]
fn a_draught_that_is_repeated_after_a_silence_is_no_news() {
    let mut board = Board::new();
    board.gap(|row| {
        row.set("distance_to_shore_km", 20.0);
    });
    draught(&mut board, "2018-06-06T06:00", 100);
    draught(&mut board, "2018-06-06T07:30", 130);
    let (risk, reasons) = board.judged("gaps");
    assert!((risk - 0.25).abs() < 1e-12, "{reasons}");
}

#[test]
fn a_river_is_inland_and_not_off_shore() {
    let mut board = Board::new();
    board.gap(|row| {
        row.set("intentional", 0.9)
            .set("distance_to_shore_km", -84.8);
    });
    let (_, reasons) = board.judged("gaps");
    assert!(reasons.contains(", 85 km inland"), "{reasons}");
}
