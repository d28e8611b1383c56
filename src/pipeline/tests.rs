use std::collections::BTreeMap;
use std::sync::Mutex;

use super::*;
use crate::model::report::{SHARDS, shard_of};
use crate::model::schema::{ENCOUNTERS, GAPS};
use crate::model::table::Row;
use crate::model::{
    AisClass, LonLat, Mmsi, PositionReport, RejectReason, Seen, StaticRecord, StaticSpan, UtcDay,
};
use crate::tables::Folder;

/// Rows made up by a test.
struct Given {
    days: std::vec::IntoIter<Result<Chunk, Error>>,
    inputs: Vec<InputRecord>,
}

impl Source for Given {
    fn days(&self) -> u64 {
        self.days.len() as u64
    }
    fn next_day(&mut self) -> Option<Result<Day, Error>> {
        self.days.next().map(|day| day.map(whole))
    }
    fn inputs(&self) -> Vec<InputRecord> {
        self.inputs.clone()
    }
}

/// A day in one part.
fn whole(day: Chunk) -> Day {
    Box::new(std::iter::once(day))
}

/// Finds one encounter however many rows there are.
#[derive(Default)]
struct OneEncounter {
    rows: u64,
    fails: bool,
}

impl Detector for OneEncounter {
    fn step(&mut self, day: &mut (dyn Iterator<Item = Chunk> + Send)) -> Result<(), Error> {
        let rows = |part: Chunk| part.positions.iter().map(Vec::len).sum::<usize>() as u64;
        self.rows += day.map(rows).sum::<u64>();
        if self.fails {
            return Err(Error::Request {
                flag: "test",
                reason: "fails".to_owned(),
            });
        }
        Ok(())
    }
    fn state_bytes(&self) -> Result<u64, Error> {
        Ok(self.rows * 24)
    }
    fn rejects(&self) -> RejectLedger {
        let mut ledger = RejectLedger::default();
        ledger.add(RejectReason::Outlier, 2);
        ledger
    }
    fn assess(self: Box<Self>, _: &mut OutputDir) -> Result<Vec<Table>, Error> {
        let mut row = Row::new(&ENCOUNTERS);
        row.set("event_id", "00000000000000aa")
            .set("kind", "sts_transfer")
            .set("mmsi_1", 311_000_013_u32)
            .set("mmsi_2", 538_000_001_u32)
            .set("name_1", "EVER\u{1b}[31mRED")
            .set("start", Timestamp::parse("2018-06-02 05:33:10"))
            .set("end", Timestamp::parse("2018-06-02 21:10:00"))
            .set("duration_h", 15.6)
            .set("antenna_distance_m", 61.2)
            .set("lat", 36.5)
            .set("lon", -22.75);
        Ok(vec![
            Table::new(&ENCOUNTERS, vec![row]),
            Table::new(&GAPS, vec![]),
        ])
    }
}

fn report(mmsi: u32, s: u32) -> PositionReport {
    let place = LonLat::from_degrees(22.5, 36.5).unwrap();
    PositionReport::new(Mmsi::new(mmsi).unwrap(), s * 1000, place)
}

fn day(number: i32, reports: &[PositionReport]) -> Chunk {
    let mut positions = vec![Vec::new(); SHARDS];
    for report in reports {
        positions[shard_of(report.mmsi())].push(*report);
    }
    Chunk {
        origin: UtcDay(number).start(),
        positions,
        statics: Vec::new(),
        complete_to: UtcDay(number).end(),
    }
}

fn input(path: &str, rows: u64, error: Option<&str>) -> InputRecord {
    InputRecord {
        path: path.to_owned(),
        rows_read: rows,
        rows_accepted: rows - rows / 10,
        rejects: BTreeMap::from([("bad_time".to_owned(), rows / 10)]),
        first: Some("2018-06-01T00:00:00.000Z".to_owned()),
        last: Some("2018-06-02T23:59:00.000Z".to_owned()),
        error: error.map(str::to_owned),
        ..InputRecord::default()
    }
}

/// Writes down what it is told.
#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl Progress for Heard {
    fn begin(&self, step: Step, total: Option<u64>) {
        let words = format!("{} {total:?}", step.name());
        self.0.lock().unwrap().push(words);
    }
    fn advance(&self, _: u64, _: u64) {}
    fn end(&self) {}
    fn warn(&self, message: &str) {
        self.0.lock().unwrap().push(message.to_owned());
    }
}

