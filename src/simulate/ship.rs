//! Ships: hull, identity, equipment, way, and what their crews type.

use std::rc::Rc;

use super::Params;
use super::dice::{Dice, Purpose};
use super::hull::Hull;
use super::mass::Mass;
use super::motion::Path;
use crate::model::AisClass;

/// A stretch in which a ship isn't heard, in seconds since the start of the data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Silence {
    pub from: f64,
    pub until: f64,
}

/// What a ship says of its size.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SaidSize {
    pub a: f64,
    pub b: f64,
    pub c: f64,
    pub d: f64,
}

/// A ship and everything about it that reaches the data.
#[derive(Clone, Debug)]
pub(super) struct Ship {
    pub mmsi: u32,
    pub imo: Option<u32>,
    pub name: String,
    pub callsign: String,
    pub class: AisClass,
    /// AIS ship type, as sent.
    pub said_type: Option<u8>,
    pub hull: Hull,
    pub said: SaidSize,
    pub path: Rc<Path>,
    pub mass: Mass,
    /// Cargo aboard, tonnes, once it has been set.
    pub load_t: Option<f64>,
    /// (from when, draught in metres), in time order.
    pub draughts: Vec<(f64, f64)>,
    pub destination: &'static str,
    pub silences: Vec<Silence>,
    pub has_heading: bool,
    /// Share of this ship's rows with a stale time.
    pub stale_clock: f64,
    /// Positions without noise: invented.
    pub invented: bool,
}

/// What a ship is built as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Build {
    CoastalTanker,
    Handy,
    Mr,
    Panamax,
    Aframax,
    Suezmax,
    Vlcc,
    Bulker,
    Container,
    Coaster,
    Reefer,
    Passenger,
    Ferry,
    Fishing,
    Tug,
    Barge,
    Dredger,
    Supply,
    PilotBoat,
    SportBoat,
    Yacht,
    RiverCruiser,
    Buoy,
}

