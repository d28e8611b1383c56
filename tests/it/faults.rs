//! Faults of disks, files and neighbours: each is named with its file and what to do, leaves what was there, and the
//! next run carries on.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use rusqlite::Connection;

use super::desk::{
    Desk, PROGRAM, assert_refused, assert_sound, layers, run, run_after, said, text,
};

/// Whether a mount of our own can be made, which takes root.
fn can_mount() -> bool {
    let tried = Command::new("unshare")
        .args(["-m", "mount", "-t", "tmpfs", "none", "/mnt"])
        .output();
    tried.is_ok_and(|output| output.status.success())
}

#[test]
fn a_limit_on_files_leaves_the_store_as_it_was() {
    let desk = Desk::new(60, 3);
    desk.put_day(0);
    desk.good_night(0);
    let before = layers(&desk.store());
    desk.put_day(1);
    let kib = fs::metadata(desk.store()).unwrap().len() / 1024;
    // A few pages more than it has: the limit is met in the middle of the night. In halves of a KiB, or whole ones.
    for blocks in [kib / 2, kib + 32, 1] {
        let limit = format!("trap '' XFSZ; ulimit -f {blocks}");
        let output = run_after(&limit, &desk.words(&desk.store(), 1));
        assert_refused(&output, 1, &["sts.gpkg"]);
        assert!(layers(&desk.store()) == before);
        assert_sound(&desk.store());
    }
    desk.good_night(1);
    desk.put_day(2);
    desk.good_night(2);
    desk.assert_as_if_nothing_had_happened(2);
}

#[test]
fn a_full_disk_leaves_the_store_as_it_was() {
    if !can_mount() {
        println!("skipped: no mounts without root");
        return;
    }
    let desk = Desk::new(60, 2);
    desk.put_day(0);
    desk.good_night(0);
    let before = layers(&desk.store());
    desk.put_day(1);
    let disk = desk.path("disk");
    fs::create_dir(&disk).unwrap();
    let kib = fs::metadata(desk.store()).unwrap().len() / 1024;
    let kept = desk.path("kept.gpkg");
    let script = format!(
        "mount -t tmpfs -o size={}k none '{disk}' && cp '{store}' '{disk}/sts.gpkg' && \"$0\" \"$@\"; code=$?; \
         cp '{disk}/sts.gpkg' '{kept}'; cp '{disk}/sts.gpkg-journal' '{kept}-journal' 2>/dev/null; exit $code",
        kib + 40,
        disk = disk.display(),
        store = desk.store().display(),
        kept = kept.display(),
    );
    let output = Command::new("unshare")
        .args(["-m", "sh", "-c", &script, PROGRAM])
        .args(desk.words(&disk.join("sts.gpkg"), 1))
        .output()
        .unwrap();
    assert_refused(&output, 1, &["sts.gpkg", "no space left", "run again"]);
    assert!(layers(&kept) == before);
    assert_sound(&kept);
}

#[test]
fn where_nothing_can_be_written_it_is_said() {
    let desk = Desk::new(30, 1);
    desk.put_day(0);
    // A folder that isn't there, a file in the place of a folder, a folder in the place of the store.
    let file = desk.put("plain.csv", b"x");
    for store in [
        desk.path("nowhere/sts.gpkg"),
        file.join("sts.gpkg"),
        desk.path("inbox"),
        PathBuf::from("/proc/sts.gpkg"),
    ] {
        let output = run(&desk.words(&store, 0));
        assert_refused(
            &output,
            1,
            &[text(&store), "check that file and folder may be written"],
        );
    }
}

#[test]
fn a_disk_that_is_read_only_is_named_and_read() {
    if !can_mount() {
        println!("skipped: no mounts without root");
        return;
    }
    let desk = Desk::new(30, 2);
    desk.put_day(0);
    desk.good_night(0);
    desk.put_day(1);
    let before = fs::read(desk.store()).unwrap();
    let disk = desk.path("disk");
    fs::create_dir(&disk).unwrap();
    fs::rename(desk.store(), disk.join("sts.gpkg")).unwrap();
    let locked = |words: &[String]| {
        let mount = format!(
            "mount --bind '{0}' '{0}' && mount -o remount,bind,ro '{0}' && exec \"$0\" \"$@\"",
            disk.display()
        );
        let unshare = Command::new("unshare")
            .args(["-m", "sh", "-c", &mount, PROGRAM])
            .args(words)
            .output();
        unshare.unwrap()
    };
    let store = disk.join("sts.gpkg");
    let output = locked(&desk.words(&store, 1));
    assert_refused(&output, 1, &["sts.gpkg", "may be written"]);
    // What only reads goes on.
    let since = ["nightly", "--store", text(&store), "--since", "0"].map(str::to_owned);
    let output = locked(&since);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(!output.stdout.is_empty());
    assert!(fs::read(&store).unwrap() == before);
}

