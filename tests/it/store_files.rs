//! The store as a file among files: under which names it is called, what lies beside it, what others left of it.

use std::fs;
use std::path::Path;
use std::process::Command;

use rusqlite::Connection;

use super::desk::{Desk, PROGRAM, assert_refused, run, said, text};

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|w| (*w).to_owned()).collect()
}

#[test]
fn a_refused_night_leaves_nothing_beside_what_is_no_store() {
    let desk = Desk::new(30, 1);
    desk.put_day(0);
    let out = desk.path("out");
    let scan = words(&[
        "scan",
        text(&desk.inbox()),
        "-o",
        text(&out),
        "--export",
        "gpkg,csv",
    ]);
    assert_eq!(run(&scan).status.code(), Some(0));
    fs::write(
        desk.path("notes.txt"),
        "something of more than sixteen bytes",
    )
    .unwrap();
    let (in_out, beside) = (names(&out), names(desk.dir.path()));
    for (store, code) in [
        (out.join("events.gpkg"), 2),
        (out.join("encounters.csv"), 2),
        (desk.path("notes.txt"), 2),
        (out.clone(), 1),
        (desk.inbox(), 1),
    ] {
        assert_refused(&run(&desk.words(&store, 0)), code, &[text(&store)]);
    }
    // Nor is a store made for a folder that isn't there.
    let new = desk.path("new.gpkg");
    let missing = [
        "nightly",
        "--store",
        text(&new),
        "--inbox",
        text(&desk.path("nowhere")),
    ]
    .map(str::to_owned);
    assert_refused(&run(&missing), 2, &["--inbox", "nowhere"]);
    assert_eq!(names(&out), in_out);
    assert_eq!(names(desk.dir.path()), beside);
    let output = run(&scan);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

#[cfg(unix)]
#[test]
fn a_link_to_a_store_is_the_store() {
    let desk = Desk::new(30, 2);
    desk.put_day(0);
    fs::create_dir(desk.path("far")).unwrap();
    let link = desk.path("link.gpkg");
    // Before there is anything, too.
    std::os::unix::fs::symlink("far/sts.gpkg", &link).unwrap();
    let output = run(&desk.words(&link, 0));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(!desk.path("link.gpkg.lock").exists());
    let lock = fs::File::open(desk.path("far/sts.gpkg.lock")).unwrap();
    lock.try_lock().unwrap();
    desk.put_day(1);
    for store in [&link, &desk.path("far/../far/sts.gpkg")] {
        assert_refused(
            &run(&desk.words(store, 1)),
            1,
            &["is in use by another run"],
        );
    }
}

fn form(store: &Path) -> [u8; 2] {
    fs::read(store).unwrap()[18..20].try_into().unwrap()
}

#[test]
fn a_write_ahead_log_that_another_program_left_is_ended() {
    let desk = Desk::new(30, 2);
    desk.put_day(0);
    desk.good_night(0);
    let leave_log = || {
        let db = Connection::open(desk.store()).unwrap();
        let mode: String = db
            .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
            .unwrap();
        assert_eq!(mode, "wal");
    };
    leave_log();
    assert_eq!(form(&desk.store()), [2, 2]);
    let disk = desk.path("disk");
    fs::create_dir(&disk).unwrap();
    let store = disk.join("sts.gpkg");
    fs::copy(desk.store(), &store).unwrap();
    let mount = format!(
        "mount --bind '{0}' '{0}' && mount -o remount,bind,ro '{0}' || exit 77; exec \"$0\" \"$@\"",
        disk.display()
    );
    let output = Command::new("unshare")
        .args(["-m", "sh", "-c", &mount, PROGRAM])
        .args(["nightly", "--store", text(&store), "--since", "0"])
        .output();
    match output {
        Ok(output) if output.status.code() != Some(77) => assert_refused(
            &output,
            1,
            &["can't be read without writing beside it", "write-ahead log"],
        ),
        _ => println!("no mounts without root"),
    }
    // Whether there is anything to do or not.
    desk.good_night(0);
    assert_eq!(form(&desk.store()), [1, 1]);
    leave_log();
    desk.put_day(1);
    desk.good_night(1);
    assert_eq!(form(&desk.store()), [1, 1]);
    desk.assert_as_if_nothing_had_happened(1);
}

/// The stated extent of each layer.
fn extents(store: &Path) -> Vec<(String, Vec<Option<f64>>)> {
    let db = Connection::open(store).unwrap();
    let mut statement = db
        .prepare("SELECT table_name, min_x, min_y, max_x, max_y FROM gpkg_contents ORDER BY 1")
        .unwrap();
    let rows = statement.query_map([], |row| {
        Ok((
            row.get(0)?,
            (1..5).map(|i| row.get(i)).collect::<Result<_, _>>()?,
        ))
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn extents_follow_rows_that_go() {
    let desk = Desk::new(60, 2);
    let day = fs::read_to_string(&desk.days[0]).unwrap();
    // The same ships again, under other numbers and five degrees farther south.
    let moved = |row: &str| {
        let mut fields: Vec<String> = row.split(',').map(str::to_owned).collect();
        let mmsi: u64 = fields[0].parse().unwrap();
        fields[0] = (mmsi / 1000 * 1000 + (mmsi % 1000 + 500) % 1000).to_string();
        let lat: f64 = fields[2].parse().unwrap();
        fields[2] = format!("{:.5}", lat - 5.0);
        fields.join(",") + "\n"
    };
    let more: String = day.lines().skip(1).map(moved).collect();
    desk.put(desk.day_name(0), (day + &more).as_bytes());
    desk.good_night(0);
    let before = extents(&desk.store());
    desk.put_day(0);
    desk.put_day(1);
    desk.good_night(1);
    desk.assert_as_if_nothing_had_happened(1);
    let after = extents(&desk.store());
    assert!(before != after);
    assert_eq!(after, extents(&desk.path("undisturbed.gpkg")));
}
