//! Flags of a ship, whatever the event: lists, what it says of itself, recent silence.

use std::collections::BTreeMap;

use super::Scene;
use super::known::Span;
use super::score::Flag;
use crate::assess::identity::{Claim, claims_in, sustained, valid_imo};
use crate::assess::lists;
use crate::assess::particulars::Ship;
use crate::model::text::in_words;
use crate::model::{Mmsi, ShipCategory, StaticRecord, StationKind, Timestamp};
use crate::registry::flag;
use crate::registry::watchlist::name_key;

/// Fewer receptions than this may be bit errors, or a slip of the crew.
const RECEIVED: u32 = 3;

/// Kinds of findings that this module tells from what the ship says, as of each event.
const OWN_WORDS: [&str; 4] = [
    "imo_check_digit",
    "unallocated_mid",
    "changed_name",
    "changed_imo",
];

/// The weight of a finding about an identity.
pub(super) fn weight_of(kind: &str, weights: &super::Params) -> f64 {
    match kind {
        "imo_check_digit" => weights.no_imo,
        "unallocated_mid" => weights.no_flag,
        "changed_name" | "changed_imo" | "changed_flag" | "changed_dimensions" => {
            weights.changed_identity
        }
        _ => weights.identity_finding,
    }
}

/// A ship of an event.
#[derive(Clone, Copy)]
pub(super) struct Party<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) mmsi: u32,
    ship: Ship<'a>,
    span: Span,
}

/// What a ship sent for some time.
struct Said<K, V> {
    key: K,
    value: V,
    first: Timestamp,
    last: Timestamp,
}

impl<'a> Party<'a> {
    pub fn new(scene: &'a Scene<'a>, mmsi: u32, span: Span) -> Self {
        Self {
            scene,
            mmsi,
            ship: Ship::new(scene.facts, mmsi),
            span,
        }
    }

    /// The hull of a track, by its name in the tables.
    pub fn of_track(self, name: Option<&str>) -> Self {
        let facts = self.scene.facts;
        let mut told_apart = facts.of_tracks.keys().filter(|t| t.mmsi == self.mmsi);
        let track = told_apart.find(|t| Some(t.to_string().as_str()) == name);
        Self {
            ship: track.map_or(self.ship, |track| Ship::of_track(facts, *track)),
            ..self
        }
    }

