//! Confidence that cargo moved between the hulls of an encounter. It says nothing of whether it should have.
//!
//! In: finished rows of encounters. Out: the column `confidence`. Rule: the kind's confidence is the ground. What speaks for
//! a transfer takes away a share of what doubt is left (a noisy-or), so that none of it can lower the number; only
//! draughts that are sent again unchanged, or that both changed the same way, do. A kind that is no transfer has little.

use super::draughts::change_dm;
use crate::model::schema::TRANSFER_KINDS;
use crate::model::{Row, ShipCategory, ShipType, Table};

/// Part of the kind's confidence that cargo is thought to have moved with it: hulls side by side may have met for stores
/// or crew.
const OF_KIND: f64 = 0.7;
/// What is left of it for a kind that is no transfer and that is wholly in doubt.
const OTHER_KIND: f64 = 0.2;
/// Draughts changed in opposite directions: one gave, the other took.
const OPPOSITE_DRAUGHTS: f64 = 0.7;
/// One ship's draught changed; the other's isn't known, or stayed.
const ONE_DRAUGHT: f64 = 0.3;
/// Both ships are tankers.
const TANKERS: f64 = 0.25;
/// The hulls lay as near as fenders hold them (1.5 to 4.5 m, with two positions' errors).
const NEAR: f64 = 0.25;
const NEAR_M: f64 = 25.0;
/// Seen together for as long as mooring, hoses and unmooring take at the least.
const LONG: f64 = 0.2;
const LONG_H: f64 = 3.0;
/// What is left when both draughts are sent again after it and neither changed, or both the same way: two ships that both
/// rise, or both sink, moved no cargo between each other.
const NOT_BETWEEN: f64 = 0.8;

/// What an encounter's row says of a transfer.
#[derive(Clone, Copy, Debug, Default)]
struct Evidence {
    is_transfer: bool,
    kind_confidence: f64,
    tankers: bool,
    near: bool,
    observed_h: f64,
    /// For each ship the change of draught, if both are known: -1, 0, 1.
    draughts: [Option<i32>; 2],
    /// Whether either lay alongside others meanwhile, so that her draught is not of this transfer alone.
    shares: bool,
}

/// Fills the column `confidence` of the encounters.
pub(super) fn fill(tables: &mut [Table]) {
    for table in tables.iter_mut().filter(|t| t.schema.name == "encounters") {
        for row in table.rows_mut() {
            let evidence = Evidence::of(row);
            row.set("confidence", evidence.map(|e| e.confidence()));
        }
    }
}

impl Evidence {
    fn of(row: &Row) -> Option<Self> {
        let number = |column: &str| row.number(column);
        let kind = row.text("kind")?;
        let is_tanker = |n: usize| {
            let code = number(&format!("ship_type_{n}")).unwrap_or(0.0) as u8;
            ShipType::new(code).map(ShipType::category) == Some(ShipCategory::Tanker)
        };
        Some(Self {
            is_transfer: TRANSFER_KINDS.contains(&kind),
            kind_confidence: number("kind_confidence")?,
            tankers: is_tanker(1) && is_tanker(2),
            near: number("hull_gap_m").is_some_and(|m| m.abs() <= NEAR_M),
            observed_h: number("observed_h").unwrap_or(0.0),
            draughts: [1, 2].map(|n| change_dm(row, n).map(i32::signum)),
            shares: row.text("cluster_id").is_some(),
        })
    }

    fn confidence(self) -> f64 {
        if !self.is_transfer {
            return OTHER_KIND * (1.0 - self.kind_confidence);
        }
        let draughts = match self.draughts {
            [Some(a), Some(b)] if a * b < 0 => OPPOSITE_DRAUGHTS,
            [Some(a), Some(b)] if a * b > 0 => 0.0,
            [a, b] if a.unwrap_or(0) != 0 || b.unwrap_or(0) != 0 => ONE_DRAUGHT,
            _ => 0.0,
        };
        let shares = [
            OF_KIND * self.kind_confidence,
            draughts,
            if self.tankers { TANKERS } else { 0.0 },
            if self.near { NEAR } else { 0.0 },
            LONG * (self.observed_h / LONG_H).clamp(0.0, 1.0),
        ];
        let doubt: f64 = shares.iter().map(|share| 1.0 - share).product();
        let not_between = match self.draughts {
            [Some(0), Some(0)] => true,
            [Some(a), Some(b)] => a == b && !self.shares,
            _ => false,
        };
        (1.0 - doubt) * if not_between { NOT_BETWEEN } else { 1.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn any_evidence() -> impl Strategy<Value = Evidence> {
        let draught = || prop::option::of(-1..=1);
        (
            any::<[bool; 4]>(),
            0.0..=1.0,
            0.0..24.0,
            draught(),
            draught(),
        )
            .prop_map(
                |([is_transfer, tankers, near, shares], kind_confidence, observed_h, a, b)| {
                    Evidence {
                        is_transfer,
                        kind_confidence,
                        tankers,
                        near,
                        observed_h,
                        draughts: [a, b],
                        shares,
                    }
                },
            )
    }

    proptest! {
        #[test]
        fn it_is_bounded_and_what_speaks_for_it_never_lowers_it(e in any_evidence(), more in 0.0..=1.0_f64) {
            let c = e.confidence();
            prop_assert!((0.0..=1.0).contains(&c));
            let transfer = Evidence { is_transfer: true, ..e };
            let c = transfer.confidence();
            let surer = e.kind_confidence + (1.0 - e.kind_confidence) * more;
            for better in [
                Evidence { kind_confidence: surer, ..transfer },
                Evidence { tankers: true, ..transfer },
                Evidence { near: true, ..transfer },
                Evidence { observed_h: e.observed_h + more, ..transfer },
                Evidence { draughts: [Some(-1), Some(1)], ..transfer },
            ] {
                prop_assert!(better.confidence() >= c - 1e-12, "{better:?}");
            }
            let unchanged = Evidence { draughts: [Some(0); 2], ..transfer };
            let unknown = Evidence { draughts: [None; 2], ..transfer };
            prop_assert!(unchanged.confidence() <= unknown.confidence());
        }
    }

    #[test]
    fn opposite_draughts_weigh_most() {
        let e = Evidence {
            is_transfer: true,
            kind_confidence: 0.8,
            ..Evidence::default()
        };
        let with = |draughts| Evidence { draughts, ..e }.confidence();
        assert!(with([Some(-1), Some(1)]) > 0.85);
        assert!(with([Some(1), None]) < with([Some(1), Some(-1)]));
        for same_way in [1, -1] {
            let both = with([Some(same_way), Some(same_way)]);
            assert!(both <= 0.8 * with([None, None]) + 1e-12);
            assert!(both <= with([Some(0), Some(0)]) + 1e-12);
            // A hub sinks by what another gives her meanwhile.
            let draughts = [Some(same_way); 2];
            let shares = Evidence {
                draughts,
                shares: true,
                ..e
            };
            assert_eq!(shares.confidence(), with([None, None]));
        }
    }
}
