//! What nights tell: each event that becomes another is told once, by the word that says how.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;

use alongside::model::{Row, Timestamp, schema};
use alongside::pipeline::{
    NightReport, NightRequest, Results, alerts_since, changes_since, nightly,
};
use alongside::{Config, Silent};

use super::desk::Desk;

type Event = (&'static str, String);

/// Every event that the store holds.
fn events(desk: &Desk) -> BTreeMap<Event, Row> {
    let results = Results::open(&desk.store()).unwrap();
    let mut events = BTreeMap::new();
    for table in schema::ALL
        .into_iter()
        .filter(|s| s.index("status").is_some())
    {
        for row in results.table(table).unwrap().rows().iter() {
            let id = row.text("event_id").unwrap().to_owned();
            events.insert((table.name, id), row.clone());
        }
    }
    events
}

/// The word for what became of an event, by the rows before and after the night.
fn expected(before: Option<&Row>, after: Option<&Row>) -> Option<&'static str> {
    let (Some(before), Some(after)) = (before, after) else {
        return Some(if before.is_none() { "new" } else { "gone" });
    };
    let columns = before.schema().columns.iter().map(|c| c.name);
    let others: Vec<&str> = columns
        .filter(|name| before.get(name) != after.get(name))
        .collect();
    let status = |row: &Row| row.text("status").unwrap().to_owned();
    match (&status(before)[..], &status(after)[..]) {
        _ if others.is_empty() => None,
        ("open", "open") if after.number("risk") > before.number("risk") => Some("changed"),
        ("open", "open") => None,
        ("open", _) => Some("closed"),
        (_, "open") => Some("reopened"),
        (_, "final") if others == ["status"] => Some("final"),
        _ => Some("changed"),
    }
}

fn night(config: &Config, desk: &Desk, to: usize) -> NightReport {
    let mut request = NightRequest::new(desk.store(), desk.inbox());
    request.complete_to = Some(desk.end_of(to));
    request.alert_risk = Some(0.3);
    nightly(config, &request, &Silent).unwrap()
}

#[test]
fn the_log_says_of_each_event_what_became_of_it() {
    let desk = Desk::new(150, 7);
    let mut config = Config::default();
    config.assess.settle_d = 3;
    let (mut before, mut told) = (BTreeMap::new(), BTreeMap::<String, usize>::new());
    for i in 0..desk.days.len() + 1 {
        // At last the last day is corrected: half of the ships were never heard in it.
        let to = i.min(desk.days.len() - 1);
        desk.put_day(to);
        if i > to {
            let text = fs::read_to_string(&desk.days[to]).unwrap();
            let of_half = |line: &&str| {
                let mmsi = line.split(',').next().unwrap().parse::<u64>();
                mmsi.is_ok_and(|mmsi| mmsi % 2 == 0)
            };
            let half: Vec<&str> = text.lines().skip(1).filter(of_half).collect();
            let header = text.lines().next().unwrap();
            let half = format!("{header}\n{}\n", half.join("\n"));
            desk.put(desk.day_name(to), half.as_bytes());
        }
        let report = night(&config, &desk, to);
        let after = events(&desk);
        let logged: BTreeMap<Event, String> = {
            let changes = report.published.changes.iter();
            changes
                .map(|c| ((c.layer, c.event_id.clone()), c.what.name().to_owned()))
                .collect()
        };
        let all = before.keys().chain(after.keys());
        for event in all {
            let word = expected(before.get(event), after.get(event));
            let was = logged.get(event).map(String::as_str);
            assert_eq!(was, word, "night {i}: {event:?}");
        }
        // What stands is in the log, and no news.
        let run = report.run.unwrap();
        let news = changes_since(&desk.store(), run - 1).unwrap();
        let finals = logged.values().filter(|what| *what == "final").count();
        assert_eq!(news.len(), logged.len() - finals, "night {i}");
        assert_eq!(report.to_json()["final"], finals);
        // Alerts are of those whose risk came to it, whatever else happened to them.
        let risk = |row: Option<&Row>| row.and_then(|row| row.number("risk"));
        let is_risky = |row: Option<&Row>| risk(row).is_some_and(|risk| risk >= 0.3);
        let came = |event: &&Event| is_risky(after.get(*event)) && !is_risky(before.get(*event));
        let alerts = report.to_json()["alerts"].as_array().unwrap().len();
        assert_eq!(alerts, after.keys().filter(came).count(), "night {i}");
        for what in logged.into_values() {
            *told.entry(what).or_default() += 1;
        }
        before = after;
    }
    for what in ["new", "changed", "closed", "reopened", "final", "gone"] {
        assert!(told.contains_key(what), "{what}: {told:?}");
    }
    assert!(told["final"] > told["changed"], "{told:?}");
}

/// A day of a listed ship adrift far out, who says her IMO number only later; or on her way again.
fn a_day_of_a_listed_ship(day: i64, says_who: bool, drifts: bool) -> String {
    let mut text = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,\
                    Draft,Cargo,TransceiverClass\n"
        .to_owned();
    let first = Timestamp::parse("2024-05-01").unwrap();
    for i in 0..720_i64 {
        let k = 720 * day + i;
        let at = Timestamp(first.0 + 120_000 * k).to_string();
        let x = k as f64;
        let (lat, lon, sog, cog) = match drifts {
            true => {
                let (north, east) = ((x / 40.0).sin(), (x / 33.0).cos());
                (25.0 + 0.003 * north, -38.0 + 0.003 * east, 0.6, k * 7 % 360)
            }
            false => (25.0 + i as f64 / 180.0, -38.0, 10.0, 0),
        };
        let who = match says_who && i % 3 == 0 {
            true => "CHON MA SAN,IMO8660313,ABC,80,0,150,22,6.0,80",
            false => ",,,,0,,,,",
        };
        let time = at.trim_end_matches('Z');
        writeln!(
            text,
            "445000777,{time},{lat:.5},{lon:.5},{sog},{cog}.0,{cog}.0,{who},A"
        )
        .unwrap();
    }
    text
}

/// The risk of an event rises while it is open: that night tells it, and no other.
#[test]
fn an_open_event_that_becomes_risky_is_told_on_that_night() {
    let desk = Desk::new(1, 1);
    let first = Timestamp::parse("2024-05-01").unwrap();
    let mut told: Vec<(usize, String, String)> = Vec::new();
    for day in 0..5 {
        let text = a_day_of_a_listed_ship(day as i64, day > 0, day < 3);
        desk.put(&format!("{day}.csv"), text.as_bytes());
        let mut request = NightRequest::new(desk.store(), desk.inbox());
        request.complete_to = Some(Timestamp(first.0 + 86_400_000 * (day as i64 + 1)));
        request.alert_risk = Some(0.7);
        let report = nightly(&Config::default(), &request, &Silent).unwrap();
        let json = report.to_json();
        for alert in json["alerts"].as_array().unwrap() {
            let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
            if alert["table"] == "loitering" {
                let (what, id) = (text(&alert["what"]), text(&alert["event"]["event_id"]));
                told.push((day, what, id));
            }
        }
        if day == 1 {
            // It can be had again, like every other.
            let again = alerts_since(&desk.store(), report.run.unwrap() - 1, 0.7).unwrap();
            assert_eq!(serde_json::json!(again), json["alerts"]);
        }
    }
    let [(day, what, _)] = &told[..] else {
        panic!("{told:?}");
    };
    assert_eq!((*day, what.as_str()), (1, "changed"));
}
