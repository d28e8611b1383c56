//! Who is heard where: what other ships tell of a silence.
//!
//! In: clean fixes by track ([`TrackBatch`]). Out: a [`GapWitness`] for every silence. Rule: a ship whose track spans a
//! ten-minute slot is *expected* in it, *heard* if it has a report in it; silent, it is placed between its fixes for up
//! to `bracket_h`. Both are kept by cell and six hours in a sketch of integers that adds up in any order, of which
//! any one ship can be left out. A silence is judged by the others who were expected where and while the ship was
//! silent, once every bracket that reaches into it can have closed, if it lasted [`LONGEST_D`] at the most; fewer than
//! `min_others` tell nothing. While none of them is heard about, no other time speaks for that one.
//! ITU rates are no expectation: archives are thinned.

mod cell;
mod company;
mod course;
mod feed;
mod hole;
mod others;
mod sketch;
mod way;
mod witness;

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::model::quantity::{MS_PER_DAY, MS_PER_HOUR};
use crate::model::{Fix, GapWitness, LonLat, Timestamp, TrackBatch, TrackId};
use crate::stage::Waters;
pub use cell::SLOT_MS;
use cell::{Cell, WINDOW_SLOTS, slot_of, window_of};
use feed::{BEFORE_WINDOWS, Feed};
use others::KnownSilent;
use sketch::{Entry, ShipHash, Sketch};
use way::{End, Line, Trail};
use witness::{Asking, Silence, witness};

/// Windows before a silence in which the ship's own reception is remembered: two days.
const OWN_WINDOWS: i32 = 8;
/// The longest silence that is judged, days; of a longer one nothing is known.
pub const LONGEST_D: i64 = 90;
/// The sketch remembers at least so much more, milliseconds.
const BESIDE_MS: i64 = 8 * MS_PER_DAY;
/// Time beyond the longest bracket until all fixes of that time have come, hours: the least, and beyond the time for which the vessel
/// stage may keep a fix to itself.
const LATE_H: (f64, f64) = (4.0, 3.0);

/// So many silences of a cell are judged together.
const TOGETHER: usize = 64;

/// Parameters of reception.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Params {
    /// Silence from which on others are asked, hours; follows the vessel stage.
    #[serde(skip)]
    pub silence_h: f64,
    /// Time after the end of a silence, beyond the longest bracket, until all fixes of that time have come, hours; follows the
    /// vessel stage.
    #[serde(skip)]
    pub late_h: f64,
    /// Longest silence of a ship across which it is placed between its fixes, hours.
    pub bracket_h: f64,
    /// Other ships without which nothing is known.
    pub min_others: u32,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            silence_h: 3.0,
            late_h: LATE_H.0,
            bracket_h: 48.0,
            min_others: 5,
        }
    }
}

/// Slots of one ship in one cell and window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Slots {
    window: i32,
    place: LonLat,
    cell: Cell,
    expected: u64,
    heard: u64,
}

/// The last that was heard of a track.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Last {
    end: End,
    trail: Trail,
    /// Its slots of the last two days, in order.
    recent: Vec<Slots>,
}

/// Reception, as far as it is known, and the silences that wait to be judged.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Reception {
    sketch: Sketch,
    tracks: BTreeMap<TrackId, Last>,
    waiting: BTreeMap<(Timestamp, TrackId), Silence>,
    witnesses: Vec<GapWitness>,
}

impl Params {
    /// Takes over what the vessel stage decides: from when on a ship is silent, hours, and how long a fix may wait to be handed
    /// on, seconds.
    pub fn follow(&mut self, silence_h: f64, track_confirm_s: i64) {
        self.silence_h = silence_h;
        self.late_h = LATE_H.0.max(track_confirm_s as f64 / 3600.0 + LATE_H.1);
    }

    /// How long after its end a silence waits for what others said meanwhile, milliseconds.
    pub fn settle_ms(&self) -> i64 {
        ms(self.bracket_h + self.late_h)
    }

    /// How long a silence must last until it can be judged though it isn't over, milliseconds: until all that others said in
    /// its first two days is in.
    pub fn lasting_ms(&self) -> i64 {
        witness::LASTING_SLOTS * SLOT_MS + self.settle_ms()
    }

