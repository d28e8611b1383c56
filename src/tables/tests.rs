use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::cell::canonical;
use super::*;
use crate::model::table::Row;
use crate::model::{Column, ColumnType, Table, TableSchema, Timestamp, Value};

static SCHEMA: TableSchema = TableSchema {
    name: "sample",
    doc: "A table with a column of every type.",
    columns: &[
        Column {
            name: "text",
            kind: ColumnType::Text,
            doc: "Text.",
        },
        Column {
            name: "int",
            kind: ColumnType::Int,
            doc: "Whole number.",
        },
        Column {
            name: "decimal_2",
            kind: ColumnType::Decimal(2),
            doc: "Two places.",
        },
        Column {
            name: "decimal_0",
            kind: ColumnType::Decimal(0),
            doc: "No places.",
        },
        Column {
            name: "bool",
            kind: ColumnType::Bool,
            doc: "Truth.",
        },
        Column {
            name: "time",
            kind: ColumnType::Time,
            doc: "Time.",
        },
    ],
};

/// `SCHEMA` as a later version might have it: a column more, one less, another order.
static LATER: TableSchema = TableSchema {
    name: "sample",
    doc: "Later.",
    columns: &[
        Column {
            name: "new",
            kind: ColumnType::Text,
            doc: "New.",
        },
        Column {
            name: "int",
            kind: ColumnType::Int,
            doc: "Whole number.",
        },
    ],
};

static RETYPED: TableSchema = TableSchema {
    name: "sample",
    doc: "Retyped.",
    columns: &[Column {
        name: "text",
        kind: ColumnType::Int,
        doc: "Was text.",
    }],
};

type Cells = (
    Option<String>,
    Option<i64>,
    Option<f64>,
    Option<f64>,
    Option<bool>,
    Option<i64>,
);

fn cells() -> impl Strategy<Value = Cells> {
    let number = || {
        prop_oneof![
            8 => -1e7..1e7f64,
            1 => any::<f64>(),
            1 => Just(-0.0),
        ]
    };
    let text = prop_oneof![
        // Names as crews type them, and what a hostile one might.
        "[A-Z ,\"'=+@\\-\t\r\n]{0,8}",
        any::<String>(),
    ];
    (
        proptest::option::of(text),
        proptest::option::of(any::<i64>()),
        proptest::option::of(number()),
        proptest::option::of(number()),
        proptest::option::of(any::<bool>()),
        proptest::option::of(0..4_102_444_800_000i64),
    )
}

fn table(rows: Vec<Cells>) -> Table {
    let rows = rows
        .into_iter()
        .map(|(text, int, two, zero, truth, time)| {
            let mut row = Row::new(&SCHEMA);
            row.set("text", text)
                .set("int", int)
                .set("decimal_2", two)
                .set("decimal_0", zero)
                .set("bool", truth)
                .set("time", time.map(Timestamp));
            row
        })
        .collect();
    Table::new(&SCHEMA, rows)
}

fn bytes(table: &Table, format: Export) -> Vec<u8> {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("t");
    match format {
        Export::Parquet => write_files(table, Some(path.clone()), None).unwrap(),
        Export::Csv => write_files(table, None, Some(path.clone())).unwrap(),
        Export::Gpkg => geopackage::write(&path, &[table]).unwrap(),
        Export::Geojson => geojson_file::write(&path, &[table]).unwrap(),
        Export::Html => panic!("a page is no table"),
    }
    fs::read(path).unwrap()
}

