//! Puts what several hulls say of one quantity together.
//!
//! Each hull gives *votes*: equally likely values, one for every combination of what isn't known of it. Smoothed, they
//! are a density over the logarithm of the quantity; what two hulls say together is the product of theirs. So they
//! narrow each other where they agree, and where they don't the result is wide.

use crate::registry::Band;

/// Width of a vote: a step between votes is a few per cent.
const WIDTH: f64 = 0.05;
/// Step of the grid, which hangs from the limit whatever the votes are, so that a vote that grows moves weight from lower
/// points to higher ones and never back.
const STEP: f64 = WIDTH / 8.0;
/// How far beyond the votes the grid goes, widths: what lies further out is lost in rounding.
const REACH: f64 = 8.0;
/// A hull may be wrong altogether (a typing error, another ship's size): this share of its weight is spread evenly over
/// what the hulls say, and four widths more at either end.
const WRONG: (f64, f64) = (0.03, 8.0);
/// The band holds nine of ten.
const TAILS: [f64; 3] = [0.05, 0.5, 0.95];

/// The middle of votes and their 5 to 95 % range, at most `limit`; `None` without a hull that has a vote above 0.
///
/// Of one hull, no end of the range falls when a vote grows. Of two it may: where they come to disagree, each counts less.
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
    let (least, most) = (all().reduce(f64::min)?, all().reduce(f64::max)?);
    let end = Some(limit.ln()).filter(|end| end.is_finite());
    let steps_to = |x: f64| (x - end.unwrap_or(0.0)) / STEP;
    let first = steps_to(least - REACH * WIDTH).floor();
    let beyond = steps_to(most + REACH * WIDTH).ceil();
    let points = (end.map_or(beyond, |_| beyond.min(0.0)) - first) as usize;
    let at_point = |i: usize| end.unwrap_or(0.0) + (first + i as f64 + 0.5) * STEP;
    // Only another hull can show that one is wrong.
    let range = most - least + WRONG.1 * WIDTH;
    let wrong = if hulls.len() > 1 { WRONG.0 } else { 0.0 };
    let density = |votes: &[f64], x: f64| {
        // What a vote's width puts beyond the limit is thrown back, so that a vote near it weighs as much as any.
        let about = |d: f64| {
            if d.abs() > (REACH + 1.0) * WIDTH {
                return 0.0;
            }
            (-0.5 * (d / WIDTH).powi(2)).exp()
        };
        let bell = |v: &f64| about(x - v) + end.map_or(0.0, |end| about(2.0 * end - x - v));
        let near = votes.iter().map(bell).sum::<f64>() / votes.len() as f64;
        (1.0 - wrong) * near + wrong * (WIDTH * 2.5 / range).min(1.0)
    };
    let mut running = 0.0;
    let sums: Vec<f64> = (0..points)
        .map(|i| {
            let x = at_point(i);
            running += hulls.iter().map(|votes| density(votes, x)).product::<f64>();
            running
        })
        .collect();
    // Each point stands for the step about it. A millionth less is asked for: in a gap between votes any value would do, and
    // rounding would choose.
    let at = |share: f64| {
        let wanted = share * running * (1.0 - 1e-6);
        let i = sums.partition_point(|s| *s < wanted).min(points - 1);
        let below = if i == 0 { 0.0 } else { sums[i - 1] };
        let within = (wanted - below) / (sums[i] - below);
        (at_point(i) + (within - 0.5) * STEP).exp().min(limit)
    };
    let [low, best, high] = TAILS.map(at);
    Some(Band { low, best, high })
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

        #[test]
        fn a_vote_that_grows_lowers_nothing(
            votes in prop::collection::vec((1.0..1e3f64, 1.0..1.5f64), 1..30),
            limit in 10.0..1e4f64,
        ) {
            let less: Vec<f64> = votes.iter().map(|(v, _)| *v).collect();
            let more: Vec<f64> = votes.iter().map(|(v, factor)| v * factor).collect();
            let [a, b] = [less, more].map(|votes| combine(&[votes], limit).unwrap());
            let never_less = |a: f64, b: f64| b >= a * (1.0 - 1e-9);
            prop_assert!(never_less(a.low, b.low) && never_less(a.best, b.best) && never_less(a.high, b.high));
        }
    }
}
