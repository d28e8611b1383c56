//! What the sketch says of one silence.

use serde::{Deserialize, Serialize};

use super::cell::{SLOT_MS, WINDOW_SLOTS, first_of, slot_of, window_of};
use super::company::Company;
use super::course::{AROUND_WINDOWS, Followed, follow};
use super::hole::Holes;
use super::others::{KnownSilent, Others};
use super::sketch::ShipHash;
use super::way::{End, Part, Way, keeps_way, straight};
use super::{Params, Slots, ms};
use crate::model::{GapWitness, Timestamp, TrackId, WindowWitness};
use crate::stage::Waters;

/// How far a course is followed, slots: half a day, after which it says nothing.
const AHEAD_SLOTS: i64 = 72;
/// Windows before the last fix that tell the usual reception of the place: a day.
const USUAL_WINDOWS: i32 = 4;

/// A silence that waits for what others said meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Silence {
    pub track: TrackId,
    pub start: End,
    pub end: Option<End>,
    /// The ship's own slots before.
    pub own: Vec<Slots>,
}

/// What the others did on this way, window by window; where too few were about, those of a day around stand in,
/// but not for a hole in the data.
fn windows(way: &Way, holes: &Holes, others: &Others) -> Vec<WindowWitness> {
    let last = way.0.last_key_value().map_or(0, |(w, _)| *w);
    let window = |(window, parts): (&i32, &Vec<Part>)| {
        let (mut company, slots) = company(*window, parts, others);
        if company.ships() >= others.min_others || holes.hold(*window) {
            return company.witness(slots, slots);
        }
        let mut around = Company::default();
        for (place, _, _) in parts {
            for w in window - AROUND_WINDOWS..=last.min(window + AROUND_WINDOWS) {
                around.take(w, &others.about((w, u64::MAX), *place));
            }
        }
        if around.ships() >= others.min_others {
            around.witness(slots, WINDOW_SLOTS as u32)
        } else {
            company.witness(slots, slots)
        }
    };
    way.0.iter().map(window).collect()
}

/// The same of the slots of the way alone: nothing that was heard at another time stands in.
fn windows_alone(way: &Way, others: &Others) -> Vec<WindowWitness> {
    let window = |(window, parts): (&i32, &Vec<Part>)| {
        let (mut company, slots) = company(*window, parts, others);
        company.witness(slots, slots)
    };
    way.0.iter().map(window).collect()
}

/// The others in those slots of a window in which a way lies in it, and how many slots these are.
fn company(window: i32, parts: &[Part], others: &Others) -> (Company, u32) {
    let mut company = Company::default();
    for (place, _, slots) in parts {
        company.take(window, &others.about((window, *slots), *place));
    }
    let slots = parts.iter().map(|(_, _, slots)| slots.count_ones()).sum();
    (company, slots)
}

/// What every silence is judged with.
pub(super) struct Asking<'a> {
    /// Until when an open silence lasts.
    pub until: Timestamp,
    pub waters: &'a dyn Waters,
    pub params: &'a Params,
}

/// Everything that others tell of a silence.
pub(super) fn witness(silence: &Silence, asking: &Asking, known: &KnownSilent) -> GapWitness {
    let (until, params) = (asking.until, asking.params);
    let (start, end) = (&silence.start, silence.end.as_ref());
    let first = slot_of(start.t) + 1;
    let last = slot_of(end.map_or(until, |e| e.t)) - 1;
    let ship = ShipHash::of(silence.track.mmsi);
    let others = Others::of(known, ship, params.min_others, first);
    let others = &others.without_companion(start.place, last);
    let mut out = GapWitness {
        track: silence.track,
        start: start.t,
        ..GapWitness::default()
    };
    let ends = [start.place, end.map_or(start.place, |e| e.place)];
    let holes = if (last - first) * SLOT_MS > ms(params.bracket_h) {
        Holes::of(known.sketch, ship, ends, (first, last))
    } else {
        Holes::default()
    };
    out.hole_slots = holes.slots((first, last));
    if let Some(end) = end {
        out.straight = windows(&straight(start, end, first, last), &holes, others);
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
        out.ahead = Some(windows(&way, &holes, others));
    }
    for own in &silence.own {
        out.own.expected += own.expected.count_ones();
        out.own.heard += own.heard.count_ones();
        let at = (own.window, own.expected);
        let others = others.since(first_of(own.window));
        others.add_to(&mut out.before, at, own.place);
    }
    out.own.ships = 1;
    let here = window_of(slot_of(start.t)).0;
    for window in here - USUAL_WINDOWS..here {
        let others = others.since(first_of(window));
        others.add_to(&mut out.usual, (window, u64::MAX), start.place);
    }
    out
}
