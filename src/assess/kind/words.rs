//! The facts behind a kind, in words.

use super::berth::AtBerth;
use super::bunkers::Coaster;
use super::{Kind, Lay, Params, Scene};
use crate::model::text::decimal;

/// Said where [`Scene::is_with_unsized`] holds.
const UNSIZED: &str = "one doesn't say how large she is, so that she may be a bunker tanker or a boat as well as a carrier of cargo";

impl Scene<'_> {
    /// What decided between kinds of ships alongside, where it isn't plain from their types.
    pub(super) fn party_words(&self, kind: Kind, params: &Params) -> Option<String> {
        match kind {
            Kind::StsTransfer => {
                if let Some(odd) = self.odd_carrier(params) {
                    let code = self.parties[odd].ship_type?.code();
                    let [own, tanker] = [odd, 1 - odd].map(|i| self.parties[i].sank_dm);
                    let tanker = deeper_words(tanker?);
                    return Some(match own.filter(|_| self.cargo_went_to().is_some()) {
                        Some(own) => format!(
                            "one is no tanker by her type ({code}), but lies {} after it and the tanker {tanker}: so cargo went over",
                            deeper_words(own)
                        ),
                        None => format!(
                            "one is a tug by her type ({code}), but has the length of a tank barge, and the tanker lies {tanker} after it: so cargo went over"
                        ),
                    });
                }
                if self.is_with_unknown() {
                    return Some("one says neither type nor size, as boats do too".to_owned());
                }
                if self.is_with_unsized(kind, params) {
                    return Some(UNSIZED.to_owned());
                }
                if self.is_perhaps_bunkering(params) {
                    return Some(
                        "one sends no type and has a bunker tanker's size: she may have given fuel as well as taken cargo"
                            .to_owned(),
                    );
                }
                let metres = |dm: i32| f64::from(dm) / 10.0;
                Some(match self.coaster(params)? {
                    Coaster::Took(dm) => format!(
                        "the smaller tanker lies {:.1} m deeper after it, so she did not bunker the other; only her draught says so",
                        metres(dm)
                    ),
                    Coaster::Gave(dm) => format!(
                        "the larger tanker lies {:.1} m deeper after it, which takes more than bunkers; only her draught says so",
                        metres(dm)
                    ),
                    Coaster::GaveAway(dm) => format!(
                        "the smaller tanker lies {} after it, by more than the larger one's tanks for fuel hold; only her draught says so",
                        deeper_words(dm)
                    ),
                    Coaster::AtSea => {
                        "the smaller one has a bunker tanker's size, but two tankers under way or adrift at sea move cargo rather than bunkers"
                            .to_owned()
                    }
                    Coaster::ForDays => {
                        "the smaller one has a bunker tanker's size, but no bunkering takes more than a day".to_owned()
                    }
                })
            }
            Kind::Bunkering if self.is_with_unsized(kind, params) => Some(UNSIZED.to_owned()),
            Kind::Bunkering if self.is_untold_at_berth(params) => Some(
                "at a berth, where neighbours lie as near, and no headings and sizes tell whether one lay at the other's side"
                    .to_owned(),
            ),
            Kind::Service if self.is_visited_by_boat(params) => Some(
                "one is a boat beside the tanker, as brings and fetches people and stores"
                    .to_owned(),
            ),
            Kind::Berthed if self.at_berth(params) == AtBerth::AcrossJetty => Some(
                "more than fenders lies between the hulls, as at two sides of a jetty".to_owned(),
            ),
            Kind::Berthed if self.at_berth(params) == AtBerth::InLine => Some(
                "their middle lines are too near each other for ships side by side: one lies ahead of the other, as at one quay"
                    .to_owned(),
            ),
            Kind::Berthed if self.outer_draught_dm(params).is_some() => Some(format!(
                "side by side over fenders, and one lies {} after it: cargo may have gone over, or at another berth",
                deeper_words(self.outer_draught_dm(params)?)
            )),
            Kind::Convoy if self.is_coupled(params) => Some(
                "side by side under way inland for longer than a boat fuels one that goes on, as coupled barges"
                    .to_owned(),
            ),
            Kind::Other | Kind::Berthed if self.is_lockage(params) => Some(
                "both came within half an hour, and one was gone too soon to have been fuelled, as from a lock"
                    .to_owned(),
            ),
            Kind::Other | Kind::Berthed if self.kind_alongside(params).is_transfer() => {
                let longest_h = self.together(params).longest_h()?;
                Some(format!(
                    "side by side for no more than {longest_h:.1} h, for before and after they were seen apart: too short for a transfer"
                ))
            }
            Kind::Other if self.is_too_fast(params) => Some(format!(
                "at {:.1} kn no ships lie alongside to transfer cargo",
                self.geometry.sog_kn.unwrap_or(0.0)
            )),
            Kind::Other if self.is_brief_call(params) => Some(
                "one says neither type nor size, and was alongside for less time than a transfer takes, as boats are"
                    .to_owned(),
            ),
            Kind::Other if self.is_with_small_craft(params) => Some(format!(
                "one is of unknown or unspecified type and shorter than {:.0} m, and no draughts show cargo",
                params.unknown_ship_m
            )),
            _ => None,
        }
    }

    pub(in crate::assess) fn shore_words(&self) -> String {
        if self.shore_km < 0.0 {
            "on land or in a harbour".to_owned()
        } else {
            format!("{:.1} km off shore", self.shore_km)
        }
    }
}

