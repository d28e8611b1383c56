//! What a mapping may say, and what becomes of rows that don't fit it.

use super::{OWN, limits_of, read};
use crate::ingest::archive::read_within;
use crate::ingest::tests::{Folder, options};
use crate::ingest::{Format, Options, Params};
use crate::model::RejectReason::{self, *};
use crate::model::{AisClass, NavStatus};

fn rejected(mapping: &str, row: &str) -> Vec<(RejectReason, u64)> {
    let (_, report) = read(
        mapping,
        format!("id,t,x,y,name\n311000013,2018-06-02T05:33:10,1,2,A\n{row}\n"),
    );
    assert_eq!(
        report.rows_accepted + report.rejects.total(),
        report.rows_read
    );
    report.rejects.iter().collect()
}

#[test]
fn every_reason() {
    let cases = [
        ("0,2018-06-02T05:33:10,1,2,A", BadMmsi),
        ("993672001,2018-06-02T05:33:10,1,2,A", NotAVessel),
        ("311000013,02/06/2018 05:33,1,2,A", BadTime),
        ("311000013,,1,2,A", BadTime),
        ("311000013,1970-01-01T00:00:00,1,2,A", TooOld),
        ("311000013,2099-01-01T00:00:00,1,2,A", Future),
        ("311000013,2018-06-02T05:33:10,181,91,A", NoPosition),
        ("311000013,2018-06-02T05:33:10,,,A", NoPosition),
        ("311000013,2018-06-02T05:33:10,0,0,A", BadPosition),
        ("311000013,2018-06-02T05:33:10,x,2,A", Malformed),
        ("311000013,2018-06-02T05:33:10,1,2", Malformed),
        ("311000013,2018-06-02T05:33:10,1,2,A,B", Malformed),
    ];
    let scaled = OWN.replace("'x'", "{ column = 'x', scale = 1.0, offset = 0.25 }");
    for (row, reason) in cases {
        assert_eq!(rejected(OWN, row), [(reason, 1)], "{row}");
        if ![BadPosition, NoPosition].contains(&reason) {
            assert_eq!(rejected(&scaled, row), [(reason, 1)], "{row}");
        }
    }
    // With a name mapped, a row without a place says something.
    let named = format!("{OWN}name = 'name'\n");
    assert_eq!(rejected(&named, "311000013,2018-06-02T05:33:10,,,A"), []);
    for row in ["", " ", "\r"] {
        assert_eq!(rejected(OWN, row), []);
    }
}

#[test]
fn units_zones_and_words() {
    let mapping = "[ingest.mapping]\ndelimiter = ';'\nmmsi = ' ID '\ntime = ['date', 'clock']\ntime_format = '%d.%m.%Y %H:%M'\n\
                   time_zone = 'Europe/Paris'\nlon = { column = 'x', scale = 0.001, offset = -10 }\nlat = 'y'\nsog = 'v'\nsog_unit = 'm/s'\n\
                   class = 'class'\nstatus = 'status'\nship_type = 'type'\nlength = { column = 'feet', scale = 0.3048 }\n";
    let (rows, report) = read(
        mapping,
        "id;date;clock;x;y;v;class;status;type;feet\n311000013;31.03.2016;00:10;11500;2;10;Class B;At anchor;Tanker;1000\n",
    );
    assert_eq!(report.rejects.total(), 0, "{:?}", report.rejects);
    let p = rows.positions[0].1;
    assert_eq!(rows.time(0), "2016-03-30T22:10:00.000Z");
    assert_eq!((p.place().lon_e7(), p.sog_kn()), (15_000_000, Some(19.44)));
    assert_eq!(
        (p.class(), p.nav_status()),
        (Some(AisClass::B), NavStatus::new(1))
    );
    let record = &rows.statics[0].record;
    assert_eq!((record.ship_type, record.length_dm), (Some(80), Some(3048)));
    let zoned = OWN.to_owned() + "time_format = '%d.%m.%Y %H:%M %z'\ntime_zone = 'Europe/Paris'\n";
    let (rows, _) = read(&zoned, "id,t,x,y\n311000013,31.03.2016 00:10 +0900,1,2\n");
    assert_eq!(rows.time(0), "2016-03-30T15:10:00.000Z");
}