fn expected(table: &Table) -> Vec<Vec<Value>> {
    table
        .rows()
        .iter()
        .map(|row| {
            row.cells()
                .iter()
                .zip(SCHEMA.columns)
                .map(|(v, c)| canonical(v, c.kind))
                .collect()
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn parquet_gives_back_what_was_written(rows in proptest::collection::vec(cells(), 0..20)) {
        let table = table(rows);
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("sample.parquet");
        write_files(&table, Some(path.clone()), None).unwrap();
        let back = read_parquet(&path, &SCHEMA).unwrap();
        let found: Vec<Vec<Value>> = back.rows().iter().map(|r| r.cells().to_vec()).collect();
        prop_assert_eq!(found, expected(&table));
        // What was read is rounded already: writing it again changes no byte.
        prop_assert_eq!(bytes(&back, Export::Parquet), bytes(&table, Export::Parquet));
        prop_assert_eq!(bytes(&back, Export::Csv), bytes(&table, Export::Csv));
    }

    #[test]
    fn csv_gives_back_what_was_written(rows in proptest::collection::vec(cells(), 0..20)) {
        let table = table(rows);
        let written = bytes(&table, Export::Csv);
        let mut reader = csv::Reader::from_reader(written.as_slice());
        let header = reader.headers().unwrap().clone();
        prop_assert_eq!(
            header.iter().collect::<Vec<_>>(),
            SCHEMA.columns.iter().map(|c| c.name).collect::<Vec<_>>()
        );
        let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        prop_assert_eq!(records.len(), table.len());
        for (record, cells) in records.iter().zip(expected(&table)) {
            for ((field, value), column) in record.iter().zip(cells).zip(SCHEMA.columns) {
                match value {
                    // Empty is null: CSV can't tell the two apart.
                    Value::Null => prop_assert_eq!(field, ""),
                    Value::Text(text) => {
                        prop_assert_eq!(field, guarded(&text));
                        prop_assert!(!field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
                    }
                    Value::Int(v) => prop_assert_eq!(field.parse::<i64>().unwrap(), v),
                    Value::Decimal(v) => {
                        prop_assert_eq!(field.parse::<f64>().unwrap(), v);
                        let ColumnType::Decimal(n) = column.kind else { unreachable!() };
                        let places = field.split_once('.').map_or(0, |(_, p)| p.len());
                        prop_assert_eq!(places, usize::from(n));
                    }
                    Value::Bool(v) => prop_assert_eq!(field.parse::<bool>().unwrap(), v),
                    Value::Time(t) => prop_assert_eq!(Timestamp::parse(field), Some(t)),
                }
            }
        }
    }
}

#[test]
fn csv_looks_like_this() {
    let table = table(vec![
        (
            Some("=SUM(A1), \"MV\"".to_owned()),
            Some(-7),
            Some(-1.005),
            Some(2.5),
            Some(true),
            Some(1_527_917_590_000),
        ),
        (None, None, Some(-0.001), None, None, None),
    ]);
    assert_eq!(
        String::from_utf8(bytes(&table, Export::Csv)).unwrap(),
        "text,int,decimal_2,decimal_0,bool,time\n\
         \"'=SUM(A1), \"\"MV\"\"\",-7,-1.00,3,true,2018-06-02T05:33:10.000Z\n\
         ,,0.00,,,\n"
    );
}

#[test]
fn other_versions_of_a_table_are_read_by_name() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("sample.parquet");
    let table = table(vec![(
        Some("A".to_owned()),
        Some(5),
        None,
        None,
        None,
        None,
    )]);
    write_files(&table, Some(path.clone()), None).unwrap();
    let later = read_parquet(&path, &LATER).unwrap();
    assert_eq!(later.rows()[0].cells(), [Value::Null, Value::Int(5)]);
    let refused = read_parquet(&path, &RETYPED).unwrap_err().to_string();
    assert!(refused.contains("column 'text'"), "{refused}");
    fs::write(&path, "no parquet").unwrap();
    assert!(matches!(
        read_parquet(&path, &SCHEMA),
        Err(TableError::Decode { .. })
    ));
}

fn run_json(files: &[String]) -> String {
    serde_json::json!({ "program": "alongside", "files": files }).to_string()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn write_result(out: &Path, text: &str) {
    let mut dir = OutputDir::create(out).unwrap();
    dir.write_table(&table(vec![]), &Export::ALL).unwrap();
    dir.write_text("note.txt", text).unwrap();
    let run = run_json(dir.files());
    dir.commit(&run).unwrap();
}

#[test]
fn a_result_appears_whole_and_replaces_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("a/b/out");
    write_result(&out, "first");
    write_result(&out, "second");
    assert_eq!(
        names(&out),
        ["note.txt", "run.json", "sample.csv", "sample.parquet"]
    );
    assert_eq!(fs::read_to_string(out.join("note.txt")).unwrap(), "second");
    assert_eq!(names(out.parent().unwrap()), ["out"]);
    let folder = Folder::open(&out).unwrap();
    assert_eq!(folder.table(&SCHEMA).unwrap().len(), 0);
    assert!(folder.run().unwrap().contains("alongside"));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let plain = dir.path().join("plain");
        fs::create_dir(&plain).unwrap();
        let mode = |p: &Path| fs::metadata(p).unwrap().permissions().mode();
        assert_eq!(mode(&out), mode(&plain));
    }
}

#[test]
fn a_dropped_result_leaves_nothing_and_spoils_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let deep = dir.path().join("x/y/out");
    drop(OutputDir::create(&deep).unwrap());
    assert_eq!(names(dir.path()), [] as [&str; 0]);

    let out = dir.path().join("out");
    write_result(&out, "kept");
    let caught = std::panic::catch_unwind(|| {
        let mut half = OutputDir::create(&out).unwrap();
        half.write_text("note.txt", "half").unwrap();
        panic!("on purpose");
    });
    assert!(caught.is_err());
    assert_eq!(names(dir.path()), ["out"]);
    assert_eq!(fs::read_to_string(out.join("note.txt")).unwrap(), "kept");
}

