//! The draughts that a ship sent, without those that nobody meant.
//!
//! In: a ship's static history, a window, the deepest draught that her hull can have. Out: the draught as of an instant,
//! the greatest, those before and after an event. Draughts are typed by hand, and one slip must not become a cargo. So a draught
//! that the hull can't have was never sent, and neither was one that was taken back or put right at once: cargo doesn't come and
//! go within an hour. It reads spans of UTC days and nothing finer, so the same rows say the same however they were cut.

use super::Window;
use crate::model::history::{first_received, last_received};
use crate::model::quantity::MS_PER_HOUR;
use crate::model::{StaticHistory, Timestamp};

/// 25.5 m and more: the greatest that AIS can say (ITU-R M.1371-5, message 5). The deepest tankers ever laden had 24.6 m.
const NO_DRAUGHT_DM: u16 = 255;
/// A draught sent for no longer than this and then taken back was a slip, hours: half of what the shortest transfer takes.
const SLIP_H: i64 = 1;
/// The one before it has to be heard again within this time, hours: a tanker may load and discharge within days, but not
/// within one, and few are heard so seldom.
const TAKEN_BACK_H: i64 = 24;

/// Ships that come alongside moor and connect hoses first: within this time no cargo moves, hours.
const MOORING_H: i64 = 1;

/// An event, as far as a ship's draughts can be its own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Occasion {
    pub start: Timestamp,
    pub end: Timestamp,
    /// From when on a new draught is the one that the event left: a little before its end.
    pub late: Timestamp,
    /// Up to when one that is received is the one after it.
    pub until: Timestamp,
    /// Up to when a new one is its own: what is first sent at her next berth comes of that call. Before the start of an
    /// event in the midst of a call: then none is.
    pub own_until: Timestamp,
}

impl Occasion {
    /// From `start` to `end`, with all that is received up to `until`.
    pub(super) fn new(
        (start, end): (Timestamp, Timestamp),
        early_h: i64,
        until: Timestamp,
    ) -> Self {
        let late = Timestamp(end.0 - early_h * MS_PER_HOUR).max(start);
        Self {
            start,
            end,
            late,
            until,
            own_until: until,
        }
    }

    /// Without what is other events' by where the ship lay: `left` is when she departed from where she lay at a berth when it
    /// began, `next` when she arrived at a berth after it.
    pub(super) fn between(self, left: Option<Timestamp>, next: Option<Timestamp>) -> Self {
        let next = next.map_or(self.until, |t| Timestamp(t.0 - 1).min(self.until));
        match left {
            Some(left) if left >= self.end => Self {
                own_until: Timestamp(self.start.0 - 1),
                ..self
            },
            left => {
                let start = left.map_or(self.start, |left| left.max(self.start));
                Self {
                    start,
                    late: self.late.max(start),
                    own_until: next,
                    ..self
                }
            }
        }
    }
}

/// A draught as received within a UTC day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Heard {
    pub first: Timestamp,
    pub last: Timestamp,
    pub dm: u16,
}

/// What a ship meant to say of her draught, by time.
#[derive(Clone, Debug, Default)]
pub(super) struct Draughts {
    from: Timestamp,
    heard: Vec<Heard>,
    doubt_size: bool,
}

impl Draughts {
    /// Of a history in a window, up to a draught of `deepest_m` metres. Where most receptions say more than that, it is the
    /// size that is wrong, another ship's perhaps, and nothing is taken out for it.
    pub(super) fn new(history: &StaticHistory, window: Window, deepest_m: f64) -> Self {
        let said = |dm: &u16| *dm < NO_DRAUGHT_DM;
        let mut heard =
            history.receptions(window.from, window.until, |r| r.draught_dm.filter(said));
        let is_too_deep = |dm: u16| f64::from(dm) > deepest_m * 10.0;
        let (mut deep, mut all) = (0_u64, 0_u64);
        for (_, _, count, dm) in &heard {
            all += u64::from(*count);
            deep += u64::from(is_too_deep(*dm)) * u64::from(*count);
        }
        let doubt_size = 2 * deep > all;
        heard.retain(|(.., dm)| doubt_size || !is_too_deep(*dm));
        let heard: Vec<Heard> = heard
            .into_iter()
            .map(|(first, last, _, dm)| Heard { first, last, dm })
            .collect();
        Self {
            from: window.from,
            heard: without_slips(&heard),
            doubt_size,
        }
    }

    /// Whether her size can't be what she says: most of her draughts are too deep for it.
    pub(super) fn doubt_size(&self) -> bool {
        self.doubt_size
    }

