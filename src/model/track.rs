//! Clean fixes of tracks, as the vessel stage hands them on.

use serde::{Deserialize, Serialize};

use super::report::{LONG_RANGE, NULL_U8, NULL_U16};
use super::{
    AisClass, LonLat, NavStatus, PositionReport, StaticSpan, Timestamp, TrackId, Waypoint,
};

/// A position that belongs to a track, packed into 24 bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fix {
    /// When.
    pub t: Timestamp,
    /// Where the antenna is.
    pub place: LonLat,
    sog_ckn: u16,
    cog_cdeg: u16,
    heading_cdeg: u16,
    nav_status: u8,
    class: u8,
}

fn known(value: u16) -> Option<u16> {
    (value != NULL_U16).then_some(value)
}

impl Fix {
    /// When and where.
    pub fn waypoint(&self) -> Waypoint {
        Waypoint {
            t: self.t,
            place: self.place,
        }
    }

    /// The fix that a report states; its time counts from `origin`.
    pub fn from_report(report: &PositionReport, origin: Timestamp) -> Self {
        Self {
            t: Timestamp(origin.0 + i64::from(report.ms())),
            place: report.place(),
            sog_ckn: report.sog_ckn,
            cog_cdeg: report.cog_cdeg,
            heading_cdeg: report.heading_cdeg,
            nav_status: report.nav_status,
            class: report.class,
        }
    }

    /// Whether two fixes say the same but for their time.
    pub fn same_report(&self, other: &Self) -> bool {
        Self {
            t: other.t,
            ..*self
        } == *other
    }

    /// Speed over ground, hundredths of a knot.
    pub fn sog_ckn(&self) -> Option<u16> {
        known(self.sog_ckn)
    }

    /// Course over ground, hundredths of a degree.
    pub fn cog_cdeg(&self) -> Option<u16> {
        known(self.cog_cdeg)
    }

    /// True heading, hundredths of a degree.
    pub fn heading_cdeg(&self) -> Option<u16> {
        known(self.heading_cdeg)
    }

    /// Speed over ground, knots.
    pub fn sog_kn(&self) -> Option<f64> {
        self.sog_ckn().map(|v| f64::from(v) / 100.0)
    }

    /// Course over ground, degrees.
    pub fn cog_deg(&self) -> Option<f64> {
        self.cog_cdeg().map(|v| f64::from(v) / 100.0)
    }

    /// True heading, degrees.
    pub fn heading_deg(&self) -> Option<f64> {
        self.heading_cdeg().map(|v| f64::from(v) / 100.0)
    }

    /// Navigational status.
    pub fn nav_status(&self) -> Option<NavStatus> {
        (self.nav_status != NULL_U8)
            .then(|| NavStatus::new(self.nav_status))
            .flatten()
    }

    /// Whether the place is known to a tenth of a minute only (185 m of latitude): a long-range report.
    pub fn is_coarse(&self) -> bool {
        self.class == LONG_RANGE
    }

    /// Transponder class.
    pub fn class(&self) -> Option<AisClass> {
        AisClass::from_code(self.class)
    }
}

/// New fixes of one track, in time order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackFixes {
    /// Which track.
    pub track: TrackId,
    /// Its fixes, later than all that were handed on before.
    pub fixes: Vec<Fix>,
}

/// What the vessel stage hands to the slot stage.
#[derive(Clone, Debug, Default)]
pub struct TrackBatch {
    /// New fixes, by track.
    pub tracks: Vec<TrackFixes>,
    /// New static spans.
    pub statics: Vec<StaticSpan>,
    /// Every fix before this instant is in this batch or an earlier one.
    pub complete_to: Timestamp,
}

/// What is counted of one MMSI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VesselSummary {
    /// The MMSI.
    pub mmsi: u32,
    /// Number of tracks.
    pub tracks: u32,
    /// First fix.
    pub first: Timestamp,
    /// Last fix.
    pub last: Timestamp,
    /// Reports used.
    pub rows: u64,
    /// Reports that no track could reach.
    pub outliers: u64,
    /// Transponder class of the last fix that has one.
    pub class: Option<AisClass>,
}
