//! Files in whose place others are: what becomes of the rows of the old ones.
//!
//! In: what was known under a path, and what could be read there now. Rules: content that is anywhere in the folder wasn't
//! replaced, but moved (see `inbox`). A file of which nothing could be read takes nobody's place. One of another time is
//! no correction, but the next file of a name that is used every day, and one that begins and ends later is a window that
//! moved on. Only what is left is a correction, whose rows stand for the old ones.

use serde_json::{Value as Json, json};

use crate::model::Timestamp;
use crate::store::{Entry, day_from};

/// Times of a file's first and last row.
pub(super) type Span = (Timestamp, Timestamp);

/// What becomes of the rows that were taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    /// They stay.
    Stay,
    /// They stay before the start of this day.
    StayBefore(Timestamp),
    /// Those of the new file stand for them.
    GiveWay,
}

/// A file in whose place another one is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Where it was, and the other one is.
    pub path: String,
    /// Times of its first and last row, if it had any.
    pub old: Option<(Timestamp, Timestamp)>,
    /// Those of the other one; `None` if no row of it could be used.
    pub new: Option<(Timestamp, Timestamp)>,
    /// Its rows from this instant on are given up for those of the other one; `None` if all stay.
    pub given_up_from: Option<Timestamp>,
    /// Whether the other one is a correction of it; then rows that stay lie before what can be gone back to.
    pub is_correction: bool,
}

/// The same while it is decided.
#[derive(Clone, Debug)]
pub(super) struct Replacement {
    pub old: Entry,
    new: Option<Span>,
    /// Whether the new file is entered under the path.
    is_entered: bool,
    fate: Fate,
    /// Whether a new file has the same rows in another packing, wherever it lies.
    pub is_repacked: bool,
}

fn span(entry: &Entry) -> Option<Span> {
    entry.first.zip(entry.last)
}

/// Whether a file in the place of another is a correction of it.
pub(super) fn is_correction(old: &Entry, new: &Entry) -> bool {
    fate(span(old), span(new)) == Fate::GiveWay
}

fn fate(old: Option<Span>, new: Option<Span>) -> Fate {
    let (Some(old), Some(new)) = (old, new) else {
        return match old {
            Some(_) => Fate::Stay,
            None => Fate::GiveWay,
        };
    };
    let common_ms = new.1.min(old.1).0 - new.0.max(old.0).0;
    let shorter_ms = (old.1.0 - old.0.0).min(new.1.0 - new.0.0);
    let is_apart = common_ms < 0 || 2 * common_ms < shorter_ms;
    // The day in which the new one begins is whole in the old one, or else the new one's.
    let next = day_from(new.0).start();
    let has_day = old.1 >= next;
    let begins_later = new.0.day() > old.0.day() || (is_apart && new.0 > old.0 && has_day);
    if begins_later && new.1 > old.1 {
        return Fate::StayBefore(match has_day {
            true => next,
            false => new.0.day().start(),
        });
    }
    match is_apart {
        true => Fate::Stay,
        false => Fate::GiveWay,
    }
}

impl Replacement {
    /// In: the span of the new file's rows, if it could be read and has any.
    pub(super) fn new(old: Entry, new: Option<Option<Span>>) -> Self {
        let by = new.flatten();
        let fate = match new {
            None => Fate::Stay,
            Some(_) => fate(span(&old), by),
        };
        Self {
            old,
            new: by,
            is_entered: new.is_some(),
            fate,
            is_repacked: false,
        }
    }

    /// In: what has its place now, which is known and taken in already. Unless it is a correction, both stay.
    pub(super) fn by_known(old: Entry, by: &Entry) -> Self {
        let fate = match is_correction(&old, by) {
            true => Fate::GiveWay,
            false => Fate::Stay,
        };
        Self {
            new: span(by),
            is_entered: true,
            fate,
            is_repacked: false,
            old,
        }
    }

    /// A file that is gone, and whose rows came again in another packing, as when logs are compressed.
    pub(super) fn repacked(old: Entry) -> Self {
        Self {
            new: span(&old),
            is_entered: true,
            fate: Fate::GiveWay,
            is_repacked: true,
            old,
        }
    }

    /// Whether there is nothing to stand for the old rows.
    pub(super) fn is_without_rows(&self) -> bool {
        self.new.is_none()
    }

    /// What of the old file must still be there to go back to the time before its end.
    pub(super) fn kept(&self) -> Option<Entry> {
        match self.fate {
            Fate::Stay => Some(self.old.overwritten()),
            Fate::StayBefore(end) => self.old.until(end),
            Fate::GiveWay => None,
        }
    }

    /// The time whose rows are given up, as far as the store can go back to it.
    pub(super) fn given_up(&self) -> Option<Span> {
        let (first, last) = span(&self.old)?;
        match self.fate {
            Fate::Stay => None,
            Fate::StayBefore(end) => (last >= end).then_some((first.max(end), last)),
            Fate::GiveWay => Some((first, last)),
        }
    }

