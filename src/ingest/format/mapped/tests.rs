//! Foreign rows and files through mappings.

mod pages;
mod properties;
mod rules;

use std::path::Path;

use crate::ingest::params::Limits;
use crate::ingest::tests::{Folder, Rows, read_all};
use crate::ingest::{InputReport, Params};

/// Columns by name, everything else at its default.
const OWN: &str = "[ingest.mapping]\nmmsi = 'id'\ntime = 't'\nlon = 'x'\nlat = 'y'\n";

/// The mapping of the page with this name.
fn of_page(name: &str) -> String {
    let page = include_str!("../../../../docs/mappings.md").replace("\r\n", "\n");
    let (_, section) = page.split_once(&format!("(`{name}`)\n")).unwrap();
    let (_, toml) = section.split_once("```toml\n").unwrap();
    toml.split_once("```").unwrap().0.to_owned()
}

fn limits_of(toml: &str) -> Limits {
    let mut table: toml::Table = toml::from_str(toml).unwrap();
    let params: Params = table.remove("ingest").unwrap().try_into().unwrap();
    assert_eq!(
        toml::from_str::<Params>(&toml::to_string(&params).unwrap()).unwrap(),
        params
    );
    params.limits().unwrap()
}

fn read_path(toml: &str, path: &Path) -> (Rows, InputReport) {
    let (rows, archive) = read_all(&[path.to_owned()], &limits_of(toml)).unwrap();
    let report = archive.inputs()[0].clone();
    (rows, report)
}

fn read(toml: &str, text: impl AsRef<[u8]>) -> (Rows, InputReport) {
    let folder = Folder::new();
    read_path(toml, &folder.file("a.csv", text))
}
