//! Loitering: pipe-loitering (LO-1 to LO-6).
//!
//! The peer sums hours and metres that each message brings along into buckets of a clock hour, and chains slow buckets
//! day by day. Here a slow run goes from its first slow fix to its last, and its hours, way and speed come from
//! those fixes.

use alongside::geodesy::Plane;
use alongside::model::{LonLat, Row};
use alongside::pipeline::EngineParams;

use super::{HOUR_MS, Suite, at, decimal, fix, hour, list, rows};
use crate::traffic::Position;

/// Every slow run, not joined to any other.
fn settings() -> EngineParams {
    let mut params = EngineParams::default();
    params.track.loiter_min_h = 0.1;
    params.track.loiter_join_h = 0.0;
    params
}

/// Fixes of a ship on its way east: hours, metres made by then, knots that it says.
fn way(fixes: &[(f64, f64, Option<f32>)]) -> Vec<Position> {
    let origin = LonLat::from_degrees(20.0, 30.0).expect("a place");
    let rows = fixes.iter().map(|(h, m, kn)| {
        let t = at("2024-01-01") + (h * HOUR_MS as f64) as i64;
        Position {
            place: Plane::at(origin).to_place([*m, 0.0]),
            sog_kn: *kn,
            ..fix(1, t, 0.0, 0.0)
        }
    });
    rows.collect()
}

fn runs(fixes: &[Position]) -> Vec<Row> {
    rows(&settings(), fixes, "loitering")
}

fn time(row: &Row, column: &str) -> String {
    match row.get(column) {
        alongside::model::Value::Time(t) => hour(*t),
        other => format!("{other:?}"),
    }
}

fn spans(fixes: &[Position]) -> String {
    let of = |row: &Row| format!("{}-{}", time(row, "start"), time(row, "end"));
    list(runs(fixes).iter().map(of).collect())
}

/// `5 h, 0.2 kn` of the only run.
fn pace(fixes: &[Position]) -> String {
    let runs = runs(fixes);
    let [run] = runs.as_slice() else {
        return format!("{} runs", runs.len());
    };
    let value = |column| decimal(run, column).unwrap_or(f64::NAN);
    format!(
        "{:.1} h, {:.2} kn",
        value("duration_h"),
        value("mean_speed_kn")
    )
}

#[test]
fn pipe_loitering() {
    let mut suite = Suite::new("pipe-loitering: loitering");
    arithmetic(&mut suite);
    speeds(&mut suite);
    buckets(&mut suite);
    suite.differs(
        "LO-6",
        "23.7 h, 0.46 kn",
        "0 runs",
        // Two fixes an hour and 20,267.09 m apart.
        &pace(&way(&[(0.2483, 0.0, None), (1.2483, 20_267.09, None)])),
        "eleven knots are not slow, and hours are those between the fixes, never what a message brings along",
    );
    let slow = Some(0.5);
    suite.agrees(
        "LO-6 silent for 23.7 h",
        "23.7 h, 0.46 kn",
        &pace(&way(&[(0.0, 0.0, slow), (23.725_277_8, 20_267.09, slow)])),
    );
    suite.close(&["LO-1", "LO-2", "LO-3", "LO-4", "LO-5", "LO-6"]);
}

