//! MMSI and IMO numbers.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A Maritime Mobile Service Identity: 1 to 999,999,999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Mmsi(u32);

/// What kind of station an MMSI belongs to (ITU-R M.585-9).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StationKind {
    /// `MIDxxxxxx` with a maritime identification digit in 201..=775.
    Ship,
    /// `00MIDxxxx`.
    CoastStation,
    /// `0MIDxxxxx`.
    GroupOfShips,
    /// `111MIDxxx`: search and rescue aircraft.
    SarAircraft,
    /// `8MIDxxxxx`: handheld VHF.
    Handheld,
    /// `970`, `972`, `974`: SART, man overboard, EPIRB.
    Distress,
    /// `98MIDxxxx`: craft of a parent ship.
    AuxiliaryCraft,
    /// `99MIDxxxx`.
    AidToNavigation,
    /// `941xxxxxx`: beacons of fishing gear, seen in real traffic, in no allocation.
    FishingGear,
    /// Nine digits of no allocated form, or fewer than nine.
    Other,
}

impl StationKind {
    /// Whether it is carried by anything but a ship: distress beacons, boats of a ship, aircraft, marks, fishing gear.
    pub fn is_no_ship(self) -> bool {
        matches!(
            self,
            Self::FishingGear
                | Self::AidToNavigation
                | Self::SarAircraft
                | Self::Distress
                | Self::AuxiliaryCraft
        )
    }
}

impl Mmsi {
    /// The identity with this number, if it has one to nine digits and isn't zero.
    pub fn new(number: u32) -> Option<Self> {
        (1..=999_999_999).contains(&number).then_some(Self(number))
    }

    /// The number.
    pub fn number(self) -> u32 {
        self.0
    }

    /// Maritime identification digits of a ship's MMSI.
    pub fn mid(self) -> Option<u16> {
        (self.kind() == StationKind::Ship).then_some((self.0 / 1_000_000) as u16)
    }

    /// The kind of station by the leading digits.
    pub fn kind(self) -> StationKind {
        let n = self.0;
        match n / 1_000_000 {
            111 => StationKind::SarAircraft,
            201..=775 => StationKind::Ship,
            800..=899 => StationKind::Handheld,
            941 => StationKind::FishingGear,
            970 | 972 | 974 => StationKind::Distress,
            980..=989 => StationKind::AuxiliaryCraft,
            990..=999 => StationKind::AidToNavigation,
            2..=7 if (201..=775).contains(&(n / 10_000)) => StationKind::CoastStation,
            20..=77 if (201..=775).contains(&(n / 100_000)) => StationKind::GroupOfShips,
            _ => StationKind::Other,
        }
    }
}

impl fmt::Display for Mmsi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:09}", self.0)
    }
}

/// An IMO ship identification number whose check digit holds (IMO resolution A.1117(30)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Imo(u32);

impl Imo {
    /// The number, if it has seven digits and `7 d1 + 6 d2 + 5 d3 + 4 d4 + 3 d5 + 2 d6` ends in `d7`.
    pub fn new(number: u32) -> Option<Self> {
        if !(1_000_000..=9_999_999).contains(&number) {
            return None;
        }
        let mut rest = number / 10;
        let mut sum = 0;
        for weight in 2..=7 {
            sum += weight * (rest % 10);
            rest /= 10;
        }
        (sum % 10 == number % 10).then_some(Self(number))
    }

    /// The seven digits.
    pub fn number(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Imo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imo_check_digit() {
        for good in [7_303_803, 8_916_580, 9_191_773, 9_417_115, 9_030_591] {
            assert!(Imo::new(good).is_some(), "{good}");
        }
        let weighted = [
            (1, 1),
            (10, 2),
            (100, 3),
            (1000, 4),
            (10_000, 5),
            (100_000, 6),
            (1_000_000, 7),
        ];
        for (place, weight) in weighted {
            let digit = 9_417_115 / place % 10;
            for other in (0..10u32).filter(|d| *d != digit) {
                let bad = 9_417_115 - digit * place + other * place;
                // A change whose weighted difference is a multiple of ten can't be seen modulo ten.
                if weight > 1 && weight * other.abs_diff(digit) % 10 == 0 {
                    continue;
                }
                assert!(Imo::new(bad).is_none(), "{bad}");
            }
        }
    }

    #[test]
    fn station_kinds() {
        let kind = |n| Mmsi::new(n).unwrap().kind();
        assert_eq!(kind(311_000_013), StationKind::Ship);
        assert_eq!(kind(2_190_064), StationKind::CoastStation);
        assert_eq!(kind(2_579_999), StationKind::CoastStation);
        assert_eq!(kind(941_203_549), StationKind::FishingGear);
        assert_eq!(kind(993_672_001), StationKind::AidToNavigation);
        assert_eq!(kind(111_219_501), StationKind::SarAircraft);
        assert_eq!(kind(1), StationKind::Other);
        assert_eq!(Mmsi::new(0), None);
        assert_eq!(Mmsi::new(1_000_000_000), None);
    }
}
