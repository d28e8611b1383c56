//! Segments: gpsdio-segment and pipe-segment (SE-1 to SE-12).
//!
//! The peer cuts an MMSI into segments, of at most a day's silence, and stitches them again. Here there are tracks: one a
//! hull, through any silence; silence is a gap of the track.

use alongside::geodesy::Plane;
use alongside::ingest::{InputError, Options, Params, read};
use alongside::model::{LonLat, RejectReason, Timestamp};
use alongside::pipeline::EngineParams;

use super::{HOUR_MS, Suite, at, fix, list, mmsi, run};
use crate::traffic::Position;

/// `1 track of 3, 1 outlier, 4 repeats` of vessel 1.
fn tracks(fixes: &[Position]) -> String {
    let engine = run(&EngineParams::default(), fixes);
    let facts = engine.facts();
    let vessel = facts.vessels.iter().find(|v| v.mmsi == mmsi(1));
    let (n, rows, outliers) = vessel.map_or((0, 0, 0), |v| (v.tracks, v.rows, v.outliers));
    let repeats = engine.rejects().count(RejectReason::Duplicate);
    let mut text = format!("{n} tracks of {rows}");
    if outliers > 0 {
        text.push_str(&format!(", {outliers} outliers"));
    }
    if repeats > 0 {
        text.push_str(&format!(", {repeats} repeats"));
    }
    text
}

fn fixes(places: &[(&str, f64, f64)]) -> Vec<Position> {
    places
        .iter()
        .map(|(t, lat, lon)| fix(1, at(t), *lat, *lon))
        .collect()
}

fn said(kn: f32, cog: f32, fixes: Vec<Position>) -> Vec<Position> {
    let with = |f| Position {
        sog_kn: Some(kn),
        cog_deg: Some(cog),
        ..f
    };
    fixes.into_iter().map(with).collect()
}

/// What is said of a file that can't be used.
const ERROR: &str = "an error";

/// What the reader of files makes of rows: `mmsi,time,lat,lon,sog,cog,heading`.
pub(super) fn file(rows: &[&str]) -> (Vec<alongside::model::PositionReport>, String) {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("a.csv");
    let header = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n";
    let lines: String = rows
        .iter()
        .map(|row| format!("{row},,,,,,,,,,\n"))
        .collect();
    std::fs::write(&path, format!("{header}{lines}")).expect("a file");
    let options = Options::at(Timestamp(at("2026-11-01")));
    let mut archive = read(&[path], &Params::default(), &options, &()).expect("a readable file");
    let rejects = archive.rejects();
    let words: Vec<String> = rejects
        .iter()
        .map(|(why, n)| format!("{n} {why}"))
        .collect();
    let is_unread = |error: &InputError| !matches!(error, InputError::NothingUsable { .. });
    let mut errors = archive.inputs().iter().filter_map(|i| i.error.as_ref());
    if errors.any(is_unread) {
        return (Vec::new(), ERROR.to_owned());
    }
    let mut reports = Vec::new();
    for day in archive.days() {
        reports.extend(
            archive
                .take(day)
                .expect("a day")
                .positions
                .into_iter()
                .flatten(),
        );
    }
    reports.sort_unstable();
    (reports, list(words))
}

#[test]
fn pipe_segment() {
    let mut suite = Suite::new("gpsdio-segment and pipe-segment: segments");
    silences(&mut suite);
    hulls(&mut suite);
    repeats(&mut suite);
    damage(&mut suite);
    reach(&mut suite);
    let names: Vec<String> = (1..=12).map(|n| format!("SE-{n}")).collect();
    suite.close(&names.iter().map(String::as_str).collect::<Vec<_>>());
}

