//! Real files, where they are at hand: a folder `shared/data` beside the repository. The numbers
//! were counted independently of this reader.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{Rows, limits, read_all};
use crate::ingest::{InputError, InputReport};
use crate::model::RejectReason::{self, BadMmsi, BadPosition, NoPosition, NotAVessel};
use crate::model::Timestamp;

fn read(name: &str) -> Option<(Rows, InputReport)> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    }
    let (rows, archive) = read_all(&[path], &limits()).unwrap();
    let report = archive.inputs()[0].clone();
    Some((rows, report))
}

struct Expected {
    rows: u64,
    positions: usize,
    vessels: usize,
    rejects: &'static [(RejectReason, u64)],
    first: &'static str,
    last: &'static str,
}

fn check(name: &str, expected: &Expected) {
    let Some((rows, report)) = read(name) else {
        return;
    };
    let vessels: BTreeSet<u32> = rows.positions.iter().map(|(_, p)| p.mmsi()).collect();
    assert_eq!(report.error, None, "{name}");
    assert_eq!(report.rows_read, expected.rows, "{name}");
    assert_eq!(rows.positions.len(), expected.positions, "{name}");
    assert_eq!(vessels.len(), expected.vessels, "{name}");
    let rejects: Vec<_> = report.rejects.iter().collect();
    assert_eq!(rejects, expected.rejects, "{name}");
    assert_eq!(report.first, Timestamp::parse(expected.first), "{name}");
    assert_eq!(report.last, Timestamp::parse(expected.last), "{name}");
}

#[test]
fn marine_cadastre() {
    check(
        "noaa/AIS_2017_01_Zone01_d01-20.csv",
        &Expected {
            rows: 3_264,
            positions: 3_263,
            vessels: 44,
            rejects: &[(BadMmsi, 1)],
            first: "2017-01-01T23:58:14",
            last: "2017-01-20T23:59:15",
        },
    );
    for name in [
        "noaa/AIS_2024_01_01_head.csv",
        "noaa/AIS_2024_01_01_head.zip",
    ] {
        check(
            name,
            &Expected {
                rows: 99,
                positions: 99,
                vessels: 99,
                rejects: &[],
                first: "2024-01-01T00:00:00",
                last: "2024-01-01T00:00:10",
            },
        );
    }
    check(
        "noaa/NYHarbor_2020_06_30_first_hour.csv",
        &Expected {
            rows: 8_689,
            positions: 8_689,
            vessels: 295,
            rejects: &[],
            first: "2020-06-30T00:00:00",
            last: "2020-06-30T00:59:59",
        },
    );
    check(
        "noaa/noaa_test_track.csv",
        &Expected {
            rows: 999,
            positions: 999,
            vessels: 1,
            rejects: &[],
            first: "2023-02-01T00:01:28",
            last: "2023-02-06T00:46:29",
        },
    );
}

#[test]
fn dma() {
    check(
        "dma/aisdk_2026-04-26_first97s.csv",
        &Expected {
            rows: 19_999,
            positions: 17_793,
            vessels: 1_666,
            rejects: &[(NoPosition, 38), (NotAVessel, 1_589)],
            first: "2026-04-26T00:00:00",
            last: "2026-04-26T00:01:37",
        },
    );
}

#[test]
fn one_set_of_rows_in_two_formats() {
    for name in [
        "derived/sbarc_as_noaa.csv.gz",
        "derived/sbarc_as_dma.csv.gz",
    ] {
        check(
            name,
            &Expected {
                rows: 416_047,
                positions: 415_884,
                vessels: 654,
                rejects: &[(BadMmsi, 1), (BadPosition, 9), (NotAVessel, 2)],
                first: "2018-06-01T00:00:00",
                last: "2018-06-04T23:59:59",
            },
        );
    }
}

/// Courses that came as signed numbers must agree with the headings of ships under way.
#[test]
fn courses_agree_with_headings() {
    for name in [
        "noaa/AIS_2017_01_Zone01_d01-20.csv",
        "noaa/NYHarbor_2020_06_30_first_hour.csv",
    ] {
        let Some((rows, _)) = read(name) else {
            continue;
        };
        let mut differences: Vec<f32> = rows
            .positions
            .iter()
            .filter(|(_, p)| p.sog_kn().is_some_and(|s| s > 5.0))
            .filter_map(|(_, p)| Some((p.cog_deg()?, p.heading_deg()?)))
            .filter(|(cog, _)| *cog > 204.8)
            .map(|(cog, heading)| ((cog - heading + 540.0).rem_euclid(360.0) - 180.0).abs())
            .collect();
        differences.sort_by(f32::total_cmp);
        assert!(differences.len() > 200, "{name}");
        assert!(differences[differences.len() / 2] < 3.0, "{name}");
    }
}

#[test]
fn foreign_files_are_refused_with_a_reason() {
    for name in ["mwhale/2020-10-02.csv", "aegean/vessel_positions.csv"] {
        if let Some((_, report)) = read(name) {
            assert!(
                matches!(report.error, Some(InputError::UnknownHeader { .. })),
                "{name}"
            );
        }
    }
    for name in [
        "shipstrike/AIS_2019_cleaned.RData",
        "dma/graser_ais_20170705.gpkg",
    ] {
        if let Some((_, report)) = read(name) {
            assert!(
                matches!(report.error, Some(InputError::UnknownForm { .. })),
                "{name}"
            );
        }
    }
}
