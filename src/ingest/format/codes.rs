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

/// Ship types in words, plain: first those of the Danish archive, then those of the standard and of others.
const TYPE_WORDS: [(&str, u8); 45] = [
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
    ("lawenforcement", 55),
    ("military", 35),
    ("towing", 31),
    ("towinglongwide", 32),
    ("diving", 34),
    ("wig", 20),
    ("porttender", 53),
    ("antipollution", 54),
    ("spare1", 56),
    ("spare2", 57),
    ("medical", 58),
    ("medicaltransport", 58),
    ("notpartytoconflict", 59),
    ("fishingvessel", 30),
    ("pleasurecraft", 37),
    ("sailingvessel", 36),
    ("pilotvessel", 50),
    ("searchandrescue", 51),
    ("searchandrescuevessel", 51),
    ("tugboat", 52),
    ("dredger", 33),
    ("dredgingorunderwaterops", 33),
    ("divingops", 34),
    ("militaryops", 35),
    ("towinglarge", 32),
    ("antipollutionequipment", 54),
    ("highspeedcraft", 40),
    ("wingingroundcraft", 20),
    ("containership", 70),
    ("bulkcarrier", 70),
    ("lngcarrier", 80),
    ("lpgcarrier", 80),
    ("gascarrier", 80),
];

/// Kinds of ships whose types go by what they carry, by the beginning of their words, plain.
const GROUPS: [(&str, u8); 6] = [
    ("cargo", 70),
    ("generalcargo", 70),
    ("passenger", 60),
    ("highspeed", 40),
    ("hsc", 40),
    ("wing", 20),
];

/// The ship type for a type and a cargo in words, however they are spelt: `Tanker` and `Category X` in the Danish archive,
/// `Tanker - Hazard A (Major)`, `TANKER_HAZARDOUS_CATEGORY_A`, `Crude Oil Tanker`. A tanker of whatever is a tanker.
pub(crate) fn type_of_words(ship: &[u8], cargo: &[u8]) -> Option<u8> {
    let mut room = [0; WORDS_ROOM];
    let ship = plain(ship, &mut room);
    let known = TYPE_WORDS
        .iter()
        .find(|(word, _)| ship == word.as_bytes())
        .map(|(_, code)| *code);
    let code = known.or_else(|| {
        if memchr::memmem::find(ship, b"tanker").is_some() {
            return Some(80);
        }
        let group = GROUPS
            .iter()
            .find(|(word, _)| ship.starts_with(word.as_bytes()));
        group.map(|(_, code)| *code)
    })?;
    // Only these groups have the cargo in their second digit.
    if !matches!(code, 20 | 40 | 60 | 70 | 80 | 90) {
        return Some(code);
    }
    let mut room = [0; WORDS_ROOM];
    let digit = digit_of_cargo(plain(cargo, &mut room)).or_else(|| digit_of_cargo(ship));
    Some(code + digit.unwrap_or(0))
}

/// The second digit of a type, by words for the cargo that say a category of danger.
fn digit_of_cargo(plain: &[u8]) -> Option<u8> {
    if plain.ends_with(b"noadditionalinformation") {
        return Some(9);
    }
    let after = |word: &[u8]| {
        let at = memchr::memmem::rfind(plain, word)?;
        Some(&plain[at + word.len()..])
    };
    let category = after(b"category").or_else(|| after(b"hazard"))?;
    match category {
        [b'x' | b'a'] | [b'a', b'm', ..] => Some(1),
        [b'y' | b'b'] => Some(2),
        [b'z' | b'c'] | [b'c', b'm', ..] => Some(3),
        b"os" | [b'd'] | [b'd', b'r', ..] => Some(4),
        _ => None,
    }
}

/// Characters of words that are looked at; none that is known has more.
const WORDS_ROOM: usize = 64;

/// Words in lower case, letters and digits only: how they are spelt apart, and in what case, says nothing.
fn plain<'r>(words: &[u8], room: &'r mut [u8; WORDS_ROOM]) -> &'r [u8] {
    let mut n = 0;
    for byte in words.iter().filter(|b| b.is_ascii_alphanumeric()) {
        if n == WORDS_ROOM {
            break;
        }
        room[n] = byte.to_ascii_lowercase();
        n += 1;
    }
    &room[..n]
}

/// "Not defined", as AIS sends it.
const UNDEFINED: u8 = 15;

/// Navigational status as the archives of Denmark and of the US before 2018 spell it: nearly all words that come.
const STATUS_WORDS: [(&str, u8); 15] = [
    ("under way using engine", 0),
    ("at anchor", 1),
    ("not under command", 2),
    ("restricted maneuverability", 3),
    ("constrained by her draught", 4),
    ("moored", 5),
    ("aground", 6),
    ("engaged in fishing", 7),
    ("under way sailing", 8),
    ("reserved for future amendment [hsc]", 9),
    ("reserved for future amendment [wig]", 10),
    ("power-driven vessel towing astern", 11),
    ("power-driven vessel pushing ahead or towing alongside", 12),
    ("unknown value", UNDEFINED),
    ("undefined", UNDEFINED),
];

