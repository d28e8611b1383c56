//! Each flag and excuse on rows made for it: it must be told, and move the number the right way, by its weight alone.

use super::*;
use crate::assess::Done;
use crate::model::presence::TrackDay;
use crate::model::{
    Encounter, Fix, Mmsi, PairKey, PositionReport, StaticRecord, StaticSpan, Timestamp, TrackId,
    Value, schema,
};

const SHIPS: [u32; 2] = [235_849_000, 538_004_026];

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// Rows and histories, as the assessment has them before the risk.
struct Board {
    facts: Facts,
    tables: Vec<Table>,
    params: super::super::Params,
    /// Zones of the user's, as GeoJSON.
    zones: Option<String>,
}

impl Board {
    fn new() -> Self {
        let mut board = Self {
            facts: Facts {
                span: Some((at("2018-05-01"), at("2018-07-01"))),
                complete_to: at("2018-07-01"),
                ..Facts::default()
            },
            tables: Vec::new(),
            params: super::super::Params::default(),
            zones: None,
        };
        for (i, mmsi) in SHIPS.into_iter().enumerate() {
            let imo = [9_275_658, 9_596_997][i];
            board.says(mmsi, "2018-06-01", |r| r.imo = Some(imo));
        }
        board
    }

    /// Static data of a tanker of 228 m, five times.
    fn says(&mut self, mmsi: u32, day: &str, change: impl Fn(&mut StaticRecord)) {
        let mut record = StaticRecord {
            name: Some(format!("SHIP {mmsi}")),
            ship_type: Some(80),
            length_dm: Some(2280),
            beam_dm: Some(322),
            draught_dm: Some(100),
            ..StaticRecord::default()
        };
        change(&mut record);
        let span = StaticSpan {
            mmsi,
            record,
            first: at(day),
            last: Timestamp(at(day).0 + 3_600_000),
            count: 5,
        };
        self.facts.histories.entry(mmsi).or_default().add(&span);
    }

    /// Five times on each of two days.
    fn calls_herself(&mut self, name: &str, days: [&str; 2]) {
        for day in days {
            self.says(SHIPS[0], day, |r| {
                (r.name, r.imo) = (Some(name.to_owned()), Some(9_275_658));
            });
        }
    }

    fn add(&mut self, schema: &'static crate::model::TableSchema, row: Row) {
        match self
            .tables
            .iter_mut()
            .find(|t| t.schema.name == schema.name)
        {
            Some(table) => {
                let rows = [table.rows().into_owned(), vec![row]].concat();
                *table = Table::new(schema, rows);
            }
            None => self.tables.push(Table::new(schema, vec![row])),
        }
    }

    /// A transfer on 10 June off California, near shore: nothing to be said of it.
    fn transfer(&mut self, change: impl Fn(&mut Row)) {
        let mut row = Row::new(&schema::ENCOUNTERS);
        row.set("event_id", "00000000000000aa")
            .set("kind", "sts_transfer")
            .set("mmsi_1", SHIPS[0])
            .set("mmsi_2", SHIPS[1])
            .set("start", at("2018-06-10T06:00"))
            .set("end", at("2018-06-10T20:00"))
            .set("lat", 33.9)
            .set("lon", -125.0)
            .set("distance_to_shore_km", 20.0)
            .set("distance_to_port_km", 30.0);
        change(&mut row);
        self.add(&schema::ENCOUNTERS, row);
    }

    fn gap(&mut self, change: impl Fn(&mut Row)) {
        let mut row = Row::new(&schema::GAPS);
        row.set("event_id", "00000000000000bb")
            .set("mmsi", SHIPS[0])
            .set("start", at("2018-06-05T00:00"))
            .set("end", at("2018-06-06T06:00"))
            .set("duration_h", 30.0)
            .set("start_lat", 33.0)
            .set("start_lon", -125.0)
            .set("end_lat", 33.0)
            .set("end_lon", -125.0)
            .set("distance_to_shore_km", 200.0)
            .set("explanation", "unexplained");
        change(&mut row);
        self.add(&schema::GAPS, row);
    }

