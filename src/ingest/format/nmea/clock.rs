//! Lines that say what time it is for the sentences after them.

use super::sentence::{tag_content, tag_time};
use crate::ingest::value::{DateOrder, instant_ms};

/// The time that a line which is no report gives to those after it, milliseconds since the epoch:
///
/// - `$PGHP,1,2014,9,28,16,0,4,684,...`: when the next sentence was received;
/// - `$GPZDA` and `$GPRMC`: the clock of the recorder's own receiver;
/// - a tag block on a line of its own.
pub(super) fn time_of(line: &[u8]) -> Option<i64> {
    match line {
        [b'\\', tag @ .., b'\\'] => tag_time(tag_content(tag)),
        [b'$', sentence @ ..] => {
            let end = memchr::memchr(b'*', sentence).unwrap_or(sentence.len());
            let mut fields = sentence[..end].split(|b| *b == b',');
            let address = fields.next()?;
            match (address, address.get(2..)) {
                (b"PGHP", _) => pghp(&mut fields),
                (_, Some(b"ZDA")) => zda(&mut fields),
                (_, Some(b"RMC")) => rmc(&mut fields),
                _ => None,
            }
        }
        _ => None,
    }
}

fn number(field: Option<&[u8]>) -> Option<u32> {
    let text = std::str::from_utf8(field?).ok()?;
    text.parse().ok().filter(|n| *n <= 9999)
}

/// Year, month, day, hour, minute, second, millisecond.
fn ms([year, month, day, hour, minute, second, milli]: [u32; 7]) -> Option<i64> {
    let text =
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{milli:03}");
    // A number too many digits long makes a text of another form, which is none.
    (text.len() == 23)
        .then(|| instant_ms(text.as_bytes(), DateOrder::YearFirst))
        .flatten()
}

/// `1,2014,9,28,16,0,4,684`: a version, then the time in UTC.
fn pghp<'l>(fields: &mut impl Iterator<Item = &'l [u8]>) -> Option<i64> {
    fields.next()?;
    let mut parts = [0; 7];
    for part in &mut parts {
        *part = number(fields.next())?;
    }
    ms(parts)
}

/// `195719.25` as hour, minute, second, millisecond.
fn time_of_day(field: &[u8]) -> Option<[u32; 4]> {
    let pair = |at: usize| number(field.get(at..at + 2));
    let milli = match field.get(6..) {
        None | Some([]) => 0,
        Some([b'.', digits @ ..]) => digits.iter().chain(b"000").take(3).try_fold(0, |n, d| {
            d.is_ascii_digit().then(|| n * 10 + u32::from(d - b'0'))
        })?,
        Some(_) => return None,
    };
    Some([pair(0)?, pair(2)?, pair(4)?, milli])
}

/// `195719,16,04,2014`; some write the year with two digits.
fn zda<'l>(fields: &mut impl Iterator<Item = &'l [u8]>) -> Option<i64> {
    let [hour, minute, second, milli] = time_of_day(fields.next()?)?;
    let day = number(fields.next())?;
    let month = number(fields.next())?;
    let year = century(number(fields.next())?);
    ms([year, month, day, hour, minute, second, milli])
}

/// `195719,A,5310.8115,N,00525.7025,E,0.0,0.0,160414`; `V` for `A` says that the receiver has no fix.
fn rmc<'l>(fields: &mut impl Iterator<Item = &'l [u8]>) -> Option<i64> {
    let [hour, minute, second, milli] = time_of_day(fields.next()?)?;
    if fields.next()? != b"A" {
        return None;
    }
    let date = fields.nth(6)?;
    let pair = |at: usize| number(date.get(at..at + 2));
    let (day, month, year) = (pair(0)?, pair(2)?, century(pair(4)?));
    ms([year, month, day, hour, minute, second, milli])
}

fn century(year: u32) -> u32 {
    if year < 100 { year + 2000 } else { year }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Timestamp;

    #[test]
    fn real_lines() {
        let time = |line: &str| time_of(line.as_bytes()).map(|ms| Timestamp(ms).to_string());
        let cases = [
            (
                "$PGHP,1,2014,9,28,16,0,4,684,219,21,992190921,1,14*22",
                "2014-09-28T16:00:04.684Z",
            ),
            (
                "$GPZDA,195719,16,04,14,-02,00*63",
                "2014-04-16T19:57:19.000Z",
            ),
            (
                "$GPZDA,195719.25,16,04,2014,,*63",
                "2014-04-16T19:57:19.250Z",
            ),
            (
                "$GPRMC,114746.00,A,1228.30613,S,13050.74930,E,0.002,,270112,,,A*69",
                "2012-01-27T11:47:46.000Z",
            ),
            ("\\s:rEV02,c:1334337317*58\\", "2012-04-13T17:15:17.000Z"),
        ];
        for (line, expected) in cases {
            assert_eq!(time(line).as_deref(), Some(expected), "{line}");
        }
        for none in [
            "$GPRMC,114746.00,V,1228.30613,S,13050.74930,E,0.002,,270112,,,A*69",
            "$PGHP,1,2014,9,31,16,0,4,684",
            "$PGHP,1,2014,9",
            "$PGHP,1,2014,9,28,16,0,4,-1",
            "$GPZDA,,,,,,*48",
            "$GPZDA,99,1,1,1",
            "\\si:AISD*3F\\",
            "\\",
            "$",
            "",
        ] {
            assert_eq!(time(none), None, "{none}");
        }
    }
}
