//! Leaps, away and back, however often and on whatever days.

use super::*;

/// A ship that is in turns at sea and 500 km to the north, from these hours on.
pub(super) fn leaping(mmsi: u32, days: i64, at_h: &[f64], to_h: f64) -> Traffic {
    let mut traffic = sea(days);
    let ends = at_h.iter().skip(1).chain([&to_h]);
    for (i, (from_h, to_h)) in at_h.iter().zip(ends).enumerate() {
        let north_m = if i % 2 == 0 { 0.0 } else { 500_000.0 };
        let stretch = Stretch {
            every_s: 600.0,
            ..Stretch::new(mmsi, *from_h, *to_h)
        };
        stretch.place(&mut traffic, OPEN, |_| [0.0, north_m]);
    }
    traffic
}

/// The findings, which are all leaps, in words.
fn words(at_h: &[f64], to_h: f64, days: i64) -> Vec<String> {
    let found = rows(&leaping(311_000_040, days, at_h, to_h));
    assert!(found.iter().all(|row| word(row, "kind") == "jump"));
    found.iter().map(|r| word(r, "detail").to_owned()).collect()
}

fn once(at_h: &[f64], to_h: f64, days: i64) -> String {
    let found = words(at_h, to_h, days);
    assert_eq!(found.len(), 1, "{at_h:?}: {found:?}");
    found[0].clone()
}

#[test]
fn a_leap_without_a_way_back_is_a_leap() {
    let found = once(&[1.0, 30.3], 120.0, 6);
    assert!(found.starts_with("the track leapt 500 km away, a leap that no ship can make"));
}

#[test]
fn any_number_of_leaps_is_told() {
    let at_h = [1.0, 6.0, 18.0, 30.0, 42.0, 54.0];
    for leaps in 2..=5 {
        let found = once(&at_h[..=leaps], at_h[leaps] + 12.0, 4);
        let told = format!("away and back, {leaps} leaps that no ship can make");
        assert!(found.contains(&told), "{found}");
    }
}

#[test]
fn a_leap_just_before_midnight_is_a_leap() {
    let found = once(&[1.0, 23.9, 72.05], 100.0, 5);
    assert!(found.contains("away and back, 2 leaps"), "{found}");
    let found = once(&[1.0, 23.9], 60.0, 4);
    assert!(found.contains("leapt 500 km away,"), "{found}");
}

#[test]
fn a_way_back_after_ten_days_is_another_leap() {
    let found = words(&[1.0, 30.3, 280.7], 330.0, 15);
    assert_eq!(found.len(), 2, "{found:?}");
}

#[test]
fn a_few_fixes_far_away_are_no_leap() {
    for stay_h in [0.4, 1.4] {
        let found = words(&[1.0, 30.3], 30.3 + stay_h, 4);
        assert!(found.is_empty(), "{stay_h}: {found:?}");
    }
    // Nor is what a ship can have sailed while unheard.
    let mut traffic = leaping(311_000_040, 4, &[1.0], 20.0);
    Stretch::new(311_000_040, 40.0, 80.0).place(&mut traffic, OPEN, |_| [0.0, 500_000.0]);
    expect(&traffic, &[]);
}
