//! The change of draught that a contact left on a ship.

use super::super::draughts::{Draughts, Occasion};
use crate::model::Timestamp;

/// A smaller change tells the direction, but not the amount, decimetres.
const LEAST_DM: u16 = 3;

/// Draughts before and after, decimetres, and when the latter was first received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Change {
    pub before_dm: u16,
    pub after_dm: u16,
    pub at: Timestamp,
}

impl Change {
    /// The change that a contact left: to the first value newly typed from a little before its end on, else to one typed
    /// during it. `None` if the draught stayed: then it was not typed, or nothing moved, and which of both isn't told.
    ///
    /// `overlapped`: whether the ship ended another transfer during this one; what she had before it is then no start.
    pub(super) fn of(draughts: &Draughts, contact: &Occasion, overlapped: bool) -> Option<Self> {
        let heard = draughts.heard();
        let heard = &heard[..heard.partition_point(|h| h.first <= contact.own_until)];
        let before_dm = draughts.before(contact)?;
        let late_dm = draughts.as_of(contact.late).unwrap_or(before_dm);
        let typed = heard
            .iter()
            .find(|h| h.first > contact.late && h.dm != late_dm);
        let change = match typed {
            Some(typed) => Self {
                before_dm: if overlapped { late_dm } else { before_dm },
                after_dm: typed.dm,
                at: typed.first,
            },
            None if overlapped => return None,
            None => {
                let during = heard
                    .iter()
                    .find(|h| h.first > contact.start && h.dm == late_dm)?;
                Self {
                    before_dm,
                    after_dm: late_dm,
                    at: during.first,
                }
            }
        };
        (change.before_dm != change.after_dm).then_some(change)
    }

    /// Whether the ship took cargo.
    pub(super) fn took(&self) -> bool {
        self.after_dm > self.before_dm
    }

    /// Whether it is large enough to weigh by: AIS has draughts in steps of 0.1 m.
    pub(super) fn is_weighable(&self) -> bool {
        self.after_dm.abs_diff(self.before_dm) >= LEAST_DM
    }

