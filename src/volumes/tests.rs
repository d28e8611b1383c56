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

#[test]
fn a_cargo_that_moves_on_counts_once_at_its_last_receiver() {
    let rows = vec![
        transfer("a", "2020-03-01T10:00", [90.0, 100.0, 110.0], Some("c")),
        transfer("b", "2020-03-20T10:00", [70.0, 80.0, 90.0], Some("c")),
        transfer("d", "2020-04-02T10:00", [1.0, 2.0, 3.0], None),
    ];
    let movements = movements_of(&[Table::new(&schema::ENCOUNTERS, rows)]);
    let accounts = accounts(&movements, &[Key::Month], CAP_BBL);
    let gross: Vec<f64> = lines(&accounts, Flow::TransfersGross)
        .iter()
        .map(|l| l.bbl[1])
        .collect();
    let net: Vec<f64> = lines(&accounts, Flow::TransfersNet)
        .iter()
        .map(|l| l.bbl[1])
        .collect();
    assert_eq!(gross, [180.0, 2.0]);
    assert_eq!(net, [80.0, 2.0]);
    let net = lines(&accounts, Flow::TransfersNet);
    assert_eq!(net[1].running_bbl, Some([71.0, 82.0, 93.0]));
    assert_eq!(net[0].mean_dwt_t, Some(100_000.0), "the receiver's");
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
}
