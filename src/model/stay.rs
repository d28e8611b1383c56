//! Facts of ships that stayed at one place.

use serde::{Deserialize, Serialize};

use super::{EventId, LonLat, NavStatus, Timestamp, TrackId};

/// How a ship lay when she had stayed for some time; fixed at that instant, whatever came after.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The fix at which that time was reached.
    pub t: Timestamp,
    /// Middle of the box that held her until then.
    pub place: LonLat,
    /// How far her heading had ranged, degrees, but for one wrong heading of many; `None` without headings.
    pub turned_deg: Option<u16>,
    /// Her navigational status for most of the time, if she sent one.
    pub nav_status: Option<NavStatus>,
}

/// A ship that stayed inside the circle through which a ship at anchor may swing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stay {
    /// Whose.
    pub track: TrackId,
    /// First slow fix inside.
    pub start: Timestamp,
    /// Last slow fix inside.
    pub end: Timestamp,
    /// Whether no later row can change it.
    pub closed: bool,
    /// Whether she left the circle slowly: what was at anchor gets under way first, what drifts doesn't.
    pub drifted: bool,
    /// When she had lain still, as at a berth, for the least time of a call.
    pub still: Option<Mark>,
    /// When she had lain still for a tide.
    pub still_tide: Option<Mark>,
    /// When she had stayed in the circle for a tide and more, and never lay still for half of that time.
    pub swung: Option<Mark>,
}

impl Stay {
    /// The stay as it was known at an instant: with the marks that were set, and how it ended if it had.
    #[must_use]
    pub fn as_of(&self, t: Timestamp) -> Self {
        let by = |mark: Option<Mark>| mark.filter(|m| m.t <= t);
        Self {
            drifted: self.drifted && self.end <= t,
            still: by(self.still),
            still_tide: by(self.still_tide),
            swung: by(self.swung),
            ..self.clone()
        }
    }

    /// The name of the call that begins with this stay.
    pub fn call_id(&self) -> EventId {
        EventId::new("port_calls", &[self.track], self.start)
    }
}
