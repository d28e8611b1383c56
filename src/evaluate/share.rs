//! A share with its interval.

use serde::Serialize;

/// `count` of `of`, with the Wilson score interval of 95 % (Wilson, J. Am. Stat. Assoc. 22, 1927).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Share {
    /// How many.
    pub count: usize,
    /// Of how many.
    pub of: usize,
    /// `count / of`; `None` of nothing.
    pub value: Option<f64>,
    /// Lower end of the interval.
    pub low: Option<f64>,
    /// Upper end of the interval.
    pub high: Option<f64>,
}

/// 0.975 quantile of the standard normal.
pub(super) const Z: f64 = 1.959_963_985;

impl Share {
    /// `count` of `of`.
    pub fn new(count: usize, of: usize) -> Self {
        if of == 0 {
            return Self {
                count,
                of,
                value: None,
                low: None,
                high: None,
            };
        }
        let (n, p) = (of as f64, count as f64 / of as f64);
        let scale = 1.0 + Z * Z / n;
        let middle = (p + Z * Z / (2.0 * n)) / scale;
        let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt() / scale;
        Self {
            count,
            of,
            value: Some(p),
            low: Some((middle - half).max(0.0)),
            high: Some((middle + half).min(1.0)),
        }
    }
}

/// `0.970 (0.91-0.99)`, or `-` of nothing.
impl std::fmt::Display for Share {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = match (self.value, self.low, self.high) {
            (Some(v), Some(low), Some(high)) => format!("{v:.3} ({low:.2}-{high:.2})"),
            _ => "-".to_owned(),
        };
        f.pad(&text)
    }
}
