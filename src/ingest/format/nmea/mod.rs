//! Logs of NMEA 0183 sentences with AIS messages: `!AIVDM`, `!BSVDM`, `!AIVDO` and their kin.
//!
//! A row is a message: one sentence, or several that make one up. Other sentences, comments and tag blocks
//! on lines of their own are no rows, but may say what time it is.
//!
//! A sentence has no time, so it is looked for where recorders put it: in the tag block before it (`c:`),
//! behind it (`,1420030798`), before it (`2016-03-31 00:00:01, `, in the zone of `ingest.nmea_zone`), field by field (see
//! [`times`]), else in the nearest line before that is about time (see [`clock`]). A message of several sentences has the time of
//! the first of them that carries one.
//!
//! Decoded here and not by a crate: `ais` 0.12 has positions in 32 bits (1.7 m at the antimeridian),
//! `nmea-parser` 0.11 keeps parts in a map by text and bits one by one, and both remember parts from
//! call to call, so that the result would depend on how a file is cut.

mod clock;
mod message;
mod parts;
mod payload;
mod sentence;
pub(crate) mod times;

#[cfg(test)]
mod tests;

use super::{Lines, TextReader};
use crate::ingest::sink::RowSink;
use crate::ingest::zone::Zone;
use crate::model::RejectReason;
use parts::{Fate, Part, Parts, Run};
use payload::Payload;
use sentence::{Line, Sentence};
use times::Times;

/// The name in reports.
pub(crate) const NAME: &str = "nmea";

/// How far before a sentence, in bytes, the first part of its message or the line with its time may
/// stand: about 200 sentences. A sequence number comes back after ten messages.
const REACH: usize = 16 * 1024;

/// Longest line that can be a sentence with what recorders add to it. A longer one is malformed, and
/// nothing reaches across it; so a message given up in one block began within [`REACH`] and a line before it.
const MAX_LINE: usize = 1024;

/// Lines looked at to recognise a log: recorders of instruments write many others in between.
const LINES_LOOKED_AT: usize = 400;

/// Whether a text seems to be a log of AIS sentences.
pub(crate) fn is_likely(head: &[u8], terminator: u8) -> bool {
    head.split(|b| *b == terminator)
        .take(LINES_LOOKED_AT)
        .any(|line| line.len() <= MAX_LINE && sentence::find(line).is_some())
}

/// Bytes and lines of a header, as a log in the form of CSV has: a first line that is no sentence.
pub(crate) fn header(head: &[u8], terminator: u8) -> (usize, u64) {
    let end = memchr::memchr(terminator, head).map_or(head.len(), |n| n + 1);
    let line = head[..end].trim_ascii();
    let is_row = line.is_empty()
        || line.len() > MAX_LINE
        || sentence::find(line).is_some()
        || b"!$\\#".contains(&line[0]);
    if is_row { (0, 0) } else { (end, 1) }
}

/// Reads a log.
pub(crate) struct NmeaReader {
    zone: Zone,
}

impl NmeaReader {
    /// The reader of a log whose local times, if it has any, are of this zone.
    pub(crate) fn new(zone: Zone) -> Self {
        Self { zone }
    }
}

impl TextReader for NmeaReader {
    fn format(&self) -> &'static str {
        NAME
    }

    fn layout(&self) -> u64 {
        // Raw static fields are payloads, whose bits mean the same in every log.
        2
    }

    fn context_bytes(&self) -> usize {
        // The first part of a message, and the line with the time before that one.
        2 * (REACH + MAX_LINE)
    }

    fn read(&self, lines: &Lines<'_>, sink: &mut RowSink<'_>) {
        let before = memchr::memchr_iter(lines.terminator, &lines.bytes[..lines.start]).count();
        let mut log = Log {
            times: Times {
                zone: self.zone,
                latest_ms: sink.latest_ms(),
            },
            payload: Payload::new(),
            parts: Parts::default(),
            clock: None,
            sink,
            counts: false,
        };
        let mut at = 0;
        let mut number = lines.first_line.saturating_sub(before as u64);
        while at < lines.bytes.len() {
            let end = memchr::memchr(lines.terminator, &lines.bytes[at..])
                .map_or(lines.bytes.len(), |n| at + n);
            log.counts = at >= lines.start;
            log.line(lines.bytes[at..end].trim_ascii(), at, number);
            at = end + 1;
            number += 1;
        }
        if lines.is_last {
            log.counts = true;
            log.give_up(usize::MAX);
        }
    }
}

