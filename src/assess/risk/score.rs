//! Flags and excuses into one number, and the words that say how.
//!
//! `risk = 1 - (1 - L)(1 - F K)`, with `L` and `F` the noisy-or of listings and other flags, `K` the product of what the
//! excuses leave. So each weight is the risk that its flag has alone; another flag never lowers the number, an
//! excuse never raises it, and the contributions add up to it. A listing is not excused by the place.

/// Contributions below this are left out of the words: they would read `+0.00`.
const TOLD: f64 = 0.005;

/// A fact that asks for review.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Flag {
    /// The risk of this alone, 0 to 1.
    pub share: f64,
    /// The fact.
    pub words: String,
    /// Whether it is a listing.
    pub listing: bool,
}

impl Flag {
    /// A flag of this weight, shown to this degree (0 to 1).
    pub fn new(weight: f64, degree: f64, words: impl Into<String>) -> Self {
        Self {
            share: (weight * degree).clamp(0.0, 1.0),
            words: words.into(),
            listing: false,
        }
    }
}

/// A fact that makes the flags ordinary.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Excuse {
    /// The part of the flags that it takes away, 0 to 1.
    pub share: f64,
    /// The fact.
    pub words: String,
}

impl Excuse {
    /// An excuse of this weight, shown to this degree (0 to 1).
    pub fn new(weight: f64, degree: f64, words: impl Into<String>) -> Self {
        Self {
            share: (weight * degree).clamp(0.0, 1.0),
            words: words.into(),
        }
    }
}

/// What speaks for a review, and what against.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Case {
    pub flags: Vec<Flag>,
    pub excuses: Vec<Excuse>,
}

impl Case {
    /// Priority for review, 0 to 1.
    pub fn risk(&self) -> f64 {
        self.contributions()
            .iter()
            .map(|(share, _)| share)
            .sum::<f64>()
            .clamp(0.0, 1.0)
    }

    /// `+0.80 UN 1718 ...; -0.05 in port`: facts with what each adds, largest first; `None` if there is none.
    pub fn reasons(&self) -> Option<String> {
        let mut parts = self.contributions();
        parts.retain(|(share, _)| share.abs() >= TOLD);
        parts.sort_by(|(a, x), (b, y)| b.abs().total_cmp(&a.abs()).then_with(|| x.cmp(y)));
        let words: Vec<String> = parts
            .into_iter()
            .map(|(share, words)| format!("{share:+.2} {words}"))
            .collect();
        (!words.is_empty()).then(|| words.join("; "))
    }

    /// What each fact adds; the sum is the risk. Of what several flags share, the larger has its whole.
    fn contributions(&self) -> Vec<(f64, &str)> {
        let mut flags: Vec<&Flag> = self.flags.iter().collect();
        flags.sort_by(|a, b| {
            (b.listing.cmp(&a.listing))
                .then_with(|| b.share.total_cmp(&a.share))
                .then_with(|| a.words.cmp(&b.words))
        });
        let mut left = 1.0;
        let mut excusable = 0.0;
        let mut parts = Vec::new();
        for flag in flags {
            let share = left * flag.share;
            left -= share;
            excusable += if flag.listing { 0.0 } else { share };
            parts.push((share, flag.words.as_str()));
        }
        let mut excuses: Vec<&Excuse> = self.excuses.iter().collect();
        excuses.sort_by(|a, b| (b.share.total_cmp(&a.share)).then_with(|| a.words.cmp(&b.words)));
        for excuse in excuses {
            let share = excusable * excuse.share;
            excusable -= share;
            parts.push((-share, excuse.words.as_str()));
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cases() -> impl Strategy<Value = Case> {
        let flag = (0.0..=1.0, "[a-c]", any::<bool>()).prop_map(|(share, words, listing)| Flag {
            share,
            words,
            listing,
        });
        let excuse = (0.0..=1.0, "[d-f]").prop_map(|(share, words)| Excuse { share, words });
        (
            prop::collection::vec(flag, 0..6),
            prop::collection::vec(excuse, 0..4),
        )
            .prop_map(|(flags, excuses)| Case { flags, excuses })
    }

    /// The formula, worked out as it stands.
    fn formula(case: &Case) -> f64 {
        let or = |listing: bool| -> f64 {
            let flags = case.flags.iter().filter(|f| f.listing == listing);
            1.0 - flags.map(|f| 1.0 - f.share).product::<f64>()
        };
        let kept: f64 = case.excuses.iter().map(|e| 1.0 - e.share).product();
        1.0 - (1.0 - or(true)) * (1.0 - or(false) * kept)
    }

    proptest! {
        #[test]
        fn contributions_add_up_to_the_formula(case in cases()) {
            prop_assert!((case.risk() - formula(&case)).abs() < 1e-12);
            prop_assert!((0.0..=1.0).contains(&case.risk()));
        }

        #[test]
        fn a_stronger_flag_never_lowers_it_and_an_excuse_never_raises_it(
            case in cases(), which in any::<prop::sample::Index>(), more in 0.0..=1.0_f64, listing in any::<bool>()
        ) {
            let before = case.risk();
            let mut flagged = case.clone();
            flagged.flags.push(Flag { listing, ..Flag::new(1.0, more, "x") });
            prop_assert!(flagged.risk() >= before - 1e-12);
            if !case.flags.is_empty() {
                let mut stronger = case.clone();
                let flag = &mut stronger.flags[which.index(case.flags.len())];
                flag.share += (1.0 - flag.share) * more;
                prop_assert!(stronger.risk() >= before - 1e-12);
            }
            let mut excused = case.clone();
            excused.excuses.push(Excuse::new(1.0, more, "y"));
            prop_assert!(excused.risk() <= before + 1e-12);
        }

        #[test]
        fn no_excuse_takes_a_listing_away(case in cases()) {
            let mut listed = case;
            listed.flags.push(Flag { listing: true, ..Flag::new(0.8, 1.0, "UN 1718") });
            prop_assert!(listed.risk() >= 0.8 - 1e-12);
        }

        #[test]
        fn order_doesnt_matter(case in cases()) {
            let mut turned = case.clone();
            turned.flags.reverse();
            turned.excuses.reverse();
            prop_assert_eq!(turned.risk().to_bits(), case.risk().to_bits());
            prop_assert_eq!(turned.reasons(), case.reasons());
        }
    }

    #[test]
    fn reasons_stand_largest_first() {
        let case = Case {
            flags: vec![
                Flag::new(0.1, 1.0, "begun at night"),
                Flag::new(0.5, 1.0, "silent for 30 h"),
                Flag::new(0.001, 1.0, "hardly anything"),
            ],
            excuses: vec![Excuse::new(0.5, 1.0, "in port")],
        };
        assert_eq!(
            case.reasons().as_deref(),
            Some("+0.50 silent for 30 h; -0.28 in port; +0.05 begun at night")
        );
        assert_eq!(Case::default().reasons(), None);
    }
}
