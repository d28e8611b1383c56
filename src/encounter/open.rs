//! A pair through its slots, and the encounter under way.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Params;
use crate::geodesy::{EARTH_RADIUS_M, decimetres, middle, n_vector, near_distance_m};
use crate::model::quantity::MPS_PER_KNOT;
use crate::model::thinned::Thinned;
use crate::model::{
    AisClass, ByStatus, Encounter, EvidenceSample, LonLat, Opening, PairKey, PairSample, PairSlot,
    Phase, Timestamp,
};

/// Shares of the evidence that approach and departure may take.
const BESIDE_CONTACT: usize = 8;
/// Two samples closer in time than this say nothing of relative speed, seconds.
const LEAST_BASE_S: f64 = 60.0;
/// Relative speeds are counted up to here, hundredths of a knot.
const MOST_CKN: f64 = 1000.0;

/// An encounter that later samples can still belong to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct OpenEncounter {
    first: Timestamp,
    last: Timestamp,
    apart_before: Option<Timestamp>,
    /// Contacts that are over.
    past: Past,
    /// The contact under way.
    contact: Option<Contact>,
    /// The last time at which both were heard, whether it was long since then after the last contact, and whether
    /// silence lies between contacts.
    heard: Timestamp,
    unheard: bool,
    silence: bool,
    /// Time of the last sample in contact, and the place in the middle between the ships.
    left_at: (Timestamp, LonLat),
    samples: u32,
    /// Whether in any sample the other ship was heard on both sides.
    held: bool,
    both: Both,
    travelled_dm: u64,
    /// How often each relative speed was measured, hundredths of a knot.
    relative_speed: BTreeMap<u16, u32>,
    nav_status: [ByStatus<u32>; 2],
    class: [Option<AisClass>; 2],
    approach: Thinned<PairSample>,
    during: Thinned<PairSample>,
    /// After the last contact; moves to `during` if another follows.
    after: Thinned<PairSample>,
}

/// From when to when both ships were heard, of near samples: a place that is reckoned back from the first fix after a silence, or on
/// from the last one before it, finds a pair, but nobody heard that ship then.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Both {
    from: Option<Timestamp>,
    to: Option<Timestamp>,
}

impl Both {
    fn push(&mut self, s: &PairSample) {
        if s.sides[0] {
            self.from = self.from.or(Some(s.t));
        }
        if s.sides[1] {
            self.to = Some(s.t);
        }
    }

