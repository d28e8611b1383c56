//! Volumes where no draught tells: from nothing to what the smaller hull holds and the pumps can move.

use super::Params;
use crate::registry::{Band, Product};

/// Deadweight of the smaller hull up to which, and the pumps' usual and greatest rates there, cubic metres an hour: deep-well
/// pumps of coasters 100 to 1,000, product tankers 1,500 to 5,000, crude carriers 6,000 to 10,000 (shipcalculators).
const PUMPS: [(f64, f64, f64); 3] = [
    (10e3, 400.0, 1_000.0),
    (55e3, 2_500.0, 5_000.0),
    (f64::INFINITY, 7_000.0, 10_000.0),
];
/// However short a contact was seen, a transfer pumped for this long, hours.
const LEAST_PUMPING_H: f64 = 0.5;

/// Time together: as observed, and the longest possible where the two were seen apart before and after, hours.
#[derive(Clone, Copy, Debug)]
pub(super) struct Together {
    pub seen_h: f64,
    pub longest_h: Option<f64>,
}

/// What the strongest pumps of all move in this time, tonnes.
pub(super) fn most_pumped_t(hours: f64, product: Product) -> f64 {
    let (.., greatest) = PUMPS[PUMPS.len() - 1];
    pumped_t(hours, greatest, product)
}

fn pumped_t(hours: f64, rate: f64, product: Product) -> f64 {
    hours.max(LEAST_PUMPING_H) * rate * product.t_per_m3()
}

/// The range in tonnes for a smaller hull that holds `capacity`.
pub(super) fn capacity(
    capacity: Band,
    product: Product,
    dwt_t: f64,
    together: Together,
    params: &Params,
) -> Band {
    let (_, usual, greatest) = PUMPS
        .into_iter()
        .find(|(up_to, ..)| dwt_t < *up_to)
        .unwrap_or(PUMPS[2]);
    let pumped = |hours: f64, rate: f64| pumped_t(hours, rate, product);
    let high = match together.longest_h {
        Some(h) => capacity.high.min(pumped(h, greatest)),
        None => capacity.high,
    };
    let filled = params.fill_share * capacity.best;
    // How long they lay alongside is between what was seen and the longest possible; without bounds it may be anything.
    let best = match together.longest_h {
        Some(h) => filled.min(pumped(
            (h + together.seen_h) / 2.0 - params.overhead_h,
            usual,
        )),
        None => filled,
    };
    Band {
        low: 0.0,
        best: best.min(high),
        high,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_short_contact_moves_little() {
        let mr = Band::exact(45e3);
        let of = |seen_h, longest_h| {
            let together = Together { seen_h, longest_h };
            capacity(mr, Product::Gasoil, 48e3, together, &Params::default())
        };
        assert_eq!(of(30.0, None).best, 27e3);
        assert_eq!(of(30.0, None).high, 45e3);
        assert!(
            (of(4.0, Some(8.0)).best - 8_431.0).abs() < 1.0,
            "4 h of pumping"
        );
        assert!((of(2.0, Some(3.0)).high - 12_647.0).abs() < 1.0);
    }

    proptest! {
        #[test]
        fn ordered_and_never_above_the_capacity(
            t in 100.0..4e5f64, seen in 0.0..80.0f64, longest in prop::option::of(0.0..90.0f64),
        ) {
            let held = Band { low: 0.9 * t, best: t, high: 1.1 * t };
            let together = Together { seen_h: seen, longest_h: longest };
            let band = capacity(held, Product::Crude, t, together, &Params::default());
            prop_assert!(band.low <= band.best && band.best <= band.high && band.high <= held.high);
        }
    }
}
