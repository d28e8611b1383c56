//! Real NMEA logs against another decoder: positions and counts by `pyais` 3.3.1 (PyPI), held as facts.
//!
//! Its messages were put through the rules that hold here (least length of a type, kinds of stations, possible
//! places, sentinels), written as lines `mmsi,lon,lat,sog,cog,heading` in the units that are sent (1/10,000
//! minute, 1/10 knot, 1/10 degree, degree; -1 for what isn't known), sorted and hashed.

use std::io::Read;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use super::{Rows, read_text};

/// The sentences of a log, each with the same time before it: some logs have none.
fn timed(name: &str) -> Option<Vec<u8>> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(name);
    let Ok(mut bytes) = std::fs::read(&path) else {
        eprintln!("skipped: {} is not there", path.display());
        return None;
    };
    if name.ends_with(".gz") {
        let mut text = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes.as_slice())
            .read_to_end(&mut text)
            .unwrap();
        bytes = text;
    }
    let mut text = Vec::new();
    for line in bytes.split(|b| *b == b'\n') {
        let sentence = line.iter().position(|b| *b == b'!');
        if let Some(at) = sentence {
            text.extend_from_slice(b"1400000000,");
            text.extend_from_slice(&line[at..]);
            text.push(b'\n');
        }
    }
    Some(text)
}

fn digest(rows: &Rows) -> (usize, String) {
    let raw = |e7: i32| (f64::from(e7) * 0.06).round() as i64;
    let tenths = |v: Option<f32>| v.map_or(-1, |v| (v * 10.0).round() as i32);
    let mut lines: Vec<String> = rows
        .positions
        .iter()
        .map(|(_, p)| {
            let heading = p.heading_deg().map_or(-1, |h| h as i32);
            format!(
                "{},{},{},{},{},{heading}\n",
                p.mmsi(),
                raw(p.place().lon_e7()),
                raw(p.place().lat_e7()),
                tenths(p.sog_kn()),
                tenths(p.cog_deg()),
            )
        })
        .collect();
    lines.sort_unstable();
    let digest = Sha256::digest(lines.concat());
    let hex = digest.iter().take(8).map(|b| format!("{b:02x}")).collect();
    (lines.len(), hex)
}

#[test]
fn the_same_positions() {
    let expected: &[(&str, usize, &str)] = &[
        ("bcl/SAR.log", 9_157, "ab48c2edb8918751"),
        ("aishub/nmea-sample.txt", 72_246, "7e85bfb25835c195"),
        ("amsa_nmea/ais.txt.gz", 25_096, "8231881eefe9a930"),
        (
            "amsa_nmea/exact-earth-augmented.txt",
            2_918,
            "bcd1d5f213a3f70a",
        ),
        (
            "amsa_nmea/exact-earth-augmented-2.txt",
            786,
            "d664146fb617077a",
        ),
        (
            "amsa_nmea/exact-earth-with-tag-block.txt",
            178,
            "ffbf8bfae8b1204d",
        ),
        ("amsa_nmea/nmea-timestamped.txt", 97, "2310f046c4cfac14"),
        (
            "caribewave/ais_vernon_20160331.log",
            39_855,
            "d373a28d1d2ddeb5",
        ),
        (
            "caribewave/ais_vernon_20160401.log",
            34_611,
            "4394dfac836d0b48",
        ),
        (
            "caribewave/ais_vernon_20160404.log",
            33_043,
            "6dd647b074c3b92b",
        ),
        ("caribewave/log_ais_cw17.csv.log", 9_662, "76bb06469b7676c7"),
        ("dma_nmea/219165000_ssc_1.ais", 59, "ec4750a2bea29a24"),
        ("dma_nmea/538004030_drift_1.ais", 5_029, "651774e0502edb54"),
        (
            "dma_nmea/ais-sample_20131112.txt.gz",
            24_659,
            "ea83451aae87e510",
        ),
        ("kystverket/Ais1000Lines.nm4", 742, "0dba49a45c0c668a"),
        ("signalk/gofree-merrimac.log", 1_297, "8704e694064318ff"),
    ];
    for (name, positions, hash) in expected {
        let Some(text) = timed(name) else { continue };
        let (rows, report) = read_text(text);
        assert_eq!(report.format, "nmea", "{name}");
        assert_eq!(digest(&rows), (*positions, (*hash).to_owned()), "{name}");
    }
}
