use proptest::prelude::*;

use super::*;
use crate::model::Timestamp;

#[test]
fn numbers() {
    let cases = [
        ("-174.02316", 7, Some(-1_740_231_600)),
        ("5", 2, Some(500)),
        (" .5 ", 1, Some(5)),
        ("5.", 1, Some(50)),
        ("+1.25", 1, Some(13)),
        ("-1.25", 1, Some(-13)),
        ("9.600000000000001", 1, Some(96)),
        ("1e-05", 7, Some(100)),
        ("123456789012345678901234567890", 7, None),
        ("99999999999999999", 7, None),
        ("", 2, None),
        (".", 2, None),
        ("-", 2, None),
        ("nan", 2, None),
        ("inf", 2, None),
        ("1,5", 2, None),
        ("1.2.3", 2, None),
        ("\u{0661}", 2, None),
    ];
    for (text, decimals, expected) in cases {
        assert_eq!(fixed(text.as_bytes(), decimals), expected, "{text}");
    }
    let cases = [
        ("311000013", Some(311_000_013)),
        ("000000007", Some(7)),
        (" 60.0", Some(60)),
        ("1234567890", None),
        ("12.5", None),
        (".0", None),
        ("-1", None),
        ("", None),
    ];
    for (text, expected) in cases {
        assert_eq!(whole(text.as_bytes()), expected, "{text}");
    }
    assert_eq!(imo(b"IMO9579937"), Some(9_579_937));
    assert_eq!(imo(b"imo 9579937"), Some(9_579_937));
    assert_eq!(imo(b"IMO0000000"), None);
    assert_eq!(imo(b"Unknown"), None);
}

#[test]
fn instants() {
    use DateOrder::{DayFirst, YearFirst};
    let at = |t: &str| Some(Timestamp::parse(t).unwrap().0);
    let cases = [
        ("2018-06-02T05:33:10", YearFirst, at("2018-06-02T05:33:10")),
        ("2018-06-02 05:33", YearFirst, at("2018-06-02T05:33:00")),
        (
            "2018-06-02 05:33:10.5Z",
            YearFirst,
            at("2018-06-02T05:33:10.500"),
        ),
        (
            "2018-06-02T05:33:10.123456789",
            YearFirst,
            at("2018-06-02T05:33:10.123"),
        ),
        (
            "2018-06-02 05:33:10 UTC",
            YearFirst,
            at("2018-06-02T05:33:10"),
        ),
        (
            "2018-06-02T05:33:10+02:00",
            YearFirst,
            at("2018-06-02T03:33:10"),
        ),
        (
            "2018-06-02T05:33:10-0130",
            YearFirst,
            at("2018-06-02T07:03:10"),
        ),
        ("2018/06/02 05:33:10", YearFirst, at("2018-06-02T05:33:10")),
        ("02/06/2018 05:33:10", DayFirst, at("2018-06-02T05:33:10")),
        ("2018-06-02 05:33:10", DayFirst, at("2018-06-02T05:33:10")),
        ("2018-06-02 5:33:10", YearFirst, at("2018-06-02T05:33:10")),
        ("2018-6-2 5:33", YearFirst, at("2018-06-02T05:33:00")),
        (
            "2018/6/12  5:03:07.5",
            YearFirst,
            at("2018-06-12T05:03:07.500"),
        ),
        ("2018.06.02T05:33:10Z", YearFirst, at("2018-06-02T05:33:10")),
        (
            "2018-06-02 5:33:10+02:00",
            YearFirst,
            at("2018-06-02T03:33:10"),
        ),
        ("02/06/2018 5:33:10", DayFirst, at("2018-06-02T05:33:10")),
        ("2/6/2018 5:33", DayFirst, at("2018-06-02T05:33:00")),
        ("12.6.2018 15:33:9", DayFirst, at("2018-06-12T15:33:09")),
        ("2018-6-2 5:33", DayFirst, at("2018-06-02T05:33:00")),
        ("2/6/2018 5:33", YearFirst, None),
        ("2018-6/2 5:33", YearFirst, None),
        ("2018-6-2 533", YearFirst, None),
        ("2018-6-31 5:33", YearFirst, None),
        ("2018-6-2 25:33", YearFirst, None),
        ("2018-6-2 5:333", YearFirst, None),
        ("18-6-2 5:33", YearFirst, None),
        ("2/6/18 5:33", DayFirst, None),
        ("02/06/2018 05:33:10", YearFirst, None),
        ("2018-06-02T24:00:00", YearFirst, None),
        ("2018-06-02T05:60:00", YearFirst, None),
        ("2018-06-02T05:33:10 EST", YearFirst, None),
        ("2018-06-02T05:33:10.", YearFirst, None),
        ("2018-00-02T05:33:10", YearFirst, None),
        ("2018-06-00T05:33:10", YearFirst, None),
        ("2018-06-02", YearFirst, None),
        ("yyyy-mm-ddThh:mm:ss", YearFirst, None),
    ];
    for (text, order, expected) in cases {
        assert_eq!(instant_ms(text.as_bytes(), order), expected, "{text}");
    }
    assert_eq!(at("1990-01-01"), Some(EARLIEST_MS));
}

