//! Named zones: lightering areas of the law, places known for transfers, prohibited areas.
//!
//! In: GeoJSON (RFC 7946) whose features have polygons, and a `name` among their properties; the others
//! (`kind`, `confidence`, `valid_from`, `valid_to`, `source`) may be missing. Rule: edges are straight in
//! longitude and latitude, as RFC 7946 has them (see `outline`); a ring may cross the antimeridian with longitudes on both
//! sides of it (`179`, `-179`) or beyond it (`179`, `181`); a ring round a pole is refused.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use geo::{ChamberlainDuquetteArea, Contains, Coord, MultiPolygon, Polygon};
use rstar::{AABB, RTree, RTreeObject};
use serde_json::{Map, Value};

use super::outline::outline_of_geometry;
use crate::model::{LonLat, Timestamp};

/// The zones that are built in (each with its source): a seed, to be replaced by better knowledge.
pub(super) static ZONES: &str = include_str!("../../data/sts_zones.geojson");

/// What a zone is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ZoneKind {
    /// Designated by law for transfers (`lightering`).
    Lightering,
    /// Transfers are prohibited by law (`prohibited`).
    Prohibited,
    /// Known or reported for transfers (`transfer`); what a zone without `kind` is.
    Transfer,
    /// Anchorage or roads, where transfers are one activity of many (`anchorage`).
    Anchorage,
    /// Approach of a port of delivery (`port_approach`).
    PortApproach,
}

impl ZoneKind {
    const ALL: [Self; 5] = [
        Self::Lightering,
        Self::Prohibited,
        Self::Transfer,
        Self::Anchorage,
        Self::PortApproach,
    ];

    /// The name in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lightering => "lightering",
            Self::Prohibited => "prohibited",
            Self::Transfer => "transfer",
            Self::Anchorage => "anchorage",
            Self::PortApproach => "port_approach",
        }
    }
}

/// How well the outline of a zone is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Drawn about a place that is known by name only (`approximate`).
    Approximate,
    /// Drawn about a place that a source states by position, or by distance and direction (`stated`);
    /// what a zone without `confidence` is.
    Stated,
    /// The outline of a legal text (`legal`).
    Legal,
}

impl Confidence {
    const ALL: [Self; 3] = [Self::Approximate, Self::Stated, Self::Legal];

    /// The name in files and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Approximate => "approximate",
            Self::Stated => "stated",
            Self::Legal => "legal",
        }
    }
}

/// A named zone.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Name.
    pub name: String,
    /// What it is.
    pub kind: ZoneKind,
    /// How well its outline is known.
    pub confidence: Confidence,
    /// The first instant at which it counts; `None` if always.
    pub valid_from: Option<Timestamp>,
    /// The first instant at which it counts no more; `None` if never.
    pub valid_to: Option<Timestamp>,
    /// Where the zone was taken from.
    pub source: String,
    /// Area in square kilometres (on the sphere, after Chamberlain and Duquette 2007).
    pub area_km2: f64,
    /// Whether it is built in, and none of the user's.
    pub builtin: bool,
    outline: MultiPolygon,
}

impl Zone {
    /// The outline as longitude and latitude; longitudes run on beyond 180 degrees where a ring crosses
    /// the antimeridian.
    pub fn outline(&self) -> &MultiPolygon {
        &self.outline
    }

    /// Whether it counts at any instant from one to another, both included.
    fn is_valid_between(&self, from: Timestamp, to: Timestamp) -> bool {
        self.valid_from.is_none_or(|t| t <= to) && self.valid_to.is_none_or(|t| from < t)
    }
}

/// A file of zones that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ZonesError {
    /// The file can't be read.
    #[error("zones file {file} can't be read: {source}")]
    Read {
        /// Which file.
        file: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file isn't JSON.
    #[error("zones file {file} isn't JSON: {source}")]
    Json {
        /// Which file.
        file: PathBuf,
        /// Where and why.
        source: serde_json::Error,
    },
    /// The file isn't a collection of features.
    #[error("zones file {file} isn't a GeoJSON FeatureCollection")]
    NoCollection {
        /// Which file.
        file: PathBuf,
    },
    /// A feature can't be used.
    #[error("zones file {file}, {feature}: {reason}")]
    Feature {
        /// Which file.
        file: PathBuf,
        /// Which feature: its number from 1, and its name if it has one.
        feature: String,
        /// What is wrong, and what would be right.
        reason: String,
    },
}

