//! A party of a transfer as something that holds cargo.

use super::super::occasion::Change;
use super::super::particulars::{SLENDERNESS, Ship};
use super::super::{Window, by_draught, by_length};
use super::Params;
use crate::model::ShipCategory;
use crate::registry::{Band, HullForm, Product, Registry, TankerClass, cargo_capacity, fuel_tanks};

/// How a crew ballasts, from only what is needed to keep the ballast draught (0) to ballast that shrinks evenly as cargo
/// grows (1): equally likely. Nobody types which; on loading and discharging ballast is pumped alongside the cargo.
const PRACTICES: [f64; 5] = [0.4, 0.55, 0.7, 0.85, 1.0];
/// How heavy the ballast is (see [`HullForm::ballast_draught_m`]).
const HEAVY: [f64; 3] = [0.1, 0.4, 0.7];
/// Equally likely values of a normal error, in standard deviations: its 0.1, 0.3 ... 0.9 quantiles.
const ERRORS: [f64; 5] = [-1.282, -0.524, 0.0, 0.524, 1.282];
/// Waterplane of ships that aren't tankers against a tanker's of the same size, and its error: container ships and liners
/// are finer (block coefficients from 0.6 on), bulkers as full.
const OTHER_HULL: (f64, f64) = (0.87, 0.12);

/// A party as something that holds cargo.
#[derive(Clone, Debug)]
pub(in crate::assess) struct Carrier {
    pub mmsi: u32,
    length_m: Option<f64>,
    pub form: Option<HullForm>,
    /// Deadweight that her class in a register allows, else her length, else her greatest draught, where there is no form; and
    /// what it rests on.
    bound: Option<(Band, &'static str)>,
    registered_t: Option<f64>,
    registered_class: Option<&'static TankerClass>,
    pub category: Option<ShipCategory>,
}

impl Carrier {
    /// The ship as known in a window.
    pub(in crate::assess) fn new(ship: Ship, window: Window, registry: &Registry) -> Self {
        let category = ship.ship_type(window).map(|t| t.category());
        let registered = registry.find(ship.imo(window), ship.mmsi());
        let registered_t = registered.and_then(|r| r.dwt_t);
        let hull = ship.hull(window);
        let draughts = ship.draughts(window);
        let greatest_m = draughts.greatest_m();
        let length_m = ship.length_m(window);
        // A register says more than the size that a crew typed.
        let class_t = registered
            .filter(|r| r.dwt_t.is_none())
            .and_then(|r| r.class)
            .map(TankerClass::deadweight);
        let form = hull
            .filter(|_| !draughts.doubt_size())
            .filter(|h| SLENDERNESS.contains(&(h.length_m / h.beam_m)))
            .map(|h| {
                let gas = category == Some(ShipCategory::Tanker) && registered_t.is_none();
                let form = HullForm::from_ais(h.length_m, h.beam_m, greatest_m, gas);
                registered_t.map_or(form, |dwt_t| form.with_deadweight(dwt_t))
            })
            .and_then(|form| class_t.map_or(Some(form), |class_t| form.within(class_t)));
        let by_length = || {
            let length_m = length_m.filter(|_| !draughts.doubt_size())?;
            Some(by_length::deadweight(length_m, hull.map(|h| h.beam_m)))
        };
        let by_draught = || greatest_m.filter(|m| *m > 0.0).map(by_draught::deadweight);
        let bound = || {
            let by_class = class_t.map(|t| (t, ", by her class in the register"));
            let by_length = || Some((by_length()?, ", by her length alone"));
            let by_draught = || Some((by_draught()?, ", by her greatest draught alone"));
            by_class.or_else(by_length).or_else(by_draught)
        };
        Self {
            mmsi: ship.mmsi(),
            length_m,
            bound: if form.is_none() { bound() } else { None },
            form,
            registered_t,
            registered_class: registered.and_then(|r| r.class),
            category,
        }
    }

    /// Deadweight as a tanker, tonnes.
    pub(super) fn deadweight(&self) -> Option<Band> {
        self.registered_t
            .map(Band::exact)
            .or(self.form.map(|f| f.deadweight))
    }

    /// Deadweight, or what her class, her length or her draught allows: wide, and only a bound on what others give her.
    pub(super) fn size(&self) -> Option<Band> {
        self.deadweight().or(self.bound.map(|(size, _)| size))
    }

    /// What her size rests on, where it is such a bound: the end of a sentence.
    pub(super) fn size_words(&self) -> &'static str {
        match (self.deadweight(), self.bound) {
            (None, Some((_, words))) => words,
            _ => "",
        }
    }

    /// Whether the ship is known to carry more than another; by such bounds only if their ranges are apart.
    pub(super) fn is_larger_than(&self, other: &Self) -> bool {
        if let Some((own, other)) = self.deadweight().zip(other.deadweight()) {
            return own.best > other.best;
        }
        let sizes = self.size().zip(other.size());
        sizes.is_some_and(|(own, other)| own.low > other.high)
    }

