//! What a ship says of herself for a time, and what she changes for good.

use alongside::report::dossier;

use super::*;

const OTHER_IMO: u32 = 9_596_997;

fn details(traffic: &Traffic, kind: &str) -> Vec<String> {
    let found = rows(traffic);
    let of_kind = found.iter().filter(|row| word(row, "kind") == kind);
    of_kind.map(|row| word(row, "detail").to_owned()).collect()
}

/// Another name and number for fourteen hours.
pub(super) fn for_a_time(mmsi: u32) -> Traffic {
    let says = |name: &str, imo: u32| StaticRecord {
        imo: Some(imo),
        ..named(name)
    };
    let mut traffic = sea(3);
    Stretch::new(mmsi, 1.0, 50.0).sail(&mut traffic, OPEN);
    say(&mut traffic, mmsi, 1.0, 20.0, &says("OLD PEARL", IMO));
    say(&mut traffic, mmsi, 20.0, 34.0, &says("NEW DAWN", OTHER_IMO));
    say(&mut traffic, mmsi, 34.1, 50.0, &says("OLD PEARL", IMO));
    traffic
}

#[test]
fn another_name_for_a_time_is_a_change_and_a_change_back() {
    let traffic = for_a_time(311_000_020);
    for (kind, what, old, new) in [
        ("changed_name", "name", "OLD PEARL", "NEW DAWN"),
        ("changed_imo", "IMO number", "9417115", "9596997"),
    ] {
        let found = details(&traffic, kind);
        assert_eq!(found.len(), 2, "{found:?}");
        let there = format!("{what} changed from {old} to {new} (");
        assert!(found[0].starts_with(&there), "{found:?}");
        assert!(found[0].ends_with("and back 14.1 h later"), "{found:?}");
        let back = format!("{what} changed back from {new} to {old} (");
        assert!(found[1].starts_with(&back), "{found:?}");
    }
}

#[test]
fn a_dossier_knows_what_was_sent_for_a_time() {
    let traffic = for_a_time(311_000_020);
    let rig = rig();
    let tables = rig.tables(&rig.run(traffic.days()));
    for number in [OTHER_IMO, IMO, 311_000_020] {
        let text = dossier(number, &tables).to_text();
        for line in [
            "called OLD PEARL: 2018",
            "called NEW DAWN: 2018",
            "sent IMO 9596997: 2018",
        ] {
            assert!(text.contains(line), "{number}: {text}");
        }
        assert_eq!(text.matches("  sent IMO 9417115: ").count(), 2, "{text}");
    }
    assert!(dossier(9_275_658, &tables).is_empty());
    // Who was called so before and in between doesn't seem to have been called the other all the time.
    let tables = rig.tables(&rig.run(twice_a_day().days()));
    let text = dossier(311_000_004, &tables).to_text();
    assert!(
        text.contains("called OLD PEARL: until 2018-06-03 05:57"),
        "{text}"
    );
    assert!(
        text.contains("called NEW DAWN: from 2018-06-03 06:03"),
        "{text}"
    );
}

fn twice_a_day() -> Traffic {
    let [old, new] = ["OLD PEARL", "NEW DAWN"].map(named);
    let said = [
        (1.0, 10.0, old.clone()),
        (10.05, 20.0, new.clone()),
        (20.05, 30.0, old),
        (30.05, 50.0, new),
    ];
    one_ship(3, &said)
}

#[test]
fn who_changes_her_name_twice_a_day_is_found_where_days_tell() {
    let found = details(&twice_a_day(), "changed_name");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("changed back from OLD PEARL to NEW DAWN"));
}

#[test]
fn two_names_in_turns_are_no_change() {
    let [old, new] = ["OLD PEARL", "NEW DAWN"].map(named);
    // One after the other for days, and each alone for a day.
    let said = [
        (1.0, 40.0, old.clone()),
        (1.05, 41.0, new.clone()),
        (49.0, 70.0, old),
        (73.0, 94.0, new),
    ];
    expect(&one_ship(4, &said), &[]);
}

#[test]
fn another_imo_number_of_the_same_name() {
    let said = [
        (1.0, 20.0, numbered(IMO)),
        (20.05, 40.0, numbered(OTHER_IMO)),
    ];
    let found = rows(&one_ship(2, &said));
    assert_eq!(found.len(), 1);
    assert_eq!(word(&found[0], "kind"), "changed_imo");
    assert_eq!(found[0].whole("imo"), Some(i64::from(OTHER_IMO)));
    // And the first one is of a listed ship, by chance.
    assert!(found[0].number("risk") >= Some(0.2));
    // For half an hour it is a slip.
    let said = [
        (1.0, 20.0, numbered(IMO)),
        (20.05, 20.5, numbered(OTHER_IMO)),
    ];
    expect(&one_ship(2, &said), &[]);
}

/// A number that one ship sends until 20 h and another from 26 h on, so far to the north.
fn one_number(north_m: f64, length_dm: u16) -> Traffic {
    let mut traffic = sea(3);
    let record = StaticRecord {
        length_dm: Some(length_dm),
        ..numbered(IMO)
    };
    Stretch::new(311_000_021, 1.0, 20.0).place(&mut traffic, OPEN, |_| [0.0; 2]);
    Stretch::new(518_000_021, 26.0, 60.0).place(&mut traffic, OPEN, |_| [0.0, north_m]);
    say(&mut traffic, 311_000_021, 1.0, 20.0, &numbered(IMO));
    say(&mut traffic, 518_000_021, 26.0, 60.0, &record);
    traffic
}

#[test]
fn one_number_too_far_on_or_of_another_size_is_on_two_hulls() {
    for (north_m, length_dm, words) in [
        (1_000_000.0, 2440, "no one hull: 1000 km on in 6.0 h"),
        (60_000.0, 1800, "no one hull: 244 x 42 m and 180 x 42 m"),
    ] {
        let found = details(&one_number(north_m, length_dm), "imo_on_two_hulls");
        assert_eq!(found.len(), 1, "{words}");
        assert!(found[0].ends_with(words), "{found:?}");
    }
    let found = rows(&one_number(60_000.0, 2440));
    assert!(found.iter().all(|r| word(r, "kind") == "handover"));
}

#[test]
fn who_is_called_something_else_in_every_message_changes_nothing() {
    let mut traffic = one_ship(2, &[(1.0, 20.0, named("OLD PEARL"))]);
    for i in 0..20_000 {
        traffic.statics.push(Statics {
            mmsi: 311_000_004,
            t: DAY_0 + HOUR_MS + i * 8000,
            record: named(&format!("{:X} SHIP", i * 7919 % 1_000_003)),
        });
    }
    expect(&traffic, &[]);
    // Nor does it hide a change.
    say(&mut traffic, 311_000_004, 20.05, 46.0, &named("NEW DAWN"));
    expect(&traffic, &["changed_name"]);
}
