use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use flate2::read::ZlibDecoder;
use serde_json::{Value as Json, json};

use super::{Content, MAX_EVENTS, html};
use crate::model::schema::{ENCOUNTERS, EVIDENCE, RENDEZVOUS, VESSELS};
use crate::model::{Row, Table, Timestamp};

fn encounter(i: i64) -> Row {
    let mut row = Row::new(&ENCOUNTERS);
    row.set("event_id", format!("{i:016x}"))
        .set("mmsi_1", 200_000_000 + i)
        .set("mmsi_2", 300_000_000 + i)
        .set("start", Timestamp(i))
        .set("lat", 1.234_567_4)
        .set("lon", -0.000_000_4)
        .set("risk", 0.5 + i as f64 / 1e6)
        .set("name_1", "</script><img src=x onerror=alert(1)>");
    row
}

fn sample(i: i64, mmsi: i64, t: i64) -> Row {
    let mut row = Row::new(&EVIDENCE);
    row.set("event_id", format!("{i:016x}"))
        .set("mmsi", mmsi)
        .set("t", Timestamp(t * 1000))
        .set("lon", 10.0 + t as f64 / 1e4)
        .set("lat", 20.0)
        .set("hull_gap_m", (t % 2 == 0).then_some(7.0))
        .set("phase", "contact");
    row
}

fn page(tables: &[Table], run: &Json) -> String {
    html(&Content {
        run,
        tables,
        zones: &[],
        land: &[vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]]],
    })
}

