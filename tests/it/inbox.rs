//! Files that change their names, their places and their content: no row that was taken in is lost by it, unless a
//! correction stands for it.

use std::fs;
use std::io::Write;

use super::desk::{Desk, age, assert_refused, layers, run, said};

impl Desk {
    /// A night with this exit code; its report and what it said.
    fn told(&self, to: usize, code: i32) -> (serde_json::Value, String) {
        let mut words = self.words(&self.store(), to);
        words.push("--json".to_owned());
        let output = run(&words);
        let words = said(&output);
        assert_eq!(output.status.code(), Some(code), "night {to}: {words}");
        (serde_json::from_slice(&output.stdout).unwrap(), words)
    }

    fn text_of(&self, i: usize) -> String {
        fs::read_to_string(&self.days[i]).unwrap()
    }

    /// A day's rows and those of another one.
    fn window(&self, from: usize, to: usize) -> String {
        let mut text = self.text_of(from);
        for i in from + 1..=to {
            let day = self.text_of(i);
            text.push_str(day.split_once('\n').unwrap().1);
        }
        text
    }

    /// One row of a day, as if it had been sent long before.
    fn stray(&self, i: usize) -> String {
        let day = self.end_of(i).to_string();
        let text = self.text_of(i);
        let row = text.lines().nth(1).unwrap();
        let before = &self.end_of(i - 1).to_string()[..10];
        assert!(row.contains(before) && !row.contains(&day[..10]), "{row}");
        row.replace(before, "2025-03-20") + "\n"
    }

    /// Every day lies in the inbox under its own name, and nothing else.
    fn lay_out(&self, days: usize) {
        for entry in fs::read_dir(self.inbox()).unwrap() {
            fs::remove_file(entry.unwrap().path()).unwrap();
        }
        for i in 0..days {
            self.put_day(i);
        }
    }
}

#[test]
fn a_file_of_which_nothing_can_be_read_takes_nobodys_place() {
    let desk = Desk::new(60, 3);
    desk.put_day(0);
    desk.put_day(1);
    desk.good_night(1);
    let before = layers(&desk.store());
    let header = desk.text_of(0).lines().next().unwrap().to_owned() + "\n";
    let page =
        "<html><head><title>503 Service Unavailable</title></head><body>Sorry.</body></html>\n";
    for (bytes, code) in [(page.as_bytes(), 3), (b"", 3), (header.as_bytes(), 0)] {
        for i in [0, 1] {
            desk.put(desk.day_name(i), bytes);
        }
        let (report, words) = desk.told(1, code);
        assert!(report["run"].is_null(), "{report}");
        assert!(words.contains(desk.day_name(0)), "{words}");
        assert!(words.contains("no rows of use any more"), "{words}");
        assert!(layers(&desk.store()) == before);
    }
    // A night that takes something in leaves them as they are, too.
    desk.put(desk.day_name(0), page.as_bytes());
    desk.put_day(2);
    let (report, _) = desk.told(2, 3);
    assert!(report["rewound_to"].is_null(), "{report}");
    // Good files are back, and were never gone.
    desk.put_day(0);
    desk.put_day(1);
    let (report, words) = desk.told(2, 0);
    assert!(report["run"].is_null(), "{report} {words}");
    desk.assert_as_if_nothing_had_happened(2);
}

#[test]
fn rows_that_were_given_up_for_a_correction_come_back_with_their_file() {
    let desk = Desk::new(60, 3);
    desk.put_day(0);
    desk.put_day(1);
    desk.good_night(1);
    let text = desk.text_of(1);
    let lines: Vec<&str> = text.lines().collect();
    let most = lines[..lines.len() * 3 / 4].join("\n");
    desk.put(desk.day_name(1), most.as_bytes());
    let (report, words) = desk.told(1, 0);
    assert_eq!(report["rewound_to"], desk.end_of(0).to_string());
    assert!(words.contains("was given up for"), "{words}");
    assert!(words.contains(desk.day_name(1)), "{words}");
    desk.put_day(1);
    let (report, _) = desk.told(1, 0);
    assert_eq!(report["rewound_to"], desk.end_of(0).to_string());
    desk.put_day(2);
    desk.good_night(2);
    desk.assert_as_if_nothing_had_happened(2);
}

