//! Files made to hurt: bombs, endless lines, names that climb, cells that are formulas or orders, numbers beyond all
//! bounds. Each is refused with a reason or counted, in bounded memory, and nothing is written where it shouldn't be.

use std::fs::{self, File};
use std::io::{Cursor, Read, Write};
use std::path::{Path, PathBuf};

use alongside::Config;
use alongside::ingest::{InputReport, Options, Params, read};
use alongside::model::{RejectReason, Timestamp};
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

use super::desk::{Desk, assert_refused, layers, run, run_after, said, text};

const HEADER: &str = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName\n";
const ROW: &str = "311000013,2018-06-02T05:00:00,33.7,-118.2,4.9,90.0,91,HYDRA\n";

struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// Reads a file, and holds that every row was accepted or rejected and that nothing else came to be here.
    fn read(&self, path: &Path) -> Vec<InputReport> {
        let before = everything(self.0.path());
        let options = Options::at(Timestamp::parse("2026-01-01").unwrap());
        let mut archive = read(&[path.to_owned()], &Params::default(), &options, &()).unwrap();
        for day in archive.days() {
            archive.take(day).unwrap();
        }
        let inputs = archive.inputs().to_vec();
        for input in &inputs {
            assert_eq!(input.rows_read, input.rows_accepted + input.rejects.total());
        }
        assert_eq!(everything(self.0.path()), before);
        inputs
    }
}

fn everything(folder: &Path) -> Vec<PathBuf> {
    let mut all: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    all.sort();
    all
}

fn error(input: &InputReport) -> String {
    input
        .error
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default()
}

fn zip_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Rows, and then nothing but one byte for so many megabytes.
fn swollen(megabytes: u64) -> impl Read {
    let head = format!("{HEADER}{ROW}");
    Cursor::new(head.into_bytes()).chain(std::io::repeat(b'7').take(megabytes << 20))
}

#[test]
fn what_unpacks_without_end_is_broken_off() {
    let folder = Folder::new();
    let mut zst = zstd::Encoder::new(Vec::new(), 1).unwrap();
    std::io::copy(&mut swollen(3000), &mut zst).unwrap();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::copy(&mut swollen(200), &mut gz).unwrap();
    let gz = gz.finish().unwrap();
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let best = SimpleFileOptions::default().compression_level(Some(9));
    zip.start_file("a.csv", best).unwrap();
    std::io::copy(&mut swollen(200), &mut zip).unwrap();
    // A bomb in a bomb, each of a decent ratio.
    let mut twice = zstd::Encoder::new(Vec::new(), 1).unwrap();
    twice.write_all(&gz).unwrap();
    for (name, bytes) in [
        ("bomb.zst", zst.finish().unwrap()),
        ("bomb.gz", gz),
        ("bomb.zip", zip.finish().unwrap().into_inner()),
        ("twice.zst", twice.finish().unwrap()),
    ] {
        let inputs = folder.read(&folder.file(name, &bytes));
        assert_eq!(inputs.len(), 1, "{name}");
        let words = error(&inputs[0]);
        assert!(words.contains("1000 times as long"), "{name}: {words}");
        // What came before counts, as with any damage; the endless line is one bad row at most.
        assert_eq!(inputs[0].rows_accepted, 1, "{name}");
        assert!(inputs[0].rows_read <= 2, "{name}");
    }
}

/// Many entries that point to one member: no single one of them is suspicious.
#[test]
fn an_archive_whose_members_overlap_is_refused() {
    let folder = Folder::new();
    let mut content = format!("{HEADER}{ROW}");
    content.push_str(&ROW.repeat(200));
    let plain = zip_of(&[("aa.csv", content.as_bytes())]);
    let directory = plain.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    let end = plain.windows(4).rposition(|w| w == b"PK\x05\x06").unwrap();
    let copies = 30_u16;
    let mut bomb = plain[..directory].to_vec();
    for i in 0..copies {
        let mut entry = plain[directory..end].to_vec();
        // The name stands 46 bytes on.
        entry[46] = b'a' + (i % 26) as u8;
        entry[47] = b'a' + (i / 26) as u8;
        bomb.extend(entry);
    }
    let mut last = plain[end..].to_vec();
    last[8..10].copy_from_slice(&copies.to_le_bytes());
    last[10..12].copy_from_slice(&copies.to_le_bytes());
    let size = u32::from(copies) * (end - directory) as u32;
    last[12..16].copy_from_slice(&size.to_le_bytes());
    bomb.extend(last);
    let inputs = folder.read(&folder.file("bomb.zip", &bomb));
    assert_eq!(inputs.len(), 1);
    assert!(
        error(&inputs[0]).contains("overlap"),
        "{}",
        error(&inputs[0])
    );
    assert_eq!(inputs[0].rows_read, 0);
}

