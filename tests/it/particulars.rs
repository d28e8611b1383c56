//! What a ship is taken to be, from rows that say several things.

use std::fs;

use crate::cli::{Dir, two_tankers};

/// The rows of the two tankers, abreast of each other, the header first, each changed.
fn changed(change: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let day = two_tankers().replace(",90.0,90,", ",0.0,0,");
    let day = day.replace(",ALPHA,,", ",ALPHA,9074729,");
    let mut lines = day.lines();
    let header = lines.next().map(str::to_owned);
    header.into_iter().chain(lines.flat_map(change)).collect()
}

/// A table of a scan of these files.
fn table(name: &str, files: &[&[String]]) -> String {
    let dir = Dir::new();
    let names: Vec<String> = (0..files.len()).map(|i| format!("{i}.csv")).collect();
    for (name, rows) in names.iter().zip(files) {
        dir.write(name, rows.join("\n"));
    }
    let names = names.iter().map(String::as_str);
    let args: Vec<&str> = ["scan", "-o", "out"].into_iter().chain(names).collect();
    dir.expect(0, &args);
    fs::read_to_string(dir.path().join(format!("out/{name}.csv"))).unwrap()
}

/// What a ship says that is a tug.
fn as_tug(row: &str) -> String {
    row.replace(
        ",ALPHA,9074729,,80,1,250,44,12.5,80,",
        ",TUG,9824174,,52,1,30,10,4.0,52,",
    )
}

/// A bunker tanker beside a larger tanker, and a tug far away under her number: each row has what its own ship says.
#[test]
fn a_hull_is_what_her_own_rows_say_where_her_number_is_another_s_too() {
    let mut rows = changed(|row| {
        if !row.starts_with("538000001,2020") {
            return vec![row.to_owned()];
        }
        let far = as_tug(row)
            .replace(",28.5,-88,", ",51.5,2.5,")
            .replacen(":00,", ":30,", 1);
        vec![
            row.replace(
                ",ALPHA,9074729,,80,1,250,44,12.5,",
                ",DELTA,,,80,1,70,12,4.5,",
            ),
            far,
        ]
    });
    let told = table("encounters", &[&rows]);
    assert!(
        told.contains(",DELTA,") && told.contains(",bunkering,"),
        "{told}"
    );
    assert!(!told.contains("TUG"), "{told}");
    // In whatever order the rows come.
    rows[1..].reverse();
    assert_eq!(table("encounters", &[&rows]), told);
}

/// One message of a tug under a tanker's number, on the rows of four minutes: before, during or after the contact.
#[test]
fn one_message_of_another_ship_undoes_no_transfer() {
    let clean = table("encounters", &[&changed(|row| vec![row.to_owned()])]);
    assert!(clean.contains(",sts_transfer,"), "{clean}");
    for minute in ["T00:0", "T03:1", "T05:5"] {
        let foreign = changed(|row| {
            let is_then = row.contains(minute)
                && "6789".contains(&row[25..26])
                && row.starts_with("538000001");
            vec![if is_then { as_tug(row) } else { row.to_owned() }]
        });
        assert!(foreign.iter().any(|row| row.contains("TUG")), "{minute}");
        assert_eq!(table("encounters", &[&foreign]), clean, "{minute}");
    }
}

/// Two stations hear one ship, and a file has a copy beside it.
#[test]
fn rows_that_come_twice_count_once() {
    // An IMO number with a wrong check digit every twelve minutes: nine messages on one day are one fewer than is told.
    let numbered = |messages: usize| {
        let minutes = (0..messages).map(|i| 60 + 12 * i).collect::<Vec<_>>();
        changed(move |row| {
            let two = |at: usize| row.get(at..at + 2)?.parse::<usize>().ok();
            let minute = two(21).zip(two(24)).map(|(h, m)| 60 * h + m);
            let is_then = minute.is_some_and(|minute| minutes.contains(&minute));
            if is_then && row.starts_with("538000001") {
                return vec![row.replace(",ALPHA,9074729,", ",ALPHA,9824175,")];
            }
            vec![row.to_owned()]
        })
    };
    for (messages, told) in [(9, false), (10, true)] {
        let rows = numbered(messages);
        let once = table("identity", &[&rows]);
        assert_eq!(once.contains("imo_check_digit"), told, "{once}");
        assert_eq!(table("identity", &[&rows, &rows]), once);
        assert_eq!(
            table("loitering", &[&rows, &rows]),
            table("loitering", &[&rows])
        );
    }
}
