//! The maritime CSV of OpenSanctions.
//!
//! Header: `type,caption,imo,risk,countries,flag,mmsi,id,url,datasets,aliases`; lists in a field have `;` between
//! them, IMO numbers the letters before them, unknown digits are `#`. `risk` says what the entry is about: `sanction`
//! is a designation, `mare.detained` a detention by port state control, `mare.shadow` a reported shadow fleet,
//! `poi` a person or ship of interest.

use super::Entry;
use super::line::{several, take_imo, take_mmsi};

/// Columns that no plain list has together.
const TELLING: [&str; 4] = ["caption", "imo", "risk", "datasets"];

/// Which column is what.
pub(super) struct Columns {
    kind: Option<usize>,
    caption: usize,
    imo: usize,
    risk: usize,
    mmsi: Option<usize>,
    datasets: usize,
    aliases: Option<usize>,
}

impl Columns {
    /// The columns of a header; `None` if it isn't one of these files.
    pub(super) fn of(header: &[String]) -> Option<Self> {
        let place = |name: &str| header.iter().position(|title| title == name);
        let [caption, imo, risk, datasets] = TELLING.map(place);
        Some(Self {
            kind: place("type"),
            caption: caption?,
            imo: imo?,
            risk: risk?,
            mmsi: place("mmsi"),
            datasets: datasets?,
            aliases: place("aliases"),
        })
    }

    /// The ship of a row, and what is wrong with the row; `None` for companies.
    pub(super) fn entry(&self, fields: &[String]) -> Option<(Entry, Vec<String>)> {
        let field = |i: usize| fields.get(i).map_or("", String::as_str);
        let optional = |column: Option<usize>| column.map_or("", field);
        let is_ship = self.kind.is_none() || optional(self.kind).eq_ignore_ascii_case("vessel");
        if !is_ship {
            return None;
        }
        let risk = field(self.risk);
        let about: Vec<&str> = several(risk).collect();
        let mut wrong = Vec::new();
        let mut entry = Entry {
            list: format!(
                "OpenSanctions ({})",
                match about.is_empty() {
                    true => field(self.datasets).replace(';', ", "),
                    false => about.join(", "),
                }
            ),
            designated: about.contains(&"sanction"),
            name: field(self.caption).to_owned(),
            aliases: several(optional(self.aliases)).map(str::to_owned).collect(),
            ..Entry::default()
        };
        take_imo(&mut entry, field(self.imo), &mut wrong);
        for mmsi in several(optional(self.mmsi)).filter(|m| !m.contains('#')) {
            take_mmsi(&mut entry, mmsi, &mut wrong);
        }
        Some((entry, wrong))
    }
}
