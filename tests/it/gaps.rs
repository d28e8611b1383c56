//! Silences among ships that are heard: who is asked, what is left out, what explains them.

use std::collections::BTreeSet;
use std::sync::Arc;

use alongside::gazetteer::Gazetteer;
use alongside::geodesy::Plane;
use alongside::model::{AisClass, LonLat, Row, StaticRecord, Value};
use alongside::stage::Waters;
use proptest::prelude::*;

use crate::fleet::cases;
use crate::traffic::{DAY_0, DAY_MS, Dice, Position, Rig, Statics, Traffic, difference};

const MIN_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MIN_MS;
const SLOT_MS: i64 = 10 * MIN_MS;
const KN: f64 = 1852.0 / 3600.0;
/// The silent ship; the others have the numbers after it.
const SHIP: u32 = 311_000_000;

/// A ship of a fleet at work in mid-ocean, to and fro over 15 km at 6 kn, two kilometres from the next.
struct Ship {
    number: u32,
    interval_min: i64,
    class: AisClass,
    /// Hours between which it isn't heard.
    silent: Vec<(f64, f64)>,
    last_h: f64,
    /// From this hour on it sails east at 12 kn, and from the second on back.
    leaves: Option<(f64, f64)>,
}

impl Ship {
    fn new(number: u32) -> Self {
        Self {
            number,
            interval_min: 5,
            class: AisClass::A,
            silent: Vec::new(),
            last_h: 96.0,
            leaves: None,
        }
    }

    fn silent(mut self, from_h: f64, to_h: f64) -> Self {
        self.silent.push((from_h, to_h));
        self
    }

    fn place(&self, h: f64) -> LonLat {
        let way_km = 6.0 * KN * 3.6 * h;
        let north_km = 7.5 - (way_km.rem_euclid(30.0) - 15.0).abs();
        let away_h = self.leaves.map_or(0.0, |(from, back)| {
            (h.min(back) - from).max(0.0) - (h - back).max(0.0)
        });
        let east_km = 2.0 * f64::from(self.number) + 12.0 * KN * 3.6 * away_h.max(0.0);
        let origin = LonLat::from_degrees(-30.1, 45.1).unwrap();
        Plane::at(origin).to_place([1000.0 * east_km, 1000.0 * north_km])
    }

    fn rows(&self, out: &mut Traffic) {
        let mut t = i64::from(self.number) * 1000;
        while (t as f64) < self.last_h * HOUR_MS as f64 {
            let h = t as f64 / HOUR_MS as f64;
            let (place, next) = (self.place(h), self.place(h + 1.0 / 60.0));
            let [e, n] = Plane::at(place).to_m(next);
            if !self.silent.iter().any(|(a, b)| *a < h && h < *b) {
                out.positions.push(Position {
                    mmsi: SHIP + self.number,
                    t: DAY_0 + t,
                    place,
                    sog_kn: Some((e.hypot(n) / 60.0 / KN) as f32),
                    cog_deg: Some(e.atan2(n).to_degrees().rem_euclid(360.0).min(359.9) as f32),
                    heading_deg: None,
                    nav_status: None,
                    class: Some(self.class),
                });
            }
            t += self.interval_min * MIN_MS;
        }
    }
}

fn traffic(ships: &[Ship]) -> Traffic {
    let mut traffic = Traffic {
        complete_to: DAY_0 + 14 * DAY_MS,
        ..Traffic::default()
    };
    ships.iter().for_each(|ship| ship.rows(&mut traffic));
    traffic
}

fn gaps(ships: &[Ship]) -> Vec<Row> {
    let rig = Rig::new();
    let tables = rig.tables(&rig.run(traffic(ships).days()));
    let table = tables.iter().find(|t| t.schema.name == "gaps").unwrap();
    table.rows().into_owned()
}

/// The gaps of the silent ship among these others.
fn gap(ship: Ship, others: impl Iterator<Item = Ship>) -> Option<Row> {
    let ships: Vec<Ship> = std::iter::once(ship).chain(others).collect();
    let found = gaps(&ships).into_iter();
    let mut own = found.filter(|r| *r.get("mmsi") == Value::Int(SHIP.into()));
    let row = own.next();
    assert!(own.next().is_none(), "one gap at most");
    row
}

/// The longest of the gaps of a ship that is silent more than once.
fn longest_gap(ship: Ship, others: impl Iterator<Item = Ship>) -> Row {
    let ships: Vec<Ship> = std::iter::once(ship).chain(others).collect();
    let found = gaps(&ships).into_iter();
    let own = found.filter(|r| *r.get("mmsi") == Value::Int(SHIP.into()));
    own.max_by(|a, b| {
        number(a, "duration_h")
            .partial_cmp(&number(b, "duration_h"))
            .unwrap()
    })
    .unwrap()
}

fn number(row: &Row, column: &str) -> Option<f64> {
    match row.get(column) {
        Value::Decimal(v) => Some(*v),
        _ => None,
    }
}

fn text(row: &Row, column: &str) -> String {
    match row.get(column) {
        Value::Text(text) => text.clone(),
        _ => String::new(),
    }
}

fn heard(n: u32) -> impl Iterator<Item = Ship> {
    (1..=n).map(Ship::new)
}

#[test]
fn silence_among_ships_that_are_heard_is_unexplained() {
    let row = gap(Ship::new(0).silent(40.0, 52.0), heard(8)).unwrap();
    assert_eq!(text(&row, "explanation"), "unexplained");
    assert!(number(&row, "reception").unwrap() > 0.99);
    assert!(number(&row, "intentional").unwrap() > 0.8);
    assert!(
        text(&row, "reasons").contains("8 other ships"),
        "{}",
        text(&row, "reasons")
    );
}

#[test]
fn the_ship_itself_is_no_witness() {
    let row = gap(Ship::new(0).silent(40.0, 52.0), heard(4)).unwrap();
    assert_eq!(
        *row.get("reception"),
        Value::Null,
        "four others and itself are five"
    );
    assert_eq!(*row.get("intentional"), Value::Null);
    assert_eq!(*row.get("explanation"), Value::Null);
    let row = gap(Ship::new(0).silent(40.0, 52.0), heard(5)).unwrap();
    assert!(number(&row, "reception").unwrap() > 0.99);
}

