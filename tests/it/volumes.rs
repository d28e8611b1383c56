//! Estimates of deadweight and cargo against published particulars, typed here with their sources.
//!
//! Run with `--nocapture` to see estimate, published value and error of each.

// A comparison is worth seeing.
#![allow(clippy::print_stdout)]

use alongside::registry::{HullForm, cargo_capacity, tank_bbl};

/// Length between perpendiculars, beam, design draught (metres) and deadweight (tonnes) of tankers: Watson, Practical
/// Ship Design (1998), tables 1.1 and 1.3. The last: a student design of BUET for river service.
const BY_PARTICULARS: [(&str, f64, f64, f64, f64); 8] = [
    ("Arabiyah", 242.19, 43.28, 15.62, 121_109.0),
    ("Australia Sky", 171.0, 26.80, 10.67, 33_239.0),
    ("Columbia", 313.0, 56.60, 19.44, 258_076.0),
    ("Golar Coleen", 256.01, 46.21, 17.02, 152_385.0),
    ("Golar Cordelia", 315.02, 57.21, 22.03, 304_622.0),
    ("Olympic Serenity", 222.12, 42.00, 14.20, 96_733.0),
    ("Achilles", 215.02, 32.20, 13.20, 63_800.0),
    ("BUET design", 73.152, 15.00, 3.96, 2_900.0),
];

/// The same by length overall, as AIS has it. Prestige: the US Ship Structure Committee's case study; Exxon Valdez: the
/// NTSB's report.
const BY_AIS: [(&str, f64, f64, f64, f64); 2] = [
    ("Prestige", 243.0, 34.40, 14.00, 81_589.0),
    ("Exxon Valdez", 300.8, 50.60, 19.66, 214_861.0),
];

fn shown(what: &str, estimate: f64, published: f64) -> f64 {
    let error = estimate / published - 1.0;
    println!(
        "{what:<46} {estimate:>12.0} {published:>12.0} {:>+7.1} %",
        100.0 * error
    );
    error
}

#[test]
fn deadweight_by_size() {
    println!(
        "{:<46} {:>12} {:>12} {:>9}",
        "deadweight, t", "estimate", "published", "error"
    );
    let by_particulars = BY_PARTICULARS
        .into_iter()
        .map(|(name, l, b, t, published)| (name, HullForm::new(l, b, t), published));
    let by_ais = BY_AIS.into_iter().map(|(name, l, b, t, published)| {
        (name, HullForm::from_ais(l, b, Some(t), true), published)
    });
    let mut errors = Vec::new();
    for (name, form, published) in by_particulars.chain(by_ais) {
        let band = form.deadweight;
        errors.push(shown(name, band.best, published));
        assert!((band.low..=band.high).contains(&published), "{name}");
    }
    let mean = errors.iter().map(|e| e.abs()).sum::<f64>() / errors.len() as f64;
    println!("mean of the errors' size: {:.1} %", 100.0 * mean);
    assert!(mean <= 0.03, "{mean}");
}

/// Laden cargoes: what the ship can carry of a product of this density.
#[test]
fn laden_cargo() {
    println!(
        "{:<46} {:>12} {:>12} {:>9}",
        "laden cargo", "estimate", "published", "error"
    );
    let by_size =
        |length, beam, draught| HullForm::from_ais(length, beam, Some(draught), false).deadweight;
    let exact = alongside::registry::Band::exact;
    // Residual fuel oil at 6.35 bbl/t, Gullfaks crude by its weight, Forties crude 0.82 t/m3, and for products that the
    // source doesn't name BP's product basket of 8.058 bbl/t.
    let cases = [
        // Ship Structure Committee.
        (
            "Prestige, fuel oil, t",
            cargo_capacity(by_size(243.0, 34.40, 14.0), 0.99).best,
            77_033.0,
        ),
        // NTSB: greatest cargo.
        (
            "Exxon Valdez, full tanks, bbl",
            tank_bbl(by_size(300.8, 50.6, 19.66).best),
            1_480_000.0,
        ),
        // MAIB report on the grounding of 1993.
        (
            "Braer, Gullfaks crude, t",
            cargo_capacity(exact(89_730.0), 0.88).best,
            85_000.0,
        ),
        // MAIB report of 1997: tanks full to normal ullage.
        (
            "Sea Empress, Forties crude, t",
            cargo_capacity(exact(147_273.0), 0.82).best,
            130_018.0,
        ),
        // Ministry of Foreign Affairs of the Republic of Korea, 29 December 2017: refined products.
        (
            "Lighthouse Winmore, products, t",
            cargo_capacity(exact(16_500.0), 6.2898 / 8.058).best,
            14_039.0,
        ),
    ];
    for (what, estimate, published) in cases {
        let error = shown(what, estimate, published);
        assert!(error.abs() <= 0.05, "{what}: {error:+.3}");
    }
}

/// Partial cargoes: without draughts the range is from nothing to what the hull holds, and the cargo lies inside.
#[test]
fn partial_cargo() {
    let valdez = HullForm::from_ais(300.8, 50.6, Some(19.66), true).deadweight;
    let winmore = 16_500.0;
    let nautica = 307_300.0;
    let cases = [
        // NTSB: cargo when she sailed on 24 March 1989.
        (
            "Exxon Valdez as sailed, bbl",
            tank_bbl(valdez.high),
            1_264_155.0,
        ),
        // Republic of Korea: from Lighthouse Winmore to Sam Jong 2, 19 October 2017.
        (
            "Winmore to Sam Jong 2, t",
            cargo_capacity(alongside::registry::Band::exact(winmore), 0.843).high,
            600.0,
        ),
        // United Nations 2023: FSO Safer to Nautica (renamed Yemen), 1.14 million barrels less 2 %.
        ("FSO Safer to Nautica, bbl", tank_bbl(nautica), 1_117_000.0),
    ];
    for (what, high, published) in cases {
        println!("{what:<46} {:>12.0} {published:>12.0} {high:>12.0}", 0.0);
        assert!((0.0..=high).contains(&published), "{what}");
    }
}
