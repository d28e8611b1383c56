//! Volumes and directions against truth.

use serde::Serialize;

use super::Reported;
use super::share::Share;
use crate::model::Truth;
use crate::model::statistics::{median, quantile};

/// How well volumes of one method did. Errors are those of barrels.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct VolumeScore {
    /// The method; `draught` puts those together that rest on a draught newly typed after the transfer, `weighed` those and
    /// shares in a change that covers several, `all` every one.
    pub method: String,
    /// Transfers with a volume on both sides.
    pub rows: usize,
    /// Median of reported over true, less 1.
    pub median: Option<f64>,
    /// Median of its size.
    pub median_abs: Option<f64>,
    /// 0.9 quantile of its size.
    pub p90_abs: Option<f64>,
    /// Those whose true volume lies between low and high.
    pub inside: Share,
    /// Median of high over low, of those with a low above zero.
    pub high_over_low: Option<f64>,
    /// Those with a direction, of which the truth tells one too, that have it right.
    pub direction: Share,
}

/// Methods that rest on a changed draught; the last on one that was typed after other transfers too.
const WEIGHED: [&str; 3] = ["draught_both", "draught_one", "draught_shared"];

/// The scores of each method, of the draught methods, and of all.
pub(super) fn volume_scores(pairs: &[(&Truth, &Reported)]) -> Vec<VolumeScore> {
    let is = |r: &Reported, methods: &[&str]| {
        r.volume_method
            .as_deref()
            .is_some_and(|m| methods.contains(&m))
    };
    let of = |name: &str, methods: &[&str]| {
        let chosen = pairs.iter().filter(|(_, r)| is(r, methods));
        score(name, &chosen.copied().collect::<Vec<_>>())
    };
    vec![
        of("draught_both", &WEIGHED[..1]),
        of("draught_one", &WEIGHED[1..2]),
        of("draught_shared", &WEIGHED[2..]),
        of("capacity", &["capacity"]),
        of("draught", &WEIGHED[..2]),
        of("weighed", &WEIGHED),
        score("all", pairs),
    ]
}

fn score(method: &str, pairs: &[(&Truth, &Reported)]) -> VolumeScore {
    let measured: Vec<(f64, f64, Option<[f64; 2]>)> = pairs
        .iter()
        .filter_map(|(t, r)| {
            let truth = t.volume_bbl.filter(|v| *v > 0.0)?;
            Some((truth, r.volume_bbl?, r.volume_range_bbl))
        })
        .collect();
    let errors: Vec<f64> = measured.iter().map(|(t, r, _)| r / t - 1.0).collect();
    let sizes: Vec<f64> = errors.iter().map(|e| e.abs()).collect();
    let ranges: Vec<(f64, [f64; 2])> = measured
        .iter()
        .filter_map(|(t, _, range)| Some((*t, (*range)?)))
        .collect();
    let inside = |(t, [low, high]): &&(f64, [f64; 2])| (*low..=*high).contains(t);
    let ratios = ranges
        .iter()
        .filter(|(_, [low, _])| *low > 0.0)
        .map(|(_, [low, high])| high / low);
    let directions: Vec<bool> = pairs
        .iter()
        .filter_map(|(t, r)| Some([t.from_mmsi?, t.to_mmsi?] == r.direction?))
        .collect();
    VolumeScore {
        method: method.to_owned(),
        rows: measured.len(),
        median: median(errors),
        median_abs: median(sizes.clone()),
        p90_abs: quantile(sizes, 0.9),
        inside: Share::new(ranges.iter().filter(inside).count(), ranges.len()),
        high_over_low: median(ratios.collect()),
        direction: Share::new(
            directions.iter().filter(|right| **right).count(),
            directions.len(),
        ),
    }
}

impl super::Evaluation {
    /// The volumes as a table; nothing where no truth has a volume.
    pub(super) fn write_volumes(&self, out: &mut impl std::fmt::Write) -> std::fmt::Result {
        if self.volumes.iter().all(|s| s.rows == 0) {
            return Ok(());
        }
        writeln!(
            out,
            "{:<14} {:>5}  {:>13}  {:>8}  {:>18}  {:>8}  {:>18}",
            "volumes",
            "rows",
            "error",
            "p90 abs",
            "inside low..high",
            "high/low",
            "direction right"
        )?;
        let percent = |v: Option<f64>| v.map_or("-".to_owned(), |v| format!("{:.0} %", 100.0 * v));
        for s in &self.volumes {
            writeln!(
                out,
                "{:<14} {:>5}  {:>13}  {:>8}  {:>18}  {:>8}  {:>18}",
                s.method,
                s.rows,
                format!("{} / {}", percent(s.median), percent(s.median_abs)),
                percent(s.p90_abs),
                format!("{}", s.inside),
                s.high_over_low
                    .map_or("-".to_owned(), |v| format!("{v:.2}")),
                format!("{}", s.direction),
            )?;
        }
        writeln!(
            out,
            "draught: a draught newly typed after the transfer was received, of one ship or both; weighed: those and shares in a draught typed after several transfers. Error: median, median of its size, in barrels.\n"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Timestamp, TruthKind};

    fn truth(bbl: f64) -> Truth {
        Truth {
            id: String::new(),
            kind: TruthKind::StsTransfer,
            mmsi_1: 1,
            mmsi_2: Some(2),
            start: Timestamp(0),
            end: Timestamp(1),
            place: None,
            mode: None,
            hull_gap_m: None,
            volume_t: None,
            volume_bbl: Some(bbl),
            product: None,
            from_mmsi: Some(1),
            to_mmsi: Some(2),
            heard: [None; 2],
            both_heard: None,
            together_h: None,
            notes: String::new(),
        }
    }

    fn reported(bbl: f64, method: &str, direction: Option<[u32; 2]>) -> Reported {
        Reported {
            id: String::new(),
            mmsi: [1, 2],
            start: Timestamp(0),
            end: Timestamp(1),
            kind: None,
            volume_bbl: Some(bbl),
            volume_range_bbl: Some([0.8 * bbl, 1.2 * bbl]),
            volume_t: None,
            volume_method: Some(method.to_owned()),
            direction,
        }
    }

    #[test]
    fn by_method() {
        let truths = [truth(100.0), truth(100.0), truth(100.0), truth(100.0)];
        let reported = [
            reported(110.0, "draught_both", Some([1, 2])),
            reported(90.0, "draught_one", Some([2, 1])),
            reported(50.0, "capacity", None),
            reported(150.0, "draught_shared", None),
        ];
        let pairs: Vec<_> = truths.iter().zip(&reported).collect();
        let scores = volume_scores(&pairs);
        let of = |name: &str| scores.iter().find(|s| s.method == name).unwrap();
        let fresh = of("draught");
        assert_eq!(fresh.rows, 2);
        assert!((fresh.median_abs.unwrap() - 0.1).abs() < 1e-9);
        assert_eq!((fresh.inside.count, fresh.inside.of), (2, 2));
        assert_eq!((fresh.direction.count, fresh.direction.of), (1, 2));
        assert!((fresh.high_over_low.unwrap() - 1.5).abs() < 1e-9);
        assert_eq!(of("weighed").rows, 3);
        assert_eq!(of("all").inside.count, 2);
        assert_eq!(of("all").direction.of, 2);
        assert_eq!(of("capacity").median_abs, Some(0.5));
    }
}
