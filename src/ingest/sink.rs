//! Where readers put rows: the rules that hold for every format, and the counts.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::model::quantity::MS_PER_DAY;
use crate::model::report::{PART_MS, SHARDS, shard_of};
use crate::model::{
    LonLat, Mmsi, PositionReport, RejectLedger, RejectReason, StationKind, Timestamp, UtcDay,
};

use super::options::Selection;
use super::statics::StaticCache;
use super::value::{EARLIEST_MS, LastMinute, fixed, is_nothing};

/// How much of a rejected row's text is kept, bytes.
const KEPT_TEXT: usize = 200;

/// What holds for every row of a run.
pub(crate) struct Rules<'o> {
    /// Rows after this are `future`.
    pub latest_ms: i64,
    /// Rows of interest.
    pub selection: Option<&'o Selection>,
    /// Whether rejected rows are kept one by one.
    pub keep_rejects: bool,
}

/// A position as it stands in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// A possible place.
    At(LonLat),
    /// Empty, or a word for that, or the sentinel 91 / 181.
    Missing,
    /// Possible if longitudes count from 0 to 360 degrees, which isn't for a row to say.
    BeyondEast,
    /// Off the globe, or the null island.
    Impossible,
}

/// A degree in units of 1e-7 degree.
const DEGREE: i64 = 10_000_000;

/// Whether it is a place if longitudes count from 0 to 360 degrees, and else none.
fn is_beyond_east(lon_e7: i64, lat_e7: i64) -> bool {
    lat_e7.abs() <= 90 * DEGREE && (180 * DEGREE + 1..=360 * DEGREE).contains(&lon_e7)
}

impl Reading {
    /// The same as [`Self::from_e7`] where longitudes count from 0 to 360 degrees, and 181 is one like any other.
    pub(crate) fn from_round_e7(lon_e7: i64, lat_e7: i64) -> Self {
        if is_beyond_east(lon_e7, lat_e7) {
            Self::from_e7(lon_e7 - 360 * DEGREE, lat_e7)
        } else {
            Self::from_e7(lon_e7, lat_e7)
        }
    }

    /// From units of 1e-7 degree; latitude 91 or longitude 181 says "not available" for both.
    pub(crate) fn from_e7(lon_e7: i64, lat_e7: i64) -> Self {
        if lat_e7 == 91 * DEGREE || lon_e7 == 181 * DEGREE {
            return Self::Missing;
        }
        if is_beyond_east(lon_e7, lat_e7) {
            return Self::BeyondEast;
        }
        if lat_e7.abs() > 90 * DEGREE || lon_e7.abs() > 180 * DEGREE || (lon_e7 == 0 && lat_e7 == 0)
        {
            return Self::Impossible;
        }
        let lon_e7 = if lon_e7 == 180 * DEGREE {
            -lon_e7
        } else {
            lon_e7
        };
        Self::At(LonLat::from_e7(lon_e7 as i32, lat_e7 as i32))
    }
}

/// A position from its two fields of text; `Err` if one is no number or only one is there.
pub(crate) fn position(lon: &[u8], lat: &[u8]) -> Result<Reading, RejectReason> {
    match (fixed(lon, 7), fixed(lat, 7)) {
        (Some(lon), Some(lat)) => Ok(Reading::from_e7(lon, lat)),
        // One sentinel is enough, whatever the other field holds.
        (Some(lon), None) if Reading::from_e7(lon, 1) == Reading::Missing => Ok(Reading::Missing),
        (None, Some(lat)) if Reading::from_e7(1, lat) == Reading::Missing => Ok(Reading::Missing),
        (None, None) if is_nothing(lon) && is_nothing(lat) => Ok(Reading::Missing),
        _ => Err(RejectReason::Malformed),
    }
}

/// A rejected row, if they are kept.
pub(crate) struct Rejected {
    /// Line, or row of a table, from 1.
    pub line: u64,
    /// Why.
    pub reason: RejectReason,
    /// Its text, cut.
    pub text: Vec<u8>,
}

/// Reasons that may be the fault of a whole input and not of a row; the first row of each is kept to be shown.
pub(crate) const SHOWN: [RejectReason; 3] = [
    RejectReason::BadTime,
    RejectReason::BadPosition,
    RejectReason::Malformed,
];

/// Accepted rows by UTC day. Rows mostly come in time order, so the day of the last one is at hand.
#[derive(Default)]
struct DayCounts {
    days: BTreeMap<UtcDay, u64>,
    /// Start of the day of the last row, and the rows of that day that aren't among the days yet.
    current: (i64, u64),
}

