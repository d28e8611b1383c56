//! Two tracks of one MMSI that take turns.

use serde::{Deserialize, Serialize};

use super::Params;
use super::reach::reachable;
use crate::geodesy::{decimetres, near_distance_m};
use crate::model::presence::Rivalry;
use crate::model::{Fix, Timestamp, TrackId};

/// Pairs of tracks that are counted in one day; an MMSI with more is in use by a crowd, which these show.
const MAX_PAIRS: usize = 8;

/// Turns of the tracks of one MMSI, under way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Rivals {
    last: Option<(TrackId, Fix)>,
    today: Vec<Rivalry>,
}

impl Rivals {
    /// Takes in the next fix of the MMSI that belongs to a track.
    pub(super) fn heard(
        &mut self,
        track: TrackId,
        fix: &Fix,
        params: &Params,
        out: &mut Vec<Rivalry>,
    ) {
        self.expire(fix.t.day().start(), out);
        let before = self.last.replace((track, *fix));
        let Some((other, last)) = before.filter(|(t, _)| *t != track) else {
            return;
        };
        if reachable(&last, fix, params) {
            return;
        }
        let apart_dm = decimetres(near_distance_m(last.place, fix.place));
        let (one, other) = (track.min(other), track.max(other));
        let known = self
            .today
            .iter_mut()
            .find(|r| (r.one, r.other) == (one, other));
        if let Some(known) = known {
            known.turns += 1;
            known.last = *fix;
            known.least_dm = known.least_dm.min(apart_dm);
            known.greatest_dm = known.greatest_dm.max(apart_dm);
        } else if self.today.len() < MAX_PAIRS {
            self.today.push(Rivalry {
                one,
                other,
                turns: 1,
                first: last,
                last: *fix,
                least_dm: apart_dm,
                greatest_dm: apart_dm,
            });
        }
    }

    /// Hands on what no fix from `complete_to` on can add to.
    pub(super) fn expire(&mut self, complete_to: Timestamp, out: &mut Vec<Rivalry>) {
        let is_over = |r: &Rivalry| r.last.t.day().end() <= complete_to;
        out.extend(self.today.iter().filter(|r| is_over(r)).cloned());
        self.today.retain(|r| !is_over(r));
    }
}