#[test]
fn two_ships_that_go_dark_together_do_not_excuse_each_other() {
    let silent = |n: u32| Ship::new(n).silent(40.0, 52.0);
    let alone = gap(silent(0), heard(8)).unwrap();
    let together = gap(silent(0), heard(8).chain([silent(9)])).unwrap();
    for column in ["reception", "intentional"] {
        assert_eq!(
            number(&together, column),
            number(&alone, column),
            "{column}"
        );
    }
    // What takes more than one other ship away is no appointment of two.
    let three = gap(silent(0), heard(8).chain([silent(9), silent(10)])).unwrap();
    assert!(number(&three, "reception").unwrap() < 0.85);
    assert!(number(&three, "intentional") < number(&alone, "intentional"));
    // Nor is one who was silent by herself.
    let other = Ship::new(9).silent(40.0, 46.0);
    let apart = gap(silent(0), heard(8).chain([other])).unwrap();
    assert!(number(&apart, "reception").unwrap() < 0.97);
}

#[test]
fn more_witnesses_and_longer_silence_tell_more() {
    let of = |hours: f64, others: u32| {
        let row = gap(Ship::new(0).silent(40.0, 40.0 + hours), heard(others)).unwrap();
        number(&row, "intentional").unwrap()
    };
    assert!(of(7.0, 6) < of(7.0, 12));
    assert!(of(7.0, 6) < of(20.0, 6));
}

/// Archives keep a report an hour of a ship, or one in two: that says nothing of how well ships are heard.
#[test]
fn thinned_reports_are_no_poor_reception() {
    for interval_min in [10, 60, 110] {
        let thinned = |ship| Ship {
            interval_min,
            ..ship
        };
        for hours in [12.0, 36.0] {
            let ship = thinned(Ship::new(0).silent(40.2, 40.2 + hours));
            let row = gap(ship, heard(11).map(thinned)).unwrap();
            let reasons = text(&row, "reasons");
            assert_eq!(text(&row, "explanation"), "unexplained", "{reasons}");
        }
        // A feed that is down for half a day.
        let others = heard(11).map(|ship| thinned(ship.silent(39.9, 52.4)));
        let row = gap(thinned(Ship::new(0).silent(40.2, 52.2)), others).unwrap();
        let reasons = text(&row, "reasons");
        assert_eq!(text(&row, "explanation"), "poor_reception", "{reasons}");
        assert!(number(&row, "intentional").unwrap() < 0.1, "{reasons}");
    }
}

/// A ship is lost on a course to where few are, and found where she was lost: that few are there is no poor reception.
#[test]
fn a_ship_that_is_found_where_she_was_lost_did_not_leave() {
    let ship = Ship {
        leaves: Some((40.0, 41.0)),
        ..Ship::new(0).silent(40.9, 76.0)
    };
    let row = gap(ship, heard(8).chain([Ship::new(35), Ship::new(36)])).unwrap();
    let reasons = text(&row, "reasons");
    assert!(reasons.contains("where few are heard"), "{reasons}");
    assert_eq!(text(&row, "explanation"), "unexplained", "{reasons}");
    assert!(number(&row, "intentional").unwrap() > 0.9, "{reasons}");
}

/// The same course out at 12 kn; she is heard again on her way back from there, at 12 kn, 22 km off, a day and a half later: that
/// is a voyage, or a switch-off, and nobody knows which.
#[test]
fn a_voyage_out_of_what_is_heard_and_back_is_not_judged() {
    let judged = |back_h: f64, heard_h: f64| {
        // A report in two hours is kept of each.
        let seldom = |ship| Ship {
            interval_min: 110,
            ..ship
        };
        let ship = Ship {
            leaves: Some((39.0, back_h)),
            ..seldom(Ship::new(0).silent(41.0, heard_h))
        };
        let others = heard(8).chain([Ship::new(35), Ship::new(36)]);
        let row = gap(ship, others.map(seldom)).unwrap();
        (
            text(&row, "explanation"),
            number(&row, "intentional"),
            text(&row, "reasons"),
        )
    };
    let (explanation, intentional, reasons) = judged(57.75, 75.0);
    assert!(reasons.contains("where few are heard"), "{reasons}");
    assert_eq!((explanation.as_str(), intentional), ("", None), "{reasons}");
}

#[test]
fn a_station_that_fails_is_nobodys_offence() {
    let others = (1..=8).map(|i| Ship::new(i).silent(39.9, 52.2));
    let row = gap(Ship::new(0).silent(40.0, 52.0), others).unwrap();
    assert_eq!(text(&row, "explanation"), "poor_reception");
    assert!(number(&row, "intentional").unwrap() < 0.1);
    assert!(
        text(&row, "reasons").contains("a station failed"),
        "{}",
        text(&row, "reasons")
    );
}

/// The gap of the silent ship's own track.
fn gap_of(traffic: &Traffic) -> Row {
    let rig = Rig::new();
    let tables = rig.tables(&rig.run(traffic.days()));
    let table = tables.iter().find(|t| t.schema.name == "gaps").unwrap();
    let rows = table.rows();
    let track = format!("{SHIP:09}@2018-06-02T00:00:00.000Z");
    let mut own = rows.iter().filter(|r| text(r, "track") == track);
    own.next().unwrap().clone()
}

/// The silent ship, heard under `mmsi` as well: 200 km off if `far`, from one hour to another.
fn heard_otherwise(ship: Ship, mmsi: u32, far: bool, (from_h, to_h): (f64, f64)) -> Traffic {
    let place = if far { 100 } else { 0 };
    let false_place = Ship {
        last_h: to_h,
        ..Ship::new(place).silent(-1.0, from_h)
    };
    let mut away = traffic(&[false_place]);
    // Not at the same instants.
    for position in &mut away.positions {
        *position = Position {
            mmsi,
            t: position.t + 30_000,
            ..*position
        };
    }
    let ships: Vec<Ship> = std::iter::once(ship).chain(heard(8)).collect();
    let mut both = traffic(&ships);
    both.positions.extend(away.positions);
    both
}

