//! The coastline: distance to it, and which side of it a place lies on.
//!
//! The coast is a set of polylines of short great-circle arcs between n-vectors. Distance: an R*-tree over
//! boxes (in space, so without seams) round runs of up to [`RUN`] arcs, whose box distance is a lower
//! bound, then the exact distance to each arc of the few runs that remain. Side: the number of arcs that
//! the meridian crosses on its way from the place to the North Pole, which is sea.

use rstar::{AABB, PointDistance, RTree, RTreeObject};

use crate::geodesy::{EARTH_RADIUS_M, chord_of_arc, cross, dot, n_vector};
use crate::model::LonLat;

/// Land of Natural Earth 1:10m, version 4.1 (origin, licence and format: `data/README.md`, `data/build.py`).
pub(super) static LAND: &[u8] = include_bytes!("../../data/land.bin");

/// Arcs per leaf of the tree: large enough to keep the tree small, small enough to scan.
const RUN: usize = 12;
/// Width of the meridional strips in which arcs are looked up, in 1e-7 degrees: about the length of an arc.
const STRIP_E7: i64 = 200_000;
const STRIPS: usize = 18_000;

/// A vertex of the coastline.
#[derive(Clone, Copy, Debug)]
pub(super) struct Vertex {
    /// Longitude in degrees, [-180, 180).
    pub lon: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// Unit vector from the Earth's centre.
    pub n: [f64; 3],
}

/// A run of arcs: vertices `first..=last` of the same polyline, and the box that holds the arcs.
struct Run {
    first: u32,
    last: u32,
    low: [f64; 3],
    high: [f64; 3],
}

impl RTreeObject for Run {
    type Envelope = AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        AABB::from_corners(self.low, self.high)
    }
}

impl PointDistance for Run {
    /// A lower bound: the squared chord to the box.
    fn distance_2(&self, point: &[f64; 3]) -> f64 {
        (0..3)
            .map(|i| {
                (self.low[i] - point[i])
                    .max(point[i] - self.high[i])
                    .max(0.0)
            })
            .map(|d| d * d)
            .sum()
    }
}

/// The coastline of the world.
pub(super) struct Coast {
    vertices: Vec<Vertex>,
    /// Whether an arc leads from this vertex to the next.
    joined: Vec<bool>,
    runs: RTree<Run>,
    /// Arcs by strip: those of strip `i` are `strip_arcs[strip_start[i]..strip_start[i + 1]]`.
    strip_start: Vec<u32>,
    strip_arcs: Vec<u32>,
}

impl Coast {
    /// The coastline that is built in.
    pub fn builtin() -> Self {
        // The bytes are part of the program, and a test decodes them: damage is a fault of the build.
        decode(LAND).expect("land.bin is damaged: run data/build.py")
    }

    fn new(vertices: Vec<Vertex>, joined: Vec<bool>) -> Self {
        let (strip_start, strip_arcs) = strips(&vertices, &joined);
        let runs = RTree::bulk_load(runs(&vertices, &joined));
        Self {
            vertices,
            joined,
            runs,
            strip_start,
            strip_arcs,
        }
    }

    /// The ends of every arc.
    pub fn arcs(&self) -> impl Iterator<Item = (&Vertex, &Vertex)> {
        (0..self.vertices.len())
            .filter(|i| self.joined[*i])
            .map(|i| (&self.vertices[i], &self.vertices[i + 1]))
    }

    /// Great-circle distance to the nearest coastline in metres, from either side.
    pub fn distance_m(&self, place: LonLat) -> f64 {
        let n = n_vector(place);
        let mut best = f64::INFINITY;
        for (run, bound) in self.runs.nearest_neighbor_iter_with_distance_2(n) {
            if bound >= best {
                break;
            }
            best = best.min(self.chord_2(n, run));
        }
        arc_of_chord_2(best)
    }

    /// Whether a coastline lies within this many metres.
    pub fn within(&self, place: LonLat, limit_m: f64) -> bool {
        let (n, limit) = (n_vector(place), chord_of_arc(limit_m).powi(2));
        let mut near = self.runs.locate_within_distance(n, limit);
        near.any(|run| self.chord_2(n, run) <= limit)
    }

    /// Squared chord from a unit vector to the nearest arc of a run.
    fn chord_2(&self, n: [f64; 3], run: &Run) -> f64 {
        let vertices = &self.vertices[run.first as usize..=run.last as usize];
        let arcs = vertices.windows(2);
        arcs.map(|arc| chord_2_to_arc(n, arc[0].n, arc[1].n))
            .fold(f64::INFINITY, f64::min)
    }

    /// Whether the place is on land; lakes are land, the Caspian Sea isn't.
    pub fn on_land(&self, place: LonLat) -> bool {
        let lat = place.lat();
        // From north to south: what ends south of the place can't be crossed on the way to the pole.
        let crossings = self
            .strip(place.lon_e7())
            .take_while(|(a, b)| a.lat.max(b.lat) > lat)
            .filter(|(a, b)| crossing_lat(place.lon(), a, b).is_some_and(|c| c > lat));
        crossings.count() % 2 == 1
    }

