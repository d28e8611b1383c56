//! Whether a ship in a slow run was at anchor, moored or adrift.
//!
//! Rule: motion first. What lay still through a tide was moored; what swung was at anchor; what left the circle
//! through which a ship at anchor may swing, and left it slowly, was adrift: below steerage way (some two knots of a
//! laden ship) she goes where wind and current take her. Most of the time that the motion tells decides. Where it
//! tells nothing (short stays that end under way), the fixes do for most of the time: by a drift angle or their status. A
//! silence counts for the fix after it.

use super::Window;
use super::particulars::Ship;
use super::places::Places;
use crate::gazetteer::Ground;
use crate::model::{Facts, NavStatus, ShipCategory, ShipType, SlowRun, Stay, Timestamp};

/// Of ships adrift the widest circle doesn't hold a run of this radius, decimetres.
const WIDE_DM: u32 = 10_000;

/// How a slow ship lay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Anchored,
    Moored,
    Adrift,
}

impl State {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Anchored => "anchored",
            Self::Moored => "moored",
            Self::Adrift => "adrift",
        }
    }

    /// The state of a slow run; `None` where nothing tells.
    pub(super) fn of(
        run: &SlowRun,
        facts: &Facts,
        places: &Places,
        window: Window,
    ) -> Option<Self> {
        let works = is_at_work(run, facts, window);
        by_motion(run, facts, places, window.closed())
            .filter(|state| *state != Self::Adrift || !works)
            .or_else(|| by_fixes(run, works))
    }
}

/// The stays of a ship in a slow run, and how much of it each takes, milliseconds.
fn stays<'a>(run: &SlowRun, facts: &'a Facts) -> impl Iterator<Item = (&'a Stay, i64)> {
    let (track, start, end) = (run.track, run.start, run.end);
    let from = facts
        .stays
        .partition_point(|s| (s.track, s.end) < (track, start));
    facts.stays[from..]
        .iter()
        .take_while(move |s| s.track == track && s.start <= end)
        .map(move |s| (s, s.end.0.min(end.0) - s.start.0.max(start.0)))
}

/// Whether a ship lay in a port for most of a slow run.
pub(super) fn is_in_port(run: &SlowRun, facts: &Facts, places: &Places, window: Window) -> bool {
    let in_port = |stay: &Stay| places.port(&stay.as_of(window.closed()), window).is_some();
    let stays = stays(run, facts).filter(|(stay, _)| in_port(stay));
    2 * stays.map(|(_, ms)| ms).sum::<i64>() > run.end.0 - run.start.0
}

/// What was known at an instant of how the ship moved.
fn by_motion(run: &SlowRun, facts: &Facts, places: &Places, known_to: Timestamp) -> Option<State> {
    let (mut moored, mut anchored, mut adrift, mut stayed) = (0, 0, 0, 0);
    for (stay, ms) in stays(run, facts) {
        stayed += ms;
        match of_stay(&stay.as_of(known_to), places) {
            Some(State::Moored) => moored += ms,
            Some(State::Anchored) => anchored += ms,
            Some(State::Adrift) => adrift += ms,
            None => {}
        }
    }
    if run.radius_dm > WIDE_DM {
        // Slow, but nowhere for long.
        adrift += (run.end.0 - run.start.0 - stayed).max(0);
    }
    let told = moored + anchored + adrift;
    [
        (adrift, State::Adrift),
        (anchored, State::Anchored),
        (moored, State::Moored),
    ]
    .into_iter()
    .filter(|(ms, _)| 2 * ms > told && 2 * told > run.end.0 - run.start.0)
    .map(|(_, state)| state)
    .next()
}

fn of_stay(stay: &Stay, places: &Places) -> Option<State> {
    match places.ground(stay) {
        Some((_, Ground::Berth)) => Some(State::Moored),
        Some((_, Ground::Anchorage)) => Some(State::Anchored),
        // Nothing adrift lies still through a tide.
        None => (stay.drifted && stay.still_tide.is_none()).then_some(State::Adrift),
    }
}

/// Whether a ship says for most of the time that she is restricted in her ability to manoeuvre, and carries no cargo:
/// drill ships, dredgers and layers of cables stay or go where their work is.
fn is_at_work(run: &SlowRun, facts: &Facts, window: Window) -> bool {
    let restricted_ms = run.nav_status_ms.of(NavStatus::RESTRICTED);
    let category = || {
        let ship_type = Ship::of_track(facts, run.track).ship_type(window);
        ship_type.map(ShipType::category)
    };
    // Few say so: the others' types need not be looked up.
    2 * restricted_ms > run.slow_ms
        && !matches!(
            category(),
            None | Some(ShipCategory::Tanker | ShipCategory::Cargo)
        )
}

/// What the fixes say for most of the time: a status, or a drift angle.
fn by_fixes(run: &SlowRun, works: bool) -> Option<State> {
    let of = |status| run.nav_status_ms.of(status);
    let restricted = if works { 0 } else { of(NavStatus::RESTRICTED) };
    let adrift = (run.crabbing_ms).max(of(NavStatus::NOT_UNDER_COMMAND) + restricted);
    let counted = [
        (adrift, State::Adrift),
        (of(NavStatus::AT_ANCHOR), State::Anchored),
        (of(NavStatus::MOORED), State::Moored),
    ];
    counted
        .into_iter()
        .filter(|(ms, _)| 2 * ms > run.slow_ms)
        .max_by_key(|(ms, _)| *ms)
        .map(|(_, state)| state)
}
