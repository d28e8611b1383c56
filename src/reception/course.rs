//! The course of a ship that falls silent, followed to where nobody is heard, or to land.

use super::cell::{Cell, window_of};
use super::company::Company;
use super::others::Others;
use super::way::{End, Way, seconds_to};
use crate::geodesy::near_distance_m;
use crate::model::LonLat;
use crate::stage::Waters;

/// Windows before, and of a silence's own also after, that stand in for one in which too few others are about: a day.
pub(super) const AROUND_WINDOWS: i32 = 4;
/// A course is held against land in steps of this length, metres: as fine as the coastline is.
const STEP_M: f64 = 1000.0;
/// Two places well clear of the coast, five kilometres, have no land between them if they are no farther apart than this, metres.
const CLEAR_M: f64 = 10_000.0;
/// A chart of the world draws quays, canals and river mouths as land. A ship that is on land there is followed for this
/// long until she is at sea, metres.
const HARBOUR_M: f64 = 5000.0;

/// A course, place by place. It ends where it meets land: she arrived, or turned; either way she is about that shore from
/// then on, and what lies beyond is no way of hers.
struct Course<'a> {
    end: &'a End,
    waters: &'a dyn Waters,
    /// The last place, and seconds to it.
    last: (LonLat, f64),
    at_sea: bool,
    on_land_m: f64,
    landfall: Option<LonLat>,
}

impl<'a> Course<'a> {
    fn new(end: &'a End, waters: &'a dyn Waters) -> Self {
        Self {
            end,
            waters,
            last: (end.place, 0.0),
            at_sea: !waters.on_land(end.place),
            on_land_m: 0.0,
            landfall: None,
        }
    }

    /// Where she was in a slot, farther from the end than the last one that was asked for; `None` if she made no way.
    fn at(&mut self, slot: i64) -> Option<LonLat> {
        if self.landfall.is_some() {
            return self.landfall;
        }
        let seconds = seconds_to(slot, self.end.t);
        let place = self.end.ahead(seconds)?;
        self.landfall = self.land_before(place, seconds);
        self.last = (place, seconds);
        Some(self.landfall.unwrap_or(place))
    }

    /// Whether she is farther inland than a harbour reaches.
    fn is_inland(&self) -> bool {
        self.landfall.is_some() && !self.at_sea
    }

    /// The last place at sea before land, if there is land between the last place and this one.
    fn land_before(&mut self, place: LonLat, seconds: f64) -> Option<LonLat> {
        let (from, since) = self.last;
        let leg_m = near_distance_m(from, place);
        let clear = |place| self.waters.offshore(place) == Some(true);
        if leg_m <= CLEAR_M && clear(from) && clear(place) {
            self.at_sea = true;
            return None;
        }
        let steps = (leg_m / STEP_M).ceil().max(1.0);
        let mut before = from;
        for step in 1..=steps as u32 {
            let at = self
                .end
                .ahead(since + (seconds - since) * f64::from(step) / steps)?;
            if !self.waters.on_land(at) {
                self.at_sea = true;
            } else if self.at_sea {
                return Some(before);
            } else {
                self.on_land_m += leg_m / steps;
                if self.on_land_m > HARBOUR_M {
                    return Some(self.end.place);
                }
            }
            before = at;
        }
        None
    }
}

/// Where following a course ends.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Followed {
    /// The slot from which on too few others are about.
    pub exit: Option<i64>,
    /// Whether nobody is expected there, and enough were heard at the last place before: the edge of what is heard. A
    /// shore is no edge.
    pub is_edge: bool,
    /// The slot in which the course meets land, and the last place before.
    pub landfall: Option<(i64, LonLat)>,
    /// Whether it lies inland, on a waterway that bends as no course tells: it ends as where too few are.
    pub on_waterway: bool,
}

/// Follows the course of one end as long as others are about, and puts the places into a way. Where too few are about
/// from the first slot on, nothing shows that the place would be heard if they were. What land lies `beyond` that is looked for
/// on demand. `None` for a ship that made no way.
pub(super) fn follow(
    end: &End,
    slots: impl Iterator<Item = i64>,
    others: &Others,
    way: &mut Way,
    waters: &dyn Waters,
    beyond: bool,
) -> Option<Followed> {
    let few = others.min_others;
    let mut course = Course::new(end, waters);
    let mut out = Followed::default();
    let mut here = None;
    let mut before = None;
    for slot in slots {
        let place = course.at(slot)?;
        if course.is_inland() {
            out.exit = out.exit.or(Some(slot));
            out.on_waterway = true;
            break;
        }
        out.landfall = out.landfall.or(course.landfall.map(|at| (slot, at)));
        if out.exit.is_some() {
            if out.landfall.is_some() {
                break;
            }
            continue;
        }
        let key = (window_of(slot).0, Cell::of(place));
        let ships = match here {
            Some((same, ships)) if same == key => ships,
            _ => search(key.0, place, others, Company::ships),
        };
        here = Some((key, ships));
        if ships < few {
            let heard = |(window, place)| search(window, place, others, Company::heard) >= few;
            out.exit = Some(slot);
            out.is_edge = ships == 0 && out.landfall.is_none() && before.is_some_and(heard);
            if beyond && out.landfall.is_none() {
                continue;
            }
            break;
        }
        before = Some((key.0, place));
        way.push(slot, place);
    }
    Some(out)
}

/// Others about a place in a window, by this count of them; where they are too few, in those before too.
fn search(window: i32, place: LonLat, others: &Others, count: fn(&mut Company) -> u32) -> u32 {
    let mut company = Company::default();
    for earlier in 0..=AROUND_WINDOWS {
        let w = window - earlier;
        company.take(w, &others.about((w, u64::MAX), place));
        if count(&mut company) >= others.min_others {
            break;
        }
    }
    count(&mut company)
}
