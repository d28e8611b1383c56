//! Real days beside the project, with events that were checked by hand. They can't be part of it (their terms
//! differ or aren't stated), so these tests run where the data lies and say so where it doesn't.

use std::fs::File;
use std::path::{Path, PathBuf};

use alongside::model::{Row, Table, Timestamp, Value};
use alongside::{Config, ScanRequest, Silent, scan};
use flate2::read::MultiGzDecoder;

// A test says where it didn't look.
#[allow(clippy::print_stdout)]
fn shared(file: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(file);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} isn't here", path.display());
    None
}

fn tables(file: PathBuf) -> Vec<Table> {
    let dir = tempfile::tempdir().unwrap();
    let request = ScanRequest::new(vec![file], dir.path().join("out"));
    scan(&Config::default(), &request, &Silent).unwrap().tables
}

fn rows(tables: &[Table], name: &str) -> Vec<Row> {
    let table = tables.iter().find(|t| t.schema.name == name).unwrap();
    table.rows().into_owned()
}

fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    match row.get(column) {
        Value::Text(text) => text,
        _ => "",
    }
}

fn number(row: &Row, column: &str) -> Option<f64> {
    match row.get(column) {
        Value::Decimal(v) => Some(*v),
        Value::Int(v) => Some(*v as f64),
        _ => None,
    }
}

fn time(row: &Row, column: &str) -> Timestamp {
    match row.get(column) {
        Value::Time(t) => *t,
        other => panic!("{column} is {other:?}"),
    }
}

fn is_transfer(row: &Row) -> bool {
    matches!(
        text(row, "kind"),
        "sts_transfer" | "bunkering" | "fishing_transshipment"
    )
}

/// Lightering off southern California, June 2018: ships, observed contact (UTC), least duration, least confidence.
const TRANSFERS: [(u32, u32, &str, &str, f64, f64); 5] = [
    (
        235_849_000,
        538_004_026,
        "2018-06-01T00:17",
        "2018-06-01T01:18",
        0.9,
        0.5,
    ),
    (
        538_002_262,
        538_004_026,
        "2018-06-02T07:00",
        "2018-06-02T07:42",
        0.6,
        0.5,
    ),
    (
        311_000_013,
        311_000_112,
        "2018-06-02T05:33",
        "2018-06-03T01:31",
        15.0,
        0.75,
    ),
    (
        538_004_319,
        538_007_181,
        "2018-06-03T09:26",
        "2018-06-03T11:33",
        2.0,
        0.75,
    ),
    (
        235_076_283,
        636_017_969,
        "2018-06-04T02:04",
        "2018-06-04T12:30",
        9.0,
        0.75,
    ),
];

/// Giver, taker, which draughts changed in these days, and the weights that both hulls allow, tonnes. The giver of the
/// third rose by 6.0 m; what her taker typed was received after the last of these days.
const CARGOES: [(u32, u32, &str, [f64; 2]); 3] = [
    (311_000_013, 311_000_112, "draught_both", [64e3, 90e3]),
    (538_007_181, 538_004_319, "draught_both", [40e3, 60e3]),
    (636_017_969, 235_076_283, "draught_one", [100e3, 131e3]),
];

/// Ships that drift for hours: MMSI, least hours.
const ADRIFT: [(u32, f64); 2] = [(311_000_013, 20.0), (538_005_486, 8.0)];

// The working is worth seeing.
#[allow(clippy::print_stdout)]
fn lightering(file: &str) {
    let Some(path) = shared(file) else { return };
    let tables = tables(path);
    let encounters = rows(&tables, "encounters");
    for (a, b, start, end, hours, confidence) in TRANSFERS {
        let of_pair: Vec<&Row> = encounters
            .iter()
            .filter(|r| {
                number(r, "mmsi_1") == Some(f64::from(a.min(b)))
                    && number(r, "mmsi_2") == Some(f64::from(a.max(b)))
            })
            .collect();
        assert_eq!(of_pair.len(), 1, "{a} and {b} meet once");
        let row = of_pair[0];
        let (start, end) = (
            Timestamp::parse(start).unwrap(),
            Timestamp::parse(end).unwrap(),
        );
        assert!(
            time(row, "start") < end && time(row, "end") > start,
            "{a} and {b} overlap"
        );
        assert!(
            number(row, "duration_h").unwrap() >= hours,
            "{a} and {b} last"
        );
        assert_eq!(text(row, "kind"), "sts_transfer", "{a} and {b}");
        assert!(
            number(row, "kind_confidence").unwrap() >= confidence,
            "{a} and {b}"
        );
    }
    for (from, to, method, tonnes) in CARGOES {
        let row = encounters
            .iter()
            .find(|r| number(r, "from_mmsi") == Some(f64::from(from)))
            .unwrap_or_else(|| panic!("{from} gives"));
        println!("{}", text(row, "volume_working"));
        assert_eq!(number(row, "to_mmsi"), Some(f64::from(to)));
        assert_eq!(text(row, "volume_method"), method);
        let t = number(row, "volume_t").unwrap();
        assert!((tonnes[0]..tonnes[1]).contains(&t), "{from}: {t} t");
        let [low, high] = ["volume_low_bbl", "volume_high_bbl"].map(|c| number(row, c).unwrap());
        assert!(high / low <= 2.0, "{from}: {low} to {high} bbl");
    }
    lawful_but_sure(&encounters);
    let others = encounters
        .iter()
        .filter(|r| is_transfer(r) && number(r, "distance_to_shore_km").unwrap() > 3.0)
        .count();
    assert_eq!(others, TRANSFERS.len(), "no other transfer off shore");
    silences(&rows(&tables, "gaps"));
    let loitering = rows(&tables, "loitering");
    for (mmsi, hours) in ADRIFT {
        let longest = loitering
            .iter()
            .filter(|r| number(r, "mmsi") == Some(f64::from(mmsi)))
            .filter_map(|r| number(r, "duration_h"))
            .fold(0.0, f64::max);
        assert!(longest >= hours, "{mmsi} drifts {longest} h");
    }
}

