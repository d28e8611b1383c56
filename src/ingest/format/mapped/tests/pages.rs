//! Every mapping of `docs/mappings.md`, against rows of its archive and, where they are at hand, whole
//! files. What those hold was counted with Python's `csv` module.

use std::collections::BTreeSet;
use std::path::PathBuf;

use super::{of_page, read, read_path};
use crate::ingest::tests::Rows;
use crate::model::NavStatus;

/// Time, MMSI, longitude, latitude, SOG, COG, heading of the first position.
type First = (
    &'static str,
    u32,
    f64,
    f64,
    Option<f32>,
    Option<f32>,
    Option<f32>,
);

fn first(name: &str, text: &str, expected: First) -> Rows {
    let (rows, report) = read(&of_page(name), text);
    assert_eq!(
        (report.format, report.error.as_ref()),
        ("mapped", None),
        "{name}"
    );
    assert_eq!(report.rejects.total(), 0, "{name}: {:?}", report.rejects);
    let p = rows.positions[0].1;
    let e7 = |degrees: f64| (degrees * 1e7).round() as i32;
    assert_eq!(
        (p.place().lon_e7(), p.place().lat_e7()),
        (e7(expected.2), e7(expected.3)),
        "{name}"
    );
    assert_eq!(
        (rows.time(0).as_str(), p.mmsi()),
        (expected.0, expected.1),
        "{name}"
    );
    assert_eq!(
        (p.sog_kn(), p.cog_deg(), p.heading_deg()),
        (expected.4, expected.5, expected.6),
        "{name}"
    );
    rows
}

