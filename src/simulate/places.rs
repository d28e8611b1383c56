//! Where scenes lie: real waters, so that shore, ports and zones mean something.
//!
//! Each place was chosen by its distance from the coastline of Natural Earth 1:10m: open waters 190 km and
//! more from land, roads 4.5 to 16 km off a port, quays within 200 m of land.

use super::dice::Dice;
use super::motion::away;
use crate::geodesy::Plane;
use crate::model::LonLat;

/// What kind of water a scene needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Waters {
    /// Far out, mostly poorly heard.
    Open,
    /// The same waters, mostly well heard: shelves with stations on platforms and isles.
    Shelf,
    /// Busy waters under one good station: the ships of all scenes there are heard alike.
    Station,
    /// The same, of one scene each: all its ships are lost together when the station fails.
    Outpost,
    Roads,
    Quay,
    River,
}

/// How well a place is heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coverage {
    /// Inside a harbour network: nearly everything is heard.
    Harbour,
    /// On a coast, at the edge of stations.
    Coast,
    /// Far out: ducting, or satellites; a few fixes an hour with silent hours.
    Offshore,
}

/// A scene's place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub plane: Plane,
    pub coverage: Coverage,
    /// Where ships come from and go to.
    pub seaward_deg: f64,
    /// How far from that direction, to either side.
    pub spread_deg: f64,
}

/// Longitude and latitude in degrees. The first three lie on the antimeridian.
const OPEN: [(f64, f64); 18] = [
    (179.95, -24.0),
    (-179.97, 2.0),
    (179.9, 47.0),
    (-120.5, 31.3),
    (-93.0, 27.3),
    (62.0, 18.0),
    (2.0, 2.5),
    (-59.0, -46.5),
    (-86.0, -12.0),
    (-22.0, 27.0),
    (114.0, 13.5),
    (20.0, 35.3),
    (88.0, 14.5),
    (126.3, 29.0),
    (134.5, 39.5),
    (-66.0, 39.0),
    (5.0, 56.5),
    (-30.0, 45.0),
];
/// Busy shelves 40 km and more from land, with stations on platforms and isles.
const STATIONS: [(f64, f64); 5] = [
    (3.3, 53.4),
    (-93.5, 28.3),
    (52.2, 26.6),
    (122.8, 35.2),
    (107.5, 8.0),
];
/// The same, far from those.
const OUTPOSTS: [(f64, f64); 4] = [(-4.5, 46.2), (-67.5, 42.8), (30.5, 43.2), (150.0, 56.0)];
/// Metres between scenes under one station: all of them are within its range.
const STATION_SPACING_M: f64 = 7000.0;
/// Metres between outposts of one water: no two under one station.
const OUTPOST_SPACING_M: f64 = 250_000.0;
/// Metres between scenes of one open water.
const OPEN_SPACING_M: f64 = 45_000.0;
/// Metres between scenes of one road, quay or reach, once each has one.
const NEAR_SPACING_M: f64 = 5000.0;

