//! Land for the map: fine where events are, coarse elsewhere.

use std::collections::BTreeSet;

/// Land within this many cells of an event keeps every vertex; cells are a degree wide.
const NEAR_CELLS: i32 = 1;
/// Elsewhere vertices nearer to the last one than this are left out, degrees: a pixel on a map of the world.
const COARSE_DEG: f64 = 0.12;
/// Units in a degree: a vertex is off by up to 55 m, far within the coastline's own error of a kilometre.
const UNITS: f64 = 1000.0;

/// The rings in thousandths of a degree: first the first vertex, then differences, longitude before latitude.
pub(super) fn near(rings: &[Vec<[f64; 2]>], places: &[[f64; 2]]) -> Vec<Vec<i64>> {
    let cells: BTreeSet<[i32; 2]> = places
        .iter()
        .map(cell)
        .flat_map(|[x, y]| {
            let steps = -NEAR_CELLS..=NEAR_CELLS;
            steps.clone().flat_map(move |dx| {
                steps
                    .clone()
                    .map(move |dy| [(x + dx).rem_euclid(360), y + dy])
            })
        })
        .collect();
    rings
        .iter()
        .filter_map(|ring| thinned(ring, &cells))
        .map(|ring| differences(&ring))
        .collect()
}

fn cell(place: &[f64; 2]) -> [i32; 2] {
    [
        (place[0].floor() as i32).rem_euclid(360),
        place[1].floor() as i32,
    ]
}

/// The ring without what can't be seen; `None` if nothing is left of it.
fn thinned(ring: &[[f64; 2]], cells: &BTreeSet<[i32; 2]>) -> Option<Vec<[f64; 2]>> {
    let mut kept: Vec<[f64; 2]> = Vec::new();
    for vertex in ring {
        let far = |last: &[f64; 2]| {
            (vertex[0] - last[0]).abs().max((vertex[1] - last[1]).abs()) >= COARSE_DEG
        };
        if kept.last().is_none_or(far) || cells.contains(&cell(vertex)) {
            kept.push(*vertex);
        }
    }
    // A ring that runs round the pole is closed over it.
    if let (Some(first), Some(last)) = (kept.first().copied(), kept.last().copied())
        && (last[0] - first[0]).abs() > 300.0
    {
        let pole = 90f64.copysign(first[1]);
        kept.extend([[last[0], pole], [first[0], pole]]);
    }
    (kept.len() >= 3).then_some(kept)
}

fn differences(ring: &[[f64; 2]]) -> Vec<i64> {
    let mut last = [0i64; 2];
    let mut out = Vec::with_capacity(2 * ring.len());
    for vertex in ring {
        let at = vertex.map(|degrees| (degrees * UNITS).round() as i64);
        out.extend([at[0] - last[0], at[1] - last[1]]);
        last = at;
    }
    out
}
