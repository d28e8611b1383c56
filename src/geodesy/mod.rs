//! Distances, directions and interpolation on the sphere.
//!
//! In: places. Out: metres, unit vectors, places. Rule: n-vectors (unit vectors from the Earth's
//! centre) know no antimeridian and no poles; nearby places are measured on a tangent plane.
//! The sphere has the mean radius of the WGS 84 ellipsoid; distances are off by up to 0.3 %, which
//! at 500 m is 1.5 m, below the noise of a position.

use crate::model::LonLat;
use crate::model::quantity::MPS_PER_KNOT;

/// Mean Earth radius R1 in metres (Moritz, Geodetic Reference System 1980, J. Geodesy 74, 2000, p. 131).
pub const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// Metres in 1e-7 degree along a meridian.
pub const M_PER_E7: f64 = EARTH_RADIUS_M * std::f64::consts::PI / 180.0 / 1e7;

/// Unit vector from the Earth's centre to a place: `[cos lat cos lon, cos lat sin lon, sin lat]`.
pub fn n_vector(place: LonLat) -> [f64; 3] {
    let (sin_lat, cos_lat) = place.lat().to_radians().sin_cos();
    let (sin_lon, cos_lon) = place.lon().to_radians().sin_cos();
    [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat]
}

/// The hypotenuse, by arithmetic that is the same everywhere, unlike that of maths libraries; for numbers whose squares
/// neither vanish nor overflow.
fn length(x: f64, y: f64) -> f64 {
    (x * x + y * y).sqrt()
}

/// The place under a vector of any length but zero.
pub fn place_of(v: [f64; 3]) -> LonLat {
    let lat = v[2].atan2(length(v[0], v[1])).to_degrees();
    let lon = v[1].atan2(v[0]).to_degrees();
    LonLat::from_degrees_wrapped(lon, lat)
}

/// The place half way between two.
pub fn middle(a: LonLat, b: LonLat) -> LonLat {
    let (a, b) = (n_vector(a), n_vector(b));
    place_of(std::array::from_fn(|i| a[i] + b[i]))
}

/// The unit vector along a vector; `None` of a vector too short to have a direction.
pub fn unit(v: [f64; 3]) -> Option<[f64; 3]> {
    let length = dot(v, v).sqrt();
    (length > 1e-12).then(|| v.map(|c| c / length))
}

/// Great-circle distance in metres between unit vectors, by the chord (exact near zero, where the arc cosine isn't).
pub fn arc_m(a: [f64; 3], b: [f64; 3]) -> f64 {
    let chord = ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2)).sqrt();
    2.0 * (chord / 2.0).min(1.0).asin() * EARTH_RADIUS_M
}

/// Great-circle distance in metres.
pub fn distance_m(a: LonLat, b: LonLat) -> f64 {
    arc_m(n_vector(a), n_vector(b))
}

/// Distance in metres between places that are mostly near: equirectangular within 0.1 degree and away from
/// the poles (off by less than 1e-6 of the distance), exact elsewhere. For loops over all fixes.
pub fn near_distance_m(a: LonLat, b: LonLat) -> f64 {
    const NEAR_E7: u32 = 1_000_000;
    const POLAR_E7: u32 = 800_000_000;
    let dlon = b.lon_e7().wrapping_sub(a.lon_e7());
    let dlat = b.lat_e7() - a.lat_e7();
    if dlon == 0 && dlat == 0 {
        return 0.0;
    }
    if dlon.unsigned_abs() < NEAR_E7
        && dlat.unsigned_abs() < NEAR_E7
        && a.lat_e7().unsigned_abs() < POLAR_E7
    {
        let middle = (a.lat() + f64::from(dlat) / 2e7).to_radians();
        let (east, north) = (f64::from(dlon) * middle.cos(), f64::from(dlat));
        return length(east, north) * M_PER_E7;
    }
    distance_m(a, b)
}

