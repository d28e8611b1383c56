//! What an earlier run wrote, for the commands that only read it.

use std::path::Path;

use super::{RunJson, wiring};
use crate::config::Config;
use crate::error::Error;
use crate::model::{Facts, Row, Table, TableSchema, schema};
use crate::report::{self, Dossier};
use crate::store::{Reader, drop_past, is_store};
use crate::tables::{Folder, TableError};
use crate::volumes::{self, Accounts, Key};

/// A result: a scan's folder, or the store of the nights.
#[derive(Debug)]
pub struct Results(Kind);

#[derive(Debug)]
enum Kind {
    Folder(Folder),
    Store(Reader),
}

impl Results {
    /// Opens a result.
    ///
    /// # Errors
    /// If there is none.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Ok(Self(if is_store(path) {
            Kind::Store(Reader::open(path)?)
        } else {
            Kind::Folder(Folder::open(path)?)
        }))
    }

    /// The rows of a table; none if the result has no such table, as those of older versions.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn table(&self, schema: &'static TableSchema) -> Result<Table, Error> {
        let folder = match &self.0 {
            Kind::Folder(folder) => folder,
            Kind::Store(store) => return Ok(store.table(schema)?),
        };
        match folder.table(schema) {
            Err(TableError::Read { source, .. })
                if source.kind() == std::io::ErrorKind::NotFound =>
            {
                if self.run()?.tables.contains_key(schema.name) {
                    return Err(Error::Request {
                        flag: "SOURCE",
                        reason: format!(
                            "{} has no {}.parquet; scan with --export parquet",
                            folder.path().display(),
                            schema.name
                        ),
                    });
                }
                Ok(Table::new(schema, Vec::new()))
            }
            table => Ok(table?),
        }
    }

    /// Leaves out what the store no longer keeps, though it can still be judged.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn drop_past(&self, tables: &mut [Table]) -> Result<(), Error> {
        if let Kind::Store(store) = &self.0
            && let Some(kept_from) = store.kept_from()?
        {
            drop_past(tables, kept_from);
        }
        Ok(())
    }

    /// The facts that the scan kept, or the nights.
    ///
    /// # Errors
    /// If they are missing, damaged, or of another version.
    pub fn facts(&self) -> Result<Facts, Error> {
        match &self.0 {
            Kind::Folder(folder) => Ok(folder.facts()?),
            Kind::Store(store) => {
                let (closed, state) = store.facts()?;
                let mut engine = wiring::engine(&recorded(&self.run()?.config, store.path())?);
                engine.resume(&state)?;
                Ok(engine.into_facts().with_earlier(closed))
            }
        }
    }

    /// How it came about.
    ///
    /// # Errors
    /// If there is no record of it, or one of another version.
    pub fn run(&self) -> Result<RunJson, Error> {
        let refuse = |path: &Path, reason: String| Error::Request {
            flag: "SOURCE",
            reason: format!("{} {reason}", path.display()),
        };
        let (path, text) = match &self.0 {
            Kind::Folder(folder) => (folder.path(), folder.run()?),
            Kind::Store(store) => {
                let none = || refuse(store.path(), "holds no night yet".to_owned());
                (store.path(), store.run()?.ok_or_else(none)?)
            }
        };
        serde_json::from_str(&text).map_err(|e| {
            refuse(
                path,
                format!("holds a run.json of another version ({e}); scan again"),
            )
        })
    }
}

/// The configuration that a result states.
pub(super) fn recorded(config: &serde_json::Value, source: &Path) -> Result<Config, Error> {
    serde_json::from_value(config.clone()).map_err(|e| Error::Request {
        flag: "SOURCE",
        reason: format!(
            "{} was scanned with a configuration of another version ({e}); scan again",
            source.display()
        ),
    })
}

/// Fewest characters by which an event can be named.
const LEAST_ID: usize = 4;

/// An event, ready to be shown.
#[derive(Clone, Debug)]
pub struct Explained {
    /// In words.
    pub text: String,
    /// Its row, and its samples if it is an encounter.
    pub json: serde_json::Value,
}