/// What is known at a line from the lines before it.
struct Log<'l, 's, 'o> {
    times: Times,
    payload: Payload,
    parts: Parts<'l>,
    /// The last time that a line gave to those after it, and where that line begins.
    clock: Option<(usize, i64)>,
    sink: &'s mut RowSink<'o>,
    /// Whether what is found out now counts; on lines of context it was counted with their block.
    counts: bool,
}

impl<'l> Log<'l, '_, '_> {
    fn line(&mut self, line: &'l [u8], at: usize, number: u64) {
        if line.len() > MAX_LINE {
            self.give_up(usize::MAX);
            self.clock = None;
            self.reject(number, RejectReason::Malformed, line);
            return;
        }
        self.give_up(at.saturating_sub(REACH));
        match Line::read(line) {
            Line::Ais(sentence) => self.sentence(&sentence, line, at, number),
            Line::Broken(reason) => self.reject(number, reason, line),
            Line::Beside(line) => {
                if let Some(ms) = clock::time_of(line) {
                    self.clock = Some((at, ms));
                }
            }
        }
    }

    fn sentence(&mut self, sentence: &Sentence<'l>, line: &'l [u8], at: usize, number: u64) {
        // A single sentence in a line of context was read with its block.
        if sentence.total == 1 && !self.counts {
            return;
        }
        let own_ms = sentence.time_ms(&self.times);
        let clock_ms = self
            .clock
            .filter(|(from, _)| from + REACH >= at)
            .map(|(_, ms)| ms);
        if sentence.total == 1 {
            let parts = std::iter::once(sentence.payload);
            let result = self.message(parts, sentence.fill_bits, own_ms.or(clock_ms));
            if let Err(reason) = result {
                self.reject(number, reason, line);
            }
            return;
        }
        if let Some(broken) = self.parts.broken_by(sentence) {
            self.lose(&broken);
        }
        let part = Part {
            line,
            number,
            payload: sentence.payload,
        };
        match self.parts.add(sentence, part, at, own_ms, clock_ms) {
            Fate::Waits => {}
            Fate::Lost => self.reject(number, RejectReason::Malformed, line),
            Fate::Completes(run) if self.counts => {
                let parts = run.parts.iter().map(|part| part.payload);
                let result = self.message(parts, sentence.fill_bits, run.own_ms.or(run.clock_ms));
                if let Err(reason) = result {
                    self.reject(number, reason, line);
                }
            }
            Fate::Completes(_) => {}
        }
    }

    fn message<'p>(
        &mut self,
        parts: impl Iterator<Item = &'p [u8]>,
        fill_bits: u8,
        time_ms: Option<i64>,
    ) -> Result<(), RejectReason> {
        if !self.payload.unpack(parts, usize::from(fill_bits)) {
            return Err(RejectReason::Malformed);
        }
        message::read(&self.payload, time_ms, self.sink)
    }

    /// Gives up the messages whose first part begins before `limit`.
    fn give_up(&mut self, limit: usize) {
        while let Some(run) = self.parts.expired(limit) {
            self.lose(&run);
        }
    }

    fn lose(&mut self, run: &Run<'_>) {
        for part in &run.parts {
            self.reject(part.number, RejectReason::Malformed, part.line);
        }
    }

    fn reject(&mut self, number: u64, reason: RejectReason, line: &[u8]) {
        if self.counts {
            self.sink.reject(number, reason, line);
        }
    }
}
