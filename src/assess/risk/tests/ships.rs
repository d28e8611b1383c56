//! What the ships of an encounter are and were before.

use super::*;

/// One message of another ship under her number, which a table repeats on its rows until the next one comes.
#[test]
fn a_mixed_up_message_on_many_rows_is_no_changed_identity() {
    let mut board = Board::new();
    board.transfer(|_| ());
    let (before, _) = board.judged("encounters");
    let span = StaticSpan {
        mmsi: SHIPS[0],
        record: StaticRecord {
            name: Some("EVER LIVELY".to_owned()),
            imo: Some(9_604_160),
            length_dm: Some(3350),
            beam_dm: Some(458),
            ..StaticRecord::default()
        },
        seen: Seen::between(at("2018-06-03T04:00"), at("2018-06-03T04:40")),
    };
    let history = board.facts.histories.entry(SHIPS[0]).or_default();
    history.add(&span);
    assert_eq!(board.judged("encounters"), (before, String::new()));
}

#[test]
fn each_flag_of_a_ship_is_told_and_raises_the_risk() {
    raises(
        "UN 1718 (2020-06-04): CHON MA SAN IMO 8660313",
        |w| &mut w.listed,
        |b| {
            b.says(SHIPS[0], "2018-06-02", |r| r.imo = Some(8_660_313));
            b.params.risk.changed_identity = 0.0;
        },
    );
    raises(
        "sends no IMO number",
        |w| &mut w.no_imo,
        |b| {
            b.facts.histories.clear();
            for mmsi in SHIPS {
                b.says(mmsi, "2018-06-01", |_| ());
            }
        },
    );
    raises(
        "sends 9275659, which is no IMO number",
        |w| &mut w.no_imo,
        |b| {
            b.facts.histories.clear();
            for mmsi in SHIPS {
                b.says(mmsi, "2018-06-01", |r| r.imo = Some(9_275_659));
            }
        },
    );
    // Its check digit is right, but it comes of a keyboard.
    raises(
        "sends 1234567, which is no IMO number",
        |w| &mut w.no_imo,
        |b| {
            b.facts.histories.clear();
            for mmsi in SHIPS {
                b.says(mmsi, "2018-06-01", |r| r.imo = Some(1_234_567));
            }
        },
    );
    raises(
        "MING BO became SHUN FA",
        |w| &mut w.changed_identity,
        |b| {
            b.facts.histories.remove(&SHIPS[0]);
            b.calls_herself("MING BO", ["2018-05-02", "2018-05-03"]);
            b.calls_herself("SHUN FA", ["2018-05-04", "2018-05-05"]);
        },
    );
    raises(
        "235849000 sent the names MING BO and SHUN FA",
        |w| &mut w.changed_identity,
        |b| {
            b.facts.histories.remove(&SHIPS[0]);
            b.calls_herself("MING BO", ["2018-05-02", "2018-05-06"]);
            b.calls_herself("SHUN FA", ["2018-05-04", "2018-05-05"]);
        },
    );
    raises(
        "217000001 is an MMSI of no state",
        |w| &mut w.no_flag,
        |b| {
            b.says(217_000_001, "2018-06-01", |r| r.imo = Some(9_275_658));
            b.transfer(|row| {
                row.set("mmsi_1", 217_000_001_i64);
            });
        },
    );
    raises(
        "SHIP 538004026: shared MMSI (00000000000000cc)",
        |w| &mut w.identity_finding,
        |b| b.shares_number(SHIPS[1], "2018-06-09"),
    );
}

#[test]
fn silence_before_a_transfer_is_told_and_raises_the_risk() {
    raises(
        "unheard for 30 h from 2018-06-05 00:00, 200 km off shore",
        |w| &mut w.dark_gap,
        |b| {
            b.gap(|row| {
                row.set("intentional", 0.9);
            });
        },
    );
    raises(
        "changed draught from 10.0 to 13.0 m",
        |w| &mut w.draught_in_gap,
        |b| {
            b.params.risk.dark_gap = 0.0;
            b.says(SHIPS[0], "2018-06-06T08:00", |r| {
                (r.draught_dm, r.imo) = (Some(130), Some(9_275_658));
            });
            b.gap(|_| ());
        },
    );
    raises(
        "need have made 31 kn",
        |w| &mut w.odd_gap_end,
        |b| {
            b.params.risk.dark_gap = 0.0;
            b.gap(|row| {
                row.set("implied_speed_kn", 31.0);
            });
        },
    );
    raises(
        "was heard again in Nampo approaches",
        |w| &mut w.odd_gap_end,
        |b| {
            b.params.risk.dark_gap = 0.0;
            b.gap(|row| {
                row.set("end_lat", 38.65).set("end_lon", 125.1);
            });
        },
    );
}

#[test]
fn a_draught_that_changed_later_is_no_change_in_silence() {
    let mut board = Board::new();
    board.transfer(|_| ());
    board.params.risk.dark_gap = 0.0;
    for (day, draught) in [("2018-06-06T07:00", 100), ("2018-06-06T20:00", 130)] {
        board.says(SHIPS[0], day, |r| {
            (r.draught_dm, r.imo) = (Some(draught), Some(9_275_658));
        });
    }
    board.gap(|_| ());
    assert_eq!(board.judged("encounters"), (0.0, String::new()));
}

#[test]
fn silence_that_is_explained_or_lies_elsewhere_in_time_says_nothing() {
    let changes: [fn(&mut Row); 5] = [
        |row| {
            row.set("explanation", "left_area");
        },
        |row| {
            row.set("start", at("2018-05-02"))
                .set("end", at("2018-05-03"));
        },
        // After the transfer, and inside it.
        |row| {
            row.set("start", at("2018-06-11"))
                .set("end", at("2018-06-12"));
        },
        |row| {
            row.set("start", at("2018-06-10T07:00"))
                .set("end", at("2018-06-10T19:00"));
        },
        |row| {
            row.set("end", Value::Null);
        },
    ];
    for (i, change) in changes.into_iter().enumerate() {
        let mut board = Board::new();
        board.transfer(|_| ());
        board.gap(|row| {
            row.set("intentional", 1.0);
            change(row);
        });
        assert_eq!(board.judged("encounters"), (0.0, String::new()), "{i}");
    }
}