#[test]
fn texts() {
    assert_eq!(text(b" SEA STAR@@ "), Some("SEA STAR".to_owned()));
    assert_eq!(text(b"A@B"), Some("A@B".to_owned()));
    assert_eq!(text(b"@@@@"), None);
    for nothing in [
        "Unknown", "NA", "n/a", "N/A", "#N/A", "<NA>", "NaN", "NaT", "\\N", "NULL", "(null)",
        "None", " null ",
    ] {
        assert_eq!(text(nothing.as_bytes()), None, "{nothing}");
        assert!(is_nothing(nothing.as_bytes()), "{nothing}");
    }
    for something in ["NAN HAI", "N", "ANA", "NONESUCH", "-", "0"] {
        assert_eq!(text(something.as_bytes()).as_deref(), Some(something));
    }
    assert_eq!(text(b"A\0B\x1b"), Some("AB".to_owned()));
    assert_eq!(text(b"\xC5"), Some("\u{FFFD}".to_owned()));
}

proptest! {
    #[test]
    fn numbers_are_those_of_the_standard_parser(
        mantissa in -2_000_000_000i64..2_000_000_000,
        places in 0..9i32,
        decimals in 0..8u32,
    ) {
        let text = format!("{:.*}", places as usize, mantissa as f64 / 10f64.powi(places));
        let exact: f64 = text.parse().unwrap();
        let expected = (exact * 10f64.powi(decimals as i32)).round() as i64;
        let got = fixed(text.as_bytes(), decimals).unwrap();
        prop_assert!((got - expected).abs() <= 1, "{text} {got} {expected}");
        if places <= decimals as i32 {
            prop_assert_eq!(got, expected);
        }
    }

    #[test]
    fn instants_are_those_of_the_calendar(ms in EARLIEST_MS..4_102_444_800_000i64) {
        let text = Timestamp(ms).to_string();
        prop_assert_eq!(instant_ms(text.as_bytes(), DateOrder::YearFirst), Some(ms));
        let (date, time) = text.split_once('T').unwrap();
        let parts: Vec<&str> = date.split('-').collect();
        let danish = format!("{}/{}/{} {}", parts[2], parts[1], parts[0], &time[..8]);
        prop_assert_eq!(
            instant_ms(danish.as_bytes(), DateOrder::DayFirst),
            Some(ms.div_euclid(1000) * 1000)
        );
    }

    /// Whatever minute came before, and however an instant is written.
    #[test]
    fn the_last_minute_changes_no_instant(
        texts in proptest::collection::vec(
            (0_usize..9, 0_u32..3, 55_u32..62, 57_u32..62),
            1..40,
        ),
    ) {
        let mut last = LastMinute::default();
        for (form, hour, minute, second) in texts {
            let text = match form {
                0..4 => format!("2018-06-02T{hour:02}:{minute:02}:{second:02}"),
                4 => format!("2018-06-02 {hour:02}:{minute:02}:{second:02}Z"),
                5 => format!("   2018-06-02 {hour:02}:{minute:02}"),
                6 => format!("2018-6-2 {hour}:{minute}+02:00"),
                7 => format!("02/06/2018 {hour:02}:{minute:02}:{second:02}"),
                _ => format!("2018-06-02T{hour:02}:{minute:02}:{second:02}.5"),
            };
            let bytes = text.as_bytes();
            let expected = instant_ms(bytes, DateOrder::YearFirst);
            prop_assert_eq!(last.instant_ms(bytes), expected, "{}", text);
        }
    }

    #[test]
    fn nothing_panics(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
        for decimals in 0..8 {
            fixed(&bytes, decimals);
        }
        whole(&bytes);
        instant_ms(&bytes, DateOrder::YearFirst);
        instant_ms(&bytes, DateOrder::DayFirst);
        text(&bytes);
        imo(&bytes);
        decimetres(&bytes);
        metres(&bytes);
    }
}