/// Lets ships send an IMO number with each position.
fn send_imo(traffic: &mut Traffic, mmsis: [u32; 2], imos: [u32; 2]) {
    for (mmsi, imo) in mmsis.into_iter().zip(imos) {
        let record = StaticRecord {
            imo: Some(imo),
            ..StaticRecord::default()
        };
        let sent = traffic.positions.iter().filter(|p| p.mmsi == mmsi);
        let statics = sent.map(|p| Statics {
            mmsi,
            t: p.t,
            record: record.clone(),
        });
        traffic.statics.extend(statics.collect::<Vec<_>>());
    }
}

#[test]
fn a_number_that_is_heard_elsewhere_is_not_silent() {
    // Lost at hour 60, and heard from then on far away.
    let lost = || Ship {
        last_h: 60.0,
        ..Ship::new(0)
    };
    let row = gap_of(&heard_otherwise(lost(), SHIP, true, (60.0, 90.0)));
    let reasons = text(&row, "reasons");
    assert_eq!(text(&row, "explanation"), "heard_otherwise", "{reasons}");
    assert!(
        reasons.contains("heard on another track of this MMSI for 29.")
            && reasons.contains("km off after 0."),
        "{reasons}"
    );
    assert!(!reasons.contains("not heard again"), "{reasons}");
    assert!(number(&row, "implied_speed_kn").unwrap() > 500.0);
    // The leap tells it, and so the speed doesn't once more.
    assert!(reasons.contains("jump"), "{reasons}");
    // While the signals were jammed.
    let jammed = || Ship::new(0).silent(40.0, 60.0);
    let row = gap_of(&heard_otherwise(jammed(), SHIP, true, (40.0, 59.9)));
    assert_eq!(text(&row, "explanation"), "heard_otherwise");
    assert_eq!(*row.get("intentional"), Value::Null);
    // For a small part of that time: the row says so, and asks why she was silent for the rest.
    let row = gap_of(&heard_otherwise(jammed(), SHIP, true, (40.0, 45.0)));
    let reasons = text(&row, "reasons");
    assert_eq!(text(&row, "explanation"), "unexplained", "{reasons}");
    assert!(reasons.contains("this MMSI for 4."), "{reasons}");
    // All the time: two ships share the number, and the silence of the one is her own.
    let row = gap_of(&heard_otherwise(jammed(), SHIP, true, (0.0, 90.0)));
    let reasons = text(&row, "reasons");
    assert_eq!(text(&row, "explanation"), "unexplained", "{reasons}");
    assert!(!reasons.contains("heard on another"), "{reasons}");
    let row = gap_of(&heard_otherwise(lost(), SHIP, true, (0.0, 90.0)));
    let reasons = text(&row, "reasons");
    assert_eq!(text(&row, "explanation"), "end_of_data", "{reasons}");
    assert!(
        reasons.contains("but another ship of its MMSI was"),
        "{reasons}"
    );
}

#[test]
fn a_hull_that_is_heard_under_another_number_is_not_silent() {
    const OTHER: u32 = SHIP + 500;
    let judged = |ship: Ship, far: bool, hours: (f64, f64), imos: [u32; 2]| {
        let mut traffic = heard_otherwise(ship, OTHER, far, hours);
        send_imo(&mut traffic, [SHIP, OTHER], imos);
        let row = gap_of(&traffic);
        (text(&row, "explanation"), text(&row, "reasons"))
    };
    let same = [9_275_658; 2];
    let silent = || Ship::new(0).silent(40.0, 60.0);
    let (explanation, reasons) = judged(silent(), false, (41.0, 59.0), same);
    assert_eq!(explanation, "heard_otherwise");
    assert!(
        reasons.contains("heard as 311000500, which sent the same IMO number,")
            && reasons.contains("for 17."),
        "{reasons}"
    );
    let lost = Ship {
        last_h: 60.0,
        ..Ship::new(0)
    };
    let (explanation, reasons) = judged(lost, false, (61.0, 90.0), same);
    assert_eq!(explanation, "heard_otherwise");
    assert!(
        reasons.contains("its own MMSI not heard again"),
        "{reasons}"
    );
    // Another number; a place that she can't have reached; and a ship that was heard elsewhere while she was heard.
    let others = [9_275_658, 9_596_997];
    for (far, hours, imos) in [
        (false, (41.0, 59.0), others),
        (true, (41.0, 59.0), same),
        (true, (0.0, 90.0), same),
    ] {
        let (explanation, reasons) = judged(silent(), far, hours, imos);
        assert_eq!(explanation, "unexplained", "{reasons}");
        assert!(!reasons.contains("heard as"), "{reasons}");
    }
}

#[test]
fn what_the_end_of_the_data_cuts_is_not_judged() {
    let ship = Ship {
        last_h: 60.0,
        ..Ship::new(0)
    };
    let row = gap(ship, heard(8)).unwrap();
    assert_eq!(text(&row, "explanation"), "end_of_data");
    assert_eq!(*row.get("intentional"), Value::Null);
}

/// A ship adrift among eight others that are heard once an hour, lost after two days; the data goes on for so many days, the others
/// are heard until this hour.
fn lost_adrift(days: i64, others_h: i64, class: AisClass) -> Row {
    let mut traffic = Traffic {
        complete_to: DAY_0 + days * DAY_MS,
        ..Traffic::default()
    };
    let origin = LonLat::from_degrees(-30.1, 45.1).unwrap();
    for n in 0..=9 {
        let (last_h, east_m) = match n {
            0 => (48, 0.0),
            // Far away, all along.
            9 => (24 * days, 900_000.0),
            _ => (others_h.min(24 * days), 0.0),
        };
        for h in 0..last_h {
            traffic.positions.push(Position {
                mmsi: SHIP + n,
                t: DAY_0 + h * HOUR_MS + i64::from(n) * 7 * MIN_MS,
                place: Plane::at(origin).to_place([east_m, f64::from(n) * 900.0]),
                sog_kn: Some(0.4),
                cog_deg: Some(90.0),
                heading_deg: None,
                nav_status: None,
                class: Some(if n == 0 { class } else { AisClass::A }),
            });
        }
    }
    gap_of(&traffic)
}

