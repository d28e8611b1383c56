//! Which draughts are a transfer's and which are those of a call in port, through whole scans.

use std::fmt::Write;
use std::fs;

use alongside::model::{Row, Table, Value};
use alongside::{Config, ScanRequest, Silent, scan};

const MOTHER: u32 = 311_000_001;
const DAUGHTER: u32 = 413_000_002;
/// Alongside, minutes from the start of 2018-06-01.
const TOGETHER: std::ops::Range<i64> = 120..720;
/// In Long Beach.
const BERTHED: std::ops::Range<i64> = 820..1_900;
const BERTH: [f64; 2] = [33.7462, -118.2020];

/// Draughts in metres, by the minute from which they were sent.
type Sent<'a> = &'a [(i64, &'a str)];

fn between(a: [f64; 2], b: [f64; 2], share: f64) -> [f64; 2] {
    [0, 1].map(|i| a[i] + share * (b[i] - a[i]))
}

/// The mother drifts east off Long Beach, and after the transfer calls there.
fn mother(minute: i64) -> ([f64; 2], f64, u8) {
    let adrift = |minute: i64| [33.5, -118.3 + 0.0002 * minute as f64];
    let sails = BERTHED.start - TOGETHER.end;
    match minute {
        m if m < TOGETHER.end => (adrift(m), 0.6, 0),
        m if m < BERTHED.start => {
            let share = (m - TOGETHER.end) as f64 / sails as f64;
            (between(adrift(TOGETHER.end), BERTH, share), 9.0, 0)
        }
        m if m < BERTHED.end => (BERTH, 0.0, 5),
        m => (
            [BERTH[0] - 0.003 * (m - BERTHED.end) as f64, BERTH[1]],
            11.0,
            0,
        ),
    }
}

/// The daughter comes from the south and goes back there.
fn daughter(minute: i64) -> ([f64; 2], f64, u8) {
    let ([lat, lon], sog, _) = mother(minute.min(TOGETHER.end - 1));
    let off = (TOGETHER.start - minute).max(minute - TOGETHER.end).max(0);
    let sog = if off > 0 { 7.0 } else { sog };
    ([lat - 0.0003 - 0.002 * off as f64, lon], sog, 0)
}

/// A ship: her number, where she is at a minute, her size, and the draughts that she sent.
type Ship<'a> = (
    u32,
    &'a dyn Fn(i64) -> ([f64; 2], f64, u8),
    &'a str,
    Sent<'a>,
);

/// Tables of the two, who sent these draughts; the daughter was first heard at some minute.
fn played(mother_sent: Sent, daughter_sent: Sent, heard_from: i64) -> Vec<Table> {
    let ships: [Ship; 2] = [
        (MOTHER, &mother, "183,32", mother_sent),
        (DAUGHTER, &daughter, "160,27", daughter_sent),
    ];
    scanned(&ships, |mmsi, minute| {
        mmsi != DAUGHTER || (heard_from..1_200).contains(&minute)
    })
}

/// Tables of ships, each heard when she is.
fn scanned(ships: &[Ship], is_heard: impl Fn(u32, i64) -> bool) -> Vec<Table> {
    let mut rows = "MMSI,BaseDateTime,LAT,LON,SOG,COG,Heading,VesselName,IMO,CallSign,VesselType,Status,Length,Width,Draft,Cargo,TransceiverClass\n".to_owned();
    for minute in (0..2_000).step_by(3) {
        for (mmsi, place, size, sent) in ships {
            if !is_heard(*mmsi, minute) {
                continue;
            }
            let ([lat, lon], sog, status) = place(minute);
            let draught = sent.iter().rev().find(|s| s.0 <= minute).unwrap().1;
            let (day, h, m) = (1 + minute / 1440, minute / 60 % 24, minute % 60);
            writeln!(
                rows,
                "{mmsi},2018-06-{day:02}T{h:02}:{m:02}:00,{lat:.5},{lon:.5},{sog:.1},90.0,90.0,SHIP {mmsi},,,80,{status},{size},{draught},80,A"
            )
            .unwrap();
        }
    }
    let dir = tempfile::tempdir().unwrap();
    let input = dir.path().join("a.csv");
    fs::write(&input, rows).unwrap();
    let request = ScanRequest::new(vec![input], dir.path().join("out"));
    scan(&Config::default(), &request, &Silent).unwrap().tables
}

fn only_row(tables: &[Table], name: &str) -> Row {
    let table = tables.iter().find(|t| t.schema.name == name).unwrap();
    let rows = table.rows().into_owned();
    assert_eq!(rows.len(), 1, "{name}: {rows:?}");
    rows[0].clone()
}

fn draughts(row: &Row, columns: [&str; 2]) -> [Option<f64>; 2] {
    columns.map(|column| row.number(column))
}

fn of_mother(row: &Row) -> [Option<f64>; 2] {
    draughts(row, ["draught_before_1_m", "draught_after_1_m"])
}

fn of_daughter(row: &Row) -> [Option<f64>; 2] {
    draughts(row, ["draught_before_2_m", "draught_after_2_m"])
}

#[test]
fn what_is_typed_in_port_is_not_what_the_transfer_before_left() {
    let tables = played(&[(0, "10.0"), (1_500, "12.0")], &[(0, "7.0")], 0);
    let transfer = only_row(&tables, "encounters");
    assert_eq!(transfer.text("kind"), Some("sts_transfer"));
    assert_eq!(of_mother(&transfer), [Some(10.0); 2]);
    assert_eq!(transfer.text("volume_method"), Some("capacity"));
    assert_eq!(*transfer.get("from_mmsi"), Value::Null);
    let call = only_row(&tables, "port_calls");
    let columns = ["draught_in_m", "draught_out_m"];
    assert_eq!(draughts(&call, columns), [Some(10.0), Some(12.0)]);
}

#[test]
fn what_is_typed_on_the_way_to_port_is_what_the_transfer_left() {
    let tables = played(&[(0, "10.0"), (780, "8.5")], &[(0, "7.0")], 0);
    let transfer = only_row(&tables, "encounters");
    assert_eq!(of_mother(&transfer), [Some(10.0), Some(8.5)]);
    assert_eq!(transfer.text("volume_method"), Some("draught_one"));
    assert_eq!(transfer.mmsi("from_mmsi"), Some(MOTHER));
    let call = only_row(&tables, "port_calls");
    let columns = ["draught_in_m", "draught_out_m"];
    assert_eq!(draughts(&call, columns), [Some(8.5); 2]);
}

#[test]
fn first_heard_alongside_she_has_a_draught_before() {
    let tables = played(
        &[(0, "10.0")],
        &[(0, "7.0"), (900, "8.8")],
        TOGETHER.start + 6,
    );
    let transfer = only_row(&tables, "encounters");
    assert_eq!(of_daughter(&transfer), [Some(7.0), Some(8.8)]);
    assert_eq!(transfer.mmsi("to_mmsi"), Some(DAUGHTER));
    let tables = played(&[(0, "10.0")], &[(0, "7.0")], TOGETHER.start + 6);
    assert_eq!(
        of_daughter(&only_row(&tables, "encounters")),
        [Some(7.0); 2]
    );
}

/// A third ship, 60 km south of where the mother drifts, and drifting likewise.
const THIRD: u32 = 538_000_003;
/// The daughter lies beside her then.
const TOGETHER_AGAIN: std::ops::Range<i64> = 1_020..1_620;

fn third(minute: i64) -> ([f64; 2], f64, u8) {
    ([32.9, -118.3 + 0.0002 * minute as f64], 0.6, 0)
}

/// The mother, who goes on drifting.
fn drifting(minute: i64) -> ([f64; 2], f64, u8) {
    ([33.5, -118.3 + 0.0002 * minute as f64], 0.6, 0)
}

/// The daughter goes from the one to the other, and leaves to the south.
fn carrying(minute: i64) -> ([f64; 2], f64, u8) {
    let beside = |(place, _, _): ([f64; 2], f64, u8)| [place[0] - 0.0003, place[1]];
    match minute {
        m if m < TOGETHER.start => daughter(m),
        m if m < TOGETHER.end => (beside(drifting(m)), 0.6, 0),
        m if m < TOGETHER_AGAIN.start => {
            let whole = (TOGETHER_AGAIN.start - TOGETHER.end) as f64;
            let share = (m - TOGETHER.end) as f64 / whole;
            let [from, to] = [drifting(TOGETHER.end), third(TOGETHER_AGAIN.start)];
            (between(beside(from), beside(to), share), 7.0, 0)
        }
        m if m < TOGETHER_AGAIN.end => (beside(third(m)), 0.6, 0),
        m => {
            let [lat, lon] = beside(third(TOGETHER_AGAIN.end));
            ([lat - 0.002 * (m - TOGETHER_AGAIN.end) as f64, lon], 7.0, 0)
        }
    }
}

/// Both transfers of the daughter, the earlier first, and her draughts before and after either.
fn carried(sent: Sent, size: &str) -> Vec<(Row, [Option<f64>; 2])> {
    let (mother_sent, third_sent): (Sent, Sent) = (&[(0, "12.0")], &[(0, "7.5")]);
    let ships: [Ship; 3] = [
        (MOTHER, &drifting, size, mother_sent),
        (DAUGHTER, &carrying, size, sent),
        (THIRD, &third, size, third_sent),
    ];
    let tables = scanned(&ships, |_, _| true);
    let table = tables
        .iter()
        .find(|t| t.schema.name == "encounters")
        .unwrap();
    let rows = table.rows().into_owned();
    let hers = |row: Row| {
        let n = if row.mmsi("mmsi_1") == Some(DAUGHTER) {
            1
        } else {
            2
        };
        let columns = ["before", "after"].map(|when| format!("draught_{when}_{n}_m"));
        let m = columns.each_ref().map(|column| row.number(column));
        (row, m)
    };
    rows.into_iter().map(hers).collect()
}

#[test]
fn cargo_that_moves_on_at_sea_went_the_way_that_the_columns_say() {
    // She typed what she took while she took it, and what she had left after she had given it on.
    let sent = [(0, "7.0"), (400, "11.0"), (1_640, "6.5")];
    for size in ["183,32", ","] {
        let both = carried(&sent, size);
        assert_eq!(both.len(), 2, "{both:?}");
        let [(took, of_first), (gave, of_second)] = &both[..] else {
            panic!("{both:?}");
        };
        assert_eq!(*of_first, [Some(7.0), Some(11.0)]);
        assert_eq!(took.mmsi("from_mmsi"), Some(MOTHER));
        assert_eq!(took.mmsi("to_mmsi"), Some(DAUGHTER));
        assert_eq!(*of_second, [Some(11.0), Some(6.5)]);
        assert_eq!(gave.mmsi("from_mmsi"), Some(DAUGHTER));
        assert_eq!(gave.mmsi("to_mmsi"), Some(THIRD));
        assert_eq!(took.text("chain_id"), gave.text("chain_id"));
        let method = gave.text("volume_method");
        // Without dimensions it is known which way, and not how much.
        assert_eq!(method, Some("draught_one").filter(|_| size != ","));
        assert_eq!(took.text("volume_method"), method);
        assert_eq!(took.number("volume_bbl").is_some(), size != ",");
        let working = took.text("volume_working").unwrap();
        assert!(working.contains("413000002 alone"), "{working}");
    }
}

#[test]
fn typed_before_the_next_hoses_are_connected_it_is_what_the_last_transfer_left() {
    // Typed on the way, and anew five hours into the second transfer: that is what it leaves.
    let sent = [(0, "7.0"), (900, "11.0"), (1_320, "7.0")];
    let both = carried(&sent, "183,32");
    let draughts: Vec<_> = both.iter().map(|(_, m)| *m).collect();
    assert_eq!(draughts, [[Some(7.0), Some(11.0)], [Some(11.0), Some(7.0)]]);
}

#[test]
fn a_tanker_that_lies_deep_is_no_launch_whatever_size_she_sends() {
    let kind = |size: &str, draught: &str| {
        let draughts = [(0, draught)];
        let ships: [Ship; 2] = [
            (MOTHER, &mother, "183,32", &[(0, "9.0")]),
            (DAUGHTER, &daughter, size, &draughts),
        ];
        let row = only_row(&scanned(&ships, |_, _| true), "encounters");
        row.text("kind").unwrap().to_owned()
    };
    assert_eq!(kind("12,4", "9.5"), "sts_transfer");
    assert_eq!(kind("12,4", "1.5"), "bunkering");
}
