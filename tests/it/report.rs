//! The report: the same page by every way, and how it behaves in a real browser.

use std::fs;
use std::path::{Path, PathBuf};

use alongside::model::schema::{ENCOUNTERS, EVIDENCE, GAPS, RENDEZVOUS, VESSELS};
use alongside::model::{Row, Table, Timestamp, Value};
use alongside::report::{Content, html};
use alongside::{Config, ScanRequest, Silent, pipeline, scan};
use serde_json::json;

use super::browser::Browser;

const EVIL: &str = "<img src=x onerror=alert(1)>";
const START_MS: i64 = 1_600_000_000_000;
const HOUR_MS: i64 = 3_600_000;

fn encounter(i: usize, kind: &str, risk: f64, hours: f64) -> Row {
    let start = START_MS + i as i64 * HOUR_MS;
    let mut row = Row::new(&ENCOUNTERS);
    row.set("event_id", format!("{i:016x}"))
        .set("status", "final")
        .set("kind", kind)
        .set("kind_confidence", 0.8)
        .set("mmsi_1", 200_000_000 + i as i64)
        .set("mmsi_2", 300_000_000 + i as i64)
        .set(
            "name_1",
            if i == 0 {
                EVIL.to_owned()
            } else {
                format!("ALPHA {i}")
            },
        )
        .set("name_2", format!("BRAVO {i}"))
        .set("flag_1", "PA")
        .set("start", Timestamp(start))
        .set("end", Timestamp(start + (hours * 3.6e6) as i64))
        .set("duration_h", hours)
        .set("observed_h", hours)
        .set("lat", 10.0 + (i % 50) as f64)
        .set("lon", -150.0 + (i % 300) as f64)
        .set("risk", risk)
        .set("confidence", 0.7)
        .set("volume_low_bbl", 100_000.0)
        .set("volume_bbl", 250_000.0)
        .set("volume_high_bbl", 400_000.0)
        .set("volume_method", "draught_both")
        .set("volume_working", "one rose; the other sank")
        .set("watchlist_1", (i == 1).then_some("OFAC SDN"))
        .set(
            "reasons",
            "hulls 12 m apart; 40 km off shore | risk: +0.30 on a watchlist; +0.12 local night; -0.05 in a known zone",
        );
    row
}

/// What no compressor foresees: 0 to 999, the same every time.
fn chance(a: i64, b: i64) -> f64 {
    let x = (a.wrapping_mul(0x9E37_79B9) ^ b.wrapping_mul(0x85EB_CA6B)).wrapping_mul(0xC2B2_AE35);
    ((x >> 13) & 0xFFFF_FFFF) as f64 % 1000.0
}

/// Both ships side by side, 60 m apart, as receivers report ships: every number has its noise.
fn noisy_evidence(i: usize, samples: i64) -> impl Iterator<Item = Row> {
    evidence(i, samples).enumerate().map(move |(n, mut row)| {
        let luck = |k| chance(i as i64 * 1000 + n as i64, k);
        let place = |row: &Row, column| match row.get(column) {
            Value::Decimal(v) => *v,
            _ => 0.0,
        };
        let t = START_MS + i as i64 * HOUR_MS + (n as i64 % samples) * 300_000;
        let (lon, lat) = (place(&row, "lon"), place(&row, "lat"));
        row.set(
            "t",
            Timestamp(t + chance(i as i64, n as i64 % samples) as i64 * 100),
        )
        .set("lon", lon + luck(1) / 1e6)
        .set("lat", lat + luck(2) / 1e6)
        .set("sog_kn", luck(3) / 400.0)
        .set("heading_deg", 80.0 + luck(4) / 50.0)
        .set("hull_gap_m", luck(5) / 20.0)
        .set("sigma_m", 10.0 + luck(6) / 40.0);
        row
    })
}

