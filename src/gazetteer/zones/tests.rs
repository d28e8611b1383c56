//! Zones by place and time, and files that can't be used.

use super::*;

fn at(lon: f64, lat: f64) -> LonLat {
    LonLat::from_degrees(lon, lat).unwrap()
}

fn day(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn feature(properties: &str, rings: &str) -> String {
    format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{{properties}}},
        "geometry":{{"type":"Polygon","coordinates":{rings}}}}}]}}"#
    )
}

fn parse(text: &str) -> Result<Zones, ZonesError> {
    Zones::parse(Path::new("my.geojson"), text)
}

fn fault(text: &str) -> String {
    parse(text).err().unwrap().to_string()
}

const SQUARE: &str = "[[[1,1],[3,1],[3,3],[1,3],[1,1]]]";

#[test]
fn places_in_built_in_zones() {
    let zones = Zones::builtin();
    let name = |lon, lat, t| zones.at(at(lon, lat), day(t)).map(|z| z.name.as_str());
    // Inside 33 CFR 156.300(a), north-west of its slanting edge, and south of it.
    assert_eq!(
        name(-94.0, 27.0, "2020-06-30"),
        Some("Southtex lightering zone")
    );
    assert_eq!(name(-95.9, 27.9, "2020-06-30"), None);
    assert_eq!(name(-94.0, 26.4, "2020-06-30"), None);
    assert_eq!(
        name(-92.5, 27.9, "2020-06-30"),
        Some("Flower Garden prohibited area")
    );
    assert_eq!(
        name(124.35, 31.1, "2018-02-16"),
        Some("East China Sea, east of Shanghai")
    );
    // Closed in May 2024.
    assert_eq!(name(22.8, 36.45, "2024-04-30"), Some("Laconian Gulf"));
    assert_eq!(name(22.8, 36.45, "2024-05-01"), None);
    assert_eq!(name(-40.0, 30.0, "2020-06-30"), None);
}

#[test]
fn every_built_in_zone_has_its_source_and_a_sane_area() {
    let zones = Zones::builtin();
    assert_eq!(zones.len(), 33);
    for zone in zones.iter() {
        assert!(!zone.source.is_empty(), "{}", zone.name);
        assert!(
            (50.0..60_000.0).contains(&zone.area_km2),
            "{} {}",
            zone.name,
            zone.area_km2
        );
    }
    // A circle of 8 nautical miles.
    let hurds = zones.iter().find(|z| z.name.starts_with("Hurd")).unwrap();
    let circle = std::f64::consts::PI * (8.0f64 * 1.852).powi(2);
    assert!(
        (hurds.area_km2 / circle - 1.0).abs() < 0.02,
        "{}",
        hurds.area_km2
    );
}

#[test]
fn the_smallest_zone_wins() {
    let text = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"name":"wide"},
         "geometry":{"type":"Polygon","coordinates":[[[0,0],[9,0],[9,9],[0,9],[0,0]]]}},
        {"type":"Feature","properties":{"name":"b","valid_to":"2020-01-01"},
         "geometry":{"type":"Polygon","coordinates":[[[1,1],[3,1],[3,3],[1,3],[1,1]]]}},
        {"type":"Feature","properties":{"name":"a","valid_to":"2019-01-01"},
         "geometry":{"type":"Polygon","coordinates":[[[1,1],[3,1],[3,3],[1,3],[1,1]]]}}]}"#;
    let zones = parse(text).unwrap();
    let name = |t| zones.at(at(2.0, 2.0), day(t)).unwrap().name.clone();
    assert_eq!(name("2018-06-01"), "a");
    assert_eq!(name("2019-06-01"), "b");
    assert_eq!(name("2020-06-01"), "wide");
}