#[test]
fn yesterdays_file_may_be_renamed_for_todays() {
    let desk = Desk::new(60, 4);
    let today = desk.inbox().join("today.csv");
    for i in 0..4 {
        if i > 0 {
            let kept = desk.inbox().join(format!("AIS_{i}.csv"));
            // Moved with its time, or copied just now.
            if i % 2 == 1 {
                fs::rename(&today, kept).unwrap();
            } else {
                fs::write(kept, fs::read(&today).unwrap()).unwrap();
            }
        }
        desk.put("today.csv", &fs::read(&desk.days[i]).unwrap());
        let (report, words) = desk.told(i, 0);
        assert!(report["rewound_to"].is_null(), "{report}");
        assert!(!words.contains("warning"), "{words}");
    }
    age(&desk.inbox().join("AIS_2.csv"));
    desk.told(3, 0);
    // The files are where they are said to be: a late one leads back, and finds them.
    let text = desk.text_of(1);
    let some: Vec<&str> = text.lines().take(200).collect();
    desk.put("late.csv", some.join("\n").as_bytes());
    let (report, _) = desk.told(3, 0);
    assert_eq!(report["rewound_to"], desk.end_of(0).to_string());
    desk.assert_as_if_nothing_had_happened(3);
}

/// Logs are turned and compressed every night, at once or a night later.
#[test]
fn yesterdays_file_may_be_compressed() {
    for at_once in [true, false] {
        let desk = Desk::new(60, 4);
        let path = |name: &str| desk.inbox().join(name);
        let pack = |from: &str, to: &str| {
            let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            gz.write_all(&fs::read(path(from)).unwrap()).unwrap();
            desk.put(to, &gz.finish().unwrap());
            fs::remove_file(path(from)).unwrap();
        };
        for i in 0..4 {
            if i > 1 && !at_once {
                pack("yesterday.csv", &format!("{i}.csv.gz"));
            }
            if i > 0 && at_once {
                pack("today.csv", &format!("{i}.csv.gz"));
            } else if i > 0 {
                fs::rename(path("today.csv"), path("yesterday.csv")).unwrap();
            }
            desk.put("today.csv", desk.text_of(i).as_bytes());
            let (_, words) = desk.told(i, 0);
            assert!(!words.contains("warning"), "{words}");
        }
        desk.assert_as_if_nothing_had_happened(3);
    }
}

#[test]
fn a_name_that_is_used_every_day_keeps_all_days() {
    let desk = Desk::new(60, 4);
    for i in 0..4 {
        // A few rows around midnight stand in both.
        let mut text = desk.text_of(i);
        if i < 3 {
            let next = desk.text_of(i + 1);
            text.extend(next.lines().skip(1).take(3).map(|row| format!("{row}\n")));
        }
        desk.put("latest.csv", text.as_bytes());
        let (report, words) = desk.told(i, 0);
        assert!(report["rewound_to"].is_null(), "{report}");
        if i > 0 {
            assert!(words.contains("latest.csv holds"), "{words}");
            assert!(words.contains("earlier rows stay"), "{words}");
        }
    }
    desk.lay_out(4);
    desk.assert_as_if_nothing_had_happened(3);

    let desk = Desk::new(60, 3);
    for i in 0..3 {
        desk.put("latest.csv", desk.text_of(i).as_bytes());
        let (report, words) = desk.told(i, 0);
        assert!(report["rewound_to"].is_null(), "{report}");
        assert_eq!(
            words.contains("latest.csv holds rows of another time"),
            i > 0
        );
    }
    desk.lay_out(3);
    desk.assert_as_if_nothing_had_happened(2);
}

#[test]
fn a_window_that_moves_on_keeps_what_has_left_it() {
    let desk = Desk::new(60, 5);
    for i in 0..5usize {
        let window = desk.window(i.saturating_sub(2), i);
        desk.put("window.csv", window.as_bytes());
        desk.told(i, 0);
    }
    desk.lay_out(5);
    desk.assert_as_if_nothing_had_happened(4);
}

#[test]
fn files_that_change_names_with_each_other_stay_known() {
    let desk = Desk::new(60, 3);
    for i in 0..3 {
        desk.put_day(i);
    }
    desk.good_night(2);
    let path = |i: usize| desk.inbox().join(desk.day_name(i));
    fs::rename(path(0), desk.path("aside")).unwrap();
    fs::rename(path(1), path(0)).unwrap();
    fs::rename(path(2), path(1)).unwrap();
    fs::rename(desk.path("aside"), path(2)).unwrap();
    let (report, words) = desk.told(2, 0);
    assert!(report["run"].is_null(), "{report}");
    assert!(!words.contains("warning"), "{words}");
    let text = desk.text_of(1);
    let some: Vec<&str> = text.lines().take(200).collect();
    desk.put("late.csv", some.join("\n").as_bytes());
    let (report, _) = desk.told(2, 0);
    assert_eq!(report["rewound_to"], desk.end_of(0).to_string());
    desk.assert_as_if_nothing_had_happened(2);
}