#[test]
fn a_ship_that_is_lost_for_good_among_ships_that_are_heard_is_unexplained() {
    let row = lost_adrift(12, 12 * 24, AisClass::A);
    let reasons = text(&row, "reasons");
    assert_eq!(text(&row, "explanation"), "unexplained", "{reasons}");
    assert!(number(&row, "intentional").unwrap() > 0.8, "{reasons}");
    assert!(number(&row, "risk").unwrap() > 0.2, "{reasons}");
    assert!(reasons.contains("not heard again"), "{reasons}");
    // Too short for all to be in; the others aren't heard for long either; of a boat nobody asks.
    for (days, others_h, class) in [
        (6, 6 * 24, AisClass::A),
        (12, 60, AisClass::A),
        (12, 12 * 24, AisClass::B),
    ] {
        let row = lost_adrift(days, others_h, class);
        let reasons = text(&row, "reasons");
        assert_eq!(text(&row, "explanation"), "end_of_data", "{reasons}");
        assert_eq!(*row.get("intentional"), Value::Null, "{reasons}");
    }
}

/// Waters where three ships of four aren't heard for half a day. The silent ship is out at 40 h, unheard from 41 h on, an hour
/// before it comes to where nobody is heard, and found on its way back.
fn sails_out() -> Vec<Ship> {
    let others = (1..=8).map(|n| match n {
        1 | 2 => Ship::new(n),
        _ => Ship::new(n).silent(40.2, 52.2),
    });
    std::iter::once(away(41.2, 65.5)).chain(others).collect()
}

#[test]
fn a_ship_that_sails_out_of_what_is_heard_is_not_judged() {
    let row = gap_of(&traffic(&sails_out()));
    assert_eq!(
        text(&row, "explanation"),
        "left_area",
        "{}",
        text(&row, "reasons")
    );
    assert_eq!(*row.get("intentional"), Value::Null);
}

/// Water to this longitude, land beyond.
struct LandFrom(f64);

impl Waters for LandFrom {
    fn offshore(&self, _: LonLat) -> Option<bool> {
        None
    }

    fn on_land(&self, place: LonLat) -> bool {
        place.lon() > self.0
    }
}

#[test]
fn a_course_ends_at_land() {
    let ships = sails_out();
    let of = |waters: LandFrom| {
        let rig = Rig {
            waters: Arc::new(waters),
            ..Rig::new()
        };
        let tables = rig.tables(&rig.run(traffic(&ships).days()));
        let table = tables.iter().find(|t| t.schema.name == "gaps").unwrap();
        let rows = table.rows();
        let mut own = rows
            .iter()
            .filter(|r| *r.get("mmsi") == Value::Int(SHIP.into()));
        own.next().unwrap().clone()
    };
    // Beyond the edge of what is heard land changes nothing; nor does it where the ship is on it: a harbour.
    for beyond in [-27.0, -40.0] {
        let row = of(LandFrom(beyond));
        let reasons = text(&row, "reasons");
        assert_eq!(
            text(&row, "explanation") == "left_area",
            beyond > -30.0,
            "{reasons}"
        );
    }
    // A coast ten kilometres ahead is where she went, and nobody leaves the sea there.
    let row = of(LandFrom(-29.65));
    let reasons = text(&row, "reasons");
    assert_ne!(text(&row, "explanation"), "left_area", "{reasons}");
    assert!(reasons.contains("its course led ashore after"), "{reasons}");
}

/// Land everywhere: a river, to the chart.
#[test]
fn on_a_waterway_no_course_tells_the_way() {
    let rig = Rig {
        waters: Arc::new(LandFrom(-40.0)),
        ..Rig::new()
    };
    let ships: Vec<Ship> = std::iter::once(Ship::new(0).silent(40.0, 66.0))
        .chain(heard(8))
        .collect();
    let tables = rig.tables(&rig.run(traffic(&ships).days()));
    let table = tables.iter().find(|t| t.schema.name == "gaps").unwrap();
    let rows = table.rows();
    let mut own = rows
        .iter()
        .filter(|r| *r.get("mmsi") == Value::Int(SHIP.into()));
    let row = own.next().unwrap();
    let reasons = text(row, "reasons");
    assert_eq!(text(row, "explanation"), "", "{reasons}");
    assert!(reasons.contains("on a waterway inland"), "{reasons}");
    assert!(!reasons.contains("ashore"), "{reasons}");
}

/// Off Charleston, in a feed that ends before the harbour: out of hearing on a course for it and heard again from there.
#[test]
fn a_call_at_a_port_out_of_hearing_is_a_call() {
    let pilots = LonLat::from_degrees(-79.809, 32.7218).unwrap();
    let plane = Plane::at(pilots);
    // Hours and metres along the course for the port, 299 degrees, from the pilots on.
    let along = |m: f64, across_m: f64| {
        let (sin, cos) = 299_f64.to_radians().sin_cos();
        plane.to_place([m * sin - across_m * cos, m * cos + across_m * sin])
    };
    let judged = |back_h: f64, sog_kn: f64, out: bool| {
        let mut traffic = Traffic {
            complete_to: DAY_0 + 14 * DAY_MS,
            ..Traffic::default()
        };
        let mut row = |mmsi, h: f64, place, sog_kn: f64, cog_deg: f64| {
            traffic.positions.push(Position {
                mmsi,
                t: DAY_0 + (h * HOUR_MS as f64) as i64,
                place,
                sog_kn: Some(sog_kn as f32),
                cog_deg: Some(cog_deg as f32),
                heading_deg: None,
                nav_status: None,
                class: Some(AisClass::A),
            });
        };
        for n in 1..=8 {
            for slot in 0..96 * 6 {
                let h = f64::from(slot) / 6.0 + 0.01 * f64::from(n);
                let place = along(-500.0 * f64::from(n), 300.0 * f64::from(n));
                row(SHIP + n, h, place, 0.3, 0.0);
            }
        }
        let speed = 12.0 * KN * 3600.0;
        for slot in -18..=0 {
            let h = f64::from(slot) / 6.0;
            row(SHIP, 40.0 + h, along(speed * h, 0.0), 12.0, 299.0);
        }
        let cog_deg = if out { 119.0 } else { 299.0 };
        for slot in 0..30 {
            let h = f64::from(slot) / 6.0;
            let m = if out { sog_kn * KN * 3600.0 * h } else { 0.0 };
            row(SHIP, back_h + h, along(-m, 0.0), sog_kn, cog_deg);
        }
        let rig = Rig {
            waters: Arc::new(Gazetteer::builtin()),
            ..Rig::new()
        };
        let tables = rig.tables(&rig.run(traffic.days()));
        let table = tables.iter().find(|t| t.schema.name == "gaps").unwrap();
        let rows = table.rows();
        let mut own = rows
            .iter()
            .filter(|r| *r.get("mmsi") == Value::Int(SHIP.into()));
        let row = own.next().unwrap().clone();
        (text(&row, "explanation"), text(&row, "reasons"))
    };
    let (explanation, reasons) = judged(58.0, 12.0, true);
    assert_eq!(explanation, "port", "{reasons}");
    assert!(
        reasons.contains("steered for port (") && reasons.contains("coming from there"),
        "{reasons}"
    );
    // Found where she was lost, adrift: off the port, not in it.
    let (explanation, reasons) = judged(58.0, 0.5, false);
    assert_eq!(explanation, "unexplained", "{reasons}");
}

