//! Each format against rows from real files.

use super::{Folder, limits, read_all, read_text};
use crate::ingest::archive::read_within;
use crate::ingest::{Format, InputError, Options};
use crate::model::{
    AisClass, LonLat, Mmsi, NavStatus, PositionReport, RejectReason, StaticRecord, Timestamp,
};

fn place(lon: f64, lat: f64) -> LonLat {
    LonLat::from_degrees(lon, lat).unwrap()
}

#[test]
fn marine_cadastre_2017() {
    let (rows, report) = read_text(
        "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo\n\
         366940480,2017-01-04T11:39:36,52.48730,-174.02316,10.0,-140.7,267.0,EARLY DAWN,IMO7821130,WDB7319,1001,undefined,32.95,8.82,4.0,31\n\
         366940480,2017-01-04T11:40:45,52.48718,-174.02835,-0.1,-49.6,511.0,EARLY DAWN,IMO7821130,WDB7319,1001,under way using engine,32.95,8.82,4.0,31\n\
         311000111,2017-01-04T11:40:45,52.5,-174.0,12.1,75.0,74.0,TANK,,,1024,moored,182,,,\n",
    );
    assert_eq!(
        (report.format, report.rows_accepted),
        ("marine_cadastre", 3)
    );
    let mmsi = Mmsi::new(366_940_480).unwrap();
    let (_, p) = rows.positions[1];
    assert_eq!(rows.time(1), "2017-01-04T11:39:36.000Z");
    // 268.9 degrees in twelve bits, read as a signed number: the heading is 267.
    let expected = PositionReport::new(mmsi, p.ms(), place(-174.02316, 52.48730))
        .with_sog_kn(Some(10.0))
        .with_cog_deg(Some(268.9))
        .with_heading_deg(Some(267.0));
    assert_eq!(p, expected);
    let (_, p) = rows.positions[2];
    assert_eq!(
        (p.sog_kn(), p.cog_deg(), p.heading_deg()),
        (None, None, None)
    );
    assert_eq!(p.nav_status(), NavStatus::new(0));
    assert_eq!(p.class(), None);
    let span = rows.statics.iter().find(|s| s.mmsi == 366_940_480).unwrap();
    assert_eq!(span.seen.heard.count(), 1);
    assert_eq!(span.seen.last.to_string(), "2017-01-04T11:40:45.000Z");
    let expected = StaticRecord {
        imo: Some(7_821_130),
        name: Some("EARLY DAWN".into()),
        callsign: Some("WDB7319".into()),
        // The transmitted type in `Cargo` wins over the register's.
        ship_type: Some(31),
        length_dm: Some(330),
        beam_dm: Some(88),
        draught_dm: Some(40),
        ..StaticRecord::default()
    };
    assert_eq!(span.record, expected);
    let tanker = rows.statics.iter().find(|s| s.mmsi == 311_000_111).unwrap();
    assert_eq!(
        (tanker.record.ship_type, tanker.record.imo),
        (Some(80), None)
    );
}

#[test]
fn marine_cadastre_2018_and_a_copy() {
    let (rows, report) = read_text(
        "BaseDateTime,LON,LAT,MMSI,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TranscieverClass,ETA\r\n\
         2020-06-30T00:00:00,-74.02433,40.54291,366999618,19.0,-61.8,349.0,CG SHRIKE,,NPBG,90.0,0.0,26.0,5.0,,,B,2020-06-30T19:40:00\r\n\
         2020-06-30T00:00:01,-74.02,40.54,366999618,19.0,347.8,349.0,CG SHRIKE,IMO0000000,NPBG,90.0,15.0,26.0,5.0,0.0,,A,\r\n",
    );
    assert_eq!(report.rows_accepted, 2);
    let (a, b) = (rows.positions[0].1, rows.positions[1].1);
    assert_eq!(
        (a.class(), b.class()),
        (Some(AisClass::B), Some(AisClass::A))
    );
    assert_eq!((a.cog_deg(), b.cog_deg()), (Some(347.8), Some(347.8)));
    assert_eq!((a.nav_status(), b.nav_status()), (NavStatus::new(0), None));
    // Written differently, the same said.
    assert_eq!(rows.statics.len(), 1);
    assert_eq!(rows.statics[0].record.ship_type, Some(90));
}

