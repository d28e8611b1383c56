//! Published sentences, every place where a time may stand, and every way in which a line may be broken.

mod encode;
mod properties;

use crate::ingest::archive::read_within;
use crate::ingest::params::Params;
use crate::ingest::tests::{Folder, Rows, limits, options, read_text};
use crate::ingest::{InputReport, Options};
use crate::model::RejectReason::{self, *};
use crate::model::{AisClass, NavStatus, StaticRecord};

/// Samples of gpsd's and pyais' documentation.
const MOORED: &str = "!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C";
const VOYAGE: [&str; 2] = [
    "!AIVDM,2,1,3,B,55P5TL01VIaAL@7WKO@mBplU@<PDhh000000001S;AJ::4A80?4i@E53,0*3E",
    "!AIVDM,2,2,3,B,1@0000000000000,2*55",
];
const CLASS_B: &str = "!AIVDM,1,1,,A,B52K>;h00Fc>jpUlNV@ikwpUoP06,0*4C";
const EXTENDED: &str = "!AIVDM,1,1,,B,C5N3SRgPEnJGEBT>NhWAwwo862PaLELTBJ:V00000000S0D:R220,0*0B";
const PART_A: &str = "!AIVDM,1,1,,A,H42O55i18tMET00000000000000,2*6D";
const PART_B: &str = "!AIVDM,1,1,,A,H42O55lt0000000D3nink000?050,0*40";
const LONG_RANGE: &str = "!AIVDM,1,1,,B,KC5E2b@U19PFdLbMuc5=ROv62<7m,0*16";
const BASE: &str = "!AIVDM,1,1,,A,403OviQuMGCqWrRO9>E6fE700@GO,0*4D";
const MARK: &str = "!AIVDM,1,1,,B,E>jCfrv2`0c2h0W:0a2ah@@@@@@004WD>;2<H50hppN000,4*0A";
const AIRCRAFT: &str = "!AIVDM,1,1,,B,91b77=h3h00nHt0Q3r@@07000<0b,0*6A";
const OTHER_BASE: &str = "!AIVDM,1,1,,A,402:LD1v0wF0206b3<L5GdQ020S:,0*5D";

/// With a checksum, whatever it was before.
pub(super) fn sealed(sentence: &str) -> String {
    let body = sentence.split('*').next().unwrap();
    let sum = body.bytes().skip(1).fold(0, |sum, b| sum ^ b);
    format!("{body}*{sum:02X}")
}

/// Reads lines, each with a tag block that says when.
fn timed(lines: &[&str]) -> (Rows, InputReport) {
    let text: Vec<String> = lines
        .iter()
        .map(|line| format!("\\c:1500000000*00\\{line}\n"))
        .collect();
    read_text(text.concat())
}

#[test]
fn class_a() {
    let (rows, report) = timed(&[MOORED]);
    assert_eq!((report.format, report.rows_accepted), ("nmea", 1));
    assert_eq!(rows.time(0), "2017-07-14T02:40:00.000Z");
    let p = rows.positions[0].1;
    assert_eq!(p.mmsi(), 477_553_000);
    assert_eq!(
        (p.place().lon_e7(), p.place().lat_e7()),
        (-1_223_458_333, 475_828_333)
    );
    assert_eq!(
        (p.sog_kn(), p.cog_deg(), p.heading_deg()),
        (Some(0.0), Some(51.0), Some(181.0))
    );
    assert_eq!(
        (p.nav_status(), p.class()),
        (NavStatus::new(5), Some(AisClass::A))
    );
    assert!(rows.statics.is_empty());
}