    /// Another ship sends this number too, from that day on.
    fn shares_number(&mut self, mmsi: u32, since: &str) {
        let mut row = Row::new(&schema::IDENTITY);
        row.set("event_id", "00000000000000cc")
            .set("kind", "shared_mmsi")
            .set("mmsi", mmsi)
            .set("start", at(since))
            .set("known", at(since))
            .set("end", at("2018-06-20"));
        self.add(&schema::IDENTITY, row);
    }

    /// Days of the first ship before its silence, at this speed.
    fn days_at(&mut self, sog_ckn: u16) {
        for day in ["2018-06-01", "2018-06-02", "2018-06-03"] {
            let mmsi = Mmsi::new(SHIPS[0]).unwrap();
            let place = LonLat::from_degrees(-125.0, 33.0).unwrap();
            let report = |hour: u32| {
                let report = PositionReport::new(mmsi, hour * 3_600_000, place);
                report.with_sog_kn(Some(f32::from(sog_ckn) / 100.0))
            };
            let fix = |hour| Fix::from_report(&report(hour), at(day));
            self.facts.presence.days.push(TrackDay {
                track: TrackId {
                    mmsi: SHIPS[0],
                    start: at("2018-06-01"),
                },
                day: at(day).day(),
                first: fix(1),
                last: fix(23),
                fixes: 100,
                extent: crate::model::Extent::default(),
            });
        }
    }

    /// The first row of a table, judged.
    fn judged(&self, table: &str) -> (f64, String) {
        let mut tables = self.tables.clone();
        let done = Done::nothing();
        let scope = Scope::everything(&self.facts, &self.params, &done);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("zones.geojson");
        let files = self.zones.as_ref().map(|text| {
            std::fs::write(&file, text).unwrap();
            file
        });
        let files: Vec<_> = files.into_iter().collect();
        let world = World::with_zones(&files).unwrap();
        fill(&mut tables, &scope, &self.facts, &world, &self.params);
        let table = tables.iter().find(|t| t.schema.name == table).unwrap();
        let row = &table.rows()[0];
        let risk = row.number("risk").unwrap();
        (risk, row.text("reasons").unwrap_or("").to_owned())
    }
}

/// A change of the board that must raise the risk of its first encounter by `words`, and by the weight alone.
fn raises(words: &str, weight: fn(&mut Params) -> &mut f64, change: impl Fn(&mut Board)) {
    let mut plain = Board::new();
    plain.transfer(|_| ());
    let (before, _) = plain.judged("encounters");
    let mut board = Board::new();
    change(&mut board);
    if !board.tables.iter().any(|t| t.schema.name == "encounters") {
        board.transfer(|_| ());
    }
    let (after, reasons) = board.judged("encounters");
    assert!(after > before, "{words}: {after} after {before}");
    assert!(reasons.contains(words), "{words}: {reasons}");
    *weight(&mut board.params.risk) *= 0.5;
    let (half, _) = board.judged("encounters");
    assert!(half < after && half > before, "{words}: {half}");
    *weight(&mut board.params.risk) = 0.0;
    let (off, reasons) = board.judged("encounters");
    assert!((off - before).abs() < 1e-12, "{words}: {off}");
    assert!(!reasons.contains(words), "{words}: {reasons}");
}

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
        first: at("2018-06-03T04:00"),
        last: at("2018-06-03T04:40"),
        count: 9,
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

#[test]
fn a_ship_adrift_alone_far_from_shore_is_told() {
    let judged = |company: bool, state: Option<&str>| {
        let mut board = Board::new();
        let mut row = Row::new(&schema::LOITERING);
        row.set("event_id", "00000000000000dd")
            .set("mmsi", SHIPS[0])
            .set("start", at("2018-06-10"))
            .set("end", at("2018-06-11T06:00"))
            .set("duration_h", 30.0)
            .set("state", state)
            .set("lat", 33.9)
            .set("lon", -125.0)
            .set("distance_to_shore_km", 300.0);
        board.add(&schema::LOITERING, row);
        if company {
            board.transfer(|_| ());
        }
        board.judged("loitering")
    };
    let (alone, reasons) = judged(false, Some("adrift"));
    assert!((alone - 0.15).abs() < 1e-12);
    assert!(reasons.contains("slow for 30 h 300 km off shore, no partner seen"));
    assert_eq!(judged(true, Some("adrift")).0, 0.0);
    assert_eq!(judged(false, Some("anchored")).0, 0.0);
}

