//! When and where each MMSI was heard, day by day.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::geodesy::M_PER_E7;
use crate::model::place::TURN_E7;
use crate::model::presence::TrackDay;
use crate::model::{LonLat, Presence, Timestamp, UtcDay};

/// The days of all tracks, by MMSI and first fix.
pub(super) struct Heard<'a>(BTreeMap<u32, Vec<&'a TrackDay>>);

impl<'a> Heard<'a> {
    pub(super) fn new(presence: &'a Presence) -> Self {
        let mut by_mmsi: BTreeMap<u32, Vec<&TrackDay>> = BTreeMap::new();
        for day in &presence.days {
            by_mmsi.entry(day.track.mmsi).or_default().push(day);
        }
        for days in by_mmsi.values_mut() {
            days.sort_by_key(|d| (d.first.t, d.track));
        }
        Self(by_mmsi)
    }

    /// All MMSIs with their days.
    pub(super) fn all(&self) -> impl Iterator<Item = (u32, &[&'a TrackDay])> {
        self.0.iter().map(|(mmsi, days)| (*mmsi, days.as_slice()))
    }

    /// The days of an MMSI.
    pub(super) fn days(&self, mmsi: u32) -> &[&'a TrackDay] {
        self.0.get(&mmsi).map_or(&[], Vec::as_slice)
    }

    /// The tracks of an MMSI on one day.
    pub(super) fn on(&self, mmsi: u32, day: UtcDay) -> impl Iterator<Item = &'a TrackDay> {
        self.days(mmsi)
            .iter()
            .filter(move |d| d.day == day)
            .copied()
    }

    /// Where the MMSI was heard nearest to `t`, of the first and the last fixes of days that begin within `around`.
    pub(super) fn place_by(
        &self,
        mmsi: u32,
        t: Timestamp,
        around: &Range<Timestamp>,
    ) -> Option<LonLat> {
        let days = self.days(mmsi).iter();
        let days = days.filter(|d| around.contains(&d.first.t));
        let fixes = days.flat_map(|d| [d.first, d.last]);
        let nearest = fixes.min_by_key(|fix| (fix.t.0.abs_diff(t.0), fix.t));
        nearest.map(|fix| fix.place)
    }
}

/// How far the boxes of two days lie apart at least, metres; 0 if they meet.
pub(in crate::assess) fn boxes_apart_m(a: &TrackDay, b: &TrackDay) -> f64 {
    let gap = |low_a: i64, high_a: i64, low_b: i64, high_b: i64| {
        (low_b - high_a).max(low_a - high_b).max(0)
    };
    let on_earth = |d: &TrackDay| {
        let first = d.first.place;
        let first = [first.lon_e7(), first.lat_e7()].map(i64::from);
        d.extent.moved(first).bounds_e7()
    };
    let (p, q) = (on_earth(a), on_earth(b));
    let lat_gap = gap(p[1], p[3], q[1], q[3]);
    let lon_gap = [-TURN_E7, 0, TURN_E7]
        .into_iter()
        .map(|turn| gap(p[0], p[2], q[0] + turn, q[2] + turn))
        .min()
        .unwrap_or(0);
    let farthest_lat = [p[1], p[3], q[1], q[3]].map(i64::abs).into_iter().max();
    let narrowing = (farthest_lat.unwrap_or(0) as f64 / 1e7).to_radians().cos();
    (lat_gap as f64).hypot(lon_gap as f64 * narrowing) * M_PER_E7
}

/// How long two days of tracks overlap, from the first to the last fix of both.
pub(in crate::assess) fn overlap(a: &TrackDay, b: &TrackDay) -> Option<(Timestamp, Timestamp)> {
    let (from, to) = (a.first.t.max(b.first.t), a.last.t.min(b.last.t));
    (from < to).then_some((from, to))
}
