//! Behaviour through the public interface.

use std::io::Write;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::model::{Row, Table, Timestamp, schema};

fn t(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn transfer(id: &str, end: &str, bbl: [f64; 3], chain: Option<&str>) -> Row {
    let mut row = Row::new(&schema::ENCOUNTERS);
    row.set("event_id", id)
        .set("kind", "sts_transfer")
        .set("mmsi_1", 1u32)
        .set("mmsi_2", 2u32)
        .set("to_mmsi", 2u32)
        .set("end", t(end))
        .set("dwt_1_t", 300_000.0)
        .set("dwt_2_t", 100_000.0)
        .set("class_2", "aframax")
        .set("chain_id", chain)
        .set("volume_low_bbl", bbl[0])
        .set("volume_bbl", bbl[1])
        .set("volume_high_bbl", bbl[2]);
    row
}

fn lines(accounts: &Accounts, flow: Flow) -> Vec<&Account> {
    accounts
        .lines
        .iter()
        .filter(|l| l.flow == flow.name())
        .collect()
}

/// A transfer between two ships, in March 2020.
fn hop(id: &str, day: u32, ships: [u32; 2], bbl: [f64; 3], chain: &str) -> Row {
    let mut row = transfer(id, &format!("2020-03-{day:02}T10:00"), bbl, Some(chain));
    row.set("start", t(&format!("2020-03-{day:02}T01:00")))
        .set("from_mmsi", ships[0])
        .set("to_mmsi", ships[1])
        .set("mmsi_1", ships[0])
        .set("mmsi_2", ships[1]);
    row
}

fn net_bbl(rows: Vec<Row>) -> [f64; 3] {
    let movements = movements_of(&[Table::new(&schema::ENCOUNTERS, rows)]);
    let accounts = accounts(&movements, &[Key::Year], CAP_BBL);
    lines(&accounts, Flow::TransfersNet)[0].bbl
}

#[test]
fn sums_do_not_depend_on_the_order_of_rows() {
    let rows = |ids: [usize; 3]| {
        let row = |i: usize| {
            let low = [0.1, 0.2, 0.3][i];
            transfer(
                ["a", "b", "c"][i],
                "2020-03-02T10:00",
                [low, 1.0, 2.0],
                None,
            )
        };
        ids.map(row).to_vec()
    };
    let gross = |ids| {
        let movements = movements_of(&[Table::new(&schema::ENCOUNTERS, rows(ids))]);
        lines(
            &accounts(&movements, &[Key::Month], CAP_BBL),
            Flow::TransfersGross,
        )[0]
        .bbl
    };
    // In floating point 0.1 + 0.2 + 0.3 isn't 0.3 + 0.2 + 0.1.
    assert_eq!(gross([0, 1, 2]), gross([2, 1, 0]));
}

#[test]
fn a_cargo_that_moves_on_counts_once_where_it_stayed() {
    let rows = vec![
        hop("a", 1, [1, 2], [90.0, 100.0, 110.0], "c"),
        hop("b", 20, [2, 3], [70.0, 80.0, 90.0], "c"),
        transfer("d", "2020-04-02T10:00", [1.0, 2.0, 3.0], None),
    ];
    let movements = movements_of(&[Table::new(&schema::ENCOUNTERS, rows)]);
    let accounts = accounts(&movements, &[Key::Month], CAP_BBL);
    let gross: Vec<f64> = lines(&accounts, Flow::TransfersGross)
        .iter()
        .map(|l| l.bbl[1])
        .collect();
    assert_eq!(gross, [180.0, 2.0]);
    let net = lines(&accounts, Flow::TransfersNet);
    // 80 reached the last receiver, and 20 of 100 stayed with the first.
    assert_eq!(net[0].bbl, [90.0, 100.0, 110.0]);
    assert!((net[0].count - 1.2).abs() < 1e-9);
    assert_eq!(net[1].bbl[1], 2.0);
    assert_eq!(net[1].running_bbl, Some([91.0, 102.0, 113.0]));
    assert_eq!(net[0].mean_dwt_t, Some(100_000.0), "the receiver's");
    let table = accounts.to_table();
    let row = table.lines().find(|l| l.contains("transfers_net")).unwrap();
    assert!(row.contains("    1.2  "), "{row}");
}

#[test]
fn every_receiver_of_a_branching_chain_counts() {
    let even = |bbl: f64| [0.9 * bbl, bbl, 1.1 * bbl];
    // A mother takes a cargo and lighters it to two daughters, one of which hands hers on.
    let rows = vec![
        hop("a", 1, [1, 2], even(300.0), "c"),
        hop("b", 5, [2, 3], even(100.0), "c"),
        hop("d", 8, [2, 4], even(150.0), "c"),
        hop("e", 12, [4, 5], even(150.0), "c"),
    ];
    let net = net_bbl(rows);
    assert!(
        net.iter()
            .zip(even(300.0))
            .all(|(a, b)| (a - b).abs() < 1e-9),
        "{net:?}"
    );
    // Her own cargo, of which nobody saw where it came from, counts as well.
    let rows = vec![
        hop("a", 1, [1, 2], even(50.0), "c"),
        hop("b", 5, [2, 3], even(100.0), "c"),
        hop("d", 8, [2, 4], even(150.0), "c"),
    ];
    assert_eq!(net_bbl(rows)[1], 250.0);
}

#[test]
fn a_cargo_that_a_hub_gives_on_while_she_takes_it_counts_once() {
    let even = |bbl: f64| [bbl; 3];
    let lasts = |row: Row, from: &str, until: &str| {
        let mut row = row;
        row.set("start", t(from)).set("end", t(until));
        row
    };
    let rows = |giving_ends: &str| {
        vec![
            lasts(
                hop("a", 1, [1, 2], even(70.0), "a"),
                "2020-03-01",
                "2020-03-02",
            ),
            lasts(
                hop("b", 1, [2, 3], even(72.0), "a"),
                "2020-03-01T22:00",
                giving_ends,
            ),
        ]
    };
    assert_eq!(net_bbl(rows("2020-03-02T20:00")), even(72.0));
    // Who left before it was all aboard has taken something else.
    assert_eq!(net_bbl(rows("2020-03-01T23:00")), even(142.0));
}

#[test]
fn two_cargoes_that_one_ship_gives_on_count_once() {
    let even = |bbl: f64| [bbl; 3];
    let mut rows = vec![
        hop("a", 1, [1, 9], even(60.0), "a"),
        hop("b", 5, [2, 9], even(40.0), "b"),
        hop("d", 8, [9, 4], even(100.0), "b"),
    ];
    assert_eq!(net_bbl(rows.clone()), [100.0; 3]);
    // Taken after she gave, it is another cargo.
    rows.push(hop("e", 12, [4, 9], even(30.0), "b"));
    assert_eq!(net_bbl(rows.clone()), [100.0; 3]);
    // Given after all that, it is nobody's whom the chain names.
    rows.push(hop("f", 16, [8, 9], even(30.0), "f"));
    assert_eq!(net_bbl(rows), [130.0; 3]);
}

#[test]
fn what_stayed_is_a_range_in_order() {
    // Nobody saw a draught of the second transfer: it is anything up to the taker's size.
    let rows = vec![
        hop("a", 1, [1, 2], [90.0, 100.0, 110.0], "c"),
        hop("b", 5, [2, 3], [0.0, 60.0, 100.0], "c"),
    ];
    let movements = movements_of(&[Table::new(&schema::ENCOUNTERS, rows)]);
    let net: Vec<_> = movements
        .iter()
        .filter(|m| m.flow == Flow::TransfersNet)
        .map(|m| m.bbl.unwrap())
        .collect();
    assert_eq!(net, [[10.0, 40.0, 90.0], [0.0, 60.0, 100.0]]);
}

/// Calls of a tanker of 100 by 16 m and 6,000 t, with these draughts before and after; `None` if unknown.
fn called(draughts: &[[Option<f64>; 2]]) -> Accounts {
    let mut ship = Row::new(&schema::VESSELS);
    ship.set("mmsi", 7u32)
        .set("ship_type", 80u32)
        .set("dwt_t", 6_000.0)
        .set("length_m", 100.0)
        .set("beam_m", 16.0);
    let calls = draughts.iter().map(|[before, after]| {
        let mut row = Row::new(&schema::PORT_CALLS);
        row.set("mmsi", 7u32)
            .set("port", "Nampo")
            .set("end", t("2020-03-05"))
            .set("draught_in_m", *before)
            .set("draught_out_m", *after);
        row
    });
    let tables = [
        Table::new(&schema::PORT_CALLS, calls.collect()),
        Table::new(&schema::VESSELS, vec![ship]),
    ];
    accounts(&movements_of(&tables), &[Key::Year], 1_000.0)
}

#[test]
fn a_changed_draught_says_what_a_call_delivered_or_loaded() {
    let of = |draughts: [f64; 2]| called(&[draughts.map(Some)]);
    let delivered = of([6.5, 4.5]);
    assert_eq!(delivered.lines[0].flow, "port_calls");
    // 2 m at 14.3 t/cm, with as much ballast as not, as gasoil.
    let [low, best, high] = delivered.lines[0].bbl;
    assert!(
        (best - 1.2 * 200.0 * 14.33 * 7.46).abs() < 0.01 * best,
        "{best}"
    );
    assert!(low < best / 1.2 && high > 1.4 / 1.2 * best);
    assert!(high <= 0.95 * 6_000.0 * 7.46);
    let words = delivered.caveats.join(" ");
    assert!(!words.contains("isn't known"), "{words}");
    let deeper = of([6.5, 1.5]);
    assert_eq!(
        deeper.lines[0].bbl[2],
        0.95 * 6_000.0 * 7.46,
        "no more than she carries"
    );
    // A loading is no delivery, and stands against no cap.
    let loaded = of([4.0, 6.5]);
    assert_eq!(loaded.lines[0].flow, "port_loadings");
    assert!(loaded.lines[0].bbl[0] > 1_000.0 && loaded.crossings.is_empty());
    assert_eq!(delivered.crossings.len(), 3);
}

#[test]
fn a_draught_that_stayed_or_is_unknown_leaves_a_call_to_the_fractions() {
    let full = 0.95 * 6_000.0 * 7.46;
    for draughts in [
        [Some(6.5), Some(6.5)],
        [Some(6.5), Some(6.2)],
        [None, Some(4.0)],
        [None, None],
    ] {
        let call = called(&[draughts]);
        assert_eq!(call.lines[0].flow, "port_calls", "{draughts:?}");
        assert!(
            (call.lines[0].bbl[1] - full / 2.0).abs() < 1e-6,
            "{draughts:?}"
        );
        assert!(call.caveats[0].contains("isn't known"));
        // The other fractions that reports use.
        assert!(
            call.caveats[0].contains("1 calls, 25,513 bbl at 60 %, 42,522 bbl if full"),
            "{}",
            call.caveats[0]
        );
    }
}

#[test]
fn fish_is_no_petroleum() {
    let mut fish = transfer("a", "2020-03-01", [1.0, 1.0, 1.0], None);
    fish.set("kind", "fishing_transshipment");
    let movements = movements_of(&[Table::new(&schema::ENCOUNTERS, vec![fish])]);
    assert!(movements.is_empty());
}

#[test]
fn what_stands_beside_the_cap_is_told_by_product() {
    let with = |id: &str, kind: &str, product: &str, bbl: f64| {
        let mut row = transfer(id, "2020-03-01", [bbl; 3], None);
        row.set("kind", kind).set("product", product);
        row
    };
    let rows = vec![
        with("a", "sts_transfer", "crude", 700_000.0),
        with("b", "sts_transfer", "gasoil", 20_000.0),
        with("c", "sts_transfer", "gasoil", 1_000.0),
        with("d", "bunkering", "fuel_oil", 5_000.0),
    ];
    let movements = movements_of(&[Table::new(&schema::ENCOUNTERS, rows)]);
    let words = accounts(&movements, &[Key::Year], CAP_BBL)
        .caveats
        .join(" ");
    for part in [
        "crude 700,000 bbl",
        "gasoil 21,000 bbl",
        "bunkers 5,000 bbl",
        "2397",
    ] {
        assert!(words.contains(part), "no {part} in {words}");
    }
}

#[test]
fn a_list_is_one_group_whichever_ships_it_names() {
    let listed = |id: &str, lists: [Option<&str>; 2]| {
        let mut row = transfer(id, "2020-03-01", [10.0; 3], None);
        row.set("watchlist_1", lists[0])
            .set("watchlist_2", lists[1]);
        row
    };
    let rows = vec![
        listed(
            "a",
            [Some("UN 1718 (2020): A IMO 1, listed 2018-03-30"), None],
        ),
        listed(
            "b",
            [
                Some("own: B IMO 2; UN 1718 (2020): B IMO 2"),
                Some("own: C IMO 3"),
            ],
        ),
        listed("c", [None, None]),
    ];
    let movements = movements_of(&[Table::new(&schema::ENCOUNTERS, rows)]);
    let accounts = accounts(&movements, &[Key::Watchlist], CAP_BBL);
    let gross: Vec<_> = lines(&accounts, Flow::TransfersGross)
        .iter()
        .map(|l| (l.group[0].as_str(), l.bbl[1]))
        .collect();
    assert_eq!(
        gross,
        [("-", 10.0), ("UN 1718 (2020)", 20.0), ("own", 10.0)]
    );
    assert!(
        accounts
            .caveats
            .iter()
            .any(|c| c.contains("lines of lists don't add up"))
    );
}

#[test]
fn only_transfers_and_calls_of_tankers_move_petroleum() {
    let mut other = transfer("a", "2020-03-01", [1.0, 1.0, 1.0], None);
    other.set("kind", "service");
    let call = |mmsi: u32| {
        let mut row = Row::new(&schema::PORT_CALLS);
        row.set("mmsi", mmsi)
            .set("port", "Nampo")
            .set("end", t("2020-03-05"));
        row
    };
    let ship = |mmsi: u32, ship_type: u32| {
        let mut row = Row::new(&schema::VESSELS);
        row.set("mmsi", mmsi)
            .set("ship_type", ship_type)
            .set("dwt_t", 4_500.0);
        row
    };
    let tables = [
        Table::new(&schema::ENCOUNTERS, vec![other]),
        Table::new(&schema::PORT_CALLS, vec![call(7), call(8), call(9)]),
        Table::new(&schema::VESSELS, vec![ship(7, 80), ship(8, 70)]),
    ];
    let accounts = accounts(&movements_of(&tables), &[Key::Zone], CAP_BBL);
    assert_eq!(accounts.lines.len(), 1);
    assert_eq!(accounts.lines[0].group, ["Nampo"]);
    assert_eq!(
        (accounts.lines[0].count, accounts.lines[0].with_volume),
        (1.0, 1.0)
    );
    // A third, a half and 90 % of 95 % of 4,500 t at 7.46 bbl/t.
    assert_eq!(
        accounts.lines[0].bbl.map(f64::round),
        [10_631.0, 15_946.0, 28_702.0]
    );
    assert!(accounts.caveats[0].contains("a third, a half and 90 %"));
}

/// The published figures behind this command: DOMAIN facts of the 1718 Committee's reports as the press gave them.
#[test]
fn the_finding_of_2020_can_be_checked() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/dprk_deliveries.csv");
    let movements = read_published(&file).unwrap();
    let accounts = accounts(&movements, &[Key::Year], 500_000.0);
    let [before, after] = &accounts.lines[..] else {
        panic!("two years: {accounts:?}");
    };
    assert_eq!((before.count.round(), after.count.round()), (89.0, 56.0));
    assert_eq!(
        (before.bbl[1].round(), after.bbl[1].round()),
        (759_793.0, 1_600_000.0)
    );
    assert_eq!(before.mean_bbl().unwrap().round(), 8_537.0);
    assert_eq!(after.mean_bbl().unwrap().round(), 28_571.0);
    let best: Vec<_> = accounts
        .crossings
        .iter()
        .filter(|c| c.scenario == "best")
        .map(|c| (c.year.as_str(), c.passed.as_deref()))
        .collect();
    // 500,000 of 759,793 in 151 days, and of 1,600,000 in 152.
    assert_eq!(
        best,
        [("2018", Some("2018-04-10")), ("2020", Some("2020-02-17"))]
    );
    assert!(
        accounts.caveats[0].contains("different laden fractions"),
        "{:?}",
        accounts.caveats
    );
    let table = accounts.to_table();
    for fact in [
        "89",
        "56",
        "759,793",
        "1,600,000",
        "passed on 2018-04-10",
        "laden fractions",
    ] {
        assert!(table.contains(fact), "no {fact} in\n{table}");
    }
}

