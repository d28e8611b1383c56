//! When a ship's draught changed.

/// Least change that says something, decimetres, and the part of the draught that it must be at least: a draught is set
/// by hand to a decimetre, and trim and fuel change it by less.
const LEAST_DM: u16 = 5;
const LEAST_PART: u16 = 20;

/// How much deeper a ship lay afterwards, decimetres; 0 if that is no more than a slip.
pub fn change_dm(before_dm: u16, after_dm: u16) -> i32 {
    let least_dm = before_dm.div_ceil(LEAST_PART).max(LEAST_DM);
    if before_dm.abs_diff(after_dm) < least_dm {
        return 0;
    }
    i32::from(after_dm) - i32::from(before_dm)
}

#[cfg(test)]
mod tests {
    use super::change_dm;

    #[test]
    fn half_a_metre_and_a_twentieth_are_a_change() {
        for (before, after, change) in [
            (60, 65, 5),
            (60, 64, 0),
            (60, 55, -5),
            (120, 126, 6),
            (120, 125, 0),
            (121, 127, 0),
            (121, 128, 7),
            (0, 5, 5),
        ] {
            assert_eq!(change_dm(before, after), change, "{before} to {after}");
        }
    }
}
