//! Where a row lies, as geographic formats write it.

use serde_json::{Value as Json, json};

use super::cell;
use crate::model::{ColumnType, Row, TableSchema};

/// Decimals of a degree in tables: about a decimetre.
const DECIMALS: u8 = 6;

/// The place of a row, longitude before latitude, degrees WGS 84.
#[derive(Clone, Debug, PartialEq)]
pub enum Shape {
    /// A point.
    Point([f64; 2]),
    /// A line from the first place to the last; in two parts where it crosses the antimeridian.
    Lines(Vec<[[f64; 2]; 2]>),
}

/// Whether rows of this table have a place.
pub fn has_place(schema: &TableSchema) -> bool {
    ["lon", "start_lon"]
        .into_iter()
        .any(|name| schema.index(name).is_some())
}

/// Whether rows of this table may be lines: they go from one place to another.
pub fn may_be_line(schema: &TableSchema) -> bool {
    schema.index("end_lon").is_some()
}

/// The place of a row: a line where it has a start and an end, else a point; `None` if it has no place.
pub fn shape(row: &Row) -> Option<Shape> {
    let place = |lon: &str, lat: &str| Some([degrees(row, lon)?, degrees(row, lat)?]);
    let Some(start) = place("start_lon", "start_lat") else {
        return place("lon", "lat").map(Shape::Point);
    };
    Some(match place("end_lon", "end_lat") {
        Some(end) => Shape::Lines(line(start, end)),
        None => Shape::Point(start),
    })
}

fn degrees(row: &Row, column: &str) -> Option<f64> {
    cell::decimal(row.get(column), DECIMALS)
}

/// The shorter way from one place to another, cut at the antimeridian (RFC 7946, 3.1.9).
fn line(start: [f64; 2], end: [f64; 2]) -> Vec<[[f64; 2]; 2]> {
    let east = end[0] - start[0];
    if east.abs() <= 180.0 {
        return vec![[start, end]];
    }
    // The end as seen from the start, beyond the edge.
    let edge = if start[0] > 0.0 { 180.0 } else { -180.0 };
    let beyond = end[0] + 2.0 * edge;
    let share = (edge - start[0]) / (beyond - start[0]);
    let lat = start[1] + share * (end[1] - start[1]);
    let lat = cell::rounded(lat, DECIMALS).unwrap_or(lat);
    vec![[start, [edge, lat]], [[-edge, lat], end]]
}

impl Shape {
    /// Least and greatest longitude, least and greatest latitude.
    pub fn envelope(&self) -> [f64; 4] {
        let mut box_ = [
            f64::INFINITY,
            f64::NEG_INFINITY,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ];
        self.points().for_each(|[lon, lat]| {
            box_[0] = box_[0].min(lon);
            box_[1] = box_[1].max(lon);
            box_[2] = box_[2].min(lat);
            box_[3] = box_[3].max(lat);
        });
        box_
    }

    fn points(&self) -> Box<dyn Iterator<Item = [f64; 2]> + '_> {
        match self {
            Self::Point(p) => Box::new(std::iter::once(*p)),
            Self::Lines(lines) => Box::new(lines.iter().flatten().copied()),
        }
    }

    /// Well-known binary, little endian (OGC 06-103r4).
    pub fn wkb(&self) -> Vec<u8> {
        const LITTLE_ENDIAN: u8 = 1;
        fn head(out: &mut Vec<u8>, kind: u32) {
            out.push(LITTLE_ENDIAN);
            out.extend(kind.to_le_bytes());
        }
        fn point(out: &mut Vec<u8>, [lon, lat]: [f64; 2]) {
            out.extend(lon.to_le_bytes());
            out.extend(lat.to_le_bytes());
        }
        let mut out = Vec::new();
        match self {
            Self::Point(p) => {
                head(&mut out, 1);
                point(&mut out, *p);
            }
            Self::Lines(lines) => {
                head(&mut out, 5);
                out.extend((lines.len() as u32).to_le_bytes());
                for line in lines {
                    head(&mut out, 2);
                    out.extend((line.len() as u32).to_le_bytes());
                    line.iter().for_each(|p| point(&mut out, *p));
                }
            }
        }
        out
    }

    /// A GeoJSON geometry (RFC 7946).
    pub fn geojson(&self) -> Json {
        match self {
            Self::Point(p) => json!({ "type": "Point", "coordinates": p }),
            Self::Lines(lines) => match &lines[..] {
                [line] => json!({ "type": "LineString", "coordinates": line }),
                lines => json!({ "type": "MultiLineString", "coordinates": lines }),
            },
        }
    }
}

/// A cell as JSON: a rounded number, text, true or false, an instant as ISO 8601, or null.
pub(super) fn json(value: &crate::model::Value, kind: ColumnType) -> Json {
    use crate::model::Value;
    match (kind, value) {
        (ColumnType::Decimal(n), v) => cell::decimal(v, n).map_or(Json::Null, Json::from),
        (_, Value::Text(text)) => Json::from(text.as_str()),
        (_, Value::Int(v)) => Json::from(*v),
        (_, Value::Bool(v)) => Json::from(*v),
        (_, Value::Time(t)) => Json::from(t.to_string()),
        _ => Json::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::schema::{ENCOUNTERS, GAPS, VESSELS};

    fn gap(start: [f64; 2], end: Option<[f64; 2]>) -> Row {
        let mut row = Row::new(&GAPS);
        row.set("start_lon", start[0]).set("start_lat", start[1]);
        if let Some([lon, lat]) = end {
            row.set("end_lon", lon).set("end_lat", lat);
        }
        row
    }

    #[test]
    fn rows_lie_where_their_columns_say() {
        let mut row = Row::new(&ENCOUNTERS);
        assert_eq!(shape(&row), None);
        row.set("lon", -118.123_456_78).set("lat", 33.5);
        assert_eq!(shape(&row), Some(Shape::Point([-118.123_457, 33.5])));
        assert_eq!(
            shape(&gap([10.0, 50.0], None)),
            Some(Shape::Point([10.0, 50.0]))
        );
        assert!(has_place(&ENCOUNTERS) && has_place(&GAPS) && !has_place(&VESSELS));
        assert!(may_be_line(&GAPS) && !may_be_line(&ENCOUNTERS));
    }

    #[test]
    fn lines_are_cut_at_the_antimeridian() {
        let shape = shape(&gap([179.0, 10.0], Some([-178.0, 13.0]))).unwrap();
        let lines = vec![
            [[179.0, 10.0], [180.0, 11.0]],
            [[-180.0, 11.0], [-178.0, 13.0]],
        ];
        assert_eq!(shape, Shape::Lines(lines));
        assert_eq!(shape.geojson()["type"], "MultiLineString");
        let back = super::shape(&gap([-179.0, 10.0], Some([178.0, 13.0]))).unwrap();
        let lines = vec![
            [[-179.0, 10.0], [-180.0, 11.0]],
            [[180.0, 11.0], [178.0, 13.0]],
        ];
        assert_eq!(back, Shape::Lines(lines));
    }

    #[test]
    fn binary_has_the_lengths_of_the_standard() {
        assert_eq!(Shape::Point([1.0, 2.0]).wkb().len(), 21);
        let line = Shape::Lines(vec![[[0.0, 1.0], [2.0, 3.0]]]);
        assert_eq!(line.wkb().len(), 9 + 9 + 32);
        assert_eq!(line.envelope(), [0.0, 2.0, 1.0, 3.0]);
    }
}