fn arithmetic(suite: &mut Suite) {
    let slow = Some(0.5);
    suite.no_counterpart(
        "LO-1",
        "sums of hours and metres with empty ones among them; ours go from the first fix to the last, and one heard twice adds nothing",
        "3.0 h, 0.33 kn",
        &pace(&way(&[(0.0, 0.0, slow), (1.0, 617.0, slow), (1.0, 617.0, slow), (3.0, 1852.0, slow)])),
    );
    suite.agrees(
        "LO-2 1852 m in 5 h",
        "5.0 h, 0.20 kn",
        &pace(&way(&[
            (0.0, 0.0, slow),
            (2.5, 926.0, slow),
            (5.0, 1852.0, slow),
        ])),
    );
    suite.agrees(
        "LO-2 0 m",
        "5.0 h, 0.00 kn",
        &pace(&way(&[(0.0, 0.0, slow), (5.0, 0.0, slow)])),
    );
    suite.no_counterpart(
        "LO-2 no hours",
        "hours of 0 or none give no speed; a single fix is no run",
        "none",
        &spans(&way(&[(0.0, 0.0, slow)])),
    );
    suite.no_counterpart(
        "LO-3",
        "a list of hours and metres that sums up to 1855 m, 3 h, a third of a knot; the same over fixes, some of them at one place",
        "3.0 h, 0.33 kn",
        &pace(&way(&[(0.0, 0.0, slow), (1.0, 1.0, slow), (2.0, 1.0, slow), (3.0, 1855.0, slow)])),
    );
    let middle = |minutes: &[u32]| {
        let fixes: Vec<_> = minutes
            .iter()
            .map(|m| (f64::from(*m) / 60.0, f64::from(*m) * 20.0, slow))
            .collect();
        let run = runs(&way(&fixes))[0].clone();
        format!(
            "{:?} {:?} {:?}",
            run.get("lat"),
            run.get("lon"),
            run.get("shore_km")
        )
    };
    suite.no_counterpart(
        "LO-4",
        "mean distance from shore by hours; ours is that of the middle of the run, however often it was heard",
        &middle(&[0, 60, 120, 180]),
        &middle(&[0, 60, 120, 150, 160, 170, 175, 180]),
    );
}

fn speeds(suite: &mut Suite) {
    // A knot and a half on the way, whatever the ship says.
    let says = |kn| {
        let found = spans(&way(&[
            (0.0, 0.0, kn),
            (1.0, 2778.0, kn),
            (2.0, 5556.0, kn),
        ]));
        if found == "none" { "no" } else { "slow" }.to_owned()
    };
    let answers = |speeds: &[f32]| list(speeds.iter().map(|kn| says(Some(*kn))).collect());
    suite.agrees("LO-2 slow", "slow, no, slow", &answers(&[1.5, 2.5, 0.0]));
    suite.agrees("LO-2 exactly 2", "no", &answers(&[2.0]));
    suite.differs(
        "LO-2 no speed",
        "no",
        "slow",
        &says(None),
        "a ship that doesn't say its speed is judged by the way it made",
    );
}

/// Two messages an hour, at a quarter past and a quarter to; the first hour is the day before.
fn buckets(suite: &mut Suite) {
    let messages = |slow: &[bool]| {
        let (mut h, mut m) = (-0.75, 0.0);
        let mut fixes = Vec::new();
        for is_slow in slow.iter().flat_map(|s| [*s, *s]) {
            let kn = if is_slow { 1.0_f32 } else { 8.0 };
            m += f64::from(kn) * 926.0;
            fixes.push((h, m, Some(kn)));
            h += 0.5;
        }
        way(&fixes)
    };
    // Times by number of message: 1 is 23:15, 8 is 02:45.
    suite.differs(
        "LO-5 slow slow slow fast",
        "23:45-01:45",
        "23:15-01:45",
        &spans(&messages(&[true, true, true, false])),
        "midnight cuts nothing",
    );
    suite.differs(
        "LO-5 slow fast slow slow",
        "00:45-02:45",
        "23:15-23:45, 01:15-02:45",
        &spans(&messages(&[true, false, true, true])),
        "a run begins with its first slow fix, not with the fast one before it",
    );
    suite.differs(
        "LO-5 slow slow fast slow fast",
        "23:45-00:45, 01:45-02:45",
        "23:15-00:45, 02:15-02:45",
        &spans(&messages(&[true, true, false, true, false])),
        "the same at both places",
    );
    suite.agrees(
        "LO-5 lone message",
        "none",
        &spans(&way(&[(0.0, 0.0, Some(1.0))])),
    );
}
