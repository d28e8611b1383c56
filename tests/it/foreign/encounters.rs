//! Encounters: pipe-encounters (EN-1 to EN-7).
//!
//! Fixes carry no speed: the peer joins fixes by straight lines whatever they say of it, and so do we where a speed
//! is unknown.

use std::collections::BTreeSet;

use alongside::model::{Encounter, LonLat, Phase, Timestamp};
use alongside::pipeline::EngineParams;

use super::{Suite, at, chunks, facts, fix, hour, list, median, mmsi, rig, rows};
use crate::traffic::Position;

/// The peer's settings in its tests of encounters: up to 70 minutes between fixes, no extrapolation, within 500 m,
/// apart beyond a kilometre, half an hour.
fn settings() -> EngineParams {
    let mut params = EngineParams::default();
    params.proximity.all_pairs = true;
    params.proximity.max_interpolation_s = 4200;
    params.proximity.reckoning_s = 0;
    params.proximity.contact_radius_m = 500.0;
    params.proximity.apart_m = 1000.0;
    params.encounter.min_observed_h = 0.5;
    params
}

const STEP_MS: i64 = 600_000;

/// Fixes every ten minutes from `from` on; `None` where there is none.
fn every_ten_minutes(n: u32, from: &str, places: &[Option<[f64; 2]>]) -> Vec<Position> {
    let mut t = at(from) - STEP_MS;
    let mut fixes = Vec::new();
    for place in places {
        t += STEP_MS;
        if let Some([lat, lon]) = place {
            fixes.push(fix(n, t, *lat, *lon));
        }
    }
    fixes
}

fn contacts(e: &Encounter) -> impl Iterator<Item = &alongside::model::PairSample> {
    let inside = |s: &&alongside::model::EvidenceSample| s.phase == Phase::Contact;
    e.evidence.iter().filter(inside).map(|s| &s.sample)
}

fn ships(e: &Encounter) -> String {
    format!(
        "{}-{}",
        e.pair.first().mmsi - mmsi(0),
        e.pair.second().mmsi - mmsi(0)
    )
}

fn span(e: &Encounter) -> String {
    format!("{} {}-{}", ships(e), hour(e.start), hour(e.end))
}

fn spans(encounters: &[Encounter]) -> String {
    let mut all: Vec<String> = encounters.iter().map(span).collect();
    all.sort();
    list(all)
}

/// Median distance to the metre.
fn metres(e: &Encounter) -> String {
    format!(
        "{:.0} m",
        median(contacts(e).map(|s| s.separation_m()).collect())
    )
}

/// Mean place of one ship over the samples, to a metre or so.
fn mean(e: &Encounter, party: usize) -> String {
    let places: Vec<LonLat> = contacts(e).map(|s| s.place[party]).collect();
    let n = places.len() as f64;
    let lat: f64 = places.iter().map(|p| p.lat()).sum();
    let lon: f64 = places.iter().map(|p| p.lon()).sum();
    format!("{:.5} {:.5}", lat / n, lon / n)
}

const ONE: [[f64; 2]; 13] = [
    [-1.5032387, 55.2340155],
    [-1.4869308, 55.232743],
    [-1.4752579, 55.2292189],
    [-1.4719963, 55.2251069],
    [-1.471653, 55.2224633],
    [-1.4718246, 55.2199175],
    [-1.472168, 55.2185466],
    [-1.4718246, 55.2167839],
    [-1.4725113, 55.2156088],
    [-1.4730263, 55.2139439],
    [-1.4859009, 55.2089489],
    [-1.4974022, 55.2078715],
    [-1.5140533, 55.2069899],
];