    pub(super) fn ship(self) -> Ship<'a> {
        self.ship
    }

    pub(super) fn window(self) -> crate::assess::Window {
        self.scene.params.window(self.span.start, self.span.end)
    }

    /// The name, or the MMSI.
    pub fn called(self) -> String {
        let name = self.ship().name(self.window()).filter(|n| !n.is_empty());
        name.map_or_else(|| format!("{:09}", self.mmsi), str::to_owned)
    }

    pub fn category(self) -> Option<ShipCategory> {
        self.ship().ship_type(self.window()).map(|t| t.category())
    }

    /// Length, metres; `None` where her draughts refute the size that she sends.
    pub fn length_m(self) -> Option<f64> {
        let length_m = self.ship().length_m(self.window())?;
        let refuted = self.ship().draughts(self.window()).doubt_size();
        (!refuted).then_some(length_m)
    }

    /// Flags of the ship as of the event. With `within`, the time that the event can have had at the most, recent
    /// silence counts too.
    pub fn flags(self, within: Option<Span>) -> Vec<Flag> {
        let mut flags: Vec<Flag> = [self.listed(), self.no_imo(), self.no_flag()]
            .into_iter()
            .chain([self.changed_identity()])
            .flatten()
            .collect();
        flags.extend(self.findings());
        if let Some(within) = within {
            flags.extend(self.recent_silence(within));
        }
        flags
    }

    /// One flag for all lists: they tell of the same ship, and often copy each other.
    pub fn listed(self) -> Option<Flag> {
        let weights = &self.scene.params.risk;
        let hits = lists::hits(self.scene.world, self.ship(), self.window());
        let designated = hits.iter().any(|hit| hit.entry.designated);
        let weight = if designated {
            weights.listed
        } else {
            weights.reported
        };
        let words: Vec<String> = hits.iter().map(ToString::to_string).collect();
        let flag = Flag {
            listing: true,
            ..Flag::new(weight, 1.0, words.join(", "))
        };
        (!hits.is_empty()).then_some(flag)
    }

    /// Whether the hull is one that must have an IMO number: names and numbers of smaller craft say little.
    fn is_large(self) -> bool {
        let least_m = self.scene.params.risk.imo_length_m;
        let hull = self.ship().hull(self.window());
        // As sent: a draught that refutes it is too deep for it, and the ship larger still.
        hull.is_some_and(|h| h.length_m >= least_m)
    }

    /// A large hull that sends voyage data, so no class B, and no IMO number that could be one.
    fn no_imo(self) -> Option<Flag> {
        let weights = &self.scene.params.risk;
        let window = self.window();
        let history = self.ship().history()?;
        let voyages = history.receptions(window.from, window.until, |r| {
            (r.draught_dm.is_some() || r.destination.is_some()).then_some(r.imo)
        });
        let received: u32 = voyages.iter().map(|(_, _, heard, _)| heard.count()).sum();
        if received < RECEIVED || !self.is_large() || self.ship().imo(window).is_some() {
            return None;
        }
        let wrong = voyages.iter().rev().find_map(|(_, _, _, imo)| *imo);
        let words = match wrong {
            Some(imo) => format!("{} sends {imo}, which is no IMO number", self.called()),
            None => format!("{} sends no IMO number", self.called()),
        };
        Some(Flag::new(weights.no_imo, 1.0, words))
    }

    fn no_flag(self) -> Option<Flag> {
        let mmsi = Mmsi::new(self.mmsi)?;
        let is_ship = match mmsi.kind() {
            StationKind::Ship => true,
            // No station's number at all, as 123456789: what a large hull sends is meant for a ship's.
            StationKind::Other => self.mmsi >= 100_000_000 && self.is_large(),
            _ => false,
        };
        let stateless = is_ship && flag(mmsi).is_none();
        let words = format!("{mmsi} is an MMSI of no state");
        stateless.then(|| Flag::new(self.scene.params.risk.no_flag, 1.0, words))
    }

    /// Two names, or two IMO numbers, each of them more than a slip. A part of a name is the same name.
    fn changed_identity(self) -> Option<Flag> {
        self.is_large().then_some(())?;
        let names = self.said(|r| {
            let name = r.name.as_deref()?;
            Some((name_key(name), name)).filter(|(key, _)| !key.is_empty())
        });
        let imos = self.said(|r| valid_imo(r).map(|imo| (imo, ())));
        let renamed = match (names.first(), names.last()) {
            (Some(a), Some(b)) if !a.key.contains(&b.key) && !b.key.contains(&a.key) => {
                let who = self.mmsi;
                let (old, new) = (a.value, b.value);
                Some(if a.last < b.first {
                    format!("{old} became {new} under {who:09}")
                } else {
                    format!("{who:09} sent the names {old} and {new}")
                })
            }
            _ => None,
        };
        let renumbered = (imos.len() > 1).then(|| {
            let mut numbers: Vec<u32> = imos.iter().map(|said| said.key).collect();
            numbers.sort_unstable();
            let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
            format!("{:09} sent IMO {}", self.mmsi, numbers.join(" and "))
        });
        let words: Vec<String> = renumbered.into_iter().chain(renamed).collect();
        let weight = self.scene.params.risk.changed_identity;
        (!words.is_empty()).then(|| Flag::new(weight, 1.0, words.join(", ")))
    }

    /// What she sent about the event for longer than a slip lasts, once for each key, by when it was first sent. One
    /// message is more than one row where tables repeat it.
    fn said<K: Ord + 'a, V: Ord + 'a>(
        self,
        field: impl Fn(&'a StaticRecord) -> Option<(K, V)>,
    ) -> Vec<Said<K, V>> {
        let window = self.window();
        let mut by_key: BTreeMap<K, (Vec<Claim<()>>, V)> = BTreeMap::new();
        let history = self.ship.history();
        let claims = history.map_or_else(Vec::new, |history| claims_in(history, self.mmsi, field));
        for claim in claims {
            if claim.last < window.from || claim.first > window.until {
                continue;
            }
            let (first, last, count, mmsi) = (claim.first, claim.last, claim.count, claim.mmsi);
            let (key, value) = claim.value;
            let (all, _) = by_key.entry(key).or_insert((Vec::new(), value));
            all.push(Claim {
                first,
                last,
                count,
                value: (),
                mmsi,
            });
        }
        let mut said: Vec<Said<K, V>> = by_key
            .into_iter()
            .filter(|(_, (all, _))| sustained(all, &self.scene.params.identity).is_some())
            .filter_map(|(key, (all, value))| {
                Some(Said {
                    first: all.iter().map(|c| c.first).min()?,
                    last: all.iter().map(|c| c.last).max()?,
                    key,
                    value,
                })
            })
            .collect();
        said.sort_by(|a, b| (a.first, &a.key).cmp(&(b.first, &b.key)));
        said
    }

    /// One flag for each kind of finding that the ship's own words don't show already.
    fn findings(self) -> Vec<Flag> {
        let params = self.scene.params;
        let found = (self.scene.known).findings(self.mmsi, self.span, params.lookback_d);
        let kinds: BTreeMap<&str, &str> = found
            .filter(|f| !OWN_WORDS.contains(&f.kind.as_str()))
            .map(|f| (f.kind.as_str(), f.id.as_str()))
            .collect();
        kinds
            .into_iter()
            .map(|(kind, id)| {
                let words = format!("{}: {} ({id})", self.called(), in_words(kind));
                Flag::new(weight_of(kind, &params.risk), 1.0, words)
            })
            .collect()
    }

    /// The most telling silence of the days before. Silence inside the event belongs to it: hulls shadow each other's
    /// antennas. A draught first sent when the event can have been under way changed by it.
    fn recent_silence(self, within: Span) -> Vec<Flag> {
        let params = self.scene.params;
        let silences = (self.scene.known).silences(self.mmsi, self.span, params.risk.recent_d);
        let weigh = |flags: &Vec<Flag>| flags.iter().map(|f| f.share).sum::<f64>();
        silences
            .filter(|silence| !silence.span.meets(self.span))
            .map(|silence| self.silence(silence, within.start))
            .filter(|flags| !flags.is_empty())
            .max_by(|a, b| weigh(a).total_cmp(&weigh(b)))
            .unwrap_or_default()
    }
}

/// `2018-06-02 05:33`.
pub(super) fn minute(t: Timestamp) -> String {
    let text = t.to_string();
    text.get(..16).unwrap_or(&text).replace('T', " ")
}
