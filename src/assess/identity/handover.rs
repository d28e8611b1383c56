//! One hull that goes on under another MMSI.
//!
//! Ships enter and leave the reach of stations all the time, so that one ends and another begins says nothing. The
//! two must say that they are one hull, by a number that belongs to the hull, or by all of its dimensions on
//! one unbroken way where both are heard well. By a number of the hull it is one hull, too, if the old MMSI comes back: as long
//! as they take turns, and are never heard at once.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::claims::valid_imo;
use super::stretches::Stretches;
use super::{Case, Finding, Kind};
use crate::geodesy::{EARTH_RADIUS_M, angle_between_deg, dot, n_vector, near_distance_m};
use crate::model::event::Waypoint;
use crate::model::presence::TrackDay;
use crate::model::quantity::{MPS_PER_KNOT, MS_PER_DAY, MS_PER_HOUR};
use crate::model::{Fix, Mmsi, StaticRecord, StationKind, Timestamp};

/// Distance that a pause of no length may hide, metres: another antenna, noise.
const NEAR_M: f64 = 500.0;
/// Greatest speed of a hull in the pause where a number says it is one, knots.
const HULL_MAX_KN: f64 = 25.0;
/// How far speeds before and after may differ where only dimensions and way agree, knots.
const SPEED_CHANGE_KN: f64 = 3.0;
/// Speed from which a ship makes way, knots.
const WAY_KN: f64 = 1.0;
/// How far courses may differ there, degrees: a hull doesn't turn back as it changes its name.
const COURSE_CHANGE_DEG: f64 = 120.0;
/// Longest mean interval of fixes that is hearing well, minutes.
const HEARD_WELL_MIN: f64 = 15.0;
/// Least hull known by its dimensions, decimetres: boats come in series.
const SERIES_LENGTH_DM: u16 = 1000;
/// Less than any degree of latitude is long, metres.
const METRES_IN_DEGREE: f64 = 110_000.0;
/// Shortest call sign, characters.
const CALLSIGN_MIN: usize = 4;

/// A track that begins to be heard.
struct Begin<'a> {
    track: &'a TrackDay,
    /// Whether the MMSI was heard in the time before, and this is a return.
    returns: bool,
}

/// All handovers, by time.
pub(super) fn find(case: &Case) -> Vec<Finding> {
    let Some((first, _)) = case.facts.span else {
        return Vec::new();
    };
    let heard = Stretches::new(case);
    let mut ends: Vec<&TrackDay> = Vec::new();
    let mut begins: Vec<Begin> = Vec::new();
    let silence_ms = (case.rules().handover_silence_h * MS_PER_HOUR as f64) as i64;
    let longest_ms = (case.rules().handover_max_h * MS_PER_HOUR as f64) as i64;
    let lookback_ms = case.params.lookback_d * MS_PER_DAY;
    for (mmsi, days) in heard.all() {
        if Mmsi::new(mmsi).is_none_or(|m| m.kind() != StationKind::Ship) {
            continue;
        }
        let mut heard_to = Timestamp::MIN;
        for (i, day) in days.iter().enumerate() {
            let silent_ms = day.first.t.0 - heard_to.0;
            if silent_ms >= silence_ms && day.first.t.0 - first.0 >= silence_ms {
                begins.push(Begin {
                    track: day,
                    returns: silent_ms <= lookback_ms,
                });
            }
            heard_to = heard_to.max(day.last.t);
            let goes_on = days[i + 1..]
                .iter()
                .take_while(|later| later.first.t.0 - day.last.t.0 < silence_ms)
                .any(|later| later.last.t > day.last.t);
            if heard_to == day.last.t && !goes_on {
                ends.push(day);
            }
        }
    }
    ends.sort_by_key(|d| (d.last.t, d.track));
    let ends = Ends::new(case, ends, &heard);
    let of_begin = |begin: &Begin| {
        let t = begin.track.first.t;
        let candidates = ends
            .before(case, begin, longest_ms)
            .into_iter()
            .filter(|end| end.track.mmsi != begin.track.track.mmsi);
        let found = candidates.filter_map(|end| {
            // The old number must be silent long enough by now, and not be heard again while the new one is.
            if case.complete_to().0 - t.0 < silence_ms {
                return None;
            }
            let is_silent = is_silent(&heard, end, Timestamp(t.0 + case.settle_ms()));
            if (begin.returns || !is_silent) && !heard.take_turns(case, end, begin.track) {
                return None;
            }
            judge(case, end, begin, is_silent)
        });
        found.collect::<Vec<_>>()
    };
    begins.par_iter().flat_map_iter(of_begin).collect()
}

