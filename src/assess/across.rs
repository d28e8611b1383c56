//! Draughts across hours in which nobody saw what a ship did: a silence, or a wait with nobody to be seen.
//!
//! In: her draughts, meetings, silences and calls. Out: the draught before and another one after. Rule: the same draught
//! received again soon after a silence is no news, since tables repeat the last one with every row and crews type a new one
//! hours later; one that is still later, though the old one was received again, is of what she did next. So is one that is
//! first received after her next silence or berth, or after a meeting with a ship that can have had cargo; and if such a meeting
//! lies between the last word before and these hours, the change may be of that. All tables read this and nothing else.

use super::draughts::Draughts;
use super::occasion::Occasion;
use super::port_calls::Calls;
use super::rendezvous::Meetings;
use super::spans::Span;
use super::{Params, Window};
use crate::model::draught::change_dm;
use crate::model::quantity::MS_PER_HOUR;
use crate::model::{Facts, Timestamp};

/// Crews type a new draught within this time after cargo moved, hours: a watch and a half.
const TYPED_H: i64 = 6;

/// Before and after, decimetres.
pub(super) type Changed = (u16, u16);

/// What a ship did before and after.
pub(super) struct Across<'a> {
    facts: &'a Facts,
    calls: &'a Calls<'a>,
    pub(super) meetings: Meetings,
}

impl<'a> Across<'a> {
    pub(super) fn new(facts: &'a Facts, calls: &'a Calls<'a>, params: &Params) -> Self {
        Self {
            facts,
            calls,
            meetings: Meetings::new(facts, params),
        }
    }

    /// The draughts of a ship before these hours and after them, of those received up to an instant, if they differ by more than a
    /// slip and nothing else explains that: across a `silence`, or a wait in which she was heard.
    pub(super) fn changed(
        &self,
        mmsi: u32,
        (start, end): Span,
        until: Timestamp,
        silence: bool,
        draughts: &Draughts,
        window: Window,
    ) -> Option<Changed> {
        let event = self
            .calls
            .aside(Occasion::new((start, end), 0, until), mmsi, window);
        // In port throughout.
        if event.own_until < start {
            return None;
        }
        // Where she lay when she was heard again is where these hours led, and no later call.
        let own_until = if event.own_until < end {
            until
        } else {
            event.own_until
        };
        let silence_from = self.next_silence(mmsi, end);
        let until = silence_from.map_or(own_until, |t| t.min(own_until));
        let (said, before) = draughts.last_by(event.start)?;
        let is_other = |dm: u16| change_dm(before, dm) != 0;
        let (t, after) = draughts.first_after(end, until, is_other)?;
        let is_late = t.0 > end.0 + TYPED_H * MS_PER_HOUR;
        let stood = || draughts.first_after(end, Timestamp(t.0 - 1), |dm| !is_other(dm));
        if silence && is_late && stood().is_some() {
            return None;
        }
        (!self.meetings.explain(mmsi, (said, t))).then_some((before, after))
    }

    /// When a ship fell silent next.
    fn next_silence(&self, mmsi: u32, after: Timestamp) -> Option<Timestamp> {
        let gaps = &self.facts.gaps;
        let from = gaps.partition_point(|gap| gap.track.mmsi < mmsi);
        let of_ship = gaps[from..].iter().take_while(|gap| gap.track.mmsi == mmsi);
        let later = of_ship.filter(|gap| !gap.short && gap.start.t >= after);
        later.map(|gap| gap.start.t).min()
    }
}
