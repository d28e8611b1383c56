//! A box of longitudes and latitudes.

use std::fmt;
use std::str::FromStr;

use super::LonLat;

/// A box in degrees, edges included. West may be east of east: the box then crosses the antimeridian.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BoundingBox {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

/// Text that is no box.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{text}' is no box: {reason}; give W,S,E,N in degrees, as in 22.5,36.2,23.1,36.8")]
pub struct InvalidBox {
    /// The text.
    pub text: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl BoundingBox {
    /// The box with these edges; `None` unless longitudes lie in [-180, 180], latitudes in [-90, 90] and
    /// south isn't north of north.
    pub fn new(west: f64, south: f64, east: f64, north: f64) -> Option<Self> {
        let lon = -180.0..=180.0;
        let lat = -90.0..=90.0;
        (lon.contains(&west)
            && lon.contains(&east)
            && lat.contains(&south)
            && lat.contains(&north)
            && south <= north)
            .then_some(Self {
                west,
                south,
                east,
                north,
            })
    }

    /// Western edge, degrees.
    pub fn west(self) -> f64 {
        self.west
    }

    /// Southern edge, degrees.
    pub fn south(self) -> f64 {
        self.south
    }

    /// Eastern edge, degrees.
    pub fn east(self) -> f64 {
        self.east
    }

    /// Northern edge, degrees.
    pub fn north(self) -> f64 {
        self.north
    }

    /// Whether the place lies inside or on an edge.
    pub fn contains(self, place: LonLat) -> bool {
        let (lon, lat) = (place.lon(), place.lat());
        // A place on the antimeridian is stored at -180, but lies on an edge at +180 too.
        let inside = |lon: f64| {
            if self.west <= self.east {
                (self.west..=self.east).contains(&lon)
            } else {
                lon >= self.west || lon <= self.east
            }
        };
        (self.south..=self.north).contains(&lat)
            && (inside(lon) || (lon == -180.0 && inside(180.0)))
    }
}

impl fmt::Display for BoundingBox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{},{},{},{}",
            self.west, self.south, self.east, self.north
        )
    }
}

impl FromStr for BoundingBox {
    type Err = InvalidBox;

    fn from_str(text: &str) -> Result<Self, InvalidBox> {
        let fail = |reason| InvalidBox {
            text: text.to_owned(),
            reason,
        };
        let numbers: Vec<f64> = text
            .split(',')
            .map(|part| part.trim().parse())
            .collect::<Result<_, _>>()
            .map_err(|_| fail("not numbers with commas between them"))?;
        let [west, south, east, north] = numbers[..] else {
            return Err(fail("not four numbers"));
        };
        if south > north {
            return Err(fail("south is north of north"));
        }
        Self::new(west, south, east, north).ok_or_else(|| fail("outside the globe"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(bbox: &str, lon: f64, lat: f64) -> bool {
        let bbox: BoundingBox = bbox.parse().unwrap();
        bbox.contains(LonLat::from_degrees(lon, lat).unwrap())
    }

    #[test]
    fn a_box_holds_its_edges_and_may_cross_the_antimeridian() {
        assert!(holds("22.5,36.2,23.1,36.8", 22.5, 36.8));
        assert!(!holds("22.5,36.2,23.1,36.8", 23.2, 36.5));
        assert!(holds("170,-20,-170,0", 180.0, -10.0));
        assert!(holds("170,-20,-170,0", -175.0, -10.0));
        assert!(!holds("170,-20,-170,0", 0.0, -10.0));
        assert!(holds("170,-20,180,0", 180.0, -10.0));
    }

    #[test]
    fn text_that_is_no_box_is_refused_with_a_reason() {
        for (text, word) in [
            ("1,2,3", "four"),
            ("a,b,c,d", "numbers"),
            ("0,50,1,40", "north"),
            ("0,0,200,1", "globe"),
            ("NaN,0,1,1", "globe"),
        ] {
            let refused = text.parse::<BoundingBox>().unwrap_err().to_string();
            assert!(refused.contains(word), "{refused}");
        }
    }
}