#[test]
fn voyage_in_two_sentences() {
    let (rows, report) = timed(&VOYAGE);
    assert_eq!((report.rows_read, report.rows_accepted), (1, 1));
    assert_eq!(rows.statics[0].mmsi, 369_190_000);
    let expected = StaticRecord {
        imo: Some(6_710_932),
        name: Some("MT.MITCHELL".into()),
        callsign: Some("WDA9674".into()),
        ship_type: Some(99),
        length_dm: Some(1800),
        beam_dm: Some(200),
        to_bow_m: Some(90),
        to_stern_m: Some(90),
        to_port_m: Some(10),
        to_starboard_m: Some(10),
        draught_dm: Some(60),
        destination: Some("SEATTLE".into()),
    };
    assert_eq!(rows.statics[0].record, expected);
}

#[test]
fn class_b_and_long_range() {
    let (rows, report) = timed(&[CLASS_B, EXTENDED, PART_A, PART_B, LONG_RANGE]);
    assert_eq!((report.rows_read, report.rows_accepted), (5, 5));
    let at = |mmsi: u32| {
        let p = rows
            .positions
            .iter()
            .find(|(_, p)| p.mmsi() == mmsi)
            .unwrap()
            .1;
        let place = (p.place().lon_e7(), p.place().lat_e7());
        (place, p.sog_kn(), p.cog_deg(), p.heading_deg(), p.class())
    };
    let b = Some(AisClass::B);
    assert_eq!(
        at(338_087_471),
        ((-740_721_317, 406_845_400), Some(0.1), Some(79.6), None, b)
    );
    assert_eq!(
        at(367_059_850),
        ((-888_103_917, 295_436_950), Some(8.7), Some(335.9), None, b)
    );
    assert_eq!(
        at(206_914_217),
        (
            (1_370_233_333, 48_400_000),
            Some(57.0),
            Some(167.0),
            None,
            None
        )
    );
    let of = |mmsi: u32| rows.statics.iter().filter(move |s| s.mmsi == mmsi);
    let rimes = &of(367_059_850).next().unwrap().record;
    assert_eq!(
        (rimes.name.as_deref(), rimes.ship_type),
        (Some("CAPT.J.RIMES"), Some(70))
    );
    assert_eq!((rimes.length_dm, rimes.beam_dm), (Some(260), Some(80)));
    let proguy: Vec<_> = of(271_041_815).map(|s| &s.record).collect();
    assert_eq!(proguy.len(), 2);
    assert!(proguy.iter().any(|r| r.name.as_deref() == Some("PROGUY")));
    // Bow and port are 0: the size is known, the antenna's place isn't.
    assert!(proguy.iter().any(|r| {
        r.callsign.as_deref() == Some("TC6163")
            && (r.ship_type, r.length_dm, r.to_stern_m) == (Some(60), Some(150), None)
    }));
}

#[test]
fn what_is_no_vessel() {
    let (_, report) = timed(&[BASE, MARK, AIRCRAFT, OTHER_BASE, MOORED]);
    assert_eq!(report.rejects.count(NotAVessel), 4);
    assert_eq!(report.rows_accepted, 1);
    let (_, report) = timed(&["!AIVDM,1,1,,A,D02:LD1kTNfr<`N016DN00B@w6D,2*2C", MOORED]);
    assert_eq!(report.rejects.count(OtherMessage), 1);
}

/// Receivers append what they heard after the end of a transmission.
#[test]
fn what_stands_behind_the_last_field_does_no_harm() {
    let longer = |sentence: &str, tail: &str| {
        let body = sentence.split('*').next().unwrap();
        let (body, _) = body.rsplit_once(',').unwrap();
        sealed(&format!("{body}{tail},0"))
    };
    for sentence in [MOORED, CLASS_B, EXTENDED, PART_A, PART_B, LONG_RANGE] {
        let (plain, _) = timed(&[sentence]);
        for tail in ["0", "wwwwww", "7P>nL2`@1v"] {
            let (rows, report) = timed(&[&longer(sentence, tail)]);
            assert_eq!(report.rows_accepted, 1, "{sentence} {tail}");
            assert_eq!(rows.positions, plain.positions, "{sentence} {tail}");
            let records = |rows: &Rows| -> Vec<StaticRecord> {
                rows.statics.iter().map(|s| s.record.clone()).collect()
            };
            assert_eq!(records(&rows), records(&plain), "{sentence} {tail}");
        }
    }
    let (plain, _) = timed(&VOYAGE);
    let (rows, _) = timed(&[VOYAGE[0], &longer(VOYAGE[1], "wwww")]);
    assert_eq!(rows.statics[0].record, plain.statics[0].record);
}

