use super::*;
use crate::assess::Window;
use crate::assess::draughts::tests::received;
use crate::model::StaticHistory;
use proptest::prelude::*;

const CONTACT: [&str; 2] = ["2018-06-02T06:00", "2018-06-03T01:00"];

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn said(draughts: &[(&str, u16)]) -> Draughts {
    let mut history = StaticHistory::default();
    for (text, dm) in draughts {
        history.add(&received(at(text), *dm));
    }
    let window = Window {
        event: [at("2018-05-01"); 2],
        from: at("2018-05-01"),
        until: at("2018-06-10T01:00"),
        closed: at("2018-06-08T01:00"),
    };
    Draughts::new(&history, window, None, 0.0..=23.0)
}

fn event([start, end]: [&str; 2]) -> Occasion {
    let until = Timestamp(at(end).0 + 48 * MS_PER_HOUR);
    Occasion::new((at(start), at(end)), 3, until)
}

/// Of a ship that left a berth and came to one at these times.
fn change_between(draughts: &[(&str, u16)], [left, next]: [Option<&str>; 2]) -> Option<(u16, u16)> {
    let event = event(CONTACT).between(left.map(at), next.map(at));
    said(draughts)
        .around(&event)
        .change
        .map(|c| (c.before_dm, c.after_dm))
}

fn change(draughts: &[(&str, u16)]) -> Option<(u16, u16)> {
    change_between(draughts, [None; 2])
}

#[test]
fn what_is_newly_typed_counts() {
    let before = ("2018-06-02T05:00", 185);
    assert_eq!(
        change(&[before, ("2018-06-03T00:20", 149)]),
        Some((185, 149))
    );
    assert_eq!(
        change(&[before, ("2018-06-03T09:00", 149)]),
        Some((185, 149))
    );
    assert_eq!(
        change(&[before, ("2018-06-02T20:00", 149)]),
        Some((185, 149))
    );
    assert_eq!(
        change(&[before, ("2018-06-02T15:00", 160), ("2018-06-03T02:00", 149)]),
        Some((185, 149)),
        "typed twice"
    );
}

#[test]
fn an_old_value_or_one_of_the_next_call_does_not() {
    let before = ("2018-06-02T05:00", 185);
    assert_eq!(change(&[before, ("2018-06-03T09:00", 185)]), None, "stale");
    assert_eq!(
        change(&[before, ("2018-06-09T09:00", 149)]),
        None,
        "too late"
    );
    assert_eq!(change(&[("2018-06-03T09:00", 149)]), None, "no start");
    assert_eq!(change(&[before]), None);
}

#[test]
fn a_change_typed_at_a_berth_is_that_calls() {
    let before = ("2018-06-02T05:00", 110);
    let typed = ("2018-06-03T09:00", 124);
    let next = |at| change_between(&[before, typed], [None, Some(at)]);
    assert_eq!(next("2018-06-03T09:00"), None);
    assert_eq!(next("2018-06-03T06:00"), None);
    assert_eq!(next("2018-06-03T09:01"), Some((110, 124)), "typed before");
    let left = |at, draughts: &[(&str, u16)]| change_between(draughts, [Some(at), None]);
    assert_eq!(
        left("2018-06-03T02:00", &[before, typed]),
        None,
        "taken at a berth"
    );
    let loaded = ("2018-06-02T07:30", 124);
    let given = ("2018-06-03T09:00", 101);
    let then = &[before, loaded, given];
    assert_eq!(left("2018-06-02T08:00", then), Some((124, 101)));
}

#[test]
fn first_heard_alongside_she_has_a_start() {
    let heard = ("2018-06-02T06:12", 75);
    let typed = ("2018-06-03T09:00", 124);
    assert_eq!(change(&[heard, typed]), Some((75, 124)));
    let stale = ("2018-05-20T06:12", 124);
    assert_eq!(change(&[stale, heard, typed]), Some((75, 124)));
    assert_eq!(change(&[stale, heard]), None, "she came with it");
}