#[test]
fn a_mapping_is_for_what_nothing_else_reads() {
    let noaa = "MMSI,BaseDateTime,LAT,LON\n311000013,2018-06-02T05:33:01,33.03,-117.82\n";
    let (_, report) = read(OWN, noaa);
    assert_eq!(report.format, "marine_cadastre");
    let note = report.note.unwrap();
    assert!(
        note.contains("read as marine_cadastre and not by the section [ingest.mapping], whose id (ingest.mapping.mmsi), t (ingest.mapping.time), \
             x (ingest.mapping.lon), y (ingest.mapping.lat) it lacks"),
        "{note}"
    );
    let (_, report) = read(OWN, "a,b\n1,2\n");
    let words = report.error.unwrap().to_string();
    assert!(
        words
            .contains("y (ingest.mapping.lat) (found: a, b); correct the section [ingest.mapping]"),
        "{words}"
    );
    let (_, report) = read(OWN, "[{\"mmsi\": 1}]\n");
    assert!(report.error.unwrap().to_string().contains("JSON"));
    // Asked for by name.
    let folder = Folder::new();
    let path = folder.file("a.csv", noaa);
    let asked = Options {
        format: Format::Mapped,
        ..options()
    };
    let by_number =
        "[ingest.mapping]\nheader = false\nskip_lines = 1\nmmsi = 1\ntime = 2\nlon = 4\nlat = 3\n";
    let archive = read_within(
        std::slice::from_ref(&path),
        &limits_of(by_number),
        &asked,
        &(),
    )
    .unwrap();
    assert_eq!(
        (
            archive.inputs()[0].format,
            archive.inputs()[0].rows_accepted
        ),
        ("mapped", 1)
    );
    let archive = read_within(&[path], &limits_of("[ingest]\n"), &asked, &()).unwrap();
    let words = archive.inputs()[0].error.as_ref().unwrap().to_string();
    assert!(words.contains("[ingest.mapping]"), "{words}");
}

/// The user knows better than a header: what a mapping says of columns that are there holds.
#[test]
fn a_mapping_whose_columns_are_all_there_is_used() {
    let own = "[ingest.mapping]\ntime_zone = '-04:00'\ntime = 'BaseDateTime'\nmmsi = 'MMSI'\nlon = 'LON'\nlat = 'lat'\n";
    let noaa = "MMSI,BaseDateTime,LAT,LON\n311000013,2018-06-02T05:33:01,33.03,-117.82\n";
    let (rows, report) = read(own, noaa);
    assert_eq!((report.format, report.note), ("mapped", None));
    assert_eq!(rows.time(0), "2018-06-02T09:33:01.000Z");
    let danish = "# Timestamp,Type of mobile,MMSI,Latitude,Longitude\n02/06/2018 05:33:01,Class A,311000013,33.03,-117.82\n";
    let its_own = "[ingest.mapping]\ntime_format = '%d/%m/%Y %H:%M:%S'\ntime_zone = 'Europe/Copenhagen'\ntime = '# Timestamp'\nmmsi = 'MMSI'\nlon = 'Longitude'\nlat = 'Latitude'\n";
    let (rows, report) = read(its_own, danish);
    assert_eq!((report.format, report.note), ("mapped", None));
    assert_eq!(rows.time(0), "2018-06-02T03:33:01.000Z");
    // One that lacks a column, names none, or has a number beyond the header's is another file's.
    for (mapping, words) in [
        (
            format!("{own}sog = 'speed'\n"),
            "whose speed (ingest.mapping.sog) it lacks",
        ),
        (format!("{own}sog = 5\n"), "whose column 5 it lacks"),
        (
            "[ingest.mapping]\nheader = false\nmmsi = 1\ntime = 2\nlon = 4\nlat = 3\n".to_owned(),
            "which names no column",
        ),
    ] {
        let (rows, report) = read(&mapping, noaa);
        assert_eq!(report.format, "marine_cadastre", "{mapping}");
        assert_eq!(rows.time(0), "2018-06-02T05:33:01.000Z");
        let note = report.note.unwrap();
        assert!(note.contains(words), "{note}");
    }
}

