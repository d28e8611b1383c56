//! Tanker classes by deadweight.

use std::sync::LazyLock;

use super::Band;

/// The table, with its sources.
const TABLE: &str = include_str!("../../data/tanker_classes.csv");

/// Deadweight of the largest tanker ever built, Seawise Giant, tonnes.
const LARGEST_T: f64 = 564_763.0;

/// A class of tankers: those with a deadweight in its range.
#[derive(Clone, Debug, PartialEq)]
pub struct TankerClass {
    /// The name in tables.
    pub name: String,
    /// Least deadweight, tonnes.
    pub from_dwt_t: f64,
    /// The next class begins here, tonnes; infinite for the last.
    pub to_dwt_t: f64,
}

static CLASSES: LazyLock<Vec<TankerClass>> = LazyLock::new(|| {
    let mut reader = csv::Reader::from_reader(TABLE.as_bytes());
    let class = |record: csv::StringRecord| {
        let number = |i: usize| record.get(i)?.parse().ok();
        Some(TankerClass {
            name: record.get(0)?.to_owned(),
            from_dwt_t: number(1)?,
            to_dwt_t: number(2).unwrap_or(f64::INFINITY),
        })
    };
    reader
        .records()
        .filter_map(Result::ok)
        .filter_map(class)
        .collect()
});

impl TankerClass {
    /// All classes, smallest first. Schemes differ: up to 120,000 t these are the limits of Kristensen (DTU, 2012), which
    /// split the MRs from the panamaxes where AFRA does; above, those of brokers, who keep suezmaxes and VLCCs apart.
    pub fn all() -> &'static [Self] {
        &CLASSES
    }

    /// The class of this deadweight, tonnes.
    pub fn of(dwt_t: f64) -> Option<&'static Self> {
        CLASSES
            .iter()
            .find(|c| (c.from_dwt_t..c.to_dwt_t).contains(&dwt_t))
    }

    /// Deadweights of the class, tonnes: its limits, and their middle.
    pub fn deadweight(&self) -> Band {
        let high = self.to_dwt_t.min(LARGEST_T);
        Band {
            low: self.from_dwt_t,
            best: (self.from_dwt_t + high) / 2.0,
            high,
        }
    }

    /// The table as embedded, for its hash.
    pub fn file() -> (&'static str, &'static [u8]) {
        ("tanker_classes.csv", TABLE.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_classes_leave_no_gap() {
        let all = TankerClass::all();
        assert_eq!(all.len(), 8);
        assert_eq!(all[0].from_dwt_t, 0.0);
        for pair in all.windows(2) {
            assert_eq!(pair[0].to_dwt_t, pair[1].from_dwt_t);
        }
        assert_eq!(all[7].to_dwt_t, f64::INFINITY);
        let of = |dwt| TankerClass::of(dwt).map(|c| c.name.as_str());
        assert_eq!(of(2_900.0), Some("coastal"));
        assert_eq!(of(33_239.0), Some("mr"));
        assert_eq!(of(96_733.0), Some("aframax"));
        assert_eq!(of(304_622.0), Some("vlcc"));
        assert_eq!(of(-1.0), None);
        for class in all {
            let range = class.deadweight();
            assert_eq!(TankerClass::of(range.best), Some(class));
            assert!(range.low < range.best && range.best < range.high && range.high < 1e6);
        }
    }
}
