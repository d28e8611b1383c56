//! A bounded sample of a sequence that depends on the sequence alone.

use serde::{Deserialize, Serialize};

/// Keeps every `stride`-th item; when full, the stride doubles and every other kept item goes.
///
/// What is kept is a function of the sequence of pushes, however it was cut.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Thinned<T> {
    capacity: usize,
    stride: u64,
    pushed: u64,
    kept: Vec<T>,
}

impl<T: Copy> Thinned<T> {
    /// Keeps at most `capacity` items (at least one).
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            stride: 1,
            pushed: 0,
            kept: Vec::new(),
        }
    }

    pub(crate) fn push(&mut self, item: T) {
        if self.pushed.is_multiple_of(self.stride) {
            if self.kept.len() == self.capacity {
                self.stride *= 2;
                let mut keep = false;
                self.kept.retain(|_| {
                    keep = !keep;
                    keep
                });
            }
            if self.pushed.is_multiple_of(self.stride) {
                self.kept.push(item);
            }
        }
        self.pushed += 1;
    }

    pub(crate) fn items(&self) -> &[T] {
        &self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keeps_every_strideth(capacity in 1_usize..40, n in 0_u64..2000) {
            let mut thinned = Thinned::new(capacity);
            (0..n).for_each(|i| thinned.push(i));
            prop_assert!(thinned.items().len() <= capacity);
            let stride = thinned.stride;
            let expected: Vec<u64> = (0..n).filter(|i| i % stride == 0).collect();
            prop_assert_eq!(thinned.items(), &expected[..]);
            prop_assert!(n == 0 || thinned.items().len() * 2 >= capacity.min(n as usize));
        }
    }
}