#[test]
fn archives_in_archives_and_archives_of_thousands() {
    let folder = Folder::new();
    let inner = zip_of(&[("a.csv", format!("{HEADER}{ROW}").as_bytes())]);
    let inputs = folder.read(&folder.file("nested.zip", &zip_of(&[("inner.zip", &inner)])));
    assert!(
        error(&inputs[0]).contains("a zip inside an archive"),
        "{}",
        error(&inputs[0])
    );
    let names: Vec<String> = (0..3000).map(|i| format!("{i}.csv")).collect();
    let text = format!("{HEADER}{ROW}");
    let members: Vec<(&str, &[u8])> = names
        .iter()
        .map(|n| (n.as_str(), text.as_bytes()))
        .collect();
    let inputs = folder.read(&folder.file("many.zip", &zip_of(&members)));
    assert_eq!(inputs.len(), 3000);
    assert!(
        inputs
            .iter()
            .all(|i| i.rows_accepted == 1 && i.error.is_none())
    );
}

/// Nothing is ever unpacked to disk: a name is shown, without what a terminal would take for orders.
#[test]
fn names_that_climb_or_give_orders_are_only_shown() {
    let folder = Folder::new();
    let text = format!("{HEADER}{ROW}");
    let climbing = [
        "../../evil.csv",
        "/tmp/evil.csv",
        "C:\\evil.csv",
        "a\u{1b}[2J\u{202e}b\n.csv",
        "CON",
        "a/../../b.csv",
    ];
    let members: Vec<(&str, &[u8])> = climbing.map(|n| (n, text.as_bytes())).to_vec();
    let inputs = folder.read(&folder.file("names.zip", &zip_of(&members)));
    let shown: Vec<&str> = inputs
        .iter()
        .map(|i| i.member.as_deref().unwrap())
        .collect();
    assert_eq!(shown.len(), climbing.len());
    assert_eq!(shown[0], "../../evil.csv");
    assert_eq!(shown[3], "a[2Jb.csv");
    assert!(
        inputs
            .iter()
            .all(|i| i.rows_accepted == 1 && i.error.is_none())
    );
    assert!(!Path::new("/tmp/evil.csv").exists());
}

#[test]
fn a_line_without_end_takes_no_memory() {
    let folder = Folder::new();
    let path = folder.file(
        "endless.csv",
        format!("{HEADER}{}", ROW.repeat(2000)).as_bytes(),
    );
    // Two gigabytes of zeros, which take no room on disk.
    let file = File::options().write(true).open(&path).unwrap();
    file.set_len(2 << 30).unwrap();
    let words = ["inspect", text(&path), "--json", "-q"].map(str::to_owned);
    let output = run_after("ulimit -v 1000000", &words);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let input = &json["inputs"][0]["files"][0];
    assert_eq!(
        (&input["rows_read"], &input["rows_accepted"]),
        (&2001.into(), &2000.into())
    );
}

/// The one row of a text with this cell in a column, and what became of it.
fn with_cell(column: &str, cell: &str) -> (u64, Vec<RejectReason>) {
    let folder = Folder::new();
    let columns: Vec<&str> = HEADER.trim().split(',').collect();
    let at = columns.iter().position(|c| *c == column).unwrap();
    let mut cells: Vec<&str> = ROW.trim().split(',').collect();
    cells[at] = cell;
    let input = folder.read(&folder.file(
        "a.csv",
        format!("{HEADER}{}\n{ROW}", cells.join(",")).as_bytes(),
    ));
    assert_eq!(error(&input[0]), "", "{column} {cell}");
    assert_eq!(input[0].rows_read, 2, "{column} {cell}");
    let reasons = input[0].rejects.iter().filter(|(_, n)| *n > 0);
    let reasons = reasons.map(|(reason, _)| reason).collect();
    (input[0].rows_accepted, reasons)
}

