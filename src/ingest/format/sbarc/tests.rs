use super::*;
use crate::ingest::archive::read_within;
use crate::ingest::tests::{Folder, Rows, limits, options, read_all};
use crate::model::{Seen, StaticHistory, StaticSpan, Timestamp};

const LINES: &str = "\
00:00:00:633;SM SEAHAWK;80;980.6;148.1;1;0;355658000;0;253;18;0;-111.922780;21.958637;298.1;300;14;0;0;0;0;0;22
00:00:06:720;KODIAK;0;30.82;116.4;18;0;367640780;0;0.4;0;-119.223383;34.178033;12.5;511;12;0;1;0;1;1;1;0;0;1
00:01:48:970;5;0;538090175;0;9293129;V7ID9;CAPE BASTIA;80;230;44;30;18;1;396480;155;LONG BEACH,USA;0
00:00:06:757;24;0;366948820;0;M/Y BESO;0;;;0;0;0;0;0
00:00:06:760;24;0;366948820;1;;37;;WDB7855;6;6;3;2;0
";

fn read(name: &str, text: &str) -> (Rows, crate::ingest::InputReport) {
    let folder = Folder::new();
    let path = folder.file(name, text);
    let (rows, archive) = read_all(&[path], &limits()).unwrap();
    let report = archive.inputs()[0].clone();
    (rows, report)
}

/// What ships sent of themselves.
fn sent(rows: &Rows) -> Vec<&StaticRecord> {
    let sent = rows.statics.iter().filter(|s| s.seen.heard.count() > 0);
    sent.map(|s| &s.record).collect()
}

#[test]
fn the_register_names_ships_that_never_send_a_name() {
    let of_56 = |line: &str| line.replace("00:00:00:633", "00:56:00:000");
    let a = LINES.lines().next().unwrap();
    let text = [
        a.to_owned(),
        of_56(a),
        a.replace("SM SEAHAWK;80", "SM;SEA;HAWK;84")
            .replace("355658000", "355658001"),
        a.replace("SM SEAHAWK;80", "NOT NAMED;00")
            .replace("355658000", "355658002"),
    ];
    let (rows, report) = read("AIS_SBARC_180601-00.txt", &text.join("\n"));
    assert_eq!(report.rows_accepted, 4);
    let known: Vec<_> = (rows.statics.iter())
        .map(|s| (s.mmsi, s.record.name.as_deref(), s.record.ship_type))
        .collect();
    let expected = [
        (355_658_000, Some("SM SEAHAWK"), Some(80)),
        (355_658_001, Some("SM;SEA;HAWK"), Some(84)),
    ];
    assert_eq!(known, expected);
    let seen = rows.statics[0].seen;
    assert_eq!(seen.last.0 - seen.first.0, 3_359_367);
    assert!(seen.area.is_some());
    // Nobody sent it, so that one message of the ship outvotes any number of such lines.
    assert_eq!(seen.heard.count(), 0);
    let mut history = StaticHistory::default();
    rows.statics
        .iter()
        .take(1)
        .for_each(|span| history.add(span));
    let (from, until) = (Timestamp::MIN, Timestamp::MAX);
    let event = [seen.first; 2];
    let name = |h: &StaticHistory| {
        let about = h.about(event, [from, until], |r| r.name.clone());
        assert_eq!(h.as_of(from, until, |r| r.name.clone()), about);
        about
    };
    assert_eq!(name(&history).as_deref(), Some("SM SEAHAWK"));
    history.add(&StaticSpan {
        mmsi: 355_658_000,
        record: StaticRecord {
            name: Some("ALIAKMON".to_owned()),
            ..StaticRecord::default()
        },
        seen: Seen::once(Timestamp(seen.first.0 + 60_000), None),
    });
    assert_eq!(name(&history).as_deref(), Some("ALIAKMON"));
}