    /// How long the sketch remembers, milliseconds: the longest silence, the windows before it, and the time until it is judged.
    fn memory_ms(&self) -> i64 {
        let before = i64::from(OWN_WINDOWS + 1) * WINDOW_SLOTS * SLOT_MS;
        LONGEST_D * MS_PER_DAY + (before + self.settle_ms()).max(BESIDE_MS)
    }

    /// Holds every value to its range.
    ///
    /// # Errors
    /// On the first value out of range.
    pub fn validate(&self) -> Result<(), crate::model::ParamError> {
        use crate::model::param::within;
        within("bracket_h", self.bracket_h, 1.0..=168.0)?;
        within("min_others", self.min_others, 1..=15)
    }
}

impl Reception {
    /// Takes in the next fixes, and judges what has waited long enough.
    pub fn step(
        &mut self,
        batch: &TrackBatch,
        complete_to: Timestamp,
        waters: &dyn Waters,
        params: &Params,
    ) {
        for new in &batch.tracks {
            self.take(new.track, &new.fixes, params);
        }
        self.settle(complete_to, waters, params);
        let oldest = Timestamp(complete_to.0.saturating_sub(params.memory_ms()));
        self.sketch.forget_before(window_of(slot_of(oldest)).0);
        self.tracks.retain(|_, last| last.end.t >= oldest);
    }

    fn take(&mut self, track: TrackId, fixes: &[Fix], params: &Params) {
        let Some(first) = fixes.first() else { return };
        let ship = ShipHash::of(track.mmsi);
        let mut new = Vec::new();
        let known = self.tracks.entry(track);
        let last = known.or_insert_with(|| {
            let trail = Trail::default();
            let end = End::new(first, &trail);
            mark([&mut new], slot_of(end.t), end.place, true);
            let recent = new.clone();
            Last { end, trail, recent }
        });
        let bracket_ms = ms(params.bracket_h);
        for fix in fixes {
            let (before, now) = (slot_of(last.end.t), slot_of(fix.t));
            if before == now {
                last.end = End::new(fix, &last.trail);
                continue;
            }
            last.trail.pass(&last.end);
            let end = End::new(fix, &last.trail);
            let silent_ms = fix.t.0 - last.end.t.0;
            if silent_ms > ms(params.silence_h) && silent_ms <= LONGEST_D * MS_PER_DAY {
                let oldest = window_of(before).0 - OWN_WINDOWS;
                last.recent.retain(|s| s.window >= oldest);
                let silence = Silence {
                    track,
                    start: last.end,
                    end: Some(end),
                    own: last.recent.clone(),
                };
                self.waiting.insert((end.t, track), silence);
            }
            if silent_ms <= bracket_ms && before + 1 < now {
                let line = Line::between(last.end.place, fix.place);
                for slot in before + 1..now {
                    let share =
                        (slot * SLOT_MS + SLOT_MS / 2 - last.end.t.0) as f64 / silent_ms as f64;
                    let place = line.at(share);
                    mark([&mut last.recent, &mut new], slot, place, false);
                }
            }
            mark([&mut last.recent, &mut new], now, fix.place, true);
            last.end = end;
        }
        let oldest = window_of(slot_of(last.end.t)).0 - OWN_WINDOWS;
        last.recent.retain(|s| s.window >= oldest);
        for s in new {
            let Slots {
                expected, heard, ..
            } = s;
            self.sketch.add(
                s.window,
                s.cell,
                Entry {
                    ship,
                    expected,
                    heard,
                },
            );
        }
    }

    /// Takes out what was judged: it never changes.
    pub fn release(&mut self) -> Vec<GapWitness> {
        std::mem::take(&mut self.witnesses)
    }

    /// Judges the silences that ended long enough ago for every report of that time to be in.
    fn settle(&mut self, complete_to: Timestamp, waters: &dyn Waters, params: &Params) {
        let mut due = Vec::new();
        while let Some(entry) = self.waiting.first_entry() {
            if entry.key().0.0 + params.settle_ms() > complete_to.0 {
                break;
            }
            due.push(entry.remove());
        }
        let asking = Asking {
            until: Timestamp::MIN,
            waters,
            params,
        };
        let judged = judge(&self.sketch, &due, &asking);
        self.witnesses.extend(judged);
    }

