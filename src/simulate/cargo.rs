//! What moves between hulls: how much, how fast, and what it does to draughts.

use super::Params;
use super::hull::Hull;
use super::scene::{Cargo, HOUR, Scene};

/// Barrels in a cubic metre.
const BBL_PER_M3: f64 = 6.2898;

/// Product and barrels per tonne (BP Statistical Review 2021, approximate conversion factors).
pub(super) const OIL: [(&str, f64); 6] = [
    ("crude", 7.33),
    ("crude", 7.33),
    ("fuel_oil", 6.35),
    ("gasoil", 7.46),
    ("gasoline", 8.35),
    ("jet", 7.88),
];

/// What moves, and how long pumping takes, seconds.
pub(super) struct Plan {
    pub product: &'static str,
    pub volume_t: f64,
    pub volume_bbl: Option<f64>,
    pub pump_s: f64,
    /// Whether the daughter gives.
    pub from_daughter: bool,
}

/// Oil between two hulls: a share of what the smaller holds, at a rate of its size; less where the data end.
pub(super) fn plan_oil(
    scene: &mut Scene,
    small: &Hull,
    product: (&'static str, f64),
    longest_s: f64,
) -> Plan {
    let dice = &mut scene.dice;
    let capacity_t = 0.95 * small.deadweight_t();
    let t_per_m3 = BBL_PER_M3 / product.1;
    // Product pumps 1,500 to 5,000 m3/h, crude carriers 6,000 to 10,000, coasters some hundreds.
    let rate_m3_h = match capacity_t {
        c if c < 12e3 => dice.log_between(150.0, 900.0),
        c if c < 60e3 => dice.log_between(1500.0, 4000.0),
        _ => dice.log_between(5000.0, 9000.0),
    };
    let wanted_t = capacity_t * dice.between(0.3, 1.0);
    let pump_s = (wanted_t / t_per_m3 / rate_m3_h * HOUR).min(longest_s);
    let volume_t = (pump_s / HOUR * rate_m3_h * t_per_m3).round();
    Plan {
        product: product.0,
        volume_t,
        volume_bbl: Some((volume_t * product.1).round()),
        pump_s,
        from_daughter: false,
    }
}

/// Draughts of giver and taker, as their crews type them; they may forget, or be late.
pub(super) fn draughts(scene: &mut Scene, cargo: &Cargo, end: f64, params: &Params) {
    for (ship, gives) in [(cargo.from, true), (cargo.to, false)] {
        let mass = scene.ships[ship].mass;
        // A mother comes laden, or has given to others before.
        let laden = if gives && scene.ships[ship].draughts.len() == 1 {
            scene.dice.between(0.6, 1.0)
        } else {
            1.0
        };
        let round = |m: f64| (m * 10.0).round() / 10.0;
        let before_t = scene.ships[ship].load_t.unwrap_or_else(|| {
            if gives {
                (laden * mass.capacity_t()).max(cargo.volume_t)
            } else {
                mass.aboard_t(cargo.volume_t)
            }
        });
        let after_t = if gives {
            (before_t - cargo.volume_t).max(0.0)
        } else {
            before_t + cargo.volume_t
        };
        let dice = &mut scene.dice;
        let typed = if dice.chance(params.draught_stale) {
            dice.chance(0.5)
                .then(|| end + dice.between(6.0, 36.0) * HOUR)
        } else {
            // One giver changed it 0.7 h before the ships parted, its taker 2.5 h after.
            Some(end + dice.between(-1.0, 4.0) * HOUR)
        };
        let ship = &mut scene.ships[ship];
        if ship.load_t.is_none() {
            ship.draughts[0].1 = round(mass.draught_m(before_t));
        }
        ship.load_t = Some(after_t);
        if let Some(t) = typed {
            ship.draughts.push((t, round(mass.draught_m(after_t))));
        }
    }
}

/// What can move at most, tonnes: what the giver has, and the taker has room for.
pub(super) fn at_most_t(scene: &Scene, from: usize, to: usize) -> f64 {
    let (giver, taker) = (&scene.ships[from], &scene.ships[to]);
    let given = giver.load_t.unwrap_or_else(|| giver.mass.capacity_t());
    let taken = taker.mass.capacity_t() - taker.load_t.unwrap_or(0.0);
    given.min(taken)
}
