//! The column `reasons` taken apart: what an event rests on, and what adds to its risk.

/// What parts the two.
const RISK: &str = "risk: ";

/// The facts of a `reasons` cell: `words; words | risk: +0.15 fact; -0.05 fact`, either side of which may be absent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reasons<'a> {
    /// What the event rests on.
    pub words: Vec<&'a str>,
    /// What adds to the risk or takes from it, each with its sign and number first; the largest first.
    pub risk: Vec<&'a str>,
}

impl<'a> Reasons<'a> {
    /// Takes a cell apart.
    pub fn of(text: &'a str) -> Self {
        let (words, risk) = match text.strip_prefix(RISK) {
            Some(risk) => ("", risk),
            None => text.split_once(" | risk: ").unwrap_or((text, "")),
        };
        Self {
            words: words.split("; ").filter(|fact| !fact.is_empty()).collect(),
            risk: contributions(risk),
        }
    }
}

/// A fact may hold a semicolon of its own; the next one begins with its sign.
fn contributions(risk: &str) -> Vec<&str> {
    let mut facts = Vec::new();
    let mut from = 0;
    for (at, mark) in risk.match_indices("; ") {
        if is_contribution(&risk[at + mark.len()..]) {
            facts.push(&risk[from..at]);
            from = at + mark.len();
        }
    }
    facts.push(&risk[from..]);
    facts.retain(|fact| !fact.is_empty());
    facts
}

/// Whether a text begins as `+0.15 ` does.
fn is_contribution(text: &str) -> bool {
    let shape = |c: &u8, mask: u8| match mask {
        b'0' => c.is_ascii_digit(),
        b'+' => matches!(c, b'+' | b'-'),
        mask => *c == mask,
    };
    text.len() >= 6 && text.bytes().zip(*b"+0.00 ").all(|(c, m)| shape(&c, m))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_of_the_bar_are_told_apart() {
        let both = Reasons::of(
            "hulls 12 m apart; at sea | risk: +0.18 both can have been there; 2 others can too; -0.09 in a zone",
        );
        assert_eq!(both.words, ["hulls 12 m apart", "at sea"]);
        assert_eq!(
            both.risk,
            [
                "+0.18 both can have been there; 2 others can too",
                "-0.09 in a zone"
            ]
        );
        let words = Reasons::of("hulls 12 m apart");
        assert_eq!(words.words, ["hulls 12 m apart"]);
        assert!(words.risk.is_empty());
        let risk = Reasons::of("risk: +0.15 slow for 5 h");
        assert!(risk.words.is_empty());
        assert_eq!(risk.risk, ["+0.15 slow for 5 h"]);
        let none = Reasons::of("");
        assert!(none.words.is_empty() && none.risk.is_empty());
    }
}
