//! Results on disk: writing tables, and opening them again.
//!
//! In: [`Table`]s. Out: `<name>.parquet` and `<name>.csv` in a folder; and back. Rules: the folder
//! appears whole or not at all; equal rows give equal bytes; both formats hold the same values, each
//! number rounded to its column's decimals.

mod cell;
mod csv_file;
mod facts_file;
mod folder;
mod geojson_file;
mod geometry;
pub mod geopackage;
mod output_dir;
mod parquet_file;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::model::{Facts, ParamError, Table};
use csv_file::CsvFile;
use parquet_file::{ParquetFile, ROW_GROUP_ROWS};

pub use crate::model::text::guarded;
pub use cell::as_written;
pub use facts_file::FACTS_FILE;
pub use folder::{Folder, read_parquet};
pub(crate) use output_dir::recorded_files;
pub use output_dir::{OutputDir, REPORT_FILE, RUN_FILE, write_whole};

/// A format in which tables are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Export {
    /// Apache Parquet, zstd; needed to open a result again.
    Parquet,
    /// Comma-separated values, UTF-8, with a header.
    Csv,
    /// GeoPackage, for GIS programs: `events.gpkg`, a layer per table.
    Gpkg,
    /// GeoJSON, for maps in a browser: `events.geojson`, a feature per event.
    Geojson,
    /// The report: one page of all tables.
    Html,
}

impl Export {
    /// All formats.
    pub const ALL: [Self; 5] = [
        Self::Parquet,
        Self::Csv,
        Self::Gpkg,
        Self::Geojson,
        Self::Html,
    ];

    /// What is written if nothing else is asked for.
    pub const DEFAULT: [Self; 3] = [Self::Parquet, Self::Csv, Self::Html];

    /// The name on the command line and in the configuration, and the files' extension.
    pub fn name(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::Csv => "csv",
            Self::Gpkg => "gpkg",
            Self::Geojson => "geojson",
            Self::Html => "html",
        }
    }
}

impl fmt::Display for Export {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A word that names no format.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{word}' is no export format; use parquet, csv, gpkg, geojson or html")]
pub struct UnknownExport {
    /// The word.
    pub word: String,
}

impl FromStr for Export {
    type Err = UnknownExport;

    fn from_str(word: &str) -> Result<Self, UnknownExport> {
        Self::ALL
            .into_iter()
            .find(|format| format.name() == word)
            .ok_or_else(|| UnknownExport {
                word: word.to_owned(),
            })
    }
}

/// How results are written: section `[tables]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Params {
    /// Formats, at least one.
    pub export: Vec<Export>,
}

impl Default for Params {
    fn default() -> Self {
        Self {
            export: Export::DEFAULT.to_vec(),
        }
    }
}

impl Params {
    /// Holds every parameter to its range.
    ///
    /// # Errors
    /// On the first parameter out of range.
    pub fn validate(&self) -> Result<(), ParamError> {
        if self.export.is_empty() {
            return Err(ParamError::new(
                "export",
                "[]",
                "must name at least one format: parquet, csv, gpkg, geojson, html",
            ));
        }
        Ok(())
    }
}

