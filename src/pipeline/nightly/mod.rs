//! A night: what is new in a folder is taken into the store.
//!
//! In: a store (or the name for a new one) and a folder of files. Out: the store with all sealed days, equal to a scan
//! of all files so far, and a [`NightReport`]. Rules: a file is known by its content; a day is sealed when a file of
//! the next day is there, or when the caller says so; each day is one transaction; a file with rows of sealed days
//! leads back to the state before them, as long as one is kept and the files since are still there. Rows that were taken
//! in are given up only for those of a file that is a correction of theirs.

mod bound;
mod inbox;
mod judge;
mod plan;
mod replaced;
mod replay;
mod retention;
mod ships;
mod taken;
mod work;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};

use super::summary::counted;
use super::{InputRecord, Progress, ScanRequest, now, on_threads};
use crate::config::Config;
use crate::error::{Error, Exit};
use crate::ingest::Format;
use crate::model::{Row, Timestamp, schema};
use crate::report::as_json;
use crate::store::{Change, Changed, NOTHING, Published, Reader, What};

pub use replaced::Replaced;

/// What to take in, and into which store.
#[derive(Clone, Debug)]
pub struct NightRequest {
    /// The store; made if it isn't there.
    pub store: PathBuf,
    /// The folder into which files are put.
    pub inbox: PathBuf,
    /// The form of the files.
    pub format: Format,
    /// A register of ships.
    pub registry: Option<PathBuf>,
    /// Lists of ships, beside the one that is built in.
    pub watchlists: Vec<PathBuf>,
    /// GeoJSON files of zones besides those that are built in.
    pub zones: Vec<PathBuf>,
    /// Number of threads; `None` takes all that there are.
    pub threads: Option<NonZeroUsize>,
    /// The caller's word that nothing earlier will come; cut down to the start of its UTC day.
    pub complete_to: Option<Timestamp>,
    /// Forget everything since this day and take it in anew.
    pub rebuild_from: Option<Timestamp>,
    /// Tell of new events of at least this risk.
    pub alert_risk: Option<f64>,
    /// Remove final events that ended more than so many days before the end of what is taken in.
    pub retention_d: Option<u32>,
    /// What counts as now.
    pub clock: Timestamp,
}

impl NightRequest {
    /// Everything in this folder into this store, as of now.
    pub fn new(store: impl Into<PathBuf>, inbox: impl Into<PathBuf>) -> Self {
        Self {
            store: store.into(),
            inbox: inbox.into(),
            format: Format::Auto,
            registry: None,
            watchlists: Vec::new(),
            zones: Vec::new(),
            threads: None,
            complete_to: None,
            rebuild_from: None,
            alert_risk: None,
            retention_d: None,
            clock: now(),
        }
    }

    /// The scan that finds the same.
    fn scan(&self) -> ScanRequest {
        ScanRequest {
            format: self.format,
            registry: self.registry.clone(),
            watchlists: self.watchlists.clone(),
            zones: self.zones.clone(),
            clock: self.clock,
            ..ScanRequest::new(vec![self.inbox.clone()], PathBuf::new())
        }
    }
}

/// Rows that came too late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Late {
    /// The file.
    pub path: String,
    /// How many of its rows.
    pub rows: u64,
    /// Start of the first of their days.
    pub from: Timestamp,
    /// Up to when the store can't be gone back to.
    pub before: Timestamp,
    /// Known files that would be needed to go back, and are gone or changed.
    pub missing: Vec<String>,
}

impl Late {
    fn to_json(&self) -> Json {
        json!({
            "path": self.path,
            "rows": self.rows,
            "from": self.from.to_string(),
            "before": self.before.to_string(),
            "missing": self.missing,
        })
    }

    fn words(&self) -> String {
        let what = format!(
            "{}: {} before {} came too late and {} left out",
            self.path,
            counted(self.rows, "row", "rows"),
            self.before,
            if self.rows == 1 { "was" } else { "were" },
        );
        let rebuild = format!("--rebuild-from {}", self.from.day());
        let (takes, are, them) = match self.missing.as_slice() {
            [] => return format!("{what}; {rebuild} takes them in"),
            [file] => (file.clone(), "is", "it"),
            [files @ .., last] => (format!("{} and {last}", files.join(", ")), "are", "them"),
        };
        let names = if them == "it" {
            "any name"
        } else {
            "any names"
        };
        format!(
            "{what}: to go back there takes {takes}, which {are} gone or changed; put {them} back into the folder (under \
             {names}), and {rebuild} takes all in; what was taken in by mistake is only left out by a new store"
        )
    }
}

