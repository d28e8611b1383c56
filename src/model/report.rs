//! Where a transponder said it was: position reports, and the chunk in which they travel with what ships say of themselves.

use serde::{Deserialize, Serialize};

use super::{LonLat, Mmsi, NavStatus, StaticSpan, Timestamp};

/// How many shards a chunk's positions are dealt to by MMSI.
pub const SHARDS: usize = 32;

/// Event time that is worked on at once, milliseconds: days are held and stepped in parts of two hours.
pub const PART_MS: u32 = 2 * 3_600_000;

/// The shard of a vessel: a fixed hash, so that state and rows of one vessel always meet.
pub fn shard_of(mmsi: u32) -> usize {
    (mmsi.wrapping_mul(0x9E37_79B1) >> 27) as usize
}

/// Transponder class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AisClass {
    /// Class A: SOLAS ships, with navigational status and draught.
    A,
    /// Class B: no IMO number, no draught, no navigational status.
    B,
}

impl AisClass {
    pub(super) fn from_code(code: u8) -> Option<Self> {
        match code {
            0 => Some(Self::A),
            1 => Some(Self::B),
            _ => None,
        }
    }

    /// The letter.
    pub fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }
}

pub(super) const NULL_U16: u16 = u16::MAX;
pub(super) const NULL_U8: u8 = u8::MAX;
/// In place of a class: a long-range report, which doesn't say its class.
pub(super) const LONG_RANGE: u8 = 2;

/// A position report, packed into 24 bytes; millions are held and sorted at once.
///
/// Time is in milliseconds after the chunk's origin. The derived order (MMSI, time, content) is the
/// total order in which a vessel's rows are read, so ties are broken by content, never by arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PositionReport {
    mmsi: u32,
    ms: u32,
    lon_e7: i32,
    lat_e7: i32,
    pub(super) sog_ckn: u16,
    pub(super) cog_cdeg: u16,
    pub(super) heading_cdeg: u16,
    pub(super) nav_status: u8,
    pub(super) class: u8,
}

/// Hundredths of a value in `[0, below)`; what only rounds up to the end is outside as well.
fn centi(value: Option<f32>, below: u16) -> u16 {
    match value {
        Some(v) if v >= 0.0 => {
            // Rounds like `round` above zero, without a call into the maths library for each of three fields.
            let hundredths = (v * 100.0 + 0.5) as u16;
            if hundredths < below {
                hundredths
            } else {
                NULL_U16
            }
        }
        _ => NULL_U16,
    }
}

fn uncenti(value: u16) -> Option<f32> {
    (value != NULL_U16).then(|| f32::from(value) / 100.0)
}

impl PositionReport {
    /// A report of `mmsi` at `place`, `ms` milliseconds after its chunk's origin, with nothing else known.
    pub fn new(mmsi: Mmsi, ms: u32, place: LonLat) -> Self {
        Self {
            mmsi: mmsi.number(),
            ms,
            lon_e7: place.lon_e7(),
            lat_e7: place.lat_e7(),
            sog_ckn: NULL_U16,
            cog_cdeg: NULL_U16,
            heading_cdeg: NULL_U16,
            nav_status: NULL_U8,
            class: NULL_U8,
        }
    }

    /// With speed over ground in knots; outside [0, 102) it is no value: 102.3 is the sentinel and 102.2 "or more", and in
    /// archives of whole knots both are 102.
    pub fn with_sog_kn(mut self, sog_kn: Option<f32>) -> Self {
        self.sog_ckn = centi(sog_kn, 10_200);
        self
    }

    /// With course over ground in degrees; outside [0, 360) it is no value.
    pub fn with_cog_deg(mut self, cog_deg: Option<f32>) -> Self {
        self.cog_cdeg = centi(cog_deg, 36_000);
        self
    }

    /// With true heading in degrees; outside [0, 360) it is no value.
    pub fn with_heading_deg(mut self, heading_deg: Option<f32>) -> Self {
        self.heading_cdeg = centi(heading_deg, 36_000);
        self
    }

    /// With a navigational status.
    pub fn with_nav_status(mut self, status: Option<NavStatus>) -> Self {
        self.nav_status = status.map_or(NULL_U8, NavStatus::code);
        self
    }

    /// With the transponder's class.
    pub fn with_class(mut self, class: Option<AisClass>) -> Self {
        self.class = class.map_or(NULL_U8, |c| c as u8);
        self
    }

    /// As a long-range report (type 27): its place is one of a grid of a tenth of a minute, its class isn't said.
    pub fn long_range(mut self) -> Self {
        self.class = LONG_RANGE;
        self
    }

    /// How many bytes [`Self::to_bytes`] makes.
    pub const BYTES: usize = 24;

