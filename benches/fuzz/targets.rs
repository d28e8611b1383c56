//! What is fed, and with what.

use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use alongside::evaluate::{read_encounters, read_truth};
use alongside::gazetteer::{Area, Gazetteer, Zones};
use alongside::ingest::{Options, Params, read};
use alongside::model::{Timestamp, schema};
use alongside::pipeline::{Engine, EngineParams, NightRequest, Results, nightly};
use alongside::registry::{Registry, Watchlist};
use alongside::simulate::{self, Format, simulate};
use alongside::volumes::read_published;
use alongside::{Config, ScanRequest, Silent, scan};
use tempfile::TempDir;

/// Something that reads a file.
pub struct Target {
    pub name: &'static str,
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// What is put around damaged bytes, so that they come past a checksum.
    pub wrap: fn(Vec<u8>) -> Vec<u8>,
    pub run: fn(&Path),
}

impl Target {
    fn new(name: &'static str, seeds: fn() -> Vec<Vec<u8>>, run: fn(&Path)) -> Self {
        let wrap = |bytes| bytes;
        Self {
            name,
            seeds,
            wrap,
            run,
        }
    }
}

/// Every target.
pub fn all() -> Vec<Target> {
    vec![
        Target::new("columns", columns, |path| ingest(path, &Params::default())),
        Target::new("mapped", columns, |path| ingest(path, &MAPPED)),
        Target::new("nmea", nmea, |path| ingest(path, &Params::default())),
        Target::new("sbarc", sbarc, |path| {
            let named = path.with_file_name("AIS_SBARC_180601-00.txt");
            fs::copy(path, &named).unwrap();
            ingest(&named, &Params::default());
        }),
        Target::new("wrapped", wrapped, |path| ingest(path, &Params::default())),
        Target::new("tables", tables, |path| {
            ingest(path, &Params::default());
            let _ = alongside::tables::read_parquet(path, &schema::EVIDENCE);
        }),
        Target::new("results", results, |path| {
            let _ = alongside::tables::read_parquet(path, &schema::ENCOUNTERS);
            let table = path.with_extension("parquet");
            fs::copy(path, &table).unwrap();
            let _ = read_encounters(&table);
        }),
        Target::new("lists", lists, read_lists),
        Target::new("settings", settings, |path| {
            if let Ok(text) = fs::read_to_string(path)
                && let Ok(config) = Config::parse(&text, path)
            {
                let _ = config.validate();
                assert!(Config::parse(&config.to_toml(), path).is_ok());
            }
        }),
        Target {
            wrap: |bytes| {
                let packed = zstd::encode_all(bytes.as_slice(), 1).unwrap();
                [FACTS_HEADER.as_bytes(), &packed].concat()
            },
            ..Target::new("facts", facts, |path| {
                let folder = path.with_extension("folder");
                fs::create_dir_all(&folder).unwrap();
                fs::write(folder.join("run.json"), "{}").unwrap();
                fs::copy(path, folder.join("facts.bin")).unwrap();
                let _ = alongside::tables::Folder::open(&folder).unwrap().facts();
            })
        },
        Target::new(
            "state",
            || vec![WORLD.state.clone()],
            |path| {
                let mut engine = engine();
                if engine.resume(&fs::read(path).unwrap()).is_ok() {
                    engine.suspend().unwrap();
                }
            },
        ),
        Target::new("store", || vec![WORLD.store.clone()], read_store),
    ]
}

const FACTS_HEADER: &str = concat!("alongside facts ", env!("CARGO_PKG_VERSION"), "\n");

/// A mapping with units, a zone and several columns in one, for the header of the Danish files.
static MAPPED: LazyLock<Params> = LazyLock::new(|| {
    let text = "[ingest.mapping]\ntime = 1\nmmsi = 'MMSI'\nlon = { column = 'Longitude', scale = 1e-3 }\n\
                lat = 'Latitude'\nsog = 'SOG'\nname = 'Name'\nto_bow = 'A'\nto_stern = 'B'\n";
    Config::parse(text, Path::new("mapping.toml"))
        .unwrap()
        .ingest
});

fn clock() -> Timestamp {
    Timestamp::parse("2030-01-01").unwrap()
}

fn ingest(path: &Path, params: &Params) {
    let params = &Params {
        block_mb: 1,
        ..params.clone()
    };
    let options = Options {
        keep_rejects: Some(path.with_extension("rejects")),
        ..Options::at(clock())
    };
    let mut archive = read(&[path.to_owned()], params, &options, &()).unwrap();
    let rows: u64 = archive.inputs().iter().map(|i| i.rows_read).sum();
    let kept: u64 = archive
        .inputs()
        .iter()
        .map(|i| i.rows_accepted + i.rejects.total())
        .sum();
    assert_eq!(rows, kept, "a row is accepted or rejected, once");
    for day in archive.days() {
        archive.take(day).unwrap();
    }
    archive.publish_rejects().unwrap();
}

fn engine() -> Engine {
    Engine::new(EngineParams::default(), Arc::new(Gazetteer::builtin()))
}

