//! Another MMSI for a time.

use super::*;

/// One hull at anchor that sends the second MMSI from one hour to another, and the first before and after.
pub(super) fn for_a_time(mmsis: [u32; 2], from_h: f64, to_h: f64, imo: Option<u32>) -> Traffic {
    let mut traffic = sea(4);
    for (mmsi, from_h, to_h) in [
        (mmsis[0], 1.0, from_h),
        (mmsis[1], from_h + 0.5, to_h),
        (mmsis[0], to_h + 0.5, 70.0),
    ] {
        Stretch {
            sog_kn: 0.1,
            ..Stretch::new(mmsi, from_h, to_h)
        }
        .place(&mut traffic, OPEN, |_| [0.0; 2]);
        say(
            &mut traffic,
            mmsi,
            from_h,
            to_h,
            &StaticRecord { imo, ..tanker() },
        );
    }
    traffic
}

const MMSIS: [u32; 2] = [311_000_030, 613_000_030];

#[test]
fn another_mmsi_for_a_time_is_a_handover_and_a_handover_back() {
    // Across midnight, and within a day.
    for (from_h, to_h) in [(10.0, 34.0), (27.0, 36.0)] {
        let found = rows(&for_a_time(MMSIS, from_h, to_h, Some(IMO)));
        let words: Vec<&str> = found.iter().map(|row| word(row, "detail")).collect();
        assert_eq!(found.len(), 2, "{words:?}");
        assert!(found.iter().all(|row| word(row, "kind") == "handover"));
        let there = "311000030 fell silent and 613000030 began 32 min later";
        assert!(words[0].starts_with(there), "{words:?}");
        let back = "613000030 fell silent and 311000030 was heard again 32 min later";
        assert!(words[1].starts_with(back), "{words:?}");
    }
}

#[test]
fn sister_ships_that_are_heard_in_turns_are_two() {
    expect(&for_a_time(MMSIS, 10.0, 34.0, None), &[]);
}

#[test]
fn a_sister_ship_that_takes_the_berth_of_one_that_left_is_another() {
    let lying = |imos: [Option<u32>; 2]| {
        let mut traffic = sea(3);
        let hours = [(1.0, 20.0), (20.5, 50.0)];
        for ((mmsi, imo), (from_h, to_h)) in MMSIS.into_iter().zip(imos).zip(hours) {
            Stretch {
                sog_kn: 0.1,
                ..Stretch::new(mmsi, from_h, to_h)
            }
            .place(&mut traffic, OPEN, |_| [0.0; 2]);
            let record = StaticRecord { imo, ..tanker() };
            say(&mut traffic, mmsi, from_h, to_h, &record);
        }
        traffic
    };
    expect(&lying([None, None]), &["handover"]);
    expect(&lying([Some(IMO), Some(9_074_729)]), &[]);
}

#[test]
fn two_transponders_of_one_hull_are_no_handover() {
    // For an hour of the first day both are heard.
    let mut traffic = for_a_time(MMSIS, 10.0, 34.0, Some(IMO));
    Stretch::new(MMSIS[1], 2.0, 3.0).place(&mut traffic, OPEN, |_| [30.0, 0.0]);
    say(&mut traffic, MMSIS[1], 2.0, 3.0, &numbered(IMO));
    expect(&traffic, &[]);
}
