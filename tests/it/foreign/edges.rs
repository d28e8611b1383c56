//! Where the peer's encounters end in surprises: its code was run on made-up tracks, and its answers are those
//! that came out (no test of its own states them).

use alongside::geodesy::Plane;
use alongside::model::{Encounter, LonLat, Value};
use alongside::pipeline::EngineParams;

use super::{Suite, at, facts, fix, hour, list, mmsi, rows};
use crate::traffic::Position;

const STEP_MS: i64 = 600_000;

/// Pairs within 500 m for so many hours, across up to an hour between fixes.
fn settings(hours: f64) -> EngineParams {
    let mut params = EngineParams::default();
    params.proximity.all_pairs = true;
    params.encounter.min_observed_h = hours;
    params
}

/// Fixes every ten minutes from one time to another, both included, so far east of the origin.
fn lies(n: u32, from: &str, to: &str, east_m: f64) -> Vec<Position> {
    let origin = LonLat::from_degrees(0.0, 30.0).expect("a place");
    let place = Plane::at(origin).to_place([east_m, 0.0]);
    (0..)
        .map(|i| at(from) + i * STEP_MS)
        .take_while(|t| *t <= at(to))
        .map(|t| fix(n, t, place.lat(), place.lon()))
        .collect()
}

/// Two ships 50 m apart, heard at these times.
fn pair(times: &[(&str, &str)]) -> Vec<Position> {
    let heard = |(from, to): &(&str, &str)| [lies(1, from, to, 0.0), lies(2, from, to, 50.0)];
    times.iter().flat_map(heard).flatten().collect()
}

fn spans(encounters: &[Encounter]) -> String {
    let span = |e: &Encounter| format!("{}-{}", hour(e.start), hour(e.end));
    list(encounters.iter().map(span).collect())
}

fn of(hours: f64, fixes: &[Position]) -> Vec<Encounter> {
    facts(&settings(hours), fixes).encounters
}

#[test]
fn edges_of_pipe_encounters() {
    let mut suite = Suite::new("pipe-encounters, as run: edges");
    midnight(&mut suite);
    duration(&mut suite);
    silence(&mut suite);
    course(&mut suite);
    joins(&mut suite);
    convoy(&mut suite);
    suite.close(&["E1", "E2", "E3", "E5", "E6", "E8", "E10", "E11"]);
}

fn midnight(suite: &mut Suite) {
    let night = |from: &str, to: &str, hours| {
        let (from, to) = (format!("2020-01-01T{from}"), format!("2020-01-02T{to}"));
        spans(&of(hours, &pair(&[(&from, &to)])))
    };
    let why = "no day cuts a contact";
    let (three, four) = (night("22:30", "01:30", 2.0), night("22:00", "02:00", 2.0));
    suite.differs("E1 three hours", "none", "22:30-01:30", &three, why);
    suite.differs("E1 four hours", "00:00-02:00", "22:00-02:00", &four, why);
    let two = night("23:00", "01:00", 1.0);
    suite.differs("E1 two hours", "00:00-01:00", "23:00-01:00", &two, why);
}

fn duration(suite: &mut Suite) {
    let minutes = |to: &str| {
        let found = of(
            0.0,
            &pair(&[("2020-01-01T10:00", &format!("2020-01-01T{to}"))]),
        );
        let minutes = |e: &Encounter| (e.end.0 - e.start.0) / 60_000;
        list(found.iter().map(|e| minutes(e).to_string()).collect())
    };
    suite.differs(
        "E2",
        "130, 180, 300",
        "10, 60, 180",
        &list(["10:10", "11:00", "13:00"].map(minutes).to_vec()),
        "an encounter lasts from its first moment to its last, without the hour that might have been before and after",
    );
    let pings = pair(&[("2020-01-01T12:00", "2020-01-01T12:10")]);
    let default = of(0.5, &pings);
    suite.differs(
        "E3 reported",
        "11:00-13:10",
        "12:00-12:10",
        &spans(&default),
        "seen together for ten minutes, then unheard: a glimpse, never longer than it was seen",
    );
    let samples: Vec<String> = of(0.0, &pings)
        .iter()
        .map(|e| e.samples.to_string())
        .collect();
    suite.differs(
        "E3 points",
        "20",
        "2",
        &list(samples),
        "nothing is counted but fixes",
    );
}