    /// By time of the first reception of a day.
    pub(super) fn heard(&self) -> &[Heard] {
        &self.heard
    }

    /// Days in which one was received: first, last, decimetres.
    fn spans(&self) -> impl Iterator<Item = (Timestamp, Timestamp, u16)> {
        self.heard.iter().map(|h| (h.first, h.last, h.dm))
    }

    /// As last received by `t`, decimetres.
    pub(super) fn as_of(&self, t: Timestamp) -> Option<u16> {
        last_received(self.spans().filter(|s| s.0 >= self.from), t)
    }

    /// The greatest, metres.
    pub(super) fn greatest_m(&self) -> Option<f64> {
        let greatest = self.heard.iter().map(|h| h.dm).max()?;
        Some(f64::from(greatest) / 10.0)
    }

    /// The first one received after `t` and up to `until` that is accepted, decimetres, and when.
    pub(super) fn first_after(
        &self,
        t: Timestamp,
        until: Timestamp,
        accept: impl Fn(u16) -> bool,
    ) -> Option<(Timestamp, u16)> {
        first_received(self.spans().filter(|s| accept(s.2)), t, until)
    }

    /// Before an event, decimetres: as of its start, or as of her first word within the hour after it, of which the two may
    /// know only because they were near then. Of a ship that never sent one before, the first one that she sent when
    /// no cargo can have gone over yet: long before the end, or in the first half of a short meeting.
    pub(super) fn before(&self, event: &Occasion) -> Option<u16> {
        let moored = Timestamp(event.start.0 + MOORING_H * MS_PER_HOUR);
        let just_before = Timestamp(event.start.0 - 1);
        let first = |until| self.first_after(just_before, until, |_| true);
        if let Some((t, _)) = first(moored.min(event.late)) {
            return self.as_of(t);
        }
        let middle = Timestamp(event.start.0 + (event.end.0 - event.start.0) / 2);
        let unmoved = event.late.max(middle.min(moored));
        self.as_of(event.start)
            .or_else(|| first(unmoved).map(|(_, dm)| dm))
    }

    /// After an event, decimetres: the first one received after its end that differs from the one before it, if that is its
    /// own; else the same one if that was received again. Of a ship that wasn't heard again, a new one sent at the end.
    ///
    /// Crews change the draught up to hours before or after the ships part, and again when the cargo moves on, so
    /// neither the last value inside the contact nor the last one of the next days will do.
    pub(super) fn left_by(&self, event: &Occasion) -> Option<u16> {
        let before = self.before(event);
        let new = |dm: u16| Some(dm) != before;
        let has_own = event.own_until >= event.end;
        let own = || self.first_after(event.end, event.own_until, new);
        let again = || self.first_after(event.end, event.until, |dm| !new(dm));
        let at_the_end = || {
            self.first_after(event.late, event.end, new)?;
            self.as_of(event.end).filter(|dm| new(*dm))
        };
        (own().filter(|_| has_own))
            .or_else(again)
            .map(|(_, dm)| dm)
            .or_else(|| at_the_end().filter(|_| has_own))
    }
}

/// What is left when slips are taken out: draughts heard for an hour at most, before and after which another one stood, or
/// that gave way to yet another one within the hour.
fn without_slips(heard: &[Heard]) -> Vec<Heard> {
    let mut meant: Vec<Heard> = Vec::new();
    let mut rest = heard;
    while let Some(of_now) = rest.first() {
        let length = rest.iter().take_while(|h| h.dm == of_now.dm).count();
        let (run, later) = rest.split_at(length);
        if !is_slip(run, &meant, later) {
            meant.extend(run);
        }
        rest = later;
    }
    meant
}