/// A result that can't be written or opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// A folder that this program did not make, and that holds something.
    #[error(
        "{} already exists and was not made by alongside ({found} is in it); choose another folder or empty it",
        path.display()
    )]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// What is in it that doesn't belong to a result.
        found: String,
    },
    /// The place for the folder is taken by a file.
    #[error("{} is a file, not a folder; choose another place for the output", path.display())]
    NotAFolder {
        /// The file.
        path: PathBuf,
    },
    /// The folder is the one in which the program was started, or holds it.
    #[error(
        "{} is the folder in which you are, and would be replaced as a whole; name it from the folder above",
        path.display()
    )]
    Here {
        /// The folder.
        path: PathBuf,
    },
    /// The folder can't be put in its place by renaming.
    #[error(
        "can't put the finished output at {} ({source}); the folder must be one that can be renamed: \
         choose a new folder inside it, or another disk",
        path.display()
    )]
    Place {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file can't be written.
    #[error("can't write {} ({source}); check free space and permissions", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A Parquet file can't be written.
    #[error("can't write {} ({source}); check free space and permissions", path.display())]
    Encode {
        /// The file.
        path: PathBuf,
        /// What the encoder said.
        source: polars::prelude::PolarsError,
    },
    /// A folder that holds no result.
    #[error("{} holds no result of alongside (no {RUN_FILE}); give the folder that a scan wrote", path.display())]
    NoResult {
        /// The folder.
        path: PathBuf,
    },
    /// A file can't be read.
    #[error("can't read {} ({source}); run the scan again", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A Parquet file is damaged, or none.
    #[error("can't read {} ({source}); run the scan again", path.display())]
    Decode {
        /// The file.
        path: PathBuf,
        /// What the decoder said.
        source: polars::prelude::PolarsError,
    },
    /// An SQLite file can't be written or read.
    #[error("can't use {} ({source}); check free space and permissions", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What SQLite said.
        source: rusqlite::Error,
    },
    /// The facts beside the tables are damaged, or of another version.
    #[error("can't read the facts in {} ({reason}); scan again", path.display())]
    Facts {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// A column has another type than its table says.
    #[error(
        "column '{column}' of {} is {found}, not {expected}; it was written by another version: run the scan again",
        path.display()
    )]
    ColumnType {
        /// The file.
        path: PathBuf,
        /// The column.
        column: &'static str,
        /// The type in the file.
        found: String,
        /// The type by the schema.
        expected: &'static str,
    },
}

impl OutputDir {
    /// Writes the facts, from which the events can be judged again.
    ///
    /// # Errors
    /// If the file can't be written.
    pub fn write_facts(&mut self, facts: &Facts) -> Result<(), TableError> {
        let path = self.add_file(FACTS_FILE.to_owned());
        facts_file::write(&path, facts)
    }

    /// Writes a table in each of these formats that has a file of its own for every table.
    ///
    /// # Errors
    /// If a file can't be written.
    pub fn write_table(&mut self, table: &Table, formats: &[Export]) -> Result<(), TableError> {
        let mut wanted = |format: Export| {
            let name = format!("{}.{}", table.schema.name, format.name());
            formats.contains(&format).then(|| self.add_file(name))
        };
        write_files(table, wanted(Export::Parquet), wanted(Export::Csv))
    }

    /// Writes all tables into one file for each of these formats that holds several.
    ///
    /// # Errors
    /// If a file can't be written.
    pub fn write_maps(&mut self, tables: &[Table], formats: &[Export]) -> Result<(), TableError> {
        let name = |format: Export| format!("events.{}", format.name());
        if formats.contains(&Export::Gpkg) {
            let all: Vec<&Table> = tables.iter().collect();
            geopackage::write(&self.add_file(name(Export::Gpkg)), &all)?;
        }
        if formats.contains(&Export::Geojson) {
            let is_event = |t: &&Table| {
                t.schema.index("event_id").is_some() && t.schema.index("status").is_some()
            };
            let events: Vec<&Table> = tables.iter().filter(is_event).collect();
            geojson_file::write(&self.add_file(name(Export::Geojson)), &events)?;
        }
        Ok(())
    }
}

/// Writes a table to these files. Rows that are made when they are asked for are made once for both.
fn write_files(
    table: &Table,
    parquet: Option<PathBuf>,
    csv: Option<PathBuf>,
) -> Result<(), TableError> {
    if parquet.is_none() && csv.is_none() {
        return Ok(());
    }
    let create = |path| ParquetFile::create(path, table.schema);
    let mut parquet = parquet.map(create).transpose()?;
    let create = |path| CsvFile::create(path, table.schema);
    let mut csv = csv.map(create).transpose()?;
    for rows in table.batches(ROW_GROUP_ROWS) {
        let (packed, lines) = rayon::join(
            || parquet.as_mut().map_or(Ok(()), |file| file.write(&rows)),
            || csv.as_mut().map_or(Ok(()), |file| file.write(&rows)),
        );
        packed.and(lines)?;
    }
    parquet.map_or(Ok(()), ParquetFile::finish)
}