fn silences(suite: &mut Suite) {
    let gaps = |fixes: &[Position]| run(&EngineParams::default(), fixes).facts().gaps.len();
    let apart = fixes(&[("2010-01-01", 5.0, 5.0), ("2012-09-27", 5.0, 5.0)]);
    suite.differs(
        "SE-1",
        "2 tracks of 2, 0 gaps",
        "1 tracks of 2, 1 gaps",
        &format!("{}, {} gaps", tracks(&apart), gaps(&apart)),
        "1,000 days of silence are a gap of the ship, not another ship",
    );
    let stitched = fixes(&[
        ("2020-04-12T12:00", 5.0, 5.0),
        ("2020-04-13T00:00", 5.0, 5.0),
        ("2020-04-15T00:00", 5.0, 5.0),
    ]);
    suite.differs(
        "SE-11",
        "2 tracks of 3, 0 gaps",
        "1 tracks of 3, 2 gaps",
        &format!("{}, {} gaps", tracks(&stitched), gaps(&stitched)),
        "a UTC day without a fix ends nothing, so nothing has to be stitched",
    );
}

fn hulls(suite: &mut Suite) {
    let two = |times: &[&str]| {
        let both = times
            .iter()
            .flat_map(|t| [(*t, 0.0, 0.0), (*t, 10.0, 10.0)]);
        fixes(&both.collect::<Vec<_>>())
    };
    suite.differs(
        "SE-2",
        "2 tracks of 2",
        "1 tracks of 1, 1 outliers",
        &tracks(&two(&["2015-01-01"])),
        "a hull needs three fixes that agree; one elsewhere is an error until then",
    );
    let thrice = two(&["2015-01-01T00:00", "2015-01-01T00:10", "2015-01-01T00:20"]);
    suite.differs(
        "SE-2 three times",
        "2 tracks of 6",
        "2 tracks of 5, 1 outliers",
        &tracks(&thrice),
        "now it is two hulls; a track is named by its first instant, which the other has taken",
    );
    let north = said(
        5.0,
        0.0,
        fixes(&[
            ("2015-01-01T00:00", 0.0, 0.0),
            ("2015-01-01T03:00", 1.0, 0.0),
        ]),
    );
    suite.agrees("SE-3", "1 tracks of 2", &tracks(&north));
    let mut other = fixes(&[
        ("2015-01-01T00:00", 0.0, 0.0),
        ("2015-01-01T00:10", 0.0, 0.0),
    ]);
    other.push(fix(2, at("2015-01-01T00:05"), 0.0, 0.0));
    suite.agrees("SE-4", "1 tracks of 2", &tracks(&other));

    let jump = fixes(&[
        ("2015-01-01T10:00", 44.639, -63.551),
        ("2015-01-01T10:00", 44.639, -64.551),
        ("2015-01-01T12:00", 44.639, -63.551),
        ("2015-01-01T14:00", 44.639, -63.551),
        ("2015-01-01T16:00", 44.639, -63.551),
    ]);
    suite.differs(
        "SE-9",
        "2 tracks of 5",
        "1 tracks of 4, 1 outliers",
        &tracks(&jump),
        "of two first fixes at one instant one is left out, by content; either is within 22 kn of what follows",
    );
    let later = fixes(&[
        ("2015-01-01T09:40", 44.639, -63.551),
        ("2015-01-01T09:50", 44.639, -63.551),
        ("2015-01-01T10:00", 44.639, -63.551),
        ("2015-01-01T10:00", 44.639, -64.551),
        ("2015-01-01T12:00", 44.639, -63.551),
    ]);
    suite.no_counterpart(
        "SE-9 known ship",
        "the same jump of a ship that was heard before",
        "1 tracks of 4, 1 outliers",
        &tracks(&later),
    );
}