/// The same by the beginnings of its words, plain, however others spell it.
const STATUS_BEGINNINGS: [(&str, u8); 18] = [
    ("underwaysail", 8),
    ("underwaybysail", 8),
    ("underwayundersail", 8),
    ("underway", 0),
    ("atanchor", 1),
    ("anchored", 1),
    ("notundercommand", 2),
    ("restricted", 3),
    ("constrained", 4),
    ("moored", 5),
    ("aground", 6),
    ("engagedinfishing", 7),
    ("fishing", 7),
    ("sailing", 8),
    ("powerdrivenvesseltowing", 11),
    ("powerdrivenvesselpushing", 12),
    ("reservedforfutureuse", 13),
    ("aissart", 14),
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
            .or_else(|| status_spelt_otherwise(field))
    };
    code.and_then(NavStatus::new)
}

fn status_spelt_otherwise(field: &[u8]) -> Option<u8> {
    let mut room = [0; WORDS_ROOM];
    let words = plain(field, &mut room);
    let known = STATUS_BEGINNINGS
        .iter()
        .find(|(word, _)| words.starts_with(word.as_bytes()));
    known.map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_in_any_spelling() {
        let cases = [
            ("Under way using engine", Some(0)),
            ("Underway using engine", Some(0)),
            ("UNDER_WAY_USING_ENGINE", Some(0)),
            ("UnderWayUsingEngine", Some(0)),
            ("At Anchor", Some(1)),
            ("AT_ANCHOR", Some(1)),
            ("NOT_UNDER_COMMAND", Some(2)),
            ("Restricted maneuverability", Some(3)),
            ("RESTRICTED_MANEUVERABILITY", Some(3)),
            ("Restricted Manoeuvrability", Some(3)),
            ("RestrictedManoeuverability", Some(3)),
            ("Constrained by her draft", Some(4)),
            ("CONSTRAINED_BY_HER_DRAUGHT", Some(4)),
            ("moored", Some(5)),
            ("AGROUND", Some(6)),
            ("Engaged_In_Fishing", Some(7)),
            ("Underway sailing", Some(8)),
            ("under way sailing", Some(8)),
            ("Power-driven vessel towing astern", Some(11)),
            (
                "POWER_DRIVEN_VESSEL_PUSHING_AHEAD_OR_TOWING_ALONGSIDE",
                Some(12),
            ),
            ("AIS-SART (active)", Some(14)),
            ("AIS_SART", Some(14)),
            ("5", Some(5)),
            ("5.0", Some(5)),
            ("15", None),
            ("Unknown value", None),
            ("undefined", None),
            ("Not defined", None),
            ("NA", None),
            ("", None),
        ];
        for (words, code) in cases {
            assert_eq!(
                status(words.as_bytes()).map(NavStatus::code),
                code,
                "{words}"
            );
        }
    }

    #[test]
    fn types_in_any_spelling() {
        let cases = [
            ("Tanker", "", Some(80)),
            ("Tanker", "Category X", Some(81)),
            ("Tanker", "Category OS", Some(84)),
            ("Cargo", "No additional information", Some(79)),
            ("Crude Oil Tanker", "", Some(80)),
            ("Oil/Chemical Tanker", "", Some(80)),
            ("LNG Tanker", "", Some(80)),
            ("LPG_TANKER", "", Some(80)),
            ("LNG Carrier", "", Some(80)),
            ("Bunkering Tanker", "", Some(80)),
            ("TANKER_HAZARDOUS_CATEGORY_A", "", Some(81)),
            ("Tanker, Hazardous category D", "", Some(84)),
            ("Tanker - Hazard A (Major)", "", Some(81)),
            ("Tanker - Hazard B", "", Some(82)),
            ("Tanker - Hazard C (Minor)", "", Some(83)),
            ("Tanker - Hazard D (Recognizable)", "", Some(84)),
            ("TANKER_NO_ADDITIONAL_INFORMATION", "", Some(89)),
            ("Tanker, all ships of this type", "", Some(80)),
            ("Cargo - Hazard A (Major)", "", Some(71)),
            ("Cargo, all ships of this type", "", Some(70)),
            ("General Cargo Ship", "", Some(70)),
            ("Passenger Ship", "", Some(60)),
            ("Law enforcement", "", Some(55)),
            ("LAW_ENFORCEMENT", "", Some(55)),
            ("Towing long/wide", "Category X", Some(32)),
            ("Fishing", "Category X", Some(30)),
            ("Pleasure Craft", "", Some(37)),
            ("Undefined", "Category X", None),
            ("Unknown", "", None),
            ("NA", "", None),
            ("", "Category X", None),
        ];
        for (ship, cargo, code) in cases {
            let got = type_of_words(ship.as_bytes(), cargo.as_bytes());
            assert_eq!(got, code, "{ship}, {cargo}");
        }
    }
}
