//! SETTLE: from facts and knowledge to rows that are read by people.
//!
//! In: [`Facts`]. Out: the event tables. Rule: an assessment reads facts and what was received from
//! `lookback_d` before an event's start to `settle_d` after its end, and nothing else, so it is the same
//! whether made that night or over the whole archive. A row is *open* until no later report can belong to
//! it, *settling* until `settle_d` after its end, then *final*.

mod across;
mod by_draught;
mod by_length;
mod cluster;
mod company;
mod confidence;
mod draughts;
mod encounters;
mod evidence;
mod gap;
mod gaps;
mod geometry;
mod identity;
mod kind;
mod lists;
mod occasion;
mod otherwise;
mod particulars;
mod period;
mod places;
mod port_calls;
mod raft;
mod rendezvous;
mod risk;
mod senders;
mod series;
mod singles;
mod spans;
mod state;
mod trust;
mod volume;
mod world;

use std::borrow::Cow;

use across::Across;
pub use gap::Params as GapParams;
pub use identity::Params as IdentityParams;
pub use kind::Params as KindParams;
use occasion::Occasion;
use otherwise::Otherwise;
pub use period::Done;
use period::Scope;
use places::Places;
use port_calls::Calls;
use rayon::prelude::*;
pub use risk::Params as RiskParams;
use serde::{Deserialize, Serialize};
pub use volume::{Estimate as Volume, Params as VolumeParams, between as volume_between};
pub use world::World;

use crate::model::param::within;
use crate::model::quantity::{MS_PER_DAY, MS_PER_HOUR};
use crate::model::{
    Facts, ParamError, StaticHistory, StaticRecord, Status, Table, Timestamp, schema,
};
use crate::reception;
use crate::rendezvous::Params as RendezvousParams;

/// Parameters of the assessment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Params {
    /// How far before an event knowledge of its parties is used, days.
    pub lookback_d: i64,
    /// How long after an event knowledge of its parties is used, days.
    pub settle_d: i64,
    /// How long after a contact a draught counts as the one it left, hours.
    pub draught_after_h: i64,
    /// Other ships that must have lain at a place for it to be a known berth or anchorage.
    pub known_place_ships: usize,
    /// Distance from a port's point within which a berth belongs to it, kilometres.
    pub port_km: f64,
    /// Longest shift between two stays of one call at a port, hours.
    pub port_shift_h: f64,
    /// Thresholds of kinds; a section of its own in the configuration.
    #[serde(skip)]
    pub kind: kind::Params,
    /// Thresholds of findings about identities; a section of its own in the configuration.
    #[serde(skip)]
    pub identity: identity::Params,
    /// How volumes are estimated; a section of its own in the configuration.
    #[serde(skip)]
    pub volume: volume::Params,
    /// Weights of the risk; a section of its own in the configuration.
    #[serde(skip)]
    pub risk: risk::Params,
    /// Who can have met unseen; a section of its own in the configuration.
    #[serde(skip)]
    pub rendezvous: RendezvousParams,
    /// Judgement of gaps; a section of its own.
    #[serde(skip)]
    pub gap: gap::Params,
    /// What is known of reception; a section of its own, that of the scan.
    #[serde(skip)]
    pub reception: reception::Params,
    /// By this time after its end the stages have closed an event (a track's last fix waits to be confirmed, an encounter
    /// to be joined by its next contact), hours; follows the stages.
    #[serde(skip)]
    pub closing_h: f64,
    /// Longest time between two fixes across which a ship is placed, seconds; follows the slot stage.
    #[serde(skip)]
    pub placed_s: i64,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            lookback_d: 90,
            settle_d: 7,
            draught_after_h: 48,
            known_place_ships: 5,
            port_km: 10.0,
            port_shift_h: 3.0,
            kind: kind::Params::default(),
            identity: identity::Params::default(),
            volume: volume::Params::default(),
            risk: risk::Params::default(),
            rendezvous: RendezvousParams::default(),
            gap: gap::Params::default(),
            reception: reception::Params::default(),
            closing_h: CLOSING_H,
            placed_s: 3600,
        }
    }
}

/// What [`Params::closing_h`] is at least.
const CLOSING_H: f64 = 48.0;

/// The window of knowledge of one event.
#[derive(Clone, Copy, Debug)]
struct Window {
    /// Start and end of the event.
    event: [Timestamp; 2],
    from: Timestamp,
    until: Timestamp,
    closed: Timestamp,
}

impl Window {
    /// What a history says of a ship about the event ([`StaticHistory::about`]).
    fn told<'a, T: Ord>(
        self,
        history: &'a StaticHistory,
        field: impl Fn(&'a StaticRecord) -> Option<T>,
    ) -> Option<T> {
        history.about(self.event, [self.from, self.until], field)
    }

    /// What happened until then is known at the window's end, and nothing later changes it.
    fn closed(self) -> Timestamp {
        self.closed
    }
}

impl Params {
    /// Holds every value to its range.
    ///
    /// # Errors
    /// On the first value out of range.
    pub fn validate(&self) -> Result<(), ParamError> {
        within("lookback_d", self.lookback_d, 1..=3650)?;
        within("settle_d", self.settle_d, 0..=90)?;
        within("draught_after_h", self.draught_after_h, 1..=720)?;
        within("known_place_ships", self.known_place_ships, 1..=100)?;
        within("port_km", self.port_km, 0.0..=100.0)?;
        within("port_shift_h", self.port_shift_h, 0.0..=72.0)
    }

    fn window(&self, start: Timestamp, end: Timestamp) -> Window {
        let until = end.0 + self.settle_d * MS_PER_DAY;
        Window {
            event: [start, end],
            from: Timestamp(start.0 - self.lookback_d * MS_PER_DAY),
            until: Timestamp(until),
            closed: Timestamp(until - self.closing_ms()),
        }
    }