#[test]
fn the_users_zones_come_before_those_built_in_whatever_their_size() {
    let wide = "[[[-97,25],[-90,25],[-90,30],[-97,30],[-97,25]]]";
    let own = parse(&feature(r#""name":"own","valid_from":"2020-06-30""#, wide)).unwrap();
    let zones = Zones::builtin().with(own);
    let (here, southtex) = (at(-94.0, 27.0), "Southtex lightering zone");
    let name = |t| zones.at(here, day(t)).unwrap().name.clone();
    assert_eq!(
        (name("2020-06-29"), name("2020-06-30")),
        (southtex.into(), "own".into())
    );
    let during = |from, to| -> Vec<String> {
        let found = zones.during(here, day(from), day(to));
        found.iter().map(|z| z.name.clone()).collect()
    };
    assert_eq!(during("2020-06-28", "2020-06-29"), [southtex]);
    assert_eq!(during("2020-06-28", "2020-06-30"), ["own", southtex]);
}

#[test]
fn rings_across_the_antimeridian() {
    for ring in [
        "[[[179,-1],[-179,-1],[-179,1],[179,1],[179,-1]]]",
        "[[[179,-1],[181,-1],[181,1],[179,1],[179,-1]]]",
        "[[[-181,-1],[-179,-1],[-179,1],[-181,1],[-181,-1]]]",
    ] {
        let zones = parse(&feature(r#""name":"x""#, ring)).unwrap();
        for (lon, inside) in [
            (179.5, true),
            (180.0, true),
            (-179.5, true),
            (178.5, false),
            (-178.5, false),
            (0.0, false),
        ] {
            let found = zones.at(at(lon, 0.5), Timestamp(0)).is_some();
            assert_eq!(found, inside, "{ring} {lon}");
        }
        let area = zones.iter().next().unwrap().area_km2;
        assert!((area / (222.39 * 222.39) - 1.0).abs() < 0.01, "{area}");
    }
}

#[test]
fn holes_are_outside() {
    let rings = "[[[179,-2],[-177,-2],[-177,2],[179,2],[179,-2]],[[-179.5,-1],[-178,-1],[-178,1],[-179.5,1],[-179.5,-1]]]";
    let zones = parse(&feature(r#""name":"x""#, rings)).unwrap();
    assert!(zones.at(at(-179.0, 0.0), Timestamp(0)).is_none());
    assert!(zones.at(at(179.5, 0.0), Timestamp(0)).is_some());
    assert!(zones.at(at(-177.5, 0.0), Timestamp(0)).is_some());
}

#[test]
fn faults_name_file_and_feature() {
    let good = parse(&feature(r#""name":"x""#, SQUARE)).unwrap();
    let zone = good.iter().next().unwrap();
    assert_eq!(
        (zone.kind, zone.confidence),
        (ZoneKind::Transfer, Confidence::Stated)
    );
    let cases = [
        (feature("", SQUARE), "feature 1: it has no property 'name'"),
        (
            feature(r#""name":"x","kind":"harbor""#, SQUARE),
            "feature 1 ('x'): property 'kind' is 'harbor', not one of lightering, ",
        ),
        (
            feature(r#""name":"x","valid_from":"May 2024""#, SQUARE),
            "property 'valid_from' is 'May 2024'",
        ),
        (
            feature(
                r#""name":"x","valid_from":"2024-05-01","valid_to":"2024-05-01""#,
                SQUARE,
            ),
            "'valid_to' isn't after",
        ),
        (
            feature(r#""name":"x""#, "[[[1,1],[3,1],[1,1]]]"),
            "fewer than four",
        ),
        (
            feature(r#""name":"x""#, "[[[1,1],[3,1],[3,3],[1,3]]]"),
            "isn't closed",
        ),
        (
            feature(r#""name":"x""#, "[[[1,91],[3,1],[3,3],[1,91]]]"),
            "longitude comes first",
        ),
        (
            feature(r#""name":"x""#, "[[[0,80],[120,80],[240,80],[360,80]]]"),
            "round a pole",
        ),
        (
            feature(r#""name":"x""#, "[[[1,1],[3],[3,3],[1,1]]]"),
            "isn't a position",
        ),
        ("{}".to_owned(), "isn't a GeoJSON FeatureCollection"),
        ("{".to_owned(), "isn't JSON"),
    ];
    for (text, part) in cases {
        let message = fault(&text);
        assert!(message.starts_with("zones file my.geojson"), "{message}");
        assert!(message.contains(part), "{message} lacks {part}");
    }
    let missing = Zones::from_geojson(Path::new("no/such.geojson"))
        .err()
        .unwrap();
    assert!(
        missing
            .to_string()
            .starts_with("zones file no/such.geojson can't be read")
    );
}
