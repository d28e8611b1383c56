//! Progress for eyes: bars on a terminal, lines in a log.

use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use super::{Output, lines};
use crate::model::text::grouped;
use crate::pipeline::{Progress, Step};

/// How often a log line tells of a step that goes on.
const LOG_EVERY: Duration = Duration::from_secs(5);

/// What suits the flags and the terminal.
pub(super) fn reporter(output: &Output) -> Box<dyn Progress> {
    if output.quiet {
        Box::new(Quiet)
    } else if std::io::stderr().is_terminal() && !output.verbose {
        Box::new(Bars::default())
    } else {
        Box::new(Lines {
            every: if output.verbose {
                Duration::ZERO
            } else {
                LOG_EVERY
            },
            state: Mutex::default(),
        })
    }
}

fn log(line: &str) {
    // If even standard error is gone there is nobody left to tell.
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

fn warn_line(message: &str) -> String {
    format!("warning: {}", lines(message))
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic while a line was printed leaves nothing half done that would matter here.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn rate(rows: u64, seconds: f64) -> String {
    if rows == 0 {
        return String::new();
    }
    let per_second = (rows as f64 / seconds.max(0.001)) as u64;
    format!("{} rows, {} rows/s", grouped(rows), grouped(per_second))
}

/// Nothing but warnings.
struct Quiet;

impl Progress for Quiet {
    fn begin(&self, _: Step, _: Option<u64>) {}
    fn advance(&self, _: u64, _: u64) {}
    fn end(&self) {}
    fn warn(&self, message: &str) {
        log(&warn_line(message));
    }
}

/// A bar per step.
#[derive(Default)]
struct Bars {
    current: Mutex<Option<(ProgressBar, Arc<AtomicU64>)>>,
}

impl Progress for Bars {
    fn begin(&self, step: Step, total: Option<u64>) {
        let rows = Arc::new(AtomicU64::new(0));
        let amount = match (step, total) {
            (Step::Read, Some(_)) => "{bytes}/{total_bytes}",
            (Step::Read, None) => "{bytes}",
            (Step::Detect, Some(_)) => "day {pos}/{len}",
            (Step::Write, Some(_)) => "table {pos}/{len}",
            _ => "",
        };
        let template = if total.is_some() {
            format!("{{prefix:>7}} [{{bar:28}}] {amount}  {{rows}}  {{elapsed}}")
        } else {
            format!("{{prefix:>7}} {{spinner}} {amount}  {{rows}}  {{elapsed}}")
        };
        let counter = Arc::clone(&rows);
        let style = ProgressStyle::with_template(&template)
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("=> ")
            .with_key(
                "rows",
                move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                    let rows = counter.load(Ordering::Relaxed);
                    let _ = out.write_str(&rate(rows, state.elapsed().as_secs_f64()));
                },
            );
        let bar = total.map_or_else(ProgressBar::new_spinner, ProgressBar::new);
        bar.set_style(style);
        bar.set_prefix(step.name());
        bar.enable_steady_tick(Duration::from_millis(200));
        *locked(&self.current) = Some((bar, rows));
    }

    fn advance(&self, done: u64, rows: u64) {
        if let Some((bar, counter)) = &*locked(&self.current) {
            counter.fetch_add(rows, Ordering::Relaxed);
            bar.inc(done);
        }
    }

    fn end(&self) {
        if let Some((bar, _)) = locked(&self.current).take() {
            bar.finish_and_clear();
        }
    }

    fn warn(&self, message: &str) {
        match &*locked(&self.current) {
            Some((bar, _)) => bar.println(warn_line(message)),
            None => log(&warn_line(message)),
        }
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        // A run that failed stops in the middle of a bar.
        self.end();
    }
}

/// A line now and then.
struct Lines {
    every: Duration,
    state: Mutex<Option<Running>>,
}

struct Running {
    step: Step,
    total: Option<u64>,
    done: u64,
    rows: u64,
    start: Instant,
    told: Instant,
}

impl Running {
    fn line(&self, end: &str) -> String {
        let seconds = self.start.elapsed().as_secs_f64();
        let unit = match self.step {
            Step::Read => "bytes",
            Step::Detect => "days",
            Step::Assess => "",
            Step::Write => "tables",
        };
        let mut parts = Vec::new();
        match self.total {
            Some(total) => parts.push(format!(
                "{} of {} {unit}",
                grouped(self.done),
                grouped(total)
            )),
            None if self.done > 0 => parts.push(format!("{} {unit}", grouped(self.done))),
            None => {}
        }
        let rate = rate(self.rows, seconds);
        if !rate.is_empty() {
            parts.push(rate);
        }
        parts.push(format!("{seconds:.1} s{end}"));
        format!("{}: {}", self.step.name(), parts.join(", "))
    }
}

impl Progress for Lines {
    fn begin(&self, step: Step, total: Option<u64>) {
        let now = Instant::now();
        *locked(&self.state) = Some(Running {
            step,
            total,
            done: 0,
            rows: 0,
            start: now,
            told: now,
        });
    }

    fn advance(&self, done: u64, rows: u64) {
        if let Some(running) = &mut *locked(&self.state) {
            running.done += done;
            running.rows += rows;
            // Bytes come in many small pieces: without a pause they would fill the log.
            let pause = match running.step {
                Step::Read => LOG_EVERY,
                _ => self.every,
            };
            if running.told.elapsed() >= pause {
                running.told = Instant::now();
                log(&running.line(""));
            }
        }
    }

    fn end(&self) {
        if let Some(running) = locked(&self.state).take() {
            log(&running.line(", done"));
        }
    }

    fn warn(&self, message: &str) {
        log(&warn_line(message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_how_far_and_how_fast() {
        let now = Instant::now();
        let running = Running {
            step: Step::Detect,
            total: Some(30),
            done: 12,
            rows: 0,
            start: now,
            told: now,
        };
        assert_eq!(running.line(", done"), "detect: 12 of 30 days, 0.0 s, done");
        assert_eq!(rate(3_000_000, 2.0), "3,000,000 rows, 1,500,000 rows/s");
        assert_eq!(rate(0, 2.0), "");
    }
}