#[test]
fn marine_cadastre_2025_and_other_names() {
    let (rows, report) = read_text(
        "mmsi,base_date_time,longitude,latitude,sog,cog,heading,vessel_name,imo,call_sign,vessel_type,status,length,width,draft,cargo,transceiver\n\
         338075892,2025-01-01 00:00:03,-70.25298,43.65322,0,358.8,511,PILOT BOAT SPRING PT,,WDB8945,50,0,20,6,0,,A\n",
    );
    assert_eq!(report.rows_accepted, 1);
    assert_eq!(rows.positions[0].1.place(), place(-70.25298, 43.65322));
    assert_eq!(rows.positions[0].1.class(), Some(AisClass::A));
    assert_eq!(rows.statics[0].record.length_dm, Some(200));
    let (rows, report) = read_text(
        "mmsi,send,lat,lon,sog,cog,Heading,name,IMO,CallSign,category,nav,Length,Width,Draft,Cargo,TransceiverClass,dist2coast,flag_code,trackId,distance_to_coast\n\
         212049000,2023-02-02 00:00:18,33.3843,-77.90511,11.6,93.3,86.0,TUFTY,IMO9393163,5BMK2,70,0,185.0,23.0,10.4,70.0,A,3000.0,CYP,B:212049000,51240\n",
    );
    assert_eq!(report.rows_accepted, 1);
    assert_eq!(rows.time(0), "2023-02-02T00:00:18.000Z");
    assert_eq!(rows.statics[0].record.name.as_deref(), Some("TUFTY"));
    assert_eq!(rows.statics[0].record.draught_dm, Some(104));
}

const DMA: &str = "# Timestamp,Type of mobile,MMSI,Latitude,Longitude,Navigational status,ROT,SOG,COG,Heading,IMO,Callsign,Name,Ship type,Cargo type,Width,Length,Type of position fixing device,Draught,Destination,ETA,Data source type,A,B,C,D\n";

#[test]
fn dma() {
    let (rows, report) = read_text(format!(
        "{DMA}26/04/2026 00:00:00,Class A,211429600,54.693287,8.575183,Under way using engine,0.0,0.0,,62,Unknown,Unknown,,Undefined,,,,Undefined,,Unknown,,AIS,,,,\n\
         26/04/2026 23:59:59,Class A,636014574,29.15365,-116.259483,Unknown value,,21.4,360.0,511,9261451,A8UY9,ZANTE@@@,Tanker,Category X,40,279,GPS,12.4,MXZLO,,AIS,200,79,20,20\n\
         26/04/2026 00:00:00,Class B,211429601,91.0,0.0,Unknown value,,,,,Unknown,DABC,SMALL,Pleasure,,4,12,GPS,,,,AIS,0,12,0,4\n\
         26/04/2026 00:00:00,Class B,211429601,91.0,0.0,Unknown value,,,,,Unknown,Unknown,,Undefined,,,,Undefined,,,,AIS,,,,\n\
         26/04/2026 00:00:00,Base Station,2190064,55.1,12.3,Unknown value,,,,,Unknown,Unknown,,Undefined,,,,Surveyed,,,,AIS,,,,\n\
         26/04/2026 00:00:00,AtoN,992190064,55.1,12.3,Unknown value,,,,,Unknown,Unknown,,Undefined,,,,Surveyed,,,,AIS,,,,\n\
         31/04/2026 00:00:00,Class A,211429600,54.7,8.6,Moored,,,,,Unknown,Unknown,,Undefined,,,,Undefined,,Unknown,,AIS,,,,\n"
    ));
    assert_eq!(
        (report.format, report.rows_read, report.rows_accepted),
        ("dma", 7, 3)
    );
    assert_eq!(report.rejects.count(RejectReason::NoPosition), 1);
    assert_eq!(report.rejects.count(RejectReason::NotAVessel), 2);
    assert_eq!(report.rejects.count(RejectReason::BadTime), 1);
    assert_eq!(rows.positions.len(), 2);
    assert_eq!(rows.time(0), "2026-04-26T00:00:00.000Z");
    let first = rows.positions[0].1;
    assert_eq!((first.heading_deg(), first.cog_deg()), (Some(62.0), None));
    assert_eq!(first.nav_status(), NavStatus::new(0));
    let second = rows.positions[1].1;
    assert_eq!(
        (second.heading_deg(), second.cog_deg(), second.nav_status()),
        (None, None, None)
    );
    // Nothing static on the first row: no span for it.
    assert_eq!(rows.statics.len(), 2);
    let small = &rows.statics[0].record;
    assert_eq!(
        (small.ship_type, small.length_dm, small.to_stern_m),
        (Some(37), Some(120), None)
    );
    let zante = &rows.statics[1].record;
    assert_eq!(
        (zante.name.as_deref(), zante.ship_type),
        (Some("ZANTE"), Some(81))
    );
    assert_eq!(
        (zante.to_bow_m, zante.to_starboard_m, zante.draught_dm),
        (Some(200), Some(20), Some(124))
    );
    assert_eq!(zante.destination.as_deref(), Some("MXZLO"));
}