fn silence(suite: &mut Suite) {
    let both = pair(&[
        ("2020-01-01T08:00", "2020-01-01T09:00"),
        ("2020-01-01T13:00", "2020-01-01T14:00"),
    ]);
    let words = |e: &Encounter| {
        let hours = e.observed_ms as f64 / 3.6e6;
        format!(
            "{}-{}, {hours:.0} h, silence {}",
            hour(e.start),
            hour(e.end),
            e.silence
        )
    };
    let seen = |fixes: &[Position]| list(of(0.5, fixes).iter().map(words).collect());
    suite.differs(
        "E5 both silent",
        "08:00-14:00, 6 h, silence false",
        "08:00-14:00, 2 h, silence true",
        &seen(&both),
        "the hole is bridged, and said to be one",
    );
    let mut one = both;
    one.extend(lies(1, "2020-01-01T09:10", "2020-01-01T12:50", 0.0));
    suite.differs(
        "E5 one silent",
        "08:00-09:00, 1 h, silence false, 08:00-14:00, 6 h, silence false",
        "08:00-14:00, 2 h, silence true",
        &seen(&one),
        "both sides see the same",
    );
}

/// A ship at ten knots due east, an hour after its last fix: whom would it meet?
fn course(suite: &mut Suite) {
    // Past the middle of a minute, the place of a slot, so that the hour ends before what may be reckoned does.
    let t = at("2020-01-01T10:00:31");
    let last = Position {
        sog_kn: Some(10.0),
        cog_deg: Some(90.0),
        ..fix(1, t, 0.0, 0.0278)
    };
    let mut params = settings(0.0);
    params.proximity.reckoning_s = 3600;
    let places = [(0.1666, 0.0324), (0.0, 0.1944)];
    let mut fixes = vec![last];
    for (n, (lat, lon)) in (2..).zip(places) {
        fixes.push(fix(n, t + 6 * STEP_MS, lat, lon));
    }
    params.proximity.slot_s = 60;
    let found = facts(&params, &fixes).encounters;
    let met = found
        .iter()
        .filter(|e| e.pair.first().mmsi == mmsi(1))
        .map(|e| {
            let (lat, lon) = places[(e.pair.second().mmsi - mmsi(2)) as usize];
            format!("{lat} {lon}")
        });
    suite.differs(
        "E6",
        "0.1666 0.0324",
        "0 0.1944",
        &list(met.collect()),
        "degrees stay degrees: east is east",
    );
}

fn joins(suite: &mut Suite) {
    let day = |clock: &str| format!("2020-01-01T{clock}");
    // One moment of the hours in between 600 m apart.
    let mut off = lies(1, &day("08:00"), &day("12:00"), 0.0);
    off.extend(lies(2, &day("08:00"), &day("09:50"), 480.0));
    off.extend(lies(2, &day("10:00"), &day("10:00"), 600.0));
    off.extend(lies(2, &day("10:10"), &day("12:00"), 480.0));
    suite.agrees("E8", "08:00-12:00", &spans(&of(0.5, &off)));

    let mut params = settings(0.5);
    params.encounter.rejoin_h = 4.0;
    let number = |again: &str| {
        let fixes = pair(&[(&day("06:00"), &day("08:00")), (&day(again), &day("14:00"))]);
        facts(&params, &fixes).encounters.len().to_string()
    };
    suite.agrees("E10 after 3 h 59", "1", &number("11:59"));
    suite.agrees("E10 after 4 h 01", "2", &number("12:01"));
    suite.differs(
        "E10 after 4 h",
        "2",
        "1",
        &number("12:00"),
        "the limit is the longest time that is allowed, here as in every parameter",
    );
}

fn convoy(suite: &mut Suite) {
    let mut fixes = pair(&[("2020-01-01T08:00", "2020-01-01T12:00")]);
    for f in &mut fixes {
        // Ten knots east.
        let m = (f.t - at("2020-01-01T08:00")) as f64 / 3.6e6 * 18_520.0;
        f.place = Plane::at(LonLat::from_degrees(0.0, f.place.lat()).expect("a place"))
            .to_place([m + if f.mmsi == mmsi(2) { 50.0 } else { 0.0 }, 0.0]);
        f.sog_kn = Some(10.0);
        f.cog_deg = Some(90.0);
    }
    suite.agrees("E11 found", "08:00-12:00", &spans(&of(0.5, &fixes)));
    let kinds: Vec<String> = rows(&settings(0.5), &fixes, "encounters")
        .iter()
        .flat_map(|row| ["kind", "mode"].map(|column| row.get(column).clone()))
        .map(|value| match value {
            Value::Text(word) => word,
            other => format!("{other:?}"),
        })
        .collect();
    suite.differs(
        "E11 published",
        "none",
        "other, under_way",
        &list(kinds),
        "it stays in the table and is called what it is",
    );
}
