//! How much moved: port calls and transfers by month, class, zone, flag and watchlist, against a cap.
//!
//! In: a scan's tables ([`movements_of`]), or published counts ([`read_published`]). Out: [`Accounts`].
//! Rules: three accounts that are never added up: port calls, transfers *gross*, and transfers *net*, in which each
//! barrel of a cargo that moves on through several hulls counts once, where it stayed. A volume is always a range
//! of three scenarios (low, best, high), each summed by itself. Count, mean deadweight and total stand side by
//! side: the UN Panel on resolution 1718 found in 2020 fewer deliveries by larger tankers, and a total alone
//! can't show that.

mod accounts;
mod chart;
mod movements;
mod net;
mod published;
mod show;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

pub use accounts::{Account, Accounts, Crossing, accounts};
pub use movements::{Flow, Movement, Span, movements_of};
pub use published::read_published;

/// Refined petroleum that may go to North Korea in a calendar year, barrels (UN Security Council resolution
/// 2397 (2017), paragraph 5).
pub const CAP_BBL: f64 = 500_000.0;

/// The three scenarios of a volume, in order.
pub const SCENARIOS: [&str; 3] = ["low", "best", "high"];

/// By what movements are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// Calendar year of the end, UTC.
    Year,
    /// Calendar month of the end, UTC.
    Month,
    /// Tanker class of the receiver; of the smaller hull where the direction is open.
    Class,
    /// Named zone, or port of a call.
    Zone,
    /// Flag of that ship.
    Flag,
    /// Lists that name either ship.
    Watchlist,
}

impl Key {
    /// All keys.
    pub const ALL: [Self; 6] = [
        Self::Year,
        Self::Month,
        Self::Class,
        Self::Zone,
        Self::Flag,
        Self::Watchlist,
    ];

    /// The name on the command line and in the header.
    pub fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Class => "class",
            Self::Zone => "zone",
            Self::Flag => "flag",
            Self::Watchlist => "watchlist",
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|key| key.name() == word)
            .ok_or_else(|| format!("'{word}' is no key; use {}", names()))
    }
}

fn names() -> String {
    Key::ALL.map(Key::name).join(", ")
}

/// Published counts that can't be read. Lines count from 1, the header is line 1.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VolumesError {
    /// The file can't be opened or read.
    #[error("{}: {reason}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A needed column is missing.
    #[error("{}: no column '{column}'; published counts have start, end, calls and volume_bbl", path.display())]
    NoColumn {
        /// Which file.
        path: PathBuf,
        /// Which column.
        column: &'static str,
    },
    /// A cell can't be understood.
    #[error("{}, line {line}, column '{column}': '{value}' is not {wanted}", path.display())]
    Cell {
        /// Which file.
        path: PathBuf,
        /// Which line.
        line: u64,
        /// Which column.
        column: &'static str,
        /// What stands there.
        value: String,
        /// What should stand there.
        wanted: &'static str,
    },
    /// The picture can't be drawn.
    #[error("can't draw the chart ({0})")]
    Chart(String),
}