/// These are ordinary lightering: cargo moved (of two, both ships were heard at two moments only, which can't make it
/// sure), and nothing of it asks for review before others.
fn lawful_but_sure(encounters: &[Row]) {
    let transfers: Vec<&Row> = encounters
        .iter()
        .filter(|r| is_transfer(r) && number(r, "distance_to_shore_km").unwrap() > 3.0)
        .collect();
    for row in &transfers {
        let (confidence, risk) = (
            number(row, "confidence").unwrap(),
            number(row, "risk").unwrap(),
        );
        let sure = number(row, "kind_confidence").unwrap() >= 0.75;
        assert!(
            confidence >= if sure { 0.85 } else { 0.5 },
            "{}",
            text(row, "name_1")
        );
        assert!(risk < 0.5, "{}: {risk}", text(row, "name_1"));
    }
}

/// POLARIS VOYAGER isn't heard for 15.5 h alongside HYDRA VOYAGER, who is: no switch-off. Nothing that the data's own
/// limits cut is one, nor what is heard on another track.
fn silences(gaps: &[Row]) {
    let polaris = |r: &&Row| number(r, "mmsi") == Some(311_000_112.0);
    let alongside: Vec<&Row> = gaps
        .iter()
        .filter(polaris)
        .filter(|r| text(r, "explanation") == "alongside")
        .collect();
    assert!(
        alongside
            .iter()
            .any(|r| number(r, "duration_h").unwrap() > 15.0)
    );
    for row in gaps {
        let is_cut = matches!(
            text(row, "explanation"),
            "alongside" | "end_of_data" | "heard_otherwise" | "left_area" | "port"
        );
        assert!(
            !is_cut || *row.get("intentional") == Value::Null,
            "{}",
            text(row, "reasons")
        );
        assert!(
            *row.get("end") != Value::Null || is_cut,
            "an open gap is cut, or its ship is heard otherwise"
        );
    }
}

#[test]
fn lightering_in_marine_cadastre_form() {
    lightering("derived/sbarc_as_noaa.csv.gz");
}

#[test]
fn lightering_in_danish_form() {
    lightering("derived/sbarc_as_dma.csv.gz");
}

/// The same rows, of every ship those of alternate blocks of three hours only: of the two ships of a checked transfer never the
/// same blocks.
fn heard_in_turn(file: &Path, out: &Path) {
    let mut reader = csv::Reader::from_reader(MultiGzDecoder::new(File::open(file).unwrap()));
    let mut writer = csv::Writer::from_path(out).unwrap();
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|c| c == name).unwrap();
    let (mmsi, t) = (column("MMSI"), column("BaseDateTime"));
    writer.write_record(&header).unwrap();
    for record in reader.records().map(Result::unwrap) {
        let ship: u32 = record[mmsi].parse().unwrap();
        let takes = TRANSFERS.iter().any(|pair| pair.1 == ship);
        let gives = TRANSFERS.iter().any(|pair| pair.0 == ship);
        let odd = takes || (!gives && ship % 7 < 3);
        let block = Timestamp::parse(&record[t]).unwrap().0 / (3 * 3_600_000);
        if (block % 2 == 1) == odd {
            writer.write_record(&record).unwrap();
        }
    }
    writer.flush().unwrap();
}