    /// Whether what the new file has of this day is left out because the old one had the whole day.
    pub(super) fn has_day(&self, path: &str, start: Timestamp) -> bool {
        let from = self.old.first.map_or(Timestamp::MAX, |t| t.day().start());
        matches!(self.fate, Fate::StayBefore(end) if start >= from && start < end)
            && self.old.path == path
    }

    /// What remains of the old file when everything from this instant on is taken in anew, without it: nothing, or an entry.
    /// Where nobody took its place it keeps it.
    pub(super) fn remains(&self, at: Timestamp) -> Option<Entry> {
        match self.fate {
            Fate::Stay if !self.is_entered => self.old.cut(at),
            Fate::GiveWay if self.is_repacked => None,
            _ => self.old.until(at),
        }
    }

    /// Whether rows that should stay are gone before they were taken in: those from this instant on.
    pub(super) fn is_lost_from(&self, at: Timestamp) -> bool {
        let last = self.kept().and_then(|kept| kept.last);
        last.is_some_and(|last| last >= at)
    }

    /// For the report, with everything from this instant on taken in anew; `None` if nothing had been taken in of it.
    pub(super) fn report(&self, at: Timestamp) -> Option<Replaced> {
        let old = match self.is_lost_from(at) {
            true => Some(self.remains(at).as_ref().and_then(span)?),
            false => span(&self.old),
        };
        let end = match self.fate {
            Fate::Stay => Timestamp::MAX,
            Fate::StayBefore(end) => end.max(at),
            Fate::GiveWay => at,
        };
        Some(Replaced {
            is_correction: self.fate == Fate::GiveWay,
            path: self.old.path.clone(),
            old,
            new: self.new,
            given_up_from: old
                .filter(|(_, last)| *last >= end)
                .map(|(first, _)| first.max(end)),
        })
    }
}

impl Replaced {
    /// In words.
    pub(super) fn words(&self) -> Option<String> {
        let (first, last) = self.old?;
        let old = format!("what was taken in from here ({first} to {last})");
        let new = self
            .new
            .map_or("what is here now".to_owned(), |(first, last)| {
                format!("what is here now ({first} to {last})")
            });
        let path = &self.path;
        Some(match (self.given_up_from, self.new) {
            (Some(from), _) if from <= first => {
                format!("{path} holds other rows than before: {old} was given up for {new}")
            }
            (Some(from), _) => format!(
                "{path} holds other rows than before: {old} was given up from {from} on for {new}; earlier rows stay"
            ),
            (None, None) => format!("{path} has no rows of use any more: {old} stays"),
            (None, _) if self.is_correction => format!(
                "{path} holds other rows than before: {old} stays, {new} came too late to stand for it"
            ),
            (None, Some(_)) => format!(
                "{path} holds rows of another time: {old} stays, {new} is taken in beside it; give each file a name of its own"
            ),
        })
    }

    pub(super) fn to_json(&self) -> Json {
        let span = |span: Option<Span>| span.map(|(a, b)| [a.to_string(), b.to_string()]);
        json!({
            "path": self.path,
            "old": span(self.old),
            "new": span(self.new),
            "given_up_from": self.given_up_from.map(|t| t.to_string()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(first: &str, last: &str) -> Option<Span> {
        let at = |text: &str| Timestamp::parse(&format!("2025-06-{text}")).unwrap();
        Some((at(first), at(last)))
    }

    #[test]
    fn a_correction_is_told_from_the_next_file_of_a_name() {
        let day = |text: &str| Timestamp::parse(&format!("2025-06-{text}")).unwrap();
        let old = span("02T00:00", "02T23:59");
        let next = Fate::StayBefore(day("03"));
        for (old, new, expected) in [
            (old, span("02T00:01", "02T23:58"), Fate::GiveWay),
            // It grew.
            (old, span("02T00:00", "04T12:00"), Fate::GiveWay),
            (span("02T00:00", "02T11:00"), old, Fate::GiveWay),
            // The next day, with and without rows around midnight.
            (old, span("03T00:00", "03T23:59"), next),
            (
                span("02T00:00", "03T00:05"),
                span("03T00:01", "04T00:04"),
                next,
            ),
            (
                span("02T00:00", "03T00:05"),
                span("02T23:58", "04T00:03"),
                next,
            ),
            // A window of three days.
            (
                span("01T00:30", "04T00:30"),
                span("02T00:30", "05T00:30"),
                next,
            ),
            // The other half of a day.
            (
                span("02T00:00", "02T12:00"),
                span("02T11:00", "02T23:59"),
                Fate::Stay,
            ),
            // A day before.
            (
                span("03T00:00", "04T00:05"),
                span("02T00:00", "03T00:04"),
                Fate::Stay,
            ),
            (old, None, Fate::Stay),
            (None, old, Fate::GiveWay),
        ] {
            assert_eq!(fate(old, new), expected, "{old:?} {new:?}");
        }
    }
}