#[test]
fn rows_of_every_archive() {
    let rows = first(
        "mwhale",
        "DATETIME (UTC),MMSI,LATITUDE,LONGITUDE,COURSE,SPEED,HEADING,NAVSTAT,IMO,NAME,CALLSIGN,AIS TYPE,A,B,C,D,DRAUGHT,DESTINATION,ETA\r\
         2020-10-02 00:01:56 UTC,369010000,32.70365,-79.77063,203.1,0.3,114,3,0,DREDGE TEXAS,WDA4978,33,31,129,6,14,12,,00-00 24:60\r",
        (
            "2020-10-02T00:01:56.000Z",
            369_010_000,
            -79.77063,
            32.70365,
            Some(0.3),
            Some(203.1),
            Some(114.0),
        ),
    );
    assert_eq!(rows.positions[0].1.nav_status(), NavStatus::new(3));
    let record = &rows.statics[0].record;
    assert_eq!(
        (record.imo, record.name.as_deref(), record.ship_type),
        (None, Some("DREDGE TEXAS"), Some(33))
    );
    assert_eq!(
        (
            record.to_bow_m,
            record.to_stern_m,
            record.to_port_m,
            record.to_starboard_m
        ),
        (Some(31), Some(129), Some(6), Some(14))
    );
    assert_eq!(
        (record.length_dm, record.beam_dm, record.draught_dm),
        (Some(1600), Some(200), Some(120))
    );
    first(
        "singapore_tankers",
        "message_type,mmsi,navigation_status,rate_of_turn,speed_over_ground,longitude,latitude,course_over_ground,true_heading,timeStamp\r\n\
         1,353057000,4,0,125,62011910,743790,1350,133,2013-08-10T23:39:55Z\r\n",
        (
            "2013-08-10T23:39:55.000Z",
            353_057_000,
            103.3531833,
            1.23965,
            Some(12.5),
            Some(135.0),
            Some(133.0),
        ),
    );
    first(
        "vortexa",
        "\"timestamp\",\"mmsi\",\"lat\",\"lon\"\n\"2019-07-01 00:00:00.000\",\"258221500\",\"61.055\",\"5.505555\"\n",
        (
            "2019-07-01T00:00:00.000Z",
            258_221_500,
            5.505555,
            61.055,
            None,
            None,
            None,
        ),
    );
    first(
        "aegean",
        "vessel_id,t,lon,lat,heading,course,speed\r\n22,1675974381499,24.78247261047364,38.2495002746582,209,209,10\r\n",
        (
            "2023-02-09T20:26:21.499Z",
            22,
            24.7824726,
            38.2495003,
            Some(10.0),
            Some(209.0),
            Some(209.0),
        ),
    );
    let rows = first(
        "tracktable",
        "*T*,92d181d1-0745,terrestrial,2,0,*P*,terrestrial,2,1,1,0,367448070,2020-12-08 02:21:44,-74.0649,40.61758,367448070,2020-12-08 02:22:54,-74.06412,40.61791\n",
        (
            "2020-12-08T02:21:44.000Z",
            367_448_070,
            -74.0649,
            40.61758,
            None,
            None,
            None,
        ),
    );
    assert_eq!(rows.positions.len(), 2);
    let header = "MMSI,Time,Vessel_Name,Call_sign,IMO,Ship_Type,Dimension_to_Bow,Dimension_to_stern,Dimension_to_port,Dimension_to_starboard,Draught,Destination,Navigational_status,SOG,Longitude,Latitude,COG,Heading\n";
    let rows = first(
        "aisdb",
        &format!(
            "{header}\"432905000\",\"20210701_185151\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"0\",\"13.6\",\"-103.63687\",\"8.87747666667\",\"314.8\",\"315.0\"\n\
             \"538007407\",\"20210701_052052\",\"GH ZONDA            \",\"V7MF3  \",\"9436472\",\"71\",\"182\",\"49\",\"24\",\"8\",\"87\",\"BLUFF\",\"\",\"\",\"\",\"\",\"\",\"\"\n"
        ),
        (
            "2021-07-01T18:51:51.000Z",
            432_905_000,
            -103.63687,
            8.8774767,
            Some(13.6),
            Some(314.8),
            Some(315.0),
        ),
    );
    let record = &rows.statics[0].record;
    assert_eq!(
        (record.name.as_deref(), record.draught_dm, record.length_dm),
        (Some("GH ZONDA"), Some(87), Some(2310))
    );
    let rows = first(
        "noaa_gdb",
        "\"SOG\"\t\"COG\"\t\"Heading\"\t\"ROT\"\t\"BaseDateTime\"\t\"Status\"\t\"VoyageID\"\t\"MMSI\"\t\"ReceiverType\"\t\"ReceiverID\"\t\"coords.x1\"\t\"coords.x2\"\t\"VesselType\"\t\"Length\"\t\"Destination\"\t\"min_timediff\"\t\"interval\"\n\
         14.5\t278.399993896484\t279\t0\t\"2012-10-21 10:00:03\"\t0\t780\t538331900\t\"r\"\t\"17MFAL1\"\t-164.616262\t54.319477\t80\t229\t\"ZHANJIANG \\\"CHINA\\\"\"\t1.05\t1\n",
        (
            "2012-10-21T10:00:03.000Z",
            538_331_900,
            -164.616262,
            54.319477,
            Some(14.5),
            Some(278.4),
            Some(279.0),
        ),
    );
    let record = &rows.statics[0].record;
    assert_eq!((record.ship_type, record.length_dm), (Some(80), Some(2290)));
    assert_eq!(record.destination.as_deref(), Some("ZHANJIANG \"CHINA\""));
    first(
        "noaa_gdb_blanks",
        "\"SOG\" \"COG\" \"Heading\" \"ROT\" \"BaseDateTime\" \"Status\" \"VoyageID\" \"MMSI\" \"ReceiverType\" \"ReceiverID\" \"coords.x1\" \"coords.x2\" \"monthday\" \"keep\"\n\
         12 74 75 0 2012-12-01 12:45:49 0 1 477040015 \"r\" \"17MADA1\" -179.38625 50.630017 \"12-1\" 2\n",
        (
            "2012-12-01T12:45:49.000Z",
            477_040_015,
            -179.38625,
            50.630017,
            Some(12.0),
            Some(74.0),
            Some(75.0),
        ),
    );
    first(
        "solent",
        "Time,MMSI,Latitude_degrees,Longitude_degrees,COG_degrees,SOG_knots\n2016-01-12 13:02:11.218,235070762,50.7730133333333,-1.092935,157.8,5.9\n",
        (
            "2016-01-12T13:02:11.218Z",
            235_070_762,
            -1.092935,
            50.7730133,
            Some(5.9),
            Some(157.8),
            None,
        ),
    );
    first(
        "spire",
        "created_at,msg_timestamp,position_updated_at,mmsi,latitude,longitude,speed,course,heading,status\n\
         2024-01-24T18:39:41.005+00:00,2024-01-24T17:46:34+00:00,2024-01-24T17:46:34+00:00,209623000,-21.749011666666668,150.82959,2.9,347.8,54,0\n",
        (
            "2024-01-24T17:46:34.000Z",
            209_623_000,
            150.82959,
            -21.7490117,
            Some(2.9),
            Some(347.8),
            Some(54.0),
        ),
    );
    first(
        "m3",
        "id lon lat t speed heading annotation\r\n1 23.52378 38.04168 1722470412 0.04590 135.00000 STOP_START;GAP_END\r\n1 23.52380 38.04166 1722470532 0.04590 135.00000 \r\n",
        (
            "2024-08-01T00:00:12.000Z",
            1,
            23.52378,
            38.04168,
            Some(0.05),
            Some(135.0),
            None,
        ),
    );
    first(
        "m3_bare",
        "5 23.48402 37.35515 1722468684\n",
        (
            "2024-07-31T23:31:24.000Z",
            5,
            23.48402,
            37.35515,
            None,
            None,
            None,
        ),
    );
    first(
        "turkish_straits",
        "\u{FEFF}\"\",\"lat\",\"long\",\"sog\",\"cog\",\"heading\",\"rot\",\"nav_stt\",\"timestamp\",\"mmsi\",\"shiptype\",\"ship_name\",\"call_sign\",\"builder\",\"lengthoverallloa\"\n\
         \"0\",\"40.7575\",\"29.506120000000003\",\"10.300000190734863\",\"267.39999389648443\",\"262.0\",\"0.0\",\"0.0\",\"2022-02-16 13:27:00\",244010871,\"75\",\"HEEMSKERKGRACHT\",\"PBOQ\",\"China, People's Republic Of\",138.12\n",
        (
            "2022-02-16T13:27:00.000Z",
            244_010_871,
            29.50612,
            40.7575,
            Some(10.3),
            Some(267.4),
            Some(262.0),
        ),
    );
}