#[test]
fn a_course_is_told_from_positions() {
    let ships = sails_out();
    let mut traffic = traffic(&ships);
    for position in &mut traffic.positions {
        (position.sog_kn, position.cog_deg) = (None, None);
    }
    let row = gap_of(&traffic);
    assert_eq!(
        text(&row, "explanation"),
        "left_area",
        "{}",
        text(&row, "reasons")
    );
}

#[test]
fn a_hole_in_the_data_tells_nothing_of_a_ship() {
    let others = |from_h, to_h| {
        (1..=8).map(move |n| Ship {
            last_h: 160.0,
            ..Ship::new(n).silent(from_h, to_h)
        })
    };
    let ship = |from_h, to_h| Ship {
        last_h: 160.0,
        ..Ship::new(0).silent(from_h, to_h)
    };
    // Two days and six hours without a row of anybody.
    let row = gap(ship(41.8, 96.3), others(42.0, 96.0)).unwrap();
    let reasons = text(&row, "reasons");
    assert_eq!(text(&row, "explanation"), "poor_reception", "{reasons}");
    assert_eq!(*row.get("intentional"), Value::Null);
    assert!(
        reasons.contains("in 54.0 h of it: the data has a hole"),
        "{reasons}"
    );
    // The same where ships far away are heard all the time.
    let far = (200..=208).map(|n| Ship {
        last_h: 160.0,
        ..Ship::new(n)
    });
    let row = gap(ship(41.8, 96.3), others(42.0, 96.0).chain(far)).unwrap();
    assert!(
        text(&row, "reasons").contains("the data has a hole"),
        "{reasons}"
    );
    // A small part of a silence; and one that began hours before, among ships that were heard, and lasted hours longer.
    for (from_h, to_h, hole) in [(10.0, 144.0, (60.0, 114.0)), (36.0, 104.0, (42.0, 96.0))] {
        let row = gap(ship(from_h, to_h), others(hole.0, hole.1)).unwrap();
        let reasons = text(&row, "reasons");
        assert_eq!(text(&row, "explanation"), "unexplained", "{reasons}");
        assert!(
            reasons.contains("54.0 h of it: the data has a hole"),
            "{reasons}"
        );
    }
}

/// The silent ship sails out to the east from an hour to another, and back.
fn sailing(hours: (f64, f64), silent: (f64, f64)) -> Ship {
    Ship {
        leaves: Some(hours),
        last_h: 160.0,
        ..Ship::new(0).silent(silent.0, silent.1)
    }
}

/// Others without a row from an hour to another.
fn others_but(n: u32, from_h: f64, to_h: f64) -> impl Iterator<Item = Ship> {
    (1..=n).map(move |n| Ship {
        last_h: 160.0,
        ..Ship::new(n).silent(from_h, to_h)
    })
}

/// Three ships are too few to show by themselves that a feed is down; a day without a row of anybody shows it.
#[test]
fn a_day_without_a_row_is_a_hole_however_few_are_heard() {
    let of = |n, (from_h, to_h): (f64, f64)| {
        // No lull: they are heard for less than a day before.
        let others = others_but(n, from_h, to_h).map(|ship| ship.silent(-1.0, 30.0));
        let ship = Ship {
            last_h: 160.0,
            ..Ship::new(0).silent(from_h - 0.2, to_h + 0.2)
        };
        let row = gap(ship, others).unwrap();
        (text(&row, "explanation"), text(&row, "reasons"))
    };
    let (explanation, reasons) = of(3, (47.9, 72.1));
    assert_eq!(explanation, "poor_reception", "{reasons}");
    assert!(reasons.contains("the data has a hole"), "{reasons}");
    // Half a day without any of two ships is theirs.
    let (explanation, reasons) = of(1, (49.9, 62.1));
    assert_eq!(explanation, "", "{reasons}");
    assert!(!reasons.contains("a hole"), "{reasons}");
}

/// What is heard after a missing day tells nothing of a ship that can have sailed off in it.
#[test]
fn a_silence_does_not_run_on_through_a_hole() {
    // Lost minutes before a day without a row, back two days later from the east.
    let judged = |leaves, silent| {
        let row = gap(sailing(leaves, silent), others_but(8, 48.0, 84.0)).unwrap();
        (text(&row, "explanation"), text(&row, "reasons"))
    };
    let (explanation, reasons) = judged((48.0, 80.0), (47.8, 109.0));
    assert_ne!(explanation, "unexplained", "{reasons}");
    assert!(reasons.contains("the data has a hole"), "{reasons}");
    // Off for a day before it among ships that were heard.
    let (explanation, reasons) = judged((48.0, 80.0), (20.0, 109.0));
    assert_eq!(explanation, "unexplained", "{reasons}");
}

/// Eight hours without a row of anybody near, out of step with windows of six hours.
const DOWN_H: (f64, f64) = (40.5, 48.5);