/// What two MMSIs of one hull have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Mark<'a> {
    Imo(u32),
    Callsign(&'a str),
}

/// Everything that a ship ever said by which it may be known again.
fn marks<'a>(case: &Case<'a>, mmsi: u32) -> BTreeSet<Mark<'a>> {
    let Some(history) = case.facts.histories.get(&mmsi) else {
        return BTreeSet::new();
    };
    let imos = history.values(valid_imo).into_iter().map(Mark::Imo);
    let callsigns = history.values(callsign).into_iter().map(Mark::Callsign);
    imos.chain(callsigns).collect()
}

fn callsign(r: &StaticRecord) -> Option<&str> {
    r.callsign
        .as_deref()
        .filter(|c| c.trim().len() >= CALLSIGN_MIN)
}

/// Tracks that ended, by time; those that say the same are found without looking at the others.
struct Ends<'a> {
    all: Vec<&'a TrackDay>,
    by_mark: BTreeMap<Mark<'a>, Vec<usize>>,
    /// Those whose MMSI stays silent: of others the way alone tells nothing.
    silent: Vec<Silent>,
}

/// The end of a track whose MMSI stays silent. Every track that begins goes through those of the time before, and few of them are
/// near.
struct Silent {
    last: Waypoint,
    n: [f64; 3],
    /// Which of the ends.
    index: usize,
}

impl Silent {
    /// Whether a hull can have gone from here to a place with this unit vector: nearly always the chord tells it.
    fn reaches(&self, to: Waypoint, n: [f64; 3]) -> bool {
        /// More than a way is longer than its chord, up to this chord, and than the flat measure of short ways is off.
        const SLACK: f64 = 1e-3;
        const SHORT: f64 = 0.05;
        let chord: [f64; 3] = std::array::from_fn(|i| n[i] - self.n[i]);
        let chord_2 = dot(chord, chord);
        let reach = reach_m(self.last, to) / EARTH_RADIUS_M;
        let (least, most) = (reach * (1.0 - SLACK), reach * (1.0 + SLACK));
        let is_surely = chord_2 <= least * least && chord_2 <= SHORT * SHORT;
        is_surely || (chord_2 <= most * most && is_in_reach(self.last, to))
    }
}

impl<'a> Ends<'a> {
    fn new(case: &Case<'a>, all: Vec<&'a TrackDay>, heard: &Stretches) -> Self {
        let mut by_mark: BTreeMap<Mark, Vec<usize>> = BTreeMap::new();
        let mut silent = Vec::new();
        for (i, end) in all.iter().enumerate() {
            for mark in marks(case, end.track.mmsi) {
                by_mark.entry(mark).or_default().push(i);
            }
            if is_silent(heard, end, Timestamp(end.last.t.0 + case.settle_ms())) {
                silent.push(Silent {
                    last: end.last.waypoint(),
                    n: n_vector(end.last.place),
                    index: i,
                });
            }
        }
        Self {
            all,
            by_mark,
            silent,
        }
    }

