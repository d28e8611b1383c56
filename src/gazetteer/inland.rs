//! Inland waters that ships of the sea use: there a ship inside land is where it says.

use crate::model::LonLat;

/// Boxes round rivers, canals and lakes with sea-going traffic, generously cut: west, south, east, north, degrees.
/// Rivers: the ports on them in the World Port Index and beyond to the head of navigation; Europe after the
/// Blue Book (inventory of inland waterways of categories C to F, UNECE), Russia after the Unified Deep Water System.
static WATERS: [(&str, [f64; 4]); 34] = [
    (
        "Great Lakes, St Lawrence, Hudson, Erie Canal",
        [-93.0, 40.5, -66.0, 51.0],
    ),
    (
        "Mississippi, Ohio, Tennessee, Gulf waterways",
        [-98.0, 28.0, -79.0, 46.0],
    ),
    ("Columbia, Snake, Willamette", [-124.5, 44.5, -116.0, 49.0]),
    ("Sacramento, San Joaquin", [-123.0, 37.0, -120.5, 40.0]),
    ("Mackenzie, Great Slave Lake", [-140.0, 60.0, -108.0, 70.0]),
    ("Yukon, Kuskokwim", [-166.0, 60.0, -135.0, 67.0]),
    ("Lake Winnipeg", [-99.5, 49.5, -95.5, 54.5]),
    ("Orinoco, Maracaibo", [-73.0, 6.0, -59.0, 11.5]),
    ("Magdalena", [-76.0, 6.0, -73.0, 11.5]),
    ("Amazon, Madeira, Tocantins", [-77.0, -12.5, -47.0, 2.5]),
    ("Parana, Paraguay, Uruguay", [-61.5, -35.0, -53.0, -15.0]),
    ("Lagoa dos Patos", [-53.5, -32.5, -50.5, -29.0]),
    ("Lake Titicaca", [-70.5, -17.0, -68.3, -15.0]),
    ("Panama, Nicaragua", [-86.5, 8.0, -78.5, 13.0]),
    (
        "Europe: Rhine, Danube, Elbe, Seine, Rhone, Po",
        [-6.0, 43.0, 31.0, 60.0],
    ),
    ("Guadalquivir, Douro, Tagus", [-9.5, 36.5, -4.5, 41.8]),
    ("Scandinavian lakes, Saimaa", [10.0, 55.0, 32.0, 64.0]),
    (
        "Russia: Volga, Don, Neva, Kama, White Sea",
        [26.0, 44.0, 58.0, 66.0],
    ),
    ("Ob, Irtysh, Yenisei", [60.0, 50.0, 98.0, 73.5]),
    ("Lena, Baikal", [100.0, 50.0, 136.0, 74.0]),
    ("Amur", [119.0, 45.0, 142.0, 54.0]),
    ("Yangtze, Grand Canal, Huai", [104.0, 28.0, 122.5, 36.5]),
    ("Pearl River, Xi", [105.5, 21.5, 115.0, 24.5]),
    ("Songhua, Liao", [120.0, 40.5, 132.0, 48.5]),
    ("Red River, Mekong, Chao Phraya", [98.5, 8.5, 108.0, 22.0]),
    ("Irrawaddy", [94.0, 15.5, 97.5, 25.5]),
    ("Ganges, Brahmaputra, Hooghly", [82.0, 21.5, 96.0, 28.0]),
    ("Rivers of Borneo and Sumatra", [99.0, -4.5, 119.0, 5.5]),
    ("Fly, Sepik", [140.5, -9.0, 146.0, -3.5]),
    ("Tigris, Euphrates, Karun", [44.0, 29.5, 49.5, 34.0]),
    ("Nile, Suez Canal", [29.5, 21.5, 33.5, 31.6]),
    ("Niger, Benue, Senegal, Gambia", [-17.0, 4.0, 14.0, 17.0]),
    ("Congo, Ogooue", [8.5, -6.5, 26.5, 5.0]),
    ("African lakes", [28.0, -15.0, 36.0, 3.0]),
];

/// Whether the place lies in one of the boxes.
pub(super) fn has_ships(place: LonLat) -> bool {
    let (lon, lat) = (place.lon(), place.lat());
    WATERS.iter().any(|(_, [west, south, east, north])| {
        (*west..=*east).contains(&lon) && (*south..=*north).contains(&lat)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lakes_and_rivers_are_ships_waters_and_deserts_are_not() {
        let at = |lon, lat| has_ships(LonLat::from_degrees(lon, lat).unwrap());
        assert!(at(-87.5, 48.0), "Lake Superior");
        assert!(at(1.48, 49.1), "the Seine at Vernon");
        assert!(at(-60.0, -3.1), "Manaus");
        assert!(at(44.5, 48.7), "Volgograd");
        assert!(!at(45.0, 24.0), "Arabia");
        assert!(!at(134.0, -24.0), "Australia");
        assert!(!at(-106.0, 39.0), "Colorado");
        assert!(
            WATERS
                .iter()
                .all(|(name, [w, s, e, n])| w < e && s < n && !name.is_empty())
        );
    }
}