/// One polygon of a zone, moved by whole turns into view of [-180, 180).
struct Piece {
    box_: AABB<[f64; 2]>,
    zone: usize,
    polygon: usize,
    turn_deg: f64,
}

impl RTreeObject for Piece {
    type Envelope = AABB<[f64; 2]>;

    fn envelope(&self) -> Self::Envelope {
        self.box_
    }
}

/// A set of zones, findable by place and time.
pub struct Zones {
    /// In order of preference: the user's before those built in, the smallest first, then by name, then as in the file.
    zones: Vec<Zone>,
    pieces: RTree<Piece>,
}

impl Zones {
    /// The zones that are built in.
    pub fn builtin() -> Self {
        // The text is part of the program, and a test reads it.
        let file = Path::new("(built in)");
        let mut zones = Self::parse(file, ZONES).expect("sts_zones.geojson is damaged");
        zones.zones.iter_mut().for_each(|zone| zone.builtin = true);
        zones
    }

    /// The zones of a GeoJSON file.
    ///
    /// # Errors
    /// If the file can't be read, isn't a feature collection, or has a feature that can't be used.
    pub fn from_geojson(path: &Path) -> Result<Self, ZonesError> {
        let text = fs::read_to_string(path).map_err(|source| ZonesError::Read {
            file: path.to_owned(),
            source,
        })?;
        Self::parse(path, &text)
    }

    /// These and others together; of those that hold a place the user's count before those built in, and of these and of
    /// those the smallest.
    #[must_use]
    pub fn with(self, others: Self) -> Self {
        let mut zones = self.zones;
        zones.extend(others.zones);
        Self::new(zones)
    }

    fn parse(file: &Path, text: &str) -> Result<Self, ZonesError> {
        let text = text.trim_start_matches('\u{feff}');
        let json: Value = serde_json::from_str(text).map_err(|source| ZonesError::Json {
            file: file.to_owned(),
            source,
        })?;
        let features = json
            .get("features")
            .filter(|_| json["type"] == "FeatureCollection")
            .and_then(Value::as_array)
            .ok_or_else(|| ZonesError::NoCollection {
                file: file.to_owned(),
            })?;
        let zones = features
            .iter()
            .enumerate()
            .map(|(i, feature)| {
                zone_of_feature(feature).map_err(|reason| ZonesError::Feature {
                    file: file.to_owned(),
                    feature: match feature["properties"]["name"].as_str() {
                        Some(name) => format!("feature {} ('{name}')", i + 1),
                        None => format!("feature {}", i + 1),
                    },
                    reason,
                })
            })
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self::new(zones))
    }

    fn new(mut zones: Vec<Zone>) -> Self {
        zones.sort_by(|a, b| {
            (a.builtin.cmp(&b.builtin))
                .then_with(|| a.area_km2.total_cmp(&b.area_km2))
                .then_with(|| a.name.cmp(&b.name))
        });
        let mut pieces = Vec::new();
        for (z, zone) in zones.iter().enumerate() {
            for (p, polygon) in zone.outline.iter().enumerate() {
                let (low, high) = corners(polygon);
                // Rings may run on beyond either end of the range of longitudes.
                for turn_deg in [-360.0, 0.0, 360.0] {
                    let (west, east) = (low.x + turn_deg, high.x + turn_deg);
                    if east >= -180.0 && west <= 180.0 {
                        pieces.push(Piece {
                            box_: AABB::from_corners([west, low.y], [east, high.y]),
                            zone: z,
                            polygon: p,
                            turn_deg,
                        });
                    }
                }
            }
        }
        Self {
            pieces: RTree::bulk_load(pieces),
            zones,
        }
    }

    /// The zone that holds a place (inside, not on its outline) at a time: of several the smallest of the user's, else the
    /// smallest of those built in.
    pub fn at(&self, place: LonLat, time: Timestamp) -> Option<&Zone> {
        let first = self.holding(place, time, time).min();
        first.map(|zone| &self.zones[zone])
    }

    /// All zones that hold a place at any instant from one to another, both included, in that order.
    pub fn during(&self, place: LonLat, from: Timestamp, to: Timestamp) -> Vec<&Zone> {
        let found: BTreeSet<usize> = self.holding(place, from, to).collect();
        found.into_iter().map(|zone| &self.zones[zone]).collect()
    }

    /// Those zones, each as often as it has pieces there.
    fn holding(
        &self,
        place: LonLat,
        from: Timestamp,
        to: Timestamp,
    ) -> impl Iterator<Item = usize> {
        let [lon, lat] = [place.lon(), place.lat()];
        self.pieces
            .locate_in_envelope_intersecting(AABB::from_point([lon, lat]))
            .filter(move |piece| self.zones[piece.zone].is_valid_between(from, to))
            .filter(move |piece| {
                let here = Coord {
                    x: lon - piece.turn_deg,
                    y: lat,
                };
                self.zones[piece.zone].outline.0[piece.polygon].contains(&here)
            })
            .map(|piece| piece.zone)
    }

    /// All zones, the user's first, and of these and of those built in the smallest.
    pub fn iter(&self) -> impl Iterator<Item = &Zone> {
        self.zones.iter()
    }

    /// The number of zones.
    pub fn len(&self) -> usize {
        self.zones.len()
    }

    /// Whether there is no zone.
    pub fn is_empty(&self) -> bool {
        self.zones.is_empty()
    }
}

