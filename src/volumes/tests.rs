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
                watchlist: None,
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
