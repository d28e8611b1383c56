//! An encounter under way.

use serde::{Deserialize, Serialize};

use super::Params;
use super::thin::Thinned;
use crate::geodesy::{Plane, decimetres, near_distance_m};
use crate::model::quantity::MPS_PER_KNOT;
use crate::model::{
    AisClass, Encounter, EvidenceSample, LonLat, NavStatus, Opening, PairKey, PairSample, PairSlot,
    Phase, Timestamp,
};

/// Shares of the evidence that approach and departure may take.
const BESIDE_CONTACT: usize = 8;
/// Two samples closer in time than this say nothing of relative speed, seconds.
const LEAST_BASE_S: f64 = 60.0;
/// Bins of relative speed: 0.05 kn each.
const SPEED_BIN_CKN: f64 = 5.0;
const SPEED_BINS: usize = 41;

/// An encounter that later samples can still belong to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct OpenEncounter {
    first: Timestamp,
    last: Timestamp,
    apart_before: Option<Timestamp>,
    /// Contacts that are over.
    past: Past,
    /// The contact under way.
    contact: Option<Contact>,
    /// Place and time of the last sample in contact.
    left_at: (Timestamp, LonLat),
    samples: u32,
    sharp_samples: u32,
    travelled_dm: u64,
    relative_speed: Vec<u32>,
    nav_status: [[u32; 15]; 2],
    class: [Option<AisClass>; 2],
    approach: Thinned<PairSample>,
    during: Thinned<PairSample>,
    /// After the last contact; moves to `during` if another follows.
    after: Thinned<PairSample>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Past {
    contacts: u32,
    observed_ms: i64,
    /// First and last contact of at least two samples.
    firm: Option<(Timestamp, Timestamp)>,
    firm_contacts: u32,
}

impl Past {
    fn add(&mut self, contact: &Contact) {
        self.contacts += 1;
        self.observed_ms += contact.last.t.0 - contact.first.0;
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
}

/// Where the second ship is from the first, metres east and north.
fn separation_m(s: &PairSample) -> [f64; 2] {
    Plane::at(s.place[0]).to_m(s.place[1])
}

fn middle(s: &PairSample) -> LonLat {
    let [e, n] = separation_m(s);
    Plane::at(s.place[0]).to_place([e / 2.0, n / 2.0])
}

/// Least speed of one ship relative to the other between two samples, after what their sigmas explain, knots.
fn relative_kn(a: &PairSample, b: &PairSample) -> Option<f64> {
    let s = b.t.seconds_since(a.t);
    if s < LEAST_BASE_S {
        return None;
    }
    let (from, to) = (separation_m(a), separation_m(b));
    let change_m = (to[0] - from[0]).hypot(to[1] - from[1]);
    Some((change_m - a.sigma_m() - b.sigma_m()).max(0.0) / s / MPS_PER_KNOT)
}

/// Takes in the samples of one slot.
pub(super) fn take(
    open: &mut Option<OpenEncounter>,
    slot: &PairSlot,
    params: &Params,
    closed: &mut Vec<Encounter>,
) {
    let near: Vec<&PairSample> = slot
        .samples
        .iter()
        .filter(|s| s.separation_m() <= params.contact_radius_m)
        .collect();
    // The widest base inside the slot tells a passing ship from one that stays.
    let steady = match (near.first(), near.last()) {
        (Some(a), Some(b)) => relative_kn(a, b).is_none_or(|kn| kn <= params.relative_speed_kn),
        _ => false,
    };
    if steady {
        join(open, slot, &near, params, closed);
    } else if let Some(open) = open {
        open.end_contact();
    }
    if let Some(o) = open {
        for s in slot.samples.iter().filter(|s| s.t > o.last) {
            o.after.push(*s);
        }
        let apart = slot
            .samples
            .iter()
            .find(|s| s.t > o.last && s.separation_m() - 2.0 * s.sigma_m() > params.apart_m);
        if let Some(s) = apart {
            closed.extend(o.close(slot.pair, Some(s.t), true, params));
            *open = None;
        }
    }
}

/// Takes the near samples of a slot into a contact: the one under way, a new one of the same encounter, or the
/// first of a new encounter.
fn join(
    open: &mut Option<OpenEncounter>,
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
    if let Some(o) = open {
        let holds = o.contact.as_ref().is_some_and(|c| {
            first.t.0 - c.last.t.0 <= params.hole_ms()
                && relative_kn(&c.anchor, &best).is_none_or(|kn| kn <= params.relative_speed_kn)
        });
        if !holds {
            o.end_contact();
            if !o.can_rejoin(&first, params) {
                closed.extend(o.close(slot.pair, None, true, params));
                *open = None;
            }
        }
    }
    open.get_or_insert_with(|| OpenEncounter::new(slot.opening.as_ref(), &first, params))
        .extend(near, &best, params);
}

impl OpenEncounter {
    fn new(opening: Option<&Opening>, first: &PairSample, params: &Params) -> Self {
        let beside = params.evidence_samples / BESIDE_CONTACT;
        let mut approach = Thinned::new(beside);
        for s in opening.iter().flat_map(|o| &o.approach) {
            approach.push(*s);
        }
        Self {
            first: first.t,
            last: first.t,
            apart_before: opening.and_then(|o| o.apart_before),
            past: Past::default(),
            contact: None,
            left_at: (first.t, first.place[0]),
            samples: 0,
            sharp_samples: 0,
            travelled_dm: 0,
            relative_speed: vec![0; SPEED_BINS],
            nav_status: [[0; 15]; 2],
            class: [None; 2],
            approach,
            during: Thinned::new(params.evidence_samples.saturating_sub(2 * beside)),
            after: Thinned::new(beside),
        }
    }

