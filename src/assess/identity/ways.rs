//! Ways that no ship goes.

use super::claims::{claims, valid_imo};
use super::{Case, Finding, Kind};
use crate::model::presence::{Form, InlandRun};
use crate::model::quantity::{METRES_PER_NAUTICAL_MILE, MS_PER_HOUR};

/// Fixes at least a quarter of an hour apart that must lie inland.
const INLAND_FIXES: u32 = 4;

/// Circles and lines without noise.
pub(super) fn forms(case: &Case) -> Vec<Finding> {
    let forms = &case.facts.presence.forms;
    forms
        .iter()
        .map(|run| {
            let noise_m = f64::from(run.noise_dm) / 10.0;
            let miles = run.path_dm as f64 / 10.0 / METRES_PER_NAUTICAL_MILE;
            let (kind, form) = match run.form {
                Form::Circle => (
                    Kind::Circle,
                    format!(
                        "a circle of {:.0} m radius, {} degrees round",
                        f64::from(run.radius_dm) / 10.0,
                        run.swept_deg
                    ),
                ),
                Form::Line => (Kind::Line, "a straight line at one speed and course".to_owned()),
            };
            Finding {
                kind,
                mmsi: run.track.mmsi,
                other: None,
                imo: None,
                start: run.start,
                end: run.end,
                place: Some(run.place),
                detail: format!(
                    "{} positions over {:.1} h and {miles:.1} nm lie within {noise_m:.1} m (rms) of {form}",
                    run.fixes,
                    run.end.hours_since(run.start)
                ),
                known: None,
                closed: Some(run.closed),
            }
        })
        .collect()
}

/// Ships with an IMO number deep inside land that didn't sail there: a river that nobody listed is a river all the same.
pub(super) fn on_land(case: &Case) -> Vec<Finding> {
    let inland = &case.facts.presence.inland;
    inland.iter().filter_map(|run| inside(case, run)).collect()
}

fn inside(case: &Case, run: &InlandRun) -> Option<Finding> {
    if run.sailed_in || run.fixes < INLAND_FIXES || run.end.0 - run.start.0 < MS_PER_HOUR {
        return None;
    }
    let gazetteer = case.world.gazetteer;
    let (port, port_m) = gazetteer.nearest_port(run.place)?;
    if port_m < case.rules().port_clear_km * 1000.0 {
        return None;
    }
    let window = case.params.window(run.start, run.end);
    let imo = claims(case.facts, run.track.mmsi, valid_imo)
        .into_iter()
        .filter(|c| c.first >= window.from && c.first <= window.until)
        .max()
        .map(|c| c.value)?;
    Some(Finding {
        kind: Kind::OnLand,
        mmsi: run.track.mmsi,
        other: None,
        imo: Some(imo),
        start: run.start,
        end: run.end,
        place: Some(run.place),
        detail: format!(
            "{} positions at least a quarter of an hour apart lie {:.0} km inside land, {:.0} km from the nearest port ({})",
            run.fixes,
            -gazetteer.shore_distance_m(run.place) / 1000.0,
            port_m / 1000.0,
            port.name
        ),
        known: None,
        closed: Some(run.closed),
    })
}
