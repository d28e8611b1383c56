//! Outlines of GeoJSON (RFC 7946) as polygons whose longitudes run on across the antimeridian.
//!
//! In: a geometry. Out: its polygons, or what is wrong with it. Rule: the RFC has edges that are straight in the
//! coordinates, and asks for a ring across the antimeridian to be cut there. Many files aren't cut, and go on at the
//! other end of the range. So an edge of up to half a turn is as written, and one of a whole turn (`-180` to `180`)
//! too. One of 270 degrees and more (`179` to `-179`) is taken the short way if the ring, read so, runs as the RFC
//! asks: counter-clockwise, a hole clockwise. Where nothing tells which way is meant, the ring is refused.

use geo::{Coord, LineString, MultiPolygon, Polygon};
use serde_json::Value;

/// The polygons of a geometry.
///
/// # Errors
/// What is wrong, and what would be right.
pub(super) fn outline_of_geometry(geometry: &Value) -> Result<MultiPolygon, String> {
    let coordinates = &geometry["coordinates"];
    match geometry["type"].as_str() {
        Some("Polygon") => Ok(MultiPolygon(vec![polygon(coordinates)?])),
        Some("MultiPolygon") => {
            let polygons = list(coordinates, "polygons")?;
            let polygons: Vec<_> = polygons.iter().map(polygon).collect::<Result<_, _>>()?;
            if polygons.is_empty() {
                return Err("its MultiPolygon is empty".to_owned());
            }
            Ok(MultiPolygon(polygons))
        }
        Some(other) => Err(format!(
            "its geometry is a {other}, not a Polygon or MultiPolygon"
        )),
        None => Err("it has no geometry".to_owned()),
    }
}

fn polygon(rings: &Value) -> Result<Polygon, String> {
    let mut rings = list(rings, "rings")?.iter();
    let exterior = ring(rings.next().ok_or("a polygon has no ring")?, Part::Exterior)?;
    let (west, east) = span(&exterior);
    let part = if east - west > 180.0 {
        Part::Hole
    } else {
        Part::NarrowHole
    };
    let holes = rings
        .map(|r| Ok(beside(ring(r, part)?, &exterior)))
        .collect::<Result<Vec<_>, String>>()?;
    Ok(Polygon::new(exterior, holes))
}

/// Least and greatest longitude.
fn span(ring: &LineString) -> (f64, f64) {
    let x = |c: &Coord| c.x;
    let low = ring.coords().map(x).fold(f64::INFINITY, f64::min);
    (low, ring.coords().map(x).fold(f64::NEG_INFINITY, f64::max))
}

/// The hole moved by whole turns to where its exterior ring runs.
fn beside(hole: LineString, exterior: &LineString) -> LineString {
    let ((low, high), (west, east)) = (span(&hole), span(exterior));
    let turns = [0.0, 360.0, -360.0, 720.0, -720.0];
    let inside = |turn: &f64| low + turn >= west && high + turn <= east;
    let turn_deg = turns.into_iter().find(inside).unwrap_or(0.0);
    let moved = hole.coords().map(|c| Coord {
        x: c.x + turn_deg,
        y: c.y,
    });
    LineString(moved.collect())
}

/// What a ring is to its polygon.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Exterior,
    Hole,
    /// In an exterior ring of at most half a turn: only the short way lies inside.
    NarrowHole,
}

/// From this on an edge that is written across the whole range may well be one across the antimeridian: the ends
/// are within a quarter of a turn of each other, degrees.
const CROSSING_DEG: f64 = 270.0;

