//! Fields: what the formats have in common.

use crate::model::{Imo, Mmsi};

use super::Entry;

/// Several values in one field, with `;` or `|` between them.
pub(super) fn several(field: &str) -> impl Iterator<Item = &str> {
    field
        .split([';', '|'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// Takes an IMO number, with or without the letters before it; says what is wrong with it.
pub(super) fn take_imo(entry: &mut Entry, field: &str, wrong: &mut Vec<String>) {
    let field = field.trim();
    let letters = field
        .get(..3)
        .is_some_and(|s| s.eq_ignore_ascii_case("IMO"));
    let digits = if letters { &field[3..] } else { field }.trim();
    if digits.is_empty() || digits.bytes().all(|b| b == b'0') {
        return;
    }
    let number = digits.parse().ok().filter(|_| digits.len() == 7);
    match number.and_then(Imo::new) {
        Some(imo) => entry.imo = Some(imo),
        None => wrong.push(format!(
            "{field:?} is no IMO number: wrong form or check digit"
        )),
    }
}

/// Takes an MMSI of a ship; says what is wrong with it.
pub(super) fn take_mmsi(entry: &mut Entry, field: &str, wrong: &mut Vec<String>) {
    let number = field.parse().ok().filter(|_| field.len() == 9);
    match number.and_then(Mmsi::new) {
        Some(mmsi) if !entry.mmsis.contains(&mmsi) => entry.mmsis.push(mmsi),
        Some(_) => {}
        None => wrong.push(format!("{field:?} is no MMSI of nine digits")),
    }
}
