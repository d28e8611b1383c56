//! A user's register of ships: the first source of class and deadweight.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::TankerClass;
use super::lines::{fields, numbered};
use crate::model::{Imo, Mmsi};

/// The columns of a register, in any order.
const COLUMNS: [&str; 7] = ["imo", "mmsi", "name", "class", "dwt", "built", "flag"];
/// Deadweights of ships, tonnes; the largest tanker ever built had 564,763.
const DWT_T: std::ops::RangeInclusive<f64> = 1.0..=600_000.0;
/// Years in which ships that send AIS were built.
const BUILT: std::ops::RangeInclusive<u16> = 1850..=2100;

/// A ship of a register.
#[derive(Clone, Debug, PartialEq)]
pub struct Registered {
    /// IMO number.
    pub imo: Option<u32>,
    /// MMSI.
    pub mmsi: Option<u32>,
    /// Name.
    pub name: Option<String>,
    /// Tanker class: as listed, else by the deadweight.
    pub class: Option<&'static TankerClass>,
    /// Deadweight, tonnes.
    pub dwt_t: Option<f64>,
    /// Year of build.
    pub built: Option<u16>,
    /// Flag as listed.
    pub flag: Option<String>,
}

/// A row that was passed over. Lines count from 1, the header is line 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// Its line.
    pub line: usize,
    /// What is wrong with it.
    pub reason: String,
}

/// A register that can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RegistryError {
    /// The file can't be read.
    #[error("register {} can't be read ({reason}); check its path", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The header names a column that a register doesn't have, or lacks one that it needs.
    #[error(
        "register {}: {problem}; the columns are {}, of which imo or mmsi and dwt or class must be there",
        path.display(), COLUMNS.join(", ")
    )]
    Header {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
}

/// Ships with their particulars, by IMO number and by MMSI.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Registry {
    ships: Vec<Registered>,
    by_imo: BTreeMap<u32, usize>,
    /// `None` where an MMSI is listed for more than one ship.
    by_mmsi: BTreeMap<u32, Option<usize>>,
    bad: Vec<BadRow>,
}

impl Registry {
    /// Reads the bytes of a CSV file, one ship a line; `path` is what errors call it. A row that makes no sense is passed
    /// over, with line and reason.
    ///
    /// # Errors
    /// If its header is another's.
    pub fn parse(text: &[u8], path: &Path) -> Result<Self, RegistryError> {
        let text = String::from_utf8_lossy(text);
        let text = text.trim_start_matches('\u{feff}');
        let mut lines = numbered(text).into_iter();
        let names = (lines.next()).map_or(Ok(Vec::new()), |(_, line)| fields(line, b','));
        let header = names.and_then(|names| {
            let header: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
            check(&header).map(|()| header)
        });
        let header = header.map_err(|problem| RegistryError::Header {
            path: path.to_owned(),
            problem,
        })?;
        let mut registry = Self::default();
        for (line, row) in lines {
            let row = fields(row, b',').and_then(|cells| ship(&header, &cells));
            if let Err(reason) = row.and_then(|ship| registry.add(ship)) {
                registry.bad.push(BadRow { line, reason });
            }
        }
        Ok(registry)
    }

    fn add(&mut self, ship: Registered) -> Result<(), String> {
        let place = self.ships.len();
        if let Some(imo) = ship.imo {
            if self.by_imo.contains_key(&imo) {
                return Err(format!("IMO {imo} stands in an earlier row"));
            }
            self.by_imo.insert(imo, place);
        }
        if let Some(mmsi) = ship.mmsi {
            self.by_mmsi
                .entry(mmsi)
                .and_modify(|known| *known = None)
                .or_insert(Some(place));
        }
        self.ships.push(ship);
        Ok(())
    }

    /// The ship with this IMO number; else the one with this MMSI, unless either is another ship's: an MMSI changes
    /// hands, an IMO number stays with the hull.
    pub fn find(&self, imo: Option<u32>, mmsi: u32) -> Option<&Registered> {
        let by_imo = imo.and_then(|imo| self.by_imo.get(&imo));
        if let Some(place) = by_imo {
            return Some(&self.ships[*place]);
        }
        let ship = &self.ships[(*self.by_mmsi.get(&mmsi)?)?];
        (imo.is_none() || ship.imo.is_none()).then_some(ship)
    }

    /// Rows that were passed over, in order.
    pub fn bad_rows(&self) -> &[BadRow] {
        &self.bad
    }

    /// Number of ships.
    pub fn len(&self) -> usize {
        self.ships.len()
    }

    /// Whether there is no ship.
    pub fn is_empty(&self) -> bool {
        self.ships.is_empty()
    }
}

fn check(header: &[String]) -> Result<(), String> {
    let has = |name: &str| header.iter().any(|h| h == name);
    if let Some(unknown) = header.iter().find(|h| !COLUMNS.contains(&h.as_str())) {
        return Err(format!("no register has a column '{unknown}'"));
    }
    if !(has("imo") || has("mmsi")) {
        return Err("it has neither imo nor mmsi".to_owned());
    }
    if !(has("dwt") || has("class")) {
        return Err("it has neither dwt nor class".to_owned());
    }
    Ok(())
}