/// From 15:20 on; nothing at 16:20.
const TWO: [Option<[f64; 2]>; 16] = [
    Some([-1.4065933, 55.2350923]),
    Some([-1.4218712, 55.2342113]),
    Some([-1.4467621, 55.2334282]),
    Some([-1.4623833, 55.2310789]),
    Some([-1.469593, 55.2287294]),
    Some([-1.471138, 55.2267713]),
    None,
    Some([-1.4704514, 55.2206029]),
    Some([-1.4704514, 55.218057]),
    Some([-1.4704514, 55.215217]),
    Some([-1.4728546, 55.2116913]),
    Some([-1.4718246, 55.2088509]),
    Some([-1.4474487, 55.2057165]),
    Some([-1.4278793, 55.2040512]),
    Some([-1.4084816, 55.2036594]),
    Some([-1.3998985, 55.2037574]),
];

#[test]
fn pipe_encounters() {
    let mut suite = Suite::new("pipe-encounters: encounters");
    simple(&mut suite);
    dateline(&mut suite);
    across_the_line(&mut suite);
    two_hulls(&mut suite);
    raft(&mut suite);
    long_silence(&mut suite);
    names(&mut suite);
    resample(&mut suite);
    suite.close(&["EN-1", "EN-2", "EN-3", "EN-4", "EN-5", "EN-6", "EN-7"]);
}

fn simple(suite: &mut Suite) {
    let mut fixes = every_ten_minutes(1, "2011-01-01T15:40", &ONE.map(Some));
    fixes.extend(every_ten_minutes(2, "2011-01-01T15:20", &TWO));
    let found = facts(&settings(), &fixes).encounters;
    suite.agrees("EN-1 time", "1-2 16:10-17:00", &spans(&found));
    let e = &found[0];
    suite.agrees("EN-1 median distance", "203 m", &metres(e));
    suite.agrees("EN-1 mean place of 1", "-1.47200 55.21974", &mean(e, 0));
    suite.agrees("EN-1 mean place of 2", "-1.47102 55.21934", &mean(e, 1));
    suite.differs(
        "EN-1 number and points",
        "2, of 6 and 5",
        "1, of 6",
        &format!("{}, of {}", found.len(), e.samples),
        "a pair is one event from both sides, and a sample is a moment at which one of the two has a fix",
    );
    suite.no_counterpart(
        "EN-1 speeds",
        "the peer's median speed of each ship (0.65 and 1.12 kn) from grid points; ours is that of one relative to the other",
        "below 1 kn",
        if e.relative_speed_ckn.is_some_and(|v| v < 100) { "below 1 kn" } else { "more" },
    );
}

fn dateline(suite: &mut Suite) {
    let one: Vec<_> = ONE.iter().map(|[lat, _]| Some([*lat, 179.999])).collect();
    // Outside 16:10 to 17:10 the peer's second vessel is "at -179.99 and so on": a kilometre away.
    let near = [
        -179.9993, 0.0, -179.9999, -179.999, -179.999, -179.9993, -179.999,
    ];
    let two: Vec<_> = TWO
        .iter()
        .enumerate()
        .map(|(i, p)| {
            p.map(|[lat, _]| {
                [
                    lat,
                    *i.checked_sub(5)
                        .and_then(|i| near.get(i))
                        .unwrap_or(&-179.99),
                ]
            })
        })
        .collect();
    let mut fixes = every_ten_minutes(1, "2011-01-01T15:40", &one);
    fixes.extend(every_ten_minutes(2, "2011-01-01T15:20", &two));
    let found = facts(&settings(), &fixes).encounters;
    suite.agrees("EN-2 time", "1-2 16:10-17:10", &spans(&found));
    suite.agrees("EN-2 median distance", "212 m", &metres(&found[0]));
    let lons = [0, 1].map(|party| {
        mean(&found[0], party)
            .split(' ')
            .next_back()
            .unwrap_or("")
            .to_owned()
    });
    suite.agrees(
        "EN-2 mean longitudes",
        "179.99900, -179.99930",
        &list(lons.to_vec()),
    );
    let row = &rows(&settings(), &fixes, "encounters")[0];
    let lon = super::decimal(row, "lon").unwrap_or(0.0);
    // The peer's merged mean is 179.99985.
    let on_the_line = if 180.0 - lon.abs() < 0.001 {
        "on the line"
    } else {
        "elsewhere"
    };
    suite.agrees("EN-2 middle", "on the line", on_the_line);
}

