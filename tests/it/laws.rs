//! The law: however the rows are cut, ordered, threaded, stored and taken up again, the same tables.

use std::collections::BTreeSet;

use alongside::encounter::EncounterStage;
use alongside::model::{
    Chunk, Encounter, Facts, PairBatch, PairSlot, RejectLedger, RejectReason, Timestamp,
    TrackBatch, TrackFixes,
};
use alongside::proximity::ProximityStage;
use alongside::stage::Stage;
use alongside::track::{self, TrackStage};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngSeed, TestRunner};

use crate::fleet::{Case, case, cases};
use crate::traffic::{Rig, difference, render};

fn with_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("a pool of threads")
        .install(work)
}

/// Runs through bytes at every cut: an engine is suspended, and a new one takes its place.
fn run_through_bytes(rig: &Rig, chunks: Vec<Chunk>) -> Result<String, TestCaseError> {
    let mut engine = rig.engine();
    for chunk in chunks {
        engine.step(chunk);
        let bytes = engine.suspend().expect("a state can be written");
        engine = rig.engine();
        engine.resume(&bytes).expect("a state can be read");
        let again = engine.suspend().expect("a state can be written");
        prop_assert!(bytes == again, "the state changes on its way through bytes");
    }
    Ok(rig.report(&engine))
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn cuts_order_threads_and_storage_do_not_matter(case in case()) {
        let (traffic, rig) = (case.traffic(), case.rig());
        let days = rig.report(&rig.run(traffic.days()));
        let cut = traffic.chunks(&case.cuts(), case.shuffle);
        let whole = traffic.chunks(&[], case.shuffle);
        let forms = [
            ("cuts", with_threads(2, || rig.report(&rig.run(cut.clone())))),
            ("one chunk", rig.report(&rig.run(whole))),
            ("bytes and one thread", with_threads(1, || run_through_bytes(&rig, cut))?),
        ];
        for (form, report) in forms {
            prop_assert!(report == days, "{form}:\n{}", difference(&days, &report));
        }
    }

    #[test]
    fn a_report_leaves_no_trace_and_what_it_closes_stays(case in case()) {
        let (traffic, rig) = (case.traffic(), case.rig());
        let chunks = traffic.chunks(&case.cuts(), case.shuffle);
        let silent = rig.run(chunks.clone());
        let mut asked = rig.engine();
        let mut earlier: Vec<Facts> = Vec::new();
        let mut finals: BTreeSet<String> = BTreeSet::new();
        for chunk in chunks {
            asked.step(chunk);
            let facts = asked.facts();
            for old in &earlier {
                closed_events_stay(old, &facts)?;
            }
            earlier.push(facts);
            let report = render(&rig.tables(&asked));
            let lines: BTreeSet<String> = report.lines().filter(|l| is_final(l)).map(str::to_owned).collect();
            let lost = finals.difference(&lines).next();
            prop_assert!(lost.is_none(), "not final: {}", lost.unwrap());
            finals = lines;
        }
        prop_assert!(silent.suspend().unwrap() == asked.suspend().unwrap());
    }

    #[test]
    fn each_stage_alone_keeps_the_law(case in case()) {
        let days = stages(&case, case.traffic().days())?;
        let cut = stages(&case, case.traffic().chunks(&case.cuts(), case.shuffle))?;
        prop_assert_eq!(&days.tracks, &cut.tracks);
        prop_assert_eq!(&days.gaps, &cut.gaps);
        prop_assert_eq!(&days.slow_runs, &cut.slow_runs);
        prop_assert_eq!(&days.stays, &cut.stays);
        prop_assert_eq!(&days.rejects, &cut.rejects);
        prop_assert_eq!(&days.slots, &cut.slots);
        prop_assert_eq!(&days.encounters, &cut.encounters);
    }
}

/// A law holds easily where nothing happens: the cases must be rich in all that can go wrong.
#[test]
fn the_cases_are_worth_their_name() {
    let mut runner = TestRunner::new(Config {
        rng_seed: RngSeed::Fixed(1),
        ..Config::default()
    });
    let mut seen = [0_usize; 9];
    for _ in 0..120 {
        let case = case().new_tree(&mut runner).expect("a case").current();
        let rig = case.rig();
        let engine = rig.run(case.traffic().days());
        let tables = rig.tables(&engine);
        let outliers: u64 = engine.vessels().iter().map(|v| v.outliers).sum();
        assert_eq!(engine.rejects().count(RejectReason::Outlier), outliers);
        let identities = tables.iter().filter(|t| t.schema.name == "identity");
        let facts = engine.facts();
        let count =
            |f: &dyn Fn(&Encounter) -> bool| facts.encounters.iter().filter(|e| f(e)).count();
        let of_case = [
            count(&|e| e.closed),
            count(&|e| !e.closed),
            count(&|e| e.contacts > 1),
            count(&|e| e.start_not_before.is_some() && e.end_not_after.is_some()),
            facts.gaps.iter().filter(|g| g.closed).count(),
            facts.slow_runs.iter().filter(|r| r.closed).count(),
            facts.stays.iter().filter(|s| s.closed).count(),
            facts.vessels.iter().filter(|v| v.tracks > 1).count(),
            engine.rejects().total() as usize,
            identities.map(alongside::model::Table::len).sum(),
        ];
        seen.iter_mut().zip(of_case).for_each(|(sum, n)| *sum += n);
    }
    assert!(seen.iter().all(|n| *n >= 10), "{seen:?}");
}

