//! The index against a search through every arc, written without its helpers.

use proptest::prelude::*;

use super::*;
use crate::geodesy::{Plane, distance_m, place_of};

fn coast() -> &'static Coast {
    &crate::gazetteer::Gazetteer::builtin().coast
}

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::from_degrees(lon, lat).unwrap()
}

/// Distance to an arc by golden-section search along it: shares no formula with the index.
fn distance_to_arc_m(place: LonLat, a: LonLat, b: LonLat) -> f64 {
    let (na, nb) = (n_vector(a), n_vector(b));
    let on_arc = |t: f64| {
        distance_m(
            place,
            place_of(std::array::from_fn(|i| na[i] * (1.0 - t) + nb[i] * t)),
        )
    };
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..60 {
        let (one, two) = (low + (high - low) * 0.382, low + (high - low) * 0.618);
        if on_arc(one) < on_arc(two) {
            high = two;
        } else {
            low = one;
        }
    }
    on_arc((low + high) / 2.0).min(on_arc(0.0)).min(on_arc(1.0))
}

/// Nearest coast by looking at every vertex, then closely at the arcs that could be nearer than that.
fn slow_distance_m(place: LonLat) -> f64 {
    let n = n_vector(place);
    let far = |v: &Vertex| arc_of_chord_2(chord_2(n, v.n));
    let best = coast()
        .arcs()
        .flat_map(|(a, b)| [far(a), far(b)])
        .fold(f64::INFINITY, f64::min);
    coast()
        .arcs()
        .filter(|(a, b)| far(a) - arc_of_chord_2(chord_2(a.n, b.n)) < best)
        .map(|(a, b)| distance_to_arc_m(place, at(a.lon, a.lat), at(b.lon, b.lat)))
        .fold(best, f64::min)
}

/// Side by the whole list of arcs, on the meridian to the South Pole, which is land.
fn slow_on_land(place: LonLat) -> bool {
    let crossings = coast()
        .arcs()
        .filter_map(|(a, b)| crossing_lat(place.lon(), a, b))
        .filter(|lat| *lat < place.lat());
    crossings.count() % 2 == 0
}

#[test]
fn the_data_are_whole() {
    assert_eq!(coast().arcs().count(), 404_840);
    assert_eq!(coast().vertices.len(), 404_851 + 4049);
    let longest = coast()
        .arcs()
        .map(|(a, b)| arc_of_chord_2(chord_2(a.n, b.n)))
        .fold(0.0, f64::max);
    assert!(longest < 80_000.0, "{longest}");
    assert!(decode(&LAND[..LAND.len() - 1]).is_none());
    assert!(decode(b"LAND2\0\0\0").is_none());
}

#[test]
fn land_and_sea() {
    let land = [
        (-104.99, 39.74), // Denver
        (0.0, -90.0),
        (120.0, -85.3),
        (-179.5, 66.5), // Chukotka, east of the antimeridian
        (179.5, 67.5),  // and west of it
        (-180.0, 67.0),
        (-85.0, 47.6), // Lake Superior: lakes are land
    ];
    let sea = [
        (-40.0, 30.0),
        (0.0, 90.0),
        (50.5, 42.0), // the Caspian
        (-180.0, 0.0),
        (-180.0, 72.5),
        (103.9, 1.2), // Singapore Strait
    ];
    for (lon, lat) in land {
        assert!(coast().on_land(at(lon, lat)), "{lon} {lat}");
    }
    for (lon, lat) in sea {
        assert!(!coast().on_land(at(lon, lat)), "{lon} {lat}");
    }
}

#[test]
fn no_coast_along_the_antimeridian() {
    // Chukotka is cut there in the source; the true coast is a degree and more away.
    assert!(coast().distance_m(at(-180.0, 67.0)) > 60_000.0);
    let (west, east) = (at(179.9999, 67.0), at(-179.9999, 67.0));
    assert!((coast().distance_m(west) - coast().distance_m(east)).abs() < 20.0);
}

