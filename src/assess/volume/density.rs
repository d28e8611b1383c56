//! Puts what several hulls say of one quantity together.
//!
//! Each hull gives *votes*: equally likely values, one for every combination of what isn't known of it. Smoothed, they
//! are a density over the logarithm of the quantity; what two hulls say together is the product of theirs. So they
//! narrow each other where they agree, and where they don't the result is wide.

use crate::registry::Band;

/// Points of the grid.
const POINTS: usize = 600;
/// Width of a vote: a step between votes is a few per cent.
const WIDTH: f64 = 0.05;
/// A hull may be wrong altogether (a typing error, another ship's size): this share of its weight is spread evenly.
const WRONG: f64 = 0.03;
/// The band holds nine of ten.
const TAILS: [f64; 3] = [0.05, 0.5, 0.95];

/// The middle of votes and their 5 to 95 % range, at most `limit`; `None` without a hull that has a vote above 0.
pub(super) fn combine(hulls: &[Vec<f64>], limit: f64) -> Option<Band> {
    let hulls: Vec<Vec<f64>> = hulls
        .iter()
        .map(|votes| {
            let usable = votes.iter().copied().filter(|v| *v > 0.0);
            usable.map(|v| v.min(limit).ln()).collect::<Vec<f64>>()
        })
        .filter(|votes: &Vec<f64>| !votes.is_empty())
        .collect();
    let all = || hulls.iter().flatten().copied();
    let low = all().reduce(f64::min)? - 4.0 * WIDTH;
    let high = (all().reduce(f64::max)? + 4.0 * WIDTH).min(limit.ln());
    let step = (high - low) / (POINTS - 1) as f64;
    let mut running = 0.0;
    let sums: Vec<f64> = (0..POINTS)
        .map(|i| {
            let x = low + step * i as f64;
            let both: f64 = hulls
                .iter()
                .map(|votes| density(votes, x, high - low, hulls.len()))
                .product();
            running += both;
            running
        })
        .collect();
    let at = |share: f64| {
        let i = sums.partition_point(|s| *s < share * running);
        (low + step * i.min(POINTS - 1) as f64).exp().min(limit)
    };
    let [low, best, high] = TAILS.map(at);
    Some(Band { low, best, high })
}

fn density(votes: &[f64], x: f64, range: f64, hulls: usize) -> f64 {
    let bell = |v: &f64| (-0.5 * ((x - v) / WIDTH).powi(2)).exp();
    let near = votes.iter().map(bell).sum::<f64>() / votes.len() as f64;
    // Only another hull can show that one is wrong.
    let wrong = if hulls > 1 { WRONG } else { 0.0 };
    (1.0 - wrong) * near + wrong * (WIDTH * 2.5 / range).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hulls_that_agree_narrow_each_other() {
        let a: Vec<f64> = (0..50).map(|i| 40e3 * 1.012f64.powi(i)).collect();
        let b: Vec<f64> = (0..50).map(|i| 60e3 * 1.012f64.powi(i)).collect();
        let ratio = |band: Band| band.high / band.low;
        let one = combine(std::slice::from_ref(&a), 1e9).unwrap();
        let both = combine(&[a.clone(), b], 1e9).unwrap();
        assert!(ratio(both) < ratio(one), "{one:?} {both:?}");
        assert!((58e3..74e3).contains(&both.best), "{both:?}");
        let other: Vec<f64> = a.iter().map(|v| 4.0 * v).collect();
        let apart = combine(&[a, other], 1e9).unwrap();
        assert!(ratio(apart) > ratio(both), "{apart:?}");
        assert_eq!(combine(&[vec![], vec![0.0]], 1e9), None);
    }

    proptest! {
        #[test]
        fn ordered_and_below_the_limit(
            a in prop::collection::vec(1.0..1e6f64, 1..40),
            b in prop::collection::vec(0.0..1e6f64, 0..40),
            limit in 10.0..1e6f64,
        ) {
            let band = combine(&[a, b], limit).unwrap();
            prop_assert!(band.low <= band.best && band.best <= band.high);
            prop_assert!(band.high <= limit && band.low > 0.0);
        }
    }
}