fn read_lists(path: &Path) {
    let content = fs::read(path).unwrap();
    let _ = Registry::parse(&content, path);
    let _ = Watchlist::read(path);
    let _ = Zones::from_geojson(path);
    let _ = Area::from_geojson(path);
    let _ = read_truth(path);
    let _ = read_published(path);
    let csv = path.with_extension("csv");
    fs::copy(path, &csv).unwrap();
    let _ = read_encounters(&csv);
}

fn read_store(path: &Path) {
    let Ok(results) = Results::open(path) else {
        return;
    };
    for schema in schema::ALL {
        let _ = results.table(schema).map(|t| t.len());
    }
    let _ = results.run();
    let _ = results.facts();
    let _ = alongside::pipeline::changes_since(path, 0);
}

/// A small world and what the program made of it.
struct World {
    dir: TempDir,
    state: Vec<u8>,
    store: Vec<u8>,
}

/// Lines of one text that are enough.
const LINES: usize = 60;

static WORLD: LazyLock<World> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    let params = simulate::Params {
        vessels: 25,
        days: 1,
        seed: 3,
        ..simulate::Params::default()
    };
    for (name, format) in [
        ("mc", Format::MarineCadastre),
        ("dma", Format::Danish),
        ("nmea", Format::Nmea),
    ] {
        simulate(&params, &dir.path().join(name), format).unwrap();
    }
    let inputs: Vec<PathBuf> = vec![dir.path().join("mc")];
    scan(
        &Config::default(),
        &ScanRequest::new(inputs.clone(), dir.path().join("out")),
        &Silent,
    )
    .unwrap();
    let store = dir.path().join("sts.gpkg");
    let inbox = dir.path().join("inbox");
    fs::create_dir(&inbox).unwrap();
    let day = inbox.join("day.csv");
    fs::copy(texts(dir.path(), "mc")[0].as_path(), &day).unwrap();
    let hour = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    fs::File::options()
        .write(true)
        .open(&day)
        .unwrap()
        .set_modified(hour)
        .unwrap();
    let mut request = NightRequest::new(&store, &inbox);
    request.complete_to = Some(Timestamp(params.start.0 + 86_400_000));
    nightly(&Config::default(), &request, &Silent).unwrap();
    let mut archive = read(&inputs, &Params::default(), &Options::at(clock()), &()).unwrap();
    let mut engine = engine();
    for day in archive.days() {
        engine.step(archive.take(day).unwrap());
    }
    let state = engine.suspend().unwrap();
    let store = fs::read(store).unwrap();
    World { dir, state, store }
});

/// The texts in a folder but the truth.
fn texts(world: &Path, name: &str) -> Vec<PathBuf> {
    let files = fs::read_dir(world.join(name))
        .unwrap()
        .map(|e| e.unwrap().path());
    files
        .filter(|p| !p.ends_with("truth.csv") && !p.ends_with("run.json"))
        .collect()
}

fn head(bytes: &[u8]) -> Vec<u8> {
    let lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').take(LINES).collect();
    lines.concat()
}

fn simulated(name: &str) -> Vec<u8> {
    head(&fs::read(&texts(WORLD.dir.path(), name)[0]).unwrap())
}

fn columns() -> Vec<Vec<u8>> {
    let harbour = include_bytes!("../../data/ny_harbor_2020-06-30T00.csv.gz");
    let mut real = Vec::new();
    std::io::Read::read_to_end(
        &mut flate2::read::MultiGzDecoder::new(&harbour[..]),
        &mut real,
    )
    .unwrap();
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(real[..4000].iter().flat_map(|b| [*b, 0]))
        .collect();
    vec![head(&real), simulated("mc"), simulated("dma"), utf16]
}

fn nmea() -> Vec<Vec<u8>> {
    let plain = b"!AIVDM,1,1,,A,13HOI:0P0000VOHLCnHQKwvL05Ip,0*23\r\n\
        !AIVDM,2,1,3,B,55P5TL01VIaAL@7WKO@mBplU@<PDhh000000001S;AJ::4A80?4i@E53,0*3E\r\n\
        !AIVDM,2,2,3,B,1@0000000000000,2*55\r\n2020-06-30T00:00:01Z !AIVDM,1,1,,B,B43JRq00LhTWc5VejDI>wwWUoP06,0*29\n";
    vec![simulated("nmea"), plain.to_vec()]
}

fn sbarc() -> Vec<Vec<u8>> {
    let lines = "00:00:00:633;SM SEAHAWK;80;980.6;148.1;1;0;355658000;0;253;18;0;-111.922780;21.958637;298.1;300;14;0;0;0;0;0;22\n\
        00:00:06:720;KODIAK;0;30.82;116.4;18;0;367640780;0;0.4;0;-119.223383;34.178033;12.5;511;12;0;1;0;1;1;1;0;0;1\n\
        00:01:48:970;5;0;538090175;0;9293129;V7ID9;CAPE BASTIA;80;230;44;30;18;1;396480;155;LONG BEACH,USA;0\n\
        00:00:06:757;24;0;366948820;0;M/Y BESO;0;;;0;0;0;0;0\n\
        00:00:06:760;24;0;366948820;1;;37;;WDB7855;6;6;3;2;0\n";
    vec![lines.into()]
}

