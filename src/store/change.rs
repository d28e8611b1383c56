//! What a night tells of an event: the words of the log of changes.
//!
//! In: what the tables held of an event, and what they hold now. Rule: who reads the log knows of each event whether it is
//! there, whether it goes on, and when what is said of it became another; what changes every night by itself is no news.

use std::collections::BTreeMap;

use crate::model::{Row, Status};

/// What happened to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It wasn't there before.
    New,
    /// Its judgement, or its facts after its end, are others; of an open one, its risk rose.
    Changed,
    /// It is over.
    Closed,
    /// It goes on though it was over: older rows came.
    Reopened,
    /// What was said of it stands: nothing but its status is another.
    Final,
    /// It is no more: older rows came that tell another story, or an open finding came to nothing.
    Gone,
}

impl What {
    /// The name in the log of changes.
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Closed => "closed",
            Self::Reopened => "reopened",
            Self::Final => "final",
            Self::Gone => "gone",
        }
    }
}

/// A change of an event.
#[derive(Clone, Debug)]
pub struct Change {
    /// The table.
    pub layer: &'static str,
    /// The event.
    pub event_id: String,
    /// What happened.
    pub what: What,
    /// The row as the tables hold it now; `None` if it is gone.
    pub row: Option<Row>,
    /// The risk that it had before.
    pub risk_before: Option<f64>,
}

/// What a publication changed.
#[derive(Clone, Debug, Default)]
pub struct Published {
    /// Changes of events, table by table.
    pub changes: Vec<Change>,
    /// Final rows that would have come out otherwise, and were left as they are: a fault of a rule.
    pub conflicts: u64,
    /// Events that were judged, by table; what was final before is not.
    pub judged: BTreeMap<String, u64>,
    /// Rows that the layers hold now.
    pub rows: BTreeMap<String, u64>,
}

/// What is known of a row, or of all rows of an event.
pub(super) struct Known {
    pub digest: [u8; 16],
    pub status: Option<Status>,
    /// As the tables hold it.
    pub risk: Option<f64>,
}

/// What happened to an event whose row is another; `None` if that is no news. In: what was known, what is now, and whether
/// nothing but its status is another.
pub(super) fn of(
    before: &Known,
    (status, risk): (Status, Option<f64>),
    is_as_before: impl FnOnce() -> bool,
) -> Option<What> {
    match (before.status, status) {
        // An open event's row changes every night, if only its duration. Alerts hang on whether its risk rose; that it falls by
        // thousandths, as that of a silence that goes on, is told when the event is over.
        (Some(Status::Open), Status::Open) => (risk > before.risk).then_some(What::Changed),
        (Some(Status::Open), _) => Some(What::Closed),
        (_, Status::Open) => Some(What::Reopened),
        (Some(Status::Settling), Status::Final) if is_as_before() => Some(What::Final),
        _ => Some(What::Changed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_tells_what_became_of_an_event() {
        use Status::{Final, Open, Settling};
        let known = |status, risk| Known {
            digest: [0; 16],
            status: Some(status),
            risk: Some(risk),
        };
        for (before, after, is_as_before, expected) in [
            ((Open, 0.2), (Open, 0.2), false, None),
            ((Open, 0.2), (Open, 0.8), false, Some(What::Changed)),
            ((Open, 0.8), (Open, 0.2), false, None),
            ((Open, 0.2), (Settling, 0.2), true, Some(What::Closed)),
            ((Open, 0.2), (Final, 0.2), false, Some(What::Closed)),
            ((Settling, 0.2), (Settling, 0.3), false, Some(What::Changed)),
            ((Settling, 0.2), (Final, 0.2), true, Some(What::Final)),
            ((Settling, 0.2), (Final, 0.2), false, Some(What::Changed)),
            ((Final, 0.2), (Final, 0.2), false, Some(What::Changed)),
            ((Settling, 0.2), (Open, 0.2), false, Some(What::Reopened)),
            ((Final, 0.2), (Open, 0.2), false, Some(What::Reopened)),
        ] {
            let now = (after.0, Some(after.1));
            let what = of(&known(before.0, before.1), now, || is_as_before);
            assert_eq!(what, expected, "{before:?} {after:?}");
        }
    }
}
