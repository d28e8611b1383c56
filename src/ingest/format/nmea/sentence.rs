//! One line: its sentence, and the time that it carries itself.

use super::times::{Times, epoch_ms};
use crate::ingest::value::trim;
use crate::model::RejectReason;

/// An AIS sentence (IEC 61162-1 VDM or VDO) that was received whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sentence<'l> {
    /// Talker and formatter: `AIVDM`.
    pub address: &'l [u8],
    /// Number of parts of the message.
    pub total: u8,
    /// Which part this is, from 1.
    pub part: u8,
    /// Which message the parts belong to.
    pub sequence: &'l [u8],
    /// Radio channel.
    pub channel: &'l [u8],
    /// Six bits per character.
    pub payload: &'l [u8],
    /// Bits of the last character that only fill it up.
    pub fill_bits: u8,
    /// The tag block before it, without its checksum; empty if there is none.
    pub tag: &'l [u8],
    /// What stands before all that.
    pub before: &'l [u8],
    /// What stands after it.
    pub after: &'l [u8],
}

/// What a line is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line<'l> {
    /// An AIS sentence.
    Ais(Sentence<'l>),
    /// An AIS sentence, or something, that can't be used.
    Broken(RejectReason),
    /// Another sentence, a tag block on its own, a comment, nothing: no report at all.
    Beside(&'l [u8]),
}

/// Where the AIS sentence of a line begins: `!`, two letters of a talker, `VDM,` or `VDO,`.
pub(super) fn find(line: &[u8]) -> Option<usize> {
    memchr::memchr_iter(b'!', line).find(|at| {
        matches!(
            line.get(at + 3..at + 7),
            Some([b'V', b'D', b'M' | b'O', b','])
        )
    })
}

impl<'l> Line<'l> {
    /// A line without an AIS sentence.
    fn other(line: &'l [u8]) -> Self {
        let rest = match line.split_first() {
            Some((b'\\', tagged)) => match memchr::memchr(b'\\', tagged) {
                Some(end) if end + 1 == tagged.len() => return Self::Beside(line),
                Some(end) => &tagged[end + 1..],
                None => return Self::Broken(RejectReason::Malformed),
            },
            _ => line,
        };
        match rest.first() {
            None | Some(b'$' | b'#') => Self::Beside(rest),
            Some(b'!') => Self::Broken(RejectReason::OtherMessage),
            Some(_) => Self::Broken(RejectReason::Malformed),
        }
    }

    pub(super) fn read(line: &'l [u8]) -> Self {
        let Some(at) = find(line) else {
            return Self::other(trim(line));
        };
        let (before, body) = (&line[..at], &line[at + 1..]);
        let Some(star) = memchr::memchr(b'*', body) else {
            return Self::Broken(RejectReason::Malformed);
        };
        let (before, tag) = match memchr::memchr(b'\\', before) {
            Some(open) => match memchr::memrchr(b'\\', before).filter(|close| *close > open) {
                Some(close) => (&before[..open], &before[open + 1..close]),
                None => return Self::Broken(RejectReason::Malformed),
            },
            None => (before, &before[..0]),
        };
        let tag = tag_content(tag);
        let sum = body.get(star + 1..star + 3).and_then(hex);
        match sum {
            None => return Self::Broken(RejectReason::Malformed),
            Some(sum) if sum != xor(&body[..star]) => {
                return Self::Broken(RejectReason::BadChecksum);
            }
            Some(_) => {}
        }
        let mut fields = body[..star].splitn(8, |b| *b == b',');
        let mut next = || fields.next().unwrap_or_default();
        let address = next();
        let (total, part) = (digit(next()), digit(next()));
        let (sequence, channel, payload) = (next(), next(), next());
        // A recorder that is about adds a field of its own after this one.
        let fill = digit(next());
        match (total, part, fill) {
            (Some(total), Some(part), Some(fill_bits))
                if (1..=total).contains(&part) && fill_bits < 6 =>
            {
                Self::Ais(Sentence {
                    address,
                    total,
                    part,
                    sequence,
                    channel,
                    payload,
                    fill_bits,
                    tag,
                    before,
                    after: &body[star + 3..],
                })
            }
            _ => Self::Broken(RejectReason::Malformed),
        }
    }
}

impl<'l> Sentence<'l> {
    /// The time that the line itself carries, milliseconds: in its tag block, after the sentence, or before it.
    pub(super) fn time_ms(&self, times: &Times) -> Option<i64> {
        if self.tag.is_empty() && self.after.is_empty() && self.before.is_empty() {
            return None;
        }
        tag_time(self.tag)
            .or_else(|| times.after(self.after))
            .or_else(|| times.before(self.before))
    }

    /// The group of the tag block (`g:1-2-3985`), without which part this is.
    pub(super) fn group(&self) -> &'l [u8] {
        tag_field(self.tag, b'g')
            .and_then(|g| memchr::memrchr(b'-', g).map(|at| &g[at + 1..]))
            .unwrap_or_default()
    }

    /// Who received it: by the tag block (`s:`), or by a field behind it that begins with `r` or `b` (`,r003669930`).
    /// Empty if it doesn't say so.
    pub(super) fn station(&self) -> &'l [u8] {
        if let Some(station) = tag_field(self.tag, b's') {
            return station;
        }
        self.after
            .split(|b| *b == b',')
            .map(trim)
            .find(|field| matches!(field, [b'r' | b'b', _, ..]))
            .unwrap_or_default()
    }
}

/// A tag block without its checksum. That isn't tested: one real recorder writes `*00` everywhere, another
/// a wrong one before every sentence of a group.
pub(super) fn tag_content(tag: &[u8]) -> &[u8] {
    memchr::memrchr(b'*', tag).map_or(tag, |star| &tag[..star])
}

fn tag_field(tag: &[u8], letter: u8) -> Option<&[u8]> {
    tag.split(|b| *b == b',')
        .find_map(|field| match field.split_first() {
            Some((first, [b':', value @ ..])) if *first == letter => Some(value),
            _ => None,
        })
}

/// The time of a tag block: `c:` and seconds or milliseconds since the epoch.
pub(super) fn tag_time(tag: &[u8]) -> Option<i64> {
    tag_field(tag, b'c').and_then(epoch_ms)
}

#[inline]
fn xor(bytes: &[u8]) -> u8 {
    bytes.iter().fold(0, |sum, b| sum ^ b)
}

fn hex(two: &[u8]) -> Option<u8> {
    let digit = |b: u8| (b as char).to_digit(16).map(|d| d as u8);
    match two {
        [a, b] => Some(digit(*a)? << 4 | digit(*b)?),
        _ => None,
    }
}

fn digit(field: &[u8]) -> Option<u8> {
    match field {
        [d @ b'0'..=b'9'] => Some(d - b'0'),
        _ => None,
    }
}
