//! The figures.

use std::collections::BTreeMap;

use serde::Serialize;

use super::DarkScore;
use super::gaps::GapScore;
use super::identity::IdentityScore;
use super::matching::{Matches, matches, shared_ms};
use super::share::Share;
use super::volume::{VolumeScore, volume_scores};
use super::{Reported, TRANSFER_KINDS};
use crate::model::statistics::quantile;
use crate::model::{Truth, TruthClass, TruthKind};

/// Milliseconds in a minute.
const MINUTE_MS: f64 = 60_000.0;
/// Hours heard together from which on an event can be seen. A lone report of one ship beside many of the
/// other makes up to 1.2 h: as one moment it shows no meeting.
const TOGETHER_H: f64 = 1.5;

/// A detector's figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// Kinds of true transfers.
    pub transfers: Vec<KindScore>,
    /// The same by kind and mode, such as `sts_transfer adrift`, where the truth tells the mode.
    pub modes: Vec<KindScore>,
    /// All true transfers together.
    pub all_transfers: KindScore,
    /// Kinds of look-alikes.
    pub look_alikes: Vec<LookAlikeScore>,
    /// Transfers with a dark partner that have an encounter all the same (both were heard after all).
    pub dark_with_encounter: Share,
    /// Encounters that belong to no truth.
    pub other: Other,
    /// Volumes, by method; the last is that of all.
    pub volumes: Vec<VolumeScore>,
    /// Encounters that are called a transfer.
    pub called: Called,
    /// Truth against reported kinds.
    pub confusion: Vec<Confusion>,
    /// Findings about identities; `None` where there is no table of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityScore>,
    /// Dark rendezvous, where that table was read.
    pub dark: Option<DarkScore>,
    /// How gaps were judged; `None` without a table of them.
    pub gaps: Option<GapScore>,
}

/// How one kind of transfer was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KindScore {
    /// The kind.
    pub kind: String,
    /// Rows of truth.
    pub rows: usize,
    /// Those of them both of whose ships were heard at all in it (or of which that isn't known) that have an encounter.
    pub recall: Share,
    /// The same of those whose ships were heard together for 1.5 h and more ([`Truth::together_h`]), or of
    /// which that isn't known: at least two moments of either ship.
    pub recall_together: Share,
    /// Those heard that are called a transfer.
    pub called: Share,
    /// Those heard that are called the right kind.
    pub right_kind: Share,
    /// Encounters per found one.
    pub fragments: Option<f64>,
    /// Beginning: the encounter's against the truth's, minutes; negative is early.
    pub start: Timing,
    /// End, likewise.
    pub end: Timing,
    /// Volume.
    pub volume: VolumeError,
}

/// Errors of time, minutes. The truth is cut to when both ships were heard, where that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Timing {
    /// Median of the signed error.
    pub median_min: Option<f64>,
    /// 0.9 quantile of its size.
    pub p90_abs_min: Option<f64>,
}

/// Errors of volume.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct VolumeError {
    /// Events with a volume on both sides.
    pub n: usize,
    /// Median of reported over true, less 1.
    pub median: Option<f64>,
    /// Median of its size.
    pub median_abs: Option<f64>,
    /// 0.9 quantile of its size.
    pub p90_abs: Option<f64>,
}

/// What became of one kind of look-alike.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LookAlikeScore {
    /// The kind.
    pub kind: String,
    /// Rows of truth.
    pub rows: usize,
    /// Rows that have an encounter.
    pub with_encounter: Share,
    /// Rows that are called a transfer.
    pub called: Share,
    /// Rows that are called the right kind, where the detector has the kind.
    pub right_kind: Share,
}

/// Encounters that belong to no truth.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Other {
    /// How many.
    pub encounters: usize,
    /// How many of them are called a transfer.
    pub called: usize,
}

/// Encounters that are called a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Called {
    /// Encounters in all.
    pub encounters: usize,
    /// Encounters that have a kind at all.
    pub judged: usize,
    /// Right ones of those that are called a transfer; dark ones count as right.
    pub precision: Share,
}

/// How often a kind of truth was reported as a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// Kind of truth; `(no truth)` for encounters without one.
    pub truth: String,
    /// Kind reported; `(not judged)`, or `(missed)` without an encounter.
    pub reported: String,
    /// How often.
    pub count: usize,
}

fn is_called(reported: &Reported) -> bool {
    reported
        .kind
        .as_deref()
        .is_some_and(|k| TRANSFER_KINDS.contains(&k))
}