/// Whether a run of one draught is a slip, given what was meant before it and what was heard from its start on.
fn is_slip(run: &[Heard], meant: &[Heard], later: &[Heard]) -> bool {
    let (Some(first), Some(last)) = (run.first(), run.iter().map(|h| h.last).max()) else {
        return false;
    };
    let Some(standing) = meant.last().map(|h| h.dm) else {
        return false;
    };
    if standing == first.dm || last.0 - first.first.0 > SLIP_H * MS_PER_HOUR {
        return false;
    }
    // A draught that was taken up again on the same day is one span around the slip; on another day it is the next one.
    let around = meant.iter().any(|h| h.dm == standing && h.last > last);
    let within = |from: Timestamp, to: Timestamp, h: i64| to.0 - from.0 <= h * MS_PER_HOUR;
    let replaced = |h: &Heard| {
        let taken_back = h.dm == standing && within(last, h.first, TAKEN_BACK_H);
        taken_back || within(first.first, h.first, SLIP_H)
    };
    around || later.first().is_some_and(replaced)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{StaticRecord, StaticSpan};
    use proptest::prelude::*;

    const MINUTE: i64 = 60_000;

    fn window() -> Window {
        Window {
            from: Timestamp(0),
            until: Timestamp(20 * 24 * MS_PER_HOUR),
            closed: Timestamp(18 * 24 * MS_PER_HOUR),
        }
    }

    fn span(minute: i64, dm: u16) -> StaticSpan {
        let at = Timestamp(minute * MINUTE);
        StaticSpan {
            mmsi: 1,
            record: StaticRecord {
                draught_dm: Some(dm),
                ..StaticRecord::default()
            },
            first: at,
            last: at,
            count: 1,
        }
    }

    fn history(receptions: &[(i64, u16)]) -> StaticHistory {
        let mut history = StaticHistory::default();
        for (minute, dm) in receptions {
            history.add(&span(*minute, *dm));
        }
        history
    }

    /// The draughts that were meant, in order.
    fn meant(receptions: &[(i64, u16)]) -> Vec<u16> {
        let draughts = Draughts::new(&history(receptions), window(), 23.0);
        let mut dm: Vec<u16> = draughts.heard().iter().map(|h| h.dm).collect();
        dm.dedup();
        dm
    }

    #[test]
    fn what_is_taken_back_was_never_meant() {
        assert_eq!(meant(&[(0, 97), (60, 134), (66, 97)]), [97]);
        // A feed that repeats the last static report with every position.
        let repeated = [(0, 97), (60, 134), (62, 134), (65, 134), (66, 97), (90, 97)];
        assert_eq!(meant(&repeated), [97]);
        // Across midnight, with two records of the same day.
        assert_eq!(
            meant(&[(1_400, 97), (1_438, 134), (1_442, 134), (1_450, 97)]),
            [97]
        );
        assert_eq!(
            meant(&[(0, 97), (60, 134), (70, 97), (80, 107), (90, 97)]),
            [97]
        );
        assert_eq!(meant(&[(0, 97), (60, 255), (66, 231), (72, 97)]), [97]);
        assert_eq!(
            meant(&[(0, 97), (60, 13), (66, 134)]),
            [97, 134],
            "put right"
        );
    }

    #[test]
    fn what_stands_was_meant() {
        assert_eq!(meant(&[(0, 97), (60, 134)]), [97, 134], "the last word");
        assert_eq!(
            meant(&[(0, 97), (60, 134), (200, 134), (300, 97)]),
            [97, 134]
        );
        assert_eq!(meant(&[(0, 97), (60, 134), (130, 149)]), [97, 134, 149]);
        let voyage = [(0, 97), (60, 134), (60 + 25 * 60, 97)];
        assert_eq!(meant(&voyage), [97, 134, 97], "heard once a day");
        assert_eq!(meant(&[(0, 134), (6, 97)]), [134, 97], "nothing before it");
    }

    /// Before and after an event from minute 600 to 1,200.
    fn around(receptions: &[(i64, u16)], left: Option<i64>, next: Option<i64>) -> [Option<u16>; 2] {
        let at = |minute: i64| Timestamp(minute * MINUTE);
        let event = Occasion::new((at(600), at(1_200)), 3, at(1_200 + 48 * 60));
        let event = event.between(left.map(at), next.map(at));
        let draughts = Draughts::new(&history(receptions), window(), 23.0);
        [draughts.before(&event), draughts.left_by(&event)]
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

    proptest! {
        #[test]
        fn cuts_and_order_do_not_matter(
            receptions in prop::collection::vec((0i64..5_000, prop::sample::select(vec![97u16, 134, 149, 255])), 1..40),
            cut in 0i64..4,
        ) {
            let whole = Draughts::new(&history(&receptions), window(), 23.0);
            let (mut early, mut late): (Vec<_>, Vec<_>) =
                receptions.iter().copied().partition(|(minute, _)| *minute < cut * 24 * 60);
            early.reverse();
            late.sort_unstable();
            let mut merged = history(&early);
            merged.merge(history(&late));
            let merged = Draughts::new(&merged, window(), 23.0);
            prop_assert_eq!(whole.heard(), merged.heard());
            prop_assert!(whole.heard().iter().all(|h| h.dm < 255));
        }
    }
}
