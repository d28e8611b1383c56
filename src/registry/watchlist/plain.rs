//! Plain CSV: a header with `imo`, `mmsi`, `name` in any order and case; also `aliases` and `listed`.

use super::Entry;
use super::line::{several, take_imo, take_mmsi};

/// Which column is what.
pub(super) struct Columns {
    imo: Option<usize>,
    mmsi: Option<usize>,
    name: Option<usize>,
    aliases: Option<usize>,
    listed: Option<usize>,
}

impl Columns {
    /// The columns of a header; `None` if nothing in it could name a ship: no IMO number, and no name with an MMSI.
    pub(super) fn of(header: &[String]) -> Option<Self> {
        let place = |names: &[&str]| {
            header.iter().position(|title| {
                let title = title.to_lowercase().replace([' ', '-'], "_");
                names.contains(&title.as_str())
            })
        };
        let columns = Self {
            imo: place(&["imo", "imo_number", "imo_no", "imo_no."]),
            mmsi: place(&["mmsi", "mmsis"]),
            name: place(&["name", "vessel_name", "ship_name", "vessel"]),
            aliases: place(&["aliases", "alias", "aka", "other_names"]),
            listed: place(&["listed", "designated", "date"]),
        };
        let usable = columns.imo.is_some() || (columns.mmsi.is_some() && columns.name.is_some());
        usable.then_some(columns)
    }

    /// The ship of a row, and what is wrong with the row.
    pub(super) fn entry(&self, fields: &[String], list: &str) -> (Entry, Vec<String>) {
        let field = |column: Option<usize>| {
            column
                .and_then(|i| fields.get(i))
                .map_or("", String::as_str)
        };
        let mut wrong = Vec::new();
        let mut entry = Entry {
            list: list.to_owned(),
            designated: true,
            name: field(self.name).to_owned(),
            aliases: several(field(self.aliases)).map(str::to_owned).collect(),
            listed: field(self.listed).to_owned(),
            ..Entry::default()
        };
        take_imo(&mut entry, field(self.imo), &mut wrong);
        for mmsi in several(field(self.mmsi)) {
            take_mmsi(&mut entry, mmsi, &mut wrong);
        }
        (entry, wrong)
    }
}
