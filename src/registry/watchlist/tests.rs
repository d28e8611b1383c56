use std::collections::BTreeSet;

use proptest::prelude::*;

use super::{Claims, MatchedBy, Watchlist, Watchlists, name_key};

const SDN: &str = "\
36,\"AEROCARIBBEAN AIRLINES\",-0- ,\"CUBA\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r
4238,\"MAR AZUL\",\"vessel\",\"CUBA\",-0- ,\"CL2192\",\"Tug\",-0- ,\"212\",\"Cuba\",\"Samir de Navegacion S.A.\",-0- \r
4243,\"EBANO\",\"vessel\",\"CUBA\",-0- ,-0- ,\"General Cargo\",\"2595\",\"1865\",\"Panama\",-0- ,\"Vessel Registration Identification IMO 7406784; f.k.a. 'ANA I'; f.k.a. 'SAND SWAN'.\"\r
15036,\"ARTAVIL\",\"vessel\",\"IRAN] [SDGT\",-0- ,\"5IM316\",\"Crude Oil Tanker\",\"99144\",\"56068\",\"Malta\",-0- ,\"Vessel Year of Build 2000; Vessel Registration Identification IMO 9187629; MMSI 572469210 (Tuvalu); alt. MMSI 256843000; Linked To: NATIONAL IRANIAN TANKER COMPANY.\"\r
2674,\"ABBAS, Abu\",\"individual\",\"SDGT\",\"Director\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"DOB 10 Dec 1948.\"\r
50001,\"WRONG DIGIT\",\"vessel\",\"DPRK\",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\"Vessel Registration Identification IMO 9187628; MMSI 445000001.\"\r
50002,\"CUT SHORT\",\"vessel\r
\u{1a}";

const OPEN_SANCTIONS: &str = "\
type,caption,imo,risk,countries,flag,mmsi,id,url,datasets,aliases
VESSEL,ABADAN,IMO9187629,sanction,ir;mt,ir,572469210;273######,ofac-15036,https://example.org,us_ofac_sdn;us_trade_csl,ALPHA;ARTAVIL
VESSEL,\"TIDE, THE\",IMO9427366,mare.detained;reg.warn,vu,vu,,det-1,https://example.org,abuja_mou,
ORGANIZATION,SOME OWNER,,sanction,ru,,,o-1,https://example.org,eu_fsf,
VESSEL,ZERO,IMO0000000,sanction,,,,z-1,https://example.org,maritime,
";

fn list(content: &str) -> Watchlist {
    Watchlist::parse("lists/mine.csv", content.as_bytes()).unwrap()
}

fn claims<'a>(mmsi: u32, imo: Option<u32>, name: &'a str) -> Claims<'a> {
    Claims {
        mmsi,
        imos: imo.into_iter().collect(),
        names: BTreeSet::from([name]),
    }
}

fn hits(lists: &Watchlists, mmsi: u32, imo: Option<u32>, name: &str) -> Vec<String> {
    let hits = lists.hits(&claims(mmsi, imo, name));
    hits.iter().map(ToString::to_string).collect()
}

#[test]
fn all_ships_of_the_united_nations_load() {
    let lists = Watchlists::builtin();
    let un = &lists.lists()[0];
    assert_eq!(un.entries.len(), 59);
    assert_eq!(un.bad_rows, []);
    assert_eq!(un.entries.iter().filter(|e| e.imo.is_some()).count(), 58);
    let mmsis: Vec<_> = un.entries.iter().flat_map(|e| &e.mmsis).collect();
    let distinct: BTreeSet<_> = mmsis.iter().collect();
    assert_eq!(
        (mmsis.len(), distinct.len()),
        (49, 48),
        "one is listed twice"
    );
    for entry in &un.entries {
        assert_eq!(entry.list, "UN 1718 (2020-06-04)", "{}", entry.name);
        assert!(entry.designated && entry.listed.len() == 10);
        let Some(imo) = entry.imo else {
            assert_eq!(entry.name, "MIN NING DE YOU 078");
            assert!(!entry.can_match(), "no IMO number and no MMSI are listed");
            continue;
        };
        let found = lists.hits(&claims(211_000_001, Some(imo.number()), ""));
        assert_eq!(found.len(), 1, "{}", entry.name);
        assert_eq!(found[0].by, MatchedBy::Imo(imo.number()));
    }
    let mut day = String::new();
    for (date, ships) in [
        ("2017-06-21", 22),
        ("2017-10-03", 4),
        ("2017-12-28", 4),
        ("2018-03-30", 26),
        ("2018-10-16", 3),
    ] {
        let listed = un.entries.iter().filter(|e| e.listed == date).count();
        assert_eq!(listed, ships, "{date}");
        day = date.to_owned();
    }
    assert!(hits(&lists, 1, Some(8_705_539), "")[0].ends_with(&day));
}