#[test]
fn a_slip_is_no_change_and_hides_none() {
    let before = ("2018-06-02T05:00", 97);
    let again = ("2018-06-03T02:00", 97);
    for slip in [255, 240, 134, 79] {
        let slip = ("2018-06-03T00:30", slip);
        assert_eq!(change(&[before, slip, again]), None, "{slip:?}");
        let typed = ("2018-06-03T09:00", 134);
        let change = change(&[before, slip, again, typed]);
        assert_eq!(change, Some((97, 134)), "{slip:?}");
    }
    let start = [("2018-06-01T05:00", 97), ("2018-06-01T05:10", 240)];
    assert_eq!(change(&[&start[..], &[before]].concat()), None);
    let typed = ("2018-06-03T09:00", 134);
    let change = change(&[&start[..], &[typed]].concat());
    assert_eq!(change, Some((97, 134)), "what no hull has is no start");
}

#[test]
fn heard_once_and_never_taken_back_is_a_change() {
    let before = ("2018-06-02T05:00", 97);
    let typed = ("2018-06-03T02:00", 134);
    assert_eq!(change(&[before, typed]), Some((97, 134)));
    let next_voyage = ("2018-06-06T02:00", 97);
    assert_eq!(
        change(&[before, typed, next_voyage]),
        Some((97, 134)),
        "days later the cargo is out again"
    );
}

/// Before and after an event from minute 600 to 1,200.
fn around(receptions: &[(i64, u16)], left: Option<i64>, next: Option<i64>) -> [Option<u16>; 2] {
    let at = |minute: i64| Timestamp(minute * 60_000);
    let event = Occasion::new((at(600), at(1_200)), 3, at(1_200 + 48 * 60));
    let event = event.between(left.map(at), next.map(at));
    let mut history = StaticHistory::default();
    for (minute, dm) in receptions {
        history.add(&received(at(*minute), *dm));
    }
    let window = Window {
        event: [at(0); 2],
        from: at(0),
        until: at(20 * 24 * 60),
        closed: at(18 * 24 * 60),
    };
    let reading = Draughts::new(&history, window, None, 0.0..=23.0).around(&event);
    [reading.before_dm, reading.after_dm]
}

#[test]
fn what_was_sent_first_in_company_is_the_draught_before() {
    let [dark, typed] = [(601, 75), (2_000, 124)];
    let alone = |receptions: &[(i64, u16)]| around(receptions, None, None);
    assert_eq!(
        alone(&[dark, (900, 75), (1_300, 75), typed]),
        [Some(75), Some(124)]
    );
    assert_eq!(alone(&[dark, (1_199, 75), (1_300, 75)]), [Some(75); 2]);
    let stale = (100, 124);
    assert_eq!(
        alone(&[stale, dark, (1_300, 75)]),
        [Some(75); 2],
        "typed on the way"
    );
    assert_eq!(
        alone(&[(850, 75), typed]),
        [Some(75), Some(124)],
        "no cargo yet"
    );
    assert_eq!(
        alone(&[(1_100, 124), (1_300, 124)]),
        [None, Some(124)],
        "which of both?"
    );
}

#[test]
fn what_was_sent_last_in_company_is_the_draught_after() {
    let alone = |receptions: &[(i64, u16)]| around(receptions, None, None);
    assert_eq!(alone(&[(500, 75), (1_190, 124)]), [Some(75), Some(124)]);
    assert_eq!(
        alone(&[(500, 75), (1_190, 75)]),
        [Some(75), None],
        "said before"
    );
}

#[test]
fn what_is_typed_at_a_berth_is_that_calls() {
    let [before, again, loaded] = [(500, 110), (1_300, 110), (2_000, 124)];
    let lay = |left, next| around(&[before, again, loaded], left, next);
    assert_eq!(lay(None, None), [Some(110), Some(124)]);
    assert_eq!(lay(None, Some(1_500)), [Some(110); 2]);
    assert_eq!(
        lay(None, Some(2_001)),
        [Some(110), Some(124)],
        "before she arrived"
    );
    assert_eq!(
        lay(Some(2_100), None),
        [Some(110); 2],
        "at the berth all the time"
    );
    let until_she_left = [(500, 110), (650, 124), (1_300, 124)];
    assert_eq!(around(&until_she_left, Some(700), None), [Some(124); 2]);
}

/// What successive transfers of one ship left.
fn changes(draughts: &[(&str, u16)], events: &[[&str; 2]]) -> Vec<Option<(u16, u16)>> {
    let (draughts, events) = (said(draughts), events.iter().map(|e| event(*e)));
    let events: Vec<Occasion> = events.collect();
    (0..events.len())
        .map(|i| draughts.read(&events, i).change)
        .map(|change| change.map(|c| (c.before_dm, c.after_dm)))
        .collect()
}

