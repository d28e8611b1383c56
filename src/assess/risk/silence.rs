//! What speaks of purpose in a ship's silence: that it was unheard, a draught that changed, an end that is odd.
//!
//! Poor reception explains a silence, not a draught. A draught that changed says much where no port can be reached, worked in
//! and left again in that time, and the ship had time to meet another; it says little where that is not so.

use super::known::{Silence, Span};
use super::party::{Party, minute};
use super::score::Flag;
use crate::assess::Window;
use crate::assess::gap::Explanation;
use crate::gazetteer::ZoneKind;
use crate::geodesy::distance_m;
use crate::model::quantity::{METRES_PER_NAUTICAL_MILE, MS_PER_DAY, MS_PER_HOUR};
use crate::model::{ShipCategory, Timestamp};

/// Speeds across a silence that aren't odd for other ships, as multiples of the one for tankers: the fastest container
/// ships make 25 kn, liners and large ferries 30.
const CARGO_SPEED: f64 = 1.25;
const PASSENGER_SPEED: f64 = 1.5;

/// The explanation of a silence in which the hull was heard on another track or under another MMSI.
const HEARD_OTHERWISE: &str = Explanation::HeardOtherwise.name();
/// The one of a silence that nothing explains.
const UNEXPLAINED: &str = Explanation::Unexplained.name();
/// Those that say where the ship lay, and with whom.
const KNOWN_PLACE: [&str; 2] = [Explanation::Port.name(), Explanation::Alongside.name()];

/// Findings that say where the ship was, so that a way across a silence says nothing more.
const ABOUT_PLACES: [&str; 2] = ["jump", SHARED];
/// The one that says that draughts are of two ships.
const SHARED: &str = "shared_mmsi";

/// Hours that a ship lies in port at least to take or hand over cargo: from the roads to the berth, hoses, an hour's pumping.
const BERTH_H: f64 = 4.0;
/// What a changed draught says where a port can have been called at, or there was no time for a meeting.
const LITTLE: f64 = 0.2;
/// Slower than this a ship is on no passage, hundredths of a knot.
const ON_PASSAGE_CKN: u16 = 500;
/// Time before a silence in which the usual speed of a ship is looked for.
const USUAL_MS: i64 = 14 * MS_PER_DAY;
/// Fewer fixes on passage don't tell it.
const USUAL_FIXES: usize = 4;