/// `2.2 m deeper`, `1.4 m less deep`.
fn deeper_words(sank_dm: i32) -> String {
    let metres = f64::from(sank_dm.abs()) / 10.0;
    match sank_dm {
        ..0 => format!("{metres:.1} m less deep"),
        _ => format!("{metres:.1} m deeper"),
    }
}

/// Ships tied ahead and astern.
pub(super) fn line_words(lay: &Lay) -> Option<String> {
    if lay.in_line > 0 {
        return Some(format!(
            "tied in line, as in a tandem offtake: in {} moments ahead or astern within a hawser's length, whichever way the larger ship swung",
            lay.in_line
        ));
    }
    (lay.astern > 0).then(|| {
        format!(
            "in line: in {} moments one kept her place ahead or astern of the other within a hawser's length, nearer than two anchors hold ships",
            lay.astern
        )
    })
}

pub(super) fn words(scene: &Scene, lay: &Lay) -> Vec<String> {
    let g = scene.geometry;
    let mut words = Vec::new();
    match lay.stretch().gap() {
        Some(gap) => words.push(format!(
            "hulls {} m apart ({} to {}) in {} of {} moments alongside",
            decimal(gap.best_m, 0),
            decimal(gap.low_m, 0),
            decimal(gap.high_m, 0),
            lay.moments,
            g.moments.len()
        )),
        None => words.push(format!(
            "antennas {:.0} m apart in {} moments, dimensions unknown",
            lay.stretch().antenna_distance_m().unwrap_or(0.0),
            lay.stretch().0.len()
        )),
    }
    if lay.by_distance {
        words.push(format!(
            "neither says how she heads, but they kept their distance while they drifted {:.1} km, as only hulls tied to each other do",
            g.moved_m / 1000.0
        ));
    }
    if lay.may_be_tied {
        words.push(
            "how one of them heads isn't known, and another way the hulls may have touched"
                .to_owned(),
        );
    }
    if let Some(near) = g.near.filter(|_| lay.alongside) {
        let contact_h = scene.encounter.end.hours_since(scene.encounter.start);
        words.push(format!(
            "near each other for {:.1} h of {contact_h:.1} h of contact",
            near.seen_h()
        ));
    }
    if let Some(rigidity_m) = lay.stretch().rigidity_m() {
        words.push(format!(
            "the partner kept its place within {rigidity_m:.0} m while the larger ship turned {:.0} degrees and moved {:.1} km",
            lay.stretch().turned_deg(),
            g.moved_m / 1000.0
        ));
    }
    if lay.late {
        words.push(
            "that is farther than ships alongside stray, as where one's reports are late, but nearly all the while the hulls lay side by side"
                .to_owned(),
        );
    }
    if let Some(degrees) = g.heading_difference_deg {
        let unit = if degrees.round() == 1.0 {
            "degree"
        } else {
            "degrees"
        };
        words.push(format!("headings {degrees:.0} {unit} apart"));
    }
    if g.headings.stuck.contains(&true) {
        words.push(
            "the heading of one never changed while she moved and the other turned, so it isn't used"
                .to_owned(),
        );
    }
    words.push(scene.shore_words());
    words
}
