use std::io::Write;

use super::*;
use crate::model::{Timestamp, Truth, TruthKind};

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn truth(kind: TruthKind, pair: (u32, u32), start: &str, end: &str) -> Truth {
    Truth {
        id: format!("{}-{}", pair.0, pair.1),
        kind,
        mmsi_1: pair.0,
        mmsi_2: Some(pair.1),
        start: at(start),
        end: at(end),
        place: None,
        mode: None,
        hull_gap_m: None,
        volume_t: None,
        volume_bbl: Some(100_000.0),
        product: None,
        from_mmsi: None,
        to_mmsi: None,
        heard: [Some(10), Some(10)],
        both_heard: None,
        together_h: None,
        notes: String::new(),
    }
}

fn reported(pair: [u32; 2], start: &str, end: &str, kind: Option<&str>) -> Reported {
    Reported {
        id: String::new(),
        mmsi: pair,
        start: at(start),
        end: at(end),
        kind: kind.map(str::to_owned),
        volume_bbl: None,
        volume_range_bbl: None,
        volume_t: None,
        volume_method: None,
        direction: None,
    }
}

const START: &str = "2025-06-02T06:00";
const END: &str = "2025-06-02T18:00";

#[test]
fn perfect() {
    let truths = [truth(TruthKind::StsTransfer, (2, 1), START, END)];
    let mut found = reported([1, 2], START, END, Some("sts_transfer"));
    found.volume_bbl = Some(110_000.0);
    let e = evaluate(&[found], &truths);
    let s = &e.transfers[0];
    assert_eq!((s.recall.count, s.recall.of), (1, 1));
    assert_eq!((s.called.count, s.right_kind.count), (1, 1));
    assert_eq!(s.fragments, Some(1.0));
    assert_eq!(s.start.median_min, Some(0.0));
    assert!((s.volume.median.unwrap() - 0.1).abs() < 1e-9);
    assert_eq!(e.called.precision.value, Some(1.0));
    assert_eq!(e.other.encounters, 0);
}

#[test]
fn missed_and_unheard() {
    let mut unheard = truth(TruthKind::StsTransfer, (5, 6), START, END);
    unheard.heard = [Some(4), Some(0)];
    let truths = [truth(TruthKind::StsTransfer, (1, 2), START, END), unheard];
    // The right pair at another time is no finding.
    let e = evaluate(
        &[reported([1, 2], "2025-06-03", "2025-06-04", None)],
        &truths,
    );
    let s = &e.transfers[0];
    assert_eq!((s.rows, s.recall.count, s.recall.of), (2, 0, 1));
    assert_eq!(s.fragments, None);
    assert_eq!(e.other.encounters, 1);
    assert_eq!(e.called.precision.value, None);
    assert!(e.to_table().contains("precision: not known"));
}

#[test]
fn fragments_and_timing() {
    let mut one = truth(TruthKind::Bunkering, (1, 2), START, END);
    one.both_heard = Some((at("2025-06-02T07:00"), at(END)));
    let e = evaluate(
        &[
            reported(
                [1, 2],
                "2025-06-02T06:30",
                "2025-06-02T08:00",
                Some("service"),
            ),
            reported(
                [1, 2],
                "2025-06-02T10:00",
                "2025-06-02T18:20",
                Some("bunkering"),
            ),
        ],
        &[one],
    );
    let s = &e.transfers[0];
    assert_eq!(s.fragments, Some(2.0));
    assert_eq!(s.start.median_min, Some(-30.0));
    assert_eq!(s.end.p90_abs_min, Some(20.0));
    let confusion = &e.confusion[0];
    assert_eq!(confusion.reported, "bunkering", "the longer piece speaks");
}

