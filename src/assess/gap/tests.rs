use super::*;
use crate::model::event::GapEnd;
use crate::model::quantity::MS_PER_HOUR;
use crate::model::{LonLat, PairKey};

const DAY: i64 = 24 * MS_PER_HOUR;

fn track(mmsi: u32) -> TrackId {
    TrackId {
        mmsi,
        start: Timestamp(0),
    }
}

fn gap(mmsi: u32, start_h: f64, end_h: Option<f64>) -> Gap {
    let end_of = |h: f64| GapEnd {
        t: Timestamp((h * MS_PER_HOUR as f64) as i64),
        place: LonLat::from_degrees(-30.0, 45.0).unwrap(),
        sog_ckn: None,
    };
    Gap {
        track: track(mmsi),
        start: end_of(start_h),
        end: end_h.map(end_of),
        class: None,
        short: false,
        closed: end_h.is_some(),
    }
}

/// Whom ship 1 was alongside from hour 18 to 42, of the ships 2 and 3 that it met for two days, by their gaps.
fn partner(others: &[Gap]) -> Option<u32> {
    partner_met((0, 2 * DAY), others, MS_PER_HOUR)
}

/// The same where it met them for this time, and ships are placed across so many milliseconds.
fn partner_met((from, to): (i64, i64), others: &[Gap], placed_ms: i64) -> Option<u32> {
    let own = gap(1, 18.0, Some(42.0));
    let gaps = [std::slice::from_ref(&own), others].concat();
    let meetings = [2, 3].map(|other| {
        let pair = PairKey::new(track(1), track(other)).unwrap();
        Encounter::bare(pair, Timestamp(from), Timestamp(to))
    });
    let case = Case {
        gap: &own,
        witness: None,
        heard: &Hearings::default(),
        encounters: &meetings.each_ref(),
        gaps: &gaps,
        duration_h: 24.0,
        lasting_h: 100.0,
        min_others: 5,
        placed_ms,
    };
    case.partner()
}

/// Where ships are placed across three hours a contact ends up to three hours before the silence does.
#[test]
fn a_contact_reaches_as_far_into_a_silence_as_ships_are_placed() {
    let met = (20 * MS_PER_HOUR, 40 * MS_PER_HOUR);
    assert_eq!(partner_met(met, &[], MS_PER_HOUR), None);
    assert_eq!(partner_met(met, &[], 3 * MS_PER_HOUR), Some(2));
}

#[test]
fn a_ship_alongside_explains_a_silence_if_it_was_heard_meanwhile() {
    assert_eq!(partner(&[]), Some(2));
    // Two ships aren't shadowed at once: not by each other, but one by the third.
    assert_eq!(partner(&[gap(2, 18.1, Some(41.9))]), Some(3));
    let both = [gap(2, 17.9, Some(42.1)), gap(3, 18.0, None)];
    assert_eq!(partner(&both), None);
    // A part of the time, in one piece or in several.
    assert_eq!(
        partner(&[gap(2, 30.0, Some(60.0)), both[1].clone()]),
        Some(2)
    );
    let pieces = [gap(2, 18.0, Some(26.0)), gap(2, 30.0, Some(38.0))];
    assert_eq!(partner(&[&pieces[..], &both[1..]].concat()), None);
    // What lies before and after is another matter.
    let elsewhere = [gap(2, 1.0, Some(17.0)), gap(2, 42.0, None)];
    assert_eq!(partner(&elsewhere), Some(2));
}