/// Ships of a busy place: so many go on when the hours without a row are over, the rest of twelve don't.
fn busy(go_on: u32) -> impl Iterator<Item = Ship> {
    (1..=12).map(move |n| Ship {
        last_h: if n <= go_on { 96.0 } else { DOWN_H.0 },
        ..Ship::new(n).silent(DOWN_H.0, DOWN_H.1)
    })
}

#[test]
fn hours_in_which_a_station_is_down_are_no_silence_of_a_ship() {
    // Elsewhere ships are heard all along.
    let judged = |ship: (f64, f64), others: &mut dyn Iterator<Item = Ship>| {
        let far = (200..=206).map(Ship::new);
        let row = gap(Ship::new(0).silent(ship.0, ship.1), others.chain(far)).unwrap();
        let reasons = text(&row, "reasons");
        (
            text(&row, "explanation"),
            number(&row, "intentional"),
            reasons,
        )
    };
    // Three that were heard until then tell what five would: all of them fell silent together.
    let (explanation, intentional, reasons) = judged(DOWN_H, &mut busy(3));
    assert_eq!(explanation, "poor_reception", "{reasons}");
    assert_eq!(intentional, None);
    assert!(
        reasons.contains("in 7.8 h of it: the data has a hole"),
        "{reasons}"
    );
    // Who was off an hour before among a dozen that were heard was off.
    let (explanation, intentional, reasons) = judged((39.4, DOWN_H.1), &mut busy(3));
    assert_eq!(explanation, "unexplained", "{reasons}");
    assert!(intentional.unwrap() > 0.5);
    assert!(
        reasons.contains("in 1.0 h of it 12 other ships were heard in 100 %")
            && reasons.contains("the data has a hole"),
        "{reasons}"
    );
    // And who was off while a dozen others were heard too.
    let (explanation, _, reasons) = judged(DOWN_H, &mut heard(12));
    assert_eq!(explanation, "unexplained", "{reasons}");
    // Two that fall silent together may have an appointment: nothing tells that, nor anything else.
    let (explanation, intentional, reasons) = judged(DOWN_H, &mut busy(1));
    assert_eq!((explanation.as_str(), intentional), ("", None), "{reasons}");
    // Where nobody is left, what was heard before tells no more of these hours.
    let (explanation, intentional, reasons) = judged(DOWN_H, &mut busy(0));
    assert_eq!((explanation.as_str(), intentional), ("", None), "{reasons}");
    // Most of the few who were about were silent as well, and one was heard.
    let few = busy(2).chain([Ship::new(13)]);
    let (explanation, intentional, reasons) = judged(DOWN_H, &mut { few });
    assert_eq!((explanation.as_str(), intentional), ("", None), "{reasons}");
}

#[test]
fn a_feed_that_is_down_is_down_for_all() {
    let judged = |feed_down: bool| {
        let far = (200..=206).map(|n| match feed_down {
            true => Ship::new(n).silent(DOWN_H.0, DOWN_H.1),
            false => Ship::new(n),
        });
        let ship = Ship::new(0).silent(DOWN_H.0, DOWN_H.1);
        let row = gap(ship, busy(0).chain(far)).unwrap();
        (text(&row, "explanation"), text(&row, "reasons"))
    };
    let (explanation, reasons) = judged(true);
    assert_eq!(explanation, "poor_reception", "{reasons}");
    assert!(
        reasons.contains("in 7.8 h of it: the data has a hole"),
        "{reasons}"
    );
    let (explanation, reasons) = judged(false);
    assert_eq!(explanation, "", "{reasons}");
}

#[test]
fn poor_reception_is_said_where_reception_is_poor() {
    // Five others through six hours prove little, but nothing was the matter with reception.
    let row = gap(Ship::new(0).silent(41.95, 48.05), heard(5)).unwrap();
    let reasons = text(&row, "reasons");
    let intentional = number(&row, "intentional").unwrap();
    assert_eq!(text(&row, "explanation"), "unexplained", "{reasons}");
    assert!(
        reasons.contains("heard in 100 % of their slots"),
        "{reasons}"
    );
    assert!((0.05..0.5).contains(&intentional), "{intentional}");
    // She was heard in two thirds of her slots herself, and others in all.
    let thinned = Ship {
        interval_min: 15,
        ..Ship::new(0).silent(41.95, 48.05)
    };
    let row = gap(thinned, heard(5)).unwrap();
    let reasons = text(&row, "reasons");
    assert_eq!(text(&row, "explanation"), "poor_reception", "{reasons}");
    assert!(
        reasons.contains("of its slots and 100 % of two-hour spans"),
        "{reasons}"
    );
    // She was heard in two of three spans of two hours herself.
    let seldom = (0..14).fold(Ship::new(0).silent(41.95, 48.05), |ship, k| {
        let h = 3.0 * f64::from(k);
        ship.silent(h - 0.05, h + 2.7)
    });
    let row = gap(seldom, heard(5)).unwrap();
    let reasons = text(&row, "reasons");
    assert_eq!(text(&row, "explanation"), "poor_reception", "{reasons}");
    assert!(number(&row, "intentional").unwrap() < 0.5);
}

#[test]
fn a_ship_that_lies_at_one_spot_by_the_shore_is_laid_up() {
    // On the Skeleton Coast, where no port is near, and off it, among ships that are heard.
    let at = |lon| LonLat::from_degrees(lon, -20.0).unwrap();
    let shore_m = |lon: &f64| Gazetteer::builtin().shore_distance_m(at(*lon));
    let mut lons = (0..10_000).map(|i| 12.0 + 0.001 * f64::from(i));
    let coast = lons.find(|lon| shore_m(lon) < 200.0).unwrap();
    let of = |lon, shift_m: f64| {
        let berth = at(lon);
        let mut traffic = Traffic {
            complete_to: DAY_0 + 14 * DAY_MS,
            ..Traffic::default()
        };
        for n in 0..9 {
            for slot in 0..96 * 6 {
                let is_silent = (41 * 6..75 * 6).contains(&slot);
                if n == 0 && is_silent {
                    continue;
                }
                let east_m = if n == 0 && slot >= 75 * 6 {
                    shift_m
                } else {
                    0.0
                };
                let offset_m = [east_m, f64::from(n) * 900.0];
                traffic.positions.push(Position {
                    mmsi: SHIP + n,
                    t: DAY_0 + i64::from(slot) * SLOT_MS + i64::from(n) * 1000,
                    place: Plane::at(berth).to_place(offset_m),
                    sog_kn: Some(0.0),
                    cog_deg: None,
                    heading_deg: None,
                    nav_status: None,
                    class: Some(AisClass::A),
                });
            }
        }
        text(&gap_of(&traffic), "explanation")
    };
    assert_eq!(of(coast, 10.0), "port");
    assert_eq!(of(coast, 300.0), "unexplained");
    assert_eq!(of(coast - 0.3, 10.0), "unexplained");
}