fn ship(header: &[String], cells: &[String]) -> Result<Registered, String> {
    if cells.len() != header.len() {
        return Err(format!(
            "{} cells, the header has {}",
            cells.len(),
            header.len()
        ));
    }
    let text = |name: &str| {
        let i = header.iter().position(|h| h == name)?;
        cells.get(i).filter(|cell| !cell.is_empty()).cloned()
    };
    let imo = parsed(text("imo"), "an IMO number with a valid check digit", |t| {
        let digits = t.trim_start_matches(|c: char| !c.is_ascii_digit());
        digits.parse().ok().and_then(Imo::new).map(Imo::number)
    })?;
    let mmsi = parsed(text("mmsi"), "an MMSI", |t| {
        t.parse().ok().and_then(Mmsi::new).map(Mmsi::number)
    })?;
    if imo.is_none() && mmsi.is_none() {
        return Err("neither IMO number nor MMSI".to_owned());
    }
    let dwt_t = parsed(text("dwt"), "a deadweight of 1 to 600000 tonnes", |t| {
        t.parse().ok().filter(|v| DWT_T.contains(v))
    })?;
    let names = || {
        let all = TankerClass::all().iter().map(|c| c.name.as_str());
        all.collect::<Vec<_>>().join(", ")
    };
    let class = parsed(text("class"), &format!("one of {}", names()), |t| {
        let name = t.to_lowercase();
        TankerClass::all().iter().find(|c| c.name == name)
    })?;
    let built = parsed(text("built"), "a year of build", |t| {
        t.parse().ok().filter(|v| BUILT.contains(v))
    })?;
    Ok(Registered {
        imo,
        mmsi,
        name: text("name"),
        class: class.or_else(|| dwt_t.and_then(TankerClass::of)),
        dwt_t,
        built,
        flag: text("flag"),
    })
}

/// A cell by a parser; an empty one is `None`.
fn parsed<T>(
    cell: Option<String>,
    wanted: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, String> {
    cell.map(|text| parse(&text).ok_or_else(|| format!("'{text}' is not {wanted}")))
        .transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Registry, RegistryError> {
        Registry::parse(text.as_bytes(), Path::new("fleet.csv"))
    }

    const FLEET: &str = "\u{feff}IMO,MMSI,Name,Class,DWT,Built,Flag
9583720,311000013,HYDRA VOYAGER,vlcc,319000,2012,BS
,538004319,SUEZ RAJAN,,158574,2011,MH
9583721,,BAD DIGIT,,1000,,
9524475,538004319,SAME MMSI,suezmax,,,
9583720,,TWICE,,1,,
9191773,1,NO CLASS,yacht,,,
9191773,2,NO DWT,,-5,,
,,NOBODY,,5000,,
9191773,3,SHORT
9191773,4,\"GOOD, AT LAST\",,4900.5,1999,
";

    #[test]
    fn good_rows_count_and_bad_ones_are_named() {
        let r = read(FLEET).unwrap();
        assert_eq!(r.len(), 4);
        let bad: Vec<_> = r.bad_rows().iter().map(|b| b.line).collect();
        assert_eq!(bad, [4, 6, 7, 8, 9, 10]);
        assert!(r.bad_rows()[0].reason.contains("check digit"));
        assert!(r.bad_rows()[2].reason.contains("coastal, handysize"));
        let hydra = r.find(Some(9_583_720), 5).unwrap();
        assert_eq!(hydra.dwt_t, Some(319_000.0));
        assert_eq!(hydra.class.unwrap().name, "vlcc");
        assert_eq!(
            r.find(None, 4).unwrap().class.map(|c| c.name.as_str()),
            Some("coastal")
        );
    }

    #[test]
    fn a_stray_quotation_mark_spoils_one_row() {
        let text = "imo,mmsi,name,dwt\n\
            9583720,,\"HYDRA VOYAGER,319000\n\
            9524475,,SUEZ \"RAJAN,158574\n\
            9191773,,\"GOOD, AT LAST\",4900\n\
            ,538004319,ANOTHER,1000\n";
        let r = read(text).unwrap();
        assert_eq!(r.len(), 2);
        assert!(r.find(Some(9_191_773), 5).is_some() && r.find(None, 538_004_319).is_some());
        let bad: Vec<_> = r.bad_rows().iter().map(|b| b.line).collect();
        assert_eq!(bad, [2, 3]);
        assert!(r.bad_rows()[0].reason.contains("quotation mark"));
        let words = read("imo,\"dwt\n9583720,1\n").unwrap_err().to_string();
        assert!(words.contains("quotation mark"), "{words}");
    }

    #[test]
    fn an_mmsi_alone_never_stands_for_two_ships() {
        let r = read(FLEET).unwrap();
        assert_eq!(r.find(None, 538_004_319), None, "listed twice");
        assert_eq!(
            r.find(Some(9_030_591), 311_000_013),
            None,
            "another hull sends it"
        );
        assert!(r.find(None, 311_000_013).is_some());
        assert_eq!(r.find(None, 77), None);
    }

    #[test]
    fn a_foreign_header_is_refused_by_name() {
        let words = |text| read(text).unwrap_err().to_string();
        assert!(words("imo,deadweight\n").contains("'deadweight'"));
        assert!(words("imo,deadweight\n").contains("imo, mmsi, name, class, dwt, built, flag"));
        assert!(words("name,dwt\n").contains("neither imo nor mmsi"));
        assert!(words("imo,name\n").contains("neither dwt nor class"));
        assert!(words("").contains("neither imo nor mmsi"));
    }
}
