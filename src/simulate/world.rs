//! All scenes together: who is where, and the writing of what is heard of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use super::dice::{Dice, Purpose};
use super::hull::hull_gap_m;
use super::observe::{Observer, Row, SLOT_S, Tally};
use super::places::{Place, Waters};
use super::reception::Propagation;
use super::scene::{Event, HOUR, Scene};
use super::ship::Yard;
use super::sorts::{self, Sort};
use super::staging::Staging;
use super::write::{self, DayFile};
use super::{Format, Params, SimulateError, Summary, count};
use crate::geodesy::near_distance_m;
use crate::model::{LonLat, Timestamp, Truth};

/// Seconds in a day.
const DAY: f64 = 24.0 * HOUR;

/// A ship counts as heard this many slots before and after a report: half an hour.
const NEAR_SLOTS: u32 = 3;

/// Hours in which both ships had a report within half an hour, to ten minutes.
fn together_h(a: &Tally, b: &Tally) -> f64 {
    let near = |t: &Tally| -> BTreeSet<u32> {
        let around = |s: &u32| s.saturating_sub(NEAR_SLOTS)..=s + NEAR_SLOTS;
        let (first, last) = ((t.from / SLOT_S) as u32, (t.to / SLOT_S) as u32);
        t.slots
            .iter()
            .flat_map(around)
            .filter(|s| (first..=last).contains(s))
            .collect()
    };
    let hours = near(a).intersection(&near(b)).count() as f64 * SLOT_S / HOUR;
    hours.min((a.to - a.from) / HOUR)
}

/// Scenes, and the observers of their ships.
pub(super) struct World {
    pub scenes: Vec<Scene>,
    observers: Vec<Vec<Observer>>,
    propagation: Vec<Propagation>,
}

/// Scenes keep this distance, so that ships of two of them are no neighbours without a label, metres.
const CLEAR_M: f64 = 4000.0;
/// How many places are looked at before one is taken that isn't clear: the seas are full then.
const TRIES: usize = 300;

/// Gives places to scenes.
#[derive(Default)]
struct Sites {
    next: BTreeMap<Waters, usize>,
    taken: Vec<LonLat>,
}

impl Sites {
    fn place(&mut self, waters: Waters, dice: &mut Dice) -> Place {
        let next = self.next.entry(waters).or_default();
        let mut tries = 0;
        loop {
            let place = Place::of(waters, *next, dice);
            *next += 1;
            tries += 1;
            let middle = place.plane.to_place([0.0; 2]);
            let clear = |other: &LonLat| near_distance_m(*other, middle) >= CLEAR_M;
            if tries == TRIES || self.taken.iter().all(clear) {
                self.taken.push(middle);
                return place;
            }
        }
    }
}

impl World {
    /// The world of these parameters.
    pub(super) fn new(params: &Params) -> Self {
        let mut yard = Yard::new(params);
        let mut scenes = Vec::new();
        let mut sites = Sites::default();
        let mut next = |scenes: &Vec<Scene>, waters: Waters| {
            let mut dice = Dice::new(params.seed, Purpose::Scene, scenes.len() as u64);
            let place = sites.place(waters, &mut dice);
            Scene::new(place, dice, f64::from(params.days) * DAY)
        };
        let mut ships = 0;
        for sort in Sort::ALL {
            let per_thousand = params.scenes.get(sort).copied().unwrap_or(0.0).max(0.0);
            let number = (per_thousand * params.vessels as f64 / 1000.0).round() as usize;
            for _ in 0..number {
                let mut scene = next(&scenes, sort.waters());
                sort.make(&mut scene, &mut yard, params);
                ships += scene.ships.len();
                scenes.push(scene);
            }
        }
        let mut turns = [Waters::Shelf, Waters::Roads, Waters::Station]
            .into_iter()
            .cycle();
        while ships < params.vessels {
            let waters = turns.next().unwrap_or(Waters::Shelf);
            let mut scene = next(&scenes, waters);
            sorts::background(&mut scene, &mut yard, waters);
            ships += scene.ships.len();
            scenes.push(scene);
        }
        Self::observed(params, scenes)
    }

    fn observed(params: &Params, mut scenes: Vec<Scene>) -> Self {
        let hours = params.days as usize * 24;
        let mut index = 0;
        let (mut observers, mut propagation) = (Vec::new(), Vec::new());
        for (s, scene) in scenes.iter_mut().enumerate() {
            propagation.push(Propagation::new(&mut scene.dice, hours));
            let mut of_scene = Vec::new();
            for (i, ship) in scene.ships.iter_mut().enumerate() {
                ship.draughts.sort_by(|a, b| a.0.total_cmp(&b.0));
                let mut observer = Observer::new(
                    params,
                    index,
                    (s as u32, i as u32),
                    ship,
                    scene.place.coverage,
                );
                index += 1;
                let tally = |(event, e): (usize, &Event)| Tally {
                    event,
                    from: e.from,
                    to: e.to,
                    count: 0,
                    first: 0.0,
                    last: 0.0,
                    slots: BTreeSet::new(),
                };
                observer.tallies = scene
                    .events
                    .iter()
                    .enumerate()
                    .filter(|(_, e)| e.ships.0 == i || e.ships.1 == Some(i))
                    .map(tally)
                    .collect();
                of_scene.push(observer);
            }
            observers.push(of_scene);
        }
        Self {
            scenes,
            observers,
            propagation,
        }
    }