struct Sheet<'a> {
    reported: &'a [Reported],
    truths: &'a [Truth],
    matches: Matches,
}

/// Measures encounters against truth.
pub fn evaluate(reported: &[Reported], truths: &[Truth]) -> Evaluation {
    let sheet = Sheet {
        reported,
        truths,
        matches: matches(reported, truths),
    };
    let of_class = |class| {
        TruthKind::ALL
            .iter()
            .copied()
            .filter(move |k| k.class() == class)
    };
    let present = |kind: &TruthKind| truths.iter().any(|t| t.kind == *kind);
    let all: Vec<_> = sheet.rows(|k| k.class() == TruthClass::Transfer);
    let dark = sheet.rows(|k| k.class() == TruthClass::DarkRendezvous);
    Evaluation {
        transfers: of_class(TruthClass::Transfer)
            .filter(present)
            .map(|kind| sheet.kind(kind.name(), &sheet.rows(|k| k == kind)))
            .collect(),
        modes: sheet.modes(),
        all_transfers: sheet.kind("all transfers", &all),
        look_alikes: of_class(TruthClass::LookAlike)
            .filter(present)
            .map(|kind| sheet.look_alike(kind))
            .collect(),
        dark_with_encounter: Share::new(
            dark.iter().filter(|t| sheet.is_found(**t)).count(),
            dark.len(),
        ),
        volumes: volume_scores(&sheet.volume_pairs()),
        other: sheet.other(),
        called: sheet.called(),
        confusion: sheet.confusion(),
        identity: None,
        dark: None,
        gaps: None,
    }
}