#[test]
fn false_calls() {
    let truths = [
        truth(TruthKind::AnchoredNeighbours, (1, 2), START, END),
        truth(TruthKind::DarkRendezvous, (3, 4), START, END),
    ];
    let e = evaluate(
        &[
            reported([1, 2], START, END, Some("sts_transfer")),
            reported([3, 4], START, END, Some("sts_transfer")),
            reported([7, 8], START, END, Some("bunkering")),
            reported([7, 9], START, END, Some("convoy")),
        ],
        &truths,
    );
    let look_alike = &e.look_alikes[0];
    assert_eq!(
        (look_alike.with_encounter.count, look_alike.called.count),
        (1, 1)
    );
    assert_eq!((e.other.encounters, e.other.called), (2, 1));
    assert_eq!((e.called.precision.count, e.called.precision.of), (1, 3));
    assert_eq!(e.dark_with_encounter.count, 1);
}

#[test]
fn an_encounter_goes_to_the_truth_it_shares_most_with() {
    let truths = [
        truth(TruthKind::Bunkering, (1, 2), START, "2025-06-02T08:00"),
        truth(TruthKind::StsTransfer, (1, 2), "2025-06-02T09:00", END),
    ];
    let e = evaluate(&[reported([1, 2], "2025-06-02T07:00", END, None)], &truths);
    let found: Vec<_> = e.transfers.iter().map(|s| s.recall.count).collect();
    assert_eq!(found, [1, 0], "sts_transfer comes first");
}

#[test]
fn wilson() {
    let s = Share::new(8, 10);
    assert!((s.low.unwrap() - 0.4902).abs() < 1e-3, "{s}");
    assert!((s.high.unwrap() - 0.9433).abs() < 1e-3, "{s}");
    assert_eq!(Share::new(0, 0).value, None);
}

fn file(name: &str, text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join(name);
    std::fs::File::create(&path)
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    (dir, path)
}

#[test]
fn truth_files_of_others() {
    let (_dir, path) = file(
        "mine.csv",
        "kind,mmsi_1,mmsi_2,start,end,remark\nsts_transfer,311000013,311000112,2018-06-02 05:33,2018-06-03 01:31,S3\n",
    );
    let rows = read_truth(&path).unwrap();
    assert_eq!(rows[0].mmsi_2, Some(311_000_112));
    assert_eq!(rows[0].heard, [None, None]);
}

#[test]
fn faults_name_file_line_and_column() {
    let says = |text: &str| {
        let (_dir, path) = file("t.csv", text);
        let error = read_truth(&path).unwrap_err().to_string();
        error.split_once("t.csv").unwrap().1.to_owned()
    };
    let header = "kind,mmsi_1,mmsi_2,start,end\n";
    let row = |cells: &str| format!("{header}sts_transfer,1,2,2018-06-02,2018-06-03\n{cells}\n");
    assert!(
        says(&row("transfer,1,2,2018-06-02,2018-06-03")).starts_with(
            ", line 3, column 'kind': 'transfer' is not one of sts_transfer, bunkering"
        ),
    );
    assert!(says(&row("tow,x,2,2018-06-02,2018-06-03")).contains("column 'mmsi_1': 'x'"));
    assert!(says(&row("tow,1,2,02/06/2018,2018-06-03")).contains("column 'start': '02/06/2018'"));
    assert!(says(&row("tow,1,2,2018-06-02,2018-06-01")).contains("that isn't before the start"));
    assert!(says("kind,mmsi_1,start,end\n").starts_with(": no column 'mmsi_2'; it has kind"));
}

