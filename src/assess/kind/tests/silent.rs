//! Visits of which only the coming and the leaving were heard.

use super::*;
use crate::geodesy::Plane;
use crate::model::{EvidenceSample, PairSample, Phase};

/// How two tankers of 250 and 183 m are judged of whom the smaller one comes from the west and goes back there, by minutes and
/// metres between the sides, while the larger one goes north by so much; and how far off shore.
fn visited(heard: &[(i64, f64)], drift_m: f64, shore_km: f64) -> Judgement {
    let parties = [(250.0, 44.0), (183.0, 32.0)].map(|(length_m, beam_m)| {
        let tanker = tanker(length_m, beam_m, None);
        let hull = tanker.hull.map(|h| Hull {
            antenna_m: Some([length_m / 6.0, beam_m / 2.0]),
            ..h
        });
        Party { hull, ..tanker }
    });
    let place = LonLat::from_degrees(-92.6, 28.4).unwrap();
    let (start, end) = (Timestamp(0), Timestamp(260 * 60_000));
    let sample = |&(minute, apart_m): &(i64, f64)| {
        let t = Timestamp(minute * 60_000);
        let north_m = drift_m * (minute as f64 / 260.0).clamp(0.0, 1.0);
        let at = Plane::at(place).to_place([0.0, north_m]);
        // Midships beside midships, the antennas a third of the difference in length apart.
        let offset_m = [-38.0 - apart_m, 22.0];
        let phase = match t {
            t if t < start => Phase::Approach,
            t if t > end => Phase::Departure,
            _ => Phase::Contact,
        };
        let sample = PairSample {
            t,
            place: [at, Plane::at(at).to_place(offset_m)],
            sog_ckn: [Some(20); 2],
            cog_cdeg: [None; 2],
            heading_cdeg: [Some(0); 2],
            nav_status: [None; 2],
            class: [None; 2],
            sigma_dm: 110,
            nearest_s: 20,
            held: true,
            sides: [true; 2],
            separation_dm: (10.0 * offset_m[0].hypot(offset_m[1])) as u32,
        };
        EvidenceSample { sample, phase }
    };
    let e = Encounter {
        observed_ms: 20 * 60_000,
        silence: true,
        evidence: heard.iter().map(sample).collect(),
        ..Encounter::bare(encounter().pair, start, end)
    };
    let geometry = Geometry::new(&e, parties.map(|p| p.hull));
    judged_as(&e, &geometry, parties, (shore_km, false))
}

/// Two hours of coming, four of silence, and the leaving.
const VISIT: [(i64, f64); 9] = [
    (-60, 6000.0),
    (-20, 1200.0),
    (-8, 250.0),
    (0, 90.0),
    (10, 42.0),
    (250, 40.0),
    (260, 85.0),
    (275, 450.0),
    (290, 1400.0),
];

#[test]
fn silence_between_coming_alongside_and_leaving_is_the_visit() {
    let adrift = visited(&VISIT, 4000.0, 12.0);
    assert_eq!(adrift.kind, Kind::StsTransfer);
    assert_eq!(adrift.confidence, 0.5);
    assert!(adrift.words.iter().any(|w| w.contains("not for 4.0 h")));
    // Two that stay in place are less sure to have been together; by the shore each may have had a berth.
    let anchored = visited(&VISIT, 60.0, 12.0);
    assert_eq!(anchored.kind, Kind::StsTransfer);
    assert!(anchored.confidence < adrift.confidence);
    assert!(!visited(&VISIT, 60.0, 0.4).kind.is_transfer());
}

#[test]
fn who_was_heard_to_lie_apart_or_never_to_come_was_no_visitor() {
    // Farther off than hulls that come together; not seen to come, or to leave; or heard again within the hour.
    let farther = VISIT.map(|(minute, m)| (minute, m + 60.0));
    let mut heard = VISIT;
    heard[5].0 = 65;
    for apart in [&farther[..], &VISIT[3..], &VISIT[..7], &heard] {
        let judged = visited(apart, 4000.0, 12.0);
        assert!(!judged.kind.is_transfer(), "{apart:?} {judged:?}");
    }
}
