//! Text to numbers and instants, without allocation: what a row is made of.
//!
//! Written by hand because a row has about ten of them: a general float parser and a general date
//! parser cost more than all the rest of reading.

use crate::model::quantity::MS_PER_DAY;

/// Milliseconds from the epoch to 1990-01-01; AIS did not exist before.
pub(crate) const EARLIEST_MS: i64 = 631_152_000_000;

/// The bytes without blanks, tabs and carriage returns at both ends.
#[inline]
pub(crate) fn trim(bytes: &[u8]) -> &[u8] {
    bytes.trim_ascii()
}

/// A decimal number times `10^decimals`, rounded half away from zero; `None` if it is no number.
///
/// Takes sign, digits and one point; anything else (`1e-05`, `nan`) goes through the standard parser.
#[inline]
pub(crate) fn fixed(bytes: &[u8], decimals: u32) -> Option<i64> {
    let bytes = trim(bytes);
    let (negative, digits) = match bytes.split_first()? {
        (b'-', rest) => (true, rest),
        (b'+', rest) => (false, rest),
        _ => (false, bytes),
    };
    // 18 digits can't overflow, and no field of AIS has more than that to say.
    if digits.is_empty() || digits.len() > 18 {
        return fixed_slow(bytes, decimals);
    }
    let mut value: i64 = 0;
    let mut at = 0;
    while at < digits.len() {
        let d = digits[at].wrapping_sub(b'0');
        if d > 9 {
            break;
        }
        value = value * 10 + i64::from(d);
        at += 1;
    }
    let mut left = decimals as usize;
    if at < digits.len() {
        if digits[at] != b'.' || digits.len() == 1 {
            return fixed_slow(bytes, decimals);
        }
        for &b in &digits[at + 1..] {
            let d = b.wrapping_sub(b'0');
            if d > 9 || left == 0 {
                return fixed_slow(bytes, decimals);
            }
            value = value * 10 + i64::from(d);
            left -= 1;
        }
    }
    let value = value.checked_mul(POWERS[left])?;
    Some(if negative { -value } else { value })
}

const POWERS: [i64; 8] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// More decimals than wanted (rounded), an exponent, or no number at all.
#[cold]
fn fixed_slow(bytes: &[u8], decimals: u32) -> Option<i64> {
    let value: f64 = std::str::from_utf8(bytes).ok()?.parse().ok()?;
    let scaled = (value * POWERS[decimals as usize] as f64).round();
    (scaled.abs() < 9e17).then_some(scaled as i64)
}

/// A whole number of at most nine digits; `.0` after it is accepted.
#[inline]
pub(crate) fn whole(bytes: &[u8]) -> Option<u32> {
    let bytes = trim(bytes);
    if bytes.is_empty() {
        return None;
    }
    let mut value: u32 = 0;
    for (i, &b) in bytes.iter().enumerate() {
        let d = b.wrapping_sub(b'0');
        if d > 9 {
            let rest_is_zero = b == b'.' && i > 0 && bytes[i + 1..].iter().all(|z| *z == b'0');
            return rest_is_zero.then_some(value);
        }
        if i >= 9 && value > 99_999_999 {
            return None;
        }
        value = value * 10 + u32::from(d);
    }
    Some(value)
}

#[inline]
fn two(bytes: &[u8], at: usize) -> Option<u32> {
    let (a, b) = (
        bytes[at].wrapping_sub(b'0'),
        bytes[at + 1].wrapping_sub(b'0'),
    );
    (a <= 9 && b <= 9).then(|| u32::from(a) * 10 + u32::from(b))
}

/// Days since the epoch of a Gregorian date; `None` if there is no such day.
#[inline]
fn days_from_civil(year: u32, month: u32, day: u32) -> Option<i64> {
    const LENGTH: [u32; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    if !(1..=12).contains(&month) || day == 0 {
        return None;
    }
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let length = LENGTH[month as usize - 1] + u32::from(month == 2 && leap);
    if day > length {
        return None;
    }
    // Counted from 1 March of year 0, so that the leap day is the last of its year.
    let (y, m) = if month <= 2 {
        (i64::from(year) - 1, month + 9)
    } else {
        (i64::from(year), month - 3)
    };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = i64::from((153 * m + 2) / 5 + day - 1);
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Some(era * 146_097 + day_of_era - 719_468)
}

/// How the first ten characters of an instant are ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateOrder {
    /// `2018-06-01`.
    YearFirst,
    /// `01/06/2018`, and `2018-06-01` as well.
    DayFirst,
}