#[test]
fn a_reader_for_a_while_only_delays_a_night() {
    let desk = Desk::new(30, 2);
    desk.put_day(0);
    desk.good_night(0);
    desk.put_day(1);
    let db = Connection::open(desk.store()).unwrap();
    db.execute_batch("BEGIN; SELECT * FROM encounters;")
        .unwrap();
    let mut rows = db.prepare("SELECT count(*) FROM alongside_rows").unwrap();
    let held: i64 = rows.query_row([], |row| row.get(0)).unwrap();
    let night = Command::new(PROGRAM)
        .args(desk.words(&desk.store(), 1))
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_secs(3));
    // The picture of the reader stays as it was meanwhile.
    assert_eq!(
        rows.query_row([], |row| row.get::<_, i64>(0)).unwrap(),
        held
    );
    drop(rows);
    db.execute_batch("COMMIT").unwrap();
    drop(db);
    assert_eq!(night.wait_with_output().unwrap().status.code(), Some(0));
    desk.assert_as_if_nothing_had_happened(1);
}

#[test]
fn a_store_that_was_cut_or_overwritten_is_refused_and_left_alone() {
    let desk = Desk::new(30, 2);
    desk.put_day(0);
    desk.good_night(0);
    desk.put_day(1);
    let whole = fs::read(desk.store()).unwrap();
    let mut zeros = whole.clone();
    zeros[..4096].fill(0);
    let mut page = whole.clone();
    let at = whole.len() / 2 / 4096 * 4096;
    page[at..at + 4096].fill(0x5a);
    let cut = whole[..whole.len() / 2].to_vec();
    let odd = whole[..whole.len() - 5000].to_vec();
    for (name, bytes, code, words) in [
        ("cut.gpkg", cut, 1, "put a copy in its place"),
        ("odd.gpkg", odd, 1, "put a copy in its place"),
        ("page.gpkg", page, 1, "put a copy in its place"),
        ("zeros.gpkg", zeros, 2, "no store of alongside"),
        (
            "text.gpkg",
            b"This is no database at all.".repeat(99),
            2,
            "no store of alongside",
        ),
    ] {
        let store = desk.path(name);
        fs::write(&store, &bytes).unwrap();
        let output = run(&desk.words(&store, 1));
        assert_refused(&output, code, &[name, words]);
        assert!(fs::read(&store).unwrap() == bytes, "{name} was changed");
    }
    // An empty file is what a run leaves that was killed before its first transaction: it becomes a store.
    let empty = desk.path("empty.gpkg");
    fs::write(&empty, b"").unwrap();
    let output = run(&desk.words(&empty, 1));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
}

