//! What the sketch says of one silence.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::cell::{WINDOW_SLOTS, first_of, slot_of, window_of};
use super::company::{Company, covered};
use super::course::{AROUND_WINDOWS, follow};
use super::feed::Feed;
use super::hole::{self, Runs};
use super::others::{KnownSilent, Others};
use super::sketch::ShipHash;
use super::way::{
    End, Part, Way, both_ends, comes_back, is_long, keeps_way, lies_still, stay, straight,
};
use super::{Params, Slots, ms};
use crate::model::{GapWitness, LonLat, Timestamp, TrackId, WindowWitness};
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
/// other hours in which any of them is heard about it, those in which none is, and holes of the data. Of hours in which she was
/// `lost` they tell nothing.
fn windows(
    way: &Way,
    mute: &Runs,
    holes: &Runs,
    lost: &Runs,
    others: &Others,
) -> Vec<WindowWitness> {
    let last = way.0.last_key_value().map_or(0, |(w, _)| *w);
    let mut out = Vec::with_capacity(way.0.len());
    for (window, parts) in &way.0 {
        let (mute, hole) = (mute.in_window(*window), holes.in_window(*window));
        let lost = lost.in_window(*window);
        let untold = slots_of(parts) & lost;
        if untold != 0 {
            out.push(Company::default().witness(untold, untold.count_ones()));
        }
        let mut told = Company::default();
        let mut told_slots = 0;
        for (slots, hours) in [
            (!mute & !hole, Hours::Heard),
            (mute & !hole, Hours::Mute),
            (hole, Hours::Hole),
        ] {
            let parts = cut(parts, slots & !lost);
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

/// Slots of a silence in which the data has a hole.
fn hole_slots(way: &Way, holes: &Runs) -> u32 {
    let windows = way.0.keys();
    windows.map(|w| holes.in_window(*w).count_ones()).sum()
}

/// The hours of a silence in which nobody can say where she was, after a hole in the data long enough for her to be gone: out of what is heard by her last course, or anywhere in half a day. They last until her first course, traced back, is about
/// others again. A ship that went straight on, or lies where she lay, is known all along.
fn lost_hours(silence: &Silence, holes: &Runs, last: i64, [exit, entry]: [Option<i64>; 2]) -> Runs {
    let (start, Some(end)) = (&silence.start, &silence.end) else {
        return Runs::default();
    };
    if keeps_way(start, end) || lies_still(start, end) {
        return Runs::default();
    }
    let is_gone = |run: &&RangeInclusive<i64>| {
        hole::slots_of(run) >= AHEAD_SLOTS || exit.is_some_and(|slot| *run.end() >= slot)
    };
    let Some(run) = holes.iter().find(is_gone) else {
        return Runs::default();
    };
    let traced = if end.way.is_some() { AHEAD_SLOTS } else { 0 };
    let until = entry.unwrap_or(last - traced);
    let after = *run.end() + 1;
    (after <= until)
        .then_some(after..=until)
        .into_iter()
        .collect()
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
    out.hole_slots = hole_slots(about, &holes);
    let is_asked = start.way.is_some() || holes.iter().next().is_some();
    let came = end
        .filter(|_| is_asked)
        .map_or_else(Traced::default, |end| {
            Traced::back(end, (first, last), others, asking.waters)
        });
    let ahead = (start.way.is_some() && !end.is_some_and(|e| keeps_way(start, e))).then(|| {
        courses(
            silence,
            (first, last),
            &came,
            others,
            asking.waters,
            &mut out,
        )
    });
    let exit = out.exit_slot.map(|slots| first + i64::from(slots));
    let lost = lost_hours(silence, &holes, last, [exit, came.entry]);
    // While a silence lasts no bracket has closed: the others are silent with her, whatever is heard there.
    let mute_on = |way: &Way| end.map_or_else(Runs::default, |_| Runs::mute(way, others));
    if let Some(way) = &line {
        out.straight = if is_long(first, last) {
            windows(way, &mute_on(way), &holes, &lost, others)
        } else {
            windows(way, &mute, &holes, &lost, others)
        };
    }
    if let Some(way) = ahead {
        if end.is_none() {
            out.straight = windows_alone(&way, others);
        }
        out.ahead = Some(windows(&way, &mute_on(&way), &holes, &lost, others));
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

/// Follows the courses at both ends, each as long as others are about, and says where they led; the way that they make.
fn courses(
    silence: &Silence,
    (first, last): (i64, i64),
    came: &Traced,
    others: &Others,
    waters: &dyn Waters,
    out: &mut GapWitness,
) -> Way {
    let (start, end) = (&silence.start, silence.end.as_ref());
    let mut way = Way::default();
    let ahead = first..=last.min(first + AHEAD_SLOTS - 1);
    let beyond = end.is_some();
    let led = follow(start, ahead, others, &mut way, waters, beyond).unwrap_or_default();
    let after = |slot: i64| (slot - first) as u32;
    out.exit_slot = led.exit.map(after);
    out.exit_is_edge = led.is_edge;
    out.landfall = led.landfall.map(|(slot, place)| (after(slot), place));
    out.on_waterway = led.on_waterway || came.on_waterway;
    if let Some(end) = end.filter(|end| start.is_under_way() && end.is_under_way()) {
        let before = |slot: i64| (last - slot) as u32;
        let is_back = out.on_waterway || comes_back(start, end);
        out.entry_slot = came.entry.filter(|_| is_back).map(before);
        out.departure = came.landfall.map(|(slot, place)| (before(slot), place));
    }
    way.join_from(&came.way, led.exit.unwrap_or(first + AHEAD_SLOTS));
    way
}

/// The course of the first fix, traced back.
#[derive(Default)]
struct Traced {
    way: Way,
    /// The slot before which too few others are about.
    entry: Option<i64>,
    landfall: Option<(i64, LonLat)>,
    on_waterway: bool,
}

impl Traced {
    fn back(end: &End, (first, last): (i64, i64), others: &Others, waters: &dyn Waters) -> Self {
        let mut way = Way::default();
        let slots = ((last - AHEAD_SLOTS + 1).max(first)..=last).rev();
        match follow(end, slots, others, &mut way, waters, true) {
            Some(came) => Self {
                way,
                entry: came.exit,
                landfall: came.landfall,
                on_waterway: came.on_waterway,
            },
            None => Self::default(),
        }
    }
}