/// Length, beam and design draught from least to greatest, antenna before the stern as a share of the
/// length, AIS ship types. Tankers: published particulars from a 76 m coaster to a 333 m VLCC; the rest:
/// ordinary sizes.
type Particulars = ([f64; 2], [f64; 2], [f64; 2], (f64, f64), &'static [u8]);

const TANKER: &[u8] = &[80, 80, 80, 81, 82, 83, 84, 89];
const CARGO: &[u8] = &[70, 70, 71, 74, 79];

fn particulars(build: Build) -> Particulars {
    const AFT: (f64, f64) = (0.07, 0.2);
    match build {
        Build::CoastalTanker => ([60.0, 110.0], [11.0, 17.0], [3.6, 6.5], AFT, TANKER),
        Build::Handy => ([120.0, 160.0], [19.0, 25.0], [7.5, 9.8], AFT, TANKER),
        Build::Mr => ([174.0, 186.0], [30.0, 32.4], [11.0, 12.8], AFT, TANKER),
        Build::Panamax => ([221.0, 229.0], [32.0, 32.4], [12.6, 14.2], AFT, TANKER),
        Build::Aframax => ([229.0, 253.0], [42.0, 44.4], [13.6, 15.2], AFT, TANKER),
        Build::Suezmax => ([269.0, 278.0], [46.0, 48.4], [16.0, 17.2], AFT, TANKER),
        Build::Vlcc => ([323.0, 336.0], [56.6, 60.4], [19.4, 22.0], AFT, TANKER),
        Build::Bulker => ([170.0, 292.0], [27.0, 45.0], [10.0, 18.0], AFT, CARGO),
        Build::Container => ([160.0, 366.0], [25.0, 51.0], [9.0, 15.0], (0.2, 0.6), CARGO),
        Build::Coaster => ([75.0, 120.0], [11.0, 17.0], [4.0, 7.0], AFT, CARGO),
        Build::Reefer => ([95.0, 150.0], [15.0, 22.0], [6.0, 9.0], AFT, &[70, 70, 79]),
        Build::Passenger => (
            [220.0, 330.0],
            [30.0, 41.0],
            [7.5, 9.0],
            (0.7, 0.9),
            &[60, 69],
        ),
        Build::Ferry => (
            [60.0, 180.0],
            [14.0, 27.0],
            [3.5, 6.5],
            (0.5, 0.9),
            &[60, 69],
        ),
        Build::Fishing => ([24.0, 70.0], [7.0, 13.0], [3.0, 6.0], (0.4, 0.75), &[30]),
        Build::Tug => (
            [24.0, 38.0],
            [9.0, 13.0],
            [3.5, 6.0],
            (0.5, 0.7),
            &[52, 31, 52],
        ),
        Build::Barge => (
            [60.0, 120.0],
            [16.0, 24.0],
            [3.0, 6.0],
            (0.05, 0.9),
            &[52, 57, 99],
        ),
        Build::Dredger => ([70.0, 130.0], [14.0, 24.0], [4.5, 8.0], AFT, &[33]),
        Build::Supply => (
            [55.0, 90.0],
            [13.0, 20.0],
            [4.5, 6.5],
            (0.7, 0.85),
            &[90, 70, 99],
        ),
        Build::PilotBoat => ([12.0, 22.0], [4.0, 6.0], [1.2, 2.2], (0.4, 0.6), &[50]),
        Build::SportBoat => (
            [8.0, 24.0],
            [3.0, 7.0],
            [0.8, 2.0],
            (0.4, 0.6),
            &[37, 30, 60],
        ),
        Build::Yacht => ([9.0, 18.0], [3.0, 5.0], [1.5, 2.5], (0.2, 0.6), &[36, 37]),
        Build::RiverCruiser => (
            [110.0, 135.0],
            [11.4, 11.5],
            [1.6, 1.9],
            (0.6, 0.9),
            &[60, 69],
        ),
        Build::Buoy => ([2.0, 3.0], [2.0, 2.1], [0.5, 0.6], (0.4, 0.6), &[90]),
    }
}

/// Leading digits of MMSIs; in frequent use by merchant ships.
const MIDS: [u32; 14] = [
    215, 219, 229, 236, 244, 256, 311, 352, 371, 477, 538, 563, 636, 671,
];
const FIRST_NAMES: [&str; 16] = [
    "NORTHERN", "PACIFIC", "GOLDEN", "OCEAN", "BRIGHT", "SILVER", "ATLANTIC", "EAGLE", "CORAL",
    "AMBER", "POLAR", "JADE", "ROYAL", "SEA", "DELTA", "CAPE",
];
const LAST_NAMES: [&str; 16] = [
    "STAR", "SPIRIT", "VOYAGER", "PEARL", "HORIZON", "TRADER", "GLORY", "BREEZE", "FORTUNE",
    "WIND", "CREST", "LEADER", "DAWN", "RIVER", "HOPE", "ORION",
];
const DESTINATIONS: [&str; 8] = [
    "FOR ORDERS",
    "SINGAPORE",
    "ROTTERDAM",
    "HOUSTON",
    "FUJAIRAH",
    "PAL",
    "GIBRALTAR",
    "OPL",
];

/// Builds ships and numbers them, no number twice.
pub(super) struct Yard {
    seed: u64,
    built: u32,
    heading_missing: f64,
    size_wrong: f64,
    type_missing: f64,
    clock_wrong: f64,
    class_b_boats: f64,
}

impl Yard {
    pub(super) fn new(params: &Params) -> Self {
        Self {
            seed: params.seed,
            built: 0,
            heading_missing: params.heading_missing,
            size_wrong: params.size_wrong,
            type_missing: params.type_missing,
            clock_wrong: params.clock_wrong,
            class_b_boats: params.class_b_boats,
        }
    }

    /// A ship without a way.
    pub(super) fn build(&mut self, build: Build) -> Ship {
        let n = self.built;
        self.built += 1;
        let mut dice = Dice::new(self.seed, Purpose::Ship, u64::from(n));
        let dice = &mut dice;
        let (length, beam, draught, aft, types) = particulars(build);
        let u = dice.unit();
        let between = |dice: &mut Dice, range: [f64; 2]| {
            let v = (u + dice.between(-0.1, 0.1)).clamp(0.0, 1.0);
            range[0] + v * (range[1] - range[0])
        };
        let (l, b, t) = (
            length[0] + u * (length[1] - length[0]),
            between(dice, beam),
            between(dice, draught),
        );
        let hull = Hull::new(dice, l, b, t, aft);
        let class_b = match build {
            Build::SportBoat | Build::Yacht | Build::Buoy => 1.0,
            Build::PilotBoat => 0.5,
            Build::Fishing => self.class_b_boats,
            _ => 0.0,
        };
        let ship_type = *dice.pick(types);
        let buoy = build == Build::Buoy;
        let mmsi = if buoy {
            941_200_000 + n % 100_000
        } else {
            // 700,001 is prime to 1,000,000: serials don't repeat within a million ships.
            *dice.pick(&MIDS) * 1_000_000 + (u64::from(n) * 700_001 % 1_000_000) as u32
        };
        let named = !buoy && build != Build::Barge;
        let class = if dice.chance(class_b) {
            AisClass::B
        } else {
            AisClass::A
        };
        Ship {
            mmsi,
            imo: (named && class == AisClass::A && hull.length_m > 50.0).then(|| imo(n)),
            name: if buoy {
                format!("NET {}-{}%", n % 1000, 50 + n % 50)
            } else {
                format!("{} {} {n}", dice.pick(&FIRST_NAMES), dice.pick(&LAST_NAMES))
            },
            callsign: format!("V7{}{:02}", char::from(b'A' + (n % 26) as u8), n % 100),
            class,
            said_type: (!dice.chance(self.type_missing)).then_some(ship_type),
            said: said_size(dice, &hull, self.size_wrong),
            draughts: vec![(f64::MIN, hull.draught_m)],
            mass: Mass::new(
                &mut Dice::new(self.seed, Purpose::Mass, u64::from(n)),
                &hull,
                types == TANKER,
            ),
            load_t: None,
            hull,
            path: Rc::new(Path {
                from: 0.0,
                legs: Vec::new(),
            }),
            destination: DESTINATIONS[dice.below(DESTINATIONS.len())],
            silences: Vec::new(),
            has_heading: class == AisClass::A && !dice.chance(self.heading_missing),
            stale_clock: if dice.chance(self.clock_wrong) {
                0.2
            } else {
                0.0
            },
            invented: false,
        }
    }
}

/// A number with the right check digit: 9 and five digits of the serial.
fn imo(n: u32) -> u32 {
    let six = 900_000 + n % 100_000;
    let digits: Vec<u32> = (0..6).rev().map(|i| six / 10u32.pow(i) % 10).collect();
    let sum: u32 = digits
        .iter()
        .zip([7, 6, 5, 4, 3, 2])
        .map(|(d, w)| d * w)
        .sum();
    six * 10 + sum % 10
}

/// What the installer typed: mostly right; else nothing, another ship's size, or bow and stern exchanged.
fn said_size(dice: &mut Dice, hull: &Hull, wrong: f64) -> SaidSize {
    let (a, c) = (hull.to_bow_m, hull.to_port_m);
    let (b, d) = (hull.length_m - a, hull.beam_m - c);
    if !dice.chance(wrong) {
        return SaidSize { a, b, c, d };
    }
    match dice.below(4) {
        0 => SaidSize::default(),
        1 => {
            let factor = dice.between(0.3, 0.7);
            let [a, b, c, d] = [a, b, c, d].map(|v| (v * factor).round());
            SaidSize { a, b, c, d }
        }
        2 => SaidSize { a: b, b: a, c, d },
        _ => {
            let factor = dice.between(1.2, 2.0);
            SaidSize {
                a: (a * factor).round(),
                b,
                c,
                d,
            }
        }
    }
}