#[test]
fn one_mmsi_of_two_hulls_crosses_to_neither() {
    let lists = Watchlists::builtin();
    // Blue Nouvelle and Chong Chon Gang are both listed with 445114000.
    let blue = "UN 1718 (2020-06-04): BLUE NOUVELLE by name and MMSI 445114000, listed 2017-06-21";
    let chong =
        "UN 1718 (2020-06-04): CHONG CHON GANG by name and MMSI 445114000, listed 2017-06-21";
    assert_eq!(hits(&lists, 445_114_000, None, "BLUE NOUVELLE"), [blue]);
    assert_eq!(hits(&lists, 445_114_000, None, "GREENLIGHT"), [blue]);
    assert_eq!(hits(&lists, 445_114_000, None, "Chong Chon Gang"), [chong]);
    // Her IMO number names the hull, whatever the radio is called.
    let by_imo = hits(&lists, 445_114_000, Some(8_909_575), "SEA STAR");
    assert_eq!(by_imo.len(), 1);
    assert!(by_imo[0].contains("BLUE NOUVELLE IMO 8909575"));
    // The MMSI alone says nothing, nor does the name alone.
    assert_eq!(hits(&lists, 445_114_000, None, "SEA STAR").len(), 0);
    assert_eq!(hits(&lists, 445_114_000, None, "").len(), 0);
    assert_eq!(hits(&lists, 211_000_001, None, "CHONG CHON GANG").len(), 0);
}

#[test]
fn names_are_compared_as_crews_and_radios_write_them() {
    assert_eq!(name_key("Ra Nam-3"), "RANAM3");
    let lists = Watchlists::builtin();
    let hit = |mmsi, name| !hits(&lists, mmsi, None, name).is_empty();
    assert!(hit(445_024_000, "RANAM 3"));
    assert!(
        hit(445_121_000, "JANG JA SAN CHONG NY"),
        "20 characters are sent"
    );
    assert!(!hit(445_121_000, "JANG JA SAN"));
    assert!(hits(&lists, 1, Some(8_791_667), "KUM JIN GANG 3")[0].contains("WAN HENG 11"));
}

#[test]
fn a_plain_list_has_its_columns_anywhere() {
    let list = list("Flag,Vessel Name;MMSI;IMO\n".replace(',', ";").as_str());
    assert_eq!((list.entries.len(), list.format), (0, "plain"));
    let list = Watchlist::parse(
        "lists/mine.csv",
        b"MMSI, Name ,imo,Aliases\n235849000,ENERGY COMMANDER,IMO 9275658,OLD|OLDER\n,KOTI,9417115\n".as_slice(),
    )
    .unwrap();
    assert_eq!(list.bad_rows, []);
    assert_eq!(list.entries[0].list, "mine");
    assert_eq!(list.entries[0].aliases, ["OLD", "OLDER"]);
    let lists = Watchlists::of(vec![list]);
    let mine = "mine: ENERGY COMMANDER IMO 9275658";
    assert_eq!(hits(&lists, 5, Some(9_275_658), "X"), [mine]);
    assert_eq!(hits(&lists, 235_849_000, None, "older").len(), 1);
    assert_eq!(hits(&lists, 5, Some(9_417_115), "X").len(), 1);
}

#[test]
fn an_sdn_list_is_read_as_published() {
    let list = list(SDN);
    assert_eq!(list.format, "ofac_sdn");
    let names: Vec<&str> = list.entries.iter().map(|e| e.name.as_str()).collect();
    assert_eq!(names, ["MAR AZUL", "EBANO", "ARTAVIL", "WRONG DIGIT"]);
    assert_eq!(list.entries[1].aliases, ["ANA I", "SAND SWAN"]);
    assert_eq!(list.entries[2].mmsis.len(), 2);
    let bad: Vec<usize> = list.bad_rows.iter().map(|row| row.line).collect();
    assert_eq!(bad, [6, 7]);
    assert!(list.bad_rows[0].reason.contains("9187628"));
    assert!(list.bad_rows[1].reason.contains("quotation mark"));
    let lists = Watchlists::of(vec![list]);
    assert_eq!(
        hits(&lists, 1, Some(9_187_629), ""),
        ["OFAC SDN (IRAN, SDGT): ARTAVIL IMO 9187629"]
    );
    assert_eq!(hits(&lists, 256_843_000, None, "ARTAVIL").len(), 1);
    assert_eq!(hits(&lists, 445_000_001, None, "WRONG DIGIT").len(), 1);
}