fn run(
    out: &std::path::Path,
    inputs: Vec<InputRecord>,
    fails: bool,
) -> (Result<ScanReport, Error>, Vec<String>) {
    let days = vec![
        Ok(day(17_683, &[report(1, 0), report(2, 5)])),
        Ok(day(17_684, &[report(1, 0)])),
    ];
    let mut source = Given {
        days: days.into_iter(),
        inputs,
    };
    let detector = Box::new(OneEncounter { rows: 0, fails });
    let request = ScanRequest::new(vec!["in.csv".into()], out);
    let heard = Heard::default();
    let result = drive(
        &Config::default(),
        &request,
        &mut source,
        detector,
        run::Stopwatch::start(),
        &heard,
    );
    (result, heard.0.into_inner().unwrap())
}

#[test]
fn a_run_writes_its_tables_and_how_it_went() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let inputs = vec![
        input("a.csv", 100, None),
        input("b.csv", 50, Some("'b.csv' is cut short")),
    ];
    let (report, heard) = run(&out, inputs, false);
    let report = report.unwrap();
    assert_eq!(report.exit(), Exit::Partly);
    assert_eq!(
        heard,
        [
            "'b.csv' is cut short",
            "detect Some(2)",
            "assess None",
            "write Some(2)"
        ]
    );

    let folder = Folder::open(&out).unwrap();
    let back: RunJson = serde_json::from_str(&folder.run().unwrap()).unwrap();
    assert_eq!(back, report.run);
    assert_eq!(back.rows.read, 150);
    assert_eq!(
        back.rows.rejects,
        BTreeMap::from([("bad_time".to_owned(), 15), ("outlier".to_owned(), 2)])
    );
    // What was read was accepted or rejected; what was accepted was set aside or used.
    let sum = |counts: &BTreeMap<String, u64>| counts.values().sum::<u64>();
    assert_eq!(
        back.rows.read,
        back.rows.accepted + sum(&back.rows.rejected())
    );
    let aside = back.rows.set_aside.as_ref().unwrap();
    assert_eq!(*aside, BTreeMap::from([("outlier".to_owned(), 2)]));
    assert_eq!(back.rows.used, Some(back.rows.accepted - sum(aside)));
    assert_eq!(back.tables["encounters"], 1);
    assert_eq!(back.run.peak_state_bytes, 72);
    assert_eq!(back.config_sha256, Config::default().sha256());
    assert_eq!(folder.table(&ENCOUNTERS).unwrap().len(), 1);

    let words = summary(&report);
    for expected in [
        "Read 150 rows from 2 files, 2018-06-01 00:00 to 2018-06-02 23:59",
        "Rejected by the readers: 15 (bad_time 15); accepted: 135",
        "Set aside of the accepted: 2 (outlier 2); used: 133",
        "           1  encounters  (sts_transfer 1)",
        "           0  gaps",
        "EVER[31mRED + 538000001, 2018-06-02 05:33 to 21:10, 15.6 h, 36.5000 N 22.7500 W, STS transfer",
        "1 input could not be read, or not to the end:\n  'b.csv' is cut short\n",
    ] {
        assert!(words.contains(expected), "{expected}\nin\n{words}");
    }
}

#[test]
fn everything_but_the_vitals_repeats() {
    let dir = tempfile::tempdir().unwrap();
    let once = |name: &str| {
        let out = dir.path().join(name);
        let (report, _) = run(&out, vec![input("a.csv", 100, None)], false);
        let mut run = report.unwrap().run;
        run.run = Vitals::default();
        run.request.clock.clear();
        let tables: Vec<Vec<u8>> = run
            .files
            .iter()
            .map(|f| std::fs::read(out.join(f)).unwrap())
            .collect();
        (run, tables)
    };
    let (one, two) = (once("one"), once("two"));
    assert_eq!(one.0, two.0);
    assert!(one.1 == two.1, "the same files to the byte");
}

#[test]
fn a_run_that_fails_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let (failed, _) = run(&out, vec![input("a.csv", 100, None)], true);
    assert!(failed.is_err());
    let (lost, _) = run(&out, vec![input("a.csv", 0, Some("no such file"))], false);
    let lost = lost.unwrap_err();
    assert_eq!(lost.exit(), Exit::Failed);
    assert!(lost.to_string().contains("a.csv: no such file"));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

#[test]
fn a_request_that_makes_no_sense_is_refused() {
    let nothing = ScanRequest::new(vec![], "out").validate().unwrap_err();
    assert_eq!(nothing.exit(), Exit::Usage);
    let mut backwards = ScanRequest::new(vec!["a".into()], "out");
    backwards.from = Timestamp::parse("2018-06-02");
    backwards.to = Timestamp::parse("2018-06-02");
    let refused = backwards.validate().unwrap_err().to_string();
    assert!(refused.starts_with("--to"), "{refused}");
}