/// What a night did.
#[derive(Clone, Debug, Default)]
pub struct NightReport {
    /// Number of the run; `None` if there was nothing to do.
    pub run: Option<i64>,
    /// Every row before this instant is taken in.
    pub complete_to: Option<Timestamp>,
    /// To which instant the night went back; [`NOTHING`] is the beginning.
    pub rewound_to: Option<Timestamp>,
    /// New files that were read.
    pub taken: Vec<InputRecord>,
    /// Files with days that aren't sealed yet.
    pub waiting: Vec<String>,
    /// Files that are still being written.
    pub being_written: Vec<String>,
    /// Files that couldn't be read, or not to their end.
    pub failed: Vec<InputRecord>,
    /// Files that are gone before all their rows were taken in.
    pub missing: Vec<String>,
    /// Rows that came too late.
    pub late: Vec<Late>,
    /// Files in whose place others are.
    pub replaced: Vec<Replaced>,
    /// What changed in the tables.
    pub published: Published,
    /// Events to tell of: those whose risk has come to what was asked for.
    pub alerts: Vec<Change>,
    /// Final events that were removed because they ended long ago.
    pub removed: u64,
    /// What failed after everything was taken in and judged.
    pub after: Vec<String>,
}

/// Which files are still being written, in one sentence however many were just put there; `None` without any.
fn still_written(paths: &[String]) -> Option<String> {
    const NAMED: usize = 3;
    let verb = match paths {
        [] => return None,
        [path] => {
            return Some(format!(
                "{path} is still being written; the next run will take it"
            ));
        }
        _ => "are still being written; the next run will take them",
    };
    let (named, others) = paths.split_at(paths.len().min(NAMED));
    let mut names = named.join(", ");
    if !others.is_empty() {
        names.push_str(&format!(" and {} more", others.len()));
    }
    Some(format!("{names} {verb}"))
}

/// An event to tell of, for programs.
fn alert(run: Option<i64>, table: &str, what: &str, row: &Row) -> Json {
    json!({"run": run, "table": table, "what": what, "event": as_json(row, row.schema())})
}

impl NightReport {
    fn note(&mut self, published: Published, alert_risk: Option<f64>) {
        if let Some(least) = alert_risk {
            let risk = |row: &Row| row.number("risk").is_some_and(|risk| risk >= least);
            let rose = |c: &&Change| {
                c.row.as_ref().is_some_and(risk)
                    && c.risk_before.is_none_or(|before| before < least)
            };
            self.alerts = published.changes.iter().filter(rose).cloned().collect();
        }
        self.published = published;
    }

    /// How the process should end.
    pub fn exit(&self) -> Exit {
        if !self.alerts.is_empty() {
            Exit::Alert
        } else if !self.failed.is_empty()
            || !self.missing.is_empty()
            || !self.late.is_empty()
            || !self.after.is_empty()
        {
            Exit::Partly
        } else {
            Exit::Done
        }
    }

    fn count(&self, what: What) -> usize {
        let changes = self.published.changes.iter();
        changes.filter(|c| c.what == what).count()
    }

    /// Everything that the user should know though the night was done, in words.
    pub fn warnings(&self) -> Vec<String> {
        let mut words: Vec<String> = Vec::new();
        words.extend(
            self.failed
                .iter()
                .filter_map(|f| Some(f.failure()?.to_string())),
        );
        words.extend(
            self.taken
                .iter()
                .filter_map(|input| Some(format!("{}: {}", input.name(), input.note.as_deref()?))),
        );
        words.extend(self.missing.iter().map(|path| {
            format!(
                "{path} is gone or changed before all its rows were taken in, and those of the last days are left out; put it \
                 back into the folder (under any name), and the next run takes them in"
            )
        }));
        words.extend(self.late.iter().map(Late::words));
        words.extend(self.replaced.iter().filter_map(Replaced::words));
        words.extend(still_written(&self.being_written));
        words.extend(self.after.iter().cloned());
        if self.published.conflicts > 0 {
            words.push(format!(
                "{} final rows would come out otherwise today and were left as they are; please report this",
                self.published.conflicts
            ));
        }
        words
    }

    /// For programs.
    pub fn to_json(&self) -> Json {
        json!({
            "run": self.run,
            "complete_to": self.complete_to.map(|t| t.to_string()),
            "rewound_to": self.rewound_to.map(|t| match t {
                NOTHING => "beginning".to_owned(),
                t => t.to_string(),
            }),
            "taken": self.taken,
            "waiting": self.waiting,
            "being_written": self.being_written,
            "failed": self.failed,
            "missing": self.missing,
            "late": self.late.iter().map(Late::to_json).collect::<Vec<_>>(),
            "replaced": self.replaced.iter().map(Replaced::to_json).collect::<Vec<_>>(),
            "new": self.count(What::New),
            "changed": self.count(What::Changed),
            "closed": self.count(What::Closed),
            "reopened": self.count(What::Reopened),
            "final": self.count(What::Final),
            "gone": self.count(What::Gone),
            "removed": self.removed,
            "after": self.after,
            "alerts": self.alerts(),
        })
    }

