//! What the sketch says of one silence.

use serde::{Deserialize, Serialize};

use super::cell::{WINDOW_SLOTS, first_of, slot_of, window_of};
use super::company::{Company, covered};
use super::course::{AROUND_WINDOWS, Followed, follow};
use super::feed::Feed;
use super::hole::Runs;
use super::others::{KnownSilent, Others};
use super::sketch::ShipHash;
use super::way::{End, Part, Way, both_ends, is_long, keeps_way, stay, straight};
use super::{Params, Slots, ms};
use crate::model::{GapWitness, Timestamp, TrackId, WindowWitness};
use crate::stage::Waters;

/// How far a course is followed, slots: half a day, after which it says nothing.
const AHEAD_SLOTS: i64 = 72;
/// Of a silence that lasts only so many slots tell of a ship that made no way: two days.
pub(super) const LASTING_SLOTS: i64 = 288;
/// Windows before the last fix that tell the usual reception of the place: a day.
const USUAL_WINDOWS: i32 = 4;

/// Where ships are heard in this share of their blocks, hours in which nobody is, though ships are there, are odd.
const MOSTLY: f64 = 2.0 / 3.0;

/// A silence that waits for what others said meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Silence {
    pub track: TrackId,
    pub start: End,
    pub end: Option<End>,
    /// The ship's own slots before.
    pub own: Vec<Slots>,
}

/// What the others did on this way, window by window: together in all hours in which enough of them were about, and apart for the
/// other hours in which any of them is heard about it, those in which none is, and holes of the data.
fn windows(way: &Way, mute: &Runs, holes: &Runs, others: &Others) -> Vec<WindowWitness> {
    let last = way.0.last_key_value().map_or(0, |(w, _)| *w);
    let mut out = Vec::with_capacity(way.0.len());
    for (window, parts) in &way.0 {
        let (mute, hole) = (mute.in_window(*window), holes.in_window(*window));
        let mut told = Company::default();
        let mut told_slots = 0;
        for (slots, hours) in [
            (!mute & !hole, Hours::Heard),
            (mute & !hole, Hours::Mute),
            (hole, Hours::Hole),
        ] {
            let parts = cut(parts, slots);
            if parts.is_empty() {
                continue;
            }
            let (mut of_the_time, slots) = company(*window, &parts, others);
            if of_the_time.ships() >= others.min_others {
                told.join(of_the_time);
                told_slots |= slots;
            } else {
                let of_the_time = of_the_time.witness(slots, slots.count_ones());
                out.push(of_hours(*window, &parts, hours, of_the_time, last, others));
            }
        }
        if told_slots != 0 {
            out.push(told.witness(told_slots, told_slots.count_ones()));
        }
    }
    out
}

/// What is heard about a way for a time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Hours {
    Heard,
    Mute,
    Hole,
}

/// What is told of some hours of a window in which too few were about: those of a day around stand in; for a hole in the data never;
/// nor, where ships are heard mostly, for hours in which nobody is heard or most of the few who were about are silent too,
/// for what is heard at other times doesn't show that anything would have been heard then. Where they are heard now and then such
/// hours are nothing odd.
fn of_hours(
    window: i32,
    parts: &[Part],
    hours: Hours,
    of_the_time: WindowWitness,
    last: i32,
    others: &Others,
) -> WindowWitness {
    if hours == Hours::Hole {
        return of_the_time;
    }
    let mut around = Company::default();
    for (place, _, _) in parts {
        for w in window - AROUND_WINDOWS..=last.min(window + AROUND_WINDOWS) {
            around.take(w, &others.about((w, u64::MAX), *place));
        }
    }
    if around.ships() < others.min_others {
        return of_the_time;
    }
    let around = around.witness(slots_of(parts), WINDOW_SLOTS as u32);
    let are_silent = hours == Hours::Mute || 2 * of_the_time.silent > of_the_time.others.expected;
    if are_silent && around.others.covered_share().is_some_and(|s| s >= MOSTLY) {
        of_the_time
    } else {
        around
    }
}

/// The parts of a way in a window in these slots of it.
fn cut(parts: &[Part], slots: u64) -> Vec<Part> {
    let cut = |(place, cell, of_part): &Part| (*place, *cell, of_part & slots);
    let parts = parts.iter().map(cut);
    parts.filter(|(_, _, slots)| *slots != 0).collect()
}

/// Slots of a silence in which the data has a hole, and too few others are expected to tell it themselves.
fn hole_slots(way: &Way, mute: &Runs, holes: &Runs, others: &Others) -> u32 {
    let of_window = |(window, parts): (&i32, &Vec<Part>)| {
        let slots = holes.in_window(*window);
        let is_told = || {
            let (mut company, _) = company(*window, &cut(parts, mute.in_window(*window)), others);
            company.ships() >= others.min_others
        };
        if slots == 0 || is_told() {
            0
        } else {
            slots.count_ones()
        }
    };
    way.0.iter().map(of_window).sum()
}