    /// Those that ended at most `longest_ms` before this one began and have a mark in common with it, and those that
    /// ended so shortly before that their way alone may tell; of both those from which a hull can have come. By time.
    fn before(&self, case: &Case<'a>, begin: &Begin, longest_ms: i64) -> Vec<&'a TrackDay> {
        let here = begin.track.first.waypoint();
        let t = here.t;
        let is_within = |ms: i64, end: Timestamp| (1..=ms).contains(&(t.0 - end.0));
        let blind_ms = (case.rules().handover_blind_h * MS_PER_HOUR as f64) as i64;
        let mut chosen: Vec<usize> = Vec::new();
        if !begin.returns {
            let n = n_vector(here.place);
            let ended = self.silent.partition_point(|end| end.last.t < t);
            let blind = self.silent[..ended].iter().rev();
            let blind = blind.take_while(|end| is_within(blind_ms, end.last.t));
            let near = blind.filter(|end| end.reaches(here, n));
            chosen.extend(near.map(|end| end.index));
        }
        for mark in marks(case, begin.track.track.mmsi) {
            let ends = self.by_mark.get(&mark).into_iter().flatten();
            let ends = ends.filter(|i| {
                let end = self.all[**i].last.waypoint();
                is_within(longest_ms, end.t) && is_in_reach(end, here)
            });
            chosen.extend(ends);
        }
        chosen.sort_unstable();
        chosen.dedup();
        chosen.into_iter().map(|i| self.all[i]).collect()
    }
}

/// Whether the MMSI of a track that ended isn't heard again up to an instant.
fn is_silent(heard: &Stretches, end: &TrackDay, until: Timestamp) -> bool {
    !(heard.of(end.track.mmsi).iter()).any(|d| d.last.t > end.last.t && d.first.t <= until)
}

/// What a ship last said of itself about the change.
#[derive(Default)]
pub(super) struct Said {
    imo: Option<u32>,
    callsign: Option<String>,
    name: Option<String>,
    /// Length and beam in decimetres, and how far the antenna stands from bow and port side in metres.
    pub size: Option<[u16; 4]>,
}

impl Said {
    pub(super) fn new(case: &Case, mmsi: u32, from: Timestamp, until: Timestamp) -> Self {
        Self {
            imo: last(case, mmsi, (from, until), valid_imo),
            callsign: last(case, mmsi, (from, until), |r| {
                callsign(r).map(str::to_owned)
            }),
            name: last(case, mmsi, (from, until), |r| r.name.clone()),
            size: last(case, mmsi, (from, until), size),
        }
    }

