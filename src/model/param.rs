//! Parameters that are out of range: the words in which a stage refuses them.

use std::fmt::Display;
use std::ops::RangeInclusive;

/// A parameter whose value a stage can't work with. `config` adds the file and line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key} = {value}: {reason}")]
pub struct ParamError {
    /// Name of the key within its section: `max_speed_kn`.
    pub key: &'static str,
    /// The value as it was given.
    pub value: String,
    /// What is wrong with it, and what would be right.
    pub reason: String,
}

impl ParamError {
    /// An error about `key`.
    pub fn new(key: &'static str, value: impl Display, reason: impl Into<String>) -> Self {
        Self {
            key,
            value: value.to_string(),
            reason: reason.into(),
        }
    }
}

/// Holds a parameter to its range.
///
/// # Errors
/// If the value lies outside; a value that is not a number lies outside every range.
pub fn within<T: PartialOrd + Display>(
    key: &'static str,
    value: T,
    range: RangeInclusive<T>,
) -> Result<(), ParamError> {
    if range.contains(&value) {
        return Ok(());
    }
    let reason = format!("must be from {} to {}", range.start(), range.end());
    Err(ParamError::new(key, value, reason))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_out_of_range_names_key_value_and_range() {
        assert_eq!(within("gap_min_h", 6.0, 0.1..=72.0), Ok(()));
        let refused = within("gap_min_h", -1.0, 0.1..=72.0).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "gap_min_h = -1: must be from 0.1 to 72"
        );
        assert!(within("gap_min_h", f64::NAN, 0.1..=72.0).is_err());
    }
}