/// Whether [`near_distance_m`] is at most this many metres. Most questions of a loop over all fixes are far from the
/// limit, and answered by the differences in degrees alone.
pub fn is_within(a: LonLat, b: LonLat, limit_m: f64) -> bool {
    /// More than rounding can make of a distance.
    const SLACK: f64 = 1e-6;
    let lon_m = e7_to_m(i64::from(b.lon_e7()) - i64::from(a.lon_e7()));
    let lat_m = e7_to_m(i64::from(b.lat_e7()) - i64::from(a.lat_e7()));
    // Along a meridian and then a parallel at the equator is farther, along the meridian alone is nearer.
    if (lon_m + lat_m) * (1.0 + SLACK) <= limit_m {
        return true;
    }
    if lat_m * (1.0 - SLACK) > limit_m {
        return false;
    }
    near_distance_m(a, b) <= limit_m
}

/// Metres along a meridian, without sign.
fn e7_to_m(e7: i64) -> f64 {
    e7.unsigned_abs() as f64 * M_PER_E7
}

/// The chord, in Earth radii, that belongs to an arc of this many metres.
pub fn chord_of_arc(arc_m: f64) -> f64 {
    2.0 * (arc_m / (2.0 * EARTH_RADIUS_M)).sin()
}

/// A distance rounded to decimetres, the grain in which distances are compared and kept.
pub fn decimetres(distance_m: f64) -> u32 {
    (distance_m * 10.0).round() as u32
}

/// A tangent plane: metres east and north of an origin. Good to a metre within about 50 km.
#[derive(Clone, Copy, Debug)]
pub struct Plane {
    origin: [f64; 3],
    east: [f64; 3],
    north: [f64; 3],
}

/// Scalar product.
pub fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

/// Vector product; of two n-vectors it is the pole of the great circle through both.
pub fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

impl Plane {
    /// The plane that touches the sphere at `origin`.
    pub fn at(origin: LonLat) -> Self {
        let (sin_lat, cos_lat) = origin.lat().to_radians().sin_cos();
        let (sin_lon, cos_lon) = origin.lon().to_radians().sin_cos();
        Self {
            origin: [cos_lat * cos_lon, cos_lat * sin_lon, sin_lat],
            east: [-sin_lon, cos_lon, 0.0],
            north: [-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat],
        }
    }

    /// Metres east and north of the origin (azimuthal equidistant).
    pub fn to_m(&self, place: LonLat) -> [f64; 2] {
        let v = n_vector(place);
        let (e, n) = (dot(v, self.east), dot(v, self.north));
        let sine = length(e, n);
        if sine < 1e-15 {
            return [0.0, 0.0];
        }
        let scale = sine.atan2(dot(v, self.origin)) * EARTH_RADIUS_M / sine;
        [e * scale, n * scale]
    }

    /// The place this many metres east and north of the origin.
    pub fn to_place(&self, [e, n]: [f64; 2]) -> LonLat {
        let r = length(e, n);
        if r < 1e-6 {
            return place_of(self.origin);
        }
        let (sin, cos) = (r / EARTH_RADIUS_M).sin_cos();
        let mut v = [0.0; 3];
        for (i, v) in v.iter_mut().enumerate() {
            *v = self.origin[i] * cos + (self.east[i] * e + self.north[i] * n) / r * sin;
        }
        place_of(v)
    }
}

/// Metres per second east and north of a speed in knots on a course in degrees.
pub fn velocity_mps(sog_kn: f64, cog_deg: f64) -> [f64; 2] {
    let (sin, cos) = cog_deg.to_radians().sin_cos();
    let speed = sog_kn * MPS_PER_KNOT;
    [speed * sin, speed * cos]
}

/// Difference of two directions, 0 to 180 degrees.
pub fn angle_between_deg(a: f64, b: f64) -> f64 {
    let d = (a - b).rem_euclid(360.0);
    d.min(360.0 - d)
}