fn count(text: &str, reason: RejectReason) -> (u64, u64) {
    let (_, report) = read_text(format!("\\c:1500000000*00\\{MOORED}\n{text}\n"));
    assert_eq!(
        report.rejects.total(),
        report.rejects.count(reason),
        "{text}: {:?}",
        report.rejects
    );
    (report.rows_accepted - 1, report.rejects.count(reason))
}

#[test]
fn broken_lines() {
    let tag = "\\c:1500000000*00\\";
    let cases = [
        (MOORED.replace("*5C", "*5D"), BadChecksum),
        (MOORED.replace("177K", "178K"), BadChecksum),
        (MOORED.replace("*5C", ""), Malformed),
        (MOORED.replace("*5C", "*5"), Malformed),
        (MOORED.replace("*5C", "*ZZ"), Malformed),
        ("!AIVDM,1,1".to_owned(), Malformed),
        ("!AIVDM,".to_owned(), Malformed),
        ("nonsense".to_owned(), Malformed),
        ("\\nonsense".to_owned(), Malformed),
        ("!AIABK,1,2".to_owned(), OtherMessage),
        // Wrong numbers of parts, wrong fill, no payload, characters of no meaning.
        (
            sealed("!AIVDM,0,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0"),
            Malformed,
        ),
        (
            sealed("!AIVDM,1,2,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0"),
            Malformed,
        ),
        (
            sealed("!AIVDM,1,x,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0"),
            Malformed,
        ),
        (
            sealed("!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,6"),
            Malformed,
        ),
        (
            sealed("!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH"),
            Malformed,
        ),
        (sealed("!AIVDM,1,1,,B,,0"), Malformed),
        (
            sealed("!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TK~,0"),
            Malformed,
        ),
        // Too short for its type, and too long for any.
        (
            sealed("!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0T,0"),
            Malformed,
        ),
        (
            sealed(&format!(
                "!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH{},0",
                "0".repeat(160)
            )),
            Malformed,
        ),
        (
            sealed(&format!("!AIVDM,1,1,,B,1{},0", "0".repeat(400))),
            Malformed,
        ),
        // MMSI 0, of ten digits; no time.
        (
            sealed("!AIVDM,1,1,,B,1000005000G?tO`K>RA1wUbN0TKH,0"),
            BadMmsi,
        ),
        (
            sealed("!AIVDM,1,1,,B,1wwwwR5000G?tO`K>RA1wUbN0TKH,0"),
            BadMmsi,
        ),
    ];
    for (line, reason) in cases {
        assert_eq!(count(&format!("{tag}{line}"), reason).1, 1, "{line}");
    }
    // A line that is too long; nothing reaches across it.
    assert_eq!(
        count(&format!("{tag}{MOORED}{}", " x".repeat(600)), Malformed).1,
        1
    );
    // What is no row at all.
    for line in [
        "",
        "# comment",
        "$GPGGA,1",
        "\\si:AISD*3F\\",
        "\\si:AISD*3F\\$GPGGA,1",
        "$",
    ] {
        assert_eq!(count(line, Malformed), (0, 0), "{line}");
    }
}