#[test]
fn numbers_beyond_all_bounds_are_rejected_or_no_value() {
    let long = "9".repeat(10_000);
    let tiny = format!("0.{}1", "0".repeat(10_000));
    let numbers = [
        "1e400", "-1e400", "NaN", "inf", "-inf", "1e-400", &long, "0x10", "１２", "1,5\"", "--1",
    ];
    for cell in numbers {
        // Without its place a row is worth nothing.
        for column in ["LAT", "LON", "MMSI"] {
            let (accepted, reasons) = with_cell(column, &cell.replace(',', "."));
            let tolerated = cell == "1e-400";
            assert!(
                accepted == 1 && reasons.len() == 1 || tolerated,
                "{column} {cell}"
            );
        }
        // A speed that is none is no speed.
        for column in ["SOG", "COG", "Heading"] {
            let (accepted, reasons) = with_cell(column, &cell.replace(',', "."));
            assert_eq!((accepted, reasons.len()), (2, 0), "{column} {cell}");
        }
    }
    assert_eq!(
        with_cell("LAT", &tiny).1.len() + with_cell("LAT", &tiny).0 as usize,
        2
    );
    for time in [
        "99999-01-01T00:00:00",
        "+262142-01-01T00:00:00",
        "0000-00-00T00:00:00",
        "2018-02-30T00:00:00",
        "2018-06-02T25:00:00",
        "2018-06-02T05:00:00+99:99",
        "-2018-06-02T05:00:00",
        &long,
    ] {
        let (accepted, reasons) = with_cell("BaseDateTime", time);
        assert_eq!((accepted, reasons.len()), (1, 1), "{time}");
    }
}

#[test]
fn a_quote_never_closed_and_zero_bytes_stay_in_their_row() {
    for name in [
        "\"never closed",
        "a\"b",
        "\"",
        "NUL\0NUL",
        "\u{feff}",
        "\u{1b}[31m",
        "'; DROP TABLE encounters; --",
    ] {
        assert_eq!(with_cell("VesselName", name).0, 2, "{name:?}");
    }
}

#[test]
fn texts_that_are_none_are_named_for_what_they_are() {
    let folder = Folder::new();
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(format!("{HEADER}{ROW}").bytes().flat_map(|b| [b, 0]))
        .collect();
    let bom = format!("\u{feff}{HEADER}{ROW}");
    let columns = vec!["column"; 1_000_000].join(",");
    let wide = format!("{HEADER}{}\n{ROW}", ",".repeat(1_000_000));
    for (name, bytes, rows, words) in [
        ("utf16.csv", utf16.as_slice(), 0, "UTF-16"),
        ("bom.csv", bom.as_bytes(), 1, ""),
        (
            "columns.csv",
            format!("{columns}\n").as_bytes(),
            0,
            "no header of a known format",
        ),
        ("wide.csv", wide.as_bytes(), 1, ""),
        ("zeros.csv", &[0; 100_000], 0, "its bytes are no text"),
    ] {
        let inputs = folder.read(&folder.file(name, bytes));
        assert_eq!(inputs[0].rows_accepted, rows, "{name}");
        let said = error(&inputs[0]);
        assert!(
            said.contains(words) && said.is_empty() == words.is_empty(),
            "{name}: {said}"
        );
        assert!(said.len() < 1000, "{name}: {} bytes of error", said.len());
    }
}

