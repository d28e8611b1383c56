//! Gaps: pipe-gaps (GA-1 to GA-12), and an event that a late report undoes (Skylight, GA-13).
//!
//! The peer opens a gap when the processed range ends long enough after a ship's last fix. Here a gap is open only
//! while somebody is heard: silence is measured to the last report of any ship, so a range that ends is shown
//! by a witness at its end. A ship must also have three fixes to be one.

use alongside::model::{Facts, Gap};
use alongside::pipeline::EngineParams;

use super::{HOUR_MS, Suite, WITNESS, at, clock, decimal, facts, fix, list, mmsi, rig, rows};
use crate::traffic::Position;

fn threshold(h: f64) -> EngineParams {
    let mut params = EngineParams::default();
    (params.track.gap_min_h, params.track.gap_short_h) = (h, h);
    params
}

/// Fixes of a ship that lies still.
fn still(n: u32, times: &[&str]) -> Vec<Position> {
    times.iter().map(|t| fix(n, at(t), 10.0, 20.0)).collect()
}

fn witnessed(mut fixes: Vec<Position>, end: &str) -> Vec<Position> {
    fixes.push(fix(WITNESS, at(end), -10.0, -20.0));
    fixes
}

fn of_ships(facts: &Facts) -> Vec<&Gap> {
    let is_ship = |g: &&Gap| g.track.mmsi != mmsi(WITNESS);
    facts.gaps.iter().filter(is_ship).collect()
}

fn span(gap: &Gap) -> String {
    let end = gap.end.map_or("open".to_owned(), |e| clock(e.t));
    format!("{} -> {end}", clock(gap.start.t))
}

/// Gaps as text: those that end, or are open, from `since` on.
fn gaps_since(since: &str, h: f64, fixes: &[Position]) -> String {
    let facts = facts(&threshold(h), fixes);
    let lasts = |g: &&Gap| g.end.is_none_or(|e| e.t.0 >= at(since));
    list(
        of_ships(&facts)
            .into_iter()
            .filter(lasts)
            .map(span)
            .collect(),
    )
}

fn gaps(h: f64, fixes: &[Position]) -> String {
    gaps_since("1990-01-01", h, fixes)
}

fn number(h: f64, fixes: &[Position]) -> String {
    of_ships(&facts(&threshold(h), fixes)).len().to_string()
}

#[test]
fn pipe_gaps() {
    let mut suite = Suite::new("pipe-gaps and Skylight: gaps");
    thresholds(&mut suite);
    open_and_closed(&mut suite);
    day_runs(&mut suite);
    windows(&mut suite);
    nights(&mut suite);
    values(&mut suite);
    let names: Vec<String> = (1..=13).map(|n| format!("GA-{n}")).collect();
    suite.close(&names.iter().map(String::as_str).collect::<Vec<_>>());
}

