//! Events of a time and an area: rows are read with a margin, events are chosen by where they lie.

use crate::error::Error;
use crate::gazetteer::Area;
use crate::ingest::Selection;
use crate::model::quantity::{MS_PER_DAY, MS_PER_HOUR};
use crate::model::{BoundingBox, LonLat, Row, Table, Timestamp};

use super::ScanRequest;

/// Margin around the area, kilometres: what is close enough to belong to an event inside.
const MARGIN_KM: f64 = 50.0;
/// Least margin around the time; as much as a pair may be silent within an encounter, if that is more.
const MARGIN_MS: i64 = MS_PER_DAY;
/// Kilometres in a degree of latitude.
const KM_PER_DEGREE: f64 = 111.2;

/// The events that were asked for.
pub(super) struct Wanted {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
    bbox: Option<BoundingBox>,
    area: Option<Area>,
}

impl Wanted {
    /// Reads the area, if one is given.
    pub(super) fn new(request: &ScanRequest) -> Result<Self, Error> {
        let area = request.area.as_deref().map(Area::from_geojson);
        Ok(Self {
            from: request.from,
            to: request.to,
            bbox: request.bbox,
            area: area.transpose()?,
        })
    }

    fn is_everything(&self) -> bool {
        self.from.is_none() && self.to.is_none() && self.is_everywhere()
    }

    /// The rows to read for it, where contacts up to `rejoin_h` apart are one encounter; `None` for all.
    pub(super) fn rows(&self, rejoin_h: f64) -> Option<Selection> {
        if self.is_everything() {
            return None;
        }
        let boxes = match (self.bbox, &self.area) {
            (Some(bbox), _) => Some(vec![bbox]),
            (None, area) => area.as_ref().map(Area::boxes),
        };
        let boxes: Option<Vec<BoundingBox>> = boxes.map(|boxes| {
            let wide = |b: &BoundingBox| widened(b.west(), b.south(), b.east(), b.north());
            boxes.iter().map(wide).collect()
        });
        let margin_ms = MARGIN_MS.max((rejoin_h * MS_PER_HOUR as f64) as i64);
        Some(Selection {
            from: self.from.map(|t| Timestamp(t.0 - margin_ms)),
            to: self.to.map(|t| Timestamp(t.0 + margin_ms)),
            area: boxes.map(|boxes| {
                let inside = move |place: LonLat| boxes.iter().any(|b| b.contains(place));
                Box::new(inside) as Box<dyn Fn(LonLat) -> bool + Send + Sync>
            }),
        })
    }

    fn is_everywhere(&self) -> bool {
        self.bbox.is_none() && self.area.is_none()
    }

    fn holds(&self, place: LonLat) -> bool {
        self.bbox.is_none_or(|bbox| bbox.contains(place))
            && self.area.as_ref().is_none_or(|area| area.contains(place))
    }

    fn wants(&self, row: &Row) -> bool {
        let columns = [("start", "end"), ("window_start", "window_end")];
        let span = columns
            .into_iter()
            .find_map(|(start, end)| Some((row.time(start)?, row.time(end))));
        let Some((start, end)) = span else {
            return true;
        };
        let end = end.unwrap_or(Timestamp::MAX);
        let in_time =
            self.from.is_none_or(|from| end >= from) && self.to.is_none_or(|to| start < to);
        let places = [
            ("lon", "lat"),
            ("start_lon", "start_lat"),
            ("end_lon", "end_lat"),
        ];
        let mut known = places
            .iter()
            .filter_map(|(lon, lat)| LonLat::from_degrees(row.number(lon)?, row.number(lat)?));
        in_time && (self.is_everywhere() || known.any(|place| self.holds(place)))
    }