fn repeats(suite: &mut Suite) {
    let again = said(1.0, 0.0, fixes(&[("2015-01-01", 5.0, 5.0); 5]));
    suite.agrees("SE-5", "1 tracks of 1, 4 repeats", &tracks(&again));
    let places = [
        ("2015-01-01T00:00", 5.0, 5.0),
        ("2015-01-01T00:01", 5.0, 5.0),
        ("2015-01-01T00:02", 5.0, 5.0),
        ("2015-01-01T00:03", 5.0, 5.0),
        ("2015-01-01T00:04", 5.001, 5.0),
    ];
    suite.differs(
        "SE-6 speed 1",
        "1 tracks of 2",
        "1 tracks of 5",
        &tracks(&said(1.0, 0.0, fixes(&places))),
        "only a report heard again within two seconds is a repeat; the same place a minute later is news of that minute",
    );
    suite.agrees(
        "SE-6 speed 0",
        "1 tracks of 5",
        &tracks(&said(0.0, 0.0, fixes(&places))),
    );
}

fn damage(suite: &mut Suite) {
    let (reports, rejects) = file(&[
        "311000001,2015-01-01T00:00:00,91,20,1,10,10",
        "311000001,2015-01-01T00:10:00,5,20,1,10,10",
        "311000001,2015-01-01T00:20:00,5,20,1,10,10",
        "311000001,2015-01-01T00:30:00,5,20,1,10,10",
    ]);
    suite.agrees(
        "SE-7",
        "3 good, 1 no_position",
        &format!("{} good, {rejects}", reports.len()),
    );
    let (reports, rejects) = file(&[
        "311000001,2015-01-01T00:00:00,,,,,",
        "311000001,2015-01-01T00:10:00,5,20,1,10,10",
        "311000001,2015-01-01T00:20:00,5,20,1,10,10",
        "311000001,2015-01-01T00:30:00,,,,,",
        "311000001,2015-01-01T00:40:00,5,20,1,10,10",
        "311000001,2015-01-01T00:50:00,5,20,1,10,10",
    ]);
    assert_eq!(reports.len(), 4, "the positions of SE-8");
    let positions = reports.iter().map(|r| {
        let t = at("2015-01-01") + i64::from(r.ms());
        fix(1, t, r.place().lat(), r.place().lon())
    });
    let facts = run(&EngineParams::default(), &positions.collect::<Vec<_>>()).facts();
    let segments = facts.vessels[0].tracks;
    suite.differs(
        "SE-8",
        "4 segments, none",
        "1 segments, 2 no_position",
        &format!("{segments} segments, {rejects}"),
        "what says nothing of a place is knowledge of the ship or nothing, and doesn't cut its track",
    );
    let (reports, rejects) = file(&[
        "311000001,2015-01-01T00:20:00,5,20,1,10,10",
        "311000001,2015-01-01T00:10:00,5,20,1,10,10",
        "311000001,,5,20,1,10,10",
    ]);
    suite.differs(
        "SE-10",
        ERROR,
        "2 positions, 1 bad_time",
        &if rejects == ERROR {
            rejects
        } else {
            format!("{} positions, {rejects}", reports.len())
        },
        "rows are sorted here, and a bad one is counted and stops nothing",
    );
}

fn reach(suite: &mut Suite) {
    // An hour's way at a speed, after half an hour at rest.
    let leg = |kn: f64| {
        let origin = LonLat::from_degrees(0.0, 0.0).expect("a place");
        let end = Plane::at(origin).to_place([0.0, 1852.0 * kn]);
        let t = at("2015-01-01");
        let mut way: Vec<Position> = (0..4)
            .map(|i| fix(1, t + i * HOUR_MS / 6, 0.0, 0.0))
            .collect();
        way.push(Position {
            place: end,
            ..fix(1, t + 3 * HOUR_MS / 2, 0.0, 0.0)
        });
        tracks(&way)
    };
    suite.no_counterpart(
        "SE-12",
        "constants of the peer's matcher (25 kn over softened hours); here a fix is in reach at up to 60 kn and 100 m",
        "60 kn: 1 tracks of 5; 61 kn: 1 tracks of 4, 1 outliers",
        &format!("60 kn: {}; 61 kn: {}", leg(60.0), leg(61.0)),
    );
}