    /// Deadweight for tables: of a registered ship, or of a tanker by her size.
    pub(in crate::assess) fn stated_dwt_t(&self) -> Option<f64> {
        self.registered_t.or(self
            .form
            .filter(|_| self.is_tanker())
            .map(|f| f.deadweight.best))
    }

    /// Tanker class for tables.
    pub(in crate::assess) fn class(&self) -> Option<&'static str> {
        let by_dwt = || self.stated_dwt_t().and_then(TankerClass::of);
        self.registered_class
            .or_else(by_dwt)
            .map(|c| c.name.as_str())
    }

    /// Whether she says she is a tanker, and no register says more.
    pub(super) fn may_be_gas(&self) -> bool {
        self.is_tanker() && self.registered_t.is_none()
    }

    /// Whether the ship is known to be no tanker.
    pub(super) fn is_other(&self) -> bool {
        self.category.is_some_and(|c| c != ShipCategory::Tanker)
    }

    /// Whether she says that she is a tanker.
    pub(super) fn is_tanker(&self) -> bool {
        self.category == Some(ShipCategory::Tanker)
    }

    /// The fuel that her own tanks for it hold, tonnes.
    pub(super) fn fuel(&self) -> Option<Band> {
        self.length_m.map(fuel_tanks)
    }

    /// What sinks or lifts her by a change of draught, tonnes.
    pub(super) fn moved_t(&self, change: &Change) -> Option<f64> {
        let (light_m, heavy_m) = change.light_heavy_m();
        self.form.map(|f| f.weight_between_t(light_m, heavy_m))
    }

    /// What the ship can hold of a product, tonnes: cargo, or fuel if she only takes bunkers.
    pub(super) fn capacity(&self, product: Product, takes_bunkers: bool) -> Option<Band> {
        if takes_bunkers {
            return self.fuel();
        }
        self.size()
            .map(|dwt| cargo_capacity(dwt, product.t_per_m3()))
    }

    /// The most that a tanker can have aboard at a draught, cargo and ballast, tonnes: her displacement less what she weighs
    /// empty, with a step of the draught and the error of her deadweight more. `None` if that isn't known, or the draught
    /// is one at which she can have nothing aboard.
    pub(super) fn aboard_t(&self, draught_dm: u16) -> Option<f64> {
        let form = self.form.filter(|_| !self.is_other())?;
        let error_t = form.deadweight.high - form.deadweight.best;
        let draught_m = f64::from(draught_dm + 1) / 10.0;
        Some(form.load_t(draught_m) + error_t).filter(|t| *t > 0.0)
    }

    /// Equally likely weights of cargo behind a change between two draughts, tonnes; of fuel or stores, `ballasts` being
    /// false, they are the weight that sinks the hull.
    pub(super) fn votes(
        &self,
        (light_m, heavy_m): (f64, f64),
        ballasts: bool,
        params: &Params,
    ) -> Vec<f64> {
        let Some(form) = self.form else {
            return Vec::new();
        };
        let typed = params.draught_error_m * 2f64.sqrt() / (heavy_m - light_m);
        let weight_t = form.weight_between_t(light_m, heavy_m);
        let (moved, finer) = if self.is_other() {
            (vec![OTHER_HULL.0 * weight_t], OTHER_HULL.1)
        } else if ballasts {
            (ballasted_t(&form, light_m, heavy_m), 0.0)
        } else {
            (vec![weight_t], 0.0)
        };
        let error = params.hydrostatics_error.hypot(typed).hypot(finer);
        moved
            .iter()
            .flat_map(|t| ERRORS.map(|z| t * (1.0 + z * error)))
            .collect()
    }
}

/// Equally likely weights of cargo that move a tanker from one draught to another, tonnes; ballast goes the other way.
///
/// A light draught that ships have in ballast is that in two of three cases: a daughter comes empty, three of three off
/// California did.
fn ballasted_t(form: &HullForm, light_m: f64, heavy_m: f64) -> Vec<f64> {
    let mut ballast_m: Vec<f64> = HEAVY.map(|h| form.ballast_draught_m(h)).into();
    if light_m <= form.ballast_draught_m(1.0) {
        ballast_m.extend([light_m; 2 * HEAVY.len()]);
    }
    ballast_m
        .iter()
        .flat_map(|ballast_m| {
            PRACTICES.map(|practice| cargo_between_t(form, light_m, heavy_m, *ballast_m, practice))
        })
        .collect()
}

fn cargo_between_t(
    form: &HullForm,
    light_m: f64,
    heavy_m: f64,
    ballast_m: f64,
    practice: f64,
) -> f64 {
    let most_t = form.largest_load_t();
    let ballast_t = form.load_t(ballast_m).clamp(0.0, 0.6 * most_t);
    let cargo = |draught_m: f64| cargo_t(form.load_t(draught_m), ballast_t, most_t, practice);
    (cargo(heavy_m) - cargo(light_m)).max(form.weight_between_t(light_m, heavy_m))
}

