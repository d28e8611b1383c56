//! Sorts of scenes, and how many of each there are.

use serde::{Deserialize, Serialize};

use super::Params;
use super::places::Waters;
use super::scene::Scene;
use super::ship::Yard;
use super::transfers::Mode;
use super::{background, neighbours, serving, silence, traffic, transfers, work};

macro_rules! sorts {
    ($($variant:ident $ships:literal $per_thousand:literal $waters:ident $doc:literal $make:expr),* $(,)?) => {
        /// A sort of scene.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Sort {
            $(#[doc = $doc] $variant),*
        }

        impl Sort {
            /// All sorts.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// How many ships are in a scene, at most.
            pub fn ships(self) -> usize {
                match self { $(Self::$variant => $ships),* }
            }

            /// Default number of scenes per 1,000 vessels; chosen so that 1,000 vessels have at least about
            /// 25 events of each kind of transfer and look-alike.
            pub fn per_thousand(self) -> f64 {
                match self { $(Self::$variant => $per_thousand),* }
            }

            pub(super) fn waters(self) -> Waters {
                match self { $(Self::$variant => Waters::$waters),* }
            }

            pub(super) fn make(self, scene: &mut Scene, yard: &mut Yard, params: &Params) {
                let make: fn(&mut Scene, &mut Yard, &Params) = match self { $(Self::$variant => $make),* };
                make(scene, yard, params);
            }
        }
    };
}

sorts! {
    StsAnchored 3 14.0 Roads " Tanker to tanker at anchor, some beside a neighbour."
        |s, y, p| transfers::tankers(s, y, Mode::Anchored, p),
    StsAdrift 2 13.0 Open " Tanker to tanker, adrift." |s, y, p| transfers::tankers(s, y, Mode::Adrift, p),
    StsUnderWay 2 14.0 Open " Tanker to tanker, under way." |s, y, p| transfers::tankers(s, y, Mode::UnderWay, p),
    StsRaft 3 6.0 Open " Two daughters at one mother." transfers::raft,
    Bunkering 3 17.0 Roads " A bunker tanker at two ships at anchor." serving::bunkering,
    Catch 3 17.0 Open " Two fishing vessels at a carrier." serving::catch,
    AnchoredNeighbours 5 7.0 Roads " Five ships in an anchorage." |s, y, _| neighbours::anchored(s, y),
    Berthed 5 9.0 Quay " Five ships at a quay." |s, y, _| neighbours::berthed(s, y),
    River 3 9.0 River " Three river cruisers side by side." |s, y, _| neighbours::river(s, y),
    Tow 2 27.0 Shelf " A tug and a barge." |s, y, _| traffic::tow(s, y),
    Pilots 6 6.0 Roads " A pilot boat at five ships." |s, y, _| traffic::pilots(s, y),
    Convoy 4 9.0 Shelf " Four ships on one track." |s, y, _| traffic::convoy(s, y),
    Crossing 8 7.0 Shelf " Four pairs whose courses cross." |s, y, _| traffic::crossing(s, y),
    Overtaking 5 7.0 Shelf " One ship overtakes four." |s, y, _| traffic::overtaking(s, y),
    Dredging 3 15.0 Roads " A dredger and two barges." |s, y, _| work::dredging(s, y),
    Service 4 9.0 Roads " A supply boat at three ships." |s, y, _| work::service(s, y),
    SportFishing 6 4.0 Roads " Six small boats on one spot." |s, y, _| work::sport_fishing(s, y),
    FishingGear 5 7.0 Shelf " A fishing boat and four radio buoys." |s, y, _| work::gear(s, y),
    PairTrawling 2 26.0 Shelf " Two fishing vessels and one net." |s, y, _| work::pair_trawling(s, y),
    SwitchedOff 1 25.0 Station " A ship that switches off." |s, y, _| silence::switched_off(s, y),
    StationDown 9 3.0 Outpost " Nine ships whose station fails." |s, y, _| silence::station_down(s, y),
    Dark 2 13.0 Station " A transfer with a dark partner." silence::dark,
    Handover 2 8.0 Station " One hull under two MMSIs." |s, y, _| silence::handover(s, y),
    Shared 2 8.0 Open " Two hulls under one MMSI." |s, y, _| silence::shared(s, y),
    Circle 1 8.0 Station " An invented circle." |s, y, _| silence::circle(s, y),
}

/// One ship of the background.
pub(super) fn background(scene: &mut Scene, yard: &mut Yard, waters: Waters) {
    match waters {
        Waters::Station => silence::bystander(scene, yard),
        _ => background::single(scene, yard),
    }
}
