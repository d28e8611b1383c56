//! Where tracks were, day by day, and what is odd about their ways: facts for judging identities.
//!
//! Sketches by UTC day and short runs, so that a judgement can leave out what lies beyond its window.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::facts::{kept, touches};
use super::{Extent, Fix, LonLat, Timestamp, TrackId, UtcDay};

/// A track within one UTC day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackDay {
    /// Whose.
    pub track: TrackId,
    /// Which day.
    pub day: UtcDay,
    /// First fix of the day.
    pub first: Fix,
    /// Last fix of the day.
    pub last: Fix,
    /// Number of fixes.
    pub fixes: u32,
    /// The box that holds them, about the first place.
    pub extent: Extent,
}

/// Two tracks of one MMSI whose fixes take turns, on one UTC day, too far apart for one hull.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rivalry {
    /// The older track.
    pub one: TrackId,
    /// The younger track.
    pub other: TrackId,
    /// How often a fix of one followed a fix of the other that no ship can have reached it from.
    pub turns: u32,
    /// Fix before the first turn.
    pub first: Fix,
    /// Fix after the last turn.
    pub last: Fix,
    /// Least distance at a turn, decimetres.
    pub least_dm: u32,
    /// Greatest distance at a turn, decimetres.
    pub greatest_dm: u32,
}

/// A form that no ship sails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Form {
    /// A circle without noise.
    Circle,
    /// A straight line without noise, at one speed and course.
    Line,
}

/// A stretch of a track along such a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FormRun {
    /// Whose.
    pub track: TrackId,
    /// Which form.
    pub form: Form,
    /// First fix on it.
    pub start: Timestamp,
    /// Last fix on it.
    pub end: Timestamp,
    /// Whether no later row can belong to it.
    pub closed: bool,
    /// Fixes that were tried, at least a minute apart.
    pub fixes: u32,
    /// Centre of the circle; first place of the line.
    pub place: LonLat,
    /// Radius of the circle, decimetres; 0 of a line.
    pub radius_dm: u32,
    /// Greatest root mean square distance of a block of fixes from the form, decimetres.
    pub noise_dm: u32,
    /// Angle swept about the centre, degrees, clockwise positive; 0 of a line.
    pub swept_deg: i32,
    /// Length of the way, decimetres.
    pub path_dm: u64,
}

/// A stretch of a track deep inside land.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InlandRun {
    /// Whose.
    pub track: TrackId,
    /// First fix that was found inland.
    pub start: Timestamp,
    /// Last fix that was found inland.
    pub end: Timestamp,
    /// Whether no later row can belong to it.
    pub closed: bool,
    /// Fixes that were looked at, at least a quarter of an hour apart.
    pub fixes: u32,
    /// The first of them.
    pub place: LonLat,
    /// Whether the track came there from outside at a ship's speed.
    pub sailed_in: bool,
}

/// All of these.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// By track and day.
    pub days: Vec<TrackDay>,
    /// By tracks and time.
    pub rivalries: Vec<Rivalry>,
    /// By track and start.
    pub forms: Vec<FormRun>,
    /// By track and start.
    pub inland: Vec<InlandRun>,
    /// Every fix before this instant is counted in.
    pub complete_to: Timestamp,
}

impl Presence {
    /// Takes in what became known later.
    pub fn extend(&mut self, later: Self) {
        self.days.extend(later.days);
        self.rivalries.extend(later.rivalries);
        self.forms.extend(later.forms);
        self.inland.extend(later.inland);
        self.complete_to = self.complete_to.max(later.complete_to);
    }

    /// What was there in some time.
    #[must_use]
    pub fn within(&self, time: &Range<Timestamp>) -> Self {
        let holds = |start: Timestamp, end: Timestamp| touches(time, start, end);
        let days = time.start.day()..time.end.day();
        Self {
            days: kept(&self.days, |d| days.contains(&d.day)),
            rivalries: kept(&self.rivalries, |r| holds(r.first.t, r.last.t)),
            forms: kept(&self.forms, |f| holds(f.start, f.end)),
            inland: kept(&self.inland, |r| holds(r.start, r.end)),
            complete_to: self.complete_to,
        }
    }

    /// Puts everything in its order.
    pub fn sort(&mut self) {
        self.days.sort_by_key(|d| (d.track, d.day));
        self.rivalries.sort_by_key(|r| (r.one, r.other, r.first.t));
        self.forms.sort_by_key(|f| (f.track, f.start));
        self.inland.sort_by_key(|r| (r.track, r.start));
    }
}