    /// Rows heard before `end_s` that weren't taken yet, in the order of their time.
    pub(super) fn rows_until(&mut self, end_s: f64, params: &Params) -> Vec<Row> {
        let mut rows = Vec::new();
        for (s, scene) in self.scenes.iter().enumerate() {
            for (observer, ship) in self.observers[s].iter_mut().zip(&scene.ships) {
                observer.rows_until(
                    end_s,
                    ship,
                    &scene.place,
                    &self.propagation[s],
                    params,
                    &mut rows,
                );
            }
        }
        rows.sort_by_key(|r| (r.ms.div_euclid(1000), r.scene, r.ship, r.ms));
        rows
    }

    /// Writes all files.
    pub(super) fn write(
        &mut self,
        params: &Params,
        out: &Path,
        format: Format,
    ) -> Result<Summary, SimulateError> {
        let fail = |path: &Path| {
            let path = path.to_owned();
            move |source: io::Error| SimulateError::Write { path, source }
        };
        let staging = Staging::create(out).map_err(fail(out))?;
        let mut summary = Summary {
            files: Vec::new(),
            truth: out.join(write::TRUTH_FILE),
            vessels: self.scenes.iter().map(|s| s.ships.len()).sum(),
            rows: 0,
            truths: BTreeMap::new(),
            heard: BTreeMap::new(),
        };
        for d in 0..params.days {
            let start_s = f64::from(d) * DAY;
            let day = Timestamp(params.start.0 + (start_s * 1000.0) as i64).day();
            let name = write::file_name(format, day);
            let path = out.join(&name);
            let rows = self.rows_until(start_s + DAY, params);
            self.day(&staging.path(&name), &rows, params, format)
                .map_err(fail(&path))?;
            summary.rows += rows.len() as u64;
            summary.files.push(path);
        }
        let truths = self.truths(params);
        for truth in &truths {
            count(&mut summary.truths, truth.kind);
            if truth.heard.iter().all(|h| h.is_none_or(|n| n > 0)) {
                count(&mut summary.heard, truth.kind);
            }
        }
        write::truth(&staging.path(write::TRUTH_FILE), &truths).map_err(fail(&summary.truth))?;
        // The truth comes last: by it a folder is known as simulated.
        for path in summary.files.iter().chain([&summary.truth]) {
            staging.place(path).map_err(fail(path))?;
        }
        Ok(summary)
    }

    fn day(&self, path: &Path, rows: &[Row], params: &Params, format: Format) -> io::Result<()> {
        let mut file = DayFile::create(path, format)?;
        for row in rows {
            let ship = &self.scenes[row.scene as usize].ships[row.ship as usize];
            file.row(row, ship, (row.ms - params.start.0) as f64 / 1000.0)?;
        }
        file.finish()
    }

    /// What is true, by start.
    pub(super) fn truths(&self, params: &Params) -> Vec<Truth> {
        let mut truths = Vec::new();
        for (s, scene) in self.scenes.iter().enumerate() {
            for (e, event) in scene.events.iter().enumerate() {
                truths.push(self.truth((s, e), event, params));
            }
        }
        truths.sort_by_key(|t| (t.start, t.mmsi_1, t.mmsi_2, t.kind));
        for (i, truth) in truths.iter_mut().enumerate() {
            truth.id = format!("T{:05}", i + 1);
        }
        truths
    }

    fn truth(&self, (s, e): (usize, usize), event: &Event, params: &Params) -> Truth {
        let scene = &self.scenes[s];
        let instant = |t: f64| Timestamp(params.start.0 + (t * 1000.0).round() as i64);
        let (a, b) = event.ships;
        let middle = (event.from + event.to) / 2.0;
        let tally = |ship: usize| {
            let tallies = &self.observers[s][ship].tallies;
            tallies
                .iter()
                .find(|t| t.event == e)
                .filter(|t| t.count > 0)
        };
        let count = |ship| tally(ship).map_or(0, |t| t.count);
        let both = b.and_then(|b| {
            let (a, b) = (tally(a)?, tally(b)?);
            let span = (a.first.max(b.first), a.last.min(b.last));
            (span.0 < span.1).then(|| (instant(span.0), instant(span.1)))
        });
        let pose = |ship: usize| scene.ships[ship].path.pose(middle);
        let mmsi = |ship: usize| scene.ships[ship].mmsi;
        let place: LonLat = scene.place.plane.to_place(pose(a).at);
        let cargo = event.cargo.as_ref();
        Truth {
            id: String::new(),
            kind: event.kind,
            mmsi_1: mmsi(a),
            mmsi_2: b.map(mmsi),
            start: instant(event.from),
            end: instant(event.to),
            place: Some(place),
            mode: Some(event.mode.to_owned()),
            hull_gap_m: b
                .map(|b| hull_gap_m(&scene.ships[a].hull, pose(a), &scene.ships[b].hull, pose(b))),
            volume_t: cargo.map(|c| c.volume_t),
            volume_bbl: cargo.and_then(|c| c.volume_bbl),
            product: cargo.map(|c| c.product.to_owned()),
            from_mmsi: cargo.map(|c| mmsi(c.from)),
            to_mmsi: cargo.map(|c| mmsi(c.to)),
            heard: [Some(count(a)), b.map(count)],
            both_heard: both,
            together_h: b.map(|b| {
                tally(a)
                    .zip(tally(b))
                    .map_or(0.0, |(a, b)| together_h(a, b))
            }),
            notes: event.notes.clone(),
        }
    }
}