    /// The last sample in contact.
    pub(super) fn last_contact(&self) -> Timestamp {
        self.last
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
        let drift_kn = near_distance_m(place, first.place[0])
            / first.t.seconds_since(t).max(1.0)
            / MPS_PER_KNOT;
        ms <= params.hole_ms() || drift_kn <= params.rejoin_max_speed_kn
    }

    fn extend(&mut self, near: &[&PairSample], best: &PairSample, params: &Params) {
        for s in std::mem::replace(&mut self.after, Thinned::new(1)).items() {
            self.during.push(*s);
        }
        self.after = Thinned::new(params.evidence_samples / BESIDE_CONTACT);
        if let Some(contact) = &self.contact {
            self.travelled_dm += u64::from(decimetres(near_distance_m(
                middle(&contact.anchor),
                middle(best),
            )));
            if let Some(kn) = relative_kn(&contact.anchor, best) {
                let bin = (kn * 100.0 / SPEED_BIN_CKN) as usize;
                self.relative_speed[bin.min(SPEED_BINS - 1)] += 1;
            }
        } else if self.samples > 0 {
            let (_, place) = self.left_at;
            self.travelled_dm += u64::from(decimetres(near_distance_m(place, best.place[0])));
        }
        let contact = self.contact.get_or_insert_with(|| Contact {
            first: near[0].t,
            last: *near[0],
            anchor: *best,
            samples: 0,
        });
        for s in near {
            contact.samples += 1;
            contact.last = **s;
            self.samples += 1;
            let is_sharp =
                s.sigma_m() <= params.sharp_sigma_m && s.nearest_s <= params.sharp_nearest_s;
            self.sharp_samples += u32::from(is_sharp);
            for party in 0..2 {
                if let Some(status) = s.nav_status[party] {
                    self.nav_status[party][usize::from(status.code())] += 1;
                }
                self.class[party] = s.class[party].or(self.class[party]);
            }
            self.during.push(**s);
        }
        contact.anchor = *best;
        self.last = contact.last.t;
        self.left_at = (contact.last.t, contact.last.place[0]);
    }

    /// The encounter as a fact, if it was observed enough: half an hour in contact, or two contacts of two samples
    /// each that bracket as much.
    pub(super) fn close(
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
        if past.observed_ms < least_ms && !bracketed {
            return None;
        }
        let phases = [
            (Phase::Approach, &self.approach),
            (Phase::Contact, &self.during),
            (Phase::Departure, &self.after),
        ];
        Some(Encounter {
            pair,
            start: self.first,
            end: self.last,
            start_not_before: self.apart_before,
            end_not_after: apart_after,
            closed,
            observed_ms: past.observed_ms,
            contacts: past.contacts,
            samples: self.samples,
            sharp_samples: self.sharp_samples,
            travelled_dm: self.travelled_dm,
            relative_speed_ckn: self.median_relative_speed_ckn(),
            nav_status: self.nav_status.map(|counts| most_frequent(&counts)),
            class: self.class,
            evidence: phases
                .iter()
                .flat_map(|(phase, samples)| {
                    samples.items().iter().map(|s| EvidenceSample {
                        phase: *phase,
                        sample: *s,
                    })
                })
                .collect(),
        })
    }

    fn median_relative_speed_ckn(&self) -> Option<u32> {
        let n: u32 = self.relative_speed.iter().sum();
        let mut below = 0;
        let bin = self.relative_speed.iter().position(|count| {
            below += count;
            n > 0 && 2 * below >= n
        })?;
        Some(((bin as f64 + 0.5) * SPEED_BIN_CKN) as u32)
    }
}

fn most_frequent(counts: &[u32; 15]) -> Option<NavStatus> {
    let most = *counts.iter().max()?;
    if most == 0 {
        return None;
    }
    let code = counts.iter().position(|n| *n == most)?;
    NavStatus::new(code as u8)
}