/// Both ships side by side, 60 m apart, for as long as the encounter.
fn evidence(i: usize, samples: i64) -> impl Iterator<Item = Row> {
    let start = START_MS + i as i64 * HOUR_MS;
    [200_000_000, 300_000_000]
        .into_iter()
        .flat_map(move |base| {
            (0..samples).map(move |n| {
                let mut row = Row::new(&EVIDENCE);
                let off = if base == 200_000_000 { 0.0 } else { 0.00055 };
                row.set("event_id", format!("{i:016x}"))
                    .set("mmsi", base + i as i64)
                    .set("t", Timestamp(start + n * 600_000))
                    .set("lon", -150.0 + (i % 300) as f64 + n as f64 * 0.001 + off)
                    .set("lat", 10.0 + (i % 50) as f64)
                    .set("sog_kn", 2.0)
                    .set("heading_deg", 90.0)
                    .set("hull_gap_m", 12.0)
                    .set("sigma_m", 10.0)
                    .set("phase", if n == 0 { "approach" } else { "contact" });
                row
            })
        })
}

fn vessel(mmsi: i64) -> Row {
    let mut row = Row::new(&VESSELS);
    row.set("mmsi", mmsi)
        .set("ship_type", 80i64)
        .set("length_m", 250.0)
        .set("beam_m", 44.0);
    row
}

fn gap_and_rendezvous() -> [Table; 2] {
    let mut gap = Row::new(&GAPS);
    gap.set("event_id", "00000000000000aa")
        .set("mmsi", 200_000_000i64)
        .set("start", Timestamp(START_MS))
        .set("end", Timestamp(START_MS + 30 * HOUR_MS))
        .set("duration_h", 30.0)
        .set("start_lat", 1.0)
        .set("start_lon", 179.5)
        .set("end_lat", 2.0)
        .set("end_lon", -179.0)
        .set("explanation", "unexplained");
    let mut meeting = Row::new(&RENDEZVOUS);
    meeting
        .set("event_id", "00000000000000bb")
        .set("kind", "loiterer_in_gap")
        .set("mmsi_dark", 200_000_000i64)
        .set("mmsi_partner", 300_000_001i64)
        .set("gap_id", "00000000000000aa")
        .set("window_start", Timestamp(START_MS + 5 * HOUR_MS))
        .set("window_end", Timestamp(START_MS + 20 * HOUR_MS))
        .set("lat", 1.5)
        .set("lon", -179.9)
        .set("slack_h", 4.0)
        .set("risk", 0.8)
        .set(
            "reasons",
            "time for a transfer (+0.25); near a zone (+0.10) | risk: +0.40 both unheard, see 00000000000000aa; 0 others can too; +0.03 <img src=x>",
        );
    [
        Table::new(&GAPS, vec![gap]),
        Table::new(&RENDEZVOUS, vec![meeting]),
    ]
}

fn tables(encounters: usize, samples: i64) -> Vec<Table> {
    let kinds = ["sts_transfer", "bunkering", "berthed"];
    let rows = (0..encounters)
        .map(|i| {
            encounter(
                i,
                kinds[i % 3],
                (i % 10) as f64 / 10.0,
                1.0 + (i % 7) as f64,
            )
        })
        .collect();
    let ships = [200_000_000, 300_000_000]
        .into_iter()
        .flat_map(|base| (0..encounters as i64).map(move |i| vessel(base + i)));
    let mut tables = vec![
        Table::new(&ENCOUNTERS, rows),
        Table::new(&VESSELS, ships.collect()),
        Table::new(
            &EVIDENCE,
            (0..encounters).flat_map(|i| evidence(i, samples)).collect(),
        ),
    ];
    tables.extend(gap_and_rendezvous());
    tables
}

