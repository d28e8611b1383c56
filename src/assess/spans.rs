//! Spans of time.

use crate::model::Timestamp;

/// From when to when.
pub(super) type Span = (Timestamp, Timestamp);

/// What is left of a span without others, in order.
pub(super) fn without(span: Span, mut others: Vec<Span>) -> Vec<Span> {
    others.sort_unstable();
    let mut left = Vec::new();
    let mut from = span.0;
    for (begin, end) in others {
        if begin > from {
            left.push((from, begin.min(span.1)));
        }
        from = from.max(end);
    }
    left.push((from, span.1));
    left.retain(|(from, until)| from < until);
    left
}

/// How long spans that don't overlap are together, milliseconds.
pub(super) fn length_ms(spans: &[Span]) -> i64 {
    spans.iter().map(|(from, until)| until.0 - from.0).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: i64, until: i64) -> Span {
        (Timestamp(from), Timestamp(until))
    }

    #[test]
    fn what_is_left_of_a_span() {
        let left = |others: &[Span]| without(span(10, 20), others.to_vec());
        assert_eq!(left(&[]), [span(10, 20)]);
        assert_eq!(left(&[span(0, 30)]), []);
        assert_eq!(left(&[span(0, 10), span(20, 25)]), [span(10, 20)]);
        assert_eq!(
            left(&[span(17, 18), span(12, 15), span(13, 14)]),
            [span(10, 12), span(15, 17), span(18, 20)]
        );
        assert_eq!(left(&[span(5, 12), span(25, 30)]), [span(12, 20)]);
        assert_eq!(length_ms(&left(&[span(12, 15), span(13, 14)])), 7);
    }
}
