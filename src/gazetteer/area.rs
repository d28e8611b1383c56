//! An area that a user draws.

use std::fs;
use std::path::{Path, PathBuf};

use geo::{Contains, Coord, MultiPolygon};
use serde_json::Value;

use super::outline::outline_of_geometry;
use super::zones::corners;
use crate::model::{BoundingBox, LonLat};

/// Polygons from a GeoJSON file (RFC 7946): a geometry, a feature or a collection of features; properties
/// are not looked at. Rings are read as those of zones.
#[derive(Clone, Debug)]
pub struct Area {
    outlines: Vec<MultiPolygon>,
}

/// A file of an area that can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AreaError {
    /// The file can't be read.
    #[error("area file {} can't be read ({source}); check its path", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file isn't JSON.
    #[error("area file {} isn't JSON ({source}); give GeoJSON with polygons", path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
    /// A geometry can't be used.
    #[error("area file {}: feature {number}: {reason}", path.display())]
    Geometry {
        /// The file.
        path: PathBuf,
        /// Which feature, from 1.
        number: usize,
        /// What is wrong.
        reason: String,
    },
    /// There is no polygon.
    #[error("area file {} holds no polygon; give GeoJSON with polygons", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
    },
}

impl Area {
    /// Reads a file.
    ///
    /// # Errors
    /// If it can't be read, or is no GeoJSON with polygons.
    pub fn from_geojson(path: &Path) -> Result<Self, AreaError> {
        let text = fs::read_to_string(path).map_err(|source| AreaError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text, path)
    }

    fn parse(text: &str, path: &Path) -> Result<Self, AreaError> {
        let json: Value = serde_json::from_str(text).map_err(|source| AreaError::Json {
            path: path.to_owned(),
            source,
        })?;
        let geometries: Vec<&Value> = match json["type"].as_str() {
            Some("FeatureCollection") => json["features"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|feature| &feature["geometry"])
                .collect(),
            Some("Feature") => vec![&json["geometry"]],
            _ => vec![&json],
        };
        let mut outlines = Vec::new();
        for (i, geometry) in geometries.into_iter().enumerate() {
            let outline = outline_of_geometry(geometry).map_err(|reason| AreaError::Geometry {
                path: path.to_owned(),
                number: i + 1,
                reason,
            })?;
            outlines.push(outline);
        }
        if outlines.is_empty() {
            return Err(AreaError::Empty {
                path: path.to_owned(),
            });
        }
        Ok(Self { outlines })
    }

    /// Whether the place lies inside.
    pub fn contains(&self, place: LonLat) -> bool {
        // Rings run on beyond 180 degrees where they cross the antimeridian.
        [-360.0, 0.0, 360.0].iter().any(|turn| {
            let at = Coord {
                x: place.lon() + turn,
                y: place.lat(),
            };
            self.outlines.iter().any(|outline| outline.contains(&at))
        })
    }

    /// Boxes that together hold the area, one per polygon.
    pub fn boxes(&self) -> Vec<BoundingBox> {
        let polygons = self.outlines.iter().flat_map(|outline| &outline.0);
        polygons
            .filter_map(|polygon| {
                let (low, high) = corners(polygon);
                let (west, east) = if high.x - low.x >= 360.0 {
                    (-180.0, 180.0)
                } else {
                    (wrapped(low.x), wrapped(high.x))
                };
                BoundingBox::new(west, low.y, east, high.y)
            })
            .collect()
    }
}

