//! Flags of a ship, whatever the event: lists, what it says of itself, recent silence.

use std::collections::BTreeMap;

use super::Scene;
use super::known::{Silence, Span};
use super::score::Flag;
use crate::assess::identity::{Claim, claims, sustained};
use crate::assess::particulars::Ship;
use crate::assess::{Window, lists};
use crate::gazetteer::ZoneKind;
use crate::model::quantity::MS_PER_HOUR;
use crate::model::text::in_words;
use crate::model::{Imo, Mmsi, ShipCategory, StaticRecord, StationKind, Timestamp};
use crate::registry::flag;
use crate::registry::watchlist::name_key;

/// Fewer receptions than this may be bit errors, or a slip of the crew.
const RECEIVED: u32 = 3;
/// Least change of draught that says something, decimetres, and as a share of the draught: it is set by hand to a
/// decimetre, and trim and fuel change it by less.
const DRAUGHT_DM: f64 = 5.0;
const DRAUGHT_SHARE: f64 = 0.05;

/// Speeds across a silence that aren't odd for other ships, as multiples of the one for tankers: the fastest container
/// ships make 25 kn, liners and large ferries 30.
const CARGO_SPEED: f64 = 1.25;
const PASSENGER_SPEED: f64 = 1.5;

/// The explanation of a silence in which the hull was heard on another track or under another MMSI.
const HEARD_OTHERWISE: &str = "heard_otherwise";

/// Findings that say where the ship was, so that a way across a silence says nothing more.
const ABOUT_PLACES: [&str; 2] = ["jump", "shared_mmsi"];

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
    scene: &'a Scene<'a>,
    mmsi: u32,
    span: Span,
}

/// What a ship sent for some time.
struct Said<K, V> {
    key: K,
    value: V,
    first: Timestamp,
    last: Timestamp,
}

/// Whether a draught changed by more than a slip, decimetres.
pub(in crate::assess) fn is_changed_draught(before_dm: f64, after_dm: f64) -> bool {
    (after_dm - before_dm).abs() >= DRAUGHT_DM.max(DRAUGHT_SHARE * before_dm)
}

impl<'a> Party<'a> {
    pub fn new(scene: &'a Scene<'a>, mmsi: u32, span: Span) -> Self {
        Self { scene, mmsi, span }
    }