impl Sheet<'_> {
    fn rows(&self, of: impl Fn(TruthKind) -> bool) -> Vec<usize> {
        (0..self.truths.len())
            .filter(|i| of(self.truths[*i].kind))
            .collect()
    }

    fn found(&self, truth: usize) -> impl Iterator<Item = &Reported> {
        self.matches.of_truth[truth]
            .iter()
            .map(|r| &self.reported[*r])
    }

    fn is_found(&self, truth: usize) -> bool {
        !self.matches.of_truth[truth].is_empty()
    }

    /// The encounter that shares most time with a truth.
    fn main(&self, truth: usize) -> Option<&Reported> {
        self.found(truth).max_by_key(|r| {
            (
                shared_ms(r, &self.truths[truth]),
                std::cmp::Reverse(r.start),
            )
        })
    }

    fn kind(&self, name: &str, rows: &[usize]) -> KindScore {
        let heard: Vec<usize> = rows
            .iter()
            .copied()
            .filter(|t| {
                self.truths[*t]
                    .heard
                    .iter()
                    .all(|h| h.is_none_or(|n| n > 0))
            })
            .collect();
        let found: Vec<usize> = heard
            .iter()
            .copied()
            .filter(|t| self.is_found(*t))
            .collect();
        let share = |of: &dyn Fn(usize) -> bool| {
            Share::new(heard.iter().filter(|t| of(**t)).count(), heard.len())
        };
        let pieces: usize = found.iter().map(|t| self.matches.of_truth[*t].len()).sum();
        let together: Vec<usize> = heard
            .iter()
            .copied()
            .filter(|t| self.truths[*t].together_h.is_none_or(|h| h >= TOGETHER_H))
            .collect();
        KindScore {
            kind: name.to_owned(),
            rows: rows.len(),
            recall: Share::new(found.len(), heard.len()),
            recall_together: Share::new(
                together.iter().filter(|t| self.is_found(**t)).count(),
                together.len(),
            ),
            called: share(&|t| self.found(t).any(is_called)),
            right_kind: share(&|t| self.is_right(t)),
            fragments: (!found.is_empty()).then(|| pieces as f64 / found.len() as f64),
            start: self.timing(&found, true),
            end: self.timing(&found, false),
            volume: self.volume(&found),
        }
    }

    fn modes(&self) -> Vec<KindScore> {
        let mut by_mode: BTreeMap<(TruthKind, &str), Vec<usize>> = BTreeMap::new();
        for t in self.rows(|k| k.class() == TruthClass::Transfer) {
            let truth = &self.truths[t];
            if let Some(mode) = &truth.mode {
                by_mode.entry((truth.kind, mode)).or_default().push(t);
            }
        }
        by_mode
            .into_iter()
            .map(|((kind, mode), rows)| self.kind(&format!("{} {mode}", kind.name()), &rows))
            .collect()
    }

    fn is_right(&self, truth: usize) -> bool {
        let name = self.truths[truth].kind.name();
        self.found(truth).any(|r| r.kind.as_deref() == Some(name))
    }

    fn timing(&self, found: &[usize], start: bool) -> Timing {
        let error = |t: &usize| {
            let truth = &self.truths[*t];
            let (from, to) = truth.both_heard.unwrap_or((truth.start, truth.end));
            let ms = if start {
                self.found(*t).map(|r| r.start).min()?.0 - from.0
            } else {
                self.found(*t).map(|r| r.end).max()?.0 - to.0
            };
            Some(ms as f64 / MINUTE_MS)
        };
        let errors: Vec<f64> = found.iter().filter_map(error).collect();
        Timing {
            median_min: quantile(errors.clone(), 0.5),
            p90_abs_min: quantile(errors.iter().map(|e| e.abs()).collect(), 0.9),
        }
    }

    fn volume(&self, found: &[usize]) -> VolumeError {
        let ratio = |t: &usize| {
            let truth = &self.truths[*t];
            let reported = self.main(*t)?;
            let both = reported
                .volume_bbl
                .zip(truth.volume_bbl)
                .or(reported.volume_t.zip(truth.volume_t));
            both.filter(|(_, truth)| *truth > 0.0)
                .map(|(r, t)| r / t - 1.0)
        };
        let errors: Vec<f64> = found.iter().filter_map(ratio).collect();
        let sizes: Vec<f64> = errors.iter().map(|e| e.abs()).collect();
        VolumeError {
            n: errors.len(),
            median: quantile(errors, 0.5),
            median_abs: quantile(sizes.clone(), 0.5),
            p90_abs: quantile(sizes, 0.9),
        }
    }

    /// True transfers of which a volume is known, each with its encounter that has one too.
    fn volume_pairs(&self) -> Vec<(&Truth, &Reported)> {
        self.rows(|k| k.class() == TruthClass::Transfer)
            .into_iter()
            .filter_map(|t| Some((&self.truths[t], self.main(t)?)))
            .collect()
    }

    fn look_alike(&self, kind: TruthKind) -> LookAlikeScore {
        let rows = self.rows(|k| k == kind);
        let share = |of: &dyn Fn(usize) -> bool| {
            Share::new(rows.iter().filter(|t| of(**t)).count(), rows.len())
        };
        LookAlikeScore {
            kind: kind.name().to_owned(),
            rows: rows.len(),
            with_encounter: share(&|t| self.is_found(t)),
            called: share(&|t| self.found(t).any(is_called)),
            right_kind: share(&|t| self.is_right(t)),
        }
    }

    fn unmatched(&self) -> impl Iterator<Item = &Reported> {
        self.matches
            .of_reported
            .iter()
            .zip(self.reported)
            .filter(|(t, _)| t.is_none())
            .map(|(_, r)| r)
    }

    fn other(&self) -> Other {
        Other {
            encounters: self.unmatched().count(),
            called: self.unmatched().filter(|r| is_called(r)).count(),
        }
    }

    fn called(&self) -> Called {
        let right = |t: &Option<usize>| {
            t.is_some_and(|t| {
                matches!(
                    self.truths[t].kind.class(),
                    TruthClass::Transfer | TruthClass::DarkRendezvous
                )
            })
        };
        let called: Vec<_> = self
            .matches
            .of_reported
            .iter()
            .zip(self.reported)
            .filter(|(_, r)| is_called(r))
            .collect();
        Called {
            encounters: self.reported.len(),
            judged: self.reported.iter().filter(|r| r.kind.is_some()).count(),
            precision: Share::new(
                called.iter().filter(|(t, _)| right(t)).count(),
                called.len(),
            ),
        }
    }

    fn confusion(&self) -> Vec<Confusion> {
        let mut counts: BTreeMap<(Option<TruthKind>, String), usize> = BTreeMap::new();
        let said = |r: &Reported| r.kind.clone().unwrap_or_else(|| "(not judged)".to_owned());
        for (t, truth) in self.truths.iter().enumerate() {
            if truth.mmsi_2.is_none() || truth.kind.class() == TruthClass::Identity {
                continue;
            }
            let reported = self.main(t).map_or("(missed)".to_owned(), said);
            *counts.entry((Some(truth.kind), reported)).or_default() += 1;
        }
        for r in self.unmatched() {
            *counts.entry((None, said(r))).or_default() += 1;
        }
        counts
            .into_iter()
            .map(|((truth, reported), count)| Confusion {
                truth: truth.map_or("(no truth)", TruthKind::name).to_owned(),
                reported,
                count,
            })
            .collect()
    }
}