impl DayCounts {
    fn count(&mut self, t: Timestamp) {
        if !(0..MS_PER_DAY).contains(&(t.0 - self.current.0)) {
            self.settle();
            self.current.0 = t.day().start().0;
        }
        self.current.1 += 1;
    }

    fn settle(&mut self) {
        let (start, rows) = std::mem::take(&mut self.current);
        if rows > 0 {
            *self.days.entry(Timestamp(start).day()).or_default() += rows;
        }
    }

    fn merge(&mut self, other: &Self) {
        for (day, rows) in &other.days {
            *self.days.entry(*day).or_default() += rows;
        }
        let (start, rows) = other.current;
        if rows > 0 {
            *self.days.entry(Timestamp(start).day()).or_default() += rows;
        }
    }
}

/// Counts of an input; adds up in any order.
#[derive(Default)]
pub(crate) struct Tally {
    pub rows: u64,
    pub accepted: u64,
    pub rejects: RejectLedger,
    pub first: Option<i64>,
    pub last: Option<i64>,
    /// Rows with longitudes of 180 to 360 degrees.
    pub beyond_east: u64,
    /// Rows with more fields than the header.
    pub too_wide: u64,
    days: DayCounts,
    samples: [Option<(u64, Vec<u8>)>; SHOWN.len()],
}

impl Tally {
    /// Counts a rejected row.
    pub(crate) fn reject(&mut self, line: u64, reason: RejectReason, text: &[u8]) {
        self.rows += 1;
        self.rejects.add(reason, 1);
        if let Some(i) = SHOWN.iter().position(|shown| *shown == reason)
            && self.samples[i]
                .as_ref()
                .is_none_or(|(first, _)| line < *first)
        {
            self.samples[i] = Some((line, text[..text.len().min(KEPT_TEXT)].to_vec()));
        }
    }

    /// The first row that was rejected for this reason, and its text, cut; of some reasons only.
    pub(crate) fn sample(&self, reason: RejectReason) -> Option<(u64, &[u8])> {
        let i = SHOWN.iter().position(|shown| *shown == reason)?;
        let (line, text) = self.samples[i].as_ref()?;
        Some((*line, text))
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        self.rows += other.rows;
        self.accepted += other.accepted;
        self.rejects.merge(&other.rejects);
        self.beyond_east += other.beyond_east;
        self.too_wide += other.too_wide;
        for (mine, theirs) in self.samples.iter_mut().zip(&other.samples) {
            if let Some((line, _)) = theirs
                && mine.as_ref().is_none_or(|(first, _)| line < first)
            {
                mine.clone_from(theirs);
            }
        }
        for t in [other.first, other.last].into_iter().flatten() {
            self.see(t);
        }
        self.days.merge(&other.days);
    }

    /// Accepted rows by UTC day.
    pub(crate) fn days(&mut self) -> BTreeMap<UtcDay, u64> {
        self.days.settle();
        std::mem::take(&mut self.days.days)
    }

    fn see(&mut self, t: i64) {
        self.first = Some(self.first.map_or(t, |f| f.min(t)));
        self.last = Some(self.last.map_or(t, |l| l.max(t)));
    }
}

/// Parts of a day.
pub(crate) const PARTS: usize = (MS_PER_DAY / PART_MS as i64) as usize;

/// Into how many bins the positions of a day are dealt: by part, then by shard.
pub(crate) const BINS: usize = PARTS * SHARDS;

/// The bin of a position whose milliseconds count from the day's start.
fn bin_of(row: &PositionReport) -> usize {
    (row.ms() / PART_MS) as usize * SHARDS + shard_of(row.mmsi())
}

/// Positions of one day, from one block, still in order of arrival.
struct DayRows {
    day: UtcDay,
    start_ms: i64,
    rows: Vec<PositionReport>,
    counts: [u32; BINS],
}

/// Positions of one day by bin; bins without rows are left out.
pub(crate) type DealtDay = (UtcDay, Vec<(usize, Vec<PositionReport>)>);

/// Takes the rows of one block. Kept by a thread from block to block for its buffers and static cache.
pub(crate) struct RowSink<'o> {
    rules: &'o Rules<'o>,
    days: Vec<DayRows>,
    by_day: FxHashMap<UtcDay, usize>,
    /// Index of the day of the last row: rows mostly come in time order.
    current: usize,
    pub(crate) statics: StaticCache,
    pub(crate) minute: LastMinute,
    pub(crate) tally: Tally,
    pub(crate) rejected: Vec<Rejected>,
}

impl<'o> RowSink<'o> {
    pub(crate) fn new(rules: &'o Rules<'o>) -> Self {
        Self {
            rules,
            days: Vec::new(),
            by_day: FxHashMap::default(),
            current: 0,
            statics: StaticCache::default(),
            minute: LastMinute::default(),
            tally: Tally::default(),
            rejected: Vec::new(),
        }
    }