fn page(dir: &Path, tables: &[Table]) -> PathBuf {
    let run = json!({
        "version": "0.0.0",
        "inputs": [{ "path": EVIL, "rows_read": 10, "rows_accepted": 9, "rejects": {}, "bytes": 1 }],
        "coverage": { "10,-150": 5, "11,-149": 3 },
        "rows": { "read": 10, "accepted": 9, "rejects": { "bad_time": 1, "duplicate": 2 },
            "set_aside": { "duplicate": 2 }, "used": 7 },
        "reference": [{ "name": "land.bin", "sha256": "00ff" }],
        "span": { "first": "2020-09-13T12:26:40.000Z", "last": "2020-09-20T12:26:40.000Z" },
    });
    let file = dir.join("report.html");
    let land = [vec![[0.0, 0.0], [10.0, 0.0], [10.0, 10.0]]];
    let content = Content {
        run: &run,
        tables,
        zones: &[],
        land: &land,
    };
    fs::write(&file, html(&content)).unwrap();
    file
}

#[test]
fn a_scan_writes_the_page_that_report_writes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let dir = tempfile::tempdir().unwrap();
    let out = dir.path().join("out");
    let sample = root.join("data/ny_harbor_2020-06-30T00.csv.gz");
    let mut request = ScanRequest::new(vec![sample], &out);
    let report = scan(&Config::default(), &request, &Silent).unwrap();
    assert!(report.run.files.contains(&"report.html".to_owned()));
    let first = fs::read(out.join("report.html")).unwrap();

    let again = dir.path().join("again.html");
    pipeline::report(&out, &again).unwrap();
    assert!(
        fs::read(&again).unwrap() == first,
        "from the tables on disk"
    );

    request.threads = std::num::NonZeroUsize::new(1);
    scan(&Config::default(), &request, &Silent).unwrap();
    assert!(
        fs::read(out.join("report.html")).unwrap() == first,
        "a second scan"
    );

    // Other formats only: no page, and the encounters can't be opened for one.
    let mut config = Config::default();
    config.tables.export = vec![alongside::tables::Export::Csv];
    scan(&config, &request, &Silent).unwrap();
    assert!(!out.join("report.html").exists());
    let error = pipeline::report(&out, &again).unwrap_err().to_string();
    assert!(error.contains("encounters.parquet"), "{error}");
    let error = pipeline::report(dir.path(), &again)
        .unwrap_err()
        .to_string();
    assert!(error.contains("no result"), "{error}");
}

