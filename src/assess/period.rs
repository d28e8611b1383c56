//! An archive is judged thirty days at a time.
//!
//! In: facts. Out: the periods in which events ended, and which rows each of them makes. Rule: an event is judged with the
//! others of the period in which it ends, by the facts of that time and of twice `lookback_d` before: once for what is
//! known of them, once more for what is known of the events that they refer to. So no row rests on more than some months,
//! however long the archive, and a night judges what the store doesn't hold as final, by the facts of its last months.

use std::collections::BTreeSet;
use std::ops::Range;

use super::{Params, Window};
use crate::model::quantity::{MS_PER_DAY, MS_PER_HOUR};
use crate::model::{Facts, Row, Table, TableSchema, Timestamp, Value, VesselSummary, schema};

/// Length of a period, days; periods are counted from the epoch.
const PERIOD_D: i64 = 30;
/// Whatever `settle_d` is, this long after its end the facts that explain a dark rendezvous are closed, and no earlier is a
/// row judged for the last time; days.
pub(super) const LEAST_SETTLE_D: i64 = 3;
/// Statuses follow the stages' promises, which lag behind the reader's by `track_confirm_s`, a day at the most.
const LAG_MS: i64 = MS_PER_DAY;

/// Thirty days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Period(i64);

impl Period {
    fn of(t: Timestamp) -> Self {
        Self(t.0.div_euclid(PERIOD_D * MS_PER_DAY))
    }

    fn time(self) -> Range<Timestamp> {
        let start = |n: i64| Timestamp(n * PERIOD_D * MS_PER_DAY);
        start(self.0)..start(self.0 + 1)
    }
}

/// What needn't be judged any more.
#[derive(Clone, Debug)]
pub struct Done {
    /// Events that ended before were final when the tables were last judged.
    pub before: Timestamp,
    /// Ships last heard before, of which all the same something changed.
    pub ships: BTreeSet<u32>,
}

impl Done {
    /// Nothing was ever judged.
    pub fn nothing() -> Self {
        Self {
            before: Timestamp::MIN,
            ships: BTreeSet::new(),
        }
    }

    /// Whether what ended then is wanted.
    pub(super) fn wants_ended(&self, end: Timestamp) -> bool {
        end >= self.before
    }

    fn wants(&self, ship: &VesselSummary) -> bool {
        ship.last >= self.before || self.ships.contains(&ship.mmsi)
    }
}

impl Params {
    /// Events that ended before were final when every row before an instant had been seen.
    pub fn final_before(&self, complete_to: Timestamp) -> Timestamp {
        let days = self.settle_d.max(LEAST_SETTLE_D) * MS_PER_DAY;
        let others = self.reception.settle_ms().max(self.closing_ms());
        let shift = (self.port_shift_h * MS_PER_HOUR as f64) as i64 + self.closing_ms();
        Timestamp(complete_to.0 - days.max(others).max(shift) - LAG_MS)
    }

    /// From when on facts are needed to judge what ended at an instant or later.
    pub fn facts_from(&self, end: Timestamp) -> Timestamp {
        self.needs(Period::of(end)).start
    }

    /// What is known of an event of which all facts are at hand: no more than those of its period tell.
    pub(super) fn window_in_period(&self, start: Timestamp, end: Timestamp) -> Window {
        let window = self.window(start, end);
        Window {
            from: window.from.max(self.facts_from(end)),
            ..window
        }
    }

    /// The time whose facts a period needs.
    fn needs(&self, period: Period) -> Range<Timestamp> {
        let time = period.time();
        let from = time.start.0 - 2 * self.lookback_d * MS_PER_DAY;
        // Whatever its events may know of what came later, with room to spare.
        let settled = time.end.0 - self.final_before(Timestamp(0)).0 + PERIOD_D * MS_PER_DAY;
        Timestamp(from)..Timestamp(settled)
    }
}

/// The periods with something to judge.
pub(super) fn periods(facts: &Facts, done: &Done) -> BTreeSet<Period> {
    let data_end = facts.data_end();
    let ends = facts.encounters.iter().map(|e| e.end);
    let ends = ends.chain(facts.slow_runs.iter().map(|r| r.end));
    let ends = ends.chain(facts.stays.iter().map(|s| s.end));
    let gaps = facts.gaps.iter();
    let ends = ends.chain(gaps.map(|g| g.end.map_or(data_end, |end| end.t)));
    let said = facts.histories.values().flat_map(|h| h.days());
    let heard = facts.presence.days.iter().map(|d| d.day);
    let ends = ends.chain(said.chain(heard).map(|day| day.start()));
    let first = Period::of(done.before);
    let mut all: BTreeSet<Period> = ends.map(Period::of).filter(|p| *p >= first).collect();
    let ships = facts.vessels.iter().filter(|ship| done.wants(ship));
    all.extend(ships.map(|ship| Period::of(ship.last)));
    all
}