    /// Keeps the events that were asked for, and the evidence of those.
    pub(super) fn choose(&self, tables: &mut [Table]) {
        if self.is_everything() {
            return;
        }
        for table in tables.iter_mut().filter(|t| t.schema.name != "evidence") {
            table.retain(|row| self.wants(row));
        }
        let kept: std::collections::BTreeSet<String> = tables
            .iter()
            .filter(|t| t.schema.index("kind").is_some())
            .flat_map(|t| t.rows().into_owned())
            .filter_map(|row| row.text("event_id").map(str::to_owned))
            .collect();
        for table in tables.iter_mut().filter(|t| t.schema.name == "evidence") {
            table.retain(|row| row.text("event_id").is_some_and(|id| kept.contains(id)));
        }
    }
}

/// The box with the margin around it; all longitudes where the margin reaches a pole or around the globe.
fn widened(west: f64, south: f64, east: f64, north: f64) -> BoundingBox {
    let lat_deg = MARGIN_KM / KM_PER_DEGREE;
    let (low, high) = ((south - lat_deg).max(-90.0), (north + lat_deg).min(90.0));
    let narrowest = low.abs().max(high.abs()).to_radians().cos();
    let lon_deg = lat_deg / narrowest.max(1e-6);
    let width = if west <= east {
        east - west
    } else {
        east - west + 360.0
    };
    let all = || BoundingBox::new(-180.0, low, 180.0, high);
    let turned = |lon: f64| (lon + 180.0).rem_euclid(360.0) - 180.0;
    let part = || BoundingBox::new(turned(west - lon_deg), low, turned(east + lon_deg), high);
    let widened = if width + 2.0 * lon_deg >= 360.0 {
        all()
    } else {
        part()
    };
    widened.expect("latitudes are clamped and longitudes turned into range")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::schema;

    /// What a ship says of itself may come from nowhere: static reports have no place, and without a position none is known.
    #[test]
    fn an_event_without_a_place_is_left_out_only_if_an_area_is_asked_for() {
        let at = |text| Timestamp::parse(text).unwrap();
        let mut request = ScanRequest::new(vec!["a".into()], "out");
        request.from = Some(at("2018-06-02"));
        let mut row = Row::new(&schema::IDENTITY);
        row.set("event_id", "00000000000000cc")
            .set("kind", "changed_name")
            .set("start", at("2018-06-02"))
            .set("end", at("2018-06-03"));
        let early = {
            let mut early = row.clone();
            early
                .set("end", at("2018-06-01"))
                .set("start", at("2018-06-01"));
            early
        };
        let chosen = |request: &ScanRequest| {
            let mut tables = [Table::new(
                &schema::IDENTITY,
                vec![row.clone(), early.clone()],
            )];
            Wanted::new(request).unwrap().choose(&mut tables);
            tables[0].rows().len()
        };
        assert_eq!(chosen(&request), 1);
        request.bbox = BoundingBox::new(10.0, 54.0, 12.0, 56.0);
        assert_eq!(chosen(&request), 0);
    }

    #[test]
    fn rows_are_read_from_as_long_before_as_a_pair_may_be_silent() {
        let mut request = ScanRequest::new(vec!["a".into()], "out");
        let from = Timestamp::parse("2018-06-04").unwrap();
        request.from = Some(from);
        let first = |rejoin_h| Wanted::new(&request).unwrap().rows(rejoin_h).unwrap().from;
        assert_eq!(first(2.0), Some(from.plus_s(-86_400)));
        assert_eq!(first(40.0), Some(from.plus_s(-40 * 3600)));
    }

    #[test]
    fn the_margin_is_fifty_kilometres_everywhere() {
        let at = |lon, lat| LonLat::from_degrees(lon, lat).unwrap();
        let near = widened(10.0, 54.0, 12.0, 56.0);
        assert!(near.contains(at(9.3, 55.0)) && !near.contains(at(9.0, 55.0)));
        assert!(near.contains(at(11.0, 56.4)) && !near.contains(at(11.0, 56.5)));
        let across = widened(179.9, -1.0, -179.9, 1.0);
        assert!(across.contains(at(179.5, 0.0)) && across.contains(at(-179.5, 0.0)));
        assert!(!across.contains(at(0.0, 0.0)));
        let polar = widened(0.0, 89.0, 1.0, 89.9);
        assert!(polar.contains(at(-170.0, 89.5)));
    }
}