    fn alerts(&self) -> Vec<Json> {
        let alert = |change: &Change| {
            let row = change.row.as_ref()?;
            Some(alert(self.run, change.layer, change.what.name(), row))
        };
        self.alerts.iter().filter_map(alert).collect()
    }

    /// The events to tell of, a line of JSON each.
    pub fn alert_lines(&self) -> String {
        self.alerts().iter().map(|a| format!("{a}\n")).collect()
    }

    /// For people.
    pub fn to_text(&self) -> String {
        let to = self
            .complete_to
            .map_or("nothing yet".to_owned(), |t| t.to_string());
        let mut text = match self.run {
            None => format!("Nothing to do; complete to {to}.\n"),
            Some(run) => {
                let rows: u64 = self.taken.iter().map(|f| f.rows_accepted).sum();
                format!(
                    "Run {run}: {}, {}; complete to {to}.\n\
                     Events: {} new, {} changed, {} closed, {} reopened, {} gone.\n",
                    counted(self.taken.len() as u64, "new file", "new files"),
                    counted(rows, "row", "rows"),
                    self.count(What::New),
                    self.count(What::Changed),
                    self.count(What::Closed),
                    self.count(What::Reopened),
                    self.count(What::Gone),
                )
            }
        };
        if let Some(at) = self.rewound_to {
            text.push_str(&match at {
                NOTHING => "Everything was taken in anew, from the beginning.\n".to_owned(),
                at => format!("Everything since {at} was taken in anew.\n"),
            });
        }
        if self.removed > 0 {
            text.push_str(&format!(
                "{} ended long ago and {} removed.\n",
                counted(self.removed, "event", "events"),
                if self.removed == 1 { "was" } else { "were" },
            ));
        }
        if !self.waiting.is_empty() {
            let n = self.waiting.len();
            text.push_str(&format!(
                "{} {}: {} last day is sealed by a file of the next day, or by --complete-to.\n",
                counted(n as u64, "file", "files"),
                if n == 1 { "waits" } else { "wait" },
                if n == 1 { "its" } else { "their" },
            ));
        }
        text
    }
}

/// Takes what is new in the inbox into the store.
///
/// # Errors
/// If another run holds the store, it was made with another configuration or other reference data, or it can't be
/// written. It is as it was after the last whole day then. A file that can't be read is no error: see
/// [`NightReport::exit`].
pub fn nightly(
    config: &Config,
    request: &NightRequest,
    progress: &dyn Progress,
) -> Result<NightReport, Error> {
    config.validate()?;
    if let Some(days) = request.retention_d {
        retention::check(config, days)?;
    }
    on_threads(request.threads, || work::run(config, request, progress))
}

/// What the runs after this one changed.
///
/// # Errors
/// If the store can't be read, or never had this run.
pub fn changes_since(store: &Path, run: i64) -> Result<Vec<Changed>, Error> {
    Ok(reader_since(store, run)?.changes_since(run)?)
}

/// A store that has had this run, or begins after it.
fn reader_since(store: &Path, run: i64) -> Result<Reader, Error> {
    let reader = Reader::open(store)?;
    match reader.last_run()? {
        last if run > last.unwrap_or(0) => Err(Error::Request {
            flag: "--since",
            reason: match last {
                Some(last) => format!(
                    "there was no run {run} yet, the last one is {last}; give {} for what that one changed, 0 for all",
                    last - 1
                ),
                None => format!("there was no run {run} yet, and none before; give 0"),
            },
        }),
        _ => Ok(reader),
    }
}

/// The events that runs after this one made or changed and whose risk is at least so much now, with the last such run of
/// each: what their alerts told, and what was as risky before.
///
/// # Errors
/// If the store can't be read, or never had this run.
pub fn alerts_since(store: &Path, run: i64, least: f64) -> Result<Vec<Json>, Error> {
    let reader = reader_since(store, run)?;
    let changes = reader.changes_since(run)?;
    let last: BTreeMap<(&str, &str), &Changed> = changes
        .iter()
        .map(|c| ((c.layer.as_str(), c.event_id.as_str()), c))
        .collect();
    let mut alerts = Vec::new();
    for schema in schema::ALL
        .into_iter()
        .filter(|s| s.index("risk").is_some())
    {
        for row in reader.table(schema)?.rows().iter() {
            let change = row
                .text("event_id")
                .and_then(|id| last.get(&(schema.name, id)));
            if let Some(c) = change
                && row.number("risk").is_some_and(|risk| risk >= least)
            {
                alerts.push(alert(Some(c.run), schema.name, &c.what, row));
            }
        }
    }
    Ok(alerts)
}