/// What is judged in a period, and what of it becomes rows.
pub(super) struct Scope<'a> {
    time: Range<Timestamp>,
    /// The time whose facts count.
    pub needs: Range<Timestamp>,
    /// Events that ended before are no longer referred to.
    pub judged_from: Timestamp,
    data_end: Timestamp,
    done: &'a Done,
}

impl<'a> Scope<'a> {
    pub(super) fn new(period: Period, facts: &Facts, params: &Params, done: &'a Done) -> Self {
        let time = period.time();
        Self {
            needs: params.needs(period),
            judged_from: Timestamp(time.start.0 - params.lookback_d * MS_PER_DAY),
            data_end: facts.data_end(),
            time,
            done,
        }
    }

    /// All of time as one period.
    #[cfg(test)]
    pub(super) fn everything(facts: &Facts, params: &Params, done: &'a Done) -> Self {
        Self {
            time: Timestamp::MIN..Timestamp::MAX,
            ..Self::new(Period(0), facts, params, done)
        }
    }

    /// Whether an event that ended then is judged: for its own row, or for those that refer to it.
    pub(super) fn judges(&self, end: Option<Timestamp>) -> bool {
        end.unwrap_or(self.data_end) >= self.judged_from
    }

    /// Whether an event that ended then becomes a row.
    pub(super) fn makes(&self, end: Option<Timestamp>) -> bool {
        let end = end.unwrap_or(self.data_end);
        self.time.contains(&end) && self.done.wants_ended(end)
    }

    /// Whether a judged row is one that is asked for; rows of tables without an end are.
    pub(super) fn keeps(&self, row: &Row) -> bool {
        let has_end = row.schema().index("end").is_some();
        !has_end || self.makes(row.time("end"))
    }

    /// Whether a ship becomes a row.
    pub(super) fn describes(&self, ship: &VesselSummary) -> bool {
        self.time.contains(&ship.last) && self.done.wants(ship)
    }
}

/// The rows of all periods as one table each.
pub(super) fn joined(schemas: &[&'static TableSchema], parts: Vec<Vec<Table>>) -> Vec<Table> {
    let several = parts.len() > 1;
    let mut rows: Vec<Vec<Row>> = schemas.iter().map(|_| Vec::new()).collect();
    for tables in parts {
        for (all, table) in rows.iter_mut().zip(tables) {
            all.extend(table.into_rows());
        }
    }
    let tables = schemas.iter().zip(rows).map(|(schema, mut rows)| {
        if several {
            let columns = schema::order(schema);
            rows.sort_by(|a, b| {
                let of = |column: &&str| compare(a.get(column), b.get(column));
                columns
                    .iter()
                    .map(of)
                    .find(|o| o.is_ne())
                    .unwrap_or(std::cmp::Ordering::Equal)
            });
        }
        Table::new(schema, rows)
    });
    tables.collect()
}

/// The order of two cells of one column, null first.
fn compare(a: &Value, b: &Value) -> std::cmp::Ordering {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => a.cmp(b),
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Time(a), Value::Time(b)) => a.cmp(b),
        (a, b) => (*a != Value::Null).cmp(&(*b != Value::Null)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Status;

    proptest! {
        /// The rule that leaves rows out never leaves out one that may still change.
        #[test]
        fn what_is_not_final_is_judged(
            settle_d in 0_i64..=90, closing_h in 0.0..400.0_f64, age_h in 0.0..4000.0_f64, t in 0_i64..1_800_000_000_000
        ) {
            let params = Params { settle_d, closing_h, ..Params::default() };
            let now = Timestamp(t);
            let age_ms = (age_h * MS_PER_HOUR as f64) as i64;
            let end = Timestamp(now.0 - age_ms);
            let closed = age_ms >= params.closing_ms();
            let is_final = params.status(closed, end, now) == Status::Final;
            prop_assert!(is_final || end >= params.final_before(now));
            prop_assert!(params.facts_from(end).0 <= end.0 - 2 * params.lookback_d * MS_PER_DAY);
        }
    }

    #[test]
    fn parts_are_joined_in_the_order_of_the_table() {
        let row = |start: i64, mmsi: u32, other: Option<u32>| {
            let mut row = Row::new(&schema::IDENTITY);
            row.set("start", Timestamp(start))
                .set("kind", "handover")
                .set("mmsi", mmsi)
                .set("other_mmsi", other);
            row
        };
        let part = |rows: Vec<Row>| vec![Table::new(&schema::IDENTITY, rows)];
        let one = part(vec![row(1, 7, Some(8)), row(5, 1, None)]);
        let other = part(vec![row(1, 7, None), row(3, 1, None)]);
        let joined = joined(&[&schema::IDENTITY], vec![one, other]);
        let starts: Vec<_> = joined[0]
            .rows()
            .iter()
            .map(|r| (r.time("start"), r.mmsi("other_mmsi")))
            .collect();
        let at = |t| Some(Timestamp(t));
        assert_eq!(
            starts,
            [
                (at(1), None),
                (at(1), Some(8)),
                (at(3), None),
                (at(5), None)
            ]
        );
    }
}