#[test]
fn longitudes_beyond_180_are_west_if_that_is_said() {
    let rows = "id,t,x,y\n1,2018-06-02T05:33:10,242.18,33\n1,2018-06-02T05:33:11,181,33\n1,2018-06-02T05:33:12,181,91\n\
                1,2018-06-02T05:33:13,-117.82,33\n1,2018-06-02T05:33:14,361,33\n1,2018-06-02T05:33:15,360,33\n1,2018-06-02T05:33:16,10,33\n";
    let places = |mapping: &str| {
        let (rows, report) = read(mapping, rows);
        let lons: Vec<i32> = rows
            .positions
            .iter()
            .map(|(_, p)| p.place().lon_e7())
            .collect();
        (
            lons,
            report.rejects.count(BadPosition),
            report.rejects.count(NoPosition),
        )
    };
    assert_eq!(places(OWN), (vec![-1_178_200_000, 100_000_000], 3, 2));
    let round = format!("{OWN}lon_range = '0..360'\n");
    let expected = (
        vec![
            -1_178_200_000,
            -1_790_000_000,
            -1_178_200_000,
            0,
            100_000_000,
        ],
        1,
        1,
    );
    assert_eq!(places(&round), expected);
    let scaled = round.replace("'x'", "{ column = 'x', scale = 1.0, offset = 0.0 }");
    assert_eq!(places(&scaled), expected);
    let (rows, _) = read(&round, "id,t,x,y\n1,2018-06-02T05:33:10,NA,NA\n");
    assert!(rows.positions.is_empty());
}

#[test]
fn what_makes_no_sense_is_refused() {
    let cases = [
        ("delimiter = 'ab'", "mapping.delimiter"),
        ("delimiter = '\"'", "mapping.delimiter"),
        ("time_format = 'unix'", "mapping.time_format"),
        ("time_format = '%Q'", "mapping.time_format"),
        ("time_zone = 'Paris'", "mapping.time_zone"),
        ("repeat = { from = 0, width = 4 }", "mapping.repeat"),
        ("repeat = { from = 12, width = 4 }", "mapping.repeat"),
        ("header = false", "mapping.mmsi"),
        ("sog = 0", "mapping.sog"),
        ("sog = { column = 'v', scale = 0.0 }", "mapping.sog"),
        ("sog = { column = 'v', offset = inf }", "mapping.sog"),
    ];
    let params = |text: &str| {
        let mut table: toml::Table = toml::from_str(text).unwrap();
        table.remove("ingest").unwrap().try_into::<Params>()
    };
    for (line, key) in cases {
        let refused = params(&format!("{OWN}{line}\n"))
            .unwrap()
            .validate()
            .unwrap_err();
        assert_eq!(refused.key, key, "{line}");
    }
    for line in [
        "colour = 'red'",
        "sog_unit = 'mph'",
        "lon_range = '0-360'",
        "sog = { column = 'v', factor = 2 }",
        "repeat = { from = 1 }",
    ] {
        assert!(params(&format!("{OWN}{line}\n")).is_err(), "{line}");
    }
    assert!(params("[ingest.mapping]\nmmsi = 1\n").is_err());
}

#[test]
fn several_reports_in_a_line() {
    let mapping = "[ingest.mapping]\ndelimiter = ','\nheader = false\nrepeat = { from = 2, width = 4 }\nmmsi = 1\ntime = 2\nlon = 3\nlat = 4\n";
    let point = "311000013,2018-06-02T05:33:10,1,2";
    let (rows, report) = read(
        mapping,
        format!(
            "a,{point},{point}\nb\nc,{point},7\nd,{point},0,2018-06-02T05:33:10,1,2\n{}\n",
            vec![point; 500].join(",").replacen("311", "x,311", 1)
        ),
    );
    assert_eq!(rows.positions.len(), 504);
    assert_eq!(
        report.rejects.iter().collect::<Vec<_>>(),
        [(BadMmsi, 1), (Malformed, 2)]
    );
}