/// Mapping, file, positions, vessels, and sums over them: longitude and latitude in 1e-7 degree, milliseconds.
const FILES: &[(&str, &str, usize, usize, i64, i64, i64)] = &[
    (
        "mwhale",
        "mwhale/2020-10-09.csv",
        3_397,
        49,
        -2_712_648_777_200,
        1_108_391_445_000,
        5_442_803_585_987_000,
    ),
    (
        "singapore_tankers",
        "singapore_tankers/9327138.csv",
        39_253,
        1,
        40_701_562_497_212,
        490_620_297_476,
        54_593_259_517_435_000,
    ),
    (
        "singapore_tankers",
        "singapore_tankers/9443140.csv",
        18_100,
        1,
        18_768_231_688_406,
        221_560_438_480,
        25_494_649_254_340_000,
    ),
    (
        "vortexa",
        "vortexa/ais_20190701_5min.csv.gz",
        42_576,
        18_256,
        4_274_968_275_517,
        18_959_383_428_748,
        66_501_129_660_809_000,
    ),
    (
        "aegean",
        "aegean/vessel_positions.csv",
        28_069,
        474,
        7_016_025_637_292,
        10_551_987_913_730,
        47_077_324_223_950_603,
    ),
    (
        "tracktable",
        "tracktable/NYHarbor_2020_12_08.traj",
        9_091,
        37,
        -6_731_585_402_300,
        3_696_423_435_700,
        14_613_229_536_527_000,
    ),
    (
        "tracktable",
        "tracktable/US_coastal_2020_06_30.traj",
        235_967,
        1_185,
        -214_948_307_935_600,
        90_826_157_454_200,
        376_020_001_106_685_000,
    ),
    (
        "aisdb",
        "aisdb/test_data_20210701.csv",
        2_339,
        2_210,
        -50_111_932_978,
        234_636_871_568,
        3_801_205_570_855_000,
    ),
    (
        "noaa_gdb",
        "noaa_gdb2009_2014/Zone3_10_2012.txt",
        9_204,
        698,
        -15_226_797_166_900,
        5_078_405_876_120,
        12_429_047_428_647_000,
    ),
    (
        "noaa_gdb_blanks",
        "noaa_gdb2009_2014/Zone1_12_2012.csv",
        38_220,
        158,
        -67_548_952_565_860,
        19_813_387_345_980,
        51_799_936_007_001_000,
    ),
    (
        "solent",
        "solent/SolentAIS_20160112_130211.csv",
        18_623,
        91,
        -206_695_052_639,
        9_457_152_270_266,
        27_051_887_669_766_691,
    ),
    (
        "spire",
        "spire/sample.csv",
        5_000,
        100,
        3_129_348_223_250,
        254_749_340_850,
        8_530_591_971_100_000,
    ),
    (
        "spire",
        "spire/task4_mmsi_563040400.csv",
        4_313,
        1,
        1_237_004_051_901,
        1_903_804_516_800,
        6_942_479_713_665_000,
    ),
    (
        "m3",
        "m3/vessel_1_id_annotated.csv",
        9_427,
        1,
        2_217_640_616_500,
        3_582_558_261_800,
        16_240_991_191_728_000,
    ),
    (
        "m3_bare",
        "m3/vessels.csv",
        18_834,
        5,
        4_447_474_293_000,
        7_130_085_238_600,
        32_447_675_261_309_000,
    ),
    (
        "turkish_straits",
        "turkish_straits/data_formatted.csv",
        461,
        17,
        136_718_230_230,
        190_515_118_280,
        758_352_490_740_000,
    ),
];

#[test]
fn whole_files() {
    for (mapping, file, positions, vessels, lon, lat, ms) in FILES {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("../shared/data")
            .join(file);
        if !path.exists() {
            eprintln!("skipped: {} is not there", path.display());
            continue;
        }
        let (rows, report) = read_path(&of_page(mapping), &path);
        assert_eq!((report.format, report.error), ("mapped", None), "{file}");
        let mmsis: BTreeSet<u32> = rows.positions.iter().map(|(_, p)| p.mmsi()).collect();
        assert_eq!(
            (rows.positions.len(), mmsis.len()),
            (*positions, *vessels),
            "{file}"
        );
        let mut sums = (0i64, 0i64, 0i64);
        for (day, p) in &rows.positions {
            sums.0 += i64::from(p.place().lon_e7());
            sums.1 += i64::from(p.place().lat_e7());
            sums.2 += day.start().0 + i64::from(p.ms());
        }
        // The last digit of a rounded half may go either way.
        let near = |a: i64, b: i64| a.abs_diff(b) <= *positions as u64 / 1000;
        assert!(near(sums.0, *lon) && near(sums.1, *lat), "{file}: {sums:?}");
        assert_eq!(sums.2, *ms, "{file}");
    }
}
