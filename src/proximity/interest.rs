//! Whose meetings are worth following.

use serde::{Deserialize, Serialize};

use super::locate::Located;
use crate::model::{
    AisClass, Mmsi, ShipCategory, ShipType, StaticRecord, StaticSpan, Timestamp, UtcDay,
};
use crate::stage::Waters;

/// Class B craft below this length carry no cargo worth a transfer, decimetres.
const SMALL_CLASS_B_DM: u16 = 240;
/// Ships of unknown type from this length on may be anything, decimetres.
const LARGE_DM: u16 = 500;

/// What a ship may be in a pair, as of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interest {
    /// Makes a pair worth following: a tanker or fishing vessel, or a ship of unknown type that is large or offshore.
    Party,
    /// Followed if the other is a party.
    Bystander,
    /// A bystander of unknown type and size close to the coast; its pairs with its like are counted, not followed.
    UnknownInshore,
    /// Left out on positive evidence.
    Excluded(Exclusion),
}

/// Why a ship is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exclusion {
    /// Says to be a sailing or pleasure craft.
    Yacht,
    /// Class B and shorter than 24 m.
    SmallClassB,
    /// MMSI of fishing gear, an aid to navigation, an aircraft, a distress beacon or a tender.
    NotAShip,
}

/// Ships left out, counted once a slot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExclusionCounts {
    /// By [`Exclusion::Yacht`].
    pub yacht: u64,
    /// By [`Exclusion::SmallClassB`].
    pub small_class_b: u64,
    /// By [`Exclusion::NotAShip`].
    pub not_a_ship: u64,
    /// Of unknown type and size close to the coast; these are still followed beside a party.
    pub unknown_inshore: u64,
}

impl ExclusionCounts {
    pub(super) fn add(&mut self, why: Exclusion) {
        *match why {
            Exclusion::Yacht => &mut self.yacht,
            Exclusion::SmallClassB => &mut self.small_class_b,
            Exclusion::NotAShip => &mut self.not_a_ship,
        } += 1;
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.yacht += other.yacht;
        self.small_class_b += other.small_class_b;
        self.not_a_ship += other.not_a_ship;
        self.unknown_inshore += other.unknown_inshore;
    }
}

/// Type and length of a vessel over time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Profile {
    settled: Kind,
    recent: Vec<(Timestamp, StaticRecord)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Kind {
    ship_type: Option<u8>,
    length_dm: Option<u16>,
}

impl Kind {
    fn update(&mut self, record: &StaticRecord) {
        self.ship_type = record.ship_type.or(self.ship_type);
        self.length_dm = record.length_dm.or(self.length_dm);
    }

    fn category(&self) -> Option<ShipCategory> {
        self.ship_type
            .and_then(ShipType::new)
            .map(ShipType::category)
    }
}

impl Profile {
    /// Takes in spans. A record counts from its first reception of a day, so later spans of that day add nothing.
    pub(super) fn add<'s>(&mut self, spans: impl Iterator<Item = &'s StaticSpan>) {
        let recent = &mut self.recent;
        recent.extend(spans.map(|span| (span.first, span.record.clone())));
        if recent.len() > 1 {
            recent.sort_unstable_by(|(a, x), (b, y)| {
                (a.day(), x).cmp(&(b.day(), y)).then_with(|| a.cmp(b))
            });
            recent.dedup_by(|(b, y), (a, x)| a.day() == b.day() && x == y);
            recent.sort_unstable();
        }
    }

    /// Folds the days before `day` into one; every row of them is in.
    pub(super) fn settle(&mut self, day: UtcDay) {
        let old = self.recent.partition_point(|(t, _)| t.day() < day);
        for (_, record) in self.recent.drain(..old) {
            self.settled.update(&record);
        }
    }

    /// Whether nothing new was said after `from` and up to `to`.
    pub(super) fn is_steady(&self, from: Timestamp, to: Timestamp) -> bool {
        !self.recent.iter().any(|(t, _)| (from < *t) && (*t <= to))
    }

    fn as_of(&self, t: Timestamp) -> Kind {
        let mut kind = self.settled;
        for (first, record) in &self.recent {
            if *first <= t {
                kind.update(record);
            }
        }
        kind
    }
}

/// What a ship offshore may be in a pair of which nothing tells the class: as [`Known::interest`], but without craft below
/// 24 m of any class.
pub(super) fn interest_offshore(mmsi: u32, profile: Option<&Profile>, t: Timestamp) -> Interest {
    if is_no_ship(mmsi) {
        return Interest::Excluded(Exclusion::NotAShip);
    }
    let kind = profile.map_or_else(Kind::default, |p| p.as_of(t));
    match kind.category() {
        Some(ShipCategory::Yacht) => Interest::Excluded(Exclusion::Yacht),
        _ if kind.length_dm.is_some_and(|dm| dm < SMALL_CLASS_B_DM) => {
            Interest::Excluded(Exclusion::SmallClassB)
        }
        Some(ShipCategory::Tanker | ShipCategory::Fishing) | None => Interest::Party,
        Some(_) => Interest::Bystander,
    }
}

fn is_no_ship(mmsi: u32) -> bool {
    Mmsi::new(mmsi).is_none_or(|m| m.kind().is_no_ship())
}

/// What is known of a ship as of an instant.
#[derive(Clone, Copy)]
pub(super) struct Known {
    is_no_ship: bool,
    kind: Kind,
}

impl Known {
    pub(super) fn new(mmsi: u32, profile: Option<&Profile>, t: Timestamp) -> Self {
        Self {
            is_no_ship: is_no_ship(mmsi),
            kind: profile.map_or_else(Kind::default, |p| p.as_of(t)),
        }
    }

    /// What the ship may be in a pair at this place.
    pub(super) fn interest(self, at: &Located, waters: &dyn Waters) -> Interest {
        if self.is_no_ship {
            return Interest::Excluded(Exclusion::NotAShip);
        }
        let kind = self.kind;
        let small_class_b = at.nearest.class() == Some(AisClass::B)
            && kind.length_dm.is_some_and(|dm| dm < SMALL_CLASS_B_DM);
        match kind.category() {
            Some(ShipCategory::Yacht) => Interest::Excluded(Exclusion::Yacht),
            _ if small_class_b => Interest::Excluded(Exclusion::SmallClassB),
            Some(ShipCategory::Tanker | ShipCategory::Fishing) => Interest::Party,
            Some(_) => Interest::Bystander,
            None => {
                let large = kind.length_dm.is_some_and(|dm| dm >= LARGE_DM);
                if large || waters.offshore(at.place) == Some(true) {
                    Interest::Party
                } else {
                    Interest::UnknownInshore
                }
            }
        }
    }
}