/// A bit that flips in a state or in facts would be judged by: it shows by their checksum.
#[test]
fn a_flipped_bit_in_what_is_carried_on_is_found() {
    let desk = Desk::new(30, 2);
    desk.put_day(0);
    desk.good_night(0);
    desk.put_day(1);
    for (table, order) in [("alongside_states", "DESC"), ("alongside_facts", "ASC")] {
        for place in [3, 40, 400] {
            let store = desk.path(&format!("{table}-{place}.gpkg"));
            fs::copy(desk.store(), &store).unwrap();
            let db = Connection::open(&store).unwrap();
            let (at, mut bytes): (i64, Vec<u8>) = db
                .query_row(
                    &format!("SELECT at, bytes FROM {table} ORDER BY at {order} LIMIT 1"),
                    [],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .unwrap();
            let n = bytes.len();
            bytes[place % n] ^= 4;
            db.execute(
                &format!("UPDATE {table} SET bytes = ?1 WHERE at = ?2"),
                (bytes, at),
            )
            .unwrap();
            drop(db);
            let before = layers(&store);
            let output = run(&desk.words(&store, 1));
            assert_refused(&output, 1, &[table, "damaged"]);
            assert!(layers(&store) == before, "{table} {place}");
        }
    }
}

#[test]
fn a_store_of_a_newer_form_is_refused_with_both_versions() {
    let desk = Desk::new(30, 1);
    desk.put_day(0);
    desk.good_night(0);
    let db = Connection::open(desk.store()).unwrap();
    db.execute(
        "UPDATE alongside_meta SET value = '99' WHERE key = 'schema'",
        [],
    )
    .unwrap();
    drop(db);
    let before = fs::read(desk.store()).unwrap();
    let output = desk.night(0);
    assert_refused(&output, 1, &["sts.gpkg", "form 99", "newer program"]);
    assert!(fs::read(desk.store()).unwrap() == before);
}

#[test]
fn a_file_that_grows_while_it_is_read_is_taken_whole_or_not_at_all() {
    let desk = Desk::new(60, 2);
    desk.put_day(0);
    let whole = fs::read(&desk.days[1]).unwrap();
    let growing = desk.put("day-1.csv", &whole[..whole.len() / 3]);
    let night = Command::new(PROGRAM)
        .args(desk.words(&desk.store(), 0))
        .spawn()
        .unwrap();
    // Someone copies it with its time of long ago, so that it looks finished all the while.
    for part in 0..40 {
        let end = whole.len() / 3 + (whole.len() * 2 / 3) * (part + 1) / 40;
        let end = if part == 39 { whole.len() } else { end };
        let mut file = File::options().write(true).open(&growing).unwrap();
        use std::io::{Seek, SeekFrom, Write};
        let from = file.seek(SeekFrom::End(0)).unwrap() as usize;
        file.write_all(&whole[from..end]).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_secs(3600))
            .unwrap();
        std::thread::sleep(Duration::from_millis(20));
    }
    let code = night.wait_with_output().unwrap().status.code();
    assert!(matches!(code, Some(0 | 3)), "{code:?}");
    let output = desk.night(1);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    desk.assert_as_if_nothing_had_happened(1);
}

#[test]
fn files_cut_short_are_named_and_replaced_by_whole_ones() {
    use std::io::Write;
    let desk = Desk::new(60, 2);
    let text = fs::read(&desk.days[0]).unwrap();
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(&text).unwrap();
    let gz = gz.finish().unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("day.csv", zip::write::SimpleFileOptions::default())
        .unwrap();
    zip.write_all(&fs::read(&desk.days[1]).unwrap()).unwrap();
    let zip = zip.finish().unwrap().into_inner();
    desk.put("day-0.csv.gz", &gz[..gz.len() / 2]);
    desk.put("day-1.zip", &zip[..zip.len() / 2]);
    let output = desk.night(1);
    assert_refused(
        &output,
        3,
        &["day-0.csv.gz", "day-1.zip", "cut short", "fetch it again"],
    );
    desk.put("day-0.csv.gz", &gz);
    desk.put("day-1.zip", &zip);
    desk.good_night(1);
    desk.assert_as_if_nothing_had_happened(1);
}

fn scan_words(desk: &Desk, out: &Path) -> Vec<String> {
    ["scan", text(&desk.days[0]), "-o", text(out)]
        .map(str::to_owned)
        .into()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|e| e.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn a_scan_that_meets_a_limit_leaves_the_old_result_and_nothing_beside() {
    let desk = Desk::new(60, 1);
    let out = desk.path("out");
    let output = run(&scan_words(&desk, &out));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let before: Vec<Vec<u8>> = names(&out)
        .iter()
        .map(|n| fs::read(out.join(n)).unwrap())
        .collect();
    let beside = names(desk.dir.path());
    for blocks in [1, 20, 200] {
        let limit = format!("trap '' XFSZ; ulimit -f {blocks}");
        let output = run_after(&limit, &scan_words(&desk, &out));
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains("out"), "{}", said(&output));
        let after: Vec<Vec<u8>> = names(&out)
            .iter()
            .map(|n| fs::read(out.join(n)).unwrap())
            .collect();
        assert!(after == before);
        assert_eq!(names(desk.dir.path()), beside);
        let fresh = desk.path("fresh");
        let output = run_after(&limit, &scan_words(&desk, &fresh));
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(!fresh.exists());
    }
}