#[test]
fn open_sanctions_is_read_as_published() {
    let list = list(OPEN_SANCTIONS);
    assert_eq!(list.format, "opensanctions");
    assert_eq!(list.bad_rows, []);
    assert_eq!(list.entries.len(), 3);
    assert_eq!(list.entries[0].mmsis.len(), 1);
    let designated: Vec<bool> = list.entries.iter().map(|e| e.designated).collect();
    assert_eq!(
        designated,
        [true, false, true],
        "a detention is no designation"
    );
    let lists = Watchlists::of(vec![list]);
    assert_eq!(
        hits(&lists, 1, Some(9_427_366), ""),
        ["OpenSanctions (mare.detained, reg.warn): TIDE, THE IMO 9427366"]
    );
    assert_eq!(hits(&lists, 572_469_210, None, "ARTAVIL").len(), 1);
}

#[test]
fn bad_rows_are_told_of_and_the_rest_is_read() {
    let list =
        list("imo,mmsi,name\n9417115,,KOTI\n9417116,,BAD\n,12,\"A\n8660313,x,CHON MA SAN\n,445,\n");
    let names: Vec<&str> = list.entries.iter().map(|e| e.name.as_str()).collect();
    assert_eq!(names, ["KOTI", "BAD", "CHON MA SAN"]);
    let lines: Vec<usize> = list.bad_rows.iter().map(|row| row.line).collect();
    assert_eq!(lines, [3, 4, 5, 6, 6]);
    assert_eq!(
        list.to_string(),
        "3 ships (1 of them without an IMO number, or an MMSI, to match), 5 bad rows"
    );
}

#[test]
fn what_is_no_list_is_refused() {
    for content in [
        "",
        "\n\n",
        "a,b,c\n1,2,3\n",
        "mmsi\n235849000\n",
        "{\"imo\": 9417115}",
    ] {
        let refused = Watchlist::parse("x.csv", content.as_bytes()).unwrap_err();
        assert!(refused.to_string().contains("x.csv has no known form"));
    }
}

proptest! {
    #[test]
    fn no_bytes_upset_the_reader(bytes in prop::collection::vec(any::<u8>(), 0..400), form in 0..4_usize) {
        let head: &[u8] = [b"".as_slice(), b"imo,mmsi,name\n", SDN.as_bytes(), OPEN_SANCTIONS.as_bytes()][form];
        let content = [head, &bytes].concat();
        if let Ok(list) = Watchlist::parse("x", &content) {
            let lines = 1 + content.iter().filter(|b| matches!(b, b'\n' | b'\r')).count();
            prop_assert!(list.entries.len() <= lines);
            prop_assert!(list.bad_rows.iter().all(|row| (1..=lines).contains(&row.line)));
            Watchlists::of(vec![list]);
        }
    }

    /// The index against going through every entry.
    #[test]
    fn the_index_finds_what_a_search_finds(mmsi in 0..4_u32, imo in 0..5_usize, name in 0..4_usize,
        rows in prop::collection::vec((0..5_usize, 0..4_u32, 0..4_usize), 0..12)) {
        let imos = ["", "9417115", "8660313", "9187629", "9427366"];
        let names = ["", "ALPHA", "AL PHA", "BETA"];
        let mut text = "imo,mmsi,name\n".to_owned();
        for (imo, mmsi, name) in rows {
            text += &format!("{},{},{}\n", imos[imo], 235_000_000 + mmsi, names[name]);
        }
        let list = list(&text);
        let claims = claims(235_000_000 + mmsi, imos[imo].parse().ok(), names[name]);
        let expected: Vec<usize> = (0..list.entries.len())
            .filter(|i| {
                let e = &list.entries[*i];
                let by_imo = e.imo.is_some_and(|n| claims.imos.contains(&n.number()));
                let key = name_key(names[name]);
                by_imo || (!key.is_empty() && name_key(&e.name) == key
                    && e.mmsis.iter().any(|m| m.number() == claims.mmsi))
            })
            .collect();
        let entries = list.entries.clone();
        let lists = Watchlists::of(vec![list]);
        let found = lists.hits(&claims);
        prop_assert_eq!(found.len(), expected.len());
        for (hit, i) in found.iter().zip(expected) {
            prop_assert_eq!(hit.entry, &entries[i]);
        }
    }
}
