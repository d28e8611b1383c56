//! When MMSIs were heard without long silence, and which two are never heard at once.

use std::collections::BTreeMap;

use super::Case;
use crate::model::event::GapEnd;
use crate::model::presence::TrackDay;
use crate::model::quantity::MS_PER_HOUR;
use crate::model::{Timestamp, TrackId, UtcDay};

/// Least time for which either MMSI speaks where they take turns: shorter ones may be slips.
const TURN_MS: i64 = MS_PER_HOUR;

/// The days of all tracks, cut where one was silent within a day for so long that it is a gap.
pub(super) struct Stretches(BTreeMap<u32, Vec<TrackDay>>);

impl Stretches {
    pub(super) fn new(case: &Case) -> Self {
        let mut silences: BTreeMap<(TrackId, UtcDay), Vec<(GapEnd, GapEnd)>> = BTreeMap::new();
        for gap in &case.facts.gaps {
            let day = gap.start.t.day();
            if let Some(end) = gap.end.filter(|end| end.t.day() == day) {
                let of_day = silences.entry((gap.track, day)).or_default();
                of_day.push((gap.start, end));
            }
        }
        let mut all: BTreeMap<u32, Vec<TrackDay>> = BTreeMap::new();
        for (mmsi, days) in case.heard.all() {
            let mut stretches: Vec<TrackDay> = days
                .iter()
                .flat_map(|day| {
                    let silent = silences.get(&(day.track, day.day));
                    cut(day, silent.map_or(&[], Vec::as_slice))
                })
                .collect();
            stretches.sort_by_key(|d| (d.first.t, d.track));
            all.insert(mmsi, stretches);
        }
        Self(all)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (u32, &[TrackDay])> {
        self.0.iter().map(|(mmsi, days)| (*mmsi, days.as_slice()))
    }

    pub(super) fn of(&self, mmsi: u32) -> &[TrackDay] {
        self.0.get(&mmsi).map_or(&[], Vec::as_slice)
    }

    /// Whether the two MMSIs are never heard at once in the time about the change, and either for more than a moment before
    /// the other comes back.
    pub(super) fn take_turns(&self, case: &Case, end: &TrackDay, begin: &TrackDay) -> bool {
        let (left, came) = (end.last.t, begin.first.t);
        let time = case.around(came);
        let about = |mmsi: u32| {
            let own = self.of(mmsi);
            let from = own.partition_point(|d| d.first.t < time.start);
            let until = own.partition_point(|d| d.first.t < time.end);
            &own[from..until]
        };
        let [old, new] = [about(end.track.mmsi), about(begin.track.mmsi)];
        let is_apart = |one: &TrackDay| {
            let mut met = new.iter().take_while(|d| d.first.t <= one.last.t);
            !met.any(|d| d.last.t >= one.first.t)
        };
        if !old.iter().all(is_apart) {
            return false;
        }
        // Nobody speaks between the end and the beginning.
        let within = |d: &&TrackDay| d.last.t > left && d.first.t < came;
        if old.iter().chain(new).any(|d| within(&d)) {
            return false;
        }
        let turn_before = new.iter().map(|d| d.last.t).filter(|t| *t <= left).max();
        let turn_after = old.iter().map(|d| d.first.t).find(|t| *t >= came);
        let spoke_from = old
            .iter()
            .map(|d| d.first.t)
            .find(|t| turn_before.is_none_or(|end| *t > end));
        let spoke_to = new
            .iter()
            .map(|d| d.last.t)
            .filter(|t| turn_after.is_none_or(|begin| *t < begin))
            .max();
        let is_turn = |from: Timestamp, to: Timestamp| to.0 - from.0 >= TURN_MS;
        spoke_from.is_some_and(|from| is_turn(from, left))
            && spoke_to.is_some_and(|to| is_turn(came, to))
    }
}

/// The stretches of a day between these silences, with the fixes of each by its share of the time.
fn cut(day: &TrackDay, silent: &[(GapEnd, GapEnd)]) -> Vec<TrackDay> {
    let mut rest = day.clone();
    let mut stretches = Vec::new();
    for (start, end) in silent {
        let mut stretch = rest.clone();
        (stretch.last.t, stretch.last.place) = (start.t, start.place);
        stretches.push(stretch);
        (rest.first.t, rest.first.place) = (end.t, end.place);
    }
    stretches.push(rest);
    let heard_s = |d: &TrackDay| d.last.t.seconds_since(d.first.t);
    let all_s: f64 = stretches.iter().map(heard_s).sum();
    for stretch in &mut stretches {
        if all_s > 0.0 {
            let share = heard_s(stretch) / all_s;
            stretch.fixes = (f64::from(day.fixes) * share).round() as u32;
        }
    }
    stretches
}