    /// Counts a rejected row.
    pub(crate) fn reject(&mut self, line: u64, reason: RejectReason, text: &[u8]) {
        self.tally.reject(line, reason, text);
        // What wasn't asked for is no fault, and may be nearly all of a file.
        if self.rules.keep_rejects && reason != RejectReason::OutsideSelection {
            self.rejected.push(Rejected {
                line,
                reason,
                text: text[..text.len().min(KEPT_TEXT)].to_vec(),
            });
        }
    }

    /// The vessel of a row, if it is one.
    pub(crate) fn vessel(&self, number: Option<u32>) -> Result<Mmsi, RejectReason> {
        let mmsi = number.and_then(Mmsi::new).ok_or(RejectReason::BadMmsi)?;
        match mmsi.kind() {
            StationKind::CoastStation | StationKind::AidToNavigation | StationKind::SarAircraft => {
                Err(RejectReason::NotAVessel)
            }
            _ => Ok(mmsi),
        }
    }

    /// The time of a row, if it can be.
    pub(crate) fn time(&self, ms: Option<i64>) -> Result<Timestamp, RejectReason> {
        match ms {
            None => Err(RejectReason::BadTime),
            Some(ms) if ms < EARLIEST_MS => Err(RejectReason::TooOld),
            Some(ms) if ms > self.rules.latest_ms => Err(RejectReason::Future),
            Some(ms) => Ok(Timestamp(ms)),
        }
    }

    /// Rows after this are `future`, milliseconds since the epoch.
    pub(crate) fn latest_ms(&self) -> i64 {
        self.rules.latest_ms
    }

    /// The place of a row, if it has one, and if time and place are asked for.
    pub(crate) fn place(
        &mut self,
        t: Timestamp,
        reading: Reading,
    ) -> Result<Option<LonLat>, RejectReason> {
        let place = match reading {
            Reading::At(place) => Some(place),
            Reading::Missing => None,
            Reading::BeyondEast => {
                self.tally.beyond_east += 1;
                return Err(RejectReason::BadPosition);
            }
            Reading::Impossible => return Err(RejectReason::BadPosition),
        };
        match self.rules.selection {
            Some(selection) if !selection.takes(t, place) => Err(RejectReason::OutsideSelection),
            _ => Ok(place),
        }
    }

    /// Counts an accepted row.
    pub(crate) fn accept(&mut self, t: Timestamp) {
        self.tally.rows += 1;
        self.tally.accepted += 1;
        self.tally.see(t.0);
        self.tally.days.count(t);
    }

    /// Takes the position of an accepted row; its milliseconds are set here.
    pub(crate) fn position(&mut self, t: Timestamp, report: PositionReport) {
        let offset = |d: &DayRows| t.0 - d.start_ms;
        let in_day = |ms: i64| (0..MS_PER_DAY).contains(&ms);
        if !self
            .days
            .get(self.current)
            .is_some_and(|d| in_day(offset(d)))
        {
            self.current = self.find_day(t.day());
        }
        let day = &mut self.days[self.current];
        let ms = (t.0 - day.start_ms) as u32;
        let report = report.with_ms(ms);
        day.counts[bin_of(&report)] += 1;
        day.rows.push(report);
    }

    fn find_day(&mut self, day: UtcDay) -> usize {
        if let Some(found) = self.by_day.get(&day) {
            return *found;
        }
        self.by_day.insert(day, self.days.len());
        self.days.push(DayRows {
            day,
            start_ms: day.start().0,
            rows: Vec::new(),
            counts: [0; BINS],
        });
        self.days.len() - 1
    }

    /// Deals the positions taken so far to days and bins, each in a vector of exact size. The buffers stay.
    pub(crate) fn deal(&mut self) -> Vec<DealtDay> {
        let mut dealt = Vec::with_capacity(self.days.len());
        for day in self.days.iter_mut().filter(|d| !d.rows.is_empty()) {
            let mut bins: Vec<Vec<PositionReport>> = day
                .counts
                .iter()
                .map(|n| Vec::with_capacity(*n as usize))
                .collect();
            for row in day.rows.drain(..) {
                bins[bin_of(&row)].push(row);
            }
            day.counts = [0; BINS];
            let full = bins.into_iter().enumerate().filter(|(_, b)| !b.is_empty());
            dealt.push((day.day, full.collect()));
        }
        // Buffers of days gone by would pile up over an archive of years.
        if self.days.len() > 2 {
            self.days.clear();
            self.by_day.clear();
        }
        self.current = 0;
        dealt
    }
}