fn thresholds(suite: &mut Suite) {
    let times = [
        "2024-01-01T00:00",
        "2024-01-01T01:00",
        "2024-01-01T02:00",
        "2024-01-01T12:00",
    ];
    let fixes = still(1, &times);
    let counts =
        |fixes: &[Position]| list([24.0, 12.0, 9.0, 0.5].map(|h| number(h, fixes)).to_vec());
    suite.agrees("GA-1 thresholds", "0, 0, 1, 3", &counts(&fixes));
    let backwards: Vec<Position> = fixes.iter().rev().copied().collect();
    suite.agrees("GA-1 order", "0, 0, 1, 3", &counts(&backwards));
    suite.agrees(
        "GA-1 ten hours",
        "01-01 02:00 -> 01-01 12:00",
        &gaps(9.0, &fixes),
    );
    suite.agrees("GA-1 from 02:00 on", "1", &number(0.5, &fixes[2..]));

    // Exactly the threshold is no gap.
    let last = |t| {
        let fixes = still(1, &["2024-01-01T08:00", "2024-01-01T10:00", t]);
        number(12.0, &witnessed(fixes, "2024-01-02"))
    };
    suite.agrees("GA-2 exactly 12 h", "0", &last("2024-01-01T12:00"));
    suite.agrees("GA-2 13 h", "1", &last("2024-01-01T11:00"));
    let alone = still(
        1,
        &["2024-01-01T08:00", "2024-01-01T10:00", "2024-01-01T11:00"],
    );
    suite.differs(
        "GA-2 nobody heard",
        "1",
        "0",
        &number(12.0, &alone),
        "where nobody is heard any more, the data ends, not the ship",
    );

    let mut two = still(1, &["2023-12-31T23:00"]);
    two.extend(still(2, &["2024-01-01T01:00"]));
    suite.agrees("GA-3 two ships", "0", &number(1.0, &two));
    let year = still(1, &["2023-01-01", "2023-12-01", "2024-01-01"]);
    suite.agrees("GA-3 a year", "2", &number(1.0, &year));
    let day = still(1, &["2023-12-31", "2024-01-01"]);
    suite.agrees("GA-3 exactly 24 h", "0", &number(24.0, &day));
    let mut both = still(
        1,
        &["2023-12-31T12:00", "2024-01-01T01:00", "2024-01-01T15:00"],
    );
    both.extend(still(2, &["2023-12-31T12:00", "2024-01-01T01:00"]));
    suite.agrees("GA-3 both over new year", "3", &number(12.0, &both));

    let twice = still(
        1,
        &["2024-01-01T01:00", "2024-01-01T01:00", "2024-01-01T05:00"],
    );
    suite.agrees("GA-6", "01-01 01:00 -> 01-01 05:00", &gaps(1.0, &twice));
}

fn open_and_closed(suite: &mut Suite) {
    let ends = |a: &str, b: &str| {
        let early = ["2024-01-01T08:00", "2024-01-01T11:00"];
        let mut fixes = still(1, &[early[0], early[1], a]);
        fixes.extend(still(2, &[early[0], early[1], b]));
        // The silence between eleven and the last fix is over by then.
        gaps_since("2024-01-02", 6.0, &witnessed(fixes, "2024-01-02"))
    };
    let open = "01-01 12:00 -> open, 01-01 13:00 -> open";
    suite.agrees(
        "GA-4 open",
        open,
        &ends("2024-01-01T12:00", "2024-01-01T13:00"),
    );
    suite.agrees(
        "GA-4 none",
        "none",
        &ends("2024-01-01T20:00", "2024-01-01T20:00"),
    );

    let before = still(
        1,
        &["2020-12-19T12:00", "2020-12-19T13:00", "2020-12-19T14:00"],
    );
    let mut all = before.clone();
    all.extend(still(
        1,
        &[
            "2020-12-20T20:00",
            "2020-12-21T02:00",
            "2020-12-21T08:00",
            "2020-12-21T14:00",
            "2020-12-21T20:00",
            "2020-12-22T01:00",
        ],
    ));
    let expected = "12-19 14:00 -> 12-20 20:00, 12-22 01:00 -> open";
    suite.agrees(
        "GA-5",
        expected,
        &gaps(6.0, &witnessed(all.clone(), "2020-12-23")),
    );
    let id = |fixes: Vec<Position>, end| {
        let facts = facts(&threshold(6.0), &witnessed(fixes, end));
        of_ships(&facts)[0].id().to_string()
    };
    suite.agrees(
        "GA-5 closes under its id",
        &id(before, "2020-12-20"),
        &id(all, "2020-12-23"),
    );
}

