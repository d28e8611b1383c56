//! The time that recorders write beside a sentence, on its line.
//!
//! There are as many forms as recorders: `1490076585,!AIVDM...`, `2016-03-31 00:00:01, !AIVDM...`,
//! `[2016-03-31T00:00:01Z] STN1 !AIVDM...`, `!AIVDM...*5C,rSTN1,1412524603`. So a time is looked for field by field.

use crate::ingest::value::{EARLIEST_MS, fixed, trim};
use crate::ingest::zone::Zone;

/// Words of a line that are looked at, on either side of the sentence.
const WORDS: usize = 24;

/// The longest words of one time, with blanks between them.
const ROOM: usize = 48;

/// What of a line is a time.
pub(super) struct Times {
    /// The zone of those that don't say theirs.
    pub zone: Zone,
    /// Numbers above are no times, milliseconds since the epoch.
    pub latest_ms: i64,
}

/// Seconds, milliseconds or microseconds since the epoch, told by their length, as milliseconds.
pub(super) fn epoch_ms(text: &[u8]) -> Option<i64> {
    let whole = text.split(|b| *b == b'.').next().unwrap_or_default();
    if whole.len() < 9 || !whole.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let thousandths = fixed(text, 3)?;
    Some(match whole.len() {
        ..=11 => thousandths,
        12..=14 => thousandths / 1_000,
        _ => thousandths / 1_000_000,
    })
}

/// What stands between words: blanks, and what recorders put around a time.
fn is_mark(b: &u8) -> bool {
    b.is_ascii_whitespace() || b",;[](){}<>\"'|".contains(b)
}

/// A word without what binds it to a name before it: `{"t":1748822407,`.
fn value_of(word: &[u8]) -> &[u8] {
    let from = word.iter().position(|b| !b":=".contains(b));
    &word[from.unwrap_or(word.len())..]
}

/// Without marks at both ends.
fn bare(text: &[u8]) -> &[u8] {
    let from = text.iter().position(|b| !is_mark(b)).unwrap_or(text.len());
    let to = text
        .iter()
        .rposition(|b| !is_mark(b))
        .map_or(from, |n| n + 1);
    &text[from..to]
}

impl Times {
    /// The time behind a sentence; of several numbers the last: `,rRDSULI1,1420030798`.
    pub(super) fn after(&self, after: &[u8]) -> Option<i64> {
        let mut fields = after.rsplit(|b| *b == b',');
        fields
            .find_map(|field| self.epoch(trim(field)))
            .or_else(|| self.words(after))
    }

    /// The time before a sentence: an epoch, or a date and time.
    pub(super) fn before(&self, before: &[u8]) -> Option<i64> {
        let text = bare(before);
        self.epoch(text)
            .or_else(|| self.zone.instant_ms(text))
            .or_else(|| self.words(before))
    }

    /// A number that is an instant since AIS exists. Of nine digits it is none: that was before 2001-09-09, when nobody
    /// recorded yet, and MMSIs have nine.
    fn epoch(&self, text: &[u8]) -> Option<i64> {
        let whole = text.iter().take_while(|b| b.is_ascii_digit()).count();
        if whole < 10 {
            return None;
        }
        epoch_ms(text).filter(|ms| (EARLIEST_MS..=self.latest_ms).contains(ms))
    }

    /// The first word that is a time, or the first few with blanks between them: a date, a time of day, a zone.
    fn words(&self, text: &[u8]) -> Option<i64> {
        let mut words: [&[u8]; WORDS] = [b""; WORDS];
        let mut n = 0;
        let all = text.split(is_mark).map(value_of);
        for word in all.filter(|word| !word.is_empty()) {
            if n == WORDS {
                break;
            }
            words[n] = word;
            n += 1;
        }
        (0..n)
            .filter(|i| words[*i][0].is_ascii_digit())
            .find_map(|i| {
                (1..=3.min(n - i))
                    .rev()
                    .find_map(|many| self.joined(&words[i..i + many]))
                    .or_else(|| self.epoch(words[i]))
            })
    }

    fn joined(&self, words: &[&[u8]]) -> Option<i64> {
        let mut room = [b' '; ROOM];
        let mut at = 0;
        for word in words {
            room.get_mut(at..at + word.len())?.copy_from_slice(word);
            at += word.len() + 1;
        }
        let text = &room[..(at - 1).min(ROOM)];
        self.zone.instant_ms(text)
    }
}

/// What of the line of a sentence may be a time that couldn't be read: all that stands around the sentence.
pub(crate) fn around(line: &[u8]) -> Option<String> {
    let from = super::sentence::find(line)?;
    let star = memchr::memchr(b'*', &line[from..]).map(|n| from + n)?;
    let before = bare(&line[..from]);
    let after = bare(line.get(star + 3..).unwrap_or_default());
    let both: Vec<String> = [before, after]
        .iter()
        .filter(|text| !text.is_empty())
        .map(|text| String::from_utf8_lossy(text).into_owned())
        .collect();
    (!both.is_empty()).then(|| both.join(" ... "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::value::{DateOrder, instant};
    use crate::model::Timestamp;

    #[test]
    fn a_time_is_found_wherever_it_stands() {
        let times = Times {
            zone: Zone::UTC,
            latest_ms: instant(b"2026-01-01 00:00", DateOrder::YearFirst)
                .unwrap()
                .0,
        };
        let shown = |ms: Option<i64>| ms.map(|ms| Timestamp(ms).to_string());
        let seven = Some("2025-06-02T00:00:07.000Z".to_owned());
        for text in [
            "2025-06-02T00:00:07Z,STN1,",
            "STN1,2025-06-02T00:00:07Z,",
            "STN1;2025-06-02;00:00:07;",
            "1748822407 STN7 ",
            "STN7 1748822407 ",
            "1748822407.000,003669945,",
            "003669945,1748822407000,",
            "2025-06-02T00:00:07.000Z 10.0.0.5:10110 ",
            "2025-06-02 00:00:07 UTC host: ",
            "host 2025-06-02  2:00:07 +02:00 ",
            "{\"t\": \"2025-06-02 00:00:07\", ",
            "{\"t\":1748822407,\"nmea\":\"",
            "1748822407000000 ",
        ] {
            assert_eq!(shown(times.before(text.as_bytes())), seven, "{text}");
            assert_eq!(shown(times.after(text.as_bytes())), seven, "{text}");
        }
        for none in [
            "",
            " ,",
            "003669945",
            "992190921,",
            "10.0.0.5:10110",
            "02/06/2025 00:00:07 ",
            "00:00:07 ",
            "2025-06-02 ",
            "17488224070,",
            "9999999999,",
            "1748822407x",
            "d-103,S1234,x28089,T43.600000",
        ] {
            assert_eq!(shown(times.before(none.as_bytes())), None, "{none}");
            assert_eq!(shown(times.after(none.as_bytes())), None, "{none}");
        }
        let python = times.before(b"2025-06-02 00:00:07,250 ");
        assert_eq!(shown(python).as_deref(), Some("2025-06-02T00:00:07.250Z"));
    }

    #[test]
    fn what_stands_around_a_sentence() {
        let around = |line: &str| around(line.as_bytes());
        assert_eq!(
            around("[02/06/2025] !AIVDM,1,1*5C,r1").as_deref(),
            Some("02/06/2025 ... r1")
        );
        assert_eq!(around("!AIVDM,1,1*5C"), None);
        assert_eq!(around("nothing"), None);
    }
}