/// The same longitude in [-180, 180].
fn wrapped(lon: f64) -> f64 {
    if (-180.0..=180.0).contains(&lon) {
        lon
    } else {
        (lon + 180.0).rem_euclid(360.0) - 180.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(text: &str) -> Result<Area, String> {
        Area::parse(text, Path::new("my.geojson")).map_err(|e| e.to_string())
    }

    fn square(west: f64, east: f64) -> String {
        format!(
            r#"{{"type":"Polygon","coordinates":[[[{west},0],[{east},0],[{east},2],[{west},2],[{west},0]]]}}"#
        )
    }

    #[test]
    fn a_geometry_a_feature_and_a_collection_are_areas() {
        let place = |lon| LonLat::from_degrees(lon, 1.0).unwrap();
        let geometry = square(10.0, 12.0);
        let feature = format!(r#"{{"type":"Feature","geometry":{geometry},"properties":null}}"#);
        let collection = format!(r#"{{"type":"FeatureCollection","features":[{feature}]}}"#);
        for text in [geometry, feature, collection] {
            let area = area(&text).unwrap();
            assert!(area.contains(place(11.0)));
            assert!(!area.contains(place(13.0)));
            assert_eq!(
                area.boxes(),
                [BoundingBox::new(10.0, 0.0, 12.0, 2.0).unwrap()]
            );
        }
    }

    #[test]
    fn an_area_may_cross_the_antimeridian() {
        let place = |lon| LonLat::from_degrees(lon, 1.0).unwrap();
        for text in [
            square(179.0, 181.0),
            square(179.0, -179.0),
            square(-181.0, -179.0),
            // By way of both names of the antimeridian.
            r#"{"type":"Polygon","coordinates":[[[179,0],[180,0],[-180,0],[-179,0],[-179,2],[-180,2],[180,2],[179,2],[179,0]]]}"#.to_owned(),
        ] {
            let area = area(&text).unwrap();
            let [bounds] = area.boxes()[..] else {
                panic!("one polygon, one box")
            };
            for (lon, inside) in [(179.5, true), (-179.5, true), (178.0, false), (0.0, false)] {
                assert_eq!(area.contains(place(lon)), inside, "{text} {lon}");
                assert_eq!(bounds.contains(place(lon)), inside, "{text} {lon} {bounds}");
            }
        }
    }

    #[test]
    fn an_area_may_be_as_wide_as_the_earth() {
        let holds = |area: &Area, lon| {
            let place = LonLat::from_degrees(lon, 1.0).unwrap();
            let [bounds] = area.boxes()[..] else {
                panic!("one polygon, one box")
            };
            assert!(!area.contains(place) || bounds.contains(place), "{bounds}");
            area.contains(place)
        };
        for (west, east) in [(-180.0, 180.0), (180.0, -180.0), (0.0, 360.0)] {
            let area = area(&square(west, east)).unwrap();
            for lon in [-179.0, -88.0, 0.5, 88.0, 179.0] {
                assert!(holds(&area, lon), "{west} to {east}: {lon}");
            }
        }
        // Exactly half a turn, and more than half by way of a position between.
        let half = area(&square(0.0, 180.0)).unwrap();
        let cut = r#"{"type":"Polygon","coordinates":[[[-100,0],[0,0],[100,0],[100,2],[0,2],[-100,2],[-100,0]]]}"#;
        let cut = area(cut).unwrap();
        for (lon, in_half, in_cut) in [
            (90.0, true, true),
            (170.0, true, false),
            (-90.0, false, true),
            (-170.0, false, false),
        ] {
            assert_eq!(holds(&half, lon), in_half, "half: {lon}");
            assert_eq!(holds(&cut, lon), in_cut, "cut: {lon}");
        }
        // All south of a line round the Earth, as maps of the world have it, and a hole far from where it begins.
        let cap = r#"{"type":"Polygon","coordinates":[
            [[-180,-90],[180,-90],[180,5],[90,5],[0,5],[-90,5],[-180,5],[-180,-90]],
            [[170,0],[170,2],[172,2],[172,0],[170,0]]]}"#;
        let cap = area(cap).unwrap();
        assert!(holds(&cap, 169.0) && !holds(&cap, 171.0) && holds(&cap, -171.0));
    }

    #[test]
    fn an_edge_that_may_be_meant_either_way_is_refused() {
        for (west, east, spans) in [
            (-100.0, 100.0, "longitude -100 to 100 spans 200 degrees"),
            (100.0, -100.0, "spans 200 degrees"),
            // Drawn counter-clockwise it is the wide one; the same corners the other way are Fiji.
            (-170.0, 170.0, "spans 340 degrees"),
        ] {
            let said = area(&square(west, east)).unwrap_err();
            assert!(said.contains(spans) && said.contains("add 360"), "{said}");
        }
        let fiji = area(&square(170.0, -170.0)).unwrap();
        assert!(fiji.contains(LonLat::from_degrees(-175.0, 1.0).unwrap()));
        assert!(!fiji.contains(LonLat::from_degrees(0.0, 1.0).unwrap()));
    }

    #[test]
    fn what_is_no_area_is_refused_with_a_reason() {
        let refused = |text: &str| area(text).unwrap_err();
        assert!(refused("{").contains("isn't JSON"));
        assert!(refused(r#"{"type":"Point","coordinates":[1,2]}"#).contains("Point"));
        assert!(refused(r#"{"type":"FeatureCollection","features":[]}"#).contains("no polygon"));
        assert!(refused("[]").contains("no geometry"));
    }
}