#[test]
fn an_inferred_meeting_counts_by_its_confidence_and_its_rivals() {
    let judged = |confidence: f64, others: i64| {
        let mut board = Board::new();
        let mut row = Row::new(&schema::RENDEZVOUS);
        row.set("event_id", "00000000000000ee")
            .set("kind", "loiterer_in_gap")
            .set("mmsi_dark", SHIPS[0])
            .set("mmsi_partner", SHIPS[1])
            .set("window_start", at("2018-06-10"))
            .set("window_end", at("2018-06-11"))
            .set("lat", 33.9)
            .set("lon", -125.0)
            .set("confidence", confidence)
            .set("alternatives", others);
        board.add(&schema::RENDEZVOUS, row);
        board.judged("rendezvous").0
    };
    assert!((judged(1.0, 0) - 0.4).abs() < 1e-12);
    assert!(judged(0.5, 0) < judged(1.0, 0) && judged(1.0, 3) < judged(1.0, 0));
}

#[test]
fn an_inferred_meeting_is_no_less_than_its_silences() {
    let mut board = Board::new();
    board.says(SHIPS[0], "2018-06-06T08:00", |r| {
        (r.draught_dm, r.imo) = (Some(130), Some(9_275_658));
    });
    board.gap(|row| {
        row.set("intentional", 0.9);
    });
    board.gap(|row| {
        row.set("event_id", "00000000000000bc")
            .set("mmsi", SHIPS[1])
            .set("intentional", 0.5);
    });
    let (gap, _) = board.judged("gaps");
    let mut row = Row::new(&schema::RENDEZVOUS);
    row.set("event_id", "00000000000000ee")
        .set("kind", "two_gaps")
        .set("mmsi_dark", SHIPS[0])
        .set("gap_id", "00000000000000bb")
        .set("mmsi_partner", SHIPS[1])
        .set("partner_event_id", "00000000000000bc")
        .set("window_start", at("2018-06-05T02:00"))
        .set("window_end", at("2018-06-06T04:00"))
        .set("lat", 33.9)
        .set("lon", -125.0)
        .set("confidence", 0.5)
        .set("alternatives", 1_i64);
    board.add(&schema::RENDEZVOUS, row);
    let (both, reasons) = board.judged("rendezvous");
    let parts = [0.27, 0.25, 0.4 * 0.5 / 2.0];
    let alone = 1.0 - parts.map(|p| 1.0 - p).iter().product::<f64>();
    assert!(
        gap > 0.4 && (both - alone).abs() < 1e-12,
        "{both}: {reasons}"
    );
    assert!(
        reasons.contains("SHIP 235849000 unheard for 30 h")
            && !reasons.contains("SHIP 538004026 unheard")
            && reasons.contains("changed draught from 10.0 to 13.0 m"),
        "{reasons}"
    );
}

#[test]
fn a_finding_about_an_identity_counts_by_its_kind() {
    let judged = |kind: &str, imo: u32| {
        let mut board = Board::new();
        board.facts.histories.clear();
        board.says(SHIPS[1], "2018-06-01", |r| r.imo = Some(imo));
        let mut row = Row::new(&schema::IDENTITY);
        row.set("event_id", "00000000000000cc")
            .set("kind", kind)
            .set("mmsi", SHIPS[1])
            .set("start", at("2018-06-09"))
            .set("end", at("2018-06-20"));
        board.add(&schema::IDENTITY, row);
        board.judged("identity").0
    };
    let weights = Params::default();
    assert_eq!(judged("shared_mmsi", 9_275_658), weights.identity_finding);
    assert_eq!(judged("changed_flag", 9_275_658), weights.changed_identity);
    assert_eq!(judged("imo_check_digit", 9_275_658), weights.no_imo);
    let listed = judged("shared_mmsi", 8_660_313);
    assert!((listed - (1.0 - 0.2 * 0.75)).abs() < 1e-12, "{listed}");
}