/// Explains an event of a result. Its name may be cut short as long as only one begins so.
///
/// # Errors
/// If the source can't be read, no event has this name, or several begin with it.
pub fn explain(source: &Path, event_id: &str) -> Result<Explained, Error> {
    let refuse = |reason: String| Error::Request {
        flag: "EVENT_ID",
        reason,
    };
    if event_id.len() < LEAST_ID {
        return Err(refuse(format!(
            "'{event_id}' is too short; give at least {LEAST_ID} characters"
        )));
    }
    let wanted = event_id.to_ascii_lowercase();
    let results = Results::open(source)?;
    let mut found: Vec<(&'static TableSchema, Row)> = Vec::new();
    for schema in event_tables() {
        let table = results.table(schema)?;
        let rows = table.rows();
        let rows = rows.iter().filter(|row| {
            row.text("event_id")
                .is_some_and(|id| id.starts_with(&wanted))
        });
        found.extend(rows.map(|row| (schema, row.clone())));
    }
    let (schema, row) = match &found[..] {
        [(schema, row)] => (*schema, row),
        [] => {
            return Err(refuse(format!(
                "{} holds no event '{event_id}'; names are in the column event_id",
                source.display()
            )));
        }
        several => {
            let names: Vec<&str> = several
                .iter()
                .filter_map(|(_, row)| row.text("event_id"))
                .take(5)
                .collect();
            return Err(refuse(format!(
                "'{event_id}' is the beginning of {} events ({}); give more of it",
                several.len(),
                names.join(", ")
            )));
        }
    };
    let evidence = if schema.name == schema::ENCOUNTERS.name {
        let table = results.table(&schema::EVIDENCE)?;
        let rows = table.rows();
        rows.iter()
            .filter(|sample| sample.get("event_id") == row.get("event_id"))
            .cloned()
            .collect()
    } else {
        Vec::new()
    };
    let explanation = report::explain(schema, row, &results.table(&schema::VESSELS)?, &evidence);
    let samples: Vec<_> = evidence
        .iter()
        .map(|row| report::as_json(row, &schema::EVIDENCE))
        .collect();
    Ok(Explained {
        text: explanation.to_text(),
        json: serde_json::json!({
            "table": schema.name,
            "event": report::as_json(row, schema),
            "evidence": samples,
        }),
    })
}

/// Tables whose rows are events.
fn event_tables() -> impl Iterator<Item = &'static TableSchema> {
    let is_event = |schema: &TableSchema| {
        schema.index("event_id").is_some() && schema.name != schema::EVIDENCE.name
    };
    schema::ALL
        .into_iter()
        .filter(move |schema| is_event(schema))
}

/// Everything that a result knows of one ship, by its IMO number or MMSI.
///
/// # Errors
/// If the source can't be read, or holds nothing of the ship.
pub fn dossier(source: &Path, number: u32) -> Result<Dossier, Error> {
    let results = Results::open(source)?;
    let tables: Result<Vec<Table>, Error> = event_tables()
        .chain([&schema::VESSELS])
        .map(|schema| results.table(schema))
        .collect();
    let dossier = report::dossier(number, &tables?);
    if dossier.is_empty() {
        return Err(Error::Request {
            flag: "IMO|MMSI",
            reason: format!(
                "{} holds nothing of a ship with the number {number}; of IMO numbers it knows the last that each ship sent and \
                 those in encounters and findings, so ask by MMSI for one that was sent for a short time",
                source.display()
            ),
        });
    }
    Ok(dossier)
}

/// Port calls and transfers of a result, or the published counts of a CSV file, added up by these keys.
///
/// # Errors
/// If the source can't be read, or a key is given twice.
pub fn accounts(source: &Path, by: &[Key], cap_bbl: f64) -> Result<Accounts, Error> {
    if let Some((n, key)) = by
        .iter()
        .enumerate()
        .find(|(n, key)| by[..*n].contains(key))
    {
        return Err(Error::Request {
            flag: "--by",
            reason: format!(
                "'{key}' is given twice ({} of {}); give each key once",
                n + 1,
                by.len()
            ),
        });
    }
    let movements = if source.is_file() && !is_store(source) {
        volumes::read_published(source)?
    } else {
        let results = Results::open(source)?;
        let tables = [
            results.table(&schema::ENCOUNTERS)?,
            results.table(&schema::PORT_CALLS)?,
            results.table(&schema::VESSELS)?,
        ];
        volumes::movements_of(&tables)
    };
    Ok(volumes::accounts(&movements, by, cap_bbl))
}
