//! A line into its fields, for any delimiter.

use crate::ingest::mapping::Delimiter;

/// The fields of a line; kept from line to line for its buffers.
#[derive(Default)]
pub(super) struct Splitter {
    /// The fields of a line with quotes, without them.
    unquoted: Vec<u8>,
    /// From and to.
    ends: Vec<(usize, usize)>,
}

/// The fields of a line. A field that the line doesn't have is empty.
#[derive(Clone, Copy)]
pub(super) struct Fields<'f> {
    bytes: &'f [u8],
    ends: &'f [(usize, usize)],
}

impl<'f> Fields<'f> {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A field by its place from 0.
    pub(super) fn get(&self, i: usize) -> &'f [u8] {
        self.ends
            .get(i)
            .map_or(b"", |(from, to)| &self.bytes[*from..*to])
    }

    /// Some of them.
    pub(super) fn part(self, from: usize, len: usize) -> Self {
        let end = (from + len).min(self.ends.len());
        Self {
            bytes: self.bytes,
            ends: &self.ends[from.min(end)..end],
        }
    }
}

impl Splitter {
    /// Splits a line. A quote that isn't closed at the end of a field is text.
    pub(super) fn split<'f>(
        &'f mut self,
        line: &'f [u8],
        delimiter: Delimiter,
        quote: bool,
    ) -> Fields<'f> {
        let is_delimiter = |b: u8| match delimiter {
            Delimiter::Byte(byte) => b == byte,
            Delimiter::Whitespace => b == b' ' || b == b'\t',
            Delimiter::Auto => b == b',',
        };
        let merges = delimiter == Delimiter::Whitespace;
        if quote && memchr::memchr(b'"', line).is_some() && self.unquote(line, is_delimiter, merges)
        {
            return Fields {
                bytes: &self.unquoted,
                ends: &self.ends,
            };
        }
        self.ends.clear();
        let mut from = 0;
        for (at, b) in line.iter().enumerate() {
            if is_delimiter(*b) {
                self.push(from, at, merges);
                from = at + 1;
            }
        }
        self.push(from, line.len(), merges);
        Fields {
            bytes: line,
            ends: &self.ends,
        }
    }

    /// Notes a field; between the delimiters of a run there is none.
    fn push(&mut self, from: usize, to: usize, merges: bool) {
        if !(merges && from == to) {
            self.ends.push((from, to));
        }
    }

    fn unquote(&mut self, line: &[u8], is_delimiter: impl Fn(u8) -> bool, merges: bool) -> bool {
        self.ends.clear();
        self.unquoted.clear();
        let mut at = 0;
        loop {
            let from = self.unquoted.len();
            let is_quoted = line.get(at) == Some(&b'"');
            if is_quoted {
                at += 1;
                loop {
                    let Some(n) = memchr::memchr(b'"', &line[at..]) else {
                        return false;
                    };
                    self.unquoted.extend_from_slice(&line[at..at + n]);
                    at += n + 1;
                    // R writes a quote within a field as `\"`.
                    let ends = line.get(at).is_none_or(|b| is_delimiter(*b));
                    if !ends && n > 0 && line[at - 2] == b'\\' {
                        self.unquoted.pop();
                        self.unquoted.push(b'"');
                        continue;
                    }
                    if line.get(at) != Some(&b'"') {
                        break;
                    }
                    self.unquoted.push(b'"');
                    at += 1;
                }
                if line.get(at).is_some_and(|b| !is_delimiter(*b)) {
                    return false;
                }
            } else {
                let end = line[at..]
                    .iter()
                    .position(|b| is_delimiter(*b))
                    .map_or(line.len(), |n| at + n);
                self.unquoted.extend_from_slice(&line[at..end]);
                at = end;
            }
            let to = self.unquoted.len();
            self.push(from, to, merges && !is_quoted);
            if at >= line.len() {
                return true;
            }
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_every_kind() {
        let split = |line: &str, delimiter, quote| {
            let mut splitter = Splitter::default();
            let fields = splitter.split(line.as_bytes(), delimiter, quote);
            (0..fields.len())
                .map(|i| String::from_utf8_lossy(fields.get(i)).into_owned())
                .collect::<Vec<_>>()
        };
        let comma = Delimiter::Byte(b',');
        assert_eq!(
            split("a,,\"b,\"\"c\"\"\",", comma, true),
            ["a", "", "b,\"c\"", ""]
        );
        assert_eq!(split("a,\"b,c", comma, true), ["a", "\"b", "c"]);
        assert_eq!(split("a,\"b\"x,c", comma, true), ["a", "\"b\"x", "c"]);
        assert_eq!(
            split("\"\\\"a\\\"\",\"b\\\"", comma, true),
            ["\"a\"", "b\\"]
        );
        assert_eq!(split("\"a,b\"", comma, false), ["\"a", "b\""]);
        assert_eq!(split("", comma, true), [""]);
        let blanks = Delimiter::Whitespace;
        assert_eq!(split("  a \t b  ", blanks, true), ["a", "b"]);
        assert_eq!(split("\"a b\"  \"\" c", blanks, true), ["a b", "", "c"]);
        assert!(split("", blanks, true).is_empty());
    }
}