fn day_runs(suite: &mut Suite) {
    let first: Vec<String> = [8, 10, 13, 14, 18, 20, 21, 22]
        .iter()
        .map(|h| format!("2024-01-01T{h:02}:00"))
        .collect();
    let second: Vec<String> = [4, 8, 10, 14, 17, 20, 23]
        .iter()
        .map(|h| format!("2024-01-02T{h:02}:00"))
        .collect();
    let times: Vec<&str> = first.iter().chain(&second).map(String::as_str).collect();
    let fixes = still(1, &times);
    let day = "01-01 22:00 -> 01-02 04:00, 01-02 04:00 -> 01-02 08:00, 01-02 10:00 -> 01-02 14:00";
    suite.agrees("GA-7", day, &gaps_since("2024-01-02", 3.0, &fixes));
    let fixes_before = rows(&threshold(3.0), &fixes, "vessels")[0]
        .get("rows")
        .clone();
    suite.no_counterpart(
        "GA-7 counts",
        "the peer counts terrestrial, satellite and dynamic fixes of the 12 h before; rows here don't say how they were heard",
        "Int(15)",
        &format!("{fixes_before:?}"),
    );

    let times = [
        "2024-01-01T21:00",
        "2024-01-01T22:00",
        "2024-01-01T23:00",
        "2024-01-02T00:00",
        "2024-01-03T00:00",
        "2024-01-03T10:00",
        "2024-01-03T17:01",
        "2024-01-03T17:02",
        "2024-01-03T17:03",
    ];
    let expected = "01-02 00:00 -> 01-03 00:00, 01-03 00:00 -> 01-03 10:00, \
                    01-03 10:00 -> 01-03 17:01, 01-03 17:03 -> open";
    let fixes = witnessed(still(1, &times), "2024-01-04");
    suite.agrees("GA-8", expected, &gaps_since("2024-01-03", 6.0, &fixes));

    let times = [
        "2023-12-31T12:00",
        "2023-12-31T14:00",
        "2023-12-31T16:00",
        "2023-12-31T18:00",
        "2023-12-31T21:00",
        "2024-01-01T00:00",
        "2024-01-01T01:00",
        "2024-01-01T04:00",
    ];
    let expected =
        "12-31 18:00 -> 12-31 21:00, 12-31 21:00 -> 01-01 00:00, 01-01 01:00 -> 01-01 04:00";
    suite.agrees("GA-10", expected, &gaps(2.0, &still(1, &times)));
}

fn windows(suite: &mut Suite) {
    let days = [
        "2024-01-31T08:00",
        "2024-01-31T16:00",
        "2024-02-01T20:00",
        "2024-02-10T01:00",
        "2024-02-28T23:00",
    ];
    let expected = "01-31 16:00 -> 02-01 20:00, 02-01 20:00 -> 02-10 01:00, \
                    02-10 01:00 -> 02-28 23:00, 02-28 23:00 -> open";
    let february = |times: &[&str]| {
        gaps_since(
            "2024-02-01",
            10.0,
            &witnessed(still(1, times), "2024-03-01"),
        )
    };
    suite.agrees("GA-9 days", expected, &february(&days));
    let months = [
        "2024-01-31T12:00",
        "2024-01-31T23:00",
        "2024-02-01T20:00",
        "2024-02-10T01:00",
        "2024-02-28T10:00",
    ];
    let expected = "01-31 23:00 -> 02-01 20:00, 02-01 20:00 -> 02-10 01:00, \
                    02-10 01:00 -> 02-28 10:00, 02-28 10:00 -> open";
    suite.agrees("GA-9 thirty days", expected, &february(&months));
    // The first and the last of the nine are the peer's; those between are ours.
    let nine = [
        "2024-02-01T04:00",
        "2024-02-01T08:00",
        "2024-02-01T12:00",
        "2024-02-01T20:00",
        "2024-02-02T00:00",
        "2024-02-02T06:00",
        "2024-02-02T14:00",
        "2024-02-03T10:00",
        "2024-02-03T14:00",
    ];
    suite.agrees("GA-9 nine fixes", "3", &number(6.0, &still(1, &nine)));

    // A gap that is open already isn't opened again: the second night says the same.
    let known = still(1, &["2023-12-31T22:00", "2023-12-31T23:00", "2024-01-01"]);
    let night = |end| {
        let facts = facts(&threshold(6.0), &witnessed(known.clone(), end));
        list(
            of_ships(&facts)
                .iter()
                .map(|g| g.id().to_string())
                .collect(),
        )
    };
    suite.agrees(
        "GA-9 opened before",
        &night("2024-01-02"),
        &night("2024-01-03"),
    );
    let lone = |t: &str, h, end| number(h, &witnessed(still(1, &[t]), end));
    let why = "one fix is no ship yet: a bit error in an MMSI would be silent for ever";
    suite.differs(
        "GA-9 lone fix in 180 days",
        "1",
        "0",
        &lone("2020-12-05T20:11", 6.0, "2020-12-20"),
        why,
    );
    suite.differs(
        "GA-9 lone fix at 23:31",
        "1",
        "0",
        &lone("2020-04-24T23:31", 6.0, "2020-04-26"),
        why,
    );
    let three = ["2020-04-24T23:11", "2020-04-24T23:21", "2020-04-24T23:31"];
    suite.agrees(
        "GA-9 three fixes at 23:31",
        "1",
        &number(6.0, &witnessed(still(1, &three), "2020-04-26")),
    );

    let seconds = still(
        1,
        &[
            "2020-12-20T11:00",
            "2020-12-20T12:10:06",
            "2020-12-20T22:00",
        ],
    );
    suite.agrees(
        "GA-9 seconds",
        "12-20 12:10:06 -> 12-20 22:00",
        &gaps(6.0, &seconds),
    );
    let evening = still(
        1,
        &["2020-12-20T10:00", "2020-12-20T14:00", "2020-12-20T20:00"],
    );
    let ours = gaps(6.0, &witnessed(evening, "2020-12-22"));
    suite.agrees("GA-9 evening", "12-20 20:00 -> open", &ours);
}