/// South-western and north-eastern corner.
pub(super) fn corners(polygon: &Polygon) -> (Coord, Coord) {
    let (mut low, mut high) = (
        Coord {
            x: f64::INFINITY,
            y: f64::INFINITY,
        },
        Coord {
            x: f64::NEG_INFINITY,
            y: f64::NEG_INFINITY,
        },
    );
    for c in polygon.exterior().coords() {
        low = Coord {
            x: low.x.min(c.x),
            y: low.y.min(c.y),
        };
        high = Coord {
            x: high.x.max(c.x),
            y: high.y.max(c.y),
        };
    }
    (low, high)
}

/// Reads a feature; the error says what is wrong.
fn zone_of_feature(feature: &Value) -> Result<Zone, String> {
    let empty = Map::new();
    let properties = feature["properties"].as_object().unwrap_or(&empty);
    let text = |key: &str| match properties.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(s)) if s.trim().is_empty() => Ok(None),
        Some(Value::String(s)) => Ok(Some(s.trim())),
        Some(other) => Err(format!("property '{key}' is {other}, not a text")),
    };
    let instant = |key: &str| match text(key)? {
        None => Ok(None),
        Some(s) => Timestamp::parse(s).map(Some).ok_or_else(|| {
            format!(
                "property '{key}' is '{s}', not a UTC time such as 2024-05-01 or 2024-05-01T12:00Z"
            )
        }),
    };
    let name = text("name")?.ok_or("it has no property 'name'")?.to_owned();
    let (valid_from, valid_to) = (instant("valid_from")?, instant("valid_to")?);
    if let (Some(from), Some(to)) = (valid_from, valid_to)
        && from >= to
    {
        return Err("'valid_to' isn't after 'valid_from'".to_owned());
    }
    let outline = outline_of_geometry(&feature["geometry"])?;
    Ok(Zone {
        name,
        kind: one_of("kind", text("kind")?, &ZoneKind::ALL, ZoneKind::name)?
            .unwrap_or(ZoneKind::Transfer),
        confidence: one_of(
            "confidence",
            text("confidence")?,
            &Confidence::ALL,
            Confidence::name,
        )?
        .unwrap_or(Confidence::Stated),
        valid_from,
        valid_to,
        source: text("source")?.unwrap_or_default().to_owned(),
        area_km2: outline.chamberlain_duquette_unsigned_area() / 1e6,
        builtin: false,
        outline,
    })
}

/// The value of this name, if there is a name.
fn one_of<T: Copy>(
    key: &str,
    text: Option<&str>,
    all: &[T],
    name: fn(T) -> &'static str,
) -> Result<Option<T>, String> {
    let Some(text) = text else { return Ok(None) };
    let found = all.iter().copied().find(|v| name(*v) == text);
    found.map(Some).ok_or_else(|| {
        let names: Vec<_> = all.iter().map(|v| name(*v)).collect();
        format!(
            "property '{key}' is '{text}', not one of {}",
            names.join(", ")
        )
    })
}

#[cfg(test)]
mod tests;