/// Milliseconds since the epoch of `2018-06-01T05:30:00` with `T` or blanks, an optional fraction
/// and an optional `Z`, ` UTC` or `+hh:mm`; with [`DateOrder::DayFirst`] of `01/06/2018 05:30:00` too. Month, day and hour
/// may have one digit, as spreadsheets and many exports write them.
pub(crate) fn instant_ms(bytes: &[u8], order: DateOrder) -> Option<i64> {
    instant(bytes, order).map(|(ms, _)| ms)
}

/// The same, and whether it says its zone.
pub(crate) fn instant(bytes: &[u8], order: DateOrder) -> Option<(i64, bool)> {
    let b = trim(bytes);
    let (ms, rest) = fixed_width(b, order).or_else(|| any_width(b, order))?;
    if rest.is_empty() {
        return Some((ms, false));
    }
    let (fraction_ms, offset_ms) = fraction_and_zone(rest)?;
    Some((
        ms + fraction_ms - offset_ms.unwrap_or(0),
        offset_ms.is_some(),
    ))
}

/// The last minute that was read, as it is written (`2018-06-01T05:30`): rows come mostly by time, so that most are of that minute,
/// and only their seconds are to be read.
#[derive(Default)]
pub(crate) struct LastMinute {
    text: [u8; 16],
    ms: i64,
}

impl LastMinute {
    /// [`instant_ms`] of a text that begins with the year.
    #[inline]
    pub(crate) fn instant_ms(&mut self, bytes: &[u8]) -> Option<i64> {
        let (minute, second) = match bytes.split_first_chunk::<16>() {
            // Two colons so far apart stand before and behind the minutes.
            Some((minute, [b':', ten @ b'0'..=b'5', one @ b'0'..=b'9'])) if minute[13] == b':' => {
                (minute, (ten - b'0') * 10 + (one - b'0'))
            }
            _ => return instant_ms(bytes, DateOrder::YearFirst),
        };
        let of_minute_ms = i64::from(second) * 1_000;
        if *minute != self.text {
            let ms = instant_ms(bytes, DateOrder::YearFirst)?;
            (self.text, self.ms) = (*minute, ms - of_minute_ms);
        }
        Some(self.ms + of_minute_ms)
    }
}

/// Every field with all its digits: what nearly every row has, and its rest.
#[inline]
fn fixed_width(b: &[u8], order: DateOrder) -> Option<(i64, &[u8])> {
    if b.len() < 16 {
        return None;
    }
    let separator = |c: u8| c == b'-' || c == b'/';
    let (year, month, day) = if separator(b[4]) && b[7] == b[4] {
        (two(b, 0)? * 100 + two(b, 2)?, two(b, 5)?, two(b, 8)?)
    } else if order == DateOrder::DayFirst && separator(b[2]) && b[5] == b[2] {
        (two(b, 6)? * 100 + two(b, 8)?, two(b, 3)?, two(b, 0)?)
    } else {
        return None;
    };
    if (b[10] != b'T' && b[10] != b' ') || b[13] != b':' {
        return None;
    }
    let (hour, minute) = (two(b, 11)?, two(b, 14)?);
    let (second, rest) = if b.len() >= 19 && b[16] == b':' {
        (two(b, 17)?, &b[19..])
    } else if b.get(16) == Some(&b':') {
        return None;
    } else {
        (0, &b[16..])
    };
    Some((moment([year, month, day], [hour, minute, second])?, rest))
}

/// Fields with fewer digits, and a full stop between those of the date.
#[cold]
fn any_width(b: &[u8], order: DateOrder) -> Option<(i64, &[u8])> {
    let (first, b) = digits(b)?;
    let (separator, b) = b.split_first()?;
    if !b"-/.".contains(separator) {
        return None;
    }
    let (second, b) = digits(b)?;
    let (third, b) = digits(b.strip_prefix(&[*separator])?)?;
    let date = match (first.len(), second.len(), third.len()) {
        (4, 1..=2, 1..=2) => [first, second, third],
        (1..=2, 1..=2, 4) if order == DateOrder::DayFirst => [third, second, first],
        _ => return None,
    };
    let b = match b.split_first()? {
        (b'T' | b't', rest) => rest,
        (b' ', rest) => rest.trim_ascii_start(),
        _ => return None,
    };
    let (hour, b) = digits(b)?;
    let (minute, b) = digits(b.strip_prefix(b":")?)?;
    let (second, b) = match b.strip_prefix(b":") {
        Some(rest) => digits(rest)?,
        None => (&b"0"[..], b),
    };
    if [hour, minute, second].iter().any(|part| part.len() > 2) {
        return None;
    }
    let ms = moment(
        date.map(|part| whole(part).unwrap_or(0)),
        [hour, minute, second].map(|part| whole(part).unwrap_or(0)),
    )?;
    Some((ms, b))
}

