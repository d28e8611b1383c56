//! What can go wrong: with one input (the others go on), and with the whole run.

use std::path::PathBuf;

use crate::model::ParamError;

/// Why an input could not be read, or not to its end. The other inputs are read all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InputError {
    /// No such file, no permission, or the disk failed.
    #[error("cannot read '{path}': {reason}; check that it exists and may be read")]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        reason: String,
    },
    /// A pattern that leads to nothing.
    #[error("'{path}' matches no file; check the pattern and the folder from which it is read")]
    NoMatch {
        /// The pattern.
        path: PathBuf,
    },
    /// A folder, or folders of a pattern, in which no file of a known kind was found.
    #[error("'{path}' holds no file of a known kind; known are {known}")]
    NothingFound {
        /// The folder or pattern.
        path: PathBuf,
        /// The endings looked for.
        known: &'static str,
    },
    /// A folder that this program wrote.
    #[error(
        "'{path}' is a result of alongside, not AIS data; name the files that it was made from"
    )]
    Result {
        /// The folder.
        path: PathBuf,
    },
    /// Nothing in it.
    #[error("'{name}' is empty; fetch it again")]
    Empty {
        /// The file, with its member if it is an archive.
        name: String,
    },
    /// Content that is none of the known forms.
    #[error("'{name}' is not AIS data in a known form: {reason}")]
    UnknownForm {
        /// The file, with its member if it is an archive.
        name: String,
        /// What was found, and what to do.
        reason: String,
    },
    /// Text whose header is of no known format.
    #[error(
        "'{name}' has no header of a known format (found: {columns}); known are {known}; \
         map its columns in the section [ingest.mapping] of the configuration"
    )]
    UnknownHeader {
        /// The file, with its member if it is an archive.
        name: String,
        /// The columns found, shortened.
        columns: String,
        /// The formats known.
        known: &'static str,
    },
    /// A format was asked for, but columns that it needs are missing.
    #[error(
        "'{name}' lacks {missing} for the format {format} (found: {columns}); choose another format"
    )]
    MissingColumns {
        /// The file, with its member if it is an archive.
        name: String,
        /// The format.
        format: &'static str,
        /// The columns that are missing.
        missing: String,
        /// The columns found, shortened.
        columns: String,
    },
    /// Text that lacks columns named in the mapping of the configuration.
    #[error(
        "'{name}' lacks {missing} (found: {columns}); correct the section [ingest.mapping] in the file of --config"
    )]
    UnmappedColumns {
        /// The file, with its member if it is an archive.
        name: String,
        /// The columns that are missing, each with its key in the configuration.
        missing: String,
        /// The columns found, shortened.
        columns: String,
    },
    /// A table without a column that is needed, under any of its names.
    #[error(
        "'{name}' lacks {missing} (found: {columns}); rename its columns, docs/inputs.md lists the names"
    )]
    UnnamedColumns {
        /// The file.
        name: String,
        /// What is missing.
        missing: String,
        /// The columns found, shortened.
        columns: String,
    },
    /// It broke off or is damaged: the rows before the damage are kept and counted, the row it broke
    /// off in is left out. Where bytes were changed, what was decoded until that showed is kept too.
    #[error(
        "'{name}' is damaged or cut short ({reason}); {}; fetch it again", used(*rows)
    )]
    Damaged {
        /// The file, with its member if it is an archive.
        name: String,
        /// What the decoder said.
        reason: String,
        /// Rows before the damage that are used.
        rows: u64,
    },
    /// It was read to its end, and there are rows in it, but none that is of use.
    #[error("'{name}': {} can be used ({rejects}){sample}; {advice}", none_of(*rows))]
    NothingUsable {
        /// The file, with its member if it is an archive.
        name: String,
        /// Its rows.
        rows: u64,
        /// Why they can't, by reason.
        rejects: String,
        /// The first of those of the commonest reason, in words; empty of some reasons.
        sample: String,
        /// What may be the matter, and what to do.
        advice: String,
    },
}

fn none_of(rows: u64) -> String {
    match rows {
        1 => "not its only row".to_owned(),
        n => format!("none of its {n} rows"),
    }
}

fn used(rows: u64) -> String {
    match rows {
        0 => "no row before that could be used".to_owned(),
        1 => "the row before that is used".to_owned(),
        n => format!("the {n} rows before that are used"),
    }
}

/// Why reading as a whole failed: the run can't go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// Nothing was asked for.
    #[error("no input given; name at least one file, folder or pattern")]
    NoInputs,
    /// A parameter is out of range.
    #[error("ingest.{0}")]
    Param(#[from] ParamError),
    /// Temporary files can't be written or read back.
    #[error(
        "temporary files in '{path}' failed: {source}; free space there or set ingest.temporary_dir"
    )]
    Temporary {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file of rejected rows can't be written.
    #[error("rejected rows cannot be written to '{path}': {source}; choose another file")]
    Rejects {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A temporary file doesn't hold what was written to it.
    #[error("a temporary file of {day} came back damaged ({reason}); run again")]
    Spill {
        /// The day.
        day: String,
        /// What the decoder said.
        reason: String,
    },
}