#[test]
fn at_the_poles_longitude_is_nothing() {
    for lat in [90.0, -90.0] {
        let d = coast().distance_m(at(0.0, lat));
        for lon in [-180.0, -91.0, 45.0, 179.9] {
            assert!((coast().distance_m(at(lon, lat)) - d).abs() < 1e-3);
        }
    }
    // The northernmost land is Kaffeklubben Island, 83.66 N; the South Pole is far inland.
    let d = coast().distance_m(at(0.0, 90.0));
    assert!((690_000.0..730_000.0).contains(&d), "{d}");
}

#[test]
fn an_arc_by_its_middle_and_its_ends() {
    let (a, b) = (at(179.9, 10.0), at(-179.9, 10.1));
    let plane = Plane::at(a);
    for offset in [[10_000.0, 3000.0], [-5000.0, 0.0], [40_000.0, 9000.0]] {
        let place = plane.to_place(offset);
        let fast = arc_of_chord_2(chord_2_to_arc(n_vector(place), n_vector(a), n_vector(b)));
        let slow = distance_to_arc_m(place, a, b);
        assert!((fast - slow).abs() < 0.02, "{offset:?} {fast} {slow}");
    }
    // The nearest point of the great circle through an arc may lie on the far side of the Earth.
    let far = arc_of_chord_2(chord_2_to_arc(
        n_vector(at(0.0, -10.0)),
        n_vector(a),
        n_vector(b),
    ));
    assert!(far > 17_000_000.0, "{far}");
}

/// Places spread evenly over the sphere, with many at the seams, and many near a coast.
fn places() -> impl Strategy<Value = LonLat> {
    let anywhere =
        (-180.0..180.0f64, -1.0..1.0f64).prop_map(|(lon, z)| at(lon, z.asin().to_degrees()));
    let seams = prop_oneof![
        (-0.2..0.2f64, -90.0..90.0f64)
            .prop_map(|(d, lat)| LonLat::from_degrees_wrapped(180.0 + d, lat)),
        (-180.0..180.0f64, 0.0..1.0f64, any::<bool>())
            .prop_map(|(lon, d, south)| at(lon, if south { d - 90.0 } else { 90.0 - d })),
    ];
    let coasts =
        (any::<prop::sample::Index>(), -0.1..0.1f64, -0.1..0.1f64).prop_map(|(i, dx, dy)| {
            let v = &coast().vertices[i.index(coast().vertices.len())];
            LonLat::from_degrees_wrapped(v.lon + dx, v.lat + dy)
        });
    prop_oneof![2 => anywhere, 1 => seams, 3 => coasts]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_index_finds_what_a_full_search_finds(place in places()) {
        let (fast, slow) = (coast().distance_m(place), slow_distance_m(place));
        prop_assert!((fast - slow).abs() < 0.05, "{} {}", fast, slow);
        prop_assert_eq!(coast().on_land(place), slow_on_land(place));
        // The packed grain of a place is a centimetre.
        prop_assert!(coast().within(place, slow + 0.05));
        prop_assert!(!coast().within(place, slow - 0.05));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// The raster rests on this: sign and distance change no faster than the place.
    #[test]
    fn the_signed_distance_is_continuous(place in places(), east in -900.0..900.0f64, north in -900.0..900.0f64) {
        let there = Plane::at(place).to_place([east, north]);
        let signed = |p| if coast().on_land(p) { -coast().distance_m(p) } else { coast().distance_m(p) };
        // Where the source cuts islands at the antimeridian a few kilometres of coast are missing.
        let fiji = at(180.0, -16.5);
        prop_assume!(distance_m(place, fiji) > 100_000.0);
        let apart = distance_m(place, there);
        prop_assert!((signed(place) - signed(there)).abs() <= apart + 1.0);
    }
}
