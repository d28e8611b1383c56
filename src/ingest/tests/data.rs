//! Real files, where they are at hand: a folder `shared/data` beside the repository.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{Rows, limits, read_all};
use crate::ingest::InputReport;
use crate::model::RejectReason;

fn data(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("skipped: {} is not there", path.display());
    None
}

fn read(name: &str) -> Option<(Rows, InputReport)> {
    let path = data(name)?;
    let (rows, archive) = read_all(&[path], &limits()).unwrap();
    let input = archive.inputs()[0].clone();
    let vessels: BTreeSet<u32> = rows.positions.iter().map(|(_, p)| p.mmsi()).collect();
    eprintln!(
        "{name}: {} read {} accepted {} positions {} spans {} vessels {} {:?}..{:?} rejects {:?} error {:?}",
        input.format,
        input.rows_read,
        input.rows_accepted,
        rows.positions.len(),
        rows.statics.len(),
        vessels.len(),
        input.first.map(|t| t.to_string()),
        input.last.map(|t| t.to_string()),
        input.rejects.iter().collect::<Vec<_>>(),
        input.error,
    );
    Some((rows, input))
}

#[test]
fn all() {
    for f in [
        "noaa/AIS_2017_01_Zone01_d01-20.csv",
        "noaa/AIS_2024_01_01_head.csv",
        "noaa/AIS_2024_01_01_head.zip",
        "noaa/NYHarbor_2020_06_30_first_hour.csv",
        "noaa/noaa_test_track.csv",
        "dma/aisdk_2026-04-26_first97s.csv",
        "dma/task_a_all_invalid_jumps.csv",
        "derived/sbarc_as_noaa.csv.gz",
        "derived/sbarc_as_dma.csv.gz",
        "mwhale/2020-10-02.csv",
        "aegean/vessel_positions.csv",
        "shipstrike/AIS_2019_cleaned.RData",
        "dma/graser_ais_20170705.gpkg",
    ] {
        read(f);
    }
    let _ = RejectReason::BadMmsi;
}