/// The silent ship, out to the east from 40 h to 54 h, then on its way back.
fn away(from_h: f64, to_h: f64) -> Ship {
    Ship {
        leaves: Some((40.0, 54.0)),
        ..Ship::new(0).silent(from_h, to_h)
    }
}

#[test]
fn a_ship_that_is_heard_alone_shows_no_edge() {
    // Lost 30 nautical miles off, where it was heard well and nobody else ever was, and found there.
    let row = gap(away(42.5, 65.5), heard(8)).unwrap();
    let reasons = text(&row, "reasons");
    assert_eq!(text(&row, "explanation"), "", "{reasons}");
    assert_eq!(*row.get("intentional"), Value::Null);
    assert!(reasons.contains("too few other ships about"), "{reasons}");
    assert!(!reasons.contains("0.0 h"), "{reasons}");
    // Found nearer: between the two it would have been heard, and on its course nobody knows.
    let row = gap(away(42.5, 66.6), heard(8)).unwrap();
    let reasons = text(&row, "reasons");
    assert_eq!(text(&row, "explanation"), "", "{reasons}");
    assert_eq!(*row.get("intentional"), Value::Null);
    assert!(
        reasons.contains("its course led where too few other ships are about"),
        "{reasons}"
    );
    // Never found again.
    let ship = Ship {
        last_h: 42.5,
        ..away(90.0, 91.0)
    };
    let row = gap(ship, heard(8)).unwrap();
    assert_eq!(text(&row, "explanation"), "end_of_data");
}

#[test]
fn others_count_from_the_last_fix_on_while_a_silence_lasts() {
    let lost = |last_h| Ship {
        last_h,
        ..Ship::new(0)
    };
    let row = gap(lost(60.0), heard(8)).unwrap();
    assert!(number(&row, "reception").unwrap() > 0.99);
    let reasons = text(&row, "reasons");
    assert!(
        reasons.contains("8 other ships were heard in 100 % of their slots since"),
        "{reasons}"
    );
    // Heard well until then, and hardly since.
    let poorly = (1..=8).map(|i| Ship::new(i).silent(60.2, 90.0));
    let row = gap(lost(60.0), poorly).unwrap();
    assert!(number(&row, "reception").unwrap() < 0.1);
    // The others' last reports come minutes after, and 14 hours later those of a ship far away.
    let ended = (1..=8).map(|i| Ship {
        last_h: 50.0,
        ..Ship::new(i)
    });
    let far = Ship {
        last_h: 64.0,
        ..Ship::new(200)
    };
    let row = gap(lost(49.7), ended.chain([far])).unwrap();
    assert_eq!(text(&row, "explanation"), "end_of_data");
    assert_eq!(*row.get("reception"), Value::Null);
    assert_eq!(*row.get("intentional"), Value::Null);
    assert!(
        !text(&row, "reasons").contains("other ships were heard"),
        "{}",
        text(&row, "reasons")
    );
}

#[test]
fn class_b_and_ships_heard_seldom_are_held_to_less() {
    let b = Ship {
        class: AisClass::B,
        ..Ship::new(0).silent(40.0, 52.0)
    };
    let row = gap(b, heard(8)).unwrap();
    assert_eq!(text(&row, "explanation"), "class_b");
    assert!(number(&row, "intentional").unwrap() <= 0.5);
    // In one of three spans of two hours.
    let seldom = (0..7).fold(Ship::new(0).silent(40.0, 52.0), |ship, k| {
        let h = 6.0 * f64::from(k);
        ship.silent(h + 0.5, h + 6.1)
    });
    let (seldom, often) = (
        longest_gap(seldom, heard(8)),
        gap(Ship::new(0).silent(40.0, 52.0), heard(8)).unwrap(),
    );
    assert!(
        number(&seldom, "intentional").unwrap_or(0.0)
            < number(&often, "intentional").unwrap() - 0.2
    );
}

#[test]
fn short_silences_are_reported_where_others_are_heard_well() {
    let short = || Ship::new(0).silent(40.0, 44.5);
    assert!(gap(short(), heard(12)).is_some());
    assert!(gap(short(), heard(4)).is_none());
    let poor = (1..=12).map(|i| Ship {
        interval_min: 45,
        ..Ship::new(i)
    });
    assert!(gap(short(), poor).is_none());
}

/// A track's last fix may wait a day to be confirmed: what it tells of a silence two days before is waited for.
#[test]
fn others_are_waited_for_as_long_as_tracks_keep_their_fixes() {
    let mut rig = Rig::new();
    rig.params.track.track_confirm_s = 86_400;
    // A single fix after two days, which none that follows confirms.
    let seldom = |n| Ship {
        last_h: 71.05,
        ..Ship::new(n).silent(25.0, 71.0)
    };
    let ships: Vec<Ship> = std::iter::once(Ship::new(0).silent(20.0, 30.0))
        .chain((1..=8).map(seldom))
        .collect();
    let traffic = traffic(&ships);
    let whole = rig.report(&rig.run(traffic.chunks(&[], 0)));
    assert!(whole.contains("gaps "));
    for h in [80, 84, 90, 94] {
        let cut = rig.report(&rig.run(traffic.chunks(&[DAY_0 + h * HOUR_MS], 0)));
        assert!(cut == whole, "cut at {h} h:\n{}", difference(&whole, &cut));
    }
}

