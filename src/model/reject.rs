//! Rows that were not used, counted by reason.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a row was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum RejectReason {
    /// MMSI missing, zero, not a number or of more than nine digits.
    BadMmsi,
    /// Time missing or not readable.
    BadTime,
    /// Time before 1990 (AIS did not exist).
    TooOld,
    /// Time more than a day after the run's clock.
    Future,
    /// Position present but impossible: outside the globe, or the null island 0, 0.
    BadPosition,
    /// No position and nothing static: says nothing.
    NoPosition,
    /// Wrong number of fields, a stray quote, bytes that are no text.
    Malformed,
    /// Of a station that isn't a vessel's transponder: base stations, aids to navigation.
    NotAVessel,
    /// Outside the area or time asked for, margin included.
    OutsideSelection,
    /// A sentence whose checksum or payload is wrong.
    BadChecksum,
    /// A message type that holds nothing of use here.
    OtherMessage,
    /// The same report again.
    Duplicate,
    /// A fix that no track of the vessel can reach, or a spike.
    Outlier,
    /// Older than what the state can still take in.
    Late,
}

impl RejectReason {
    /// The name in reports: `bad_mmsi`.
    pub fn name(self) -> &'static str {
        match self {
            Self::BadMmsi => "bad_mmsi",
            Self::BadTime => "bad_time",
            Self::TooOld => "too_old",
            Self::Future => "future",
            Self::BadPosition => "bad_position",
            Self::NoPosition => "no_position",
            Self::Malformed => "malformed",
            Self::NotAVessel => "not_a_vessel",
            Self::OutsideSelection => "outside_selection",
            Self::BadChecksum => "bad_checksum",
            Self::OtherMessage => "other_message",
            Self::Duplicate => "duplicate",
            Self::Outlier => "outlier",
            Self::Late => "late",
        }
    }
}

impl fmt::Display for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Counts per reason; adds up in any order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectLedger {
    counts: BTreeMap<RejectReason, u64>,
}

impl RejectLedger {
    /// Counts `n` more rows.
    pub fn add(&mut self, reason: RejectReason, n: u64) {
        if n > 0 {
            *self.counts.entry(reason).or_default() += n;
        }
    }

    /// Takes in another ledger.
    pub fn merge(&mut self, other: &Self) {
        for (reason, n) in &other.counts {
            self.add(*reason, *n);
        }
    }

    /// Reasons with their counts, in a fixed order.
    pub fn iter(&self) -> impl Iterator<Item = (RejectReason, u64)> + '_ {
        self.counts.iter().map(|(r, n)| (*r, *n))
    }

    /// How many rows for this reason.
    pub fn count(&self, reason: RejectReason) -> u64 {
        self.counts.get(&reason).copied().unwrap_or(0)
    }

    /// How many rows in all.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }
}