#[test]
fn parts() {
    let [one, two] = VOYAGE;
    let tagged = |lines: &[&str]| {
        let text: Vec<String> = lines
            .iter()
            .map(|l| format!("\\c:1500000000*00\\{l}\n"))
            .collect();
        let (rows, report) = read_text(text.concat());
        (
            rows.statics.len(),
            report.rejects.count(Malformed),
            report.rows_read,
        )
    };
    let other = [
        "!AIVDM,2,1,8,B,53K8qh400003TP7?K3I<<DpT>0LDl0000000001511V834pa00TSmACP0000,0*36",
        "!AIVDM,2,2,8,B,00000000000,2*2F",
    ];
    assert_eq!(tagged(&[one, MOORED, two]), (1, 0, 2));
    assert_eq!(tagged(&[one, other[0], two, other[1]]), (2, 0, 2));
    // The first twice, the second alone, the wrong order, another channel, the end of the text.
    assert_eq!(tagged(&[one, one, two]), (1, 1, 2));
    assert_eq!(tagged(&[MOORED, two]), (0, 1, 2));
    assert_eq!(tagged(&[two, one]), (0, 2, 2));
    assert_eq!(
        tagged(&[one, &sealed(&two.replace(",B,", ",A,"))]),
        (0, 2, 2)
    );
    assert_eq!(tagged(&[one, MOORED]), (0, 1, 2));
    // Too far apart.
    let many = vec![MOORED; 400];
    let far: Vec<&str> = [one].into_iter().chain(many).chain([two]).collect();
    assert_eq!(tagged(&far), (0, 2, 402));
    // A time on either part is enough; the first counts.
    for (a, b) in [
        ("\\c:1500000000*00\\", ""),
        ("", "\\c:1500000000*00\\"),
        ("\\c:1500000000*00\\", "\\c:1500000099*00\\"),
    ] {
        let (rows, _) = read_text(format!("{a}{one}\n{b}{two}\n"));
        assert_eq!(rows.statics[0].seen.first.0, 1_500_000_000_000);
    }
    // Groups of tag blocks keep parts of several receivers apart.
    let g = |n: u32, part: u32| format!("\\g:{part}-2-{n},c:1500000000*00\\");
    let text = format!(
        "{}{one}\n{}{one}\n{}{two}\n{}{two}\n",
        g(1, 1),
        g(2, 1),
        g(1, 2),
        g(2, 2)
    );
    let (rows, report) = read_text(text);
    assert_eq!((rows.statics.len(), report.rejects.total()), (1, 0));
    assert_eq!(report.rows_accepted, 2);
}

/// Stations count their messages each for itself, so that two of them use one number at a time.
#[test]
fn parts_of_two_stations_are_kept_apart() {
    let [one, two] = VOYAGE;
    let others = [
        "!AIVDM,2,1,3,B,53K8qh400003TP7?K3I<<DpT>0LDl0000000001511V834pa00TSmACP0000,0",
        "!AIVDM,2,2,3,B,00000000000,2",
    ]
    .map(sealed);
    let names = |lines: [(&str, &str); 4]| {
        let before = |(station, line): (&str, &str)| match station {
            "" => format!("\\c:1500000000*00\\{line}\n"),
            _ => format!("\\s:{station},c:1500000000*00\\{line}\n"),
        };
        let behind = |(station, line): (&str, &str)| match station {
            "" => format!("{line},1500000000\n"),
            _ => format!("{line},r{station},1500000000\n"),
        };
        let texts = [lines.map(before).concat(), lines.map(behind).concat()];
        let [a, b] = texts.map(|text| {
            let (rows, report) = read_text(text);
            assert_eq!(
                report.rows_accepted + report.rejects.count(Malformed),
                report.rows_read
            );
            let mut ships: Vec<u32> = rows.statics.iter().map(|s| s.mmsi).collect();
            ships.sort_unstable();
            let record = |mmsi| {
                rows.statics
                    .iter()
                    .find(|s| s.mmsi == mmsi)
                    .map(|s| s.record.clone())
            };
            (
                ships.clone(),
                ships.iter().filter_map(|m| record(*m)).collect::<Vec<_>>(),
            )
        });
        assert_eq!(a, b);
        a
    };
    let (apart, records) = names([
        ("s1", one),
        ("s1", two),
        ("s2", &others[0]),
        ("s2", &others[1]),
    ]);
    assert_eq!(apart.len(), 2);
    let both = (apart.clone(), records.clone());
    for mixed in [
        [
            ("s1", one),
            ("s2", &*others[0]),
            ("s1", two),
            ("s2", &*others[1]),
        ],
        [
            ("s1", one),
            ("s2", &*others[0]),
            ("s2", &*others[1]),
            ("s1", two),
        ],
        // One that names none goes with any.
        [
            ("s1", one),
            ("", two),
            ("s2", &*others[0]),
            ("", &*others[1]),
        ],
        [
            ("", one),
            ("s1", two),
            ("", &*others[0]),
            ("s2", &*others[1]),
        ],
    ] {
        assert_eq!(names(mixed), both, "{mixed:?}");
    }
    // The second part of another station is no part of it.
    let lost = names([
        ("s1", one),
        ("s2", two),
        ("s2", &others[0]),
        ("s2", &others[1]),
    ]);
    assert_eq!(lost.0.len(), 1);
}

