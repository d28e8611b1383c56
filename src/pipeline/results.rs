//! What an earlier run wrote, for the commands that only read it.

use std::path::Path;

use super::RunJson;
use crate::error::Error;
use crate::evaluate::TRANSFER_KINDS;
use crate::model::{Facts, Table, TableSchema, schema};
use crate::tables::{Folder, TableError};
use crate::volumes::{self, Accounts, Key};

/// A result: a scan's folder.
#[derive(Clone, Debug)]
pub struct Results {
    folder: Folder,
}

impl Results {
    /// Opens a result.
    ///
    /// # Errors
    /// If there is none.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Ok(Self {
            folder: Folder::open(path)?,
        })
    }

    /// The rows of a table; none if the result has no such table, as those of older versions.
    ///
    /// # Errors
    /// If it can't be read.
    pub fn table(&self, schema: &'static TableSchema) -> Result<Table, Error> {
        match self.folder.table(schema) {
            Err(TableError::Read { source, .. })
                if source.kind() == std::io::ErrorKind::NotFound =>
            {
                if self.run()?.tables.contains_key(schema.name) {
                    return Err(Error::Request {
                        flag: "SOURCE",
                        reason: format!(
                            "{} has no {}.parquet; scan with --export parquet",
                            self.folder.path().display(),
                            schema.name
                        ),
                    });
                }
                Ok(Table::new(schema, Vec::new()))
            }
            table => Ok(table?),
        }
    }

    /// The facts that the scan kept.
    ///
    /// # Errors
    /// If they are missing, damaged, or of another version.
    pub fn facts(&self) -> Result<Facts, Error> {
        Ok(self.folder.facts()?)
    }

    /// How it came about.
    ///
    /// # Errors
    /// If `run.json` can't be read or is of another version.
    pub fn run(&self) -> Result<RunJson, Error> {
        let text = self.folder.run()?;
        serde_json::from_str(&text).map_err(|e| Error::Request {
            flag: "SOURCE",
            reason: format!(
                "{} holds a run.json of another version ({e}); scan again",
                self.folder.path().display()
            ),
        })
    }
}

/// Port calls and transfers of a result, or the published counts of a CSV file, added up by these keys.
///
/// # Errors
/// If the source can't be read.
pub fn accounts(source: &Path, by: &[Key], cap_bbl: f64) -> Result<Accounts, Error> {
    let movements = if source.is_file() {
        volumes::read_published(source)?
    } else {
        let results = Results::open(source)?;
        let tables = [
            results.table(&schema::ENCOUNTERS)?,
            results.table(&schema::PORT_CALLS)?,
            results.table(&schema::VESSELS)?,
        ];
        volumes::movements_of(&tables, &TRANSFER_KINDS)
    };
    Ok(volumes::accounts(&movements, by, cap_bbl))
}
