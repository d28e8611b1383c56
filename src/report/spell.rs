//! What a ship sent for a time, read off the findings about it.

use super::words::{minute, span};
use crate::model::{Row, Timestamp};

/// What a finding says was changed, with its kind and how a dossier calls it.
pub(super) struct Sent {
    kind: &'static str,
    what: &'static str,
    verb: &'static str,
}

/// What a dossier tells of.
pub(super) const SENT: [Sent; 2] = [
    Sent {
        kind: "changed_name",
        what: "name",
        verb: "called",
    },
    Sent {
        kind: "changed_imo",
        what: "IMO number",
        verb: "sent IMO",
    },
];

/// What such a finding says of a value that was sent before.
const BACK: &str = " back";

/// The value before and the one after, from the words of a finding: `name changed from A to B (9 spans ...)`.
pub(super) fn replaced(row: &Row, of: &Sent) -> Option<[String; 2]> {
    let words = row
        .text("detail")
        .filter(|_| row.text("kind") == Some(of.kind))?;
    let words = words.strip_prefix(of.what)?.strip_prefix(" changed")?;
    let words = words.strip_prefix(BACK).unwrap_or(words);
    let words = words.strip_prefix(" from ")?;
    // Names are told in capitals.
    let (old, rest) = words.split_once(" to ")?;
    let (new, _) = rest.split_once(" (")?;
    Some([old, new].map(str::to_owned))
}

/// A name or number that a ship sent for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spell {
    /// By which MMSI.
    pub mmsi: i64,
    /// What was sent: `called NEW DAWN`, `sent IMO 9417115`.
    pub words: String,
    /// From when, as far as is known.
    pub from: Option<Timestamp>,
    /// Until when.
    pub until: Option<Timestamp>,
}

impl Spell {
    /// What a ship sent one after the other, by the findings about it; nothing of one that never changed it.
    pub(super) fn of(ship: &Row, found: &[Row], sent: &Sent) -> Vec<Self> {
        let Some(mmsi) = ship.whole("mmsi") else {
            return Vec::new();
        };
        let own = found.iter().filter(|row| row.whole("mmsi") == Some(mmsi));
        let returned = format!("{} changed{BACK} ", sent.what);
        let changes = own.filter_map(|row| {
            let (old, new) = (row.time("start"), row.time("end"));
            let returns = row.text("detail")?.starts_with(&returned);
            Some((old, new, replaced(row, sent)?, returns))
        });
        let mut changes: Vec<_> = changes.collect();
        changes.sort();
        let spell = |value: &str, from, until| Self {
            mmsi,
            words: format!("{} {value}", sent.verb),
            from,
            until,
        };
        let mut spells: Vec<Self> = Vec::new();
        for (left, came, [old, new], returns) in &changes {
            match spells.last_mut() {
                Some(last) if last.words == format!("{} {old}", sent.verb) => last.until = *left,
                Some(last) => {
                    // What came in between was no finding.
                    last.until = None;
                    spells.push(spell(old, None, *left));
                }
                None => {
                    // Of one that was sent in turns before no finding tells from when.
                    let from = ship.time("first_seen").filter(|_| !returns);
                    spells.push(spell(old, from.filter(|t| Some(*t) < *left), *left));
                }
            }
            spells.push(spell(new, *came, None));
        }
        spells
    }

    /// `2018-06-02 05:33 to 21:10`.
    pub(super) fn when(&self) -> String {
        match (self.from, self.until) {
            (Some(from), Some(until)) => span(from, Some(until)),
            (Some(from), None) => format!("from {}", minute(from)),
            (None, Some(until)) => format!("until {}", minute(until)),
            (None, None) => "for a time".to_owned(),
        }
    }
}