/// The digits that a text begins with, at least one, and its rest.
fn digits(b: &[u8]) -> Option<(&[u8], &[u8])> {
    let n = b.iter().take_while(|c| c.is_ascii_digit()).count();
    (n > 0).then(|| b.split_at(n))
}

/// Milliseconds since the epoch of a year, month and day, and an hour, minute and second.
#[inline]
fn moment([year, month, day]: [u32; 3], [hour, minute, second]: [u32; 3]) -> Option<i64> {
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let of_day_ms = i64::from(hour * 3_600 + minute * 60 + second) * 1_000;
    Some(days_from_civil(year, month, day)? * MS_PER_DAY + of_day_ms)
}

/// No clock on Earth is farther from UTC, hours.
const MAX_ZONE_H: u32 = 14;

/// A fraction in milliseconds, and how far a zone is ahead of UTC if there is one.
fn fraction_and_zone(mut rest: &[u8]) -> Option<(i64, Option<i64>)> {
    let mut fraction_ms = 0;
    if let Some((b'.' | b',', fraction)) = rest.split_first() {
        let (fraction, zone) = digits(fraction)?;
        let mut scale = 100;
        for d in fraction {
            fraction_ms += i64::from(d - b'0') * scale;
            scale /= 10;
        }
        rest = zone;
    }
    let zone = trim(rest);
    let offset_ms = match zone {
        b"" => None,
        b"Z" | b"z" | b"UTC" | b"GMT" => Some(0),
        [sign @ (b'+' | b'-'), digits @ ..] => {
            let (hours, minutes) = match digits.len() {
                2 => (two(digits, 0)?, 0),
                4 => (two(digits, 0)?, two(digits, 2)?),
                5 if digits[2] == b':' => (two(digits, 0)?, two(digits, 3)?),
                _ => return None,
            };
            if hours > MAX_ZONE_H || minutes > 59 {
                return None;
            }
            let ms = i64::from(hours * 60 + minutes) * 60_000;
            Some(if *sign == b'-' { -ms } else { ms })
        }
        _ => return None,
    };
    Some((fraction_ms, offset_ms))
}

/// Words that stand for an empty cell: in R and pandas, in dumps of databases, and in archives.
const NOTHING: [&[u8]; 12] = [
    b"na",
    b"n/a",
    b"#n/a",
    b"<na>",
    b"nan",
    b"nat",
    b"\\n",
    b"null",
    b"(null)",
    b"none",
    b"unknown",
    b"undefined",
];

/// Whether a cell is empty, or says that it is.
pub(crate) fn is_nothing(bytes: &[u8]) -> bool {
    let bytes = trim(bytes);
    bytes.is_empty() || NOTHING.iter().any(|w| bytes.eq_ignore_ascii_case(w))
}

/// Characters kept of a static text. AIS has 20 at most; longer ones are some archive's, or broken.
const MAX_TEXT: usize = 120;

/// Text for a static field: without `@`, control characters and blanks at the ends; bytes that are
/// no UTF-8 are replaced. `None` if nothing is left or the text says that it says nothing.
pub(crate) fn text(bytes: &[u8]) -> Option<String> {
    let bytes = trim(bytes);
    if bytes.is_empty() {
        return None;
    }
    let lossy = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * MAX_TEXT)]);
    let clean = if lossy.contains(char::is_control) {
        lossy.replace(char::is_control, "")
    } else {
        lossy.into_owned()
    };
    let trimmed = clean.trim_matches(|c: char| c == '@' || c.is_whitespace());
    if is_nothing(trimmed.as_bytes()) {
        return None;
    }
    Some(trimmed.chars().take(MAX_TEXT).collect())
}

/// An IMO number with or without `IMO` before it; 0 and what is no number are `None`.
pub(crate) fn imo(bytes: &[u8]) -> Option<u32> {
    let bytes = trim(bytes);
    let digits = match bytes.get(..3) {
        Some(prefix) if prefix.eq_ignore_ascii_case(b"imo") => trim(&bytes[3..]),
        _ => bytes,
    };
    whole(digits).filter(|n| *n > 0)
}

/// A length in metres as decimetres; 0 is `None`.
pub(crate) fn decimetres(bytes: &[u8]) -> Option<u16> {
    fixed(bytes, 1)
        .and_then(|dm| u16::try_from(dm).ok())
        .filter(|dm| *dm > 0)
}

/// A whole number of metres, 0 included.
pub(crate) fn metres(bytes: &[u8]) -> Option<u16> {
    fixed(bytes, 0).and_then(|m| u16::try_from(m).ok())
}

/// A number in hundredths as `f32`.
#[inline]
pub(crate) fn hundredths(bytes: &[u8]) -> Option<f32> {
    fixed(bytes, 2).map(|c| c as f32 / 100.0)
}

#[cfg(test)]
mod tests;
