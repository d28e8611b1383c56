//! Flag states by the maritime identification digits (MID) of an MMSI.
//!
//! Source: ITU Radio Regulations, table of maritime identification digits (Appendix 42, table 1 of its
//! former Appendix 43), with the later allocations that ITU announced in its Operational Bulletins; codes
//! and names after ISO 3166-1. The flag is what the MMSI claims: ships keep an old number after a change
//! of flag, and false flags exist.

use crate::model::{Mmsi, StationKind};

/// The state or territory to which a MID is allocated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flag {
    /// Maritime identification digits, 201 to 775.
    pub mid: u16,
    /// ISO 3166-1 alpha-2 code.
    pub alpha2: &'static str,
    /// Name in English; in brackets the part of the state where the allocation is for one.
    pub country: &'static str,
}

/// The flag of the station with this MMSI. `None` if its MID isn't allocated, or it has none (distress
/// beacons, fishing gear, numbers of no form): [`Mmsi::kind`] tells the two apart.
pub fn flag(mmsi: Mmsi) -> Option<Flag> {
    let n = mmsi.number();
    // Where the three digits stand: ITU-R M.585-9, annexes 1 and 2.
    let mid = match mmsi.kind() {
        StationKind::Ship => n / 1_000_000,
        StationKind::GroupOfShips | StationKind::Handheld => n / 100_000 % 1000,
        StationKind::CoastStation => n / 10_000,
        StationKind::AuxiliaryCraft | StationKind::AidToNavigation => n / 10_000 % 1000,
        StationKind::SarAircraft => n / 1000 % 1000,
        StationKind::Distress | StationKind::FishingGear | StationKind::Other => return None,
    };
    flag_of_mid(u16::try_from(mid).ok()?)
}

/// The flag of a MID; `None` if it isn't allocated.
pub fn flag_of_mid(mid: u16) -> Option<Flag> {
    let after = ALLOCATED.partition_point(|(first, ..)| *first <= mid);
    let (_, last, alpha2, country) = ALLOCATED[..after].last()?;
    (mid <= *last).then_some(Flag {
        mid,
        alpha2,
        country,
    })
}