    /// The smaller and the greater draught, metres.
    pub(super) fn light_heavy_m(&self) -> (f64, f64) {
        let metres = |dm: u16| f64::from(dm) / 10.0;
        (
            metres(self.before_dm.min(self.after_dm)),
            metres(self.before_dm.max(self.after_dm)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assess::Window;
    use crate::model::{StaticHistory, StaticRecord, StaticSpan};

    fn history(draughts: &[(&str, u16)]) -> StaticHistory {
        let mut history = StaticHistory::default();
        for (at, dm) in draughts {
            let at = Timestamp::parse(at).unwrap();
            history.add(&StaticSpan {
                mmsi: 1,
                record: StaticRecord {
                    draught_dm: Some(*dm),
                    ..StaticRecord::default()
                },
                first: at,
                last: at,
                count: 1,
            });
        }
        history
    }

    /// Of a ship that left a berth and came to one at these times.
    fn change_between(
        draughts: &[(&str, u16)],
        overlapped: bool,
        [left, next]: [Option<&str>; 2],
    ) -> Option<(u16, u16)> {
        let t = |text| Timestamp::parse(text).unwrap();
        let window = Window {
            from: t("2018-05-01"),
            until: t("2018-06-10T01:00"),
            closed: t("2018-06-08T01:00"),
        };
        let span = (t("2018-06-02T06:00"), t("2018-06-03T01:00"));
        let contact = Occasion::new(span, 3, t("2018-06-05T01:00"));
        let contact = contact.between(left.map(t), next.map(t));
        let draughts = Draughts::new(&history(draughts), window, 23.0);
        Change::of(&draughts, &contact, overlapped).map(|c| (c.before_dm, c.after_dm))
    }

    fn change(draughts: &[(&str, u16)], overlapped: bool) -> Option<(u16, u16)> {
        change_between(draughts, overlapped, [None; 2])
    }

    #[test]
    fn what_is_newly_typed_counts() {
        let before = ("2018-06-02T05:00", 185);
        assert_eq!(
            change(&[before, ("2018-06-03T00:20", 149)], false),
            Some((185, 149))
        );
        assert_eq!(
            change(&[before, ("2018-06-03T09:00", 149)], false),
            Some((185, 149))
        );
        assert_eq!(
            change(&[before, ("2018-06-02T20:00", 149)], false),
            Some((185, 149))
        );
        assert_eq!(
            change(
                &[before, ("2018-06-02T15:00", 160), ("2018-06-03T02:00", 149)],
                false
            ),
            Some((185, 149)),
            "typed twice"
        );
    }

    #[test]
    fn an_old_value_or_one_of_the_next_call_does_not() {
        let before = ("2018-06-02T05:00", 185);
        assert_eq!(
            change(&[before, ("2018-06-03T09:00", 185)], false),
            None,
            "stale"
        );
        assert_eq!(
            change(&[before, ("2018-06-09T09:00", 149)], false),
            None,
            "too late"
        );
        assert_eq!(
            change(&[("2018-06-03T09:00", 149)], false),
            None,
            "no start"
        );
        assert_eq!(change(&[before], false), None);
    }

    #[test]
    fn a_change_typed_at_a_berth_is_that_calls() {
        let before = ("2018-06-02T05:00", 110);
        let typed = ("2018-06-03T09:00", 124);
        let next = |at| change_between(&[before, typed], false, [None, Some(at)]);
        assert_eq!(next("2018-06-03T09:00"), None);
        assert_eq!(next("2018-06-03T06:00"), None);
        assert_eq!(next("2018-06-03T09:01"), Some((110, 124)), "typed before");
        let left = |at, draughts: &[(&str, u16)]| change_between(draughts, false, [Some(at), None]);
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
        assert_eq!(change(&[heard, typed], false), Some((75, 124)));
        let stale = ("2018-05-20T06:12", 124);
        assert_eq!(change(&[stale, heard, typed], false), Some((75, 124)));
        assert_eq!(change(&[stale, heard], false), None, "she came with it");
    }

    #[test]
    fn a_slip_is_no_change_and_hides_none() {
        let before = ("2018-06-02T05:00", 97);
        let again = ("2018-06-03T02:00", 97);
        for slip in [255, 240, 134, 79] {
            let slip = ("2018-06-03T00:30", slip);
            assert_eq!(change(&[before, slip, again], false), None, "{slip:?}");
            let typed = ("2018-06-03T09:00", 134);
            let change = change(&[before, slip, again, typed], false);
            assert_eq!(change, Some((97, 134)), "{slip:?}");
        }
        let start = [("2018-06-01T05:00", 97), ("2018-06-01T05:10", 240)];
        assert_eq!(change(&[&start[..], &[before]].concat(), false), None);
        let typed = ("2018-06-03T09:00", 134);
        let change = change(&[&start[..], &[typed]].concat(), false);
        assert_eq!(change, Some((97, 134)), "what no hull has is no start");
    }

    #[test]
    fn heard_once_and_never_taken_back_is_a_change() {
        let before = ("2018-06-02T05:00", 97);
        let typed = ("2018-06-03T02:00", 134);
        assert_eq!(change(&[before, typed], false), Some((97, 134)));
        let next_voyage = ("2018-06-06T02:00", 97);
        assert_eq!(
            change(&[before, typed, next_voyage], false),
            Some((97, 134)),
            "days later the cargo is out again"
        );
    }

    #[test]
    fn a_raft_changes_in_steps() {
        let steps = [
            ("2018-06-02T05:00", 185),
            ("2018-06-02T14:00", 165),
            ("2018-06-03T02:00", 149),
        ];
        assert_eq!(change(&steps, true), Some((165, 149)));
        assert_eq!(
            change(&steps[..2], true),
            None,
            "that was the other daughter's"
        );
    }
}