#[test]
fn the_page_works_in_a_browser() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let file = page(dir.path(), &tables(30, 8));
    browser.open(&file, "");
    let count = "document.querySelector('.count').textContent";
    assert_eq!(browser.text(count), "30 events");
    let first = "document.querySelector('.row .name').textContent";

    // Filter by words, by kind, by list.
    let search = |words: &str| {
        format!(
            "{{ const s = document.getElementById('search'); s.value = {words:?}; s.dispatchEvent(new Event('input')); }}"
        )
    };
    browser.eval(&search("300000007"));
    assert_eq!(browser.text(count), "1 of 30");
    browser.eval(&search(""));
    browser.eval("document.querySelector('.chip[data-kind=bunkering]').click()");
    assert_eq!(browser.text(count), "10 of 30");
    browser.eval("document.querySelector('.chip').click()");
    browser.eval("document.querySelector('[data-filter=listed]').click()");
    assert_eq!(browser.text(count), "1 of 30");
    browser.eval("document.querySelector('[data-filter=listed]').click()");

    // Sort: by length, either way.
    let lengths = "[...document.querySelectorAll('.row')].slice(0, 5).map((r) => parseFloat(r.querySelector('.col-length').textContent)).join()";
    browser.eval("document.querySelector('[data-sort=hours]').click()");
    assert_eq!(browser.text(lengths), "7,7,7,7,6");
    browser.eval("document.querySelector('[data-sort=hours]').click()");
    assert_eq!(browser.text(lengths), "1,1,1,1,1");

    // Keys: down opens the next event, Escape closes it.
    browser.eval("document.getElementById('list').focus()");
    browser.press("ArrowDown");
    browser.press("ArrowDown");
    let opened = browser.text("location.hash");
    assert_eq!(opened.len(), 17);
    let id = "document.querySelector('.ids .copy').textContent";
    assert_eq!(format!("#{}", browser.text(id)), opened);
    browser.press("Escape");
    assert_eq!(
        browser.eval("document.querySelector('.detail').hidden"),
        true
    );

    // An event by its id; a name that looks like HTML is a name.
    browser.open(&file, "#0000000000000000");
    browser.until("document.getElementById('slider') !== null");
    assert!(
        browser
            .text("document.querySelector('.detail h2').textContent")
            .contains(EVIL)
    );
    assert!(
        browser
            .text("document.querySelector('.parties').textContent")
            .contains(EVIL)
    );
    assert_eq!(browser.eval("document.querySelectorAll('img').length"), 0);

    // The slider moves the clock, the hulls and the map.
    let slide = |to: i64| {
        format!(
            "{{ const s = document.getElementById('slider'); s.value = {to}; s.dispatchEvent(new Event('input')); }}"
        )
    };
    browser.eval(&slide(0));
    assert_eq!(
        browser.text("document.querySelector('.clock').textContent"),
        "2020-09-13 12:26:40 UTC"
    );
    let picture = "document.querySelector('canvas.closeup').toDataURL()";
    let before = browser.text(picture);
    browser.eval(&slide(1000));
    assert_eq!(
        browser.text("document.querySelector('.clock').textContent"),
        "2020-09-13 13:36:40 UTC"
    );
    assert!(
        browser
            .text("document.querySelector('.state').textContent")
            .contains("hulls 12")
    );
    assert!(before.len() > 1000);
    assert_eq!(
        browser.eval("document.querySelectorAll('.reason').length"),
        3
    );
    assert_eq!(
        browser.text("document.querySelectorAll('.reason')[2].textContent"),
        "\u{2212}0.05in a known zone"
    );
    let bullets =
        "[...document.querySelectorAll('ul.facts li')].map((li) => li.textContent).join('|')";
    assert_eq!(
        browser.text(bullets),
        "Hulls 12 m apart|40 km off shore|one rose|the other sank"
    );

    // A rendezvous across the antimeridian, with its gap.
    browser.open(&file, "#00000000000000bb");
    assert!(
        browser.text(first).contains(EVIL)
            || browser
                .text("document.querySelector('.detail h2').textContent")
                .contains("200000000")
    );
    assert_eq!(
        browser.text("document.querySelector('.detail .eyebrow span').textContent"),
        "Loiterer, other ship silent"
    );
    let bars = "[...document.querySelectorAll('.reason .weight')].map((w) => w.textContent).join()";
    assert_eq!(browser.text(bars), "+0.40,+0.03,+0.25,+0.10");
    assert_eq!(
        browser.text("document.querySelector('.reason-text').textContent"),
        "both unheard, see 00000000000000aa; 0 others can too"
    );
    // An event that is named leads to it; what looks like HTML is text here too.
    browser.eval("document.querySelector('.reason-text a').click()");
    browser.until("location.hash === '#00000000000000aa'");
    assert_eq!(browser.eval("document.querySelectorAll('img').length"), 0);
    let tabs = "[...document.querySelectorAll('[role=tab]')].map((t) => t.dataset.table).join()";
    assert_eq!(browser.text(tabs), "encounters,rendezvous,gaps");

    // Every view, and the other theme.
    for view in ["volumes", "quality", "about", "events"] {
        browser.eval(&format!(
            "document.querySelector('[data-view={view}]').click()"
        ));
        assert_eq!(
            browser.eval(&format!("document.getElementById('view-{view}').hidden")),
            false
        );
    }
    // Days on which nothing was found are days too, and the cap is a calendar year's.
    let bars = |view: &str, chart: usize| {
        format!(
            "[...document.querySelectorAll('#view-{view} svg.chart')[{chart}].querySelectorAll('.column title')].map((t) => t.textContent).join()"
        )
    };
    assert_eq!(
        browser.text(&bars("volumes", 0)),
        "09-13: 8,09-14: 12,09-15: 0,09-16: 0,09-17: 0,09-18: 0,09-19: 0,09-20: 0"
    );
    let volumes = browser.text("document.getElementById('view-volumes').textContent");
    assert!(volumes.contains("calendar year") && !volumes.contains("twelve months"));
    assert!(!volumes.contains("NaN"), "{volumes}");
    // Rows add up.
    assert_eq!(
        browser.text("document.querySelector('#view-quality .lede').textContent"),
        "10 rows were read: 9 accepted, 1 (10.00 %) rejected. Of those accepted 2 (22.22 %) were set aside, as repeated or out of reach of any ship; 7 were used."
    );
    // Tables begin where the text above them does.
    browser.eval("document.querySelector('[data-view=about]').click()");
    let left = |what: &str| {
        format!(
            "document.querySelector('#view-about {what}').getBoundingClientRect().left.toFixed(0)"
        )
    };
    assert_eq!(browser.text(&left("table")), browser.text(&left("h3")));
    browser.eval("document.querySelector('[data-view=events]').click()");
    browser.eval("document.getElementById('theme').click()");
    browser.until("document.documentElement.dataset.theme !== undefined");
    let printed = browser.call("Page.printToPDF", json!({}));
    assert!(printed["data"].as_str().unwrap().len() > 10_000);

    assert!(
        browser.complaints().is_empty(),
        "{:?}",
        browser.complaints()
    );
    let others: Vec<String> = browser
        .requests()
        .into_iter()
        .filter(|url| {
            !url.starts_with("file://") && !url.starts_with("data:") && url != "about:blank"
        })
        .collect();
    assert_eq!(others, [""; 0]);
    let files = browser
        .requests()
        .into_iter()
        .filter(|url| url.starts_with("file://"));
    assert!(files.into_iter().all(|url| url.contains("report.html")));
}

