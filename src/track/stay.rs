//! Stays: a ship inside the circle through which a ship at anchor may swing.
//!
//! Two boxes grow with the slow fixes: a wide one, which is the stay, and inside it a narrow one that only a ship
//! at a berth keeps to for long. A fix that would make a box too large starts it anew. Whether a place is a berth
//! or an anchorage is judged later, by the marks that are set when a box has lasted an hour or a tide. A ship that
//! isn't still for half of her time, yet stays a tide, swings.

use serde::{Deserialize, Serialize};

use super::Params;
use super::lay::radius_m;
use super::pace::Pace;
use super::slow::silence_limit_ms;
use crate::model::quantity::MS_PER_HOUR;
use crate::model::stay::{Mark, Stay};
use crate::model::{ByStatus, Extent, Fix, NavStatus, Timestamp, TrackId};

/// Half the diagonal of the box that holds a ship at anchor, metres: 12 shackles (330 m) and a ship of 330 m make a
/// circle of 660 m radius, whose box has half a diagonal of 930 m.
pub(super) const SWING_M: f64 = 1000.0;
/// The same of a ship at a berth: six sigmas (60 m) of a position each way.
const STILL_M: f64 = 85.0;
/// In this time a ship is brought to her berth, turned off it and made fast, milliseconds.
const BERTHING_MS: i64 = MS_PER_HOUR;
/// Through this time the tide turns, and every ship at anchor with it, milliseconds.
const TIDE_MS: i64 = 6 * MS_PER_HOUR;

/// After a longer silence nobody knows how a ship left, milliseconds.
const UNHEARD_MS: i64 = MS_PER_HOUR;

/// Of so many headings one on either side may be wrong, as a bit error makes it; of fewer each may be all that shows a turn.
const MANY_HEADINGS: u32 = 20;

/// How headings ranged.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Turn {
    headings: u32,
    /// The first one, degrees.
    first: u16,
    /// The two farthest on either side, relative to it, degrees.
    low: [i16; 2],
    high: [i16; 2],
}

impl Turn {
    fn new(heading: u16) -> Self {
        Self {
            headings: 0,
            first: heading,
            low: [i16::MAX; 2],
            high: [i16::MIN; 2],
        }
    }

    fn push(&mut self, heading: u16) {
        self.headings = self.headings.saturating_add(1);
        let off = (i32::from(heading) - i32::from(self.first) + 180).rem_euclid(360) - 180;
        let off = off as i16;
        if off < self.low[0] {
            self.low = [off, self.low[0]];
        } else {
            self.low[1] = self.low[1].min(off);
        }
        if off > self.high[0] {
            self.high = [off, self.high[0]];
        } else {
            self.high[1] = self.high[1].max(off);
        }
    }

    /// How far she turned, degrees.
    fn range(&self) -> u16 {
        let rank = usize::from(self.headings >= MANY_HEADINGS);
        (self.high[rank] - self.low[rank]).unsigned_abs().min(360)
    }
}

fn turn(turned: &mut Option<Turn>, heading: u16) {
    turned.get_or_insert(Turn::new(heading)).push(heading);
}

/// The box that holds some fixes; extremes and counts only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Room {
    first: Fix,
    last: Timestamp,
    /// About the first place.
    extent: Extent,
    turned: Option<Turn>,
    /// The same without the time in which she may have been brought to a berth.
    turned_since: Option<Turn>,
    /// Time under each navigational status, milliseconds; that from one fix to the next counts for the later. Ships send every
    /// few seconds as they berth, and every three minutes once they say that they are moored.
    nav_status_ms: ByStatus<i64>,
}

impl Room {
    fn new(fix: &Fix) -> Self {
        let mut new = Self {
            first: *fix,
            last: fix.t,
            extent: Extent::default(),
            turned: None,
            turned_since: None,
            nav_status_ms: ByStatus::default(),
        };
        new.push(fix);
        new
    }

    /// The box with this fix.
    fn extent_with(&self, fix: &Fix) -> Extent {
        let offset = self.first.place.offset_e7(fix.place);
        self.extent.with(Extent::at(offset))
    }

    /// Whether the box stays within a radius with this fix.
    fn holds(&self, fix: &Fix, most_m: f64) -> bool {
        let extent = self.extent_with(fix);
        extent == self.extent || radius_m(extent, self.first.place) <= most_m
    }

    fn push(&mut self, fix: &Fix) {
        self.extent = self.extent_with(fix);
        if let Some(heading) = fix.heading_deg() {
            let heading = heading.round() as u16 % 360;
            turn(&mut self.turned, heading);
            if fix.t.0 - self.first.t.0 >= BERTHING_MS {
                turn(&mut self.turned_since, heading);
            }
        }
        (self.nav_status_ms).add(fix.nav_status(), fix.t.0 - self.last.0);
        self.last = fix.t;
    }

    fn ms(&self) -> i64 {
        self.last.0 - self.first.t.0
    }

    /// How far she turned while she lay. One that says that she is moored was turned off her berth first; one that comes to her
    /// anchor swings to it, and then may lie by a steady wind for hours.
    fn turned_lying(&self) -> Option<Turn> {
        let berthed = self.nav_status_ms.most() == Some(NavStatus::MOORED);
        self.turned_since.filter(|_| berthed).or(self.turned)
    }

