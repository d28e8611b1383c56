//! Days of traffic, an inbox and a store, worked on by the program itself.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

use alongside::model::Timestamp;
use alongside::simulate::{Format, Params, simulate};
use rusqlite::Connection;
use rusqlite::types::Value;
use tempfile::TempDir;

pub(super) const PROGRAM: &str = env!("CARGO_BIN_EXE_alongside");

/// Days of traffic, an inbox and a store.
pub(super) struct Desk {
    pub(super) dir: TempDir,
    pub(super) days: Vec<PathBuf>,
}

impl Desk {
    pub(super) fn new(vessels: usize, days: u32) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let params = Params {
            vessels,
            days,
            seed: 9,
            ..Params::default()
        };
        let all = dir.path().join("all");
        let made = simulate(&params, &all, Format::MarineCadastre).unwrap();
        fs::create_dir(dir.path().join("inbox")).unwrap();
        let mut days: Vec<PathBuf> = made.files.iter().map(|f| all.join(f)).collect();
        days.sort();
        Self { dir, days }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(super) fn inbox(&self) -> PathBuf {
        self.path("inbox")
    }

    pub(super) fn store(&self) -> PathBuf {
        self.path("sts.gpkg")
    }

    /// Puts bytes into the inbox as if they had come an hour ago.
    pub(super) fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.inbox().join(name);
        fs::write(&path, bytes).unwrap();
        age(&path);
        path
    }

    pub(super) fn put_day(&self, i: usize) -> PathBuf {
        self.put(self.day_name(i), &fs::read(&self.days[i]).unwrap())
    }

    /// Under which name a day lies in the inbox.
    pub(super) fn day_name(&self, i: usize) -> &str {
        self.days[i].file_name().unwrap().to_str().unwrap()
    }

    /// The start of the day after this one.
    pub(super) fn end_of(&self, i: usize) -> Timestamp {
        let first = Params::default().start;
        Timestamp(first.0 + (i as i64 + 1) * 86_400_000)
    }

    /// The words of a night that seals so many days.
    pub(super) fn words(&self, store: &Path, to: usize) -> Vec<String> {
        let inbox = self.inbox();
        let words = ["nightly", "--store", text(store), "--inbox", text(&inbox)];
        let words = words.into_iter().map(str::to_owned);
        words
            .chain(["--complete-to".to_owned(), self.end_of(to).to_string()])
            .collect()
    }

    pub(super) fn night(&self, to: usize) -> Output {
        run(&self.words(&self.store(), to))
    }

    /// A night that must end well.
    pub(super) fn good_night(&self, to: usize) {
        let output = self.night(to);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    }

    /// The store holds what one whole night over all files would have made.
    pub(super) fn assert_as_if_nothing_had_happened(&self, to: usize) {
        let other = self.path("undisturbed.gpkg");
        let output = run(&self.words(&other, to));
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert_eq!(layers(&self.store()), layers(&other));
        assert_sound(&self.store());
    }
}

pub(super) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

pub(super) fn age(path: &Path) {
    let file = File::options().write(true).open(path).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(3600))
        .unwrap();
}

pub(super) fn run(words: &[String]) -> Output {
    Command::new(PROGRAM).args(words).output().unwrap()
}

/// Runs the program by a shell that does this first.
pub(super) fn run_after(first: &str, words: &[String]) -> Output {
    Command::new("sh")
        .args(["-c", &format!("{first}; exec \"$0\" \"$@\""), PROGRAM])
        .args(words)
        .output()
        .unwrap()
}

pub(super) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// It ended with this code and said all of this.
pub(super) fn assert_refused(output: &Output, code: i32, parts: &[&str]) {
    let words = said(output);
    assert_eq!(output.status.code(), Some(code), "{words}");
    for part in parts {
        assert!(words.contains(part), "{part:?} is not in: {words}");
    }
    assert!(!words.contains("panicked"), "{words}");
}

/// The rows of a layer, in a fixed order and without the numbers that SQLite gives.
pub(super) type Layer = (String, Vec<Vec<Value>>);

/// Every row of every layer.
pub(super) fn layers(store: &Path) -> Vec<Layer> {
    let db = Connection::open(store).unwrap();
    let mut names = db
        .prepare(
            "SELECT table_name FROM gpkg_contents WHERE table_name != 'layer_styles' ORDER BY 1",
        )
        .unwrap();
    let names: Vec<String> = names
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let rows = |name: &str| {
        let mut statement = db.prepare(&format!("SELECT * FROM \"{name}\"")).unwrap();
        let n = statement.column_count();
        let rows = statement.query_map([], |row| (1..n).map(|i| row.get(i)).collect());
        let mut rows: Vec<Vec<Value>> = rows.unwrap().collect::<Result<_, _>>().unwrap();
        rows.sort_by_key(|row| format!("{row:?}"));
        rows
    };
    names.into_iter().map(|n| (n.clone(), rows(&n))).collect()
}

/// The file is whole, and the spatial index of each layer holds its rows where they lie, and nothing else.
pub(super) fn assert_sound(store: &Path) {
    let db = Connection::open(store).unwrap();
    let sound: String = db
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(sound, "ok");
    let count = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let mut indexed = 0;
    for schema in alongside::model::schema::ALL {
        let name = schema.name;
        let index = format!("rtree_{name}_geom");
        let is_there = format!("SELECT count(*) FROM sqlite_master WHERE name = '{index}'");
        if count(&is_there) == 0 {
            continue;
        }
        let placed = count(&format!("SELECT count(*) FROM {name} WHERE geom NOT NULL"));
        let entries = count(&format!("SELECT count(*) FROM {index}"));
        let lies = match schema.index("lon") {
            Some(_) => "t.lon BETWEEN r.minx AND r.maxx AND t.lat BETWEEN r.miny AND r.maxy",
            None => {
                "t.start_lon BETWEEN r.minx AND r.maxx AND t.start_lat BETWEEN r.miny AND r.maxy"
            }
        };
        let found = format!(
            "SELECT count(*) FROM {name} t JOIN {index} r ON r.id = t.fid WHERE t.geom NOT NULL AND {lies}"
        );
        assert_eq!((entries, count(&found)), (placed, placed), "{name}");
        indexed += placed;
    }
    assert!(indexed > 0);
}
