//! Which of two hulls under one number said what.
//!
//! In: where tracks of one MMSI took turns too far apart for one hull, and the positions with which records came. Out: for
//! each such track what it can have said. Rule: a record of a day on which two tracks were rivals is taken from the one
//! whose box of that day it doesn't touch if it touches the other's. What came with no position, or with positions of both
//! (a table in which a number's last record stands on the rows of either), stays with both.

use std::collections::BTreeMap;

use crate::model::presence::TrackDay;
use crate::model::{Extent, Facts, StaticHistory, TrackId, UtcDay};

/// A turn about the Earth, 1e-7 degrees.
const TURN_E7: i64 = 3_600_000_000;

/// What was said by each track that had rivals.
pub(super) fn told_apart(facts: &Facts) -> BTreeMap<TrackId, StaticHistory> {
    let mut rivals: BTreeMap<TrackId, Vec<(UtcDay, TrackId)>> = BTreeMap::new();
    for rivalry in &facts.presence.rivalries {
        let day = rivalry.last.t.day();
        for (track, rival) in [(rivalry.one, rivalry.other), (rivalry.other, rivalry.one)] {
            rivals.entry(track).or_default().push((day, rival));
        }
    }
    let said_by = |(track, rivals): (TrackId, Vec<(UtcDay, TrackId)>)| {
        let history = facts.histories.get(&track.mmsi)?;
        let is_own = |day: UtcDay, area: Option<Extent>| {
            let Some(area) = area else { return true };
            let was_there = |track: TrackId| {
                let days = &facts.presence.days;
                let found = days.binary_search_by_key(&(track, day), |d| (d.track, d.day));
                found.is_ok_and(|i| touches(&days[i], area))
            };
            let mut of_day = rivals.iter().filter(|(d, _)| *d == day);
            was_there(track) || !of_day.any(|(_, rival)| was_there(*rival))
        };
        Some((track, history.kept(is_own)))
    };
    rivals.into_iter().filter_map(said_by).collect()
}

/// Whether a track was, on a day, in a box about the place at 0 degrees both ways.
fn touches(day: &TrackDay, area: Extent) -> bool {
    let first = day.first.place;
    let own = day
        .extent
        .moved([first.lon_e7(), first.lat_e7()].map(i64::from));
    // A track that crosses the antimeridian has a box that goes on beyond it.
    [-TURN_E7, 0, TURN_E7]
        .into_iter()
        .any(|turn| own.moved([turn, 0]).touches(area))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::presence::Rivalry;
    use crate::model::quantity::MS_PER_DAY;
    use crate::model::{
        Fix, LonLat, Mmsi, PositionReport, Seen, StaticRecord, StaticSpan, Timestamp,
    };

    const NUMBER: u32 = 352_958_654;

    fn fix(day: i64, [lon, lat]: [f64; 2]) -> Fix {
        let place = LonLat::from_degrees(lon, lat).unwrap();
        let report = PositionReport::new(Mmsi::new(NUMBER).unwrap(), 0, place);
        Fix::from_report(&report, Timestamp(day * MS_PER_DAY))
    }

    /// The box about zero that holds these places.
    fn area(places: &[[f64; 2]]) -> Option<Extent> {
        let of = |[lon, lat]: &[f64; 2]| Extent::of(LonLat::from_degrees(*lon, *lat).unwrap());
        places.iter().map(of).reduce(Extent::with)
    }

    /// Two tracks, each within a degree east and north of its place, that were rivals on day 0 but not on day 1, and under
    /// whose number names were sent with positions in these boxes on a day.
    fn facts(homes: [[f64; 2]; 2], said: &[(&str, i64, Option<Extent>)]) -> (Facts, [TrackId; 2]) {
        let tracks = [0, 1].map(|start| TrackId {
            mmsi: NUMBER,
            start: Timestamp(start),
        });
        let mut facts = Facts::default();
        for (track, home) in tracks.iter().zip(homes) {
            for day in 0..2 {
                facts.presence.days.push(TrackDay {
                    track: *track,
                    day: UtcDay(day),
                    first: fix(day.into(), home),
                    last: fix(day.into(), home),
                    fixes: 100,
                    extent: Extent::at([0, 0]).with(Extent::at([10_000_000, 10_000_000])),
                });
            }
        }
        facts.presence.rivalries.push(Rivalry {
            one: tracks[0],
            other: tracks[1],
            turns: 50,
            first: fix(0, homes[0]),
            last: fix(0, homes[1]),
            least_dm: 5_000_000,
            greatest_dm: 6_000_000,
        });
        facts.sort();
        let history = facts.histories.entry(NUMBER).or_default();
        for (name, day, area) in said {
            history.add(&StaticSpan {
                mmsi: NUMBER,
                record: StaticRecord {
                    name: Some((*name).to_owned()),
                    ..StaticRecord::default()
                },
                seen: Seen {
                    area: *area,
                    ..Seen::once(Timestamp(day * MS_PER_DAY), None)
                },
            });
        }
        (facts, tracks)
    }

    fn names(facts: &Facts, track: TrackId) -> Vec<String> {
        let told = told_apart(facts);
        told[&track]
            .values(|r| r.name.clone())
            .into_iter()
            .collect()
    }

    #[test]
    fn each_hull_has_what_came_with_its_own_positions() {
        let (here, there) = ([10.0, 50.0], [-60.0, 20.0]);
        let said = [
            ("BUNKER", 0, area(&[here, [10.9, 50.2]])),
            ("NAMESAKE", 0, area(&[there])),
            ("FROM A LOG", 0, None),
            ("ON EITHER'S ROWS", 0, area(&[here, there])),
            ("NOBODY'S", 0, area(&[[100.0, 0.0]])),
            ("NO RIVAL THAT DAY", 1, area(&[there])),
        ];
        let (facts, [one, other]) = facts([here, there], &said);
        let both = [
            "FROM A LOG",
            "NO RIVAL THAT DAY",
            "NOBODY'S",
            "ON EITHER'S ROWS",
        ];
        assert_eq!(names(&facts, one), [&["BUNKER"][..], &both].concat());
        let mut of_other = [&["NAMESAKE"][..], &both].concat();
        of_other.sort_unstable();
        assert_eq!(names(&facts, other), of_other);
    }

    #[test]
    fn a_hull_at_the_antimeridian_is_found_on_both_sides() {
        let (here, there) = ([179.5, -17.0], [10.0, 50.0]);
        let said = [
            ("WEST", 0, area(&[[-179.8, -16.5]])),
            ("EAST", 0, area(&[[179.9, -16.5]])),
        ];
        let (facts, [one, other]) = facts([here, there], &said);
        assert_eq!(names(&facts, one), ["EAST", "WEST"]);
        assert!(names(&facts, other).is_empty());
    }
}