    /// What others tell of every silence, by track and start: of those that can still change as it stands, and of
    /// tracks that are silent at `data_end` too.
    pub fn finish(
        mut self,
        data_end: Timestamp,
        waters: &dyn Waters,
        params: &Params,
    ) -> Vec<GapWitness> {
        let open = self
            .tracks
            .iter()
            .filter(|(_, last)| data_end.0 - last.end.t.0 > ms(params.silence_h));
        let open = open.map(|(track, last)| Silence {
            track: *track,
            start: last.end,
            end: None,
            own: last.recent.clone(),
        });
        let rest: Vec<Silence> = open
            .chain(std::mem::take(&mut self.waiting).into_values())
            .collect();
        let mut all = std::mem::take(&mut self.witnesses);
        let asking = Asking {
            until: data_end,
            waters,
            params,
        };
        all.extend(judge(&self.sketch, &rest, &asking));
        all.sort_by_key(|w| (w.track, w.start));
        all
    }

    /// Bytes of what is carried on, without what was judged.
    pub fn state_bytes(&self) -> u64 {
        let recent = self.tracks.values().map(|t| t.recent.len());
        let waiting = self.waiting.values().map(|s| s.own.len());
        let own: usize = recent.chain(waiting).sum();
        let slots = size_of::<Slots>() as u64;
        self.sketch.len() as u64 * size_of::<Entry>() as u64
            + own as u64 * slots
            + self.tracks.len() as u64 * size_of::<Last>() as u64
            + self.waiting.len() as u64 * size_of::<Silence>() as u64
    }
}

/// The feed in the windows of those of these silences that are over, and in those before each.
fn feed(sketch: &Sketch, silences: &[Silence]) -> Feed {
    let window = |t: Timestamp| window_of(slot_of(t)).0;
    let spans = silences
        .iter()
        .filter_map(|s| Some((window(s.start.t) - BEFORE_WINDOWS, window(s.end?.t))));
    let span = spans.reduce(|(a, b), (from, to)| (a.min(from), b.max(to)));
    span.map_or_else(Feed::default, |(from, to)| Feed::of(sketch, from..=to))
}

/// What others tell of each of these silences, in their order.
fn judge(sketch: &Sketch, silences: &[Silence], asking: &Asking) -> Vec<GapWitness> {
    let feed = feed(sketch, silences);
    // Place by place: what one silence asks of the sketch lies near what the next one asks, or is the same.
    let mut by_cell: Vec<(Cell, usize)> = (silences.iter().enumerate())
        .map(|(i, silence)| (Cell::of(silence.start.place), i))
        .collect();
    by_cell.sort_unstable();
    let neighbours: Vec<&[(Cell, usize)]> = by_cell
        .chunk_by(|a, b| a.0 == b.0)
        .flat_map(|of_cell| of_cell.chunks(TOGETHER))
        .collect();
    let mut judged: Vec<(usize, GapWitness)> = neighbours
        .par_iter()
        .flat_map_iter(|together| {
            let known = KnownSilent::new(sketch);
            let judged =
                |(_, i): &(Cell, usize)| (*i, witness(&silences[*i], asking, &known, &feed));
            together.iter().map(judged).collect::<Vec<_>>()
        })
        .collect();
    judged.sort_unstable_by_key(|(i, _)| *i);
    judged.into_iter().map(|(_, witness)| witness).collect()
}

/// Hours as milliseconds.
fn ms(hours: f64) -> i64 {
    (hours * MS_PER_HOUR as f64) as i64
}

/// Notes a slot of a ship in each of these lists.
fn mark<const N: usize>(lists: [&mut Vec<Slots>; N], slot: i64, place: LonLat, heard: bool) {
    let (window, bit) = window_of(slot);
    let cell = Cell::of(place);
    let heard = if heard { bit } else { 0 };
    for slots in lists {
        let same = slots
            .iter_mut()
            .rev()
            .take(2 * WINDOW_SLOTS as usize)
            .find(|s| s.window == window && s.cell == cell);
        match same {
            Some(s) => {
                s.expected |= bit;
                s.heard |= heard;
            }
            None => slots.push(Slots {
                window,
                place,
                cell,
                expected: bit,
                heard,
            }),
        }
    }
}
