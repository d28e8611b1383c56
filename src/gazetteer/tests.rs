//! Known places, and the raster against the exact answer.

use proptest::prelude::*;

use super::*;

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::from_degrees(lon, lat).unwrap()
}

#[test]
fn known_distances() {
    let gazetteer = Gazetteer::builtin();
    let km = |lon, lat| gazetteer.shore_distance_m(at(lon, lat)) / 1000.0;
    assert!(km(-104.99, 39.74) < -500.0, "Denver");
    assert!(km(-40.0, 30.0) > 1000.0, "mid-Atlantic");
    assert!((35.0..50.0).contains(&km(-117.82, 33.03)), "off San Diego");
    assert!(km(-118.72, 31.14) > 99.0, "far off San Diego");
    assert!((-0.5..3.0).contains(&km(-74.044, 40.689)), "Liberty Island");
    // Places of real ships; kilometres to another coastline of the same grade.
    for (lon, lat, other) in [
        (-117.91, 33.15, 39.0),
        (-117.44, 31.84, 56.0),
        (-74.790, 35.609, 60.6),
        (-79.732, 32.682, 12.3),
    ] {
        let here = km(lon, lat);
        assert!((here - other).abs() < 3.0, "{lon} {lat}: {here}");
    }
    assert!(km(1.4886, 49.0944) < 0.0, "on the Seine");
    // Point Nemo, the place farthest from land: 2,688 km (from islets that may be missing here).
    assert!(
        (2600.0..2800.0).contains(&km(-123.393, -48.877)),
        "Point Nemo"
    );
}

#[test]
fn bands() {
    let gazetteer = Gazetteer::builtin();
    let band = |lon, lat| SeaBand::at_distance_m(gazetteer.shore_distance_m(at(lon, lat))).name();
    assert_eq!(band(-104.99, 39.74), "0-12");
    assert_eq!(band(-117.3, 32.7), "0-12");
    assert_eq!(band(-117.82, 33.03), "12-24");
    assert_eq!(band(124.35, 31.1), "24-200");
    assert_eq!(band(-40.0, 30.0), "200+");
    assert_eq!(SeaBand::at_distance_m(12.0 * 1852.0), SeaBand::To24);
}

#[test]
fn offshore_answers_the_stages() {
    let waters: &dyn Waters = Gazetteer::builtin();
    assert_eq!(waters.offshore(at(-117.82, 33.03)), Some(true));
    assert_eq!(waters.offshore(at(-74.05, 40.65)), Some(false), "New York");
    assert_eq!(waters.offshore(at(-104.99, 39.74)), Some(false), "Denver");
    assert_eq!(waters.offshore(at(0.0, 90.0)), Some(true));
    assert_eq!(waters.offshore(at(-180.0, -90.0)), Some(false));
    assert_eq!(waters.offshore(at(-180.0, 0.0)), Some(true));
    assert_eq!(waters.offshore(at(180.0, 67.0)), Some(false));
}

#[test]
fn the_nearest_port_has_a_name_and_a_country() {
    let gazetteer = Gazetteer::builtin();
    let near = |lon, lat| gazetteer.nearest_port(at(lon, lat)).unwrap().0.name;
    assert_eq!(near(-117.82, 33.03), "Avalon");
    assert_eq!(near(-117.18, 32.72), "San Diego");
    let (port, distance) = gazetteer.nearest_port(at(125.2, 38.7)).unwrap();
    assert_eq!((port.name, port.country), ("Nampo", "North Korea"));
    assert!(distance < 25_000.0);
}

/// Places anywhere, at the seams, and about the limit of a coast.
fn places() -> impl Strategy<Value = LonLat> {
    prop_oneof![
        (-180.0..180.0f64, -90.0..90.0f64).prop_map(|(lon, lat)| at(lon, lat)),
        (-0.2..0.2f64, -90.0..90.0f64)
            .prop_map(|(d, lat)| LonLat::from_degrees_wrapped(180.0 + d, lat)),
        // Waters with many islands: the Aegean, the Straits, Norway, Fiji.
        (22.0..28.0f64, 35.0..40.0f64).prop_map(|(lon, lat)| at(lon, lat)),
        (100.0..106.0f64, 0.0..5.0f64).prop_map(|(lon, lat)| at(lon, lat)),
        (5.0..30.0f64, 60.0..72.0f64).prop_map(|(lon, lat)| at(lon, lat)),
        (-3.0..3.0f64, -20.0..-15.0f64)
            .prop_map(|(d, lat)| LonLat::from_degrees_wrapped(180.0 + d, lat)),
        (-180.0..180.0f64, 82.0..84.0f64).prop_map(|(lon, lat)| at(lon, lat)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn the_raster_answers_as_the_distance_does(place in places()) {
        let gazetteer = Gazetteer::builtin();
        let exact = gazetteer.shore_distance_m(place) > OFFSHORE_M;
        // First by working the small cell out, then from what is remembered.
        prop_assert_eq!(gazetteer.offshore(place), exact);
        prop_assert_eq!(gazetteer.offshore(place), exact);
        let exact = gazetteer.shore_distance_m(place) < -INLAND_M && !inland::has_ships(place);
        prop_assert_eq!(gazetteer.inland(place), exact);
        prop_assert_eq!(gazetteer.inland(place), exact);
    }
}

#[test]
fn the_data_are_those_of_the_readme() {
    use sha2::{Digest, Sha256};
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let rows = readme.lines().filter(|l| l.starts_with("| `"));
    let mut seen = 0;
    for row in rows {
        let cells: Vec<&str> = row.split('|').map(|c| c.trim().trim_matches('`')).collect();
        let bytes = std::fs::read(folder.join(cells[1])).unwrap();
        assert_eq!(
            bytes.len().to_string(),
            cells[2].replace(',', ""),
            "{}",
            cells[1]
        );
        let hash: String = Sha256::digest(&bytes)
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        assert_eq!(hash, cells[4], "{}", cells[1]);
        seen += 1;
    }
    assert_eq!(seen, 6);
}