#[test]
fn published_counts_are_refused_by_line_and_column() {
    let refusal = |text: &str| {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text.as_bytes()).unwrap();
        read_published(file.path()).unwrap_err().to_string()
    };
    let header = "start,end,calls,volume_bbl\n";
    assert!(
        refusal("start,end,calls\n2018-01-01,2018-02-01,3\n").contains("no column 'volume_bbl'")
    );
    let words = refusal(&format!("{header}2018-01-01,2018-02-01,3,many\n"));
    assert!(
        words.contains("line 2, column 'volume_bbl': 'many'"),
        "{words}"
    );
    let words = refusal(&format!("{header}2018-02-01,2018-01-01,3,5\n"));
    assert!(words.contains("column 'end'"), "{words}");
}

#[test]
fn csv_holds_what_the_table_shows_and_no_formula() {
    let mut row = transfer("a", "2020-03-01", [90.0, 100.0, 110.0], None);
    row.set("class_2", "=HYPERLINK(1,2)");
    let movements = movements_of(&[Table::new(&schema::ENCOUNTERS, vec![row])]);
    let csv = accounts(&movements, &[Key::Class], CAP_BBL).to_csv();
    assert_eq!(
        csv.lines().nth(1),
        Some("\"'=HYPERLINK(1,2)\",transfers_gross,1.00,1.00,100000,100,90,100,110,,,")
    );
}

