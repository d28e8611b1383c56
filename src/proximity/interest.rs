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
    fn category(&self) -> Option<ShipCategory> {
        category(self.ship_type)
    }
}

fn category(ship_type: Option<u8>) -> Option<ShipCategory> {
    ship_type.and_then(ShipType::new).map(ShipType::category)
}

/// What a ship said up to now: of a type sent wrong once, or on purpose, nothing depends for which she would not be followed.
#[derive(Default)]
struct Said {
    /// Of the last day before that on which she said any.
    before: Kind,
    /// The day of what follows.
    day: Option<UtcDay>,
    /// The type of that day for which she is followed most readily.
    ship_type: Option<u8>,
}

impl Said {
    fn add(&mut self, t: Timestamp, record: &StaticRecord) {
        if self.day != Some(t.day()) {
            self.end_day();
            self.day = Some(t.day());
        }
        self.ship_type = readiest(self.ship_type, record.ship_type);
        self.before.length_dm = record.length_dm.or(self.before.length_dm);
    }

    /// What she said on the last day stands for her until she says something else.
    fn end_day(&mut self) -> Kind {
        self.before.ship_type = self.ship_type.take().or(self.before.ship_type);
        self.before
    }

    /// What counts at an instant: what she said that day or, last, before it.
    fn at(mut self, t: Timestamp) -> Kind {
        if self.day == Some(t.day()) {
            self.ship_type = readiest(self.before.ship_type, self.ship_type);
        }
        self.end_day()
    }
}

/// Of two types the one for which a ship is followed more readily; of like ones the later.
fn readiest(earlier: Option<u8>, later: Option<u8>) -> Option<u8> {
    let rank = |ship_type| match category(ship_type) {
        None => 0,
        Some(ShipCategory::Yacht) => 1,
        Some(ShipCategory::Tanker | ShipCategory::Fishing) => 3,
        Some(_) => 2,
    };
    if rank(later) >= rank(earlier) {
        later.or(earlier)
    } else {
        earlier
    }
}

impl Profile {
    /// Takes in spans. A record counts from its first reception of a day, so later spans of that day add nothing.
    pub(super) fn add<'s>(&mut self, spans: impl Iterator<Item = &'s StaticSpan>) {
        let recent = &mut self.recent;
        recent.extend(spans.map(|span| (span.seen.first, span.record.clone())));
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
        let mut said = self.said();
        for (t, record) in self.recent.drain(..old) {
            said.add(t, &record);
        }
        self.settled = said.end_day();
    }

    fn said(&self) -> Said {
        Said {
            before: self.settled,
            ..Said::default()
        }
    }

    /// Whether what counts is the same from `from` to `to`: nothing new is said, and it is the same day.
    pub(super) fn is_steady(&self, from: Timestamp, to: Timestamp) -> bool {
        from.day() == to.day() && !self.recent.iter().any(|(t, _)| (from < *t) && (*t <= to))
    }

    fn as_of(&self, t: Timestamp) -> Kind {
        let mut said = self.said();
        for (first, record) in &self.recent {
            if *first <= t {
                said.add(*first, record);
            }
        }
        said.at(t)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Seen;
    use crate::model::quantity::{MS_PER_DAY, MS_PER_HOUR};
    use proptest::prelude::*;

    fn span(t: i64, ship_type: Option<u8>) -> StaticSpan {
        StaticSpan {
            mmsi: 235_000_001,
            record: StaticRecord {
                ship_type,
                ..StaticRecord::default()
            },
            seen: Seen::once(Timestamp(t), None),
        }
    }

    fn category_at(spans: &[StaticSpan], t: i64) -> Option<ShipCategory> {
        let mut profile = Profile::default();
        profile.add(spans.iter());
        profile.as_of(Timestamp(t)).category()
    }

    #[test]
    fn a_type_sent_wrong_once_takes_no_ship_out() {
        let tanker = Some(ShipCategory::Tanker);
        let hour = MS_PER_HOUR;
        // Type 37, pleasure craft, in one row of the night.
        let mut spans = vec![span(0, Some(80)), span(3 * hour, Some(37))];
        assert_eq!(category_at(&spans, 4 * hour), tanker);
        assert_eq!(category_at(&spans, 25 * hour), tanker);
        // At first too, until she says what she is.
        let wrong_first = [span(0, Some(37)), span(hour, Some(80))];
        assert_eq!(category_at(&wrong_first, 1), Some(ShipCategory::Yacht));
        assert_eq!(category_at(&wrong_first, 2 * hour), tanker);
        // A ship that says nothing else for a day is what she says.
        spans.push(span(26 * hour, Some(37)));
        assert_eq!(category_at(&spans, 27 * hour), tanker);
        spans.push(span(50 * hour, Some(37)));
        assert_eq!(category_at(&spans, 51 * hour), Some(ShipCategory::Yacht));
    }

    proptest! {
        #[test]
        fn days_that_are_settled_count_as_before(
            said in prop::collection::vec((0..5 * MS_PER_DAY, prop::sample::select(vec![0u8, 37, 70, 80])), 0..12),
            settled in 0..5i64,
            later in 0..2 * MS_PER_DAY,
        ) {
            let spans: Vec<StaticSpan> = said
                .iter()
                .map(|(t, ship_type)| span(*t, Some(*ship_type).filter(|c| *c != 0)))
                .collect();
            let mut whole = Profile::default();
            whole.add(spans.iter());
            let mut cut = whole.clone();
            let day = settled * MS_PER_DAY;
            cut.settle(Timestamp(day).day());
            let t = Timestamp(day + later);
            prop_assert_eq!(whole.as_of(t), cut.as_of(t));
        }
    }
}
