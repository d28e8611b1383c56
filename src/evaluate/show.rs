//! The figures for people (a table), for spreadsheets (CSV) and for programs (JSON).

use std::collections::BTreeSet;
use std::fmt::Write;

use super::DarkScore;
use super::gaps::GapScore;
use super::score::{Evaluation, KindScore};
use super::share::Share;
use crate::model::text::{decimal, signed};

fn minutes(v: Option<f64>) -> String {
    v.map_or("-".to_owned(), |v| signed(v, 0))
}

fn percent(v: Option<f64>) -> String {
    v.map_or("-".to_owned(), |v| format!("{} %", signed(100.0 * v, 0)))
}

fn plain(v: Option<f64>, places: usize) -> String {
    v.map_or(String::new(), |v| decimal(v, places))
}

impl Evaluation {
    /// A table for the terminal.
    pub fn to_table(&self) -> String {
        let mut out = String::new();
        // Writing to a String can't fail.
        let _ = self.write_table(&mut out);
        if let Some(identity) = &self.identity {
            out.push_str(&identity.to_table());
        }
        out
    }

    /// All transfers by kind, mode, and together.
    fn in_order(&self) -> impl Iterator<Item = &KindScore> {
        let all = std::iter::once(&self.all_transfers);
        self.transfers.iter().chain(&self.modes).chain(all)
    }

    fn write_table(&self, out: &mut String) -> std::fmt::Result {
        writeln!(
            out,
            "{:<30} {:>5} {:>5}  {:<18} {:<18} {:<18} {:>9}  {:>13}  {:>13}  {:>16}",
            "transfers",
            "true",
            "heard",
            "recall",
            "heard together",
            "called a transfer",
            "fragments",
            "start min",
            "end min",
            "volume"
        )?;
        for score in self.in_order() {
            write_kind(out, score)?;
        }
        writeln!(
            out,
            "heard: rows both of whose ships were heard in it; recall and the rest are of those.\nheard together: recall of those with 1.5 hours and more in which both had a report within half an hour.\nMinutes: median and p90 of the size, against the time both were heard. Volume: median error, median of its size, number."
        )?;
        writeln!(out)?;
        self.write_volumes(out)?;
        writeln!(
            out,
            "{:<22} {:>5}  {:>14}  {:>17}  {:>10}",
            "look-alikes", "true", "with encounter", "called a transfer", "right kind"
        )?;
        for score in &self.look_alikes {
            writeln!(
                out,
                "{:<22} {:>5}  {:>14}  {:>17}  {:>10}",
                score.kind,
                score.rows,
                score.with_encounter.count,
                score.called.count,
                score.right_kind.count
            )?;
        }
        writeln!(out)?;
        writeln!(
            out,
            "other encounters: {}, called a transfer: {}",
            self.other.encounters, self.other.called
        )?;
        if self.dark_with_encounter.of > 0 {
            writeln!(
                out,
                "dark transfers with an encounter: {} of {}",
                self.dark_with_encounter.count, self.dark_with_encounter.of
            )?;
        }
        if let Some(dark) = &self.dark {
            write!(out, "{dark}")?;
        }
        if self.called.judged == 0 {
            writeln!(
                out,
                "precision: not known, none of {} encounters has a kind",
                self.called.encounters
            )?;
        } else {
            writeln!(
                out,
                "precision of called transfers: {} = {} of {}; {} of {} encounters have a kind",
                self.called.precision,
                self.called.precision.count,
                self.called.precision.of,
                self.called.judged,
                self.called.encounters
            )?;
            self.write_confusion(out)?;
        }
        self.gaps.iter().try_for_each(|gaps| gaps.write_table(out))
    }

    fn write_confusion(&self, out: &mut String) -> std::fmt::Result {
        let columns: BTreeSet<&str> = self.confusion.iter().map(|c| c.reported.as_str()).collect();
        let mut rows: Vec<&str> = self.confusion.iter().map(|c| c.truth.as_str()).collect();
        rows.dedup();
        rows.sort_by_key(|r| *r == "(no truth)");
        writeln!(out, "\nconfusion: truth by line, reported by column")?;
        write!(out, "{:<22}", "")?;
        for column in &columns {
            write!(out, " {column:>w$}", w = column.len().max(5))?;
        }
        writeln!(out)?;
        for row in rows {
            write!(out, "{row:<22}")?;
            for column in &columns {
                let of = |c: &&super::Confusion| c.truth == row && c.reported == *column;
                let n = self.confusion.iter().find(of).map_or(0, |c| c.count);
                let n = if n == 0 {
                    ".".to_owned()
                } else {
                    n.to_string()
                };
                write!(out, " {n:>w$}", w = column.len().max(5))?;
            }
            writeln!(out)?;
        }
        Ok(())
    }

