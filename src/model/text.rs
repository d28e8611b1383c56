//! Text as people, terminals and spreadsheets take it.

use std::borrow::Cow;

/// Names come from strangers: none of their control characters, nor what turns the direction of
/// writing, reaches a terminal.
pub fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| {
            !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .collect()
}

/// A whole number with groups of digits: `1,234,567`.
pub fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number with so many decimals, ties away from zero as in the tables, and never a negative zero: what rounds to nothing has no
/// sign.
pub fn decimal(value: f64, places: usize) -> String {
    let value = rounded(value, places as i32);
    unsigned_zero(format!("{value:.places$}"))
}

/// A number rounded to so many decimals, ties away from zero.
pub fn rounded(value: f64, places: i32) -> f64 {
    let scale = 10f64.powi(places);
    let scaled = (value * scale).round();
    // Beyond 2^53 every f64 is a whole number already, and the product may overflow.
    if scaled.abs() < 9.0e15 {
        scaled / scale
    } else {
        value
    }
}

/// The same with its sign, also where it is positive.
pub fn signed(value: f64, places: usize) -> String {
    let text = decimal(value, places);
    if text.starts_with('-') {
        text
    } else {
        format!("+{text}")
    }
}

fn unsigned_zero(text: String) -> String {
    match text.strip_prefix('-') {
        Some(rest) if rest.bytes().all(|b| matches!(b, b'0' | b'.')) => rest.to_owned(),
        _ => text,
    }
}

/// The code of a kind, state or reason as it is read: `shared_mmsi` is "shared MMSI".
pub fn in_words(code: &str) -> String {
    let words = code.split('_').map(|word| match word {
        "ais" | "imo" | "mmsi" | "sts" => word.to_ascii_uppercase(),
        _ => word.to_owned(),
    });
    words.collect::<Vec<_>>().join(" ")
}

/// A share, by the three decimals that tables keep of it, so that it reads alike wherever it stands: `96 %`, `7.5 %`. What is
/// smaller than that has its own digits: `0.004 %`.
pub fn percent(share: f64) -> String {
    let p = (1000.0 * share).round() / 10.0;
    match p {
        p if p >= 9.95 => format!("{:.0} %", p.round()),
        p if p > 0.0 => format!("{p:.1} %"),
        _ if share >= 0.000_005 => format!("{:.3} %", 100.0 * share),
        _ => "0 %".to_owned(),
    }
}

/// Bytes as hexadecimal digits, as hashes are written.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Text that no spreadsheet takes for a formula.
///
/// Ship names and destinations are typed by strangers: a text cell that begins with `=`, `+`, `-`, `@`,
/// a tab or a line break gets an apostrophe before it. Numbers don't: they are ours.
pub fn guarded(text: &str) -> Cow<'_, str> {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_reads_alike_before_and_after_it_is_written() {
        for thousandths in 0..=1000 {
            let written = f64::from(thousandths) / 1000.0;
            for off in [-0.000_49, -0.000_2, 0.0, 0.000_2, 0.000_49] {
                let share = written + off;
                if thousandths > 0 && share <= 1.0 {
                    assert_eq!(percent(share), percent(written), "{share}");
                }
            }
        }
        let told = [0.985, 0.994, 0.0749, 0.0996, 0.000_04, 0.0].map(percent);
        assert_eq!(told, ["99 %", "99 %", "7.5 %", "10 %", "0.004 %", "0 %"]);
    }

    #[test]
    fn strangers_cannot_write_to_the_terminal() {
        assert_eq!(printable("EVER\u{1b}[31mRED\u{202e}"), "EVER[31mRED");
    }

    #[test]
    fn codes_are_read() {
        let codes = ["sts_transfer", "shared_mmsi", "adrift", "under_way"];
        let words = ["STS transfer", "shared MMSI", "adrift", "under way"];
        assert_eq!(codes.map(in_words), words);
    }

    #[test]
    fn there_is_no_negative_zero() {
        let numbers = [-0.0, -0.004, -0.006, 0.0, 1.25, f64::NAN];
        assert_eq!(
            numbers.map(|v| decimal(v, 2)),
            ["0.00", "0.00", "-0.01", "0.00", "1.25", "NaN"]
        );
        assert_eq!([-0.3, -0.6].map(|v| decimal(v, 0)), ["0", "-1"]);
        assert_eq!([-0.3, -0.6, 0.6].map(|v| signed(v, 0)), ["+0", "-1", "+1"]);
    }

    #[test]
    fn digits_stand_in_threes() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(grouped),
            ["0", "999", "1,000", "1,234,567"]
        );
    }
}