    /// The report as bytes, little-endian; for temporary files, not a format to keep.
    pub fn to_bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[0..4].copy_from_slice(&self.mmsi.to_le_bytes());
        bytes[4..8].copy_from_slice(&self.ms.to_le_bytes());
        bytes[8..12].copy_from_slice(&self.lon_e7.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.lat_e7.to_le_bytes());
        bytes[16..18].copy_from_slice(&self.sog_ckn.to_le_bytes());
        bytes[18..20].copy_from_slice(&self.cog_cdeg.to_le_bytes());
        bytes[20..22].copy_from_slice(&self.heading_cdeg.to_le_bytes());
        bytes[22] = self.nav_status;
        bytes[23] = self.class;
        bytes
    }

    /// The report back from [`Self::to_bytes`].
    pub fn from_bytes(b: &[u8; Self::BYTES]) -> Self {
        Self {
            mmsi: u32::from_le_bytes([b[0], b[1], b[2], b[3]]),
            ms: u32::from_le_bytes([b[4], b[5], b[6], b[7]]),
            lon_e7: i32::from_le_bytes([b[8], b[9], b[10], b[11]]),
            lat_e7: i32::from_le_bytes([b[12], b[13], b[14], b[15]]),
            sog_ckn: u16::from_le_bytes([b[16], b[17]]),
            cog_cdeg: u16::from_le_bytes([b[18], b[19]]),
            heading_cdeg: u16::from_le_bytes([b[20], b[21]]),
            nav_status: b[22],
            class: b[23],
        }
    }

    /// The vessel's MMSI as a number.
    pub fn mmsi(&self) -> u32 {
        self.mmsi
    }

    /// Milliseconds after the chunk's origin.
    pub fn ms(&self) -> u32 {
        self.ms
    }

    /// The same report, its time counted from another origin.
    pub fn with_ms(mut self, ms: u32) -> Self {
        self.ms = ms;
        self
    }

    /// Where the antenna is.
    pub fn place(&self) -> LonLat {
        LonLat::from_e7(self.lon_e7, self.lat_e7)
    }

    /// Speed over ground, knots.
    pub fn sog_kn(&self) -> Option<f32> {
        uncenti(self.sog_ckn)
    }

    /// Course over ground, degrees.
    pub fn cog_deg(&self) -> Option<f32> {
        uncenti(self.cog_cdeg)
    }

    /// True heading, degrees.
    pub fn heading_deg(&self) -> Option<f32> {
        uncenti(self.heading_cdeg)
    }

    /// Navigational status.
    pub fn nav_status(&self) -> Option<NavStatus> {
        NavStatus::new(self.nav_status)
    }

    /// Transponder class.
    pub fn class(&self) -> Option<AisClass> {
        AisClass::from_code(self.class)
    }
}

/// All accepted rows of a stretch of time, the unit in which stages are stepped.
///
/// Chunks follow one another in event time and are never cut between equal times. Inside a chunk
/// the rows may stand in any order: a stage sorts them.
#[derive(Clone, Debug, Default)]
pub struct Chunk {
    /// What the positions' milliseconds are counted from.
    pub origin: Timestamp,
    /// Positions, dealt by [`shard_of`]; always [`SHARDS`] entries.
    pub positions: Vec<Vec<PositionReport>>,
    /// Static spans, in any order.
    pub statics: Vec<StaticSpan>,
    /// The reader's promise: every row before this instant is in this chunk or an earlier one.
    pub complete_to: Timestamp,
}

impl Chunk {
    /// The chunk cut into stretches of `part_ms` of event time, counted from its origin; never between equal times.
    ///
    /// All static spans go with the first part: what is known as of an instant depends on the first reception
    /// that a span states, not on the part in which it comes.
    pub fn split(self, part_ms: u32) -> Vec<Self> {
        let last_ms = self
            .positions
            .iter()
            .flatten()
            .map(PositionReport::ms)
            .max();
        let n = last_ms.map_or(1, |ms| ms / part_ms + 1) as usize;
        let mut parts: Vec<Self> = (1..=n)
            .map(|i| Self {
                origin: self.origin,
                positions: Vec::with_capacity(self.positions.len()),
                statics: Vec::new(),
                complete_to: if i == n {
                    self.complete_to
                } else {
                    let end = Timestamp(self.origin.0 + i as i64 * i64::from(part_ms));
                    end.min(self.complete_to)
                },
            })
            .collect();
        parts[0].statics = self.statics;
        for rows in self.positions {
            let mut counts = vec![0; n];
            rows.iter()
                .for_each(|row| counts[(row.ms() / part_ms) as usize] += 1);
            let mut dealt: Vec<Vec<PositionReport>> =
                counts.into_iter().map(Vec::with_capacity).collect();
            for row in rows {
                dealt[(row.ms() / part_ms) as usize].push(row);
            }
            for (part, rows) in parts.iter_mut().zip(dealt) {
                part.positions.push(rows);
            }
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_direction_that_rounds_up_to_a_full_turn_is_none() {
        let place = LonLat::from_degrees(0.0, 0.0).unwrap();
        let cog = |deg| {
            let report = PositionReport::new(Mmsi::new(1).unwrap(), 0, place);
            report.with_cog_deg(Some(deg)).cog_deg()
        };
        assert_eq!(cog(359.99), Some(359.99));
        assert_eq!(cog(359.996), None);
        assert_eq!(cog(0.0), Some(0.0));
        assert_eq!([cog(-0.1), cog(360.0), cog(f32::NAN), cog(1e9)], [None; 4]);
    }

    #[test]
    fn parts_hold_every_row_once_and_promise_no_more_than_the_whole() {
        let place = LonLat::from_degrees(0.0, 0.0).unwrap();
        let row = |ms| PositionReport::new(Mmsi::new(1).unwrap(), ms, place);
        let chunk = Chunk {
            origin: Timestamp(0),
            positions: vec![vec![row(0), row(999), row(1000), row(3500)], Vec::new()],
            statics: Vec::new(),
            complete_to: Timestamp(9000),
        };
        let parts = chunk.split(1000);
        let rows: Vec<usize> = parts.iter().map(|p| p.positions[0].len()).collect();
        let ends: Vec<i64> = parts.iter().map(|p| p.complete_to.0).collect();
        assert_eq!(
            (rows, ends),
            (vec![2, 1, 0, 1], vec![1000, 2000, 3000, 9000])
        );
        assert_eq!(Chunk::default().split(1000).len(), 1);
    }
}