/// GA-11: a run a night. Each takes up the state of the one before.
fn nights(suite: &mut Suite) {
    let mut fixes = still(
        1,
        &[
            "2023-12-31T20:00",
            "2024-01-01T20:00",
            "2024-01-01T22:00",
            "2024-01-03T18:00",
            "2024-01-04T19:00",
        ],
    );
    let ends = ["2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05"];
    for end in ends {
        fixes = witnessed(fixes, end);
    }
    let rig = rig(&threshold(6.0));
    let mut bytes = rig.engine().suspend().expect("a state can be written");
    let mut told: Vec<String> = Vec::new();
    let mut last = String::new();
    let mut from = i64::MIN;
    for end in ends {
        let mut engine = rig.engine();
        engine.resume(&bytes).expect("a state can be read");
        let of_night = |f: &&Position| from < f.t && f.t <= at(end);
        let night: Vec<Position> = fixes.iter().filter(of_night).copied().collect();
        super::chunks(&night)
            .into_iter()
            .for_each(|c| engine.step(c));
        bytes = engine.suspend().expect("a state can be written");
        from = at(end);
        let facts = engine.facts();
        let spans: Vec<String> = of_ships(&facts).into_iter().map(span).collect();
        told.extend(
            spans
                .iter()
                .filter(|s| !told.contains(s))
                .cloned()
                .collect::<Vec<_>>(),
        );
        last = list(spans);
    }
    let expected = "12-31 20:00 -> 01-01 20:00, 01-01 22:00 -> open, \
                    01-01 22:00 -> 01-03 18:00, 01-03 18:00 -> 01-04 19:00";
    suite.agrees("GA-11", expected, &list(told));
    suite.agrees("GA-11 nights are one run", &gaps(6.0, &fixes), &last);
}

fn values(suite: &mut Suite) {
    let fixes = witnessed(
        still(
            1,
            &["2024-01-01T08:00", "2024-01-01T10:00", "2024-01-01T11:00"],
        ),
        "2024-01-02",
    );
    let gap = &rows(&threshold(6.0), &fixes, "gaps")[0];
    let way = [
        decimal(gap, "distance_km"),
        decimal(gap, "implied_speed_kn"),
    ];
    suite.no_counterpart(
        "GA-12",
        "a fix without a place is no fix here, and a gap is never of no duration; unknown ends leave distance and speed empty",
        "[None, None]",
        &format!("{way:?}"),
    );

    // 10:00, 11:14, 20:30, and a report for 16:20 that arrives last.
    let mut arrived = still(
        1,
        &["2024-01-01T10:00", "2024-01-01T11:14", "2024-01-01T20:30"],
    );
    let facts = facts(&threshold(6.0), &arrived);
    let ms = of_ships(&facts)[0].end.map_or(0, |e| e.t.0) - of_ships(&facts)[0].start.t.0;
    suite.agrees(
        "GA-13",
        "9 h 16 m",
        &format!("{} h {} m", ms / HOUR_MS, ms % HOUR_MS / 60_000),
    );
    arrived.extend(still(1, &["2024-01-01T16:20"]));
    suite.agrees("GA-13 late report", "none", &gaps(6.0, &arrived));
}
