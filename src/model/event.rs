//! Facts: what the stages found. They depend on rows only, and never change once closed.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{AisClass, ByStatus, LonLat, NavStatus, PairSample, Timestamp};

/// A track: the positions of one hull under one MMSI. Named by its first fix, never by an ordinal.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub struct TrackId {
    /// The MMSI under which the hull reports.
    pub mmsi: u32,
    /// Time of the first fix.
    pub start: Timestamp,
}

impl fmt::Display for TrackId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:09}@{}", self.mmsi, self.start)
    }
}

/// Two tracks, unordered: stored with the smaller first, of different MMSI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PairKey {
    first: TrackId,
    second: TrackId,
}

impl PairKey {
    /// The pair of two tracks; `None` if they share an MMSI.
    pub fn new(a: TrackId, b: TrackId) -> Option<Self> {
        if a.mmsi == b.mmsi {
            return None;
        }
        Some(if a < b {
            Self {
                first: a,
                second: b,
            }
        } else {
            Self {
                first: b,
                second: a,
            }
        })
    }

    /// The track of the smaller MMSI.
    pub fn first(self) -> TrackId {
        self.first
    }

    /// The track of the larger MMSI.
    pub fn second(self) -> TrackId {
        self.second
    }

    /// Both, in this order.
    pub fn tracks(self) -> [TrackId; 2] {
        [self.first, self.second]
    }
}

/// The name of an event: a hash of its table, parties and beginning; not of its kind or end, so that an
/// event keeps its name when it closes or is judged anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EventId(u64);

impl EventId {
    /// The id of an event of `table`, of these tracks, that began at `begin`.
    pub fn new(table: &str, tracks: &[TrackId], begin: Timestamp) -> Self {
        let mut hash = Sha256::new();
        hash.update(table.as_bytes());
        for track in tracks {
            hash.update(track.mmsi.to_be_bytes());
            hash.update(track.start.0.to_be_bytes());
        }
        hash.update(begin.0.to_be_bytes());
        let digest = hash.finalize();
        Self(
            digest[..8]
                .iter()
                .fold(0, |acc, byte| acc << 8 | u64::from(*byte)),
        )
    }
}

/// Sixteen hexadecimal digits.
impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// How settled a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Status {
    /// Not closed: more rows can still belong to it.
    Open,
    /// Closed, its facts are fixed; what is judged may still change.
    Settling,
    /// Nothing will change.
    Final,
}

impl Status {
    /// All, from what may change to what won't.
    pub const ALL: [Self; 3] = [Self::Open, Self::Settling, Self::Final];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Settling => "settling",
            Self::Final => "final",
        }
    }
}

/// One end of a gap: the last fix before silence, or the first after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GapEnd {
    /// When.
    pub t: Timestamp,
    /// Where.
    pub place: LonLat,
    /// Speed over ground in hundredths of a knot.
    pub sog_ckn: Option<u16>,
}

impl GapEnd {
    /// When and where.
    pub fn waypoint(&self) -> Waypoint {
        Waypoint {
            t: self.t,
            place: self.place,
        }
    }
}

/// Silence of a track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// Whose silence.
    pub track: TrackId,
    /// The last fix before.
    pub start: GapEnd,
    /// The first fix after; `None` while the track is silent.
    pub end: Option<GapEnd>,
    /// Transponder class of the last fix.
    pub class: Option<AisClass>,
    /// Whether it is shorter than what is always reported: kept for waters where others are heard well.
    pub short: bool,
    /// Whether no later row can change it.
    pub closed: bool,
}

impl Gap {
    /// The gap's name.
    pub fn id(&self) -> EventId {
        EventId::new("gaps", &[self.track], self.start.t)
    }

    /// From when to when the track was silent; one that still is goes on.
    pub fn span(&self) -> (Timestamp, Timestamp) {
        let end = self.end.map_or(Timestamp::MAX, |end| end.t);
        (self.start.t, end)
    }

    /// Those of a track among gaps by track and start.
    pub fn of_track(gaps: &[Self], track: TrackId) -> impl Iterator<Item = &Self> {
        let first = gaps.partition_point(|g| g.track < track);
        gaps[first..].iter().take_while(move |g| g.track == track)
    }
}

/// Where a ship was at an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waypoint {
    /// When.
    pub t: Timestamp,
    /// Where.
    pub place: LonLat,
}