/// A ship that is away for three weeks, cut anywhere, through bytes and at once.
#[test]
fn a_gap_that_closes_weeks_later_keeps_the_law() {
    let mut ships: Vec<Ship> = (0..8)
        .map(|i| Ship {
            interval_min: 10,
            last_h: 30.0 * 24.0,
            ..Ship::new(i)
        })
        .collect();
    ships[0] = Ship {
        interval_min: 10,
        last_h: 30.0 * 24.0,
        ..Ship::new(0).silent(50.0, 50.0 + 21.0 * 24.0)
    };
    let traffic = Traffic {
        complete_to: DAY_0 + 45 * DAY_MS,
        ..traffic(&ships)
    };
    let rig = Rig::new();
    let days = rig.report(&rig.run(traffic.days()));
    assert!(days.contains("unexplained"), "{days}");
    let whole = rig.report(&rig.run(traffic.chunks(&[], 1)));
    assert_eq!(difference(&days, &whole), "");
    let cuts: Vec<i64> = [50, 51, 55, 98, 300, 553, 554, 555, 602, 603, 606]
        .map(|h| DAY_0 + h * HOUR_MS + 17)
        .to_vec();
    let mut engine = rig.engine();
    for chunk in traffic.chunks(&cuts, 2) {
        engine.step(chunk);
        let bytes = engine.suspend().unwrap();
        engine = rig.engine();
        engine.resume(&bytes).unwrap();
    }
    let cut = rig.report(&engine);
    assert!(days == cut, "{}", difference(&days, &cut));
}

proptest! {
    #![proptest_config(cases(48))]

    /// What the gap's row says of others is what a count over all slots says.
    #[test]
    fn reception_is_what_a_plain_count_gives(
        patterns in prop::collection::vec((0.02..1.0_f64, any::<u64>(), prop::option::of((0_i64..400, 20_i64..200))), 6..14),
        gap in (100_i64..300, 40_i64..140),
    ) {
        let slots = 432;
        let at = |number: u32, slot: i64| Position {
            mmsi: SHIP + number,
            t: DAY_0 + slot * SLOT_MS + 1000 * i64::from(number),
            place: LonLat::from_degrees(-30.1 + 0.003 * f64::from(number), 45.1).unwrap(),
            sog_kn: Some(0.0),
            cog_deg: None,
            heading_deg: None,
            nav_status: None,
            class: Some(AisClass::A),
        };
        let mut traffic = Traffic { complete_to: DAY_0 + 14 * DAY_MS, ..Traffic::default() };
        let (from, to) = (gap.0, (gap.0 + gap.1).min(slots - 10));
        traffic.positions.extend((0..slots).filter(|s| *s <= from || *s >= to).map(|s| at(0, s)));
        let mut others: Vec<BTreeSet<i64>> = Vec::new();
        for (i, (share, seed, away)) in patterns.iter().enumerate() {
            let mut dice = Dice(*seed);
            let is_away = |s: i64| away.is_some_and(|(from, n)| (from..from + n).contains(&s));
            let heard: BTreeSet<i64> = (0..slots)
                .filter(|s| *s == 0 || *s == slots - 1 || (dice.happens(*share) && !is_away(*s)))
                .collect();
            traffic.positions.extend(heard.iter().map(|s| at(i as u32 + 1, *s)));
            others.push(heard);
        }
        // Windows begin at multiples of six hours; a ship that was silent in the two before and this one is no witness.
        let since = from + 1;
        let before = since.div_euclid(36) * 36 - 72;
        others.retain(|heard| heard.range(before..since).next().is_some());
        // Nor is the one that fell silent with her and was silent as long.
        let middle = since + 6..=(to - 7).min(since + 150);
        let is_together = |heard: &BTreeSet<i64>| {
            heard.range(since - 6..since + 6).next().is_some() && heard.range(middle.clone()).next().is_none()
        };
        if others.iter().filter(|heard| is_together(heard)).count() == 1 {
            others.retain(|heard| !is_together(heard));
        }
        prop_assume!(others.len() >= 5);
        let inside: usize = others.iter().map(|heard| heard.range(since..to).count()).sum();
        let expected = others.len() as i64 * (to - since);
        let rig = Rig::new();
        let tables = rig.tables(&rig.run(traffic.chunks(&[DAY_0 + 90_000_000], *patterns.first().map(|p| &p.1).unwrap())));
        let table = tables.iter().find(|t| t.schema.name == "gaps").unwrap();
        let rows = table.rows();
        let own = rows.iter().find(|r| *r.get("mmsi") == Value::Int(SHIP.into()));
        let found = own.and_then(|r| number(r, "reception"));
        let oracle = inside as f64 / expected as f64;
        prop_assert!(found.is_some_and(|f| (f - oracle).abs() < 1e-9), "{found:?} for {oracle}");
    }

    /// Wherever and under whatever number the hull of a silence was heard in it.
    #[test]
    fn what_is_heard_otherwise_keeps_the_law_and_final_rows(
        silent in (30.0..60.0_f64, 7.0..40.0_f64),
        heard in (0.0..80.0_f64, 0.3..60.0_f64),
        (far, same_mmsi, settle_d) in (any::<bool>(), any::<bool>(), 0_i64..4),
        cuts in prop::collection::vec(0_i64..9 * 24 * 60, 1..6),
    ) {
        let ship = Ship::new(0).silent(silent.0, silent.0 + silent.1);
        let mmsi = if same_mmsi { SHIP } else { SHIP + 500 };
        let mut traffic = heard_otherwise(ship, mmsi, far, (heard.0, heard.0 + heard.1));
        traffic.complete_to = DAY_0 + 9 * DAY_MS;
        send_imo(&mut traffic, [SHIP, SHIP + 500], [9_275_658; 2]);
        let mut rig = Rig::new();
        rig.assess.settle_d = settle_d;
        let whole = rig.report(&rig.run(traffic.chunks(&[], 1)));
        let cuts: Vec<i64> = cuts.into_iter().map(|min| DAY_0 + min * MIN_MS).collect();
        let (engine, _) = rig.run_stored(traffic.chunks(&cuts, 2), "gaps");
        let cut = rig.report(&engine);
        prop_assert!(cut == whole, "{}", difference(&whole, &cut));
    }
}
