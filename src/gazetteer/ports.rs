//! Ports of the world.

use rstar::{PointDistance, RTree, RTreeObject};

use crate::geodesy::{distance_m, n_vector};
use crate::model::LonLat;

/// The World Port Index (origin and licence: `data/README.md`).
pub(super) static PORTS: &str = include_str!("../../data/ports.csv");

/// A port of the World Port Index (NGA publication 150).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Port {
    /// Name.
    pub name: &'static str,
    /// Country or territory, in English.
    pub country: &'static str,
    /// Where; given to a minute of arc.
    pub place: LonLat,
}

/// A port in space: the tree knows no antimeridian.
struct Berth {
    n: [f64; 3],
    port: u32,
}

impl RTreeObject for Berth {
    type Envelope = rstar::AABB<[f64; 3]>;

    fn envelope(&self) -> Self::Envelope {
        rstar::AABB::from_point(self.n)
    }
}

impl PointDistance for Berth {
    fn distance_2(&self, point: &[f64; 3]) -> f64 {
        (0..3).map(|i| (self.n[i] - point[i]).powi(2)).sum()
    }
}

/// All ports, findable by place.
pub(super) struct Ports {
    ports: Vec<Port>,
    tree: RTree<Berth>,
}

impl Ports {
    /// The ports that are built in.
    pub fn builtin() -> Self {
        let ports: Vec<Port> = PORTS.lines().skip(1).filter_map(port_of_line).collect();
        let tree = RTree::bulk_load(
            ports
                .iter()
                .zip(0..)
                .map(|(p, port)| Berth {
                    n: n_vector(p.place),
                    port,
                })
                .collect(),
        );
        Self { ports, tree }
    }

    /// The nearest port and the distance to it in metres; of several at one place, the first of the index.
    pub fn nearest(&self, place: LonLat) -> Option<(&Port, f64)> {
        let nearest = self.tree.nearest_neighbors(&n_vector(place));
        let port = nearest.iter().map(|b| b.port).min()?;
        let port = self.ports.get(port as usize)?;
        Some((port, distance_m(port.place, place)))
    }
}

/// `wpi,name,country,size,lon,lat`, without quotes.
fn port_of_line(line: &'static str) -> Option<Port> {
    let mut cells = line.split(',');
    let mut next = || cells.next();
    let (_wpi, name, country, _size) = (next()?, next()?, next()?, next()?);
    let place = LonLat::from_degrees(next()?.parse().ok()?, next()?.parse().ok()?)?;
    cells.next().is_none().then_some(Port {
        name,
        country,
        place,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_port() {
        let ports = Ports::builtin();
        assert_eq!(ports.ports.len(), PORTS.lines().count() - 1);
    }

    #[test]
    fn the_nearest_is_that_of_a_search_through_all() {
        let ports = Ports::builtin();
        for i in 0..300 {
            let lon = f64::from(i * 7919 % 3600) / 10.0 - 180.0;
            let lat = f64::from(i * 104_729 % 1800) / 10.0 - 90.0;
            let place = LonLat::from_degrees_wrapped(lon, lat);
            let (port, d) = ports.nearest(place).unwrap();
            let best = ports
                .ports
                .iter()
                .map(|p| distance_m(p.place, place))
                .fold(f64::INFINITY, f64::min);
            assert!((d - best).abs() < 1e-3, "{place:?} {port:?} {d} {best}");
        }
    }
}