    fn length_dm(&self) -> Option<u16> {
        self.size.map(|s| s[0])
    }
}

fn last<V: Ord>(
    case: &Case,
    mmsi: u32,
    (from, until): (Timestamp, Timestamp),
    field: impl Fn(&StaticRecord) -> Option<V>,
) -> Option<V> {
    let history = case.facts.histories.get(&mmsi)?;
    history.as_of(from, until, field)
}

/// Length and beam in decimetres, and how far the antenna stands from bow and port side in metres, as far as it is said.
fn size(r: &StaticRecord) -> Option<[u16; 4]> {
    let sum = |a: Option<u16>, b: Option<u16>| a?.checked_add(b?)?.checked_mul(10);
    let length = sum(r.to_bow_m, r.to_stern_m).or(r.length_dm)?;
    let beam = sum(r.to_port_m, r.to_starboard_m).or(r.beam_dm)?;
    (length > 0 && beam > 0).then_some([
        length,
        beam,
        r.to_bow_m.unwrap_or(0),
        r.to_port_m.unwrap_or(0),
    ])
}

/// Whether two hulls can't be one by their lengths.
pub(super) fn other_size(case: &Case, before: &Said, after: &Said) -> bool {
    match (before.length_dm(), after.length_dm()) {
        (Some(a), Some(b)) => {
            f64::from(a.abs_diff(b)) > case.rules().size_change * f64::from(a.max(b))
        }
        _ => false,
    }
}

/// How far a hull can have gone from one to the other, metres.
fn reach_m(from: Waypoint, to: Waypoint) -> f64 {
    NEAR_M + HULL_MAX_KN * MPS_PER_KNOT * to.t.seconds_since(from.t)
}

/// Whether a hull can have gone from one to the other.
pub(in crate::assess) fn is_in_reach(from: Waypoint, to: Waypoint) -> bool {
    let reach_m = reach_m(from, to);
    let north_deg = (to.place.lat() - from.place.lat()).abs();
    if north_deg * METRES_IN_DEGREE > reach_m {
        return false;
    }
    near_distance_m(from.place, to.place) <= reach_m
}

/// `blindly`: where dimensions and way may suffice.
fn judge(case: &Case, end: &TrackDay, begin: &Begin, blindly: bool) -> Option<Finding> {
    let Begin {
        track: begin,
        returns,
    } = begin;
    if end.fixes.min(begin.fixes) < case.rules().min_fixes {
        return None;
    }
    let (old, new) = (&end.last, &begin.first);
    let way_m = near_distance_m(old.place, new.place);
    let pause_s = new.t.seconds_since(old.t);
    let window = case.params.window(old.t, new.t);
    let before = Said::new(case, end.track.mmsi, window.from, window.until);
    let after = Said::new(case, begin.track.mmsi, window.from, window.until);
    let same_size = before.size.is_some() && before.size == after.size;
    let other_size = other_size(case, &before, &after);
    let same_imo = before.imo.is_some() && before.imo == after.imo;
    let same_callsign = before.callsign.is_some() && before.callsign == after.callsign;
    let same_name = before.name.is_some() && before.name == after.name;
    let differ = before.imo.is_some() && after.imo.is_some() && !same_imo;
    // Where one ship lay and another of her class lies, each with a number of her own, one left and the other came.
    let are_two = differ && !make_way(old, new);
    let is_blind = blindly
        && !are_two
        && !returns
        && pause_s <= case.rules().handover_blind_h * 3600.0
        && same_size
        && before.length_dm() >= Some(SERIES_LENGTH_DM)
        && keeps_its_way(old, new, way_m, pause_s)
        && heard_well(end)
        && heard_well(begin);
    let by_number = same_imo || (same_callsign && (same_name || same_size));
    if !((by_number && !other_size) || is_blind) {
        return None;
    }
    let agree: Vec<&str> = [
        (same_imo, "IMO number"),
        (same_callsign, "call sign"),
        (same_name, "name"),
        (same_size, "dimensions"),
        (is_blind, "way"),
    ]
    .into_iter()
    .filter_map(|(agrees, what)| agrees.then_some(what))
    .collect();
    Some(Finding {
        kind: Kind::Handover,
        mmsi: end.track.mmsi,
        other: Some(begin.track.mmsi),
        imo: before.imo.filter(|_| same_imo),
        start: old.t,
        end: new.t,
        place: Some(new.place),
        detail: format!(
            "{:09} fell silent and {:09} {} {:.0} min later, {:.1} km on; the same {}",
            end.track.mmsi,
            begin.track.mmsi,
            if *returns { "was heard again" } else { "began" },
            pause_s / 60.0,
            way_m / 1000.0,
            agree.join(", ")
        ),
        known: Some(new.t),
        closed: Some(true),
    })
}

/// Whether the first fix of the one lies where the other would have gone.
fn keeps_its_way(old: &Fix, new: &Fix, way_m: f64, pause_s: f64) -> bool {
    let (Some(a), Some(b)) = (old.sog_kn(), new.sog_kn()) else {
        return false;
    };
    let turned = match (old.cog_deg(), new.cog_deg()) {
        (Some(a), Some(b)) => angle_between_deg(a, b),
        _ => 0.0,
    };
    (a - b).abs() <= SPEED_CHANGE_KN
        && way_m <= NEAR_M + 1.2 * a.max(b) * MPS_PER_KNOT * pause_s
        && (!make_way(old, new) || turned <= COURSE_CHANGE_DEG)
}

/// Whether both make way.
fn make_way(old: &Fix, new: &Fix) -> bool {
    let makes_way = |fix: &Fix| fix.sog_kn().is_some_and(|kn| kn >= WAY_KN);
    makes_way(old) && makes_way(new)
}

fn heard_well(day: &TrackDay) -> bool {
    let minutes = day.last.t.seconds_since(day.first.t) / 60.0;
    minutes / f64::from(day.fixes.saturating_sub(1).max(1)) <= HEARD_WELL_MIN
}
