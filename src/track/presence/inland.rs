//! Stretches of a track deep inside land.

use serde::{Deserialize, Serialize};

use crate::geodesy::near_distance_m;
use crate::model::presence::InlandRun;
use crate::model::quantity::MPS_PER_KNOT;
use crate::model::{Fix, TrackId};

/// Greatest speed at which a ship sails into land, knots.
const MAX_KN: f64 = 30.0;

/// The stretch that is under way, and the last fix outside.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct State {
    run: Option<InlandRun>,
    outside: Option<Fix>,
}

impl State {
    /// Takes in the next fix that was looked up.
    pub(super) fn take(
        &mut self,
        track: TrackId,
        fix: &Fix,
        is_inland: bool,
        out: &mut Vec<InlandRun>,
    ) {
        if !is_inland {
            self.finish(track, true, out);
            self.outside = Some(*fix);
        } else if let Some(run) = &mut self.run {
            run.end = fix.t;
            run.fixes += 1;
        } else {
            let sailed_in = self.outside.is_some_and(|from| {
                let kn = near_distance_m(from.place, fix.place)
                    / fix.t.seconds_since(from.t).max(1.0)
                    / MPS_PER_KNOT;
                kn <= MAX_KN
            });
            self.run = Some(InlandRun {
                track,
                start: fix.t,
                end: fix.t,
                closed: false,
                fixes: 1,
                place: fix.place,
                sailed_in,
            });
        }
    }

    /// Says what is under way.
    pub(super) fn finish(&mut self, track: TrackId, closed: bool, out: &mut Vec<InlandRun>) {
        out.extend(self.run.take().map(|run| InlandRun {
            track,
            closed,
            ..run
        }));
    }
}