    /// The arcs that touch the strip of a meridian, by their northern ends from north to south.
    fn strip(&self, lon_e7: i32) -> impl Iterator<Item = (&Vertex, &Vertex)> {
        let strip = ((i64::from(lon_e7) + 180 * 10_000_000) / STRIP_E7) as usize % STRIPS;
        let range = self.strip_start[strip] as usize..self.strip_start[strip + 1] as usize;
        self.strip_arcs[range]
            .iter()
            .map(|i| (&self.vertices[*i as usize], &self.vertices[*i as usize + 1]))
    }

    /// The latitudes at which a meridian crosses the coast, from north to south.
    pub fn crossings(&self, lon_e7: i32) -> Vec<f64> {
        let lon = f64::from(lon_e7) / 1e7;
        let mut lats: Vec<f64> = self
            .strip(lon_e7)
            .filter_map(|(a, b)| crossing_lat(lon, a, b))
            .collect();
        lats.sort_by(|a, b| b.total_cmp(a));
        lats
    }
}

/// Degrees in [-180, 180) that differ from `lon` by whole turns, for `lon` in [-540, 540).
fn wrapped(lon: f64) -> f64 {
    if lon < -180.0 {
        lon + 360.0
    } else if lon >= 180.0 {
        lon - 360.0
    } else {
        lon
    }
}

/// The latitude at which an arc crosses a meridian, if it does. A vertex on the meridian counts as east of
/// it, so that a coast that passes it there crosses once, and one that turns there never or twice.
/// Linear in longitude and latitude: arcs are so short that it differs from the great circle by less than
/// the coast is generalised.
fn crossing_lat(lon: f64, a: &Vertex, b: &Vertex) -> Option<f64> {
    let (from, to) = (wrapped(a.lon - lon), wrapped(b.lon - lon));
    // On the far side of the Earth the signs differ as well.
    if (from < 0.0) == (to < 0.0) || (from - to).abs() > 180.0 {
        return None;
    }
    Some(a.lat + (b.lat - a.lat) * from / (from - to))
}

/// Squared chord from a unit vector to the nearest point of the arc between two others.
fn chord_2_to_arc(p: [f64; 3], a: [f64; 3], b: [f64; 3]) -> f64 {
    let normal = cross(a, b);
    let length_2 = dot(normal, normal);
    // The nearest point of the great circle lies on the arc if it is past neither end.
    if length_2 > 0.0
        && dot(cross(normal, a), p) >= 0.0
        && dot(cross(b, normal), p) >= 0.0
        // ... and on this side of the Earth.
        && dot(p, a) > 0.0
    {
        let sine = dot(normal, p);
        let sine_2 = (sine * sine / length_2).min(1.0);
        // 2 (1 - cos), without the loss near zero.
        return 2.0 * sine_2 / (1.0 + (1.0 - sine_2).sqrt());
    }
    chord_2(p, a).min(chord_2(p, b))
}

fn arc_of_chord_2(chord_2: f64) -> f64 {
    2.0 * (chord_2.sqrt() / 2.0).min(1.0).asin() * EARTH_RADIUS_M
}