    /// One line per figure: `section,kind,figure,value`. Figures that aren't known have no value.
    pub fn to_csv(&self) -> String {
        let mut out = String::from("section,kind,figure,value\n");
        let mut line = |section: &str, kind: &str, figure: &str, value: String| {
            out.push_str(&[section, kind, figure, &value].join(","));
            out.push('\n');
        };
        for s in self.in_order() {
            let figures = [
                ("rows", s.rows.to_string()),
                ("heard", s.recall.of.to_string()),
                ("found", s.recall.count.to_string()),
                ("recall", plain(s.recall.value, 4)),
                ("recall_low", plain(s.recall.low, 4)),
                ("recall_high", plain(s.recall.high, 4)),
                ("heard_together", s.recall_together.of.to_string()),
                ("found_together", s.recall_together.count.to_string()),
                ("recall_together", plain(s.recall_together.value, 4)),
                ("called", s.called.count.to_string()),
                ("right_kind", s.right_kind.count.to_string()),
                ("fragments", plain(s.fragments, 3)),
                ("start_median_min", plain(s.start.median_min, 1)),
                ("start_p90_abs_min", plain(s.start.p90_abs_min, 1)),
                ("end_median_min", plain(s.end.median_min, 1)),
                ("end_p90_abs_min", plain(s.end.p90_abs_min, 1)),
                ("volume_n", s.volume.n.to_string()),
                ("volume_median", plain(s.volume.median, 4)),
                ("volume_median_abs", plain(s.volume.median_abs, 4)),
                ("volume_p90_abs", plain(s.volume.p90_abs, 4)),
            ];
            for (figure, value) in figures {
                line("transfer", &s.kind, figure, value);
            }
        }
        for s in &self.volumes {
            let shares = [("inside", s.inside), ("direction_right", s.direction)];
            line("volume", &s.method, "rows", s.rows.to_string());
            line("volume", &s.method, "median", plain(s.median, 4));
            line("volume", &s.method, "median_abs", plain(s.median_abs, 4));
            line(
                "volume",
                &s.method,
                "high_over_low",
                plain(s.high_over_low, 3),
            );
            for (figure, share) in shares {
                line("volume", &s.method, figure, share.count.to_string());
                line(
                    "volume",
                    &s.method,
                    &format!("{figure}_of"),
                    share.of.to_string(),
                );
                line(
                    "volume",
                    &s.method,
                    &format!("{figure}_share"),
                    plain(share.value, 4),
                );
            }
        }
        for s in &self.look_alikes {
            let counts = [
                ("rows", s.rows),
                ("with_encounter", s.with_encounter.count),
                ("called", s.called.count),
                ("right_kind", s.right_kind.count),
            ];
            for (figure, n) in counts {
                line("look_alike", &s.kind, figure, n.to_string());
            }
        }
        line("other", "", "encounters", self.other.encounters.to_string());
        line("other", "", "called", self.other.called.to_string());
        let Share {
            value,
            low,
            high,
            of,
            count,
        } = self.called.precision;
        line("called", "", "encounters", of.to_string());
        line("called", "", "right", count.to_string());
        line("called", "", "precision", plain(value, 4));
        line("called", "", "precision_low", plain(low, 4));
        line("called", "", "precision_high", plain(high, 4));
        for (kind, figure, value) in self.gaps.iter().flat_map(GapScore::figures) {
            line("gaps", &kind, figure, value);
        }
        for c in &self.confusion {
            line("confusion", &c.truth, &c.reported, c.count.to_string());
        }
        if let Some(identity) = &self.identity {
            out.push_str(&identity.to_csv());
        }
        out + &self.dark.as_ref().map_or(String::new(), DarkScore::csv)
    }

    /// The same as JSON.
    ///
    /// # Errors
    /// If serialisation fails.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}

fn write_kind(out: &mut String, s: &KindScore) -> std::fmt::Result {
    let timing = |t: &super::Timing| {
        let p90 = t.p90_abs_min.map_or("-".to_owned(), |v| format!("{v:.0}"));
        format!("{} / {p90}", minutes(t.median_min))
    };
    let volume = if s.volume.n == 0 {
        "-".to_owned()
    } else {
        format!(
            "{} / {} ({})",
            percent(s.volume.median),
            percent(s.volume.median_abs),
            s.volume.n
        )
    };
    writeln!(
        out,
        "{:<30} {:>5} {:>5}  {:<18} {:<18} {:<18} {:>9}  {:>13}  {:>13}  {:>16}",
        s.kind,
        s.rows,
        s.recall.of,
        s.recall,
        s.recall_together,
        s.called,
        plain(s.fragments, 2),
        timing(&s.start),
        timing(&s.end),
        volume
    )
}