    /// A contact of a ship as the event whose draughts are looked for; calls at berths are not yet taken out.
    fn contact(&self, window: Window, (start, end): (Timestamp, Timestamp)) -> Occasion {
        let until = Timestamp(end.0 + self.draught_after_h * MS_PER_HOUR).min(window.until);
        Occasion::new((start, end), self.volume.draught_early_h, until)
    }

    fn closing_ms(&self) -> i64 {
        (self.closing_h.max(CLOSING_H) * MS_PER_HOUR as f64) as i64
    }

    /// Final once the day is complete in which knowledge of it ends: what ships say of themselves is kept by UTC days.
    fn status(&self, closed: bool, end: Timestamp, complete_to: Timestamp) -> Status {
        self.status_at_least(0, closed, end, complete_to)
    }

    /// The same of what is not known before some days after its end, whatever `settle_d` is.
    fn status_at_least(
        &self,
        least_d: i64,
        closed: bool,
        end: Timestamp,
        complete_to: Timestamp,
    ) -> Status {
        let until = Timestamp(end.0 + self.settle_d.max(least_d) * MS_PER_DAY);
        if !closed {
            Status::Open
        } else if until.day().end() <= complete_to {
            Status::Final
        } else {
            Status::Settling
        }
    }
}

/// The event tables of these facts: encounters, loitering, gaps, rendezvous, identity, port calls, vessels, evidence.
pub fn assess(facts: Facts, world: &World, params: &Params) -> Vec<Table> {
    assess_since(facts, world, params, &Done::nothing())
}

/// The same without what was final before.
pub fn assess_since(facts: Facts, world: &World, params: &Params, done: &Done) -> Vec<Table> {
    let mut facts = prepared(facts, params);
    let mut tables = events(&facts, world, params, done);
    let encounters = std::mem::take(&mut facts.encounters).into_par_iter();
    let made = encounters.filter(|e| done.wants_ended(e.end));
    tables.push(evidence::table(made, &facts, params));
    tables
}

/// The same; the evidence, which rests on facts alone, is given away on this thread while the others judge events. Its samples
/// are held twice meanwhile.
pub fn assess_beside<R>(
    facts: Facts,
    world: &World,
    params: &Params,
    done: &Done,
    take: impl FnOnce(&Table) -> R,
) -> (Vec<Table>, R) {
    let facts = prepared(facts, params);
    let encounters = facts.encounters.par_iter();
    let made = encounters.filter(|e| done.wants_ended(e.end)).cloned();
    let evidence = evidence::table(made, &facts, params);
    let mut tables = Vec::new();
    let taken = rayon::in_place_scope(|scope| {
        scope.spawn(|_| tables = events(&facts, world, params, done));
        take(&evidence)
    });
    tables.push(evidence);
    (tables, taken)
}

/// Facts as they are judged.
fn prepared(facts: Facts, params: &Params) -> Facts {
    let mut facts = company::without_repeats(facts, params);
    facts.of_tracks = senders::told_apart(&facts);
    facts
}

/// All tables but for the evidence.
fn events(facts: &Facts, world: &World, params: &Params, done: &Done) -> Vec<Table> {
    let of_periods = period::periods(facts, done).into_iter().map(|period| {
        let scope = Scope::new(period, facts, params, done);
        let of_period = if facts.lie_within(&scope.needs) {
            Cow::Borrowed(facts)
        } else {
            Cow::Owned(facts.within(&scope.needs, scope.judged_from))
        };
        judge(&of_period, &scope, world, params)
    });
    let parts = of_periods.collect();
    let schemas = [
        &schema::ENCOUNTERS,
        &schema::LOITERING,
        &schema::GAPS,
        &schema::RENDEZVOUS,
        &schema::IDENTITY,
        &schema::PORT_CALLS,
        &schema::VESSELS,
    ];
    period::joined(&schemas, parts)
}

/// The tables of a period but for the evidence, in the order of [`assess`].
fn judge(facts: &Facts, scope: &Scope, world: &World, params: &Params) -> Vec<Table> {
    let places = Places::new(facts, world, params);
    let calls = Calls::new(facts, &places, params);
    let across = Across::new(facts, &calls, params);
    // Tables are judged side by side: each reads facts, none reads another's rows, but for the silences that a
    // rendezvous asks about.
    let silences = || {
        let otherwise = Otherwise::new(facts, world, params);
        let (gaps, intentional) = gaps::table(facts, scope, &places, params, &otherwise);
        let rendezvous = rendezvous::table(
            facts,
            scope,
            world,
            params,
            &across,
            &intentional,
            &otherwise,
        );
        (gaps, rendezvous)
    };
    let ships = || {
        let loitering = singles::loitering(facts, scope, &places, params);
        let vessels = singles::vessels(facts, scope, world, params);
        (loitering, vessels)
    };
    let ((encounters, identity), ((gaps, rendezvous), (loitering, vessels))) = rayon::join(
        || {
            rayon::join(
                || encounters::table(facts, scope, &places, &calls, params),
                || identity::table(facts, scope, world, params),
            )
        },
        || rayon::join(silences, ships),
    );
    let port_calls = calls.table(facts, scope, params);
    let mut tables = vec![
        encounters, loitering, gaps, rendezvous, identity, port_calls, vessels,
    ];
    confidence::fill(&mut tables);
    risk::fill(&mut tables, scope, facts, world, params, &across);
    // What was judged because others refer to it has told what it had to tell.
    for table in &mut tables {
        table.retain(|row| scope.keeps(row));
    }
    tables
}
