//! Which draughts are an event's: the one before it and the one that it left.
//!
//! In: a ship's draughts, and her events one after the other. Out: for each, the draught before, the one after and the
//! change between them. Rule: what stands a few hours after the end is what the event left, however early it was typed;
//! if nothing new stands then, the first one typed later is, before the ship came to a berth or took up something else.
//! What was typed after two events and not between them is of both. Columns, kind, direction and volume all read this
//! and nothing else.

use super::draughts::Draughts;
use crate::model::Timestamp;
use crate::model::quantity::MS_PER_HOUR;

/// A smaller change tells neither the direction nor the amount, decimetres: crews round to tenths, and trim, fuel and
/// stores change it.
const LEAST_DM: u16 = 3;
/// Crews put right within this time after the end what they typed before it, hours: within a watch and a half the hoses are
/// off, the ullages are taken and the papers signed.
const SETTLED_H: i64 = 6;
/// Ships that come alongside moor and connect hoses first: within this time no cargo moves, hours.
pub(super) const MOORING_H: i64 = 1;

/// An event, as far as a ship's draughts can be its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Occasion {
    pub start: Timestamp,
    pub end: Timestamp,
    /// From when on a new draught may be the one that the event left, where another of hers went on: a little before its end.
    pub late: Timestamp,
    /// Up to when one that is received is the one after it.
    pub until: Timestamp,
    /// Last instant at which a new one counts as this event's: what is first sent at her next berth comes of that call.
    /// Before `start` when she lay in port throughout, so that none counts.
    pub own_until: Timestamp,
}

impl Occasion {
    /// From `start` to `end`, with all that is received up to `until`.
    pub(super) fn new(
        (start, end): (Timestamp, Timestamp),
        early_h: i64,
        until: Timestamp,
    ) -> Self {
        let late = Timestamp(end.0 - early_h * MS_PER_HOUR).max(start);
        Self {
            start,
            end,
            late,
            until,
            own_until: until,
        }
    }

    /// Without what is other events' by where the ship lay: `left` is when she departed from where she lay at a berth when it
    /// began, `next` when she arrived at a berth after it.
    pub(super) fn between(self, left: Option<Timestamp>, next: Option<Timestamp>) -> Self {
        let next = next.map_or(self.until, |t| Timestamp(t.0 - 1).min(self.until));
        match left {
            Some(left) if left >= self.end => Self {
                own_until: Timestamp(self.start.0 - 1),
                ..self
            },
            left => {
                let start = left.map_or(self.start, |left| left.max(self.start));
                Self {
                    start,
                    late: self.late.max(start),
                    own_until: next,
                    ..self
                }
            }
        }
    }

    /// When what stands is what this left, given the event that ended next: what is typed at the end of that one is that
    /// one's, or of both.
    fn settled(&self, next: Option<&Self>) -> Timestamp {
        let settled = Timestamp(self.end.0 + SETTLED_H * MS_PER_HOUR).min(self.own_until);
        let next = next.map(|n| n.late).filter(|late| *late > self.end);
        next.map_or(settled, |late| settled.min(late))
    }
}

/// Draughts before and after, decimetres, and when the latter was first received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub before_dm: u16,
    pub after_dm: u16,
    pub at: Timestamp,
}

impl Change {
    /// Whether the ship took cargo.
    pub(super) fn took(&self) -> bool {
        self.after_dm > self.before_dm
    }

    /// By how much it changed, decimetres.
    pub(super) fn size_dm(&self) -> u16 {
        self.after_dm.abs_diff(self.before_dm)
    }

    /// Whether it is large enough to tell by: AIS has draughts in steps of 0.1 m.
    pub(super) fn is_weighable(&self) -> bool {
        self.size_dm() >= LEAST_DM
    }

    /// The smaller and the greater draught, metres.
    pub(super) fn light_heavy_m(&self) -> (f64, f64) {
        let metres = |dm: u16| f64::from(dm) / 10.0;
        (
            metres(self.before_dm.min(self.after_dm)),
            metres(self.before_dm.max(self.after_dm)),
        )
    }
}