/// Formulas of strangers stay text in every CSV that a spreadsheet may open.
#[test]
fn cells_that_are_formulas_are_guarded() {
    let folder = Folder::new();
    let formulas = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", " =1"];
    let mut rows = String::from(HEADER);
    for formula in formulas {
        rows.push_str(&format!("{formula},2018-06-02T05:00:00,1,1,1,1,1,X\n"));
    }
    rows.push_str(ROW);
    let path = folder.file("=formula.csv", rows.as_bytes());
    let out = folder.0.path().join("out");
    let rejects = folder.0.path().join("rejects.csv");
    let scan = |path: &Path, exports: &str, more: &[&str]| {
        let words = ["scan", text(path), "-o", text(&out), "--export", exports];
        let words = [&words[..], more].concat();
        let output = run(&words.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    };
    scan(&path, "csv", &["--rejects", text(&rejects)]);
    let mut lines = csv::Reader::from_path(&rejects).unwrap();
    let mut n = 0;
    for record in lines.records() {
        for cell in &record.unwrap() {
            assert!(
                !cell.trim_start().starts_with(['=', '+', '-', '@']),
                "{cell}"
            );
        }
        n += 1;
    }
    assert_eq!(n, formulas.len());
    // A ship's name, in a table.
    let named = rows.lines().next().unwrap().to_owned()
        + "\n311000013,2018-06-02T05:00:00,33.7,-118.2,4.9,90.0,91,=HYPERLINK(1)\n";
    let path = folder.file("name.csv", named.as_bytes());
    scan(&path, "csv,geojson,html", &[]);
    let vessels = fs::read_to_string(out.join("vessels.csv")).unwrap();
    assert!(vessels.contains(",'=HYPERLINK(1)"), "{vessels}");
}

#[test]
fn odd_names_of_files_are_names_like_any_other() {
    let desk = Desk::new(30, 2);
    let odd = "it's \"a\"; DROP TABLE alongside_manifest; --\u{1b}[2J\n\u{1f6a2}=1,2.csv";
    desk.put(odd, &fs::read(&desk.days[0]).unwrap());
    desk.put("torn\u{1b}[2J.csv.gz", b"\x1f\x8b\x08\x00broken");
    let output = desk.night(0);
    assert_refused(&output, 3, &["torn[2J.csv.gz"]);
    assert!(!said(&output).contains('\u{1b}'));
    desk.put_day(1);
    let output = desk.night(1);
    assert_refused(&output, 3, &["torn[2J.csv.gz"]);
    let db = rusqlite::Connection::open(desk.store()).unwrap();
    let known: i64 = db
        .query_row(
            "SELECT count(*) FROM alongside_manifest WHERE path LIKE '%' || ?1",
            [odd],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(known, 1);
    assert!(!layers(&desk.store()).is_empty());
}

#[test]
fn settings_and_areas_that_never_end_are_refused() {
    let desk = Desk::new(30, 1);
    let deep = desk.path("deep.geojson");
    fs::write(&deep, "[".repeat(200_000)).unwrap();
    let coordinates = format!(
        "{{\"type\":\"Polygon\",\"coordinates\":{}{}}}",
        "[".repeat(5000),
        "]".repeat(5000)
    );
    let nested = desk.path("nested.geojson");
    fs::write(&nested, coordinates).unwrap();
    let huge = desk.path("huge.geojson");
    fs::write(
        &huge,
        r#"{"type":"Polygon","coordinates":[[[1e400,0],[1,1],[0,1],[1e400,0]]]}"#,
    )
    .unwrap();
    let day = text(&desk.days[0]).to_owned();
    let out = desk.path("out");
    for file in [&deep, &nested, &huge] {
        for flag in ["--area", "--zones"] {
            let words = ["scan", &day, "-o", text(&out), flag, text(file)];
            let output = run(&words.map(str::to_owned));
            assert_refused(&output, 2, &[text(file)]);
            assert!(said(&output).len() < 2000);
        }
    }
    let toml = desk.path("deep.toml");
    for settings in [
        format!("a = {}", "[".repeat(100_000)),
        format!("{}x = 1", "a.".repeat(100_000)),
        "[ingest.mapping]\ntime=1\nmmsi=2\nlat=4\nlon={column=3,scale=1e400}".to_owned(),
        "[ingest.mapping]\ntime=1\nmmsi=2\nlat=4\nlon={column=3,scale=nan}".to_owned(),
        "[ingest.mapping]\ntime=1\nmmsi=2\nlat=4\nlon={column=3,offset=-inf}".to_owned(),
        "[ingest.mapping]\ntime=1\nmmsi=2\nlat=4\nlon={column=70000}".to_owned(),
        "[assess]\nlookback_d = 99999999999999999999".to_owned(),
    ] {
        fs::write(&toml, &settings).unwrap();
        let words = ["scan", &day, "-o", text(&out), "--config", text(&toml)];
        assert_refused(&run(&words.map(str::to_owned)), 2, &["deep.toml"]);
    }
    // A scale that is a number, if an absurd one, makes rows impossible, not the run.
    let absurd = "[ingest.mapping]\ntime='BaseDateTime'\nmmsi='MMSI'\nlat='LAT'\nlon={column='LON',scale=1e308}\n";
    let config = Config::parse(absurd, Path::new("a.toml")).unwrap();
    let options = Options {
        format: alongside::ingest::Format::Mapped,
        ..Options::at(Timestamp::parse("2026-01-01").unwrap())
    };
    let archive = read(&[PathBuf::from(&day)], &config.ingest, &options, &()).unwrap();
    let input = &archive.inputs()[0];
    assert_eq!(
        (input.rows_accepted, input.rejects.total()),
        (0, input.rows_read)
    );
    assert!(input.rows_read > 0);
}
