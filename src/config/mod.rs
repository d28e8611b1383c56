//! All parameters in one place.
//!
//! In: a TOML file. Out: a [`Config`], each section being the `Params` of one stage. Rules: a key that
//! nobody knows is refused, so is a value out of range, each with its line; nothing is read from the
//! environment; no stage sees more than its own section.
//!
//! To add a section: a field in [`Config`], a line in `Config::sections`, and its keys with their
//! comments in `default.toml` (a test holds the three together).

use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::model::{ParamError, text};
use crate::{assess, encounter, ingest, proximity, reception, rendezvous, tables, track};

/// The default configuration with every key explained; parses to [`Config::default`].
pub const DEFAULT_TOML: &str = include_str!("default.toml");

/// The parameters of every stage.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// How inputs are read.
    pub ingest: ingest::Params,
    /// By vessel.
    pub track: track::Params,
    /// By slot.
    pub proximity: proximity::Params,
    /// By pair.
    pub encounter: encounter::Params,
    /// Who is heard where.
    pub reception: reception::Params,
    /// Judgement.
    pub assess: assess::Params,
    /// What an encounter is called.
    pub kind: assess::KindParams,
    /// When an identity counts as false.
    pub identity: assess::IdentityParams,
    /// How volumes are estimated.
    pub volume: assess::VolumeParams,
    /// What to review first.
    pub risk: assess::RiskParams,
    /// Who can have met unseen.
    pub rendezvous: rendezvous::Params,
    /// Why a ship was silent.
    pub gap: assess::GapParams,
    /// How results are written.
    pub tables: tables::Params,
}

/// A configuration that can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The file can't be read.
    #[error("can't read the configuration {} ({source}); check its path", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The text is no TOML, has a key that nobody knows, or a value of the wrong type.
    #[error("{}:{line}: {reason}; `alongside config` prints every key", path.display())]
    Parse {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A value is out of range.
    #[error("{}: {section}.{source}", place(path.as_deref(), *line))]
    Value {
        /// The file; `None` if the value was set by the program.
        path: Option<PathBuf>,
        /// The line, from 1, if the file has the key.
        line: Option<usize>,
        /// The section.
        section: &'static str,
        /// Key, value and range.
        source: ParamError,
    },
}

fn place(path: Option<&Path>, line: Option<usize>) -> String {
    match (path, line) {
        (Some(path), Some(line)) => format!("{}:{line}", path.display()),
        (Some(path), None) => path.display().to_string(),
        (None, _) => "configuration".to_owned(),
    }
}

impl Config {
    /// Every section's name with what its stage says of its values.
    fn sections(&self) -> Vec<(&'static str, Result<(), ParamError>)> {
        vec![
            ("ingest", self.ingest.validate()),
            ("track", self.track.validate()),
            ("proximity", self.proximity.validate()),
            ("encounter", self.encounter.validate(self.proximity.watch_h)),
            ("reception", self.reception.validate()),
            ("assess", self.assess.validate()),
            ("kind", self.kind.validate()),
            ("identity", self.identity.validate()),
            ("volume", self.volume.validate()),
            ("risk", self.risk.validate()),
            ("rendezvous", self.rendezvous.validate(reception::LONGEST_D)),
            ("gap", self.gap.validate()),
            ("tables", self.tables.validate()),
        ]
    }

    /// This configuration's sections of judgement and of results, with the sections of `scan` that act on rows: `ingest`, which
    /// changes nothing any more, and those that shaped its facts.
    ///
    /// # Errors
    /// The name of a section that shaped the facts and that this configuration sets to something else, but for the default: a
    /// configuration that leaves a section out keeps the scan's.
    pub fn judging(&self, scan: &Self) -> Result<Self, &'static str> {
        let default = Self::default();
        let differs = [
            (
                "track",
                self.track != scan.track && self.track != default.track,
            ),
            (
                "proximity",
                self.proximity != scan.proximity && self.proximity != default.proximity,
            ),
            (
                "encounter",
                self.encounter != scan.encounter && self.encounter != default.encounter,
            ),
            (
                "reception",
                self.reception != scan.reception && self.reception != default.reception,
            ),
        ];
        if let Some((section, _)) = differs.into_iter().find(|(_, differs)| *differs) {
            return Err(section);
        }
        Ok(Self {
            ingest: scan.ingest.clone(),
            track: scan.track.clone(),
            proximity: scan.proximity.clone(),
            encounter: scan.encounter.clone(),
            reception: scan.reception.clone(),
            ..self.clone()
        })
    }

    /// Reads a file; keys that it lacks have their default.
    ///
    /// # Errors
    /// If it can't be read, has a key that nobody knows, or a value out of range.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path).map_err(|source| ConfigError::Read {
            path: path.to_owned(),
            source,
        })?;
        Self::parse(&text, path)
    }

    /// Reads TOML; `path` is what errors call it.
    ///
    /// # Errors
    /// If it has a key that nobody knows, or a value out of range.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|e| ConfigError::Parse {
            path: path.to_owned(),
            line: e.span().map_or(1, |span| line_of(text, span.start)),
            reason: e.message().replace('`', "'"),
        })?;
        config.check(|section, key| {
            (
                Some(path.to_owned()),
                span_of(text, section, key).map(|span| line_of(text, span.start)),
            )
        })?;
        Ok(config)
    }

    /// Holds every value to its range.
    ///
    /// # Errors
    /// On the first value out of range.
    pub fn validate(&self) -> Result<(), ConfigError> {
        self.check(|_, _| (None, None))
    }

    fn check(
        &self,
        place: impl Fn(&str, &str) -> (Option<PathBuf>, Option<usize>),
    ) -> Result<(), ConfigError> {
        for (section, result) in self.sections() {
            if let Err(source) = result {
                let (path, line) = place(section, source.key);
                return Err(ConfigError::Value {
                    path,
                    line,
                    section,
                    source,
                });
            }
        }
        Ok(())
    }

    /// The resolved configuration as TOML, every key written out.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a configuration holds numbers, words, lists and tables only")
    }

    /// SHA-256 of [`Self::to_toml`] in hexadecimal: equal for equal parameters, however they were written.
    pub fn sha256(&self) -> String {
        text::hex(&Sha256::digest(self.to_toml().as_bytes()))
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|b| *b == b'\n').count()
}

/// Where a file sets a key.
fn span_of(text: &str, section: &str, key: &str) -> Option<Range<usize>> {
    let document = toml::de::DeTable::parse(text).ok()?;
    let mut table = document.get_ref().get(section)?.get_ref().as_table()?;
    // A key of a table within the section has dots in its name.
    let (tables, key) = key.rsplit_once('.').unwrap_or(("", key));
    for name in tables.split('.').filter(|name| !name.is_empty()) {
        table = table.get(name)?.get_ref().as_table()?;
    }
    let (key, _) = table.iter().find(|(name, _)| name.get_ref() == key)?;
    Some(key.span())
}