#[test]
fn real_lines() {
    let (rows, report) = read("AIS_SBARC_180601-00.txt", LINES);
    assert_eq!(
        (report.format, report.rows_read, report.rows_accepted),
        (NAME, 5, 5)
    );
    assert_eq!(rows.time(0), "2018-06-01T00:00:00.633Z");
    let (a, b) = (rows.positions[0].1, rows.positions[1].1);
    assert_eq!((a.mmsi(), b.mmsi()), (355_658_000, 367_640_780));
    assert_eq!(
        (a.place().lon_e7(), a.place().lat_e7()),
        (-1_119_227_800, 219_586_370)
    );
    assert_eq!(
        (a.sog_kn(), a.cog_deg(), a.heading_deg()),
        (Some(18.0), Some(298.1), Some(300.0))
    );
    assert_eq!(
        (a.nav_status(), a.class()),
        (NavStatus::new(0), Some(AisClass::A))
    );
    assert_eq!(
        (b.sog_kn(), b.cog_deg(), b.heading_deg()),
        (Some(0.4), Some(12.5), None)
    );
    assert_eq!((b.nav_status(), b.class()), (None, Some(AisClass::B)));
    let said = sent(&rows);
    let record = |i: usize| said[i];
    assert_eq!(said.len(), 3);
    assert_eq!(record(0).name.as_deref(), Some("M/Y BESO"));
    assert_eq!(
        (record(1).ship_type, record(1).length_dm),
        (Some(37), Some(120))
    );
    assert_eq!(record(1).callsign.as_deref(), Some("WDB7855"));
    let cape = record(2);
    assert_eq!(
        (cape.imo, cape.ship_type, cape.draught_dm),
        (Some(9_293_129), Some(80), Some(155))
    );
    assert_eq!((cape.to_bow_m, cape.to_starboard_m), (Some(230), Some(18)));
    assert_eq!(cape.destination.as_deref(), Some("LONG BEACH,USA"));
}

#[test]
fn semicolons_in_names_and_destinations() {
    let (rows, report) = read(
        "AIS_SBARC_180601-00.txt",
        &LINES
            .replace("SM SEAHAWK", "SM;SEA;HAWK")
            .replace("KODIAK", ";KODIAK")
            .replace("CAPE BASTIA", "CAPE;BASTIA")
            .replace("LONG BEACH", "LONG;BEACH"),
    );
    assert_eq!(report.rows_accepted, 5);
    assert_eq!(rows.positions[0].1.sog_kn(), Some(18.0));
    assert_eq!(rows.positions[1].1.sog_kn(), Some(0.4));
    let cape = sent(&rows)[2];
    assert_eq!(cape.name.as_deref(), Some("CAPE;BASTIA"));
    assert_eq!(cape.destination.as_deref(), Some("LONG;BEACH,USA"));
    assert_eq!(cape.draught_dm, Some(155));
}

#[test]
fn broken_lines_are_counted() {
    let cases = [
        ("24:00:00:000", RejectReason::BadTime),
        ("00:00:00:6x3", RejectReason::BadTime),
    ];
    for (time, reason) in cases {
        let text = format!(
            "{LINES}{}",
            LINES.lines().next().unwrap().replace("00:00:00:633", time)
        );
        let (_, report) = read("AIS_SBARC_180601-00.txt", &text);
        assert_eq!(
            (report.rows_accepted, report.rejects.count(reason)),
            (5, 1),
            "{time}"
        );
    }
    for line in [
        "x",
        "00:00:00:633;A;80;1;1;1;0",
        ";;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;;",
        "00:00:06:757;24;0;366948820;2;M;0;;;0;0;0;0;0",
    ] {
        let (_, report) = read("AIS_SBARC_180601-00.txt", &format!("{LINES}{line}\n"));
        assert_eq!(report.rejects.count(RejectReason::Malformed), 1, "{line}");
        assert_eq!(report.rows_accepted, 5);
    }
    let text = format!(
        "{LINES}{}",
        LINES
            .replace("355658000", "0")
            .replace("-111.922780", "181")
    );
    let (_, report) = read("AIS_SBARC_180601-00.txt", &text);
    assert_eq!(report.rejects.count(RejectReason::BadMmsi), 1);
}

#[test]
fn the_day_is_in_the_name() {
    let line = |t: &str| LINES.lines().next().unwrap().replace("00:00:00:633", t) + "\n";
    let times = |name: &str, t: &str| read(name, &line(t)).0.time(0);
    assert_eq!(
        times("AIS_SBARC_180601-00.txt", "23:59:59:900"),
        "2018-05-31T23:59:59.900Z"
    );
    assert_eq!(
        times("AIS_SBARC_180630-23.txt", "00:00:00:100"),
        "2018-07-01T00:00:00.100Z"
    );
    assert_eq!(
        times("X_181231-05.txt", "00:00:00:100"),
        "2018-12-31T00:00:00.100Z"
    );
    for name in [
        "a.txt",
        "AIS_SBARC_181301-00.txt",
        "AIS_SBARC_180601-24.txt",
        "AIS_SBARC_180601.txt",
    ] {
        let folder = Folder::new();
        let path = folder.file(name, LINES);
        let archive = read_within(&[path], &limits(), &options(), &()).unwrap();
        let error = archive.inputs()[0].error.as_ref().unwrap().to_string();
        assert!(error.contains("AIS_SBARC_YYMMDD-HH.txt"), "{error}");
    }
}
