//! Results for people: an event explained, a ship's dossier, facts in words.
//!
//! In: tables as they were written. Out: text. Rule: what is said is in the tables; nothing is judged here.

mod dossier;
mod explain;
mod words;

pub use dossier::{Dossier, DossierEvent, dossier};
pub use explain::{Explanation, as_json, explain};
pub use words::{party, place, position, span};