/// Reads a ring with running longitudes.
fn ring(positions: &Value, part: Part) -> Result<LineString, String> {
    let mut written: Vec<Coord> = Vec::new();
    for position in list(positions, "positions")? {
        let number = |i: usize| position.get(i).and_then(Value::as_f64);
        let (Some(lon), Some(lat)) = (number(0), number(1)) else {
            return Err(format!("{position} isn't a position [longitude, latitude]"));
        };
        if !(-360.0..=360.0).contains(&lon) || !(-90.0..=90.0).contains(&lat) {
            return Err(format!(
                "[{lon}, {lat}] is no place on Earth: longitude comes first, both in degrees"
            ));
        }
        written.push(Coord { x: lon, y: lat });
    }
    if written.len() < 4 {
        return Err("a ring has fewer than four positions".to_owned());
    }
    let edges = || written.windows(2).map(|e| [e[0].x, e[1].x]);
    let length = |[a, b]: [f64; 2]| (b - a).abs();
    let either_way = |[a, b]: [f64; 2], why: &str| {
        format!(
            "an edge from longitude {a} to {b} spans {} degrees, and may be meant either way round{why}: \
             put a position between its ends if it is meant as it stands, or add 360 to the smaller \
             longitudes of the ring if it is meant the short way",
            length([a, b])
        )
    };
    let unclear = |l: f64| (l > 180.0 && l < CROSSING_DEG) || l > 360.0;
    if let Some(edge) = edges().find(|e| unclear(length(*e))) {
        return Err(either_way(edge, ""));
    }
    let long = edges().find(|e| length(*e) > 180.0 && length(*e) != 360.0);
    let mut coords = running(&written);
    match long {
        Some(edge) if is_closed(&coords) && !winds(&coords, part) => {
            return Err(either_way(
                edge,
                &format!(" (read the short way the ring runs {})", part.wrong_way()),
            ));
        }
        Some(_) => {}
        // A whole turn, unless the ring is a proper one without it and isn't with it: one that
        // goes round the antimeridian by way of both its names, 180 and -180.
        None if edges().any(|e| length(e) == 360.0) => {
            let crosses = is_closed(&coords) && winds(&coords, part) && !winds(&written, part);
            if !crosses && is_closed(&written) {
                coords = written;
            }
        }
        None => {}
    }
    let (first, last) = (coords[0], coords[coords.len() - 1]);
    if (first.x - last.x).abs() > 359.0 && first.y == last.y {
        return Err("a ring goes round a pole or the Earth: cut it into two".to_owned());
    }
    if !is_closed(&coords) {
        return Err("a ring isn't closed: its last position must equal its first".to_owned());
    }
    // Sums of differences are off by a rounding error; what is closed stays closed.
    let end = coords.len() - 1;
    coords[end] = first;
    Ok(LineString(coords))
}

/// The positions with every edge of more than half a turn taken the short way round.
fn running(written: &[Coord]) -> Vec<Coord> {
    let mut turn_deg = 0.0;
    let mut before = written[0].x;
    let run = written.iter().map(|c| {
        let step = c.x - before;
        before = c.x;
        if step.abs() > 180.0 {
            turn_deg -= 360.0 * step.signum();
        }
        Coord {
            x: c.x + turn_deg,
            y: c.y,
        }
    });
    run.collect()
}

fn is_closed(ring: &[Coord]) -> bool {
    let (first, last) = (ring[0], ring[ring.len() - 1]);
    (first.x - last.x).abs() <= 1e-9 && first.y == last.y
}

/// Whether a closed ring has an area and runs about it as RFC 7946 asks.
fn winds(ring: &[Coord], part: Part) -> bool {
    // Twice the area in square degrees; positive where it runs counter-clockwise.
    let area: f64 = ring
        .windows(2)
        .map(|e| e[0].x * e[1].y - e[1].x * e[0].y)
        .sum();
    match part {
        Part::Exterior => area > 1e-9,
        Part::Hole => area < -1e-9,
        Part::NarrowHole => area.abs() > 1e-9,
    }
}

impl Part {
    /// How a ring shouldn't run.
    fn wrong_way(self) -> &'static str {
        match self {
            Self::Exterior => "clockwise",
            Self::Hole | Self::NarrowHole => "counter-clockwise",
        }
    }
}

fn list<'a>(value: &'a Value, what: &str) -> Result<&'a Vec<Value>, String> {
    value
        .as_array()
        .ok_or_else(|| format!("its coordinates have no list of {what}"))
}