fn wrapped() -> Vec<Vec<u8>> {
    let plain = simulated("mc");
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(&plain).unwrap();
    let gz = gz.finish().unwrap();
    let zst = zstd::encode_all(plain.as_slice(), 1).unwrap();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [("a.csv", &plain), ("b/c.csv.gz", &gz), ("../d.csv", &plain)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(content).unwrap();
    }
    vec![gz, zst, zip.finish().unwrap().into_inner()]
}

fn tables() -> Vec<Vec<u8>> {
    use polars::prelude::{
        DataFrame, IpcCompression, IpcWriter, NamedFrom, ParquetCompression, ParquetWriter,
        SerWriter, Series,
    };
    let n = 40_i64;
    let columns = vec![
        Series::new(
            "mmsi".into(),
            (0..n).map(|i| 311_000_013 + i % 3).collect::<Vec<i64>>(),
        )
        .into(),
        Series::new(
            "t".into(),
            (0..n)
                .map(|i| 1_528_000_000_000 + i * 60_000)
                .collect::<Vec<i64>>(),
        )
        .into(),
        Series::new(
            "lon".into(),
            (0..n)
                .map(|i| -117.0 + i as f64 * 1e-3)
                .collect::<Vec<f64>>(),
        )
        .into(),
        Series::new(
            "lat".into(),
            (0..n).map(|i| 33.0 + i as f64 * 1e-3).collect::<Vec<f64>>(),
        )
        .into(),
        Series::new(
            "name".into(),
            (0..n).map(|i| format!("SHIP {i}")).collect::<Vec<String>>(),
        )
        .into(),
        Series::new("class".into(), vec!["A"; n as usize]).into(),
    ];
    let mut frame = DataFrame::new(n as usize, columns).unwrap();
    let (mut parquet, mut plain, mut packed) = (Vec::new(), Vec::new(), Vec::new());
    ParquetWriter::new(&mut parquet).finish(&mut frame).unwrap();
    IpcWriter::new(&mut plain).finish(&mut frame).unwrap();
    let zstd = Some(IpcCompression::ZSTD(Default::default()));
    IpcWriter::new(&mut packed)
        .with_compression(zstd)
        .finish(&mut frame)
        .unwrap();
    let mut unpacked = Vec::new();
    ParquetWriter::new(&mut unpacked)
        .with_compression(ParquetCompression::Uncompressed)
        .finish(&mut frame)
        .unwrap();
    let mut all = vec![parquet, unpacked, plain, packed];
    for name in ["differences_v1", "differences_v2", "dictionaries"] {
        all.push(fs::read(format!("benches/fuzz/seeds/{name}.parquet")).unwrap());
    }
    all
}

fn results() -> Vec<Vec<u8>> {
    let folder = WORLD.dir.path().join("out");
    ["encounters", "evidence", "vessels"]
        .iter()
        .map(|name| fs::read(folder.join(format!("{name}.parquet"))).unwrap())
        .collect()
}

fn lists() -> Vec<Vec<u8>> {
    let zones = fs::read("data/sts_zones.geojson").unwrap();
    let truth = head(&fs::read(WORLD.dir.path().join("mc/truth.csv")).unwrap());
    let register = b"imo,mmsi,name,class,dwt_t,length_m,beam_m,draught_m\n9293129,538090175,CAPE BASTIA,VLCC,300000,330,60,21.5\n";
    let sdn = b"36,\"AEROCARIBBEAN AIRLINES\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \n\
        15036,\"ARTAVIL\",\"vessel\",\"IRAN\",-0- ,\"5IEA2\",\"Crude Oil Tanker\",\"99144\",-0- ,\"Malta\",-0- ,\"Vessel Registration Identification IMO 9187629; MMSI 256843000.\"\n";
    let sanctions = br#"{"id":"a","schema":"Vessel","caption":"X","properties":{"imoNumber":["9187629"],"mmsi":["256843000"],"name":["X"]}}
"#;
    vec![
        zones,
        truth,
        register.to_vec(),
        sdn.to_vec(),
        sanctions.to_vec(),
        fs::read("data/un1718_vessels.csv").unwrap(),
        fs::read("data/dprk_deliveries.csv").unwrap(),
        b"event_id,mmsi_1,mmsi_2,start,end,kind\na,311000013,311000014,2018-06-02T05:00:00Z,2018-06-02T06:00:00Z,transfer\n".to_vec(),
    ]
}

fn settings() -> Vec<Vec<u8>> {
    let mapping = fs::read_to_string("docs/mappings.md").unwrap();
    let mut all: Vec<Vec<u8>> = mapping
        .split("```")
        .skip(1)
        .step_by(2)
        .map(|s| s.trim_start_matches("toml").into())
        .collect();
    all.push(alongside::config::DEFAULT_TOML.into());
    all
}

fn facts() -> Vec<Vec<u8>> {
    let packed = fs::read(WORLD.dir.path().join("out/facts.bin")).unwrap();
    vec![zstd::decode_all(&packed[FACTS_HEADER.len()..]).unwrap()]
}