fn chord_2(a: [f64; 3], b: [f64; 3]) -> f64 {
    let d = [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
    dot(d, d)
}

/// Cuts the polylines into runs.
fn runs(vertices: &[Vertex], joined: &[bool]) -> Vec<Run> {
    let mut runs = Vec::new();
    let mut first = 0;
    while first < vertices.len() {
        let mut last = first;
        while last - first < RUN && joined[last] {
            last += 1;
        }
        if last == first {
            first += 1;
            continue;
        }
        let run = &vertices[first..=last];
        let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
        for vertex in run {
            for i in 0..3 {
                low[i] = low[i].min(vertex.n[i]);
                high[i] = high[i].max(vertex.n[i]);
            }
        }
        // An arc rises above its chord by the square of its length over eight radii.
        let rise = run
            .windows(2)
            .map(|arc| chord_2(arc[0].n, arc[1].n) / 8.0)
            .fold(0.0, f64::max)
            * 1.01;
        runs.push(Run {
            first: first as u32,
            last: last as u32,
            low: low.map(|x| x - rise),
            high: high.map(|x| x + rise),
        });
        first = last;
    }
    runs
}

/// Sorts the arcs into meridional strips.
fn strips(vertices: &[Vertex], joined: &[bool]) -> (Vec<u32>, Vec<u32>) {
    let of_arc = |i: usize| {
        let (a, b) = (&vertices[i], &vertices[i + 1]);
        let step = wrapped(b.lon - a.lon);
        let west = if step < 0.0 { a.lon + step } else { a.lon };
        // A hair wider, so that rounding can't put a meridian into a strip without its arc.
        let to_strip = |lon: f64| ((lon + 180.0) * 1e7 / STRIP_E7 as f64).floor() as i64;
        let (from, to) = (to_strip(west - 1e-9), to_strip(west + step.abs() + 1e-9));
        (from..=to).map(|s| s.rem_euclid(STRIPS as i64) as usize)
    };
    let arcs = || (0..vertices.len()).filter(|i| joined[*i]);
    let mut start = vec![0u32; STRIPS + 1];
    for i in arcs() {
        for strip in of_arc(i) {
            start[strip + 1] += 1;
        }
    }
    for i in 0..STRIPS {
        start[i + 1] += start[i];
    }
    let mut next = start.clone();
    let mut list = vec![0u32; start[STRIPS] as usize];
    for i in arcs() {
        for strip in of_arc(i) {
            list[next[strip] as usize] = i as u32;
            next[strip] += 1;
        }
    }
    let north = |i: u32| vertices[i as usize].lat.max(vertices[i as usize + 1].lat);
    for strip in start.windows(2) {
        list[strip[0] as usize..strip[1] as usize]
            .sort_by(|a, b| north(*b).total_cmp(&north(*a)).then(a.cmp(b)));
    }
    (start, list)
}

/// The rings of `land.bin` on its grid, unrolled: longitudes run on where a ring crosses the antimeridian.
struct Grid {
    /// Degrees are grid times scale plus offset: scale and offset of longitude.
    lon: [f64; 2],
    /// The same of latitude.
    lat: [f64; 2],
    /// Longitude and latitude of every vertex; the first isn't repeated.
    rings: Vec<Vec<[i64; 2]>>,
}

impl Grid {
    fn degrees(&self, [x, y]: [i64; 2]) -> [f64; 2] {
        [
            x as f64 * self.lon[0] + self.lon[1],
            y as f64 * self.lat[0] + self.lat[1],
        ]
    }

    /// Steps round the Earth.
    fn turn(&self) -> i64 {
        (360.0 / self.lon[0]).round() as i64
    }

    /// Reads the file; its format is described in `data/build.py`.
    fn read(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(b"LAND1\0\0\0")?;
        let mut take = |n: usize| {
            let (head, tail) = rest.split_at_checked(n)?;
            rest = tail;
            Some(head)
        };
        let mut float = || Some(f64::from_le_bytes(take(8)?.try_into().ok()?));
        let mut grid = Self {
            lon: [float()?, float()?],
            lat: [float()?, float()?],
            rings: Vec::new(),
        };
        let rings = u32::from_le_bytes(take(4)?.try_into().ok()?);
        let mut varint = || {
            let mut n = 0u64;
            for shift in (0..63).step_by(7) {
                let (byte, tail) = rest.split_first()?;
                rest = tail;
                n |= u64::from(byte & 0x7f) << shift;
                if byte & 0x80 == 0 {
                    return Some((n >> 1) as i64 ^ -((n & 1) as i64));
                }
            }
            None
        };
        let turn = grid.turn();
        let mut first = [0i64; 2];
        for _ in 0..rings {
            let mut ring: Vec<[i64; 2]> = Vec::new();
            let mut last = first;
            for i in 0..varint()? {
                last = [last[0] + varint()?, last[1] + varint()?];
                if i == 0 {
                    last[0] = last[0].rem_euclid(turn);
                }
                ring.push(last);
            }
            first = *ring.first()?;
            grid.rings.push(ring);
        }
        rest.is_empty().then_some(grid)
    }
}

/// Land as rings of longitude and latitude in degrees; longitudes run on across the antimeridian, where
/// some polygons are cut.
pub(super) fn land() -> Vec<Vec<[f64; 2]>> {
    let grid = Grid::read(LAND).expect("land.bin is damaged: run data/build.py");
    let degrees = |ring: &Vec<[i64; 2]>| ring.iter().map(|at| grid.degrees(*at)).collect();
    grid.rings.iter().map(degrees).collect()
}

/// The coast of these rings.
fn decode(bytes: &[u8]) -> Option<Coast> {
    let grid = Grid::read(bytes)?;
    let turn = grid.turn();
    let vertex = |at: [i64; 2]| {
        let [lon, lat] = grid.degrees(at);
        let (sin_lat, cos_lat) = lat.to_radians().sin_cos();
        let (sin_lon, cos_lon) = lon.to_radians().sin_cos();
        let n = [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat];
        Vertex { lon, lat, n }
    };
    let (mut vertices, mut joined) = (Vec::new(), Vec::new());
    for ring in &grid.rings {
        let at = |i: usize| {
            let [x, y] = ring[i % ring.len()];
            [x.rem_euclid(turn), y]
        };
        for i in 0..=ring.len() {
            vertices.push(vertex(at(i)));
            // Along the antimeridian the polygons are cut apart: that isn't a coast.
            let cut = |i: usize| at(i)[0] == 0;
            joined.push(i < ring.len() && !(cut(i) && cut(i + 1)));
        }
    }
    Some(Coast::new(vertices, joined))
}

#[cfg(test)]
mod tests;