#[test]
fn what_was_typed_in_company_stands_whatever_comes_days_later() {
    let early = [("2018-06-02T05:00", 80), ("2018-06-02T16:00", 145)];
    let moved_on = ("2018-06-04T09:00", 60);
    let typed = [&early[..], &[moved_on]].concat();
    assert_eq!(change(&typed), Some((80, 145)));
    // The next transfer, eight hours later and typed after it.
    let next = ["2018-06-03T09:00", "2018-06-04T07:00"];
    assert_eq!(
        changes(&typed, &[CONTACT, next]),
        [Some((80, 145)), Some((145, 60))]
    );
    let right = ("2018-06-03T05:00", 148);
    let corrected = [&early[..], &[right, moved_on]].concat();
    assert_eq!(change(&corrected), Some((80, 148)), "put right");
}

#[test]
fn what_was_typed_after_two_transfers_is_of_both() {
    let before = ("2018-06-02T05:00", 205);
    let next = ["2018-06-03T09:00", "2018-06-04T07:00"];
    let typed = [before, ("2018-06-04T08:00", 149)];
    let both = changes(&typed, &[CONTACT, next]);
    assert_eq!(both, [Some((205, 149)); 2]);
    // Before the hoses of the next one were connected it is the first one's.
    let typed = [before, ("2018-06-03T09:30", 180), ("2018-06-04T08:00", 149)];
    let apart = changes(&typed, &[CONTACT, next]);
    assert_eq!(apart, [Some((205, 180)), Some((180, 149))]);
}

#[test]
fn a_raft_changes_in_steps() {
    let before = ("2018-06-02T05:00", 185);
    // The other daughter left at noon.
    let other = ["2018-06-02T02:00", "2018-06-02T12:00"];
    let steps = [before, ("2018-06-02T14:00", 165), ("2018-06-03T02:00", 149)];
    let raft = [other, CONTACT];
    assert_eq!(changes(&steps, &raft), [Some((185, 165)), Some((165, 149))]);
    let one = changes(&steps[..2], &raft);
    assert_eq!(
        one,
        [Some((185, 165)), None],
        "that was the other daughter's"
    );
    // Typed long after the other one left, and typed anew when this one did.
    let late = [before, ("2018-06-02T20:00", 165), steps[2]];
    assert_eq!(changes(&late, &raft), [Some((185, 165)), Some((165, 149))]);
    assert_eq!(
        changes(&late[..2], &raft),
        [Some((185, 165)); 2],
        "whose it is isn't told"
    );
    let end = changes(&[before, steps[2]], &raft);
    assert_eq!(end, [Some((185, 149)); 2], "typed once");
}

proptest! {
    /// No step of a ship's draught is counted for two transfers unless both have it whole.
    #[test]
    fn steps_are_counted_once(
        typed in prop::collection::vec((0i64..200, 60u16..200), 1..8),
        spans in prop::collection::vec((0i64..120, 3i64..40), 1..4),
    ) {
        let hour = |h: i64| Timestamp(at("2018-06-01").0 + h * MS_PER_HOUR);
        let mut history = StaticHistory::default();
        for (h, dm) in &typed {
            history.add(&received(Timestamp(hour(*h).0 + 60_000), *dm));
        }
        let window = Window { event: [hour(0); 2], from: hour(-1), until: hour(400), closed: hour(300) };
        let draughts = Draughts::new(&history, window, None, 0.0..=23.0);
        let mut events: Vec<Occasion> = spans
            .iter()
            .map(|(start, hours)| {
                let end = start + hours;
                Occasion::new((hour(*start), hour(end)), 3, hour(end + 48))
            })
            .collect();
        events.sort_by_key(|e| (e.end, e.start));
        let read: Vec<Reading> = (0..events.len()).map(|i| draughts.read(&events, i)).collect();
        for (i, reading) in read.iter().enumerate() {
            let Some(change) = reading.change else { continue };
            prop_assert_eq!(reading.before_dm, Some(change.before_dm));
            prop_assert_eq!(reading.after_dm, Some(change.after_dm));
            prop_assert!(change.at > events[i].start && change.at <= events[i].own_until);
            for other in read[..i].iter().filter_map(|r| r.change) {
                let same = other.at == change.at && other.after_dm == change.after_dm;
                prop_assert!(same || other.at != change.at, "{:?} {:?}", other, change);
            }
        }
    }
}