#[test]
fn what_cant_be_true_is_refused() {
    let says = |text: &str| {
        let (_dir, path) = file("t.csv", text);
        let error = read_truth(&path).unwrap_err().to_string();
        error.split_once("t.csv").unwrap().1.to_owned()
    };
    let header = "truth_id,kind,mmsi_1,mmsi_2,start,end,lat,lon,volume_t,volume_bbl\n";
    let good = "A,tow,1,2,2018-06-02,2018-06-03,50,4,1,2\n";
    let row = |cells: &str| format!("{header}{good}{cells}\n");
    for (cells, words) in [
        (
            "B,tow,1,1,2018-06-02,2018-06-03,,,,",
            "'mmsi_2': '1' is not an MMSI (1 to 9 digits) other",
        ),
        (
            "B,tow,1,2,2018-06-02,2018-06-03,95,4,,",
            "'lat': '95' is not a latitude",
        ),
        (
            "B,tow,1,2,2018-06-02,2018-06-03,50,-190,,",
            "'lon': '-190' is not a longitude",
        ),
        (
            "B,tow,1,2,2018-06-02,2018-06-03,,,-1,",
            "'volume_t': '-1' is not a number from 0",
        ),
        (
            "B,tow,1,2,2018-06-02,2018-06-03,,,,-0.5",
            "'volume_bbl': '-0.5' is not a number from 0",
        ),
        (
            "A,tow,3,4,2018-06-02,2018-06-03,,,,",
            "'truth_id': 'A' is not a name of its own: line 2",
        ),
    ] {
        let said = says(&row(cells));
        assert!(
            said.starts_with(", line 3, column ") && said.contains(words),
            "{said}"
        );
    }
}

#[test]
fn a_date_as_end_is_its_whole_day() {
    let end = |start: &str, end: &str| {
        let (_dir, path) = file(
            "t.csv",
            &format!("kind,mmsi_1,mmsi_2,start,end\ntow,1,2,{start},{end}\n"),
        );
        read_truth(&path).map(|rows| rows[0].end)
    };
    assert_eq!(end("2018-06-02", "2018-06-02").unwrap(), at("2018-06-03"));
    assert_eq!(
        end("2018-06-02T05:33", "2018-06-02").unwrap(),
        at("2018-06-03")
    );
    assert_eq!(
        end("2018-06-02", "2018-06-02T00:00").unwrap(),
        at("2018-06-02")
    );
    assert!(end("2018-06-02", "2018-06-01").is_err());
}

#[test]
fn an_encounter_that_begins_as_the_truth_ends_is_another() {
    let found = |truth_of: (&str, &str), of: (&str, &str)| {
        let truths = [truth(
            TruthKind::StsTransfer,
            (1, 2),
            truth_of.0,
            truth_of.1,
        )];
        let e = evaluate(&[reported([1, 2], of.0, of.1, None)], &truths);
        e.transfers[0].recall.count
    };
    let later = "2025-06-02T20:00";
    assert_eq!(found((START, END), (END, later)), 0);
    assert_eq!(found((END, later), (START, END)), 0);
    assert_eq!(found((START, END), ("2025-06-02T17:59", later)), 1);
    // A sighting is an instant.
    assert_eq!(found((END, END), (START, later)), 1);
    assert_eq!(found((later, later), (START, END)), 0);
}

#[test]
fn encounters_of_csv_and_parquet() {
    use polars::prelude::*;
    let (dir, _path) = file(
        "encounters.csv",
        "event_id,mmsi_1,mmsi_2,start,end,kind,volume_bbl\nab,7,5,2018-06-02T05:33:10.000Z,2018-06-02T09:00:00.000Z,,1000\n",
    );
    let from_csv = read_encounters(dir.path()).unwrap();
    assert_eq!(from_csv[0].mmsi, [5, 7]);
    assert_eq!(from_csv[0].kind, None);
    let start = at("2018-06-02T05:33:10").0;
    let time = |name: &str, ms: i64| {
        Column::new(name.into(), [ms])
            .cast(&DataType::Datetime(TimeUnit::Milliseconds, None))
            .unwrap()
    };
    let mut frame = DataFrame::new_infer_height(vec![
        Column::new("event_id".into(), ["ab"]),
        Column::new("mmsi_1".into(), [5i64]),
        Column::new("mmsi_2".into(), [7i64]),
        time("start", start),
        time("end", at("2018-06-02T09:00").0),
        Column::new("kind".into(), [None::<&str>]),
        Column::new("volume_bbl".into(), [1000.0]),
    ])
    .unwrap();
    let path = dir.path().join("encounters.parquet");
    let out = std::fs::File::create(&path).unwrap();
    ParquetWriter::new(out).finish(&mut frame).unwrap();
    let from_parquet = read_encounters(dir.path()).unwrap();
    assert_eq!(from_csv, from_parquet);
}