#[test]
fn a_foreign_folder_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    let check = |path: &Path| OutputDir::check(path).map_err(|e| e.to_string());
    assert_eq!(check(dir.path()), Ok(()), "an empty folder will do");
    assert_eq!(check(&dir.path().join("new")), Ok(()));

    fs::write(dir.path().join("thesis.txt"), "dear").unwrap();
    let refused = check(dir.path()).unwrap_err();
    assert!(refused.contains("thesis.txt"), "{refused}");
    assert!(matches!(
        OutputDir::check(&dir.path().join("thesis.txt")),
        Err(TableError::NotAFolder { .. })
    ));

    let out = dir.path().join("out");
    write_result(&out, "ours");
    assert_eq!(check(&out), Ok(()));
    fs::write(out.join(".DS_Store"), "").unwrap();
    assert_eq!(check(&out), Ok(()));
    // A person's own file beside our results is not ours to delete.
    fs::write(out.join("notes.md"), "mine").unwrap();
    assert!(check(&out).unwrap_err().contains("notes.md"));

    // Somebody else's run.json makes no result.
    let other = dir.path().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join(RUN_FILE), "{\"program\": \"else\"}").unwrap();
    assert!(check(&other).unwrap_err().contains("run.json"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_mount_point_and_a_place_that_cannot_be_are_refused_at_once() {
    assert!(super::output_dir::is_mount_point(Path::new("/proc")));
    assert!(!super::output_dir::is_mount_point(Path::new("/proc/self")));
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("file"), "").unwrap();
    let refused = OutputDir::rehearse(&dir.path().join("file/out")).unwrap_err();
    assert!(matches!(refused, TableError::Write { .. }), "{refused}");
    OutputDir::rehearse(&dir.path().join("a/b")).unwrap();
    assert_eq!(names(dir.path()), ["file"]);
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_stays_a_link() {
    let dir = tempfile::tempdir().unwrap();
    let real = dir.path().join("real");
    let link = dir.path().join("link");
    fs::create_dir(&real).unwrap();
    std::os::unix::fs::symlink(&real, &link).unwrap();
    write_result(&link, "through");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(
        fs::read_to_string(real.join("note.txt")).unwrap(),
        "through"
    );
}