    /// `None` where one fell silent before the other was heard.
    fn span(self) -> Option<(Timestamp, Timestamp)> {
        self.from.zip(self.to).filter(|(from, to)| from <= to)
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Past {
    contacts: u32,
    /// Time in contact by all samples, and the part of it in which both were heard.
    near_ms: i64,
    observed_ms: i64,
    /// First and last contact of at least two samples.
    firm: Option<(Timestamp, Timestamp)>,
    firm_contacts: u32,
}

impl Past {
    fn add(&mut self, contact: &Contact) {
        self.contacts += 1;
        self.near_ms += contact.last.t.0 - contact.first.0;
        let heard = contact.both.span();
        self.observed_ms += heard.map_or(0, |(from, to)| to.0 - from.0);
        if contact.samples >= 2 {
            self.firm_contacts += 1;
            let from = self.firm.map_or(contact.first, |f| f.0);
            self.firm = Some((from, contact.last.t));
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Contact {
    first: Timestamp,
    /// The last sample.
    last: PairSample,
    /// The best sample of the last slot; relative speed is taken from slot to slot.
    anchor: PairSample,
    samples: u32,
    both: Both,
}

/// From the first ship to the second, metres, as a chord in space: an east and north of either ship would turn
/// with it near a pole, and differ from that of the other.
fn separation_m(s: &PairSample) -> [f64; 3] {
    let [a, b] = s.place.map(n_vector);
    std::array::from_fn(|i| (b[i] - a[i]) * EARTH_RADIUS_M)
}

fn middle_of(s: &PairSample) -> LonLat {
    middle(s.place[0], s.place[1])
}

/// Speed of one ship relative to the other between two samples, if so much of their change of place isn't theirs, metres; in knots.
fn kn_beyond(noise_m: f64, a: &PairSample, b: &PairSample) -> Option<f64> {
    let s = b.t.seconds_since(a.t);
    if s < LEAST_BASE_S {
        return None;
    }
    let (from, to) = (separation_m(a), separation_m(b));
    let change_m = (0..3)
        .map(|i| (to[i] - from[i]).powi(2))
        .sum::<f64>()
        .sqrt();
    Some((change_m - noise_m).max(0.0) / s / MPS_PER_KNOT)
}

/// Speed of one ship relative to the other between two samples, knots.
fn relative_kn(a: &PairSample, b: &PairSample) -> Option<f64> {
    kn_beyond(0.0, a, b)
}

/// The least that it can have been, after what the sigmas explain, knots.
fn least_relative_kn(a: &PairSample, b: &PairSample) -> Option<f64> {
    kn_beyond(a.sigma_m() + b.sigma_m(), a, b)
}

/// A pair that the slot stage follows: what went before its next encounter, and the encounter under way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Followed {
    before: Opening,
    /// The last slot in which the two were near; none once they were seen apart.
    near_slot: Option<i64>,
    open: Option<OpenEncounter>,
}

/// Whether the ships of these near samples stay together: the widest base inside a slot tells a passing ship from
/// one that stays.
fn is_steady(near: &[&PairSample], params: &Params) -> bool {
    match (near.first(), near.last()) {
        (Some(a), Some(b)) => {
            least_relative_kn(a, b).is_none_or(|kn| kn <= params.relative_speed_kn)
        }
        _ => false,
    }
}

impl Followed {
    /// Takes in the samples of one slot.
    pub(super) fn take(&mut self, slot: &PairSlot, params: &Params, closed: &mut Vec<Encounter>) {
        self.close_if_over(slot.pair, params.slot_start(slot.slot), params, closed);
        if let Some(opening) = &slot.opening {
            self.before = opening.clone();
        }
        let near: Vec<&PairSample> = slot
            .samples
            .iter()
            .filter(|s| s.separation_m() <= params.contact_radius_m)
            .collect();
        if is_steady(&near, params) {
            self.join(slot, &near, params, closed);
        } else if let Some(open) = &mut self.open {
            open.end_contact();
        }
        let is_apart = |s: &&PairSample| s.is_beyond(params.apart_m);
        let Some(open) = &mut self.open else {
            self.look(slot.samples.iter(), params);
            self.note_near(slot, &near, params);
            return;
        };
        let last = open.last;
        let later = || slot.samples.iter().filter(move |s| s.t > last);
        later().for_each(|s| {
            open.hear(s.t, params);
            open.after.push(*s);
        });
        if let Some(apart) = later().find(is_apart) {
            closed.extend(open.close(slot.pair, Some(apart.t), true, params));
            self.open = None;
            self.look(later().filter(|s| s.t >= apart.t), params);
        }
        self.note_near(slot, &near, params);
    }

    /// Remembers samples that may come to lie before an encounter.
    fn look<'a>(&mut self, samples: impl Iterator<Item = &'a PairSample>, params: &Params) {
        for s in samples {
            if s.is_beyond(params.apart_m) {
                self.before.apart_before = Some(s.t);
            }
            self.before.approach.push(*s);
        }
        let most = params.evidence_samples / BESIDE_CONTACT;
        let old = self.before.approach.len().saturating_sub(most);
        self.before.approach.drain(..old);
    }

    /// Keeps up with whether the slot stage still follows the pair.
    fn note_near(&mut self, slot: &PairSlot, near: &[&PairSample], params: &Params) {
        let mut later = slot.samples.iter().rev();
        let apart = later.find(|s| s.is_beyond(params.apart_m)).map(|s| s.t);
        let near = near.last().map(|s| s.t);
        if apart > near {
            self.near_slot = None;
        } else if near.is_some() {
            self.near_slot = Some(slot.slot);
        }
    }

    /// Takes the near samples of a slot into a contact: the one under way, a new one of the same encounter, or the
    /// first of a new encounter.
    fn join(
        &mut self,
        slot: &PairSlot,
        near: &[&PairSample],
        params: &Params,
        closed: &mut Vec<Encounter>,
    ) {
        let best = **near
            .iter()
            .min_by_key(|s| (s.sigma_dm, s.t))
            .expect("a steady slot has near samples");
        let first = *near[0];
        if let Some(o) = &mut self.open {
            let holds = o.contact.as_ref().is_some_and(|c| {
                first.t.0 - c.last.t.0 <= params.hole_ms()
                    && least_relative_kn(&c.anchor, &best)
                        .is_none_or(|kn| kn <= params.relative_speed_kn)
            });
            if !holds {
                o.end_contact();
                if !o.can_rejoin(&first, params) {
                    closed.extend(o.close(slot.pair, None, true, params));
                    self.open = None;
                }
            }
        }
        if self.open.is_none() {
            self.look(slot.samples.iter().filter(|s| s.t < first.t), params);
        }
        let before = &mut self.before;
        self.open
            .get_or_insert_with(|| OpenEncounter::new(std::mem::take(before), &first, params))
            .extend(near, &best, params);
    }

    /// Closes an encounter that nothing from `t` on can join or bound, whether or not the pair is heard again.
    pub(super) fn close_if_over(
        &mut self,
        pair: PairKey,
        t: Timestamp,
        params: &Params,
        closed: &mut Vec<Encounter>,
    ) {
        let limit_ms = t.0 - Params::hours_ms(params.watch_h);
        if let Some(open) = self.open.take_if(|open| open.last.0 < limit_ms) {
            closed.extend(open.close(pair, None, true, params));
        }
    }

    /// Whether samples from `t` on may need what is remembered. Where not, they come with an opening of their own.
    pub(super) fn is_needed(&self, t: Timestamp, params: &Params) -> bool {
        let limit_ms = t.0 - Params::hours_ms(params.watch_h);
        let is_followed = |slot| params.slot_start(slot).0 >= limit_ms;
        self.open.is_some() || self.near_slot.is_some_and(is_followed)
    }

    /// The encounter under way as it stands.
    pub(super) fn as_open(&self, pair: PairKey, params: &Params) -> Option<Encounter> {
        self.open.as_ref()?.close(pair, None, false, params)
    }
}

impl OpenEncounter {
    fn new(before: Opening, first: &PairSample, params: &Params) -> Self {
        let beside = params.evidence_samples / BESIDE_CONTACT;
        let mut approach = Thinned::new(beside);
        for s in before.approach {
            approach.push(s);
        }
        Self {
            first: first.t,
            last: first.t,
            apart_before: before.apart_before,
            past: Past::default(),
            contact: None,
            left_at: (first.t, middle_of(first)),
            heard: first.t,
            unheard: false,
            silence: false,
            samples: 0,
            held: false,
            both: Both::default(),
            travelled_dm: 0,
            relative_speed: BTreeMap::new(),
            nav_status: [ByStatus::default(); 2],
            class: [None; 2],
            approach,
            during: Thinned::new(params.evidence_samples.saturating_sub(2 * beside)),
            after: Thinned::new(beside),
        }
    }

    /// Notes that both ships were heard at `t`.
    fn hear(&mut self, t: Timestamp, params: &Params) {
        self.unheard |= t.0 - self.heard.0 > params.hole_ms();
        self.heard = t;
    }

    fn end_contact(&mut self) {
        if let Some(contact) = self.contact.take() {
            self.past.add(&contact);
        }
    }

    /// Whether a contact that begins with `first` belongs to this encounter. The two weren't seen apart since the
    /// last one, or the encounter would be closed.
    fn can_rejoin(&self, first: &PairSample, params: &Params) -> bool {
        let ms = first.t.0 - self.last.0;
        if ms > Params::hours_ms(params.rejoin_h) {
            return false;
        }
        let (t, place) = self.left_at;
        let drift_kn = near_distance_m(place, middle_of(first))
            / first.t.seconds_since(t).max(1.0)
            / MPS_PER_KNOT;
        ms <= params.hole_ms() || drift_kn <= params.rejoin_max_speed_kn
    }

    fn extend(&mut self, near: &[&PairSample], best: &PairSample, params: &Params) {
        self.hear(near[0].t, params);
        self.silence |= std::mem::take(&mut self.unheard);
        self.heard = near[near.len() - 1].t;
        for s in std::mem::replace(&mut self.after, Thinned::new(1)).items() {
            self.during.push(*s);
        }
        self.after = Thinned::new(params.evidence_samples / BESIDE_CONTACT);
        if let Some(contact) = &self.contact {
            self.travelled_dm += u64::from(decimetres(near_distance_m(
                middle_of(&contact.anchor),
                middle_of(best),
            )));
            if let Some(kn) = relative_kn(&contact.anchor, best) {
                let ckn = (kn * 100.0).round().min(MOST_CKN) as u16;
                *self.relative_speed.entry(ckn).or_default() += 1;
            }
        } else if self.samples > 0 {
            let (_, place) = self.left_at;
            self.travelled_dm += u64::from(decimetres(near_distance_m(place, middle_of(best))));
        }
        let contact = self.contact.get_or_insert_with(|| Contact {
            first: near[0].t,
            last: *near[0],
            anchor: *best,
            samples: 0,
            both: Both::default(),
        });
        for s in near {
            contact.samples += 1;
            contact.last = **s;
            self.samples += 1;
            self.held |= s.held;
            self.both.push(s);
            contact.both.push(s);
            for party in 0..2 {
                self.nav_status[party].add(s.nav_status[party], 1);
                self.class[party] = s.class[party].or(self.class[party]);
            }
            self.during.push(**s);
        }
        contact.anchor = *best;
        self.last = contact.last.t;
        self.left_at = (contact.last.t, middle_of(&contact.last));
    }

    /// Whether little was seen of the pair because it was then unheard, not because it parted: moments apart in time,
    /// one of them between two reports of either ship (a ship that ends where another begins has none), no faster
    /// than ships lie alongside, and no bounds that leave too little time.
    fn is_glimpse(&self, apart_after: Option<Timestamp>, params: &Params) -> bool {
        let Some(first) = self.during.items().first() else {
            return false;
        };
        let hours = |(from, to): (Timestamp, Timestamp)| to.hours_since(from);
        // Heard out of contact bounds it as well as seen apart does.
        let before = self.approach.items().last().map(|s| s.t);
        let before = before.max(self.apart_before);
        let after = self.after.items().first().map(|s| s.t).or(apart_after);
        let (t, place) = self.left_at;
        let way_m = near_distance_m(middle_of(first), place);
        let kn = way_m / t.seconds_since(first.t).max(1.0) / MPS_PER_KNOT;
        self.held
            && hours((first.t, t)) >= params.glimpse_h
            && kn <= params.rejoin_max_speed_kn
            && before
                .zip(after)
                .is_none_or(|bounds| hours(bounds) >= params.glimpse_possible_h)
    }

    /// The encounter as a fact, if it was observed enough: half an hour in contact, two contacts of two samples
    /// each that bracket as much, or a glimpse of what may have gone on unheard.
    fn close(
        &self,
        pair: PairKey,
        apart_after: Option<Timestamp>,
        closed: bool,
        params: &Params,
    ) -> Option<Encounter> {
        let mut past = self.past.clone();
        if let Some(contact) = &self.contact {
            past.add(contact);
        }
        let least_ms = Params::hours_ms(params.min_observed_h);
        let bracketed =
            past.firm_contacts >= 2 && past.firm.is_some_and(|(a, b)| b.0 - a.0 >= least_ms);
        if past.near_ms < least_ms && !bracketed && !self.is_glimpse(apart_after, params) {
            return None;
        }
        let (start, end) = self.both.span().unwrap_or((self.first, self.last));
        let mut evidence = Vec::new();
        for samples in [&self.approach, &self.during, &self.after] {
            evidence.extend(samples.items().iter().map(|s| EvidenceSample {
                phase: match s.t {
                    t if t < start => Phase::Approach,
                    t if t <= end => Phase::Contact,
                    _ => Phase::Departure,
                },
                sample: *s,
            }));
        }
        Some(Encounter {
            pair,
            start,
            end,
            start_not_before: self.apart_before,
            end_not_after: apart_after,
            closed,
            observed_ms: past.observed_ms,
            contacts: past.contacts,
            silence: self.silence,
            samples: self.samples,
            travelled_dm: self.travelled_dm,
            relative_speed_ckn: self.median_relative_speed_ckn(),
            nav_status: self.nav_status.map(|counts| counts.most()),
            class: self.class,
            evidence,
        })
    }

    fn median_relative_speed_ckn(&self) -> Option<u32> {
        let n: u32 = self.relative_speed.values().sum();
        let mut below = 0;
        let median = self.relative_speed.iter().find(|(_, count)| {
            below += **count;
            2 * below >= n
        })?;
        Some(u32::from(*median.0))
    }
}