/// Longitude, latitude, and the direction with the most water.
const ROADS: [(f64, f64, f64); 96] = [
    (56.423, 25.227, 100.0),   // Fujairah
    (-94.600, 29.331, 100.0),  // Galveston
    (-118.116, 33.680, 190.0), // Long Beach
    (4.000, 52.131, 340.0),    // Rotterdam
    (10.620, 57.801, 10.0),    // Skagen
    (1.359, 6.109, 160.0),     // Lome
    (104.270, 1.310, 90.0),    // Singapore
    (-5.300, 35.981, 40.0),    // Ceuta
    (14.600, 35.900, 60.0),    // Malta
    (22.100, 36.869, 190.0),   // Kalamata
    (15.301, 37.270, 70.0),    // Augusta
    (32.350, 31.361, 30.0),    // Port Said
    (127.908, 34.665, 160.0),  // Yeosu
    (122.466, 29.957, 80.0),   // Zhoushan
    (-46.211, -24.050, 170.0), // Santos
    (31.097, -29.830, 90.0),   // Durban
    (-15.354, 28.200, 60.0),   // Las Palmas
    (-77.200, -11.969, 280.0), // Callao
    (56.415, 25.420, 80.0),    // Khor Fakkan
    (72.822, 18.822, 270.0),   // Mumbai
    (36.749, 45.059, 170.0),   // Kavkaz
    (-75.050, 38.881, 330.0),  // Delaware
    (101.970, 2.310, 190.0),   // Linggi
    (120.964, 13.570, 270.0),  // Batangas
    (56.446, 25.149, 90.0),    // Fujairah
    (-94.666, 29.193, 140.0),  // Galveston
    (-118.200, 33.639, 150.0), // Long Beach
    (4.114, 52.090, 310.0),    // Rotterdam
    (10.751, 57.760, 70.0),    // Skagen
    (1.301, 6.052, 160.0),     // Lome
    (104.200, 1.269, 80.0),    // Singapore
    (-5.213, 35.940, 60.0),    // Ceuta
    (14.650, 35.830, 100.0),   // Malta
    (22.012, 36.909, 150.0),   // Kalamata
    (15.352, 37.200, 100.0),   // Augusta
    (32.432, 31.320, 40.0),    // Port Said
    (127.866, 34.605, 110.0),  // Yeosu
    (122.490, 29.879, 110.0),  // Zhoushan
    (-46.256, -24.120, 160.0), // Santos
    (31.143, -29.900, 100.0),  // Durban
    (-15.308, 28.130, 110.0),  // Las Palmas
    (-77.280, -12.029, 330.0), // Callao
    (56.460, 25.350, 70.0),    // Khor Fakkan
    (72.740, 18.843, 230.0),   // Mumbai
    (36.650, 45.019, 200.0),   // Kavkaz
    (-74.960, 38.840, 150.0),  // Delaware
    (101.900, 2.269, 170.0),   // Linggi
    (121.137, 13.566, 120.0),  // Batangas
    (56.504, 25.205, 100.0),   // Fujairah
    (-94.690, 29.271, 140.0),  // Galveston
    (-118.119, 33.603, 180.0), // Long Beach
    (3.934, 51.980, 270.0),    // Rotterdam
    (10.751, 57.679, 130.0),   // Skagen
    (1.376, 6.035, 160.0),     // Lome
    (104.130, 1.310, 250.0),   // Singapore
    (-5.214, 35.859, 120.0),   // Ceuta
    (14.600, 35.760, 130.0),   // Malta
    (22.184, 36.833, 200.0),   // Kalamata
    (15.250, 37.335, 30.0),    // Augusta
    (32.508, 31.280, 50.0),    // Port Said
    (127.668, 34.583, 200.0),  // Yeosu
    (122.400, 30.035, 60.0),   // Zhoushan
    (-46.344, -24.120, 160.0), // Santos
    (31.097, -29.970, 130.0),  // Durban
    (-15.354, 28.060, 60.0),   // Las Palmas
    (-77.102, -12.145, 220.0), // Callao
    (56.499, 25.417, 80.0),    // Khor Fakkan
    (72.717, 18.921, 240.0),   // Mumbai
    (36.551, 45.059, 150.0),   // Kavkaz
    (-74.960, 38.759, 80.0),   // Delaware
    (101.830, 2.310, 160.0),   // Linggi
    (120.863, 13.566, 280.0),  // Batangas
    (56.465, 25.075, 90.0),    // Fujairah
    (-94.523, 29.367, 160.0),  // Galveston
    (-118.281, 33.603, 150.0), // Long Beach
    (3.868, 52.050, 300.0),    // Rotterdam
    (10.620, 57.639, 120.0),   // Skagen
    (1.245, 6.000, 160.0),     // Lome
    (104.330, 1.385, 90.0),    // Singapore
    (-5.217, 36.017, 60.0),    // Ceuta
    (14.500, 35.760, 200.0),   // Malta
    (22.016, 36.833, 150.0),   // Kalamata
    (15.397, 37.267, 70.0),    // Augusta
    (32.487, 31.212, 40.0),    // Port Said
    (127.949, 34.605, 150.0),  // Yeosu
    (122.550, 29.935, 90.0),   // Zhoushan
    (-46.172, -24.117, 170.0), // Santos
    (31.185, -29.832, 90.0),   // Durban
    (-15.400, 28.265, 10.0),   // Las Palmas
    (-77.164, -12.180, 170.0), // Callao
    (56.499, 25.282, 100.0),   // Khor Fakkan
    (72.763, 18.770, 270.0),   // Mumbai
    (36.745, 44.983, 170.0),   // Kavkaz
    (-75.140, 38.840, 340.0),  // Delaware
    (101.968, 2.233, 180.0),   // Linggi
    (120.812, 13.749, 250.0),  // Batangas
];

