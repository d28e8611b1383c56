//! The draughts that a ship sent, without those that nobody meant.
//!
//! In: a ship's static history, a window, the draughts that her hull can have. Out: the draught as of an instant,
//! the greatest, the one before an event. Draughts are typed by hand, and one slip must not become a cargo. So a draught
//! that the hull can't have was never sent, and neither was one that was taken back or put right at once: cargo doesn't come and
//! go within an hour. It reads spans of UTC days and nothing finer, so the same rows say the same however they were cut.

use std::ops::RangeInclusive;

use super::Window;
use super::identity::valid_imo;
use super::occasion::{MOORING_H, Occasion};
use crate::model::history::{first_received, last_received};
use crate::model::quantity::MS_PER_HOUR;
use crate::model::{Row, StaticHistory, Timestamp, draught};

/// 25.5 m and more: the greatest that AIS can say (ITU-R M.1371-5, message 5). The deepest tankers ever laden had 24.6 m.
const NO_DRAUGHT_DM: u16 = 255;
/// A draught sent for no longer than this and then taken back was a slip, hours: half of what the shortest transfer takes.
const SLIP_H: i64 = 1;
/// The one before it has to be heard again within this time, hours: a tanker may load and discharge within days, but not
/// within one, and few are heard so seldom.
const TAKEN_BACK_H: i64 = 24;

/// A draught as received within a UTC day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Heard {
    pub first: Timestamp,
    pub last: Timestamp,
    pub dm: u16,
}

/// How much deeper a party of an encounter lay afterwards by its row, decimetres, 0 after a slip; `None` where a
/// draught is unknown.
pub(super) fn change_dm(row: &Row, party: usize) -> Option<i32> {
    let dm = |when: &str| row.decimetres(&format!("draught_{when}_{party}_m"));
    Some(draught::change_dm(dm("before")?, dm("after")?))
}

/// What a ship meant to say of her draught, by time.
#[derive(Clone, Debug, Default)]
pub(super) struct Draughts {
    from: Timestamp,
    heard: Vec<Heard>,
    doubt_size: bool,
}

impl Draughts {
    /// Of a history in a window, of the ship with this IMO number, if one is known, who can have a draught within `possible_m`,
    /// metres. What comes with another IMO number is another ship's. Where most receptions say more than that, it is the
    /// size that is wrong, another ship's perhaps, and nothing is taken out for it. What says less is a slip.
    pub(super) fn new(
        history: &StaticHistory,
        window: Window,
        imo: Option<u32>,
        possible_m: RangeInclusive<f64>,
    ) -> Self {
        let least_dm = possible_m.start() * 10.0;
        let said = |dm: &u16| *dm < NO_DRAUGHT_DM && f64::from(*dm) >= least_dm;
        let mut heard = history.receptions(window.from, window.until, |r| {
            let is_own = imo.is_none() || valid_imo(r).is_none_or(|other| Some(other) == imo);
            r.draught_dm.filter(|dm| is_own && said(dm))
        });
        let is_too_deep = |dm: u16| f64::from(dm) > possible_m.end() * 10.0;
        let (mut deep, mut all) = (0, 0);
        for (_, _, times, dm) in &heard {
            all += times.count();
            deep += u32::from(is_too_deep(*dm)) * times.count();
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

    /// Since when a draught that stands at an instant had stood, as far as is known.
    pub(super) fn stands_since(&self, dm: u16, t: Timestamp) -> Timestamp {
        let others = self.heard.iter().filter(|h| h.dm != dm && h.first <= t);
        others.map(|h| h.last.min(t)).max().unwrap_or(self.from)
    }

    /// Days in which one was received: first, last, decimetres.
    fn spans(&self) -> impl Iterator<Item = (Timestamp, Timestamp, u16)> {
        self.heard.iter().map(|h| (h.first, h.last, h.dm))
    }

    /// As last received by `t`, decimetres.
    pub(super) fn as_of(&self, t: Timestamp) -> Option<u16> {
        last_received(self.spans().filter(|s| s.0 >= self.from), t)
    }

    /// The same, and when it was last received.
    pub(super) fn last_by(&self, t: Timestamp) -> Option<(Timestamp, u16)> {
        let dm = self.as_of(t)?;
        let of_it = self.spans().filter(|s| s.2 == dm && s.0 <= t);
        of_it.map(|s| s.1.min(t)).max().map(|last| (last, dm))
    }

    /// The greatest, metres.
    pub(super) fn greatest_m(&self) -> Option<f64> {
        let greatest = self.heard.iter().map(|h| h.dm).max()?;
        Some(f64::from(greatest) / 10.0)
    }

    /// Whether none but one was received after `t`.
    pub(super) fn is_constant_after(&self, t: Timestamp) -> bool {
        let mut later = self.heard.iter().filter(|h| h.last > t).map(|h| h.dm);
        let first = later.next();
        later.all(|dm| Some(dm) == first)
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
pub(super) mod tests {
    use super::*;
    use crate::model::{Seen, StaticRecord, StaticSpan};
    use proptest::prelude::*;

    const MINUTE: i64 = 60_000;

    fn window() -> Window {
        Window {
            event: [Timestamp(0); 2],
            from: Timestamp(0),
            until: Timestamp(20 * 24 * MS_PER_HOUR),
            closed: Timestamp(18 * 24 * MS_PER_HOUR),
        }
    }

    /// A draught as received at an instant, decimetres.
    pub(in crate::assess) fn received(at: Timestamp, dm: u16) -> StaticSpan {
        StaticSpan {
            mmsi: 1,
            record: StaticRecord {
                draught_dm: Some(dm),
                ..StaticRecord::default()
            },
            seen: Seen::once(at, None),
        }
    }

    fn span(minute: i64, dm: u16) -> StaticSpan {
        received(Timestamp(minute * MINUTE), dm)
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
        let draughts = Draughts::new(&history(receptions), window(), None, 0.0..=23.0);
        let mut dm: Vec<u16> = draughts.heard.iter().map(|h| h.dm).collect();
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
    fn what_no_hull_floats_at_was_never_sent() {
        let slips = history(&[(0, 1), (60, 97), (200, 12), (400, 134)]);
        let draughts = Draughts::new(&slips, window(), None, 1.3..=23.0);
        let dm: Vec<u16> = draughts.heard.iter().map(|h| h.dm).collect();
        assert_eq!(dm, [97, 134]);
        assert!(!draughts.doubt_size());
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

    proptest! {
        #[test]
        fn cuts_and_order_do_not_matter(
            receptions in prop::collection::vec((0i64..5_000, prop::sample::select(vec![97u16, 134, 149, 255])), 1..40),
            cut in 0i64..4,
        ) {
            let whole = Draughts::new(&history(&receptions), window(), None, 0.0..=23.0);
            let (mut early, mut late): (Vec<_>, Vec<_>) =
                receptions.iter().copied().partition(|(minute, _)| *minute < cut * 24 * 60);
            early.reverse();
            late.sort_unstable();
            let mut merged = history(&early);
            merged.merge(history(&late));
            let merged = Draughts::new(&merged, window(), None, 0.0..=23.0);
            prop_assert_eq!(&whole.heard, &merged.heard);
            prop_assert!(whole.heard.iter().all(|h| h.dm < 255));
        }
    }
}
