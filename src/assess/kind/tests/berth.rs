//! What a berth holds, and what it doesn't.

use super::parties::turning;
use super::*;

const ANCHOR: Option<NavStatus> = Some(NavStatus::AT_ANCHOR);

#[test]
fn a_status_that_stayed_from_the_roads_does_not_unmoor_ships() {
    let kind = |geometry: &Geometry, status: [Option<NavStatus>; 2], shore_km: f64| {
        let parties = status.map(|nav_status| Party {
            nav_status,
            ..tanker(110.0, 12.0, None)
        });
        judged(geometry, parties, shore_km, false).kind
    };
    let moored = Some(NavStatus::MOORED);
    let one = [moored, ANCHOR];
    for shore_km in [-30.0, 0.4] {
        assert_eq!(kind(&still(8), one, shore_km), Kind::Berthed);
        assert_eq!(kind(&still(8), [None, ANCHOR], shore_km), Kind::Berthed);
        assert_eq!(kind(&still(14), [ANCHOR; 2], shore_km), Kind::Berthed);
        // Both say so; at anchor in a stream; not for long enough.
        assert_eq!(kind(&still(8), [ANCHOR; 2], shore_km), Kind::StsTransfer);
        assert_eq!(kind(&turning(8, 8.0), one, shore_km), Kind::StsTransfer);
        assert_eq!(kind(&still(4), one, shore_km), Kind::StsTransfer);
        let strayed = Geometry {
            stray_m: 35.0,
            ..still(8)
        };
        assert_eq!(kind(&strayed, one, shore_km), Kind::StsTransfer);
    }
    // In a calm in the roads.
    assert_eq!(kind(&still(14), one, 4.0), Kind::StsTransfer);
    assert_eq!(kind(&still(30), one, 4.0), Kind::Berthed);
    // Cargo went over.
    let laden = [(ANCHOR, 40), (moored, -35)].map(|(nav_status, dm)| Party {
        nav_status,
        ..tanker(183.0, 32.0, Some(dm))
    });
    let laden = judged(&still(8), laden, 0.4, false);
    assert_eq!(laden.kind, Kind::StsTransfer);
}