#[test]
fn the_chart_shows_every_month_and_the_cap() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/dprk_deliveries.csv");
    let movements = read_published(&file).unwrap();
    let svg = accounts(&movements, &[Key::Month], CAP_BBL)
        .to_svg()
        .unwrap();
    for word in ["2018-01", "2020-05", "cap", "port_calls", "Movements"] {
        assert!(svg.contains(word), "no {word} in the picture");
    }
    assert!(accounts(&[], &[Key::Month], CAP_BBL).to_svg().is_err());
}

proptest! {
    #[test]
    fn sums_neither_lose_nor_double(
        movements in prop::collection::vec((0i64..900, 1i64..300, 0.0f64..1e6, any::<bool>()), 1..20),
        keys in prop::sample::subsequence(Key::ALL.to_vec(), 1..3),
    ) {
        let day = |d: i64| Timestamp(1_500_000_000_000 + d * 86_400_000 + 7_000_000);
        let movements: Vec<Movement> = movements
            .into_iter()
            .map(|(from, days, bbl, spread)| Movement {
                span: if spread { Span::Over(day(from), day(from + days)) } else { Span::At(day(from)) },
                flow: Flow::TransfersGross,
                count: 2.0,
                dwt_t: Some(10.0),
                bbl: Some([bbl / 2.0, bbl, bbl * 2.0]),
                class: None,
                zone: None,
                flag: None,
                watchlists: Vec::new(),
                product: None,
                capacity_bbl: None,
                basis: None,
            })
            .collect();
        let sum: f64 = movements.iter().map(|m| m.bbl.unwrap()[1]).sum();
        let accounts = accounts(&movements, &keys, CAP_BBL);
        let found: f64 = accounts.lines.iter().map(|l| l.bbl[1]).sum();
        let count: f64 = accounts.lines.iter().map(|l| l.count).sum();
        prop_assert!((found - sum).abs() <= 1e-6 * sum.max(1.0));
        prop_assert!((count - 2.0 * movements.len() as f64).abs() < 1e-6);
        for crossing in &accounts.crossings {
            prop_assert_eq!(crossing.passed.is_some(), crossing.total_bbl > CAP_BBL);
        }
    }

    /// Cargoes in random order between five ships: nothing is counted twice, nothing is lost.
    #[test]
    fn net_is_what_the_ships_hold_at_the_end(
        hops in prop::collection::vec((0u32..5, 1u32..5, 1.0f64..100.0), 1..12),
    ) {
        let rows: Vec<Row> = hops
            .iter()
            .zip(1u32..)
            .map(|((from, on, bbl), day)| {
                let ships = [*from, (from + on) % 5];
                hop(&format!("{day:02}"), day, ships, [bbl / 2.0, *bbl, bbl * 2.0], "c")
            })
            .collect();
        // The slow way: a balance of each ship, by time.
        let mut held = [0.0f64; 5];
        for (from, on, bbl) in &hops {
            let (from, to) = (*from as usize, ((from + on) % 5) as usize);
            held[from] = (held[from] - bbl).max(0.0);
            held[to] += bbl;
        }
        let mut turned = rows.clone();
        turned.reverse();
        let (net, gross) = (net_bbl(rows), 2.0 * hops.iter().map(|h| h.2).sum::<f64>());
        prop_assert_eq!(net, net_bbl(turned));
        prop_assert!((net[1] - held.iter().sum::<f64>()).abs() < 1e-6);
        prop_assert!(net[0] <= net[1] && net[1] <= net[2] && net[2] <= gross + 1e-6);
    }
}