/// First and last MID, alpha-2, name; in order. Where ITU allocates to a part of a state that has its own
/// ISO code, that code stands (306 is for Curaçao, Sint Maarten and the Caribbean Netherlands: Curaçao
/// keeps the ships).
static ALLOCATED: [(u16, u16, &str, &str); 248] = [
    (201, 201, "AL", "Albania"),
    (202, 202, "AD", "Andorra"),
    (203, 203, "AT", "Austria"),
    (204, 204, "PT", "Portugal (Azores)"),
    (205, 205, "BE", "Belgium"),
    (206, 206, "BY", "Belarus"),
    (207, 207, "BG", "Bulgaria"),
    (208, 208, "VA", "Vatican City"),
    (209, 210, "CY", "Cyprus"),
    (211, 211, "DE", "Germany"),
    (212, 212, "CY", "Cyprus"),
    (213, 213, "GE", "Georgia"),
    (214, 214, "MD", "Moldova"),
    (215, 215, "MT", "Malta"),
    (216, 216, "AM", "Armenia"),
    (218, 218, "DE", "Germany"),
    (219, 220, "DK", "Denmark"),
    (224, 225, "ES", "Spain"),
    (226, 228, "FR", "France"),
    (229, 229, "MT", "Malta"),
    (230, 230, "FI", "Finland"),
    (231, 231, "FO", "Faroe Islands"),
    (232, 235, "GB", "United Kingdom"),
    (236, 236, "GI", "Gibraltar"),
    (237, 237, "GR", "Greece"),
    (238, 238, "HR", "Croatia"),
    (239, 241, "GR", "Greece"),
    (242, 242, "MA", "Morocco"),
    (243, 243, "HU", "Hungary"),
    (244, 246, "NL", "Netherlands"),
    (247, 247, "IT", "Italy"),
    (248, 249, "MT", "Malta"),
    (250, 250, "IE", "Ireland"),
    (251, 251, "IS", "Iceland"),
    (252, 252, "LI", "Liechtenstein"),
    (253, 253, "LU", "Luxembourg"),
    (254, 254, "MC", "Monaco"),
    (255, 255, "PT", "Portugal (Madeira)"),
    (256, 256, "MT", "Malta"),
    (257, 259, "NO", "Norway"),
    (261, 261, "PL", "Poland"),
    (262, 262, "ME", "Montenegro"),
    (263, 263, "PT", "Portugal"),
    (264, 264, "RO", "Romania"),
    (265, 266, "SE", "Sweden"),
    (267, 267, "SK", "Slovakia"),
    (268, 268, "SM", "San Marino"),
    (269, 269, "CH", "Switzerland"),
    (270, 270, "CZ", "Czechia"),
    (271, 271, "TR", "Türkiye"),
    (272, 272, "UA", "Ukraine"),
    (273, 273, "RU", "Russia"),
    (274, 274, "MK", "North Macedonia"),
    (275, 275, "LV", "Latvia"),
    (276, 276, "EE", "Estonia"),
    (277, 277, "LT", "Lithuania"),
    (278, 278, "SI", "Slovenia"),
    (279, 279, "RS", "Serbia"),
    (301, 301, "AI", "Anguilla"),
    (303, 303, "US", "United States (Alaska)"),
    (304, 305, "AG", "Antigua and Barbuda"),
    (306, 306, "CW", "Curaçao"),
    (307, 307, "AW", "Aruba"),
    (308, 309, "BS", "Bahamas"),
    (310, 310, "BM", "Bermuda"),
    (311, 311, "BS", "Bahamas"),
    (312, 312, "BZ", "Belize"),
    (314, 314, "BB", "Barbados"),
    (316, 316, "CA", "Canada"),
    (319, 319, "KY", "Cayman Islands"),
    (321, 321, "CR", "Costa Rica"),
    (323, 323, "CU", "Cuba"),
    (325, 325, "DM", "Dominica"),
    (327, 327, "DO", "Dominican Republic"),
    (329, 329, "GP", "Guadeloupe"),
    (330, 330, "GD", "Grenada"),
    (331, 331, "GL", "Greenland"),
    (332, 332, "GT", "Guatemala"),
    (334, 334, "HN", "Honduras"),
    (336, 336, "HT", "Haiti"),
    (338, 338, "US", "United States"),
    (339, 339, "JM", "Jamaica"),
    (341, 341, "KN", "Saint Kitts and Nevis"),
    (343, 343, "LC", "Saint Lucia"),
    (345, 345, "MX", "Mexico"),
    (347, 347, "MQ", "Martinique"),
    (348, 348, "MS", "Montserrat"),
    (350, 350, "NI", "Nicaragua"),
    (351, 357, "PA", "Panama"),
    (358, 358, "PR", "Puerto Rico"),
    (359, 359, "SV", "El Salvador"),
    (361, 361, "PM", "Saint Pierre and Miquelon"),
    (362, 362, "TT", "Trinidad and Tobago"),
    (364, 364, "TC", "Turks and Caicos Islands"),
    (366, 369, "US", "United States"),
    (370, 374, "PA", "Panama"),
    (375, 377, "VC", "Saint Vincent and the Grenadines"),
    (378, 378, "VG", "British Virgin Islands"),
    (379, 379, "VI", "United States Virgin Islands"),
    (401, 401, "AF", "Afghanistan"),
    (403, 403, "SA", "Saudi Arabia"),
    (405, 405, "BD", "Bangladesh"),
    (408, 408, "BH", "Bahrain"),
    (410, 410, "BT", "Bhutan"),
    (412, 414, "CN", "China"),
    (416, 416, "TW", "Taiwan"),
    (417, 417, "LK", "Sri Lanka"),
    (419, 419, "IN", "India"),
    (422, 422, "IR", "Iran"),
    (423, 423, "AZ", "Azerbaijan"),
    (425, 425, "IQ", "Iraq"),
    (428, 428, "IL", "Israel"),
    (431, 432, "JP", "Japan"),
    (434, 434, "TM", "Turkmenistan"),
    (436, 436, "KZ", "Kazakhstan"),
    (437, 437, "UZ", "Uzbekistan"),
    (438, 438, "JO", "Jordan"),
    (440, 441, "KR", "South Korea"),
    (443, 443, "PS", "Palestine"),
    (445, 445, "KP", "North Korea"),
    (447, 447, "KW", "Kuwait"),
    (450, 450, "LB", "Lebanon"),
    (451, 451, "KG", "Kyrgyzstan"),
    (453, 453, "MO", "Macao"),
    (455, 455, "MV", "Maldives"),
    (457, 457, "MN", "Mongolia"),
    (459, 459, "NP", "Nepal"),
    (461, 461, "OM", "Oman"),
    (463, 463, "PK", "Pakistan"),
    (466, 466, "QA", "Qatar"),
    (468, 468, "SY", "Syria"),
    (470, 471, "AE", "United Arab Emirates"),
    (472, 472, "TJ", "Tajikistan"),
    (473, 473, "YE", "Yemen"),
    (475, 475, "YE", "Yemen"),
    (477, 477, "HK", "Hong Kong"),
    (478, 478, "BA", "Bosnia and Herzegovina"),
    (501, 501, "TF", "French Southern Territories (Adélie Land)"),
    (503, 503, "AU", "Australia"),
    (506, 506, "MM", "Myanmar"),
    (508, 508, "BN", "Brunei"),
    (510, 510, "FM", "Micronesia"),
    (511, 511, "PW", "Palau"),
    (512, 512, "NZ", "New Zealand"),
    (514, 515, "KH", "Cambodia"),
    (516, 516, "CX", "Christmas Island"),
    (518, 518, "CK", "Cook Islands"),
    (520, 520, "FJ", "Fiji"),
    (523, 523, "CC", "Cocos (Keeling) Islands"),
    (525, 525, "ID", "Indonesia"),
    (529, 529, "KI", "Kiribati"),
    (531, 531, "LA", "Laos"),
    (533, 533, "MY", "Malaysia"),
    (536, 536, "MP", "Northern Mariana Islands"),
    (538, 538, "MH", "Marshall Islands"),
    (540, 540, "NC", "New Caledonia"),
    (542, 542, "NU", "Niue"),
    (544, 544, "NR", "Nauru"),
    (546, 546, "PF", "French Polynesia"),
    (548, 548, "PH", "Philippines"),
    (550, 550, "TL", "Timor-Leste"),
    (553, 553, "PG", "Papua New Guinea"),
    (555, 555, "PN", "Pitcairn"),
    (557, 557, "SB", "Solomon Islands"),
    (559, 559, "AS", "American Samoa"),
    (561, 561, "WS", "Samoa"),
    (563, 566, "SG", "Singapore"),
    (567, 567, "TH", "Thailand"),
    (570, 570, "TO", "Tonga"),
    (572, 572, "TV", "Tuvalu"),
    (574, 574, "VN", "Viet Nam"),
    (576, 577, "VU", "Vanuatu"),
    (578, 578, "WF", "Wallis and Futuna"),
    (601, 601, "ZA", "South Africa"),
    (603, 603, "AO", "Angola"),
    (605, 605, "DZ", "Algeria"),
    (
        607,
        607,
        "TF",
        "French Southern Territories (Saint Paul and Amsterdam)",
    ),
    (608, 608, "SH", "Ascension Island"),
    (609, 609, "BI", "Burundi"),
    (610, 610, "BJ", "Benin"),
    (611, 611, "BW", "Botswana"),
    (612, 612, "CF", "Central African Republic"),
    (613, 613, "CM", "Cameroon"),
    (615, 615, "CG", "Congo"),
    (616, 616, "KM", "Comoros"),
    (617, 617, "CV", "Cabo Verde"),
    (618, 618, "TF", "French Southern Territories (Crozet)"),
    (619, 619, "CI", "Côte d'Ivoire"),
    (620, 620, "KM", "Comoros"),
    (621, 621, "DJ", "Djibouti"),
    (622, 622, "EG", "Egypt"),
    (624, 624, "ET", "Ethiopia"),
    (625, 625, "ER", "Eritrea"),
    (626, 626, "GA", "Gabon"),
    (627, 627, "GH", "Ghana"),
    (629, 629, "GM", "Gambia"),
    (630, 630, "GW", "Guinea-Bissau"),
    (631, 631, "GQ", "Equatorial Guinea"),
    (632, 632, "GN", "Guinea"),
    (633, 633, "BF", "Burkina Faso"),
    (634, 634, "KE", "Kenya"),
    (635, 635, "TF", "French Southern Territories (Kerguelen)"),
    (636, 637, "LR", "Liberia"),
    (638, 638, "SS", "South Sudan"),
    (642, 642, "LY", "Libya"),
    (644, 644, "LS", "Lesotho"),
    (645, 645, "MU", "Mauritius"),
    (647, 647, "MG", "Madagascar"),
    (649, 649, "ML", "Mali"),
    (650, 650, "MZ", "Mozambique"),
    (654, 654, "MR", "Mauritania"),
    (655, 655, "MW", "Malawi"),
    (656, 656, "NE", "Niger"),
    (657, 657, "NG", "Nigeria"),
    (659, 659, "NA", "Namibia"),
    (660, 660, "RE", "Réunion"),
    (661, 661, "RW", "Rwanda"),
    (662, 662, "SD", "Sudan"),
    (663, 663, "SN", "Senegal"),
    (664, 664, "SC", "Seychelles"),
    (665, 665, "SH", "Saint Helena"),
    (666, 666, "SO", "Somalia"),
    (667, 667, "SL", "Sierra Leone"),
    (668, 668, "ST", "Sao Tome and Principe"),
    (669, 669, "SZ", "Eswatini"),
    (670, 670, "TD", "Chad"),
    (671, 671, "TG", "Togo"),
    (672, 672, "TN", "Tunisia"),
    (674, 674, "TZ", "Tanzania"),
    (675, 675, "UG", "Uganda"),
    (676, 676, "CD", "Democratic Republic of the Congo"),
    (677, 677, "TZ", "Tanzania"),
    (678, 678, "ZM", "Zambia"),
    (679, 679, "ZW", "Zimbabwe"),
    (701, 701, "AR", "Argentina"),
    (710, 710, "BR", "Brazil"),
    (720, 720, "BO", "Bolivia"),
    (725, 725, "CL", "Chile"),
    (730, 730, "CO", "Colombia"),
    (735, 735, "EC", "Ecuador"),
    (740, 740, "FK", "Falkland Islands"),
    (745, 745, "GF", "French Guiana"),
    (750, 750, "GY", "Guyana"),
    (755, 755, "PY", "Paraguay"),
    (760, 760, "PE", "Peru"),
    (765, 765, "SR", "Suriname"),
    (770, 770, "UY", "Uruguay"),
    (775, 775, "VE", "Venezuela"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn alpha2(mid: u16) -> Option<&'static str> {
        flag_of_mid(mid).map(|f| f.alpha2)
    }

    #[test]
    fn allocations() {
        let cases: [(&[u16], &str); 22] = [
            (&[445], "KP"),
            (&[412, 413, 414], "CN"),
            (&[477], "HK"),
            (&[416], "TW"),
            (&[273], "RU"),
            (
                &[351, 352, 353, 354, 355, 356, 357, 370, 371, 372, 373, 374],
                "PA",
            ),
            (&[636, 637], "LR"),
            (&[538], "MH"),
            (&[215, 229, 248, 249, 256], "MT"),
            (&[613], "CM"),
            (&[511], "PW"),
            (&[518], "CK"),
            (&[303, 338, 366, 367, 368, 369], "US"),
            (&[440, 441], "KR"),
            (&[616, 620], "KM"),
            (&[667], "SL"),
            (&[671], "TG"),
            (&[674, 677], "TZ"),
            (&[422], "IR"),
            (&[563, 564, 565, 566], "SG"),
            (&[201], "AL"),
            (&[775], "VE"),
        ];
        for (mids, code) in cases {
            for mid in mids {
                assert_eq!(alpha2(*mid), Some(code), "{mid}");
            }
        }
        for free in [
            0, 200, 217, 221, 260, 280, 300, 335, 411, 446, 500, 600, 680, 776, 999,
        ] {
            assert_eq!(alpha2(free), None, "{free}");
        }
    }

    #[test]
    fn the_table_is_in_order_and_whole() {
        assert!(ALLOCATED.iter().all(|(first, last, ..)| first <= last));
        assert!(ALLOCATED.windows(2).all(|w| w[0].1 < w[1].0));
        assert!(ALLOCATED.iter().all(|(.., code, _)| {
            code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase())
        }));
        assert_eq!((0..1000).filter(|mid| alpha2(*mid).is_some()).count(), 292);
    }

    #[test]
    fn digits_by_kind_of_station() {
        let code = |n| flag(Mmsi::new(n).unwrap()).map(|f| f.alpha2);
        assert_eq!(code(445_114_000), Some("KP"));
        assert_eq!(code(311_000_013), Some("BS"));
        assert_eq!(code(2_190_064), Some("DK"), "coast station");
        assert_eq!(code(23_200_001), Some("GB"), "group of ships");
        assert_eq!(code(111_219_501), Some("DK"), "aircraft");
        assert_eq!(code(827_312_345), Some("RU"), "handheld");
        assert_eq!(code(982_190_001), Some("DK"), "auxiliary craft");
        assert_eq!(code(993_672_001), Some("US"), "aid to navigation");
        assert_eq!(code(941_203_549), None, "fishing gear");
        assert_eq!(code(970_111_111), None, "beacon");
        assert_eq!(code(446_000_001), None, "not allocated");
        assert_eq!(code(123), None);
    }
}