/// The case that the peer's test of the antimeridian lacks: ships that cross it between two fixes. Its own
/// interpolation takes them round the Earth.
fn across_the_line(suite: &mut Suite) {
    let drift = |shift: f64| {
        let mut fixes = Vec::new();
        for i in 0..13_u32 {
            let t = at("2011-01-01T15:40") + i64::from(i) * STEP_MS;
            let lon = |off: f64| {
                let lon = 179.985 + 0.0025 * f64::from(i) + off + shift;
                if lon >= 180.0 { lon - 360.0 } else { lon }
            };
            fixes.push(fix(1, t, 5.0, lon(0.0)));
            // Every twenty minutes, so that 16:40 (on the line) has to be placed between two sides of it.
            if i % 2 == 1 {
                fixes.push(fix(2, t, 5.0, lon(0.001)));
            }
        }
        let found = facts(&settings(), &fixes).encounters;
        let line = at("2011-01-01T16:40");
        let placed = found
            .first()
            .and_then(|e| contacts(e).find(|s| s.t.0 == line));
        let lon = placed.map_or("nowhere".to_owned(), |s| format!("{:.3}", s.place[1].lon()));
        (
            format!(
                "{}, {}",
                spans(&found),
                found.first().map_or(String::new(), metres)
            ),
            lon,
        )
    };
    suite.differs(
        "EN-2 crossing",
        "0.001",
        "-179.999",
        &drift(0.0).1,
        "between 179.9985 and -179.9965 ships are placed on a plane at the fix, which has no antimeridian",
    );
    suite.agrees("EN-2 crossing, moved", &drift(-30.0).0, &drift(0.0).0);
}

fn two_hulls(suite: &mut Suite) {
    let one = [Some([0.0, 0.0]); 13];
    let two: Vec<_> = (0..13)
        .map(|i| Some([0.0, if i % 2 == 0 { 0.0 } else { 10.0 }]))
        .collect();
    let mut fixes = every_ten_minutes(1, "2011-01-01T15:40", &one);
    fixes.extend(every_ten_minutes(2, "2011-01-01T15:40", &two));
    let facts = facts(&settings(), &fixes);
    suite.differs(
        "EN-3",
        "none",
        "1-2 15:40-17:40",
        &spans(&facts.encounters),
        "no ship makes 3,600 knots: two hulls share an MMSI, and one lies beside vessel 1 all the time",
    );
    let tracks = facts.vessels[1].tracks;
    suite.no_counterpart(
        "EN-3 hulls",
        "one vessel, far too fast",
        "2 tracks",
        &format!("{tracks} tracks"),
    );
}

fn raft(suite: &mut Suite) {
    let (here, there) = ([0.0, 0.0], [0.0, 0.001]);
    let until_1640 = |a, b| {
        let mut places: Vec<_> = (0..16).map(|i| Some(if i <= 8 { a } else { b })).collect();
        places[6] = None;
        places
    };
    let mut fixes = every_ten_minutes(1, "2011-01-01T15:40", &[Some(here); 13]);
    fixes.extend(every_ten_minutes(
        2,
        "2011-01-01T15:20",
        &until_1640(here, there),
    ));
    fixes.extend(every_ten_minutes(
        3,
        "2011-01-01T15:20",
        &until_1640(there, here),
    ));
    let found = facts(&settings(), &fixes).encounters;
    let expected = "1-2 15:40-17:40, 1-3 15:40-17:40, 2-3 15:20-17:50";
    suite.agrees("EN-4 times", expected, &spans(&found));
    suite.differs(
        "EN-4 number",
        "6",
        "3",
        &found.len().to_string(),
        "pairs are symmetric: nothing is said twice",
    );
    let distances: BTreeSet<String> = found
        .iter()
        .map(|e| format!("{} {}", ships(e), metres(e)))
        .collect();
    suite.agrees(
        "EN-4 median distances",
        "1-2 0 m, 1-3 111 m, 2-3 111 m",
        &list(distances.into_iter().collect()),
    );
    suite.differs(
        "EN-4 one neighbour",
        "1-2 15:40-16:40, 1-3 16:50-17:40",
        expected,
        &spans(&found),
        "every neighbour within reach is followed, however many there are",
    );
    let clusters: BTreeSet<String> = rows(&settings(), &fixes, "encounters")
        .iter()
        .map(|row| format!("{:?}", row.get("cluster_id")))
        .collect();
    suite.no_counterpart(
        "EN-4 raft",
        "three pairs and no group",
        "1 cluster",
        &format!("{} cluster", clusters.len()),
    );
}