    fn mark(&self, turned: Option<Turn>) -> Mark {
        Mark {
            t: self.last,
            place: self.extent.middle(self.first.place),
            turned_deg: turned.map(|turn| turn.range()),
            nav_status: self.nav_status_ms.most(),
        }
    }
}

/// The stay of a track, under way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct StayState {
    open: Option<Open>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Open {
    wide: Room,
    /// `None` while she moves about.
    narrow: Option<Room>,
    /// Whether the last fix lay outside the narrow room.
    strayed: bool,
    longest_still_ms: i64,
    still: Option<Mark>,
    still_tide: Option<Mark>,
    swung: Option<Mark>,
}

impl Open {
    fn new(fix: &Fix) -> Self {
        Self {
            wide: Room::new(fix),
            narrow: Some(Room::new(fix)),
            strayed: false,
            longest_still_ms: 0,
            still: None,
            still_tide: None,
            swung: None,
        }
    }

    /// Takes in a fix inside the wide room.
    fn push(&mut self, fix: &Fix, slow: bool, params: &Params) {
        match &mut self.narrow {
            Some(narrow) if narrow.holds(fix, STILL_M) => {
                self.strayed = false;
                if slow {
                    narrow.push(fix);
                }
            }
            // One fix outside may be a wrong position, two aren't.
            Some(_) if !self.strayed => self.strayed = true,
            _ => {
                self.strayed = false;
                self.narrow = slow.then(|| Room::new(fix));
            }
        }
        if !slow {
            return;
        }
        self.wide.push(fix);
        let still_ms = self.narrow.as_ref().map_or(0, Room::ms);
        self.longest_still_ms = self.longest_still_ms.max(still_ms);
        if let Some(narrow) = &self.narrow {
            let turned = || narrow.turned;
            let reached = still_ms >= stay_min_ms(params);
            set(&mut self.still, narrow, reached, turned);
            let turned = || narrow.turned_lying();
            set(&mut self.still_tide, narrow, still_ms >= TIDE_MS, turned);
        }
        let ms = self.wide.ms();
        let swings = ms >= TIDE_MS && 2 * self.longest_still_ms < ms;
        set(&mut self.swung, &self.wide, swings, || self.wide.turned);
    }
}

fn set(mark: &mut Option<Mark>, room: &Room, reached: bool, turned: impl FnOnce() -> Option<Turn>) {
    if mark.is_none() && reached {
        *mark = Some(room.mark(turned()));
    }
}

fn stay_min_ms(params: &Params) -> i64 {
    (params.stay_min_h * MS_PER_HOUR as f64) as i64
}

impl StayState {
    /// Takes in the next fix of the track, and how fast it goes there.
    pub(super) fn take(
        &mut self,
        track: TrackId,
        fix: &Fix,
        pace: Pace,
        params: &Params,
        out: &mut Vec<Stay>,
    ) {
        let slow = pace == Pace::Slow;
        if let Some(open) = &mut self.open {
            if fix.t.0 - open.wide.last.0 > silence_limit_ms(params) {
                self.close(track, false, params, out);
            } else if open.wide.holds(fix, SWING_M) {
                open.push(fix, slow, params);
            } else {
                let at_once = fix.t.0 - open.wide.last.0 <= UNHEARD_MS;
                self.close(track, at_once && pace != Pace::Fast, params, out);
            }
        }
        if slow && self.open.is_none() {
            self.open = Some(Open::new(fix));
        }
    }

    /// Whether she lies still, and has for a tide.
    pub(super) fn is_still(&self) -> bool {
        let lies = |open: &Open| {
            let narrow = open.narrow.as_ref();
            !open.strayed && narrow.is_some_and(|room| room.ms() >= TIDE_MS)
        };
        self.open.as_ref().is_some_and(lies)
    }

    fn close(&mut self, track: TrackId, drifted: bool, params: &Params, out: &mut Vec<Stay>) {
        if let Some(open) = self.open.take()
            && open.wide.ms() >= stay_min_ms(params)
        {
            out.push(Stay {
                track,
                start: open.wide.first.t,
                end: open.wide.last,
                closed: true,
                drifted,
                still: open.still,
                still_tide: open.still_tide,
                swung: open.swung,
            });
        }
    }

    /// Closes what silence up to `complete_to` ends.
    pub(super) fn expire(
        &mut self,
        track: TrackId,
        complete_to: Timestamp,
        params: &Params,
        out: &mut Vec<Stay>,
    ) {
        // The track's next fix comes after `complete_to`, or waits at its tail to be confirmed.
        let next_is_after = complete_to.plus_s(-params.track_confirm_s);
        if let Some(open) = &self.open
            && next_is_after.0 - open.wide.last.0 > silence_limit_ms(params)
        {
            self.close(track, false, params, out);
        }
    }

    /// Says what is left, as if it were over.
    pub(super) fn finish(&mut self, track: TrackId, params: &Params, out: &mut Vec<Stay>) {
        self.close(track, false, params, out);
    }
}
