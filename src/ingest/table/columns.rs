//! Which column of a table is what.

use polars::prelude::ArrowSchema;

use super::TableFault;
use crate::ingest::names::{self, Names, plain};

/// Without these there is nothing to read.
static NEEDED: [&Names; 4] = [&names::MMSI, &names::TIME, &names::LON, &names::LAT];

/// Names of single letters mean the antenna's distances only together.
static OFFSETS: [&Names; 4] = [
    &names::TO_BOW,
    &names::TO_STERN,
    &names::TO_PORT,
    &names::TO_STARBOARD,
];

/// The columns that are read, by what they hold, and those that only look so.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// What it holds, and its name in the file.
    chosen: Vec<(&'static str, String)>,
    /// Columns that look like something that no column was found for.
    unused: Vec<(String, &'static str)>,
}

/// Whether a column may be read: its lengths must be possible then.
pub(super) fn may_be_read(column: &str) -> bool {
    let column = plain(column);
    names::ALL
        .iter()
        .any(|names| names.in_tables().any(|name| name == column))
}

impl Columns {
    /// Chooses by name.
    ///
    /// # Errors
    /// If a column is missing without which there is nothing to read, or it is a table of events.
    pub(super) fn of(schema: &ArrowSchema) -> Result<Self, TableFault> {
        let columns: Vec<(String, &str)> = schema
            .iter_names()
            .map(|name| (plain(name), name.as_str()))
            .collect();
        if columns.iter().any(|(plain, _)| plain == names::EVENT) {
            return Err(TableFault::Events);
        }
        let named = |wanted: &str| columns.iter().find(|(plain, _)| plain == wanted);
        let has_letters = OFFSETS
            .iter()
            .all(|names| names.dma.iter().any(|name| named(name).is_some()));
        let mut all = Self::default();
        for names in names::ALL {
            let is_offset = OFFSETS.iter().any(|n| std::ptr::eq(*n, names));
            let found = names
                .in_tables()
                .filter(|name| {
                    name.len() > 1 || name == names.canonical || !is_offset || has_letters
                })
                .find_map(|name| named(&name));
            if let Some((_, name)) = found {
                all.chosen.push((names.canonical, (*name).to_owned()));
            }
        }
        let missing: Vec<&str> = NEEDED
            .iter()
            .filter(|names| all.name(names).is_none())
            .map(|names| names.canonical)
            .collect();
        if !missing.is_empty() {
            let found: Vec<&str> = columns.iter().map(|(_, name)| *name).collect();
            return Err(TableFault::Missing(missing.join(", "), found.join(", ")));
        }
        for (_, column) in &columns {
            let is_chosen = all.chosen.iter().any(|(_, name)| name == column);
            let words = words(column);
            let hinted = names::ALL.iter().find(|names| {
                all.name(names).is_none() && words.iter().any(|w| names.hints.contains(&w.as_str()))
            });
            if let (false, Some(names)) = (is_chosen, hinted) {
                all.unused.push(((*column).to_owned(), names.canonical));
            }
        }
        Ok(all)
    }

    /// The name in the file of the column that holds this.
    pub(super) fn name(&self, names: &Names) -> Option<&str> {
        let found = self
            .chosen
            .iter()
            .find(|(what, _)| *what == names.canonical);
        found.map(|(_, name)| name.as_str())
    }

    /// Whether the column that holds this has one of these names.
    pub(super) fn is_one_of(&self, names: &Names, plain_names: &[&str]) -> bool {
        self.name(names)
            .is_some_and(|name| plain_names.contains(&plain(name).as_str()))
    }

    /// All that are read, by their names in the file.
    pub(super) fn wanted(&self) -> Vec<String> {
        self.chosen.iter().map(|(_, name)| name.clone()).collect()
    }

    /// What should be known of columns that aren't read.
    pub(super) fn note(&self) -> Option<String> {
        let unused: Vec<String> = self
            .unused
            .iter()
            .map(|(column, what)| format!("'{column}' (for {what})"))
            .collect();
        match &unused[..] {
            [] => None,
            [one] => Some(format!(
                "column {one} is not read, since its name leaves open what it holds; rename it if it is that"
            )),
            _ => Some(format!(
                "columns {} are not read, since their names leave open what they hold; rename them if they are that",
                unused.join(", ")
            )),
        }
    }
}

/// The words of a name, in lower case: `SpeedOverGround`, `speed_over_ground`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut before = ' ';
    for c in name.chars() {
        if c.is_alphanumeric() {
            let begins = !before.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase());
            match words.last_mut() {
                Some(word) if !begins => word.extend(c.to_lowercase()),
                _ => words.push(c.to_lowercase().collect()),
            }
        }
        before = c;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_into_words() {
        assert_eq!(words("SpeedOverGround"), ["speed", "over", "ground"]);
        assert_eq!(words("# nav_STATUS 2"), ["nav", "status", "2"]);
    }
}