/// The same of the slots of the way alone: nothing that was heard at another time stands in.
fn windows_alone(way: &Way, others: &Others) -> Vec<WindowWitness> {
    let window = |(window, parts): (&i32, &Vec<Part>)| {
        let (mut company, slots) = company(*window, parts, others);
        company.witness(slots, slots.count_ones())
    };
    way.0.iter().map(window).collect()
}

/// The others in those slots of a window in which a way lies in it, and these slots.
fn company(window: i32, parts: &[Part], others: &Others) -> (Company, u64) {
    let mut company = Company::default();
    for (place, _, slots) in parts {
        company.take(window, &others.about((window, *slots), *place));
    }
    (company, slots_of(parts))
}

/// The slots of a window in which a way lies in it.
fn slots_of(parts: &[Part]) -> u64 {
    parts.iter().fold(0, |all, (_, _, slots)| all | slots)
}

/// The ship's own slots before, and those of the others where it was: a window's slots together, for a block doesn't end where a
/// cell does.
fn before(silence: &Silence, others: &Others, out: &mut GapWitness) {
    out.own.ships = 1;
    for parts in silence.own.chunk_by(|a, b| a.window == b.window) {
        let window = parts[0].window;
        let others = others.since(first_of(window));
        let (mut expected, mut heard) = (0, 0);
        let mut company = Company::default();
        for own in parts {
            expected |= own.expected;
            heard |= own.heard;
            company.take(window, &others.about((window, own.expected), own.place));
        }
        out.own.expected += expected.count_ones();
        out.own.heard += heard.count_ones();
        out.own.covered += covered(expected, heard);
        let there = company.witness(expected, expected.count_ones()).others;
        out.before.expected += there.expected;
        out.before.heard += there.heard;
        out.before.covered += there.covered;
        out.before.ships = out.before.ships.max(there.ships);
    }
}

/// What every silence is judged with.
pub(super) struct Asking<'a> {
    /// Until when an open silence lasts.
    pub until: Timestamp,
    pub waters: &'a dyn Waters,
    pub params: &'a Params,
}

/// Everything that others tell of a silence.
pub(super) fn witness(
    silence: &Silence,
    asking: &Asking,
    known: &KnownSilent,
    feed: &Feed,
) -> GapWitness {
    let (until, params) = (asking.until, asking.params);
    let (start, end) = (&silence.start, silence.end.as_ref());
    let first = slot_of(start.t) + 1;
    let last = slot_of(end.map_or(until, |e| e.t)) - 1;
    let ship = ShipHash::of(silence.track.mmsi);
    let others = Others::of(known, ship, params.min_others, (first, last));
    let others = &others.without_companion(start.place, last);
    let mut out = GapWitness {
        track: silence.track,
        start: start.t,
        ..GapWitness::default()
    };
    let bracket_ms = ms(params.bracket_h);
    let line = end.map(|end| straight(start, end, first, last));
    let about = match &line {
        Some(way) if !is_long(first, last) => way,
        _ => &both_ends(
            [start.place, end.map_or(start.place, |e| e.place)],
            first,
            last,
        ),
    };
    let mute = Runs::mute(about, others);
    let holes = mute.holes(about, others, end.map(|_| feed), bracket_ms);
    out.hole_slots = hole_slots(about, &mute, &holes, others);
    // While a silence lasts no bracket has closed: the others are silent with her, whatever is heard there.
    let mute_on = |way: &Way| end.map_or_else(Runs::default, |_| Runs::mute(way, others));
    if let Some(way) = &line {
        out.straight = if is_long(first, last) {
            windows(way, &mute_on(way), &holes, others)
        } else {
            windows(way, &mute, &holes, others)
        };
    }
    if start.way.is_some() && !end.is_some_and(|e| keeps_way(start, e)) {
        let mut way = Way::default();
        let ahead = first..=last.min(first + AHEAD_SLOTS - 1);
        let followed = follow(start, ahead, others, &mut way, asking.waters);
        let Followed {
            exit,
            is_edge,
            landfall,
        } = followed.unwrap_or_default();
        let after = |slot: i64| (slot - first) as u32;
        out.exit_slot = exit.map(after);
        out.exit_is_edge = is_edge;
        out.landfall = landfall.map(|(slot, place)| (after(slot), place));
        if let Some(end) = end {
            let back = (last - AHEAD_SLOTS + 1).max(first + AHEAD_SLOTS);
            follow(end, (back..=last).rev(), others, &mut way, asking.waters);
        } else {
            out.straight = windows_alone(&way, others);
        }
        out.ahead = Some(windows(&way, &mute_on(&way), &holes, others));
    } else if end.is_none() && until.0 - start.t.0 >= params.lasting_ms() {
        // Made no way: she is taken to stay.
        let slots = first..=last.min(first + LASTING_SLOTS - 1);
        out.straight = windows_alone(&stay(start.place, slots), others);
    }
    before(silence, others, &mut out);
    let here = window_of(slot_of(start.t)).0;
    for window in here - USUAL_WINDOWS..here {
        let others = others.since(first_of(window));
        others.add_to(&mut out.usual, (window, u64::MAX), start.place);
    }
    out
}