fn is_final(line: &str) -> bool {
    line.contains(" status=Text(\"final\")")
}

fn closed_events_stay(old: &Facts, new: &Facts) -> Result<(), TestCaseError> {
    for gap in old.gaps.iter().filter(|g| g.closed) {
        prop_assert!(new.gaps.contains(gap), "lost {gap:?}");
    }
    for run in old.slow_runs.iter().filter(|r| r.closed) {
        prop_assert!(new.slow_runs.contains(run), "lost {run:?}");
    }
    for stay in old.stays.iter().filter(|s| s.closed) {
        prop_assert!(new.stays.contains(stay), "lost {stay:?}");
    }
    for encounter in old.encounters.iter().filter(|e| e.closed) {
        prop_assert!(
            new.encounters.contains(encounter),
            "lost {:?} {} {}",
            encounter.pair,
            encounter.start,
            encounter.end
        );
    }
    Ok(())
}

/// What each stage said in all its steps, in a fixed order.
#[derive(Default)]
struct Said {
    tracks: Vec<TrackFixes>,
    gaps: Vec<alongside::model::Gap>,
    slow_runs: Vec<alongside::model::SlowRun>,
    stays: Vec<alongside::model::Stay>,
    rejects: RejectLedger,
    slots: Vec<PairSlot>,
    encounters: Vec<Encounter>,
}

impl Said {
    fn take_tracks(&mut self, out: &track::Output) {
        for new in &out.batch.tracks {
            match self.tracks.iter_mut().find(|t| t.track == new.track) {
                Some(known) => known.fixes.extend(&new.fixes),
                None => self.tracks.push(new.clone()),
            }
        }
        self.gaps.extend(out.gaps.clone());
        self.slow_runs.extend(out.slow_runs.clone());
        self.stays.extend(out.stays.clone());
        self.rejects.merge(&out.rejects);
    }

    fn sort(&mut self) {
        self.tracks.sort_by_key(|t| t.track);
        self.gaps.sort_by_key(|g| (g.track, g.start.t));
        self.slow_runs.sort_by_key(|r| (r.track, r.start));
        self.stays.sort_by_key(|s| (s.track, s.start));
        self.slots.sort_by_key(|s| (s.pair, s.slot));
        self.encounters.sort_by_key(Encounter::order);
    }
}

/// Steps the stages one by one and holds each to its contract: nothing is said for a time that the watermark
/// has passed.
fn stages(case: &Case, chunks: Vec<Chunk>) -> Result<Said, TestCaseError> {
    let rig = case.rig();
    let mut params = rig.params.clone();
    let slots = &params.proximity;
    params.encounter.follow(
        slots.contact_radius_m,
        slots.apart_m,
        slots.slot_s,
        slots.watch_h,
    );
    let mut vessel = TrackStage::new(params.track);
    let mut slot = ProximityStage::new(params.proximity.clone(), rig.waters.clone());
    let mut pair = EncounterStage::new(params.encounter.clone());
    // The same pair stage, fed slot by slot.
    let mut patient = EncounterStage::new(params.encounter);
    let mut said = Said::default();
    let mut slowly = Vec::new();
    for chunk in chunks {
        let passed = vessel.watermark();
        let out = vessel.step(chunk);
        for track in &out.batch.tracks {
            prop_assert!(track.fixes.iter().all(|f| f.t >= passed));
            let late = track.fixes.windows(2).find(|w| w[0].t >= w[1].t);
            prop_assert!(late.is_none(), "{late:?}");
        }
        prop_assert_eq!(out.batch.complete_to, vessel.watermark());
        said.take_tracks(&out);
        let passed = slot.watermark();
        let batch: PairBatch = slot.step(out.batch);
        prop_assert_eq!(batch.complete_to, slot.watermark());
        for s in &batch.slots {
            prop_assert!(
                s.samples
                    .iter()
                    .all(|x| x.t >= passed && x.t < batch.complete_to)
            );
        }
        said.slots.extend(batch.slots.clone());
        for one in slot_by_slot(&batch, params.proximity.slot_s) {
            slowly.extend(patient.step(one));
        }
        said.encounters.extend(pair.step(batch));
        prop_assert!(pair.suspend().unwrap() == patient.suspend().unwrap());
    }
    said.take_tracks(&vessel.clone().finish(None));
    let rest: TrackBatch = vessel.finish(None).batch;
    let batch = slot.finish(Some(rest));
    said.slots.extend(batch.slots.clone());
    said.encounters.extend(pair.finish(Some(batch.clone())));
    slowly.extend(patient.finish(Some(batch)));
    said.sort();
    slowly.sort_by_key(Encounter::order);
    prop_assert_eq!(&said.encounters, &slowly);
    Ok(said)
}

/// A batch as one batch a slot.
fn slot_by_slot(batch: &PairBatch, slot_s: i64) -> Vec<PairBatch> {
    let mut slots = batch.slots.clone();
    slots.sort_by_key(|s| (s.slot, s.pair));
    let mut out: Vec<PairBatch> = slots
        .chunk_by(|a, b| a.slot == b.slot)
        .map(|same| PairBatch {
            slots: same.to_vec(),
            company: Vec::new(),
            complete_to: Timestamp((same[0].slot + 1) * slot_s * 1000),
        })
        .collect();
    out.push(PairBatch {
        slots: Vec::new(),
        company: batch.company.clone(),
        complete_to: batch.complete_to,
    });
    out
}
