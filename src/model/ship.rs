//! Ship types and navigational status (ITU-R M.1371-5, tables 53 and message 1).

use std::cmp::Reverse;
use std::ops::AddAssign;

use serde::{Deserialize, Serialize};

/// An AIS ship type code, 1 to 99; 0 ("not available") is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ShipType(u8);

/// What a ship type says about a ship's part in a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ShipCategory {
    /// 80 to 89: oil, chemical and gas tankers; the code doesn't tell them apart.
    Tanker,
    /// 70 to 79; refrigerated carriers report as cargo.
    Cargo,
    /// 30.
    Fishing,
    /// 31, 32, 52.
    Tug,
    /// 33.
    Dredger,
    /// 50, 51, 53, 54, 55, 58, 34, 35: pilot, rescue, tender, anti-pollution, law enforcement, medical, diving, military.
    Service,
    /// 60 to 69.
    Passenger,
    /// 40 to 49.
    HighSpeed,
    /// 36 and 37: sailing and pleasure craft.
    Yacht,
    /// Any other code: known to be something else.
    Other,
}

impl ShipType {
    /// The type with this code, if it is in 1..=99.
    pub fn new(code: u8) -> Option<Self> {
        (1..=99).contains(&code).then_some(Self(code))
    }

    /// The code.
    pub fn code(self) -> u8 {
        self.0
    }

    /// The category by the code's digits.
    pub fn category(self) -> ShipCategory {
        match self.0 {
            80..=89 => ShipCategory::Tanker,
            70..=79 => ShipCategory::Cargo,
            30 => ShipCategory::Fishing,
            31 | 32 | 52 => ShipCategory::Tug,
            33 => ShipCategory::Dredger,
            34 | 35 | 50 | 51 | 53..=55 | 58 => ShipCategory::Service,
            60..=69 => ShipCategory::Passenger,
            40..=49 => ShipCategory::HighSpeed,
            36 | 37 => ShipCategory::Yacht,
            _ => ShipCategory::Other,
        }
    }
}

/// A navigational status, 0 to 14; 15 ("not defined") is no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct NavStatus(u8);

impl NavStatus {
    /// At anchor.
    pub const AT_ANCHOR: Self = Self(1);
    /// Not under command.
    pub const NOT_UNDER_COMMAND: Self = Self(2);
    /// Restricted in her ability to manoeuvre.
    pub const RESTRICTED: Self = Self(3);
    /// Moored.
    pub const MOORED: Self = Self(5);

    /// The status with this code, if it is in 0..=14.
    pub fn new(code: u8) -> Option<Self> {
        (code <= 14).then_some(Self(code))
    }

    /// The code.
    pub fn code(self) -> u8 {
        self.0
    }
}

/// Counts, or times, by navigational status; the last is without one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByStatus<T>([T; 16]);

impl<T: Copy + Default + Ord + AddAssign> ByStatus<T> {
    const NONE: u8 = 15;

    /// Adds to that of a status.
    pub fn add(&mut self, status: Option<NavStatus>, more: T) {
        self.0[usize::from(status.map_or(Self::NONE, NavStatus::code))] += more;
    }

    /// Adds all of another.
    pub fn merge(&mut self, other: &Self) {
        for (sum, more) in self.0.iter_mut().zip(other.0) {
            *sum += more;
        }
    }

    /// That of a status.
    pub fn of(&self, status: NavStatus) -> T {
        self.0[usize::from(status.code())]
    }

    /// The status with the most, the first of equal ones; `None` where none was sent.
    pub fn most(&self) -> Option<NavStatus> {
        let sent = (0..Self::NONE).filter_map(NavStatus::new);
        let most = sent.max_by_key(|status| (self.of(*status), Reverse(*status)));
        most.filter(|status| self.of(*status) > T::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_the_most_frequent_statuses_counts() {
        let mut counts = ByStatus::<u32>::default();
        counts.add(None, 9);
        assert_eq!(counts.most(), None);
        counts.add(Some(NavStatus::MOORED), 2);
        let mut other = ByStatus::default();
        other.add(Some(NavStatus::AT_ANCHOR), 2);
        counts.merge(&other);
        assert_eq!(counts.most(), Some(NavStatus::AT_ANCHOR));
        assert_eq!(counts.of(NavStatus::MOORED), 2);
    }
}