#[test]
fn an_empty_result_is_shown_as_one() {
    let Some(mut browser) = Browser::start() else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let file = page(dir.path(), &[Table::new(&ENCOUNTERS, Vec::new())]);
    browser.open(&file, "#nothing");
    assert!(
        browser
            .text("document.querySelector('.empty').textContent")
            .contains("No events")
    );
    for view in ["volumes", "quality", "about"] {
        browser.eval(&format!(
            "document.querySelector('[data-view={view}]').click()"
        ));
    }
    assert!(
        browser.complaints().is_empty(),
        "{:?}",
        browser.complaints()
    );
}

/// The figures of the documentation: how large and how quick a page of 10,000 events is. Run by hand:
/// `cargo test --test it -- --ignored ten_thousand --nocapture`.
#[test]
#[ignore = "states figures"]
#[allow(clippy::print_stdout)]
fn ten_thousand_events_are_usable() {
    let dir = tempfile::tempdir().unwrap();
    let mut tables = tables(10_000, 1);
    tables.retain(|t| t.schema.name != EVIDENCE.name);
    let evidence = (0..10_000).flat_map(|i| noisy_evidence(i, 200));
    tables.push(Table::new(&EVIDENCE, evidence.collect()));
    let file = page(dir.path(), &tables);
    let megabytes = fs::metadata(&file).unwrap().len() as f64 / 1e6;
    println!("{megabytes:.1} MB");
    let Some(mut browser) = Browser::start() else {
        return;
    };
    browser.open(&file, "");
    println!(
        "drawn after {} ms",
        browser.text("performance.getEntriesByName('ready')[0].startTime.toFixed(0)")
    );
    let timed = "(() => { const s = document.getElementById('search'); const all = []; for (const words of ['b', 'br', 'bravo 12', 'panama', '']) { s.value = words; const t = performance.now(); s.dispatchEvent(new Event('input')); all.push((performance.now() - t).toFixed(0)); } return all.join(' ') })()";
    println!("filtered in {} ms", browser.text(timed));
}
