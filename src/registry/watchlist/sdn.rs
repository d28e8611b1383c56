//! `sdn.csv`, the Specially Designated Nationals list of the US Treasury's Office of Foreign Assets Control.
//!
//! No header; twelve fields: number, name, type, programme, title, call sign, vessel type, tonnage, gross tonnage,
//! flag, owner, remarks; `-0-` is null; a control character ends the file (OFAC, SDN data specification, 2023). The
//! remarks of a ship hold `Vessel Registration Identification IMO 9187629; MMSI 572469210; f.k.a. 'SHONA'`. Other
//! names stand in `alt.csv` too, of which no match needs more: IMO numbers keep.

use super::Entry;
use super::line::{take_imo, take_mmsi};

/// Number of fields of a row.
const FIELDS: usize = 12;
/// What the third field may hold; empty where a spreadsheet wrote the file again.
const TYPES: [&str; 5] = ["vessel", "individual", "aircraft", "-0-", ""];
/// How another name begins.
const NAMES: [&str; 3] = ["a.k.a. '", "f.k.a. '", "n.k.a. '"];

/// Whether these are the fields of such a row.
pub(super) fn is_row(fields: &[String]) -> bool {
    fields.len() == FIELDS
        && !fields[0].is_empty()
        && fields[0].bytes().all(|b| b.is_ascii_digit())
        && TYPES.contains(&fields[2].as_str())
}

/// The ship of a row, and what is wrong with the row; `None` for persons, companies and aircraft.
pub(super) fn entry(fields: &[String]) -> Result<Option<(Entry, Vec<String>)>, String> {
    if !is_row(fields) {
        return Err(format!(
            "no row of an SDN list: {FIELDS} fields that begin with a number are expected"
        ));
    }
    if fields[2] != "vessel" {
        return Ok(None);
    }
    let [name, programme, remarks] = [1, 3, 11].map(|i| match fields[i].as_str() {
        "-0-" => "",
        text => text,
    });
    let mut wrong = Vec::new();
    let mut entry = Entry {
        list: match programme {
            "" => "OFAC SDN".to_owned(),
            // Several programmes are written `IRAN] [SDGT`.
            _ => format!("OFAC SDN ({})", programme.replace("] [", ", ")),
        },
        designated: true,
        name: name.to_owned(),
        ..Entry::default()
    };
    for part in remarks.split(';') {
        let part = part
            .trim()
            .trim_start_matches("alt. ")
            .trim_end_matches('.');
        if let Some(rest) = part.strip_prefix("Vessel Registration Identification") {
            // Registers other than IMO's have numbers too.
            if let Some(number) = rest.trim().strip_prefix("IMO") {
                take_imo(&mut entry, before_bracket(number), &mut wrong);
            }
        } else if let Some(number) = part.strip_prefix("MMSI") {
            take_mmsi(&mut entry, before_bracket(number), &mut wrong);
        } else if let Some(alias) = NAMES.iter().find_map(|p| part.strip_prefix(p)) {
            entry.aliases.push(alias.trim_end_matches('\'').to_owned());
        }
    }
    Ok(Some((entry, wrong)))
}

/// `572469210 (Iran)` without the remark.
fn before_bracket(text: &str) -> &str {
    text.split('(').next().unwrap_or("").trim()
}