/// What a ship's draughts say of an event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    /// Before it, decimetres.
    pub before_dm: Option<u16>,
    /// After it, decimetres; the same one if that was received again.
    pub after_dm: Option<u16>,
    /// From the one to the other. `None` if the draught stayed: then it was not typed, or nothing moved, and which of both
    /// isn't told.
    pub change: Option<Change>,
    /// Since when the one before it had stood, as far as is known.
    pub since: Option<Timestamp>,
}

impl Reading {
    /// By how much the ship lies deeper after it, decimetres; `None` unless both draughts were received.
    pub(super) fn sank_dm(&self) -> Option<i32> {
        Some(i32::from(self.after_dm?) - i32::from(self.before_dm?))
    }
}

/// A new draught, decimetres, and when it was first received.
type Typed = (Timestamp, u16);

impl Draughts {
    /// What they say of one event.
    pub(super) fn around(&self, event: &Occasion) -> Reading {
        self.read(std::slice::from_ref(event), 0)
    }

    /// What they say of one of several events of the ship, which are given by their ends.
    pub(super) fn read(&self, events: &[Occasion], which: usize) -> Reading {
        let mut events = events.to_vec();
        let mut before: Vec<Option<u16>> = Vec::new();
        let mut left: Vec<Option<Typed>> = Vec::new();
        for i in 0..events.len() {
            // What an earlier one left while this one went on already is where this one begins.
            let begins = (0..i)
                .filter_map(|k| left[k].filter(|(at, _)| *at > events[k].late))
                .filter(|(at, _)| events[i].start < *at && *at < events[i].late)
                .max();
            if let Some((at, _)) = begins {
                events[i].start = at;
            }
            let begins = begins.map(|(_, dm)| dm);
            before.push(begins.or_else(|| self.before(&events[i])));
            left.push(self.own(&events[i], before[i], events.get(i + 1)));
        }
        for i in (which..events.len().saturating_sub(1)).rev() {
            // Nothing was typed of it before the next one, so what the next one left is of both.
            let event = &events[i];
            left[i] = left[i].or_else(|| {
                left[i + 1].filter(|(at, dm)| *at <= event.own_until && Some(*dm) != before[i])
            });
        }
        let (event, before_dm, left) = (&events[which], before[which], left[which]);
        let again = || {
            let (_, dm) = self.first_after(event.end, event.until, |dm| Some(dm) == before_dm)?;
            Some(dm)
        };
        Reading {
            before_dm,
            since: before_dm.map(|dm| self.stands_since(dm, event.start)),
            after_dm: left.map(|(_, dm)| dm).or_else(again),
            change: left
                .zip(before_dm)
                .map(|((at, after_dm), before_dm)| Change {
                    before_dm,
                    after_dm,
                    at,
                }),
        }
    }

    /// The new draught that an event left, as far as it is its alone, given the one before and the event that ended next.
    fn own(&self, event: &Occasion, before: Option<u16>, next: Option<&Occasion>) -> Option<Typed> {
        if event.own_until < event.end {
            return None;
        }
        let new = |dm: u16| Some(dm) != before;
        if before.is_none() {
            return self.first_after(event.end, event.own_until, new);
        }
        let settled = event.settled(next);
        if let Some(stands) = self.as_of(settled).filter(|dm| new(*dm)) {
            return self.first_after(event.start, settled, |dm| dm == stands);
        }
        let Some(next) = next else {
            return self.first_after(settled, event.own_until, new);
        };
        // Hoses of the next one aren't connected yet.
        let moored = Timestamp(next.start.0 + MOORING_H * MS_PER_HOUR);
        let alone = self.first_after(settled, moored.min(event.own_until), new);
        alone.or_else(|| {
            // Typed while the next one went on already, and typed anew when that was over.
            let typed = self.first_after(settled, next.late.min(event.own_until), new)?;
            let is_over = self.as_of(next.settled(None)) != Some(typed.1);
            (next.start < event.end && is_over).then_some(typed)
        })
    }
}

#[cfg(test)]
mod tests;