/// EN-5: the peer's fixes are a real pair's, and its coordinates aren't ours to state. Here is their shape: two
/// ships side by side in the morning and in the evening, one silent for 8.14 h in between, the other for 7.87 h.
fn long_silence(suite: &mut Suite) {
    let silence = |n: u32, lon: f64, minutes: i64| {
        let morning = (0..=15).map(|i| at("2015-03-19T07:40") + i * STEP_MS);
        let from = at("2015-03-19T10:10") + minutes * 60_000;
        let to = at("2015-03-19T20:10");
        let evening = (0..)
            .map(move |i| from + i * STEP_MS)
            .take_while(move |t| *t < to);
        morning
            .chain(evening)
            .chain([to])
            .map(|t| fix(n, t, 0.0, lon))
            .collect::<Vec<_>>()
    };
    let mut fixes = silence(1, 0.0, 488);
    fixes.extend(silence(2, 0.00026, 472));
    let found = facts(&settings(), &fixes);
    let e = &found.encounters[0];
    suite.agrees("EN-5 merged", "1-2 07:40-20:10", &spans(&found.encounters));
    suite.differs(
        "EN-5 sides",
        "1-2 07:40-20:10, 2-1 07:40-10:10",
        "1-2 07:40-20:10",
        &spans(&found.encounters),
        "whose silence it was doesn't change what the two did",
    );
    let seen = format!(
        "{} contacts, {:.1} h observed, silence {}",
        e.contacts,
        e.observed_ms as f64 / 3.6e6,
        e.silence
    );
    suite.differs(
        "EN-5 observed",
        "1 contacts, 12.5 h observed, silence false",
        "2 contacts, 4.4 h observed, silence true",
        &seen,
        "silence inside an encounter belongs to it, but is said to be silence",
    );
    let gaps: Vec<String> = found.gaps.iter().map(|g| hour(g.start.t)).collect();
    suite.no_counterpart(
        "EN-5 gaps",
        "the silence is in no table of encounters",
        "10:10, 10:10",
        &list(gaps),
    );
    let mut short = settings();
    short.encounter.rejoin_h = 4.0;
    suite.differs(
        "EN-5 joined within 4 h",
        "1-2 07:40-20:10",
        "1-2 07:40-10:10, 1-2 18:18-20:10",
        &spans(&facts(&short, &fixes).encounters),
        "the peer's join of 4 h isn't asked where a run of grid points bridges the hole",
    );
}

fn names(suite: &mut Suite) {
    let mut fixes = every_ten_minutes(1, "2020-03-24T05:00", &[Some([0.0, 0.0]); 13]);
    fixes.extend(every_ten_minutes(
        2,
        "2020-03-24T05:00",
        &[Some([0.0, 0.001]); 13],
    ));
    let half: Vec<Position> = fixes
        .iter()
        .filter(|f| f.t < at("2020-03-24T06:00"))
        .copied()
        .collect();
    let open = facts(&settings(), &half).encounters;
    // Four days later nothing can belong to it any more.
    fixes.push(fix(3, at("2020-03-28"), 0.0, 0.0));
    let closed = facts(&settings(), &fixes).encounters;
    let states = format!("open {}, closed {}", !open[0].closed, closed[0].closed);
    suite.agrees("EN-6 states", "open true, closed true", &states);
    suite.no_counterpart(
        "EN-6",
        "md5 of segments and start, which changes with either",
        &open[0].id().to_string(),
        &closed[0].id().to_string(),
    );
}

