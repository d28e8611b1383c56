//! Messages of several sentences.
//!
//! A message is complete when its last part comes and the sentences of the same kind right before it
//! (same talker, sequence number, channel and group, and no other station) were its other parts in order, the first not too
//! far back. Stations number their messages each by itself, so that two of them use one number at a time; a part that names
//! no station goes with any, since some recorders name it on one part only. So what a sentence belongs to depends on a
//! bounded stretch of text before it, never on how the text was cut into blocks. Parts that find no mates are given back,
//! so that each is counted once.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;

use super::sentence::Sentence;

/// A sentence of a message that isn't complete.
#[derive(Clone, Copy)]
pub(super) struct Part<'l> {
    /// Its line.
    pub line: &'l [u8],
    /// Number of the line, from 1.
    pub number: u64,
    /// Its payload.
    pub payload: &'l [u8],
}

/// The parts of a message so far.
pub(super) struct Run<'l> {
    key: u64,
    /// Who received it, once a part says so.
    station: &'l [u8],
    /// Where the first begins.
    start: usize,
    /// In order.
    pub parts: Vec<Part<'l>>,
    /// The time carried by the first part that carries one.
    pub own_ms: Option<i64>,
    /// The time that held where the first part stood.
    pub clock_ms: Option<i64>,
}

/// Messages that lack parts, the earliest first.
#[derive(Default)]
pub(super) struct Parts<'l> {
    runs: Vec<Run<'l>>,
}

/// What becomes of a part.
pub(super) enum Fate<'l> {
    /// It waits for the next.
    Waits,
    /// It completes a message.
    Completes(Run<'l>),
    /// It continues nothing.
    Lost,
}

impl<'l> Parts<'l> {
    /// Takes the earliest message if its first part begins before `limit`, so that it can't be completed any more.
    pub(super) fn expired(&mut self, limit: usize) -> Option<Run<'l>> {
        let first = self.runs.first()?;
        (first.start < limit).then(|| self.runs.remove(0))
    }

    /// Takes the message that a sentence of the same kind breaks off.
    pub(super) fn broken_by(&mut self, sentence: &Sentence<'_>) -> Option<Run<'l>> {
        let key = key(sentence);
        if self.continued_by(key, sentence).is_some() {
            return None;
        }
        let at = self.runs.iter().rposition(|run| run.suits(key, sentence))?;
        Some(self.runs.remove(at))
    }

    /// The message whose next part this may be: of several the latest, so that no older one, which a block of the text
    /// may not reach, has a say in it.
    fn continued_by(&self, key: u64, sentence: &Sentence<'_>) -> Option<usize> {
        self.runs.iter().rposition(|run| {
            run.suits(key, sentence) && run.parts.len() + 1 == usize::from(sentence.part)
        })
    }

    /// Adds a part; whatever it breaks off must have been taken before.
    pub(super) fn add(
        &mut self,
        sentence: &Sentence<'l>,
        part: Part<'l>,
        start: usize,
        own_ms: Option<i64>,
        clock_ms: Option<i64>,
    ) -> Fate<'l> {
        let key = key(sentence);
        let Some(at) = self.continued_by(key, sentence) else {
            if sentence.part != 1 {
                return Fate::Lost;
            }
            self.runs.push(Run {
                key,
                station: sentence.station(),
                start,
                parts: vec![part],
                own_ms,
                clock_ms,
            });
            return Fate::Waits;
        };
        let run = &mut self.runs[at];
        run.parts.push(part);
        run.own_ms = run.own_ms.or(own_ms);
        if run.station.is_empty() {
            run.station = sentence.station();
        }
        if sentence.part < sentence.total {
            return Fate::Waits;
        }
        Fate::Completes(self.runs.remove(at))
    }
}

impl Run<'_> {
    /// Whether a sentence may be of this message.
    fn suits(&self, key: u64, sentence: &Sentence<'_>) -> bool {
        let station = sentence.station();
        self.key == key
            && (station == self.station || station.is_empty() || self.station.is_empty())
    }
}

fn key(sentence: &Sentence<'_>) -> u64 {
    let mut hasher = FxHasher::default();
    sentence.address.hash(&mut hasher);
    sentence.sequence.hash(&mut hasher);
    sentence.channel.hash(&mut hasher);
    sentence.group().hash(&mut hasher);
    sentence.total.hash(&mut hasher);
    hasher.finish()
}