#[test]
fn json_and_csv_hold_the_figures() {
    let truths = [truth(TruthKind::StsTransfer, (2, 1), START, END)];
    let e = evaluate(&[reported([1, 2], START, END, None)], &truths);
    assert!(e.to_json().unwrap().contains("\"recall\""));
    assert!(e.to_csv().contains("transfer,sts_transfer,recall,1.0000\n"));
}

#[test]
fn the_page_about_truth_is_complete() {
    let page = include_str!("../../docs/truth.md");
    for kind in TruthKind::ALL {
        let line = page
            .lines()
            .find(|l| l.starts_with(&format!("| `{}` |", kind.name())));
        let line = line.unwrap_or_else(|| panic!("docs/truth.md lacks {}", kind.name()));
        assert!(line.contains(kind.doc()), "{line}");
    }
    for column in Truth::COLUMNS {
        assert!(page.contains(&format!("`{column}`")), "{column}");
    }
}

#[test]
fn dark_candidates_stand_in_the_order_of_their_confidence() {
    let candidate = |dark, confidence| Candidate {
        dark,
        partner: 3,
        partner_event: "run".to_owned(),
        window: (at(START), at(END)),
        confidence,
    };
    let gap = |mmsi, end| ClosedGap {
        mmsi,
        span: (at("2025-06-02T05:00"), at(end)),
    };
    let truths = [
        truth(TruthKind::DarkRendezvous, (3, 4), START, END),
        truth(TruthKind::DarkRendezvous, (5, 6), START, END),
    ];
    let tables = DarkTables {
        candidates: vec![
            candidate(Some(7), 0.9),
            candidate(Some(4), 0.6),
            candidate(Some(8), 0.3),
            candidate(None, 0.4),
        ],
        gaps: vec![gap(4, "2025-06-02T19:00"), gap(6, "2025-06-02T17:00")],
    };
    let score = DarkScore::new(&tables, &truths);
    assert_eq!((score.rows, score.not_closed, score.alone), (2, 1, 1));
    assert_eq!(
        (
            score.first.count,
            score.among_first.count,
            score.among_first.of
        ),
        (0, 1, 1)
    );
    assert_eq!((score.precision.count, score.precision.of), (0, 1));
    let alone = DarkTables {
        candidates: tables.candidates[1..].to_vec(),
        ..tables
    };
    assert_eq!(DarkScore::new(&alone, &truths).precision.count, 1);
}

#[test]
fn a_folder_without_the_table_has_no_dark_figures() {
    let (dir, _path) = file("encounters.csv", "event_id,mmsi_1,mmsi_2,start,end\n");
    assert_eq!(read_rendezvous(dir.path()).unwrap(), None);
    let (dir, _path) = file(
        "rendezvous.csv",
        "mmsi_dark,mmsi_partner,partner_event_id,window_start,window_end,confidence\n4,3,run,2025-06-02,2025-06-03,0.5\n,3,run,2025-06-02,2025-06-03,0.4\n",
    );
    let read = read_rendezvous(dir.path()).unwrap().unwrap();
    let dark: Vec<_> = read.candidates.iter().map(|c| c.dark).collect();
    assert_eq!((dark, read.gaps.len()), (vec![Some(4), None], 0));
    let truths = [truth(TruthKind::DarkRendezvous, (3, 4), START, END)];
    let mut e = evaluate(&[], &truths);
    e.dark = Some(DarkScore::new(&read, &truths));
    assert!(e.to_table().contains("dark rendezvous: 1 true, 1 of them"));
    assert!(e.to_csv().contains("dark,dark_rendezvous,not_closed,1\n"));
    assert!(e.to_json().unwrap().contains("\"among_first\""));
}