/// The peer's resampled places against ours: at each of its grid times a lone ship lies where the peer has the
/// vessel; its distance is how far we are off.
fn resample(suite: &mut Suite) {
    let day = |clock: &str| at(&format!("2011-07-01T{clock}"));
    // The peer's pairs of numbers are taken as latitude and longitude.
    let vessel = [
        ("00:00", 10.3, 10.0),
        ("00:02", 10.0, 10.0),
        ("00:04", 10.0, 10.0),
        ("00:06", 10.0, 10.0),
        ("00:08", 10.0, 10.0),
        ("00:12", 10.0, 10.0),
        ("00:18", 10.0, 10.0),
        ("00:26", 10.0, 11.0),
        ("01:38", 10.0, 11.0),
        ("01:42", 11.0, 11.0),
        ("02:22", 11.0, 11.0),
    ];
    let mut fixes: Vec<Position> = vessel
        .iter()
        .map(|(t, lat, lon)| fix(1, day(t), *lat, *lon))
        .collect();
    if let Some(last) = fixes.last_mut() {
        last.sog_kn = Some(10.0);
        last.cog_deg = Some(45.0);
    }
    let grid = [
        ("00:00", 10.3, 10.0),
        ("00:10", 10.0, 10.0),
        ("00:20", 10.0, 10.25),
        ("00:30", 10.0, 11.0),
        ("00:40", 10.0, 11.0),
        ("01:00", 10.0, 11.0),
        ("01:20", 10.0, 11.0),
        ("01:30", 10.0, 11.0),
        ("01:40", 10.5, 11.0),
        ("01:50", 11.0, 11.0),
        ("02:20", 11.0, 11.0),
        ("02:30", 11.015713484, 11.0160075885),
        ("02:40", 11.0353553391, 11.0360170742),
        ("03:20", 11.1139227592, 11.1160550167),
    ];
    for (i, (t, lat, lon)) in grid.iter().enumerate() {
        fixes.push(fix(100 + i as u32, day(t), *lat, *lon));
    }
    let placed = |reckoning_s: i64| {
        let mut params = settings();
        // The peer's vessel makes a thousand knots, and its resampler doesn't ask.
        params.track.max_speed_kn = 10_000.0;
        params.proximity.slot_s = 60;
        params.proximity.max_interpolation_s = 3600;
        params.proximity.reckoning_s = reckoning_s;
        params.proximity.contact_radius_m = 20_000.0;
        params.proximity.apart_m = 50_000.0;
        params.encounter.min_observed_h = 0.0;
        let engine = rig(&params).run(chunks(&fixes));
        let mut times = BTreeSet::new();
        for e in engine.facts().encounters {
            for s in contacts(&e).filter(|_| e.pair.first().mmsi == mmsi(1)) {
                // Both reckon on a sphere; a hundred metres is a thousandth of the way from fix to fix.
                if e.pair.second().start == s.t && s.separation_m() < 100.0 {
                    times.insert(Timestamp(s.t.0));
                }
            }
        }
        list(times.into_iter().map(hour).collect())
    };
    let peer = "00:00, 00:10, 00:20, 01:40, 01:50, 02:20, 02:30, 02:40, 03:20";
    // A lone ship is looked for half a slot from its fix.
    suite.agrees(
        "EN-7 no extrapolation",
        "00:00, 00:10, 00:20, 01:40, 01:50, 02:20",
        &placed(30),
    );
    suite.differs(
        "EN-7 ten minutes",
        peer,
        "00:00, 00:10, 00:20, 00:30, 01:30, 01:40, 01:50, 02:20, 02:30",
        &placed(600),
        "a ship is reckoned ten minutes beyond every fix, not an hour beyond the last of the day",
    );
    suite.differs(
        "EN-7 an hour",
        peer,
        "00:00, 00:10, 00:20, 00:30, 00:40, 01:00, 01:20, 01:30, 01:40, 01:50, 02:20, 02:30, 02:40, 03:20",
        &placed(3600),
        "the same places where asked for as long, and on both sides of a hole as well",
    );
}