/// A file is overwritten by what is known already: as a copy, or moved to its place.
#[test]
fn known_content_in_the_place_of_other_content_is_told_and_stands_for_it() {
    for is_move in [false, true] {
        let desk = Desk::new(60, 4);
        for i in 0..3 {
            desk.put_day(i);
        }
        let text = desk.text_of(2);
        let lines: Vec<&str> = text.lines().collect();
        let most = lines[..lines.len() * 3 / 4].join("\n") + "\n";
        let copy = desk.put("copy.csv", most.as_bytes());
        desk.good_night(2);
        if is_move {
            fs::rename(desk.inbox().join(desk.day_name(2)), &copy).unwrap();
        } else {
            fs::write(&copy, &text).unwrap();
        }
        age(&copy);
        let (report, words) = desk.told(2, 0);
        assert_eq!(report["rewound_to"], desk.end_of(1).to_string(), "{words}");
        assert!(
            words.contains("copy.csv holds other rows than before"),
            "{words}"
        );
        assert_eq!(report["replaced"][0]["path"], copy.to_str().unwrap());
        for span in ["old", "new"] {
            assert!(report["replaced"][0][span][1].is_string(), "{report}");
        }
        // It is told once, and nothing is in the way of going back.
        let (report, words) = desk.told(2, 0);
        assert!(
            report["run"].is_null() && !words.contains("warning"),
            "{report} {words}"
        );
        let first = desk.text_of(1);
        let some: Vec<&str> = first.lines().take(200).collect();
        desk.put("late.csv", some.join("\n").as_bytes());
        let (report, _) = desk.told(2, 0);
        assert_eq!(report["rewound_to"], desk.end_of(0).to_string());
        desk.put_day(3);
        desk.good_night(3);
        let mut words = desk.words(&desk.store(), 3);
        words.extend(["--rebuild-from".to_owned(), desk.end_of(0).to_string()]);
        let output = run(&words);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        desk.assert_as_if_nothing_had_happened(3);
    }
}

#[test]
fn what_would_be_needed_to_go_back_is_named_with_a_way_out() {
    let desk = Desk::new(60, 4);
    for i in 0..3 {
        desk.put_day(i);
    }
    desk.good_night(2);
    let gone = desk.inbox().join(desk.day_name(1));
    fs::remove_file(&gone).unwrap();
    let text = desk.text_of(0);
    let some: Vec<&str> = text.lines().take(200).collect();
    desk.put("late.csv", some.join("\n").as_bytes());
    desk.put_day(3);
    let (report, words) = desk.told(3, 3);
    assert_eq!(report["late"][0]["missing"][0], gone.to_str().unwrap());
    let told = format!("to go back there takes {}, which is gone", gone.display());
    assert!(words.contains(&told), "{words}");
    let rebuilt = |from: String| {
        let mut words = desk.words(&desk.store(), 3);
        words.extend(["--rebuild-from".to_owned(), from]);
        run(&words)
    };
    let later = desk.end_of(1).to_string()[..10].to_owned();
    let refused = rebuilt(desk.end_of(0).to_string());
    let way_out = format!("give --rebuild-from {later}, which does without it");
    let parts = [
        "1 file with rows since then is gone",
        desk.day_name(1),
        &way_out,
    ];
    assert_refused(&refused, 2, &parts);
    let output = rebuilt(later);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    // Back in the folder under any name, all of it can be had again.
    desk.put("again.csv", desk.text_of(1).as_bytes());
    let output = rebuilt(alongside::simulate::Params::default().start.to_string());
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    desk.assert_as_if_nothing_had_happened(3);
}

#[test]
fn rows_too_old_to_be_taken_in_lead_nowhere() {
    let desk = Desk::new(60, 10);
    for i in 0..8 {
        desk.put_day(i);
    }
    desk.good_night(7);
    let with_stray = desk.text_of(8) + &desk.stray(8);
    desk.put(desk.day_name(8), with_stray.as_bytes());
    let (report, words) = desk.told(8, 3);
    assert!(report["rewound_to"].is_null(), "{report}");
    assert_eq!(report["late"][0]["rows"], 1);
    assert!(words.contains("1 row before"), "{words}");
    // Beside rows that can be taken in, they lead no further back than those.
    let text = desk.text_of(7);
    let some: Vec<&str> = text.lines().take(200).collect();
    desk.put(
        "late.csv",
        (some.join("\n") + "\n" + &desk.stray(7)).as_bytes(),
    );
    let with_stray = desk.text_of(9) + &desk.stray(9);
    desk.put(desk.day_name(9), with_stray.as_bytes());
    let (report, _) = desk.told(9, 3);
    assert_eq!(report["rewound_to"], desk.end_of(6).to_string());
    desk.lay_out(10);
    desk.assert_as_if_nothing_had_happened(9);
}
