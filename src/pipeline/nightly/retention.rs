//! How long events are kept.

use crate::config::Config;
use crate::error::Error;
use crate::model::Timestamp;
use crate::model::quantity::MS_PER_DAY;
use crate::store::{CHECKPOINT_DAYS, Store};

/// The fewest days that events can be kept: as far as the judgement of an event may reach, and as far as the store can
/// go back.
fn least_d(config: &Config) -> i64 {
    let (assess, rendezvous) = (&config.assess, &config.rendezvous);
    assess.lookback_d + assess.settle_d + rendezvous.max_dark_d + CHECKPOINT_DAYS as i64
}

/// Refuses to keep less than the rules look back on.
///
/// # Errors
/// If it is less.
pub(super) fn check(config: &Config, days: u32) -> Result<(), Error> {
    let least = least_d(config);
    if i64::from(days) >= least {
        return Ok(());
    }
    Err(Error::Request {
        flag: "--retention",
        reason: format!(
            "{days} days are fewer than the rules look back on; give at least {least} (assess.lookback_d + \
             assess.settle_d + rendezvous.max_dark_d, and {CHECKPOINT_DAYS} days that the store can go back)"
        ),
    })
}

/// Removes what ended more than so many days before the end of what is taken in; returns how many events.
///
/// # Errors
/// If the store can't be written; what was taken in stays.
pub(super) fn apply(
    config: &Config,
    store: &mut Store,
    days: u32,
    run: Option<i64>,
) -> Result<u64, Error> {
    let Some(at) = store.complete_to()? else {
        return Ok(0);
    };
    let before = Timestamp(at.0 - i64::from(days) * MS_PER_DAY);
    let reach_ms = least_d(config) * MS_PER_DAY;
    let night = store.begin()?;
    let removed = night.forget(before, reach_ms, run)?;
    night.commit()?;
    if removed > 0 {
        store.give_back()?;
    }
    Ok(removed)
}