#[test]
fn a_job_runs_on_as_many_threads_as_asked_for() {
    let threads = |n| on_threads(n, || Ok(rayon::current_num_threads())).unwrap();
    assert_eq!(threads(NonZeroUsize::new(3)), 3);
    assert_eq!(threads(None), rayon::current_num_threads());
}

/// What is judged as closed must be: two ships that lay together for six hours and are heard no more.
#[test]
fn a_meeting_is_closed_by_the_time_that_the_judgement_counts_on() {
    let mut slowest = Config::default();
    slowest.track.track_confirm_s = 86_400;
    slowest.proximity.slot_s = 3600;
    slowest.proximity.max_interpolation_s = 21_600;
    for mut config in [Config::default(), slowest] {
        config.proximity.all_pairs = true;
        config.validate().unwrap();
        let mut engine = wiring::engine(&config);
        let mut reports = Vec::new();
        for s in (0..6 * 3600).step_by(600) {
            for (mmsi, lat) in [(1, 36.5), (2, 36.501)] {
                let place = LonLat::from_degrees(22.5, lat).unwrap();
                let ship = Mmsi::new(mmsi).unwrap();
                reports.push(PositionReport::new(ship, s * 1000, place));
            }
        }
        engine.step(day(17_683, &reports));
        let meeting = |engine: &Engine| engine.facts().encounters[0].clone();
        let end = meeting(&engine).end;
        let mut complete_to = UtcDay(17_683).end();
        while !meeting(&engine).closed {
            complete_to = complete_to.plus_s(600);
            engine.step(Chunk {
                complete_to,
                ..day(17_684, &[])
            });
        }
        assert!(meeting(&engine).is_observed());
        let hours = complete_to.hours_since(end);
        let promised = wiring::closing_h(&config);
        assert!(hours <= promised, "{hours} h, and not {promised}");
    }
}

#[test]
fn a_survey_counts_and_adds_up() {
    let mut first = day(
        17_683,
        &[
            // Out of order on purpose; the second report of vessel 1 came twice.
            report(1, 30).with_sog_kn(Some(1.0)),
            report(1, 0).with_class(Some(AisClass::A)),
            report(1, 30),
            report(2, 86_390),
        ],
    );
    first.statics.push(StaticSpan {
        mmsi: 3,
        record: StaticRecord {
            ship_type: Some(80),
            to_bow_m: Some(100),
            to_stern_m: Some(50),
            to_port_m: Some(10),
            to_starboard_m: Some(12),
            ..StaticRecord::default()
        },
        seen: Seen::once(first.origin, None),
    });
    let second = day(17_684, &[report(2, 10), report(2, 7210)]);
    let both =
        survey(&mut [Ok(whole(first.clone())), Ok(whole(second.clone()))].into_iter()).unwrap();
    let quality = both.quality();
    assert_eq!(quality.positions, 6);
    assert_eq!(quality.vessels, 3);
    // 30 s within vessel 1; 20 s across midnight and 7200 s within vessel 2.
    assert_eq!(quality.interval_median_s, Some(30));
    assert_eq!(quality.interval_p90_s, Some(7200));
    assert_eq!(quality.sog_share, Some(0.1667));
    assert_eq!(quality.class_a_share, Some(0.1667));
    assert_eq!(quality.class_b_share, Some(0.0));
    assert_eq!(quality.type_share, Some(0.3333));
    assert_eq!(quality.dimensions_share, Some(0.3333));
    assert_eq!(quality.draught_share, Some(0.0));

    let of = |chunk: Chunk| survey(&mut [Ok(whole(chunk))].into_iter()).unwrap();
    let report = InspectionReport::new(vec![
        (
            "a.csv".to_owned(),
            vec![input("a.csv", 10, None)],
            of(first),
        ),
        (
            "b.csv".to_owned(),
            vec![input("b.csv", 20, None)],
            of(second),
        ),
    ]);
    assert!(report.is_complete());
    assert_eq!(report.all.quality.positions, 6);
    assert_eq!(report.all.quality.vessels, 3);
    assert_eq!(report.all.rows.read, 30);
    assert_eq!(report.all.quality.interval_median_s, Some(30));

    let empty = Survey::default().quality();
    assert_eq!(empty.sog_share, None);
    assert_eq!(empty.interval_median_s, None);
    let text = inspection_text(&report);
    assert!(
        text.starts_with("a.csv\n  rows         10 read, 9 accepted\n"),
        "{text}"
    );
    assert!(text.contains("\n\nall inputs\n"), "{text}");
}