    fn ship(self) -> Ship<'a> {
        Ship::new(self.scene.facts, self.mmsi)
    }

    fn window(self) -> crate::assess::Window {
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
        let received: u32 = voyages.iter().map(|(_, _, count, _)| count).sum();
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
        let stateless = mmsi.kind() == StationKind::Ship && flag(mmsi).is_none();
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
        let imos = self.said(|r| r.imo.and_then(Imo::new).map(|imo| (imo.number(), ())));
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
        for claim in claims(self.scene.facts, self.mmsi, field) {
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

    /// What speaks of purpose in a silence of the ship; draughts sent `before` something else happened count. Nothing does in
    /// one that is explained, but that it can't have been where it was heard: no reception explains a speed, known or not.
    pub fn silence(self, silence: &Silence, before: Timestamp) -> Vec<Flag> {
        let weights = &self.scene.params.risk;
        let who = self.called();
        let odd_speed = self.odd_speed(silence);
        let odd_end = |degree: f64, words: String| {
            Flag::new(weights.odd_gap_end, degree, format!("{who} {words}"))
        };
        let when = format!("{:.0} h from {}", silence.hours, minute(silence.span.start));
        let mut flags = Vec::new();
        if let Some(why) = silence.explanation.as_deref()
            && why != "unexplained"
        {
            flags.extend(odd_speed.map(|words| odd_end(1.0, words)));
            if why == HEARD_OTHERWISE
                && let Some((before, after)) = self.draughts(silence, before)
            {
                // Positions may be false while a ship loads; or she lay in port where she was heard.
                let words = format!(
                    "{who} changed draught from {before:.1} to {after:.1} m in {when}, heard otherwise"
                );
                flags.push(Flag::new(weights.draught_in_gap, 0.5, words));
            }
            return flags;
        }
        // `intentional` has the reception in it already.
        let heard = (silence.reception).filter(|_| silence.intentional.is_none());
        let lost = heard.map_or(0.0, |heard| (1.0 - 2.0 * heard).clamp(0.0, 1.0));
        let left = 1.0 - weights.poor_reception * lost;
        let where_few = match heard {
            Some(heard) if left < 1.0 => {
                format!(", where only {:.0} % of others are heard", 100.0 * heard)
            }
            _ => String::new(),
        };
        let far_km = silence.shore_km.filter(|km| *km >= weights.dark_gap_km);
        // Where nobody knows how well ships are heard there, half.
        let degree = match (silence.intentional, far_km) {
            (Some(degree), _) => degree,
            (None, Some(_)) => silence.reception.unwrap_or(0.5),
            (None, None) => 0.0,
        };
        if degree > 0.0 && silence.hours >= weights.dark_gap_h {
            let place = silence.shore_km.map_or(String::new(), |km| {
                format!(", {:.0} km off shore", km.max(0.0))
            });
            let words = format!("{who} unheard for {when}{place}{where_few}");
            flags.push(Flag::new(weights.dark_gap, degree * left, words));
        }
        let known = if silence.explanation.is_some() {
            left
        } else {
            0.5 * left
        };
        if let Some((before, after)) = self.draughts(silence, before) {
            let words = format!(
                "{who} changed draught from {before:.1} to {after:.1} m in {when} of silence{where_few}"
            );
            flags.push(Flag::new(weights.draught_in_gap, known, words));
        }
        let ended = odd_speed.map(|words| odd_end(1.0, words));
        flags.extend(ended.or_else(|| Some(odd_end(known, self.odd_place(silence)?))));
        flags
    }

    /// Draughts before and after, metres, where the first one sent after the silence differs: what is sent later may
    /// belong to what the ship did next.
    fn draughts(self, silence: &Silence, before: Timestamp) -> Option<(f64, f64)> {
        if silence.lasts {
            return None;
        }
        let params = self.scene.params;
        let Span { start, end } = silence.span;
        let window = params.window(start, end);
        let until = Timestamp(end.0 + params.draught_after_h * MS_PER_HOUR)
            .min(window.until)
            .min(self.window().until)
            .min(before);
        let draughts = self.ship().draughts(Window {
            until: window.until.min(self.window().until),
            ..window
        });
        let last = draughts.as_of(start)?;
        let (_, after) = draughts.first_after(end, until, |_| true)?;
        let (last, after) = (f64::from(last), f64::from(after));
        is_changed_draught(last, after).then_some((last / 10.0, after / 10.0))
    }

    /// A speed across the silence that such ships don't make.
    fn odd_speed(self, silence: &Silence) -> Option<String> {
        use ShipCategory as Of;
        let tanker_kn = self.scene.params.risk.gap_speed_kn;
        let fastest_kn = match self.category() {
            // What never says its type may be any ship of cargo.
            None | Some(Of::Cargo) => CARGO_SPEED * tanker_kn,
            Some(Of::Passenger) => PASSENGER_SPEED * tanker_kn,
            // Craft built for speed, among them naval and rescue ships and aircraft.
            Some(Of::HighSpeed | Of::Service | Of::Yacht) => return None,
            Some(Of::Tanker | Of::Fishing | Of::Tug | Of::Dredger | Of::Other) => tanker_kn,
        };
        let kn = silence.speed_kn.filter(|kn| *kn > fastest_kn)?;
        let mut findings = (self.scene.known).findings(self.mmsi, silence.span, 0);
        let is_known = findings.any(|f| ABOUT_PLACES.contains(&f.kind.as_str()));
        (!is_known).then(|| format!("need have made {kn:.0} kn across a silence"))
    }

    fn odd_place(self, silence: &Silence) -> Option<String> {
        let ended = Span {
            start: silence.span.end,
            end: silence.span.end,
        };
        let zones = self.scene.zones(silence.end_place, ended);
        let approach = (zones.zone).filter(|zone| zone.kind == ZoneKind::PortApproach);
        let zone = zones.prohibited.or(approach)?;
        Some(format!("was heard again in {}", zone.name))
    }
}

/// `2018-06-02 05:33`.
pub(super) fn minute(t: Timestamp) -> String {
    let text = t.to_string();
    text.get(..16).unwrap_or(&text).replace('T', " ")
}