#[test]
fn transfers_of_ships_heard_in_turn_are_called_with_little_confidence() {
    let Some(file) = shared("derived/sbarc_as_noaa.csv.gz") else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let blanked = dir.path().join("blanked.csv");
    heard_in_turn(&file, &blanked);
    let rows = rows(&tables(blanked), "encounters");
    let unheard = |r: &&Row| number(r, "observed_h") == Some(0.0) && is_transfer(r);
    let called: Vec<&Row> = rows.iter().filter(unheard).collect();
    assert!(called.len() >= 2, "{} of the checked ones", called.len());
    for row in called {
        let ships = ["mmsi_1", "mmsi_2"].map(|c| number(row, c).unwrap() as u32);
        let is_checked = |pair: &(u32, u32, &str, &str, f64, f64)| {
            ships == [pair.0.min(pair.1), pair.0.max(pair.1)]
        };
        assert!(TRANSFERS.iter().any(is_checked), "{ships:?}");
        assert_eq!(number(row, "kind_confidence"), Some(0.3));
        assert_eq!(number(row, "volume_bbl"), None);
    }
}

/// Fishing boats beside their gear's beacons, sport fishers on one spot: 2020-06-30, the sample of the US coast.
#[test]
fn a_day_of_the_us_coast_holds_no_transfer() {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/us_coast_2020-06-30.csv.gz");
    let encounters = rows(&tables(sample), "encounters");
    assert!(!encounters.is_empty());
    assert_eq!(encounters.iter().filter(|r| is_transfer(r)).count(), 0);
    let gear = |r: &&Row| (941_000_000.0..942_000_000.0).contains(&number(r, "mmsi_2").unwrap());
    assert_eq!(encounters.iter().filter(gear).count(), 0);
}

fn identities(file: &str) -> Option<Vec<(String, Option<f64>)>> {
    let found = rows(&tables(shared(file)?), "identity");
    let pair = |r: &Row| (text(r, "kind").to_owned(), number(r, "mmsi"));
    Some(found.iter().map(pair).collect())
}

/// What four days off southern California hold, each row looked at: wrong IMO numbers of three ships, two navy boats
/// that changed their names, two MMSIs of no country.
#[test]
fn identities_off_southern_california() {
    let Some(found) = identities("derived/sbarc_as_noaa.csv.gz") else {
        return;
    };
    let of = |kind: &str| found.iter().filter(|(k, _)| k == kind).count();
    assert!(found.contains(&("imo_check_digit".to_owned(), Some(416_475_000.0))));
    assert!(found.contains(&("unallocated_mid".to_owned(), Some(333_333_333.0))));
    for kind in [
        "shared_mmsi",
        "handover",
        "circle",
        "line",
        "jump",
        "on_land",
    ] {
        assert_eq!(of(kind), 0, "{kind}");
    }
    assert!(found.len() <= 8, "{found:?}");
}

/// Inland vessels on the Seine: numbers of inland vessels as IMO numbers, 100 km inside land.
#[test]
fn river_ships_are_what_they_say() {
    for day in ["20160331", "20160401", "20160404"] {
        if let Some(found) = identities(&format!("caribewave/ais_vernon_{day}.log")) {
            assert_eq!(found, []);
        }
    }
}

/// A tanker whose draught rose from 8.0 to 9.5 m in 38 hours of silence off California, bound for a lightering area; the
/// likely giver drifted there, itself seldom heard.
#[test]
fn a_one_sided_lightering_names_the_ship_that_waited() {
    let Some(file) = shared("derived/sbarc_as_noaa.csv.gz") else {
        return;
    };
    let rows = rows(&tables(file), "rendezvous");
    let waited: Vec<&Row> = rows
        .iter()
        .filter(|r| text(r, "kind") == "loiterer_in_gap")
        .filter(|r| number(r, "mmsi_dark") == Some(355_321_000.0))
        .collect();
    let place = |r: &Row| -number(r, "confidence").unwrap();
    let first = waited
        .iter()
        .min_by(|a, b| place(a).total_cmp(&place(b)))
        .unwrap();
    assert_eq!(number(first, "mmsi_partner"), Some(636_017_088.0));
    assert!(number(first, "rank").unwrap() <= 3.0);
    assert!(text(first, "reasons").contains("draught of 355321000 8.0 to 9.5 m"));
}

/// A tanker that awaits orders in the Kattegat, labelled as drifting: she steams back twice, and no part lasts two hours.
#[test]
fn a_tanker_that_drifts_and_steams_back_is_adrift() {
    let Some(file) = shared("dma_nmea/538004030_drift_1.ais") else {
        return;
    };
    let rows = rows(&tables(file), "loitering");
    let [row] = rows.as_slice() else {
        panic!("{} rows", rows.len());
    };
    assert_eq!(text(row, "state"), "adrift");
    assert!(number(row, "duration_h").unwrap() > 2.4);
}