/// Longitude, latitude, direction of the harbour's approach.
const QUAYS: [(f64, f64, f64); 15] = [
    (56.367, 25.180, 90.0),    // Fujairah
    (-94.786, 29.294, 140.0),  // Galveston
    (-118.202, 33.746, 200.0), // Long Beach
    (4.094, 51.991, 350.0),    // Rotterdam
    (10.588, 57.722, 130.0),   // Skagen
    (1.280, 6.136, 160.0),     // Lome
    (-5.302, 35.884, 140.0),   // Ceuta
    (15.220, 37.219, 150.0),   // Augusta
    (32.312, 31.273, 20.0),    // Port Said
    (127.749, 34.737, 110.0),  // Yeosu
    (-46.300, -23.989, 240.0), // Santos
    (31.050, -29.870, 90.0),   // Durban
    (-15.417, 28.140, 100.0),  // Las Palmas
    (-77.157, -12.043, 310.0), // Callao
    (72.835, 18.943, 70.0),    // Mumbai
];

/// Longitude, latitude, direction of the river.
const RIVERS: [(f64, f64, f64); 8] = [
    (1.489, 49.094, 300.0),  // Vernon, Seine
    (7.600, 50.350, 340.0),  // Koblenz, Rhine
    (6.965, 50.945, 350.0),  // Cologne, Rhine
    (19.045, 47.495, 5.0),   // Budapest, Danube
    (16.410, 48.225, 320.0), // Vienna, Danube
    (14.290, 48.312, 280.0), // Linz, Danube
    (7.800, 48.580, 20.0),   // Strasbourg, Rhine
    (13.470, 48.575, 270.0), // Passau, Danube
];

/// Share of coverages: harbour, coast; the rest offshore.
fn coverage(waters: Waters, dice: &mut Dice) -> Coverage {
    let (harbour, coast) = match waters {
        Waters::Station | Waters::Outpost => (1.0, 0.0),
        Waters::Open => (0.2, 0.2),
        Waters::Shelf => (0.5, 0.3),
        Waters::Roads => (0.7, 0.3),
        Waters::Quay | Waters::River => (0.9, 0.1),
    };
    match dice.unit() {
        u if u < harbour => Coverage::Harbour,
        u if u < harbour + coast => Coverage::Coast,
        _ => Coverage::Offshore,
    }
}

impl Place {
    /// The place of the `n`-th scene on these waters.
    pub(super) fn of(waters: Waters, n: usize, dice: &mut Dice) -> Self {
        let ((lon, lat, seaward_deg), spread_deg, sites, spacing) = match waters {
            Waters::Open | Waters::Shelf => {
                let (lon, lat) = OPEN[n % OPEN.len()];
                let any = dice.between(0.0, 360.0);
                ((lon, lat, any), 180.0, OPEN.len(), OPEN_SPACING_M)
            }
            Waters::Station | Waters::Outpost => {
                let sites: &[(f64, f64)] = if waters == Waters::Station {
                    &STATIONS
                } else {
                    &OUTPOSTS
                };
                let (lon, lat) = sites[n % sites.len()];
                let any = dice.between(0.0, 360.0);
                let spacing = if waters == Waters::Station {
                    STATION_SPACING_M
                } else {
                    OUTPOST_SPACING_M
                };
                ((lon, lat, any), 180.0, sites.len(), spacing)
            }
            Waters::Roads => (ROADS[n % ROADS.len()], 25.0, ROADS.len(), NEAR_SPACING_M),
            Waters::Quay => (QUAYS[n % QUAYS.len()], 10.0, QUAYS.len(), NEAR_SPACING_M),
            Waters::River => (RIVERS[n % RIVERS.len()], 0.0, RIVERS.len(), NEAR_SPACING_M),
        };
        // A sunflower: every scene has the spacing to its neighbours, however many there are.
        // Scenes of the shelf lie between those of the open sea.
        let between = if waters == Waters::Shelf { 0.5 } else { 0.0 };
        let lap = (n / sites) as f64 + between;
        let middle = Plane::at(LonLat::from_degrees_wrapped(lon, lat));
        let at = away([0.0; 2], 137.508 * lap, spacing * lap.sqrt() * 0.6);
        Self {
            plane: Plane::at(middle.to_place(at)),
            coverage: coverage(waters, dice),
            seaward_deg,
            spread_deg,
        }
    }
}