fn unpacked(page: &str, block: usize) -> Json {
    let mark = format!("<script type=\"text/plain\" id=\"data-{block}\">");
    let (_, rest) = page.split_once(&mark).unwrap();
    let (packed, _) = rest.split_once("</script>").unwrap();
    let bytes = STANDARD.decode(packed).unwrap();
    let mut text = String::new();
    ZlibDecoder::new(bytes.as_slice())
        .read_to_string(&mut text)
        .unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn what_strangers_wrote_stands_nowhere_in_the_html() {
    let tables = [Table::new(&ENCOUNTERS, vec![encounter(1)])];
    let run = json!({ "inputs": [{ "path": "</script><script>alert(1)</script>" }] });
    let page = page(&tables, &run);
    assert!(!page.contains("src=x") && !page.contains("alert(1)"));
    let core = unpacked(&page, 0);
    let names = &core["tables"]["encounters"]["columns"]["name_1"]["values"];
    assert_eq!(*names, json!(["</script><img src=x onerror=alert(1)>"]));
}

#[test]
fn the_policy_names_every_script_and_style() {
    let page = page(&[], &json!({}));
    let (_, rest) = page
        .split_once("Content-Security-Policy\" content=\"")
        .unwrap();
    let (policy, _) = rest.split_once('"').unwrap();
    assert!(policy.starts_with("default-src 'none'; "));
    assert!(!policy.contains("unsafe") && !policy.contains("http"));
    let mut found = 0;
    for tag in ["style", "script"] {
        for part in page.split(&format!("<{tag}>")).skip(1) {
            let (content, _) = part.split_once(&format!("</{tag}>")).unwrap();
            assert!(policy.contains(&super::page::source_of(content)), "{tag}");
            assert!(!content.contains('\r'), "a browser would count other bytes");
            found += 1;
        }
    }
    assert_eq!(found, 3);
}

#[test]
fn the_scripts_have_no_way_to_read_text_as_html() {
    let page = page(&[], &json!({}));
    let (_, own) = page.split_once("\"use strict\";\n(() => {").unwrap();
    for way in [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "eval(",
        "Function(",
        "fetch(",
        "XMLHttp",
        "http:",
        "https:",
    ] {
        let found = own.matches(way).count();
        // The namespace of drawings is a name, not an address.
        let allowed = usize::from(way == "http:");
        assert_eq!(found, allowed, "{way}");
    }
}

#[test]
fn equal_tables_give_equal_bytes_whatever_varies_from_run_to_run() {
    let tables = [Table::new(&ENCOUNTERS, (0..50).map(encounter).collect())];
    let run = |elapsed: f64| json!({ "version": "1", "files": ["a"], "request": { "clock": elapsed }, "run": { "elapsed_s": elapsed } });
    assert_eq!(page(&tables, &run(1.0)), page(&tables, &run(2.0)));
}

#[test]
fn numbers_travel_as_units_of_the_last_decimal_and_empty_columns_stay_at_home() {
    let page = page(&[Table::new(&ENCOUNTERS, vec![encounter(3)])], &json!({}));
    let columns = &unpacked(&page, 0)["tables"]["encounters"]["columns"];
    assert_eq!(columns["lat"]["values"], json!([1_234_567]));
    assert_eq!(columns["lat"]["scale"], 6);
    assert_eq!(columns["lon"]["values"], json!([0]));
    assert_eq!(columns["start"]["values"], json!([3]));
    assert!(columns.get("volume_bbl").is_none());
}

#[test]
fn vessels_that_no_event_names_are_left_out() {
    let vessel = |mmsi: i64| {
        let mut row = Row::new(&VESSELS);
        row.set("mmsi", mmsi);
        row
    };
    let tables = [
        Table::new(&ENCOUNTERS, vec![encounter(1)]),
        Table::new(&VESSELS, vec![vessel(1), vessel(300_000_001)]),
    ];
    let vessels = &unpacked(&page(&tables, &json!({})), 0)["tables"]["vessels"];
    assert_eq!(vessels["columns"]["mmsi"]["values"], json!([300_000_001]));
    assert_eq!(vessels["total"], 2);
}

#[test]
fn beyond_the_limit_the_events_of_least_risk_are_left_out() {
    let n = MAX_EVENTS as i64 + 10;
    let tables = [Table::new(&ENCOUNTERS, (0..n).map(encounter).collect())];
    let table = &unpacked(&page(&tables, &json!({})), 0)["tables"]["encounters"];
    assert_eq!(
        (&table["rows"], &table["total"]),
        (&json!(MAX_EVENTS), &json!(n))
    );
    let ids = table["columns"]["event_id"]["values"].as_array().unwrap();
    assert_eq!(ids[0], format!("{:016x}", 10));
}

#[test]
fn evidence_is_the_same_after_unpacking_and_long_series_keep_their_ends() {
    let mut rows = Vec::new();
    for i in 0..3 {
        for mmsi in [200_000_000 + i, 300_000_000 + i] {
            rows.extend((0..400).map(|t| sample(i, mmsi, t)));
        }
    }
    let tables = [
        Table::new(&ENCOUNTERS, (0..3).map(encounter).collect()),
        Table::new(&EVIDENCE, rows.clone()),
    ];
    let page = page(&tables, &json!({}));
    let core = unpacked(&page, 0);
    assert_eq!(core["evidence"]["block"], json!([1, 1, 1]));
    let block = unpacked(&page, 1);
    let series = block.as_array().unwrap();
    assert_eq!(series.len(), 6);
    let sums = |name: &str| -> Vec<Option<i64>> {
        let mut sum = 0;
        let values = series[1][name].as_array().unwrap().iter();
        values
            .map(|v| {
                v.as_i64().map(|d| {
                    sum += d;
                    sum
                })
            })
            .collect()
    };
    assert_eq!(sums("t"), (0..400).map(Some).collect::<Vec<_>>());
    assert_eq!(sums("lon")[399], Some(10_039_900));
    assert_eq!(sums("hull_gap_m")[..3], [Some(7), None, Some(7)]);

    let kept = super::evidence::thinned(&rows[..400], 48);
    assert_eq!(kept.len(), 48);
    assert_eq!(kept[0].get("t"), rows[0].get("t"));
    assert_eq!(kept[47].get("t"), rows[399].get("t"));
}

#[test]
fn one_ship_is_not_called_two() {
    let said = |kind: &str| {
        let mut row = Row::new(&RENDEZVOUS);
        row.set("kind", kind)
            .set("confidence", 0.45)
            .set("alternatives", 0_i64);
        let explained = super::explain(&RENDEZVOUS, &row, &Table::new(&VESSELS, Vec::new()), &[]);
        let lines = explained.lines().iter();
        let told = lines.filter(|(label, _)| ["others", "confidence"].contains(label));
        told.map(|(_, text)| text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        said("two_gaps"),
        [
            "0 other silent ships could have been there",
            "0.45 that the two met"
        ]
    );
    assert_eq!(said("loiterer_alone"), ["0.45 that she met somebody"]);
}

#[test]
fn what_a_kind_rests_on_stands_apart_from_the_flags_of_the_risk() {
    let lines = |reasons: &str| {
        let mut row = encounter(1);
        row.set("reasons", reasons.to_owned()).set("risk", 0.2);
        let explained = super::explain(&ENCOUNTERS, &row, &Table::new(&VESSELS, Vec::new()), &[]);
        let lines = explained.lines().iter();
        let from = lines.skip_while(|(label, _)| !["rests on", "risk"].contains(label));
        from.map(|(label, text)| format!("{label}: {text}"))
            .collect::<Vec<_>>()
    };
    let risk = "risk: 0.20: priority for review, not a probability of guilt";
    assert_eq!(
        lines("hulls 1 m apart | risk: +0.15 far off; +0.03 at night"),
        [
            "rests on: hulls 1 m apart",
            risk,
            ": +0.15 far off",
            ": +0.03 at night"
        ]
    );
    assert_eq!(lines("risk: +0.15 far off"), [risk, ": +0.15 far off"]);
    assert_eq!(
        lines("hulls 1 m apart"),
        ["rests on: hulls 1 m apart", risk]
    );
}
