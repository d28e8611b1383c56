//! Lists of ships: whether one names a ship, going by what the ship said of itself.
//!
//! In: lists as their publishers give them out, and a ship's MMSI, IMO numbers and names. Out: the entries that
//! name it. Rule: an IMO number decides by itself, for it stays with the hull. Without one, a name counts only
//! together with an MMSI of the same entry. An MMSI alone never does: it belongs to a radio, is handed on, and one
//! stands against two hulls on the list of the United Nations. A name alone never does: ships share names.

mod entry;
mod line;
mod open_sanctions;
mod plain;
mod read;
mod sdn;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

pub use entry::{Entry, name_key};
pub use read::{BadRow, Watchlist, WatchlistError};

/// The 1718 Designated Vessels List (origin: `data/README.md`).
static UN_1718: &str = include_str!("../../../data/un1718_vessels.csv");

/// What a ship said of itself around an event.
#[derive(Clone, Debug, Default)]
pub struct Claims<'a> {
    /// The MMSI.
    pub mmsi: u32,
    /// IMO numbers with a valid check digit.
    pub imos: BTreeSet<u32>,
    /// Names.
    pub names: BTreeSet<&'a str>,
}

/// By what an entry and a ship agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MatchedBy {
    /// The IMO number.
    Imo(u32),
    /// The name, and the MMSI too.
    NameAndMmsi(u32),
}

/// An entry that names a ship.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit<'a> {
    /// The entry.
    pub entry: &'a Entry,
    /// By what it does.
    pub by: MatchedBy,
}

/// `UN 1718 (2020-06-04): CHON MA SAN IMO 8660313, listed 2018-03-30`.
impl fmt::Display for Hit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Entry {
            list, name, listed, ..
        } = self.entry;
        write!(f, "{list}:")?;
        if !name.is_empty() {
            write!(f, " {name}")?;
        }
        match self.by {
            MatchedBy::Imo(imo) => write!(f, " IMO {imo}")?,
            MatchedBy::NameAndMmsi(mmsi) => write!(f, " by name and MMSI {mmsi:09}")?,
        }
        if !listed.is_empty() {
            write!(f, ", listed {listed}")?;
        }
        Ok(())
    }
}

/// Every list that is asked.
#[derive(Clone, Debug)]
pub struct Watchlists {
    lists: Vec<Watchlist>,
    by_imo: BTreeMap<u32, Vec<Place>>,
    by_mmsi: BTreeMap<u32, Vec<Place>>,
}

/// A list, and an entry of it.
type Place = (usize, usize);

impl Watchlists {
    /// The list that is built in.
    pub fn builtin() -> Self {
        Self::with(Vec::new())
    }

    /// The list that is built in, and these.
    pub fn with(more: Vec<Watchlist>) -> Self {
        let un = Watchlist::parse("un1718_vessels.csv", UN_1718.as_bytes())
            .expect("the embedded list is one");
        Self::of(std::iter::once(un).chain(more).collect())
    }

    /// These lists alone, in this order.
    pub fn of(lists: Vec<Watchlist>) -> Self {
        let mut by_imo: BTreeMap<u32, Vec<Place>> = BTreeMap::new();
        let mut by_mmsi: BTreeMap<u32, Vec<Place>> = BTreeMap::new();
        for (l, list) in lists.iter().enumerate() {
            for (e, entry) in list.entries.iter().enumerate() {
                if let Some(imo) = entry.imo {
                    by_imo.entry(imo.number()).or_default().push((l, e));
                }
                for mmsi in &entry.mmsis {
                    by_mmsi.entry(mmsi.number()).or_default().push((l, e));
                }
            }
        }
        Self {
            lists,
            by_imo,
            by_mmsi,
        }
    }

    /// The embedded data: name and content.
    pub fn files() -> [(&'static str, &'static [u8]); 1] {
        [("un1718_vessels.csv", UN_1718.as_bytes())]
    }

    /// The lists.
    pub fn lists(&self) -> &[Watchlist] {
        &self.lists
    }

    /// The entries that name the ship, each once, in the order of the lists.
    pub fn hits(&self, claims: &Claims) -> Vec<Hit<'_>> {
        let mut found: BTreeMap<Place, MatchedBy> = BTreeMap::new();
        let named = self.by_mmsi.get(&claims.mmsi).into_iter().flatten();
        let keys: BTreeSet<String> = claims.names.iter().map(|name| name_key(name)).collect();
        for place in named {
            if self.entry(*place).keys().any(|key| keys.contains(&key)) {
                found.insert(*place, MatchedBy::NameAndMmsi(claims.mmsi));
            }
        }
        for imo in &claims.imos {
            for place in self.by_imo.get(imo).into_iter().flatten() {
                found.insert(*place, MatchedBy::Imo(*imo));
            }
        }
        found
            .into_iter()
            .map(|(place, by)| Hit {
                entry: self.entry(place),
                by,
            })
            .collect()
    }

    fn entry(&self, (list, entry): Place) -> &Entry {
        &self.lists[list].entries[entry]
    }
}
