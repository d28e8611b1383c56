//! What ships claimed to be, over time.

use std::collections::{BTreeMap, BTreeSet};

use super::Params;
use crate::model::quantity::MS_PER_HOUR;
use crate::model::{Facts, Imo, StaticHistory, StaticRecord, Timestamp, UtcDay};

/// A value that an MMSI sent within one UTC day.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::assess) struct Claim<V> {
    pub first: Timestamp,
    pub last: Timestamp,
    pub count: u32,
    pub value: V,
    pub mmsi: u32,
}

/// Every value of a field that an MMSI sent, by time.
pub(super) fn claims<'a, V: Ord + 'a>(
    facts: &'a Facts,
    mmsi: u32,
    field: impl Fn(&'a StaticRecord) -> Option<V>,
) -> Vec<Claim<V>> {
    let history = facts.histories.get(&mmsi);
    history.map_or_else(Vec::new, |history| claims_in(history, mmsi, field))
}

/// The same of a history, which may be that of one of two hulls under the number.
pub(in crate::assess) fn claims_in<'a, V: Ord + 'a>(
    history: &'a StaticHistory,
    mmsi: u32,
    field: impl Fn(&'a StaticRecord) -> Option<V>,
) -> Vec<Claim<V>> {
    let all = history.receptions(Timestamp::MIN, Timestamp::MAX, field);
    all.into_iter()
        .map(|(first, last, heard, value)| Claim {
            first,
            last,
            count: heard.count(),
            value,
            mmsi,
        })
        .collect()
}

/// Claims within this time may be one slip, corrected; some formats repeat them on every row.
pub(super) const SLIP_MS: i64 = MS_PER_HOUR;
/// Messages that suffice if they come on two days.
const TWO_DAYS_COUNT: u32 = 4;

/// How many messages these claims are, if they are more than a slip: many for an hour, or some on each of two days.
pub(in crate::assess) fn sustained<'a, V: 'a>(
    claims: impl IntoIterator<Item = &'a Claim<V>>,
    params: &Params,
) -> Option<u32> {
    let mut days: BTreeSet<UtcDay> = BTreeSet::new();
    let (mut count, mut first, mut last) = (0, Timestamp::MAX, Timestamp::MIN);
    for claim in claims {
        count += claim.count;
        first = first.min(claim.first);
        last = last.max(claim.last);
        days.insert(claim.first.day());
    }
    let is_long = last.0 - first.0 >= SLIP_MS;
    let is_often = count >= params.min_messages || (days.len() >= 2 && count >= TWO_DAYS_COUNT);
    (is_long && is_often).then_some(count)
}

/// Numbers with a right check digit that no ship has: keyboards and examples.
const PLACEHOLDERS: [u32; 1] = [1_234_567];

/// The IMO number of a record, if a ship can have it.
pub(in crate::assess) fn valid_imo(record: &StaticRecord) -> Option<u32> {
    let imo = record.imo.and_then(Imo::new)?.number();
    (!PLACEHOLDERS.contains(&imo)).then_some(imo)
}

/// The MMSIs that sent each valid IMO number, where there are several.
pub(in crate::assess) fn claimants(facts: &Facts) -> BTreeMap<u32, Vec<u32>> {
    let mut all: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (mmsi, history) in &facts.histories {
        for imo in history.values(valid_imo) {
            all.entry(imo).or_default().push(*mmsi);
        }
    }
    all.retain(|_, mmsis| mmsis.len() > 1);
    all
}