#[test]
fn tables() {
    use polars::prelude::*;
    let t = Timestamp::parse("2018-06-02T05:33:10").unwrap().0;
    let mut frame = df!(
        "mmsi" => [311_000_013i64, 311_000_112, 311_000_112, 0, 5],
        "t" => [t, t + 1000, t + 86_400_000, t, t],
        "lon" => [Some(-117.82), Some(f64::NAN), Some(-117.8), Some(1.0), Some(181.0)],
        "lat" => [Some(33.03), None, Some(33.0), Some(1.0), Some(91.0)],
        "sog_kn" => [Some(4.9f32), None, Some(102.3), None, None],
        "class" => [Some("A"), Some("B"), None, None, None],
        "name" => [Some("HYDRA VOYAGER"), Some(" POLARIS@"), None, None, None],
        "draught_m" => [Some(18.5), Some(0.0), None, None, None],
        "nav_status" => [Some(5i8), Some(-1), None, None, None],
        "to_bow_m" => [Some(300i16), None, None, None, None],
        "unused" => [1, 2, 3, 4, 5],
    )
    .unwrap();
    let folder = Folder::new();
    let parquet = folder.path().join("a.bin");
    ParquetWriter::new(std::fs::File::create(&parquet).unwrap())
        .with_row_group_size(Some(2))
        .finish(&mut frame)
        .unwrap();
    let ipc = folder.path().join("b.bin");
    let micro = (frame.column("t").unwrap() * 1000)
        .cast(&DataType::Datetime(TimeUnit::Microseconds, None))
        .unwrap();
    frame.with_column(micro).unwrap();
    IpcWriter::new(std::fs::File::create(&ipc).unwrap())
        .finish(&mut frame)
        .unwrap();
    let (one, archive) = read_all(std::slice::from_ref(&parquet), &limits()).unwrap();
    let report = &archive.inputs()[0];
    assert_eq!((report.format, &report.error), ("parquet", &None));
    assert_eq!((report.rows_read, report.rows_accepted), (5, 3));
    assert_eq!(report.rejects.count(RejectReason::BadMmsi), 1);
    assert_eq!(report.rejects.count(RejectReason::NoPosition), 1);
    assert_eq!(one.positions.len(), 2);
    assert_eq!(one.time(0), "2018-06-02T05:33:10.000Z");
    assert_eq!(
        (one.positions[0].1.sog_kn(), one.positions[1].1.sog_kn()),
        (Some(4.9), None)
    );
    assert_eq!(one.positions[0].1.class(), Some(AisClass::A));
    assert_eq!(one.statics.len(), 2);
    assert_eq!(one.statics[0].record.draught_dm, Some(185));
    let statuses = [0, 1].map(|i| one.positions[i].1.nav_status());
    assert_eq!(statuses, [NavStatus::new(5), None]);
    let (two, archive) = read_all(&[ipc], &limits()).unwrap();
    assert_eq!(
        (archive.inputs()[0].format, &archive.inputs()[0].error),
        ("ipc", &None)
    );
    assert_eq!(one, two);

    let mut frame = df!("mmsi" => [1], "lon" => [1.0]).unwrap();
    let lacking = folder.path().join("c.parquet");
    ParquetWriter::new(std::fs::File::create(&lacking).unwrap())
        .finish(&mut frame)
        .unwrap();
    let cut = std::fs::read(&parquet).unwrap();
    let cut = folder.file("d.parquet", &cut[..cut.len() - 20]);
    let (_, archive) = read_all(&[lacking, cut], &limits()).unwrap();
    let message = archive.inputs()[0].error.as_ref().unwrap().to_string();
    assert!(message.contains("lacks t, lat"), "{message}");
    assert!(matches!(
        archive.inputs()[1].error,
        Some(InputError::Damaged { .. })
    ));
}

#[test]
fn a_format_can_be_asked_for() {
    let folder = Folder::new();
    let path = folder.file(
        "a.csv",
        format!(
            "{DMA}26/04/2026 00:00:00,Class A,211429600,54.693287,8.575183,,,,,,,,,,,,,,,,,,,,,\n"
        ),
    );
    let asked = |format| {
        let options = Options {
            format,
            ..super::options()
        };
        let archive = read_within(std::slice::from_ref(&path), &limits(), &options, &()).unwrap();
        archive.inputs()[0].clone()
    };
    assert_eq!(asked(Format::Dma).rows_accepted, 1);
    assert_eq!(asked(Format::Auto).rows_accepted, 1);
    let wrong = asked(Format::MarineCadastre).error.unwrap().to_string();
    assert!(
        wrong.contains("lacks basedatetime for the format marine_cadastre"),
        "{wrong}"
    );
    assert!(matches!(
        asked(Format::Parquet).error,
        Some(InputError::UnknownForm { .. })
    ));
}

#[test]
fn formats_have_the_names_of_their_reports() {
    for format in Format::ALL {
        let name = toml::Value::try_from(format).unwrap();
        assert_eq!(name.as_str(), Some(format.name()));
    }
}
