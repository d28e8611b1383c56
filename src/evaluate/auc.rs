//! How well a score ranks one sort above another.

use serde::Serialize;

use super::share::Z;

/// Area under the ROC curve: the chance that one of the first sort scores above one of the second, ties by half,
/// with the interval of 95 % after DeLong, DeLong and Clarke-Pearson (Biometrics 44, 1988).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Auc {
    /// Of the first sort.
    pub positives: usize,
    /// Of the second.
    pub negatives: usize,
    /// The area; `None` if a sort has none.
    pub value: Option<f64>,
    /// Lower end of the interval; `None` with fewer than two of a sort.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
}

/// The share of `others` that lie below `x`, ties by half.
fn below(x: f64, others: &[f64]) -> f64 {
    let wins: f64 = others
        .iter()
        .map(|y| match x.total_cmp(y) {
            std::cmp::Ordering::Greater => 1.0,
            std::cmp::Ordering::Equal => 0.5,
            std::cmp::Ordering::Less => 0.0,
        })
        .sum();
    wins / others.len() as f64
}

/// Variance of the mean.
fn variance(values: &[f64], mean: f64) -> f64 {
    let n = values.len() as f64;
    values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0) / n
}

impl Auc {
    /// The area of these scores.
    pub fn of(positives: &[f64], negatives: &[f64]) -> Self {
        let mut auc = Self {
            positives: positives.len(),
            negatives: negatives.len(),
            value: None,
            low: None,
            high: None,
        };
        if positives.is_empty() || negatives.is_empty() {
            return auc;
        }
        let wins: Vec<f64> = positives.iter().map(|x| below(*x, negatives)).collect();
        let area = wins.iter().sum::<f64>() / wins.len() as f64;
        auc.value = Some(area);
        if positives.len() > 1 && negatives.len() > 1 {
            let losses: Vec<f64> = negatives
                .iter()
                .map(|y| 1.0 - below(*y, positives))
                .collect();
            let half = Z * (variance(&wins, area) + variance(&losses, area)).sqrt();
            auc.low = Some((area - half).max(0.0));
            auc.high = Some((area + half).min(1.0));
        }
        auc
    }
}

/// `0.970 (0.91-0.99)`, or `-` of nothing.
impl std::fmt::Display for Auc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = match (self.value, self.low, self.high) {
            (Some(v), Some(low), Some(high)) => format!("{v:.3} ({low:.2}-{high:.2})"),
            (Some(v), ..) => format!("{v:.3}"),
            _ => "-".to_owned(),
        };
        f.pad(&text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_by_hand() {
        assert_eq!(Auc::of(&[], &[1.0]).value, None);
        assert_eq!(Auc::of(&[1.0], &[1.0]).value, Some(0.5));
        let perfect = Auc::of(&[0.8, 0.9], &[0.1, 0.2, 0.3]);
        assert_eq!(
            (perfect.value, perfect.low, perfect.high),
            (Some(1.0), Some(1.0), Some(1.0))
        );
        // Of six pairs four are won, one is even.
        let mixed = Auc::of(&[0.5, 0.9], &[0.1, 0.5, 0.7]);
        assert!((mixed.value.unwrap() - 4.5 / 6.0).abs() < 1e-12);
        // Placements: 0.5 and 1 of the first sort; 1, 0.75, 0.5 of the second.
        let half = Z * (0.125_f64 / 2.0 + 0.0625 / 3.0).sqrt();
        assert!((mixed.low.unwrap() - (0.75 - half)).abs() < 1e-12);
    }
}
