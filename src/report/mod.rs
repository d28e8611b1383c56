//! Results for people: one HTML file that an analyst opens from disk and hands on; an event explained, a ship's dossier.
//!
//! In: the tables of a result, its `run.json`, land and zones. Out: HTML, text. Rules: what is said is in the tables,
//! nothing is judged here; the page needs no network
//! and can't use one (its content security policy forbids everything but its own script and style); all
//! that comes from data travels as compressed JSON and is shown as text, never parsed as HTML; equal
//! tables give equal bytes, so what varies from run to run is left out.

mod dossier;
mod evidence;
mod explain;
mod land;
mod page;
mod payload;
mod reasons;
mod samples;
mod spell;
#[cfg(test)]
mod tests;
mod words;

use crate::model::{Table, schema};

pub use dossier::{Dossier, DossierEvent, dossier};
pub use explain::{Explanation, as_json, explain};
pub use reasons::Reasons;
pub use spell::Spell;
pub use words::{party, place, position, span};

/// Rows of an event table that a page holds; beyond them the events of least priority stay in the table alone.
const MAX_EVENTS: usize = 20_000;

/// A named zone, as the map draws it.
#[derive(Clone, Debug)]
pub struct Zone {
    /// Name.
    pub name: String,
    /// What it is, in a word.
    pub kind: &'static str,
    /// How well its outline is known, in a word.
    pub confidence: &'static str,
    /// Where it was taken from.
    pub source: String,
    /// Outlines: longitude and latitude in degrees; longitudes run on across the antimeridian.
    pub rings: Vec<Vec<[f64; 2]>>,
}

/// What a report is made of.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    /// The content of `run.json`.
    pub run: &'a serde_json::Value,
    /// Tables in any order; one that is missing is not shown.
    pub tables: &'a [Table],
    /// Zones for the map.
    pub zones: &'a [Zone],
    /// Land as rings of longitude and latitude in degrees.
    pub land: &'a [Vec<[f64; 2]>],
}

impl Content<'_> {
    fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|t| t.schema.name == name)
    }
}

/// The report as HTML.
pub fn html(content: &Content) -> String {
    let events: Vec<payload::Chosen> = content
        .tables
        .iter()
        .filter(|t| t.schema.name != schema::EVIDENCE.name && t.schema.name != schema::VESSELS.name)
        .map(|t| payload::Chosen::of(t, MAX_EVENTS))
        .collect();
    let evidence = match content.table(schema::EVIDENCE.name) {
        Some(table) => evidence::pack(table, &payload::ids(&events, schema::ENCOUNTERS.name)),
        None => evidence::Packed::default(),
    };
    let places = payload::places(&events);
    let core = payload::core(
        content,
        &events,
        &evidence,
        &land::near(content.land, &places),
    );
    page::assemble(&core, &evidence.blocks)
}
