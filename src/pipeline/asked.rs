//! What was asked for, as `run.json` keeps it, and the same request again from wherever the result is read.
//!
//! Paths stay as they were given. Beside them stands the folder in which they were given, so that they lead to the same
//! files from anywhere.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{ReferenceRecord, ScanRequest};
use crate::error::Error;
use crate::ingest::Format;
use crate::model::Timestamp;

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RequestRecord {
    /// The folder in which it was asked for: from there paths are named that don't begin at the root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Files, folders and patterns as given.
    pub inputs: Vec<String>,
    /// Form of the inputs.
    pub format: Format,
    /// Events from this instant on.
    pub from: Option<String>,
    /// Events before this instant.
    pub to: Option<String>,
    /// Events inside this box: W,S,E,N in degrees.
    pub bbox: Option<String>,
    /// Events inside the polygons of this file.
    pub area: Option<String>,
    /// The register of ships.
    #[serde(default)]
    pub registry: Option<String>,
    /// Lists of ships, beside the one that is built in.
    #[serde(default)]
    pub watchlists: Vec<String>,
    /// Files of zones besides those that are built in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<String>,
    /// What counted as now.
    pub clock: String,
}

impl RequestRecord {
    pub(super) fn of(request: &ScanRequest) -> Self {
        let path = |p: &PathBuf| p.display().to_string();
        Self {
            folder: here(),
            inputs: request.inputs.iter().map(path).collect(),
            format: request.format,
            from: request.from.map(|t| t.to_string()),
            to: request.to.map(|t| t.to_string()),
            bbox: request.bbox.map(|b| b.to_string()),
            area: request.area.as_ref().map(path),
            registry: request.registry.as_ref().map(path),
            watchlists: request.watchlists.iter().map(path).collect(),
            zones: request.zones.iter().map(path).collect(),
            clock: request.clock.to_string(),
        }
    }
}

impl RequestRecord {
    /// The request again, with another place for its result.
    ///
    /// # Errors
    /// If a field can't be read: the file was changed by hand.
    pub(super) fn scan(&self, out: PathBuf) -> Result<ScanRequest, Error> {
        let unreadable = |field: &'static str| Error::Request {
            flag: "SOURCE",
            reason: format!("run.json holds a request that can't be read ({field}); scan again"),
        };
        let instant = |field: &'static str, text: &Option<String>| {
            let parsed = text.as_deref().map(Timestamp::parse);
            parsed
                .map(|t| t.ok_or_else(|| unreadable(field)))
                .transpose()
        };
        let bbox = self.bbox.as_deref().map(str::parse).transpose();
        Ok(ScanRequest {
            format: self.format,
            from: instant("from", &self.from)?,
            to: instant("to", &self.to)?,
            bbox: bbox.map_err(|_| unreadable("bbox"))?,
            area: self.area.as_deref().map(|path| self.place(path)),
            registry: self.registry.as_deref().map(|path| self.place(path)),
            watchlists: self.watchlists.iter().map(|p| self.place(p)).collect(),
            zones: self.zones(),
            clock: Timestamp::parse(&self.clock).ok_or_else(|| unreadable("clock"))?,
            ..ScanRequest::new(self.inputs.iter().map(PathBuf::from).collect(), out)
        })
    }

    /// Files of zones, wherever this is asked.
    pub(super) fn zones(&self) -> Vec<PathBuf> {
        self.zones.iter().map(|path| self.place(path)).collect()
    }

    /// A path as recorded, from where this process is.
    fn place(&self, path: &str) -> PathBuf {
        match &self.folder {
            Some(folder) if here().as_ref() != Some(folder) => Path::new(folder).join(path),
            _ => PathBuf::from(path),
        }
    }

    /// A path from where this process is, as it is to be recorded beside the others.
    fn recorded(&self, path: &Path) -> String {
        let absolute = if self.folder.is_some() && self.folder == here() {
            None
        } else {
            std::path::absolute(path).ok()
        };
        absolute.as_deref().unwrap_or(path).display().to_string()
    }

    /// Takes note of other files to judge by.
    pub(super) fn judge_by(
        &mut self,
        registry: Option<&Path>,
        lists: &[PathBuf],
        zones: &[PathBuf],
    ) {
        let recorded = |paths: &[PathBuf]| -> Vec<String> {
            paths.iter().map(|path| self.recorded(path)).collect()
        };
        let (lists, zones) = (recorded(lists), recorded(zones));
        if let Some(path) = registry {
            self.registry = Some(self.recorded(path));
        }
        if !lists.is_empty() {
            self.watchlists = lists;
        }
        if !zones.is_empty() {
            self.zones = zones;
        }
    }

    /// Files to judge by that were named to the scan and not anew, each with the option that names it and where it is.
    pub(super) fn inherited(
        &self,
        registry: Option<&Path>,
        lists: &[PathBuf],
        zones: &[PathBuf],
    ) -> Vec<Inherited> {
        let all = [
            ("--registry", self.registry.as_slice(), registry.is_some()),
            ("--watchlist", &self.watchlists[..], !lists.is_empty()),
            ("--zones", &self.zones[..], !zones.is_empty()),
        ];
        let kept = all.into_iter().filter(|(_, _, named_anew)| !named_anew);
        kept.flat_map(|(flag, names, _)| {
            names.iter().map(move |name| Inherited {
                flag,
                name: name.clone(),
                path: self.place(name),
            })
        })
        .collect()
    }
}

/// A file that a result was judged by.
#[derive(Clone, Debug)]
pub(super) struct Inherited {
    flag: &'static str,
    /// As recorded.
    name: String,
    /// Where it is.
    path: PathBuf,
}

impl Inherited {
    /// Refuses to go on without it.
    ///
    /// # Errors
    /// If it is gone; says how to name it anew.
    pub(super) fn find(&self) -> Result<(), Error> {
        if self.path.is_file() {
            return Ok(());
        }
        Err(Error::Request {
            flag: self.flag,
            reason: format!(
                "the result was judged by '{}', which is not there; put it back, or name its like with {}",
                self.path.display(),
                self.flag
            ),
        })
    }

    /// What to say if its content is another than it was.
    pub(super) fn changed(
        &self,
        before: &[ReferenceRecord],
        now: &[ReferenceRecord],
    ) -> Option<String> {
        let path = self.path.display().to_string();
        let hash = |records: &[ReferenceRecord], names: &[&str]| {
            let found = records.iter().find(|r| names.contains(&r.name.as_str()));
            found.map(|record| record.sha256.clone())
        };
        let before = hash(before, &[&self.name, &path])?;
        (hash(now, &[&path])? != before).then(|| {
            format!(
                "{path} has changed since the result was judged by it ({}); what it holds now counts",
                self.flag
            )
        })
    }
}

/// The folder of this process.
fn here() -> Option<String> {
    std::env::current_dir()
        .ok()
        .map(|folder| folder.display().to_string())
}