impl Party<'_> {
    /// What speaks of purpose in a silence of the ship; draughts sent `before` something else happened count. What explains a
    /// silence explains neither a draught nor that the ship can't have been where it was heard.
    pub fn silence(self, silence: &Silence, before: Timestamp) -> Vec<Flag> {
        let weights = &self.scene.params.risk;
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
        let why = silence.explanation.as_deref();
        let is_open = why.is_none_or(|why| why == UNEXPLAINED);
        let unheard = is_open.then(|| self.unheard(silence, left, &where_few));
        let draught = self.changed_draught(silence, before);
        let odd = |degree: f64, words: String| {
            let words = format!("{} {words}", self.called());
            Flag::new(weights.odd_gap_end, degree, words)
        };
        let odd_place = || {
            let known = if why.is_some() { left } else { 0.5 * left };
            let words = is_open.then(|| self.odd_place(silence)).flatten()?;
            Some(odd(known, words))
        };
        let odd_speed = self.odd_speed(silence).map(|words| odd(1.0, words));
        let all = [unheard.flatten(), draught, odd_speed.or_else(odd_place)];
        all.into_iter().flatten().collect()
    }

    /// That it was unheard for long, off shore, and had time to meet another.
    fn unheard(self, silence: &Silence, left: f64, where_few: &str) -> Option<Flag> {
        let weights = &self.scene.params.risk;
        let far_km = silence.shore_km.filter(|km| *km >= weights.dark_gap_km);
        // Where nobody knows how well ships are heard there, half.
        let degree = match (silence.intentional, far_km) {
            (Some(degree), _) => degree,
            (None, Some(_)) => silence.reception.unwrap_or(0.5),
            (None, None) => 0.0,
        };
        let tells = degree > 0.0 && silence.hours >= weights.dark_gap_h;
        if !tells || !self.has_time(silence) {
            return None;
        }
        let place = silence.shore_km.map_or(String::new(), |km| {
            let side = if km < 0.0 { "inland" } else { "off shore" };
            format!(", {:.0} km {side}", km.abs())
        });
        let words = format!(
            "{} unheard for {}{place}{where_few}",
            self.called(),
            when(silence)
        );
        Some(Flag::new(weights.dark_gap, degree * left, words))
    }

    /// A draught that changed in the silence.
    fn changed_draught(self, silence: &Silence, before: Timestamp) -> Option<Flag> {
        let why = silence.explanation.as_deref();
        let is_known = why.is_some_and(|why| KNOWN_PLACE.contains(&why));
        if is_known || self.is_found(silence, &[SHARED]) {
            return None;
        }
        let (before, after) = self.draughts(silence, before)?;
        let (degree, how) = if self.fits_port_call(silence) {
            (LITTLE, ", long enough for a port")
        } else if !self.has_time(silence) {
            (LITTLE, ", on passage")
        } else {
            (1.0, "")
        };
        // Positions may be false while a ship loads; or she lay in port where she was heard.
        let (degree, what) = match why {
            Some(HEARD_OTHERWISE) => (degree.min(0.5), ", heard otherwise"),
            _ => (degree, " of silence"),
        };
        let words = format!(
            "{} changed draught from {before:.1} to {after:.1} m in {}{what}{how}",
            self.called(),
            when(silence)
        );
        let weight = self.scene.params.risk.draught_in_gap;
        Some(Flag::new(weight, degree, words))
    }

    /// Whether the ship had time for a transfer beside the way that it made good at its usual speed.
    fn has_time(self, silence: &Silence) -> bool {
        let km = silence.distance_km.unwrap_or(0.0);
        let way_h = km * 1000.0 / METRES_PER_NAUTICAL_MILE / self.usual_kn(silence);
        silence.hours - way_h >= self.scene.params.rendezvous.transfer_min_h
    }

    /// Speed of the ship on passage, knots: of the fixes that days begin and end with, what it reached in one of four. Where it
    /// was seldom seen on passage, what such ships can make.
    fn usual_kn(self, silence: &Silence) -> f64 {
        let days = &self.scene.facts.presence.days;
        let from = days.partition_point(|d| d.track.mmsi < self.mmsi);
        let of_ship = days[from..]
            .iter()
            .take_while(|d| d.track.mmsi == self.mmsi);
        let Span { start, end } = silence.span;
        let since = Timestamp(start.0 - USUAL_MS);
        let mut speeds_ckn: Vec<u16> = of_ship
            .flat_map(|d| [&d.first, &d.last])
            .filter(|fix| fix.t >= since && fix.t <= end)
            .filter_map(|fix| fix.sog_ckn())
            .filter(|ckn| *ckn >= ON_PASSAGE_CKN)
            .collect();
        speeds_ckn.sort_unstable();
        if speeds_ckn.len() < USUAL_FIXES {
            return self.scene.params.rendezvous.tanker_kn;
        }
        f64::from(speeds_ckn[3 * speeds_ckn.len() / 4]) / 100.0
    }

    /// Whether a port can have been reached, worked in and left again: the nearest one to either end, straight across
    /// whatever lies between.
    fn fits_port_call(self, silence: &Silence) -> bool {
        let gazetteer = self.scene.world.gazetteer;
        let kn = (self.usual_kn(silence)).max(self.scene.params.rendezvous.tanker_kn);
        let (Some(from), Some(to)) = (silence.start_place, silence.end_place) else {
            return false;
        };
        let ports = [from, to].map(|place| gazetteer.nearest_port(place));
        ports.into_iter().flatten().any(|(port, _)| {
            let way_m = distance_m(from, port.place) + distance_m(port.place, to);
            way_m / METRES_PER_NAUTICAL_MILE / kn + BERTH_H <= silence.hours
        })
    }

    /// Draughts before and after, metres, where they differ and nothing that the ship did next explains it.
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
        let across = self.scene.across;
        let (last, after) =
            across.changed(self.mmsi, (start, end), until, true, &draughts, window)?;
        Some((f64::from(last) / 10.0, f64::from(after) / 10.0))
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
        (!self.is_found(silence, &ABOUT_PLACES))
            .then(|| format!("need have made {kn:.0} kn across a silence"))
    }

    /// Whether a finding of one of these kinds was known by the end of the silence.
    fn is_found(self, silence: &Silence, kinds: &[&str]) -> bool {
        let mut findings = (self.scene.known).findings(self.mmsi, silence.span, 0);
        findings.any(|f| kinds.contains(&f.kind.as_str()))
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

/// `30 h from 2018-06-02 05:33`.
fn when(silence: &Silence) -> String {
    format!("{:.0} h from {}", silence.hours, minute(silence.span.start))
}
