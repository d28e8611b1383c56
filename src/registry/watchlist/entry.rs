//! One ship of a list.

use crate::model::{Imo, Mmsi};

/// Names are cut to this many characters in AIS (ITU-R M.1371-5, message 5).
const AIS_NAME: usize = 20;

/// A ship that a list names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The list, with its edition, programme or category: `UN 1718 (2020-06-04)`.
    pub list: String,
    /// Whether the list designates the ship itself, rather than reports something of it (a detention, a suspicion).
    pub designated: bool,
    /// Name as listed.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// IMO number.
    pub imo: Option<Imo>,
    /// MMSIs under which it is known to have reported.
    pub mmsis: Vec<Mmsi>,
    /// Day of the listing, `2018-03-30`; empty if the list doesn't say.
    pub listed: String,
}

impl Entry {
    /// Whether anything can ever match it: an IMO number, or a name with an MMSI.
    pub fn can_match(&self) -> bool {
        self.imo.is_some() || (!self.mmsis.is_empty() && self.keys().next().is_some())
    }

    /// The name and the others as they are compared.
    pub(super) fn keys(&self) -> impl Iterator<Item = String> + '_ {
        std::iter::once(&self.name)
            .chain(&self.aliases)
            .flat_map(|name| {
                let short: String = name.chars().take(AIS_NAME).collect();
                [name_key(name), name_key(&short)]
            })
            .filter(|key| !key.is_empty())
    }
}

/// A name as it is compared: capital letters and digits alone. Lists and crews space and punctuate at will
/// (`RA NAM 3`, `Ranam 3`).
pub fn name_key(name: &str) -> String {
    name.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_uppercase)
        .collect()
}