/// Cubic Hermite interpolation on a plane: from `p0` at 0 to `p1` at `dt_s`, with velocities at both ends.
pub fn hermite(
    p0: [f64; 2],
    v0: [f64; 2],
    p1: [f64; 2],
    v1: [f64; 2],
    dt_s: f64,
    s: f64,
) -> [f64; 2] {
    let u = s / dt_s;
    let (u2, u3) = (u * u, u * u * u);
    let (h00, h10) = (2.0 * u3 - 3.0 * u2 + 1.0, u3 - 2.0 * u2 + u);
    let (h01, h11) = (-2.0 * u3 + 3.0 * u2, u3 - u2);
    std::array::from_fn(|i| h00 * p0[i] + h10 * dt_s * v0[i] + h01 * p1[i] + h11 * dt_s * v1[i])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lon: f64, lat: f64) -> LonLat {
        LonLat::from_degrees(lon, lat).unwrap()
    }

    #[test]
    fn a_degree_of_latitude() {
        let d = distance_m(at(0.0, 0.0), at(0.0, 1.0));
        assert!((d - 111_195.1).abs() < 0.5, "{d}");
    }

    #[test]
    fn across_the_antimeridian_and_the_pole() {
        let d = distance_m(at(179.999, 0.0), at(-179.999, 0.0));
        assert!((d - 222.39).abs() < 0.05, "{d}");
        let d = distance_m(at(0.0, 89.999), at(180.0, 89.999));
        assert!((d - 222.39).abs() < 0.05, "{d}");
    }

    #[test]
    fn the_plane_keeps_distance_and_returns() {
        for (lon, lat) in [(179.99, 10.0), (-118.7, 31.1), (12.0, 89.9), (5.0, -89.99)] {
            let plane = Plane::at(at(lon, lat));
            for offset in [[300.0, -400.0], [0.0, 0.0], [-20_000.0, 15_000.0]] {
                let there = plane.to_place(offset);
                let back = plane.to_m(there);
                assert!(
                    (back[0] - offset[0]).abs() < 0.05,
                    "{lon} {lat} {offset:?} {back:?}"
                );
                assert!(
                    (back[1] - offset[1]).abs() < 0.05,
                    "{lon} {lat} {offset:?} {back:?}"
                );
                let d = distance_m(at(lon, lat), there);
                assert!((d - offset[0].hypot(offset[1])).abs() < 0.05);
            }
        }
    }

    #[test]
    fn near_distance_is_the_distance() {
        for (lon, lat) in [(179.99, 10.0), (-118.7, -71.1), (12.0, 89.9), (0.0, 0.0)] {
            let plane = Plane::at(at(lon, lat));
            for offset in [[300.0, -400.0], [6000.0, 4000.0], [20_000.0, 9000.0]] {
                let there = plane.to_place(offset);
                let (near, exact) = (
                    near_distance_m(at(lon, lat), there),
                    distance_m(at(lon, lat), there),
                );
                assert!((near - exact).abs() < 1e-5 * exact, "{near} {exact}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn within_is_a_distance_at_most(
            (lon, lat) in (-1_800_000_000_i32..1_800_000_000, -900_000_000_i32..=900_000_000),
            (dlon, dlat) in (-3_000_000_i32..3_000_000, -3_000_000_i32..3_000_000),
            shift in 0_u32..20,
            share in 0.5_f64..1.5,
        ) {
            let a = LonLat::from_e7(lon, lat);
            let (dlon, dlat) = (dlon >> shift, dlat >> shift);
            let east = (i64::from(lon) + i64::from(dlon) + 1_800_000_000).rem_euclid(3_600_000_000);
            let b = LonLat::from_e7(
                (east - 1_800_000_000) as i32,
                (lat + dlat).clamp(-900_000_000, 900_000_000),
            );
            let d = near_distance_m(a, b);
            for limit_m in [0.0, d, d * share, d * (1.0 + 1e-15), d * (1.0 - 1e-15)] {
                proptest::prop_assert_eq!(is_within(a, b, limit_m), d <= limit_m, "{} {}", d, limit_m);
            }
        }
    }

    #[test]
    fn hermite_meets_both_ends_and_a_straight_course() {
        let v = velocity_mps(10.0, 90.0);
        let p1 = [v[0] * 600.0, v[1] * 600.0];
        let mid = hermite([0.0; 2], v, p1, v, 600.0, 300.0);
        assert!((mid[0] - p1[0] / 2.0).abs() < 1e-9 && mid[1].abs() < 1e-9);
    }

    #[test]
    fn directions_wrap() {
        assert_eq!(angle_between_deg(350.0, 10.0), 20.0);
        assert_eq!(angle_between_deg(10.0, 190.0), 180.0);
    }
}
