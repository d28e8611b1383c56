//! Loitering, inferred meetings, findings about identities.

use super::*;

#[test]
fn a_ship_adrift_alone_far_from_shore_is_told() {
    let judged = |company: bool, state: Option<&str>| {
        let mut board = Board::new();
        let mut row = Row::new(&schema::LOITERING);
        row.set("event_id", "00000000000000dd")
            .set("mmsi", SHIPS[0])
            .set("start", at("2018-06-10"))
            .set("end", at("2018-06-11T06:00"))
            .set("duration_h", 30.0)
            .set("state", state)
            .set("lat", 33.9)
            .set("lon", -125.0)
            .set("distance_to_shore_km", 300.0);
        board.add(&schema::LOITERING, row);
        if company {
            board.transfer(|_| ());
        }
        board.judged("loitering")
    };
    let (alone, reasons) = judged(false, Some("adrift"));
    assert!((alone - 0.15).abs() < 1e-12);
    assert!(reasons.contains("slow for 30 h 300 km off shore, no partner seen"));
    assert_eq!(judged(true, Some("adrift")).0, 0.0);
    assert_eq!(judged(false, Some("anchored")).0, 0.0);
}

#[test]
fn an_inferred_meeting_counts_by_its_confidence_and_its_rivals() {
    let judged = |confidence: f64, others: i64| {
        let mut board = Board::new();
        let mut row = Row::new(&schema::RENDEZVOUS);
        row.set("event_id", "00000000000000ee")
            .set("kind", "loiterer_in_gap")
            .set("mmsi_dark", SHIPS[0])
            .set("mmsi_partner", SHIPS[1])
            .set("window_start", at("2018-06-10"))
            .set("window_end", at("2018-06-11"))
            .set("lat", 33.9)
            .set("lon", -125.0)
            .set("confidence", confidence)
            .set("alternatives", others);
        board.add(&schema::RENDEZVOUS, row);
        board.judged("rendezvous").0
    };
    assert!((judged(1.0, 0) - 0.4).abs() < 1e-12);
    assert!(judged(0.5, 0) < judged(1.0, 0) && judged(1.0, 3) < judged(1.0, 0));
}

#[test]
fn an_inferred_meeting_is_no_less_than_its_silences() {
    let mut board = Board::new();
    board.says(SHIPS[0], "2018-06-06T08:00", |r| {
        (r.draught_dm, r.imo) = (Some(130), Some(9_275_658));
    });
    board.gap(|row| {
        row.set("intentional", 0.9);
    });
    board.gap(|row| {
        row.set("event_id", "00000000000000bc")
            .set("mmsi", SHIPS[1])
            .set("intentional", 0.5);
    });
    let (gap, _) = board.judged("gaps");
    let mut row = Row::new(&schema::RENDEZVOUS);
    row.set("event_id", "00000000000000ee")
        .set("kind", "two_gaps")
        .set("mmsi_dark", SHIPS[0])
        .set("gap_id", "00000000000000bb")
        .set("mmsi_partner", SHIPS[1])
        .set("partner_event_id", "00000000000000bc")
        .set("window_start", at("2018-06-05T02:00"))
        .set("window_end", at("2018-06-06T04:00"))
        .set("lat", 33.9)
        .set("lon", -125.0)
        .set("confidence", 0.5)
        .set("alternatives", 1_i64);
    board.add(&schema::RENDEZVOUS, row);
    let (both, reasons) = board.judged("rendezvous");
    let parts = [0.27, 0.25, 0.4 * 0.5 / 2.0];
    let alone = 1.0 - parts.map(|p| 1.0 - p).iter().product::<f64>();
    assert!(
        gap > 0.4 && (both - alone).abs() < 1e-12,
        "{both}: {reasons}"
    );
    assert!(
        reasons.contains("SHIP 235849000 unheard for 30 h")
            && !reasons.contains("SHIP 538004026 unheard")
            && reasons.contains("changed draught from 10.0 to 13.0 m"),
        "{reasons}"
    );
}

#[test]
fn a_finding_about_an_identity_counts_by_its_kind() {
    let judged = |kind: &str, imo: u32| {
        let mut board = Board::new();
        board.facts.histories.clear();
        board.says(SHIPS[1], "2018-06-01", |r| r.imo = Some(imo));
        let mut row = Row::new(&schema::IDENTITY);
        row.set("event_id", "00000000000000cc")
            .set("kind", kind)
            .set("mmsi", SHIPS[1])
            .set("start", at("2018-06-09"))
            .set("end", at("2018-06-20"));
        board.add(&schema::IDENTITY, row);
        board.judged("identity").0
    };
    let weights = Params::default();
    assert_eq!(judged("shared_mmsi", 9_275_658), weights.identity_finding);
    assert_eq!(judged("changed_flag", 9_275_658), weights.changed_identity);
    assert_eq!(judged("imo_check_digit", 9_275_658), weights.no_imo);
    let listed = judged("shared_mmsi", 8_660_313);
    assert!((listed - (1.0 - 0.2 * 0.75)).abs() < 1e-12, "{listed}");
}