#[test]
fn times() {
    let time = |text: String| {
        let (rows, report) = read_text(format!("{text}\n"));
        assert_eq!(report.format, "nmea");
        (!rows.positions.is_empty()).then(|| rows.time(0))
    };
    let cases = [
        (
            format!("\\c:1565218798*53\\{MOORED}"),
            "2019-08-07T22:59:58.000Z",
        ),
        (
            format!("\\c:1565218798123*53\\{MOORED}"),
            "2019-08-07T22:59:58.123Z",
        ),
        (
            format!("\\s:rEV02,c:1334337317*58\\{MOORED}"),
            "2012-04-13T17:15:17.000Z",
        ),
        (
            format!("\\g:1-1-3985,s:rEV02,c:1334337317,t:x*2D\\{MOORED}"),
            "2012-04-13T17:15:17.000Z",
        ),
        (format!("{MOORED},1412524603"), "2014-10-05T15:56:43.000Z"),
        (
            format!("{MOORED},1328133720087\r"),
            "2012-02-01T22:02:00.087Z",
        ),
        (
            format!("{MOORED},s28089,d-103,T43.6,x1234567,r003669930,1412524603"),
            "2014-10-05T15:56:43.000Z",
        ),
        (
            format!("2016-03-31 00:00:01, {MOORED}"),
            "2016-03-31T00:00:01.000Z",
        ),
        (
            format!("[2016-03-31T02:00:01+02:00] {MOORED}"),
            "2016-03-31T00:00:01.000Z",
        ),
        (format!("1490076585,{MOORED}"), "2017-03-21T06:09:45.000Z"),
        (
            format!("epoch,AIS_Sentences\n1490076585,{MOORED}"),
            "2017-03-21T06:09:45.000Z",
        ),
        (
            format!(
                "$PGHP,1,2014,9,28,16,0,4,684,219,21,992190921,1,14*22\n\\si:AISD*3F\\\n{MOORED}"
            ),
            "2014-09-28T16:00:04.684Z",
        ),
        (
            format!("$GPZDA,195719,16,04,14,-02,00*63\n{MOORED}"),
            "2014-04-16T19:57:19.000Z",
        ),
        // What the line says itself wins over the lines before it.
        (
            format!("$GPZDA,195719,16,04,14,-02,00*63\n\\c:1565218798*53\\{MOORED}"),
            "2019-08-07T22:59:58.000Z",
        ),
        (
            format!("2016-03-31T00:00:01Z,STN1,{MOORED}"),
            "2016-03-31T00:00:01.000Z",
        ),
        (
            format!("STN1 1490076585 {MOORED}"),
            "2017-03-21T06:09:45.000Z",
        ),
        (
            format!("{MOORED},r003669930,2016-03-31T00:00:01Z"),
            "2016-03-31T00:00:01.000Z",
        ),
        (
            format!("{MOORED}\t2016-03-31 0:00:01"),
            "2016-03-31T00:00:01.000Z",
        ),
        // The number of a receiver is no time.
        (
            format!("2016-03-31 00:00:01 {MOORED},003669945"),
            "2016-03-31T00:00:01.000Z",
        ),
        // A station's signal strength is no time.
        (
            format!("$GPZDA,195719,16,04,14,-02,00*63\n{MOORED},d-100"),
            "2014-04-16T19:57:19.000Z",
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(time(text.clone()).as_deref(), Some(expected), "{text}");
    }
    for none in [
        MOORED.to_owned(),
        format!("\\c:soon*53\\{MOORED}"),
        format!("{MOORED},r003669930"),
        format!("{MOORED},992190921"),
        format!("02/06/2016 00:00:07 {MOORED}"),
        format!("2016-13-31 00:00:01, {MOORED}"),
        format!(
            "$GPZDA,195719,16,04,14,-02,00*63\n{}{MOORED}",
            format!("$GPGGA,{}\n", "1".repeat(90)).repeat(200)
        ),
        format!(
            "$GPZDA,195719,16,04,14,-02,00*63\n#{}\n{MOORED}",
            "x".repeat(2000)
        ),
    ] {
        assert_eq!(time(none.clone()), None, "{none}");
    }
}

#[test]
fn a_log_without_times_is_named() {
    let (_, report) = read_text(format!("{MOORED}\n{CLASS_B}\n"));
    assert_eq!(report.rejects.count(BadTime), 2);
    let error = report.error.unwrap().to_string();
    assert!(
        error.contains("no sentence of this log says when"),
        "{error}"
    );
    let (_, report) = read_text(format!("{MOORED}\n\\c:1500000000*00\\{CLASS_B}\n"));
    assert_eq!(report.error, None);
}

#[test]
fn local_times_are_of_the_zone_that_is_set() {
    let folder = Folder::new();
    let path = folder.file("a.log", format!("2016-03-31 00:10:00, {MOORED}\n"));
    for (zone, expected) in [
        ("UTC", "2016-03-31T00:10:00.000Z"),
        ("Europe/Paris", "2016-03-30T22:10:00.000Z"),
        ("+02:00", "2016-03-30T22:10:00.000Z"),
    ] {
        let params = Params {
            nmea_zone: zone.to_owned(),
            ..Params::default()
        };
        let limits = params.limits().unwrap();
        let options = Options {
            format: crate::ingest::Format::Nmea,
            ..options()
        };
        let mut archive = read_within(std::slice::from_ref(&path), &limits, &options, &()).unwrap();
        assert_eq!(Rows::of(&mut archive).time(0), expected, "{zone}");
    }
    let params = Params {
        nmea_zone: "Paris".to_owned(),
        ..Params::default()
    };
    let words = params.validate().unwrap_err().to_string();
    assert!(
        words.starts_with("nmea_zone = Paris: must be UTC"),
        "{words}"
    );
}

#[test]
fn parts_that_find_no_mates_are_named_with_their_lines() {
    let folder = Folder::new();
    let [one, two] = VOYAGE;
    let path = folder.file(
        "a.log",
        format!("{MOORED}\n{one}\n\n{MOORED}\n{one}\n{two}\n{two}\n"),
    );
    for block_bytes in [1, 64, 100, 4_000_000] {
        let rejects = folder.path().join("rejects.csv");
        let options = Options {
            keep_rejects: Some(rejects.clone()),
            ..options()
        };
        let small = crate::ingest::params::Limits {
            block_bytes,
            ..limits()
        };
        let mut archive = read_within(std::slice::from_ref(&path), &small, &options, &()).unwrap();
        archive.publish_rejects().unwrap();
        let written = std::fs::read_to_string(&rejects).unwrap();
        let lines: Vec<&str> = written
            .lines()
            .skip(1)
            .map(|l| l.rsplit_once("a.log,").unwrap().1)
            .map(|l| l.split(",\"").next().unwrap())
            .collect();
        let expected = [
            "1,bad_time",
            "4,bad_time",
            "2,malformed",
            "6,bad_time",
            "7,malformed",
        ];
        assert_eq!(lines, expected, "{block_bytes}");
    }
}