/// Cargo of a tanker whose cargo and ballast together weigh `load_t`, if she carries `ballast_t` of ballast when empty and
/// none when full. With cargo x she has (1 - practice) max(0, ballast - x) + practice ballast (1 - x / most).
fn cargo_t(load_t: f64, ballast_t: f64, most_t: f64, practice: f64) -> f64 {
    let evenly = practice * ballast_t;
    let knee_t = ballast_t + evenly * (1.0 - ballast_t / most_t);
    if load_t <= ballast_t {
        0.0
    } else if load_t <= knee_t {
        (load_t - ballast_t) / (practice * (1.0 - ballast_t / most_t))
    } else {
        (load_t - evenly) / (1.0 - evenly / most_t)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Seen, StaticRecord, StaticSpan, Timestamp};
    use proptest::prelude::*;

    fn suezmax() -> Carrier {
        Carrier {
            mmsi: 1,
            length_m: Some(276.0),
            form: Some(HullForm::from_ais(276.0, 48.0, None, true)),
            bound: None,
            registered_t: None,
            registered_class: None,
            category: Some(ShipCategory::Tanker),
        }
    }

    #[test]
    fn a_swing_from_laden_to_ballast_is_a_cargo() {
        let form = suezmax().form.unwrap();
        for practice in PRACTICES {
            let light_m = form.ballast_draught_m(0.0);
            let cargo = cargo_between_t(&form, light_m, form.design_draught_m, light_m, practice);
            assert!((cargo / form.largest_load_t() - 1.0).abs() < 1e-9);
            // Published tankers: 1.29 to 1.48 times the weight of the draughts.
            let factor = cargo / form.weight_between_t(light_m, form.design_draught_m);
            assert!((1.29..1.48).contains(&factor), "{factor}");
        }
    }

    /// A tanker of 183 by 32 m under IMO number 9053919, as a register with these rows has her.
    fn registered(rows: &str) -> Carrier {
        let mut facts = crate::model::Facts::default();
        facts.histories.entry(1).or_default().add(&StaticSpan {
            mmsi: 1,
            record: StaticRecord {
                imo: Some(9_053_919),
                ship_type: Some(80),
                length_dm: Some(1830),
                beam_dm: Some(320),
                draught_dm: Some(130),
                ..StaticRecord::default()
            },
            seen: Seen::once(Timestamp(0), None),
        });
        let list = Registry::parse(rows.as_bytes(), std::path::Path::new("list.csv")).unwrap();
        let window = crate::assess::Params::default().window(Timestamp(0), Timestamp(1));
        Carrier::new(Ship::new(&facts, 1), window, &list)
    }

    #[test]
    fn a_registered_class_outdoes_the_size_that_is_sent() {
        let plain = registered("imo,class\n");
        let mr_t = plain.stated_dwt_t().unwrap();
        assert_eq!(plain.class(), Some("mr"));
        let same = registered("imo,class\n9053919,mr\n");
        assert_eq!(
            (same.stated_dwt_t(), same.class()),
            (Some(mr_t), Some("mr"))
        );
        assert!(same.size().unwrap().low >= 25e3);
        // Beyond the limit by less than the estimate is off: the class has the last word.
        let near = registered("imo,class\n9053919,panamax\n");
        assert!(mr_t < 55e3 && plain.size().unwrap().high > 55e3);
        assert_eq!(
            (near.stated_dwt_t(), near.class()),
            (Some(55e3), Some("panamax"))
        );
        // Beyond it by more, the size she sends is another's, and no change of draught is weighed by it.
        let far = registered("imo,class\n9053919,vlcc\n");
        assert_eq!((far.stated_dwt_t(), far.class()), (None, Some("vlcc")));
        let size = far.size().unwrap();
        assert_eq!((size.low, size.high), (200e3, 320e3));
        assert!(far.form.is_none() && far.size_words().contains("class in the register"));
        let with_dwt = registered("imo,class,dwt\n9053919,vlcc,299000\n");
        assert_eq!(with_dwt.stated_dwt_t(), Some(299e3));
    }

    proptest! {
        #[test]
        fn more_change_is_more_cargo(light in 0.4..0.9f64, change in 0.2..0.4f64, more in 0.0..0.2f64) {
            let (ship, params) = (suezmax(), Params::default());
            let td = ship.form.unwrap().design_draught_m;
            let light = light * td;
            let heavy = light + change * (td - light);
            let further = heavy + more * (td - light);
            let of = |heavy| super::super::density::combine(&[ship.votes((light, heavy), true, &params)], 1e9).unwrap();
            let (a, b) = (of(heavy), of(further));
            // Beyond the rounding of sums.
            let never_less = |a: f64, b: f64| b >= a * (1.0 - 1e-9);
            prop_assert!(
                never_less(a.low, b.low) && never_less(a.best, b.best) && never_less(a.high, b.high),
                "{a:?} {b:?}"
            );
        }

        #[test]
        fn cargo_and_ballast_make_the_load(x in 0.0..1.0f64, practice in 0.05..1.0f64, ballast in 0.1..0.45f64) {
            let aboard = (1.0 - practice) * (ballast - x).max(0.0) + practice * ballast * (1.0 - x);
            prop_assert!((cargo_t(x + aboard, ballast, 1.0, practice) - x).abs() < 1e-9);
        }
    }
}