/// A stretch in which a track hardly moved, or drifted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlowRun {
    /// Whose.
    pub track: TrackId,
    /// First slow fix.
    pub start: Timestamp,
    /// Last slow fix.
    pub end: Timestamp,
    /// Whether no later row can belong to it.
    pub closed: bool,
    /// Whether it is a drift with moves in between, too short in its parts for a run of slow fixes alone. Of its fixes only
    /// those count at which the ship was carried.
    pub interrupted: bool,
    /// Number of fixes.
    pub fixes: u32,
    /// Where she stayed longest: the middle of the box, no larger than the circle of an anchor, that held her longest.
    pub place: LonLat,
    /// Half the diagonal of the box that holds all fixes from the first to the last, slow or not, decimetres.
    pub radius_dm: u32,
    /// Length of the way along all of these, decimetres.
    pub path_dm: u64,
    /// From the first to the last fix, decimetres.
    pub drift_dm: u32,
    /// Corners of the way from the first to the last fix, in time order: from one to the next she strays no farther than 3 km,
    /// or what she makes in half an hour. Empty where no slow fix is farther off than that: then `place` says it all.
    pub way: Vec<Waypoint>,
    /// Fixes that were slow by speed (below `loiter_speed_kn`).
    pub slow_fixes: u32,
    /// Fixes adrift by a drift angle or status, above that speed.
    pub adrift_fixes: u32,
    /// Time in which she was slow, without the moves in between, milliseconds.
    pub slow_ms: i64,
    /// The part of it with a course well off the heading while making way: carried by wind and current. The time from one fix to
    /// the next counts for the later, so that after a silence what she says last holds.
    pub crabbing_ms: i64,
    /// The same by navigational status.
    pub nav_status_ms: ByStatus<i64>,
}

impl SlowRun {
    /// The run's name.
    pub fn id(&self) -> EventId {
        EventId::new("loitering", &[self.track], self.start)
    }
}

/// Where in an encounter a sample lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Phase {
    /// Before the first contact.
    Approach,
    /// From the first to the last contact.
    Contact,
    /// After the last contact.
    Departure,
}

/// A sample of an encounter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceSample {
    /// Where in the encounter.
    pub phase: Phase,
    /// Both ships at that instant.
    pub sample: PairSample,
}

/// Two ships close to each other for some time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Encounter {
    /// Who.
    pub pair: PairKey,
    /// First sample in contact by which both ships had been heard.
    pub start: Timestamp,
    /// Last sample in contact at which both still were.
    pub end: Timestamp,
    /// The last time before `start` at which the two were seen apart.
    pub start_not_before: Option<Timestamp>,
    /// The first time after `end` at which the two were seen apart.
    pub end_not_after: Option<Timestamp>,
    /// Whether no later row can belong to it.
    pub closed: bool,
    /// Milliseconds inside contacts in which both ships were heard.
    pub observed_ms: i64,
    /// Number of contacts; none if the two were heard at different hours only.
    pub contacts: u32,
    /// Whether one or both ships were unheard for longer than a contact outlasts, between the first and the last contact.
    pub silence: bool,
    /// Number of samples in contact.
    pub samples: u32,
    /// Way of the pair from the first to the last contact, decimetres.
    pub travelled_dm: u64,
    /// Median speed of one ship relative to the other from slot to slot in contact, hundredths of a knot.
    pub relative_speed_ckn: Option<u32>,
    /// The most frequent navigational status of each ship in contact.
    pub nav_status: [Option<NavStatus>; 2],
    /// The transponder class of each ship.
    pub class: [Option<AisClass>; 2],
    /// Samples of both ships, in time order, thinned.
    pub evidence: Vec<EvidenceSample>,
}

impl Encounter {
    /// The encounter's name. Of two of one pair that begin at once, one heard together and one not, each has its own.
    pub fn id(&self) -> EventId {
        let rule = if self.is_observed() {
            "encounters"
        } else {
            "company"
        };
        EventId::new(rule, &self.pair.tracks(), self.start)
    }

    /// By start and pair; of two of one pair that begin at once, one heard together and one not, by end.
    pub fn order(&self) -> (Timestamp, PairKey, Timestamp, u32) {
        (self.start, self.pair, self.end, self.contacts)
    }

    /// Whether the two were ever heard together. If not, tracks far apart in time pass through the same water, which
    /// says that they may have met, and nothing of how they lay.
    pub fn is_observed(&self) -> bool {
        self.contacts > 0
    }

    /// One contact, of which nothing but the time is known.
    #[cfg(test)]
    pub(crate) fn bare(pair: PairKey, start: Timestamp, end: Timestamp) -> Self {
        Self {
            pair,
            start,
            end,
            start_not_before: None,
            end_not_after: None,
            closed: true,
            observed_ms: 0,
            contacts: 1,
            silence: false,
            samples: 2,
            travelled_dm: 0,
            relative_speed_ckn: None,
            nav_status: [None; 2],
            class: [None; 2],
            evidence: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_unordered() {
        let t = |mmsi| TrackId {
            mmsi,
            start: Timestamp(5),
        };
        assert_eq!(PairKey::new(t(2), t(1)), PairKey::new(t(1), t(2)));
        assert_eq!(PairKey::new(t(2), t(1)).unwrap().first().mmsi, 1);
        assert_eq!(PairKey::new(t(1), t(1)), None);
    }

    #[test]
    fn ids_depend_on_table_parties_and_beginning() {
        let t = TrackId {
            mmsi: 311_000_013,
            start: Timestamp(0),
        };
        let id = EventId::new("gaps", &[t], Timestamp(1));
        assert_eq!(id, EventId::new("gaps", &[t], Timestamp(1)));
        assert_ne!(id, EventId::new("gaps", &[t], Timestamp(2)));
        assert_ne!(id, EventId::new("loitering", &[t], Timestamp(1)));
        assert_eq!(id.to_string().len(), 16);
    }
}