#[test]
fn a_simulation_that_meets_a_limit_leaves_what_was_there_and_names_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("sim");
    let words = |seed: &str| -> Vec<String> {
        let words = [
            "simulate",
            "-o",
            text(&out),
            "--vessels",
            "60",
            "--days",
            "2",
            "--seed",
            seed,
        ];
        words.map(str::to_owned).into()
    };
    let limit = "trap '' XFSZ; ulimit -f 500";
    let output = run_after(limit, &words("1"));
    assert_refused(&output, 1, &["AIS_2025_06_02.csv", "nothing was changed"]);
    assert!(!out.exists());
    assert_eq!(run(&words("1")).status.code(), Some(0));
    let files = names(&out);
    let kept = || -> Vec<Vec<u8>> {
        files
            .iter()
            .map(|n| fs::read(out.join(n)).unwrap())
            .collect()
    };
    let before = kept();
    let output = run_after(limit, &words("2"));
    assert_refused(&output, 1, &["AIS_2025_06_02.csv", "nothing was changed"]);
    assert_eq!(names(&out), files);
    assert!(kept() == before);
    assert_eq!(run(&words("2")).status.code(), Some(0));
    assert_eq!(names(&out), files);
    assert!(kept() != before);
}

/// Hidden folders of runs that were killed go, those of runs at work stay, and so does what only looks like one.
#[cfg(target_os = "linux")]
#[test]
fn what_a_killed_scan_left_is_removed_by_the_next() {
    let desk = Desk::new(30, 1);
    let out = desk.path("out");
    let folder = |name: &str| {
        let path = desk.path(name);
        fs::create_dir(&path).unwrap();
        fs::write(path.join("vessels.csv"), b"half").unwrap();
        path
    };
    let stale = folder(".out.part-a1B2c3");
    let at_work = folder(".out.part-d4E5f6");
    let others = [".other.part-a1B2c3", ".out.part-", ".out.part-mine.txt"].map(folder);
    let lock = File::open(&at_work).unwrap();
    lock.try_lock().unwrap();
    let output = run(&scan_words(&desk, &out));
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    assert!(!stale.exists());
    assert!(at_work.join("vessels.csv").exists());
    assert!(others.iter().all(|path| path.join("vessels.csv").exists()));
    drop(lock);
    assert_eq!(run(&scan_words(&desk, &out)).status.code(), Some(0));
    assert!(!at_work.exists());
    assert!(names(&out).contains(&"vessels.csv".to_owned()));
}

#[test]
fn a_scan_that_is_killed_leaves_no_half_result() {
    let desk = Desk::new(150, 1);
    let out = desk.path("out");
    let begun = std::time::Instant::now();
    assert_eq!(run(&scan_words(&desk, &out)).status.code(), Some(0));
    let length = begun.elapsed();
    let files = names(&out);
    fs::remove_dir_all(&out).unwrap();
    let mut hit = 0;
    for part in 1..10 {
        let mut child = Command::new(PROGRAM)
            .args(scan_words(&desk, &out))
            .arg("-q")
            .spawn()
            .unwrap();
        std::thread::sleep(length.mul_f64(f64::from(part) / 10.0));
        hit += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!out.exists() || names(&out) == files, "half a result");
    }
    assert!(hit >= 3, "only {hit} kills hit a run");
    assert_eq!(run(&scan_words(&desk, &out)).status.code(), Some(0));
    assert_eq!(names(&out), files);
    if cfg!(target_os = "linux") {
        let left = names(desk.dir.path());
        assert!(!left.iter().any(|name| name.contains(".part-")), "{left:?}");
    }
}

#[test]
fn a_place_for_results_that_cannot_be_is_refused_before_any_work() {
    let desk = Desk::new(30, 1);
    let file = desk.path("file");
    fs::write(&file, b"mine").unwrap();
    let foreign = desk.path("foreign");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("thesis.txt"), b"mine").unwrap();
    for (out, code) in [
        (file.clone(), 2),
        (file.join("out"), 1),
        (foreign.clone(), 2),
        (PathBuf::from("/proc/out"), 1),
        (PathBuf::from("/"), 2),
    ] {
        let output = run(&scan_words(&desk, &out));
        assert_refused(&output, code, &[text(&out)]);
    }
    assert_eq!(fs::read(&file).unwrap(), b"mine");
    assert_eq!(names(&foreign), ["thesis.txt"]);
}
