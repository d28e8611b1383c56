//! Words and older codes for ship types and navigational status.

use crate::model::{NavStatus, ShipType};

/// AIS ship types for the vessel types 1001 to 1025 of MarineCadastre before 2018, which come from
/// the US Coast Guard's register (MarineCadastre, Vessel Type Codes 2018): the first code of the group given there.
const REGISTER_TYPES: [u8; 25] = [
    30, // 1001 commercial fishing vessel
    30, // 1002 fish processing vessel
    70, // 1003 freight barge
    70, // 1004 freight ship
    90, // 1005 industrial vessel
    90, // 1006 miscellaneous vessel
    90, // 1007 mobile offshore drilling unit
    90, // 1008 non-vessel
    90, // 1009 non-vessel
    90, // 1010 offshore supply vessel
    90, // 1011 oil recovery
    60, // 1012 passenger (inspected)
    60, // 1013 passenger (uninspected)
    60, // 1014 passenger barge (inspected)
    60, // 1015 passenger barge (uninspected)
    70, // 1016 public freight
    80, // 1017 public tankship or barge
    90, // 1018 public vessel, unclassified
    37, // 1019 recreational
    90, // 1020 research vessel
    35, // 1021 SAR aircraft; in the military group
    90, // 1022 school ship
    31, // 1023 tank barge; in the group of tugs and tows
    80, // 1024 tank ship
    31, // 1025 towing vessel
];

/// The ship type of a MarineCadastre row. A transmitted type in `cargo` wins over the register's,
/// and stands in for a missing one.
pub(crate) fn marine_cadastre_type(vessel_type: Option<u32>, cargo: Option<u32>) -> Option<u8> {
    let transmitted = cargo
        .filter(|c| (10..=99).contains(c))
        .and_then(|c| u8::try_from(c).ok());
    match vessel_type {
        Some(code @ 1..=99) => u8::try_from(code).ok(),
        Some(code @ 1001..=1025) => {
            transmitted.or_else(|| REGISTER_TYPES.get(code as usize - 1001).copied())
        }
        _ => transmitted,
    }
    .and_then(ShipType::new)
    .map(ShipType::code)
}

/// Ship types in the words of the Danish archive.
const TYPE_WORDS: [(&str, u8); 25] = [
    ("cargo", 70),
    ("fishing", 30),
    ("passenger", 60),
    ("tanker", 80),
    ("pleasure", 37),
    ("tug", 52),
    ("sailing", 36),
    ("pilot", 50),
    ("other", 90),
    ("dredging", 33),
    ("sar", 51),
    ("hsc", 40),
    ("law enforcement", 55),
    ("military", 35),
    ("towing", 31),
    ("towing long/wide", 32),
    ("diving", 34),
    ("wig", 20),
    ("port tender", 53),
    ("anti-pollution", 54),
    ("spare 1", 56),
    ("spare 2", 57),
    ("medical", 58),
    ("medical transport", 58),
    ("not party to conflict", 59),
];

/// The ship type for a type and a cargo in words, as the Danish archive has them.
pub(crate) fn type_of_words(ship: &[u8], cargo: &[u8]) -> Option<u8> {
    let ship = ship.trim_ascii();
    let code = TYPE_WORDS
        .iter()
        .find(|(word, _)| ship.eq_ignore_ascii_case(word.as_bytes()))
        .map(|(_, code)| *code)?;
    // Only these groups have the cargo in their second digit.
    if !matches!(code, 20 | 40 | 60 | 70 | 80 | 90) {
        return Some(code);
    }
    let digit = match cargo.trim_ascii().to_ascii_lowercase().as_slice() {
        b"category x" => 1,
        b"category y" => 2,
        b"category z" => 3,
        b"category os" => 4,
        b"no additional information" => 9,
        _ => 0,
    };
    Some(code + digit)
}

/// Navigational status in words; the archives of Denmark and of the US before 2018 spell some differently.
const STATUS_WORDS: [(&str, u8); 20] = [
    ("under way using engine", 0),
    ("at anchor", 1),
    ("not under command", 2),
    ("restricted maneuverability", 3),
    ("restricted manoeuverability", 3),
    ("restricted manoeuvrability", 3),
    ("constrained by her draught", 4),
    ("constrained by her draft", 4),
    ("moored", 5),
    ("aground", 6),
    ("engaged in fishing", 7),
    ("under way sailing", 8),
    ("reserved for future amendment [hsc]", 9),
    ("reserved for future amendment [wig]", 10),
    ("power-driven vessel towing astern", 11),
    ("power-driven vessel pushing ahead or towing alongside", 12),
    ("reserved for future use", 13),
    ("ais-sart", 14),
    ("ais-sart (active)", 14),
    ("ais-sart is active", 14),
];

/// The status for its words, or for its number.
pub(crate) fn status(field: &[u8]) -> Option<NavStatus> {
    let field = field.trim_ascii();
    let first = *field.first()?;
    let code = if first.is_ascii_digit() {
        crate::ingest::value::whole(field).and_then(|n| u8::try_from(n).ok())
    } else {
        STATUS_WORDS
            .iter()
            .find(|(word, _)| field.eq_ignore_ascii_case(word.as_bytes()))
            .map(|(_, code)| *code)
    };
    code.and_then(NavStatus::new)
}
